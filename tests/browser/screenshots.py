# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of every page that people reach, and what is wrong with them that a browser can see.

    python -m tests.browser.screenshots [--out build/screenshots]

An exercise is played until there is something to see. Then everybody signs in and follows every link of their own pages, on every screen of `SCREENS`; of pages that differ in an id only the first
is taken. Pages behind a form (an answer, a case) come by the steps in `JOURNEYS`. Each page is one file, ROLE-PAGE-SCREEN.png.
Told besides, and exit status 1 if there is any: something wider than the screen, text that does not fit its box, an error in the console, a request to another machine, an answer of 400 or more, and
a step that should be refused and was not.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from process.serving.clock import system_clock
from register.demo.plan import ASKER, CASE, CONTROL, MOMENT, PHONE, SUBMITTERS, Person, person
from register.demo.story import ask_at_the_door, import_inspections, open_phase_2
from register.demo.world import World, build, prepare
from tests.browser.conftest import ask_at_the_desk, sign_in
from tests.browser.everyone import (
    BEHEERDER,
    CONTACTPUNT,
    PASSWORD,
    REGION,
    ROLES,
    let_it_wait,
    name_of,
    play,
    record_contactpunt,
    record_everyone,
)
from tests.exercise import SHORT_STEPS, claimed_ports


class Screen(NamedTuple):
    """What somebody looks at: its width in CSS pixels, device pixels to each, and whether it is dark or paper."""

    width: int
    ratio: int = 1
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


SCREENS = {
    "390": Screen(390),
    "1280": Screen(1280),
    "200pct": Screen(640, ratio=2),
    "donker": Screen(390, scheme="dark"),
    "papier": Screen(718, media="print"),
}
"""640 at two is a desk of 1280 at twice the size; 718 is A4 within the margins of our style sheet."""

MOST_PAGES = 60
_ID = re.compile(
    r"\d{4}-W\d\d\.\d+|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d(?=/|$)|(?<=/)\d+(?=/|$)|C-[0-9A-Z]{4}-[0-9A-Z]{4}"
)
_NO_PAGE = re.compile(r"afmelden|even-weg|\.(pdf|json|pyz|csv|txt|css|js|svg|ics)$|/static/|/openapi|/tlog")

_TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
_CUT_OFF = """() => {
    const forScreenReaders = e => e && (getComputedStyle(e).clipPath === 'inset(50%)' || forScreenReaders(e.parentElement));
    return [...document.querySelectorAll('main *, header *, nav *')]
        .filter(e => e.clientWidth && getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1 && !e.closest('svg') && !forScreenReaders(e))
        .map(e => e.tagName + '.' + e.className);
}"""
_LINKS = """all => all.filter(one => !/^[#?]/.test(one.getAttribute('href'))).map(one => one.href)"""
"""To other pages: a place on this one, or this one in another language, is none, and a page that answered a form has no address of its own."""
_SAID_400 = re.compile(r"Failed to load resource.* 400 ")

Step = Callable[[Page, str], None]


@dataclass(frozen=True)
class Journey:
    """Somebody who looks around.

    Attributes:
        organisation: where.
        role: as what.
        steps: what is done first to reach pages behind a form; each leaves the page to take, by name.
        refused: those of them that a page must answer with 400.
    """

    organisation: str
    role: str
    steps: dict[str, Step] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


_LEAVING = 500
"""Milliseconds within which a browser begins to send a form."""


def ask(page: Page, base: str) -> None:
    """Ask at the door on the telephone number of the exercise."""
    page.goto(f"{base}/vragen")
    page.check(f"input[name=controle][value={CONTROL}]")
    page.fill("input[name=telefoon]", PHONE)
    page.click("main button[type=submit]")


def _refused(page: Page, base: str) -> None:
    page.goto(f"{base}/vragen")
    page.check(f"input[name=controle][value={CONTROL}]")
    page.fill("input[name=achternaam]", "Verzonnen")
    page.click("main button[type=submit]")


def _share(page: Page, base: str) -> None:
    page.goto(f"{base}/delen")
    page.select_option("select[name=ontvanger]", "toezichthouder")
    page.check("input[name=velden][value=hit]")
    page.click("main form button[type=submit]")


def open_cases(page: Page, _base: str) -> None:
    """Say on which case TMM works, and see what it may open."""
    page.fill("input[name=zaaknummer]", CASE)
    page.select_option("select[name=grondslag]", "OEF-WPG-TMM")
    page.get_by_role("button", name="Toon dossiers").click()


def _open_case(page: Page, base: str) -> None:
    page.goto(base)
    open_cases(page, base)
    page.get_by_role("button", name="Open dossier").first.click()


def _case(page: Page, number: str, ground: str, button: str) -> None:
    page.fill("input[name=zaaknummer]", number)
    page.select_option("select[name=grondslag]", ground)
    page.get_by_role("button", name=button, exact=True).click()


def _network(page: Page, base: str) -> None:
    _open_case(page, base)
    page.get_by_role("button", name="Toon netwerk en verplaatsing").click()


def _handed(number: str, ground: str) -> Step:
    def step(page: Page, base: str) -> None:
        page.goto(f"{base}/overdrachten")
        _case(page, number, ground, "Toon overdrachten")
        page.get_by_role("button", name="Open overdracht").first.click()

    return step


def _treffer(number: str, ground: str) -> Step:
    def step(page: Page, base: str) -> None:
        page.goto(f"{base}/treffers")
        _case(page, number, ground, "Toon treffers")
        page.get_by_role("button", name="Open treffer").first.click()

    return step


def _agenda(page: Page, base: str) -> None:
    page.goto(f"{base}/agenda")
    page.select_option("select[name=verband]", REGION)
    _case(page, "KR-2026-0001", _PARTNERS, "Maak agenda")


def _proposed(page: Page, base: str) -> None:
    page.goto(f"{base}/beheer/mandaten/nieuw")
    page.fill("input[name=medewerker]", "zorg-0002")
    page.select_option("select[name=rol]", "zorgcoordinator")
    days = {"geldigVan": "1-11-2026", "geldigTot": "31-12-2028"}
    fit = {"opgeleidOp": "1-6-2026", "gescreendOp": "4-5-2026"}
    texts = {"besluitstuk": "B2026-117", "beslotenDoor": "college van Oefendorp"}
    for name, text in (days | fit | texts).items():
        page.fill(f"input[name={name}]", text)
    page.get_by_role("button", name="Stel dit mandaat voor").click()


def _refused_ground(page: Page, base: str) -> None:
    page.goto(f"{base}/beheer/grondslagen/nieuw")
    page.fill("input[name=taak]", "Tellen")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")


def _ending(page: Page, base: str) -> None:
    page.goto(f"{base}/beheer/mensen")
    page.select_option("select[name=mandaat]", index=1)
    page.check("input[name=wat][value=beeindigen]")
    page.locator("form[action='/beheer/mandaten'] button").click()


_PARTNERS = "OEF-RIEC-PARTNERS"

JOURNEYS = (
    Journey(
        ASKER,
        "toezichthouder",
        {"antwoord": ask, "antwoord-geweigerd": _refused, "delen-antwoord": _share},
        refused=frozenset({"antwoord-geweigerd"}),
    ),
    Journey(ASKER, "aandachtsfunctionaris", {"antwoord": ask}),
    Journey(SUBMITTERS[0], "aandachtsfunctionaris"),
    Journey(ASKER, "functioneel_beheerder"),
    Journey(ASKER, "contactpunt", {"antwoord": ask_at_the_desk}),
    Journey(ASKER, "fg"),
    Journey("TMM", "tmm_analist", {"dossiers": open_cases, "dossier": _open_case, "netwerk": _network}),
    Journey(
        "TMM",
        "tmm_coordinator",
        {"dossiers": open_cases, "dossier": _open_case, "overdracht": _handed(CASE, "OEF-WPG-TMM")},
    ),
    Journey("NLA", "nla", {"overdracht": _handed("NLA-2026-0001", _PARTNERS)}),
    Journey("KMAR", "kmar", {"overdracht": _handed("KMAR-2026-0001", "OEF-WPG-KMAR")}),
    Journey(
        ROLES["ketenregisseur"],
        "ketenregisseur",
        {"treffer": _treffer("KR-2026-0001", _PARTNERS), "agenda-gemaakt": _agenda},
    ),
    Journey(ASKER, "zorgcoordinator"),
    Journey(
        "REGISTER",
        "functioneel_beheerder",
        {"voorgesteld": _proposed, "grondslag-geweigerd": _refused_ground, "mandaat-einde": _ending},
        refused=frozenset({"grondslag-geweigerd"}),
    ),
)


def main() -> None:
    """Take them all, and tell what is wrong."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--out", type=Path, default=Path("build/screenshots"))
    options.add_argument("--role", help="of this role only")
    wish = options.parse_args()
    wish.out.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with _played() as world, _browser() as browser:
        # At a door it is the day of the control; at the register time goes on from there.
        for at_register in (False, True):
            if at_register:
                let_it_wait(world)
            for journey in JOURNEYS:
                if _works_at_register(world, journey) is at_register and wish.role in {None, journey.role}:
                    for name in SCREENS:
                        wrong += Camera(browser, world, wish.out, journey, name).walk()
    print("\n".join(wrong) or "Geen gebreken gezien.")  # noqa: T201 - a command of developers
    sys.exit(1 if wrong else 0)


class Camera:
    """Walks through the pages of one person on one screen."""

    def __init__(self, browser: Browser, world: World, out: Path, journey: Journey, screen: str) -> None:
        self._world, self._out, self._journey, self._screen = world, out, journey, screen
        shown = SCREENS[screen]
        self._context: BrowserContext = browser.new_context(
            viewport={"width": shown.width, "height": 844},
            device_scale_factor=shown.ratio,
            color_scheme=shown.scheme,
            java_script_enabled=True,
            locale="nl-NL",
        )
        self._media = shown.media
        self._context.set_default_timeout(60_000)
        self._wrong: list[str] = []
        self._seen: set[str] = set()
        self._refusals: list[str] | None = None
        """What the console says of refusals while one is asked for; None while none is."""

    def walk(self) -> list[str]:
        """Take every page; gives what is wrong."""
        who = _who(self._world, self._journey)
        at_register = _works_at_register(self._world, self._journey)
        base = self._world.register_pages if at_register else self._world.node(who.organisation)
        page = self._context.new_page()
        page.on("console", lambda said: self._hear(page, said.text) if said.type == "error" else None)
        page.on("request", lambda asked: self._note_host(page, asked.url, base))
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.goto(base + "/aanmelden")
        if self._journey is JOURNEYS[0]:
            self._take(page, "aanmelden")
        sign_in(page, self._world, who, base)
        waiting = self._links(page, base)
        self._take(page, "begin")
        for name, step in self._journey.steps.items():
            self._refusals = [] if name in self._journey.refused else None
            step(page, base)
            # A form that was just sent may not have begun to leave yet.
            page.wait_for_timeout(_LEAVING)
            page.wait_for_load_state("networkidle")
            if self._refusals == []:
                self._note(page, f"werd niet geweigerd: {name}")
            self._refusals = None
            self._take(page, name)
            waiting += self._links(page, base)
        while waiting and len(self._seen) < MOST_PAGES:
            path = waiting.pop(0)
            place = _ID.sub("N", urlsplit(path).path)
            if place in self._seen:
                continue
            self._seen.add(place)
            try:
                answer = page.goto(base + path)
            except Error as download:
                if "Download is starting" not in str(download):
                    raise
                continue
            if answer is not None and answer.status >= 400:
                self._note(page, f"antwoordt {answer.status}")
            self._take(page, place.strip("/").replace("/", "-") or "begin")
            waiting += self._links(page, base)
        self._context.close()
        return self._wrong

    def _links(self, page: Page, base: str) -> list[str]:
        found = page.eval_on_selector_all("a[href]", _LINKS)
        own = [one.removeprefix(base).split("#")[0] for one in found if one.startswith(base)]
        return [one for one in own if not _NO_PAGE.search(one)]

    def _take(self, page: Page, name: str) -> None:
        whose = f"{self._journey.role}-{self._journey.organisation.lower()}"
        # On paper nothing can be pressed.
        page.emulate_media(media=self._media)
        page.screenshot(path=self._out / f"{whose}-{name}-{self._screen}.png", full_page=True)
        if page.evaluate(_TOO_WIDE):
            self._note(page, "is breder dan het scherm")
        for one in page.evaluate(_CUT_OFF):
            self._note(page, f"past niet in zijn vak: {one}")
        page.emulate_media(media="screen")

    def _hear(self, page: Page, said: str) -> None:
        if self._refusals is not None and _SAID_400.match(said):
            self._refusals.append(said)
        else:
            self._note(page, said)

    def _note(self, page: Page, what: str) -> None:
        self._wrong.append(
            f"{self._journey.role} {self._screen} {_ID.sub('N', urlsplit(page.url).path)}: {what}"
        )

    def _note_host(self, page: Page, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "about:", "blob:")):
            self._note(page, f"vraagt iets aan {urlsplit(url).hostname}")


def _works_at_register(world: World, journey: Journey) -> bool:
    who = _who(world, journey)
    return who.at_register or who.name in {BEHEERDER, *map(name_of, ROLES)}


def _who(world: World, journey: Journey) -> Person:
    """The person of a journey; those of `tests.browser.everyone` have one password."""
    if journey.role == "contactpunt":
        return Person(CONTACTPUNT, journey.organisation, journey.role)
    name = name_of(journey.role) if journey.role in ROLES else BEHEERDER
    if journey.role in ROLES or journey.organisation == "REGISTER":
        world.passwords[name] = PASSWORD
        return Person(name, journey.organisation, journey.role)
    return person(journey.organisation, journey.role)


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@contextmanager
def _played() -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="signaalregister-beelden-") as folder, claimed_ports() as ports:
        world = build(
            Path(folder) / "oefening",
            ports,
            MOMENT,
            certificates_from=system_clock(),
            randomness=os.urandom,
            extra=SHORT_STEPS,
        )
        try:
            prepare(world)
            record_everyone(world)
            record_contactpunt(world)
            world.start(world.names())
            for organisation in SUBMITTERS:
                import_inspections(world, organisation)
            ask_at_the_door(world)
            open_phase_2(world)
            play(world)
            yield world
        finally:
            world.stop_all()


if __name__ == "__main__":
    main()

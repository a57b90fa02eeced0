# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Everybody who signs in at the register does what they are there for, on a phone or at a desk, and every page they meet fits both. Scripts are on and the policy on content holds: what it would refuse shows as an error in the console, and fails."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from register.demo.plan import ASKER, CASE, SUBMITTERS, person
from register.demo.world import World
from tests.browser.conftest import DESK
from tests.browser.conftest import PHONE as PHONE_WIDTH
from tests.browser.everyone import (
    BEHEERDER,
    LEAVING,
    PASSWORD,
    REGION,
    ROLES,
    SECOND,
    let_it_wait,
    name_of,
    play,
    record_everyone,
)
from tests.language.english import FOLDER
from tests.language.reading import Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TMM, PARTNERS = "OEF-WPG-TMM", "OEF-RIEC-PARTNERS"
CASES = {
    "fg": ("", ""),
    "tmm_analist": (CASE, TMM),
    "tmm_coordinator": (CASE, TMM),
    "nla": ("NLA-2026-0001", PARTNERS),
    "kmar": ("KMAR-2026-0001", "OEF-WPG-KMAR"),
    "ketenregisseur": ("KR-2026-0001", PARTNERS),
    "zorgcoordinator": ("ZC-2026-0001", "OEF-ZVH"),
    "functioneel_beheerder": ("", ""),
}
"""Who works at the register, on which case and ground."""
PUBLIC = ("/uitleg", "/verwerkingen")
OF_A_CASE = (
    "/agenda",
    "/dossiers",
    "/dossiers/netwerk",
    "/dossiers/tonen",
    "/overdrachten",
    "/overdrachten/tonen",
    "/treffers",
    "/treffers/tonen",
    "/uitsluitingen",
)
RECORDED = re.compile(
    r"[A-Za-z0-9+/]{43}=|[A-Z][^;:()]* \(verzonnen\)|Jaarlijks tellen wat signalen opleveren|De taak staat in de wet\.|niet vastgelegd"
    r"|(AVG|UAVG|WGS|BGS|Wpg|Bpg-BOD|Bpg|Besluit politiegegevens|Gemeentewet|Awb)(?: (?:[\d.:-]+[a-z]?|lid \d|onder [a-z]|en|met)(?=[ ;,.:)]|$),?)*"
    r"|Team Migratiecriminaliteit en Mensenhandel|Koninklijke Marechaussee|Nederlandse Arbeidsinspectie|Bestrijden van mensenhandel( en mensensmokkel)?|Eigen taak van de politie bij mensenhandel"
    r"|Toezicht op de APV, de huisvesting en seksinrichtingen|Intern toezicht op de bescherming van persoonsgegevens"
    r"|Signalen over een mogelijke facilitator verwerken|college van \w+|[Bb]eheer(der)? van het register|'de FG'"
)
"""Digests, articles of law, and what is recorded in Dutch: by the exercise names, tasks of grounds and who decided, by the claims above what they typed, and the code of a refusal in the log."""


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    """One exercise for all of these claims."""
    record_everyone(fresh_world)
    # The FG who asks nothing needs no node.
    fresh_world.start([name for name in fresh_world.names() if name != f"node-{ASKER}"])
    play(fresh_world)
    let_it_wait(fresh_world)
    return fresh_world


@dataclass
class Workplace:
    """Somebody at work, on a screen of some width.

    Attributes:
        page: the browser's.
        base: of the register.
        width: in CSS pixels.
        wrong: what the browser said was wrong.
    """

    page: Page
    base: str
    width: int
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()

    def case(self, number: str, ground: str, button: str) -> None:
        self.page.fill("input[name=zaaknummer]", number)
        self.page.select_option("select[name=grondslag]", ground)
        self.press(button)

    def reads(self, *said: str | re.Pattern[str]) -> None:
        for one in said:
            expect(self.page.locator("main")).to_contain_text(one)

    def look(self) -> None:
        """Nothing that axe finds, on a phone, where as much of a page shows as at a desk. And it fits."""
        self._on(PHONE_WIDTH)
        # Text may be there before the stylesheet is.
        self.page.wait_for_load_state()
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        self.fits()

    def fits(self) -> None:
        """Nothing is wider than a phone, than a desk, or than a desk where everything is twice as large."""
        for width in (PHONE_WIDTH, DESK // 2, DESK):
            self._on(width)
            fits = self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert fits, f"{self.page.url} at {width}"
        self._on(self.width)

    def _on(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 844})


At = Callable[[str, int], Workplace]


@pytest.fixture
def at(browser: Browser, world: World) -> Iterator[At]:
    """Sign somebody in; afterwards the browser must have had nothing to complain of."""
    made: list[Workplace] = []
    with ExitStack() as open_ones:

        def signed_in(role: str, width: int) -> Workplace:
            context = browser.new_context(viewport={"width": width, "height": 844}, locale="nl-NL")
            open_ones.callback(context.close)
            context.set_default_timeout(120_000)
            found = Workplace(context.new_page(), world.register_pages, width)
            _watch(found)
            made.append(found)
            name, password = _account(world, role)
            found.go("/aanmelden")
            found.page.fill("input[name=gebruikersnaam]", name)
            found.page.fill("input[name=wachtwoord]", password)
            with found.page.expect_navigation():
                found.page.click("main button[type=submit]")
            return found

        yield signed_in
    for one in made:
        assert not one.wrong


def _watch(one: Workplace) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            one.wrong.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(one.base):
            one.wrong.append(f"asks {urlsplit(request.url).hostname}")

    one.page.on("console", said)
    one.page.on("request", asked)
    one.page.on("pageerror", lambda error: one.wrong.append(str(error)))


def _account(world: World, role: str) -> tuple[str, str]:
    if role in ROLES:
        return name_of(role), PASSWORD
    if role in {"functioneel_beheerder", SECOND}:
        return SECOND if role == SECOND else BEHEERDER, PASSWORD
    who = person(ASKER if role == "fg" else "TMM", role)
    return who.name, world.passwords[who.name]


def test_an_analyst_taps_a_line_and_reads_why_in_place_and_takes_back_what_was_said(at: At) -> None:
    one = at("tmm_analist", DESK)
    one.reads("Open een zaak", "U ziet in een dossier")
    one.look()
    one.case(CASE, TMM, "Toon dossiers")
    one.fits()
    one.press("Open dossier")
    one.reads("Wat nu?", "Bekijk het netwerk", "opgepakt", re.compile(r"Verdwijnt in\s*week 47 van 2031"))
    one.look()
    one.press("Toon netwerk en verplaatsing")
    one.look()
    answer = one.page.locator("#netwerk-waarom[role=status]")
    expect(answer).to_contain_text("Kies een verband")
    middle = one.page.evaluate("document.getElementById('netwerk-tekening').middleOf(0)")
    # Where the page stands must have settled: a hand scrolls before it taps.
    one.page.locator("#netwerk-vlak").hover(position=middle)
    one.page.locator("#netwerk-vlak").click(position=middle)
    expect(answer).to_contain_text("zelfde telefoon, 2 gemeenten")
    one.page.get_by_role("button", name="Volgend verband").focus()
    one.page.keyboard.press("Enter")
    one.page.get_by_role("link", name="Naar deze regel in de tabel").click()
    expect(one.page.locator("tr:target")).to_contain_text("zelfde telefoon")
    for end, number in (("een", 1), ("ander", 2)):
        one.page.select_option(f"select[name={end}]", index=number)
    one.page.check("input[name=soort][value=niet_dezelfde]")
    one.page.select_option("select[name=reden]", "documenten_verschillen")
    one.press("Leg vast")
    one.reads("niet dezelfde persoon", "De documenten zijn van twee personen", "TMM-analist")
    one.page.locator("summary", has_text="Trek deze verklaring in").click()
    one.page.locator("details[open] input[name=reden]").first.check()
    one.press("Trek in")
    one.reads("Ingetrokken")
    one.look()


def test_a_coordinator_accepts_and_feeds_back_and_reads_before_when(at: At) -> None:
    one = at("tmm_coordinator", PHONE_WIDTH)
    one.reads("Nieuw voor u", "nieuwe overdracht")
    one.go("/berichten")
    one.page.get_by_role("link", name="Naar Overdrachten").first.click()
    one.go("/berichten")
    one.look()
    one.case(CASE, TMM, "Toon wat u volgt")
    one.fits()
    one.go("/overdrachten")
    one.case(CASE, TMM, "Toon overdrachten")
    one.look()
    one.press("Open overdracht")
    one.reads("U bent te laat: neem de overdracht nu aan. Dat moest voor 27 november 2026.")
    one.fits()
    one.press("Neem deze overdracht aan")
    one.reads("Koppel terug voor 7 januari 2027.")
    one.look()
    one.go("/dossiers")
    one.case(CASE, TMM, "Toon dossiers")
    one.press("Open dossier")
    one.reads("Koppel terug voor 7 januari 2027.", "aan u, aangenomen")
    one.page.locator("summary", has_text="Blijf deze zaak volgen").click()
    one.look()
    one.page.select_option("select[name=reden]", "zaak_loopt")
    one.page.check("input[name=uitdrukkelijk]")
    one.press("Volg")
    one.reads("Er loopt een zaak")
    one.look()


def test_the_arbeidsinspectie_sees_the_network_of_its_case_and_can_say_nothing_on_it(at: At) -> None:
    one = at("nla", DESK)
    one.fits()
    expect(one.page.get_by_role("link", name="Dossiers")).to_have_count(0)
    one.go("/overdrachten")
    one.case("NLA-2026-0001", PARTNERS, "Toon overdrachten")
    one.press("Open overdracht")
    one.reads("Arbeidsuitbuiting")
    one.fits()
    one.press("Toon netwerk en verplaatsing")
    one.reads("zelfde telefoon, 2 gemeenten", "U kijkt mee.")
    expect(one.page.get_by_role("button", name="Leg vast")).to_have_count(0)
    expect(one.page.get_by_role("button", name="Zet op de uitsluitlijst")).to_have_count(0)
    one.look()


def test_the_marechaussee_has_its_case_and_no_network(at: At) -> None:
    one = at("kmar", PHONE_WIDTH)
    one.reads("Het netwerk eromheen ziet u niet.")
    one.go("/berichten")
    one.fits()
    one.go("/overdrachten")
    one.case("KMAR-2026-0001", "OEF-WPG-KMAR", "Toon overdrachten")
    one.press("Open overdracht")
    one.reads("neem de overdracht nu aan")
    expect(one.page.get_by_role("button", name=re.compile("netwerk"))).to_have_count(0)
    one.fits()


def test_what_nobody_took_up_a_ketenregisseur_takes_up_and_puts_on_the_agenda(at: At) -> None:
    one = at("ketenregisseur", PHONE_WIDTH)
    one.reads("Treffers zonder eigenaar")
    one.fits()
    one.go("/treffers")
    one.case("KR-2026-0001", PARTNERS, "Toon treffers")
    one.reads("Wat er voor u klaarstaat (1)", "Oefenstad, Oefenhaven")
    one.look()
    one.press("Open treffer")
    one.look()
    one.reads("Niemand pakte deze treffer op.")
    for name, code in (
        ("beoordeling", "mogelijk_zelfde_persoon"),
        ("reden", "herhaling"),
        ("eerste_actie", "bellen_andere_gemeente"),
    ):
        one.page.select_option(f"select[name={name}]", code)
    one.press("Pak op")
    one.reads("De andere gemeente bellen. Doe dit uiterlijk op 15 december 2026.", "uw organisatie")
    one.look()
    one.go("/agenda")
    one.page.select_option("select[name=verband]", REGION)
    one.case("KR-2026-0001", PARTNERS, "Maak agenda")
    one.reads("Punt 1")
    one.look()
    one.go("/cijfers")
    one.reads("Samenwerkingsverband Oefening")
    one.look()


def test_a_zorgcoordinator_sees_nothing_that_was_not_released_for_care(at: At) -> None:
    one = at("zorgcoordinator", PHONE_WIDTH)
    one.fits()
    one.go("/treffers")
    one.case("ZC-2026-0001", "OEF-ZVH", "Toon treffers")
    one.reads("Er is nu niets waar u aan zet bent.")
    one.fits()


def test_an_fg_says_until_which_line_the_log_is_well_and_takes_the_proof_home(at: At, world: World) -> None:
    one = at("fg", DESK)
    one.go("/logboek")
    one.fits()
    one.page.get_by_role("link", name="Reken het logboek na").click()
    one.reads(re.compile(r"Het logboek klopt tot en met regel \d+, .*\. Nagegaan op 8 december 2026"))
    one.reads("één voor één opnieuw opgeteld")
    one.look()
    with one.page.expect_download() as proofs:
        one.page.get_by_role("link", name="Bewijzen van uw eigen regels").click()
    done = world.command("audit", "verify", str(proofs.value.path()), "--vkey", world.log_vkey)
    assert done.returncode == 0, done.stdout
    with one.page.expect_download() as checkpoint:
        one.page.get_by_role("link", name="Controlepunt opslaan").click()
    assert (
        checkpoint.value.path().read_text(encoding="utf-8").startswith("signaalregister.example/oefening\n")
    )
    with one.page.expect_download() as how:
        one.page.get_by_role("link", name="Werkwijze opslaan").click()
    assert world.log_vkey in how.value.path().read_text(encoding="utf-8")
    # The others are looked at in test_pages.
    for path in ("/getuigen", "/noodopeningen", "/bevriezingen", "/datalekken", "/beleid", "/cijfers"):
        one.go(path)
        if path == "/cijfers":
            one.fits()
        else:
            one.look()


def test_a_functioneel_beheerder_reads_who_may_what_and_how_the_register_is(at: At) -> None:
    one = at("functioneel_beheerder", DESK)
    one.reads("Beheer van Oefendorp", "Alle mandaten gelden", "Wat u hier doet")
    one.look()
    one.page.get_by_role("link", name="Mensen", exact=True).first.click()
    one.reads("oefening-toezichthouder", "4 november 2024", "Een account wijzigen")
    one.look()
    one.page.get_by_role("link", name="Organisaties", exact=True).first.click()
    one.reads("U beheert Oefendorp en geen andere organisatie")
    one.look()
    one.page.get_by_role("link", name="Toestand van het register").first.click()
    one.reads("Laat de nieuwe bladen van het logboek ondertekenen")
    one.look()


def test_one_beheerder_proposes_a_ground_the_fg_advises_and_another_lays_it_down(at: At) -> None:
    one = at("functioneel_beheerder", PHONE_WIDTH)
    one.go("/beheer/grondslagen")
    one.reads("OEF-GEM-", "Een grondslag laten eindigen", "Poorten, samenwerkingsverbanden")
    one.look()
    one.page.get_by_role("link", name="Stel een grondslag voor").click()
    one.page.select_option("select[name=code]", "G-STAT")
    texts = {
        "artikel": "AVG 89; UAVG 24",
        "taak": "Jaarlijks tellen wat signalen opleveren",
        "geldigVan": "1-11-2026",
        "geldigTot": "31-12-2028",
        "beslotenOp": "7-10-2026",
        "besluitstuk": "B",
        "beslotenDoor": "college van Oefendorp",
    }
    for name, text in texts.items():
        one.page.fill(f"input[name={name}]", text)
    one.press("Stel deze grondslag voor")
    # Refused: and nothing that was typed is gone.
    one.reads("Er is niets vastgelegd.", "Kenmerk van het besluit: Eén regel van 3 tot 200 tekens.")
    expect(one.page.locator("input[name=taak]")).to_have_value(texts["taak"])
    one.look()
    # A browser tells of every page with this status.
    assert [said for said in one.wrong if "400" not in said] == []
    one.wrong.clear()
    one.page.fill("input[name=besluitstuk]", "B2026-118")
    one.press("Stel deze grondslag voor")
    one.reads("Wacht op advies van de FG", "Een tweede persoon beslist erover.")
    one.look()
    where = urlsplit(one.page.url).path
    fg = at("fg", DESK)
    fg.go("/voorstellen")
    fg.reads("Wacht op u", "Grondslag vastleggen")
    fg.look()
    fg.go(where)
    fg.page.check("input[name=bezwaar][value=nee]")
    fg.page.fill("textarea[name=toelichting]", "De taak staat in de wet.")
    fg.press("Leg mijn advies vast")
    fg.reads("Advies van de FG: geen bezwaar", "De taak staat in de wet.")
    other = at(SECOND, PHONE_WIDTH)
    other.reads("Voorstellen waar u nu iets mee kunt")
    other.go(where)
    other.look()
    other.page.check("input[name=gelezen]")
    other.press("Ik keur dit voorstel goed")
    other.reads("Vastgelegd", "Goedgekeurd", "oefening-beheerder-2")
    other.look()


def test_a_mandate_is_proposed_on_a_telephone_and_an_account_of_a_colleague_is_blocked(at: At) -> None:
    one = at("functioneel_beheerder", PHONE_WIDTH)
    one.go("/beheer/mandaten/nieuw")
    one.look()
    one.go("/beheer/mensen")
    one.page.select_option("select[name=mandaat]", index=1)
    one.page.check("input[name=wat][value=beeindigen]")
    one.press("Ga verder")
    one.reads("niet terug te draaien", "Weet u het zeker?")
    one.look()
    one.go("/beheer/mensen")
    one.page.select_option("select[name=account]", LEAVING)
    one.page.check("input[name=handeling][value=beeindigen]")
    one.page.locator("form[action='/beheer/accounts/wijzigen'] button").click()
    one.reads("U beëindigt het account")
    one.look()
    one.go("/beheer/mensen")
    one.page.select_option("select[name=account]", LEAVING)
    one.page.check("input[name=handeling][value=wachtwoord]")
    one.page.locator("form[action='/beheer/accounts/wijzigen'] button").click()
    one.reads("Dit ziet u maar één keer", "Geldt tot")
    one.look()


def test_who_chose_english_reads_no_dutch_on_any_page_at_register_and_node(world: World) -> None:
    with (FOLDER / "paginas.po").open("rb") as file:
        english = {str(one.id): str(one.string) for one in read_po(file, locale="en") if one.id}
    texts = {dutch for dutch, said in english.items() if dutch != said} - set(english.values())
    keeper = person(SUBMITTERS[0], "aandachtsfunctionaris")
    readers = [(world.register_pages, *_account(world, role), *CASES[role]) for role in CASES]
    readers.append((world.node(SUBMITTERS[0]), keeper.name, world.passwords[keeper.name], "", ""))
    read: set[str] = set()
    left: list[str] = []
    for base, name, password, number, ground in readers:
        case = {path: {"zaaknummer": number, "grondslag": ground} for path in OF_A_CASE if number}
        with httpx.Client(base_url=base, follow_redirects=True, timeout=120) as client:
            # What anyone may read is read once.
            reader = Reader(
                client, texts, RECORDED, case, read={one for one in read if one.startswith(PUBLIC)}
            )
            reader.sign_in(name, password)
            reader.walk()
        read |= reader.read
        left += reader.left
    assert not left, "\n".join(dict.fromkeys(left))
    assert read >= {f"post {path}" for path in OF_A_CASE} | {"/logboek/N", "/beheer/toestand", "/treffers/N"}

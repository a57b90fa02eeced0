# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whose is it, on the pages: on every page of the register that takes an identifier, what belongs to others is to whoever asks as what does not exist.

The pages come from the application itself. Each is in `PAGES`, with what a form sends, or in `NAMELESS`; one of which nobody said it fails. Everybody of another municipality who signs in here, and TMM where it is
no party, asks twice: with an identifier that is there, and with one that is nobody's. Status, headers and bytes must be equal but for the identifier. That the objects are there, the parties see.
The interface behind the pages has the same in `tests/register/central/test_whose.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import pytest

from process.serving.web import routes_of
from register.theme import STATIC_PATH
from tests.register.central.belongings import (
    ASKER,
    OPEN_TO_TMM,
    OUTSIDER,
    Belongings,
    busy_week,
    enter,
    nobodys,
    theirs,
)
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import World

__all__ = ["busy_week", "enter", "theirs"]

CASE = {"zaaknummer": "TMM-2026-0001", "grondslag": "OEF-WPG-TMM"}
LEAF = frozenset({"blad", "post"})

PAGES: dict[str, dict[str, str]] = {
    "POST /noodopeningen": {"noodopening": "{noodopening_id}", "oordeel": "ok"},
    "POST /berichten/gelezen": {"soort": "treffer_nieuw", "over": "{treffer_id}"},
    "POST /berichten/volgen": CASE
    | {"treffer": "{treffer_id}", "reden": "gevaar", "dagen": "9", "uitdrukkelijk": "ja"},
    "POST /berichten/loslaten": CASE | {"attendering": "{attendering_id}"},
    "POST /treffers/tonen": CASE | {"treffer": "{treffer_id}"},
    "POST /treffers/stap": CASE | {"treffer": "{treffer_id}", "stap": "contact_gevraagd"},
    "POST /treffers/overdracht": CASE | {"treffer": "{treffer_id}", "aan": "TMM"},
    "POST /bevriezingen": {"medewerker": "{medewerker}", "reden": "eigen_kring"},
    "POST /datalekken": {"bevriezing": "{bevriezing_id}"},
    "GET /datalekken/{datalek}": {},
    "POST /datalekken/{datalek}": {"afhandeling": "gemeld"},
    "POST /overdrachten/tonen": CASE | {"overdracht": "{overdracht_id}"},
    "POST /overdrachten/aannemen": CASE | {"overdracht": "{overdracht_id}"},
    "POST /overdrachten/terugkoppelen": CASE | {"overdracht": "{overdracht_id}", "code": "onderzoek_gestart"},
    "POST /overdrachten/bestand": CASE | {"overdracht": "{overdracht_id}"},
    "POST /overdrachten/pdf": CASE | {"overdracht": "{overdracht_id}"},
    "GET /logboek/{blad}": {},
    "GET /logboek/{blad}/bewijs": {},
    "GET /postvak/{post}": {},
    "POST /postvak/{post}": {"oordeel": "ok.past_bij_taak"},
    "POST /dossiers/netwerk": CASE | {"treffer": "{treffer_id}"},
    "POST /dossiers/verklaringen": CASE
    | {"treffer": "{treffer_id}", "verklaring": "{verklaring_id}", "reden": "vergissing"},
    "POST /dossiers/uitsluitingen": CASE
    | {
        "treffer": "{treffer_id}",
        "knoop": "telefoon-1 0000000000000000",
        "soort": "zorgnummer",
        "hercontrole": "2026-12-01",
    },
    "POST /uitsluitingen": CASE | {"uitsluiting": "{uitsluiting_id}"},
    "POST /dossiers/tonen": CASE | {"treffer": "{treffer_id}"},
    "POST /dossiers/fase-2": CASE | {"treffer": "{treffer_id}", "criteria": "concreet"},
    "GET /voorstellen/{nummer}": {},
    "POST /voorstellen/{nummer}/advies": {"bezwaar": "nee", "toelichting": "Het past bij de taak."},
    "POST /voorstellen/{nummer}/antwoord": {"besluitstuk": "B1", "toelichting": "Het past bij de taak."},
    "POST /voorstellen/{nummer}/goedkeuring": {"gelezen": "ja"},
    "POST /voorstellen/{nummer}/intrekking": {"toelichting": "Het besluit is herroepen."},
}
"""Method and path of each page that names something of somebody, and what its form sends; what is between braces is an identifier."""

IN_PATH = {"datalek": "datalek_id", "blad": "blad", "post": "post", "nummer": "vastlegging_id"}

NAMELESS = {
    "GET /gezondheid/leeft": "how the process is",
    "GET /gezondheid/klaar": "how the process is",
    "GET /tlog/checkpoint": "the public log",
    "GET /tlog/tile/entries/{deel}": "the public log",
    "GET /tlog/tile/{deel}": "the public log",
    "GET /beleid": "policy, which everyone with a mandate for it reads",
    "POST /beleid/stappen/{nummer}/akkoord": "as /beleid",
    "GET /beleid/{nummer}": "as /beleid",
    "POST /beleid/{nummer}/advies": "as /beleid",
    "POST /beleid/{nummer}/goedkeuring": "as /beleid",
    "GET /beleid/{nummer}/leestabel": "as /beleid",
    "GET /aanmelden": "before anybody is somebody",
    "POST /aanmelden": "a name at any organisation is answered alike: test_signing_in.py",
    "POST /aanmelden/tweede-stap": "a secret of who has it, and no number",
    "POST /afmelden": "the own session",
    "GET /mijn-aanmelding": "the own sign-in",
    "POST /mijn-aanmelding": "the own sign-in",
    "POST /accounts/herstellen": "a name of the own organisation: test_second_step.py",
    "GET /": "the own start",
    "GET /uitleg": "for everyone",
    "GET /uitleg/vergelijken": "for everyone",
    "GET /uitleg/privacy": "for everyone",
    "GET /verwerkingen": "for everyone",
    "GET /noodopeningen": "the own list",
    "GET /begin": "the own list",
    "GET /berichten": "the own list",
    "POST /berichten": "the own list",
    "GET /treffers": "the own list",
    "POST /treffers": "the own list",
    "GET /beheer": "people of the own organisation",
    "GET /voorstellen": "the own proposal: test_laying_down.py",
    "POST /beheer/grondslagen/einde": "the own proposal: test_laying_down.py",
    "POST /beheer/grondslagen/nieuw": "the own proposal: test_laying_down.py",
    "POST /beheer/mandaten/einde": "the own proposal: test_laying_down.py",
    "POST /beheer/mandaten/nieuw": "the own proposal: test_laying_down.py",
    "POST /beheer/mandaten": "the own proposal: test_laying_down.py",
    "GET /beheer/grondslagen/nieuw": "the own proposal: test_laying_down.py",
    "GET /beheer/mandaten/nieuw": "the own proposal: test_laying_down.py",
    "GET /voorstellen/{nummer}/advies": "leads to the page of its form, whatever the number",
    "GET /voorstellen/{nummer}/antwoord": "leads to the page of its form, whatever the number",
    "GET /voorstellen/{nummer}/goedkeuring": "leads to the page of its form, whatever the number",
    "GET /voorstellen/{nummer}/intrekking": "leads to the page of its form, whatever the number",
    "GET /beheer/accounts": "leads to the page of its form",
    "GET /beheer/accounts/wijzigen": "leads to the page of its form",
    "GET /beheer/grondslagen/einde": "leads to the page of its form",
    "GET /beheer/mandaten": "leads to the page of its form",
    "GET /beheer/mandaten/einde": "leads to the page of its form",
    "GET /beheer/grondslagen": "people and grounds of the own organisation: test_managing.py",
    "GET /beheer/mensen": "people and grounds of the own organisation: test_managing.py",
    "GET /beheer/organisaties": "people and grounds of the own organisation: test_managing.py",
    "POST /beheer/accounts": "people and grounds of the own organisation: test_managing.py",
    "POST /beheer/accounts/wijzigen": "people and grounds of the own organisation: test_managing.py",
    "GET /beheer/toestand": "how the register is",
    "GET /bevriezingen": "the own list",
    "GET /datalekken": "the own list",
    "GET /cijfers": "the own figures",
    "GET /overdrachten": "the own list",
    "POST /overdrachten": "the own list",
    "GET /agenda": "codes of samenwerkingsverbanden are public",
    "POST /agenda": "codes of samenwerkingsverbanden are public",
    "POST /agenda/tekst": "codes of samenwerkingsverbanden are public",
    "GET /logboek": "the own list",
    "GET /logboek/narekenen": "for everyone",
    "GET /logboek/controlepunt": "the public log",
    "GET /logboek/bewijzen": "the own list",
    "GET /logboek/werkwijze": "for everyone",
    "GET /getuigen": "the public log",
    "POST /getuigen": "the public log",
    "GET /postvak": "the own list",
    "GET /grenzen": "the own limit",
    "POST /grenzen": "the own limit",
    "GET /maand": "the own month",
    "GET /maand/{maand}": "a month of the own organisation, whoever asks",
    "POST /maand/{maand}/steekproef": "the own month",
    "POST /maand/{maand}/aftekening": "the own month",
    "GET /maand/{maand}/bewijs": "the own month",
    "GET /maand/{maand}/verslag": "the own month",
    "GET /verstrekkingen": "the own list",
    "GET /dossiers": "the own list",
    "POST /dossiers": "the own list",
}
"""Pages that name nothing of anybody, and why."""


@dataclass
class Reader:
    """Somebody in a browser, with the token of the forms of this session."""

    visitor: Visitor
    said: str
    csrf: str = field(default="", repr=False)

    def ask(self, page: str, names: Mapping[str, str]) -> httpx.Response:
        """Send a page its form, or look at it."""
        method, path = page.split(" ")
        path = re.sub(r"\{(\w+)\}", lambda found: names[IN_PATH[found.group(1)]], path)
        if method == "GET":
            return self.visitor.get(path)
        self.csrf = self.csrf or self.visitor.token("/mijn-aanmelding")
        form = {name: value.format_map(names) for name, value in PAGES[page].items()}
        return self.visitor.post(path, csrf=self.csrf, **form)

    def differs(self, page: str, theirs: dict[str, str]) -> bool:
        """Whether what is there is answered in another way than what is not."""
        nothing = nobodys(theirs)
        absent, present = (told(self.ask(page, names), names) for names in (nothing, theirs))
        return absent != present


def told(answer: httpx.Response, names: Mapping[str, str]) -> tuple[int, str, list[tuple[str, str]]]:
    """All of an answer, without the identifiers that were sent."""

    def bare(text: str) -> str:
        for name in sorted(set(names) - LEAF):
            if len(names[name]) > 8:
                text = text.replace(names[name], "WAT-GEVRAAGD-IS")
        return text

    headers = [pair for pair in answer.headers.multi_items() if pair[0] not in {"content-length", "date"}]
    return answer.status_code, bare(answer.text), [(name, bare(value)) for name, value in headers]


def owned(page: str) -> set[str]:
    """The identifiers that a page takes."""
    text = page.partition(" ")[2] + " ".join(PAGES[page].values())
    return {IN_PATH.get(one, one) for one in re.findall(r"\{(\w+)\}", text)}


def reading(world: World, organisation: str, role: str) -> Reader:
    return Reader(Visitor(world).signed_in(organisation, role), f"{role} {organisation}")


def test_of_every_page_is_said_whether_it_names_something_of_somebody(world: World) -> None:
    there = {
        f"{method} {route.path_format}"
        for route in routes_of(world.apps.people)
        if not str(route.path_format).startswith(("/v1/", STATIC_PATH))
        for method in route.methods or ()
    }
    assert there == {*PAGES, *NAMELESS}
    assert not set(PAGES) & set(NAMELESS)


@ONE_DATABASE
@pytest.mark.timeout(600)
def test_a_page_about_what_belongs_to_others_is_as_one_about_what_does_not_exist(
    world: World,
    theirs: Belongings,
) -> None:
    names = theirs[0]
    outside = [reading(world, OUTSIDER, role) for role in ("fg", "functioneel_beheerder")]
    tmm = [reading(world, "TMM", role) for role in ("tmm_coordinator", "tmm_analist")]
    inside = [*tmm, reading(world, ASKER, "fg")]
    seen = [
        (page, one.said)
        for page in PAGES
        for one in outside + ([] if owned(page) & OPEN_TO_TMM else tmm)
        if one.differs(page, names)
    ]
    assert seen == []
    # Looking before changing, which takes away what is there.
    pages = sorted(PAGES, key=lambda page: not page.startswith("GET") and not page.endswith("/tonen"))
    kinds: set[str] = set()
    for page in pages:
        if not owned(page) <= kinds and any(one.differs(page, names) for one in inside):
            kinds |= owned(page)
    assert kinds == {one for page in PAGES for one in owned(page)} - set(NOT_SEEN), "is it there?"
    world.log.verify(None)


NOT_SEEN = {
    "attendering_id": "of an aandachtsfunctionaris, who comes through a node",
    "medewerker": "whoever is named: one freezes a number, and is not told whose it is",
}
"""Of which nobody at the pages has one."""

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whose is it, on the pages: on every page of the register that takes an identifier, what belongs to others is to whoever asks as what does not exist.

The pages come from the application itself. Each is in `PAGES`, with what a form sends, or in `NAMELESS`; one of which nobody said it fails. Everybody of another municipality who signs in here, and TMM where it is
no party, asks twice: with an identifier that is there, and with one that is nobody's. Status, headers and bytes must be equal but for the identifier. On each page the parties see a difference, so that it is known to look.
The interface behind the pages has the same in `tests/register/central/test_whose.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from process.serving.web import routes_of
from register.central.centre import Centre
from register.theme import STATIC_PATH
from tests.register.central.belongings import (
    ASKER,
    OPEN_TO_TMM,
    OUTSIDER,
    OWNER,
    Belongings,
    busy_week,
    enter,
    nobodys,
    theirs,
)
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.region import OURS, THEIRS, escalate, with_chains
from tests.register.central.test_attending import later, set_one, standing
from tests.register.central.test_casework import one as one_treffer
from tests.register.central.test_handing_over import handed
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import CRITERIA, World

__all__ = ["busy_week", "enter", "theirs"]

CASE: dict[str, Any] = {"zaaknummer": "TMM-2026-0001", "grondslag": "OEF-WPG-TMM"}
LEAF = frozenset({"blad", "post"})

PAGES: dict[str, dict[str, Any]] = {
    "POST /noodopeningen": {"noodopening": "{noodopening_id}", "oordeel": "ok"},
    "POST /berichten/gelezen": {"soort": "overdracht_nieuw", "over": "{overdracht_id}"},
    "POST /berichten/volgen": CASE
    | {"treffer": "{treffer_id}", "reden": "gevaar", "dagen": "9", "uitdrukkelijk": "ja"},
    "POST /berichten/loslaten": CASE | {"attendering": "{attendering_id}"},
    "POST /treffers/tonen": CASE | {"treffer": "{treffer_id}"},
    "POST /treffers/stap": CASE
    | {
        "treffer": "{treffer_id}",
        "stap": "opgepakt",
        "eerste_actie": "bellen_andere_gemeente",
        "beoordeling": "onderzoek_gerechtvaardigd",
        "reden": "herhaling",
    },
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
        "knoop": "email-1 0000000000000000",
        "soort": "zorgnummer",
        "hercontrole": "2026-12-01",
    },
    "POST /uitsluitingen": CASE | {"uitsluiting": "{uitsluiting_id}"},
    "POST /dossiers/tonen": CASE | {"treffer": "{treffer_id}"},
    "POST /dossiers/fase-2": CASE | {"treffer": "{treffer_id}", "criteria": CRITERIA},
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
    case: dict[str, str] = field(default_factory=dict)

    def ask(self, page: str, names: Mapping[str, str]) -> httpx.Response:
        """Send a page its form, or look at it."""
        method, path = page.split(" ")
        path = re.sub(r"\{(\w+)\}", lambda found: names[IN_PATH[found.group(1)]], path)
        if method == "GET":
            return self.visitor.get(path)
        self.csrf = self.csrf or self.visitor.token("/mijn-aanmelding")
        form = {
            name: value.format_map(names) if isinstance(value, str) else value
            for name, value in (PAGES[page] | self.case).items()
        }
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
    text = page.partition(" ")[2] + " ".join(str(value) for value in PAGES[page].values())
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
    seen = [
        (page, one.said)
        for page in PAGES
        for one in outside + ([] if owned(page) & OPEN_TO_TMM else tmm)
        if one.differs(page, names)
    ]
    assert seen == []
    world.log.verify(None)


OF_A_CHAIN = ["POST /treffers/tonen", "POST /treffers/stap", "POST /treffers/overdracht"]
"""Pages of a ketenregisseur, in the order in which one comes to each."""
READ = "POST /berichten/gelezen"
"""Answered alike, whatever was there: what was read is read."""


@ONE_DATABASE
@pytest.mark.timeout(600)
def test_on_every_page_somebody_sees_that_what_is_theirs_is_there(world: World, theirs: Belongings) -> None:
    """Else the pages could refuse everybody before they look."""
    coordinator = world.person("TMM", "tmm_coordinator")
    followed = set_one(coordinator, standing(theirs[0]["treffer_id"], "treffer"))
    assert followed.status_code == 201, followed.text
    names = theirs[0] | {"attendering_id": followed.json()["attenderingId"]}
    later(world)
    inside = [reading(world, "TMM", role) for role in ("tmm_coordinator", "tmm_analist")]
    inside += [reading(world, code, "fg") for code in (ASKER, OWNER)]
    # Looking before changing, which takes away what is there.
    pages = sorted(PAGES, key=lambda page: not page.startswith("GET") and not page.endswith("/tonen"))
    unseen = [page for page in pages if not any(one.differs(page, names) for one in inside)]
    assert sorted(unseen) == sorted([*OF_A_CHAIN, READ])
    world.log.verify(None)


@ONE_DATABASE
def test_a_notice_that_is_read_is_gone_and_only_for_whom_it_was(world: World) -> None:
    names = {"overdracht_id": handed(world)[0]}
    later(world)
    told, other = (reading(world, *who) for who in (("TMM", "tmm_coordinator"), ("TMM", "tmm_analist")))

    def waits() -> bool:
        return names["overdracht_id"] in told.visitor.get("/berichten").text

    assert waits()
    assert not other.differs(READ, names)
    assert waits()
    assert not told.differs(READ, names)
    assert not waits()
    world.log.verify(None)


@ONE_DATABASE
def test_a_treffer_of_one_ketenregisseur_is_to_another_as_one_that_does_not_exist(
    world: World, centre: Centre
) -> None:
    with_chains(world, centre)
    treffer, _ids = one_treffer(world)
    escalate(world)
    ours, other = (reading(world, host, "ketenregisseur") for host in (OURS, THEIRS))
    for one, host in ((ours, OURS), (other, THEIRS)):
        one.case = {"zaaknummer": "KR-2026-0001", "grondslag": f"OEF-{host}"}
    names = {"treffer_id": treffer}
    for page in OF_A_CHAIN:
        assert not other.differs(page, names), page
        assert ours.differs(page, names), page
    world.log.verify(None)

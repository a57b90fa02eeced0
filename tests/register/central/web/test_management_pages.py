# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The workplace of a functioneel beheerder over real pages: two people lay a record down, an FG advises on theirs, and a refused form keeps what was typed."""

import re

import httpx
import pytest

from register.accounts import Account
from register.central.store import people
from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_laying_down import GROUND, MANDATE
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import PASSWORD, World

pytestmark = ONE_DATABASE


def signed_in(world: World, organisation: str, role: str) -> Visitor:
    return Visitor(world).signed_in(organisation, role)


def first(world: World, organisation: str = "GM9001") -> Visitor:
    return signed_in(world, organisation, "functioneel_beheerder")


def second(world: World, organisation: str = "GM9001") -> Visitor:
    """The other functioneel beheerder, with an account of the own."""
    name = f"tweede-{organisation}"
    with world.log.engine.begin() as connection:
        account = Account("oefening-beheerder-2", name, "functioneel_beheerder")
        people.add_account(connection, organisation, account, world.passwords.hash(PASSWORD))
    visitor = Visitor(world)
    assert visitor.signs_in(name).status_code == 303
    return visitor


def sent(visitor: Visitor, page: str, path: str, **form: str) -> httpx.Response:
    return visitor.post(path, csrf=visitor.token(page), **form)


def proposed(visitor: Visitor, path: str, form: dict[str, str]) -> str:
    answer = sent(visitor, path, path, **form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def text(answer: httpx.Response) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.text)


def test_two_people_give_a_mandate_and_the_first_cannot_say_yes(world: World) -> None:
    one = first(world)
    mine = proposed(one, "/beheer/mandaten/nieuw", MANDATE)
    page = one.get(mine)
    assert "Een tweede persoon beslist erover." in page.text
    assert "/goedkeuring" not in page.text
    refused = sent(one, mine, f"{mine}/goedkeuring", gelezen="ja")
    assert (refused.status_code, "U deed dit voorstel zelf" in refused.text) == (403, True)
    other = second(world)
    assert mine in other.get("/voorstellen").text
    unread = sent(other, mine, f"{mine}/goedkeuring")
    assert (unread.status_code, "Zet een vinkje" in unread.text) == (400, True)
    assert sent(other, mine, f"{mine}/goedkeuring", gelezen="ja").status_code == 303
    assert "Vastgelegd" in other.get(mine).text
    assert "zorg-0001" in one.get("/beheer/mensen").text


def test_a_ground_waits_for_its_fg_and_then_for_a_second_person(world: World) -> None:
    mine = proposed(first(world), "/beheer/grondslagen/nieuw", GROUND)
    other = second(world)
    assert "Wacht op advies van de FG" in other.get(mine).text
    early = sent(other, mine, f"{mine}/goedkeuring", gelezen="ja")
    assert (early.status_code, "advies" in text(early)) == (403, True)
    fg = signed_in(world, "GM9001", "fg")
    assert mine in fg.get("/voorstellen").text
    unwhole = sent(fg, mine, f"{mine}/advies", toelichting="Ik twijfel nog.")
    assert (unwhole.status_code, "Kies of u bezwaar maakt." in unwhole.text) == (400, True)
    assert "Ik twijfel nog." in unwhole.text
    done = sent(fg, mine, f"{mine}/advies", bezwaar="ja", toelichting="Te ruim: <alles>.")
    assert done.status_code == 303
    page = other.get(mine).text
    assert "&lt;alles&gt;" in page
    assert "Antwoord op het bezwaar" in page
    empty = sent(other, mine, f"{mine}/antwoord", toelichting="De taak staat in de verordening.")
    assert (empty.status_code, "De taak staat in de verordening." in empty.text) == (400, True)
    answered = {"besluitstuk": "B2026-120", "toelichting": "De taak staat in de verordening."}
    assert sent(other, mine, f"{mine}/antwoord", **answered).status_code == 303
    assert sent(other, mine, f"{mine}/goedkeuring", gelezen="ja").status_code == 303
    assert "GM9001-GSTAT-" in other.get("/beheer/grondslagen").text


def test_a_form_that_is_refused_keeps_what_was_typed_and_names_the_field(world: World) -> None:
    one = first(world)
    wrong = MANDATE | {"geldigTot": "2026-01-01", "medewerker": "Jan Jansen"}
    answer = sent(one, "/beheer/mandaten/nieuw", "/beheer/mandaten/nieuw", **wrong)
    assert answer.status_code == 400
    assert 'value="Jan Jansen"' in answer.text
    assert 'value="B2026-117"' in answer.text
    assert 'href="#medewerker"' in answer.text
    answer = sent(one, "/beheer/grondslagen/nieuw", "/beheer/grondslagen/nieuw", **(GROUND | {"taak": ""}))
    assert (answer.status_code, 'href="#taak"' in answer.text) == (400, True)
    assert 'value="AVG 89; UAVG 24"' in answer.text
    assert world.rows(t.record_proposal) == []


def test_a_mandate_is_extended_from_what_is_there_and_ends_after_a_second_thought(world: World) -> None:
    one = first(world)
    whose = "aandachtsfunctionaris oefening-aandachtsfunctionaris"
    longer = sent(one, "/beheer/mensen", "/beheer/mandaten", mandaat=whose, wat="verlengen")
    assert 'value="oefening-aandachtsfunctionaris"' in longer.text
    asked = sent(one, "/beheer/mensen", "/beheer/mandaten", mandaat=whose, wat="beeindigen")
    assert "niet terug te draaien" in asked.text
    form = {
        "medewerker": "oefening-aandachtsfunctionaris",
        "rol": "aandachtsfunctionaris",
        "besluitstuk": "B2026-119",
        "beslotenDoor": "college van Oefenstad",
    }
    unsure = sent(one, "/beheer/mensen", "/beheer/mandaten/einde", **form)
    assert (unsure.status_code, 'value="B2026-119"' in unsure.text) == (400, True)
    assert world.rows(t.record_end) == []
    done = sent(one, "/beheer/mensen", "/beheer/mandaten/einde", **form, zeker="ja")
    assert done.headers["location"] == "/beheer/mensen?gedaan=mandaat-einde"
    assert "Het mandaat is beëindigd." in one.get("/beheer/mensen?gedaan=mandaat-einde").text


def test_an_account_is_made_on_the_page_and_its_first_password_is_shown_once(world: World) -> None:
    one = first(world)
    mine = proposed(one, "/beheer/mandaten/nieuw", MANDATE)
    sent(second(world), mine, f"{mine}/goedkeuring", gelezen="ja")
    unnamed = sent(one, "/beheer/mensen", "/beheer/accounts", wie="zorgcoordinator zorg-0001", naam="J")
    assert (unnamed.status_code, 'value="J"' in unnamed.text) == (400, True)
    made = sent(
        one, "/beheer/mensen", "/beheer/accounts", wie="zorgcoordinator zorg-0001", naam="Zorg.Jansen"
    )
    assert made.status_code == 200
    password = re.search(r"<dd>(\w{4}(?:-\w{4}){3})</dd>", made.text)
    assert password
    listed = one.get("/beheer/mensen").text
    assert "zorg.jansen@gm9001" in listed
    assert password.group(1) not in listed
    person = Visitor(world)
    arrived = person.signs_in("zorg.jansen@gm9001", password.group(1))
    assert arrived.headers["location"] == "/mijn-aanmelding"
    own = person.get("/mijn-aanmelding")
    assert "Kies eerst een eigen wachtwoord" in own.text
    assert person.get("/begin").headers["location"] == "/mijn-aanmelding"
    change = {"handeling": "wachtwoord", "wachtwoord": password.group(1)}
    fresh = {"nieuw": "een eigen lange zin", "nogmaals": "een eigen lange zin"}
    done = sent(person, "/mijn-aanmelding", "/mijn-aanmelding", **change, **fresh)
    assert done.status_code == 200
    assert person.get("/begin").status_code == 200
    assert person.get("/beheer").status_code == 403


def test_an_account_ends_only_after_it_was_asked_twice(world: World) -> None:
    one = first(world)
    with world.log.engine.begin() as connection:
        theirs = Account("zorg-0001", "zorg@gm9001", "zorgcoordinator")
        people.add_account(connection, "GM9001", theirs, world.passwords.hash(PASSWORD))
    form = {"account": "zorg@gm9001", "handeling": "beeindigen"}
    asked = sent(one, "/beheer/mensen", "/beheer/accounts/wijzigen", **form)
    assert "niet terug te draaien" in asked.text
    assert "zorg@gm9001" in {row.name for row in world.rows(t.account)}
    done = sent(one, "/beheer/mensen", "/beheer/accounts/wijzigen", **form, zeker="ja")
    assert done.headers["location"] == "/beheer/mensen?gedaan=beeindigen"
    assert "zorg@gm9001" not in {row.name for row in world.rows(t.account)}
    unchosen = sent(one, "/beheer/mensen", "/beheer/accounts/wijzigen", account="zorg@gm9001")
    assert unchosen.status_code == 400


@pytest.mark.parametrize("act", ["wachtwoord", "blokkeren", "afmelden", "tweede-stap"])
def test_what_is_done_to_an_account_is_said(world: World, act: str) -> None:
    one = first(world)
    with world.log.engine.begin() as connection:
        theirs = Account("zorg-0001", "zorg@gm9001", "zorgcoordinator")
        people.add_account(connection, "GM9001", theirs, world.passwords.hash(PASSWORD))
    done = sent(one, "/beheer/mensen", "/beheer/accounts/wijzigen", account="zorg@gm9001", handeling=act)
    if act == "wachtwoord":
        assert "Dit ziet u maar één keer" in done.text
        return
    assert done.status_code == 303
    told = text(one.get(done.headers["location"]))
    assert {"blokkeren": "geblokkeerd", "afmelden": "overal afgemeld", "tweede-stap": "weggehaald"}[
        act
    ] in told


def test_the_end_of_a_ground_is_proposed_and_decided_by_another(world: World) -> None:
    one = first(world)
    nothing = sent(one, "/beheer/grondslagen", "/beheer/grondslagen/einde")
    assert (nothing.status_code, "Kies een grondslag." in nothing.text) == (400, True)
    form = sent(one, "/beheer/grondslagen", "/beheer/grondslagen/einde", grondslag="OEF-GEM-GM9001")
    assert "OEF-GEM-GM9001" in form.text
    body = {"grondslag": "OEF-GEM-GM9001", "besluitstuk": "B2026-121", "beslotenDoor": "college"}
    made = sent(one, "/beheer/grondslagen", "/beheer/grondslagen/einde", **body)
    mine = str(made.headers["location"])
    assert sent(second(world), mine, f"{mine}/goedkeuring", gelezen="ja").status_code == 303
    assert "de dag voor de goedkeuring" in one.get(mine).text
    several = sent(
        one, "/beheer/grondslagen", "/beheer/grondslagen/einde", **(body | {"grondslag": "OEF-RIEC-SV"})
    )
    assert (several.status_code, "van meer partijen" in several.text) == (400, True)


def test_what_another_organisation_proposed_is_a_page_that_is_not_there(world: World) -> None:
    mine = proposed(first(world), "/beheer/mandaten/nieuw", MANDATE)
    other, nobodys = first(world, "GM9002"), "/voorstellen/00000000-0000-4000-8000-00000000000a"
    theirs, nowhere = other.get(mine), other.get(nobodys)
    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert theirs.text == nowhere.text
    assert other.get("/voorstellen/iets").status_code == 404
    for step in ("goedkeuring", "intrekking"):
        answer = sent(other, "/voorstellen", f"{mine}/{step}", gelezen="ja", reden="Weg ermee.")
        assert answer.status_code == 404


def test_a_proposal_is_withdrawn_with_a_reason(world: World) -> None:
    one = first(world)
    mine = proposed(one, "/beheer/mandaten/nieuw", MANDATE)
    bare = sent(one, mine, f"{mine}/intrekking")
    assert bare.status_code == 400
    assert sent(one, mine, f"{mine}/intrekking", reden="Het besluit is herroepen.").status_code == 303
    assert "Het besluit is herroepen." in one.get(mine).text


@pytest.mark.parametrize(
    "path", ["/beheer", "/beheer/mensen", "/beheer/grondslagen", "/voorstellen", "/beheer/organisaties"]
)
def test_the_workplace_is_for_a_functioneel_beheerder(world: World, path: str) -> None:
    assert first(world).get(path).status_code == 200
    assert signed_in(world, "TMM", "tmm_analist").get(path).status_code == 403


def test_the_address_of_a_form_leads_to_its_page(world: World) -> None:
    one = first(world)
    leads = {
        "/beheer/accounts": "/beheer/mensen",
        "/beheer/accounts/wijzigen": "/beheer/mensen",
        "/beheer/mandaten": "/beheer/mensen",
        "/beheer/mandaten/einde": "/beheer/mensen",
        "/beheer/grondslagen/einde": "/beheer/grondslagen",
        "/voorstellen/een/advies": "/voorstellen/een",
    }
    assert {path: one.get(path).headers["location"] for path in leads} == leads


def test_the_first_page_says_what_waits_and_who_does_the_rest(world: World) -> None:
    mine = proposed(first(world), "/beheer/mandaten/nieuw", MANDATE)
    assert mine in second(world).get("/beheer").text
    assert mine not in first(world).get("/beheer").text
    page = text(first(world).get("/beheer/organisaties"))
    assert "U beheert Oefenstad en geen andere organisatie" in page
    assert "Een poort openen of sluiten" in page

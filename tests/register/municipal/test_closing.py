# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An outcome is due of a control in which something was asked, in one tap, and reaches the register whatever happens; and the marks that a question carries."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from register.municipal import app as node
from register.municipal.app import Outside
from register.municipal.controls import OUTCOME_WITHIN, REFUSED_AFTER, Control, day_of
from register.municipal.settings import NodeSettings
from register.wire import BevriezingStand
from tests.register.municipal.test_pages import hidden, sign_in
from tests.register.municipal.world import (
    MOMENT,
    ORGANISATION,
    PASSWORD,
    Browser,
    Hands,
    Officer,
    RegisterStation,
    open_store,
    question,
)

PHONE = ("phone", "06 12345678")


@pytest.fixture
def jobs(
    app: FastAPI, settings: NodeSettings, outside: Outside, clock: Hands
) -> Iterator[Callable[[str], Mapping[str, int]]]:
    """The real jobs of a second process on the database of the application."""
    del app
    randomness = random.Random(9).randbytes
    house, close_house = node._opened(settings, clock, randomness, outside)
    runner = node._runner(settings, house, randomness)
    yield lambda name: runner.once(name).counts
    close_house()


@pytest.fixture
def administrator(guest: Browser) -> Officer:
    return Officer(guest, "functioneel_beheerder")


def ask(officer: Officer, control: str | None = None, *attributes: tuple[str, str]) -> httpx.Response:
    return officer.post("/v1/bevragingen", question(control or officer.control(), *attributes))


def due(officer: Officer) -> list[dict[str, Any]]:
    return list(officer.get("/v1/aflopen").json()["aflopen"])


def close(officer: Officer, control: str, outcome: str = "niets_aangetroffen") -> httpx.Response:
    return officer.post("/v1/aflopen", {"controle": control, "afloop": outcome})


def again(guest: Browser, clock: Hands, role: str = "toezichthouder", **span: float) -> Officer:
    """Time passes, and somebody signs in afresh."""
    clock.forward(**span)
    return Officer(guest, role)


def test_a_control_in_which_nothing_was_asked_owes_nothing(inspector: Officer) -> None:
    control = inspector.control()
    assert due(inspector) == []
    assert close(inspector, control).json()["code"] == "geen-afloop-open"


def test_from_the_first_question_an_outcome_is_due_within_five_days(inspector: Officer) -> None:
    control = inspector.control()
    for _time in range(2):
        assert ask(inspector, control).status_code == 200
    (one,) = due(inspector)
    assert (one["controle"], one["teLaat"], one["eigen"]) == (control, False, True)
    assert one["uiterlijk"] == (day_of(MOMENT) + OUTCOME_WITHIN).isoformat()


def test_a_question_that_never_left_makes_no_outcome_due(inspector: Officer, holders: list[Any]) -> None:
    for holder in holders:
        holder.fails = "away"
    assert ask(inspector).status_code == 503
    assert due(inspector) == []


def test_a_question_whose_answer_was_lost_makes_one_due(
    inspector: Officer, register: RegisterStation
) -> None:
    inspector.get("/v1/grondslagen")
    register.fails = "forged"
    assert ask(inspector).status_code == 503
    assert len(due(inspector)) == 1


def test_one_tap_tells_the_register_who_of_which_control_and_what(
    inspector: Officer, register: RegisterStation
) -> None:
    control = inspector.control()
    ask(inspector, control)
    answer = close(inspector, control, "doorverwezen")
    assert (answer.status_code, answer.json()["gemeld"]) == (201, True)
    sent = next(one for one in register.requests if one.url.path == "/v1/aflopen")
    assert (sent.headers["zaaknummer"], sent.headers["namens-medewerker"]) == (
        control,
        "toezichthouder-GM9004",
    )
    assert json.loads(sent.content) == {"organisatie": ORGANISATION, "afloop": "doorverwezen"}
    assert due(inspector) == []
    assert close(inspector, control).json()["code"] == "afloop-staat-er-al"


@pytest.mark.parametrize("fails", ["away", "refuses", "silent after an outcome", "forged"])
def test_an_outcome_is_kept_and_told_once_whatever_the_register_does(
    inspector: Officer,
    register: RegisterStation,
    clock: Hands,
    jobs: Callable[[str], Mapping[str, int]],
    fails: str,
) -> None:
    control = inspector.control()
    ask(inspector, control)
    register.fails = fails
    answer = close(inspector, control)
    assert (answer.status_code, answer.json()["gemeld"]) == (201, False)
    register.fails = ""
    clock.forward(minutes=3)
    assert jobs("uitbak")["aflopen gemeld"] == 1
    assert jobs("uitbak")["aflopen gemeld"] == 0
    assert list(register.outcomes.values()) == [(control, "niets_aangetroffen")]


@pytest.mark.parametrize(
    ("fails", "where"),
    [("", "Dit staat in het logboek."), ("away", "Dit staat bij uw organisatie.")],
)
def test_after_the_tap_the_page_says_what_stands_and_where_and_its_address_names_no_control(
    guest: Browser, inspector: Officer, register: RegisterStation, fails: str, where: str
) -> None:
    control = inspector.control()
    ask(inspector, control)
    sign_in(guest, "toezichthouder")
    page = guest.get("/")
    register.fails = fails
    sent = {"csrf": hidden(page, "csrf"), "controle": control, "afloop": "doorverwezen"}
    done = guest.post("/aflopen", data=sent)
    assert done.status_code == 303
    assert control not in done.headers["location"]
    register.fails = ""
    shown = guest.get(done.headers["location"]).text
    assert "Vastgelegd: Doorverwezen naar hulp of zorg" in shown
    assert where in shown
    assert "Vastgelegd" not in guest.get("/?vastgelegd=iets_anders").text
    assert "Vastgelegd" not in guest.get("/").text


@pytest.mark.parametrize("outcome", ["boos weggelopen", "iets_anders"])
def test_an_outcome_is_one_of_the_codes_and_no_text(inspector: Officer, outcome: str) -> None:
    control = inspector.control()
    ask(inspector, control)
    assert close(inspector, control, outcome).status_code == 400
    assert len(due(inspector)) == 1


def test_who_is_late_may_go_on_asking_and_is_told(guest: Browser, inspector: Officer, clock: Hands) -> None:
    ask(inspector)
    later = again(guest, clock, days=OUTCOME_WITHIN.days + 1)
    assert due(later)[0]["teLaat"]
    answer = ask(later)
    assert (answer.status_code, answer.json()["aflopenTeLaat"]) == (200, 1)


def test_after_two_weeks_an_outcome_comes_before_a_new_question(
    guest: Browser, inspector: Officer, clock: Hands, register: RegisterStation
) -> None:
    control = inspector.control()
    ask(inspector, control)
    later = again(guest, clock, days=REFUSED_AFTER.days)
    assert ask(later).status_code == 200, "the last day"
    much_later = again(guest, clock, days=1)
    asked = len([one for one in register.requests if one.url.path == "/v1/bevragingen"])
    refused = ask(much_later)
    assert (refused.status_code, refused.json()["code"]) == (403, "afloop-ontbreekt")
    assert control in refused.json()["detail"]
    assert "één tik" in refused.json()["wegVooruit"]
    assert len([one for one in register.requests if one.url.path == "/v1/bevragingen"]) == asked
    assert close(much_later, control).status_code == 201
    assert ask(much_later).status_code == 200


def test_a_colleague_is_not_kept_from_asking_by_somebody_else_s_control(
    guest: Browser, inspector: Officer, clock: Hands
) -> None:
    ask(inspector)
    contact = again(guest, clock, "aandachtsfunctionaris", days=REFUSED_AFTER.days + 1)
    assert ask(contact).status_code == 200


def test_the_aandachtsfunctionaris_and_the_fg_see_who_is_late_and_a_colleague_does_not(
    guest: Browser, inspector: Officer, clock: Hands
) -> None:
    control = inspector.control()
    ask(inspector, control)
    clock.forward(days=OUTCOME_WITHIN.days + 1)
    for role in ("aandachtsfunctionaris", "fg"):
        (one,) = due(Officer(guest, role))
        assert (one["controle"], one["teLaat"], one["eigen"]) == (control, True, False)
    assert due(Officer(guest, "ambassadeur")) == []


def test_the_aandachtsfunctionaris_may_close_for_somebody_who_is_ill_and_the_fg_may_not(
    guest: Browser, inspector: Officer, register: RegisterStation
) -> None:
    control = inspector.control()
    ask(inspector, control)
    assert close(Officer(guest, "fg"), control).json()["code"] == "rol"
    assert close(Officer(guest, "aandachtsfunctionaris"), control).status_code == 201
    sent = next(one for one in register.requests if one.url.path == "/v1/aflopen")
    assert sent.headers["namens-rol"] == "aandachtsfunctionaris"


def test_a_control_of_nobody_and_of_yesterday_is_refused(
    guest: Browser, inspector: Officer, clock: Hands, register: RegisterStation
) -> None:
    control = inspector.control()
    assert ask(inspector, "C-ZZZZ-9999").json()["code"] == "controle-niet-open"
    assert ask(again(guest, clock, days=1), control).json()["code"] == "controle-niet-open"
    assert not [one for one in register.requests if one.url.path == "/v1/bevragingen"]


# ---- marks ----------------------------------------------------------------------------------------------------------


def marks(register: RegisterStation) -> list[str]:
    return list(register.last("/v1/bevragingen")["vlaggen"])


def set_own(administrator: Officer, name: str = "toezichthouder", **told: Any) -> httpx.Response:
    return administrator.post("/v1/eigen-gegevens", {"naam": name, **told})


def test_an_unplanned_control_is_marked_and_a_planned_one_is_not(
    inspector: Officer, register: RegisterStation, settings: NodeSettings
) -> None:
    ask(inspector)
    assert marks(register) == ["ongeplande_controle"]
    store = open_store(settings)
    planned = Control(
        "C-PLAN-0001",
        "apv_seksinrichting_151a",
        "woningcontrole",
        ORGANISATION,
        planned=True,
        day=day_of(MOMENT),
        officer=None,
    )
    store.put_control(planned)
    store.close()
    ask(inspector, "C-PLAN-0001")
    assert marks(register) == []


def test_the_own_street_and_name_leave_as_codes_only(
    inspector: Officer, administrator: Officer, register: RegisterStation
) -> None:
    told: dict[str, Any] = {"straat": "Oefenweg", "postcodes": ["1234 AB"], "familienaam": "Verzonnenaar"}
    answer = set_own(administrator, **told)
    assert (answer.status_code, answer.json()["straat"], answer.json()["familienaam"]) == (201, True, True)
    ask(inspector, None, PHONE, ("bag_address", "1234AB 12"), ("name_dob", "Verzonnenaar, Kim;1990-05-04"))
    assert marks(register) == ["ongeplande_controle", "eigen_straat", "eigen_familienaam"]
    outgoing = b"".join(one.content + str(one.headers).encode() for one in register.requests).lower()
    for word in (b"oefenweg", b"1234ab", b"verzonnenaar"):
        assert word not in outgoing
    ask(inspector, None, PHONE)
    assert marks(register) == ["ongeplande_controle"]


def test_what_is_set_is_nowhere_in_the_files_of_the_node_as_it_was_typed(
    administrator: Officer, settings: NodeSettings
) -> None:
    set_own(administrator, straat="Oefenweg", postcodes=["1234 AB"], familienaam="Verzonnenaar")
    files = b"".join(one.read_bytes() for one in settings.database_file.parent.glob("node.sqlite*")).lower()
    for word in (b"oefenweg", b"1234ab", b"1234 ab", b"verzonnenaar"):
        assert word not in files


def test_leaving_it_empty_wipes_it(
    inspector: Officer, administrator: Officer, register: RegisterStation
) -> None:
    set_own(administrator, familienaam="Verzonnenaar")
    assert not set_own(administrator).json()["familienaam"]
    ask(inspector, None, PHONE, ("name_dob", "Verzonnenaar, Kim;1990-05-04"))
    assert marks(register) == ["ongeplande_controle"]


def test_only_the_functioneel_beheerder_sets_it_and_nobody_reads_it_back(
    inspector: Officer, administrator: Officer
) -> None:
    assert set_own(inspector, familienaam="Verzonnenaar").json()["code"] == "rol"
    set_own(administrator, straat="Oefenweg", postcodes=["1234 AB"], familienaam="Verzonnenaar")
    listed = administrator.get("/v1/medewerkers")
    assert {one["naam"] for one in listed.json()["medewerkers"] if one["straat"]} == {"toezichthouder"}
    assert "oefenweg" not in listed.text.lower()
    assert set_own(administrator, "niemand", familienaam="X").json()["code"] == "account-onbekend"
    wrong = set_own(administrator, straat="Oefenweg", postcodes=["12"])
    assert [one["veld"] for one in wrong.json()["velden"]] == ["postcodes.0"]


# ---- pages and reminders --------------------------------------------------------------------------------------------


def signed_in(guest: Browser, role: str) -> Browser:
    page = guest.get("/aanmelden").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    sent = {"csrf": token[1], "gebruikersnaam": role, "wachtwoord": PASSWORD}
    assert guest.post("/aanmelden", data=sent).status_code == 303
    return guest


def test_an_officer_closes_a_control_with_one_tap_on_the_first_page(
    guest: Browser, inspector: Officer
) -> None:
    control = inspector.control()
    ask(inspector, control)
    browser = signed_in(guest, "toezichthouder")
    page = browser.get("/").text
    assert "Hoe liep uw controle af?" in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    assert (
        '<button class="utrecht-button utrecht-button--secondary-action utrecht-button--submit" type="submit" name="afloop" value="niets_aangetroffen">'
        in page
    )
    tapped = browser.post(
        "/aflopen", data={"csrf": token[1], "controle": control, "afloop": "niets_aangetroffen"}
    )
    assert tapped.status_code == 303
    assert "Hoe liep uw controle af?" not in browser.get("/").text


def test_the_page_on_which_an_officer_asks_says_what_is_compared(guest: Browser) -> None:
    page = signed_in(guest, "toezichthouder").get("/vragen").text
    assert "of het adres in uw eigen straat ligt" in page
    assert "alleen dat het zo is, niet welk adres of welke naam" in page


def test_the_page_of_the_administrator_says_why_and_shows_no_value(
    guest: Browser, administrator: Officer
) -> None:
    set_own(administrator, straat="Oefenweg", postcodes=["1234 AB"])
    browser = signed_in(guest, "functioneel_beheerder")
    page = browser.get("/medewerkers").text
    assert "geen lijst van waar collega" in page
    assert "Oefenweg" not in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    sent = {"csrf": token[1], "naam": "toezichthouder", "postcodes": "12", "straat": "Oefenweg"}
    refused = browser.post("/medewerkers", data=sent)
    assert refused.status_code == 400
    assert browser.post("/medewerkers", data={**sent, "postcodes": "1234 AB, 1234 AC"}).status_code == 303


def test_reminders_go_to_who_owes_and_when_late_to_who_looks_after_all(
    guest: Browser, inspector: Officer, clock: Hands, jobs: Callable[[str], Mapping[str, int]]
) -> None:
    ask(inspector)

    def told(role: str) -> set[str]:
        jobs("herinneringen")
        return {one["soort"] for one in Officer(guest, role).get("/v1/herinneringen").json()["herinneringen"]}

    assert "afloop_open" not in told("toezichthouder")
    clock.forward(days=1)
    assert "afloop_open" in told("toezichthouder")
    assert "afloop_te_laat" not in told("aandachtsfunctionaris")
    clock.forward(days=OUTCOME_WITHIN.days)
    for role in ("toezichthouder", "aandachtsfunctionaris", "fg"):
        assert "afloop_te_laat" in told(role)
    assert "afloop_open" not in told("toezichthouder")


def test_outcomes_go_after_thirteen_months(
    inspector: Officer, clock: Hands, jobs: Callable[[str], Mapping[str, int]]
) -> None:
    ask(inspector)
    clock.forward(days=395)
    assert jobs("vernietiging")["controles"] == 0
    clock.forward(days=1)
    assert jobs("vernietiging")["controles"] == 1


# ---- freezes --------------------------------------------------------------------------------------------------------


def freeze(number: int, stand: str, confirmed_by: str | None = None) -> BevriezingStand:
    return BevriezingStand(
        bevriezing_id=UUID(int=number),
        medewerker="toezichthouder-GM9004",
        reden="eigen_kring",
        stand=stand,
        gevraagd_op=MOMENT,
        bevestigd_door=confirmed_by,
    )


def test_confirming_a_freeze_ends_the_sessions_of_that_officer_here(
    inspector: Officer, administrator: Officer, register: RegisterStation
) -> None:
    register.freezes = [freeze(1, "gevraagd")]
    assert inspector.get("/v1/aflopen").status_code == 200
    done = administrator.post(f"/v1/bevriezingen/{UUID(int=1)}/bevestigingen", {})
    assert (done.status_code, done.json()["stand"]) == (201, "bevestigd")
    assert inspector.get("/v1/aflopen").status_code == 401
    assert administrator.get("/v1/bevriezingen").status_code == 200


def test_only_a_functioneel_beheerder_sees_freezes_here(inspector: Officer) -> None:
    assert inspector.get("/v1/bevriezingen").json()["code"] == "rol"


def test_the_page_offers_lifting_to_a_colleague_of_who_confirmed_only(
    guest: Browser, register: RegisterStation
) -> None:
    me = "functioneel-beheerder-GM9004"
    register.freezes = [
        freeze(1, "gevraagd"),
        freeze(2, "bevestigd", me),
        freeze(3, "bevestigd", "een-ander"),
    ]
    browser = signed_in(guest, "functioneel_beheerder")
    page = browser.get("/bevriezingen").text
    assert page.count('action="/bevriezingen/bevestigen"') == 1
    assert page.count('action="/bevriezingen/opheffen"') == 1
    assert "Een andere functioneel beheerder kan haar opheffen" in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    sent = {
        "csrf": token[1],
        "bevriezing": str(UUID(int=3)),
        "besluitstuk": "B-1",
        "besloten_door": "college",
    }
    assert browser.post("/bevriezingen/opheffen", data=sent).status_code == 303
    assert browser.post("/bevriezingen/bevestigen", data=sent | {"bevriezing": "niets"}).status_code == 404

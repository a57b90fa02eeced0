# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A treffer at the node: what comes next, whom to call, and every step as a plain form that says what it means."""

from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from register.municipal.told import treffer_next
from register.municipal.treffers import EXERCISE, contacts, next_steps
from register.wire import Terugkoppeling
from tests.register.municipal.test_pages import SIGNAL, hidden, send, sign_in
from tests.register.municipal.world import ORGANISATION, Browser, RegisterStation

NUMBER = str(UUID(int=7))
PATH = f"/treffers/{NUMBER}"
TREFFER: dict[str, Any] = {"onzeRol": "vrager", "fase2": "gesloten", "gemeenten": ["GM9001", "GM9002"]}
OURS = TREFFER | {"stand": "opgepakt", "vanOns": True, "uiterlijk": "2026-03-09"}


@pytest.fixture
def keeping(guest: Browser) -> Browser:
    sign_in(guest, "aandachtsfunctionaris")
    return guest


def shown(browser: Browser) -> str:
    answer = browser.get(PATH)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def test_a_treffer_that_waits_says_what_to_do_and_whom_to_call_with_112_first(
    keeping: Browser, register: RegisterStation
) -> None:
    register.treffers = [TREFFER]
    page = shown(keeping)
    assert (
        page.index("Wat nu?") < page.index("112") < page.index(EXERCISE[0][1]) < page.index("Uw beoordeling")
    )
    assert "Een treffer is geen oordeel." in page
    assert "Doe de treffer af" not in page


def test_taking_up_sends_codes_and_a_day_and_comes_back_to_the_treffer(
    keeping: Browser, register: RegisterStation
) -> None:
    register.treffers = [TREFFER]
    page = keeping.get(PATH)
    sent = {
        "csrf": hidden(page, "csrf"),
        "stap": "opgepakt",
        "eerste_actie": "nieuwe_controle",
        "beoordeling": "acuut",
        "reden_oppakken": "herhaling",
        "uiterlijk": hidden(page, "uiterlijk") if 'name="uiterlijk" value' in page.text else "2026-03-09",
    }
    done = keeping.post(f"{PATH}/stappen", data=sent)
    assert (done.status_code, done.headers["location"]) == (303, PATH)
    (step,) = register.steps
    assert (step.organisatie, step.stap, step.reden) == (ORGANISATION, "opgepakt", "herhaling")
    asked = register.requests[-1]
    assert (asked.headers["doel"], asked.headers["reden"]) == ("signalering", "treffer_behandelen")
    assert asked.headers["zaaknummer"].startswith("TREFFERS-")


def test_a_contact_that_was_released_stands_on_the_page_and_one_that_was_asked_can_be(
    keeping: Browser, register: RegisterStation
) -> None:
    contact = {"organisatie": "GM9001", "naam": "Oefenstad", "bereikbaar": "piket, 091 000 00 01"}
    case = {
        "mogelijk": ["contact_vrijgegeven", "niet_dezelfde"],
        "contactGevraagd": True,
        "contacten": [contact],
    }
    register.treffers = [OURS | {"zaak": case}]
    page = shown(keeping)
    assert "piket, 091 000 00 01" in page
    assert "Geef ons contact vrij" in page
    assert "Pak de treffer op" not in page


def test_what_is_closed_offers_no_step_and_tells_how_it_went(
    keeping: Browser, register: RegisterStation
) -> None:
    history = [
        {"stap": "opgepakt", "op": "2026-03-02", "rol": "aandachtsfunctionaris", "vanOns": True, "codes": ["acuut"]},
        {"stap": "afgedaan", "op": "2026-03-03", "rol": "aandachtsfunctionaris", "vanOns": False, "codes": ["al_bekend"]},
    ]  # fmt: skip
    case = {"mogelijk": [], "afdoening": "al_bekend", "geschiedenis": history}
    register.treffers = [OURS | {"stand": "afgedaan", "zaak": case}]
    page = shown(keeping)
    assert "/stappen" not in page
    assert "Al bekend: beide kanten werkten hier al samen aan" in page
    assert "de andere kant (aandachtsfunctionaris)" in page


def test_a_treffer_of_nobody_is_not_found_and_an_address_that_is_none_neither(
    keeping: Browser, register: RegisterStation
) -> None:
    register.treffers = []
    assert keeping.get(PATH).status_code == 404
    assert keeping.get("/treffers/geen-nummer").status_code == 404


def test_an_inspector_opens_no_treffer(guest: Browser, register: RegisterStation) -> None:
    register.treffers = [TREFFER]
    sign_in(guest, "toezichthouder")
    before = len(register.requests)
    assert guest.get(PATH).status_code == 403
    assert len(register.requests) == before


def test_the_region_s_own_list_stands_behind_112_and_outside_an_exercise_nothing_is_made_up() -> None:
    own = (("Zorgcoördinator", "088 000 00 01"),)
    assert contacts(own, "riec-wgs")[1:] == own
    assert [reach for _who, reach in contacts(None, "riec-wgs")] == ["112"]
    assert contacts(None, "oefening")[0][1] == "112"
    assert all("verzonnen" in who for who, _reach in contacts(None, "oefening")[1:])


@pytest.mark.parametrize(
    ("case", "first"),
    [
        ({"mogelijk": ["opgepakt"], "treffer": {}}, "Kijk in uw eigen dossier wat uw collega zag."),
        ({"mogelijk": [], "afdoening": "geen_actie", "treffer": {}}, "Deze treffer is afgedaan."),
        (
            {"mogelijk": ["contact_gevraagd"], "treffer": {"vanOns": True}},
            "Vraag het contact van de andere kant.",
        ),
    ],
)
def test_what_comes_next_follows_from_how_it_stands(case: dict[str, Any], first: str) -> None:
    assert next_steps(case)[0].startswith(first)


@pytest.mark.parametrize(
    ("treffer", "said"),
    [
        ({"stand": "wacht"}, "Leg dat dan vast als signaal."),
        ({"stand": "wacht", "onzeSignalen": ["a"]}, "Open de treffer en beoordeel hem."),
        ({"stand": "opgepakt", "vanOns": True}, "doe de volgende stap."),
        ({"stand": "opgepakt", "vanOns": False}, "misschien vraagt zij om uw contact."),
        ({"stand": "opgepakt", "onzeSignalen": ["a"], "besluitId": "b"}, "TMM vraagt om fase 2."),
    ],
)
def test_the_list_says_what_waits_and_nothing_that_was_done(treffer: dict[str, Any], said: str) -> None:
    assert said in treffer_next({"onzeRol": "vrager", **treffer})


def test_who_handed_over_reads_to_whom_by_name_and_chooses_who_reports_by_name(
    keeping: Browser, register: RegisterStation
) -> None:
    step = {"stap": "overgedragen", "op": "2026-03-02", "rol": "aandachtsfunctionaris", "vanOns": True}
    case = {"mogelijk": ["comensha_melder"], "geschiedenis": [step | {"codes": ["TMM"]}]}
    register.treffers = [OURS | {"onzeSignalen": [NUMBER], "zaak": case}]
    page = shown(keeping)
    assert page.count("Team Migratiecriminaliteit en Mensenhandel</td>") == 1
    for code in (ORGANISATION, "GM9001", "GM9002", "KMAR"):
        assert f'<option value="{code}">' in page
    assert f'href="/dossier/{NUMBER}"' in page


def test_a_treffer_that_was_taken_up_can_be_handed_over(keeping: Browser, register: RegisterStation) -> None:
    register.treffers = [OURS | {"zaak": {"mogelijk": ["afgedaan"]}}]
    page = keeping.get(PATH)
    assert "Signalen van mensen die geen contact met de politie willen, gaan nooit mee." in page.text
    done = keeping.post(f"{PATH}/overdrachten", data={"csrf": hidden(page, "csrf"), "aan": "TMM"})
    assert (done.status_code, done.headers["location"]) == (303, PATH)


def test_an_inspector_reads_what_became_of_own_signals_and_not_of_a_colleague_s(
    guest: Browser, register: RegisterStation
) -> None:
    sign_in(guest, "toezichthouder")
    send(guest, "/invoeren", SIGNAL)
    ((_org, mine, _version),) = register.signals
    said = {"op": date(2026, 3, 2), "volgende_stap": "nieuwe_controle_zinvol", "rol": "tmm_coordinator"}
    register.feedback = [
        Terugkoppeling(signaal_id=UUID(mine), code="geen_vervolg_onvoldoende", **said),
        Terugkoppeling(signaal_id=UUID(int=5), code="zorg_gestart", **said),
    ]
    page = unescape(guest.get("/terugkoppelingen").text)
    assert "Geen vervolg: te weinig om op te pakken" in page
    assert "Een nieuwe controle is zinvol" in page
    assert "Zorg is gestart" not in page


def test_a_record_of_the_casebook_lives_as_long_as_the_register_keeps_its_signal(
    keeping: Browser, register: RegisterStation
) -> None:
    send(keeping, "/invoeren", SIGNAL)
    ((_org, mine, _version),) = register.signals
    register.treffers = [OURS | {"zaak": {"mogelijk": [], "bewaardTot": {mine: "2031-03-02"}}}]
    assert "2 maart 2031" in shown(keeping)
    assert "2 maart 2031" in unescape(keeping.get("/dossier").text)


def test_a_record_follows_its_signal_when_nobody_here_opens_the_treffer_and_both_pages_name_one_day(
    keeping: Browser, register: RegisterStation
) -> None:
    send(keeping, "/invoeren", SIGNAL)
    ((_org, mine, _version),) = register.signals
    register.treffers = [OURS | {"bewaardTot": {mine: "2031-03-02"}}]
    keeping.get("/treffers")
    assert "2 maart 2031" in unescape(keeping.get("/dossier").text)
    assert "Uw signaal is er nog tot" in shown(keeping)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from tests.register.central.world import Caller, World, fields_of, point, pseudonym, refused, signal, subject

ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def phone() -> dict[str, str]:
    return pseudonym(point())


@pytest.fixture
def stored(world: World, phone: dict[str, str]) -> str:
    """The number of a signal of GM9001."""
    sent = signal(subject(phone))
    world.submit("GM9001", sent)
    return str(sent["signaalId"])


def withdraw(caller: Caller, number: str, **changed: Any) -> httpx.Response:
    body = {"organisatie": caller.organisation, "reden": "onjuist"} | changed
    return caller.post(f"/v1/signalen/{number}/intrekkingen", body)


def test_a_withdrawn_signal_stops_matching_at_once(world: World, stored: str, phone: dict[str, str]) -> None:
    asking = world.inspector("GM9004")
    assert asking.ask(phone).json()["uitkomst"] == "bekend_elders"
    answer = withdraw(world.contact("GM9001"), stored)
    assert (answer.status_code, answer.json()["status"]) == (201, "ingetrokken")
    assert asking.ask(phone).json()["uitkomst"] == "niet_bekend"
    assert world.rows(t.posting) == []
    (row,) = world.rows(t.signal)
    assert (row.status, row.indicators, row.opened) == ("ingetrokken", [], None)


def test_who_withdrew_it_and_why_is_in_the_log(world: World, stored: str) -> None:
    withdraw(world.contact("GM9001"), stored)
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["signaal"], entry["reden"]) == (
        "signaal_ingetrokken",
        stored,
        "onjuist",
    )


def test_withdrawing_again_changes_nothing(world: World, stored: str) -> None:
    withdraw(world.contact("GM9001"), stored)
    before = world.contents()
    assert withdraw(world.contact("GM9001"), stored).status_code == 201
    assert world.contents() == before


def test_a_withdrawn_signal_does_not_come_back_under_its_number(world: World, stored: str) -> None:
    withdraw(world.contact("GM9001"), stored)
    again = signal(signaalId=stored)
    refused(world.inspector("GM9001").submit(again), 409, "signaal-ingetrokken")
    later = again | {"versie": 2, "correctie": "verbeterd"}
    refused(world.contact("GM9001").submit(later), 409, "signaal-ingetrokken")


def test_nobody_withdraws_another_s_signal(world: World, stored: str, phone: dict[str, str]) -> None:
    refused(withdraw(world.contact("GM9002"), stored), 404, "niet-gevonden")
    refused(withdraw(world.contact("GM9002"), stored, organisatie="GM9001"), 403, "andere-organisatie")
    assert world.inspector("GM9004").ask(phone).json()["uitkomst"] == "bekend_elders"


def test_an_inspector_asks_the_aandachtsfunctionaris_to_withdraw(world: World, stored: str) -> None:
    refused(withdraw(world.inspector("GM9001"), stored), 403, "geen-toegang")


def test_withdrawing_takes_a_reason(world: World, stored: str) -> None:
    contact = world.contact("GM9001")
    assert "reden" in fields_of(refused(withdraw(contact, stored, reden=""), 400, "ongeldige-invoer"))
    assert withdraw(contact.but(reden=None), stored).status_code in {400, 403}
    assert world.rows(t.signal)[0].status == "actief"


def test_what_is_not_there_is_not_withdrawn(world: World) -> None:
    refused(withdraw(world.contact("GM9001"), ABSENT), 404, "niet-gevonden")


def test_a_signal_that_was_withdrawn_before_it_came_is_refused_when_it_comes(world: World) -> None:
    answer = withdraw(world.contact("GM9001"), ABSENT, onderweg=True)
    assert (answer.status_code, answer.json()["status"]) == (201, "ingetrokken")
    refused(world.inspector("GM9001").submit(signal(signaalId=ABSENT)), 409, "signaal-ingetrokken")
    assert world.rows(t.signal) == []
    before = world.contents()
    assert withdraw(world.contact("GM9001"), ABSENT, onderweg=True).status_code == 201
    assert world.contents() == before


def test_a_withdrawal_under_way_tells_nothing_about_another_s_signal_and_does_nothing_to_it(
    world: World, stored: str, phone: dict[str, str]
) -> None:
    theirs, nobodys = (withdraw(world.contact("GM9002"), one, onderweg=True) for one in (stored, ABSENT))
    assert (theirs.status_code, theirs.json()["status"]) == (nobodys.status_code, nobodys.json()["status"])
    assert world.inspector("GM9004").ask(phone).json()["uitkomst"] == "bekend_elders"


def test_a_signal_in_a_case_leaves_the_track_when_it_is_withdrawn(
    world: World, stored: str, phone: dict[str, str]
) -> None:
    for owner in ("GM9002", "GM9003"):
        world.submit(owner, signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    withdraw(world.contact("GM9001"), stored)
    track = world.person("TMM", "tmm_coordinator").get(f"/v1/dossiers/{row.treffer_id}").json()
    assert stored not in str(track)
    assert track["route"] == ["GM9002 + GM9003"]

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An import at the node's interface: positions, outcomes, provenance, dry runs, and whatever dies in between."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event, select

from process.problem import Refusal
from register.municipal.intake import BATCHES_AT_ONCE, ROWS_AT_ONCE, Lanes
from register.municipal.limits import LARGEST_BATCH
from register.municipal.provenance import MOST_LONE_PLATES
from register.municipal.settings import NodeSettings
from register.municipal.store.database import NodeDatabase
from register.municipal.store.flags import FlagStore
from register.municipal.store.imports import KEPT, ImportStore
from register.municipal.store.tables import metadata
from tests.register.municipal.world import (
    ORGANISATION,
    Browser,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    signal,
)

MAPPING: dict[str, Any] = {
    "herkomst": "toezicht",
    "columns": {
        "dag": "date",
        "naam": "name",
        "mobiel": "phone",
        "auto": "plate",
        "bedrijf": "kvk",
        "w": "controlesoort",
    },
    "constants": {
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
        "waarneming_grondslag": "huisvesting_arbeidsmigranten",
    },
    "values": {"w": {"W": "woningcontrole"}},
    "dateFormat": "dd-mm-yyyy",
}
DIGEST = hashlib.sha256(b"een bestand").hexdigest()


def cells(number: int, **changed: str) -> dict[str, str]:
    return {"dag": "27-02-2026", "mobiel": f"06{12000000 + number}", "w": "w", **changed}


def rows(first: int, last: int, **changed: str) -> dict[str, Any]:
    return {
        "rijen": [{"rij": number, "velden": cells(number, **changed)} for number in range(first, last + 1)]
    }


def opening(total: int | None = 3, **changed: Any) -> dict[str, Any]:
    file = {} if total is None else {"bestand": DIGEST, "rijen": total}
    return {"mapping": MAPPING, **file, **changed}


def open_import(officer: Officer, total: int | None = 3, **changed: Any) -> dict[str, Any]:
    answer = officer.post("/v1/invoer", opening(total, **changed))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def send(officer: Officer, opened: dict[str, Any], body: dict[str, Any], **headers: str) -> httpx.Response:
    return officer.post(f"/v1/invoer/{opened['invoerId']}/rijen", body, **headers)


def outcomes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["uitkomst"] for one in answer.json()["uitkomsten"]]


@pytest.fixture
def database(app: FastAPI, settings: NodeSettings) -> Iterator[NodeDatabase]:
    del app
    opened = NodeDatabase(settings.database)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not end a batch early."""
    monkeypatch.setattr("register.municipal.intake.BATCH_SECONDS", 10_000.0)


# ---- a file -----------------------------------------------------------------------------------------------------------


def test_rows_become_signals_and_the_position_moves(inspector: Officer, register: RegisterStation) -> None:
    opened = open_import(inspector)
    assert (opened["volgendeRij"], opened["klaar"]) == (1, False)
    answer = send(inspector, opened, rows(1, 2))
    assert outcomes(answer) == ["bewaard", "bewaard"]
    assert answer.json()["volgendeRij"] == 3
    assert {one["signaalId"] for one in answer.json()["uitkomsten"]} == {key[1] for key in register.signals}
    assert open_import(inspector)["volgendeRij"] == 3
    assert outcomes(send(inspector, opened, rows(3, 3))) == ["bewaard"]
    assert open_import(inspector)["klaar"] is True
    assert register.last("/v1/signalen")["controlesoort"] == "woningcontrole"


def test_many_rows_are_answered_in_order(inspector: Officer, register: RegisterStation) -> None:
    opened = open_import(inspector, LARGEST_BATCH)
    answer = send(inspector, opened, rows(1, 30))
    assert [one["rij"] for one in answer.json()["uitkomsten"]] == list(range(1, 31))
    assert len(register.signals) == 30


def test_a_refused_row_is_told_by_column_and_reason_without_a_value_and_the_others_go_on(
    inspector: Officer, register: RegisterStation
) -> None:
    opened = open_import(inspector, 6)
    body = {
        "rijen": [
            {"rij": 1, "velden": cells(1, mobiel="12345")},
            {"rij": 2, "velden": cells(2, dag="31-02-2026")},
            {"rij": 3, "velden": cells(3, dag="01-01-2030")},
            {"rij": 4, "velden": cells(4, mobiel="", naam="Jansen, Jan")},
            {"rij": 5, "velden": cells(5, w="geheim-x")},
            {"rij": 6, "velden": cells(6)},
        ]
    }
    answer = send(inspector, opened, body)
    assert outcomes(answer) == ["geweigerd"] * 5 + ["bewaard"]
    told = [(one["rij"], one["redenen"][0]["kolom"]) for one in answer.json()["uitkomsten"][:5]]
    assert told == [(1, "mobiel"), (2, "dag"), (3, "dag"), (4, "naam"), (5, "w")]
    for value in ("12345", "31-02", "2030", "Jansen", "geheim-x"):
        assert value not in json.dumps(answer.json()["uitkomsten"][:5])
    assert len(register.signals) == 1
    stand = inspector.get(f"/v1/invoer/{opened['invoerId']}").json()
    assert stand["tellingen"] == {"bewaard": 1, "herhaald": 0, "wacht": 0, "geweigerd": 5}
    assert sum(one["aantal"] for one in stand["redenen"]) == 5
    kept = inspector.get(f"/v1/invoer/{opened['invoerId']}/geweigerd").json()
    assert [(one["rij"], one["kolom"]) for one in kept["rijen"]] == told
    later = inspector.get(f"/v1/invoer/{opened['invoerId']}/geweigerd?naRij=3&naNummer=0").json()
    assert [one["rij"] for one in later["rijen"]] == [4, 5]
    assert not later["meer"]


def test_a_second_import_of_the_same_file_adds_nothing(inspector: Officer, register: RegisterStation) -> None:
    send(inspector, open_import(inspector), rows(1, 3))
    again = open_import(inspector)
    assert (again["klaar"], again["tellingen"]["bewaard"]) == (True, 3)
    assert len(register.signals) == 3


def test_rows_of_another_file_that_say_the_same_are_answered_from_the_node_alone(
    inspector: Officer, register: RegisterStation, holders: list[HolderStation]
) -> None:
    send(inspector, open_import(inspector), rows(1, 3))
    asked = (len(register.requests), sum(one.calls for one in holders))
    other = open_import(inspector, 2, bestand="0" * 64)
    body = {"rijen": [{"rij": 1, "velden": cells(3)}, {"rij": 2, "velden": {**cells(2), "los": "x"}}]}
    assert outcomes(send(inspector, other, body)) == ["herhaald", "herhaald"]
    assert (len(register.requests), sum(one.calls for one in holders)) == asked


def test_a_colleague_who_imports_the_same_file_doubles_nothing(
    inspector: Officer, contact: Officer, register: RegisterStation
) -> None:
    send(inspector, open_import(inspector), rows(1, 3))
    opened = open_import(contact)
    assert opened["volgendeRij"] == 1
    assert outcomes(send(contact, opened, rows(1, 3))) == ["herhaald"] * 3
    assert len(register.signals) == 3


def test_rows_that_say_the_same_are_one_signal_also_when_they_come_together(
    inspector: Officer, register: RegisterStation
) -> None:
    opened = open_import(inspector, 8)
    body = {"rijen": [{"rij": number, "velden": cells(1)} for number in range(1, 9)]}
    assert outcomes(send(inspector, opened, body)) == ["bewaard"] + ["herhaald"] * 7
    assert len(register.signals) == 1


def test_a_refused_row_is_kept_in_dutch_also_if_english_was_asked(inspector: Officer) -> None:
    opened = open_import(inspector, 1)
    body = {"rijen": [{"rij": 1, "velden": cells(1, dag="01-01-2030")}]}
    send(inspector, opened, body, **{"Accept-Language": "en"})
    kept = inspector.get(f"/v1/invoer/{opened['invoerId']}/geweigerd").json()
    assert kept["rijen"][0]["reden"].startswith("Deze datum ligt in de toekomst.")


def test_a_finished_import_with_refused_rows_starts_again_and_finds_what_is_there(
    inspector: Officer, register: RegisterStation
) -> None:
    register.grounds = ("G-GEM",)
    mapping = {**MAPPING, "constants": {**MAPPING["constants"], "rol": "mogelijk_facilitator"}}
    opened = open_import(inspector, 2, mapping=mapping)
    assert outcomes(send(inspector, opened, rows(1, 2))) == ["geweigerd"] * 2
    register.grounds = ("G-GEM", "G-STRAF")
    again = open_import(inspector, 2, mapping=mapping)
    assert (again["volgendeRij"], again["tellingen"]["geweigerd"]) == (1, 0)


@pytest.mark.parametrize("batch", [rows(2, 3), rows(1, 1) | {"rijen": rows(1, 3)["rijen"][::-1]}, rows(1, 4)])
def test_rows_that_are_not_the_next_ones_are_refused_whole(
    inspector: Officer, register: RegisterStation, batch: dict[str, Any]
) -> None:
    answer = send(inspector, open_import(inspector), batch)
    assert (answer.status_code, answer.json()["code"]) == (409, "invoer-elders")
    assert not register.signals


def test_a_batch_that_was_sent_twice_counts_once(inspector: Officer, register: RegisterStation) -> None:
    opened = open_import(inspector)
    send(inspector, opened, rows(1, 2))
    assert send(inspector, opened, rows(1, 2)).json()["code"] == "invoer-elders"
    assert open_import(inspector)["tellingen"]["bewaard"] == 2
    assert len(register.signals) == 2


def test_rows_that_were_stored_before_their_position_was_are_found_again(
    inspector: Officer, register: RegisterStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `kill -9` between the last row and the position."""
    opened = open_import(inspector)

    def dies(*_arguments: object, **_named: object) -> bool:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(ImportStore, "advance", dies)
        assert send(inspector, opened, rows(1, 2)).status_code == 500
    assert len(register.signals) == 2
    assert open_import(inspector)["volgendeRij"] == 1
    assert outcomes(send(inspector, opened, rows(1, 3))) == ["herhaald", "herhaald", "bewaard"]
    assert len(register.signals) == 3


def test_a_position_that_was_moved_although_nobody_heard_it_stands(
    inspector: Officer, register: RegisterStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_import(inspector)
    advance = ImportStore.advance

    def moves_and_dies(self: ImportStore, *arguments: Any, **named: Any) -> bool:
        advance(self, *arguments, **named)
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(ImportStore, "advance", moves_and_dies)
        assert send(inspector, opened, rows(1, 2)).status_code == 500
    assert open_import(inspector)["volgendeRij"] == 3
    assert outcomes(send(inspector, opened, rows(3, 3))) == ["bewaard"]
    assert len(register.signals) == 3


# ---- register or holders away -----------------------------------------------------------------------------------------


def test_a_row_waits_in_the_outbox_when_the_register_is_away_and_the_batch_ends_there(
    inspector: Officer, register: RegisterStation
) -> None:
    opened = open_import(inspector, 10)
    register.fails = "away"
    answer = send(inspector, opened, rows(1, 10))
    found = outcomes(answer)
    assert set(found) == {"wacht"}
    assert 1 <= len(found) <= 2 * ROWS_AT_ONCE + 1
    assert answer.json()["wachtSeconden"] >= 30
    assert answer.json()["wachtOp"] == "register-weg"
    assert answer.json()["volgendeRij"] == len(found) + 1


def test_after_the_holders_are_back_the_others_go_on_and_nothing_is_doubled(
    guest: Browser, register: RegisterStation, holders: list[HolderStation], clock: Hands
) -> None:
    inspector = Officer(guest, "toezichthouder")
    opened = open_import(inspector, 6)
    for one in holders:
        one.fails = "away"
    waiting = outcomes(send(inspector, opened, rows(1, 6)))
    assert set(waiting) == {"wacht"}
    for one in holders:
        one.fails = ""
    clock.forward(minutes=5)
    at = open_import(inspector, 6)["volgendeRij"]
    assert set(outcomes(send(inspector, opened, rows(at, 6)))) == {"bewaard"}
    told = open_import(inspector, 6)["tellingen"]
    assert (told["bewaard"], told["wacht"]) == (6 - len(waiting), len(waiting))
    assert len(register.signals) == 6 - len(waiting)
    clock.forward(hours=2)
    inspector = Officer(guest, "toezichthouder")
    other = open_import(inspector, 6, bestand="1" * 64)
    again = [send(inspector, other, rows(number, number)) for number in range(1, 7)]
    assert all(one.status_code == 200 for one in again)
    assert len(register.signals) == 6


def test_a_quota_is_told_with_the_time_to_wait(inspector: Officer, holders: list[HolderStation]) -> None:
    for one in holders:
        one.fails = "quota"
    answer = send(inspector, open_import(inspector), rows(1, 3))
    assert answer.status_code in {200, 429}
    if answer.status_code == 200:
        assert answer.json()["wachtSeconden"] >= 1


def test_rows_of_an_import_have_a_quota_of_their_own_at_the_holders(
    inspector: Officer, holders: list[HolderStation]
) -> None:
    inspector.post("/v1/signalen", signal())
    send(inspector, open_import(inspector), rows(1, 1))
    asked = [one.handeling for holder in holders for one in holder.asked]
    assert sorted(set(asked)) == ["indienen", "invoeren"]
    assert asked.count("invoeren") == asked.count("indienen")


# ---- provenance -------------------------------------------------------------------------------------------------------


def flags(guest: Browser) -> list[dict[str, Any]]:
    answer = Officer(guest, "fg").get("/v1/vlaggen")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["vlaggen"])


def test_five_thousand_plates_are_refused_before_a_row_is_sent_and_the_fg_is_told(
    inspector: Officer, guest: Browser, register: RegisterStation, database: NodeDatabase
) -> None:
    answer = inspector.post("/v1/invoer", opening(5_000, vorm={"alleenKenteken": 5_000}))
    assert (answer.status_code, answer.json()["code"]) == (403, "alleen-kentekens")
    assert "Een kenteken telt alleen naast een aanwijzing" in answer.json()["detail"]
    (flag,) = flags(guest)
    assert flag["aantallen"] == {"rijen": 5_000, "alleenKenteken": 5_000, "keren": 1}
    assert (flag["soort"], flag["medewerker"]) == ("kentekens_in_bestand", f"toezichthouder-{ORGANISATION}")
    assert not register.signals
    assert "alleen-kentekens" in refusals(database)


def refusals(database: NodeDatabase) -> set[str]:
    table = metadata.tables["refusal"]
    with database.reading() as connection:
        found = connection.execution_options(inspecting=True).execute(select(table.c.code))
        return set(found.scalars())


@pytest.mark.parametrize("origin", ["scanauto", "pasjesregister", "politie"])
def test_a_banned_source_is_refused_and_flagged_and_a_second_try_is_the_same_flag(
    inspector: Officer, guest: Browser, origin: str
) -> None:
    for _time in range(2):
        answer = inspector.post("/v1/invoer", opening(3, mapping={**MAPPING, "herkomst": origin}))
        assert (answer.status_code, answer.json()["code"]) == (403, "herkomst-verboden")
    (flag,) = flags(guest)
    assert (flag["soort"], flag["aantallen"]["keren"]) == ("verboden_herkomst", 2)


def test_only_the_fg_reads_flags(inspector: Officer, contact: Officer) -> None:
    assert {one.get("/v1/vlaggen").status_code for one in (inspector, contact)} == {403}


PLATE = {"mobiel": "", "auto": "77-ZX-77"}


def test_the_backstop_closes_whatever_the_file_said_of_itself(
    inspector: Officer, guest: Browser, register: RegisterStation, clock: Hands
) -> None:
    opened = open_import(inspector, 30)
    body = {
        "rijen": [
            {"rij": number, "velden": cells(number, mobiel="", auto=f"{number:02}-AB-34")}
            for number in range(1, 31)
        ]
    }
    found = outcomes(send(inspector, opened, body))
    assert (found.count("bewaard"), found.count("geweigerd")) == (MOST_LONE_PLATES, 5)
    assert [one["soort"] for one in flags(guest)] == ["kentekens_in_een_dag"]
    plates = [{"soort": "plate", "waarde": "99-ZZ-99"}]
    form = signal(subjecten=[{"rol": "onbekend", "kenmerken": plates}])
    assert inspector.post("/v1/signalen", form).json()["code"] == "te-veel-kentekens"
    more = [{"soort": "kvk", "waarde": "69599084"}]
    form = signal(subjecten=[{"rol": "onbekend", "kenmerken": plates + more}])
    assert inspector.post("/v1/signalen", form).status_code == 201
    clock.forward(hours=25)
    later = Officer(guest, "toezichthouder")
    again = open_import(later, 1, bestand="2" * 64)
    assert outcomes(send(later, again, {"rijen": [{"rij": 1, "velden": cells(1, **PLATE)}]})) == ["bewaard"]
    assert len(register.signals) == MOST_LONE_PLATES + 2


def test_sending_the_same_plate_again_takes_no_room(
    inspector: Officer, database: NodeDatabase, clock: Hands
) -> None:
    opened = open_import(inspector, None)
    body = {"rijen": [{"rij": 1, "velden": cells(1, **PLATE)}]}
    for _time in range(3):
        send(inspector, opened, body)
    assert FlagStore(database, ORGANISATION).lone_plates(f"toezichthouder-{ORGANISATION}", clock()) == 1


# ---- dry run ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def writes() -> Iterator[list[str]]:
    """Every statement that would change a table."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        if text.lstrip().split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            heard.append(text)

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def test_a_dry_run_says_what_would_happen_and_stores_nothing_at_node_holders_or_register(
    inspector: Officer, register: RegisterStation, holders: list[HolderStation], writes: list[str]
) -> None:
    send(inspector, open_import(inspector, 1), rows(1, 1))
    before = (len(register.requests), sum(one.calls for one in holders))
    writes.clear()
    body = {
        "mapping": MAPPING,
        "totaal": 4,
        "rijen": [
            {"rij": 1, "velden": cells(1)},
            {"rij": 2, "velden": cells(2)},
            {"rij": 3, "velden": cells(3, mobiel="geen nummer")},
            {"rij": 4, "velden": cells(4, dag="1-1-2031")},
        ],
    }
    answer = inspector.post("/v1/invoer/proef", body)
    assert outcomes(answer) == ["herhaald", "bewaard", "geweigerd", "geweigerd"]
    assert [one["redenen"][0]["kolom"] for one in answer.json()["uitkomsten"][2:]] == ["mobiel", "dag"]
    assert answer.json()["secondenPerRij"] > 0
    assert not writes
    assert (len(register.requests), sum(one.calls for one in holders)) == before


def test_a_dry_run_of_a_banned_source_is_refused_and_tells_nobody(inspector: Officer, guest: Browser) -> None:
    body = {"mapping": {**MAPPING, "herkomst": "scanauto"}, **rows(1, 1)}
    assert inspector.post("/v1/invoer/proef", body).json()["code"] == "herkomst-verboden"
    assert flags(guest) == []


# ---- record by record -------------------------------------------------------------------------------------------------


def test_a_case_system_opens_once_and_sends_records_in_any_order_under_its_own_keys(
    inspector: Officer, register: RegisterStation
) -> None:
    opened = open_import(inspector, None)
    assert "rijen" not in opened
    assert open_import(inspector, None)["invoerId"] == opened["invoerId"]
    key = {"Idempotency-Key": "zaak-2026-000123"}
    assert outcomes(send(inspector, opened, rows(7, 7), **key)) == ["bewaard"]
    assert outcomes(send(inspector, opened, rows(7, 7), **key)) == ["herhaald"]
    own = {"rijen": [{"rij": 2, "velden": cells(2), "sleutel": "zaak-2026-000124"}]}
    assert outcomes(send(inspector, opened, own)) == ["bewaard"]
    assert len(register.signals) == 2


def test_a_number_of_its_own_is_a_key_too(inspector: Officer, register: RegisterStation) -> None:
    opened = open_import(inspector, None)
    assert outcomes(send(inspector, opened, rows(9, 9))) == ["bewaard"]
    assert outcomes(send(inspector, opened, rows(9, 9))) == ["herhaald"]
    mended = send(inspector, opened, {"rijen": [{"rij": 9, "velden": cells(10)}]})
    assert outcomes(mended) == ["geweigerd"]
    assert "Het mag nu niet veranderen." in mended.json()["uitkomsten"][0]["redenen"][0]["reden"]
    assert len(register.signals) == 1


def test_one_key_for_several_records_is_refused(inspector: Officer) -> None:
    answer = send(inspector, open_import(inspector, None), rows(1, 2), **{"Idempotency-Key": "zaak-2026-1"})
    assert (answer.status_code, answer.json()["velden"][0]["veld"]) == (400, "Idempotency-Key")


# ---- refusals ---------------------------------------------------------------------------------------------------------

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no source": ({**opening(), "mapping": {**MAPPING, "herkomst": ""}}, "herkomst"),
    "an unknown source": ({**opening(), "mapping": {**MAPPING, "herkomst": "ergens"}}, "herkomst"),
    "an unknown target": ({**opening(), "mapping": {**MAPPING, "columns": {"a": "b"}}}, "columns.a"),
    "an unknown field": ({**opening(), "proef": 1}, "proef"),
    "an unknown key of the mapping": (
        {**opening(), "mapping": {**MAPPING, "kolommen": {}}},
        "mapping.kolommen",
    ),
    "a file without rows": ({**opening(), "rijen": 0}, "rijen"),
    "a digest without a number": ({"mapping": MAPPING, "bestand": DIGEST}, "rijen"),
    "a number without a digest": ({"mapping": MAPPING, "rijen": 3}, "bestand"),
    "another organisation": (opening(organisatie="GM9001"), "organisatie"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_opening_that_is_not_right_is_400_with_the_field(inspector: Officer, name: str) -> None:
    body, field = BAD[name]
    answer = inspector.post("/v1/invoer", body)
    assert answer.status_code == 400, answer.text
    assert field in [one["veld"] for one in answer.json()["velden"]]


@pytest.mark.parametrize(
    "body",
    [
        {"rijen": []},
        {"rijen": rows(1, 101)["rijen"]},
        {"rijen": [{"rij": 0, "velden": {}}]},
        {"rijen": [{"rij": 1, "velden": {"a": 1}}]},
        {"rijen": [{"rij": 1, "velden": {"a": {"b": "c"}}}]},
        {"rijen": [{"rij": 1, "velden": {}, "sleutel": "kort"}]},
    ],
)
def test_a_batch_that_is_not_right_is_400_and_moves_nothing(inspector: Officer, body: dict[str, Any]) -> None:
    opened = open_import(inspector)
    assert send(inspector, opened, body).status_code == 400
    assert open_import(inspector)["volgendeRij"] == 1


def test_a_long_cell_refuses_its_row_and_no_other(inspector: Officer) -> None:
    opened = open_import(inspector, 2)
    body = {"rijen": [{"rij": 1, "velden": cells(1, naam="x" * 100_000)}, {"rij": 2, "velden": cells(2)}]}
    assert outcomes(send(inspector, opened, body)) == ["geweigerd", "bewaard"]


def test_an_import_is_reached_by_who_opened_it_and_by_nobody_else(
    inspector: Officer, contact: Officer, guest: Browser
) -> None:
    opened = open_import(inspector)
    path = f"/v1/invoer/{opened['invoerId']}"
    for one in (contact, Officer(guest, "fg"), Officer(guest, "ambassadeur")):
        assert one.get(path).status_code == 404
        assert one.get(f"{path}/geweigerd").status_code == 404
        assert send(one, opened, rows(1, 1)).status_code in {403, 404}
    assert guest.get(path).status_code == 401
    assert guest.post("/v1/invoer", json=opening()).status_code == 401
    unknown = inspector.post("/v1/invoer/00000000-0000-4000-8000-000000000000/rijen", rows(1, 1))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "invoer-onbekend")


def test_who_may_not_submit_may_not_import(guest: Browser) -> None:
    assert Officer(guest, "fg").post("/v1/invoer", opening()).status_code == 403


# ---- at rest ----------------------------------------------------------------------------------------------------------


def test_no_value_of_a_row_or_a_mapping_lies_open_in_the_database(
    inspector: Officer, settings: NodeSettings, tmp_path: Path
) -> None:
    mapping = {**MAPPING, "constants": {**MAPPING["constants"], "email": "geheim@example.nl"}}
    opened = open_import(inspector, 2, mapping=mapping)
    send(
        inspector,
        opened,
        {"rijen": [{"rij": 1, "velden": cells(345678)}, {"rij": 2, "velden": cells(2, mobiel="0612x45")}]},
    )
    del settings
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("node.sqlite*"))
    for value in (
        b"geheim@example.nl",
        b"0612345678",
        b"12345678",
        b"31612345678",
        b"0612x45",
        DIGEST.encode(),
    ):
        assert value not in stored


def test_an_import_is_gone_thirty_days_after_it_last_changed(
    inspector: Officer, database: NodeDatabase, clock: Hands
) -> None:
    opened = open_import(inspector, 2)
    send(inspector, opened, {"rijen": [{"rij": 1, "velden": cells(1, mobiel="x")}]})
    store = ImportStore(database, ORGANISATION)
    assert store.destroy(clock() + KEPT) == 0
    assert store.destroy(clock() + KEPT * 1.01) == 1
    table = metadata.tables["refused_row"]
    with database.reading() as connection:
        assert not connection.execution_options(inspecting=True).execute(select(table)).all()


def test_flags_and_marks_of_another_organisation_do_not_exist(
    database: NodeDatabase, inspector: Officer, clock: Hands
) -> None:
    inspector.post("/v1/invoer", opening(3, mapping={**MAPPING, "herkomst": "politie"}))
    assert len(FlagStore(database, ORGANISATION).flags()) == 1
    assert FlagStore(database, "GM9001").flags() == []
    assert FlagStore(database, "GM9001").destroy(clock()) == 0


# ---- room for people at a door ----------------------------------------------------------------------------------------


def test_no_more_than_two_rows_are_worked_on_at_once_whatever_the_number_of_imports() -> None:
    lanes, running, most = Lanes.new(), 0, 0
    lock, gate = threading.Lock(), threading.Event()

    def row() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait(0.02)
        with lock:
            running -= 1

    futures = [lanes.threads.submit(row) for _number in range(12)]
    for one in futures:
        one.result()
    lanes.close()
    assert most == ROWS_AT_ONCE


def test_a_batch_ends_when_its_time_is_over_and_goes_on_from_there(
    inspector: Officer, register: RegisterStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.municipal.intake.BATCH_SECONDS", -1.0)
    opened = open_import(inspector, 20)
    answer = send(inspector, opened, rows(1, 20))
    done = len(outcomes(answer))
    assert 1 <= done <= 2 * ROWS_AT_ONCE + 1
    assert answer.json()["volgendeRij"] == done + 1
    assert "wachtSeconden" not in answer.json()
    assert len(register.signals) == done


def test_a_batch_too_many_is_asked_to_come_back() -> None:
    lanes = Lanes.new()
    held = [lanes.batch() for _number in range(BATCHES_AT_ONCE)]
    for one in held:
        one.__enter__()
    with pytest.raises(Refusal) as refused, lanes.batch():
        pass
    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (503, "te-veel-invoer", 5)
    held[0].__exit__(None, None, None)
    with lanes.batch():
        pass
    lanes.close()


def test_two_imports_at_the_same_time_take_turns(
    app: FastAPI, guest: Browser, register: RegisterStation
) -> None:
    officers = [Officer(guest, "toezichthouder"), Officer(guest, "ambassadeur")]
    opened = [open_import(one, 10, bestand=f"{place}" * 64) for place, one in enumerate(officers)]
    bodies = [rows(1, 10), {"rijen": [{"rij": n, "velden": cells(n + 50)} for n in range(1, 11)]}]

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1"
        ) as client:
            return list(
                await asyncio.gather(
                    *(
                        client.post(f"/v1/invoer/{one['invoerId']}/rijen", json=body, headers=officer.headers)
                        for officer, one, body in zip(officers, opened, bodies, strict=True)
                    )
                )
            )

    assert [len(outcomes(one)) for one in asyncio.run(both())] == [10, 10]
    assert len(register.signals) == 20

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Each action on people leaves lines in the Logboek Dataverwerkingen, joined with its entry and its decision, and tells no more than its answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from register.activities import ASKED, BASE, STORED, TMM, asked_code, subject_code
from register.central.centre import Centre
from register.central.destroying import destroy
from register.central.store import tables as t
from register.central.store.work import UnloggedError
from register.events import ASKER, CATALOGUE
from tests.lines import ACTIVITY, KIND, SUBJECT, lines, subjects
from tests.register.central.conftest import ONE_DATABASE, House
from tests.register.central.world import (
    CRITERIA,
    World,
    failing_commit,
    point,
    pseudonym,
    refused,
    signal,
    subject,
)

pytestmark = ONE_DATABASE
TRACE = "4bf92f3577b34da6a3ce929d0e0e47"
PARENT = "00f067aa0ba902b7"
_numbers = iter(range(1, 256))

Written = Callable[[str], list[dict[str, Any]]]


def fresh() -> str:
    return f"{TRACE}{next(_numbers):02x}"


def header(trace: str) -> str:
    return f"00-{trace}-{PARENT}-01"


@pytest.fixture
def folder(house: House) -> Path:
    return house.settings.tag_key_file.with_name("verwerkingen")


@pytest.fixture
def key(house: House) -> bytes:
    return house.settings.tag_key_file.read_bytes()


def test_a_question_that_finds_nothing_is_one_line_about_whoever_was_asked_about(
    world: World, folder: Path, centre: Centre
) -> None:
    trace = fresh()
    world.inspector("GM9001").but(traceparent=header(trace)).ask(pseudonym(point()))
    (line,) = lines(folder, trace)
    assert line["attributes"] == {
        ACTIVITY: BASE + "signalering",
        SUBJECT: asked_code(centre.tag_key.reveal(), trace).code,
        KIND: ASKED,
        "dpl.core.foreign_operation.processor": "urn:nl:signaalregister:node:GM9001",
    }
    assert (line["name"], line["status"], line["parent_span_id"]) == ("Vraag gesteld", "Ok", PARENT)
    assert world.log.last("GM9001")["spoor"] == trace


def test_a_treffer_is_a_line_for_each_person_of_whom_something_was_told(
    world: World, folder: Path, centre: Centre
) -> None:
    phone = pseudonym(point())
    stored = [signal(subject(phone)), signal(subject(phone), subject(ref="s2"))]
    for organisation, sent in zip(("GM9001", "GM9002"), stored, strict=True):
        world.submit(organisation, sent)
    trace = fresh()
    world.inspector("GM9004").but(traceparent=header(trace)).ask(phone)
    found = lines(folder, trace)
    secret = centre.tag_key.reveal()
    assert set(subjects(found)) == {
        asked_code(secret, trace).code,
        *(subject_code(secret, one["signaalId"], "s1").code for one in stored),
    }
    (action,) = [one for one in found if SUBJECT not in one["attributes"]]
    assert all(one["parent_span_id"] == action["span_id"] for one in found if one is not action)


def test_a_signal_that_policy_hides_is_in_no_line(world: World, folder: Path) -> None:
    phone = pseudonym(point())
    world.submit(
        "GM9001", signal(subject(phone), beoordeling={"bron": "B", "informatie": 2, "behandeling": "H3"})
    )
    trace = fresh()
    asked = world.inspector("GM9004").but(traceparent=header(trace)).ask(phone)
    assert asked.json()["uitkomst"] == "niet_bekend"
    assert [one["attributes"][KIND] for one in lines(folder, trace)] == [ASKED]


def test_a_question_about_an_organisation_is_about_nobody(world: World, folder: Path) -> None:
    trace = fresh()
    kvk = [pseudonym(point(), "kvk"), pseudonym(point(), "kvk")]
    world.inspector("GM9004").but(traceparent=header(trace)).ask(*kvk, betreft="organisatie")
    (line,) = lines(folder, trace)
    assert SUBJECT not in line["attributes"]


def test_the_same_person_asked_about_twice_has_two_codes(world: World, folder: Path) -> None:
    phone, traces = pseudonym(point()), [fresh(), fresh()]
    for trace in traces:
        world.inspector("GM9001").but(traceparent=header(trace)).ask(phone)
    assert len({*subjects(lines(folder, traces[0])), *subjects(lines(folder, traces[1]))}) == 2


def test_a_stored_subject_has_the_same_code_from_submission_to_destruction(
    world: World, folder: Path, centre: Centre
) -> None:
    sent = signal(subject(pseudonym(point())))
    code = subject_code(centre.tag_key.reveal(), sent["signaalId"], "s1").code
    traces = [fresh(), fresh()]
    submitting = world.inspector("GM9001").but(traceparent=header(traces[0]))
    assert submitting.submit(sent).status_code == 201
    body = {"organisatie": "GM9001", "reden": "onjuist"}
    path = f"/v1/signalen/{sent['signaalId']}/intrekkingen"
    assert world.contact("GM9001").but(traceparent=header(traces[1])).post(path, body).status_code == 201
    for trace in traces:
        assert subjects(lines(folder, trace)) == [code]
    before = lines(folder)
    destroy(centre, world.clock())
    gone = [one for one in lines(folder) if one not in before]
    assert subjects(gone) == [code]
    assert {one["attributes"][ACTIVITY] for one in gone} == {BASE + "bewaartermijnen"}
    assert {one["attributes"].get(KIND, STORED) for one in gone} == {STORED}


def test_what_tmm_reads_is_tmm_s_own_activity(world: World, folder: Path) -> None:
    phone = pseudonym(point())
    for organisation in ("GM9001", "GM9002"):
        world.submit(organisation, signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    trace = fresh()
    tmm = world.person("TMM", "tmm_coordinator").but(traceparent=header(trace))
    listed = tmm.get("/v1/dossiers").json()["dossiers"]
    found = lines(folder, trace)
    assert {one["attributes"][ACTIVITY] for one in found} == {BASE + TMM}
    assert len(subjects(found)) == 2
    asking = fresh()
    sent = {"trefferId": listed[0]["trefferId"], "criteria": CRITERIA, "beoordeling": "concreet_en_recent"}
    answer = tmm.but(traceparent=header(asking)).post("/v1/fase-2-besluiten", sent)
    assert answer.status_code == 201, answer.text
    assert {one["name"] for one in lines(folder, asking)} == {"Fase 2 gevraagd"}
    assert not [one for one in found if "dpl.core.foreign_operation.processor" in one["attributes"]]


def test_what_was_refused_processed_nobody_and_leaves_no_line(world: World, folder: Path) -> None:
    trace = fresh()
    asking = world.inspector("GM9001").but(traceparent=header(trace))
    refused(asking.try_ask(pseudonym(point(), "name_pair")), 400, "te-weinig-om-op-te-vragen")
    assert lines(folder, trace) == []


def test_a_database_that_fails_leaves_a_line_that_says_error(world: World, folder: Path) -> None:
    trace = fresh()
    asking = world.inspector("GM9001").but(traceparent=header(trace))
    with failing_commit(after=False, database=world.log.engine.dialect.name):
        asking.try_ask(pseudonym(point()), leaves=1)
    (line,) = lines(folder, trace)
    assert line["status"] == "Error"


def test_no_line_names_an_employee_a_pseudonym_or_a_signal(world: World, folder: Path) -> None:
    phone = pseudonym(point())
    sent = signal(subject(phone))
    world.submit("GM9001", sent)
    world.inspector("GM9004").ask(phone)
    tags = [row.tag.hex() for row in world.rows(t.posting)]
    text = "".join(file.read_text() for file in folder.iterdir())
    for canary in (*tags, phone["punt"], sent["signaalId"], "oefening-toezichthouder", "C-OEFE-0001"):
        assert canary not in text
    assert lines(folder)


def test_an_entry_about_people_that_does_not_say_whom_is_not_written(world: World, centre: Centre) -> None:
    entry = {"GM9001": CATALOGUE.payload("bevraging", ASKER, {})}
    with pytest.raises(UnloggedError, match="whom"), centre.database.logged(world.clock()) as work:
        work.enter(entry)
    with world.log.engine.connect() as connection:
        assert connection.execute(select(t.log.leaf)).first() is None


def test_a_log_that_cannot_be_written_stops_no_answer_and_shows_in_the_health(
    house: House, restart: Callable[[], World], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "verwerkingen"
    blocked.write_text("in the way")
    monkeypatch.setattr(
        house, "settings", house.settings.model_copy(update={"processing_log_folder": blocked})
    )
    again = restart()
    again.inspector("GM9001").ask(pseudonym(point()))
    health = again.apps.machines.state.ready.look()
    assert health.ready
    assert any("Logboek Dataverwerkingen" in one for one in health.worries)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import ValidationError

from process.processing import Action, DataSubject, Status, Trace
from process.serving import ldv
from process.serving.ldv import KEPT_DAYS, ProcessingLog
from tests.lines import SUBJECT, lines, subjects, validator

MOMENT = datetime(2026, 3, 2, 9, 30, 20, 123000, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
ANNA, BO = (DataSubject(letter * 64, "urn:nl:signaalregister:betrokkene:signaal") for letter in "ab")


def action(*people: DataSubject, trace: Trace | None = None, status: Status = Status.OK) -> Action:
    activity = "urn:nl:signaalregister:verwerking:signalering"
    caller = "urn:nl:signaalregister:node:GM9001"
    return Action("Vraag gesteld", activity, people, trace or Trace(TRACE, parent=PARENT), status, caller)


def log(folder: Path, moment: datetime = MOMENT) -> ProcessingLog:
    return ProcessingLog(folder, "register", clock=lambda: moment, randomness=random.Random(7).randbytes)


def test_an_action_about_one_person_is_one_line_with_that_person(tmp_path: Path) -> None:
    log(tmp_path).write(action(ANNA), MOMENT - timedelta(milliseconds=40))
    (line,) = lines(tmp_path)
    assert (line["trace_id"], line["parent_span_id"], line["status"]) == (TRACE, PARENT, "Ok")
    assert line["attributes"][SUBJECT] == ANNA.code
    assert line["end_time"] - line["start_time"] == 40
    assert line["end_time"] == int(MOMENT.timestamp() * 1000)


def test_each_further_person_has_a_line_of_its_own_under_the_action_s(tmp_path: Path) -> None:
    log(tmp_path).write(action(ANNA, BO), MOMENT)
    found = lines(tmp_path)
    (parent,) = [one for one in found if SUBJECT not in one["attributes"]]
    children = [one for one in found if one is not parent]
    assert subjects(children) == [ANNA.code, BO.code]
    assert {one["parent_span_id"] for one in children} == {parent["span_id"]}
    assert len({one["span_id"] for one in found}) == 3


def test_an_action_about_nobody_is_a_line_without_a_person(tmp_path: Path) -> None:
    log(tmp_path).write(action(), MOMENT)
    assert subjects(lines(tmp_path)) == []
    assert len(lines(tmp_path)) == 1


def test_a_defect_is_an_error_and_what_had_no_result_is_not(tmp_path: Path) -> None:
    written = log(tmp_path)
    for status in (Status.ERROR, Status.UNSET):
        written.write(action(ANNA, status=status), MOMENT)
    assert [one["status"] for one in lines(tmp_path)] == ["Error", "Unset"]


def test_an_action_keeps_the_id_that_it_told_to_whom_it_called(tmp_path: Path) -> None:
    own = Trace(TRACE, span=PARENT)
    log(tmp_path).write(action(ANNA, trace=own), MOMENT)
    (line,) = lines(tmp_path)
    assert (line["trace_id"], line["span_id"]) == (TRACE, PARENT)
    assert "parent_span_id" not in line
    assert own.header == f"00-{TRACE}-{PARENT}-01"


def test_no_variable_of_the_environment_loses_or_shortens_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "OTEL_SDK_DISABLED": "true",
        "OTEL_TRACES_SAMPLER": "always_off",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "0",
        "OTEL_ATTRIBUTE_COUNT_LIMIT": "0",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "1",
        "OTEL_RESOURCE_ATTRIBUTES": "host.name=geheim",
    }.items():
        monkeypatch.setenv(name, value)
    log(tmp_path).write(action(ANNA), MOMENT)
    assert subjects(lines(tmp_path)) == [ANNA.code]


def test_a_line_that_cannot_be_written_waits_and_comes_before_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "verwerkingen"
    folder.write_text("in the way")
    written = log(folder)
    written.write(action(ANNA), MOMENT)
    assert written.counts() == {"written": 0, "waiting": 1, "lost": 0}
    assert "1 regels wachten" in written.worries()[0]
    folder.unlink()
    written.write(action(BO), MOMENT)
    assert subjects(lines(folder)) == [ANNA.code, BO.code]
    assert not written.worries()


def test_what_memory_cannot_hold_is_counted_as_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ldv, "WAITING", 2)
    folder = tmp_path / "verwerkingen"
    folder.write_text("in the way")
    written = log(folder)
    for _number in range(5):
        written.write(action(ANNA), MOMENT)
    assert written.counts() == {"written": 0, "waiting": 2, "lost": 3}
    folder.unlink()
    written.write(action(), MOMENT)
    assert len(lines(folder)) == 3
    assert "3 zijn verloren" in written.worries()[0]


def test_a_write_that_breaks_off_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = log(tmp_path)
    written.write(action(ANNA), MOMENT)
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: real(handle, content[:10]))
    written.write(action(BO), MOMENT)
    monkeypatch.undo()
    assert subjects(lines(tmp_path)) == [ANNA.code]
    written.write(action(), MOMENT)
    assert subjects(lines(tmp_path)) == [ANNA.code, BO.code]


def test_many_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    written = log(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        for number in range(64):
            person = DataSubject(f"{number:064x}", ANNA.kind)
            threads.submit(written.write, action(person, trace=Trace(f"{number + 1:032x}")), MOMENT)
    found = lines(tmp_path)
    assert sorted(subjects(found)) == [f"{number:064x}" for number in range(64)]
    assert all(int(one["trace_id"], 16) == int(one["attributes"][SUBJECT], 16) + 1 for one in found)


def test_a_file_past_its_term_goes_when_a_day_begins(tmp_path: Path) -> None:
    old = MOMENT - timedelta(days=KEPT_DAYS + 1)
    log(tmp_path, old).write(action(ANNA), old)
    log(tmp_path).write(action(BO), MOMENT)
    assert [file.stem for file in tmp_path.iterdir()] == ["2026-03-02"]


@pytest.mark.parametrize("trace", ["", "x" * 32, "4BF92F3577B34DA6A3CE929D0E0E4736"])
def test_a_trace_that_is_none_is_refused(trace: str) -> None:
    with pytest.raises(ValueError, match="Trace Context"):
        Trace(trace)


@pytest.mark.parametrize(
    "more", [{"medewerker": "m-1"}, {"dpl.core.data_subject_id": "0612345678"}, {"enduser.id": "m-1"}]
)
def test_the_schema_has_no_place_for_an_employee_or_an_identity(tmp_path: Path, more: dict[str, str]) -> None:
    log(tmp_path).write(action(ANNA), MOMENT)
    (line,) = lines(tmp_path)
    line["attributes"] |= more
    with pytest.raises(ValidationError):
        validator().validate(line)

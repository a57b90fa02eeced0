# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Positions, refused rows, flags and marks: the same on SQLite and on PostgreSQL, and nobody else's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest

from register.municipal.provenance import BACKSTOP, FlagKind
from register.municipal.store import NodeDatabase
from register.municipal.store import flags as flag_store
from register.municipal.store.flags import FlagStore
from register.municipal.store.imports import KEPT, Counts, ImportStore, Intake, RefusedRow

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
INTAKE = Intake(UUID(int=5), "toezichthouder-1", b"verzegeld", "toezicht", 10, 1, Counts(), 0, NOW, None)
REFUSED = [RefusedRow(2, "mobiel", "Nee."), RefusedRow(2, "dag", "Ook niet."), RefusedRow(4, "", "Nee.")]


@pytest.fixture
def database(database_url: str) -> Iterator[NodeDatabase]:
    made = NodeDatabase(database_url)
    made.migrate(["GM9003", "GM9004"])
    yield made
    made.close()


@pytest.fixture
def imports(database: NodeDatabase) -> ImportStore:
    return ImportStore(database, "GM9004")


@pytest.fixture
def flags(database: NodeDatabase) -> FlagStore:
    return FlagStore(database, "GM9004")


def advanced(
    imports: ImportStore, intake: Intake, to: int, counts: Counts, refused: list[RefusedRow]
) -> bool:
    return imports.advance(intake, next_row=to, counts=counts, refused=refused, busy_ms=500, now=NOW)


def test_opening_the_same_again_finds_its_position_and_takes_the_new_seal(imports: ImportStore) -> None:
    assert imports.open(INTAKE, NOW) == INTAKE
    assert advanced(imports, INTAKE, 5, Counts(2, 0, 0, 2), REFUSED)
    again = imports.open(replace(INTAKE, mapping=b"anders verzegeld"), NOW + timedelta(days=1))
    assert (again.next_row, again.counts, again.mapping) == (5, Counts(2, 0, 0, 2), b"anders verzegeld")
    assert again.opened_at == NOW


def test_a_position_moves_once_however_many_send_the_same_batch(imports: ImportStore) -> None:
    imports.open(INTAKE, NOW)
    with ThreadPoolExecutor(4) as pool:
        moved = list(
            pool.map(lambda _n: advanced(imports, INTAKE, 4, Counts(stored=3), REFUSED[:1]), range(4))
        )
    assert sorted(moved) == [False, False, False, True]
    found = imports.intake(INTAKE.intake_id)
    assert found
    assert (found.next_row, found.counts.stored) == (4, 3)
    assert len(imports.refused(INTAKE.intake_id, (0, -1), 10)) == 1


def test_the_last_row_finishes_a_file_and_starting_again_forgets_the_counts(imports: ImportStore) -> None:
    imports.open(INTAKE, NOW)
    advanced(imports, INTAKE, 11, Counts(7, 0, 0, 3), REFUSED)
    finished = imports.intake(INTAKE.intake_id)
    assert finished
    assert finished.finished_at == NOW
    imports.again(INTAKE.intake_id, NOW)
    assert imports.intake(INTAKE.intake_id) == INTAKE
    assert imports.refused(INTAKE.intake_id, (0, -1), 10) == []


def test_an_import_that_is_not_finished_does_not_start_again(imports: ImportStore) -> None:
    imports.open(INTAKE, NOW)
    advanced(imports, INTAKE, 3, Counts(stored=2), [])
    imports.again(INTAKE.intake_id, NOW)
    found = imports.intake(INTAKE.intake_id)
    assert found
    assert found.next_row == 3


def test_refused_rows_come_in_order_and_in_pages(imports: ImportStore) -> None:
    imports.open(INTAKE, NOW)
    advanced(imports, INTAKE, 5, Counts(refused=2), REFUSED)
    everything = imports.refused(INTAKE.intake_id, (0, -1), 10)
    assert everything == [(0, REFUSED[0]), (1, REFUSED[1]), (0, REFUSED[2])]
    assert imports.refused(INTAKE.intake_id, (0, -1), 1) == everything[:1]
    assert imports.refused(INTAKE.intake_id, (2, 0), 10) == everything[1:]
    assert imports.reasons(INTAKE.intake_id) == [("Nee.", 2), ("Ook niet.", 1)]


def test_records_that_come_one_by_one_are_counted(imports: ImportStore) -> None:
    imports.open(replace(INTAKE, total=None), NOW)
    imports.count(INTAKE.intake_id, Counts(1, 1, 1, 1), 100, NOW)
    found = imports.intake(INTAKE.intake_id)
    assert found
    assert (found.next_row, found.counts, found.finished_at) == (5, Counts(1, 1, 1, 1), None)


def test_the_pace_is_that_of_rows_that_were_work(imports: ImportStore) -> None:
    assert imports.pace() is None
    imports.open(INTAKE, NOW)
    advanced(imports, INTAKE, 5, Counts(stored=2, repeated=2), [])
    assert imports.pace() == pytest.approx(0.25)


def test_an_import_and_its_refused_rows_are_destroyed_after_thirty_days(imports: ImportStore) -> None:
    imports.open(INTAKE, NOW)
    advanced(imports, INTAKE, 5, Counts(refused=2), REFUSED)
    assert imports.destroy(NOW + KEPT) == 0
    assert imports.destroy(NOW + KEPT + timedelta(seconds=1)) == 1
    assert imports.intake(INTAKE.intake_id) is None
    assert imports.refused(INTAKE.intake_id, (0, -1), 10) == []


def test_what_is_anothers_does_not_exist(
    database: NodeDatabase, imports: ImportStore, flags: FlagStore
) -> None:
    imports.open(INTAKE, NOW)
    advanced(imports, INTAKE, 5, Counts(refused=2), REFUSED)
    flags.put(FlagKind.ORIGIN, "toezichthouder-1", NOW, {"rijen": 3})
    flags.mark_lone_plate("toezichthouder-1", b"m" * 32, NOW, 25)
    others, their_flags = ImportStore(database, "GM9003"), FlagStore(database, "GM9003")
    assert others.intake(INTAKE.intake_id) is None
    assert others.refused(INTAKE.intake_id, (0, -1), 10) == []
    assert others.reasons(INTAKE.intake_id) == []
    assert others.pace() is None
    assert not advanced(others, INTAKE, 9, Counts(), [])
    assert others.destroy(NOW + KEPT * 2) == 0
    assert their_flags.flags() == []
    assert their_flags.lone_plates("toezichthouder-1", NOW) == 0
    assert their_flags.destroy(NOW + flag_store.KEPT * 2) == 0
    assert len(flags.flags()) == 1


def test_trying_again_the_same_day_is_one_flag_that_says_how_often(flags: FlagStore) -> None:
    for rows in (30, 5_000, 40):
        flags.put(FlagKind.PLATES_IN_FILE, "toezichthouder-1", NOW, {"rijen": rows})
    flags.put(FlagKind.PLATES_IN_FILE, "toezichthouder-2", NOW, {"rijen": 26})
    flags.put(FlagKind.PLATES_IN_FILE, "toezichthouder-1", NOW + timedelta(days=1), {"rijen": 27})
    told = [(one.officer, one.counts) for one in flags.flags()]
    assert told == [
        ("toezichthouder-1", {"rijen": 27, "keren": 1}),
        ("toezichthouder-2", {"rijen": 26, "keren": 1}),
        ("toezichthouder-1", {"rijen": 5_000, "keren": 3}),
    ]


def test_marks_have_room_for_so_many_in_a_day_and_the_same_mark_counts_once(flags: FlagStore) -> None:
    marks = [bytes([number]) * 32 for number in range(4)]
    assert [flags.mark_lone_plate("t-1", mark, NOW, 3) for mark in marks] == [True, True, True, False]
    assert flags.mark_lone_plate("t-1", marks[0], NOW, 3)
    assert flags.mark_lone_plate("t-2", marks[3], NOW, 3)
    assert flags.lone_plates("t-1", NOW) == 3
    assert flags.mark_lone_plate("t-1", marks[3], NOW + BACKSTOP, 3)
    flags.destroy(NOW + BACKSTOP)
    assert flags.lone_plates("t-1", NOW) == 1


def test_flags_are_kept_thirteen_months(flags: FlagStore) -> None:
    flags.put(FlagKind.ORIGIN, "toezichthouder-1", NOW, {"rijen": 3})
    assert flags.destroy(NOW + flag_store.KEPT) == 0
    assert flags.destroy(NOW + flag_store.KEPT + timedelta(seconds=1)) == 1
    assert flags.flags() == []


@pytest.mark.parametrize("marks", ["of different signals", "of the same signals twice"])
def test_however_many_plates_come_at_once_no_more_than_the_limit_are_counted(
    database: NodeDatabase, marks: str
) -> None:
    """Each writer has a connection of its own, as the processes of a node have."""
    writers, limit = 12, 5
    ours = [FlagStore(database, "GM9004") for _one in range(writers)]
    together = Barrier(writers)

    def mark(number: int) -> list[bool]:
        same = number // 2 if marks == "of the same signals twice" else number
        told = []
        for turn in range(3):
            together.wait()
            told.append(ours[number].mark_lone_plate("t-1", bytes([same, turn]) * 16, NOW, limit))
        return told

    with ThreadPoolExecutor(writers) as pool:
        told = [one for each in pool.map(mark, range(writers)) for one in each]
    assert ours[0].lone_plates("t-1", NOW) == limit
    assert told.count(True) >= limit
    if marks == "of different signals":
        assert told.count(True) == limit

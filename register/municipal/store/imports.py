# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How far each import of an organisation is, and which of its rows were refused: row, column and reason, never a value.

An import is opened or found again in one transaction, and advances in one transaction with the counts and the refused rows of the batch: what the client
was told is what is durable. An advance counts only from the position that the batch began at, so that two clients that send the same file do
not count it twice. The mapping is sealed, because a constant may say something about a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

KEPT = timedelta(days=30)
"""How long an import can be resumed, and its refused rows read, after it last changed."""
_BATCH = 500


@dataclass(frozen=True)
class Counts:
    """What became of rows."""

    stored: int = 0
    repeated: int = 0
    waiting: int = 0
    refused: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.stored + other.stored,
            self.repeated + other.repeated,
            self.waiting + other.waiting,
            self.refused + other.refused,
        )


@dataclass(frozen=True)
class Intake:
    """One import.

    Attributes:
        intake_id: made from officer, file and mapping, so that opening the same again finds it.
        officer: pseudonymous number of who imports.
        mapping: sealed.
        origin: code of where the rows come from.
        total: rows in the file; None when records come one by one.
        next_row: the row that is expected, from 1; for records one by one the number that came in, plus one.
        counts: of all rows before it.
        busy_ms: milliseconds that the node worked on them.
        opened_at: first time.
        finished_at: when the last row was done; None before that.
    """

    intake_id: UUID
    officer: str
    mapping: bytes = field(repr=False)
    origin: str
    total: int | None
    next_row: int
    counts: Counts
    busy_ms: int
    opened_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class RefusedRow:
    """One reason why a row was not taken; `field` is a column of the file, or empty."""

    row: int
    field: str
    reason: str


class ImportStore:
    """The imports of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def _own(self, intake_id: UUID) -> ColumnElement[bool]:
        return (t.intake.c.tenant == self._tenant) & (t.intake.c.intake_id == intake_id)

    def _refused_of(self, intake_id: UUID) -> ColumnElement[bool]:
        columns = t.refused_row.c
        return (columns.tenant == self._tenant) & (columns.intake_id == intake_id)

    def open(self, fresh: Intake, now: datetime) -> Intake:
        """Keep a new import, or find the one that is there with its position; its mapping is sealed anew, under the seal of today."""
        values = {
            "tenant": self._tenant,
            "intake_id": fresh.intake_id,
            "officer": fresh.officer,
            "mapping": fresh.mapping,
            "origin": fresh.origin,
            "total": fresh.total,
            "opened_at": fresh.opened_at,
            **_at_the_start(now),
        }
        try:
            with self._database.writing() as connection:
                known = connection.execute(
                    update(t.intake)
                    .where(self._own(fresh.intake_id))
                    .values(mapping=fresh.mapping, changed_at=now)
                )
                if known.rowcount == 0:
                    connection.execute(insert(t.intake).values(values))
        except IntegrityError:
            # Opened twice at the same moment: the other one was first, and is the same.
            pass
        found = self.intake(fresh.intake_id)
        return fresh if found is None else found

    def again(self, intake_id: UUID, now: datetime) -> None:
        """Start a finished import from its first row, with nothing counted: rows that were refused may be good by now."""
        with self._database.writing() as connection:
            connection.execute(delete(t.refused_row).where(self._refused_of(intake_id)))
            connection.execute(
                update(t.intake)
                .where(self._own(intake_id), t.intake.c.finished_at.is_not(None))
                .values(**_at_the_start(now))
            )

    def intake(self, intake_id: UUID) -> Intake | None:
        """The import with this number, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(t.intake).where(self._own(intake_id))).one_or_none()
        if row is None:
            return None
        return Intake(
            row.intake_id,
            row.officer,
            row.mapping,
            row.origin,
            row.total,
            row.next_row,
            Counts(row.stored, row.repeated, row.waiting, row.refused),
            row.busy_ms,
            row.opened_at,
            row.finished_at,
        )

    def advance(  # noqa: PLR0913 - one batch, by name
        self,
        intake: Intake,
        *,
        next_row: int,
        counts: Counts,
        refused: Sequence[RefusedRow],
        busy_ms: int,
        now: datetime,
    ) -> bool:
        """Move a file's position over the rows of a batch; False, and nothing is counted, if another client moved it first."""
        finished = now if intake.total is not None and next_row > intake.total else None
        columns = t.intake.c
        with self._database.writing() as connection:
            moved = connection.execute(
                update(t.intake)
                .where(self._own(intake.intake_id), columns.next_row == intake.next_row)
                .values(next_row=next_row, finished_at=finished, **_counted(counts, busy_ms, now))
            )
            if moved.rowcount == 0:
                return False
            self._put_refused(connection, intake.intake_id, refused)
        return True

    def count(self, intake_id: UUID, counts: Counts, busy_ms: int, now: datetime) -> None:
        """Count records that came one by one; their answers were given at once and are not kept."""
        rows = counts.stored + counts.repeated + counts.waiting + counts.refused
        with self._database.writing() as connection:
            connection.execute(
                update(t.intake)
                .where(self._own(intake_id))
                .values(next_row=t.intake.c.next_row + rows, **_counted(counts, busy_ms, now))
            )

    def _put_refused(self, connection: Connection, intake_id: UUID, refused: Sequence[RefusedRow]) -> None:
        place: dict[int, int] = {}
        for one in refused:
            place[one.row] = place.get(one.row, -1) + 1
            connection.execute(
                insert(t.refused_row).values(
                    tenant=self._tenant,
                    intake_id=intake_id,
                    row=one.row,
                    place=place[one.row],
                    field=one.field[:1000],
                    reason=one.reason[:2000],
                )
            )

    def refused(self, intake_id: UUID, after: tuple[int, int], limit: int) -> list[tuple[int, RefusedRow]]:
        """Refused rows in order, from the one after (row, place); each with its place among the reasons of its row."""
        columns = t.refused_row.c
        query = (
            select(t.refused_row)
            .where(
                self._refused_of(intake_id),
                (columns.row > after[0]) | ((columns.row == after[0]) & (columns.place > after[1])),
            )
            .order_by(columns.row, columns.place)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [(one.place, RefusedRow(one.row, one.field, one.reason)) for one in rows]

    def reasons(self, intake_id: UUID) -> list[tuple[str, int]]:
        """Each reason with the number of times that it was given, the most frequent first."""
        columns = t.refused_row.c
        times = func.count().label("times")
        query = (
            select(columns.reason, times)
            .where(self._refused_of(intake_id))
            .group_by(columns.reason)
            .order_by(times.desc(), columns.reason)
            .limit(_BATCH)
        )
        with self._database.reading() as connection:
            return [(row.reason, row.times) for row in connection.execute(query)]

    def pace(self) -> float | None:
        """Seconds that a row took, over the imports that are kept; None before the first row."""
        columns = t.intake.c
        rows = columns.stored + columns.waiting
        query = select(func.sum(columns.busy_ms), func.sum(rows)).where(
            columns.tenant == self._tenant, rows > 0
        )
        with self._database.reading() as connection:
            busy, done = connection.execute(query).one()
        return None if not done else float(busy) / 1000 / float(done)

    def destroy(self, now: datetime) -> int:
        """Remove imports that did not change for `KEPT`, with their refused rows; returns how many."""
        columns = t.intake.c
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(t.intake).where(columns.tenant == self._tenant, columns.changed_at < now - KEPT)
            )
        return gone.rowcount


def _at_the_start(now: datetime) -> dict[str, object]:
    return {
        "next_row": 1,
        "stored": 0,
        "repeated": 0,
        "waiting": 0,
        "refused": 0,
        "busy_ms": 0,
        "changed_at": now,
        "finished_at": None,
    }


def _counted(counts: Counts, busy_ms: int, now: datetime) -> dict[str, object]:
    columns = t.intake.c
    return {
        "stored": columns.stored + counts.stored,
        "repeated": columns.repeated + counts.repeated,
        "waiting": columns.waiting + counts.waiting,
        "refused": columns.refused + counts.refused,
        "busy_ms": columns.busy_ms + busy_ms,
        "changed_at": now,
    }

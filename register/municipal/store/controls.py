# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Controls in which something was asked: since when, by whom, what came of it, and whether the register knows.

A row is there before the first question of its control leaves, so that a process that dies does not forget that an outcome is due. An outcome is written once. It is its own outbox: until `told_at` it
is told again, and whoever tells it puts off `next_at` first, so that two runners do not tell it at once; if they did, the register would take the second as a repeat.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from register.municipal.controls import Asked
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

KEPT = timedelta(days=396)
"""As long as the questions themselves can be recognised at the register (13 months)."""

_ASKED = [
    column for column in t.control_outcome.columns if column.name not in {"tenant", "attempts", "next_at"}
]


class OutcomeStore:
    """The outcomes of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def _own(self) -> ColumnElement[bool]:
        return t.control_outcome.c.tenant == self._tenant

    def put_asked(self, number: str, officer: str, day: date, moment: datetime) -> None:
        """From here on an outcome is due of this control, by who asked first; asked again it stays as it is."""
        row = {"number": number, "officer": officer, "day": day, "asked_at": moment, "attempts": 0}
        if self.asked(number) is not None:
            return
        try:
            with self._database.writing() as connection:
                connection.execute(insert(t.control_outcome).values(tenant=self._tenant, **row))
        except IntegrityError:
            # Another question of the same control was first.
            return

    def asked(self, number: str) -> Asked | None:
        """What is known of a control in which something was asked."""
        found = self._select(t.control_outcome.c.number == number)
        return found[0] if found else None

    def open(self, officer: str | None = None) -> list[Asked]:
        """The controls without an outcome, of one officer or of all, oldest first."""
        columns = t.control_outcome.c
        of = () if officer is None else (columns.officer == officer,)
        return self._select(columns.outcome.is_(None), *of)

    def _select(self, *conditions: ColumnElement[bool]) -> list[Asked]:
        columns = t.control_outcome.c
        query = select(*_ASKED).where(self._own(), *conditions).order_by(columns.day, columns.number)
        with self._database.reading() as connection:
            return [Asked(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name

    def record(self, number: str, outcome: str, officer: str, role: str, moment: datetime) -> bool:
        """Write an outcome, to be told from now on; False if there is one already."""
        columns = t.control_outcome.c
        values = {"outcome": outcome, "recorded_by": officer, "recorded_role": role, "recorded_at": moment}
        with self._database.writing() as connection:
            written = connection.execute(
                update(t.control_outcome)
                .where(self._own(), columns.number == number, columns.outcome.is_(None))
                .values(**values, next_at=moment)
            )
        return written.rowcount == 1

    def untold(self, moment: datetime, limit: int) -> list[str]:
        """Numbers of controls whose outcome is due to be told, oldest first."""
        columns = t.control_outcome.c
        query = (
            select(columns.number)
            .where(self._own(), columns.told_at.is_(None), columns.next_at <= moment)
            .order_by(columns.next_at)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def hold(self, number: str, moment: datetime, until: datetime) -> tuple[Asked, int] | None:
        """Take an outcome to tell, with which attempt it is; None if it was told, or somebody else is telling it."""
        columns = t.control_outcome.c
        mine = (self._own(), columns.number == number, columns.told_at.is_(None), columns.next_at <= moment)
        with self._database.writing() as connection:
            held = connection.execute(
                update(t.control_outcome).where(*mine).values(next_at=until, attempts=columns.attempts + 1)
            )
            if held.rowcount == 0:
                return None
            row = connection.execute(
                select(*_ASKED, columns.attempts).where(self._own(), columns.number == number)
            ).one()
        members = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        attempts = members.pop("attempts")
        return Asked(**members), attempts

    def put_told(self, number: str, moment: datetime) -> None:
        """The register has it."""
        self._update(number, told_at=moment, next_at=None)

    def put_later(self, number: str, next_at: datetime) -> None:
        """It was not told; try again then."""
        self._update(number, next_at=next_at)

    def _update(self, number: str, **values: datetime | None) -> None:
        columns = t.control_outcome.c
        with self._database.writing() as connection:
            connection.execute(
                update(t.control_outcome)
                .where(self._own(), columns.number == number, columns.told_at.is_(None))
                .values(**values)
            )

    def open_between(self, after: date, until: date) -> Mapping[str, int]:
        """How many controls of days after one and not after another have no outcome, per officer."""
        columns = t.control_outcome.c
        query = (
            select(columns.officer, func.count())
            .where(self._own(), columns.outcome.is_(None), columns.day > after, columns.day <= until)
            .group_by(columns.officer)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def waiting(self, recorded_before: datetime) -> int:
        """How many outcomes that were recorded before a moment the register does not have."""
        columns = t.control_outcome.c
        query = (
            select(func.count())
            .select_from(t.control_outcome)
            .where(self._own(), columns.told_at.is_(None), columns.recorded_at <= recorded_before)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def destroy(self, now: datetime) -> int:
        """Destroy what is older than thirteen months, answered or not; returns how many."""
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(t.control_outcome).where(self._own(), t.control_outcome.c.asked_at <= now - KEPT)
            )
        return gone.rowcount

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Freezes: asked for, confirmed, lifted; whether one stands over an officer; and which rows it holds back from destruction.

A freeze counts from its row until `lifted_at`. It holds rows of its organisation (and of those that it took over from) that are of its officer, where it names one, and of its days, where it names any.
"""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from policies.grounds import GroundRegister
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

KEPT = timedelta(days=396)
"""After it was lifted, as long as the log can still tell what was asked (13 months)."""


Record = Row[Any]
"""A freeze as it is kept."""


@dataclass(frozen=True)
class Hold:
    """What one standing freeze keeps from being destroyed.

    Attributes:
        organisations: whose rows, by every code under which they may stand.
        officer: of whom; empty for everybody.
        first_day: from which day on; None for all before.
        last_day: until which day; None for all after.
    """

    organisations: AbstractSet[str]
    officer: str
    first_day: date | None
    last_day: date | None

    def touches(self, organisation: str, first_day: date, last_day: date) -> bool:
        """Whether anything of this organisation and these days may be frozen."""
        return (
            organisation in self.organisations
            and (self.first_day is None or self.first_day <= last_day)
            and (self.last_day is None or self.last_day >= first_day)
        )

    def rows(
        self, organisation: Column[str], officer: Column[str], moment: Column[datetime]
    ) -> ColumnElement[bool]:
        """The rows of a table that it holds."""
        conditions: list[ColumnElement[bool]] = [organisation.in_(self.organisations)]
        if self.officer:
            conditions.append(officer == self.officer)
        if self.first_day is not None:
            conditions.append(moment >= datetime.combine(self.first_day, time(), UTC))
        # Of a period until the end of time there is no day after.
        if self.last_day is not None and self.last_day < date.max:
            conditions.append(moment < datetime.combine(self.last_day + timedelta(days=1), time(), UTC))
        return and_(*conditions)


def holds(connection: Connection, records: GroundRegister | None, today: date) -> tuple[Hold, ...]:
    """What the freezes that stand hold.

    Args:
        connection: to read on.
        records: who took over from whom; None if they do not hold together, and then each under its own code.
        today: the day of the question.
    """
    rows = connection.execute(select(t.freeze).where(t.freeze.c.lifted_at.is_(None)))
    return tuple(
        Hold(
            {row.organisation} | (records.lineage(row.organisation, today) if records else frozenset()),
            row.officer,
            row.first_day,
            row.last_day,
        )
        for row in rows
    )


def held(
    standing: Sequence[Hold], organisation: Column[str], officer: Column[str], moment: Column[datetime]
) -> ColumnElement[bool]:
    """The rows of a table that any of these holds."""
    return or_(false(), *(one.rows(organisation, officer, moment) for one in standing))


def held_treffers(standing: Sequence[Hold]) -> ColumnElement[bool]:
    """The treffers that came of frozen questions."""
    columns = t.treffer.c
    return held(standing, columns.organisation, columns.officer, columns.found_at)


def held_openings(standing: Sequence[Hold]) -> ColumnElement[bool]:
    """The noodopeningen of frozen officers."""
    columns = t.break_glass.c
    return held(standing, columns.organisation, columns.officer, columns.opened_at)


def over(
    connection: Connection, records: GroundRegister, organisation: str, officer: str, today: date
) -> bool:
    """Whether a freeze stands over this officer of this organisation, or of one that it took over from; nearly always none does."""
    columns = t.freeze.c
    query = select(columns.organisation).where(columns.officer == officer, columns.lifted_at.is_(None))
    found = list(connection.scalars(query)) if officer else []
    return any(records.current(one, today) == organisation for one in found)


def add(work: LoggedWork, permit: Permit, freeze: dict[str, Any]) -> None:
    """Keep a freeze; the same one again changes nothing."""
    del permit
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.freeze).values(**freeze)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=["freeze_id"]))


def one(work: LoggedWork, permit: Permit, freeze_id: UUID, organisations: Collection[str]) -> Record | None:
    """A freeze of one of these organisations, held until the transaction ends."""
    del permit
    columns = t.freeze.c
    query = select(t.freeze).where(columns.freeze_id == freeze_id, columns.organisation.in_(organisations))
    return work.connection.execute(query.with_for_update()).first()


def of_organisations(work: LoggedWork, permit: Permit, organisations: Collection[str]) -> list[Record]:
    """The freezes of these organisations, newest first."""
    del permit
    columns = t.freeze.c
    query = select(t.freeze).where(columns.organisation.in_(organisations))
    return list(work.connection.execute(query.order_by(columns.asked_at.desc(), columns.freeze_id)))


def confirm(work: LoggedWork, permit: Permit, freeze_id: UUID, officer: str, moment: datetime) -> None:
    """Somebody took it over in the line."""
    del permit
    work.connection.execute(
        update(t.freeze)
        .where(t.freeze.c.freeze_id == freeze_id)
        .values(confirmed_by=officer, confirmed_at=moment)
    )


def lift(work: LoggedWork, permit: Permit, freeze_id: UUID, values: dict[str, Any]) -> None:
    """It stands no longer."""
    del permit
    work.connection.execute(update(t.freeze).where(t.freeze.c.freeze_id == freeze_id).values(**values))


def unconfirmed(connection: Connection) -> dict[str, int]:
    """How many standing freezes of each organisation nobody confirmed."""
    columns = t.freeze.c
    rows = connection.execute(
        select(columns.organisation, func.count())
        .where(columns.lifted_at.is_(None), columns.confirmed_at.is_(None))
        .group_by(columns.organisation)
    )
    return {row[0]: row[1] for row in rows}


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy those that were lifted longer ago than their term; gives how many."""
    return connection.execute(delete(t.freeze).where(t.freeze.c.lifted_at < moment - KEPT)).rowcount

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The reminders of one organisation: for a person or for a role, what waits, how many, since when; and the counting that they rest on.

Counts only; a row is gone when its cause is. Nothing sealed is opened to count it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, select, update

from register.municipal.casebook import ACKNOWLEDGED
from register.municipal.outbox import State
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

ANYBODY = ""
"""In the place of an officer: everyone of the role. In the place of a role: whatever role the officer has."""


@dataclass(frozen=True)
class Counted:
    """What was counted just now, for a role or for one officer."""

    kind: str
    count: int
    role: str = ANYBODY
    officer: str = ANYBODY


@dataclass(frozen=True)
class Reminder:
    """What waits, how many, and since when it was noticed."""

    kind: str
    count: int
    since: datetime


class ReminderStore:
    """The reminders of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def replace(self, counted: Iterable[Counted], moment: datetime) -> int:
        """Keep what was counted in the place of all that stood there; what waited already keeps its beginning. Gives how many stand."""
        rows = {(one.role, one.officer, one.kind): one.count for one in counted if one.count}
        with self._database.writing() as connection:
            standing = connection.execute(select(t.reminder).where(self._own())).all()
            since = {(row.role, row.officer, row.kind): row.since for row in standing}
            for key in since.keys() - rows.keys():
                connection.execute(delete(t.reminder).where(*self._key(key)))
            for key, count in rows.items():
                if key in since:
                    connection.execute(update(t.reminder).where(*self._key(key)).values(count=count))
                else:
                    role, officer, kind = key
                    values = {"role": role, "officer": officer, "kind": kind, "count": count, "since": moment}
                    connection.execute(insert(t.reminder).values(tenant=self._tenant, **values))
        return len(rows)

    def of(self, officer: str, role: str) -> list[Reminder]:
        """What this person is reminded of; where something waits for the person and for the role, it is told once, for the role."""
        columns = t.reminder.c
        mine = and_(columns.officer == officer, columns.role == ANYBODY)
        ours = and_(columns.officer == ANYBODY, columns.role == role)
        query = select(columns.kind, columns.count, columns.since)
        with self._database.reading() as connection:
            found = {
                kind: Reminder(kind, count, since)
                for kind, count, since in connection.execute(
                    query.where(self._own(), mine).order_by(columns.kind)
                )
            }
            found |= {
                kind: Reminder(kind, count, since)
                for kind, count, since in connection.execute(
                    query.where(self._own(), ours).order_by(columns.kind)
                )
            }
        return [found[kind] for kind in sorted(found)]

    def waiting(self, entered_before: datetime, today: date) -> Mapping[str, int]:
        """How many signals that were entered before a moment wait in the outbox and are not refused, per officer."""
        columns = t.outbox.c
        waits = (
            columns.state != State.REFUSED.value,
            columns.first_processed_at <= entered_before,
            columns.expires_on > today,
        )
        return self._per_officer(t.outbox, *waits)

    def refused(self, refused_after: datetime, today: date) -> Mapping[str, int]:
        """How many signals in the outbox were refused after a moment, or may stand at the register all the same, per officer."""
        columns = t.outbox.c
        alive = columns.maybe.is_(True) | (columns.refused_at > refused_after)
        return self._per_officer(
            t.outbox, columns.state == State.REFUSED.value, alive, columns.expires_on > today
        )

    def dying_drafts(self, now: datetime, until: datetime) -> Mapping[str, int]:
        """How many drafts live now and not after a moment, per officer."""
        columns = t.draft.c
        return self._per_officer(t.draft, columns.expires_at > now, columns.expires_at <= until)

    def expiring(self, today: date, until: date) -> int:
        """How many own signals at the register have their last day after today and not after a day."""
        columns = t.casebook.c
        mine = (
            columns.tenant == self._tenant,
            columns.status == ACKNOWLEDGED,
            columns.expires_on > today,
            columns.expires_on <= until,
        )
        query = select(func.count(columns.signal_id.distinct())).where(*mine)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def newest(self) -> datetime | None:
        """When the newest signal that is still kept here was entered; None if none is."""
        with self._database.reading() as connection:
            found = [
                connection.scalar(
                    select(func.max(table.c.first_processed_at)).where(table.c.tenant == self._tenant)
                )
                for table in (t.casebook, t.outbox)
            ]
        return max((one for one in found if one is not None), default=None)

    def _per_officer(self, table: Any, *conditions: ColumnElement[bool]) -> Mapping[str, int]:
        columns = table.c
        query: Select[Any] = select(columns.officer, func.count()).where(
            columns.tenant == self._tenant, *conditions
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(columns.officer)).all()
        return {row[0]: row[1] for row in rows}

    def _own(self) -> ColumnElement[bool]:
        return t.reminder.c.tenant == self._tenant

    def _key(self, key: tuple[str, str, str]) -> tuple[ColumnElement[bool], ...]:
        columns, (role, officer, kind) = t.reminder.c, key
        return self._own(), columns.role == role, columns.officer == officer, columns.kind == kind

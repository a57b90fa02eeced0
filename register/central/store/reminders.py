# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Reminders: for a role of an organisation, what waits, how many, since when. Counts only; a row is gone when its cause is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from register.central.store import tables as t

EVERY_ORGANISATION = ""
"""In the place of an organisation: for this role wherever it is."""


@dataclass(frozen=True)
class Counted:
    """What was counted just now, for one role."""

    role: str
    organisation: str
    kind: str
    count: int


@dataclass(frozen=True)
class Reminder:
    """What waits, how many, and since when it was noticed."""

    kind: str
    count: int
    since: datetime


def replace(
    connection: Connection, kinds: Collection[str], counted: Iterable[Counted], moment: datetime
) -> int:
    """Keep what was counted in the place of what stood there of these kinds; what waited already keeps its beginning. Gives how many stand."""
    columns = t.reminder.c
    standing = connection.execute(select(t.reminder).where(columns.kind.in_(kinds))).all()
    since = {(row.role, row.organisation, row.kind): row.since for row in standing}
    rows = {(one.role, one.organisation, one.kind): one.count for one in counted if one.count}
    for role, organisation, kind in since.keys() - rows.keys():
        mine = (columns.role == role, columns.organisation == organisation, columns.kind == kind)
        connection.execute(delete(t.reminder).where(*mine))
    for (role, organisation, kind), count in rows.items():
        mine = (columns.role == role, columns.organisation == organisation, columns.kind == kind)
        if (role, organisation, kind) in since:
            connection.execute(update(t.reminder).where(*mine).values(count=count))
        else:
            row = {"role": role, "organisation": organisation, "kind": kind, "count": count, "since": moment}
            connection.execute(insert(t.reminder).values(**row))
    return len(rows)


def of(connection: Connection, role: str, organisations: Collection[str]) -> list[Reminder]:
    """What a role of these organisations is reminded of, by kind."""
    columns = t.reminder.c
    rows = connection.execute(
        select(columns.kind, columns.count, columns.since)
        .where(columns.role == role, columns.organisation.in_({*organisations, EVERY_ORGANISATION}))
        .order_by(columns.kind, columns.organisation)
    )
    return [Reminder(kind, count, since) for kind, count, since in rows]


def unreleased(connection: Connection, asked_before: datetime, today: date) -> dict[str, int]:
    """How many phase 2 decisions of treffers that still stand were asked before a moment and never released, per asking organisation."""
    columns = t.phase_2.c
    rows = connection.execute(
        select(columns.asked_by_organisation, func.count())
        .join(t.treffer, t.treffer.c.treffer_id == columns.treffer_id)
        .where(
            columns.opened_at.is_(None),
            columns.asked_at <= asked_before,
            t.treffer.c.lapses_on > today,
        )
        .group_by(columns.asked_by_organisation)
    )
    return {row[0]: row[1] for row in rows}

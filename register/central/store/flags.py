# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the FG of an organisation is told to look at: one flag of a kind for an officer and a day, with the largest number there was. What it is about stands in the log."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.reminders import Reminder

SHOWN = timedelta(days=7)
"""How long a flag stands among what waits for an FG."""

KEPT = timedelta(days=396)
"""As long as the register can still tell what a question was about (13 months)."""


def put(  # noqa: PLR0913, PLR0917 - what a flag is made of
    connection: Connection,
    organisation: str,
    kind: str,
    officer: str,
    moment: datetime,
    count: int,
    *,
    day: date | None = None,
) -> None:
    """Flag, on the day of the moment unless it is about another."""
    columns = t.fg_flag.c
    key = {
        "organisation": organisation,
        "kind": kind,
        "officer": officer,
        "day": day or moment.astimezone(UTC).date(),
    }
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.fg_flag).values(**key, count=count, at=moment)
    made = connection.execute(
        new.on_conflict_do_nothing(index_elements=list(t.fg_flag.primary_key.columns)).returning(
            columns.count
        )
    ).first()
    if made is None:
        mine = [columns[name] == value for name, value in key.items()]
        connection.execute(t.fg_flag.update().where(*mine, columns.count < count).values(count=count))


def known(connection: Connection, organisation: str, kind: str, officer: str, moment: datetime) -> bool:
    """Whether there is a flag of this kind for an officer on the day of a moment."""
    columns = t.fg_flag.c
    mine = (
        columns.organisation == organisation,
        columns.kind == kind,
        columns.officer == officer,
        columns.day == moment.astimezone(UTC).date(),
    )
    return connection.execute(select(columns.count).where(*mine)).first() is not None


def number(connection: Connection, organisation: str, kind: str, moment: datetime) -> int:
    """How many flags of this kind there are on the day of a moment."""
    columns = t.fg_flag.c
    mine = (
        columns.organisation == organisation,
        columns.kind == kind,
        columns.day == moment.astimezone(UTC).date(),
    )
    return connection.scalar(select(func.count()).select_from(t.fg_flag).where(*mine)) or 0


def shown(connection: Connection, organisations: Collection[str], moment: datetime) -> list[Reminder]:
    """The flags of these organisations of the last week, by kind: how many, and since when."""
    columns = t.fg_flag.c
    rows = connection.execute(
        select(columns.kind, func.count(), func.min(columns.at))
        .where(columns.organisation.in_(organisations), columns.at > moment - SHOWN)
        .group_by(columns.kind)
        .order_by(columns.kind)
    )
    return [Reminder(kind, number, since) for kind, number, since in rows]


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy flags past their term; gives how many."""
    return connection.execute(delete(t.fg_flag).where(t.fg_flag.c.at < moment - KEPT)).rowcount

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register of data breaches of each organisation (AVG 33(5)): what was drawn up, from when it was known, and how it was settled, once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

KEPT = timedelta(days=5 * 365 + 1)
"""After it was settled: as long as the log is proposed to be kept, so that the supervisor can check (AVG 33(5)). One that is not settled stays."""


Record = Row[Any]
"""A breach as it is kept."""


def add(work: LoggedWork, permit: Permit, breach: dict[str, Any]) -> None:
    """Keep one; the same one again changes nothing."""
    del permit
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.breach).values(**breach)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=["breach_id"]))


def one(work: LoggedWork, permit: Permit, breach_id: UUID, organisations: Collection[str]) -> Record | None:
    """One of these organisations."""
    del permit
    columns = t.breach.c
    query = select(t.breach).where(columns.breach_id == breach_id, columns.organisation.in_(organisations))
    return work.connection.execute(query).first()


def of_organisations(work: LoggedWork, permit: Permit, organisations: Collection[str]) -> list[Record]:
    """Those of these organisations, newest first."""
    del permit
    columns = t.breach.c
    query = select(t.breach).where(columns.organisation.in_(organisations))
    return list(work.connection.execute(query.order_by(columns.known_at.desc(), columns.breach_id)))


def settle(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork, permit: Permit, breach_id: UUID, how: str, officer: str, moment: datetime
) -> bool:
    """Write how it was settled; False if that was written before."""
    del permit
    columns = t.breach.c
    written = work.connection.execute(
        update(t.breach)
        .where(columns.breach_id == breach_id, columns.settled.is_(None))
        .values(settled=how, settled_by=officer, settled_at=moment)
    )
    return written.rowcount == 1


def open_after(connection: Connection, known: datetime) -> dict[str, int]:
    """How many of each organisation are not settled and were known after a moment."""
    return _open(connection, t.breach.c.known_at > known)


def open_before(connection: Connection, known: datetime) -> dict[str, int]:
    """How many of each organisation are not settled and were known at a moment or before."""
    return _open(connection, t.breach.c.known_at <= known)


def _open(connection: Connection, condition: ColumnElement[bool]) -> dict[str, int]:
    columns = t.breach.c
    rows = connection.execute(
        select(columns.organisation, func.count())
        .where(columns.settled.is_(None), condition)
        .group_by(columns.organisation)
    )
    return {row[0]: row[1] for row in rows}


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy those that were settled longer ago than their term; gives how many."""
    return connection.execute(delete(t.breach).where(t.breach.c.settled_at < moment - KEPT)).rowcount

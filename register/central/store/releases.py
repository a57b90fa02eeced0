# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Keys to which others may seal for an organisation, and sealed releases on their way to one recipient. Nothing here opens a zegel.

A release exists for a reader until its last day, as long as its signal is visible, and until it is recalled; it is recalled before it is fetched, or not at all.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.signals import visible
from register.central.store.work import LoggedWork
from register.ports import Permit

Record = Row[Any]
"""A row as it was read, by column name."""


def add_key(work: LoggedWork, permit: Permit, number: int, key: tuple[str, int], statement: str) -> None:
    """Keep a verklaring under (organisation, version)."""
    del permit
    organisation, version = key
    work.connection.execute(
        insert(t.recipient_key).values(
            number=number, organisation=organisation, version=version, statement=statement
        )
    )


def newest_keys(connection: Connection, organisation: str | None = None) -> list[Record]:
    """The newest verklaring of each organisation, or of one, by code."""
    columns = t.recipient_key.c
    newest = (
        select(columns.organisation, func.max(columns.version).label("version"))
        .group_by(columns.organisation)
        .subquery()
    )
    query = select(t.recipient_key).join(
        newest,
        and_(columns.organisation == newest.c.organisation, columns.version == newest.c.version),
    )
    if organisation is not None:
        query = query.where(columns.organisation == organisation)
    return list(connection.execute(query.order_by(columns.organisation)))


def keys_of(connection: Connection, organisation: str) -> list[Record]:
    """Every verklaring of an organisation, oldest first."""
    columns = t.recipient_key.c
    query = select(t.recipient_key).where(columns.organisation == organisation)
    return list(connection.execute(query.order_by(columns.version)))


def put(work: LoggedWork, permit: Permit, release: dict[str, Any]) -> None:
    """Keep a release; the same one again changes nothing."""
    del permit
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.sealed_release).values(**release)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=["release_id"]))


def one(work: LoggedWork, permit: Permit, release_id: UUID, today: date) -> Record | None:
    """A release that exists, held until the transaction ends."""
    del permit
    query = select(t.sealed_release).where(t.sealed_release.c.release_id == release_id, *_there(today))
    return work.connection.execute(query.with_for_update()).first()


def known(work: LoggedWork, permit: Permit, release_id: UUID) -> Record | None:
    """A release under this number, whatever became of it: the number is not given twice."""
    del permit
    columns = t.sealed_release.c
    return work.connection.execute(select(t.sealed_release).where(columns.release_id == release_id)).first()


def for_recipient(  # noqa: PLR0913, PLR0917 - who, and when
    work: LoggedWork, permit: Permit, recipient: str, role: str, officer: str, today: date
) -> list[Record]:
    """What this officer may fetch, as far as names go, oldest first."""
    del permit
    columns = t.sealed_release.c
    query = select(t.sealed_release).where(
        columns.recipient == recipient,
        columns.recipient_role == role,
        columns.recipient_officer.in_(("", officer)),
        *_there(today),
    )
    return list(work.connection.execute(query.order_by(columns.released_at, columns.release_id)))


def of_owners(work: LoggedWork, permit: Permit, organisations: Collection[str]) -> list[Record]:
    """What these organisations released and is still kept, recalled or not, newest first."""
    del permit
    columns = t.sealed_release.c
    query = select(t.sealed_release).where(columns.organisation.in_(sorted(organisations)))
    return list(work.connection.execute(query.order_by(columns.released_at.desc(), columns.release_id)))


def fetched(work: LoggedWork, permit: Permit, release_id: UUID, moment: datetime) -> None:
    """It left for its recipient; the first time counts."""
    del permit
    columns = t.sealed_release.c
    work.connection.execute(
        update(t.sealed_release)
        .where(columns.release_id == release_id, columns.fetched_at.is_(None))
        .values(fetched_at=moment)
    )


def recall(work: LoggedWork, permit: Permit, release_id: UUID, moment: datetime) -> bool:
    """Take it back and destroy the zegel; False if it was fetched first."""
    del permit
    columns = t.sealed_release.c
    gone = work.connection.execute(
        update(t.sealed_release)
        .where(columns.release_id == release_id, columns.fetched_at.is_(None), columns.recalled_at.is_(None))
        .values(recalled_at=moment, envelope=b"")
    )
    return bool(gone.rowcount)


def sweep(connection: Connection, today: date) -> int:
    """Destroy what nobody can fetch any more by its own term, or of which the signal is gone; gives how many."""
    columns = t.sealed_release.c
    done = delete(t.sealed_release).where(or_(columns.expires_on <= today, ~_signal_visible(today)))
    return connection.execute(done).rowcount


def _there(today: date) -> tuple[ColumnElement[bool], ...]:
    columns = t.sealed_release.c
    return (columns.expires_on > today, columns.recalled_at.is_(None), _signal_visible(today))


def _signal_visible(today: date) -> ColumnElement[bool]:
    columns = t.sealed_release.c
    return exists().where(
        t.signal.c.signal_id == columns.signal_id, t.signal.c.version == columns.version, *visible(today)
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The casebook of one organisation: records of signals that the register has. Each method is one transaction, durable when it returns."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from register.municipal.casebook import CORRECTED, Entry
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase
from register.municipal.store.sealed import columns_of, sealed_of

Cursor = tuple[datetime, UUID]
"""After which record of a list the next page begins."""


class CasebookStore:
    """The casebook of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def entry(self, signal_id: UUID, version: int | None = None) -> Entry | None:
        """The record of one version of a signal; of the newest, if none is named."""
        columns = t.casebook.c
        query = select(t.casebook).where(columns.tenant == self._tenant, columns.signal_id == signal_id)
        if version is not None:
            query = query.where(columns.version == version)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(columns.version.desc()).limit(1)).one_or_none()
        return None if row is None else _entry(row)

    def put(self, entry: Entry) -> None:
        """Keep a record, in the place of one that is there."""
        with self._database.writing() as connection:
            put_entry(connection, self._tenant, entry)

    def replace(self, entry: Entry) -> bool:
        """Keep a record in the place of the one that is there; False if there is none any more."""
        columns = t.casebook.c
        there = (
            columns.tenant == self._tenant,
            columns.signal_id == entry.signal_id,
            columns.version == entry.version,
        )
        with self._database.writing() as connection:
            found = connection.execute(delete(t.casebook).where(*there)).rowcount > 0
            if found:
                put_entry(connection, self._tenant, entry)
        return found

    def keep_until(self, terms: Mapping[UUID, date]) -> None:
        """The terms of signals as the register has them now: a record dies with its signal, not before and not after."""
        columns = t.casebook.c
        with self._database.writing() as connection:
            for signal_id, expires_on in terms.items():
                connection.execute(
                    update(t.casebook)
                    .where(columns.tenant == self._tenant, columns.signal_id == signal_id)
                    .values(expires_on=expires_on)
                )

    def page(
        self, officer: str | None, today: date, after: Cursor | None = None, limit: int = 50
    ) -> list[Entry]:
        """Records of this officer, or of everyone, that still live, newest first."""
        columns = t.casebook.c
        query = select(t.casebook).where(
            columns.tenant == self._tenant, columns.expires_on > today, columns.status != CORRECTED
        )
        if officer is not None:
            query = query.where(columns.officer == officer)
        if after is not None:
            moment, signal_id = after
            query = query.where(
                or_(
                    columns.first_processed_at < moment,
                    and_(columns.first_processed_at == moment, columns.signal_id > signal_id),
                )
            )
        ordered = query.order_by(columns.first_processed_at.desc(), columns.signal_id).limit(limit)
        with self._database.reading() as connection:
            return [_entry(row) for row in connection.execute(ordered).all()]

    def count(self, officer: str | None, today: date) -> int:
        """How many records of this officer, or of everyone, still live."""
        columns = t.casebook.c
        query = select(func.count()).select_from(t.casebook)
        query = query.where(
            columns.tenant == self._tenant, columns.expires_on > today, columns.status != CORRECTED
        )
        if officer is not None:
            query = query.where(columns.officer == officer)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()


def mark_corrected(connection: Connection, tenant: str, entry: Entry) -> None:
    """Earlier versions are no longer what the register has, inside a transaction of the caller."""
    columns = t.casebook.c
    connection.execute(
        update(t.casebook)
        .where(
            columns.tenant == tenant,
            columns.signal_id == entry.signal_id,
            columns.version < entry.version,
        )
        .values(status=CORRECTED)
    )


def put_entry(connection: Connection, tenant: str, entry: Entry) -> None:
    """Keep a record inside a transaction of the caller."""
    columns = t.casebook.c
    connection.execute(
        delete(t.casebook).where(
            columns.tenant == tenant, columns.signal_id == entry.signal_id, columns.version == entry.version
        )
    )
    connection.execute(
        insert(t.casebook).values(
            tenant=tenant,
            signal_id=entry.signal_id,
            version=entry.version,
            officer=entry.officer,
            handle=entry.handle,
            status=entry.status,
            first_processed_at=entry.first_processed_at,
            expires_on=entry.expires_on,
            digest=entry.digest,
            content=entry.content,
            answer=entry.answer,
            run=entry.run,
            **columns_of(entry.sealed),
        )
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        signal_id=row.signal_id,
        version=row.version,
        officer=row.officer,
        handle=row.handle,
        status=row.status,
        first_processed_at=row.first_processed_at,
        expires_on=row.expires_on,
        digest=row.digest,
        sealed=sealed_of(row),
        content=row.content,
        answer=row.answer,
        run=row.run,
    )

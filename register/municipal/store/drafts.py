# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The drafts of one organisation: forms that were put aside, sealed. Each method is one transaction, durable when it returns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from register.municipal.drafts import Aside
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase
from register.municipal.store.sealed import columns_of, sealed_of


class DraftStore:
    """The drafts of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def put(self, draft: Aside) -> None:
        """Keep a draft; one that is there keeps its owner and its moments, and gets the new content."""
        columns = t.draft.c
        with self._database.writing() as connection:
            connection.execute(delete(t.draft).where(*self._too_old(draft.created_at)))
            known = connection.execute(
                update(t.draft)
                .where(columns.tenant == self._tenant, columns.draft_id == draft.draft_id)
                .values(columns_of(draft.sealed))
            )
            if not known.rowcount:
                connection.execute(
                    insert(t.draft).values(
                        tenant=self._tenant,
                        draft_id=draft.draft_id,
                        officer=draft.officer,
                        created_at=draft.created_at,
                        expires_at=draft.expires_at,
                        **columns_of(draft.sealed),
                    )
                )

    def draft(self, draft_id: UUID, now: datetime) -> Aside | None:
        """A draft that still lives."""
        columns = t.draft.c
        query = select(t.draft).where(
            columns.tenant == self._tenant, columns.draft_id == draft_id, columns.expires_at > now
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _aside(row)

    def drafts(self, officer: str | None, now: datetime, limit: int = 50) -> list[Aside]:
        """Drafts of this officer, or of everyone, that still live, newest first."""
        columns = t.draft.c
        query = select(t.draft).where(columns.tenant == self._tenant, columns.expires_at > now)
        if officer is not None:
            query = query.where(columns.officer == officer)
        ordered = query.order_by(columns.created_at.desc(), columns.draft_id).limit(limit)
        with self._database.reading() as connection:
            return [_aside(row) for row in connection.execute(ordered).all()]

    def drop(self, draft_id: UUID) -> None:
        """Throw a draft away; one that is not there is gone already."""
        columns = t.draft.c
        with self._database.writing() as connection:
            connection.execute(
                delete(t.draft).where(columns.tenant == self._tenant, columns.draft_id == draft_id)
            )

    def destroy(self, now: datetime) -> int:
        """Destroy the drafts that are too old; returns how many."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(t.draft).where(*self._too_old(now)))
        return gone.rowcount

    def _too_old(self, now: datetime) -> tuple[ColumnElement[bool], ...]:
        return (t.draft.c.tenant == self._tenant, t.draft.c.expires_at <= now)


def _aside(row: Row[Any]) -> Aside:
    return Aside(row.draft_id, row.officer, row.created_at, row.expires_at, sealed_of(row))

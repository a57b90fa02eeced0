# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who looked at a record of the casebook, and why. What was written is never changed; it goes after thirteen months."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from register.municipal.dossier import LOOKS_KEPT, Look
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase


class LookStore:
    """The looks of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def put(self, look: Look) -> bool:
        """Keep a look, durable before anything is shown; False if this very look was kept before."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(t.look).values(tenant=self._tenant, **vars(look)))
        except IntegrityError:
            return False
        return True

    def of(self, signal_id: UUID) -> list[Look]:
        """Who looked at one signal, newest first."""
        columns = t.look.c
        query = select(t.look).where(columns.tenant == self._tenant, columns.signal_id == signal_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.at.desc(), columns.look_id).limit(100)).all()
        return [
            Look(
                look_id=row.look_id,
                signal_id=row.signal_id,
                officer=row.officer,
                role=row.role,
                reason=row.reason,
                attributes=row.attributes,
                at=row.at,
            )
            for row in rows
        ]

    def destroy(self, now: datetime) -> int:
        """Destroy looks of more than thirteen months ago; returns how many."""
        columns = t.look.c
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(t.look).where(columns.tenant == self._tenant, columns.at <= now - LOOKS_KEPT)
            )
        return gone.rowcount

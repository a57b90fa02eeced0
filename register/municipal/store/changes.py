# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Changes of signals that were asked for in one organisation and not dealt with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select

from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase


class ChangeStore:
    """What was asked in one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def put(self, signal_id: UUID, officer: str, wish: str, moment: datetime) -> None:
        """Keep a wish, in the place of one about the same signal."""
        columns = t.change_request.c
        row = {"signal_id": signal_id, "officer": officer, "wish": wish, "at": moment}
        with self._database.writing() as connection:
            connection.execute(
                delete(t.change_request).where(columns.tenant == self._tenant, columns.signal_id == signal_id)
            )
            connection.execute(insert(t.change_request).values(tenant=self._tenant, **row))

    def waiting(self) -> list[tuple[UUID, str, str, datetime]]:
        """Signal, officer, wish and moment, oldest first."""
        columns = t.change_request.c
        query = (
            select(columns.signal_id, columns.officer, columns.wish, columns.at)
            .where(columns.tenant == self._tenant)
            .order_by(columns.at, columns.signal_id)
        )
        with self._database.reading() as connection:
            return [(row.signal_id, row.officer, row.wish, row.at) for row in connection.execute(query)]

    def settle(self, signal_id: UUID) -> None:
        """It was dealt with."""
        columns = t.change_request.c
        with self._database.writing() as connection:
            connection.execute(
                delete(t.change_request).where(columns.tenant == self._tenant, columns.signal_id == signal_id)
            )

    def destroy(self) -> int:
        """Forget what was asked of signals that are gone; gives how many."""
        columns, book = t.change_request.c, t.casebook.c
        there = select(book.signal_id).where(book.tenant == self._tenant)
        with self._database.writing() as connection:
            return connection.execute(
                delete(t.change_request).where(
                    columns.tenant == self._tenant, columns.signal_id.not_in(there)
                )
            ).rowcount

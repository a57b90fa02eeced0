# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What one organisation did in a time, counted from what its node keeps anyway; no table of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from register.municipal.mirror import Counts
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase


class MirrorStore:
    """The counts of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def counted(self, begin: datetime, end: datetime) -> Counts:
        """What was done from `begin` to before `end`."""
        outcome = func.coalesce(t.control_outcome.c.outcome, "")
        return Counts(
            done=self._per(self._of(t.receipt, t.receipt.c.kind, func.count(), t.receipt.c.at, begin, end)),
            outcomes=self._per(
                self._of(t.control_outcome, outcome, func.count(), t.control_outcome.c.asked_at, begin, end)
            ),
            refused=self._per(
                self._of(
                    t.refusal, t.refusal.c.code, func.sum(t.refusal.c.times), t.refusal.c.minute, begin, end
                )
            ),
        )

    def _of(  # noqa: PLR0913, PLR0917 - one statement in its parts
        self,
        table: Table,
        what: ColumnElement[str],
        number: ColumnElement[int],
        moment: ColumnElement[datetime],
        begin: datetime,
        end: datetime,
    ) -> Select[Any]:
        within = (table.c.tenant == self._tenant, moment >= begin, moment < end)
        return select(what, number).where(*within).group_by(what)

    def _per(self, query: Select[Any]) -> dict[str, int]:
        with self._database.reading() as connection:
            return {what: int(number) for what, number in connection.execute(query)}

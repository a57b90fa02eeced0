# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What one organisation did in a time, counted from what its node keeps anyway; no table of its own."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, func, select

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
        receipt, outcome, refusal = t.receipt.c, t.control_outcome.c, t.refusal.c
        came = func.coalesce(outcome.outcome, "")
        return Counts(
            done=self._per(receipt.kind, func.count(), receipt.at, (begin, end)),
            outcomes=self._per(came, func.count(), outcome.asked_at, (begin, end)),
            refused=self._per(refusal.code, func.sum(refusal.times), refusal.minute, (begin, end)),
        )

    def _per(
        self,
        what: ColumnElement[str],
        number: ColumnElement[int],
        moment: Column[datetime],
        span: tuple[datetime, datetime],
    ) -> dict[str, int]:
        begin, end = span
        within = (moment.table.c.tenant == self._tenant, moment >= begin, moment < end)
        query = select(what, number).where(*within).group_by(what)
        with self._database.reading() as connection:
            return {str(code): int(times) for code, times in connection.execute(query)}

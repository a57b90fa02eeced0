# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Adding points to the running totals of a request, all or none.

One transaction: destroy what is past its term, add to each total, and stop at the first that goes over its limit, which takes everything
back. Adding is one upsert that returns the new total, so that no other request comes between reading and writing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete
from sqlalchemy.dialects import postgresql, sqlite

from pseudonymisation.keyholder.quota import KEPT, Counter, Window
from pseudonymisation.keyholder.store.schema import quota_count

_MINUTES_KEPT = timedelta(hours=1)


class _OverLimit(Exception):
    def __init__(self, counter: Counter) -> None:
        super().__init__("over the limit")
        self.counter = counter


class Counts:
    """The totals of one key holder."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Two spellings of one statement; SQLAlchemy has no common one.
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def add(self, counters: Sequence[Counter], points: int, moment: datetime) -> Counter | None:
        """Add points to every total; durable when this returns.

        Returns:
            None when all totals are within their limits, else the first that is not; nothing is then counted.
        """
        try:
            with self._engine.begin() as connection:
                _destroy_expired(connection, moment)
                for counter in counters:
                    self._add(connection, counter, points)
        except _OverLimit as over:
            return over.counter
        return None

    def _add(self, connection: Connection, counter: Counter, points: int) -> None:
        insert = self._insert(quota_count).values(
            organisation=counter.organisation,
            officer=counter.officer,
            action=counter.action,
            span=str(counter.window),
            start=counter.start,
            points=points,
        )
        upsert = insert.on_conflict_do_update(
            index_elements=list(quota_count.primary_key.columns),
            set_={"points": quota_count.c.points + insert.excluded.points},
        ).returning(quota_count.c.points)
        if connection.execute(upsert).scalar_one() > counter.limit:
            raise _OverLimit(counter)


def _destroy_expired(connection: Connection, moment: datetime) -> None:
    for window, kept in ((Window.MINUTE, _MINUTES_KEPT), (Window.DAY, KEPT)):
        connection.execute(
            delete(quota_count).where(
                quota_count.c.span == str(window), quota_count.c.start < int((moment - kept).timestamp())
            )
        )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Adding points to the running totals of a request, all or none; and destroying totals past their term.

One transaction: add to each total, and stop at the first that goes over its limit, which takes everything back. Adding is one upsert that
returns the new total, so that no other request comes between reading and writing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from pseudonymisation.keyholder.quota import KEPT, Counter, Window
from pseudonymisation.keyholder.store.schema import quota_count

MINUTES_KEPT = timedelta(hours=1)
"""How long the totals of minutes stay."""


class _OverLimit(Exception):
    def __init__(self, counter: Counter) -> None:
        super().__init__("over the limit")
        self.counter = counter


class Counts:
    """The totals of one key holder."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._upsert = _upsert(engine.dialect.name)

    def add(self, counters: Sequence[Counter], points: int) -> Counter | None:
        """Add points to every total; durable when this returns.

        Returns:
            None when all totals are within their limits, else the first that is not; nothing is then counted.
        """
        try:
            with self._engine.begin() as connection:
                for counter in counters:
                    self._add(connection, counter, points)
        except _OverLimit as over:
            return over.counter
        return None

    def destroy_old(self, moment: datetime) -> int:
        """Destroy the totals of minutes and days past their term; gives how many there were."""
        columns, count = quota_count.c, 0
        with self._engine.begin() as connection:
            for window, kept in ((Window.MINUTE, MINUTES_KEPT), (Window.DAY, KEPT)):
                old = int((moment - kept).timestamp())
                past = delete(quota_count).where(columns.span == str(window), columns.start < old)
                count += connection.execute(past).rowcount
        return count

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def _add(self, connection: Connection, counter: Counter, points: int) -> None:
        row = {
            "organisation": counter.organisation,
            "officer": counter.officer,
            "action": counter.action,
            "span": str(counter.window),
            "start": counter.start,
            "points": points,
        }
        if connection.execute(self._upsert, row).scalar_one() > counter.limit:
            raise _OverLimit(counter)


def _upsert(dialect: str) -> ReturningInsert[int]:
    """The one statement of every request, made once. Two spellings; SQLAlchemy has no common one."""
    new = postgresql.insert(quota_count) if dialect == "postgresql" else sqlite.insert(quota_count)
    return new.on_conflict_do_update(
        index_elements=list(quota_count.primary_key.columns),
        set_={"points": quota_count.c.points + new.excluded.points},
    ).returning(quota_count.c.points)

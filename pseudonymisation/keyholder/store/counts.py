# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Adding points to the running totals of a request, all or none; and destroying totals past their term.

One transaction: add to each total, and stop at the first that goes over its limit, which takes everything back (`audit.store.counting`). That a limit was
reached is kept as well, in a transaction of its own: nobody but the officer hears of a refusal otherwise, and the account of the day tells it to the register.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Engine, delete, select

from audit.store.counting import adding
from process.windows import Window
from pseudonymisation.keyholder.quota import KEPT, Counter
from pseudonymisation.keyholder.store.schema import quota_count, quota_reached
from pseudonymisation.receipts import Counted, Reached

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
        self._upsert = adding(quota_count, quota_count.c.points, engine.dialect.name)
        self._once_more = adding(quota_reached, quota_reached.c.times, engine.dialect.name)

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

    def reached(self, counter: Counter, moment: datetime) -> None:
        """Keep that this limit refused somebody; durable when this returns."""
        row = {
            "organisation": counter.organisation,
            "officer": counter.officer,
            "action": counter.action,
            "span": str(counter.window),
            "day": Window.DAY.start(moment),
            "times": 1,
            "first_at": moment.replace(microsecond=0),
        }
        with self._engine.begin() as connection:
            connection.execute(self._once_more, row)

    def of_day(self, day: date) -> tuple[tuple[Counted, ...], tuple[Reached, ...]]:
        """What was evaluated on a day (UTC) by organisation and action, and which limits were reached."""
        start = int(datetime.combine(day, time(), UTC).timestamp())
        count, limit = quota_count.c, quota_reached.c
        counts = (
            select(count.organisation, count.action, count.points)
            .where(count.officer == "", count.span == str(Window.DAY), count.start == start)
            .order_by(count.organisation, count.action)
        )
        limits = select(quota_reached).where(limit.day == start).order_by(*quota_reached.primary_key.columns)
        with self._engine.begin() as connection:
            counted = tuple(Counted(*row) for row in connection.execute(counts) if row.points)
            rows = connection.execute(limits).all()
        return counted, tuple(
            Reached(row.organisation, row.officer, row.action, row.span, row.times, row.first_at)
            for row in rows
        )

    def destroy_old(self, moment: datetime) -> int:
        """Destroy the totals of minutes and days past their term; gives how many there were."""
        columns, count = quota_count.c, 0
        with self._engine.begin() as connection:
            for window, kept in ((Window.MINUTE, MINUTES_KEPT), (Window.DAY, KEPT)):
                old = int((moment - kept).timestamp())
                past = delete(quota_count).where(columns.span == str(window), columns.start < old)
                count += connection.execute(past).rowcount
            old = int((moment - KEPT).timestamp())
            count += connection.execute(delete(quota_reached).where(quota_reached.c.day < old)).rowcount
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

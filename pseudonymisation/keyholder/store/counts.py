# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Adding points to the running totals of a request, all or none, with the receipt that goes with them; and destroying what is past its term.

One transaction: add to each total, and stop at the first that goes over its limit, which takes everything back (`audit.store.counting`); the mark of the receipt
is kept in it, so that no receipt can leave that the account of its day will not name. That a limit was
reached is kept as well, in a transaction of its own: nobody but the officer hears of a refusal otherwise, and the account of the day tells it to the register.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select

from audit.store.counting import adding
from process.windows import Window
from pseudonymisation.keyholder.quota import KEPT, Counter
from pseudonymisation.keyholder.store.schema import quota_count, quota_reached, receipt_given
from pseudonymisation.receipts import MOST_REACHED, Counted, EvaluationReceipt, Reached

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

    def add(self, counters: Sequence[Counter], receipt: EvaluationReceipt, key: bytes) -> Counter | None:
        """Add the points of a receipt to every total, and keep its mark; durable when this returns.

        Args:
            counters: the totals.
            receipt: as it will be given.
            key: the public key that signs it.

        Returns:
            None when all totals are within their limits, else the first that is not; nothing is then counted.
        """
        try:
            with self._engine.begin() as connection:
                for counter in counters:
                    self._add(connection, counter, receipt.points)
                connection.execute(insert(receipt_given), _row(receipt, key))
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

    def of_day(self, day: date, key: bytes) -> tuple[tuple[Counted, ...], tuple[Reached, ...]]:
        """What was evaluated on a day (UTC) under a key by organisation and action, and which limits were reached: of an organisation `MOST_REACHED` at most."""
        limit = quota_reached.c
        limits = (
            select(quota_reached).where(limit.day == _start(day)).order_by(*quota_reached.primary_key.columns)
        )
        given: dict[tuple[str, str], dict[bytes, int]] = {}
        reached: dict[str, list[Reached]] = {}
        with self._engine.begin() as connection:
            for row in connection.execute(select(receipt_given).where(*_under(day, key))):
                given.setdefault((row.organisation, row.action), {})[bytes(row.mark)] = row.points
            for row in connection.execute(limits):
                said = (row.organisation, row.officer, row.action, row.span, row.times, row.first_at)
                reached.setdefault(row.organisation, []).append(Reached(*said))
        return (
            tuple(Counted.of(*whose, given[whose]) for whose in sorted(given)),
            tuple(one for whose in sorted(reached) for one in reached[whose][:MOST_REACHED]),
        )

    def marks(self, day: date, key: bytes, organisation: str, action: str) -> list[bytes]:
        """The marks of the receipts that one organisation got for one action on a day (UTC) under a key, in order."""
        columns = receipt_given.c
        mine = (*_under(day, key), columns.organisation == organisation, columns.action == action)
        with self._engine.begin() as connection:
            return sorted(map(bytes, connection.scalars(select(columns.mark).where(*mine))))

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
            count += connection.execute(delete(receipt_given).where(receipt_given.c.day < old)).rowcount
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


def _start(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _under(day: date, key: bytes) -> tuple[ColumnElement[bool], ...]:
    return receipt_given.c.day == _start(day), receipt_given.c.key == key


def _row(receipt: EvaluationReceipt, key: bytes) -> dict[str, object]:
    return {
        "mark": receipt.mark,
        "key": key,
        "day": Window.DAY.start(receipt.moment),
        "organisation": receipt.organisation,
        "action": receipt.action,
        "points": receipt.points,
    }

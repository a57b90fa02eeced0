# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Receipts of the key holders that came here: once used they belong to their request, and their days are compared with what the holders counted.

A receipt holds numbers and no point; of the request only the digest that the holder got. Kept as long as a holder keeps its counts.
"""

import hmac
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from pseudonymisation.receipts import Counted, EvaluationReceipt
from register.central.store import tables as t
from register.central.store.work import LoggedWork

KEPT = timedelta(days=31)


class ReceiptSpentError(ValueError):
    """A receipt was used before, for another request."""


def spend(work: LoggedWork, receipts: Sequence[EvaluationReceipt]) -> None:
    """Remember that these receipts were used; the same request may use them again.

    Raises:
        ReceiptSpentError: one was used for another request.
    """
    columns = t.evaluation_receipt.c
    numbers = {(one.holder, one.number): one for one in receipts}
    known = work.connection.execute(
        select(columns.holder, columns.number, columns.request).where(
            columns.number.in_([number for _holder, number in numbers])
        )
    ).all()
    for holder, number, request in known:
        again = numbers.pop((holder, bytes(number)), None)
        if again is not None and not hmac.compare_digest(bytes(request), again.request):
            raise ReceiptSpentError
    if numbers:
        work.connection.execute(insert(t.evaluation_receipt), [_row(one) for one in numbers.values()])


def _row(receipt: EvaluationReceipt) -> dict[str, object]:
    return {
        "holder": receipt.holder,
        "number": receipt.number,
        # The holder counts by its own clock, and so is its day.
        "day": receipt.moment.astimezone(UTC).date(),
        "organisation": receipt.organisation,
        "action": receipt.action,
        "points": receipt.points,
        "request": receipt.request,
    }


def seen_on(connection: Connection, holder: int, day: date) -> list[Counted]:
    """The points in the receipts of one holder and day, by organisation and action."""
    columns = t.evaluation_receipt.c
    rows = connection.execute(
        select(columns.organisation, columns.action, func.sum(columns.points))
        .where(columns.holder == holder, columns.day == day)
        .group_by(columns.organisation, columns.action)
    )
    return [Counted(organisation, action, int(points)) for organisation, action, points in rows]


def reconciled_since(connection: Connection, holder: int, first: date) -> set[date]:
    """The days from `first` on that were compared with this holder's account."""
    columns = t.reconciled.c
    query = select(columns.day).where(columns.holder == holder, columns.day >= first)
    return set(connection.scalars(query))


def mark_reconciled(connection: Connection, holder: int, day: date, at: datetime, differences: int) -> None:
    """Remember that a day was compared, and how many differences there were."""
    row = {"holder": holder, "day": day, "at": at, "differences": differences}
    connection.execute(insert(t.reconciled).values(**row))


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy receipts past their term; gives how many."""
    past = t.evaluation_receipt.c.day < (moment - KEPT).date()
    connection.execute(delete(t.reconciled).where(t.reconciled.c.day < (moment - 2 * KEPT).date()))
    return connection.execute(delete(t.evaluation_receipt).where(past)).rowcount

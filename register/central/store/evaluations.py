# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Receipts of the key holders that came here: each is used once, and their days are compared with what the holders counted.

A receipt holds numbers and no point; of the request only the digest that the holder got. Kept as long as a holder keeps its counts. A holder is known here by the
public key of its receipts: its index may be another's tomorrow.

A receipt is spent by its mark under that key and by nothing else in it. The mark is of the whole text, which names organisation and request, so no receipt spends that
of another, whatever number its holder gave it; and another request cannot show it (`register.evaluations`). A number given twice is told with the day of its holder.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from audit.note import Verifier
from pseudonymisation.receipts import EvaluationReceipt
from register.central.store import tables as t
from register.central.store.work import LoggedWork

KEPT = timedelta(days=31)

COMPARED = "vergeleken"
REFUSED = "geweigerd"
"""Its account was not believed, and that was told."""
LEFT_OPEN = "open"
"""The key is no longer pinned, so nobody can be asked; that was told."""


class ReceiptSpentError(ValueError):
    """A receipt was used before."""


def spend(work: LoggedWork, receipts: Sequence[EvaluationReceipt], keys: Mapping[int, Verifier]) -> None:
    """Remember that these receipts were used.

    Args:
        work: the transaction of their request, which is the first of its kind: what is sent again uses nothing again.
        receipts: all that it uses.
        keys: index of a holder -> the key that signed.

    Raises:
        ReceiptSpentError: one of them was used before; none of them is used now.
    """
    rows = [_row(one, keys[one.holder].public_key) for one in receipts]
    try:
        with work.connection.begin_nested():
            work.connection.execute(insert(t.evaluation_receipt), rows)
    except IntegrityError:
        raise ReceiptSpentError from None


def _row(receipt: EvaluationReceipt, key: bytes) -> dict[str, object]:
    return {
        "holder": receipt.holder,
        "number": receipt.number,
        # The holder counts by its own clock, and so is its day.
        "day": receipt.moment.astimezone(UTC).date(),
        "organisation": receipt.organisation,
        "action": receipt.action,
        "points": receipt.points,
        "request": receipt.request,
        "holder_key": key,
        "epoch": receipt.epoch,
        "mark": receipt.mark,
    }


def seen_on(connection: Connection, key: bytes, day: date) -> dict[tuple[str, str], dict[bytes, int]]:
    """The receipts under one key of one day: organisation and action -> mark -> points."""
    columns = t.evaluation_receipt.c
    rows = connection.execute(
        select(columns.organisation, columns.action, columns.mark, columns.points).where(
            columns.holder_key == key, columns.day == day
        )
    )
    found: dict[tuple[str, str], dict[bytes, int]] = {}
    for organisation, action, mark, points in rows:
        found.setdefault((organisation, action), {})[bytes(mark)] = points
    return found


def numbers_given_again(connection: Connection, key: bytes, day: date) -> int:
    """How many numbers of receipts of this day stand on more than one receipt under this key, of this day or another that is kept."""
    mine, other = t.evaluation_receipt.c, t.evaluation_receipt.alias().c
    again = (other.holder == mine.holder, other.number == mine.number, other.holder_key == mine.holder_key)
    query = select(func.count(mine.number.distinct())).where(
        mine.holder_key == key, mine.day == day, *again, other.mark != mine.mark
    )
    return connection.scalars(query).one()


def keys_seen(connection: Connection, first: date, last: date) -> list[tuple[date, int, bytes]]:
    """Under which keys there are receipts of these days: day, index of the holder, key."""
    columns = t.evaluation_receipt.c
    rows = connection.execute(
        select(columns.day, columns.holder, columns.holder_key)
        .where(columns.day >= first, columns.day <= last, columns.holder_key.is_not(None))
        .distinct()
        .order_by(columns.day, columns.holder, columns.holder_key)
    )
    return [(day, holder, bytes(key)) for day, holder, key in rows]


def reconciled_since(connection: Connection, holder: int, first: date) -> set[date]:
    """The days from `first` on that software of before `holder_day` compared, when a holder was known by its index."""
    columns = t.reconciled.c
    query = select(columns.day).where(columns.holder == holder, columns.day >= first)
    return set(connection.scalars(query))


def days_of(connection: Connection, key: bytes, first: date) -> dict[date, str]:
    """How the days from `first` on stand with the holder of this key."""
    columns = t.holder_day.c
    rows = connection.execute(
        select(columns.day, columns.state).where(columns.holder_key == key, columns.day >= first)
    )
    return {row.day: row.state for row in rows}


def mark_day(  # noqa: PLR0913, PLR0917 - what a day of a holder is
    connection: Connection, holder: int, key: bytes, day: date, state: str, at: datetime, differences: int = 0
) -> None:
    """Remember how a day stands with a holder."""
    said = {"holder": holder, "state": state, "at": at, "differences": differences}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(t.holder_day).values(holder_key=key, day=day, **said)
    connection.execute(
        row.on_conflict_do_update(index_elements=list(t.holder_day.primary_key.columns), set_=said)
    )


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy receipts past their term; gives how many."""
    past = t.evaluation_receipt.c.day < (moment - KEPT).date()
    connection.execute(delete(t.reconciled).where(t.reconciled.c.day < (moment - 2 * KEPT).date()))
    connection.execute(delete(t.holder_day).where(t.holder_day.c.day < (moment - 2 * KEPT).date()))
    return connection.execute(delete(t.evaluation_receipt).where(past)).rowcount

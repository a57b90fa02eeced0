# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What an FG has to look at, what was said of it, which months were signed off, and the limits that an organisation chose.

Leaf numbers, codes and dates: what a question was about stands in the log only. A verdict is written once, but for `vraag`, which may be followed by another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Update,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

KEPT = timedelta(days=396)
"""As long as the entries that it is about can be opened (13 months)."""

QUESTION = "vraag"

SignedOff = Row[Any]
"""A month that was signed off."""


@dataclass(frozen=True)
class Draw:
    """A week that was gone through, or a month of which an FG drew.

    Attributes:
        organisation: whose.
        period: `2026-W47` or `2026-11`.
        size: of the checkpoint from which was drawn.
        throw: of an FG's die; empty for a week.
        questions: from how many.
        due_on: the last day on which its items are looked at in time.
        made_at: when.
    """

    organisation: str
    period: str
    size: int
    throw: str
    questions: int
    due_on: date
    made_at: datetime


@dataclass(frozen=True)
class Item:
    """One question to look at."""

    organisation: str
    period: str
    leaf: int
    reasons: Sequence[Mapping[str, Any]]
    due_on: date
    verdict: str | None
    reason: str | None
    reviewed_at: datetime | None
    entry: int | None


@dataclass(frozen=True)
class Standing:
    """How many items have a verdict, have none and are in time, or are late."""

    reviewed: int
    open: int
    late: int


def keep(work: LoggedWork, draw: Draw, items: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Keep a draw with its items: leaf -> why. There is none of this period yet."""
    work.connection.execute(insert(t.review_draw).values(**vars(draw)))
    rows = [
        {
            "organisation": draw.organisation,
            "period": draw.period,
            "leaf_index": leaf,
            "reasons": [dict(one) for one in why],
        }
        for leaf, why in items.items()
    ]
    if rows:
        work.connection.execute(insert(t.review_item), rows)


def keep_empty(connection: Connection, draw: Draw) -> None:
    """Keep that a period had nothing to look at."""
    connection.execute(insert(t.review_draw).values(**vars(draw)))


def drawn(connection: Connection, periods: Collection[str]) -> set[tuple[str, str]]:
    """Of which organisations and which of these periods there is a draw."""
    columns = t.review_draw.c
    rows = connection.execute(select(columns.organisation, columns.period).where(columns.period.in_(periods)))
    return {(row.organisation, row.period) for row in rows}


def newest_week(connection: Connection) -> str | None:
    """The newest week that was gone through, of whichever organisation."""
    period = t.review_draw.c.period
    newest: str | None = connection.scalar(select(func.max(period)).where(period.like("%-W%")))
    return newest


def draw_of(connection: Connection, organisations: Collection[str], period: str) -> Draw | None:
    """The draw of a period, if there is one."""
    columns = t.review_draw.c
    query = select(t.review_draw).where(columns.organisation.in_(organisations), columns.period == period)
    row = connection.execute(query).first()
    return None if row is None else Draw(**row._mapping)  # noqa: SLF001 - SQLAlchemy's name for a row as a mapping


def items(
    work: LoggedWork, permit: Permit, organisations: Collection[str], reviewed_since: datetime
) -> list[Item]:
    """What has no verdict or only a question, and what got one since a moment; the oldest due first."""
    del permit
    columns = t.review_item.c
    wanted = or_(_unfinished(), columns.reviewed_at >= reviewed_since)
    query = _ITEMS.where(columns.organisation.in_(organisations), wanted)
    rows = work.connection.execute(query.order_by(t.review_draw.c.due_on, columns.leaf_index))
    return [_item(row) for row in rows]


def item(
    work: LoggedWork, permit: Permit, organisations: Collection[str], period: str, leaf: int
) -> Item | None:
    """One of them."""
    del permit
    columns = t.review_item.c
    query = _ITEMS.where(
        columns.organisation.in_(organisations), columns.period == period, columns.leaf_index == leaf
    )
    row = work.connection.execute(query).first()
    return None if row is None else _item(row)


def leaves(connection: Connection, organisations: Collection[str], since: int) -> set[int]:
    """The leaves from an index on that are among the items."""
    columns = t.review_item.c
    query = select(columns.leaf_index).where(
        columns.organisation.in_(organisations), columns.leaf_index >= since
    )
    return set(connection.scalars(query))


def judge(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork, permit: Permit, of: Item, verdict: str, reason: str, officer: str, moment: datetime
) -> bool:
    """Write a verdict where there is none, or only a question; False if there is one. The leaf of its entry is written with it."""
    del permit
    columns = t.review_item.c
    this = and_(
        columns.organisation == of.organisation,
        columns.period == of.period,
        columns.leaf_index == of.leaf,
    )
    written = work.connection.execute(
        update(t.review_item)
        .where(this, _unfinished())
        .values(verdict=verdict, reason=reason, reviewed_by=officer, reviewed_at=moment)
    )
    _with_its_entry(work, update(t.review_item).where(this))
    return written.rowcount == 1


def standing(
    connection: Connection, organisations: Collection[str], periods: Collection[str], today: date
) -> Standing:
    """How the items of these periods stand."""
    columns = t.review_draw.c
    missing = t.review_item.c.verdict.is_(None)
    query = (
        select(
            func.count().filter(~missing),
            func.count().filter(missing, columns.due_on >= today),
            func.count().filter(missing, columns.due_on < today),
        )
        .select_from(_JOINED)
        .where(columns.organisation.in_(organisations), columns.period.in_(periods))
    )
    return Standing(*connection.execute(query).one())


def verdicts(
    connection: Connection, organisations: Collection[str], periods: Collection[str]
) -> dict[str, int]:
    """How many items of these periods have which verdict."""
    columns = t.review_item.c
    query = (
        select(columns.verdict, func.count())
        .where(
            columns.organisation.in_(organisations), columns.period.in_(periods), columns.verdict.is_not(None)
        )
        .group_by(columns.verdict)
        .order_by(columns.verdict)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def verdict_leaves(
    connection: Connection, organisations: Collection[str], periods: Collection[str]
) -> list[int]:
    """Where the verdicts on the items of these periods stand in the log."""
    columns = t.review_item.c
    query = select(columns.entry).where(
        columns.organisation.in_(organisations), columns.period.in_(periods), columns.entry.is_not(None)
    )
    return list(connection.scalars(query.order_by(columns.entry)))


def late(connection: Connection, today: date) -> dict[str, int]:
    """How many items each organisation's FG should have looked at before this day, and did not."""
    columns = t.review_item.c
    query = (
        select(columns.organisation, func.count())
        .select_from(_JOINED)
        .where(columns.verdict.is_(None), t.review_draw.c.due_on < today)
        .group_by(columns.organisation)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def sign(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork, permit: Permit, organisation: str, month: str, note: str, officer: str, moment: datetime
) -> None:
    """Keep that a month was signed off at this checkpoint; the leaf of its entry is written with it."""
    del permit
    row = {
        "organisation": organisation,
        "month": month,
        "note": note,
        "signed_by": officer,
        "signed_at": moment,
    }
    columns = t.review_month.c
    work.connection.execute(insert(t.review_month).values(**row))
    this = and_(columns.organisation == organisation, columns.month == month)
    _with_its_entry(work, update(t.review_month).where(this))


def signed(connection: Connection, organisations: Collection[str], month: str) -> Row[Any] | None:
    """The sign-off of a month, if it was."""
    columns = t.review_month.c
    query = select(t.review_month).where(columns.organisation.in_(organisations), columns.month == month)
    return connection.execute(query).first()


def signed_before(connection: Connection, organisations: Collection[str], month: str) -> Row[Any] | None:
    """The last sign-off of a month before this one."""
    columns = t.review_month.c
    query = select(t.review_month).where(columns.organisation.in_(organisations), columns.month < month)
    return connection.execute(query.order_by(columns.month.desc()).limit(1)).first()


def limits(connection: Connection, organisation: str) -> dict[str, int]:
    """The limits that an organisation chose, as they are now."""
    columns = t.review_limit.c
    rows = connection.execute(
        select(columns.name, columns.height)
        .where(columns.organisation == organisation)
        .order_by(columns.changed_at)
    )
    return {row.name: row.height for row in rows}


def set_limit(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork,
    permit: Permit,
    organisation: str,
    name: str,
    height: int,
    officer: str,
    moment: datetime,
) -> None:
    """Choose a limit; what was chosen before stays on record."""
    del permit
    row = {
        "organisation": organisation,
        "name": name,
        "height": height,
        "changed_by": officer,
        "changed_at": moment,
    }
    work.connection.execute(insert(t.review_limit).values(**row))


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy draws past their term with their items, and sign-offs that a later one made superfluous; gives how many draws."""
    later = t.review_month.alias()
    old = t.review_month.c
    superseded = exists().where(later.c.organisation == old.organisation, later.c.month > old.month)
    connection.execute(delete(t.review_month).where(old.signed_at < moment - KEPT, superseded))
    gone = delete(t.review_draw).where(t.review_draw.c.made_at < moment - KEPT)
    return connection.execute(gone).rowcount


def _with_its_entry(work: LoggedWork, row: Update) -> None:
    """Once it is known, write in a row which leaf tells of it."""

    def write(index: int) -> None:
        work.connection.execute(row.values(entry=index))

    work.afterwards.append(write)


def _unfinished() -> Any:
    return or_(t.review_item.c.verdict.is_(None), t.review_item.c.verdict == QUESTION)


def _item(row: Row[Any]) -> Item:
    return Item(
        row.organisation,
        row.period,
        row.leaf_index,
        row.reasons,
        row.due_on,
        row.verdict,
        row.reason,
        row.reviewed_at,
        row.entry,
    )


_JOINED = t.review_item.join(
    t.review_draw,
    and_(
        t.review_draw.c.organisation == t.review_item.c.organisation,
        t.review_draw.c.period == t.review_item.c.period,
    ),
)
_ITEMS = select(t.review_item, t.review_draw.c.due_on).select_from(_JOINED)

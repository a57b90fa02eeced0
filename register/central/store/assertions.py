# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What people said about two subjects, kept for as long as both signals are there (`register.links`); its evidence for 30 days (R8)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, exists, insert, null, or_, select, update

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.links import EVIDENCE_DAYS, Assertion, Kind, Side, pair
from register.ports import Permit

Record = Row[Any]
"""A row as it was read, by column name: who said it, where and why."""

EVIDENCE_KEPT: Final = timedelta(days=EVIDENCE_DAYS)


def add(work: LoggedWork, permit: Permit, said: Mapping[str, Any], one: Side, other: Side) -> None:
    """Keep what somebody said about a pair.

    Args:
        work: the logged transaction.
        permit: of who says it.
        said: the columns but those of the pair.
        one: a subject.
        other: a subject of another signal.

    Raises:
        ValueError: both are of one signal.
    """
    del permit
    first, second = sorted(pair(one, other))
    work.connection.execute(
        insert(t.link_assertion).values(
            **said, signal_a=first.signal_id, ref_a=first.ref, signal_b=second.signal_id, ref_b=second.ref
        )
    )


def of_signals(work: LoggedWork, permit: Permit, signals: Collection[UUID]) -> list[Assertion]:
    """What stands about subjects of these signals. It is asked also where there are none, so that nothing found costs as many queries."""
    del permit
    columns = t.link_assertion.c
    mine = sorted(set(signals))
    rows = work.connection.execute(
        select(t.link_assertion)
        .where(columns.withdrawn_at.is_(None), or_(columns.signal_a.in_(mine), columns.signal_b.in_(mine)))
        .order_by(columns.made_at, columns.assertion_id)
    )
    return [assertion(row) for row in rows]


def one(work: LoggedWork, permit: Permit, assertion_id: UUID) -> Record | None:
    """One of them with who said it, withdrawn or not; or None."""
    del permit
    query = select(t.link_assertion).where(t.link_assertion.c.assertion_id == assertion_id)
    return work.connection.execute(query.with_for_update()).first()


def of_context(work: LoggedWork, permit: Permit, kind: str, context_id: UUID) -> list[Record]:
    """All that was said in one treffer or case, oldest first, withdrawn or not."""
    del permit
    columns = t.link_assertion.c
    query = select(t.link_assertion).where(columns.context_kind == kind, columns.context_id == context_id)
    return list(work.connection.execute(query.order_by(columns.made_at, columns.assertion_id)))


def withdraw(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork, permit: Permit, assertion_id: UUID, officer: str, reason: str, moment: datetime
) -> int:
    """It says nothing any more; gives 0 where it was withdrawn before."""
    del permit
    columns = t.link_assertion.c
    return work.connection.execute(
        update(t.link_assertion)
        .where(columns.assertion_id == assertion_id, columns.withdrawn_at.is_(None))
        .values(withdrawn_at=moment, withdrawn_by=officer, withdrawn_reason=reason)
    ).rowcount


def destroy_evidence(connection: Connection, moment: datetime) -> int:
    """Destroy on what each "niet dezelfde" of longer ago rested, and leave the bare pair (R8); gives of how many."""
    columns = t.link_assertion.c
    past = and_(
        columns.kind == Kind.NOT_SAME,
        columns.made_at <= moment - EVIDENCE_KEPT,
        columns.families.is_not(None),
    )
    return connection.execute(update(t.link_assertion).where(past).values(families=null())).rowcount


def sweep(connection: Connection) -> int:
    """Destroy those of which a signal is gone, in every version; gives how many."""
    columns = t.link_assertion.c
    there = [
        exists().where(t.signal.c.signal_id == column) for column in (columns.signal_a, columns.signal_b)
    ]
    return connection.execute(delete(t.link_assertion).where(~and_(*there))).rowcount


def assertion(row: Record) -> Assertion:
    """What a row says about its pair."""
    return Assertion(
        row.assertion_id,
        Kind(row.kind),
        pair(Side(row.signal_a, row.ref_a), Side(row.signal_b, row.ref_b)),
        None if row.families is None else frozenset(row.families),
        row.made_at,
        row.withdrawn_at,
    )

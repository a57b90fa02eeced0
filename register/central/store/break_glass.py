# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Noodopeningen, and for each organisation concerned whether its FG has reviewed it. A verdict is written once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

KEPT = timedelta(days=396)
"""As long as the log entry that says the rest (13 months)."""


@dataclass(frozen=True)
class Concerned:
    """A noodopening as one organisation has to do with it."""

    opening: Row[Any]
    organisation: str
    verdict: str | None
    reviewed_at: datetime | None


def add(work: LoggedWork, permit: Permit, opening: dict[str, Any], organisations: Iterable[str]) -> None:
    """Keep a noodopening, with a review to come for each organisation; the same one again changes nothing."""
    del permit
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.break_glass).values(**opening)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=["opening_id"]))
    for organisation in sorted(organisations):
        review = dialect.insert(t.break_glass_review).values(
            opening_id=opening["opening_id"], organisation=organisation
        )
        work.connection.execute(review.on_conflict_do_nothing(index_elements=["opening_id", "organisation"]))


def of_organisations(work: LoggedWork, permit: Permit, organisations: Collection[str]) -> list[Concerned]:
    """Those that concern one of these organisations, newest first."""
    del permit
    rows = work.connection.execute(
        select(t.break_glass, *_REVIEW)
        .join(t.break_glass_review, t.break_glass_review.c.opening_id == t.break_glass.c.opening_id)
        .where(t.break_glass_review.c.organisation.in_(organisations))
        .order_by(t.break_glass.c.opened_at.desc(), t.break_glass.c.opening_id)
    )
    return [Concerned(row, row.concerned, row.verdict, row.reviewed_at) for row in rows]


def review(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork,
    permit: Permit,
    opening_id: UUID,
    organisations: Collection[str],
    verdict: str,
    officer: str,
    moment: datetime,
) -> int:
    """Write the verdict of these organisations' FG where there is none yet; gives how many were written."""
    del permit
    columns = t.break_glass_review.c
    return work.connection.execute(
        update(t.break_glass_review)
        .where(
            columns.opening_id == opening_id,
            columns.organisation.in_(organisations),
            columns.verdict.is_(None),
        )
        .values(verdict=verdict, reviewed_by=officer, reviewed_at=moment)
    ).rowcount


def unreviewed(connection: Connection, before: date) -> dict[str, int]:
    """How many each organisation should have reviewed before this day, and did not."""
    review = t.break_glass_review.c
    rows = connection.execute(
        select(review.organisation, func.count().label("number"))
        .join(t.break_glass, t.break_glass.c.opening_id == review.opening_id)
        .where(review.verdict.is_(None), t.break_glass.c.due_on < before)
        .group_by(review.organisation)
    )
    return {row.organisation: row.number for row in rows}


def destroy_old(connection: Connection, moment: datetime, held: ColumnElement[bool]) -> int:
    """Destroy those past their term, reviewed or not; what a freeze holds stays. Gives how many."""
    past = (t.break_glass.c.opened_at < moment - KEPT, ~held)
    return connection.execute(delete(t.break_glass).where(*past)).rowcount


_REVIEW = (
    t.break_glass_review.c.organisation.label("concerned"),
    t.break_glass_review.c.verdict,
    t.break_glass_review.c.reviewed_at,
)

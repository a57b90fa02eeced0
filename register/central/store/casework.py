# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What happened to a treffer, event by event (`register.casework`): added, never changed, and gone with the treffer."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select

from audit.canonical import JSON
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

Record = Row[Any]
"""An event as it is kept."""


def add(  # noqa: PLR0913 - one row
    work: LoggedWork,
    permit: Permit,
    treffer_id: UUID,
    number: int,
    kind: str,
    *,
    by: tuple[str, str, str],
    at: datetime,
    said: Mapping[str, JSON],
) -> None:
    """Add an event. The number is that of the events before it: who was there first at once with somebody else is first, and the other gets an error of the database.

    Args:
        work: the logged transaction.
        permit: of who does it.
        treffer_id: to which treffer.
        number: how many there were.
        kind: code of what happened.
        by: organisation, pseudonymous officer and role.
        at: when.
        said: codes, days and ids.
    """
    del permit
    organisation, officer, role = by
    work.connection.execute(
        insert(t.treffer_event).values(
            treffer_id=treffer_id,
            number=number,
            kind=kind,
            organisation=organisation,
            officer=officer,
            role=role,
            at=at,
            said=dict(said),
        )
    )


def of_treffers(work: LoggedWork, permit: Permit, treffers: Collection[UUID]) -> dict[UUID, list[Record]]:
    """The events of these treffers in order."""
    del permit
    return of_rows(work.connection, treffers)


def of_rows(connection: Connection, treffers: Collection[UUID]) -> dict[UUID, list[Record]]:
    """The same for who has looked at the treffers themselves. It is asked also where there are none, so that nothing found costs as many queries."""
    columns = t.treffer_event.c
    rows = connection.execute(
        select(t.treffer_event)
        .where(columns.treffer_id.in_(sorted(treffers)))
        .order_by(columns.treffer_id, columns.number)
    )
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row.treffer_id, []).append(row)
    return found


def of_step(work: LoggedWork, permit: Permit, step: str) -> list[Record]:
    """Every event of one step, oldest first."""
    del permit
    columns = t.treffer_event.c
    query = select(t.treffer_event).where(columns.kind == step)
    return list(work.connection.execute(query.order_by(columns.at, columns.treffer_id, columns.number)))

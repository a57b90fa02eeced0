# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exclusion register: tags that tie nobody in a network, each entry with its owner and the day on which that owner looks again (`register.exclusions`).

An entry is rows of one id, one for each tag of what was pointed at. It names no value: who made it pointed at a node of a case. Tags are of one epoch of the keys, so a rotation leaves entries that match
nothing; they stay in the list until their owner makes them anew.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.exclusions import Exclusion
from register.ports import Permit


def add(work: LoggedWork, permit: Permit, entry: Mapping[str, Any], tags: Iterable[bytes]) -> None:
    """Keep an entry for these tags, unless this very entry is there."""
    del permit
    known = select(t.exclusion.c.tag).where(t.exclusion.c.exclusion_id == entry["exclusion_id"]).limit(1)
    if work.connection.scalar(known) is None:
        work.connection.execute(insert(t.exclusion), [{**entry, "tag": tag} for tag in sorted(set(tags))])


def among(work: LoggedWork, permit: Permit, tags: Iterable[bytes], today: date) -> set[bytes]:
    """Those of these tags that tie nobody. It is asked also where there are none, so that nothing found costs as many queries."""
    del permit, today
    columns = t.exclusion.c
    rows = work.connection.execute(
        select(columns.tag).where(columns.tag.in_(sorted(set(tags))), columns.ended_at.is_(None))
    )
    return {row.tag for row in rows}


def of_organisation(work: LoggedWork, permit: Permit, organisations: Iterable[str]) -> list[Exclusion]:
    """The entries of these organisations that hold, the one to look at first before others."""
    del permit
    columns = t.exclusion.c
    rows = work.connection.execute(
        select(columns.exclusion_id, columns.kind, columns.family, columns.organisation, columns.recheck_on)
        .where(columns.organisation.in_(sorted(organisations)), columns.ended_at.is_(None))
        .distinct()
        .order_by(columns.recheck_on, columns.exclusion_id)
    )
    return [
        Exclusion(row.exclusion_id, row.kind, row.family, row.organisation, row.recheck_on) for row in rows
    ]


def end(work: LoggedWork, permit: Permit, exclusion_id: UUID, officer: str, moment: datetime) -> None:
    """It holds no more; a second end changes nothing."""
    del permit
    columns = t.exclusion.c
    work.connection.execute(
        update(t.exclusion)
        .where(columns.exclusion_id == exclusion_id, columns.ended_at.is_(None))
        .values(ended_at=moment, ended_by=officer)
    )


def overdue(connection: Connection, organisation: str, today: date) -> int:
    """How many entries of an organisation should have been looked at again."""
    columns = t.exclusion.c
    return int(
        connection.scalar(
            select(func.count(func.distinct(columns.exclusion_id))).where(
                columns.organisation == organisation, columns.ended_at.is_(None), columns.recheck_on <= today
            )
        )
        or 0
    )


def sweep(connection: Connection) -> int:
    """Destroy the entries that were ended; gives how many rows."""
    return connection.execute(delete(t.exclusion).where(t.exclusion.c.ended_at.is_not(None))).rowcount

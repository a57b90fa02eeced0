# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Sealed decision records: added with a log entry (`register.central.store.work`), read by who decides again, destroyed after their term."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from register.central.store import tables as t
from register.ports import Permit

_AT_ONCE = 200


class Sealed(NamedTuple):
    """A record as it is kept."""

    key_id: str
    day: date
    ciphertext: bytes


def everything(connection: Connection, permit: Permit) -> Iterator[list[Sealed]]:
    """All records in order of day, some at a time."""
    del permit
    columns = t.decision_record.c
    after: tuple[date, str] | None = None
    while True:
        query = select(t.decision_record).order_by(columns.day, columns.key_id).limit(_AT_ONCE)
        if after is not None:
            day, place = after
            query = query.where((columns.day > day) | ((columns.day == day) & (columns.key_id > place)))
        found = [Sealed(row.key_id, row.day, bytes(row.ciphertext)) for row in connection.execute(query)]
        if not found:
            return
        yield found
        after = (found[-1].day, found[-1].key_id)


def before(connection: Connection, day: date, limit: int) -> list[str]:
    """Ids of records of before this day, oldest first."""
    columns = t.decision_record.c
    query = select(columns.key_id).where(columns.day < day).order_by(columns.day).limit(limit)
    return list(connection.scalars(query))


def destroy(connection: Connection, key_ids: Sequence[str]) -> None:
    """Destroy these records; their keys are destroyed elsewhere."""
    connection.execute(delete(t.decision_record).where(t.decision_record.c.key_id.in_(key_ids)))

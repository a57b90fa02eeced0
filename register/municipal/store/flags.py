# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the FG of an organisation is told of its own node: kind, officer, moment and counts, never a value.

One flag of a kind for an officer and a day: trying again adds to its counts, and an inbox that fills up with the same is not read. The backstop against plates counts here too: one mark for each signal in which a plate is the only attribute, for 24 hours. A mark says that a
signal was sent, not which: it is a keyed digest of the key under which it was sent.

Counting marks and adding one is one act: of two requests of an officer at once the second counts when the first has been written. On SQLite every transaction that
may write is alone (`audit.store.engine`); on PostgreSQL an advisory lock on organisation and officer sees to it, because at READ COMMITTED two at once
would both count what was there before either, and no row is there to be locked.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from register.municipal.provenance import BACKSTOP, FlagKind
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

KEPT = timedelta(days=396)
"""As long as refusals are kept (13 months)."""


@dataclass(frozen=True)
class Flag:
    """One flag: what, who, when first, and how much."""

    number: int
    kind: str
    officer: str
    at: datetime
    counts: Mapping[str, int]


class FlagStore:
    """The flags of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def put(self, kind: FlagKind, officer: str, at: datetime, counts: Mapping[str, int]) -> None:
        """Tell the FG. A second time on a day the largest counts stay, and `keren` says how often it happened."""
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        columns = t.flag.c
        today = (
            (columns.tenant == self._tenant)
            & (columns.kind == kind.value)
            & (columns.officer == officer)
            & (columns.at >= midnight)
        )
        with self._database.writing() as connection:
            known = connection.execute(select(t.flag).where(today).with_for_update()).first()
            if known is None:
                connection.execute(
                    insert(t.flag).values(
                        tenant=self._tenant,
                        kind=kind.value,
                        officer=officer,
                        at=at,
                        counts={**counts, "keren": 1},
                    )
                )
                return
            larger = {name: max(known.counts.get(name, 0), number) for name, number in counts.items()}
            connection.execute(
                update(t.flag)
                .where(columns.tenant == self._tenant, columns.number == known.number)
                .values(counts={**known.counts, **larger, "keren": known.counts["keren"] + 1})
            )

    def flags(self) -> list[Flag]:
        """All flags that are kept, the newest first."""
        columns = t.flag.c
        query = select(t.flag).where(columns.tenant == self._tenant).order_by(columns.number.desc())
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Flag(row.number, row.kind, row.officer, row.at, row.counts) for row in rows]

    def lone_plates(self, officer: str, now: datetime) -> int:
        """How many signals with only a plate this officer sent in the last 24 hours."""
        with self._database.reading() as connection:
            return self._count(connection, officer, now)

    def mark_lone_plate(self, officer: str, mark: bytes, now: datetime, limit: int) -> bool:
        """Count one more, unless `limit` is reached; the same mark counts once. False if there is no room."""
        known = select(t.lone_plate.c.mark).where(self._of(officer), t.lone_plate.c.mark == mark)
        try:
            with self._database.writing() as connection:
                self._one_by_one(connection, officer)
                if connection.execute(known).first() is not None:
                    return True
                if self._count(connection, officer, now) >= limit:
                    return False
                connection.execute(
                    insert(t.lone_plate).values(tenant=self._tenant, officer=officer, mark=mark, at=now)
                )
        except IntegrityError:
            # Counted at the same moment by another request with the same key.
            return True
        return True

    def _one_by_one(self, connection: Connection, officer: str) -> None:
        """Whoever else counts for this officer waits here until this transaction is over."""
        if connection.dialect.name != "postgresql":
            return
        # Two officers whose numbers are the same wait for each other, and nothing else comes of it.
        name = hashlib.sha256(f"{t.lone_plate.name}/{self._tenant}/{officer}".encode()).digest()
        number = int.from_bytes(name[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))

    def _of(self, officer: str) -> ColumnElement[bool]:
        columns = t.lone_plate.c
        return (columns.tenant == self._tenant) & (columns.officer == officer)

    def _count(self, connection: Connection, officer: str, now: datetime) -> int:
        query = (
            select(func.count())
            .select_from(t.lone_plate)
            .where(self._of(officer), t.lone_plate.c.at > now - BACKSTOP)
        )
        return connection.execute(query).scalar_one()

    def destroy(self, now: datetime) -> int:
        """Remove flags after 13 months, and marks after 24 hours; returns how many flags."""
        with self._database.writing() as connection:
            connection.execute(
                delete(t.lone_plate).where(
                    t.lone_plate.c.tenant == self._tenant, t.lone_plate.c.at <= now - BACKSTOP
                )
            )
            gone = connection.execute(
                delete(t.flag).where(t.flag.c.tenant == self._tenant, t.flag.c.at < now - KEPT)
            )
        return gone.rowcount

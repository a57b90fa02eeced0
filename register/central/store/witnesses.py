# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Cosignatures that witnesses gave, one for each checkpoint and witness, and what each witness said last.

A cosignature is added and never changed; a witness is known here by its public key. Beside the checkpoint, whose own row nobody may change.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from audit.cosignature import Witness
from register.central.store import tables as t
from register.witnesses import Heard, Said

LOOKED_BACK = 20_000
"""How many cosignatures are looked through for a checkpoint that enough witnesses vouch for: a public question must not read for ever."""


def key_of(witness: Witness) -> str:
    """By which a witness is known here."""
    return witness.public_key.hex()


def add(  # noqa: PLR0913, PLR0917 - the columns
    connection: Connection, size: int, witness: Witness, seconds: int, line: str, moment: datetime
) -> bool:
    """Keep a verified cosignature; False if there is one of this witness on this checkpoint."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"size": size, "witness": key_of(witness), "seconds": seconds, "line": line, "at": moment}
    new = dialect.insert(t.cosignature).values(row).on_conflict_do_nothing()
    return connection.execute(new).rowcount > 0


def lines(connection: Connection, size: int) -> dict[str, str]:
    """The cosignatures on a checkpoint, by witness."""
    columns = t.cosignature.c
    rows = connection.execute(select(columns.witness, columns.line).where(columns.size == size))
    return {row.witness: row.line for row in rows}


def newest_with(
    connection: Connection, witnesses: Collection[str], needed: int
) -> tuple[int, datetime] | None:
    """The largest checkpoint that so many of these witnesses vouch for, and when the last of them did."""
    columns = t.cosignature.c
    late = (
        select(columns.size, columns.at)
        .where(columns.witness.in_(witnesses))
        .order_by(columns.size.desc())
        .limit(LOOKED_BACK)
        .subquery()
    )
    found = connection.execute(
        select(late.c.size, func.max(late.c.at).label("at"))
        .group_by(late.c.size)
        .having(func.count() >= needed)
        .order_by(late.c.size.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else (found.size, found.at)


def enlist(connection: Connection, witnesses: Collection[str], moment: datetime) -> None:
    """Make a state for witnesses that have none."""
    known = set(connection.scalars(select(t.witness_state.c.witness)))
    fresh = [
        {"witness": one, "said": Said.NOTHING.value, "since": moment, "size": 0}
        for one in witnesses
        if one not in known
    ]
    if fresh:
        connection.execute(insert(t.witness_state), fresh)


def heard(connection: Connection) -> dict[str, Heard]:
    """What each witness said last, by witness."""
    return {
        row.witness: Heard(Said(row.said), row.since, row.size, row.confirmed_at, row.seen)
        for row in connection.execute(select(t.witness_state))
    }


def put(connection: Connection, witness: str, told: Mapping[str, object]) -> None:
    """Keep what a witness said."""
    mine = t.witness_state.c.witness == witness
    connection.execute(update(t.witness_state).where(mine).values(**told))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which epoch of the keys is in force, and the rows of a rotation: tags and points of the next key, beside those that answer.

1. A posting counts while its epoch lies between `since` (the first epoch under the present key) and `epoch` (the one in force). A re-sharing moves `epoch`; a
   rotation moves both, in one row: that is the switch. Postings of the next key have a higher epoch until then, and those of before a lower one afterwards.
2. Every logged transaction holds the epoch (`hold`), first of all: shared, so that requests do not wait for each other, or alone, for whoever writes
   postings of the next key, or switches. So no request straddles a switch, and what is withdrawn does not come back from a batch that was under way. SQLite
   has one writer anyway.
3. While a rotation is under way, a signal that comes in leaves its number (`arrived`): the walk over all signals may have passed that place.
4. Without a row the epoch is that of the settings: the keys of that register never changed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from audit.store.engine import read_only
from audit.store.settling import LATER
from register.central.store import tables as t

_LOCK = 0x5EEDED
"""Key of PostgreSQL's advisory lock on the epoch; per database, as such locks are."""

PATIENCE_SECONDS = 1
"""How long whoever wants the epoch alone waits for it: meanwhile everybody who comes later waits behind it."""


@dataclass(frozen=True)
class Standing:
    """The epoch in force.

    Attributes:
        epoch: what a request must name.
        since: the first epoch under the present key.
        fingerprint: of the public keyset; None while the keys never changed here.
    """

    epoch: int
    since: int
    fingerprint: str | None = None


class Rotation(NamedTuple):
    """A rotation that is under way: to which epoch and key, and how far it is."""

    keyset: str
    epoch: int
    before: str
    after: str
    key: bytes
    total: int
    done: int
    reached: UUID | None
    started_at: datetime
    converted_at: datetime | None
    switched_at: datetime | None
    finished_at: datetime | None

    @property
    def converting(self) -> bool:
        """It was neither switched nor abandoned."""
        return self.switched_at is None and self.finished_at is None

    @property
    def abandoned(self) -> bool:
        """It was taken back before the switch; what was converted is being destroyed."""
        return self.switched_at is None and self.finished_at is not None


class Subject(NamedTuple):
    """Whose postings."""

    signal_id: UUID
    version: int
    ref: str


class Stored(NamedTuple):
    """A posting as a rotation reads it."""

    family: str
    sealed_point: bytes


class Fresh(NamedTuple):
    """A posting as a rotation writes it."""

    family: str
    tag: bytes
    sealed_point: bytes


def hold(connection: Connection, *, alone: bool = False, settling: bool = False) -> None:
    """Keep the epoch as it is until this transaction ends; the first thing in it, so that nobody waits for each other.

    Args:
        connection: in the transaction.
        alone: nobody else holds it meanwhile.
        settling: the caller settles after the commit (`audit.store.settling`).

    Raises:
        Outage: alone, and others did not let go of it in time.
    """
    if connection.dialect.name == "postgresql":
        if alone:
            connection.execute(select(func.set_config("lock_timeout", f"{PATIENCE_SECONDS}s", True)))  # noqa: FBT003 - for this transaction only
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(_LOCK), LATER) if settling else select(lock(_LOCK)))


def standing(connection: Connection, keyset: str, initial: int) -> Standing:
    """The epoch in force; `initial` where the keys never changed."""
    row = connection.execute(select(t.keyset_state).where(t.keyset_state.c.keyset == keyset)).first()
    return Standing(initial, initial) if row is None else Standing(row.epoch, row.since, row.fingerprint)


def set_standing(connection: Connection, keyset: str, found: Standing) -> None:
    """Put an epoch in force."""
    values = {"epoch": found.epoch, "since": found.since, "fingerprint": found.fingerprint}
    done = connection.execute(
        update(t.keyset_state).where(t.keyset_state.c.keyset == keyset).values(**values)
    )
    if not done.rowcount:
        connection.execute(insert(t.keyset_state).values(keyset=keyset, **values))


def settled(engine: Engine, keyset: str, initial: int, settle: Callable[[Standing], Standing]) -> Standing:
    """Put in force what `settle` makes of what is in force; two that do so at once do it one after the other."""
    with engine.begin() as connection:
        hold(connection, alone=True)
        found = settle(standing(connection, keyset, initial))
        set_standing(connection, keyset, found)
    return found


def look(engine: Engine, keyset: str, initial: int) -> tuple[Standing, bool]:
    """What a process finds when it starts: the epoch in force, and whether there are postings of another than `initial`."""
    with read_only(engine).connect() as connection:
        return standing(connection, keyset, initial), of_other_epochs(connection, keyset, initial)


def of_other_epochs(connection: Connection, keyset: str, epoch: int) -> bool:
    """Whether there are postings of another epoch than this one."""
    columns = t.posting.c
    return bool(connection.scalar(select(exists().where(columns.keyset == keyset, columns.epoch != epoch))))


def counts() -> ColumnElement[bool]:
    """The condition under which a posting is of the key in force."""
    state, column = t.keyset_state.c, t.posting.c
    row = exists().where(state.keyset == column.keyset)
    fits = row.where(column.epoch.between(state.since, state.epoch))
    return or_(~row.correlate(t.posting), fits.correlate(t.posting))


def arrived(connection: Connection, keyset: str, signal_id: UUID) -> None:
    """Remember a signal that came in while a rotation is under way."""
    columns, known = t.rotation.c, t.rotation_arrival.c
    under_way = exists().where(
        columns.keyset == keyset, columns.switched_at.is_(None), columns.finished_at.is_(None)
    )
    there = exists().where(known.signal_id == signal_id)
    row = select(literal(signal_id, known.signal_id.type)).where(under_way, ~there)
    connection.execute(insert(t.rotation_arrival).from_select(["signal_id"], row))


def rotation(connection: Connection, keyset: str) -> Rotation | None:
    """The rotation that is under way, or None."""
    row = connection.execute(select(t.rotation).where(t.rotation.c.keyset == keyset)).first()
    return None if row is None else Rotation(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def begin(connection: Connection, values: dict[str, Any]) -> None:
    """Begin a rotation; what came in before is counted as work to do."""
    columns = t.posting.c
    total = connection.scalar(
        select(func.count()).select_from(t.posting).where(columns.keyset == values["keyset"])
    )
    connection.execute(insert(t.rotation).values(**values, total=total, done=0))


def change(connection: Connection, keyset: str, **values: Any) -> None:
    """Change the rotation that is under way."""
    connection.execute(update(t.rotation).where(t.rotation.c.keyset == keyset).values(**values))


def end(connection: Connection, keyset: str) -> None:
    """Forget a rotation that is finished or was abandoned."""
    connection.execute(delete(t.rotation_arrival))
    connection.execute(delete(t.rotation).where(t.rotation.c.keyset == keyset))


def signals_after(connection: Connection, reached: UUID | None, limit: int) -> list[UUID]:
    """The next signals with postings, in the order of their numbers."""
    column = t.posting.c.signal_id
    query = select(column).distinct().order_by(column).limit(limit)
    return list(connection.scalars(query if reached is None else query.where(column > reached)))


def arrivals(connection: Connection, limit: int) -> list[UUID]:
    """Signals that came in meanwhile."""
    column = t.rotation_arrival.c.signal_id
    return list(connection.scalars(select(column).order_by(column).limit(limit)))


def points_left(connection: Connection, keyset: str, epoch: int, signals: Collection[UUID]) -> int:
    """How many points of these signals are still to be multiplied to this epoch."""
    columns = t.posting.c
    subjects = (
        select(func.count().label("points"))
        .where(columns.signal_id.in_(signals), columns.keyset == keyset)
        .group_by(columns.signal_id, columns.version, columns.ref)
        .having(func.max(columns.epoch) < epoch)
        .subquery()
    )
    return int(connection.scalar(select(func.coalesce(func.sum(subjects.c.points), 0))) or 0)


def little_left(connection: Connection, found: Rotation, bound: int) -> bool:
    """Whether no more than so many points, of no more than so many signals, came in and are still to be multiplied."""
    left = arrivals(connection, bound + 1)
    return len(left) <= bound and points_left(connection, found.keyset, found.epoch, left) <= bound


def forget_arrivals(connection: Connection, signals: Collection[UUID]) -> None:
    """These have been seen to."""
    connection.execute(delete(t.rotation_arrival).where(t.rotation_arrival.c.signal_id.in_(signals)))


def to_convert(
    connection: Connection, keyset: str, epoch: int, signals: Collection[UUID]
) -> dict[Subject, list[Stored]]:
    """The postings of these signals before this epoch, by subject, of subjects that have none of this epoch yet."""
    open_ = open_subjects(connection, keyset, epoch, signals)
    columns = t.posting.c
    key = (columns.signal_id, columns.version, columns.ref)
    found: dict[Subject, list[Stored]] = {subject: [] for subject in open_}
    if open_:
        # In the order of the index, so that a subject is read once and not once for each of its rows.
        rows = connection.execute(
            select(*key, columns.family, columns.sealed_point).where(
                columns.signal_id.in_({subject.signal_id for subject in open_}),
                columns.keyset == keyset,
                columns.epoch < epoch,
            )
        )
        for signal_id, version, ref, family, sealed_point in rows:
            subject = Subject(signal_id, version, ref)
            if subject in found:
                found[subject].append(Stored(family, sealed_point))
    return found


def open_subjects(connection: Connection, keyset: str, epoch: int, signals: Collection[UUID]) -> set[Subject]:
    """Subjects of these signals with postings before this epoch and none of it.

    Postings of one subject of one version come and go together, so one that is open has what it had when it was read.
    """
    columns = t.posting.c
    key = (columns.signal_id, columns.version, columns.ref)
    rows = connection.execute(
        select(*key)
        .where(columns.signal_id.in_(signals), columns.keyset == keyset)
        .group_by(*key)
        .having(func.max(columns.epoch) < epoch)
    )
    return {Subject(*row) for row in rows}


def add_open(connection: Connection, found: Rotation, rows: Mapping[Subject, Sequence[Fresh]]) -> int:
    """Add the new postings of subjects that are still there and were not done meanwhile; gives how many."""
    signals = {subject.signal_id for subject in rows}
    open_ = open_subjects(connection, found.keyset, found.epoch, signals)
    still = {subject: fresh for subject, fresh in rows.items() if subject in open_}
    return add(connection, found.keyset, found.epoch, still)


def add(connection: Connection, keyset: str, epoch: int, rows: Mapping[Subject, Sequence[Fresh]]) -> int:
    """Add postings of an epoch; gives how many."""
    values = [
        {**subject._asdict(), **row._asdict(), "keyset": keyset, "epoch": epoch}
        for subject, fresh in rows.items()
        for row in fresh
    ]
    if values:
        connection.execute(insert(t.posting), values)
    return len(values)


def destroy_before(connection: Connection, keyset: str, epoch: int, limit: int) -> int:
    """Destroy postings of before an epoch, at most so many; gives how many went."""
    return _destroy(connection, and_(t.posting.c.keyset == keyset, t.posting.c.epoch < epoch), limit)


def destroy_from(connection: Connection, keyset: str, epoch: int, limit: int) -> int:
    """Destroy postings of an epoch that never came into force, and of later ones, at most so many; gives how many went."""
    return _destroy(connection, and_(t.posting.c.keyset == keyset, t.posting.c.epoch >= epoch), limit)


def _destroy(connection: Connection, which: ColumnElement[bool], limit: int) -> int:
    columns = t.posting.c
    key = (columns.tag, columns.signal_id, columns.version, columns.ref)
    rows = connection.execute(select(*key).where(which).limit(limit)).all()
    if rows:
        connection.execute(delete(t.posting).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)


def converted(connection: Connection, keyset: str, moment: datetime) -> None:
    """All that was there has been converted."""
    change(connection, keyset, converted_at=moment)

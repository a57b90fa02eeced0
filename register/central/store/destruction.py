# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Finding and destroying what no reader can see any more.

The one condition for a version of a signal is the opposite of `register.central.store.signals.visible`: its term has ended, or it was withdrawn or
replaced. A treffer goes when it lapsed, or when no version that it names is left. Whatever hangs on them goes along: subjects,
postings, links, phase 2 decisions and releases, what a release had opened, and zegels that nobody fetched.

There is no permit here, because nobody reads: what goes is decided by dates and states alone. What is destroyed stands in the log of its owner, in the
same transaction (`register.central.destroying`).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    exists,
    false,
    func,
    insert,
    null,
    or_,
    select,
    tuple_,
    update,
)

from register.casework import Step
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit


class Version(NamedTuple):
    """A version of a signal that is to go."""

    signal_id: UUID
    version: int
    organisation: str
    status: str
    category: str
    expires_on: date


class Treffer(NamedTuple):
    """A treffer that is to go."""

    treffer_id: UUID
    organisation: str


def subjects(
    work: LoggedWork, versions: Collection[Version], treffers: Collection[Treffer]
) -> list[tuple[UUID, str]]:
    """Signal and `ref` of every subject that goes with these."""
    signal, treffer = t.subject.c, t.treffer_signal.c
    going = select(signal.signal_id, signal.ref).where(
        tuple_(signal.signal_id, signal.version).in_([(one.signal_id, one.version) for one in versions])
    )
    named = select(treffer.signal_id, treffer.ref).where(
        treffer.treffer_id.in_([one.treffer_id for one in treffers])
    )
    return [(row.signal_id, row.ref) for row in work.connection.execute(going.union(named))]


def versions(connection: Connection, today: date, limit: int) -> list[Version]:
    """Versions of signals to destroy, ordered by organisation."""
    columns = t.signal.c
    rows = connection.execute(
        select(
            columns.signal_id,
            columns.version,
            columns.organisation,
            columns.status,
            columns.category,
            columns.expires_on,
        )
        .where(or_(columns.expires_on <= today, columns.status != "actief"))
        .order_by(columns.organisation, columns.signal_id, columns.version)
        .limit(limit)
    )
    return [Version(*row) for row in rows]


def destroy_versions(work: LoggedWork, gone: Sequence[Version], today: date) -> None:
    """Destroy these versions and all that hangs on them; one whose term still runs leaves a tombstone."""
    keys = [(row.signal_id, row.version) for row in gone]
    for table in (t.posting, t.treffer_signal, t.phase_2_release, t.sealed_release):
        work.connection.execute(delete(table).where(tuple_(table.c.signal_id, table.c.version).in_(keys)))
    # Subjects go with their version (on delete cascade).
    columns = t.signal.c
    work.connection.execute(delete(t.signal).where(tuple_(columns.signal_id, columns.version).in_(keys)))
    there = exists().where(columns.signal_id == t.validation.c.signal_id)
    going = sorted({row.signal_id for row in gone})
    work.connection.execute(delete(t.validation).where(t.validation.c.signal_id.in_(going), ~there))
    for row in gone:
        if row.expires_on > today:
            _entomb(work, row)


def _entomb(work: LoggedWork, row: Version) -> None:
    """A late delivery of this version would pass by its own term: remember its number until that ends."""
    columns = t.tombstone.c
    known = work.connection.execute(select(t.tombstone).where(columns.signal_id == row.signal_id)).first()
    values = {"reason": row.status, "expires_on": row.expires_on}
    if known is None:
        work.connection.execute(
            insert(t.tombstone).values(signal_id=row.signal_id, organisation=row.organisation, **values)
        )
        return
    if known.reason == "ingetrokken":
        values["reason"] = known.reason
    values["expires_on"] = max(known.expires_on, row.expires_on)
    work.connection.execute(update(t.tombstone).where(columns.signal_id == row.signal_id).values(**values))


def left(work: LoggedWork, signals: Collection[UUID]) -> set[UUID]:
    """The signals of which a version is left."""
    columns = t.signal.c
    return set(work.connection.scalars(select(columns.signal_id).where(columns.signal_id.in_(signals))))


def tombstone(work: LoggedWork, permit: Permit, signal_id: UUID) -> Row[Any] | None:
    """What is remembered of a signal that was destroyed before its term ended: organisation and reason; or None."""
    del permit
    return work.connection.execute(select(t.tombstone).where(t.tombstone.c.signal_id == signal_id)).first()


def keep_out(work: LoggedWork, permit: Permit, signal_id: UUID, organisation: str, expires_on: date) -> None:
    """Remember the number of a signal that was withdrawn before it came, so that it never does.

    The caller has looked at `signals.version_of` in this transaction, and so holds the number.
    """
    if tombstone(work, permit, signal_id) is None:
        work.connection.execute(
            insert(t.tombstone).values(
                signal_id=signal_id, organisation=organisation, reason="ingetrokken", expires_on=expires_on
            )
        )


def treffers(connection: Connection, today: date, limit: int, held: ColumnElement[bool]) -> list[Treffer]:
    """Treffers to destroy, ordered by organisation; those that a freeze holds stay."""
    columns = t.treffer.c
    names_something = exists().where(
        t.treffer_signal.c.treffer_id == columns.treffer_id,
        t.signal.c.signal_id == t.treffer_signal.c.signal_id,
        t.signal.c.version == t.treffer_signal.c.version,
    )
    rows = connection.execute(
        select(columns.treffer_id, columns.organisation)
        .where(or_(columns.lapses_on <= today, ~names_something), ~held)
        .order_by(columns.organisation, columns.treffer_id)
        .limit(limit)
    )
    return [Treffer(*row) for row in rows]


def destroy_treffers(work: LoggedWork, gone: Collection[UUID]) -> None:
    """Destroy treffers with their phase 2; what was opened for it alone is closed again."""
    decisions = list(
        work.connection.scalars(select(t.phase_2.c.decision_id).where(t.phase_2.c.treffer_id.in_(gone)))
    )
    release = t.phase_2_release.c
    released = work.connection.execute(
        select(release.signal_id, release.version).where(release.decision_id.in_(decisions))
    ).all()
    work.connection.execute(delete(t.phase_2_release).where(release.decision_id.in_(decisions)))
    work.connection.execute(delete(t.phase_2).where(t.phase_2.c.decision_id.in_(decisions)))
    # The links go with their treffer (on delete cascade).
    work.connection.execute(delete(t.treffer).where(t.treffer.c.treffer_id.in_(gone)))
    _close(work, [(row.signal_id, row.version) for row in released])


def _close(work: LoggedWork, keys: Collection[tuple[UUID, int]]) -> None:
    """Erase what owners opened for a phase 2 that is gone, unless another release of the same version stands."""
    signal, release = t.signal.c, t.phase_2_release.c
    still = exists().where(release.signal_id == signal.signal_id, release.version == signal.version)
    work.connection.execute(
        update(t.signal)
        .where(tuple_(signal.signal_id, signal.version).in_(keys), ~still)
        .values(opened=null())
    )


def sweep(connection: Connection, today: date) -> None:
    """Destroy what needs no entry: tombstones whose term ended, and links to versions that are gone, which no reader follows."""
    connection.execute(delete(t.tombstone).where(t.tombstone.c.expires_on <= today))
    link = t.treffer_signal.c
    signal = exists().where(t.signal.c.signal_id == link.signal_id, t.signal.c.version == link.version)
    connection.execute(delete(t.treffer_signal).where(~signal))


def forget_rejected(connection: Connection, before: datetime) -> int:
    """Destroy on what a treffer rested for those of whom somebody said "niet dezelfde" until this moment (R8); that it was said stays. Gives of how many."""
    event, link = t.treffer_event.c, t.treffer_signal.c
    said = connection.execute(
        select(event.treffer_id, event.said).where(event.kind == Step.NOT_SAME, event.at <= before)
    )
    named = [(row.treffer_id, UUID(signal), ref) for row in said for signal, ref in row.said["subjecten"]]
    return sum(
        connection.execute(
            delete(t.treffer_signal).where(
                link.treffer_id == treffer_id, link.signal_id == signal_id, link.ref == ref
            )
        ).rowcount
        for treffer_id, signal_id, ref in named
    )


def count(work: LoggedWork, day: date, **counts: int) -> None:
    """Add to the counts of a day; the first call of a day makes them."""
    columns = t.destruction.c
    added = {name: columns[name] + number for name, number in counts.items()}
    updated = work.connection.execute(update(t.destruction).where(columns.day == day).values(**added))
    if updated.rowcount == 0:
        work.connection.execute(insert(t.destruction).values(day=day, **counts))


def counted(connection: Connection, day: date) -> bool:
    """True if this day has counts, and so an entry in the log."""
    return connection.scalar(select(t.destruction.c.day).where(t.destruction.c.day == day)) is not None


def forget_days(connection: Connection, before: date) -> None:
    """Destroy the counts of days before this one."""
    connection.execute(delete(t.destruction).where(t.destruction.c.day < before))


def held_and_expired(connection: Connection, today: date, held: ColumnElement[bool]) -> int:
    """How many treffers are there past their term because a freeze holds them."""
    query = select(func.count()).select_from(t.treffer).where(t.treffer.c.lapses_on <= today, held)
    return connection.execute(query).scalar_one()


def expired_and_there(connection: Connection, today: date, held: ColumnElement[bool]) -> dict[str, int]:
    """How many versions of signals and how many treffers are there past their term, per organisation; those that a freeze holds do not count."""
    found: dict[str, int] = {}
    terms = ((t.signal, t.signal.c.expires_on, ~false()), (t.treffer, t.treffer.c.lapses_on, ~held))
    for table, ends_on, counts in terms:
        columns = table.c
        query = (
            select(columns.organisation, func.count())
            .where(ends_on <= today, counts)
            .group_by(columns.organisation)
        )
        for organisation, number in connection.execute(query):
            found[organisation] = found.get(organisation, 0) + number
    return found


def organisations_in_log(connection: Connection) -> list[str]:
    """Every organisation with a part in the log, by one look into the index for each of them."""
    column = t.log.payload.c.organisation
    found: list[str] = []
    following = connection.scalar(select(func.min(column)))
    while following is not None:
        found.append(following)
        following = connection.scalar(select(func.min(column)).where(column > following))
    return found

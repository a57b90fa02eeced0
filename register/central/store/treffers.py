# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Treffers and their phase 2: what a hit leaves behind, for the aandachtsfunctionarissen of both sides.

A treffer names signals, never a person, and lapses by itself. It is never a node of a track: tracks are derived from postings on read. Of whom a person said "niet dezelfde" it names
nobody any more, for any reader: what is read here is without them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    exists,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from register.casework import Event, State, fold
from register.central.store import casework
from register.central.store import tables as t
from register.central.store.signals import visible
from register.central.store.work import LoggedWork
from register.links import Side
from register.matching import Candidate, SubjectKey
from register.ports import Permit

_NOBODY_S = UUID(int=0)
CARE_ALONE = "H3"
"""Handling code of a signal that is for care alone, and for its owner."""

Record = Row[Any]
"""A row as it was read, by column name."""


@dataclass(frozen=True)
class StoredTreffer:
    """A treffer with the subjects it names and, if it was asked for, its phase 2 decision.

    Attributes:
        row: who asked and when.
        subjects: without those of whom somebody said "niet dezelfde".
        phase_2: decision, or None.
        events: what happened to it, in order.
        state: what that comes to.
        families: every subject that it ever named, with the families that agreed.
    """

    row: Record
    subjects: dict[SubjectKey, frozenset[str]]
    phase_2: Record | None
    events: tuple[Event, ...] = ()
    state: State = field(default_factory=State)
    families: dict[SubjectKey, frozenset[str]] = field(default_factory=dict)

    @property
    def named(self) -> frozenset[SubjectKey]:
        """Every subject that it ever named, those that were taken out too."""
        return frozenset(self.families)


@dataclass
class Standing:
    """An open treffer as reminders and figures need it: who asked, when, how it stands, whose signals it names, and whether any of these is not for care alone (H3), and not of a minor besides (C6)."""

    treffer_id: UUID
    organisation: str
    found_at: datetime
    state: State
    owners: set[str]
    beyond_care: bool = False
    for_chain: bool = False


def add(work: LoggedWork, permit: Permit, treffer: dict[str, Any], candidates: Collection[Candidate]) -> bool:
    """Store a treffer, unless this request already left one, or one that is not closed says the very same; gives whether it is new.

    The very same is: the same organisation, control and purpose, and the same subjects on the same families. The one that is there keeps its term: a hit never extends anything.
    """
    del permit
    mine = t.treffer.c.organisation == treffer["organisation"]
    again = and_(mine, t.treffer.c.request == treffer["request"])
    if work.connection.scalar(select(t.treffer.c.treffer_id).where(again)) is not None:
        return False
    alike = and_(
        mine,
        t.treffer.c.control == treffer["control"],
        t.treffer.c.purpose == treffer["purpose"],
        t.treffer.c.lapses_on > treffer["found_at"].date(),
    )
    named = {one.subject: frozenset(one.families) for one in candidates}
    if any(one.state.closed is None and one.subjects == named for one in _read(work, alike)):
        return False
    work.connection.execute(insert(t.treffer).values(**treffer))
    work.connection.execute(
        insert(t.treffer_signal),
        [
            {
                "treffer_id": treffer["treffer_id"],
                "signal_id": candidate.subject.signal_id,
                "version": candidate.subject.version,
                "ref": candidate.subject.ref,
                "families": sorted(candidate.families),
            }
            for candidate in candidates
        ],
    )
    return True


def of_organisations(
    work: LoggedWork, permit: Permit, organisations: Collection[str], today: date
) -> list[StoredTreffer]:
    """Open treffers to which one of these is a party, as asker or as owner of a signal; newest first."""
    del permit
    named = select(t.treffer_signal.c.treffer_id).join(
        t.signal,
        and_(
            t.signal.c.signal_id == t.treffer_signal.c.signal_id,
            t.signal.c.version == t.treffer_signal.c.version,
        ),
    )
    ours = or_(
        t.treffer.c.organisation.in_(organisations),
        t.treffer.c.treffer_id.in_(named.where(t.signal.c.organisation.in_(organisations))),
    )
    return _read(work, and_(t.treffer.c.lapses_on > today, ours))


def all_open(work: LoggedWork, permit: Permit, today: date) -> list[StoredTreffer]:
    """All open treffers; what of them exists for the reader is for policy to say, treffer by treffer."""
    del permit
    return _read(work, t.treffer.c.lapses_on > today)


def named_in(
    work: LoggedWork, permit: Permit, signals: Collection[UUID], today: date
) -> dict[UUID, frozenset[Side]]:
    """The open treffers that name one of these signals: which subjects each names, without those of whom somebody said "niet dezelfde"."""
    return {
        one.row.treffer_id: frozenset(Side(key.signal_id, key.ref) for key in one.subjects)
        for one in naming(work, permit, signals, today)
    }


def lapsing(work: LoggedWork, permit: Permit, today: date, until: date) -> list[StoredTreffer]:
    """The open treffers that lapse on this last day or before."""
    del permit
    return _read(work, and_(t.treffer.c.lapses_on > today, t.treffer.c.lapses_on <= until))


def one(work: LoggedWork, permit: Permit, treffer_id: UUID, today: date) -> StoredTreffer | None:
    """One open treffer, or None."""
    del permit
    found = _read(work, and_(t.treffer.c.treffer_id == treffer_id, t.treffer.c.lapses_on > today))
    return found[0] if found else None


def follow(
    work: LoggedWork, permit: Permit, signal_id: UUID, version: int, agreeing: Mapping[str, Collection[str]]
) -> None:
    """Let treffers that name the version of before name this one too, where all that agreed still does. Asked in as many statements whether there is any.

    Args:
        work: of the later version, which is not stored yet.
        permit: to store it.
        signal_id: of which signal.
        version: the later one.
        agreeing: for each subject, the families of which it still carries a tag that it carried.
    """
    del permit
    link = t.treffer_signal.c
    before = and_(link.signal_id == signal_id, link.version < version)
    named = work.connection.execute(select(t.treffer_signal).where(before)).all()
    newest = max((row.version for row in named), default=0)
    kept = [
        (row.treffer_id, row.ref)
        for row in named
        if row.version == newest and set(row.families) <= set(agreeing.get(row.ref, ()))
    ]
    columns = ("treffer_id", "signal_id", "version", "ref", "families")
    again = select(link.treffer_id, link.signal_id, literal(version), link.ref, link.families).where(
        before, link.version == newest, tuple_(link.treffer_id, link.ref).in_(kept)
    )
    work.connection.execute(insert(t.treffer_signal).from_select(columns, again))


def naming(work: LoggedWork, permit: Permit, signals: Collection[UUID], today: date) -> list[StoredTreffer]:
    """The open treffers that name one of these signals, in any version."""
    del permit
    link = t.treffer_signal.c
    ids = select(link.treffer_id).where(link.signal_id.in_(sorted(signals)))
    return _read(work, and_(t.treffer.c.lapses_on > today, t.treffer.c.treffer_id.in_(ids)))


def some(work: LoggedWork, permit: Permit, treffers: Collection[UUID], today: date) -> list[StoredTreffer]:
    """Those of these that are open, newest first."""
    del permit
    return _read(work, and_(t.treffer.c.lapses_on > today, t.treffer.c.treffer_id.in_(sorted(treffers))))


def ask_phase_2(work: LoggedWork, permit: Permit, decision: dict[str, Any]) -> None:
    """Record that phase 2 was asked for, with the criteria check and the assessment."""
    del permit
    work.connection.execute(insert(t.phase_2).values(**decision))


def phase_2_decision(work: LoggedWork, permit: Permit, decision_id: UUID) -> Record | None:
    """One decision, or None."""
    del permit
    return work.connection.execute(select(t.phase_2).where(t.phase_2.c.decision_id == decision_id)).first()


def release(work: LoggedWork, permit: Permit, released: dict[str, Any], moment: datetime) -> None:
    """Record an owner's release; the first one opens phase 2. A second release of the same signal changes nothing."""
    del permit
    columns = t.phase_2_release.c
    key = tuple(columns[name] == released[name] for name in ("decision_id", "signal_id", "version"))
    if work.connection.scalar(select(columns.signal_id).where(*key)) is None:
        work.connection.execute(insert(t.phase_2_release).values(**released))
    work.connection.execute(
        update(t.phase_2)
        .where(t.phase_2.c.decision_id == released["decision_id"], t.phase_2.c.opened_at.is_(None))
        .values(opened_at=moment)
    )


def released_signals(work: LoggedWork, permit: Permit, decision_id: UUID | None) -> set[tuple[UUID, int]]:
    """Versions of signals that their owner released under this decision; a later version is closed again. Under none there are none, for as many queries."""
    del permit
    columns = t.phase_2_release.c
    rows = work.connection.execute(
        select(columns.signal_id, columns.version).where(columns.decision_id == (decision_id or _NOBODY_S))
    )
    return {(row.signal_id, row.version) for row in rows}


def _read(work: LoggedWork, condition: Any) -> list[StoredTreffer]:
    rows = work.connection.execute(
        select(t.treffer).where(condition).order_by(t.treffer.c.found_at.desc())
    ).all()
    ids = [row.treffer_id for row in rows]
    subjects: dict[UUID, dict[SubjectKey, frozenset[str]]] = {}
    for row in work.connection.execute(
        select(t.treffer_signal).where(t.treffer_signal.c.treffer_id.in_(ids))
    ):
        key = SubjectKey(row.signal_id, row.version, row.ref)
        subjects.setdefault(row.treffer_id, {})[key] = frozenset(row.families)
    decisions = {
        row.treffer_id: row
        for row in work.connection.execute(select(t.phase_2).where(t.phase_2.c.treffer_id.in_(ids)))
    }
    events = {
        treffer_id: tuple(happened(one) for one in found)
        for treffer_id, found in casework.of_rows(work.connection, ids).items()
    }
    return [
        _stored(row, subjects.get(row.treffer_id, {}), decisions.get(row.treffer_id), events) for row in rows
    ]


def happened(row: Record) -> Event:
    """A row of an event as the rules read it."""
    return Event(row.kind, row.organisation, row.officer, row.role, row.at, row.said)


def _stored(
    row: Record,
    subjects: dict[SubjectKey, frozenset[str]],
    decision: Record | None,
    events: dict[UUID, tuple[Event, ...]],
) -> StoredTreffer:
    mine = events.get(row.treffer_id, ())
    state = fold(mine)
    standing = {
        key: families
        for key, families in subjects.items()
        if Side(key.signal_id, key.ref) not in state.rejected
    }
    return StoredTreffer(row, standing, decision, mine, state, subjects)


def keep_until(work: LoggedWork, permit: Permit, treffer_id: UUID, day: date) -> None:
    """The first day on which it is no longer there: later for what was taken up, sooner for what came to nothing."""
    del permit
    work.connection.execute(
        update(t.treffer).where(t.treffer.c.treffer_id == treffer_id).values(lapses_on=day)
    )


def hold(work: LoggedWork, permit: Permit, treffer_id: UUID, today: date) -> StoredTreffer | None:
    """One open treffer, or None; whoever else wants to take a step in it waits from here on."""
    query = select(t.treffer.c.treffer_id).where(t.treffer.c.treffer_id == treffer_id)
    work.connection.execute(query.with_for_update())
    return one(work, permit, treffer_id, today)


def standing(connection: Connection, today: date) -> list[Standing]:
    """Every open treffer of which a signal is visible, with who asked, whose signals it names, and how it stands."""
    signal, link = t.signal.c, t.treffer_signal.c
    rows = connection.execute(
        select(
            t.treffer.c.treffer_id,
            t.treffer.c.organisation,
            t.treffer.c.found_at,
            link.signal_id,
            link.ref,
            signal.organisation.label("owner"),
            signal.handling,
            _of_a_minor().label("of_a_minor"),
        )
        .join(t.treffer_signal, link.treffer_id == t.treffer.c.treffer_id)
        .join(t.signal, and_(signal.signal_id == link.signal_id, signal.version == link.version))
        .where(t.treffer.c.lapses_on > today, *visible(today))
        .order_by(t.treffer.c.found_at, t.treffer.c.treffer_id)
    ).all()
    events = casework.of_rows(connection, {row.treffer_id for row in rows})
    found: dict[UUID, Standing] = {}
    for row in rows:
        known = found.get(row.treffer_id)
        if known is None:
            state = fold(happened(one) for one in events.get(row.treffer_id, ()))
            known = Standing(row.treffer_id, row.organisation, row.found_at, state, set())
            found[row.treffer_id] = known
        if Side(row.signal_id, row.ref) not in known.state.rejected:
            known.owners.add(row.owner)
            beyond_care = row.handling != CARE_ALONE
            known.beyond_care |= beyond_care
            known.for_chain |= beyond_care and not row.of_a_minor
    return [one for one in found.values() if one.owners]


def _of_a_minor() -> ColumnElement[bool]:
    """One minor in a signal makes it a minor's (C6)."""
    link, subject = t.treffer_signal.c, t.subject.c
    return exists().where(
        subject.signal_id == link.signal_id, subject.version == link.version, subject.minor == "ja"
    )

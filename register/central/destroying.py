# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Job `vernietiging`: what is past its term, withdrawn or replaced is destroyed, and every owner can prove it from the log.

In this order, a batch each time: versions of signals with all that hangs on them; then treffers that lapsed or of which nothing is left; at last what needs
no entry. A batch is one transaction with one leaf: for each owning organisation what went, by number and by id, for the register itself the counts.
The first run of a day leaves a leaf for the register also when there was nothing to do, so that a job that stands still shows in the log. What is
visible to anyone is never destroyed, nor a treffer of questions that are frozen (`register.central.freezing`); what was replaced or withdrawn before its term leaves its number, so that a late delivery does not bring it back.

When nothing is left to destroy, the remains in the database's files are wiped (`audit.store.erasure`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from audit.canonical import JSON
from audit.store.erasure import wipe_remains
from process.jobs import Unfinished
from process.problem import Refusal
from register.central.centre import Centre
from register.central.concerning import concern_by_itself
from register.central.freezing import records_of
from register.central.store import assertions, effects, exclusions, releases
from register.central.store import destruction as store
from register.central.store.destruction import Treffer, Version
from register.central.store.freezes import held_treffers, holds
from register.central.store.work import LoggedWork
from register.events import CATALOGUE, KEEPER, SUBJECT

REGISTER = "REGISTER"
"""The organisation that keeps the register, as its certificate names it."""

OVERDUE = "verlopen maar niet vernietigd"
"""Must be zero whenever the job has finished."""

HELD = "verlopen en bevroren"
"""Treffers past their term that stay because a freeze stands (`register.central.freezing`); nobody sees them."""

BATCH = 200
"""Rows of one batch: a part of a second, in which SQLite lets nobody else write, and after which a process can stop."""

ORGANISATIONS = 60
"""Organisations in one leaf at most: `audit.entry.SLOTS` places, of which the register's own part takes one."""

DAYS_KEPT = timedelta(days=396)
"""How long the counts of a day are kept: 13 months."""

_EXPIRED = "termijn"


@dataclass
class _Gone:
    """What one batch destroyed of one organisation."""

    signals: list[UUID] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    treffers: list[UUID] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)


_All = dict[str, _Gone]
_Owners = Callable[[str], str]
_Row = TypeVar("_Row", Version, Treffer)


def destroy(centre: Centre, moment: datetime) -> Mapping[str, int]:
    """Destroy one batch; durable, with its entry, when this returns.

    Raises:
        RemainsError: all is destroyed, but remains in the files could not be wiped yet.
    """
    today = moment.date()
    with centre.database.engine.begin() as connection:
        versions = _within(store.versions(connection, today, BATCH))
        held = held_treffers(holds(connection, records_of(centre), today))
        treffers = [] if versions else _within(store.treffers(connection, today, BATCH, held))
    if not versions and not treffers:
        return _finish(centre, moment)
    owners = _owners(centre, moment)
    with centre.database.logged(moment) as work:
        concerned = store.subjects(work, versions, treffers)
        concern_by_itself(centre, work, "vernietigd", concerned)
        gone = _destroy_versions(work, versions, moment, owners)
        _destroy_treffers(centre, work, treffers, gone, owners)
        _enter(work, moment, gone)
    return Unfinished(_counts(gone.values()))


def _within(rows: Sequence[_Row]) -> list[_Row]:
    """The rows of the first `ORGANISATIONS` organisations; the others are for the next batch."""
    taken = set(sorted({row.organisation for row in rows})[:ORGANISATIONS])
    return [row for row in rows if row.organisation in taken]


def _destroy_versions(
    work: LoggedWork, versions: Sequence[Version], moment: datetime, owners: _Owners
) -> _All:
    store.destroy_versions(work, versions, moment.date())
    there = store.left(work, {row.signal_id for row in versions})
    gone: _All = {}
    for row in versions:
        one = gone.setdefault(owners(row.organisation), _Gone())
        one.versions.append(row)
        one.reasons[_EXPIRED if row.expires_on <= moment.date() else row.status] += 1
        if row.signal_id not in there and row.signal_id not in one.signals:
            one.signals.append(row.signal_id)
    return gone


def _destroy_treffers(
    centre: Centre, work: LoggedWork, treffers: Sequence[Treffer], gone: _All, owners: _Owners
) -> None:
    ids = [row.treffer_id for row in treffers]
    if ids:
        effects.keep(
            work.connection, [(centre.uuid(), one) for one in effects.of_treffers(work.connection, ids)]
        )
    store.destroy_treffers(work, [row.treffer_id for row in treffers])
    for row in treffers:
        gone.setdefault(owners(row.organisation), _Gone()).treffers.append(row.treffer_id)


def _owners(centre: Centre, moment: datetime) -> _Owners:
    """Who owns today what an organisation stored: after a merger its successor, whose FG reads the log."""
    try:
        records = centre.policy.register
    except Refusal:
        # Records that do not hold together stop every request, and must not stop destruction: the entry goes to who stored it.
        return lambda organisation: organisation
    return lambda organisation: records.current(organisation, moment.date())


def _enter(work: LoggedWork, moment: datetime, gone: _All) -> None:
    totals = _counts(gone.values())
    day = {"signals": totals["signalen"], "versions": totals["versies"], "treffers": totals["treffers"]}
    store.count(work, moment.date(), **day)
    payloads = {
        organisation: CATALOGUE.payload("vernietigd", SUBJECT, {**_said(moment, [one]), **_ids(one)})
        for organisation, one in gone.items()
        if organisation != REGISTER
    }
    work.enter({**payloads, REGISTER: CATALOGUE.payload("vernietigd", KEEPER, _said(moment, gone.values()))})


def _counts(gone: Collection[_Gone]) -> dict[str, int]:
    return {
        "signalen": sum(len(one.signals) for one in gone),
        "versies": sum(len(one.versions) for one in gone),
        "treffers": sum(len(one.treffers) for one in gone),
    }


def _said(moment: datetime, gone: Collection[_Gone]) -> dict[str, JSON]:
    """The counts of an entry: the same for an owner over its own, and for the register over all."""
    reasons: Counter[str] = sum((one.reasons for one in gone), Counter())
    categories = Counter(row.category for one in gone for row in one.versions)
    return {
        "moment": moment.isoformat(timespec="seconds"),
        **{f"{name}_geteld": number for name, number in _counts(gone).items()},
        "categorieen": dict(sorted(categories.items())),
        "redenen": dict(sorted(reasons.items())),
    }


def _ids(gone: _Gone) -> dict[str, JSON]:
    return {
        "signalen": [str(one) for one in gone.signals],
        "versies": [f"{row.signal_id}/{row.version}" for row in gone.versions],
        "treffers": [str(one) for one in gone.treffers],
    }


def _finish(centre: Centre, moment: datetime) -> Mapping[str, int]:
    today = moment.date()
    with centre.database.engine.begin() as connection:
        store.sweep(connection, today)
        assertions.destroy_evidence(connection, moment)
        store.forget_rejected(connection, moment - assertions.EVIDENCE_KEPT)
        assertions.sweep(connection)
        releases.sweep(connection, today)
        exclusions.sweep(connection)
        effects.destroy_old(connection, today)
        store.forget_days(connection, today - DAYS_KEPT)
        told = store.counted(connection, today)
        held = held_treffers(holds(connection, records_of(centre), today))
        overdue = sum(store.expired_and_there(connection, today, held).values())
        kept = store.held_and_expired(connection, today, held)
    if not told:
        with centre.database.logged(moment) as work:
            concern_by_itself(centre, work, "vernietigd", ())
            _enter(work, moment, {})
    wipe_remains(centre.database.engine)
    return {**_counts([]), OVERDUE: overdue, **({HELD: kept} if kept else {})}

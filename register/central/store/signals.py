# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signals, subjects and postings: write once, read only with a permit inside a logged transaction.

`find` is the one look-up by tag; a question, a submission and a track use it alike. Expired, withdrawn and superseded signals do not exist
for any reader: the condition stands in `visible` and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Result,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from register.central.store import rotation
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.matching import Posting, SubjectKey
from register.ports import Permit
from register.retention import valid_since


@dataclass(frozen=True)
class NewPosting:
    """One token of one subject, ready to store."""

    ref: str
    family: str
    tag: bytes
    sealed_point: bytes


@dataclass(frozen=True)
class StoredSubject:
    """A visible subject with its signal's row. `minor` is that of the whole signal: one minor in it makes it a minor's (C6)."""

    key: SubjectKey
    kind: str
    role: str
    minor: str
    signal: Row[Any]


def version_of(work: LoggedWork, permit: Permit, signal_id: UUID) -> Row[Any] | None:
    """The newest version of a signal, whatever its status, or None; whoever else wants to change this signal waits from here on."""
    del permit
    if work.connection.dialect.name == "postgresql":
        # SQLite has one writer. A row lock would not do: there may be no row yet.
        number = int.from_bytes(signal_id.bytes[:8], "big", signed=True)
        work.connection.execute(select(func.pg_advisory_xact_lock(number)))
    return work.connection.execute(
        select(t.signal).where(t.signal.c.signal_id == signal_id).order_by(t.signal.c.version.desc()).limit(1)
    ).first()


def organisation_of(work: LoggedWork, signal_id: UUID) -> str | None:
    """Who submitted a signal, for the job that looks at what came; nothing of the signal itself."""
    columns = t.signal.c
    return work.connection.scalar(select(columns.organisation).where(columns.signal_id == signal_id).limit(1))


def add(  # noqa: PLR0913, PLR0917 - three tables in one act
    work: LoggedWork,
    permit: Permit,
    signal: dict[str, Any],
    subjects: Sequence[dict[str, Any]],
    postings: Sequence[NewPosting],
    keyset: tuple[str, int],
) -> None:
    """Store a version of a signal with its subjects and postings; an earlier version stops matching at once.

    The caller has looked at `version_of` in this transaction, and so holds the signal.
    """
    del permit
    key = {"signal_id": signal["signal_id"], "version": signal["version"]}
    _supersede(work, signal["signal_id"])
    work.connection.execute(insert(t.signal).values(**signal, status="actief"))
    work.connection.execute(insert(t.subject), [{**key, **subject} for subject in subjects])
    work.connection.execute(
        insert(t.posting),
        [
            {
                **key,
                "ref": posting.ref,
                "tag": posting.tag,
                "family": posting.family,
                "keyset": keyset[0],
                "epoch": keyset[1],
                "sealed_point": posting.sealed_point,
            }
            for posting in postings
        ],
    )
    rotation.arrived(work.connection, keyset[0], signal["signal_id"])


def still_carried(
    work: LoggedWork, permit: Permit, signal_id: UUID, postings: Sequence[NewPosting]
) -> dict[str, frozenset[str]]:
    """For each subject of a later version, the families of which the version of before has a tag in common with it."""
    del permit
    columns = t.posting.c
    rows = work.connection.execute(
        select(columns.ref, columns.tag, columns.family).where(columns.signal_id == signal_id)
    )
    before = {(row.ref, bytes(row.tag), row.family) for row in rows}
    shared = [one for one in postings if (one.ref, one.tag, one.family) in before]
    return {
        ref: frozenset(one.family for one in shared if one.ref == ref) for ref in {one.ref for one in shared}
    }


def _supersede(work: LoggedWork, signal_id: UUID) -> None:
    work.connection.execute(delete(t.posting).where(t.posting.c.signal_id == signal_id))
    work.connection.execute(
        update(t.signal).where(t.signal.c.signal_id == signal_id).values(status="vervangen")
    )


def find(work: LoggedWork, permit: Permit, keyset: str, tags: Iterable[bytes], today: date) -> list[Posting]:
    """Postings of visible signals that carry one of the tags."""
    del permit
    rows = work.connection.execute(
        select(t.posting, t.subject.c.kind)
        .join(
            t.subject,
            and_(
                t.subject.c.signal_id == t.posting.c.signal_id,
                t.subject.c.version == t.posting.c.version,
                t.subject.c.ref == t.posting.c.ref,
            ),
        )
        .join(
            t.signal,
            and_(t.signal.c.signal_id == t.posting.c.signal_id, t.signal.c.version == t.posting.c.version),
        )
        .where(
            t.posting.c.keyset == keyset,
            t.posting.c.tag.in_(sorted(tags)),
            rotation.counts(),
            *visible(today),
        )
    )
    return [
        Posting(
            SubjectKey(row.signal_id, row.version, row.ref), row.kind == "organisatie", row.family, row.tag
        )
        for row in rows
    ]


def carried_by(
    work: LoggedWork, permit: Permit, subjects: Iterable[SubjectKey]
) -> dict[SubjectKey, dict[bytes, str]]:
    """The tags of these subjects with their families, fillers too. It is asked also where there are none, so that nothing found costs as many queries."""
    del permit
    columns = t.posting.c
    key = (columns.signal_id, columns.version, columns.ref)
    rows = work.connection.execute(
        select(*key, columns.tag, columns.family).where(*_among(columns, subjects))
    )
    return _tagged(rows)


def _tagged(rows: Result[Any]) -> dict[SubjectKey, dict[bytes, str]]:
    found: dict[SubjectKey, dict[bytes, str]] = {}
    for row in rows:
        found.setdefault(SubjectKey(row.signal_id, row.version, row.ref), {})[row.tag] = row.family
    return found


def tags_of(
    work: LoggedWork, permit: Permit, keyset: str, subjects: Iterable[SubjectKey]
) -> dict[SubjectKey, dict[bytes, str]]:
    """The tags of stored subjects with their families, to look further along a track."""
    del permit
    columns = t.posting.c
    key = (columns.signal_id, columns.version, columns.ref)
    rows = work.connection.execute(
        select(*key, columns.tag, columns.family).where(
            columns.keyset == keyset,
            *_among(columns, subjects),
            rotation.counts(),
        )
    )
    return _tagged(rows)


def load(
    work: LoggedWork, permit: Permit, subjects: Iterable[SubjectKey], today: date
) -> dict[SubjectKey, StoredSubject]:
    """The visible ones among these subjects, with their signals."""
    del permit
    rows = work.connection.execute(_with_subject().where(*_among(t.subject.c, subjects), *visible(today)))
    return {stored.key: stored for stored in _stored(work, rows.all())}


def all_subjects_of(work: LoggedWork, permit: Permit, signals: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Signal and `ref` of every subject that is stored of these signals, visible or not: for who changes or destroys them."""
    del permit
    columns = t.subject.c
    rows = work.connection.execute(
        select(columns.signal_id, columns.ref).where(columns.signal_id.in_(list(signals))).distinct()
    )
    return [(row.signal_id, row.ref) for row in rows]


def subjects_of(work: LoggedWork, permit: Permit, signal_id: UUID, today: date) -> list[StoredSubject]:
    """The subjects of a signal, if it is visible."""
    del permit
    rows = work.connection.execute(_with_subject().where(t.signal.c.signal_id == signal_id, *visible(today)))
    return _stored(work, rows.all())


def beside(work: LoggedWork, permit: Permit, signals: Iterable[UUID], today: date) -> list[SubjectKey]:
    """Every subject of these signals, if they are visible. It is asked also where there are none, so that nothing found costs as many queries."""
    del permit
    columns = t.subject.c
    rows = work.connection.execute(
        select(columns.signal_id, columns.version, columns.ref)
        .join(
            t.signal,
            and_(columns.signal_id == t.signal.c.signal_id, columns.version == t.signal.c.version),
        )
        .where(columns.signal_id.in_(sorted(set(signals))), *visible(today))
    )
    return [SubjectKey(row.signal_id, row.version, row.ref) for row in rows]


def own_subjects_of(
    work: LoggedWork, permit: Permit, signal_id: UUID, organisations: Iterable[str], today: date
) -> list[StoredSubject]:
    """The subjects of a signal, if it is visible and of these organisations; another's costs as many queries as none."""
    del permit
    mine = t.signal.c.organisation.in_(sorted(organisations))
    rows = work.connection.execute(
        _with_subject().where(t.signal.c.signal_id == signal_id, mine, *visible(today))
    )
    return _stored(work, rows.all())


def open_sealed(
    work: LoggedWork, permit: Permit, signal_id: UUID, version: int, opened: dict[str, Any]
) -> None:
    """Keep what the owner released for phase 2 beside the signal; the signal itself does not change."""
    del permit
    work.connection.execute(
        update(t.signal)
        .where(t.signal.c.signal_id == signal_id, t.signal.c.version == version)
        .values(opened=opened)
    )


def recategorise(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork, permit: Permit, signal_id: UUID, version: int, category: str, expires_on: date
) -> None:
    """Another retention category, because a person took the signal up with a reason."""
    del permit
    work.connection.execute(
        update(t.signal)
        .where(t.signal.c.signal_id == signal_id, t.signal.c.version == version)
        .values(category=category, expires_on=expires_on)
    )


def withdraw(work: LoggedWork, permit: Permit, signal_id: UUID) -> None:
    """A withdrawn signal stops matching at once: its postings go."""
    del permit
    work.connection.execute(delete(t.posting).where(t.posting.c.signal_id == signal_id))
    work.connection.execute(
        update(t.signal)
        .where(t.signal.c.signal_id == signal_id)
        .values(status="ingetrokken", indicators=[], opened=None)
    )


def visible(today: date) -> tuple[Any, ...]:
    """The one condition under which a version of a signal exists for a reader."""
    return (t.signal.c.status == "actief", t.signal.c.expires_on > today, _valid(today))


def _valid(today: date) -> ColumnElement[bool]:
    """First processed, or found still true by its owner, within a year (register.retention, 5)."""
    since = valid_since(today)
    signal, validation = t.signal.c, t.validation.c
    found = exists().where(validation.signal_id == signal.signal_id, validation.validated_on >= since)
    return or_(signal.first_processed_at >= datetime.combine(since, time.min, UTC), found)


def _among(columns: Any, subjects: Iterable[SubjectKey]) -> tuple[Any, ...]:
    """That a row is of one of these subjects. The signals by themselves too: SQLite reads a whole table for a list of rows, and an index for a list of values."""
    keys = [(one.signal_id, one.version, one.ref) for one in subjects]
    return (
        columns.signal_id.in_(sorted({signal for signal, _version, _ref in keys})),
        tuple_(columns.signal_id, columns.version, columns.ref).in_(keys),
    )


def _with_subject() -> Select[Any]:
    return select(t.signal, t.subject.c.ref, t.subject.c.kind, t.subject.c.role, t.subject.c.minor).join(
        t.subject,
        and_(t.subject.c.signal_id == t.signal.c.signal_id, t.subject.c.version == t.signal.c.version),
    )


def _stored(work: LoggedWork, rows: Sequence[Row[Any]]) -> list[StoredSubject]:
    versions = {(row.signal_id, row.version) for row in rows}
    columns = t.subject.c
    of_minors = select(columns.signal_id, columns.version).where(
        columns.signal_id.in_(sorted({signal for signal, _version in versions})),
        tuple_(columns.signal_id, columns.version).in_(versions),
        columns.minor == "ja",
    )
    minors = {(row.signal_id, row.version) for row in work.connection.execute(of_minors)}
    return [
        StoredSubject(
            SubjectKey(row.signal_id, row.version, row.ref),
            row.kind,
            row.role,
            "ja" if (row.signal_id, row.version) in minors else row.minor,
            row,
        )
        for row in rows
    ]

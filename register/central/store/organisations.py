# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Organisations, their certificates, mandates, grounds and ends: rows that are added and never changed.

Every row belongs to a change, and changes are numbered without a gap in the order in which they became durable: two that come at once queue. The newest
change says whether anything came since somebody looked. Writing happens inside a logged transaction and takes a permit, as with signals; reading needs
neither, for these are the records that permits are made from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select

from policies.changes import (
    AllianceRecorded,
    Change,
    CriteriaSet,
    GateDecided,
    GroundEnded,
    GroundRecorded,
    MandateEnded,
    MandateGiven,
    OrganisationAdded,
    OrganisationEnded,
    PartyJoined,
    PartyLeft,
)
from policies.decision import Mandate
from policies.grounds import FgAdvice, Organisation
from policies.records import parse_alliances, parse_criteria, parse_grounds
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

Record = Row[Any]
"""A row as it was read, by column name."""

Version = UUID | None
"""The newest change; None before the first."""

ORGANISATION = "organisatie"
MANDATE = "mandaat"
CERTIFICATE = "certificaat"

_LOCK = 0x5265_636F_7264
"""Key of PostgreSQL's advisory lock on numbering changes."""


@dataclass(frozen=True)
class Decided:
    """What a change rests on: its event, the organisation concerned, the decision, and who recorded it when."""

    change_id: UUID
    event: str
    organisation: str
    document: str
    decided_by: str
    officer: str
    at: datetime


@dataclass(frozen=True)
class Certificate:
    """A certificate of an organisation: SHA-256 of its DER form, that form, and its last moment."""

    fingerprint: bytes
    der: bytes
    ends_at: datetime


def version(connection: Connection) -> Version:
    """The newest change."""
    columns = t.record_change.c
    return connection.scalar(select(columns.change_id).order_by(columns.number.desc()).limit(1))


def newest(connection: Connection) -> int:
    """The number of the newest change; 0 before the first."""
    return connection.scalar(select(func.max(t.record_change.c.number))) or 0


def changes(connection: Connection, up_to: int | None = None) -> list[Change]:
    """Every change in its order, as policy replays them; those up to a number if one is given.

    Raises:
        GroundError: a ground, samenwerkingsverband or covenant that this software cannot read.
    """
    found: list[tuple[int, int, Change]] = []
    found += ((row.number, 0, _added(row)) for row in connection.execute(select(t.organisation)))
    found += ((row.number, 1, MandateGiven(_mandate(row))) for row in connection.execute(select(t.mandate)))
    for row in connection.execute(select(t.alliance_record)):
        found += ((row.number, 1, AllianceRecorded(one)) for one in parse_alliances(row.record))
    found += ((row.number, 1, _party(row)) for row in connection.execute(select(t.party_change)))
    decisions = select(t.gate_decision, t.record_change.c.document, t.record_change.c.decided_by).join(
        t.record_change, t.record_change.c.number == t.gate_decision.c.number
    )
    found += ((row.number, 1, _gate(row)) for row in connection.execute(decisions))
    found += ((row.number, 1, _criteria(row)) for row in connection.execute(select(t.criteria_record)))
    for row in connection.execute(select(t.ground_record)):
        found += ((row.number, 2, GroundRecorded(one)) for one in parse_grounds(row.record))
    found += (
        (row.number, 3, GroundEnded(row.ground_id, row.last_day))
        for row in connection.execute(select(t.ground_end))
    )
    ends = select(t.record_end).where(t.record_end.c.kind != CERTIFICATE)
    found += ((row.number, 3, _end(row)) for row in connection.execute(ends))
    return [
        change
        for number, _kind, change in sorted(found, key=lambda one: one[:2])
        if up_to is None or number <= up_to
    ]


def certificates(connection: Connection) -> dict[str, dict[bytes, datetime]]:
    """For each organisation of these tables the certificates that count: fingerprint -> last moment."""
    ends = (
        select(t.record_end.c.organisation, func.max(t.record_end.c.number).label("number"))
        .where(t.record_end.c.kind == CERTIFICATE)
        .group_by(t.record_end.c.organisation)
    )
    ended = {row.organisation: row.number for row in connection.execute(ends)}
    found: dict[str, dict[bytes, datetime]] = {
        code: {} for code in connection.scalars(select(t.organisation.c.code))
    }
    for row in connection.execute(select(t.organisation_certificate)):
        # What was recorded with the end itself is what came in its place.
        if row.number >= ended.get(row.organisation, 0):
            found.setdefault(row.organisation, {})[bytes(row.fingerprint)] = row.ends_at
    return found


def one(connection: Connection, code: str) -> Record | None:
    """An organisation of these tables."""
    return connection.execute(select(t.organisation).where(t.organisation.c.code == code)).first()


def with_oin(connection: Connection, oin: str) -> str | None:
    """The code of the organisation that has this OIN."""
    return connection.scalar(select(t.organisation.c.code).where(t.organisation.c.oin == oin))


def newest_certificate(connection: Connection, code: str) -> bytes | None:
    """The certificate (DER) that this organisation got last."""
    columns = t.organisation_certificate.c
    found = connection.scalar(
        select(columns.certificate)
        .where(columns.organisation == code)
        .order_by(columns.number.desc())
        .limit(1)
    )
    return None if found is None else bytes(found)


def history(connection: Connection, organisation: str) -> Sequence[Record]:
    """The changes that concern an organisation, oldest first."""
    columns = t.record_change.c
    ended_for = select(t.record_end.c.number).where(t.record_end.c.successor == organisation)
    concerns = (columns.organisation == organisation) | columns.number.in_(ended_for)
    return connection.execute(select(t.record_change).where(concerns).order_by(columns.number)).all()


def begin(work: LoggedWork, permit: Permit, decided: Decided) -> int:
    """Open a change and give its number; whoever else wants to make one waits from here on."""
    del permit
    if work.connection.dialect.name == "postgresql":
        # SQLite has one writer.
        work.connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    number = (work.connection.scalar(select(func.max(t.record_change.c.number))) or 0) + 1
    work.connection.execute(insert(t.record_change).values(number=number, **vars(decided)))
    return number


def add_organisation(work: LoggedWork, permit: Permit, number: int, row: Mapping[str, Any]) -> None:
    """Add an organisation."""
    del permit
    work.connection.execute(insert(t.organisation).values(number=number, **row))


def add_certificate(
    work: LoggedWork, permit: Permit, number: int, organisation: str, certificate: Certificate
) -> None:
    """Add a certificate of an organisation of these tables."""
    del permit
    work.connection.execute(
        insert(t.organisation_certificate).values(
            number=number,
            organisation=organisation,
            fingerprint=certificate.fingerprint,
            certificate=certificate.der,
            ends_at=certificate.ends_at,
        )
    )


def add_mandates(
    work: LoggedWork, permit: Permit, number: int, mandates: Iterable[tuple[UUID, Mandate]]
) -> None:
    """Add mandates, each under an id of its own."""
    del permit
    rows = [{"mandate_id": mandate_id, "number": number, **vars(one)} for mandate_id, one in mandates]
    if rows:
        work.connection.execute(insert(t.mandate), rows)


def add_grounds(work: LoggedWork, permit: Permit, number: int, texts: Mapping[str, str]) -> None:
    """Add grounds by id, each as the text that was given."""
    del permit
    rows = [{"ground_id": name, "number": number, "record": text} for name, text in texts.items()]
    if rows:
        work.connection.execute(insert(t.ground_record), rows)


def add_ground_end(work: LoggedWork, permit: Permit, number: int, change: GroundEnded) -> None:
    """Add that a ground ends."""
    del permit
    work.connection.execute(
        insert(t.ground_end).values(number=number, ground_id=change.ground, last_day=change.last_day)
    )


def add_alliances(work: LoggedWork, permit: Permit, number: int, texts: Mapping[str, str]) -> None:
    """Add samenwerkingsverbanden and covenants by id, each as the text that was given."""
    del permit
    rows = [{"alliance_id": name, "number": number, "record": text} for name, text in texts.items()]
    work.connection.execute(insert(t.alliance_record), rows)


def add_party_change(work: LoggedWork, permit: Permit, number: int, change: PartyJoined | PartyLeft) -> None:
    """Add that a party joins or leaves."""
    del permit
    work.connection.execute(
        insert(t.party_change).values(
            number=number,
            alliance=change.alliance,
            organisation=change.organisation,
            first_day=change.first_day if isinstance(change, PartyJoined) else None,
            last_day=change.last_day if isinstance(change, PartyLeft) else None,
        )
    )


def add_gate(work: LoggedWork, permit: Permit, number: int, change: GateDecided) -> None:
    """Add a decision on a gate."""
    del permit
    advice = change.fg_advice
    work.connection.execute(
        insert(t.gate_decision).values(
            number=number,
            code=change.code,
            opened=change.opened,
            advice=None if advice is None else advice.document,
            advised_on=None if advice is None else advice.on,
            objection=advice is not None and advice.objection,
            answered_on=None if advice is None else advice.answered_on,
        )
    )


def add_criteria(work: LoggedWork, permit: Permit, number: int, text: str, advice: FgAdvice) -> None:
    """Add a checklist, as the text that was decided on."""
    del permit
    work.connection.execute(
        insert(t.criteria_record).values(
            number=number,
            record=text,
            advice=advice.document,
            advised_on=advice.on,
            objection=advice.objection,
            answered_on=advice.answered_on,
        )
    )


def add_end(work: LoggedWork, permit: Permit, number: int, change: OrganisationEnded | MandateEnded) -> None:
    """Add an end."""
    del permit
    match change:
        case MandateEnded():
            said = {"kind": MANDATE, "officer": change.officer, "role": change.role, "successor": ""}
        case OrganisationEnded():
            said = {"kind": ORGANISATION, "officer": "", "role": "", "successor": change.successor}
    work.connection.execute(
        insert(t.record_end).values(
            number=number, organisation=change.organisation, last_day=change.last_day, **said
        )
    )


def end_former_certificates(
    work: LoggedWork, permit: Permit, number: int, organisation: str, last_day: date
) -> None:
    """Every certificate of this organisation that was recorded before this change counts no longer, at once."""
    del permit
    work.connection.execute(
        insert(t.record_end).values(
            number=number,
            kind=CERTIFICATE,
            organisation=organisation,
            officer="",
            role="",
            last_day=last_day,
            successor="",
        )
    )


def _added(row: Record) -> OrganisationAdded:
    return OrganisationAdded(
        Organisation(
            row.code, row.name, participant=True, valid_from=row.valid_from, contact=row.contact or ""
        )
    )


def _mandate(row: Record) -> Mandate:
    return Mandate(
        row.role,
        row.organisation,
        row.officer,
        row.valid_from,
        row.valid_to,
        row.trained_on,
        row.screened_on,
    )


def _party(row: Record) -> PartyJoined | PartyLeft:
    if row.last_day is None:
        return PartyJoined(row.alliance, row.organisation, row.first_day)
    return PartyLeft(row.alliance, row.organisation, row.last_day)


def _gate(row: Record) -> GateDecided:
    advice = (
        None if row.advice is None else FgAdvice(row.advised_on, row.advice, row.objection, row.answered_on)
    )
    return GateDecided(row.code, row.opened, f"{row.decided_by}, {row.document}", advice)


def _criteria(row: Record) -> CriteriaSet:
    return CriteriaSet(
        parse_criteria(row.record), FgAdvice(row.advised_on, row.advice, row.objection, row.answered_on)
    )


def _end(row: Record) -> OrganisationEnded | MandateEnded:
    if row.kind == MANDATE:
        return MandateEnded(row.organisation, row.officer, row.role, row.last_day)
    return OrganisationEnded(row.organisation, row.last_day, row.successor)

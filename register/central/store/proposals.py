# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Proposals of functioneel beheerders and the steps that people took: rows that are added and never changed.

Steps of one proposal are numbered without a gap, and whoever takes one waits for others first (`for_step`): an objection of just now is seen by who approves.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit
from register.proposing import Did, Kind, Proposal, Step

_LOCK = 0x566F_6F72_7374
"""Key of PostgreSQL's advisory lock on taking steps."""


def add(work: LoggedWork, permit: Permit, proposal: Proposal) -> None:
    """Keep a proposal; the same one again changes nothing."""
    del permit
    values = {
        "proposal_id": proposal.id,
        "kind": proposal.kind.value,
        "organisation": proposal.organisation,
        "parties": sorted(proposal.parties),
        "content": dict(proposal.content),
        "document": proposal.document,
        "decided_by": proposal.decided_by,
        "officer": proposal.officer,
        "door": proposal.door,
        "at": proposal.at,
    }
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.record_proposal).values(**values)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=["proposal_id"]))


def of(connection: Connection, organisation: str) -> list[Proposal]:
    """The proposals to which an organisation is a party, newest first."""
    return [one for one in everything(connection) if organisation in one.parties]


def everything(connection: Connection) -> list[Proposal]:
    """Every proposal, newest first."""
    rows = connection.execute(
        select(t.record_proposal).order_by(t.record_proposal.c.at.desc(), t.record_proposal.c.proposal_id)
    ).all()
    steps = _steps(connection)
    return [_proposal(row, steps.get(row.proposal_id, ())) for row in rows]


def for_step(work: LoggedWork, permit: Permit, proposal_id: UUID, organisation: str) -> Proposal | None:
    """A proposal to which this organisation is a party, as it is now; nobody else takes a step before this transaction ends."""
    del permit
    if work.connection.dialect.name == "postgresql":
        # SQLite has one writer.
        work.connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    return one(work.connection, proposal_id, organisation)


def one(connection: Connection, proposal_id: UUID, organisation: str) -> Proposal | None:
    """A proposal to which this organisation is a party."""
    columns = t.record_proposal.c
    row = connection.execute(select(t.record_proposal).where(columns.proposal_id == proposal_id)).first()
    if row is None or organisation not in row.parties:
        return None
    return _proposal(row, _steps(connection, proposal_id).get(proposal_id, ()))


def add_step(work: LoggedWork, permit: Permit, proposal: Proposal, step: Step) -> None:
    """Keep a step."""
    del permit
    work.connection.execute(
        insert(t.record_proposal_step).values(
            proposal_id=proposal.id,
            number=len(proposal.steps) + 1,
            step=step.did.value,
            organisation=step.organisation,
            officer=step.officer,
            objection=step.objection,
            document=step.document,
            text=step.text,
            door=step.door,
            at=step.at,
        )
    )


def _steps(connection: Connection, proposal_id: UUID | None = None) -> Mapping[UUID, tuple[Step, ...]]:
    columns = t.record_proposal_step.c
    query = select(t.record_proposal_step).order_by(columns.proposal_id, columns.number)
    if proposal_id is not None:
        query = query.where(columns.proposal_id == proposal_id)
    found: dict[UUID, tuple[Step, ...]] = {}
    for row in connection.execute(query):
        step = Step(
            Did(row.step),
            row.organisation,
            row.officer,
            row.objection,
            row.document,
            row.text,
            row.door,
            row.at,
        )
        found[row.proposal_id] = (*found.get(row.proposal_id, ()), step)
    return found


def _proposal(row: Row[Any], steps: tuple[Step, ...]) -> Proposal:
    return Proposal(
        row.proposal_id,
        Kind(row.kind),
        row.organisation,
        frozenset(row.parties),
        row.content,
        row.document,
        row.decided_by,
        row.officer,
        row.door,
        row.at,
        steps,
    )

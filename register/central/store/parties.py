# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part: organisations and the mandates of their people. Read before anything is decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from register.central.store import tables as t


@dataclass(frozen=True)
class Party:
    """An organisation as the register knows it."""

    id: str
    name: str
    kind: str
    oin: str
    participates: bool


def party(connection: Connection, organisation: str, today: date) -> Party | None:
    """The organisation, and whether it participates today; None if it is unknown."""
    row = connection.execute(select(t.organisation).where(t.organisation.c.id == organisation)).first()
    return None if row is None else _party(row, today)


def parties(connection: Connection, today: date) -> list[Party]:
    """All organisations."""
    return [
        _party(row, today) for row in connection.execute(select(t.organisation).order_by(t.organisation.c.id))
    ]


def mandate_of(connection: Connection, organisation: str, officer: str, role: str) -> Row[Any] | None:
    """The mandate of a person for a role, whatever its dates; None if there is none."""
    columns = t.mandate.c
    return connection.execute(
        select(t.mandate).where(
            columns.organisation == organisation, columns.officer == officer, columns.role == role
        )
    ).first()


def add_organisation(connection: Connection, values: dict[str, Any]) -> None:
    """Register an organisation; one that is there stays as it is."""
    if connection.scalar(select(t.organisation.c.id).where(t.organisation.c.id == values["id"])) is None:
        connection.execute(insert(t.organisation).values(**values))


def add_mandate(connection: Connection, values: dict[str, Any]) -> None:
    """Register a mandate; one that is there stays as it is."""
    if mandate_of(connection, values["organisation"], values["officer"], values["role"]) is None:
        connection.execute(insert(t.mandate).values(**values))


def _party(row: Row[Any], today: date) -> Party:
    until = row.participates_until
    participates = row.participates_from <= today and (until is None or today <= until)
    return Party(row.id, row.name, row.kind, row.oin, participates)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The durable state of a process's jobs, in that process's own database: who holds which job, and how its last run ended.

The caller owns database and migrations; `tables` adds the table to its metadata. Every change is a transaction of its own that locks one row, decides by
the rules of `process.jobs` and writes; so of two runners that want one job, one gets it. Who lost the lease meanwhile changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, Integer, MetaData, Row, String, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from audit.store.engine import read_only
from audit.store.schema import Moment
from process.jobs import LEASE, Ended, JobState, Outcome, after, claimable

_LONGEST_NAME = 64


def tables(metadata: MetaData) -> Table:
    """Adds the table of jobs to `metadata`; a migration creates it."""
    return Table(
        "job",
        metadata,
        Column("name", String(_LONGEST_NAME), primary_key=True),
        Column("since", Moment, nullable=False),
        Column("next_at", Moment, nullable=False),
        Column("holder", String(_LONGEST_NAME)),
        Column("lease_until", Moment),
        Column("started_at", Moment),
        Column("finished_at", Moment),
        Column("succeeded_at", Moment),
        Column("outcome", String(16)),
        Column("error", String(_LONGEST_NAME)),
        Column("counts", JSON, nullable=False),
        Column("failures", Integer, nullable=False),
    )


class JobStore:
    """The states of jobs in the table that `tables` made, in the database of `engine`."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._reading = read_only(engine)
        self._table = table

    def enlist(self, names: Iterable[str], moment: datetime) -> None:
        """Make a state for jobs that have none; they are due at once."""
        rows = [
            {"name": name, "since": moment, "next_at": moment, "counts": {}, "failures": 0} for name in names
        ]
        with self._engine.begin() as connection:
            # Both databases spell it alike, and SQLAlchemy keeps it per dialect.
            insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(self._table)
            connection.execute(insert.on_conflict_do_nothing(), rows)

    def claim(self, name: str, holder: str, moment: datetime, *, anyway: bool = False) -> JobState:
        """Take a job if it is free and due (`anyway`: free). It was taken if the state that comes back bears `holder`.

        Args:
            name: a job that was enlisted.
            holder: a name that nobody used before.
            moment: now.
            anyway: whether its time has come or not.
        """
        with self._engine.begin() as connection:
            state = self._locked(connection, name)
            if not claimable(state, moment, anyway=anyway):
                return state
            taken = {"holder": holder, "lease_until": moment + LEASE, "started_at": moment}
            self._write(connection, name, taken)
            return self._locked(connection, name)

    def extend(self, name: str, holder: str, moment: datetime) -> bool:
        """Renew the lease; False if somebody else has taken the job over."""
        columns = self._table.c
        with self._engine.begin() as connection:
            mine = (columns.name == name, columns.holder == holder)
            renewed = connection.execute(update(self._table).where(*mine).values(lease_until=moment + LEASE))
            return renewed.rowcount == 1

    def end(self, name: str, holder: str, ended: Ended) -> bool:
        """Keep how a run ended and let go of the job; False, and nothing is kept, if somebody else has taken it over."""
        with self._engine.begin() as connection:
            state = self._locked(connection, name)
            if state.holder != holder:
                return False
            self._write(connection, name, vars(after(state, ended)))
            return True

    def states(self) -> dict[str, JobState]:
        """All states by name."""
        with self._reading.connect() as connection:
            rows = connection.execute(select(self._table).order_by(self._table.c.name)).all()
        return {row.name: _state(row) for row in rows}

    def _locked(self, connection: Connection, name: str) -> JobState:
        """The state; whoever else wants to change it waits. On SQLite the transaction itself keeps others out."""
        row = connection.execute(select(self._table).where(self._table.c.name == name).with_for_update())
        return _state(row.one())

    def _write(self, connection: Connection, name: str, values: dict[str, Any]) -> None:
        connection.execute(update(self._table).where(self._table.c.name == name).values(**values))


def _state(row: Row[Any]) -> JobState:
    read = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    return JobState(**{**read, "outcome": None if row.outcome is None else Outcome(row.outcome)})

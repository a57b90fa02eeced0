# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The outbox of one organisation (`register.municipal.outbox` says the rules).

Each method is one transaction, durable when it returns. Whatever is written about an attempt is written only while the claim of that attempt is the last
one, in the condition of the statement itself; False then says that somebody else goes on with the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from process.problem import Refusal
from register.municipal.casebook import Entry
from register.municipal.outbox import REFUSED_KEPT, State, refusal_bytes
from register.municipal.outbox import Row as Waiting
from register.municipal.sealing import Sealed
from register.municipal.store import tables as t
from register.municipal.store.casebook import mark_corrected, put_entry
from register.municipal.store.database import NodeDatabase
from register.municipal.store.releases import forget_narratives, put_narrative
from register.municipal.store.sealed import columns_of, sealed_of


@dataclass(frozen=True)
class Claim:
    """A hold on one row: whose, since when, until when, and when it is tried again if this attempt is never heard of."""

    token: bytes
    now: datetime
    until: datetime
    next_at: datetime


class _SettledError(Exception):
    """The signal was delivered or withdrawn while this row was being made."""


Told = tuple[date, Sealed]
"""A narrative, sealed, and the first day on which it is not there any more."""


class OutboxStore:
    """The outbox of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def row(self, signal_id: UUID, version: int | None = None) -> Waiting | None:
        """The row of one version of a signal; of the newest, if none is named."""
        columns = t.outbox.c
        mine = (
            (self._own(), columns.signal_id == signal_id)
            if version is None
            else self._key(signal_id, version)
        )
        with self._database.reading() as connection:
            found = connection.execute(
                select(t.outbox).where(*mine).order_by(columns.version.desc()).limit(1)
            ).one_or_none()
        return None if found is None else _waiting(found)

    def put(self, row: Waiting, claim: Claim, told: Told | None = None) -> bool:
        """Keep a new row with its narrative, held by whoever keeps it; False if there is one of this signal, or it was delivered or withdrawn meanwhile."""
        values = {**_columns(row), **_held(claim), "attempts": 1}
        try:
            with self._database.writing() as connection:
                # First the row: of two at once the second waits here, and then sees what became of the first.
                connection.execute(insert(t.outbox).values(tenant=self._tenant, **values))
                self._require_unsettled(connection, row, claim.now.date())
                put_narrative(connection, self._tenant, (row.signal_id, row.version), told)
        except (IntegrityError, _SettledError):
            return False
        return True

    def _require_unsettled(self, connection: Connection, row: Waiting, today: date) -> None:
        """Returns only if neither this version nor a later one stands in the casebook, and the signal was not withdrawn."""
        found = (
            select(table.c.signal_id).where(
                table.c.tenant == self._tenant,
                table.c.signal_id == row.signal_id,
                table.c.expires_on > today,
                *more,
            )
            for table, more in ((t.casebook, [t.casebook.c.version >= row.version]), (t.withdrawn, []))
        )
        if any(connection.execute(query).first() is not None for query in found):
            raise _SettledError

    def mend(self, row: Waiting, claim: Claim, told: Told | None = None) -> bool:
        """Put other content in a row that was refused and certainly stands nowhere; False if it is not such a row."""
        columns = t.outbox.c
        values = {**_columns(row), **_held(claim), "attempts": 1}
        with self._database.writing() as connection:
            mended = connection.execute(
                update(t.outbox)
                .where(
                    *self._key(row.signal_id, row.version),
                    columns.state == State.REFUSED,
                    columns.maybe.is_(False),
                    self._free(claim.now),
                )
                .values(values)
            )
            if mended.rowcount:
                put_narrative(connection, self._tenant, (row.signal_id, row.version), told)
        return bool(mended.rowcount)

    def claim(self, signal_id: UUID, version: int, claim: Claim) -> Waiting | None:
        """Hold a row; None if it is not there, or somebody else holds it."""
        with self._database.writing() as connection:
            held = connection.execute(
                update(t.outbox)
                .where(*self._key(signal_id, version), self._free(claim.now))
                .values(attempts=t.outbox.c.attempts + 1, **_held(claim))
            )
            if not held.rowcount:
                return None
            found = connection.execute(select(t.outbox).where(*self._key(signal_id, version))).one()
        return _waiting(found)

    def leaving(self, row: Waiting, claim: Claim, digest: bytes, sealed: Sealed) -> bool:
        """Record what is about to leave; from now on the register may have it."""
        values = {"digest": digest, "maybe": True, **columns_of(sealed)}
        return self._changed(update(t.outbox).where(*self._mine(row, claim)).values(values))

    def waits(self, row: Waiting, claim: Claim, next_at: datetime, reason: str, *, maybe: bool) -> bool:
        """Let go of a row until a later moment."""
        values = {
            "state": State.WAITS.value,
            "next_at": next_at,
            "reason": reason,
            "maybe": maybe,
            "claim": None,
            "claimed_until": None,
            "refusal": None,
            "refused_at": None,
        }
        return self._changed(update(t.outbox).where(*self._mine(row, claim)).values(values))

    def refuse(self, row: Waiting, claim: Claim, refusal: Refusal, at: datetime, *, maybe: bool) -> bool:
        """Keep a row as refused; the first refusal since it last waited counts for how long."""
        values = {
            "state": State.REFUSED.value,
            "refusal": refusal_bytes(refusal),
            "reason": refusal.code,
            "refused_at": func.coalesce(t.outbox.c.refused_at, at),
            "maybe": maybe,
            "claim": None,
            "claimed_until": None,
        }
        return self._changed(update(t.outbox).where(*self._mine(row, claim)).values(values))

    def release(self, row: Waiting, claim: Claim, state: State) -> bool:
        """Let go of a row as it was."""
        values = {"state": state.value, "claim": None, "claimed_until": None}
        return self._changed(update(t.outbox).where(*self._mine(row, claim)).values(values))

    def drop(self, row: Waiting, claim: Claim) -> bool:
        """Remove a row that was refused at once and certainly stands nowhere."""
        return self._gone(row.signal_id, row.version, delete(t.outbox).where(*self._mine(row, claim)))

    def discard(self, signal_id: UUID, version: int, now: datetime) -> bool:
        """Throw away a row that was refused and certainly stands nowhere; False if it is not such a row."""
        columns = t.outbox.c
        return self._gone(
            signal_id,
            version,
            delete(t.outbox).where(
                *self._key(signal_id, version),
                columns.state == State.REFUSED,
                columns.maybe.is_(False),
                self._free(now),
            ),
        )

    def delivered(self, entry: Entry) -> None:
        """The register has it: from outbox to casebook, in one transaction. Whose claim it was does not matter: it is a fact."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(t.outbox).where(*self._key(entry.signal_id, entry.version)))
            # No row: another attempt was acknowledged first, or the signal was withdrawn. Neither needs this record.
            if gone.rowcount:
                put_entry(connection, self._tenant, entry)
                mark_corrected(connection, self._tenant, entry)

    def withdraw(self, signal_id: UUID, expires_on: date, claimed: tuple[Waiting, Claim] | None) -> bool:
        """Forget everything of a signal and remember that it was withdrawn; False if the claim is no longer ours."""
        with self._database.writing() as connection:
            if claimed is not None:
                gone = connection.execute(delete(t.outbox).where(*self._mine(*claimed)))
                if not gone.rowcount:
                    return False
            connection.execute(
                delete(t.casebook).where(
                    t.casebook.c.tenant == self._tenant, t.casebook.c.signal_id == signal_id
                )
            )
            forget_narratives(connection, self._tenant, signal_id)
            known = select(t.withdrawn).where(
                t.withdrawn.c.tenant == self._tenant, t.withdrawn.c.signal_id == signal_id
            )
            if connection.execute(known).first() is None:
                connection.execute(
                    insert(t.withdrawn).values(
                        tenant=self._tenant, signal_id=signal_id, expires_on=expires_on
                    )
                )
        return True

    def withdrawn(self, signal_id: UUID) -> bool:
        """True if the signal was withdrawn."""
        columns = t.withdrawn.c
        query = select(columns.signal_id).where(
            columns.tenant == self._tenant, columns.signal_id == signal_id
        )
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def due(self, now: datetime, limit: int) -> list[tuple[UUID, int]]:
        """Rows that may be tried now, the longest waiting first."""
        columns = t.outbox.c
        query = select(columns.signal_id, columns.version).where(
            self._own(),
            columns.state != State.REFUSED,
            columns.next_at <= now,
            columns.expires_on > now.date(),
            self._free(now),
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                query.order_by(columns.next_at, columns.first_processed_at, columns.signal_id).limit(limit)
            ).all()
        return [(row.signal_id, row.version) for row in rows]

    def postpone(self, until: datetime, like: Waiting | None = None) -> None:
        """Try nothing before a moment; or nothing of this row's officer that came the same way, from an import or by hand."""
        columns = t.outbox.c
        query = update(t.outbox).where(self._own(), columns.state != State.REFUSED, columns.next_at < until)
        if like is not None:
            query = query.where(columns.officer == like.officer, columns.run.is_(None) == (like.run is None))
        with self._database.writing() as connection:
            connection.execute(query.values(next_at=until))

    def rows(self, officer: str | None, now: datetime, state: State | None, limit: int) -> list[Waiting]:
        """Rows of this officer, or of everyone, that still live: refused ones first, then the oldest."""
        columns = t.outbox.c
        query = select(t.outbox).where(self._own(), self._alive(now))
        if officer is not None:
            query = query.where(columns.officer == officer)
        if state is not None:
            query = query.where(self._in_state(state, now))
        ordered = query.order_by(
            columns.refused_at.is_(None), columns.first_processed_at, columns.signal_id
        ).limit(limit)
        with self._database.reading() as connection:
            return [_waiting(row) for row in connection.execute(ordered).all()]

    def count(self, officer: str | None, now: datetime) -> Mapping[State, int]:
        """How many rows are in each state."""
        columns = t.outbox.c
        found = {}
        with self._database.reading() as connection:
            for state in State:
                query = select(func.count()).select_from(t.outbox)
                query = query.where(self._own(), self._alive(now), self._in_state(state, now))
                if officer is not None:
                    query = query.where(columns.officer == officer)
                found[state] = connection.execute(query).scalar_one()
        return found

    def destroy(self, now: datetime) -> tuple[int, int]:
        """Destroy what may live no longer.

        Returns:
            How many rows whose signal's term is over, and how many that were refused too long ago.
        """
        columns = t.outbox.c
        with self._database.writing() as connection:
            expired = connection.execute(
                delete(t.outbox).where(self._own(), columns.expires_on <= now.date())
            )
            refused = connection.execute(
                delete(t.outbox).where(self._own(), ~self._alive(now), self._free(now))
            )
            connection.execute(
                delete(t.withdrawn).where(
                    t.withdrawn.c.tenant == self._tenant, t.withdrawn.c.expires_on <= now.date()
                )
            )
        return expired.rowcount, refused.rowcount

    # ---- conditions ---------------------------------------------------------------------------------------

    def _own(self) -> ColumnElement[bool]:
        return t.outbox.c.tenant == self._tenant

    def _key(self, signal_id: UUID, version: int) -> tuple[ColumnElement[bool], ...]:
        columns = t.outbox.c
        return (self._own(), columns.signal_id == signal_id, columns.version == version)

    def _mine(self, row: Waiting, claim: Claim) -> tuple[ColumnElement[bool], ...]:
        return (*self._key(row.signal_id, row.version), t.outbox.c.claim == claim.token)

    @staticmethod
    def _free(now: datetime) -> ColumnElement[bool]:
        until = t.outbox.c.claimed_until
        return or_(until.is_(None), until <= now)

    @staticmethod
    def _alive(now: datetime) -> ColumnElement[bool]:
        """As `Row.alive`."""
        columns = t.outbox.c
        return and_(
            columns.expires_on > now.date(),
            or_(
                columns.maybe.is_(True),
                columns.refused_at.is_(None),
                columns.refused_at > now - REFUSED_KEPT,
            ),
        )

    @classmethod
    def _in_state(cls, state: State, now: datetime) -> ColumnElement[bool]:
        """As `Row.state_at`."""
        refused = t.outbox.c.state == State.REFUSED
        if state is State.REFUSED:
            return refused
        free = cls._free(now)
        return and_(~refused, free if state is State.WAITS else ~free)

    def _gone(self, signal_id: UUID, version: int, statement: Any) -> bool:
        """A row goes, and its own narrative with it; that of the version that it was to correct stays."""
        with self._database.writing() as connection:
            gone = bool(connection.execute(statement).rowcount)
            if gone:
                put_narrative(connection, self._tenant, (signal_id, version), None)
        return gone

    def _changed(self, statement: Any) -> bool:
        with self._database.writing() as connection:
            return bool(connection.execute(statement).rowcount)


def _held(claim: Claim) -> dict[str, Any]:
    return {
        "state": State.UNDERWAY.value,
        "claim": claim.token,
        "claimed_until": claim.until,
        "next_at": claim.next_at,
    }


def _columns(row: Waiting) -> dict[str, Any]:
    return {
        "signal_id": row.signal_id,
        "version": row.version,
        "officer": row.officer,
        "role": row.role,
        "run": row.run,
        "handle": row.handle,
        "first_processed_at": row.first_processed_at,
        "expires_on": row.expires_on,
        "content": row.content,
        "digest": row.digest,
        "maybe": row.maybe,
        "reason": row.reason,
        "refusal": row.refusal,
        "refused_at": row.refused_at,
        **columns_of(row.sealed),
    }


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        signal_id=row.signal_id,
        version=row.version,
        officer=row.officer,
        role=row.role,
        run=row.run,
        handle=row.handle,
        first_processed_at=row.first_processed_at,
        expires_on=row.expires_on,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at,
        claimed_until=row.claimed_until,
        content=row.content,
        sealed=sealed_of(row),
        digest=row.digest,
        maybe=row.maybe,
        reason=row.reason,
        refusal=row.refusal,
        refused_at=row.refused_at,
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What one organisation keeps at a node: accounts, sessions, controls, receipts and refusals; casebook, outbox and drafts have stores of their own.

SQLAlchemy Core, the same on SQLite and PostgreSQL. A store speaks for one organisation of the database: every statement names it, so that what is
another's does not exist here. No column holds an identity attribute or a pseudonym: what must stay at the node is
sealed before it comes here (`register.municipal.sealing`). Each method is one transaction, durable when it returns.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from audit.checkpoint import Checkpoint
from audit.note import parse
from audit.trail import Receipt
from register.accounts import IDLE, LIFETIME, LONGEST, Account, Session, Terms
from register.door.store import Rows
from register.municipal.controls import Control
from register.municipal.receipts import Break, LogBreak, Unproven
from register.municipal.store import tables as t
from register.municipal.store.database import STRANGERS, NodeDatabase
from register.second_factor import APP_WAITS, HALF_LIFETIME, methods_from

_REFUSALS_KEPT = timedelta(days=396)
_TRIES_KEPT = timedelta(days=1)
"""As long as the register can still tell what a question was about (13 months)."""
_SEEN_EVERY = timedelta(minutes=1)
_UNSEEN_PERSON = "-"
_CONTROL = [column for column in t.control.columns if column.name != "tenant"]

__all__ = ["STRANGERS", "NodeDatabase", "NodeStore"]


class NodeStore:
    """What one organisation keeps.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def _own(self, table: Table) -> ColumnElement[bool]:
        """The rows of this organisation."""
        return table.c.tenant == self._tenant

    # ---- people -------------------------------------------------------------------------------------------

    def put_account(self, account: Account, password_hash: str) -> None:
        """Make an account, or give the one with this name another role and password; its number stays, and its sessions end."""
        named = self._own(t.account) & (t.account.c.name == account.name)
        with self._database.writing() as connection:
            values = {"role": account.role, "password": password_hash}
            officer = connection.scalar(select(t.account.c.officer).where(named))
            if officer is not None:
                connection.execute(update(t.account).where(named).values(values))
                Rows(connection, t.door, self._tenant).end_sessions(officer)
            else:
                connection.execute(
                    insert(t.account).values(
                        tenant=self._tenant, officer=account.officer, name=account.name, **values
                    )
                )

    def account(self, name: str) -> tuple[Account, str] | None:
        """The account and its password hash, or None."""
        query = select(t.account).where(self._own(t.account), t.account.c.name == name)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (Account(row.officer, row.name, row.role), row.password)

    @property
    def tenant(self) -> str:
        """Code of the organisation."""
        return self._tenant

    @contextmanager
    def signing_in(self) -> Iterator[Rows]:
        """A transaction on what is kept of how its people sign in."""
        with self._database.writing() as connection:
            yield Rows(connection, t.door, self._tenant)

    def account_of(self, officer: str) -> Account | None:
        """The account with this number, or None."""
        query = select(t.account).where(self._own(t.account), t.account.c.officer == officer)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Account(row.officer, row.name, row.role)

    def tries(self, name_key: bytes) -> tuple[int, datetime | None, datetime | None]:
        """Wrong passwords in a row for a name or a source, until when it waits, and when the last one was."""
        query = select(t.tries).where(self._own(t.tries), t.tries.c.name_key == name_key)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return (0, None, None) if row is None else (row.failures, row.waits_until, row.last_at)

    def put_tries(
        self, name_key: bytes, failures: int, waits_until: datetime | None, at: datetime | None = None
    ) -> None:
        """Remember wrong passwords; none of them forgets the name."""
        with self._database.writing() as connection:
            connection.execute(delete(t.tries).where(self._own(t.tries), t.tries.c.name_key == name_key))
            if failures:
                connection.execute(
                    insert(t.tries).values(
                        tenant=self._tenant,
                        name_key=name_key,
                        failures=failures,
                        waits_until=waits_until,
                        last_at=at,
                    )
                )

    def failed(
        self,
        name_key: bytes,
        at: datetime,
        wait_after: Callable[[int], timedelta],
        forgotten: datetime | None = None,
    ) -> timedelta:
        """Count one more wrong try, also when several come at once; gives how long the name or source waits. What ended before `forgotten` does not count."""
        columns = t.tries.c
        mine = self._own(t.tries) & (columns.name_key == name_key)
        one_more = update(t.tries).where(mine).values(failures=columns.failures + 1, last_at=at)
        with self._database.writing() as connection:
            if forgotten is not None:
                connection.execute(delete(t.tries).where(mine, columns.last_at <= forgotten))
            if connection.execute(one_more).rowcount == 0:
                first = {"tenant": self._tenant, "name_key": name_key, "failures": 1, "last_at": at}
                try:
                    with connection.begin_nested():
                        connection.execute(insert(t.tries).values(first))
                except IntegrityError:
                    connection.execute(one_more)
            wait = wait_after(connection.execute(select(columns.failures).where(mine)).scalar_one())
            connection.execute(update(t.tries).where(mine).values(waits_until=at + wait if wait else None))
        return wait

    def put_session(self, digest: bytes, officer: str, now: datetime) -> None:
        """Start a session."""
        with self._database.writing() as connection:
            connection.execute(
                insert(t.session).values(
                    tenant=self._tenant, digest=digest, officer=officer, created_at=now, seen_at=now
                )
            )

    def session(self, digest: bytes, now: datetime, terms: Terms = LONGEST) -> Session | None:
        """The living session with this digest, from now on seen at this moment."""
        query = (
            select(t.session, t.account.c.name, t.account.c.role)
            .join(
                t.account,
                (t.account.c.tenant == t.session.c.tenant) & (t.account.c.officer == t.session.c.officer),
            )
            .where(self._own(t.session), t.session.c.digest == digest)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        account = Account(row.officer, row.name, row.role)
        session = Session(account, row.created_at, row.seen_at, methods_from(row.methods))
        if not session.alive(now, terms):
            self.end_session(digest)
            return None
        if now - session.seen_at >= _SEEN_EVERY:
            with self._database.writing() as connection:
                connection.execute(
                    update(t.session)
                    .where(self._own(t.session), t.session.c.digest == digest)
                    .values(seen_at=now)
                )
            return replace(session, seen_at=now)
        return session

    def end_session(self, digest: bytes) -> None:
        """End a session; one that is not there has ended already."""
        with self._database.writing() as connection:
            connection.execute(delete(t.session).where(self._own(t.session), t.session.c.digest == digest))

    def end_sessions(self, officer: str) -> int:
        """End every session of one officer; gives how many there were."""
        with self.signing_in() as rows:
            return rows.end_sessions(officer)

    # ---- controls -----------------------------------------------------------------------------------------

    def put_control(self, control: Control) -> bool:
        """Keep a control; False if the number exists already."""
        try:
            with self._database.writing() as connection:
                connection.execute(
                    insert(t.control).values(
                        tenant=self._tenant,
                        number=control.number,
                        basis=control.basis,
                        control_type=control.control_type,
                        place=control.place,
                        planned=control.planned,
                        day=control.day,
                        officer=control.officer,
                    )
                )
        except IntegrityError:
            return False
        return True

    def control(self, number: str) -> Control | None:
        """The control with this number, of whatever day."""
        query = select(*_CONTROL).where(self._own(t.control), t.control.c.number == number)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Control(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    def controls(self, officer: str, day: date) -> list[Control]:
        """The controls of a day that this officer opened or that were put ready for all, the newest number last."""
        columns = t.control.c
        query = select(*_CONTROL).where(
            self._own(t.control), columns.day == day, (columns.officer == officer) | columns.officer.is_(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.number)).all()
        return [Control(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def kinds_of_controls(self, officer: str, before: date, limit: int) -> list[tuple[str, str]]:
        """Task and type of the controls that this officer opened before this day, the newest first."""
        columns = t.control.c
        query = (
            select(columns.basis, columns.control_type)
            .where(self._own(t.control), columns.officer == officer, columns.day < before)
            .group_by(columns.basis, columns.control_type)
            .order_by(func.max(columns.day).desc(), columns.basis, columns.control_type)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [(row.basis, row.control_type) for row in connection.execute(query)]

    # ---- what happened ------------------------------------------------------------------------------------

    def put_receipt(self, kind: str, officer: str, receipt: Receipt, note: bytes, at: datetime) -> None:
        """Keep a receipt that this node got at `at`, so that its place in the log can be demanded."""
        with self._database.writing() as connection:
            connection.execute(
                insert(t.receipt).values(
                    tenant=self._tenant,
                    kind=kind,
                    officer=officer,
                    log=receipt.origin,
                    leaf=receipt.leaf_index,
                    leaf_hash=receipt.leaf_hash,
                    note=note,
                    at=at,
                )
            )

    def furthest_receipt(self, log: str) -> bytes | None:
        """The note of the receipt with the last leaf of a log."""
        columns = t.receipt.c
        query = select(columns.note).where(self._own(t.receipt), columns.log == log)
        with self._database.reading() as connection:
            note: bytes | None = connection.scalar(query.order_by(columns.leaf.desc()).limit(1))
        return note

    def unproven(self) -> list[Unproven]:
        """The receipts that wait for their proof, oldest first."""
        columns = t.receipt.c
        query = (
            select(t.receipt)
            .where(self._own(t.receipt), columns.proven_at.is_(None))
            .order_by(columns.number)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Unproven(
                row.number,
                row.log,
                row.leaf,
                row.leaf_hash,
                row.at,
                contradicted=row.contradicted_at is not None,
            )
            for row in rows
        ]

    def receipt_of(self, log: str, leaf: int) -> tuple[Unproven, bytes] | None:
        """The receipt of one leaf, whether it was proven or not, with the signed note; None if there is none."""
        columns = t.receipt.c
        query = (
            select(t.receipt)
            .where(self._own(t.receipt), columns.log == log, columns.leaf == leaf)
            .order_by(columns.number)
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        contradicted = row.contradicted_at is not None
        return Unproven(
            row.number, row.log, row.leaf, row.leaf_hash, row.at, contradicted=contradicted
        ), row.note

    def count_proven(self) -> int:
        """How many receipts stand in the log."""
        query = (
            select(func.count())
            .select_from(t.receipt)
            .where(self._own(t.receipt), t.receipt.c.proven_at.is_not(None))
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def put_verdict(self, number: int, at: datetime, *, proven: bool) -> None:
        """Remember what a proof said of a receipt, for the first time; a proven one stays proven."""
        columns = t.receipt.c
        column = columns.proven_at if proven else columns.contradicted_at
        with self._database.writing() as connection:
            connection.execute(
                update(t.receipt)
                .where(
                    self._own(t.receipt),
                    columns.number == number,
                    columns.proven_at.is_(None),
                    column.is_(None),
                )
                .values({column: at})
            )

    def last_checkpoint(self, log: str) -> tuple[Checkpoint, bytes] | None:
        """The largest checkpoint of a log that was believed, with its note."""
        query = select(t.checkpoint.c.note).where(self._own(t.checkpoint), t.checkpoint.c.log == log)
        with self._database.reading() as connection:
            note = connection.scalar(query)
        return None if note is None else (Checkpoint.from_text(parse(note).text), note)

    def put_checkpoint(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Remember a checkpoint that is believed; a smaller one never takes the place of a larger."""
        columns = t.checkpoint.c
        values = {"tenant": self._tenant, "log": checkpoint.origin, "size": checkpoint.size, "note": note}
        try:
            with self._database.writing() as connection:
                connection.execute(
                    delete(t.checkpoint).where(
                        self._own(t.checkpoint),
                        columns.log == checkpoint.origin,
                        columns.size <= checkpoint.size,
                    )
                )
                connection.execute(insert(t.checkpoint).values(values))
        except IntegrityError:
            # Another process of this node saw a larger one.
            return

    def put_break(self, log: str, found: LogBreak) -> None:
        """Remember a break in a log, the first of its kind; it is evidence and nothing here removes it."""
        values = {"tenant": self._tenant, "log": log, "kind": found.kind.value, "seen_at": found.seen_at}
        try:
            with self._database.writing() as connection:
                connection.execute(
                    insert(t.log_break).values(**values, last=found.last, offered=found.offered)
                )
        except IntegrityError:
            return

    def breaks(self, log: str) -> list[LogBreak]:
        """The breaks that were seen in a log."""
        columns = t.log_break.c
        query = (
            select(t.log_break)
            .where(self._own(t.log_break), columns.log == log)
            .order_by(columns.seen_at, columns.kind)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [LogBreak(Break(row.kind), row.last, row.offered, row.seen_at) for row in rows]

    def put_refusal(self, at: datetime, officer: str | None, code: str, fields: tuple[str, ...]) -> None:
        """Log a refusal that never reached the register: who, what kind, which fields; counted per minute."""
        minute = at.replace(second=0, microsecond=0)
        key = {
            "tenant": self._tenant,
            "minute": minute,
            "officer": officer or _UNSEEN_PERSON,
            "code": code,
            "fields": ",".join(sorted(set(fields)))[:400],
        }
        columns = t.refusal.c
        with self._database.writing() as connection:
            counted = connection.execute(
                update(t.refusal)
                .where(*(columns[name] == value for name, value in key.items()))
                .values(times=columns.times + 1)
            )
            if counted.rowcount == 0:
                connection.execute(insert(t.refusal).values(**key, times=1))

    def refusals(self) -> list[tuple[datetime, str, str, str, int]]:
        """All logged refusals, oldest first: minute, officer (- when nobody was logged in), code, fields, times."""
        columns = t.refusal.c
        query = select(columns.minute, columns.officer, columns.code, columns.fields, columns.times).where(
            self._own(t.refusal)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.minute, columns.code)).all()
        return [(row.minute, row.officer, row.code, row.fields, row.times) for row in rows]

    def purge(self, now: datetime, today: date) -> Mapping[str, int]:
        """Destroy what has expired: records with their signals, sessions, and old refusals; gives how many of each."""
        old = {
            "dossiers": (t.casebook, t.casebook.c.expires_on <= today),
            "sessies": (
                t.session,
                (t.session.c.created_at <= now - LIFETIME) | (t.session.c.seen_at <= now - IDLE),
            ),
            # Longer than any wait that they cause: anybody can make such a row, with any name.
            "foute pogingen": (t.tries, t.tries.c.last_at <= now - _TRIES_KEPT),
            "weigeringen": (t.refusal, t.refusal.c.minute <= now - _REFUSALS_KEPT),
        }
        with self._database.writing() as connection:
            rows = Rows(connection, t.door, self._tenant)
            return {
                name: connection.execute(delete(table).where(self._own(table), past)).rowcount
                for name, (table, past) in old.items()
            } | rows.destroy_old(now - HALF_LIFETIME, now - _REFUSALS_KEPT, now - APP_WAITS)

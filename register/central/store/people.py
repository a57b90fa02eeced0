# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Accounts and sessions of people who sign in at the register itself, and the count of callers that nobody knows."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from register.accounts import Account, Session
from register.central.store import tables as t


def add_account(connection: Connection, organisation: str, account: Account, password_hash: str) -> None:
    """Make an account; one of that name stays as it is."""
    if connection.scalar(select(t.account.c.name).where(t.account.c.name == account.name)) is None:
        connection.execute(
            insert(t.account).values(
                name=account.name,
                organisation=organisation,
                officer=account.officer,
                role=account.role,
                password=password_hash,
            )
        )


def credentials(connection: Connection, name: str) -> tuple[str, Account, str] | None:
    """Organisation, account and password hash under a name."""
    row = connection.execute(select(t.account).where(t.account.c.name == name)).first()
    return None if row is None else (row.organisation, Account(row.officer, row.name, row.role), row.password)


def failures(connection: Connection, name_key: bytes) -> tuple[int, datetime] | None:
    """How many wrong passwords in a row, and when the last was."""
    row = connection.execute(select(t.failed_login).where(t.failed_login.c.name_key == name_key)).first()
    return None if row is None else (row.failures, row.last_at)


def failed(connection: Connection, name_key: bytes, count: int, moment: datetime) -> None:
    """Note one more wrong password."""
    forget_failures(connection, name_key)
    connection.execute(insert(t.failed_login).values(name_key=name_key, failures=count, last_at=moment))


def forget_failures(connection: Connection, name_key: bytes) -> None:
    """A right password wipes the count."""
    connection.execute(delete(t.failed_login).where(t.failed_login.c.name_key == name_key))


def open_session(connection: Connection, digest: bytes, name: str, moment: datetime) -> None:
    """Store a new session."""
    connection.execute(
        insert(t.session).values(digest=digest, account=name, created_at=moment, seen_at=moment)
    )


def session(connection: Connection, digest: bytes) -> tuple[str, Session] | None:
    """Organisation and session of a token's digest."""
    row = connection.execute(
        select(t.session, t.account.c.organisation, t.account.c.officer, t.account.c.role)
        .join(t.account, t.account.c.name == t.session.c.account)
        .where(t.session.c.digest == digest)
    ).first()
    if row is None:
        return None
    return row.organisation, Session(Account(row.officer, row.account, row.role), row.created_at, row.seen_at)


def seen(connection: Connection, digest: bytes, moment: datetime) -> None:
    """Keep a session alive."""
    connection.execute(update(t.session).where(t.session.c.digest == digest).values(seen_at=moment))


def close_session(connection: Connection, digest: bytes) -> None:
    """End a session."""
    connection.execute(delete(t.session).where(t.session.c.digest == digest))


def count_unauthenticated(connection: Connection, code: str, moment: datetime) -> None:
    """Count a refusal to somebody nobody knows, per minute: a flood of them must not fill the log."""
    key = (
        t.unauthenticated.c.minute == moment.replace(second=0, microsecond=0),
        t.unauthenticated.c.code == code,
    )
    counted = connection.execute(
        update(t.unauthenticated).where(*key).values(count=t.unauthenticated.c.count + 1)
    )
    if counted.rowcount == 0:
        values = {"minute": moment.replace(second=0, microsecond=0), "code": code, "count": 1}
        connection.execute(insert(t.unauthenticated).values(**values))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Accounts and sessions of people who sign in at the register itself, and the count of callers that nobody knows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from register.accounts import Account, Session
from register.central.store import tables as t
from register.door.store import Rows
from register.second_factor import methods_from


def signing_in(connection: Connection, organisation: str) -> Rows:
    """What is kept of how the people of an organisation sign in."""
    return Rows(connection, t.door, organisation)


def turned_away(connection: Connection, what: str) -> list[tuple[str, str, datetime, bytes]]:
    """Organisation, name, moment and number of what happened to known names and was not told yet."""
    happening = t.door.happening
    untold = (happening.c.what == what) & happening.c.done_by.is_(None) & (happening.c.tenant != "-")
    rows = connection.execute(select(happening).where(untold).order_by(happening.c.at, happening.c.id))
    return [(row.tenant, row.who, row.at, row.id) for row in rows]


def tell(connection: Connection, number: bytes) -> bool:
    """It is told from now on; False if it was already."""
    happening = t.door.happening
    mine = (happening.c.id == number) & happening.c.done_by.is_(None)
    return connection.execute(update(happening).where(mine).values(done_by="register")).rowcount == 1


def remove_account(connection: Connection, name: str) -> bool:
    """End an account, with all that it signs in with; False if there is none."""
    connection.execute(delete(t.session).where(t.session.c.account == name))
    return connection.execute(delete(t.account).where(t.account.c.name == name)).rowcount == 1


def add_account(
    connection: Connection,
    organisation: str,
    account: Account,
    password_hash: str,
    first_until: datetime | None = None,
) -> bool:
    """Make an account; one of that name stays as it is, and False says so. With `first_until` the password is a first one, until then."""
    new = connection.scalar(select(t.account.c.name).where(t.account.c.name == account.name)) is None
    if new:
        connection.execute(
            insert(t.account).values(
                name=account.name,
                organisation=organisation,
                officer=account.officer,
                role=account.role,
                password=password_hash,
                first_until=first_until,
            )
        )
    return new


@dataclass(frozen=True)
class Listed:
    """An account in a list of its organisation; `first_until` until when a first password lets in, if there is no own one."""

    account: Account
    first_until: datetime | None


def accounts_of(connection: Connection, organisation: str) -> list[Listed]:
    """The accounts of an organisation, by name."""
    columns = t.account.c
    rows = connection.execute(
        select(t.account).where(columns.organisation == organisation).order_by(columns.name)
    )
    return [Listed(Account(row.officer, row.name, row.role), row.first_until) for row in rows]


def first_until(connection: Connection, name: str) -> datetime | None:
    """Until when a first password lets in; None for an own one."""
    return connection.scalar(select(t.account.c.first_until).where(t.account.c.name == name))


def put_first(connection: Connection, name: str, hashed: str | None, until: datetime) -> None:
    """A first password in the place of the one there was; without a hash the one there was, which counts until then."""
    values: dict[str, Any] = {"first_until": until}
    if hashed is not None:
        values["password"] = hashed
    connection.execute(update(t.account).where(t.account.c.name == name).values(values))


def credentials(connection: Connection, name: str) -> tuple[str, Account, str] | None:
    """Organisation, account and password hash under a name."""
    if "\x00" in name:
        # PostgreSQL knows no such text, and nobody is called so.
        return None
    row = connection.execute(select(t.account).where(t.account.c.name == name)).first()
    return None if row is None else (row.organisation, Account(row.officer, row.name, row.role), row.password)


def failures(connection: Connection, name_key: bytes) -> tuple[int, datetime] | None:
    """How many wrong passwords in a row, and when the last was."""
    row = connection.execute(select(t.failed_login).where(t.failed_login.c.name_key == name_key)).first()
    return None if row is None else (row.failures, row.last_at)


def failed(
    connection: Connection, name_key: bytes, moment: datetime, forgotten: datetime | None = None
) -> int:
    """Count one more wrong password; gives how many in a row. What ended before `forgotten` does not count."""
    columns = t.failed_login.c
    if forgotten is not None:
        old = (columns.name_key == name_key) & (columns.last_at <= forgotten)
        connection.execute(delete(t.failed_login).where(old))
    _count(connection, columns.failures, {columns.name_key: name_key}, {columns.last_at: moment})
    found = failures(connection, name_key)
    return 0 if found is None else found[0]


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
        select(
            t.session,
            t.account.c.organisation,
            t.account.c.officer,
            t.account.c.role,
            t.account.c.first_until,
        )
        .join(t.account, t.account.c.name == t.session.c.account)
        .where(t.session.c.digest == digest)
    ).first()
    if row is None:
        return None
    account = Account(row.officer, row.account, row.role)
    return row.organisation, Session(
        account, row.created_at, row.seen_at, methods_from(row.methods), first=row.first_until
    )


def seen(connection: Connection, digest: bytes, moment: datetime) -> None:
    """Keep a session alive."""
    connection.execute(update(t.session).where(t.session.c.digest == digest).values(seen_at=moment))


def close_session(connection: Connection, digest: bytes) -> None:
    """End a session."""
    connection.execute(delete(t.session).where(t.session.c.digest == digest))


def count_unauthenticated(connection: Connection, code: str, moment: datetime) -> None:
    """Count a refusal to somebody nobody knows, per minute: a flood of them must not fill the log."""
    columns = t.unauthenticated.c
    minute = moment.replace(second=0, microsecond=0)
    _count(connection, columns.count, {columns.minute: minute, columns.code: code}, {})


def _count(
    connection: Connection, counter: Column[int], key: dict[Column[Any], Any], others: dict[Column[Any], Any]
) -> None:
    """Add one to a counter, also when several do so at once."""
    one_more = update(counter.table).where(*(column == value for column, value in key.items()))
    one_more = one_more.values({counter: counter + 1, **others})
    if connection.execute(one_more).rowcount == 0:
        try:
            with connection.begin_nested():
                connection.execute(insert(counter.table).values({counter: 1, **key, **others}))
        except IntegrityError:
            connection.execute(one_more)

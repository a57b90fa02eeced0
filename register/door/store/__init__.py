# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What is kept of how people sign in, in the database of a process: means, half sessions, sessions, and what happened to them.

The caller owns database and migrations; `tables` adds five tables to its metadata and takes its own tables of accounts and sessions. `Rows` speaks for one
organisation on one connection: every statement names it, as everywhere at a node. Secrets come here sealed or as digests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from audit.store.schema import Moment
from register.passkeys import Passkey
from register.second_factor import HALF_TRIES, Half, methods_from, methods_text

_WHO = 64


@dataclass(frozen=True)
class Tables:
    """The tables of signing in, and which columns of accounts and sessions say whose they are."""

    half: Table
    app: Table
    passkey: Table
    recovery: Table
    happening: Table
    account: Table
    session: Table
    account_who: Column[str]
    account_tenant: Column[str]
    session_who: Column[str]
    session_tenant: Column[str] | None
    account_first: Column[Any] | None = None


def session_columns() -> tuple[Column[Any], ...]:
    """What a session keeps beside whose it is and since when: the means, and the challenge of a passkey that is being made."""
    return Column("methods", String(80)), Column("challenge", LargeBinary(32))


def _whose() -> tuple[Column[Any], ...]:
    return (
        Column("tenant", String(16), primary_key=True),
        Column("who", String(_WHO), primary_key=True),
    )


def tables(  # noqa: PLR0913 - what a process has of its own
    metadata: MetaData,
    *,
    account: Table,
    session: Table,
    account_who: str,
    account_tenant: str,
    session_who: str,
    session_tenant: str | None,
    owner: tuple[Sequence[str], Sequence[str]],
    account_first: str | None = None,
) -> Tables:
    """Adds the tables to `metadata`; a migration creates them.

    Args:
        metadata: of the process.
        account: its table of accounts.
        session: its table of sessions, with `session_columns`.
        account_who: column by which a person is known.
        account_tenant: column with the organisation of an account.
        session_who: column that says whose a session is.
        session_tenant: column with the organisation of a session; None if the name alone says whose it is.
        owner: columns of these tables and what they refer to: with an account goes all that it signs in with.
        account_first: column that says until when a password of somebody else's making lets in; None where there are none.
    """

    def owned() -> ForeignKeyConstraint:
        return ForeignKeyConstraint(*owner, ondelete="CASCADE")

    return Tables(
        half=Table(
            "half_session",
            metadata,
            Column("tenant", String(16), nullable=False),
            Column("digest", LargeBinary(32), primary_key=True),
            Column("who", String(_WHO), nullable=False),
            Column("created_at", Moment, nullable=False),
            Column("tries", Integer, nullable=False),
            Column("challenge", LargeBinary(32)),
            owned(),
        ),
        app=Table(
            "code_app",
            metadata,
            *_whose(),
            Column("secret", LargeBinary, nullable=False),
            Column("last_step", BigInteger, nullable=False),
            Column("added_at", Moment, nullable=False),
            Column("confirmed_at", Moment),
            owned(),
        ),
        passkey=Table(
            "passkey",
            metadata,
            *_whose(),
            Column("id", String(1400), primary_key=True),
            Column("public_key", LargeBinary, nullable=False),
            Column("counter", BigInteger, nullable=False),
            Column("label", String(60), nullable=False),
            Column("added_at", Moment, nullable=False),
            Column("used_at", Moment),
            owned(),
        ),
        recovery=Table(
            "recovery_code",
            metadata,
            *_whose(),
            Column("digest", LargeBinary(32), primary_key=True),
            owned(),
        ),
        happening=_happening(metadata),
        account=account,
        session=session,
        account_who=account.c[account_who],
        account_tenant=account.c[account_tenant],
        session_who=session.c[session_who],
        session_tenant=None if session_tenant is None else session.c[session_tenant],
        account_first=None if account_first is None else account.c[account_first],
    )


def _happening(metadata: MetaData) -> Table:
    table = Table(
        "sign_in_event",
        metadata,
        Column("tenant", String(16), nullable=False),
        Column("id", LargeBinary(16), primary_key=True),
        Column("who", String(_WHO), nullable=False),
        Column("at", Moment, nullable=False),
        Column("what", String(40), nullable=False),
        Column("done_by", String(_WHO)),
    )
    Index("ix_sign_in_event_who", table.c.tenant, table.c.who, table.c.at)
    return table


@dataclass(frozen=True)
class KeptApp:
    """An app with codes: its sealed secret, the last step that was taken, and since when it counts."""

    secret: bytes
    last_step: int
    added_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True)
class KeptPasskey:
    """A passkey with the name that its owner gave it."""

    passkey: Passkey
    label: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class KeptSession:
    """A session of somebody; `digest` is of its token."""

    digest: bytes
    created_at: datetime
    seen_at: datetime
    methods: frozenset[str]


@dataclass(frozen=True)
class Happening:
    """Something about somebody's signing in: what, when, and by which number if not by themselves."""

    what: str
    at: datetime
    by: str | None


class Rows:
    """What one organisation keeps of how its people sign in, within one transaction."""

    def __init__(self, connection: Connection, tables: Tables, tenant: str) -> None:
        self.connection = connection
        self._t = tables
        self._tenant = tenant

    def _of(self, table: Table, who: str) -> ColumnElement[bool]:
        return (table.c.tenant == self._tenant) & (table.c.who == who)

    # ---- half signed in -----------------------------------------------------------------------------------

    def put_half(self, digest: bytes, half: Half) -> None:
        """Keep that somebody gave the right password; an older one of theirs ends."""
        t = self._t.half
        self.connection.execute(delete(t).where(self._of(t, half.who)))
        self.connection.execute(
            insert(t).values(
                tenant=self._tenant,
                digest=digest,
                who=half.who,
                created_at=half.created_at,
                tries=half.tries,
                challenge=half.challenge,
            )
        )

    def half(self, digest: bytes) -> Half | None:
        """Who is half signed in by this token."""
        t = self._t.half
        row = self.connection.execute(
            select(t).where(t.c.tenant == self._tenant, t.c.digest == digest)
        ).one_or_none()
        return None if row is None else Half(row.who, row.created_at, row.tries, row.challenge)

    def spend(self, digest: bytes) -> bool:
        """Take one of the tries and the challenge, before the answer is looked at; False if none was left, also when several ask at once."""
        t = self._t.half
        mine = (t.c.tenant == self._tenant) & (t.c.digest == digest) & (t.c.tries < HALF_TRIES)
        done = self.connection.execute(update(t).where(mine).values(tries=t.c.tries + 1, challenge=None))
        return done.rowcount == 1

    def challenge_half(self, digest: bytes, challenge: bytes) -> None:
        """Keep what a passkey must sign."""
        t = self._t.half
        mine = (t.c.tenant == self._tenant) & (t.c.digest == digest)
        self.connection.execute(update(t).where(mine).values(challenge=challenge))

    def end_half(self, digest: bytes) -> bool:
        """The half session is over; False if it was already."""
        t = self._t.half
        mine = (t.c.tenant == self._tenant) & (t.c.digest == digest)
        return self.connection.execute(delete(t).where(mine)).rowcount == 1

    # ---- means --------------------------------------------------------------------------------------------

    def app(self, who: str) -> KeptApp | None:
        """The app of somebody, confirmed or not."""
        t = self._t.app
        row = self.connection.execute(select(t).where(self._of(t, who))).one_or_none()
        return None if row is None else KeptApp(row.secret, row.last_step, row.added_at, row.confirmed_at)

    def put_app(self, who: str, secret: bytes, at: datetime) -> None:
        """Keep the secret of an app that is not confirmed yet, in the place of what there was."""
        t = self._t.app
        self.connection.execute(delete(t).where(self._of(t, who)))
        values = {"tenant": self._tenant, "who": who, "secret": secret, "last_step": -1, "added_at": at}
        self.connection.execute(insert(t).values(values))

    def take_step(self, who: str, step: int, confirmed_at: datetime | None = None) -> bool:
        """The code of this step is taken; False if it, or a later one, was taken meanwhile."""
        t = self._t.app
        values: dict[str, Any] = {"last_step": step}
        if confirmed_at is not None:
            values["confirmed_at"] = confirmed_at
        done = self.connection.execute(update(t).where(self._of(t, who), t.c.last_step < step).values(values))
        return done.rowcount == 1

    def drop_app(self, who: str) -> bool:
        """Forget an app."""
        t = self._t.app
        return self.connection.execute(delete(t).where(self._of(t, who))).rowcount == 1

    def passkeys(self, who: str) -> list[KeptPasskey]:
        """The passkeys of somebody, oldest first."""
        t = self._t.passkey
        rows = self.connection.execute(select(t).where(self._of(t, who)).order_by(t.c.added_at, t.c.id))
        return [
            KeptPasskey(Passkey(row.id, row.public_key, row.counter), row.label, row.added_at, row.used_at)
            for row in rows
        ]

    def put_passkey(self, who: str, passkey: Passkey, label: str, at: datetime) -> None:
        """Keep a passkey."""
        self.connection.execute(
            insert(self._t.passkey).values(
                tenant=self._tenant,
                who=who,
                id=passkey.id,
                public_key=passkey.public_key,
                counter=passkey.counter,
                label=label,
                added_at=at,
            )
        )

    def count_passkey(self, who: str, passkey: Passkey, counter: int, at: datetime) -> bool:
        """The passkey was used and counts so far; False if it was used meanwhile."""
        t = self._t.passkey
        mine = self._of(t, who) & (t.c.id == passkey.id) & (t.c.counter == passkey.counter)
        return (
            self.connection.execute(update(t).where(mine).values(counter=counter, used_at=at)).rowcount == 1
        )

    def drop_passkey(self, who: str, passkey_id: str) -> bool:
        """Forget a passkey."""
        t = self._t.passkey
        return self.connection.execute(delete(t).where(self._of(t, who), t.c.id == passkey_id)).rowcount == 1

    def put_recovery(self, who: str, digests: list[bytes]) -> None:
        """Keep these recovery codes and no others."""
        t = self._t.recovery
        self.connection.execute(delete(t).where(self._of(t, who)))
        for digest in digests:
            self.connection.execute(insert(t).values(tenant=self._tenant, who=who, digest=digest))

    def recovery_left(self, who: str) -> int:
        """How many recovery codes are left."""
        t = self._t.recovery
        query = select(func.count()).select_from(t).where(self._of(t, who))
        return self.connection.execute(query).scalar_one()

    def use_recovery(self, who: str, digest: bytes) -> bool:
        """Use a recovery code up; False if it is none."""
        t = self._t.recovery
        return self.connection.execute(delete(t).where(self._of(t, who), t.c.digest == digest)).rowcount == 1

    def drop_all(self, who: str) -> bool:
        """Forget all means of somebody; True if there were any."""
        t = self._t
        gone = [
            self.connection.execute(delete(table).where(self._of(table, who))).rowcount
            for table in (t.app, t.passkey, t.recovery, t.half)
        ]
        return any(gone)

    # ---- account and sessions -----------------------------------------------------------------------------

    def password(self, who: str) -> str | None:
        """The password hash of somebody."""
        t = self._t
        return self.connection.scalar(
            select(t.account.c.password).where(t.account_tenant == self._tenant, t.account_who == who)
        )

    def put_password(self, who: str, hashed: str) -> None:
        """Another password, of the person's own choice."""
        t = self._t
        mine = (t.account_tenant == self._tenant) & (t.account_who == who)
        values: dict[str, Any] = {"password": hashed}
        if t.account_first is not None:
            values[t.account_first.name] = None
        self.connection.execute(update(t.account).where(mine).values(values))

    def _session_of(self, who: str) -> ColumnElement[bool]:
        t = self._t
        mine = t.session_who == who
        return mine if t.session_tenant is None else (t.session_tenant == self._tenant) & mine

    def put_session(self, digest: bytes, who: str, methods: frozenset[str], at: datetime) -> None:
        """Start a session."""
        t = self._t
        values = {
            "digest": digest,
            t.session_who.name: who,
            "created_at": at,
            "seen_at": at,
            "methods": methods_text(methods),
        }
        if t.session_tenant is not None:
            values[t.session_tenant.name] = self._tenant
        self.connection.execute(insert(t.session).values(values))

    def sessions(self, who: str) -> list[KeptSession]:
        """The sessions of somebody, newest first; whether each lives is for its reader."""
        t = self._t.session
        rows = self.connection.execute(
            select(t).where(self._session_of(who)).order_by(t.c.created_at.desc(), t.c.digest)
        )
        return [
            KeptSession(row.digest, row.created_at, row.seen_at, methods_from(row.methods)) for row in rows
        ]

    def end_sessions(self, who: str, *digests: bytes) -> int:
        """End these sessions of somebody, or all, and then also what is half begun with a password of before; gives how many sessions."""
        t = self._t.session
        query = delete(t).where(self._session_of(who))
        if digests:
            query = query.where(t.c.digest.in_(digests))
        else:
            half = self._t.half
            self.connection.execute(delete(half).where(self._of(half, who)))
        return self.connection.execute(query).rowcount

    def challenge(self, who: str, digest: bytes) -> bytes | None:
        """What a new passkey must sign in this session."""
        t = self._t.session
        return self.connection.scalar(
            select(t.c.challenge).where(self._session_of(who), t.c.digest == digest)
        )

    def put_challenge(self, who: str, digest: bytes, challenge: bytes | None) -> None:
        """Keep it, or forget it."""
        t = self._t.session
        self.connection.execute(
            update(t).where(self._session_of(who), t.c.digest == digest).values(challenge=challenge)
        )

    # ---- what happened ------------------------------------------------------------------------------------

    def happened(self, number: bytes, who: str, happening: Happening) -> None:
        """Keep what happened about somebody's signing in."""
        self.connection.execute(
            insert(self._t.happening).values(
                tenant=self._tenant,
                id=number,
                who=who,
                at=happening.at,
                what=happening.what,
                done_by=happening.by,
            )
        )

    def happenings(self, who: str, most: int) -> list[Happening]:
        """What happened last about somebody's signing in, newest first."""
        t = self._t.happening
        rows = self.connection.execute(
            select(t).where(self._of(t, who)).order_by(t.c.at.desc(), t.c.id).limit(most)
        )
        return [Happening(row.what, row.at, row.done_by) for row in rows]

    def destroy_old(
        self, halves_before: datetime, happenings_before: datetime, apps_before: datetime
    ) -> dict[str, int]:
        """Destroy half sessions that are over, what happened long ago, and secrets of apps that nobody confirmed; gives how many of each."""
        half, happening, app = self._t.half, self._t.happening, self._t.app
        return {
            "apps die niemand bevestigde": self.connection.execute(
                delete(app).where(
                    app.c.tenant == self._tenant,
                    app.c.confirmed_at.is_(None),
                    app.c.added_at <= apps_before,
                )
            ).rowcount,
            "halve aanmeldingen": self.connection.execute(
                delete(half).where(half.c.tenant == self._tenant, half.c.created_at <= halves_before)
            ).rowcount,
            "aanmeldingen": self.connection.execute(
                delete(happening).where(
                    happening.c.tenant == self._tenant, happening.c.at <= happenings_before
                )
            ).rowcount,
        }

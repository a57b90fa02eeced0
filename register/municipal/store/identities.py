# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who signs in with an account of the organisation's provider: attempts that were used, whose account is whose, and roles that a sign-in changed.

What a provider calls a person is kept as a keyed digest (`register.openid.subject_key`). That a role was given or changed is evidence: it is only added to.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from register.accounts import Account
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

LONGEST_LIST = 200


@dataclass(frozen=True)
class RoleChange:
    """A role that a sign-in gave or changed; `before` is None for a new account."""

    name: str
    before: str | None
    role: str
    at: datetime


class IdentityStore:
    """What one organisation keeps of it.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def was_used(self, state: bytes) -> bool:
        """Whether somebody signed in with this state (a digest)."""
        columns = t.sign_in_attempt.c
        query = select(columns.state).where(columns.tenant == self._tenant, columns.state == state)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def use_attempt(self, state: bytes, browser: bytes, begun_at: datetime, too_old: datetime) -> bool:
        """Keep that this browser signed in with this state (digests), and forget those from before `too_old`; False if it did already, also when two do at once."""
        columns = t.sign_in_attempt.c
        try:
            with self._database.writing() as connection:
                connection.execute(
                    delete(t.sign_in_attempt).where(
                        columns.tenant == self._tenant, columns.begun_at <= too_old
                    )
                )
                connection.execute(
                    insert(t.sign_in_attempt).values(
                        tenant=self._tenant, state=state, browser=browser, begun_at=begun_at
                    )
                )
        except IntegrityError:
            return False
        return True

    def account(self, subject: bytes) -> Account | None:
        """The account of a person of the provider."""
        account, identity = t.account.c, t.identity.c
        query = (
            select(account.officer, account.name, account.role)
            .join(t.identity, (identity.tenant == account.tenant) & (identity.officer == account.officer))
            .where(
                account.tenant == self._tenant, identity.tenant == self._tenant, identity.subject == subject
            )
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Account(row.officer, row.name, row.role)

    def of_provider(self, officer: str) -> bool:
        """Whether an account belongs to a person of the provider."""
        columns = t.identity.c
        query = select(columns.officer).where(columns.tenant == self._tenant, columns.officer == officer)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def put(self, subject: bytes, account: Account, password: str, now: datetime) -> bool:
        """Make the account of a person of the provider; False if the name is taken."""
        always = {"tenant": self._tenant, "officer": account.officer}
        try:
            with self._database.writing() as connection:
                connection.execute(
                    insert(t.account).values(
                        **always, name=account.name, role=account.role, password=password
                    )
                )
                connection.execute(insert(t.identity).values(**always, subject=subject, made_at=now))
                connection.execute(
                    insert(t.role_change).values(**always, before=None, role=account.role, at=now)
                )
        except IntegrityError:
            return False
        return True

    def link(self, subject: bytes, name: str, now: datetime) -> bool:
        """Say that the account of this name is of a person of the provider; False if either is another's already."""
        known = self.account(subject)
        if known is not None:
            return known.name == name
        mine = (t.account.c.tenant == self._tenant) & (t.account.c.name == name)
        try:
            with self._database.writing() as connection:
                officer = connection.scalar(select(t.account.c.officer).where(mine))
                if officer is None:
                    return False
                connection.execute(
                    insert(t.identity).values(
                        tenant=self._tenant, subject=subject, officer=officer, made_at=now
                    )
                )
        except IntegrityError:
            return False
        return True

    def change_role(self, account: Account, role: str, now: datetime) -> None:
        """Give an account another role, from now on and for the sessions it has."""
        with self._database.writing() as connection:
            connection.execute(
                update(t.account)
                .where(t.account.c.tenant == self._tenant, t.account.c.officer == account.officer)
                .values(role=role)
            )
            connection.execute(
                insert(t.role_change).values(
                    tenant=self._tenant, officer=account.officer, before=account.role, role=role, at=now
                )
            )

    def role_changes(self) -> list[RoleChange]:
        """Roles that a sign-in gave or changed, newest first, as many as a page holds."""
        account, change = t.account.c, t.role_change.c
        query = (
            select(account.name, change.before, change.role, change.at)
            .join(t.account, (account.tenant == change.tenant) & (account.officer == change.officer))
            .where(change.tenant == self._tenant, account.tenant == self._tenant)
            .order_by(change.number.desc())
            .limit(LONGEST_LIST)
        )
        with self._database.reading() as connection:
            return [RoleChange(row.name, row.before, row.role, row.at) for row in connection.execute(query)]

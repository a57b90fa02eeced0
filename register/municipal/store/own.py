# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Keyed digests of an officer's own street and family name (`register.municipal.own`), and of which officers there are any."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select

from register.accounts import Account
from register.municipal.own import Kind, Own
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase


@dataclass(frozen=True)
class Known:
    """An account, and of what there are digests."""

    account: Account
    kinds: frozenset[Kind]
    set_at: datetime | None


class OwnStore:
    """The digests of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def _of(self, officer: str) -> ColumnElement[bool]:
        return (t.own_mark.c.tenant == self._tenant) & (t.own_mark.c.officer == officer)

    def put(self, officer: str, own: Iterable[Own], by: str, moment: datetime) -> None:
        """Keep these in the place of all that stood there for this officer; none removes everything."""
        rows = [{"kind": one.kind.value, "digest": one.digest} for one in own]
        always = {"tenant": self._tenant, "officer": officer, "set_by": by, "set_at": moment}
        with self._database.writing() as connection:
            connection.execute(delete(t.own_mark).where(self._of(officer)))
            if rows:
                connection.execute(insert(t.own_mark), [{**always, **row} for row in rows])

    def of(self, officer: str) -> list[Own]:
        """What is kept of one officer."""
        columns = t.own_mark.c
        query = select(columns.kind, columns.digest).where(self._of(officer))
        with self._database.reading() as connection:
            return [Own(Kind(row.kind), bytes(row.digest)) for row in connection.execute(query)]

    def everyone(self) -> list[Known]:
        """All accounts, by name, with what is kept of them."""
        account, mark = t.account.c, t.own_mark.c
        people = select(account.officer, account.name, account.role).where(account.tenant == self._tenant)
        kept = select(mark.officer, mark.kind, mark.set_at).where(mark.tenant == self._tenant)
        with self._database.reading() as connection:
            accounts = connection.execute(people.order_by(account.name)).all()
            marks = connection.execute(kept).all()
        kinds: dict[str, set[Kind]] = {}
        moments: dict[str, datetime] = {}
        for row in marks:
            kinds.setdefault(row.officer, set()).add(Kind(row.kind))
            moments[row.officer] = row.set_at
        return [
            Known(
                Account(row.officer, row.name, row.role),
                frozenset(kinds.get(row.officer, ())),
                moments.get(row.officer),
            )
            for row in accounts
        ]

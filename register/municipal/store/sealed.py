# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Sealed records of whatever table, for those who look after their keys and never at their content; and the secrets that must outlive the seal.

Walking is in batches, in the order of the key, and each record is changed only if it still is what was read: two walkers, or a walker and a node at
work, are harmless, and what was interrupted goes on where it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from register.municipal import casebook
from register.municipal.proposals import NARRATIVE_TABLE, RECEIVED_TABLE, narrative_place, received_place
from register.municipal.sealing import Place, Sealed
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

DRAFT = "draft"
SECRET = "node_secret"  # noqa: S105 - the name of a table


def sealed_of(row: Row[Any]) -> Sealed:
    """The sealed record in a row of a table that has one."""
    return Sealed(row.sealed, row.wrapped, row.seal_key, row.recovery, row.recovery_key)


def columns_of(sealed: Sealed) -> dict[str, bytes | None]:
    """The columns of a sealed record."""
    return {
        "sealed": sealed.content,
        "wrapped": sealed.wrapped,
        "seal_key": sealed.seal_key,
        "recovery": sealed.recovery,
        "recovery_key": sealed.recovery_key,
    }


@dataclass(frozen=True)
class Kind:
    """A table with sealed records.

    Attributes:
        table: the table.
        key: the columns of its key besides the organisation.
        place: (organisation, key) -> where a record stands.
    """

    table: Table
    key: tuple[Column[Any], ...]
    place: Callable[[str, tuple[Any, ...]], Place]


def draft_place(tenant: str, draft_id: UUID) -> Place:
    """Where a draft stands."""
    return Place(tenant, DRAFT, str(draft_id))


def secret_place(tenant: str, name: str) -> Place:
    """Where a secret stands."""
    return Place(tenant, SECRET, name)


def _of_signal(table: str) -> Callable[[str, tuple[Any, ...]], Place]:
    return lambda tenant, key: casebook.place(tenant, table, key[0], key[1])


KINDS: Mapping[str, Kind] = {
    # The secret that numbers signals first: without it nothing else may go on.
    SECRET: Kind(
        t.node_secret, (t.node_secret.c.name,), lambda tenant, key: secret_place(tenant, str(key[0]))
    ),
    casebook.TABLE: Kind(
        t.casebook, (t.casebook.c.signal_id, t.casebook.c.version), _of_signal(casebook.TABLE)
    ),
    "outbox": Kind(t.outbox, (t.outbox.c.signal_id, t.outbox.c.version), _of_signal("outbox")),
    DRAFT: Kind(t.draft, (t.draft.c.draft_id,), lambda tenant, key: draft_place(tenant, key[0])),
    NARRATIVE_TABLE: Kind(
        t.narrative,
        (t.narrative.c.signal_id, t.narrative.c.version),
        lambda tenant, key: narrative_place(tenant, key[0], key[1]),
    ),
    RECEIVED_TABLE: Kind(
        t.received_release,
        (t.received_release.c.release_id,),
        lambda tenant, key: received_place(tenant, key[0]),
    ),
}
"""Every table that holds sealed records of observations, in the order in which they are walked."""


@dataclass(frozen=True)
class Record:
    """One sealed record: where it is, and what stands there."""

    kind: str
    key: tuple[Any, ...]
    place: Place
    sealed: Sealed


class SealedStore:
    """The sealed records of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def count_under_other_seals(self, seal_key: bytes) -> int:
        """How many records name another seal than this; one of revision 0001 names none, and only opening it tells."""
        return self._count(lambda table: table.c.seal_key != seal_key)

    def behind(
        self,
        kind: str,
        seal_key: bytes,
        recovery_key: bytes | None,
        after: tuple[Any, ...] | None,
        limit: int,
    ) -> list[Record]:
        """Records that are of this seal (or of revision 0001) and not wrapped for this recovery key."""
        table = KINDS[kind].table
        other = (
            table.c.recovery_key.is_not(None)
            if recovery_key is None
            else or_(table.c.recovery_key.is_(None), table.c.recovery_key != recovery_key)
        )
        behind = or_(table.c.wrapped.is_(None), and_(table.c.seal_key == seal_key, other))
        return self._batch(kind, behind, after, limit)

    def under_other_seals(
        self, kind: str, seal_key: bytes, after: tuple[Any, ...] | None, limit: int
    ) -> list[Record]:
        """Records that are not of this seal, those of revision 0001 among them."""
        table = KINDS[kind].table
        other = or_(table.c.seal_key.is_(None), table.c.seal_key != seal_key)
        return self._batch(kind, other, after, limit)

    def recovery_keys_under_other_seals(self, seal_key: bytes) -> set[bytes]:
        """For which recovery keys the records of other seals were wrapped."""
        found: set[bytes] = set()
        with self._database.reading() as connection:
            for kind in KINDS.values():
                columns = kind.table.c
                query = select(columns.recovery_key).distinct()
                query = query.where(
                    columns.tenant == self._tenant,
                    columns.seal_key != seal_key,
                    columns.recovery_key.is_not(None),
                )
                found |= set(connection.scalars(query))
        return found

    def replace(self, renewed: list[tuple[Record, Sealed]]) -> int:
        """Put records in the place of what was read, in one transaction; returns how many still were that."""
        done = 0
        if not renewed:
            return done
        with self._database.writing() as connection:
            for record, sealed in renewed:
                kind = KINDS[record.kind]
                table = kind.table
                was = record.sealed
                still = [column == value for column, value in zip(kind.key, record.key, strict=True)]
                still += [table.c.sealed == was.content, table.c.wrapped.is_not_distinct_from(was.wrapped)]
                result = connection.execute(
                    update(table).where(table.c.tenant == self._tenant, *still).values(columns_of(sealed))
                )
                done += result.rowcount
        return done

    def secret(self, name: str) -> Sealed | None:
        """A secret of this organisation."""
        columns = t.node_secret.c
        query = select(t.node_secret).where(columns.tenant == self._tenant, columns.name == name)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else sealed_of(row)

    def put_secret(self, name: str, sealed: Sealed) -> bool:
        """Keep a secret; False if there is one of this name."""
        try:
            with self._database.writing() as connection:
                connection.execute(
                    insert(t.node_secret).values(tenant=self._tenant, name=name, **columns_of(sealed))
                )
        except IntegrityError:
            return False
        return True

    def destroy_secret(self, name: str) -> int:
        """Destroy a secret; gives 0 where there was none."""
        columns = t.node_secret.c
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(t.node_secret).where(columns.tenant == self._tenant, columns.name == name)
            )
        return gone.rowcount

    def _count(self, which: Callable[[Table], ColumnElement[bool]]) -> int:
        counted = 0
        with self._database.reading() as connection:
            for kind in KINDS.values():
                query = select(func.count()).select_from(kind.table)
                counted += connection.execute(
                    query.where(kind.table.c.tenant == self._tenant, which(kind.table))
                ).scalar_one()
        return counted

    def _batch(
        self, name: str, which: ColumnElement[bool], after: tuple[Any, ...] | None, limit: int
    ) -> list[Record]:
        kind = KINDS[name]
        query = select(kind.table).where(kind.table.c.tenant == self._tenant, which)
        if after is not None:
            query = query.where(tuple_(*kind.key) > tuple_(*after))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(*kind.key).limit(limit)).all()
        found = []
        for row in rows:
            key = tuple(getattr(row, column.name) for column in kind.key)
            found.append(Record(name, key, kind.place(self._tenant, key), sealed_of(row)))
        return found

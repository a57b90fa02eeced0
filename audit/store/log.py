# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The log in a database: leaves, the nodes of their tree, sealed payloads and checkpoints.

The caller owns database, migrations and transaction; ``tables`` adds the log's tables to its metadata and ``LogStore`` works
on its connection. That is the point: the entry and the action that it is about are committed together or not at all.

``append`` is the last thing a transaction does. It locks the one row of ``log_head`` (SELECT ... FOR UPDATE on PostgreSQL at
READ COMMITTED; on SQLite the transaction began IMMEDIATE) and whoever holds it gives out the next leaf index, so that the log
has no gaps. Appending the same prepared entry again returns the index it already has: a caller who was told that a commit
failed, while it succeeded, may simply try again.

Order that the caller keeps: keys into the key store, then ``append``, then commit, then answer. Left to others: sealing
(``audit.trail``), keys (``audit.store.keys``), signing (the signer process).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    and_,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from audit import merkle
from audit.checkpoint import Checkpoint
from audit.entry import LEAF_SIZE
from audit.merkle import HASH_SIZE, Address, Frontier, Node
from audit.note import parse
from audit.trail import PreparedEntry

HEAD = 1
"""Key of the one row of ``log_head``."""


class LogIndexError(LookupError):
    """A leaf or size that the log does not have (yet)."""


@dataclass(frozen=True)
class LogTables:
    """The log's tables in the caller's metadata."""

    head: Table
    leaf: Table
    node: Table
    payload: Table
    checkpoint: Table


@dataclass(frozen=True)
class Head:
    """The log as it is now: its number of leaves and its 32-byte root."""

    size: int
    root: bytes


@dataclass(frozen=True)
class StoredPayload:
    """One organisation's sealed part of one entry, with the leaf's bytes that ``audit.entry.unseal`` needs."""

    leaf_index: int
    leaf: bytes
    organisation: str
    key_id: str
    ciphertext: bytes = field(repr=False)


def tables(metadata: MetaData) -> LogTables:
    """Adds the log's tables to ``metadata``; a migration creates them as it creates its own."""
    return LogTables(
        head=Table(
            "log_head",
            metadata,
            Column("id", SmallInteger, primary_key=True, autoincrement=False),
            Column("size", BigInteger, nullable=False),
            Column("frontier", LargeBinary, nullable=False),
        ),
        leaf=Table(
            "log_leaf",
            metadata,
            Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
            Column("leaf", LargeBinary(LEAF_SIZE), nullable=False),
        ),
        node=Table(
            "log_node",
            metadata,
            Column("level", SmallInteger, primary_key=True, autoincrement=False),
            Column("place", BigInteger, primary_key=True, autoincrement=False),
            Column("hash", LargeBinary(HASH_SIZE), nullable=False),
        ),
        payload=Table(
            "log_payload",
            metadata,
            Column("key_id", String(32), primary_key=True),
            Column("leaf_index", BigInteger, ForeignKey("log_leaf.leaf_index"), nullable=False),
            Column("organisation", String(64), nullable=False),
            Column("ciphertext", LargeBinary, nullable=False),
            Index("log_payload_organisation_leaf", "organisation", "leaf_index", unique=True),
        ),
        checkpoint=Table(
            "log_checkpoint",
            metadata,
            Column("size", BigInteger, primary_key=True, autoincrement=False),
            Column("note", Text, nullable=False),
        ),
    )


class LogStore:
    """Queries on the log's tables. Holds no connection and no state of its own."""

    def __init__(self, log_tables: LogTables) -> None:
        self._tables = log_tables

    def append(self, connection: Connection, prepared: PreparedEntry) -> int:
        """Appends the entry and returns its leaf index; the index it has if it was appended before.

        The caller must be in a transaction that can write, and commits soon after: every other append waits.
        """
        frontier = self._lock_head(connection)
        index = self._index_of(connection, prepared)
        if index is not None:
            return index
        grown, nodes = frontier.append(prepared.leaf_hash)
        self._insert(connection, frontier.size, nodes, prepared)
        head = self._tables.head
        connection.execute(
            update(head).where(head.c.id == HEAD).values(size=grown.size, frontier=b"".join(grown.hashes))
        )
        return frontier.size

    def head(self, connection: Connection) -> Head:
        """The log as this transaction sees it."""
        frontier = self._frontier(connection, lock=False) or Frontier()
        return Head(frontier.size, frontier.root())

    def root_at(self, connection: Connection, size: int) -> bytes:
        """The root over the first ``size`` leaves.

        Raises:
            LogIndexError: the log is not that long.
        """
        self._require(connection, size >= 0, size)
        addresses = merkle.perfect_subtrees(0, size)
        return Frontier(size, tuple(self._read(connection, addresses))).root()

    def inclusion_proof(self, connection: Connection, index: int, size: int) -> tuple[bytes, ...]:
        """The hashes from leaf ``index`` to the root over ``size`` leaves.

        Raises:
            LogIndexError: there is no such leaf, or the log is not that long.
        """
        self._require(connection, 0 <= index < size, size)
        return merkle.inclusion_proof(index, size, lambda wanted: self._read(connection, wanted))

    def consistency_proof(self, connection: Connection, old: int, new: int) -> tuple[bytes, ...]:
        """The hashes that show the tree of ``new`` leaves to extend that of ``old``.

        Raises:
            LogIndexError: the old log is empty, the sizes are in the wrong order, or the log is not that long.
        """
        self._require(connection, 0 < old <= new, new)
        return merkle.consistency_proof(old, new, lambda wanted: self._read(connection, wanted))

    def hashes(self, connection: Connection, addresses: Sequence[Address]) -> list[bytes]:
        """The hashes of complete perfect subtrees side by side on one level, in the order asked; at least one.

        Raises:
            LogIndexError: one is not complete.
        """
        try:
            return self._read_row(connection, addresses)
        except KeyError as error:
            raise LogIndexError("the log does not have this part") from error

    def leaves(self, connection: Connection, begin: int, end: int) -> list[bytes]:
        """The bytes of the leaves from ``begin`` up to and without ``end``; fewer where the log ends."""
        leaf = self._tables.leaf
        query = (
            select(leaf.c.leaf)
            .where(leaf.c.leaf_index >= begin, leaf.c.leaf_index < end)
            .order_by(leaf.c.leaf_index)
        )
        return [bytes(one) for one in connection.scalars(query)]

    def payloads_of(
        self, connection: Connection, organisation: str, since_index: int = 0, limit: int = 100
    ) -> list[StoredPayload]:
        """Sealed payloads of one organisation, from leaf ``since_index`` on, oldest first, at most ``limit``."""
        payload, leaf = self._tables.payload, self._tables.leaf
        query = (
            select(payload.c.leaf_index, leaf.c.leaf, payload.c.key_id, payload.c.ciphertext)
            .join(leaf, leaf.c.leaf_index == payload.c.leaf_index)
            .where(payload.c.organisation == organisation, payload.c.leaf_index >= since_index)
            .order_by(payload.c.leaf_index)
            .limit(limit)
        )
        return [
            StoredPayload(index, bytes(one), organisation, key_id, bytes(ciphertext))
            for index, one, key_id, ciphertext in connection.execute(query)
        ]

    def save_checkpoint(self, connection: Connection, note: str) -> Checkpoint:
        """Keeps a signed checkpoint; one of the same size that is another note is replaced, since it may have gained signatures.

        The caller has verified the note; this reads its size only.
        """
        checkpoint = Checkpoint.from_text(parse(note).text)
        table = self._tables.checkpoint
        # Not one statement with ON CONFLICT DO UPDATE: PostgreSQL would want the right to change checkpoints, which who serves does not have.
        known = connection.scalar(select(table.c.note).where(table.c.size == checkpoint.size))
        if known is None:
            new = _insert_unless(connection, table).values(size=checkpoint.size, note=note)
            connection.execute(new.on_conflict_do_nothing())
        elif known != note:
            connection.execute(update(table).where(table.c.size == checkpoint.size).values(note=note))
        return checkpoint

    def checkpoint_at(self, connection: Connection, size: int) -> str | None:
        """The signed note of the checkpoint over exactly ``size`` leaves, None if none was kept."""
        table = self._tables.checkpoint
        note: str | None = connection.scalar(select(table.c.note).where(table.c.size == size))
        return note

    def latest_checkpoint(self, connection: Connection) -> str | None:
        """The signed note of the largest checkpoint, None before the first."""
        table = self._tables.checkpoint
        note: str | None = connection.scalar(select(table.c.note).order_by(table.c.size.desc()).limit(1))
        return note

    def _lock_head(self, connection: Connection) -> Frontier:
        frontier = self._frontier(connection, lock=True)
        if frontier is None:
            # The first append of all. If two try at once the second waits for the first here, then reads its row.
            empty = _insert_unless(connection, self._tables.head)
            connection.execute(empty.values(id=HEAD, size=0, frontier=b"").on_conflict_do_nothing())
            frontier = self._frontier(connection, lock=True)
        if frontier is None:
            raise LogIndexError("the log has no head row")
        return frontier

    def _frontier(self, connection: Connection, *, lock: bool) -> Frontier | None:
        head = self._tables.head
        query = select(head.c.size, head.c.frontier).where(head.c.id == HEAD)
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            return None
        hashes = bytes(row.frontier)
        return Frontier(
            row.size, tuple(hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE))
        )

    def _index_of(self, connection: Connection, prepared: PreparedEntry) -> int | None:
        payload = self._tables.payload
        query = select(payload.c.leaf_index).where(payload.c.key_id == prepared.payloads[0].key_id)
        index: int | None = connection.scalar(query)
        return index

    def _insert(
        self, connection: Connection, index: int, nodes: Sequence[Node], prepared: PreparedEntry
    ) -> None:
        connection.execute(insert(self._tables.leaf).values(leaf_index=index, leaf=prepared.leaf))
        connection.execute(
            insert(self._tables.node),
            [{"level": address.level, "place": address.place, "hash": hashed} for address, hashed in nodes],
        )
        connection.execute(
            insert(self._tables.payload),
            [
                {
                    "key_id": one.key_id,
                    "leaf_index": index,
                    "organisation": one.organisation,
                    "ciphertext": one.ciphertext,
                }
                for one in prepared.payloads
            ],
        )

    def _require(self, connection: Connection, in_order: bool, size: int) -> None:  # noqa: FBT001 - the caller's own comparison
        if not in_order or size > self.head(connection).size:
            raise LogIndexError("the log does not have this leaf or size")

    def _read_row(self, connection: Connection, addresses: Sequence[Address]) -> list[bytes]:
        """The hashes at ``addresses`` side by side on one level: by range, since hundreds of alternatives are more than a query takes."""
        node = self._tables.node
        places = [one.place for one in addresses]
        rows = connection.execute(
            select(node.c.place, node.c.hash).where(
                node.c.level == addresses[0].level, node.c.place.between(places[0], places[-1])
            )
        )
        found = {place: bytes(hashed) for place, hashed in rows}
        return [found[place] for place in places]

    def _read(self, connection: Connection, addresses: Sequence[Address]) -> list[bytes]:
        """The hashes at ``addresses``, in that order, by one query."""
        if not addresses:
            return []
        node = self._tables.node
        wanted = or_(*(and_(node.c.level == one.level, node.c.place == one.place) for one in addresses))
        rows = connection.execute(select(node.c.level, node.c.place, node.c.hash).where(wanted))
        found = {Address(level, place): bytes(hashed) for level, place, hashed in rows}
        return [found[one] for one in addresses]


def _insert_unless(connection: Connection, table: Table) -> Any:
    """An INSERT that may say ON CONFLICT, which both databases spell alike and SQLAlchemy keeps per dialect."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)

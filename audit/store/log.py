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
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Row,
    SmallInteger,
    String,
    Table,
    Text,
    TextClause,
    bindparam,
    select,
    text,
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


_AT_ONCE = text("""
WITH leaf AS (INSERT INTO log_leaf (leaf_index, leaf) VALUES (:leaf_index, :leaf)),
node AS (
    INSERT INTO log_node (level, place, hash)
    SELECT * FROM unnest(CAST(:levels AS smallint[]), CAST(:places AS bigint[]), CAST(:hashes AS bytea[]))
),
payload AS (
    INSERT INTO log_payload (leaf_index, key_id, organisation, ciphertext)
    SELECT CAST(:leaf_index AS bigint), sealed.* FROM
    unnest(CAST(:key_ids AS text[]), CAST(:organisations AS text[]), CAST(:ciphertexts AS bytea[])) AS sealed
)
UPDATE log_head SET size = :size, frontier = :frontier WHERE id = :head
""")
"""PostgreSQL's: everything that an append writes. References are checked when the statement ends, so a payload may name the leaf beside it."""

_ADD_LEAF = "INSERT INTO log_leaf (leaf_index, leaf) VALUES (?, ?)"
_ADD_NODE = "INSERT INTO log_node (level, place, hash) VALUES (?, ?, ?)"
_ADD_PAYLOAD = "INSERT INTO log_payload (key_id, leaf_index, organisation, ciphertext) VALUES (?, ?, ?, ?)"
_MOVE_HEAD = "UPDATE log_head SET size = ?, frontier = ? WHERE id = ?"
"""SQLite's: the same in four, each the driver's own: what SQLAlchemy adds to a statement takes longer than the statement."""


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
    """Queries on the log's tables. Holds no connection and no state of its own.

    What an append needs is made once: SQLAlchemy spends five times as long on making an INSERT as on executing it.
    """

    def __init__(self, log_tables: LogTables) -> None:
        self._tables = log_tables
        head, payload = log_tables.head, log_tables.payload
        self._read_head = select(head.c.size, head.c.frontier).where(head.c.id == HEAD)
        self._read_size = select(head.c.size).where(head.c.id == HEAD)
        before = select(payload.c.leaf_index).where(payload.c.key_id == bindparam("wanted"))
        self._take_head = self._read_head.add_columns(
            before.scalar_subquery().label("known")
        ).with_for_update(of=head)

    def append(self, connection: Connection, prepared: PreparedEntry) -> int:
        """Appends the entry and returns its leaf index; the index it has if it was appended before.

        The caller must be in a transaction that can write, and commits soon after: every other append waits.
        """
        frontier, known = self._lock_head(connection, prepared.payloads[0].key_id)
        if known is not None:
            return known
        grown, nodes = frontier.append(prepared.leaf_hash)
        write = self._write_at_once if connection.dialect.name == "postgresql" else self._write
        write(connection, grown, nodes, prepared)
        return frontier.size

    def head(self, connection: Connection) -> Head:
        """The log as this transaction sees it."""
        row = connection.execute(self._read_head).one_or_none()
        frontier = Frontier() if row is None else _frontier(row)
        return Head(frontier.size, frontier.root())

    def size(self, connection: Connection) -> int:
        """The number of leaves."""
        return connection.scalar(self._read_size) or 0

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

    def checkpoint_covering(self, connection: Connection, index: int) -> str | None:
        """The signed note of the smallest checkpoint that has leaf ``index``, None before there is one."""
        table = self._tables.checkpoint
        query = select(table.c.note).where(table.c.size > index).order_by(table.c.size).limit(1)
        note: str | None = connection.scalar(query)
        return note

    def _lock_head(self, connection: Connection, key_id: str) -> tuple[Frontier, int | None]:
        """The log, locked, and the leaf at which the payload of this key stands already.

        PostgreSQL gives the head as it is after the wait, and the payload as it was before: of two who append one entry at once the
        second is told by the primary key that it is there, and trying again gives its index.
        """
        row = connection.execute(self._take_head, {"wanted": key_id}).one_or_none()
        if row is None:
            # The first append of all. If two try at once the second waits for the first here, then reads its row.
            empty = _insert_unless(connection, self._tables.head)
            connection.execute(empty.values(id=HEAD, size=0, frontier=b"").on_conflict_do_nothing())
            row = connection.execute(self._take_head, {"wanted": key_id}).one_or_none()
        if row is None:
            raise LogIndexError("the log has no head row")
        return _frontier(row), row.known

    def _write(
        self, connection: Connection, grown: Frontier, nodes: Sequence[Node], prepared: PreparedEntry
    ) -> None:
        index = grown.size - 1
        write = connection.exec_driver_sql
        write(_ADD_LEAF, (index, prepared.leaf))
        write(_ADD_NODE, [(address.level, address.place, hashed) for address, hashed in nodes])
        write(
            _ADD_PAYLOAD, [(one.key_id, index, one.organisation, one.ciphertext) for one in prepared.payloads]
        )
        write(_MOVE_HEAD, (grown.size, b"".join(grown.hashes), HEAD))

    def _write_at_once(
        self, connection: Connection, grown: Frontier, nodes: Sequence[Node], prepared: PreparedEntry
    ) -> None:
        """The same rows in one statement: while the head is locked every round trip holds up all other appends."""
        connection.execute(
            _AT_ONCE,
            {
                "leaf_index": grown.size - 1,
                "leaf": prepared.leaf,
                "levels": [address.level for address, _hashed in nodes],
                "places": [address.place for address, _hashed in nodes],
                "hashes": [hashed for _address, hashed in nodes],
                "key_ids": [one.key_id for one in prepared.payloads],
                "organisations": [one.organisation for one in prepared.payloads],
                "ciphertexts": [one.ciphertext for one in prepared.payloads],
                "size": grown.size,
                "frontier": b"".join(grown.hashes),
                "head": HEAD,
            },
        )

    def _require(self, connection: Connection, in_order: bool, size: int) -> None:  # noqa: FBT001 - the caller's own comparison
        if not in_order or size > self.size(connection):
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
        if connection.dialect.name == "postgresql":
            wanted: dict[str, Any] = {
                "levels": [one.level for one in addresses],
                "places": [one.place for one in addresses],
            }
            rows = connection.execute(_NODES_AT, wanted)
        else:
            wanted = {f"level_{at}": one.level for at, one in enumerate(addresses)}
            wanted |= {f"place_{at}": one.place for at, one in enumerate(addresses)}
            rows = connection.execute(_nodes_at(len(addresses)), wanted)
        found = {(level, place): bytes(hashed) for level, place, hashed in rows}
        return [found[one] for one in addresses]


_NODES_AT = text("""
SELECT level, place, hash
FROM unnest(CAST(:levels AS smallint[]), CAST(:places AS bigint[])) AS wanted (level, place) JOIN log_node USING (level, place)
""")
"""PostgreSQL's: one shape for any number of nodes, so that it is planned once."""


@lru_cache(maxsize=256)
def _nodes_at(count: int) -> TextClause:
    """SQLite's: the nodes at so many addresses. Made once for each number: putting it together took longer than reading."""
    places = " OR ".join(f"(level = :level_{at} AND place = :place_{at})" for at in range(count))
    return text(f"SELECT level, place, hash FROM log_node WHERE {places}")  # noqa: S608 - holes only


def _frontier(row: Row[*tuple[Any, ...]]) -> Frontier:
    hashes = bytes(row.frontier)
    return Frontier(row.size, tuple(hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)))


def _insert_unless(connection: Connection, table: Table) -> Any:
    """An INSERT that may say ON CONFLICT, which both databases spell alike and SQLAlchemy keeps per dialect."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Reads a whole stored log, page by page, and says what is wrong with it and where (``audit.wholeness``).

The caller gives a connection of ``one_moment``, so that all pages are of one moment while others append. Beyond leaves, nodes, frontier and checkpoints it looks at the sealed payloads: every leaf has one, and with the
keys at hand each that has a key must open to its leaf. One that has none was erased, which is no fault.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy import (
    BigInteger,
    Cast,
    Column,
    Connection,
    Engine,
    LargeBinary,
    and_,
    cast,
    literal,
    or_,
    select,
)

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.entry import EntryError, payload_content, unseal
from audit.merkle import Address
from audit.note import NoteError, Verifier, parse
from audit.store.engine import read_only
from audit.store.log import HEAD, LogTables
from audit.wholeness import Page, Replay, leaves_under
from process.language import gettext as _
from process.secret import Secret

LARGEST_LEVEL = 62
"""Of a log as long as a checkpoint can say; beyond it databases shift as they like."""

Keys = Callable[[Iterable[str]], Mapping[str, Secret]]
"""Gives the keys that exist among those asked for, by id."""


def one_moment(engine: Engine) -> Engine:
    """The engine, reading, such that a transaction sees one moment; those of SQLite always do."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return read_only(engine)


def faults(
    connection: Connection, tables: LogTables, *, verifier: Verifier | None = None, keys: Keys | None = None
) -> Iterator[str]:
    """One sentence for each place in which the stored log is not what it was; none for a whole log.

    Args:
        connection: in a transaction that sees one moment.
        tables: the log's.
        verifier: the log's key; without it signatures are not looked at.
        keys: of payloads; without them payloads are counted and not opened.
    """
    row = connection.execute(
        select(tables.head.c.size, _raw(tables.head.c.frontier).label("frontier")).where(
            tables.head.c.id == HEAD
        )
    ).one_or_none()
    size, frontier = (0, b"") if row is None else (int(row.size), bytes(row.frontier))
    kept: list[Checkpoint] = []
    yield from _checkpoints(connection, tables, verifier, kept)
    replay = Replay(size, frontier, kept)
    for begin, end in replay.pages():
        page = Page(
            begin, end, _leaves(connection, tables, begin, end), _nodes(connection, tables, begin, end)
        )
        yield from replay.page(page)
        yield from _payloads(connection, tables, page, keys)
    yield from replay.end()
    yield from _beyond(connection, tables, size)


def _raw(column: Column[bytes]) -> Cast[bytes]:
    """The bytes of a column, also where somebody put a text in it, as SQLite allows."""
    return cast(column, LargeBinary)


def _checkpoints(
    connection: Connection, tables: LogTables, verifier: Verifier | None, kept: list[Checkpoint]
) -> Iterator[str]:
    """Adds what can be read to ``kept``."""
    table = tables.checkpoint
    for size, note in connection.execute(select(table.c.size, table.c.note).order_by(table.c.size)):
        try:
            checkpoint = (
                Checkpoint.from_text(parse(note).text)
                if verifier is None
                else open_checkpoint(note, verifier)
            )
        except NoteError as error:
            yield _("Het controlepunt over {aantal} bladen is niet te vertrouwen: {reden}.").format(
                aantal=size, reden=error
            )
            continue
        if checkpoint.size != size:
            yield _("Het controlepunt over {aantal} bladen zegt zelf {ander} bladen.").format(
                aantal=size, ander=checkpoint.size
            )
            continue
        kept.append(checkpoint)


def _leaves(connection: Connection, tables: LogTables, begin: int, end: int) -> dict[int, bytes]:
    leaf = tables.leaf
    query = select(leaf.c.leaf_index, _raw(leaf.c.leaf)).where(
        leaf.c.leaf_index >= begin, leaf.c.leaf_index < end
    )
    return {index: bytes(one) for index, one in connection.execute(query)}


def _nodes(connection: Connection, tables: LogTables, begin: int, end: int) -> dict[Address, bytes]:
    """The nodes that leaves ``begin`` up to ``end`` complete."""
    node = tables.node
    ranges = [
        and_(node.c.level == level, node.c.place >= begin >> level, node.c.place < end >> level)
        for level in range(end.bit_length())
        if begin >> level < end >> level
    ]
    rows = connection.execute(select(node.c.level, node.c.place, _raw(node.c.hash)).where(or_(*ranges)))
    return {Address(level, place): bytes(hashed) for level, place, hashed in rows}


def _payloads(connection: Connection, tables: LogTables, page: Page, keys: Keys | None) -> Iterator[str]:
    payload = tables.payload
    within = and_(payload.c.leaf_index >= page.begin, payload.c.leaf_index < page.end)
    told = connection.scalars(select(payload.c.leaf_index).where(within).distinct())
    for index in sorted(page.leaves.keys() - set(told)):
        yield _("Bij blad {nummer} is geen inhoud bewaard.").format(nummer=index)
    if keys is None:
        return
    rows = connection.execute(
        select(payload.c.leaf_index, payload.c.organisation, payload.c.key_id, _raw(payload.c.ciphertext))
        .where(within)
        .order_by(payload.c.leaf_index, payload.c.organisation)
    ).all()
    held = keys([row.key_id for row in rows])
    for index, organisation, key_id, ciphertext in rows:
        if key_id not in held or index not in page.leaves:
            continue
        try:
            opening = unseal(bytes(ciphertext), organisation, page.leaves[index], held[key_id])
            payload_content(organisation, opening.payload)
        except EntryError as error:
            yield _("De inhoud van blad {nummer} voor {organisatie} is veranderd: {reden}.").format(
                nummer=index, organisatie=organisation, reden=error
            )


def _beyond(connection: Connection, tables: LogTables, size: int) -> Iterator[str]:
    """What stands in the tables outside the log's size."""
    leaf, node, payload = tables.leaf, tables.node, tables.payload
    outside = or_(leaf.c.leaf_index < 0, leaf.c.leaf_index >= size)
    for index in connection.scalars(select(leaf.c.leaf_index).where(outside).order_by(leaf.c.leaf_index)):
        yield _("Blad {nummer} staat er, maar het logboek telt {omvang} bladen.").format(
            nummer=index, omvang=size
        )
    beyond = or_(
        node.c.level < 0,
        node.c.level > LARGEST_LEVEL,
        node.c.place < 0,
        node.c.place >= literal(size, BigInteger).op(">>")(node.c.level),
    )
    query = select(node.c.level, node.c.place).where(beyond).order_by(node.c.level, node.c.place)
    for level, place in connection.execute(query):
        yield _("De knoop over {bladen} staat er, maar het logboek telt {omvang} bladen.").format(
            bladen=leaves_under(Address(max(level, 0), place)), omvang=size
        )
    stray = (
        select(payload.c.leaf_index)
        .where(or_(payload.c.leaf_index < 0, payload.c.leaf_index >= size))
        .group_by(payload.c.leaf_index)
    )
    for index in connection.scalars(stray):
        yield _("Er is inhoud bewaard bij blad {nummer}, dat er niet is.").format(nummer=index)

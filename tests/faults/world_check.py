# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""After every step, check the whole world: what clients were told, against what stands in the register.

The rules are pure: `Told` and `Contents` in, sentences about what is wrong out; none is the only good outcome. A world in which nothing was told passes nothing:
`proven` says of how much it was shown.

1. Lost: a signal that was acknowledged stands in the register exactly once, under its organisation, id and version, and matches.
2. Doubled: no attribute stands in two signals that match (each row's attributes are its own); no more signals than rows were sent; every signal has as
   many postings as any other (all rows have the same attributes).
3. Unlogged: every receipt is signed by the register, and its leaf stands in the tree where it says.
4. Broken: leaves stand without a gap, each has a payload whose key is kept, and every checkpoint that was ever seen is a root of this tree.
5. Back: what was withdrawn or has expired matches nothing, whatever arrives late.
6. At the end, when all is delivered: exactly the rows that were sent, and a question finds each of them; the node's outbox is empty, nothing in it was refused,
   and its casebook has each of them as confirmed.

Left to others: asking (clients), `signaalregister audit verify` and the files of the databases (`world`).
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.pool import NullPool

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.merkle import Frontier, leaf_hash
from audit.note import NoteError, Verifier
from audit.trail import verify_receipt
from register.central.store import tables as t
from register.municipal.store import tables as node_tables
from register.retention import visible
from tests.faults.told import Told

VISIBLE = "actief"
CONFIRMED = "bevestigd"
OUTPUT, EARLIER = "uitvoer", "uitvoer.eerder"
"""Files with what a process says, and with what it said before it was killed."""


@dataclass(frozen=True)
class Signal:
    """One version of a signal as it is stored."""

    organisation: str
    signal_id: UUID
    version: int
    status: str
    expires_on: date


@dataclass(frozen=True)
class Contents:
    """What stands in the register's database and in its key store.

    Attributes:
        signals: every version of every signal.
        postings: (tag, signal) of everything that matches.
        leaves: (index, bytes), in order.
        payloads: (index of the leaf, id of its key).
        keys: ids of the keys that are kept.
        found: signals that stand in a treffer.
        treffers: how many there are.
        today: by the exercise's clock.
    """

    signals: tuple[Signal, ...]
    postings: tuple[tuple[bytes, UUID], ...]
    leaves: tuple[tuple[int, bytes], ...]
    payloads: tuple[tuple[int, str], ...]
    keys: frozenset[str]
    found: frozenset[UUID]
    treffers: int
    today: date


@dataclass(frozen=True)
class AtNode:
    """What the submitting node keeps.

    Attributes:
        outbox: (signal, its state) of what was not delivered.
        casebook: signal -> status of its record.
    """

    outbox: tuple[tuple[UUID, str], ...]
    casebook: Mapping[UUID, str]


@dataclass(frozen=True)
class Vkeys:
    """With which a client checks what it was told."""

    receipts: Verifier
    log: Verifier


def while_working(told: Told, contents: Contents, vkeys: Vkeys) -> list[str]:
    """What is wrong at a moment at which requests are still under way."""
    return [
        *told.surprises,
        *_lost(told, contents),
        *_doubled(told, contents),
        *_back(told, contents),
        *_unlogged(told, contents, vkeys.receipts),
        *_broken(told, contents, vkeys.log),
    ]


def at_the_end(told: Told, contents: Contents, node: AtNode, vkeys: Vkeys) -> list[str]:
    """What is wrong when every client is done and everything that waited has been delivered."""
    return [
        *while_working(told, contents, vkeys),
        *_inexact(told, contents),
        *_unfound(told, contents),
        *_undelivered(node),
        *_unrecorded(contents, node),
    ]


def proven(told: Told) -> str:
    """Of how much a check without findings speaks."""
    counts = (len(told.acknowledged), len(told.receipts), len(told.checkpoints))
    return "{} signals acknowledged, {} receipts, {} checkpoints".format(*counts)


def _visible(contents: Contents) -> dict[UUID, Signal]:
    return {
        one.signal_id: one
        for one in contents.signals
        if one.status == VISIBLE and visible(one.expires_on, contents.today)
    }


def _lost(told: Told, contents: Contents) -> Iterator[str]:
    stored = Counter(
        (one.organisation, one.signal_id, one.version) for one in contents.signals if one.status == VISIBLE
    )
    postings = Counter(signal for _tag, signal in contents.postings)
    for row, said in sorted(told.acknowledged.items()):
        if said.signal_id is None or row in told.gone:
            continue
        times = stored[row.organisation, said.signal_id, said.version]
        if times != 1:
            yield f"LOST: row {row.number} was acknowledged as {said.signal_id} and is stored {times} times"
        elif not postings[said.signal_id]:
            yield f"LOST: row {row.number}, signal {said.signal_id}, is stored and matches nothing"


def _doubled(told: Told, contents: Contents) -> Iterator[str]:
    matching = _visible(contents)
    kept = {one.signal_id for one in contents.signals if one.status == VISIBLE}
    versions = Counter((one.signal_id, one.status) for one in contents.signals)
    yield from (
        f"DOUBLED: signal {signal} has {times} versions that match"
        for (signal, status), times in versions.items()
        if status == VISIBLE and times > 1
    )
    by_tag: dict[bytes, set[UUID]] = {}
    for tag, signal in contents.postings:
        by_tag.setdefault(tag, set()).add(signal)
        if signal not in kept:
            yield f"DOUBLED: signal {signal} matches, and should not exist any more"
    yield from (
        f"DOUBLED: one attribute stands in {len(signals)} signals: {', '.join(sorted(map(str, signals)))}"
        for signals in by_tag.values()
        if len(signals) > 1
    )
    yield from _uneven(contents)
    sent = Counter(row.organisation for row in told.living)
    for organisation, times in Counter(one.organisation for one in matching.values()).items():
        if times > sent[organisation]:
            yield f"DOUBLED: {organisation} sent {sent[organisation]} rows and has {times} signals"


def _uneven(contents: Contents) -> Iterator[str]:
    postings = Counter(signal for _tag, signal in contents.postings)
    usual = Counter(postings.values()).most_common(1)
    yield from (
        f"DOUBLED: signal {signal} has {times} postings, where the others have {usual[0][0]}"
        for signal, times in postings.items()
        if times != usual[0][0]
    )


def _back(told: Told, contents: Contents) -> Iterator[str]:
    gone = {said.signal_id: row for row, said in told.acknowledged.items() if row in told.gone}
    matching = _visible(contents)
    yield from (
        f"BACK: row {row.number}, signal {signal}, was withdrawn or expired, and matches again"
        for signal, row in gone.items()
        if signal in matching
    )


def _unlogged(told: Told, contents: Contents, verifier: Verifier) -> Iterator[str]:
    leaves = dict(contents.leaves)
    for note in told.receipts:
        try:
            receipt = verify_receipt(note, [verifier])
        except NoteError as error:
            yield f"UNLOGGED: a receipt does not verify: {error}"
            continue
        leaf = leaves.get(receipt.leaf_index)
        if leaf is None:
            yield f"UNLOGGED: an answer has a receipt for leaf {receipt.leaf_index}, which is not there"
        elif leaf_hash(leaf) != receipt.leaf_hash:
            yield f"UNLOGGED: leaf {receipt.leaf_index} is another than its receipt says"


def _broken(told: Told, contents: Contents, verifier: Verifier) -> Iterator[str]:
    indices = [index for index, _leaf in contents.leaves]
    if indices != list(range(len(indices))):
        yield f"BROKEN: the log has {len(indices)} leaves, and their numbers have gaps"
        return
    paid = {index for index, _key in contents.payloads}
    yield from (f"BROKEN: leaf {index} has no payload" for index in indices if index not in paid)
    yield from (
        f"BROKEN: the key of leaf {index} is not kept: nobody can ever open it"
        for index, key in contents.payloads
        if key not in contents.keys
    )
    roots = dict(_roots(leaf for _index, leaf in contents.leaves))
    for note in told.checkpoints:
        try:
            seen = open_checkpoint(note, verifier)
        except NoteError as error:
            yield f"BROKEN: a checkpoint does not verify: {error}"
            continue
        yield from _outside(seen, roots)


def _outside(seen: Checkpoint, roots: Mapping[int, bytes]) -> Iterator[str]:
    if seen.size not in roots:
        yield f"BROKEN: a checkpoint of {seen.size} leaves was seen, and the log has {len(roots) - 1}"
    elif roots[seen.size] != seen.root:
        yield f"BROKEN: the checkpoint of {seen.size} leaves is of another tree"


def _roots(leaves: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    frontier = Frontier()
    yield 0, frontier.root()
    for size, leaf in enumerate(leaves, start=1):
        frontier = frontier.append(leaf_hash(leaf))[0]
        yield size, frontier.root()


def _inexact(told: Told, contents: Contents) -> Iterator[str]:
    unsettled = told.living - set(told.acknowledged) - set(told.waiting)
    if unsettled:
        numbers = sorted(row.number for row in unsettled)
        yield f"LOST: {len(unsettled)} rows were never settled: {numbers[:20]}"
    matching = _visible(contents)
    for row, signal in sorted(told.waiting.items()):
        if row not in told.gone and signal is not None and signal not in matching:
            yield f"LOST: row {row.number} waited at the node as {signal}, and never came"
    stored = Counter(one.organisation for one in _visible(contents).values())
    for organisation, times in Counter(row.organisation for row in told.living).items():
        if stored[organisation] != times:
            yield f"LOST: {organisation} sent {times} rows, and {stored[organisation]} signals match"


def _unfound(told: Told, contents: Contents) -> Iterator[str]:
    """Every row was asked about before this: a treffer names each signal that a question found."""
    unfound = set(_visible(contents)) - contents.found
    if unfound:
        yield f"LOST: no question finds {len(unfound)} signals that match: {sorted(map(str, unfound))[:5]}"
    named = {
        said.signal_id
        for row, said in told.acknowledged.items()
        if said.signal_id is not None and row not in told.gone
    }
    yield from (f"LOST: no question finds {signal}" for signal in sorted(named - contents.found, key=str))


def _undelivered(node: AtNode) -> Iterator[str]:
    yield from (f"UNDELIVERED: signal {signal} is still {state} at its node" for signal, state in node.outbox)


def _unrecorded(contents: Contents, node: AtNode) -> Iterator[str]:
    yield from (
        f"LOST: the casebook of its node has signal {signal} as {node.casebook.get(signal, 'unknown')}"
        for signal in _visible(contents)
        if node.casebook.get(signal) != CONFIRMED
    )


def read_node(file: Path, organisation: str) -> AtNode:
    """What a node keeps of one organisation, read beside the node.

    Args:
        file: its SQLite database.
        organisation: of the node.
    """
    out, book = node_tables.outbox.c, node_tables.casebook.c
    with _reading(f"sqlite:///{file}") as connection:
        outbox = connection.execute(select(out.signal_id, out.state).where(out.tenant == organisation)).all()
        casebook = connection.execute(
            select(book.signal_id, book.status).where(book.tenant == organisation)
        ).all()
    return AtNode(
        tuple((one.signal_id, one.state) for one in outbox),
        {one.signal_id: one.status for one in casebook},
    )


def read_contents(database: str, keys: Path, today: date) -> Contents:
    """What stands in the databases, read beside the processes that work in them.

    Args:
        database: of the register, as SQLAlchemy names it.
        keys: SQLite file of the key store.
        today: by the exercise's clock.
    """
    signal, posting, log = t.signal.c, t.posting.c, t.log
    # Read before the keys: a key is durable before its entry, so no entry can seem to lack its key.
    with _reading(database) as connection:
        signals = connection.execute(
            select(signal.organisation, signal.signal_id, signal.version, signal.status, signal.expires_on)
        ).all()
        postings = connection.execute(select(posting.tag, posting.signal_id)).all()
        leaves = connection.execute(
            select(log.leaf.c.leaf_index, log.leaf.c.leaf).order_by(log.leaf.c.leaf_index)
        ).all()
        payloads = connection.execute(select(log.payload.c.leaf_index, log.payload.c.key_id)).all()
        found = connection.scalars(select(t.treffer_signal.c.signal_id)).all()
        treffers = connection.scalar(select(func.count()).select_from(t.treffer)) or 0
    with closing(_sqlite(keys)) as kept:
        ids = frozenset(str(one) for (one,) in kept.execute("SELECT key_id FROM payload_key"))
    return Contents(
        tuple(Signal(*row) for row in signals),
        tuple((bytes(tag), signal_id) for tag, signal_id in postings),
        tuple((index, bytes(leaf)) for index, leaf in leaves),
        tuple((index, key) for index, key in payloads),
        ids,
        frozenset(found),
        treffers,
        today,
    )


@contextmanager
def _reading(database: str) -> Iterator[Connection]:
    """One transaction, one view: what a running process commits meanwhile does not show. SQLite is opened read-only, so that recovery stays with the process itself."""
    sqlite = database.startswith("sqlite")
    file = Path(database.removeprefix("sqlite:///"))
    engine = (
        create_engine("sqlite://", creator=lambda: _sqlite(file), poolclass=NullPool)
        if sqlite
        else create_engine(database, poolclass=NullPool, isolation_level="REPEATABLE READ")
    )
    with engine.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("BEGIN")
        yield connection
    engine.dispose()


def _sqlite(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None, timeout=30)


def integrity(files: Iterable[Path]) -> list[str]:
    """What SQLite finds wrong in these files."""
    return [f"DAMAGED: {file.name}: {line}" for file in files for line in _damage(file)]


def _damage(file: Path) -> list[str]:
    with closing(_sqlite(file)) as connection:
        try:
            said = [str(one) for (one,) in connection.execute("PRAGMA integrity_check")]
            said += [f"foreign key: {one}" for one in connection.execute("PRAGMA foreign_key_check")]
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return [line for line in said if line != "ok"]


def defects(folder: Path) -> list[str]:
    """What processes said of mistakes of their own: an unexpected exception, or a trace."""
    found = []
    for name in (OUTPUT, EARLIER):
        for file in sorted(folder.glob(f"*/{name}")):
            lines = file.read_text("utf-8", "replace").splitlines()
            found += [
                f"DEFECT: {file.parent.name}: {line}"
                for line in lines
                if " ERROR process.serving.web unexpected " in line or line.startswith("Traceback")
            ]
    return found

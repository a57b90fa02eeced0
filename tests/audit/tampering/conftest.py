# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A log of twenty leaves that an operator gets into his hands, and everybody who might notice.

The database is edited with its own statements, past every rule of ours: references and triggers are off, and on PostgreSQL the
hand is a superuser's. Each test edits in a transaction that is rolled back, so all share one log; who looks, looks through the
same connection and sees what would be served.

Who notices: ``store`` reads the database itself (``audit.store.wholeness``); ``verifier`` is anybody with the public log and the
log's key, ``remembering`` one who verified before; ``signer`` is the real application with its own memory; ``node`` holds receipts and the
last checkpoint that it believed, and judges by its own rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlalchemy import Connection, Engine, MetaData, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from audit.canonical import base64_text
from audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from audit.entry import LEAF_SIZE
from audit.merkle import Frontier, leaf_hash
from audit.note import Signer
from audit.store.engine import make_engine
from audit.store.keys import KeyStore
from audit.store.log import LogIndexError, LogStore, LogTables, tables
from audit.store.wholeness import faults
from audit.trail import PreparedEntry, prepare
from audit.verify import Outcome, Own, SourceError, verify_log
from register.municipal.receipts import Break, Unproven, Verdict, break_between, judge
from tests.register.central.conftest import LOG_SIGNER, SignerProcess

MOMENT = datetime(2026, 3, 1, 9, 0, 0, tzinfo=UTC)
SIZE = 20
SEEN = 13
"""Size of the checkpoint that a node and a verifier saw before the newest."""
ORGANISATIONS = ("GM9001", "GM9002", "GM9003")
_randomness = Random(7).randbytes


class _Served:
    """What the register would serve from this database. Implements ``audit.verify.LogSource``."""

    def __init__(self, store: LogStore, connection: Connection) -> None:
        self._store = store
        self._connection = connection

    def leaves(self, size: int) -> Sequence[bytes]:
        return self._store.leaves(self._connection, 0, size)

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        return self._proof(lambda: self._store.inclusion_proof(self._connection, index, size))

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        return self._proof(lambda: self._store.consistency_proof(self._connection, old, new))

    def _proof(self, read: Callable[[], tuple[bytes, ...]]) -> Sequence[bytes]:
        try:
            return read()
        except LookupError as error:
            raise SourceError("het logboek antwoordt met status 404") from error


@dataclass(frozen=True)
class Kept:
    """The log before anybody touched it, and what stands elsewhere.

    Attributes:
        url: of the database.
        tables: the log's.
        entries: everything that was appended, in order.
        signer: a signer's process, that signed ``SEEN`` and ``SIZE``.
        keys: the key store, which is not the operator's to edit here.
    """

    url: str
    tables: LogTables
    entries: tuple[PreparedEntry, ...]
    signer: SignerProcess
    keys: KeyStore
    notes: Mapping[int, str]

    @property
    def leaves(self) -> list[bytes]:
        """The bytes of the leaves."""
        return [one.leaf for one in self.entries]

    def receipts(self) -> list[Unproven]:
        """What nodes hold: a receipt of every leaf."""
        return [
            Unproven(number, LOG_SIGNER.name, number, one.leaf_hash, MOMENT, contradicted=False)
            for number, one in enumerate(self.entries)
        ]

    def seen(self, size: int) -> Checkpoint:
        """A checkpoint that somebody remembers."""
        return open_checkpoint(self.notes[size], LOG_SIGNER.verifier)


@dataclass
class Hand:
    """An operator's hand in the database, and those who look."""

    kept: Kept
    connection: Connection

    def __post_init__(self) -> None:
        self.store = LogStore(self.kept.tables)
        self.served = _Served(self.store, self.connection)

    def sql(self, statement: str, **values: object) -> None:
        """One edit."""
        self.connection.execute(text(statement), values)

    def put_leaves(self, leaves: Sequence[bytes]) -> None:
        """Other leaves, and nothing else: nodes, frontier and checkpoints stay."""
        self.sql("DELETE FROM log_leaf")
        for index, leaf in enumerate(leaves):
            self.sql("INSERT INTO log_leaf (leaf_index, leaf) VALUES (:index, :leaf)", index=index, leaf=leaf)

    def rewrite(self, leaves: Sequence[bytes]) -> Checkpoint:
        """Other leaves with everything that follows from them: a log that is whole, and another one. Gives its head, unsigned."""
        self.put_leaves(leaves)
        self.sql("DELETE FROM log_node")
        frontier = Frontier()
        for leaf in leaves:
            frontier, nodes = frontier.append(leaf_hash(leaf))
            for (level, place), hashed in nodes:
                self.sql(
                    "INSERT INTO log_node (level, place, hash) VALUES (:level, :place, :hash)",
                    level=level,
                    place=place,
                    hash=hashed,
                )
        self.sql(
            "UPDATE log_head SET size = :size, frontier = :frontier",
            size=frontier.size,
            frontier=b"".join(frontier.hashes),
        )
        self.sql("DELETE FROM log_payload WHERE leaf_index >= :size", size=frontier.size)
        return Checkpoint(LOG_SIGNER.name, frontier.size, frontier.root())

    def publish(self, checkpoint: Checkpoint, key: Signer = LOG_SIGNER) -> str:
        """A checkpoint signed behind the signer's back, in the place of all others."""
        note = sign_checkpoint(checkpoint, key)
        self.sql("DELETE FROM log_checkpoint")
        self.sql(
            "INSERT INTO log_checkpoint (size, note) VALUES (:size, :note)", size=checkpoint.size, note=note
        )
        return note

    # ---- who looks ----------------------------------------------------------------------------------------

    def told_by_store(self) -> list[str]:
        """What the database says of itself."""
        return list(
            faults(
                self.connection,
                self.kept.tables,
                verifier=LOG_SIGNER.verifier,
                keys=self.kept.keys.get_many,
            )
        )

    def told_by_verifier(self, *, remembered: int | None = None) -> list[str]:
        """What anybody finds who reads the public log, in sentences; with a size the checkpoint of that size is remembered."""
        note = self.store.latest_checkpoint(self.connection)
        assert note is not None
        earlier = None if remembered is None else self.kept.seen(remembered)
        verdict = verify_log(note, LOG_SIGNER.verifier, self.served, own=Own(earlier=earlier))
        failed = [one.sentence for one in verdict.steps if one.outcome is Outcome.FAILED]
        assert verdict.verified is not bool(failed)
        return failed

    def told_by_signer(self) -> str:
        """What the signer answers when it is asked for the log as it is now: the code of its refusal, or nothing."""
        head = self.store.head(self.connection)
        old = SIZE
        try:
            proof = self.store.consistency_proof(self.connection, old, head.size)
        except LogIndexError:
            old, proof = head.size, ()
        with self.kept.signer.client() as client:
            answer = client.post(
                "/v1/ondertekeningen",
                json={
                    "logboek": LOG_SIGNER.name,
                    "oudeOmvang": old,
                    "omvang": head.size,
                    "wortel": base64_text(head.root),
                    "samenhang": [base64_text(one) for one in proof],
                },
            )
        if answer.status_code == httpx.codes.OK:
            return ""
        assert answer.status_code == httpx.codes.CONFLICT
        assert answer.json()["laatsteOmvang"] == SIZE
        return str(answer.json()["code"])

    def told_by_node(self, *, remembered: int = SEEN) -> Break | tuple[int, ...]:
        """What a node finds: the break, or the leaves of its receipts that the log contradicts or does not prove."""
        note = self.store.latest_checkpoint(self.connection)
        assert note is not None
        offered, last = open_checkpoint(note, LOG_SIGNER.verifier), self.kept.seen(remembered)
        if offered != last:
            try:
                proof = self.served.consistency(last.size, offered.size)
            except SourceError:
                proof = ()
            found = break_between(last, offered, proof)
            if found is not None:
                return found
        return tuple(one.leaf_index for one in self.kept.receipts() if not self._proven(one, offered))

    def _proven(self, receipt: Unproven, checkpoint: Checkpoint) -> bool:
        try:
            proof = self.served.inclusion(receipt.leaf_index, checkpoint.size)
        except SourceError:
            # No proof: after ten minutes the node says so.
            return False
        return judge(receipt, checkpoint, proof) is Verdict.PROVEN

    def told_by_nobody(self) -> bool:
        """True if all that was promised still holds."""
        return (
            self.told_by_store() == []
            and self.told_by_verifier(remembered=SEEN) == []
            and self.told_by_signer() == ""
            and self.told_by_node() == ()
        )


def _make(url: str, folder: Path) -> Kept:
    metadata = MetaData()
    made = tables(metadata)
    engine = make_engine(url, pool=NullPool)
    metadata.create_all(engine)
    store, keys = LogStore(made), KeyStore(make_engine(f"sqlite:///{folder}/sleutels.db"))
    keys.create()
    signer = SignerProcess(folder / "ondertekenaar")
    notes: dict[int, str] = {}
    entries: list[PreparedEntry] = []
    for number in range(SIZE):
        parties = ORGANISATIONS[: 1 + number % 3]
        entry = prepare({name: {"nummer": number} for name in parties}, randomness=_randomness)
        entries.append(entry)
        keys.put_many(entry.keys)
        with engine.begin() as connection:
            store.append(connection, entry)
        if number + 1 in {SEEN, SIZE}:
            notes[number + 1] = _signed(engine, store, signer, SEEN if notes else 0)
    return Kept(url, made, tuple(entries), signer, keys, notes)


def _signed(engine: Engine, store: LogStore, signer: SignerProcess, old: int) -> str:
    with engine.begin() as connection, signer.client() as client:
        head = store.head(connection)
        proof = store.consistency_proof(connection, old, head.size) if old else ()
        answer = client.post(
            "/v1/ondertekeningen",
            json={
                "logboek": LOG_SIGNER.name,
                "oudeOmvang": old,
                "omvang": head.size,
                "wortel": base64_text(head.root),
                "samenhang": [base64_text(one) for one in proof],
            },
        )
        note: str = answer.json()["controlepunt"]
        store.save_checkpoint(connection, note)
    return note


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The untouched log, once on each database."""
    folder = tmp_path_factory.mktemp("logboek")
    (folder / "ondertekenaar").mkdir()
    if request.param == "sqlite":
        yield _make(f"sqlite:///{folder}/register.db", folder)
        return
    server: URL = request.getfixturevalue("postgresql_server")
    administrator = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"knoeien_{folder.name}".replace("-", "_")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _make(server.set(database=name).render_as_string(hide_password=False), folder)
    with administrator.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
def reached(kept: Kept) -> Iterator[Engine]:
    """The database as an operator reaches it: none of our settings, references not enforced."""
    engine = create_engine(kept.url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def hand(kept: Kept, reached: Engine) -> Iterator[Hand]:
    """A hand in the database; what it did is undone after the test."""
    with reached.connect() as connection:
        if reached.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        yield Hand(kept, connection)
        connection.rollback()


def flipped(data: bytes, at: int) -> bytes:
    """The same bytes with one bit of byte ``at`` changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def strange_leaf() -> bytes:
    """A leaf that nobody appended, in the form of one."""
    return b"\x01" + _randomness(LEAF_SIZE - 1)

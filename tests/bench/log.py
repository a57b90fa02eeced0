# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the log costs: actions a second with their entries beside the same rows without, a proof in a log of a million leaves, its share of a question.

    python -m tests.bench.log [--part actions|proofs|share] [--database sqlite|postgresql] [--seconds S] [--leaves N] [--questions N] [--json OUT]

*Actions.* A question writes an idempotency key, two receipts of key holders and a count; a submission a signal, a subject and eleven postings besides, in the
register's own tables. Without the log that is all, by statements that were made once, so that nothing is slow but the rows. With the log it is
the register's own transaction (`register.central.store.work`): sealing, keys in the key store (a database and a commit of its own), head, leaf, nodes,
payload, and a signed receipt. Same database and durability: SQLite with synchronous=FULL, PostgreSQL with fsync and synchronous_commit on. A batch is a
hundred actions in one transaction, each with its entry. Rounds with and without alternate, so that both meet the same moments of the machine, and the ratio is
the median over pairs of rounds. Clients are threads of one process, as in the register; PostgreSQL shares the machine. CPU is of this process, per action.

*Proofs* are read from the database one by one, for leaves drawn at random, as `GET /v1/logboek/bewijzen/insluiting` reads them; all are verified.

*Share.* Questions over real processes as in `tests.bench.ask`, with a stopwatch (`tests.bench.spans`) around everything of the log in the register.
"""

import argparse
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, insert

from audit.canonical import JSON
from audit.merkle import Frontier, leaf_hash, node_hash, verify_inclusion
from audit.note import Signer
from audit.store.engine import make_engine, read_only
from audit.store.keys import KeyStore
from audit.store.log import HEAD
from audit.trail import Receipt, make_receipt, prepare
from process.pooling import Pooling
from process.processing import Action, Trace
from process.secret import Secret
from process.serving.clock import system_clock
from register.central.store import tables as t
from register.central.store.work import RegisterDatabase
from register.demo.plan import ASKER, MOMENT, SUBMITTERS, Ports
from register.demo.story import caller, import_inspections
from register.demo.world import World, build
from register.demo.world import prepare as prepare_world
from register.events import ASKER as AUDIENCE
from register.events import CATALOGUE
from tests.bench.ask import QUESTIONS, _question
from tests.bench.spans import LOG
from tests.faults.postgres import PostgresServer

BATCH = 100
ROUNDS = 5
POSTINGS = 11
SEALED = 80
PROOFS = 2000
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ORIGIN = "log.example/bench"
SIGNER = Signer(f"{ORIGIN}/ontvangst", Secret(bytes(range(32))))
KINDS = ("sqlite", "postgresql")
Figures = dict[str, dict[str, float]]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--part", choices=("actions", "proofs", "share"), action="append")
    options.add_argument("--database", choices=KINDS, action="append")
    options.add_argument("--seconds", type=float, default=2.0, help="of each round")
    options.add_argument("--leaves", type=int, default=1_000_000)
    options.add_argument("--questions", type=int, default=40)
    options.add_argument("--port-base", type=int, default=9750)
    options.add_argument("--json", type=Path)
    wish = options.parse_args()
    parts = wish.part or ("actions", "proofs", "share")
    figures: Figures = {}
    for kind in wish.database or KINDS:
        if "actions" in parts:
            with _place(kind) as place:
                figures |= _told(_actions(place, kind, wish.seconds))
        if "proofs" in parts:
            with _place(kind) as place:
                figures |= _told({f"{kind}, a proof among {wish.leaves}": _proofs(place, wish.leaves)})
    if "share" in parts:
        with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
            figures |= _told(_share(Path(folder), wish.questions, wish.port_base))
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="ascii")


def _told(figures: Figures) -> Figures:
    for name, found in figures.items():
        print(f"{name}: " + ", ".join(f"{what} {value:.3g}" for what, value in found.items()), flush=True)  # noqa: T201 - a bench prints
    return figures


# ---- actions ----------------------------------------------------------------------------------------------


def _actions(place: RegisterDatabase, kind: str, seconds: float) -> Figures:
    figures: Figures = {}
    for name, rows in (("question", _asked), ("submission", _submitted)):
        for clients, batch in ((1, 1), (1, BATCH), (8, 1), (32, 1)):
            which = f"{kind}, {name}, {clients} clients" + (
                f", {batch} in a transaction" if batch > 1 else ""
            )
            figures[which] = _beside(place, rows, seconds, clients, batch)
    return figures


Rows = Callable[[Connection], None]


def _beside(
    place: RegisterDatabase, rows: Rows, seconds: float, clients: int, batch: int
) -> dict[str, float]:
    """Actions a second with and without, the medians of rounds that alternate, and the median of their ratios."""

    def plain() -> None:
        with place.engine.begin() as connection:
            for _action in range(batch):
                rows(connection)

    def logged() -> None:
        with place.logged(NOW) as work:
            rows(work.connection)
            work.concerns(Action("proef", "urn:proef", (), Trace("0" * 32)))
            work.enter(_payload())

    with_log = logged if batch == 1 else lambda: _batch(place, rows, batch)
    turns = [
        (_rate(with_log, seconds, clients), _rate(plain, seconds, clients)) for _turn in range(ROUNDS + 1)
    ]
    turns = turns[1:]
    ratios = [one.each / other.each for one, other in turns]
    return {
        "actions/s with": batch * statistics.median(one.each for one, _other in turns),
        "without": batch * statistics.median(other.each for _one, other in turns),
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
        "CPU ms with": 1000 * statistics.median(one.cpu for one, _other in turns) / batch,
        "CPU ms without": 1000 * statistics.median(other.cpu for _one, other in turns) / batch,
    }


@dataclass(frozen=True)
class _Rate:
    """Transactions a second, and CPU seconds of one."""

    each: float
    cpu: float


def _rate(once: Callable[[], None], seconds: float, clients: int) -> _Rate:
    begun, used = time.perf_counter(), time.process_time()
    end = begun + seconds

    def work(_client: int) -> int:
        count = 0
        while time.perf_counter() < end or count == 0:
            once()
            count += 1
        return count

    with ThreadPoolExecutor(clients) as pool:
        count = sum(pool.map(work, range(clients)))
    return _Rate(count / (time.perf_counter() - begun), (time.process_time() - used) / count)


def _batch(place: RegisterDatabase, rows: Rows, batch: int) -> None:
    """One transaction of `batch` actions, each with its entry and receipt."""
    with place.engine.begin() as connection:
        for _action in range(batch):
            rows(connection)
        entries = [prepare(_payload(), randomness=os.urandom) for _action in range(batch)]
        place.keys.put_many({name: key for one in entries for name, key in one.keys.items()})
        indexes = [place.log.append(connection, one) for one in entries]
    for index, entry in zip(indexes, entries, strict=True):
        make_receipt(Receipt(ORIGIN, index, leaf_hash(entry.leaf), NOW), SIGNER)


def _payload() -> dict[str, dict[str, JSON]]:
    fields: dict[str, JSON] = {
        "moment": NOW.isoformat(), "medewerker": "0123456789abcdef", "rol": "toezichthouder", "doel": "signalering",
        "zaaknummer": "CTRL-2026-000123", "reden": "controle", "grondslag": "OEF-GEM-GM9001", "spoor": "0" * 32, "beleid": "0" * 64,
        "regels": ["toezichthouder-indienen"], "signaal": str(uuid4()), "versie": 1, "categorie": "R2", "verloopt_op": "2027-03-01",
        "families": ["phone"], "verzegeld": False, "herhaald": False,
    }  # fmt: skip
    return {"GM9001": CATALOGUE.payload("signaal_ingediend", AUDIENCE, fields)}


_ADD = {
    table: insert(table)
    for table in (t.idempotency, t.evaluation_receipt, t.question_count, t.signal, t.subject, t.posting)
}


def _asked(connection: Connection) -> None:
    """What a question without a hit writes."""
    key = {"organisation": "GM9001", "request_key": uuid4().hex, "digest": os.urandom(32), "at": NOW}
    connection.execute(_ADD[t.idempotency], key)
    connection.execute(_ADD[t.evaluation_receipt], [_receipt(holder) for holder in (1, 2)])
    count = {"organisation": "GM9001", "officer": "0123456789abcdef", "span": "dag", "attributes": 3}
    connection.execute(_ADD[t.question_count], {**count, "start": uuid4().int >> 65})


def _submitted(connection: Connection) -> None:
    """What a submission writes."""
    name = uuid4()
    _asked(connection)
    connection.execute(
        _ADD[t.signal],
        {
            "signal_id": name,
            "version": 1,
            "organisation": "GM9001",
            "local_reference": "2026-000123",
            "status": "actief",
            "digest": os.urandom(32),
            "week": "2026-W09",
            "basis": "eigen_waarneming",
            "control_type": "adrescontrole",
            "form": "seksuele_uitbuiting",
            "indicators": ["S01", "S02", "S03"],
            "source": "B",
            "information": 2,
            "handling": "H2",
            "no_police_contact": False,
            "care_track": False,
            "acute_danger": False,
            "border_context": False,
            "ground": "OEF-GEM-GM9001",
            "category": "R2",
            "first_processed_at": NOW,
            "expires_on": date(2027, 3, 1),
        },
    )
    key = {"signal_id": name, "version": 1, "ref": "s1"}
    connection.execute(_ADD[t.subject], {**key, "kind": "persoon", "role": "onbekend", "minor": "nee"})
    connection.execute(
        _ADD[t.posting],
        [
            {
                **key,
                "tag": os.urandom(32),
                "family": "phone",
                "keyset": "signaal",
                "epoch": 1,
                "sealed_point": os.urandom(SEALED),
            }
            for _posting in range(POSTINGS)
        ],
    )


def _receipt(holder: int) -> dict[str, object]:
    return {
        "holder": holder,
        "number": os.urandom(16),
        "day": date(2026, 3, 1),
        "organisation": "GM9001",
        "action": "indienen",
        "points": 16,
        "request": os.urandom(32),
        "holder_key": bytes([holder]) * 32,
        "epoch": 1,
        "mark": os.urandom(16),
    }


# ---- proofs -----------------------------------------------------------------------------------------------


def _proofs(place: RegisterDatabase, size: int) -> dict[str, float]:
    """Milliseconds to read one inclusion proof, and one of consistency."""
    leaves = [b"\x01" + os.urandom(32) for _leaf in range(size)]
    root = _fill(place, leaves)
    drawn, taken, between = random.Random(1), [], []
    with read_only(place.engine).connect() as connection:
        assert place.log.head(connection).root == root
        for turn in range(PROOFS):
            index = drawn.randrange(size)
            begun = time.perf_counter()
            proof = place.log.inclusion_proof(connection, index, size)
            middle = time.perf_counter()
            place.log.consistency_proof(connection, index + 1, size)
            if turn >= PROOFS // 10:
                taken.append(1000 * (middle - begun))
                between.append(1000 * (time.perf_counter() - middle))
            verify_inclusion(leaf_hash(leaves[index]), index, size, proof, root)
    return {
        "median ms": statistics.median(taken),
        "p95 ms": sorted(taken)[round(0.95 * len(taken))],
        "consistency, median ms": statistics.median(between),
    }


def _fill(place: RegisterDatabase, leaves: Sequence[bytes]) -> bytes:
    """A whole log of these leaves, put there at once; gives its root."""
    levels = [[leaf_hash(one) for one in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    nodes = [
        (level, place, hashed) for level, hashes in enumerate(levels) for place, hashed in enumerate(hashes)
    ]
    frontier = Frontier(
        len(leaves),
        tuple(
            levels[level][(len(leaves) >> level) - 1]
            for level in reversed(range(len(leaves).bit_length()))
            if len(leaves) >> level & 1
        ),
    )
    with place.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        put = _copied if isinstance(driver, psycopg.Connection) else _inserted
        put(driver, "log_leaf", ("leaf_index", "leaf"), list(enumerate(leaves)))
        put(driver, "log_node", ("level", "place", "hash"), nodes)
        connection.execute(
            insert(t.log.head).values(id=HEAD, size=frontier.size, frontier=b"".join(frontier.hashes))
        )
    with place.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return frontier.root()


def _copied(driver: Any, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _inserted(driver: Any, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    holes = ", ".join("?" * len(columns))
    driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})", rows)  # noqa: S608 - our own names


# ---- share of a question ------------------------------------------------------------------------------------


def _share(folder: Path, questions: int, port_base: int) -> Figures:
    """Of questions over real processes: milliseconds, and how many of them were the log's."""
    world = build(
        folder / "world", Ports(port_base), MOMENT, certificates_from=system_clock(), randomness=os.urandom
    )
    stopwatches = folder / "stopwatches"
    stopwatches.mkdir()
    world.program = (sys.executable, "-m", "tests.bench.spans", str(stopwatches))
    try:
        prepare_world(world)
        world.start(world.names())
        for organisation in SUBMITTERS:
            import_inspections(world, organisation)
        inspector = caller(world, ASKER, "toezichthouder")
        figures: Figures = {}
        minutes = 0
        for name, given in QUESTIONS.items():
            taken: list[float] = []
            for turn in range(questions + 1):
                minutes += 1
                world.move_clock(MOMENT + timedelta(minutes=minutes))
                if turn == 1:
                    before = _log_seconds(world, stopwatches)
                begun = time.perf_counter()
                inspector.post("/v1/bevragingen", _question(given))
                if turn:
                    taken.append(time.perf_counter() - begun)
            log = (_log_seconds(world, stopwatches) - before) / questions
            figures[f"a question ({name})"] = {
                "mean ms": 1000 * statistics.mean(taken),
                "of which the log": 1000 * log,
                "share": log / statistics.mean(taken),
            }
        return figures
    finally:
        world.stop_all()


def _log_seconds(world: World, folder: Path) -> float:
    """Seconds on the wall that the register spent on its log so far."""
    told = folder / "register.json"
    told.unlink(missing_ok=True)
    world._running["register"].send_signal(signal.SIGUSR1)
    while not told.exists():
        time.sleep(0.02)
    spans: Mapping[str, Mapping[str, float]] = json.loads(told.read_text(encoding="utf-8"))["spans"]
    return spans[LOG]["wall"]


# ---- places -------------------------------------------------------------------------------------------------


@contextmanager
def _place(kind: str) -> Iterator[RegisterDatabase]:
    """Fresh databases, of the kind of that name."""
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
        if kind == "sqlite":
            yield _made(f"sqlite:///{folder}/register.db", f"sqlite:///{folder}/sleutels.db")
            return
        server = PostgresServer()
        try:
            server.start()
            server.run("CREATE DATABASE register", "CREATE DATABASE sleutels")
            place = _made(server.url("register"), server.url("sleutels"))
            yield place
            place.close()
        finally:
            server.remove()


def _made(url: str, keys_url: str) -> RegisterDatabase:
    # Putting a million leaves there at once takes longer than any request may.
    pooling = Pooling(size=32, max_overflow=8, statement_seconds=600.0)
    engine, keys = make_engine(url, pooling), KeyStore(make_engine(keys_url, pooling))
    keys.create()
    t.metadata.create_all(engine)
    return RegisterDatabase(engine, keys, origin=ORIGIN, signer=SIGNER, randomness=os.urandom)


if __name__ == "__main__":
    main()

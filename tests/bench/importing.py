# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Two municipalities import FEBRL 4 at the same time, over real processes: how fast it goes, and where the time goes.

    python -m tests.bench.importing [N|all] [--database sqlite|postgresql|both] [--json OUT]

Half of N records are originals imported by one municipality, half are duplicates with errors imported by another. Register and holders keep their data in
SQLite or in PostgreSQL, the nodes in SQLite. Everything runs on this one machine, so records per second is what the machine carries, not what a
municipality waits for; p50 and p95 are those of one record inside a node, from the first check to the acknowledgement.

Where the time goes is CPU per record, by process and by part, measured inside the processes (`tests.bench.spans`) and complete: what no span covers is the
event loop, HTTP, TLS and JSON of a server. The curve is compared with the raw ECDH exchanges that it made, timed on one core in the same run. At the end the
second file is imported once more and must add nothing.
"""

import argparse
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from process.serving.clock import system_clock
from pseudonymisation.keyholder.settings import Quotas
from register.demo.plan import HOLDERS, KEYSET, MOMENT, SUBMITTERS, Ports, person
from register.demo.world import World, build, prepare
from tests.bench import febrl, primitives
from tests.bench.spans import ARGON2, CURVE, DATABASE, HTTP, LOG, RULES, cost_of_one_span
from tests.faults.postgres import PostgresServer

ALL = 10_000
_IMPORTERS = SUBMITTERS[:2]
_PATIENCE = 30.0
_REST = "HTTP server, TLS, JSON"
_PARTS = (ARGON2, CURVE, DATABASE, LOG, RULES, HTTP, _REST)
_NO_LIMIT = 10**9


@dataclass(frozen=True)
class Imported:
    """What one `signaalregister node import` said and took."""

    report: Mapping[str, Any]
    seconds: float


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("records", nargs="?", default="500", help="how many records, or all (10,000)")
    options.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options.add_argument("--json", type=Path)
    options.add_argument("--port-base", type=int, default=9800)
    wish = options.parse_args()
    records = ALL if wish.records == "all" else int(wish.records)
    floor = primitives.measure(KEYSET)
    figures: dict[str, Any] = {
        "machine": machine(),
        "primitives": asdict(floor),
        "span": cost_of_one_span(),
        "databases": {},
    }
    _say(_told_machine(figures))
    for kind in ["sqlite", "postgresql"] if wish.database == "both" else [wish.database]:
        with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
            found = measure(Path(folder), kind, records, wish.port_base)
        found["curve over raw ECDH"] = found["cpu"]["all"][CURVE] / (found["exchanges"] * floor.ecdh)
        figures["databases"][kind] = found
        _say(_told(kind, found))
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """What it was measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load before": os.getloadavg()[0],
    }


def measure(folder: Path, kind: str, records: int, port_base: int) -> dict[str, Any]:
    """All figures of one database."""
    with _postgresql() if kind == "postgresql" else nullcontext() as server:
        databases = {} if server is None else {name: _database(server, name) for name in _STORED}
        world = build(
            folder / "world",
            Ports(port_base),
            MOMENT,
            certificates_from=system_clock(),
            randomness=os.urandom,
            extra=_settings(databases),
        )
        files = {
            organisation: febrl.write(half, folder / organisation, count)
            for organisation, half, count in zip(
                _IMPORTERS,
                (febrl.ORIGINALS, febrl.DUPLICATES),
                (records - records // 2, records // 2),
                strict=True,
            )
        }
        try:
            return _measured(world, files, databases, server)
        finally:
            world.stop_all()


@contextmanager
def _postgresql() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _database(server: PostgresServer, name: str) -> URL:
    server.run(f'CREATE DATABASE "{name}"')
    return make_url(server.url(name))


_STORED = ("register", *(f"houder-{index}" for index in HOLDERS))


def _settings(databases: Mapping[str, URL]) -> dict[str, dict[str, object]]:
    # A bench that waits for its quota measures the quota.
    limits = dict.fromkeys(
        ("officer_minute", "officer_day", "organisation_minute", "organisation_day"), _NO_LIMIT
    )
    quotas = {"quotas": dict.fromkeys(Quotas.model_fields, limits)}
    return {
        name: {**(quotas if name.startswith("houder") else {}), **_on_postgresql(databases.get(name))}
        for name in _STORED
    }


def _on_postgresql(address: URL | None) -> dict[str, object]:
    if address is None:
        return {}
    return {"database_url": address.render_as_string(hide_password=False), "migrate_at_start": True}


def _measured(
    world: World,
    files: Mapping[str, febrl.Files],
    databases: Mapping[str, URL],
    server: PostgresServer | None,
) -> dict[str, Any]:
    prepare(world)
    spans = world.folder / "stopwatches"
    spans.mkdir()
    world.program = (sys.executable, "-m", "tests.bench.spans", str(spans))
    names = [name for name in world.names() if not name.startswith("node-") or name[5:] in _IMPORTERS]
    world.start(names)
    before, stored = _readings(world, names, spans, server), _signals(world, databases)
    begun, commands = time.perf_counter(), _cpu_of_commands()
    with ThreadPoolExecutor(len(files)) as pool:
        done = dict(zip(files, pool.map(lambda one: _import(world, one, files[one]), files), strict=True))
    seconds, commands = time.perf_counter() - begun, _cpu_of_commands() - commands
    after, added = _readings(world, names, spans, server), _signals(world, databases) - stored
    again = _import(world, _IMPORTERS[1], files[_IMPORTERS[1]])
    _require_nothing_added(again, _signals(world, databases) - stored - added)
    records = sum(one.count for one in files.values())
    return {
        "records": records,
        "stored": added,
        "refused": {name: _refused(one.report) for name, one in done.items()},
        "seconds": seconds,
        "records per second": records / seconds,
        "nodes": {
            name: {"records per second": files[name].count / one.seconds, **_percentiles(after, before, name)}
            for name, one in done.items()
        },
        "again": {"seconds": again.seconds, "records": files[_IMPORTERS[1]].count},
        "exchanges": sum(after[name]["exchanges"] - before[name]["exchanges"] for name in names),
        "cpu": _cpu(before, after, commands),
        "database wall": _walls(before, after, (DATABASE, LOG)),
        "spans": sum(
            total["times"] for name in names for total in _difference(before[name], after[name]).values()
        ),
    }


def _import(world: World, organisation: str, files: febrl.Files) -> Imported:
    """One file, through the command that a municipality would use."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "process", "node", "import", str(files.rows), "--json"),
            *("--mapping", str(files.mapping)),
            *world.as_person(person(organisation, "toezichthouder")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # Rows that are refused are part of this data and end the command with 1; anything else is no measurement.
    out, errors = process.communicate()
    if process.returncode not in {0, 1} or b'"geweigerd"' not in out:
        raise RuntimeError(f"{organisation}: {(errors + out).decode()[-2000:]}")
    return Imported(json.loads(out), time.perf_counter() - begun)


def _cpu_of_commands() -> float:
    """CPU seconds of every command that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _require_nothing_added(again: Imported, added: int) -> None:
    fresh = again.report["ingediend"] - again.report["herhaald"]
    if added or fresh:
        raise RuntimeError(f"importing the same file again added {added} signals and called {fresh} new")


def _refused(report: Mapping[str, Any]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in report["geweigerd"]:
        reason = f"{one['kolom']}: {one['reden']}"
        counted[reason] = counted.get(reason, 0) + 1
    return counted


# ---- readings ---------------------------------------------------------------------------------------------


def _readings(
    world: World, names: Sequence[str], folder: Path, server: PostgresServer | None
) -> dict[str, dict[str, Any]]:
    """What every stopwatch says now, and PostgreSQL's CPU."""
    for one in folder.iterdir():
        one.unlink()
    for name in names:
        world._running[name].send_signal(signal.SIGUSR1)
    deadline = time.monotonic() + _PATIENCE
    found = {}
    for name in names:
        while not (folder / f"{name}.json").exists():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not tell how long it took")
            time.sleep(0.02)
        found[name] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    if server is not None:
        found["postgresql"] = {"cpu": _cpu_of(server), "spans": {}, "exchanges": 0, "durations": []}
    return found


def _cpu_of(server: PostgresServer) -> float:
    """CPU seconds of the server and all its children so far."""
    assert server._process is not None
    first = psutil.Process(server._process.pid)
    own = first.cpu_times()
    ended = own.children_user + own.children_system
    living = [one.cpu_times() for one in first.children(recursive=True)]
    return float(ended + sum(one.user + one.system for one in (own, *living)))


def _signals(world: World, databases: Mapping[str, URL]) -> int:
    """How many signals the register holds."""
    url = databases.get(
        "register", URL.create("sqlite", database=str(world.folder / "register" / "register.sqlite"))
    )
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM signal")).scalar_one())


def _percentiles(after: Mapping[str, Any], before: Mapping[str, Any], organisation: str) -> dict[str, float]:
    node = f"node-{organisation}"
    taken = sorted(after[node]["durations"][len(before[node]["durations"]) :])
    return {"p50": statistics.median(taken), "p95": taken[min(len(taken) - 1, round(0.95 * len(taken)))]}


_KINDS = {"node": "nodes", "houder": "holders"}


def _cpu(before: Mapping[str, Any], after: Mapping[str, Any], commands: float) -> dict[str, dict[str, float]]:
    """CPU seconds by kind of process and part; complete, because `_REST` is what is left."""
    found: dict[str, dict[str, float]] = {"command": {_REST: commands}}
    for name, reading in after.items():
        spans = _difference(before[name], reading)
        parts = {part: spans.get(part, {}).get("cpu", 0.0) for part in _PARTS}
        parts[_REST] = reading["cpu"] - before[name]["cpu"] - sum(one["cpu"] for one in spans.values())
        if name == "postgresql":
            parts = {DATABASE: parts[_REST]}
        kind = found.setdefault(_KINDS.get(name.partition("-")[0], name), {})
        for part, seconds in parts.items():
            kind[part] = kind.get(part, 0.0) + seconds
    found["all"] = {part: sum(one.get(part, 0.0) for one in found.values()) for part in _PARTS}
    return found


def _walls(
    before: Mapping[str, Any], after: Mapping[str, Any], parts: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Seconds on the wall in the database and the log: what a request waits, for the disk and for other requests."""
    found: dict[str, dict[str, float]] = {}
    for name, reading in after.items():
        spans = _difference(before[name], reading)
        kind = found.setdefault(_KINDS.get(name.partition("-")[0], name), {})
        for part in parts:
            kind[part] = kind.get(part, 0.0) + spans.get(part, {}).get("wall", 0.0)
    return found


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        label: {name: value - before["spans"].get(label, {}).get(name, 0) for name, value in total.items()}
        for label, total in after["spans"].items()
    }


def _lines(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8") as lines:  # noqa: PTH123 - a pseudo-file of the kernel
        yield from lines


# ---- telling ----------------------------------------------------------------------------------------------


def _say(told: str) -> None:
    print(told, flush=True)  # noqa: T201 - a bench prints


def _told_machine(figures: Mapping[str, Any]) -> str:
    one, floor = figures["machine"], figures["primitives"]
    primitives_told = (
        f"One core, alone: ECDH in OpenSSL {floor['ecdh'] * 1e6:.0f} us; Argon2id {floor['argon2_exact'] * 1e3:.1f} ms (exact), "
        f"{floor['argon2_composite'] * 1e3:.1f} ms (composite); one span of the stopwatch {figures['span'] * 1e6:.1f} us"
    )
    machine_told = f"{one['processor']}, {one['cores']} cores, Python {one['python']}, load {one['load before']:.1f} at the start"
    return f"{machine_told}\n{primitives_told}"


def _told(kind: str, found: Mapping[str, Any]) -> str:
    records = found["records"]
    stored, refused = found["stored"], records - found["stored"]
    lines = [
        "",
        f"{kind}: {records} records in {found['seconds']:.0f} s = {found['records per second']:.2f} records/s together; {stored} signals stored, {refused} rows refused",
    ]
    lines += [
        f"  node {name}: {one['records per second']:.2f} records/s, one record p50 {one['p50']:.3f} s, p95 {one['p95']:.3f} s"
        for name, one in found["nodes"].items()
    ]
    again = found["again"]
    lines += [
        f"  refused at node {name}, {times} x: {reason}"
        for name, reasons in found["refused"].items()
        for reason, times in sorted(reasons.items(), key=lambda one: -one[1])
    ]
    lines.append(
        f"  the second file again: nothing added, {again['records'] / again['seconds']:.1f} records/s"
    )
    kinds = [name for name in found["cpu"] if name != "all"]
    total = sum(found["cpu"]["all"].values())
    lines += ["", "  " + _row("CPU ms per record", [*kinds, "all", "share"])]
    for part in _PARTS:
        cells = [f"{found['cpu'][name].get(part, 0.0) / records * 1e3:.1f}" for name in (*kinds, "all")]
        lines.append("  " + _row(part, [*cells, f"{found['cpu']['all'][part] / total:.0%}"]))
    sums = [f"{sum(found['cpu'][name].values()) / records * 1e3:.1f}" for name in (*kinds, "all")]
    lines.append("  " + _row("together", [*sums, "100%"]))
    waits = ", ".join(
        f"{name} {sum(one.values()) / records * 1e3:.1f}"
        for name, one in found["database wall"].items()
        if sum(one.values())
    )
    lines += [
        "",
        f"  waiting for database and log, ms per record: {waits}",
        f"  curve: {found['exchanges'] / records:.0f} ECDH exchanges per record, {found['curve over raw ECDH']:.2f} x as many raw ones on one core",
        f"  spans: {found['spans'] / records:.0f} per record",
    ]
    return "\n".join(lines)


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<24}" + "".join(f"{cell:>12}" for cell in cells)


if __name__ == "__main__":
    main()

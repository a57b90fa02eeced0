# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How fast a register rotates what it stores, beside the OpenSSL that it cannot do without: two exchanges on P-256 for each point.

    python -m tests.bench.rotation [N] [--workers W] [--database URL] [--json OUT]

The whole job runs on a real database: read, open, multiply, seal, tag, write, commit, in batches as it does while it serves. The limit is measured in the same
run, before and after, in as many processes at once as there are workers. Two ratios: by the wall clock (both cores busy, pauses and database included) and by
processor time, which other work on the machine disturbs less.
"""

import argparse
import json
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import active_children, get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.sql import func

from audit.store.engine import make_engine
from audit.store.schema import bring_up
from process.jobs import Unfinished
from process.secret import Secret
from process.serving.secrets import write_secret
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.pseudonym import PointKeys
from register.accounts import LONGEST
from register.central.centre import Centre
from register.central.rotating import Converter, Places
from register.central.store import MIGRATIONS
from register.central.store import rotation as store
from register.central.store import tables as t
from register.central.store.rotation import Fresh, Standing, Subject
from tests.bench.primitives import exchanges

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOKENS = 20
"""Of one signal: about what a person with a document, a telephone and a name with date of birth has."""

MILLION = 1_000_000


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("n", type=int, nargs="?", default=20_000)
    options.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    options.add_argument(
        "--database", help="SQLAlchemy URL of an empty database; otherwise SQLite in a folder of its own"
    )
    options.add_argument("--json", type=Path)
    wish = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
        figures = measure(Path(folder), wish.n, wish.workers, wish.database)
    print(  # noqa: T201 - a bench prints
        f"{figures['points']:.0f} pseudonyms, {wish.workers} workers: {figures['seconds']:.1f} s, {figures['rate']:.0f} a second; "
        f"a million in {figures['million_minutes']:.1f} minutes\n"
        f"limit (two exchanges a point, the same processes): {figures['limit_rate']:.0f} a second; ratio {figures['ratio']:.2f}\n"
        f"processor time: {figures['cpu_each'] * 1e6:.0f} us a point, of which two exchanges {figures['limit_cpu_each'] * 1e6:.0f} us; "
        f"ratio {figures['cpu_ratio']:.2f}"
    )
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="ascii")


def measure(folder: Path, points: int, number: int, url: str | None) -> dict[str, float]:
    """One rotation of so many stored pseudonyms."""
    engine = make_engine(url or f"sqlite:///{folder}/register.sqlite")
    bring_up(engine, MIGRATIONS, migrating=True, command="")
    places = Places(folder / "rotatiefactor", folder / "tijdvak.json")
    write_secret(places.factor, SecretScalar.random(os.urandom).to_bytes())
    centre = _centre(engine)
    stored = _fill(engine, centre, points)
    before = limit(number)
    converter = Converter(centre, places, number)
    # Starting the workers costs seconds once, whatever the number of points: the clock runs from the second batch.
    first = converter.run(NOW)["omgezet"]
    begun, used = time.perf_counter(), _cpu()
    converted = 0
    while isinstance(counts := converter.run(NOW), Unfinished):
        converted += counts["omgezet"]
    seconds = time.perf_counter() - begun
    cpu = _cpu() - used
    converter.close()
    after = limit(number)
    with engine.connect() as connection:
        made = connection.scalar(select(func.count()).select_from(t.posting).where(t.posting.c.epoch == 2))
    engine.dispose()
    assert made == first + converted == stored, "something was lost"
    rate, best = converted / seconds, (before[0] + after[0]) / 2 / 2
    each, raw = cpu / converted, (before[1] + after[1])
    return {
        "points": converted,
        "seconds": seconds,
        "rate": rate,
        "million_minutes": MILLION / rate / 60,
        "limit_rate": best,
        "ratio": rate / best,
        "cpu_each": each,
        "limit_cpu_each": raw,
        "cpu_ratio": raw / each,
    }


def limit(number: int, seconds: float = 2.0) -> tuple[float, float]:
    """Raw exchanges a second of so many processes at once, and processor seconds for one."""
    with ProcessPoolExecutor(max(number, 1), mp_context=get_context("spawn")) as pool:
        list(pool.map(exchanges, [0.01] * max(number, 1)))
        found = list(pool.map(exchanges, [seconds] * max(number, 1)))
    return sum(one[0] for one in found), sum(one[1] for one in found) / len(found)


def _cpu() -> float:
    """Processor seconds of this process, and of its children that live and that ended."""
    ticks = os.sysconf("SC_CLK_TCK")
    children = [Path(f"/proc/{one.pid}/stat").read_text("ascii") for one in active_children()]
    spent = [one.rpartition(")")[2].split()[11:13] for one in children]
    own = os.times()
    ended = own.children_user + own.children_system
    return own.user + own.system + ended + sum(int(part) for one in spent for part in one) / ticks


def _centre(engine: Engine) -> Centre:
    """The few things of a register that its rotation needs."""
    return Centre(
        database=cast("Any", SimpleNamespace(engine=engine)),
        records=cast("Any", None),
        clock=lambda: NOW,
        randomness=os.urandom,
        keyset=("bench", 1),
        tag_key=Secret(os.urandom(32)),
        sealing_key=Secret(os.urandom(32)),
        weights=cast("Any", None),
        holder_keys={},
        threshold=2,
        ration=cast("Any", None),
        terms=LONGEST,
        second_required=False,
    )


def _fill(engine: Engine, centre: Centre, points: int) -> int:
    """Random points, sealed and with their tags, twenty a signal; and a rotation that has begun."""
    keys = PointKeys(centre.tag_key.reveal(), centre.sealing_key.reveal(), "bench")
    with engine.begin() as connection:
        for _signal in range(points // TOKENS):
            number = UUID(bytes=os.urandom(16), version=4)
            rows = []
            for _token in range(TOKENS):
                point = SecretScalar.random(os.urandom).public_point().encode()
                rows.append(Fresh("phone", *keys.close("phone", point, os.urandom(12))))
            store.add(connection, "bench", 1, {Subject(number, 1, "s1"): rows})
        store.set_standing(connection, "bench", Standing(1, 1, "0" * 64))
        values = {"keyset": "bench", "epoch": 2, "before": "", "after": "", "key": bytes(33)}
        store.begin(connection, {**values, "started_at": NOW})
    return points // TOKENS * TOKENS


if __name__ == "__main__":
    main()

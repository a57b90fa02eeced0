# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How fast a whole log is replayed, beside the bare hashing that nobody can do without.

    python -m tests.bench.replay [N] [--rounds R] [--json OUT]

Three ways to N leaves: from memory (form, leaf hashes, tree), from a folder of tiles by the whole verifier (signature, every file, every leaf, the root), and from an
export in JSON by the whole verifier (parsing and Base64 besides). The limit is hashlib over the same bytes: N leaves of 34 bytes and N - 1 nodes of 65,
prefixes included, in a loop that does nothing else. Processor time of one thread on one core, the best of rounds, the limit in every round.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from audit.bundle import Bundle, bundle_from_json, bundle_json
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.entry import VERSION
from audit.note import Signer
from audit.replay import replay
from audit.verifier.tiled import TiledLog, folder
from audit.verify import Verdict, verify_bundle, verify_log
from process.secret import Secret
from tests.audit.tiles import write_tiles

SIGNER = Signer("log.example/bench", Secret(bytes(range(32))))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("n", type=int, nargs="?", default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", type=Path)
    wish = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as place:
        figures = measure(Path(place), wish.n, wish.rounds)
    rows = [
        f"{name}: {figures[f'{name}_rate']:,.0f} leaves a second, ratio {figures[f'{name}_ratio']:.2f}"
        for name in ("memory", "tiles", "export")
    ]
    print(f"{wish.n:,} leaves; bare hashlib {figures['limit_rate']:,.0f} a second", *rows, sep="\n")  # noqa: T201 - a bench prints
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="ascii")


def measure(place: Path, size: int, rounds: int) -> dict[str, float]:
    """Leaves a second by each way, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return _measured(place, size, rounds)
    finally:
        os.sched_setaffinity(0, cores)


def _measured(place: Path, size: int, rounds: int) -> dict[str, float]:
    leaves = [VERSION + sha256(number.to_bytes(8, "big")).digest() for number in range(size)]
    root = replay(leaves, limit=size).root
    note = sign_checkpoint(Checkpoint(SIGNER.name, size, root), SIGNER)
    write_tiles(place, leaves, note)
    export = place / "uitvoer.json"
    bundle = Bundle(note, SIGNER.verifier.vkey, leaves=tuple(leaves))
    export.write_text(json.dumps(bundle_json(bundle)), encoding="ascii")
    del bundle
    ways: dict[str, Callable[[], Any]] = {
        "limit": lambda: bare(leaves),
        "memory": lambda: replay(leaves, limit=size),
        "tiles": lambda: verified(verify_log(note, SIGNER.verifier, TiledLog(folder(place)))),
        "export": lambda: verified(
            verify_bundle(
                bundle_from_json(json.loads(export.read_text(encoding="ascii"))), log=SIGNER.verifier
            )
        ),
    }
    best = {name: min(spent(way) for _round in range(rounds)) for name, way in ways.items()}
    figures = {f"{name}_rate": size / seconds for name, seconds in best.items()}
    return figures | {f"{name}_ratio": best["limit"] / best[name] for name in ("memory", "tiles", "export")}


def bare(leaves: list[bytes]) -> None:
    """As many hashes, of as many bytes, as a replay takes."""
    for leaf in leaves:
        sha256(b"\x00" + leaf).digest()
    node = bytes(65)
    for _number in range(len(leaves) - 1):
        sha256(node).digest()


def verified(verdict: Verdict) -> None:
    """Refuses a figure for work that was not done."""
    assert verdict.verified, verdict.sentence
    assert verdict.whole


def spent(way: Callable[[], Any]) -> float:
    """Processor seconds of one round."""
    begun = time.process_time()
    way()
    return time.process_time() - begun


if __name__ == "__main__":
    main()

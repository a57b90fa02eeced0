# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Peer: how long anonlink takes to compare so many long-term keys, with the encoding left out.

The rows are encoded once (clkhash, the weighed schema of `clk`); more rows are the same keys with their bits shifted round by a number per copy, so that a copy resembles no other and is as full.
Runs in the environment of requirements/bench-clk.txt. usage: linking.py PREPARED.jsonl N
"""

import json
import logging
import sys
import time
from pathlib import Path

from anonlink.similarities import dice_coefficient_accelerated
from clk import schema  # type: ignore[import-not-found]  # beside this file, when it runs
from clkhash.clk import generate_clks
from clkhash.schema import from_json_dict

_CONFIGURATION = {"schema": "weighed", "length": 1024, "bits": 100, "least": 2}
_CANDIDATES = 50
_THRESHOLD = 0.8
_SHIFT = 389


def main(prepared: Path, wanted: int) -> None:
    """Compare every row with every other; one line of JSON."""
    with prepared.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    made = schema(_CONFIGURATION, {name for row in rows for name, text in row.items() if text})
    names = [feature["identifier"] for feature in made["features"]]
    logging.disable(logging.CRITICAL)
    texts = [[row[name] for name in names] for row in rows[:wanted]]
    keys = generate_clks(texts, from_json_dict(made), "bench", validate=False, max_workers=1)
    held = [
        key[(shift := _SHIFT * copy % len(key)) :] + key[:shift]
        for copy in range(-(-wanted // len(keys)))
        for key in keys
    ][:wanted]
    begun, cpu = time.perf_counter(), time.process_time()
    scores, _found = dice_coefficient_accelerated([held, held], _THRESHOLD, k=_CANDIDATES + 1)
    taken = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu}
    sys.stdout.write(json.dumps({**taken, "pairs": (len(scores) - len(held)) // 2}) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(Path(sys.argv[1]), int(sys.argv[2]))

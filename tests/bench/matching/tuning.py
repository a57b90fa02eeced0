# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Choosing a configuration and a threshold for every method, on development seeds only, and the log of it.

    python -m tests.bench.matching.tuning [METHOD ...]

Each configuration of a method runs on each development seed. The one with the highest mean F1 at one threshold for all of them wins, and that threshold with it. What was
tried, what came out and what it took stands in `tuning.json`; a method that is not named keeps what it had. Our own method ships its own threshold.
"""

import argparse
import json
import sys
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from tests.bench.matching.datasets import made
from tests.bench.matching.measures import At, f1_by_threshold
from tests.bench.matching.methods import DEVELOPMENT_SEEDS, METHODS, TUNING
from tests.bench.matching.reading import Observations
from tests.bench.matching.running import TIME_LIMIT, Failed, run, truth_of, versions

_THRESHOLDS = 2000


def main(arguments: Sequence[str]) -> int:
    """Tune the methods that are named, or all."""
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.matching.tuning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("methods", nargs="*", default=[])
    options.add_argument("--limit", type=float, default=TIME_LIMIT)
    wish = options.parse_args(arguments)
    sets = [made(seed) for seed in DEVELOPMENT_SEEDS]
    for name in wish.methods or METHODS:
        found = tuned(name, sets, wish.limit)
        log = json.loads(TUNING.read_text(encoding="utf-8")) if TUNING.exists() else {}
        log = {"seeds": list(DEVELOPMENT_SEEDS), "methods": log.get("methods", {}) | {name: found}}
        TUNING.write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}: {json.dumps(found['won'])}\n")
        sys.stdout.flush()
    return 0


def tuned(name: str, sets: Sequence[Observations], limit: float) -> dict[str, Any]:
    """What was tried with one method, and what won; None when nothing ended."""
    tried = [_tried(name, configuration, sets, limit) for configuration in METHODS[name].configurations]
    ended = [one for one in tried if "mean_f1" in one]
    best = max(ended, key=lambda one: float(one["mean_f1"]), default=None)
    won = None if best is None else {key: best[key] for key in ("configuration", "threshold", "mean_f1")}
    return {"versions": versions(METHODS[name]), "tried": tried, "won": won}


def _tried(name: str, configuration: str, sets: Sequence[Observations], limit: float) -> dict[str, Any]:
    curves, seconds = [], []
    for rows in sets:
        found = run(name, configuration, rows, limit=limit)
        if isinstance(found, Failed):
            return {"configuration": configuration, "failed": found.reason}
        curves.append(f1_by_threshold(found.pairs, truth_of(rows)))
        seconds.append(round(found.seconds, 1))
    threshold, mean = common_threshold(curves)
    return {
        "configuration": configuration,
        "best_f1": [round(max((at.f1 for at in curve), default=0.0), 4) for curve in curves],
        "mean_f1": round(mean, 4),
        "threshold": threshold,
        "seconds": seconds,
    }


def common_threshold(curves: Sequence[Sequence[At]]) -> tuple[float, float]:
    """The threshold with the highest mean F1 over curves (highest threshold first), and that mean; the higher one of equals."""
    every = sorted({at.threshold for curve in curves for at in curve})
    some = every[:: max(1, len(every) // _THRESHOLDS)]
    keys = [[-at.threshold for at in curve] for curve in curves]

    def mean(threshold: float) -> float:
        places = [bisect_right(key, -threshold) for key in keys]
        return sum(curve[at - 1].f1 if at else 0.0 for curve, at in zip(curves, places, strict=True)) / len(
            curves
        )

    return max(
        ((threshold, mean(threshold)) for threshold in some),
        key=lambda one: (one[1], one[0]),
        default=(0.0, 0.0),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

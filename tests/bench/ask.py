# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long a question at the door takes, end to end over real processes, against the limit of one second (p95).

    python -m tests.bench.ask [--questions N] [--json OUT]

Beside it, in the same run on the same core, what the question cannot do without: the Argon2id of its match keys. The ratio says how much the rest
(curve, two holders, register, policy, log, HTTP) adds to that. The register holds the example signals of the demo only; size comes later.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from pseudonymisation.identity import RawAttribute, attribute_from_text
from pseudonymisation.matchkeys import match_keys
from pseudonymisation.normalise import Normalised, normalise
from pseudonymisation.stretch import stretch
from register.demo.plan import ASKER, CONTROL, KEYSET, MOMENT
from register.demo.story import caller
from tests.bench.played import played

LIMIT = 1.0
"""Seconds, p95: guarantee 7."""

QUESTIONS = {
    "telephone": [("phone", "06-12345678")],
    "document, telephone, name and date of birth": [
        ("document", "COL:AN123456"),
        ("phone", "06-12345678"),
        ("name_dob", "Nuñez, María;1998-05-03"),
    ],
}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--questions", type=int, default=40)
    options.add_argument("--json", type=Path)
    options.add_argument("--port-base", type=int, default=9700)
    wish = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
        figures = measure(Path(folder), wish.questions, wish.port_base)
    for name, one in figures.items():
        print(  # noqa: T201 - a bench prints
            f"{name}: p50 {one['p50']:.3f} s, p95 {one['p95']:.3f} s = {one['p95'] / LIMIT:.2f} of the limit; "
            f"{one['p50'] / one['argon2']:.1f} x its Argon2id ({one['argon2']:.3f} s)"
        )
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure(folder: Path, questions: int, port_base: int) -> dict[str, dict[str, float]]:
    """Seconds per question, by kind."""
    with played(folder, port_base) as world:
        inspector = caller(world, ASKER, "toezichthouder")
        minutes = count(1)

        def ask(given: list[tuple[str, str]]) -> object:
            # A minute later each time, or the holders' quota would be what is measured.
            world.move_clock(MOMENT + timedelta(minutes=next(minutes)))
            return inspector.post("/v1/bevragingen", _question(given))

        return {
            name: _figures(
                questions,
                partial(ask, given),
                partial(_stretch, given),
            )
            for name, given in QUESTIONS.items()
        }


def _question(given: list[tuple[str, str]]) -> dict[str, object]:
    attributes = [{"soort": kind, "waarde": value} for kind, value in given]
    return {"kenmerken": attributes, "doel": "signalering", "controle": CONTROL}


def _stretch(given: list[tuple[str, str]]) -> None:
    raw = [attribute_from_text(kind, value) for kind, value in given]
    normal = [normalise(one, today=date(2026, 11, 20)) for one in raw if isinstance(one, RawAttribute)]
    for key in match_keys([one for one in normal if isinstance(one, Normalised)]).keys:
        stretch(KEYSET, key)


def _figures(times: int, ask: Callable[[], object], floor: Callable[[], object]) -> dict[str, float]:
    ask()  # the first one opens connections
    taken = sorted(_timed(ask) for _ in range(times))
    return {
        "p50": statistics.median(taken),
        "p95": taken[min(len(taken) - 1, round(0.95 * len(taken)))],
        "argon2": statistics.median(_timed(floor) for _ in range(5)),
    }


def _timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()

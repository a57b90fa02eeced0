# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the decision point spends on one decision and on a page of 50 signals x 15 fields, beside bare cedarpy on the same requests; and the whole matrix.

    python -m tests.bench.policy [--json OUT]

Bare is one call of `is_authorized_batch` with rules parsed and contexts serialised, no reasons, no grounds looked up. Three times:

- *reading*: over all rules as they stand, with the signals as JSON, since a stored signal is new to each decision, and where a no must name its conditions
  with the request that asks them. What anybody would do who wants the same answer of cedarpy;
- *prepared*: over all rules, with the signals parsed beforehand and without that request, which nobody can do in service;
- *sliced*: prepared, over the few rules that the engine leaves for this role and purpose, which says what the engine itself adds.

The whole matrix is 1,680 cells, each with its best case, in one decision each. All in processor time of one core, the median of rounds that alternate, so
that all meet the same moments of the machine.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

import cedarpy

from policies.decision import FIELDS, SignalFacts
from policies.engine import Put, _Question
from policies.ruleset import PROBE, PolicySet
from tests.policies.world import Question, best, engine, matrix, policy_set

ROUNDS = 21
SIGNALS = 50


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--json", type=Path)
    wish = options.parse_args()
    figures = measure()
    for name, found in figures.items():
        print(name + ": " + ", ".join(f"{what} {value:.3g}" for what, value in found.items()))  # noqa: T201 - a bench prints
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="ascii")


def measure() -> dict[str, dict[str, float]]:
    """Every figure, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        asked = best("aandachtsfunctionaris", "signalering", "G-GEM")
        denied = asked.with_facts(released_to=frozenset())
        return {
            "one decision, allowed": _beside(asked, 1, ("hit",), times=40),
            "one decision, denied": _beside(denied, 1, ("contact_officer",), times=40),
            "an action, allowed": _beside(asked, 1, ("bevragen",), times=40),
            "an action about nothing stored, allowed": _beside(
                asked, 1, ("bevragen",), times=40, stored=False
            ),
            "a page, most allowed": _beside(asked, SIGNALS, FIELDS),
            "a page, most denied": _beside(best("toezichthouder", "signalering", "G-GEM"), SIGNALS, FIELDS),
            "the whole matrix": {"seconds": statistics.median(_once(_whole) for _round in range(3))},
        }
    finally:
        os.sched_setaffinity(0, cores)


def _beside(
    asked: Question, signals: int, actions: tuple[str, ...], times: int = 1, *, stored: bool = True
) -> dict[str, float]:
    """Ours and both bare ones, in milliseconds of processor time per call."""
    decides, facts = engine(), [asked.facts if stored else None] * signals

    def ours() -> None:
        for _time in range(times):
            # As `Engine.page` does, which takes stored signals only.
            _Question(decides, asked.asker, asked.occasion).decide(facts, actions)

    ours()
    rules = policy_set()
    question = _Question(decides, asked.asker, asked.occasion)
    put = question.put(facts, actions, actions)
    same = question.put(facts, actions, actions if _a_yes(question, facts, actions) else (PROBE, *actions))
    everything = cedarpy.PolicySet.from_str("\n".join(rule.cedar for rule in rules.rules))
    probing = cedarpy.PolicySet.from_str("\n".join([*(rule.cedar for rule in rules.rules), *_probes(rules)]))
    few = rules.slice(asked.asker.role, asked.occasion.purpose)
    parsed = cedarpy.Entities.from_json_str(put.entities, rules.schema)

    def bare(one: Put, policies: cedarpy.PolicySet, entities: str | cedarpy.Entities) -> Callable[[], None]:
        requests = one.requests()

        def run() -> None:
            for _time in range(times):
                cedarpy.is_authorized_batch(requests, policies, entities, rules.schema)

        return run

    runs = {
        "reading": bare(same, probing if PROBE in same.asked else everything, same.entities),
        "prepared": bare(put, everything, parsed),
        "sliced": bare(put, few, parsed),
    }
    rounds = [[_once(run) * 1e3 / times for run in (ours, *runs.values())] for _round in range(ROUNDS)]
    mine, *others = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {"ms": mine, **{f"x bare, {name}": mine / other for name, other in zip(runs, others, strict=True)}}


def _a_yes(question: _Question, facts: Sequence[SignalFacts | None], actions: tuple[str, ...]) -> bool:
    """One decision that says yes has no condition to name."""
    return len(facts) == len(actions) == 1 and question.decide(facts, actions)[0][actions[0]].allowed


def _probes(rules: PolicySet) -> list[str]:
    return [
        f'@id({json.dumps(name)})\npermit (principal, action == Action::"{PROBE}", resource) when {{ {one.cedar} }};'
        for name, one in rules.conditions.items()
    ]


def _whole() -> None:
    decides = engine()
    for (role, purpose), rows in groupby(matrix(), key=lambda row: (row.role, row.purpose)):
        for row in rows:
            asked = row.best() if row.allowed else best(role, purpose, "G-GEM")
            decides.fields(asked.asker, asked.occasion, asked.facts, (row.field,))


def _once(run: Callable[[], object]) -> float:
    begun = time.thread_time()
    run()
    return time.thread_time() - begun


if __name__ == "__main__":
    main()

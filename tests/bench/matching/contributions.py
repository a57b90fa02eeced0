# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What each family of match keys contributes: the best F1 and the hit rate without it.

    python -m tests.bench.matching.contributions [--persons 2000]

Weights are made anew without the family from the development seeds, as the run that ships makes them, and measured at the middle level on a seed that is neither among them nor among the fresh ones;
FEBRL 4 beside it, where nothing but name, date and address is known. Prints Markdown.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from pseudonymisation.pseudonym import FAMILIES
from register.bulk import Tokens, counted, stepped, weighed_pairs
from register.matching import Weighing
from register.scoring import Weights
from tests.bench.matching import datasets
from tests.bench.matching.measures import Measures, Truth, measure, scored
from tests.bench.matching.methods import DEVELOPMENT_SEEDS
from tests.bench.matching.ours import tokens_of
from tests.bench.matching.reading import Observations
from tests.bench.matching.running import truth_of
from tests.bench.matching.weights import made_from

SEED: Final = 11


def main(arguments: list[str]) -> int:
    """Measure without each family in turn, and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--persons", type=int, default=2000)
    told = options.parse_args(arguments)
    sets = [datasets.made(seed, told.persons) for seed in (*DEVELOPMENT_SEEDS, SEED)]
    febrl = next(iter(datasets.all_of(["febrl4"], []))).rows()
    every = [*sets, febrl]
    tokens = [[tokens_of(row.attributes)[0] for row in one.rows] for one in every]
    occurring = {family for some in tokens for one in some for family, tags in one.tags.items() if tags}
    whole = _figures(tokens, every, None)
    sys.stdout.write(
        f"With every family: best F1 {whole[0].best.f1:.3f}, hit rate {whole[0].hit_rate or 0:.3f}; FEBRL 4 {whole[1].best.f1:.3f}.\n\n"
        "| without | F1 lost | hit rate lost | FEBRL 4, F1 lost |\n|---|---|---|---|\n"
    )
    for family in (one for one in FAMILIES if one in occurring):
        field, public = _figures(tokens, every, family)
        lost = [
            whole[0].best.f1 - field.best.f1,
            (whole[0].hit_rate or 0) - (field.hit_rate or 0),
            whole[1].best.f1 - public.best.f1,
        ]
        sys.stdout.write(f"| `{family}` | {' | '.join(f'{one:+.3f}' for one in lost)} |\n")
        sys.stdout.flush()
    return 0


def _figures(
    tokens: Sequence[list[Tokens]], sets: Sequence[Observations], family: str | None
) -> tuple[Measures, Measures]:
    without = [[_without(one, family) for one in some] for some in tokens]
    development = len(DEVELOPMENT_SEEDS)
    weights = made_from(without[:development], [one.person for one in sets[:development]])
    field, public = (
        _measured(some, one, weights)
        for some, one in zip(without[development:], sets[development:], strict=True)
    )
    return field, public


def _without(one: Tokens, family: str | None) -> Tokens:
    return Tokens({name: tags for name, tags in one.tags.items() if name != family})


def _measured(subjects: list[Tokens], rows: Observations, weights: Weights) -> Measures:
    weighing = Weighing(weights, counted(subjects))
    pairs = list(weighed_pairs(subjects, weights, weighing.snapshot))
    truth: Truth = truth_of(rows)
    found = scored(((bits, i, j) for (i, j), bits in stepped(pairs, weighing).items()), truth)
    asked = scored(((pair.bits, pair.one, pair.other) for pair in pairs), truth)
    return measure(found, truth, None, asked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

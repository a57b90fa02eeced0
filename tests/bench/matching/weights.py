# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The run that makes the weights that ship: `python -m tests.bench.matching.weights --out register/data/weights.json`.

In this order: observations of the development seeds at the middle level; the patterns of all their pairs, counted together; expectation-maximisation without labels
(`register.scoring.estimate`) from the beginnings below; the expected share of a token per family; and last the three thresholds, the only thing
for which the truth of the development seeds is looked at: the lowest at which so many of the pairs above it are right. `firm` first, over what agrees directly; the other two over that and what a step finds.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

from pseudonymisation.pseudonym import SPEC_VERSION
from register.bulk import Tokens, Weighed, counted, pattern_counts, shares, stepped, weighed_pairs
from register.matching import Weighing
from register.scoring import DIFFERENT, GROUPS, Pattern, Snapshot, Weights, estimate
from tests.bench.matching import datasets
from tests.bench.matching.methods import DEVELOPMENT_SEEDS
from tests.bench.matching.ours import tokens_of

KNOWN_PRECISION, POSSIBLE_PRECISION = 0.985, 0.90
_PER_RECORD: Final = 1.5
"""Matching pairs per record to begin with; the estimate moves away from it by itself."""
_NAME: Final = {
    "gelijk": 0.45,
    "bijna": 0.15,
    "deel_van_datum": 0.1,
    "woord_en_datum": 0.1,
    "jaar": 0.03,
    "naam_andere_datum": 0.04,
    "naam_zonder_datum": 0.1,
    "andere_naam_en_datum": 0.02,
    "andere_naam": 0.01,
}
_PHONE: Final = {"gelijk_persoon": 0.5, "gelijk_iemand": 0.2, "gelijk_ander": 0.05, DIFFERENT: 0.25}


def beginnings() -> dict[str, dict[str, float]]:
    """m to begin with: matching pairs mostly agree where both have something, and on the more telling level."""
    found = {}
    for group in GROUPS:
        rest = {one: 0.7 / (len(group.levels) - 1) for one in group.levels if one != DIFFERENT}
        found[group.name] = {"naam": _NAME, "telefoon": _PHONE}.get(group.name, rest | {DIFFERENT: 0.3})
    return found


def main(arguments: list[str]) -> int:
    """Make the weights and say what they are worth on the seeds that made them."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--persons", type=int, default=2000)
    told = options.parse_args(arguments)
    sets = [datasets.made(seed, told.persons) for seed in DEVELOPMENT_SEEDS]
    subjects = [[tokens_of(row.attributes)[0] for row in one.rows] for one in sets]
    weights = made_from(subjects, [one.person for one in sets])
    document = {
        "specVersion": SPEC_VERSION,
        "madeBy": f"python -m tests.bench.matching.weights --persons {told.persons}; seeds {', '.join(map(str, DEVELOPMENT_SEEDS))}, middle noise",
        "known": weights.known,
        "possible": weights.possible,
        "firm": weights.firm,
        "share": weights.share,
        "matching": weights.matching,
        "bits": {group: _rounded(levels) for group, levels in weights.bits.items()},
    }
    told.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"known from {document['known']:+.2f} bits, possible from {document['possible']:+.2f}\n")
    return 0


def made_from(subjects: Sequence[list[Tokens]], persons: Sequence[Sequence[int]]) -> Weights:
    """The weights of these sets together; who is who counts for the thresholds only."""
    counts: Counter[Pattern] = Counter()
    for some in subjects:
        counts.update(pattern_counts(some))
    begin = _PER_RECORD * sum(map(len, subjects))
    found = estimate(counts, matches=begin, prior=beginnings())
    each = [shares(some) for some in subjects]
    share = {family: sum(one.get(family, 0) for one in each) / len(each) for family in sorted({*each[0]})}
    weights = Weights(found.bits, found.matching, share)
    every = [_weighed(some, person, weights) for some, person in zip(subjects, persons, strict=True)]
    weights = replace(weights, firm=lowest([one for each in every for one in each.direct()], KNOWN_PRECISION))
    scored = [one for each in every for one in each.stepped(weights)]
    return replace(
        weights, known=lowest(scored, KNOWN_PRECISION), possible=lowest(scored, POSSIBLE_PRECISION)
    )


def _rounded(levels: Mapping[str, float]) -> dict[str, float]:
    return {level: round(bits, 3) for level, bits in levels.items()}


@dataclass(frozen=True)
class _Weighed:
    pairs: list[Weighed]
    snapshot: Snapshot
    person: Sequence[int]

    def direct(self) -> Iterator[tuple[float, bool]]:
        """Bits above what is asked, and whether it is right, without any step."""
        return (
            (pair.bits - self.snapshot.asked, self.person[pair.one] == self.person[pair.other])
            for pair in self.pairs
        )

    def stepped(self, weights: Weights) -> Iterator[tuple[float, bool]]:
        """The same, directly or through a third."""
        found = stepped(self.pairs, Weighing(replace(weights, possible=-math.inf), self.snapshot))
        return (
            (bits - self.snapshot.asked, self.person[one] == self.person[other])
            for (one, other), bits in found.items()
        )


def _weighed(subjects: list[Tokens], person: Sequence[int], weights: Weights) -> _Weighed:
    snapshot = counted(subjects)
    return _Weighed(list(weighed_pairs(subjects, weights, snapshot)), snapshot, person)


def lowest(scored: list[tuple[float, bool]], precision: float) -> float:
    """The lowest threshold, in bits above what a register of that size asks for, with so much precision above it."""
    right = total = 0
    best = float("inf")
    ordered = sorted(scored, reverse=True)
    for bits, tied in groupby(ordered, key=lambda one: one[0]):
        some = [ok for _bits, ok in tied]
        right, total = right + sum(some), total + len(some)
        if right >= precision * total:
            best = bits
    return round(best, 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

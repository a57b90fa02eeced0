# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Matching many at once, the same way as one: each subject asks those before it, and is then added.

The law: `linked` finds by the tokens that can find and judges what agrees as a question does (`register.matching.finding_tags`, `judged`). So a bulk run links exactly what
questions, asked one after another, would say is one person. Its time grows with the number of subjects and of agreements on what is enough for condition C3 or half of it; a
name, a street or a town, which many strangers share, is never gone through.

`agreeing_pairs` and what is built on it go through every agreement instead, also those below C3: weights are estimated on them, and a bench measures how much C3 keeps from being
seen. Their time grows with the square of the number of subjects. There a token that more subjects carry than `MOST_CARRIERS` (a hotel, a name like "Maria Silva") finds nobody.

In memory, and pure: for benches, for estimating weights, and for tests of the store.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from register.matching import MOST_CARRIERS, Verdict, Weighing, finding_tags, judged
from register.scoring import (
    Agreeing,
    Families,
    Levels,
    Pattern,
    Snapshot,
    Weights,
    levels,
    masks,
    pattern,
)


@dataclass(frozen=True)
class Tokens:
    """What the register sees of a subject: per family its tags, and the families that it has (a family of fillers alone is empty)."""

    tags: Mapping[str, frozenset[bytes]]

    @property
    def families(self) -> Families:
        """The families that are present, real or filler."""
        return frozenset(self.tags)


@dataclass
class Postings:
    """Tags and who carries them, growing."""

    subjects: list[Tokens] = field(default_factory=list)
    carriers: dict[bytes, list[int]] = field(default_factory=dict)

    def add(self, subject: Tokens) -> int:
        """Add one; its number."""
        number = len(self.subjects)
        self.subjects.append(subject)
        for tags in subject.tags.values():
            for tag in tags:
                self.carriers.setdefault(tag, []).append(number)
        return number

    def ask(self, subject: Tokens) -> dict[int, Agreeing]:
        """Everybody who agrees on a token that is not too common, with all that agrees."""
        found: dict[int, dict[str, set[bytes]]] = {}
        for family, tags in subject.tags.items():
            for tag in tags:
                for other in self._who(tag):
                    found.setdefault(other, {}).setdefault(family, set()).add(tag)
        return {
            other: Agreeing({family: frozenset(equal) for family, equal in families.items()})
            for other, families in found.items()
        }

    def _who(self, tag: bytes) -> list[int]:
        carriers = self.carriers.get(tag, [])
        return carriers if len(carriers) <= MOST_CARRIERS else []


def agreeing_pairs(subjects: Iterable[Tokens]) -> Iterator[tuple[int, int, Agreeing]]:
    """Every pair that agrees on a token that is not too common, the earlier one first."""
    postings = Postings()
    for number, subject in enumerate(subjects):
        for other, agreeing in postings.ask(subject).items():
            yield other, number, agreeing
        postings.add(subject)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence about a pair, the earlier one first; `carries` and `shared` as in `Levels`."""

    bits: float
    one: int
    other: int
    carries: bool
    shared: bool


def weighed_pairs(subjects: list[Tokens], weights: Weights, snapshot: Snapshot) -> Iterator[Weighed]:
    """The evidence about every such pair, above and below C3."""
    known: dict[tuple[Families, Families], Levels] = {}
    for one, other, agreeing in agreeing_pairs(subjects):
        families, both = agreeing.families, subjects[one].families & subjects[other].families
        pair = known.get((families, both))
        if pair is None:
            pair = known[families, both] = levels(families, both, weights)
        yield Weighed(pair.score(agreeing, weights, snapshot), one, other, pair.carries, pair.shared)


STEP_COSTS: Final = 2.0
"""Bits that a step costs: two agreements can both be right, and of two people."""


def stepped(pairs: Iterable[Weighed], weighing: Weighing) -> dict[tuple[int, int], float]:
    """The evidence about each pair, directly or through a third, the better of both: how far a track goes that starts at a treffer.

    Both agreements of a step are firm and carry C3 by something that is somebody's own; the evidence is the weaker of the two, less `STEP_COSTS`. One step and never two, and
    never between two that only share something.
    """
    asked, found, shared = weighing.snapshot.asked, dict[tuple[int, int], float](), set[tuple[int, int]]()
    near: dict[int, list[tuple[int, float]]] = {}
    for pair in pairs:
        found[pair.one, pair.other] = pair.bits
        if pair.shared:
            shared.add((pair.one, pair.other))
        elif pair.carries and pair.bits - asked >= weighing.weights.firm:
            near.setdefault(pair.one, []).append((pair.other, pair.bits))
            near.setdefault(pair.other, []).append((pair.one, pair.bits))
    for ends in near.values():
        for (one, first), (other, second) in combinations(sorted(ends), 2):
            if (one, other) not in shared:
                bits = min(first, second) - STEP_COSTS
                found[one, other] = max(bits, found.get((one, other), -math.inf))
    return found


def counted(subjects: Sequence[Tokens]) -> Snapshot:
    """How common each token is among these."""
    carriers = Counter(tag for subject in subjects for tags in subject.tags.values() for tag in tags)
    return Snapshot(len(subjects), {tag: who for tag, who in carriers.items() if who > 1})


def found_pairs(
    subjects: Iterable[Tokens], snapshot: Snapshot, *, organisation: bool = False
) -> Iterator[tuple[int, int]]:
    """Whom each subject, a person unless it says otherwise, finds among those before it: the pairs that are looked at, the earlier one first."""
    # Most tokens have one carrier: a list for each would cost more than everything else.
    first: dict[bytes, int] = {}
    later: dict[bytes, list[int]] = {}
    for number, subject in enumerate(subjects):
        by_family = {tag: family for family, tags in subject.tags.items() for tag in tags}
        finding = finding_tags(by_family, snapshot, organisation=organisation)
        known = [tag for tag in finding if tag in first]
        for other in {first[tag] for tag in known}.union(*(later.get(tag, ()) for tag in known)):
            yield other, number
        for tag in known:
            later.setdefault(tag, []).append(number)
        for tag in finding:
            first.setdefault(tag, number)


def linked(subjects: Sequence[Tokens], weighing: Weighing) -> Iterator[tuple[int, int]]:
    """The pairs of observations that are one person's as far as can be seen, the earlier one first."""
    return (
        (one, other)
        for one, other, _families, verdict in judged_pairs(subjects, weighing)
        if verdict.one_person
    )


def judged_pairs(
    subjects: Sequence[Tokens], weighing: Weighing, *, organisation: bool = False
) -> Iterator[tuple[int, int, Families, Verdict]]:
    """Every pair that agrees enough (C3), the earlier one first, with the families that agree and what that amounts to."""
    for one, other in found_pairs(subjects, weighing.snapshot, organisation=organisation):
        left, right = subjects[one], subjects[other]
        agreeing = equal(left, right)
        verdict = judged(agreeing, left.families & right.families, weighing, organisation=organisation)
        if verdict is not None:
            yield one, other, agreeing.families, verdict


def equal(one: Tokens, other: Tokens) -> Agreeing:
    """What two carry both."""
    return Agreeing(
        {
            family: equal
            for family, tags in one.tags.items()
            if (theirs := other.tags.get(family)) and (equal := tags & theirs)
        }
    )


def pattern_counts(subjects: list[Tokens]) -> dict[Pattern, int]:
    """How many of all pairs show each pattern; pairs without any agreement are counted by what they have, not one by one."""
    counts: dict[Pattern, int] = {}
    seen: dict[Families, int] = {}
    for one, other, agreeing in agreeing_pairs(subjects):
        both = subjects[one].families & subjects[other].families
        shown = pattern(agreeing.families, both | agreeing.families)
        counts[shown] = counts.get(shown, 0) + 1
        seen[both] = seen.get(both, 0) + 1
    for both, pairs in _pairs_by_what_both_have(subjects).items():
        left = pairs - seen.get(both, 0)
        if left:
            shown = pattern(frozenset(), both)
            counts[shown] = counts.get(shown, 0) + left
    return counts


def _pairs_by_what_both_have(subjects: Iterable[Tokens]) -> dict[Families, int]:
    found: dict[Families, int] = {}
    groups = sorted(masks(one.families for one in subjects).items(), key=lambda one: sorted(one[0]))
    for place, (left, count) in enumerate(groups):
        for right, others in groups[place:]:
            both = left & right
            pairs = count * (count - 1) // 2 if left == right else count * others
            found[both] = found.get(both, 0) + pairs
    return found


def shares(subjects: list[Tokens]) -> dict[str, float]:
    """Per family the share of subjects that carry a token, averaged over agreements."""
    total: dict[str, int] = {}
    squares: dict[str, int] = {}
    carriers: dict[tuple[str, bytes], int] = {}
    for subject in subjects:
        for family, tags in subject.tags.items():
            for tag in tags:
                carriers[family, tag] = carriers.get((family, tag), 0) + 1
    for (family, _tag), count in carriers.items():
        if count > 1:
            pairs = count * (count - 1)
            total[family] = total.get(family, 0) + pairs
            squares[family] = squares.get(family, 0) + pairs * count
    return {family: squares[family] / total[family] / len(subjects) for family in total}

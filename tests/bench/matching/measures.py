# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How good scored pairs are: what they find, what they find wrongly, and what somebody who asks would be told.

The law, and the choices where there is more than one way:

1. A true pair is two rows of one person; with `across`, of two places. A pair that a method does not score is one that it says nothing about: never found.
2. A threshold takes every pair with that score or more, so pairs with equal scores stand or fall together. `best_f1` is the best over all thresholds, and knows
   the truth; `shipped_f1` is at a threshold that was fixed before. `recall_at_99` is the highest recall at which 99 of 100 pairs are right.
3. Hit rate: every row, in order of date, asks the earlier rows of *other* places. Its answer is the one with the highest score, if that reaches the threshold;
   of equally good answers one is drawn, so it counts for the share that is right. The threshold is the lowest at which 95 of 100 answers are right. The hit rate is the
   share of right answers among the rows that have an earlier row of their person elsewhere.
4. Intervals are percentiles of 200 bootstrap replicates over persons: a person drawn twice counts its pairs twice, and a false pair of two persons the product
   of their numbers. Thresholds stay where they were, and answers as they were given. Methods share the replicates, so a difference has its own interval.

Pure; standard library only.
"""

import math
import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Pair = tuple[float, int, int]
REPLICATES: Final = 200
ANSWERS_RIGHT: Final = 0.95
PAIRS_RIGHT: Final = 0.99


@dataclass(frozen=True)
class Truth:
    """Who each row is, where and when: see `tests.bench.matching.reading.Observations`."""

    person: Sequence[int]
    place: Sequence[int]
    rank: Sequence[int]
    across: bool = False

    def pairs_of(self) -> dict[int, int]:
        """Person -> number of true pairs, persons without any left out."""
        together = Counter(self.person)
        counts = {person: math.comb(number, 2) for person, number in together.items()}
        if self.across:
            for number, (person, _place) in (
                (n, key) for key, n in Counter(zip(self.person, self.place, strict=True)).items()
            ):
                counts[person] -= math.comb(number, 2)
        return {person: number for person, number in counts.items() if number}

    def asking(self) -> bool:
        """True if rows have dates and there is more than one place, so that one can ask another."""
        return len(set(self.place)) > 1 and max(self.rank) > 0

    def seen_before(self) -> list[int]:
        """The rows that have an earlier row of their person elsewhere, in order of date."""
        places: dict[int, set[int]] = defaultdict(set)
        found = []
        for row in sorted((r for r in range(len(self.rank)) if self.rank[r] >= 0), key=self.rank.__getitem__):
            earlier = places[self.person[row]]
            if earlier - {self.place[row]}:
                found.append(row)
            earlier.add(self.place[row])
        return found


@dataclass(frozen=True)
class At:
    """Precision, recall and F1 of pairs at a threshold."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Counts:
    """What a bootstrap weighs: per person pairs found, per two persons false pairs, per person hits."""

    found: Mapping[int, int]
    false: Mapping[tuple[int, int], int]


Shown = Sequence[tuple[int, int]]
"""Pairs of rows that a method would show to people as one person."""


@dataclass(frozen=True)
class Measures:
    """The figures of one method on one file; None where the file cannot say."""

    best: At
    shipped: At | None
    recall_at_99: float
    hit_rate: float | None
    hit_threshold: float | None
    pairs: int
    best_counts: Counts = field(repr=False)
    shipped_counts: Counts | None = field(repr=False)
    hits: Mapping[int, float] | None = field(repr=False)
    shown: At | None = None


@dataclass(frozen=True)
class Scored:
    """Scored pairs in three columns, so that millions fit; every pair once, i < j."""

    scores: "array[float]"
    first: "array[int]"
    second: "array[int]"

    def __len__(self) -> int:
        return len(self.scores)

    def rows(self) -> Iterable[Pair]:
        """The pairs as they came."""
        return zip(self.scores, self.first, self.second, strict=True)


def scored(pairs: Iterable[Pair], truth: Truth) -> Scored:
    """Take in pairs; those of one place are left out when only pairs across places count.

    Raises:
        ValueError: a pair that is not i < j of existing rows, or a score that is no number.
    """
    found = Scored(array("d"), array("l"), array("l"))
    place, rows = truth.place, len(truth.person)
    for score, i, j in pairs:
        if not 0 <= i < j < rows or math.isnan(score):
            raise ValueError("a scored pair is a number and two rows i < j of the file")
        if not truth.across or place[i] != place[j]:
            found.scores.append(score)
            found.first.append(i)
            found.second.append(j)
    return found


def measure(
    pairs: Scored,
    truth: Truth,
    shipped: float | None,
    asked: Scored | None = None,
    shown: Shown | None = None,
) -> Measures:
    """All figures of one method.

    Args:
        pairs: as `scored` took them in.
        truth: who is who.
        shipped: the threshold that was fixed before; None if there is none.
        asked: the pairs as whoever asked at the time saw them, where later rows change the others; None if they do not.
        shown: the pairs that would be shown to people; None if a method shows what it scores.
    """
    total = sum(truth.pairs_of().values())
    curve = _curve(pairs, truth, total)
    best = max(curve, key=lambda at: (at.f1, at.threshold), default=At(math.inf, 0.0, 0.0, 0.0))
    at_shipped = None if shipped is None else _at(curve, shipped)
    answers = _answers(asked or pairs, truth) if truth.asking() else None
    seen = truth.seen_before() if answers is not None else []
    hit_threshold = None if answers is None else _answering_threshold(answers)
    hits = None if not seen or answers is None else _hits(answers, seen, hit_threshold, truth)
    return Measures(
        best=best,
        shipped=at_shipped,
        recall_at_99=max((at.recall for at in curve if at.precision >= PAIRS_RIGHT), default=0.0),
        hit_rate=None if hits is None else sum(hits.values()) / len(seen),
        hit_threshold=hit_threshold,
        pairs=len(pairs),
        best_counts=_counts(pairs, truth, best.threshold),
        shipped_counts=None if shipped is None else _counts(pairs, truth, shipped),
        hits=hits,
        shown=None if shown is None else _shown(shown, truth, total),
    )


def _shown(pairs: Shown, truth: Truth, total: int) -> At:
    person, place = truth.person, truth.place
    some = [(one, other) for one, other in pairs if not truth.across or place[one] != place[other]]
    return _figures(math.nan, sum(person[one] == person[other] for one, other in some), len(some), total)


def _curve(pairs: Scored, truth: Truth, total: int) -> list[At]:
    """Every distinct threshold, highest first."""
    person = truth.person
    right: dict[float, int] = defaultdict(int)
    taken: dict[float, int] = defaultdict(int)
    for score, i, j in pairs.rows():
        taken[score] += 1
        if person[i] == person[j]:
            right[score] += 1
    curve = []
    so_far = found = 0
    for score in sorted(taken, reverse=True):
        so_far += taken[score]
        found += right[score]
        curve.append(_figures(score, found, so_far, total))
    return curve


def _figures(threshold: float, found: float, taken: float, total: float) -> At:
    precision = found / taken if taken else 0.0
    recall = found / total if total else 0.0
    return At(threshold, precision, recall, 2 * found / (taken + total) if taken + total else 0.0)


def _at(curve: Sequence[At], threshold: float) -> At:
    reached = [at for at in curve if at.threshold >= threshold]
    last = reached[-1] if reached else At(threshold, 0.0, 0.0, 0.0)
    return At(threshold, last.precision, last.recall, last.f1)


def f1_by_threshold(pairs: Scored, truth: Truth) -> list[At]:
    """The curve itself, for whoever must choose a threshold."""
    return _curve(pairs, truth, sum(truth.pairs_of().values()))


def _counts(pairs: Scored, truth: Truth, threshold: float) -> Counts:
    person = truth.person
    found: dict[int, int] = defaultdict(int)
    false: dict[tuple[int, int], int] = defaultdict(int)
    for score, i, j in pairs.rows():
        if score >= threshold:
            p, q = person[i], person[j]
            if p == q:
                found[p] += 1
            else:
                false[min(p, q), max(p, q)] += 1
    return Counts(found, false)


# ---- asking -----------------------------------------------------------------------------------------------------------

Answers = Mapping[int, tuple[float, int, int]]
"""Row that asks -> best score, number of answers with that score, number of right ones among them."""


def _answers(pairs: Scored, truth: Truth) -> Answers:
    person, place, rank = truth.person, truth.place, truth.rank
    best: dict[int, tuple[float, int, int]] = {}
    for score, i, j in pairs.rows():
        if place[i] == place[j] or rank[i] < 0 or rank[j] < 0:
            continue
        asks = i if rank[i] > rank[j] else j
        known = best.get(asks)
        right = int(person[i] == person[j])
        if known is None or score > known[0]:
            best[asks] = (score, 1, right)
        elif score == known[0]:
            best[asks] = (score, known[1] + 1, known[2] + right)
    return best


def _answering_threshold(answers: Answers) -> float | None:
    """The lowest threshold at which enough answers are right, None if there is none."""
    given: dict[float, tuple[int, float]] = {}
    for score, number, right in answers.values():
        count, share = given.get(score, (0, 0.0))
        given[score] = (count + 1, share + right / number)
    lowest = None
    told, good = 0, 0.0
    for score in sorted(given, reverse=True):
        told += given[score][0]
        good += given[score][1]
        if good >= ANSWERS_RIGHT * told - 1e-9:
            lowest = score
    return lowest


def _hits(answers: Answers, seen: Sequence[int], threshold: float | None, truth: Truth) -> dict[int, float]:
    """Person -> how many of its rows that were seen before are told so rightly."""
    hits: dict[int, float] = defaultdict(float)
    for row in seen:
        hits[truth.person[row]] += 0.0
        if threshold is not None and row in answers and answers[row][0] >= threshold:
            _score, number, right = answers[row]
            hits[truth.person[row]] += right / number
    return hits


# ---- how sure ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Replicates:
    """How often each person is drawn, per replicate; made once for a file and shared by all methods."""

    weights: Sequence[Mapping[int, int]]
    total: Sequence[int]
    seen: Sequence[int]


def replicates(truth: Truth, seed: int, number: int = REPLICATES) -> Replicates:
    """Draw persons with replacement, as many as there are."""
    people = sorted(set(truth.person))
    generator = random.Random(seed)
    pairs = truth.pairs_of()
    seen = Counter(truth.person[row] for row in truth.seen_before()) if truth.asking() else Counter()
    drawn = [Counter(generator.choices(people, k=len(people))) for _ in range(number)]
    return Replicates(
        drawn,
        [sum(times * pairs[person] for person, times in each.items() if person in pairs) for each in drawn],
        [sum(times * seen[person] for person, times in each.items() if person in seen) for each in drawn],
    )


def f1_replicates(counts: Counts, drawn: Replicates) -> list[float]:
    """F1 in every replicate."""
    found, false = list(counts.found.items()), list(counts.false.items())
    values = []
    for weights, total in zip(drawn.weights, drawn.total, strict=True):
        times = weights.get
        right = sum(number * times(person, 0) for person, number in found)
        wrong = sum(number * times(p, 0) * times(q, 0) for (p, q), number in false)
        values.append(_figures(0.0, right, right + wrong, total).f1)
    return values


def hit_replicates(hits: Mapping[int, float], drawn: Replicates) -> list[float]:
    """Hit rate in every replicate."""
    right = [(person, share) for person, share in hits.items() if share]
    return [
        sum(share * weights.get(person, 0) for person, share in right) / seen if seen else 0.0
        for weights, seen in zip(drawn.weights, drawn.seen, strict=True)
    ]


def interval(values: Sequence[float], share: float = 0.95) -> tuple[float, float]:
    """The middle part of the values, by nearest rank."""
    ordered = sorted(values)
    tail = (1 - share) / 2
    last = len(ordered) - 1
    return ordered[round(tail * last)], ordered[round((1 - tail) * last)]


def difference(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """The interval of the difference between two methods on the same replicates."""
    return interval([a - b for a, b in zip(ours, theirs, strict=True)])

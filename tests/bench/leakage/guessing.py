# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What guessing costs: how many points must be evaluated before a value is among them, by somebody who guesses in the best order.

A guess is a combination of parts (name by sound, year, date, house number, ...), as likely as its parts multiplied. Words and house numbers are as likely as in the sample; days within a
year are alike; what is drawn evenly from a large space (telephones, documents, postcodes) is as large as that space *in the field*, not as the smaller one of made-up data. A word that the
sample does not have is not guessed at all. Relations between parts are not used: a guess at "Maria" beside "Silva" is as likely as the two together by chance, so a better model of names
would need somewhat fewer points.
"""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Self

_EVEN: Final = {
    "bsn": math.log2(10**9 / 11),
    "v_nummer": math.log2(10**9),
    "phone": math.log2(8e7),
    "bag_address.postcode": math.log2(9.7e6),
    "street.postcode": math.log2(460_000),
}
"""Bits of what is drawn evenly: BSNs that pass the eleven-test, V-numbers, Dutch mobile numbers, addresses, postcodes (that have one street each, as a rule)."""
_PER_BIT: Final = 10
_DAYS: Final = 365
_WITH_YEAR: Final = frozenset({"date", "year_and", "year"})
_SORTED: Final = frozenset(
    {
        "name.whole",
        "name.pair",
        "name.sounds",
        "near.sounds",
        "near.swapped",
        "part.year_month",
        "part.year_day",
        "part.month_day",
        "part.year",
    }
)
"""Rules whose words stand in the order of the alphabet."""


def parts(value: bytes) -> tuple[str, ...]:
    """The rule and the parts of a match key (length-prefixed)."""
    found, at = [], 0
    while at < len(value):
        size = int.from_bytes(value[at : at + 2], "big")
        found.append(value[at + 2 : at + 2 + size].decode())
        at += 2 + size
    if found[0] == "alias" and found[2] == "premises":
        # An alias beside premises carries the key of the address, as hexadecimal.
        found[-1:] = parts(bytes.fromhex(found[-1]))
    return tuple(found)


_KINDS: Final = (
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("year_and", re.compile(r"\d{4}-\d\d")),
    ("day_and", re.compile(r"\d\d-\d\d")),
    ("postcode", re.compile(r"\d{4}[A-Z]{2}")),
    ("telephone", re.compile(r"\+\d+")),
)


def _kind(rule: str, part: str) -> str:
    if rule in _EVEN:
        return "even"
    if rule.startswith("document"):
        return "number" if len(part) > 3 else "word"
    if rule == "part.year" and re.fullmatch(r"\d{4}", part):
        return "year"
    return next(
        (kind for kind, shape in _KINDS if shape.fullmatch(part)), "initial" if len(part) == 1 else "word"
    )


@dataclass(frozen=True)
class Cost:
    """What it takes until a value is among the guesses.

    Attributes:
        points: evaluations, on average for what is drawn evenly.
        even: whether there is no better order than any, so that half the budget has half the chance.
    """

    points: float
    even: bool = False

    def chance(self, budget: float) -> float:
        """That the value is read for so many points."""
        if self.even:
            return min(1.0, budget / (2 * self.points))
        return float(self.points <= budget)


NEVER: Final = Cost(math.inf)
"""A word that the sample does not have."""
_NO_ORDER: Final = frozenset({"even", "telephone", "postcode", "number"})


@dataclass
class Guesser:
    """Somebody who has a sample in clear and guesses in the best order."""

    words: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    years: Counter[str] = field(default_factory=Counter)
    _ladders: dict[tuple[str, tuple[str, ...]], tuple[list[int], list[float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Iterable[bytes]) -> Self:
        """Count the parts of the values of a sample."""
        found = cls()
        for value in values:
            rule, *rest = parts(value)
            for part in rest:
                kind = _kind(rule, part)
                if kind in _WITH_YEAR:
                    found.years[part[:4]] += 1
                elif kind in {"word", "initial"}:
                    found.words[rule, kind][part] += 1
        return found

    def cost(self, value: bytes) -> Cost:
        """How many points it takes until this value is evaluated."""
        rule, *rest = parts(value)
        kinds = tuple(_kind(rule, part) for part in rest)
        if rule in _EVEN:
            return Cost(2 ** (_EVEN[rule] - 1), even=True)
        bits = sum(self._bits(rule, part, kind) for part, kind in zip(rest, kinds, strict=True))
        if math.isinf(bits):
            return NEVER
        if _NO_ORDER & {*kinds}:
            return Cost(2 ** (bits - 1), even=True)
        steps, reached = self._ladder(rule, kinds)
        place = bisect_right(steps, round(bits * _PER_BIT) + len(kinds))
        return Cost(reached[place - 1] if place else 1.0)

    def cheapest(self, values: Iterable[bytes]) -> Cost:
        """Of the values of one record, the one that is read first."""
        return min(map(self.cost, values), key=lambda one: one.points, default=NEVER)

    def _bits(self, rule: str, part: str, kind: str) -> float:
        if kind in _WITH_YEAR:
            times = self.years[part[:4]]
            return math.log2(self.years.total() / times * _within(rule, kind)) if times else math.inf
        if kind in {"word", "initial"}:
            counts = self.words[rule, kind]
            return math.log2(counts.total() / counts[part]) if counts[part] else math.inf
        return {
            "even": 0.0,
            "telephone": _EVEN["phone"],
            "postcode": _EVEN["street.postcode"],
            "day_and": math.log2(_DAYS),
            "number": sum(math.log2(10 if one.isdigit() else 21) for one in part),
        }[kind]

    def _ladder(self, rule: str, kinds: tuple[str, ...]) -> tuple[list[int], list[float]]:
        """How many guesses are at least as likely as each likelihood (in tenths of a bit)."""
        if (rule, kinds) not in self._ladders:
            combined: Counter[int] = Counter({0: 1})
            for kind in kinds:
                combined = _together(combined, self._spread(rule, kind))
            # Words stand in one order only.
            orders = math.factorial(kinds.count("word")) if rule in _SORTED else 1
            steps = sorted(combined)
            reached = [max(1.0, one / orders) for one in accumulate(combined[bits] for bits in steps)]
            self._ladders[rule, kinds] = steps, reached
        return self._ladders[rule, kinds]

    def _spread(self, rule: str, kind: str) -> Counter[int]:
        if kind in {"word", "initial"}:
            counts = self.words[rule, kind]
            return Counter(_step(counts.total() / times) for times in counts.values())
        if kind == "day_and":
            return Counter({_step(_DAYS): _DAYS})
        spread: Counter[int] = Counter()
        for times in self.years.values():
            spread[_step(self.years.total() / times * _within(rule, kind))] += _within(rule, kind)
        return spread


def _within(rule: str, kind: str) -> int:
    """How many values a year has."""
    return {"date": _DAYS, "year_and": 31 if rule == "part.year_day" else 12, "year": 1}[kind]


def _together(one: Counter[int], other: Counter[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for bits, times in one.items():
        for more, others in other.items():
            found[bits + more] += times * others
    return found


def _step(odds: float) -> int:
    return round(math.log2(odds) * _PER_BIT)


def read_within(guesser: Guesser, records: Iterable[Iterable[bytes]], budget: float) -> float:
    """Of the records that have a value, the part of which at least one is read for so many points, all spent on one rule."""
    costs = [guesser.cheapest(values) for values in map(list, records) if values]
    return sum(one.chance(budget) for one in costs) / len(costs) if costs else 0.0

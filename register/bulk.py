# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Matching many at once, the same way as one: each subject asks those before it, and is then added.

The law: `Postings.ask` finds by equality of tokens, as the store of the register does with SQL; what it finds goes through `register.scoring` like the candidates of a
question. So a bulk run links exactly what questions, asked one after another, would have found, in time that grows with the number of subjects and of
agreements, never with the number of pairs. A token that more subjects carry than `MOST_CARRIERS` (a hotel, a shelter, a name like "Maria Silva") finds
nobody by itself.

In memory, and pure: for benches, for estimating weights, and for tests of the store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

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

MOST_CARRIERS: Final = 400
"""Subjects that may carry a token before it finds nobody any more."""


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

    def snapshot(self) -> Snapshot:
        """How common each token is now."""
        return Snapshot(
            len(self.subjects), {tag: len(who) for tag, who in self.carriers.items() if len(who) > 1}
        )


def agreeing_pairs(subjects: Iterable[Tokens]) -> Iterator[tuple[int, int, Agreeing]]:
    """Every pair that agrees on a token that is not too common, the earlier one first."""
    postings = Postings()
    for number, subject in enumerate(subjects):
        for other, agreeing in postings.ask(subject).items():
            yield other, number, agreeing
        postings.add(subject)


def scored_pairs(
    subjects: list[Tokens], weights: Weights, snapshot: Snapshot
) -> Iterator[tuple[float, int, int]]:
    """The evidence about every such pair."""
    known: dict[tuple[Families, Families], Levels] = {}
    for one, other, agreeing in agreeing_pairs(subjects):
        families, both = agreeing.families, subjects[one].families & subjects[other].families
        weighed = known.get((families, both))
        if weighed is None:
            weighed = known[families, both] = levels(families, both, weights)
        yield weighed.score(agreeing, weights, snapshot), one, other


def linked(
    subjects: Sequence[Tokens], weights: Weights, snapshot: Snapshot, bar: float
) -> Iterator[tuple[float, int, int]]:
    """The pairs of `scored_pairs` with at least so many bits, found faster.

    Most pairs agree on one common token and on nothing else. Here a pair is first only two sets of families, what agrees and what both have, each a number with a bit per family; tokens
    are looked at only where those sets could reach the bar.
    """
    names = list(dict.fromkeys(family for subject in subjects for family in subject.tags))
    bit = {family: 1 << number for number, family in enumerate(names)}
    has = [sum(bit[family] for family in subject.tags) for subject in subjects]
    hopeful: dict[tuple[int, int], Levels | None] = {}
    carriers: dict[bytes, list[int]] = {}
    for number, subject in enumerate(subjects):
        finding = {family: _few(tags, carriers) for family, tags in subject.tags.items()}
        mine = has[number]
        for other, families in _agreeing_families(finding, bit, carriers).items():
            seen = families, mine & has[other]
            if seen not in hopeful:
                weighed = levels(_named(families, names), _named(seen[1], names), weights)
                hopeful[seen] = weighed if weighed.at_most >= bar else None
            could = hopeful[seen]
            if could is None:
                continue
            bits = could.score(_equal(finding, subjects[other], families, bit), weights, snapshot)
            if bits >= bar:
                yield bits, other, number
        for tags in subject.tags.values():
            for tag in tags:
                carriers.setdefault(tag, []).append(number)


def _few(tags: Iterable[bytes], carriers: Mapping[bytes, Sequence[int]]) -> list[bytes]:
    """The tokens that find anybody: carried before, and not by too many."""
    return [tag for tag in tags if tag in carriers and len(carriers[tag]) <= MOST_CARRIERS]


def _agreeing_families(
    finding: Mapping[str, Iterable[bytes]], bit: Mapping[str, int], carriers: Mapping[bytes, Sequence[int]]
) -> dict[int, int]:
    found: dict[int, int] = {}
    for family, tags in finding.items():
        mine = bit[family]
        for tag in tags:
            for other in carriers[tag]:
                found[other] = found.get(other, 0) | mine
    return found


def _equal(
    finding: Mapping[str, Sequence[bytes]], other: Tokens, families: int, bit: Mapping[str, int]
) -> Agreeing:
    return Agreeing(
        {
            family: other.tags[family].intersection(tags)
            for family, tags in finding.items()
            if families & bit[family]
        }
    )


def _named(families: int, names: Sequence[str]) -> Families:
    return frozenset(name for number, name in enumerate(names) if families >> number & 1)


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

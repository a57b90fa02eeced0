# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a set of observations is like: how full each field is, how often two records of one person agree, and what exact comparison of single identifiers would find.

`exact` is the bar that any matcher must clear: telephone in E.164 as far as digits tell, document number without separators, BSN, V-number, and name with date of birth in
lower case; two records are paired when one of these is equal. It judges the set, not a matcher, and uses no code of the register.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from tests.bench.observations.records import Observation

FIELDS = tuple(one.name for one in fields(Observation))[5:]
"""The columns that say something about a person."""


def filled(records: Sequence[Observation]) -> dict[str, float]:
    """Share of the records in which each field is filled."""
    return {name: sum(bool(getattr(one, name)) for one in records) / len(records) for name in FIELDS}


def agreeing(records: Sequence[Observation]) -> dict[str, float]:
    """Share of the true pairs that agree on a field to the letter."""
    pairs = list(true_pairs(records))
    return {
        name: sum(bool(getattr(a, name)) and getattr(a, name) == getattr(b, name) for a, b in pairs)
        / len(pairs)
        for name in FIELDS
    }


def true_pairs(records: Iterable[Observation]) -> Iterator[tuple[Observation, Observation]]:
    """Every two records of one person."""
    persons: dict[str, list[Observation]] = defaultdict(list)
    for one in records:
        persons[one.person_id].append(one)
    for found in persons.values():
        yield from combinations(found, 2)


def _phone(one: Observation) -> str:
    return re.sub(r"[^0-9]", "", one.phone)[-8:]


def _document(one: Observation) -> str:
    return re.sub(r"[^A-Z0-9]", "", one.doc_number.upper())


def _name_dob(one: Observation) -> str:
    return f"{one.given_names}|{one.surname}|{one.dob}".lower() if one.surname and one.dob else ""


IDENTIFIERS: Mapping[str, Callable[[Observation], str]] = {
    "phone": _phone,
    "doc_number": _document,
    "name + dob": _name_dob,
    "bsn": lambda one: one.bsn,
    "v_number": lambda one: one.v_number,
}


@dataclass(frozen=True)
class Found:
    """What comparing found: pairs, how many of them are true, and how many there are."""

    pairs: int
    right: int
    true: int

    @property
    def recall(self) -> float:
        """Share of the true pairs that was found."""
        return self.right / self.true

    @property
    def precision(self) -> float:
        """Share of what was found that is true."""
        return self.right / self.pairs if self.pairs else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / (self.pairs + self.true)


def exact(records: Sequence[Observation]) -> dict[str, Found]:
    """What each identifier finds by itself, and all of them together under "any"."""
    truth = {one.obs_id: one.person_id for one in records}
    true = sum(1 for _ in true_pairs(records))
    found = {name: _equal(records, key) for name, key in IDENTIFIERS.items()}
    found["any"] = set().union(*found.values())
    return {
        name: Found(len(pairs), sum(truth[a] == truth[b] for a, b in pairs), true)
        for name, pairs in found.items()
    }


def _equal(records: Iterable[Observation], key: Callable[[Observation], str]) -> set[tuple[str, str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in records:
        if value := key(one):
            groups[value].append(one.obs_id)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def described(records: Sequence[Observation]) -> Iterator[str]:
    """The description in lines of text."""
    full, same = filled(records), agreeing(records)
    yield f"records {len(records)}, persons {len({one.person_id for one in records})}, true pairs {sum(1 for _ in true_pairs(records))}"
    yield f"{'field':<14}{'filled':>8}{'true pairs equal':>18}"
    yield from (f"{name:<14}{full[name]:>8.1%}{same[name]:>18.1%}" for name in FIELDS)
    yield f"{'exact on':<14}{'recall':>8}{'precision':>11}{'F1':>7}"
    yield from (
        f"{name:<14}{one.recall:>8.1%}{one.precision:>11.1%}{one.f1:>7.3f}"
        for name, one in exact(records).items()
    )

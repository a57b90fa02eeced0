# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Our own method: the node's match keys, compared for equality only, and weighed as the register does.

Rows are read by the node's own code (`tests.bench.matching.reading`), and `pseudonymisation.matchkeys` makes the keys. In place of stretching and the VOPRF stands one
HMAC over family and value: it gives the same equalities (`tests/bench/test_stand_in.py`), and equalities are all that the register has. Postings, weights, frequencies and
thresholds are the register's (`register.bulk`, `register.scoring`, `register/data/weights.json`).
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from pseudonymisation.matchkeys import MatchKey, match_keys
from pseudonymisation.normalise import Normalised
from pseudonymisation.pseudonym import length_prefixed
from register.bulk import Tokens, Weighed, counted, linked, pattern_counts, shares, stepped, weighed_pairs
from register.matching import Weighing
from register.scoring import Weights, estimate, weights_from
from tests.bench.matching.measures import Pair
from tests.bench.matching.reading import Observations

_KEY: Final = hashlib.sha256(b"signaalregister bench").digest()
CONFIGURATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as shipped": {},
    "weights estimated here": {"estimate": True},
}
DIRECTLY: Final[Mapping[str, Mapping[str, Any]]] = {"as shipped": {"steps": False}}
"""What agrees directly, without the step of a track: as every peer."""


def tag_of(key: MatchKey) -> bytes:
    """What stands for the tag that the register would have of this key."""
    return hmac.digest(_KEY, length_prefixed(key.family.encode(), key.value), hashlib.sha256)


def tokens_of(attributes: Iterable[Normalised]) -> tuple[Tokens, int]:
    """What the register would hold of one row, and how many points are sent for it, fillers included."""
    keys = match_keys(attributes)
    tags: dict[str, set[bytes]] = {family: set() for family in keys.fillers}
    for key in keys.keys:
        tags.setdefault(key.family, set()).add(tag_of(key))
    return Tokens({family: frozenset(found) for family, found in tags.items()}), keys.points


def shipped_weights() -> Weights:
    """The weights that the register starts with."""
    return weights_from(files("register").joinpath("data/weights.json").read_text("utf-8"))


def estimated(subjects: list[Tokens], begin: Weights) -> Weights:
    """Weights found on these subjects themselves, without labels; m and u start from the shipped ones."""
    found = estimate(pattern_counts(subjects), matches=1.5 * len(subjects), prior=begin.matching)
    return Weights(
        found.bits,
        found.matching,
        shares(subjects),
        begin.known,
        begin.possible,
        begin.firm,
        "this very data",
    )


@dataclass(frozen=True)
class Found:
    """What our method says of a file.

    Attributes:
        pairs: the evidence about each pair, directly or as far as a track goes.
        asked: what agrees directly, which is all that a question finds.
        shown: the pairs that people would see: behind condition C3, and possible by the evidence.
        sent: points per record, fillers included.
        threshold: from which two are called one person.
    """

    pairs: Iterable[Pair]
    asked: Iterable[Pair]
    shown: list[tuple[int, int]]
    sent: float
    threshold: float


def scored_among(observations: Observations, configuration: Mapping[str, Any] | None = None) -> Found:
    """Scored pairs, tokens per record, and the threshold that ships."""
    rows = [tokens_of(row.attributes) for row in observations.rows]
    subjects = [tokens for tokens, _points in rows]
    told = configuration or {}
    snapshot, weights = counted(subjects), shipped_weights()
    if told.get("estimate"):
        weights = estimated(subjects, weights)
    weighing = Weighing(weights, snapshot)
    pairs = list(weighed_pairs(subjects, weights, snapshot))
    return Found(
        pairs=_directly(pairs) if told.get("steps") is False else _pairs(stepped(pairs, weighing)),
        asked=_directly(pairs),
        shown=list(linked(subjects, weighing)),
        sent=sum(points for _tokens, points in rows) / len(rows),
        threshold=snapshot.asked + weights.known,
    )


def _directly(pairs: Iterable[Weighed]) -> Iterable[Pair]:
    return ((pair.bits, pair.one, pair.other) for pair in pairs)


def _pairs(bits: Mapping[tuple[int, int], float]) -> Iterable[Pair]:
    return ((score, one, other) for (one, other), score in bits.items())

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
from importlib.resources import files
from typing import Any, Final

from pseudonymisation.matchkeys import MatchKey, match_keys
from pseudonymisation.normalise import Normalised
from pseudonymisation.pseudonym import length_prefixed
from register.bulk import Tokens, counted, pattern_counts, scored_pairs, shares
from register.scoring import Weights, estimate, weights_from
from tests.bench.matching.measures import Pair
from tests.bench.matching.reading import Observations

_KEY: Final = hashlib.sha256(b"signaalregister bench").digest()
CONFIGURATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as shipped": {},
    "weights estimated here": {"estimate": True},
}


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
        found.bits, found.matching, shares(subjects), begin.known, begin.possible, "this very data"
    )


def scored_among(
    observations: Observations, configuration: Mapping[str, Any] | None = None
) -> tuple[Iterable[Pair], float, float]:
    """Scored pairs, tokens per record, and the threshold that ships."""
    rows = [tokens_of(row.attributes) for row in observations.rows]
    subjects = [tokens for tokens, _points in rows]
    sent = sum(points for _tokens, points in rows) / len(rows)
    snapshot, weights = counted(subjects), shipped_weights()
    if (configuration or {}).get("estimate"):
        weights = estimated(subjects, weights)
    return scored_pairs(subjects, weights, snapshot), sent, snapshot.asked + weights.known

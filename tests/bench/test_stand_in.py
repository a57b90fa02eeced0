# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the HMAC with which the bench stands in for stretching and the VOPRF: what is equal in one is equal in the other, and nothing else."""

import random
from collections import Counter
from itertools import combinations

from pseudonymisation.matchkeys import MatchKey, match_keys
from pseudonymisation.oprf import Mode, blind, evaluate
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.pseudonym import Pseudonym
from pseudonymisation.stretch import UNSAFE_CHEAP_FOR_TESTS_AND_BENCH, stretch
from pseudonymisation.threshold import Evaluation, Origin, PublicKeyset, combine, split
from tests.bench.matching import datasets, ours

SOURCE = random.Random(41).randbytes
SHARING = split(SecretScalar.random(SOURCE), 2, 3, SOURCE)
KEYSET = PublicKeyset("test-bench", "oefening", 1, 2, 3, Origin.DEALT, SHARING.commitments)
QUORUMS = list(combinations((1, 2, 3), 2))
RECORDS = 200


def pseudonym(key: MatchKey, quorum: tuple[int, int]) -> Pseudonym:
    """The real thing, with a fresh blind and two holders; only the Argon2 is cheap, and proofs are left out."""
    stretched = stretch(KEYSET.name, key, unsafe_cost=UNSAFE_CHEAP_FOR_TESTS_AND_BENCH)
    blinding = SecretScalar.random(SOURCE)
    asked = blind(Mode.VOPRF, stretched, blinding)
    answers = [Evaluation(one, 1, (evaluate(SHARING.shares[one], asked),)) for one in quorum]
    (combined,) = combine(KEYSET, answers)
    return Pseudonym(key.family, blinding.inverse().times(combined).encode())


def test_the_stand_in_and_the_real_pseudonyms_agree_on_the_same_200_records_in_the_same_places() -> None:
    rows = datasets.made(1, 90).rows[:RECORDS]
    pairs: Counter[tuple[tuple[str, bytes], Pseudonym]] = Counter()
    for number, row in enumerate(rows):
        keys = match_keys(row.attributes).keys
        tokens = [(key.family, ours.tag_of(key)) for key in keys]
        quorum = QUORUMS[number % len(QUORUMS)]
        pairs.update(zip(tokens, (pseudonym(key, quorum) for key in keys), strict=True))
    assert len(rows) == RECORDS
    assert len({token for token, _real in pairs}) == len({real for _token, real in pairs}) == len(pairs)
    assert all(token[0] == real.family for token, real in pairs)
    assert sum(times > 1 for times in pairs.values()) > 100, "without equalities this shows nothing"

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about several holders: every quorum gives the same, and what does not belong together is not combined."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation.p256 import GENERATOR, ORDER, SecretScalar, add, negate
from pseudonymisation.threshold import (
    Evaluation,
    Origin,
    PublicKeyset,
    Sharing,
    ThresholdError,
    check_share,
    combine,
    committed_key,
    lagrange_at_zero,
    split,
)

SHAPES = [(2, 2), (2, 3), (3, 3), (3, 5), (5, 7)]
POINTS = tuple(SecretScalar(n).public_point() for n in (3, 5, ORDER - 2))


def shared(threshold: int, holders: int) -> tuple[SecretScalar, Sharing, PublicKeyset]:
    source = random.Random(threshold * 100 + holders).randbytes
    secret = SecretScalar.random(source)
    sharing = split(secret, threshold, holders, source)
    keyset = PublicKeyset("oefening", "oefening", 1, threshold, holders, Origin.DEALT, sharing.commitments)
    return secret, sharing, keyset


SECRET, SHARING, KEYSET = shared(2, 3)


def answer(holder: int, *, epoch: int = 1, sharing: Sharing = SHARING) -> Evaluation:
    return Evaluation(holder, epoch, tuple(sharing.shares[holder].times(point) for point in POINTS))


@pytest.mark.parametrize(("threshold", "holders"), SHAPES)
def test_every_quorum_gives_what_the_whole_key_would(threshold: int, holders: int) -> None:
    secret, sharing, keyset = shared(threshold, holders)
    expected = tuple(secret.times(point) for point in POINTS)
    for size in range(threshold, holders + 1):
        for quorum in combinations(range(1, holders + 1), size):
            assert combine(keyset, [answer(i, sharing=sharing) for i in quorum]) == expected
            assert combine(keyset, [answer(i, sharing=sharing) for i in reversed(quorum)]) == expected


@pytest.mark.parametrize(("threshold", "holders"), SHAPES)
def test_one_holder_under_the_threshold_gives_nothing(threshold: int, holders: int) -> None:
    _secret, sharing, keyset = shared(threshold, holders)
    for quorum in combinations(range(1, holders + 1), threshold - 1):
        with pytest.raises(ThresholdError):
            combine(keyset, [answer(i, sharing=sharing) for i in quorum])


def test_quorum_1_2_has_coefficient_minus_one() -> None:
    assert lagrange_at_zero([1, 2]) == {1: 2, 2: ORDER - 1}


@given(st.lists(st.integers(1, 16), min_size=2, max_size=8, unique=True), st.integers(0, ORDER - 1))
def test_lagrange_coefficients_find_any_constant(quorum: list[int], constant: int) -> None:
    source = random.Random(constant)
    coefficients = [constant, *(source.randrange(ORDER) for _unused in quorum[1:])]
    values = {i: sum(c * i**power for power, c in enumerate(coefficients)) for i in quorum}
    weights = lagrange_at_zero(quorum)
    assert sum(weights[i] * values[i] for i in quorum) % ORDER == constant


@pytest.mark.parametrize("quorum", [[1, 1], [0, 1], [-1, 2], [2, 3, 2]])
def test_an_index_twice_or_below_one_is_refused(quorum: list[int]) -> None:
    with pytest.raises(ThresholdError):
        lagrange_at_zero(quorum)


@pytest.mark.parametrize(("threshold", "holders"), SHAPES)
def test_every_share_fits_its_commitments_and_no_other_holder_s(threshold: int, holders: int) -> None:
    secret, sharing, keyset = shared(threshold, holders)
    assert keyset.key == secret.public_point()
    for holder, share in sharing.shares.items():
        check_share(share, holder, keyset)
        other = holder % holders + 1
        with pytest.raises(ThresholdError):
            check_share(share, other, keyset)
    with pytest.raises(ThresholdError):
        check_share(sharing.shares[1], holders + 1, keyset)


@pytest.mark.parametrize(("threshold", "holders"), [(0, 3), (1, 3), (4, 3), (2, 17), (2, 1)])
def test_a_threshold_that_protects_nothing_or_cannot_be_met_is_refused(threshold: int, holders: int) -> None:
    with pytest.raises(ThresholdError):
        split(SECRET, threshold, holders, random.Random(1).randbytes)
    with pytest.raises(ThresholdError):
        PublicKeyset(
            "oefening", "oefening", 1, threshold, holders, Origin.DEALT, (GENERATOR,) * max(1, threshold)
        )


def test_a_keyset_needs_as_many_commitments_as_its_threshold_and_an_epoch_from_1() -> None:
    for wrong in ({"commitments": KEYSET.commitments[:1]}, {"threshold": 3}, {"epoch": 0}):
        with pytest.raises(ThresholdError):
            replace(KEYSET, **wrong)


def test_commitments_that_cancel_out_are_refused() -> None:
    with pytest.raises(ThresholdError):
        committed_key([GENERATOR, negate(GENERATOR)], 1)


REFUSED = {
    "nobody": [],
    "too_few": [answer(1)],
    "same_holder_twice": [answer(1), answer(1)],
    "unknown_holder": [answer(1), replace(answer(2), holder=4)],
    "holder_zero": [answer(1), replace(answer(2), holder=0)],
    "mixed_epochs": [answer(1), answer(2, epoch=2)],
    "all_of_another_epoch": [answer(1, epoch=2), answer(2, epoch=2)],
    "truncated_batch": [answer(1), replace(answer(2), points=answer(2).points[:-1])],
}


@pytest.mark.parametrize("name", REFUSED)
def test_answers_that_do_not_belong_together_are_not_combined(name: str) -> None:
    with pytest.raises(ThresholdError):
        combine(KEYSET, REFUSED[name])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nobody", "2 sleutelhouders nodig"),
        ("too_few", "2 sleutelhouders nodig en er antwoordden er 1"),
        ("same_holder_twice", "maar één keer"),
        ("unknown_holder", "Houder 4"),
        ("mixed_epochs", "niet allemaal van epoch 1"),
        ("truncated_batch", "niet evenveel punten"),
    ],
)
def test_what_is_not_combined_is_told_by_the_first_check_it_fails(name: str, reason: str) -> None:
    with pytest.raises(ThresholdError, match=reason):
        combine(KEYSET, REFUSED[name])


def test_keys_that_do_not_add_up_to_the_pinned_key_are_refused() -> None:
    forged = replace(KEYSET)
    object.__setattr__(forged, "holders", {**KEYSET.holders, 2: GENERATOR})
    with pytest.raises(ThresholdError, match="afgesproken sleutel"):
        combine(forged, [answer(1), answer(2)])
    assert combine(forged, [answer(1), answer(3)])


def test_answers_that_cancel_out_are_refused() -> None:
    double = add(GENERATOR, GENERATOR)
    assert double is not None
    with pytest.raises(ThresholdError, match="heffen elkaar op"):
        combine(KEYSET, [Evaluation(1, 1, (GENERATOR,)), Evaluation(2, 1, (double,))])


def test_the_fingerprint_changes_with_every_public_value() -> None:
    changed = [
        replace(KEYSET, name="signaal"),
        replace(KEYSET, profile="proef"),
        replace(KEYSET, epoch=2),
        replace(KEYSET, size=4),
        replace(KEYSET, origin=Origin.CEREMONY),
        replace(KEYSET, commitments=KEYSET.commitments[::-1]),
    ]
    assert len({KEYSET.fingerprint, *(keyset.fingerprint for keyset in changed)}) == 7
    assert replace(KEYSET).fingerprint == KEYSET.fingerprint


def test_what_is_secret_does_not_print() -> None:
    told = repr(SHARING) + repr(KEYSET) + repr(answer(1))
    assert str(SHARING.shares[1].reveal()) not in told
    assert "commitments" not in told

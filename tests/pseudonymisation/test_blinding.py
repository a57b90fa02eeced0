# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about what a node sends and makes of the answers; each way in which a holder can be wrong has a name."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from process.secret import Secret
from pseudonymisation.blinding import (
    BATCH_SIZES,
    BatchError,
    BlindedBatch,
    HolderAnswer,
    HolderFault,
    blind_batch,
    unblind_batch,
)
from pseudonymisation.oprf import HedgedNonce, Mode, evaluate, prove
from pseudonymisation.p256 import GENERATOR, Point, SecretScalar
from pseudonymisation.threshold import Origin, PublicKeyset, ThresholdError, split

SOURCE = random.Random(40).randbytes
KEY = SecretScalar.random(SOURCE)
SHARING = split(KEY, 2, 3, SOURCE)
KEYSET = PublicKeyset("oefening", "oefening", 1, 2, 3, Origin.DEALT, SHARING.commitments)
NONCE = HedgedNonce(Secret(SOURCE(32)), SOURCE)
INPUTS = [b"one", b"two", b"three"]


def answer(batch: BlindedBatch, holder: int, *, secret: SecretScalar | None = None) -> HolderAnswer:
    """What an honest holder answers; with another secret, one that holds the wrong key but proves well."""
    share = secret or SHARING.shares[holder]
    asked = [Point.decode(point) for point in batch.points]
    evaluated = [evaluate(share, point) for point in asked]
    proof = prove(share, asked, evaluated, nonce=NONCE)
    return HolderAnswer("oefening", 1, tuple(point.encode() for point in evaluated), proof.to_bytes())


def expected(inputs: list[bytes]) -> list[bytes]:
    """k·H(x), as one holder of the whole key would have made it without blinding."""
    return [KEY.times(Mode.VOPRF.hash_to_group(value)).encode() for value in inputs]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.binary(min_size=1, max_size=64), min_size=1, max_size=10),
    st.sampled_from(list(combinations((1, 2, 3), 2))),
    st.integers(0, 2**64),
)
def test_any_two_holders_and_any_blinding_give_the_same_pseudonyms(
    inputs: list[bytes], quorum: tuple[int, int], seed: int
) -> None:
    batch = blind_batch(inputs, randomness=random.Random(seed).randbytes)
    answers = {holder: answer(batch, holder) for holder in quorum}
    assert unblind_batch(batch, answers, KEYSET) == expected(inputs)


def test_three_answers_give_what_two_give() -> None:
    batch = blind_batch(INPUTS, randomness=SOURCE)
    answers = {holder: answer(batch, holder) for holder in (3, 1, 2)}
    assert unblind_batch(batch, answers, KEYSET) == expected(INPUTS)


@pytest.mark.parametrize(
    ("inputs", "points"), [(1, 8), (8, 8), (9, 16), (16, 16), (17, 32), (32, 32), (33, 40), (40, 40)]
)
def test_a_batch_is_padded_to_8_16_32_or_40_points(inputs: int, points: int) -> None:
    batch = blind_batch([bytes([n]) for n in range(inputs)], randomness=SOURCE)
    assert len(batch.points) == points
    assert len(set(batch.points)) == points
    assert points in BATCH_SIZES
    assert all(len(point) == 33 and Point.decode(point) for point in batch.points)


@pytest.mark.parametrize("count", [0, 41])
def test_no_input_and_more_than_forty_are_refused(count: int) -> None:
    with pytest.raises(BatchError):
        blind_batch([b"x"] * count, randomness=SOURCE)


def test_real_points_stand_anywhere_in_the_batch() -> None:
    places = {blind_batch([b"x"], randomness=SOURCE).unblinding[0][0] for _unused in range(200)}
    assert places == set(range(8))


def test_the_same_input_twice_is_two_different_points_and_one_pseudonym() -> None:
    batch = blind_batch([b"same", b"same"], randomness=SOURCE)
    assert len(set(batch.points)) == 8
    one, other = unblind_batch(batch, {1: answer(batch, 1), 3: answer(batch, 3)}, KEYSET)
    assert one == other


def test_two_batches_of_one_input_share_no_point() -> None:
    one, other = (blind_batch(INPUTS, randomness=SOURCE) for _unused in range(2))
    assert not set(one.points) & set(other.points)


def test_a_batch_does_not_print_its_blinds() -> None:
    assert repr(blind_batch(INPUTS, randomness=SOURCE)) == "BlindedBatch(8 points)"


BATCH = blind_batch(INPUTS, randomness=SOURCE)
GOOD = {holder: answer(BATCH, holder) for holder in (1, 2, 3)}
UNCOMPRESSED = b"\x04" + GENERATOR.x.to_bytes(32, "big") + GENERATOR.y.to_bytes(32, "big")


def first_point(point: bytes) -> Callable[[HolderAnswer], HolderAnswer]:
    return lambda good: replace(good, points=(point, *good.points[1:]))


FAULTS: dict[str, Callable[[HolderAnswer], HolderAnswer]] = {
    "wrong_key_with_a_proof_for_it": lambda _good: answer(BATCH, 2, secret=SecretScalar(12345)),
    "share_of_another_holder": lambda _good: GOOD[1],
    "bad_proof": lambda good: replace(good, proof=GOOD[1].proof),
    "empty_proof": lambda good: replace(good, proof=b""),
    "zero_proof": lambda good: replace(good, proof=bytes(64)),
    "identity": first_point(b"\x00"),
    "identity_in_33_bytes": first_point(bytes(33)),
    "uncompressed_point": first_point(UNCOMPRESSED),
    "off_curve_point": first_point(b"\x02" + (7).to_bytes(32, "big")),
    "blinded_point_returned": first_point(BATCH.points[0]),
    "points_in_another_order": lambda good: replace(good, points=good.points[::-1]),
    "truncated_batch": lambda good: replace(good, points=good.points[:-1]),
    "truncated_batch_with_a_proof_for_it": lambda _good: answer(replace(BATCH, points=BATCH.points[:-1]), 2),
    "empty_batch": lambda good: replace(good, points=()),
    "longer_batch": lambda good: replace(good, points=(*good.points, good.points[0])),
    "other_epoch": lambda good: replace(good, epoch=2),
    "other_keyset": lambda good: replace(good, keyset="signaal"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("others", [(1,), (3,), (1, 3)])
def test_a_holder_that_is_wrong_is_named(name: str, others: tuple[int, ...]) -> None:
    answers = {2: FAULTS[name](GOOD[2]), **{holder: GOOD[holder] for holder in others}}
    with pytest.raises(HolderFault) as fault:
        unblind_batch(BATCH, answers, KEYSET)
    assert fault.value.index == 2
    assert fault.value.reason
    assert str(fault.value).startswith("Sleutelhouder 2: ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("truncated_batch", "niet evenveel punten"),
        ("longer_batch", "niet evenveel punten"),
        ("other_epoch", "andere epoch"),
        ("uncompressed_point", "33 bytes"),
        ("off_curve_point", "niet op de kromme"),
        ("empty_proof", "goede vorm"),
        ("bad_proof", "bewijs klopt niet"),
        ("wrong_key_with_a_proof_for_it", "bewijs klopt niet"),
    ],
)
def test_a_fault_is_told_by_the_first_check_it_fails(name: str, reason: str) -> None:
    with pytest.raises(HolderFault, match=reason):
        unblind_batch(BATCH, {1: GOOD[1], 2: FAULTS[name](GOOD[2])}, KEYSET)


def test_the_third_holder_can_take_the_place_of_a_wrong_one() -> None:
    assert unblind_batch(BATCH, {1: GOOD[1], 3: GOOD[3]}, KEYSET) == expected(INPUTS)


def test_a_holder_outside_the_keyset_is_named() -> None:
    with pytest.raises(HolderFault) as fault:
        unblind_batch(BATCH, {1: GOOD[1], 4: GOOD[2]}, KEYSET)
    assert fault.value.index == 4


@pytest.mark.parametrize("holders", [(), (1,), (2,), (3,)])
def test_one_holder_is_never_enough(holders: tuple[int, ...]) -> None:
    with pytest.raises(ThresholdError):
        unblind_batch(BATCH, {holder: GOOD[holder] for holder in holders}, KEYSET)


def test_answers_of_two_epochs_are_refused_also_when_each_is_consistent() -> None:
    fresh = split(KEY, 2, 3, SOURCE)
    next_epoch = replace(KEYSET, epoch=2, commitments=fresh.commitments)
    assert next_epoch.key == KEYSET.key
    new = replace(answer(BATCH, 2, secret=fresh.shares[2]), epoch=2)
    for keyset, guilty in ((KEYSET, 2), (next_epoch, 1)):
        with pytest.raises(HolderFault) as fault:
            unblind_batch(BATCH, {1: GOOD[1], 2: new}, keyset)
        assert fault.value.index == guilty

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the group: RFC 9380 to the byte, strict encodings, and multiplication at its edges."""

import json
import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pseudonymisation.p256 import (
    FIELD,
    GENERATOR,
    ORDER,
    InvalidPoint,
    Point,
    PublicScalar,
    SecretScalar,
    add,
    expand_message_xmd,
    hash_to_curve,
    hash_to_field,
    map_to_curve,
    negate,
    total,
    weighted_sum,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "rfc9380-p256.json"
secrets_ = st.integers(1, ORDER - 2)
NEAR_THE_EDGES = [1, 2, 3, (ORDER - 1) // 2, (ORDER + 1) // 2, ORDER - 3, ORDER - 2]


def multiple_of_generator(k: int) -> Point:
    """kG as OpenSSL's own base multiplication gives it: another code path than ECDH and y-recovery."""
    return SecretScalar(k).public_point()


def coordinates(point: dict[str, str]) -> Point:
    assert set(point) == {"x", "y"}
    return Point(int(point["x"], 16), int(point["y"], 16))


def test_rfc_9380_vectors_hold_byte_for_byte() -> None:
    document = json.loads(VECTORS.read_text())
    assert set(document) == {"source", "dst", "vectors"}
    assert len(document["vectors"]) == 5
    for vector in document["vectors"]:
        assert set(vector) == {"msg", "u", "Q0", "Q1", "P"}
        message, dst = vector["msg"].encode(), document["dst"].encode()
        u = hash_to_field(message, dst, 2)
        assert u == tuple(int(value, 16) for value in vector["u"])
        assert map_to_curve(u[0]) == coordinates(vector["Q0"])
        assert map_to_curve(u[1]) == coordinates(vector["Q1"])
        assert hash_to_curve(message, dst) == coordinates(vector["P"])


def test_expand_message_holds_for_rfc_9380_appendix_k_1() -> None:
    uniform = expand_message_xmd(b"", b"QUUX-V01-CS02-with-expander-SHA256-128", 0x20)
    assert uniform.hex() == "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235"


@pytest.mark.parametrize(
    ("dst", "length"), [(b"", 32), (bytes(256), 32), (b"dst", 0), (b"dst", 255 * 32 + 1)]
)
def test_expand_message_refuses_what_the_rfc_does_not_define(dst: bytes, length: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        expand_message_xmd(b"", dst, length)


@pytest.mark.parametrize("u", [0, 1, FIELD - 1])
def test_the_map_lands_on_the_curve_also_in_its_exceptional_case(u: int) -> None:
    point = map_to_curve(u)
    assert Point.decode(point.encode()) == point


@given(secrets_)
def test_an_encoded_point_is_read_back(k: int) -> None:
    point = multiple_of_generator(k)
    assert Point.decode(point.encode()) == point
    assert len(point.encode()) == 33


def _uncompressed(point: Point, prefix: int = 4) -> bytes:
    return bytes([prefix]) + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")


BAD_POINTS = {
    "empty": b"",
    "identity": b"\x00",
    "identity_in_33_bytes": bytes(33),
    "uncompressed": _uncompressed(GENERATOR),
    "uncompressed_cut_to_33_bytes": _uncompressed(GENERATOR)[:33],
    "hybrid": _uncompressed(GENERATOR, 7),
    "one_byte_short": GENERATOR.encode()[:-1],
    "one_byte_long": GENERATOR.encode() + b"\x00",
    "off_curve": b"\x02" + (5 + 2).to_bytes(32, "big"),
    "x_not_reduced": b"\x02" + (FIELD + 5).to_bytes(32, "big"),
    "x_all_ones": b"\x03" + b"\xff" * 32,
    "prefix_of_a_secret_key": b"\x01" + GENERATOR.encode()[1:],
}


@pytest.mark.parametrize("name", BAD_POINTS)
def test_bytes_that_are_no_point_are_refused(name: str) -> None:
    with pytest.raises(InvalidPoint) as refused:
        Point.decode(BAD_POINTS[name])
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("identity", "33 bytes"),
        ("uncompressed", "33 bytes"),
        ("identity_in_33_bytes", "02 of 03"),
        ("uncompressed_cut_to_33_bytes", "02 of 03"),
        ("x_not_reduced", "te groot"),
        ("off_curve", "niet op de kromme"),
    ],
)
def test_a_refused_point_is_told_by_the_first_rule_it_breaks(name: str, reason: str) -> None:
    with pytest.raises(InvalidPoint, match=reason):
        Point.decode(BAD_POINTS[name])


def test_the_x_of_the_bad_points_is_only_bad_for_the_reason_named() -> None:
    # 5 is the x of a point, so FIELD + 5 is refused for not being reduced; 7 is not.
    assert Point.decode(b"\x02" + (5).to_bytes(32, "big")).x == 5


@given(secrets_, secrets_)
def test_secret_multiplication_agrees_with_openssl_s_base_multiplication(k: int, a: int) -> None:
    expected = PublicScalar(k * a).public_point()
    assert SecretScalar(k).times(multiple_of_generator(a)) == expected


@pytest.mark.parametrize("k", NEAR_THE_EDGES)
def test_secret_multiplication_holds_at_the_edges(k: int) -> None:
    for a in NEAR_THE_EDGES:
        assert SecretScalar(k).times(multiple_of_generator(a)) == PublicScalar(k * a).public_point()


def test_n_minus_2_times_a_point_is_minus_twice_that_point() -> None:
    double = add(GENERATOR, GENERATOR)
    assert double is not None
    assert SecretScalar(ORDER - 2).times(GENERATOR) == negate(double)


@pytest.mark.parametrize("value", [-1, 0, ORDER - 1, ORDER, ORDER + 1])
def test_a_secret_outside_1_to_n_minus_2_is_refused_without_being_told(value: int) -> None:
    with pytest.raises(ValueError, match=r"^a secret scalar lies in \[1, n-2\]$"):
        SecretScalar(value)


def test_secret_bytes_are_32_and_no_other_length() -> None:
    assert SecretScalar.from_bytes((7).to_bytes(32, "big")).reveal() == 7
    for length in (31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            SecretScalar.from_bytes(bytes(length - 1) + b"\x07")


@pytest.mark.parametrize(
    ("value", "expected"), [(0, None), (ORDER, None), (1, GENERATOR), (ORDER + 1, GENERATOR)]
)
def test_public_0_and_1_are_special_cases(value: int, expected: Point | None) -> None:
    assert PublicScalar(value).times(GENERATOR) == expected
    assert PublicScalar(value).public_point() == expected


@pytest.mark.parametrize("value", [-1, ORDER - 1])
def test_public_minus_1_negates(value: int) -> None:
    assert PublicScalar(value).times(GENERATOR) == negate(GENERATOR)
    assert PublicScalar(value).public_point() == negate(GENERATOR)
    assert add(GENERATOR, PublicScalar(value).times(GENERATOR)) is None


@pytest.mark.parametrize("value", [2, -2, ORDER - 2, ORDER + 2])
def test_public_2_and_minus_2_need_no_special_case(value: int) -> None:
    double = total([GENERATOR, GENERATOR])
    assert double is not None
    expected = double if value % ORDER == 2 else negate(double)
    assert PublicScalar(value).times(GENERATOR) == expected


@given(secrets_, secrets_)
def test_addition_agrees_with_openssl(a: int, b: int) -> None:
    assert add(multiple_of_generator(a), multiple_of_generator(b)) == PublicScalar(a + b).public_point()


@given(st.lists(st.integers(-3, 3), max_size=9))
def test_a_sum_survives_doublings_and_terms_that_cancel(multiples: list[int]) -> None:
    points = [PublicScalar(k).public_point() for k in multiples]
    assert total(points) == PublicScalar(sum(multiples)).public_point()


def test_the_sum_of_nothing_is_the_identity_and_adds_nothing() -> None:
    assert total([]) is None
    assert add(None, None) is None
    assert add(None, GENERATOR) == add(GENERATOR, None) == GENERATOR


@given(secrets_)
def test_an_inverse_undoes_its_scalar(k: int) -> None:
    secret = SecretScalar(k)
    assert secret.inverse().times(secret.times(GENERATOR)) == GENERATOR


def test_coordinates_off_the_curve_are_refused_before_they_meet_a_secret() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - OpenSSL's own words
        SecretScalar(5).times(Point(1, 1))


def test_a_secret_does_not_print_pickle_or_hash() -> None:
    secret = SecretScalar(0xC0FFEE)
    assert repr(secret) == str(secret) == "SecretScalar(***)"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)
    assert secret == SecretScalar(0xC0FFEE)
    assert secret != SecretScalar(0xC0FFEF)
    assert secret != 0xC0FFEE


def test_a_point_does_not_print_because_it_may_be_a_pseudonym() -> None:
    assert repr(GENERATOR) == "Point(***)"


def test_a_broken_random_source_still_gives_a_scalar_in_range() -> None:
    for filler in (b"\x00", b"\xff"):
        assert 1 <= SecretScalar.random(lambda count, filler=filler: filler * count).reveal() <= ORDER - 2  # type: ignore[misc]


def test_random_secrets_differ() -> None:
    source = random.Random(1).randbytes
    assert len({SecretScalar.random(source).to_bytes() for _unused in range(20)}) == 20


@given(st.lists(st.integers(1, ORDER - 2), max_size=4), st.integers(1, ORDER - 2))
@settings(max_examples=20, deadline=None)
def test_many_multiples_at_once_are_those_of_one_by_one(logarithms: list[int], secret: int) -> None:
    points = [SecretScalar(one).public_point() for one in logarithms]
    k = SecretScalar(secret)
    expected = [k.times(point) for point in points]
    assert k.times_each(points) == expected
    assert k.times_all([point.encode() for point in points]) == [point.encode() for point in expected]
    weights = [PublicScalar(one) for one in (0, 1, ORDER - 1, secret)[: len(points)]]
    weighted = [weight.times(point) for weight, point in zip(weights, points, strict=True)]
    assert weights == [] or weights[-1].times_each(points) == [weights[-1].times(point) for point in points]
    assert weighted_sum(weights, points) == total(weighted)


@pytest.mark.parametrize("bad", [b"", bytes(33), b"\x02" * 32, b"\x04" + bytes(64), b"\x02" + b"\xff" * 32])
def test_bytes_that_are_no_point_are_not_multiplied(bad: bytes) -> None:
    with pytest.raises(InvalidPoint):
        SecretScalar(7).times_all([bad])

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Our own check of Ed25519 against RFC 8032, against OpenSSL, and against encodings that somebody could make on purpose."""

import json
from hashlib import sha512
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import ed25519
from audit.ed25519 import L, P, is_weak, verifies
from audit.note import NoteError, Verifier
from audit.openssl import OpensslVerifier

RFC = json.loads((Path(__file__).parents[1] / "vectors" / "rfc8032-ed25519.json").read_text())["vectors"]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def openssl_verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def encoded(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def scalar_of(key: Ed25519PrivateKey) -> int:
    """The secret number of a key (RFC 8032 section 5.1.5)."""
    half = bytearray(sha512(key.private_bytes_raw()).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    return int.from_bytes(half, "little")


def times(number: int, point: ed25519._Point) -> ed25519._Point:
    return ed25519._combined(number, point, 0, point)


def challenge(reached: bytes, public_key: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(reached + public_key + message).digest(), "little") % L


ORDER_8 = next(
    torsion
    for y in range(2, 50)
    if (point := ed25519._decoded(encoded(y))) is not None
    and not is_weak(ed25519._encoded(point))
    and ed25519._encoded(times(4, torsion := times(L, point))) == encoded(P - 1)
)
"""A point of order eight: any point, times the order of the base point."""

SMALL_ORDER = [ed25519._encoded(times(number, ORDER_8)) for number in range(8)]
OTHER_SPELLINGS = [
    encoded(1, 1),
    encoded(P - 1, 1),
    encoded(P),
    encoded(P, 1),
    encoded(P + 1),
    encoded(P + 1, 1),
]


@pytest.mark.parametrize("name", RFC)
def test_the_vectors_of_the_rfc_verify(name: str) -> None:
    public_key, message, signature = (bytes.fromhex(one) for one in RFC[name].values())
    assert verifies(public_key, message, signature)
    assert not verifies(public_key, message + b"\x00", signature)
    assert not is_weak(public_key)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_openssl_signs_verifies(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert verifies(key.public_key().public_bytes_raw(), message, key.sign(message))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 8 * (32 + 64 + 5) - 1))
def test_one_changed_bit_anywhere_is_judged_as_openssl_judges_it(bit: int) -> None:
    message = b"tekst"
    changed = bytearray(PUBLIC + KEY.sign(message) + message)
    changed[bit // 8] ^= 1 << bit % 8
    public_key, signature, text = bytes(changed[:32]), bytes(changed[32:96]), bytes(changed[96:])
    assert verifies(public_key, text, signature) is openssl_verifies(public_key, text, signature) is False


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SMALL_ORDER) | st.just(PUBLIC) | st.integers(0, P - 1).map(encoded),
    st.sampled_from([*SMALL_ORDER, *OTHER_SPELLINGS]),
    st.sampled_from([0, 1, L - 1, L, 8 * L % 2**256, 2**255, 2**256 - 1]),
    st.binary(max_size=2),
)
def test_made_up_points_and_numbers_are_judged_as_openssl_judges_them(
    public_key: bytes, reached: bytes, number: int, message: bytes
) -> None:
    signature = reached + number.to_bytes(32, "little")
    assert verifies(public_key, message, signature) is openssl_verifies(public_key, message, signature)


def signed_with_torsion(key_torsion: int, reached_torsion: int, message: bytes) -> tuple[bytes, bytes]:
    """A key and a signature that differ from true ones by points of small order, which their maker can add."""
    base, secret, nonce = ed25519._BASE, scalar_of(KEY), 12345
    public_key = ed25519._encoded(ed25519._added(times(secret, base), times(key_torsion, ORDER_8)))
    reached = ed25519._encoded(ed25519._added(times(nonce, base), times(reached_torsion, ORDER_8)))
    number = (nonce + challenge(reached, public_key, message) * secret) % L
    return public_key, reached + number.to_bytes(32, "little")


@pytest.mark.parametrize("key_torsion", [0, 1, 4])
@pytest.mark.parametrize("reached_torsion", [0, 1, 4])
def test_points_of_mixed_order_are_judged_without_the_cofactor_as_openssl_does(
    key_torsion: int, reached_torsion: int
) -> None:
    judged = set()
    for number in range(8):
        message = bytes([number])
        public_key, signature = signed_with_torsion(key_torsion, reached_torsion, message)
        verdict = verifies(public_key, message, signature)
        assert verdict is openssl_verifies(public_key, message, signature)
        judged.add(verdict)
    if key_torsion == 0:
        assert judged == {reached_torsion == 0}


SIGNATURE = KEY.sign(b"tekst")
S = int.from_bytes(SIGNATURE[32:], "little")
BAD_SIGNATURES = {
    "twin_with_the_order_added": SIGNATURE[:32] + (S + L).to_bytes(32, "little"),
    "number_is_the_order": SIGNATURE[:32] + L.to_bytes(32, "little"),
    "too_short": SIGNATURE[:-1],
    "too_long": SIGNATURE + b"\x00",
    "empty": b"",
    "point_not_on_the_curve": encoded(2) + SIGNATURE[32:],
    "point_spelled_otherwise": encoded(P + 1) + SIGNATURE[32:],
    "sign_of_the_point_turned": SIGNATURE[:31] + bytes([SIGNATURE[31] ^ 128]) + SIGNATURE[32:],
    "halves_swapped": SIGNATURE[32:] + SIGNATURE[:32],
}


@pytest.mark.parametrize("name", BAD_SIGNATURES)
def test_a_signature_of_another_form_does_not_verify(name: str) -> None:
    assert verifies(PUBLIC, b"tekst", SIGNATURE)
    assert not verifies(PUBLIC, b"tekst", BAD_SIGNATURES[name])


BAD_KEYS = {
    "too_short": PUBLIC[:-1],
    "too_long": PUBLIC + b"\x00",
    "not_on_the_curve": encoded(2),
    "beyond_the_prime": encoded(P + 3),
    **{f"small_order_{number}": one for number, one in enumerate(SMALL_ORDER)},
    **{f"spelled_otherwise_{number}": one for number, one in enumerate(OTHER_SPELLINGS)},
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_a_key_that_is_nobody_s_is_weak(name: str) -> None:
    assert is_weak(BAD_KEYS[name])
    assert not is_weak(PUBLIC)


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
def test_a_key_spelled_otherwise_verifies_nothing_where_openssl_would_read_it(spelling: bytes) -> None:
    neutral = encoded(1) + bytes(32)
    verdicts = [openssl_verifies(spelling, bytes([number]), neutral) for number in range(32)]
    assert any(verdicts)
    assert not any(verifies(spelling, bytes([number]), neutral) for number in range(32))


def test_the_neutral_key_lets_anyone_sign_so_a_vkey_of_it_is_refused() -> None:
    neutral = Verifier("log.example", encoded(1))
    assert neutral.verifies("wat dan ook\n", encoded(1) + bytes(32))
    with pytest.raises(NoteError, match="iedereen"):
        Verifier.from_vkey(neutral.vkey)


def test_openssl_and_our_own_check_are_interchangeable() -> None:
    for kind in (Verifier, OpensslVerifier):
        key = kind("log.example", PUBLIC)
        assert key.verifies("tekst", SIGNATURE)
        assert not key.verifies("text", SIGNATURE)

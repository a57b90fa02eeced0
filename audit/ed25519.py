# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Checking an Ed25519 signature (RFC 8032 section 5.1.7) with whole numbers alone: no library, so that anyone can run it.

Only checking stands here. All of it is public, so nothing needs to run in constant time; signing is OpenSSL's
(``audit.note.Signer``), and so is checking where there is much of it (``audit.openssl``). In the order of the RFC:

1. A signature is 64 bytes, R then S. S is a number below the order ``L`` of the base point, so that no signature has a twin.
2. A point is 32 bytes in its one spelling: y below the field's prime, and no minus sign on x = 0. R is never decoded: it is
   compared, byte for byte, with the point that is computed, so that another spelling of it cannot pass.
3. [S]B = R + [k]A, with k = SHA-512(R ‖ A ‖ message), without multiplying by the cofactor 8: what OpenSSL checks. Where the
   RFC allows either equation, two checkers that choose differently can be set against each other.

A public key of *small order* (one of eight points) has signatures that anyone can make. The equation lets them pass, as it
does in OpenSSL; ``is_weak`` names such keys, and who reads a key refuses them there (``audit.note.Verifier.from_vkey``). The
one difference from OpenSSL is rule 2, which OpenSSL does not apply to A; no one can make a key in which it shows and that
is not weak.
"""

from hashlib import sha512
from typing import NamedTuple

KEY_SIZE = 32
SIGNATURE_SIZE = 64

P = 2**255 - 19
"""The field's prime."""

L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""

_D = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
_SIGN = 1 << 255
_COFACTOR_DOUBLINGS = 3


class _Point(NamedTuple):
    """A point in extended coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, x * y = T/Z."""

    x: int
    y: int
    z: int
    t: int


def verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """True if ``signature`` (64 bytes) over ``message`` is that of ``public_key`` (32 bytes)."""
    if len(signature) != SIGNATURE_SIZE:
        return False
    point = _decoded(public_key)
    reached, scalar = signature[:KEY_SIZE], int.from_bytes(signature[KEY_SIZE:], "little")
    if point is None or scalar >= L:
        return False
    challenge = int.from_bytes(sha512(reached + public_key + message).digest(), "little") % L
    return _encoded(_combined(scalar, _BASE, challenge, _negative(point))) == reached


def is_weak(public_key: bytes) -> bool:
    """True if ``public_key`` cannot be anybody's: it is no point, or one of small order, with which anyone can sign."""
    point = _decoded(public_key)
    if point is None:
        return True
    for _time in range(_COFACTOR_DOUBLINGS):
        point = _doubled(point)
    return point.x % P == 0 and (point.y - point.z) % P == 0


def _decoded(data: bytes) -> _Point | None:
    """The point in its one spelling (RFC 8032 section 5.1.3), or None."""
    if len(data) != KEY_SIZE:
        return None
    number = int.from_bytes(data, "little")
    y, negative = number & (_SIGN - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and negative):
        return None
    if x & 1 != negative:
        x = P - x
    return _Point(x, y, 1, x * y % P)


def _encoded(point: _Point) -> bytes:
    inverse = pow(point.z, -1, P)
    x, y = point.x * inverse % P, point.y * inverse % P
    return (y | (x & 1) << 255).to_bytes(KEY_SIZE, "little")


def _negative(point: _Point) -> _Point:
    return _Point(P - point.x, point.y, point.z, P - point.t)


def _added(one: _Point, other: _Point) -> _Point:
    """RFC 8032 section 5.1.4; complete, so also right for equal, opposite and neutral points."""
    a = (one.y - one.x) * (other.y - other.x) % P
    b = (one.y + one.x) * (other.y + other.x) % P
    c = 2 * one.t * other.t * _D % P
    d = 2 * one.z * other.z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return _Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _doubled(point: _Point) -> _Point:
    a = point.x * point.x % P
    b = point.y * point.y % P
    h = a + b
    e = h - (point.x + point.y) ** 2 % P
    g = a - b
    f = 2 * point.z * point.z % P + g
    return _Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _combined(first: int, one: _Point, second: int, other: _Point) -> _Point:
    """[first]one + [second]other, bit by bit for both at once."""
    summands = (_NEUTRAL, one, other, _added(one, other))
    reached = _NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        reached = _doubled(reached)
        which = (first >> bit & 1) | (second >> bit & 1) << 1
        if which:
            reached = _added(reached, summands[which])
    return reached


_NEUTRAL = _Point(0, 1, 1, 0)
_BASE_Y = 4 * pow(5, -1, P) % P
_BASE_X = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A
_BASE = _Point(_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)

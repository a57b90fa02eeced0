# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The group: NIST P-256 with its scalars, its 33-byte encoding and its hash functions (RFC 9380, RFC 9497 section 4.3).

Two laws hold in this file.

1. **Every multiplication by a secret runs in OpenSSL.** `cryptography` offers no point multiplication, but ECDH gives the x-coordinate of
   kP. Two exchanges, with k and with k + 1, give x(kP) and x(kP + P); the addition law then leaves one possible y(kP). Hence a secret
   scalar lies in [1, n-2]: for n-1 the second exchange would be with zero.
2. **A `Point` is never the identity.** The identity cannot be decoded, nor come out of a secret multiplication. Only a sum of points or a
   multiple by a public number can vanish; those functions return `Point | None`, and the type checker makes the caller look.

Not constant-time, and left so knowingly (docs/threat-model.md): Python's integers. They carry scalar arithmetic, hashing to the curve,
and the recovery of y from two x-coordinates, of which the result is sent to the other side anyway.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from process.language import gettext as _
from process.moments import Randomness

FIELD: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
"""p: the coordinates are integers modulo this prime (SP 800-186, 3.2.1.3)."""

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""n: the number of points, a prime; scalars are integers modulo n."""

POINT_BYTES: Final = 33
SCALAR_BYTES: Final = 32

_A: Final = FIELD - 3
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_Z: Final = FIELD - 10
"""RFC 9380 section 8.2: the non-square of the simplified SWU map."""
_X_OF_ZERO: Final = _B * pow(_Z * _A, -1, FIELD) % FIELD
_X_OF_MAP: Final = -_B * pow(_A, -1, FIELD) % FIELD
"""Section 6.6.2: B / (Z A) where the map has no inverse, and -B / A everywhere else."""
_WIDE_BYTES: Final = 48
"""RFC 9380 section 5.1: ceil((256 + 128) / 8); reducing 48 bytes is uniform up to 2^-128."""
_CURVE: Final = ec.SECP256R1()
_ECDH: Final = ec.ECDH()


class InvalidPoint(ValueError):
    """These bytes are no point of the group. The message is for people, in Dutch, and holds no byte of the input."""


@dataclass(frozen=True, slots=True, repr=False)
class Point:
    """A point of the group other than the identity, as affine coordinates.

    Made by `decode`, by hashing, or from other points; coordinates off the curve are refused by OpenSSL at their first use. An unblinded
    point is a pseudonym, which is personal data, so no point prints.
    """

    x: int
    y: int

    def __repr__(self) -> str:
        return "Point(***)"

    def encode(self) -> bytes:
        """SEC 1 compressed form, 33 bytes."""
        return _compressed(self.x, self.y)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a compressed point.

        Raises:
            InvalidPoint: anything but 33 bytes that start with 02 or 03 and name a point on the curve: so no identity (00), no
                uncompressed or hybrid form (04, 06, 07), and no x-coordinate that was not reduced modulo p.
        """
        if len(data) != POINT_BYTES:
            raise InvalidPoint(_("Dit punt is niet precies 33 bytes lang."))
        if data[0] not in {2, 3}:
            raise InvalidPoint(_("Dit punt begint niet met byte 02 of 03; alleen de korte vorm mag."))
        if int.from_bytes(data[1:], "big") >= FIELD:
            raise InvalidPoint(_("De x-coördinaat van dit punt is te groot."))
        y = _lifted(data)
        if y is None:
            raise InvalidPoint(_("Dit punt ligt niet op de kromme P-256."))
        return cls(int.from_bytes(data[1:], "big"), y)


def _compressed(x: int, y: int) -> bytes:
    return (b"\x03" if y & 1 else b"\x02") + x.to_bytes(SCALAR_BYTES, "big")


def _lifted(compressed: bytes) -> int | None:
    """The y of a compressed point, from OpenSSL, which takes the square root four times faster than Python; None off the curve."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, compressed).public_numbers().y
    except ValueError:
        return None


GENERATOR: Final = Point(
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def negate(point: Point) -> Point:
    """-P."""
    return Point(point.x, FIELD - point.y)


def add(first: Point | None, second: Point | None) -> Point | None:
    """P + Q by the affine addition law; None is the identity. For public points only: the running time depends on them."""
    if first is None or second is None:
        return first or second
    if first.x != second.x:
        return _along(first, second, pow(second.x - first.x, -1, FIELD))
    if first.y != second.y:
        return None
    slope = (3 * first.x * first.x + _A) * pow(2 * first.y, -1, FIELD)
    return _third(first, second, slope)


def _along(first: Point, second: Point, inverse: int) -> Point:
    """P + Q for two x-coordinates that differ, given 1 / (x_Q - x_P)."""
    return _third(first, second, (second.y - first.y) * inverse)


def _third(first: Point, second: Point, slope: int) -> Point:
    x = (slope * slope - first.x - second.x) % FIELD
    return Point(x, (slope * (first.x - x) - first.y) % FIELD)


def total(points: Iterable[Point | None]) -> Point | None:
    """The sum of public points; of none, the identity."""
    left = [point for point in points if point is not None]
    while len(left) > 1:
        left = _halved(left)
    return left[0] if left else None


def _halved(points: Sequence[Point]) -> list[Point]:
    """Half as many points with the same sum; sums that vanish are left out. One inversion serves all pairs."""
    pairs = list(zip(points[::2], points[1::2], strict=False))
    # Equal x-coordinates, a doubling or a vanishing sum, take the long way.
    inverses = _inverses([(second.x - first.x) % FIELD or 1 for first, second in pairs])
    sums = (
        add(first, second) if first.x == second.x else _along(first, second, inverse)
        for (first, second), inverse in zip(pairs, inverses, strict=True)
    )
    return [*(point for point in sums if point is not None), *points[2 * len(pairs) :]]


def _inverses(values: Sequence[int]) -> list[int]:
    """1/v modulo p for each v, none of them 0, at the price of one inversion (Montgomery's trick)."""
    products = list(accumulate(values, lambda product, value: product * value % FIELD, initial=1))
    inverse = pow(products[-1], -1, FIELD)
    found = []
    for value, before in zip(reversed(values), reversed(products[:-1]), strict=True):
        found.append(inverse * before % FIELD)
        inverse = inverse * value % FIELD
    return found[::-1]


class _Multiplier:
    """Multiplication by one number k in [1, n-2], with both OpenSSL keys kept for the next point."""

    __slots__ = ("_own", "_successor")

    def __init__(self, value: int) -> None:
        self._own = ec.derive_private_key(value, _CURVE)
        self._successor = ec.derive_private_key(value + 1, _CURVE)

    def generator(self) -> Point:
        numbers = self._own.public_key().public_numbers()
        return Point(numbers.x, numbers.y)

    def times(self, point: Point) -> Point:
        x, x_next = self.exchanged(point)
        return Point(x, _recover_y(point, x, x_next, pow(2 * point.y, -1, FIELD)))

    def exchanged(self, point: Point) -> tuple[int, int]:
        """x(kP) and x((k+1)P)."""
        encoded = b"\x04" + point.x.to_bytes(SCALAR_BYTES, "big") + point.y.to_bytes(SCALAR_BYTES, "big")
        return self._exchanged(ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, encoded))

    def times_all(self, compressed: Sequence[bytes]) -> list[bytes]:
        points, exchanged = [], []
        for one in compressed:
            if len(one) != POINT_BYTES:
                raise InvalidPoint(_("Dit punt is niet precies 33 bytes lang."))
            try:
                peer = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, one)
            except ValueError:
                raise InvalidPoint(_("Dit punt ligt niet op de kromme P-256.")) from None
            numbers = peer.public_numbers()
            points.append(Point(numbers.x, numbers.y))
            exchanged.append(self._exchanged(peer))
        # One by one each would divide by its own 2y; together they need one inversion.
        halves = _inverses([2 * point.y for point in points])
        return [
            _compressed(x, _recover_y(point, x, x_next, half))
            for point, (x, x_next), half in zip(points, exchanged, halves, strict=True)
        ]

    def _exchanged(self, peer: ec.EllipticCurvePublicKey) -> tuple[int, int]:
        x = int.from_bytes(self._own.exchange(_ECDH, peer), "big")
        return x, int.from_bytes(self._successor.exchange(_ECDH, peer), "big")


def _recover_y(point: Point, x: int, x_next: int, half: int) -> int:
    """The y of Q = kP, given P, x = x(Q), x_next = x(Q + P) and half = 1 / 2 y_P.

    By the addition law (y - y_P)^2 = (x_next + x_P + x) (x - x_P)^2, and y^2 is known from the curve equation, which leaves y linear.
    It also holds for k = 1. Dividing by 2 y_P is safe: a group of prime order has no point with y = 0.
    """
    y_squared = (x * x * x + _A * x + _B) % FIELD
    rest = (x_next + point.x + x) * (x - point.x) ** 2
    return (y_squared + point.y * point.y - rest) * half % FIELD


def _multiples(multipliers: Iterable["_Multiplier"], points: Sequence[Point]) -> list[Point]:
    """Each multiplier times its point; one inversion serves all."""
    halves = _inverses([2 * point.y for point in points])
    exchanged = (one.exchanged(point) for one, point in zip(multipliers, points, strict=True))
    return [
        Point(x, _recover_y(point, x, x_next, half))
        for point, (x, x_next), half in zip(points, exchanged, halves, strict=True)
    ]


class SecretScalar:
    """A secret number in [1, n-2]: a share, a blind or a proof's nonce. It never prints, pickles or hashes; `reveal()` is the one way out."""

    __slots__ = ("_multiplier", "_value")

    def __init__(self, value: int) -> None:
        if not 1 <= value <= ORDER - 2:
            # The value is not repeated: it may be a secret one off.
            raise ValueError("a secret scalar lies in [1, n-2]")
        self._value = value
        self._multiplier = _Multiplier(value)

    @classmethod
    def random(cls, randomness: Randomness) -> Self:
        """A uniform secret, from 48 bytes of randomness."""
        return cls(1 + int.from_bytes(randomness(_WIDE_BYTES), "big") % (ORDER - 2))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read 32 big-endian bytes.

        Raises:
            ValueError: another length, or outside [1, n-2].
        """
        if len(data) != SCALAR_BYTES:
            raise ValueError("a scalar is 32 bytes")
        return cls(int.from_bytes(data, "big"))

    def reveal(self) -> int:
        """The number itself, at the place that calculates with it."""
        return self._value

    def to_bytes(self) -> bytes:
        """32 big-endian bytes, for the one file that holds it."""
        return self._value.to_bytes(SCALAR_BYTES, "big")

    def times(self, point: Point) -> Point:
        """kP, in OpenSSL."""
        return self._multiplier.times(point)

    def times_each(self, points: Sequence[Point]) -> list[Point]:
        """All multiples kP, in OpenSSL; faster than one by one."""
        return _multiples([self._multiplier] * len(points), points)

    def times_all(self, compressed: Sequence[bytes]) -> list[bytes]:
        """All multiples kP, encoded from and to 33 bytes, in OpenSSL; a third faster than one by one.

        Raises:
            InvalidPoint: one of them is not a compressed point.
        """
        return self._multiplier.times_all(compressed)

    def public_point(self) -> Point:
        """kG, in OpenSSL."""
        return self._multiplier.generator()

    def inverse(self) -> "SecretScalar":
        """1/k modulo n. It lies in [1, n-2] too: only n-1 is its own opposite's inverse."""
        return SecretScalar(pow(self._value, -1, ORDER))

    def __repr__(self) -> str:
        return "SecretScalar(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretScalar) and hmac.compare_digest(self.to_bytes(), other.to_bytes())

    __hash__ = None  # type: ignore[assignment]  # a secret in a set or as a key would compare in variable time

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


class PublicScalar:
    """Multiplication by a number that everyone may know, modulo n: a Lagrange coefficient, a challenge, a response.

    0, 1 and -1 do not go through ECDH: quorum {1,2} has coefficient -1, and for -1 the second exchange would be with zero.
    """

    __slots__ = ("multiplier", "value")

    def __init__(self, value: int) -> None:
        self.value = value % ORDER
        self.multiplier = None if self.value in {0, 1, ORDER - 1} else _Multiplier(self.value)

    def times(self, point: Point) -> Point | None:
        """kP; None is the identity."""
        if self.multiplier is not None:
            return self.multiplier.times(point)
        if self.value == 0:
            return None
        return point if self.value == 1 else negate(point)

    def times_each(self, points: Sequence[Point]) -> list[Point | None]:
        """All multiples kP; faster than one by one."""
        if self.multiplier is None:
            return [self.times(point) for point in points]
        return [*_multiples([self.multiplier] * len(points), points)]

    def public_point(self) -> Point | None:
        """kG; None is the identity."""
        return self.times(GENERATOR) if self.multiplier is None else self.multiplier.generator()


def weighted_sum(weights: Sequence[PublicScalar], points: Sequence[Point]) -> Point | None:
    """The sum of each weight times its point; None is the identity."""
    pairs = list(zip(weights, points, strict=True))
    through = [(weight.multiplier, point) for weight, point in pairs if weight.multiplier is not None]
    others = [weight.times(point) for weight, point in pairs if weight.multiplier is None]
    multiples = _multiples([one for one, _point in through], [point for _one, point in through])
    return total([*multiples, *others])


def expand_message_xmd(message: bytes, dst: bytes, length: int) -> bytes:
    """RFC 9380 section 5.3.1 with SHA-256: `length` uniform bytes.

    Raises:
        ValueError: more than 255 blocks, or a domain separation tag that is empty or over 255 bytes (no suite of ours has one).
    """
    blocks = -(-length // 32)
    if not 0 < blocks <= 255 or not 0 < len(dst) <= 255:
        raise ValueError("length or domain separation tag out of range")
    dst_prime = dst + bytes([len(dst)])
    first = hashlib.sha256(
        bytes(64) + message + length.to_bytes(2, "big") + b"\x00" + dst_prime,
    ).digest()
    block = hashlib.sha256(first + b"\x01" + dst_prime).digest()
    uniform = block
    for number in range(2, blocks + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha256(mixed + bytes([number]) + dst_prime).digest()
        uniform += block
    return uniform[:length]


def hash_to_field(message: bytes, dst: bytes, count: int, modulus: int = FIELD) -> tuple[int, ...]:
    """RFC 9380 section 5.2 with m = 1 and L = 48: `count` integers modulo `modulus`."""
    uniform = expand_message_xmd(message, dst, count * _WIDE_BYTES)
    return tuple(
        int.from_bytes(uniform[start : start + _WIDE_BYTES], "big") % modulus
        for start in range(0, len(uniform), _WIDE_BYTES)
    )


def hash_to_scalar(message: bytes, dst: bytes) -> int:
    """RFC 9497 section 4.3: an integer in [0, n)."""
    return hash_to_field(message, dst, 1, ORDER)[0]


def map_to_curve(u: int) -> Point:
    """RFC 9380 section 6.6.2, the simplified Shallue-van de Woestijne-Ulas map, step by step."""
    zu2 = _Z * u * u % FIELD
    tv1 = (zu2 * zu2 + zu2) % FIELD
    x = _X_OF_ZERO if tv1 == 0 else _X_OF_MAP * (1 + pow(tv1, -1, FIELD)) % FIELD
    # Of the two square roots the one with the sign of u (sgn0, section 4.1): that is what the first byte says.
    sign = bytes([2 + (u & 1)])
    y = _lifted(sign + x.to_bytes(SCALAR_BYTES, "big"))
    if y is None:
        x = zu2 * x % FIELD
        y = _lifted(sign + x.to_bytes(SCALAR_BYTES, "big"))
    if y is None:  # pragma: no cover - the map's theorem: one of the two is square
        raise ArithmeticError("neither candidate of the SWU map is square")
    return Point(x, y)


def hash_to_curve(message: bytes, dst: bytes) -> Point:
    """Suite P256_XMD:SHA-256_SSWU_RO_ (RFC 9380 section 8.2); the cofactor is 1.

    Raises:
        InvalidPoint: the identity came out, which nobody will ever see (RFC 9497 section 3.3.1: InvalidInputError).
    """
    point = total(map_to_curve(u) for u in hash_to_field(message, dst, 2))
    if point is None:
        raise InvalidPoint(_("Deze invoer levert geen bruikbaar punt op."))
    return point

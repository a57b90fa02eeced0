# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""RFC 9497, suite P256-SHA256, modes OPRF (0x00) and VOPRF (0x01): blind, evaluate, prove, verify, unblind, finalize.

    client                                        server (key k, public key K = kG)
    blinded = blind(r, input)        ─────▶       evaluated = k · blinded
    verify(K, [blinded], [evaluated], proof) ◀──  proof: log_G(K) = log_blinded(evaluated)
    unblinded = 1/r · evaluated  = k · H(input)

Names and order follow sections 2.2 (proofs) and 3.3 (protocol). Of our own are two things. A server needs only the composite M of a
batch, because Z = kM (section 2.2.1, ComputeCompositesFast). And the nonce of a proof is hedged: see `HedgedNonce`.

Our pseudonyms use mode VOPRF and stop before `finalize`: the register must be able to rotate keys, so it keeps the group element
kH(x) and not its hash (docs/spec/pseudonymisation.md says what that costs). `finalize` is here for the published vectors.

Left to others: who may ask (keyholder/), several holders (`threshold`), padding and order (`blinding`), what is asked (`matchkeys`).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from pseudonymisation.p256 import (
    GENERATOR,
    ORDER,
    SCALAR_BYTES,
    Point,
    PublicScalar,
    SecretScalar,
    add,
    hash_to_curve,
    hash_to_scalar,
    weighted_sum,
)

PROOF_BYTES: Final = 64
NONCE_KEY_BYTES: Final = 32
_NONCE_RANDOM_BYTES: Final = 32
_NONCE_DST: Final = b"HashToScalar-signaalregister/dleq-nonce/v1"

NonceSource = Callable[[bytes], SecretScalar]
"""Makes the one-time secret of a proof; its argument is the transcript up to the nonce."""


class InvalidProof(ValueError):
    """The proof does not show that these answers were made with this key."""


class Mode(IntEnum):
    """RFC 9497 section 3.1. POPRF (0x02) is not used here."""

    OPRF = 0
    VOPRF = 1

    @property
    def context(self) -> bytes:
        """The context string that separates this suite and mode from all others."""
        return b"OPRFV1-" + bytes([self.value]) + b"-P256-SHA256"

    def hash_to_group(self, message: bytes) -> Point:
        """HashToGroup of section 4.3."""
        return hash_to_curve(message, b"HashToGroup-" + self.context)

    def hash_to_scalar(self, message: bytes) -> int:
        """HashToScalar of section 4.3 with its default tag."""
        return hash_to_scalar(message, b"HashToScalar-" + self.context)


def derive_key_pair(mode: Mode, seed: bytes, info: bytes) -> tuple[SecretScalar, Point]:
    """DeriveKeyPair of section 3.2.1. Made for vectors and tests: a real key comes from a ceremony.

    Raises:
        ValueError: the derived scalar is 0 or n-1, of probability 2^-255.
    """
    message = seed + _prefixed(info)
    secret = SecretScalar(hash_to_scalar(message + b"\x00", b"DeriveKeyPair" + mode.context))
    return secret, secret.public_point()


def blind(mode: Mode, message: bytes, blinding: SecretScalar) -> Point:
    """Blind of sections 3.3.1 and 3.3.2: r · H(input)."""
    return blinding.times(mode.hash_to_group(message))


def evaluate(secret: SecretScalar, blinded: Point) -> Point:
    """BlindEvaluate without the proof: k times a blinded element."""
    return secret.times(blinded)


def finalize(message: bytes, blinding: SecretScalar, evaluated: Point) -> bytes:
    """Finalize of section 3.3.1: the 32-byte output. In mode VOPRF `verify` comes first."""
    unblinded = blinding.inverse().times(evaluated)
    return hashlib.sha256(_prefixed(message) + _prefixed(unblinded.encode()) + b"Finalize").digest()


@dataclass(frozen=True)
class Proof:
    """A proof of section 2.2: challenge and response, integers modulo n."""

    challenge: int
    response: int

    def to_bytes(self) -> bytes:
        """64 bytes: challenge, response."""
        return self.challenge.to_bytes(SCALAR_BYTES, "big") + self.response.to_bytes(SCALAR_BYTES, "big")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read 64 bytes.

        Raises:
            InvalidProof: another length, or a number that was not reduced modulo n.
        """
        challenge, response = (
            int.from_bytes(data[:SCALAR_BYTES], "big"),
            int.from_bytes(data[SCALAR_BYTES:], "big"),
        )
        if len(data) != PROOF_BYTES or max(challenge, response) >= ORDER:
            raise InvalidProof(_("Het bewijs heeft niet de goede vorm."))
        return cls(challenge, response)


class HedgedNonce:
    """Nonces that stay secret when either the random source or the nonce key fails, but not both.

    The nonce is HashToScalar(nonce key ‖ 32 random bytes ‖ transcript). With a broken source it still differs for every statement, so two
    proofs never share a nonce and the share cannot be solved from them. Equality of two statements then shows, nothing more.
    """

    __slots__ = ("_key", "_randomness")

    def __init__(self, key: Secret, randomness: Randomness) -> None:
        if len(key) != NONCE_KEY_BYTES:
            raise ValueError("a nonce key is 32 bytes")
        self._key = key
        self._randomness = randomness

    def __call__(self, transcript: bytes) -> SecretScalar:
        """A fresh nonce for this transcript."""
        message = self._key.reveal() + self._randomness(_NONCE_RANDOM_BYTES) + transcript
        return SecretScalar(hash_to_scalar(message, _NONCE_DST))


def prove(
    secret: SecretScalar, blinded: Sequence[Point], evaluated: Sequence[Point], *, nonce: NonceSource
) -> Proof:
    """GenerateProof of section 2.2.1 in mode VOPRF, for a whole batch at once.

    Args:
        secret: k.
        blinded: what was asked, in order; not empty.
        evaluated: k times each.
        nonce: `HedgedNonce`, or a fixed one in a vector test.
    """
    key = secret.public_point()
    m = _composite(_weights(key, blinded, evaluated), blinded)
    if m is None:
        raise InvalidProof(_("Over deze reeks punten valt niets te bewijzen."))
    z = secret.times(m)
    statement = [key, m, z]
    r = nonce(b"".join(point.encode() for point in statement))
    challenge = _challenge([*statement, r.public_point(), r.times(m)])
    return Proof(challenge, (r.reveal() - challenge * secret.reveal()) % ORDER)


def verify(key: Point, blinded: Sequence[Point], evaluated: Sequence[Point], proof: Proof) -> None:
    """VerifyProof of section 2.2.2 in mode VOPRF. Returns nothing: ignoring a verdict would be wrong, so it raises.

    Raises:
        InvalidProof: not these answers, or not this key.
    """
    weights = _weights(key, blinded, evaluated)
    m, z = _composite(weights, blinded), _composite(weights, evaluated)
    c, s = PublicScalar(proof.challenge), PublicScalar(proof.response)
    t2 = add(s.times(GENERATOR), c.times(key))
    t3 = None if m is None or z is None else add(s.times(m), c.times(z))
    # An identity has no encoding, so no honest transcript holds one.
    if m is None or z is None or t2 is None or t3 is None or _challenge([key, m, z, t2, t3]) != c.value:
        raise InvalidProof(
            _("Het bewijs klopt niet: dit antwoord is niet met de afgesproken sleutel gemaakt.")
        )


def _weights(key: Point, blinded: Sequence[Point], evaluated: Sequence[Point]) -> list[PublicScalar]:
    """The multipliers d_i of ComputeComposites (section 2.2.1): they bind key, order and every pair."""
    if not blinded or len(blinded) != len(evaluated):
        # Refused out loud: a proof about nothing would be trivially true.
        raise InvalidProof(_("Het aantal antwoorden past niet bij het aantal vragen."))
    seed = hashlib.sha256(_prefixed(key.encode()) + _prefixed(b"Seed-" + Mode.VOPRF.context)).digest()
    return [
        PublicScalar(
            Mode.VOPRF.hash_to_scalar(
                _prefixed(seed)
                + index.to_bytes(2, "big")
                + _prefixed(asked.encode())
                + _prefixed(answered.encode())
                + b"Composite"
            )
        )
        for index, (asked, answered) in enumerate(zip(blinded, evaluated, strict=True))
    ]


def _composite(weights: Sequence[PublicScalar], points: Sequence[Point]) -> Point | None:
    return weighted_sum(weights, points)


def _challenge(points: Sequence[Point]) -> int:
    return Mode.VOPRF.hash_to_scalar(b"".join(_prefixed(point.encode()) for point in points) + b"Challenge")


def _prefixed(value: bytes) -> bytes:
    """I2OSP(len(value), 2) ‖ value."""
    return len(value).to_bytes(2, "big") + value

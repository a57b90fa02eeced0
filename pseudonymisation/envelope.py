# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A secret sealed to one party with HPKE, that its receiver can open in public when it is not what it should be.

RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message per context, empty aad; all that a seal is bound
to goes into `info`. The form is `enc` (65 bytes, SEC 1 uncompressed) ‖ ciphertext ‖ tag, as `cryptography` writes it. `seal` and `unseal` are
that library's.

Opening in public (`Evidence`) is why the group is P-256 and not X25519. The receiver gives the point `sk·enc`, from which anyone derives
the key of this one ciphertext, with a proof (RFC 9497 section 2.2) that it is the same `sk` as in its public key. So a receiver that says
"this was not my share" can be judged by everyone, without the help of the one it accuses, and gives away nothing else: not its key, and
no other ciphertext. The library does not let the shared secret be given, so `open_with` follows RFC 9180 sections 4.1 and 5.1 itself; a
test holds it against the library.

The ephemeral key is drawn by the library: its interface takes no randomness. Everything else that is random comes in as an argument.
"""

from dataclasses import dataclass
from gettext import gettext as _
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from pseudonymisation.oprf import InvalidProof, NonceSource, Proof, prove, verify
from pseudonymisation.p256 import SCALAR_BYTES, InvalidPoint, Point, SecretScalar

ENC_BYTES: Final = 65
TAG_BYTES: Final = 16

_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CURVE: Final = ec.SECP256R1()
_KEM_ID: Final = b"KEM" + (0x0010).to_bytes(2, "big")
_SUITE_ID: Final = b"HPKE" + bytes.fromhex("0010 0001 0002")
_BASE_MODE: Final = b"\x00"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Unopenable(ValueError):
    """These bytes are not sealed to this party, or not for this use. The message is for people, in Dutch."""


@dataclass(frozen=True, repr=False)
class Evidence:
    """What opens one sealed message for everyone.

    Attributes:
        shared: sk·enc.
        proof: that sk is the secret of the receiver's public point.
    """

    shared: Point
    proof: Proof


def seal(content: bytes, to: Point, info: bytes) -> bytes:
    """Seal for the owner of a public point: 65 + length + 16 bytes."""
    numbers = ec.EllipticCurvePublicNumbers(to.x, to.y, _CURVE)
    return _SUITE.encrypt(content, numbers.public_key(), info=info)


def unseal(sealed: bytes, own: SecretScalar, info: bytes) -> bytes:
    """Open what was sealed to this secret.

    Raises:
        Unopenable: altered, sealed to another, or bound to something else.
    """
    try:
        return _SUITE.decrypt(sealed, ec.derive_private_key(own.reveal(), _CURVE), info=info)
    except (ValueError, InvalidTag):
        raise _unopenable() from None


def ephemeral(sealed: bytes) -> Point:
    """The point `enc` of a sealed message, which anyone can check.

    Raises:
        Unopenable: too short, or no point of the group.
    """
    try:
        if len(sealed) < ENC_BYTES + TAG_BYTES or sealed[0] != 4:
            raise _unopenable()
        numbers = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sealed[:ENC_BYTES]).public_numbers()
    except ValueError:
        raise _unopenable() from None
    return Point(numbers.x, numbers.y)


def evidence(sealed: bytes, own: SecretScalar, nonce: NonceSource) -> Evidence:
    """What this receiver gives to open one message in public.

    Raises:
        Unopenable: no point to give it for.
    """
    point = ephemeral(sealed)
    shared = own.times(point)
    return Evidence(shared, prove(own, [point], [shared], nonce=nonce))


def check_evidence(found: Evidence, sealed: bytes, to: Point) -> None:
    """Check that the evidence is about this message and this receiver.

    Raises:
        InvalidProof: it is not.
    """
    try:
        verify(to, [ephemeral(sealed)], [found.shared], found.proof)
    except (InvalidPoint, Unopenable) as error:
        raise InvalidProof(str(error)) from None


def open_with(shared: Point, sealed: bytes, to: Point, info: bytes) -> bytes:
    """What `unseal` gives the receiver, from checked evidence.

    Raises:
        Unopenable: as there.
    """
    enc = sealed[:ENC_BYTES]
    # RFC 9180 section 4.1, ExtractAndExpand; the ECDH result of P-256 is the x-coordinate.
    extracted = _extract(b"", _KEM_ID, b"eae_prk", shared.x.to_bytes(SCALAR_BYTES, "big"))
    secret = _expand(extracted, _KEM_ID, b"shared_secret", enc + _uncompressed(to), 32)
    # Section 5.1, KeySchedule with an empty psk and psk_id.
    context = (
        _BASE_MODE
        + _extract(b"", _SUITE_ID, b"psk_id_hash", b"")
        + _extract(b"", _SUITE_ID, b"info_hash", info)
    )
    scheduled = _extract(secret, _SUITE_ID, b"secret", b"")
    key = _expand(scheduled, _SUITE_ID, b"key", context, _KEY_BYTES)
    nonce = _expand(scheduled, _SUITE_ID, b"base_nonce", context, _NONCE_BYTES)
    try:
        return AESGCM(key).decrypt(nonce, sealed[ENC_BYTES:], b"")
    except (ValueError, InvalidTag):
        raise _unopenable() from None


def _extract(salt: bytes, suite: bytes, label: bytes, material: bytes) -> bytes:
    """LabeledExtract of RFC 9180 section 4."""
    return HKDF.extract(SHA256(), salt or None, b"HPKE-v1" + suite + label + material)


def _expand(key: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of RFC 9180 section 4."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return HKDFExpand(SHA256(), length, labelled).derive(key)


def _uncompressed(point: Point) -> bytes:
    return b"\x04" + point.x.to_bytes(SCALAR_BYTES, "big") + point.y.to_bytes(SCALAR_BYTES, "big")


def _unopenable() -> Unopenable:
    return Unopenable(_("Dit is niet voor deze ontvanger verzegeld, of veranderd."))

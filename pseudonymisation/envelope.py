# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A secret sealed to one key with HPKE, all of it the library's.

RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message per context, empty aad; all that a seal is bound
to goes into `info`. The form is `enc` (65 bytes, SEC 1 uncompressed) ‖ ciphertext ‖ tag, as `cryptography` writes it.

A seal that is not what it should be is opened in public by giving the secret of the key that it was sealed to. So a key is for one dealer and one session
(`sealing`): then that secret opens this one message and nothing else, also where somebody copied an `enc` from elsewhere (docs/adr/0028).

The ephemeral key is drawn by the library: its interface takes no randomness. Everything else that is random comes in as an argument.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from process.language import gettext as _
from pseudonymisation.p256 import Point, SecretScalar

ENC_BYTES: Final = 65
TAG_BYTES: Final = 16

_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CURVE: Final = ec.SECP256R1()


class Unopenable(ValueError):
    """These bytes are not sealed to this key, or not for this use. The message is for people, in Dutch."""


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


def check_form(sealed: bytes, length: int) -> None:
    """Check what everyone can check of a seal over this many bytes.

    Raises:
        Unopenable: another length, or an `enc` that is no point of the group.
    """
    try:
        if len(sealed) != ENC_BYTES + length + TAG_BYTES or sealed[0] != 4:
            raise _unopenable()
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sealed[:ENC_BYTES])
    except ValueError:
        raise _unopenable() from None


def _unopenable() -> Unopenable:
    return Unopenable(_("Dit is niet voor deze ontvanger verzegeld, of veranderd."))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The casebook is sealed at rest: AES-256-GCM under a key that stands in a file beside the database, never in it.

Each record has its own random nonce and is bound to its place by associated data, so that a sealed record cannot be moved to another signal
(NIST SP 800-38D, section 8.2.2). The key is derived from the node's seal secret with HKDF-SHA256 (RFC 5869).
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from process.moments import Randomness
from process.secret import Secret

_NONCE_SIZE = 12


class BrokenSealError(ValueError):
    """A sealed record that was altered, moved, or sealed under another key."""


@dataclass(frozen=True)
class Seal:
    """Seals and opens records of one node.

    Attributes:
        secret: at least 32 bytes from the node's seal file.
        randomness: 12 bytes for each record sealed.
    """

    secret: Secret
    randomness: Randomness = field(repr=False)

    def close(self, plain: bytes, place: str) -> bytes:
        """`plain` sealed for one place: nonce (12) ‖ ciphertext ‖ tag (16)."""
        nonce = self.randomness(_NONCE_SIZE)
        return nonce + self._cipher().encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place.

        Raises:
            BrokenSealError: it was not, or not under this key.
        """
        try:
            return self._cipher().decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], place.encode())
        except (InvalidTag, ValueError):
            raise BrokenSealError("this record does not open here") from None

    def _cipher(self) -> AESGCM:
        return AESGCM(_derived(self.secret, b"signaalregister/node/dossier/v1"))


def named_seed(secret: Secret, *names: str) -> Secret:
    """32 bytes that only this node can make again, from the names of what they are for (HMAC-SHA256)."""
    place = b"".join(len(name).to_bytes(2, "big") + name.encode() for name in names)
    return Secret(hmac.digest(_derived(secret, b"signaalregister/node/herhaling/v1"), place, hashlib.sha256))


def _derived(secret: Secret, label: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=label).derive(secret.reveal())


def expanding(seed: Secret) -> Randomness:
    """A source of bytes that gives the same bytes for the same seed: HMAC-SHA256 in counter mode.

    A signal that is sent again must be the same message, its filler points included.
    """
    counter = 0

    def draw(size: int) -> bytes:
        nonlocal counter
        drawn = b""
        while len(drawn) < size:
            drawn += hmac.digest(seed.reveal(), counter.to_bytes(8, "big"), hashlib.sha256)
            counter += 1
        return drawn[:size]

    return draw

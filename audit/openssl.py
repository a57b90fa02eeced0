# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Checking signatures by OpenSSL, for processes that check some with every question.

About a hundred times as fast as ``audit.ed25519``, and of the same opinion (``tests/audit/test_ed25519.py``). The verifier
file does not hold this module.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.note import Verifier


class OpensslVerifier(Verifier):
    """A ``Verifier`` that asks OpenSSL."""

    def verifies(self, text: str, signature: bytes) -> bool:
        """True if ``signature`` is this key's over ``text``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

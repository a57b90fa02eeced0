# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Checking signatures by OpenSSL, for processes that check some with every question.

About a hundred times as fast as ``audit.ed25519``, and of the same opinion (``tests/audit/test_ed25519.py``). The verifier
file does not hold this module.
"""

from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.cosignature import Witness, WitnessPolicy
from audit.note import Verifier


class OpensslVerifier(Verifier):
    """A ``Verifier`` that asks OpenSSL."""

    def verifies(self, text: str, signature: bytes) -> bool:
        """True if ``signature`` is this key's over ``text``."""
        return _signed(self.public_key, text.encode(), signature)


class OpensslWitness(Witness):
    """A ``Witness`` that asks OpenSSL."""

    def signed(self, message: bytes, signature: bytes) -> bool:
        """True if these 64 bytes of Ed25519 over ``message`` are of this key."""
        return _signed(self.public_key, message, signature)


def by_openssl(policy: WitnessPolicy) -> WitnessPolicy:
    """The same policy, whose keys ask OpenSSL: for a process that anyone may ask what witnesses vouch for."""
    return replace(
        policy,
        witnesses=tuple(
            replace(one, key=OpensslWitness(one.key.name, one.key.public_key)) for one in policy.witnesses
        ),
    )


def _signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True

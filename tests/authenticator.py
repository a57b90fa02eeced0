# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A small truthful authenticator: makes a key for an origin and signs challenges, as the Web Authentication standard says, and lies only where a test tells it to."""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key, for one origin."""

    origin: str
    host: str
    counter: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )
    identifier: bytes = field(default_factory=lambda: random.Random(7).randbytes(32))

    def made(self, options: Mapping[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to being asked to make a passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        length = len(self.identifier).to_bytes(2, "big")
        data = self._data(PRESENT | VERIFIED | ATTESTED, lies)
        data += bytes(16) + length + self.identifier + cbor2.dumps(cose)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, lies)
        return self._answer({"clientDataJSON": client, "attestationObject": attestation})

    def signed(self, options: Mapping[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to being asked to sign; the counter goes up, where it does not lie."""
        self.counter = lies.get("counter", self.counter + 1)
        data = self._data(lies.get("flags", PRESENT | VERIFIED), lies)
        client = self._client("webauthn.get", options, lies)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _data(self, flags: int, lies: Mapping[str, Any]) -> bytes:
        host = hashlib.sha256(lies.get("host", self.host).encode()).digest()
        return host + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: Mapping[str, Any], lies: Mapping[str, Any]) -> bytes:
        said = {
            "type": lies.get("kind", kind),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, response: Mapping[str, bytes]) -> dict[str, Any]:
        number = bytes_to_base64url(self.identifier)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return {"id": number, "rawId": number, "type": "public-key", "response": told}

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A test authority for the exercise, made on the spot and good for nothing else.

Issues the machine certificates of `register.certificates`, with loopback as the only address. In the real world PKIoverheid issues these; nothing else in
the project knows the difference.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from process.peer import Peer
from process.serving.secrets import write_secret
from register.certificates import Issuer, Span, Wanted, issue, self_signed

_VALID = timedelta(days=30)
_BACKDATED = timedelta(minutes=5)
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Issued:
    """Where the files of one process are."""

    certificate: Path
    key: Path
    authorities: Path


class Authority:
    """One root key in memory and its certificate on disk; the key is never written."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._now = now
        key = ec.generate_private_key(ec.SECP256R1())
        self._issuer = Issuer(self_signed("Oefening: uitgever van testcertificaten", key, self._span()), key)
        self.path = folder / "uitgever.pem"
        folder.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(self._issuer.certificate.public_bytes(Encoding.PEM))

    def issue(self, peer: Peer, folder: Path) -> Issued:
        """Make key and certificate for one process, in its own folder."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = issue(Wanted(peer, key.public_key(), _LOOPBACK), self._issuer, self._span())
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "certificaat.pem"
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
        write_secret(
            folder / "sleutel.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        return Issued(path, folder / "sleutel.pem", self.path)

    def _span(self) -> Span:
        return Span(self._now - _BACKDATED, self._now + _VALID, x509.random_serial_number())

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A test authority for the exercise, made on the spot and good for nothing else.

Issues the machine certificates that `process.peer` reads: one URI that names the process, the OIN in the subject's serialNumber, and loopback
as the only address. In the real world PKIoverheid issues these; nothing else in the project knows the difference.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from process.peer import Peer, peer_uri
from process.serving.secrets import write_secret

_VALID = timedelta(days=30)
_BACKDATED = timedelta(minutes=5)


@dataclass(frozen=True)
class Issued:
    """Where the files of one process are."""

    certificate: Path
    key: Path
    authorities: Path


class Authority:
    """One root key in memory and its certificate on disk; the key is never written."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, "Oefening: uitgever van testcertificaten")]
        )
        certificate = (
            self._begun(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.path = folder / "uitgever.pem"
        folder.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(certificate.public_bytes(Encoding.PEM))

    def issue(self, peer: Peer, folder: Path) -> Issued:
        """Make key and certificate for one process, in its own folder."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, f"{peer.kind} {peer.organisation}"),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, peer.oin),
            ]
        )
        addresses: list[x509.GeneralName] = [
            x509.UniformResourceIdentifier(peer_uri(peer.kind, peer.organisation)),
            x509.IPAddress(IPv4Address("127.0.0.1")),
            x509.DNSName("localhost"),
        ]
        certificate = (
            self._begun(name, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "certificaat.pem"
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
        write_secret(
            folder / "sleutel.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        return Issued(path, folder / "sleutel.pem", self.path)

    def _begun(self, name: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        ours = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _BACKDATED)
            .not_valid_after(self._now + _VALID)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ours), critical=False
            )
        )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )

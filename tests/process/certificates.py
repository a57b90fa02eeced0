# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Certificates as a caller shows them, without an authority: OpenSSL judged the chain before anything of ours reads them."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
OIN = "00000001001234567000"


def certificate(
    *uris: str, oins: tuple[str, ...] = (OIN,), others: tuple[x509.GeneralName, ...] = ()
) -> bytes:
    """A self-signed certificate (DER) with these names; none at all leaves the extension out."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, oin) for oin in oins])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(MOMENT)
        .not_valid_after(MOMENT + timedelta(days=1))
    )
    names = [*(x509.UniformResourceIdentifier(uri) for uri in uris), *others]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Machine certificates (X.509, RFC 5280) as `process.peer` reads them: made, asked for (PKCS #10, RFC 2986), issued, and checked.

1. A request is signed by the key that it asks a certificate for, on P-256, and names one process and its OIN.
2. A certificate is issued for what a request says and nothing beside it: the process's name, its OIN, and the address under which it is reached.
3. `require_certificate` takes a certificate from anywhere (an authority of a pilot, PKIoverheid) and returns only if it is for this key and this
   process, valid now, and issued directly by one of the authorities that the register believes. OpenSSL verifies whole chains at the door.

Keys, serial numbers and moments arrive by argument. Left to others: where keys are kept, and who may have what issued.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from process.language import gettext as _
from process.peer import Peer, UnknownPeer, peer_from_certificate, peer_from_request, peer_uri


class CertificateError(ValueError):
    """A request or certificate that must not be believed; the message is Dutch."""


@dataclass(frozen=True)
class Wanted:
    """What a certificate is for: a process, its key, and the host names or addresses under which it is reached."""

    peer: Peer
    key: ec.EllipticCurvePublicKey
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """From and until when a certificate holds, UTC, and its serial number (positive, at most 159 bits: RFC 5280 4.1.2.2)."""

    start: datetime
    end: datetime
    serial: int


@dataclass(frozen=True)
class Issuer:
    """An authority: its certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def request_for(wanted: Wanted, key: ec.EllipticCurvePrivateKey) -> bytes:
    """A request for a certificate (DER), signed by the key that it is for."""
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(_subject(wanted.peer))
        .add_extension(x509.SubjectAlternativeName(_names(wanted)), critical=False)
        .sign(key, hashes.SHA256())
    )
    return request.public_bytes(Encoding.DER)


def read_request(der: bytes) -> Wanted:
    """What a request asks for.

    Raises:
        CertificateError: no request, another curve, not signed by its own key, or it names no process of ours.
    """
    try:
        request = x509.load_der_x509_csr(der)
        key, peer = request.public_key(), peer_from_request(request)
        signed = request.is_signature_valid
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, UnknownPeer) as error:
        raise CertificateError(_("de aanvraag voor een certificaat is niet te lezen")) from error
    if (
        not signed
        or not isinstance(key, ec.EllipticCurvePublicKey)
        or not isinstance(key.curve, ec.SECP256R1)
    ):
        raise CertificateError(_("de aanvraag voor een certificaat is niet met haar eigen sleutel getekend"))
    hosts = (*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress)))
    return Wanted(peer, key, hosts)


def self_signed(name: str, key: ec.EllipticCurvePrivateKey, span: Span) -> x509.Certificate:
    """The certificate of a new authority, which issues to processes only and to no further authority."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        _begun(subject, subject, key.public_key(), key.public_key(), span)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def issue(wanted: Wanted, issuer: Issuer, span: Span) -> x509.Certificate:
    """A certificate for a process, as server and as client."""
    return (
        _begun(_subject(wanted.peer), issuer.certificate.subject, wanted.key, issuer.key.public_key(), span)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        .add_extension(x509.SubjectAlternativeName(_names(wanted)), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )


def require_certificate(
    certificate: x509.Certificate, wanted: Wanted, authorities: Iterable[x509.Certificate], moment: datetime
) -> None:
    """Returns only if this certificate is the one that was asked for.

    Raises:
        CertificateError: another key, another process or OIN, not valid at this moment, or issued by nobody we believe.
    """
    if _point(certificate.public_key()) != _point(wanted.key):
        raise CertificateError(_("het certificaat hoort niet bij de sleutel uit de aanmelding"))
    try:
        peer = peer_from_certificate(certificate.public_bytes(Encoding.DER))
    except UnknownPeer as error:
        raise CertificateError(_("het certificaat noemt geen proces van ons")) from error
    if peer != wanted.peer:
        raise CertificateError(_("het certificaat noemt een andere organisatie of een ander OIN"))
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        raise CertificateError(_("het certificaat geldt nu niet"))
    if not any(_issued(certificate, one) for one in authorities):
        raise CertificateError(_("het certificaat is niet van een uitgever die het register vertrouwt"))


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _point(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _subject(peer: Peer) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{peer.kind} {peer.organisation}"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, peer.oin),
        ]
    )


def _names(wanted: Wanted) -> list[x509.GeneralName]:
    own: list[x509.GeneralName] = [
        x509.UniformResourceIdentifier(peer_uri(wanted.peer.kind, wanted.peer.organisation))
    ]
    return own + [_host(one) for one in wanted.hosts]


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    span: Span,
) -> x509.CertificateBuilder:
    ours = x509.SubjectKeyIdentifier.from_public_key(issuer_key)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(span.serial)
        .not_valid_before(span.start)
        .not_valid_after(span.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ours), critical=False)
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

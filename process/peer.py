# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who is on the other side of a mutual TLS connection.

The certificate names the process in one URI subject alternative name, `urn:signaalregister:KIND:ORGANISATION`, and the
organisation's OIN in the subject's serialNumber (the Dutch convention for PKIoverheid machine certificates). The chain was
verified by OpenSSL before anything here runs; this module only reads.
"""

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

KINDS = frozenset({"node", "keyholder", "register", "signer"})
_PREFIX = "urn:signaalregister:"


class UnknownPeer(ValueError):
    """The certificate is valid but names no process of ours."""


@dataclass(frozen=True)
class Peer:
    """A verified process: its kind, its organisation (such as GM9001, HOUDER1, TMM) and the organisation's OIN."""

    kind: str
    organisation: str
    oin: str


def peer_uri(kind: str, organisation: str) -> str:
    """The name of a process as it stands in its certificate."""
    return f"{_PREFIX}{kind}:{organisation}"


def peer_from_certificate(der: bytes) -> Peer:
    """Read the peer from its certificate (DER).

    Raises:
        UnknownPeer: no, or more than one, name of ours, an unknown kind, or no OIN.
    """
    certificate = x509.load_der_x509_certificate(der)
    return _named(certificate.subject, certificate.extensions)


def peer_from_request(request: x509.CertificateSigningRequest) -> Peer:
    """Read the peer that a request for a certificate names, in the same form.

    Raises:
        UnknownPeer: as `peer_from_certificate`.
    """
    return _named(request.subject, request.extensions)


def _named(subject: x509.Name, extensions: x509.Extensions) -> Peer:
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise UnknownPeer("certificate without subject alternative name") from error
    ours = [
        uri for uri in names.get_values_for_type(x509.UniformResourceIdentifier) if uri.startswith(_PREFIX)
    ]
    serials = subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    if len(ours) != 1 or len(serials) != 1:
        raise UnknownPeer("certificate must carry one name and one OIN")
    kind, _, organisation = ours[0].removeprefix(_PREFIX).partition(":")
    if kind not in KINDS or not organisation:
        raise UnknownPeer("certificate names no known kind of process")
    return Peer(kind, organisation, str(serials[0].value))

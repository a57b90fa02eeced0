# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from process.peer import Peer, peer_from_certificate, peer_uri
from register.certificates import (
    CertificateError,
    Issuer,
    Span,
    Wanted,
    issue,
    read_request,
    request_for,
    require_certificate,
    self_signed,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = Span(NOW - timedelta(days=1), NOW + timedelta(days=365), 7)
PEER = Peer("node", "GM9005", "0" * 20)
KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
WANTED = Wanted(PEER, KEY.public_key(), ("node.example", "127.0.0.1"))


def issuer(name: str = "Proef") -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    return Issuer(self_signed(name, key, YEAR), key)


ISSUER = issuer()


def request_with(
    *names: x509.GeneralName, key: ec.EllipticCurvePrivateKey = KEY, oins: tuple[str, ...] = ("0" * 20,)
) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, oin) for oin in oins])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_request_says_what_was_wanted() -> None:
    assert read_request(request_for(WANTED, KEY)) == WANTED


def test_a_certificate_names_the_process_as_the_door_reads_it() -> None:
    certificate = issue(WANTED, ISSUER, YEAR)
    assert peer_from_certificate(certificate.public_bytes(Encoding.DER)) == PEER
    require_certificate(certificate, WANTED, [ISSUER.certificate], NOW)


def test_a_certificate_issues_no_further_certificates() -> None:
    certificate = issue(WANTED, ISSUER, YEAR)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    basic = ISSUER.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)


URI = x509.UniformResourceIdentifier(peer_uri("node", "GM9005"))
BROKEN_REQUESTS = {
    "not_a_request": b"nothing",
    "no_names": request_with(),
    "no_oin": request_with(URI, oins=()),
    "two_oins": request_with(URI, oins=("0" * 20, "1" * 20)),
    "two_names": request_with(URI, x509.UniformResourceIdentifier(peer_uri("node", "GM9006"))),
    "unknown_kind": request_with(x509.UniformResourceIdentifier(peer_uri("gast", "GM9005"))),
    "other_curve": request_with(URI, key=ec.generate_private_key(ec.SECP384R1())),
}


@pytest.mark.parametrize("name", BROKEN_REQUESTS)
def test_a_request_that_is_not_whole_is_refused(name: str) -> None:
    with pytest.raises(CertificateError):
        read_request(BROKEN_REQUESTS[name])


def test_a_request_that_its_key_did_not_sign_is_refused() -> None:
    der = bytearray(request_for(WANTED, KEY))
    # The last byte belongs to the signature.
    der[-1] ^= 1
    with pytest.raises(CertificateError):
        read_request(bytes(der))


UNFIT = {
    "sleutel": issue(Wanted(PEER, OTHER_KEY.public_key()), ISSUER, YEAR),
    "andere organisatie": issue(Wanted(Peer("node", "GM9006", "0" * 20), KEY.public_key()), ISSUER, YEAR),
    "ander OIN": issue(Wanted(Peer("node", "GM9005", "1" * 20), KEY.public_key()), ISSUER, YEAR),
    "geldt nu niet": issue(WANTED, ISSUER, Span(NOW - timedelta(days=9), NOW - timedelta(days=1), 7)),
    "uitgever": issue(WANTED, issuer(), YEAR),
}


@pytest.mark.parametrize("why", UNFIT)
def test_a_certificate_that_was_not_asked_for_is_refused(why: str) -> None:
    with pytest.raises(CertificateError, match=why):
        require_certificate(UNFIT[why], WANTED, [ISSUER.certificate], NOW)


def test_without_authorities_no_certificate_is_believed() -> None:
    with pytest.raises(CertificateError, match="uitgever"):
        require_certificate(issue(WANTED, ISSUER, YEAR), WANTED, [], NOW)


def test_a_certificate_that_names_no_process_is_refused() -> None:
    nameless = self_signed("Proef", KEY, YEAR)
    with pytest.raises(CertificateError, match="geen proces"):
        require_certificate(nameless, WANTED, [nameless], NOW)

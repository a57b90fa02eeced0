# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Taking in an organisation: from its aanmelding to a toelating.

In this order: the fingerprint that a person read out is that of the file; the file is whole and signed by its own key; the municipality exists on the first
day, is not enrolled yet, and its OIN is nobody else's; mandates and grounds are ones it can have; the certificate (issued here for a pilot, or brought from
PKIoverheid) is for that key and from an issuer whom this register's door believes. Only then are organisation, certificate, mandates and grounds recorded
with their log entry, and only when that is durable is there a toelating. Lost on its way, it can be made again from what is on record.

A renewal brings a new key. The former key signs for it; where that was lost or stolen the administrator says so, and every former certificate stops at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from audit.note import Signer
from policies.records import ground_texts
from process.language import gettext as _
from process.problem import FieldError
from register.central.administration import Administrator, Basis, Change
from register.central.mandates import read_grounds, require_admitted, require_new, said_of
from register.central.store import organisations as store
from register.certificates import CertificateError, Wanted, require_certificate
from register.enrolment import (
    Admission,
    EnrolmentRefusal,
    EnrolmentRequest,
    Network,
    SignedRequest,
    admission_file,
    parse_request,
    require_fingerprint,
    require_mandates,
    require_own_grounds,
)
from register.municipalities import PARTNERS, chain_host, municipality_problem, organisation_name

REQUEST_FILE = "aanmelding.json"

Certify = Callable[[Wanted], x509.Certificate]
"""Gives the certificate for what was asked: issues one, or has one ready."""


@dataclass(frozen=True)
class Office:
    """What makes a toelating: the network that it tells of, the signer of receipts, how a certificate is come by, and the moment of TLS (the real clock's)."""

    network: Network
    signer: Signer
    certify: Certify
    tls_moment: datetime


@dataclass(frozen=True)
class Read:
    """An aanmelding as it came, and the fingerprint that a person typed."""

    content: bytes
    fingerprint: str

    def checked(self) -> SignedRequest:
        """The aanmelding, if it is the one that the other side made.

        Raises:
            EnrolmentRefusal: another fingerprint, or an altered file.
        """
        require_fingerprint(self.fingerprint, self.content, REQUEST_FILE)
        return parse_request(self.content)


def add(  # noqa: PLR0913, PLR0917 - who, with what, for whom, on what
    admin: Administrator, office: Office, read: Read, start: date, ground_file: str | None, basis: Basis
) -> bytes:
    """Enrol an organisation; gives the bytes of its toelating.

    Args:
        admin: who records it.
        office: what the toelating is made of.
        read: the aanmelding.
        start: first day of taking part.
        ground_file: text in the form of grounds.yaml, or None.
        basis: the decision.

    Raises:
        EnrolmentRefusal: with every reason that is known.
    """
    signed = read.checked()
    request = signed.request
    grounds = () if ground_file is None else read_grounds(ground_file)
    _require_admissible(admin, request, start)
    require_mandates(request.organisation, request.mandates, admin.today)
    require_own_grounds(request.organisation, grounds)
    require_new(admin.centre.policy.register, grounds)
    require_admitted(admin.centre.policy.register, grounds)
    certificate = _certificate(office, signed.wanted)
    said = {
        "geldig_van": start.isoformat(),
        "mandaten": [said_of(one) for one in request.mandates],
        "grondslagen": [one.id for one in grounds],
        "certificaat": sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
    }
    with admin.recording("organisatie_toegevoegd", request.organisation, basis, said) as made:
        _store(admin, made, request, start, certificate)
        if ground_file is not None:
            store.add_grounds(made.work, made.permit, made.number, ground_texts(ground_file))
    return _admission(admin, office, signed, certificate)


def renew(admin: Administrator, office: Office, read: Read, basis: Basis, *, lost_key: bool) -> bytes:
    """Record a new certificate for a new key; gives the bytes of the toelating.

    Args:
        admin: who records it.
        office: what the toelating is made of.
        read: the aanmelding.
        basis: the decision.
        lost_key: the former key cannot sign, or others may have it; every former certificate stops at once.

    Raises:
        EnrolmentRefusal: not enrolled here, or not signed by the former key.
    """
    signed = read.checked()
    request = signed.request
    _require_renewal(admin, signed, lost_key=lost_key)
    certificate = _certificate(office, signed.wanted)
    said = {"certificaat": sha256(certificate.public_bytes(Encoding.DER)).hexdigest()}
    with admin.recording("certificaat_vernieuwd", request.organisation, basis, said) as made:
        if lost_key:
            store.end_former_certificates(
                made.work, made.permit, made.number, request.organisation, admin.today
            )
        store.add_certificate(made.work, made.permit, made.number, request.organisation, _row_of(certificate))
    return _admission(admin, office, signed, certificate)


def again(admin: Administrator, office: Office, content: bytes) -> bytes:
    """The toelating to an aanmelding that was taken in before, made again from what is on record.

    Raises:
        EnrolmentRefusal: it was not taken in, or another came after it.
    """
    signed = parse_request(content)
    with admin.centre.database.public() as connection:
        der = store.newest_certificate(connection, signed.request.organisation)
    certificate = None if der is None else x509.load_der_x509_certificate(der)
    if certificate is None or certificate.public_key() != signed.wanted.key:
        raise EnrolmentRefusal(
            _("Deze aanmelding is hier niet ingeschreven, of er kwam een nieuwere na."),
            _("Schrijf haar in met 'register organisation add' of 'register organisation renew'."),
        )
    return _admission(admin, office, signed, certificate)


def _require_admissible(admin: Administrator, request: EnrolmentRequest, start: date) -> None:
    code = request.organisation
    wrong: list[FieldError] = []
    if request.replaces is not None:
        wrong.append(FieldError("vervangt", _("Dit is een aanmelding om een certificaat te vernieuwen.")))
    if start < admin.today:
        wrong.append(FieldError("--from", _("De eerste dag ligt in het verleden.")))
    problem = (
        None
        if code in PARTNERS or chain_host(code)
        else municipality_problem(code, admin.municipalities, profile=admin.profile, on=start)
    )
    if problem:
        wrong.append(FieldError("organisatie", problem))
    if code in admin.centre.policy.register.organisations:
        wrong.append(FieldError("organisatie", _("{code} is al ingeschreven.").format(code=code)))
    with admin.centre.database.public() as connection:
        other = store.with_oin(connection, request.oin)
    if other not in {None, code}:
        wrong.append(FieldError("oin", _("Dit OIN staat al bij {organisatie}.").format(organisatie=other)))
    if wrong:
        raise EnrolmentRefusal(
            _("Deze organisatie kan zo niet worden ingeschreven."),
            _(
                "Verbeter wat hierboven staat. Is de toelating kwijtgeraakt, gebruik 'register organisation admission'."
            ),
            tuple(wrong),
        )


def _require_renewal(admin: Administrator, signed: SignedRequest, *, lost_key: bool) -> None:
    request = signed.request
    with admin.centre.database.public() as connection:
        row = store.one(connection, request.organisation)
        der = store.newest_certificate(connection, request.organisation)
    if row is None or der is None or row.oin != request.oin:
        raise EnrolmentRefusal(
            _("Er is geen inschrijving van {organisatie} met dit OIN om te vernieuwen.").format(
                organisatie=request.organisation
            ),
            _("Kijk met 'register organisation show' wat er staat."),
        )
    if request.mandates:
        raise EnrolmentRefusal(
            _("Een vernieuwing brengt geen mandaten mee."),
            _("Leg mandaten vast met 'register mandate add'."),
        )
    if lost_key:
        return
    former = x509.load_der_x509_certificate(der).public_key()
    signs = isinstance(former, ec.EllipticCurvePublicKey) and signed.signed_by(former)
    if request.replaces != sha256(der).digest() or not signs:
        raise EnrolmentRefusal(
            _("Deze vernieuwing is niet ondertekend met de sleutel van het certificaat dat er nu staat."),
            _(
                "Laat haar maken op de machine van de node. Is die sleutel weg of gestolen, gebruik dan --lost-key."
            ),
        )


def _certificate(office: Office, wanted: Wanted) -> x509.Certificate:
    certificate = office.certify(wanted)
    try:
        authorities = x509.load_pem_x509_certificates(office.network.authorities.encode())
        require_certificate(certificate, wanted, authorities, office.tls_moment)
    except (CertificateError, ValueError) as error:
        raise EnrolmentRefusal(
            _("Het certificaat kan niet: {reden}.").format(reden=error),
            _(
                "Gebruik het certificaat dat op deze aanmelding is afgegeven, van een uitgever uit tls_authorities."
            ),
        ) from error
    return certificate


def _row_of(certificate: x509.Certificate) -> store.Certificate:
    der = certificate.public_bytes(Encoding.DER)
    return store.Certificate(sha256(der).digest(), der, certificate.not_valid_after_utc)


def _store(
    admin: Administrator,
    made: Change,
    request: EnrolmentRequest,
    start: date,
    certificate: x509.Certificate,
) -> None:
    row = {
        "code": request.organisation,
        "name": organisation_name(request.organisation, admin.municipalities),
        "oin": request.oin,
        "fg_contact": request.fg_contact,
        "contact": request.contact,
        "address": request.address,
        "valid_from": start,
    }
    store.add_organisation(made.work, made.permit, made.number, row)
    store.add_certificate(made.work, made.permit, made.number, request.organisation, _row_of(certificate))
    mandates = [(admin.centre.uuid(), one) for one in request.mandates]
    store.add_mandates(made.work, made.permit, made.number, mandates)


def _admission(
    admin: Administrator, office: Office, signed: SignedRequest, certificate: x509.Certificate
) -> bytes:
    admission = Admission(
        signed.request.organisation,
        signed.digest,
        certificate.public_bytes(Encoding.PEM).decode(),
        office.network,
        admin.moment,
    )
    return admission_file(admission, office.signer)

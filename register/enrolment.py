# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The two files with which an organisation is enrolled, their fingerprints, and what is checked of them.

An *aanmelding* goes from the node to the register, a *toelating* comes back. They travel as anything travels between two administrations, e-mail included,
so neither is believed for where it came from:

1. Both are canonical JSON (RFC 8785 on the subset of `audit.canonical`): one file, one sequence of bytes, one fingerprint.
2. The fingerprint is the first 160 bits of the file's SHA-256, in eight groups of four signs of Crockford's Base32. The two people who know each other
   compare it over the telephone. It takes 2^160 work to make another file with the fingerprint of one that exists.
3. An aanmelding is signed by the key that it asks a certificate for (ECDSA P-256, SHA-256), so nobody takes another's request and changes who it is for.
   One that replaces a certificate is also signed by the key of the former.
4. A toelating is a C2SP note, signed with the key of the register's receipts; the fingerprint of the aanmelding stands in it, so it is an answer to that
   one and no other.

Nothing in either is secret: private keys never leave the machine on which they were made. Left to others: reading and writing the files, making keys, and
deciding (register.central.enrolling, register.municipal.enrolling).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from audit.canonical import (
    JSON,
    EncodingError,
    base64_bytes,
    base64_text,
    canonical_json,
    parse_canonical_json,
)
from audit.note import NoteError, Signer, Verifier, open_note, parse, sign_note
from policies.decision import Mandate
from policies.grounds import Ground
from process.language import gettext as _
from process.peer import Peer
from process.problem import FieldError, Refusal
from register.certificates import Wanted, read_request
from register.municipalities import chain_host

REQUEST_FORMAT: Final = "signaalregister/aanmelding/v3"
ADMISSION_FORMAT: Final = "signaalregister/toelating/v1"
RECOVERY_KEY_SIZE: Final = 32
MOST_MANDATES: Final = 500
LONGEST_TEXT: Final = 200

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_GROUPS, _GROUP = 8, 4
_OIN: Final = re.compile(r"[0-9]{20}", re.ASCII)
_OFFICER: Final = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,15}", re.ASCII)
_MUNICIPALITY: Final = re.compile(r"GM[0-9]{4}", re.ASCII)

_OF_A_MUNICIPALITY: Final = frozenset(
    {
        "toezichthouder",
        "aandachtsfunctionaris",
        "zorgcoordinator",
        "ambassadeur",
        "contactpunt",
        "fg",
        "functioneel_beheerder",
    }
)
_OF_A_HOST: Final = frozenset({"ketenregisseur", "fg", "functioneel_beheerder"})
_OF_ANOTHER: Final[Mapping[str, frozenset[str]]] = {
    "TMM": frozenset({"tmm_analist", "tmm_coordinator", "fg", "functioneel_beheerder"}),
    "NLA": frozenset({"nla", "fg", "functioneel_beheerder"}),
    "KMAR": frozenset({"kmar", "fg", "functioneel_beheerder"}),
    "COMENSHA": frozenset({"comensha_registrar", "fg", "functioneel_beheerder"}),
    "AP": frozenset({"auditor_ap"}),
    "NRM": frozenset({"nrm_onderzoeker"}),
    "REGISTER": frozenset({"register_beheerder", "fg"}),
}

Sign = Callable[[bytes], bytes]
"""Signs bytes with a key that the caller keeps: ECDSA P-256, SHA-256, DER."""


class EnrolmentRefusal(Refusal):
    """A file or wish that cannot be taken; for the two administrators, on a terminal."""

    def __init__(self, detail: str, way_forward: str, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(
            400,
            "inschrijving-geweigerd",
            _("Dit is niet ingeschreven."),
            detail,
            way_forward=way_forward,
            fields=fields,
        )


@dataclass(frozen=True)
class EnrolmentRequest:
    """What an organisation asks for.

    Attributes:
        organisation: its code.
        oin: twenty digits.
        csr: request for a certificate (PKCS #10, DER).
        recovery_key: the public recovery key of the organisation (X25519, 32 bytes).
        fg_contact: how its FG is reached.
        contact: how its aandachtsfunctionaris is reached, day and night: what a noodopening tells another organisation.
        address: https address of the node; None if only its own people reach it.
        mandates: which roles it gives to whom, by pseudonymous number.
        made_at: when, UTC, whole seconds.
        replaces: SHA-256 of the certificate (DER) that this one replaces; None the first time.
    """

    organisation: str
    oin: str
    csr: bytes
    recovery_key: bytes
    fg_contact: str
    contact: str
    address: str | None
    mandates: tuple[Mandate, ...]
    made_at: datetime
    replaces: bytes | None = None


@dataclass(frozen=True)
class Network:
    """What every node of a register must be told, and believes because a person compared a fingerprint.

    Attributes:
        profile: of the register.
        register_url: address of the register for nodes.
        receipt_vkey: C2SP key of its receipts.
        log_vkey: C2SP key of its log.
        keyholder_urls: addresses of the key holders, holder 1 first.
        keyset: the public keyset file, its bytes.
        holder_vkeys: C2SP keys of the receipts of the key holders, holder 1 first.
        canaries: version of the specification -> what `node canary` gives for this keyset; may be empty.
        authorities: certificates (PEM) of the issuers that the register believes.
    """

    profile: str
    register_url: str
    receipt_vkey: str
    log_vkey: str
    keyholder_urls: tuple[str, ...]
    keyset: bytes
    holder_vkeys: tuple[str, ...]
    authorities: str
    canaries: Mapping[str, str] = field(default_factory=dict)

    @property
    def keyset_fingerprint(self) -> str:
        """SHA-256 of the keyset file, hexadecimal, as everyone pins it."""
        return sha256(self.keyset).hexdigest()


@dataclass(frozen=True)
class Admission:
    """The register's answer: the certificate, and the network it is for.

    Attributes:
        organisation: its code.
        request: SHA-256 of the aanmelding that it answers.
        certificate: PEM.
        network: see there.
        made_at: when, UTC, whole seconds.
    """

    organisation: str
    request: bytes
    certificate: str
    network: Network
    made_at: datetime


def fingerprint(content: bytes) -> str:
    """The fingerprint of a file, for people: eight groups of four signs, without I, L, O and U."""
    number = int.from_bytes(sha256(content).digest()[: _GROUPS * _GROUP * 5 // 8], "big")
    signs = [_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_GROUPS * _GROUP))]
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, len(signs), _GROUP))


def same_fingerprint(told: str, content: bytes) -> bool:
    """True if what somebody typed is the fingerprint of this file; spaces, dashes and small letters do not matter, and O is 0, I and L are 1."""
    return _read(told) == _read(fingerprint(content))


def _read(text: str) -> str:
    return "".join(text.upper().replace("-", "").split()).translate(_READ_AS)


def require_fingerprint(told: str, content: bytes, file: str) -> None:
    """Returns only if the fingerprint is that of the file.

    Raises:
        EnrolmentRefusal: it is not. The words are the same whatever was typed, and do not show the right one: it must come from the other person.
    """
    if not same_fingerprint(told, content):
        raise EnrolmentRefusal(
            _("De vingerafdruk is niet die van {bestand}.").format(bestand=file),
            _(
                "Bel de ander op een nummer dat u al kende. Laat de acht groepen voorlezen die op zijn scherm kwamen toen het bestand werd gemaakt. Klopt het weer niet, gebruik het bestand dan niet en laat het opnieuw sturen."
            ),
        )


def roles_of(organisation: str) -> frozenset[str]:
    """The roles that this kind of organisation can give to its people."""
    if _MUNICIPALITY.fullmatch(organisation):
        return _OF_A_MUNICIPALITY
    if chain_host(organisation):
        return _OF_A_HOST
    return _OF_ANOTHER.get(organisation, frozenset())


def require_mandates(organisation: str, mandates: Sequence[Mandate], on: date) -> None:
    """Returns only if this organisation can give these mandates on this day.

    Raises:
        EnrolmentRefusal: a role that it cannot have, a number that is none, an end before its beginning, nobody trained and screened by now, or the same twice.
    """
    wrong = [
        FieldError(f"{one.role} {one.officer}", why[1])
        for one in mandates
        if (why := mandate_problem(organisation, one, on))
    ]
    if len({(one.officer, one.role) for one in mandates}) != len(mandates):
        wrong.append(FieldError("mandaten", _("Elke medewerker staat er per rol één keer.")))
    if len(mandates) > MOST_MANDATES:
        wrong.append(
            FieldError("mandaten", _("Niet meer dan {aantal} tegelijk.").format(aantal=MOST_MANDATES))
        )
    if wrong:
        raise EnrolmentRefusal(
            _("Een of meer mandaten kunnen zo niet."),
            _("Verbeter de genoemde mandaten en probeer het opnieuw."),
            tuple(wrong),
        )


def mandate_problem(organisation: str, mandate: Mandate, on: date) -> tuple[str, str] | None:
    """Why this organisation cannot give this mandate on this day: the member that is wrong, and the reason in Dutch; None if it can."""
    if mandate.organisation != organisation:
        return "organisatie", _("Dit mandaat is van een andere organisatie.")
    if mandate.role not in roles_of(organisation):
        return "rol", _("Deze organisatie kan deze rol niet geven. Kies uit: {rollen}.").format(
            rollen=", ".join(sorted(roles_of(organisation)))
        )
    if _OFFICER.fullmatch(mandate.officer) is None:
        return "medewerker", _(
            "Het nummer van een medewerker is 8 tot 64 letters, cijfers of streepjes, en nooit een naam."
        )
    if mandate.valid_to < mandate.valid_from:
        return "geldigTot", _("Dit mandaat eindigt voordat het begint.")
    why = _fitness_problem(mandate, on)
    return None if why is None else ("opgeleidOp", why)


def _fitness_problem(mandate: Mandate, on: date) -> str | None:
    if mandate.trained_on is None or mandate.screened_on is None:
        return _(
            "Noem de dag van de opleiding en de dag van de screening. Zonder allebei geldt een mandaat niet."
        )
    if max(mandate.trained_on, mandate.screened_on) > on:
        return _("Opleiding en screening liggen niet in de toekomst: wacht tot beide zijn afgerond.")
    return None


def require_own_grounds(organisation: str, grounds: Sequence[Ground]) -> None:
    """Returns only if these grounds are of this organisation alone, and advised on.

    Raises:
        EnrolmentRefusal: a ground of others, one without advice of the FG, or one with an objection that nobody answered.
    """
    wrong = [
        FieldError(one.id, why)
        for one in grounds
        if (why := _own_ground_problem(organisation, one) or ground_problem(one))
    ]
    if wrong:
        raise EnrolmentRefusal(
            _("Een of meer grondslagen kunnen zo niet worden vastgelegd."),
            _("Verbeter het bestand met grondslagen en probeer het opnieuw."),
            tuple(wrong),
        )


def _own_ground_problem(organisation: str, ground: Ground) -> str | None:
    if ground.organisation != organisation or ground.parties:
        return _("Deze grondslag is niet van {organisatie} alleen.").format(organisatie=organisation)
    return None


def ground_problem(ground: Ground) -> str | None:
    """Why this ground cannot be recorded, in Dutch: records are never changed, so an objection is answered first."""
    if ground.fg_advice is None:
        return _("Het advies van de FG ontbreekt.")
    if ground.fg_advice.objection and ground.fg_advice.answered_on is None:
        return _("Het bezwaar van de FG is nog niet schriftelijk beantwoord.")
    return None


def request_file(request: EnrolmentRequest, sign: Sign, sign_with_former: Sign | None = None) -> bytes:
    """The bytes of an aanmelding.

    Args:
        request: what it says.
        sign: signs with the key of its CSR.
        sign_with_former: signs with the key of the certificate that it replaces, if there still is one.

    Raises:
        EnrolmentRefusal: something in it has not the form that the register takes.
    """
    _require_request(request)
    members = _request_members(request)
    signatures = {"handtekening": base64_text(sign(canonical_json(members)))}
    if sign_with_former is not None:
        signatures["handtekeningVorige"] = base64_text(sign_with_former(canonical_json(members)))
    return canonical_json({**members, **signatures})


@dataclass(frozen=True)
class SignedRequest:
    """An aanmelding that its own key signed, and what of it a former key may have signed too."""

    request: EnrolmentRequest
    wanted: Wanted
    content: bytes
    signed: bytes
    former_signature: bytes | None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file."""
        return sha256(self.content).digest()

    def signed_by(self, former: ec.EllipticCurvePublicKey) -> bool:
        """True if the key of the former certificate signed this too."""
        return self.former_signature is not None and _verifies(former, self.former_signature, self.signed)


def parse_request(content: bytes) -> SignedRequest:
    """Read an aanmelding.

    Raises:
        EnrolmentRefusal: altered, not written by this software, or not signed by the key that it asks a certificate for.
    """
    try:
        members = _members(content, REQUEST_FORMAT)
        signature = base64_bytes(members.pop("handtekening"))
        former = members.pop("handtekeningVorige", None)
        request = _request_from(members)
        _require_request(request)
        wanted = read_request(request.csr)
        former_signature = None if former is None else base64_bytes(former)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _altered(_("aanmelding")) from error
    signed = canonical_json(_request_members(request))
    if wanted.peer != Peer("node", request.organisation, request.oin) or not _verifies(
        wanted.key, signature, signed
    ):
        raise _altered(_("aanmelding"))
    if canonical_json(members) != signed:
        raise _altered(_("aanmelding"))
    return SignedRequest(request, wanted, content, signed, former_signature)


def admission_file(admission: Admission, signer: Signer) -> bytes:
    """The bytes of a toelating, signed with the key of the register's receipts."""
    text = canonical_json(_admission_members(admission)).decode() + "\n"
    return canonical_json({"formaat": ADMISSION_FORMAT, "verklaring": sign_note(text, [signer])})


def parse_admission(content: bytes) -> Admission:
    """Read a toelating: signed by the very key that it names. Whose key that is, the fingerprint says.

    Raises:
        EnrolmentRefusal: altered, not written by this software, or not signed.
    """
    try:
        outer = _members(content, ADMISSION_FORMAT)
        text = parse(outer["verklaring"]).text
        admission = _admission_from(_members(text.removesuffix("\n").encode(), ADMISSION_FORMAT))
        open_note(outer["verklaring"], [Verifier.from_vkey(admission.network.receipt_vkey)])
    except (KeyError, TypeError, AttributeError, ValueError, NoteError) as error:
        raise _altered(_("toelating")) from error
    if _CODE.fullmatch(admission.organisation) is None:
        raise _altered(_("toelating"))
    if set(outer) != {"formaat", "verklaring"} or canonical_json(_admission_members(admission)).decode() != (
        text.removesuffix("\n")
    ):
        raise _altered(_("toelating"))
    return admission


def host_of(address: str) -> str:
    """The host name of an https address.

    Raises:
        EnrolmentRefusal: another form.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise EnrolmentRefusal(
            _("Het adres van de node heeft niet de goede vorm."),
            _("Schrijf het als https://node.gemeente.nl."),
        )
    return parts.hostname


def _altered(file: str) -> EnrolmentRefusal:
    return EnrolmentRefusal(
        _("Deze {bestand} is veranderd, of niet door deze software geschreven.").format(bestand=file),
        _("Laat het bestand opnieuw sturen, precies zoals het is gemaakt."),
    )


def _members(content: bytes, form: str) -> dict[str, Any]:
    found = parse_canonical_json(content)
    if not isinstance(found, dict) or found.get("formaat") != form:
        raise EncodingError(form)
    return dict(found)


def _require_request(request: EnrolmentRequest) -> None:
    wrong = []
    if _CODE.fullmatch(request.organisation) is None:
        wrong.append(FieldError("organisatie", _("Een code is hoofdletters en cijfers, zoals GM9005.")))
    if _OIN.fullmatch(request.oin) is None:
        wrong.append(FieldError("oin", _("Een OIN is twintig cijfers.")))
    if not 3 <= len(request.fg_contact) <= LONGEST_TEXT or not request.fg_contact.isprintable():
        wrong.append(FieldError("fg-contact", _("Schrijf in één regel hoe de FG bereikt wordt.")))
    if not 3 <= len(request.contact) <= LONGEST_TEXT or not request.contact.isprintable():
        wrong.append(
            FieldError(
                "contact", _("Schrijf in één regel hoe de aandachtsfunctionaris dag en nacht bereikt wordt.")
            )
        )
    if len(request.recovery_key) != RECOVERY_KEY_SIZE:
        wrong.append(FieldError("herstelsleutel", _("Dit is geen herstelsleutel.")))
    if wrong:
        raise EnrolmentRefusal(
            _("De aanmelding is niet volledig."), _("Verbeter wat hierboven staat."), tuple(wrong)
        )
    if request.address is not None:
        host_of(request.address)
    require_mandates(request.organisation, request.mandates, request.made_at.date())


def _request_members(request: EnrolmentRequest) -> dict[str, JSON]:
    return {
        "formaat": REQUEST_FORMAT,
        "organisatie": request.organisation,
        "oin": request.oin,
        "certificaatverzoek": base64_text(request.csr),
        "herstelsleutel": base64_text(request.recovery_key),
        "fgContact": request.fg_contact,
        "contact": request.contact,
        "adres": request.address,
        "mandaten": [
            {
                "rol": one.role,
                "medewerker": one.officer,
                "van": one.valid_from.isoformat(),
                "tot": one.valid_to.isoformat(),
                "opgeleid": None if one.trained_on is None else one.trained_on.isoformat(),
                "gescreend": None if one.screened_on is None else one.screened_on.isoformat(),
            }
            for one in request.mandates
        ],
        "gemaakt": _moment(request.made_at),
        "vervangt": None if request.replaces is None else request.replaces.hex(),
    }


def _request_from(members: Mapping[str, Any]) -> EnrolmentRequest:
    organisation = str(members["organisatie"])
    return EnrolmentRequest(
        organisation=organisation,
        oin=str(members["oin"]),
        csr=base64_bytes(members["certificaatverzoek"]),
        recovery_key=base64_bytes(members["herstelsleutel"]),
        fg_contact=str(members["fgContact"]),
        contact=str(members["contact"]),
        address=None if members["adres"] is None else str(members["adres"]),
        mandates=tuple(
            Mandate(
                str(one["rol"]),
                organisation,
                str(one["medewerker"]),
                date.fromisoformat(one["van"]),
                date.fromisoformat(one["tot"]),
                date.fromisoformat(one["opgeleid"]),
                date.fromisoformat(one["gescreend"]),
            )
            for one in members["mandaten"]
        ),
        made_at=datetime.fromisoformat(members["gemaakt"]),
        replaces=None if members["vervangt"] is None else bytes.fromhex(members["vervangt"]),
    )


def _admission_members(admission: Admission) -> dict[str, JSON]:
    network = admission.network
    return {
        "formaat": ADMISSION_FORMAT,
        "organisatie": admission.organisation,
        "aanmelding": admission.request.hex(),
        "certificaat": admission.certificate,
        "profiel": network.profile,
        "register": network.register_url,
        "ontvangstsleutel": network.receipt_vkey,
        "logsleutel": network.log_vkey,
        "sleutelhouders": list(network.keyholder_urls),
        "sleutelset": base64_text(network.keyset),
        "kwitantiesleutels": list(network.holder_vkeys),
        "kanaries": dict(network.canaries),
        "uitgevers": network.authorities,
        "gemaakt": _moment(admission.made_at),
    }


def _admission_from(members: Mapping[str, Any]) -> Admission:
    return Admission(
        organisation=str(members["organisatie"]),
        request=bytes.fromhex(members["aanmelding"]),
        certificate=str(members["certificaat"]),
        network=Network(
            profile=str(members["profiel"]),
            register_url=str(members["register"]),
            receipt_vkey=str(members["ontvangstsleutel"]),
            log_vkey=str(members["logsleutel"]),
            keyholder_urls=tuple(str(one) for one in members["sleutelhouders"]),
            keyset=base64_bytes(members["sleutelset"]),
            holder_vkeys=tuple(str(one) for one in members["kwitantiesleutels"]),
            canaries={str(name): str(pin) for name, pin in members["kanaries"].items()},
            authorities=str(members["uitgevers"]),
        ),
        made_at=datetime.fromisoformat(members["gemaakt"]),
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _verifies(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True

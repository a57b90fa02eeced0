# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An administrator of the register at work beside it, and a node that sends its aanmelding: the real code of both sides, on files."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from audit.note import Signer
from policies.decision import Mandate
from process.secret import Secret
from process.serving.clock import system_clock
from pseudonymisation.ceremony import deal, keyset_file
from register.central import enrolling
from register.central.administration import Administrator, Basis
from register.central.centre import Centre
from register.central.enrolling import Office, Read
from register.certificates import Issuer, Span, Wanted, issue, self_signed
from register.enrolment import Admission, Network, fingerprint, parse_admission
from register.municipal import enrolling as node
from register.municipal.enrolling import Wish
from register.municipalities import municipalities_from
from tests.receipts import VKEYS
from tests.register.central.world import OFFICERS

MUNICIPALITIES = municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8"))
BASIS = Basis("OEFENING-BESLUIT-1", "college van Oefenmeer (fictief)")
RECEIPTS = Signer("log.example/ontvangst", Secret(bytes(range(9, 41))))
LOG = Signer("log.example", Secret(bytes(range(3, 35))))
ROLES = ("toezichthouder", "aandachtsfunctionaris", "fg")
NEW = "GM9005"
OIN = "00000001234567890000"


def ground(holder: str = NEW, **changes: str) -> str:
    """A file with the ground G-GEM of an organisation, under the id that the small world asks with; lines can be put otherwise."""
    lines = {
        "id": f"OEF-GEM-{holder}",
        "code": "G-GEM",
        "article": "AVG 6 lid 1 onder e",
        "task": "Toezicht",
        "organisation": holder,
        "valid_from": "2026-01-01",
        "valid_to": "2030-12-31",
        "document": "OEFENING-GRONDSLAG",
        "decision": '{by: "college (fictief)", date: 2025-12-02}',
        "fg_advice": '{date: 2025-11-18, document: "OEFENING-ADVIES", objection: false}',
    } | changes
    text = [f"{name}: {value}" for name, value in lines.items() if value]
    return "grounds:\n  - " + "\n    ".join(text) + "\n"


def mandates(organisation: str = NEW, roles: tuple[str, ...] = ROLES) -> tuple[Mandate, ...]:
    return tuple(
        Mandate(
            role,
            organisation,
            OFFICERS[role],
            date(2026, 1, 1),
            date(2030, 12, 31),
            date(2025, 11, 3),
            date(2025, 10, 6),
        )
        for role in roles
    )


@dataclass
class PilotAuthority:
    """An issuer in memory."""

    issuer: Issuer = field(init=False)

    def __post_init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        now = system_clock()
        span = Span(now - timedelta(hours=1), now + timedelta(days=90), x509.random_serial_number())
        self.issuer = Issuer(self_signed("Proef", key, span), key)

    @property
    def pem(self) -> str:
        return self.issuer.certificate.public_bytes(Encoding.PEM).decode()

    def __call__(self, wanted: Wanted) -> x509.Certificate:
        now = system_clock()
        span = Span(now - timedelta(minutes=5), now + timedelta(days=30), x509.random_serial_number())
        return issue(wanted, self.issuer, span)


def keyset() -> bytes:
    dealt = deal(profile="oefening", name="oefening", threshold=2, holders=3, randomness=os.urandom)
    return keyset_file(dealt.keyset)


def network(authority: PilotAuthority, **changes: object) -> Network:
    return replace(
        Network(
            profile="oefening",
            register_url="https://register.example:8443",
            receipt_vkey=RECEIPTS.verifier.vkey,
            log_vkey=LOG.verifier.vkey,
            keyholder_urls=("https://een.example", "https://twee.example", "https://drie.example"),
            keyset=keyset(),
            holder_vkeys=VKEYS,
            authorities=authority.pem,
        ),
        **changes,  # type: ignore[arg-type]
    )


def office(authority: PilotAuthority, certify: Callable[[Wanted], x509.Certificate] | None = None) -> Office:
    return Office(network(authority), RECEIPTS, certify or authority, system_clock())


def administrator(
    centre: Centre, officer: str = "oefening-beheerder", *, mending: bool = False
) -> Administrator:
    """The administrator of the exercise, as of now."""
    return Administrator(centre.frozen(mending=mending), officer, centre.clock(), "oefening", MUNICIPALITIES)


@dataclass
class Sender:
    """A node's administrator, with a folder for its tenants and a drawer that stands for a safe."""

    tenants: Path
    safe: Path

    def wish(self, organisation: str = NEW, **changes: object) -> Wish:
        wish = Wish(
            organisation, OIN, "fg@oefenmeer.example", "piket, 091 000 00 05", None, mandates(organisation)
        )
        return replace(wish, **changes)  # type: ignore[arg-type]

    def request(self, organisation: str = NEW, **changes: object) -> Path:
        wish = self.wish(organisation, **changes)
        return node.request(
            wish, self.tenants, self.safe / organisation, moment=system_clock(), randomness=os.urandom
        ).path

    def read(self, organisation: str = NEW, **changes: object) -> Read:
        """The aanmelding as it reaches the register, with the fingerprint that was read out."""
        content = self.request(organisation, **changes).read_bytes()
        return Read(content, fingerprint(content))

    def renewed(self, organisation: str = NEW, *, lost_key: bool = False) -> Read:
        path = node.renew(organisation, self.tenants, moment=system_clock(), lost_key=lost_key).path
        content = path.read_bytes()
        return Read(content, fingerprint(content))

    def complete(self, content: bytes, settings: Path, *, told: str | None = None) -> node.Completed:
        path = self.safe / "toelating.json"
        path.write_bytes(content)
        return node.complete(
            path, told or fingerprint(content), self.tenants, settings, moment=system_clock()
        )


def enrolled(
    admin: Administrator, at: Office, read: Read, start: date, text: str | None = None
) -> tuple[bytes, Admission]:
    """Enrol; gives the toelating as file and as read."""
    content = enrolling.add(admin, at, read, start, ground() if text is None else text, BASIS)
    return content, parse_admission(content)


def der(admission: Admission) -> bytes:
    """The certificate of a toelating, as a node shows it at the door."""
    return x509.load_pem_x509_certificate(admission.certificate.encode()).public_bytes(Encoding.DER)


def soon(moment: datetime, **span: float) -> date:
    return (moment + timedelta(**span)).date()

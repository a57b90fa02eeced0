# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The key to which others may seal for an organisation: what the organisation says of it, and when a sender believes that (docs/spec/sealed-release.md).

1. A key is an X25519 public key of HPKE, made at the recipient's own node. A *verklaring* (a C2SP note) says whose it is, which version, and from and until when; it is signed
   with the organisation's signing key, whose public half stands in it. The register keeps it, logs it and passes it on; it signs nothing of it.
2. What makes a sender believe it is a **pin**: somebody there typed the fingerprint of the signing key, as the other organisation read it out over the telephone.
3. With a pin everything else is refused and named: another signing key, a lower version than was seen, another text under a version that was seen, a day outside its term, a
   key that was withdrawn. So a register that swaps a key, keeps an old one alive or shows two nodes different ones is found out by the first sender, before anything is sealed.
4. Withdrawing is a next version without a key.

Pure. Left to others: keeping pins and verklaringen, and who may set them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, Self

from audit.canonical import EncodingError, base64_bytes, base64_text
from audit.note import NoteError, Signer, Verifier, open_note, parse, sign_note
from process.language import gettext as _
from process.problem import Refusal
from pseudonymisation.pseudonym import length_prefixed

FORMAT: Final = "signaalregister/ontvangstsleutel/v1"
KEY_SIZE: Final = 32
LONGEST: Final = timedelta(days=400)
"""A verklaring holds no longer: a key that nobody renews ends by itself."""
_NONE: Final = "-"
_NAME: Final = re.compile(r"(GM[0-9]{4}|[A-Z][A-Z0-9-]{1,15})/ontvangst", re.ASCII)

PURPOSES_OF: Final[Mapping[str, str]] = {
    "aandachtsfunctionaris": "signalering",
    "zorgcoordinator": "hulpverlening",
    "tmm_coordinator": "opsporing_handoff",
    "nla": "opsporing_handoff",
    "kmar": "opsporing_handoff",
}
"""Role that may be named as recipient -> the purpose for which it opens what it gets: the narrative cells of the matrix that name a re-wrapped narrative (C14)."""

NARRATIVE: Final = "verhaal"
KINDS: Final = frozenset(
    {
        NARRATIVE,
        *("bsn", "v_nummer", "document", "name_dob", "phone", "email", "social_handle", "ad_id_or_url"),
        *("work_alias", "plate", "bag_address", "iban", "kvk"),
    }
)
"""What a sealed release can hold, as it stands in the log: the narrative, and kinds of attributes."""


class Fault(StrEnum):
    """Why a key is not believed."""

    UNPINNED = "niet-vastgelegd"
    UNREADABLE = "onleesbaar"
    OTHER_SIGNER = "andere-ondertekenaar"
    OTHER_ORGANISATION = "andere-organisatie"
    ROLLED_BACK = "teruggedraaid"
    REPLACED = "verwisseld"
    WITHDRAWN = "ingetrokken"
    NOT_YET = "nog-niet"
    EXPIRED = "verlopen"


class KeyFault(ValueError):
    """A key to which nothing may be sealed; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class KeyStatement:
    """What an organisation says of its key.

    Attributes:
        organisation: whose.
        version: from 1, one higher each time.
        key: X25519, 32 bytes; None when it was withdrawn.
        valid_from: first day.
        valid_until: first day on which it holds no more.
        signer: C2SP key (vkey) of the organisation's signing key, named `ORGANISATION/ontvangst`.
    """

    organisation: str
    version: int
    key: bytes | None
    valid_from: date
    valid_until: date
    signer: str

    @property
    def text(self) -> str:
        """The text that is signed: seven lines."""
        lines = (
            FORMAT,
            self.organisation,
            str(self.version),
            _NONE if self.key is None else base64_text(self.key),
            self.valid_from.isoformat(),
            self.valid_until.isoformat(),
            self.signer,
        )
        return "".join(f"{one}\n" for one in lines)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the text."""
        return sha256(self.text.encode()).digest()

    @property
    def key_id(self) -> str | None:
        """Names the key: 32 hexadecimal digits; None when it was withdrawn."""
        return None if self.key is None else key_id(self.key)

    @classmethod
    def read(cls, note: str) -> Self:
        """A verklaring that its own signing key signed.

        Raises:
            KeyFault: it has not the one form, or the signature fails.
        """
        try:
            said = cls._parts(parse(note).text)
            text = open_note(note, [said.verifier])
        except (NoteError, EncodingError, ValueError):
            raise KeyFault(Fault.UNREADABLE) from None
        if text != said.text or not said.well_formed:
            raise KeyFault(Fault.UNREADABLE)
        return said

    @classmethod
    def _parts(cls, text: str) -> Self:
        """The seven lines, unverified.

        Raises:
            ValueError: they are not.
        """
        form, organisation, version, key, start, end, signer, last = text.split("\n")
        if form != FORMAT or last:
            raise ValueError("another format")
        return cls(
            organisation,
            int(version),
            None if key == _NONE else base64_bytes(key, size=KEY_SIZE),
            date.fromisoformat(start),
            date.fromisoformat(end),
            signer,
        )

    @property
    def verifier(self) -> Verifier:
        """The key that must have signed.

        Raises:
            NoteError: it is none, or bears another organisation's name.
        """
        found = Verifier.from_vkey(self.signer)
        if found.name != signer_name(self.organisation) or _NAME.fullmatch(found.name) is None:
            raise NoteError(_("de sleutel draagt de naam van een andere organisatie"))
        return found

    @property
    def well_formed(self) -> bool:
        """Whether version and term can be."""
        return self.version >= 1 and timedelta(0) < self.valid_until - self.valid_from <= LONGEST


@dataclass(frozen=True)
class Pin:
    """What a sender knows of an organisation by itself.

    Attributes:
        organisation: whose.
        signer: its signing key (vkey), whose fingerprint somebody typed here.
        version: the highest that was seen; 0 as long as none was.
        digest: of the verklaring of that version.
    """

    organisation: str
    signer: str
    version: int = 0
    digest: bytes = b""


def signer_name(organisation: str) -> str:
    """The name of an organisation's signing key."""
    return f"{organisation}/ontvangst"


def key_id(key: bytes) -> str:
    """Names a public key; the first sixteen bytes of a digest of it."""
    return sha256(length_prefixed(FORMAT.encode(), key)).hexdigest()[:32]


def signed(statement: KeyStatement, signer: Signer) -> str:
    """The verklaring as a note.

    Raises:
        KeyFault: it would not be read: another signer, or a term that cannot be.
    """
    if statement.signer != signer.verifier.vkey:
        raise KeyFault(Fault.OTHER_SIGNER)
    note = sign_note(statement.text, [signer])
    KeyStatement.read(note)
    return note


def believed(note: str, pin: Pin | None, organisation: str, today: date) -> KeyStatement:
    """The verklaring in a note, if something may be sealed to its key today.

    Args:
        note: as the register gave it.
        pin: of this organisation; None if nobody set one.
        organisation: for whom somebody wants to seal.
        today: the day of the question.

    Raises:
        KeyFault: with the first reason; checked in the order of this function.
    """
    if pin is None or pin.organisation != organisation:
        raise KeyFault(Fault.UNPINNED)
    said = KeyStatement.read(note)
    if said.organisation != organisation:
        raise KeyFault(Fault.OTHER_ORGANISATION)
    if said.signer != pin.signer:
        raise KeyFault(Fault.OTHER_SIGNER)
    if said.version < pin.version:
        raise KeyFault(Fault.ROLLED_BACK)
    if said.version == pin.version and said.digest != pin.digest:
        raise KeyFault(Fault.REPLACED)
    if said.key is None:
        raise KeyFault(Fault.WITHDRAWN)
    if today < said.valid_from:
        raise KeyFault(Fault.NOT_YET)
    if today >= said.valid_until:
        raise KeyFault(Fault.EXPIRED)
    return said


def next_pin(pin: Pin, said: KeyStatement) -> Pin:
    """The pin after this verklaring was believed."""
    return Pin(pin.organisation, pin.signer, said.version, said.digest)


def pinned(before: Pin | None, said: KeyStatement) -> Pin:
    """The pin after somebody typed the fingerprint of the signing key of this verklaring.

    Typing it again takes no knowledge away: of the same signing key, what was believed before stays, or an old key would come back by asking for one more call.
    """
    if before is not None and before.signer == said.signer and before.version >= said.version:
        return before
    return Pin(said.organisation, said.signer, said.version, said.digest)


def refusal(fault: Fault, organisation: str) -> Refusal:
    """Why nothing is sealed for this organisation, and what to do."""
    sentence, way = _WORDS[fault]
    return Refusal(
        409,
        "ontvangstsleutel-geweigerd",
        _("Er is niets verzegeld voor {organisatie}.").format(organisatie=organisation),
        _(sentence),
        way_forward=_(way),
        rule="C14",
    )


_CALL: Final = _(
    "Bel de ontvanger op een nummer dat u al kende en laat de vingerafdruk voorlezen. Meld het bij uw FG: iemand kan hebben willen meelezen."
)
_WORDS: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.UNPINNED: (
        _("De vingerafdruk van de sleutel van deze ontvanger is hier nog niet vastgelegd."),
        _(
            "Vraag uw functioneel beheerder om de ontvanger te bellen op een bekend nummer. Hij typt de vingerafdruk over bij Ontvangers."
        ),
    ),
    Fault.UNREADABLE: (
        _("De verklaring over de sleutel van deze ontvanger klopt niet of is niet goed ondertekend."),
        _CALL,
    ),
    Fault.OTHER_SIGNER: (
        _("De sleutel is ondertekend door een ander dan de ontvanger die hier is vastgelegd."),
        _CALL,
    ),
    Fault.OTHER_ORGANISATION: (_("De sleutel is van een andere organisatie."), _CALL),
    Fault.ROLLED_BACK: (
        _("Dit is een oudere sleutel dan er al was: iemand heeft hem teruggezet."),
        _CALL,
    ),
    Fault.REPLACED: (
        _(
            "Er is een andere sleutel gegeven onder een versie die hier al bekend was: iemand heeft hem verwisseld."
        ),
        _CALL,
    ),
    Fault.WITHDRAWN: (
        _("De ontvanger heeft zijn sleutel ingetrokken."),
        _("Vraag de ontvanger om een nieuwe sleutel in te schrijven."),
    ),
    Fault.NOT_YET: (
        _("De sleutel van de ontvanger geldt nog niet."),
        _("Wacht tot de eerste dag waarop hij geldt, of vraag de ontvanger wat er is."),
    ),
    Fault.EXPIRED: (
        _("De sleutel van de ontvanger is verlopen."),
        _("Vraag de ontvanger om een nieuwe sleutel in te schrijven."),
    ),
}

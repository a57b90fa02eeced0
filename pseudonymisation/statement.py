# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Organisations that make and keep keys, and what they sign.

A statement is canonical JSON (`threshold.canonical_json`) with a member `formaat` that says what it is, and a member `handtekening`:
Ed25519 (RFC 8032) over `DOMAIN ‖ the same document without that member`. One document has one byte string and, because Ed25519 is
deterministic, one signature; anything else than what `signed` would write is refused.

A party has one key, to sign with. Its public file is signed by itself; what is compared, by telephone, is the fingerprint of that file. What others seal
to is not here: those keys are made for one session and signed in it (`sealing`), so that nothing of one session opens anything of another.

Pure. Which statements there are: `dealing`, `joint`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.threshold import canonical_json
from pseudonymisation.vault import ShareVault, locked, unlocked

DOMAIN: Final = b"signaalregister/verklaring/v1\n"
PARTY_FORMAT: Final = "signaalregister/deelnemer/v2"
KEYS_FORMAT: Final = "signaalregister/deelnemer-geheim/v2"

_SIGNATURE: Final = "handtekening"
_ORGANISATION: Final = re.compile(r"[A-Za-z0-9-]{2,64}", re.ASCII)
_ED25519_BYTES: Final = 32


class Fault(CeremonyError):
    """What a party did or sent is not good; the message names it.

    Attributes:
        party: whose it is, as it is called in the ceremony; empty when the file does not tell.
    """

    def __init__(self, party: str, reason: str, way_forward: str) -> None:
        super().__init__(reason, way_forward)
        self.party = party


@dataclass(frozen=True)
class Party:
    """What everyone may know of an organisation that takes part.

    Attributes:
        name: of the organisation.
        signing: its Ed25519 public key, 32 bytes.
    """

    name: str
    signing: bytes = field(repr=False)

    def members(self) -> dict[str, object]:
        """Its values under their names in files."""
        return {"naam": self.name, "tekensleutel": base64url.encode(self.signing)}

    @property
    def fingerprint(self) -> str:
        """SHA-256 over name and key, 64 hexadecimal digits, to compare by telephone."""
        return hashlib.sha256(canonical_json({"formaat": PARTY_FORMAT, **self.members()})).hexdigest()

    @classmethod
    def of(cls, members: Mapping[str, Any]) -> Self:
        """Read the two members, and no others.

        Raises:
            KeyError, TypeError, ValueError: one of them is missing or has another form.
        """
        party = cls(checked_organisation(members["naam"]), base64url.decode(members["tekensleutel"]))
        if len(party.signing) != _ED25519_BYTES or party.members() != dict(members):
            raise ValueError("not a party")
        return party


@dataclass(frozen=True, repr=False)
class OwnKeys:
    """The secret side of a party: its file leaves that organisation never.

    Attributes:
        party: the public side.
        seed: of its Ed25519 key (RFC 8032 section 5.1.5), 32 bytes.
    """

    party: Party
    seed: Secret

    @classmethod
    def of(cls, name: str, seed: Secret) -> Self:
        """The keys with the party that belongs to them.

        Raises:
            CeremonyError: a name that an organisation cannot have.
        """
        public = Ed25519PrivateKey.from_private_bytes(seed.reveal()).public_key().public_bytes_raw()
        return cls(Party(checked_organisation(name), public), seed)

    @classmethod
    def make(cls, name: str, randomness: Randomness) -> Self:
        """New keys for an organisation."""
        return cls.of(name, Secret(randomness(_ED25519_BYTES)))

    def __repr__(self) -> str:
        return f"OwnKeys({self.party.name}, ***)"


def checked_organisation(value: object) -> str:
    """The name of an organisation.

    Raises:
        CeremonyError: anything but 2 to 64 letters, digits and hyphens.
    """
    if not isinstance(value, str) or not _ORGANISATION.fullmatch(value):
        raise CeremonyError(
            _("De naam van een organisatie is 2 tot 64 letters, cijfers of streepjes."),
            _("Kies een naam zoals HOUDER1."),
        )
    return value


def signed(members: Mapping[str, object], keys: OwnKeys) -> bytes:
    """A statement of this party: the bytes of its file."""
    signature = Ed25519PrivateKey.from_private_bytes(keys.seed.reveal()).sign(
        DOMAIN + canonical_json(members)
    )
    return canonical_json({**members, _SIGNATURE: base64url.encode(signature)})


def check_signed(data: bytes, kind: str, party: Party) -> dict[str, Any]:
    """The members of a statement of this party, without the signature.

    Args:
        data: the file.
        kind: what `formaat` must be.
        party: who must have signed.

    Raises:
        Fault: not canonical JSON, of another kind, or not signed by this party.
    """
    members = unchecked(data, kind, party.name)
    try:
        signature = base64url.decode(members.pop(_SIGNATURE))
        Ed25519PublicKey.from_public_bytes(party.signing).verify(signature, DOMAIN + canonical_json(members))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidSignature):
        raise Fault(
            party.name,
            _("De handtekening van {partij} onder dit bestand klopt niet.").format(partij=party.name),
            _("Vraag {partij} om het bestand opnieuw te sturen, en vertrouw dit niet.").format(
                partij=party.name
            ),
        ) from None
    return members


def unchecked(data: bytes, kind: str, sender: str = "") -> dict[str, Any]:
    """The members of a canonical document of this kind; whose it is has not been checked.

    Raises:
        Fault: not canonical JSON, or of another kind.
    """
    try:
        members = json.loads(data)
        same = isinstance(members, dict) and canonical_json(members) == data and _plain(members)
    except (ValueError, RecursionError):
        same = False
    if not same or members.get("formaat") != kind:
        raise Fault(
            sender,
            _(
                "Het bestand van {partij} is niet te lezen: het is niet van soort {soort}, of veranderd."
            ).format(partij=sender or _("een deelnemer"), soort=kind),
            _("Vraag de afzender om het bestand opnieuw te sturen, precies zoals de software het schreef."),
        )
    return dict(members)


def _plain(value: object) -> bool:
    """Whether this is made of texts and whole numbers: to Python 2.0 and True are equal to numbers, and to another reader or a hash they are not."""
    if isinstance(value, dict):
        return all(map(_plain, value.values()))
    return all(map(_plain, value)) if isinstance(value, list) else type(value) in {int, str}


def party_file(keys: OwnKeys) -> bytes:
    """The public file of a party, signed by itself."""
    return signed({"formaat": PARTY_FORMAT, **keys.party.members()}, keys)


def parse_party(data: bytes) -> Party:
    """Read a party's public file. Whether it is that organisation's shows only when the fingerprint is compared.

    Raises:
        Fault: not such a file, or the signature is not made with the key in it.
    """
    members = unchecked(data, PARTY_FORMAT)
    try:
        party = Party.of(
            {name: value for name, value in members.items() if name not in {"formaat", _SIGNATURE}}
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Fault(
            "",
            _("Het deelnemersbestand is niet te lezen of klopt niet."),
            _("Vraag de deelnemer om het bestand opnieuw te sturen."),
        ) from None
    check_signed(data, PARTY_FORMAT, party)
    return party


def keys_file(keys: OwnKeys, vault: ShareVault) -> bytes:
    """The secret file of a party, locked."""
    return locked({"formaat": KEYS_FORMAT, **keys.party.members()}, keys.seed, vault)


def parse_keys(data: bytes, vault: ShareVault) -> OwnKeys:
    """Read a party's secret file; no error repeats any of it.

    Raises:
        LockError: it does not open with this.
        CeremonyError: not such a file.
    """
    members = unchecked(data, KEYS_FORMAT)
    seed = unlocked(members, vault)
    try:
        keys = OwnKeys.of(members["naam"], seed)
        same = members.items() >= keys.party.members().items()
    except (KeyError, ValueError):
        same = False
    if not same:
        raise CeremonyError(
            _("Het bestand met de geheime sleutels van deze deelnemer klopt niet."),
            _("Zet de kopie terug, of maak nieuwe sleutels en laat de vingerafdruk opnieuw vergelijken."),
        )
    return keys

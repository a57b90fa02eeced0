# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether an officer asks about the own street or the own family name: compared here, and only a code leaves.

1. What is kept of an officer are keyed digests (HMAC under a secret of the organisation) of normal forms: of the postcode, of the street, of the street within a postcode area, and of each
   word of the family name that tells. So the database of the node is no list of who lives where, and a digest of one officer says nothing about another's.
2. A question is brought into the same normal forms (`pseudonymisation.normalise`) and compared; nothing of it is kept, and what did not agree is forgotten.
3. It is a street when the postcode is the own, or the street is and the postcode area too; without a postcode in the question the name of the street suffices. An address that is a BAG number alone names
   no street, and of one written on a line with its postcode only postcode and number are read: so the administrator gives every postcode of the street. It is a family name when one telling word of a surname is one of the own; of a name whose order nobody knows each word counts, so a given name can agree too.
4. Agreement accuses nobody: an inspector may work in the own street, and names are shared. It is for the FG to ask.

Left to others: who may set them (`register.municipal.accounts`), keeping them (`store/own.py`), and telling the register (`asking`).
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from process.problem import FieldError
from process.secret import Secret
from pseudonymisation.identity import RawAttribute, Unreadable
from pseudonymisation.normalise import Normalised, normalise
from pseudonymisation.normalise.names import telling
from pseudonymisation.normalise.variants import folded
from register.municipal.sealing import seed_for
from register.outcomes import Mark

_ANY_HOUSE = "1"
"""An address needs a number to be one; of the own only the street counts."""

MOST_POSTCODES = 8
"""A street has a few; a list of more is no street."""


class Kind(StrEnum):
    """Of what a digest is."""

    STREET = "straat"
    NAME = "familienaam"


@dataclass(frozen=True)
class Own:
    """What an officer is compared with.

    Attributes:
        kind: street or name.
        digest: 32 bytes.
    """

    kind: Kind
    digest: bytes


@dataclass(frozen=True)
class Told:
    """What the administrator filled in for one officer; an empty field keeps nothing of that kind."""

    street: str
    postcodes: tuple[str, ...]
    surname: str

    def __repr__(self) -> str:
        return "Told(<masked>)"


def owned(told: Told, identity: Secret, officer: str, today: date) -> tuple[list[Own], list[FieldError]]:
    """What to keep of an officer, and what of it could not be read.

    Args:
        told: as it was typed.
        identity: the secret of the organisation.
        officer: pseudonymous number.
        today: for the rules of normalisation.
    """
    key = _key(identity, officer)
    found, wrong = [], []
    for number, postcode in enumerate(told.postcodes or (("",) if told.street.strip() else ())):
        fields = {"street": told.street, "postcode": postcode, "number": _ANY_HOUSE}
        normal = normalise(RawAttribute.of("bag_address", **fields), today=today)
        if isinstance(normal, Unreadable):
            where = "postcodes" if "postcode" in normal.field else "straat"
            wrong.append(FieldError(f"{where}.{number}" if where == "postcodes" else where, normal.reason))
        else:
            found += [_digest(key, Kind.STREET, one) for one in _streets(normal, asked=False)]
    if told.surname.strip():
        normal = normalise(RawAttribute.of("name_dob", surname=told.surname), today=today)
        if isinstance(normal, Unreadable):
            wrong.append(FieldError("familienaam", normal.reason))
        else:
            found += [_digest(key, Kind.NAME, one) for one in _names(normal)]
    return list(dict.fromkeys(found)), wrong


def marks(
    attributes: Iterable[Normalised], own: Iterable[Own], identity: Secret, officer: str
) -> tuple[Mark, ...]:
    """Which marks a question gets from what it asks on.

    Args:
        attributes: of the question, in normal form.
        own: what is kept of this officer.
        identity: the secret of the organisation.
        officer: who asks.
    """
    kept = frozenset(own)
    if not kept:
        return ()
    key = _key(identity, officer)
    asked = frozenset(_of_question(attributes, key))
    kinds = {one.kind for one in asked & kept}
    told = {Kind.STREET: Mark.OWN_STREET, Kind.NAME: Mark.OWN_NAME}
    return tuple(told[kind] for kind in Kind if kind in kinds)


def _of_question(attributes: Iterable[Normalised], key: Secret) -> Iterator[Own]:
    for one in attributes:
        if one.type == "bag_address":
            yield from (_digest(key, Kind.STREET, form) for form in _streets(one, asked=True))
        if one.type == "name_dob":
            yield from (_digest(key, Kind.NAME, form) for form in _names(one))


def _streets(address: Normalised, *, asked: bool) -> Iterator[tuple[str, ...]]:
    """The forms of a street that are compared; a name of a street alone only where the other side has no postcode."""
    street, postcode = address.get("street"), address.get("postcode")
    if postcode:
        yield ("postcode", address.get("country"), postcode)
    if street and postcode:
        yield ("straat in wijk", street, postcode[:4])
    if street and not (asked and postcode):
        yield ("straat", street)


def _names(name: Normalised) -> Iterator[tuple[str, ...]]:
    """The words of a family name that tell, each in the form that spellings share."""
    surname = telling(name.get("surname").split(), least=1)
    whole = telling(name.get("name").split(), least=1)
    for word in (*surname, *whole):
        if len(word) >= 2:
            yield ("naam", folded(word))


def _key(identity: Secret, officer: str) -> Secret:
    return seed_for(identity, "eigen gegevens", officer)


def _digest(key: Secret, kind: Kind, form: tuple[str, ...]) -> Own:
    bound = b"".join(len(part.encode()).to_bytes(2, "big") + part.encode() for part in (kind.value, *form))
    return Own(kind, hmac.digest(key.reveal(), bound, hashlib.sha256))

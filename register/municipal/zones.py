# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whoever pastes the machine-readable zone of a document gives document, name and date of birth at once.

1. A zone is the field `mrz` of a document, or a text in its field `number` that has fillers and is too long for a number: people paste where they can.
2. It is opened before anything is judged or kept, so that the zone itself is stored nowhere: it also says nationality and sex.
3. What was typed wins, name and date of birth each for itself; a zone fills in what the first typed name lacks.
4. A zone with a wrong check digit refuses the whole (`pseudonymisation.normalise.mrz`): nothing of it can be trusted. A name, date or issuer
   that is no good leaves the rest in use, and a reading says so.

A reading names kinds, never a value: answers are shown to whoever stands beside the officer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute, Unreadable
from pseudonymisation.normalise import Mrz, normalise, read_mrz
from register.municipal.attributes import Given

_LONGEST_NUMBER: Final = 24
_NAME_PARTS: Final = ("given", "surname", "name")


@dataclass(frozen=True)
class Reading:
    """What became of one zone, in words.

    Attributes:
        used: kinds that take part.
        unused: sentences, each what does not take part and what can be done.
    """

    used: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """Attributes of one subject without zones, and how the zones were read."""

    given: tuple[Given, ...]
    readings: tuple[Reading, ...]


def opened(given: Sequence[Given], *, today: date) -> Opened:
    """The attributes of one subject, with every zone in its parts; one that cannot be read becomes its refusal.

    Args:
        given: as typed.
        today: the reference date of this decision.
    """
    found = list(given)
    readings: list[Reading] = []
    names = [one for one in given if _is_name(one)]
    for one in given:
        zone = _zone(one, today)
        if zone is None:
            continue
        if isinstance(zone, Unreadable):
            found[found.index(one)] = replace(one, attribute=zone)
            continue
        document, reading = _document(zone, today)
        found[found.index(one)] = replace(one, attribute=document)
        parts, named = _name_and_dob(zone, names, today)
        if parts and names:
            found = [_filled(each, parts) if each.place == names[0].place else each for each in found]
        elif parts and RawAttribute.of("name_dob", **parts) not in [each.attribute for each in found]:
            found.append(Given(RawAttribute.of("name_dob", **parts), one.place))
        readings.append(Reading((*reading.used, *named.used), (*reading.unused, *named.unused)))
    return Opened(tuple(found), tuple(readings))


def _zone(one: Given, today: date) -> Mrz | Unreadable | None:
    raw = one.attribute
    if isinstance(raw, Unreadable) or raw.type != "document":
        return None
    text, number = raw.get("mrz"), raw.get("number")
    if not text and "<" in number and len("".join(number.split())) > _LONGEST_NUMBER:
        text = number
    return read_mrz(text, today) if text else None


def _document(zone: Mrz, today: date) -> tuple[RawAttribute, Reading]:
    """Number and issuer. The type of document is left out: it is no part of any key, and the form has no place for it."""
    whole = RawAttribute.of("document", issuer=zone.issuer, number=zone.number)
    refused = normalise(whole, today=today)
    if not (isinstance(refused, Unreadable) and refused.field == "document.issuer"):
        return whole, Reading((_("documentnummer"), _("land van afgifte")), ())
    # No check digit covers the issuer.
    lacking = _("Het land van het document is niet te lezen. Het nummer doet mee zonder land.")
    return RawAttribute.of("document", number=zone.number), Reading((_("documentnummer"),), (lacking,))


def _name_and_dob(zone: Mrz, typed: Sequence[Given], today: date) -> tuple[dict[str, str], Reading]:
    """The parts of a name that a zone gives and nobody typed."""
    name, of_name = _name(zone, typed, today)
    dob, of_dob = _dob(zone, typed, today)
    used = (*((_("naam"),) if name else ()), *((_("geboortedatum"),) if dob else ()))
    return {**name, **dob}, Reading(used, (*of_name, *of_dob))


def _is_name(one: Given) -> bool:
    return isinstance(one.attribute, RawAttribute) and one.attribute.type == "name_dob"


def _filled(one: Given, parts: Mapping[str, str]) -> Given:
    """The typed name with these parts beside what stands in it already."""
    fields = {} if isinstance(one.attribute, Unreadable) else dict(one.attribute.fields)
    return replace(one, attribute=RawAttribute.of("name_dob", **{**parts, **fields}))


def _name(zone: Mrz, typed: Sequence[Given], today: date) -> tuple[dict[str, str], tuple[str, ...]]:
    if _typed(typed, *_NAME_PARTS):
        return {}, (
            _("U vulde zelf een naam in. Die geldt, en niet de naam uit de regels van het document."),
        )
    parts = {"given": zone.given, "surname": zone.surname}
    if not (zone.surname or zone.given) or _unfit(parts, today):
        return {}, (
            _("In de regels van het document staat geen naam die te gebruiken is. Vul de naam zelf in."),
        )
    cut = _(
        "De naam past niet in de regels van het document en is misschien afgekapt. Vul de hele naam zelf in als u die weet."
    )
    return parts, ((cut,) if zone.cut else ())


def _dob(zone: Mrz, typed: Sequence[Given], today: date) -> tuple[dict[str, str], tuple[str, ...]]:
    if _typed(typed, "dob"):
        return {}, (
            _(
                "U vulde zelf een geboortedatum in. Die geldt, en niet de datum uit de regels van het document."
            ),
        )
    parts = {"dob": zone.dob}
    if not zone.dob or _unfit(parts, today):
        return {}, (
            _("In de regels van het document staat geen geboortedatum die te gebruiken is. Vul die zelf in."),
        )
    return parts, ()


def _typed(names: Sequence[Given], *parts: str) -> bool:
    attributes = [one.attribute for one in names]
    return any(isinstance(one, RawAttribute) and one.get(part) for one in attributes for part in parts)


def _unfit(parts: Mapping[str, str], today: date) -> bool:
    return isinstance(normalise(RawAttribute.of("name_dob", **parts), today=today), Unreadable)

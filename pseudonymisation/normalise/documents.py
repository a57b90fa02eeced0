# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Identity documents: who issued it, which number (ICAO Doc 9303).

The issuer is part of the normal form and so inside the hash: two countries use the same number. The type of
document is kept for the officer and is no part of the key: officers differ on it, numbers do not.

From a machine-readable zone (part 4: TD3, 2 x 44; part 5: TD1, 3 x 30; part 6: TD2, 2 x 36) only issuer, type
and number are read, and the number's check digit must be right (part 3, section 4.9). Nationality, sex and
name in the zone are not read.
"""

from gettext import gettext as _
from typing import Final

from pseudonymisation.identity import RawAttribute
from pseudonymisation.normalise.countries import issuer as issuer_code
from pseudonymisation.normalise.outcome import Normalised, UnfitError
from pseudonymisation.normalise.text import clean, without

_SHORTEST, _LONGEST = 5, 24
_TYPES: Final = {
    "P": "P",
    "PASPOORT": "P",
    "PASSPORT": "P",
    "I": "I",
    "ID": "I",
    "ID-KAART": "I",
    "IDENTITEITSKAART": "I",
    "R": "R",
    "VERBLIJFSDOCUMENT": "R",
    "VERBLIJFSVERGUNNING": "R",
    "V": "V",
    "VISUM": "V",
    "D": "D",
    "RIJBEWIJS": "D",
}


def document(raw: RawAttribute) -> Normalised:
    """Issuer (alpha-3), number (A-Z, 0-9) and type (P, I, R, V, D) where it is known."""
    if raw.get("mrz"):
        return _from_zone(without(clean("document", raw.get("mrz")), " ").upper())
    issuer = issuer_code(clean("document.issuer", raw.get("issuer")))
    if issuer is None:
        raise UnfitError(
            "document.issuer",
            _("Bij het document ontbreekt het land dat het heeft afgegeven, of de code klopt niet."),
            _("Vul de landcode van drie letters in, zoals NLD of ROU. Die staat op het document."),
        )
    number = _number(clean("document.number", raw.get("number")))
    check = clean("document.check", raw.get("check"))
    if check and check != check_digit(number):
        raise UnfitError(*_bad_check())
    # The type is no part of the key; a word that is not in the list is not worth a refusal.
    kind = _TYPES.get(clean("document.type", raw.get("type")).upper(), "")
    return Normalised.of("document", issuer=issuer, number=number, type=kind)


def _number(text: str) -> str:
    number = without(text, " -./<").upper()
    fits = number.isascii() and number.isalnum() and _SHORTEST <= len(number) <= _LONGEST
    if not fits or len(set(number)) == 1 or not any(letter.isdigit() for letter in number):
        raise UnfitError(
            "document.number",
            _("Het documentnummer klopt niet: het heeft minstens 5 letters en cijfers."),
            _("Neem het nummer over van het document, zonder andere tekst."),
        )
    return number


def check_digit(field: str) -> str:
    """The ICAO 9303 check digit of upper-case letters, digits and fillers (weights 7, 3, 1, modulo 10)."""
    values = (0 if letter == "<" else int(letter, 36) for letter in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def _bad_check() -> tuple[str, str, str]:
    return (
        "document.number",
        _("Het documentnummer klopt niet: het controlecijfer past er niet bij."),
        _("Lees de regels onder aan het document opnieuw, of typ het nummer zonder controlecijfer."),
    )


_NUMBER_AT: Final = {90: 5, 72: 36, 88: 44}
"""Where the number starts, by the length of the whole zone."""
_OPTIONAL_AT: Final = {90: (15, 30), 72: (64, 71)}
"""Where a number of more than nine characters goes on, its check digit at the end (parts 5 and 6)."""


def _from_zone(zone: str) -> Normalised:
    start = _NUMBER_AT.get(len(zone))
    if start is None or not zone.isascii() or not without(zone, "<").isalnum():
        raise UnfitError(
            "document",
            _("De machineleesbare regels van het document zijn niet compleet."),
            _("Neem alle regels met < over, of typ LAND:NUMMER."),
        )
    number, check = zone[start : start + 9], zone[start + 9]
    if check == "<" and len(zone) in _OPTIONAL_AT:
        rest = zone[slice(*_OPTIONAL_AT[len(zone)])].partition("<")[0]
        number, check = number + rest[:-1], rest[-1:]
    if check != check_digit(number):
        raise UnfitError(*_bad_check())
    fields = {"issuer": zone[2:5], "type": zone[0], "number": number}
    return document(RawAttribute.of("document", **fields))

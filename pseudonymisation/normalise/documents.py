# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Identity documents: who issued it, which number (ICAO Doc 9303).

The issuer is part of the normal form and so inside the hash: two countries use the same number. A number whose issuer
is not known has the issuer "" and is another normal form than the same number with one; an issuer that was given and is
unknown is refused. The type of document is kept for the officer and is no part of the key: officers differ on it,
numbers do not.

The Dutch number has no letter O (it would be a zero), so with issuer NLD an O is read as 0. Other issuers use both.

A machine-readable zone is read by `mrz`; of it only issuer, type and number are this attribute.
"""

from datetime import date
from typing import Final

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute, Unreadable
from pseudonymisation.normalise.countries import issuer as issuer_code
from pseudonymisation.normalise.mrz import bad_check, check_digit, read_mrz
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


def document(raw: RawAttribute, today: date) -> Normalised:
    """Issuer (alpha-3) and type (P, I, R, V, D) where they are known, and number (A-Z, 0-9)."""
    if raw.get("mrz"):
        zone = read_mrz(raw.get("mrz"), today)
        if isinstance(zone, Unreadable):
            raise UnfitError(zone.field, zone.reason, zone.way_forward)
        return document(zone.attributes()[0], today)
    given = clean("document.issuer", raw.get("issuer"))
    issuer = issuer_code(given) if given else ""
    if issuer is None:
        raise UnfitError(
            "document.issuer",
            _("De landcode van het document klopt niet."),
            _("Vul de landcode van drie letters in, zoals NLD of ROU. Die staat op het document."),
        )
    number = _number(clean("document.number", raw.get("number")))
    if issuer == "NLD":
        number = number.replace("O", "0")
    check = clean("document.check", raw.get("check"))
    if check and check != check_digit(number):
        raise UnfitError(*bad_check())
    # The type is no part of the key; a word that is not in the list is not worth a refusal.
    kind = _TYPES.get(clean("document.type", raw.get("type")).upper(), "")
    return Normalised.of("document", issuer=issuer, number=number, type=kind)


def _number(text: str) -> str:
    number = without(text, " -./<_\u2010\u2011\u2012\u2013\u2014").upper()
    fits = number.isascii() and number.isalnum() and _SHORTEST <= len(number) <= _LONGEST
    if not fits or len(set(number)) == 1 or not any(letter.isdigit() for letter in number):
        raise UnfitError(
            "document.number",
            _("Het documentnummer klopt niet: het heeft minstens 5 letters en cijfers."),
            _("Neem het nummer over van het document, zonder andere tekst."),
        )
    return number

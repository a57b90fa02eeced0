# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Numbers with an issuer's own check: BSN, V-nummer, IBAN, KvK number and branch number.

The checks are python-stdnum's where it has them (BSN: eleven-test of the Logisch Ontwerp GBA; IBAN: ISO 13616 mod 97
and the country's own structure). It has none for the KvK number (8 digits, no check digit) or the V-nummer.
"""

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError
from stdnum.nl import bsn as stdnum_bsn

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute
from pseudonymisation.normalise.outcome import Normalised, UnfitError
from pseudonymisation.normalise.text import clean, is_digits, without

_SEPARATORS = " .-"


def bsn(raw: RawAttribute) -> Normalised:
    """Nine digits, eleven-test, not 000000000."""
    number = without(clean("bsn", raw.get("number")), _SEPARATORS)
    # The length comes first: stdnum pads shorter numbers with zeros.
    if not is_digits(number, 9) or not stdnum_bsn.is_valid(number):
        raise UnfitError(
            "bsn",
            _("Het burgerservicenummer klopt niet: het voldoet niet aan de elfproef."),
            _("Kijk het nummer na op het document. Het heeft 9 cijfers."),
        )
    return Normalised.of("bsn", number=number)


def v_nummer(raw: RawAttribute) -> Normalised:
    """Ten digits, not all the same."""
    number = without(clean("v_nummer", raw.get("number")), _SEPARATORS)
    if not is_digits(number, 10) or len(set(number)) == 1:
        raise UnfitError(
            "v_nummer",
            _("Het V-nummer klopt niet: het heeft 10 cijfers."),
            _("Kijk het nummer na op het document."),
        )
    return Normalised.of("v_nummer", number=number)


def iban(raw: RawAttribute) -> Normalised:
    """Upper case without spaces, mod 97 and country structure right."""
    number = without(clean("iban", raw.get("number")), _SEPARATORS).upper()
    try:
        if not number.isascii():
            raise UnfitError(*_bad_iban())
        stdnum_iban.validate(number)
    except ValidationError:
        raise UnfitError(*_bad_iban()) from None
    return Normalised.of("iban", number=number)


def _bad_iban() -> tuple[str, str, str]:
    return (
        "iban",
        _("Het rekeningnummer (IBAN) klopt niet."),
        _("Kijk het na: een IBAN begint met twee letters van het land en twee cijfers."),
    )


def kvk(raw: RawAttribute) -> Normalised:
    """KvK number (8 digits) and/or branch number (12 digits); a lone 12 digits is a branch number."""
    number = without(clean("kvk", raw.get("number")), _SEPARATORS)
    branch = without(clean("kvk", raw.get("branch")), _SEPARATORS)
    if is_digits(number, 12) and not branch:
        number, branch = "", number
    good_number = not number or (is_digits(number, 8) and int(number) > 0)
    good_branch = not branch or (is_digits(branch, 12) and int(branch) > 0)
    if not (number or branch) or not (good_number and good_branch):
        raise UnfitError(
            "kvk",
            _("Het KvK-nummer klopt niet: het heeft 8 cijfers, een vestigingsnummer heeft er 12."),
            _("Zoek het bedrijf op in het Handelsregister en neem het nummer over."),
        )
    return Normalised.of("kvk", number=number, branch=branch)

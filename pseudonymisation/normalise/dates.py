# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Dates of birth with unknown parts, and what follows from one: a possible default, being a minor.

The normal form is YYYY-MM-DD (ISO 8601) with 00 for an unknown month or day, as civil registries write it. Also read:
YYYY-MM, YYYY, and day first with -, / or . between. Month first is never guessed: an import states it.

"Today" is an argument, one for the whole decision. Whether someone is a minor (BW 1:233: under eighteen) is
derived here, at the node, from every date that the birth can have been on: certainty or "onbekend".
"""

import re
from datetime import date
from gettext import gettext as _
from typing import Final

from pseudonymisation.normalise.outcome import UnfitError

_ISO: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_FIELD: Final = "name_dob.dob"
_OLDEST_YEARS: Final = 120
_MAJORITY: Final = 18


def date_of_birth(text: str, today: date) -> str:
    """The date in normal form.

    Raises:
        UnfitError: not a date, in the future, over 120 years ago, or a day without a month.
    """
    year, month, day = _parts(text)
    if not _exists(year, month, day):
        raise UnfitError(
            _FIELD,
            _("De geboortedatum bestaat niet of is niet te lezen."),
            _("Typ de datum als jaar-maand-dag, bijvoorbeeld 1990-05-03. Onbekend deel: 00."),
        )
    if (year, month, day) > (today.year, today.month, today.day):
        raise UnfitError(
            _FIELD,
            _("De geboortedatum ligt in de toekomst."),
            _("Kijk de datum na op het document."),
        )
    if year < today.year - _OLDEST_YEARS:
        raise UnfitError(
            _FIELD,
            _("De geboortedatum ligt meer dan 120 jaar terug."),
            _("Kijk het jaar na. Is het onbekend? Laat de geboortedatum dan leeg."),
        )
    return f"{year:04}-{month:02}-{day:02}"


def _parts(text: str) -> tuple[int, int, int]:
    """Year, month, day, with 0 for unknown; year 0 when the text is no date."""
    compact = text.replace(" ", "")
    if iso := _ISO.fullmatch(compact):
        year, month, day = (int(part or 0) for part in iso.groups())
        return year, month, day
    if first := _DAY_FIRST.fullmatch(compact):
        day, month, year = map(int, first.groups())
        return year, month, day
    return 0, 0, 0


def _exists(year: int, month: int, day: int) -> bool:
    if month == 0:
        # A day in an unknown month is more likely a typing error than knowledge.
        return year > 0 and day == 0
    try:
        date(year, month, day or 1)
    except ValueError:
        return False
    return True


def parts_of(dob: str) -> tuple[int, int, int]:
    """Year, month and day of a date in normal form, 0 for unknown; (0, 0, 0) for no date."""
    year, month, day = _parts(dob)
    return (year, month, day) if _exists(year, month, day) else (0, 0, 0)


def complete(dob: str) -> bool:
    """True if day, month and year are all known."""
    return all(parts_of(dob))


def possibly_default(dob: str) -> bool:
    """True for 1 January: what registries and officers fill in when day and month are unknown."""
    return parts_of(dob)[1:] == (1, 1)


def minor(dob: str, today: date) -> str:
    """Whether someone is a minor today: "ja" or "nee" when every date it can stand for says so, else "onbekend".

    1 January may be a default, so it stands for the whole year. Someone born on 29 February comes of age on 1 March.
    """
    year, month, day = parts_of(dob)
    if not year:
        return "onbekend"
    if possibly_default(dob):
        month = day = 0
    earliest = (year + _MAJORITY, month or 1, day or 1)
    latest = (year + _MAJORITY, month or 12, day or 31)
    moment = (today.year, today.month, today.day)
    if earliest > moment:
        return "ja"
    return "nee" if latest <= moment else "onbekend"

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Dates of birth with unknown parts, and what follows from one: a possible default, being a minor.

The normal form is YYYY-MM-DD (ISO 8601) with 00 for an unknown month or day, as civil registries write it.

Read, in this order:

1. Year first: YYYY-MM-DD, YYYY-MM, YYYY, with -, /, . or a space between, or YYYYMMDD.
2. Day first: D-M-YYYY, D-M-YY, DDMMYYYY. Month first is never guessed: an import states it. That day and month
   may have been swapped shows in `swappable`.
3. With the name of the month, Dutch or English: 3 mei 1990, May 3, 1990, mei 1990.

An unknown part is 00, 0, xx, ?? or --. A year of two digits is the last such year that is not in the future.

"Today" is an argument, one for the whole decision. Whether someone is a minor (BW 1:233: under eighteen) is
derived here, at the node, from every date that the birth can have been on: certainty or "onbekend".
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from process.language import gettext as _
from pseudonymisation.normalise.outcome import UnfitError

_ISO: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})(?:[-/. ]([0-9]{1,2})(?:[-/. ]([0-9]{1,2}))?)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_IN_ONE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_IN_ONE_DAY_FIRST: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_DAY_AND_NAME: Final = re.compile(
    r"(?:([0-9]{1,2})(?:e|st|nd|rd|th)?[-/. ])?([a-z]{3,9})[-/. ]([0-9]{4}|[0-9]{2})"
)
_NAME_AND_DAY: Final = re.compile(r"([a-z]{3,9})[-/. ]([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]([0-9]{4})")
_UNKNOWN_PART: Final = re.compile(r"(?<![a-z0-9?])(?:xx?|\?\??)(?![a-z0-9?])|(?<![0-9-])--(?=[-/. ])")
_FIELD: Final = "name_dob.dob"
_OLDEST_YEARS: Final = 120
_MAJORITY: Final = 18

_MONTHS: Final[Mapping[str, int]] = MappingProxyType(
    {
        name: month
        for month, names in enumerate(
            (
                "jan januari january",
                "feb februari february",
                "mrt maart mar march",
                "apr april",
                "mei may",
                "jun juni june",
                "jul juli july",
                "aug augustus august",
                "sep sept september",
                "okt oktober oct october",
                "nov november",
                "dec december",
            ),
            1,
        )
        for name in names.split()
    }
)

Parts = tuple[int, int, int]
_NO_DATE: Final[Parts] = (0, 0, 0)


def date_of_birth(text: str, today: date) -> str:
    """The date in normal form.

    Raises:
        UnfitError: not a date, in the future, over 120 years ago, or a day without a month.
    """
    year, month, day = _read(text, today)
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


def _read(text: str, today: date) -> Parts:
    """Year, month, day, with 0 for unknown; year 0 when the text is no date."""
    plain = _UNKNOWN_PART.sub("00", text.lower())
    # Spaces beside another separator say nothing; "3. mei" and "May 3, 1990" become one separator.
    plain = re.sub(r"\s*[-/.,]\s*", lambda found: found[0].strip().replace(",", " "), plain.strip())
    for pattern, order in _NUMERIC:
        if found := pattern.fullmatch(plain):
            parts = dict(zip(order, found.groups(), strict=True))
            return _full_year(parts["y"], int(parts["m"] or 0), int(parts["d"] or 0), today)
    return _with_name(plain, today)


_NUMERIC: Final = (
    (_YEAR_FIRST, "ymd"),
    (_DAY_FIRST, "dmy"),
)


def _with_name(plain: str, today: date) -> Parts:
    if found := _IN_ONE.fullmatch(plain):
        year, month, day = map(int, found.groups())
        if _exists(year, month, day) and year >= today.year - _OLDEST_YEARS:
            return year, month, day
    if found := _IN_ONE_DAY_FIRST.fullmatch(plain):
        day, month, year = map(int, found.groups())
        return year, month, day
    if found := _DAY_AND_NAME.fullmatch(plain):
        return _named(found[2], found[1], found[3], today)
    if found := _NAME_AND_DAY.fullmatch(plain):
        return _named(found[1], found[2], found[3], today)
    return _NO_DATE


def _named(name: str, day: str | None, year: str, today: date) -> Parts:
    month = _MONTHS.get(name, 0)
    return _full_year(year, month, int(day or 0), today) if month else _NO_DATE


def _full_year(year: str, month: int, day: int, today: date) -> Parts:
    if len(year) == 4:
        return int(year), month, day
    return resolved_year(int(year), month, day, today), month, day


def resolved_year(two_digits: int, month: int, day: int, today: date) -> int:
    """The last year ending in these two digits in which the date is not in the future; an unknown part counts as early."""
    year = today.year - today.year % 100 + two_digits
    return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year


def _exists(year: int, month: int, day: int) -> bool:
    if month == 0:
        # A day in an unknown month is more likely a typing error than knowledge.
        return year > 0 and day == 0
    try:
        date(year, month, day or 1)
    except ValueError:
        return False
    return True


def parts_of(dob: str) -> Parts:
    """Year, month and day of a date in normal form, 0 for unknown; (0, 0, 0) for no date."""
    found = _ISO.fullmatch(dob)
    if found is None:
        return _NO_DATE
    year, month, day = (int(part or 0) for part in found.groups())
    return (year, month, day) if _exists(year, month, day) else _NO_DATE


def complete(dob: str) -> bool:
    """True if day, month and year are all known."""
    return all(parts_of(dob))


def swappable(dob: str) -> bool:
    """True if day and month exchanged give another date that exists: who wrote it may have meant that one."""
    _year, month, day = parts_of(dob)
    return 1 <= day <= 12 and day != month


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

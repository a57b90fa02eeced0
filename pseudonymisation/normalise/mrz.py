# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The machine-readable zone at the foot of an identity document, as typed over or pasted (ICAO Doc 9303).

Pure and total. Read are TD1 (part 5: three lines of 30), TD2 (part 6: two of 36) and TD3 (part 4: two of 44), in this
order:

1. Lines: spaces inside go, lower case becomes upper, a line of fillers that lost some at its end gets them back.
2. In a numeric field O is read as 0. In the document number, where both occur, the number as typed goes first, then with
   every O as 0, then with one O or 0 exchanged if exactly one such fits: whichever fits the check digit first.
3. Every check digit must be right (part 3 section 4.9): number, date of birth, expiry, and the one over all. TD3's own
   for the optional field too. One that is wrong refuses the zone: it was misread somewhere.
4. Out come issuer, type, number, surname, given names and date of birth, nothing else. **Nationality and sex are
   never returned**: the register does not know them.

A name that fills its field may have been cut off (part 3 section 4.6): `cut` says so, and then the last given name is
left out when another remains. Two digits of a year are the last such year that is not in the future.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute, Unreadable
from pseudonymisation.normalise.dates import resolved_year
from pseudonymisation.normalise.outcome import UnfitError
from pseudonymisation.normalise.text import clean


@dataclass(frozen=True, slots=True)
class Mrz:
    """What is read from a zone. Personal data: the representation shows the form only.

    Attributes:
        issuer: code of three letters as printed, fillers removed ("D" for Germany).
        type: first letter of the document code.
        number: document number without fillers.
        surname: primary identifier, words parted by spaces.
        given: secondary identifier; "" when there is none.
        dob: YYYY-MM-DD with 00 for an unknown month or day; "" when the year is unknown.
        cut: whether the name may have been cut off.
    """

    issuer: str
    type: str
    number: str = field(repr=False)
    surname: str = field(repr=False)
    given: str = field(repr=False)
    dob: str = field(repr=False)
    cut: bool = False

    def attributes(self) -> tuple[RawAttribute, ...]:
        """The document and, when there is a name, name and date of birth, as raw attributes."""
        document = RawAttribute.of("document", issuer=self.issuer, type=self.type, number=self.number)
        if not (self.surname or self.given):
            return (document,)
        name = RawAttribute.of("name_dob", surname=self.surname, given=self.given, dob=self.dob)
        return (document, name)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand in the lines laid end to end; pairs are (first, behind last)."""

    width: int
    lines: int
    names: tuple[int, int]
    number: int
    dob: int
    expiry: int
    optional: tuple[int, int]
    whole: tuple[tuple[int, int], ...]
    whole_check: int
    own_optional_check: bool


_LAYOUTS: Final = (
    _Layout(
        width=30,
        lines=3,
        names=(60, 90),
        number=5,
        dob=30,
        expiry=38,
        optional=(15, 30),
        whole=((5, 30), (30, 37), (38, 45), (48, 59)),
        whole_check=59,
        own_optional_check=False,
    ),
    _Layout(
        width=36,
        lines=2,
        names=(5, 36),
        number=36,
        dob=49,
        expiry=57,
        optional=(64, 71),
        whole=((36, 46), (49, 56), (57, 71)),
        whole_check=71,
        own_optional_check=False,
    ),
    _Layout(
        width=44,
        lines=2,
        names=(5, 44),
        number=44,
        dob=57,
        expiry=65,
        optional=(72, 87),
        whole=((44, 54), (57, 64), (65, 87)),
        whole_check=87,
        own_optional_check=True,
    ),
)
_NUMBER_WIDTH: Final = 9
_DATE_WIDTH: Final = 6
_ZONE: Final = re.compile(r"[A-Z0-9<]+")


def read_mrz(text: str, today: date) -> Mrz | Unreadable:
    """What a machine-readable zone says, or why it cannot be read.

    Args:
        text: two or three lines, or the same laid end to end.
        today: the reference date of this decision, for the century.
    """
    try:
        layout, zone = _laid_out(text)
        return _read(layout, zone, today)
    except UnfitError as unfit:
        return unfit.unreadable


def check_digit(text: str) -> str:
    """The ICAO 9303 check digit of upper-case letters, digits and fillers (weights 7, 3, 1, modulo 10)."""
    values = (0 if letter == "<" else int(letter, 36) for letter in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def _laid_out(text: str) -> tuple[_Layout, str]:
    lines = [clean("document", line).upper().replace(" ", "") for line in text.splitlines() if line.strip()]
    typed = "".join(lines)
    for layout in _LAYOUTS:
        size = layout.width * layout.lines
        padded = typed
        if len(lines) == layout.lines and any(len(line) == layout.width for line in lines):
            padded = "".join(line.ljust(layout.width, "<") for line in lines)
        if len(padded) == size and _ZONE.fullmatch(padded):
            return layout, padded
    raise UnfitError(
        "document",
        _("De machineleesbare regels van het document zijn niet compleet."),
        _("Neem alle regels met < over, of typ LAND:NUMMER."),
    )


def bad_check() -> tuple[str, str, str]:
    """Field, reason and way forward when a check digit does not fit."""
    return (
        "document.number",
        _("Het documentnummer klopt niet: het controlecijfer past er niet bij."),
        _("Lees de regels onder aan het document opnieuw, of typ het nummer zonder controlecijfer."),
    )


def _bad_zone(reason: str | None = None) -> UnfitError:
    return UnfitError(
        "document",
        reason or _("De machineleesbare regels van het document kloppen niet: een controlecijfer past niet."),
        _("Neem de regels opnieuw over, of typ LAND:NUMMER."),
    )


def _read(layout: _Layout, typed: str, today: date) -> Mrz:
    zone, number = _with_number(layout, _with_digits(layout, typed))
    dates = {
        layout.dob: _(
            "De geboortedatum in de machineleesbare regels klopt niet: het controlecijfer past er niet bij."
        ),
        layout.expiry: _(
            "De einddatum in de machineleesbare regels klopt niet: het controlecijfer past er niet bij."
        ),
    }
    for start, reason in dates.items():
        if check_digit(zone[start : start + _DATE_WIDTH]) != zone[start + _DATE_WIDTH]:
            raise _bad_zone(reason)
    _require_whole(layout, zone)
    names = zone[slice(*layout.names)]
    surname, _parted, given = names.partition("<<")
    cut = not names.endswith("<")
    words = given.replace("<", " ").split()
    if cut and len(words) > 1:
        words = words[:-1]
    return Mrz(
        issuer=zone[2:5].strip("<"),
        type=zone[0],
        number=number,
        surname=" ".join(surname.replace("<", " ").split()),
        given=" ".join(words),
        dob=_birth(zone[layout.dob : layout.dob + _DATE_WIDTH], today),
        cut=cut,
    )


def _with_digits(layout: _Layout, zone: str) -> str:
    """The zone with O read as 0 where only digits can stand."""
    places = {layout.number + _NUMBER_WIDTH, layout.whole_check}
    for start in (layout.dob, layout.expiry):
        places |= set(range(start, start + _DATE_WIDTH + 1))
    if layout.own_optional_check:
        places.add(layout.optional[1] - 1)
    return "".join("0" if place in places and letter == "O" else letter for place, letter in enumerate(zone))


def _with_number(layout: _Layout, zone: str) -> tuple[str, str]:
    """The zone with its number repaired, and the number without fillers."""
    start, end = layout.number, layout.number + _NUMBER_WIDTH
    check = zone[end]
    if check == "<" and not layout.own_optional_check:
        # More than nine characters: the number goes on in the optional field, its check digit last (parts 5 and 6).
        rest = zone[slice(*layout.optional)].partition("<")[0]
        number = zone[start:end] + rest[:-1]
        if not rest or check_digit(number) != rest[-1]:
            raise UnfitError(*bad_check())
        return zone, number
    for readings in _readings(zone[start:end]):
        fitting = [one for one in readings if check_digit(one) == check]
        if len(fitting) == 1:
            return zone[:start] + fitting[0] + zone[end:], fitting[0].replace("<", "")
    raise UnfitError(*bad_check())


def _readings(number: str) -> Iterator[list[str]]:
    """The number as typed; with every O as 0; with one O or 0 exchanged. The first kind with one that fits is right."""
    # More ways than these would let one way in ten of any misreading through.
    yield [number]
    yield [number.replace("O", "0")]
    yield [
        number[:place] + ("0" if letter == "O" else "O") + number[place + 1 :]
        for place, letter in enumerate(number)
        if letter in "O0"
    ]


def _require_whole(layout: _Layout, zone: str) -> None:
    if layout.own_optional_check:
        start, end = layout.optional
        optional, check = zone[start : end - 1], zone[end - 1]
        # An empty field may have a filler for its check digit (part 4).
        if check != check_digit(optional) and not (check == "<" and not optional.strip("<")):
            raise _bad_zone()
    whole = "".join(zone[first:behind] for first, behind in layout.whole)
    if check_digit(whole) != zone[layout.whole_check]:
        raise _bad_zone()


def _birth(six: str, today: date) -> str:
    year, month, day = (int(part) if part.isdigit() else 0 for part in (six[:2], six[2:4], six[4:]))
    if not six[:2].isdigit():
        return ""
    if not month:
        day = 0
    return f"{resolved_year(year, month, day, today):04}-{month:02}-{day:02}"

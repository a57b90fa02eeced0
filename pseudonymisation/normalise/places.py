# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Number plates and addresses.

- Plate: country (alpha-3) and A-Z, 0-9. Plates in Cyrillic and Greek letters are read by shape, not by sound: issuing
  states use exactly the letters that look Latin (Vienna Convention on Road Traffic 1968, annex 2). Without a
  country only a plate in a Dutch pattern of six is read. The country is in the key, never a filter.
- Address: the BAG id of the nummeraanduiding (16 digits, object type 20 on positions 5-6; Catalogus BAG), or
  postcode (python-stdnum), house number and addition. The two forms do not meet here: a node with the BAG at
  hand fills in both. Everything may stand in one field, in the order of a letter or of an envelope (Oefenweg 12 A,
  1234 AB Oefenmeer). An addition that is the ground floor (hs, huis) is H, as the BAG has it, and the Roman II, III
  and IV are 2, 3 and 4; a lone I stays, because it is a letter as often.
- Street: what kind of street it is stands in full, whether it was abbreviated or not, and joined or not (Dorpsstr., Dorps
  straat), so that Kerkstraat and Kerklaan stay two. A title in front goes (Burg. Jansenweg): who speaks leaves it out.
"""

import re
from types import MappingProxyType
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.nl import postcode as stdnum_postcode

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute
from pseudonymisation.normalise.countries import vehicle_country
from pseudonymisation.normalise.names import words
from pseudonymisation.normalise.outcome import Normalised, UnfitError
from pseudonymisation.normalise.text import clean, is_digits, without

_LOOKALIKES: Final = str.maketrans("АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYX")  # noqa: RUF001 - read by shape
_DUTCH_GROUPS: Final = re.compile(r"(?=.*[A-Z])(?=.*[0-9])(?:[A-Z]{1,3}|[0-9]{1,3}){3,4}")
_PLATE: Final = re.compile(r"(?=.*[0-9])[A-Z0-9]{2,12}")


def plate(raw: RawAttribute) -> Normalised:
    """Country and plate in upper case without separators."""
    text = clean("plate", raw.get("plate")).upper().translate(_LOOKALIKES)
    number = without(text, " -.\u00b7*/\u2010\u2011\u2012\u2013\u2014")
    given = clean("plate.country", raw.get("country"))
    country = vehicle_country(given) if given else "NLD"
    if country is None or not (given or _looks_dutch(number)):
        raise UnfitError(
            "plate.country",
            _("Bij het kenteken ontbreekt het land, of de landcode is onbekend."),
            _("Typ LAND:KENTEKEN, bijvoorbeeld NL:12-ABC-3 of RO:B 123 ABC."),
        )
    if not _PLATE.fullmatch(number):
        raise UnfitError(
            "plate",
            _("Het kenteken klopt niet: het bestaat uit letters en cijfers."),
            _("Neem het kenteken over zoals het op het voertuig staat."),
        )
    return Normalised.of("plate", country=country, plate=number)


def _looks_dutch(number: str) -> bool:
    return len(number) == 6 and _DUTCH_GROUPS.fullmatch(number) is not None


_ADDITIONS: Final = MappingProxyType(
    {"HS": "H", "HUIS": "H", "II": "2", "III": "3", "IV": "4", "ROOD": "RD", "ZWART": "ZW"}
)
_HOUSE: Final = re.compile(r"([0-9]{1,5})(?![0-9])(.*)")


def bag_address(raw: RawAttribute) -> Normalised:
    """BAG id and/or postcode, number and addition."""
    bag_id = _bag_id(without(clean("bag_address.bag_id", raw.get("bag_id")), " .-"))
    postcode = clean("bag_address.postcode", raw.get("postcode"))
    house = " ".join(clean(f"bag_address.{part}", raw.get(part)) for part in ("number", "addition")).strip()
    street = _street(clean("bag_address.street", raw.get("street")))
    if not (postcode or house or street):
        if bag_id:
            return Normalised.of("bag_address", bag_id=bag_id)
        raise UnfitError(*_no_address())
    if postcode and not house:
        postcode, house = _in_one_field(postcode)
    country = _abroad(raw.get("country"))
    code = "" if street and not postcode else _code(postcode, country)
    number, addition = ("", "") if street and not house else _house(house)
    return Normalised.of(
        "bag_address",
        bag_id=bag_id,
        country=country,
        postcode=code,
        street=street,
        number=number,
        addition=addition,
    )


def _street(text: str) -> str:
    """The street in lower-case a to z in one piece, abbreviations in full and titles in front left out."""
    found = words(text)
    while len(found) > 1 and _TITLES.fullmatch(found[0]) and not set(found[1:]) <= _KINDS:
        found = found[1:]
    if len(found) > 1 and found[0] in _SAINTS:
        found = ["sint", *found[1:]]
    # Once more on the whole, so that it is its own normal form: letters apart can join to a placeholder.
    return "".join(words(_in_full("".join(map(_in_full, found)))))


def _in_full(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    found = _SHORT_AT_END.fullmatch(word)
    return f"{found[1]}{_SHORT[found[2]]}" if found else word


_SHORT: Final = MappingProxyType(
    {
        short: full
        for full, ways in {
            "straat": "str strt st street strasse",
            "laan": "ln lane",
            "weg": "wg",
            "plein": "pln pl place platz",
            "gracht": "gr",
            "kade": "kd",
            "singel": "sngl",
            "dijk": "dk",
            "steenweg": "stwg",
            "road": "rd",
            "avenue": "av ave",
            "boulevard": "blvd bd",
        }.items()
        for short in ways.split()
    }
)
_KINDS: Final = frozenset({*_SHORT, *_SHORT.values()})
# Joined to a name: no Dutch word ends in these letters. "st" and "rd" are not among them: Oost, Noord.
_SHORT_AT_END: Final = re.compile(r"(.{3,}?)(strasse|strt|str|pln|pl|ln|wg|gr|kd|sngl|dk)")
_TITLES: Final = re.compile(
    r"burg(?:em(?:eester)?)?|doctor|dokter|dr|drs|doctorandus|prof(?:essor)?|mr|meester|ds|dominee|past(?:oor)?|kard(?:inaal)?|"
    r"pres(?:ident)?|gen(?:eraal)?|adm(?:iraal)?|ir|ingenieur|jhr|jonkheer|min(?:ister)?|kon(?:ing(?:in)?)?|pr(?:ins(?:es)?)?"
)
_SAINTS: Final = frozenset({"st", "sint", "saint", "sankt"})


def _abroad(text: str) -> str:
    """The country of a foreign address; "" in the Netherlands, which is meant where none is given."""
    if not text.strip():
        return ""
    country = vehicle_country(clean("bag_address.country", text).upper())
    if country is None:
        raise UnfitError(
            "bag_address.country",
            _("Het land van het adres is niet bekend."),
            _("Typ de landcode, bijvoorbeeld BEL. Laat het land leeg bij een adres in Nederland."),
        )
    return "" if country == "NLD" else country


def _code(postcode: str, country: str) -> str:
    return _foreign_postcode(postcode) if country else _postcode(postcode)


def _foreign_postcode(text: str) -> str:
    code = without(text.upper(), " -.")
    if not (code.isascii() and code.isalnum() and 3 <= len(code) <= 10):
        raise UnfitError(
            "bag_address.postcode",
            _("De postcode van het buitenlandse adres klopt niet."),
            _("Typ de postcode zoals die op een brief staat, met letters en cijfers."),
        )
    return code


_POSTCODE_INSIDE: Final = re.compile(r"(.*?)(?<![0-9])([0-9]{4} ?[A-Za-z]{2})(?![A-Za-z])(.*)")
_HOUSE_AT_END: Final = re.compile(
    r".*?(?<![0-9])([0-9]{1,5}(?![0-9])(?:[ \-./]{0,2}[A-Za-z0-9]{1,4}){0,2})[ ,.]*"
)


def _in_one_field(text: str) -> tuple[str, str]:
    """Postcode and house, parted; the text and "" when they cannot be."""
    found = _POSTCODE_INSIDE.fullmatch(text)
    if found is None:
        return text, ""
    before, code, behind = found.groups()
    if behind.strip(" ,")[:1].isdigit():
        return code, behind.strip(" ,")
    house = _HOUSE_AT_END.fullmatch(before)
    return (code, house[1]) if house else (text, "")


def _no_address() -> tuple[str, str, str]:
    return (
        "bag_address",
        _("Het adres ontbreekt."),
        _("Vul postcode en huisnummer in, of het BAG-nummer van 16 cijfers."),
    )


def _bag_id(text: str) -> str:
    if not text:
        return ""
    # A spreadsheet drops the leading zero of a municipality below 1000; the object type shows that it did.
    number = f"0{text}" if is_digits(text, 15) and text[3:5] == "20" else text
    if not is_digits(number, 16) or number[4:6] != "20":
        raise UnfitError(
            "bag_address.bag_id",
            _("Het BAG-nummer klopt niet: het heeft 16 cijfers, met 20 op plaats 5 en 6."),
            _(
                "Neem het nummer van de nummeraanduiding, niet van het pand. Of vul postcode en huisnummer in."
            ),
        )
    return number


def _postcode(text: str) -> str:
    try:
        # The pattern inside accepts any Unicode digit; the normal form is ASCII.
        code = stdnum_postcode.validate(text) if text.isascii() else ""
    except ValidationError:
        code = ""
    if not code:
        raise UnfitError(
            "bag_address.postcode",
            _("De postcode van het adres klopt niet."),
            _(
                "Typ vier cijfers en twee letters, bijvoorbeeld 1234 AB. Vul bij een buitenlands adres ook het land in."
            ),
        )
    return code.replace(" ", "")


def _house(text: str) -> tuple[str, str]:
    found = _HOUSE.fullmatch(text.upper())
    addition = without(found[2], " -./,\u2010\u2011\u2012\u2013\u2014") if found else ""
    addition = _ADDITIONS.get(addition, addition)
    fits = len(addition) <= 8 and addition.isascii() and (addition.isalnum() or not addition)
    if found is None or int(found[1]) == 0 or not fits:
        raise UnfitError(
            "bag_address.number",
            _("Het huisnummer van het adres ontbreekt of klopt niet."),
            _("Vul het huisnummer in, met de toevoeging erachter, bijvoorbeeld 12 A."),
        )
    return str(int(found[1])), addition

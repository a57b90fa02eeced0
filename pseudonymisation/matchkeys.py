# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which parts of a person are compared: every attribute in normal form becomes a few match keys.

Node only, and pure. A match key is a family and bytes; after stretching and evaluation only its equality with
another of the same family is visible, so what is not a key can never agree.

The law:

1. An exact identifier is one key. KvK and address have one key per form (number and branch; BAG id and
   postcode).
2. A name is a key only together with a date of birth; a work alias only together with a telephone, an
   advertisement or premises. Neither is ever a key alone.
3. A complete date that is not 1 January gives `name_dob` (exact), `name_dob_near` (one thing off: day and
   month swapped, other spelling, initial only) and `name_dob_part` (part of the date). Any other date gives
   `name_dob_part` only, because that family weighs one medium.
4. Every family has a constant number of points per attribute. What an attribute cannot fill, or would fill
   twice, is a filler: the caller puts a stored random point there.
5. At most 40 points a person, real and filler. What no longer fits, and what may not be used, comes back in
   `unused` with the reason: nothing disappears silently.

Key rules are part of `SPEC_VERSION`. Left for later: variant tables per script, stop-list as governed data,
weights (EM) instead of counts. Specification and entropy per rule: docs/spec/match-keys.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from itertools import zip_longest
from types import MappingProxyType
from typing import Final

from pseudonymisation.identity import Unreadable
from pseudonymisation.normalise.dates import complete, parts_of, possibly_default
from pseudonymisation.normalise.names import telling
from pseudonymisation.normalise.outcome import Normalised
from pseudonymisation.pseudonym import (
    FAMILIES,
    MAX_TOKENS_PER_PERSON,
    StretchClass,
    enough,
    enough_for_organisation,
    family_named,
    kind_for_people,
    length_prefixed,
)

STOP_PHONES: Final = frozenset(
    {
        "+318000113",  # 113 Zelfmoordpreventie
        "+318000432",  # De Kindertelefoon
        "+318002000",  # Veilig Thuis
        "+318005151",  # Nederlandse Arbeidsinspectie
        "+318007000",  # Meld Misdaad Anoniem
        "+319000101",  # Slachtofferhulp Nederland
        "+319008844",  # Politie
        "+31334481186",  # CoMensha
    }
)
"""Published numbers of services that anyone may carry: agreement on one says nothing about a person."""


@dataclass(frozen=True, slots=True, repr=False)
class MatchKey:
    """One value to stretch and evaluate. The value is personal data in the clear: it never leaves the node."""

    family: str
    value: bytes = field(repr=False)

    @property
    def stretch_class(self) -> StretchClass:
        """Which Argon2id class applies: "exact" or "composite"."""
        return family_named(self.family).stretch

    def __repr__(self) -> str:
        return f"MatchKey(family={self.family!r}, value=<masked>)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class MatchKeySet:
    """The keys of one person or organisation.

    Attributes:
        keys: the real keys, each once.
        fillers: per family how many random points complete the constant count; families without are absent.
        unused: attributes that gave no key, with the reason and the way forward (`field` is the type).
    """

    keys: tuple[MatchKey, ...]
    fillers: Mapping[str, int]
    unused: tuple[Unreadable, ...]

    @property
    def families(self) -> frozenset[str]:
        """The families in which at least one real key stands."""
        return frozenset(key.family for key in self.keys)

    @property
    def points(self) -> int:
        """Real keys and fillers together."""
        return len(self.keys) + sum(self.fillers.values())


Slots = Mapping[str, tuple[bytes | None, ...]]
"""Per family the value in each place, None for a filler; as long as the family's count."""


def match_keys(attributes: Iterable[Normalised]) -> MatchKeySet:
    """The match keys of the attributes of one subject.

    Equal attributes count once. When 40 points are not enough, one attribute of every type goes before the
    second of any, in the order of the family table.
    """
    distinct = list(dict.fromkeys(attributes))
    unused: list[Unreadable] = []
    room, taken = MAX_TOKENS_PER_PERSON, []
    for attribute in _by_turns(distinct):
        slots = _slots(attribute, distinct)
        if isinstance(slots, Unreadable):
            unused.append(slots)
            continue
        size = sum(len(places) for places in slots.values())
        if size > room:
            unused.append(_no_room(attribute))
            continue
        room -= size
        taken.append(slots)
    return _collected(taken, tuple(unused))


def _by_turns(attributes: Sequence[Normalised]) -> Iterator[Normalised]:
    order = list(dict.fromkeys(family.attribute for family in FAMILIES.values()))
    per_type = [[each for each in attributes if each.type == type_] for type_ in order]
    for turn in zip_longest(*per_type):
        yield from (attribute for attribute in turn if attribute is not None)


def _no_room(attribute: Normalised) -> Unreadable:
    return Unreadable(
        attribute.type,
        _("Er zijn meer gegevens dan in één vraag passen; dit gegeven ({soort}) doet niet mee.").format(
            soort=kind_for_people(attribute.type)
        ),
        _("Stel voor de overige gegevens een tweede vraag, of laat minder belangrijke weg."),
    )


def _collected(taken: Sequence[Slots], unused: tuple[Unreadable, ...]) -> MatchKeySet:
    keys: dict[MatchKey, None] = {}
    totals: dict[str, int] = {}
    for slots in taken:
        for family, places in slots.items():
            totals[family] = totals.get(family, 0) + len(places)
            keys |= {MatchKey(family, value): None for value in places if value is not None}
    real = [key.family for key in keys]
    fillers = {family: total - real.count(family) for family, total in totals.items()}
    present = MappingProxyType({family: count for family, count in fillers.items() if count})
    return MatchKeySet(tuple(keys), present, unused)


def _slots(attribute: Normalised, all_: Sequence[Normalised]) -> Slots | Unreadable:
    if attribute.type == "name_dob":
        return _name_slots(attribute)
    if attribute.type == "work_alias":
        return _alias_slots(attribute, all_)
    if attribute.type == "phone" and attribute.get("number") in STOP_PHONES:
        return Unreadable(
            "phone",
            _("Dit is het telefoonnummer van een bekende instantie; het zegt niets over de persoon."),
            _("Laat dit nummer weg en vul een ander gegeven in."),
        )
    return {attribute.type: _IDENTIFIERS[attribute.type](attribute)}


def _value(rule: str, *parts: str) -> bytes:
    # The rule's name comes first, so that two rules of one family never meet by accident.
    return length_prefixed(rule.encode(), *(part.encode() for part in parts))


# ---- exact identifiers ------------------------------------------------------------------------------------


def _one(*fields: str) -> Callable[[Normalised], tuple[bytes | None, ...]]:
    return lambda found: (_value(found.type, *map(found.get, fields)),)


def _document(found: Normalised) -> tuple[bytes | None, ...]:
    return (_value("document", found.get("issuer"), found.get("number")),)


def _kvk(found: Normalised) -> tuple[bytes | None, ...]:
    return tuple(
        _value(f"kvk.{form}", found.get(form)) if found.get(form) else None for form in ("number", "branch")
    )


def _address(found: Normalised) -> tuple[bytes | None, ...]:
    house = (found.get("postcode"), found.get("number"), found.get("addition"))
    return (
        _value("bag_address.id", found.get("bag_id")) if found.get("bag_id") else None,
        _value("bag_address.postcode", *house) if found.get("postcode") else None,
    )


_IDENTIFIERS: Final[Mapping[str, Callable[[Normalised], tuple[bytes | None, ...]]]] = MappingProxyType(
    {
        "bsn": _one("number"),
        "v_nummer": _one("number"),
        "document": _document,
        "phone": _one("number"),
        "email": _one("address"),
        "social_handle": _one("platform", "handle"),
        "ad_id_or_url": _one("host", "ad_id"),
        "iban": _one("number"),
        "kvk": _kvk,
        "plate": _one("country", "plate"),
        "bag_address": _address,
    }
)


# ---- names ------------------------------------------------------------------------------------------------


def _name_slots(name: Normalised) -> Slots | Unreadable:
    dob = name.get("dob")
    if not dob:
        return Unreadable(
            "name_dob",
            _("Een naam zonder geboortedatum wordt niet gebruikt om te vergelijken."),
            _("Vul de geboortedatum in. Is een deel onbekend? Typ dan 00 voor dat deel."),
        )
    part = _part_of_date(name)
    if complete(dob) and not possibly_default(dob):
        return {"name_dob": _exact(name), "name_dob_near": _near(name), "name_dob_part": part}
    if not any(part):
        return Unreadable(
            "name_dob",
            _("De naam is te kort om met een onvolledige geboortedatum te vergelijken."),
            _("Vul voornaam, achternaam en de hele geboortedatum in."),
        )
    return {"name_dob_part": part}


def _all_words(name: Normalised) -> list[str]:
    """Every word of the name, sorted: without particles, and the same in whatever order it was written."""
    found = (word for field_ in ("given", "surname", "name") for word in name.get(field_).split())
    return sorted(telling(found, least=2))


def _pair(name: Normalised) -> tuple[str, str] | None:
    """First given name and first word of the surname; of a name without parts its first and last word."""
    if name.get("surname"):
        return name.get("given").split()[0], telling(name.get("surname").split(), least=1)[0]
    found = telling(name.get("name").split(), least=2)
    return (found[0], found[-1]) if len(found) >= 2 else None


def _full_pair(name: Normalised) -> list[str] | None:
    """The pair, sorted, when neither is an initial: officers swap given name and surname."""
    pair = _pair(name)
    return sorted(pair) if pair and min(map(len, pair)) >= 2 else None


def _exact(name: Normalised) -> tuple[bytes | None, ...]:
    dob, found, pair = name.get("dob"), _all_words(name), _full_pair(name)
    spelled_out = sum(len(word) >= 2 for word in found) >= 2
    return (
        _value("name.whole", dob, *found) if spelled_out else None,
        _value("name.pair", dob, *pair) if pair else None,
    )


def _near(name: Normalised) -> tuple[bytes | None, ...]:
    dob, found = name.get("dob"), _all_words(name)
    swapped, pair, full = _either_way(dob), _pair(name), _full_pair(name)
    sounds = sorted(soundex(word) for word in found if len(word) >= 2)
    by_initial = pair is not None and len(pair[1]) >= 2
    return (
        _value("near.swapped", swapped, *found) if swapped and len(sounds) >= 2 else None,
        _value("near.sound_pair", dob, *sorted(map(soundex, full))) if full else None,
        _value("near.sounds", dob, *sounds) if len(sounds) >= 2 else _value("near.single", dob, *found),
        _value("near.initial", dob, pair[0][0], pair[1]) if pair and by_initial else None,
    )


def _either_way(dob: str) -> str | None:
    """The date with day and month in order of size, so that both ways of writing it agree; None if only one exists."""
    year, month, day = parts_of(dob)
    if day > 12 or day == month:
        return None
    return f"{year:04}-{min(day, month):02}-{max(day, month):02}"


def _part_of_date(name: Normalised) -> tuple[bytes | None, ...]:
    """Pair with year and month, year and day, month and day, year; only parts that are known and no default."""
    pair = _full_pair(name)
    year, month, day = parts_of(name.get("dob"))
    if possibly_default(name.get("dob")):
        month = day = 0
    if pair is None:
        return (None, None, None, None)
    return (
        _value("part.year_month", f"{year:04}-{month:02}", *pair) if month else None,
        _value("part.year_day", f"{year:04}-{day:02}", *pair) if day else None,
        _value("part.month_day", f"{month:02}-{day:02}", *pair) if day else None,
        _value("part.year", f"{year:04}", *pair),
    )


_ALIKE: Final = (("ph", "f"), ("ch", "k"), ("kh", "k"), ("ck", "k"))
_FIRST_ALIKE: Final = str.maketrans("cqzjyw", "kksiiv")
_CODES: Final = {
    letter: code
    for code, group in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1)
    for letter in group
}


def soundex(word: str) -> str:
    """American Soundex (NARA, 2007) of a word of a to z, on spellings that sound alike across languages.

    Soundex keeps the first letter, which is where transliterations differ (Yusuf, Jusuf; Khalid, Chalid),
    so a few letters and digraphs are made equal first.
    """
    for spelling, sound in _ALIKE:
        word = word.replace(spelling, sound)
    word = word[0].translate(_FIRST_ALIKE) + word[1:]
    return american_soundex(word)


def american_soundex(word: str) -> str:
    """The code of NARA's rules: first letter and three digits; h and w do not part equal codes, vowels do."""
    digits = ""
    previous = _CODES.get(word[0], 0)
    for letter in word[1:]:
        code = _CODES.get(letter, 0)
        if code and code != previous:
            digits += str(code)
        if letter not in "hw":
            previous = code
    return (word[0] + digits + "000")[:4]


# ---- work alias -------------------------------------------------------------------------------------------


def _alias_slots(alias: Normalised, all_: Sequence[Normalised]) -> Slots | Unreadable:
    size = family_named("work_alias").tokens
    joined = [_value("alias", alias.get("alias"), *companion) for companion in _companions(all_)][:size]
    if not joined:
        return Unreadable(
            "work_alias",
            _("Een werknaam alleen wordt niet gebruikt om te vergelijken."),
            _("Vul ook een telefoonnummer, advertentie of adres in."),
        )
    return {"work_alias": (*joined, *[None] * (size - len(joined)))}


def _companions(all_: Sequence[Normalised]) -> Iterator[tuple[str, ...]]:
    """What an alias is joined to: a telephone, an advertisement and premises in turn, each sorted by value."""
    numbers = {each.get("number") for each in all_ if each.type == "phone"} - STOP_PHONES
    phones = [("phone", number) for number in numbers]
    ads = [("ad", each.get("host"), each.get("ad_id")) for each in all_ if each.type == "ad_id_or_url"]
    places = [
        ("premises", value.hex())
        for each in all_
        if each.type == "bag_address"
        for value in _address(each)
        if value
    ]
    for turn in zip_longest(sorted(phones), sorted(ads), sorted(places)):
        yield from (companion for companion in turn if companion is not None)


# ---- too little to ask on ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TooLittle:
    """Why a question cannot be asked yet, and what to ask for at the door; both Dutch (B1)."""

    reason: str
    ask_for: str


def too_little(attributes: Iterable[Normalised]) -> TooLittle | None:
    """None when the attributes satisfy condition C3 for a person, otherwise what is missing."""
    given = list(attributes)
    if enough(match_keys(given).families):
        return None
    return _too_little_of({attribute.type for attribute in given}, given)


def too_little_for_organisation(attributes: Iterable[Normalised]) -> TooLittle | None:
    """None when the attributes satisfy condition C3 for an organisation or premises, otherwise what is missing."""
    if enough_for_organisation(match_keys(attributes).families):
        return None
    return TooLittle(
        _("Dit is te weinig om een bedrijf of pand op te vragen."),
        _("Vraag het KvK-nummer, of vul het adres in met postcode en huisnummer."),
    )


def _too_little_of(types: set[str], given: Sequence[Normalised]) -> TooLittle:
    strong = _("Vraag naar een document, een telefoonnummer of een account op sociale media.")
    if not given:
        return TooLittle(_("Er is nog niets ingevuld om op te vragen."), strong)
    if types == {"name_dob"} and not any(name.get("dob") for name in given):
        return TooLittle(
            _("Een naam zonder geboortedatum is te weinig om op te vragen."),
            _("Vraag de hele geboortedatum, of een document of telefoonnummer."),
        )
    if types == {"name_dob"}:
        return TooLittle(
            _("Deze naam en geboortedatum zijn te weinig: de datum is niet compleet of is 1 januari."),
            _("Vraag een tweede gegeven, zoals een document, een telefoonnummer of een kenteken."),
        )
    named = ", ".join(kind_for_people(type_) for type_ in _in_order(types))
    return TooLittle(_("Dit is te weinig om op te vragen: {soorten}.").format(soorten=named), strong)


def _in_order(types: set[str]) -> list[str]:
    return [type_ for type_ in dict.fromkeys(each.attribute for each in FAMILIES.values()) if type_ in types]

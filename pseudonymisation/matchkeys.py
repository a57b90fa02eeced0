# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which parts of a person are compared: every attribute in normal form becomes a few match keys.

Node only, and pure. A match key is a family and bytes; after stretching and evaluation only its equality with
another of the same family is visible, so what is not a key can never agree.

The law:

1. An exact identifier is one key. KvK and address have one key per form (number and branch; BAG id and
   postcode). A document has its number alone beside it, an address its street: for who wrote half of it down.
2. The order of a name's words makes no difference. A complete date that is not 1 January gives `name_dob`
   (exact), `name_dob_near` (one thing off: day and month swapped, other spelling) and `name_dob_word` (one word as
   written, or one by sound with how the other begins); any date gives `name_dob_part` and `name_dob_year` with the
   parts that are certain.
3. A name without a date of birth is `name_pair` only, which never counts for C3. A word of the name is joined to a
   telephone (`person_phone`); a word, initials and the date to a postcode or a street with its number
   (`person_place`): who of those that share it. A date without a name, and a work alias, are keys only where they are joined to something.
4. Every family has a constant number of points per attribute. What an attribute cannot fill, or would fill
   twice, is a filler: the caller puts a stored random point there.
5. At most 40 points a person, real and filler. What no longer fits, and what may not be used, comes back in
   `unused` with the reason: nothing disappears silently.

Key rules are part of `SPEC_VERSION`. Left to others: what agreement weighs (`register.scoring`). Left for later: the
stop-list as governed data. Specification and entropy per rule: docs/spec/match-keys.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, zip_longest
from types import MappingProxyType
from typing import Final, Self

from process.language import gettext as _
from process.language import together
from pseudonymisation.identity import Unreadable
from pseudonymisation.normalise.dates import complete, parts_of, possibly_default
from pseudonymisation.normalise.names import telling
from pseudonymisation.normalise.outcome import Normalised
from pseudonymisation.normalise.variants import folded, sound
from pseudonymisation.pseudonym import (
    CANARIES,
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


_LEAST_NUMBER: Final = 6
"""Characters of a document number below which it says too little without its issuer."""


@dataclass(frozen=True, slots=True, repr=False)
class MatchKey:
    """One value to stretch and evaluate. The value is personal data in the clear: it never leaves the node."""

    family: str
    value: bytes = field(repr=False)

    @property
    def stretch_class(self) -> StretchClass:
        """Which Argon2id class applies: "exact" or "composite"."""
        return CANARIES.get(self.family) or family_named(self.family).stretch

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
        return _name_slots(attribute, all_)
    if attribute.type == "bag_address":
        return _address_slots(attribute)
    if attribute.type == "document":
        return _document_slots(attribute)
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


def _document_slots(found: Normalised) -> Slots | Unreadable:
    """Issuer and number, and the number alone: who writes it down in a hurry leaves the issuer out."""
    issuer, number = found.get("issuer"), found.get("number")
    telling_enough = len(number) >= _LEAST_NUMBER
    if not (issuer or telling_enough):
        return Unreadable(
            "document",
            _("Een kort documentnummer zonder land wordt niet gebruikt om te vergelijken."),
            _("Vul het land in dat het document gaf."),
        )
    return {
        "document": (_value("document", issuer, number) if issuer else None,),
        "document_number": (
            _value("document.number", number.translate(_MISREAD)) if telling_enough else None,
        ),
    }


_MISREAD: Final = str.maketrans("OQDILSZBG", "000115286")
"""Letters that are read as digits, and the other way round."""


def _kvk(found: Normalised) -> tuple[bytes | None, ...]:
    return tuple(
        _value(f"kvk.{form}", found.get(form)) if found.get(form) else None for form in ("number", "branch")
    )


def _address_slots(found: Normalised) -> Slots | Unreadable:
    slots = {"bag_address": _address(found), "street": _street(found)}
    if any(map(any, slots.values())):
        return slots
    return Unreadable(
        "bag_address",
        _("Een straat zonder huisnummer of postcode wordt niet gebruikt om te vergelijken."),
        _("Vul ook het huisnummer in, en als het kan de postcode."),
    )


def _address(found: Normalised) -> tuple[bytes | None, ...]:
    return (
        _value("bag_address.id", found.get("bag_id")) if found.get("bag_id") else None,
        _value("bag_address.postcode", *_house(found))
        if found.get("postcode") and found.get("number")
        else None,
    )


def _street(found: Normalised) -> tuple[bytes | None, ...]:
    """Street and number, street and postcode: what is left when one of the three is wrong or unknown."""
    street, number, postcode = map(found.get, ("street", "number", "postcode"))
    return (
        _value("street.number", sound(street), number) if street and number else None,
        _value("street.postcode", sound(street), postcode) if street and postcode else None,
    )


def _house(address: Normalised) -> tuple[str, ...]:
    """Country, postcode and number. The addition is left out: "12 A", "12-1" and "12" are one door to who stands before it."""
    return address.get("country"), address.get("postcode"), address.get("number")


_IDENTIFIERS: Final[Mapping[str, Callable[[Normalised], tuple[bytes | None, ...]]]] = MappingProxyType(
    {
        "bsn": _one("number"),
        "v_nummer": _one("number"),
        "phone": _one("number"),
        "email": _one("address"),
        "social_handle": _one("platform", "handle"),
        "ad_id_or_url": _one("host", "ad_id"),
        "iban": _one("number"),
        "kvk": _kvk,
        "plate": _one("country", "plate"),
    }
)


# ---- names ------------------------------------------------------------------------------------------------


def _name_slots(name: Normalised, all_: Sequence[Normalised]) -> Slots | Unreadable:
    words, dob = _Words.of(name), name.get("dob")
    if not words.every:
        return _date_alone(dob, all_)
    if not dob and all(each.type == "name_dob" for each in all_):
        return Unreadable(
            "name_dob",
            _("Een naam zonder geboortedatum wordt niet gebruikt om te vergelijken."),
            _(
                "Vul de geboortedatum in, of een ander gegeven. Is een deel van de datum onbekend? Typ dan 00 voor dat deel."
            ),
        )
    slots: dict[str, tuple[bytes | None, ...]] = {}
    if _whole_date(name):
        slots |= {
            "name_dob": _exact(words, dob),
            "name_dob_near": _near(words, dob),
            "name_dob_word": _word(words, dob),
        }
    if dob:
        slots |= {"name_dob_part": _part(words, dob), "name_dob_year": _year(words, dob)}
    slots["name_pair"] = _places("name_pair", (_value("name.sounds", *pair) for pair in words.sound_pairs))
    phones = sorted(_telephones(all_))
    if phones:
        slots["person_phone"] = _places("person_phone", _with_phone(phones, words))
    if doors := sorted(_doors(all_)):
        slots["person_place"] = _places("person_place", _with_door(doors, words, dob))
    if not any(value for places in slots.values() for value in places):
        return Unreadable(
            "name_dob",
            _("De naam is te kort om te vergelijken."),
            _("Vul voornaam, achternaam en de hele geboortedatum in."),
        )
    return slots


@dataclass(frozen=True, slots=True)
class _Words:
    """The telling words of a name in folded form, the most telling first given name and surname apart.

    Attributes:
        every: all words of two letters or more without particles.
        pair: first given name and first surname; of a name whose order is unknown its first and last word.
        initial: of the given name or the surname, where only that is known.
        pairs: what may be a given name beside a surname, the surest first.
    """

    every: tuple[str, ...]
    pair: tuple[str, str] | None
    initial: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, name: Normalised) -> Self:
        written = name.get("given").split(), telling(name.get("surname").split(), least=1)
        whole = [folded(one) for one in telling(name.get("name").split(), least=2)]
        given, surname = ([folded(one) for one in part if len(one) >= 2] for part in written)
        # Of whichever is there as an initial only.
        letters = [
            part[0] for part, words in zip(written, (given, surname), strict=True) if part and not words
        ]
        initial = folded(letters[0]) if len(letters) == 1 and (given or surname) else ""
        if given and surname:
            pairs = [(one, other) for other in surname for one in given]
        elif surname or given:
            pairs = []
        else:
            pairs = [(whole[0], whole[-1]), *combinations(whole, 2)] if len(whole) >= 2 else []
        every = tuple(dict.fromkeys([*given, *surname, *whole]))
        return cls(every, pairs[0] if pairs else None, initial, tuple(dict.fromkeys(pairs)))

    @property
    def beside(self) -> Iterator[tuple[str, str]]:
        """Each word of the pairs with what stands beside it; where one of the two is an initial, the other with that."""
        if self.initial and not self.pairs and self.every:
            yield self.every[0], self.initial
        for one, other in self.pairs:
            yield other, one
            yield one, other

    @property
    def sound_pairs(self) -> list[tuple[str, ...]]:
        """The pairs by sound, whatever was written first: officials swap given name and surname."""
        return list(dict.fromkeys(_by_sound(pair) for pair in self.pairs))

    @property
    def sounds(self) -> list[str]:
        """The words of the pair by sound; of a name without a pair, of all."""
        return list(dict.fromkeys(map(_heard, self.pair or self.every)))


def _by_sound(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(_heard, words)))


_JOINED: Final = re.compile(r"(?:van(?:de[nr]?)?|de[lnr]?|d[ao]s|d[ai]|al|el|te[nr]?)(?=.{4})")


def _heard(word: str) -> str:
    """How a word sounds, without a particle that a machine-readable zone or a hurried hand joined to it: DEJONG, ELIDRISSI.

    A name that only seems to begin with one loses the same letters everywhere.
    """
    return sound(_JOINED.sub("", word, count=1) if _JOINED.match(word) else word)


def _places(family: str, values: Iterable[bytes | None]) -> tuple[bytes | None, ...]:
    """The values in the family's constant number of places; what does not fit is left out."""
    size = family_named(family).tokens
    found = list(islice((value for value in values if value is not None), size))
    return (*found, *[None] * (size - len(found)))


def _exact(words: _Words, dob: str) -> tuple[bytes | None, ...]:
    return (_value("name.pair", dob, *sorted(words.pair)) if words.pair else None,)


def _near(words: _Words, dob: str) -> tuple[bytes | None, ...]:
    if words.pair is None:
        return (None, None)
    swapped, sounds = _either_way(dob), _by_sound(words.pair)
    return (
        _value("near.sounds", dob, *sounds),
        _value("near.swapped", swapped, *sounds) if swapped else None,
    )


def _word(words: _Words, dob: str) -> tuple[bytes | None, ...]:
    """Two words as written, and two by sound with the first letter of the other: a word by sound alone would be too easy to guess."""
    written = (_value("word", dob, one) for one in (words.pair or words.every)[:2])
    heard = (_value("word.beside", dob, _heard(one), other[0]) for one, other in words.beside)
    return _places("name_dob_word", dict.fromkeys((*written, *islice(heard, 2))))


def _either_way(dob: str) -> str | None:
    """The date with day and month in order of size, so that both ways of writing it agree; None if only one exists."""
    year, month, day = parts_of(dob)
    if day > 12 or day == month:
        return None
    return f"{year:04}-{min(day, month):02}-{max(day, month):02}"


def _part(words: _Words, dob: str) -> tuple[bytes | None, ...]:
    """Pair by sound with year and month, year and day, month and day; only parts that are known and no default."""
    year, month, day = _certain(dob)
    if words.pair is None:
        return (None, None, None)
    sounds = _by_sound(words.pair)
    return (
        _value("part.year_month", f"{year:04}-{month:02}", *sounds) if month else None,
        _value("part.year_day", f"{year:04}-{day:02}", *sounds) if day else None,
        _value("part.month_day", f"{month:02}-{day:02}", *sounds) if day else None,
    )


def _year(words: _Words, dob: str) -> tuple[bytes | None, ...]:
    year = _certain(dob)[0]
    return (_value("part.year", f"{year:04}", *_by_sound(words.pair)) if words.pair else None,)


def _certain(dob: str) -> tuple[int, int, int]:
    year, month, day = parts_of(dob)
    return (year, 0, 0) if possibly_default(dob) else (year, month, day)


def _telephones(all_: Iterable[Normalised]) -> set[str]:
    return {each.get("number") for each in all_ if each.type == "phone"} - STOP_PHONES


def _date_alone(dob: str, all_: Sequence[Normalised]) -> Slots | Unreadable:
    """A date of birth without a name is a key only together with a door."""
    if doors := sorted(_doors(all_)):
        return {"person_place": _places("person_place", _with_door(doors, _Words((), None, "", ()), dob))}
    return Unreadable(
        "name_dob",
        _("Een geboortedatum zonder naam wordt niet gebruikt om te vergelijken."),
        _("Vul de naam in, of een adres."),
    )


def _doors(all_: Iterable[Normalised]) -> set[tuple[str, ...]]:
    """Where people live together: the postcode, whatever its number, and the street with its number."""
    homes = [each for each in all_ if each.type == "bag_address"]
    postcodes = {
        ("postcode", each.get("country"), each.get("postcode")) for each in homes if each.get("postcode")
    }
    return postcodes | {
        ("street", sound(each.get("street")), each.get("number"))
        for each in homes
        if each.get("street") and each.get("number")
    }


def _with_phone(phones: Sequence[str], words: _Words) -> Iterator[bytes]:
    """Each word of the name by sound with a telephone: who of those that share it."""
    return (_value("phone.word", phone, each) for each in words.sounds for phone in phones)


def _with_door(doors: Sequence[tuple[str, ...]], words: _Words, dob: str) -> Iterator[bytes]:
    """Whole date of birth, and initials, with each door; each word by sound with the first: who of those that live there."""
    if complete(dob) and not possibly_default(dob):
        yield from (_value("place.date", *door, dob) for door in doors)
    if words.pair:
        initials = sorted(one[0] for one in words.pair)
        yield from (_value("place.initials", *door, *initials) for door in doors)
    yield from (_value("place.word", *doors[0], each) for each in words.sounds)


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
    phones = [("phone", number) for number in _telephones(all_)]
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
    families = match_keys(given).families
    # One word and a date satisfy C3, but whoever is at the door can ask for the other.
    if enough(families - {"name_dob_word"}) or (enough(families) and not _one_word(given)):
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
    if types == {"name_dob"}:
        return _too_little_of_names(given)
    if types == {"document"}:
        return TooLittle(
            _("Een documentnummer zonder land van afgifte is te weinig om op te vragen."),
            _("Vraag welk land het document heeft afgegeven, of vraag een telefoonnummer."),
        )
    named = together(kind_for_people(type_) for type_ in _in_order(types))
    return TooLittle(_("Dit is te weinig om op te vragen: {soorten}.").format(soorten=named), strong)


def _too_little_of_names(given: Sequence[Normalised]) -> TooLittle:
    if not any(name.get("dob") for name in given):
        return TooLittle(
            _("Een naam zonder geboortedatum is te weinig om op te vragen."),
            _("Vraag de hele geboortedatum, of een document of telefoonnummer."),
        )
    if not any(_Words.of(name).every for name in given):
        return TooLittle(
            _("Een geboortedatum zonder naam is te weinig om op te vragen."),
            _("Vraag de voornaam en achternaam, of een document of telefoonnummer."),
        )
    if any(_whole_date(name) for name in given):
        return TooLittle(
            _("Deze naam is te weinig om op te vragen: er is maar één woord van bekend."),
            _("Vraag de voornaam en achternaam, of een document of telefoonnummer."),
        )
    return TooLittle(
        _("Deze naam en geboortedatum zijn te weinig: de datum is niet compleet of is 1 januari."),
        _("Vraag een tweede gegeven, zoals een document, een telefoonnummer of een kenteken."),
    )


def _one_word(given: Sequence[Normalised]) -> bool:
    words = [_Words.of(one) for one in given if one.type == "name_dob"]
    return not any(one.pair or one.initial for one in words)


def _whole_date(name: Normalised) -> bool:
    dob = name.get("dob")
    return bool(dob) and complete(dob) and not possibly_default(dob)


def _in_order(types: set[str]) -> list[str]:
    return [type_ for type_ in dict.fromkeys(each.attribute for each in FAMILIES.values()) if type_ in types]

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Names and work aliases: any script becomes lower-case words of a to z, so that "Nuñez" is "NUNEZ".

In this order: `clean` (NFKC), machine-readable fillers `<`, everything that is neither letter nor mark
becomes a word boundary (an apostrophe joins: O'Neil is one word), `anyascii` transliterates, placeholders
("onbekend", "FNU") go.

What this does not do: variants of one name. Müller and Mueller, or the Latin spellings of one Arabic,
Cyrillic or Chinese name, meet only where the phonetic keys happen to agree. Tables per script and per
issuing country come later, as versioned data under a new specification version.
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from gettext import gettext as _
from typing import Final

from anyascii import anyascii

from pseudonymisation.identity import RawAttribute
from pseudonymisation.normalise.dates import date_of_birth
from pseudonymisation.normalise.outcome import Normalised, UnfitError
from pseudonymisation.normalise.text import clean

_APOSTROPHES: Final = frozenset("'\u2019\u2018\u02bc\u02bb\u02b9\u0060\u00b4\u2032")
_PLACEHOLDERS: Final = frozenset(
    {"anoniem", "anonymous", "fnu", "lnu", "nn", "nnb", "onbekend", "onbekende", "unknown", "xxx", "xxxx"}
)
_MAX_WORDS: Final = 12

CharacterTest = Callable[[str], bool]


def name_dob(raw: RawAttribute, today: date) -> Normalised:
    """Words of the name, as given and surname where that is known, and the date of birth if there is one."""
    given, surname, whole = (clean("name_dob", raw.get(field)) for field in ("given", "surname", "name"))
    if whole and not (given or surname):
        given, surname, whole = _parted(whole)
    names = {"given": words(given), "surname": words(surname), "name": words(whole)}
    if given or surname:
        names["name"] = []
    if not names["given"] or not names["surname"]:
        # One part only is a name whose order is unknown; this keeps the normal form single.
        names = {"given": [], "surname": [], "name": names["given"] + names["surname"] + names["name"]}
    dob = date_of_birth(clean("name_dob.dob", raw.get("dob")), today) if raw.get("dob").strip() else ""
    _require_name([word for part in names.values() for word in part])
    return Normalised.of("name_dob", dob=dob, **{part: " ".join(found) for part, found in names.items()})


def _parted(name: str) -> tuple[str, str, str]:
    """(given, surname, whole): "Surname, Given" and the MRZ's "SURNAME<<GIVEN" are parted, others not."""
    for separator in ("<<", ","):
        surname, found, given = name.partition(separator)
        if found:
            return given, surname, ""
    return "", "", name


def _require_name(found: list[str]) -> None:
    if not any(len(word) >= 2 for word in found):
        raise UnfitError(
            "name_dob",
            _("De naam ontbreekt, of bestaat alleen uit voorletters."),
            _("Vul de achternaam in zoals die op het document staat, en als het kan de voornaam."),
        )
    if len(found) > _MAX_WORDS:
        raise UnfitError(
            "name_dob",
            _("De naam heeft te veel woorden."),
            _("Vul alleen de naam van één persoon in."),
        )


def work_alias(raw: RawAttribute) -> Normalised:
    """Letters and digits of the alias in one piece, lower case."""
    text = clean("work_alias", raw.get("alias"))
    alias = "".join(_latin(text, keep=str.isalnum).lower().split())
    if len(alias) < 2 or alias in _PLACEHOLDERS:
        raise UnfitError(
            "work_alias",
            _("De werknaam is te kort of zegt niets."),
            _("Vul de werknaam in zoals die in de advertentie staat, of laat hem weg."),
        )
    return Normalised.of("work_alias", alias=alias)


def words(text: str) -> list[str]:
    """The words of a name in lower-case a to z, in the order given; placeholders are left out."""
    latin = _latin(text.replace("<", " "), keep=str.isalpha).lower()
    return [word for word in latin.split() if word not in _PLACEHOLDERS]


def _latin(text: str, *, keep: CharacterTest) -> str:
    """Words of ASCII letters (and digits when kept) from text in any script."""
    spaced = "".join(_spaced(letter) for letter in text if letter not in _APOSTROPHES)
    return _only(anyascii(spaced), keep)


def _spaced(letter: str) -> str:
    category = unicodedata.category(letter)
    if unicodedata.name(letter, "").startswith("CJK UNIFIED"):
        return f" {letter} "
    return letter if category[0] in "LM" or category == "Nd" else " "


def _only(text: str, keep: CharacterTest) -> str:
    return "".join(letter if keep(letter) else " " for letter in text if letter not in _APOSTROPHES)


# Dutch, German, Romance and Arabic particles: written or left out at will, so they carry no agreement.
# "ben", "bin" and "abu" stay: they are also whole given names; single letters stay: they are initials.
_PARTICLES: Final = frozenset(
    [
        "al",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "het",
        "la",
        "las",
        "le",
        "los",
        "op",
        "te",
        "ten",
        "ter",
        "und",
        "van",
        "vom",
        "von",
        "zu",
        "zum",
        "zur",
    ]
)


def telling(found: Iterable[str], least: int) -> list[str]:
    """The words without particles, or all of them when fewer than `least` would remain."""
    every = list(found)
    kept = [word for word in every if word not in _PARTICLES]
    return kept if len(kept) >= least else every

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Names and work aliases: any script becomes lower-case words of a to z, so that "Nuñez" is "NUNEZ".

In this order:

1. `clean` (NFKC), machine-readable fillers `<`; everything that is neither letter nor mark becomes a word boundary (an
   apostrophe joins: O'Neil is one word; a hyphen parts: both halves of a double name are words).
2. `scripts` writes every word in Latin letters. A letter that it cannot read refuses the name: half a name is another.
3. What is no name goes: placeholders ("onbekend", "FNU"), a form of address in front ("mevr."), "e/v" and "geb.". Of
   a surname what stands behind "geb." is the own name and comes first.
4. Arabic names in more words that are one: Abd al-Rahman, Nur al-Din.
5. "Vries, Maria de": particles at the end of the given names go in front of the surname.

Nothing is guessed about order: "Nguyen Thi Hoa" and "Kovács Anna" are a name without parts, which match keys read in
any order. Missing parts are allowed. Particles, patronymics and initials stay in the normal form; `telling` says which
words carry agreement.

Variants of one name are one form in `variants.folded`, which match keys use beside the form here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute
from pseudonymisation.normalise.dates import date_of_birth
from pseudonymisation.normalise.outcome import Normalised, UnfitError
from pseudonymisation.normalise.scripts import Context, latin_words
from pseudonymisation.normalise.text import clean
from pseudonymisation.normalise.variants import BEHIND_ABD, folded


def _set(text: str, separator: str = " ") -> frozenset[str]:
    return frozenset(text.split(separator))


_APOSTROPHES: Final = frozenset("'\u2019\u2018\u02bc\u02bb\u02b9\u0060\u00b4\u2032")
_PLACEHOLDERS: Final = _set(
    "anoniem anonymous desconocida desconocido fnu geen inconnu inconnue lnu namelos nfn nln nn nnb noname nvt "
    "onbekend onbekende sconosciuta sconosciuto unbekannt unk unknown necunoscut necunoscuta neizvestno xx xxx xxxx"
)
# A form of address in front of a name. "Pan", "Ing" and "Sheikh" are also names and stay.
_ADDRESSES: Final = _set(
    "de heer|mevrouw|mevr|mw|mej|dhr|meneer|mr|mrs|ms|miss|mister|drs|dr|prof|sr|sra|srta|senor|senora|senorita|dna|dl|"
    "domnul|doamna|herr|frau|madame|mme|mlle|monsieur|gospodin|gospozha",
    "|",
)
_SPOUSE: Final = re.compile(
    r"(?<![^\W\d_])(?:e\s*/\s*v|echtgenote?\s+van|wed\.?\s+van|w\s*/\s*v)(?![^\W\d_])", re.IGNORECASE
)
_BORN: Final = re.compile(
    r"(?<![^\W\d_])(?:geb\.?|geboren|meisjesnaam|née|nacida|nascut[ăa])(?![^\W\d_])", re.IGNORECASE
)
_MAX_WORDS: Final = 12

CharacterTest = Callable[[str], bool]


def name_dob(raw: RawAttribute, today: date) -> Normalised:
    """Words of the name, as given and surname where that is known, and the date of birth if there is one."""
    given, surname, whole = (clean("name_dob", raw.get(field)) for field in ("given", "surname", "name"))
    if whole and not (given or surname):
        given, surname, whole = _parted(whole)
    beside = f"{given} {surname}"
    names = {
        "given": words(given, beside=beside),
        "surname": words(surname, beside=beside, own_first=True),
        "name": words(whole),
    }
    if given or surname:
        names["name"] = []
    names["given"], moved = _without_particles_behind(names["given"])
    names["surname"] = moved + names["surname"]
    if not names["given"] or not names["surname"]:
        # One part only is a name whose order is unknown; this keeps the normal form single.
        names = {"given": [], "surname": [], "name": words(" ".join(_in_order(names)))}
    dob = date_of_birth(clean("name_dob.dob", raw.get("dob")), today) if raw.get("dob").strip() else ""
    if not dob or any(names.values()):
        _require_name([word for part in names.values() for word in part])
    return Normalised.of("name_dob", dob=dob, **{part: " ".join(found) for part, found in names.items()})


def _in_order(names: Mapping[str, list[str]]) -> list[str]:
    return names["given"] + names["surname"] + names["name"]


def _parted(name: str) -> tuple[str, str, str]:
    """(given, surname, whole): "Surname, Given" and the MRZ's "SURNAME<<GIVEN" are parted, others not."""
    for separator in ("<<", ","):
        surname, found, given = name.partition(separator)
        if found:
            return given, surname, ""
    return "", "", name


def _without_particles_behind(given: list[str]) -> tuple[list[str], list[str]]:
    """Given names, and the particles that stood behind them (Vries, Maria de); a particle alone is a name."""
    end = len(given)
    while end > 1 and given[end - 1] in _BEFORE_SURNAME:
        end -= 1
    return given[:end], given[end:]


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
    alias = "".join(_latin("work_alias", text, Context(), keep=str.isalnum).split())
    if len(alias) < 2 or alias in _PLACEHOLDERS:
        raise UnfitError(
            "work_alias",
            _("De werknaam is te kort of zegt niets."),
            _("Vul de werknaam in zoals die in de advertentie staat, of laat hem weg."),
        )
    return Normalised.of("work_alias", alias=alias)


def words(text: str, *, beside: str | None = None, own_first: bool = False) -> list[str]:
    """The words of a name in lower-case a to z, without what is no name.

    Args:
        text: a name or a part of one.
        beside: the whole name when the text is a part of it.
        own_first: whether what stands behind "geb." comes first, as it does in a surname; in a whole name it comes
            last, because the given names come first.

    Raises:
        UnfitError: letters of a script that cannot be written in a to z.
    """
    parts = _BORN.split(_SPOUSE.sub(" ", text.replace("<", " ")), maxsplit=1)
    context = Context.of(text if beside is None else beside, whole=beside is None)
    found = [
        word
        for part in (reversed(parts) if own_first else parts)
        for word in _without_address(_latin("name_dob", part, context, keep=str.isalpha).split())
    ]
    return _joined([word for word in found if word not in _PLACEHOLDERS])


def _without_address(found: list[str]) -> list[str]:
    at = 0
    while at < len(found) - 1:
        if found[at] in _ADDRESSES:
            at += 1
        elif f"{found[at]} {found[at + 1]}" in _ADDRESSES and at + 2 < len(found):
            at += 2
        else:
            break
    return found[at:]


_ARTICLES: Final = _set("ad ar as ash at az al ed ej el er es et ez ul ur us eddine")
_ABD: Final = _set("abd abdul abdel abdal abdoul abdur abder abdus abdes abdu abdoel")
_DIN: Final = _set("din dine deen")
_EDDIN: Final = _set("eddin eddine uddin addin")


def _joined(found: list[str]) -> list[str]:
    """Abd al-Rahman and Nur al-Din in one word each."""
    out: list[str] = []
    at = 0
    while at < len(found):
        word, rest = found[at], found[at + 1 :]
        article = 1 if len(rest) > 1 and rest[0] in _ARTICLES else 0
        behind = rest[article] if len(rest) > article else ""
        if word in _ABD and behind and folded(behind) in BEHIND_ABD:
            word, used = f"abdul{behind}", article + 2
        elif word in _ABD and behind in {"allah", "lah", "ullah"}:
            word, used = "abdallah", article + 2
        elif article and behind in _DIN:
            word, used = f"{word}eddin", 3
        elif rest and rest[0] in _EDDIN:
            word, used = f"{word}eddin", 2
        else:
            used = 1
        out.append(word)
        at += used
    return out


def _latin(field: str, text: str, context: Context, *, keep: CharacterTest) -> str:
    """Words of lower-case ASCII letters (and digits when kept) from text in any script."""
    spaced = "".join(_spaced(letter) for letter in text if letter not in _APOSTROPHES)
    return " ".join(_only(one, keep) for word in spaced.split() for one in _read(field, word, context))


def _read(field: str, word: str, context: Context) -> list[str]:
    found = latin_words(word, context)
    if not any(letter.isalpha() for letter in "".join(found)) and any(
        unicodedata.category(letter) in {"Lu", "Ll", "Lo"} for letter in word
    ):
        raise UnfitError(
            field,
            _("Een deel van de naam staat in een schrift dat het register niet kan lezen."),
            _("Neem de naam over zoals die in gewone letters op het document staat."),
        )
    return found


def _spaced(letter: str) -> str:
    category = unicodedata.category(letter)
    return letter if category[0] in "LM" or category == "Nd" else " "


def _only(text: str, keep: CharacterTest) -> str:
    return "".join(letter if keep(letter) else " " for letter in text.lower() if letter not in _APOSTROPHES)


# Dutch, German, Romance and Arabic particles: written or left out at will, so they carry no agreement.
# "abu" stays: it is part of a name; single letters stay: they are initials.
_PARTICLES: Final = _set(
    "al bin bint binti binte da das de del della den der des di do dos du el het ibn la las le los op te ten ter und van "
    "vom von zu zum zur"
)
_BEFORE_SURNAME: Final = _set("da das de del den der do dos la los op te ten ter van vom von zu zur")
_PATRONYMIC: Final = re.compile(
    r".{2,}(?:ovi[ct]h|evi[ct]h|ovna|evna|ivna|ovy[ct]h|yevich|yevna|i[ct]hna|ovitch|ovitsj)"
)


def telling(found: Iterable[str], least: int) -> list[str]:
    """The words without particles and patronymics, or with them when fewer than `least` would remain.

    "ben" between other words is "son of"; in front it is a given name. A patronymic (-ovna, -ovich) goes only beside two
    other words, because it can also be a surname.
    """
    every = list(found)
    inner = range(1, len(every) - 1)
    kept = [
        word
        for place, word in enumerate(every)
        if word not in _PARTICLES and not (word == "ben" and place in inner)
    ]
    if len(kept) < least:
        return every
    own = [word for word in kept if not _PATRONYMIC.fullmatch(word)]
    return own if len(own) >= max(least, 2) else kept

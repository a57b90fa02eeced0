# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What becomes of a name, a date or a number between a person and a record: each function does one thing to one text.

Machine-readable zones follow ICAO Doc 9303-3 section 6 (transliteration, one column) and part 4 (39 characters for the name). The Dutch ear is a table of letters as
a Dutch speaker writes what he hears. Chance comes in as an argument. Pure.
"""

# ruff: noqa: RUF001 - other scripts are what this is about

import re
import unicodedata
from datetime import date
from random import Random

_ICAO = str.maketrans(
    {
        "Ä": "AE",
        "Ö": "OE",
        "Ü": "UE",
        "ß": "SS",
        "Æ": "AE",
        "Ø": "OE",
        "Å": "AA",
        "Œ": "OE",
        "Ł": "L",
        "Đ": "D",
        "ı": "I",
        "İ": "I",
        "'": "",
        "’": "",
        "-": " ",
    }
)
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae"}
)
LONGEST_ZONE = 39
"""Characters for the name in a TD3 zone, two fillers between the parts included (ICAO Doc 9303-4)."""

_KEYS = {
    "q": "wa",
    "w": "qes",
    "e": "wrd",
    "r": "etf",
    "t": "ryg",
    "y": "tuh",
    "u": "yij",
    "i": "uok",
    "o": "ipl",
    "p": "ol",
    "a": "qsz",
    "s": "awdx",
    "d": "sefc",
    "f": "drgv",
    "g": "fthb",
    "h": "gyjn",
    "j": "hukm",
    "k": "jil",
    "l": "ko",
    "z": "asx",
    "x": "zsdc",
    "c": "xdfv",
    "v": "cfgb",
    "b": "vghn",
    "n": "bhjm",
    "m": "njk",
}

_EAR: tuple[tuple[str, str], ...] = (
    *(
        ("sch", "sj"),
        ("shch", "sjtsj"),
        ("sh", "sj"),
        ("ş", "sj"),
        ("ș", "sj"),
        ("sz", "sj"),
        ("ś", "sj"),
        ("x", "ks"),
        ("xi", "sji"),
        ("zh", "zj"),
        ("ż", "zj"),
    ),
    *(
        ("rz", "zj"),
        ("cz", "tsj"),
        ("cs", "tsj"),
        ("č", "tsj"),
        ("ç", "s"),
        ("ch", "tsj"),
        ("ch", "g"),
        ("ț", "ts"),
        ("ts", "c"),
        ("gy", "dj"),
        ("ny", "nj"),
    ),
    *(
        ("ñ", "nj"),
        ("ll", "lj"),
        ("ll", "l"),
        ("que", "ke"),
        ("qu", "kw"),
        ("q", "k"),
        ("ck", "k"),
        ("ph", "f"),
        ("th", "t"),
        ("kh", "g"),
        ("gh", "g"),
        ("ğ", ""),
    ),
    *(
        ("ou", "oe"),
        ("oo", "oe"),
        ("u", "oe"),
        ("ee", "ie"),
        ("ea", "ia"),
        ("ai", "aj"),
        ("ei", "ij"),
        ("ey", "ij"),
        ("ie", "i"),
        ("y", "i"),
        ("y", "j"),
        ("ij", "y"),
    ),
    *(
        ("j", "dj"),
        ("j", "zj"),
        ("ge", "dzje"),
        ("gi", "dji"),
        ("ce", "tsje"),
        ("ci", "tsji"),
        ("ca", "ka"),
        ("co", "ko"),
        ("c", "k"),
        ("v", "w"),
        ("w", "v"),
    ),
    *(
        ("v", "f"),
        ("z", "s"),
        ("dt", "t"),
        ("d", "t"),
        ("b", "p"),
        ("ă", "e"),
        ("â", "i"),
        ("î", "i"),
        ("ő", "eu"),
        ("ö", "eu"),
        ("ü", "u"),
        ("ł", "w"),
        ("h", ""),
    ),
    *(
        ("nn", "n"),
        ("ss", "s"),
        ("tt", "t"),
        ("s", "ss"),
        ("k", "ck"),
        ("i", "ie"),
        ("a", "aa"),
        ("e", "a"),
        ("o", "a"),
        ("escu", "esku"),
        ("ova", "owa"),
        ("ou", "au"),
    ),
)

_LOOKALIKE = {
    "O": "0",
    "0": "O",
    "B": "8",
    "8": "B",
    "I": "1",
    "1": "I",
    "S": "5",
    "5": "S",
    "Z": "2",
    "2": "Z",
    "G": "6",
    "6": "G",
    "D": "0",
    "7": "1",
    "3": "8",
    "9": "4",
    "4": "9",
    "V": "U",
    "U": "V",
}

_CYRILLIC: tuple[tuple[str, str], ...] = (
    *(
        ("shch", "щ"),
        ("zh", "ж"),
        ("kh", "х"),
        ("ts", "ц"),
        ("ch", "ч"),
        ("sh", "ш"),
        ("yu", "ю"),
        ("ya", "я"),
        ("ye", "е"),
        ("yi", "й"),
        ("iia", "ія"),
        ("ii", "ій"),
    ),
    *(
        ("ia", "ия"),
        ("a", "а"),
        ("b", "б"),
        ("v", "в"),
        ("g", "г"),
        ("d", "д"),
        ("e", "е"),
        ("z", "з"),
        ("i", "и"),
        ("j", "й"),
        ("k", "к"),
        ("l", "л"),
        ("m", "м"),
    ),
    *(
        ("n", "н"),
        ("o", "о"),
        ("p", "п"),
        ("r", "р"),
        ("s", "с"),
        ("t", "т"),
        ("u", "у"),
        ("f", "ф"),
        ("h", "х"),
        ("c", "ц"),
        ("y", "и"),
        ("w", "в"),
        ("x", "кс"),
        ("q", "к"),
    ),
)

PARTICLES = re.compile(r"^(?:de la|de los|van den|van der|van|de|da|do|dos|del|dela|el|al)\s+", re.IGNORECASE)
"""A particle before a surname."""


def zone(surname: str, given: str, rng: Random) -> tuple[str, str]:
    """Surname and given names as software reads them from the zone: upper case, ICAO letters, cut off at 39 characters, particles joined by some issuers."""
    if PARTICLES.match(surname) and rng.random() < 0.4:
        surname = PARTICLES.sub(lambda found: found[0].replace(" ", ""), surname)
    first, second = _letters(surname), _letters(given)
    first = first[:LONGEST_ZONE]
    return first, second[: max(0, LONGEST_ZONE - 2 - len(first))].strip()


def _letters(text: str) -> str:
    text = unicodedata.normalize("NFC", text).upper().translate(_ICAO)
    return "".join(
        one for one in unicodedata.normalize("NFKD", text) if one == " " or (one.isascii() and one.isalpha())
    )


def plain(text: str) -> str:
    """The letters without their marks."""
    spread = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(one for one in spread if not unicodedata.combining(one))


def has_marks(text: str) -> bool:
    """True if `plain` would change the text."""
    return plain(text) != text


def typo(text: str, rng: Random) -> str:
    """One slip of the fingers: a neighbouring key, a letter left out or doubled, or two swapped."""
    places = [place for place, one in enumerate(text) if one.isalpha()]
    if len(places) < 3:
        return text
    place = rng.choice(places[1:])
    kind = rng.choices(("neighbour", "omitted", "swapped", "doubled"), (0.35, 0.3, 0.25, 0.1))[0]
    before, letter, after = text[:place], text[place], text[place + 1 :]
    if kind == "neighbour":
        keys = _KEYS.get(plain(letter).lower(), "")
        return before + _as(letter, rng.choice(keys)) + after if keys else before + after
    if kind == "omitted":
        return before + after
    if kind == "doubled":
        return before + letter + letter + after
    previous = before[-1]
    return before[:-1] + _as(previous, letter) + _as(letter, previous) + after


def _as(pattern: str, text: str) -> str:
    return text.upper() if pattern.isupper() else text.lower()


def heard(text: str, rng: Random) -> str:
    """The name as a Dutch ear writes it down: one to three sounds written otherwise."""
    lower = text.lower()
    possible = [(heard_as, written) for heard_as, written in _EAR if heard_as in lower]
    rng.shuffle(possible)
    wanted = rng.choices((1, 2, 3), (0.55, 0.3, 0.15))[0]
    for sound, written in possible[:wanted]:
        places = [found.start() for found in re.finditer(re.escape(sound), lower)]
        if places:
            place = rng.choice(places)
            lower = lower[:place] + written + lower[place + len(sound) :]
    return titled(lower)


def titled(text: str) -> str:
    """Every word with a capital, particles too: nobody keeps to the rules by ear."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def cyrillic(text: str) -> str:
    """The name in Cyrillic, letter by letter."""
    written, rest = "", plain(text).lower()
    while rest:
        latin, letter = next(
            ((one, two) for one, two in _CYRILLIC if rest.startswith(one)), (rest[0], rest[0])
        )
        written, rest = written + letter, rest[len(latin) :]
    return titled(written)


def feminine(surname: str, endings: tuple[tuple[str, str], ...]) -> str:
    """The form of a surname for a woman."""
    for his, hers in endings:
        if surname.endswith(his):
            return surname[: -len(his)] + hers
    return surname.removesuffix("ński") + "ńska" if surname.endswith("ński") and endings else surname


def misread(number: str, rng: Random) -> str:
    """One character read as one that looks like it, or two swapped."""
    places = [place for place, one in enumerate(number) if one in _LOOKALIKE]
    if not places or rng.random() < 0.15:
        place = rng.randrange(len(number) - 1)
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    place = rng.choice(places)
    return number[:place] + _LOOKALIKE[number[place]] + number[place + 1 :]


def other_digit(number: str, rng: Random, start: int) -> str:
    """One digit, not before `start`, is another."""
    place = rng.randrange(start, len(number))
    return (
        number[:place]
        + rng.choice([one for one in "0123456789" if one != number[place]])
        + number[place + 1 :]
    )


def other_day(day: date, rng: Random) -> date:
    """One digit of the date wrong, and still a date on which somebody can have been born."""
    text = day.strftime("%d%m%Y")
    while True:
        place = rng.choices((0, 1, 2, 3, 6, 7), (1, 3, 1, 3, 2, 4))[0]
        changed = text[:place] + rng.choice("0123456789") + text[place + 1 :]
        try:
            found = date(int(changed[4:]), int(changed[2:4]), int(changed[:2]))
        except ValueError:
            continue
        if found != day and 1940 <= found.year <= 2010:
            return found


_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def written_day(day: date, rng: Random) -> str:
    """A day as people write it when not as dd-mm-yyyy. Year first does not occur: one file comes from one system, and that would refuse the rest."""
    forms = (
        f"{day.day}-{day.month}-{day.year}",
        day.strftime("%d/%m/%Y"),
        day.strftime("%d.%m.%Y"),
        f"{day.day}-{day.month}-{day.year % 100:02}",
        f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}",
        day.strftime("%d%m%Y"),
        day.strftime("%d %m %Y"),
    )
    return rng.choices(forms, (5, 3, 2, 1.5, 1, 1, 1, 0.7))[0]


def written_year(year: int, rng: Random) -> str:
    """Only a year, as people write that."""
    forms = (str(year), f"00-00-{year}", f"ca. {year}", f"{year}?", f"xx-xx-{year}", f"00-00-{year}")
    return rng.choice(forms)


def written_phone(country: str, number: str, rng: Random, *, odd: bool) -> str:
    """A telephone number as people write it; `odd` as in an advertisement that would rather not be found."""
    if country != "31":
        grouped = _grouped(number, (3, 3, 2, 2, 2))
        forms = (
            f"+{country}{number}",
            f"00{country}{number}",
            f"+{country} {grouped}",
            f"00{country} {number}",
            f"+{country}-{number}",
            f"{country}{number}",
            f"+{country} {number}",
        )
        return rng.choice(forms)
    rest = number[1:]
    usual = (
        *(
            f"06{rest}",
            f"06-{rest}",
            f"06 {rest}",
            f"06 {_grouped(rest, (2, 2, 2, 2))}",
            f"+316{rest}",
            f"+31 6 {rest}",
            f"00316{rest}",
            f"+31(0)6{rest}",
        ),
        *(
            f"316{rest}",
            f"06.{_grouped(rest, (2, 2, 2, 2)).replace(' ', '.')}",
            f"06/{rest}",
            f"6{rest}",
            f"06 {_grouped(rest, (4, 4))}",
            f"06-{_grouped(rest, (3, 3, 2))}",
        ),
    )
    weights = (9, 8, 4, 4, 5, 3, 3, 1, 1.5, 0.7, 0.5, 1.5, 2, 2)
    if odd and rng.random() < 0.45:
        spaced = " ".join(rest)
        tricks = (
            f"O6 {_grouped(rest, (2, 2, 2, 2))}",
            f"0 6 {spaced}",
            f"06*{_grouped(rest, (2, 2, 2, 2)).replace(' ', '*')}",
            f"06-{rest} (app)",
            f"whatsapp 06{rest}",
            f"nul zes {rest}",
        )
        return rng.choice((*tricks, f"06_{_grouped(rest, (4, 4)).replace(' ', '_')}"))
    return rng.choices(usual, weights)[0]


def _grouped(digits: str, sizes: tuple[int, ...]) -> str:
    groups = []
    for size in sizes:
        groups.append(digits[:size])
        digits = digits[size:]
    return " ".join(one for one in (*groups, digits) if one)

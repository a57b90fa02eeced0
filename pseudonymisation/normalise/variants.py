# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One name under many spellings: a canonical form, and a code of how it sounds.

Pure, total and idempotent: any text gives a form, and a form gives itself. What is not a to z is left out.

`folded` in two steps:

1. The rules of `_REWRITES` over and over until nothing changes. They make equal what one script or language writes in
   several ways: sch, sh, sz; tch, ch, c before e and i; kh, h; c, k, q, ck; w, v; y, j, i; -off, -ov; ou, u; and the
   digraphs of ICAO Doc 9303 part 3 section 6 (ae, oe, ue, aa, ss, nxx). No rule undoes another: each shortens the
   word or moves a letter towards fewer kinds, so the end is reached.
2. The tables of `spellings`, keyed by that outcome: mhmd, Mohammed and Muhammad; Katja and Ekaterina.

`sound` is coarser and is for what was heard: folded first, then consonants in nine classes, vowels and h dropped, an
initial vowel marked, neighbours of one class once. Six at most. What it costs in distinct values is measured in
docs/spec/normalisation.md.

Left to others: which words of a name count (`names.telling`), what is compared (`matchkeys`).
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from pseudonymisation.normalise import spellings

_REWRITES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # ICAO 9303-3 section 6: N with tilde may be NXX, U with diaeresis UXX.
        (r"(?<=[nu])xx", ""),
        # One letter written twice is one letter.
        (r"(.)\1+", r"\1"),
        # x: the Spanish, Chinese and Portuguese beginning stays; elsewhere it is ks.
        (r"^hs", "x"),
        (r"(?<!^)x", "ks"),
        # Hushing sounds: sht and shch of the Cyrillic letter shcha stay apart, one is Bulgarian.
        (r"shch|schtsch|szcz|stsch", "s"),
        (r"tsch|tsj|tch|cz|cs|(?<=[oe]vi)ch?$", "tc"),
        (r"sch|sh|sj|sz|^c(?=v)", "s"),
        (r"zh|zs", "z"),
        (r"dzh|dj", "j"),
        # ch: before a vowel the sound of chernov (written tc, which nothing else gives), else that of bach.
        (r"ch(?=[aeiouy])", "tc"),
        (r"ch", "h"),
        (r"^h(?=[rl])", "k"),
        (r"ck", "k"),
        (r"(?<!t)c(?=[eiy])", "tc"),
        (r"(?<!t)c", "k"),
        (r"^qi", "tci"),
        (r"qu(?=[ei])|q", "k"),
        # h after a consonant.
        (r"kh", "h"),
        # Thai -phon is mostly written -porn.
        (r"(?<=.)ph?or?n$", "pon"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"gh", "g"),
        (r"dh", "d"),
        (r"^rh(?=[aeou])", "r"),
        (r"^bh", "b"),
        (r"lh(?=[oa]s?$)", "l"),
        (r"nh(?=[oa]s?$|$)|^nh", "n"),
        (r"^wh|w", "v"),
        (r"(?<=..[oe])f$", "v"),
        (r"dt", "t"),
        # ts: at the end the Romanian letter t with comma, elsewhere one with s.
        (r"tz", "s"),
        (r"ts$", "t"),
        (r"ts", "s"),
        (r"(?<!^)z", "s"),
        # Vowels.
        (r"[yj]", "i"),
        (r"^ie", "e"),
        (r"gu(?=[ei])", "g"),
        (r"ou|ue", "u"),
        (r"oe", "o"),
        (r"ae", "a"),
        (r"ie", "i"),
    )
)
_OTHER: Final = re.compile(r"[^a-z]+")
_NO_WORD: Final = "000"


def _ruled(word: str) -> str:
    while True:
        before = word
        for pattern, replacement in _REWRITES:
            word = pattern.sub(replacement, word)
        if word == before:
            return word


# ---- the tables -------------------------------------------------------------------------------------------

_GROUPS: Final = (
    spellings.ARABIC,
    spellings.TURKISH,
    spellings.SLAVIC,
    spellings.ROMANCE,
    spellings.GREEK,
    spellings.GERMANIC,
    spellings.EAST_ASIAN,
)


def listed() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each line of the tables: the form chosen, its Latin spellings (itself first), its spellings in Arabic script."""
    for line in "".join(_GROUPS).split("\n"):
        latin, _equals, arabic = line.partition("=")
        spelled = latin.removeprefix("*").split()
        if not spelled:
            continue
        joined = [f"{article}{word}" for word in spelled for article in ("al", "el") if line[0] == "*"]
        yield spelled[0], (*spelled, *joined), tuple(arabic.split())


# The bare consonants of an Arabic spelling, as transliteration without a table gives them.
_BARE: Final = "بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz غgh فf قq كk لl مm نn هh وw يy"  # noqa: RUF001 - Arabic script
_SKELETON: Final = MappingProxyType({pair[0]: pair[1:] for pair in _BARE.split()})


def skeleton(arabic: str) -> str:
    """The consonants of a word in Arabic script, in Latin letters; "" when another letter than these stands in it."""
    letters = [_SKELETON.get(letter) for letter in arabic]
    return "".join(letter for letter in letters if letter) if all(letters) else ""


_SHORTEST_SKELETON: Final = 4


def _canonical() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for chosen, latin, arabic in listed():
        bare = [_ruled(skeleton(word)) for word in arabic]
        for spelled in (*map(_ruled, latin), *(word for word in bare if len(word) >= _SHORTEST_SKELETON)):
            table.setdefault(spelled, _ruled(chosen))
    return MappingProxyType(table | {form: form for form in table.values()})


_CANONICAL: Final = _canonical()
BEHIND_ABD: Final = frozenset(
    _CANONICAL.get(_ruled(word), _ruled(word)) for word in spellings.BEHIND_ABD.split()
)
"""Canonical forms of what may stand behind "Abd"."""

_ABD: Final = re.compile(r"abd(?:[aeiou]{0,2}(?:l|(?=([drstzn])\1))?)(.{3,})")


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """The canonical form of one lower-case word of a to z; other characters are left out, "" stays "".

    Two spellings of one name have one form as far as the rules and tables reach. Different names can have one form
    too: agreement on it is weaker than on the spelling.
    """
    letters = _OTHER.sub("", word)
    form = _ruled(letters)
    if form in _CANONICAL:
        return _CANONICAL[form]
    servant = _ABD.fullmatch(letters)
    if servant is not None:
        named = _ruled(servant[2])
        named = _CANONICAL.get(named, named)
        if named in BEHIND_ABD:
            return f"abd{named}"
    return form


# ---- by sound ---------------------------------------------------------------------------------------------

_CLASS: Final = {
    letter: code
    for code, letters in {
        "P": "bp",
        "F": "fv",
        "T": "dt",
        "S": "szcx",
        "K": "kgq",
        "L": "l",
        "R": "r",
        "M": "m",
        "N": "n",
    }.items()
    for letter in letters
}
_VOWEL_FIRST: Final = re.compile(r"h*[aeiouyjw]")
_GLIDE_FIRST: Final = re.compile(r"h*[iyj][aou]")
_LONGEST: Final = 5


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A code of three to six characters of A to Z and 0 for how a word sounds; "000" when there is no word.

    First a mark for an initial vowel (A) or an initial y, j or i before a vowel (J), then the classes of the
    consonants, filled up with 0.
    """
    form = folded(word)
    if not form:
        return _NO_WORD
    first = "J" if _GLIDE_FIRST.match(form) else "A" if _VOWEL_FIRST.match(form) else ""
    code = first
    for letter in form.replace("tc", "s"):
        found = _CLASS.get(letter, "")
        if found and not code.endswith(found):
            code += found
    return code[:_LONGEST].ljust(3, "0")

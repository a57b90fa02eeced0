# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: RUF001 - the letters of other scripts are what this module is about
"""Any script to lower-case a to z (and digits), per script by the rule that passports or their readers use most.

Pure and total. One word of text goes in, one or more Latin words come out: Chinese and Korean are written without
spaces, so a run of characters is parted into family name and given name, which passports do write apart.

- Cyrillic: ICAO Doc 9303 part 3 section 6, with y for the short i and after ya and yu (BGN/PCGN), as Bulgarian passports
  do; the hard sign is silent before a vowel (Russian) and otherwise a (Bulgarian); with one Ukrainian letter in the
  name, its letters are those of Ukrainian passports (h, y, ia). Serbian and Macedonian letters as in ICAO.
- Greek: ELOT 743 with its digraphs, without accents.
- Arabic (with Persian letters): spellings of `spellings` as their common Latin form; otherwise consonants with the
  long vowels that are written, the article al parted off. Short vowels are not written and are not guessed.
- Han: pinyin without tones (anyascii), a run in one word; when it is the whole name, the first character, or two of a
  compound family name, apart from the rest.
- Hangul: Revised Romanisation (anyascii), family names as South Korean passports mostly write them.
- Thai: the Royal Thai General System, approximated: vowels in front are put behind their consonant, finals by class,
  an unwritten vowel is o in a closed and a in an open syllable. A part that ends in a silenced letter loses it.
- Everything else: anyascii.

The variants that different systems give for one name are brought together by `variants`, not here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final, Self

from anyascii import anyascii

from pseudonymisation.normalise.variants import listed


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a word.

    Attributes:
        alone: the word is the whole name, so that a run of Han or Hangul is family name and given name in one.
        ukrainian: a letter that only Ukrainian has stands somewhere in the name.
    """

    alone: bool = False
    ukrainian: bool = False

    @classmethod
    def of(cls, name: str, *, whole: bool) -> Self:
        """The context of the words of this name, or of this part of one when it is not the whole."""
        return cls(alone=whole and len(name.split()) == 1, ukrainian=bool(_UKRAINIAN & set(name.lower())))


def latin_words(word: str, context: Context) -> list[str]:
    """The Latin words that one word of text in any script stands for; lower case, with what anyascii leaves."""
    found: list[str] = []
    joins = False
    for script, letters in groupby(unicodedata.normalize("NFC", word), _script):
        run = "".join(letters)
        words = _READERS[script](run, context) if script else [anyascii(run).lower()]
        apart = script in _APART
        if joins and not apart and words and found:
            found[-1] += words[0]
            words = words[1:]
        found += words
        joins = not apart
    return found


def _script(letter: str) -> str:
    point = ord(letter)
    return next((script for first, last, script in _RANGES if first <= point <= last), "")


_RANGES: Final = (
    (0x0370, 0x03FF, "greek"),
    (0x1F00, 0x1FFF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x0E00, 0x0E7F, "thai"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xF900, 0xFAFF, "han"),
    (0x20000, 0x2FA1F, "han"),
    (0xAC00, 0xD7A3, "hangul"),
)


def _words(text: str) -> list[str]:
    return text.split()


_APART: Final = frozenset({"han", "hangul"})


def _bare(letter: str) -> str:
    """The letter without accents."""
    return "".join(one for one in unicodedata.normalize("NFD", letter) if not unicodedata.combining(one))


# ---- Cyrillic ---------------------------------------------------------------------------------------------


def _pairs(text: str) -> Mapping[str, str]:
    return MappingProxyType({pair[0]: pair[1:] for pair in text.split()})


_CYRILLIC: Final = _pairs(
    "аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъa ыy ь эe юyu яya "
    "іi їi єie ґg ўu ђdj јj љlj њnj ћc џdzh ѓg ќk ѕdz ѝi ѣe ѫa"
)
_UKRAINIAN: Final = frozenset("іїєґ")
_UKRAINIAN_SOUNDS: Final = _pairs("гh иy йi яia юiu")


def _cyrillic(run: str, context: Context) -> list[str]:
    text = run.lower()
    text = re.sub(r"ъ(?=[еёюяэи])|ъ$", "", text)
    table = _CYRILLIC
    if context.ukrainian:
        initial = {"Я": "ya", "Ю": "yu", "Є": "ye", "Ї": "yi"}
        table = MappingProxyType({**_CYRILLIC, **_UKRAINIAN_SOUNDS, **initial})
        text = text[:1].upper() + text[1:] if text[:1].upper() in initial else text
    return ["".join(_cyrillic_letter(letter, table) for letter in text)]


def _cyrillic_letter(letter: str, table: Mapping[str, str]) -> str:
    if letter in table:
        return table[letter]
    bare = _bare(letter)
    return "".join(table[one] if one in table else anyascii(one).lower() for one in bare)


# ---- Greek ------------------------------------------------------------------------------------------------

_GREEK: Final = _pairs("αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo")
_GREEK_PAIRS: Final = (
    (r"ου", "ou"),
    (r"([αεη])υ(?=[θκξπστφχψς]|$)", r"\1f"),
    (r"([αεη])υ", r"\1v"),
    (r"γ(?=[γξχκ])", "n"),
    (r"^μπ", "b"),
)


def _greek(run: str, context: Context) -> list[str]:
    del context  # the script says enough
    # A diaeresis says that two vowels are no digraph: the second stays apart.
    text = unicodedata.normalize("NFD", run.lower()).replace("υ\u0308", "y").replace("ι\u0308", "i")
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    if text.startswith("γκ"):
        text = "g" + text[2:]
    for pattern, replacement in _GREEK_PAIRS:
        text = re.sub(pattern, replacement, text)
    return ["".join(_GREEK[letter] if letter in _GREEK else anyascii(letter).lower() for letter in text)]


# ---- Arabic -----------------------------------------------------------------------------------------------

_ARABIC_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {arabic: chosen for chosen, _latin, spelled in listed() for arabic in spelled}
    | {
        "بن": "bin",
        "ابن": "ibn",
        "بنت": "bint",
        "أبو": "abu",
        "ابو": "abu",
        "أم": "um",
        "ام": "um",
        "عبد": "abd",
    }
)
_ARABIC: Final = _pairs(
    "اa أa إi آa ٱa بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz ع غgh فf قq كk لl مm نn هh ىa ةa ء ؤu ئi "
    "پp چch ژzh گg کk ڤv ھh ہh ےe ٹt ڈd ڑr ںn \u064ea \u064fu \u0650i \u064ban \u064cun \u064din ـ"
)
_GLIDES: Final = MappingProxyType({"و": ("w", "u"), "ي": ("y", "i"), "ی": ("y", "i")})
_LONG: Final = frozenset("اآأىةٱ")
_UNWRITTEN: Final = frozenset("\u0651\u0652\u0640\u0670\u0653\u0654\u0655")


def _arabic(run: str, context: Context) -> list[str]:
    text = "".join(letter for letter in run if letter not in _UNWRITTEN)
    plain = "".join(letter for letter in text if not unicodedata.combining(letter))
    if plain in _ARABIC_NAMES:
        return [_ARABIC_NAMES[plain]]
    if plain.startswith("عبدال") and len(plain) > len("عبدال"):
        return ["abd", *_arabic(plain[len("عبد") :], context)]
    if plain.startswith("ال") and len(plain) > len("ال") + 1:
        return ["al", *_arabic(plain[len("ال") :], context)]
    return ["".join(_arabic_letter(text, place) for place in range(len(text)))]


def _arabic_letter(text: str, place: int) -> str:
    letter = text[place]
    if letter in _GLIDES:
        # At the beginning, beside an a and (w) before an i it is a consonant.
        before, behind = text[max(0, place - 1) : place], text[place + 1 : place + 2]
        glide = place == 0 or bool({before, behind} & _LONG) or (letter == "و" and behind in {"ي", "ی"})
        return _GLIDES[letter][0 if glide else 1]
    if letter == "ع":
        # Heard as a between consonants; beside a written vowel it only lengthens that.
        beside = set(text[max(0, place - 1) : place] + text[place + 1 : place + 2])
        return "" if place and beside & (_LONG | _GLIDES.keys()) else "a"
    return _ARABIC[letter] if letter in _ARABIC else anyascii(letter).lower()


# ---- Han --------------------------------------------------------------------------------------------------

_COMPOUND_HAN: Final = frozenset(
    _words("欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 夏侯 皇甫 尉迟 公孙 令狐 慕容 端木 东方")
)
# Family names whose character reads otherwise than in a dictionary's first sense.
_HAN_FAMILY: Final = MappingProxyType(
    {"单": "shan", "單": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha"}
)
_LONGEST_HAN: Final = 4


def _han(run: str, context: Context) -> list[str]:
    read = [anyascii(letter).lower().strip() for letter in run]
    if not context.alone:
        return _joined([_HAN_FAMILY.get(run, "")] if run in _HAN_FAMILY else read)
    if not 2 <= len(run) <= _LONGEST_HAN:
        return ["".join(read)] if len(run) < 2 else read
    if run[:2] in _COMPOUND_HAN:
        return _joined(read[:2], read[2:])
    return _joined([_HAN_FAMILY.get(run[0], read[0])], read[1:])


def _joined(*parts: Sequence[str]) -> list[str]:
    return ["".join(part) for part in parts if "".join(part)]


# ---- Hangul -----------------------------------------------------------------------------------------------

_COMPOUND_HANGUL: Final = frozenset(_words("남궁 황보 제갈 선우 독고 사공 서문"))
_HANGUL_FAMILY: Final = _pairs(
    "김kim 오oh 이lee 박park 최choi 정jung 강kang 조cho 윤yoon 임lim 신shin 권kwon 안ahn 유yoo 문moon 우woo 고ko 노noh 구koo "
    "주joo 심shim 곽kwak"
)
_SYLLABLES_OF_NAME: Final = 3


def _hangul(run: str, context: Context) -> list[str]:
    read = _hangul_syllables(run)
    if len(run) == 1:
        return [_HANGUL_FAMILY.get(run, read[0])]
    if not context.alone:
        return _joined(read)
    if len(run) > _SYLLABLES_OF_NAME - 1 and run[:2] in _COMPOUND_HANGUL:
        return _joined(read[:2], read[2:])
    if len(run) == _SYLLABLES_OF_NAME:
        return _joined([_HANGUL_FAMILY.get(run[0], read[0])], read[1:])
    return _joined(read)


def _hangul_syllables(run: str) -> list[str]:
    read: list[str] = []
    for letter in run:
        latin = anyascii(letter).lower()
        # The liquid is r before a vowel, unless it is double.
        if latin.startswith("l") and not (read and read[-1].endswith("l")):
            latin = f"r{latin[1:]}"
        read.append(latin)
    return read


# ---- Thai -------------------------------------------------------------------------------------------------

_THAI_INITIAL: Final = _pairs(
    "กk ขkh ฃkh คkh ฅkh ฆkh งng จch ฉch ชch ซs ฌch ญy ฎd ฏt ฐth ฑth ฒth ณn ดd ตt ถth ทth ธth นn บb ปp ผph ฝf พph ฟf "
    "ภph มm ยy รr ลl วw ศs ษs สs หh ฬl อ ฮh"
)
_THAI_FINAL: Final = _pairs(
    "กk ขk คk ฆk งng จt ชt ซt ฎt ฏt ฐt ฑt ฒt ดt ตt ถt ทt ธt ศt ษt สt บp ปp พp ฟp ภp มm นn ณn ญn รn ลn ฬn ยi วo"
)
_THAI_CONSONANT: Final = "".join(_THAI_INITIAL)
_C: Final = f"[{_THAI_CONSONANT}]"

# Read otherwise than any rule says.
_THAI_WORDS: Final = MappingProxyType(
    {"เพชร": "phet", "เพชรา": "phetchara", "ทราย": "sai", "ปรีดา": "prida", "เจริญ": "charoen", "พรหม": "phrom"}
)


def _thai(run: str, context: Context) -> list[str]:
    del context  # the script says enough
    if run in _THAI_WORDS:
        return [_THAI_WORDS[run]]
    # A letter under a silencing mark goes, and so do tones and digits of the script.
    text = re.sub(rf"{_C}[ิุ]?\u0e4c", "", run)
    text = "".join(letter for letter in text if letter not in "่้๊๋\u0e4c\u0e4d\u0e4e\u0e3aฯๆ")
    return [_thai_word(text)]


def _thai_word(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        syllable, used = _thai_syllable(text, at)
        out += syllable
        at += used
    return out


_FRONT: Final = MappingProxyType({"เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai"})
_THAI_VOWEL: Final = MappingProxyType(
    {"ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue", "ุ": "u", "ู": "u", "็": ""}
)
_THAI_CLUSTER: Final = re.compile(rf"([กขคตปผพท][รลว])(?={_C}|[ะัาำิีึืุู็])")


def _is_consonant(text: str, place: int) -> bool:
    return place < len(text) and text[place] in _THAI_INITIAL


def _vowel_at(text: str, place: int) -> bool:
    return place < len(text) and text[place] in _THAI_VOWEL


def _thai_syllable(text: str, at: int) -> tuple[str, int]:
    """The Latin letters of the syllable that starts here, and how many characters it takes."""
    start = at
    front = text[at] if text[at] in _FRONT else ""
    at += len(front)
    if not _is_consonant(text, at):
        other = text[at : at + 1]
        loose = _THAI_VOWEL[other] if other in _THAI_VOWEL else anyascii(other).lower()
        return _FRONT.get(front, "") + loose, at + len(other) - start
    # A silent h that only changes the tone.
    if (
        text[at] == "ห"
        and at + 1 < len(text)
        and text[at + 1] in "งญนมยรลว"
        and (front or _goes_on(text, at + 2))
    ):
        at += 1
    onset = _THAI_INITIAL[text[at]]
    if _is_cluster(text, at, front):
        onset, at = onset + _THAI_INITIAL[text[at + 1]], at + 1
    elif text[at : at + 2] in {"ศร", "สร"} and _vowel_at(text, at + 2):
        at += 1
    at += 1
    vowel, at = _thai_vowel(text, at, front)
    if not vowel:
        # Nothing written: o before a final consonant, a before another syllable.
        if text[at : at + 2] == "รร":
            vowel, at = ("a" if _is_consonant(text, at + 2) and not _goes_on(text, at + 3) else "an"), at + 2
        else:
            vowel = "o" if _closes(text, at) else "a" if at < len(text) else "o"
    if vowel[-1:] != "m" and front not in {"ใ", "ไ"} and _closes(text, at):
        final = _THAI_FINAL.get(text[at], "")
        return onset + vowel + final, at + 1 - start
    return onset + vowel, at - start


# Vowels written with more than one sign, by what stands in front and what stands behind the consonant.
_THAI_COMPOUND: Final = MappingProxyType(
    {
        ("เ", "ีย"): "ia",
        ("เ", "ือ"): "uea",
        ("เ", "า"): "ao",
        ("เ", "าะ"): "o",
        ("เ", "ิ"): "oe",
        ("เ", "อ"): "oe",
        ("", "ัว"): "ua",
        ("", "ือ"): "ue",
        ("", "อ"): "o",
    }
)


def _thai_vowel(text: str, at: int, front: str) -> tuple[str, int]:
    written = ""
    while _vowel_at(text, at):
        written += text[at]
        at += 1
    key = front, written + (text[at : at + 1] if text[at : at + 1] in {"ย", "อ", "ว"} else "")
    if key in _THAI_COMPOUND:
        return _THAI_COMPOUND[key], at + len(key[1]) - len(written)
    if (front, written) in _THAI_COMPOUND:
        return _THAI_COMPOUND[front, written], at
    return _FRONT[front] if front else "".join(_THAI_VOWEL[letter] for letter in written), at


def _is_cluster(text: str, at: int, front: str) -> bool:
    """True if the consonant here and the r, l or w behind it begin one syllable."""
    if _THAI_CLUSTER.match(text, at) is None:
        return False
    has_own_vowel = _vowel_at(text, at + 2)
    if text[at + 1] == "ว" or not front:
        return has_own_vowel
    return front == "เ" or not has_own_vowel


def _goes_on(text: str, at: int) -> bool:
    """True if a vowel or another consonant stands here."""
    return _vowel_at(text, at) or _is_consonant(text, at)


def _closes(text: str, at: int) -> bool:
    """True if the consonant here ends the syllable before it: no vowel of its own follows."""
    if not _is_consonant(text, at) or text[at] == "อ" or text[at] == "ห":
        return False
    after = text[at + 1 : at + 2]
    last_two = len(text) == at + 2 and text[at - 1] in _THAI_VOWEL and _is_consonant(text, at + 1)
    return not (
        after in _THAI_VOWEL or after == "อ" or "รร" in {text[at : at + 2], text[at + 1 : at + 3]} or last_two
    )


_READERS: Final[Mapping[str, Callable[[str, Context], list[str]]]] = MappingProxyType(
    {"cyrillic": _cyrillic, "greek": _greek, "arabic": _arabic, "han": _han, "hangul": _hangul, "thai": _thai}
)

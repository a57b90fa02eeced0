# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What makes a sentence hard to read, or wrong about people, and what to write instead. Pure: text in, findings out; the norm is docs/language.md.

No score of readability: such scores count syllables, and advise nothing. What stands here can be mended by whoever reads the message.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

_ENDS = re.compile(r"(?<=[.!?;])[\"')”]*\s+|\n+")
_LIST = re.compile(r":\s+")
_WORD = re.compile(r"\S*\w\S*")
_PASSIVE = re.compile(r"\b(?:wordt|worden|werd|werden)\b", re.IGNORECASE)
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
_CODE = re.compile(r"'[a-z][^']*'|`[^`]*`|\{[^}]*\}|--\S+|[\w/.]*[/._][\w/.]*\w|\w+-\w[\w-]*")
LONGEST = 20
LONGEST_MEDIAN = 9
PASSIVES = 1
ITEMS = 3
"""From so many items on, what stands after a colon is a list."""


@dataclass(frozen=True)
class Norm:
    """What is not said, each with what is said instead.

    Attributes:
        office: words of offices.
        people: words that label people.
        names: other names of one thing.
    """

    office: Mapping[str, str]
    people: Mapping[str, str]
    names: Mapping[str, str]


def norm_of(language: str, glossary: str) -> Norm:
    """The norm as docs/language.md and docs/glossary.md have it."""
    return Norm(
        office={row[0]: row[1] for row in rows(language, "## Plain words")},
        people={
            word: f"{row[1]} ({row[2]})"
            for row in rows(language, "## Words that label people")
            for word in row[0].split(", ")
        },
        names={
            word: row[0] for row in rows(glossary, "## One word for one thing") for word in row[1].split(", ")
        },
    )


def rows(page: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    section = page.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [[cell.strip() for cell in found[1].split("|")] for found in _ROW.finditer(section)]
    return cells[2:]


def sentences(text: str) -> Iterator[str]:
    """Sentences of a text; a list after a colon is read item by item."""
    for sentence in filter(None, _ENDS.split(text)):
        head, *tails = _LIST.split(sentence)
        yield head
        for tail in tails:
            items = tail.split(", ")
            yield from items if len(items) >= ITEMS else [tail]


def words(sentence: str) -> int:
    """How many words: whatever holds a letter or a digit."""
    return len(_WORD.findall(sentence))


def findings(text: str, norm: Norm) -> Iterator[tuple[str, str]]:
    """What is wrong in a text: the sentence, and what to write instead."""
    for sentence in sentences(text):
        if (count := words(sentence)) > LONGEST:
            yield sentence, f"{count} woorden; hoogstens {LONGEST}. Maak er twee zinnen van."
        if len(_PASSIVE.findall(sentence)) > PASSIVES:
            yield sentence, "twee keer 'wordt' of 'werd'. Schrijf wie het doet, of maak er twee zinnen van."
        for kind in (norm.office, norm.people, norm.names):
            yield from ((sentence, f"niet '{word}', maar: {kind[word]}") for word in _said(sentence, kind))


def _said(sentence: str, instead: Mapping[str, str]) -> Iterator[str]:
    found = _any_of(tuple(instead)).findall(_without_code(sentence.lower()))
    yield from dict.fromkeys(found)


@cache
def _any_of(these: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(map(re.escape, these))
    return re.compile(rf"(?<!mogelijk )(?<!mogelijke )\b({listed})\b")


def _without_code(sentence: str) -> str:
    """Without names of commands, options, files and placeholders, which are not words: --receipt, 'witness keygen', {log}, C2SP tlog-witness."""
    return _CODE.sub(" ", sentence)

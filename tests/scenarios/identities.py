# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every way in which the persons of the exercise could show: as written, normalised, and in the encodings and plain hashes that hide nothing."""

import base64
import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files

import yaml
from ahocorasick_rs import BytesAhoCorasick

from pseudonymisation.identity import COLUMNS, attributes_from_columns
from pseudonymisation.matchkeys import match_keys
from pseudonymisation.normalise import Normalised, normalise
from register.demo.plan import SUBMITTERS

SHORTEST = 5
"""Characters below which a hit may be chance."""
WORD = 8
"""Shorter forms count only where they stand alone: five letters turn up in a megabyte of Base64 by themselves."""
JOINED = re.compile(rb"[a-z0-9+/_=-]")
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Forms:
    """What must be nowhere outside a node: texts in any case of letters, and exact byte strings."""

    texts: frozenset[bytes]
    exact: frozenset[bytes]

    def found_in(self, content: bytes) -> list[bytes]:
        """Which of the forms are in there."""
        lowered = content.lower()
        spelled = {form for form, at in _places(self._texts, lowered) if _counts(form, lowered, at)}
        return sorted(spelled | {form for form, _at in _places(self._exact, content)})

    @cached_property
    def _texts(self) -> "Search":
        return _search(self.texts)

    @cached_property
    def _exact(self) -> "Search":
        return _search(self.exact)


Search = tuple[Sequence[bytes], BytesAhoCorasick]
"""Thousands of forms, and the automaton that finds all of them in one pass."""


def _search(forms: frozenset[bytes]) -> Search:
    listed = sorted(forms)
    return listed, BytesAhoCorasick(listed)


def _places(search: Search, content: bytes) -> Iterator[tuple[bytes, int]]:
    listed, automaton = search
    for number, begin, _end in automaton.find_matches_as_indexes(content, overlapping=True):
        yield listed[number], begin


def _counts(form: bytes, content: bytes, at: int) -> bool:
    """A short form only where it stands alone."""
    if len(form) >= WORD:
        return True
    around = content[max(at - 1, 0) : at] + content[at + len(form) : at + len(form) + 1]
    return not JOINED.search(around)


Given = tuple[Mapping[str, str], str | None]
"""The identity columns of one subject (`pseudonymisation.identity.COLUMNS`), and how its dates are written."""


def forms() -> Forms:
    """All forms of all persons that the three municipalities import."""
    return forms_of(list(_imported()))


def forms_of(subjects: Sequence[Given]) -> Forms:
    """All forms of these subjects."""
    texts = {text for text in (*_written(subjects), *_normal(subjects)) if len(text) >= SHORTEST}
    spelled = {
        one
        for text in texts
        for one in (text, text.replace("-", "").replace(" ", ""))
        if len(one) >= SHORTEST
    }
    return Forms(
        frozenset(one.encode().lower() for one in spelled),
        frozenset(form for one in spelled for form in _encodings(one)),
    )


def _imported() -> Iterator[Given]:
    data = files("register.demo").joinpath("data")
    for organisation in SUBMITTERS:
        mapping = yaml.safe_load(data.joinpath(f"{organisation}.yaml").read_text(encoding="utf-8"))
        for row in csv.DictReader(
            data.joinpath(f"{organisation}.csv").read_text(encoding="utf-8").splitlines()
        ):
            columns = {mapping["columns"][name]: value for name, value in row.items()}
            given = {**mapping["constants"], **columns}
            yield (
                {name: value for name, value in given.items() if name in COLUMNS and value},
                mapping.get("dateFormat"),
            )


def _written(subjects: Sequence[Given]) -> Iterator[str]:
    for identity, _format in subjects:
        for value in identity.values():
            yield value
            yield from value.replace(",", " ").split()


def _normal(subjects: Sequence[Given]) -> Iterator[str]:
    for identity, date_format in subjects:
        assembled = attributes_from_columns(
            identity, open_gates=frozenset(), date_format=(date_format or "yyyy-mm-dd").replace("mm", "MM")
        )
        normal = [
            one for raw in assembled.attributes if isinstance(one := normalise(raw, today=TODAY), Normalised)
        ]
        assert normal
        for one in normal:
            for _name, value in one.fields:
                yield from (value, value.lstrip("+"), value.removeprefix("+31"), *value.split())
        for key in match_keys(normal).keys:
            yield key.value.decode("utf-8", "replace")


def _encodings(text: str) -> Iterator[bytes]:
    for spelled in (text, text.lower(), text.upper()):
        plain = spelled.encode()
        yield spelled.encode("utf-16-le")
        yield plain.hex().encode()
        yield (
            base64.b64encode(plain[: len(plain) // 3 * 3]) if len(plain) >= 6 else spelled.encode("utf-16-be")
        )
        for algorithm in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            digest = algorithm(plain).digest()
            yield from (digest, digest.hex().encode(), base64.b64encode(digest).rstrip(b"="))

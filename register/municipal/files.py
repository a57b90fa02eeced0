# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A file of a municipality's own system, read in a stream: CSV (RFC 4180, also with semicolons or tabs) or JSON Lines. For the command line.

`Source.inspect` reads the whole file once, before anything is sent, and refuses it in one sentence per place:

1. bytes that are not UTF-8 (a byte order mark is fine; UTF-16 is recognised), a row over `ROW_LIMIT` bytes, a quote that never closes;
2. a heading that names a column twice, or lacks columns of the mapping; more cells than the heading; no rows;
3. in JSON Lines a line that is no object of texts: nested values, a name twice, NaN;
4. in a column of the mapping: a cell that a spreadsheet takes for a formula, or a date in another order than the rest of the file.

1 to 3 end the reading, because what follows cannot be counted. Of 4 the first `TOLD` are listed, so that a file is mended in one go.
Memory does not grow with the file or with a row: both readers hold one bounded row. Sentences name row and column and never repeat what stands there;
the name of a column comes from the mapping, because the first line of a file without a heading is a person.

What a row means, and whether it is any good, is for the node (`register.municipal.mapping` and the rules of a signal).
"""

import csv
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import yaml

from process.language import gettext as _
from register.municipal.limits import ROW_LIMIT
from register.municipal.mapping import ColumnMapping, MappingError, dated_otherwise, is_date, mapping_from
from register.municipal.provenance import Shape, lone_plate

TOLD = 20
_EVERY = 5_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_JSONL = frozenset({".jsonl", ".ndjson"})
_FORMULA = frozenset("=+-@")
_TELEPHONE = re.compile(r"\+[0-9 ()./-]+")
_HANDLE = re.compile(r"@[\w.-]{1,64}")


class UnfitFileError(Exception):
    """A file or mapping from which nothing was sent; each sentence is Dutch and for the person who made it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Inspected:
    """What the first pass found.

    Attributes:
        digest: SHA-256 of the bytes of the file.
        shape: number of rows, and of rows with only a plate.
    """

    digest: bytes
    shape: Shape

    @property
    def rows(self) -> int:
        """Rows in the file, heading and empty lines not counted."""
        return self.shape.rows or 0


class _Reader(Protocol):
    """Rows of one open file: column -> text, for the columns of the mapping only."""

    def rows(self) -> Iterator[dict[str, str]]: ...

    def missing(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Source:
    """One file with its mapping."""

    path: Path
    mapping: ColumnMapping

    def inspect(self, progress: Callable[[int], None]) -> Inspected:
        """Read the whole file once; `progress` hears now and then how many rows were read.

        Raises:
            UnfitFileError: something for which the file must be mended first.
        """
        with self._open() as stream:
            return _inspected(stream, self._reader(stream), self.mapping, progress)

    def rows(self, after: int) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows after a number, with their numbers; the file must still be as it was when the reading began.

        Raises:
            UnfitFileError: the file changed, or cannot be read any more.
        """
        with self._open() as stream:
            before = _stamp(stream)
            for number, record in enumerate(self._reader(stream).rows(), start=1):
                if number % _EVERY == 1 and _stamp(stream) != before:
                    raise _changed()
                if number > after:
                    yield number, record
            if _stamp(stream) != before:
                raise _changed()

    def _open(self) -> BufferedReader:
        try:
            return self.path.open("rb")
        except OSError:
            raise UnfitFileError(_("Het bestand is niet te lezen.")) from None

    def _reader(self, stream: BinaryIO) -> _Reader:
        start = stream.read(4)
        stream.seek(0)
        if not start:
            raise UnfitFileError(_("Het bestand is leeg. Er is niets verstuurd."))
        if start[:2] in _UTF16 or b"\x00" in start:
            raise UnfitFileError(
                _("Het bestand is UTF-16. Bewaar het als UTF-8 (in Excel: CSV UTF-8). Er is niets verstuurd.")
            )
        if self.path.suffix.lower() in _JSONL:
            return _JsonLines(stream, self.mapping)
        return _Csv(stream, self.mapping)


def _inspected(
    stream: BufferedReader | BytesIO, reader: _Reader, mapping: ColumnMapping, progress: Callable[[int], None]
) -> Inspected:
    findings = _Findings(mapping)
    count = plates = 0
    for count, record in enumerate(reader.rows(), start=1):
        findings.look(count, record)
        plates += lone_plate(mapping.filled(record))
        if count % _EVERY == 0:
            progress(count)
    if not count:
        raise UnfitFileError(_("Het bestand heeft geen rijen. Er is niets verstuurd."))
    _require_columns(reader.missing())
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").digest()
    findings.require_none()
    return Inspected(digest, Shape(count, plates))


def pasted(text: str, mapping: ColumnMapping) -> tuple[Inspected, list[dict[str, str]]]:
    """Rows that somebody pasted from a spreadsheet, with their heading: looked at as a file is, and all of them, because they are few and stand in memory anyway.

    Raises:
        UnfitFileError: as `Source.inspect`.
    """
    stream = BytesIO(text.strip("\r\n").encode())
    if not text.strip():
        raise UnfitFileError(_("Er staan geen rijen. Er is niets verstuurd."))
    found = _inspected(stream, _Csv(stream, mapping), mapping, lambda _count: None)
    stream.seek(0)
    return found, list(_Csv(stream, mapping).rows())


def _stamp(stream: BinaryIO) -> tuple[int, int]:
    state = os.fstat(stream.fileno())
    return state.st_size, state.st_mtime_ns


def _changed() -> UnfitFileError:
    return UnfitFileError(
        _(
            "Het bestand veranderde tijdens de import. Wat al verstuurd is, blijft bewaard. Start de import opnieuw met het bestand zoals het nu is."
        )
    )


def _require_columns(missing: Sequence[str]) -> None:
    if missing:
        raise UnfitFileError(
            _("Het bestand mist kolommen uit de mapping: {kolommen}. Er is niets verstuurd.").format(
                kolommen=", ".join(missing)
            )
        )


# ---- lines ------------------------------------------------------------------------------------------------------------


@dataclass
class _Lines:
    """The lines of a file as text, each bounded; knows how many rows were finished, to name the next.

    Attributes:
        rows: that are finished; -1 before the heading of a CSV file.
        size: bytes read for the row that is being read.
    """

    stream: BinaryIO
    rows: int
    size: int = 0
    first: bool = True

    def __iter__(self) -> Iterator[str]:
        # One byte more than allowed tells a row that just fits from one that goes on.
        while line := self.stream.readline(ROW_LIMIT + 1):
            self.size += len(line)
            if self.size > ROW_LIMIT:
                raise self.too_long()
            yield self._decoded(line)

    def next_row(self) -> None:
        """The row is whole."""
        self.rows += 1
        self.size = 0

    @property
    def place(self) -> str:
        """The row that is being read, in words."""
        return _("De kop") if self.rows < 0 else _("Rij {rij}").format(rij=self.rows + 1)

    def too_long(self) -> UnfitFileError:
        """Whether a quote was left open cannot be told from a long field."""
        return UnfitFileError(
            _(
                "{plaats} is te lang: meer dan {aantal} bytes. Misschien is een aanhalingsteken geopend en niet gesloten. Er is niets verstuurd."
            ).format(plaats=self.place, aantal=ROW_LIMIT)
        )

    def _decoded(self, line: bytes) -> str:
        encoding = "utf-8-sig" if self.first else "utf-8"
        self.first = False
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            raise UnfitFileError(
                _(
                    "{plaats} is geen UTF-8, maar bijvoorbeeld Windows-1252. Bewaar het bestand als UTF-8 (in Excel: CSV UTF-8). Er is niets verstuurd."
                ).format(plaats=self.place)
            ) from None
        if "\x00" in text:
            raise UnfitFileError(
                _(
                    "{plaats} bevat een teken dat niet in tekst hoort (nul). Is dit wel een tekstbestand? Er is niets verstuurd."
                ).format(plaats=self.place)
            )
        return text


# ---- CSV --------------------------------------------------------------------------------------------------------------


class _Csv:
    def __init__(self, stream: BinaryIO, mapping: ColumnMapping) -> None:
        self._lines = _Lines(stream, rows=-1)
        self._mapping = mapping
        self._missing: list[str] = []

    def missing(self) -> Sequence[str]:
        return self._missing

    def rows(self) -> Iterator[dict[str, str]]:
        lines = iter(self._lines)
        first = next(lines, "")
        self._lines.size = 0
        if re.fullmatch(r"sep=.\r?\n?", first):
            # Excel's own remark about the separator.
            first = next(lines, "")
        table = csv.reader(_again(first, lines), delimiter=_delimiter(first), strict=True)
        heading = self._next(table) or []
        self._lines.next_row()
        self._require_heading(heading)
        while (cells := self._next(table)) is not None:
            if not any(cells):
                self._lines.size = 0
                continue
            if len(cells) > len(heading):
                raise UnfitFileError(
                    _("{plaats} heeft meer cellen dan de kop. Er is niets verstuurd.").format(
                        plaats=self._lines.place
                    )
                )
            row = dict(zip(heading, cells, strict=False))
            yield {column: row.get(column, "") for column in self._mapping.columns}
            self._lines.next_row()

    def _next(self, table: Iterator[list[str]]) -> list[str] | None:
        try:
            return next(table, None)
        except csv.Error:
            # The parser's own words are English and do not tell a forgotten quote from the long field that it makes.
            raise UnfitFileError(
                _(
                    "{plaats} is niet te lezen als CSV: een aanhalingsteken staat verkeerd of is niet gesloten. Er is niets verstuurd."
                ).format(plaats=self._lines.place)
            ) from None

    def _require_heading(self, heading: Sequence[str]) -> None:
        self._missing = [column for column in self._mapping.columns if column not in heading]
        _require_columns(self._missing)
        # Not before this: the first line of a file without a heading is a person.
        doubled = [name for name, times in Counter(heading).items() if times > 1 and name]
        if doubled:
            raise UnfitFileError(
                _("De kop noemt een kolom meer dan één keer: {kolommen}. Er is niets verstuurd.").format(
                    kolommen=", ".join(doubled)
                )
            )


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _delimiter(heading: str) -> str:
    """The separator that the heading uses most; the Dutch Excel writes semicolons."""
    return max(";,\t", key=heading.count)


# ---- JSON Lines -------------------------------------------------------------------------------------------------------


class _JsonLines:
    def __init__(self, stream: BinaryIO, mapping: ColumnMapping) -> None:
        self._lines = _Lines(stream, rows=0)
        self._columns = mapping.columns
        self._unseen = dict.fromkeys(mapping.columns)

    def missing(self) -> Sequence[str]:
        return list(self._unseen)

    def rows(self) -> Iterator[dict[str, str]]:
        for line in self._lines:
            if not line.strip():
                self._lines.size = 0
                continue
            record = self._record(line)
            for name in record:
                self._unseen.pop(name, None)
            yield {column: record.get(column, "") for column in self._columns}
            self._lines.next_row()

    def _record(self, line: str) -> dict[str, str]:
        try:
            found = json.loads(
                line,
                object_pairs_hook=self._object,
                parse_int=str,
                parse_float=str,
                parse_constant=self._no_number,
            )
        except (ValueError, RecursionError):
            raise self._wrong(_("is geen geldige JSON")) from None
        if not isinstance(found, dict):
            raise self._wrong(_("is geen JSON-object"))
        return {name: self._text(value) for name, value in found.items()}

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise self._wrong(_("noemt een naam twee keer"))
        return found

    def _no_number(self, _text: str) -> Any:
        raise self._wrong(_("bevat NaN of oneindig; dat is geen getal"))

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(value, dict | list):
            raise self._wrong(
                _("bevat een lijst of object als waarde; zet elke waarde als tekst in een eigen veld")
            )
        text = "" if value is None else str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self._wrong(_("bevat een half teken")) from None
        return text

    def _wrong(self, what: str) -> UnfitFileError:
        return UnfitFileError(
            _("{plaats} {wat}. Er is niets verstuurd.").format(plaats=self._lines.place, wat=what)
        )


# ---- cells ------------------------------------------------------------------------------------------------------------


@dataclass
class _Findings:
    """What is wrong with cells: the first places, and how many there are."""

    mapping: ColumnMapping
    told: list[str] = field(default_factory=list)
    count: int = 0
    otherwise: Callable[[str, str, str | None], bool] = field(
        # Reading a date is slow, and a file has few different ones.
        default_factory=lambda: lru_cache(maxsize=2_048)(dated_otherwise)
    )

    def look(self, number: int, record: Mapping[str, str]) -> None:
        for column, target in self.mapping.columns.items():
            text = record[column].strip()
            reason = self._reason(target, text) if text else None
            if reason:
                self.count += 1
                if len(self.told) < TOLD:
                    self.told.append(
                        _("Rij {rij}, kolom {kolom}: {reden}").format(rij=number, kolom=column, reden=reason)
                    )

    def _reason(self, target: str, text: str) -> str | None:
        if text[0] in _FORMULA and formula(text, target):
            return _("deze cel begint als een formule (met =, +, - of @). Zet er gewone tekst neer.")
        if is_date(target) and self.otherwise(text, target, self.mapping.date_format):
            return _(
                "deze datum staat in een andere volgorde dan dateFormat zegt. Schrijf alle datums in het bestand op dezelfde manier."
            )
        return None

    def require_none(self) -> None:
        if not self.count:
            return
        rest = self.count - len(self.told)
        more = [_("En nog {aantal} andere cellen.").format(aantal=rest)] if rest else []
        raise UnfitFileError(*self.told, *more, _("Er is niets verstuurd."))


def formula(text: str, target: str = "") -> bool:
    """True if a spreadsheet would take this text for a formula; a telephone number with +, a handle with @ and a lone dash are none."""
    if text[:1] == "@":
        return target != "handle" or _HANDLE.fullmatch(text) is None
    if text[:1] == "+":
        return _TELEPHONE.fullmatch(text) is None
    return text[:1] == "=" or (text[:1] == "-" and len(text) > 1)


# ---- the mapping ------------------------------------------------------------------------------------------------------


class _Texts(yaml.BaseLoader):
    """YAML in which every scalar stays text (a code 012 is no octal number, `no` no truth), and a name stands once."""


def _once(loader: _Texts, node: yaml.MappingNode) -> dict[Any, Any]:
    names = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
    if len(names) != len(node.value) or len(names) != len(set(names)):
        raise yaml.constructor.ConstructorError(None, None, "a name stands twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Texts.add_constructor("tag:yaml.org,2002:map", _once)


def read_mapping(path: Path) -> ColumnMapping:
    """Read a mapping from YAML.

    Raises:
        UnfitFileError: it is not right, with everything that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnfitFileError(_("De mapping is niet te lezen als YAML.")) from None
    return mapping_in(text)


def mapping_in(text: str) -> ColumnMapping:
    """The mapping that stands in a YAML text.

    Raises:
        UnfitFileError: as `read_mapping`.
    """
    try:
        document = yaml.load(text, _Texts)  # noqa: S506 - a BaseLoader makes texts only
    except yaml.constructor.ConstructorError:
        raise UnfitFileError(_("De mapping noemt een naam twee keer.")) from None
    except (yaml.YAMLError, RecursionError):
        raise UnfitFileError(_("De mapping is niet te lezen als YAML.")) from None
    try:
        return mapping_from(document)
    except MappingError as error:
        raise UnfitFileError(
            *(
                _("In de mapping, {plaats}: {reden}").format(plaats=one.field, reden=one.reason)
                for one in error.problems
            )
        ) from None

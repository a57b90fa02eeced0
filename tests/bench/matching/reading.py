# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A file of observations with the truth beside it: what the node would read of each row, and who, where and when it was.

The law:

1. Cells mean what the node's import mapping says (docs/spec/import.md), read by `register.municipal.mapping` itself. What a signal needs and a measurement does not
   (an exploitation form, indicators, ...) is filled in when the mapping lacks it: a mapping may be identity columns only.
2. Any row is read. A column that the mapping does not name is ignored, a column that the file does not have is empty, and what the node would refuse counts
   as refused while the rest of the row takes part.
3. Truth, place and date are columns of the file and never reach a method, except that a linkage of two files (`across`) tells pairs of one file apart.
   Rows without a truth value are alone. Rows without a date neither ask nor answer in the hit rate; without a place they are somewhere unknown, which is
   the same place.
4. Every method but ours gets the node's own normal forms (`prepared`), so that a difference is one of method and not of cleaning. A cell without a normal form
   goes in folded to a-z, 0-9: more than our own method gets of it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml
from anyascii import anyascii

from pseudonymisation.identity import COLUMNS, RawAttribute, Unreadable, attributes_from_columns
from pseudonymisation.normalise import Normalised, normalise
from register.municipal.mapping import REQUIRED, ColumnMapping, mapping_from, read_date, read_row

OPEN_GATES: Final = frozenset({"bsn", "v_nummer"})
"""Made-up numbers need no ground."""
_FILLED: Final[Mapping[str, str]] = {
    "date": "2026-01-01",
    "uitbuitingsvorm": "arbeid",
    "controlesoort": "woningcontrole",
    "waarneming_grondslag": "huisvesting_woningwet_omgevingswet",
    "aanwijzingen": "slapen_in_bedrijfspand",
}
_DATE_FORMATS: Final = ("yyyy-MM-dd", "dd-MM-yyyy", "yyyyMMdd", "MM-dd-yyyy")
NO_DATE: Final = date.max


@dataclass(frozen=True)
class Observation:
    """What the node reads of one row: attributes in normal form, and the cells that have none."""

    attributes: tuple[Normalised, ...]
    cells: Mapping[str, str] = field(repr=False)
    refused: bool


@dataclass(frozen=True)
class Observations:
    """All rows of a file, with the truth.

    Attributes:
        rows: in the order of the file.
        person: per row the number of its person.
        place: per row the number of its place.
        rank: per row its place in time, -1 without a date; equal dates keep the order of the file.
        across: only pairs of two places count (a linkage of two files).
        notes: what a reader of the figures should know about this file.
    """

    rows: Sequence[Observation]
    person: Sequence[int]
    place: Sequence[int]
    rank: Sequence[int]
    across: bool
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Columns:
    """Which columns of the file hold the truth; place and date may be absent."""

    truth: str
    place: str | None = None
    date: str | None = None


def lenient_mapping(document: Any) -> ColumnMapping:
    """The mapping, with a constant for whatever a signal needs and this mapping does not give.

    Raises:
        MappingError: what remains wrong.
    """
    if not isinstance(document, dict):
        return mapping_from(document)
    columns, constants = document.get("columns") or {}, document.get("constants") or {}
    named = {*columns.values(), *constants} if isinstance(columns, dict) else set()
    filled = {target: _FILLED[target] for target in REQUIRED if target not in named}
    if "date" in filled and document.get("dateFormat"):
        filled["date"] = _written(document["dateFormat"])
    return mapping_from(
        document | {"herkomst": document.get("herkomst") or "oefening", "constants": {**filled, **constants}}
    )


def _written(date_format: object) -> str:
    text = str(date_format).lower().replace("j", "y")
    return (
        text.replace("yyyy", "2026")
        .replace("mm", "01")
        .replace("dd", "01")
        .replace("m", "1")
        .replace("d", "1")
    )


def mapping_at(path: Path) -> ColumnMapping:
    """The mapping in a YAML or JSON file."""
    return lenient_mapping(yaml.safe_load(path.read_text(encoding="utf-8-sig")))


def read(path: Path, mapping: ColumnMapping, columns: Columns, *, across: bool = False) -> Observations:
    """All rows of a CSV file.

    Raises:
        ValueError: no heading, no rows, or no column with the truth.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        heading = lines.readline()
        if heading.startswith("sep="):
            heading = lines.readline()
        delimiter = max(",;\t", key=heading.count)
        names = next(csv.reader([heading], delimiter=delimiter, skipinitialspace=True), [])
        rows = [
            {name.strip(): (cell or "").strip() for name, cell in row.items() if name is not None}
            for row in csv.DictReader(lines, names, delimiter=delimiter, skipinitialspace=True)
        ]
    return observations(rows, [name.strip() for name in names], mapping, columns, across=across)


def observations(
    rows: Sequence[Mapping[str, str]],
    heading: Sequence[str],
    mapping: ColumnMapping,
    columns: Columns,
    *,
    across: bool = False,
) -> Observations:
    """The rows (column -> text) of a file with this heading.

    Raises:
        ValueError: no rows, or no column with the truth.
    """
    if not rows:
        raise ValueError("the file has no rows")
    if columns.truth not in heading:
        raise ValueError(f"the file has no column {columns.truth!r}, which would say who is who")
    dates = [_day(row.get(columns.date or "", ""), mapping.date_format) for row in rows]
    truths = [row.get(columns.truth, "") for row in rows]
    today = max((day for day in dates if day is not NO_DATE), default=date(2026, 12, 31))
    read_rows = [_observation(row, mapping, today) for row in rows]
    return Observations(
        rows=read_rows,
        person=_numbers((truth, number) for number, truth in enumerate(truths)),
        place=_numbers((row.get(columns.place or "", ""), -1) for row in rows),
        rank=_ranks(dates),
        across=across,
        notes=(*_missing(heading, mapping, columns), *_odd(truths, dates, read_rows)),
    )


def _observation(row: Mapping[str, str], mapping: ColumnMapping, today: date) -> Observation:
    found = read_row(row, mapping)
    cells = {
        target: row.get(column, "").strip()
        for column, target in mapping.columns.items()
        if target in COLUMNS and row.get(column, "").strip()
    }
    attributes = [one.attribute for one in found.attributes]
    if cells.get("dob") and not any(one.type == "name_dob" for one in attributes):
        attributes += _named(cells, mapping)
    forms = [_form(one, today) for one in attributes]
    fit = tuple(form for form in forms if isinstance(form, Normalised))
    undated = bool(cells.get("dob")) and not any(form.get("dob") for form in fit)
    return Observation(fit, cells, refused=bool(found.wrong) or undated or len(fit) < len(forms))


def _named(cells: Mapping[str, str], mapping: ColumnMapping) -> list[RawAttribute]:
    """The name of a row whose date of birth is not in the form of the file: the date as an officer would type it, day first."""
    named = {one: cells[one] for one in ("given_names", "surname", "name") if one in cells}
    day_first = not (mapping.date_format or "dd").lower().startswith("mm")
    dated = named | ({"dob": cells["dob"]} if day_first else {})
    return list(attributes_from_columns(dated).attributes)


def _form(attribute: RawAttribute, today: date) -> Normalised | Unreadable:
    """The normal form; a name whose date of birth cannot be read is read without it, as an officer would leave it out."""
    form = normalise(attribute, today=today, open_gates=OPEN_GATES)
    if isinstance(form, Normalised) or not form.field.startswith("name_dob.dob"):
        return form
    undated = {name: text for name, text in attribute.fields if name != "dob"}
    return normalise(RawAttribute.of("name_dob", **undated), today=today)


def _numbers(values: Iterable[tuple[str, int]]) -> list[int]:
    """A number per distinct value; an empty one gets that of its second half."""
    known: dict[object, int] = {}
    return [known.setdefault(value or alone, len(known)) for value, alone in values]


def _ranks(dates: Sequence[date]) -> list[int]:
    ranks = [-1] * len(dates)
    dated = (number for number, day in enumerate(dates) if day is not NO_DATE)
    for rank, number in enumerate(sorted(dated, key=lambda number: (dates[number], number))):
        ranks[number] = rank
    return ranks


def _day(text: str, date_format: str | None) -> date:
    """The day in whatever form it stands; the form of the mapping goes first."""
    plain = re.sub(r"[./ ]", "-", text.strip().partition("T")[0])
    for form in (re.sub(r"[./ ]", "-", date_format or _DATE_FORMATS[0]), *_DATE_FORMATS):
        for cut in (plain, plain[:10]):
            try:
                return read_date(cut, form)
            except ValueError:
                continue
    return NO_DATE


def _missing(heading: Sequence[str], mapping: ColumnMapping, columns: Columns) -> Iterator[str]:
    absent = sorted({*mapping.columns} - {*heading})
    if absent:
        yield f"not in the file, so empty: {', '.join(absent)}"
    for what, column in (("place", columns.place), ("date", columns.date)):
        if column is None or column not in heading:
            yield f"no {what}: no hit rate"


def _odd(truths: Sequence[str], dates: Sequence[date], rows: Sequence[Observation]) -> Iterator[str]:
    undated = sum(day is NO_DATE for day in dates)
    if 0 < undated < len(dates):
        yield f"{undated} rows without a readable date are not in the hit rate"
    alone = truths.count("")
    if alone:
        yield f"{alone} rows without a truth value count as people of their own"
    refused = sum(row.refused for row in rows)
    if refused:
        yield f"{refused} rows have a cell that the node refuses; their other cells take part"


# ---- for the other methods --------------------------------------------------------------------------------------------

FIELDS: Final = (
    "given",
    "surname",
    "dob",
    "document",
    "phone",
    "alias",
    "bsn",
    "v_number",
    "postcode",
    "street",
    "house",
    "other",
)
"""What a peer gets of a row, as texts that may be empty; `dob` is ISO. `other` is every remaining identifier in one text."""

_FORMS: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "document": (("document", "document", "number"),),
    "phone": (("phone", "phone", "number"),),
    "alias": (("alias", "work_alias", "alias"),),
    "bsn": (("bsn", "bsn", "number"),),
    "v_number": (("v_number", "v_nummer", "number"),),
}
_CELLS: Final[Mapping[str, tuple[str, ...]]] = {
    "given": ("given_names",),
    "surname": ("surname",),
    "document": ("document_number",),
    "phone": ("phone",),
    "alias": ("alias",),
    "bsn": ("bsn",),
    "v_number": ("v_number",),
    "postcode": ("postcode",),
    "street": ("street",),
    "house": ("house_number", "house_addition"),
    "other": ("email", "handle", "ad", "plate", "iban"),
}


def prepared(row: Observation) -> dict[str, str]:
    """One row for a peer: normal forms where there are, folded cells where not."""
    forms = {form.type: form for form in row.attributes}
    texts = {name: _folded(row, cells, spaces=name in ("given", "surname")) for name, cells in _CELLS.items()}
    texts |= {
        name: forms[type_].get(part)
        for name, each in _FORMS.items()
        for _name, type_, part in each
        if type_ in forms
    }
    return {name: texts.get(name, "") for name in FIELDS} | _name(row, forms) | _address(forms)


def _name(row: Observation, forms: Mapping[str, Normalised]) -> dict[str, str]:
    if "name_dob" in forms:
        form = forms["name_dob"]
        given, surname = form.get("given"), form.get("surname")
        if not surname:
            given, _space, surname = form.get("name").rpartition(" ")
        # The order that the file gives is kept when one of both is empty.
        if not row.cells.get("surname") and row.cells.get("given_names"):
            given, surname = form.get("name"), ""
        elif not row.cells.get("given_names") and row.cells.get("surname"):
            given, surname = "", form.get("name")
        return {"given": given, "surname": surname, "dob": form.get("dob")}
    whole = _folded(row, ("name",), spaces=True)
    given, _space, surname = whole.rpartition(" ")
    day = _day(row.cells.get("dob", ""), None)
    found = {"dob": "" if day is NO_DATE else day.isoformat()}
    return found | ({"given": given, "surname": surname} if whole else {})


def _address(forms: Mapping[str, Normalised]) -> dict[str, str]:
    form = forms.get("bag_address")
    if form is None or not (form.get("postcode") or form.get("street")):
        return {}
    house = (form.get("number") + form.get("addition")).lower()
    return {"postcode": form.get("postcode").lower(), "street": form.get("street"), "house": house}


def _folded(row: Observation, cells: Sequence[str], *, spaces: bool) -> str:
    text = anyascii(" ".join(row.cells.get(cell, "") for cell in cells)).lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " " if spaces else "", text).split())

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What each column of a municipality's own file means, and what one row says (docs/spec/import.md).

A mapping has `herkomst` (where the rows come from), `columns` (column of the file -> target), `constants` (target -> value, for every row), `values` (column ->
own code -> our code) and `dateFormat`. Targets are the identity columns of `pseudonymisation.identity.COLUMNS` and the fields of a signal below.

1. `mapping_from` reads a mapping and finds everything that is wrong with it, before any row is looked at: unknown keys and targets, a target filled twice,
   a required one not filled, a code that is not in the list of its target.
2. `read_row` turns one record (column -> text) into a `Row`: attributes with the columns in which they stood, and values of the right kind; or, per
   column, what is wrong. Total: it judges form only. Whether a telephone number exists, an aanwijzing carries a signal or a date lies in the future is for
   the rules through which every signal goes.
3. `row_key` is the key under which a row is sent: what it says, and not where it stands. Rows that say the same are one observation.

Pure. No reason ever repeats what stood in a cell.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from process.language import gettext as _
from process.problem import FieldError
from pseudonymisation.identity import COLUMNS, RawAttribute, Unreadable, attributes_from_columns
from register.signals import (
    CONTROL_TYPES,
    EXPLOITATION_FORMS,
    HANDLING,
    INDICATORS,
    INFORMATION_GRADES,
    OBSERVATION_BASES,
    ROLES,
    SOURCES,
)

LONGEST_CELL: Final = 500
"""Characters in one mapped cell: as much as the interface takes of an attribute."""
LONGEST_NAME: Final = 200
"""Characters in the name of a column."""
_CASE_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{3,31}", re.ASCII)
_YES = frozenset({"ja", "j", "true", "1", "waar"})
_NO = frozenset({"nee", "n", "false", "0", "onwaar"})
_KEYS = ("herkomst", "columns", "constants", "values", "dateFormat")

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date": "waargenomen",
        "uitbuitingsvorm": "uitbuitingsvorm",
        "aanwijzingen": "aanwijzingen",
        "controlesoort": "controlesoort",
        "waarneming_grondslag": "waarnemingGrondslag",
        "rol": "subjecten.0.rol",
        "soort": "subjecten.0.soort",
        "bron": "beoordeling.bron",
        "informatie": "beoordeling.informatie",
        "behandeling": "beoordeling.behandeling",
        "geen_politiecontact": "sporen.geenPolitiecontact",
        "zorgspoor": "sporen.zorgspoor",
        "acuut_gevaar": "sporen.acuutGevaar",
        "grenscontext": "grenscontext",
        "controle": "controle",
    }
)
"""Target -> the field of a signal under which the node's rules name it; `date` is the day of the observation."""

REQUIRED: Final = ("date", "uitbuitingsvorm", "aanwijzingen", "controlesoort", "waarneming_grondslag")
"""What every signal needs, so a mapping fills it, by column or constant."""

_LISTS: Final[Mapping[str, Collection[str]]] = MappingProxyType(
    {
        "uitbuitingsvorm": tuple(one.code for one in EXPLOITATION_FORMS.values() if one.active),
        "aanwijzingen": tuple(INDICATORS),
        "controlesoort": tuple(one.code for one in CONTROL_TYPES.values() if one.active),
        "waarneming_grondslag": tuple(one.code for one in OBSERVATION_BASES.values() if one.active),
        "rol": tuple(ROLES),
        "soort": ("persoon", "organisatie"),
        "bron": tuple(SOURCES),
        "informatie": tuple(INFORMATION_GRADES),
        "behandeling": tuple(HANDLING),
    }
)
"""Targets whose value comes from a list."""
_TRUTHS: Final = frozenset({"geen_politiecontact", "zorgspoor", "acuut_gevaar", "grenscontext"})
_DATES: Final = frozenset({"date", "dob"})
_ORPHANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "document_issuer": "document_number",
        "document_type": "document_number",
        "plate_country": "plate",
        "platform": "handle",
    }
)
"""Target -> the target without which it says nothing."""
_COLUMN_OF: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("name_dob", "given"): "given_names",
        ("name_dob", "surname"): "surname",
        ("name_dob", "name"): "name",
        ("name_dob", "dob"): "dob",
        ("document", "issuer"): "document_issuer",
        ("document", "type"): "document_type",
        ("document", "number"): "document_number",
        ("document", "check"): "document_number",
        ("phone", "number"): "phone",
        ("email", "address"): "email",
        ("social_handle", "handle"): "handle",
        ("social_handle", "url"): "handle",
        ("social_handle", "platform"): "platform",
        ("ad_id_or_url", "url"): "ad",
        ("work_alias", "alias"): "alias",
        ("plate", "plate"): "plate",
        ("plate", "country"): "plate_country",
        ("bag_address", "bag_id"): "bag_id",
        ("bag_address", "postcode"): "postcode",
        ("bag_address", "number"): "house_number",
        ("bag_address", "addition"): "house_addition",
        ("iban", "number"): "iban",
        ("kvk", "number"): "kvk",
        ("kvk", "branch"): "kvk",
        ("bsn", "number"): "bsn",
        ("v_nummer", "number"): "v_number",
    }
)
"""Attribute type and part -> the identity column in which it stood."""
_ALL_GATES: Final = frozenset({"bsn", "v_nummer"})
"""Whether a number may be processed is for the rules of a signal to say; here it is only put in its place."""


class MappingError(ValueError):
    """A mapping that cannot be used.

    Attributes:
        problems: every key that is wrong, with the reason; never a value.
    """

    def __init__(self, problems: Iterable[FieldError]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(f"{one.field}: {one.reason}" for one in self.problems))


@dataclass(frozen=True)
class ColumnMapping:
    """What each column is; made by `mapping_from`, so that it is sound.

    Attributes:
        origin: where the rows come from; whether it is allowed is for `register.municipal.provenance`.
        columns: column of the file -> target.
        constants: target -> value.
        values: column of the file -> own code in lower case -> our code.
        date_format: with dd, MM and yyyy; None for ISO dates.
    """

    origin: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(repr=False)
    values: Mapping[str, Mapping[str, str]]
    date_format: str | None

    def column_of(self, target: str) -> str:
        """The column of the file in which a target stood, or the target itself for a constant."""
        return next((column for column, name in self.columns.items() if name == target), target)

    def filled(self, record: Mapping[str, str]) -> set[str]:
        """The identity targets that the columns of this record fill."""
        return {
            target
            for column, target in self.columns.items()
            if target in COLUMNS and record.get(column, "").strip()
        }

    def members(self) -> dict[str, Any]:
        """The mapping in JSON, the same for the same meaning; `mapping_from` reads it."""
        return {
            "herkomst": self.origin,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "values": {column: dict(codes) for column, codes in self.values.items()},
            "dateFormat": self.date_format,
        }

    def digest(self) -> bytes:
        """SHA-256 of what the mapping means."""
        return hashlib.sha256(_one_text(self.members())).digest()


def _one_text(members: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(members), sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


# ---- reading a mapping ------------------------------------------------------------------------------------------------


def mapping_from(document: object) -> ColumnMapping:
    """The mapping in a document of texts, lists and objects, from YAML or JSON.

    Raises:
        MappingError: with everything that is wrong.
    """
    if not isinstance(document, Mapping):
        raise MappingError(
            [
                FieldError(
                    "mapping",
                    _("Een mapping heeft herkomst, columns en misschien constants, values en dateFormat."),
                )
            ]
        )
    wrong = [
        # The name of an unknown key is not repeated: a mapping is written by hand, and anything may stand there.
        FieldError(
            "mapping",
            _("Een mapping heeft alleen deze sleutels: {sleutels}.").format(sleutels=", ".join(_KEYS)),
        )
    ] * (not set(document) <= set(_KEYS))
    columns = _texts(document.get("columns"), "columns", wrong)
    constants = _texts(document.get("constants"), "constants", wrong)
    values = _tables(document.get("values"), columns, wrong)
    date_format = _date_format(document.get("dateFormat"), wrong)
    mapping = ColumnMapping(
        _plain(document.get("herkomst") or "").strip(), columns, constants, values, date_format
    )
    wrong += _target_problems(mapping) or _code_problems(mapping)
    if not mapping.origin:
        wrong.append(FieldError("herkomst", _("Vul in waar de gegevens vandaan komen.")))
    if wrong:
        raise MappingError(dict.fromkeys(wrong))
    return mapping


def _texts(found: object, name: str, wrong: list[FieldError]) -> dict[str, str]:
    if found is None or found == "":
        return {}
    if not isinstance(found, Mapping) or not all(_is_text(value) for value in found.values()):
        wrong.append(FieldError(name, _("Dit is geen lijst van namen met waarden.")))
        return {}
    return {str(key): _plain(value) for key, value in found.items()}


def _is_text(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str | int) for one in value)
    return isinstance(value, str | int)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return ";".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _tables(found: object, columns: Mapping[str, str], wrong: list[FieldError]) -> dict[str, dict[str, str]]:
    if found is None or found == "":
        return {}
    if not isinstance(found, Mapping):
        wrong.append(FieldError("values", _("Dit is geen lijst van kolommen met codes.")))
        return {}
    tables = {}
    for column, codes in found.items():
        place = f"values.{column}" if column in columns else "values"
        if column not in columns:
            wrong.append(FieldError(place, _("Hier staat een kolom die niet in columns staat.")))
        table = _texts(codes, place, wrong)
        if len({one.strip().casefold() for one in table}) != len(table):
            wrong.append(FieldError(place, _("Hier staat een code twee keer; hoofdletters tellen niet.")))
        tables[str(column)] = {code.strip().casefold(): ours.strip() for code, ours in table.items()}
    return tables


def _date_format(found: object, wrong: list[FieldError]) -> str | None:
    if found is None or found == "":
        return None
    # Both spellings of the month, and the Dutch one of the year, are in use; a date has no minutes.
    normal = (
        str(found).replace("m", "M").replace("Y", "y").replace("D", "d").replace("j", "y").replace("J", "y")
    )
    if sorted(set(normal) & set("dMy")) != ["M", "d", "y"] or "yyyy" not in normal:
        wrong.append(FieldError("dateFormat", _("Schrijf dateFormat met dd, mm en yyyy, zoals dd-mm-yyyy.")))
        return None
    return normal


def _target_problems(mapping: ColumnMapping) -> list[FieldError]:
    targets = [*mapping.columns.values(), *mapping.constants]
    wrong = []
    unknown = set(targets) - set(COLUMNS) - set(FIELDS)
    if unknown:
        # Named by place only: what stands there may be anything. A column is told by its own name, as a refused row does.
        places = [f"columns.{column}" for column, target in mapping.columns.items() if target in unknown]
        if unknown & set(mapping.constants):
            places.append("constants")
        text = _("Hier staat een doel dat niet bestaat. Kies uit: {doelen}.").format(
            doelen=", ".join([*COLUMNS, *FIELDS])
        )
        return [FieldError(place[:LONGEST_NAME], text) for place in places]
    doubled = sorted({one for one in targets if targets.count(one) > 1})
    if doubled:
        wrong.append(
            FieldError(
                "mapping",
                _("Deze doelen worden twee keer gevuld: {doelen}.").format(doelen=", ".join(doubled)),
            )
        )
    missing = [one for one in REQUIRED if one not in targets]
    if missing:
        wrong.append(
            FieldError(
                "mapping",
                _(
                    "Deze doelen ontbreken en zijn voor elk signaal nodig: {doelen}. Zet ze in columns of constants."
                ).format(doelen=", ".join(missing)),
            )
        )
    if not set(mapping.columns.values()) & set(COLUMNS):
        wrong.append(
            FieldError(
                "columns", _("Geen kolom is een gegeven waarop een signaal terug te vinden is, zoals phone.")
            )
        )
    if any(len(column) > LONGEST_NAME for column in mapping.columns):
        wrong.append(FieldError("columns", _("Een naam van een kolom is te lang.")))
    return wrong


def _code_problems(mapping: ColumnMapping) -> list[FieldError]:
    """Constants, and our side of `values`, that no rule could ever accept."""
    given = [(f"constants.{target}", target, text) for target, text in mapping.constants.items()]
    given += [
        (f"values.{column}", mapping.columns[column], ours)
        for column, codes in mapping.values.items()
        if column in mapping.columns
        for ours in codes.values()
    ]
    wrong = []
    for place, target, text in given:
        if target in FIELDS and text.strip():
            try:
                _value(target, text.strip(), mapping.date_format)
            except ValueError as error:
                wrong.append(FieldError(place, str(error)))
    return wrong


# ---- reading a row ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """An attribute with the columns behind it.

    Attributes:
        attribute: as read.
        column: the columns of all its parts, joined.
        places: "type.part", and the type itself, to the column in which it stood.
    """

    attribute: RawAttribute
    column: str
    places: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """What one record says.

    Attributes:
        attributes: of its one subject.
        values: target of `FIELDS` -> value: a date, a tuple of codes, a number, a truth or a code; absent when not filled.
        wrong: column and reason of what cannot be read.
        key: under which it is sent.
    """

    attributes: tuple[Placed, ...]
    values: Mapping[str, Any] = field(repr=False)
    wrong: tuple[FieldError, ...]
    key: str


def read_row(record: Mapping[str, str], mapping: ColumnMapping) -> Row:
    """What one record (column -> text) says; columns that the mapping does not name are left alone."""
    wrong: list[FieldError] = []
    told: dict[str, str] = {}
    for column, target in mapping.columns.items():
        text = record.get(column, "").strip()
        if len(text) > LONGEST_CELL:
            wrong.append(
                FieldError(
                    column, _("Deze cel is te lang: hoogstens {aantal} tekens.").format(aantal=LONGEST_CELL)
                )
            )
        elif text:
            told[target] = text
    key = row_key(told)
    cells = {target: text.strip() for target, text in mapping.constants.items() if text.strip()}
    for target, text in told.items():
        try:
            cells[target] = _ours(text, mapping.values.get(mapping.column_of(target)), target)
        except ValueError as error:
            wrong.append(FieldError(mapping.column_of(target), str(error)))
    attributes = _attributes(cells, told.keys(), mapping, wrong)
    values = {}
    for target, text in cells.items():
        if target in FIELDS:
            try:
                values[target] = _value(target, text, mapping.date_format)
            except ValueError as error:
                wrong.append(FieldError(mapping.column_of(target), str(error)))
    wrong += _missing(values, mapping, wrong)
    if not attributes and not wrong:
        wrong.append(
            FieldError("", _("In deze rij staat geen gegeven waarop het signaal terug te vinden is."))
        )
    return Row(attributes, values, tuple(wrong), key)


def row_key(told: Mapping[str, str]) -> str:
    """The key of what a row says (target -> text as it stood there): 64 hexadecimal digits, whatever the order of columns.

    Constants are not in it: what is fixed for a file does not tell rows apart, and changing it must not double them.
    """
    return hashlib.sha256(_one_text(told)).hexdigest()


def in_columns(error: FieldError, mapping: ColumnMapping) -> FieldError:
    """A refusal by the node's rules in terms of the file: a field of the signal becomes the column in which it stood."""
    for target, place in FIELDS.items():
        if error.field == place:
            return FieldError(mapping.column_of(target), error.reason)
    return error


def _ours(text: str, codes: Mapping[str, str] | None, target: str) -> str:
    if codes is None:
        return text
    parts = _parts(text) if target == "aanwijzingen" else [text]
    if any(part.casefold() not in codes for part in parts):
        raise ValueError(_("Deze code staat niet bij values in de mapping."))
    return ";".join(codes[part.casefold()] for part in parts)


def _attributes(
    cells: Mapping[str, str], told: Collection[str], mapping: ColumnMapping, wrong: list[FieldError]
) -> tuple[Placed, ...]:
    identity = {target: text for target, text in cells.items() if target in COLUMNS}
    # A fixed value beside an empty column (an issuer without a number) says nothing about a person.
    if not any(target in COLUMNS for target in told):
        return ()
    kept = {name: text for name, text in identity.items() if _ORPHANS.get(name, name) in identity}
    found = attributes_from_columns(kept, open_gates=_ALL_GATES, date_format=mapping.date_format)
    wrong += [_unreadable(one, mapping) for one in found.unreadable]
    return tuple(_placed(one, mapping) for one in found.attributes)


def _unreadable(one: Unreadable, mapping: ColumnMapping) -> FieldError:
    return FieldError(mapping.column_of(one.field), f"{one.reason} {one.way_forward}")


def _placed(attribute: RawAttribute, mapping: ColumnMapping) -> Placed:
    parts = {
        part: mapping.column_of(_COLUMN_OF[attribute.type, part])
        for part, _text in attribute.fields
        if (attribute.type, part) in _COLUMN_OF
    }
    column = ", ".join(dict.fromkeys(parts.values()))
    places = {f"{attribute.type}.{part}": name for part, name in parts.items()}
    return Placed(attribute, column, places | {attribute.type: column})


def _missing(
    values: Mapping[str, Any], mapping: ColumnMapping, wrong: Iterable[FieldError]
) -> list[FieldError]:
    told = {one.field for one in wrong}
    empty = [mapping.column_of(one) for one in REQUIRED if one not in values]
    return [FieldError(column, _("Deze cel is leeg en is nodig.")) for column in empty if column not in told]


def _value(target: str, text: str, date_format: str | None) -> Any:
    if target == "date":
        return read_date(text, date_format)
    if target in _TRUTHS:
        if text.casefold() not in _YES | _NO:
            raise ValueError(_("Vul ja of nee in."))
        return text.casefold() in _YES
    if target == "controle":
        if _CASE_NUMBER.fullmatch(text) is None:
            raise ValueError(_("Dit is geen nummer van een controle: hoofdletters, cijfers en streepjes."))
        return text
    return _code(target, text)


def _code(target: str, text: str) -> Any:
    codes = _parts(text) if target == "aanwijzingen" else [text]
    if any(code not in _LISTS[target] for code in codes):
        raise ValueError(
            _("Deze code kennen we niet. Kies uit: {codes}.").format(codes=", ".join(_LISTS[target]))
        )
    if target == "aanwijzingen":
        return tuple(codes)
    return int(text) if target == "informatie" else text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|]", text) if part.strip()]


# ---- dates ------------------------------------------------------------------------------------------------------------

_ORDERS: Final = ("yyyy-MM-dd", "dd-MM-yyyy", "MM-dd-yyyy", "yyyy-dd-MM")


def read_date(text: str, date_format: str | None) -> date:
    """A date as this file writes dates.

    Raises:
        ValueError: with a Dutch sentence.
    """
    found = _date(text, date_format or "yyyy-MM-dd")
    if found is None:
        raise ValueError(
            _("Deze datum bestaat niet, of staat niet in de vorm die bij dit bestand hoort (dateFormat).")
        )
    return found


def dated_otherwise(text: str, target: str, date_format: str | None) -> bool:
    """True if a date does not fit the file's form and does fit another: then the file mixes forms, and other dates may be read wrongly."""
    plain = _with_dashes(text.strip())
    # Without dateFormat a date of birth may be written in two ways (pseudonymisation.normalise).
    own = _ORDERS[: 2 if target == "dob" else 1] if date_format is None else (_with_dashes(date_format),)
    if any(_date(plain, order) is not None for order in own):
        return False
    return any(_date(plain, order) is not None for order in _ORDERS)


def _with_dashes(text: str) -> str:
    return re.sub(r"[./ ]", "-", text)


def is_date(target: str) -> bool:
    """True if the cells of this target are dates."""
    return target in _DATES


@cache
def _pattern(date_format: str) -> str:
    pattern = date_format.replace("yyyy", "%Y")
    for symbols in (("MM", "M"), ("dd", "d")):
        symbol = next((one for one in symbols if one in re.sub(r"%.", "", pattern)), None)
        if symbol is not None:
            pattern = pattern.replace(symbol, {"M": "%m", "d": "%d"}[symbol[0]], 1)
    return pattern


def _date(text: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(text, _pattern(date_format)).date()  # noqa: DTZ007 - a date has no time zone
    except ValueError:
        return None

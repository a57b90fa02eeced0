# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A CSV file of a municipality's own system becomes signals, row by row.

The mapping (YAML) has `columns:` (column of the file -> target), `constants:` (target -> value, for every row) and `dateFormat:` (how dates are
written, such as dd-mm-yyyy). Targets are the identity columns of `pseudonymisation.identity.COLUMNS` and the fields of a signal below. Each row is sent
under a key made of what stands in it, so that importing a file again, also a mended one, doubles nothing. A refused row is listed by number, column and
reason, never with what stood in it; the other rows go on.
"""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
import yaml

from process.problem import FieldError, Refusal
from pseudonymisation.identity import COLUMNS, RawAttribute, attributes_from_columns
from register.municipal.session import NodeSession

SIGNAL_TARGETS: Mapping[str, tuple[str, ...]] = {
    "date": ("waargenomen",),
    "uitbuitingsvorm": ("uitbuitingsvorm",),
    "aanwijzingen": ("aanwijzingen",),
    "controlesoort": ("controlesoort",),
    "waarneming_grondslag": ("waarnemingGrondslag",),
    "rol": ("subjecten", "rol"),
    "soort": ("subjecten", "soort"),
    "bron": ("beoordeling", "bron"),
    "informatie": ("beoordeling", "informatie"),
    "behandeling": ("beoordeling", "behandeling"),
    "geen_politiecontact": ("sporen", "geenPolitiecontact"),
    "zorgspoor": ("sporen", "zorgspoor"),
    "acuut_gevaar": ("sporen", "acuutGevaar"),
    "grenscontext": ("grenscontext",),
    "controle": ("controle",),
}
"""Target -> where it stands in the message; `date` is the date of the observation."""

_TRUTHS = frozenset({"geen_politiecontact", "zorgspoor", "acuut_gevaar", "grenscontext"})
_YES = frozenset({"ja", "j", "true", "1", "waar"})
_NO = frozenset({"nee", "n", "false", "0", "onwaar"})
_LISTED = frozenset({"aanwijzingen"})
_FROM_FIELD: Mapping[tuple[str, str], str] = {
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
"""Attribute type and part -> the identity column in which it stood."""


@dataclass(frozen=True)
class ColumnMapping:
    """What each column is.

    Attributes:
        columns: column of the file -> target.
        constants: target -> value.
        date_format: with dd, MM and yyyy; None for ISO dates.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    date_format: str | None

    def column_of(self, target: str) -> str:
        """The column of the file in which a target stood, or the target itself."""
        return next((column for column, name in self.columns.items() if name == target), target)


@dataclass(frozen=True)
class RefusedRow:
    """One reason why a row was not taken; `row` counts from 1, the heading not included."""

    row: int
    column: str
    reason: str


@dataclass
class ImportReport:
    """What became of a file."""

    submitted: int = 0
    repeated: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    def members(self) -> dict[str, Any]:
        """The report under its names in JSON."""
        return {
            "ingediend": self.submitted,
            "herhaald": self.repeated,
            "geweigerdeRijen": len({one.row for one in self.refused}),
            "geweigerd": [{"rij": one.row, "kolom": one.column, "reden": one.reason} for one in self.refused],
        }


def read_mapping(file: Path) -> ColumnMapping:
    """Read a mapping.

    Raises:
        click.UsageError: it is not right, with what is wrong.
    """
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise click.UsageError(_("De mapping is niet te lezen als YAML.")) from None
    if not isinstance(document, dict) or not set(document) <= {"columns", "constants", "dateFormat"}:
        raise click.UsageError(_("Een mapping heeft columns, constants en dateFormat, en niets anders."))
    columns = _texts(document, "columns")
    constants = _texts(document, "constants")
    targets = [*columns.values(), *constants]
    unknown = sorted(set(targets) - set(COLUMNS) - set(SIGNAL_TARGETS))
    if unknown:
        known = ", ".join([*COLUMNS, *SIGNAL_TARGETS])
        raise click.UsageError(
            _("De mapping noemt doelen die niet bestaan: {fout}. Kies uit: {goed}.").format(
                fout=", ".join(unknown), goed=known
            )
        )
    if len(targets) != len(set(targets)):
        raise click.UsageError(_("De mapping vult één doel twee keer."))
    return ColumnMapping(columns, constants, _date_format(document.get("dateFormat")))


def _texts(document: Mapping[str, Any], name: str) -> dict[str, str]:
    found = document.get(name) or {}
    if not isinstance(found, dict):
        raise click.UsageError(
            _("{naam} in de mapping is geen lijst van namen met waarden.").format(naam=name)
        )
    return {
        str(key): ";".join(map(str, value)) if isinstance(value, list) else _plain(value)
        for key, value in found.items()
    }


def _plain(value: object) -> str:
    return {True: "ja", False: "nee"}[value] if isinstance(value, bool) else str(value)


def _date_format(text: object) -> str | None:
    if text is None:
        return None
    # Both spellings of the month are in use; a date has no minutes.
    normal = str(text).replace("m", "M").replace("Y", "y").replace("D", "d").replace("j", "y")
    if sorted(set(normal) & set("dMy")) != ["M", "d", "y"] or "yyyy" not in normal:
        raise click.UsageError(_("Schrijf dateFormat met dd, mm en yyyy, zoals dd-mm-yyyy."))
    return normal


def import_file(
    session: NodeSession, file: Path, mapping: ColumnMapping, progress: Callable[[int, int], None]
) -> ImportReport:
    """Send every row of a file.

    Raises:
        click.UsageError: not a CSV file, one without rows or without the columns of the mapping, or a row that does not fit the heading.
    """
    rows = _rows(file.read_bytes(), mapping)
    report = ImportReport()
    for number, (row, key) in enumerate(zip(rows, _keys(rows), strict=True), start=1):
        reached = _import_row(session, number, row, mapping, key, report)
        progress(number, len(rows))
        if not reached:
            report.refused += [
                RefusedRow(later, "", _not_sent()) for later in range(number + 1, len(rows) + 1)
            ]
            break
    return report


def _keys(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """A key for each row from what stands in it, so that mending one row of a file doubles none of the others.

    Rows that are alike to the letter are told apart by their order.
    """
    alike: Counter[str] = Counter()
    for row in rows:
        content = json.dumps(row, sort_keys=True, ensure_ascii=True)
        alike[content] += 1
        yield hashlib.sha256(f"{alike[content]}\n{content}".encode()).hexdigest()


def _not_sent() -> str:
    return _(
        "Niet verstuurd. Start de import later opnieuw; wat al bewaard is, wordt niet dubbel opgeslagen."
    )


def _rows(content: bytes, mapping: ColumnMapping) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(_("Het bestand is geen UTF-8. Bewaar het als CSV met UTF-8.")) from None
    heading, *lines = _lines(text) or [[]]
    if not lines:
        raise click.UsageError(_("Het bestand heeft geen rijen."))
    _require_heading(heading, mapping)
    rows = []
    for number, cells in enumerate(lines, start=1):
        if len(cells) > len(heading):
            raise click.UsageError(
                _("Rij {rij} heeft meer cellen dan de kop. Er is niets verstuurd.").format(rij=number)
            )
        row = dict(zip(heading, cells, strict=False))
        rows.append({target: row.get(name, "") for name, target in mapping.columns.items()})
    return rows


def _lines(text: str) -> list[list[str]]:
    """All lines that hold anything, the heading first."""
    heading = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=";" if heading.count(";") > heading.count(",") else ",",
        strict=True,
    )
    found: list[list[str]] = []
    try:
        found.extend(cells for cells in reader if cells)
    except csv.Error:
        # The parser's own words are English and do not tell a forgotten quote from the long field that it makes.
        place = _("Rij {rij}").format(rij=len(found)) if found else _("De kop")
        raise click.UsageError(
            _(
                "{plaats} is niet te lezen als CSV: een aanhalingsteken staat verkeerd of is niet gesloten, of een veld is te lang. Er is niets verstuurd."
            ).format(plaats=place)
        ) from None
    return found


def _require_heading(heading: Sequence[str], mapping: ColumnMapping) -> None:
    missing = [name for name in mapping.columns if name not in heading]
    if missing:
        raise click.UsageError(
            _("Het bestand mist kolommen uit de mapping: {kolommen}.").format(kolommen=", ".join(missing))
        )
    # Not before this: the first line of a file without a heading is a person.
    doubled = [name for name, times in Counter(heading).items() if times > 1 and name]
    if doubled:
        raise click.UsageError(
            _("De kop noemt een kolom meer dan één keer: {kolommen}. Er is niets verstuurd.").format(
                kolommen=", ".join(doubled)
            )
        )


def _import_row(  # noqa: PLR0913, PLR0917 - one row
    session: NodeSession,
    number: int,
    row: Mapping[str, str],
    mapping: ColumnMapping,
    key: str,
    report: ImportReport,
) -> bool:
    """Send one row; False when register or holders stayed away, so that the next row need not be tried."""
    message, attributes, wrong = signal_of(row, mapping)
    reached = True
    if not wrong:
        try:
            answer = session.post_patiently("/v1/signalen", message, key)
        except Refusal as refusal:
            reached = refusal.status < 500
            wrong = [_in_file(error, attributes, mapping) for error in refusal.fields] or [
                FieldError("", f"{refusal.title} {refusal.detail}")
            ]
        else:
            report.submitted += 1
            report.repeated += bool(answer.get("herhaald"))
    report.refused += [RefusedRow(number, error.field, error.reason) for error in wrong]
    return reached


def signal_of(
    row: Mapping[str, str], mapping: ColumnMapping
) -> tuple[dict[str, Any], tuple[RawAttribute, ...], list[FieldError]]:
    """The message of one row (target -> text), the attributes in it, and what is wrong with it already."""
    values = {target: text.strip() for target, text in {**mapping.constants, **row}.items() if text.strip()}
    identity = {target: text for target, text in values.items() if target in COLUMNS}
    # A fixed value beside an empty column (an issuer without a number) says nothing about a person.
    if not any(target in identity for target in row if target in COLUMNS):
        identity = {}
    found = attributes_from_columns(
        _without_orphans(identity), open_gates=_ALL_GATES, date_format=mapping.date_format
    )
    wrong = [
        FieldError(mapping.column_of(one.field), f"{one.reason} {one.way_forward}")
        for one in found.unreadable
    ]
    message: dict[str, Any] = {
        "subjecten": [
            {"kenmerken": [{"soort": one.type, "velden": dict(one.fields)} for one in found.attributes]}
        ],
        "aanwijzingen": [],
    }
    for target, text in values.items():
        if target in SIGNAL_TARGETS:
            try:
                _place(message, target, _value(target, text, mapping.date_format))
            except ValueError as error:
                wrong.append(FieldError(mapping.column_of(target), str(error)))
    if not found.attributes and not wrong:
        wrong.append(
            FieldError("", _("In deze rij staat geen gegeven waarop het signaal terug te vinden is."))
        )
    return message, found.attributes, wrong


_ALL_GATES = frozenset({"bsn", "v_nummer"})
"""Whether a number may be processed is for the node to say; here it is only put in its place."""
_ORPHANS = {
    "document_issuer": "document_number",
    "document_type": "document_number",
    "plate_country": "plate",
    "platform": "handle",
}


def _without_orphans(identity: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in identity.items() if _ORPHANS.get(name, name) in identity}


def _value(target: str, text: str, date_format: str | None) -> Any:
    if target == "date":
        return _date(text, date_format).isoformat()
    if target in _LISTED:
        return [part.strip() for part in text.replace("|", ";").replace(",", ";").split(";") if part.strip()]
    if target == "informatie":
        if not text.isdigit():
            raise ValueError(_("Vul een cijfer van 1 tot en met 4 in."))
        return int(text)
    if target in _TRUTHS:
        if text.casefold() not in _YES | _NO:
            raise ValueError(_("Vul ja of nee in."))
        return text.casefold() in _YES
    return text


def _date(text: str, date_format: str | None) -> date:
    pattern = (date_format or "yyyy-MM-dd").replace("yyyy", "%Y")
    for symbol, directive in (("MM", "%m"), ("M", "%m"), ("dd", "%d"), ("d", "%d")):
        if directive not in pattern:
            pattern = pattern.replace(symbol, directive)
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no time zone
    except ValueError:
        raise ValueError(
            _("Deze datum staat niet in de vorm die bij dit bestand hoort (dateFormat).")
        ) from None


def _place(message: dict[str, Any], target: str, value: Any) -> None:
    first, *rest = SIGNAL_TARGETS[target]
    if not rest:
        message[first] = value
    elif first == "subjecten":
        message["subjecten"][0][rest[0]] = value
    else:
        message.setdefault(first, {})[rest[0]] = value


def _in_file(error: FieldError, attributes: tuple[RawAttribute, ...], mapping: ColumnMapping) -> FieldError:
    """A refusal by the node in terms of the file's columns."""
    parts = error.field.split(".")
    if parts[:3] == ["subjecten", "0", "kenmerken"]:
        return FieldError(_identity_columns(parts[3:], attributes, mapping), error.reason)
    for target, place in SIGNAL_TARGETS.items():
        if parts[0] == place[0] and parts[-1] == place[-1]:
            return FieldError(mapping.column_of(target), error.reason)
    return FieldError(error.field, error.reason)


def _identity_columns(path: list[str], attributes: tuple[RawAttribute, ...], mapping: ColumnMapping) -> str:
    """The columns behind a path within the list of attributes; all of them when it names none."""
    chosen = [attributes[int(path[0])]] if path and path[0].isdigit() else list(attributes)
    names = [(one.type, part) for one in chosen for part, _text in one.fields]
    exact = [name for name in names if len(path) > 2 and name[1] == path[-1]]
    columns = [mapping.column_of(_FROM_FIELD[name]) for name in exact or names if name in _FROM_FIELD]
    return ", ".join(dict.fromkeys(columns))

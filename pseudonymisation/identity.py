# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Identity attributes as a person or a file gives them, before anything is known about their quality.

Node only: neither the register nor a key holder may import this module (import contract "identity wall").

The law:

- A raw attribute is a type of signal-model.yaml and named text fields (`FIELDS`). It judges nothing;
  `normalise` does. It never shows its text: the representation names type and fields only.
- BSN and V-nummer are gated (UAVG article 46, AVG article 87): a gate is closed unless it is passed as open.
  The refusal comes before the value is looked at, so that a closed gate also says nothing about it.
- Two flat notations lead here: `TYPE=VALUE` of the command line (`attribute_from_text`) and the columns of
  an imported file (`attributes_from_columns`). Both are total: text in, attribute or `Unreadable` out.

Sub-field syntax of a VALUE (spaces around separators are free):

    bsn, v_nummer      number
    document           ISSUER:NUMBER, ISSUER:TYPE:NUMBER or NUMBER, each with /CHECKDIGIT; or a whole MRZ
    name_dob           SURNAME, GIVEN NAMES;YYYY-MM-DD   or   FULL NAME;YYYY-MM-DD   (00 for an unknown part)
    phone              number, Dutch unless it starts with + or 00
    email              local@domain
    social_handle      PLATFORM:HANDLE or the address of the profile
    ad_id_or_url       the address of the advertisement
    work_alias         alias
    plate              COUNTRY:PLATE, or a Dutch plate alone
    bag_address        16-digit id, or POSTCODE NUMBER ADDITION, or STREET NUMBER, POSTCODE, or id and one with ; between
    iban               number
    kvk                8-digit number, 12-digit branch number, or both with / between
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from process.language import gettext as _

FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "bsn": ("number",),
        "v_nummer": ("number",),
        "document": ("issuer", "type", "number", "check", "mrz"),
        "name_dob": ("given", "surname", "name", "dob"),
        "phone": ("number",),
        "email": ("address",),
        "social_handle": ("platform", "handle", "url"),
        "ad_id_or_url": ("host", "ad_id", "url"),
        "work_alias": ("alias",),
        "plate": ("country", "plate"),
        "bag_address": ("bag_id", "country", "postcode", "street", "number", "addition"),
        "iban": ("number",),
        "kvk": ("number", "branch"),
    }
)
"""Attribute types of signal-model.yaml and the fields of each."""

GATED: Final = frozenset({"bsn", "v_nummer"})
NO_GATES: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why an attribute is not used, for the person who typed it; never contains what was typed.

    Attributes:
        field: attribute type, type and field ("document.issuer"), or column name.
        reason: one Dutch sentence (B1) that names the field in words.
        way_forward: one Dutch sentence: what to do now.
        rule: the legal rule when the law refuses, otherwise None.
    """

    field: str
    reason: str
    way_forward: str
    rule: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class RawAttribute:
    """One attribute as given: a type and named texts. Shows neither in full: see `repr`."""

    type: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, type_: str, /, **fields: str) -> Self:
        """The attribute with these fields; empty ones are left out, the order does not matter."""
        return cls(type_, tuple(sorted((name, text) for name, text in fields.items() if text.strip())))

    def get(self, name: str) -> str:
        """The text of a field, "" when it is absent."""
        return dict(self.fields).get(name, "")

    def __repr__(self) -> str:
        names = ", ".join(name for name, _text in self.fields)
        return f"RawAttribute(type={self.type!r}, fields=<masked: {names}>)"

    __str__ = __repr__


def gate_refusal(type_: str, open_gates: frozenset[str]) -> Unreadable | None:
    """The refusal when this attribute type is gated and its gate is not open, otherwise None."""
    if type_ not in GATED or type_ in open_gates:
        return None
    names = {"bsn": _("burgerservicenummer"), "v_nummer": _("V-nummer")}
    return Unreadable(
        type_,
        _("Het {naam} mag hier niet worden verwerkt: daarvoor is een wet nodig.").format(naam=names[type_]),
        _("Laat dit nummer weg. Gebruik een ander gegeven, zoals het documentnummer of de telefoon."),
        rule=_("artikel 46 UAVG"),
    )


def unknown_type(type_: str) -> Unreadable:
    """The refusal of an attribute type that does not exist; the name itself is not repeated."""
    # What stands where a type belongs may be the value itself, so it is neither echoed nor a field name.
    del type_
    return Unreadable(
        "attribute",
        _("Dit soort gegeven bestaat niet in het register."),
        _("Kies uit: {soorten}.").format(soorten=", ".join(FIELDS)),
    )


# ---- TYPE=VALUE -------------------------------------------------------------------------------------------


def _document(text: str) -> dict[str, str]:
    if "<" in text and ":" not in text:
        return {"mrz": text}
    issuer, found, rest = text.partition(":")
    if not found:
        number, _slash, check = text.partition("/")
        return {"number": number, "check": check}
    type_, found, number = rest.partition(":")
    if not found:
        type_, number = "", rest
    number, _slash, check = number.partition("/")
    return {"issuer": issuer, "type": type_, "number": number, "check": check}


def _name_dob(text: str) -> dict[str, str]:
    name, _separator, dob = text.partition(";")
    return {"name": name, "dob": dob}


def _social(text: str) -> dict[str, str]:
    platform, found, handle = text.partition(":")
    if "://" in text or not found:
        return {"url": text}
    return {"platform": platform, "handle": handle}


def _plate(text: str) -> dict[str, str]:
    country, found, plate = text.partition(":")
    return {"country": country, "plate": plate} if found else {"plate": text}


_POSTCODE_FIRST: Final = re.compile(r"\s*([0-9]{4}\s*[A-Za-z]{2})[\s,]*(.*)", re.DOTALL)


def _address(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in text.split(";"):
        compact = "".join(part.split())
        found = _POSTCODE_FIRST.fullmatch(part)
        if compact.isdigit():
            fields["bag_id"] = compact
        elif found is not None:
            fields |= {"postcode": found[1], "number": found[2]}
        elif compact:
            # Not the form of a postcode: let the postcode's rule say so.
            fields["postcode"] = part
    return fields


def _kvk(text: str) -> dict[str, str]:
    number, _slash, branch = text.partition("/")
    return {"number": number, "branch": branch}


def _single(field: str) -> Callable[[str], dict[str, str]]:
    return lambda text: {field: text}


_TEXT_READERS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = MappingProxyType(
    {
        "bsn": _single("number"),
        "v_nummer": _single("number"),
        "document": _document,
        "name_dob": _name_dob,
        "phone": _single("number"),
        "email": _single("address"),
        "social_handle": _social,
        "ad_id_or_url": _single("url"),
        "work_alias": _single("alias"),
        "plate": _plate,
        "bag_address": _address,
        "iban": _single("number"),
        "kvk": _kvk,
    }
)


def attribute_from_text(
    type_: str, value: str, *, open_gates: frozenset[str] = NO_GATES
) -> RawAttribute | Unreadable:
    """The attribute that TYPE=VALUE names, in the syntax of the module docstring.

    Total: any text gives an attribute or an `Unreadable`, and only `normalise` says whether it is any good.

    Args:
        type_: attribute type of signal-model.yaml.
        value: the text behind the equals sign.
        open_gates: gated types that a ground in force opens; empty unless a policy says otherwise.
    """
    reader = _TEXT_READERS.get(type_)
    if reader is None:
        return unknown_type(type_)
    return gate_refusal(type_, open_gates) or RawAttribute.of(type_, **reader(value))


# ---- columns of a file ------------------------------------------------------------------------------------

COLUMNS: Final = (
    "given_names",
    "surname",
    "name",
    "dob",
    "document_issuer",
    "document_number",
    "document_type",
    "phone",
    "email",
    "handle",
    "platform",
    "ad",
    "alias",
    "plate",
    "plate_country",
    "postcode",
    "house_number",
    "house_addition",
    "street",
    "address_country",
    "bag_id",
    "iban",
    "kvk",
    "bsn",
    "v_number",
)
"""The flat columns that an import may map to; every other name is refused."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """What one row of a file gave: attributes, and per refused column the reason."""

    attributes: tuple[RawAttribute, ...]
    unreadable: tuple[Unreadable, ...]


def attributes_from_columns(
    row: Mapping[str, str], *, open_gates: frozenset[str] = NO_GATES, date_format: str | None = None
) -> Assembled:
    """The attributes of one row with the flat columns of `COLUMNS`; empty cells are absent.

    Total. A column that does not exist here, and a gated one that is closed, comes back in `unreadable`;
    the other columns are still read, so that the caller decides whether the row goes through.

    Args:
        row: column name to text.
        open_gates: as in `attribute_from_text`.
        date_format: how `dob` is written, with yyyy, MM and dd, such as "MM/dd/yyyy"; None for the forms
            that `normalise` reads by itself (ISO, or day first).
    """
    cells = {name: text.strip() for name, text in row.items() if text.strip()}
    found: list[RawAttribute] = []
    refused = [_unknown_column() for name in cells if name not in COLUMNS]
    for part in _assemble(cells, date_format):
        closed = part if isinstance(part, Unreadable) else gate_refusal(part.type, open_gates)
        if closed is not None:
            refused.append(closed)
        elif isinstance(part, RawAttribute):
            found.append(part)
    return Assembled(tuple(found), tuple(refused))


def _unknown_column() -> Unreadable:
    # The name of an unknown column is not echoed: in a file without a heading row it is a person's data.
    return Unreadable(
        "columns",
        _("Het bestand heeft een kolom die het register niet kent."),
        _("Kies voor elke kolom uit: {kolommen}.").format(kolommen=", ".join(COLUMNS)),
    )


def _assemble(cells: Mapping[str, str], date_format: str | None) -> Iterator[RawAttribute | Unreadable]:
    yield from _name_columns(cells, date_format)
    yield from _composed(cells)
    for column, type_ in _SINGLE_COLUMNS.items():
        if column in cells:
            yield RawAttribute.of(type_, **_TEXT_READERS[type_](cells[column]))


_SINGLE_COLUMNS: Final = MappingProxyType(
    {
        "phone": "phone",
        "email": "email",
        "ad": "ad_id_or_url",
        "alias": "work_alias",
        "iban": "iban",
        "kvk": "kvk",
        "bsn": "bsn",
        "v_number": "v_nummer",
    }
)


def _name_columns(cells: Mapping[str, str], date_format: str | None) -> Iterator[RawAttribute | Unreadable]:
    dob = cells.get("dob", "")
    if dob and date_format is not None:
        dob = _reordered(dob, date_format)
        if not dob:
            yield Unreadable(
                "dob",
                _("De geboortedatum staat niet in de vorm die bij dit bestand hoort."),
                _("Pas de datum aan, of pas `dateFormat` aan in de beschrijving van het bestand."),
            )
            return
    given, surname, name = (cells.get(column, "") for column in ("given_names", "surname", "name"))
    if given or surname or name or dob:
        yield RawAttribute.of(
            "name_dob", given=given, surname=surname, name="" if given or surname else name, dob=dob
        )


def _composed(cells: Mapping[str, str]) -> Iterator[RawAttribute]:
    cell = cells.get
    if "document_number" in cells:
        number, _slash, check = cells["document_number"].partition("/")
        issuer, type_ = cell("document_issuer", ""), cell("document_type", "")
        yield RawAttribute.of("document", issuer=issuer, type=type_, number=number, check=check)
    if "handle" in cells:
        platform, handle = cell("platform", ""), cells["handle"]
        fields = {"platform": platform, "handle": handle} if platform else _social(handle)
        yield RawAttribute.of("social_handle", **fields)
    if "plate" in cells:
        country, plate = cell("plate_country", ""), cells["plate"]
        yield RawAttribute.of("plate", **({"country": country, "plate": plate} if country else _plate(plate)))
    if cells.keys() & {"bag_id", "postcode", "house_number", "street"}:
        yield RawAttribute.of(
            "bag_address",
            bag_id=cell("bag_id", ""),
            country=cell("address_country", ""),
            postcode=cell("postcode", ""),
            street=cell("street", ""),
            number=cell("house_number", ""),
            addition=cell("house_addition", ""),
        )


def _reordered(text: str, date_format: str) -> str:
    """The ISO form of a date written by `date_format`, or "" when text and format do not fit."""
    parts: dict[str, str] = {}
    rest = text
    for symbol, literal in _format_parts(date_format):
        if symbol is None:
            if not rest.startswith(literal):
                return ""
            rest = rest[len(literal) :]
            continue
        width = {"y": 4, "M": 2, "d": 2}[symbol]
        digits = _leading_digits(rest, width)
        if not digits or symbol in parts or (symbol == "y" and len(digits) != width):
            return ""
        parts[symbol], rest = digits.zfill(2), rest[len(digits) :]
    if rest or "y" not in parts:
        return ""
    return f"{parts['y']}-{parts.get('M', '00')}-{parts.get('d', '00')}"


def _format_parts(date_format: str) -> Iterator[tuple[str | None, str]]:
    previous = ""
    for letter in date_format:
        if letter not in "yMd":
            yield None, letter
        elif letter != previous:
            yield letter, ""
        previous = letter


def _leading_digits(text: str, width: int) -> str:
    digits = ""
    for letter in text[:width]:
        if letter not in "0123456789":
            break
        digits += letter
    return digits

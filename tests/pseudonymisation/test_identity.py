# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation import identity
from pseudonymisation.identity import (
    COLUMNS,
    FIELDS,
    GATED,
    RawAttribute,
    Unreadable,
    attribute_from_text,
    attributes_from_columns,
)
from pseudonymisation.pseudonym import FAMILIES

SECRET = "Nuñez-Geheim"


def test_a_raw_attribute_never_shows_its_text() -> None:
    raw = RawAttribute.of("name_dob", surname=SECRET, dob="1990-05-03")
    shown = f"{raw!r} {raw} {[raw]}"
    assert SECRET not in shown
    assert "1990" not in shown
    assert "name_dob" in shown


def test_empty_fields_are_absent_and_order_does_not_matter() -> None:
    assert RawAttribute.of("document", number="1", issuer="NLD", check=" ") == RawAttribute.of(
        "document", issuer="NLD", number="1"
    )


@pytest.mark.parametrize(
    ("type_", "text", "fields"),
    [
        ("phone", "+31612345678", {"number": "+31612345678"}),
        ("document", "ROU:AB123456", {"issuer": "ROU", "number": "AB123456"}),
        ("document", "ROU:P:AB123456/7", {"issuer": "ROU", "type": "P", "number": "AB123456", "check": "7"}),
        ("name_dob", "Nuñez, Maria;1990-05-03", {"name": "Nuñez, Maria", "dob": "1990-05-03"}),
        ("name_dob", "Maria Nuñez", {"name": "Maria Nuñez"}),
        ("social_handle", "instagram:@maria", {"platform": "instagram", "handle": "@maria"}),
        ("social_handle", "https://t.me/maria", {"url": "https://t.me/maria"}),
        ("plate", "RO:B123ABC", {"country": "RO", "plate": "B123ABC"}),
        ("plate", "12-ABC-3", {"plate": "12-ABC-3"}),
        ("bag_address", " 1234 AB 12 A", {"postcode": "1234 AB", "number": "12 A"}),
        ("bag_address", "0344200000012345", {"bag_id": "0344200000012345"}),
        ("kvk", "12345678/000012345678", {"number": "12345678", "branch": "000012345678"}),
    ],
)
def test_a_value_of_the_command_line_is_taken_apart(type_: str, text: str, fields: dict[str, str]) -> None:
    assert attribute_from_text(type_, text) == RawAttribute.of(type_, **fields)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=80))
def test_any_text_becomes_known_fields_of_its_type(type_: str, text: str) -> None:
    raw = attribute_from_text(type_, text, open_gates=frozenset(GATED))
    assert isinstance(raw, RawAttribute)
    assert {name for name, _text in raw.fields} <= set(FIELDS[type_])


@pytest.mark.parametrize("type_", sorted(GATED))
def test_a_gated_number_is_refused_on_article_46_unless_its_own_gate_is_open(type_: str) -> None:
    other = GATED - {type_}
    for gates in (frozenset[str](), frozenset(other)):
        refused = attribute_from_text(type_, "111222333", open_gates=gates)
        assert isinstance(refused, Unreadable)
        assert refused.rule == "artikel 46 UAVG"
        assert "111222333" not in repr(refused)
    assert isinstance(attribute_from_text(type_, "111222333", open_gates=frozenset({type_})), RawAttribute)


def test_an_unknown_type_is_refused_and_not_repeated() -> None:
    refused = attribute_from_text(SECRET, "x")
    assert isinstance(refused, Unreadable)
    assert SECRET not in repr(refused)


def test_every_attribute_type_has_a_reader_and_a_family_and_there_are_no_others() -> None:
    assert set(FIELDS) == set(identity._TEXT_READERS) == {family.attribute for family in FAMILIES.values()}


def test_a_full_row_becomes_one_attribute_of_every_kind() -> None:
    row = {
        "given_names": "Maria",
        "surname": "Nuñez",
        "dob": "1990-05-03",
        "document_issuer": "ROU",
        "document_number": "AB123456",
        "document_type": "paspoort",
        "phone": "0612345678",
        "email": "maria@example.org",
        "handle": "maria",
        "platform": "instagram",
        "ad": "https://ads.example/1234567",
        "alias": "Lola",
        "plate": "B123ABC",
        "plate_country": "RO",
        "postcode": "1234AB",
        "house_number": "12",
        "house_addition": "A",
        "street": "Dorpsstraat",
        "address_country": "NLD",
        "bag_id": "0344200000012345",
        "iban": "NL91ABNA0417164300",
        "kvk": "12345678",
        "bsn": "111222333",
        "v_number": "2812345678",
    }
    found = attributes_from_columns(row, open_gates=frozenset(GATED))
    assert not found.unreadable
    assert {attribute.type for attribute in found.attributes} == set(FIELDS)
    assert set(row) == set(COLUMNS) - {"name"}


def test_closed_gates_refuse_their_columns_and_leave_the_rest() -> None:
    found = attributes_from_columns({"bsn": "111222333", "phone": "0612345678"})
    assert [refused.field for refused in found.unreadable] == ["bsn"]
    assert [attribute.type for attribute in found.attributes] == ["phone"]


def test_empty_cells_are_absent() -> None:
    assert attributes_from_columns(dict.fromkeys(COLUMNS, "  ")) == identity.Assembled((), ())


def test_an_unknown_column_is_refused_and_its_name_not_repeated() -> None:
    found = attributes_from_columns({SECRET: "x", "phone": "0612345678"})
    assert len(found.unreadable) == 1
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("date_format", "cell", "dob"),
    [
        ("MM/dd/yyyy", "05/03/1990", "1990-05-03"),
        ("d-M-yyyy", "3-5-1990", "1990-05-03"),
        ("yyyyMMdd", "19900503", "1990-05-03"),
        ("yyyy", "1990", "1990-00-00"),
        ("dd.MM.yyyy", "00.00.1990", "1990-00-00"),
    ],
)
def test_a_date_is_read_in_the_format_that_the_file_states(date_format: str, cell: str, dob: str) -> None:
    found = attributes_from_columns({"name": "Maria Nuñez", "dob": cell}, date_format=date_format)
    assert found.attributes == (RawAttribute.of("name_dob", name="Maria Nuñez", dob=dob),)


@pytest.mark.parametrize(
    ("date_format", "cell"),
    [
        ("MM/dd/yyyy", "1990-05-03"),
        ("yyyy-MM-dd", "90-05-03"),
        ("dd-MM", "03-05"),
        ("yyyy", "1990x"),
        ("", "1990"),
    ],
)
def test_a_date_in_another_format_than_stated_is_refused_not_guessed(date_format: str, cell: str) -> None:
    found = attributes_from_columns({"name": SECRET, "dob": cell}, date_format=date_format)
    assert [refused.field for refused in found.unreadable] == ["dob"]
    assert not found.attributes
    assert SECRET not in repr(found)


@given(
    st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)),
    st.none() | st.text("yMd-/.", max_size=10),
)
def test_any_row_is_read_without_an_exception(row: dict[str, str], date_format: str | None) -> None:
    found = attributes_from_columns(row, open_gates=frozenset(GATED), date_format=date_format)
    assert all(attribute.type in FIELDS for attribute in found.attributes)


def test_the_columns_are_valid_in_a_yaml_mapping_as_written() -> None:
    assert yaml.safe_load("\n".join(f"{column}: Kolom" for column in COLUMNS)).keys() == set(COLUMNS)


def test_the_specification_shows_the_notation_of_every_type_and_every_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "spec" / "match-keys.md").read_text(encoding="utf-8")
    for name in (*FIELDS, *COLUMNS):
        assert f"`{name}`" in text, name

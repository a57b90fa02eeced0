# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What each column means and what a row says: the mapping is judged before any row, and no reason repeats a value."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.problem import FieldError
from pseudonymisation.identity import COLUMNS
from register.municipal.mapping import (
    FIELDS,
    LONGEST_CELL,
    REQUIRED,
    ColumnMapping,
    MappingError,
    dated_otherwise,
    in_columns,
    mapping_from,
    read_row,
    row_key,
)
from register.signals import OBSERVATION_BASES

DOCUMENT: dict[str, Any] = {
    "herkomst": "toezicht",
    "columns": {
        "datum": "date",
        "naam": "name",
        "geboren": "dob",
        "mobiel": "phone",
        "pas": "document_number",
    },
    "constants": {
        "document_issuer": "COL",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand", "overbewoning"],
        "controlesoort": "woningcontrole",
        "waarneming_grondslag": "huisvesting_arbeidsmigranten",
    },
    "dateFormat": "dd-mm-yyyy",
}
RECORD = {
    "datum": "27-02-2026",
    "naam": "Nuñez, Maria",
    "geboren": "24-03-1998",
    "mobiel": "06 12345678",
    "pas": "AB1",
}


def mapping(**changed: Any) -> ColumnMapping:
    return mapping_from({**DOCUMENT, **changed})


def problems(document: object) -> dict[str, str]:
    with pytest.raises(MappingError) as refused:
        mapping_from(document)
    return {one.field: one.reason for one in refused.value.problems}


# ---- the mapping ------------------------------------------------------------------------------------------------------


def test_a_mapping_says_the_same_after_a_journey_as_json() -> None:
    made = mapping(values={"mobiel": {"Onbekend": "0612345678"}})
    assert mapping_from(made.members()) == made
    assert mapping_from(made.members()).digest() == made.digest()


def test_another_constant_or_source_is_another_mapping() -> None:
    digests = {
        mapping().digest(),
        mapping(herkomst="zaaksysteem").digest(),
        mapping(dateFormat=None).digest(),
        mapping(constants={**DOCUMENT["constants"], "rol": "onbekend"}).digest(),
    }
    assert len(digests) == 4


CONSTANTS = DOCUMENT["constants"]
WRONG = {
    "not an object": ([], "mapping"),
    "an unknown key": ({**DOCUMENT, "kolommen": {}}, "mapping"),
    "no source": ({**DOCUMENT, "herkomst": " "}, "herkomst"),
    "an unknown target of a column": ({**DOCUMENT, "columns": {"mobiel": "telefoon"}}, "columns.mobiel"),
    "an unknown constant": ({**DOCUMENT, "constants": {**CONSTANTS, "vorm": "arbeid"}}, "constants"),
    "a target filled twice": ({**DOCUMENT, "constants": {**CONSTANTS, "phone": "06"}}, "mapping"),
    "a target that a signal needs": (
        {**DOCUMENT, "constants": {k: v for k, v in CONSTANTS.items() if k != "controlesoort"}},
        "mapping",
    ),
    "no attribute at all": ({**DOCUMENT, "columns": {"datum": "date"}}, "columns"),
    "a code of no list": (
        {**DOCUMENT, "constants": {**CONSTANTS, "uitbuitingsvorm": "werk"}},
        "constants.uitbuitingsvorm",
    ),
    "a form that is not offered yet": (
        {**DOCUMENT, "constants": {**CONSTANTS, "uitbuitingsvorm": "draagmoederschap"}},
        "constants.uitbuitingsvorm",
    ),
    "one wrong indicator of two": (
        {**DOCUMENT, "constants": {**CONSTANTS, "aanwijzingen": ["overbewoning", "nationaliteit"]}},
        "constants.aanwijzingen",
    ),
    "neither yes nor no": (
        {**DOCUMENT, "constants": {**CONSTANTS, "zorgspoor": "soms"}},
        "constants.zorgspoor",
    ),
    "a date format without a year": ({**DOCUMENT, "dateFormat": "dd-mm"}, "dateFormat"),
    "values of an unknown column": ({**DOCUMENT, "values": {"soort": {"A": "arbeid"}}}, "values"),
    "values that lead nowhere": (
        {**DOCUMENT, "columns": {**DOCUMENT["columns"], "r": "rol"}, "values": {"r": {"S": "slachtoffer"}}},
        "values.r",
    ),
    "the same own code twice": (
        {
            **DOCUMENT,
            "columns": {**DOCUMENT["columns"], "r": "rol"},
            "values": {"r": {"s": "onbekend", "S ": "onbekend"}},
        },
        "values.r",
    ),
    "columns that are a list": ({**DOCUMENT, "columns": ["datum"]}, "columns"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_mapping_is_told_at_the_start_with_its_place(name: str) -> None:
    document, place = WRONG[name]
    assert place in problems(document)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = problems(
        {**DOCUMENT, "herkomst": "", "dateFormat": "x", "constants": {**CONSTANTS, "rol": "dader"}}
    )
    assert set(told) == {"herkomst", "dateFormat", "constants.rol"}


def test_what_is_needed_is_named() -> None:
    told = problems({"herkomst": "toezicht", "columns": {"mobiel": "phone"}})
    assert all(target in told["mapping"] for target in REQUIRED)


@pytest.mark.parametrize("text", ["dd-mm-yyyy", "DD-MM-JJJJ", "dd-MM-yyyy", "dd-mm-jjjj"])
def test_a_date_format_has_more_spellings_than_one(text: str) -> None:
    assert mapping(dateFormat=text).date_format == "dd-MM-yyyy"


# ---- a row ------------------------------------------------------------------------------------------------------------


def test_a_row_says_an_observation_and_its_attributes_know_their_columns() -> None:
    row = read_row(RECORD, mapping())
    assert not row.wrong
    assert row.values["date"] == date(2026, 2, 27)
    assert row.values["aanwijzingen"] == ("slapen_in_bedrijfspand", "overbewoning")
    placed = {one.attribute.type: one for one in row.attributes}
    assert set(placed) == {"name_dob", "phone", "document"}
    assert placed["name_dob"].column == "geboren, naam"
    assert placed["name_dob"].places["name_dob.dob"] == "geboren"
    assert placed["document"].places["document.issuer"] == "document_issuer"


def test_a_constant_beside_an_empty_column_says_nothing() -> None:
    row = read_row({**RECORD, "pas": " "}, mapping())
    assert {one.attribute.type for one in row.attributes} == {"name_dob", "phone"}


def test_a_row_without_any_attribute_is_refused() -> None:
    row = read_row({"datum": "27-02-2026"}, mapping())
    assert [one.field for one in row.wrong] == [""]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("datum", "31-02-2026"),
        ("datum", ""),
        ("datum", "gisteren"),
        ("geboren", "31-02"),
        ("naam", "x" * (LONGEST_CELL + 1)),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_its_column_and_never_repeated(column: str, text: str) -> None:
    wrong = read_row({**RECORD, column: text}, mapping()).wrong
    assert [one.field for one in wrong] == [column]
    assert len(text) < 4 or text not in wrong[0].reason


VALUES = {
    "columns": {**DOCUMENT["columns"], "w": "waarneming_grondslag", "a": "aanwijzingen"},
    "constants": {k: v for k, v in CONSTANTS.items() if k not in {"waarneming_grondslag", "aanwijzingen"}},
    "values": {
        "w": {"BWT": "huisvesting_woningwet_omgevingswet"},
        "a": {"12": "slapen_in_bedrijfspand", "14": "overbewoning"},
    },
}


def test_codes_of_the_municipality_become_ours_whatever_their_case() -> None:
    row = read_row({**RECORD, "w": "bwt", "a": "14; 12"}, mapping(**VALUES))
    assert not row.wrong
    assert row.values["waarneming_grondslag"] == "huisvesting_woningwet_omgevingswet"
    assert row.values["aanwijzingen"] == ("overbewoning", "slapen_in_bedrijfspand")


@pytest.mark.parametrize("own", ["XYZ", "parkeren"])
def test_a_code_without_a_translation_is_refused_even_if_it_looks_like_ours(own: str) -> None:
    assert own == "XYZ" or own in OBSERVATION_BASES
    wrong = read_row({**RECORD, "w": own, "a": "12"}, mapping(**VALUES)).wrong
    assert [one.field for one in wrong] == ["w"]


def test_columns_that_the_mapping_does_not_name_are_left_alone() -> None:
    assert read_row({**RECORD, "verslag": "=1+1"}, mapping()) == read_row(RECORD, mapping())


@given(
    st.dictionaries(
        st.sampled_from([*RECORD, "anders"]), st.text(max_size=60) | st.sampled_from(list(RECORD.values()))
    )
)
def test_any_record_gives_a_row_or_reasons_in_columns_of_the_file(record: dict[str, str]) -> None:
    made = mapping()
    row = read_row(record, made)
    known = {*RECORD, "", *CONSTANTS}
    assert all(set(one.field.split(", ")) <= known for one in row.wrong)
    assert row.wrong or (row.attributes and set(REQUIRED) <= set(row.values))


# ---- keys -------------------------------------------------------------------------------------------------------------


@given(st.permutations(list(RECORD)))
def test_a_row_has_one_key_whatever_the_order_of_columns(order: list[str]) -> None:
    columns = {name: DOCUMENT["columns"][name] for name in order}
    assert read_row(RECORD, mapping(columns=columns)).key == read_row(RECORD, mapping()).key


def test_the_key_is_what_a_row_says_and_not_how_the_file_calls_it() -> None:
    renamed = {f"k_{name}": target for name, target in DOCUMENT["columns"].items()}
    record = {f"k_{name}": f" {text} " for name, text in RECORD.items()}
    assert read_row(record, mapping(columns=renamed)).key == read_row(RECORD, mapping()).key


def test_an_extra_column_that_is_empty_changes_no_key_and_a_filled_one_does() -> None:
    more = mapping(columns={**DOCUMENT["columns"], "auto": "plate"})
    assert read_row({**RECORD, "auto": ""}, more).key == read_row(RECORD, mapping()).key
    assert read_row({**RECORD, "auto": "12-AB-34"}, more).key != read_row(RECORD, mapping()).key


@given(st.dictionaries(st.sampled_from([*COLUMNS, *FIELDS]), st.text(min_size=1, max_size=8), max_size=4))
def test_a_key_is_one_that_the_interface_takes(told: dict[str, str]) -> None:
    key = row_key(told)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


# ---- refusals and dates -----------------------------------------------------------------------------------------------


def test_a_refusal_of_the_node_names_the_column_of_the_file() -> None:
    made = mapping()
    assert in_columns(FieldError("waargenomen", "Nee."), made).field == "datum"
    assert in_columns(FieldError("uitbuitingsvorm", "Nee."), made).field == "uitbuitingsvorm"
    assert in_columns(FieldError("geboren, naam", "Nee."), made).field == "geboren, naam"


@pytest.mark.parametrize(
    ("text", "target", "form", "otherwise"),
    [
        ("27-02-2026", "date", "dd-MM-yyyy", False),
        ("02-27-2026", "date", "dd-MM-yyyy", True),
        ("2026-02-27", "date", "dd-MM-yyyy", True),
        ("2026/02/27", "date", "dd-MM-yyyy", True),
        ("27-02-2026", "date", None, True),
        ("2026-02-27", "date", None, False),
        ("27-02-1998", "dob", None, False),
        ("02-27-1998", "dob", None, True),
        ("31-02-2026", "date", "dd-MM-yyyy", False),
        ("00-00-1998", "dob", "dd-MM-yyyy", False),
        ("gisteren", "date", "dd-MM-yyyy", False),
        ("", "date", None, False),
    ],
)
def test_a_date_that_fits_only_another_order_gives_a_mixed_file_away(
    text: str,
    target: str,
    form: str | None,
    otherwise: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert dated_otherwise(text, target, form) is otherwise

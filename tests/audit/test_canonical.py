# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import (
    JSON,
    EncodingError,
    base64_bytes,
    base64_text,
    canonical_json,
    parse_canonical_json,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_back(value: JSON) -> None:
    assert parse_canonical_json(canonical_json(value)) == value


def test_the_form_is_that_of_rfc_8785() -> None:
    # Strings and literals of RFC 8785 section 3.2.2; its numbers are floating point, which we refuse.
    value: JSON = {"string": '€$\x0f\nA\'B"\\\\"/', "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_json(value) == expected.encode()


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, -(2**53), b"bytes", {"é": 1}, {1: 2}, "\ud800", {1, 2}],
    ids=str,
)
def test_a_value_without_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(EncodingError):
        canonical_json(value)  # type: ignore[arg-type]


def test_nesting_without_end_is_refused() -> None:
    value: JSON = []
    for _level in range(40):
        value = [value]
    with pytest.raises(EncodingError, match="diep"):
        canonical_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b'"\\u0041"',
        b"1.0",
        b"-0",
        b"NaN",
        b"\xef\xbb\xbf1",
        b"\xff",
        b"",
        b"1 ",
        b"[" * 100_000,
        b"1" * 5000,
    ],
    ids=lambda data: data[:12].decode("latin-1"),
)
def test_a_second_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(EncodingError):
        parse_canonical_json(data)


@given(st.binary(max_size=50))
def test_base64_goes_back_and_forth(data: bytes) -> None:
    assert base64_bytes(base64_text(data)) == data


@pytest.mark.parametrize("text", ["AB==", "AA", "AA=", "A A=", "AA==\n", "A-__", "=AA=", "é"])
def test_loose_base64_is_refused(text: str) -> None:
    with pytest.raises(EncodingError):
        base64_bytes(text)


def test_bytes_of_another_number_are_refused() -> None:
    with pytest.raises(EncodingError, match="32 bytes"):
        base64_bytes("AA==", size=32)

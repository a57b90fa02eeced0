# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about bytes as text: one text for each byte string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation import base64url


@given(st.binary(max_size=80))
def test_what_is_written_is_read_back(value: bytes) -> None:
    assert base64url.decode(base64url.encode(value)) == value


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("padding", "AA=="),
        ("stray bits", "AB"),
        ("ordinary base64", "+/+/"),
        ("white space", "AA AA"),
        ("newline", "AAAA\n"),
        ("half a byte", "A"),
        ("not ASCII", "é"),
    ],
)
def test_another_text_for_the_same_bytes_is_refused(case: str, text: str) -> None:
    with pytest.raises(ValueError, match="base64url") as refused:
        base64url.decode(text)
    assert text not in str(refused.value), case

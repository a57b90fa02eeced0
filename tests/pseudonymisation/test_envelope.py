# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about sealing to a key: what was sealed opens for it and for nothing else, and what nobody could open shows to everyone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pseudonymisation.envelope import ENC_BYTES, Unopenable, check_form, seal, unseal
from pseudonymisation.p256 import SecretScalar

SOURCE = random.Random(101).randbytes
OWN, OTHER = SecretScalar.random(SOURCE), SecretScalar.random(SOURCE)
TO = OWN.public_point()
SEALED = seal(b"share", TO, b"info")


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_what_is_sealed_opens_for_its_receiver(content: bytes, info: bytes) -> None:
    sealed = seal(content, TO, info)
    check_form(sealed, len(content))
    assert unseal(sealed, OWN, info) == content


BAD_SEALED = {
    "empty": b"",
    "cut_short": SEALED[:-1],
    "another_tag": SEALED[:-1] + bytes([SEALED[-1] ^ 1]),
    "another_ephemeral_key": seal(b"share", TO, b"info")[:ENC_BYTES] + SEALED[ENC_BYTES:],
    "sealed_to_another": seal(b"share", OTHER.public_point(), b"info"),
    "bound_to_something_else": seal(b"share", TO, b"another"),
}


@pytest.mark.parametrize("name", BAD_SEALED)
def test_what_is_not_sealed_to_this_key_for_this_use_does_not_open(name: str) -> None:
    with pytest.raises(Unopenable):
        unseal(BAD_SEALED[name], OWN, b"info")


@pytest.mark.parametrize(
    "enc",
    [b"\x04" + bytes(64), b"\x02" + SEALED[1:65], bytes(65), b"\x04" + b"\xff" * 64],
    # Names of their own: an ephemeral key differs at each run.
    ids=["zeros", "compressed", "nothing", "not_on_the_curve"],
)
def test_an_ephemeral_key_that_is_no_point_shows_to_everyone(enc: bytes) -> None:
    with pytest.raises(Unopenable):
        check_form(enc + SEALED[ENC_BYTES:], 5)


@pytest.mark.parametrize("length", [0, 4, 6])
def test_a_seal_over_another_number_of_bytes_shows_to_everyone(length: int) -> None:
    with pytest.raises(Unopenable):
        check_form(SEALED, length)

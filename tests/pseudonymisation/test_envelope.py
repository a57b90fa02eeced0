# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about sealing to a party: the published vector opens, and what is opened in public is what its receiver sees, and nothing else."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from process.secret import Secret
from pseudonymisation.envelope import (
    ENC_BYTES,
    Unopenable,
    check_evidence,
    ephemeral,
    evidence,
    open_with,
    seal,
    unseal,
)
from pseudonymisation.oprf import HedgedNonce, InvalidProof, Proof
from pseudonymisation.p256 import GENERATOR, ORDER, SecretScalar

SOURCE = random.Random(101).randbytes
OWN, OTHER = SecretScalar.random(SOURCE), SecretScalar.random(SOURCE)
TO = OWN.public_point()
NONCE = HedgedNonce(Secret(SOURCE(32)), SOURCE)
SEALED = seal(b"share", TO, b"info")
GIVEN = evidence(SEALED, OWN, NONCE)


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_what_is_opened_in_public_is_what_the_library_opens_for_its_receiver(
    content: bytes, info: bytes
) -> None:
    sealed = seal(content, TO, info)
    given_ = evidence(sealed, OWN, NONCE)
    check_evidence(given_, sealed, TO)
    assert open_with(given_.shared, sealed, TO, info) == unseal(sealed, OWN, info) == content


BAD_SEALED = {
    "empty": b"",
    "cut_short": SEALED[:-1],
    "another_tag": SEALED[:-1] + bytes([SEALED[-1] ^ 1]),
    "another_ephemeral_key": TO.encode()[:0] + seal(b"share", TO, b"info")[:ENC_BYTES] + SEALED[ENC_BYTES:],
    "sealed_to_another": seal(b"share", OTHER.public_point(), b"info"),
    "bound_to_something_else": seal(b"share", TO, b"another"),
}


@pytest.mark.parametrize("name", BAD_SEALED)
def test_what_its_receiver_cannot_open_nobody_can(name: str) -> None:
    with pytest.raises(Unopenable):
        unseal(BAD_SEALED[name], OWN, b"info")
    if name not in {"empty", "cut_short"}:
        given_ = evidence(BAD_SEALED[name], OWN, NONCE)
        check_evidence(given_, BAD_SEALED[name], TO)
        with pytest.raises(Unopenable):
            open_with(given_.shared, BAD_SEALED[name], TO, b"info")


@pytest.mark.parametrize(
    "enc",
    [b"\x04" + bytes(64), b"\x02" + SEALED[1:65], bytes(65), b"\x04" + b"\xff" * 64],
    # Names of their own: an ephemeral key differs at each run.
    ids=["zeros", "compressed", "nothing", "not_on_the_curve"],
)
def test_an_ephemeral_key_that_is_no_point_shows_to_everyone(enc: bytes) -> None:
    with pytest.raises(Unopenable):
        ephemeral(enc + SEALED[ENC_BYTES:])


def test_evidence_of_another_receiver_message_or_point_proves_nothing() -> None:
    other = seal(b"share", TO, b"info")
    false = {
        "of_another_receiver": (evidence(SEALED, OTHER, NONCE), SEALED),
        "about_another_message": (GIVEN, other),
        "with_another_point": (replace(GIVEN, shared=GENERATOR), SEALED),
        "with_another_proof": (
            replace(GIVEN, proof=Proof(GIVEN.proof.challenge, (GIVEN.proof.response + 1) % ORDER)),
            SEALED,
        ),
    }
    for given_, sealed in false.values():
        with pytest.raises(InvalidProof):
            check_evidence(given_, sealed, TO)


def test_evidence_opens_one_message_and_no_other() -> None:
    other = seal(b"another share", TO, b"info")
    with pytest.raises(Unopenable):
        open_with(GIVEN.shared, other, TO, b"info")
    assert repr(GIVEN).startswith("<")

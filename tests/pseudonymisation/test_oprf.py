# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the suite: RFC 9497 to the byte in both modes, and every way in which a proof can be wrong."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.secret import Secret
from pseudonymisation.oprf import (
    HedgedNonce,
    InvalidProof,
    Mode,
    Proof,
    blind,
    derive_key_pair,
    evaluate,
    finalize,
    prove,
    verify,
)
from pseudonymisation.p256 import ORDER, Point, SecretScalar, negate

VECTORS = Path(__file__).parents[1] / "vectors" / "rfc9497-p256-sha256.json"
SUITE_FIELDS = {"groupDST", "hash", "identifier", "keyInfo", "mode", "seed", "skSm", "vectors"}
VECTOR_FIELDS = {"Batch", "Blind", "BlindedElement", "EvaluationElement", "Input", "Output"}
OF_MODE: dict[Mode, tuple[set[str], set[str]]] = {
    Mode.OPRF: (set(), set()),
    Mode.VOPRF: ({"pkSm"}, {"Proof"}),
}


def suites() -> list[dict[str, Any]]:
    """The suites of the file; a field that this test does not run stops it."""
    document = json.loads(VECTORS.read_text())
    assert set(document) == {"source", "suites"}
    assert [suite["mode"] for suite in document["suites"]] == [0, 1]
    for suite in document["suites"]:
        of_suite, of_vector = OF_MODE[Mode(suite["mode"])]
        assert set(suite) == SUITE_FIELDS | of_suite
        assert suite["identifier"] == "P256-SHA256"
        assert suite["hash"] == "SHA256"
        for vector in suite["vectors"]:
            assert set(vector) == VECTOR_FIELDS | of_vector
            assert set(vector.get("Proof", {})) in (set(), {"proof", "r"})
    return document["suites"]  # type: ignore[no-any-return]


RUNS = [
    pytest.param(suite, vector, id=f"mode{suite['mode']}-{number}")
    for suite in suites()
    for number, vector in enumerate(suite["vectors"])
]


def parts(text: str) -> list[bytes]:
    return [bytes.fromhex(part) for part in text.split(",")]


@pytest.mark.parametrize("suite", suites(), ids=lambda suite: f"mode{suite['mode']}")
def test_the_key_pair_derives_as_in_the_rfc(suite: dict[str, Any]) -> None:
    mode = Mode(suite["mode"])
    secret, public = derive_key_pair(mode, bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]))
    assert secret.to_bytes().hex() == suite["skSm"]
    assert bytes.fromhex(suite["groupDST"]) == b"HashToGroup-" + mode.context
    if mode is Mode.VOPRF:
        assert public.encode().hex() == suite["pkSm"]


@pytest.mark.parametrize(("suite", "vector"), RUNS)
def test_rfc_9497_vectors_hold_byte_for_byte(suite: dict[str, Any], vector: dict[str, Any]) -> None:
    mode, secret = Mode(suite["mode"]), SecretScalar.from_bytes(bytes.fromhex(suite["skSm"]))
    inputs = parts(vector["Input"])
    blinds = [SecretScalar.from_bytes(part) for part in parts(vector["Blind"])]
    assert len(inputs) == len(blinds) == vector["Batch"]

    blinded = [blind(mode, *pair) for pair in zip(inputs, blinds, strict=True)]
    assert [point.encode() for point in blinded] == parts(vector["BlindedElement"])

    evaluated = [evaluate(secret, point) for point in blinded]
    assert [point.encode() for point in evaluated] == parts(vector["EvaluationElement"])

    outputs = [finalize(*row) for row in zip(inputs, blinds, evaluated, strict=True)]
    assert outputs == parts(vector["Output"])

    if mode is Mode.VOPRF:
        nonce = SecretScalar.from_bytes(bytes.fromhex(vector["Proof"]["r"]))
        proof = prove(secret, blinded, evaluated, nonce=lambda _transcript: nonce)
        assert proof.to_bytes().hex() == vector["Proof"]["proof"]
        verify(
            Point.decode(bytes.fromhex(suite["pkSm"])), blinded, evaluated, Proof.from_bytes(proof.to_bytes())
        )


# What follows needs one honest batch to spoil.

SOURCE = random.Random(9497).randbytes
SECRET = SecretScalar.random(SOURCE)
OTHER = SecretScalar.random(SOURCE)
KEY = SECRET.public_point()
BLINDED = tuple(SecretScalar.random(SOURCE).public_point() for _unused in range(8))
EVALUATED = tuple(evaluate(SECRET, point) for point in BLINDED)
NONCE = HedgedNonce(Secret(SOURCE(32)), SOURCE)
PROOF = prove(SECRET, BLINDED, EVALUATED, nonce=NONCE)


def spoiled(points: tuple[Point, ...], place: int, point: Point) -> tuple[Point, ...]:
    return (*points[:place], point, *points[place + 1 :])


def test_an_honest_proof_is_accepted() -> None:
    verify(KEY, BLINDED, EVALUATED, PROOF)


WRONG: dict[str, tuple[Point, tuple[Point, ...], tuple[Point, ...], Proof]] = {
    "other_public_key": (OTHER.public_point(), BLINDED, EVALUATED, PROOF),
    "negated_public_key": (negate(KEY), BLINDED, EVALUATED, PROOF),
    "one_answer_with_another_key": (
        KEY,
        BLINDED,
        spoiled(EVALUATED, 3, evaluate(OTHER, BLINDED[3])),
        PROOF,
    ),
    "one_answer_negated": (KEY, BLINDED, spoiled(EVALUATED, 0, negate(EVALUATED[0])), PROOF),
    "one_question_replaced": (KEY, spoiled(BLINDED, 7, BLINDED[0]), EVALUATED, PROOF),
    "two_answers_swapped": (KEY, BLINDED, (EVALUATED[1], EVALUATED[0], *EVALUATED[2:]), PROOF),
    "pairs_reordered": (KEY, BLINDED[::-1], EVALUATED[::-1], PROOF),
    "truncated_batch": (KEY, BLINDED[:-1], EVALUATED[:-1], PROOF),
    "fewer_answers_than_questions": (KEY, BLINDED, EVALUATED[:-1], PROOF),
    "empty_batch": (KEY, (), (), PROOF),
    "challenge_off_by_one": (
        KEY,
        BLINDED,
        EVALUATED,
        replace(PROOF, challenge=(PROOF.challenge + 1) % ORDER),
    ),
    "response_off_by_one": (KEY, BLINDED, EVALUATED, replace(PROOF, response=(PROOF.response + 1) % ORDER)),
    "all_zero_proof": (KEY, BLINDED, EVALUATED, Proof(0, 0)),
    "trivial_proof_one_zero": (KEY, BLINDED, EVALUATED, Proof(1, 0)),
    "trivial_proof_zero_one": (KEY, BLINDED, EVALUATED, Proof(0, 1)),
    "proof_of_another_batch": (
        KEY,
        BLINDED,
        EVALUATED,
        prove(SECRET, BLINDED[:4], EVALUATED[:4], nonce=NONCE),
    ),
    "proof_by_a_wrong_key_holder": (
        KEY,
        BLINDED,
        tuple(evaluate(OTHER, point) for point in BLINDED),
        prove(OTHER, BLINDED, tuple(evaluate(OTHER, point) for point in BLINDED), nonce=NONCE),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_proof_is_refused(name: str) -> None:
    with pytest.raises(InvalidProof):
        verify(*WRONG[name])


SMALL_PROOF = prove(SECRET, BLINDED[:2], EVALUATED[:2], nonce=NONCE)


@given(st.integers(0, 511))
def test_a_proof_with_any_bit_turned_is_refused(bit: int) -> None:
    verify(KEY, BLINDED[:2], EVALUATED[:2], SMALL_PROOF)
    changed = bytearray(SMALL_PROOF.to_bytes())
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(InvalidProof):
        verify(KEY, BLINDED[:2], EVALUATED[:2], Proof.from_bytes(bytes(changed)))


def test_a_holder_that_proves_answers_it_did_not_give_proves_nothing() -> None:
    lie = spoiled(EVALUATED, 2, BLINDED[2])
    with pytest.raises(InvalidProof):
        verify(KEY, BLINDED, lie, prove(SECRET, BLINDED, lie, nonce=NONCE))


def test_nothing_is_proved_about_an_empty_batch() -> None:
    with pytest.raises(InvalidProof):
        prove(SECRET, (), (), nonce=NONCE)


BAD_PROOF_BYTES = {
    "empty": b"",
    "one_byte_short": PROOF.to_bytes()[:-1],
    "one_byte_long": PROOF.to_bytes() + b"\x00",
    "challenge_not_reduced": ORDER.to_bytes(32, "big") + PROOF.to_bytes()[32:],
    "response_not_reduced": PROOF.to_bytes()[:32] + ORDER.to_bytes(32, "big"),
}


@pytest.mark.parametrize("name", BAD_PROOF_BYTES)
def test_bytes_that_are_no_proof_are_refused(name: str) -> None:
    with pytest.raises(InvalidProof):
        Proof.from_bytes(BAD_PROOF_BYTES[name])


@given(st.integers(0, ORDER - 1), st.integers(0, ORDER - 1))
def test_a_written_proof_is_read_back(challenge: int, response: int) -> None:
    proof = Proof(challenge, response)
    assert len(proof.to_bytes()) == 64
    assert Proof.from_bytes(proof.to_bytes()) == proof


def broken_source(count: int) -> bytes:
    return bytes(count)


def test_nonces_differ_per_statement_when_the_random_source_is_broken() -> None:
    nonce = HedgedNonce(Secret(bytes(range(32))), broken_source)
    assert nonce(b"one statement") != nonce(b"another statement")
    assert nonce(b"one statement") == nonce(b"one statement")


def test_nonces_differ_per_proof_when_the_random_source_works() -> None:
    nonce = HedgedNonce(Secret(bytes(32)), random.Random(5).randbytes)
    assert nonce(b"one statement") != nonce(b"one statement")


def test_nonces_of_two_holders_differ_when_both_random_sources_are_broken() -> None:
    one, other = (HedgedNonce(Secret(bytes([n]) * 32), broken_source) for n in (1, 2))
    assert one(b"one statement") != other(b"one statement")


def test_the_nonce_covers_key_and_composites_of_the_statement() -> None:
    seen: list[bytes] = []

    def record(transcript: bytes) -> SecretScalar:
        seen.append(transcript)
        return SecretScalar(7)

    prove(SECRET, BLINDED[:2], EVALUATED[:2], nonce=record)
    prove(SECRET, BLINDED[1:3], EVALUATED[1:3], nonce=record)
    assert [len(transcript) for transcript in seen] == [99, 99]
    assert seen[0][:33] == seen[1][:33] == KEY.encode()
    assert seen[0] != seen[1]


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_nonce_key_is_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        HedgedNonce(Secret(bytes(length)), broken_source)


def test_the_two_modes_never_give_the_same_point_for_one_input() -> None:
    assert Mode.OPRF.hash_to_group(b"x") != Mode.VOPRF.hash_to_group(b"x")
    assert Mode.OPRF.hash_to_scalar(b"x") != Mode.VOPRF.hash_to_scalar(b"x")

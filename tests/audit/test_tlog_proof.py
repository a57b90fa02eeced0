# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import base64_text
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.cosignature import NOBODY, Cosigner, PolicyWitness, QuorumError, WitnessPolicy
from audit.merkle import Frontier, ProofError, inclusion_proof, leaf_hash
from audit.note import NoteError, Signer, add_signatures
from audit.tlog_proof import TlogProof, TlogProofError
from process.secret import Secret

LOG = Signer("log.example/eerste", Secret(bytes(range(32))))
WITNESS = Cosigner("fg1.example/getuige", Secret(bytes(range(1, 33))))
POLICY = WitnessPolicy((PolicyWitness("fg", WITNESS.witness),), 1)
LEAVES = [bytes([n]) for n in range(40)]
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def made(index: int, size: int, *, witnessed: bool = True, extra: bytes | None = None) -> TlogProof:
    nodes, frontier = {}, Frontier()
    for leaf in LEAVES[:size]:
        frontier, completed = frontier.append(leaf_hash(leaf))
        nodes.update(dict(completed))
    checkpoint = Checkpoint(LOG.name, size, frontier.root())
    note = sign_checkpoint(checkpoint, LOG)
    if witnessed:
        note = add_signatures(note, [WITNESS.cosign(checkpoint, AT)])
    hashes = inclusion_proof(index, size, lambda wanted: [nodes[one] for one in wanted])
    return TlogProof(index, hashes, note, extra)


def test_the_text_is_that_of_another_implementation() -> None:
    # transparency-dev/formats, proof/tlog_proof_test.go, case "proof with extra data".
    hashed = sha256(b"hash1").digest()
    proof = TlogProof(10, (hashed,), "checkpoint data\n", b"extra information")
    assert proof.text == (
        f"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{base64_text(hashed)}\n\ncheckpoint data\n"
    )


@given(st.integers(1, 40), st.data(), st.none() | st.binary(max_size=80))
def test_what_is_written_reads_back_and_verifies(size: int, data: st.DataObject, extra: bytes | None) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = TlogProof.from_text(made(index, size, extra=extra).text.encode())
    assert proof == made(index, size, extra=extra)
    assert proof.verify(leaf_hash(LEAVES[index]), LOG.verifier, POLICY).signed == ("fg",)


def test_another_leaf_or_another_place_does_not_verify() -> None:
    proof = made(3, 9)
    with pytest.raises(ProofError):
        proof.verify(leaf_hash(b"anders"), LOG.verifier, POLICY)
    with pytest.raises(ProofError):
        TlogProof(4, proof.hashes, proof.checkpoint).verify(leaf_hash(LEAVES[3]), LOG.verifier, POLICY)


def test_a_proof_that_too_few_witnessed_does_not_verify_for_who_asks_for_witnesses() -> None:
    proof = made(3, 9, witnessed=False)
    with pytest.raises(QuorumError):
        proof.verify(leaf_hash(LEAVES[3]), LOG.verifier, POLICY)
    proof.verify(leaf_hash(LEAVES[3]), LOG.verifier, NOBODY)


def test_a_proof_of_another_log_does_not_verify() -> None:
    other = Signer(LOG.name, Secret(bytes(range(5, 37)))).verifier
    with pytest.raises(NoteError):
        made(3, 9).verify(leaf_hash(LEAVES[3]), other, POLICY)


GOOD = made(3, 9, extra=b"meer").text
HASH = GOOD.split("\n")[3]
BAD = {
    "empty": "",
    "other_version": GOOD.replace("@v1", "@v2"),
    "no_index": GOOD.replace("index 3\n", ""),
    "index_no_number": GOOD.replace("index 3", "index drie"),
    "index_negative": GOOD.replace("index 3", "index -3"),
    "index_with_leading_zero": GOOD.replace("index 3", "index 03"),
    "index_beyond_63_bits": GOOD.replace("index 3", "index 9223372036854775808"),
    "extra_that_is_no_base64": GOOD.replace("extra bWVlcg==", "extra !!"),
    "extra_twice": GOOD.replace("extra bWVlcg==\n", "extra bWVlcg==\n" * 2),
    "extra_behind_index": GOOD.replace("extra bWVlcg==\nindex 3\n", "index 3\nextra bWVlcg==\n"),
    "hash_too_short": GOOD.replace(HASH, "AAAA"),
    "hash_too_long": GOOD.replace(HASH, "A" * 64),
    "too_many_hashes": GOOD.replace(HASH, "\n".join([HASH] * 66)),
    "no_empty_line": GOOD.replace("\n\n", "\n", 1),
    "no_checkpoint": GOOD.split("\n\n", maxsplit=1)[0] + "\n\n",
    "carriage_returns": GOOD.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_text_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(TlogProofError):
        TlogProof.from_text(BAD[name])


def test_a_file_that_is_no_text_or_has_no_end_is_refused() -> None:
    for content in (b"\xff" + GOOD.encode(), GOOD.encode() + b"x" * 400_000):
        with pytest.raises(TlogProofError):
            TlogProof.from_text(content)

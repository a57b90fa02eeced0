# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import pytest

from audit.checkpoint import (
    Checkpoint,
    ForkError,
    RollbackError,
    open_checkpoint,
    require_extension,
    sign_checkpoint,
    verify_extension,
)
from audit.merkle import EMPTY_ROOT, Frontier, ProofError, consistency_proof, leaf_hash
from audit.note import NoteError, Signer, Verifier, add_signatures, sign_note
from process.secret import Secret

LOG = Signer("log.example/eerste", Secret(bytes(range(32))))
WITNESS = Signer("getuige.example", Secret(bytes(range(1, 33))))
LEAVES = [bytes([n]) for n in range(9)]


def at(size: int, leaves: list[bytes] = LEAVES, origin: str = LOG.name) -> Checkpoint:
    return Checkpoint(origin, size, Frontier.over(leaves[:size]).root())


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> tuple[bytes, ...]:
    nodes = {}
    frontier = Frontier()
    for leaf in leaves:
        frontier, completed = frontier.append(leaf_hash(leaf))
        nodes.update(dict(completed))
    return consistency_proof(old, new, lambda wanted: [nodes[one] for one in wanted])


def test_the_text_is_that_of_the_specification() -> None:
    # The example of https://c2sp.org/tlog-checkpoint.
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = Checkpoint.from_text(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == text


def test_a_signed_checkpoint_opens_with_the_log_s_key() -> None:
    assert open_checkpoint(sign_checkpoint(at(5), LOG), LOG.verifier) == at(5)


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
BAD_TEXTS = {
    "extension_line": f"{LOG.name}\n5\n{ROOT}\nextra\n",
    "leading_zero": f"{LOG.name}\n05\n{ROOT}\n",
    "negative": f"{LOG.name}\n-5\n{ROOT}\n",
    "plus_sign": f"{LOG.name}\n+5\n{ROOT}\n",
    "other_digits": f"{LOG.name}\n\u0665\n{ROOT}\n",
    "size_beyond_63_bits": f"{LOG.name}\n9223372036854775808\n{ROOT}\n",
    "short_root": f"{LOG.name}\n5\nAAAA\n",
    "root_without_padding": f"{LOG.name}\n5\n{ROOT[:-1]}\n",
    "empty_origin": f"\n5\n{ROOT}\n",
    "origin_with_space": f"log example\n5\n{ROOT}\n",
    "two_lines": f"{LOG.name}\n5\n",
    "empty_log_with_a_root": f"{LOG.name}\n0\n{ROOT}\n",
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_a_well_signed_note_that_is_no_checkpoint_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        open_checkpoint(sign_note(BAD_TEXTS[name], [LOG]), LOG.verifier)


def test_a_checkpoint_of_another_log_is_refused_though_our_key_signed_it() -> None:
    note = sign_note(at(5, origin="log.example/ander").text, [LOG])
    with pytest.raises(NoteError, match="ander logboek"):
        open_checkpoint(note, LOG.verifier)


def test_a_key_signs_for_the_log_of_its_own_name_only() -> None:
    with pytest.raises(NoteError, match="andere naam"):
        sign_checkpoint(at(5, origin="log.example/ander"), LOG)


def test_a_witness_does_not_stand_in_for_the_log() -> None:
    note = sign_note(at(5).text, [WITNESS])
    with pytest.raises(NoteError, match="bekende sleutels"):
        open_checkpoint(note, LOG.verifier, [WITNESS.verifier])


def test_a_false_cosignature_of_a_known_witness_condemns_the_checkpoint() -> None:
    note = add_signatures(sign_checkpoint(at(5), LOG), [WITNESS.sign(at(4).text)])
    assert open_checkpoint(note, LOG.verifier) == at(5)
    with pytest.raises(NoteError, match="getuige"):
        open_checkpoint(note, LOG.verifier, [WITNESS.verifier])


def test_a_true_cosignature_stays_readable() -> None:
    note = add_signatures(sign_checkpoint(at(5), LOG), [WITNESS.sign(at(5).text)])
    unknown = Verifier("getuige.example/ander", WITNESS.verifier.public_key)
    assert open_checkpoint(note, LOG.verifier, [WITNESS.verifier, unknown]) == at(5)


def test_a_longer_tree_extends_a_shorter_one() -> None:
    for old in range(10):
        for new in range(old, 10):
            require_extension(at(old), at(new), old, proof(old, new) if old else ())


def test_what_begins_with_nothing_brings_no_proof() -> None:
    with pytest.raises(ForkError, match="leeg logboek"):
        require_extension(at(0), at(5), 0, (bytes(32),))


@pytest.mark.parametrize("earlier", [0, 5])
def test_a_checkpoint_of_another_log_extends_nothing(earlier: int) -> None:
    with pytest.raises(ProofError, match="ander logboek"):
        verify_extension(at(earlier), at(8, origin="log.example/ander"), proof(5, 8) if earlier else ())


def test_the_same_tree_may_be_signed_again_whatever_the_caller_remembers() -> None:
    require_extension(at(5), at(5), 2, proof(2, 5))


def test_a_shorter_tree_is_a_rollback() -> None:
    with pytest.raises(RollbackError):
        require_extension(at(5), at(4), 4, ())
    with pytest.raises(RollbackError):
        require_extension(at(5), Checkpoint(LOG.name, 0, EMPTY_ROOT), 0, ())


def test_a_proof_from_another_size_than_was_signed_last_is_a_rollback() -> None:
    with pytest.raises(RollbackError):
        require_extension(at(5), at(8), 4, proof(4, 8))


def test_another_tree_of_the_same_size_is_a_fork() -> None:
    with pytest.raises(ForkError, match="andere wortel"):
        require_extension(at(5), at(5, [b"anders", *LEAVES[1:]]), 5, ())


def test_a_longer_tree_with_a_changed_past_is_a_fork() -> None:
    forged = [b"anders", *LEAVES[1:]]
    with pytest.raises(ForkError, match="ongewijzigd"):
        require_extension(at(5), at(8, forged), 5, proof(5, 8, forged))
    with pytest.raises(ForkError):
        require_extension(at(5), at(8), 5, ())

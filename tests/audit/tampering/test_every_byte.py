# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Any byte of any leaf and of any node, one at a time: who notices, and what is said of where it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.entry import LEAF_SIZE
from audit.merkle import (
    HASH_SIZE,
    Address,
    Frontier,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from audit.verify import Outcome, verify_log
from audit.wholeness import Page, Replay, leaves_under
from register.municipal.receipts import Verdict, judge
from tests.audit.tampering.conftest import SIZE, Hand, Kept, flipped, strange_leaf
from tests.register.central.conftest import LOG_SIGNER

LEAVES = [strange_leaf() for _ in range(SIZE)]


def stored(leaves: Sequence[bytes]) -> tuple[dict[Address, bytes], list[Frontier]]:
    """The nodes of a log, and its frontier at every size."""
    frontiers, nodes = [Frontier()], {}
    for leaf in leaves:
        frontier, made = frontiers[-1].append(leaf_hash(leaf))
        frontiers.append(frontier)
        nodes.update(dict(made))
    return nodes, frontiers


NODES, FRONTIERS = stored(LEAVES)
ADDRESSES = sorted(NODES)
HEAD = Checkpoint(LOG_SIGNER.name, SIZE, FRONTIERS[SIZE].root())
NOTE = sign_checkpoint(HEAD, LOG_SIGNER)
EVERY_LEAF_BYTE = [(leaf, at) for leaf in range(SIZE) for at in range(LEAF_SIZE)]


@dataclass(frozen=True)
class Public:
    """A log as it is served, from memory. Implements ``audit.verify.LogSource``."""

    served: Sequence[bytes]
    nodes: dict[Address, bytes]

    def leaves(self, size: int) -> Sequence[bytes]:
        return self.served[:size]

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        return inclusion_proof(index, size, self.read)

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        return consistency_proof(old, new, self.read)

    def read(self, addresses: Sequence[Address]) -> list[bytes]:
        return [self.nodes[one] for one in addresses]


def told(
    leaves: Sequence[bytes], nodes: dict[Address, bytes], frontier: Frontier = FRONTIERS[SIZE]
) -> list[str]:
    """What is wrong with a log that is stored so."""
    replay = Replay(SIZE, b"".join(frontier.hashes), [HEAD])
    page = Page(0, SIZE, dict(enumerate(leaves)), nodes)
    return [*replay.page(page), *replay.end()]


def with_leaf(at: int, leaf: bytes) -> list[bytes]:
    return [*LEAVES[:at], leaf, *LEAVES[at + 1 :]]


def test_a_log_that_nobody_touched_has_nothing_to_tell(hand: Hand) -> None:
    assert told(LEAVES, NODES) == []
    assert hand.told_by_nobody()


def test_any_byte_of_any_leaf_in_the_database_is_told_with_its_leaf() -> None:
    for leaf, at in EVERY_LEAF_BYTE:
        said = told(with_leaf(leaf, flipped(LEAVES[leaf], at)), NODES)
        form = [] if at else [f"Blad {leaf} heeft een onbekende vorm."]
        assert said == [*form, f"Blad {leaf} is veranderd."], (leaf, at)


def test_any_byte_of_any_leaf_that_is_served_is_refused_by_a_verifier() -> None:
    for leaf, at in EVERY_LEAF_BYTE:
        log = Public(with_leaf(leaf, flipped(LEAVES[leaf], at)), NODES)
        verdict = verify_log(NOTE, LOG_SIGNER.verifier, log)
        assert not verdict.verified, (leaf, at)
        (failed,) = [one.sentence for one in verdict.steps if one.outcome is Outcome.FAILED]
        assert "De bladen leiden niet naar de wortel van het controlepunt" in failed


def test_any_byte_of_any_node_in_the_database_is_told_with_its_leaves() -> None:
    for address in ADDRESSES:
        for at in range(HASH_SIZE):
            said = told(LEAVES, NODES | {address: flipped(NODES[address], at)})
            assert said == [f"De knoop over {leaves_under(address)} is veranderd."], (address, at)


def test_any_byte_of_any_node_that_is_served_fails_the_proofs_that_use_it_and_no_other() -> None:
    for address in ADDRESSES:
        for at in range(HASH_SIZE):
            log = Public(LEAVES, NODES | {address: flipped(NODES[address], at)})
            failed = {index for index in range(SIZE) if not included(log, index)}
            assert failed == {index for index in range(SIZE) if address in used(index)}, (address, at)
            assert failed, "every node stands in somebody's proof"


def test_any_byte_of_any_node_that_is_served_fails_the_consistency_that_uses_it() -> None:
    for address in ADDRESSES:
        for old in range(1, SIZE):
            if address not in used_between(old):
                continue
            for at in range(HASH_SIZE):
                log = Public(LEAVES, NODES | {address: flipped(NODES[address], at)})
                with pytest.raises(ProofError):
                    verify_consistency(
                        old, SIZE, log.consistency(old, SIZE), FRONTIERS[old].root(), HEAD.root
                    )


def test_any_byte_of_the_frontier_is_told() -> None:
    whole = b"".join(FRONTIERS[SIZE].hashes)
    for at in range(len(whole)):
        replay = Replay(SIZE, flipped(whole, at), [HEAD])
        said = [*replay.page(Page(0, SIZE, dict(enumerate(LEAVES)), NODES)), *replay.end()]
        assert said == ["De kop van het logboek past niet bij de 20 bladen."]


@pytest.mark.parametrize("size", range(1, SIZE + 1))
def test_a_touched_leaf_is_told_from_a_touched_node_at_every_place_of_every_size(size: int) -> None:
    nodes, frontiers = stored(LEAVES[:size])
    frontier = b"".join(frontiers[size].hashes)
    for index in range(size):
        touched = dict(enumerate(with_leaf(index, flipped(LEAVES[index], 5))[:size]))
        assert (
            next(Replay(size, frontier).page(Page(0, size, touched, nodes))) == f"Blad {index} is veranderd."
        )
        address = Address(0, index)
        changed = nodes | {address: flipped(nodes[address], 5)}
        whole = dict(enumerate(LEAVES[:size]))
        assert list(Replay(size, frontier).page(Page(0, size, whole, changed))) == [
            f"De knoop over blad {index} is veranderd."
        ]


def test_in_each_database_each_leaf_that_was_touched_is_told_by_its_reader_and_by_a_verifier(
    hand: Hand, kept: Kept
) -> None:
    for index, leaf in enumerate(kept.leaves):
        put = "UPDATE log_leaf SET leaf = :leaf WHERE leaf_index = :index"
        hand.sql(put, leaf=flipped(leaf, 1 + index), index=index)
        assert f"Blad {index} is veranderd." in hand.told_by_store()
        (said,) = hand.told_by_verifier()
        assert "De bladen leiden niet naar de wortel van het controlepunt" in said
        hand.sql(put, leaf=leaf, index=index)
    assert hand.told_by_nobody()


def test_in_each_database_each_node_that_was_touched_is_told_by_its_reader_and_by_the_nodes_it_cheats(
    hand: Hand,
) -> None:
    put = "UPDATE log_node SET hash = :hash WHERE level = :level AND place = :place"
    for address in ADDRESSES:
        (hashed,) = hand.store._read(hand.connection, [address])
        hand.sql(put, hash=flipped(hashed, address.place), level=address.level, place=address.place)
        assert hand.told_by_store() == [f"De knoop over {leaves_under(address)} is veranderd."]
        assert hand.told_by_node(remembered=SIZE) == tuple(
            index for index in range(SIZE) if address in used(index)
        )
        hand.sql(put, hash=hashed, level=address.level, place=address.place)
    assert hand.told_by_nobody()


def test_in_each_database_each_node_that_is_gone_is_told_and_the_proofs_that_need_it_are_not_given(
    hand: Hand,
) -> None:
    for address in ADDRESSES:
        (hashed,) = hand.store._read(hand.connection, [address])
        hand.sql("DELETE FROM log_node WHERE level = :level AND place = :place", **address._asdict())
        assert hand.told_by_store() == [f"De knoop over {leaves_under(address)} ontbreekt."]
        assert hand.told_by_node(remembered=SIZE) == tuple(
            index for index in range(SIZE) if address in used(index)
        )
        hand.sql(
            "INSERT INTO log_node (level, place, hash) VALUES (:level, :place, :hash)",
            hash=hashed,
            **address._asdict(),
        )
    assert hand.told_by_nobody()


def test_a_receipt_is_contradicted_by_every_other_leaf_hash_at_its_place(kept: Kept) -> None:
    log = Public(LEAVES, NODES)
    for receipt in kept.receipts():
        honest = replace(receipt, leaf_hash=leaf_hash(LEAVES[receipt.leaf_index]))
        proof = log.inclusion(receipt.leaf_index, SIZE)
        assert judge(honest, HEAD, proof) is Verdict.PROVEN
        for at in range(HASH_SIZE):
            other = replace(honest, leaf_hash=flipped(honest.leaf_hash, at))
            assert judge(other, HEAD, proof) is Verdict.CONTRADICTED


def included(log: Public, index: int) -> bool:
    """Whether the served proof leads from the leaf to the signed root."""
    try:
        verify_inclusion(leaf_hash(LEAVES[index]), index, SIZE, log.inclusion(index, SIZE), HEAD.root)
    except ProofError:
        return False
    return True


def used(index: int) -> set[Address]:
    """The nodes that the inclusion proof of a leaf is made of."""
    found: set[Address] = set()
    inclusion_proof(index, SIZE, lambda wanted: [NODES[one] for one in note(wanted, found)])
    return found


def used_between(old: int) -> set[Address]:
    """The nodes that the consistency proof from a size is made of."""
    found: set[Address] = set()
    consistency_proof(old, SIZE, lambda wanted: [NODES[one] for one in note(wanted, found)])
    return found


def note(wanted: Sequence[Address], found: set[Address]) -> Sequence[Address]:
    found.update(wanted)
    return wanted

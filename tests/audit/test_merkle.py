# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import (
    EMPTY_ROOT,
    Address,
    Frontier,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "rfc6962-roots.json").read_text())
LEAVES = [bytes.fromhex(one) for one in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(one) for one in VECTORS["roots"]]
LARGEST = 40


class Tree:
    """A log in memory that keeps its nodes as the database does."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self.nodes: dict[Address, bytes] = {}
        self.roots = [EMPTY_ROOT]
        self.calls = 0
        frontier = Frontier()
        for leaf in leaves:
            frontier, nodes = frontier.append(leaf_hash(leaf))
            for node in nodes:
                assert node.address not in self.nodes, "a perfect subtree is completed once"
                self.nodes[node.address] = node.hash
            self.roots.append(frontier.root())

    def read(self, addresses: Sequence[Address]) -> list[bytes]:
        self.calls += 1
        return [self.nodes[one] for one in addresses]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word, sharing no code with what is tested."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


TREE = Tree([bytes([n]) for n in range(LARGEST)])
sizes = st.integers(1, LARGEST)


def pair() -> st.SearchStrategy[tuple[int, int]]:
    return sizes.flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new)))


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_over_the_first_leaves_is_that_of_the_published_vectors(size: int) -> None:
    assert Frontier.over(LEAVES[:size]).root() == ROOTS[size]
    assert root_of(leaf_hash(one) for one in LEAVES[:size]) == ROOTS[size]
    assert naive_root(LEAVES[:size]) == ROOTS[size]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_frontier_agrees_with_the_recursion_of_the_rfc(leaves: list[bytes]) -> None:
    assert Frontier.over(leaves).root() == naive_root(leaves)


def test_every_inclusion_proof_of_every_size_verifies() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, TREE.read)
            verify_inclusion(leaf_hash(TREE.leaves[index]), index, size, proof, TREE.roots[size])


def test_every_consistency_proof_between_every_two_sizes_verifies() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, TREE.read)
            verify_consistency(old, new, proof, TREE.roots[old], TREE.roots[new])


def test_a_proof_needs_one_reading_of_the_store() -> None:
    tree = Tree([bytes([n]) for n in range(23)])
    inclusion_proof(4, 23, tree.read)
    consistency_proof(9, 23, tree.read)
    assert tree.calls == 2


@given(pair(), st.data())
def test_an_inclusion_proof_in_which_any_bit_was_changed_fails(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    index, size = sizes[0] - 1, sizes[1]
    parts = [
        leaf_hash(TREE.leaves[index]),
        TREE.roots[size],
        *inclusion_proof(index, size, TREE.read),
    ]
    changed = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[changed] = (int.from_bytes(parts[changed], "big") ^ (1 << bit)).to_bytes(32, "big")
    with pytest.raises(ProofError):
        verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@given(pair(), st.data())
def test_a_consistency_proof_in_which_any_bit_was_changed_fails(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    old, new = sizes
    parts = [TREE.roots[old], TREE.roots[new], *consistency_proof(old, new, TREE.read)]
    changed = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[changed] = (int.from_bytes(parts[changed], "big") ^ (1 << bit)).to_bytes(32, "big")
    with pytest.raises(ProofError):
        verify_consistency(old, new, parts[2:], parts[0], parts[1])


@given(pair(), st.integers(-1, LARGEST + 1), st.integers(-1, LARGEST + 1))
def test_an_inclusion_proof_proves_one_place_in_one_tree(
    sizes: tuple[int, int], other_index: int, other_size: int
) -> None:
    index, size = sizes[0] - 1, sizes[1]
    proof = inclusion_proof(index, size, TREE.read)
    if (other_index, other_size) == (index, size):
        return
    root = TREE.roots[other_size] if 0 <= other_size <= LARGEST else TREE.roots[size]
    with pytest.raises(ProofError):
        verify_inclusion(leaf_hash(TREE.leaves[index]), other_index, other_size, proof, root)


@given(pair(), st.sampled_from(["longer", "shorter", "swapped"]))
def test_a_proof_of_another_length_or_order_fails(sizes: tuple[int, int], how: str) -> None:
    old, new = sizes
    inclusion = list(inclusion_proof(old - 1, new, TREE.read))
    consistency = list(consistency_proof(old, new, TREE.read))
    for proof in (inclusion, consistency):
        if how == "longer":
            proof.append(bytes(32))
        elif len(proof) < 2:
            return
        elif how == "shorter":
            proof.pop()
        else:
            proof.reverse()
    if inclusion != inclusion[::-1] or how != "swapped":
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(TREE.leaves[old - 1]), old - 1, new, inclusion, TREE.roots[new])
    with pytest.raises(ProofError):
        verify_consistency(old, new, consistency, TREE.roots[old], TREE.roots[new])


def test_a_tree_that_was_rewritten_is_not_consistent_with_what_it_was() -> None:
    forged = Tree([b"forged", *TREE.leaves[1:]])
    for old in range(1, 20):
        with pytest.raises(ProofError):
            verify_consistency(
                old, 20, consistency_proof(old, 20, forged.read), TREE.roots[old], forged.roots[20]
            )


def test_a_node_cannot_pass_for_a_leaf() -> None:
    two = b"".join(leaf_hash(one) for one in LEAVES[:2])
    assert leaf_hash(two) != ROOTS[2]


def test_a_larger_tree_never_becomes_smaller() -> None:
    with pytest.raises(ProofError, match="kleiner"):
        verify_consistency(8, 4, (), ROOTS[8], ROOTS[4])
    with pytest.raises(ValueError, match="smaller"):
        consistency_proof(8, 4, TREE.read)


def test_two_trees_of_one_size_with_different_roots_contradict_each_other() -> None:
    with pytest.raises(ProofError, match="andere wortel"):
        verify_consistency(3, 3, (), ROOTS[3], ROOTS[4])


@pytest.mark.parametrize("new", [0, 1, 3])
def test_nothing_is_proven_from_an_empty_tree(new: int) -> None:
    with pytest.raises(ProofError, match="leeg logboek"):
        verify_consistency(0, new, (), EMPTY_ROOT, ROOTS[new])
    with pytest.raises(ProofError, match="leeg logboek"):
        verify_consistency(0, new, (), ROOTS[new], ROOTS[new])
    with pytest.raises(ValueError, match="empty"):
        consistency_proof(0, new, TREE.read)


@pytest.mark.parametrize("size", [-1, -3])
def test_no_tree_has_a_negative_size(size: int) -> None:
    with pytest.raises(ProofError):
        verify_consistency(size, 3, (), ROOTS[3], ROOTS[3])
    with pytest.raises(ProofError):
        verify_inclusion(leaf_hash(LEAVES[0]), 0, size, (), ROOTS[1])


@pytest.mark.parametrize("hashed", [b"", b"short", bytes(31), bytes(33), bytes(64)])
def test_a_hash_of_another_length_proves_nothing(hashed: bytes) -> None:
    inclusion = inclusion_proof(2, 5, TREE.read)
    consistency = consistency_proof(3, 5, TREE.read)
    hashed_leaf, roots = leaf_hash(TREE.leaves[2]), TREE.roots
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(hashed, 2, 5, inclusion, roots[5])
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(hashed_leaf, 2, 5, inclusion, hashed)
    for old_root, new_root in ((hashed, roots[5]), (roots[3], hashed)):
        with pytest.raises(ProofError, match="32 bytes"):
            verify_consistency(3, 5, consistency, old_root, new_root)
    for place in range(len(inclusion)):
        with pytest.raises(ProofError, match="32 bytes"):
            verify_inclusion(
                hashed_leaf, 2, 5, (*inclusion[:place], hashed, *inclusion[place + 1 :]), roots[5]
            )
    for place in range(len(consistency)):
        with pytest.raises(ProofError, match="32 bytes"):
            verify_consistency(
                3, 5, (*consistency[:place], hashed, *consistency[place + 1 :]), roots[3], roots[5]
            )


def test_no_leaf_outside_the_tree_has_a_proof() -> None:
    with pytest.raises(ValueError, match="outside"):
        inclusion_proof(3, 3, TREE.read)


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="each bit"):
        Frontier(3, (bytes(32),))
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier(1, (bytes(31),))

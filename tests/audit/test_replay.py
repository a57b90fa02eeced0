# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import replay as module
from audit.entry import VERSION
from audit.merkle import EMPTY_ROOT, Frontier, ProofError, leaf_hash, root_of
from audit.replay import LeafError, replay


def leaf(number: int) -> bytes:
    return VERSION + number.to_bytes(32, "big")


def root_over(size: int) -> bytes:
    return root_of(leaf_hash(leaf(number)) for number in range(size))


@given(st.lists(st.integers(0, 40), max_size=8))
def test_extending_a_frontier_by_many_leaves_is_appending_them_one_by_one(parts: list[int]) -> None:
    by_many, by_one = Frontier(), Frontier()
    for part in parts:
        hashed = [leaf_hash(leaf(by_one.size + number)) for number in range(part)]
        by_many = by_many.extend(hashed)
        for one in hashed:
            by_one, _nodes = by_one.append(one)
        assert by_many == by_one


@given(st.integers(0, 300), st.integers(1, 64), st.sets(st.integers(0, 320)), st.sets(st.integers(0, 320)))
def test_a_replay_by_any_batch_gives_the_roots_and_hashes_of_the_tree(
    size: int, batch: int, sizes: set[int], indexes: set[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BATCH", batch)
        found = replay((leaf(n) for n in range(size)), limit=size, sizes=sizes, indexes=indexes)
    assert (found.size, found.root) == (size, root_over(size))
    assert found.roots == {one: root_over(one) for one in sizes if one <= size}
    assert found.hashes == {one: leaf_hash(leaf(one)) for one in indexes if one < size}


def test_a_log_without_leaves_has_the_empty_root() -> None:
    found = replay([], limit=0, sizes=[0])
    assert (found.size, found.root, found.roots) == (0, EMPTY_ROOT, {0: EMPTY_ROOT})


@pytest.mark.parametrize("bad", [b"", leaf(1)[:-1], leaf(1) + b"\x00", b"\x02" + bytes(32)])
def test_a_leaf_of_another_form_ends_the_replay_at_its_number(bad: bytes) -> None:
    with pytest.raises(LeafError, match="blad 5000 heeft") as refused:
        replay([*(leaf(n) for n in range(5000)), bad, leaf(7)], limit=9000)
    assert refused.value.index == 5000


def test_two_leaves_of_wrong_lengths_that_add_up_are_not_taken_for_right_ones() -> None:
    with pytest.raises(LeafError) as refused:
        replay([leaf(0) + VERSION, leaf(1)[1:]], limit=2)
    assert refused.value.index == 0


def test_a_log_longer_than_its_checkpoint_says_is_refused() -> None:
    with pytest.raises(ProofError, match="meer bladen"):
        replay([leaf(0), leaf(1)], limit=1)

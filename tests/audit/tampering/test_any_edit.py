# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Any edit of a log of any size, and any page in which it is read."""

from hashlib import sha256

from hypothesis import assume, given
from hypothesis import strategies as st

from audit import wholeness
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.entry import LEAF_SIZE
from audit.merkle import HASH_SIZE, Address, Frontier, leaf_hash
from audit.verify import verify_log
from audit.wholeness import Page, Replay, leaves_under
from tests.audit.tampering.conftest import flipped
from tests.audit.tampering.test_every_byte import Public, stored
from tests.register.central.conftest import LOG_SIGNER

LARGEST = 70
LEAVES = [b"\x01" + sha256(bytes([number])).digest() for number in range(LARGEST)]
WAYS = ("flip", "delete", "insert", "swap", "duplicate", "move")
edits = st.tuples(
    st.sampled_from(WAYS), st.integers(0, LARGEST), st.integers(0, LARGEST), st.integers(0, LEAF_SIZE - 1)
)


def edited(leaves: list[bytes], way: str, one: int, two: int, at: int) -> list[bytes]:
    """The leaves after one edit."""
    made, one, two = list(leaves), one % len(leaves), two % len(leaves)
    if way == "flip":
        made[one] = flipped(made[one], at)
    elif way == "delete":
        del made[one]
    elif way == "insert":
        made.insert(one, LEAVES[-1 - two])
    elif way == "swap":
        made[one], made[two] = made[two], made[one]
    elif way == "duplicate":
        made.insert(two, made[one])
    else:
        made.insert(two, made.pop(one))
    return made


def read(
    leaves: list[bytes], nodes: dict[Address, bytes], head: Frontier, checkpoints: tuple[Checkpoint, ...] = ()
) -> list[str]:
    """What is told of a log that is read page by page."""
    replay = Replay(head.size, b"".join(head.hashes), checkpoints)
    said: list[str] = []
    for begin, end in replay.pages():
        here = {
            address: hashed
            for address, hashed in nodes.items()
            if begin < (address.place + 1) << address.level <= end
        }
        said += replay.page(Page(begin, end, dict(enumerate(leaves[begin:end], begin)), here))
    return [*said, *replay.end()]


@given(st.integers(1, LARGEST), st.lists(edits, min_size=1, max_size=4))
def test_whatever_was_done_to_the_leaves_is_refused_and_told(
    size: int, done: list[tuple[str, int, int, int]]
) -> None:
    honest = LEAVES[:size]
    nodes, frontiers = stored(honest)
    leaves = honest
    for edit in done:
        leaves = edited(leaves, *edit) if leaves else leaves
    assume(leaves != honest)
    note = sign_checkpoint(Checkpoint(LOG_SIGNER.name, size, frontiers[size].root()), LOG_SIGNER)
    if leaves[:size] != honest:
        assert not verify_log(note, LOG_SIGNER.verifier, Public(leaves, nodes)).verified
        said = read(leaves, nodes, frontiers[size])
        first = next(place for place in range(size) if leaves[place : place + 1] != honest[place : place + 1])
        changed = "is veranderd" if first < len(leaves) else "ontbreekt"
        assert f"Blad {first} {changed}." in said


@given(st.integers(1, LARGEST), st.data(), st.sampled_from([2, 4, 8, 64]))
def test_a_node_is_told_with_its_leaves_whatever_pages_the_log_is_read_in(
    size: int, data: st.DataObject, page: int
) -> None:
    nodes, frontiers = stored(LEAVES[:size])
    address = data.draw(st.sampled_from(sorted(nodes)))
    touched = nodes | {address: flipped(nodes[address], data.draw(st.integers(0, HASH_SIZE - 1)))}
    before, wholeness.PAGE = wholeness.PAGE, page
    try:
        assert read(LEAVES[:size], nodes, frontiers[size]) == []
        assert read(LEAVES[:size], touched, frontiers[size]) == [
            f"De knoop over {leaves_under(address)} is veranderd."
        ]
    finally:
        wholeness.PAGE = before


@given(st.integers(1, LARGEST), st.data(), st.sampled_from([2, 4, 8, 64]))
def test_a_leaf_is_told_once_whatever_pages_the_log_is_read_in(
    size: int, data: st.DataObject, page: int
) -> None:
    nodes, frontiers = stored(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    leaves = edited(LEAVES[:size], "flip", index, 0, data.draw(st.integers(1, HASH_SIZE)))
    before, wholeness.PAGE = wholeness.PAGE, page
    try:
        said = read(leaves, nodes, frontiers[size])
    finally:
        wholeness.PAGE = before
    assert said == [f"Blad {index} is veranderd."]


@given(st.integers(2, LARGEST), st.data())
def test_a_log_rewritten_with_all_that_follows_is_told_by_every_checkpoint_after_the_place(
    size: int, data: st.DataObject
) -> None:
    _nodes, honest = stored(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    kept = tuple(Checkpoint(LOG_SIGNER.name, at, honest[at].root()) for at in range(size + 1))
    leaves = edited(LEAVES[:size], "flip", index, 0, 7)
    nodes, frontiers = stored(leaves)
    assert leaf_hash(leaves[index]) == nodes[Address(0, index)]
    assert read(leaves, nodes, frontiers[size], kept) == [
        f"Het controlepunt over {at} bladen hoort bij andere bladen: de geschiedenis is herschreven."
        for at in range(index + 1, size + 1)
    ]

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1), with SHA-256.

A leaf is hashed with prefix 0x00 and a node with prefix 0x01, so that neither can pass for the other. The tree over n
leaves splits at the largest power of two below n; a *perfect* subtree over 2^level leaves, once complete, never changes,
and those are all that a store has to keep.

In the order in which a log uses it:

1. ``Frontier`` holds the perfect subtrees that make up a tree of some size: enough to append a leaf and to know the root.
2. ``inclusion_proof`` and ``consistency_proof`` (RFC 9162 sections 2.1.3.1 and 2.1.4.1) read perfect subtrees through a
   callback that the caller supplies; each calls it exactly once, so that a store needs one query.
3. ``verify_inclusion`` and ``verify_consistency`` (sections 2.1.3.2 and 2.1.4.2) raise when a proof fails: a result that
   may not be ignored is not returned.

There is no proof from size 0: every tree extends the empty one, so such a "proof" would say nothing of the new root and
must not look like one that does. Who begins with nothing says so himself (``audit.checkpoint``).

Left to others: where nodes are kept, what a leaf says, and who signed a root.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Self

from process.language import gettext as _

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


class ProofError(ValueError):
    """A proof that does not prove it; the message says in Dutch what failed."""


class Address(NamedTuple):
    """The perfect subtree over leaves ``place << level`` up to and without ``(place + 1) << level``."""

    level: int
    place: int


class Node(NamedTuple):
    """A perfect subtree and its 32-byte hash."""

    address: Address
    hash: bytes


NodeReader = Callable[[Sequence[Address]], Sequence[bytes]]
"""Gives the hashes of perfect subtrees, in the order asked."""


def leaf_hash(leaf: bytes) -> bytes:
    """The 32-byte hash of a leaf's bytes (RFC 9162 section 2.1.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of a node over two 32-byte hashes (RFC 9162 section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """The perfect subtrees of a tree of ``size`` leaves, largest first: one 32-byte hash for each bit set in ``size``."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError("a frontier has one hash for each bit set in its size")
        if any(len(one) != HASH_SIZE for one in self.hashes):
            raise ValueError("a frontier holds hashes of 32 bytes")

    @classmethod
    def over(cls, leaves: Iterable[bytes]) -> Self:
        """The frontier after appending ``leaves`` (their bytes, not their hashes) to an empty tree."""
        frontier = cls()
        for leaf in leaves:
            frontier, _nodes = frontier.append(leaf_hash(leaf))
        return frontier

    def append(self, hashed_leaf: bytes) -> tuple[Self, tuple[Node, ...]]:
        """The frontier with one leaf more, and the perfect subtrees that this leaf completed, its own first."""
        nodes = [Node(Address(0, self.size), hashed_leaf)]
        waiting = list(self.hashes)
        while waiting and _ends_in_ones(self.size, len(nodes)):
            (level, place), right = nodes[-1]
            nodes.append(Node(Address(level + 1, place >> 1), node_hash(waiting.pop(), right)))
        return type(self)(self.size + 1, (*waiting, nodes[-1].hash)), tuple(nodes)

    def extend(self, hashed_leaves: Iterable[bytes]) -> Self:
        """The frontier with all these leaves more, as ``append`` would give it one by one: level by level, without nodes."""
        arriving, waiting, kept = list(hashed_leaves), list(self.hashes), list[bytes]()
        size, level = self.size + len(arriving), 0
        while arriving or waiting:
            if self.size >> level & 1:
                arriving.insert(0, waiting.pop())
            if len(arriving) & 1:
                kept.append(arriving.pop())
            pairs = iter(arriving)
            # Not node_hash: a call for each node would double the time of a replay.
            arriving = [
                sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)
            ]
            level += 1
        return type(self)(size, tuple(reversed(kept)))

    def root(self) -> bytes:
        """The 32-byte root of the tree; of the empty tree the hash of nothing (RFC 9162 section 2.1.1)."""
        return _fold(self.hashes) if self.hashes else EMPTY_ROOT


def root_of(hashed_leaves: Iterable[bytes]) -> bytes:
    """The root over leaves that were hashed already."""
    frontier = Frontier()
    for hashed in hashed_leaves:
        frontier, _nodes = frontier.append(hashed)
    return frontier.root()


def perfect_subtrees(begin: int, end: int) -> tuple[Address, ...]:
    """The perfect subtrees that make up leaves ``begin`` to ``end``, a range as RFC 6962 splits off, largest first."""
    addresses = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        addresses.append(Address(level, begin >> level))
        begin += 1 << level
    return tuple(addresses)


def inclusion_proof(index: int, size: int, read: NodeReader) -> tuple[bytes, ...]:
    """The hashes that lead from leaf ``index`` to the root over ``size`` leaves (RFC 9162 section 2.1.3.1).

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside the tree")
    return _hashes_of(list(_inclusion_ranges(index, 0, size)), read)


def consistency_proof(old: int, new: int, read: NodeReader) -> tuple[bytes, ...]:
    """The hashes that show the tree of ``new`` leaves to extend that of ``old`` leaves (RFC 9162 section 2.1.4.1).

    Empty for equal sizes.

    Raises:
        ValueError: the old tree is empty, or the sizes are in the wrong order.
    """
    if not 0 < old <= new:
        raise ValueError("a tree extends smaller trees only, and proves nothing of an empty one")
    if old == new:
        return ()
    return _hashes_of(list(_consistency_ranges(old, 0, new, whole=True)), read)


def verify_inclusion(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Returns only if ``proof`` leads from leaf ``index`` to ``root`` over ``size`` leaves (RFC 9162 section 2.1.3.2).

    Raises:
        ProofError: it does not.
    """
    _require_hashes((hashed_leaf, *proof, root))
    if not 0 <= index < size:
        raise ProofError(_("het blad valt buiten het logboek"))
    position, last, reached = index, size - 1, hashed_leaf
    for sibling in proof:
        if last == 0:
            raise ProofError(_("het bewijs is langer dan bij dit blad hoort"))
        if position & 1 or position == last:
            reached = node_hash(sibling, reached)
            position, last = _climb_to_right_child(position, last)
        else:
            reached = node_hash(reached, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError(_("het bewijs is korter dan bij dit blad hoort"))
    if reached != root:
        raise ProofError(_("het bewijs leidt niet van dit blad naar de wortel"))


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Returns only if ``proof`` shows that the new tree extends the old one (RFC 9162 section 2.1.4.2).

    Raises:
        ProofError: it does not.
    """
    _require_hashes((*proof, old_root, new_root))
    if old <= 0:
        raise ProofError(_("vanaf een leeg logboek bestaat geen bewijs van samenhang"))
    if old > new:
        raise ProofError(_("het nieuwe logboek is kleiner dan het oude"))
    if old == new:
        _verify_same_tree(proof, old_root, new_root)
        return
    # RFC 9162 step 2: an old tree that is one perfect subtree of the new one stands first without being sent.
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not proof:
        raise ProofError(_("het bewijs van samenhang ontbreekt"))
    position, last = _climb_to_left_child(old - 1, new - 1)
    old_reached = new_reached = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError(_("het bewijs van samenhang is te lang"))
        if position & 1 or position == last:
            old_reached, new_reached = node_hash(sibling, old_reached), node_hash(sibling, new_reached)
            position, last = _climb_to_right_child(position, last)
        else:
            new_reached = node_hash(new_reached, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError(_("het bewijs van samenhang is te kort"))
    if old_reached != old_root or new_reached != new_root:
        raise ProofError(_("het nieuwe logboek bevat het oude niet ongewijzigd"))


def _verify_same_tree(proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    if proof:
        raise ProofError(_("bij deze omvang hoort geen bewijs van samenhang"))
    if old_root != new_root:
        raise ProofError(_("twee logboeken van dezelfde omvang hebben een andere wortel"))


def _require_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError(_("een hash telt 32 bytes"))


def _ends_in_ones(size: int, count: int) -> bool:
    """True if the last ``count`` bits of ``size`` are all one: so many perfect subtrees merge when a leaf follows."""
    mask = (1 << count) - 1
    return size & mask == mask


def _climb_to_right_child(position: int, last: int) -> tuple[int, int]:
    """Skips the levels where the ragged right edge has no sibling (RFC 9162 section 2.1.3.2 step 4.2.2)."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _climb_to_left_child(position: int, last: int) -> tuple[int, int]:
    """Climbs while the position is a right child (RFC 9162 section 2.1.4.2 step 4)."""
    while position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _split(begin: int, end: int) -> int:
    """Where RFC 6962 divides leaves ``begin`` to ``end``: after the largest power of two below their number."""
    return begin + (1 << ((end - begin - 1).bit_length() - 1))


def _inclusion_ranges(index: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges of leaves whose roots form PATH(index), nearest first."""
    if end - begin == 1:
        return
    split = _split(begin, end)
    if index < split:
        yield from _inclusion_ranges(index, begin, split)
        yield split, end
    else:
        yield from _inclusion_ranges(index, split, end)
        yield begin, split


def _consistency_ranges(old: int, begin: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """The ranges of leaves whose roots form SUBPROOF(old), ``old`` counted from the first leaf of all."""
    if old == end:
        if not whole:
            yield begin, end
        return
    split = _split(begin, end)
    if old <= split:
        yield from _consistency_ranges(old, begin, split, whole=whole)
        yield split, end
    else:
        yield from _consistency_ranges(old, split, end, whole=False)
        yield begin, split


def _hashes_of(ranges: Sequence[tuple[int, int]], read: NodeReader) -> tuple[bytes, ...]:
    """The root of every range, with one call of ``read`` for all of them."""
    subtrees = [perfect_subtrees(begin, end) for begin, end in ranges]
    found = iter(read([address for one in subtrees for address in one]))
    return tuple(_fold([next(found) for _address in one]) for one in subtrees)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees, largest first: the small ones join at the right edge."""
    *earlier, reached = hashes
    for one in reversed(earlier):
        reached = node_hash(one, reached)
    return reached

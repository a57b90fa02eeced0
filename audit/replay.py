# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Replaying a log: the root over all its leaves, from their bytes alone, and on the way what else must be compared.

A log of a million leaves is replayed by whoever doubts it, so this goes by batches: one list of hashes a level and no object
for a leaf or a node. The tree is that of ``audit.merkle``, whose ``Frontier`` does the arithmetic.

1. Every leaf has the one known form (``audit.entry``), or the replay ends at its number.
2. The roots at the sizes asked are remembered as the replay passes through them: earlier checkpoints must be among them.
3. The hashes of the leaves asked are remembered: receipts speak of them.

Left to others: where leaves come from, and which root is the right one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, pairwise

from audit.entry import LEAF_SIZE, VERSION
from audit.merkle import Frontier, ProofError
from process.language import gettext as _

BATCH = 4096
"""Leaves at a time: large enough that Python's own work is small beside hashing, and a fraction of a megabyte."""


class LeafError(ProofError):
    """A leaf that cannot be one; ``index`` is its number and the message says in Dutch what is wrong."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.index = index


@dataclass(frozen=True)
class Replayed:
    """What a log came to.

    Attributes:
        size: the number of leaves read.
        root: the 32-byte root over them.
        roots: for each size asked that was passed, the root over so many leaves.
        hashes: for each leaf asked that was read, its 32-byte hash.
    """

    size: int
    root: bytes
    roots: Mapping[int, bytes]
    hashes: Mapping[int, bytes]


def replay(
    leaves: Iterable[bytes], *, limit: int, sizes: Collection[int] = (), indexes: Collection[int] = ()
) -> Replayed:
    """Appends every leaf to an empty tree.

    Args:
        leaves: their bytes, in order.
        limit: how many there may be.
        sizes: where on the way the root is wanted.
        indexes: which leaves' hashes are wanted.

    Raises:
        ProofError: there are more leaves than ``limit``; ``LeafError`` if one has not the form of a leaf.
    """
    frontier, roots, hashes = Frontier(), dict[int, bytes](), dict[int, bytes]()
    wanted, iterator = frozenset(sizes), iter(leaves)
    if 0 in wanted:
        roots[0] = frontier.root()
    while batch := list(islice(iterator, BATCH)):
        begin, end = frontier.size, frontier.size + len(batch)
        if end > limit:
            raise ProofError(_("er zijn meer bladen dan het controlepunt zegt"))
        _require_form(batch, begin)
        hashed = [sha256(b"\x00" + leaf).digest() for leaf in batch]
        hashes.update((index, hashed[index - begin]) for index in indexes if begin <= index < end)
        stops = sorted({begin, end, *(one for one in wanted if begin < one < end)})
        for first, last in pairwise(stops):
            frontier = frontier.extend(hashed[first - begin : last - begin])
            if last in wanted:
                roots[last] = frontier.root()
    return Replayed(frontier.size, frontier.root(), roots, hashes)


def _require_form(batch: Sequence[bytes], begin: int) -> None:
    if set(map(len, batch)) == {LEAF_SIZE} and b"".join(batch)[::LEAF_SIZE] == VERSION * len(batch):
        return
    for index, leaf in enumerate(batch, start=begin):
        if len(leaf) != LEAF_SIZE or leaf[:1] != VERSION:
            raise LeafError(_("blad {nummer} heeft een onbekende vorm").format(nummer=index), index)

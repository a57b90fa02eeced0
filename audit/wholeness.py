# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What is wrong with a log as it is stored, and where: one sentence in Dutch for each place.

A reader of the public log sees that a root does not follow from the leaves (``audit.verify``). Who keeps the log has more: the
node over every perfect subtree, the frontier, the checkpoints. Those say *where* it was touched:

1. Leaves are replayed in order. Of every perfect subtree that they complete, the stored node must be the computed one.
2. A touched leaf changes every node above it. So only the lowest differing node of a chain is told: a leaf whose node differs
   together with what stands above it was touched itself; a node that differs from what is below it and from nothing else was.
3. Nothing stands in the tables that the log's size does not account for.
4. Where no leaf was touched: the frontier is that of the replay, so the log goes on from where it is.
5. And every kept checkpoint is the root over its first leaves: who rewrote leaves, nodes and frontier alike is told here.

What this cannot see is a log that was put back or rewritten as a whole, with its checkpoints: whoever remembers one elsewhere
sees that (the signer, nodes, witnesses, ``audit verify --remember``). Left to others: reading (``audit.store.wholeness``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from audit.checkpoint import Checkpoint
from audit.entry import LEAF_SIZE, VERSION
from audit.merkle import HASH_SIZE, Address, Frontier, leaf_hash
from process.language import gettext as _

PAGE = 1024
"""Leaves in one page: a power of two, so that below it every node's parent stands in the same page."""


@dataclass(frozen=True)
class Page:
    """Everything that is stored of leaves ``begin`` up to ``end``: bytes by index, and the nodes that they complete by address."""

    begin: int
    end: int
    leaves: Mapping[int, bytes]
    nodes: Mapping[Address, bytes]


@dataclass
class Replay:
    """One replay of a stored log of ``size`` leaves.

    Attributes:
        size: as the head says.
        frontier: bytes of the stored frontier.
        checkpoints: those that are kept.
    """

    size: int
    frontier: bytes
    checkpoints: Sequence[Checkpoint] = ()
    _computed: Frontier = field(default_factory=Frontier)
    _differing: set[Address] = field(default_factory=set)
    _roots: dict[int, bytes] = field(default_factory=dict)
    _untouched: int | None = None
    """How many leaves come before the first that was touched."""

    def pages(self) -> Iterator[tuple[int, int]]:
        """The pages to give to ``page``, in order."""
        for begin in range(0, self.size, PAGE):
            yield begin, min(begin + PAGE, self.size)

    def page(self, page: Page) -> Iterator[str]:
        """What is wrong with the next page."""
        wanted = {one.size for one in self.checkpoints}
        missing, found = set(), set()
        for index in range(page.begin, page.end):
            leaf = page.leaves.get(index)
            if leaf is None:
                missing.add(index)
            self._computed, nodes = self._computed.append(self._hashed(index, leaf, page.nodes))
            found |= {address for address, hashed in nodes if page.nodes.get(address) != hashed}
            if self._computed.size in wanted:
                self._roots[self._computed.size] = self._computed.root()
        self._differing |= found
        if self._untouched is None:
            self._untouched = self._first_touched(found)
        yield from (_("Blad {nummer} ontbreekt.").format(nummer=index) for index in sorted(missing))
        yield from (
            _("Blad {nummer} heeft een onbekende vorm.").format(nummer=index)
            for index, leaf in sorted(page.leaves.items())
            if len(leaf) != LEAF_SIZE or leaf[:1] != VERSION
        )
        for address in sorted(found):
            if not (self._explained(address) or (address.level == 0 and address.place in missing)):
                yield self._touched(address, page.nodes)

    def end(self) -> Iterator[str]:
        """What is wrong with the log as a whole, after its last page."""
        untouched = self.size if self._untouched is None else self._untouched
        if untouched == self.size and self.frontier != b"".join(self._computed.hashes):
            yield _("De kop van het logboek past niet bij de {aantal} bladen.").format(aantal=self.size)
        for one in sorted(self.checkpoints, key=lambda checkpoint: checkpoint.size):
            if one.size > self.size:
                yield _(
                    "Er is een controlepunt over {aantal} bladen, maar het logboek heeft er {omvang}: er zijn bladen weggehaald."
                ).format(aantal=one.size, omvang=self.size)
            elif 0 < one.size <= untouched and one.root != self._roots[one.size]:
                yield _(
                    "Het controlepunt over {aantal} bladen hoort bij andere bladen: de geschiedenis is herschreven."
                ).format(aantal=one.size)

    def _first_touched(self, found: set[Address]) -> int | None:
        """The first leaf from which another root follows, among places that differ."""
        touched = (one.place for one in found if one.level == 0 and self._above_differs(one))
        return min(touched, default=None)

    def _hashed(self, index: int, leaf: bytes | None, nodes: Mapping[Address, bytes]) -> bytes:
        """The leaf's hash; of a leaf that is gone the one that its node remembers, so that the rest can still be judged."""
        if leaf is not None:
            return leaf_hash(leaf)
        remembered = nodes.get(Address(0, index), b"")
        return remembered if len(remembered) == HASH_SIZE else bytes(HASH_SIZE)

    def _explained(self, address: Address) -> bool:
        """True if something below it differs already."""
        below, left = address.level - 1, address.place << 1
        return Address(below, left) in self._differing or Address(below, left + 1) in self._differing

    def _touched(self, address: Address, nodes: Mapping[Address, bytes]) -> str:
        if address not in nodes:
            sentence = _("De knoop over {bladen} ontbreekt.")
        elif address.level == 0 and self._above_differs(address):
            return _("Blad {nummer} is veranderd.").format(nummer=address.place)
        else:
            sentence = _("De knoop over {bladen} is veranderd.")
        return sentence.format(bladen=leaves_under(address))

    def _above_differs(self, address: Address) -> bool:
        """True if what was computed from a leaf when it was appended tells it was another; the last leaf of an odd log has the frontier above it."""
        if address.place == self.size - 1 and not address.place & 1:
            return self.frontier[-HASH_SIZE:] != self._computed.hashes[-1]
        return Address(1, address.place >> 1) in self._differing


def leaves_under(address: Address) -> str:
    """The leaves of a perfect subtree, in Dutch."""
    first, end = address.place << address.level, (address.place + 1) << address.level
    if end - first == 1:
        return _("blad {nummer}").format(nummer=first)
    return _("blad {eerste} tot en met {laatste}").format(eerste=first, laatste=end - 1)

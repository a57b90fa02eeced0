# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Where the parts of a log stand as static files (https://c2sp.org/tlog-tiles).

A *tile* holds up to 256 hashes of the tree, side by side, eight levels above those of the tile level below it; a *bundle* holds
the 256 entries under a tile of level 0. A part that is not full yet bears its width, ``.p/<W>``. An index is written in groups of
three digits, all but the last with an ``x`` before it: 1234067 is ``x001/x234/067``.

``Tile.from_path`` and ``entries_from_path`` accept the one spelling and nothing beside it; ``within`` says whether a part is
wholly below a size, since nothing is served that no checkpoint covers. Left to others: where hashes and entries come from.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from audit.merkle import Address

WIDTH = 256
HEIGHT = 8
HIGHEST_LEVEL = 63

_PART = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LEVEL = re.compile(r"(0|[1-9][0-9]?)/(.+)")
_MOST_GROUPS = 7
"""As many as a tree of 2^63 leaves needs."""


@dataclass(frozen=True)
class Tile:
    """Part ``index`` of tile level ``level``: ``width`` hashes."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The perfect subtrees whose hashes stand in this tile, in order."""
        begin = self.index * WIDTH
        return tuple(Address(self.level * HEIGHT, begin + place) for place in range(self.width))

    @property
    def path(self) -> str:
        """Behind ``tile/``."""
        return f"{self.level}/{_part(self.index, self.width)}"

    def within(self, size: int) -> bool:
        """True if a tree of so many leaves has all of these hashes."""
        return (self.index * WIDTH + self.width) << (self.level * HEIGHT) <= size

    @classmethod
    def from_path(cls, path: str) -> Self | None:
        """Reads what stands behind ``tile/``; None if it is no tile."""
        found = _LEVEL.fullmatch(path)
        part = None if found is None or int(found[1]) > HIGHEST_LEVEL else _read(found[2])
        return None if found is None or part is None else cls(int(found[1]), *part)


@dataclass(frozen=True)
class Entries:
    """Bundle ``index``: ``width`` entries."""

    index: int
    width: int = WIDTH

    @property
    def begin(self) -> int:
        """Its first leaf."""
        return self.index * WIDTH

    @property
    def end(self) -> int:
        """Behind its last leaf."""
        return self.begin + self.width

    @property
    def path(self) -> str:
        """Behind ``tile/entries/``."""
        return _part(self.index, self.width)

    def within(self, size: int) -> bool:
        """True if a tree of so many leaves has all of these entries."""
        return self.end <= size

    @classmethod
    def from_path(cls, path: str) -> Self | None:
        """Reads what stands behind ``tile/entries/``; None if it is no bundle."""
        part = _read(path)
        return None if part is None else cls(*part)


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """Entries one after the other, each after its length as a big-endian uint16."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def tile_of(hashes: Sequence[bytes]) -> bytes:
    """Hashes of 32 bytes one after the other."""
    return b"".join(hashes)


def tiles_of(size: int) -> tuple[Tile, ...]:
    """Every tile of a tree of ``size`` leaves, level by level, a partial one last."""
    tiles: list[Tile] = []
    level = 0
    while size > 0:
        tiles += [Tile(level, index) for index in range(size // WIDTH)]
        if size % WIDTH:
            tiles.append(Tile(level, size // WIDTH, size % WIDTH))
        size, level = size // WIDTH, level + 1
    return tuple(tiles)


def _part(index: int, width: int) -> str:
    digits = f"{index:03d}"
    digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
    *high, low = (digits[at : at + 3] for at in range(0, len(digits), 3))
    groups = "/".join((*(f"x{one}" for one in high), low))
    return groups if width == WIDTH else f"{groups}.p/{width}"


def _read(path: str) -> tuple[int, int] | None:
    found = _PART.fullmatch(path)
    if found is None or not path.isascii():
        return None
    groups = found[1].replace("x", "").split("/")
    width = WIDTH if found[2] is None else int(found[2])
    index = int("".join(groups))
    # One spelling: no group of zeroes in front, and a full part bears no width.
    if len(groups) > _MOST_GROUPS or width > WIDTH or _part(index, width) != path:
        return None
    return index, width

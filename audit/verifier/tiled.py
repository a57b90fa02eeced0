# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A log kept as tiles (https://c2sp.org/tlog-tiles): read its leaves, and point out where leaves and tree part.

What arrives is not believed: ``audit.verify`` judges it. A bundle of entries holds 256 leaves, each of the one length
that leaves have, behind two bytes that say so; a tile holds the 256 hashes over them; the last of each may be partial. ``locate`` hashes every leaf again and compares it with its tile. Of a tile that differs, the
tile above it says which of the two is as it was signed; only if both are whole and still differ, neither.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from audit.checkpoint import Checkpoint
from audit.entry import LEAF_SIZE
from audit.merkle import HASH_SIZE, Frontier
from audit.note import LARGEST_NOTE
from audit.tiles import WIDTH, Entries, Tile
from audit.verify import SourceError
from process.language import gettext as _

_LENGTH = 2
_RECORD = _LENGTH + LEAF_SIZE
_LEAF_LENGTH = LEAF_SIZE.to_bytes(_LENGTH, "big")

Fetch = Callable[[str], bytes | None]
"""The bytes at a path below the log's prefix, None if there is nothing."""


def folder(path: Path) -> Fetch:
    """Reads files under ``path``."""

    def fetch(name: str) -> bytes | None:
        try:
            return path.joinpath(*name.split("/")).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise SourceError(
                _("het bestand {pad} is niet te lezen ({soort})").format(
                    pad=path / name, soort=type(error).__name__
                )
            ) from error

    return fetch


def _hashes_path(tile: Tile) -> str:
    return f"tile/{tile.path}"


def _entries_path(entries: Entries) -> str:
    return f"tile/entries/{entries.path}"


class TiledLog:
    """A log behind ``fetch``. Implements ``LogSource`` and ``Locator`` of ``audit.verify``; proofs follow from the leaves."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def checkpoint(self, *, witnessed: bool = False) -> bytes:
        """The signed checkpoint note; a copy holds one, whoever vouches for it."""
        del witnessed
        note = self._fetch("checkpoint")
        if note is None:
            raise SourceError(_("er is geen bestand 'checkpoint'"))
        return note[: LARGEST_NOTE + 1]

    def leaves(self, size: int) -> Iterator[bytes]:
        """The bytes of the first ``size`` leaves, bundle by bundle."""
        for number, width in _tiles(size):
            yield from self._bundle(number, width)

    def locate(self, checkpoint: Checkpoint) -> str | None:
        """The leaves that are not those of the tree, or the tile that is not that of the leaves."""
        frontier, leaves, tiles = Frontier(), list[int](), list[str]()
        for number, width in _tiles(checkpoint.size):
            read = [sha256(b"\x00" + record[_LENGTH:]).digest() for record in self._records(number, width)]
            claimed = self._hashes(Tile(0, number, width))
            if claimed is None:
                return None
            different = [
                number * WIDTH + place
                for place, (one, other) in enumerate(zip_longest(read, claimed))
                if one != other
            ]
            if different and not self._is_signed(claimed, number, frontier, checkpoint):
                if not self._is_signed(read, number, frontier, checkpoint):
                    return _("blad {eerste} is veranderd, of de hash ervan in {tegel}").format(
                        eerste=different[0], tegel=_hashes_path(Tile(0, number, width))
                    )
                tiles.append(_hashes_path(Tile(0, number, width)))
                claimed = read
            elif different:
                leaves += different
            frontier = frontier.extend(claimed)
        return _place(leaves, tiles, checkpoint.size)

    def _is_signed(
        self, hashes: Sequence[bytes], number: int, before: Frontier, checkpoint: Checkpoint
    ) -> bool:
        """Whether these are the hashes of that tile: the tile above says so, or the root if nothing follows."""
        if before.size + len(hashes) == checkpoint.size:
            return before.extend(hashes).root() == checkpoint.root
        begin, place = number - number % WIDTH, number % WIDTH
        above = self._hashes(Tile(1, number // WIDTH, min(WIDTH, checkpoint.size // WIDTH - begin)))
        return above is not None and place < len(above) and Frontier().extend(hashes).root() == above[place]

    def _hashes(self, tile: Tile) -> list[bytes] | None:
        data = self._either(_hashes_path(tile), _hashes_path(replace(tile, width=WIDTH)))
        if data is None or len(data) < tile.width * HASH_SIZE:
            return None
        return [data[at : at + HASH_SIZE] for at in range(0, tile.width * HASH_SIZE, HASH_SIZE)]

    def _records(self, number: int, width: int) -> list[bytes]:
        """What is there of a bundle: each leaf behind its length, no more than ``width``, the last perhaps not whole."""
        data = self._either(_entries_path(Entries(number, width)), _entries_path(Entries(number))) or b""
        return [data[at : at + _RECORD] for at in range(0, min(len(data), width * _RECORD), _RECORD)]

    def _bundle(self, number: int, width: int) -> list[bytes]:
        path, begin = _entries_path(Entries(number, width)), number * WIDTH
        records = self._records(number, width)
        if not records:
            raise SourceError(
                _("{tegel} ontbreekt, met de bladen {eerste} tot en met {laatste}").format(
                    tegel=path, eerste=begin, laatste=begin + width - 1
                )
            )
        for place, record in enumerate(records):
            if len(record) != _RECORD or record[:_LENGTH] != _LEAF_LENGTH:
                raise SourceError(
                    _("{tegel} is kapot bij blad {nummer}").format(tegel=path, nummer=begin + place)
                )
        return [record[_LENGTH:] for record in records]

    def _either(self, partial: str, whole: str) -> bytes | None:
        """A partial tile, or the full one that took its place."""
        data = self._fetch(partial)
        return self._fetch(whole) if data is None and whole != partial else data


def _tiles(size: int) -> Iterator[tuple[int, int]]:
    """The number and width of each tile over ``size`` leaves."""
    for begin in range(0, size, WIDTH):
        yield begin // WIDTH, min(WIDTH, size - begin)


def _place(leaves: Sequence[int], tiles: Sequence[str], size: int) -> str | None:
    if tiles:
        return _("{naam} is veranderd, de bladen zelf niet").format(naam=tiles[0])
    if not leaves:
        return None
    if len(leaves) == 1:
        return _("blad {nummer} is veranderd").format(nummer=leaves[0])
    if leaves[-1] == size - 1 and len(leaves) == size - leaves[0]:
        return _(
            "blad {eerste} en alles daarna is anders, alsof daar een blad is weggehaald of tussengevoegd"
        ).format(eerste=leaves[0])
    if len(leaves) == 2:
        return _("blad {een} en blad {ander} zijn veranderd").format(een=leaves[0], ander=leaves[1])
    return _("blad {eerste} en nog {aantal} andere zijn veranderd").format(
        eerste=leaves[0], aantal=len(leaves) - 1
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A log written as static tiles (https://c2sp.org/tlog-tiles), straight from the specification: what a copy of a log looks like."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

TILE = 256


def write_tiles(folder: Path, leaves: Sequence[bytes], note: str) -> None:
    """The checkpoint, the bundles of entries, and the tiles of every level."""
    entries = [len(leaf).to_bytes(2, "big") + leaf for leaf in leaves]
    _write(folder, "entries", entries)
    level, hashes = 0, [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while hashes:
        _write(folder, str(level), hashes)
        level, hashes = level + 1, [_root(hashes[at : at + TILE]) for at in _whole(hashes)]
    (folder / "checkpoint").write_text(note, encoding="utf-8")


def _whole(hashes: Sequence[bytes]) -> range:
    return range(0, len(hashes) - TILE + 1, TILE)


def _root(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [sha256(b"\x01" + hashes[at] + hashes[at + 1]).digest() for at in range(0, len(hashes), 2)]
    return hashes[0]


def _write(folder: Path, level: str, parts: Sequence[bytes]) -> None:
    for begin in range(0, len(parts), TILE):
        some = parts[begin : begin + TILE]
        thousands, rest = divmod(begin // TILE, 1000)
        number = f"x{thousands:03}/{rest:03}" if thousands else f"{rest:03}"
        name = number if len(some) == TILE else f"{number}.p/{len(some)}"
        path = folder / "tile" / level / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(some))

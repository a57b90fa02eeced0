# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A copy of a log as tiles, with what somebody did to it: the place is said, and whether the leaf or the tile is at fault."""

from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.checkpoint import Checkpoint
from audit.entry import VERSION
from audit.merkle import leaf_hash, root_of
from audit.verifier.tiled import TiledLog, folder
from audit.verify import SourceError
from tests.audit.tiles import write_tiles

SIZE = 600
"""Two whole tiles and a part of one."""

RECORD = 35


def leaves(size: int = SIZE) -> list[bytes]:
    return [VERSION + number.to_bytes(32, "big") for number in range(size)]


def checkpoint(size: int = SIZE) -> Checkpoint:
    return Checkpoint("log.example", size, root_of(map(leaf_hash, leaves(size))))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    write_tiles(tmp_path, leaves(), "")
    return tmp_path


def located(path: Path, size: int = SIZE) -> str | None:
    return TiledLog(folder(path)).locate(checkpoint(size))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def test_leaves_are_read_back_as_they_were_written(copy: Path) -> None:
    assert list(TiledLog(folder(copy)).leaves(SIZE)) == leaves()
    assert list(TiledLog(folder(copy)).leaves(300)) == leaves(300)
    assert located(copy) is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, SIZE - 1))
def test_a_changed_leaf_is_pointed_out_by_number(copy: Path, number: int) -> None:
    rewritten(copy, lambda all_: [*all_[:number], VERSION + b"!" * 32, *all_[number + 1 :]])
    assert located(copy) == f"blad {number} is veranderd"


def swap(path: Path) -> None:
    rewritten(path, lambda all_: [*all_[:7], all_[300], *all_[8:300], all_[7], *all_[301:]])


def rewritten(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Other entries under the true tiles."""
    entries = [len(one).to_bytes(2, "big") + one for one in change(leaves())][:SIZE]
    for begin in range(0, SIZE, 256):
        some = entries[begin : begin + 256]
        name = f"{begin // 256:03}" + ("" if len(some) == 256 else f".p/{len(some)}")
        (path / "tile" / "entries" / name).write_bytes(b"".join(some))


DEEDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "leaf_in_the_last_tile": (
        lambda p: flip(p / "tile/entries/002.p/88", 40 * RECORD + 9),
        "blad 552 is veranderd",
    ),
    "two_leaves_swapped": (swap, "blad 7 en blad 300 zijn veranderd"),
    "leaf_removed": (
        lambda p: rewritten(p, lambda all_: [*all_[:100], *all_[101:], all_[0]]),
        "blad 100 en alles daarna is anders, alsof daar een blad is weggehaald of tussengevoegd",
    ),
    "leaf_inserted": (
        lambda p: rewritten(p, lambda all_: [*all_[:590], all_[0], *all_[590:]]),
        "blad 590 en alles daarna is anders, alsof daar een blad is weggehaald of tussengevoegd",
    ),
    "last_bundle_cut_short": (
        lambda p: (p / "tile/entries/002.p/88").write_bytes(b""),
        "blad 512 en alles daarna is anders, alsof daar een blad is weggehaald of tussengevoegd",
    ),
    "many_leaves": (
        lambda p: rewritten(p, lambda all_: [*all_[:10], *reversed(all_[10:20]), *all_[20:]]),
        "blad 10 en nog 9 andere zijn veranderd",
    ),
    "whole_tile_changed": (
        lambda p: flip(p / "tile/0/001", 5),
        "tile/0/001 is veranderd, de bladen zelf niet",
    ),
    "last_tile_changed": (
        lambda p: flip(p / "tile/0/002.p/88", 5),
        "tile/0/002.p/88 is veranderd, de bladen zelf niet",
    ),
    "leaf_and_tile_changed": (
        lambda p: deque(map(flip, [p / "tile/0/001", p / "tile/entries/001"], [9, 9])),
        "blad 256 is veranderd, of de hash ervan in tile/0/001",
    ),
}


@pytest.mark.parametrize("name", DEEDS)
def test_what_was_done_is_said_with_its_place(name: str, copy: Path) -> None:
    do, said = DEEDS[name]
    do(copy)
    assert located(copy) == said


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "half_is_there": (lambda p: p.write_bytes(p.read_bytes()[: 10 * RECORD + 4]), "is kapot bij blad 266"),
    "another_length": (lambda p: flip(p, 4 * RECORD + 1), "is kapot bij blad 260"),
    "gone": (Path.unlink, "ontbreekt, met de bladen 256 tot en met 511"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_bundle_that_is_broken_or_gone_is_named_with_its_leaves(name: str, copy: Path) -> None:
    break_it, said = BREAKS[name]
    break_it(copy / "tile/entries/001")
    with pytest.raises(SourceError, match=f"tile/entries/001 {said}"):
        list(TiledLog(folder(copy)).leaves(SIZE))


def test_a_bundle_without_its_last_leaf_gives_the_others_and_is_located(copy: Path) -> None:
    bundle = copy / "tile/entries/002.p/88"
    bundle.write_bytes(bundle.read_bytes()[:-RECORD])
    assert list(TiledLog(folder(copy)).leaves(SIZE)) == leaves()[:-1]
    assert located(copy) == "blad 599 is veranderd"


def test_a_partial_tile_may_have_been_replaced_by_the_whole_one(copy: Path) -> None:
    assert list(TiledLog(folder(copy)).leaves(100)) == leaves(100)
    assert located(copy, 100) is None


def test_without_tiles_there_is_no_place(copy: Path) -> None:
    (copy / "tile" / "0").rename(copy / "weg")
    flip(copy / "tile/entries/000", 9)
    assert located(copy) is None

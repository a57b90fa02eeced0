# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import Frontier, leaf_hash
from audit.tiles import Entries, Tile, bundle_of, tiles_of


def test_paths_are_those_of_the_specification() -> None:
    assert Tile(0, 1234067).path == "0/x001/x234/067"
    assert Tile(1, 0, 17).path == "1/000.p/17"
    assert Entries(273, 112).path == "273.p/112"
    assert Tile(2, 1000).path == "2/x001/000"


def test_a_tree_of_70000_leaves_has_the_tiles_of_the_specification() -> None:
    tiles = tiles_of(70_000)
    full = [one for one in tiles if one.width == 256]
    assert [sum(one.level == level for one in full) for level in range(3)] == [273, 1, 0]
    assert [one for one in tiles if one.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_a_tree_of_256_leaves_has_a_full_tile_and_one_hash_above_it() -> None:
    assert tiles_of(256) == (Tile(0, 0), Tile(1, 0, 1))
    assert tiles_of(0) == ()


@given(st.integers(0, 7), st.integers(0, 2**40), st.integers(1, 256))
def test_a_path_is_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert Tile.from_path(tile.path) == tile
    assert Entries.from_path(Entries(index, width).path) == Entries(index, width)


@given(st.integers(1, 200_000))
def test_every_tile_of_a_tree_is_within_it_and_none_within_a_smaller_one(size: int) -> None:
    tiles = tiles_of(size)
    assert all(one.within(size) for one in tiles)
    assert not all(one.within(size - 1) for one in tiles)


BAD = [
    "", "0", "0/", "/000", "0/0", "0/00", "0/0000", "0/000/", "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/01", "0/000.p/256", "0/000.p/300",
    "00/000", "-1/000", "64/000", "0/x000/000", "0/x001", "0/001/000", "0/x1/000", "0/000/000", "0/\u0660\u0660\u0660", "0/000.p/1\n", "entries/000", "0/x001/x000/x000/x000/x000/x000/x000/000",
]  # fmt: skip


@pytest.mark.parametrize("path", BAD)
def test_another_spelling_is_no_tile(path: str) -> None:
    assert Tile.from_path(path) is None
    assert Entries.from_path(path.partition("/")[2]) is None or path.startswith(
        ("/", "00", "-1", "64", "entries")
    )


def test_the_hashes_in_a_tile_lead_to_the_roots_that_they_stand_for() -> None:
    nodes, frontier = {}, Frontier()
    for number in range(600):
        frontier, completed = frontier.append(leaf_hash(number.to_bytes(4, "big")))
        nodes.update(dict(completed))
    tile = Tile(1, 0, 2)
    hashes = [nodes[address] for address in tile.addresses]
    for place, hashed in enumerate(hashes):
        leaves = (number.to_bytes(4, "big") for number in range(place * 256, place * 256 + 256))
        assert Frontier.over(leaves).root() == hashed


def test_a_bundle_is_entries_with_their_length_in_front() -> None:
    assert bundle_of([b"ab", b"c"]) == b"\x00\x02ab\x00\x01c"

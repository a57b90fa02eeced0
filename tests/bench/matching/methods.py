# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The methods that are compared, and the configurations that each may try on development seeds: as many for one as for another.

Which configuration and threshold won stands in `tuning.json`, written by `python -m tests.bench.matching.tuning`; a measurement uses those and tunes nothing.
Two environments have their own lock file, because their pins conflict with ours: `clkhash` wants a `cryptography` of 2023.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tests.bench.matching import ours

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[2]
TUNING: Final = HERE / "tuning.json"
DEVELOPMENT_SEEDS: Final = (1, 2, 3)
FRESH_SEEDS: Final = (101, 102, 103, 104, 105)


@dataclass(frozen=True)
class Method:
    """One way to find the same person again.

    Attributes:
        title: as it stands in a table.
        configurations: name -> what its script is told; the first is used when nothing has been tuned.
        script: of a peer, in `peers`; None for our own.
        environment: folder under .venv with the Python that runs it; None for the Python of the bench.
        packages: whose versions a table names.
    """

    title: str
    configurations: Mapping[str, Mapping[str, Any]]
    script: str | None = None
    environment: str | None = None
    packages: tuple[str, ...] = ()


_NUMBERS: Final = ["document", "phone", "bsn", "v_number"]
_EXACT: Final[Mapping[str, Mapping[str, Any]]] = {
    "numbers, whole name and date": {"identifiers": _NUMBERS, "names": ["whole"]},
    "numbers, sorted name and date": {"identifiers": _NUMBERS, "names": ["sorted"]},
    "numbers, first names and date": {"identifiers": _NUMBERS, "names": ["first"]},
    "numbers and all three names": {"identifiers": _NUMBERS, "names": ["whole", "sorted", "first"]},
    "numbers only": {"identifiers": _NUMBERS, "names": []},
    "without telephone": {"identifiers": ["document", "bsn", "v_number"], "names": ["sorted"]},
}


def _clk(schema: str) -> dict[str, Mapping[str, Any]]:
    return {
        f"{length} bits, {bits} per feature, rows of {least} fields or more": {
            "schema": schema,
            "length": length,
            "bits": bits,
            "least": least,
        }
        for length, bits, least in (
            (1024, 100, 2),
            (1024, 100, 3),
            (1024, 200, 2),
            (1024, 200, 3),
            (2048, 200, 2),
            (2048, 200, 3),
        )
    }


_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    f"{length} bits, {hashes} hashes, levels {levels}": {"length": length, "hashes": hashes, "levels": levels}
    for length, hashes, levels in (
        (256, 4, [0.99, 0.8, 0.6]),
        (256, 4, [0.99, 0.85, 0.7]),
        (512, 6, [0.99, 0.8, 0.6]),
        (512, 6, [0.99, 0.85, 0.7]),
        (512, 6, [0.99, 0.9, 0.75, 0.6]),
        (512, 10, [0.99, 0.9, 0.8, 0.65]),
    )
}
_SPLINK: Final[Mapping[str, Mapping[str, Any]]] = {
    "names by Jaro-Winkler .92 .8, joint address, term frequencies": {
        "names": [0.92, 0.8],
        "terms": True,
        "joint": True,
    },
    "the same, without term frequencies": {"names": [0.92, 0.8], "terms": False, "joint": True},
    "names by Jaro-Winkler .95 .88 .7": {"names": [0.95, 0.88, 0.7], "terms": True, "joint": True},
    "the same, both names in one comparison": {
        "names": [0.92, 0.8],
        "terms": True,
        "joint": True,
        "pair": True,
    },
    "postcode and house apart": {"names": [0.92, 0.8], "terms": True, "joint": False},
    "a lower start: one pair in a million": {
        "names": [0.92, 0.8],
        "terms": True,
        "joint": True,
        "prior": 1e-6,
    },
}

METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "ours": Method("Match keys (ours)", ours.CONFIGURATIONS),
        "ours-directly": Method("Match keys, without the step", ours.DIRECTLY),
        "exact": Method("Exact HMAC", _EXACT, "exact.py"),
        "clk-names": Method(
            "CLK, names and date", _clk("names"), "clk.py", "bench-clk", ("clkhash", "anonlink")
        ),
        "clk-all": Method(
            "CLK, every field alike", _clk("all"), "clk.py", "bench-clk", ("clkhash", "anonlink")
        ),
        "clk-weighed": Method(
            "CLK, weighed fields", _clk("weighed"), "clk.py", "bench-clk", ("clkhash", "anonlink")
        ),
        "fields": Method("CLK per field, Fellegi-Sunter", _FIELDS, "fieldclk.py", "bench-clk", ("numpy",)),
        "splink": Method(
            "Splink, plaintext", _SPLINK, "splink_plain.py", "bench-splink", ("splink", "duckdb")
        ),
    }
)


@dataclass(frozen=True)
class Chosen:
    """What a measurement uses of a method."""

    configuration: str
    threshold: float | None


def chosen(name: str, tuning: Path = TUNING) -> Chosen:
    """The winner of the development seeds, or the first configuration and no threshold when there was no tuning."""
    first = next(iter(METHODS[name].configurations))
    log = json.loads(tuning.read_text(encoding="utf-8"))["methods"] if tuning.exists() else {}
    won = log.get(name, {}).get("won")
    if won is None or won["configuration"] not in METHODS[name].configurations:
        return Chosen(first, None)
    return Chosen(won["configuration"], won["threshold"])

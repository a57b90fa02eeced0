# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Peer: one cryptographic long-term key per row (clkhash), compared by Dice coefficient (anonlink).

Three schemas: names and date of birth only, every field alike, and fields weighed by how much they tell. A row with fewer fields than the configuration says is
left out, as those who link this way do: two rows with a first name only would be perfectly alike. Every row keeps its best fifty candidates, which is more than a
person has rows. Runs in the environment of requirements/bench-clk.txt. usage: clk.py PREPARED.jsonl OUT.csv CONFIGURATION.json
"""

import csv
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from anonlink.similarities import dice_coefficient_accelerated
from clkhash.clk import generate_clks
from clkhash.schema import from_json_dict

_SECRET = "signaalregister bench"
_CANDIDATES = 50
_FLOOR = 0.5
_SCHEMAS: Mapping[str, Mapping[str, float]] = {
    "names": {"given": 1.0, "surname": 1.0, "dob": 1.0},
    "weighed": {
        **dict.fromkeys(("surname", "dob", "document", "phone", "bsn"), 1.2),
        **dict.fromkeys(("given", "v_number"), 1.0),
        **dict.fromkeys(("alias", "postcode", "street"), 0.4),
        "other": 0.6,
        "house": 0.2,
    },
}
_POSITIONAL = frozenset({"dob", "document", "phone", "bsn", "v_number"})


def schema(configuration: Mapping[str, Any], filled: set[str]) -> dict[str, Any]:
    """A linkage schema (version 3) over the fields that any row fills."""
    wanted = _SCHEMAS.get(configuration["schema"]) or dict.fromkeys(configuration["fields"], 1.0)
    weights = {name: weight for name, weight in wanted.items() if name in filled}
    return {
        "version": 3,
        "clkConfig": {
            "l": configuration["length"],
            "kdf": {"type": "HKDF", "hash": "SHA256", "info": "", "salt": "", "keySize": 64},
        },
        "features": [
            {
                "identifier": name,
                "format": {"type": "string", "encoding": "utf-8"},
                "hashing": {
                    "comparison": {"type": "ngram", "n": 2, "positional": name in _POSITIONAL},
                    "strategy": {"bitsPerFeature": round(weight * configuration["bits"])},
                    "hash": {"type": "blakeHash"},
                },
            }
            for name, weight in weights.items()
        ],
    }


def main(prepared: Path, out: Path, configuration: Mapping[str, Any]) -> None:
    """Read rows, write scored pairs."""
    with prepared.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    filled = {name for row in rows for name, text in row.items() if text}
    made = schema(configuration, filled)
    names = [feature["identifier"] for feature in made["features"]]
    logging.disable(logging.CRITICAL)
    fit = [
        at for at, row in enumerate(rows) if sum(bool(row[name]) for name in names) >= configuration["least"]
    ]
    found = _pairs([[rows[at][name] for name in names] for at in fit], made) if fit else []
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((round(score, 6), fit[i], fit[j]) for score, i, j in found)
    sys.stdout.write(json.dumps({"tokens_per_record": 1.0}) + "\n")


def _pairs(texts: Sequence[Sequence[str]], made: Mapping[str, Any]) -> Iterator[tuple[float, int, int]]:
    keys = generate_clks(texts, from_json_dict(made), _SECRET, validate=False, max_workers=1)
    scores, (left, right) = dice_coefficient_accelerated([keys, keys], _FLOOR, k=_CANDIDATES + 1)
    # A pair is there twice when each is among the best of the other, and a row finds itself.
    pairs = {(min(i, j), max(i, j)): score for score, i, j in zip(scores, left, right, strict=True) if i != j}
    yield from ((score, i, j) for (i, j), score in pairs.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))

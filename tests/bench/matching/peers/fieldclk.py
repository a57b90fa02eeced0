# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Peer: a Bloom filter per field, Dice coefficients in levels, weights by Fellegi and Sunter with EM over every pair.

1. Each field becomes a keyed Bloom filter of its bigrams. All pairs are compared, so no pair is lost by blocking.
2. A field of a pair is missing, or in the level of its Dice coefficient. Pairs with the same levels are one pattern.
3. u is the share of a level among all pairs, nearly all of which are strangers. m and the share of true pairs come from EM on pattern counts, without labels.
4. The score is the sum of log2 m/u; the best thirty pairs per row are written. Pairs that are alike in no field are counted, not kept.

Runs in the environment of requirements/bench-clk.txt (NumPy). usage: fieldclk.py PREPARED.jsonl OUT.csv CONFIGURATION.json
"""

import csv
import hashlib
import hmac
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

_KEY = hashlib.sha256(b"signaalregister bench").digest()
_FIELDS = (
    "given",
    "surname",
    "dob",
    "document",
    "phone",
    "alias",
    "bsn",
    "v_number",
    "address",
    "street",
    "other",
)
_POSITIONAL = frozenset({"dob", "document", "phone", "bsn", "v_number"})
_BLOCK = 1000
_PAIRS_PER_ROW = 30
_MOST_ROWS = 20_000
_ROUNDS = 50


def bigrams(text: str, *, positional: bool) -> list[str]:
    """The bigrams of a text, its ends marked."""
    padded = f"_{text}_"
    return [(f"{at}:" if positional else "") + padded[at : at + 2] for at in range(len(padded) - 1)]


@cache
def places(token: str, length: int, hashes: int) -> tuple[int, ...]:
    """The bits of one bigram: double hashing under the key."""
    digest = hmac.digest(_KEY, token.encode(), hashlib.sha256)
    first, second = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")
    return tuple((first + turn * second) % length for turn in range(hashes))


def filters(texts: Sequence[str], name: str, configuration: Mapping[str, Any]) -> Any:
    """One Bloom filter per row, as zeros and ones; all zeros where the field is empty."""
    length = configuration["length"]
    found = np.zeros((len(texts), length), dtype=np.float32)
    for row, text in enumerate(texts):
        if text:
            for token in bigrams(text, positional=name in _POSITIONAL):
                found[row, places(f"{name}|{token}", length, configuration["hashes"])] = 1
    return found


def blocks(
    columns: Sequence[Any], levels: Sequence[float], sides: Any
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Pattern, i, j and whether any field is alike, of every pair i < j, block by block; with two sides only pairs across."""
    count = len(columns[0])
    sizes = [column.sum(axis=1) for column in columns]
    width = len(levels) + 2
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        patterns = np.zeros((stop - start, count - start), dtype=np.int64)
        alike = np.zeros(patterns.shape, dtype=bool)
        for column, size in zip(columns, sizes, strict=True):
            common = column[start:stop] @ column[start:].T
            total = size[start:stop, None] + size[None, start:]
            there = (size[start:stop, None] > 0) & (size[None, start:] > 0)
            dice = 2 * common / np.maximum(total, 1)
            level = np.digitize(dice, sorted(levels)) + 1
            level = np.where(there, level, 0)
            alike |= level > 1
            patterns = patterns * width + level
        wanted = np.triu(np.ones(patterns.shape, dtype=bool), 1)
        if sides is not None:
            wanted &= sides[start:stop, None] != sides[None, start:]
        i, j = np.nonzero(wanted)
        yield patterns[i, j], i + start, j + start, alike[i, j]


def weights(patterns: Any, counts: Any, fields: int, width: int) -> Any:
    """The score of every pattern."""
    digits = np.stack([patterns // width ** (fields - 1 - at) % width for at in range(fields)])
    one_hot = [np.stack([row == level for level in range(1, width)]).astype(float) for row in digits]
    u = [_shares(each @ counts) for each in one_hot]
    # The start of EM: a true pair has the highest level in nine of ten fields.
    start = np.full(width - 1, 0.1 / max(width - 2, 1))
    start[-1] = 0.9
    m = [start.copy() for _field in range(fields)]
    share = 1e-4
    for _round in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + _sum(one_hot, m, u)
        true = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        share = float(np.clip((true * counts).sum() / counts.sum(), 1e-9, 0.5))
        m = [_shares(each @ (true * counts)) for each in one_hot]
    return _sum(one_hot, m, u) / np.log(2)


def _shares(found: Any) -> Any:
    return (found + 1e-3) / (found + 1e-3).sum()


def _sum(one_hot: Sequence[Any], m: Sequence[Any], u: Sequence[Any]) -> Any:
    return sum(np.log(good / bad) @ each for each, good, bad in zip(one_hot, m, u, strict=True))


def main(prepared: Path, out: Path, configuration: Mapping[str, Any]) -> None:
    """Read rows, write scored pairs."""
    with prepared.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        row["address"] = f"{row['postcode']} {row['house']}" if row["postcode"] else ""
    if len(rows) > _MOST_ROWS:
        sys.exit(f"every pair is compared: {_MOST_ROWS} rows at most")
    names = [name for name in _FIELDS if any(row[name] for row in rows)]
    columns = [filters([row[name] for row in rows], name, configuration) for name in names]
    sides = np.array([row["side"] for row in rows]) if configuration["across"] else None
    levels, width = configuration["levels"], len(configuration["levels"]) + 2
    counts: dict[int, int] = {}
    with tempfile.TemporaryFile(dir=out.parent) as kept:
        for found, i, j, alike in blocks(columns, levels, sides):
            for pattern, number in zip(*np.unique(found, return_counts=True), strict=True):
                counts[int(pattern)] = counts.get(int(pattern), 0) + int(number)
            np.stack([found[alike], i[alike], j[alike]]).astype(np.int64).T.tofile(kept)
        patterns = np.array(sorted(counts))
        numbers = np.array([counts[int(pattern)] for pattern in patterns])
        score = weights(patterns, numbers, len(names), width)
        floor = _floor(score, numbers, _PAIRS_PER_ROW * len(rows))
        kept.seek(0)
        with out.open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            while True:
                part = np.fromfile(kept, dtype=np.int64, count=3 * 1_000_000).reshape(-1, 3)
                if not len(part):
                    break
                of_pair = score[np.searchsorted(patterns, part[:, 0])]
                chosen = of_pair >= floor
                write.writerows(
                    (round(float(value), 6), int(i), int(j))
                    for value, (_pattern, i, j) in zip(of_pair[chosen], part[chosen], strict=True)
                )
    sys.stdout.write(json.dumps({"tokens_per_record": float(len(names))}) + "\n")


def _floor(score: Any, numbers: Any, most: int) -> float:
    """The lowest score of the best `most` pairs, whole patterns only."""
    order = np.argsort(-score)
    kept = int(np.searchsorted(np.cumsum(numbers[order]), most, side="right"))
    return float(score[order[max(kept - 1, 0)]])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Peer: exact HMAC of identifiers, as every register without fuzzy keys does it. Standard library only.

Each identifier that a row has becomes one HMAC; the score of a pair is how many of them are equal. What more than 500 rows carry is a default and links nobody. usage: exact.py PREPARED.jsonl OUT.csv CONFIGURATION.json
"""

import csv
import hashlib
import hmac
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

_MOST_CARRIERS = 500
_KEY = hashlib.sha256(b"signaalregister bench").digest()


def identifiers(row: Mapping[str, str], configuration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The identifiers of one row, by what they are."""
    for name in configuration["identifiers"]:
        if row.get(name):
            yield name, row[name]
    words = row["given"].split() + row["surname"].split()
    if row["dob"] and words:
        if "whole" in configuration["names"]:
            yield "whole", "|".join([row["given"], row["surname"], row["dob"]])
        if "sorted" in configuration["names"]:
            yield "sorted", "|".join([*sorted(words), row["dob"]])
        if "first" in configuration["names"] and row["given"] and row["surname"]:
            yield "first", "|".join([row["given"].split()[0], row["surname"].split()[-1], row["dob"]])


def main(prepared: Path, out: Path, configuration: Mapping[str, Any]) -> None:
    """Read rows, write scored pairs."""
    postings: dict[bytes, list[int]] = defaultdict(list)
    tokens = count = 0
    with prepared.open(encoding="utf-8") as lines:
        for count, line in enumerate(lines, 1):
            for what, text in identifiers(json.loads(line), configuration):
                postings[hmac.digest(_KEY, f"{what}|{text}".encode(), hashlib.sha256)].append(count - 1)
                tokens += 1
    agreeing: dict[tuple[int, int], int] = defaultdict(int)
    for rows in postings.values():
        if len(rows) <= _MOST_CARRIERS:
            for pair in combinations(rows, 2):
                agreeing[pair] += 1
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((score, i, j) for (i, j), score in agreeing.items())
    sys.stdout.write(json.dumps({"tokens_per_record": tokens / count if count else 0.0}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))

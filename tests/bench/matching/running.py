# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Running a method: ours in this process, a peer as a process of its own with a time limit, in its own environment.

A peer gets three files (rows as JSON Lines, where to write, its configuration), writes lines `score,i,j` and says one line of JSON. What did not end in time, or ended
badly, is told as such and has no figures.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.bench.matching import ours
from tests.bench.matching.measures import Pair, Scored, Shown, Truth, scored
from tests.bench.matching.methods import HERE, METHODS, ROOT, Method
from tests.bench.matching.reading import FIELDS, Observations, prepared

TIME_LIMIT: Final = 900.0


@dataclass(frozen=True)
class Run:
    """What a method gave.

    Attributes:
        pairs: what it scored.
        seconds: from rows in normal form to scored pairs.
        tokens: per record, None where a method has no such thing.
        threshold: that it ships with itself, None for a peer.
        asked, shown: see `measures.measure`; None for a peer.
    """

    pairs: Scored
    seconds: float
    tokens: float | None
    threshold: float | None
    asked: Scored | None = None
    shown: Shown | None = None


@dataclass(frozen=True)
class Failed:
    """Why a method has no figures, in words."""

    reason: str


def truth_of(rows: Observations) -> Truth:
    """The truth of a file, as the measures want it."""
    return Truth(rows.person, rows.place, rows.rank, rows.across)


def run(name: str, configuration: str, rows: Observations, *, limit: float = TIME_LIMIT) -> Run | Failed:
    """Score the pairs of a file with one method."""
    method = METHODS[name]
    told = method.configurations[configuration]
    if method.script is None:
        begun = time.perf_counter()
        found, truth = ours.scored_among(rows, told), truth_of(rows)
        pairs, asked = scored(found.pairs, truth), scored(found.asked, truth)
        return Run(pairs, time.perf_counter() - begun, found.sent, found.threshold, asked, found.shown)
    return _peer(method, told, rows, limit)


def python_of(method: Method) -> Path:
    """The Python that runs a method."""
    if method.environment is None:
        return Path(sys.executable)
    return ROOT / ".venv" / method.environment / "bin" / "python"


def _peer(method: Method, told: Mapping[str, Any], rows: Observations, limit: float) -> Run | Failed:
    python = python_of(method)
    if not python.exists():
        return Failed(f"environment {method.environment} is not there; make bench-matching makes it")
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as name:
        folder = Path(name)
        files = [folder / "rows.jsonl", folder / "pairs.csv", folder / "configuration.json"]
        with files[0].open("w", encoding="utf-8") as out:
            for row, side in zip(rows.rows, rows.place, strict=True):
                out.write(json.dumps(prepared(row) | {"side": side if rows.across else 0}) + "\n")
        files[2].write_text(json.dumps({**told, "across": rows.across, "fields": FIELDS}), encoding="utf-8")
        begun = time.perf_counter()
        said = _within(limit, [str(python), "-I", str(HERE / "peers" / str(method.script)), *map(str, files)])
        seconds = time.perf_counter() - begun
        if isinstance(said, Failed):
            return said
        return Run(scored(_pairs(files[1]), truth_of(rows)), seconds, said.get("tokens_per_record"), None)


def _within(limit: float, command: list[str]) -> dict[str, Any] | Failed:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            said, complaint = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Failed(f"did not end within {limit:.0f} s")
        except BaseException:
            # Ctrl-C does not reach a process in a session of its own.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        last = complaint.strip().splitlines()[-1:] or ["said nothing"]
        return Failed(f"ended with code {process.returncode}: {last[0][:300]}")
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def _pairs(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8", newline="") as lines:
        for score, i, j in csv.reader(lines):
            yield float(score), int(i), int(j)


def versions(method: Method) -> dict[str, str]:
    """The versions of a method's packages, as installed; empty when its environment is not there."""
    python = python_of(method)
    if not method.packages or not python.exists():
        return {}
    ask = "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    said = subprocess.run(
        [python, "-I", "-c", ask, *method.packages], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(said.stdout)
    return found

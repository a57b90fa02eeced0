# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long matching many records takes as they become more: time per tenfold, memory, and anonlink beside it.

    python -m tests.bench.bulk --n 10000,100000,1000000 [--limit SECONDS] [--json OUT]

Tokens are modelled, because reading a million rows takes longer than matching them. The model: records of three independent sets of the generator, copied as often as needed. A
token that occurs in two of the sets or more belongs to the world (a name, a street) and is the same in every copy, so it becomes as common as it is; any other belongs to one person or house and is new in every
copy. Rarer words of the world are then new in every copy too, which is a little too kind.

CPU time is what counts here: it hardly depends on what else the machine does. Each size runs in a process of its own, whose peak memory is told; that of the modelled records themselves is told apart.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml

from pseudonymisation.matchkeys import match_keys
from register.bulk import MOST_CARRIERS, Postings, Tokens, linked
from register.scoring import weights_from
from tests.bench.matching.methods import HERE, ROOT
from tests.bench.matching.reading import Columns, lenient_mapping, observations, prepared
from tests.bench.observations import COLUMNS, MAPPING, MIDDLE, generate

AIM: Final = 12.0
"""Times as long for ten times as many."""
_SETS: Final = 3
_PERSONS: Final = 700
_MEGA: Final = 1024


@dataclass(frozen=True)
class Model:
    """What records are made of.

    Attributes:
        rows: per record its families and the numbers of its tokens.
        world: tokens that are the same in every copy.
    """

    rows: Sequence[Mapping[str, Sequence[int]]]
    world: frozenset[int]

    @classmethod
    def of(cls, sets: Sequence[Sequence[Mapping[str, frozenset[bytes]]]]) -> "Model":
        """From rows (family -> values) of independent sets."""
        seen = Counter(
            node
            for rows in sets
            for node in {(family, one) for row in rows for family, those in row.items() for one in those}
        )
        numbers = {node: number for number, node in enumerate(sorted(seen))}
        rows = [
            {family: sorted(numbers[family, one] for one in those) for family, those in sorted(row.items())}
            for rows in sets
            for row in rows
        ]
        # The same number in two sets would be the same person: only what the world has may be.
        return cls(rows, frozenset(numbers[node] for node, times in seen.items() if times > 1))

    def records(self, wanted: int) -> Iterator[Tokens]:
        """So many records."""
        for number in range(wanted):
            copy, at = divmod(number, len(self.rows))
            yield Tokens(
                {
                    family: frozenset(self._tag(one, copy) for one in those)
                    for family, those in self.rows[at].items()
                }
            )

    def _tag(self, one: int, copy: int) -> bytes:
        return (one if one in self.world else (copy + 1) << 32 | one).to_bytes(8, "big")


def read_sets(
    persons: int, sets: int
) -> tuple[list[list[Mapping[str, frozenset[bytes]]]], list[dict[str, str]]]:
    """Per set the values of its records by family, and all records as a peer gets them."""
    mapping = yaml.safe_load(MAPPING)
    mapping["columns"].setdefault("street", "street")
    found: list[list[Mapping[str, frozenset[bytes]]]] = []
    texts = []
    for seed in range(1, sets + 1):
        written = [asdict(one) for one in generate(persons, seed, MIDDLE)]
        read = observations(
            written, list(COLUMNS), lenient_mapping(mapping), Columns("person_id", "municipality", "date")
        )
        rows: list[Mapping[str, frozenset[bytes]]] = []
        for row in read.rows:
            keys = match_keys(row.attributes)
            values: dict[str, set[bytes]] = {family: set() for family in keys.fillers}
            for key in keys.keys:
                values.setdefault(key.family, set()).add(key.value)
            rows.append({family: frozenset(those) for family, those in values.items()})
            texts.append(prepared(row))
        found.append(rows)
    return found, texts


def matched(model: Model, wanted: int) -> dict[str, float]:
    """Match so many records of the model in this process."""
    subjects = list(model.records(wanted))
    held = _peak()
    gc.freeze()  # the records are given; only what matching makes is for the collector
    weights = weights_from(files("register").joinpath("data/weights.json").read_text("utf-8"))
    begun, cpu = time.perf_counter(), time.process_time()
    postings = Postings()
    for subject in subjects:
        postings.add(subject)
    snapshot = postings.snapshot()
    carried = [len(who) for who in postings.carriers.values()]
    del postings
    counted = time.process_time() - cpu
    above = sum(1 for _pair in linked(subjects, weights, snapshot, weights.possible + snapshot.asked))
    most = MOST_CARRIERS + 1
    return {
        "n": wanted,
        "cpu": time.process_time() - cpu,
        "cpu_counting": counted,
        "seconds": time.perf_counter() - begun,
        "agreements": sum(min(one, most) * (min(one, most) - 1) // 2 for one in carried),
        "above": above,
        "held_mb": held,
        "peak_mb": _peak(),
    }


def _peak() -> float:
    """Megabytes; rusage would count what the starting process held before this one began."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / _MEGA


def _asked(command: Sequence[str], limit: float) -> dict[str, Any] | str:
    """What a process of its own says, or why it said nothing."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=limit, cwd=ROOT)
    except subprocess.TimeoutExpired:
        return f"did not end within {limit:.0f} s"
    if done.returncode:
        return f"ended with code {done.returncode}: {(done.stderr.strip().splitlines() or ['said nothing'])[-1][:200]}"
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def _ours_row(said: dict[str, Any] | str, before: dict[str, Any] | str | None, wanted: int) -> str:
    if isinstance(said, str):
        return f"| {wanted:,} | {said} | | | | | | | |"
    times = ""
    if isinstance(before, dict):
        factor = said["cpu"] / before["cpu"]
        times = f"{factor:.1f} for {said['n'] / before['n']:.0f} times as many"
    return (
        f"| {wanted:,} | {said['cpu']:.1f} | {said['cpu_counting']:.1f} | {times} | {1e6 * said['cpu'] / wanted:.0f} | {said['agreements']:,} | {said['above']:,}"
        f" | {said['peak_mb']:,.0f} | {said['held_mb']:,.0f} |"
    )


def main(arguments: list[str]) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.bulk",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument(
        "--n", type=lambda text: [int(one) for one in text.split(",")], default=[10_000, 100_000, 1_000_000]
    )
    options.add_argument(
        "--persons", type=int, default=_PERSONS, help="of each set from which the model is made"
    )
    options.add_argument(
        "--limit", type=float, default=1800.0, help="seconds that one size may take, of each method"
    )
    options.add_argument("--without-anonlink", action="store_true")
    options.add_argument("--json", type=Path)
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args(arguments)
    if given.one is not None:
        read = json.loads(given.one.read_text(encoding="utf-8"))
        sys.stdout.write(
            json.dumps(matched(Model(read["rows"], frozenset(read["world"])), given.n[0])) + "\n"
        )
        return 0
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as name:
        results = _measured(given, Path(name))
    if given.json:
        given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def _measured(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    sets, texts = read_sets(given.persons, _SETS)
    model = Model.of(sets)
    files_ = folder / "model.json", folder / "rows.jsonl"
    files_[0].write_text(json.dumps({"rows": model.rows, "world": sorted(model.world)}), encoding="utf-8")
    files_[1].write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
    _say(
        f"## Bulk matching, tokens modelled on {len(model.rows):,} records of the generator ({_SETS} sets of {given.persons} persons; {len(model.world):,} tokens belong to the world)\n\n"
        f"| records | CPU s | of which counting tokens | times as long (aim: {AIM:.0f} for ten) | µs per record | agreements on a token | pairs above the bar | peak MB | of which records MB |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    results: dict[str, Any] = {"ours": {}, "anonlink": {}}
    before = None
    for wanted in given.n:
        command = [sys.executable, "-m", "tests.bench.bulk", "--one", str(files_[0]), "--n", str(wanted)]
        said = _asked(command, given.limit)
        _say(_ours_row(said, before, wanted))
        before = results["ours"][wanted] = said
    if not given.without_anonlink:
        _beside(given, files_[1], results)
    return results


def _beside(given: argparse.Namespace, rows: Path, results: dict[str, Any]) -> None:
    python = ROOT / ".venv" / "bench-clk" / "bin" / "python"
    _say("\n| records | anonlink, CPU s | µs per record | times ours |\n| --- | --- | --- | --- |")
    for wanted in given.n:
        said: dict[str, Any] | str = "its environment is not there; make bench-bulk makes it"
        if python.exists():
            said = _asked(
                [str(python), str(HERE / "peers" / "linking.py"), str(rows), str(wanted)], given.limit
            )
        results["anonlink"][wanted] = said
        ours = results["ours"][wanted]
        if isinstance(said, str):
            _say(f"| {wanted:,} | {said} | | |")
        else:
            beside = f"{said['cpu'] / ours['cpu']:.1f}" if isinstance(ours, dict) else ""
            _say(f"| {wanted:,} | {said['cpu']:.1f} | {1e6 * said['cpu'] / wanted:.0f} | {beside} |")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

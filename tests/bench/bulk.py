# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long matching many records takes as they become more: time per tenfold, memory, and anonlink beside it.

    python -m tests.bench.bulk --n 10000,100000,1000000 [--limit SECONDS] [--json OUT]

Every record is generated, observed, read by the node's own code and made into match keys; a million takes some ten minutes of two cores before anything is measured. The generator gives so many
independent sets of 700 persons, from one seed each, and a register of n records is the first so many sets. What that models, and what not:

- Names, dates of birth, streets, postcodes and towns are of one country, the same for every set and every n, and a value is one token wherever it occurs. So ten times as many
  records have ten times as many that share a name by sound, a street, or by chance a name with a date of birth: no size is spared strangers. The lists are shorter than a country's, so more is shared than in one.
- Telephones, documents, numbers and what is joined to them (`OF_A_SET`) belong to persons, and the generator draws them from small ranges that are nobody's; the same number in
  two sets is two numbers. So nobody is in two sets, and a person has as many records at every n (about three).
- A register of 10,000 records is a thin sample of the whole country, not a few municipalities full; those would share more at the beginning and grow less.

CPU time is what counts here: it hardly depends on what else the machine does. Each size runs in a process of its own, whose peak memory is told; that of the records themselves is told apart.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import blake2b
from importlib.resources import files
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import yaml

from pseudonymisation.matchkeys import match_keys
from pseudonymisation.pseudonym import FAMILIES, length_prefixed
from register.bulk import Tokens, counted, found_pairs, linked
from register.matching import Weighing
from register.scoring import weights_from
from tests.bench.matching.methods import HERE, ROOT
from tests.bench.matching.reading import Columns, Observation, lenient_mapping, observations, prepared
from tests.bench.observations import COLUMNS, MAPPING, MIDDLE, generate

AIM: Final = 12.0
"""Times as long for ten times as many."""
OF_A_SET: Final = frozenset(
    {
        "person_phone",
        *(one.name for one in FAMILIES.values() if one.attribute not in {"name_dob", "bag_address"}),
    }
)
"""Families whose tokens belong to persons: equal in two sets, they are different tokens."""
_PEERS: Final = 50
"""Sets that anonlink gets as they are, some 100,000 records; what it is asked beyond those are copies that resemble nobody."""
_PERSONS: Final = 700
_MEGA: Final = 1024
_TAG: Final = 8
_NAMES: Final = tuple(FAMILIES)
_NUMBER: Final = {family: number for number, family in enumerate(_NAMES)}


@dataclass(frozen=True)
class Made:
    """One set: its records as bytes, how many, and the texts that a peer gets."""

    records: bytes
    number: int
    texts: Sequence[dict[str, str]]


def made(seed: int, persons: int) -> Made:
    """The records of one set of the generator."""
    written = [asdict(one) for one in generate(persons, seed, MIDDLE)]
    columns = Columns("person_id", "municipality", "date")
    rows = observations(written, list(COLUMNS), lenient_mapping(yaml.safe_load(MAPPING)), columns).rows
    return Made(
        b"".join(_record(seed, row) for row in rows),
        len(rows),
        [prepared(row) for row in rows] if seed <= _PEERS else [],
    )


def _record(seed: int, row: Observation) -> bytes:
    """How many places, and per place its family and its tag; a family of fillers alone is one place without a tag."""
    keys = match_keys(row.attributes)
    places = sorted((_NUMBER[key.family], _tag(seed, key.family, key.value)) for key in keys.keys)
    places += [(_NUMBER[family], bytes(_TAG)) for family in keys.fillers.keys() - keys.families]
    return bytes([len(places)]) + b"".join(bytes([family]) + tag for family, tag in places)


def _tag(seed: int, family: str, value: bytes) -> bytes:
    whose = str(seed) if family in OF_A_SET else ""
    return blake2b(length_prefixed(family.encode(), whose.encode(), value), digest_size=_TAG).digest()


def records(path: Path) -> Iterator[Tokens]:
    """The records of a file that `_record` made."""
    with path.open("rb") as file:
        while head := file.read(1):
            tags: dict[str, set[bytes]] = {}
            for _place in range(head[0]):
                family = tags.setdefault(_NAMES[file.read(1)[0]], set())
                if any(tag := file.read(_TAG)):
                    family.add(tag)
            yield Tokens({family: frozenset(those) for family, those in tags.items()})


def matched(path: Path, wanted: int) -> dict[str, float]:
    """Match the first so many records of a file in this process."""
    subjects = list(islice(records(path), wanted))
    held = _peak()
    gc.freeze()  # the records are given; only what matching makes is for the collector
    weights = weights_from(files("register").joinpath("data/weights.json").read_text("utf-8"))
    begun, cpu = time.perf_counter(), time.process_time()
    snapshot = counted(subjects)
    counting = time.process_time() - cpu
    above = sum(1 for _pair in linked(subjects, Weighing(weights, snapshot)))
    taken = {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - begun, "peak_mb": _peak()}
    return {
        "n": len(subjects),
        "cpu_counting": counting,
        "looked_at": sum(1 for _pair in found_pairs(subjects, snapshot)),
        "linked": above,
        "held_mb": held,
        **taken,
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
        f"| {wanted:,} | {said['cpu']:.1f} | {said['cpu_counting']:.1f} | {times} | {1e6 * said['cpu'] / wanted:.0f} | {said['looked_at']:,} | {said['linked']:,}"
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
    options.add_argument("--persons", type=int, default=_PERSONS, help="of each set")
    options.add_argument(
        "--limit", type=float, default=1800.0, help="seconds that one size may take, of each method"
    )
    options.add_argument("--without-anonlink", action="store_true")
    options.add_argument("--json", type=Path)
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args(arguments)
    if given.one is not None:
        sys.stdout.write(json.dumps(matched(given.one, given.n[0])) + "\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as name:
        results = _measured(given, Path(name))
    if given.json:
        given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def _measured(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    files_ = folder / "records", folder / "rows.jsonl"
    sets = _written(files_[0], files_[1], max(given.n), given.persons)
    _say(
        f"## Bulk matching, {sets} sets of {given.persons} generated persons\n\n"
        f"| records | CPU s | of which counting tokens | times as long (aim: {AIM:.0f} for ten) | µs per record | pairs looked at | pairs linked | peak MB | of which records MB |\n"
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


def _written(records_: Path, texts: Path, wanted: int, persons: int) -> int:
    """Write at least so many records; gives the number of sets."""
    number = 0
    with (
        records_.open("wb") as out,
        texts.open("w", encoding="utf-8") as rows,
        ProcessPoolExecutor() as pool,
    ):
        seeds, together = count(1), 4 * (os.cpu_count() or 1)
        sets = 0
        while number < wanted:
            for one in pool.map(partial(made, persons=persons), list(islice(seeds, together))):
                out.write(one.records)
                rows.writelines(json.dumps(text) + "\n" for text in one.texts)
                number, sets = number + one.number, sets + 1
    return sets


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

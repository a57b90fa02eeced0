# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How well each method finds the same person again, on one file or on all of them.

    python -m tests.bench.matching --data FILE.csv --mapping MAP.yaml --truth person_id [--place municipality] [--date date] [--across] [--json OUT]
    python -m tests.bench.matching                  # the whole table: five fresh seeds, FEBRL 3 and FEBRL 4

The figures are told as Markdown, with what they were measured with; --json has all of them. What they mean: `tests.bench.matching.measures`.
"""

import argparse
import csv
import json
import shlex
import sys
from pathlib import Path

import yaml

from register.municipal.mapping import MappingError
from tests.bench.matching import datasets, table
from tests.bench.matching.methods import FRESH_SEEDS, METHODS
from tests.bench.matching.reading import Columns, mapping_at, read
from tests.bench.matching.running import TIME_LIMIT


def main(arguments: list[str]) -> int:
    """Measure and print; 2 when the file or the mapping must be mended first."""
    options = _options().parse_args(arguments)
    unknown = [name for name in options.methods if name not in METHODS]
    if unknown:
        sys.stderr.write(f"unknown methods {', '.join(unknown)}; there are {', '.join(METHODS)}\n")
        return 2
    if options.json and not options.json.parent.is_dir():
        sys.stderr.write(f"there is no folder {options.json.parent} to write in\n")
        return 2
    try:
        sets = list(_sets(options))
    except MappingError as error:
        sys.stderr.write("".join(f"mapping: {one.field}: {one.reason}\n" for one in error.problems))
        return 2
    except (OSError, ValueError, csv.Error, yaml.YAMLError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    command = shlex.join(["python", "-m", "tests.bench.matching", *arguments])
    sys.stdout.write(table.heading(command, options.methods) + "\n")
    groups: dict[str, list[table.Result]] = {}
    for one in sets:
        result = table.measured(one, options.methods, limit=options.limit, seed=options.bootstrap_seed)
        groups.setdefault(one.group, []).append(result)
        sys.stdout.write("\n" + table.of_one(result) + "\n")
        sys.stdout.flush()
    for group, results in groups.items():
        if len(results) > 1:
            sys.stdout.write("\n" + table.of_group(group, results) + "\n")
    if options.json:
        options.json.write_text(
            json.dumps(table.document(command, groups), indent=1) + "\n", encoding="utf-8"
        )
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.matching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument(
        "--data", type=Path, help="CSV with a heading; without it the whole table is measured"
    )
    options.add_argument("--mapping", type=Path, help="the node's import mapping (docs/spec/import.md)")
    options.add_argument("--truth", help="column that says who it is")
    options.add_argument("--place", help="column that says which municipality")
    options.add_argument("--date", help="column with the day of the observation")
    options.add_argument("--across", action="store_true", help="only pairs of two places count")
    options.add_argument("--json", type=Path)
    options.add_argument("--methods", type=lambda text: text.split(","), default=list(METHODS))
    options.add_argument(
        "--seeds", type=lambda text: [int(one) for one in text.split(",")], default=FRESH_SEEDS
    )
    options.add_argument("--sets", type=lambda text: text.split(","), default=list(datasets.GROUPS))
    options.add_argument("--limit", type=float, default=TIME_LIMIT, help="seconds that one peer may take")
    options.add_argument("--bootstrap-seed", type=int, default=1)
    return options


def _sets(options: argparse.Namespace) -> list[datasets.DataSet]:
    if options.data is None:
        return datasets.all_of(options.sets, options.seeds)
    if options.mapping is None or options.truth is None:
        raise ValueError("--data goes with --mapping and --truth")
    columns = Columns(options.truth, options.place, options.date)
    rows = read(options.data, mapping_at(options.mapping), columns, across=options.across)
    return [datasets.DataSet(options.data.name, options.data.name, lambda: rows)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.bench.observations --persons 2000 --seed 1 --noise middle --out FILE.csv`, and `--describe` for what it is like."""

import argparse
import sys
from pathlib import Path

from tests.bench.observations import MAPPING, NOISE, generate, write_csv
from tests.bench.observations.describe import described


def main() -> int:
    """Write a file, describe the set, or both."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.observations", description=__doc__)
    parser.add_argument(
        "--persons", type=int, default=2000, help="how many persons; about three records each"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", choices=tuple(NOISE), default="middle")
    parser.add_argument("--out", type=Path, help="the CSV file")
    parser.add_argument("--mapping", type=Path, help="write the node's import mapping here as well")
    parser.add_argument("--describe", action="store_true", help="print what the set is like")
    given = parser.parse_args()
    if given.out is None and not given.describe:
        parser.error("say where to write (--out), or ask what the set is like (--describe)")
    records = list(generate(given.persons, given.seed, NOISE[given.noise]))
    if given.out is not None:
        write_csv(records, given.out)
    if given.mapping is not None:
        given.mapping.write_text(MAPPING, encoding="utf-8")
    if given.describe:
        sys.stdout.write("\n".join(described(records)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

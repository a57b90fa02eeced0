# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Networks of a country: over-linking, convoys, a case view, components.

    python -m tests.bench.network [--part overlinking|convoys|view|components] [--persons N] [--signals N] [--convoys N] [--seed N] [--json OUT]

Everything is generated and the truth is planted; what is generated stands in the module of each part. CPU time, because it hardly depends on what else the machine does.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.bench.network import components, convoys, overlinking, view

ROOT: Final = Path(__file__).parents[3]
PEER: Final = ROOT / ".venv" / "bench-network" / "bin" / "python"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--part", choices=("overlinking", "convoys", "view", "components"))
    options.add_argument("--persons", type=int, default=200_000)
    options.add_argument("--signals", type=int, default=1_000_000)
    options.add_argument("--convoys", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--peer", default=str(PEER), help="Python with scipy")
    options.add_argument("--json", type=Path)
    wish = options.parse_args()
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "overlinking": lambda: overlinking.measured(wish.persons, wish.seed),
        "convoys": lambda: convoys.measured(wish.signals, wish.convoys, wish.seed),
        "view": lambda: view.measured(wish.signals, wish.seed),
        "components": lambda: components.measured(wish.peer, wish.signals, 2 * wish.signals, wish.seed),
    }
    figures: dict[str, Any] = {}
    for name, measure in parts.items():
        if wish.part in {None, name}:
            figures[name] = one = measure()
            print(f"{name}: {json.dumps(one, indent=2)}")  # noqa: T201 - a bench prints
            sys.stdout.flush()
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which claims that hold on SQLite and on PostgreSQL are checked on which of them.

A case that says so (the marker `every_case`) waits for `make exhaustive`. The others by turns, so that half of every file is checked on each. On both where the database is the claim, where a test says so (the marker `both_databases`), and
everywhere when every case is asked for (`make exhaustive`). Only in `PLACES`: elsewhere every case runs.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PLACES = (HERE / "register", HERE / "test_migrations.py")
ON_BOTH = frozenset(
    {
        "test_access.py",
        "test_databases.py",
        "test_faults.py",
        "test_hidden.py",
        "test_outbox_store.py",
        "test_receipts.py",
        "test_settling.py",
        "test_store.py",
        "test_tenancy.py",
    }
)
"""Where each case is another statement to the database, or another of its promises."""


def left_out(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Of what was collected, the cases whose claim is checked on the other database this time."""
    waiting, placed = [], []
    for item in items:
        if item.get_closest_marker("every_case") is not None:
            waiting.append(item)
        elif any(item.path.is_relative_to(place) for place in PLACES):
            placed.append(item)
    collected = {item.nodeid for item in placed}
    return [*waiting, *(item for item in placed if not _its_turn(item, collected))]


def _its_turn(item: pytest.Item, collected: Collection[str]) -> bool:
    on_postgresql = item.get_closest_marker("postgresql") is not None
    here, there = ("postgresql", "sqlite") if on_postgresql else ("sqlite", "postgresql")
    claim, _bracket, case = item.nodeid.partition("[")
    other = f"{claim}[{case.replace(here, there)}"
    both = item.path.name in ON_BOTH or item.get_closest_marker("both_databases") is not None
    if both or other == item.nodeid or other not in collected:
        return True
    about = claim + case.replace("postgresql", "sqlite")
    return on_postgresql == bool(sha256(about.encode()).digest()[0] % 2)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What building a node or a register costs is paid once a session (`tests.once`)."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from hashlib import sha256
from pathlib import Path

import pytest

from tests.once import once_a_session

HERE = Path(__file__).parent
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


@pytest.fixture(scope="session", autouse=True)
def set_up_once() -> Iterator[None]:
    with once_a_session():
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Claims that hold on both databases are checked on one of them by turns, so that half of every file is checked on each; where the database is the claim, or all is asked for, on both."""
    if config.getoption("every_case"):
        return
    collected = {item.nodeid for item in items}
    left_out = {item for item in items if item.path.is_relative_to(HERE) and not _its_turn(item, collected)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _its_turn(item: pytest.Item, collected: AbstractSet[str]) -> bool:
    on_postgresql = item.get_closest_marker("postgresql") is not None
    here, there = ("postgresql", "sqlite") if on_postgresql else ("sqlite", "postgresql")
    claim, _bracket, case = item.nodeid.partition("[")
    other = f"{claim}[{case.replace(here, there)}"
    if item.path.name in ON_BOTH or other == item.nodeid or other not in collected:
        return True
    return on_postgresql == bool(sha256(claim.encode()).digest()[0] % 2)

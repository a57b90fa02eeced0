# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What building a node or a register costs is paid once a session (`tests.once`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.once import once_a_session

HERE = Path(__file__).parent
EACH_CASE_LOOKS_ELSEWHERE = frozenset(
    {
        "test_access.py",
        "test_hidden.py",
        "test_outbox_store.py",
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
    """Every claim is checked on both databases; its further cases on SQLite, unless each case is another look at the database or all are asked for."""
    if config.getoption("every_case"):
        return
    collected = {item.nodeid for item in items}
    met: set[str] = set()
    left_out: set[pytest.Item] = set()
    for item in items:
        claim, _bracket, case = item.nodeid.partition("[")
        on_sqlite = f"{claim}[{case.replace('postgresql', 'sqlite')}"
        if (
            not item.get_closest_marker("postgresql")
            or on_sqlite == item.nodeid
            or on_sqlite not in collected
        ):
            continue
        if (
            claim in met
            and item.path.is_relative_to(HERE)
            and item.path.name not in EACH_CASE_LOOKS_ELSEWHERE
        ):
            left_out.add(item)
        met.add(claim)
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]

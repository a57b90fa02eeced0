# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How many moments, from which seed, and what came of it: `FAULTS_N` and `FAULTS_SEED` in, a few lines of figures out.

Under pytest-xdist the seed is drawn once and told to the workers, and the figures travel back with the reports of the tests.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.exercise import claimed_ports
from tests.faults.worlds import Template

_FIGURES = "figures"
_SEED = pytest.StashKey[int]()
KILLS = int(os.environ.get("FAULTS_N", "10"))  # noqa: TID251 - the test run's own argument


def pytest_configure(config: pytest.Config) -> None:
    said = os.environ.get("FAULTS_SEED")  # noqa: TID251 - the test run's own argument
    told = getattr(config, "workerinput", {}).get("faults_seed")
    config.stash[_SEED] = told or (int(said) if said else int.from_bytes(os.urandom(4), "big"))


def pytest_configure_node(node: Any) -> None:
    """pytest-xdist is about to start a worker."""
    node.workerinput["faults_seed"] = node.config.stash[_SEED]


def pytest_report_header(config: pytest.Config) -> str:
    return f"faults: N={KILLS} SEED={config.stash[_SEED]} (make faults N={KILLS} SEED={config.stash[_SEED]} repeats it)"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, line in report.user_properties:
                    if name == _FIGURES:
                        terminalreporter.write_line(line)
    terminalreporter.write_line(f"SEED={config.stash[_SEED]}")


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """From which every random choice of the suite is made."""
    return request.config.stash[_SEED]


@pytest.fixture(scope="session")
def kills() -> int:
    """How many times something is killed."""
    return KILLS


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Puts a line under the results."""
    return lambda line: record_property(_FIGURES, line)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """Files, keys, certificates and accounts, made once."""
    with claimed_ports() as ports:
        yield Template(tmp_path_factory.mktemp("faults"), ports)

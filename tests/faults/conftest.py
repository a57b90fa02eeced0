# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How many moments, from which seed, and what came of it: `FAULTS_N` and `FAULTS_SEED` in, a few lines of figures out."""

import os
from collections.abc import Callable

import pytest

from tests.faults.worlds import Template

_FIGURES = pytest.StashKey[list[str]]()
_SEED = pytest.StashKey[int]()
KILLS = int(os.environ.get("FAULTS_N", "10"))  # noqa: TID251 - the test run's own argument


def pytest_configure(config: pytest.Config) -> None:
    said = os.environ.get("FAULTS_SEED")  # noqa: TID251 - the test run's own argument
    config.stash[_SEED] = int(said) if said else int.from_bytes(os.urandom(4), "big")
    config.stash[_FIGURES] = []


def pytest_report_header(config: pytest.Config) -> str:
    return f"faults: N={KILLS} SEED={config.stash[_SEED]} (make faults N={KILLS} SEED={config.stash[_SEED]} repeats it)"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[_FIGURES]:
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


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Puts a line under the results."""
    return request.config.stash[_FIGURES].append


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Files, keys, certificates and accounts, made once."""
    return Template(tmp_path_factory.mktemp("faults"))

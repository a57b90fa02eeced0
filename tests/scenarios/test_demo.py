# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister demo` as a newcomer runs it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from register.demo.plan import Ports
from tests.exercise import claimed_ports, listening

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]


@pytest.fixture
def ports() -> Iterator[Ports]:
    with claimed_ports() as claimed:
        yield claimed


def test_the_demo_ends_by_itself_with_answers_addresses_and_accounts_also_without_a_key_holder(
    tmp_path: Path, ports: Ports
) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "process",
            "demo",
            "--once",
            "--json",
            str(report),
            "--stop-holder",
            "2",
            "--port-base",
            str(ports.base),
        ],
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for said in ("BEKEND ELDERS", "2-3", "Goedgekeurd", "Oefenstad -> Oefenhaven -> Oefenwoud"):
        assert said in done.stdout
    document = json.loads(report.read_text(encoding="utf-8"))
    assert set(document) == {"answers", "addresses", "accounts"}
    assert document["answers"]["inspecteur"]["data"]["uitkomst"] == "bekend_elders"
    assert document["answers"]["fg"]["data"]["geverifieerd"] is True
    assert document["answers"]["tmm"]["data"]["route"] == ["GM9001", "GM9002", "GM9003"]
    assert not listening(ports.all()), "nothing is left running"

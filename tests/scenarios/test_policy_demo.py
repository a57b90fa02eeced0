# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister demo --policy` as a newcomer runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.exercise import claimed_ports, listening

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What it reported and what it said."""
    report: Path = tmp_path_factory.mktemp("regels") / "report.json"
    with claimed_ports() as ports:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "process", "demo", "--policy"),
                *("--port-base", str(ports.base), "--json", str(report)),
            ],
            capture_output=True,
            text=True,
            timeout=800,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not listening(tuple(ports.all())), "nothing is left running"
    return json.loads(report.read_text(encoding="utf-8"))["answers"], done.stdout


def test_four_readers_see_the_same_treffer_each_with_reasons_for_every_field(
    played: tuple[dict[str, Any], str],
) -> None:
    answers, _said = played
    for reader in ("inspecteur", "aandachtsfunctionaris", "tmm"):
        why = answers[reader]["data"]["waarom"]
        assert why
        assert all(one["grondslagen"] and one["voorwaarden"] and one["regels"] for one in why), reader
    assert "gemeenten" not in answers["inspecteur"]["data"]
    assert answers["tmm"]["data"]["route"] == ["GM9001", "GM9002", "GM9003"]
    assert "medewerker" not in answers["fg"]["data"]["velden"]


def test_the_rule_that_became_wider_is_caught_with_the_person_it_would_expose(
    played: tuple[dict[str, Any], str],
) -> None:
    difference = played[0]["beleid"]["data"]["verschil"]
    assert "Een aandachtsfunctionaris van gemeente A zou bij signalering de contactpersoon zien" in difference
    assert "Niet meer nodig: vrijgave door de organisatie die het signaal inbracht." in difference


def test_every_decision_of_the_exercise_comes_out_the_same_when_it_is_taken_again(
    played: tuple[dict[str, Any], str],
) -> None:
    assert "komen hetzelfde uit" in played[0]["beleid"]["data"]["herhaald"]

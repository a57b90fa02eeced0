# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister demo --tmm` as a newcomer runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from register.demo.plan import ASKER, SUBMITTERS
from tests.exercise import claimed_ports, listening

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What it reported and what it said."""
    report: Path = tmp_path_factory.mktemp("tmm") / "report.json"
    with claimed_ports() as ports:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "process", "demo", "--tmm"),
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


def test_no_town_is_told_until_a_person_took_the_treffer_up_and_then_whom_to_call(
    played: tuple[dict[str, Any], str],
) -> None:
    answers, _said = played
    assert "gemeenten" not in answers["inspecteur"]["data"]
    case = answers["aandachtsfunctionaris"]["data"]
    assert (case["treffer"]["stand"], case["treffer"]["vanOns"]) == ("opgepakt", True)
    assert {one["organisatie"] for one in case["contacten"]} == set(SUBMITTERS)


def test_tmm_accepts_what_the_question_found(played: tuple[dict[str, Any], str]) -> None:
    handed = played[0]["overdracht"]["data"]
    assert (handed["overdracht"]["stand"], handed["overdracht"]["van"]) == ("aangenomen", ASKER)
    assert [one["organisatie"] for one in handed["signalen"]] == list(SUBMITTERS)


def test_one_person_moves_a_to_b_to_c_to_d_and_every_line_says_why(
    played: tuple[dict[str, Any], str],
) -> None:
    answers, said = played
    (person,) = answers["spoor"]["data"]["personen"]
    assert [stay["gemeenten"] for stay in person["verblijven"]] == [[one] for one in (*SUBMITTERS, ASKER)]
    network = answers["netwerk"]["data"]
    assert network["verbanden"]
    reasons = [one["reden"] for one in network["verbanden"]]
    reasons += [bond["reden"] for node in network["knopen"] for bond in node.get("bindingen", [])]
    assert len(reasons) >= len(SUBMITTERS) + 1
    assert all(reason and reason in said for reason in reasons)


def test_the_police_says_nothing_without_a_decision_and_a_code_with_one(
    played: tuple[dict[str, Any], str],
) -> None:
    back = played[0]["terugkoppeling"]["data"]
    assert back["geweigerd"]
    assert back["besluit"]
    assert (back["code"], back["volgendeStap"]) == ("opgepakt_TMM", "nieuwe_controle_zinvol")


def test_who_submitted_the_first_signal_reads_what_became_of_it_at_her_own_node(
    played: tuple[dict[str, Any], str],
) -> None:
    answers, said = played
    read = answers["teruggelezen"]["data"]
    assert [one["code"] for one in read[SUBMITTERS[0]]] == ["opgepakt_TMM", "ontvangen", "in_beoordeling"]
    assert set(read) == set(SUBMITTERS)
    assert "Een nieuwe controle is zinvol" in said
    assert "nationalit" not in json.dumps(answers).lower()

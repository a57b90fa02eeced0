# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister demo --keys` as a newcomer runs it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from register.demo.sessions import REGISTER
from tests.exercise import claimed_ports, listening

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sleutels") / "oefening"


@pytest.fixture(scope="module")
def played(folder: Path) -> tuple[dict[str, Any], str]:
    """What it reported and what it said."""
    report = folder.parent / "report.json"
    with claimed_ports() as ports:
        options = ["--port-base", str(ports.base), "--folder", str(folder), "--json", str(report)]
        done = subprocess.run(
            [sys.executable, "-m", "process", "demo", "--keys", *options],
            capture_output=True,
            text=True,
            timeout=800,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not listening((*ports.all(), ports.holder(4))), "nothing is left running"
    return json.loads(report.read_text(encoding="utf-8")), done.stdout


def test_the_same_question_finds_the_signal_after_each_step(played: tuple[dict[str, Any], str]) -> None:
    answers = played[0]["answers"]
    assert [one["uitkomst"] for one in answers] == ["bekend_elders"] * 4
    assert len({(one["aantalGemeenten"], *one["soorten"], one["laatstGezien"]) for one in answers}) == 1
    assert len({one["logbewijs"]["blad"] for one in answers}) == 4, "each was asked"


def test_a_resharing_leaves_every_pseudonym_and_a_rotation_leaves_none(
    played: tuple[dict[str, Any], str],
) -> None:
    first, lost, reshared, rotated = (set(one) for one in played[0]["tags"])
    assert first == lost == reshared
    assert len(rotated) == len(first) > 0
    assert not rotated & first
    keys = played[0]["keysets"]
    assert keys["ceremonie"]["key"] == keys["herverdeling"]["key"]
    assert keys["herverdeling"]["key"] != keys["rotatie"]["key"] == keys["nieuwe verdeling"]["key"]
    assert [one["epoch"] for one in keys.values()] == [1, 2, 3, 4]


def test_the_share_of_the_lost_holder_is_refused_and_everybody_else_has_one_share(
    played: tuple[dict[str, Any], str], folder: Path
) -> None:
    assert "Dit aandeel hoort niet bij epoch 2" in played[0]["refused"]
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("aandeel*"))
    now = [f"houder-{index}/aandeel-4.json" for index in (1, 3, 4)]
    assert left == sorted([*now, "houder-2/aandeel.json"])
    assert not list(folder.rglob("rotatiefactor*"))
    assert not list(folder.rglob("deelnemer-geheim.json"))


def test_each_step_says_what_every_party_has_knows_and_cannot_do(played: tuple[dict[str, Any], str]) -> None:
    steps = re.split(r"^\d\. [A-Z ,]+\n=+\n", played[1], flags=re.MULTILINE)[1:]
    assert len(steps) == 5
    for step in steps:
        assert re.match(r"Partij +\| Heeft op schijf +\| Weet +\| Kan NIET\n", step)
        assert "[x]" in step
        assert "OPEN" not in step, "no share is unlocked"
    assert all(
        party in steps[-1] for party in ("HOUDER1", "HOUDER2", "HOUDER3", "HOUDER4", REGISTER, "GM9004")
    )

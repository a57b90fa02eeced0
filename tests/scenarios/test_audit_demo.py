# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister demo --audit` as `make audit-demo` runs it, before both judges that are not ours."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.exercise import claimed_ports, listening

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
JUDGES = {
    "tlog-scales": f"{ROOT}/.venv/interop/bin/python {ROOT}/tests/interop/scales.py",
    "sumdb": f"{ROOT}/.venv/interop-go/logcheck",
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What it reported and what it said."""
    report: Path = tmp_path_factory.mktemp("logboek") / "report.json"
    judges = [part for name, command in JUDGES.items() for part in ("--judge", f"{name}={command}")]
    with claimed_ports() as ports:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "process", "demo", "--audit", *judges),
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


def said(played: tuple[dict[str, Any], str], deed: str) -> dict[str, tuple[int, str]]:
    return {who: (one["code"], one["zei"]) for who, one in played[0][deed]["data"].items()}


@pytest.mark.parametrize("when", ["vooraf", "achteraf"])
def test_before_and_after_everybody_approves(when: str, played: tuple[dict[str, Any], str]) -> None:
    found = said(played, when)
    assert found.keys() == {"onze nakijker", *JUDGES}
    assert {code for code, _line in found.values()} == {0}
    assert "is helemaal nagerekend" in found["onze nakijker"][1]


DEEDS = {
    "1": ("blad 1 is veranderd;", "refused: leaves", "refused: leaves"),
    "2": ("blad 1 en alles daarna is anders", "refused: leaves", "refused: leaves"),
    "3": ("blad 1 en blad 2 zijn veranderd;", "refused: leaves", "refused: leaves"),
    "4": ("het logboek is korter geworden;", "refused: consistency", "refused: consistency"),
    "5": ("ontvangstbewijs-van-een-collega belooft een ander blad", "refused: receipt", "refused: receipt"),
    "6": ("het verleden is herschreven", "refused: witness fg-gm9001", "refused: consistency"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_who_meddles_is_noticed_by_us_and_by_two_that_are_not_ours(
    deed: str, played: tuple[dict[str, Any], str]
) -> None:
    found = said(played, deed)
    ours, scales, sumdb = DEEDS[deed]
    assert {code for code, _line in found.values()} == {1}
    assert ours in found["onze nakijker"][1]
    assert found["onze nakijker"][1].startswith("Afgekeurd: ")
    assert found["onze nakijker"][1].endswith(
        "bel de beheerder van het register en de FG van een andere organisatie."
    )
    assert found["tlog-scales"][1].startswith(scales)
    assert found["sumdb"][1].startswith(sumdb)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A forked process is a process: what exercises lean on when they start theirs so (`tests.forking`)."""

import os
import signal

import pytest

from register.demo.world import World
from tests.exercise import fresh_world
from tests.forking import ForkedWorld

__all__ = ["fresh_world"]

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(300)]


def test_a_command_says_what_it_says_and_ends_with_its_own_code(fresh_world: World) -> None:
    there, wrong = fresh_world.command("signer", "--help"), fresh_world.command("signer", "onbekend")

    assert (there.returncode, there.stderr) == (0, "")
    assert "Gebruik:" in there.stdout
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "onbekend" in wrong.stderr


def test_it_runs_in_the_environment_of_whoever_asks(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("node", "import", str(fresh_world.folder / "klok"))
    monkeypatch.delenv("SIGNAALREGISTER_NODE_URL", raising=False)
    without = fresh_world.command(*asked)
    monkeypatch.setenv("SIGNAALREGISTER_NODE_URL", "http://127.0.0.1:1")
    named = fresh_world.command(*asked)

    assert "--url" in without.stderr
    assert named.returncode != 0
    assert "--url" not in named.stderr


def test_its_memory_is_its_own_and_a_kill_is_told_as_one(fresh_world: World) -> None:
    assert isinstance(fresh_world, ForkedWorld)
    fresh_world.start(["signer"])
    process = fresh_world._running["signer"]

    assert os.getsid(process.pid) == os.getpgid(process.pid) == process.pid
    os.kill(process.pid, signal.SIGKILL)

    assert process.wait(10) == -signal.SIGKILL
    assert fresh_world.alive() == {"signer": False}
    fresh_world.start(["signer"])
    assert fresh_world.alive() == {"signer": True}
    fresh_world.stop("signer")

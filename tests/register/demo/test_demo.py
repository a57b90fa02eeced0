# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What stops the demo before it begins; the demo as a whole is played in tests/scenarios."""

import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from process.serving.errors import SettingsError
from register.demo.plan import PEOPLE, Ports
from register.demo.world import World, require_free
from tests.exercise import claimed_ports

BASE = 21_400


@pytest.fixture
def free() -> Iterator[Ports]:
    """Ports that are nobody's."""
    with claimed_ports() as claimed:
        yield claimed


@pytest.fixture
def taken(free: Ports) -> Iterator[int]:
    """One of the ports of an exercise, somewhere in the middle, with somebody on it."""
    port = free.holder(2)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield port


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "process", "demo", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def test_a_taken_port_is_named(taken: int, free: Ports) -> None:
    with pytest.raises(SettingsError, match=f"Poort {taken} is al in gebruik"):
        require_free(free)


def test_free_ports_are_no_obstacle_and_stay_free(free: Ports) -> None:
    require_free(free)
    require_free(free)


def test_the_demo_with_a_taken_port_prints_one_line_and_exits_2(
    taken: int, free: Ports, tmp_path: Path
) -> None:
    done = demo("--once", "--port-base", str(free.base), "--folder", str(tmp_path / "oefening"))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"Poort {taken} is al in gebruik" in done.stderr
    assert not (tmp_path / "oefening").exists()


def test_the_demo_does_not_touch_a_folder_that_holds_something(free: Ports, tmp_path: Path) -> None:
    (tmp_path / "van-iemand").write_text("blijft")
    done = demo("--once", "--port-base", str(free.base), "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "niet leeg" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["van-iemand"]


@pytest.mark.parametrize(
    "arguments", [("--stop-holder", "4"), ("--port-base", "80"), ("--onbekend",), ("--port-base", "veel")]
)
def test_a_wrong_option_exits_2(arguments: tuple[str, ...]) -> None:
    assert demo(*arguments).returncode == 2


def test_stopping_a_world_of_which_nothing_runs_is_harmless(tmp_path: Path) -> None:
    world = World(tmp_path, Ports(BASE), {})
    world.stop_all()
    world.stop_all()
    assert world.alive() == {}


def test_a_world_names_every_process_once_and_starts_the_signer_before_the_register(tmp_path: Path) -> None:
    names = World(tmp_path, Ports(BASE), {}).names()
    assert len(set(names)) == len(names) == 9
    assert names.index("signer") < names.index("register") < names.index("node-GM9001")


def test_a_world_does_not_show_its_passwords_when_printed(tmp_path: Path) -> None:
    passwords = {one.name: f"oefen-{random.Random(1).randbytes(9).hex()}" for one in PEOPLE}
    shown = repr(World(tmp_path, Ports(BASE), passwords))
    assert not [one for one in passwords.values() if one in shown]

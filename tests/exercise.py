# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A whole exercise on free ports, for scenario and browser tests: one per module, and no process left behind.

Keys, certificates, databases and accounts are made once, by the commands with which an administrator makes them; every module gets a copy in which
folder and ports are its own. Making them takes ten commands, which are given here without a process for each: that these commands do the same as processes is
claimed elsewhere (tests/scenarios/test_demo.py, tests/register/demo).

Several exercises may run side by side, also from several test runs: whoever takes a block of ports holds the last one of it as long as the exercise lasts, and the
system gives a port to one only. Blocks lie below the ports that the system gives to outgoing connections.
"""

import io
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from process.command import run
from process.serving.clock import system_clock
from register.demo.plan import MOMENT, MUNICIPALITIES, Ports
from register.demo.world import World, WorldError, _preparation, build
from tests.forking import ForkedWorld, ForkServer

_BLOCK = 50
SHORT_STEPS = {"register": {"answer_step_ms": 50}}
"""Answers leave on the shortest grid that there is: a story of hundreds of questions waits for its work and not for the clock."""


_TEMPLATE_PORTS = Ports(47_150)
"""Nothing listens there: numbers that stand in no other setting."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An exercise that was built and prepared, and never starts."""
    with commands_in_this_process():
        world = build(
            tmp_path_factory.mktemp("sjabloon"),
            _TEMPLATE_PORTS,
            MOMENT,
            certificates_from=system_clock(),
            randomness=os.urandom,
            extra=SHORT_STEPS,
        )
        for name in ("register", *(f"node-{code}" for code in MUNICIPALITIES)):
            prepare_one(world, name)
    return world


def prepare_one(world: World, name: str) -> None:
    """Put the accounts and controls of one process in its database.

    Raises:
        WorldError: the command refused.
    """
    done = world.command(*_preparation(world, name))
    if done.returncode != 0:
        raise WorldError(f"{name}: {done.stderr}")


@contextmanager
def commands_in_this_process() -> Iterator[None]:
    """What a world is told by commands, it is told here: a process for each would spend its time on importing."""

    def command(_world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            code = run(list(arguments))
        said = [one.buffer.getvalue().decode() for one in (out, err)]
        return subprocess.CompletedProcess(arguments, code, *said)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(World, "command", command)
        yield


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """Where processes come from that need not import anything any more."""
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def fresh_world(
    template: World, fork_server: ForkServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Files, keys, certificates and accounts; no process runs yet."""
    folder = tmp_path_factory.mktemp("oefening") / "oefening"
    with claimed_ports() as ports:
        shutil.copytree(template.folder, folder)
        _move(folder, template, ports)
        yield (world := ForkedWorld(folder, ports, dict(template.passwords), server=fork_server))
        world.stop_all()


def _move(folder: Path, template: World, ports: Ports) -> None:
    moved = {str(template.folder): str(folder)} | {
        str(old): str(new) for old, new in zip(template.ports.all(), ports.all(), strict=True)
    }
    for settings in folder.rglob("*.toml"):
        text = settings.read_text(encoding="utf-8")
        for old, new in moved.items():
            text = text.replace(old, new)
        settings.write_text(text, encoding="utf-8")


@contextmanager
def claimed_ports() -> Iterator[Ports]:
    """A base from which every port of the exercise is free, and nobody else's as long as this lasts."""
    dice = random.Random(os.urandom(8))
    with ExitStack() as claim:
        while not _claimed(ports := Ports(dice.randrange(12_000, 32_000, _BLOCK)), claim):
            pass
        yield ports


def _claimed(ports: Ports, claim: ExitStack) -> bool:
    last = ports.base + _BLOCK - 1
    assert last > max(ports.all())
    holder = claim.enter_context(socket.socket())
    try:
        holder.bind(("127.0.0.1", last))
    except OSError:
        return False
    return all(_free(port) for port in ports.all())


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listening(ports: tuple[int, ...]) -> bool:
    """Whether anything listens on one of these."""

    def listens(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return any(listens(port) for port in ports)

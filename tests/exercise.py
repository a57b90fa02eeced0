# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A whole exercise on free ports, for scenario and browser tests: built once per module, and no process left behind."""

import os
import socket
from collections.abc import Iterator

import pytest

from process.serving.clock import system_clock
from register.demo.plan import MOMENT, Ports
from register.demo.world import World, build, prepare


@pytest.fixture(scope="module")
def fresh_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Files, keys, certificates and accounts; no process runs yet."""
    folder = tmp_path_factory.mktemp("oefening")
    world = build(folder, free_ports(), MOMENT, certificates_from=system_clock(), randomness=os.urandom)
    prepare(world)
    yield world
    world.stop_all()


def free_ports() -> Ports:
    """A base from which every port of the exercise is free."""
    for base in range(20000, 60000, 50):
        if all(_free(port) for port in Ports(base).all()):
            return Ports(base)
    raise RuntimeError("no room for an exercise")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A test authority and a listener on a real socket."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from process.peer import Peer
from process.serving.clock import system_clock
from process.serving.run import Listener, _server
from process.serving.settings import ProcessSettings
from register.demo.certificates import Authority, Issued


@dataclass(frozen=True)
class Town:
    """An authority with the settings of processes that it enrolled."""

    authority: Authority
    folder: Path

    def settings(self, kind: str, organisation: str) -> ProcessSettings:
        """Settings of a process with a fresh certificate."""
        return settings_of(self.issued(kind, organisation))

    def issued(self, kind: str, organisation: str) -> Issued:
        home = self.folder / f"{kind}-{organisation}"
        if (home / "certificaat.pem").exists():
            return Issued(home / "certificaat.pem", home / "sleutel.pem", self.authority.path)
        return self.authority.issue(Peer(kind, organisation, "00000001001234567000"), home)


def settings_of(issued: Issued) -> ProcessSettings:
    return ProcessSettings(
        profile="oefening",
        tls_certificate=issued.certificate,
        tls_key=issued.key,
        tls_authorities=issued.authorities,
    )


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town")
    return Town(Authority(folder / "uitgever", system_clock()), folder)


@pytest.fixture(scope="session")
def other_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Another authority with the same names: what an impostor would make."""
    folder = tmp_path_factory.mktemp("other-town")
    return Town(Authority(folder / "uitgever", system_clock()), folder)


@contextmanager
def serving(listener: Listener) -> Iterator[int]:
    """Serve in a thread, as the process does in its main thread; gives the port."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = _server(listener)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[bound])))
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        bound.close()

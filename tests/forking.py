# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Processes of an exercise that have their imports behind them: one process imports everything, and every process of an exercise is forked from it.

What is forked is a process in everything that the exercises are about: its own memory, session, environment, settings, databases, sockets and clock, and signals reach it
and its exit code comes back as of any other. It only does not read the same fourteen hundred modules again. What it shares by that is code: nothing was
configured, opened or drawn before the fork, and there is one thread (`tests.forked` refuses to serve otherwise); the system's randomness and OpenSSL's are not inherited.

Two things it does not show, and others do with processes from nothing (tests/scenarios/test_demo.py, tests/faults, tests/register/demo): that the command itself starts, and that
a process imports no more than its zone may (`lint-imports`).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO, Any

from register.demo.world import World

_LARGEST = 1 << 20


class ForkServer:
    """The process from which processes are forked, as whoever asks for them sees it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(number)],
                pass_fds=(number,),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start(self, arguments: list[str], out: IO[bytes], errors: IO[bytes]) -> "Forked":
        """A process of the command `signaalregister` with these arguments, in the environment that is ours now."""
        environment = dict(os.environ)  # noqa: TID251 - of whoever asks
        asked: dict[str, object] = {
            "arguments": arguments,
            "environment": environment,
            "folder": str(Path.cwd()),
        }
        with Path(os.devnull).open("rb") as nothing:
            pid = self._ask(asked, [nothing.fileno(), out.fileno(), errors.fileno()])
        assert isinstance(pid, int)
        return Forked(pid, self)

    def ended(self, pid: int) -> int | None:
        """With which code a process ended, below zero by which signal; None while it runs. Told once."""
        return self._ask({"pid": pid}, [])

    def _ask(self, asked: dict[str, object], files: list[int]) -> int | None:
        with self._lock:
            socket.send_fds(self._door, [json.dumps(asked).encode()], files)
            answer = self._door.recv(_LARGEST)
        assert answer, "the process to fork from is gone"
        told: int | None = json.loads(answer)
        return told

    def close(self) -> None:
        """End it; what was forked goes on."""
        self._door.close()
        self._process.wait()


@dataclass
class Forked:
    """One process, with of `subprocess.Popen` what an exercise asks of it."""

    pid: int
    server: ForkServer
    returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self.returncode is None:
            self.returncode = self.server.ended(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has one."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("signaalregister", timeout or 0.0)
            time.sleep(0.02)
        return code

    def send_signal(self, sig: int) -> None:
        """A signal, if it still runs: until its exit code was asked for, its number is nobody else's."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


@dataclass
class ForkedWorld(World):
    """An exercise whose processes and commands are forked."""

    server: ForkServer = field(kw_only=True)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            process = self.server.start(list(arguments), out, errors)
            try:
                code = process.wait(300)
            finally:
                process.kill()
            said = [_text(one) for one in (out, errors)]
        return subprocess.CompletedProcess(arguments, code, *said)

    def _begin(self, arguments: list[str], log: IO[bytes]) -> Any:
        return self.server.start(arguments, log, log)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")

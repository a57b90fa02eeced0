# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`kill -9` of node, register, holder, signer and database at N random moments of an import and of questions: half of them on SQLite, half on PostgreSQL."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import mean

import pytest

from register.demo.plan import ASKER, HOLDERS, person
from tests.exercise import commands_in_this_process
from tests.faults.clients import CaseSystem, Importer, Inspector, RecordSystem, Watcher, Worker
from tests.faults.meddler import Meddler
from tests.faults.postgres import PostgresServer
from tests.faults.storm import DATABASE, Storm, plan
from tests.faults.world_check import proven
from tests.faults.worlds import PROCESSES, SUBMITTER, FaultyWorld, Template, on_postgresql

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_WEIGHTS = {"register": 8, f"node-{SUBMITTER}": 7, f"node-{ASKER}": 2, "signer": 1, "import": 2}
_FINISH_SECONDS = 600.0
_FILE_ROWS = 40
_FEW_KILLS = 4
_FEW_ROWS = 20
"""One file is enough for one blow; a file that ends soon lets a short storm end soon."""
_PAUSE = 0.6
"""Between two pieces of work of one client: so much is under way at any moment, and no more than can be asked about at the end."""


@dataclass
class Load:
    """Everybody who is at work."""

    workers: list[Worker]
    importer: Importer

    def finish(self) -> None:
        """Let each finish what it began."""
        for worker in self.workers:
            worker.stop(_FINISH_SECONDS)
        deadline = time.monotonic() + 2 * _FINISH_SECONDS
        while any(worker.is_alive() for worker in self.workers):
            assert time.monotonic() < deadline, "somebody never ended"
            self.importer.lose_patience()
            time.sleep(0.2)


@contextmanager
def at_work(faulty: FaultyWorld, seed: int, rows: int) -> Iterator[Load]:
    """An importer, two case systems, an inspector and a watcher; what the importer is told is heard on its line."""
    world, ledger = faulty.world, faulty.ledger
    line = Meddler("client", world.ports.node(SUBMITTER))
    folder = world.folder / "invoer"
    folder.mkdir()
    inspector = person(SUBMITTER, "toezichthouder")
    command = tuple(line.url if one == world.node(SUBMITTER) else one for one in world.as_person(inspector))
    importer = Importer(ledger, command, folder, SUBMITTER, rows)
    line.listeners.append(importer.hear)
    with ExitStack() as stack:
        stack.enter_context(line.running())
        system = stack.enter_context(faulty.client(SUBMITTER))
        records = stack.enter_context(faulty.client(SUBMITTER))
        asker = stack.enter_context(faulty.client(ASKER))
        workers = [
            importer,
            CaseSystem("case system", ledger, system, SUBMITTER),
            RecordSystem("record system", ledger, records, SUBMITTER),
            Inspector("inspector", ledger, asker, random.Random(seed)),
            Watcher(ledger, world.register_pages),
        ]
        for worker in workers:
            worker.pause = _PAUSE
            worker.start()
        load = Load(workers, importer)
        try:
            yield load
        finally:
            load.finish()


def carried_out(faulty: FaultyWorld, storm: Storm, seed: int, kills: int) -> str:
    """The whole storm, with a check after each blow and all checks at the end; what came of it, in a line."""
    faulty.world.start(PROCESSES)
    weights = {**_WEIGHTS, **{f"houder-{index}": 1 for index in HOLDERS}}
    if storm.server is not None:
        weights[DATABASE] = 8
    with at_work(faulty, seed, _FILE_ROWS if kills > _FEW_KILLS else _FEW_ROWS) as load:
        storm.others["import"] = load.importer.kill
        storm.when_up = load.importer.lose_patience
        for number, blow in enumerate(plan(seed, kills, weights), start=1):
            storm.strike(blow)
            faulty.check(f"blow {number}, {' and '.join(blow.victims)}")
        load.finish()
        faulty.check_all("the storm")
        before = set(faulty.contents().signals)
        for file in load.importer.done:
            assert load.importer.import_once(file), f"{file.name} was not taken a second time"
        assert set(faulty.contents().signals) == before, "importing the same files again changed something"
        faulty.check("importing the same files again")
    told = faulty.ledger.told()
    return f"{sum(storm.killed.values())} kills {dict(storm.killed)}, {sum(storm.seconds) / kills:.1f} s per kill (mean blow {mean(storm.seconds):.1f} s); {proven(told)}; {dict(told.counts)}"


def test_on_sqlite_nothing_is_lost_doubled_or_unlogged_when_processes_are_killed(
    template: Template, seed: int, kills: int, figures: Callable[[str], None]
) -> None:
    with template.copy("kills-sqlite") as world:
        faulty = FaultyWorld(world)
        figures(f"sqlite: {carried_out(faulty, Storm(world, faulty.ledger), seed, kills // 2)}")


@pytest.mark.postgresql
def test_on_postgresql_nothing_is_lost_doubled_or_unlogged_when_processes_and_database_are_killed(
    template: Template, seed: int, kills: int, figures: Callable[[str], None]
) -> None:
    with template.copy("kills-postgresql") as world, ExitStack() as stack:
        server = PostgresServer()
        stack.callback(server.remove)
        server.start()
        with commands_in_this_process():
            for index in HOLDERS:
                on_postgresql(world, server, f"houder-{index}")
            faulty = FaultyWorld(world, database=on_postgresql(world, server, "register"))
        storm = Storm(world, faulty.ledger, server)
        figures(f"postgresql: {carried_out(faulty, storm, seed, kills - kills // 2)}")
        world.stop_all()
        server.stop()
        assert server.check_files() == []

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A disk that is full: a refusal in words, never a 500, nothing acknowledged that is lost; with room again everything goes on."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from register.demo.plan import ASKER
from register.demo.world import World, change_settings
from tests.faults.clients import CaseSystem, Client, key_of, observation, question, settled
from tests.faults.disks import SmallDisk, again_inside_unshare, may_mount, small_disk
from tests.faults.meddler import Exchange
from tests.faults.postgres import PostgresServer
from tests.faults.told import Row
from tests.faults.worlds import PROCESSES, SUBMITTER, FaultyWorld, Template, meddled, on_postgresql

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

_MEGABYTES = 4
_TRIES = 40
_AT_LEAST = 3
REFUSED = frozenset({429, 503, 507})


@pytest.fixture
def mounting(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """This process may mount; if not, the test has passed or failed elsewhere and ends here."""
    if not may_mount(tmp_path):
        again_inside_unshare(request.node.nodeid)
        pytest.skip("passed inside unshare -rm")


_PLACES = {
    "the register's database": ("register", "database_file", "register.sqlite"),
    "the register's key store": ("register", "payload_keys_file", "logsleutels.sqlite"),
    "the submitting node's database": (f"node-{SUBMITTER}", "database_file", "node.sqlite"),
    "the asking node's database": (f"node-{ASKER}", "database_file", "node.sqlite"),
}


@pytest.mark.usefixtures("mounting")
@pytest.mark.parametrize("place", _PLACES)
def test_a_full_disk_is_refused_in_words_and_with_room_again_everything_goes_on(
    template: Template, place: str, figures: Callable[[str], None]
) -> None:
    process, setting, file = _PLACES[place]
    with template.copy(f"full-{process}-{setting}") as world, ExitStack() as stack:
        disk = stack.enter_context(small_disk(world.folder / "klein", _MEGABYTES))
        stack.callback(world.stop_all)
        moved = _moved(world, process, file, disk)
        change_settings(world, process, {setting: str(moved)})
        faulty = FaultyWorld(world)
        if setting == "database_file" and process == "register":
            faulty.database = f"sqlite:///{moved}"
        if setting == "payload_keys_file":
            faulty.keys = moved
        if process == f"node-{SUBMITTER}":
            faulty.node_file = moved
        figures(f"full disk, {place}: {_through(faulty, disk, stack)}")


@pytest.mark.postgresql
@pytest.mark.usefixtures("mounting")
def test_a_full_postgresql_is_refused_in_words_and_with_room_again_everything_goes_on(
    template: Template, figures: Callable[[str], None]
) -> None:
    with template.copy("full-postgresql") as world, ExitStack() as stack:
        server = PostgresServer()
        stack.callback(server.remove)
        disk = stack.enter_context(small_disk(server.folder / "klein", 4 * _MEGABYTES))
        stack.callback(server.stop)
        stack.callback(world.stop_all)
        server.give(disk.folder)
        server.start()
        server.run(f"CREATE TABLESPACE klein LOCATION '{disk.folder}'")
        faulty = FaultyWorld(world, database=on_postgresql(world, server, "register", "TABLESPACE klein"))
        figures(f"full disk, PostgreSQL: {_through(faulty, disk, stack)}")


def _moved(world: World, process: str, file: str, disk: SmallDisk) -> Path:
    """A database in its new place, with what was prepared in it."""
    old = world.folder / process / file
    for part in (old, *(old.with_name(old.name + end) for end in ("-wal", "-shm"))):
        if part.exists():
            shutil.move(part, disk.folder / part.name)
    return disk.folder / file


def _through(faulty: FaultyWorld, disk: SmallDisk, stack: ExitStack) -> str:
    """Work, work with a full disk until that shows, work with room again; what was answered meanwhile."""
    proxy = stack.enter_context(meddled(faulty.world, "register"))["register"]
    faulty.world.start(PROCESSES)
    ledger = faulty.ledger
    submitting = stack.enter_context(faulty.client(SUBMITTER))
    asking = stack.enter_context(faulty.client(ASKER))
    system = CaseSystem("case system", ledger, submitting, SUBMITTER)
    system.work()
    assert asking.send("POST", "/v1/bevragingen", question([Row(0, SUBMITTER).phone])).is_success
    faulty.check("work with room")
    before = len(proxy.exchanges)

    rows = list(_until_refused(faulty, disk, submitting, asking))
    faulty.check("work without room")
    _require_words(proxy.exchanges[before:])
    disk.empty()
    for row in rows:
        system.settle(row)
    system.work()
    faulty.check_all("work with room again")
    statuses = sorted({one.status for one in proxy.exchanges[before:]})
    return f"{len(rows)} rows refused and then stored; the register answered {statuses}; {dict(ledger.told().counts)}"


def _until_refused(faulty: FaultyWorld, disk: SmallDisk, submitting: Client, asking: Client) -> Iterator[Row]:
    """Fill, send and ask, until it shows: a refusal, or a signal that must wait; yields the rows that are not settled."""
    refused: set[str] = set()
    for tries in range(_TRIES):
        disk.fill()
        (row,) = faulty.ledger.rows(SUBMITTER, 1)
        faulty.ledger.attempt([row])
        said = submitting.send("POST", "/v1/signalen", observation(row), key_of(row))
        asked = asking.send("POST", "/v1/bevragingen", question([row.phone]))
        for what, answer in (("signal", said), ("question", asked)):
            if answer.status_code in REFUSED:
                _require_sentences(answer)
                refused.add(what)
        if said.status_code in REFUSED:
            yield row
        else:
            # A signal that is kept at the node because the register has no room is told so, and is safe.
            assert said.status_code in {201, 202}, said.text
            if settled(faulty.ledger, row, said.status_code, said.content) and said.status_code == 202:
                refused.add("signal")
        if refused and tries > _AT_LEAST:
            return
    raise AssertionError(f"a full disk never showed; refused were {refused}")


def _require_sentences(answer: httpx.Response) -> None:
    """Problem details, in Dutch: what happened, and what to do."""
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["code"] != "storing", told
    for member in ("title", "detail", "wegVooruit"):
        assert told[member].endswith("."), told


def _require_words(exchanges: list[Exchange]) -> None:
    """The register itself never called it a defect."""
    for one in exchanges:
        assert one.status != 500, (one.request.call, one.answer)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The checker is checked first: in a calm world it finds nothing, and everything that is planted in a copy of its databases it finds."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest

from register.demo.plan import ASKER, MOMENT
from tests.faults import world_check
from tests.faults.clients import CaseSystem, Watcher, question
from tests.faults.told import Row, Told
from tests.faults.world_check import Vkeys
from tests.faults.worlds import PROCESSES, SUBMITTER, FaultyWorld, Template

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

_ROWS = 4


@dataclass(frozen=True)
class Calm:
    """What a world without faults leaves: what was told, the folder with its databases, and its keys."""

    told: Told
    databases: Path
    vkeys: Vkeys


@pytest.fixture(scope="module")
def calm(template: Template) -> Iterator[Calm]:
    with template.copy("calm") as world:
        world.start(PROCESSES)
        faulty = FaultyWorld(world)
        with faulty.client(SUBMITTER) as client:
            system = CaseSystem("case system", faulty.ledger, client, SUBMITTER)
            for _row in range(_ROWS):
                system.work()
        with faulty.client(ASKER) as client:
            answer = client.send("POST", "/v1/bevragingen", question(["0620000000"])).json()
            faulty.ledger.receipt(answer["logbewijs"]["bewijs"])
        faulty.check_all("calm")
        Watcher(faulty.ledger, world.register_pages).work()
        faulty.check("calm")
        told, vkeys = faulty.ledger.told(), faulty.vkeys
        for name in PROCESSES:
            world.stop(name)
        shutil.copy(faulty.node_file, world.folder / "register")
        yield Calm(told, world.folder / "register", vkeys)


Sql = Callable[[sqlite3.Connection], object]


def findings(calm: Calm, folder: Path, told: Told | None = None, plant: Sql | None = None) -> list[str]:
    """What the checker finds in a copy of the databases in which something was planted."""
    shutil.copytree(calm.databases, folder / "register")
    file = folder / "register" / "register.sqlite"
    if plant is not None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            for name, other in (("keys", "logsleutels.sqlite"), ("node", "node.sqlite")):
                connection.execute(f"ATTACH ? AS {name}", [str(folder / "register" / other)])
            plant(connection)
    contents = world_check.read_contents(
        f"sqlite:///{file}", folder / "register" / "logsleutels.sqlite", MOMENT.date()
    )
    node = world_check.read_node(folder / "register" / "node.sqlite", SUBMITTER)
    return world_check.at_the_end(told or calm.told, contents, node, calm.vkeys)


def test_in_a_calm_world_nothing_is_wrong_and_much_was_told(calm: Calm, tmp_path: Path) -> None:
    assert findings(calm, tmp_path) == []
    assert len(calm.told.acknowledged) == _ROWS
    assert len(calm.told.receipts) > _ROWS
    assert calm.told.checkpoints


def sql(*statements: str) -> Sql:
    def plant(connection: sqlite3.Connection) -> None:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement

    return plant


_ONE = "(SELECT signal_id FROM signal ORDER BY signal_id LIMIT 1)"


def copied(connection: sqlite3.Connection, *, tag: str, ref: str = "ref") -> None:
    """One signal a second time, under an id of its own."""
    fresh, (one,) = uuid4().hex, connection.execute(_ONE[1:-1]).fetchone()
    for table in ("signal", "subject", "posting"):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        changed = {"signal_id": f"'{fresh}'", "tag": tag, "ref": ref}
        values = ", ".join(changed.get(name, name) for name in names)
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE signal_id = ?",  # noqa: S608 - ours
            [one],
        )


def stuck(connection: sqlite3.Connection) -> None:
    """A signal of the casebook that stands in the outbox, too."""
    of_casebook = {row[1] for row in connection.execute("PRAGMA node.table_info(casebook)")}
    columns = {
        row[1]: row[1] if row[1] in of_casebook else f"'{row[1]}'"
        for row in connection.execute("PRAGMA node.table_info(outbox)")
        if row[3]
    }
    connection.execute(
        f"INSERT INTO node.outbox ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM node.casebook LIMIT 1"  # noqa: S608 - ours
    )


_PLANTED: dict[str, tuple[str, Sql]] = {
    "an acknowledged signal is gone": (
        "LOST: row",
        sql(
            f"DELETE FROM posting WHERE signal_id = {_ONE}",  # noqa: S608 - ours
            f"DELETE FROM signal WHERE signal_id = {_ONE}",  # noqa: S608 - ours
        ),
    ),
    "an acknowledged signal is withdrawn by nobody": (
        "LOST: row",
        sql(f"UPDATE signal SET status = 'ingetrokken' WHERE signal_id = {_ONE}"),  # noqa: S608 - ours
    ),
    "an acknowledged signal matches nothing": (
        "LOST: row",
        sql(f"DELETE FROM posting WHERE signal_id = {_ONE}"),  # noqa: S608 - ours
    ),
    "an acknowledged signal is another's": (
        "LOST: row",
        sql(f"UPDATE signal SET organisation = 'GM9002' WHERE signal_id = {_ONE}"),  # noqa: S608 - ours
    ),
    "a signal stands twice with the same attributes": (
        "DOUBLED: one attribute stands in 2 signals",
        lambda connection: copied(connection, tag="tag"),
    ),
    "a signal stands twice under other tags": (
        "DOUBLED: GM9001 sent 4 rows and has 5 signals",
        lambda connection: copied(connection, tag="randomblob(32)"),
    ),
    "a posting is doubled within its signal": (
        "DOUBLED: signal",
        sql(
            "INSERT INTO posting (tag, signal_id, version, ref, family, keyset, epoch, sealed_point)"
            " SELECT randomblob(32), signal_id, version, ref, family, keyset, epoch, sealed_point FROM posting LIMIT 1"
        ),
    ),
    "a leaf in the middle is gone": (
        "BROKEN: the log has",
        sql("DELETE FROM log_leaf WHERE leaf_index = 2"),
    ),
    "the last leaf is gone": (
        "UNLOGGED: an answer has a receipt for leaf",
        sql("DELETE FROM log_leaf WHERE leaf_index = (SELECT max(leaf_index) FROM log_leaf)"),
    ),
    "a leaf is another": (
        "UNLOGGED: leaf",
        sql(
            "UPDATE log_leaf SET leaf = randomblob(length(leaf)) WHERE leaf_index IN"
            " (SELECT leaf_index FROM log_payload WHERE organisation = 'GM9001' ORDER BY leaf_index DESC LIMIT 3)"
        ),
    ),
    "the past of the log is another": (
        "BROKEN: the checkpoint of",
        sql("UPDATE log_leaf SET leaf = randomblob(length(leaf)) WHERE leaf_index = 0"),
    ),
    "a payload has no key": (
        "BROKEN: the key of leaf",
        sql("DELETE FROM keys.payload_key WHERE key_id IN (SELECT key_id FROM log_payload LIMIT 1)"),
    ),
    "a leaf has no payload": (
        "BROKEN: leaf 1 has no payload",
        sql("DELETE FROM log_payload WHERE leaf_index = 1"),
    ),
    "a signal is not in the casebook of its node": (
        "LOST: the casebook",
        sql("DELETE FROM node.casebook WHERE signal_id IN (SELECT signal_id FROM node.casebook LIMIT 1)"),
    ),
    "a signal never left the outbox": (
        "UNDELIVERED: signal",
        stuck,
    ),
    "a signal is not found by a question": (
        "LOST: no question finds",
        sql(f"DELETE FROM treffer_signal WHERE signal_id = {_ONE}"),  # noqa: S608 - ours
    ),
}


@pytest.mark.parametrize("planted", _PLANTED)
def test_what_is_planted_in_the_databases_is_found(calm: Calm, tmp_path: Path, planted: str) -> None:
    expected, plant = _PLANTED[planted]
    found = findings(calm, tmp_path, plant=plant)
    assert [one for one in found if one.startswith(expected)], found


def _flip(note: str) -> str:
    """Another last byte of the signature."""
    head, last = note.rstrip("\n")[:-4], note.rstrip("\n")[-4:]
    return head + last.translate(str.maketrans("ABCDabcd", "BADCbadc")) + "x\n"


def _waits(told: Told) -> Told:
    """One row more, of which a client was told that its node keeps it."""
    row = Row(999, SUBMITTER)
    return replace(told, attempted=told.attempted | {row}, waiting={row: uuid4()})


_SAID: dict[str, tuple[str, Callable[[Told], Told]]] = {
    "a receipt that the register did not sign": (
        "UNLOGGED: a receipt does not verify",
        lambda told: replace(told, receipts=(*told.receipts, _flip(told.receipts[0]))),
    ),
    "a checkpoint that the signer did not sign": (
        "BROKEN: a checkpoint does not verify",
        lambda told: replace(told, checkpoints=(_flip(told.checkpoints[0]),)),
    ),
    "a row that nobody ever answered": (
        "LOST: 1 rows were never settled",
        lambda told: replace(told, acknowledged=dict(list(told.acknowledged.items())[1:])),
    ),
    "a withdrawn row that matches": (
        "BACK: row",
        lambda told: replace(told, gone=frozenset(list(told.acknowledged)[:1])),
    ),
    "a row that waited and never came": ("LOST: row 999 waited at the node", _waits),
    "what no client should be told": (
        "an answer with 500",
        lambda told: replace(told, surprises=("an answer with 500",)),
    ),
}


@pytest.mark.parametrize("said", _SAID)
def test_what_is_wrong_in_what_clients_were_told_is_found(calm: Calm, tmp_path: Path, said: str) -> None:
    expected, change = _SAID[said]
    found = findings(calm, tmp_path, told=change(calm.told))
    assert [one for one in found if one.startswith(expected)], found


def test_a_damaged_file_is_found(calm: Calm, tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite"
    with (
        closing(sqlite3.connect(calm.databases / "register.sqlite")) as whole,
        closing(sqlite3.connect(file)) as copy,
    ):
        whole.backup(copy)
    assert world_check.integrity([file]) == []
    content = bytearray(file.read_bytes())
    at = content.rindex(b"GM9001")
    # The header of the page in which it stands.
    page = at - at % 4096
    content[page + 1 : page + 12] = bytes(11)
    file.write_bytes(content)
    assert world_check.integrity([file])[0].startswith("DAMAGED: register.sqlite")

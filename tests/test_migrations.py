# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Data of every revision of every database survives the way to the newest, on SQLite and PostgreSQL, and what expands breaks nothing that runs.

`tests/vectors/migrations/<database>/<revision>.json` holds what software of that revision wrote: the rows of the tables that the revision made or
changed, in the order in which they can be inserted. A file is made once and kept. Values that JSON has no words for are `{"$uuid": ...}`, `$hex`,
`$moment`, `$day` and `$json`. A new revision needs its file, and what it keeps must be read below by today's store classes.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event
from sqlalchemy.types import TypeEngine

from audit.entry import payload_content, unseal
from audit.merkle import Frontier, leaf_hash, verify_inclusion
from audit.note import Signer
from audit.signer.store import state as signer
from audit.store import keys
from audit.store.engine import make_engine
from audit.store.jobs import JobStore
from audit.store.keys import KeyStore
from audit.store.log import LogStore
from audit.store.schema import EXPAND, Moment, Schema, Step, migrate, steps
from audit.witness.store import state as witness
from policies.decision import Decision
from process.secret import Secret
from process.windows import Window
from pseudonymisation.keyholder.quota import Limits, counters
from pseudonymisation.keyholder.store import schema as keyholder_tables
from pseudonymisation.keyholder.store.counts import Counts
from pseudonymisation.keyholder.store.grants import SCHEMA as KEYHOLDER
from pseudonymisation.receipts import Counted, require_vkeys
from register.breaches import Figures
from register.central.store import (
    assertions,
    breaches,
    break_glass,
    casework,
    decisions,
    destruction,
    effects,
    evaluations,
    exclusions,
    freezes,
    frequencies,
    notices,
    organisations,
    people,
    policy,
    proposals,
    questions,
    releases,
    reminders,
    repeats,
    reviews,
    rotation,
    signals,
    treffers,
    watching,
    witnesses,
)
from register.central.store import flags as central_flags
from register.central.store import tables as central
from register.central.store.grants import SCHEMA as REGISTER
from register.central.store.work import LoggedWork
from register.decisions import opened
from register.door.store import Happening
from register.door.store import Rows as DoorRows
from register.matching import SubjectKey
from register.municipal.own import Kind, Own
from register.municipal.receipts import Break
from register.municipal.store import NodeDatabase, NodeStore
from register.municipal.store import tables as municipal
from register.municipal.store.announcements import AnnouncementStore
from register.municipal.store.canary import CanaryStore
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.changes import ChangeStore
from register.municipal.store.controls import OutcomeStore
from register.municipal.store.drafts import DraftStore
from register.municipal.store.flags import FlagStore
from register.municipal.store.grants import SCHEMA as NODE
from register.municipal.store.identities import IdentityStore
from register.municipal.store.imports import ImportStore
from register.municipal.store.looks import LookStore
from register.municipal.store.outbox import OutboxStore
from register.municipal.store.own import OwnStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.store.reminders import ReminderStore
from register.municipal.store.sealed import SealedStore
from register.ports import Permit
from register.rationing import Total
from register.second_factor import Half
from tests.receipts import VKEYS, receipt

VECTORS = Path(__file__).parent / "vectors" / "migrations"
SIGNER = Schema(
    "ondertekenaar",
    signer.metadata,
    Path(signer.__file__).parent / "migrations",
    {},
)
WITNESS = Schema("getuige", witness.metadata, Path(witness.__file__).parent / "migrations", {})
SCHEMAS = {
    "register": REGISTER,
    "keys": keys.SCHEMA,
    "keyholder": KEYHOLDER,
    "node": NODE,
    "signer": SIGNER,
    "witness": WITNESS,
}
ATTRIBUTES: Mapping[str, Mapping[str, object]] = {"node": {"tenant": "GM9004"}}
"""What revisions must be told, as their process tells it."""

NOW = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
TODAY = NOW.date()
REVISIONS = [(name, step.revision) for name, schema in SCHEMAS.items() for step in steps(schema.migrations)]
EXPANSIONS = [
    (name, before.revision, step.revision)
    for name, schema in SCHEMAS.items()
    for before, step in zip(steps(schema.migrations), steps(schema.migrations)[1:], strict=False)
    if step.phase == EXPAND
]

Row = dict[str, Any]
Written = dict[str, list[Row]]

TAGS: dict[str, tuple[TypeEngine[Any], Callable[[Any], Any]]] = {
    "$uuid": (sa.Uuid(), UUID),
    "$hex": (sa.LargeBinary(), bytes.fromhex),
    "$moment": (Moment(), datetime.fromisoformat),
    "$day": (sa.Date(), date.fromisoformat),
    "$json": (sa.JSON(), lambda value: value),
}


@dataclass(frozen=True)
class Value:
    """A value of a vector with the type of its column."""

    type: TypeEngine[Any]
    value: Any

    @classmethod
    def read(cls, written: Any) -> "Value":
        """From a vector."""
        if isinstance(written, dict):
            ((name, inner),) = written.items()
            kind, made = TAGS[name]
            return cls(kind, made(inner))
        return cls(sa.Boolean() if isinstance(written, bool) else sa.types.NullType(), written)


def by_turns(cases: Iterable[tuple[str, ...]], *, recent: int = 1_000) -> list[Any]:
    """Cases of which the newest revision is looked at on both databases, the recent ones by turns, and what is older where every case is asked for: it was put into service long ago."""
    newest = {
        name: [step.revision for step in steps(one.migrations)][-recent:] for name, one in SCHEMAS.items()
    }

    def marks(case: tuple[str, ...]) -> list[pytest.MarkDecorator]:
        known = newest[case[0]]
        if case[-1] == known[-1]:
            return [pytest.mark.both_databases]
        return [] if case[-1] in known else [pytest.mark.every_case]

    return [pytest.param(*case, marks=marks(case)) for case in cases]


def file_of(name: str, revision: str) -> Path:
    return VECTORS / name / f"{revision}.json"


def rows_of(name: str, revision: str) -> Written:
    """What software of this revision writes in the tables that it made or changed."""
    written = json.loads(file_of(name, revision).read_text(encoding="utf-8"))["tables"]
    return {table: list(rows) for table, rows in written.items()}


def insert(connection: Connection, rows: Written) -> None:
    for name, written in rows.items():
        for row in written:
            values = {column: Value.read(value) for column, value in row.items()}
            table = sa.table(name, *(sa.column(column, value.type) for column, value in values.items()))
            connection.execute(
                table.insert().values({column: value.value for column, value in values.items()})
            )


def require_there(connection: Connection, rows: Written) -> None:
    """Every row of the vector is still there with every value it had."""
    for name, written in rows.items():
        for row in written:
            values = {column: Value.read(value) for column, value in row.items()}
            table = sa.table(name, *(sa.column(column, value.type) for column, value in values.items()))
            found = connection.execute(sa.select(table)).mappings().all()
            wanted = {column: value.value for column, value in values.items()}
            assert wanted in [dict(one) for one in found], (
                f"{name}: a row of an earlier revision is gone or changed"
            )


def up_to(engine: Engine, name: str, revision: str) -> None:
    """Bring a database to a revision as an administrator of its time did."""
    known = steps(SCHEMAS[name].migrations)
    place = SCHEMAS[name].migrations
    wanted = [step.revision for step in known].index(revision)
    _upgrade(engine, place, known[wanted].revision, ATTRIBUTES.get(name, {}))


def _upgrade(engine: Engine, place: Path, revision: str, attributes: Mapping[str, object]) -> None:
    """`audit.store.schema.migrate`, stopped at a revision by showing it no later ones."""
    with pytest.MonkeyPatch.context() as patch:
        every = steps(place)
        last = [step.revision for step in every].index(revision) + 1
        patch.setattr("audit.store.schema.steps", lambda _place: every[:last])
        migrate(engine, place, attributes=attributes)


class Lives:
    """Databases as they were at each revision, each made once from the one before and copied to whoever needs one."""

    def __init__(self, folder: Path, server: Callable[[], sa.URL]) -> None:
        self._folder = folder
        self._server = server
        self._kept: set[str] = set()

    def grown(self, engine: Engine, name: str, revision: str) -> Written:
        """A database that lived from the first revision to this one, and was written to at each; gives everything that was written."""
        everything: Written = {}
        for step in self._live(engine, name, revision, written=True):
            for table, rows in rows_of(name, step.revision).items():
                everything.setdefault(table, []).extend(rows)
        return everything

    def empty(self, engine: Engine, name: str, revision: str) -> None:
        """A database of this revision that nobody wrote to."""
        self._live(engine, name, revision, written=False)

    def _live(self, engine: Engine, name: str, revision: str, *, written: bool) -> tuple[Step, ...]:
        known = steps(SCHEMAS[name].migrations)
        lived = known[: [step.revision for step in known].index(revision) + 1]
        kept = f"{'leven' if written else 'leeg'}_{name}_{engine.dialect.name}"
        ages = [n for n in range(len(lived), 0, -1) if f"{kept}_{n}" in self._kept]
        if ages:
            self._copy(engine, f"{kept}_{ages[0]}", back=True)
        for age in range(ages[0] if ages else 0, len(lived)):
            up_to(engine, name, lived[age].revision)
            if written:
                with engine.begin() as connection:
                    insert(connection, rows_of(name, lived[age].revision))
            self._copy(engine, f"{kept}_{age + 1}", back=False)
            self._kept.add(f"{kept}_{age + 1}")
        return lived

    def _copy(self, engine: Engine, kept: str, *, back: bool) -> None:
        engine.dispose()
        if engine.dialect.name == "sqlite":
            places = [Path(str(engine.url.database)), self._folder / kept]
            assert not places[0].with_name(f"{places[0].name}-wal").exists()
            shutil.copyfile(*(reversed(places) if back else places))
            return
        here = engine.url.database
        source, target = (kept, here) if back else (here, kept)
        administrator = sa.create_engine(
            self._server(), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
        )
        with administrator.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {target}"))
            connection.execute(sa.text(f"CREATE DATABASE {target} TEMPLATE {source}"))


@pytest.fixture(scope="session")
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lives:
    return Lives(tmp_path_factory.mktemp("levens"), lambda: request.getfixturevalue("postgresql_server"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("name", "revision"), REVISIONS)
def test_a_revision_has_data_of_its_own_time(name: str, revision: str) -> None:
    assert file_of(name, revision).exists(), (
        "write what software of this revision keeps, and never change it again"
    )
    rows = rows_of(name, revision)
    assert rows
    assert all(rows.values())


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_has_data_in_some_revision(name: str) -> None:
    filled = {table for kind, revision in REVISIONS if kind == name for table in rows_of(name, revision)}
    assert filled == set(SCHEMAS[name].metadata.tables)


def test_there_is_no_data_of_a_revision_that_is_none() -> None:
    there = {(path.parent.name, path.stem) for path in VECTORS.rglob("*.json")}
    assert there == set(REVISIONS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_revision_after_the_first_says_its_phase(name: str) -> None:
    for path in sorted((SCHEMAS[name].migrations / "versions").glob("0*.py"))[1:]:
        assert "\nphase = " in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_revisions_make_the_tables_that_the_code_declares(name: str, engine: Engine) -> None:
    migrate(engine, SCHEMAS[name].migrations, attributes=ATTRIBUTES.get(name))
    with engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), SCHEMAS[name].metadata)


@pytest.mark.parametrize(("name", "revision"), by_turns(REVISIONS))
def test_data_of_a_revision_is_there_and_readable_at_the_newest(
    name: str, revision: str, engine: Engine, lives: Lives
) -> None:
    written = lives.grown(engine, name, revision)
    migrate(engine, SCHEMAS[name].migrations, attributes=ATTRIBUTES.get(name))
    with engine.connect() as connection:
        require_there(connection, written)
        for table, rows in written.items():
            count = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
            assert count == len(rows), f"{table}: rows came or went"
    for table, read in READERS[name].items():
        if table in written:
            read(engine, written[table])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_with_data_is_read_by_a_store_class(name: str) -> None:
    assert set(READERS[name]) == set(SCHEMAS[name].metadata.tables)


def in_form(table: sa.Table, rows: Sequence[Row], newer: Row) -> list[Row]:
    """Rows of before as newer software writes them, where it only added what may be empty; others are left out."""
    if rows and "tenant" in newer.keys() - rows[0].keys():
        # As the revision that brought organisations gives rows of before to the only one.
        rows = [{**ATTRIBUTES["node"], **row} for row in rows]
    if not rows or rows[0].keys() == newer.keys():
        return list(rows)
    added = newer.keys() - rows[0].keys()
    if rows[0].keys() - newer.keys() or not all(table.c[column].nullable for column in added):
        return []
    return [{column: row.get(column) for column in newer} for row in rows]


@pytest.mark.parametrize(("name", "before", "revision"), by_turns(EXPANSIONS, recent=4))
def test_what_software_of_before_writes_still_works_after_a_revision_that_expands(
    name: str, before: str, revision: str, engine: Engine, lives: Lives
) -> None:
    lives.empty(engine, name, revision)
    newest: Written = {}
    for step in steps(SCHEMAS[name].migrations):
        for table, fresh in rows_of(name, step.revision).items():
            # Of a table that changed, the form in which the software just before this revision writes it.
            newest[table] = [
                *in_form(SCHEMAS[name].metadata.tables[table], newest.get(table, []), fresh[0]),
                *fresh,
            ]
        if step.revision == before:
            break
    primary = {
        table: tuple(SCHEMAS[name].metadata.tables[table].primary_key.columns.keys()) for table in newest
    }
    with engine.begin() as connection:
        insert(connection, newest)
        require_there(connection, newest)
        for table, rows in newest.items():
            update_all(connection, table, rows, primary[table])
        require_there(connection, newest)
        for table, rows in reversed(newest.items()):
            for row in rows:
                delete_one(connection, table, row, primary[table])


def update_all(connection: Connection, name: str, rows: Sequence[Row], key: Sequence[str]) -> None:
    """Write every value of every row again, as an UPDATE of that row."""
    for row in rows:
        values = {column: Value.read(value) for column, value in row.items()}
        table = sa.table(name, *(sa.column(column, value.type) for column, value in values.items()))
        mine = [table.c[column] == values[column].value for column in key if column in values]
        others = {column: value.value for column, value in values.items() if column not in key}
        if others and mine:
            assert connection.execute(table.update().where(*mine).values(others)).rowcount == 1


def delete_one(connection: Connection, name: str, row: Row, key: Sequence[str]) -> None:
    values = {column: Value.read(row[column]) for column in key if column in row}
    if values:
        table = sa.table(name, *(sa.column(column, value.type) for column, value in values.items()))
        connection.execute(
            table.delete().where(*(table.c[column] == value.value for column, value in values.items()))
        )


@pytest.mark.parametrize(("name", "before", "revision"), by_turns(EXPANSIONS, recent=4))
def test_a_revision_that_is_interrupted_leaves_the_one_before_whole(
    name: str, before: str, revision: str, engine: Engine, lives: Lives
) -> None:
    written = lives.grown(engine, name, before)
    shape = shape_of(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def cut(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # The last statement of a revision writes its number down: everything else was done by then.
        if statement.startswith("UPDATE alembic_version"):
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        up_to(engine, name, revision)
    event.remove(engine, "before_cursor_execute", cut)
    assert shape_of(engine) == shape
    with engine.connect() as connection:
        require_there(connection, written)
    up_to(engine, name, revision)
    assert shape_of(engine) != shape


def shape_of(engine: Engine) -> object:
    """Tables, columns, keys, indexes and revision of a database, to see that nothing changed."""
    with engine.connect() as connection:
        found = sa.inspect(connection)
        tables = {
            table: (
                sorted(
                    (column["name"], str(column["type"]), column["nullable"])
                    for column in found.get_columns(table)
                ),
                found.get_pk_constraint(table)["constrained_columns"],
                sorted(str(index["name"]) for index in found.get_indexes(table)),
                sorted(str(one["constrained_columns"]) for one in found.get_foreign_keys(table)),
            )
            for table in sorted(found.get_table_names())
        }
        return tables, MigrationContext.configure(connection).get_current_revision()


# ---- read by today's store classes ----------------------------------------------------------------------------------

Read = Callable[[Engine, list[Row]], None]
LOG_SIGNER = Signer("log.example/oefening", Secret(bytes(range(3, 35))))
RECEIPTS = Signer("log.example/oefening/ontvangst", Secret(bytes(range(9, 41))))


def of(row: Row, column: str) -> Any:
    return Value.read(row[column]).value


def permit() -> Permit:
    made = Decision(
        allowed=True, rule_ids=("proef",), ground_ids=(), conditions=frozenset(), policy_set_hash="0" * 64
    )
    return Permit("lezen", made)


def work(connection: Connection) -> LoggedWork:
    return LoggedWork(connection)


def read_log(engine: Engine, rows: list[Row]) -> None:
    """The whole log replays, proves itself, and opens with the keys of its time."""
    del rows
    store = LogStore(central.log)
    written = {of(row, "key_id"): Secret(of(row, "key")) for row in rows_of("keys", "0001")["payload_key"]}
    with engine.connect() as connection:
        head = store.head(connection)
        leaves = store.leaves(connection, 0, head.size)
        assert Frontier.over(leaves).root() == head.root
        for index, leaf in enumerate(leaves):
            proof = store.inclusion_proof(connection, index, head.size)
            verify_inclusion(leaf_hash(leaf), index, head.size, proof, head.root)
        for one in store.payloads_of(connection, "GM9002"):
            opening = unseal(one.ciphertext, "GM9002", one.leaf, written[one.key_id])
            assert payload_content("GM9002", opening.payload)["gebeurtenis"] == "bevraging"
        assert (store.latest_checkpoint(connection) or "").startswith(LOG_SIGNER.name)


def read_signals(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            key = SubjectKey(of(row, "signal_id"), row["version"], "s1")
            stored = signals.load(work(connection), permit(), [key], TODAY)[key]
            assert stored.signal.organisation == row["organisation"]
            assert stored.signal.first_processed_at == of(row, "first_processed_at")
            assert stored.signal.indicators == of(row, "indicators")
            assert stored.signal.opened == (None if row["opened"] is None else of(row, "opened"))


def read_subjects(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            (stored,) = signals.subjects_of(work(connection), permit(), of(row, "signal_id"), TODAY)
            assert (stored.key.ref, stored.kind, stored.role, stored.minor) == tuple(
                row[name] for name in ("ref", "kind", "role", "minor")
            )


def read_postings(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        found = signals.find(work(connection), permit(), "oefening", {of(row, "tag") for row in rows}, TODAY)
    assert len(found) == len(rows)


def read_frequencies(engine: Engine, rows: list[Row]) -> None:
    """The count of its time is what today's questions weigh with."""
    del rows
    kept = rows_of("register", "0004")
    with engine.begin() as connection:
        found = frequencies.snapshot(
            work(connection), permit(), [of(row, "tag") for row in kept["token_frequency"]]
        )
    assert found.subjects == kept["snapshot"][0]["subjects"]
    assert found.carriers == {of(row, "tag"): row["carriers"] for row in kept["token_frequency"]}


def read_rotation(engine: Engine, rows: list[Row]) -> None:
    """The epoch in force, and how far a rotation of its time is."""
    del rows
    kept = rows_of("register", "0006")
    (state,), (row,) = kept["keyset_state"], kept["rotation"]
    with engine.connect() as connection:
        assert rotation.standing(connection, "oefening", 7) == rotation.Standing(
            state["epoch"], state["since"], state["fingerprint"]
        )
        found = rotation.rotation(connection, "oefening")
        assert found is not None
        assert (found.done, found.total, found.started_at) == (
            row["done"],
            row["total"],
            of(row, "started_at"),
        )
        assert rotation.arrivals(connection, 9) == [of(one, "signal_id") for one in kept["rotation_arrival"]]


def read_treffers(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            stored = treffers.one(work(connection), permit(), of(row, "treffer_id"), TODAY)
            assert stored is not None
            assert stored.row.found_at == of(row, "found_at")
            assert list(stored.subjects.values()) == [frozenset({"phone"})]
            assert stored.phase_2 is not None


def read_named(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            stored = treffers.one(work(connection), permit(), of(row, "treffer_id"), TODAY)
            assert stored is not None
            key = SubjectKey(of(row, "signal_id"), row["version"], row["ref"])
            assert stored.subjects[key] == frozenset(of(row, "families"))


def read_phase_2(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            decision = treffers.phase_2_decision(work(connection), permit(), of(row, "decision_id"))
            assert decision is not None
            assert decision.criteria == of(row, "criteria")


def read_releases(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            released = treffers.released_signals(work(connection), permit(), of(row, "decision_id"))
            assert (of(row, "signal_id"), row["version"]) in released


def read_repeats(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            key = (row["organisation"], row["request_key"], of(row, "digest"), of(row, "at"))
            assert repeats.seen(work(connection), *key)


def read_people(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            found = people.credentials(connection, row["name"])
            assert found is not None
            assert (found[0], found[1].role, found[2]) == (row["organisation"], row["role"], row["password"])
            assert people.first_until(connection, row["name"]) == Value.read(row.get("first_until")).value


def read_failures(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            assert people.failures(connection, of(row, "name_key")) == (row["failures"], of(row, "last_at"))


def read_sessions(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            found = people.session(connection, of(row, "digest"))
            assert found is not None
            assert found[1].created_at == of(row, "created_at")


def read_strangers(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            people.count_unauthenticated(connection, row["code"], of(row, "minute"))
            table = central.unauthenticated
            assert (
                connection.scalar(sa.select(table.c["count"]).where(table.c.code == row["code"]))
                == row["count"] + 1
            )


def read_jobs(table: sa.Table) -> Read:
    def read(engine: Engine, rows: list[Row]) -> None:
        states = JobStore(engine, table).states()
        for row in rows:
            state = states[row["name"]]
            assert state.since == of(row, "since")
            assert (state.failures, dict(state.counts)) == (row["failures"], of(row, "counts"))

    return read


def read_tombstones(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            found = destruction.tombstone(work(connection), permit(), of(row, "signal_id"))
            assert found is not None
            assert found.reason == row["reason"]


def read_destroyed(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        assert all(destruction.counted(connection, of(row, "day")) for row in rows)


def read_reminders(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            assert row["count"] in [
                one.count for one in reminders.of(connection, row["role"], [row["organisation"]])
            ]


_KEYS = require_vkeys(VKEYS)


def read_evaluations(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            if "mark" in row:
                seen = evaluations.seen_on(connection, of(row, "holder_key"), of(row, "day"))
                assert seen[row["organisation"], row["action"]] == {of(row, "mark"): row["points"]}
        before = sum("mark" not in row for row in rows)
        zeros = sa.select(sa.func.count()).where(central.evaluation_receipt.c.mark == bytes(16))
        assert connection.scalar(zeros) == before, "a receipt of before marks has none of anybody's"
        for row in rows:
            said = {"number": of(row, "number"), "organisation": row["organisation"]}
            evaluations.spend(work(connection), [receipt(row["holder"], NOW, **said)], _KEYS)
            if "mark" in row:
                with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
                    insert(connection, {"evaluation_receipt": [row | {"number": {"$hex": "00" * 16}}]})
        assert evaluations.destroy_old(connection, NOW + timedelta(days=33)) == 2 * len(rows)


def read_holder_days(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            states = evaluations.days_of(connection, of(row, "holder_key"), of(row, "day"))
            assert states[of(row, "day")] == row["state"]


def read_given(engine: Engine, rows: list[Row]) -> None:
    for row in rows:
        counted, _reached = Counts(engine).of_day(TODAY, of(row, "key"))
        given = {of(row, "mark"): row["points"]}
        assert counted == (Counted.of(row["organisation"], row["action"], given),)


def read_questions(engine: Engine, rows: list[Row]) -> None:
    for row in rows:
        total = Total(
            row["organisation"], row["officer"], Window(row["span"]), row["start"], row["attributes"], None
        )
        with pytest.raises(questions.OverLimitError):
            questions.count(engine, [total], 1, NOW)


def read_fg_flags(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            told = central_flags.shown(connection, [row["organisation"]], NOW)
            assert (row["kind"], of(row, "at")) in [(one.kind, one.since) for one in told]


def read_emergencies(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            assert of(row, "opening_id") in [
                one.opening.opening_id
                for one in break_glass.of_organisations(work(connection), permit(), [row["organisation"]])
            ]


def read_emergency_reviews(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            found = break_glass.of_organisations(work(connection), permit(), [row["organisation"]])
            assert row["verdict"] in [one.verdict for one in found]


def read_reviews(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            mine, period = [row["organisation"]], row.get("period", "")
            if "throw" in row:
                draw = reviews.draw_of(connection, mine, period)
                assert draw is not None
                assert (draw.size, draw.due_on, draw.made_at) == (
                    row["size"],
                    of(row, "due_on"),
                    of(row, "made_at"),
                )
            elif "leaf_index" in row:
                item = reviews.item(work(connection), permit(), mine, period, row["leaf_index"])
                assert item is not None
                assert (item.verdict, item.reason, item.reasons, item.entry) == (
                    row["verdict"], row["reason"], of(row, "reasons"), row["entry"],
                )  # fmt: skip
            elif "month" in row:
                signed = reviews.signed(connection, mine, row["month"])
                assert signed is not None
                assert (signed.note, signed.entry) == (row["note"], row["entry"])
            else:
                assert reviews.limits(connection, row["organisation"])[row["name"]] == row["height"]


def read_reconciled(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            assert of(row, "day") in evaluations.reconciled_since(connection, row["holder"], of(row, "day"))


def read_reached(engine: Engine, rows: list[Row]) -> None:
    _counted, reached = Counts(engine).of_day(TODAY, bytes(32))
    assert [(one.officer, one.times, one.first) for one in reached] == [
        (row["officer"], row["times"], of(row, "first_at")) for row in rows
    ]


def read_changes(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        assert organisations.version(connection)
        for row in rows:
            assert any(
                one.document == row["document"]
                for one in organisations.history(connection, row["organisation"])
            )


def read_organisations(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            found = organisations.one(connection, row["code"])
            assert found is not None
            assert found.name == row["name"]
            assert organisations.with_oin(connection, row["oin"]) == row["code"]


def read_certificates(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        known = organisations.certificates(connection)
        for row in rows:
            assert known[row["organisation"]][of(row, "fingerprint")] == of(row, "ends_at")
            assert organisations.newest_certificate(connection, row["organisation"]) == of(row, "certificate")


def read_decisions(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        assert len(organisations.changes(connection)) >= len(rows)


def read_proposals(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        found = {one.id: one for one in proposals.everything(connection)}
    for row in rows:
        one = found[of(row, "proposal_id")]
        if "kind" in row:
            assert (one.kind, one.parties, one.officer) == (
                row["kind"],
                frozenset({"GM9001"}),
                row["officer"],
            )
            assert one.content == of(row, "content")
        else:
            step = one.steps[row["number"] - 1]
            assert (step.did, step.objection, step.text) == (row["step"], row["objection"], row["text"])


def read_decided(engine: Engine, rows: list[Row]) -> None:
    """A decision of its time is read, and says what was decided."""
    with engine.connect() as connection:
        kept = [one for some in decisions.everything(connection, permit()) for one in some]
    for row in rows:
        (found,) = (one for one in kept if one.key_id == row["key_id"])
        request = opened(found.ciphertext, found.key_id, found.day, Secret(bytes(range(32))))
        action, page = request.questions
        assert [one.allowed for one in (*action.outcomes[0], *page.outcomes[0])] == [True, True, False]


def read_policy(engine: Engine, rows: list[Row]) -> None:
    del rows
    with engine.connect() as connection:
        kept = rows_of("register", "0009")
        for row in kept["policy_text"]:
            assert policy.texts(connection, row["hash"]) == of(row, "texts")
        there = policy.in_force(policy.steps(connection), NOW + timedelta(days=400))
        assert there is not None
        assert there.hash == kept["policy_step"][-1]["hash"]


def read_keys(engine: Engine, rows: list[Row]) -> None:
    store = KeyStore(engine)
    for row in rows:
        assert store.get(row["key_id"]) == Secret(of(row, "key"))


def read_counts(engine: Engine, rows: list[Row]) -> None:
    counts = Counts(engine)
    officer = next(row["officer"] for row in rows if row["officer"])
    there = rows[0]["points"]
    full = counters("GM9001", officer, "vragen", NOW - timedelta(minutes=1), Limits(*[there] * 4))
    one = receipt(1, NOW, points=1)
    assert counts.add(full, one, bytes(32)) is not None, "the points of before count"
    room = counters("GM9001", officer, "vragen", NOW - timedelta(minutes=1), Limits(*[there + 1] * 4))
    assert counts.add(room, one, bytes(32)) is None


def read_signed(engine: Engine, rows: list[Row]) -> None:
    assert signer.SignerState(engine).latest() == max(rows, key=lambda row: int(row["size"]))["note"]


def read_cosigned(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        for row in rows:
            assert witnesses.lines(connection, row["size"])[row["witness"]] == row["line"]
        named = [row["witness"] for row in rows]
        assert witnesses.newest_with(connection, named, 1) == (rows[-1]["size"], of(rows[-1], "at"))


def read_heard(engine: Engine, rows: list[Row]) -> None:
    with engine.connect() as connection:
        heard = witnesses.heard(connection)
    assert {
        key: (one.said.value, one.since, one.size, one.confirmed_at, one.seen) for key, one in heard.items()
    } == {
        row["witness"]: (row["said"], of(row, "since"), row["size"], of(row, "confirmed_at"), row["seen"])
        for row in rows
    }


def read_vouched(engine: Engine, rows: list[Row]) -> None:
    assert witness.WitnessState(engine).all_latest() == {row["origin"]: row["note"] for row in rows}


def read_contradictions(engine: Engine, rows: list[Row]) -> None:
    found = witness.WitnessState(engine).contradictions()
    assert [(one.origin, one.note, one.last_note, one.seen_at) for one in found] == [
        (row["origin"], row["note"], row["last_note"], row["seen_at"]) for row in rows
    ]


TENANT = "GM9004"


def node(engine: Engine) -> NodeDatabase:
    return NodeDatabase(engine.url.render_as_string(hide_password=False))


def at_node(read: Callable[[NodeDatabase, Row], bool]) -> Read:
    """Every row is found by a store of the one organisation that this node had from the beginning."""

    def all_of(engine: Engine, rows: list[Row]) -> None:
        database = node(engine)
        try:
            assert [row for row in rows if not read(database, row)] == []
        finally:
            database.close()

    return all_of


def _account(database: NodeDatabase, row: Row) -> bool:
    found = NodeStore(database, TENANT).account(row["name"])
    return found is not None and (found[0].officer, found[1]) == (row["officer"], row["password"])


def _tries(database: NodeDatabase, row: Row) -> bool:
    return NodeStore(database, TENANT).tries(of(row, "name_key")) == (
        row["failures"],
        of(row, "waits_until"),
        of(row, "last_at") if "last_at" in row else None,
    )


def _session(database: NodeDatabase, row: Row) -> bool:
    found = NodeStore(database, TENANT).session(of(row, "digest"), NOW)
    return found is not None and database.tenant_of_session(of(row, "digest")) == TENANT


def _control(database: NodeDatabase, row: Row) -> bool:
    found = NodeStore(database, TENANT).control(row["number"])
    return found is not None and (found.day, found.planned) == (of(row, "day"), row["planned"])


def _entry(database: NodeDatabase, row: Row) -> bool:
    found = CasebookStore(database, TENANT).entry(of(row, "signal_id"), row["version"])
    return found is not None and (found.handle, found.digest) == (row["handle"], of(row, "digest"))


def _receipt(database: NodeDatabase, row: Row) -> bool:
    store = NodeStore(database, TENANT)
    waiting = [one.leaf_hash for one in store.unproven()]
    return store.count_proven() > 0 if row["proven_at"] else of(row, "leaf_hash") in waiting


def _checkpoint(database: NodeDatabase, row: Row) -> bool:
    found = NodeStore(database, TENANT).last_checkpoint(row["log"])
    return found is not None and found[1] == of(row, "note")


def _break(database: NodeDatabase, row: Row) -> bool:
    return Break(row["kind"]) in [one.kind for one in NodeStore(database, TENANT).breaks(row["log"])]


def _refusal(database: NodeDatabase, row: Row) -> bool:
    told = (of(row, "minute"), row["officer"], row["code"], row["fields"], row["times"])
    return told in NodeStore(database, TENANT).refusals()


def _waiting(database: NodeDatabase, row: Row) -> bool:
    found = OutboxStore(database, TENANT).row(of(row, "signal_id"), row["version"])
    return found is not None and found.handle == row["handle"]


def _draft(database: NodeDatabase, row: Row) -> bool:
    found = DraftStore(database, TENANT).draft(of(row, "draft_id"), NOW)
    return found is not None and found.officer == row["officer"]


def _look(database: NodeDatabase, row: Row) -> bool:
    return row["reason"] in [one.reason for one in LookStore(database, TENANT).of(of(row, "signal_id"))]


def _withdrawn(database: NodeDatabase, row: Row) -> bool:
    return OutboxStore(database, TENANT).withdrawn(of(row, "signal_id"))


def _secret(database: NodeDatabase, row: Row) -> bool:
    return SealedStore(database, TENANT).secret(row["name"]) is not None


def _intake(database: NodeDatabase, row: Row) -> bool:
    found = ImportStore(database, TENANT).intake(of(row, "intake_id"))
    return found is not None and found.next_row == row["next_row"]


def _refused_row(database: NodeDatabase, row: Row) -> bool:
    found = ImportStore(database, TENANT).refused(of(row, "intake_id"), (0, 0), 10)
    return row["reason"] in [one.reason for _place, one in found]


def _flag(database: NodeDatabase, row: Row) -> bool:
    return of(row, "counts") in [dict(one.counts) for one in FlagStore(database, TENANT).flags()]


def _lone_plate(database: NodeDatabase, row: Row) -> bool:
    return FlagStore(database, TENANT).lone_plates(row["officer"], NOW) > 0


def _reminder(database: NodeDatabase, row: Row) -> bool:
    found = ReminderStore(database, TENANT).of(row["officer"], row["role"])
    return row["count"] in [one.count for one in found]


def _pin(database: NodeDatabase, row: Row) -> bool:
    kept = CanaryStore(database, TENANT).of(row["keyset"])
    said = (row["epoch"], row["version"], of(row, "pin"), row.get("key_mark"))
    return said in [(one.epoch, one.version, one.pin, one.key_mark) for one in kept]


def _canary_look(database: NodeDatabase, row: Row) -> bool:
    found = CanaryStore(database, TENANT).last()
    assert found is not None
    return (found.at, found.wrong, found.made) == (of(row, "at"), row["wrong"], of(row, "made"))


def _outcome(database: NodeDatabase, row: Row) -> bool:
    found = OutcomeStore(database, TENANT).asked(row["number"])
    assert found is not None
    return (found.officer, found.outcome, found.told_at) == (
        row["officer"],
        row["outcome"],
        of(row, "told_at"),
    )


def _own_mark(database: NodeDatabase, row: Row) -> bool:
    return Own(Kind(row["kind"]), of(row, "digest")) in OwnStore(database, TENANT).of(row["officer"])


def read_assertions(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            known = assertions.one(work(connection), permit(), of(row, "assertion_id"))
            assert known is not None
            assert known.reason == row["reason"]
            standing = assertions.of_signals(work(connection), permit(), [of(row, "signal_a")])
            assert [one.kind for one in standing] == [row["kind"]] * (row["withdrawn_at"] is None)
            in_context = assertions.of_context(
                work(connection), permit(), row["context_kind"], of(row, "context_id")
            )
            assert known.assertion_id in [one.assertion_id for one in in_context]


def read_exclusions(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            holds = row["ended_at"] is None
            tags = exclusions.among(work(connection), permit(), [of(row, "tag")], of(row, "made_at").date())
            assert tags == ({of(row, "tag")} if holds else set())
            own = exclusions.of_organisation(work(connection), permit(), [row["organisation"]])
            assert (of(row, "exclusion_id") in {one.exclusion_id for one in own}) == holds


def read_events(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            found = casework.of_treffers(work(connection), permit(), [of(row, "treffer_id")])
            happened = found[of(row, "treffer_id")][row["number"]]
            assert (happened.kind, happened.at, happened.said) == (
                row["kind"],
                of(row, "at"),
                of(row, "said"),
            )


def read_effects(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        found = {one.found_on: one for one in effects.kept(connection)}
    for row in rows:
        known = found[of(row, "found_on")]
        assert (known.parties, known.outcome) == (frozenset(of(row, "parties")), row["outcome"])


def _narrative(database: NodeDatabase, row: Row) -> bool:
    found = ReleaseStore(database, TENANT).narrative(of(row, "signal_id"), row["version"], TODAY)
    return found is not None and found[1].content == of(row, "sealed")


def _proposal(database: NodeDatabase, row: Row) -> bool:
    found = ReleaseStore(database, TENANT).proposal(of(row, "release_id"))
    assert found is not None
    return (found.state.value, found.recipient.organisatie, found.decided_at, found.envelope) == (
        row["state"],
        row["recipient"],
        of(row, "decided_at"),
        of(row, "envelope"),
    )


def _received_release(database: NodeDatabase, row: Row) -> bool:
    (found,) = ReleaseStore(database, TENANT).received(TODAY, of(row, "release_id"))
    return (found.sender, found.expires_on) == (row["sender"], of(row, "expires_on"))


def _recipient_pin(database: NodeDatabase, row: Row) -> bool:
    found = ReleaseStore(database, TENANT).pin(row["organisation"])
    return found is not None and (found.signer, found.digest) == (row["signer"], of(row, "digest"))


def _own_recipient_key(database: NodeDatabase, row: Row) -> bool:
    return row["statement"] in ReleaseStore(database, TENANT).own_keys()


def read_recipient_keys(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            found = releases.keys_of(connection, row["organisation"])
            assert (row["version"], row["statement"]) in [(one.version, one.statement) for one in found]


def read_sealed_releases(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            found = releases.known(LoggedWork(connection), permit(), of(row, "release_id"))
            assert found is not None
            assert (found.recipient, bytes(found.envelope)) == (row["recipient"], of(row, "envelope"))


def read_freezes(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        found = {
            one.freeze_id: one
            for one in freezes.of_organisations(LoggedWork(connection), permit(), {"GM9004"})
        }
        held = freezes.holds(connection, None, TODAY)
    for row in rows:
        one = found[of(row, "freeze_id")]
        assert (one.officer, one.first_day, one.lifted_at) == (
            row["officer"],
            of(row, "first_day"),
            of(row, "lifted_at"),
        )
    assert [one.officer for one in held] == [row["officer"] for row in rows if row["lifted_at"] is None]


def read_breaches(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        found = {
            one.breach_id: one
            for one in breaches.of_organisations(LoggedWork(connection), permit(), {"GM9004"})
        }
    for row in rows:
        one = found[of(row, "breach_id")]
        assert one.settled == row["settled"]
        assert Figures.read(one.figures).stored() == of(row, "figures")


def read_notices(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            found = notices.ready(connection, {row["organisation"]}, row["role"], NOW)
            there = [one.about_id for one in found if one.kind == row["kind"]]
            assert (of(row, "about_id") in there) == (row["done_at"] is None)


def read_watched(engine: Engine, _rows: list[Row]) -> None:
    written = rows_of("register", "0020")
    with engine.begin() as connection:
        came = watching.arrivals(connection, 10)
        assert came == [(row["kind"], of(row, "about_id")) for row in written["arrival"]]
        about = [of(row, "about_id") for row in written["attendering"]]
        asking = watching.standing_on(connection, about, about, TODAY)
        wanted = [of(row, "attendering_id") for row in written["attendering"] if row["ended_at"] is None]
        assert [one.attendering_id for one in asking] == wanted
        for row in written["validation"]:
            found = watching.validated_on(connection, of(row, "signal_id"))
            assert found == [of(row, "validated_on")]


def _mailbox(database: NodeDatabase, row: Row) -> bool:
    return bool(AnnouncementStore(database, TENANT).mailbox(row["officer"]) == row["address"])


def _announcement(database: NodeDatabase, row: Row) -> bool:
    store = AnnouncementStore(database, TENANT)
    if row["channel"] == "opgehaald":
        return store.fetched(of(row, "moment"))
    due = [(one.channel, one.officer) for one in store.due(NOW)]
    return bool(((row["channel"], row["officer"]) in due) == (row["state"] == "wacht"))


def _change_request(database: NodeDatabase, row: Row) -> bool:
    wanted = (of(row, "signal_id"), row["officer"], row["wish"], of(row, "at"))
    return wanted in ChangeStore(database, TENANT).waiting()


def _attempt(database: NodeDatabase, row: Row) -> bool:
    return IdentityStore(database, TENANT).was_used(of(row, "state"))


def _identity(database: NodeDatabase, row: Row) -> bool:
    account = IdentityStore(database, TENANT).account(of(row, "subject"))
    return account is not None and account.officer == row["officer"]


def _role_change(database: NodeDatabase, row: Row) -> bool:
    found = IdentityStore(database, TENANT).role_changes()
    return (row["before"], row["role"], of(row, "at")) in {(one.before, one.role, one.at) for one in found}


def _signs_in(rows: DoorRows, row: Row) -> bool:
    """What is kept of how somebody signs in is found by who they are."""
    who = row["who"]
    if "tries" in row:
        half = rows.half(of(row, "digest"))
        return half == Half(who, of(row, "created_at"), row["tries"], of(row, "challenge"))
    if "secret" in row:
        app = rows.app(who)
        return app is not None and (app.secret, app.last_step) == (of(row, "secret"), row["last_step"])
    if "public_key" in row:
        wanted = (row["id"], of(row, "public_key"), row["counter"])
        return wanted in [
            (one.passkey.id, one.passkey.public_key, one.passkey.counter) for one in rows.passkeys(who)
        ]
    if "what" in row:
        return Happening(row["what"], of(row, "at"), row["done_by"]) in rows.happenings(who, 9)
    return rows.use_recovery(who, of(row, "digest"))


def _signs_in_here(database: NodeDatabase, row: Row) -> bool:
    with NodeStore(database, TENANT).signing_in() as rows:
        return _signs_in(rows, row)


def read_signing_in(engine: Engine, rows: list[Row]) -> None:
    with engine.begin() as connection:
        for row in rows:
            assert _signs_in(people.signing_in(connection, row["tenant"]), row)


SIGNING_IN = ("half_session", "code_app", "passkey", "recovery_code", "sign_in_event")

READERS: dict[str, dict[str, Read]] = {
    "register": {
        **dict.fromkeys(SIGNING_IN, read_signing_in),
        **dict.fromkeys(("log_head", "log_leaf", "log_node", "log_payload", "log_checkpoint"), read_log),
        "signal": read_signals,
        "subject": read_subjects,
        "posting": read_postings,
        "treffer": read_treffers,
        "treffer_signal": read_named,
        "phase_2": read_phase_2,
        "phase_2_release": read_releases,
        "link_assertion": read_assertions,
        "exclusion": read_exclusions,
        "treffer_event": read_events,
        "effect": read_effects,
        "idempotency": read_repeats,
        "account": read_people,
        "failed_login": read_failures,
        "session": read_sessions,
        "unauthenticated": read_strangers,
        "job": read_jobs(central.job),
        **dict.fromkeys(("snapshot", "token_frequency"), read_frequencies),
        **dict.fromkeys(("keyset_state", "rotation", "rotation_arrival"), read_rotation),
        "tombstone": read_tombstones,
        "destruction": read_destroyed,
        "reminder": read_reminders,
        "evaluation_receipt": read_evaluations,
        "question_count": read_questions,
        "fg_flag": read_fg_flags,
        "break_glass": read_emergencies,
        "break_glass_review": read_emergency_reviews,
        "freeze": read_freezes,
        "breach": read_breaches,
        "notice": read_notices,
        **dict.fromkeys(("arrival", "attendering", "validation"), read_watched),
        "recipient_key": read_recipient_keys,
        "sealed_release": read_sealed_releases,
        **dict.fromkeys(("review_draw", "review_item", "review_month", "review_limit"), read_reviews),
        "reconciled": read_reconciled,
        "holder_day": read_holder_days,
        "decision_record": read_decided,
        **dict.fromkeys(("policy_text", "policy_step"), read_policy),
        "cosignature": read_cosigned,
        "witness_state": read_heard,
        "record_change": read_changes,
        "organisation": read_organisations,
        "organisation_certificate": read_certificates,
        **dict.fromkeys(
            (
                "mandate",
                "ground_record",
                "ground_end",
                "record_end",
                "alliance_record",
                "party_change",
                "gate_decision",
                "criteria_record",
            ),
            read_decisions,
        ),
        **dict.fromkeys(("record_proposal", "record_proposal_step"), read_proposals),
    },
    "keys": {"payload_key": read_keys},
    "keyholder": {
        "quota_count": read_counts,
        "quota_reached": read_reached,
        "receipt_given": read_given,
        "job": read_jobs(keyholder_tables.job),
    },
    "signer": {"signed_checkpoint": read_signed},
    "witness": {"vouched": read_vouched, "contradiction": read_contradictions},
    "node": {
        "account": at_node(_account),
        "tries": at_node(_tries),
        "session": at_node(_session),
        **dict.fromkeys(SIGNING_IN, at_node(_signs_in_here)),
        "control": at_node(_control),
        "casebook": at_node(_entry),
        "receipt": at_node(_receipt),
        "checkpoint": at_node(_checkpoint),
        "log_break": at_node(_break),
        "refusal": at_node(_refusal),
        "outbox": at_node(_waiting),
        "draft": at_node(_draft),
        "look": at_node(_look),
        "withdrawn": at_node(_withdrawn),
        "node_secret": at_node(_secret),
        "intake": at_node(_intake),
        "refused_row": at_node(_refused_row),
        "flag": at_node(_flag),
        "lone_plate": at_node(_lone_plate),
        "job": read_jobs(municipal.job),
        "reminder": at_node(_reminder),
        "canary_pin": at_node(_pin),
        "canary_look": at_node(_canary_look),
        "control_outcome": at_node(_outcome),
        "own_mark": at_node(_own_mark),
        "mailbox": at_node(_mailbox),
        "announcement": at_node(_announcement),
        "change_request": at_node(_change_request),
        "sign_in_attempt": at_node(_attempt),
        "identity": at_node(_identity),
        "role_change": at_node(_role_change),
        "narrative": at_node(_narrative),
        "release_proposal": at_node(_proposal),
        "received_release": at_node(_received_release),
        "recipient_pin": at_node(_recipient_pin),
        "own_recipient_key": at_node(_own_recipient_key),
    },
}

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Several organisations in one database: each has its own rows only, also those from before there were several."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import IntegrityError

import register.municipal.store
from audit.checkpoint import sign_checkpoint
from audit.store.engine import make_engine
from process.serving.errors import SettingsError
from register.accounts import Account
from register.municipal.controls import Control
from register.municipal.receipts import Break, LogBreak
from register.municipal.store import STRANGERS, NodeDatabase, NodeStore
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.tables import metadata
from tests.register.municipal.statements import TABLES, Statement, listening
from tests.register.municipal.world import LogStation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
LOG = LogStation()
LOG.append(*(b"%d" % leaf for leaf in range(9)))
MIGRATIONS = Path(register.municipal.store.__file__).parent / "migrations"
OURS, THEIRS = "GM9003", "GM9004"


@pytest.fixture
def database(database_url: str) -> Iterator[NodeDatabase]:
    made = NodeDatabase(database_url)
    made.migrate([OURS, THEIRS])
    yield made
    made.close()


@pytest.fixture
def ours(database: NodeDatabase) -> NodeStore:
    return NodeStore(database, OURS)


@pytest.fixture
def theirs(database: NodeDatabase) -> NodeStore:
    """A store in which something of everything stands."""
    made = NodeStore(database, THEIRS)
    filled(made)
    return made


ACCOUNT = Account("toezichthouder-1", "inspecteur", "toezichthouder")
CONTROL = Control("C-2345-6789", "horeca", "horeca", THEIRS, planned=True, day=TODAY, officer=None)


def filled(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_tries(b"k" * 32, 5, NOW)
    store.put_session(b"t" * 32, ACCOUNT.officer, NOW)
    store.put_control(CONTROL)
    store.put_receipt("bevraging", ACCOUNT.officer, LOG.receipt(0), b"note", NOW)
    store.put_receipt("bevraging", ACCOUNT.officer, LOG.receipt(1), b"note", NOW)
    store.put_verdict(store.unproven()[0].number, NOW, proven=True)
    store.put_checkpoint(LOG.checkpoint(7), note(7))
    store.put_break(LOG.signer.name, LogBreak(Break.SHORTER, note(7), note(5), NOW))
    store.put_refusal(NOW, None, "niet-aangemeld", ())


def note(size: int) -> bytes:
    return sign_checkpoint(LOG.checkpoint(size), LOG.signer).encode()


READS: dict[str, Callable[[NodeStore], object]] = {
    "an account": lambda store: store.account("inspecteur"),
    "wrong tries": lambda store: store.tries(b"k" * 32),
    "a session": lambda store: store.session(b"t" * 32, NOW),
    "a control by its number": lambda store: store.control(CONTROL.number),
    "the controls of today": lambda store: store.controls("wie-dan-ook", TODAY),
    "receipts that wait": lambda store: store.unproven(),
    "how many receipts are proven": lambda store: store.count_proven(),
    "the last checkpoint": lambda store: store.last_checkpoint(LOG.signer.name),
    "breaks in the log": lambda store: store.breaks(LOG.signer.name),
    "refusals": lambda store: store.refusals(),
}


@pytest.mark.parametrize("name", READS)
def test_what_is_another_s_does_not_exist(
    ours: NodeStore, theirs: NodeStore, database: NodeDatabase, name: str
) -> None:
    read = READS[name]
    empty = read(NodeStore(database, "GM9001"))
    assert read(theirs) != empty
    assert read(ours) == empty


def judged(store: NodeStore, numbers: Iterable[int]) -> None:
    for number in numbers:
        store.put_verdict(number, NOW, proven=False)


CHANGES: dict[str, Callable[[NodeStore], object]] = {
    "an account of the same name": lambda store: store.put_account(
        Account("toezichthouder-1", "inspecteur", "ambassadeur"), "andere"
    ),
    "forgetting the tries of a name": lambda store: store.put_tries(b"k" * 32, 0, None),
    "counting a wrong try": lambda store: store.failed(b"k" * 32, NOW, lambda _failures: timedelta(0)),
    "ending a session": lambda store: store.end_session(b"t" * 32),
    "a control of the same number": lambda store: store.put_control(replace(CONTROL, basis="anders")),
    "a verdict on whatever receipt": lambda store: judged(store, range(1, 9)),
    "a checkpoint of the same log": lambda store: store.put_checkpoint(LOG.checkpoint(9), note(9)),
    "a break of the same kind": lambda store: store.put_break(
        LOG.signer.name, LogBreak(Break.SHORTER, note(9), note(2), NOW)
    ),
    "counting a refusal": lambda store: store.put_refusal(NOW, None, "niet-aangemeld", ()),
    "destroying what has expired": lambda store: store.purge(NOW + timedelta(days=4000), date(2037, 1, 1)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_that_one_organisation_does_changes_what_is_another_s(
    ours: NodeStore, theirs: NodeStore, name: str
) -> None:
    before = {one: read(theirs) for one, read in READS.items()}
    CHANGES[name](ours)
    assert {one: read(theirs) for one, read in READS.items()} == before


def test_two_organisations_may_have_the_same_of_everything(ours: NodeStore, theirs: NodeStore) -> None:
    ours.put_account(ACCOUNT, "eigen hash")
    assert ours.put_control(CONTROL)
    assert theirs.account("inspecteur") == (ACCOUNT, "hash")
    assert ours.account("inspecteur") == (ACCOUNT, "eigen hash")


def test_a_session_is_found_by_its_digest_and_says_whose_it_is(
    theirs: NodeStore, database: NodeDatabase
) -> None:
    assert theirs.session(b"t" * 32, NOW) is not None
    assert database.tenant_of_session(b"t" * 32) == THEIRS
    assert database.tenant_of_session(b"u" * 32) is None


# ---- the listener that stands beside every test of the node ------------------------------------------------------------


def test_every_method_of_the_store_is_heard_and_names_one_organisation(database: NodeDatabase) -> None:
    with listening() as heard:
        store = NodeStore(database, THEIRS)
        filled(store)
        for read in READS.values():
            read(store)
        for change in CHANGES.values():
            change(store)
    assert {table for one in heard for table in one.tables} >= {
        "account", "tries", "session", "control", "receipt", "checkpoint", "log_break", "refusal"
    }  # fmt: skip
    assert {one.organisations for one in heard} == {frozenset({THEIRS})}


@pytest.mark.parametrize(
    ("statement", "right"),
    [
        (Statement("SELECT * FROM account", frozenset({"account"}), frozenset()), False),
        (Statement("SELECT * FROM account", frozenset({"account"}), frozenset({OURS})), True),
        (Statement("SELECT * FROM account", frozenset({"account"}), frozenset({OURS, THEIRS})), False),
        (
            Statement(
                "SELECT session.tenant \nFROM session \nWHERE session.digest = ?",
                frozenset({"session"}),
                frozenset(),
            ),
            True,
        ),
        (
            Statement(
                "SELECT session.officer \nFROM session \nWHERE session.digest = ?",
                frozenset({"session"}),
                frozenset(),
            ),
            False,
        ),
    ],
)
def test_a_statement_without_one_organisation_would_be_found(statement: Statement, *, right: bool) -> None:
    assert statement.right is right


def test_a_statement_without_an_organisation_is_heard(
    database: NodeDatabase, every_statement_names_one_organisation: list[Statement]
) -> None:
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM account")).scalar_one() == 0
    assert [one.right for one in every_statement_names_one_organisation] == [False]
    every_statement_names_one_organisation.clear()


def test_every_table_but_that_of_jobs_says_whose_a_row_is() -> None:
    assert set(metadata.tables) - TABLES <= {"job"}


# ---- a database from before --------------------------------------------------------------------------------------------


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    """A database as the software of before left it, with something of everything."""
    engine = make_engine(database_url).execution_options(inspecting=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        as_before(connection, 1)
    yield engine
    engine.dispose()


@pytest.fixture
def after(before: Engine, database_url: str) -> Iterator[NodeDatabase]:
    """The same database, for the software of now."""
    del before
    made = NodeDatabase(database_url)
    yield made
    made.close()


BEFORE = {
    "account": "(officer, name, role, password) VALUES (:text, :text, 'fg', 'hash')",
    "session": "(digest, officer, created_at, seen_at) VALUES (:bytes, :text, :now, :now)",
    "tries": "(name_key, failures) VALUES (:bytes, 3)",
    "control": "(number, basis, control_type, place, planned, day) VALUES (:text, 'horeca', 'horeca', 'GM9003', :yes, :day)",
    "casebook": "(signal_id, version, officer, handle, status, first_processed_at, expires_on, digest, sealed)"
    " VALUES (:uuid, 1, :text, :text, 'concept', :now, :day, :bytes, :bytes)",
    "receipt": "(kind, officer, log, leaf, leaf_hash, note, at) VALUES ('bevraging', :text, 'log', 1, :bytes, :bytes, :now)",
    "checkpoint": "(log, size, note) VALUES (:text, 4, :bytes)",
    "log_break": "(log, kind, last, offered, seen_at) VALUES (:text, 'korter', :bytes, :bytes, :now)",
    "refusal": "(minute, officer, code, fields, times) VALUES (:now, :text, 'code', '', 1)",
}
"""Table -> what the software of revision 0001 writes in it."""


def as_before(connection: Connection, number: int) -> None:
    values = {
        "text": f"tekst-{number}",
        "bytes": bytes([number]) * 32,
        "now": NOW.replace(tzinfo=None).isoformat(" ") if connection.dialect.name == "sqlite" else NOW,
        "day": "2027-01-01" if connection.dialect.name == "sqlite" else date(2027, 1, 1),
        "uuid": UUID(int=number).hex if connection.dialect.name == "sqlite" else UUID(int=number),
        "yes": True,
    }
    for table, sentence in BEFORE.items():
        connection.execute(text(f"INSERT INTO {table} {sentence}"), values)


def owners(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table: list(connection.execute(select(metadata.tables[table].c.tenant)).scalars())
            for table in BEFORE
        }


def test_rows_from_before_become_those_of_the_only_organisation(before: Engine, after: NodeDatabase) -> None:
    after.migrate([OURS])
    assert owners(before) == {table: [OURS] for table in BEFORE}
    store = NodeStore(after, OURS)
    assert store.account("tekst-1") == (Account("tekst-1", "tekst-1", "fg"), "hash")
    assert store.session(b"\x01" * 32, NOW) is not None
    assert CasebookStore(after, OURS).entry(UUID(int=1)) is not None
    assert [one.leaf_index for one in store.unproven()] == [1]


def test_software_of_before_goes_on_writing_for_the_only_organisation(
    before: Engine, after: NodeDatabase
) -> None:
    after.migrate([OURS])
    with before.begin() as connection:
        as_before(connection, 2)
    assert owners(before) == {table: [OURS, OURS] for table in BEFORE}


def test_rows_from_before_of_several_organisations_stop_the_node_in_words(
    before: Engine, after: NodeDatabase
) -> None:
    with pytest.raises(SettingsError, match="Start deze node eerst één keer met alleen de organisatie"):
        after.migrate([OURS, THEIRS])
    with before.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
    after.migrate([THEIRS])
    after.migrate([OURS, THEIRS])
    assert owners(before) == {table: [THEIRS] for table in BEFORE}


def test_in_a_database_of_several_a_row_without_an_organisation_is_refused(
    database: NodeDatabase, database_url: str
) -> None:
    del database
    engine = make_engine(database_url).execution_options(inspecting=True)
    with engine.connect() as connection, pytest.raises(IntegrityError):
        as_before(connection, 1)
    engine.dispose()


def test_nobody_s_refusals_are_kept_apart(database: NodeDatabase, theirs: NodeStore) -> None:
    NodeStore(database, STRANGERS).put_refusal(NOW, None, "aanmelden-mislukt", ())
    assert [code for _at, _who, code, _fields, _times in theirs.refusals()] == ["niet-aangemeld"]

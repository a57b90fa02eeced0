# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Appends that wait for the disk together: what was answered survives a server that is killed, and the log that comes back is whole."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from audit.note import Signer
from audit.store.engine import make_engine
from audit.store.keys import KeyStore
from audit.store.settling import settle
from audit.store.wholeness import faults
from process.problem import Outage
from process.secret import Secret
from register.central.store import tables as t
from register.central.store import work
from register.central.store.work import RegisterDatabase, Signed
from register.events import ASKER, CATALOGUE
from tests.faults.postgres import PostgresServer

pytestmark = pytest.mark.postgresql

MOMENT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
WRITERS, EACH = 4, 8


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that writes to its disk when it is asked to, and by itself hardly ever."""
    server = PostgresServer()
    server.start()
    server.run("ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()")
    server.run("CREATE DATABASE register")
    yield server
    server.remove()


@pytest.fixture
def database(server: PostgresServer, tmp_path: Path) -> Iterator[RegisterDatabase]:
    engine = make_engine(server.url("register"), pool=NullPool)
    keys = KeyStore(make_engine(f"sqlite:///{tmp_path}/sleutels.db"))
    keys.create()
    t.metadata.drop_all(engine)
    t.metadata.create_all(engine)
    with engine.connect() as connection:
        settle(connection)
    signer = Signer("log.example/proef", Secret(bytes(range(32))))
    made = RegisterDatabase(engine, keys, origin="log.example/proef", signer=signer, randomness=os.urandom)
    yield made
    made.close()


def answered(database: RegisterDatabase) -> list[Signed]:
    """What so many writers at once were answered."""

    def write(_writer: int) -> list[Signed]:
        receipts = []
        for _request in range(EACH):
            with database.logged(MOMENT) as one:
                fields = {
                    "moment": MOMENT.isoformat(),
                    "medewerker": "x",
                    "rol": "toezichthouder",
                    "spoor": "",
                }
                one.enter({"GM9001": CATALOGUE.payload("aangemeld", ASKER, fields)})
            receipts.append(one.receipt)
        return receipts

    with ThreadPoolExecutor(WRITERS) as pool:
        return [one for receipts in pool.map(write, range(WRITERS)) for one in receipts]


def after_a_kill(server: PostgresServer, database: RegisterDatabase) -> int:
    """Kill the server at once and start it again; the size of the log that it has then, which is whole."""
    server.kill()
    server.start()
    with database.engine.connect() as connection:
        assert list(faults(connection, t.log, keys=database.keys.get_many)) == []
        return database.log.head(connection).size


def test_everything_that_was_answered_survives_a_server_that_is_killed(
    server: PostgresServer, database: RegisterDatabase
) -> None:
    receipts = answered(database)
    assert sorted(one.leaf_index for one in receipts) == list(range(WRITERS * EACH))
    assert after_a_kill(server, database) == WRITERS * EACH


def test_what_did_not_settle_would_be_lost(
    server: PostgresServer, database: RegisterDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: without `settle` the same answers are gone."""
    monkeypatch.setattr(work, "settle", lambda _connection: None)
    answered(database)
    assert after_a_kill(server, database) < WRITERS * EACH


def test_what_the_signer_is_asked_to_sign_survives_too(
    server: PostgresServer, database: RegisterDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "settle", lambda _connection: None)
    answered(database)
    monkeypatch.undo()
    with database.lasting() as connection:
        assert database.log.size(connection) == WRITERS * EACH
    assert after_a_kill(server, database) == WRITERS * EACH


def test_a_server_that_falls_after_the_head_was_read_does_not_answer_for_it_when_it_is_back(
    server: PostgresServer, database: RegisterDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(work, "settle", lambda _connection: None)
        answered(database)

    def read() -> None:
        with database.lasting() as connection:
            assert database.log.size(connection) == WRITERS * EACH
            server.kill()
            server.start()

    with pytest.raises((Outage, DBAPIError)):
        read()
    with database.public() as connection:
        assert database.log.size(connection) < WRITERS * EACH


def test_a_role_that_was_set_up_not_to_wait_for_the_disk_waits_before_it_answers(
    server: PostgresServer, database: RegisterDatabase
) -> None:
    server.run("ALTER SYSTEM SET synchronous_commit = 'off'", "SELECT pg_reload_conf()")
    try:
        answered(database)
        assert after_a_kill(server, database) == WRITERS * EACH
    finally:
        server.run("ALTER SYSTEM RESET synchronous_commit", "SELECT pg_reload_conf()")

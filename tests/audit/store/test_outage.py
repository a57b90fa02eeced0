# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A database that is away, busy or full is told in words and is used again as soon as it can be."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import NullPool

from audit.store.engine import make_engine, read_only
from audit.store.outage import Failing, failing, outage
from process.pooling import Pooling
from process.problem import Outage
from tests.conftest import OwnServer

IMPATIENT = Pooling(
    size=1, max_overflow=1, wait_seconds=0.2, statement_seconds=0.4, lock_seconds=0.2, idle_seconds=0.4
)


@pytest.fixture
def impatient(database_url: str) -> Iterator[Engine]:
    """An engine that waits for nothing long, with a table that holds one number."""
    engine = make_engine(database_url, IMPATIENT, name="signaalregister-proef")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, IMPATIENT, name="signaalregister-proef")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield engine
    engine.dispose()


def number(engine: Engine) -> int:
    with read_only(engine).connect() as connection:
        return int(connection.scalar(text("SELECT number FROM counter")) or 0)


def cut_off(url: str) -> int:
    """End every other connection of this database, as its administrator does; gives how many there were."""
    administrator = create_engine(url, poolclass=NullPool)
    ended = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with administrator.connect() as connection:
        return int(connection.scalar(ended) or 0)


def require_told(caught: "pytest.ExceptionInfo[Outage]", code: str) -> None:
    told = caught.value.refusal
    assert (told.status, told.code) == (503, code)
    assert told.retry_after
    assert told.detail
    assert told.way_forward


def test_an_exhausted_pool_is_told_in_words_and_not_waited_for_forever(impatient: Engine) -> None:
    started = time.monotonic()
    with impatient.connect(), impatient.connect(), pytest.raises(Outage) as caught, impatient.connect():
        pass
    require_told(caught, "database-bezet")
    assert time.monotonic() - started < 30
    assert number(impatient) == 0


def test_a_constraint_or_a_defect_is_no_outage(impatient: Engine) -> None:
    with pytest.raises(IntegrityError), impatient.begin() as connection:
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    with pytest.raises(DBAPIError), impatient.begin() as connection:
        connection.execute(text("SELECT * FROM nothing"))


@pytest.mark.postgresql
def test_a_connection_that_was_cut_is_replaced_before_it_is_used(
    postgresql: Engine, postgresql_url: str
) -> None:
    assert number(postgresql) == 0
    assert cut_off(postgresql_url) == 1
    assert number(postgresql) == 0


@pytest.mark.postgresql
def test_a_transaction_that_is_cut_off_is_told_in_words_and_leaves_nothing(
    postgresql: Engine, postgresql_url: str
) -> None:
    def work() -> None:
        with postgresql.begin() as connection:
            connection.execute(text("UPDATE counter SET number = 5"))
            assert cut_off(postgresql_url) == 1
            connection.execute(text("UPDATE counter SET number = 6"))

    with pytest.raises(Outage) as caught:
        work()
    require_told(caught, "database-weg")
    assert number(postgresql) == 0


@pytest.mark.postgresql
def test_a_commit_that_is_cut_off_is_never_taken_for_done(postgresql: Engine, postgresql_url: str) -> None:
    def work() -> None:
        with postgresql.begin() as connection:
            connection.execute(text("UPDATE counter SET number = 5"))
            assert cut_off(postgresql_url) == 1

    with pytest.raises(Outage) as caught:
        work()
    require_told(caught, "database-weg")
    assert number(postgresql) == 0


@pytest.mark.postgresql
def test_waiting_for_a_lock_has_an_end(postgresql: Engine) -> None:
    with postgresql.begin() as first:
        first.execute(text("UPDATE counter SET number = 5"))
        with pytest.raises(Outage) as caught, postgresql.begin() as second:
            second.execute(text("UPDATE counter SET number = 6"))
    require_told(caught, "database-bezet")
    assert number(postgresql) == 5


@pytest.mark.postgresql
def test_a_statement_has_an_end(postgresql: Engine) -> None:
    with pytest.raises(Outage) as caught, postgresql.connect() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    require_told(caught, "database-bezet")


@pytest.mark.postgresql
def test_a_transaction_that_is_forgotten_does_not_keep_its_locks(postgresql: Engine) -> None:
    living = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")

    def work() -> None:
        with postgresql.begin() as forgotten:
            pid = forgotten.scalar(text("SELECT pg_backend_pid()"))
            forgotten.execute(text("UPDATE counter SET number = 5"))
            alive: int | None = 1
            while alive:
                with postgresql.connect() as other:
                    alive = other.scalar(living, {"pid": pid})
            with postgresql.begin() as other:
                other.execute(text("UPDATE counter SET number = 7"))
            forgotten.execute(text("UPDATE counter SET number = 6"))

    with pytest.raises(Outage) as caught:
        work()
    require_told(caught, "database-bezet")
    assert number(postgresql) == 7


@pytest.mark.postgresql
def test_an_administrator_sees_which_process_a_connection_is_of(postgresql: Engine) -> None:
    with postgresql.connect() as connection:
        assert connection.scalar(text("SHOW application_name")) == "signaalregister-proef"


@pytest.mark.postgresql
def test_what_the_url_says_of_a_connection_goes_above_what_we_would_say(postgresql_url: str) -> None:
    sign = "&" if "?" in postgresql_url else "?"
    engine = make_engine(f"{postgresql_url}{sign}application_name=anders&options=-c%20statement_timeout=7s")
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW application_name")) == "anders"
        assert connection.scalar(text("SHOW statement_timeout")) == "7s"
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"
    engine.dispose()


@pytest.mark.postgresql
def test_a_server_that_stops_and_starts_again_is_used_again(own_postgresql: OwnServer) -> None:
    engine = make_engine(own_postgresql.url, IMPATIENT)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (3)"))
    own_postgresql.stop()
    for _attempt in range(3):
        with pytest.raises(Outage) as caught:
            number(engine)
        require_told(caught, "database-weg")
    own_postgresql.start()
    assert number(engine) == 3
    engine.dispose()


@pytest.mark.postgresql
def test_a_standby_that_takes_no_writes_is_away_and_a_write_of_ours_where_only_reading_was_agreed_is_a_defect(
    postgresql: Engine,
) -> None:
    def work() -> None:
        with postgresql.begin() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            connection.execute(text("UPDATE counter SET number = 5"))

    with pytest.raises(Outage) as caught:
        work()
    require_told(caught, "database-weg")
    with pytest.raises(DBAPIError, match="read-only"), read_only(postgresql).begin() as connection:
        connection.execute(text("UPDATE counter SET number = 5"))


@pytest.mark.postgresql
def test_what_may_not_be_done_is_no_outage(postgresql: Engine, postgresql_url: str) -> None:
    with postgresql.begin() as connection:
        connection.execute(text("CREATE ROLE niemand_proef"))

    def work() -> None:
        with postgresql.begin() as connection:
            connection.execute(text("SET ROLE niemand_proef"))
            connection.execute(text("UPDATE counter SET number = 5"))

    with pytest.raises(ProgrammingError):
        work()
    administrator = create_engine(postgresql_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text("DROP ROLE niemand_proef"))


def test_a_sqlite_file_that_another_program_keeps_locked_is_busy(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/own.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=20")  # type: ignore[union-attr]
    other = sqlite3.connect(tmp_path / "own.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Outage) as caught, engine.begin():
        pass
    require_told(caught, "database-bezet")
    other.execute("ROLLBACK")
    other.close()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO counter VALUES (1)"))
    engine.dispose()


def test_a_sqlite_file_in_a_folder_that_is_gone_is_away(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/weg/own.db")
    with pytest.raises(Outage) as caught, engine.connect():
        pass
    require_told(caught, "database-weg")
    engine.dispose()


def test_a_full_disk_is_told_as_such() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert failing(full, disconnected=False) is Failing.FULL
    assert outage(Failing.FULL).refusal.code == "database-vol"


def test_no_outage_claims_that_nothing_was_kept() -> None:
    for kind in Failing:
        told = outage(kind).refusal
        assert "niet bevestigd" in told.detail
        assert "niets opgeslagen" not in told.detail + told.way_forward


@pytest.mark.postgresql
def test_requests_beyond_the_pool_wait_for_their_turn_and_all_get_one(postgresql: Engine) -> None:
    done: list[int] = []

    def add() -> None:
        with postgresql.begin() as connection:
            connection.execute(text("UPDATE counter SET number = number + 1"))
        done.append(1)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number(postgresql) == len(done) == 8

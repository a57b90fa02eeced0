# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from audit.store.engine import DatabaseUrlError, make_engine, read_only


@pytest.fixture
def counter(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return engine


def number(engine: Engine) -> int:
    with read_only(engine).connect() as connection:
        return int(connection.scalar(text("SELECT number FROM counter")) or 0)


def test_what_was_not_committed_is_gone(counter: Engine) -> None:
    with counter.connect() as connection:
        connection.execute(text("UPDATE counter SET number = 5"))
        connection.rollback()
    assert number(counter) == 0


def test_a_table_made_in_a_transaction_goes_with_it(counter: Engine) -> None:
    with counter.connect() as connection:
        connection.execute(text("CREATE TABLE other (number INTEGER)"))
        connection.rollback()
    with pytest.raises(DBAPIError), counter.connect() as connection:
        connection.execute(text("SELECT * FROM other"))


def test_writing_where_only_reading_was_agreed_fails(counter: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only|readonly"), read_only(counter).begin() as connection:
        connection.execute(text("UPDATE counter SET number = 5"))
    with counter.begin() as connection:
        connection.execute(text("UPDATE counter SET number = 6"))
    assert number(counter) == 6


def test_a_reader_waits_for_no_writer(counter: Engine) -> None:
    with counter.begin() as connection:
        connection.execute(text("UPDATE counter SET number = 5"))
        assert number(counter) == 0
    assert number(counter) == 5


def test_two_writers_queue_and_neither_is_lost(counter: Engine) -> None:
    lock = " FOR UPDATE" if counter.dialect.name == "postgresql" else ""

    def add() -> None:
        for _ in range(20):
            with counter.begin() as connection:
                seen = connection.scalar(text(f"SELECT number FROM counter{lock}"))  # noqa: S608 - a constant
                connection.execute(text("UPDATE counter SET number = :next"), {"next": (seen or 0) + 1})

    writers = [threading.Thread(target=add) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert number(counter) == 80


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (id INTEGER REFERENCES parent (id))"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO child VALUES (1)"))


def test_an_error_does_not_repeat_the_values(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(text("SELECT * FROM nothing WHERE x = :x"), {"x": "geheim"})
    assert "geheim" not in str(caught.value)


def test_postgresql_works_at_read_committed(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
    engine.dispose()


def test_sqlite_is_durable_and_for_its_owner_only(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/own.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:geheim@h/d", "wat is dit"])
def test_another_database_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as caught:
        make_engine(url)
    assert "geheim" not in str(caught.value)


def test_a_process_that_leaves_takes_nothing_away_from_one_that_stays(tmp_path: Path) -> None:
    """Every connection holds a lock that says "I am here"; whoever finds no other on leaving removes the write-ahead log."""
    file = tmp_path / "register.sqlite"
    engine = make_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (number INTEGER)"))
    with engine.connect(), engine.connect():
        pass
    visit = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('SELECT count(*) FROM kept').fetchone()[0]); c.close()"
    command = [sys.executable, "-c", visit, str(file)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0\n"
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "1\n"
    engine.dispose()

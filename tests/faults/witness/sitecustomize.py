# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A witness inside the processes: for every transaction on SQLite and every connection to PostgreSQL it writes down how durable a commit is.

Python imports this module when it starts, in every process that has its folder on PYTHONPATH (tests/faults/test_durability.py). It asks the connection itself, at the moment at
which a transaction begins; settings of an engine that are never applied would say nothing here.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

_FILE = os.environ.get("SIGNAALREGISTER_FAULTS_WITNESS")  # noqa: TID251 - a process under test has no settings for this


def _say(*words: object) -> None:
    if _FILE is not None:
        with Path(_FILE).open("a", encoding="utf-8") as file:
            file.write("\t".join(map(str, words)) + "\n")


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, *arguments: Any) -> "_Cursor":
        super().execute(sql, *arguments)
        if sql.startswith("BEGIN"):
            connection = self.connection
            (place,) = [
                row[2]
                for row in sqlite3.Cursor(connection).execute("PRAGMA database_list")
                if row[1] == "main"
            ]
            said = [
                sqlite3.Cursor(connection).execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "journal_mode")
            ]
            _say("sqlite", place, *said)
        return self


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


def _connect(*arguments: Any, **named: Any) -> Any:
    return _REAL(*arguments, **{"factory": _Connection, **named})


_REAL = sqlite3.connect
if _FILE is not None:
    sqlite3.connect = _connect
    sqlite3.dbapi2.connect = _connect
    try:
        import psycopg
    except ImportError:
        pass
    else:

        class _Postgres(psycopg.Connection[Any]):
            @classmethod
            def connect(cls, *arguments: Any, **named: Any) -> Any:
                made = super().connect(*arguments, **named)
                before, made.autocommit = made.autocommit, True
                said = [
                    made.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                    for name in ("synchronous_commit", "fsync", "full_page_writes")
                ]
                made.autocommit = before
                _say("postgresql", made.info.dbname, *said)
                return made

        psycopg.Connection = _Postgres  # type: ignore[misc]
        psycopg.connect = _Postgres.connect

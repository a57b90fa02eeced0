# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Engines with the guarantees that the log rests on, for SQLite and PostgreSQL alike.

SQLite: every transaction that may write starts with BEGIN IMMEDIATE, so that two writers queue instead of failing halfway;
synchronous=FULL in WAL mode, so that what was committed survives a power cut; foreign keys enforced; secure_delete, so that
what is erased is overwritten. A new file can be read by its owner only. PostgreSQL: READ COMMITTED, where a row lock taken
last serialises the appends (REPEATABLE READ makes most of them fail); a connection is tested before it is used.

``read_only`` gives the same engine for work that only reads: on SQLite it waits for no writer, and on both a write fails.
"""

import os
from gettext import gettext as _
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

BUSY_SECONDS = 30
"""How long SQLite waits for another writer before it gives up."""


class DatabaseUrlError(ValueError):
    """A database URL that cannot be used; the message is Dutch and repeats nothing of the URL, which may hold a password."""


def make_engine(url: str | URL) -> Engine:
    """An engine for ``sqlite:///PATH`` or ``postgresql+psycopg://...``. It connects when first used.

    Raises:
        DatabaseUrlError: another database, or SQLite without a file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlError(_("het adres van de database is niet te lezen")) from None
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _sqlite(parsed)
    if parsed.drivername in {"postgresql", "postgresql+psycopg"}:
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            hide_parameters=True,
        )
    raise DatabaseUrlError(
        _("de database is SQLite (sqlite:///bestand) of PostgreSQL (postgresql+psycopg://...)")
    )


def read_only(engine: Engine) -> Engine:
    """The same engine and connections, for transactions that only read."""
    options = {"read_only": True}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseUrlError(
            _("SQLite heeft een bestand nodig: wat in het geheugen staat, is niet duurzaam")
        )
    path = Path(url.database)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "do_connect")
    def _create(*_arguments: object) -> None:
        # SQLite gives its WAL the permissions of the database file, so those are settled before SQLite makes it.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = bool(connection.get_execution_options().get("read_only", False))
        connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine

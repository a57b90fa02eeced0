# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Engines with the guarantees that the log rests on, for SQLite and PostgreSQL alike.

SQLite: every transaction that may write starts with BEGIN IMMEDIATE, so that two writers queue instead of failing halfway;
synchronous=FULL in WAL mode, so that what was committed survives a power cut; foreign keys enforced; secure_delete, so that
what is erased is overwritten. A new file can be read by its owner only. PostgreSQL: READ COMMITTED, where a row lock taken
last serialises the appends (REPEATABLE READ makes most of them fail); a connection is tested before it is used, so that the
first request after a restart of the server works; every wait ends (``process.pooling``).

A database that is away, busy or full raises ``process.problem.Outage`` (503) wherever it is noticed, and the transaction is
gone (``audit.store.outage``). ``read_only`` gives the same engine for work that only reads: on SQLite it waits for no writer,
and on both a write fails.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import Pool, PoolProxiedConnection, QueuePool

from audit.store.outage import Failing, failing, outage
from process.language import gettext as _
from process.pooling import Pooling

BUSY_SECONDS = 30
"""How long SQLite waits for another writer before it gives up."""

CONNECT_SECONDS = 5
"""How long connecting to a PostgreSQL may take."""

_DEAD_PEER: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""libpq: a server whose machine vanished is noticed within half a minute instead of two hours."""


class DatabaseUrlError(ValueError):
    """A database URL that cannot be used; the message is Dutch and repeats nothing of the URL, which may hold a password."""


class _Pool(QueuePool):
    """A pool that tells in our words that it is exhausted."""

    def connect(self) -> PoolProxiedConnection:
        """A connection of the pool.

        Raises:
            Outage: none came free in time.
        """
        try:
            return super().connect()
        except NoConnectionError as error:
            raise outage(Failing.BUSY) from error


def make_engine(
    url: str | URL,
    pooling: Pooling = Pooling(),  # noqa: B008 - frozen
    *,
    name: str = "signaalregister",
    pool: type[Pool] = _Pool,
) -> Engine:
    """An engine for ``sqlite:///PATH`` or ``postgresql+psycopg://...``. It connects when first used.

    Args:
        url: the database.
        pooling: how many connections, and how long each wait may last.
        name: of the process, as a PostgreSQL shows it beside its connections (application_name).
        pool: another pool for work of another kind; ``NullPool`` keeps nothing open.

    Raises:
        DatabaseUrlError: another database, or SQLite without a file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlError(_("het adres van de database is niet te lezen")) from None
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        engine = _sqlite(parsed, _limits(pooling, pool))
    elif parsed.drivername in {"postgresql", "postgresql+psycopg"}:
        engine = _postgresql(parsed, pooling, name, _limits(pooling, pool))
    else:
        raise DatabaseUrlError(
            _("de database is SQLite (sqlite:///bestand) of PostgreSQL (postgresql+psycopg://...)")
        )
    event.listen(engine, "handle_error", _told)
    return engine


def read_only(engine: Engine) -> Engine:
    """The same engine and connections, for transactions that only read."""
    options = {"read_only": True}
    if engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    return engine.execution_options(**options)


def _limits(pooling: Pooling, pool: type[Pool]) -> dict[str, Any]:
    if not issubclass(pool, QueuePool):
        return {"poolclass": pool}
    return {
        "poolclass": pool,
        "pool_size": pooling.size,
        "max_overflow": pooling.max_overflow,
        "pool_timeout": pooling.wait_seconds,
    }


def _told(context: ExceptionContext) -> BaseException | None:
    """The outage behind a driver's error, or None: then SQLAlchemy raises what it would have raised."""
    if context.is_pre_ping:
        # SQLAlchemy keeps this one to itself, and tries a fresh connection.
        return None
    options = {} if context.connection is None else context.connection.get_execution_options()
    kind = failing(
        context.original_exception,
        disconnected=context.is_disconnect,
        reading=bool(options.get("read_only", False)),
    )
    return None if kind is None else outage(kind)


def _postgresql(url: URL, pooling: Pooling, name: str, limits: dict[str, Any]) -> Engine:
    waits = {
        "statement_timeout": pooling.statement_seconds,
        "lock_timeout": pooling.lock_seconds,
        "idle_in_transaction_session_timeout": pooling.idle_seconds,
    }
    options = " ".join(f"-c {setting}={round(seconds * 1000)}" for setting, seconds in waits.items())
    said = {key: value for key, value in url.query.items() if isinstance(value, str)}
    arguments = {"connect_timeout": CONNECT_SECONDS, **_DEAD_PEER, "application_name": name}
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        hide_parameters=True,
        # What the URL says of its own goes above what we would say.
        connect_args={key: value for key, value in arguments.items() if key not in said}
        | {"options": f"{options} {said.get('options', '')}".strip()},
        **limits,
    )


def _sqlite(url: URL, limits: dict[str, Any]) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseUrlError(
            _("SQLite heeft een bestand nodig: wat in het geheugen staat, is niet duurzaam")
        )
    path = Path(url.database)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True, **limits)

    @event.listens_for(engine, "do_connect")
    def _create(*_arguments: object) -> None:
        # SQLite gives its WAL the permissions of the database file, so those are settled before SQLite makes it. A file that is there is never opened here:
        # closing it would drop every lock of this process on it, and the next process to leave would take the WAL away from under us
        # (https://sqlite.org/howtocorrupt.html, 2.2).
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            raise outage(Failing.AWAY) from error

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

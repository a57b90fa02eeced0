# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Opening the database and bringing it to the newest schema.

SQLite: WAL with synchronous=FULL, because a count that a power cut takes back is a guess for free, and BEGIN IMMEDIATE, so that reading and
adding is one step. PostgreSQL: READ COMMITTED, where the upsert locks its row.
"""

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MILLISECONDS = 5000


def sqlite_url(file: Path) -> str:
    """The URL of a SQLite file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def open_database(url: str) -> Engine:
    """An engine on PostgreSQL (driver psycopg), or on a SQLite file, which is made if need be and readable for its owner only."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True)
    Path(make_url(url).database or "").touch(mode=0o600, exist_ok=True)
    # No pool: opening a file is cheap, and what is not kept open needs no closing when the process stops.
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; safe to repeat."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _configure(connection: SqliteConnection, _record: Any) -> None:
    # The driver's own transactions begin too late, so they are off and SQLAlchemy's "begin" says when.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What is left of deleted rows in a database's files.

SQLite: the engine overwrites what is deleted (secure_delete), but older pages in the write-ahead log still hold it until that is emptied; then nothing
is left in the files. PostgreSQL keeps dead rows until VACUUM, and its write-ahead log until it is recycled; both are for its operator
to arrange (docs/deploying.md).
"""

from sqlalchemy import Engine

from audit.store.engine import BUSY_SECONDS
from process.language import gettext as _

_PATIENCE = 500
"""Milliseconds. Emptying waits for readers and keeps writers out meanwhile: a question at the door must not notice."""


class RemainsError(RuntimeError):
    """Rows are deleted, but remains of them could not be wiped yet; trying again later is harmless."""


def wipe_remains(engine: Engine) -> None:
    """Returns only if nothing of what was deleted before is left in the files of a SQLite database.

    Raises:
        RemainsError: another connection was reading.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        busy = driver is None or _empty(driver)
    if busy:
        raise RemainsError(_("het databasebestand is in gebruik; de resten worden een volgende keer gewist"))


def _empty(driver: object) -> bool:
    """Move the write-ahead log into the database and cut it to nothing; True if somebody was in the way."""
    execute = driver.execute  # type: ignore[attr-defined]  # a sqlite3.Connection, which SQLAlchemy knows as any driver's
    execute(f"PRAGMA busy_timeout={_PATIENCE}")
    try:
        return bool(execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    finally:
        execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")

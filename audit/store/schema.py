# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the databases of all processes share: bringing one to its newest revision, and a column for moments."""

from datetime import UTC
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, Engine, TypeDecorator
from sqlalchemy.engine import Dialect


def migrate(engine: Engine, migrations: Path) -> None:
    """Bring a database to the newest revision in a folder of Alembic migrations; an empty one starts from the first, and repeating is safe."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


class Moment(TypeDecorator[Any]):
    """An aware moment in UTC; SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Every moment goes in as UTC, so that SQLite compares like with like."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Naive values come from SQLite and are UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The tables of a node. No column can hold an identity attribute; the casebook holds sealed bytes."""

from datetime import UTC
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.engine import Dialect

metadata = MetaData()


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


account = Table(
    "account",
    metadata,
    Column("officer", String(64), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(40), nullable=False),
    Column("password", String(200), nullable=False),
)

tries = Table(
    "tries",
    metadata,
    Column("name_key", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("waits_until", Moment),
)

session = Table(
    "session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("officer", ForeignKey("account.officer", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

control = Table(
    "control",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("basis", String(64), nullable=False),
    Column("control_type", String(64), nullable=False),
    Column("place", String(16), nullable=False),
    Column("planned", Boolean, nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("officer", String(64)),
)

casebook = Table(
    "casebook",
    metadata,
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("handle", String(64), nullable=False, unique=True),
    Column("status", String(16), nullable=False),
    Column("first_processed_at", Moment, nullable=False),
    Column("expires_on", Date, nullable=False, index=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("log", String(200), nullable=False),
    Column("leaf", Integer, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    Column("minute", Moment, primary_key=True),
    Column("officer", String(64), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("fields", String(400), primary_key=True),
    Column("times", Integer, nullable=False),
)

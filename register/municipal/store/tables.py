# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The tables of a node. No column can hold an identity attribute; the casebook holds sealed bytes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
)

from audit.store.schema import Moment

metadata = MetaData()


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
    Column("leaf", BigInteger, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Column("proven_at", Moment, index=True),
    Column("contradicted_at", Moment),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("log", String(200), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("note", LargeBinary, nullable=False),
)

log_break = Table(
    "log_break",
    metadata,
    Column("log", String(200), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("last", LargeBinary, nullable=False),
    Column("offered", LargeBinary, nullable=False),
    Column("seen_at", Moment, nullable=False),
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

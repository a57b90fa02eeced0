# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The tables of a key holder: numbers of points, never a point, marks of the receipts that it gave, which limits were reached, and the state of its jobs."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table

from audit.store.jobs import tables as job_tables
from audit.store.schema import Moment

metadata: Final = MetaData()

quota_count: Final = Table(
    "quota_count",
    metadata,
    Column("organisation", String(64), primary_key=True),
    Column(
        "officer",
        String(64),
        primary_key=True,
        comment="pseudonymous id, or empty for the whole organisation",
    ),
    Column("action", String(16), primary_key=True),
    Column("span", String(8), primary_key=True, comment="minuut or dag"),
    Column("start", BigInteger, primary_key=True, comment="POSIX second, UTC", autoincrement=False),
    Column("points", Integer, nullable=False),
    Index("quota_count_start", "start"),
)

quota_reached: Final = Table(
    "quota_reached",
    metadata,
    Column("organisation", String(64), primary_key=True),
    Column("officer", String(64), primary_key=True),
    Column("action", String(16), primary_key=True),
    Column("span", String(8), primary_key=True),
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
)

receipt_given: Final = Table(
    "receipt_given",
    metadata,
    Column("mark", LargeBinary(16), primary_key=True),
    Column("key", LargeBinary(32), nullable=False, comment="public key that signed it"),
    Column("day", BigInteger, nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("action", String(16), nullable=False),
    Column("points", Integer, nullable=False),
    Index("receipt_given_day", "day", "key"),
)

job: Final = job_tables(metadata)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The first tables: people, controls, casebook, receipts and what the log said of them, refusals."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _people()
    op.create_table(
        "control",
        sa.Column("number", sa.String(32), primary_key=True),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("control_type", sa.String(64), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("planned", sa.Boolean, nullable=False),
        sa.Column("day", sa.Date, nullable=False, index=True),
        sa.Column("officer", sa.String(64)),
    )
    op.create_table(
        "casebook",
        sa.Column("signal_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("handle", sa.String(64), nullable=False, unique=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("first_processed_at", _MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False, index=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    _records()


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
    )
    op.create_table(
        "tries",
        sa.Column("name_key", sa.LargeBinary(32), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("waits_until", _MOMENT),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "officer", sa.String(64), sa.ForeignKey("account.officer", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
    )


def _records() -> None:
    op.create_table(
        "receipt",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("log", sa.String(200), nullable=False),
        sa.Column("leaf", sa.BigInteger, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("proven_at", _MOMENT, index=True),
        sa.Column("contradicted_at", _MOMENT),
    )
    op.create_table(
        "checkpoint",
        sa.Column("log", sa.String(200), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_break",
        sa.Column("log", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("last", sa.LargeBinary, nullable=False),
        sa.Column("offered", sa.LargeBinary, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "refusal",
        sa.Column("minute", _MOMENT, primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("fields", sa.String(400), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
    )

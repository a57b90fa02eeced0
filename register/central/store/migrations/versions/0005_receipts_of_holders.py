# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Receipts of the key holders, the register's own quotas on questions, flags for FG's, and which days were reconciled."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "evaluation_receipt",
        sa.Column("holder", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.LargeBinary(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("request", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("holder", "number"),
    )
    op.create_index("evaluation_receipt_day", "evaluation_receipt", ["day", "holder"])
    op.create_table(
        "question_count",
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("span", sa.String(length=8), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attributes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "officer", "span", "start"),
    )
    op.create_index("question_count_start", "question_count", ["start"])
    op.create_table(
        "fg_flag",
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "kind", "officer", "day"),
    )
    op.create_index("fg_flag_day", "fg_flag", ["day"])
    op.create_table(
        "reconciled",
        sa.Column("holder", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("holder", "day"),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Training and screening of who has a mandate; samenwerkingsverbanden and covenants with their parties; decisions on gates."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add what was not recorded until now: a mandate without the two days counts for nothing that asks C2."""
    op.add_column("mandate", sa.Column("trained_on", sa.Date(), nullable=True))
    op.add_column("mandate", sa.Column("screened_on", sa.Date(), nullable=True))
    op.create_table(
        "alliance_record",
        sa.Column("alliance_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["record_change.number"]),
        sa.PrimaryKeyConstraint("alliance_id"),
    )
    op.create_table(
        "party_change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alliance", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["record_change.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "gate_decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("advice", sa.String(length=200), nullable=True),
        sa.Column("advised_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["record_change.number"]),
        sa.PrimaryKeyConstraint("number"),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Receipts know the key that signed them, its epoch and their mark; days are compared by key and no longer by index of a holder."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add the columns, and make the table."""
    op.add_column("evaluation_receipt", sa.Column("holder_key", sa.LargeBinary(length=32)))
    op.add_column("evaluation_receipt", sa.Column("epoch", sa.Integer()))
    op.add_column("evaluation_receipt", sa.Column("mark", sa.LargeBinary(length=16)))
    op.create_table(
        "holder_day",
        sa.Column("holder_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("holder", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("holder_key", "day"),
    )

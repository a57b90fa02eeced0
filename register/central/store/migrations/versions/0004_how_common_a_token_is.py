# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How common a token is: a snapshot, made again by a job."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the two tables of a snapshot."""
    op.create_table(
        "snapshot",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "token_frequency",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("carriers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag"),
    )

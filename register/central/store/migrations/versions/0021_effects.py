# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What treffers came to that are gone, for figures over the years."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add a table."""
    op.create_table(
        "effect",
        sa.Column("effect_id", sa.Uuid(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("taken_up_days", sa.Integer(), nullable=True),
        sa.Column("followed_up", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.Column("feedback_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("effect_id"),
    )
    op.create_index("effect_found", "effect", ["found_on"])

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the witness vouched for last, of each log, and what contradicted it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "vouched",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("vouched_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "contradiction",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("last_note", sa.Text),
        sa.Column("seen_at", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("contradiction")
    op.drop_table("vouched")

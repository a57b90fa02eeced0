# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The first table: running totals per organisation, officer, action and window."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "quota_count",
        sa.Column("organisation", sa.String(64), primary_key=True),
        sa.Column(
            "officer",
            sa.String(64),
            primary_key=True,
            comment="pseudonymous id, or empty for the whole organisation",
        ),
        sa.Column("action", sa.String(16), primary_key=True),
        sa.Column("span", sa.String(8), primary_key=True, comment="minuut or dag"),
        sa.Column("start", sa.BigInteger, primary_key=True, comment="POSIX second, UTC", autoincrement=False),
        sa.Column("points", sa.Integer, nullable=False),
    )
    op.create_index("quota_count_start", "quota_count", ["start"])


def downgrade() -> None:
    """Counts are kept for a month; going back simply drops them."""
    op.drop_table("quota_count")

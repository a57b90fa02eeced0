# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the canaries gave the first time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "canary_pin",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("keyset", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("pin", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )

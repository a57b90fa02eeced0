# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Of which key a first outcome is, and when canaries were last looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add the column, empty for what was kept before, and the table."""
    op.add_column("canary_pin", sa.Column("key_mark", sa.String(32), nullable=True))
    op.create_table(
        "canary_look",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("made", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(32), nullable=False),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which receipts were given, by mark, so that the account of a day can say which and not only how many."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "receipt_given",
        sa.Column("mark", sa.LargeBinary(16), primary_key=True),
        sa.Column("key", sa.LargeBinary(32), nullable=False, comment="public key that signed it"),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
    )
    op.create_index("receipt_given_day", "receipt_given", ["day", "key"])

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How the aandachtsfunctionaris of an organisation is reached, which a noodopening tells; the checklist behind C10 as it was decided.

The first is empty for those that were enrolled before it was asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add a column that may be empty, and a table."""
    op.add_column("organisation", sa.Column("contact", sa.String(length=200), nullable=True))
    op.create_table(
        "criteria_record",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("advice", sa.String(length=200), nullable=False),
        sa.Column("advised_on", sa.Date(), nullable=False),
        sa.Column("objection", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["record_change.number"]),
        sa.PrimaryKeyConstraint("number"),
    )

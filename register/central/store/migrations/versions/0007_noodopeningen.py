# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Noodopeningen, and their review by the FG of each organisation concerned."""

import sqlalchemy as sa
from alembic import op

from audit.store.schema import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the two tables, empty."""
    op.create_table(
        "break_glass",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("treffer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("danger", sa.String(length=40), nullable=False),
        sa.Column("opened_at", Moment(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("opening_id"),
    )
    op.create_index("break_glass_opened", "break_glass", ["opened_at"])
    op.create_table(
        "break_glass_review",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("reviewed_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["opening_id"], ["break_glass.opening_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("opening_id", "organisation"),
    )
    op.create_index("break_glass_review_organisation", "break_glass_review", ["organisation"])

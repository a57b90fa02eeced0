# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What an FG has to look at and what was said of it, months signed off, and the limits that an organisation chose."""

import sqlalchemy as sa
from alembic import op

from audit.store.schema import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the tables of reviewing."""
    op.create_table(
        "review_draw",
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("throw", sa.String(length=32), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "period"),
    )
    op.create_index("review_draw_made", "review_draw", ["made_at"])
    op.create_table(
        "review_item",
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("reviewed_at", Moment(), nullable=True),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation", "period"], ["review_draw.organisation", "review_draw.period"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation", "period", "leaf_index"),
    )
    op.create_index(
        "review_item_open",
        "review_item",
        ["organisation"],
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.create_table(
        "review_month",
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organisation", "month"),
    )
    op.create_table(
        "review_limit",
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "name", "changed_at"),
    )

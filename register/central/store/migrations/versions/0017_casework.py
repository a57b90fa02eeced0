# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What people said about two subjects, and what happened to a treffer."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "link_assertion",
        sa.Column("assertion_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("signal_a", sa.Uuid(), nullable=False),
        sa.Column("ref_a", sa.String(length=8), nullable=False),
        sa.Column("signal_b", sa.Uuid(), nullable=False),
        sa.Column("ref_b", sa.String(length=8), nullable=False),
        sa.Column("context_kind", sa.String(length=16), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("families", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("assertion_id"),
    )
    op.create_index("link_assertion_a", "link_assertion", ["signal_a"])
    op.create_index("link_assertion_b", "link_assertion", ["signal_b"])
    op.create_index("link_assertion_made", "link_assertion", ["made_at"])
    op.create_table(
        "treffer_event",
        sa.Column("treffer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["treffer_id"], ["treffer.treffer_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("treffer_id", "number"),
    )

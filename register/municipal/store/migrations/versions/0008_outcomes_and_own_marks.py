# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Controls in which something was asked, with their outcome; and keyed digests of an officer's own street and family name."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables, empty: of controls of before nobody wrote down whether something was asked."""
    op.create_table(
        "control_outcome",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("number", sa.String(32), primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("outcome", sa.String(40)),
        sa.Column("recorded_by", sa.String(64)),
        sa.Column("recorded_role", sa.String(40)),
        sa.Column("recorded_at", _MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", _MOMENT),
        sa.Column("told_at", _MOMENT),
    )
    op.create_index("ix_control_outcome_tenant_next_at", "control_outcome", ["tenant", "next_at"])
    op.create_table(
        "own_mark",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"
        ),
    )

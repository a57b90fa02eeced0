# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Imports that can be resumed, and flags for the FG."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "intake",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("intake_id", sa.Uuid, primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("mapping", sa.LargeBinary, nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("total", sa.BigInteger),
        sa.Column("next_row", sa.BigInteger, nullable=False),
        sa.Column("stored", sa.BigInteger, nullable=False),
        sa.Column("repeated", sa.BigInteger, nullable=False),
        sa.Column("waiting", sa.BigInteger, nullable=False),
        sa.Column("refused", sa.BigInteger, nullable=False),
        sa.Column("busy_ms", sa.BigInteger, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
    )
    op.create_index("ix_intake_changed_at", "intake", ["tenant", "changed_at"])
    op.create_table(
        "refused_row",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("intake_id", sa.Uuid, primary_key=True),
        sa.Column("row", sa.BigInteger, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("field", sa.String(1000), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "intake_id"], ["intake.tenant", "intake.intake_id"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "flag",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
    )
    op.create_index("ix_flag_tenant_at", "flag", ["tenant", "at"])
    op.create_table(
        "lone_plate",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("mark", sa.LargeBinary(32), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )

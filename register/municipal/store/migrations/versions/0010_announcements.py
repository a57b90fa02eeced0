# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where officers get e-mail, which messages were sent, and signals of which who submitted them asked a change."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make three tables, empty."""
    op.create_table(
        "mailbox",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "announcement",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("moment", _MOMENT, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_announcement_tenant_state", "announcement", ["tenant", "state"])
    op.create_table(
        "change_request",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("signal_id", sa.Uuid, primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )

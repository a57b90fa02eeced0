# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Notices without content, what the job `attendering` must look at, standing questions, and signals that their owner found still true after a year."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make four tables, empty."""
    op.create_table(
        "notice",
        sa.Column("organisation", sa.String(16), primary_key=True),
        sa.Column("role", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("about_id", sa.Uuid, primary_key=True),
        sa.Column("ready_at", _MOMENT, primary_key=True),
        sa.Column("done_at", _MOMENT),
        sa.Column("done_by", sa.String(64)),
    )
    op.create_index("notice_ready", "notice", ["ready_at"])
    op.create_table(
        "arrival",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("about_id", sa.Uuid, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "attendering",
        sa.Column("attendering_id", sa.Uuid, primary_key=True),
        sa.Column("organisation", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("control", sa.String(32), nullable=False),
        sa.Column("ground", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("about_id", sa.Uuid, nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("ended_by", sa.String(64)),
    )
    op.create_index("attendering_about", "attendering", ["about_id"])
    op.create_index("attendering_organisation", "attendering", ["organisation"])
    op.create_table(
        "validation",
        sa.Column("signal_id", sa.Uuid, primary_key=True),
        sa.Column("validated_on", sa.Date, primary_key=True),
        sa.Column("organisation", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
    )

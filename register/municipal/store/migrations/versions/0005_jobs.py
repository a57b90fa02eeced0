# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The jobs of the node, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
phase = "expand"


_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "job",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("lease_until", _MOMENT),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.Column("succeeded_at", _MOMENT),
        sa.Column("outcome", sa.String(16)),
        sa.Column("error", sa.String(64)),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_table(
        "reminder",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("role", sa.String(40), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
    )

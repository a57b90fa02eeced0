# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which epoch of the keys is in force, and a rotation that is under way."""

import sqlalchemy as sa
from alembic import op

from audit.store.schema import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the three tables, empty: a register without a row works with the epoch of its settings."""
    op.create_table(
        "keyset_state",
        sa.Column("keyset", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("keyset"),
    )
    op.create_table(
        "rotation",
        sa.Column("keyset", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("key", sa.LargeBinary(length=33), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("converted_at", Moment(timezone=True), nullable=True),
        sa.Column("switched_at", Moment(timezone=True), nullable=True),
        sa.Column("finished_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("keyset"),
    )
    op.create_table(
        "rotation_arrival",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("signal_id"),
    )

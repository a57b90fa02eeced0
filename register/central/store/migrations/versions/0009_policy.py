# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What was decided, sealed, so that it can be decided again; texts of policy sets; the steps by which one comes into force."""

import sqlalchemy as sa
from alembic import op

from audit.store.schema import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Make the three tables, empty: a register without a step works with the policy set of its software."""
    op.create_table(
        "decision_record",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_index("decision_record_day", "decision_record", ["day"])
    op.create_table(
        "policy_text",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "policy_step",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=16), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("objection", sa.Boolean(), nullable=False),
        sa.Column("difference", sa.String(length=16), nullable=False),
        sa.Column("takes_effect_at", Moment(timezone=True), nullable=True),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )

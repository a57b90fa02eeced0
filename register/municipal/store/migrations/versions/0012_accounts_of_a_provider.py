# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Accounts of the organisation's own provider: attempts under way, whose account is whose, and roles that a sign-in changed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make three tables, empty."""
    op.create_table(
        "sign_in_attempt",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("state", sa.LargeBinary(32), primary_key=True),
        sa.Column("browser", sa.LargeBinary(32), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "identity",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("subject", sa.LargeBinary(32), primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("tenant", "officer", name="uq_identity_officer"),
        sa.ForeignKeyConstraint(
            ["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "role_change",
        sa.Column("tenant", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("before", sa.String(40)),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"
        ),
    )

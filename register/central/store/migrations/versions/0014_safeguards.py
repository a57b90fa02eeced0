# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Freezes that an FG asked for, and the register of data breaches of each organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "freeze",
        sa.Column("freeze_id", sa.Uuid, primary_key=True),
        sa.Column("organisation", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.String(64)),
        sa.Column("confirmed_at", _MOMENT),
        sa.Column("lifted_by", sa.String(64)),
        sa.Column("lifted_at", _MOMENT),
        sa.Column("document", sa.String(200)),
        sa.Column("decided_by", sa.String(200)),
    )
    op.create_index("freeze_officer", "freeze", ["officer", "organisation"])
    op.create_table(
        "breach",
        sa.Column("breach_id", sa.Uuid, primary_key=True),
        sa.Column("organisation", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("leaf", sa.BigInteger),
        sa.Column("freeze_id", sa.Uuid),
        sa.Column("known_at", _MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("settled", sa.String(40)),
        sa.Column("settled_by", sa.String(64)),
        sa.Column("settled_at", _MOMENT),
    )
    op.create_index("breach_organisation", "breach", ["organisation", "known_at"])

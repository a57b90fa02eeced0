# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Keys to which others may seal for an organisation, as it signed them; and sealed releases on their way to one recipient."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "recipient_key",
        sa.Column("organisation", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, sa.ForeignKey("record_change.number"), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
    )
    op.create_table(
        "sealed_release",
        sa.Column("release_id", sa.Uuid, primary_key=True),
        sa.Column("signal_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("treffer_id", sa.Uuid),
        sa.Column("organisation", sa.String(16), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("second", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(16), nullable=False),
        sa.Column("recipient_role", sa.String(40), nullable=False),
        sa.Column("recipient_officer", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.Column("released_at", _MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("content_until", sa.Date, nullable=False),
        sa.Column("fetched_at", _MOMENT),
        sa.Column("recalled_at", _MOMENT),
    )
    op.create_index("sealed_release_recipient", "sealed_release", ["recipient", "recipient_role"])
    op.create_index("sealed_release_signal", "sealed_release", ["signal_id", "version"])

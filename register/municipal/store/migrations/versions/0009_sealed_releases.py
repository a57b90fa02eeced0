# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Narratives beside their signal; what is proposed to be released, to whom, and what others released to this organisation; keys of recipients, pinned or our own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def _sealed() -> tuple[sa.Column[bytes], ...]:
    return (
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("seal_key", sa.LargeBinary(8), nullable=False),
        sa.Column("recovery", sa.LargeBinary),
        sa.Column("recovery_key", sa.LargeBinary(8)),
    )


def upgrade() -> None:
    """Make the tables, empty: before this nobody typed a narrative."""
    op.create_table(
        "narrative",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("signal_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("expires_on", sa.Date, nullable=False),
        *_sealed(),
    )
    op.create_index("ix_narrative_expires_on", "narrative", ["expires_on"])
    op.create_table(
        "release_proposal",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("release_id", sa.Uuid, primary_key=True),
        sa.Column("signal_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("treffer_id", sa.Uuid),
        sa.Column("recipient", sa.String(16), nullable=False),
        sa.Column("recipient_role", sa.String(40), nullable=False),
        sa.Column("recipient_officer", sa.String(64), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_role", sa.String(40), nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_role", sa.String(40)),
        sa.Column("decided_at", _MOMENT),
        sa.Column("key_id", sa.String(32)),
        sa.Column("envelope", sa.LargeBinary),
    )
    op.create_index("ix_release_proposal_tenant_state", "release_proposal", ["tenant", "state"])
    op.create_table(
        "received_release",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("release_id", sa.Uuid, primary_key=True),
        sa.Column("sender", sa.String(16), nullable=False),
        sa.Column("signal_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        *_sealed(),
    )
    op.create_index("ix_received_release_expires_on", "received_release", ["expires_on"])
    op.create_table(
        "recipient_pin",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("organisation", sa.String(16), primary_key=True),
        sa.Column("signer", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("pinned_by", sa.String(64), nullable=False),
        sa.Column("pinned_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "own_recipient_key",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Outbox, drafts, the whole observation in the casebook, who looked at it, and the secrets that must outlive the seal.

What the casebook gets may be empty: records of before have no record key, no typed content and no stored acknowledgement. The node gives them a record
key when it starts (`register.municipal.recovery`).
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and columns."""
    with op.batch_alter_table("casebook") as casebook:
        for column in (*_sealed_by(nullable=True), *_answered()):
            casebook.add_column(column)
        casebook.create_index("ix_casebook_tenant_first", ["tenant", "first_processed_at", "signal_id"])
    _outbox()
    op.create_table(
        "draft",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("draft_id", sa.Uuid, primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        *_sealed_by(),
    )
    op.create_table(
        "look",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("look_id", sa.Uuid, primary_key=True),
        sa.Column("signal_id", sa.Uuid, nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("attributes", sa.Boolean, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_look_tenant_signal_id", "look", ["tenant", "signal_id"])
    op.create_table(
        "withdrawn",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("signal_id", sa.Uuid, primary_key=True),
        sa.Column("expires_on", sa.Date, nullable=False, index=True),
    )
    op.create_table(
        "node_secret",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        *_sealed_by(),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("signal_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("run", sa.Uuid),
        sa.Column("handle", sa.String(64), nullable=False),
        sa.Column("first_processed_at", _MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("claim", sa.LargeBinary(16)),
        sa.Column("claimed_until", _MOMENT),
        sa.Column("content", sa.LargeBinary(32), nullable=False),
        sa.Column("digest", sa.LargeBinary(32)),
        sa.Column("maybe", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("refusal", sa.LargeBinary),
        sa.Column("refused_at", _MOMENT),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        *_sealed_by(),
    )
    op.create_index("ix_outbox_tenant_next_at", "outbox", ["tenant", "next_at"])


def _sealed_by(*, nullable: bool = False) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("wrapped", sa.LargeBinary, nullable=nullable),
        sa.Column("seal_key", sa.LargeBinary(8), nullable=nullable),
        sa.Column("recovery", sa.LargeBinary),
        sa.Column("recovery_key", sa.LargeBinary(8)),
    )


def _answered() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("content", sa.LargeBinary(32)),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("run", sa.Uuid),
    )

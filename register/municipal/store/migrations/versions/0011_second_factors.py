# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Second factors: half sessions, apps with codes, passkeys, recovery codes, what happened to them, and the means of a session."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
phase = "expand"

_MOMENT = sa.DateTime(timezone=True)


def _whose() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("tenant", sa.String(16), primary_key=True),
        sa.Column("who", sa.String(64), primary_key=True),
    )


def _owned() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant", "who"], ["account.tenant", "account.officer"], ondelete="CASCADE"
    )


def upgrade() -> None:
    """Make five tables, empty; a session from before had a password and no challenge."""
    op.add_column("session", sa.Column("methods", sa.String(80)))
    op.add_column("session", sa.Column("challenge", sa.LargeBinary(32)))
    op.add_column("tries", sa.Column("last_at", _MOMENT))
    op.create_table(
        "half_session",
        sa.Column("tenant", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("challenge", sa.LargeBinary(32)),
        _owned(),
    )
    op.create_table(
        "code_app",
        *_whose(),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT),
        _owned(),
    )
    op.create_table(
        "passkey",
        *_whose(),
        sa.Column("id", sa.String(1400), primary_key=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
        _owned(),
    )
    op.create_table(
        "recovery_code", *_whose(), sa.Column("digest", sa.LargeBinary(32), primary_key=True), _owned()
    )
    op.create_table(
        "sign_in_event",
        sa.Column("tenant", sa.String(16), nullable=False),
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("done_by", sa.String(64)),
    )
    op.create_index("ix_sign_in_event_who", "sign_in_event", ["tenant", "who", "at"])

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who advises on policy or approves it does so in person: how each was known, what an FG wrote, and what was there to read.

Empty for steps of before, and for those that the register's administrator takes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add three columns that may be empty."""
    op.add_column("policy_step", sa.Column("door", sa.String(length=8), nullable=True))
    op.add_column("policy_step", sa.Column("text", sa.Text(), nullable=True))
    op.add_column("policy_step", sa.Column("told", sa.JSON(none_as_null=True), nullable=True))

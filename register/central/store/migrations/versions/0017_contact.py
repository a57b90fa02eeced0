# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How the aandachtsfunctionaris of an organisation that was enrolled is reached, which a noodopening tells.

Empty for those that were enrolled before it was asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    """Add a column that may be empty."""
    op.add_column("organisation", sa.Column("contact", sa.String(length=200), nullable=True))

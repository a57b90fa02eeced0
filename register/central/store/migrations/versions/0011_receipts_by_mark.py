# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A receipt is spent by its mark under the key of its holder: two with one number from one holder are two receipts.

Software of before goes on refusing a number that came before while it is replaced, and writes a mark with each receipt since 0008. Rows of before that have none,
and get zeros: their receipts ran out long ago, and without a key they are in the way of nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
phase = "expand"

_NAMES = {"pk": "%(table_name)s_pkey"}
"""PostgreSQL's name for what 0005 left unnamed; SQLite has none, and takes this."""


def upgrade() -> None:
    """Fill in marks, and make them part of the key."""
    receipts = sa.table("evaluation_receipt", sa.column("mark", sa.LargeBinary(16)))
    op.execute(receipts.update().where(receipts.c.mark.is_(None)).values(mark=bytes(16)))
    with op.batch_alter_table("evaluation_receipt", naming_convention=_NAMES) as batch:
        batch.alter_column("mark", existing_type=sa.LargeBinary(length=16), nullable=False)
        batch.drop_constraint("evaluation_receipt_pkey", type_="primary")
        batch.create_primary_key("evaluation_receipt_pkey", ["holder", "number", "mark"])
    op.create_index("evaluation_receipt_mark", "evaluation_receipt", ["holder_key", "mark"], unique=True)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One database for several organisations: every row says whose it is.

Rows from before this revision are of the one organisation that the node had; its code comes along as the attribute `tenant` of the migration.
With that code as the column's default the previous software goes on writing while it is replaced. A node that has several organisations
at once cannot say whose old rows are, and does not start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _

import sqlalchemy as sa
from alembic import context, op
from alembic.operations import BatchOperations

from process.serving.errors import SettingsError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
phase = "expand"

_TABLES = (
    "account",
    "tries",
    "session",
    "control",
    "casebook",
    "receipt",
    "checkpoint",
    "log_break",
    "refusal",
)
_NAMES = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
}
"""PostgreSQL's names for what 0001 left unnamed; SQLite has none, and takes these."""


def upgrade() -> None:
    """Add the organisation to every table, first in its key."""
    tenant = context.config.attributes.get("tenant")
    if tenant is None:
        _require_empty()
    # The key of `account` can only change while no session points at it; and SQLite would take the sessions along.
    with op.batch_alter_table("session", naming_convention=_NAMES) as session:
        session.drop_constraint("session_officer_fkey", type_="foreignkey")
    with _keyed("account", tenant, "officer") as account:
        account.drop_constraint("account_name_key", type_="unique")
        account.create_unique_constraint("uq_account_name", ["tenant", "name"])
    with _altered("session", tenant) as session:
        session.create_foreign_key(
            "fk_session_account", "account", ["tenant", "officer"], ["tenant", "officer"], ondelete="CASCADE"
        )
    with _keyed("casebook", tenant, "signal_id", "version") as casebook:
        casebook.drop_constraint("casebook_handle_key", type_="unique")
        casebook.create_unique_constraint("uq_casebook_handle", ["tenant", "handle"])
    with _altered("receipt", tenant) as receipt:
        receipt.drop_index("ix_receipt_proven_at")
        receipt.create_index("ix_receipt_tenant_proven_at", ["tenant", "proven_at"])
    for table, key in {
        "tries": ("name_key",),
        "control": ("number",),
        "checkpoint": ("log",),
        "log_break": ("log", "kind"),
        "refusal": ("minute", "officer", "code", "fields"),
    }.items():
        with _keyed(table, tenant, *key):
            pass


def _require_empty() -> None:
    connection = op.get_bind()
    for name in _TABLES:
        if connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first():
            raise SettingsError(
                _(
                    "In de database van deze node staan gegevens van vóór de tijd dat een node meer organisaties kon hebben. Start deze node eerst één keer met alleen de organisatie van wie die gegevens zijn. Zet de andere mappen er daarna bij."
                )
            )


@contextmanager
def _altered(table: str, tenant: str | None) -> Iterator[BatchOperations]:
    with op.batch_alter_table(table, naming_convention=_NAMES) as batch:
        batch.add_column(sa.Column("tenant", sa.String(16), nullable=False, server_default=tenant))
        yield batch


@contextmanager
def _keyed(table: str, tenant: str | None, *key: str) -> Iterator[BatchOperations]:
    with _altered(table, tenant) as batch:
        batch.drop_constraint(f"{table}_pkey", type_="primary")
        batch.create_primary_key(f"{table}_pkey", ["tenant", *key])
        yield batch

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Runs the revisions of the witness's memory on the connection that `audit.store.schema.migrate` hands over."""

from alembic import context

from audit.witness.store.state import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

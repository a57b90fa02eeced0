# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether a database answers, is at a revision that this software works on, and lets itself be written to.

A look uses a connection of its own, never one of the requests, and keeps none. It writes nothing: on PostgreSQL it asks whether writing is possible and
allowed, on SQLite whether the file and its folder are there and may be written. The sentences name a kind of database, never an address or a user.
"""

import os
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from audit.store.engine import make_engine, read_only
from audit.store.roles import Rights
from audit.store.schema import Schema, Step, standing, steps
from process.health import Check
from process.language import gettext as _
from process.pooling import Pooling
from process.problem import Outage

_BRISK = replace(Pooling(), statement_seconds=1.0, lock_seconds=1.0, idle_seconds=2.0)


def database_check(url: str, schema: Schema) -> Check:
    """A check on the database at ``url``; it opens and closes its own connection each time."""
    parsed = make_url(url)
    engine = read_only(make_engine(url, _BRISK, name="signaalregister-gezondheid", pool=NullPool))

    # Read once: reading them from disk takes longer than asking a database.
    known = steps(schema.migrations)

    def check() -> str | None:
        file = Path(parsed.database or "")
        if engine.dialect.name == "sqlite" and not _writable(file):
            return _("Database '{soort}' is er niet of er mag niet in geschreven worden.").format(
                soort=schema.name
            )
        try:
            with engine.connect() as connection:
                return _wrong(connection, schema, known)
        except (Outage, SQLAlchemyError):
            return _("Database '{soort}' antwoordt niet.").format(soort=schema.name)

    return check


def _wrong(connection: Connection, schema: Schema, known: tuple[Step, ...]) -> str | None:
    found = standing(connection, known)
    if found.strange or found.needed:
        return _("Database '{soort}' staat niet op de revisie die dit programma nodig heeft.").format(
            soort=schema.name
        )
    if connection.dialect.name == "postgresql" and not _may_write(connection, schema):
        return _("In database '{soort}' mag dit proces niet schrijven.").format(soort=schema.name)
    return None


def _may_write(connection: Connection, schema: Schema) -> bool:
    if connection.scalar(text("SELECT pg_is_in_recovery()")):
        return False
    added_to = [name for name, rights in schema.rights.items() if Rights.INSERT in rights]
    allowed = text(
        "SELECT bool_and(has_table_privilege(quote_ident(name), 'INSERT')) FROM unnest(CAST(:names AS text[])) AS name"
    )
    return bool(connection.scalar(allowed, {"names": added_to}))


def _writable(file: Path) -> bool:
    return file.is_file() and os.access(file, os.W_OK) and os.access(file.parent, os.W_OK | os.X_OK)

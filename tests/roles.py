# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A PostgreSQL set up as an administrator does: an owner that migrated, and a role that serves with little."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from audit.store.administration import Managed
from audit.store.engine import make_engine
from audit.store.schema import Schema


@dataclass(frozen=True)
class Shared:
    """One database under its three names."""

    administrator: str
    owner: str
    app: str
    managed: Managed

    def as_app(self) -> Engine:
        """Connections of the role that serves."""
        return make_engine(self.app)


def set_up(url: str, schema: Schema, attributes: Mapping[str, object] | None = None) -> Shared:
    """Do with an empty database what `database roles` and `database migrate --grant-to` say, as whom they say."""
    name = make_url(url).database
    owner, app = f"eigenaar_{name}", f"dienst_{name}"
    as_owner, as_app = (
        make_url(url).set(username=role).render_as_string(hide_password=False) for role in (owner, app)
    )
    managed = Managed(schema, url=as_app, owner_url=as_owner, attributes=attributes or {})
    run_script(url, managed.roles(owner, app).partition("BEGIN;")[0])
    managed.migrate(contract=True, role=app)
    return Shared(url, as_owner, as_app, managed)


def run_script(url: str, script: str) -> None:
    """Run SQL as psql does, statement by statement."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    with engine.connect() as connection:
        for statement in lines:
            if statement.strip():
                connection.execute(text(statement.replace(":", r"\:")))


def drop_roles(shared: Shared) -> None:
    """Roles belong to the server, not to the database: they go when it has gone."""
    engine = create_engine(
        make_url(shared.administrator).set(database="postgres"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        for address in (shared.owner, shared.app):
            connection.execute(text(f"DROP ROLE {make_url(address).username}"))

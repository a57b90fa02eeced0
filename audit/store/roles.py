# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what in a PostgreSQL of ours: an owner that migrates, and a role that serves with as little as its code needs.

Each process declares the rights of its serving role per table, in one place (`grants.py` beside its tables). From that declaration comes the SQL that
`database roles` prints and `database migrate --grant-to` applies. What is not declared is not granted: nobody may TRUNCATE or make, alter or drop a table
but the owner, and the log's leaves, nodes, payloads and checkpoints can be read and added to and nothing else. The SQL may be run again: it first takes
everything away, all in one transaction.

Left to an administrator: passwords, who may connect from where (pg_hba.conf), and TLS to the server.
"""

import re
from collections.abc import Mapping
from enum import Flag, auto
from typing import Final

from sqlalchemy import MetaData, Table

from process.language import gettext as _

VERSION_TABLE: Final = "alembic_version"
"""Where the revision of a database stands; a process that serves looks at it when it starts."""

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Rights(Flag):
    """What may be done with the rows of one table."""

    SELECT = auto()
    INSERT = auto()
    UPDATE = auto()
    DELETE = auto()


READ: Final = Rights.SELECT
ADD: Final = Rights.SELECT | Rights.INSERT
"""Read and add, never change: what was written stays."""
CHANGE: Final = ADD | Rights.UPDATE
REPLACE: Final = ADD | Rights.DELETE
ALL: Final = CHANGE | Rights.DELETE

LOG: Final[Mapping[str, Rights]] = {
    "log_head": CHANGE,
    "log_leaf": ADD,
    "log_node": ADD,
    "log_payload": ADD,
    "log_checkpoint": ADD,
}
"""The log (`audit.store.log`): its head moves, everything else is added to."""


class RoleNameError(ValueError):
    """A name that is none for a role; the message is Dutch."""


def create_roles(database: str, owner: str, app: str) -> list[str]:
    """Statements that an administrator runs once, connected to the new database: the two roles, and nothing for anybody else.

    Raises:
        RoleNameError: a name that is none.
    """
    quoted, owner, app = _database(database), _role(owner), _role(app)
    return [
        _create(owner),
        _create(app),
        f"ALTER DATABASE {quoted} OWNER TO {owner}",
        f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {quoted} TO {owner}, {app}",
        f"ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    ]


def grants(metadata: MetaData, rights: Mapping[str, Rights], app: str) -> list[str]:
    """Statements that the owner runs after each migration: exactly the declared rights for the serving role.

    Raises:
        RoleNameError: a name that is none.
        KeyError: a table has no declared rights, or rights have no table.
    """
    app = _role(app)
    if undeclared := set(metadata.tables) ^ set(rights):
        raise KeyError(", ".join(sorted(undeclared)))
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {app}",
        f"REVOKE ALL ON SCHEMA public FROM {app}",
        f"GRANT USAGE ON SCHEMA public TO {app}",
        f"GRANT SELECT ON {VERSION_TABLE} TO {app}",
    ]
    for name in sorted(metadata.tables):
        acts = ", ".join(str(act.name) for act in Rights if act in rights[name])
        statements.append(f'GRANT {acts} ON "{name}" TO {app}')
        if Rights.INSERT in rights[name]:
            statements += [
                f'GRANT USAGE ON SEQUENCE "{sequence}" TO {app}'
                for sequence in _sequences(metadata.tables[name])
            ]
    return statements


def script(database: str, metadata: MetaData, rights: Mapping[str, Rights], owner: str, app: str) -> str:
    """Everything as one SQL script for psql, with Dutch remarks.

    Raises:
        RoleNameError: a name that is none.
    """
    each_time = ["BEGIN", f"SET LOCAL ROLE {_role(owner)}", *grants(metadata, rights, app), "COMMIT"]
    lines = [
        "-- " + _("Eén keer, als beheerder van PostgreSQL, verbonden met de database zelf:"),
        *(f"{statement};" for statement in create_roles(database, owner, app)),
        "-- " + _("Zet daarna wachtwoorden, met: \\password ROL"),
        "-- " + _("Na elke migratie (of laat 'database migrate --grant-to' het doen):"),
        *(f"{statement};" for statement in each_time),
    ]
    return "\n".join(lines)


def _create(role: str) -> str:
    # CREATE ROLE knows no IF NOT EXISTS.
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT; END IF; END $$"
    )


def _sequences(table: Table) -> list[str]:
    """Names that PostgreSQL gives the sequences behind columns that number themselves."""
    column = table.autoincrement_column
    return [] if column is None else [f"{table.name}_{column.name}_seq"]


def _role(name: str) -> str:
    if not _ROLE.fullmatch(name):
        raise RoleNameError(
            _(
                "De naam van een rol bestaat uit kleine letters, cijfers en lage streepjes: {naam} kan niet."
            ).format(naam=name)
        )
    return name


def _database(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

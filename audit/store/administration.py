# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What an administrator does with a database of a process: migrate it, look how it stands, print the SQL of its roles.

Migrating is done as the owner of the tables, looking as the process itself. Everything that goes wrong is told in one sentence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from audit.store.engine import DatabaseUrlError, make_engine
from audit.store.roles import RoleNameError, grants, script
from audit.store.schema import CONTRACT, Schema, Step, migrate, standing, steps, telling, wrong_with
from process.language import gettext as _
from process.serving.errors import SettingsError

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Managed:
    """A database of a process.

    Attributes:
        schema: what kind it is.
        url: as the process uses it.
        owner_url: as the owner of its tables; the same where there is no such difference.
        attributes: what its revisions must be told (`audit.store.schema.migrate`).
    """

    schema: Schema
    url: str
    owner_url: str
    attributes: Mapping[str, object] = field(default_factory=dict)

    def migrate(self, *, contract: bool, role: str | None) -> str:
        """Migrate, and grant the rights; gives the line that tells it.

        Args:
            contract: also revisions that remove.
            role: gets exactly the rights that the process needs; None leaves all rights as they are.

        Raises:
            SettingsError: what stands in the way.
        """
        engine = _engine(self.owner_url)
        try:
            with telling(engine, self.schema.name):
                done = migrate(
                    engine,
                    self.schema.migrations,
                    contract=contract,
                    attributes=self.attributes,
                    afterwards=None if role is None else self._granting(engine, role),
                )
        finally:
            engine.dispose()
        if not done:
            return _("{database}: er was niets te doen.").format(database=self.schema.name)
        return _("{database}: nu op revisie {revisie} ({gedaan}).").format(
            database=self.schema.name,
            revisie=done[-1].revision,
            gedaan="; ".join(_line(step) for step in done),
        )

    def status(self, command: str) -> tuple[bool, str]:
        """Whether the process can start on it, and how it stands in lines.

        Args:
            command: what an administrator types to migrate.

        Raises:
            SettingsError: it cannot be asked.
        """
        engine = _engine(self.url)
        try:
            with telling(engine, self.schema.name), engine.connect() as connection:
                found = standing(connection, steps(self.schema.migrations))
        finally:
            engine.dispose()
        lines = [
            _("{database}: revisie {revisie}").format(
                database=self.schema.name, revisie=found.current or _("geen (leeg)")
            )
        ]
        obstacle = wrong_with(found, command)
        if obstacle is not None:
            lines.append(f"  {obstacle}")
        if not found.strange:
            lines += [_("  nog te doen: {stap}").format(stap=_line(step)) for step in found.ahead]
        return obstacle is None, "\n".join(lines)

    def roles(self, owner: str, app: str) -> str:
        """The SQL of the two roles, for psql.

        Raises:
            SettingsError: SQLite, or a name that is none.
        """
        url = make_url(self.url)
        _require_postgresql(url.get_backend_name())
        about = _("Database {naam}: {soort}.").format(naam=url.database, soort=self.schema.name)
        sql = _named(lambda: script(str(url.database), self.schema.metadata, self.schema.rights, owner, app))
        return f"-- {about}\n{sql}\n"

    def _granting(self, engine: Engine, role: str) -> Callable[[Connection], None]:
        _require_postgresql(engine.dialect.name)
        statements = _named(lambda: grants(self.schema.metadata, self.schema.rights, role))

        def grant(connection: Connection) -> None:
            for statement in statements:
                connection.execute(text(statement))

        return grant


def _named(make: Callable[[], _Made]) -> _Made:
    try:
        return make()
    except RoleNameError as error:
        raise SettingsError(str(error)) from None


def _require_postgresql(backend: str) -> None:
    if backend != "postgresql":
        raise SettingsError(
            _(
                "SQLite kent geen rollen: daar beschermen de rechten van het bestand. Zet database_url in de instellingen voor PostgreSQL."
            )
        )


def _engine(url: str) -> Engine:
    try:
        return make_engine(url, name="signaalregister-database", pool=NullPool)
    except DatabaseUrlError as error:
        raise SettingsError(str(error)) from None


def _line(step: Step) -> str:
    phase = _("ruimt op") if step.phase == CONTRACT else _("breidt uit")
    return f"{step.revision} {phase}: {step.about}"

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the databases of all processes share: their revisions, and a column for moments.

A revision says its phase. ``expand`` adds or allows more: software of before it goes on working on it, so that it may be applied while that software runs.
``contract`` removes, and is applied when no process of before runs any more. Revisions form one line; the software needs the newest that expands,
and works with or without what follows it. So an upgrade is: expand, replace the processes, contract.

``migrate`` does all its revisions in one transaction: interrupted, the old one is whole. Two that migrate at once queue. SQLite alters a table by
making it anew, which must not take along what refers to it: there references are not enforced while it migrates and are checked before it commits.
``bring_up`` is what a process does at its start: migrate a database of its own, or refuse one that is not as it needs it, in words.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, Engine, MetaData, TypeDecorator, inspect, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from audit.store.roles import Rights
from audit.store.starting import require_passfile, told_at_start
from process.language import gettext as _
from process.problem import Outage
from process.serving.errors import SettingsError

EXPAND: Final = "expand"
CONTRACT: Final = "contract"

_LOCK: Final = 0x5167_6E61_6C72
"""Key of PostgreSQL's advisory lock on migrating; per database, as such locks are."""


@dataclass(frozen=True)
class Schema:
    """One kind of database of ours.

    Attributes:
        name: as people know it, Dutch.
        metadata: its tables as the code declares them.
        migrations: folder of its revisions.
        rights: what a process that serves may do with each table (`audit.store.roles`).
    """

    name: str
    metadata: MetaData
    migrations: Path
    rights: Mapping[str, Rights]


@dataclass(frozen=True)
class Step:
    """One revision: its id, its phase and the first line of what it says of itself."""

    revision: str
    phase: str
    about: str


@dataclass(frozen=True)
class Standing:
    """Where a database is on the line of revisions.

    Attributes:
        current: its revision, None when it is empty.
        known: all revisions of this software, oldest first.
    """

    current: str | None
    known: tuple[Step, ...]

    @property
    def strange(self) -> bool:
        """The database is of a revision that this software does not know: newer software was here."""
        return self.current is not None and all(step.revision != self.current for step in self.known)

    @property
    def ahead(self) -> tuple[Step, ...]:
        """Revisions that were not applied yet."""
        at = next((n for n, step in enumerate(self.known, 1) if step.revision == self.current), 0)
        return self.known[at:]

    @property
    def needed(self) -> tuple[Step, ...]:
        """Of those, the ones without which this software does not work: up to the last that expands."""
        last = max((n for n, step in enumerate(self.ahead, 1) if step.phase == EXPAND), default=0)
        return self.ahead[:last]


def steps(migrations: Path) -> tuple[Step, ...]:
    """The revisions in a folder, oldest first."""
    scripts = ScriptDirectory.from_config(_config(migrations)).walk_revisions()
    # A revision from before phases were written down expands: there was nothing to remove yet.
    found = [
        Step(one.revision, getattr(one.module, "phase", EXPAND), one.doc.partition("\n")[0])
        for one in scripts
    ]
    return tuple(reversed(found))


def standing(connection: Connection, known: tuple[Step, ...]) -> Standing:
    """Where the database of this connection is, among these revisions."""
    return Standing(MigrationContext.configure(connection).get_current_revision(), known)


def migrate(
    engine: Engine,
    migrations: Path,
    *,
    contract: bool = True,
    attributes: Mapping[str, object] | None = None,
    afterwards: Callable[[Connection], None] | None = None,
) -> tuple[Step, ...]:
    """Bring a database to the newest revision in a folder of Alembic migrations; an empty one starts from the first, and repeating is safe.

    Args:
        engine: of the database.
        migrations: the folder.
        contract: also what removes. Without it, up to the last revision that expands.
        attributes: what a revision must know and cannot read from the database; in `context.config.attributes`.
        afterwards: what else belongs to it, in the same transaction.

    Returns:
        The revisions that were applied.

    Raises:
        SettingsError: a revision that this software does not know; or, without `contract`, one that removes stands before one that is needed.
    """
    config = _config(migrations)
    config.attributes.update(attributes or {})
    with _migrating(engine) as connection:
        found = standing(connection, steps(migrations))
        if found.strange:
            raise SettingsError(_strange(found))
        wanted = found.ahead if contract or found.current is None else found.needed
        if not contract and found.current is not None:
            _require_no_contract(wanted)
        if wanted:
            config.attributes["connection"] = connection
            command.upgrade(config, wanted[-1].revision)
        if afterwards is not None:
            afterwards(connection)
    return wanted


def bring_up(  # noqa: PLR0913 - all by name
    engine: Engine,
    migrations: Path,
    *,
    migrating: bool,
    command: str,
    place: str = "",
    attributes: Mapping[str, object] | None = None,
) -> None:
    """What a process does with its database when it starts.

    Args:
        engine: of the database.
        migrations: its revisions.
        migrating: migrate it first, on PostgreSQL as far as this software needs; otherwise only look.
        command: what an administrator types to migrate, named in the refusal.
        place: which database, for the sentence; empty for the only one.
        attributes: as for `migrate`.

    Raises:
        SettingsError: it cannot be reached or used, is older than this software needs, or is of a revision that this software does not know.
    """
    with telling(engine, place):
        if migrating:
            # One process has a SQLite file to itself; on PostgreSQL one of before may still be serving.
            migrate(engine, migrations, contract=engine.dialect.name == "sqlite", attributes=attributes)
            return
        with engine.connect() as connection:
            found = standing(connection, steps(migrations))
    obstacle = wrong_with(found, command)
    if obstacle is not None:
        raise SettingsError(_placed(obstacle, place))


def require_apart(engine: Engine, other: Schema) -> None:
    """Refuses a database that is one of another kind already; under which name it is reached does not matter.

    Raises:
        SettingsError: it holds tables of the other, or it cannot be asked.
    """
    with telling(engine), engine.connect() as connection:
        found = inspect(connection)
        strange = [name for name in other.metadata.tables if found.has_table(name)]
    if strange:
        raise SettingsError(
            _(
                "In deze database staat al tabel {tabel}, van '{soort}'. Die twee mogen niet in één database: geef elk een eigen."
            ).format(tabel=strange[0], soort=other.name)
        )


def wrong_with(found: Standing, command: str) -> str | None:
    """Why this software cannot work on a database that stands there, in Dutch; None when it can."""
    if found.strange:
        return _strange(found)
    if found.needed:
        return _(
            "De database staat op revisie {nu} en dit programma heeft {nodig} nodig. Voer eerst uit: {opdracht}"
        ).format(nu=found.current or _("geen"), nodig=found.needed[-1].revision, opdracht=command)
    return None


@contextmanager
def telling(engine: Engine, place: str = "") -> Iterator[None]:
    """Turns what a database does not allow into one sentence for an administrator.

    Raises:
        SettingsError: the database is away, refuses us, or is none.
    """
    require_passfile(engine.url)
    try:
        yield
    except (Outage, DBAPIError) as error:
        raise SettingsError(_placed(told_at_start(error, engine.url), place)) from error


def _placed(sentence: str, place: str) -> str:
    return f"{place}: {sentence}" if place else sentence


def _strange(found: Standing) -> str:
    return _(
        "De database staat op revisie {nu} en die kent dit programma niet: er draaide nieuwere software op. Start die, of zet de kopie van voor de "
        "migratie terug."
    ).format(nu=found.current)


def _require_no_contract(wanted: tuple[Step, ...]) -> None:
    removing = next((step for step in wanted if step.phase == CONTRACT), None)
    if removing is not None:
        raise SettingsError(
            _(
                "Revisie {revisie} ruimt op wat een vorige versie nog gebruikte, en moet er eerst in. Stop alle processen van die versie en doe het met "
                "--contract."
            ).format(revisie=removing.revision)
        )


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction to migrate in, alone; its statements can be told from all others by the execution option ``migrating``."""
    with engine.execution_options(migrating=True).connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            _enforce_references(connection, "OFF")
        try:
            with connection.begin():
                if not sqlite:
                    # Moving a large table takes as long as it takes; a lock that another holds is waited for as ever.
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
                if sqlite:
                    _require_references(connection)
        finally:
            if sqlite:
                _enforce_references(connection, "ON")


def _enforce_references(connection: Connection, state: str) -> None:
    # On the driver's connection: the pragma does nothing inside a transaction, and SQLAlchemy would begin one.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={state}")


def _require_references(connection: Connection) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise SettingsError(
            _(
                "Na de migratie verwijst tabel {tabel} naar rijen die er niet zijn; er is niets veranderd."
            ).format(tabel=lost[0])
        )


class Moment(TypeDecorator[Any]):
    """An aware moment in UTC; SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Every moment goes in as UTC, so that SQLite compares like with like."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Naive values come from SQLite and are UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

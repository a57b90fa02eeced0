# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What every test of a process would do again, done once a session: compiling templates, building the validators of an interface, migrating
an empty SQLite database, loading the revisions of a database from their files, and compiling a statement for a kind of database.

They are what costs most in the set-up of a node, and none is what its tests are about. The first of a session does the real work, and whoever comes later
gets exactly what that made: the same compiled template for the same text, the same validator for the same type with the same limits, and a database in which
the very statements stand that the real one consists of. Anything but an empty SQLite database is migrated for real; the claims about migrating (tests/test_migrations.py, tests/audit)
do not come here at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partialmethod
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, cast

import alembic.util
import jinja2
import pytest
from alembic import command
from alembic.config import Config
from fastapi._compat import v2
from jinja2.bccache import Bucket
from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, create_engine

from audit.store import engine as engines
from audit.store import schema

migrate_for_real = command.upgrade
validator_for_real = v2.ModelField.__post_init__
load_for_real = alembic.util.load_python_file


class Compiled(jinja2.BytecodeCache):
    """Compiled templates in memory; the same file with another text is another template."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


class Validators:
    """Stands for what FastAPI does for each parameter, body and answer of each route: what is told alike is validated alike."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, str], TypeAdapter[Any]] = {}

    @property
    def method(self) -> Callable[[v2.ModelField], None]:
        """For the class of fields: gives a field its validator."""
        return lambda field: self._build(field)  # noqa: PLW0108 - a bound method would not be given the field

    def _build(self, field: v2.ModelField) -> None:
        which = told_alike(field)
        if which in self._kept:
            field._type_adapter = self._kept[which]
            return
        validator_for_real(field)
        if which is not None:
            self._kept[which] = field._type_adapter


def told_alike(field: v2.ModelField) -> tuple[object, str] | None:
    """All that a validator is made from; None where two that look alike may differ."""
    told = v2.asdict(field.field_info)
    annotation = told.pop("annotation")
    looks = repr((told, field.config))
    try:
        hash(annotation)
    except TypeError:
        return None
    return None if " at 0x" in looks else (annotation, looks)


class Migrated:
    """Stands for `alembic.command.upgrade`: what it made of an empty SQLite database before, it makes again from the statements."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], list[str]] = {}

    def __call__(self, config: Config, revision: str) -> None:
        connection: Connection = config.attributes["connection"]
        if connection.dialect.name != "sqlite" or statements(connection):
            migrate_for_real(config, revision)
            return
        told = sorted(
            (name, repr(value)) for name, value in config.attributes.items() if name != "connection"
        )
        which = (str(config.get_main_option("script_location")), revision, repr(told))
        if which not in self._kept:
            migrate_for_real(config, revision)
            self._kept[which] = statements(connection)
            return
        for statement in self._kept[which]:
            connection.exec_driver_sql(statement)


class Loaded:
    """Stands for how Alembic loads a file: one that did not change is the module that it was. What migrates, `env.py`, does so by being loaded."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Path, int], ModuleType] = {}

    def __call__(self, folder: str | Path, name: str | Path) -> ModuleType:
        path = Path(folder) / Path(name).name
        if path.name == "env.py":
            return load_for_real(folder, name)
        which = (path, path.stat().st_mtime_ns)
        if which not in self._kept:
            self._kept[which] = load_for_real(folder, name)
        return self._kept[which]


class Statements:
    """Stands for what an engine keeps of the statements that it compiled: a statement is the same text on every database of a kind."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get(self, key: Any) -> Any:
        """As SQLAlchemy asks: the dialect first."""
        return self._kept.get(self._alike(key))

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[self._alike(key)] = compiled

    def clear(self) -> None:
        """Nothing is kept any more."""
        self._kept.clear()

    @staticmethod
    def _alike(key: Any) -> Any:
        dialect, *statement = key
        return type(dialect), getattr(dialect, "server_version_info", None), *statement


@contextmanager
def databases_once_a_session() -> Iterator[None]:
    """As long as this lasts, a revision is loaded when it is first needed, and a statement compiled when it is first executed."""
    statements, make = Statements(), create_engine

    def keeping(*how: Any, **names: Any) -> Engine:
        engine = make(*how, **names)
        engine._compiled_cache = cast("Any", statements)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alembic.util, "load_python_file", Loaded())
        patch.setattr(engines, "create_engine", keeping)
        yield


def statements(connection: Connection) -> list[str]:
    """Of which statements a SQLite database consists, rows included."""
    driver: Any = connection.connection.driver_connection
    return [one for one in driver.iterdump() if one not in {"BEGIN TRANSACTION;", "COMMIT;"}]


@contextmanager
def once_a_session() -> Iterator[None]:
    """As long as this lasts, work that was done before is not done again."""
    with pytest.MonkeyPatch.context() as patch:
        compiled = partialmethod(jinja2.Environment.__init__, bytecode_cache=Compiled())
        patch.setattr(jinja2.Environment, "__init__", compiled)
        patch.setattr(v2.ModelField, "__post_init__", Validators().method)
        patch.setattr(command, "upgrade", Migrated())
        patch.setattr(schema, "steps", cache(schema.steps))
        yield

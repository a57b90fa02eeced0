# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from pathlib import Path
from typing import Annotated, Any

import alembic.util
import jinja2
import pytest
import sqlalchemy as sa
from fastapi._compat import v2
from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo
from sqlalchemy import Engine

from audit.store import keys
from audit.store.engine import make_engine
from audit.store.schema import Schema, migrate, steps
from pseudonymisation.keyholder.store.grants import SCHEMA as KEYHOLDER
from register.central.store.grants import SCHEMA as REGISTER
from register.municipal.store.grants import SCHEMA as NODE
from tests import once
from tests.once import databases_once_a_session, once_a_session, statements

SCHEMAS = {"register": REGISTER, "keys": keys.SCHEMA, "keyholder": KEYHOLDER, "node": NODE}


def empty(folder: Path, name: str) -> Engine:
    return make_engine(f"sqlite:///{folder / name}.sqlite")


def made_of(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = statements(connection)
    engine.dispose()
    return found


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_database_that_was_not_migrated_again_is_as_one_that_was(
    schema: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, first, second = (empty(tmp_path, name) for name in ("echt", "eerste", "tweede"))
    migrate(real, schema.migrations)
    with once_a_session():
        migrate(first, schema.migrations)
        monkeypatch.setattr(once, "migrate_for_real", None)
        migrate(second, schema.migrations)
        assert migrate(second, schema.migrations) == ()
    assert made_of(real) == made_of(first) == made_of(second) != []


def test_a_database_that_is_not_empty_is_migrated_for_real(tmp_path: Path) -> None:
    oldest = steps(NODE.migrations)[0].revision
    engine, real = empty(tmp_path, "oud"), empty(tmp_path, "echt")
    with once_a_session():
        migrate(empty(tmp_path, "voorbeeld"), NODE.migrations)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE van_iemand (n INTEGER)")
        assert migrate(engine, NODE.migrations)[0].revision == oldest
    migrate(real, NODE.migrations)
    assert [one for one in made_of(engine) if "van_iemand" not in one] == made_of(real)


def test_the_same_template_with_another_text_is_compiled_again(tmp_path: Path) -> None:
    def shown() -> str:
        return (
            jinja2.Environment(loader=jinja2.FileSystemLoader(tmp_path), autoescape=True)
            .get_template("a")
            .render()
        )

    with once_a_session():
        for text in ("een", "twee", "een"):
            (tmp_path / "a").write_text(text)
            assert shown() == text


def test_one_type_with_other_limits_has_another_validator() -> None:
    def field(le: int) -> v2.ModelField:
        return v2.ModelField(FieldInfo.from_annotation(Annotated[int, Field(le=le)]), "aantal")  # type: ignore[arg-type]

    def takes(one: v2.ModelField, number: int) -> bool:
        return one.validate(number)[1] == []

    with once_a_session():
        five, again, six = field(le=5), field(le=5), field(le=6)
    assert five._type_adapter is again._type_adapter
    assert [takes(one, 6) for one in (five, again, six)] == [False, False, True]


def test_a_validator_made_with_a_function_is_made_again() -> None:
    def field(least: int) -> v2.ModelField:
        def check(number: int) -> int:
            assert number >= least
            return number

        return v2.ModelField(FieldInfo.from_annotation(Annotated[int, AfterValidator(check)]), "aantal")  # type: ignore[arg-type]

    with once_a_session():
        assert [field(least).validate(6)[1] == [] for least in (5, 7)] == [True, False]


def test_a_revision_that_was_rewritten_is_loaded_again(tmp_path: Path) -> None:
    file = tmp_path / "0001_a.py"
    with databases_once_a_session():
        file.write_text("about = 'before'\n")
        before = alembic.util.load_python_file(tmp_path, file.name)
        assert alembic.util.load_python_file(str(tmp_path), file) is before
        file.write_text("about = 'afterwards'\n")
        os.utime(file, ns=(1, 1))
        assert alembic.util.load_python_file(tmp_path, file.name).about == "afterwards"


def test_the_file_that_migrates_is_run_every_time(tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text("runs = object()\n")
    with databases_once_a_session():
        first = alembic.util.load_python_file(tmp_path, "env.py")
        assert alembic.util.load_python_file(tmp_path, "env.py").runs is not first.runs


def test_a_statement_is_compiled_once_for_each_kind_of_database(tmp_path: Path) -> None:
    table = sa.table("t", sa.column("a"))
    compiled: list[str] = []

    def compiling(self: Any, *how: Any, **names: Any) -> Any:
        compiled.append(type(how[0]).name)
        return real(self, *how, **names)

    real = sa.Select._compiler
    with databases_once_a_session(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa.Select, "_compiler", compiling)
        for name, value in (("een", 1), ("twee", 2)):
            engine = empty(tmp_path, name)
            with engine.begin() as connection:
                connection.exec_driver_sql(f"CREATE TABLE t AS SELECT {value} AS a")
                assert connection.scalar(sa.select(table.c.a).where(table.c.a == value)) == value
            engine.dispose()
    assert compiled == ["sqlite"]

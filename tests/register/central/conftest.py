# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Fixtures: the register in the small world of `tests.register.central.world`, once on SQLite and once on PostgreSQL.

The register is built once for each database, because building it costs more than a test; each test begins with empty tables. The register keeps nothing
in memory between requests, and a test that doubts it calls `restart`.
"""

import asyncio
import functools
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, cast

import httpx
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from audit.note import Signer
from audit.signer.app import create_app as create_signer
from audit.signer.settings import SignerSettings
from audit.signer.store.state import SignerState
from audit.store.engine import make_engine
from audit.store.jobs import JobStore
from audit.store.keys import KeyStore
from audit.store.keys import _key as key_table
from policies import difference as differing
from policies import lint
from policies.desk.load import load_profile
from policies.difference import Difference
from policies.grounds import GroundRegister
from policies.lint import Finding
from policies.ruleset import PolicySet
from process.peer import Peer, peer_uri
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.jobs import Runner
from process.serving.secrets import write_secret
from process.serving.tls import _with_certificate
from register.accounts import Passwords
from register.central import app, changing, proposals
from register.central.app import Apps
from register.central.centre import Centre
from register.central.checkpoints import Checkpointer
from register.central.jobs import jobs
from register.central.reconciling import HolderAccounts
from register.central.rotating import Converter
from register.central.settings import RegisterSettings
from register.central.store import opening, work
from register.central.store import tables as t
from register.central.store.grants import SCHEMA
from register.central.store.work import RegisterDatabase
from register.central.witnesses import Asking, Published
from register.demo.certificates import Authority
from tests.process.certificates import certificate
from tests.receipts import VKEYS
from tests.register.central.world import Hands, Log, World
from tests.roles import drop_roles, set_up

ORIGIN = "log.example/oefening"
LOG_SIGNER = Signer(ORIGIN, Secret(bytes(range(3, 35))))
RECEIPTS = Signer(f"{ORIGIN}/ontvangst", Secret(bytes(range(9, 41))))
PASSWORDS = Passwords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(2))
RULES = functools.cache(load_profile)

ONE_DATABASE = pytest.mark.parametrize("register_url", ["sqlite"], indirect=True, scope="session")
"""For claims that are settled before the database is reached, or are about pages: one database is enough to check them on."""

_DELETES = [f'DELETE FROM "{table.name}"' for table in reversed(t.metadata.sorted_tables)]  # noqa: S608 - our own tables
EMPTYING = {"sqlite": _DELETES, "postgresql": ["DO $$ BEGIN " + "; ".join(_DELETES) + "; END $$"]}
"""How the database of before becomes empty; over a socket in one message."""

Restart = Callable[[], World]
Publish = Callable[[], int]


class SignerProcess:
    """The signer's application behind a synchronous transport, showing it the register's certificate."""

    def __init__(self, folder: Path) -> None:
        write_secret(folder / "signer.key", LOG_SIGNER.skey.reveal())
        SignerState.create(folder / "signer.db").close()
        settings = SignerSettings(
            profile="oefening", signing_key=folder / "signer.key", state=folder / "signer.db"
        )
        app = create_signer(settings, clock=system_clock)
        self._app = _with_certificate(cast("Any", app), certificate(peer_uri("register", "REGISTER")))
        self.lost = False
        self.away = False

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer), base_url="https://ondertekenaar")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("refused")

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(
                    request.method, request.url, content=request.content, headers=request.headers
                )

        answer = asyncio.run(sent())
        if self.lost:
            raise httpx.ReadTimeout("signed, and nothing came back")
        return httpx.Response(
            answer.status_code, content=answer.content, headers={"content-type": "application/json"}
        )


@pytest.fixture(scope="session")
def certificates() -> dict[str, bytes]:
    """What nodes show at the TLS door, and two who are no participating node."""
    nodes = ("GM9001", "GM9002", "GM9003", "GM9004", "TMM", "GM0363")
    shown = {name: certificate(peer_uri("node", name)) for name in nodes}
    return {**shown, "HOUDER1": certificate(peer_uri("keyholder", "HOUDER1"))}


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def register_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQLAlchemy URL of the register's database in this session; on PostgreSQL that of the role that serves, with its few rights."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("register") / "register.sqlite"
        yield URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
        return
    server: URL = request.getfixturevalue("postgresql_server")
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE register_central"))
    shared = set_up(server.set(database="register_central").render_as_string(hide_password=False), SCHEMA)
    yield shared.app
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE register_central WITH (FORCE)"))
    drop_roles(shared)


@pytest.fixture(scope="session")
def settings(register_url: str, tmp_path_factory: pytest.TempPathFactory) -> RegisterSettings:
    folder = tmp_path_factory.mktemp("instellingen")
    return settings_in(folder, register_url)


def settings_in(folder: Path, url: str) -> RegisterSettings:
    """Settings with every file that a register needs."""
    issued = Authority(folder, system_clock()).issue(Peer("register", "REGISTER", "0" * 20), folder / "tls")
    randomness = random.Random(41).randbytes
    for name in ("opzoeksleutel", "verzegelsleutel"):
        write_secret(folder / name, randomness(32))
    write_secret(folder / "ontvangstsleutel", RECEIPTS.skey.reveal())
    return RegisterSettings(
        profile="oefening",
        tls_certificate=issued.certificate,
        tls_key=issued.key,
        tls_authorities=issued.authorities,
        database_url=url,
        payload_keys_file=folder / "logsleutels.sqlite",
        tag_key_file=folder / "opzoeksleutel",
        sealing_key_file=folder / "verzegelsleutel",
        receipt_key_file=folder / "ontvangstsleutel",
        log_origin=ORIGIN,
        log_vkey=LOG_SIGNER.verifier.vkey,
        keyholder_receipt_keys=VKEYS,
        # Nobody is there: publishing fails open.
        signer_url="https://127.0.0.1:9",
    )


class House:
    """Builds the register; passwords cost nothing and rules are read once, because neither is what these tests are about."""

    def __init__(self, settings: RegisterSettings, patch: pytest.MonkeyPatch) -> None:
        self.settings = settings
        self.clock = Hands()
        self.opened: list[Engine] = []
        self.randomness = random.Random(43).randbytes
        patch.setattr(app, "Passwords", lambda **_places: PASSWORDS)
        patch.setattr(app, "load_profile", RULES)
        patch.setattr(opening, "make_engine", self.engine)
        # Tests empty the key store between them, under a register that goes on.
        patch.setattr(work, "KEYS_AHEAD", 0)

    def engine(self, url: str, *how: Any, **names: Any) -> Engine:
        self.opened.append(make_engine(url, *how, **names))
        return self.opened[-1]

    def build(self) -> Apps:
        return app.create_app(self.settings, clock=self.clock, randomness=self.randomness)


@pytest.fixture(scope="session")
def house(settings: RegisterSettings) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        house = House(settings, patch)
        yield house
        for engine in house.opened:
            engine.dispose()


@pytest.fixture(scope="session")
def apps(house: House) -> Apps:
    return house.build()


@pytest.fixture(scope="session")
def look(house: House) -> tuple[Engine, Engine]:
    """Connections of the second reader, who may do everything: to the database and to the payload keys."""
    return house.engine(as_administrator(house.settings.database)), house.engine(house.settings.payload_keys)


def as_administrator(url: str) -> str:
    """The same database, as the superuser of a PostgreSQL of tests."""
    found = make_url(url)
    return (
        url
        if found.get_backend_name() == "sqlite"
        else found.set(username="postgres").render_as_string(hide_password=False)
    )


@pytest.fixture
def world(
    house: House, apps: Apps, look: tuple[Engine, Engine], certificates: dict[str, bytes]
) -> Iterator[World]:
    """The register as it is on its first day."""
    database, keys = look
    with database.begin() as connection:
        for statement in EMPTYING[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    with keys.begin() as connection:
        connection.execute(key_table.delete())
    house.clock.reset()
    log = Log(database, KeyStore(keys), RECEIPTS, ORIGIN)
    yield World(apps, log, house.clock, certificates, PASSWORDS)
    log.require_whole()


@pytest.fixture(scope="module")
def once() -> Iterator[None]:
    """Policy sets are checked and compared once: whether that is done well is tested elsewhere."""
    checked: dict[str, tuple[Finding, ...]] = {}
    compared: dict[tuple[str, str], Difference] = {}
    findings, difference = lint.findings, differing.difference

    def check(rules: PolicySet, register: GroundRegister) -> tuple[Finding, ...]:
        if rules.hash not in checked:
            checked[rules.hash] = findings(rules, register)
        return checked[rules.hash]

    def compare(old: PolicySet, new: PolicySet, register: GroundRegister) -> Difference:
        if (old.hash, new.hash) not in compared:
            compared[old.hash, new.hash] = difference(old, new, register)
        return compared[old.hash, new.hash]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changing, "findings", check)
        for module in (changing, proposals):
            patch.setattr(module, "difference", compare)
        yield


@pytest.fixture
def restart(house: House, world: World) -> Restart:
    """The same databases under a register that remembers nothing else."""

    def again() -> World:
        return World(house.build(), world.log, world.clock, world.certificates, PASSWORDS)

    return again


@pytest.fixture(scope="session")
def beside(house: House) -> Engine:
    """Connections of the register's own role, beside those of its requests."""
    return house.engine(house.settings.database)


@pytest.fixture
def database(house: House, beside: Engine, look: tuple[Engine, Engine]) -> RegisterDatabase:
    """The register's databases as its own processes beside the requests use them."""
    keys = KeyStore(look[1])
    return RegisterDatabase(beside, keys, origin=ORIGIN, signer=RECEIPTS, randomness=house.randomness)


@pytest.fixture
def signer(tmp_path: Path) -> SignerProcess:
    """The real signer, in this process, with the key whose public half the register was told."""
    return SignerProcess(tmp_path / "ondertekenaar")


@pytest.fixture
def publish(database: RegisterDatabase, signer: SignerProcess) -> Publish:
    """Have the log signed as it is now; gives its size."""
    return Checkpointer(database, signer.client(), LOG_SIGNER.verifier).once


@pytest.fixture
def centre(house: House, world: World) -> Iterator[Centre]:
    """The register's own things, as its jobs have them."""
    del world
    made = app._centre(house.settings, house.clock, house.randomness)
    yield made
    made.database.engine.dispose()


@pytest.fixture
def published(house: House, centre: Centre) -> Published:
    """The log as it is published, without witnesses."""
    return app.publication(house.settings, centre.database)


@pytest.fixture
def asking(centre: Centre, published: Published) -> Iterator[Asking]:
    """The job that asks witnesses, of which there are none."""
    made = Asking(centre.database, published, httpx.Client())
    yield made
    made.close()


@pytest.fixture
def runner(house: House, centre: Centre, signer: SignerProcess, asking: Asking) -> Runner:
    """The runner of the register's jobs, by its real parts."""
    store = JobStore(centre.database.engine, t.job)
    checkpointer = Checkpointer(centre.database, signer.client(), LOG_SIGNER.verifier)
    converter = Converter(centre, app.places(house.settings), 0)
    work = jobs(centre, checkpointer, asking, converter, store.states, 1.0, HolderAccounts([]))
    return Runner(work, store, centre.clock, centre.randomness)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Fixtures: a node in the small truthful world of `tests.register.municipal.world`."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import BoundedSemaphore

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI

from audit.note import Signer
from process.command import run
from process.secret import Secret
from process.serving.secrets import write_secret
from pseudonymisation.ceremony import Dealt, deal, keyset_file
from pseudonymisation.keyholder.holder import Holder
from pseudonymisation.oprf import HedgedNonce
from register.accounts import Passwords
from register.municipal.app import Outside, create_app
from register.municipal.clients import LogClient
from register.municipal.demanding import Demanding
from register.municipal.settings import NodeSettings
from tests.receipts import VKEYS, receipt_signer
from tests.register.municipal.front import Front
from tests.register.municipal.office import World
from tests.register.municipal.statements import Statement, listening
from tests.register.municipal.world import (
    CALLER,
    ORGANISATION,
    PASSWORD,
    Browser,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    cheap,
    open_store,
    people,
    running,
    tenant_folder,
)


@pytest.fixture(autouse=True)
def every_statement_names_one_organisation() -> Iterator[list[Statement]]:
    """Whatever a test of the node makes it do, no statement reaches across organisations."""
    with listening() as heard:
        yield heard
    assert not [one for one in heard if not one.right]


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(scope="session")
def dealt() -> Dealt:
    randomness = random.Random(23).randbytes
    return deal(profile="oefening", name="test-node", threshold=2, holders=3, randomness=randomness)


@pytest.fixture
def holders(dealt: Dealt, clock: Hands) -> list[HolderStation]:
    return holders_of(dealt, clock)


def holders_of(dealt: Dealt, clock: Hands) -> list[HolderStation]:
    """Every holder of a keyset."""
    return [
        HolderStation(
            Holder(
                share,
                dealt.keyset,
                "oefening",
                HedgedNonce(share.nonce_key, random.Random(5).randbytes),
                receipt_signer(share.holder),
                random.Random(6 + share.holder).randbytes,
            ),
            clock,
        )
        for share in dealt.shares
    ]


@pytest.fixture
def register(clock: Hands) -> RegisterStation:
    return register_with(clock)


def register_with(clock: Hands) -> RegisterStation:
    """A register that has nothing yet."""
    return RegisterStation(clock, Signer("register.example/bewijs", Secret(bytes(range(32)))))


@pytest.fixture
def settings(tmp_path: Path, dealt: Dealt, register: RegisterStation) -> NodeSettings:
    return settings_in(tmp_path, dealt, register)


def settings_in(tmp_path: Path, dealt: Dealt, register: RegisterStation) -> NodeSettings:
    """Settings of a node of one organisation, with every file that it needs."""
    (tmp_path / "sleutelset.json").write_bytes(keyset_file(dealt.keyset))
    (tmp_path / "register.vkey").write_text(register.signer.verifier.vkey)
    (tmp_path / "logboek.vkey").write_text(register.log.signer.verifier.vkey)
    tenant_folder(tmp_path / "organisaties", ORGANISATION)
    return NodeSettings(
        profile="oefening",
        tenants_folder=tmp_path / "organisaties",
        register_url="https://register",
        register_receipt_key_file=tmp_path / "register.vkey",
        register_log_key_file=tmp_path / "logboek.vkey",
        keyholder_urls=("https://houder1", "https://houder2", "https://houder3"),
        keyset_file=tmp_path / "sleutelset.json",
        keyset_fingerprint=dealt.keyset.fingerprint,
        keyholder_receipt_keys=VKEYS,
        database_file=tmp_path / "node.sqlite",
    )


@pytest.fixture
def outside(holders: list[HolderStation], register: RegisterStation) -> Outside:
    return outside_with(holders, register)


def outside_with(holders: list[HolderStation], register: RegisterStation) -> Outside:
    """What a node finds outside itself: these stations, and passwords and stretching that cost nothing."""
    stations: dict[str, Callable[[httpx.Request], httpx.Response]] = {"https://register": register}
    stations |= {f"https://houder{number}": one for number, one in enumerate(holders, start=1)}

    def connect(url: str, seconds: float, organisation: str) -> httpx.Client:
        transport = httpx.MockTransport(stations[url])
        return httpx.Client(
            base_url=url, transport=transport, timeout=seconds, headers={CALLER: organisation}
        )

    return Outside(
        connect,
        Passwords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(2)),
        cheap,
        unsafe_without_canaries=True,
    )


@pytest.fixture(scope="session")
def shared_front() -> Front:
    return Front()


@pytest.fixture
def app(settings: NodeSettings, clock: Hands, outside: Outside, shared_front: Front) -> Iterator[FastAPI]:
    people(settings, outside, ORGANISATION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("register.municipal.app.front", shared_front.before)
        made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    with running(made):
        yield made


@pytest.fixture
def watch_round(
    app: FastAPI, settings: NodeSettings, outside: Outside, register: RegisterStation, clock: Hands
) -> Iterator[Callable[[], object]]:
    """One round of the node's watch over the log, on the database of the application."""
    del app
    assert outside.connect
    store, log = open_store(settings), LogClient(outside.connect("https://register", 1.0, ORGANISATION))
    yield Demanding(store, log, register.log.signer.verifier, clock).once
    log.close()
    store.close()


@pytest.fixture
def guest(app: FastAPI) -> Browser:
    return Browser(app)


@pytest.fixture
def inspector(guest: Browser) -> Officer:
    return Officer(guest, "toezichthouder")


@pytest.fixture
def contact(guest: Browser) -> Officer:
    return Officer(guest, "aandachtsfunctionaris")


@pytest.fixture
def world(  # noqa: PLR0917 - all that it consists of
    tmp_path: Path,
    dealt: Dealt,
    holders: list[HolderStation],
    register: RegisterStation,
    clock: Hands,
    pytestconfig: pytest.Config,
) -> World:
    """The use cases of one organisation on a SQLite file, without its interface; killed at every third step, and at every one where all is asked for."""
    return World(
        f"sqlite:///{tmp_path / 'dossier.sqlite'}",
        clock,
        register,
        holders,
        dealt.keyset,
        register.signer.verifier,
        count(41),
        stride=1 if pytestconfig.getoption("every_case") else 3,
    )


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """A node that listens on loopback, as in life."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, ws="none", http="h11", log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    write_secret(tmp_path / "wachtwoord", PASSWORD.encode() + b"\n")
    return tmp_path / "wachtwoord"


@pytest.fixture
def node(address: str, password_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run `signaalregister node ...` as the inspector, with address and account from the environment."""
    monkeypatch.setenv("SIGNAALREGISTER_NODE_URL", address)
    monkeypatch.setenv("SIGNAALREGISTER_NODE_OFFICER", "toezichthouder")
    monkeypatch.setenv("SIGNAALREGISTER_NODE_PASSWORD_FILE", str(password_file))
    return lambda *arguments: run(["node", *map(str, arguments)])

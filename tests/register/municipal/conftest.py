# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Fixtures: a node in the small truthful world of `tests.register.municipal.world`."""

import asyncio
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import BoundedSemaphore

import httpx
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI

from audit.note import Signer
from process.secret import Secret
from process.serving.secrets import write_secret
from pseudonymisation.ceremony import Dealt, deal, keyset_file
from pseudonymisation.keyholder.holder import Holder
from pseudonymisation.oprf import HedgedNonce
from register.accounts import Account, Passwords
from register.municipal.app import Outside, create_app, open_store
from register.municipal.clients import LogClient
from register.municipal.demanding import Demanding
from register.municipal.settings import NodeSettings
from tests.register.municipal.world import (
    ORGANISATION,
    PASSWORD,
    Browser,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    cheap,
)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(scope="session")
def dealt() -> Dealt:
    randomness = random.Random(23).randbytes
    return deal(profile="oefening", name="test-node", threshold=2, holders=3, randomness=randomness)


@pytest.fixture
def holders(dealt: Dealt) -> list[HolderStation]:
    return [
        HolderStation(
            Holder(share, dealt.keyset, "oefening", HedgedNonce(share.nonce_key, random.Random(5).randbytes))
        )
        for share in dealt.shares
    ]


@pytest.fixture
def register(clock: Hands) -> RegisterStation:
    return RegisterStation(clock, Signer("register.example/bewijs", Secret(bytes(range(32)))))


@pytest.fixture
def settings(tmp_path: Path, dealt: Dealt, register: RegisterStation) -> NodeSettings:
    (tmp_path / "sleutelset.json").write_bytes(keyset_file(dealt.keyset))
    (tmp_path / "register.vkey").write_text(register.signer.verifier.vkey)
    (tmp_path / "logboek.vkey").write_text(register.log.signer.verifier.vkey)
    write_secret(tmp_path / "zegel", random.Random(1).randbytes(32))
    write_secret(tmp_path / "sessie", random.Random(2).randbytes(32))
    return NodeSettings(
        profile="oefening",
        organisation=ORGANISATION,
        register_url="https://register",
        register_receipt_key_file=tmp_path / "register.vkey",
        register_log_key_file=tmp_path / "logboek.vkey",
        keyholder_urls=("https://houder1", "https://houder2", "https://houder3"),
        keyset_file=tmp_path / "sleutelset.json",
        keyset_fingerprint=dealt.keyset.fingerprint,
        database_file=tmp_path / "node.sqlite",
        seal_key_file=tmp_path / "zegel",
        session_key_file=tmp_path / "sessie",
    )


@pytest.fixture
def outside(holders: list[HolderStation], register: RegisterStation) -> Outside:
    stations: dict[str, Callable[[httpx.Request], httpx.Response]] = {"https://register": register}
    stations |= {f"https://houder{number}": one for number, one in enumerate(holders, start=1)}

    def connect(url: str, seconds: float) -> httpx.Client:
        return httpx.Client(base_url=url, transport=httpx.MockTransport(stations[url]), timeout=seconds)

    return Outside(
        connect, Passwords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(2)), cheap
    )


@pytest.fixture
def app(settings: NodeSettings, clock: Hands, outside: Outside) -> Iterator[FastAPI]:
    store = open_store(settings)
    hashed = outside.passwords.hash(PASSWORD) if outside.passwords else ""
    for role in ("toezichthouder", "aandachtsfunctionaris", "ambassadeur", "fg"):
        store.put_account(Account(f"{role}-GM9004", role, role), hashed)
    store.close()
    made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    yield made

    async def stop() -> None:
        async with made.router.lifespan_context(made):
            pass

    asyncio.run(stop())


@pytest.fixture
def watch_round(
    app: FastAPI, settings: NodeSettings, outside: Outside, register: RegisterStation, clock: Hands
) -> Iterator[Callable[[], None]]:
    """One round of the node's watch over the log, on the database of the application."""
    del app
    assert outside.connect
    store, log = open_store(settings), LogClient(outside.connect("https://register", 1.0))
    yield Demanding(store, log, register.log.signer.verifier, clock, 60.0).once
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

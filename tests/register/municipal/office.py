# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The use cases of one organisation without its interface, on a database that a test keeps: what a process is, and what is left when it is killed."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from audit.note import Verifier
from process.secret import Secret
from pseudonymisation.identity import attribute_from_text
from pseudonymisation.receipts import require_vkeys
from pseudonymisation.threshold import PublicKeyset
from register.accounts import Account
from register.municipal.attributes import Given
from register.municipal.clients import HolderPool, RegisterClient, encoded, holder_threads
from register.municipal.composing import bare
from register.municipal.consulting import Consulting
from register.municipal.delivering import Delivering
from register.municipal.drafting import Drafting
from register.municipal.observations import Draft, SubjectGiven
from register.municipal.plates import PlateGuard
from register.municipal.processing import Processing
from register.municipal.pseudonyms import Pseudonymiser, Stretch, stretch_threads
from register.municipal.recovery import KeyKeeping
from register.municipal.sealing import RecoveryKey, RecoverySecret, Seal
from register.municipal.store import NodeDatabase, NodeStore
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.drafts import DraftStore
from register.municipal.store.flags import FlagStore
from register.municipal.store.looks import LookStore
from register.municipal.store.outbox import OutboxStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.store.sealed import SealedStore
from register.municipal.submitting import Submitting
from register.wire import SignaalIndienen, Sporen
from tests.receipts import VKEYS
from tests.register.municipal.world import (
    CALLER,
    ORGANISATION,
    Hands,
    HolderStation,
    RegisterStation,
    cheap,
)

OFFICER = Account("toezichthouder-1", "inspecteur", "toezichthouder")
COLLEAGUE = Account("toezichthouder-2", "collega", "toezichthouder")
CONTACT = Account("aandachtsfunctionaris-1", "contact", "aandachtsfunctionaris")
RECOVERY = RecoverySecret(X25519PrivateKey.from_private_bytes(bytes(range(32))))
SEAL = Secret(bytes(range(100, 132)))
KEY = "signaal-0001"

Station = Callable[[httpx.Request], httpx.Response]

BOTH = frozenset({"bsn", "v_nummer"})


@dataclass
class Office:
    """One running process, as far as signals go."""

    database: NodeDatabase
    submitting: Submitting
    consulting: Consulting
    drafting: Drafting
    keys: KeyKeeping
    stop: Callable[[], None] = field(repr=False)

    @property
    def delivering(self) -> Delivering:
        return self.submitting.delivering

    @property
    def outbox(self) -> OutboxStore:
        return self.delivering.store

    @property
    def casebook(self) -> CasebookStore:
        return self.submitting.casebook


class MortalDatabase(NodeDatabase):
    """A database of which the process can be killed just before a commit, or just after it."""

    def __init__(self, url: str, step: Callable[[], None]) -> None:
        super().__init__(url)
        self._step = step

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
            self._step()
        self._step()


class Killed(BaseException):
    """The process is gone; no code of ours catches it, as none catches a kill -9."""


class Fate:
    """Kills a process at its n-th step: a commit, or a message to another process, each before and after it took effect."""

    def __init__(self) -> None:
        self.dies_at: int | None = None
        self.steps = 0
        self._lock = Lock()

    def __call__(self) -> None:
        with self._lock:
            self.steps += 1
            if self.dies_at is not None and self.steps >= self.dies_at:
                raise Killed


@dataclass
class World:
    """Everything outside the process, and the database that outlives it."""

    url: str
    clock: Hands
    register: RegisterStation
    holders: list[HolderStation]
    keyset: PublicKeyset
    verifier: Verifier
    seeds: Iterator[int]
    seal: Secret = field(default_factory=lambda: SEAL)
    recovery: RecoveryKey | None = RECOVERY.public
    tenant: str = ORGANISATION
    gates: frozenset[str] = BOTH
    fate: Fate = field(default_factory=Fate)
    station: Station | None = None
    migrated: set[str] = field(default_factory=set)
    stretch_key: Stretch = cheap
    stride: int = 1
    """How many steps lie between two at which a process is killed."""

    def copy_of(self, empty: str, url: str) -> None:
        """Go on with a database of its own: a copy of an empty one, which is made when it is not there yet."""
        self.url = empty
        if empty not in self.migrated:
            with self.office():
                pass
        shutil.copyfile(empty.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
        self.url = url
        self.migrated.add(url)

    def sent(self) -> list[bytes]:
        """Every message that tried to submit a signal, as the register got it, without the receipts of that attempt."""
        return [
            encoded(bare(SignaalIndienen.model_validate_json(one.content)))
            for one in self.register.requests
            if one.url.path == "/v1/signalen"
        ]

    @contextmanager
    def office(self) -> Iterator[Office]:
        """A process that starts, and that stops when the block ends, whatever happened in it."""
        made = self._started()
        try:
            yield made
        finally:
            made.stop()

    def _started(self) -> Office:
        randomness = random.Random(next(self.seeds)).randbytes
        database = MortalDatabase(self.url, self.fate)
        if self.url not in self.migrated:
            database.migrate([self.tenant])
            self.migrated.add(self.url)
        store = NodeStore(database, self.tenant)
        seal = Seal(self.seal, randomness, self.recovery)
        keys = KeyKeeping(SealedStore(database, self.tenant), seal, self.tenant)
        try:
            identity = keys.ready()
        except BaseException:
            database.close()
            raise
        threads, stretching = holder_threads(3), stretch_threads()
        holders = HolderPool(
            [self._client(one) for one in self.holders],
            self.keyset,
            require_vkeys(VKEYS),
            self.tenant,
            self.clock,
            threads,
        )
        register = RegisterClient(
            self._client(self.station or self.register), self.verifier, store.put_receipt, self.clock
        )
        outbox, casebook = OutboxStore(database, self.tenant), CasebookStore(database, self.tenant)
        delivering = Delivering(
            outbox,
            casebook,
            Pseudonymiser(self.keyset, holders.evaluate, randomness, stretching, None, self.stretch_key),
            register,
            seal,
            self.tenant,
            self.gates,
            self.clock,
            randomness,
        )

        processing = Processing(lambda _action, _begun: None, identity, self.clock, randomness)
        plates = PlateGuard(FlagStore(database, self.tenant), identity, self.clock, randomness)

        def stop() -> None:
            for one in threads:
                one.shutdown()
            stretching.shutdown()
            holders.close()
            register.close()
            database.close()

        rest = (seal, identity, self.tenant, self.clock, randomness)
        return Office(
            database,
            Submitting(delivering, casebook, identity, plates, processing),
            Consulting(
                outbox,
                casebook,
                LookStore(database, self.tenant),
                ReleaseStore(database, self.tenant),
                *rest,
                processing,
            ),
            Drafting(DraftStore(database, self.tenant), *rest),
            keys,
            stop,
        )

    def _client(self, station: Station) -> httpx.Client:
        def mortal(request: httpx.Request) -> httpx.Response:
            self.fate()
            response = station(request)
            self.fate()
            return response

        return httpx.Client(
            base_url="https://station",
            transport=httpx.MockTransport(mortal),
            headers={CALLER: self.tenant},
        )


def draft(*attributes: tuple[str, str], **changed: Any) -> Draft:
    """A signal of labour exploitation about one person, with members changed."""
    given = attributes or (("phone", "06 12345678"), ("document", "COL:AB123456"))
    place = "subjecten.0.kenmerken"
    subject = SubjectGiven(
        tuple(
            Given(attribute_from_text(kind, text, open_gates=BOTH), f"{place}.{number}")
            for number, (kind, text) in enumerate(given)
        ),
        place,
        "mogelijk_slachtoffer",
        None,
    )
    members: dict[str, Any] = {
        "subjects": (subject,),
        "observed_on": date(2026, 2, 27),
        "basis": "huisvesting_arbeidsmigranten",
        "control_type": "woningcontrole",
        "form": "arbeid",
        "indicators": ("slapen_in_bedrijfspand",),
        "source": "X",
        "information": 4,
        "handling": "H1",
        "tracks": Sporen(),
        "border": False,
        "quality": ("feiten_geen_oordeel",),
        "control": None,
    }
    return Draft(**(members | changed))

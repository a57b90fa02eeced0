# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register in a small world: its real two applications on a real database, called as nodes and as people call them.

After every request the whole log is verified by a second reader, on connections of its own: every leaf is replayed into the root, no earlier leaf changed,
exactly as many leaves came as the caller said, every payload opens with its key and belongs to its leaf, and the receipt in the answer names the
new leaf. Points are random: the register cannot tell.
"""

import asyncio
import base64
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Engine, event, select

from audit.entry import LEAF_SIZE, payload_content, unseal
from audit.merkle import leaf_hash, verify_inclusion
from audit.note import Signer
from audit.store.keys import KeyStore
from audit.store.log import LogStore
from audit.store.wholeness import faults
from audit.trail import verify_receipt
from pseudonymisation.pseudonym import SPEC_VERSION
from register.accounts import Account, Passwords
from register.central.app import Apps
from register.central.store import people
from register.central.store import tables as t
from register.signals import Observation, commitment
from tests.api.kept import require_described
from tests.receipts import covering

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
WEEK = "2026-W09"
CONTROL = "C-OEFE-0001"
PASSWORD = "een-lang-wachtwoord"
OFFICERS = {
    "toezichthouder": "oefening-toezichthouder",
    "aandachtsfunctionaris": "oefening-aandachtsfunctionaris",
    "fg": "oefening-fg",
    "contactpunt": "oefening-contactpunt",
    "functioneel_beheerder": "oefening-beheerder-1",
    "tmm_analist": "oefening-analist",
    "tmm_coordinator": "oefening-coordinator",
}
CRITERIA = ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"]
NONCE = bytes(range(32))


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)

    def reset(self) -> None:
        self.moment = MOMENT


def point() -> str:
    """A random point of the curve, as it travels."""
    raw = ec.generate_private_key(ec.SECP256R1()).public_key()
    return (
        base64.urlsafe_b64encode(raw.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
        .rstrip(b"=")
        .decode()
    )


def raw(travelling: str) -> bytes:
    """The 33 bytes of a point."""
    return base64.urlsafe_b64decode(travelling + "=" * (-len(travelling) % 4))


def pseudonym(punt: str, familie: str = "phone") -> dict[str, str]:
    return {"familie": familie, "versie": SPEC_VERSION, "punt": punt}


def subject(*pseudonyms: dict[str, str], **others: Any) -> dict[str, Any]:
    """A possible victim, adult, with these pseudonyms."""
    return {
        "ref": "s1",
        "rol": "mogelijk_slachtoffer",
        "minderjarig": "nee",
        "pseudoniemen": list(pseudonyms) or [pseudonym(point())],
    } | others


def signal(*subjects: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A signal about labour exploitation, without its organisation, with members changed."""
    return {
        "signaalId": str(_uuid()),
        "lokaleVerwijzing": "lokaal-0001",
        "waargenomenWeek": WEEK,
        "waarnemingGrondslag": "huisvesting_woningwet_omgevingswet",
        "controlesoort": "woningcontrole",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
        "beoordeling": {"bron": "B", "informatie": 2},
        "eersteVerwerking": MOMENT.isoformat(),
        "subjecten": list(subjects) or [subject()],
        "sleutelset": "oefening",
        "epoch": 1,
    } | others


SEALED = {
    "uitbuitingsvorm": "seksueel_grensoverschrijdend",
    "waarnemingGrondslag": "apv_seksinrichting_151a",
    "controlesoort": "prostitutiecontrole_vergund",
    "aanwijzingen": ["derde_beheert_advertentie"],
    "subjecten": [{"ref": "s1", "rol": "mogelijk_slachtoffer"}],
}
"""What a sexual signal keeps at its node until phase 2."""


def sealed(*subjects: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A sexual signal as a node submits it: neutral codes, and a commitment to the rest."""
    kept = Observation(
        SEALED["uitbuitingsvorm"],  # type: ignore[arg-type]
        SEALED["waarnemingGrondslag"],  # type: ignore[arg-type]
        SEALED["controlesoort"],  # type: ignore[arg-type]
        tuple(SEALED["aanwijzingen"]),  # type: ignore[arg-type]
        (("s1", "mogelijk_slachtoffer"),),
    )
    bound = base64.urlsafe_b64encode(commitment(NONCE, kept)).rstrip(b"=").decode()
    return (
        signal(
            *[one | {"rol": "onbekend"} for one in (subjects or (subject(),))],
            waarnemingGrondslag="anders",
            controlesoort="overig",
            uitbuitingsvorm="overig",
            aanwijzingen=[],
            verzegeld={"vastlegging": bound, "draagt": True},
            juridisch={"bijzondere_grondslag": "OEF-SEKS-SV"},
        )
        | others
    )


def opened() -> dict[str, Any]:
    """What opens the commitment of `sealed`."""
    return {"nonce": base64.urlsafe_b64encode(NONCE).rstrip(b"=").decode(), **SEALED}


def question(*pseudonyms: dict[str, str], **others: Any) -> dict[str, Any]:
    """A question about a person, without its organisation."""
    return {"pseudoniemen": list(pseudonyms), "sleutelset": "oefening", "epoch": 1} | others


_numbers = random.Random(2)


def _uuid() -> str:
    digits = f"{_numbers.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


class Log:
    """A second reader of the register's databases, for whom nothing is in memory."""

    def __init__(self, engine: Engine, keys: KeyStore, receipts: Signer, origin: str) -> None:
        self.engine = engine
        self.keys = keys
        self._store = LogStore(t.log)
        self._receipts = receipts
        self._origin = origin
        self._seen: list[bytes] = []
        self.meddled = False
        """Whether the test itself changed what is stored."""

    @property
    def size(self) -> int:
        """Number of leaves verified so far."""
        return len(self._seen)

    def verify(self, grown: int | None) -> None:
        """Verify leaves and root, and that the log grew by so many leaves since the last time (None: by any number)."""
        with self.engine.connect() as connection:
            head = self._store.head(connection)
            leaves = self._store.leaves(connection, 0, head.size)
            if head.size:
                proof = self._store.inclusion_proof(connection, head.size - 1, head.size)
                verify_inclusion(leaf_hash(leaves[-1]), head.size - 1, head.size, proof, head.root)
        assert len(leaves) == head.size
        assert {len(leaf) for leaf in leaves} <= {LEAF_SIZE}
        assert leaves[: self.size] == self._seen, "an earlier leaf changed"
        if grown is not None:
            assert len(leaves) - self.size == grown, "another number of leaves than one per request"
        fresh, self._seen = self.size, leaves
        self.entries(since=fresh)

    def require_whole(self) -> None:
        """Compare everything that is stored: what a request wrote wrongly is still there at the end of its test."""
        with self.engine.connect() as connection:
            assert bool(list(faults(connection, t.log))) == self.meddled

    def entries(self, organisation: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        """What the entries say, opened with their keys and checked against their leaves."""
        payload, leaf = t.log.payload.c, t.log.leaf.c
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(t.log.payload, leaf.leaf)
                .join(t.log.leaf, leaf.leaf_index == payload.leaf_index)
                .where(payload.leaf_index >= since)
                .order_by(payload.leaf_index, payload.organisation)
            ).all()
        keys = self.keys.get_many([row.key_id for row in rows])
        said = []
        for row in rows:
            content = payload_content(
                row.organisation, unseal(row.ciphertext, row.organisation, row.leaf, keys[row.key_id]).payload
            )
            said.append(
                {
                    **content,
                    "blad": row.leaf_index,
                    "organisatie": row.organisation,
                    "omvang": len(row.ciphertext),
                }
            )
        return [one for one in said if organisation in {None, one["organisatie"]}]

    def last(self, organisation: str) -> dict[str, Any]:
        """The fields of an organisation's newest entry, with its event as `gebeurtenis` and its audience as `ontvanger`."""
        entry = self.entries(organisation)[-1]
        return {**entry["velden"], "gebeurtenis": entry["gebeurtenis"], "ontvanger": entry["ontvanger"]}

    def forget(self) -> None:
        """Begin as a reader who never saw this log."""
        self._seen = []

    def erase(self, leaf: int, organisation: str) -> None:
        """Destroy the key of one organisation's part of one entry."""
        payload = t.log.payload.c
        with self.engine.connect() as connection:
            key = connection.scalar(
                select(payload.key_id).where(payload.leaf_index == leaf, payload.organisation == organisation)
            )
        assert key is not None
        assert self.keys.destroy([key]) == 1

    def require_receipt(self, answer: httpx.Response) -> None:
        """The receipt in an answer is of the newest leaf, and signed."""
        sent = answer.json()["logbewijs"]
        receipt = verify_receipt(sent["bewijs"], [self._receipts.verifier])
        assert receipt.origin == self._origin
        assert sent["blad"] == receipt.leaf_index == self.size - 1
        assert receipt.leaf_hash == leaf_hash(self._seen[-1])


@dataclass
class World:
    """The register with its clock, and the ways to call it."""

    apps: Apps
    log: Log
    clock: Hands
    certificates: Mapping[str, bytes]
    passwords: Passwords
    decided: int = 0
    """Decision records that a test has looked at."""
    _keys: Iterator[str] = field(default_factory=lambda: (f"sleutel-{number:06d}" for number in range(10**6)))

    def node(self, organisation: str, role: str, *, control: str | None = CONTROL) -> "Caller":
        """An officer of a municipality, through its node."""
        said = {
            "Namens-Medewerker": OFFICERS[role],
            "Namens-Rol": role,
            "Doel": "toezicht_avg" if role == "fg" else "signalering",
            "Reden": "controle",
            "Grondslag": f"OEF-GEM-{organisation}",
        }
        if control is not None:
            said["Zaaknummer"] = control
        return Caller(self, self.apps.machines, organisation, said, self.certificates[organisation])

    def inspector(self, organisation: str) -> "Caller":
        return self.node(organisation, "toezichthouder")

    def contact(self, organisation: str) -> "Caller":
        """The aandachtsfunctionaris."""
        return self.node(organisation, "aandachtsfunctionaris")

    def administrator(self, organisation: str, number: int = 1) -> "Caller":
        """A functioneel beheerder, the first or the second, through the node."""
        caller = self.node(organisation, "functioneel_beheerder", control=None)
        return caller.but(
            namens_medewerker=f"oefening-beheerder-{number}", doel="beheer", reden=None, grondslag=None
        )

    def person(self, organisation: str, role: str) -> "Caller":
        """Somebody of TMM, or an FG, who signed in at the register's own listener."""
        name = f"{role}-{organisation}"
        with self.log.engine.begin() as connection:
            account = Account(OFFICERS[role], name, role)
            people.add_account(connection, organisation, account, self.passwords.hash(PASSWORD))
        said = {"Doel": {"fg": "toezicht_avg"}.get(role, "beheer")} if role in {"fg", "functioneel_beheerder"} else {
            "Doel": "opsporing_handoff", "Zaaknummer": "TMM-2026-0001", "Reden": "tmm_onderzoek", "Grondslag": "OEF-WPG-TMM",
        }  # fmt: skip
        caller = Caller(self, self.apps.people, organisation, said, None)
        answer = caller.post("/v1/sessies", {"naam": name, "wachtwoord": PASSWORD})
        assert answer.status_code == 201, answer.text
        caller.said["Authorization"] = f"Bearer {answer.json()['token']}"
        return caller

    def submit(self, organisation: str, sent: dict[str, Any]) -> dict[str, Any]:
        """A signal that gets in; gives the answer. A later version is for the aandachtsfunctionaris."""
        later = sent.get("versie", 1) > 1
        caller = self.contact(organisation) if later else self.inspector(organisation)
        answer = caller.submit(({"correctie": "verbeterd"} if later else {}) | sent)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def rows(self, table: Any) -> list[Any]:
        """Every row of a table."""
        with self.log.engine.connect() as connection:
            return list(connection.execute(select(table)))

    def contents(self) -> dict[str, list[Any]]:
        """Every row of every table that is not the log, to see that nothing changed; what an entry was decided on goes with the entry."""
        logged = {one.name for one in vars(t.log).values()} | {t.decision_record.name}
        return {
            name: sorted(map(repr, self.rows(table)))
            for name, table in t.metadata.tables.items()
            if name not in logged
        }

    def forget_the_log(self) -> None:
        """What restoring an old backup does: the log is gone, the signer remembers."""
        with self.log.engine.begin() as connection:
            for table in (t.log.payload, t.log.leaf, t.log.node, t.log.head, t.log.checkpoint):
                connection.execute(table.delete())
        self.log.forget()

    def next_key(self) -> str:
        return next(self._keys)


@dataclass
class Caller:
    """One person at one listener."""

    world: World
    app: Any
    organisation: str
    said: dict[str, str]
    certificate: bytes | None

    def but(self, **said: str | None) -> "Caller":
        """The same person with other headers; None leaves one out. Underscores stand for hyphens."""
        others = {name.replace("_", "-").title(): value for name, value in said.items()}
        kept = {**self.said, **others}
        return Caller(
            self.world,
            self.app,
            self.organisation,
            {name: value for name, value in kept.items() if value is not None},
            self.certificate,
        )

    def showing(self, certificate: bytes | None) -> "Caller":
        """The same words behind another certificate."""
        return Caller(self.world, self.app, self.organisation, self.said, certificate)

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        """Send, and check only that the answer is one that the interface promises."""

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})["tls"] = {"client_cert_der": self.certificate}
            await self.app(scope, receive, send)

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://register") as client:
                return await client.request(method, path, headers={**self.said, **(headers or {})}, **content)

        answer = asyncio.run(sent())
        require_described(self.app.title, answer)
        return answer

    def request(
        self,
        method: str,
        path: str,
        *,
        leaves: int | None = 1,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> httpx.Response:
        """Send, then verify the whole world: one leaf came, unless the caller says otherwise."""
        answer = self.send(method, path, headers=headers, **content)
        self.world.log.verify(leaves)
        if leaves and answer.is_success and answer.content and "logbewijs" in answer.json():
            self.world.log.require_receipt(answer)
        return answer

    def get(self, path: str, *, leaves: int = 1, **query: Any) -> httpx.Response:
        return self.request("GET", path, leaves=leaves, params=query or None)

    def post(self, path: str, body: Any, *, key: str | None = None, leaves: int | None = 1) -> httpx.Response:
        key = key or self.world.next_key()
        body = covering(path, body, self.organisation, key, self.world.clock())
        return self.request("POST", path, leaves=leaves, headers={"Idempotency-Key": key}, json=body)

    def submit(self, sent: dict[str, Any], *, key: str | None = None, leaves: int = 1) -> httpx.Response:
        return self.post("/v1/signalen", self.addressed(sent), key=key, leaves=leaves)

    def addressed(self, sent: dict[str, Any]) -> dict[str, Any]:
        """A signal with the organisation and the ground of this caller, unless it says otherwise."""
        legal = {"grondslag": f"OEF-GEM-{self.organisation}", **sent.get("juridisch", {})}
        camel = {name.replace("_grondslag", "Grondslag"): value for name, value in legal.items()}
        return {"organisatie": self.organisation, **sent, "juridisch": camel}

    def ask(self, *pseudonyms: dict[str, str], key: str | None = None, **others: Any) -> httpx.Response:
        """Ask, and expect an answer."""
        answer = self.try_ask(*pseudonyms, key=key, **others)
        assert answer.status_code == 200, answer.text
        return answer

    def try_ask(
        self, *pseudonyms: dict[str, str], key: str | None = None, leaves: int = 1, **others: Any
    ) -> httpx.Response:
        body = {"organisatie": self.organisation, **question(*pseudonyms, **others)}
        return self.post("/v1/bevragingen", body, key=key, leaves=leaves)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal, which must be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    members: dict[str, Any] = answer.json()
    assert members["code"] == code, members
    assert members["wegVooruit"]
    return members


def fields_of(members: dict[str, Any]) -> set[str]:
    """The fields that a refusal names."""
    return {one["veld"] for one in members["velden"]}


def without_receipt(answer: httpx.Response) -> dict[str, Any]:
    """An answer as its asker reads it: everything but the receipt, which names the leaf."""
    return {name: value for name, value in answer.json().items() if name != "logbewijs"}


class PowerCut(Exception):
    """The database said no, or said nothing."""


@contextmanager
def failing_commit(*, after: bool, database: str) -> Iterator[list[bool]]:
    """The next commit on this kind of database that holds a log entry fails; with `after` it succeeded and we are told it failed.

    Gives a list that holds one True once it happened.
    """
    happened: list[bool] = []

    def cut(connection: Connection) -> None:
        appended = connection.info.pop("appended", False)
        if happened or not appended or connection.dialect.name != database:
            return
        happened.append(True)
        if after:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.commit()
        raise PowerCut

    def watch(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT INTO log_leaf" in statement:
            connection.info["appended"] = True

    event.listen(Engine, "commit", cut)
    event.listen(Engine, "before_cursor_execute", watch)
    try:
        yield happened
    finally:
        event.remove(Engine, "commit", cut)
        event.remove(Engine, "before_cursor_execute", watch)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A test authority, the files of a dealt keyset, and key holders: in process, and as a real process behind mutual TLS."""

import asyncio
import json
import random
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from process.peer import peer_uri
from process.serving.secrets import write_secret
from pseudonymisation import base64url
from pseudonymisation.blinding import BlindedBatch, blind_batch
from pseudonymisation.ceremony import Dealt, HolderShare, deal, keyset_file, share_file
from pseudonymisation.keyholder.app import create_app
from pseudonymisation.keyholder.settings import KeyholderSettings
from pseudonymisation.keyholder.store.grants import SCHEMA
from pseudonymisation.oprf import HedgedNonce, evaluate, prove
from pseudonymisation.p256 import Point
from pseudonymisation.receipts import request_digest
from pseudonymisation.wire import EvaluationResponse
from tests.api.kept import require_described
from tests.receipts import receipt_signer
from tests.roles import drop_roles, set_up

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def write(self, directory: Path, name: str) -> tuple[Path, Path]:
        certificate, key = directory / f"{name}.crt", directory / f"{name}.key"
        certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return certificate, key


class Authority:
    """Issues certificates as enrolment does."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        self.issued = Issued(builder.sign(self._key, hashes.SHA256()), self._key)

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)  # noqa: TID251 - OpenSSL checks validity against the real clock
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )

    def issue(self, kind: str, organisation: str) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, "00000001001234567000")])
        names = x509.SubjectAlternativeName(
            [
                x509.UniformResourceIdentifier(peer_uri(kind, organisation)),
                x509.DNSName("localhost"),
            ]
        )
        return Issued(
            self._builder(name, key).add_extension(names, critical=False).sign(self._key, hashes.SHA256()),
            key,
        )


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority("test authority")


@pytest.fixture(scope="session")
def dealt() -> Dealt:
    return deal(
        profile="oefening", name="oefening", threshold=2, holders=3, randomness=random.Random(23).randbytes
    )


@pytest.fixture
def randomness() -> Callable[[int], bytes]:
    return random.Random(29).randbytes


@pytest.fixture
def clock() -> Hands:
    return Hands()


def write_files(directory: Path, dealt: Dealt, holder: int) -> dict[str, Any]:
    """The settings of a holder whose files are in this directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "sleutelset.json").write_bytes(keyset_file(dealt.keyset))
    write_secret(directory / "aandeel.json", share_file(dealt.shares[holder - 1]))
    write_secret(directory / "kwitantie.key", receipt_signer(holder).skey.reveal())
    return {
        "profile": "oefening",
        "keyset_file": directory / "sleutelset.json",
        "share_file": directory / "aandeel.json",
        "receipt_key_file": directory / "kwitantie.key",
        "database_file": directory / "keyholder.sqlite",
    }


class Caller:
    """A node in front of a holder in the same process; its certificate goes in where TLS would put it."""

    def __init__(self, app: Any, certificate: bytes | None) -> None:
        async def with_certificate(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})["tls"] = {"client_cert_der": certificate}
            await app(scope, receive, send)

        self._transport = httpx.ASGITransport(with_certificate)
        self._title = app.title

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="https://holder") as client:
                return await client.request(method, path, **content)

        answer = asyncio.run(sent())
        require_described(self._title, answer)
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.send("GET", path)

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self.send("POST", path, **content)

    def ask(self, **members: Any) -> httpx.Response:
        return self.post("/v1/evaluaties", json=request_body(**members))


def request_body(**members: Any) -> dict[str, Any]:
    """A good request, with members changed."""
    return {
        "organisatie": "GM9001",
        "medewerker": "m-0123456789",
        "handeling": "vragen",
        "sleutelset": "oefening",
        "epoch": 1,
        "verzoek": base64url.encode(request_digest("GM9001", "sleutel-0001")),
        "punten": texts(blind_batch([b"one", b"two"], randomness=random.Random(31).randbytes)),
    } | members


def texts(batch: BlindedBatch) -> list[str]:
    """The points of a batch as they go over the wire."""
    return [base64url.encode(point) for point in batch.points]


def honest_answer(share: HolderShare, points: Sequence[Point]) -> bytes:
    """What a holder with this share answers, without a network."""
    evaluated = tuple(evaluate(share.secret, point) for point in points)
    nonce = HedgedNonce(share.nonce_key, random.Random(41).randbytes)
    proof = prove(share.secret, points, evaluated, nonce=nonce)
    return (
        EvaluationResponse(
            houder=share.holder,
            sleutelset=share.keyset,
            epoch=share.epoch,
            punten=evaluated,
            bewijs=base64url.encode(proof.to_bytes()),
            kwitantie="none",
        )
        .model_dump_json()
        .encode()
    )


@pytest.fixture
def start(
    tmp_path: Path, dealt: Dealt, clock: Hands, randomness: Callable[[int], bytes], authority: Authority
) -> Callable[..., Caller]:
    """Start a holder in this process and return a caller in front of it; without a kind, one that shows no certificate."""

    def started(holder: int = 1, kind: str = "node", organisation: str = "GM9001", **settings: Any) -> Caller:
        directory = tmp_path / f"houder-{holder}"
        files = (
            {"profile": "oefening", **{name: directory / file for name, file in FILES.items()}}
            if directory.exists()
            else write_files(directory, dealt, holder)
        )
        app = create_app(KeyholderSettings(**files, **settings), clock=clock, randomness=randomness)
        return Caller(app, authority.issue(kind, organisation).der if kind else None)

    return started


FILES = {
    "keyset_file": "sleutelset.json",
    "share_file": "aandeel.json",
    "receipt_key_file": "kwitantie.key",
    "database_file": "keyholder.sqlite",
}


@dataclass(frozen=True)
class Running:
    """A holder as a real process."""

    address: str
    directory: Path
    authority: Authority

    def client(self, issued: Issued | None, name: str) -> httpx.Client:
        """An HTTP client that shows this certificate, or none."""
        context = ssl.create_default_context(cafile=str(self.directory / "authority.crt"))
        if issued is not None:
            context.load_cert_chain(*issued.write(self.directory, name))
        return httpx.Client(base_url=self.address, verify=context, timeout=10, trust_env=False)

    def log(self) -> str:
        return (self.directory / "log").read_text()


class NotStartedError(Exception):
    """The process ended before it was ready: exit code, and what it said."""


@dataclass
class Service:
    """A holder that `serve` started, with what it was told."""

    running: Running
    process: subprocess.Popen[bytes]
    settings: dict[str, Any]
    health: str

    def stop(self) -> int:
        """Tell it to stop; gives its exit code."""
        self.process.terminate()
        return self.process.wait(60)


def serve_holder(directory: Path, dealt: Dealt, authority: Authority, **settings: Any) -> Service:
    """Start holder 1 as a process of its own, and wait until it says that it is ready."""
    told = write_files(directory, dealt, 1)
    authority.issued.write(directory, "authority")
    certificate, key = authority.issue("keyholder", "HOUDER1").write(directory, "holder")
    told |= {
        "tls_certificate": certificate,
        "tls_key": key,
        "tls_authorities": directory / "authority.crt",
        "port": 0,
        "health_port": 0,
        **settings,
    }
    file = directory / "settings.toml"
    file.write_text("".join(f"{name} = {json.dumps(value, default=str)}\n" for name, value in told.items()))
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "process", "keyholder", "serve", "--settings", str(file)],
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    ready = [process.stdout.readline().decode().removeprefix("klaar: ").strip() for _listener in range(2)]
    process.stdout.close()
    if not all(ready):
        raise NotStartedError(process.wait(60), (directory / "log").read_text())
    address = ready[0].replace("127.0.0.1", "localhost")
    return Service(Running(address, directory, authority), process, told, ready[1])


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def holder_database(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Settings of a holder's database: none for its own file, or a PostgreSQL that its owner migrated, as the role that serves."""
    if request.param == "sqlite":
        yield {}
        return
    server: URL = request.getfixturevalue("postgresql_server")
    administrator = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with administrator.connect() as connection:
        connection.execute(text("CREATE DATABASE holder_process"))
    url = server.set(database="holder_process").render_as_string(hide_password=False)
    shared = set_up(url, SCHEMA)
    yield {"database_url": shared.app}
    with administrator.connect() as connection:
        connection.execute(text("DROP DATABASE holder_process WITH (FORCE)"))
    drop_roles(shared)


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory,
    dealt: Dealt,
    authority: Authority,
    holder_database: dict[str, Any],
) -> Iterator[Service]:
    started = serve_holder(tmp_path_factory.mktemp("holder"), dealt, authority, **holder_database)
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def running(service: Service) -> Running:
    return service.running

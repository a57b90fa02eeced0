# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import os
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audit.canonical import base64_text
from audit.checkpoint import open_checkpoint
from audit.merkle import Frontier, consistency_proof, leaf_hash
from audit.note import Verifier
from audit.signer.app import create_app, make_key, read_signer
from audit.signer.cli import signer as signer_command
from audit.signer.settings import SignerSettings
from audit.signer.store.state import SignerState
from process.peer import peer_uri
from process.serving.errors import SettingsError
from tests.api.kept import require_described

NAME = "log.example/eerste"
NOW = datetime(2026, 3, 1, 9, 0, 0, tzinfo=UTC)
LEAVES = [bytes([n]) for n in range(12)]
FORGED = [b"anders", *LEAVES[1:]]


def certificate(kind: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, "00000001234567890000")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(peer_uri(kind, "BEHEER"))]),
            critical=False,
        )
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


class Client:
    """Calls the application as a process that shows ``der`` at the TLS door does."""

    def __init__(self, app: Any, der: bytes | None) -> None:
        self._app, self._der = app, der

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._send("GET", path))

    def post(self, path: str, document: Any) -> httpx.Response:
        return asyncio.run(self._send("POST", path, json=document))

    async def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._shown)
        async with httpx.AsyncClient(transport=transport, base_url="https://signer") as client:
            answer = await client.request(method, path, **content)
        require_described(self._app.title, answer)
        return answer

    async def _shown(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        scope.setdefault("extensions", {})["tls"] = {"client_cert_der": self._der}
        await self._app(scope, receive, send)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_key(NAME, tmp_path)
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> SignerSettings:
    return SignerSettings(profile="oefening", signing_key=folder / "signer.key", state=folder / "signer.db")


@pytest.fixture
def log_key(folder: Path) -> Verifier:
    return Verifier.from_vkey((folder / "signer.vkey").read_text())


def client(settings: SignerSettings, kind: str | None = "register") -> Client:
    app = create_app(settings, clock=lambda: NOW)
    return Client(app, None if kind is None else certificate(kind))


@pytest.fixture
def register(settings: SignerSettings) -> Client:
    return client(settings)


def body(old: int, new: int, leaves: list[bytes] = LEAVES) -> dict[str, Any]:
    nodes, frontier = {}, Frontier()
    for leaf in leaves:
        frontier, completed = frontier.append(leaf_hash(leaf))
        nodes.update(dict(completed))
    proof = (
        consistency_proof(old, new, lambda wanted: [nodes[one] for one in wanted]) if 0 < old <= new else ()
    )
    return {
        "logboek": NAME,
        "oudeOmvang": old,
        "omvang": new,
        "wortel": base64_text(Frontier.over(leaves[:new]).root()),
        "samenhang": [base64_text(one) for one in proof],
    }


def ask(register: Client, document: Any) -> httpx.Response:
    return register.post("/v1/ondertekeningen", document)


def test_a_growing_log_is_signed_step_by_step(register: Client, log_key: Verifier) -> None:
    for old, new in ((0, 0), (0, 3), (3, 4), (4, 12)):
        response = ask(register, body(old, new))
        assert response.status_code == 200, response.text
        checkpoint = open_checkpoint(response.json()["controlepunt"], log_key)
        assert (checkpoint.origin, checkpoint.size) == (NAME, new) == (NAME, response.json()["omvang"])
        assert checkpoint.root == Frontier.over(LEAVES[:new]).root()


def test_a_register_that_missed_the_answer_gets_the_same_note_again(register: Client) -> None:
    first = ask(register, body(0, 5))
    assert ask(register, body(0, 5)).json() == first.json()
    assert register.get("/v1/ondertekeningen/laatste").json() == first.json()


def test_a_register_that_was_rolled_back_gets_no_signature_and_a_way_forward(register: Client) -> None:
    ask(register, body(0, 8))
    for old, new in ((0, 5), (5, 5), (0, 0)):
        response = ask(register, body(old, new))
        problem = response.json()
        assert response.status_code == 409
        assert response.headers["content-type"] == "application/problem+json"
        assert problem["laatsteOmvang"] == 8
        assert problem["code"] == "sluit-niet-aan"
        assert "reservekopie" in problem["wegVooruit"]
    assert register.get("/v1/ondertekeningen/laatste").json()["omvang"] == 8


def test_a_register_that_lags_behind_goes_on_from_the_size_it_is_told(register: Client) -> None:
    ask(register, body(0, 5))
    refused = ask(register, body(3, 9))
    assert refused.status_code == 409
    assert ask(register, body(refused.json()["laatsteOmvang"], 9)).status_code == 200


@pytest.mark.parametrize("new", [5, 9])
def test_a_forked_log_is_never_signed(register: Client, new: int) -> None:
    before = ask(register, body(0, 5)).json()
    response = ask(register, body(5, new, FORGED))
    assert response.status_code == 409
    assert response.json()["code"] == "tegenspraak"
    assert response.json()["laatsteOmvang"] == 5
    assert register.get("/v1/ondertekeningen/laatste").json() == before


def test_a_restart_forgets_nothing(settings: SignerSettings) -> None:
    ask(client(settings), body(0, 5))
    restarted = client(settings)
    assert ask(restarted, body(0, 4, FORGED)).status_code == 409
    assert ask(restarted, body(5, 6)).status_code == 200


def test_of_two_histories_offered_at_once_one_is_signed(register: Client) -> None:
    offers = [body(0, 6), body(0, 6, FORGED)] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda offer: ask(register, offer), offers))
    signed = {answer.json()["controlepunt"] for answer in answers if answer.status_code == 200}
    assert len(signed) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4


def test_what_was_signed_is_durable_before_it_is_given(settings: SignerSettings) -> None:
    state = SignerState.open(settings.state)
    with pytest.raises(ZeroDivisionError):
        state.advance(lambda _last: (1, str(1 / 0)), NOW)
    assert state.latest() is None
    note = state.advance(lambda _last: (1, "verklaring"), NOW)
    other = SignerState.open(settings.state)
    assert other.latest() == note
    state.close()
    other.close()


@pytest.mark.parametrize("kind", ["node", "keyholder", "signer"])
def test_only_a_register_may_ask(settings: SignerSettings, kind: str) -> None:
    other = client(settings, kind)
    assert ask(other, body(0, 5)).status_code == 403
    assert other.get("/v1/ondertekeningen/laatste").status_code == 403


def test_nobody_without_a_certificate_may_ask(settings: SignerSettings) -> None:
    assert ask(client(settings, None), body(0, 5)).status_code == 401


def test_before_the_first_signature_there_is_no_last_one(register: Client) -> None:
    response = register.get("/v1/ondertekeningen/laatste")
    assert response.status_code == 404
    assert "0 als oude omvang" in response.json()["wegVooruit"]


def test_another_log_is_unknown_here(register: Client) -> None:
    assert ask(register, body(0, 5) | {"logboek": "log.example/ander"}).status_code == 404


BAD_BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "size_negative": ({"omvang": -1}, "omvang"),
    "size_as_text": ({"omvang": "5"}, "omvang"),
    "size_beyond_63_bits": ({"omvang": 2**63}, "omvang"),
    "old_size_fractional": ({"oudeOmvang": 0.5}, "oudeOmvang"),
    "root_short": ({"wortel": "AAAA"}, "wortel"),
    "root_loose_base64": ({"wortel": "A" * 43}, "wortel"),
    "proof_too_long": ({"samenhang": [base64_text(bytes(32))] * 64}, "samenhang"),
    "proof_with_a_number": ({"samenhang": [7]}, "samenhang.0"),
    "unknown_field": ({"extra": 1}, "extra"),
    "field_missing": ({"wortel": None}, "wortel"),
    "empty_log_with_a_root": ({"omvang": 0}, "wortel"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_bad_input_is_a_400_that_names_the_field(register: Client, name: str) -> None:
    change, field = BAD_BODIES[name]
    response = ask(register, body(0, 5) | change)
    assert response.status_code == 400
    assert [one["veld"] for one in response.json()["velden"]] == [field]
    assert register.get("/v1/ondertekeningen/laatste").status_code == 404


def test_keygen_makes_what_serving_needs(tmp_path: Path) -> None:
    result = CliRunner().invoke(signer_command, ["keygen", "--name", NAME, "--out", str(tmp_path / "nieuw")])
    assert result.exit_code == 0, result.output
    made = tmp_path / "nieuw"
    vkey = (made / "signer.vkey").read_text().strip()
    assert vkey in result.output
    assert read_signer(made / "signer.key").verifier == Verifier.from_vkey(vkey)
    assert (made / "signer.key").stat().st_mode & 0o777 == 0o600
    assert (made / "signer.key").read_text().strip() not in result.output


@pytest.mark.parametrize("file", ["signer.key", "signer.vkey", "signer.db"])
def test_keygen_overwrites_nothing(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("van een ander")
    with pytest.raises(SettingsError, match="bestaat al"):
        make_key(NAME, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [file]
    assert (tmp_path / file).read_text() == "van een ander"


def test_keygen_refuses_a_name_that_no_log_can_have(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="spaties"):
        make_key("met spatie", tmp_path / "nieuw")
    assert not (tmp_path / "nieuw").exists()


def test_keygen_with_a_broken_random_source_makes_no_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="onvoorspelbare"):
        make_key(NAME, tmp_path / "nieuw", randomness=bytes)


def test_a_signer_that_lost_its_memory_does_not_start(settings: SignerSettings) -> None:
    settings.state.unlink()
    with pytest.raises(SettingsError, match="tweede, andere geschiedenis"):
        create_app(settings, clock=lambda: NOW)
    assert not settings.state.exists()


def test_a_signer_whose_memory_was_emptied_does_not_start_afresh_unseen(settings: SignerSettings) -> None:
    settings.state.write_bytes(b"")
    with pytest.raises(SettingsError, match="tweede, andere geschiedenis"):
        create_app(settings, clock=lambda: NOW)


def test_a_signer_with_the_memory_of_another_key_does_not_start(
    settings: SignerSettings, tmp_path: Path
) -> None:
    ask(client(settings), body(0, 5))
    make_key("log.example/ander", tmp_path / "ander")
    with pytest.raises(SettingsError, match="hoort niet bij deze sleutel"):
        create_app(
            settings.model_copy(update={"signing_key": tmp_path / "ander" / "signer.key"}), clock=lambda: NOW
        )


BAD_KEYS = {
    "missing": None,
    "weak": b"a" * 64,
    "short": b"kort",
    "random_but_no_key": os.urandom(64),
    "public": b"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_a_signer_without_a_good_key_does_not_start(settings: SignerSettings, name: str) -> None:
    content = BAD_KEYS[name]
    settings.signing_key.unlink()
    if content is not None:
        settings.signing_key.touch(mode=0o600)
        settings.signing_key.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        create_app(settings, clock=lambda: NOW)
    assert "AekyeRrm" not in str(caught.value)


def test_a_key_that_others_can_read_is_refused(settings: SignerSettings) -> None:
    settings.signing_key.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        create_app(settings, clock=lambda: NOW)

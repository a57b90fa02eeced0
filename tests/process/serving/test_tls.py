# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from fastapi import FastAPI, Request

from process.peer import Peer
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from process.serving.run import Listener
from process.serving.settings import ProcessSettings
from process.serving.tls import IDLE_SECONDS, SERVER_IDLE_SECONDS, client, material, server_context
from process.serving.web import new_app, peer_of
from register.demo.certificates import Authority
from tests.process.serving.conftest import Town, serving, settings_of


def application() -> FastAPI:
    app = new_app("Wie", "1.0.0")

    @app.get("/v1/wie")
    def who(request: Request) -> dict[str, str]:
        peer = peer_of(request)
        return {"soort": peer.kind, "organisatie": peer.organisation}

    @app.post("/v1/veel")
    def much(sent: dict[str, str]) -> dict[str, int]:
        return {"aantal": len(sent)}

    return app


@pytest.fixture(scope="module")
def port(town: Town) -> Iterator[int]:
    """A listener that asks every caller for a certificate of the town's authority."""
    register = town.settings("register", "REGISTER")
    with serving(Listener(application(), "127.0.0.1", 0, tls=register, client_certificate=True)) as found:
        yield found


def address(port: int) -> str:
    return f"https://127.0.0.1:{port}"


def trusting(town: Town) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(town.authority.path))


def showing(town: Town, whose: Town, kind: str = "node") -> ssl.SSLContext:
    """A client that trusts one town and shows a certificate of the other."""
    context, issued = trusting(town), whose.issued(kind, "GM9001")
    context.load_cert_chain(issued.certificate, issued.key)
    return context


def refused_at_the_door(port: int, context: ssl.SSLContext) -> None:
    """The connection fails, in the handshake or, as TLS 1.3 has it, on the first read after it; no answer comes."""
    with (
        pytest.raises(httpx.TransportError),
        httpx.Client(verify=context, base_url=address(port), trust_env=False) as caller,
    ):
        caller.get("/v1/wie")


def test_the_certificate_of_a_node_is_seen_by_the_application(port: int, town: Town) -> None:
    with client(town.settings("node", "GM9001"), address(port)) as node:
        assert node.get("/v1/wie").json() == {"soort": "node", "organisatie": "GM9001"}


def test_two_nodes_at_once_are_never_taken_for_one_another(port: int, town: Town) -> None:
    with (
        client(town.settings("node", "GM9001"), address(port)) as first,
        client(town.settings("node", "GM9002"), address(port)) as second,
    ):
        for _round in range(3):
            assert first.get("/v1/wie").json()["organisatie"] == "GM9001"
            assert second.get("/v1/wie").json()["organisatie"] == "GM9002"


def test_without_a_certificate_nobody_gets_in(port: int, town: Town) -> None:
    refused_at_the_door(port, trusting(town))


def test_with_a_certificate_of_another_authority_nobody_gets_in(
    port: int, town: Town, other_town: Town
) -> None:
    refused_at_the_door(port, showing(town, other_town))


def test_tls_1_2_is_refused(port: int, town: Town) -> None:
    context = showing(town, town)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    refused_at_the_door(port, context)


def test_tls_1_3_is_what_is_spoken(port: int, town: Town) -> None:
    context = showing(town, town)
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert connection.version() == "TLSv1.3"


def test_a_connection_is_kept_between_requests_and_the_caller_lets_go_of_it_first(
    port: int, town: Town
) -> None:
    with client(town.settings("node", "GM9001"), address(port)) as node:
        used = [node.get("/v1/wie").extensions["network_stream"].get_extra_info("socket") for _again in "ab"]
    assert used[0] is used[1]
    assert SERVER_IDLE_SECONDS > IDLE_SECONDS


def test_plain_http_at_a_tls_port_gets_no_answer(port: int) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/v1/wie", trust_env=False)


def test_a_client_does_not_speak_to_a_server_of_another_authority(port: int, other_town: Town) -> None:
    with (
        client(other_town.settings("node", "GM9001"), address(port)) as node,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        node.get("/v1/wie")


def test_a_client_ignores_proxies_in_the_environment(
    port: int, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nergens")
    with client(town.settings("node", "GM9001"), address(port)) as node:
        assert node.get("/v1/wie").status_code == 200


def test_a_10_mb_body_over_a_real_connection_is_answered_with_400(port: int, town: Town) -> None:
    with client(town.settings("node", "GM9001"), address(port)) as node:
        answer = node.post(
            "/v1/veel", content=b"x" * 10_000_000, headers={"content-type": "application/json"}
        )
    assert answer.status_code == 400
    assert answer.json()["code"] == "te-groot"


def test_a_listener_that_asks_no_certificate_still_shows_its_own(town: Town) -> None:
    pages = town.settings("register", "REGISTER")
    with (
        serving(Listener(application(), "127.0.0.1", 0, tls=pages)) as port,
        httpx.Client(verify=trusting(town), base_url=address(port), trust_env=False) as person,
    ):
        assert person.get("/gezondheid/leeft").status_code == 200
        assert person.get("/v1/wie").status_code == 401


@pytest.mark.parametrize("lacking", ["tls_certificate", "tls_key", "tls_authorities"])
def test_a_process_without_its_material_is_told_what_it_lacks(town: Town, lacking: str) -> None:
    complete = town.settings("node", "GM9001")
    assert len(material(complete)) == 3
    for value in (None, Path("/nergens/x.pem")):
        with pytest.raises(SettingsError, match=lacking):
            material(ProcessSettings(**{**complete.model_dump(), lacking: value}))


@pytest.mark.parametrize(("days", "sentence"), [(-60, "verlopen op"), (60, "geldt pas vanaf")])
def test_a_certificate_that_is_not_valid_today_is_told_at_the_start(
    tmp_path: Path, days: int, sentence: str
) -> None:
    authority = Authority(tmp_path, system_clock() + timedelta(days=days))
    issued = authority.issue(Peer("node", "GM9001", "0" * 20), tmp_path / "node")
    with pytest.raises(SettingsError, match=sentence):
        server_context(settings_of(issued), client_certificate=True)
    with pytest.raises(SettingsError, match=sentence):
        client(settings_of(issued), "https://register")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("tls_key", "hoort niet bij het certificaat"),
        ("rubbish_key", "sleutel .* is niet te lezen"),
        ("locked_key", "er zit een wachtwoord op"),
        ("tls_certificate", "certificaat .* is niet te lezen"),
        ("tls_authorities", "uitgever in .* zijn niet te lezen"),
    ],
)
def test_material_that_cannot_be_used_together_is_told_at_the_start(
    town: Town, tmp_path: Path, wrong: str, sentence: str
) -> None:
    rubbish, locked = tmp_path / "onzin.pem", tmp_path / "slot.pem"
    rubbish.write_text("geen PEM")
    key = ec.generate_private_key(ec.SECP256R1())
    locked.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim"))
    )
    other = town.settings("node", "GM9002").tls_key
    changed = {"tls_key": other, "rubbish_key": rubbish, "locked_key": locked}.get(wrong, rubbish)
    values = town.settings("node", "GM9001").model_dump()
    settings = ProcessSettings(
        **{**values, wrong.replace("rubbish", "tls").replace("locked", "tls"): changed}
    )
    with pytest.raises(SettingsError, match=sentence) as told:
        server_context(settings, client_certificate=True)
    assert "\n" not in str(told.value)
    with pytest.raises(SettingsError, match=sentence):
        client(settings, "https://register")


def test_stopping_does_not_wait_for_a_caller_that_says_nothing(town: Town) -> None:
    register = town.settings("register", "REGISTER")
    with serving(Listener(application(), "127.0.0.1", 0, tls=register, client_certificate=True)) as found:
        plain = socket.create_connection(("127.0.0.1", found))
        silent = showing(town, town).wrap_socket(plain, server_hostname="127.0.0.1")
        begun = time.monotonic()
    assert time.monotonic() - begun < 30
    silent.close()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A listener behind a proxy that ends TLS: whom the proxy names, and every header with which somebody else would be taken for an organisation."""

import base64
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, Request

from process.forwarding import CERTIFICATE_HEADER, CHAIN_HEADER, FORWARDED, SECRET_HEADER
from process.peer import Peer
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from process.serving.proxy import PagesProxy, Proxy, pages_proxy_of, proxy_of
from process.serving.run import Listener
from process.serving.secrets import write_secret
from process.serving.settings import ProxiedSettings
from process.serving.web import new_app
from register.certificates import Issuer, Span, Wanted, issue, self_signed
from tests.process.certificates import certificate as stranger
from tests.process.serving.conftest import Town, serving
from tests.process.serving.test_tls import application

SECRET = b"een-geheim-tussen-de-proxy-en-ons-0123456789"


def told(town: Town, folder: Path, **changed: object) -> ProxiedSettings:
    """Settings of a register behind a proxy on this machine."""
    if not (folder / "proxygeheim").exists():
        write_secret(folder / "proxygeheim", SECRET)
    issued = town.issued("register", "REGISTER")
    values = {
        "profile": "oefening",
        "tls_certificate": issued.certificate,
        "tls_key": issued.key,
        "tls_authorities": issued.authorities,
        "proxy_secret_file": folder / "proxygeheim",
        "proxy_addresses": ("127.0.0.1",),
    }
    return ProxiedSettings.model_validate(values | changed)


class Doors:
    """The same listener three times: behind a proxy here, behind one that is elsewhere, and behind none."""

    def __init__(self, behind: int, elsewhere: int, direct: int, context: ssl.SSLContext) -> None:
        self.behind, self.elsewhere, self.direct = behind, elsewhere, direct
        self._context = context

    def get(self, headers: object, port: int | None = None) -> httpx.Response:
        with httpx.Client(verify=self._context, trust_env=False) as caller:
            found = caller.get(f"https://127.0.0.1:{port or self.behind}/v1/wie", headers=headers)  # type: ignore[arg-type]
        if found.is_error:
            assert found.headers["content-type"] == "application/problem+json"
            assert found.json()["wegVooruit"]
        return found


@pytest.fixture(scope="module")
def doors(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    settings = told(town, tmp_path_factory.mktemp("proxy"))
    proxy = proxy_of(settings)
    assert proxy is not None
    elsewhere = replace(proxy, addresses=("192.0.2.7", "2001:db8::7"))

    def listener(one: Proxy | None) -> Listener:
        return Listener(
            application(), "127.0.0.1", 0, tls=settings, client_certificate=one is not None, proxy=one
        )

    with (
        serving(listener(proxy)) as behind,
        serving(listener(elsewhere)) as other,
        serving(listener(None)) as direct,
    ):
        yield Doors(behind, other, direct, ssl.create_default_context(cafile=str(town.authority.path)))


def field(der: bytes) -> str:
    return f":{base64.b64encode(der).decode()}:"


def shown(town: Town, organisation: str = "GM9001", kind: str = "node") -> str:
    pem = town.issued(kind, organisation).certificate.read_bytes()
    return field(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))


def forwarded(town: Town, **changed: str | None) -> dict[str, str]:
    headers = {SECRET_HEADER: SECRET.decode(), CERTIFICATE_HEADER: shown(town)} | changed
    return {name: value for name, value in headers.items() if value is not None}


def test_the_node_that_the_proxy_names_is_seen_by_the_application(doors: Doors, town: Town) -> None:
    assert doors.get(forwarded(town)).json() == {"soort": "node", "organisatie": "GM9001"}


def test_two_nodes_over_one_connection_of_the_proxy_are_never_taken_for_one_another(
    doors: Doors, town: Town
) -> None:
    with httpx.Client(
        verify=doors._context, trust_env=False, base_url=f"https://127.0.0.1:{doors.behind}"
    ) as proxy:
        for code in ("GM9001", "GM9002", "GM9001"):
            headers = forwarded(town, **{CERTIFICATE_HEADER: shown(town, code)})
            assert proxy.get("/v1/wie", headers=headers).json()["organisatie"] == code
        assert proxy.get("/v1/wie").status_code == 403


@pytest.mark.parametrize("header", sorted(FORWARDED))
def test_without_a_proxy_a_certificate_in_a_header_is_refused_and_never_passed_over(
    doors: Doors, town: Town, header: str
) -> None:
    answer = doors.get({header: shown(town)}, doors.direct)
    assert (answer.status_code, answer.json()["code"]) == (400, "certificaat-in-kop")


@pytest.mark.parametrize(
    "secret",
    [None, "", SECRET.decode()[:-1], SECRET.decode() + "0", SECRET.decode().upper(), "x" * len(SECRET)],
)
def test_a_spoofed_header_without_the_secret_is_refused(doors: Doors, town: Town, secret: str | None) -> None:
    answer = doors.get(forwarded(town, **{SECRET_HEADER: secret}))
    assert (answer.status_code, answer.json()["code"]) == (403, "niet-van-de-proxy")


def test_the_secret_twice_is_refused_also_when_one_of_them_is_right(doors: Doors, town: Town) -> None:
    for pair in ((SECRET.decode(), "gok"), ("gok", SECRET.decode()), (SECRET.decode(), SECRET.decode())):
        headers = [(SECRET_HEADER, one) for one in pair]
        assert doors.get([*headers, (CERTIFICATE_HEADER, shown(town))]).json()["code"] == "niet-van-de-proxy"


def test_the_secret_from_another_address_is_refused_whatever_x_forwarded_for_says(
    doors: Doors, town: Town
) -> None:
    for extra in ({}, {"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}):
        answer = doors.get(forwarded(town) | extra, doors.elsewhere)
        assert (answer.status_code, answer.json()["code"]) == (403, "niet-van-de-proxy")


def test_who_comes_past_the_proxy_with_a_certificate_of_its_own_is_nobody(doors: Doors, town: Town) -> None:
    context, issued = (
        ssl.create_default_context(cafile=str(town.authority.path)),
        town.issued("node", "GM9001"),
    )
    context.load_cert_chain(issued.certificate, issued.key)
    with httpx.Client(verify=context, trust_env=False) as caller:
        answer = caller.get(f"https://127.0.0.1:{doors.behind}/v1/wie")
    assert (answer.status_code, answer.json()["code"]) == (403, "niet-van-de-proxy")


def test_a_certificate_of_another_authority_is_refused_though_the_proxy_hands_it_on(
    doors: Doors, town: Town, other_town: Town
) -> None:
    answer = doors.get(forwarded(town, **{CERTIFICATE_HEADER: shown(other_town)}))
    assert (answer.status_code, answer.json()["code"]) == (401, "geen-certificaat")


def test_a_certificate_that_names_itself_is_refused(doors: Doors, town: Town) -> None:
    der = stranger("urn:signaalregister:node:GM9001")
    assert doors.get(forwarded(town, **{CERTIFICATE_HEADER: field(der)})).json()["code"] == "geen-certificaat"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            ":",
            "::",
            ":AAAA:",
            "MIIB",
            ':"MIIB":',
            ":MIIB",
            "-----BEGIN CERTIFICATE-----",
            ":M I I B:",
            ":MIIB=:",
        ),
        *(":" + "A" * 60_000 + ":", ":%4D%49:"),
    ],
)
def test_a_certificate_that_is_not_written_as_rfc_9440_says_is_refused(
    doors: Doors, town: Town, value: str
) -> None:
    answer = doors.get(forwarded(town, **{CERTIFICATE_HEADER: value}))
    assert (answer.status_code, answer.json()["code"]) == (401, "geen-certificaat")


def test_two_certificates_are_refused(doors: Doors, town: Town) -> None:
    one, two = shown(town), shown(town, "GM9002")
    secret = (SECRET_HEADER, SECRET.decode())
    for pair in ([one, two], [f"{one}, {two}"], [one, one]):
        answer = doors.get([secret, *((CERTIFICATE_HEADER, value) for value in pair)])
        assert (answer.status_code, answer.json()["code"]) == (401, "geen-certificaat")


def test_another_way_of_naming_a_certificate_beside_ours_is_refused(doors: Doors, town: Town) -> None:
    answer = doors.get(forwarded(town) | {"X-SSL-Client-Cert": shown(town, "GM9002")})
    assert (answer.status_code, answer.json()["code"]) == (400, "certificaat-in-kop")


class Chain:
    """An authority of which another one is issued, and a node under that."""

    def __init__(self, now: datetime) -> None:
        self.root_key, self.middle_key, self.node_key = (
            ec.generate_private_key(ec.SECP256R1()) for _ in range(3)
        )
        span = Span(now - timedelta(days=1), now + timedelta(days=1), 7)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wortel")])
        self.root = self._authority(name, name, self.root_key, self.root_key, span, 1)
        middle = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tussen")])
        self.middle = self._authority(middle, name, self.middle_key, self.root_key, span, 0)
        wanted = Wanted(Peer("node", "GM9001", "0" * 20), self.node_key.public_key())
        self.node = issue(wanted, Issuer(self.middle, self.middle_key), span)

    @staticmethod
    def _authority(  # noqa: PLR0917 - the parts of a certificate
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signing: ec.EllipticCurvePrivateKey,
        span: Span,
        depth: int,
    ) -> x509.Certificate:
        like = self_signed("vorm", key, span)
        usage = like.extensions.get_extension_for_class(x509.KeyUsage)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(span.serial + depth)
            .not_valid_before(span.start)
            .not_valid_after(span.end)
            .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
            .add_extension(usage.value, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(above, critical=False)
            .sign(signing, hashes.SHA256())
        )


def test_what_stands_between_comes_in_a_header_of_its_own_and_is_verified_here(
    town: Town, tmp_path: Path
) -> None:
    chain = Chain(system_clock())
    settings = told(town, tmp_path)
    made = proxy_of(settings)
    assert made is not None
    proxy = replace(made, authorities=[chain.root])
    node, middle = (field(one.public_bytes(Encoding.DER)) for one in (chain.node, chain.middle))
    context = ssl.create_default_context(cafile=str(town.authority.path))
    with serving(
        Listener(application(), "127.0.0.1", 0, tls=settings, client_certificate=True, proxy=proxy)
    ) as port:
        doors = Doors(port, port, port, context)
        both = forwarded(town, **{CERTIFICATE_HEADER: node, CHAIN_HEADER: middle})
        assert doors.get(both).json()["organisatie"] == "GM9001"
        assert doors.get(forwarded(town, **{CERTIFICATE_HEADER: node})).json()["code"] == "geen-certificaat"
        crowd = forwarded(town, **{CERTIFICATE_HEADER: node, CHAIN_HEADER: ", ".join([middle] * 5)})
        assert doors.get(crowd).json()["code"] == "geen-certificaat"
    late = replace(proxy, clock=lambda: system_clock() + timedelta(days=2))
    with serving(
        Listener(application(), "127.0.0.1", 0, tls=settings, client_certificate=True, proxy=late)
    ) as port:
        assert Doors(port, port, port, context).get(both).json()["code"] == "geen-certificaat"


# ---- the start ----------------------------------------------------------------------------------------------


def test_without_a_word_about_a_proxy_there_is_none(town: Town, tmp_path: Path) -> None:
    assert proxy_of(told(town, tmp_path, proxy_secret_file=None, proxy_addresses=())) is None


@pytest.mark.parametrize(
    "changed", [{"proxy_addresses": ()}, {"proxy_secret_file": None}, {"tls_authorities": None}]
)
def test_half_a_proxy_is_refused_at_the_start(town: Town, tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"horen .* bij elkaar|tls_authorities"):
        proxy_of(told(town, tmp_path, **changed))


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (b"kort", "te zwak"),
        (b"a" * 64, "te zwak"),
        (SECRET + b"\n", "past niet in een kop"),
        (bytes(range(32, 72)), "past niet in een kop"),
    ],
)
def test_a_secret_that_is_weak_or_cannot_be_sent_is_refused_at_the_start(
    town: Town, tmp_path: Path, secret: bytes, words: str
) -> None:
    write_secret(tmp_path / "zwak", secret)
    with pytest.raises(SettingsError, match=words):
        proxy_of(told(town, tmp_path, proxy_secret_file=tmp_path / "zwak"))


def test_a_secret_that_others_can_read_or_that_is_not_there_is_refused_at_the_start(
    town: Town, tmp_path: Path
) -> None:
    settings = told(town, tmp_path)
    (tmp_path / "proxygeheim").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        proxy_of(settings)
    (tmp_path / "proxygeheim").unlink()
    with pytest.raises(SettingsError, match="is er niet"):
        proxy_of(settings)


@pytest.mark.parametrize("address", ["proxy.example", "10.0.0.0/8", "*", "", "127.0.0.1:443"])
def test_the_address_of_a_proxy_is_one_address(town: Town, tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="geef IP-adressen"):
        told(town, tmp_path, proxy_addresses=(address,))


# ---- the proxy before the pages: from which address somebody comes --------------------------------------------


def whereabouts() -> FastAPI:
    app = new_app("Waar", "1.0.0")

    @app.get("/v1/waar")
    def where(request: Request) -> dict[str, str | None]:
        return {
            "adres": request.client.host if request.client else None,
            "geheim": request.headers.get(SECRET_HEADER),
        }

    return app


@pytest.fixture(scope="module")
def pages() -> Iterator[int]:
    """Pages behind a proxy on this machine."""
    with serving(
        Listener(whereabouts(), "127.0.0.1", 0, pages_proxy=PagesProxy(("127.0.0.1",), Secret(SECRET)))
    ) as port:
        yield port


@pytest.fixture(scope="module")
def pages_elsewhere() -> Iterator[int]:
    """Pages whose proxy is on another machine: what comes from here comes straight."""
    with serving(
        Listener(whereabouts(), "127.0.0.1", 0, pages_proxy=PagesProxy(("192.0.2.7",), Secret(SECRET)))
    ) as port:
        yield port


def where(port: int, *headers: tuple[str, str]) -> httpx.Response:
    with httpx.Client(trust_env=False) as caller:
        return caller.get(f"http://127.0.0.1:{port}/v1/waar", headers=list(headers))


SECRETLY = (SECRET_HEADER, SECRET.decode())


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.4", "198.51.100.4"),
        ("203.0.113.9, 198.51.100.4", "198.51.100.4"),
        ("127.0.0.1,203.0.113.9,  198.51.100.4", "198.51.100.4"),
        ("198.51.100.4:50123", "198.51.100.4"),
        ("2001:db8::4", "2001:db8::4"),
        ("[2001:db8::4]:443", "2001:db8::4"),
    ],
)
def test_behind_the_proxy_of_the_pages_somebody_is_at_the_last_address_that_it_names(
    pages: int, told: str, address: str
) -> None:
    assert where(pages, SECRETLY, ("X-Forwarded-For", told)).json() == {"adres": address, "geheim": None}


def test_of_two_headers_with_addresses_the_last_one_counts(pages: int) -> None:
    told = [("X-Forwarded-For", one) for one in ("203.0.113.9", "198.51.100.4")]
    assert where(pages, SECRETLY, *told).json()["adres"] == "198.51.100.4"


@pytest.mark.parametrize(
    "told", ["", "unknown", "198.51.100.4,", "_proxy", "198.51.100.999", "[198.51.100.4"]
)
def test_a_proxy_that_does_not_say_whom_it_speaks_for_is_refused_and_nobody_is_counted_for_all(
    pages: int, told: str
) -> None:
    headers = [("X-Forwarded-For", told)] if told else []
    answer = where(pages, SECRETLY, *headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "proxy-zonder-adres")


@pytest.mark.parametrize("secret", [None, "", "gok", SECRET.decode() + "0"])
def test_an_address_in_a_header_without_the_secret_is_refused(pages: int, secret: str | None) -> None:
    headers = [] if secret is None else [(SECRET_HEADER, secret)]
    answer = where(pages, *headers, ("X-Forwarded-For", "198.51.100.4"))
    assert (answer.status_code, answer.json()["code"]) == (403, "niet-van-de-proxy")


def test_who_comes_straight_is_at_the_own_address_whatever_a_header_says(pages_elsewhere: int) -> None:
    assert where(pages_elsewhere, ("X-Forwarded-For", "198.51.100.4")).json()["adres"] == "127.0.0.1"
    posing = where(pages_elsewhere, SECRETLY, ("X-Forwarded-For", "198.51.100.4"))
    assert (posing.status_code, posing.json()["code"]) == (403, "niet-van-de-proxy")


def test_a_certificate_in_a_header_is_refused_also_from_the_proxy_of_the_pages(
    pages: int, town: Town
) -> None:
    answer = where(pages, SECRETLY, ("X-Forwarded-For", "198.51.100.4"), (CERTIFICATE_HEADER, shown(town)))
    assert (answer.status_code, answer.json()["code"]) == (400, "certificaat-in-kop")


def test_half_a_proxy_of_the_pages_is_refused_at_the_start(tmp_path: Path) -> None:
    write_secret(tmp_path / "geheim", SECRET)
    assert pages_proxy_of(None, ()) is None
    assert pages_proxy_of(tmp_path / "geheim", ("10.0.3.4",)) == PagesProxy(("10.0.3.4",), Secret(SECRET))
    for file, addresses in ((tmp_path / "geheim", ()), (None, ("10.0.3.4",))):
        with pytest.raises(SettingsError, match=r"pages_proxy_secret_file .* bij elkaar"):
            pages_proxy_of(file, addresses)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A provider of accounts in this process: it does what OpenID Connect says, signs with real keys, and has a switch for every way to lie.

The real one is npm's oidc-provider (tests/oidc); it cannot be made to lie.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from process.serving.clock import system_clock
from process.serving.secrets import write_secret

ISSUER = "https://inloggen.gemeente.example"
CLIENT = "signaalregister"
SECRET = "een-geheim-van-de-node-0123456789"
PAGE = "http://127.0.0.1"
MFA = "urn:example:twee-stappen"
ROLES = {"sr-toezicht": "toezichthouder", "sr-aandacht": "aandachtsfunctionaris"}

INSPECTOR: dict[str, object] = {
    "sub": "4711",
    "preferred_username": "m.dejong",
    "roles": ["sr-toezicht", "iets-anders"],
    "acr": MFA,
}


def with_provider(home: Path, issuer: str = ISSUER, /, **changed: object) -> None:
    """Add a provider to the `tenant.toml` of an organisation; `changed` replaces or adds lines, None removes one."""
    if not (home / "aanmeldgeheim").exists():
        write_secret(home / "aanmeldgeheim", SECRET.encode())
    values = {
        "page_url": PAGE,
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret_file": "aanmeldgeheim",
        "oidc_acr_values": [MFA],
        "oidc_roles": ROLES,
    } | changed
    lines = [f"{name} = {_toml(value)}" for name, value in values.items() if value is not None]
    file = home / "tenant.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    return json.dumps(value)


@dataclass
class ProviderStation(httpx.BaseTransport):
    """The provider.

    Attributes:
        lies: claims to change in every token; None leaves one out.
        signs: makes a token of claims in another way.
        document: members to change in what it says of itself.
        answers: members to change in what goes back through the browser; None leaves one out.
        fails: "away", "error", "endless" or "rubbish".
    """

    key: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "een"})
    )
    issuer: str = ISSUER
    clock: Callable[[], float] = lambda: system_clock().timestamp()
    lies: dict[str, object] = field(default_factory=dict)
    signs: Callable[[dict[str, object]], str] | None = None
    document: dict[str, object] = field(default_factory=dict)
    answers: dict[str, str | None] = field(default_factory=dict)
    fails: str = ""
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    asked: list[httpx.Request] = field(default_factory=list)

    def authorise(self, address: str, person: Mapping[str, object]) -> str:
        """Somebody signs in there; gives where the browser is sent, as path and query."""
        told = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        assert told["response_type"] == "code"
        assert told["code_challenge_method"] == "S256"
        assert told["client_id"] == CLIENT
        code = f"code-{next(self.numbers)}"
        self.codes[code] = {"asked": told, "person": dict(person)}
        sent = {"code": code, "state": told["state"], "iss": self.issuer, **self.answers}
        back = urlsplit(told["redirect_uri"])
        return f"{back.path}?" + urlencode({name: one for name, one in sent.items() if one is not None})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As a transport."""
        self.asked.append(request)
        if self.fails == "away":
            raise httpx.ConnectError("refused")
        if self.fails == "endless":
            return httpx.Response(200, content=iter(lambda: b"x" * 4096, b""))
        if self.fails:
            return httpx.Response(500 if self.fails == "error" else 200, text="<h1>ORA-00942</h1>")
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._document())
        if request.url.path == "/sleutels":
            shared = {**OctKey.generate_key(256).as_dict(private=True), "kid": "gedeeld"}
            return httpx.Response(200, json={"keys": [self.key.as_dict(private=False), shared]})
        assert request.url.path == "/token"
        request.read()
        return self._token(request)

    def _document(self) -> dict[str, object]:
        told: dict[str, object] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/aanmelden",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/sleutels",
            "end_session_endpoint": f"{self.issuer}/afmelden",
            "authorization_response_iss_parameter_supported": True,
        }
        return told | self.document

    def _token(self, request: httpx.Request) -> httpx.Response:
        sent = {name: one for name, (one,) in parse_qs(request.content.decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return httpx.Response(401, json={"error": "invalid_client"})
        known = self.codes.pop(sent["code"], None)
        if known is None or known["asked"]["redirect_uri"] != sent["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != known["asked"]["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": "PKCE"})
        return httpx.Response(
            200, json={"access_token": "a", "token_type": "Bearer", "id_token": self._signed(known)}
        )

    def _signed(self, known: dict[str, Any]) -> str:
        now = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": known["asked"]["nonce"],
            **known["person"],
            **self.lies,
        }
        told = {name: one for name, one in claims.items() if one is not None}
        if self.signs is not None:
            return self.signs(told)
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, told, self.key, algorithms=["ES256"])

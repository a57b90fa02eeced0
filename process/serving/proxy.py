# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A listener behind a proxy that ends TLS: the certificate that it forwards takes the place of the connection's own; where people come, the address does. What must be true is `process.forwarding`."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509

from process.forwarding import (
    forwarded_caller,
    forwarded_certificate,
    sendable,
    without,
    without_secret,
)
from process.language import gettext as _
from process.moments import Clock
from process.problem import Refusal
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from process.serving.secrets import read_secret
from process.serving.settings import ProxiedSettings

Asgi = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Proxy:
    """What is agreed with the proxy."""

    addresses: tuple[str, ...]
    secret: Secret
    authorities: Sequence[x509.Certificate] = field(repr=False)
    clock: Clock = system_clock


def proxy_of(settings: ProxiedSettings) -> Proxy | None:
    """The proxy of these settings; None where TLS ends at this process.

    Raises:
        SettingsError: half of it is told, the secret is weak or cannot stand in a header, or the authorities cannot be read.
    """
    file, addresses = settings.proxy_secret_file, settings.proxy_addresses
    if file is None and not addresses:
        return None
    if file is None or not addresses:
        raise SettingsError(
            _(
                "Achter een proxy horen proxy_secret_file en proxy_addresses bij elkaar: het geheim, en de adressen vanwaar de proxy werkt."
            )
        )
    secret = _secret(file)
    if settings.tls_authorities is None:
        raise SettingsError(
            _("Achter een proxy hoort tls_authorities: wie de certificaten van bellers uitgeeft.")
        )
    try:
        authorities = x509.load_pem_x509_certificates(settings.tls_authorities.read_bytes())
    except (OSError, ValueError):
        raise SettingsError(
            _("De certificaten van de uitgever in {pad} zijn niet te lezen.").format(
                pad=settings.tls_authorities
            )
        ) from None
    return Proxy(addresses, secret, authorities)


def _secret(file: Path) -> Secret:
    secret = read_secret(file)
    if not sendable(secret):
        raise SettingsError(
            _(
                "Het geheim {pad} past niet in een kop: gebruik letters en cijfers, zonder spatie of regeleinde (zoals: openssl rand -hex 32 | tr -d '\\n')."
            ).format(pad=file)
        )
    return secret


@dataclass(frozen=True)
class PagesProxy:
    """What is agreed with a proxy through which people come."""

    addresses: tuple[str, ...]
    secret: Secret


def pages_proxy_of(file: Path | None, addresses: tuple[str, ...]) -> PagesProxy | None:
    """The proxy before the pages; None where people come straight.

    Raises:
        SettingsError: half of it is told, or the secret is weak or cannot stand in a header.
    """
    if file is None and not addresses:
        return None
    if file is None or not addresses:
        raise SettingsError(
            _(
                "Bij een proxy voor de pagina's horen pages_proxy_secret_file en pages_proxy_addresses bij elkaar: het geheim, en de adressen vanwaar de proxy werkt."
            )
        )
    return PagesProxy(addresses, _secret(file))


class FromPagesProxy:
    """ASGI middleware, outermost: a person is at the address that the proxy saw."""

    def __init__(self, app: Asgi, proxy: PagesProxy) -> None:
        self._app = app
        self._proxy = proxy

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            headers, (caller, port) = scope["headers"], scope.get("client") or ("", 0)
            scope["headers"] = without_secret(headers)
            try:
                address = forwarded_caller(
                    headers, caller=caller, proxies=self._proxy.addresses, secret=self._proxy.secret
                )
                scope["client"] = (address, port)
            except Refusal as refusal:
                scope["state"] = {**scope.get("state", {}), "door_refusal": refusal}
        await self._app(scope, receive, send)


class BehindProxy:
    """ASGI middleware, outermost: who is at the other end is whom the proxy names, or nobody.

    A refusal is told inside the application, so that it is logged and shaped like every other.
    """

    def __init__(self, app: Asgi, proxy: Proxy) -> None:
        self._app = app
        self._proxy = proxy

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            headers, caller = scope["headers"], (scope.get("client") or ("",))[0]
            scope["headers"] = without(headers)
            try:
                shown: bytes | None = forwarded_certificate(
                    headers,
                    caller=caller,
                    proxies=self._proxy.addresses,
                    secret=self._proxy.secret,
                    authorities=self._proxy.authorities,
                    now=self._proxy.clock(),
                )
            except Refusal as refusal:
                shown = None
                scope["state"] = {**scope.get("state", {}), "door_refusal": refusal}
            scope.setdefault("extensions", {})["tls"] = {"client_cert_der": shown}
        await self._app(scope, receive, send)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Mutual TLS between processes: who may call is settled by OpenSSL before a byte of the request is read.

TLS 1.3 only. The server side hands the verified client certificate to the application in the ASGI scope, under the name of the
ASGI TLS extension, because uvicorn itself does not.
"""

import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from gettext import gettext as _
from pathlib import Path
from typing import Any, cast

import httpx
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from process.serving.errors import SettingsError
from process.serving.settings import ProcessSettings

Asgi = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


class MutualTlsProtocol(H11Protocol):
    """HTTP/1.1 whose requests know the client certificate (DER) of their connection."""

    def connection_made(self, transport: Any) -> None:
        """Wrap the application once per connection; the certificate cannot change within it."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        self.app = cast("Any", _with_certificate(cast("Asgi", self.app), certificate))

    def shutdown(self) -> None:
        """Stop: an idle connection is cut, because a polite TLS farewell waits for a caller that may never say its own."""
        cycle: RequestResponseCycle | None = self.cycle
        idle = cycle is None or cycle.response_complete
        super().shutdown()
        if idle:
            self.transport.abort()


def _with_certificate(app: Asgi, certificate: bytes | None) -> Asgi:
    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        scope.setdefault("extensions", {})["tls"] = {"client_cert_der": certificate}
        await app(scope, receive, send)

    return wrapped


def material(settings: ProcessSettings) -> tuple[Path, Path, Path]:
    """Certificate, key and authorities of a process.

    Raises:
        SettingsError: one of them is not set or not there.
    """
    paths = (settings.tls_certificate, settings.tls_key, settings.tls_authorities)
    if any(path is None or not path.is_file() for path in paths):
        raise SettingsError(
            _(
                "Dit proces heeft een certificaat, een sleutel en een uitgever nodig (tls_certificate, tls_key, tls_authorities)."
            )
        )
    return cast("tuple[Path, Path, Path]", paths)


def server_context(settings: ProcessSettings, *, client_certificate: bool) -> ssl.SSLContext:
    """The server side; with `client_certificate`, callers without one of our authority do not get in."""
    certificate, key, authorities = material(settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    if client_certificate:
        context.load_verify_locations(authorities)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client(settings: ProcessSettings, base_url: str, *, timeout: float = 5.0) -> httpx.Client:
    """A client that shows this process's certificate and trusts only our authority. Proxies in the environment are ignored."""
    certificate, key, authorities = material(settings)
    context = ssl.create_default_context(cafile=str(authorities))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    return httpx.Client(base_url=base_url, verify=context, timeout=timeout, trust_env=False)

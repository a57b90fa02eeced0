# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Mutual TLS between processes: who may call is settled by OpenSSL before a byte of the request is read.

TLS 1.3 only. The server side hands the verified client certificate to the application in the ASGI scope, under the name of the
ASGI TLS extension, because uvicorn itself does not.
"""

import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

import httpx
from cryptography import x509
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from process.language import gettext as _
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from process.serving.settings import ProcessSettings

FIRST_REQUEST_SECONDS: Final = 1.0
"""How long a process that stops waits for the first request of a connection that it let in."""

IDLE_SECONDS: Final = 60.0
"""How long a caller keeps a connection that it does not use: a handshake costs both sides more than most requests."""
SERVER_IDLE_SECONDS: Final = 75
"""Longer than any caller of ours, so that a connection is never closed under a request that has just left."""

Asgi = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


class MutualTlsProtocol(H11Protocol):
    """HTTP/1.1 whose requests know the client certificate (DER) of their connection."""

    def connection_made(self, transport: Any) -> None:
        """Wrap the application once per connection; the certificate cannot change within it."""
        super().connection_made(transport)
        self._told_to_stop: float | None = None
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        self.app = cast("Any", _with_certificate(cast("Asgi", self.app), certificate))

    def shutdown(self) -> None:
        """Stop; may be called again until the connection is gone.

        A connection that was let in and asked nothing yet gets the time to say what it came for. An idle one is cut, because a polite TLS farewell
        waits for a caller that may never say its own.
        """
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle
        if self._told_to_stop is None:
            self._told_to_stop = self.loop.time()
        if cycle is None and self.loop.time() - self._told_to_stop < FIRST_REQUEST_SECONDS:
            return
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
        SettingsError: one of them is not set or not there; the certificate is not valid now.
    """
    paths = (settings.tls_certificate, settings.tls_key, settings.tls_authorities)
    if any(path is None or not path.is_file() for path in paths):
        raise SettingsError(
            _(
                "Dit proces heeft een certificaat, een sleutel en een uitgever nodig (tls_certificate, tls_key, tls_authorities)."
            )
        )
    certificate, key, authorities = cast("tuple[Path, Path, Path]", paths)
    _require_valid(certificate, system_clock())
    return certificate, key, authorities


def _require_valid(file: Path, now: datetime) -> None:
    """A certificate that nobody believes is told at the start, not by every caller in turn."""
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        raise SettingsError(_("Het certificaat {pad} is niet te lezen.").format(pad=file)) from None
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > last:
        raise SettingsError(
            _("Het certificaat {pad} is verlopen op {dag}. Vraag een nieuw aan.").format(
                pad=file, dag=f"{last:%d-%m-%Y}"
            )
        )
    if now < first:
        raise SettingsError(
            _(
                "Het certificaat {pad} geldt pas vanaf {dag}. Controleer de klok van deze machine, of wacht tot die dag."
            ).format(pad=file, dag=f"{first:%d-%m-%Y}")
        )


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    try:
        # An empty password: a key with a password must not make a service wait for somebody at a keyboard.
        context.load_cert_chain(certificate, key, password=lambda: b"")
    except (ssl.SSLError, OSError) as error:
        mismatch = getattr(error, "reason", None) == "KEY_VALUES_MISMATCH"
        raise SettingsError(
            _("De sleutel {sleutel} hoort niet bij het certificaat {certificaat}.").format(
                sleutel=key, certificaat=certificate
            )
            if mismatch
            else _("De sleutel {sleutel} is niet te lezen, of er zit een wachtwoord op.").format(sleutel=key)
        ) from None


def _unreadable(authorities: Path) -> SettingsError:
    return SettingsError(
        _("De certificaten van de uitgever in {pad} zijn niet te lezen.").format(pad=authorities)
    )


def server_context(settings: ProcessSettings, *, client_certificate: bool) -> ssl.SSLContext:
    """The server side; with `client_certificate`, callers without one of our authority do not get in.

    Raises:
        SettingsError: certificate, key or authorities cannot be used together, in words.
    """
    certificate, key, authorities = material(settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    _load(context, certificate, key)
    if client_certificate:
        try:
            context.load_verify_locations(authorities)
        except (ssl.SSLError, OSError):
            raise _unreadable(authorities) from None
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client(settings: ProcessSettings, base_url: str, *, timeout: float = 5.0) -> httpx.Client:
    """A client that shows this process's certificate and trusts only our authority. Proxies in the environment are ignored."""
    certificate, key, authorities = material(settings)
    try:
        context = ssl.create_default_context(cafile=str(authorities))
    except (ssl.SSLError, OSError):
        raise _unreadable(authorities) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    _load(context, certificate, key)
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=IDLE_SECONDS)
    return httpx.Client(base_url=base_url, verify=context, timeout=timeout, limits=limits, trust_env=False)

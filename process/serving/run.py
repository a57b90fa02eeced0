# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Run the listeners of one process in one event loop, and stop them together.

A socket is bound before anything else starts: a port in use is one clear line, not a stack trace.

Stopping, on SIGTERM or SIGINT, in this order: the process is no longer ready; no connection is let in any more; every request that was let in is finished and
answered, within a limit; what runs beside the requests stops between two batches; the process ends with 0. A second signal ends it at once, and so
does a request that is stuck beyond the limit. What was acknowledged is durable before its answer leaves, so ending at once loses no promise.
"""

import asyncio
import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import uvicorn

from process.language import gettext as _
from process.operational import PROCESS
from process.serving.errors import SettingsError
from process.serving.health import Readiness
from process.serving.logs import configure
from process.serving.proxy import BehindProxy, FromPagesProxy, PagesProxy, Proxy
from process.serving.settings import ProcessSettings
from process.serving.tls import SERVER_IDLE_SECONDS, MutualTlsProtocol, server_context
from process.serving.web import health_app

BESIDE_SECONDS: Final = 15
"""How long, after the last request, what runs beside the requests may take to stop."""

_LOOPBACK: Final = "127.0.0.1"
_CUT_OFF: Final = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listener:
    """One address with the application behind it.

    Attributes:
        app: an ASGI application.
        host: address to bind; without TLS only loopback is accepted.
        port: port to bind; 0 takes a free one.
        tls: settings that name the certificate, or None for plain HTTP on loopback.
        client_certificate: only callers with a certificate of our authority get in.
        proxy: that ends TLS and forwards such a certificate; TLS on the way from there is of our certificate only.
        pages_proxy: through which people come, and which tells from where.
    """

    app: Any
    host: str
    port: int
    tls: ProcessSettings | None = None
    client_certificate: bool = False
    proxy: Proxy | None = None
    pages_proxy: PagesProxy | None = None


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled once for all listeners, by `serve`."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what was let in, connections included that say what they came for only now."""
        closing = asyncio.create_task(self._close_connections())
        try:
            await super().shutdown(sockets)
        finally:
            closing.cancel()

    async def _close_connections(self) -> None:
        while True:
            for connection in list(self.server_state.connections):
                connection.shutdown()
            await asyncio.sleep(0.05)


def serve(
    listeners: list[Listener],
    *,
    settings: ProcessSettings | None = None,
    ready: Readiness | None = None,
    stream: str = PROCESS,
) -> None:
    """Serve until SIGTERM or SIGINT; prints `klaar: ADDRESS` per listener on standard output.

    Args:
        listeners: the addresses; `health_port` of the settings adds one more.
        stream: of the operational log (process.operational).
        settings: of the process; None for the defaults.
        ready: how the process is; told that it stops.

    Raises:
        SettingsError: an address cannot be bound, a certificate cannot be used, or plain HTTP beyond loopback.
    """
    dropped = configure(stream).dropped
    told = ready or Readiness()
    told.metrics.watch(
        "log_dropped", "Records that the operational log left out, by event.", lambda: dict(dropped), "kind"
    )
    seconds = 20 if settings is None else settings.shutdown_seconds
    if settings is not None and settings.health_port is not None:
        listeners = [*listeners, Listener(health_app(told), _LOOPBACK, settings.health_port)]
    sockets = [_bind(listener) for listener in listeners]
    try:
        asyncio.run(_serve(listeners, sockets, told, seconds))
    finally:
        for bound in sockets:
            bound.close()


def _bind(listener: Listener) -> socket.socket:
    if listener.tls is None and listener.host not in {_LOOPBACK, "::1", "localhost"}:
        raise SettingsError(
            _("Zonder TLS luistert dit proces alleen op 127.0.0.1, niet op {adres}.").format(
                adres=listener.host
            )
        )
    bound = socket.socket(socket.AF_INET6 if ":" in listener.host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((listener.host, listener.port))
    except OSError as error:
        bound.close()
        raise SettingsError(_not_bound(listener, error)) from error
    return bound


def _not_bound(listener: Listener, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        sentence = _(
            "Poort {poort} op {adres} is al in gebruik. Sluit het andere programma of kies een andere poort."
        )
    elif error.errno in {errno.EACCES, errno.EPERM}:
        sentence = _(
            "Dit proces mag poort {poort} op {adres} niet gebruiken. Kies een poort boven 1023, of geef het proces dat recht."
        )
    else:
        sentence = _(
            "Adres {adres} is niet van deze machine, dus poort {poort} kan daar niet open. Controleer host."
        )
    return sentence.format(poort=listener.port, adres=listener.host)


def _behind(listener: Listener) -> Any:
    if listener.proxy is not None:
        return BehindProxy(listener.app, listener.proxy)
    return (
        listener.app if listener.pages_proxy is None else FromPagesProxy(listener.app, listener.pages_proxy)
    )


def _server(listener: Listener, seconds: int = 20) -> _Server:
    config = uvicorn.Config(
        _behind(listener),
        http=MutualTlsProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        # Who is at the other end is the connection's word: X-Forwarded-For is anybody's.
        proxy_headers=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=seconds,
        timeout_keep_alive=SERVER_IDLE_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
    )
    config.load()
    if listener.tls is not None:
        config.ssl = server_context(
            listener.tls, client_certificate=listener.client_certificate and listener.proxy is None
        )
    return _Server(config)


async def _serve(
    listeners: list[Listener], sockets: list[socket.socket], ready: Readiness, seconds: int
) -> None:
    servers = [_server(listener, seconds) for listener in listeners]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # From here on a signal does what it does to any program: end it.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        _end_after(seconds + BESIDE_SECONDS)
        ready.stop()
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    running = [
        asyncio.create_task(server.serve(sockets=[bound]))
        for server, bound in zip(servers, sockets, strict=True)
    ]
    # uvicorn offers no event for "started", so this is asked.
    while not all(server.started for server in servers) and not any(task.done() for task in running):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    for listener, bound in zip(listeners, sockets, strict=True):
        address = "{}://{}:{}".format("http" if listener.tls is None else "https", *bound.getsockname()[:2])
        print(_("klaar: {adres}").format(adres=address), flush=True)  # noqa: T201 - the line that a supervisor waits for
    await asyncio.gather(*running)


def _end_after(seconds: int) -> None:
    """A thread that is stuck must not keep a process that was told to stop."""

    def end() -> None:
        _log.critical("not stopped after %d seconds: ended", seconds)
        os._exit(_CUT_OFF)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()

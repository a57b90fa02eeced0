# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Run the listeners of one process in one event loop, and stop them together.

A socket is bound before anything else starts: a port in use is one clear line, not a stack trace. On SIGTERM or SIGINT no new
request is taken, running ones finish, then the process ends.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

import uvicorn

from process.serving.errors import SettingsError
from process.serving.settings import ProcessSettings
from process.serving.tls import MutualTlsProtocol, server_context


@dataclass(frozen=True)
class Listener:
    """One address with the application behind it.

    Attributes:
        app: an ASGI application.
        host: address to bind; without TLS only loopback is accepted.
        port: port to bind; 0 takes a free one.
        tls: settings that name the certificate, or None for plain HTTP on loopback.
        client_certificate: only callers with a certificate of our authority get in.
    """

    app: Any
    host: str
    port: int
    tls: ProcessSettings | None = None
    client_certificate: bool = False


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled once for all listeners, by `serve`."""
        yield


def serve(listeners: list[Listener]) -> None:
    """Serve until SIGTERM or SIGINT; prints `klaar: ADDRESS` per listener on standard output.

    Raises:
        SettingsError: an address cannot be bound, or plain HTTP beyond loopback.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sockets = [_bind(listener) for listener in listeners]
    asyncio.run(_serve(listeners, sockets))


def _bind(listener: Listener) -> socket.socket:
    if listener.tls is None and listener.host not in {"127.0.0.1", "::1", "localhost"}:
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
        raise SettingsError(
            _(
                "Poort {poort} op {adres} is al in gebruik. Sluit het andere programma of kies een andere poort."
            ).format(poort=listener.port, adres=listener.host)
        ) from error
    return bound


def _server(listener: Listener) -> _Server:
    config = uvicorn.Config(
        listener.app,
        http=MutualTlsProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=64 * 1024,
    )
    config.load()
    if listener.tls is not None:
        config.ssl = server_context(listener.tls, client_certificate=listener.client_certificate)
    return _Server(config)


async def _serve(listeners: list[Listener], sockets: list[socket.socket]) -> None:
    servers = [_server(listener) for listener in listeners]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
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

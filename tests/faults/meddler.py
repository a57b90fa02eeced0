# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A proxy that meddles: it stands between two processes, as the wiretap of tests/scenarios does, and understands requests.

Towards the caller it is the target, towards the target it is whoever called: the test owns the exercise's certificates. A rule decides for each request
whether its answer is passed on, cut off after the target gave it, never asked for, or asked for twice. Every request is kept as it was, so that it
can be sent again, to the letter, at any later moment.
"""

import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from process.peer import peer_from_certificate
from tests.scenarios.recorder import _client_context

_PATIENCE = 30.0
_OF_THIS_HOP = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}
_RESET = struct.pack("ii", 1, 0)


class Act(Enum):
    """What happens to one request."""

    PASS = "passed"
    CUT = "arrived, answer lost"
    LOSE = "never arrived"
    TWICE = "arrived twice"


@dataclass(frozen=True)
class Request:
    """One request as it came, and what became of it.

    Attributes:
        target: name of the process that it was for.
        caller: organisation of the certificate, empty without one.
        call: method and path, such as ``POST /v1/signalen``.
        headers: all but those of the connection.
        body: its bytes.
    """

    target: str
    caller: str
    call: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The value of a header, empty when it is not there."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True)
class Exchange:
    """A request with the target's answer to it, and whether the caller got that."""

    request: Request
    act: Act
    status: int
    answer: bytes = field(repr=False)


Rule = Callable[[Request], Act]
OnExchange = Callable[[Exchange], None]


def leave_alone(_request: Request) -> Act:
    """The rule of a proxy that does not meddle."""
    return Act.PASS


class Meddler:
    """Between callers and one target.

    Args:
        target: name of the process.
        port: where it really listens.
        identity: folder with the target's certificate and key; None when it speaks plain HTTP.
        callers: organisation -> folder with its certificate and key.
        authority: the exercise's authority.
    """

    def __init__(
        self,
        target: str,
        port: int,
        *,
        identity: Path | None = None,
        callers: dict[str, Path] | None = None,
        authority: Path | None = None,
    ) -> None:
        self.target = target
        self.rule: Rule = leave_alone
        self.listeners: list[OnExchange] = []
        self.exchanges: list[Exchange] = []
        self.lost: list[Request] = []
        self.faults: list[str] = []
        self._lock = threading.Lock()
        scheme = "http" if identity is None else "https"
        self._base = f"{scheme}://127.0.0.1:{port}"
        self._near = None if identity is None or authority is None else _near(identity, authority)
        contexts: dict[str, ssl.SSLContext | bool] = (
            {name: _client_context(folder, authority) for name, folder in callers.items()}
            if callers and authority
            else {"": False}
        )
        self._far = {
            name: httpx.Client(base_url=self._base, verify=context, timeout=_PATIENCE, trust_env=False)
            for name, context in contexts.items()
        }
        self._server = _Server(self)
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self.stands_for = self._base

    @contextmanager
    def running(self) -> Iterator["Meddler"]:
        """Serve in threads of its own until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(_PATIENCE)
            for client in self._far.values():
                client.close()

    @contextmanager
    def ruled(self, rule: Rule) -> Iterator[None]:
        """Meddle by this rule until the block ends."""
        self.rule = rule
        try:
            yield
        finally:
            self.rule = leave_alone

    def sent(self, call: str) -> list[Exchange]:
        """All requests of one kind that arrived, oldest first."""
        with self._lock:
            return [one for one in self.exchanges if one.request.call == call]

    def repeat(self, request: Request, body: bytes | None = None) -> httpx.Response:
        """Send a request again, to the letter, as its caller; or the same with another body."""
        method, path = request.call.split(" ", 1)
        return self._far[request.caller].request(
            method, path, headers=list(request.headers), content=request.body if body is None else body
        )

    def wrapped(self, connection: socket.socket) -> socket.socket:
        """The caller's connection, over TLS where the target has it."""
        return connection if self._near is None else self._near.wrap_socket(connection, server_side=True)

    def handle(self, request: Request) -> httpx.Response | None:
        """Let a request pass, or not; None is no answer."""
        act = self.rule(request)
        if act is Act.LOSE:
            with self._lock:
                self.lost.append(request)
            return None
        try:
            answer = self.repeat(request)
            if act is Act.TWICE:
                answer = self.repeat(request)
        except httpx.HTTPError:
            # The target is down: its callers must notice.
            return None
        exchange = Exchange(request, act, answer.status_code, answer.content)
        with self._lock:
            self.exchanges.append(exchange)
        if act is Act.CUT:
            return None
        for listener in self.listeners:
            listener(exchange)
        return answer


def _near(identity: Path, authority: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity / "certificaat.pem", identity / "sleutel.pem")
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, meddler: Meddler) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.meddler = meddler

    def finish_request(self, request: Any, client_address: Any) -> None:
        # The handshake belongs to the connection's own thread: a caller that dies in it holds up nobody.
        with self.meddler.wrapped(request) as connection:
            super().finish_request(connection, client_address)

    def handle_error(self, *_request: object) -> None:
        # A caller that was killed leaves a broken connection; anything else would be a defect of this proxy, and is shown.
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.meddler.faults.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = tuple(
            (key, value) for key, value in self.headers.items() if key.lower() not in _OF_THIS_HOP
        )
        request = Request(
            self.server.meddler.target, self._caller(), f"{self.command} {self.path}", headers, body
        )
        answer = self.server.meddler.handle(request)
        if answer is None:
            self._hang_up()
            return
        self.send_response_only(answer.status_code)
        for key, value in answer.headers.items():
            if key.lower() not in _OF_THIS_HOP:
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _pass  # noqa: N815 - http.server's names

    def _caller(self) -> str:
        if not isinstance(self.connection, ssl.SSLSocket):
            return ""
        certificate = self.connection.getpeercert(binary_form=True)
        return "" if certificate is None else peer_from_certificate(certificate).organisation

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            # A reset: the caller cannot take it for an answer that ended.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: what passed is in `exchanges`."""

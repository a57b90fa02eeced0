# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A checker that reads a log over HTTP, and a log that wishes it ill."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from audit.verifier import remote
from audit.verifier.remote import RemoteLog
from audit.verify import SourceError


@contextmanager
def log(write: Callable[[BaseHTTPRequestHandler], object]) -> Iterator[RemoteLog]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            write(self)

        def log_message(self, *_what: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        made = RemoteLog(f"http://127.0.0.1:{server.server_port}", ssl.create_default_context(), patience=5.0)
        try:
            yield made
        finally:
            made.close()
            server.shutdown()


def sends(promised: int, content: bytes) -> Callable[[BaseHTTPRequestHandler], object]:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(promised))
        handler.end_headers()
        handler.wfile.write(content)

    return write


def test_an_answer_is_read_whole() -> None:
    with log(sends(5, b"hallo")) as one:
        assert one.checkpoint() == b"hallo"


def test_an_answer_that_was_broken_off_is_none() -> None:
    with log(sends(50, b"hallo")) as one, pytest.raises(SourceError, match="niet bereikbaar"):
        one.checkpoint()


def test_an_answer_byte_by_byte_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LONGEST_SECONDS", -1.0)
    with log(sends(5, b"hallo")) as one, pytest.raises(SourceError, match="te traag"):
        one.checkpoint()


def test_more_than_was_asked_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LARGEST_ANSWER", 4)
    with log(sends(5, b"hallo")) as one, pytest.raises(SourceError, match="meer dan er gevraagd is"):
        one.checkpoint()

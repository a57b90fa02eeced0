# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx
import pytest

from process.serving.errors import SettingsError
from process.serving.run import Listener, _bind, serve
from process.serving.web import new_app
from tests.process.serving.conftest import serving

PROGRAM = """
import asyncio, logging, sys
from process.command import USED_WRONGLY
from process.serving.errors import SettingsError
from process.serving.run import Listener, serve

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                print("opgeruimd", flush=True)
                return
    if scope["path"] == "/traag":
        print("bezig", flush=True)
        await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"af"})

try:
    serve([Listener(app, "127.0.0.1", int(port)) for port in sys.argv[1:]])
except SettingsError as error:
    print(error, file=sys.stderr)
    sys.exit(USED_WRONGLY)
"""


class Process:
    """The program above as a real process."""

    def __init__(self, *ports: int) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM, *(str(port) for port in ports)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.running.stdout is not None
        return self.running.stdout.readline().strip()

    def end(self) -> tuple[int, str, str]:
        out, err = self.running.communicate(timeout=20)
        return self.running.returncode, out, err


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


async def nothing(_scope: object, _receive: object, _send: object) -> None:
    """An application that is never called."""


def test_a_port_in_use_is_one_clear_line_and_exit_2(taken: int) -> None:
    code, out, err = Process(taken).end()
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"Poort {taken} op 127.0.0.1 is al in gebruik. Sluit het andere programma of kies een andere poort."
    ]


def test_nothing_is_served_when_one_of_the_ports_is_in_use(taken: int) -> None:
    code, out, _err = Process(0, taken).end()
    assert code == 2
    assert "klaar" not in out


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "register.example", ""])  # noqa: S104 - that is the point
def test_plain_http_beyond_loopback_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="Zonder TLS"):
        serve([Listener(nothing, host, 0)])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_plain_http_on_loopback_is_served(host: str) -> None:
    bound = _bind(Listener(nothing, host, 0))
    assert bound.getsockname()[0] == "127.0.0.1"
    bound.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_says_where_it_listens_and_stops_clean_on_a_signal(number: signal.Signals) -> None:
    process = Process(0, 0)
    addresses = [process.line().removeprefix("klaar: ") for _listener in range(2)]
    assert len(set(addresses)) == 2
    for address in addresses:
        assert httpx.get(address, trust_env=False).text == "af"
    process.running.send_signal(number)
    code, out, _err = process.end()
    assert code == 0
    assert out.count("opgeruimd") == 2


def test_a_request_that_runs_is_finished_before_the_process_ends() -> None:
    process = Process(0)
    address = process.line().removeprefix("klaar: ")
    answers: list[str] = []
    asking = threading.Thread(
        target=lambda: answers.append(httpx.get(f"{address}/traag", trust_env=False, timeout=20).text)
    )
    asking.start()
    assert process.line() == "bezig"
    os.kill(process.running.pid, signal.SIGTERM)
    asking.join()
    assert answers == ["af"]
    assert process.end()[0] == 0


def test_an_answer_tells_nothing_of_the_server_s_software() -> None:
    with serving(Listener(new_app("Deur", "1.0.0"), "127.0.0.1", 0)) as port:
        assert "server" not in httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).headers

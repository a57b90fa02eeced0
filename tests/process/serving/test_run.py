# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import contextlib
import errno
import itertools
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
from process.serving.health import Readiness
from process.serving.run import Listener, _bind, serve
from process.serving.web import health_app, new_app
from tests.process.serving.conftest import Town, serving

PROGRAM = """
import asyncio, logging, sys, threading
from process.command import USED_WRONGLY
from process.serving import run
from process.serving.errors import SettingsError
from process.serving.run import Listener, serve
from process.serving.settings import ProcessSettings

run.BESIDE_SECONDS = 1

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
    if scope["path"] == "/eindeloos":
        print("bezig", flush=True)
        await asyncio.sleep(600)
    if scope["path"] == "/vast":
        threading.Thread(target=threading.Event().wait).start()
        print("bezig", flush=True)
    if scope["path"] == "/teller":
        number = scope["query_string"].decode()
        begun.append(number)
        await asyncio.sleep(0.01)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"f"})

begun = []
seconds = int(sys.argv[1])
settings = ProcessSettings(profile="oefening", shutdown_seconds=seconds)
try:
    serve([Listener(app, "127.0.0.1", int(port)) for port in sys.argv[2:]], settings=settings)
    print("begonnen:", *begun)
except SettingsError as error:
    print(error, file=sys.stderr)
    sys.exit(USED_WRONGLY)
"""


class Process:
    """The program above as a real process."""

    def __init__(self, *ports: int, seconds: int = 20) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM, str(seconds), *(str(port) for port in ports)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.running.stdout is not None
        said = self.running.stdout.readline().strip()
        if said.startswith("klaar: "):
            self.port = int(said.rpartition(":")[2])
        return said

    def end(self) -> tuple[int, str, str]:
        out, err = self.running.communicate(timeout=120)
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
        assert httpx.get(address, trust_env=False, timeout=60).text == "af"
    process.running.send_signal(number)
    code, out, _err = process.end()
    assert code == 0
    assert out.count("opgeruimd") == 2


def test_a_request_that_runs_is_finished_before_the_process_ends() -> None:
    process = Process(0)
    address = process.line().removeprefix("klaar: ")
    answers: list[str] = []
    asking = threading.Thread(
        target=lambda: answers.append(httpx.get(f"{address}/traag", trust_env=False, timeout=120).text)
    )
    asking.start()
    assert process.line() == "bezig"
    os.kill(process.running.pid, signal.SIGTERM)
    asking.join()
    assert answers == ["af"]
    assert process.end()[0] == 0


class Crowd:
    """Many callers at once, each asking one thing after another until the door closes."""

    def __init__(self, address: str, size: int) -> None:
        self._address = address
        self.answered: list[str] = []
        self.cut: list[str] = []
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(size)]
        for thread in self._threads:
            thread.start()

    def _ask(self, caller: int) -> None:
        # Half of them keep their connection, half make a new one each time.
        headers = {} if caller % 2 else {"Connection": "close"}
        with httpx.Client(trust_env=False, timeout=120, headers=headers) as client:
            for number in itertools.count():
                name = f"{caller}-{number}"
                try:
                    answer = client.get(f"{self._address}/teller?{name}")
                except httpx.ConnectError:
                    return
                except httpx.TransportError:
                    self.cut.append(name)
                    return
                assert answer.text == "af"
                self.answered.append(name)

    def leave(self) -> None:
        for thread in self._threads:
            thread.join()


def test_under_load_no_request_that_was_begun_is_cut() -> None:
    process = Process(0)
    crowd = Crowd(process.line().removeprefix("klaar: "), 12)
    while len(crowd.answered) < 200:
        pass
    process.running.send_signal(signal.SIGTERM)
    crowd.leave()
    code, out, _err = process.end()
    begun = out.partition("begonnen: ")[2].split()
    assert code == 0
    assert len(begun) >= 200
    assert sorted(begun) == sorted(crowd.answered)
    assert not set(crowd.cut) & set(begun)


def test_a_connection_that_was_let_in_may_still_say_what_it_came_for() -> None:
    process = Process(0)
    host, port = process.line().removeprefix("klaar: http://").split(":")
    with socket.create_connection((host, int(port))) as early:
        httpx.get(
            f"http://{host}:{port}/", trust_env=False, timeout=60
        )  # by now the first connection was let in, too
        process.running.send_signal(signal.SIGTERM)
        wait_until_closed(host, int(port))
        early.sendall(b"GET / HTTP/1.1\r\nHost: deur\r\n\r\n")
        answer = b"".join(iter(lambda: early.recv(1000), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert process.end()[0] == 0


def wait_until_closed(host: str, port: int) -> None:
    """Until nobody is let in any more."""
    while True:
        try:
            socket.create_connection((host, port)).close()
        except ConnectionRefusedError:
            return
        except ConnectionError:
            continue


def test_a_caller_who_says_nothing_does_not_keep_the_process() -> None:
    process = Process(0)
    host, port = process.line().removeprefix("klaar: http://").split(":")
    with socket.create_connection((host, int(port))) as silent:
        process.running.send_signal(signal.SIGTERM)
        assert process.end()[0] == 0
        assert silent.recv(10) == b""


def stuck(path: str, seconds: int) -> tuple[Process, threading.Thread]:
    """A process with a request that does not end."""
    process = Process(0, seconds=seconds)
    address = process.line().removeprefix("klaar: ")

    def ask() -> None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{address}{path}", trust_env=False, timeout=180)

    asking = threading.Thread(target=ask)
    asking.start()
    assert process.line() == "bezig"
    return process, asking


def test_a_second_signal_ends_the_process_at_once() -> None:
    process, asking = stuck("/eindeloos", 300)
    host, port = "127.0.0.1", process.port
    process.running.send_signal(signal.SIGTERM)
    wait_until_closed(host, port)
    process.running.send_signal(signal.SIGTERM)
    code, _out, err = process.end()
    asking.join()
    assert code == -signal.SIGTERM
    assert "Traceback" not in err


def test_a_request_that_never_ends_keeps_the_process_no_longer_than_agreed() -> None:
    process, asking = stuck("/eindeloos", 1)
    process.running.send_signal(signal.SIGTERM)
    code, out, _err = process.end()
    asking.join()
    assert code == 0
    assert "opgeruimd" in out


def test_a_thread_that_is_stuck_does_not_keep_the_process_either() -> None:
    process, asking = stuck("/vast", 1)
    process.running.send_signal(signal.SIGTERM)
    code, _out, err = process.end()
    asking.join()
    assert code == 1
    assert "niet_op_tijd_gestopt" in err


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [("192.0.2.1", 0, "niet van deze machine"), ("127.0.0.1", 1, "mag poort 1")],
)
def test_why_an_address_cannot_be_used_is_told(
    host: str, port: int, sentence: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if port:
        # Whoever runs the tests may be allowed everything.
        monkeypatch.setattr(socket.socket, "bind", refuse_privileged)
    with pytest.raises(SettingsError, match=sentence):
        serve([Listener(nothing, host, port, tls=town.settings("node", "GM9001"))])


def refuse_privileged(_socket: object, _address: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_how_the_process_is_may_be_asked_without_a_certificate_on_a_port_of_its_own() -> None:
    ready = Readiness([lambda: "De database is weg."], [lambda: ["Een houder antwoordt niet."]])
    with serving(Listener(health_app(ready), "127.0.0.1", 0)) as port:
        address = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{address}/gezondheid/leeft", trust_env=False).json() == {"status": "leeft"}
        answer = httpx.get(f"{address}/gezondheid/klaar", trust_env=False)
        assert answer.status_code == 503
        assert answer.json() == {
            "status": "niet klaar",
            "redenen": ["De database is weg."],
            "zorgen": ["Een houder antwoordt niet."],
        }
        for other in ("/", "/v1/openapi.json", "/docs"):
            assert httpx.get(f"{address}{other}", trust_env=False).status_code == 404


def test_an_answer_tells_nothing_of_the_server_s_software() -> None:
    with serving(Listener(new_app("Deur", "1.0.0"), "127.0.0.1", 0)) as port:
        assert "server" not in httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).headers

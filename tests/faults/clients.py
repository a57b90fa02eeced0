# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The people and systems that go on working while everything around them dies: they retry, and they write down what they were told.

A case system sends observations one by one, each under a key of its own, until it is told that it is stored. An importer runs `signaalregister node import`
over a file, again and again until it ends well. An inspector of another municipality asks about persons of whom a client was
told that they are stored, and must hear that they are known. A watcher keeps every checkpoint that it sees.
"""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx
import yaml

from register.demo.plan import ASKER, CONTROL, Person
from tests.faults.meddler import Exchange
from tests.faults.told import Ledger, Row

_PAUSE = 0.2
_PATIENT_SECONDS = 3.0
_ANSWER_SECONDS = 60.0
TRY_AGAIN = frozenset({429, 503})
"""What may be answered while something is away: nothing happened that the client must not repeat."""

INDICATORS = ("derde_beheert_advertentie", "zelfde_telefoon_meerdere_advertenties")
_CODES: Mapping[str, Any] = {
    "uitbuitingsvorm": "seksueel_onbekend",
    "controlesoort": "advertentiecontrole_webcrawler",
    "waarnemingGrondslag": "apv_seksinrichting_151a",
    "aanwijzingen": list(INDICATORS),
}


def observation(row: Row) -> dict[str, Any]:
    """The whole signal of a row, as `POST /v1/signalen` of the node takes it."""
    return {
        "subjecten": [
            {
                "kenmerken": [
                    {"soort": "phone", "waarde": row.phone},
                    {"soort": "document", "velden": {"issuer": "COL", "number": row.document}},
                ]
            }
        ],
        "waargenomen": "2026-11-19",
        **_CODES,
    }


def question(phones: Iterable[str], control: str = CONTROL) -> dict[str, Any]:
    """ "Elders gezien?" about these numbers."""
    return {
        "kenmerken": [{"soort": "phone", "waarde": phone} for phone in phones],
        "doel": "signalering",
        "controle": control,
    }


class Client:
    """One person's connection to a node; signs in when that is needed, and lets every failure through."""

    def __init__(self, url: str, who: Person, password: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=_ANSWER_SECONDS, trust_env=False)
        self._who = who
        self._password = password

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str | None = None
    ) -> httpx.Response:
        """One request.

        Raises:
            httpx.HTTPError: no answer.
        """
        if "Authorization" not in self._http.headers:
            signed_in = self.sign_in()
            if signed_in.is_error:
                return signed_in
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = self._http.request(method, path, json=body, headers=headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            del self._http.headers["Authorization"]
        return answer

    def sign_in(self) -> httpx.Response:
        """A new session."""
        answer = self._http.post("/v1/sessies", json={"naam": self._who.name, "wachtwoord": self._password})
        if answer.is_success:
            self._http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return answer


class Worker(threading.Thread):
    """Works until it is told to stop, and then finishes what it began."""

    def __init__(self, name: str, ledger: Ledger) -> None:
        super().__init__(name=name, daemon=True)
        self.ledger = ledger
        self.stopping = threading.Event()
        self.pause = 0.0
        self.gives_up_at = float("inf")

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.work()
        except Exception as error:  # noqa: BLE001 - a worker that dies in silence would make every check pass
            self.ledger.surprise(f"{self.name} could not go on: {type(error).__name__}: {error}")

    def work(self) -> None:
        """One piece of work, to its end."""
        raise NotImplementedError

    def stop(self, seconds: float) -> None:
        """Finish what was begun, within so many seconds."""
        self.gives_up_at = time.monotonic() + seconds
        self.stopping.set()

    def may_retry(self, what: str) -> bool:
        """Whether to try again; a short pause is taken. Giving up is written down."""
        if time.monotonic() > self.gives_up_at:
            self.ledger.surprise(f"{self.name} never got an answer about {what}")
            return False
        time.sleep(_PAUSE)
        return True


class CaseSystem(Worker):
    """Sends observations one by one over the interface."""

    def __init__(self, name: str, ledger: Ledger, client: Client, organisation: str) -> None:
        super().__init__(name, ledger)
        self._client = client
        self._organisation = organisation

    def work(self) -> None:
        """A new observation, until it is settled."""
        (row,) = self.ledger.rows(self._organisation, 1)
        self.ledger.attempt([row])
        self.settle(row)
        self.stopping.wait(self.pause)

    def settle(self, row: Row) -> None:
        """Send a row until the node says that it is stored, or keeps it."""
        while not self._sent(row):
            if not self.may_retry(f"row {row.number}"):
                return

    def _sent(self, row: Row) -> bool:
        try:
            answer = self._client.send("POST", "/v1/signalen", observation(row), key_of(row))
        except httpx.HTTPError:
            self.ledger.count("geen antwoord")
            return False
        return settled(self.ledger, row, answer.status_code, answer.content)


def key_of(row: Row) -> str:
    """The request key under which a row is sent, however often."""
    return f"waarneming-{row.organisation}-{row.number:08d}"


def settled(ledger: Ledger, row: Row, status: int, content: bytes) -> bool:
    """Write down what a node answered about one row; whether that settles it."""
    if status == httpx.codes.CREATED:
        answer = json.loads(content)
        ledger.acknowledge(row, UUID(answer["signaalId"]), answer["versie"])
        if answer.get("logbewijs"):
            ledger.receipt(answer["logbewijs"]["bewijs"])
        return True
    if status == httpx.codes.ACCEPTED:
        ledger.wait(row, UUID(json.loads(content)["signaalId"]))
        return True
    not_yet(ledger, f"row {row.number}", status, content)
    return status not in TRY_AGAIN and status != httpx.codes.UNAUTHORIZED


def not_yet(ledger: Ledger, what: str, status: int, content: bytes) -> None:
    """Count a refusal that says to come back; write down any other."""
    if status in TRY_AGAIN or status == httpx.codes.UNAUTHORIZED:
        ledger.count(f"{status} {_code(content)}")
    else:
        ledger.surprise(f"{what} was answered with {status}: {content[:300].decode('utf-8', 'replace')}")


def _code(content: bytes) -> str:
    try:
        return str(json.loads(content).get("code", "?"))
    except ValueError:
        return "?"


class Inspector(Worker):
    """Asks about persons, some of whom are known elsewhere for certain."""

    def __init__(self, name: str, ledger: Ledger, client: Client, dice: random.Random) -> None:
        super().__init__(name, ledger)
        self._client = client
        self._dice = dice
        self._control = CONTROL

    def work(self) -> None:
        """One question, until it is answered."""
        stored = sorted(self.ledger.told().acknowledged)
        if stored and self._dice.random() < 0.8:
            self.ask(self._dice.choice(stored).phone, "bekend_elders")
        else:
            self.ask(f"06{10_000_000 + self._dice.randrange(9_000_000)}", "niet_bekend")

    def new_day(self) -> None:
        """Open a control: yesterday's is closed."""
        body = {
            "waarnemingGrondslag": "apv_seksinrichting_151a",
            "controlesoort": "prostitutiecontrole_vergund",
            "plaats": ASKER,
        }
        answer = self._client.send("POST", "/v1/controles", body)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            answer = self._client.send("POST", "/v1/controles", body)
        self._control = answer.json()["nummer"]

    def ask(self, phone: str, expected: str) -> None:
        """One question; the answer must be this."""
        while True:
            try:
                answer = self._client.send("POST", "/v1/bevragingen", question([phone], self._control))
            except httpx.HTTPError:
                self.ledger.count("geen antwoord")
            else:
                if answer.is_success:
                    self._answered(phone, expected, answer.json())
                    return
                not_yet(self.ledger, f"a question about {phone}", answer.status_code, answer.content)
                if answer.status_code not in {*TRY_AGAIN, httpx.codes.UNAUTHORIZED}:
                    return
            if not self.may_retry(f"a question about {phone}"):
                return

    def _answered(self, phone: str, expected: str, answer: Mapping[str, Any]) -> None:
        self.ledger.count("beantwoord")
        self.ledger.receipt(answer["logbewijs"]["bewijs"])
        if answer["uitkomst"] != expected:
            self.ledger.surprise(f"a question about {phone} got {answer['uitkomst']}, not {expected}")


class Watcher(Worker):
    """Keeps every checkpoint that the register publishes."""

    def __init__(self, ledger: Ledger, url: str, seconds: float = 0.3) -> None:
        super().__init__("watcher", ledger)
        self._url = url
        self._seconds = seconds

    def work(self) -> None:
        """Look once."""
        try:
            with httpx.Client(base_url=self._url, timeout=5, trust_env=False) as http:
                answer = http.get("/v1/logboek/checkpoint")
        except httpx.HTTPError:
            pass
        else:
            if answer.is_success:
                self.ledger.checkpoint(answer.text)
        self.stopping.wait(self._seconds)


class RecordSystem(Worker):
    """Sends records one by one to an import that was opened without a file, in columns of its own, each under its own key."""

    def __init__(self, name: str, ledger: Ledger, client: Client, organisation: str) -> None:
        super().__init__(name, ledger)
        self._client = client
        self._organisation = organisation
        self._opened: str | None = None

    def work(self) -> None:
        """A new record, until it is settled."""
        (row,) = self.ledger.rows(self._organisation, 1)
        self.ledger.attempt([row])
        while not self._sent(row):
            if not self.may_retry(f"record {row.number}"):
                return
        self.stopping.wait(self.pause)

    def _sent(self, row: Row) -> bool:
        try:
            if self._opened is None:
                answer = self._client.send("POST", "/v1/invoer", {"mapping": yaml.safe_load(_MAPPING)})
                self._opened = answer.json()["invoerId"] if answer.is_success else None
            else:
                answer = self._client.send("POST", f"/v1/invoer/{self._opened}/rijen", _record(row))
        except httpx.HTTPError:
            self.ledger.count("geen antwoord")
            return False
        if not answer.is_success:
            not_yet(self.ledger, f"record {row.number}", answer.status_code, answer.content)
            return False
        for told in answer.json().get("uitkomsten", []):
            taken(self.ledger, row, told)
        return bool(answer.json().get("uitkomsten"))


def _record(row: Row) -> dict[str, Any]:
    cells = {"datum": "19-11-2026", "telefoon": row.phone, "paspoort": row.document}
    return {"rijen": [{"rij": row.number + 1, "velden": cells, "sleutel": key_of(row)}]}


class Importer(Worker):
    """Imports files with the command line, again after every interruption, until a file has ended well.

    Args:
        command: the options of `signaalregister node import` that sign in as a person, over a line on which it is heard.
        folder: for files and their mapping.
        rows: of each file.
    """

    def __init__(
        self, ledger: Ledger, command: tuple[str, ...], folder: Path, organisation: str, rows: int
    ) -> None:
        super().__init__("importer", ledger)
        self._command = command
        self._folder = folder
        self._organisation = organisation
        self._rows = rows
        self._by_phone: dict[str, Row] = {}
        self._running: subprocess.Popen[str] | None = None
        self._heard_at = time.monotonic()
        self._patience = _PATIENT_SECONDS
        self.done: list[Path] = []
        (folder / "mapping.yaml").write_text(_MAPPING, encoding="utf-8")

    def work(self) -> None:
        """One file, to its end."""
        rows = self.ledger.rows(self._organisation, self._rows)
        file = self._folder / f"bestand-{rows[0].number}.csv"
        file.write_text(csv_of(rows), encoding="utf-8")
        self._by_phone.update({row.phone: row for row in rows})
        self.ledger.attempt(rows)
        while self.import_once(file) is None:
            if not self.may_retry(file.name):
                return
        self.done.append(file)
        self.ledger.count("bestand ingevoerd")
        self.stopping.wait(self.pause)

    def import_once(self, file: Path) -> dict[str, Any] | None:
        """Run the command once; its report, if every row was taken."""
        # A command that has just begun has kept nobody waiting yet: it must sign in and stretch its first rows.
        self._heard_at = time.monotonic()
        self._running = subprocess.Popen(
            [sys.executable, "-m", "process", "node", "import", str(file), "--mapping",
             str(self._folder / "mapping.yaml"), *self._command, "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        out, err = self._running.communicate()
        if self._running.returncode == 0:
            report: dict[str, Any] = json.loads(out)
            return report
        self.ledger.count("invoer onderbroken")
        if "Traceback" in err:
            self.ledger.surprise(f"the import broke off with a trace: {err[-600:]}")
        return None

    def kill(self) -> bool:
        """`kill -9` of the command, if it runs."""
        running = self._running
        if running is None or running.poll() is not None:
            return False
        running.send_signal(signal.SIGKILL)
        return True

    def lose_patience(self) -> None:
        """End the command and start it again, as a person would who sees it wait for what is back already.

        Whoever hears nothing waits twice as long the next time, so that a slow machine is no reason to never end.
        """
        if time.monotonic() - self._heard_at > self._patience and self.kill():
            self._patience *= 2
            self.ledger.count("invoer afgebroken uit ongeduld")

    def hear(self, exchange: Exchange) -> None:
        """What the command was told about its rows."""
        call = exchange.request.call
        if not (call.startswith("POST /v1/invoer/") and call.endswith("/rijen")):
            return
        if exchange.status == httpx.codes.CONFLICT and _code(exchange.answer) == "invoer-elders":
            # A command that was killed may still have a batch at the node; the next one opens the import again, as this answer says.
            self.ledger.count("409 invoer-elders")
            return
        if exchange.status != httpx.codes.OK:
            not_yet(self.ledger, "a batch of rows", exchange.status, exchange.answer)
            return
        sent = {one["rij"]: one["velden"]["telefoon"] for one in json.loads(exchange.request.body)["rijen"]}
        for told in json.loads(exchange.answer)["uitkomsten"]:
            self._heard_at, self._patience = time.monotonic(), _PATIENT_SECONDS
            taken(self.ledger, self._by_phone[sent[told["rij"]]], told)


def taken(ledger: Ledger, row: Row, told: Mapping[str, Any]) -> None:
    """Write down what became of a row of an import."""
    signal_id = UUID(told["signaalId"]) if told.get("signaalId") else None
    if told["uitkomst"] in {"bewaard", "herhaald"}:
        ledger.acknowledge(row, signal_id)
    elif told["uitkomst"] == "wacht":
        ledger.wait(row, signal_id)
    else:
        ledger.surprise(f"row {row.number} was refused: {told}")


def csv_of(rows: Iterable[Row]) -> str:
    """The rows as a file."""
    lines = [f"19-11-2026,{row.phone},{row.document}" for row in rows]
    return "\n".join(["datum,telefoon,paspoort", *lines]) + "\n"


# What each column of the file means; the record system has the same columns.
_MAPPING = f"""\
herkomst: advertenties_bekeken
columns:
  datum: date
  telefoon: phone
  paspoort: document_number
constants:
  document_issuer: COL
  uitbuitingsvorm: {_CODES["uitbuitingsvorm"]}
  controlesoort: {_CODES["controlesoort"]}
  waarneming_grondslag: {_CODES["waarnemingGrondslag"]}
  aanwijzingen: {", ".join(INDICATORS)}
  bron: X
  informatie: "4"
dateFormat: dd-mm-yyyy
"""

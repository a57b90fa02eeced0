# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A small exercise that may be broken: one signer, three holders, the register, a node that submits and a node that asks.

It is built once a session and copied for every module, always to the same place, because its settings hold paths. `FaultyWorld` knows what it takes to check
it: its databases, its keys, its clients and what those were told.
"""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from audit.note import Verifier
from process.serving.clock import system_clock
from register.demo.plan import ASKER, HOLDERS, MOMENT, Ports, person
from register.demo.world import World, build, change_settings
from tests.exercise import commands_in_this_process, prepare_one
from tests.faults import world_check
from tests.faults.clients import Client, question
from tests.faults.meddler import Meddler
from tests.faults.postgres import PostgresServer
from tests.faults.told import Ledger, Row
from tests.faults.world_check import AtNode, Contents, Vkeys

SUBMITTER = "GM9001"
PROCESSES = (
    "signer",
    *(f"houder-{index}" for index in HOLDERS),
    "register",
    f"node-{SUBMITTER}",
    f"node-{ASKER}",
)
_PREPARED = ("register", f"node-{SUBMITTER}", f"node-{ASKER}")
_PLENTY = {
    "officer_minute": 10_000_000,
    "officer_day": 10_000_000,
    "organisation_minute": 10_000_000,
    "organisation_day": 10_000_000,
}
_PHONES_AT_ONCE = 8
_DRAIN_SECONDS = 60.0
_LONGEST_PAUSE = timedelta(hours=2)
"""More than the outbox ever waits between two attempts (register.municipal.outbox)."""


class BrokenWorldError(AssertionError):
    """The check found something; each finding is a line."""

    def __init__(self, step: str, findings: list[str]) -> None:
        shown = [*findings[:20], *([f"and {len(findings) - 20} more"] if len(findings) > 20 else [])]
        super().__init__("\n".join([f"after {step}, {len(findings)} things are wrong:", *shown]))
        self.findings = findings


@dataclass
class FaultyWorld:
    """An exercise with its clients' ledger.

    Attributes:
        world: its files and processes.
        ledger: what clients were told.
        database: of the register, as SQLAlchemy names it.
        keys: SQLite file with the keys of the log's payloads.
        node_file: SQLite file of the submitting node.
        moment: to which its clock was set last.
    """

    world: World
    ledger: Ledger = field(default_factory=Ledger)
    database: str = ""
    keys: Path = Path()
    node_file: Path = Path()
    moment: datetime = MOMENT

    def __post_init__(self) -> None:
        home = self.world.folder / "register"
        self.database = self.database or f"sqlite:///{home / 'register.sqlite'}"
        self.keys = home / "logsleutels.sqlite"
        self.node_file = self.world.folder / f"node-{SUBMITTER}" / "node.sqlite"

    @property
    def vkeys(self) -> Vkeys:
        """With which everything that was told is verified."""
        receipts = (self.world.folder / "ontvangst.vkey").read_text(encoding="utf-8").strip()
        return Vkeys(Verifier.from_vkey(receipts), Verifier.from_vkey(self.world.log_vkey))

    def client(self, organisation: str, role: str = "toezichthouder", url: str | None = None) -> Client:
        """A person at a node."""
        who = person(organisation, role)
        return Client(url or self.world.node(organisation), who, self.world.passwords[who.name])

    def forward(self, span: timedelta) -> None:
        """Move the clock of all processes on."""
        self.moment += span
        self.world.move_clock(self.moment)

    def contents(self) -> Contents:
        """What stands in the register now."""
        return world_check.read_contents(self.database, self.keys, self.moment.date())

    def check(self, step: str) -> None:
        """The cheap part, while requests are under way.

        Raises:
            BrokenWorldError: with all findings.
        """
        # Told is read first: what is acknowledged while we read must not seem lost.
        told = self.ledger.told()
        self._require(step, world_check.while_working(told, self.contents(), self.vkeys))

    def check_all(self, step: str) -> None:
        """Everything, when clients are done and all processes run.

        Raises:
            BrokenWorldError: with all findings.
        """
        self._drain()
        self._ask_about_all()
        told = self.ledger.told()
        self._require(
            step,
            [
                *world_check.at_the_end(told, self.contents(), self.at_node(), self.vkeys),
                *self._audited(),
                *self._receipts_at_nodes(),
                *world_check.integrity(sorted(self.world.folder.glob("*/*.sqlite"))),
                *world_check.integrity([self.world.folder / "signer" / "signer.db"]),
                *world_check.defects(self.world.folder),
            ],
        )

    def remember(self) -> Path:
        """A file with the checkpoint that was verified last; the next verification must extend it."""
        return self.world.folder / "laatst-nagegaan"

    def _require(self, step: str, findings: list[str]) -> None:
        if findings:
            raise BrokenWorldError(step, findings)

    def at_node(self) -> AtNode:
        """What the submitting node keeps now."""
        return world_check.read_node(self.node_file, SUBMITTER)

    def _drain(self) -> None:
        """Give the outbox its time: the pause between attempts passes on the exercise's clock, the attempts take what they take."""
        if self.at_node().outbox:
            self.forward(_LONGEST_PAUSE)
        left, deadline = self.at_node().outbox, time.monotonic() + _DRAIN_SECONDS
        while left and time.monotonic() < deadline:
            time.sleep(0.3)
            before, left = left, self.at_node().outbox
            if len(left) < len(before):
                deadline = time.monotonic() + _DRAIN_SECONDS

    def _ask_about_all(self) -> None:
        """Ask about every row that was sent, so that a treffer names what a question finds."""
        rows = sorted(self.ledger.told().living)
        with self.client(ASKER) as client:
            for at in range(0, len(rows), _PHONES_AT_ONCE):
                self._ask_about(client, rows[at : at + _PHONES_AT_ONCE])

    def _ask_about(self, client: Client, rows: list[Row]) -> None:
        answer = client.send("POST", "/v1/bevragingen", question(row.phone for row in rows))
        if answer.status_code != httpx.codes.OK:
            self.ledger.surprise(
                f"the last question was answered with {answer.status_code}: {answer.text[:300]}"
            )
            return
        self.ledger.receipt(answer.json()["logbewijs"]["bewijs"])

    def _audited(self) -> list[str]:
        done = self.world.command(
            "audit", "verify", "--log", self.world.register_pages, "--vkey", self.world.log_vkey,
            "--remember", str(self.remember()),
        )  # fmt: skip
        return [] if done.returncode == 0 else [f"AUDIT: {done.stdout}{done.stderr}"]

    def _receipts_at_nodes(self) -> list[str]:
        """What the nodes themselves say of the receipts that they hold."""
        wrong = []
        for organisation in (SUBMITTER, ASKER):
            with self.client(organisation) as client:
                standing = client.send("GET", "/v1/ontvangstbewijzen").json()
            wrong += [
                f"RECEIPTS: {organisation} says {member}: {standing.get(member)}"
                for member in ("strijdig", "logbreuken")
                if standing.get(member) != []
            ]
        return wrong


class Template:
    """An exercise that was built and prepared, and of which every module gets a copy."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self._folder = folder
        self._live = folder / "oefening"
        self._kept = folder / "sjabloon"
        self._ports = ports
        with commands_in_this_process():
            world = build(
                self._live,
                self._ports,
                MOMENT,
                certificates_from=system_clock(),
                randomness=os.urandom,
                extra=_settings(),
            )
            self._passwords = world.passwords
            for name in _PREPARED:
                prepare_one(world, name)
        self._live.rename(self._kept)

    @contextmanager
    def copy(self, name: str) -> Iterator[World]:
        """A world of its own; what is left of it afterwards is kept under its name, to be read after a failure."""
        shutil.copytree(self._kept, self._live)
        world = World(self._live, self._ports, self._passwords)
        try:
            yield world
        finally:
            for one in world.alive():
                world.kill(one)
            self._live.rename(self._folder / name)


def on_postgresql(world: World, server: PostgresServer, name: str, storage: str = "") -> str:
    """Move a process to a database of its own on a PostgreSQL, as an administrator would: an owner migrates, a role with few rights serves.

    Args:
        world: none of its processes runs.
        server: runs.
        name: of the process.
        storage: how CREATE DATABASE ends.

    Returns:
        The address of the database for its superuser.

    Raises:
        WorldError: a command refused.
    """
    database, program = name.replace("-", "_"), {"register": "register"}.get(name, "keyholder")
    owner, app = f"{database}_eigenaar", f"{database}_proces"
    server.run(f"CREATE DATABASE {database} {storage}")
    change_settings(world, name, {"database_url": server.url(database)})
    # The command speaks of each database of the process; the key store is on SQLite, which knows no roles.
    script = world.command(
        program, "database", "roles", *_of(world, name), "--owner", owner, "--app", app
    ).stdout
    once = script[script.index("DO $$") :].partition("BEGIN;")[0]
    server.run(once, database=database)
    change_settings(world, name, {"database_url": server.url(database, owner)})
    world.command(program, "database", "migrate", *_of(world, name), "--grant-to", app)
    if name in _PREPARED:
        prepare_one(world, name)
    change_settings(world, name, {"database_url": server.url(database, app)})
    return server.url(database)


def _of(world: World, name: str) -> tuple[str, str]:
    return "--settings", str(world.folder / name / "instellingen.toml")


_QUESTIONS = ("officer_minute", "officer_day", "organisation_minute", "organisation_day")


def _settings() -> dict[str, dict[str, object]]:
    quotas: dict[str, object] = {"quotas": dict.fromkeys(("vragen", "indienen", "inzage"), _PLENTY)}
    return {
        **{f"houder-{index}": quotas for index in HOLDERS},
        "register": {
            "checkpoint_seconds": 0.5,
            "answer_step_ms": 50,
            "question_quota": dict.fromkeys(_QUESTIONS, 1_000_000),
        },
        **{f"node-{code}": {"receipt_seconds": 1.0} for code in (SUBMITTER, ASKER)},
    }


@contextmanager
def meddled(world: World, *targets: str) -> Iterator[dict[str, Meddler]]:
    """A proxy before each of these processes, and the settings of the others pointed at it; `client` stands before the submitting node."""
    folder = world.folder
    ports = {"register": world.ports.register, **{f"houder-{n}": world.ports.holder(n) for n in HOLDERS}}
    callers = {code: folder / f"node-{code}" / "tls" for code in (SUBMITTER, ASKER)}
    authority = folder / "uitgever" / "uitgever.pem"
    with ExitStack() as stack:
        found: dict[str, Meddler] = {}
        for name in targets:
            proxy = (
                Meddler("client", world.ports.node(SUBMITTER))
                if name == "client"
                else Meddler(
                    name, ports[name], identity=folder / name / "tls", callers=callers, authority=authority
                )
            )
            found[name] = stack.enter_context(proxy.running())
        for code in (SUBMITTER, ASKER):
            redirect(folder / f"node-{code}", {one.stands_for: one.url for one in found.values()})
        yield found
        faults = [fault for one in found.values() for fault in one.faults]
        assert not faults, faults


def redirect(home: Path, addresses: Mapping[str, str]) -> None:
    """Let one process find others elsewhere, from its next start."""
    for settings in home.rglob("*.toml"):
        text = settings.read_text(encoding="utf-8")
        for old, new in addresses.items():
            text = text.replace(f'"{old}"', f'"{new}"')
        settings.write_text(text, encoding="utf-8")

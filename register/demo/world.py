# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A whole register on one machine: files, certificates, keys, settings, and real processes over loopback.

`build` makes everything a process needs, each in its own folder with its own certificate and secrets; `World` starts and stops the processes. The
processes are the same as anywhere else: nothing here reaches into them, it only runs `signaalregister` commands and speaks HTTP. Used by the
demo and by the scenario tests.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from audit.cosignature import PolicyWitness, Witness, WitnessPolicy
from audit.note import Signer, Verifier
from process.moments import Randomness
from process.peer import Peer
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from register.demo.certificates import Authority, Issued
from register.demo.plan import (
    CONTROL,
    HOLDERS,
    KEYSET,
    LOG_ORIGIN,
    MUNICIPALITIES,
    NEIGHBOURS,
    PARTNERS,
    PEOPLE,
    WITNESS_BY_FILE,
    WITNESSES,
    Person,
    Ports,
    oin,
)

_START_SECONDS = 180.0
_STOP_SECONDS = 15.0
_NODES = tuple(f"node-{code}" for code in MUNICIPALITIES)
_COMMAND = (sys.executable, "-m", "process")


class WorldError(RuntimeError):
    """A part of the exercise did not start or did not do its work; the text says which, and what it said."""


@dataclass
class World:
    """The processes of one exercise.

    Attributes:
        folder: where all its files are.
        ports: where it listens.
        passwords: name of an account -> password.
        program: what starts a process; a bench puts a stopwatch in it.
        witnessed: whether FG's are witnesses of the log.
    """

    folder: Path
    ports: Ports
    passwords: dict[str, str] = field(repr=False)
    program: tuple[str, ...] = _COMMAND
    witnessed: bool = False
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, repr=False)

    @property
    def register_pages(self) -> str:
        """Where FG and TMM sign in."""
        return f"http://127.0.0.1:{self.ports.register_pages}"

    def node(self, organisation: str) -> str:
        """Where the people of a municipality sign in."""
        return f"http://127.0.0.1:{self.ports.node(organisation)}"

    @property
    def log_vkey(self) -> str:
        """The key with which the log's checkpoints verify."""
        return (self.folder / "signer" / "signer.vkey").read_text(encoding="utf-8").strip()

    @property
    def receipt_vkeys(self) -> list[str]:
        """The keys with which the receipts of the key holders verify, holder 1 first."""
        files = (self.folder / f"houder-{index}" / "kwitantie.vkey" for index in HOLDERS)
        return [file.read_text(encoding="utf-8").strip() for file in files]

    def move_clock(self, moment: datetime) -> None:
        """Set the clock of all processes; it runs on from there."""
        clock = self.folder / "klok"
        fresh = clock.with_suffix(".nieuw")
        fresh.write_text(moment.isoformat(), encoding="ascii")
        fresh.replace(clock)

    def names(self) -> tuple[str, ...]:
        """Every process, in the order of starting."""
        return (
            "signer",
            *(f"houder-{index}" for index in HOLDERS),
            *(f"getuige-{code}" for code in WITNESSES if self.witnessed),
            "register",
            *(f"node-{code}" for code in MUNICIPALITIES),
        )

    def partners(self) -> tuple[str, ...]:
        """The nodes of partners; they need `prepare_partners` first, and start after the others."""
        return tuple(f"node-{code}" for code in PARTNERS)

    def start(self, names: Iterable[str]) -> None:
        """Start processes together and wait until each listens.

        Raises:
            WorldError: one of them did not get there.
        """
        started = list(names)
        for name in started:
            self._start(name)
        deadline = time.monotonic() + _START_SECONDS
        for name in started:
            self._wait(name, deadline)

    def stop(self, name: str) -> None:
        """Stop one process, as an administrator would."""
        process = self._running.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self, name: str) -> None:
        """End one process as a power cut would: nothing is finished, nothing is flushed. `start` brings it back."""
        process = self._running.pop(name)
        # Its own session, so its own group: what it started goes with it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        """Stop everything that runs; safe to call twice."""
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for name in list(self._running):
            self.stop(name)

    def alive(self) -> dict[str, bool]:
        """Which of the started processes still run."""
        return {name: process.poll() is None for name, process in self._running.items()}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `signaalregister` command to its end; never raises for its exit code."""
        return subprocess.run(  # noqa: S603 - our own command
            [*_COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=300
        )

    def as_person(self, person: Person) -> tuple[str, ...]:
        """The options with which a node command signs in as this person."""
        secret = self.folder / "accounts" / person.name
        return (
            "--url",
            self.node(person.organisation),
            "--officer",
            person.name,
            "--password-file",
            str(secret),
        )

    def _start(self, name: str) -> None:
        kind, _dash, _rest = name.partition("-")
        program = {"houder": "keyholder", "getuige": "witness"}.get(kind, kind)
        home = self.folder / name
        log = (home / "uitvoer").open("wb")
        arguments = (
            program,
            "serve",
            "--settings",
            str(home / "instellingen.toml"),
            "--clock-file",
            str(self.folder / "klok"),
        )
        self._running[name] = self._begin(list(arguments), log)
        log.close()

    def _begin(self, arguments: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """A process of its own session, so that it can be ended with whatever it starts."""
        return subprocess.Popen(  # noqa: S603 - our own command
            [*self.program, *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _wait(self, name: str, deadline: float) -> None:
        listeners = 2 if name == "register" else 1
        output = self.folder / name / "uitvoer"
        while output.read_bytes().count(b"klaar: ") < listeners:
            if self._running[name].poll() is not None or time.monotonic() > deadline:
                raise WorldError(
                    _("{naam} is niet gestart:\n{uitvoer}").format(
                        naam=name, uitvoer=output.read_text("utf-8", "replace")[-2000:]
                    )
                )
            time.sleep(0.05)


def require_free(ports: Ports) -> None:
    """Refuse to begin when a port is taken.

    Raises:
        SettingsError: names the first one.
    """
    for port in ports.all():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise SettingsError(
                    _(
                        "Poort {poort} is al in gebruik. Sluit het andere programma, of kies andere poorten met --port-base."
                    ).format(poort=port)
                ) from None


def build(  # noqa: PLR0913 - what a world is made of
    folder: Path,
    ports: Ports,
    moment: datetime,
    *,
    certificates_from: datetime,
    randomness: Randomness,
    extra: Mapping[str, Mapping[str, object]] | None = None,
    keys: Callable[[World], Mapping[int, Path]] | None = None,
    reserves: Sequence[int] = (),
    witnessed: bool = False,
) -> World:
    """Hold the ceremony and write every file of the exercise.

    Args:
        folder: empty or absent.
        ports: where the processes will listen.
        moment: the time of the exercise.
        certificates_from: now, by the real clock: TLS knows no exercise.
        randomness: for secrets and passwords.
        extra: name of a process -> settings over those of the exercise, such as a `database_url` on PostgreSQL.
        keys: makes the keyset, `ceremonie/sleutelset.json`, and says where the share of each holder is; a dealer makes it otherwise.
        reserves: numbers of key holders that have everything but a share.
        witnessed: with witnesses of the log, which register and nodes then count.

    Raises:
        WorldError: a step failed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = Authority(folder / "uitgever", certificates_from)
    passwords = {one.name: _password(randomness) for one in (*PEOPLE, *NEIGHBOURS)}
    world = World(folder, ports, passwords, witnessed=witnessed)
    world.move_clock(moment)
    _accounts(world)
    shares = (keys or _dealt)(world)
    _must(world.command("signer", "keygen", "--name", LOG_ORIGIN, "--out", str(folder / "signer")))
    for index in (*HOLDERS, *reserves):
        _must(world.command("keyholder", "receipt-key", "--name", f"houder{index}.example/oefening", "--out", str(folder / f"houder-{index}")))  # fmt: skip
        _holder(world, authority, index, shares.get(index))
    _signer(world, authority)
    _register(world, authority, randomness)
    fingerprint = _fingerprint(folder / "ceremonie" / "sleutelset.json")
    for organisation in (*MUNICIPALITIES, *PARTNERS):
        _node(world, authority, organisation, fingerprint, moment, randomness)
    if witnessed:
        _witnesses(world)
    for name, values in (extra or {}).items():
        change_settings(world, name, values)
    return world


def _dealt(world: World) -> Mapping[int, Path]:
    _must(world.command("keyholder", "ceremony", "deal", "--profile", "oefening", "--keyset", KEYSET, "--threshold", "2", "--holders", "3", "--out", str(world.folder / "ceremonie")))  # fmt: skip
    return {index: world.folder / "ceremonie" / f"houder-{index}" / "aandeel.json" for index in HOLDERS}


def change_settings(world: World, name: str, values: Mapping[str, object]) -> None:
    """Give a process other settings; they count from its next start. Values are texts, numbers, truths, lists and tables of those."""
    file = world.folder / name / "instellingen.toml"
    known = tomllib.loads(file.read_text(encoding="utf-8"))
    lines = [f"{key} = {_toml(value)}" for key, value in {**known, **values}.items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def prepare(world: World, municipalities: Iterable[str] = MUNICIPALITIES) -> None:
    """Make accounts and controls, each with the command of its process: those of the register and of these municipalities.

    Raises:
        WorldError: a command refused.
    """
    _prepare(world, ["register", *(f"node-{code}" for code in municipalities)])


def prepare_partners(world: World) -> None:
    """Make the accounts at the nodes of partners.

    Raises:
        WorldError: a command refused.
    """
    _prepare(world, world.partners())


def _prepare(world: World, homes: Sequence[str]) -> None:
    with ThreadPoolExecutor() as together:
        done = list(together.map(lambda home: world.command(*_preparation(world, home)), homes))
    for home, one in zip(homes, done, strict=True):
        if one.returncode != 0:
            raise WorldError(f"{home}: {one.stderr}")


def _preparation(world: World, home: str) -> list[str]:
    folder = world.folder / home
    return [
        home.partition("-")[0],
        "prepare",
        "--settings",
        str(folder / "instellingen.toml"),
        "--records",
        str(folder / "begin.yaml"),
        "--clock-file",
        str(world.folder / "klok"),
    ]


def _password(randomness: Randomness) -> str:
    return f"oefen-{randomness(9).hex()}"


def _accounts(world: World) -> None:
    for person in (*PEOPLE, *NEIGHBOURS):
        write_secret(world.folder / "accounts" / person.name, world.passwords[person.name].encode())


def _must(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise WorldError(f"{' '.join(done.args[3:5])}: {done.stderr.strip() or done.stdout.strip()}")


def _settings(home: Path, issued: Issued, values: Mapping[str, object]) -> None:
    common = {
        "profile": "oefening",
        "host": "127.0.0.1",
        "tls_certificate": str(issued.certificate),
        "tls_key": str(issued.key),
        "tls_authorities": str(issued.authorities),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in {**common, **values}.items()]
    (home / "instellingen.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _home(world: World, authority: Authority, name: str, peer: Peer) -> tuple[Path, Issued]:
    home = world.folder / name
    return home, authority.issue(peer, home / "tls")


def _keygen(world: World, name: str, home: Path) -> None:
    log = str(world.folder / "signer" / "signer.vkey")
    _must(world.command("witness", "keygen", "--name", name, "--log", log, "--out", str(home)))


def _witnesses(
    world: World,
    counting: Sequence[str] = _NODES,
    keygen: Callable[[World, str, Path], None] = _keygen,
) -> None:
    """A witness for each FG that has one, and the list by which the register, and the nodes that are `counting`, count them."""
    found = []
    for organisation in (*WITNESSES, WITNESS_BY_FILE):
        label = f"fg-{organisation.lower()}"
        home = world.folder / f"getuige-{organisation}"
        keygen(world, f"{label}.example/getuige", home)
        served = organisation in WITNESSES
        port = {"port": world.ports.witness(organisation)} if served else {}
        change_settings(world, home.name, {"profile": "oefening", **port})
        key = Witness.from_vkey((home / "witness.vkey").read_text(encoding="utf-8"))
        url = f"http://127.0.0.1:{world.ports.witness(organisation)}" if served else None
        found.append(PolicyWitness(label, key, url))
    policy = WitnessPolicy(tuple(found), 2, Verifier.from_vkey(world.log_vkey))
    file = world.folder / "getuigen.txt"
    file.write_text(policy.text, encoding="utf-8")
    for name in ("register", *counting):
        change_settings(world, name, {"witness_policy_file": str(file)})


def _holder(world: World, authority: Authority, index: int, share: Path | None) -> None:
    organisation = f"HOUDER{index}"
    home, issued = _home(
        world, authority, f"houder-{index}", Peer("keyholder", organisation, oin(organisation))
    )
    ceremony = world.folder / "ceremonie"
    if share is not None:
        # A holder gets its own share and no other.
        share.replace(home / "aandeel.json")
    values = {
        "port": world.ports.holder(index),
        "keyset_file": str(ceremony / "sleutelset.json"),
        "share_file": str(home / "aandeel.json"),
        "receipt_key_file": str(home / "kwitantie.key"),
        "database_file": str(home / "tellers.sqlite"),
    }
    _settings(home, issued, values)


def _holder_urls(world: World) -> list[str]:
    return [f"https://127.0.0.1:{world.ports.holder(index)}" for index in HOLDERS]


def _signer(world: World, authority: Authority) -> None:
    home, issued = _home(world, authority, "signer", Peer("signer", "ONDERTEKENAAR", oin("ONDERTEKENAAR")))
    values = {
        "port": world.ports.signer,
        "signing_key": str(home / "signer.key"),
        "state": str(home / "signer.db"),
    }
    _settings(home, issued, values)


def _register(world: World, authority: Authority, randomness: Randomness) -> None:
    home, issued = _home(world, authority, "register", Peer("register", "REGISTER", oin("REGISTER")))
    for name in ("opzoeksleutel", "verzegelsleutel"):
        write_secret(home / name, randomness(32))
    receipts = Signer(f"{LOG_ORIGIN}/ontvangst", Secret(randomness(32)))
    write_secret(home / "ontvangstsleutel", receipts.skey.reveal())
    (world.folder / "ontvangst.vkey").write_text(receipts.verifier.vkey + "\n", encoding="utf-8")
    values = {
        "port": world.ports.register,
        "people_port": world.ports.register_pages,
        "database_file": str(home / "register.sqlite"),
        "payload_keys_file": str(home / "logsleutels.sqlite"),
        "tag_key_file": str(home / "opzoeksleutel"),
        "sealing_key_file": str(home / "verzegelsleutel"),
        "receipt_key_file": str(home / "ontvangstsleutel"),
        "log_origin": LOG_ORIGIN,
        "log_vkey": world.log_vkey,
        "signer_url": f"https://127.0.0.1:{world.ports.signer}",
        "checkpoint_seconds": 1.0,
        "keyset": KEYSET,
        "epoch": 1,
        "keyset_fingerprint": _fingerprint(world.folder / "ceremonie" / "sleutelset.json"),
        "keyholder_urls": _holder_urls(world),
        "keyholder_receipt_keys": world.receipt_vkeys,
    }
    _settings(home, issued, values)
    listed = [
        f"  - {{organisation: {one.organisation}, name: {one.name}, officer: {one.officer}, role: {one.role}, password_file: ../accounts/{one.name}}}"
        for one in PEOPLE
        if one.at_register
    ]
    (home / "begin.yaml").write_text("accounts:\n" + "\n".join(listed) + "\n", encoding="utf-8")


def _node(  # noqa: PLR0913, PLR0917 - what a node is made of
    world: World,
    authority: Authority,
    organisation: str,
    fingerprint: str,
    moment: datetime,
    randomness: Randomness,
) -> None:
    home, issued = _home(
        world, authority, f"node-{organisation}", Peer("node", organisation, oin(organisation))
    )
    _tenant(world, home / "organisaties", organisation, issued, randomness)
    values = {
        "port": world.ports.node(organisation),
        "tenants_folder": str(home / "organisaties"),
        "register_url": f"https://127.0.0.1:{world.ports.register}",
        "register_receipt_key_file": str(world.folder / "ontvangst.vkey"),
        "register_log_key_file": str(world.folder / "signer" / "signer.vkey"),
        "keyholder_urls": _holder_urls(world),
        "keyholder_receipt_keys": world.receipt_vkeys,
        "keyset_file": str(world.folder / "ceremonie" / "sleutelset.json"),
        "keyset_fingerprint": fingerprint,
        "database_file": str(home / "node.sqlite"),
    }
    _settings(home, issued, values)
    accounts = [
        f"  - {{naam: {one.name}, rol: {one.role}, medewerker: {one.officer}, wachtwoordBestand: ../accounts/{one.name}}}"
        for one in PEOPLE
        if one.organisation == organisation and (organisation in PARTNERS or not one.at_register)
    ]
    control = (
        f"  - {{nummer: {CONTROL}, waarnemingGrondslag: apv_seksinrichting_151a, controlesoort: prostitutiecontrole_vergund,"
        f" plaats: {organisation}, gepland: true, dag: {moment.date().isoformat()}}}"
    )
    # A partner asks in a case of its own, and opens no control.
    lines = ["accounts:", *accounts, *([] if organisation in PARTNERS else ["controles:", control])]
    (home / "begin.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _tenant(world: World, tenants: Path, organisation: str, issued: Issued, randomness: Randomness) -> None:
    """The folder of one organisation at its node; the private recovery key goes elsewhere, as it would in life."""
    home = tenants / organisation
    for name in ("dossiersleutel", "sessiesleutel"):
        write_secret(home / name, randomness(32))
    recovery = X25519PrivateKey.from_private_bytes(randomness(32))
    write_secret(
        world.folder / "kluis" / f"herstel-{organisation}.pem",
        recovery.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    (home / "herstel.pem").write_bytes(
        recovery.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    values = {
        "organisation": organisation,
        "tls_certificate": str(issued.certificate),
        "tls_key": str(issued.key),
        "seal_key_file": "dossiersleutel",
        "session_key_file": "sessiesleutel",
        "recovery_key_file": "herstel.pem",
        "fg_contact": f"fg-{organisation.lower()}@example.nl",
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    (home / "tenant.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _fingerprint(keyset: Path) -> str:

    return sha256(keyset.read_bytes()).hexdigest()

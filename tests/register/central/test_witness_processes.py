# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The log and its witnesses as real processes over loopback: a signer, a register and two witnesses; every leaf is a refusal to a node."""

import os
import sqlite3
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from audit.cosignature import WitnessPolicy, open_cosigned
from audit.note import Verifier
from audit.signer.app import make_key as make_signer
from audit.signer.app import read_signer
from audit.signer.store.state import SignerState
from audit.witness.app import make_key
from audit.witness.cli import witness as witness_command
from audit.witnessing import Offer
from process.peer import Peer
from process.serving.clock import system_clock
from register.demo.certificates import Authority
from register.demo.plan import LOG_ORIGIN, MOMENT, oin
from register.demo.world import World, _register, _signer, _witnesses, change_settings
from tests.exercise import claimed_ports
from tests.receipts import VKEYS

EAST, WEST = "getuige-GM9001", "getuige-GM9002"
PROCESSES = ("signer", EAST, WEST, "register")
PATIENCE = 60.0


class Exercise:
    """The four processes, and how they look from outside."""

    def __init__(self, world: World, node: httpx.Client) -> None:
        self.world = world
        self.log = Verifier.from_vkey(world.log_vkey)
        self.policy = WitnessPolicy.from_text((world.folder / "getuigen.txt").read_bytes())
        self._node = node
        self._anyone = httpx.Client(base_url=world.register_pages, trust_env=False)

    def grow(self, by: int = 1) -> None:
        """Leaves: what is refused to a node stands in the log."""
        for _one in range(by):
            assert self._node.get("/v1/treffers").status_code == 400

    def get(self, path: str) -> httpx.Response:
        return self._anyone.get(path)

    def standing(self) -> Any:
        return self.get("/v1/logboek/getuigen").json()

    def until(self, true: Callable[[Any], bool]) -> Any:
        """How the witnesses stand, as soon as something is so."""
        deadline = time.monotonic() + PATIENCE
        while not true(found := self.standing()):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def add(self, name: str, body: bytes | Iterator[bytes]) -> httpx.Response:
        """A request to a witness itself."""
        return httpx.post(f"{self.address(name)}/add-checkpoint", content=body, trust_env=False)

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.world.ports.witness(name.partition('-')[2])}"

    def close(self) -> None:
        self._node.close()
        self._anyone.close()


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    folder = tmp_path_factory.mktemp("getuigen")
    with claimed_ports() as ports:
        world = World(folder, ports, {}, witnessed=True)
        world.move_clock(MOMENT)
        authority = Authority(folder / "uitgever", system_clock())
        make_signer(LOG_ORIGIN, folder / "signer")
        pretend_holders(folder)
        _signer(world, authority)
        _register(world, authority, os.urandom)
        _witnesses(world, (), keygen)
        change_settings(world, "register", {"answer_step_ms": 50})
        found = Exercise(world, as_node(world, authority))
        world.start(PROCESSES)
        # A job of the register leaves the first leaf, at a moment of its own.
        found.until(lambda one: one["genoeg"])
        yield found
        found.close()
        world.stop_all()


def keygen(world: World, name: str, home: Path) -> None:
    """Without a process of its own: what that does, other tests tell."""
    make_key(name, home, [Verifier.from_vkey(world.log_vkey)])


def pretend_holders(folder: Path) -> None:
    """Nobody asks a key holder here; the register wants to know their keys all the same."""
    (folder / "ceremonie").mkdir()
    (folder / "ceremonie" / "sleutelset.json").write_text("{}")
    for index, vkey in enumerate(VKEYS, start=1):
        (folder / f"houder-{index}").mkdir()
        (folder / f"houder-{index}" / "kwitantie.vkey").write_text(vkey)


def as_node(world: World, authority: Authority) -> httpx.Client:
    issued = authority.issue(Peer("node", "GM9001", oin("GM9001")), world.folder / "node-GM9001" / "tls")
    context = ssl.create_default_context(cafile=str(issued.authorities))
    context.load_cert_chain(issued.certificate, issued.key)
    return httpx.Client(
        base_url=f"https://127.0.0.1:{world.ports.register}", verify=context, timeout=30, trust_env=False
    )


@pytest.fixture
def calm(exercise: Exercise) -> Exercise:
    """All four run, and both witnesses vouch for the newest checkpoint."""
    before = exercise.standing().get("omvang", 0)
    exercise.grow()
    exercise.until(lambda found: found["bevestigd"] == 2 and found["omvang"] > before)
    return exercise


def test_two_witnesses_cosign_what_the_signer_signed(calm: Exercise) -> None:
    # A job of the register may have added a leaf since.
    found = calm.until(lambda one: one["bevestigd"] == 2)
    note = calm.get("/v1/logboek/checkpoint").text
    witnessed = open_cosigned(note, calm.log, calm.policy)
    witnessed.require()
    assert witnessed.signed == ("fg-gm9001", "fg-gm9002")
    assert calm.get("/tlog/checkpoint").text.startswith(f"{LOG_ORIGIN}\n")
    assert found["zin"].startswith("2 van de 3 getuigen bevestigden het nieuwste controlepunt")


def test_with_one_away_publishing_goes_on_as_one_of_three_and_it_comes_back_knowing_what_it_saw(
    calm: Exercise,
) -> None:
    before = calm.standing()["omvang"]
    calm.world.kill(WEST)
    calm.grow(2)
    found = calm.until(lambda one: one["omvang"] >= before + 2 and one["bevestigd"] == 1)
    assert (found["genoeg"], found["omvangGenoeg"]) == (False, before)
    assert [one["zei"] for one in found["getuigen"]] == ["bevestigd", "weg", "nog-niets"]
    enough = calm.get("/v1/logboek/checkpoint?getuigen=genoeg").text
    assert open_checkpoint(enough, calm.log).size == before
    # Too few for longer than the patience is told, also to whoever looks at the health of the process.
    calm.world.move_clock(MOMENT + timedelta(minutes=30))
    (worry,) = calm.until(lambda one: bool(one["zorgen"]))["zorgen"]
    assert "1 van de 3 getuigen" in worry
    assert "fg-gm9002" in worry
    assert worry in calm.get("/gezondheid/klaar").json()["zorgen"]
    calm.world.start([WEST])
    back = calm.until(lambda one: one["bevestigd"] == 2)
    assert back["zorgen"] == []
    # It remembers: the first size would be 0 to a witness that does not.
    assert calm.add(WEST, b"old 0\n\n" + enough.encode()).content == f"{back['omvang']}\n".encode()


def by_itself(exercise: Exercise) -> Result:
    """The witness without a server goes to the register."""
    home = exercise.world.folder / "getuige-GM9003"
    arguments = ["--log", exercise.world.register_pages, "--settings", str(home / "instellingen.toml")]
    return CliRunner().invoke(witness_command, ["cosign", *arguments])


def test_an_fg_without_a_server_fetches_and_hands_in_by_one_command(calm: Exercise) -> None:
    first = by_itself(calm)
    assert first.exit_code == 0, first.output
    assert "Het register heeft uw bevestiging gekregen." in first.output
    found = calm.standing()
    assert found["bevestigd"] == 3
    calm.grow(2)
    calm.until(lambda one: one["omvang"] >= found["omvang"] + 2)
    second = by_itself(calm)
    assert f"alle {found['omvang']} bladen die u eerder bevestigde staan er onveranderd in" in second.output


HOSTILE: dict[str, tuple[int, bytes]] = {
    "empty": (400, b""),
    "no_text": (400, b"\x00\xff" * 100),
    "huge": (400, b"old 0\n" + b"A" * (3 << 20)),
    "sixty_four_hashes": (400, b"old 1\n" + (b"A" * 43 + b"=\n") * 64 + b"\n%NOTE%"),
    "old_size_beyond_the_checkpoint": (400, b"old 999999\n\n%NOTE%"),
    "wrong_signature": (403, b"old 0\n\n%FALSE%"),
    "another_log": (404, b"old 0\n\n%OTHER%"),
    "size_zero": (409, b"old 0\n\n%NOTE%"),
    "a_proof_that_proves_nothing": (422, b"old %SIZE%\n" + b"A" * 43 + b"=\n\n%NOTE%"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_request_gets_the_status_of_the_specification_and_the_witness_lives_on(
    calm: Exercise, name: str
) -> None:
    status, body = HOSTILE[name]
    note = calm.get("/v1/logboek/checkpoint").content
    size = calm.standing()["omvang"]
    body = body.replace(b"%SIZE%", str(size).encode()).replace(b"%NOTE%", note)
    body = body.replace(b"%FALSE%", note.replace(f"\n{size}\n".encode(), f"\n{size + 1}\n".encode()))
    body = body.replace(b"%OTHER%", note.replace(LOG_ORIGIN.encode(), b"log.example/ander"))
    answer = calm.add(EAST, body)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert (answer.headers["content-type"], answer.content) == ("text/x.tlog.size", f"{size}\n".encode())
    assert httpx.get(f"{calm.address(EAST)}/gezondheid/klaar", trust_env=False).status_code == 200


def test_a_fork_handed_to_the_witness_itself_is_refused(calm: Exercise) -> None:
    size = calm.standing()["omvang"]
    forged = Checkpoint(LOG_ORIGIN, size, bytes(32))
    note = sign_checkpoint(forged, read_signer(calm.world.folder / "signer" / "signer.key"))
    answer = calm.add(EAST, Offer(size, (), note).body.encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "tegenspraak")


def backup(folder: Path, to: Path) -> None:
    with sqlite3.connect(folder / "register.sqlite") as source, sqlite3.connect(to) as copy:
        source.backup(copy)


def restore(world: World, copy: Path) -> None:
    """What an administrator does with a backup; the caller has stopped the register."""
    for beside in ("-wal", "-shm"):
        (world.folder / "register" / f"register.sqlite{beside}").unlink(missing_ok=True)
    (world.folder / "register" / "register.sqlite").write_bytes(copy.read_bytes())


def test_a_backup_that_is_put_back_and_then_a_fork_with_the_log_s_own_key_are_told_by_name(
    calm: Exercise, tmp_path: Path
) -> None:
    world = calm.world
    backup(world.folder / "register", tmp_path / "kopie.sqlite")
    before = calm.standing()["omvang"]
    calm.grow(3)
    seen = calm.until(lambda one: one["bevestigd"] == 2 and one["omvang"] >= before + 3)["omvang"]
    assert by_itself(calm).exit_code == 0
    world.stop("register")
    restore(world, tmp_path / "kopie.sqlite")
    world.start(["register"])
    found = calm.until(lambda one: [row["zei"] for row in one["getuigen"]][:2] == ["terugval", "terugval"])
    assert found["omvang"] < seen
    for label, worry in zip(("fg-gm9001", "fg-gm9002"), found["zorgen"], strict=True):
        assert f"Getuige {label} zag eerder {seen} bladen" in worry
        assert "teruggezet" in worry
    third = by_itself(calm)
    assert third.exit_code == 1
    assert "NIET bevestigd. Het register heeft niet meer wat u eerder bevestigde" in third.output
    # The signer is set back along with the register: the two together can make a second history.
    note = calm.get("/v1/logboek/checkpoint").text
    world.stop("signer")
    for file in (world.folder / "signer").glob("signer.db*"):
        file.unlink()
    state = SignerState.create(world.folder / "signer" / "signer.db")
    state.advance(lambda _last: (found["omvang"], note), MOMENT)
    state.close()
    world.start(["signer"])
    calm.grow(seen)
    found = calm.until(
        lambda one: [row["zei"] for row in one["getuigen"]][:2] == ["tegenspraak", "tegenspraak"]
    )
    assert found["bevestigd"] == 0
    assert all("andere geschiedenis" in worry for worry in found["zorgen"][:2])
    forged = open_checkpoint(calm.get("/v1/logboek/checkpoint").text, calm.log)
    assert forged.size > 0
    # Each witness keeps what it was shown, and says so to its FG; proven by itself it would be with another root of the very size that it confirmed.
    for name in (EAST, WEST):
        settings = str(world.folder / name / "instellingen.toml")
        told = CliRunner().invoke(witness_command, ["status", "--settings", settings])
        assert told.exit_code == 1
        assert "NIET BEWEZEN op 2026-11-20" in told.output

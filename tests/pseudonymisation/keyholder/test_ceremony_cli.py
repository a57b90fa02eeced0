# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the commands of a ceremony: broken off anywhere they go on, and what must not be is refused with a way forward."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from process.problem import Refusal
from process.secret import Secret
from process.serving import files
from process.serving.errors import SettingsError
from pseudonymisation import base64url, envelope
from pseudonymisation.ceremony import parse_keyset
from pseudonymisation.dealing import parse_dealing
from pseudonymisation.joint import Stage
from pseudonymisation.keyholder.ceremony.folder import Home
from pseudonymisation.keyholder.cli import keyholder
from pseudonymisation.opening import parse_opening
from pseudonymisation.shares import read_share
from pseudonymisation.statement import signed
from pseudonymisation.vault import KeyVault

SOURCE = random.Random(131).randbytes
UNTIL = "2026-03-04T09:00:00+0000"


class Killed(BaseException):
    """The power went."""


class World:
    """Three parties, a shared folder and a clock, on one disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shared = folder / "gedeeld"
        self.clock = folder / "klok"
        self.time("2026-03-02T09:00:00+00:00")
        for index in (1, 2, 3):
            key = folder / f"kluis-{index}.key"
            key.write_bytes(random.Random(index).randbytes(32))
            key.chmod(0o600)

    def time(self, moment: str) -> None:
        self.clock.write_text(moment)

    def home(self, index: int) -> Path:
        return self.folder / f"partij-{index}"

    def vault(self, index: int) -> KeyVault:
        return KeyVault(Secret((self.folder / f"kluis-{index}.key").read_bytes()), SOURCE)

    def lock(self, index: int) -> list[str]:
        return ["--home", str(self.home(index)), "--vault-file", str(self.folder / f"kluis-{index}.key")]

    def run(self, *arguments: str) -> str:
        """Give a command; a refusal or a setting that is wrong is raised."""
        result = CliRunner().invoke(keyholder, ["ceremony", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    def stage(self, command: str, index: int, *more: str) -> str:
        places = ["--shared", str(self.shared), "--clock-file", str(self.clock)]
        return self.run(command, *self.lock(index), *places, *more)

    def identities(self) -> list[str]:
        """Every party's keys; gives the options that name them."""
        named: list[str] = []
        for index in (1, 2, 3):
            told = self.run("identity", f"HOUDER{index}", *self.lock(index))
            named += ["--participant", str(self.home(index) / "deelnemer.json"), told.split()[-1]]
        return named

    def opened(self, named: list[str], *more: str) -> str:
        """Open; gives the fingerprint."""
        wanted = ["--keyset", "proef", "--profile", "oefening", "--until", UNTIL, *named, *more]
        return self.stage("open", 1, *wanted).splitlines()[0].split()[-1]

    def up_to(self, last: str) -> "World":
        fingerprint = self.opened(self.identities())
        for command in ("commit", "reveal", "approve", "sign"):
            for index in (1, 2, 3):
                self.stage(command, index, *(["--fingerprint", fingerprint] if command == "commit" else []))
            if command == last:
                break
        return self

    def share(self, index: int) -> Any:
        keyset = parse_keyset((self.shared / "sleutelset.json").read_bytes())
        data = Secret((self.home(index) / "aandeel.json").read_bytes())
        return read_share(data, keyset, "oefening", self.vault(index))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return World(tmp_path_factory.mktemp("vast")).up_to("commit").folder


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return World(tmp_path_factory.mktemp("goed")).up_to("approve").folder


def copied(folder: Path, to: Path) -> World:
    """A ceremony that is under way, to go on with."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return World(to)


def refused(act: Callable[[], object], sentence: str) -> Refusal:
    """What the command said no with: one sentence, and a way forward."""
    with pytest.raises(Refusal) as found:
        act()
    assert found.value.code == "ceremonie"
    assert sentence in found.value.detail, found.value.detail
    assert "\n" not in found.value.detail
    assert found.value.way_forward
    return found.value


# ---- Broken off anywhere --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_ceremony_that_is_killed_at_every_write_ends_as_if_nothing_had_happened(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,  # noqa: FBT001 - a parameter of this test
) -> None:
    really = files._write
    left = [0]

    def write(path: Path, content: bytes, mode: int) -> None:
        if left[0] == 0 and not after:
            raise Killed
        really(path, content, mode)
        if left[0] == 0:
            raise Killed
        left[0] -= 1

    monkeypatch.setattr(files, "_write", write)
    kills = 0

    def stubborn(act: Callable[[], str]) -> str:
        """Do it again until it is done; each attempt gets one write further than the one before."""
        nonlocal kills
        for allowed in range(20):
            left[0] = allowed
            try:
                return act()
            except Killed:
                kills += 1
        raise AssertionError("never done")

    named: list[str] = []
    for index in (1, 2, 3):
        told = stubborn(lambda i=index: world.run("identity", f"HOUDER{i}", *world.lock(i)))  # type: ignore[misc]  # bound now
        named += ["--participant", str(world.home(index) / "deelnemer.json"), told.split()[-1]]
    fingerprint = stubborn(lambda: world.opened(named))
    seen: dict[Path, bytes] = {}
    for command in ("commit", "reveal", "approve", "sign", "sign"):
        for index in (1, 2, 3):
            stubborn(lambda c=command, i=index: world.stage(c, i, "--fingerprint", fingerprint))  # type: ignore[misc]  # bound now
            now = {path: path.read_bytes() for path in world.shared.glob("[!.]*")}
            assert now.items() >= seen.items()
            seen = now
    assert kills > 30
    assert [world.share(index).holder for index in (1, 2, 3)] == [1, 2, 3]
    assert world.run("verify", "--shared", str(world.shared), "--fingerprint", fingerprint)
    assert not [path for path in world.folder.rglob(".*.nieuw") if path.parent != world.shared]


def test_a_stage_that_is_given_twice_makes_the_same_file(approved: Path, tmp_path: Path) -> None:
    world = copied(approved, tmp_path)
    before = {path: path.read_bytes() for path in world.folder.rglob("*.json")}
    for command in ("commit", "reveal", "approve"):
        world.stage(command, 2)
    after = {path: path.read_bytes() for path in world.folder.rglob("*.json")}
    assert after.items() >= before.items()
    # What is new is what this party took in of the others.
    assert {path.name for path in after.keys() - before.keys()} == {"goedkeuring-houder-3.json"}


def test_identities_and_openings_that_are_made_twice_are_the_same(world: World) -> None:
    assert world.identities() == (named := world.identities())
    assert world.opened(named) == world.opened(named)


# ---- What is refused ------------------------------------------------------------------------------------------------


def test_a_secret_is_never_made_without_a_lock(world: World) -> None:
    refused(
        lambda: world.run("identity", "HOUDER1", "--home", str(world.home(1))), "geen wachtzin en geen kluis"
    )
    assert not world.home(1).exists()


def test_a_lock_in_the_folder_that_it_opens_is_refused(world: World) -> None:
    key = world.home(1) / "kluis.key"
    key.parent.mkdir()
    key.write_bytes(SOURCE(32))
    key.chmod(0o600)
    with pytest.raises(SettingsError, match="in dezelfde map"):
        world.run("identity", "HOUDER1", "--home", str(world.home(1)), "--vault-file", str(key))


def test_a_name_that_no_organisation_has_is_refused(world: World) -> None:
    refused(lambda: world.run("identity", "Houder Eén", *world.lock(1)), "letters, cijfers of streepjes")


def test_keys_of_another_party_are_not_taken_for_this_one(world: World) -> None:
    world.identities()
    refused(lambda: world.run("identity", "HOUDER9", *world.lock(1)), "de sleutels van HOUDER1")


def test_a_participant_whose_fingerprint_differs_is_refused_and_nothing_is_opened(world: World) -> None:
    named = world.identities()
    named[5] = "0" * 64
    found = refused(lambda: world.opened(named), "HOUDER2 heeft een andere vingerafdruk")
    assert "Bel HOUDER2" in found.way_forward
    assert not world.shared.exists()


def test_a_participant_whose_file_is_not_there_is_told_by_its_path(world: World) -> None:
    named = world.identities()
    named[4] = str(world.folder / "weg.json")
    refused(lambda: world.opened(named), "weg.json is niet te lezen")


def test_another_ceremony_in_the_same_folder_is_refused(world: World) -> None:
    named = world.identities()
    world.opened(named)
    refused(lambda: world.opened(named, "--threshold", "3"), "al een andere ceremonie")


def test_a_threshold_of_one_is_refused(world: World) -> None:
    named = world.identities()
    refused(lambda: world.opened(named, "--threshold", "1"), "drempel")
    assert not (world.shared / "opening.json").exists()


def test_an_opening_is_joined_only_after_its_fingerprint_was_compared(world: World) -> None:
    fingerprint = world.opened(world.identities())
    found = refused(lambda: world.stage("commit", 2), "nog niet door u vergeleken")
    assert fingerprint in found.way_forward
    refused(lambda: world.stage("commit", 2, "--fingerprint", "0" * 64), "een andere vingerafdruk")
    world.stage("commit", 2, "--fingerprint", fingerprint.upper())
    assert "Nog nodig: de toezegging van HOUDER1, HOUDER3" in world.stage("commit", 2)


def test_a_stage_in_a_folder_without_an_opening_is_refused(world: World) -> None:
    world.identities()
    refused(lambda: world.stage("commit", 2), "geen opening")


def test_nobody_shows_a_dealing_before_all_have_committed(world: World) -> None:
    fingerprint = world.opened(world.identities())
    world.stage("commit", 1, "--fingerprint", fingerprint)
    refused(lambda: world.stage("reveal", 1), "nog geen toezegging van HOUDER2, HOUDER3")
    assert not list(world.shared.glob("onthulling-*"))


def test_a_commitment_that_was_replaced_after_it_was_seen_is_refused(committed: Path, tmp_path: Path) -> None:
    world = copied(committed, tmp_path)
    path = world.shared / Stage.COMMITMENT.file(2)
    members = json.loads(path.read_bytes())
    del members["handtekening"]
    keys = Home(world.home(2)).keys(world.vault(2))
    path.write_bytes(signed(members | {"verdeling": "0" * 64}, keys))
    refused(lambda: world.stage("reveal", 3), "HOUDER2 verving toezegging-houder-2.json")


def test_a_file_that_came_after_the_deadline_is_refused(committed: Path, tmp_path: Path) -> None:
    world = copied(committed, tmp_path)
    world.stage("reveal", 2)
    world.time("2026-03-04T09:00:01+00:00")
    refused(lambda: world.stage("reveal", 3), "onthulling-houder-2.json van HOUDER2 kwam te laat")
    (world.shared / Stage.REVEAL.file(2)).unlink()
    refused(lambda: world.stage("reveal", 3), "De termijn van deze ceremonie liep tot 04-03-2026 09:00 UTC")


def test_an_opening_with_a_deadline_in_the_past_is_refused(world: World) -> None:
    named = world.identities()
    world.time("2026-03-05T09:00:00+00:00")
    refused(lambda: world.opened(named), "al voorbij")


def test_a_keyset_that_was_swapped_in_the_shared_folder_is_noticed(approved: Path, tmp_path: Path) -> None:
    world = copied(approved, tmp_path)
    for index in (1, 2, 3, 1, 2):
        world.stage("sign", index)
    keyset = world.shared / "sleutelset.json"
    keyset.write_bytes(keyset.read_bytes().replace(b'"drempel":2', b'"drempel":3'))
    refused(lambda: world.run("verify", "--shared", str(world.shared)), "niet die van deze ceremonie")
    refused(lambda: world.stage("sign", 1), "iets anders")


def test_an_unfinished_ceremony_does_not_verify_and_says_whom_it_waits_for(
    approved: Path, tmp_path: Path
) -> None:
    world = copied(approved, tmp_path)
    world.stage("sign", 2)
    refused(
        lambda: world.run("verify", "--shared", str(world.shared)), "geen ondertekening van HOUDER1, HOUDER3"
    )


def test_a_folder_that_has_a_share_makes_no_other(approved: Path, tmp_path: Path) -> None:
    world = copied(approved, tmp_path)
    for index in (1, 2, 3, 1):
        world.stage("sign", index)
    refused(lambda: world.run("identity", "HOUDER1", *world.lock(1)), "al een aandeel")


def test_a_share_that_its_vault_does_not_open_keeps_the_keys(approved: Path, tmp_path: Path) -> None:
    world = copied(approved, tmp_path)
    for index in (1, 2, 3):
        world.stage("sign", index)
    key = world.folder / "kluis-1.key"
    key.write_bytes(SOURCE(32))
    refused(lambda: world.stage("sign", 1), "een andere kluis")
    assert Home(world.home(1)).has_keys()


def test_what_is_no_file_of_this_software_is_not_read(committed: Path, tmp_path: Path) -> None:
    world = copied(committed, tmp_path)
    (world.shared / "vakantie.json").write_bytes(b"x" * (1 << 21))
    world.stage("reveal", 1)
    (world.shared / Stage.REVEAL.file(2)).write_bytes(b"x" * (1 << 21))
    refused(lambda: world.stage("reveal", 3), "geen bestand dat deze software schreef")


# ---- Complaints -----------------------------------------------------------------------------------------------------


def spoil_dealing(world: World, dealer: int, receiver: int) -> None:
    """Before the dealer commits: another number for one receiver, under a good signature."""
    path = next(world.home(dealer).glob("sessie-*")) / "verdeling.json"
    keys = Home(world.home(dealer)).keys(world.vault(dealer))
    opening = parse_opening((world.shared / "opening.json").read_bytes())
    dealing = parse_dealing(path.read_bytes(), opening.round, keys.party)
    members = json.loads(path.read_bytes())
    del members["handtekening"]
    wrong = envelope.seal(SOURCE(32), opening.parties[receiver].sealing, dealing.info(receiver))
    members["deelaandelen"][receiver - 1]["verzegeld"] = base64url.encode(wrong)
    path.write_bytes(signed(members, keys))
    for name in (world.shared / Stage.COMMITMENT.file(dealer), path.parent / Stage.COMMITMENT.file(dealer)):
        name.unlink()


def test_a_wrong_share_ends_the_session_for_all_and_the_next_session_makes_a_key(world: World) -> None:
    fingerprint = world.opened(world.identities())
    world.stage("commit", 3, "--fingerprint", fingerprint)
    spoil_dealing(world, dealer=3, receiver=2)
    for index in (3, 1, 2):
        world.stage("commit", index, "--fingerprint", fingerprint)
    for index in (1, 2, 3):
        world.stage("reveal", index)
    world.stage("approve", 1)
    verdict = "HOUDER2 klaagt over het deelaandeel van HOUDER3; nagerekend ligt de fout bij HOUDER3"
    for index in (2, 1, 3):
        refused(lambda i=index: world.stage("approve", i), verdict)  # type: ignore[misc]  # bound now
    complaint = (world.shared / "klacht-houder-2-over-3.json").read_bytes()
    refused(lambda: world.stage("approve", 2), verdict)
    assert (world.shared / "klacht-houder-2-over-3.json").read_bytes() == complaint
    refused(lambda: world.stage("sign", 1), verdict)
    refused(lambda: world.run("verify", "--shared", str(world.shared)), verdict)
    assert not list(world.shared.glob("weerwoord-*"))
    assert not list(world.folder.rglob("aandeel.json"))

    old, world.shared = world.shared, world.folder / "opnieuw"
    named = world.identities()
    again = world.opened(named)
    assert again != fingerprint
    for index in (1, 2, 3):
        world.stage("commit", index, "--fingerprint", again)
    shutil.copy(old / Stage.REVEAL.file(2), world.shared)
    refused(lambda: world.stage("reveal", 1), "van HOUDER2 hoort bij een andere sessie")
    (world.shared / Stage.REVEAL.file(2)).unlink()
    for command in ("reveal", "approve", "sign", "sign"):
        for index in (1, 2, 3):
            world.stage(command, index)
    assert [world.share(index).holder for index in (1, 2, 3)] == [1, 2, 3]


def test_a_false_complaint_is_answered_by_its_dealer_for_everyone_to_check(
    committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = copied(committed, tmp_path)
    for index in (1, 2, 3):
        world.stage("reveal", index)
    with monkeypatch.context() as lying:
        lying.setattr("pseudonymisation.keyholder.ceremony.cli.bad_dealers", lambda *_unused: [3])
        verdict = "HOUDER2 klaagt over het deelaandeel van HOUDER3; nagerekend ligt de fout bij HOUDER2"
        refused(lambda: world.stage("approve", 2), verdict)
    refused(lambda: world.stage("approve", 3), verdict)
    answer = world.shared / "weerwoord-houder-3-aan-2.json"
    before = answer.read_bytes()
    refused(lambda: world.stage("approve", 3), verdict)
    assert answer.read_bytes() == before
    refused(lambda: world.run("verify", "--shared", str(world.shared)), verdict)
    answer.write_bytes(before.replace(b'"houder":2', b'"houder":1'))
    refused(
        lambda: world.run("verify", "--shared", str(world.shared)), "HOUDER3 onder dit bestand klopt niet"
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the commands of a ceremony: broken off anywhere they go on, and what must not be is refused with a way forward."""

import json
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from process.problem import Refusal
from process.secret import Secret
from process.serving import files
from process.serving.errors import SettingsError
from pseudonymisation import base64url, envelope
from pseudonymisation.ceremony import deal, keyset_file, parse_keyset, share_file
from pseudonymisation.dealing import parse_dealing
from pseudonymisation.joint import Record, Stage, progress
from pseudonymisation.keyholder.ceremony.folder import Home, offered
from pseudonymisation.keyholder.cli import keyholder
from pseudonymisation.opening import Proposal, open_ceremony, parse_opening
from pseudonymisation.sealing import SealingKeys, sealing_file
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
        for command in ("join", "commit", "reveal", "approve", "sign"):
            for index in (1, 2, 3):
                self.stage(command, index, *(["--fingerprint", fingerprint] if command == "join" else []))
            if command == last:
                break
        return self

    def session(self, index: int) -> Path:
        """The folder of the only session in a home."""
        (found,) = self.home(index).glob("sessie-*")
        return found

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

    def write(path: Path, content: bytes, mode: int, writer: str = "") -> None:
        if left[0] == 0 and not after:
            raise Killed
        really(path, content, mode, writer)
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
    for command in ("join", "commit", "reveal", "approve", "sign", "sign"):
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
    for command in ("join", "commit", "reveal", "approve"):
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
    found = refused(lambda: world.stage("join", 2), "nog niet door u vergeleken")
    assert fingerprint in found.way_forward
    refused(lambda: world.stage("join", 2, "--fingerprint", "0" * 64), "een andere vingerafdruk")
    world.stage("join", 2, "--fingerprint", fingerprint.upper())
    assert "Nog nodig: de zegelsleutel van HOUDER1, HOUDER3" in world.stage("join", 2)


def test_nobody_deals_before_all_have_shown_what_is_sealed_to(world: World) -> None:
    fingerprint = world.opened(world.identities())
    refused(
        lambda: world.stage("commit", 1, "--fingerprint", fingerprint),
        "geen zegelsleutel van HOUDER1, HOUDER2",
    )
    world.stage("join", 1)
    refused(lambda: world.stage("commit", 1), "nog geen zegelsleutel van HOUDER2, HOUDER3")
    assert not list(world.folder.rglob("verdeling.json"))


def test_a_stage_in_a_folder_without_an_opening_is_refused(world: World) -> None:
    world.identities()
    refused(lambda: world.stage("join", 2), "geen opening")


def test_nobody_shows_a_dealing_before_all_have_committed(world: World) -> None:
    world.up_to("join")
    world.stage("commit", 1)
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
    record = progress(Record(opening), offered(world.shared, opening), opening.until)
    dealing = parse_dealing(path.read_bytes(), record.round(dealer), keys.party)
    members = json.loads(path.read_bytes())
    del members["handtekening"]
    wrong = envelope.seal(SOURCE(32), record.sealing[receiver][dealer], dealing.info(receiver))
    members["deelaandelen"][receiver - 1]["verzegeld"] = base64url.encode(wrong)
    path.write_bytes(signed(members, keys))
    for name in (world.shared / Stage.COMMITMENT.file(dealer), path.parent / Stage.COMMITMENT.file(dealer)):
        name.unlink()


def test_a_wrong_share_ends_the_session_for_all_and_the_next_session_makes_a_key(world: World) -> None:
    world.up_to("join")
    fingerprint = parse_opening((world.shared / "opening.json").read_bytes()).fingerprint
    world.stage("commit", 3)
    spoil_dealing(world, dealer=3, receiver=2)
    for index in (3, 1, 2):
        world.stage("commit", index)
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
    # Nothing opens a share of this session any more, and what is written of it says why.
    assert not list(world.folder.rglob("zegelgeheim.json"))
    assert (world.session(1) / "einde.txt").read_text() == "gestopt na een klacht\n"

    old, world.shared = world.shared, world.folder / "opnieuw"
    named = world.identities()
    again = world.opened(named)
    assert again != fingerprint
    for index in (1, 2, 3):
        world.stage("join", index, "--fingerprint", again)
    for index in (1, 2, 3):
        world.stage("commit", index)
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


# ---- Sealing keys, and how a session ends ---------------------------------------------------------------------------


def test_sealing_keys_of_another_session_in_a_session_folder_are_refused(world: World) -> None:
    world.up_to("join")
    other = SealingKeys.make(b"x" * 32, (1, 2, 3), SOURCE)
    path = world.session(2) / "zegelgeheim.json"
    path.write_bytes(sealing_file(other, world.vault(2)))
    for index in (1, 2, 3):
        world.stage("commit", index)
    for index in (1, 2, 3):
        world.stage("reveal", index)
    refused(lambda: world.stage("approve", 2), "horen bij een andere sessie")


def test_a_commitment_that_is_replayed_from_a_session_of_before_is_refused(
    committed: Path, tmp_path: Path
) -> None:
    world = copied(committed, tmp_path)
    for index in (1, 2, 3):
        world.run("abort", "--home", str(world.home(index)))
    old, world.shared = world.shared, world.folder / "opnieuw"
    fingerprint = world.opened(world.identities())
    for index in (1, 2, 3):
        world.stage("join", index, "--fingerprint", fingerprint)
    world.stage("commit", 1)
    for name in (Stage.COMMITMENT.file(2), Stage.SEALING.file(2)):
        kept = (world.shared / name).read_bytes() if (world.shared / name).exists() else None
        shutil.copy(old / name, world.shared)
        refused(lambda: world.stage("commit", 3), "andere sessie" if kept is None else "HOUDER2 verving")
        (world.shared / name).unlink()
        if kept is not None:
            (world.shared / name).write_bytes(kept)


def test_the_keys_of_a_session_are_gone_before_anybody_gets_the_keyset(
    approved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = copied(approved, tmp_path)
    for index in (1, 2, 3):
        world.stage("sign", index)
    # The third had all signatures and finished; the keyset that it put there is what the first is about to put there.
    published = world.shared / "sleutelset.json"
    published.unlink()
    really, secrets = files._write, list[str]()

    def write(path: Path, content: bytes, mode: int, writer: str = "") -> None:
        if path == published:
            secrets.extend(one.name for one in world.home(1).rglob("*geheim.json"))
            raise Killed
        really(path, content, mode, writer)

    with monkeypatch.context() as cut:
        cut.setattr(files, "_write", write)
        with pytest.raises(Killed):
            world.stage("sign", 1)
    assert secrets == []
    assert not published.exists()
    assert "Klaar" in world.stage("sign", 1)
    assert world.share(1).holder == 1
    assert (world.session(1) / "einde.txt").read_text() == "afgerond\n"


def test_two_that_finish_at_the_same_moment_do_not_get_in_each_other_s_way(
    approved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = copied(approved, tmp_path)
    for index in (1, 2, 3):
        world.stage("sign", index)
    published = world.shared / "sleutelset.json"
    content = published.read_bytes()
    published.unlink()
    really = files._write

    def write(path: Path, data: bytes, mode: int, writer: str = "") -> None:
        if path == published and writer == "HOUDER1":
            # HOUDER2 is as far, and is just ahead.
            really(path, data, mode, "HOUDER2")
        really(path, data, mode, writer)

    monkeypatch.setattr(files, "_write", write)
    assert "Klaar" in world.stage("sign", 1)
    assert published.read_bytes() == content


def test_who_aborts_has_no_sealing_keys_left_and_may_begin_anew(committed: Path, tmp_path: Path) -> None:
    world = copied(committed, tmp_path)
    session = world.session(2)
    assert "is afgebroken" in world.run("abort", "--home", str(world.home(2)))
    assert not list(session.glob("zegelgeheim*"))
    for command in ("join", "commit", "reveal", "approve", "sign"):
        refused(lambda c=command: world.stage(c, 2), "U hebt deze ceremonie afgebroken")  # type: ignore[misc]  # bound now
    refused(lambda: world.run("abort", "--home", str(world.home(2))), "loopt geen ceremonie")
    for index in (1, 3):
        world.run("abort", "--home", str(world.home(index)))
    world.shared = world.folder / "opnieuw"
    world.opened(world.identities())


def test_who_has_signed_does_not_give_up_its_share_unawares(approved: Path, tmp_path: Path) -> None:
    world = copied(approved, tmp_path)
    world.stage("sign", 2)
    found = refused(lambda: world.run("abort", "--home", str(world.home(2))), "al ondertekend")
    assert "ceremony sign" in found.way_forward
    assert (world.session(2) / "zegelgeheim.json").exists()
    assert "is afgebroken" in world.run("abort", "--home", str(world.home(2)), "--give-up-share")


def test_a_second_ceremony_in_a_home_waits_until_the_first_has_ended(committed: Path, tmp_path: Path) -> None:
    world = copied(committed, tmp_path)
    first, world.shared = world.shared, world.folder / "tweede"
    named = world.identities()
    found = refused(lambda: world.opened(named), "loopt al een ceremonie")
    assert "ceremony abort" in found.way_forward
    assert not (world.shared / "opening.json").exists()
    # Somebody else opened it.
    world.run("abort", "--home", str(world.home(1)))
    fingerprint = world.opened(named)
    refused(lambda: world.stage("join", 2, "--fingerprint", fingerprint), "loopt al een ceremonie")
    assert len(list(world.home(2).glob("sessie-*"))) == 1
    world.shared = first
    world.stage("commit", 2)


@pytest.mark.parametrize("left", ["aandeel.json", "sleutelset.json", "rotatiefactor.json"])
def test_nobody_sits_down_or_commits_where_something_of_another_key_lies(
    committed: Path, tmp_path: Path, left: str
) -> None:
    world = copied(committed, tmp_path)
    dealt = deal(profile="oefening", name="proef", threshold=2, holders=3, randomness=SOURCE)
    content = keyset_file(dealt.keyset) if left == "sleutelset.json" else share_file(dealt.shares[0])
    (world.home(2) / left).write_bytes(content)
    (world.session(2) / "verdeling.json").unlink()
    for name in (world.shared / Stage.COMMITMENT.file(2), world.session(2) / Stage.COMMITMENT.file(2)):
        name.unlink()
    found = refused(lambda: world.stage("commit", 2), "van een andere sleutel")
    assert "--share-file" in found.way_forward
    for one in ("zegelgeheim.json", Stage.SEALING.file(2)):
        (world.session(2) / one).unlink()
    refused(lambda: world.stage("join", 2), "van een andere sleutel")
    assert not (world.session(2) / "verdeling.json").exists()


# ---- What is said ---------------------------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_told_as_one_that_opens_nothing(world: World) -> None:
    locks = [world.folder / name for name in ("goed", "fout", "kort")]
    for path, phrase in zip(
        locks, ("wachtzin een voor de proef", "wachtzin twee voor de proef", "kort"), strict=True
    ):
        path.write_text(phrase)
        path.chmod(0o600)
    home = ["--home", str(world.home(1)), "--passphrase-file"]
    world.run("identity", "HOUDER1", *home, str(locks[0]))
    found = refused(lambda: world.run("identity", "HOUDER1", *home, str(locks[1])), "opent dit bestand niet")
    assert found.title == "De wachtzin of kluis opent niets."
    found = refused(lambda: world.run("identity", "HOUDER1", *home, str(locks[2])), "te kort")
    assert found.title == "De wachtzin of kluis is niet te gebruiken."


@pytest.mark.parametrize(
    "moment", ["morgen", "2026-12-01", "2026-12-01T17:00:00", "2026-13-01T17:00:00+0000"]
)
def test_a_deadline_that_is_no_moment_is_told_with_an_example(world: World, moment: str) -> None:
    named = world.identities()
    wanted = ["--shared", str(world.shared), "--keyset", "proef", "--profile", "oefening", "--until", moment]
    result = CliRunner().invoke(keyholder, ["ceremony", "open", *world.lock(1), *wanted, *named])
    assert result.exit_code == 2
    assert f"'{moment}' is geen moment met een tijdzone" in " ".join(result.output.split())
    assert "2026-12-01T17:00:00+01:00" in result.output
    assert "%" not in result.output


def test_an_opening_with_the_session_of_one_before_is_refused(committed: Path, tmp_path: Path) -> None:
    """Who opens may choose it, so that keys of before would be used again."""
    world = copied(committed, tmp_path)
    first = parse_opening((world.shared / "opening.json").read_bytes())
    world.run("abort", "--home", str(world.home(3)))
    parties = tuple(first.parties.values())
    proposal = Proposal(first.name, first.profile, 3, parties, first.until)
    keys = Home(world.home(1)).keys(world.vault(1))
    again = open_ceremony(proposal, keys, first.until - timedelta(days=1), lambda _count: first.session)
    world.shared = world.folder / "opnieuw"
    world.shared.mkdir()
    (world.shared / "opening.json").write_bytes(again.data)
    refused(lambda: world.stage("join", 2, "--fingerprint", again.fingerprint), "iets anders")
    refused(lambda: world.stage("join", 3, "--fingerprint", again.fingerprint), "afgebroken")

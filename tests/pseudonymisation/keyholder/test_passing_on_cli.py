# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the commands of a re-sharing and a rotation: one key goes from ceremony to rotation to new holders, whatever is broken off under way."""

import random
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from process.problem import Refusal
from process.secret import Secret
from process.serving import files
from pseudonymisation.ceremony import parse_keyset
from pseudonymisation.keyholder.cli import keyholder
from pseudonymisation.p256 import ORDER, SecretScalar
from pseudonymisation.rotation import check_same_key, read_factor
from pseudonymisation.shares import read_share
from pseudonymisation.threshold import PublicKeyset, lagrange_at_zero
from pseudonymisation.vault import KeyVault

SOURCE = random.Random(171).randbytes
UNTIL = "2026-03-04T09:00:00+0000"
HOLDERS = ("HOUDER1", "HOUDER2", "HOUDER3")


class Killed(BaseException):
    """The power went."""


class Act:
    """One ceremony, of parties by name, in a folder of its own."""

    def __init__(self, folder: Path, name: str, parties: tuple[str, ...]) -> None:
        self.folder, self.name, self.parties = folder, name, parties
        self.shared = folder / f"{name}-gedeeld"
        self.prints: dict[str, str] = {}
        self.dealers = parties
        self.do: Callable[[Callable[[], str]], str] = lambda act: act()
        (folder / "klok").write_text("2026-03-02T09:00:00+00:00")
        for party in parties:
            key = folder / f"kluis-{party}.key"
            if not key.exists():
                key.write_bytes(random.Random(party).randbytes(32))
                key.chmod(0o600)

    def home(self, party: str) -> Path:
        return self.folder / f"{self.name}-{party}"

    def vault(self, party: str) -> KeyVault:
        return KeyVault(Secret((self.folder / f"kluis-{party}.key").read_bytes()), SOURCE)

    def keyset(self) -> PublicKeyset:
        return parse_keyset((self.shared / "sleutelset.json").read_bytes())

    def share(self, party: str) -> Any:
        data = Secret((self.home(party) / "aandeel.json").read_bytes())
        return read_share(data, self.keyset(), "oefening", self.vault(party))

    def run(self, *arguments: str) -> str:
        result = CliRunner().invoke(keyholder, ["ceremony", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    def lock(self, party: str) -> list[str]:
        return ["--home", str(self.home(party)), "--vault-file", str(self.folder / f"kluis-{party}.key")]

    def stage(self, command: str, party: str, *more: str) -> str:
        places = ["--shared", str(self.shared), "--clock-file", str(self.folder / "klok")]
        return self.do(lambda: self.run(command, *self.lock(party), *places, *more))

    def identities(self) -> None:
        for party in self.parties:
            told = self.do(lambda party=party: self.run("identity", party, *self.lock(party)))  # type: ignore[misc]  # bound now
            self.prints[party] = told.split()[-1]

    def named(self, party: str) -> list[str]:
        return [str(self.home(party) / "deelnemer.json"), self.prints[party]]

    def opened(self, command: str, *more: str) -> None:
        self.stage(command, self.parties[0], "--until", UNTIL, *more)

    def play(
        self,
        before: "Act | None" = None,
        stages: tuple[str, ...] = ("join", "commit", "reveal", "approve", "sign", "sign"),
    ) -> None:
        """Everybody does every stage; who was a holder before has its share at hand."""
        for command in stages:
            for party in self.dealers if command in {"commit", "reveal"} else self.parties:
                more = []
                if command == "join":
                    more += ["--fingerprint", _fingerprint(self.shared)]
                share = None if before is None else before.home(party) / "aandeel.json"
                if command in {"commit", "sign"} and share is not None and share.exists():
                    more += ["--share-file", str(share)]
                self.stage(command, party, *more)


def _fingerprint(shared: Path) -> str:
    return sha256((shared / "opening.json").read_bytes()).hexdigest()


def ceremony(folder: Path) -> Act:
    act = Act(folder, "eerst", HOLDERS)
    act.identities()
    named = [word for party in HOLDERS for word in ("--participant", *act.named(party))]
    act.opened("open", "--keyset", "proef", "--profile", "oefening", *named)
    return act


def rotation(folder: Path, before: Act, holders: tuple[str, ...] = HOLDERS) -> Act:
    act = Act(folder, "rotatie", (*holders, "REGISTER"))
    act.do = before.do
    act.identities()
    dealers = [w for p in holders for w in ("--from", str(HOLDERS.index(p) + 1), *act.named(p))]
    previous = str(before.shared / "sleutelset.json")
    act.opened("rotate", "--previous-keyset", previous, *dealers, "--register", *act.named("REGISTER"))
    return act


def resharing(
    folder: Path, before: Act, dealers: tuple[str, ...], receivers: tuple[str, ...], threshold: int
) -> Act:
    act = Act(folder, "verdeling", tuple(dict.fromkeys((*receivers, *dealers))))
    act.dealers = dealers
    act.do = before.do
    act.identities()
    previous = str(before.shared / "sleutelset.json")
    named = [w for p in dealers for w in ("--from", str(HOLDERS.index(p) + 1), *act.named(p))]
    named += [w for p in receivers for w in ("--participant", *act.named(p))]
    act.opened("reshare", "--previous-keyset", previous, "--threshold", str(threshold), *named)
    return act


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ceremony that was held."""
    act = ceremony(tmp_path_factory.mktemp("eerst"))
    act.play()
    return act.folder


@pytest.fixture
def before(first: Path, tmp_path: Path) -> Act:
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    return Act(tmp_path, "eerst", HOLDERS)


def refused(act: Callable[[], object], sentence: str) -> None:
    with pytest.raises(Refusal) as found:
        act()
    assert sentence in found.value.detail, found.value.detail
    assert found.value.way_forward


@pytest.mark.every_case
def test_a_rotation_and_a_new_division_that_are_killed_at_every_write_end_as_if_nothing_had_happened(
    before: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, left, kills = files._write, [0], [0]

    def write(path: Path, content: bytes, mode: int, writer: str = "") -> None:
        if left[0] == 0:
            # Half of the time what was written is there, and nobody was told.
            if kills[0] % 2:
                really(path, content, mode, writer)
            raise Killed
        left[0] -= 1
        really(path, content, mode, writer)

    def stubborn(act: Callable[[], str]) -> str:
        for allowed in range(20):
            left[0] = allowed
            try:
                return act()
            except Killed:
                kills[0] += 1
        raise AssertionError("never done")

    monkeypatch.setattr(files, "_write", write)
    before.do = stubborn
    turned = rotation(before.folder, before)
    turned.play(before)
    divided = resharing(before.folder, turned, ("HOUDER1", "HOUDER3"), ("HOUDER1", "HOUDER4", "HOUDER3"), 2)
    divided.play(turned)
    assert kills[0] > 30
    old, scaled, fresh = before.keyset(), turned.keyset(), divided.keyset()
    factor = read_factor(
        (turned.home("REGISTER") / "rotatiefactor.json").read_bytes(), old, scaled, turned.vault("REGISTER")
    )
    assert factor.value.times(old.key) == fresh.key
    check_same_key(scaled, fresh)
    assert (old.epoch, scaled.epoch, fresh.epoch) == (1, 2, 3)
    shares = [divided.share(party) for party in ("HOUDER1", "HOUDER4")]
    weights = lagrange_at_zero(share.holder for share in shares)
    key = sum(weights[share.holder] * share.secret.reveal() for share in shares) % ORDER
    assert SecretScalar(key).public_point() == fresh.key
    for act in (turned, divided):
        assert "Vingerafdruk van de sleutelset" in act.run("verify", "--shared", str(act.shared))
        assert not list(act.folder.glob(f"{act.name}-*/deelnemer-geheim.json"))
    # The factor lies in one file, locked, of one party; and in no other of all that was written.
    plain = factor.value.to_bytes()
    assert not [path for path in before.folder.rglob("*.json") if plain in path.read_bytes()]
    assert [path.parent for path in before.folder.rglob("rotatiefactor.json")] == [turned.home("REGISTER")]


def test_three_holders_become_five_and_one_leaves_with_nothing(before: Act) -> None:
    receivers = ("HOUDER2", "HOUDER3", "HOUDER4", "HOUDER5", "HOUDER6")
    act = resharing(before.folder, before, ("HOUDER1", "HOUDER2"), receivers, 3)
    act.play(before)
    keyset = act.keyset()
    assert (keyset.threshold, keyset.size, keyset.key) == (3, 5, before.keyset().key)
    assert [act.share(party).holder for party in receivers] == [1, 2, 3, 4, 5]
    assert not (act.home("HOUDER1") / "aandeel.json").exists()
    assert "geen aandeel" in act.stage("sign", "HOUDER1")
    # The lost holder took no part, and its share is of another epoch.
    assert before.keyset().epoch < keyset.epoch


def test_without_the_share_of_before_nothing_is_dealt_and_nothing_is_scaled(before: Act) -> None:
    act = resharing(before.folder, before, HOLDERS[:2], HOLDERS, 2)
    refused(lambda: act.play(None, ("join", "commit")), "aandeel van de vorige sleutelset nodig")
    turned = rotation(before.folder, before)
    turned.play(before, ("join", "commit", "reveal", "approve", "sign"))
    # The last one to sign, without its share, at once: all have signed, and it can say so later with the share.
    refused(lambda: turned.stage("sign", "HOUDER1"), "aandeel van de vorige sleutelset nodig")
    assert not (turned.home("HOUDER1") / "aandeel.json").exists()
    assert (turned.home("HOUDER1") / "deelnemer-geheim.json").exists()
    turned.play(before, ("sign",))
    assert turned.share("HOUDER1").epoch == 2


def test_the_share_of_another_holder_is_refused(before: Act) -> None:
    act = resharing(before.folder, before, HOLDERS[:2], HOLDERS, 2)
    act.play(before, ("join",))
    other = [
        "--share-file",
        str(before.home("HOUDER3") / "aandeel.json"),
        "--share-vault-file",
        str(before.folder / "kluis-HOUDER3.key"),
    ]
    refused(
        lambda: act.stage("commit", "HOUDER1", *other),
        "geen andere houder",
    )
    assert not (act.shared / "toezegging-houder-1.json").exists()


def test_openings_name_the_keyset_of_before_for_the_telephone(before: Act) -> None:
    act = resharing(before.folder, before, HOLDERS[:2], HOLDERS, 2)
    previous = ["--previous-keyset", str(before.shared / "sleutelset.json"), "--threshold", "2"]
    named = [w for i, p in enumerate(HOLDERS[:2], 1) for w in ("--from", str(i), *act.named(p))]
    named += [w for p in HOLDERS for w in ("--participant", *act.named(p))]
    told = act.stage("reshare", "HOUDER1", "--until", UNTIL, *previous, *named)
    assert "Herverdeling van epoch 1 naar epoch 2" in told
    assert before.keyset().fingerprint in told
    assert "HOUDER2 was houder 2" in told


def test_a_holder_may_have_the_share_that_it_deals_in_the_home_where_it_deals_it(before: Act) -> None:
    act = resharing(before.folder, before, HOLDERS[:2], HOLDERS, 2)
    for name in ("aandeel.json", "sleutelset.json"):
        shutil.copy(before.home("HOUDER1") / name, act.home("HOUDER1"))
    old = (act.home("HOUDER1") / "aandeel.json").read_bytes()
    act.play(before)
    assert (act.home("HOUDER1") / "aandeel.json").read_bytes() == old
    data = Secret((act.home("HOUDER1") / "aandeel-2.json").read_bytes())
    assert read_share(data, act.keyset(), "oefening", act.vault("HOUDER1")).epoch == 2
    assert parse_keyset((act.home("HOUDER1") / "sleutelset-2.json").read_bytes()) == act.keyset()


def test_an_objection_ends_the_session_at_home_and_leaves_the_evidence_only(
    before: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = resharing(before.folder, before, HOLDERS[:2], HOLDERS, 2)
    act.play(before, ("join", "commit", "reveal"))
    with monkeypatch.context() as lying:
        lying.setattr("pseudonymisation.keyholder.ceremony.cli.bad_dealers", lambda *_unused: [1])
        refused(lambda: act.stage("approve", "HOUDER3"), "of zegt dat")
    for party in HOLDERS:
        refused(lambda party=party: act.stage("approve", party), "of zegt dat")  # type: ignore[misc]  # bound now
    assert not list(act.folder.glob(f"{act.name}-*/sessie-*/zegelgeheim*"))
    (evidence,) = act.home("HOUDER3").rglob("bewijs-over-1.json")
    told = act.run("verify", "--shared", str(act.shared), "--evidence", str(evidence))
    assert "HOUDER3 over HOUDER1; de fout ligt bij HOUDER3" in told

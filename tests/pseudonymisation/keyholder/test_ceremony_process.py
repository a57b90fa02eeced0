# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about a ceremony of three real processes: none ever has two shares, no file gives the key, and a holder starts with what comes out."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest

from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.blinding import blind_batch, unblind_batch
from pseudonymisation.ceremony import HolderShare, parse_keyset
from pseudonymisation.p256 import ORDER, SecretScalar
from pseudonymisation.shares import read_share
from pseudonymisation.threshold import Origin, PublicKeyset, lagrange_at_zero
from pseudonymisation.vault import KeyVault, PassphraseVault, ShareVault
from pseudonymisation.wire import EvaluationRequest, holder_answer
from tests.pseudonymisation.keyholder.conftest import honest_answer, serve_holder

ROOT = Path(__file__).parents[3]
SOURCE = random.Random(113).randbytes
PHRASE = "een wachtzin die niemand raadt 7"
STAGES = ("join", "commit", "reveal", "approve", "sign")


class Party:
    """A process that plays one party, with its own folder and its own lock."""

    def __init__(self, folder: Path, index: int) -> None:
        self.name = f"HOUDER{index}"
        self.home = folder / f"partij-{index}"
        self.numbers = folder / f"getallen-{index}"
        self.numbers.touch()
        lock = folder / f"slot-{index}"
        # The first has a passphrase, the others a vault.
        content = PHRASE.encode() + b"\n" if index == 1 else random.Random(index).randbytes(32)
        lock.write_bytes(content)
        lock.chmod(0o600)
        self.lock = ["--passphrase-file" if index == 1 else "--vault-file", str(lock)]
        self.vault: ShareVault = (
            PassphraseVault(Secret(PHRASE.encode()), SOURCE)
            if index == 1
            else KeyVault(Secret(content), SOURCE)
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.pseudonymisation.keyholder.party", str(self.numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.said = ""

    def does(self, command: str, *arguments: str) -> str:
        """Give a command of the ceremony; it must be done."""
        assert self.process.stdin
        assert self.process.stdout
        told = ["keyholder", "ceremony", command, *arguments, "--home", str(self.home), *self.lock]
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        code, said = json.loads(self.process.stdout.readline())
        assert code == 0, said
        self.said += said
        return str(said)

    def has_had(self) -> list[int]:
        """Every secret number that this process ever had."""
        return [int(line) for line in self.numbers.read_text().split()]

    def stop(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(60) == 0


@dataclass(frozen=True)
class Held:
    """A ceremony that was held."""

    parties: dict[int, Party]
    shared: Path
    fingerprint: str
    keyset: PublicKeyset
    shares: dict[int, HolderShare]

    @property
    def key(self) -> int:
        """What no process may ever have."""
        return combined({index: share.secret.reveal() for index, share in self.shares.items() if index < 3})


def combined(shares: dict[int, int]) -> int:
    weights = lagrange_at_zero(shares)
    return sum(weights[index] * value for index, value in shares.items()) % ORDER


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Party]]:
    folder = tmp_path_factory.mktemp("ceremonie")
    started = {index: Party(folder, index) for index in (1, 2, 3)}
    yield started
    for party in started.values():
        party.stop()


@pytest.fixture(scope="module")
def held(parties: dict[int, Party], tmp_path_factory: pytest.TempPathFactory) -> Held:
    shared = tmp_path_factory.mktemp("gedeeld")
    named: list[str] = []
    for party in parties.values():
        fingerprint = party.does("identity", party.name).split()[-1]
        named += ["--participant", str(party.home / "deelnemer.json"), fingerprint]
    wanted = ["--keyset", "proef", "--profile", "oefening", "--until", "2999-01-01T00:00:00+0000", *named]
    opening = parties[2].does("open", "--shared", str(shared), *wanted).splitlines()[0].split()[-1]
    for stage in STAGES:
        for party in parties.values():
            told = ["--fingerprint", opening] if stage == "join" else []
            party.does(stage, "--shared", str(shared), *told)
    for index in (1, 2):
        assert "Klaar" in parties[index].does("sign", "--shared", str(shared))
    keyset = parse_keyset((shared / "sleutelset.json").read_bytes())
    shares = {
        index: read_share(Secret((party.home / "aandeel.json").read_bytes()), keyset, "oefening", party.vault)
        for index, party in parties.items()
    }
    return Held(parties, shared, opening, keyset, shares)


def found_in(numbers: list[int], shares: dict[int, int]) -> set[str]:
    """What these numbers give away: a share itself or as a sum of what dealers gave, two shares, or the key."""
    key, distinct = combined({index: shares[index] for index in (1, 2)}), list(dict.fromkeys(numbers))
    sums = {sum(three) % ORDER for three in combinations(distinct, 3)} | set(distinct)
    found = {f"aandeel {index}" for index, share in shares.items() if share in sums}
    for (i, x), (j, y) in permutations(enumerate(distinct), 2):
        del i, j
        found |= {"sleutel" for quorum in combinations(shares, 2) if combined(dict(zip(quorum, (x, y), strict=True))) == key}  # fmt: skip
    return found | ({"sleutel"} if key in sums else set())


def test_no_process_ever_has_more_than_its_own_share(held: Held) -> None:
    shares = {index: share.secret.reveal() for index, share in held.shares.items()}
    for index, party in held.parties.items():
        assert found_in(party.has_had(), shares) == {f"aandeel {index}"}


def test_the_search_for_shares_finds_a_dealer(tmp_path: Path) -> None:
    shares = {1: 12, 2: 19, 3: 26}
    assert found_in([1, 2, 9, 19, 40], shares) == {"aandeel 1", "aandeel 2"}
    assert found_in([12, 19], shares) == {"aandeel 1", "aandeel 2", "sleutel"}
    assert found_in([5], shares) == {"sleutel"}
    dealer = Party(tmp_path, 2)
    assert dealer.process.stdin
    dealer.process.stdin.write(json.dumps(["keyholder", "ceremony", "deal", "--out", str(tmp_path)]) + "\n")
    dealer.process.stdin.flush()
    assert dealer.process.stdout
    dealer.process.stdout.readline()
    dealer.stop()
    dealt = {
        index: int.from_bytes(
            base64url.decode(
                json.loads((tmp_path / f"houder-{index}" / "aandeel.json").read_bytes())["aandeel"]
            ),
            "big",
        )
        for index in (1, 2, 3)
    }
    assert found_in(dealer.has_had(), dealt) >= {"aandeel 1", "aandeel 2", "aandeel 3", "sleutel"}


def test_no_file_and_no_line_that_a_party_wrote_holds_a_share_or_the_key(held: Held) -> None:
    secrets = [*(share.secret for share in held.shares.values()), SecretScalar(held.key)]
    forms = {form for secret in secrets for form in written(secret)}
    folders = [held.shared, *(party.home for party in held.parties.values())]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 40
    for text in [*(path.read_bytes() for path in files), *(p.said.encode() for p in held.parties.values())]:
        assert not {form for form in forms if form in text}


def written(secret: SecretScalar) -> list[bytes]:
    raw = secret.to_bytes()
    return [raw, raw[::-1], raw.hex().encode(), base64url.encode(raw).encode(), str(secret.reveal()).encode()]


def test_the_keys_of_the_ceremony_are_gone_and_the_share_is_for_its_owner_only(held: Held) -> None:
    for party in held.parties.values():
        assert not list(party.home.rglob("*-geheim.json")) + list(party.home.rglob("zegelgeheim*"))
        assert (party.home / "aandeel.json").stat().st_mode & 0o077 == 0
        assert (party.home / "sleutelset.json").read_bytes() == (held.shared / "sleutelset.json").read_bytes()
    assert held.keyset.origin is Origin.CEREMONY


def test_the_last_step_given_again_writes_nothing_anew(held: Held) -> None:
    party = held.parties[1]
    before = {path: path.read_bytes() for path in party.home.rglob("*.json")}
    assert held.keyset.fingerprint in party.does("sign", "--shared", str(held.shared))
    assert {path: path.read_bytes() for path in party.home.rglob("*.json")} == before


def holder_settings(held: Held) -> dict[str, Any]:
    party = held.parties[1]
    return {
        "keyset_file": party.home / "sleutelset.json",
        "share_file": party.home / "aandeel.json",
        "share_passphrase_file": party.lock[1],
    }


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_holder_serves_with_a_share_of_the_ceremony_and_cannot_dump_its_memory(
    held: Held, tmp_path: Path, dealt: Any, authority: Any
) -> None:
    service = serve_holder(tmp_path, dealt, authority, **holder_settings(held))
    try:
        about = Path("/proc") / str(service.process.pid)
        limits = (about / "limits").read_text().splitlines()
        assert next(line.split()[-3:] for line in limits if line.startswith("Max core")) == [
            "0",
            "0",
            "bytes",
        ]
        # The kernel gives the files of a process that is not dumpable to root.
        assert (about / "mem").stat().st_uid == 0
        if os.geteuid() != 0:
            with pytest.raises(PermissionError):
                (about / "mem").open("rb").close()
        batch = blind_batch([b"one"], randomness=SOURCE)
        asked = EvaluationRequest(
            organisatie="GM9001",
            medewerker="m-0123456789",
            handeling="vragen",
            sleutelset="proef",
            epoch=1,
            verzoek=bytes(32),
            punten=batch.asked,
        ).model_dump_json()
        with service.running.client(authority.issue("node", "GM9001"), "node") as client:
            answer = client.post(
                "/v1/evaluaties", content=asked, headers={"content-type": "application/json"}
            )
        answers = {
            1: holder_answer(1, answer.content),
            3: holder_answer(3, honest_answer(held.shares[3], batch.asked)),
        }
        assert len(unblind_batch(batch, answers, held.keyset)) == 1
        assert PHRASE not in service.running.log()
    finally:
        service.process.kill()
        service.process.wait()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.cosignature import PolicyWitness, Witness, WitnessPolicy, open_cosigned
from audit.merkle import Frontier, consistency_proof, leaf_hash
from audit.note import Signature, Signer, add_signatures, parse_signatures
from audit.witness.app import create_app, make_key, open_witness, read_cosigner
from audit.witness.cli import witness as witness_command
from audit.witness.settings import WitnessSettings
from audit.witness.store import state
from audit.witness.store.state import WitnessState
from audit.witnessing import Offer
from process.secret import Secret
from process.serving.errors import SettingsError
from tests.api.kept import require_described

NAME = "fg1.example/getuige"
NOW = datetime(2026, 3, 1, 9, 0, 0, tzinfo=UTC)
LOG = Signer("log.example/eerste", Secret(bytes(range(32))))
THIEF = Signer("log.example/eerste", Secret(bytes(range(1, 33))))
LEAVES = [bytes([n]) for n in range(12)]
FORGED = [b"anders", *LEAVES[1:]]


def at(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(LOG.name, size, Frontier.over(leaves[:size]).root())


def offer(old: int, new: int, leaves: list[bytes] = LEAVES, signer: Signer = LOG) -> Offer:
    nodes, frontier = {}, Frontier()
    for leaf in leaves:
        frontier, completed = frontier.append(leaf_hash(leaf))
        nodes.update(dict(completed))
    proof = (
        consistency_proof(old, new, lambda wanted: [nodes[one] for one in wanted]) if 0 < old <= new else ()
    )
    return Offer(old, proof, sign_checkpoint(at(new, leaves), signer))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


class Client:
    """Calls the application over ASGI, with no certificate."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="https://getuige") as client:
                return await client.request(method, path, **content)

        answer = asyncio.run(sent())
        require_described(self._app.title, answer)
        return answer

    def add(self, offered: Offer | bytes) -> httpx.Response:
        body = offered if isinstance(offered, bytes) else offered.body.encode()
        return self.send("POST", "/add-checkpoint", content=body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_key(NAME, tmp_path / "getuige", [LOG.verifier])
    return tmp_path / "getuige"


@pytest.fixture
def settings(folder: Path) -> WitnessSettings:
    return WitnessSettings.load(folder / "instellingen.toml")


@pytest.fixture
def key(folder: Path) -> Witness:
    return Witness.from_vkey((folder / "witness.vkey").read_text())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(settings: WitnessSettings, clock: Clock) -> Client:
    return Client(create_app(settings, clock=clock))


@pytest.fixture
def memory(settings: WitnessSettings) -> Iterator[WitnessState]:
    state = WitnessState.open(settings.state)
    yield state
    state.close()


def require_cosigned(answer: httpx.Response, offered: Offer, key: Witness, moment: datetime = NOW) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("— ")
    note = add_signatures(offered.note, parse_signatures(answer.content))
    witnessed = open_cosigned(note, LOG.verifier, WitnessPolicy((PolicyWitness("fg", key),), 1))
    witnessed.require()
    assert witnessed.by[0].seconds == int(moment.timestamp())


def test_a_growing_log_is_cosigned_step_by_step(client: Client, key: Witness) -> None:
    for old, new in ((0, 0), (0, 3), (3, 4), (4, 12)):
        offered = offer(old, new)
        require_cosigned(client.add(offered), offered, key)


def test_who_starts_elsewhere_is_told_the_size_in_the_specification_s_form(client: Client) -> None:
    client.add(offer(0, 5))
    for old in (0, 3):
        answer = client.add(offer(old, 9))
        assert (answer.status_code, answer.content) == (409, b"5\n")
        assert answer.headers["content-type"] == "text/x.tlog.size"
    assert client.add(offer(5, 9)).status_code == 200


def test_a_rolled_back_log_is_told_that_the_witness_saw_more(client: Client, key: Witness) -> None:
    client.add(offer(0, 8))
    for old, new in ((0, 5), (5, 5), (0, 0)):
        assert client.add(offer(old, new)).content == b"8\n"
    again = offer(8, 8)
    require_cosigned(client.add(again), again, key)


@pytest.mark.parametrize("new", [5, 9])
def test_a_fork_that_the_log_s_key_signed_is_refused_and_kept_as_evidence(
    client: Client, memory: WitnessState, new: int
) -> None:
    client.add(offer(0, 5))
    forged = offer(5, new, FORGED)
    answer = client.add(forged)
    assert (answer.status_code, answer.json()["code"]) == (422, "tegenspraak")
    client.add(forged)
    (kept,) = memory.contradictions()
    assert (kept.origin, kept.note) == (LOG.name, forged.note)
    assert kept.last_note is not None
    assert kept.last_note.startswith(offer(0, 5).note)
    assert client.add(offer(5, 6)).status_code == 200


def with_a_false_proof(size: int, *, more: int = 0) -> Offer:
    """A true checkpoint, that anyone can read, with a proof and signature lines that anyone can make up."""
    lines = (Signature("iemand.example", bytes(4), bytes([number])) for number in range(more))
    return replace(
        offer(0, size),
        old_size=5,
        proof=(bytes(32),) * 4,
        note=offer(0, size).note + "".join(map(str, lines)),
    )


def test_a_stranger_with_a_true_checkpoint_and_false_proofs_fills_no_memory_and_accuses_nobody_for_long(
    client: Client, memory: WitnessState
) -> None:
    client.add(offer(0, 5))
    for number in range(5):
        assert client.add(with_a_false_proof(9, more=number)).status_code == 422
    (kept,) = memory.contradictions()
    assert (kept.note, kept.proven) == (offer(0, 9).note, False)
    assert client.add(offer(5, 9)).status_code == 200
    assert memory.contradictions() == ()


def test_evidence_that_speaks_for_itself_finds_room_however_much_there_is_that_does_not(
    client: Client, memory: WitnessState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "MOST_CONTRADICTIONS", 2)
    client.add(offer(0, 5))
    for size in (7, 8, 9):
        client.add(with_a_false_proof(size))
    client.add(offer(5, 5, FORGED))
    assert [one.proven for one in memory.contradictions()].count(True) == 1
    client.add(with_a_false_proof(10))
    client.add(with_a_false_proof(11))
    kept = memory.contradictions()
    assert (len(kept), [one.proven for one in kept].count(True)) == (2, True)


def test_what_others_signed_is_no_evidence_against_the_log(client: Client, memory: WitnessState) -> None:
    client.add(offer(0, 5))
    client.add(offer(5, 9, FORGED, THIEF))
    assert memory.contradictions() == ()


REFUSED: dict[str, tuple[int, bytes]] = {
    "empty": (400, b""),
    "no_text": (400, b"\xff\xfe"),
    "json": (400, b"{}"),
    "old_size_above_the_checkpoint": (400, offer(9, 5).body.encode()),
    "proof_of_sixty_four_hashes": (
        400,
        offer(3, 8).body.replace("\n", "\n" + "A" * 43 + "=\n" * 64, 1).encode(),
    ),
    "short_hash": (400, offer(3, 8).body.replace("old 3\n", "old 3\nAAAA\n").encode()),
    "a_third_of_a_megabyte": (400, b"old 0\n" + b"x" * 340_000),
    "more_than_a_megabyte": (400, b"old 0\n" + b"x" * (1 << 21)),
    "signed_by_another": (403, offer(0, 5, signer=THIEF).body.encode()),
    "signed_by_the_log_and_falsely": (
        403,
        Offer(0, (), add_signatures(offer(0, 5).note, [LOG.sign("anders\n")])).body.encode(),
    ),
    "another_log": (
        404,
        Offer(0, (), sign_checkpoint(Checkpoint("x", 5, bytes(32)), Signer("x", LOG.seed))).body.encode(),
    ),
    "size_zero_with_a_proof": (422, offer(0, 5).body.replace("old 0\n", f"old 0\n{'A' * 43}=\n").encode()),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_gets_the_status_of_the_specification_and_leaves_no_trace(
    client: Client, memory: WitnessState, name: str
) -> None:
    status, body = REFUSED[name]
    answer = client.add(body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert memory.all_latest() == {}


@pytest.mark.parametrize("kind", [None, "text/plain", "application/octet-stream", "application/json"])
def test_the_content_type_of_a_request_makes_no_difference(client: Client, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    answer = client.send("POST", "/add-checkpoint", content=offer(0, 5).body.encode(), headers=headers)
    assert answer.status_code == 200


def test_only_a_post_adds_a_checkpoint(client: Client) -> None:
    assert client.send("GET", "/add-checkpoint").status_code == 405


def test_the_newest_checkpoint_is_published_with_both_signatures_and_no_other(
    client: Client, key: Witness
) -> None:
    path = f"/{sha256(LOG.name.encode()).hexdigest()}/checkpoint"
    assert client.send("GET", path).status_code == 404
    stranger = Signature("vreemd.example", b"abcd", b"x" * 64)
    client.add(Offer(0, (), add_signatures(offer(0, 5).note, [stranger])))
    note = client.send("GET", path).text
    assert open_cosigned(note, LOG.verifier, WitnessPolicy((PolicyWitness("fg", key),), 1)).enough
    assert "vreemd" not in note
    assert client.send("GET", "/" + "0" * 64 + "/checkpoint").status_code == 404


def test_a_restart_forgets_nothing(settings: WitnessSettings, clock: Clock) -> None:
    Client(create_app(settings, clock=clock)).add(offer(0, 5))
    restarted = Client(create_app(settings, clock=clock))
    assert restarted.add(offer(0, 4, FORGED)).content == b"5\n"
    assert restarted.add(offer(5, 9, FORGED)).status_code == 422
    assert restarted.add(offer(5, 6)).status_code == 200


def test_of_two_histories_offered_at_once_one_is_cosigned(client: Client, memory: WitnessState) -> None:
    offers = [offer(0, 6), offer(0, 6, FORGED)] * 4
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda one: client.add(one).status_code, offers))
    assert statuses.count(200) == 1
    assert statuses.count(409) == 7
    assert list(memory.all_latest()) == [LOG.name]


def test_what_is_vouched_for_is_durable_before_it_is_given(settings: WitnessSettings) -> None:
    state = WitnessState.open(settings.state)
    with pytest.raises(ZeroDivisionError):
        state.advance(LOG.name, lambda _last: str(1 / 0), NOW)
    assert state.latest(LOG.name) is None
    note = state.advance(LOG.name, lambda _last: "verklaring", NOW)
    other = WitnessState.open(settings.state)
    assert other.latest(LOG.name) == note
    state.close()
    other.close()


def test_a_moment_never_goes_back_with_the_clock(client: Client, clock: Clock, key: Witness) -> None:
    client.add(offer(0, 5))
    clock.moment = NOW - timedelta(days=3)
    later = offer(5, 6)
    require_cosigned(client.add(later), later, key, NOW)


def test_a_request_repeated_within_a_minute_gets_the_same_cosignature_and_later_a_fresh_one(
    client: Client, clock: Clock, key: Witness
) -> None:
    client.add(offer(0, 5))
    first = client.add(offer(5, 5))
    clock.moment = NOW + timedelta(seconds=59)
    assert client.add(offer(5, 5)).text == first.text
    clock.moment = NOW + timedelta(seconds=61)
    require_cosigned(client.add(offer(5, 5)), offer(5, 5), key, clock.moment)


def test_a_witness_that_lost_its_memory_does_not_start(settings: WitnessSettings, clock: Clock) -> None:
    settings.state.unlink()
    with pytest.raises(SettingsError, match="tweede, andere geschiedenis"):
        create_app(settings, clock=clock)
    assert not settings.state.exists()


def test_a_witness_whose_memory_was_emptied_does_not_start_afresh_unseen(
    settings: WitnessSettings, clock: Clock
) -> None:
    settings.state.write_bytes(b"")
    with pytest.raises(SettingsError, match="tweede, andere geschiedenis"):
        create_app(settings, clock=clock)


def test_a_witness_with_the_memory_of_another_does_not_start(
    settings: WitnessSettings, clock: Clock, tmp_path: Path
) -> None:
    Client(create_app(settings, clock=clock)).add(offer(0, 5))
    make_key("fg2.example/getuige", tmp_path / "ander", [LOG.verifier])
    other = settings.model_copy(update={"signing_key": tmp_path / "ander" / "witness.key"})
    with pytest.raises(SettingsError, match="hoort niet bij deze sleutel"):
        create_app(other, clock=clock)


def test_the_key_of_a_log_is_no_key_of_a_witness(settings: WitnessSettings, clock: Clock) -> None:
    settings.signing_key.write_bytes(LOG.skey.reveal())
    with pytest.raises(SettingsError, match="0x04"):
        create_app(settings, clock=clock)


@pytest.mark.parametrize("logs", [(), ("geen sleutel",), ("a+00000000+AAAA",)])
def test_a_witness_without_a_log_is_not_set_up(settings: WitnessSettings, logs: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match="logs"):
        WitnessSettings.load(None, signing_key=settings.signing_key, state=settings.state, logs=logs)


# ---- the command ----------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Any:
    return CliRunner().invoke(witness_command, [str(one) for one in arguments])


def test_keygen_makes_what_serving_needs_and_prints_no_secret(tmp_path: Path) -> None:
    made = tmp_path / "nieuw"
    result = run("keygen", "--name", NAME, "--log", LOG.verifier.vkey, "--out", made)
    assert result.exit_code == 0, result.output
    vkey = (made / "witness.vkey").read_text().strip()
    assert vkey in result.output
    assert read_cosigner(made / "witness.key").witness == Witness.from_vkey(vkey)
    assert (made / "witness.key").stat().st_mode & 0o777 == 0o600
    assert (made / "witness.key").read_text().strip() not in result.output
    open_witness(WitnessSettings.load(made / "instellingen.toml"), clock=lambda: NOW)


def test_keygen_reads_the_log_s_key_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "signer.vkey").write_text(LOG.verifier.vkey + "\n")
    result = run("keygen", "--name", NAME, "--log", tmp_path / "signer.vkey", "--out", tmp_path / "nieuw")
    assert result.exit_code == 0, result.output
    assert WitnessSettings.load(tmp_path / "nieuw" / "instellingen.toml").logs == (LOG.verifier.vkey,)


@pytest.mark.parametrize("file", ["witness.key", "witness.vkey", "witness.db", "instellingen.toml"])
def test_keygen_overwrites_nothing(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("van een ander")
    with pytest.raises(SettingsError, match="bestaat al"):
        make_key(NAME, tmp_path, [LOG.verifier])
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_keygen_refuses_a_name_that_no_key_can_have(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="spaties"):
        make_key("met spatie", tmp_path / "nieuw", [LOG.verifier])
    assert not (tmp_path / "nieuw").exists()


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    file = tmp_path / "verzoek.txt"
    file.write_bytes(offer(0, 5).body.encode())
    return file


def by_file(folder: Path, file: Path, *more: object) -> Any:
    return run("cosign", file, "--settings", folder / "instellingen.toml", *more)


def test_an_fg_vouches_for_a_file_and_reads_in_one_sentence_what_was_checked(
    folder: Path, request_file: Path, key: Witness
) -> None:
    first = by_file(folder, request_file)
    assert first.exit_code == 0, first.output
    assert "5 bladen; dit is het eerste dat deze getuige ervan zag" in first.output
    answer = request_file.with_name("verzoek.txt.bevestigd")
    policy = WitnessPolicy((PolicyWitness("fg", key),), 1)
    open_cosigned(answer.read_bytes(), LOG.verifier, policy).require()
    request_file.write_bytes(offer(5, 9).body.encode())
    second = by_file(folder, request_file, "--out", answer.with_name("tweede"))
    assert "9 bladen, en alle 5 bladen die u eerder bevestigde staan er onveranderd in" in second.output


def test_a_file_whose_answer_went_missing_is_answered_again(folder: Path, request_file: Path) -> None:
    by_file(folder, request_file)
    answer = request_file.with_name("verzoek.txt.bevestigd")
    first = answer.read_bytes()
    assert "bestaat al" in by_file(folder, request_file).output
    answer.unlink()
    assert by_file(folder, request_file).exit_code == 0
    assert answer.read_bytes() == first


def test_a_fork_in_a_file_is_refused_loudly_and_status_remembers_it(folder: Path, request_file: Path) -> None:
    by_file(folder, request_file)
    quiet = run("status", "--settings", folder / "instellingen.toml")
    assert (quiet.exit_code, "tot en met 5 bladen" in quiet.output) == (0, True)
    request_file.write_bytes(offer(5, 9, FORGED).body.encode())
    result = by_file(folder, request_file, "--out", request_file.with_name("tweede"))
    assert result.exit_code == 1
    assert "NIET bevestigd" in result.output
    assert "Bel de andere FG's" in result.output
    assert not request_file.with_name("tweede").exists()
    loud = run("status", "--settings", folder / "instellingen.toml")
    assert loud.exit_code == 1
    assert "ondertekende 9 bladen, en het bewijs dat erbij kwam sluit niet aan" in loud.output


def test_two_roots_of_one_size_are_told_as_a_contradiction_by_the_notes_alone(
    folder: Path, request_file: Path
) -> None:
    by_file(folder, request_file)
    request_file.write_bytes(offer(5, 5, FORGED).body.encode())
    by_file(folder, request_file, "--out", request_file.with_name("tweede"))
    told = run("status", "--settings", folder / "instellingen.toml")
    assert (told.exit_code, "TEGENSPRAAK" in told.output) == (1, True)


def test_an_old_request_is_refused_with_what_to_do_now(folder: Path, request_file: Path) -> None:
    by_file(folder, request_file)
    request_file.write_bytes(offer(0, 3).body.encode())
    result = by_file(folder, request_file, "--out", request_file.with_name("tweede"))
    assert result.exit_code == 1
    assert "oud=5" in result.output


@pytest.mark.parametrize(
    "arguments", [(), ("verzoek", "--log", "http://x"), ("verzoek", "--ca", "x"), ("--log", "register")]
)
def test_a_command_that_cannot_be_meant_is_used_wrongly(folder: Path, arguments: tuple[str, ...]) -> None:
    result = run("cosign", *arguments, "--settings", folder / "instellingen.toml")
    assert result.exit_code == 2, result.output


def test_the_refusal_of_a_server_repeats_nothing_that_was_sent(client: Client) -> None:
    answer = client.add(b"old 0\n\ngeheim<script>")
    assert "geheim" not in json.dumps(answer.json())

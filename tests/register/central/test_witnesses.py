# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register and its witnesses: real witnesses in this process, each with a memory of its own, behind one client."""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from audit.cosignature import NOBODY, PolicyWitness, WitnessPolicy, open_cosigned
from audit.merkle import Frontier, verify_consistency
from audit.note import Signer
from audit.witness.app import create_app as create_witness
from audit.witness.app import make_key
from audit.witness.cli import witness as witness_command
from audit.witness.settings import WitnessSettings
from audit.witnessing import Offer
from process.problem import Refusal
from process.secret import Secret
from process.serving.errors import SettingsError
from register.central import app
from register.central.cli_witnesses import witnesses as register_command
from register.central.reminding import ACCUSED, FEW_WITNESSES, remind
from register.central.store import tables as t
from register.central.store.work import RegisterDatabase
from register.central.witnesses import Asking, Published
from register.witnesses import Said
from tests.register.central.conftest import LOG_SIGNER, ONE_DATABASE, House, Publish, Restart
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import MOMENT, Caller, World, signal

PATIENCE = timedelta(minutes=10)
LATER = MOMENT + timedelta(minutes=11)


class Witnesses:
    """Witnesses by the host in their address; one can be away, slow of speech, or say something else."""

    def __init__(self, folder: Path, clock: Callable[[], Any]) -> None:
        self._folder = folder
        self._clock = clock
        self._apps: dict[str, Any] = {}
        self.away: set[str] = set()
        self.says: dict[str, httpx.Response] = {}
        self.bodies: list[bytes] = []

    def add(self, label: str, *, url: bool = True) -> PolicyWitness:
        made = make_key(f"{label}.example/getuige", self._folder / label, [LOG_SIGNER.verifier])
        self.start(label)
        return PolicyWitness(label, made, f"https://{label}/voor" if url else None)

    def start(self, label: str) -> None:
        self._apps[label] = create_witness(
            WitnessSettings.load(self._folder / label / "instellingen.toml"), clock=self._clock
        )

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def send(self, label: str, body: bytes) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self._apps[label])
            async with httpx.AsyncClient(transport=transport, base_url="https://getuige") as client:
                return await client.post("/add-checkpoint", content=body)

        return asyncio.run(sent())

    def _answer(self, request: httpx.Request) -> httpx.Response:
        label = request.url.host
        assert request.url.path == "/voor/add-checkpoint"
        self.bodies.append(request.content)
        if label in self.away:
            raise httpx.ConnectError("refused")
        if label in self.says:
            return self.says[label]
        answer = self.send(label, request.content)
        kind = {"content-type": answer.headers["content-type"]}
        return httpx.Response(answer.status_code, content=answer.content, headers=kind)


@pytest.fixture
def others(tmp_path: Path, world: World) -> Witnesses:
    return Witnesses(tmp_path / "getuigen", world.clock)


@pytest.fixture
def two(others: Witnesses) -> WitnessPolicy:
    return WitnessPolicy((others.add("oost"), others.add("west")), 2)


@pytest.fixture
def log(database: RegisterDatabase, two: WitnessPolicy) -> Published:
    return Published(database, LOG_SIGNER.verifier, two, PATIENCE)


@pytest.fixture
def job(database: RegisterDatabase, log: Published, others: Witnesses) -> Iterator[Asking]:
    made = Asking(database, log, others.client())
    yield made
    made.close()


def signed(note: str | None, policy: WitnessPolicy) -> tuple[str, ...]:
    assert note is not None
    return open_cosigned(note, LOG_SIGNER.verifier, policy).signed


def grow(world: World, publish: Publish, by: int = 1) -> int:
    for _one in range(by):
        world.submit("GM9001", signal())
    return publish()


def test_two_witnesses_cosign_and_the_checkpoint_bears_both(
    world: World, publish: Publish, job: Asking, log: Published, two: WitnessPolicy
) -> None:
    assert job.ask(MOMENT) == {"gevraagd": 0, "bevestigd": 0}
    for _time in range(3):
        size = grow(world, publish, 2)
        assert job.ask(MOMENT) == {"gevraagd": 2, "bevestigd": 2}
        assert signed(log.checkpoint(), two) == ("oost", "west")
        standing = log.standing()
        assert (standing.size, standing.enough, standing.worries(LATER, PATIENCE)) == (size, True, [])
    assert (
        "2 van de 2 getuigen bevestigden het nieuwste controlepunt (6 bladen); 2 zijn er nodig."
        in standing.sentence()
    )
    assert job.ask(MOMENT) == {"gevraagd": 0, "bevestigd": 0}


def test_one_away_is_said_as_one_of_two_and_publishing_goes_on(  # noqa: PLR0917 - a world
    world: World, publish: Publish, job: Asking, log: Published, two: WitnessPolicy, others: Witnesses
) -> None:
    grow(world, publish)
    job.ask(MOMENT)
    others.away = {"west"}
    grow(world, publish)
    assert job.ask(MOMENT) == {"gevraagd": 2, "bevestigd": 1}
    assert signed(log.checkpoint(), two) == ("oost",)
    assert signed(log.checkpoint(enough=True), two) == ("oost", "west")
    standing = log.standing()
    assert (standing.size, standing.enough_size) == (2, 1)
    assert "1 van de 2" in standing.sentence()
    assert standing.worries(MOMENT, PATIENCE) == []
    assert standing.sentence().endswith("Het eerste blad is door genoeg getuigen bevestigd.")
    (worry,) = standing.worries(LATER, PATIENCE)
    assert "1 van de 2" in worry
    assert worry.endswith("Het ontbreekt aan: west.")
    others.away = set()
    assert job.ask(MOMENT) == {"gevraagd": 1, "bevestigd": 1}
    assert log.standing().worries(LATER, PATIENCE) == []


def test_a_rolled_back_register_is_told_so_by_name_and_in_other_words_than_away(  # noqa: PLR0917 - a world
    world: World, publish: Publish, job: Asking, log: Published, others: Witnesses, database: RegisterDatabase
) -> None:
    grow(world, publish, 3)
    job.ask(MOMENT)
    world.forget_the_log()
    world.submit("GM9001", signal())
    # The signer would refuse; a register that has its key does not ask it.
    sign_as_it_is(database)
    others.away = {"west"}
    job.ask(MOMENT)
    standing = log.standing()
    assert standing.accusing == ("oost",)
    (worry,) = standing.worries(MOMENT, PATIENCE)
    assert "Getuige oost zag eerder 3 bladen" in worry
    assert "teruggezet" in worry
    assert standing.heard["west"].said is Said.AWAY


@ONE_DATABASE
def test_a_checkpoint_that_comes_while_witnesses_are_asked_makes_none_of_them_refuse(
    world: World,
    publish: Publish,
    job: Asking,
    log: Published,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grow(world, publish)
    true = Asking._asked

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(Asking, "_asked", true)
        grow(world, publish)
        return true(*arguments)

    monkeypatch.setattr(Asking, "_asked", overtaken)
    job.ask(MOMENT)
    assert [one.said for one in log.standing().heard.values()] == [Said.CONFIRMED, Said.CONFIRMED]


@ONE_DATABASE
def test_what_everybody_can_read_makes_no_witness_look_alive_when_it_is_brought_once_more(
    world: World, publish: Publish, job: Asking, log: Published
) -> None:
    grow(world, publish)
    job.ask(MOMENT)
    before, note = log.standing().heard, log.checkpoint()
    assert note is not None
    assert log.take(note, LATER) == ("oost", "west")
    assert log.standing().heard == before


@ONE_DATABASE
def test_neither_silence_nor_what_a_witness_signed_before_takes_its_accusation_back(  # noqa: PLR0917 - a world
    world: World, publish: Publish, job: Asking, log: Published, others: Witnesses, database: RegisterDatabase
) -> None:
    grow(world, publish)
    job.ask(MOMENT)
    before = log.checkpoint()
    others.says["oost"] = httpx.Response(422, content=b"x")
    grow(world, publish)
    later = MOMENT + timedelta(minutes=1)
    job.ask(later)
    assert log.standing().accusing == ("oost",)
    with database.engine.begin() as connection:
        # As in a database that was set back, where the newest checkpoint is that of before.
        connection.execute(t.witness_state.update().values(size=1))
        connection.execute(t.cosignature.delete())
    assert before is not None
    log.take(before, later)
    others.away = {"oost"}
    job.ask(later)
    assert log.standing().accusing == ("oost",)
    others.away, others.says = set(), {}
    world.clock.forward(minutes=2)
    job.ask(later)
    assert log.standing().accusing == ()


def test_a_fork_with_the_log_s_own_signature_is_told_at_once_and_by_name(
    world: World, publish: Publish, job: Asking, log: Published, database: RegisterDatabase
) -> None:
    grow(world, publish, 3)
    job.ask(MOMENT)
    world.forget_the_log()
    for _signal in range(5):
        world.submit("GM9001", signal())
    sign_as_it_is(database)
    assert job.ask(MOMENT) == {"gevraagd": 2, "bevestigd": 0}
    standing = log.standing()
    assert standing.accusing == ("oost", "west")
    assert all("andere geschiedenis" in one for one in standing.worries(MOMENT, PATIENCE))
    assert standing.signed == ()


def sign_as_it_is(database: RegisterDatabase) -> None:
    """What a register that holds the log's key can do."""
    with database.engine.begin() as connection:
        head = database.log.head(connection)
        checkpoint = Checkpoint(LOG_SIGNER.name, head.size, head.root)
        database.log.save_checkpoint(connection, sign_checkpoint(checkpoint, LOG_SIGNER))


def test_a_witness_that_restarts_goes_on_and_one_that_missed_an_answer_too(  # noqa: PLR0917 - a world
    world: World, publish: Publish, job: Asking, log: Published, two: WitnessPolicy, others: Witnesses
) -> None:
    grow(world, publish, 2)
    job.ask(MOMENT)
    grow(world, publish, 2)
    # What it vouched for got lost on its way: the register asks from 2, is told 4, and asks from there.
    offer = log.offer(2)
    assert offer is not None
    assert others.send("oost", offer.body.encode()).status_code == 200
    others.start("oost")
    grow(world, publish)
    assert job.ask(MOMENT) == {"gevraagd": 2, "bevestigd": 2}
    assert signed(log.checkpoint(), two) == ("oost", "west")


NONSENSE = {
    "not_found": (httpx.Response(404, content=b"x"), Said.REFUSED),
    "forbidden": (httpx.Response(403, content=b"x"), Said.REFUSED),
    "html": (httpx.Response(200, content=b"<html>welkom"), Said.REFUSED),
    "empty": (httpx.Response(200, content=b""), Said.REFUSED),
    "signature_of_a_stranger": (
        httpx.Response(200, content="— vreemd YWJjZGVmZ2g=\n".encode()),
        Said.REFUSED,
    ),
    "conflict_without_a_size": (httpx.Response(409, content=b"veel"), Said.REFUSED),
    "conflict_with_our_own_size": (httpx.Response(409, content=b"0\n"), Said.REFUSED),
    "conflict_for_ever": (httpx.Response(409, content=b"1\n"), Said.AWAY),
    "broken": (httpx.Response(500, content=b"x"), Said.AWAY),
    "too_busy": (httpx.Response(429, content=b"x"), Said.AWAY),
    "moved": (httpx.Response(302, headers={"location": "https://west/voor/add-checkpoint"}), Said.REFUSED),
    "an_answer_without_end": (httpx.Response(200, content=b"x" * 100_000), Said.AWAY),
}


@ONE_DATABASE
@pytest.mark.parametrize("name", NONSENSE)
def test_whatever_one_witness_answers_the_other_s_cosignature_is_kept(  # noqa: PLR0917 - a world
    world: World,
    publish: Publish,
    job: Asking,
    log: Published,
    two: WitnessPolicy,
    others: Witnesses,
    name: str,
) -> None:
    grow(world, publish)
    others.says["oost"], said = NONSENSE[name]
    assert job.ask(MOMENT) == {"gevraagd": 2, "bevestigd": 1}
    assert signed(log.checkpoint(), two) == ("west",)
    standing = log.standing()
    assert standing.heard["oost"].said is said
    assert standing.accusing == ()
    assert any("oost weigert" in one for one in standing.worries(MOMENT, PATIENCE)) == (said is Said.REFUSED)


@ONE_DATABASE
def test_a_false_cosignature_is_not_kept_and_one_changed_in_the_database_not_published(  # noqa: PLR0917 - a world
    world: World, publish: Publish, job: Asking, log: Published, two: WitnessPolicy, others: Witnesses
) -> None:
    grow(world, publish)
    others.says["oost"] = httpx.Response(200, content=others.send("west", _body(log)).content)
    job.ask(MOMENT)
    assert signed(log.checkpoint(), two) == ("west",)
    line = world.rows(t.cosignature)[0].line
    for changed in (line.replace("A", "B"), "geen handtekening", ""):
        with world.log.engine.begin() as connection:
            connection.execute(t.cosignature.update().values(line=changed))
        assert signed(log.checkpoint(), two) == log.standing().signed == ()


def _body(log: Published) -> bytes:
    offer = log.offer(0)
    assert offer is not None
    return offer.body.encode()


@ONE_DATABASE
def test_a_witness_that_left_the_policy_counts_no_more(
    world: World, publish: Publish, job: Asking, database: RegisterDatabase, two: WitnessPolicy
) -> None:
    grow(world, publish)
    job.ask(MOMENT)
    fewer = Published(database, LOG_SIGNER.verifier, WitnessPolicy(two.witnesses[:1], 1), PATIENCE)
    assert signed(fewer.checkpoint(enough=True), two) == ("oost",)


@ONE_DATABASE
def test_without_witnesses_that_is_said_and_nothing_is_enough(
    world: World, publish: Publish, database: RegisterDatabase
) -> None:
    grow(world, publish)
    nobody = Published(database, LOG_SIGNER.verifier, NOBODY, PATIENCE)
    assert nobody.checkpoint() is not None
    assert nobody.checkpoint(enough=True) is None
    assert "nog geen getuigen" in nobody.standing().sentence()
    assert nobody.standing().worries(LATER, PATIENCE) == []


@ONE_DATABASE
def test_every_fg_is_reminded_of_too_few_and_of_a_witness_that_accuses(  # noqa: PLR0917 - a world
    world: World,
    publish: Publish,
    job: Asking,
    log: Published,
    others: Witnesses,
    database: RegisterDatabase,
    centre: Any,
) -> None:
    def reminded(moment: Any) -> dict[str, int]:
        remind(centre, {}, moment, log)
        return {row.kind: row.count for row in world.rows(t.reminder)}

    grow(world, publish, 3)
    others.away = {"oost", "west"}
    job.ask(MOMENT)
    assert reminded(MOMENT) == {}
    assert reminded(LATER) == {FEW_WITNESSES: 2}
    others.away = set()
    job.ask(LATER)
    assert reminded(LATER) == {}
    world.forget_the_log()
    world.submit("GM9001", signal())
    sign_as_it_is(database)
    job.ask(LATER)
    assert reminded(LATER)[ACCUSED] == 2


# ---- by file --------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_file(house: House, restart: Restart, others: Witnesses, tmp_path: Path) -> Iterator[World]:
    """A register with one witness that has an address and one that works by file; both are needed."""
    policy = WitnessPolicy((others.add("oost"), others.add("fg", url=False)), 2, LOG_SIGNER.verifier)
    file = tmp_path / "getuigen.txt"
    file.write_text("# de getuigen\n" + policy.text)
    before = house.settings
    house.settings = before.model_copy(update={"witness_policy_file": file})
    yield restart()
    house.settings = before


def anyone(world: World) -> Caller:
    return Caller(world, world.apps.people, "", {}, None)


def cosign(tmp_path: Path, request: bytes, name: str) -> Any:
    file = tmp_path / f"{name}.txt"
    file.write_bytes(request)
    arguments = ["cosign", str(file), "--settings", str(tmp_path / "getuigen" / "fg" / "instellingen.toml")]
    return CliRunner().invoke(witness_command, arguments)


def test_an_fg_without_a_server_vouches_by_file(  # noqa: PLR0917 - a world
    by_file: World,
    publish: Publish,
    tmp_path: Path,
    database: RegisterDatabase,
    house: House,
    others: Witnesses,
) -> None:
    grow(by_file, publish, 2)
    published = app.publication(house.settings, database)
    job = Asking(database, published, others.client())
    assert job.ask(MOMENT) == {"gevraagd": 1, "bevestigd": 1}
    told = anyone(by_file).get("/v1/logboek/getuigen", leaves=0).json()
    assert (told["bevestigd"], told["nodig"], told["genoeg"], told["omvang"]) == (1, 2, False, 2)
    assert [one["zei"] for one in told["getuigen"]] == ["nog-niets", "bevestigd"]
    request = anyone(by_file).get("/v1/logboek/getuigen/verzoek", leaves=0, oud=0)
    assert request.headers["content-disposition"] == 'attachment; filename="verzoek-0.txt"'
    assert cosign(tmp_path, request.content, "eerste").exit_code == 0
    note = (tmp_path / "eerste.txt.bevestigd").read_text()
    path = "/v1/logboek/getuigen/bevestigingen"
    for _twice in range(2):
        answer = anyone(by_file).post(path, {"controlepunt": note}, leaves=0)
        assert (answer.status_code, answer.json()) == (201, {"getuigen": ["fg"]})
    told = anyone(by_file).get("/v1/logboek/getuigen", leaves=0).json()
    assert (told["bevestigd"], told["genoeg"], told["omvangGenoeg"]) == (2, True, 2)
    grow(by_file, publish, 2)
    job.close()
    newest = anyone(by_file).get("/v1/logboek/checkpoint", leaves=0).text
    enough = anyone(by_file).get("/v1/logboek/checkpoint", leaves=0, getuigen="genoeg").text
    assert [open_checkpoint(one, LOG_SIGNER.verifier).size for one in (newest, enough)] == [4, 2]
    second = anyone(by_file).get("/v1/logboek/getuigen/verzoek", leaves=0, oud=2).content
    assert "alle 2 bladen die u eerder bevestigde" in cosign(tmp_path, second, "tweede").output


@ONE_DATABASE
def test_an_fg_reads_who_vouches_and_pastes_what_was_confirmed_as_a_browser_sends_it(
    by_file: World, publish: Publish, tmp_path: Path
) -> None:
    grow(by_file, publish, 2)
    visitor = Visitor(by_file).signed_in("GM9001", "fg")
    publish()
    page = visitor.get("/getuigen").text
    assert "0 van de 2 getuigen" in page
    assert '<a class="utrecht-link utrecht-link--html-a" href="/v1/logboek/getuigen/verzoek?oud=0">' in page
    request = anyone(by_file).get("/v1/logboek/getuigen/verzoek", leaves=0, oud=0).content
    cosign(tmp_path, request, "eerste")
    note = (tmp_path / "eerste.txt.bevestigd").read_text()
    token = visitor.token("/getuigen")
    answer = visitor.post("/getuigen", csrf=token, controlepunt=note.replace("\n", "\r\n"))
    assert "De bevestiging van fg is ontvangen en klopt." in answer.text
    assert visitor.post("/getuigen", csrf=token, controlepunt="iets anders").status_code == 400
    assert visitor.post("/getuigen", csrf="0" * 64, controlepunt=note).status_code == 403
    assert "van de 2 getuigen" in visitor.get("/logboek").text
    assert Visitor(by_file).get("/getuigen").headers["location"] == "/aanmelden"


@ONE_DATABASE
def test_the_page_of_one_entry_checks_with_the_witnesses_of_this_log_and_says_when_they_are_too_few(  # noqa: PLR0917 - a world
    by_file: World,
    publish: Publish,
    tmp_path: Path,
    database: RegisterDatabase,
    house: House,
    others: Witnesses,
) -> None:
    grow(by_file, publish)
    job = Asking(database, app.publication(house.settings, database), others.client())
    visitor = Visitor(by_file).signed_in("GM9001", "fg")
    publish()
    job.ask(MOMENT)
    few = visitor.get("/logboek/0").text
    assert "Ja, dit is nagerekend" in few
    assert "Dit controlepunt is bevestigd door 1 van de 2 getuigen." in few
    request = anyone(by_file).get("/v1/logboek/getuigen/verzoek", leaves=0, oud=0).content
    cosign(tmp_path, request, "eerste")
    note = (tmp_path / "eerste.txt.bevestigd").read_text()
    visitor.post("/getuigen", csrf=visitor.token("/getuigen"), controlepunt=note)
    enough = visitor.get("/logboek/0").text
    assert "ten minste 2 van de 2. (goed)" in enough
    for page in (few, enough):
        assert "Er zijn geen getuigen genoemd" not in page
    job.close()


@ONE_DATABASE
def test_who_vouched_for_more_than_there_is_reads_that_the_log_was_set_back(
    by_file: World, publish: Publish
) -> None:
    grow(by_file, publish)
    answer = anyone(by_file).get("/v1/logboek/getuigen/verzoek", leaves=0, oud=5)
    assert (answer.status_code, answer.json()["code"]) == (409, "logboek-korter")
    assert "bel de andere FG's" in answer.json()["wegVooruit"]


@ONE_DATABASE
def test_what_is_handed_in_and_is_no_confirmation_of_this_log_is_refused(
    by_file: World, publish: Publish, others: Witnesses, tmp_path: Path
) -> None:
    grow(by_file, publish, 3)
    path = "/v1/logboek/getuigen/bevestigingen"
    newest = anyone(by_file).get("/v1/logboek/checkpoint", leaves=0).text
    stranger = others.add("vreemd").key
    lines = others.send("vreemd", b"old 0\n\n" + newest.encode()).text
    forged = Offer(0, (), sign_checkpoint(Checkpoint(LOG_SIGNER.name, 3, bytes(32)), LOG_SIGNER))
    longer = Offer(0, (), sign_checkpoint(Checkpoint(LOG_SIGNER.name, 9, bytes(32)), LOG_SIGNER))
    thief = Signer(LOG_SIGNER.name, Secret(os.urandom(32)))
    cosign(tmp_path, longer.body.encode(), "langer")
    bad = {
        "": ("ongeldige-invoer", 400),
        "geen controlepunt": ("ongeldige-invoer", 400),
        newest: ("onbekende-getuige", 400),
        newest + lines: ("onbekende-getuige", 400),
        sign_checkpoint(open_checkpoint(newest, LOG_SIGNER.verifier), thief): ("ongeldige-invoer", 400),
        (tmp_path / "langer.txt.bevestigd").read_text(): ("ander-logboek", 409),
    }
    for sent, (code, status) in bad.items():
        answer = anyone(by_file).post(path, {"controlepunt": sent}, leaves=0)
        assert (answer.json()["code"], answer.status_code) == (code, status)
    assert by_file.rows(t.cosignature) == []
    assert stranger.name == "vreemd.example/getuige"
    assert others.send("fg", forged.body.encode()).status_code == 409


@ONE_DATABASE
def test_the_commands_of_the_register_do_the_same_on_its_own_machine(  # noqa: PLR0917 - a world
    by_file: World,
    publish: Publish,
    house: House,
    database: RegisterDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published = app.publication(house.settings, database)

    class Opened:
        def __enter__(self) -> tuple[Published, Any]:
            return published, MOMENT

        def __exit__(self, *_error: object) -> None:
            pass

    monkeypatch.setattr(app, "open_publication", lambda _settings: Opened())
    monkeypatch.setattr(
        "register.central.settings.RegisterSettings.load", lambda *_file, **_said: house.settings
    )

    def run(*arguments: object) -> Any:
        return CliRunner().invoke(register_command, [str(one) for one in arguments])

    grow(by_file, publish, 2)
    file = tmp_path / "verzoek"
    assert run("request", "--old", 0, "--out", file).exit_code == 0
    assert isinstance(run("request", "--old", 0, "--out", file).exception, SettingsError)
    assert isinstance(run("request", "--old", 7, "--out", tmp_path / "x").exception, Refusal)
    answer = cosign(tmp_path, file.read_bytes(), "verzoek-van-het-register")
    assert answer.exit_code == 0, answer.output
    added = run("add", tmp_path / "verzoek-van-het-register.txt.bevestigd")
    assert "de bevestiging van fg klopt en is bewaard" in added.output
    told = run("status")
    assert told.exit_code == 0
    assert "1 van de 2 getuigen" in told.output
    assert published.policy.fingerprint in told.output


def test_a_policy_of_another_log_or_of_half_the_witnesses_keeps_the_register_from_starting(
    house: House, two: WitnessPolicy, database: RegisterDatabase, tmp_path: Path
) -> None:
    other = Signer("log.example/ander", Secret(bytes(range(8, 40)))).verifier
    file = tmp_path / "lijst"
    settings = house.settings.model_copy(update={"witness_policy_file": file})
    for text in (
        WitnessPolicy(two.witnesses, 2, other).text,
        two.text.replace("getuigen 2", "getuigen 1"),
        "onzin",
    ):
        file.write_text(text)
        with pytest.raises(SettingsError, match="getuigen"):
            app.publication(settings, database)
    file.unlink()
    with pytest.raises(SettingsError, match="getuigen"):
        app.publication(settings, database)


# ---- what is published ----------------------------------------------------------------------------------------------


def test_nothing_beyond_the_signed_size_is_there(world: World, publish: Publish) -> None:
    grow(world, publish, 2)
    world.submit("GM9001", signal())
    get = anyone(world).get
    assert len(get("/v1/logboek/bladen", leaves=0).json()["bladen"]) == 2
    assert get("/v1/logboek/bladen", leaves=0, vanaf=2).json()["bladen"] == []
    assert get("/v1/logboek/bewijzen/insluiting", leaves=0, blad=0, omvang=2).status_code == 200
    assert get("/v1/logboek/bewijzen/insluiting", leaves=0, blad=0, omvang=3).status_code == 404
    assert get("/v1/logboek/bewijzen/samenhang", leaves=0, van=1, naar=3).status_code == 404
    for path in ("tile/0/000.p/3", "tile/entries/000.p/3"):
        assert get(f"/tlog/{path}", leaves=0).status_code == 404


def test_the_log_reads_as_static_tiles(world: World, publish: Publish) -> None:
    assert anyone(world).get("/tlog/checkpoint", leaves=0).status_code == 404
    size = grow(world, publish, 5)
    checkpoint = anyone(world).get("/tlog/checkpoint", leaves=0)
    assert checkpoint.headers["cache-control"] == "no-store"
    head = open_checkpoint(checkpoint.text, LOG_SIGNER.verifier)
    tile = anyone(world).get(f"/tlog/tile/0/000.p/{size}", leaves=0)
    entries = anyone(world).get(f"/tlog/tile/entries/000.p/{size}", leaves=0)
    for answer in (tile, entries):
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    leaves = [entries.content[at + 2 : at + 35] for at in range(0, len(entries.content), 35)]
    assert {entries.content[at : at + 2] for at in range(0, len(entries.content), 35)} == {b"\x00\x21"}
    assert Frontier.over(leaves).root() == head.root
    assert len(tile.content) == 32 * size


@ONE_DATABASE
@pytest.mark.parametrize(
    "path",
    [
        "0/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/0",
        "00/000.p/1",
        "64/000.p/1",
        "1/000.p/1",
        "0/001.p/1",
        "x/000.p/1",
        "0/x000/000.p/1",
        "entries/0",
        "entries/000",
        "entries/001.p/1",
        "",
        "0/000.p/1/",
        "0/99999999999999999999",
    ],
)
def test_a_part_that_is_not_there_is_not_found(world: World, publish: Publish, path: str) -> None:
    grow(world, publish)
    assert anyone(world).get(f"/tlog/tile/{path}", leaves=0).status_code == 404


@ONE_DATABASE
def test_the_offer_of_the_register_proves_what_it_says(
    world: World, publish: Publish, log: Published
) -> None:
    grow(world, publish, 3)
    first = open_checkpoint(log.checkpoint() or "", LOG_SIGNER.verifier)
    grow(world, publish, 4)
    offer = log.offer(3)
    assert offer is not None
    second = open_checkpoint(offer.note, LOG_SIGNER.verifier)
    verify_consistency(3, 7, offer.proof, first.root, second.root)

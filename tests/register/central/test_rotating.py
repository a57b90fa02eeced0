# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about a rotation at the register: it answers all the while, nothing is lost or doubled, whenever it is killed, and what is of before is gone afterwards."""

import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine

from process.jobs import Outcome
from process.problem import Refusal
from process.serving.errors import SettingsError
from process.serving.jobs import Runner
from pseudonymisation import base64url
from pseudonymisation.canary_pins import CanaryPoints, pin_name
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.desk.transcripts import read_transcript
from pseudonymisation.joint import Record, Stage
from pseudonymisation.opening import OPENING_NAME
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.pseudonym import (
    SPEC_VERSION,
    PointKeys,
    Pseudonym,
    SealBrokenError,
    open_point,
    seal_point,
    tag,
)
from pseudonymisation.threshold import PublicKeyset, split
from register.central import app, rotating
from register.central.administration import Administrator
from register.central.centre import Centre
from register.central.epochs import Told, pin, require_present
from register.central.multiplying import Material, Multiplier, workers
from register.central.rotating import Converter, Places, Switched
from register.central.store import rotation as store
from register.central.store import tables as t
from tests.pseudonymisation.passing_on import Table, key_of, resharing
from tests.receipts import covering
from tests.register.central.conftest import ONE_DATABASE, House
from tests.register.central.enrolling_world import BASIS, administrator
from tests.register.central.turning import STEPS, Turning, broken_off, canary_points, killed
from tests.register.central.world import PowerCut, World, refused, signal, subject

PEOPLE = ("anna", "boris", "chen", "dima", "eva")


@pytest.fixture
def turning() -> Turning:
    return Turning()


@pytest.fixture
def places(house: House) -> Iterator[Places]:
    found = app.places(house.settings)
    yield found
    for path in (found.factor, found.epoch):
        path.unlink(missing_ok=True)


class Town:
    """The register, its administrator, and signals of five people."""

    def __init__(self, world: World, centre: Centre, places: Places, turning: Turning) -> None:
        self.world, self.centre, self.places, self.turning = world, centre, places, turning
        self.converter = Converter(centre, places, 0)
        self.install(turning.before.fingerprint)
        self.signals: dict[str, str] = {}
        self.submit(*PEOPLE)

    @property
    def admin(self) -> Administrator:
        return administrator(self.centre)

    def install(self, fingerprint: str | None, *, required: bool = False) -> None:
        """What a process does when it starts, with this fingerprint in its settings."""
        engine, name = self.world.log.engine, self.centre.keyset[0]
        found, _strange = store.look(engine, name, 1)
        told = Told(name, 1, fingerprint, required)
        pin(found, self.places.epoch, told, partial(store.settled, engine, name, 1))

    def forget(self) -> None:
        """As it is before anything was pinned."""
        with self.world.log.engine.begin() as connection:
            connection.execute(t.keyset_state.delete())
        self.places.epoch.unlink(missing_ok=True)

    def submit(self, *people: str, new: bool = False) -> None:
        made = self.turning.new if new else self.turning.old
        for who in people:
            # Everyone has a telephone and a document; the telephone of the first two is the same.
            phone = "samen" if who in PEOPLE[:2] else who
            sent = signal(subject(made(phone), made(who, "document")), epoch=3 if new else 1)
            self.signals[who] = self.world.submit("GM9001", sent)["signaalId"]

    def do(self, *steps: str) -> None:
        for step in steps:
            self.turning.step(step, self.admin, self.converter, self.world.clock())
        self.world.log.verify(None)

    def switch(self, pause: Callable[[float], object]) -> Switched:
        done = rotating.switch(self.admin, self.places, self.turning.after, BASIS, pause=pause)
        self.world.log.verify(None)
        return done

    def known(self, who: str, *, new: bool = False) -> bool:
        """Whether an inspector elsewhere hears that this person is known."""
        made = self.turning.new if new else self.turning.old
        answer = self.world.inspector("GM9004").ask(made(who, "document"), epoch=3 if new else 1)
        return bool(answer.json()["uitkomst"] == "bekend_elders")

    def epochs(self) -> list[int]:
        return sorted(row.epoch for row in self.world.rows(t.posting))

    def check(self, *, switched: bool) -> None:
        """What must be true at any moment: everyone is known under the epoch in force, nobody else is, and the other epoch is refused."""
        newest = list(self.signals)[-1]
        assert self.known(newest, new=switched), newest
        assert not self.known("niemand", new=switched)
        stale = self.turning.old("anna", "document") if switched else self.turning.new("anna", "document")
        answer = self.world.inspector("GM9004").try_ask(stale, epoch=1 if switched else 3)
        refused(answer, 409, "andere-sleutelset")
        rows = self.world.rows(t.posting)
        keys = self.centre.tag_key.reveal(), self.centre.sealing_key.reveal()
        made, tags = self.turning.new if switched else self.turning.old, {row.tag for row in rows}
        for who in self.signals:
            found = Pseudonym("document", base64url.decode(made(who, "document")["punt"]))
            assert tag(keys[0], "oefening", found) in tags, who
        for row in rows:
            # Every row opens, and its tag is of what is in it.
            found = open_point(keys[1], "oefening", row.family, row.sealed_point)
            assert row.tag == tag(keys[0], "oefening", found)
        assert len({(row.signal_id, row.ref, row.family, row.epoch > 1) for row in rows}) == len(rows)

    def refuses(self, act: Callable[[], object], sentence: str) -> None:
        before = self.world.contents()
        with pytest.raises((Refusal, CeremonyError)) as told:
            act()
        found = told.value
        assert isinstance(found, Refusal | CeremonyError)
        detail = found.detail if isinstance(found, Refusal) else str(found)
        assert sentence in detail, detail
        assert found.way_forward
        assert self.world.contents() == before
        self.world.log.verify(0)


@pytest.fixture
def town(world: World, centre: Centre, places: Places, turning: Turning) -> Town:
    return Town(world, centre, places, turning)


# ---- The whole of it -------------------------------------------------------------------------------------------------


def test_the_register_answers_all_the_while_and_everyone_is_known_before_and_after(town: Town) -> None:
    town.do("begin")
    town.check(switched=False)
    town.do("convert")
    town.check(switched=False)
    assert town.epochs() == [1] * 10 + [2] * 10
    town.do("switch")
    town.check(switched=True)
    town.submit("fien", new=True)
    town.check(switched=True)
    town.do("finish", "destroy")
    town.check(switched=True)
    assert town.epochs() == [2] * 10 + [3] * 2
    assert not town.places.factor.exists()
    assert town.world.rows(t.rotation) == town.world.rows(t.rotation_arrival) == []
    events = [one["gebeurtenis"] for one in town.world.log.entries("REGISTER")]
    assert [one for one in events if one.startswith(("rot", "sleutels"))] == [
        "rotatie_begonnen",
        "sleutels_gewisseld",
        "rotatie_afgerond",
    ]


def test_a_rotation_that_was_abandoned_leaves_no_row_of_its_key_and_the_next_change_of_keys_begins(
    town: Town,
) -> None:
    town.do("begin", "convert")
    town.submit("fien")
    rotating.abandon(town.admin, town.places, BASIS)
    town.world.log.verify(1)
    assert not town.places.factor.exists()
    town.refuses(lambda: town.do("switch"), "afgebroken")
    town.refuses(lambda: town.do("begin"), "al een rotatie onder weg")
    town.refuses(
        lambda: rotating.adopt(town.admin, town.places, town.turning.before, town.turning.shared_anew, BASIS),
        "rotatie onder weg",
    )
    town.submit("gijs")
    town.check(switched=False)
    town.do("destroy")
    assert town.epochs() == [1] * 14
    assert town.world.rows(t.rotation) == town.world.rows(t.rotation_arrival) == []
    town.check(switched=False)
    town.do(*STEPS)
    town.check(switched=True)
    town.refuses(lambda: rotating.abandon(town.admin, town.places, BASIS), "geen rotatie onder weg")


@ONE_DATABASE
def test_what_was_switched_is_not_abandoned(town: Town) -> None:
    town.do("begin", "convert", "switch")
    town.refuses(lambda: rotating.abandon(town.admin, town.places, BASIS), "al gewisseld")


@ONE_DATABASE
def test_a_batch_that_is_under_way_when_its_rotation_is_abandoned_writes_nothing(town: Town) -> None:
    town.do("begin")
    multiply = town.converter._given_out

    def slowly(rows: object) -> object:
        done = multiply(rows)  # type: ignore[arg-type]
        rotating.abandon(town.admin, town.places, BASIS)
        return done

    town.converter._given_out = slowly  # type: ignore[method-assign, assignment]
    assert town.converter.run(town.world.clock()) == {"omgezet": 0}
    assert set(town.epochs()) == {1}


@ONE_DATABASE
def test_a_treffer_of_before_is_still_there_after(town: Town) -> None:
    assert town.known("anna")
    before = town.world.rows(t.treffer_signal)
    town.do(*STEPS)
    assert town.world.rows(t.treffer_signal) == before != []


def test_what_comes_in_at_any_moment_of_a_rotation_is_converted_as_well(town: Town) -> None:
    town.do("begin")
    town.submit("fien")
    # One batch only: the walk is somewhere in the middle.
    rotating_batch = rotating.BATCH
    rotating.BATCH = 2  # type: ignore[misc]
    try:
        town.converter.run(town.world.clock())
    finally:
        rotating.BATCH = rotating_batch  # type: ignore[misc]
    town.submit("gijs", "hans", "ivo")
    town.do("convert")
    town.submit("joep")
    town.check(switched=False)
    assert len(town.world.rows(t.rotation_arrival)) == 1
    town.do("switch")
    town.check(switched=True)
    town.do("finish", "destroy")
    town.check(switched=True)


def test_what_is_withdrawn_while_its_batch_is_under_way_does_not_come_back(town: Town) -> None:
    town.do("begin")
    multiply = town.converter._given_out

    def slowly(rows: object) -> object:
        done = multiply(rows)  # type: ignore[arg-type]
        if "chen" in town.signals:
            number = town.signals.pop("chen")
            body = {"organisatie": "GM9001", "reden": "onjuist"}
            answer = town.world.contact("GM9001").post(f"/v1/signalen/{number}/intrekkingen", body)
            assert answer.status_code == 201, answer.text
        return done

    town.converter._given_out = slowly  # type: ignore[method-assign, assignment]
    town.do("convert", "switch")
    assert not town.known("chen", new=True)
    town.check(switched=True)


def test_a_correction_while_its_batch_is_under_way_is_what_is_converted(town: Town) -> None:
    town.do("begin")
    multiply, number = town.converter._given_out, town.signals["dima"]

    def slowly(rows: object) -> object:
        done = multiply(rows)  # type: ignore[arg-type]
        if "dima" in town.signals:
            del town.signals["dima"]
            sent = signal(subject(town.turning.old("dirk", "document")), signaalId=number, versie=2)
            assert town.world.submit("GM9001", sent)["signaalId"] == number
        return done

    town.converter._given_out = slowly  # type: ignore[method-assign, assignment]
    town.do("convert", "switch")
    assert town.known("dirk", new=True)
    assert not town.known("dima", new=True)


def test_a_common_token_is_as_common_after_the_switch(town: Town, runner: Runner) -> None:
    assert runner.once("veelvoorkomend").outcome is Outcome.DONE
    assert [row.carriers for row in town.world.rows(t.token_frequency)] == [2]
    town.do("begin", "convert", "switch")
    shared = Pseudonym("phone", base64url.decode(town.turning.new("samen")["punt"]))
    own = tag(town.centre.tag_key.reveal(), "oefening", shared)
    assert {row.tag: row.carriers for row in town.world.rows(t.token_frequency)}[own] == 2
    assert runner.once("veelvoorkomend").counts["subjecten"] == 5


@ONE_DATABASE
def test_the_job_does_nothing_without_a_rotation_and_tells_what_it_did(town: Town, runner: Runner) -> None:
    assert runner.once("rotatie").counts == {}
    town.do("begin")
    town.world.clock.forward(seconds=10)
    state = runner.once("rotatie")
    assert (state.outcome, state.counts["omgezet"]) == (Outcome.DONE, 10)
    told = rotating.told(town.centre, town.world.clock())
    assert "10 van 10 pseudoniemen omgezet" in told[1]
    assert "Wisselen kan" in told[2]


@ONE_DATABASE
def test_progress_says_how_long_it_still_takes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rotating.told(town.centre, town.world.clock())[1] == "Er is geen rotatie onder weg."
    town.do("begin")
    assert "nog niet te zeggen" in rotating.told(town.centre, town.world.clock())[2]
    monkeypatch.setattr(rotating, "BATCH", 1)
    town.converter.run(town.world.clock())
    town.world.clock.forward(seconds=30)
    assert "Nog ongeveer 0:02:00" in rotating.told(town.centre, town.world.clock())[2]


# ---- Broken off ------------------------------------------------------------------------------------------------------


@pytest.mark.every_case
def test_broken_off_before_every_write_of_every_step_nothing_is_lost_or_doubled(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 2)
    cuts = 0

    def cut() -> None:
        raise PowerCut

    for step in STEPS:
        for at in range(200):
            try:
                with broken_off(at, cut):
                    town.turning.step(step, town.admin, town.converter, town.world.clock())
                break
            except PowerCut:
                cuts += 1
        town.world.log.verify(None)
        town.check(switched=step in STEPS[2:])
        if step == "begin":
            town.submit("fien")
    assert cuts > 30
    assert town.world.rows(t.rotation) == []
    assert set(town.epochs()) == {2}


@pytest.mark.every_case
@ONE_DATABASE
def test_a_process_that_is_killed_before_any_write_of_any_step_goes_on_in_the_next(
    town: Town, house: House
) -> None:
    kills = 0
    for step in STEPS:
        for at in (0, 2, 5, 11, 200):
            ended = killed(house.settings, step, at, town.world.clock())
            town.world.log.verify(None)
            if not ended:
                break
            assert ended == -9
            kills += 1
        town.check(switched=step in STEPS[2:])
    assert kills > 8
    assert set(town.epochs()) == {2}
    assert not town.places.factor.exists()


@ONE_DATABASE
def test_a_switch_that_is_told_twice_and_a_begin_that_is_told_twice_are_the_same(town: Town) -> None:
    town.do("begin")
    town.places.factor.unlink()
    town.do("begin", "convert", "switch", "switch")
    town.check(switched=True)
    town.do("finish", "finish", "destroy")
    town.check(switched=True)


# ---- Refused ---------------------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_nothing_is_switched_before_all_is_converted(town: Town) -> None:
    town.refuses(
        partial(rotating.switch, town.admin, town.places, town.turning.after, BASIS), "geen rotatie onder weg"
    )
    town.do("begin")
    town.refuses(lambda: town.do("switch"), "Nog niet alles is omgezet")
    town.refuses(lambda: town.do("finish"), "nog niet gewisseld")


class Feeding:
    """Signals that come in after each of so many calls of something."""

    def __init__(self, town: Town, act: Callable[..., object], times: int) -> None:
        self.town, self.act, self.times = town, act, times
        self.begun = 0

    def __call__(self, *arguments: object) -> object:
        done = self.act(*arguments)
        if self.begun < self.times:
            self.begun += 1
            self.town.submit(*(f"{self.begun}-{number}" for number in range(3)))
        return done


def test_what_keeps_coming_in_is_done_beside_the_requests_and_the_lock_s_work_is_bounded(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.do("begin", "convert")
    town.submit("fien", "gijs", "hans")
    # Two points a signal: six wait at every look but the last, and four may be done under the lock.
    monkeypatch.setattr(rotating, "LAST", 4)
    feeding = Feeding(town, rotating.Converter.run, 3)

    def run(converter: Converter, moment: datetime) -> object:
        return feeding(converter, moment)

    monkeypatch.setattr(rotating.Converter, "run", run)
    done = town.switch(_never)
    assert (feeding.begun, done.tries) == (3, 1)
    assert done.last <= 4
    town.check(switched=True)


def test_more_than_the_bound_between_look_and_lock_is_let_go_and_done_beside_the_requests(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.do("begin", "convert")
    monkeypatch.setattr(rotating, "LAST", 5)
    monkeypatch.setattr(rotating, "_drain", Feeding(town, rotating._drain, 2))
    pauses: list[float] = []
    done = town.switch(pauses.append)
    assert (done.tries, pauses) == (3, list(rotating.PAUSES[:2]))
    assert done.last <= 5
    town.check(switched=True)


@ONE_DATABASE
def test_where_more_comes_in_at_every_try_nothing_is_switched_and_it_is_said(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.do("begin", "convert")
    monkeypatch.setattr(rotating, "LAST", 5)
    monkeypatch.setattr(rotating, "_drain", Feeding(town, rotating._drain, 99))
    with pytest.raises(Refusal) as told:
        town.switch(lambda _seconds: None)
    assert "telkens meer binnen" in told.value.detail
    town.check(switched=False)
    monkeypatch.undo()
    town.do("switch")
    town.check(switched=True)


def test_every_signal_that_was_taken_while_the_switch_ran_is_known_after_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.do("begin", "convert")
    monkeypatch.setattr(rotating, "LAST", 8)
    started = Event()

    def submitting() -> str:
        """Until one is refused; gives why."""
        officer = town.world.inspector("GM9001")
        for number in range(500):
            who, key = f"druk-{number}", f"sleutel-druk-{number}"
            sent = officer.addressed(
                signal(subject(town.turning.old(who), town.turning.old(who, "document")))
            )
            body = covering("/v1/signalen", sent, "GM9001", key, town.world.clock())
            answer = officer.send("POST", "/v1/signalen", headers={"Idempotency-Key": key}, json=body)
            if answer.status_code != 201:
                return str(answer.json()["code"])
            town.signals[who] = answer.json()["signaalId"]
            started.set()
        return "never"

    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(submitting)
        assert started.wait(30)
        done = town.switch(lambda _seconds: None)
        assert busy.result(60) == "andere-sleutelset"
    assert done.last <= 8
    town.world.log.verify(None)
    town.check(switched=True)


@pytest.mark.parametrize(
    "register_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
    scope="session",
)
def test_who_wants_the_epoch_alone_gives_way_to_a_long_transaction_and_comes_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.do("begin", "convert")
    monkeypatch.setattr(store, "PATIENCE_SECONDS", "0.05")
    long = town.world.log.engine.connect()
    store.hold(long)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        # Whoever came meanwhile was not kept waiting behind the switch.
        assert town.known("anna")
        pauses.append(seconds)
        if len(pauses) == 2:
            long.close()

    done = town.switch(pause)
    assert (done.tries, len(pauses)) == (3, 2)
    town.check(switched=True)


def _never(seconds: float) -> None:
    raise AssertionError(seconds)


@ONE_DATABASE
def test_a_scaled_key_that_was_not_dealt_anew_is_not_put_in_force(town: Town) -> None:
    town.do("begin", "convert")
    places = town.places
    town.refuses(
        lambda: rotating.switch(town.admin, places, town.turning.scaled, BASIS), "nog niet opnieuw verdeeld"
    )
    for wrong in (town.turning.before, town.turning.shared_anew, Turning(8).after):
        town.refuses(partial(rotating.switch, town.admin, places, wrong, BASIS), "niet de sleutel van")
    town.check(switched=False)


@ONE_DATABASE
def test_another_rotation_or_one_of_another_epoch_does_not_begin(town: Town) -> None:
    other = Turning(8)
    pair = (other.before, other.scaled)
    town.do("begin")
    town.refuses(
        lambda: rotating.begin(town.admin, town.places, pair, other.factor, BASIS), "daar begint dit niet mee"
    )
    town.do(*STEPS[1:])
    town.refuses(lambda: town.do("begin"), "daar begint dit niet mee")


# ---- The keyset of before ------------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_the_keyset_of_before_is_the_one_that_was_pinned_and_the_refusal_names_both(town: Town) -> None:
    other = Turning(8)
    for act in (
        partial(rotating.begin, town.admin, town.places, (other.before, other.scaled), other.factor, BASIS),
        partial(rotating.adopt, town.admin, town.places, other.before, other.shared_anew, BASIS),
    ):
        for part in (town.turning.before.fingerprint, other.before.fingerprint):
            town.refuses(act, part)


@ONE_DATABASE
def test_nobody_is_taken_at_their_word_where_nothing_was_pinned(town: Town) -> None:
    town.forget()
    town.refuses(lambda: town.do("begin"), "nog niet vastgelegd")
    town.refuses(
        partial(
            rotating.adopt, town.admin, town.places, town.turning.before, town.turning.shared_anew, BASIS
        ),
        "nog niet vastgelegd",
    )
    town.install(None)
    town.refuses(lambda: town.do("begin"), "nog niet vastgelegd")
    town.install(town.turning.before.fingerprint)
    town.do("begin")


@ONE_DATABASE
def test_the_first_start_pins_in_database_and_file_and_neither_changes_by_the_settings(town: Town) -> None:
    pinned, other = town.turning.before.fingerprint, Turning(8).before.fingerprint
    engine, said = town.world.log.engine, town.places.epoch.read_bytes()
    assert pinned.encode() in said
    town.install(None, required=True)
    with pytest.raises(SettingsError, match=f"{other}.*{pinned}"):
        town.install(other)
    # A database that forgot is told by the file, and a file that is gone by the database.
    with engine.begin() as connection:
        connection.execute(t.keyset_state.delete())
    with pytest.raises(SettingsError, match=f"{other}.*{pinned}"):
        town.install(other)
    town.install(None, required=True)
    assert store.look(engine, "oefening", 1)[0].fingerprint == pinned
    town.places.epoch.unlink()
    town.install(None, required=True)
    assert town.places.epoch.read_bytes() == said


@ONE_DATABASE
def test_without_a_fingerprint_a_register_that_must_have_one_does_not_start(town: Town) -> None:
    town.forget()
    with pytest.raises(SettingsError, match="keyset_fingerprint"):
        town.install(None, required=True)
    town.install(town.turning.before.fingerprint, required=True)


@ONE_DATABASE
def test_after_a_switch_the_fingerprint_of_the_first_keyset_may_stay_in_the_settings(town: Town) -> None:
    town.do("begin", "convert", "switch")
    town.install(town.turning.before.fingerprint, required=True)
    assert store.look(town.world.log.engine, "oefening", 1)[0].fingerprint == town.turning.after.fingerprint


@ONE_DATABASE
@pytest.mark.parametrize(("threshold", "size"), [(2, 4), (3, 3)])
def test_a_keyset_with_another_threshold_or_number_of_holders_is_not_put_in_force(
    town: Town, threshold: int, size: int
) -> None:
    def otherwise(keyset: PublicKeyset, key: SecretScalar) -> PublicKeyset:
        commitments = split(key, threshold, size, os.urandom).commitments
        return replace(keyset, threshold=threshold, size=size, commitments=commitments)

    turning = town.turning
    shared = otherwise(turning.shared_anew, turning.key)
    sentence = f"{threshold} van {size} houders, en dit register is ingesteld op 2 van 3"
    town.refuses(partial(rotating.adopt, town.admin, town.places, turning.before, shared, BASIS), sentence)
    town.do("begin", "convert")
    after = otherwise(turning.after, turning.turned)
    town.refuses(partial(rotating.switch, town.admin, town.places, after, BASIS), sentence)


@ONE_DATABASE
def test_a_keyset_of_a_ceremony_comes_with_its_whole_transcript(town: Town, tmp_path: Path) -> None:
    source = random.Random(5)
    key = key_of(2, 3, source, ("oefening", "oefening", 1))
    town.forget()
    town.install(key.keyset.fingerprint)
    table = resharing(key, (1, 2), ("HOUDER1", "HOUDER2", "HOUDER4"), 2).up_to(Stage.SIGNATURE)
    after = table.outcome().keyset
    adopt = partial(rotating.adopt, town.admin, town.places, key.keyset, after, BASIS)
    town.refuses(adopt, "verslag van de herverdeling ontbreekt")
    strange = key_of(2, 3, source, ("oefening", "oefening", 1))
    theirs = resharing(strange, (1, 2), ("HOUDER1", "HOUDER2", "HOUDER4"), 2).up_to(Stage.SIGNATURE)
    town.refuses(partial(adopt, transcript=written(tmp_path / "anders", theirs)), "Dit verslag is niet van")
    assert adopt(transcript=written(tmp_path / "goed", table)).fingerprint == after.fingerprint
    with pytest.raises(CeremonyError, match="HOUDER4"):
        written(tmp_path / "half", table, without=Stage.SIGNATURE.file(3))
    with pytest.raises(CeremonyError, match="is er niet"):
        read_transcript(tmp_path)


def written(folder: Path, table: Table, without: str = "") -> Record:
    """The transcript of a re-sharing as it is read from its shared folder."""
    folder.mkdir()
    for name, data in {OPENING_NAME: table.opening.data, **table.folder}.items():
        if name != without:
            (folder / name).write_bytes(data)
    return read_transcript(folder)


# ---- Without its factor --------------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_without_its_factor_the_job_fails_in_words_and_goes_on_when_it_is_back(
    town: Town, runner: Runner
) -> None:
    town.do("begin")
    town.places.factor.unlink()
    assert runner.once("rotatie").error == "SettingsError"
    town.check(switched=False)
    town.do("begin", "convert", "switch")
    town.check(switched=True)


# ---- The pin of the canaries -----------------------------------------------------------------------------------------


@ONE_DATABASE
def test_the_pin_of_the_new_key_is_the_pinned_points_times_the_factor_and_of_nothing_else(town: Town) -> None:
    turning = town.turning
    old = canary_points(turning.before, turning.key)
    pins = {old.name: old.pin}

    def rotated(points: CanaryPoints = old, known: dict[str, str] = pins) -> CanaryPoints:
        return rotating.rotated_canary(town.centre, town.places, known, points)

    town.refuses(rotated, "geen rotatie onder weg")
    town.do("begin")
    new = canary_points(turning.after, turning.turned)
    assert rotated() == new
    assert new.name == pin_name(SPEC_VERSION, turning.after) != old.name
    town.refuses(partial(rotated, known={}), "niet die van de pin")
    town.refuses(partial(rotated, replace(old, points=old.points[::-1])), "niet die van de pin")
    town.refuses(partial(rotated, new), "niet van de sleutel van voor de rotatie")
    town.do("convert", "switch")
    assert rotated() == new
    town.do("finish")
    town.refuses(rotated, "haar factor is vernietigd")


# ---- A re-sharing ----------------------------------------------------------------------------------------------------


def test_a_re_sharing_changes_the_epoch_and_nothing_that_is_stored(town: Town) -> None:
    before, after = town.turning.before, town.turning.shared_anew
    rows = town.world.rows(t.posting)
    rotating.adopt(town.admin, town.places, before, after, BASIS)
    rotating.adopt(town.admin, town.places, before, after, BASIS)
    town.world.log.verify(2)
    assert town.world.rows(t.posting) == rows
    asking = town.world.inspector("GM9004")
    assert asking.ask(town.turning.old("anna", "document"), epoch=2).json()["uitkomst"] == "bekend_elders"
    refused(asking.try_ask(town.turning.old("anna", "document"), epoch=1), 409, "andere-sleutelset")
    sent = signal(subject(town.turning.old("zoe", "document")), epoch=2)
    town.world.submit("GM9001", sent)
    assert asking.ask(town.turning.old("zoe", "document"), epoch=2).json()["uitkomst"] == "bekend_elders"


@ONE_DATABASE
def test_another_key_is_not_adopted_and_nothing_is_during_a_rotation(town: Town) -> None:
    admin, places, turning = town.admin, town.places, town.turning
    town.refuses(
        lambda: rotating.adopt(admin, places, turning.before, turning.after, BASIS),
        "niet een nieuwe verdeling",
    )
    other = Turning(8)
    town.refuses(
        lambda: rotating.adopt(admin, places, turning.shared_anew, turning.before, BASIS),
        "niet een nieuwe verdeling",
    )
    town.do("begin")
    town.refuses(
        lambda: rotating.adopt(town.admin, places, turning.before, turning.shared_anew, BASIS),
        "rotatie onder weg",
    )
    del other


def present(engine: Engine, path: Path, keyset: str, initial: int) -> None:
    """What a process looks at when it starts."""
    found, strange = store.look(engine, keyset, initial)
    require_present(found, path, keyset, initial, strange=strange)


# ---- A backup of before ----------------------------------------------------------------------------------------------


def test_a_database_of_before_the_switch_is_not_put_to_work_again(town: Town, house: House) -> None:
    town.do(*STEPS)
    engine, path = town.world.log.engine, town.places.epoch
    present(engine, path, "oefening", 1)
    with engine.begin() as connection:
        # What a backup of before holds: no word of the switch, and points under the first epoch.
        connection.execute(t.keyset_state.delete())
        connection.execute(t.posting.update().values(epoch=1))
    for initial in (1, 3):
        with pytest.raises(SettingsError, match="teruggezet uit een te oude reservekopie"):
            present(engine, path, "oefening", initial)
    with pytest.raises(SettingsError, match="begin dan met een lege database"):
        house.build()
    with engine.begin() as connection:
        connection.execute(t.posting.delete())
    present(engine, path, "oefening", 3)


@ONE_DATABASE
def test_a_backup_from_the_middle_of_a_rotation_that_went_on_is_refused_too(town: Town) -> None:
    town.do("begin", "convert")
    kept = town.world.rows(t.keyset_state)
    town.do("switch")
    with town.world.log.engine.begin() as connection:
        connection.execute(t.keyset_state.update().values(kept[0]._asdict()))
    with pytest.raises(SettingsError, match="epoch 1; nu geldt epoch 3"):
        present(town.world.log.engine, town.places.epoch, "oefening", 1)


@ONE_DATABASE
def test_a_process_that_died_between_the_switch_and_its_file_writes_the_file_when_it_starts(
    town: Town,
) -> None:
    town.do("begin", "convert", "switch")
    said = town.places.epoch.read_bytes()
    town.places.epoch.unlink()
    present(town.world.log.engine, town.places.epoch, "oefening", 1)
    assert town.places.epoch.read_bytes() == said


@ONE_DATABASE
def test_another_keyset_of_the_same_epoch_and_a_file_that_is_none_are_refused(town: Town) -> None:
    town.do("begin", "convert", "switch")
    path, engine = town.places.epoch, town.world.log.engine
    said = path.read_bytes()
    for wrong, sentence in (
        (said.replace(town.turning.after.fingerprint.encode(), b"0" * 64), "te oude reservekopie"),
        (said.replace(b'"oefening"', b'"signaal"'), "te oude reservekopie"),
        (b"[]", "niet te lezen"),
    ):
        path.write_bytes(wrong)
        with pytest.raises(SettingsError, match=sentence):
            present(engine, path, "oefening", 1)


# ---- The work itself -------------------------------------------------------------------------------------------------


def test_worker_processes_give_what_is_given_here_and_end_with_the_work() -> None:
    turning, keys = Turning(), (os.urandom(32), os.urandom(32))
    material = Material("oefening", turning.value.to_bytes(), *keys)
    chunk = []
    for who in ("anna", "boris"):
        point = Pseudonym("phone", base64url.decode(turning.old(who)["punt"]))
        chunk.append(("phone", seal_point(keys[1], "oefening", point, os.urandom(12)), os.urandom(12)))
    with workers(material, 1) as multiply:
        done = multiply(chunk).result(60)
    assert done == Multiplier(material)(chunk)
    for who, (found, sealed) in zip(("anna", "boris"), done, strict=True):
        expected = Pseudonym("phone", base64url.decode(turning.new(who)["punt"]))
        assert found == tag(keys[0], "oefening", expected)
        assert open_point(keys[1], "oefening", "phone", sealed) == expected
    assert "factor" not in repr(material)


def test_a_sealed_point_that_was_touched_or_moved_stops_the_work() -> None:
    keys = PointKeys(os.urandom(32), os.urandom(32), "oefening")
    _tag, sealed = keys.close("phone", base64url.decode(Turning().old("anna")["punt"]), os.urandom(12))
    for family, data in (("email", sealed), ("phone", sealed[:-1] + b"\x00"), ("phone", sealed[:5])):
        with pytest.raises(SealBrokenError):
            keys.open(family, data)


@ONE_DATABASE
def test_the_factor_is_readable_by_its_owner_only_and_lies_in_no_table(town: Town, tmp_path: Path) -> None:
    del tmp_path
    town.do("begin")
    assert town.places.factor.stat().st_mode & 0o77 == 0
    value = town.turning.value.to_bytes()
    assert town.places.factor.read_bytes() == value
    assert value.hex() not in repr(town.world.contents())

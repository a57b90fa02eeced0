# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about a rotation at the register: it answers all the while, nothing is lost or doubled, whenever it is killed, and what is of before is gone afterwards."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from process.jobs import Outcome
from process.problem import Refusal
from process.serving.errors import SettingsError
from process.serving.jobs import Runner
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.pseudonym import PointKeys, Pseudonym, SealBrokenError, open_point, seal_point, tag
from register.central import app, rotating
from register.central.administration import Administrator
from register.central.centre import Centre
from register.central.epochs import require_present
from register.central.multiplying import Material, Multiplier, workers
from register.central.rotating import Converter, Places
from register.central.store import rotation as store
from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE, House
from tests.register.central.enrolling_world import BASIS, administrator
from tests.register.central.turning import STEPS, Turning, broken_off, killed
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
        self.signals: dict[str, str] = {}
        self.submit(*PEOPLE)

    @property
    def admin(self) -> Administrator:
        return administrator(self.centre)

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
    town.refuses(lambda: town.do("switch"), "geen rotatie onder weg")
    town.do("begin")
    town.refuses(lambda: town.do("switch"), "Nog niet alles is omgezet")
    town.refuses(lambda: town.do("finish"), "nog niet gewisseld")


@ONE_DATABASE
def test_too_much_that_came_in_is_for_the_job_and_not_for_the_switch(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.do("begin", "convert")
    town.submit("fien", "gijs")
    monkeypatch.setattr(rotating, "LEFT", 1)
    town.refuses(lambda: town.do("switch"), "Nog niet alles is omgezet")
    town.do("convert", "switch")
    town.check(switched=True)


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

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What expired is invisible at once and destroyed within a day; nothing visible is ever destroyed; every owner can prove it from the log."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from audit.entry import SLOTS
from audit.store.engine import read_only
from audit.store.erasure import RemainsError, wipe_remains
from process.jobs import JobState, Outcome
from process.serving.jobs import Runner
from register.central import destroying
from register.central.centre import Centre
from register.central.jobs import worries
from register.central.store import tables as t
from register.retention import visible
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import (
    CRITERIA,
    MOMENT,
    PowerCut,
    World,
    failing_commit,
    opened,
    point,
    pseudonym,
    refused,
    sealed,
    signal,
    subject,
)

OF_A_SIGNAL = (t.signal, t.subject, t.posting, t.treffer_signal, t.phase_2_release)
JOB = "vernietiging"


def destroy(world: World, runner: Runner, leaves: int | None = 1) -> dict[str, int]:
    """The job, done now by the real runner; then the whole log is verified. Gives its counts."""
    state = runner.once(JOB)
    assert state.outcome is Outcome.DONE, state.error
    world.log.verify(leaves)
    counts = dict(state.counts)
    assert counts.pop("verlopen maar niet vernietigd") == 0
    return counts


def withdraw(world: World, owner: str, number: str) -> Any:
    body = {"organisatie": owner, "reden": "onjuist"}
    return world.contact(owner).post(f"/v1/signalen/{number}/intrekkingen", body)


def at(day: date, *, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)


def counts(signals: int = 0, versions: int = 0, treffers: int = 0) -> dict[str, int]:
    return {"signalen": signals, "versies": versions, "treffers": treffers}


# ---- terms ----------------------------------------------------------------------------------------------------------


def test_over_midnight_an_expired_signal_is_invisible_at_once_and_gone_when_the_job_has_run(
    world: World, runner: Runner
) -> None:
    phone = pseudonym(point())
    term = date.fromisoformat(world.submit("GM9001", signal(subject(phone)))["verlooptOp"])
    asking = world.inspector("GM9004")
    world.clock.moment = at(term, second=-1)
    assert asking.ask(phone).json()["uitkomst"] == "bekend_elders"
    assert destroy(world, runner) == counts()
    assert len(world.rows(t.signal)) == 1
    world.clock.moment = at(term)
    assert asking.ask(phone).json()["uitkomst"] == "niet_bekend"
    assert len(world.rows(t.signal)) == 1, "invisible, not gone yet"
    # The treffer of a second before midnight has lost all it names, and goes as well: two batches.
    assert destroy(world, runner, leaves=2) == counts(1, 1, 1)
    for table in (*OF_A_SIGNAL, t.treffer, t.tombstone):
        assert world.rows(table) == [], table.name


def test_the_job_comes_round_many_times_a_day(runner: Runner) -> None:
    assert runner.jobs[JOB].every <= timedelta(hours=1)


def test_a_treffer_lives_its_thirty_days_and_is_gone_with_its_phase_2_after_them(
    world: World, runner: Runner
) -> None:
    case = opened_case(world)
    world.clock.moment = at(MOMENT.date() + timedelta(days=30), second=-1)
    destroy(world, runner)
    assert [str(row.treffer_id) for row in world.rows(t.treffer)] == [case.treffer]
    assert len(case.track()["signalen"]) == 2
    world.clock.moment += timedelta(seconds=1)
    assert world.person("TMM", "tmm_analist").get(f"/v1/dossiers/{case.treffer}").status_code == 404
    assert destroy(world, runner) == counts(treffers=1)
    for table in (t.treffer, t.treffer_signal, t.phase_2, t.phase_2_release):
        assert world.rows(table) == [], table.name
    assert len(world.rows(t.signal)) == 2, "the signals live on"


def test_what_was_opened_for_a_phase_2_is_closed_again_when_that_is_gone(
    world: World, runner: Runner
) -> None:
    case = opened_case(world)
    assert [row.opened for row in world.rows(t.signal) if str(row.signal_id) == case.signal] != [None]
    world.clock.forward(days=31)
    destroy(world, runner)
    assert {row.opened for row in world.rows(t.signal)} == {None}


def test_what_another_release_of_the_same_signal_opened_stays_open(world: World, runner: Runner) -> None:
    case = opened_case(world)
    world.clock.forward(days=10)
    world.inspector("GM9003").ask(case.phone)
    later = next(row for row in world.rows(t.treffer) if str(row.treffer_id) != case.treffer)
    release(world, case.signal, str(later.treffer_id))
    world.clock.forward(days=21)
    assert destroy(world, runner) == counts(treffers=1)
    assert [row.opened for row in world.rows(t.signal) if str(row.signal_id) == case.signal] != [None]


@dataclass
class OpenedCase:
    """Two sealed signals on one telephone, found, of which one was released for phase 2."""

    world: World
    phone: dict[str, str]
    signal: str
    treffer: str

    def track(self) -> dict[str, Any]:
        return dict(self.world.person("TMM", "tmm_analist").get(f"/v1/dossiers/{self.treffer}").json())


def opened_case(world: World) -> OpenedCase:
    phone = pseudonym(point())
    numbers = []
    for owner in ("GM9001", "GM9002"):
        sent = sealed(subject(phone))
        world.submit(owner, sent)
        numbers.append(str(sent["signaalId"]))
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    release(world, numbers[0], str(row.treffer_id))
    return OpenedCase(world, phone, numbers[0], str(row.treffer_id))


def release(world: World, number: str, treffer: str) -> None:
    body = {"trefferId": treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    asked = world.person("TMM", "tmm_coordinator").post("/v1/fase-2-besluiten", body)
    assert asked.status_code == 201, asked.text
    sent = {"organisatie": "GM9001", "signaalId": number, "ontzegeld": opened()}
    path = f"/v1/fase-2-besluiten/{asked.json()['besluitId']}/vrijgaven"
    assert world.contact("GM9001").post(path, sent).status_code == 201


def seen(world: World) -> set[tuple[UUID, int]]:
    """The versions of signals that some reader can see today, by the rule of the readers."""
    today = world.clock().date()
    return {
        (row.signal_id, row.version)
        for row in world.rows(t.signal)
        if row.status == "actief" and visible(row.expires_on, today)
    }


def test_on_every_day_of_a_year_all_that_is_visible_stays_and_nothing_else_does(
    world: World, runner: Runner
) -> None:
    chance = random.Random(7)
    for number in range(16):
        owner = f"GM900{1 + number % 4}"
        age = timedelta(days=chance.randrange(360))
        sent = signal(
            subject(pseudonym(point()), minderjarig=chance.choice(["ja", "nee"])),
            eersteVerwerking=(MOMENT - age).isoformat(),
        )
        world.submit(owner, sent)
        if chance.random() < 0.3:
            world.submit(owner, sent | {"versie": 2})
        if chance.random() < 0.3:
            assert withdraw(world, owner, sent["signaalId"]).status_code == 201
    lost = 0
    for _step in range(20):
        world.clock.forward(days=20)
        before = seen(world)
        lost += destroy(world, runner, leaves=None)["versies"]
        assert {(row.signal_id, row.version) for row in world.rows(t.signal)} == before == seen(world)
        for table in (t.subject, t.posting):
            assert {(row.signal_id, row.version) for row in world.rows(table)} == before
    assert (lost > 16, seen(world)) == (True, set())


# ---- withdrawn and replaced -----------------------------------------------------------------------------------------


def test_a_withdrawn_signal_is_destroyed_and_a_late_delivery_of_it_is_refused_as_withdrawn(
    world: World, runner: Runner
) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    withdraw(world, "GM9001", sent["signaalId"])
    assert destroy(world, runner) == counts(1, 1)
    assert world.rows(t.signal) == []
    refused(world.inspector("GM9001").submit(sent), 409, "signaal-ingetrokken")
    later = sent | {"versie": 2, "correctie": "verbeterd"}
    refused(world.contact("GM9001").submit(later), 409, "signaal-ingetrokken")
    refused(world.inspector("GM9002").submit(sent), 409, "signaal-bestaat")
    for table in OF_A_SIGNAL:
        assert world.rows(table) == [], table.name


def test_what_is_left_of_a_withdrawn_signal_is_its_number_and_that_goes_with_its_term(
    world: World, runner: Runner
) -> None:
    sent = signal()
    term = date.fromisoformat(world.submit("GM9001", sent)["verlooptOp"])
    withdraw(world, "GM9001", sent["signaalId"])
    destroy(world, runner)
    (left,) = world.rows(t.tombstone)
    assert tuple(left) == (UUID(sent["signaalId"]), "GM9001", "ingetrokken", term)
    world.clock.moment = at(term)
    destroy(world, runner)
    assert world.rows(t.tombstone) == []
    members = refused(world.inspector("GM9001").submit(sent), 400, "ongeldig-signaal")
    assert "bewaartermijn" in str(members["velden"]), "its own term keeps it out from here on"
    assert world.rows(t.signal) == []


def test_withdrawing_again_what_is_destroyed_by_now_is_acknowledged(world: World, runner: Runner) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    withdraw(world, "GM9001", sent["signaalId"])
    destroy(world, runner)
    assert withdraw(world, "GM9001", sent["signaalId"]).status_code == 201
    refused(withdraw(world, "GM9002", sent["signaalId"]), 404, "niet-gevonden")


def test_a_late_delivery_of_an_expired_and_destroyed_signal_is_refused_by_its_own_term(
    world: World, runner: Runner
) -> None:
    sent = signal()
    term = date.fromisoformat(world.submit("GM9001", sent)["verlooptOp"])
    world.clock.moment = at(term)
    assert destroy(world, runner) == counts(1, 1)
    refused(world.inspector("GM9001").submit(sent), 400, "ongeldig-signaal")
    assert (world.rows(t.signal), world.rows(t.tombstone)) == ([], [])


def test_a_replaced_version_is_destroyed_and_the_newest_goes_on_matching(
    world: World, runner: Runner
) -> None:
    old, new = pseudonym(point()), pseudonym(point())
    sent = signal(subject(old))
    world.submit("GM9001", sent)
    world.submit("GM9001", sent | {"versie": 2, "subjecten": [subject(new)]})
    assert destroy(world, runner) == counts(0, 1)
    assert [row.version for row in world.rows(t.signal)] == [2]
    assert world.inspector("GM9004").ask(new).json()["uitkomst"] == "bekend_elders"
    assert world.inspector("GM9004").ask(old).json()["uitkomst"] == "niet_bekend"
    refused(world.inspector("GM9001").submit(sent), 409, "signaal-bestaat")


def test_a_replaced_version_with_a_longer_term_does_not_come_back_after_the_newest_is_gone(
    world: World, runner: Runner
) -> None:
    sent = signal(
        subject(rol="mogelijk_facilitator"), juridisch={"strafrechtelijke_grondslag": "OEF-STRAF-SV"}
    )
    longer = date.fromisoformat(world.submit("GM9001", sent)["verlooptOp"])
    shorter = date.fromisoformat(
        world.submit("GM9001", signal(signaalId=sent["signaalId"], versie=2))["verlooptOp"]
    )
    assert shorter < longer
    destroy(world, runner)
    world.clock.moment = at(shorter)
    assert destroy(world, runner) == counts(1, 1)
    refused(world.inspector("GM9001").submit(sent), 409, "signaal-bestaat")
    assert world.rows(t.signal) == []


def test_a_treffer_of_which_all_signals_are_gone_goes_and_one_with_a_signal_left_stays(
    world: World, runner: Runner
) -> None:
    alone, together = pseudonym(point()), pseudonym(point())
    numbers = []
    for phones in ((alone, together), (together,)):
        sent = signal(subject(*phones))
        world.submit("GM9001" if len(phones) == 2 else "GM9002", sent)
        numbers.append(sent["signaalId"])
    world.inspector("GM9004").ask(alone)
    world.inspector("GM9004").ask(together)
    withdraw(world, "GM9001", numbers[0])
    assert destroy(world, runner, leaves=2) == counts(1, 1, 1)
    (link,) = world.rows(t.treffer_signal)
    assert str(link.signal_id) == numbers[1]


# ---- the log --------------------------------------------------------------------------------------------------------


def test_each_owner_reads_which_of_its_own_signals_went_and_the_register_reads_numbers_only(
    world: World, runner: Runner
) -> None:
    numbers: dict[str, list[str]] = {"GM9001": [], "GM9002": []}
    for owner in ("GM9001", "GM9001", "GM9002"):
        sent = signal()
        world.submit(owner, sent)
        numbers[owner].append(sent["signaalId"])
    withdraw(world, "GM9002", numbers["GM9002"][0])
    replaced = signal(signaalId=numbers["GM9001"][0], versie=2)
    world.submit("GM9001", replaced)
    world.clock.forward(days=366)
    destroy(world, runner)
    told = world.log.last("GM9001")
    assert (told["gebeurtenis"], told["ontvanger"]) == ("vernietigd", "betrokkene")
    assert sorted(told["signalen"]) == sorted(numbers["GM9001"])
    assert sorted(told["versies"]) == sorted(
        [f"{numbers['GM9001'][0]}/1", f"{numbers['GM9001'][0]}/2", f"{numbers['GM9001'][1]}/1"]
    )
    assert (told["signalen_geteld"], told["versies_geteld"], told["categorieen"]) == (2, 3, {"R1": 3})
    assert told["redenen"] == {"termijn": 3}
    assert world.log.last("GM9002")["signalen"] == numbers["GM9002"]
    kept = world.log.last("REGISTER")
    assert (kept["ontvanger"], kept["signalen_geteld"], kept["versies_geteld"]) == ("beheerder", 3, 4)
    assert not [one for ids in numbers.values() for one in ids if one in str(kept)]


def test_why_something_went_is_told(world: World, runner: Runner) -> None:
    first, second = signal(), signal()
    world.submit("GM9001", first)
    world.submit("GM9001", first | {"versie": 2})
    world.submit("GM9001", second)
    withdraw(world, "GM9001", second["signaalId"])
    destroy(world, runner)
    told = world.log.last("GM9001")
    assert told["redenen"] == {"ingetrokken": 1, "vervangen": 1}
    assert told["signalen"] == [second["signaalId"]], "of the other the newest version lives"


def test_a_treffer_that_goes_is_told_to_who_asked_and_to_nobody_else(world: World, runner: Runner) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    before = len(world.log.entries("GM9001"))
    world.clock.forward(days=30)
    destroy(world, runner)
    assert world.log.last("GM9004")["treffers"] == [str(row.treffer_id)]
    assert len(world.log.entries("GM9001")) == before


def test_a_day_on_which_nothing_went_has_one_entry_of_the_register(world: World, runner: Runner) -> None:
    for _run in range(3):
        destroy(world, runner, leaves=None)
        world.clock.forward(hours=1)
    (entry,) = world.log.entries("REGISTER")
    assert (entry["gebeurtenis"], entry["velden"]["signalen_geteld"]) == ("vernietigd", 0)
    world.clock.forward(days=1)
    destroy(world, runner)
    assert len(world.log.entries()) == 2


def test_the_counts_of_a_day_are_kept_and_go_after_13_months(world: World, runner: Runner) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    withdraw(world, "GM9001", sent["signaalId"])
    destroy(world, runner)
    assert [tuple(row) for row in world.rows(t.destruction)] == [(MOMENT.date(), 1, 1, 0)]
    world.clock.forward(days=397)
    destroy(world, runner)
    assert [row.day for row in world.rows(t.destruction)] == [world.clock().date()]


def test_nothing_goes_without_its_entry(world: World, runner: Runner, centre: Centre) -> None:
    world.submit("GM9001", signal())
    world.clock.forward(days=366)
    kept = [table for table in t.metadata.tables.values() if table is not t.job]
    before = [world.rows(table) for table in kept]
    with failing_commit(after=False, database=centre.database.engine.dialect.name):
        state = runner.once(JOB)
    assert (state.outcome, state.error) == (Outcome.FAILED, PowerCut.__name__)
    world.log.verify(0)
    assert [world.rows(table) for table in kept] == before
    assert destroy(world, runner) == counts(1, 1)


def test_told_of_a_failure_that_was_none_nothing_goes_or_is_logged_twice(
    world: World, runner: Runner, centre: Centre
) -> None:
    world.submit("GM9001", signal())
    world.clock.forward(days=366)
    with failing_commit(after=True, database=centre.database.engine.dialect.name):
        assert runner.once(JOB).outcome is Outcome.FAILED
    world.log.verify(1)
    assert world.rows(t.signal) == []
    assert destroy(world, runner, leaves=0) == counts()


# ---- batches --------------------------------------------------------------------------------------------------------


def test_batches_are_bounded_and_each_has_its_entry(
    world: World, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destroying, "BATCH", 2)
    for _signal in range(5):
        world.submit("GM9001", signal())
    world.clock.forward(days=366)
    assert destroy(world, runner, leaves=3) == counts(5, 5)
    assert [one["velden"]["versies_geteld"] for one in world.log.entries("REGISTER")] == [2, 2, 1]


def test_what_was_interrupted_goes_on_where_it_was(
    world: World, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destroying, "BATCH", 2)
    for _signal in range(5):
        world.submit("GM9001", signal())
    world.clock.forward(days=366)
    runner.stop()
    state = runner.once(JOB)
    assert (state.outcome, len(world.rows(t.signal))) == (Outcome.INTERRUPTED, 3)
    world.log.verify(1)
    with runner.running():
        deadline = 1200
        while world.rows(t.signal) and deadline:
            deadline -= 1
            time.sleep(0.05)
    world.log.verify(None)
    assert world.rows(t.signal) == []


def many(world: World, organisations: int) -> None:
    """Expired signals of more organisations than take part in the exercise."""
    row: dict[str, Any] = {
        "version": 1, "local_reference": "lokaal", "status": "actief", "digest": bytes(32), "week": "2025-W01",
        "basis": "anders", "control_type": "overig", "form": "arbeid", "indicators": [], "source": "B", "information": 2,
        "handling": "H1", "no_police_contact": False, "care_track": False, "acute_danger": False, "border_context": False,
        "ground": "OEF", "category": "R1", "first_processed_at": MOMENT, "expires_on": MOMENT.date(),
    }  # fmt: skip
    with world.log.engine.begin() as connection:
        rows = [
            row | {"signal_id": uuid4(), "organisation": f"GM{number:04}"} for number in range(organisations)
        ]
        connection.execute(insert(t.signal), rows)


def test_a_leaf_has_place_for_all_that_it_tells_also_on_a_day_when_the_whole_country_is_concerned(
    world: World, runner: Runner
) -> None:
    many(world, 342)
    assert destroy(world, runner, leaves=6) == counts(342, 342)
    parts: dict[int, int] = {}
    for entry in world.log.entries():
        parts[entry["blad"]] = parts.get(entry["blad"], 0) + 1
    assert max(parts.values()) <= SLOTS
    assert sum(parts.values()) == 342 + 6


# ---- the files ------------------------------------------------------------------------------------------------------


@ONE_DATABASE
@pytest.mark.parametrize("withdrawn", [True, False])
def test_no_byte_of_a_destroyed_signal_is_left_in_the_files_of_the_database(
    world: World,
    runner: Runner,
    withdrawn: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    sent = signal(lokaleVerwijzing="handvat-van-het-dossier-0815")
    world.submit("GM9001", sent)
    (posting,) = world.rows(t.posting)
    traces = [b"handvat-van-het-dossier-0815", bytes(posting.tag), bytes(posting.sealed_point)]
    files = files_of(world)
    assert all(found(files, one) for one in traces), "the search would find it"
    if withdrawn:
        withdraw(world, "GM9001", sent["signaalId"])
    else:
        world.clock.forward(days=366)
    destroy(world, runner)
    assert not [one for one in traces if found(files_of(world), one)]


def files_of(world: World) -> list[Path]:
    return list(Path(str(world.log.engine.url.database)).parent.iterdir())


def found(files: list[Path], trace: bytes) -> bool:
    return any(trace in path.read_bytes() for path in files)


@ONE_DATABASE
def test_a_reader_in_the_way_of_wiping_makes_the_job_fail_and_come_back(world: World, runner: Runner) -> None:
    world.submit("GM9001", signal())
    world.clock.forward(days=366)
    with read_only(world.log.engine).connect() as reader:
        reader.execute(t.signal.select()).all()
        state = runner.once(JOB)
        assert (state.outcome, state.error) == (Outcome.FAILED, RemainsError.__name__)
        with pytest.raises(RemainsError):
            wipe_remains(world.log.engine)
    world.log.verify(1)
    assert destroy(world, runner, leaves=0) == counts()


# ---- worries --------------------------------------------------------------------------------------------------------


def state(**changed: Any) -> dict[str, JobState]:
    return {JOB: JobState(JOB, since=MOMENT, next_at=MOMENT, **changed)}


@pytest.mark.parametrize(
    ("states", "hours", "worry"),
    [
        ({}, 48, ""),
        (state(), 24, ""),
        (state(), 25, "nog nooit afgerond"),
        (state(succeeded_at=MOMENT), 24, ""),
        (state(succeeded_at=MOMENT), 25, "sinds 02-03-2026 10:30:20 niet afgerond"),
    ],
)
def test_a_day_without_destruction_worries(states: dict[str, JobState], hours: int, worry: str) -> None:
    told = worries(states, MOMENT + timedelta(hours=hours))
    assert len(told) == bool(worry)
    assert worry in "".join(told)

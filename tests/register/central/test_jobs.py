# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The other jobs of the register: checkpoints, quarter keys, signing in, reminders."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.jobs import JobState, Outcome
from process.serving.jobs import Runner
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.quarter_keys import Quarter, key_id, quarter_key
from register.central.reminding import (
    ACCUSED,
    FEW_WITNESSES,
    FG,
    LAPSING,
    OLD_CHECKPOINT,
    UNDESTROYED,
    UNRELEASED,
    remind,
    reminders,
    sentences,
)
from register.central.store import tables as t
from register.central.store.reminders import Reminder
from register.central.witnesses import Published
from register.wire import ActingFor, Herinnering
from tests.register.central.conftest import ONE_DATABASE, SignerProcess
from tests.register.central.world import (
    CRITERIA,
    MOMENT,
    OFFICERS,
    PASSWORD,
    Caller,
    World,
    point,
    pseudonym,
    signal,
    subject,
)

H3 = {"bron": "B", "informatie": 2, "behandeling": "H3"}


def done(runner: Runner, name: str) -> dict[str, int]:
    """A job, done now by the real runner; gives its counts."""
    state = runner.once(name)
    assert state.outcome is Outcome.DONE, state.error
    return dict(state.counts)


def test_every_job_says_in_dutch_what_it_does(runner: Runner) -> None:
    assert list(runner.jobs) == [
        "controlepunten", "getuigen", "vernietiging", "sleutels", "veelvoorkomend", "aanmeldingen", "buitensluitingen", "besluiten", "herinneringen", "attendering", "hervalidatie", "postvak", "aflopend", "rotatie", "afstemming",
    ]  # fmt: skip
    assert all(job.title.endswith(".") for job in runner.jobs.values())


# ---- checkpoints ----------------------------------------------------------------------------------------------------


def test_without_the_signer_the_checkpoint_is_tried_again_and_comes(
    world: World, runner: Runner, signer: SignerProcess
) -> None:
    world.submit("GM9001", signal())
    signer.away = True
    failed = runner.once("controlepunten")
    assert (failed.outcome, failed.error) == (Outcome.FAILED, "ConnectError")
    signer.away = False
    assert done(runner, "controlepunten") == {"nieuwe bladen": 1}


# ---- quarter keys ---------------------------------------------------------------------------------------------------

days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@given(days)
def test_a_quarter_s_key_goes_13_months_after_its_first_day(day: date) -> None:
    quarter = Quarter.of(day)
    first = date(quarter.year, 3 * quarter.number - 2, 1)
    assert first <= day
    months = 12 * quarter.ends_on.year + quarter.ends_on.month - 12 * first.year - first.month
    assert (months, quarter.ends_on.day) == (13, 1)
    assert Quarter.of(first - timedelta(days=1)) == quarter.before


def digests(world: World, asking: Caller, phone: dict[str, str]) -> Any:
    asking.ask(phone)
    return world.log.last(asking.organisation)["kenmerken"]


def test_after_13_months_the_digest_of_a_question_can_never_be_made_again(
    world: World, runner: Runner
) -> None:
    phone, asking = pseudonym(point()), world.inspector("GM9004")
    asked = digests(world, asking, phone)
    assert digests(world, asking, phone) == asked, "within the quarter the same question has the same digest"
    world.clock.moment = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
    assert done(runner, "sleutels") == {"sleutels": 0}
    world.clock.moment = datetime(2027, 2, 1, tzinfo=UTC)
    assert done(runner, "sleutels") == {"sleutels": 1}
    world.log.verify(None)
    world.clock.reset()
    assert digests(world, asking, phone) != asked, "not even by a register whose clock is set back"


def test_who_loses_a_quarter_s_key_reads_it_in_the_own_log(world: World, runner: Runner) -> None:
    for owner in ("GM9003", "GM9004"):
        world.inspector(owner).ask(pseudonym(point()))
    world.clock.forward(days=400)
    assert done(runner, "sleutels") == {"sleutels": 2}
    world.log.verify(1)
    told = world.log.last("GM9003")
    assert (told["gebeurtenis"], told["kwartalen"]) == ("sleutel_vernietigd", ["2026Q1"])
    assert world.log.last("GM9004")["kwartalen"] == ["2026Q1"]


def test_younger_keys_and_all_keys_of_entries_stay(world: World, runner: Runner, centre: Centre) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    world.clock.forward(days=100)
    younger = quarter_key(centre, "GM9004", world.clock())
    world.clock.forward(days=300)
    entries = world.log.entries()
    assert done(runner, "sleutels") == {"sleutels": 1}
    assert centre.database.keys.get(key_id("GM9004", Quarter(2026, 2))) == younger
    assert centre.database.keys.get(key_id("GM9004", Quarter(2026, 1))) is None
    assert world.log.entries()[: len(entries)] == entries, "every entry still opens"


def test_a_job_that_stood_still_for_years_finds_every_old_key(world: World, runner: Runner) -> None:
    for _quarter in range(6):
        world.inspector("GM9004").ask(pseudonym(point()))
        world.clock.forward(days=92)
    world.clock.forward(days=3 * 365)
    assert done(runner, "sleutels") == {"sleutels": 6}
    assert done(runner, "sleutels") == {"sleutels": 0}


# ---- signing in -----------------------------------------------------------------------------------------------------


def test_what_signing_in_leaves_is_destroyed_in_its_time(world: World, runner: Runner) -> None:
    analyst = world.person("TMM", "tmm_analist")
    wrong = {"naam": "tmm_analist-TMM", "wachtwoord": "helemaal-verkeerd"}
    analyst.but(authorization=None).post("/v1/sessies", wrong, leaves=0)
    world.inspector("GM9004").ask(pseudonym(point()))
    nothing = {
        "apps die niemand bevestigde": 0,
        "halve aanmeldingen": 0,
        "gebeurtenissen bij het aanmelden": 0,
        "sessies": 0,
        "foute wachtwoorden": 0,
        "sleutels van verzoeken": 0,
        "tellingen van onbekenden": 0,
        "kwitanties": 0,
        "tellingen van vragen": 0,
        "vlaggen": 0,
        "noodopeningen": 0,
        "bevriezingen": 0,
        "datalekken": 0,
        "postvakken": 0,
        "berichten": 0,
        "attenderingen": 0,
    }
    world.clock.forward(minutes=29)
    assert done(runner, "aanmeldingen") == nothing
    world.clock.forward(minutes=1)
    assert done(runner, "aanmeldingen") == nothing | {"sessies": 1}
    assert world.rows(t.session) == []
    world.clock.forward(days=1)
    gone = done(runner, "aanmeldingen")
    assert (gone["foute wachtwoorden"], gone["sleutels van verzoeken"]) == (1, 1)
    assert (world.rows(t.failed_login), world.rows(t.idempotency)) == ([], [])
    assert len(world.rows(t.unauthenticated)) == 1
    world.clock.forward(days=396)
    gone = done(runner, "aanmeldingen")
    assert (gone["tellingen van onbekenden"], gone["gebeurtenissen bij het aanmelden"]) == (1, 1)
    assert world.rows(t.unauthenticated) == []


def test_a_session_that_is_used_lives_its_eight_hours(world: World, runner: Runner) -> None:
    analyst = world.person("TMM", "tmm_analist")
    for _look in range(23):
        world.clock.forward(minutes=20)
        assert analyst.get("/v1/grondslagen").status_code == 200
        assert done(runner, "aanmeldingen")["sessies"] == 0
    world.clock.forward(minutes=20)
    assert done(runner, "aanmeldingen")["sessies"] == 1


# ---- reminders ------------------------------------------------------------------------------------------------------


def asked_for_phase_2(world: World, *owners: str, **others: Any) -> str:
    """Signals on one telephone, found by GM9004, for which the coordinator asked phase 2; gives the treffer."""
    found(world, *owners, **others)
    treffer = str(max(world.rows(t.treffer), key=lambda row: row.found_at).treffer_id)
    body = {"trefferId": treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    answer = world.person("TMM", "tmm_coordinator").post("/v1/fase-2-besluiten", body)
    assert answer.status_code == 201, answer.text
    return treffer


def found(world: World, *owners: str, **others: Any) -> None:
    phone = pseudonym(point())
    for owner in owners:
        world.submit(owner, signal(subject(phone), **others))
    world.inspector("GM9004").ask(phone)


def reminded(centre: Centre, role: str, organisation: str) -> dict[str, int]:
    return {one.soort: one.aantal for one in told(centre, role, organisation)}


def told(centre: Centre, role: str, organisation: str) -> list[Herinnering]:
    person = ActingFor(medewerker=OFFICERS[role], rol=role, doel="toezicht_avg")
    return reminders(centre, Acting(organisation, person, centre.clock(), ""))


def test_a_request_for_phase_2_that_nobody_answers_for_a_week_is_told_until_it_is_gone(
    world: World, runner: Runner, centre: Centre
) -> None:
    asked_for_phase_2(world, "GM9001", "GM9002")
    world.clock.forward(days=6, hours=23)
    done(runner, "herinneringen")
    assert UNRELEASED not in reminded(centre, "tmm_coordinator", "TMM")
    world.clock.forward(hours=1)
    done(runner, "herinneringen")
    (one,) = [r for r in told(centre, "tmm_coordinator", "TMM") if r.soort == UNRELEASED]
    assert (one.aantal, one.sinds) == (1, world.clock())
    assert UNRELEASED not in reminded(centre, "tmm_analist", "TMM")
    begun = one.sinds
    world.clock.forward(days=1)
    done(runner, "herinneringen")
    (still,) = [r for r in told(centre, "tmm_coordinator", "TMM") if r.soort == UNRELEASED]
    assert still.sinds == begun, "it waits since it was noticed, not since it was counted last"
    world.clock.forward(days=30)
    done(runner, "herinneringen")
    assert UNRELEASED not in reminded(centre, "tmm_coordinator", "TMM"), "the treffer has lapsed"


def test_treffers_of_two_organisations_that_lapse_within_a_week_are_told(
    world: World, runner: Runner, centre: Centre
) -> None:
    found(world, "GM9001", "GM9002")
    found(world, "GM9001", "GM9003")
    found(world, "GM9001")
    world.clock.forward(days=22)
    assert done(runner, "aflopend") == {"treffers": 0}
    world.clock.forward(days=1)
    assert done(runner, "aflopend") == {"treffers": 2}
    assert reminded(centre, "tmm_coordinator", "TMM") == {LAPSING: 2}
    world.log.verify(None)
    entry = world.log.last("TMM")
    assert (entry["gebeurtenis"], entry["treffers_geteld"]) == ("treffers_geteld", 2)
    world.clock.forward(days=7)
    assert done(runner, "aflopend") == {"treffers": 0}
    assert reminded(centre, "tmm_coordinator", "TMM") == {}


@pytest.mark.parametrize(
    "hidden",
    [
        {"beoordeling": H3},
        {"sporen": {"geenPolitiecontact": True}},
    ],
    ids=["care_only", "no_contact_with_the_police"],
)
def test_what_the_coordinator_may_not_know_of_is_not_counted(
    world: World, runner: Runner, hidden: dict[str, Any]
) -> None:
    found(world, "GM9001", "GM9002", **hidden)
    world.clock.forward(days=25)
    assert done(runner, "aflopend") == {"treffers": 0}
    assert world.log.last("TMM")["treffers_geteld"] == 0


def test_an_fg_is_told_of_own_signals_that_should_have_been_destroyed(
    world: World, runner: Runner, centre: Centre
) -> None:
    for owner in ("GM9001", "GM9001", "GM9002"):
        world.submit(owner, signal())
    world.clock.forward(days=365, hours=12)
    done(runner, "herinneringen")
    assert UNDESTROYED not in reminded(centre, FG, "GM9001"), "the job has a day"
    world.clock.forward(days=1)
    done(runner, "herinneringen")
    assert reminded(centre, FG, "GM9001")[UNDESTROYED] == 2
    assert reminded(centre, FG, "GM9002")[UNDESTROYED] == 1
    assert UNDESTROYED not in reminded(centre, FG, "GM9003")
    done(runner, "vernietiging")
    done(runner, "herinneringen")
    assert UNDESTROYED not in reminded(centre, FG, "GM9001")


@pytest.mark.parametrize(
    ("minutes", "seen"), [(10, {}), (11, {OLD_CHECKPOINT: 11}), (125, {OLD_CHECKPOINT: 125})]
)
def test_every_fg_is_told_of_a_checkpoint_that_grows_old(
    world: World, centre: Centre, published: Published, minutes: int, seen: dict[str, int]
) -> None:
    state = JobState("controlepunten", since=MOMENT - timedelta(days=1), next_at=MOMENT, succeeded_at=MOMENT)
    remind(centre, {"controlepunten": state}, MOMENT + timedelta(minutes=minutes), published)
    assert reminded(centre, FG, "GM9001") == reminded(centre, FG, "GM9004") == seen
    assert reminded(centre, "tmm_coordinator", "TMM") == {}
    assert world.log.size == 0


@pytest.mark.parametrize("kind", [UNRELEASED, LAPSING, UNDESTROYED, OLD_CHECKPOINT, FEW_WITNESSES, ACCUSED])
@pytest.mark.parametrize("count", [1, 7])
def test_a_reminder_reads_as_one_sentence_with_what_to_do_now(kind: str, count: int) -> None:
    what, now = sentences(Reminder(kind, count, MOMENT))
    assert f"{count} " in what
    assert "{" not in what + now
    assert what.endswith(".")
    assert now.endswith(".")


@pytest.mark.parametrize(
    ("minutes", "age"), [(1, "1 minuut"), (119, "119 minuten"), (120, "2 uur"), (10_078, "6 dagen")]
)
def test_how_old_a_checkpoint_is_is_told_as_people_tell_it(minutes: int, age: str) -> None:
    what, _now = sentences(Reminder(OLD_CHECKPOINT, minutes, MOMENT))
    assert what == f"Het nieuwste controlepunt van het logboek is {age} oud."


@ONE_DATABASE
def test_who_signs_in_sees_the_reminders_on_the_page(world: World, runner: Runner, centre: Centre) -> None:
    asked_for_phase_2(world, "GM9001", "GM9002")
    world.clock.forward(days=8)
    done(runner, "herinneringen")
    (one,) = [r for r in told(centre, "tmm_coordinator", "TMM") if r.soort == UNRELEASED]
    for role, sees in (("tmm_coordinator", True), ("tmm_analist", False)):
        caller = world.person("TMM", role)
        caller.said = {}
        door = caller.send("GET", "/aanmelden")
        (csrf,) = re.findall(r'name="csrf" value="([^"]+)"', door.text)
        form = {"gebruikersnaam": f"{role}-TMM", "wachtwoord": PASSWORD, "csrf": csrf}
        guest = {"Cookie": door.headers["set-cookie"].partition(";")[0]}
        cookie = caller.send("POST", "/aanmelden", data=form, headers=guest).headers["set-cookie"]
        cookie = cookie.partition(";")[0]
        page = caller.send("GET", "/dossiers", headers={"Cookie": cookie}).text
        assert (one.wat in page, one.wat_nu in page) == (sees, sees)
        world.log.verify(None)

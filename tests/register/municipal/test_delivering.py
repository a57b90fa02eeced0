# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A signal reaches the register exactly once, whoever dies, is away, or presses twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete

from process.problem import Refusal
from register.municipal.observations import Draft
from register.municipal.outbox import CLAIM, Delivered, Refused, State, Waiting
from register.municipal.store.tables import withdrawn
from tests.register.municipal.office import (
    COLLEAGUE,
    CONTACT,
    KEY,
    OFFICER,
    Fate,
    Killed,
    Office,
    World,
    draft,
)
from tests.register.municipal.world import cheap, problem, refusal

RUN = UUID(int=77)


def rounds(office: Office, world: World, hours: float = 3) -> None:
    """The job, for as long as it takes."""
    ends = world.clock() + timedelta(hours=hours)
    while world.clock() < ends:
        world.clock.forward(seconds=150)
        office.delivering.deliver_waiting(world.clock())


def waiting(office: Office, key: str = KEY) -> Waiting:
    found = office.submitting.submit(OFFICER, draft(), key)
    assert isinstance(found, Waiting)
    return found


def settled(world: World, office: Office) -> None:
    """Everything is as it should be in the end: one signal, one record, nothing waiting, and one message however often it was sent."""
    assert len(world.register.signals) == 1
    assert office.outbox.rows(None, world.clock(), None, 10) == []
    assert office.casebook.count(None, world.clock().date()) == 1
    assert len(set(world.sent())) == 1


def test_a_signal_that_is_acknowledged_leaves_the_outbox_for_the_casebook(world: World) -> None:
    with world.office() as office:
        found = office.submitting.submit(OFFICER, draft(), KEY)
        assert isinstance(found, Delivered)
        settled(world, office)
        entry = office.casebook.entry(found.answer.signaal_id)
        assert entry is not None
        assert (entry.acknowledged, entry.expires_on) == (True, found.answer.verloopt_op)


# ---- killed at every step --------------------------------------------------------------------------------------------------


def until_it_survives(
    world: World, act: Callable[[Office], None], after: Callable[[Office, int], None]
) -> int:
    """Do something in a process that is killed at its first step, at one after that, ..., each time in a fresh database; returns how many it has."""
    step, empty = 1 - world.stride, world.url
    while True:
        step += world.stride
        assert step < 200
        world.copy_of(empty, f"{empty}-{step}")
        world.register.signals.clear()
        world.register.requests.clear()
        world.fate = Fate()
        died = False
        with world.office() as office:
            world.fate.dies_at = world.fate.steps + step
            try:
                act(office)
            except Killed:
                died = True
            world.fate.dies_at = None
        # The next process begins when the claim of the dead one has run out.
        world.clock.forward(seconds=CLAIM.total_seconds() + 1)
        with world.office() as office:
            after(office, step)
        if not died:
            return step - 1


@pytest.mark.parametrize(("fails", "steps"), [("", 15), ("silent after storing", 15), ("away", 5)])
def test_killed_at_any_step_a_signal_is_delivered_once_when_its_sender_tries_again(
    world: World, fails: str, steps: int
) -> None:
    def act(office: Office) -> None:
        world.register.fails = fails
        office.submitting.submit(OFFICER, draft(), KEY)

    def after(office: Office, _step: int) -> None:
        world.register.fails = ""
        assert isinstance(office.submitting.submit(OFFICER, draft(), KEY), Delivered)
        settled(world, office)

    assert until_it_survives(world, act, after) >= steps


@pytest.mark.parametrize("fails", ["", "silent after storing"])
def test_killed_at_any_step_a_signal_that_is_durable_is_delivered_once_by_the_job(
    world: World, fails: str
) -> None:
    lost = []

    def act(office: Office) -> None:
        world.register.fails = fails
        office.submitting.submit(OFFICER, draft(), KEY)

    def after(office: Office, step: int) -> None:
        world.register.fails = ""
        durable = bool(office.outbox.rows(None, world.clock(), None, 10)) or bool(world.register.signals)
        rounds(office, world)
        if durable:
            settled(world, office)
        else:
            lost.append(step)
            assert world.sent() == []

    until_it_survives(world, act, after)
    # Only before the row was durable, when nobody had been told anything: the commit itself and the step before it.
    assert lost == [1]


def test_killed_at_any_step_of_a_round_every_waiting_signal_is_delivered_once(world: World) -> None:
    numbers = ("0612345678", "0612345679", "0612345680")

    def act(office: Office) -> None:
        dies_at, world.fate.dies_at = world.fate.dies_at, None
        world.register.fails = "away"
        for number in numbers:
            office.submitting.submit(OFFICER, draft(("phone", number)), f"sleutel-{number}")
        world.register.fails = ""
        world.clock.forward(hours=1)
        world.fate.dies_at = world.fate.steps + (dies_at or 0) - begun
        office.delivering.deliver_waiting(world.clock())

    begun = 0

    def after(office: Office, _step: int) -> None:
        rounds(office, world)
        assert len(world.register.signals) == len(numbers) == len(set(world.sent()))
        assert office.casebook.count(None, world.clock().date()) == len(numbers)
        assert office.outbox.rows(None, world.clock(), None, 10) == []

    with world.office() as office:
        begun = world.fate.steps
        del office
    assert until_it_survives(world, act, after) > 20


# ---- two at once -----------------------------------------------------------------------------------------------------------


def test_two_runners_and_a_person_who_presses_again_send_one_message(world: World) -> None:
    world.register.fails = "away"
    with world.office() as one, world.office() as other:
        waiting(one)
        world.register.fails = ""
        world.clock.forward(hours=1)
        together = Barrier(3)
        outcomes: list[object] = []

        def at_once(act: Callable[[], object]) -> None:
            together.wait()
            outcomes.append(act())

        acts: list[Callable[[], object]] = [
            lambda: one.delivering.deliver_waiting(world.clock()),
            lambda: other.delivering.deliver_waiting(world.clock()),
            lambda: other.submitting.submit(OFFICER, draft(), KEY),
        ]
        threads = [Thread(target=at_once, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == len(acts)
        rounds(one, world)
        settled(world, one)
        assert len(world.sent()) == 1


def test_a_row_that_is_held_is_left_alone_until_the_claim_runs_out(world: World) -> None:
    world.register.fails = "away"
    with world.office() as office:
        found = waiting(office)
        world.register.fails = ""
        assert office.delivering.held(found.row) is not None
        world.clock.forward(hours=0.03)
        assert office.delivering.deliver_waiting(world.clock()) == {
            "verstuurd": 0,
            "wacht": 0,
            "geweigerd": 0,
        }
        again = waiting(office)
        assert again.row.state_at(world.clock()) is State.UNDERWAY
        world.clock.forward(minutes=2)
        assert office.delivering.deliver_waiting(world.clock())["verstuurd"] == 1
        settled(world, office)


def test_who_was_slow_beyond_the_claim_sends_nothing_any_more(world: World) -> None:
    world.register.fails = "away"
    with world.office() as office:
        row = waiting(office).row
        world.register.fails = ""
        slow = office.delivering.held(row)
        assert slow is not None
        world.clock.forward(minutes=3)
        office.submitting.withdraw(CONTACT, row.signal_id, "onjuist")
        outcome = office.delivering.attempt(*slow)
        assert isinstance(outcome, Refused)
        assert outcome.refusal.code == "signaal-ingetrokken"
        assert world.sent() == []
        assert not world.register.signals


# ---- what may have arrived -------------------------------------------------------------------------------------------------


def test_a_receipt_that_the_register_does_not_take_says_nothing_about_the_signal_so_it_waits(
    world: World,
) -> None:
    with world.office() as office:
        world.register.fails = "receipt"
        waiting = office.submitting.submit(OFFICER, draft(), KEY)
        assert isinstance(waiting, Waiting)
        assert (waiting.row.reason, waiting.row.maybe) == ("kwitantie-verlopen", False)
        world.register.fails = ""
        world.clock.forward(hours=3)
        office.delivering.deliver_waiting(world.clock())
        assert len(world.register.signals) == 1
        assert {one.moment for one in world.register.receipts} == {world.clock()}, "evaluated at this attempt"
        assert {one.action for one in world.register.receipts} == {"indienen"}


def test_what_may_have_arrived_goes_again_byte_for_byte_on_later_days_and_other_grounds(world: World) -> None:
    with world.office() as office:
        world.register.fails = "silent after storing"
        assert waiting(office).row.maybe
        world.register.fails = ""
        world.clock.forward(days=40)
        world.register.grounds = ("G-GEM", "G-SEKS")
        office.delivering.deliver_waiting(world.clock())
        settled(world, office)
        assert len(world.sent()) == 2


def test_a_lapsed_ground_does_not_change_what_may_have_arrived_and_says_so(world: World) -> None:
    """The register refuses the very same bytes, because their ground is over: the record stays, in words."""
    with world.office() as office:
        world.register.fails = "silent after storing"
        number = waiting(office).row.signal_id
        world.register.fails = "refuses"
        world.clock.forward(days=1)
        assert office.delivering.deliver_waiting(world.clock())["geweigerd"] == 1
        row = office.outbox.row(number)
        assert row is not None
        assert (row.state, row.maybe, row.reason) == ("geweigerd", True, "geen-toegang")
        world.clock.forward(days=30)
        office.consulting.destroy_expired(world.clock())
        assert office.outbox.row(number) is not None
        with pytest.raises(Refusal, match="kan niet worden weggegooid"):
            office.submitting.discard(OFFICER, number)
        assert len(set(world.sent())) == 1


def test_what_may_have_arrived_is_not_sent_when_it_would_be_another_message(world: World) -> None:
    with world.office() as office:
        world.register.fails = "silent after storing"
        number = waiting(office).row.signal_id
    world.register.fails = ""
    world.clock.forward(hours=1)
    # The node was replaced by one that makes other pseudonyms of the same telephone number.
    world.stretch_key = lambda keyset, key: cheap(f"{keyset}-anders", key)
    with world.office() as office:
        office.delivering.deliver_waiting(world.clock())
        row = office.outbox.row(number)
        assert row is not None
        assert (row.state, row.maybe, row.reason) == ("geweigerd", True, "signaal-misschien-bewaard")
    assert len(world.sent()) == 1


def test_a_number_that_may_no_longer_be_processed_does_not_leave(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        found = office.submitting.submit(OFFICER, draft(("bsn", "111222333"), ("phone", "0612345678")), KEY)
        assert isinstance(found, Waiting)
    world.register.fails = ""
    world.gates = frozenset()
    world.clock.forward(hours=1)
    with world.office() as office:
        assert office.delivering.deliver_waiting(world.clock())["geweigerd"] == 1
        row = office.outbox.row(found.row.signal_id)
        assert row is not None
        assert (row.reason, row.mendable) == ("kenmerk-niet-meer", True)
    assert world.sent() == []


def test_what_certainly_never_arrived_takes_todays_grounds(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        number = waiting(office).row.signal_id
        world.register.fails = ""
        world.register.grounds = ()
        world.clock.forward(days=1)
        assert office.delivering.deliver_waiting(world.clock())["geweigerd"] == 1
        row = office.outbox.row(number)
        assert row is not None
        assert (row.maybe, row.reason, row.digest) == (False, "geen-grondslag", None)
        world.register.grounds = ("G-GEM",)
        world.clock.forward(days=1)
        assert isinstance(office.submitting.retry(OFFICER, number), Delivered)


def test_an_answer_without_a_good_receipt_is_no_answer(world: World) -> None:
    with world.office() as office:
        office.submitting.submit(OFFICER, draft(("phone", "0612345680")), "warm-de-grondslagen")
        world.register.fails = "forged"
        assert waiting(office).row.maybe
        world.register.fails = ""
        rounds(office, world)
        assert len(world.register.signals) == 2
        assert office.casebook.count(None, world.clock().date()) == 2


# ---- pauses ----------------------------------------------------------------------------------------------------------------


def test_the_pause_between_attempts_grows(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        number = waiting(office).row.signal_id
        pauses = []
        for _attempt in range(6):
            row = office.outbox.row(number)
            assert row is not None
            pauses.append(row.next_at - world.clock())
            world.clock.moment = row.next_at
            assert office.delivering.deliver_waiting(world.clock())["wacht"] == 1
        assert pauses == sorted(pauses)
        assert pauses[5] > 10 * pauses[0]


def test_nothing_is_tried_before_its_time(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        waiting(office)
        world.clock.forward(seconds=10)
        world.register.fails = ""
        assert office.delivering.deliver_waiting(world.clock())["verstuurd"] == 0


def test_one_failure_of_the_register_ends_the_round(world: World) -> None:
    asked = 0
    with world.office() as office:
        world.register.fails = "away"
        for number in range(9):
            office.submitting.submit(OFFICER, draft(("phone", f"061234560{number}")), f"sleutel-{number:04}")
        world.clock.forward(hours=1)
        before = world.fate.steps
        assert office.delivering.deliver_waiting(world.clock()) == {
            "verstuurd": 0,
            "wacht": 1,
            "geweigerd": 0,
        }
        asked = world.fate.steps - before
        assert asked < 8
        world.register.fails = ""
        assert office.delivering.deliver_waiting(world.clock())["verstuurd"] == 8


def test_one_failure_of_the_holders_ends_the_round(world: World) -> None:
    with world.office() as office:
        world.holders[0].fails = world.holders[1].fails = "away"
        for number in range(4):
            office.submitting.submit(OFFICER, draft(("phone", f"061234560{number}")), f"sleutel-{number:04}")
        world.clock.forward(hours=1)
        assert office.delivering.deliver_waiting(world.clock())["wacht"] == 1


def answers(
    world: World, response: Callable[[], httpx.Response]
) -> Callable[[httpx.Request], httpx.Response]:
    """The register, with another answer to a submission."""
    real = world.register

    def station(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/signalen":
            return response()
        return real(request)

    return station


def test_the_pause_that_the_register_asks_for_is_kept_for_every_signal(world: World) -> None:
    busy = problem(refusal(503, "te-druk"))
    busy.headers["retry-after"] = "1200"
    world.station = answers(world, lambda: busy)
    with world.office() as office:
        office.submitting.submit(OFFICER, draft(("phone", "0612345680")), "sleutel-0001")
        office.submitting.submit(OFFICER, draft(("phone", "0612345681")), "sleutel-0002")
        begun = world.clock()
        world.clock.forward(minutes=25)
        office.delivering.deliver_waiting(world.clock())
        rows = office.outbox.rows(None, world.clock(), None, 10)
        assert all(row.next_at >= begun + timedelta(minutes=45) for row in rows)
        assert all(row.maybe for row in rows)


def test_a_quota_of_one_officer_does_not_hold_up_another(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        for number in range(3):
            office.submitting.submit(OFFICER, draft(("phone", f"061234560{number}")), f"sleutel-{number:04}")
        world.clock.forward(seconds=1)
        office.submitting.submit(COLLEAGUE, draft(("phone", "0612345680")), "sleutel-0001")
        world.register.fails = ""
        for holder in world.holders:
            holder.fails = f"quota of {OFFICER.officer}"
        world.clock.forward(hours=1)
        assert office.delivering.deliver_waiting(world.clock()) == {
            "verstuurd": 1,
            "wacht": 1,
            "geweigerd": 0,
        }
        left = office.outbox.rows(None, world.clock(), None, 10)
        assert {row.officer for row in left} == {OFFICER.officer}
        assert len({row.next_at for row in left}) == 1


def test_an_import_spares_the_others_after_one_was_away_and_people_do_not(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        first = office.submitting.submit(OFFICER, draft(("phone", "0612345680")), "rij-00001", run=RUN)
        assert isinstance(first, Waiting)
        assert first.away
        before = len(world.holders[0].asked)
        world.register.fails = ""
        second = office.submitting.submit(OFFICER, draft(("phone", "0612345681")), "rij-00002", run=RUN)
        assert isinstance(second, Waiting)
        assert len(world.holders[0].asked) == before
        assert isinstance(office.submitting.submit(OFFICER, draft(), KEY), Delivered)
        rounds(office, world)
        assert len(world.register.signals) == 3


# ---- refused ---------------------------------------------------------------------------------------------------------------


def test_refused_at_once_nothing_is_left(world: World) -> None:
    with world.office() as office:
        world.register.fails = "refuses"
        with pytest.raises(Refusal) as refused:
            office.submitting.submit(OFFICER, draft(), KEY)
        assert refused.value.code == "geen-toegang"
        assert office.outbox.rows(None, world.clock(), None, 10) == []
        world.register.fails = ""
        assert isinstance(office.submitting.submit(OFFICER, draft(border=True), KEY), Delivered)


def test_what_a_holder_refuses_whatever_the_signal_is_told_at_once_and_waits_later(world: World) -> None:
    with world.office() as office:
        for holder in world.holders:
            holder.fails = "keyset"
        with pytest.raises(Refusal) as refused:
            office.submitting.submit(OFFICER, draft(), KEY)
        assert refused.value.code == "andere-sleutelset"
        assert office.outbox.rows(None, world.clock(), None, 10) == []
        for holder in world.holders:
            holder.fails = "away"
        waiting(office)
        for holder in world.holders:
            holder.fails = "keyset"
        world.clock.forward(hours=1)
        assert office.delivering.deliver_waiting(world.clock())["wacht"] == 1


def refused_later(world: World, office: Office) -> UUID:
    world.register.fails = "away"
    number = waiting(office).row.signal_id
    world.register.fails = "refuses"
    world.clock.forward(hours=1)
    assert office.delivering.deliver_waiting(world.clock())["geweigerd"] == 1
    world.register.fails = ""
    return number


def test_refused_later_it_is_kept_with_the_reason_for_two_weeks(world: World) -> None:
    with world.office() as office:
        number = refused_later(world, office)
        row = office.outbox.row(number)
        assert row is not None
        assert (row.state, row.reason, row.mendable) == ("geweigerd", "geen-toegang", True)
        world.clock.forward(days=13)
        assert office.consulting.destroy_expired(world.clock())["geweigerd en te oud"] == 0
        world.clock.forward(days=1)
        assert office.outbox.rows(None, world.clock(), None, 10) == []
        assert office.consulting.destroy_expired(world.clock())["geweigerd en te oud"] == 1
        assert office.outbox.row(number) is None


def test_a_refused_signal_is_mended_under_its_own_number_and_its_term_goes_on_counting(world: World) -> None:
    with world.office() as office:
        number = refused_later(world, office)
        row = office.outbox.row(number)
        assert row is not None
        world.clock.forward(days=3)
        found = office.submitting.submit(CONTACT, draft(border=True), "een-andere-sleutel", mends=number)
        assert isinstance(found, Delivered)
        assert found.answer.signaal_id == number
        entry = office.casebook.entry(number)
        assert entry is not None
        assert (entry.first_processed_at, entry.handle) == (row.first_processed_at, row.handle)
        assert entry.officer == CONTACT.officer
        again = office.submitting.submit(CONTACT, draft(border=True), "een-andere-sleutel", mends=number)
        assert isinstance(again, Delivered)
        assert again.repeated
        assert len(world.register.signals) == 1


def test_mended_and_refused_again_the_new_content_is_kept(world: World) -> None:
    with world.office() as office:
        number = refused_later(world, office)
        world.register.fails = "refuses"
        with pytest.raises(Refusal):
            office.submitting.submit(OFFICER, draft(border=True), "een-andere-sleutel", mends=number)
        seen = office.consulting.look(OFFICER, number, "verbeteren")
        assert seen.kept.draft is not None
        assert seen.kept.draft.border


def test_a_colleague_mends_and_discards_nothing_of_another(world: World) -> None:
    with world.office() as office:
        number = refused_later(world, office)
        kept = office.outbox.row(number)
        # As with a number of nothing: there is nothing to mend and nothing to discard.
        world.register.fails = ""
        for one in (number, UUID(int=7, version=4)):
            with pytest.raises(Refusal) as refused:
                office.submitting.submit(COLLEAGUE, draft(), KEY, mends=one)
            assert refused.value.code == "niets-te-vervangen"
        office.submitting.discard(COLLEAGUE, number)
        with pytest.raises(Refusal) as refused:
            office.submitting.retry(COLLEAGUE, number)
        assert refused.value.status == 404
        assert office.outbox.row(number) == kept


def test_discarding_twice_is_discarding_once_and_what_waits_stays(world: World) -> None:
    with world.office() as office:
        number = refused_later(world, office)
        office.submitting.discard(OFFICER, number)
        office.submitting.discard(OFFICER, number)
        assert office.outbox.row(number) is None
        world.register.fails = "away"
        other = waiting(office, "een-andere-sleutel").row.signal_id
        with pytest.raises(Refusal) as refused:
            office.submitting.discard(OFFICER, other)
        assert refused.value.code == "signaal-blijft"


def test_a_refusal_of_a_number_that_is_in_use_stays_because_something_stands_there(world: World) -> None:
    taken = problem(refusal(409, "andere-inhoud"))
    world.station = answers(world, lambda: taken)
    with world.office() as office:
        with pytest.raises(Refusal):
            office.submitting.submit(OFFICER, draft(), KEY)
        (row,) = office.outbox.rows(None, world.clock(), None, 10)
        assert (row.state, row.maybe) == ("geweigerd", True)


# ---- term and withdrawing --------------------------------------------------------------------------------------------------


def test_a_waiting_row_dies_with_its_signal(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        row = waiting(office).row
        world.register.fails = ""
        world.clock.moment = datetime.combine(row.expires_on, datetime.min.time(), UTC)
        assert office.delivering.deliver_waiting(world.clock())["verstuurd"] == 0
        assert office.outbox.rows(None, world.clock(), None, 10) == []
        assert office.consulting.destroy_expired(world.clock())["verlopen in de uitbak"] == 1
        assert office.outbox.row(row.signal_id) is None


def test_withdrawn_before_it_left_it_is_gone_and_the_register_never_heard_of_it(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        number = waiting(office).row.signal_id
        done = office.submitting.withdraw(CONTACT, number, "onjuist")
        assert done.answer is None
        assert office.outbox.row(number) is None
        world.register.fails = ""
        rounds(office, world)
        assert not world.register.signals
        assert not world.register.withdrawn


def test_what_may_have_arrived_is_withdrawn_at_the_register_first(world: World) -> None:
    with world.office() as office:
        world.register.fails = "silent after storing"
        number = waiting(office).row.signal_id
        world.register.fails = "away"
        with pytest.raises(Refusal) as refused:
            office.submitting.withdraw(CONTACT, number, "onjuist")
        assert refused.value.code == "register-weg"
        row = office.outbox.row(number)
        assert row is not None
        assert row.state_at(world.clock()) is State.WAITS
        world.register.fails = ""
        done = office.submitting.withdraw(CONTACT, number, "onjuist")
        assert done.answer is not None
        assert world.register.withdrawn == [(str(number), "onjuist")]
        assert office.outbox.row(number) is None


def test_what_the_register_does_not_have_yet_is_withdrawn_there_before_it_can_arrive(world: World) -> None:
    with world.office() as office:
        world.register.fails = "silent after storing"
        number = waiting(office).row.signal_id
        world.register.signals.clear()
        world.register.fails = ""
        assert office.submitting.withdraw(CONTACT, number, "onjuist").answer is not None
        assert world.register.withdrawn == [(str(number), "onjuist")]
        assert office.outbox.row(number) is None


@pytest.mark.parametrize("when", ["before it left", "after it arrived"])
def test_a_withdrawn_signal_is_never_sent_again(world: World, when: str) -> None:
    with world.office() as office:
        world.register.fails = "away" if when == "before it left" else ""
        found = office.submitting.submit(OFFICER, draft(), KEY)
        number = found.row.signal_id if isinstance(found, Waiting) else found.answer.signaal_id
        office.submitting.withdraw(CONTACT, number, "onjuist")
        world.register.fails = ""
        sent = len(world.sent())
        for again in (draft(), draft(border=True)):
            with pytest.raises(Refusal) as refused:
                office.submitting.submit(OFFICER, again, KEY)
            assert refused.value.code == "signaal-ingetrokken"
        rounds(office, world)
        assert len(world.sent()) == sent


def without_its_mark(world: World, office: Office) -> UUID:
    """A signal that was withdrawn as software of before revision 0003 did it: its record is gone here, the register knows, and no number is kept."""
    found = office.submitting.submit(OFFICER, draft(), KEY)
    assert isinstance(found, Delivered)
    office.submitting.withdraw(CONTACT, found.answer.signaal_id, "onjuist")
    with office.database.writing() as connection:
        connection.execute(delete(withdrawn).where(withdrawn.c.tenant == world.tenant))
    assert not office.outbox.withdrawn(found.answer.signaal_id)
    return found.answer.signaal_id


@pytest.mark.parametrize("content", [draft(), draft(border=True)], ids=["as it was", "changed"])
@pytest.mark.parametrize("first", ["at once", "after waiting"])
def test_what_was_withdrawn_before_revision_0003_stays_so_and_is_known_here_from_the_first_attempt(
    world: World, content: Draft, first: str
) -> None:
    with world.office() as office:
        number = without_its_mark(world, office)
        if first == "after waiting":
            world.register.fails = "away"
            assert isinstance(office.submitting.submit(OFFICER, content, KEY), Waiting)
            world.register.fails = ""
            rounds(office, world)
        else:
            with pytest.raises(Refusal) as refused:
                office.submitting.submit(OFFICER, content, KEY)
            assert refused.value.code == "signaal-ingetrokken"
        assert office.outbox.withdrawn(number)
        assert office.outbox.row(number) is None, "nothing that was typed stays"
        assert office.casebook.entry(number) is None
        sent = len(world.sent())
        with pytest.raises(Refusal, match=r".") as refused:
            office.submitting.submit(OFFICER, content, KEY)
        assert refused.value.code == "signaal-ingetrokken"
        rounds(office, world)
        assert len(world.sent()) == sent


def test_a_record_of_a_sender_that_was_withdrawn_before_revision_0003_has_another_number_in_an_import(
    world: World,
) -> None:
    """The limit that docs/data-model.md states: nothing at the node or the register says that they are the same."""
    with world.office() as office:
        number = without_its_mark(world, office)
        again = office.submitting.submit(CONTACT, draft(), KEY, run=RUN)
        assert isinstance(again, Delivered)
        assert again.answer.signaal_id != number
        office.submitting.withdraw(CONTACT, again.answer.signaal_id, "onjuist")
        for who in (OFFICER, CONTACT):
            with pytest.raises(Refusal) as refused:
                office.submitting.submit(who, draft(), KEY, run=RUN)
            assert refused.value.code == "signaal-ingetrokken", "withdrawn again, it stays so"


def test_the_number_of_a_withdrawn_signal_is_forgotten_with_its_term(world: World) -> None:
    with world.office() as office:
        found = office.submitting.submit(OFFICER, draft(), KEY)
        assert isinstance(found, Delivered)
        office.submitting.withdraw(CONTACT, found.answer.signaal_id, "onjuist")
        assert office.outbox.withdrawn(found.answer.signaal_id)
        world.clock.forward(days=366)
        office.consulting.destroy_expired(world.clock())
        assert not office.outbox.withdrawn(found.answer.signaal_id)


def test_what_is_being_sent_cannot_be_withdrawn_until_that_is_over(world: World) -> None:
    with world.office() as office:
        world.register.fails = "away"
        row = waiting(office).row
        assert office.delivering.held(row)
        with pytest.raises(Refusal) as refused:
            office.submitting.withdraw(CONTACT, row.signal_id, "onjuist")
        assert (refused.value.code, refused.value.retry_after) == ("signaal-onderweg", 120)


@pytest.mark.parametrize("fails", ["", "silent after storing"])
def test_killed_at_any_step_of_a_withdrawal_it_can_be_finished_and_nothing_is_sent_after_it(
    world: World, fails: str
) -> None:
    def act(office: Office) -> None:
        dies_at, world.fate.dies_at = world.fate.dies_at, None
        world.register.withdrawn.clear()
        world.register.fails = fails
        begun = world.fate.steps
        office.submitting.submit(OFFICER, draft(), KEY)
        world.register.fails = ""
        world.fate.dies_at = (dies_at or 0) + world.fate.steps - begun
        (number,) = world.register.signals
        office.submitting.withdraw(CONTACT, UUID(number[1]), "onjuist")

    def after(office: Office, _step: int) -> None:
        (number,) = world.register.signals
        office.submitting.withdraw(CONTACT, UUID(number[1]), "onjuist")
        sent = len(world.sent())
        rounds(office, world, hours=1)
        assert len(world.sent()) == sent
        assert office.casebook.entry(UUID(number[1])) is None
        assert office.outbox.withdrawn(UUID(number[1]))

    assert until_it_survives(world, act, after) > 3


# ---- imports ---------------------------------------------------------------------------------------------------------------


def test_a_row_of_an_import_is_the_same_signal_whoever_imports_it(world: World) -> None:
    with world.office() as office:
        first = office.submitting.submit(OFFICER, draft(), "rij-00001", run=RUN)
        again = office.submitting.submit(CONTACT, draft(), "rij-00001", run=UUID(int=78))
        assert isinstance(first, Delivered)
        assert isinstance(again, Delivered)
        assert again.repeated
        assert office.submitting.known(COLLEAGUE, draft(), "rij-00001")
        assert not office.submitting.known(COLLEAGUE, draft(), "rij-00002")
        assert len(world.register.signals) == 1


def test_a_dry_run_says_what_is_wrong_and_stores_nothing(world: World) -> None:
    with world.office() as office:
        with pytest.raises(Refusal) as refused:
            office.submitting.known(OFFICER, draft(indicators=()), "rij-00001")
        assert refused.value.status == 400
        assert not world.register.requests
        assert office.outbox.rows(None, world.clock(), None, 10) == []


def test_a_row_that_was_imported_before_revision_0003_keeps_its_number(world: World) -> None:
    with world.office() as office:
        before = office.submitting.submit(OFFICER, draft(), "rij-00001")
        assert isinstance(before, Delivered)
        again = office.submitting.submit(OFFICER, draft(), "rij-00001", run=RUN)
        assert isinstance(again, Delivered)
        assert again.answer.signaal_id == before.answer.signaal_id


def test_the_same_key_with_another_content_is_refused_wherever_it_stands(world: World) -> None:
    with world.office() as office:
        office.submitting.submit(OFFICER, draft(), "sleutel-0001")
        world.register.fails = "away"
        office.submitting.submit(OFFICER, draft(), "sleutel-0002")
        for key in ("sleutel-0001", "sleutel-0002"):
            with pytest.raises(Refusal) as refused:
                office.submitting.submit(OFFICER, draft(border=True), key)
            assert (refused.value.status, refused.value.code) == (409, "signaal-al-verstuurd")

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.jobs import (
    CLOCK_DOUBT,
    LEASE,
    SHORTEST_PAUSE,
    Ended,
    Job,
    JobState,
    Outcome,
    added,
    after,
    as_json,
    claimable,
    done,
    failed,
    failing,
    interrupted,
    look_again_at,
    pause_after,
    stands_still,
    told,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
JOB = Job("vernietiging", "Vernietigt wat voorbij zijn termijn is.", HOUR, lambda _moment: {})
DUE = JobState("vernietiging", since=NOW - HOUR, next_at=NOW)
HELD = replace(DUE, holder="een", lease_until=NOW + LEASE, started_at=NOW)

spans = st.timedeltas(min_value=timedelta(seconds=0.01), max_value=timedelta(days=2))


def test_a_job_is_taken_when_its_time_has_come_and_not_before() -> None:
    assert claimable(DUE, NOW)
    assert not claimable(DUE, NOW - SECOND)
    assert claimable(DUE, NOW - SECOND, anyway=True)


def test_a_job_that_a_living_runner_has_is_not_taken_not_even_anyway() -> None:
    assert not claimable(HELD, NOW + LEASE - SECOND)
    assert not claimable(HELD, NOW + LEASE - SECOND, anyway=True)


def test_the_job_of_a_dead_runner_is_taken_when_its_lease_has_run_out() -> None:
    assert claimable(HELD, NOW + LEASE)
    assert look_again_at(HELD, NOW + SECOND) == NOW + LEASE


def test_a_clock_that_was_set_back_keeps_no_job_waiting() -> None:
    future = replace(HELD, started_at=NOW + timedelta(days=365), lease_until=NOW + timedelta(days=366))
    assert claimable(replace(future, next_at=NOW + timedelta(days=365)), NOW)
    near = replace(HELD, started_at=NOW + CLOCK_DOUBT, lease_until=NOW + CLOCK_DOUBT + LEASE)
    assert not claimable(near, NOW), "two clocks that differ a little make no two runners"


def test_after_a_long_sleep_a_job_is_done_once_and_then_waits_its_time() -> None:
    later = NOW + timedelta(days=7)
    state = after(replace(DUE, holder="een", started_at=later), done(later, JOB, {}))
    assert state.next_at == later + HOUR
    assert not claimable(state, later)


@given(every=spans, failures=st.integers(1, 10**6))
def test_the_pause_after_failures_grows_and_has_an_end(every: timedelta, failures: int) -> None:
    pause = pause_after(failures, every)
    assert pause_after(failures + 1, every) >= pause
    assert min(every, SHORTEST_PAUSE) <= pause <= max(every, SHORTEST_PAUSE)


def test_the_pauses_of_an_hourly_job_and_of_one_every_five_seconds() -> None:
    assert [pause_after(n, HOUR) // SECOND for n in range(1, 9)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert [pause_after(n, 5 * SECOND) // SECOND for n in range(1, 7)] == [5, 10, 20, 40, 60, 60]


def test_failures_are_counted_and_success_begins_anew() -> None:
    state = DUE
    for count in (1, 2, 3):
        state = after(state, failed(NOW, JOB, {"signalen": 2}, ValueError("geheim"), state.failures))
        assert (state.failures, state.outcome, state.succeeded_at) == (count, Outcome.FAILED, None)
    assert state.next_at == NOW + 4 * SHORTEST_PAUSE
    state = after(state, done(NOW, JOB, {}))
    assert (state.failures, state.error, state.succeeded_at) == (0, None, NOW)


def test_a_job_that_was_interrupted_is_due_at_once_and_is_neither_success_nor_failure() -> None:
    before = replace(HELD, failures=2, succeeded_at=NOW - HOUR)
    state = after(before, interrupted(NOW, {"signalen": 500}))
    assert claimable(state, NOW)
    assert (state.failures, state.succeeded_at, state.outcome) == (2, NOW - HOUR, Outcome.INTERRUPTED)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 99))))
def test_the_counts_of_batches_add_up(batches: list[dict[str, int]]) -> None:
    total: dict[str, int] = {}
    for batch in batches:
        total = added(total, batch)
    assert total == {
        name: sum(batch.get(name, 0) for batch in batches) for name in {n for b in batches for n in b}
    }


def test_what_is_kept_of_an_exception_is_its_type() -> None:
    ended = failed(NOW, JOB, {}, ValueError("0612345678"), 0)
    assert ended == Ended(NOW, Outcome.FAILED, {}, NOW + SHORTEST_PAUSE, "ValueError")
    state = after(DUE, ended)
    assert "0612345678" not in told(JOB, state, NOW) + str(as_json([JOB], {JOB.name: state}, NOW))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (None, "Nog niet gedaan."),
        (DUE, "Nog niet gedaan."),
        (HELD, "Bezig sinds 02-03-2026 10:30:00."),
        (replace(HELD, lease_until=NOW), "Afgebroken: begonnen op 02-03-2026 10:30:00"),
        (after(HELD, done(NOW, JOB, {"signalen": 3})), "Laatste keer: 02-03-2026 10:30:00, gelukt (signalen: 3)."),
        (after(HELD, done(NOW, JOB, {})), "gelukt (niets te tellen)"),
        (after(HELD, interrupted(NOW, {"signalen": 5})), "onderbroken, gaat verder (signalen: 5)"),
        (after(HELD, failed(NOW, JOB, {}, OSError(), 2)), "mislukt met OSError (3 keer achter elkaar)"),
    ]
)  # fmt: skip
def test_a_state_reads_as_dutch_with_dutch_time(state: JobState | None, says: str) -> None:
    text = told(
        JOB, state and replace(state, failures=max(state.failures, 3 * (state.error is not None))), NOW
    )
    assert text.startswith("vernietiging: Vernietigt wat voorbij zijn termijn is.\n")
    assert says in text


def test_the_next_time_is_told() -> None:
    assert "Volgende keer: 02-03-2026 11:30:00." in told(JOB, after(HELD, done(NOW, JOB, {})), NOW)


def test_a_job_that_nobody_runs_stands_still_and_is_told_as_such() -> None:
    late = NOW + HOUR + SECOND
    assert not stands_still(JOB, DUE, NOW + HOUR)
    assert stands_still(JOB, DUE, late)
    assert failing(JOB, DUE, late)
    assert "STAAT STIL" in told(JOB, DUE, late)
    assert not stands_still(JOB, replace(HELD, lease_until=late + SECOND), late), "it runs"
    assert not failing(JOB, None, late), "nothing was ever started here"


def test_a_job_that_failed_is_failing_until_it_succeeds() -> None:
    state = after(HELD, failed(NOW, JOB, {}, OSError(), 0))
    assert failing(JOB, state, NOW)
    assert not failing(JOB, after(state, done(NOW, JOB, {})), NOW)


def test_programs_get_every_job_with_moments_that_bear_their_zone() -> None:
    (one,) = as_json([JOB], {JOB.name: after(HELD, done(NOW, JOB, {"signalen": 3}))}, NOW)
    assert one["tellingen"] == {"signalen": 3}
    assert one["volgendeKeer"] == "2026-03-02T10:30:00+00:00"
    assert (one["uitkomst"], one["bezig"], one["staatStil"], one["foutenAchterElkaar"]) == (
        "gelukt", False, False, 0,
    )  # fmt: skip
    (never,) = as_json([JOB], {}, NOW)
    assert never.keys() == one.keys()

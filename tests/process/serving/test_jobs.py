# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, MetaData

from audit.store.engine import make_engine
from audit.store.jobs import JobStore, tables
from process.jobs import LEASE, Job, Outcome, Unfinished
from process.problem import Refusal
from process.serving import jobs_command as jobs_module
from process.serving.jobs import Runner
from process.serving.jobs_command import jobs_command

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
TABLE = tables(MetaData())
ROOT = Path(__file__).parents[3]


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


class Work:
    """A job that notes when it ran, and does what a test tells it to."""

    def __init__(self, *, every: timedelta = HOUR, batches: int = 1, name: str = "werk") -> None:
        self.moments: list[datetime] = []
        self.batches = batches
        self.failing = False
        self.job = Job(name, "Doet het werk.", every, self)

    def __call__(self, moment: datetime) -> Mapping[str, int]:
        self.moments.append(moment)
        if self.failing:
            raise ValueError("0612345678")
        last = len(self.moments) % self.batches == 0
        return {"dingen": 1} if last else Unfinished({"dingen": 1})


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    TABLE.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Hands:
    return Hands()


Build = Callable[..., Runner]


@pytest.fixture
def build(engine: Engine, clock: Hands) -> Build:
    """Another runner on the same database, as another process would have."""

    def built(*work: Work | Job) -> Runner:
        jobs = [one.job if isinstance(one, Work) else one for one in work]
        return Runner(jobs, JobStore(engine, TABLE), clock, os.urandom, look=0.01)

    return built


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def lease_of(store: JobStore) -> datetime | None:
    """Until when the job is somebody's."""
    return store.states()["werk"].lease_until


def failed_times(runner: Runner) -> int:
    """How often in a row the job failed, -1 before it is known."""
    states = runner.states()
    return states["werk"].failures if "werk" in states else -1


def test_a_job_runs_when_its_time_has_come_by_the_clock_that_was_given(build: Build, clock: Hands) -> None:
    work = Work()
    with build(work).running():
        until(lambda: len(work.moments) == 1)
        clock.moment += HOUR - timedelta(seconds=1)
        time.sleep(0.1)
        assert len(work.moments) == 1
        clock.moment += timedelta(seconds=1)
        until(lambda: len(work.moments) == 2)
    assert work.moments == [NOW, NOW + HOUR]


def test_after_a_year_asleep_a_job_runs_once(build: Build, clock: Hands) -> None:
    work = Work()
    build(work).once("werk")
    clock.moment += timedelta(days=365)
    with build(work).running():
        until(lambda: len(work.moments) == 2)
        time.sleep(0.1)
    assert work.moments == [NOW, NOW + timedelta(days=365)]


def test_all_batches_of_a_job_make_one_run(build: Build) -> None:
    work = Work(batches=4)
    state = build(work).once("werk")
    assert (len(work.moments), state.counts, state.outcome) == (4, {"dingen": 4}, Outcome.DONE)


def test_two_runners_do_a_job_once(build: Build) -> None:
    inside, most, runs = 0, 0, 0
    lock = threading.Lock()

    def busy(_moment: datetime) -> dict[str, int]:
        nonlocal inside, most, runs
        with lock:
            inside, runs = inside + 1, runs + 1
            most = max(most, inside)
        time.sleep(0.02)
        with lock:
            inside -= 1
        return {}

    job = Job("werk", "Doet het werk.", timedelta(0), busy)
    with build(job).running(), build(job).running(), build(job).running():
        until(lambda: runs >= 10)
    assert most == 1


def test_a_job_that_another_does_is_refused_with_when_to_try_again(build: Build) -> None:
    going, go_on = threading.Event(), threading.Event()

    def slow(_moment: datetime) -> dict[str, int]:
        going.set()
        assert go_on.wait(60)
        return {}

    job = Job("werk", "Doet het werk.", HOUR, slow)
    with build(job).running():
        assert going.wait(60)
        with pytest.raises(Refusal) as refused:
            build(job).once("werk")
        go_on.set()
    assert (refused.value.status, refused.value.code) == (409, "taak-bezig")
    assert "02-03-2026 10:31:00" in refused.value.way_forward


def test_an_exception_ends_no_runner_and_is_logged_by_its_type(
    build: Build, clock: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    work, other = Work(), Work(name="ander")
    work.failing = True
    runner = build(work, other)
    with caplog.at_level(logging.DEBUG), runner.running():
        until(lambda: failed_times(runner) == 1)
        clock.moment += timedelta(minutes=1)
        until(lambda: failed_times(runner) == 2)
        clock.moment += timedelta(minutes=1)
        time.sleep(0.1)
        assert len(work.moments) == 2, "the pause grows"
        work.failing = False
        clock.moment += timedelta(minutes=1)
        until(lambda: failed_times(runner) == 0)
    assert "job werk failed: ValueError" in caplog.text
    assert "0612345678" not in caplog.text
    assert (len(work.moments), len(other.moments)) == (3, 1)


def test_stopping_waits_for_the_batch_and_the_next_process_goes_on(build: Build) -> None:
    done_batches: list[datetime] = []

    def endless(moment: datetime) -> dict[str, int]:
        time.sleep(0.05)
        done_batches.append(moment)
        return Unfinished(dingen=1)

    runner = build(Job("werk", "Doet het werk.", HOUR, endless))
    with runner.running():
        until(lambda: len(done_batches) >= 2)
        started = time.monotonic()
    assert time.monotonic() - started < 30
    state = runner.states()["werk"]
    assert (state.outcome, state.holder, state.counts) == (
        Outcome.INTERRUPTED, None, {"dingen": len(done_batches)},
    )  # fmt: skip
    rest = Work()
    with build(rest).running():
        until(lambda: len(rest.moments) == 1)


def test_a_database_that_is_away_for_a_while_ends_no_runner(
    engine: Engine, clock: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    work, store = Work(), JobStore(engine, TABLE)
    TABLE.drop(engine)
    with Runner([work.job], store, clock, os.urandom, look=0.01).running():
        until(lambda: "cannot be looked at" in caplog.text)
        TABLE.create(engine)
        until(lambda: len(work.moments) == 1)


KILLED = """
import os, sys, time
from sqlalchemy import MetaData
from audit.store.engine import make_engine
from audit.store.jobs import JobStore, tables
from datetime import datetime, timedelta
from process.jobs import Job
from process.serving.jobs import Runner

def work(moment):
    print("going", flush=True)
    time.sleep(60)

moment = datetime.fromisoformat(sys.argv[2])
store = JobStore(make_engine(sys.argv[1]), tables(MetaData()))
with Runner([Job("werk", "Doet het werk.", timedelta(hours=1), work)], store, lambda: moment, os.urandom).running():
    time.sleep(60)
"""


def test_a_runner_that_is_killed_halfway_is_followed_up_after_its_lease(
    build: Build, clock: Hands, engine: Engine
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    program = [sys.executable, "-c", KILLED, url, NOW.isoformat()]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "going\n"
        killed.send_signal(signal.SIGKILL)
    work = Work()
    runner = build(work)
    with runner.running():
        clock.moment += LEASE - timedelta(seconds=1)
        time.sleep(0.2)
        assert work.moments == [], "it might still be alive"
        clock.moment += timedelta(seconds=1)
        until(lambda: len(work.moments) == 1)
    assert runner.states()["werk"].outcome is Outcome.DONE


def test_a_lease_is_renewed_while_a_batch_takes_longer_than_it(
    build: Build, clock: Hands, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("process.serving.jobs.LEASE", timedelta(seconds=0.15))
    go_on, runs = threading.Event(), Work()

    def slow(moment: datetime) -> Mapping[str, int]:
        runs(moment)
        assert go_on.wait(60)
        return {}

    job, store = Job("werk", "Doet het werk.", HOUR, slow), JobStore(engine, TABLE)
    with build(job).running(), build(job).running():
        until(lambda: len(runs.moments) == 1)
        for _renewal in range(5):
            clock.moment += LEASE / 2
            until(lambda: lease_of(store) == clock.moment + LEASE)
        assert len(runs.moments) == 1
        go_on.set()


# ---- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def command(build: Build) -> Callable[..., Result]:
    def invoke(work: list[Work], *arguments: str) -> Result:
        @contextmanager
        def opened(settings: Path | None, clock_file: Path | None) -> Iterator[Runner]:
            assert (settings, clock_file) == (None, None)
            yield build(*work)

        return CliRunner().invoke(jobs_command(opened), arguments)

    return invoke


Command = Callable[..., Result]


def test_the_list_tells_each_job_in_words_and_ends_well_when_all_is_well(command: Command) -> None:
    fine, other = Work(), Work(name="ander")
    assert command([fine, other], "--once", "werk").exit_code == 0
    shown = command([fine, other], "--list")
    assert shown.exit_code == 0
    assert "werk: Doet het werk.\n  Laatste keer: 02-03-2026 10:30:00, gelukt (dingen: 1)." in shown.output
    assert "Volgende keer: 02-03-2026 11:30:00." in shown.output
    assert "ander: Doet het werk.\n  Nog niet gedaan." in shown.output


def test_a_failing_job_makes_the_command_end_with_1(command: Command) -> None:
    fine, broken = Work(), Work(name="stuk")
    broken.failing = True
    once = command([fine, broken], "--once", "stuk")
    assert once.exit_code == 1
    listed = command([fine, broken], "--list")
    assert listed.exit_code == 1
    assert "mislukt met ValueError (1 keer achter elkaar)" in once.output
    assert "mislukt met ValueError" in listed.output
    assert "0612345678" not in once.output + listed.output


def test_programs_read_json(command: Command) -> None:
    work = Work()
    (once,) = json.loads(command([work], "--once", "werk", "--json").output)
    (listed,) = json.loads(command([work], "--list", "--json").output)
    assert once == listed
    assert (once["taak"], once["tellingen"], once["uitkomst"]) == ("werk", {"dingen": 1}, "gelukt")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--once", "dit-niet"], "Kies uit: werk"), (["--list", "--once", "werk"], "niet allebei")],
)
def test_what_cannot_be_is_told_with_exit_2(command: Command, arguments: list[str], says: str) -> None:
    told = command([Work()], *arguments)
    assert told.exit_code == 2
    assert says in told.output


def test_without_an_option_it_runs_until_a_signal(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    # The log of a whole process: here the process is that of the tests.
    monkeypatch.setattr(jobs_module, "configure", lambda _stream: None)
    work = Work(every=timedelta(0))

    def stop() -> None:
        until(lambda: len(work.moments) > 3)
        os.kill(os.getpid(), signal.SIGTERM)

    stopping: Any = threading.Thread(target=stop)
    stopping.start()
    done = command([work])
    stopping.join()
    assert (done.exit_code, done.output) == (0, "klaar: werk\n")

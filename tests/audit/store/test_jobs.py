# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, MetaData

from audit.store.engine import make_engine
from audit.store.jobs import JobStore, tables
from process.jobs import LEASE, Job, JobState, Outcome, done, failed

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
JOB = Job("tellers", "Ruimt tellers op.", timedelta(hours=1), lambda _moment: {})
TABLE = tables(MetaData())


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    TABLE.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> JobStore:
    made = JobStore(engine, TABLE)
    made.enlist(["tellers", "aanmeldingen"], NOW)
    return made


def test_a_job_is_due_when_it_is_first_known_and_keeps_its_state_when_it_is_known_again(
    store: JobStore,
) -> None:
    assert store.states()["tellers"] == JobState("tellers", since=NOW, next_at=NOW)
    store.enlist(["tellers"], NOW + SECOND)
    assert store.states()["tellers"].since == NOW


def test_of_two_who_want_a_job_one_gets_it(store: JobStore) -> None:
    assert store.claim("tellers", "een", NOW).holder == "een"
    assert store.claim("tellers", "twee", NOW).holder == "een"
    assert store.claim("aanmeldingen", "twee", NOW).holder == "twee", "another job is free"


def test_of_many_at_once_one_gets_it(store: JobStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda n: (f"h{n}", store.claim("tellers", f"h{n}", NOW)), range(16)))
    assert sum(state.holder == mine for mine, state in states) == 1
    assert len({state.holder for _mine, state in states}) == 1


def test_who_ends_lets_go_and_what_came_of_it_is_kept(store: JobStore) -> None:
    store.claim("tellers", "een", NOW)
    assert store.end("tellers", "een", done(NOW + SECOND, JOB, {"tellers": 7}))
    state = store.states()["tellers"]
    assert (state.holder, state.lease_until, state.outcome, state.counts) == (
        None, None, Outcome.DONE, {"tellers": 7},
    )  # fmt: skip
    assert (state.started_at, state.finished_at, state.succeeded_at) == (NOW, NOW + SECOND, NOW + SECOND)
    assert store.claim("tellers", "twee", NOW + 2 * SECOND).holder is None, "not due"
    assert store.claim("tellers", "twee", NOW + 2 * SECOND, anyway=True).holder == "twee"


def test_a_failure_is_kept_by_its_type(store: JobStore) -> None:
    store.claim("tellers", "een", NOW)
    assert store.end("tellers", "een", failed(NOW, JOB, {}, ValueError("0612345678"), 0))
    state = store.states()["tellers"]
    assert (state.error, state.failures, state.succeeded_at) == ("ValueError", 1, None)


def test_the_lease_of_who_died_runs_out_and_the_dead_change_nothing_any_more(store: JobStore) -> None:
    store.claim("tellers", "dood", NOW)
    assert store.claim("tellers", "erfgenaam", NOW + LEASE - SECOND).holder == "dood"
    assert store.claim("tellers", "erfgenaam", NOW + LEASE).holder == "erfgenaam"
    assert not store.extend("tellers", "dood", NOW + LEASE)
    assert not store.end("tellers", "dood", done(NOW + LEASE, JOB, {"tellers": 1}))
    state = store.states()["tellers"]
    assert (state.holder, state.outcome) == ("erfgenaam", None)


def test_a_lease_that_is_renewed_stays(store: JobStore) -> None:
    store.claim("tellers", "een", NOW)
    assert store.extend("tellers", "een", NOW + LEASE - SECOND)
    assert store.claim("tellers", "twee", NOW + LEASE).holder == "een"

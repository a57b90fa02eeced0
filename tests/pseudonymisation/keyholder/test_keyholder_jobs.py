# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from audit.store.engine import make_engine
from audit.store.jobs import JobStore
from audit.store.schema import migrate
from process.jobs import Outcome
from process.serving.jobs import Runner
from pseudonymisation.keyholder.jobs import jobs
from pseudonymisation.keyholder.quota import KEPT, Limits, counters
from pseudonymisation.keyholder.store import MIGRATIONS
from pseudonymisation.keyholder.store.counts import MINUTES_KEPT, Counts
from pseudonymisation.keyholder.store.schema import job, quota_count
from tests.receipts import receipt

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PLENTY = Limits(1000, 1000, 1000, 1000)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    migrate(made, MIGRATIONS)
    yield made
    made.dispose()


def test_counts_past_their_term_go_by_themselves(engine: Engine) -> None:
    counts, now = Counts(engine), [MOMENT]
    runner = Runner(jobs(counts), JobStore(engine, job), lambda: now[0], os.urandom)
    given = receipt(1, MOMENT)
    counts.add(counters("GM9001", "medewerker", "vragen", MOMENT, PLENTY), given, bytes(32))

    def destroyed() -> int:
        state = runner.once("tellers")
        assert state.outcome is Outcome.DONE
        return state.counts["tellers"]

    now[0] = MOMENT + MINUTES_KEPT
    assert destroyed() == 0
    now[0] += timedelta(minutes=1)
    assert destroyed() == 2
    now[0] = MOMENT + KEPT
    assert destroyed() == 3
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(quota_count)) == 0

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the counts: the rules of windows, and one contract for both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select

from audit.store.engine import make_engine
from audit.store.schema import migrate
from process.windows import Window
from pseudonymisation.keyholder.quota import (
    KEPT,
    Counter,
    Limits,
    Opening,
    counters,
    opening_for,
    too_much,
)
from pseudonymisation.keyholder.store import MIGRATIONS
from pseudonymisation.keyholder.store.counts import Counts
from pseudonymisation.keyholder.store.schema import metadata, quota_count

MOMENT = datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC)
LIMITS = Limits(officer_minute=10, officer_day=20, organisation_minute=30, organisation_day=40)


def of(
    officer: str = "m-12345678", organisation: str = "GM9001", moment: datetime = MOMENT
) -> tuple[Counter, ...]:
    return counters(organisation, officer, "vragen", moment, LIMITS)


def test_a_request_counts_for_officer_and_organisation_per_minute_and_day() -> None:
    assert [(c.officer, c.window, c.limit) for c in of()] == [
        ("", Window.MINUTE, 30),
        ("", Window.DAY, 40),
        ("m-12345678", Window.MINUTE, 10),
        ("m-12345678", Window.DAY, 20),
    ]


def test_windows_start_on_the_minute_and_the_day_in_utc() -> None:
    minute, day = (datetime.fromtimestamp(window.start(MOMENT), UTC) for window in Window)
    assert minute == datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert day == datetime(2026, 3, 2, tzinfo=UTC)
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=1)))
    assert elsewhere.day == 3
    assert Window.DAY.start(elsewhere) == Window.DAY.start(MOMENT)


def test_a_refusal_says_how_long_to_wait() -> None:
    waits = [too_much(counter, MOMENT).retry_after for counter in of()]
    assert waits == [30, 30, 30, 30]
    assert too_much(of()[1], MOMENT - timedelta(hours=2)).retry_after == 7230
    assert too_much(of()[0], MOMENT + timedelta(hours=2)).retry_after == 1


OPENING = Opening("GM9001", date(2026, 3, 2), "besluit FG-2026-7", Limits(100, 200, 300, 400))


def test_an_opening_counts_for_its_organisation_for_imports_up_to_and_with_its_last_day() -> None:
    assert opening_for([OPENING], "GM9001", "invoeren", MOMENT) == OPENING
    assert opening_for([OPENING], "GM9001", "invoeren", MOMENT + timedelta(seconds=30)) is None
    assert opening_for([OPENING], "GM9002", "invoeren", MOMENT) is None
    for action in ("vragen", "indienen", "inzage"):
        assert opening_for([OPENING], "GM9001", action, MOMENT) is None
    longer = replace(OPENING, until=date(2026, 3, 9))
    assert opening_for([OPENING, longer], "GM9001", "invoeren", MOMENT) == longer


def test_the_refusal_of_an_import_says_which_room_there_was() -> None:
    importing = counters("GM9001", "m-12345678", "invoeren", MOMENT, LIMITS)[0]
    assert "geen ruimere invoer open" in too_much(importing, MOMENT).detail
    named = too_much(importing, MOMENT, OPENING).detail
    assert "besluit FG-2026-7" in named
    assert "02-03-2026" in named
    assert "invoer" not in too_much(of()[0], MOMENT).detail


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    migrate(engine, MIGRATIONS)
    yield engine
    engine.dispose()


def rows(engine: Engine) -> int:
    with engine.begin() as connection:
        return len(connection.execute(select(quota_count)).all())


def test_the_migrations_make_the_schema_that_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    Counts(engine).add(of(), 5)
    migrate(engine, MIGRATIONS)
    assert rows(engine) == 4


def test_totals_run_up_to_their_limit_and_not_over_it(engine: Engine) -> None:
    counts = Counts(engine)
    assert counts.add(of(), 6) is None
    over = counts.add(of(), 5)
    assert over is not None
    assert (over.officer, over.window) == ("m-12345678", Window.MINUTE)
    assert counts.add(of(), 4) is None
    assert counts.add(of(), 1) is not None


def test_what_is_refused_is_counted_nowhere(engine: Engine) -> None:
    assert Counts(engine).add(of(), 11) is not None
    assert rows(engine) == 0


def test_organisations_officers_and_windows_are_counted_apart(engine: Engine) -> None:
    counts = Counts(engine)
    assert counts.add(of(), 10) is None
    assert counts.add(of(organisation="GM9002"), 10) is None
    assert counts.add(of(officer="m-87654321"), 10) is None
    later = MOMENT + timedelta(minutes=1)
    assert counts.add(of(moment=later), 10) is None


def test_counts_survive_a_new_engine(engine: Engine, database_url: str) -> None:
    Counts(engine).add(of(), 10)
    fresh = make_engine(database_url)
    assert Counts(fresh).add(of(), 1) is not None
    fresh.dispose()


def test_counts_past_their_term_are_destroyed(engine: Engine) -> None:
    counts = Counts(engine)
    counts.add(of(), 5)
    soon = MOMENT + timedelta(hours=2)
    counts.add(of("m-87654321", moment=soon), 5)
    assert counts.destroy_old(MOMENT + timedelta(minutes=59)) == 0
    # Minutes go after an hour, days stay.
    assert (counts.destroy_old(soon), rows(engine)) == (2, 6)
    late = MOMENT + KEPT + timedelta(days=2)
    counts.add(of("m-87654321", moment=late), 5)
    assert (counts.destroy_old(late), rows(engine)) == (6, 4)
    assert counts.destroy_old(late) == 0


def test_requests_at_the_same_time_share_one_limit(engine: Engine) -> None:
    counts = Counts(engine)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: counts.add(of(), 1), range(24)))
    assert sum(answer is None for answer in answers) == 10


def test_a_sqlite_file_is_durable_and_its_owner_s_alone(tmp_path: Path) -> None:
    file = tmp_path / "counts.sqlite"
    engine = make_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]
    engine.dispose()
    assert told == ["wal", 2, 1]
    assert file.stat().st_mode & 0o077 == 0

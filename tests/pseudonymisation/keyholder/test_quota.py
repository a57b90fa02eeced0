# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the counts: the rules of windows, and one contract for both databases."""

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
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
from pseudonymisation.receipts import MOST_REACHED
from tests.receipts import receipt

MOMENT = datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC)
LIMITS = Limits(officer_minute=10, officer_day=20, organisation_minute=30, organisation_day=40)

KEY = bytes(32)


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


def add(counts: Counts, counters: Sequence[Counter], points: int) -> Counter | None:
    """Add the points of one evaluation, with a receipt of its own."""
    one = counters[0]
    given = receipt(
        1,
        datetime.fromtimestamp(one.start, UTC),
        organisation=one.organisation,
        action=one.action,
        points=points,
    )
    return counts.add(counters, given, KEY)


def rows(engine: Engine) -> int:
    with engine.begin() as connection:
        return len(connection.execute(select(quota_count)).all())


def test_the_migrations_make_the_schema_that_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    add(Counts(engine), of(), 5)
    migrate(engine, MIGRATIONS)
    assert rows(engine) == 4


def test_totals_run_up_to_their_limit_and_not_over_it(engine: Engine) -> None:
    counts = Counts(engine)
    assert add(counts, of(), 6) is None
    over = add(counts, of(), 5)
    assert over is not None
    assert (over.officer, over.window) == ("m-12345678", Window.MINUTE)
    assert add(counts, of(), 4) is None
    assert add(counts, of(), 1) is not None


def test_what_is_refused_is_counted_nowhere(engine: Engine) -> None:
    assert add(Counts(engine), of(), 11) is not None
    assert rows(engine) == 0


def test_the_receipt_of_what_is_refused_is_no_receipt_of_the_day(engine: Engine) -> None:
    counts = Counts(engine)
    assert add(counts, of(), 10) is None
    assert add(counts, of(), 8) is not None
    ((counted,), _reached) = counts.of_day(MOMENT.date(), KEY)
    assert (counted.organisation, counted.receipts, counted.points) == ("GM9001", 1, 10)
    assert counted.lists(counts.marks(MOMENT.date(), KEY, "GM9001", "vragen"))
    assert counts.marks(MOMENT.date(), KEY, "GM9001", "indienen") == []


def test_receipts_under_another_key_and_of_another_day_are_in_another_account(engine: Engine) -> None:
    counts = Counts(engine)
    assert add(counts, of(), 8) is None
    assert counts.of_day(MOMENT.date(), bytes(31) + b"1") == ((), ())
    assert counts.of_day(MOMENT.date() + timedelta(days=1), KEY) == ((), ())


def test_who_makes_many_officers_reach_their_limit_does_not_fill_the_account_of_the_day(
    engine: Engine,
) -> None:
    """Or one node could make the account of a holder too long to be read by anybody."""
    counts = Counts(engine)
    for number in range(MOST_REACHED + 5):
        counts.reached(of(f"m-{number:08d}")[2], MOMENT)
    counts.reached(of(organisation="GM9002")[0], MOMENT)
    _counted, reached = counts.of_day(MOMENT.date(), KEY)
    assert Tally(one.organisation for one in reached) == {"GM9001": MOST_REACHED, "GM9002": 1}


def test_organisations_officers_and_windows_are_counted_apart(engine: Engine) -> None:
    counts = Counts(engine)
    assert add(counts, of(), 10) is None
    assert add(counts, of(organisation="GM9002"), 10) is None
    assert add(counts, of(officer="m-87654321"), 10) is None
    later = MOMENT + timedelta(minutes=1)
    assert add(counts, of(moment=later), 10) is None


def test_counts_survive_a_new_engine(engine: Engine, database_url: str) -> None:
    add(Counts(engine), of(), 10)
    fresh = make_engine(database_url)
    assert add(Counts(fresh), of(), 1) is not None
    fresh.dispose()


def test_counts_past_their_term_are_destroyed(engine: Engine) -> None:
    counts = Counts(engine)
    add(counts, of(), 5)
    soon = MOMENT + timedelta(hours=2)
    add(counts, of("m-87654321", moment=soon), 5)
    assert counts.destroy_old(MOMENT + timedelta(minutes=59)) == 0
    # Minutes go after an hour, days stay.
    assert (counts.destroy_old(soon), rows(engine)) == (2, 6)
    late = MOMENT + KEPT + timedelta(days=2)
    add(counts, of("m-87654321", moment=late), 5)
    assert (counts.destroy_old(late), rows(engine)) == (6 + 2, 4), "with the marks of two receipts"
    assert counts.destroy_old(late) == 0


def test_requests_at_the_same_time_share_one_limit(engine: Engine) -> None:
    counts = Counts(engine)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: add(counts, of(), 1), range(24)))
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

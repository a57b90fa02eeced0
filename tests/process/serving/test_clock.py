# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from process.serving.clock import clock_from, system_clock
from process.serving.errors import SettingsError

DURING = timedelta(seconds=30)
"""More than a test takes, less than any step that a test makes."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "klok"


def write(file: Path, text: str, *, ago: timedelta = timedelta(0)) -> None:
    """A clock file that was written so long ago."""
    file.write_text(text, encoding="ascii")
    written = (system_clock() - ago).timestamp()
    os.utime(file, (written, written))


def test_the_system_clock_speaks_utc() -> None:
    assert system_clock().tzinfo is UTC


def test_without_a_file_every_profile_has_the_system_clock() -> None:
    assert clock_from(None, "riec-wgs") is system_clock


def test_the_file_holds_now_at_the_instant_it_was_written(file: Path) -> None:
    write(file, "2026-03-01T09:00:00+00:00\n")
    moment = clock_from(file, "oefening")()
    assert timedelta(0) <= moment - datetime(2026, 3, 1, 9, tzinfo=UTC) < DURING


def test_from_there_time_runs_on(file: Path) -> None:
    write(file, "2026-03-01T09:00:00+00:00", ago=timedelta(hours=5))
    moment = clock_from(file, "oefening")()
    assert timedelta(0) <= moment - datetime(2026, 3, 1, 14, tzinfo=UTC) < DURING


def test_writing_the_file_again_moves_a_running_process(file: Path) -> None:
    write(file, "2026-03-01T09:00:00+00:00")
    clock = clock_from(file, "oefening")
    write(file, "2026-05-01T09:00:00+00:00")
    assert clock().date().isoformat() == "2026-05-01"


def test_all_processes_that_watch_the_file_agree(file: Path) -> None:
    write(file, "2026-03-01T09:00:00+00:00")
    first, second = clock_from(file, "oefening"), clock_from(file, "oefening")
    assert abs(first() - second()) < DURING


def test_another_time_zone_is_brought_to_utc(file: Path) -> None:
    write(file, "2026-07-01T02:00:00+02:00")
    moment = clock_from(file, "oefening")()
    assert moment.tzinfo is UTC
    assert moment.date().isoformat() == "2026-07-01"
    assert moment.hour == 0


@pytest.mark.parametrize("profile", ["riec-wgs", "convenant-overig", "Oefening", ""])
def test_outside_oefening_no_file_moves_the_clock(file: Path, profile: str) -> None:
    write(file, "2026-03-01T09:00:00+00:00")
    with pytest.raises(SettingsError, match="alleen in profiel oefening"):
        clock_from(file, profile)


@pytest.mark.parametrize(
    "text",
    ["", "morgen", "2026-13-01T09:00:00+00:00", "1772355600", "2026-03-01T09:00:00+00:00 en meer", "é"],
)
def test_a_file_without_one_moment_is_refused_before_serving(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="niet te lezen"):
        clock_from(file, "oefening")


def test_a_moment_without_a_time_zone_is_refused(file: Path) -> None:
    write(file, "2026-03-01T09:00:00")
    with pytest.raises(SettingsError, match="tijdzone"):
        clock_from(file, "oefening")


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(SettingsError, match="niet te lezen"):
        clock_from(file, "oefening")


def test_a_file_that_breaks_later_stops_the_request_and_not_the_truth(file: Path) -> None:
    write(file, "2026-03-01T09:00:00+00:00")
    clock = clock_from(file, "oefening")
    file.write_text("kapot", encoding="ascii")
    with pytest.raises(SettingsError):
        clock()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Working days, against the calendar of published years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.workdays import is_workday, next_workday

# Days off as the government published them (rijksoverheid.nl, officiële feestdagen), without those that fall in a weekend.
OFF = {
    2025: [(1, 1), (4, 18), (4, 21), (5, 5), (5, 29), (6, 9), (12, 25), (12, 26)],
    2026: [(1, 1), (4, 3), (4, 6), (4, 27), (5, 5), (5, 14), (5, 25), (12, 25)],
    2027: [(1, 1), (3, 26), (3, 29), (4, 27), (5, 5), (5, 6), (5, 17)],
}


@pytest.mark.parametrize("year", OFF)
def test_a_weekday_is_a_working_day_but_for_the_days_of_the_algemene_termijnenwet(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    off = [(day.month, day.day) for day in days if day.weekday() < 5 and not is_workday(day)]
    assert off == OFF[year]


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 20), date(2026, 11, 23)),  # a Friday
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2026, 4, 2), date(2026, 4, 7)),  # the Thursday before Easter
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_the_next_working_day_comes_after_every_day_off(day: date, following: date) -> None:
    assert next_workday(day) == following


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_the_next_working_day_is_one_and_no_other_lies_between(day: date) -> None:
    following = next_workday(day)
    assert is_workday(following)
    assert following - day <= timedelta(days=6)
    between = (day + timedelta(days=number) for number in range(1, (following - day).days))
    assert not any(is_workday(one) for one in between)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long a signal lives."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.retention import (
    MONTHS,
    Category,
    category,
    expires_on,
    treffer_lapses_on,
    valid_since,
    valid_until,
    visible,
)

ROLES = ("mogelijk_slachtoffer", "mogelijk_facilitator", "betrokkene_derde", "beide_mogelijk", "onbekend")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 - Hypothesis wants naive bounds


@pytest.mark.parametrize(
    ("minor", "roles", "taken_up", "expected"),
    [
        (False, ["onbekend"], False, Category.SOFT),
        (False, [], False, Category.SOFT),
        (False, ["mogelijk_slachtoffer"], True, Category.TAKEN_UP),
        (True, ["mogelijk_slachtoffer"], False, Category.MINOR),
        (True, ["mogelijk_slachtoffer"], True, Category.MINOR),
        (False, ["mogelijk_facilitator"], False, Category.FACILITATOR_ONLY),
        (False, ["mogelijk_facilitator"], True, Category.FACILITATOR_ONLY),
        (False, ["mogelijk_facilitator", "mogelijk_slachtoffer"], False, Category.SOFT),
        (False, ["beide_mogelijk"], False, Category.SOFT),
        (True, ["mogelijk_facilitator"], True, Category.MINOR),
    ],
)
def test_the_category_follows_from_the_facts(
    minor: bool,  # noqa: FBT001 - a case
    roles: list[str],
    taken_up: bool,  # noqa: FBT001 - a case
    expected: Category,
) -> None:
    assert category(minor=minor, roles=roles, taken_up=taken_up) is expected


@given(st.booleans(), st.lists(st.sampled_from(ROLES)), st.booleans())
def test_a_minor_never_lives_longer_than_twelve_months(minor: bool, roles: list[str], taken_up: bool) -> None:  # noqa: FBT001 - a case
    term = MONTHS[category(minor=minor, roles=roles, taken_up=taken_up)]
    assert term <= 60
    if minor:
        assert term == 12
    if not taken_up:
        assert term <= 24


@pytest.mark.parametrize(
    ("of", "first", "expected"),
    [
        (Category.SOFT, datetime(2026, 3, 2, 23, 59, tzinfo=UTC), date(2027, 3, 2)),
        (Category.TAKEN_UP, datetime(2026, 3, 2, tzinfo=UTC), date(2031, 3, 2)),
        (Category.FACILITATOR_ONLY, datetime(2026, 12, 31, tzinfo=UTC), date(2028, 12, 31)),
        (Category.SOFT, datetime(2028, 2, 29, tzinfo=UTC), date(2029, 2, 28)),
        (Category.TAKEN_UP, datetime(2024, 2, 29, tzinfo=UTC), date(2029, 2, 28)),
    ],
)
def test_the_term_counts_in_months_from_first_processing(
    of: Category, first: datetime, expected: date
) -> None:
    assert expires_on(of, first) == expected


@given(st.sampled_from(Category), moments, moments)
def test_what_was_processed_earlier_never_expires_later(of: Category, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert expires_on(of, early) <= expires_on(of, late)


@given(st.sampled_from(Category), moments)
def test_on_the_day_of_expiry_it_is_invisible(of: Category, first: datetime) -> None:
    expires = expires_on(of, first)
    assert visible(expires, expires - timedelta(days=1))
    assert not visible(expires, expires)
    assert not visible(expires, expires + timedelta(days=1))


def test_a_treffer_lapses_after_thirty_days() -> None:
    assert treffer_lapses_on(date(2026, 3, 2)) == date(2026, 4, 1)


@given(st.dates(date(2024, 1, 1), date(2033, 1, 1)))
@settings(max_examples=80)
def test_a_word_counts_from_the_first_day_that_still_counts_and_from_no_earlier_one(today: date) -> None:
    since = valid_since(today)
    assert valid_until(since) > today
    assert valid_until(since - timedelta(days=1)) <= today


def test_a_signal_of_a_year_has_no_year_beside_its_term() -> None:
    first = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert valid_until(first.date()) == expires_on(Category.SOFT, first)

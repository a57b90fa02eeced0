# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A notice holds no content, and the moment at which it shows says nothing about when something happened."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.decision import ROLES
from register import notices
from register.notices import (
    AMSTERDAM,
    KINDS,
    LEAST,
    MOMENTS,
    NoNoticeError,
    Notice,
    last_moment,
    notice,
    ready_at,
    sentences,
)

SOMETHING = UUID("7c1f0f5e-6b0e-4c51-9a1f-0a4f5b1d8e01")
moments = st.integers(1_700_000_000, 1_830_000_000).map(lambda one: datetime.fromtimestamp(one, UTC))


@given(moments)
@settings(max_examples=60)
def test_a_notice_shows_at_a_fixed_moment_of_the_day_and_never_at_once(at: datetime) -> None:
    shown = ready_at(at)
    assert shown.astimezone(AMSTERDAM).time() in MOMENTS
    assert LEAST <= shown - at <= timedelta(hours=16)


@given(moments, st.integers(0, 12 * 3600))
@settings(max_examples=60)
def test_what_happens_later_never_shows_sooner(at: datetime, seconds: int) -> None:
    assert ready_at(at) <= ready_at(at + timedelta(seconds=seconds))


@given(moments)
@settings(max_examples=60)
def test_the_newest_moment_is_a_fixed_one_with_none_between_it_and_now(now: datetime) -> None:
    newest = last_moment(now)
    assert newest <= now
    assert newest.astimezone(AMSTERDAM).time() in MOMENTS
    assert ready_at(newest - LEAST) == newest
    assert ready_at(newest) > now


def test_all_that_happens_between_two_moments_shows_at_the_same_one() -> None:
    day = datetime(2026, 3, 2, tzinfo=AMSTERDAM)
    shown = {ready_at(day.replace(hour=7, minute=1) + timedelta(minutes=minutes)) for minutes in range(299)}
    assert shown == {day.replace(hour=12, minute=30).astimezone(UTC)}


def test_at_the_change_of_the_clock_the_moments_stay_those_of_the_wall() -> None:
    before, after = datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 29, 20, tzinfo=UTC)
    assert (ready_at(before).hour, ready_at(after).hour) == (5, 5), "07:30 is 05:30 in summer"
    assert ready_at(before - timedelta(days=1)).hour == 6


def test_a_notice_has_no_place_for_content() -> None:
    assert {one.name for one in fields(Notice)} == {"organisation", "role", "kind", "about_id", "ready_at"}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_toezichthouder_and_whoever_has_no_part_in_cases_get_no_notice(role: str) -> None:
    allowed = [kind for kind, one in KINDS.items() if role in one.roles]
    for kind in KINDS:
        if kind not in allowed:
            with pytest.raises(NoNoticeError):
                notice("GM9001", role, kind, SOMETHING, datetime(2026, 3, 2, tzinfo=UTC))
    assert bool(allowed) == (role in notices.CHAIN)


def test_an_unknown_kind_is_a_defect() -> None:
    with pytest.raises(NoNoticeError):
        notice("GM9001", "aandachtsfunctionaris", "iets", SOMETHING, datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_words_for_one_and_for_many(kind: str) -> None:
    one, many = sentences(kind, 1), sentences(kind, 3)
    assert one[0] != many[0]
    assert "3" in many[0]
    assert all(text.endswith(".") for text in (*one, *many))

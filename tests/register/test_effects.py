# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Figures of treffers: from events, and of few nobody learns a number."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.casework import Step, fold
from register.effects import (
    Effect,
    aggregate,
    effect_of,
    ended_month,
    exact,
    figures,
    of_organisation,
    whole_period,
)
from tests.register.test_casework import FOUND, event

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
LAPSED = Effect(
    date(2026, 3, 2),
    frozenset({"GM9001", "GM9004"}),
    taken_up_days=None,
    followed_up=False,
    outcome=None,
    handed_over=False,
    feedback_days=None,
)
CONFIRMED = replace(LAPSED, taken_up_days=2, followed_up=True, outcome="bevestigd")
HANDED = replace(CONFIRMED, handed_over=True, feedback_days=12)


def test_what_a_treffer_came_to_is_read_off_its_events() -> None:
    happened = [
        event(Step.TAKEN_UP, days=2),
        event(Step.HANDED_OVER, days=3),
        event(Step.ACCEPTED, "TMM", 4),
        event(Step.FED_BACK, "TMM", 4, code="ontvangen"),
        event(Step.FED_BACK, "TMM", 15),
        event(Step.CLOSED, days=20),
    ]
    assert effect_of(FOUND, {"GM9001", "GM9004"}, fold(happened)) == HANDED


def test_what_nobody_took_up_counts() -> None:
    told = exact(figures([LAPSED, LAPSED, CONFIRMED], FIRST, LAST))
    assert (told["treffers"], told["opgepakt"], told["bevestigd"]) == ("3", "1", "1")


def test_feedback_after_its_term_is_no_feedback_in_time() -> None:
    late = replace(HANDED, feedback_days=31)
    told = exact(figures([HANDED, late, replace(HANDED, feedback_days=None)], FIRST, LAST))
    assert (told["teruggekoppeld_procent"], told["dagen_tot_terugkoppeling"]) == ("33", "21.5")


def test_nothing_handed_over_is_no_share() -> None:
    assert exact(figures([LAPSED], FIRST, LAST))["teruggekoppeld_procent"] == "-"


def test_a_treffer_outside_the_period_does_not_count() -> None:
    assert figures([replace(LAPSED, found_on=LAST + timedelta(days=1))], FIRST, LAST).treffers == 0


def test_it_counts_for_each_of_its_parties_and_once_for_a_region() -> None:
    for who in ({"GM9001"}, {"GM9004"}, {"GM9001", "GM9004"}):
        assert of_organisation([LAPSED], who) == [LAPSED]
    assert of_organisation([LAPSED], {"GM9002"}) == []


@pytest.mark.parametrize(("number", "shown"), [(0, "<10"), (9, "<10"), (10, "10"), (12, "10"), (13, "15")])
def test_of_few_nobody_learns_how_many(number: int, shown: str) -> None:
    told = aggregate(figures([HANDED] * number, FIRST, LAST))
    assert (told["treffers"], told["bevestigd"], told["overgedragen"]) == (shown, shown, shown)
    assert (told["dagen_tot_terugkoppeling"] == "<10") == (number < 10)


@given(st.integers(0, 9), st.integers(0, 9))
def test_two_small_groups_look_the_same(one: int, other: int) -> None:
    assert aggregate(figures([HANDED] * one, FIRST, LAST)) == aggregate(
        figures([LAPSED] * other, FIRST, LAST)
    )


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), True),
        (date(2026, 10, 1), date(2026, 12, 31), True),
        (date(2024, 1, 1), date(2024, 12, 31), True),
        (date(2026, 1, 1), date(2026, 1, 31), False),
        (date(2026, 2, 1), date(2026, 4, 30), False),
        (date(2026, 7, 1), date(2027, 6, 30), False),
        (date(2026, 1, 1), date(2026, 3, 30), False),
        (date(2026, 1, 2), date(2026, 3, 31), False),
        (date(2026, 12, 31), date(2026, 1, 1), False),
        (date(2025, 1, 1), date(2026, 12, 31), False),
        (date(9999, 10, 1), date(9999, 12, 31), False),
    ],
)
def test_figures_are_of_a_whole_quarter_or_year(first: date, last: date, *, whole: bool) -> None:
    assert whole_period(first, last) is whole


def test_an_aggregate_counts_up_to_the_last_month_that_ended() -> None:
    assert ended_month(date(2026, 3, 31)) == date(2026, 2, 28)
    assert ended_month(date(2026, 1, 1)) == date(2025, 12, 31)

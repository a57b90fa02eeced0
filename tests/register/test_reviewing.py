# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register import reviewing
from register.dangers import VERDICTS
from register.reviewing import (
    EVERYTHING,
    REASONS,
    SAMPLED,
    THRESHOLDS,
    Flag,
    Line,
    draw,
    due_on,
    explained,
    flags,
    inbox,
    limits_of,
    month,
    month_of,
    out_of_hours,
    peer_limit,
    seed,
    tickets_of,
    week,
    week_of,
)

LIMITS = limits_of({})
WEEK = week("2026-W47")
TUESDAY = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
LATER = WEEK.end + timedelta(days=1)
ROOT = bytes(range(32))


def asked(leaf: int, moment: datetime = TUESDAY, **fields: Any) -> Line:
    """A question of an inspector during a control, about somebody of their own."""
    said = {
        "medewerker": "nummer-0001",
        "rol": "toezichthouder",
        "zaaknummer": f"C-{leaf:04d}",
        "kenmerken": [f"k{leaf}"],
        **fields,
    }
    return Line(leaf, "bevraging", "vrager", moment, said)


def finished(leaf: int, moment: datetime, number: str) -> Line:
    return Line(leaf, "controle_afgerond", "vrager", moment, {"zaaknummer": number, "afloop": "niets"})


def codes(*lines: Line, now: datetime = LATER, **limits: int) -> dict[int, list[str]]:
    found = flags(lines, WEEK, {**LIMITS, **limits}, now)
    return {leaf: [one.code for one in why] for leaf, why in found.items()}


# ---- time -----------------------------------------------------------------------------------------------


def test_a_month_and_a_week_begin_and_end_at_midnight_in_the_netherlands() -> None:
    assert month("2026-03").start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert month("2026-03").end == datetime(2026, 3, 31, 22, tzinfo=UTC), "summer time began"
    assert week("2026-W47").start == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert month_of(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)).name == "2026-11"
    assert week_of(datetime(2027, 1, 2, tzinfo=UTC)).name == "2026-W53"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_every_moment_lies_in_its_own_week_and_month_and_not_in_the_one_before(moment: datetime) -> None:
    for span in (week_of(moment), month_of(moment)):
        assert moment in span
        assert moment not in reviewing.before(span)
        assert reviewing.before(span).end == span.start


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "x", "2026", "2026-W60"])
def test_a_month_or_week_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        (week if "W" in name else month)(name)


def test_what_a_week_brings_is_due_ten_working_days_later_holidays_left_out() -> None:
    assert f"{due_on(week('2026-W47'), LIMITS)}" == "2026-12-04"
    assert f"{due_on(week('2026-W52'), LIMITS)}" == "2027-01-11", "New Year's Day is none"


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        (datetime(2026, 11, 17, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 17, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 17, 17, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 17, 18, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 10, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 25, 10, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 5, 0, tzinfo=UTC), False),
    ],
)
def test_out_of_hours_is_before_seven_after_seven_and_on_days_that_are_no_working_days(
    moment: datetime, *, out: bool
) -> None:
    assert out_of_hours(moment, LIMITS) is out


# ---- limits ---------------------------------------------------------------------------------------------


def test_every_default_is_within_its_bounds_and_has_words() -> None:
    assert all(one.low <= one.default <= one.high and one.words for one in THRESHOLDS.values())


@given(st.dictionaries(st.sampled_from([*THRESHOLDS, "anders"]), st.integers(-5, 500)))
def test_no_choice_brings_a_limit_outside_its_bounds(chosen: dict[str, int]) -> None:
    limits = limits_of(chosen)
    assert limits.keys() == THRESHOLDS.keys()
    assert all(one.low <= limits[name] <= one.high for name, one in THRESHOLDS.items())


def test_what_the_norm_sets_can_be_made_stricter_only() -> None:
    assert THRESHOLDS["uitkomst_dagen"].high == THRESHOLDS["uitkomst_dagen"].default == 5
    assert THRESHOLDS["alles_onder"].low == THRESHOLDS["alles_onder"].default == 25


# ---- flags ----------------------------------------------------------------------------------------------


def ended(*lines: Line) -> list[Line]:
    """The same with every control of them finished."""
    return [*lines, *(finished(10**6 + one.leaf, one.moment, one.number) for one in lines)]


def test_an_ordinary_question_whose_control_has_an_outcome_has_no_flag() -> None:
    assert codes(*ended(asked(1))) == {}


def test_a_question_without_a_number_is_flagged_and_so_is_one_refused_for_it() -> None:
    refused = Line(
        2,
        "geweigerd",
        "vrager",
        TUESDAY,
        {"medewerker": "nummer-0001", "regel": "C1", "bron": "POST /v1/bevragingen"},
    )
    other = replace(refused, leaf=3, fields={**refused.fields, "bron": "POST /v1/signalen"})
    assert codes(asked(1, zaaknummer=None), refused, other) == {
        1: ["geen_controlenummer"],
        2: ["geen_controlenummer"],
    }


def test_the_same_subject_twice_by_one_officer_under_two_controls_is_flagged_with_the_first() -> None:
    first = asked(1, TUESDAY - timedelta(days=40), kenmerken=["a", "b", "c"])
    second = asked(2, kenmerken=["b", "c", "d", "e"])
    found = flags(ended(first, second), WEEK, LIMITS, LATER)
    assert found == {2: (Flag("zelfde_onderwerp", {"blad": 1, "dagen": 40}),)}
    assert "blad 1" in explained(found[2][0])[0]


def test_the_same_subject_again_is_no_flag_for_another_officer_the_same_control_or_a_small_overlap() -> None:
    first = asked(1, kenmerken=["a", "b", "c"])
    for second in (
        asked(2, kenmerken=["a", "b", "c"], medewerker="nummer-0002"),
        asked(2, kenmerken=["a", "b", "c"], zaaknummer="C-0001"),
        asked(2, kenmerken=["a", "x", "y"]),
        asked(2, TUESDAY + timedelta(hours=1), kenmerken=["a", "b", "c"], herhaald=True),
    ):
        assert "zelfde_onderwerp" not in codes(*ended(first, second)).get(2, [])


def test_the_same_subject_longer_ago_than_the_limit_is_no_flag() -> None:
    first, second = asked(1, TUESDAY - timedelta(days=30), kenmerken=["a"]), asked(2, kenmerken=["a"])
    assert codes(*ended(first, second), zelfde_onderwerp_dagen=20) == {}
    assert codes(*ended(first, second), zelfde_onderwerp_dagen=31) == {2: ["zelfde_onderwerp"]}


def test_a_question_without_an_outcome_is_flagged_when_its_five_days_are_over() -> None:
    early = asked(1, WEEK.start - timedelta(days=5), zaaknummer="C-A")
    late = asked(2, WEEK.start - timedelta(days=5, seconds=1), zaaknummer="C-B")
    not_due = asked(3, TUESDAY + timedelta(days=3), zaaknummer="C-C")
    assert codes(early, late, not_due) == {1: ["zonder_uitkomst"]}


@pytest.mark.parametrize(("days", "flagged"), [(0, False), (5, False), (6, True)])
def test_an_outcome_counts_if_it_was_recorded_in_time(days: int, *, flagged: bool) -> None:
    question = asked(1, WEEK.start - timedelta(days=4), zaaknummer="C-A")
    outcome = finished(2, question.moment + timedelta(days=days), "C-A")
    assert (1 in codes(question, outcome)) is flagged


def test_no_outcome_is_asked_of_a_role_that_has_no_controls() -> None:
    assert codes(asked(1, WEEK.start - timedelta(days=4), rol="aandachtsfunctionaris")) == {}


def test_many_questions_in_a_short_time_are_one_flag_on_the_question_that_made_them_many() -> None:
    many = [asked(leaf, TUESDAY + timedelta(minutes=5 * leaf)) for leaf in range(1, 16)]
    assert codes(*ended(*many)) == {10: ["reeks"]}
    slow = [asked(leaf, TUESDAY + timedelta(minutes=7 * leaf)) for leaf in range(1, 16)]
    assert codes(*ended(*slow)) == {}


def test_a_question_out_of_hours_and_the_codes_of_the_node_are_flagged() -> None:
    night = asked(1, TUESDAY.replace(hour=22))
    own = asked(2, vlaggen=["eigen_straat", "eigen_familienaam", "ongeplande_controle"])
    assert codes(*ended(night, own)) == {
        1: ["buiten_werktijd"],
        2: ["eigen_straat", "eigen_familienaam"],
    }


def busy(**counts: int) -> list[Line]:
    """So many questions of each officer in the week, spread over its days."""
    lines, leaf = [], 0
    for officer, number in counts.items():
        for place in range(number):
            moment = TUESDAY + timedelta(days=place % 3, minutes=13 * (place // 3))
            leaf += 1
            lines.append(asked(leaf, moment, medewerker=officer))
    return sorted(lines, key=lambda one: one.moment)


def test_far_above_colleagues_is_flagged_once_on_the_question_past_the_limit() -> None:
    team = {f"nummer-{number}": 6 for number in range(6)}
    found = codes(*ended(*busy(**team, veel=40)), reeks_vragen=40)
    assert list(found.values()) == [["veel_meer_dan_collegas"]]


def test_a_small_team_is_not_compared_because_somebody_always_asks_most() -> None:
    assert codes(*ended(*busy(a=1, b=2, c=2, d=3, veel=60)), reeks_vragen=40) == {}


def test_nobody_is_flagged_for_asking_more_than_colleagues_while_it_is_little() -> None:
    team = {f"nummer-{number}": 1 for number in range(8)}
    assert codes(*ended(*busy(**team, veel=20))) == {}


@given(st.lists(st.integers(0, 60), min_size=5, max_size=20))
def test_the_limit_beside_colleagues_is_never_under_what_most_of_them_ask(others: list[int]) -> None:
    limit = peer_limit(others, LIMITS)
    assert limit is not None
    assert limit >= LIMITS["collegas_minimum"]
    assert sum(one <= limit for one in others) >= len(others) / 2


def test_one_who_hoards_moves_the_limit_for_colleagues_hardly() -> None:
    before = peer_limit([30, 32, 34, 36, 38, 40, 30], LIMITS)
    after = peer_limit([30, 32, 34, 36, 38, 40, 3_000], LIMITS)
    assert before is not None
    assert after is not None
    assert after <= before + 15


def test_every_flag_says_in_dutch_why_it_is_there_and_what_to_do() -> None:
    numbers = {"blad": 3, "dagen": 4, "keren": 11, "minuten": 60, "grens": 20, "van": 7, "tot": 19}
    known = (
        "geen_controlenummer", "zelfde_onderwerp", "zonder_uitkomst", "reeks", "veel_meer_dan_collegas", "buiten_werktijd",
        *reviewing.FROM_NODE, SAMPLED, EVERYTHING,
    )  # fmt: skip
    said = {explained(Flag(code, numbers)) for code in known}
    assert len(said) == len(known)
    for why, what in said:
        assert why.endswith(".")
        assert what.endswith(".")
        assert "{" not in why + what
    assert "niet kent" in explained(Flag("nieuw"))[0]


def test_every_verdict_has_reasons() -> None:
    assert REASONS.keys() == VERDICTS.keys()
    assert all(REASONS.values())


# ---- the sample -----------------------------------------------------------------------------------------


@given(st.sets(st.integers(0, 10**9), max_size=60), st.integers(0, 30), st.binary(min_size=32, max_size=32))
def test_a_draw_gives_so_many_different_ones_and_the_same_again(
    leaves: set[int], number: int, begin: bytes
) -> None:
    tickets = dict.fromkeys(leaves, 1)
    chosen = draw(begin, tickets, number)
    assert len(chosen) == len(set(chosen)) == min(number, len(leaves))
    assert set(chosen) <= leaves
    assert chosen == draw(begin, dict(sorted(tickets.items(), reverse=True)), number)
    assert draw(begin, tickets, number + 1)[:number] == chosen[:number], "a larger draw holds the smaller"


def test_every_part_of_the_seed_counts() -> None:
    whole = ("GM9004", "2026-W47", 900, ROOT, "")
    others = [
        ("GM9001", "2026-W47", 900, ROOT, ""),
        ("GM9004", "2026-W48", 900, ROOT, ""),
        ("GM9004", "2026-W47", 901, ROOT, ""),
        ("GM9004", "2026-W47", 900, bytes(32), ""),
        ("GM9004", "2026-W47", 900, ROOT, "4316"),
    ]
    assert len({seed(*one) for one in (whole, *others)}) == 6


def test_the_seed_and_the_draw_are_those_of_the_specification() -> None:
    """docs/spec/reviewing.md works this one out, for whoever repeats a draw in another language."""
    begin = seed("GM9004", "2026-W47", 900, ROOT)
    assert begin.hex() == "94ff65dcf39b9d5e9dca39cfe9260a296609737a55c5267c6f5f77c1863e5e3e"
    assert draw(begin, {100: 1, 200: 1, 300: 3, 400: 1}, 2) == (300, 100)


def test_an_unplanned_control_is_drawn_about_three_times_as_often() -> None:
    unplanned = asked(7, vlaggen=["ongeplande_controle"])
    tickets = tickets_of([unplanned, *(asked(leaf) for leaf in range(100, 130))], LIMITS)
    assert tickets[7] == 3
    wins = Counter(leaf for number in range(600) for leaf in draw(number.to_bytes(32, "big"), tickets, 3))
    plain = sum(wins[leaf] for leaf in range(100, 130)) / 30
    assert 2.2 < wins[7] / plain < 3.6


# ---- the inbox ------------------------------------------------------------------------------------------


def many(number: int, **fields: Any) -> list[Line]:
    return [
        asked(
            leaf, TUESDAY + timedelta(days=leaf % 3, minutes=leaf), medewerker=f"nummer-{leaf % 40}", **fields
        )
        for leaf in range(1, number + 1)
    ]


def test_of_a_month_with_fewer_than_25_questions_all_are_looked_at() -> None:
    found = inbox(ended(*many(24)), WEEK, LIMITS, bytes(32), LATER)
    assert list(found) == list(range(1, 25))
    assert {one.code for why in found.values() for one in why} == {EVERYTHING}


def test_of_a_busy_month_what_is_flagged_and_five_of_the_rest_are_looked_at() -> None:
    lines = [*many(60), asked(99, TUESDAY, vlaggen=["eigen_straat"])]
    found = inbox(ended(*lines), WEEK, LIMITS, bytes(32), LATER)
    assert Counter(one.code for why in found.values() for one in why) == {"eigen_straat": 1, SAMPLED: 5}


@given(st.integers(1, 24), st.integers(0, 40))
def test_whoever_asks_few_in_a_month_has_them_all_looked_at_whatever_came_the_month_before(
    few: int, before: int
) -> None:
    """Week 49 of 2026 begins in November and ends in December."""
    straddling = week("2026-W49")
    december = datetime(2026, 12, 2, 10, tzinfo=UTC)
    lines = [
        *(asked(leaf, datetime(2026, 11, 30, 10, tzinfo=UTC)) for leaf in range(before)),
        *(asked(100 + leaf, december) for leaf in range(few)),
    ]
    found = inbox(lines, straddling, LIMITS, bytes(32), straddling.end)
    assert set(range(100, 100 + few)) <= set(found)


def test_nothing_asked_is_nothing_to_look_at() -> None:
    assert inbox([], WEEK, LIMITS, bytes(32), LATER) == {}

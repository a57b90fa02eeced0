# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.decision import Decision
from pseudonymisation.pseudonym import Agreement
from register.enquiry import (
    FIELDS_OF_AN_ANSWER,
    Examined,
    bucket,
    finding,
    half_year,
    month,
)
from register.matching import Candidate, SubjectKey

EVERYTHING = frozenset(FIELDS_OF_AN_ANSWER)
ORGANISATIONS = ("GM9001", "GM9002", "GM9003", "GM9005", "GM9006")
WEEKS = ("2024-W30", "2025-W26", "2025-W27", "2026-W01", "2026-W09")


def decisions(opened: Collection[str]) -> Mapping[str, Decision]:
    return {field: Decision(field in opened, (), (), frozenset(), "hash") for field in FIELDS_OF_AN_ANSWER}


def examined(  # the facts of one candidate, with defaults that show everything of an adult
    organisation: str = "GM9001",
    *,
    week: str = "2026-W09",
    minor: bool = False,
    opens: Collection[str] = EVERYTHING - {"minor_flag"},
    families: Collection[str] = ("phone",),
    band: Agreement = Agreement.KNOWN,
    number: int = 1,
) -> Examined:
    candidate = Candidate(SubjectKey(UUID(int=number), 1, "s1"), frozenset(families), band)
    return Examined(candidate, organisation, week, minor, decisions(opens))


def drawn(
    opens: st.SearchStrategy[Collection[str]], minor: st.SearchStrategy[bool]
) -> st.SearchStrategy[Examined]:
    return st.builds(
        examined,
        st.sampled_from(ORGANISATIONS),
        week=st.sampled_from(WEEKS),
        minor=minor,
        opens=opens,
        families=st.sampled_from([("phone",), ("name_dob",), ("phone", "plate"), ("name_dob_near",)]),
        band=st.sampled_from([Agreement.KNOWN, Agreement.POSSIBLE]),
        number=st.integers(1, 9),
    )


FIELD_SETS = st.sets(st.sampled_from(FIELDS_OF_AN_ANSWER))
ANY = drawn(FIELD_SETS, st.booleans())
DENIED = st.one_of(
    drawn(FIELD_SETS.map(lambda fields: fields - {"hit", "minor_flag"}), st.booleans()),
    drawn(FIELD_SETS.map(lambda fields: fields - {"hit"}), st.just(value=False)),
)
"""Candidates that do not exist for the asker, whatever else a rule would open of them."""


@given(st.lists(ANY, max_size=6), st.lists(DENIED, max_size=6), st.integers(0, 6), st.booleans())
def test_adding_denied_candidates_never_changes_the_finding(
    candidates: list[Examined],
    denied: list[Examined],
    place: int,
    coarse: bool,  # noqa: FBT001 - drawn
) -> None:
    mixed = [*candidates[:place], *denied, *candidates[place:]]
    assert finding(mixed, coarse=coarse) == finding(candidates, coarse=coarse)


@given(st.lists(DENIED, max_size=6), st.booleans())
def test_only_denied_candidates_equal_no_candidates(
    denied: list[Examined],
    coarse: bool,  # noqa: FBT001 - drawn
) -> None:
    assert finding(denied, coarse=coarse) == finding([], coarse=coarse)


@given(st.lists(ANY, max_size=6), st.booleans())
def test_what_is_said_is_what_the_log_says_was_disclosed(
    candidates: list[Examined],
    coarse: bool,  # noqa: FBT001 - drawn
) -> None:
    found = finding(candidates, coarse=coarse)
    assert ("count_other_muni" in found.fields) is (found.count is not None)
    assert ("muni_name" in found.fields) is (found.organisations is not None)
    assert ("period_bucket" in found.fields) is (found.last_seen is not None)
    assert ("attr_types_matched" in found.fields) is (found.kinds is not None)
    assert ("hit" in found.fields) is (found.outcome != "niet_bekend")


@given(st.lists(ANY, max_size=6), st.booleans())
def test_a_field_is_said_only_if_some_shown_candidate_opens_it(
    candidates: list[Examined],
    coarse: bool,  # noqa: FBT001 - drawn
) -> None:
    found = finding(candidates, coarse=coarse)
    opened = {field for one in found.shown for field in FIELDS_OF_AN_ANSWER if one.opens(field)}
    assert set(found.fields) - {"hit"} <= opened
    assert all(one.opens("hit") or one.opens("minor_flag") for one in found.shown)


def test_nothing_found_says_nothing() -> None:
    found = finding([], coarse=True)
    assert (found.outcome, found.shown, found.fields) == ("niet_bekend", (), ())


def test_a_field_without_a_decision_is_closed() -> None:
    candidate = Candidate(SubjectKey(UUID(int=1), 1, "s1"), frozenset({"phone"}), Agreement.KNOWN)
    assert (
        finding([Examined(candidate, "GM9001", "2026-W09", minor=False, decisions={})], coarse=True).shown
        == ()
    )


def test_one_certain_candidate_makes_the_answer_certain() -> None:
    possible = examined(band=Agreement.POSSIBLE)
    assert finding([possible], coarse=True).outcome == "mogelijk"
    assert finding([possible, examined("GM9002")], coarse=True).outcome == "bekend_elders"


def test_organisations_are_counted_once_however_many_signals_they_have() -> None:
    three = [examined("GM9001", number=1), examined("GM9001", number=2), examined("GM9002", number=3)]
    assert finding(three, coarse=False).count == "2"


def test_a_candidate_that_does_not_open_its_count_is_not_counted() -> None:
    found = finding([examined("GM9001"), examined("GM9002", opens={"hit"}, number=2)], coarse=False)
    assert found.count == "1"
    assert found.organisations == ("GM9001",)


def test_a_candidate_that_does_not_open_its_period_does_not_date_the_answer() -> None:
    closed = examined("GM9002", week="2026-W40", opens={"hit"}, number=2)
    assert finding([examined(week="2026-W09"), closed], coarse=False).last_seen == "2026-02"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1"), (2, "2-3"), (3, "2-3"), (4, "4+"), (5, "4+"), (342, "4+")]
)
def test_counts_are_told_in_buckets(number: int, said: str) -> None:
    assert bucket(number) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1"), (2, "2-3"), (3, "2-3"), (5, "4+")])
def test_a_coarse_answer_buckets_the_organisations_and_a_fine_one_counts_them(number: int, said: str) -> None:
    several = [examined(name, number=place) for place, name in enumerate(ORGANISATIONS[:number], start=1)]
    assert finding(several, coarse=True).count == said
    assert finding(several, coarse=False).count == str(number)


def test_only_the_newest_half_year_is_told() -> None:
    found = finding(
        [examined(week=week, number=place) for place, week in enumerate(WEEKS, start=1)], coarse=True
    )
    assert found.last_seen == "2026-H1"


def test_a_coarse_answer_tells_half_years_and_a_fine_one_months() -> None:
    assert finding([examined(week="2026-W09")], coarse=True).last_seen == "2026-H1"
    assert finding([examined(week="2026-W09")], coarse=False).last_seen == "2026-02"


def test_names_come_sorted_so_that_their_order_tells_nothing() -> None:
    pair = [examined("GM9003", number=1), examined("GM9001", number=2)]
    assert finding(pair, coarse=False).organisations == ("GM9001", "GM9003")


def test_the_kinds_are_those_of_candidates_that_open_them() -> None:
    closed = examined("GM9002", families=("bsn",), opens={"hit"}, number=2)
    assert finding([examined(families=("phone", "plate")), closed], coarse=True).kinds == (
        "telefoon",
        "kenteken",
    )


MINOR = examined("GM9002", minor=True, opens={"minor_flag"}, week="2026-W40", number=2)


def test_a_minor_gives_the_route_and_no_count_no_period_no_kinds() -> None:
    found = finding([MINOR], coarse=True)
    assert found.outcome == "minderjarigenroute"
    assert (found.count, found.last_seen, found.kinds, found.organisations) == (None, None, None, None)
    assert set(found.fields) == {"hit", "minor_flag"}


def test_the_route_hides_count_and_period_of_adults_beside_the_minor_too() -> None:
    adult = examined("GM9001")
    found = finding([adult, MINOR], coarse=True)
    assert replace(found, kept=(MINOR,)) == finding([MINOR], coarse=True)
    # The treffer is about both: the aandachtsfunctionaris sees what the door does not say.
    assert set(map(id, found.kept)) == {id(adult), id(MINOR)}


def test_a_minor_whom_the_role_may_see_counts_like_anybody() -> None:
    whole = examined("GM9002", minor=True, opens=EVERYTHING, number=2)
    found = finding([examined("GM9001"), whole], coarse=False)
    assert (found.outcome, found.count) == ("bekend_elders", "2")


def test_an_adult_whose_flag_is_open_opens_no_route() -> None:
    assert finding([examined(opens={"minor_flag"})], coarse=True).outcome == "niet_bekend"


@pytest.mark.parametrize(
    ("week", "said_month", "said_half_year"),
    [
        ("2026-W01", "2026-01", "2026-H1"),  # Thursday 1 January, the week begins in 2025
        ("2025-W01", "2025-01", "2025-H1"),  # Thursday 2 January, the week begins in 2024
        ("2024-W52", "2024-12", "2024-H2"),
        ("2020-W53", "2020-12", "2020-H2"),  # Thursday 31 December 2020, the week ends in 2021
        ("2026-W53", "2026-12", "2026-H2"),  # Thursday 31 December 2026
        ("2026-W26", "2026-06", "2026-H1"),  # Thursday 25 June
        ("2026-W27", "2026-07", "2026-H2"),  # Thursday 2 July, the week begins in June
        ("2027-W26", "2027-07", "2027-H2"),  # Thursday 1 July
        ("2026-W09", "2026-02", "2026-H1"),  # Thursday 26 February, the week ends in March
        ("2026-W10", "2026-03", "2026-H1"),
    ],
)
def test_a_week_belongs_to_month_and_half_year_of_its_thursday(
    week: str, said_month: str, said_half_year: str
) -> None:
    assert month(week) == said_month
    assert half_year(week) == said_half_year


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_weeks_in_order_give_months_and_half_years_in_order(day: date) -> None:
    first, second = (
        f"{one.isocalendar().year}-W{one.isocalendar().week:02d}" for one in (day, day + timedelta(weeks=1))
    )
    assert first < second
    assert month(first) <= month(second)
    assert half_year(first) <= half_year(second)

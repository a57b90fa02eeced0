# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from register.movement import Sighting, route

SIGHTINGS = st.builds(
    Sighting, st.sampled_from("ABC"), st.sampled_from(["2025-W52", "2026-W01", "2026-W02", "2026-W10"])
)


def walked(*steps: str) -> tuple[str, ...]:
    """The route of sightings written as PLACE@WEEK."""
    return route(Sighting(*step.split("@")) for step in steps)


def test_places_come_in_the_order_of_time_and_not_of_entry() -> None:
    assert walked("C@2026-W10", "A@2025-W52", "B@2026-W02") == ("A", "B", "C")


def test_week_10_comes_after_week_9_and_a_new_year_after_an_old_one() -> None:
    assert walked("B@2026-W10", "A@2026-W09") == ("A", "B")
    assert walked("B@2026-W01", "A@2025-W52") == ("A", "B")


def test_places_of_one_week_stand_together_because_their_order_is_unknown() -> None:
    assert walked("B@2026-W02", "A@2026-W02", "C@2026-W03") == ("A + B", "C")


def test_one_place_twice_in_a_week_is_one_place() -> None:
    assert walked("A@2026-W02", "A@2026-W02") == ("A",)


def test_a_stay_is_named_once() -> None:
    assert walked("A@2026-W01", "A@2026-W02", "A@2026-W09", "B@2026-W10") == ("A", "B")


def test_a_return_is_named_again() -> None:
    assert walked("A@2026-W01", "B@2026-W02", "A@2026-W03") == ("A", "B", "A")


def test_nothing_seen_is_no_route() -> None:
    assert route([]) == ()


@given(st.lists(SIGHTINGS, max_size=8).flatmap(lambda all_: st.tuples(st.just(all_), st.permutations(all_))))
def test_the_order_of_entry_never_shows(pair: tuple[list[Sighting], list[Sighting]]) -> None:
    assert route(pair[0]) == route(pair[1])


@given(st.lists(SIGHTINGS, max_size=8))
def test_a_route_names_every_place_and_never_the_same_stop_twice_in_a_row(sightings: list[Sighting]) -> None:
    stops = route(sightings)
    assert {place for stop in stops for place in stop.split(" + ")} == {one.organisation for one in sightings}
    assert all(first != second for first, second in pairwise(stops))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from register.movement import Sighting, companions, crowd_of, route, stays

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


# ---- stays ----------------------------------------------------------------------------------------------------------


def test_a_stay_says_from_when_to_when_and_of_how_many_signals() -> None:
    (there, away) = stays(
        [
            Sighting("A", "2026-W01"),
            Sighting("A", "2026-W05"),
            Sighting("A", "2026-W05"),
            Sighting("B", "2026-W09"),
        ]
    )
    assert (there.places, there.first, there.last, there.signals) == (("A",), "2026-W01", "2026-W05", 3)
    assert (away.name, away.signals) == ("B", 1)


@given(st.lists(SIGHTINGS, max_size=8))
def test_stays_count_every_signal_once_and_never_overlap(sightings: list[Sighting]) -> None:
    found = stays(sightings)
    assert sum(one.signals for one in found) == len(sightings)
    assert all(one.last < other.first for one, other in pairwise(found))


# ---- who was in the same places ---------------------------------------------------------------------------------------


def cells(text: str) -> list[Sighting]:
    """`A1 B2`: place A in week 1, place B in week 2."""
    return [Sighting(one[0], f"2026-W{int(one[1:]):02d}") for one in text.split()]


STRANGERS = [
    Sighting(place, f"2026-W{week:02d}") for place in "ABCDEFGH" for week in range(1, 53) for _n in range(3)
]
OWN = cells("A1 B9 C17 D30 E44")


def found_with(**others: str) -> list[str]:
    theirs = {name: cells(text) for name, text in others.items()}
    crowd = crowd_of([*STRANGERS, *OWN, *(one for those in theirs.values() for one in those)])
    return [one.key for one in companions(OWN, theirs, crowd)]


def test_who_moves_along_is_found_and_the_one_who_shares_most_comes_first() -> None:
    assert found_with(four="A1 B9 C17 D30", five="A1 B9 C17 D30 E44", stranger="A2 B3 C4 D5") == [
        "five",
        "four",
    ]


def test_three_shared_cells_are_not_enough() -> None:
    assert found_with(three="A1 B9 C17 F3 G8") == []


def test_two_residents_of_one_town_are_no_companions_however_often_they_are_reported() -> None:
    own, neighbour = cells("A1 A2 A3 A4 A5 A6"), {"neighbour": cells("A1 A2 A3 A4 A5 A6")}
    assert companions(own, neighbour, crowd_of([*STRANGERS, *own, *own])) == []


def test_who_is_seen_everywhere_all_the_time_meets_everybody_by_chance() -> None:
    everywhere = " ".join(f"{place}{week}" for place in "ABCDE" for week in range(1, 53))
    assert found_with(everywhere=everywhere) == []


def test_within_a_case_what_is_shared_is_told_without_asking_what_chance_gives() -> None:
    theirs = {"four": cells("A1 B9 C17 D30"), "three": cells("A1 B9 C17")}
    assert [one.key for one in companions(OWN, theirs, None)] == ["four"]


def test_the_shared_cells_come_in_the_order_of_time() -> None:
    theirs = {"one": cells("D30 C17 B9 A1")}
    (found,) = companions(OWN, theirs, crowd_of([*STRANGERS, *OWN, *theirs["one"]]))
    assert found.cells == tuple(cells("A1 B9 C17 D30"))


def test_nobody_travels_with_somebody_who_was_seen_nowhere() -> None:
    assert companions([], {"one": OWN}, crowd_of(OWN)) == []

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where rows come from: what may be imported, what never, and what gives a list of passing cars away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.problem import Refusal
from pseudonymisation.identity import COLUMNS
from register.municipal.provenance import (
    BANNED,
    FLAGS,
    MOST_LONE_PLATES,
    ORIGINS,
    FlagKind,
    Shape,
    judged,
    judged_in_a_day,
    lone_plate,
    lone_plate_types,
)

CLEAN = Shape(500, 0)


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_allowed_source_is_allowed(origin: str) -> None:
    assert judged(origin, CLEAN) is None


@pytest.mark.parametrize("origin", BANNED)
def test_a_banned_source_is_refused_whole_with_the_reason_the_rule_and_a_way_forward_and_flagged(
    origin: str,
) -> None:
    found = judged(origin, CLEAN)
    assert found
    assert (found.refusal.status, found.refusal.code) == (403, "herkomst-verboden")
    assert found.refusal.detail.startswith(BANNED[origin].why)
    assert "Er is niets opgeslagen." in found.refusal.detail
    assert found.refusal.rule
    assert found.refusal.way_forward
    assert found.flag is FlagKind.ORIGIN


def test_a_scan_car_is_refused_in_words_that_say_why() -> None:
    found = judged("scanauto", Shape(5_000, 5_000))
    assert found
    assert (
        "Kentekens uit een scanauto mogen niet in het register: er is geen waarneming van misstanden. "
        "Een kenteken telt alleen naast een aanwijzing" in found.refusal.detail
    )


def test_no_source_is_both_allowed_and_banned() -> None:
    assert not set(ORIGINS) & set(BANNED)


@pytest.mark.parametrize("origin", ["", "Toezicht", "onbekend", "scan-auto"])
def test_a_source_that_is_not_on_the_list_is_refused_and_the_list_is_told(origin: str) -> None:
    with pytest.raises(Refusal) as refused:
        judged(origin, CLEAN)
    assert (refused.value.status, refused.value.fields[0].field) == (400, "herkomst")
    assert "toezicht" in refused.value.fields[0].reason


@pytest.mark.parametrize("rows", [26, 5_000, 1_000_000, None])
def test_a_list_of_plates_is_refused_whatever_it_is_called(rows: int | None) -> None:
    found = judged("toezicht", Shape(rows, MOST_LONE_PLATES + 1))
    assert found
    assert (found.refusal.status, found.refusal.code) == (403, "alleen-kentekens")
    assert found.flag is FlagKind.PLATES_IN_FILE


def test_as_many_plates_as_a_person_sees_are_allowed() -> None:
    assert judged("toezicht", Shape(30, MOST_LONE_PLATES)) is None


def test_the_backstop_closes_after_twenty_five_in_a_day() -> None:
    assert [judged_in_a_day(before) is None for before in (0, 24, 25, 26)] == [True, True, False, False]
    found = judged_in_a_day(MOST_LONE_PLATES)
    assert found
    assert (found.refusal.status, found.flag) == (403, FlagKind.PLATES_IN_A_DAY)


@given(st.sets(st.sampled_from(COLUMNS)))
def test_a_plate_is_alone_exactly_when_nothing_but_its_country_stands_beside_it(filled: set[str]) -> None:
    assert lone_plate(filled) == ("plate" in filled and not filled - {"plate", "plate_country"})


@pytest.mark.parametrize(
    ("types", "alone"),
    [([], False), (["plate"], True), (["plate", "plate"], True), (["plate", "kvk"], False)],
)
def test_a_signal_with_plates_only_is_told_by_its_attributes(types: list[str], alone: bool) -> None:  # noqa: FBT001 - a column of the table
    assert lone_plate_types(types) is alone


def test_a_flag_holds_counts_and_every_kind_has_words() -> None:
    assert Shape(5_000, 4_900).counts() == {"rijen": 5_000, "alleenKenteken": 4_900}
    assert Shape(None, 3).counts() == {"alleenKenteken": 3}
    assert set(FLAGS) == set(FlagKind)

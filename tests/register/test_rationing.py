# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the register's own quotas: what is counted cannot be made smaller by packing."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation.pseudonym import FAMILIES
from register.central.settings import QuestionQuota
from register.rationing import attributes_asked, too_much, totals

MOMENT = datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC)
RATION = QuestionQuota().ration()


def test_one_person_with_a_phone_a_document_a_name_and_an_address_is_four_attributes() -> None:
    whole = [
        name
        for name, family in FAMILIES.items()
        if family.attribute in {"phone", "document", "name_dob", "bag_address"}
        for _token in range(family.tokens)
    ]
    assert attributes_asked(whole) == 4
    assert attributes_asked(["phone"]) == 1


@given(st.integers(1, 40), st.integers(1, 40))
def test_numbers_in_one_question_count_as_much_as_in_several(one: int, other: int) -> None:
    packed = attributes_asked(["phone"] * (one + other))
    assert packed == one + other == attributes_asked(["phone"] * one) + attributes_asked(["phone"] * other)


@given(
    st.lists(st.sampled_from(sorted(FAMILIES)), min_size=1, max_size=40), st.sampled_from(sorted(FAMILIES))
)
def test_asking_more_never_counts_less(families: list[str], more: str) -> None:
    assert attributes_asked([*families, more]) >= attributes_asked(families) >= 1


def test_the_flag_comes_long_before_the_quota_and_before_two_hundred_with_the_fullest_question() -> None:
    assert RATION.flag_officer < RATION.officer_day
    assert RATION.flag_organisation < RATION.organisation_day
    assert RATION.flag_organisation - 1 + 40 < 200


def test_a_refusal_says_which_limit_when_it_opens_and_what_to_do() -> None:
    minute, day, officer, _officer_day = (
        too_much(one, MOMENT)
        for one in (
            *totals("GM9001", "", MOMENT, RATION)[:2],
            *totals("GM9001", "a" * 32, MOMENT, RATION)[2:],
        )
    )
    assert (minute.status, minute.code, minute.retry_after) == (429, "quotum-vragen-bereikt", 30)
    assert "Uw organisatie mag per minuut op 200 gegevens vragen" in minute.detail
    assert "per dag op 1000" in day.detail
    assert day.retry_after == 30
    assert "functionaris gegevensbescherming" in day.way_forward
    assert officer.detail.startswith("U mag per minuut op 60")

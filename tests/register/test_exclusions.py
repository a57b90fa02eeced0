# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta
from uuid import UUID

import pytest

from pseudonymisation.pseudonym import FAMILIES
from register.exclusions import EXCLUDABLE, Exclusion, kinds, problem
from register.scoring import PERSONAL

TODAY = date(2026, 11, 2)
ENTRY = Exclusion(UUID(int=1), "opvang", "bag_address", "GM9001", date(2027, 5, 1))


def test_an_entry_has_a_kind_a_family_and_a_day_to_look_again() -> None:
    assert problem("opvang", "bag_address", date(2027, 5, 1), TODAY) is None


BAD = {
    "an unknown kind": ("moskee", "bag_address", date(2027, 5, 1), "soort"),
    "what is a person's own": ("hotel", "document", date(2027, 5, 1), "familie"),
    "an unknown family": ("hotel", "nationaliteit", date(2027, 5, 1), "familie"),
    "today": ("hotel", "bag_address", TODAY, "hercontrole"),
    "more than a year ahead": ("hotel", "bag_address", TODAY + timedelta(days=367), "hercontrole"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_entry_is_refused_and_names_its_field(name: str) -> None:
    kind, family, recheck, field = BAD[name]
    found = problem(kind, family, recheck, TODAY)
    assert found is not None
    assert found[0] == field
    assert found[1].endswith(".")


def test_nothing_of_a_persons_own_can_be_excluded() -> None:
    assert FAMILIES.keys() >= EXCLUDABLE
    assert not EXCLUDABLE & PERSONAL


def test_a_forgotten_entry_holds_and_is_overdue() -> None:
    late = date(2027, 5, 1)
    assert (ENTRY.holds(late), ENTRY.overdue(late)) == (True, True)
    assert not ENTRY.overdue(late - timedelta(days=1))


def test_an_ended_entry_neither_holds_nor_is_overdue() -> None:
    ended = Exclusion(
        ENTRY.exclusion_id, ENTRY.kind, ENTRY.family, ENTRY.owner, ENTRY.recheck_on, date(2027, 1, 1)
    )
    assert ended.holds(date(2026, 12, 31))
    assert not ended.holds(date(2027, 1, 1))
    assert not ended.overdue(date(2027, 6, 1))


def test_every_kind_has_words() -> None:
    assert all(words and "_" not in words for words in kinds().values())

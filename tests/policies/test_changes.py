# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.changes import (
    Change,
    GroundRecorded,
    MandateEnded,
    MandateGiven,
    OrganisationAdded,
    OrganisationEnded,
    replay,
)
from policies.decision import Mandate
from policies.desk.load import load_profile
from policies.grounds import GroundError, GroundRegister, Organisation

BASE: GroundRegister = load_profile("oefening")[1]
DAY = date(2026, 6, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=400)
NEW = Organisation("GM9005", "Oefenmeer", participant=True, valid_from=DAY)
INSPECTOR = ("GM9001", "oefening-toezichthouder", "toezichthouder")


def ended(code: str, successor: str = "") -> OrganisationEnded:
    """An end from DAY on."""
    return OrganisationEnded(code, BEFORE, successor)


def given_to(officer: str = "medewerker-0001", **changes: object) -> MandateGiven:
    mandate = Mandate("toezichthouder", "GM9001", officer, DAY, date(2030, 1, 1))
    return MandateGiven(replace(mandate, **changes))  # type: ignore[arg-type]


def in_force(register: GroundRegister, who: tuple[str, str, str], on: date) -> bool:
    mandate = register.mandate_of(*who, on)
    return mandate is not None and mandate.covers(*who, on)


def test_without_changes_the_profile_stays_as_it_is() -> None:
    assert replay(BASE, ()) == BASE


def test_an_organisation_takes_part_from_its_first_day() -> None:
    register = replay(BASE, [OrganisationAdded(NEW)])
    assert not register.participant("GM9005", BEFORE)
    assert register.participant("GM9005", DAY)
    assert "GM9005" not in BASE.organisations


@pytest.mark.parametrize(
    "change",
    [
        OrganisationAdded(replace(BASE.organisations["GM9001"], name="Groter Oefenstad")),
        GroundRecorded(replace(BASE.grounds["OEF-GEM-GM9001"], valid_to=date(2099, 12, 31))),
    ],
)
def test_a_record_of_the_profile_is_never_widened_by_one_of_the_same_name(change: Change) -> None:
    with pytest.raises(GroundError, match="is al vastgelegd"):
        replay(BASE, [change])


def test_a_mandate_needs_an_organisation() -> None:
    with pytest.raises(GroundError, match="GM9099 is niet ingeschreven"):
        replay(BASE, [given_to(organisation="GM9099")])


def test_a_ground_needs_a_holder_that_is_registered() -> None:
    ground = replace(BASE.grounds["OEF-GEM-GM9001"], id="NIEUW", organisation="GM9099")
    with pytest.raises(GroundError, match="GM9099"):
        replay(BASE, [GroundRecorded(ground)])


def test_a_mandate_of_the_profile_can_be_ended_and_given_again() -> None:
    end = MandateEnded(*INSPECTOR, BEFORE)
    register = replay(BASE, [end])
    assert in_force(register, INSPECTOR, BEFORE)
    assert not in_force(register, INSPECTOR, DAY)
    again = Mandate("toezichthouder", "GM9001", INSPECTOR[1], AFTER, AFTER)
    assert in_force(replay(BASE, [end, MandateGiven(again)]), INSPECTOR, AFTER)


def test_an_end_says_nothing_of_what_is_recorded_after_it() -> None:
    early = replay(BASE, [MandateEnded("GM9001", "medewerker-0001", "toezichthouder", BEFORE), given_to()])
    late = replay(BASE, [given_to(), MandateEnded("GM9001", "medewerker-0001", "toezichthouder", BEFORE)])
    who = ("GM9001", "medewerker-0001", "toezichthouder")
    assert in_force(early, who, DAY)
    assert not in_force(late, who, DAY)


@given(st.lists(st.dates(date(2025, 1, 1), date(2031, 1, 1)), min_size=1, max_size=5))
def test_of_several_ends_the_earliest_holds_in_whatever_order(days: list[date]) -> None:
    register = replay(BASE, [MandateEnded(*INSPECTOR, day) for day in days])
    mandate = register.mandate_of(*INSPECTOR, date(2025, 1, 1))
    assert mandate is not None
    assert mandate.valid_to == min(*days, date(2030, 12, 31))
    organisations = replay(BASE, [OrganisationEnded("GM9001", day) for day in days])
    assert organisations.organisations["GM9001"].valid_to == min(days)


def test_an_organisation_that_ended_takes_part_no_more() -> None:
    register = replay(BASE, [ended("GM9002")])
    assert register.participant("GM9002", BEFORE)
    assert not register.participant("GM9002", DAY)
    assert register.current("GM9002", DAY) == "GM9002", "nobody took over"


def test_a_successor_takes_over_from_the_day_of_the_merger() -> None:
    register = replay(BASE, [ended("GM9002", "GM9001")])
    assert register.current("GM9002", BEFORE) == "GM9002"
    assert register.current("GM9002", DAY) == "GM9001"
    assert register.lineage("GM9001", BEFORE) == {"GM9001"}
    assert register.lineage("GM9001", DAY) == {"GM9001", "GM9002"}
    assert register.lineage("GM9002", DAY) == frozenset()


def test_a_successor_of_a_successor_has_it_all() -> None:
    register = replay(BASE, [ended("GM9002", "GM9001"), OrganisationEnded("GM9001", AFTER, "GM9003")])
    assert register.current("GM9002", AFTER) == "GM9001"
    assert register.current("GM9002", AFTER + timedelta(days=1)) == "GM9003"
    assert register.lineage("GM9003", AFTER + timedelta(days=1)) == {"GM9001", "GM9002", "GM9003"}


def test_two_that_name_each_other_do_not_go_round_for_ever() -> None:
    codes = ("GM9001", "GM9002")
    organisations = {
        one: replace(BASE.organisations[one], valid_to=BEFORE, successor=other)
        for one, other in (codes, codes[::-1])
    }
    register = replace(BASE, organisations={**BASE.organisations, **organisations})
    assert {register.current(one, DAY) for one in codes} <= set(codes)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ([ended("GM9099")], "GM9099 is niet ingeschreven"),
        ([ended("GM9002", "GM9099")], "GM9099 is niet ingeschreven"),
        ([ended("GM9002", "GM9002")], "kan het niet overnemen"),
        (
            [OrganisationEnded("GM9001", date(2025, 1, 1)), ended("GM9002", "GM9001")],
            "voordat het GM9002 kon",
        ),
        ([ended("GM9002", "GM9001"), ended("GM9002", "GM9003")], "heeft al een opvolger"),
    ],
)
def test_an_end_that_leads_nowhere_is_refused(changes: list[Change], match: str) -> None:
    with pytest.raises(GroundError, match=match):
        replay(BASE, changes)


@given(st.sampled_from(sorted(BASE.organisations)), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_everybody_is_in_exactly_one_lineage_on_every_day(code: str, day: date) -> None:
    register = replay(BASE, [ended("GM9002", "GM9001"), ended("GM9003")])
    lineages = [one for one in register.organisations if code in register.lineage(one, day)]
    assert lineages == [register.current(code, day)]

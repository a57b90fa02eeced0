# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import csv
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.desk.load import load_profile
from register.demo.plan import (
    ASKER,
    CASE,
    CONTROL,
    HOLDERS,
    MOMENT,
    MUNICIPALITIES,
    PARTNERS,
    PEOPLE,
    RESERVES,
    SUBMITTERS,
    WITNESSES,
    Person,
    Ports,
    oin,
    person,
)
from register.wire import ActingFor

_RULES, REGISTER = load_profile("oefening")


@given(st.integers(1024, 65000))
def test_every_process_has_a_port_of_its_own(base: int) -> None:
    ports = Ports(base).all()
    assert (
        len(set(ports))
        == len(ports)
        == 3 + len(HOLDERS) + len(RESERVES) + len(MUNICIPALITIES + PARTNERS + WITNESSES)
    )
    assert max(ports) < 65536


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who.name)
def test_everybody_has_the_mandate_that_the_records_of_oefening_give(who: Person) -> None:
    mandate = REGISTER.mandate_of(who.organisation, who.officer, who.role, MOMENT.date())
    assert mandate is not None
    assert mandate.covers(who.organisation, who.officer, who.role, MOMENT.date())


@pytest.mark.parametrize(
    "role",
    [
        "toezichthouder",
        "aandachtsfunctionaris",
        "functioneel_beheerder",
        "fg",
        "tmm_analist",
        "tmm_coordinator",
    ],
)
def test_every_mandate_of_a_playing_role_has_somebody_to_play_it(role: str) -> None:
    mandated = {(one.organisation, one.officer) for one in REGISTER.mandates if one.role == role}
    assert {(one.organisation, one.officer) for one in PEOPLE if one.role == role} == mandated


@pytest.mark.parametrize("organisation", [*MUNICIPALITIES, "TMM"])
def test_every_organisation_is_a_participant_with_grounds_on_the_day(organisation: str) -> None:
    assert REGISTER.participant(organisation, MOMENT.date())
    assert any(
        one.held_by(organisation) and one.valid_to > date(2026, 11, 20) for one in REGISTER.grounds.values()
    )


def test_names_of_accounts_are_unique() -> None:
    assert len({one.name for one in PEOPLE}) == len(PEOPLE)


def test_people_of_fg_and_tmm_sign_in_at_the_register_and_others_at_their_node() -> None:
    assert {one.role for one in PEOPLE if one.at_register} == {"fg", "tmm_analist", "tmm_coordinator"}
    assert person("GM9001", "fg").at_register
    assert not person("GM9001", "toezichthouder").at_register


def test_the_asker_is_none_of_the_submitters() -> None:
    assert ASKER not in SUBMITTERS
    assert {*SUBMITTERS, ASKER} == set(MUNICIPALITIES)


@pytest.mark.parametrize("number", [CONTROL, CASE])
def test_numbers_of_controls_and_cases_have_the_form_of_the_interface(number: str) -> None:
    sent = ActingFor(medewerker="oefening-fg", rol="fg", doel="signalering", zaaknummer=number)
    assert sent.zaaknummer == number


def test_an_oin_is_twenty_digits_and_differs_per_organisation() -> None:
    made = [oin(one) for one in (*MUNICIPALITIES, "TMM", "REGISTER", "HOUDER1", "HOUDER2", "HOUDER3")]
    assert all(len(one) == 20 and one.isdigit() for one in made)
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("organisation", SUBMITTERS)
def test_every_submitter_has_inspections_to_import(organisation: str) -> None:
    data = files("register.demo").joinpath("data")
    rows = list(csv.DictReader(data.joinpath(f"{organisation}.csv").read_text(encoding="utf-8").splitlines()))
    assert rows
    assert data.joinpath(f"{organisation}.yaml").is_file()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.municipalities import (
    known_municipality,
    known_organisation,
    municipalities_from,
    municipality_problem,
    organisation_name,
)

MUNICIPALITIES = municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8"))
IN_2023 = date(2023, 6, 1)
HEADER = "code,naam,van,tot,opvolger\n"
ENDED = sorted(one.code for one in MUNICIPALITIES.values() if one.until is not None)


def known(code: str, on: date, profile: str = "riec-wgs") -> bool:
    return known_municipality(code, MUNICIPALITIES, profile=profile, on=on)


def problem(code: str, on: date, profile: str = "riec-wgs") -> str:
    found = municipality_problem(code, MUNICIPALITIES, profile=profile, on=on)
    assert found is not None
    return found


def test_342_municipalities_exist_in_2023() -> None:
    assert sum(not one.exercise and one.exists(IN_2023) for one in MUNICIPALITIES.values()) == 342
    assert MUNICIPALITIES["GM0820"].name == "Nuenen, Gerwen en Nederwetten"


@pytest.mark.parametrize(("day", "number"), [("2021-01-01", 352), ("2022-01-01", 345), ("2022-03-24", 344)])
def test_every_year_of_the_list_has_the_number_that_cbs_counts(day: str, number: int) -> None:
    on = date.fromisoformat(day)
    assert sum(not one.exercise and one.exists(on) for one in MUNICIPALITIES.values()) == number


def test_real_and_exercise_municipalities_never_mix() -> None:
    assert known("GM9001", IN_2023, "oefening")
    assert not known("GM9001", IN_2023)
    assert known("GM0014", IN_2023)
    assert not known("GM0014", IN_2023, "oefening")
    assert not known("GM9999", IN_2023, "oefening")


@pytest.mark.parametrize(
    ("code", "last", "successor"),
    [
        ("GM0003", "2020-12-31", "GM1979"),
        ("GM0370", "2021-12-31", "GM0439"),
        ("GM0457", "2022-03-23", "GM0363"),
        ("GM0501", "2022-12-31", "GM1992"),
    ],
)
def test_a_municipality_exists_to_its_last_day_and_then_its_successor_does(
    code: str, last: str, successor: str
) -> None:
    day = date.fromisoformat(last)
    assert known(code, day)
    assert not known(code, day + timedelta(days=1))
    assert known(successor, day + timedelta(days=1))
    told = problem(code, day + timedelta(days=1))
    assert f"{successor} ({MUNICIPALITIES[successor].name})" in told
    assert (day + timedelta(days=1)).isoformat() in told


def test_a_municipality_that_was_divided_names_all_its_successors() -> None:
    told = problem("GM0788", IN_2023)
    assert all(name in told for name in ("Boxtel", "Oisterwijk", "Tilburg", "Vught"))


def test_a_municipality_does_not_exist_before_its_first_day() -> None:
    assert not known("GM1979", date(2020, 12, 31))
    assert "2021-01-01" in problem("GM1979", date(2020, 12, 31))


def test_an_exercise_has_a_merger_to_practise_on() -> None:
    assert known("GM9091", date(2025, 12, 31), "oefening")
    assert not known("GM9091", date(2026, 1, 1), "oefening")
    assert "GM9093 (Oefenburcht)" in problem("GM9092", date(2026, 1, 1), "oefening")


@pytest.mark.parametrize(("profile", "example"), [("oefening", "GM9001"), ("riec-wgs", "GM0014")])
def test_an_unknown_code_is_told_what_a_code_looks_like(profile: str, example: str) -> None:
    assert example in problem("Zwolle", IN_2023, profile)


@given(code=st.sampled_from(sorted(MUNICIPALITIES)), day=st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_a_code_is_known_or_it_is_told_why_not_and_never_both(code: str, day: date) -> None:
    profile = "oefening" if MUNICIPALITIES[code].exercise else "riec-wgs"
    told = municipality_problem(code, MUNICIPALITIES, profile=profile, on=day)
    assert known(code, day, profile) == (told is None)


@pytest.mark.parametrize("code", ENDED)
def test_a_successor_exists_on_the_day_that_it_takes_over(code: str) -> None:
    ended = MUNICIPALITIES[code]
    assert ended.until is not None
    assert all(MUNICIPALITIES[one].exists(ended.until) for one in ended.successors)


@pytest.mark.parametrize(
    "row",
    [
        "GM0001,Weg,,2021-01-01,",
        "GM0001,Weg,,,GM0002\nGM0002,Er,,,",
        "GM0001,Weg,,2021-01-01,GM0003\nGM0002,Er,,,",
        "GM0001,Weg,,1 januari,GM0002\nGM0002,Er,,,",
    ],
)
def test_a_list_that_ends_in_nothing_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"GM0001|isoformat"):
        municipalities_from(HEADER + row + "\n")


def test_a_partner_is_an_organisation_and_no_municipality() -> None:
    assert known_organisation("TMM", MUNICIPALITIES, profile="riec-wgs")
    assert not known("TMM", IN_2023)
    assert organisation_name("GM9001", MUNICIPALITIES) == "Oefenstad"
    assert organisation_name("XYZ", MUNICIPALITIES) == "XYZ"


def test_an_organisation_that_ended_is_still_known_by_name() -> None:
    assert known_organisation("GM9091", MUNICIPALITIES, profile="oefening")
    assert organisation_name("GM0457", MUNICIPALITIES) == "Weesp"

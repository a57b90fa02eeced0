# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about machine-readable zones: ICAO's specimens, zones made by the tests' own writer, and what breaks them."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pseudonymisation.identity import RawAttribute, Unreadable
from pseudonymisation.normalise import Mrz, Normalised, normalise, read_mrz
from pseudonymisation.normalise.mrz import check_digit

TODAY = date(2026, 11, 22)
# The specimens of Doc 9303 parts 4, 5 and 6.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"


def td3(names: str = "OEFEN<<LOLA", number: str = "X1234567", dob: str = "900503") -> str:
    """A passport's zone with right check digits, written from part 4 alone."""
    first = f"P<ROU{names}".ljust(44, "<")
    assert len(first) == 44
    own = number.ljust(9, "<")
    numbered, born, until, optional = (
        own + check_digit(own),
        dob + check_digit(dob),
        "3001018",
        "<" * 14 + "<",
    )
    until = until[:6] + check_digit(until[:6])
    whole = check_digit(numbered + born + until + optional)
    return f"{first}\n{numbered}ROU{born}F{until}{optional}{whole}"


def read(text: str) -> Mrz:
    found = read_mrz(text, TODAY)
    assert isinstance(found, Mrz), found
    return found


@pytest.mark.parametrize(
    ("zone", "type_", "number"),
    [(TD3, "P", "L898902C3"), (TD1, "I", "D23145890"), (TD2, "I", "D23145890")],
    ids=["td3", "td1", "td2"],
)
def test_the_specimens_of_icao_give_document_name_and_date_of_birth(
    zone: str, type_: str, number: str
) -> None:
    expected = Mrz("UTO", type_, number, "ERIKSSON", "ANNA MARIA", "1974-08-12")
    for pasted in (
        zone,
        zone.lower(),
        zone.replace("\n", "\r\n"),
        zone.replace("\n", ""),
        zone.replace("<<", "< <"),
    ):
        assert read(pasted) == expected


def test_nationality_and_sex_have_no_place_to_be_returned_in() -> None:
    names = {one.name for one in fields(Mrz)}
    assert names == {"issuer", "type", "number", "surname", "given", "dob", "cut"}


def test_one_zone_gives_a_document_and_a_name_that_both_normalise() -> None:
    document, name = (normalise(raw, today=TODAY) for raw in read(TD3).attributes())
    assert document == Normalised.of("document", issuer="UTO", type="P", number="L898902C3")
    assert name == Normalised.of("name_dob", given="anna maria", surname="eriksson", dob="1974-08-12")


@pytest.mark.parametrize("place", [44, 53, 57, 63, 65, 71, 72, 86, 87])
def test_a_wrong_character_in_any_checked_field_refuses_the_zone(place: int) -> None:
    zone = TD3.replace("\n", "")
    wrong = "4" if zone[place] != "4" else "5"
    found = read_mrz(zone[:place] + wrong + zone[place + 1 :], TODAY)
    assert isinstance(found, Unreadable)
    assert "ERIKSSON" not in repr(found)


def test_the_letter_o_is_a_zero_where_only_digits_stand_and_in_the_number_when_only_that_fits() -> None:
    zone = td3(number="XB102030")
    first, second = zone.split("\n")
    assert read(zone).number == "XB102030"
    assert read(f"{first}\n{second.replace('102030', '1O2O3O')}").number == "XB102030"
    assert read(f"{first}\n{second.replace('900503', '9OO5O3')}").dob == "1990-05-03"


@pytest.mark.parametrize(
    ("six", "dob"),
    [
        ("900503", "1990-05-03"),
        ("050503", "2005-05-03"),
        ("261122", "2026-11-22"),
        ("261123", "1926-11-23"),
        ("9005<<", "1990-05-00"),
        ("90<<<<", "1990-00-00"),
        ("90<<03", "1990-00-00"),
        ("<<<<<<", ""),
    ],
)
def test_two_digits_of_a_year_are_never_in_the_future_and_unknown_parts_are_00(six: str, dob: str) -> None:
    assert read(td3(dob=six)).dob == dob


def test_a_name_that_fills_its_field_may_be_cut_off_and_loses_its_last_given_name() -> None:
    found = read(td3(names="OEFENMEER<VAN<DER<LINDEN<<ANNA<MARIA"))
    assert not found.cut
    full = read(td3(names="OEFENMEER<VAN<DER<LINDEN<<ANNA<MARIA<".ljust(39, "X")))
    assert full.cut
    assert full.given == "ANNA MARIA"


def test_a_zone_without_given_names_gives_a_surname_alone() -> None:
    found = read(td3(names="OEFEN"))
    assert (found.surname, found.given) == ("OEFEN", "")


def test_a_zone_never_shows_whose_it_is() -> None:
    shown = repr(read(TD3))
    assert not [text for text in ("ERIKSSON", "ANNA", "L898902C3", "1974") if text in shown]


@given(st.text(max_size=120) | st.text("A0O1<P \n", min_size=80, max_size=100))
@settings(max_examples=500, deadline=None)
@example("<" * 88)
@example("<" * 90)
@example("O" * 72)
@example("I<UTO" + "O" * 85)
def test_any_text_is_a_zone_or_a_refusal(text: str) -> None:
    found = read_mrz(text, TODAY)
    assert isinstance(found, Mrz | Unreadable)
    if isinstance(found, Mrz):
        for raw in found.attributes():
            normalise(raw, today=TODAY)


def test_a_pasted_zone_is_read_as_a_document_by_normalise() -> None:
    assert normalise(RawAttribute.of("document", mrz=TD2), today=TODAY) == Normalised.of(
        "document", issuer="UTO", type="I", number="D23145890"
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a pasted machine-readable zone gives beside what was typed. ICAO's specimens (Doc 9303 parts 4 and 5), and what breaks them."""

from datetime import date

import pytest

from pseudonymisation.identity import NO_GATES, RawAttribute, Unreadable
from pseudonymisation.normalise.mrz import check_digit
from register.municipal.attributes import Given, read, typed
from register.municipal.zones import Opened, opened

TODAY = date(2026, 11, 22)
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD3 = f"{FIRST}\n{SECOND}"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
DOCUMENT = RawAttribute.of("document", issuer="UTO", number="L898902C3")
NAME = RawAttribute.of("name_dob", surname="ERIKSSON", given="ANNA MARIA", dob="1974-08-12")


def given(soort: str, place: str = "kenmerken.0", **velden: str) -> Given:
    return typed(soort, None, velden, place, NO_GATES)


def with_name(**velden: str) -> Opened:
    return opened([given("document", mrz=TD3), given("name_dob", "kenmerken.1", **velden)], today=TODAY)


def two_documents() -> list[Given]:
    return [given("document", mrz=TD3), given("document", "kenmerken.1", mrz=TD1)]


def attributes(found: Opened) -> list[RawAttribute | Unreadable]:
    return [one.attribute for one in found.given]


def said(found: Opened) -> str:
    return " ".join(sentence for one in found.readings for sentence in one.unused)


def born(six: str) -> str:
    """The specimen with another date of birth and right check digits."""
    line = SECOND[:13] + six + check_digit(six) + SECOND[20:43]
    return f"{FIRST}\n{line}{check_digit(line[:10] + line[13:20] + line[21:43])}"


def test_one_zone_gives_document_name_and_date_of_birth() -> None:
    found = opened([given("document", mrz=TD3)], today=TODAY)
    assert attributes(found) == [DOCUMENT, NAME]
    (reading,) = found.readings
    assert reading.used == ("documentnummer", "land van afgifte", "naam", "geboortedatum")
    assert not reading.unused


@pytest.mark.parametrize(
    "zone", [TD3, TD3.replace("\n", ""), TD1], ids=["lines", "one line", "identity card"]
)
def test_a_zone_pasted_where_the_number_goes_is_read_all_the_same(zone: str) -> None:
    found = opened([given("document", number=zone, issuer="NLD")], today=TODAY)
    assert attributes(found)[1] == NAME


@pytest.mark.parametrize("number", ["L898902C<", "L898902C3<<<<<<", "AB123456"])
def test_a_number_with_its_fillers_is_a_number(number: str) -> None:
    whole = [given("document", number=number)]
    assert opened(whole, today=TODAY) == Opened(tuple(whole), ())


def test_one_line_of_a_zone_is_told_to_be_incomplete_and_never_taken_for_a_number() -> None:
    (one,) = opened([given("document", number=TD1.splitlines()[0])], today=TODAY).given
    assert isinstance(one.attribute, Unreadable)
    assert "niet compleet" in one.attribute.reason


def test_a_wrong_check_digit_refuses_the_zone_at_the_field_in_which_it_stood() -> None:
    found = opened([given("document", mrz=TD3.replace("L898902C3", "L898902C4"))], today=TODAY)
    person, (wrong,) = read(found.given, None, today=TODAY, gates=NO_GATES)
    assert not person.attributes
    assert not found.readings
    assert "controlecijfer" in wrong.reason
    assert "898902" not in wrong.reason


def test_a_name_that_was_typed_wins_and_the_zone_fills_in_the_date_of_birth() -> None:
    found = with_name(surname="Eriksdotter", given="Anna")
    assert attributes(found) == [
        DOCUMENT,
        RawAttribute.of("name_dob", surname="Eriksdotter", given="Anna", dob="1974-08-12"),
    ]
    assert "U vulde zelf een naam in" in said(found)
    assert found.readings[0].used[-1] == "geboortedatum"


def test_a_date_of_birth_that_was_typed_wins_and_the_zone_fills_in_the_name() -> None:
    found = with_name(dob="13-08-1974")
    assert attributes(found)[1] == RawAttribute.of(
        "name_dob", surname="ERIKSSON", given="ANNA MARIA", dob="13-08-1974"
    )
    assert "U vulde zelf een geboortedatum in" in said(found)


def test_a_name_and_date_that_were_typed_stay_as_they_are() -> None:
    found = with_name(name="Anna Eriksdotter", dob="1974")
    assert attributes(found)[1] == RawAttribute.of("name_dob", name="Anna Eriksdotter", dob="1974")
    assert found.readings[0].used == ("documentnummer", "land van afgifte")


def test_a_name_that_may_be_cut_off_takes_part_and_is_said_to_be() -> None:
    zone = TD3.replace(FIRST, "P<UTOERIKSSON<<ANNA<MARIA<".ljust(44, "X"))
    found = opened([given("document", mrz=zone)], today=TODAY)
    assert attributes(found)[1] == NAME
    assert "afgekapt" in said(found)


def test_a_zone_without_a_name_is_a_document_and_a_date_and_says_so() -> None:
    found = opened([given("document", mrz=TD3.replace(FIRST, "P<UTO".ljust(44, "<")))], today=TODAY)
    assert attributes(found) == [DOCUMENT, RawAttribute.of("name_dob", dob="1974-08-12")]
    assert "geen naam" in said(found)


@pytest.mark.parametrize("six", ["740231", "<<<<<<"], ids=["31 February", "unknown"])
def test_a_date_that_is_no_good_leaves_document_and_name_in_use_and_is_said(six: str) -> None:
    found = opened([given("document", mrz=born(six))], today=TODAY)
    assert attributes(found)[1] == RawAttribute.of("name_dob", surname="ERIKSSON", given="ANNA MARIA")
    assert "geen geboortedatum" in said(found)


def test_an_issuer_that_nobody_knows_leaves_the_number_in_use_and_is_said() -> None:
    found = opened([given("document", mrz=TD3.replace("P<UTO", "P<QQQ"))], today=TODAY)
    assert attributes(found)[0] == RawAttribute.of("document", number="L898902C3")
    assert "land" in said(found)


def test_two_documents_of_one_person_give_two_numbers_and_one_name() -> None:
    found = opened(two_documents(), today=TODAY)
    person, wrong = read(found.given, None, today=TODAY, gates=NO_GATES)
    assert not wrong
    assert sorted(one.type for one in person.attributes) == ["document", "document", "name_dob"]
    assert [one.unused for one in found.readings] == [(), ()]
    own = opened([*two_documents(), given("name_dob", "kenmerken.2", surname="Eriksdotter")], today=TODAY)
    assert attributes(own)[2] == RawAttribute.of("name_dob", surname="Eriksdotter", dob="1974-08-12")


def test_nationality_and_sex_are_in_no_attribute_and_a_reading_holds_no_value() -> None:
    zone = TD3.replace("C36UTO", "C36BGR")
    found = opened([given("document", mrz=zone)], today=TODAY)
    values = [
        text
        for one in found.given
        if isinstance(one.attribute, RawAttribute)
        for _, text in one.attribute.fields
    ]
    assert not [text for text in values if "<" in text or "BGR" in text]
    assert not [text for text in ("ERIKSSON", "ANNA", "898902", "1974") if text in repr(found.readings)]

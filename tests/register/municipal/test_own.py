# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The own street and the own family name: which questions get a mark, and that what is kept is no list of addresses."""

from datetime import date

import pytest

from process.secret import Secret
from pseudonymisation.identity import RawAttribute, Unreadable, attribute_from_text
from pseudonymisation.normalise import Normalised, normalise
from register.municipal.own import Kind, Told, marks, owned
from register.outcomes import Mark

TODAY = date(2026, 3, 2)
IDENTITY = Secret(bytes(range(32)))
OFFICER = "toezichthouder-1"
MINE = Told("Oefenweg", ("1234 AB", "1234 AC"), "de Vries-Jansen")


def normal(kind: str, text: str) -> Normalised:
    # An address in parts, as a form or another system gives it.
    parts = dict(zip(("street", "number", "postcode"), text.split("|"), strict=False))
    raw = RawAttribute.of(kind, **parts) if "|" in text else attribute_from_text(kind, text)
    assert not isinstance(raw, Unreadable)
    found = normalise(raw, today=TODAY)
    assert isinstance(found, Normalised), text
    return found


def seen(
    *asked: tuple[str, str], told: Told = MINE, officer: str = OFFICER, identity: Secret = IDENTITY
) -> set[Mark]:
    kept, wrong = owned(told, IDENTITY, OFFICER, TODAY)
    assert not wrong
    return set(marks([normal(*one) for one in asked], kept, identity, officer))


@pytest.mark.parametrize(
    "address",
    [
        "1234AB 12",
        "1234 ac 3 hs",
        "Oefenweg|12",
        "Oefen wg.|12|1234 ZZ",
        "OEFENWEG 12 A, 1234 AB Oefenmeer",
    ],
)
def test_an_address_in_the_own_street_gets_the_mark(address: str) -> None:
    assert seen(("bag_address", address)) == {Mark.OWN_STREET}


@pytest.mark.parametrize(
    "address",
    ["1235AB 12", "Oefenlaan|12", "Oefenweg|12|9999 ZZ", "0599200000012345"],
    ids=[
        "another postcode",
        "another street",
        "the same name in another place",
        "a BAG number alone names no street",
    ],
)
def test_another_address_gets_none(address: str) -> None:
    assert seen(("bag_address", address)) == set()


@pytest.mark.parametrize(
    "name",
    ["Vries, Anna de;1990-01-01", "Jansen, P.", "Anna de Vries", "Jansens-de Vries, Bo", "VRIES<<ANNA"],
)
def test_a_name_with_the_own_family_name_gets_the_mark(name: str) -> None:
    assert seen(("name_dob", name)) == {Mark.OWN_NAME}


@pytest.mark.parametrize("name", ["Bakker, Anna", "de Boer, Kim", "Visser, Jan"])
def test_a_particle_or_another_name_gets_none(name: str) -> None:
    assert seen(("name_dob", name)) == set()


def test_a_question_on_both_gets_both_and_on_a_telephone_none() -> None:
    assert seen(("bag_address", "1234AB 1"), ("name_dob", "Vries, Anna de")) == {
        Mark.OWN_STREET,
        Mark.OWN_NAME,
    }
    assert seen(("phone", "0612345678")) == set()


def test_nothing_kept_is_nothing_found() -> None:
    assert seen(("bag_address", "1234AB 1"), ("name_dob", "Vries, Anna de"), told=Told("", (), "")) == set()


def test_what_is_kept_of_one_officer_or_organisation_says_nothing_of_another() -> None:
    asked = (("bag_address", "1234AB 1"), ("name_dob", "Vries, Anna de"))
    assert seen(*asked, officer="toezichthouder-2") == set()
    assert seen(*asked, identity=Secret(bytes(32))) == set()
    mine, theirs = (owned(MINE, IDENTITY, one, TODAY)[0] for one in ("officer-1", "officer-2"))
    assert set(mine).isdisjoint(theirs)


def test_what_is_kept_holds_no_word_that_was_typed() -> None:
    kept, _wrong = owned(MINE, IDENTITY, OFFICER, TODAY)
    assert {one.kind for one in kept} == set(Kind)
    assert {len(one.digest) for one in kept} == {32}
    for word in ("oefenweg", "1234", "vries", "jansen"):
        assert word not in repr(kept).lower()
        assert word not in repr(MINE).lower()


def test_what_cannot_be_read_is_named_and_not_repeated() -> None:
    kept, wrong = owned(Told("Oefenweg", ("1234AB", "12 AB"), "X"), IDENTITY, OFFICER, TODAY)
    assert {one.field for one in wrong} == {"postcodes.1", "familienaam"}
    assert kept
    assert "12 AB" not in repr(wrong)

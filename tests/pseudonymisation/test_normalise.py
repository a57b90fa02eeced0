# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pseudonymisation.identity import FIELDS, GATED, RawAttribute, Unreadable, attribute_from_text
from pseudonymisation.normalise import Normalised, complete, minor, normalise, possibly_default
from pseudonymisation.normalise.mrz import check_digit
from pseudonymisation.pseudonym import SPEC_VERSION

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "normalisation.json").read_text(encoding="utf-8")
)
TODAY = date.fromisoformat(VECTORS["today"])
CASE_KEYS = {"name", "type", "text", "fields", "openGates", "normal", "refused"}
OPEN = frozenset(GATED)


def outcome(case: dict[str, Any]) -> Normalised | Unreadable:
    gates = frozenset(case.get("openGates", []))
    if "text" in case:
        raw = attribute_from_text(case["type"], case["text"], open_gates=gates)
    else:
        raw = RawAttribute.of(case["type"], **case["fields"])
    return raw if isinstance(raw, Unreadable) else normalise(raw, today=TODAY, open_gates=gates)


def test_the_vectors_are_of_this_specification_version_and_know_no_unknown_key() -> None:
    assert set(VECTORS) == {"source", "specVersion", "today", "cases"}
    assert VECTORS["specVersion"] == SPEC_VERSION
    for case in VECTORS["cases"]:
        assert set(case) <= CASE_KEYS, case["name"]
        assert ("text" in case) != ("fields" in case), case["name"]
        assert ("normal" in case) != ("refused" in case), case["name"]


def test_every_attribute_type_has_a_good_and_a_bad_vector() -> None:
    good = {case["type"] for case in VECTORS["cases"] if "normal" in case}
    bad = {case["type"] for case in VECTORS["cases"] if "refused" in case}
    assert set(FIELDS) == good
    assert set(FIELDS) <= bad


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_golden_vector(case: dict[str, Any]) -> None:
    found = outcome(case)
    if "normal" in case:
        assert isinstance(found, Normalised), found
        assert dict(found.fields) == case["normal"]
        return
    assert isinstance(found, Unreadable), found
    assert found.field == case["refused"]["field"]
    assert found.reason == case["refused"]["reason"]
    assert found.rule == case["refused"].get("rule")
    assert found.way_forward


@pytest.mark.parametrize(
    "case", [case for case in VECTORS["cases"] if "refused" in case], ids=lambda case: case["name"]
)
def test_a_refusal_never_repeats_what_was_typed(case: dict[str, Any]) -> None:
    found = outcome(case)
    assert isinstance(found, Unreadable)
    typed = [case["text"]] if "text" in case else list(case["fields"].values())
    said = f"{found.field} {found.reason} {found.way_forward}"
    assert not [text for text in typed if len(text.strip()) > 3 and text in said]


# Texts that look like attributes reach further into the rules than any text does.
NEARLY = st.text(
    alphabet="0123456789abcxyzABCñÑéİß<>:;/@.,-_+()#%&?= \u0660\u200e\u202a\u0416\u5f20\u00b4\uff0c\ufdfa",
    max_size=40,
)
ANY_TEXT = st.one_of(st.text(max_size=300), NEARLY)
# The first text ever drawn on a machine builds Hypothesis' Unicode tables, which takes seconds.
THOROUGH = settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TYPES = st.sampled_from(sorted(FIELDS))
STREETS = st.from_regex(
    r"((burg|dr|prins|sint|st|dorp|kerk|s)[. ]?){1,3}(str|st|ln|l n|wg|pl|straat)?", fullmatch=True
)


@st.composite
def raw_attributes(draw: st.DrawFn) -> RawAttribute:
    type_ = draw(TYPES)
    return RawAttribute.of(
        type_, **{name: draw(ANY_TEXT) for name in draw(st.sets(st.sampled_from(FIELDS[type_])))}
    )


@given(raw_attributes())
@THOROUGH
@example(RawAttribute.of("phone", number="+" * 40))
@example(RawAttribute.of("ad_id_or_url", url="https://a.nl/%2541%00"))
@example(RawAttribute.of("email", address="\ud800@example.org"))
@example(RawAttribute.of("bag_address", postcode="1234AB", number="1²"))
@example(RawAttribute.of("document", mrz="<" * 90))
def test_normalising_any_fields_never_raises_and_is_idempotent(raw: RawAttribute) -> None:
    first = normalise(raw, today=TODAY, open_gates=OPEN)
    if isinstance(first, Normalised):
        assert normalise(first.raw(), today=TODAY, open_gates=OPEN) == first


@given(TYPES, ANY_TEXT)
@THOROUGH
def test_normalising_any_text_never_raises_and_is_idempotent(type_: str, text: str) -> None:
    raw = attribute_from_text(type_, text, open_gates=OPEN)
    assert isinstance(raw, RawAttribute)
    first = normalise(raw, today=TODAY, open_gates=OPEN)
    if isinstance(first, Normalised):
        assert normalise(first.raw(), today=TODAY, open_gates=OPEN) == first


@pytest.mark.parametrize(
    "case", [case for case in VECTORS["cases"] if "normal" in case], ids=lambda case: case["name"]
)
def test_a_golden_normal_form_is_its_own_normal_form(case: dict[str, Any]) -> None:
    form = Normalised.of(case["type"], **case["normal"])
    assert normalise(form.raw(), today=TODAY, open_gates=OPEN) == form


@given(st.text(alphabet=st.sampled_from("adegklnprstuw. "), max_size=24) | STREETS)
@example("n n")  # together a placeholder
def test_any_street_is_its_own_normal_form(street: str) -> None:
    first = normalise(RawAttribute.of("bag_address", street=street), today=TODAY)
    if isinstance(first, Normalised):
        assert normalise(first.raw(), today=TODAY) == first


@given(
    st.sampled_from(["+31", "+40", "+48", "+55", "+84", "+54", "+52", "+7", "+39", "+225"]),
    st.text(alphabet="0123456789", min_size=5, max_size=12),
)
@example("+46", "006532634")  # two trunk prefixes
def test_any_number_that_a_plan_may_hold_has_one_form(country: str, digits: str) -> None:
    first = normalise(RawAttribute.of("phone", number=country + digits), today=TODAY)
    if isinstance(first, Normalised):
        assert normalise(first.raw(), today=TODAY) == first


@given(st.dates(min_value=date(1907, 1, 1), max_value=TODAY))
def test_one_date_written_in_five_ways_is_one_date(day: date) -> None:
    written = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d - %m - %Y"]
    forms = {
        normalise(RawAttribute.of("name_dob", name="Maria Nunez", dob=day.strftime(form)), today=TODAY)
        for form in written
    }
    assert forms == {Normalised.of("name_dob", name="maria nunez", dob=day.isoformat())}


def test_the_gate_is_asked_before_the_value_is_read() -> None:
    good, bad = (normalise(RawAttribute.of("bsn", number=text), today=TODAY) for text in ("111222333", "nee"))
    assert good == bad
    assert isinstance(good, Unreadable)
    assert good.rule == "artikel 46 UAVG"


def test_the_first_of_january_is_possibly_a_default_and_other_days_are_not() -> None:
    assert possibly_default("1990-01-01")
    assert not possibly_default("1990-01-02")
    assert not possibly_default("1990-01-00")
    assert complete("1990-01-01")
    assert not complete("1990-01-00")


@pytest.mark.parametrize(
    ("dob", "today", "expected"),
    [
        ("2008-11-22", date(2026, 11, 22), "nee"),
        ("2008-11-23", date(2026, 11, 22), "ja"),
        ("2008-11-00", date(2026, 11, 22), "onbekend"),
        ("2008-12-00", date(2026, 11, 22), "ja"),
        ("2008-00-00", date(2026, 11, 22), "onbekend"),
        ("2009-00-00", date(2026, 11, 22), "ja"),
        ("2007-00-00", date(2026, 11, 22), "nee"),
        ("2008-01-01", date(2026, 11, 22), "onbekend"),  # possibly a default: it can hide a December birth
        ("2009-01-01", date(2026, 11, 22), "ja"),
        ("2008-02-29", date(2026, 2, 28), "ja"),
        ("2008-02-29", date(2026, 3, 1), "nee"),
        ("2010-05-03", date(2026, 11, 22), "ja"),
        ("", date(2026, 11, 22), "onbekend"),
        ("geen datum", date(2026, 11, 22), "onbekend"),
    ],
)
def test_a_minor_is_derived_from_every_date_the_birth_can_have_been_on(
    dob: str, today: date, expected: str
) -> None:
    assert minor(dob, today) == expected


@given(
    st.dates(min_value=date(1930, 1, 2), max_value=TODAY),
    st.dates(min_value=TODAY, max_value=date(2100, 1, 1)),
)
def test_an_unknown_day_never_contradicts_the_known_one(born: date, today: date) -> None:
    known = minor(born.isoformat(), today)
    blurred = {minor(f"{born:%Y-%m}-00", today), minor(f"{born:%Y}-00-00", today)}
    assert blurred <= {known, "onbekend"} or possibly_default(born.isoformat())


def test_the_check_digit_is_that_of_icao_9303() -> None:
    # Doc 9303 part 3, section 4.9 and the specimens of parts 4 and 5.
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"
    assert check_digit("L898902C3") == "6"
    assert check_digit("D23145890") == "7"


def test_a_number_of_more_than_nine_characters_goes_on_in_the_optional_field() -> None:
    # Doc 9303 part 5, appendix: the check position holds a filler, number and check digit end the optional data.
    number = "D23145890734"
    first = f"I<UTO{number[:9]}<{number[9:]}{check_digit(number)}".ljust(30, "<")
    over_all = check_digit(first[5:] + "7408122" + "1204159" + "<" * 11)
    zone = first + f"7408122F1204159UTO<<<<<<<<<<<{over_all}" + "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    assert normalise(RawAttribute.of("document", mrz=zone), today=TODAY) == Normalised.of(
        "document", issuer="UTO", type="I", number=number
    )


def test_a_normal_form_never_shows_its_value() -> None:
    form = Normalised.of("phone", number="+31612345678")
    assert "612345678" not in f"{form!r} {form} {[form]}"


def test_a_refusal_is_the_same_object_for_every_bad_value() -> None:
    refusals = {normalise(RawAttribute.of("phone", number=text), today=TODAY) for text in ("1", "abc", "06")}
    assert len(refusals) == 1

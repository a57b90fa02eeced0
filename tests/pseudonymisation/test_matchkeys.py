# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation.identity import RawAttribute, attribute_from_text
from pseudonymisation.matchkeys import (
    STOP_PHONES,
    MatchKey,
    MatchKeySet,
    american_soundex,
    match_keys,
    soundex,
    too_little,
    too_little_for_organisation,
)
from pseudonymisation.normalise import Normalised, normalise
from pseudonymisation.pseudonym import FAMILIES, MAX_TOKENS_PER_PERSON, enough

TODAY = date(2026, 11, 22)
OPEN = frozenset({"bsn", "v_nummer"})


def normal(type_: str, text: str) -> Normalised:
    raw = attribute_from_text(type_, text, open_gates=OPEN)
    assert isinstance(raw, RawAttribute)
    form = normalise(raw, today=TODAY, open_gates=OPEN)
    assert isinstance(form, Normalised), form
    return form


def keys_of(*given_: tuple[str, str]) -> MatchKeySet:
    return match_keys(normal(type_, text) for type_, text in given_)


def agreeing(one: MatchKeySet, other: MatchKeySet) -> set[str]:
    return {key.family for key in set(one.keys) & set(other.keys)}


def name(text: str) -> MatchKeySet:
    return keys_of(("name_dob", text))


MARIA = "Nuñez, Maria;1990-05-03"
WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzé", min_size=2, max_size=8), min_size=1, max_size=4, unique=True
)


# ---- what meets and what does not ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "NUNEZ, MARIA;03-05-1990",
        "NUNEZ<<MARIA<<<;1990-05-03",
        "Maria Nunez;1990-05-03",
        "Nunez Maria;1990-05-03",
        "Maria, Nuñez;1990-05-03",
    ],
)
def test_one_name_in_another_spelling_or_order_agrees_exactly(other: str) -> None:
    assert "name_dob" in agreeing(name(MARIA), name(other))


@pytest.mark.parametrize(
    ("other", "families"),
    [
        ("Nuñez Garcia, Maria Elena;1990-05-03", {"name_dob", "name_dob_near", "name_dob_part"}),
        ("Nunes, Maria;1990-05-03", {"name_dob_near"}),
        ("Nuñez, M.;1990-05-03", {"name_dob_near"}),
        ("Nuñez, Maria;1990-03-05", {"name_dob_near", "name_dob_part"}),
        ("Nuñez, Maria;1990-05-04", {"name_dob_part"}),
        ("Nuñez, Maria;1991-05-03", {"name_dob_part"}),
        ("Nuñez, Maria;1990-05-00", {"name_dob_part"}),
        ("Nuñez, Maria;1990", {"name_dob_part"}),
        ("Nuñez, Maria;1990-01-01", {"name_dob_part"}),
        ("Nuñez, Maria;1991-06-04", set()),
        ("Garcia, Elena;1990-05-03", set()),
    ],
)
def test_one_thing_off_agrees_in_a_lossier_family_only(other: str, families: set[str]) -> None:
    assert agreeing(name(MARIA), name(other)) == families


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yusuf Ali", "Jusuf Ali"),
        ("Khalid Omar", "Chalid Omar"),
        ("Mohammed Said", "Muhamad Saïd"),
        ("Müller, Jan", "MUELLER, JAN"),
    ],
)
def test_spellings_that_sound_alike_agree_with_the_whole_date(one: str, other: str) -> None:
    assert "name_dob_near" in agreeing(name(f"{one};1990-05-03"), name(f"{other};1990-05-03"))


@given(
    WORDS.flatmap(lambda words: st.tuples(st.just(words), st.permutations(words))),
    st.dates(date(1930, 1, 2), TODAY),
)
def test_the_whole_name_agrees_in_any_order(orders: tuple[list[str], list[str]], dob: date) -> None:
    words, mixed = orders
    one, other = (
        match_keys([Normalised.of("name_dob", name=" ".join(each), dob=dob.isoformat())])
        for each in (words, mixed)
    )
    whole = [[key for key in found.keys if b"name.whole" in key.value] for found in (one, other)]
    assert whole[0] == whole[1]
    assert bool(whole[0]) == (len(words) >= 2 and (dob.month, dob.day) != (1, 1))


@pytest.mark.parametrize(
    ("type_", "one", "other"),
    [
        ("phone", "06 12345678", "+31612345678"),
        ("document", "ROU:P:AB123456", "ro:ab 123456"),
        ("email", "Maria@Example.org", "maria@example.org"),
        ("social_handle", "ig:@Lola", "https://instagram.com/lola"),
        ("ad_id_or_url", "https://www.ads.example/x-1234567?utm_source=a", "ads.example/1234567"),
        ("plate", "12-abc-3", "NL:12ABC3"),
        ("iban", "NL91 ABNA 0417 1643 00", "nl91abna0417164300"),
        ("bag_address", "1234AB 12; 0344200000012345", "1234 ab 12"),
        ("kvk", "12345678/000012345678", "12345678"),
        ("bsn", "1112.22.333", "111222333"),
        ("v_nummer", "281 234 5678", "2812345678"),
    ],
)
def test_one_identifier_written_in_two_ways_agrees(type_: str, one: str, other: str) -> None:
    assert agreeing(keys_of((type_, one)), keys_of((type_, other))) == {type_}


def test_the_issuer_is_inside_the_document_key() -> None:
    assert not agreeing(keys_of(("document", "ROU:AB123456")), keys_of(("document", "BGR:AB123456")))


def test_a_name_without_a_date_of_birth_is_no_key_and_says_so() -> None:
    found = name("Nuñez, Maria")
    assert not found.keys
    assert not found.fillers
    assert [unused.field for unused in found.unused] == ["name_dob"]


def test_no_key_of_a_name_is_without_a_part_of_its_date() -> None:
    for dob in ("1990-05-03", "1990-05-00", "1990", "1990-01-01"):
        for key in name(f"Nuñez, Maria;{dob}").keys:
            assert b"1990" in key.value or b"05-03" in key.value


@pytest.mark.parametrize("dob", ["1990-05-00", "1990-00-00", "1990-01-01"])
def test_a_partial_or_default_date_gives_the_partial_family_only(dob: str) -> None:
    assert name(f"Nuñez, Maria;{dob}").families == {"name_dob_part"}


def test_the_first_of_january_never_agrees_on_day_or_month() -> None:
    default, other = name("Nuñez, Maria;1990-01-01"), name("Nuñez, Maria;1985-01-01")
    assert not agreeing(default, other)


def test_a_day_and_month_that_cannot_be_swapped_leave_a_filler() -> None:
    assert name("Nuñez, Maria;1990-05-23").fillers == {"name_dob_near": 1}
    assert name("Nuñez, Maria;1990-05-05").fillers == {"name_dob_near": 1}
    assert name(MARIA).fillers == {}


def test_initials_and_single_names_never_agree_exactly() -> None:
    for text in ("Nuñez, M.;1990-05-03", "Maria;1990-05-03"):
        found = name(text)
        assert found.families == {"name_dob_near"}
        assert found.fillers["name_dob"] == 2


def test_a_single_name_with_part_of_a_date_is_no_key_and_says_so() -> None:
    found = name("Maria;1990")
    assert not found.keys
    assert [unused.field for unused in found.unused] == ["name_dob"]


def test_particles_of_a_surname_make_no_difference() -> None:
    assert "name_dob" in agreeing(name("de Vries, Anna;1990-05-03"), name("Vries, Anna;1990-05-03"))
    assert "name_dob" in agreeing(name("van der Berg, Anna;1990-05-03"), name("Anna Berg;1990-05-03"))


# ---- work alias -------------------------------------------------------------------------------------------


def test_a_work_alias_alone_is_no_key_and_says_so() -> None:
    found = keys_of(("work_alias", "Lola"))
    assert not found.keys
    assert [unused.field for unused in found.unused] == ["work_alias"]


@pytest.mark.parametrize(
    "companion",
    [("phone", "0612345678"), ("ad_id_or_url", "ads.example/1234567"), ("bag_address", "1234AB 12")],
)
def test_a_work_alias_is_joined_to_a_telephone_advertisement_or_premises(companion: tuple[str, str]) -> None:
    found = keys_of(("work_alias", "Lola"), companion)
    assert "work_alias" in found.families
    assert found.fillers["work_alias"] == 2


def test_one_alias_with_different_telephones_does_not_agree() -> None:
    one = keys_of(("work_alias", "Lola"), ("phone", "0612345678"))
    other = keys_of(("work_alias", "Lola"), ("phone", "0687654321"))
    assert not agreeing(one, other)


def test_a_work_alias_is_not_joined_to_an_email_address() -> None:
    assert "work_alias" not in keys_of(("work_alias", "Lola"), ("email", "lola@example.org")).families


# ---- counts -------------------------------------------------------------------------------------------------

ATTRIBUTES = st.lists(
    st.sampled_from(
        [
            *(("phone", f"06123456{number:02}") for number in range(60)),
            *(
                ("name_dob", f"Nuñez, {given_};{dob}")
                for given_ in ("Maria", "M.", "Elena")
                for dob in ("1990-05-03", "1990", "1990-01-01", "1990-05-23")
            ),
            ("name_dob", "Nuñez, Maria"),
            ("document", "ROU:AB123456"),
            ("work_alias", "Lola"),
            ("work_alias", "Kim"),
            ("bag_address", "1234AB 12"),
            ("bag_address", "1234AB 12; 0344200000012345"),
            ("kvk", "12345678"),
            ("plate", "RO:B123ABC"),
        ]
    ),
    max_size=60,
)


@given(ATTRIBUTES)
def test_points_are_at_most_forty_and_constant_within_every_family(given_: list[tuple[str, str]]) -> None:
    found = keys_of(*given_)
    assert found.points <= MAX_TOKENS_PER_PERSON
    assert len(set(found.keys)) == len(found.keys)
    real = [key.family for key in found.keys]
    for family in {*real, *found.fillers}:
        assert (real.count(family) + found.fillers.get(family, 0)) % FAMILIES[family].tokens == 0


@given(ATTRIBUTES)
def test_no_attribute_disappears_silently(given_: list[tuple[str, str]]) -> None:
    found = keys_of(*given_)
    distinct = {normal(*each) for each in given_}
    totals = {
        family: sum(key.family == family for key in found.keys) + found.fillers.get(family, 0)
        for family in FAMILIES
    }
    for type_ in {each.type for each in distinct}:
        # Every name has name_dob_part; every other type one family of its own name.
        family = "name_dob_part" if type_ == "name_dob" else type_
        used = totals[family] // FAMILIES[family].tokens
        unused = sum(each.field == type_ for each in found.unused)
        assert used + unused == sum(each.type == type_ for each in distinct)


@given(ATTRIBUTES)
def test_equal_attributes_count_once(given_: list[tuple[str, str]]) -> None:
    assert keys_of(*given_) == keys_of(*given_, *given_)


def test_when_forty_points_are_not_enough_every_type_keeps_its_first() -> None:
    phones = [("phone", f"06123456{number:02}") for number in range(60)]
    found = keys_of(*phones, ("name_dob", MARIA), ("document", "ROU:AB123456"))
    assert found.families == {"phone", "document", "name_dob", "name_dob_near", "name_dob_part"}
    assert found.points == 40
    assert len(found.unused) == 60 - (40 - 10 - 1)


def test_a_published_service_number_is_left_out_and_joins_no_alias() -> None:
    found = keys_of(("phone", "0800 2000"), ("work_alias", "Lola"))
    assert not found.keys
    assert {unused.field for unused in found.unused} == {"phone", "work_alias"}


@pytest.mark.parametrize("number", sorted(STOP_PHONES))
def test_the_stop_list_is_in_normal_form(number: str) -> None:
    assert normal("phone", number).get("number") == number


def test_stretch_classes_follow_the_table() -> None:
    found = keys_of(("phone", "0612345678"), ("name_dob", MARIA), ("work_alias", "Lola"))
    classes = {key.family: key.stretch_class for key in found.keys}
    assert classes["phone"] == "exact"
    assert {classes[family] for family in classes if family != "phone"} == {"composite"}


def test_a_match_key_never_shows_its_value() -> None:
    found = keys_of(("phone", "0612345678"), ("name_dob", MARIA))
    shown = f"{found!r} {found} {found.keys[0]} {found.keys[0]!r}"
    assert "612345678" not in shown
    assert "nunez" not in shown


def test_no_key_of_one_rule_equals_a_key_of_another() -> None:
    assert len({MatchKey("name_dob_part", key.value) for key in name(MARIA).keys}) == len(name(MARIA).keys)


# ---- phonetic code ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "code"),
    [
        # National Archives (NARA), "Soundex System", and Knuth, TAOCP volume 3, section 6.
        ("robert", "r163"),
        ("rupert", "r163"),
        ("ashcraft", "a261"),
        ("tymczak", "t522"),
        ("pfister", "p236"),
        ("honeyman", "h555"),
        ("jackson", "j250"),
        ("gutierrez", "g362"),
        ("washington", "w252"),
        ("lee", "l000"),
        ("lloyd", "l300"),
        ("euler", "e460"),
        ("hilbert", "h416"),
        ("knuth", "k530"),
        ("lukasiewicz", "l222"),
    ],
)
def test_soundex_is_that_of_the_national_archives(word: str, code: str) -> None:
    assert american_soundex(word) == code


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=20))
def test_a_phonetic_code_is_a_letter_and_three_digits(word: str) -> None:
    code = soundex(word)
    assert len(code) == 4
    assert code[0].isalpha()
    assert code[1:].isdigit()


# ---- too little ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_",
    [
        [],
        [("name_dob", "Nuñez, Maria")],
        [("name_dob", "A., Mohamed;1-1-1990")],  # SC6
        [("name_dob", "Nuñez, Maria;1990-05-00")],
        [("plate", "RO:B123ABC")],
        [("bag_address", "1234AB 12")],
        [("work_alias", "Lola")],
        [("work_alias", "Lola"), ("bag_address", "1234AB 12")],
        [("kvk", "12345678")],
        [("phone", "0800 2000")],
        [("name_dob", "Nuñez, Maria"), ("plate", "RO:B123ABC")],
    ],
)
def test_too_little_to_ask_on_says_why_and_what_to_ask_for(given_: list[tuple[str, str]]) -> None:
    verdict = too_little(normal(*each) for each in given_)
    assert verdict is not None
    assert verdict.reason.endswith(".")
    assert verdict.ask_for.startswith("Vraag")
    typed = [text for _type, text in given_]
    assert not [text for text in typed if text in verdict.reason + verdict.ask_for]


@pytest.mark.parametrize(
    "given_",
    [
        [("phone", "0612345678")],
        [("name_dob", MARIA)],
        [("name_dob", "A., Mohamed;1-1-1990"), ("phone", "0612345678")],
        [("name_dob", "Ali, Mohamed;1-1-1990"), ("plate", "RO:B123ABC")],
    ],
)
def test_enough_to_ask_on_is_condition_c3(given_: list[tuple[str, str]]) -> None:
    assert too_little(normal(*each) for each in given_) is None


@given(ATTRIBUTES)
def test_too_little_is_exactly_not_enough(given_: list[tuple[str, str]]) -> None:
    verdict = too_little(normal(*each) for each in given_)
    assert (verdict is None) == enough(keys_of(*given_).families)


def test_premises_and_companies_are_asked_by_number_or_address() -> None:
    assert too_little_for_organisation([normal("kvk", "12345678")]) is None
    assert too_little_for_organisation([normal("bag_address", "1234AB 12")]) is None
    assert too_little_for_organisation([normal("name_dob", MARIA)]) is not None
    assert too_little_for_organisation([]) is not None


@given(st.dates(date(1930, 1, 1), TODAY - timedelta(days=1)))
def test_any_complete_date_that_is_not_the_first_of_january_makes_a_name_enough(dob: date) -> None:
    form = normal("name_dob", f"Nuñez, Maria;{dob.isoformat()}")
    assert (too_little([form]) is None) == ((dob.month, dob.day) != (1, 1))

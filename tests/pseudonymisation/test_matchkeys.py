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
    match_keys,
    too_little,
    too_little_for_organisation,
)
from pseudonymisation.normalise import Normalised, normalise
from pseudonymisation.pseudonym import (
    FAMILIES,
    MAX_TOKENS_PER_PERSON,
    Agreement,
    Strength,
    agreement,
    enough,
)

TODAY = date(2026, 11, 22)
OPEN = frozenset({"bsn", "v_nummer"})


def normal(type_: str, text: str) -> Normalised:
    raw = attribute_from_text(type_, text, open_gates=OPEN)
    assert isinstance(raw, RawAttribute)
    form = normalise(raw, today=TODAY, open_gates=OPEN)
    assert isinstance(form, Normalised), form
    return form


def address(**fields: str) -> Normalised:
    form = normalise(RawAttribute.of("bag_address", **fields), today=TODAY)
    assert isinstance(form, Normalised), form
    return form


def keys_of(*given_: tuple[str, str]) -> MatchKeySet:
    return match_keys(normal(type_, text) for type_, text in given_)


def agreeing(one: MatchKeySet, other: MatchKeySet) -> set[str]:
    return {key.family for key in set(one.keys) & set(other.keys)}


def name(text: str) -> MatchKeySet:
    return keys_of(("name_dob", text))


MARIA = "Nuñez, Maria;1990-05-03"
OF_A_NAME = frozenset(
    {"name_dob", "name_dob_near", "name_dob_word", "name_dob_part", "name_dob_year", "name_pair"}
)
WORDS = st.lists(
    st.sampled_from(["maria", "elena", "nunez", "garcia", "andrei", "popescu", "fatima", "hassan"]),
    min_size=2,
    max_size=4,
    unique=True,
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
        ("Nuñez Garcia, Maria Elena;1990-05-03", OF_A_NAME),
        ("Nuñez, M.;1990-05-03", {"name_dob_word"}),
        ("Nuniz, Mario;1990-05-03", {*OF_A_NAME} - {"name_dob"}),
        ("Nuñes, Carmen;1990-05-03", {"name_dob_word"}),
        ("Maria;1990-05-03", {"name_dob_word"}),
        ("Garcia, Maria;1990-05-03", {"name_dob_word"}),
        ("Nuñez, Maria;1990-03-05", {"name_dob_near", "name_dob_year", "name_pair"}),
        ("Nuñez, Maria;1990-05-04", {"name_dob_part", "name_dob_year", "name_pair"}),
        ("Nuñez, Maria;1991-05-03", {"name_dob_part", "name_pair"}),
        ("Nuñez, Maria;1990-05-00", {"name_dob_part", "name_dob_year", "name_pair"}),
        ("Nuñez, Maria;1990", {"name_dob_year", "name_pair"}),
        ("Nuñez, Maria;1990-01-01", {"name_dob_year", "name_pair"}),
        ("Nuñez, Maria;1991-06-04", {"name_pair"}),
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
        ("El Idrissi, Anna", "ELIDRISSI, ANNA"),
    ],
)
def test_variants_of_one_name_agree_with_the_whole_date(one: str, other: str) -> None:
    assert "name_dob_near" in agreeing(name(f"{one};1990-05-03"), name(f"{other};1990-05-03"))


@given(
    WORDS.flatmap(lambda words: st.tuples(st.just(words[:2]), st.permutations(words[:2]))),
    st.dates(date(1930, 1, 2), TODAY),
)
def test_two_words_give_the_same_keys_in_any_order(orders: tuple[list[str], list[str]], dob: date) -> None:
    forms = [normal("name_dob", f"{' '.join(each[:2])};{dob.isoformat()}") for each in orders]
    assert set(match_keys(forms[:1]).keys) == set(match_keys(forms[1:]).keys)


@given(st.permutations(["maria", "elena", "nunez"]))
def test_a_pair_of_three_words_agrees_in_any_order(words: list[str]) -> None:
    plate = ("plate", "NL:AB12CD")
    one = keys_of(plate, ("name_dob", "Maria Elena Nunez"))
    assert "name_pair" in agreeing(one, keys_of(plate, ("name_dob", " ".join(words))))


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
    beside = {"document": {"document_number"}}
    found = agreeing(keys_of((type_, one)), keys_of((type_, other)))
    assert found == {type_} | beside.get(type_, set())


def test_the_issuer_is_inside_the_document_key_and_the_number_alone_is_beside_it() -> None:
    romanian = keys_of(("document", "ROU:AB123456"))
    for other in ("BGR:AB123456", "AB123456"):
        assert agreeing(romanian, keys_of(("document", other))) == {"document_number"}
    assert keys_of(("document", "AB123456")).fillers == {"document": 1}


def test_a_number_alone_agrees_where_a_letter_was_read_as_a_digit() -> None:
    one, other = keys_of(("document", "ROU:A8I23456")), keys_of(("document", "ROU:AB123456"))
    assert agreeing(one, other) == {"document_number"}


def test_a_short_number_is_no_key_without_its_issuer() -> None:
    assert keys_of(("document", "ROU:AB123")).families == {"document"}
    short = keys_of(("document", "AB123"))
    assert (short.points, [one.field for one in short.unused]) == (0, ["document"])


def test_the_addition_to_a_house_number_makes_no_difference() -> None:
    one, other = keys_of(("bag_address", "1234AB 12 A")), keys_of(("bag_address", "1234AB 12-1"))
    assert agreeing(one, other) == {"bag_address"}


def test_a_street_agrees_by_number_or_by_postcode_however_it_is_abbreviated() -> None:
    whole = match_keys([address(street="Lange Straat", number="12", postcode="1234AB")])
    for other in (
        address(street="Lange St.", number="12"),
        address(street="Lange Straat", number="21", postcode="1234AB"),
        address(street="Lange Straat", number="12", postcode="4321AB"),
    ):
        assert agreeing(whole, match_keys([other])) == {"street"}
    assert not agreeing(whole, match_keys([address(street="Lange Straat", number="3")]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dorpsstr.", "Dorpsstraat"),
        ("Dorps straat", "Dorpsstraat"),
        ("Kerkln", "Kerklaan"),
        ("Stationspln", "Stationsplein"),
        ("Burg. Jansenwg", "Burgemeester Jansenweg"),
        ("Burg. Jansenwg", "Jansenweg"),
    ],
)
def test_a_street_meets_its_full_form_with_the_abbreviation_joined_to_it(one: str, other: str) -> None:
    found = [match_keys([address(street=street, number="12")]) for street in (one, other)]
    assert agreeing(*found) == {"street"}


def test_two_streets_of_another_kind_are_two() -> None:
    found = [match_keys([address(street=street, number="12")]) for street in ("Kerkstr.", "Kerkln.")]
    assert not agreeing(*found)


def test_an_address_on_which_nothing_can_be_compared_says_so() -> None:
    alone = match_keys([address(street="Dorpsstraat")])
    (unused,) = alone.unused
    assert (alone.points, unused.field) == (0, "bag_address")
    assert "huisnummer" in unused.way_forward
    for beside in (normal(*PHONE), normal("name_dob", MARIA)):
        found = match_keys([address(street="Dorpsstraat"), beside])
        assert [one.field for one in found.unused] == ["bag_address"]


def test_one_postcode_in_two_countries_is_two_doors() -> None:
    one = match_keys([address(country="BEL", postcode="1000", number="12")])
    other = match_keys([address(country="AUT", postcode="1000", number="12")])
    assert not agreeing(one, other)


# ---- names ------------------------------------------------------------------------------------------------


def test_a_name_alone_is_no_key_at_all() -> None:
    found = name("Nuñez, Maria")
    assert found.families == frozenset()
    assert [one.field for one in found.unused] == ["name_dob"]


def test_a_name_without_a_date_of_birth_is_a_pair_beside_something_else_and_adds_nothing_to_c3() -> None:
    found = keys_of(("plate", "NL:AB12CD"), ("name_dob", "Nuñez, Maria"))
    assert found.families == {"plate", "name_pair"}
    assert not found.unused
    assert not enough(found.families)


@pytest.mark.parametrize("family", ["name_pair", "person_phone", "person_place"])
def test_what_only_the_score_uses_never_counts_for_c3(family: str) -> None:
    assert FAMILIES[family].person is Strength.WEAK
    assert FAMILIES[family].lossy


def test_no_key_that_counts_for_c3_is_a_name_without_a_part_of_its_date() -> None:
    for dob in ("1990-05-03", "1990-05-00", "1990", "1990-01-01", ""):
        for key in name(f"Nuñez, Maria;{dob}").keys:
            assert key.family == "name_pair" or b"1990" in key.value or b"05-03" in key.value


@pytest.mark.parametrize("dob", ["1990-05-00", "1990-00-00", "1990-01-01"])
def test_a_partial_or_default_date_gives_the_partial_families_and_is_one_medium(dob: str) -> None:
    found = name(f"Nuñez, Maria;{dob}")
    assert found.families <= {"name_dob_part", "name_dob_year", "name_pair"}
    assert not enough(found.families)


def test_the_first_of_january_never_agrees_on_day_or_month() -> None:
    default, other = name("Nuñez, Maria;1990-01-01"), name("Nuñez, Maria;1985-01-01")
    assert agreeing(default, other) == {"name_pair"}


def test_a_day_and_month_that_cannot_be_swapped_leave_a_filler() -> None:
    assert name("Nuñez, Maria;1990-05-23").fillers["name_dob_near"] == 1
    assert name("Nuñez, Maria;1990-05-05").fillers["name_dob_near"] == 1
    assert "name_dob_near" not in name(MARIA).fillers


def test_initials_and_single_names_never_agree_exactly() -> None:
    assert name("Nuñez, M.;1990-05-03").families == {"name_dob_word"}
    assert name("Maria;1990-05-03").families == {"name_dob_word"}
    assert agreement({"name_dob_word"}) is Agreement.POSSIBLE


def test_a_word_by_sound_is_never_compared_without_how_the_other_begins() -> None:
    for text in (MARIA, "Nuñez, M.;1990-05-03", "Maria;1990-05-03", "Nuñez Garcia, Maria Elena;1990-05-03"):
        for key in name(text).keys:
            if key.family == "name_dob_word":
                rule, *parts = _parts(key.value)
                assert len(parts) == {b"word": 2, b"word.beside": 3}[rule]


def _parts(value: bytes) -> list[bytes]:
    found = []
    while value:
        size = int.from_bytes(value[:2], "big")
        found.append(value[2 : 2 + size])
        value = value[2 + size :]
    return found


def test_a_question_with_name_date_of_birth_and_telephone_is_sixteen_points() -> None:
    assert keys_of(("name_dob", MARIA), PHONE).points == 16
    assert keys_of(("name_dob", MARIA), ("document", "ROU:AB123456")).points <= 16


@pytest.mark.parametrize("text", ["Maria;1990", "Maria", "Nuñez, M.", ";1990-05-03"])
def test_what_is_too_short_of_a_name_is_no_key_and_says_so(text: str) -> None:
    found = name(text)
    assert not found.keys
    assert not found.fillers
    assert [unused.field for unused in found.unused] == ["name_dob"]


# ---- who of those that share it ---------------------------------------------------------------------------

PHONE = ("phone", "0612345678")
HOME = ("bag_address", "1234AB 12")


@pytest.mark.parametrize(
    ("other", "by_phone", "by_place"),
    [
        ("Nuñez, Elena;1992-06-04", True, True),  # a word of the name
        ("Nagy, Marco;1992-06-04", False, True),  # initials: somebody heard the rest
        ("Garcia, Elena;1990-05-03", False, True),  # the date of birth
        ("Maria", True, True),  # a word, and no date
        ("Garcia, Elena;1992-06-04", False, False),
    ],
)
def test_a_telephone_or_place_says_who_of_those_that_share_it(
    other: str, *, by_phone: bool, by_place: bool
) -> None:
    for shared, family, same in ((PHONE, "person_phone", by_phone), (HOME, "person_place", by_place)):
        one, two = keys_of(shared, ("name_dob", MARIA)), keys_of(shared, ("name_dob", other))
        assert (family in agreeing(one, two)) == same, family
        assert family in two.families


def test_a_date_without_a_name_is_compared_at_a_place_only() -> None:
    assert agreeing(keys_of(HOME, ("name_dob", MARIA)), keys_of(HOME, ("name_dob", ";1990-05-03"))) >= {
        "person_place"
    }
    alone = keys_of(PHONE, ("name_dob", ";1990-05-03"))
    assert alone.families == {"phone"}
    assert [unused.field for unused in alone.unused] == ["name_dob"]


@pytest.mark.parametrize(
    ("one", "other"), [(PHONE, ("phone", "0687654321")), (HOME, ("bag_address", "4321AB 12"))]
)
def test_one_name_at_another_telephone_or_place_is_no_such_agreement(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    found = agreeing(keys_of(one, ("name_dob", MARIA)), keys_of(other, ("name_dob", MARIA)))
    assert found == OF_A_NAME


def test_the_first_of_january_says_nothing_of_who_shares_a_telephone() -> None:
    one, other = (
        keys_of(PHONE, ("name_dob", f"{who};1990-01-01")) for who in ("Nuñez, Maria", "Garcia, Elena")
    )
    assert agreeing(one, other) == {"phone"}


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
        # Every name that is used here has name_pair; every other type one family of its own name.
        family = "name_pair" if type_ == "name_dob" else type_
        used = totals[family] // FAMILIES[family].tokens
        unused = sum(each.field == type_ for each in found.unused)
        assert used + unused == sum(each.type == type_ for each in distinct)


@given(ATTRIBUTES)
def test_equal_attributes_count_once(given_: list[tuple[str, str]]) -> None:
    assert keys_of(*given_) == keys_of(*given_, *given_)


def test_when_forty_points_are_not_enough_every_type_keeps_its_first() -> None:
    phones = [("phone", f"06123456{number:02}") for number in range(60)]
    found = keys_of(*phones, ("name_dob", MARIA), ("document", "ROU:AB123456"))
    assert found.families == OF_A_NAME | {"phone", "document", "document_number", "person_phone"}
    assert found.points == MAX_TOKENS_PER_PERSON
    of_the_rest = sum(FAMILIES[family].tokens for family in found.families - {"phone"})
    assert len(found.unused) == 60 - (MAX_TOKENS_PER_PERSON - of_the_rest)


def test_a_published_service_number_is_left_out_and_joins_no_alias_and_no_name() -> None:
    found = keys_of(("phone", "0800 2000"), ("work_alias", "Lola"), ("name_dob", "Nuñez, Maria"))
    assert found.families == {"name_pair"}
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


# ---- too little ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_",
    [
        [],
        [("name_dob", "Nuñez, Maria")],
        [("name_dob", "Maria;1990-05-03")],
        [("name_dob", ";1990-05-03")],
        [("name_dob", ";1990-05-03"), ("bag_address", "1234AB 12")],
        [("document", "AB123456")],
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


@pytest.mark.parametrize(
    ("given_", "reason", "ask_for"),
    [
        ([("name_dob", ";1990-05-03")], "zonder naam", "achternaam"),
        ([("name_dob", "Maria;1990-05-03")], "één woord", "achternaam"),
        ([("name_dob", "Nuñez, Maria")], "zonder geboortedatum", "geboortedatum"),
        ([("name_dob", "A., Mohamed;1-1-1990")], "1 januari", "tweede gegeven"),
        ([("document", "AB123456")], "zonder land", "welk land"),
    ],
)
def test_what_to_ask_for_at_the_door_is_what_is_missing(
    given_: list[tuple[str, str]], reason: str, ask_for: str
) -> None:
    verdict = too_little(normal(*each) for each in given_)
    assert verdict is not None
    assert reason in verdict.reason
    assert ask_for in verdict.ask_for

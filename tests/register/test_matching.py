# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation.pseudonym import (
    FAMILIES,
    Agreement,
    UnknownFamilyError,
    agreement,
    enough,
    enough_for_organisation,
)
from register.matching import (
    MOST_CARRIERS,
    Candidate,
    Posting,
    SubjectKey,
    Weighing,
    finding_families,
    finding_tags,
    kinds,
    linked,
)
from register.matching import candidates as candidates_among
from register.scoring import Families, Snapshot, weights_from

WEIGHING = Weighing(
    weights_from(files("register").joinpath("data/weights.json").read_text("utf-8")), Snapshot()
)

LOSSY = sorted(name for name, family in FAMILIES.items() if family.lossy)
SUBJECTS = st.builds(
    SubjectKey, st.integers(0, 3).map(lambda n: UUID(int=n)), st.just(1), st.sampled_from(["s1", "s2"])
)
POSTINGS = st.builds(
    Posting, SUBJECTS, st.booleans(), st.sampled_from(sorted(FAMILIES)), st.sampled_from([b"1", b"2"])
)


def candidates(
    postings: Iterable[Posting],
    *,
    organisation: bool,
    asked: Families = frozenset(),
    having: Mapping[SubjectKey, Families] | None = None,
) -> list[Candidate]:
    """Unless said otherwise, both have what agrees and nothing else."""
    every = list(postings)
    return candidates_among(
        every, organisation=organisation, asked=asked, having=having or {}, weighing=WEIGHING
    )


def key(number: int, ref: str = "s1") -> SubjectKey:
    return SubjectKey(UUID(int=number), 1, ref)


def person(number: int, *families: str, ref: str = "s1") -> list[Posting]:
    return [
        Posting(key(number, ref), organisation_subject=False, family=family, tag=family.encode())
        for family in families
    ]


def company(number: int, *families: str) -> list[Posting]:
    return [
        Posting(key(number), organisation_subject=True, family=family, tag=family.encode())
        for family in families
    ]


def found(postings: list[Posting], *, organisation: bool = False) -> dict[int, Candidate]:
    return {one.subject.signal_id.int: one for one in candidates(postings, organisation=organisation)}


def test_postings_of_one_subject_are_one_candidate_with_all_that_agrees() -> None:
    (candidate,) = candidates(person(1, "phone", "email", "plate"), organisation=False)
    assert candidate == Candidate(key(1), frozenset({"phone", "email", "plate"}), Agreement.KNOWN)


def test_a_family_that_agrees_in_several_tokens_counts_once() -> None:
    assert candidates(person(1, "plate", "plate", "plate"), organisation=False) == []


def test_one_strong_attribute_is_enough() -> None:
    assert found(person(1, "phone"))[1].band is Agreement.KNOWN


def test_one_medium_attribute_is_not_and_two_are() -> None:
    assert found(person(1, "plate")) == {}
    assert found(person(1, "plate", "name_dob_part"))[1].band is Agreement.POSSIBLE


def test_a_name_with_a_whole_date_of_birth_is_enough() -> None:
    assert found(person(1, "name_dob"))[1].band is Agreement.KNOWN


@pytest.mark.parametrize("families", [("work_alias",), ("name_dob_part",), ("bag_address", "work_alias")])
def test_never_on_a_name_alone(families: tuple[str, ...]) -> None:
    assert found(person(1, *families)) == {}


def test_what_only_lossy_families_carry_is_possible_and_never_known() -> None:
    assert found(person(1, "name_dob_near"))[1].band is Agreement.POSSIBLE
    assert found(person(1, *LOSSY))[1].band is Agreement.POSSIBLE


def test_two_mediums_of_two_subjects_never_add_up() -> None:
    assert found([*person(1, "plate"), *person(2, "name_dob_part")]) == {}


def test_two_mediums_of_two_subjects_in_one_signal_never_add_up() -> None:
    assert found([*person(1, "plate", ref="s1"), *person(1, "name_dob_part", ref="s2")]) == {}


def test_two_versions_of_a_signal_are_not_one_subject() -> None:
    older = Posting(SubjectKey(UUID(int=1), 1, "s1"), organisation_subject=False, family="plate", tag=b"1")
    newer = Posting(
        SubjectKey(UUID(int=1), 2, "s1"), organisation_subject=False, family="name_dob_part", tag=b"2"
    )
    assert candidates([older, newer], organisation=False) == []


def test_a_person_answers_no_question_about_an_organisation_and_the_other_way_round() -> None:
    postings = [*person(1, "phone"), *company(2, "phone")]
    assert set(found(postings, organisation=False)) == {1}
    assert set(found(postings, organisation=True)) == {2}


def test_an_address_says_something_about_an_organisation_and_too_little_about_a_person() -> None:
    assert found(person(1, "bag_address")) == {}
    assert found(company(1, "bag_address"), organisation=True)[1].band is Agreement.KNOWN


def test_a_document_says_nothing_about_an_organisation() -> None:
    assert found(company(1, "document", "bsn", "name_dob"), organisation=True) == {}


def test_a_shared_telephone_gives_two_candidates_and_does_not_make_them_one() -> None:
    assert [
        one.subject for one in candidates([*person(2, "phone"), *person(1, "phone")], organisation=False)
    ] == [
        key(1),
        key(2),
    ]


def test_an_unknown_family_is_refused_and_never_ignored() -> None:
    with pytest.raises(UnknownFamilyError):
        candidates(person(1, "phone", "schoenmaat"), organisation=False)


def test_nothing_found_is_nothing() -> None:
    assert candidates([], organisation=False) == []


@given(st.lists(POSTINGS, max_size=30), st.booleans())
def test_candidates_are_exactly_the_subjects_of_that_kind_that_satisfy_c3(
    postings: list[Posting],
    organisation: bool,  # noqa: FBT001 - drawn
) -> None:
    agreeing: defaultdict[SubjectKey, set[str]] = defaultdict(set)
    for posting in postings:
        if posting.organisation_subject is organisation:
            agreeing[posting.subject].add(posting.family)
    enough = {
        subject: frozenset(families)
        for subject, families in agreeing.items()
        if (
            enough_for_organisation(families)
            if organisation
            else agreement(families) is not Agreement.TOO_LITTLE
        )
    }
    found = candidates(postings, organisation=organisation)
    assert {one.subject: one.families for one in found} == enough
    assert [one.subject for one in found] == sorted(enough)


@given(
    st.permutations(
        [*person(1, "phone"), *person(2, "plate", "name_dob_part"), *company(3, "kvk"), *person(4, "plate")]
    )
)
def test_the_order_of_postings_does_not_matter(postings: list[Posting]) -> None:
    assert [one.subject.signal_id.int for one in candidates(postings, organisation=False)] == [1, 2]


@given(st.lists(POSTINGS, max_size=20), POSTINGS)
def test_another_posting_never_takes_a_candidate_away(postings: list[Posting], extra: Posting) -> None:
    before = {one.subject for one in candidates(postings, organisation=False)}
    assert before <= {one.subject for one in candidates([*postings, extra], organisation=False)}


def test_kinds_are_those_of_all_candidates_together_each_once_in_dutch() -> None:
    shown = candidates(
        [*person(1, "phone", "name_dob"), *person(2, "phone", "name_dob_near")], organisation=False
    )
    assert kinds(shown) == ["telefoon", "naam en geboortedatum"]


def test_an_agreement_that_was_kept_has_the_band_it_had() -> None:
    assert linked(key(1), frozenset({"phone"}), organisation=False).band is Agreement.KNOWN
    assert linked(key(1), frozenset({"name_dob_near"}), organisation=False).band is Agreement.POSSIBLE
    assert linked(key(1), frozenset({"kvk"}), organisation=True).band is Agreement.KNOWN
    assert linked(key(1), frozenset({"kvk"}), organisation=False).band is Agreement.TOO_LITTLE


# ---- for and against ---------------------------------------------------------------------------------------


WOMAN = frozenset({"phone", "work_alias", "name_pair", "person_phone"})


def test_one_telephone_of_five_women_finds_each_of_them_and_makes_no_two_one_person() -> None:
    """SC4: five advertisements, one telephone, five names: the telephone is known, the women are not one person."""
    five = [posting for number in range(1, 6) for posting in person(number, "phone")]
    having = {key(number): WOMAN for number in range(1, 6)}
    on_the_phone_alone = candidates(five, organisation=False, asked=frozenset({"phone"}), having=having)
    assert [one.band for one in on_the_phone_alone] == [Agreement.KNOWN] * 5
    one_of_them = candidates(five, organisation=False, asked=WOMAN, having=having)
    assert [one.band for one in one_of_them] == [Agreement.POSSIBLE] * 5
    assert not any(one.one_person for one in one_of_them)


def test_a_name_that_agrees_nearly_is_nothing_where_more_is_against_it_than_for_it() -> None:
    both = frozenset(
        {"name_dob_part", "name_pair", "plate", "document", "document_number", "phone", "bag_address"}
    )
    agreeing = person(1, "plate", "name_dob_part")
    assert candidates(agreeing, organisation=False) != []
    against = candidates(
        person(1, "document_number", "plate"), organisation=False, asked=both, having={key(1): both}
    )
    assert all(one.band is Agreement.POSSIBLE for one in against)


@given(st.sets(st.sampled_from(sorted(FAMILIES))), st.sets(st.sampled_from(sorted(FAMILIES))))
def test_no_score_lifts_anything_over_c3(agree: set[str], both: set[str]) -> None:
    for one in candidates(
        person(1, *agree), organisation=False, asked=frozenset(both), having={key(1): frozenset(both)}
    ):
        assert agreement(one.families) is not Agreement.TOO_LITTLE
        assert one.band is not Agreement.KNOWN or agreement(one.families) is Agreement.KNOWN


# ---- what finds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("organisation", [False, True])
def test_what_satisfies_c3_is_found_by_one_of_its_families(*, organisation: bool) -> None:
    satisfies = enough_for_organisation if organisation else enough
    finding = finding_families(organisation=organisation)
    some = [set(those) for size in (1, 2, 3) for those in combinations(FAMILIES, size)]
    assert not [families for families in some if satisfies(families) and not families & finding]
    assert not satisfies(FAMILIES.keys() - finding)


@pytest.mark.parametrize("organisation", [False, True])
def test_without_any_of_the_families_that_find_an_agreement_that_satisfies_c3_is_missed(
    *,
    organisation: bool,
) -> None:
    satisfies = enough_for_organisation if organisation else enough
    finding = finding_families(organisation=organisation)
    for family in finding:
        assert satisfies((FAMILIES.keys() - finding) | {family}), family


def test_what_many_strangers_share_finds_no_person() -> None:
    weak = {"name_pair", "street", "bag_address", "person_place", "person_phone", "work_alias"}
    assert not finding_families(organisation=False) & (weak | {"name_dob_year", "name_dob_part"})
    assert "bag_address" in finding_families(organisation=True)


def test_a_tag_finds_by_its_family_and_as_long_as_not_too_many_carry_it() -> None:
    tags = {b"hotel": "phone", b"hers": "phone", b"street": "street"}
    snapshot = Snapshot(10_000, {b"hotel": MOST_CARRIERS + 1, b"hers": MOST_CARRIERS})
    assert finding_tags(tags, snapshot, organisation=False) == [b"hers"]

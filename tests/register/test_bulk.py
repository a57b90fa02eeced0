# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
import random
from importlib.resources import files
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pseudonymisation.pseudonym import FAMILIES, enough
from register import matching
from register.bulk import (
    Postings,
    Tokens,
    agreeing_pairs,
    counted,
    found_pairs,
    linked,
    pattern_counts,
    shares,
)
from register.matching import (
    MOST_CARRIERS,
    Candidate,
    Posting,
    SubjectKey,
    Weighing,
    candidates,
    finding_tags,
)
from register.scoring import pattern, weights_from

WEIGHTS = weights_from(files("register").joinpath("data/weights.json").read_text("utf-8"))
FEW = ("phone", "document", "name_pair", "name_dob_year", "person_phone", "bag_address")
SUBJECTS = st.lists(
    st.dictionaries(st.sampled_from(FEW), st.frozensets(st.binary(min_size=1, max_size=1), max_size=2)).map(
        lambda tags: Tokens(
            {family: frozenset(family.encode() + one for one in of) for family, of in tags.items()}
        )
    ),
    max_size=12,
)

PEOPLE = st.lists(
    st.dictionaries(
        st.sampled_from(sorted(FAMILIES)), st.frozensets(st.sampled_from((b" 1", b" 2", b" 3")), max_size=2)
    ).map(
        lambda tags: Tokens(
            {family: frozenset(family.encode() + one for one in of) for family, of in tags.items()}
        )
    ),
    max_size=8,
)
"""Who often share something, of any family."""


@given(SUBJECTS)
def test_all_pairs_are_counted_once_whether_or_not_they_agree(subjects: list[Tokens]) -> None:
    assert sum(pattern_counts(subjects).values()) == len(subjects) * (len(subjects) - 1) // 2


@given(SUBJECTS)
def test_pairs_that_are_counted_by_what_they_have_are_those_that_would_be_compared_one_by_one(
    subjects: list[Tokens],
) -> None:
    by_hand: dict[tuple[str | None, ...], int] = {}
    for one, other in combinations(subjects, 2):
        agreeing = {family for family in one.tags if one.tags[family] & other.tags.get(family, frozenset())}
        shown = pattern(frozenset(agreeing), one.families & other.families)
        by_hand[shown] = by_hand.get(shown, 0) + 1
    assert pattern_counts(subjects) == by_hand


@settings(max_examples=200)
@given(PEOPLE)
def test_what_a_bulk_run_links_a_question_says_is_one_person_and_nobody_else(people: list[Tokens]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(matching, "MOST_CARRIERS", 3)
        weighing = Weighing(WEIGHTS, counted(people))
        answered = {
            (one.subject.signal_id.int, number)
            for number, asked in enumerate(people)
            for one in _asked(people[:number], asked, weighing)
            if one.one_person
        }
        assert set(linked(people, weighing)) == answered


@given(PEOPLE)
def test_no_pair_is_looked_at_twice_and_what_is_linked_satisfies_c3(people: list[Tokens]) -> None:
    snapshot = counted(people)
    looked_at = list(found_pairs(people, snapshot))
    assert len(set(looked_at)) == len(looked_at)
    for one, other in linked(people, Weighing(WEIGHTS, snapshot)):
        agreeing = {
            family
            for family, tags in people[one].tags.items()
            if tags & people[other].tags.get(family, frozenset())
        }
        assert (one, other) in looked_at
        assert enough(agreeing)


WEAK = ("bag_address", "street", "name_pair", "person_place", "person_phone", "work_alias", "name_dob_year")


def _crowd(size: int) -> list[Tokens]:
    """Strangers of one name, one house and one year of birth, each with a telephone; every second one calls twice."""
    shared = {family: frozenset({family.encode()}) for family in WEAK}
    return [
        Tokens(shared | {"phone": frozenset({b"%d" % (number - number % 4 // 3)})}) for number in range(size)
    ]


def test_ten_times_as_many_strangers_with_one_name_and_house_are_ten_times_as_many_pairs() -> None:
    looked_at = {
        size: len(list(found_pairs(people, counted(people))))
        for size in (40, 400)
        for people in [_crowd(size)]
    }
    assert looked_at == {40: 10, 400: 100}


def test_what_many_share_finds_nobody_and_is_evidence_about_who_is_found() -> None:
    people = _crowd(MOST_CARRIERS + 4)
    snapshot = counted(people)
    assert snapshot.carriers[b"street"] > MOST_CARRIERS
    without = [
        Tokens({family: tags for family, tags in one.tags.items() if family == "phone"} | _other(number))
        for number, one in enumerate(people)
    ]
    assert len(list(linked(people, Weighing(WEIGHTS, snapshot)))) == len(people) // 4
    assert not list(linked(without, Weighing(WEIGHTS, counted(without))))


def _other(number: int) -> dict[str, frozenset[bytes]]:
    return {family: frozenset({b"%s of %d" % (family.encode(), number)}) for family in WEAK}


def _asked(earlier: list[Tokens], asked: Tokens, weighing: Weighing) -> list[Candidate]:
    """What a question is answered, with the store in memory (`register.central.finding`)."""
    finding = set(
        finding_tags(
            {tag: family for family, tags in asked.tags.items() for tag in tags},
            weighing.snapshot,
            organisation=False,
        )
    )
    found = {
        place: one for place, one in enumerate(earlier) if any(tags & finding for tags in one.tags.values())
    }
    return candidates(
        [
            Posting(_key(place), organisation_subject=False, family=family, tag=tag)
            for place, one in found.items()
            for family, tags in one.tags.items()
            for tag in tags & asked.tags.get(family, frozenset())
        ],
        organisation=False,
        asked=asked.families,
        having={_key(place): one.families for place, one in found.items()},
        weighing=weighing,
    )


def _key(number: int) -> SubjectKey:
    return SubjectKey(UUID(int=number), 1, "s1")


def test_a_token_that_too_many_carry_finds_nobody_by_itself() -> None:
    hotel = Tokens({"bag_address": frozenset({b"hotel"})})
    postings = Postings()
    for _guest in range(MOST_CARRIERS + 1):
        postings.add(hotel)
    assert postings.ask(hotel) == {}
    known = Tokens({"bag_address": frozenset({b"hotel"}), "phone": frozenset({b"hers"})})
    postings.add(known)
    assert set(postings.ask(known)) == {MOST_CARRIERS + 1}
    shared = Tokens({"phone": frozenset({b"of everybody"})})
    for carriers, pairs in (
        (MOST_CARRIERS, MOST_CARRIERS * (MOST_CARRIERS - 1) // 2),
        (MOST_CARRIERS + 1, 0),
    ):
        crowd = [shared] * carriers
        assert sum(1 for _pair in found_pairs(crowd, counted(crowd))) == pairs


def test_earlier_subjects_are_found_and_never_oneself_or_a_later_one() -> None:
    subjects = [Tokens({"phone": frozenset({b"same"})}) for _one in range(4)]
    assert {(one, other) for one, other, _agreeing in agreeing_pairs(subjects)} == set(
        combinations(range(4), 2)
    )


def test_the_expected_share_is_that_of_the_tokens_on_which_two_agree() -> None:
    dice = random.Random(1)
    subjects = [Tokens({"phone": frozenset({bytes([dice.randrange(10)])})}) for _one in range(1_000)]
    assert abs(shares(subjects)["phone"] - 0.1) < 0.01
    assert "document" not in shares(subjects)


def test_every_family_changes_the_pattern_of_a_person_or_means_nothing_for_one() -> None:
    beside = {"person_phone": {"phone"}, "document_number": {"document_number"}}
    for family in FAMILIES:
        others = frozenset(beside.get(family, set())) - {family}
        changed = pattern(others | {family}, others | {family}) != pattern(others, others | {family})
        assert changed == (family != "kvk"), family

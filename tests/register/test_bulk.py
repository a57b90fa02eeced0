# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
import random
from importlib.resources import files
from itertools import combinations
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from pseudonymisation.pseudonym import FAMILIES
from register.bulk import (
    MOST_CARRIERS,
    Postings,
    Tokens,
    agreeing_pairs,
    linked,
    pattern_counts,
    scored_pairs,
    shares,
)
from register.matching import Posting, SubjectKey, Weighing, candidates
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


@settings(max_examples=60)
@given(SUBJECTS)
def test_what_a_bulk_run_links_a_question_finds(subjects: list[Tokens]) -> None:
    snapshot = Postings()
    for subject in subjects:
        snapshot.add(subject)
    linked = {
        (one, other)
        for bits, one, other in scored_pairs(subjects, WEIGHTS, snapshot.snapshot())
        if bits >= WEIGHTS.known
    }
    for number, asked in enumerate(subjects):
        found = {
            one.subject.signal_id.int
            for one in candidates(
                _postings(subjects[:number], asked),
                organisation=False,
                asked=asked.families,
                having={_key(place): earlier.families for place, earlier in enumerate(subjects[:number])},
                weighing=Weighing(WEIGHTS, snapshot.snapshot()),
            )
        }
        enough = {one for one, other in linked if other == number and _satisfies_c3(subjects[one], asked)}
        assert enough <= found


@given(SUBJECTS, st.sampled_from((-50.0, 0.0, WEIGHTS.known, 12.0, 20.0)))
def test_linking_gives_the_scored_pairs_above_the_bar_and_no_other(
    subjects: list[Tokens], bar: float
) -> None:
    postings = Postings()
    for subject in subjects:
        postings.add(subject)
    snapshot = postings.snapshot()
    above = {
        (one, other): bits for bits, one, other in scored_pairs(subjects, WEIGHTS, snapshot) if bits >= bar
    }
    assert {(one, other): bits for bits, one, other in linked(subjects, WEIGHTS, snapshot, bar)} == above


def _satisfies_c3(one: Tokens, other: Tokens) -> bool:
    agreeing = {family for family in one.tags if one.tags[family] & other.tags.get(family, frozenset())}
    strong = {"phone", "document"}
    return bool(agreeing & strong)


def _key(number: int) -> SubjectKey:
    return SubjectKey(UUID(int=number), 1, "s1")


def _postings(earlier: list[Tokens], asked: Tokens) -> list[Posting]:
    return [
        Posting(_key(place), organisation_subject=False, family=family, tag=tag)
        for place, one in enumerate(earlier)
        for family, tags in one.tags.items()
        for tag in tags & asked.tags.get(family, frozenset())
    ]


def test_a_token_that_too_many_carry_finds_nobody_by_itself() -> None:
    hotel = Tokens({"bag_address": frozenset({b"hotel"})})
    postings = Postings()
    for _guest in range(MOST_CARRIERS + 1):
        postings.add(hotel)
    assert postings.ask(hotel) == {}
    known = Tokens({"bag_address": frozenset({b"hotel"}), "phone": frozenset({b"hers"})})
    postings.add(known)
    assert set(postings.ask(known)) == {MOST_CARRIERS + 1}
    guests = [hotel] * (MOST_CARRIERS + 2)
    last = {other for _bits, _one, other in linked(guests, WEIGHTS, postings.snapshot(), -100.0)}
    assert last == set(range(1, MOST_CARRIERS + 1))


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

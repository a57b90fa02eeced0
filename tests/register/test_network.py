# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register import links
from register.bulk import Tokens, counted
from register.links import Assertion, Side
from register.links import Kind as Same
from register.matching import SubjectKey, Weighing
from register.network import (
    MOST_TOGETHER,
    MOST_UNFLAGGED,
    RULES,
    EdgeKind,
    Kind,
    Network,
    Node,
    Observed,
    agreements,
    build,
    carried_by,
    expanded,
    restricted,
    split,
    why_path,
    without,
)
from register.scoring import weights_from

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WEIGHTS = weights_from(files("register").joinpath("data/weights.json").read_text("utf-8"))


def key(number: int, ref: str = "s1") -> SubjectKey:
    return SubjectKey(UUID(int=number), 1, ref)


def seen(
    number: int,
    carried: str,
    place: str = "GM9001",
    week: str = "2026-W10",
    ref: str = "s1",
    *,
    organisation: bool = False,
) -> Observed:
    """A subject that carries `family:value` parts."""
    tags: dict[str, set[bytes]] = {}
    for part in carried.split():
        family, value = part.split(":")
        tags.setdefault(family, set()).add(part.encode() if value else b"")
    tokens = Tokens({family: frozenset(those - {b""}) for family, those in tags.items()})
    return Observed(key(number, ref), organisation, place, week, tokens)


def network(observed: Sequence[Observed], *said: Assertion) -> Network:
    weighing = Weighing(WEIGHTS, counted([one.tokens for one in observed]))
    return build(observed, agreements(observed, weighing), said)


def sides(one: int, other: int) -> links.Pair:
    return links.pair(Side(UUID(int=one), "s1"), Side(UUID(int=other), "s1"))


def same(one: int, other: int, *, withdrawn: bool = False) -> Assertion:
    return Assertion(UUID(int=one), Same.SAME, sides(one, other), None, MOMENT, MOMENT if withdrawn else None)


def not_same(one: int, other: int, families: frozenset[str] | None = None) -> Assertion:
    return Assertion(UUID(int=one), Same.NOT_SAME, sides(one, other), families, MOMENT)


def persons(found: Network) -> list[list[int]]:
    """Numbers of the signals of each person."""
    return sorted(
        sorted(one.signal_id.int for one in those)
        for node, those in found.members.items()
        if node.kind is Kind.PERSON
    )


def groups(found: Network) -> list[list[int]]:
    return sorted(
        sorted(one.signal_id.int for node in group.persons for one in found.members[node])
        for group in found.groups
    )


MARIA = "name_dob:maria name_dob_near:maria name_dob_word:maria name_pair:maria document:doc1 document_number:doc1"
"""Everything of one person that an inspector reads from a document."""


def ad(number: int, place: str, week: str = "2026-W10") -> Observed:
    """One of the advertisements of SC4: the shared telephone, and a work name of its own."""
    return seen(number, f"phone:shared work_alias:roos{number}", place, week)


SC4 = [ad(1, "GM9001"), ad(2, "GM9001"), ad(3, "GM9002"), ad(4, "GM9002"), ad(5, "GM9003")]


# ---- persons ------------------------------------------------------------------------------------------------------


def test_what_agrees_on_something_of_their_own_is_one_person() -> None:
    assert persons(network([seen(1, MARIA), seen(2, MARIA, "GM9002")])) == [[1, 2]]


def test_five_women_of_one_number_are_five_persons_and_the_number_is_marked_as_shared() -> None:
    found = network(SC4)
    assert persons(found) == [[1], [2], [3], [4], [5]]
    (hub,) = (node for node in found.members if node.kind is Kind.TELEPHONE)
    assert (found.marks[hub].persons, found.marks[hub].shared, found.marks[hub].collapsed) == (5, True, False)
    assert groups(found) == [[1, 2, 3, 4, 5]]
    assert all(edge.evidence.families == {"phone"} for edge in found.near(hub))


def test_excluding_a_number_means_no_other_number_of_the_same_people() -> None:
    both = [seen(1, "phone:a phone:b"), seen(2, "phone:a phone:b")]
    alone = [*both, seen(3, "phone:b")]
    assert carried_by(alone, "phone", [key(1), key(2)]) == {b"phone:a"}
    assert carried_by(alone, "phone", [key(1), key(2), key(3)]) == {b"phone:b"}
    assert carried_by(both, "phone", [key(1), key(2)]) == {b"phone:a", b"phone:b"}
    late = [*both, seen(3, "phone:b", week="2029-W10")]
    assert carried_by(late, "phone", [key(1), key(2)]) == {b"phone:a", b"phone:b"}


def test_of_a_number_with_two_names_nobody_can_say_whose_a_nameless_signal_is() -> None:
    nameless = seen(9, "phone:shared", "GM9003")
    assert persons(network([ad(1, "GM9001"), ad(2, "GM9002"), nameless])) == [[1], [2], [9]]


def test_signals_that_only_have_a_number_are_one_person_as_a_question_says() -> None:
    assert persons(network([seen(1, "phone:a"), seen(2, "phone:a"), seen(3, "phone:a")])) == [[1, 2, 3]]


def test_a_nameless_signal_with_two_attributes_of_two_people_makes_no_chain_of_them() -> None:
    middle = seen(2, "phone:a email:b")
    ends = [seen(1, "phone:a name_dob:x name_pair:x"), seen(3, "email:b name_dob:y name_pair:y")]
    assert persons(network([ends[0], middle, ends[1]])) == [[1], [2], [3]]
    assert persons(network([seen(1, "phone:a"), middle, seen(3, "email:b")])) == [[1], [2], [3]]


def test_nameless_signals_on_two_numbers_of_one_known_person_are_hers() -> None:
    known = seen(1, "phone:a email:b name_dob:x name_pair:x")
    assert persons(network([seen(2, "phone:a"), known, seen(3, "email:b")])) == [[1, 2, 3]]


FUZZY = "name_dob_near:x name_dob_word:x name_dob_part:x name_dob_year:x name_pair:x"


def fuzzy() -> list[Observed]:
    return [seen(1, f"{FUZZY} name_dob:a"), seen(2, f"{FUZZY} name_dob:b")]


def test_what_is_only_possible_asks_and_joins_nobody() -> None:
    found = network(fuzzy())
    assert persons(found) == [[1], [2]]
    assert groups(found) == [[1], [2]]
    (question,) = found.edges
    assert (question.kind, question.ties) == (EdgeKind.POSSIBLE, False)


def test_what_a_person_confirmed_joins_and_what_is_withdrawn_asks_again() -> None:
    assert persons(network(fuzzy(), same(1, 2))) == [[1, 2]]
    assert persons(network(fuzzy(), same(1, 2, withdrawn=True))) == [[1], [2]]


def test_what_a_person_called_not_the_same_is_not_asked_again() -> None:
    assert network(fuzzy(), not_same(1, 2)).edges == ()


def test_what_agrees_besides_is_asked_and_joins_nobody() -> None:
    said = not_same(1, 2, frozenset(family.partition(":")[0] for family in FUZZY.split()))
    assert network(fuzzy(), said).edges == ()
    more = [replace(one, tokens=Tokens({**one.tokens.tags, "iban": frozenset({b"new"})})) for one in fuzzy()]
    found = network(more, said)
    assert persons(found) == [[1], [2]]
    assert EdgeKind.POSSIBLE in {edge.kind for edge in found.edges}


def test_two_people_of_one_signal_are_never_one_person() -> None:
    both = [seen(1, MARIA), seen(1, MARIA, ref="s2"), seen(2, MARIA)]
    found = network(both)
    assert len(persons(found)) == 2
    assert any(found.marks[node].conflicting for node in found.members)


def test_not_the_same_is_never_one_person_whatever_agrees_and_through_nobody() -> None:
    everyone = [seen(number, MARIA) for number in (1, 2, 3)]
    found = network(everyone, not_same(1, 2))
    assert not any({1, 2} <= set(those) for those in persons(found))
    assert any(found.marks[node].conflicting for node in found.members)
    assert all(group.flagged for group in found.groups if len(group.persons) > 1)


def test_not_the_same_stands_before_a_confirmation_that_goes_round_it() -> None:
    found = network(
        [seen(1, "plate:a"), seen(2, "plate:b"), seen(3, "plate:c")], same(1, 3), same(2, 3), not_same(1, 2)
    )
    assert not any({1, 2} <= set(those) for those in persons(found))


def test_a_person_with_two_bsns_is_flagged() -> None:
    first, second = seen(1, f"{MARIA} bsn:1"), seen(2, f"{MARIA} bsn:2")
    found = network([first, second], same(1, 2))
    assert [group.flagged for group in found.groups] == [True]


# ---- what ties and what is context ----------------------------------------------------------------------------------


@pytest.mark.parametrize("family", sorted(family for family, rule in RULES.items() if rule.ties))
def test_what_ties_takes_others_along(family: str) -> None:
    one, other = seen(1, f"{family}:a work_alias:x"), seen(2, f"{family}:a work_alias:y")
    assert groups(network([one, other])) == [[1, 2]]


@pytest.mark.parametrize("family", sorted(family for family, rule in RULES.items() if not rule.ties))
def test_context_shows_and_takes_nobody_along(family: str) -> None:
    first = seen(1, f"{family}:a name_dob:a name_pair:a")
    second = seen(2, f"{family}:a name_dob:b name_pair:b")
    found = network([first, second])
    assert groups(found) == [[1], [2]]
    assert [edge.ties for edge in found.edges] == [False, False]


def test_an_employer_reported_with_two_people_is_context() -> None:
    firm = "kvk:1 kvk:2"
    observed = [
        seen(1, "name_dob:a name_pair:a"), seen(1, firm, ref="s2", organisation=True),
        seen(2, "name_dob:b name_pair:b"), seen(2, firm, ref="s2", organisation=True),
    ]  # fmt: skip
    found = network(observed)
    assert groups(found) == [[1], [2]]
    assert {edge.kind for edge in found.edges} == {EdgeKind.REPORTED, EdgeKind.CARRIES}


def test_people_of_one_signal_were_seen_together() -> None:
    found = network([seen(1, "name_dob:a name_pair:a"), seen(1, "name_dob:b name_pair:b", ref="s2")])
    assert groups(found) == [[1, 1]]
    assert [edge.kind for edge in found.edges] == [EdgeKind.TOGETHER]


def test_a_building_full_of_people_ties_nobody() -> None:
    raid = [seen(1, f"name_dob:{n} name_pair:{n}", ref=f"s{n}") for n in range(MOST_TOGETHER + 1)]
    assert len(groups(network(raid))) == MOST_TOGETHER + 1


@pytest.mark.parametrize("family", sorted(RULES))
def test_too_many_carriers_collapse_a_node_and_tie_nobody(family: str) -> None:
    crowd = [seen(n, f"{family}:a name_dob:{n} name_pair:{n}") for n in range(RULES[family].joins_to + 1)]
    found = network(crowd)
    (hub,) = (node for node in found.members if node.kind is RULES[family].kind)
    assert found.marks[hub].collapsed
    assert len(found.groups) == len(crowd)


def test_a_number_that_was_silent_longer_than_its_window_is_another_number() -> None:
    early, late = (
        seen(1, "phone:a work_alias:x", week="2024-W01"),
        seen(2, "phone:a work_alias:y", week="2026-W01"),
    )
    assert groups(network([early, late])) == [[1], [2]]
    between = seen(3, "phone:a work_alias:z", week="2025-W01")
    assert groups(network([early, between, late])) == [[1, 2, 3]]


def test_what_is_in_the_exclusion_register_is_no_evidence_and_no_node() -> None:
    care = [seen(1, "phone:care work_alias:x"), seen(2, "phone:care work_alias:y"), seen(3, "phone:care")]
    assert len(groups(network(care))) == 1
    found = network(without(care, {b"phone:care"}))
    assert groups(found) == [[1], [2], [3]]
    assert found.edges == ()


def test_a_group_of_more_than_twelve_is_flagged() -> None:
    chain = [seen(n, f"email:{n} email:{n + 1}") for n in range(MOST_UNFLAGGED + 1)]
    assert [group.large for group in network(chain).groups] == [True]
    assert [group.large for group in network(chain[:-1]).groups] == [False]


# ---- why --------------------------------------------------------------------------------------------------------------


def person_of(found: Network, number: int) -> Node:
    node = found.of(key(number))
    assert node is not None
    return node


CHAIN = [
    seen(1, "phone:a name_dob:x name_pair:x plate:p", "GM9001", "2026-W02"),
    seen(2, "phone:a email:b", "GM9002", "2026-W10"),
    seen(3, "email:b name_dob:y name_pair:y plate:p", "GM9003", "2026-W20"),
]


def test_every_two_persons_of_a_group_have_a_way_that_says_why() -> None:
    found = network(CHAIN)
    path = why_path(found, person_of(found, 1), person_of(found, 3))
    assert path is not None
    assert [sorted(edge.evidence.families) for edge in path] == [["phone"], ["phone"], ["email"], ["email"]]
    assert path[0].evidence.places == ("GM9001",)


def test_the_way_through_what_ties_is_told_before_a_shorter_one_through_context() -> None:
    found = network(CHAIN)
    through_plate = why_path(
        restricted(found, [n for n in found.members if n.kind in {Kind.PERSON, Kind.PLATE}]),
        person_of(found, 1),
        person_of(found, 3),
    )
    assert through_plate is not None
    assert [edge.ties for edge in through_plate] == [False, False]
    assert why_path(found, person_of(found, 1), person_of(found, 3)) != through_plate


def test_where_there_is_no_way_none_is_made_up() -> None:
    found = network([seen(1, "phone:a"), seen(2, "phone:b")])
    assert why_path(found, person_of(found, 1), person_of(found, 2)) is None
    assert why_path(found, person_of(found, 1), person_of(found, 1)) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(["phone:a", "phone:b", "email:c", "plate:d", "ad_id_or_url:e"]), st.sampled_from(["work_alias:x", "work_alias:y", "name_dob:z"])),
        min_size=2,
        max_size=9,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
@settings(max_examples=60)
def test_the_order_of_entry_never_shows_and_a_group_always_has_its_reasons(
    carried: list[tuple[str, str]], shuffled: "object"
) -> None:
    observed = [seen(at, " ".join(parts), f"GM900{at % 3}") for at, parts in enumerate(carried)]
    other = list(observed)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    found = network(observed)
    assert persons(network(other)) == persons(found)
    assert groups(network(other)) == groups(found)
    for group in found.groups:
        for one, far in combinations(group.persons, 2):
            path = why_path(found, one, far)
            assert path is not None
            assert all(edge.ties for edge in path)


def test_a_person_says_why_its_signals_are_one_with_no_more_reasons_than_hold_it_together() -> None:
    found = network(
        [*(seen(number, MARIA) for number in (1, 2, 3)), seen(4, "phone:a"), seen(5, "phone:a")], same(3, 4)
    )
    (node,) = (one for one, those in found.members.items() if one.kind is Kind.PERSON)
    bonds = found.bonds[node]
    assert len(bonds) == 4
    assert bonds[0].families is None
    assert all("document" in bond.families for bond in bonds[1:3] if bond.families)
    assert bonds[3].families == frozenset({"phone"})


# ---- expanding ----------------------------------------------------------------------------------------------------------


def test_a_view_goes_so_many_steps_from_person_to_person_and_says_how_each_came() -> None:
    found = network(CHAIN)
    start = person_of(found, 1)
    near, cut = expanded(found, [start], depth=1, most=300)
    assert person_of(found, 2) in near
    assert person_of(found, 3) not in near
    assert not cut
    far, _cut = expanded(found, [start], depth=2, most=300)
    step = far[person_of(found, 3)]
    assert step.depth == 2
    assert step.by is not None
    assert step.by.evidence.families == {"email"}
    assert all(one.by is not None for node, one in far.items() if node != start)


def test_a_view_that_would_be_too_large_ends_and_says_so() -> None:
    found = network(CHAIN)
    few, cut = expanded(found, [person_of(found, 1)], depth=9, most=3)
    assert (len(few), cut) == (3, True)


def test_a_part_is_taken_out_of_a_person_pair_by_pair_and_can_be_put_back() -> None:
    observed = [seen(number, MARIA) for number in (1, 2, 3)]
    (whole,) = (those for node, those in network(observed).members.items() if node.kind is Kind.PERSON)
    pairs = split(whole, [key(3)])
    assert pairs == {sides(1, 3), sides(2, 3)}
    assert persons(network(observed, not_same(1, 3), not_same(2, 3))) == [[1, 2], [3]]
    assert persons(network(observed)) == [[1, 2, 3]]


@pytest.mark.parametrize("part", [[], [key(1), key(2)], [key(7)]])
def test_a_part_that_is_nobody_everybody_or_another_is_refused(part: list[SubjectKey]) -> None:
    with pytest.raises(ValueError, match="a part is some of a person"):
        split([key(1), key(2)], part)


def test_no_node_of_a_network_tells_a_tag() -> None:
    found = network(SC4)
    assert not any("shared" in repr(one) for one in (*found.members, *found.edges))

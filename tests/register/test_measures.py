# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.measures import Measures, Quality, measured
from register.network import Edge, EdgeKind, Evidence, Group, Kind, Marks, Network, Node
from register.words import measure_warning

NOTHING = Evidence(frozenset({"phone"}), 2, (), None, None)


def person(number: int) -> Node:
    return Node(Kind.PERSON, number)


def telephone(number: int) -> Node:
    return Node(Kind.TELEPHONE, number)


def network(*lines: tuple[Node, Node], questions: int = 0) -> Network:
    edges = [Edge(min(pair), max(pair), EdgeKind.CARRIES, ties=True, evidence=NOTHING) for pair in lines]
    edges += [
        Edge(person(90 + n), person(190 + n), EdgeKind.POSSIBLE, ties=False, evidence=NOTHING)
        for n in range(questions)
    ]
    nodes = {one for edge in edges for one in (edge.a, edge.b)}
    return Network(dict.fromkeys(nodes, ()), tuple(edges), (), dict.fromkeys(nodes, Marks()))


TWO_PAIRS = network(
    (person(1), telephone(1)), (person(2), telephone(1)), (person(2), telephone(2)),
    (person(3), telephone(2)), (person(3), telephone(3)), (person(4), telephone(3)),
)  # fmt: skip
RING = network(
    (person(1), telephone(1)), (person(2), telephone(1)), (person(2), telephone(2)), (person(1), telephone(2))
)


def test_a_line_that_alone_holds_two_sides_together_is_a_bridge() -> None:
    assert {(edge.a, edge.b) for edge in measured(TWO_PAIRS).bridges} == {
        (person(2), telephone(2)),
        (person(3), telephone(2)),
    }


def test_where_there_are_two_ways_no_line_is_a_bridge() -> None:
    assert measured(RING).bridges == ()


def test_one_person_on_one_line_is_no_bridge() -> None:
    star = network(*((person(one), telephone(1)) for one in range(1, 6)))
    assert measured(star).bridges == ()


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5)), min_size=1, max_size=14, unique=True))
@settings(max_examples=60)
def test_a_bridge_is_what_takes_two_persons_or_more_from_two_or_more_others(
    lines: list[tuple[int, int]],
) -> None:
    whole = network(*((person(one), telephone(other)) for one, other in lines))
    found = measured(whole).bridges
    for edge in whole.edges:
        left = network(*((one.a, one.b) for one in whole.edges if one != edge))
        before = next(part for part in parts_of(whole, whole) if edge.a in part or edge.b in part)
        after = [part for part in parts_of(left, whole) if part <= before]
        assert (edge in found) == (len(after) == 2 and min(map(len, after)) >= 2)


def parts_of(network_: Network, whole: Network) -> list[set[Node]]:
    """The persons of the whole, part by part."""
    left, parts = {one for one in whole.members if one.kind is Kind.PERSON}, list[set[Node]]()
    while left:
        waiting, seen = [left.pop()], set[Node]()
        while waiting:
            node = waiting.pop()
            seen.add(node)
            waiting += [far for edge in network_.near(node) if (far := edge.other(node)) not in seen]
        left -= seen
        parts.append({one for one in seen if one.kind is Kind.PERSON})
    return parts


def test_the_middle_of_a_chain_is_a_broker_and_its_ends_are_not() -> None:
    assert person(2) in measured(TWO_PAIRS).brokers
    assert not {person(1), person(4)} & measured(TWO_PAIRS).brokers


def test_brokers_are_a_set_without_a_number_or_an_order() -> None:
    assert isinstance(measured(TWO_PAIRS).brokers, frozenset)
    assert all(isinstance(getattr(measured(TWO_PAIRS).quality, one.name), int) for one in fields(Quality))
    assert {one.name for one in fields(Measures)} == {"bridges", "brokers", "quality", "warnings"}


def test_every_measure_comes_with_what_it_does_not_mean() -> None:
    found = measured(network((person(1), telephone(1)), questions=2))
    assert found.warnings == ("gemeld", "vragen")
    assert measured(TWO_PAIRS).warnings == ("gemeld", "bruggen", "knooppunten")
    for code in ("gemeld", "bruggen", "knooppunten", "vragen", "tegenstrijdig", "gedeeld"):
        assert measure_warning(code).endswith(".")
        assert "dader" not in measure_warning(code)


def test_groups_that_must_be_looked_at_are_counted() -> None:
    group = Group((person(1),), large=True, conflicting=False, shared=False)
    marked = Network({person(1): ()}, (), (group,), {person(1): Marks(conflicting=True)})
    quality = measured(marked).quality
    assert (quality.flagged, quality.conflicting) == (1, 1)


def test_an_empty_network_has_no_measures_and_no_errors() -> None:
    assert measured(Network({}, (), (), {})).quality == Quality(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("n", [3, 30])
def test_in_a_star_only_the_middle_is_between(n: int) -> None:
    star = network(*((person(one), telephone(1)) for one in range(1, n + 1)))
    assert measured(star).brokers == {telephone(1)}

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What can be said of the shape of a network, each with what it does not mean. About lines and the network as a whole; never a number, an order or a score of a person.

- A **bridge** is a line without which a group falls into two of at least two persons each: one wrong report there joins two groups. It is where to look first whether it is right.
- A **broker** is a node through which an unusual share of the shortest ways runs (betweenness; Brandes 2001). They are told as a set, without number or order, because the measure says who
  was reported often with different others, and a victim who was moved around is exactly that.
- **Quality** says how well the groups rest on evidence: lines that are bridges, questions that nobody answered, persons and attributes that must be looked at.

Left to others: the network (`register.network`), words (`warnings` gives codes, `register.words` says them).
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from register.network import Edge, EdgeKind, Kind, Network, Node

BROKER_SHARE: Final = 0.25
"""Share of all shortest ways in its group that a broker lies on."""
LEAST_SIDE: Final = 2
"""Persons on each side of a bridge: that one person hangs on one line is nothing to look at."""
LEAST_TO_MEASURE: Final = 4
"""Nodes in a part below which nothing is between anything."""


@dataclass(frozen=True)
class Quality:
    """How well it rests.

    Attributes:
        ties: lines that hold groups together.
        bridges: those of them that hold alone.
        questions: lines that ask whether two are the same.
        conflicting: persons whose evidence contradicts itself.
        shared: attributes that are marked as shared.
        flagged: groups that a person must look at before they are handed over.
    """

    ties: int
    bridges: int
    questions: int
    conflicting: int
    shared: int
    flagged: int


@dataclass(frozen=True)
class Measures:
    """The measures of a network; `warnings` are codes of what each does not mean."""

    bridges: tuple[Edge, ...]
    brokers: frozenset[Node]
    quality: Quality
    warnings: tuple[str, ...]


def measured(network: Network) -> Measures:
    """Measure a network of a few hundred nodes."""
    near = _ties(network)
    bridges, brokers = _bridges(near), _brokers(near)
    quality = Quality(
        ties=sum(1 for edge in network.edges if edge.ties),
        bridges=len(bridges),
        questions=sum(1 for edge in network.edges if edge.kind is EdgeKind.POSSIBLE),
        conflicting=sum(
            1 for node, mark in network.marks.items() if node.kind is Kind.PERSON and mark.conflicting
        ),
        shared=sum(1 for mark in network.marks.values() if mark.shared),
        flagged=sum(1 for group in network.groups if group.flagged),
    )
    return Measures(bridges, brokers, quality, tuple(_warnings(quality, brokers)))


def _warnings(quality: Quality, brokers: Iterable[Node]) -> Iterable[str]:
    yield "gemeld"
    if quality.bridges:
        yield "bruggen"
    if brokers:
        yield "knooppunten"
    if quality.questions:
        yield "vragen"
    if quality.conflicting:
        yield "tegenstrijdig"
    if quality.shared:
        yield "gedeeld"


Near = Mapping[Node, Sequence[Edge]]


def _ties(network: Network) -> dict[Node, list[Edge]]:
    near: dict[Node, list[Edge]] = {}
    for edge in network.edges:
        if edge.ties:
            near.setdefault(edge.a, []).append(edge)
            near.setdefault(edge.b, []).append(edge)
    return near


def _bridges(near: Near) -> tuple[Edge, ...]:
    """Lines without which a group falls into two, each of at least `LEAST_SIDE` persons (Tarjan 1974, without recursion)."""
    order, low, found = dict[Node, int](), dict[Node, int](), list[Edge]()
    people = dict[Node, int]()
    for start in sorted(near):
        if start in order:
            continue
        order[start] = low[start] = len(order)
        people[start] = int(start.kind is Kind.PERSON)
        part = [start]
        cuts = list[tuple[Edge, Node]]()
        stack: list[tuple[Node, Edge | None, list[Edge]]] = [(start, None, list(near[start]))]
        while stack:
            node, came, left = stack[-1]
            if left:
                edge = left.pop()
                if edge is came:
                    continue
                far = edge.other(node)
                if far in order:
                    low[node] = min(low[node], order[far])
                    continue
                order[far] = low[far] = len(order)
                people[far] = int(far.kind is Kind.PERSON)
                part.append(far)
                stack.append((far, edge, list(near[far])))
                continue
            stack.pop()
            if came is not None:
                above = came.other(node)
                low[above] = min(low[above], low[node])
                people[above] += people[node]
                if low[node] > order[above]:
                    cuts.append((came, node))
        everybody = sum(one.kind is Kind.PERSON for one in part)
        found += [edge for edge, below in cuts if LEAST_SIDE <= people[below] <= everybody - LEAST_SIDE]
    return tuple(sorted(found, key=lambda one: (one.a, one.b)))


def _brokers(near: Near) -> frozenset[Node]:
    found, seen = set[Node](), set[Node]()
    for start in sorted(near):
        if start in seen:
            continue
        part = _part(near, start)
        seen |= set(part)
        if len(part) < LEAST_TO_MEASURE:
            continue
        ways = (len(part) - 1) * (len(part) - 2)
        found |= {
            node for node, between in _betweenness(near, part).items() if between / ways >= BROKER_SHARE
        }
    return frozenset(found)


def _part(near: Near, start: Node) -> list[Node]:
    part, seen, waiting = [start], {start}, deque([start])
    while waiting:
        node = waiting.popleft()
        for edge in near[node]:
            far = edge.other(node)
            if far not in seen:
                seen.add(far)
                part.append(far)
                waiting.append(far)
    return part


def _betweenness(near: Near, part: Sequence[Node]) -> dict[Node, float]:
    """Over ordered pairs: Brandes, A Faster Algorithm for Betweenness Centrality (2001), algorithm 1."""
    between = dict.fromkeys(part, 0.0)
    for source in part:
        ways, distance = dict.fromkeys(part, 0.0), {source: 0}
        before: dict[Node, list[Node]] = {node: [] for node in part}
        ways[source], visited, waiting = 1.0, list[Node](), deque([source])
        while waiting:
            node = waiting.popleft()
            visited.append(node)
            for edge in near[node]:
                far = edge.other(node)
                if far not in distance:
                    distance[far] = distance[node] + 1
                    waiting.append(far)
                if distance[far] == distance[node] + 1:
                    ways[far] += ways[node]
                    before[far].append(node)
        weight = dict.fromkeys(part, 0.0)
        for node in reversed(visited):
            for one in before[node]:
                weight[one] += ways[one] / ways[node] * (1 + weight[node])
            if node != source:
                between[node] += weight[node]
    return between

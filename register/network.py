# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A typed network of what signals say of persons, telephones, e-mail, accounts, advertisements, plates, premises and organisations; derived on read, never names, nothing stored.

The law, in this order:

1. A person is a cluster of subjects of signals, and no more than that. What joins two subjects was judged before (`register.matching`, through `agreements`): the evidence is known,
   says one person, and rests on something of their own. What is only possible joins when a person confirmed it ('zelfde'); until then it is a line that asks (`EdgeKind.POSSIBLE`).
2. What a person called "niet dezelfde", and who stand in one signal, are never one person, whatever agrees: such a join is refused and its clusters are flagged; evidence that was not there then asks again. Subjects that agree on a telephone or the like
   alone are one person where all of them agree with each other, or with the only one that has something of its own, and nobody among them is told apart from another; else none of them
   is, and the telephone ties them. So a number never makes a chain.
3. An attribute that two signals carry is a node. Telephone, e-mail, account, advertisement and bank account tie persons into a group; plate, premises, organisation and work name are
   **context**: they show, and never take anybody along to a third.
4. Each kind has a time window, because numbers get other owners: a silence longer than it makes two nodes. From `shared_from` persons a node is marked "gedeeld"; above `joins_to` it
   collapses and ties nobody. What stands in the exclusion register (hotels, shelters, call centres) is not there at all.
5. A group of more than `MOST_UNFLAGGED` persons, or with evidence that contradicts itself, is flagged: nobody hands it over unseen.
6. Every line says why it is there, and `why_path` says it between any two nodes, through what ties before what is context.

A network says something about what was reported, nothing about a person: there is no score here, and who is a victim or a suspect is no part of it.
Left to others: which signals exist for the reader (policies, before anything is built), reading them step by step (register.central), words (`register.words`), drawing (`register.drawing`).
"""

import enum
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import combinations
from types import MappingProxyType
from typing import Final
from uuid import UUID

from pseudonymisation.pseudonym import Agreement, weight
from register import links
from register.bulk import Tokens, equal, judged_pairs
from register.links import Assertion, Side, joined, kept_apart, separated
from register.matching import SubjectKey, Weighing
from register.scoring import JOINED, PERSONAL, Families, apart

MOST_UNFLAGGED: Final = 12
"""Persons in a group that nobody has to look at again before it is handed over."""


class Kind(enum.StrEnum):
    """What a node is."""

    PERSON = "persoon"
    TELEPHONE = "telefoon"
    EMAIL = "email"
    ACCOUNT = "account"
    ADVERTISEMENT = "advertentie"
    BANK = "rekening"
    PLATE = "kenteken"
    PREMISES = "pand"
    ORGANISATION = "organisatie"
    ALIAS = "werknaam"


class EdgeKind(enum.StrEnum):
    """Why two nodes are next to each other."""

    CARRIES = "draagt"
    TOGETHER = "samen_gezien"
    REPORTED = "samen_gemeld"
    POSSIBLE = "mogelijk_dezelfde"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of attribute may do.

    Attributes:
        kind: of the node.
        ties: whether it takes persons along into one group; else it is context.
        shared_from: persons from which it is marked as shared.
        joins_to: persons up to which it ties; above, it collapses.
        weeks: silence after which the same value is another node.
    """

    kind: Kind
    ties: bool
    shared_from: int
    joins_to: int
    weeks: int


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "phone": Rule(Kind.TELEPHONE, ties=True, shared_from=5, joins_to=20, weeks=52),
        "email": Rule(Kind.EMAIL, ties=True, shared_from=5, joins_to=20, weeks=104),
        "social_handle": Rule(Kind.ACCOUNT, ties=True, shared_from=5, joins_to=20, weeks=104),
        "ad_id_or_url": Rule(Kind.ADVERTISEMENT, ties=True, shared_from=5, joins_to=20, weeks=104),
        "iban": Rule(Kind.BANK, ties=True, shared_from=5, joins_to=20, weeks=104),
        "plate": Rule(Kind.PLATE, ties=False, shared_from=5, joins_to=20, weeks=26),
        "bag_address": Rule(Kind.PREMISES, ties=False, shared_from=10, joins_to=40, weeks=26),
        "kvk": Rule(Kind.ORGANISATION, ties=False, shared_from=10, joins_to=40, weeks=104),
        "work_alias": Rule(Kind.ALIAS, ties=False, shared_from=3, joins_to=5, weeks=26),
    }
)
"""Family of match keys -> what it may do in a network. What is not here is evidence about one person and no node."""

TIES: Final = frozenset(family for family, rule in RULES.items() if rule.ties)
"""Families through which a network may grow."""

MOST_TOGETHER: Final = 12
"""Persons in one signal that were seen together; more is a raid on a building, and ties nobody."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One subject of one signal, as far as its reader may see it.

    Attributes:
        subject: which.
        organisation: whether it is an organisation or premises.
        place: municipality that reported; None where that is not opened.
        week: ISO week `YYYY-Wnn`; None where that is not opened.
        tokens: what the register sees of it.
    """

    subject: SubjectKey
    organisation: bool
    place: str | None
    week: str | None
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Pair:
    """Two subjects of which the evidence was judged (`register.matching`), by their place in the list of observed.

    Attributes:
        one: the earlier.
        other: the later.
        families: that agree.
        known: the band; else it is only possible.
        one_person: whether the evidence says one person.
    """

    one: int
    other: int
    families: Families
    known: bool
    one_person: bool


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A node; its key counts within this network and means nothing outside it.

    Attributes:
        kind: what it is.
        number: from 1, in order of time.
    """

    kind: Kind
    number: int

    @property
    def key(self) -> str:
        """`persoon-1`."""
        return f"{self.kind.value}-{self.number}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a line rests on.

    Attributes:
        families: of match keys that agree; empty where two stood in one signal.
        signals: how many.
        places: municipalities that reported, as far as opened.
        first: ISO week, as far as opened.
        last: likewise.
    """

    families: Families
    signals: int
    places: tuple[str, ...]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes with its reason.

    Attributes:
        a: the lower.
        b: the higher.
        kind: why.
        ties: whether it takes along into a group; else it is context, or a question.
        evidence: on what.
    """

    a: Node
    b: Node
    kind: EdgeKind
    ties: bool
    evidence: Evidence

    def other(self, node: Node) -> Node:
        """The far end."""
        return self.b if node == self.a else self.a


@dataclass(frozen=True, slots=True)
class Marks:
    """What must be said of a node.

    Attributes:
        persons: how many persons carry it.
        shared: it is marked as shared ("gedeeld nummer").
        collapsed: it ties nobody, because too many carry it.
        conflicting: a join of this person was refused, or what was joined contradicts itself.
    """

    persons: int = 1
    shared: bool = False
    collapsed: bool = False
    conflicting: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Persons that ties hold together.

    Attributes:
        persons: in order.
        large: more than `MOST_UNFLAGGED`.
        conflicting: some evidence in it contradicts itself.
        shared: it holds together by a node that is marked as shared.
    """

    persons: tuple[Node, ...]
    large: bool
    conflicting: bool
    shared: bool

    @property
    def flagged(self) -> bool:
        """Whether a person must look again before it is handed over."""
        return self.large or self.conflicting


@dataclass(frozen=True, slots=True)
class Bond:
    """Why two subjects are one person: what agrees, or that somebody said so.

    Attributes:
        one: a subject.
        other: a subject of another signal.
        families: that agree; None where a person said 'zelfde'.
    """

    one: SubjectKey
    other: SubjectKey
    families: Families | None


@dataclass(frozen=True)
class Network:
    """Nodes, lines and groups.

    Attributes:
        members: node -> subjects of signals that it was made of.
        edges: every line once.
        groups: persons that hang together; who hangs together with nobody is a group of one.
        marks: what must be said of a node.
        bonds: why the subjects of a person are one, as many as hold them together.
    """

    members: Mapping[Node, tuple[SubjectKey, ...]]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    marks: Mapping[Node, Marks]
    bonds: Mapping[Node, tuple[Bond, ...]] = field(default_factory=dict)
    _near: dict[Node, list[Edge]] = field(default_factory=dict, repr=False, compare=False)

    def near(self, node: Node) -> Sequence[Edge]:
        """The lines of a node."""
        if not self._near:
            for edge in self.edges:
                self._near.setdefault(edge.a, []).append(edge)
                self._near.setdefault(edge.b, []).append(edge)
        return self._near.get(node, [])

    def of(self, subject: SubjectKey) -> Node | None:
        """The person or organisation of a subject."""
        own = (Kind.PERSON, Kind.ORGANISATION)
        return next(
            (node for node, those in self.members.items() if node.kind in own and subject in those), None
        )


def without(observed: Iterable[Observed], excluded: Collection[bytes]) -> list[Observed]:
    """The same without the tags of the exclusion register: what stands there is no evidence and no node. That there was such an attribute stays known."""
    gone = frozenset(excluded)
    return [
        replace(one, tokens=Tokens({family: tags - gone for family, tags in one.tokens.tags.items()}))
        for one in observed
    ]


def agreements(observed: Sequence[Observed], weighing: Weighing) -> Iterator[Pair]:
    """Judge everybody observed against the others, as a question would (`register.bulk`)."""
    for organisation in (False, True):
        numbers = [at for at, one in enumerate(observed) if one.organisation == organisation]
        tokens = [observed[at].tokens for at in numbers]
        for one, other, families, verdict in judged_pairs(tokens, weighing, organisation=organisation):
            known = verdict.band is Agreement.KNOWN
            yield Pair(numbers[one], numbers[other], families, known, verdict.one_person)


def build(
    observed: Sequence[Observed], pairs: Iterable[Pair], assertions: Collection[Assertion] = ()
) -> Network:
    """The network of what was observed.

    Args:
        observed: what the reader may see, and nothing else.
        pairs: what was judged among them.
        assertions: what people said about pairs of them, withdrawn or not.
    """
    judged = list(pairs)
    people = _People(observed, assertions)
    people.join(judged)
    named = _named(observed, people.clusters())
    whose = {at: node for node, those in named.items() for at in those}
    attributes = _attributes(observed)
    edges: list[Edge] = []
    marks = {node: Marks(conflicting=people.conflicting(those)) for node, those in named.items()}
    members = {node: tuple(sorted(observed[at].subject for at in those)) for node, those in named.items()}
    numbers = dict.fromkeys(Kind, 0)
    numbers[Kind.ORGANISATION] = sum(1 for node in named if node.kind is Kind.ORGANISATION)
    for family, those in attributes:
        rule, carriers = RULES[family], _by_node(those, whose)
        numbers[rule.kind] += 1
        node = Node(rule.kind, numbers[rule.kind])
        persons = len(carriers)
        collapsed = persons > rule.joins_to
        marks[node] = Marks(persons, shared=persons >= rule.shared_from, collapsed=collapsed)
        members[node] = tuple(sorted(observed[at].subject for at in those))
        edges += [
            _edge(
                node,
                one,
                EdgeKind.CARRIES,
                _evidence(observed, mine, {family}),
                ties=rule.ties and not collapsed and one.kind is Kind.PERSON,
            )
            for one, mine in carriers.items()
        ]
    edges += _in_one_signal(observed, whose)
    edges += _asking(observed, judged, whose, people)
    edges.sort(key=lambda one: (one.a, one.b, one.kind))
    bonds: dict[Node, tuple[Bond, ...]] = {}
    for at, to, agreeing in people.bonds:
        bond = Bond(observed[at].subject, observed[to].subject, agreeing)
        bonds[whose[at]] = (*bonds.get(whose[at], ()), bond)
    return Network(members, tuple(edges), _groups(named, edges, marks), marks, bonds)


# ---- persons ----------------------------------------------------------------------------------------------------


class Union:
    """Numbers that belong together, each set under its lowest."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def root(self, at: int) -> int:
        """The lowest of a set."""
        above = self._above
        while above[at] != at:
            above[at] = above[above[at]]
            at = above[at]
        return at

    def unite(self, one: int, other: int) -> tuple[int, int]:
        """The root that stays and the root that went under it."""
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low
        return low, high

    def sets(self) -> dict[int, list[int]]:
        """Root -> everybody in its set, in order."""
        found: dict[int, list[int]] = {}
        for at in range(len(self._above)):
            found.setdefault(self.root(at), []).append(at)
        return found


class _People:
    """Who is one person: joined pair by pair, the strongest first, and never against what a person said."""

    def __init__(self, observed: Sequence[Observed], assertions: Collection[Assertion]) -> None:
        self._observed = observed
        self._number = {_side(one): at for at, one in enumerate(observed)}
        self._union = Union(len(observed))
        self._said = assertions
        self._same = self._ends(joined(assertions))
        self._told = {*self._ends(separated(assertions)), *_of_one_signal(observed)}
        self._barred: dict[int, set[int]] = {}
        for one, other in self._told:
            self._barred.setdefault(one, set()).add(other)
            self._barred.setdefault(other, set()).add(one)
        self.refused = set[int]()
        self.bonds = list[tuple[int, int, Families | None]]()

    def _ends(self, pairs: Collection[links.Pair]) -> list[tuple[int, int]]:
        """The pairs of which both ends are observed here, by number."""
        ends = (sorted(self._number[one] for one in pair if one in self._number) for pair in pairs)
        return sorted((those[0], those[1]) for those in ends if len(those) == 2)

    def join(self, pairs: Sequence[Pair]) -> None:
        """Confirmed by a person, then by evidence of their own, then by something they could share."""
        for one, other in self._same:
            self._unite(one, other, None)
        own, shared = list[Pair](), list[Pair]()
        for pair in pairs:
            if pair.known and pair.one_person:
                (own if _own(self._observed[pair.one], pair.families) else shared).append(pair)
        for pair in sorted(own, key=lambda one: (_lightness(one.families), one.one, one.other)):
            self._unite(pair.one, pair.other, pair.families)
        self._sharing(shared)

    def _sharing(self, pairs: Sequence[Pair]) -> None:
        """All that a shared attribute would join, or nothing of it where two of those are told apart: whose it is, nobody can say then."""
        if not pairs:
            return
        inside, near, accepted = self._union.sets(), dict[int, set[int]](), set[int]()
        for pair in pairs:
            one, other = self._union.root(pair.one), self._union.root(pair.other)
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
        for roots in _parts(near):
            everyone = sorted(at for root in roots for at in inside[root])
            named = [root for root in roots if any(self._named(at) for at in inside[root])]
            whole = _all_next_to(near, roots, roots) or (len(named) == 1 and _all_next_to(near, named, roots))
            if whole and len(everyone) <= _MOST_COMPARED and not self._divided(everyone):
                accepted |= set(everyone)
        for pair in sorted(pairs, key=lambda one: (one.one, one.other)):
            if pair.one in accepted:
                self._unite(pair.one, pair.other, pair.families)

    def _named(self, at: int) -> bool:
        return bool(self._observed[at].tokens.families & _OWN)

    def _divided(self, everyone: Sequence[int]) -> bool:
        return any(
            (one, other) in self._told or _told_apart(self._observed[one], self._observed[other])
            for one, other in combinations(everyone, 2)
        )

    def _unite(self, one: int, other: int, families: Families | None) -> None:
        first, second = self._union.root(one), self._union.root(other)
        if first == second:
            return
        if second in self._barred.get(first, ()):
            self.refused |= {one, other}
            return
        self.bonds.append((one, other, families))
        low, high = self._union.unite(first, second)
        for far in self._barred.pop(high, ()):
            self._barred[far].discard(high)
            self._barred[far].add(low)
            self._barred.setdefault(low, set()).add(far)

    def clusters(self) -> list[list[int]]:
        """Everybody, one list a person."""
        return list(self._union.sets().values())

    def conflicting(self, cluster: Sequence[int]) -> bool:
        """Whether a join was refused here, or what was joined contradicts itself."""
        if any(at in self.refused for at in cluster):
            return True
        if len(cluster) > _MOST_COMPARED:
            return True
        return any(
            _told_apart(self._observed[one], self._observed[other]) for one, other in combinations(cluster, 2)
        )

    def asks(self, pair: Pair) -> bool:
        """Whether somebody should say whether these two are the same: what is only possible; and what people told apart, on evidence that was not there then."""
        one, other = self._union.root(pair.one), self._union.root(pair.other)
        if one == other or not pair.one_person:
            return False
        if other not in self._barred.get(one, ()):
            return not pair.known
        ends = _side(self._observed[pair.one]), _side(self._observed[pair.other])
        told = (pair.one, pair.other) in self._told and ends[0].signal_id != ends[1].signal_id
        return told and not kept_apart(*ends, pair.families, self._said)


_MOST_COMPARED: Final = 60
"""Signals of one person that are compared with each other; more must be looked at anyway."""
_OWN: Final = PERSONAL - JOINED


def _side(observed: Observed) -> Side:
    return Side(observed.subject.signal_id, observed.subject.ref)


def _of_one_signal(observed: Sequence[Observed]) -> Iterator[tuple[int, int]]:
    """Who stands in one signal is told apart by who submitted it."""
    signals: dict[UUID, list[int]] = {}
    for at, one in enumerate(observed):
        signals.setdefault(one.subject.signal_id, []).append(at)
    for those in signals.values():
        yield from combinations(those, 2)


def _own(observed: Observed, families: Families) -> bool:
    return observed.organisation or bool(families & _OWN)


@cache
def _lightness(families: Families) -> tuple[int, int]:
    evidence = weight(families)
    return -evidence.strong, -evidence.medium


def _told_apart(one: Observed, other: Observed) -> bool:
    if one.organisation:
        return False
    agreeing = equal(one.tokens, other.tokens).families
    return apart(agreeing, one.tokens.families & other.tokens.families)


def _all_next_to(near: Mapping[int, Collection[int]], some: Iterable[int], everyone: Iterable[int]) -> bool:
    return all(one == other or other in near[one] for one in some for other in everyone)


def _parts(near: Mapping[int, Iterable[int]]) -> Iterator[list[int]]:
    """The connected parts of a small graph, each in order."""
    seen = set[int]()
    for start in sorted(near):
        if start in seen:
            continue
        part, waiting = [start], deque([start])
        seen.add(start)
        while waiting:
            for far in near.get(waiting.popleft(), ()):
                if far not in seen:
                    seen.add(far)
                    part.append(far)
                    waiting.append(far)
        yield sorted(part)


def _named(observed: Sequence[Observed], clusters: Iterable[list[int]]) -> dict[Node, list[int]]:
    """Clusters with their node, numbered in order of time."""
    ordered = sorted(
        clusters, key=lambda those: min((observed[at].week or "", observed[at].subject) for at in those)
    )
    numbers, found = {Kind.PERSON: 0, Kind.ORGANISATION: 0}, dict[Node, list[int]]()
    for those in ordered:
        kind = Kind.ORGANISATION if observed[those[0]].organisation else Kind.PERSON
        numbers[kind] += 1
        found[Node(kind, numbers[kind])] = those
    return found


# ---- attributes -------------------------------------------------------------------------------------------------


def _attributes(observed: Sequence[Observed]) -> list[tuple[str, tuple[int, ...]]]:
    """Each attribute that two signals carry: its family and who carries it; a long silence makes two."""
    carriers: dict[bytes, list[int]] = {}
    family_of: dict[bytes, str] = {}
    for at, one in enumerate(observed):
        for family, tags in one.tokens.tags.items():
            if family in RULES:
                for tag in tags:
                    family_of[tag] = family
                    carriers.setdefault(tag, []).append(at)
    found = set[tuple[str, tuple[int, ...]]]()
    for tag, those in carriers.items():
        if len(those) > 1:
            # Two tokens of one thing (an address with and without its addition) that the same people carry are one node.
            family = family_of[tag]
            found.update((family, part) for part in _stretches(observed, those, RULES[family].weeks))
    return sorted(found, key=lambda one: (observed[one[1][0]].week or "", one))


def carried_by(observed: Sequence[Observed], family: str, carriers: Collection[SubjectKey]) -> set[bytes]:
    """The tags for which the node of these carriers stands. What they carry with others besides is another node, and not meant."""
    found, wanted = set[bytes](), sorted(carriers)
    those: dict[bytes, list[int]] = {}
    for at, one in enumerate(observed):
        for tag in one.tokens.tags.get(family, ()):
            those.setdefault(tag, []).append(at)
    for tag, numbers in those.items():
        parts = _stretches(observed, numbers, RULES[family].weeks)
        if any(sorted(observed[at].subject for at in part) == wanted for part in parts):
            found.add(tag)
    return found


def _stretches(observed: Sequence[Observed], those: Sequence[int], weeks: int) -> Iterator[tuple[int, ...]]:
    """Parts of time without a silence longer than this, as far as two signals are in them."""
    dated = sorted(those, key=lambda at: (observed[at].week or "", at))
    start = 0
    for place in range(1, len(dated) + 1):
        ended = place == len(dated)
        if ended or _silence(observed[dated[place - 1]].week, observed[dated[place]].week) > weeks:
            part = dated[start:place]
            if len({observed[at].subject.signal_id for at in part}) > 1:
                yield tuple(part)
            start = place


def _silence(before: str | None, after: str | None) -> int:
    return 0 if before is None or after is None else ordinal(after) - ordinal(before)


@cache
def ordinal(week: str) -> int:
    """Weeks since the calendar began."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1).toordinal() // 7


def _by_node(those: Iterable[int], whose: Mapping[int, Node]) -> dict[Node, list[int]]:
    found: dict[Node, list[int]] = {}
    for at in those:
        found.setdefault(whose[at], []).append(at)
    return found


def _edge(one: Node, other: Node, kind: EdgeKind, evidence: Evidence, *, ties: bool) -> Edge:
    low, high = sorted((one, other))
    return Edge(low, high, kind, ties, evidence)


def _evidence(observed: Sequence[Observed], those: Iterable[int], families: Collection[str]) -> Evidence:
    seen = [observed[at] for at in those]
    weeks = sorted(one.week for one in seen if one.week is not None)
    return Evidence(
        frozenset(families),
        len({one.subject.signal_id for one in seen}),
        tuple(sorted({one.place for one in seen if one.place is not None})),
        weeks[0] if weeks else None,
        weeks[-1] if weeks else None,
    )


def _in_one_signal(observed: Sequence[Observed], whose: Mapping[int, Node]) -> Iterator[Edge]:
    """Persons who were seen together, and the organisation that was reported with them, which is context."""
    signals: dict[object, list[int]] = {}
    for at, one in enumerate(observed):
        signals.setdefault(one.subject.signal_id, []).append(at)
    met: dict[tuple[Node, Node], list[int]] = {}
    crowded = set[tuple[Node, Node]]()
    for those in signals.values():
        if len(those) < 2:
            continue
        for pair in combinations(sorted({whose[at] for at in those}), 2):
            met.setdefault(pair, []).append(those[0])
            if len(those) > MOST_TOGETHER:
                crowded.add(pair)
    for (a, b), those in met.items():
        people = a.kind is b.kind is Kind.PERSON
        kind = EdgeKind.TOGETHER if people else EdgeKind.REPORTED
        yield _edge(a, b, kind, _evidence(observed, those, ()), ties=people and (a, b) not in crowded)


def _asking(
    observed: Sequence[Observed], pairs: Iterable[Pair], whose: Mapping[int, Node], people: _People
) -> Iterator[Edge]:
    """What is only possible: a line that asks a person, until somebody says."""
    open_: dict[tuple[Node, Node], tuple[set[int], set[str]]] = {}
    for pair in pairs:
        if not people.asks(pair):
            continue
        one, other = whose[pair.one], whose[pair.other]
        those, families = open_.setdefault((min(one, other), max(one, other)), (set(), set()))
        those.update((pair.one, pair.other))
        families |= pair.families
    for (one, other), (those, families) in open_.items():
        yield _edge(one, other, EdgeKind.POSSIBLE, _evidence(observed, those, families), ties=False)


# ---- groups -----------------------------------------------------------------------------------------------------


def _groups(persons: Iterable[Node], edges: Iterable[Edge], marks: Mapping[Node, Marks]) -> tuple[Group, ...]:
    near: dict[Node, list[Node]] = {node: [] for node in persons if node.kind is Kind.PERSON}
    for edge in edges:
        if edge.ties:
            near.setdefault(edge.a, []).append(edge.b)
            near.setdefault(edge.b, []).append(edge.a)
    found, seen = list[Group](), set[Node]()
    for start in list(near):
        if start in seen or start.kind is not Kind.PERSON:
            continue
        part, waiting = [start], deque([start])
        seen.add(start)
        while waiting:
            for far in near[waiting.popleft()]:
                if far not in seen:
                    seen.add(far)
                    part.append(far)
                    waiting.append(far)
        found.append(_group(part, marks))
    return tuple(sorted(found, key=lambda one: (-len(one.persons), one.persons)))


def _group(part: Sequence[Node], marks: Mapping[Node, Marks]) -> Group:
    persons = tuple(sorted(node for node in part if node.kind is Kind.PERSON))
    return Group(
        persons,
        large=len(persons) > MOST_UNFLAGGED,
        conflicting=any(marks[one].conflicting for one in persons),
        shared=any(marks[one].shared for one in part),
    )


# ---- asking a network -------------------------------------------------------------------------------------------


def why_path(network: Network, a: Node, b: Node) -> tuple[Edge, ...] | None:
    """The lines from one node to another: the shortest way through what ties, and only where there is none through context too; None where there is none at all."""
    through_ties = _shortest(network, a, b, context=False)
    return _shortest(network, a, b, context=True) if through_ties is None else through_ties


def _shortest(network: Network, a: Node, b: Node, *, context: bool) -> tuple[Edge, ...] | None:
    came = dict[Node, tuple[Node, Edge]]()
    waiting, seen = deque([a]), {a}
    while waiting:
        node = waiting.popleft()
        if node == b:
            return _walked_back(came, a, b)
        for edge in network.near(node):
            far = edge.other(node)
            if far not in seen and (edge.ties or context):
                seen.add(far)
                came[far] = (node, edge)
                waiting.append(far)
    return None


def _walked_back(came: Mapping[Node, tuple[Node, Edge]], a: Node, b: Node) -> tuple[Edge, ...]:
    path, node = list[Edge](), b
    while node != a:
        node, edge = came[node]
        path.append(edge)
    return tuple(reversed(path))


@dataclass(frozen=True, slots=True)
class Step:
    """How a node came into a view.

    Attributes:
        node: which.
        depth: steps from person to person; 0 is where the case began.
        by: the line along which it came; None at the beginning.
    """

    node: Node
    depth: int
    by: Edge | None


def expanded(
    network: Network, starts: Iterable[Node], *, depth: int, most: int
) -> tuple[dict[Node, Step], bool]:
    """What lies within so many steps from person to person, each node with the line that brought it; and whether it ended because there were too many.

    Through what ties only. Context and questions of whom is shown are shown beside them and lead nowhere.

    Args:
        network: of everything that the reader may see.
        starts: persons where the case began.
        depth: steps from person to person; through a telephone is one.
        most: nodes.
    """
    found = {node: Step(node, 0, None) for node in sorted(starts)}
    waiting, cut = deque(found), False
    while waiting:
        node = waiting.popleft()
        step = found[node]
        for edge in network.near(node):
            far = edge.other(node)
            # Half a step to an attribute and half a step on: the attribute stands at the depth of whom it was found by.
            further = step.depth + (far.kind is Kind.PERSON)
            if far in found or not edge.ties or further > depth:
                continue
            if len(found) >= most:
                cut = True
                continue
            found[far] = Step(far, further, edge)
            waiting.append(far)
    for node in [one for one in found if one.kind is Kind.PERSON]:
        for edge in network.near(node):
            far = edge.other(node)
            if far in found or edge.ties or edge.kind is EdgeKind.POSSIBLE:
                continue
            if len(found) >= most:
                cut = True
                continue
            found[far] = Step(far, found[node].depth, edge)
    return found, cut


def restricted(network: Network, nodes: Collection[Node]) -> Network:
    """The part of a network that lies between these nodes; what is marked stays marked."""
    edges = tuple(edge for edge in network.edges if edge.a in nodes and edge.b in nodes)
    members = {node: those for node, those in network.members.items() if node in nodes}
    marks = {node: network.marks[node] for node in members}
    bonds = {node: those for node, those in network.bonds.items() if node in nodes}
    return Network(members, edges, _groups(members, edges, marks), marks, bonds)


def split(cluster: Collection[SubjectKey], part: Collection[SubjectKey]) -> frozenset[links.Pair]:
    """The pairs that must be called "niet dezelfde" to take a part out of a person.

    Raises:
        ValueError: the part is nobody, everybody, or not of this person.
    """
    out = frozenset(part)
    left = frozenset(cluster) - out
    if not out or not left or not out <= frozenset(cluster):
        raise ValueError("a part is some of a person and not all")
    return frozenset(
        links.pair(Side(one.signal_id, one.ref), Side(other.signal_id, other.ref))
        for one in out
        for other in left
    )

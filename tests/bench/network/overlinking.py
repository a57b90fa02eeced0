# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether a network of many strangers falls into the groups that were planted, and what other rules would make of it.

What is generated, from a seed:

- Persons in true groups of two to six, who are seen within half a year of each other; one to three signals each. A signal has the person's document, name and date of birth in 17 of 20 cases; of the rest, the person is recognised by a lossy name: a *fuzzy* link.
- A group hangs together by telephones, advertisements, e-mail addresses and having been seen together, each of two to four members, so that every member can be reached; one such attribute in a hundred was never written down.
- Thirty addresses, each of 500 to 3,000 random persons (hotels, shelters, employers), and twenty numbers of call centres, each of 60 to 400.
- False fuzzy links between strangers: one in two hundred of all links between signals.

A person confirmed six in ten of the true fuzzy links, and by mistake one in twenty of the false ones. Known links are those of `register.network.agreements`, that is of the matching; only what is fuzzy is planted as such.

Pairs are of persons: a pair is right when both are in one true group. Persons whose signals stay apart are in every group in which one of their signals is.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from register.bulk import Tokens, counted
from register.links import Assertion, Side, pair
from register.links import Kind as Same
from register.matching import SubjectKey, Weighing
from register.network import Kind, Network, Observed, Pair, Union, agreements, build
from register.scoring import weights_from

FUZZY: Final = frozenset({"name_dob_near", "name_dob_part", "name_dob_year", "name_pair"})
PLACES: Final = tuple(f"GM{9001 + n}" for n in range(300))
WEEKS: Final = tuple(f"{year}-W{week:02d}" for year in (2025, 2026) for week in range(1, 53))
LARGEST: Final = 50
_WHOLE: Final = 200_000
"""Persons of a whole world; a smaller one has fewer hotels and call centres."""


@dataclass
class World:
    """What was generated, and the truth."""

    observed: list[Observed]
    person: list[int]
    group: list[int]
    fuzzy: list[Pair]
    false: list[Pair]


def generated(persons: int, seed: int) -> World:
    """A world of so many persons, four to a group."""
    chance = random.Random(seed)
    carried: list[set[tuple[str, bytes]]] = [set() for _one in range(persons)]
    group, groups = [0] * persons, list[list[int]]()
    who = list(range(persons))
    chance.shuffle(who)
    at = 0
    while at < persons:
        size = min(chance.choice((2, 3, 4, 5, 6)), persons - at)
        groups.append(who[at : at + size])
        at += size
    together = list[list[int]]()
    for number, members in enumerate(groups):
        for one in members:
            group[one] = number
        _tie(chance, number, members, carried, together)
    _strangers(chance, persons, carried)
    return _signals(chance, carried, group, together)


def _tie(
    chance: random.Random,
    number: int,
    members: Sequence[int],
    carried: list[set[tuple[str, bytes]]],
    together: list[list[int]],
) -> None:
    left, tied, count = list(members[1:]), [members[0]], 0
    while left:
        new = [left.pop() for _one in range(min(chance.choice((1, 2, 3)), len(left)))]
        those = [chance.choice(tied), *new]
        tied += new
        kind = chance.choices(("phone", "ad_id_or_url", "email", "together"), (60, 20, 10, 10))[0]
        if kind == "together":
            together.append(those)
        elif chance.random() > 1 / 100:
            for one in those:
                carried[one].add((kind, f"{kind}{number}.{count}".encode()))
        count += 1


def _strangers(chance: random.Random, persons: int, carried: list[set[tuple[str, bytes]]]) -> None:
    for kind, how_many, least, most in (("bag_address", 30, 500, 3000), ("phone", 20, 60, 400)):
        for number in range(max(how_many * persons // _WHOLE, 1)):
            tag = f"{kind} shared {number}".encode()
            for one in chance.sample(range(persons), min(chance.randint(least, most), persons // 10)):
                carried[one].add((kind, tag))


def _signals(
    chance: random.Random, carried: list[set[tuple[str, bytes]]], group: list[int], together: list[list[int]]
) -> World:
    observed, person, of_person, fuzzy = list[Observed](), list[int](), list[list[int]](), list[Pair]()
    signal = 0
    begun = [chance.randrange(len(WEEKS) - 26) for _group in range(max(group) + 1)]
    for one, attributes in enumerate(carried):
        mine, sure = list[int](), list[int]()
        for _turn in range(chance.choice((1, 2, 3))):
            tags = {
                family: frozenset(tag for kind, tag in attributes if kind == family)
                for family, _tag in attributes
            }
            known = chance.random() < 17 / 20
            tags |= _own(one, None if known else signal, telephone="phone" in tags)
            week = WEEKS[begun[group[one]] + chance.randrange(26)]
            observed.append(
                Observed(
                    _key(signal),
                    organisation=False,
                    place=chance.choice(PLACES),
                    week=week,
                    tokens=Tokens(tags),
                )
            )
            if mine and not (known and sure):
                fuzzy.append(Pair(mine[0], signal, FUZZY, known=False, one_person=True))
            mine.append(signal)
            if known:
                sure.append(signal)
            person.append(one)
            signal += 1
        of_person.append(mine)
    for those in together:
        # Seen together: each once more, in one signal.
        shared = _key(signal)
        for place, one in enumerate(those):
            tags = _own(one, None, telephone=False)
            key = replace(shared, ref=f"s{place + 1}")
            observed.append(
                Observed(
                    key,
                    organisation=False,
                    place=chance.choice(PLACES),
                    week=WEEKS[begun[group[one]]],
                    tokens=Tokens(tags),
                )
            )
            person.append(one)
            signal += 1
    links = len(observed) - len(carried)
    false = list[Pair]()
    while len(false) < max(links // 200, 1):
        one, other = sorted(chance.sample(range(len(observed)), 2))
        if group[person[one]] != group[person[other]]:
            false.append(Pair(one, other, FUZZY, known=False, one_person=True))
    return World(observed, person, group, fuzzy, false)


def _own(person: int, other: int | None, *, telephone: bool) -> dict[str, frozenset[bytes]]:
    """What is a person's own; in a signal with another spelling only what is lossy is equal."""
    families = ["name_dob_near", "name_pair", *(["person_phone"] if telephone else [])]
    own = {family: frozenset({f"{family} {person}".encode()}) for family in families}
    own["name_dob"] = frozenset({f"name_dob {person}{'' if other is None else f'/{other}'}".encode()})
    if other is None:
        own["document"] = frozenset({f"document {person}".encode()})
    return own


def _key(signal: int) -> SubjectKey:
    return SubjectKey(UUID(int=signal + 1), 1, "s1")


def measured(persons: int, seed: int) -> dict[str, Any]:
    """Ours, and what other rules would make of the same world."""
    world = generated(persons, seed)
    chance = random.Random(seed + 1)
    weights = weights_from(files("register").joinpath("data/weights.json").read_text("utf-8"))
    begun = time.process_time()
    known = list(
        agreements(world.observed, Weighing(weights, counted([one.tokens for one in world.observed])))
    )
    judged = time.process_time() - begun
    confirmed = [one for one in world.fuzzy if chance.random() < 0.6]
    confirmed += [one for one in world.false if chance.random() < 0.05]
    said = [_confirmed(world, one) for one in confirmed]
    begun = time.process_time()
    found = build(world.observed, [*known, *world.fuzzy, *world.false], said)
    built = time.process_time() - begun
    alone = {"as it works": _score(world, found)}
    unasked = [replace(one, known=True) for one in (*world.fuzzy, *world.false)]
    alone["fuzzy links join unasked"] = _score(world, build(world.observed, [*known, *unasked]))
    alone["components over everything"] = _everything(world, [*known, *world.fuzzy, *world.false])
    return {
        "persons": persons,
        "groups": len(set(world.group)),
        "signals": len(world.observed),
        "false_links": len(world.false),
        "cpu_matching": judged,
        "cpu_building": built,
        "edges": len(found.edges),
        "rules": alone,
    }


def _confirmed(world: World, one: Pair) -> Assertion:
    ends = (world.observed[at].subject for at in (one.one, one.other))
    both = pair(*(Side(end.signal_id, end.ref) for end in ends))
    return Assertion(UUID(int=one.other), Same.SAME, both, None, datetime(2026, 1, 1, tzinfo=UTC))


def _score(world: World, found: Network) -> dict[str, Any]:
    number = {one.subject: at for at, one in enumerate(world.observed)}
    sets = [
        {world.person[number[one]] for node in group.persons for one in found.members[node]}
        for group in found.groups
    ]
    large = [group for group in found.groups if len(group.persons) > LARGEST]
    return {
        **_pairs(world, sets),
        "largest": max(len(group.persons) for group in found.groups),
        "above_50_without_mark": sum(not group.shared for group in large),
        "flagged": sum(group.flagged for group in found.groups),
        "hubs": sum(mark.shared for mark in found.marks.values()),
        "collapsed": sum(mark.collapsed for mark in found.marks.values()),
        "telephones": sum(node.kind is Kind.TELEPHONE for node in found.members),
    }


def _everything(world: World, pairs: Iterable[Pair]) -> dict[str, Any]:
    union = Union(len(world.observed))
    for one in pairs:
        union.unite(one.one, one.other)
    first: dict[bytes, int] = {}
    for at, seen in enumerate(world.observed):
        for tags in seen.tokens.tags.values():
            for tag in tags:
                union.unite(first.setdefault(tag, at), at)
    sets = [{world.person[at] for at in those} for those in union.sets().values()]
    return {**_pairs(world, sets), "largest": max(map(len, sets))}


def _pairs(world: World, sets: Sequence[set[int]]) -> dict[str, float]:
    """Precision and recall over distinct pairs; a set too large to go through is counted, which is the same where nobody is in two."""
    true = sum(n * (n - 1) // 2 for n in Counter(world.group).values())
    shown, right = set[tuple[int, int]](), 0
    counted_ = 0
    for those in sets:
        of_group = Counter(world.group[one] for one in those)
        if len(those) > 1000:
            counted_ += len(those) * (len(those) - 1) // 2
            right += sum(n * (n - 1) // 2 for n in of_group.values())
        else:
            shown.update(combinations(sorted(those), 2))
    right += sum(world.group[one] == world.group[other] for one, other in shown)
    return {"precision": right / (len(shown) + counted_), "recall": right / true}

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Attacks on equality: by how often tokens stand, by what stands beside them, by which families are there, and by what one evaluated oneself.

Pure, and about any families: an attack takes rows of tokens and rows in clear (`world.Row`) and gives token -> value, or record -> guess. Ties are broken by the tokens and values themselves,
which is chance: tokens say nothing of their order.

1. `by_rank`: the token that stands most often is the value that stands most often (Naveed, Kamara, Wright 2015, for columns encrypted deterministically).
2. `by_company`: from tokens that are known, each next one is the value that stands beside the same known ones as often (after Islam, Kuzu, Kantarcioglu 2012).
3. `by_signature`: a record is the one whose tokens are as common, family by family.
4. `by_form`: which families are there says through which channel, or about whom, a record is.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Final

from tests.bench.leakage.world import Row, Token

Node = tuple[str, bytes]
"""A family and one of its tokens or values."""
_SEEN: Final = 3
"""Records in which a token must stand before its company says anything."""
_ALIKE: Final = 0.5
"""Cosine from which company is alike."""
_ROUNDS: Final = 3


def counted(rows: Iterable[Row], family: str) -> Counter[bytes]:
    """How many records carry each token or value of a family."""
    return Counter(one for row in rows for one in row.get(family, ()))


def _ranked(counts: Counter[bytes]) -> list[bytes]:
    return sorted(counts, key=lambda one: (-counts[one], one))


def by_rank(register: Sequence[Row], sample: Sequence[Row], family: str) -> dict[Token, bytes]:
    """The first token is the first value, the second the second, and so on."""
    ours, clear = _ranked(counted(register, family)), _ranked(counted(sample, family))
    return dict(zip(ours, clear, strict=False))


def right(guess: Mapping[Token, bytes], truth: Mapping[Token, bytes]) -> set[Token]:
    """The tokens that were read rightly."""
    return {one for one, value in guess.items() if truth.get(one) == value}


def share_read(register: Sequence[Row], family: str, read: Collection[Token]) -> float:
    """Of the records that have a token of the family, the part of which at least one was read."""
    having = [row[family] for row in register if row.get(family)]
    known = frozenset(read)
    return sum(bool(one & known) for one in having) / len(having) if having else 0.0


# ---- company --------------------------------------------------------------------------------------------------------------


def by_company(
    register: Sequence[Row], sample: Sequence[Row], known: Mapping[Token, bytes]
) -> dict[Token, bytes]:
    """What can be read beyond `known`: each token as the value, of the same family, in the company most like its own.

    Only mutual best fits count, and only tokens that stand in three records or more: the others have no company to speak of.
    """
    ours, clear = _standing(register), _standing(sample)
    places = {token: family for family, token in _nodes(register)}
    found = dict(known)
    for _round in range(_ROUNDS):
        anchors = {
            (places[token], token): (places[token], value)
            for token, value in found.items()
            if token in places
        }
        mine = _company(register, ours, anchors)
        theirs = _company(sample, clear, {value: value for value in anchors.values()})
        new = _fits(mine, theirs, set(anchors), set(anchors.values()))
        if not new:
            break
        found |= new
    return {token: value for token, value in found.items() if token not in known}


def _nodes(rows: Iterable[Row]) -> Iterable[Node]:
    return ((family, one) for row in rows for family, those in row.items() for one in those)


def _standing(rows: Sequence[Row]) -> set[Node]:
    return {node for node, times in Counter(_nodes(rows)).items() if times >= _SEEN}


def _company(
    rows: Sequence[Row], nodes: set[Node], anchors: Mapping[Node, Node]
) -> dict[Node, dict[Node, float]]:
    """Per node how often each anchor (under its clear name) stands beside it, as a vector of length one."""
    beside: dict[Node, Counter[Node]] = defaultdict(Counter)
    for row in rows:
        here = list(_nodes([row]))
        present = [anchors[one] for one in here if one in anchors]
        for one in here:
            if one in nodes:
                beside[one].update(present)
    found = {}
    for one, counts in beside.items():
        length = math.sqrt(sum(times * times for times in counts.values()))
        if length:
            found[one] = {anchor: times / length for anchor, times in counts.items()}
    return found


def _fits(
    mine: Mapping[Node, Mapping[Node, float]],
    theirs: Mapping[Node, Mapping[Node, float]],
    settled: set[Node],
    taken: set[Node],
) -> dict[Token, bytes]:
    index: dict[Node, list[Node]] = defaultdict(list)
    for value, vector in theirs.items():
        if value not in taken:
            for anchor in vector:
                index[anchor].append(value)
    best: dict[Node, tuple[float, Node]] = {}
    back: dict[Node, tuple[float, Node]] = {}
    for node in mine.keys() - settled:
        for value, score in _likeness(node, mine[node], theirs, index).items():
            best[node] = max(best.get(node, (0.0, value)), (score, value))
            back[value] = max(back.get(value, (0.0, node)), (score, node))
    return {node[1]: value[1] for node, (_score, value) in best.items() if back[value][1] == node}


def _likeness(
    node: Node,
    vector: Mapping[Node, float],
    theirs: Mapping[Node, Mapping[Node, float]],
    index: Mapping[Node, Sequence[Node]],
) -> dict[Node, float]:
    """The values of the node's family in company enough like its own."""
    scores: dict[Node, float] = defaultdict(float)
    for anchor, part in vector.items():
        for value in index.get(anchor, ()):
            if value[0] == node[0]:
                scores[value] += part * theirs[value][anchor]
    return {value: score for value, score in scores.items() if score >= _ALIKE}


# ---- records --------------------------------------------------------------------------------------------------------------


def by_signature(register: Sequence[Row], sample: Sequence[Row]) -> dict[int, int]:
    """Record of the register -> record of the sample with the same signature, where both are the only one with it."""
    ours, clear = _signatures(register), _signatures(sample)
    return {ours[one]: clear[one] for one in ours.keys() & clear.keys()}


def _signatures(rows: Sequence[Row]) -> dict[Hashable, int]:
    carriers = Counter(_nodes(rows))
    signed: dict[Hashable, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        one = tuple(
            (family, tuple(sorted(carriers[family, each] for each in row[family]))) for family in sorted(row)
        )
        signed[one].append(number)
    return {one: numbers[0] for one, numbers in signed.items() if len(numbers) == 1}


def entropy(counts: Iterable[int]) -> float:
    """Shannon entropy in bits."""
    found = [one for one in counts if one]
    total = sum(found)
    return -sum(one / total * math.log2(one / total) for one in found) if found else 0.0


def by_form(
    learned: Sequence[tuple[Hashable, str]], asked: Sequence[tuple[Hashable, str]]
) -> tuple[float, float]:
    """How often a fact is guessed rightly from the form of a record, and how often by always saying the commonest.

    Args:
        learned: form and fact of each record in clear.
        asked: form and (to judge by) fact of each record of the register.
    """
    commonest = Counter(fact for _form, fact in learned).most_common(1)[0][0]
    per_form: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for form, fact in learned:
        per_form[form][fact] += 1
    said = [per_form[form].most_common(1)[0][0] if form in per_form else commonest for form, _fact in asked]
    hits = sum(one == fact for one, (_form, fact) in zip(said, asked, strict=True))
    return hits / len(asked), sum(fact == commonest for _form, fact in asked) / len(asked)

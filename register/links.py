# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What people said about two subjects: "zelfde" or "niet dezelfde", as assertions with an author and a reason that can be withdrawn. Nothing is ever merged.

1. An assertion is about two subjects of two signals, whichever way round; about the versions of before and after alike, since a correction keeps the `ref` of a subject.
2. A standing "niet dezelfde" keeps a pair apart on the evidence that was there (the families that agreed), for everybody: on the same families, or fewer, it is proposed to nobody. What agrees besides is new, and may be proposed.
3. After `EVIDENCE_DAYS` that evidence is destroyed (R8) and the bare pair is left: it stays apart whatever agrees, for as long as both signals live, until a person withdraws the assertion.
4. What was withdrawn says nothing any more. "Zelfde" and "niet dezelfde" about one pair may stand side by side when two people differ: then the pair is kept apart, and nobody is joined.
"""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

EVIDENCE_DAYS: Final = 30
"""How long the evidence of a rejected link is kept (R8)."""


class Kind(StrEnum):
    """What is said about two subjects."""

    SAME = "zelfde"
    NOT_SAME = "niet_dezelfde"


class Side(NamedTuple):
    """A subject of a signal, whatever its version."""

    signal_id: UUID
    ref: str


Pair = frozenset[Side]
"""Two subjects, whichever way round."""


def pair(one: Side, other: Side) -> Pair:
    """Two subjects as a pair.

    Raises:
        ValueError: they are of one signal: who submitted it says who is who there.
    """
    if one.signal_id == other.signal_id:
        raise ValueError("a pair is of two signals")
    return frozenset((one, other))


@dataclass(frozen=True)
class Assertion:
    """What one person said about a pair.

    Attributes:
        assertion_id: its own number.
        kind: what was said.
        pair: of which two subjects.
        families: that agreed when it was said; None after their term (R8).
        made_at: when.
        withdrawn_at: since when it says nothing any more.
    """

    assertion_id: UUID
    kind: Kind
    pair: Pair
    families: frozenset[str] | None
    made_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it still says something."""
        return self.withdrawn_at is None

    def covers(self, families: AbstractSet[str]) -> bool:
        """Whether this evidence was there when it was said; of a bare pair all evidence was."""
        return self.families is None or families <= self.families


def separated(assertions: Iterable[Assertion]) -> frozenset[Pair]:
    """The pairs about which somebody says, today, that they are not the same."""
    return frozenset(one.pair for one in assertions if one.stands and one.kind is Kind.NOT_SAME)


def joined(assertions: Collection[Assertion]) -> frozenset[Pair]:
    """The pairs about which somebody says, today, that they are the same, and nobody that they are not."""
    same = {one.pair for one in assertions if one.stands and one.kind is Kind.SAME}
    return frozenset(same - separated(assertions))


def kept_apart(one: Side, other: Side, families: AbstractSet[str], assertions: Iterable[Assertion]) -> bool:
    """Whether these two may not be proposed to anybody on this evidence."""
    both = frozenset((one, other))
    return any(
        said.stands and said.kind is Kind.NOT_SAME and said.pair == both and said.covers(families)
        for said in assertions
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Movement: where and when the signals of one person were, in the order in which they were observed, so that A to B to C shows; and who was in the same places in the same weeks.

A track is derived on read from signals that agree (matching); nothing is merged, nothing is stored, and a treffer is no node of it. Signals of one week
have no order between them and stand together.

Who travels with whom is asked from one person of an opened case and never of everybody at once: others who share at least `SHARED_CELLS` cells (a municipality in an ISO week) in at
least `SHARED_PLACES` municipalities. One busy municipality makes nobody a companion, however often two were reported there. How surprising an overlap is, is counted within each place: residents of one town meet by living there.

Left to others: which signals exist for the reader (policies), what makes signals one person's (network), drawing.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Generic, TypeVar

SHARED_CELLS: Final = 4
SHARED_PLACES: Final = 2


@dataclass(frozen=True, order=True)
class Sighting:
    """One signal on a track: where (the submitting organisation) and in which ISO week."""

    organisation: str
    week: str


@dataclass(frozen=True)
class Stay:
    """Signals in one place, or in places of one week, until the next place.

    Attributes:
        places: one, or several of one and the same week.
        first: ISO week.
        last: ISO week.
        signals: how many.
    """

    places: tuple[str, ...]
    first: str
    last: str
    signals: int

    @property
    def name(self) -> str:
        """The places joined with " + ", because their order is not known."""
        return " + ".join(self.places)


def stays(sightings: Iterable[Sighting]) -> tuple[Stay, ...]:
    """Where somebody was, in the order of time; a place that stays is told once, a return again."""
    ordered = sorted(sightings, key=lambda one: one.week)
    weeks = [(week, list(those)) for week, those in groupby(ordered, key=lambda one: one.week)]
    placed = [(tuple(sorted({one.organisation for one in those})), week, len(those)) for week, those in weeks]
    found = []
    for places, part in groupby(placed, key=lambda one: one[0]):
        those = list(part)
        found.append(Stay(places, those[0][1], those[-1][1], sum(one[2] for one in those)))
    return tuple(found)


def route(sightings: Iterable[Sighting]) -> tuple[str, ...]:
    """The places in order of time; a place that stays is named once, a return is named again.

    Places of one and the same week are joined with " + ", because their order is not known.
    """
    return tuple(one.name for one in stays(sightings))


K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Companion(Generic[K]):
    """Somebody who was in the same places in the same weeks.

    Attributes:
        key: who, as the caller names them.
        cells: what is shared, in order of time.
        bits: how unlikely that is by chance; to order by, never to show.
    """

    key: K
    cells: tuple[Sighting, ...]
    bits: float


@dataclass(frozen=True)
class Crowd:
    """How many signals each cell and each place have: what chance brings together.

    Attributes:
        cells: per cell.
        places: per place.
        signals: of all.
    """

    cells: Mapping[Sighting, int]
    places: Mapping[str, int]
    signals: int


def crowd_of(sightings: Iterable[Sighting]) -> Crowd:
    """Count the sightings that a reader may see."""
    cells: dict[Sighting, int] = {}
    places: dict[str, int] = {}
    for one in sightings:
        cells[one] = cells.get(one, 0) + 1
        places[one.organisation] = places.get(one.organisation, 0) + 1
    return Crowd(cells, places, sum(places.values()))


def companions(
    own: Collection[Sighting],
    others: Mapping[K, Collection[Sighting]],
    crowd: Crowd | None,
    *,
    cells: int = SHARED_CELLS,
    places: int = SHARED_PLACES,
) -> list[Companion[K]]:
    """Who shares enough cells in enough places with somebody, and more of them than chance gives; the least likely by chance first.

    Args:
        own: sightings of the one that is asked from.
        others: sightings of each of those that share a cell.
        crowd: what chance brings together; None within one case, of which a person judged before that it hangs together.
        cells: least number of cells.
        places: least number of municipalities among those.
    """
    mine, found = frozenset(own), list[Companion[K]]()
    for key, theirs in others.items():
        shared = mine & frozenset(theirs)
        if len(shared) < cells or len({one.organisation for one in shared}) < places:
            continue
        bits, least = 0.0, -1.0
        if crowd is not None:
            bits = _surprise(shared, crowd) - _chances(len(mine), len(frozenset(theirs)), len(shared))
            least = math.log2(max(crowd.signals, 2))
        if bits > least:
            found.append(
                Companion(key, tuple(sorted(shared, key=lambda one: (one.week, one.organisation))), bits)
            )
    return sorted(found, key=lambda one: (-len(one.cells), -one.bits))


def _surprise(shared: Iterable[Sighting], crowd: Crowd) -> float:
    """Bits of meeting there: to be in a place at all, once for each place; and in that very week, for each cell."""
    bits, seen = 0.0, set[str]()
    for cell in shared:
        there = max(crowd.places.get(cell.organisation, 1), 1)
        bits += math.log2(there / min(crowd.cells.get(cell, 1), there))
        if cell.organisation not in seen:
            seen.add(cell.organisation)
            bits += math.log2(max(crowd.signals, there) / there)
    return bits


def _chances(mine: int, theirs: int, shared: int) -> float:
    """Bits that many sightings of both are worth: who is seen everywhere meets everybody."""
    return math.log2(math.comb(mine, shared)) + math.log2(math.comb(theirs, shared))

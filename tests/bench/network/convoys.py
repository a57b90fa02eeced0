# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether those who travel with somebody are found among a million signals, asked from one of them; and who is taken for a companion wrongly.

What is generated, from a seed: 340 municipalities whose share of all signals falls with their rank (the largest has some thirty times the median), and 104 weeks.

- Convoys of four, that share at least four cells (a municipality in an ISO week) in at least three municipalities; a member misses one convoy cell in ten, unless that would leave fewer than four, and has up to three signals elsewhere.
- Residents, with one to three signals in their own town, and one in twenty with eight to twenty; travellers with two to ten signals anywhere.
- Twins in time: one resident in a hundred has a neighbour who is reported in the same town in the same weeks, which is no convoy.

Asked are one member of each convoy, and as many others who have at least four signals in at least two places.
"""

import random
import time
from array import array
from collections import Counter
from typing import Any, Final

from register.movement import SHARED_CELLS, Companion, Crowd, Sighting, companions

TOWNS: Final = 340
WEEKS: Final = 104
CONVOY: Final = 4
_NAMES: Final = [f"GM{9001 + n}" for n in range(TOWNS)]
_WEEKS: Final = [f"{year}-W{week:02d}" for year in (2025, 2026) for week in range(1, 53)]


class Country:
    """Signals as two flat lists, a person and a cell each, and postings from cell to persons."""

    def __init__(self, signals: int, convoys: int, seed: int) -> None:
        chance = random.Random(seed)
        self._towns = list(range(TOWNS))
        self._weights = [1 / (3 + rank) ** 0.9 for rank in range(TOWNS)]
        self.persons, self.cells = array("i"), array("i")
        self.convoys = list[list[int]]()
        self._next = 0
        for _one in range(convoys):
            self._convoy(chance)
        self.first_stranger = self._next
        while len(self.persons) < signals:
            self._stranger(chance)
        self.by_person: dict[int, array[int]] = {}
        self.by_cell: dict[int, array[int]] = {}
        for person, cell in zip(self.persons, self.cells, strict=True):
            self.by_person.setdefault(person, array("i")).append(cell)
            self.by_cell.setdefault(cell, array("i")).append(person)

    def _new(self, cells: list[int]) -> int:
        person, self._next = self._next, self._next + 1
        for cell in cells:
            self.persons.append(person)
            self.cells.append(cell)
        return person

    def _town(self, chance: random.Random) -> int:
        return chance.choices(self._towns, self._weights)[0]

    def _convoy(self, chance: random.Random) -> None:
        towns = [self._town(chance) for _one in range(chance.randint(4, 7))]
        while len(set(towns)) < 3:
            towns.append(self._town(chance))
        route = [
            town * WEEKS + week
            for town, week in zip(towns, sorted(chance.sample(range(WEEKS), len(towns))), strict=True)
        ]
        members = []
        for _one in range(CONVOY):
            kept = [cell for cell in route if chance.random() > 0.1]
            if len(kept) < SHARED_CELLS + (len(route) > SHARED_CELLS):
                kept = list(route)
            elsewhere = [
                self._town(chance) * WEEKS + chance.randrange(WEEKS) for _more in range(chance.randint(0, 3))
            ]
            members.append(self._new(kept + elsewhere))
        self.convoys.append(members)

    def _stranger(self, chance: random.Random) -> None:
        if chance.random() < 0.25:
            self._new(
                [
                    self._town(chance) * WEEKS + chance.randrange(WEEKS)
                    for _one in range(chance.randint(2, 10))
                ]
            )
            return
        home = self._town(chance)
        often = chance.random() < 0.05
        cells = [
            home * WEEKS + chance.randrange(WEEKS)
            for _one in range(chance.randint(8, 20) if often else chance.randint(1, 3))
        ]
        self._new(cells)
        if chance.random() < 0.01:
            self._new(cells)

    def crowd(self) -> Crowd:
        """How many signals each cell and place have."""
        cells = Counter(self.cells)
        places: Counter[str] = Counter()
        for cell, number in cells.items():
            places[_NAMES[cell // WEEKS]] += number
        return Crowd({sighting(cell): number for cell, number in cells.items()}, places, len(self.cells))

    def asked(self, person: int, crowd: Crowd) -> list[Companion[int]]:
        """The companions of one person; whom no four cells are shared with is never looked at."""
        own = set(self.by_person[person])
        met = Counter(other for cell in own for other in set(self.by_cell[cell]))
        others = {
            other: [sighting(cell) for cell in set(self.by_person[other])]
            for other, shared in met.items()
            if shared >= SHARED_CELLS and other != person
        }
        return companions([sighting(cell) for cell in own], others, crowd)


_KNOWN: Final[dict[int, Sighting]] = {}


def sighting(cell: int) -> Sighting:
    """A cell as the register says it."""
    if cell not in _KNOWN:
        _KNOWN[cell] = Sighting(_NAMES[cell // WEEKS], _WEEKS[cell % WEEKS])
    return _KNOWN[cell]


def measured(signals: int, convoys: int, seed: int) -> dict[str, Any]:
    """Ask from one of each convoy, and from as many strangers."""
    chance = random.Random(seed + 1)
    country = Country(signals, convoys, seed)
    crowd = country.crowd()
    three, all_four, strangers, groups_false, taken = 0, 0, 0, 0, list[float]()
    for members in country.convoys:
        asked = chance.choice(members)
        begun = time.process_time()
        found = country.asked(asked, crowd)
        taken.append(time.process_time() - begun)
        top = {one.key for one in found[: CONVOY - 1]} | {asked}
        three += len(top & set(members)) >= 3
        all_four += top == set(members)
        others = {one.key for one in found} - set(members)
        strangers += bool(others)
        groups_false += len(others) > len({one.key for one in found} & set(members))
    lone = [
        person
        for person in range(country.first_stranger, country.persons[-1])
        if len(those := set(country.by_person[person])) >= SHARED_CELLS
        and len({cell // WEEKS for cell in those}) > 1
    ]
    sample = chance.sample(lone, min(convoys, len(lone)))
    wrong = sum(bool(country.asked(person, crowd)) for person in sample)
    taken.sort()
    return {
        "signals": len(country.persons),
        "convoys": len(country.convoys),
        "three_of_four": three / len(country.convoys),
        "all_four": all_four / len(country.convoys),
        "with_a_stranger": strangers / len(country.convoys),
        "false_of_convoys": groups_false / len(country.convoys),
        "strangers_asked": len(sample),
        "false_of_strangers": wrong / max(len(sample), 1),
        "median_ms": 1000 * taken[len(taken) // 2],
        "p95_ms": 1000 * taken[int(len(taken) * 0.95)],
    }

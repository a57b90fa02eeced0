# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The persons behind the observations: what is true of them, before anybody writes anything down.

`people` makes them in order, from one stream of chance that knows no noise: the same seed gives the same persons at every level. Later persons lean on earlier ones: twins and
siblings on the person before, namesakes on somebody of the same origin and sex, houses and shared telephones on whoever came just before. Everybody is made up. Numbers:

- A **BSN** passes the eleven-test and begins with 999, as in the test sets of Dutch registries; there is no range that is promised never to be issued.
- A **V-number** begins with 99.
- **Telephones** are possible in the plan of their country, and their subscriber part begins with zeros.
- **Document numbers** have the shape of their country, drawn.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from tests.bench.observations.names import FATHERS, ORIGINS, WORK_NAMES, Name, Origin
from tests.bench.observations.places import (
    BARRED_LETTERS,
    MUNICIPALITIES,
    POSTCODE_LETTERS,
    STREETS,
    Municipality,
)
from tests.bench.observations.rates import POPULATION, Population
from tests.bench.observations.spelling import cyrillic, feminine

FIRST_DAY, LAST_DAY = date(2023, 1, 2), date(2026, 10, 31)
"""Between these days everything is observed."""

_DOCUMENTS = {
    "ROU": "000000000",
    "BGR": "000000000",
    "HUN": "AA0000000",
    "POL": "AA0000000",
    "NGA": "A00000000",
    "CHN": "EA0000000",
    "THA": "AA0000000",
    "VNM": "C0000000",
    "BRA": "AA000000",
    "PRT": "AA000000",
    "COL": "AA000000",
    "DOM": "AA0000000",
    "ESP": "AAA000000",
    "MAR": "AA0000000",
    "SYR": "000000000",
    "UKR": "AA000000",
    "RUS": "000000000",
    "TUR": "A00000000",
    "ALB": "AA0000000",
    "PHL": "A0000000A",
    "NLD": "AAA0AA000",
}
"""Shape of a passport's number: A a letter, 0 a digit."""
_ASYLUM, _OTHER = "W00000000", "A0000000"
_ASYLUM_FROM = frozenset({"SYR", "IRQ", "DZA", "NGA", "UKR", "TUR", "MAR"})

Phone = tuple[str, str]
"""Country code and national number."""


@dataclass(frozen=True)
class Part:
    """One name of one person: as on the document, other forms in Latin letters, and as written at home."""

    official: str
    others: tuple[str, ...]
    native: str


@dataclass(frozen=True)
class Address:
    """A house in a municipality."""

    municipality: Municipality
    street: str
    number: str
    postcode: str


@dataclass(frozen=True)
class Person:
    """What is true of one person.

    Attributes:
        number: from 1.
        given: given names, a patronymic last.
        surnames: one or two.
        dob: as registered; `default_birthday` says that 1 January is what a registry made of it.
        phones: own telephones in the order of use; `renewals` says after how many mean lifetimes each next one is taken.
        shared_phone: the telephone of somebody who arranges things, or None.
        documents: first shown, then the others (renewed, or a second one).
        addresses: in the order of living there; `stays` is the share of the whole period after which each next one begins.
        bsn, v_number: "" when there is none.
    """

    number: int
    origin: Origin
    nationality: str
    woman: bool
    sex_trade: bool
    given: tuple[Part, ...]
    surnames: tuple[Part, ...]
    dob: date
    default_birthday: bool
    phones: tuple[Phone, ...]
    renewals: tuple[float, ...]
    shared_phone: Phone | None
    documents: tuple[str, ...]
    work_names: tuple[str, ...]
    addresses: tuple[Address, ...]
    stays: tuple[float, ...]
    bsn: str
    v_number: str
    relation: str = ""

    @property
    def id(self) -> str:
        """What stands in the column person_id."""
        return f"P{self.number:06}"


def people(count: int, seed: int, population: Population = POPULATION) -> Iterator[Person]:
    """So many persons.

    Raises:
        ValueError: fewer than one.
    """
    if count < 1:
        raise ValueError("There is nothing to make: ask for at least one person.")
    world = _World(Random(f"{seed}:people"), population)
    for number in range(1, count + 1):
        yield world.person(number)


def ranked(rng: Random, count: int) -> int:
    """A place in a list whose commonest entry stands first (Zipf, flattened at the head)."""
    return rng.choices(range(count), cum_weights=_ranks(count))[0]


@cache
def _ranks(count: int) -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + 3) ** 0.9 for rank in range(count)))


_INHABITANTS = tuple(accumulate(one.weight for one in MUNICIPALITIES))


def anywhere(rng: Random) -> Municipality:
    """A municipality, by its weight."""
    return rng.choices(MUNICIPALITIES, cum_weights=_INHABITANTS)[0]


@dataclass
class _World:
    """What later persons lean on."""

    rng: Random
    population: Population
    previous: Person | None = None
    known: dict[tuple[str, bool], list[Person]] = field(default_factory=lambda: defaultdict(list))
    used: set[Phone] = field(default_factory=set)
    issued: int = 0
    house: Address | None = None
    room: int = 0
    arranger: Phone | None = None
    clients: int = 0

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def person(self, number: int) -> Person:
        relation = self._relation()
        previous = self.previous if relation in {"twin", "sibling"} else None
        origin = (
            previous.origin if previous else self.rng.choices(ORIGINS, [one.weight for one in ORIGINS])[0]
        )
        woman = self.chance(0.8 if previous and previous.woman else self.population.women)
        like = self._namesake(origin, woman) if relation == "namesake" else None
        nationality = previous.nationality if previous else _weighted(self.rng, origin.nationalities)
        sex_trade = woman and self.chance(self.population.sex_trade)
        dob, default = self._birth(origin, relation, previous, like)
        addresses = self._addresses(previous, sex_trade=sex_trade)
        person = Person(
            number=number,
            origin=origin,
            nationality=nationality,
            woman=woman,
            sex_trade=sex_trade,
            given=like.given if like else self._given(origin, previous, woman=woman),
            surnames=like.surnames if like else self._surnames(origin, previous, woman=woman),
            dob=dob,
            default_birthday=default,
            phones=tuple(
                self._phone(origin) for _ in range(self.rng.choices((1, 2, 3), (0.25, 0.4, 0.35))[0])
            ),
            renewals=tuple(self.rng.expovariate(1) for _ in range(2)),
            shared_phone=self._shared_phone() if sex_trade else None,
            documents=self._documents(nationality),
            work_names=tuple(
                WORK_NAMES[ranked(self.rng, len(WORK_NAMES))]
                for _ in range(self.rng.choices((1, 2, 3), (0.5, 0.3, 0.2))[0])
            ),
            addresses=addresses,
            stays=tuple(sorted(self.rng.random() for _ in addresses[1:])),
            bsn=self._bsn(nationality),
            v_number=self._v_number(nationality),
            relation=relation if previous or like else "",
        )
        self.previous = person
        self.known[origin.code, woman].append(person)
        return person

    def _relation(self) -> str:
        of = self.population
        rest = 1 - of.twin - of.sibling - of.namesake
        return self.rng.choices(
            ("twin", "sibling", "namesake", ""), (of.twin, of.sibling, of.namesake, rest)
        )[0]

    def _namesake(self, origin: Origin, woman: bool) -> Person | None:  # noqa: FBT001 - as in the key
        known = self.known[origin.code, woman]
        return self.rng.choice(known) if known else None

    def _birth(
        self, origin: Origin, relation: str, previous: Person | None, like: Person | None
    ) -> tuple[date, bool]:
        if previous and relation == "twin":
            return previous.dob, previous.default_birthday
        age = self.rng.choices(
            (self.rng.uniform(18, 21), self.rng.gauss(26, 5), self.rng.gauss(38, 8)), (0.06, 0.6, 0.34)
        )[0]
        born = LAST_DAY - timedelta(days=int(365.25 * min(max(age, 18), 64)))
        if previous:
            born = previous.dob + timedelta(days=self.rng.choice((-1, 1)) * self.rng.randrange(330, 1800))
        if like:
            born = date(like.dob.year, 1, 1) + timedelta(days=self.rng.randrange(365))
        if self.chance(origin.default_birthday):
            return date(born.year, 1, 1), True
        return born, False

    def _given(self, origin: Origin, previous: Person | None, *, woman: bool) -> tuple[Part, ...]:
        names = origin.women if woman else origin.men
        taken = {previous.given[0].official} if previous else set()
        parts: list[Part] = []
        for _ in range(1 + self.chance(origin.second_given)):
            part = self._part(names[ranked(self.rng, len(names))], origin)
            while part.official in taken:
                part = self._part(names[ranked(self.rng, len(names))], origin)
            taken.add(part.official)
            parts.append(part)
        if origin.custom == "patronymic":
            father = self.rng.choice(FATHERS)
            ends = {
                ("bulgaria", True): "ova",
                ("bulgaria", False): "ov",
                ("ukraine", True): "ivna",
                ("ukraine", False): "ovych",
            }
            name = father + ends[origin.code, woman]
            parts.append(Part(name, (), cyrillic(name)))
        return tuple(parts)

    def _surnames(self, origin: Origin, previous: Person | None, *, woman: bool) -> tuple[Part, ...]:
        if previous and (previous.woman == woman or not origin.feminine):
            return previous.surnames
        if previous and woman:
            return tuple(_of_woman(part, origin) for part in previous.surnames)
        # The brother of a sister gets a name of his own: her form does not say what his was.
        count = 2 if origin.custom == "iberian" or (origin.custom == "lusophone" and self.chance(0.75)) else 1
        parts = tuple(
            self._part(origin.surnames[ranked(self.rng, len(origin.surnames))], origin) for _ in range(count)
        )
        return tuple(_of_woman(part, origin) for part in parts) if woman else parts

    def _part(self, name: Name, origin: Origin) -> Part:
        official = self.rng.choices(
            name.forms, [2.0 if place == 0 else 1.0 for place in range(len(name.forms))]
        )[0]
        native = name.native or (cyrillic(official) if origin.cyrillic else "")
        return Part(official, tuple(one for one in name.forms if one != official), native)

    def _phone(self, origin: Origin) -> Phone:
        for _ in range(50):
            if self.chance(self.population.dutch_phone):
                phone = (
                    "31",
                    f"6{self.rng.choice('123458')}{self.rng.randrange(10)}00{self.rng.randrange(10_000):04}",
                )
            else:
                country, first, length = origin.phone
                digits = length - len(first)
                phone = country, first + f"{self.rng.randrange(min(10**digits, 100_000)):0{digits}}"
            if phone not in self.used:
                break
        # After fifty tries a number is given out again, as operators do.
        self.used.add(phone)
        return phone

    def _shared_phone(self) -> Phone | None:
        if self.clients > 0:
            self.clients -= 1
            return self.arranger
        # A group has four on average; three of four of its women come by an arranger that is there already.
        if self.chance(self.population.facilitated / (4 - 3 * self.population.facilitated)):
            self.arranger, self.clients = self._phone(ORIGINS[-1]), self.rng.randrange(1, 6)
            return self.arranger
        return None

    def _addresses(self, previous: Person | None, *, sex_trade: bool) -> tuple[Address, ...]:
        first = previous.addresses[0] if previous else self._home(sex_trade=sex_trade)
        moves = min(5, int(self.rng.expovariate(1 / self.population.moves)))
        return (first, *(self._home(sex_trade=sex_trade) for _ in range(moves)))

    def _home(self, *, sex_trade: bool) -> Address:
        if not sex_trade and self.house and self.room > 0 and self.chance(self.population.housed * 1.5):
            self.room -= 1
            return self.house
        address = self._address()
        if not sex_trade and self.room == 0 and self.chance(self.population.housed):
            self.house, self.room = address, self.rng.randrange(2, 15)
        return address

    def _address(self) -> Address:
        where = anywhere(self.rng)
        addition = self.rng.choices(
            ("", self.rng.choice("ABCD"), str(self.rng.randrange(1, 5))), (0.72, 0.18, 0.1)
        )[0]
        number = str(1 + int(self.rng.expovariate(1 / 60)))
        letters = "".join(self.rng.choices(POSTCODE_LETTERS, k=2))
        if letters in BARRED_LETTERS:
            letters = "AB"
        return Address(
            where,
            STREETS[ranked(self.rng, len(STREETS))],
            number + addition if not addition.isdigit() else f"{number}-{addition}",
            f"{where.postcode}{self.rng.randrange(100):02} {letters}",
        )

    def _documents(self, nationality: str) -> tuple[str, ...]:
        shape = _DOCUMENTS.get(nationality, _OTHER)
        second = _ASYLUM if nationality in _ASYLUM_FROM and self.chance(0.6) else shape
        shapes = (shape, second, shape) if self.chance(self.population.second_document) else (shape, second)
        return tuple(self._document(one) for one in shapes)

    def _document(self, shape: str) -> str:
        draw = {"A": "ABCDEFGHKLMNPRSTVXZ", "0": "0123456789"}
        return "".join(self.rng.choice(draw.get(one, one)) for one in shape)

    def _bsn(self, nationality: str) -> str:
        if not self.chance(0.98 if nationality == "NLD" else self.population.bsn):
            return ""
        while True:
            self.issued += 1
            number = fictitious_bsn(self.issued)
            if number:
                return number

    def _v_number(self, nationality: str) -> str:
        if nationality == "NLD" or not self.chance(self.population.v_number):
            return ""
        return f"99{self.rng.randrange(10**8):08}"


def fictitious_bsn(order: int) -> str:
    """The number 999999999 - `order` when it passes the eleven-test, otherwise "".

    Raises:
        ValueError: it would no longer begin with 999.
    """
    digits = str(999_999_999 - order)
    if order < 0 or not digits.startswith("999"):
        raise ValueError("There are no more fictitious BSNs: ask for fewer persons.")
    total = sum(int(one) * weight for one, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return digits if total % 11 == 0 else ""


def _of_woman(part: Part, origin: Origin) -> Part:
    official = feminine(part.official, origin.feminine)
    others = tuple(feminine(one, origin.feminine) for one in part.others)
    return Part(official, others, cyrillic(official) if origin.cyrillic else part.native)


def _weighted(rng: Random, options: tuple[tuple[str, float], ...]) -> str:
    return rng.choices([one for one, _ in options], [weight for _, weight in options])[0]

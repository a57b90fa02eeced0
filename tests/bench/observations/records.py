# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From persons to records: who was met when and by whom, and what of it was written down.

1. `encounters` says who was met on which day, in which municipality, through which channel; no noise yet.
2. `record` writes one of them down at a level of noise, by the rates of `rates`.
3. `generate` does both, in the order of the days. Chance is drawn per person, so another level of noise changes what is written and never who was met.

Truth is `person_id`: whoever matches must not look at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.bench.observations import spelling
from tests.bench.observations.names import NATIVE_WORK_NAMES, NICKNAMES
from tests.bench.observations.people import FIRST_DAY, LAST_DAY, Address, Part, Person, anywhere, people
from tests.bench.observations.places import Municipality
from tests.bench.observations.rates import CHANNELS, POPULATION, Channel, Noise

_HIGHEST = 0.95
_RARELY = 1 / 8
"""Part of `Noise.missing` that hits names and dates of birth: what a record is about is seldom left out."""
_SEX = {True: ("V", "F"), False: ("M", "M")}
NATIONALITIES = {
    "ROU": "Roemeense",
    "MDA": "Moldavische",
    "BGR": "Bulgaarse",
    "HUN": "Hongaarse",
    "POL": "Poolse",
    "NGA": "Nigeriaanse",
    "GHA": "Ghanese",
    "CHN": "Chinese",
    "HKG": "Hongkong",
    "TWN": "Taiwanese",
    "THA": "Thaise",
    "VNM": "Vietnamese",
    "BRA": "Braziliaanse",
    "PRT": "Portugese",
    "COL": "Colombiaanse",
    "DOM": "Dominicaanse",
    "ESP": "Spaanse",
    "VEN": "Venezolaanse",
    "MAR": "Marokkaanse",
    "SYR": "Syrische",
    "DZA": "Algerijnse",
    "IRQ": "Iraakse",
    "UKR": "Oekraïense",
    "RUS": "Russische",
    "BLR": "Wit-Russische",
    "TUR": "Turkse",
    "ALB": "Albanese",
    "XKX": "Kosovaarse",
    "PHL": "Filipijnse",
    "NLD": "Nederlandse",
}
"""What people write for a nationality when it is not a code."""


@dataclass(frozen=True)
class Observation:
    """One record, in the order of the columns; every field is text and may be empty, except the first five.

    The day of the observation comes from a clock and is always dd-mm-yyyy; the date of birth comes from people.
    """

    obs_id: str
    person_id: str
    municipality: str
    date: str
    channel: str
    given_names: str = ""
    surname: str = ""
    dob: str = ""
    sex: str = ""
    nationality: str = ""
    doc_number: str = ""
    phone: str = ""
    alias: str = ""
    bsn: str = ""
    v_number: str = ""
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True)
class Encounter:
    """One meeting of a person with an official: the day, the place, how, and where the person lives then."""

    person: Person
    order: int
    day: date
    municipality: Municipality
    channel: Channel
    home: Address


def generate(persons: int, seed: int, noise: Noise) -> Iterator[Observation]:
    """The observations of so many persons in the order of their days, about three each.

    Raises:
        ValueError: fewer than one person, or more than there are fictitious BSNs for.
    """
    for _, observation in observed(persons, seed, noise):
        yield observation


def observed(persons: int, seed: int, noise: Noise) -> Iterator[tuple[Encounter, Observation]]:
    """As `generate`, each with what was true."""
    met = [one for person in people(persons, seed) for one in encounters(person, seed)]
    met.sort(key=lambda one: (one.day, one.person.number, one.order))
    for number, encounter in enumerate(met, start=1):
        yield encounter, record(f"W{number:07}", encounter, seed, noise)


def encounters(person: Person, seed: int) -> Iterator[Encounter]:
    """When, where and how this person was met; once to a dozen times."""
    rng = Random(f"{seed}:{person.number}:met")
    weights = POPULATION.observations
    length = (LAST_DAY - FIRST_DAY).days
    # People are met in a stretch of their lives, not all through the years.
    begin = rng.random() * 0.7
    span = (1 - begin) * rng.uniform(0.3, 1.0)
    for order in range(rng.choices(range(1, len(weights) + 1), weights)[0]):
        share = begin + span * rng.random()
        home = person.addresses[sum(stay <= share for stay in person.stays)]
        channel = rng.choices(CHANNELS, [one.weight[0 if person.sex_trade else 1] for one in CHANNELS])[0]
        elsewhere = rng.random() < (0.5 if channel.name == "ad" else 0.15)
        where = anywhere(rng) if elsewhere else home.municipality
        yield Encounter(person, order, FIRST_DAY + timedelta(days=int(length * share)), where, channel, home)


def record(obs_id: str, encounter: Encounter, seed: int, noise: Noise) -> Observation:
    """What was written down of this encounter."""
    person = encounter.person
    pen = _Pen(encounter, noise, Random(f"{seed}:{person.number}:{encounter.order}:{noise.level}"))
    given, surname = pen.names() if pen.fills("name", _RARELY) else ("", "")
    street, house_number, postcode, city = pen.address()
    return Observation(
        obs_id=obs_id,
        person_id=person.id,
        municipality=encounter.municipality.code,
        date=encounter.day.strftime("%d-%m-%Y"),
        channel=encounter.channel.name,
        given_names=given,
        surname=surname,
        dob=pen.dob() if pen.fills("dob", _RARELY) else "",
        sex=_SEX[person.woman][encounter.channel.name == "mrz"] if pen.fills("sex") else "",
        nationality=pen.nationality() if pen.fills("nationality") else "",
        doc_number=pen.document() if pen.fills("doc_number") else "",
        phone=pen.phone() if pen.fills("phone") else "",
        alias=pen.alias() if pen.fills("alias") else "",
        bsn=person.bsn if pen.fills("bsn") else "",
        v_number=person.v_number if pen.fills("v_number") else "",
        street=street,
        house_number=house_number,
        postcode=postcode,
        city=city,
    )


@dataclass
class _Pen:
    """The hand that writes one record."""

    encounter: Encounter
    noise: Noise
    rng: Random

    def slips(self, rate: float, care: float = 1.0) -> bool:
        return self.rng.random() < min(_HIGHEST, rate * care)

    def fills(self, name: str, part: float = 1.0) -> bool:
        channel = self.encounter.channel
        return self.rng.random() < channel.filled[name] * (1 - self.noise.missing * part * channel.gaps)

    # ---- names ----

    def names(self) -> tuple[str, str]:
        person, channel, noise = self.encounter.person, self.encounter.channel, self.noise
        if channel.name == "ad" and person.given[0].native and self.slips(noise.other_script):
            return person.given[0].native, "".join(part.native for part in person.surnames)
        given, surname = self._given(person), self._surname(person)
        if channel.name == "mrz":
            surname, given = spelling.zone(surname, given, self.rng)
        given, surname = self._worn(given), self._worn(surname)
        if self.slips(noise.names_swapped, channel.names * (2 if person.origin.family_first else 1)):
            given, surname = surname, given
        if channel.name in {"oral", "inspection"} and self.rng.random() < 0.12:
            surname = surname.upper()
        return given, surname

    def _given(self, person: Person) -> str:
        channel, noise = self.encounter.channel, self.noise
        first = person.given[0]
        if self.slips(noise.nickname, channel.names):
            return self._pet_name(first.official)
        if self.slips(noise.initial, channel.names):
            return first.official[0] + self.rng.choice((".", ""))
        short = len(person.given) > 1 and self.slips(noise.second_given_missing, channel.names)
        return " ".join(self._form(part) for part in (person.given[:1] if short else person.given))

    def _surname(self, person: Person) -> str:
        channel, noise = self.encounter.channel, self.noise
        short = len(person.surnames) > 1 and self.slips(noise.second_surname_missing, channel.names)
        # Of two Portuguese surnames the last is the one that is used, of two Spanish ones the first.
        kept = person.surnames[-1:] if person.origin.custom == "lusophone" else person.surnames[:1]
        text = " ".join(self._form(part) for part in (kept if short else person.surnames))
        if spelling.PARTICLES.match(text) and self.slips(noise.particle, channel.names):
            joined = self.rng.random() < 0.4
            text = spelling.PARTICLES.sub(lambda found: found[0].replace(" ", "") if joined else "", text)
        return text

    def _form(self, part: Part) -> str:
        if part.others and self.slips(self.noise.other_form, self.encounter.channel.names):
            return self.rng.choice(part.others)
        return part.official

    def _pet_name(self, name: str) -> str:
        known = NICKNAMES.get(name)
        if known:
            return self.rng.choice(known.split(", "))
        return name[: self.rng.randrange(3, 5)] + self.rng.choice(("", "i", "y", "a"))

    def _worn(self, text: str) -> str:
        channel, noise = self.encounter.channel, self.noise
        if spelling.has_marks(text) and self.slips(noise.plain_letters):
            text = spelling.plain(text)
        if self.slips(noise.phonetic, channel.names) and channel.name != "mrz":
            text = spelling.heard(text, self.rng)
        if self.slips(noise.typo, channel.names):
            text = spelling.typo(text, self.rng)
        return text

    # ---- date of birth ----

    def dob(self) -> str:
        day, noise, care = self.encounter.person.dob, self.noise, self.encounter.channel.dates
        swappable = day.day <= 12 and day.day != day.month
        rates = {
            # A zone has a whole date.
            "year": 0.0 if self.encounter.channel.name == "mrz" else noise.dob_year_only,
            "default": noise.dob_default,
            "near": noise.dob_near,
            "digit": noise.dob_digit,
            "swapped": noise.day_month_swapped if swappable else 0.0,
        }
        chances = {kind: rate * care for kind, rate in rates.items()}
        chances["right"] = max(1 - _HIGHEST, 1 - sum(chances.values()))
        kind = self.rng.choices(list(chances), list(chances.values()))[0]
        if kind in {"year", "default"}:
            # Who does not know the day is sometimes off by a year as well.
            year = day.year + (self.rng.choice((-2, -1, 1, 2)) if self.rng.random() < 0.3 else 0)
            if kind == "year":
                return spelling.written_year(year, self.rng)
            return self._written(date(year, 1, 1))
        if kind == "near":
            year = day.year + self.rng.choice((-2, -1, -1, 1, 1, 2))
            return self._written(day.replace(year=year, day=min(day.day, 28)))
        if kind == "digit":
            return self._written(spelling.other_day(day, self.rng))
        if kind == "swapped":
            return self._written(day.replace(day=day.month, month=day.day))
        return self._written(day)

    def _written(self, day: date) -> str:
        if self.slips(self.noise.dob_notation, self.encounter.channel.dates):
            return spelling.written_day(day, self.rng)
        return day.strftime("%d-%m-%Y")

    # ---- numbers ----

    def nationality(self) -> str:
        code = self.encounter.person.nationality
        if self.encounter.channel.name == "mrz" or self.rng.random() < 0.15:
            return code
        return NATIONALITIES[code]

    def document(self) -> str:
        person, care = self.encounter.person, self.encounter.channel.numbers
        number = person.documents[0]
        if self.slips(self.noise.document_second):
            number = self.rng.choice(person.documents[1:])
        if self.slips(self.noise.document_misread, care):
            number = spelling.misread(number, self.rng)
        if self.encounter.channel.name != "mrz" and self.rng.random() < 0.15:
            number = self.rng.choice(
                (number.lower(), number[:2] + " " + number[2:], number[:3] + "-" + number[3:])
            )
        return number

    def phone(self) -> str:
        encounter, noise = self.encounter, self.noise
        person, online = encounter.person, encounter.channel.name == "ad"
        months = (encounter.day - FIRST_DAY).days / 30.4
        began, place = 0.0, 0
        for renewal in person.renewals:
            began += renewal * noise.phone_months
            place += began <= months
        country, number = person.phones[place % len(person.phones)]
        if self.slips(noise.phone_other):
            country, number = self.rng.choice(person.phones)
        if person.shared_phone and self.slips(POPULATION.facilitator_phone, 1.5 if online else 0.6):
            country, number = person.shared_phone
        if self.slips(noise.phone_digit, encounter.channel.numbers):
            number = spelling.other_digit(number, self.rng, start=3)
        return spelling.written_phone(country, number, self.rng, odd=online)

    def alias(self) -> str:
        person = self.encounter.person
        native = NATIVE_WORK_NAMES.get(person.origin.code, ())
        # Whoever advertises writes for those at home as well: twice as often as in a name.
        if native and self.encounter.channel.name == "ad" and self.slips(self.noise.other_script, 2):
            return self.rng.choice(native)
        name = person.work_names[0] if self.rng.random() < 0.6 else self.rng.choice(person.work_names)
        if not person.sex_trade:
            name = self._pet_name(person.given[0].official)
        return self.rng.choices(
            (name, name.lower(), name.upper(), f"{name} {self.rng.randrange(19, 29)}", f"*{name}*"),
            (7, 1, 0.7, 0.6, 0.2),
        )[0]

    # ---- address ----

    def address(self) -> tuple[str, str, str, str]:
        encounter, rng = self.encounter, self.rng
        if not self.fills("address"):
            online = encounter.channel.name == "ad" and rng.random() < 0.6
            return "", "", "", encounter.municipality.city if online else ""
        home = encounter.home
        if self.slips(self.noise.address_other):
            home = rng.choice(encounter.person.addresses)
        number = rng.choices((home.number, home.number.lower(), home.number.replace("-", " ")), (6, 2, 1))[0]
        postcode = home.postcode if rng.random() < 0.6 else home.postcode.replace(" ", "")
        if self.slips(self.noise.missing, 0.7):
            postcode = ""
        return home.street, number, postcode, home.municipality.city

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How often each thing goes wrong: one table per level of noise, one per channel, one for the persons themselves.

Every number is a **judgement**: made after reading what officials do at a door, a counter and a screen, not measured on records of people, which nobody may have for this. The
middle level is set to two anchors of the design's first measurement: one exact hash of name and date of birth at F1 .31, and Splink on plain text at .91 (on seed 1: .29 and .906). The records themselves are not of
that measurement, so figures on these observations compare methods with each other, and say nothing of how much a register would find in the field. Whoever has better figures replaces the number here; nothing else changes.

A rate is a chance per value *that can suffer it* (a day that can be a month, a second surname that exists), in a channel whose care is 1. A channel multiplies it by
its care for names, numbers and dates, and a product above 0.95 is 0.95.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ChannelName = Literal["mrz", "oral", "ad", "desk", "inspection"]


@dataclass(frozen=True)
class Noise:
    """The rates of one level; see the module for what a rate is.

    Attributes:
        level: low, middle or high.
        typo: per name: a neighbouring key, a letter left out, doubled, or two swapped.
        phonetic: per name: written as a Dutch ear hears it.
        other_form: per name with more Latin forms: another form than on the document.
        plain_letters: per name with marks: the marks are lost.
        names_swapped: given names in the column of the surname and the other way round (doubled where the family name comes first).
        second_surname_missing: only the first of two surnames.
        second_given_missing: only the first of more given names (a patronymic too).
        particle: per surname with a particle: joined to the name or left out.
        nickname: a pet name instead of the given names.
        initial: an initial instead of the given names.
        other_script: names in the script of home where the channel is a screen.
        day_month_swapped: where the day can be a month.
        dob_digit: one digit of the date of birth wrong, and still a date.
        dob_near: remembered or guessed: the year is one or two off.
        dob_year_only: only the year is known.
        dob_default: what is not known was made 1 January.
        dob_notation: not written as dd-mm-yyyy (see `spelling.written_day`).
        phone_months: mean number of months before a person takes another telephone.
        phone_other: another of the person's telephones than today's.
        phone_digit: one digit of the telephone wrong.
        document_second: another document of the person: the one renewed, or the asylum card.
        document_misread: one character of the number read as one that looks like it.
        missing: a field that the channel usually has is empty; an eighth of it for names and dates of birth.
        address_other: another address of the person than the present one.
    """

    level: str
    typo: float
    phonetic: float
    other_form: float
    plain_letters: float
    names_swapped: float
    second_surname_missing: float
    second_given_missing: float
    particle: float
    nickname: float
    initial: float
    other_script: float
    day_month_swapped: float
    dob_digit: float
    dob_near: float
    dob_year_only: float
    dob_default: float
    dob_notation: float
    phone_months: float
    phone_other: float
    phone_digit: float
    document_second: float
    document_misread: float
    missing: float
    address_other: float


LOW = Noise(
    level="low",
    typo=0.02,
    phonetic=0.02,
    other_form=0.05,
    plain_letters=0.30,
    names_swapped=0.01,
    second_surname_missing=0.10,
    second_given_missing=0.15,
    particle=0.05,
    nickname=0.02,
    initial=0.01,
    other_script=0.03,
    day_month_swapped=0.01,
    dob_digit=0.01,
    dob_near=0.01,
    dob_year_only=0.02,
    dob_default=0.01,
    dob_notation=0.05,
    phone_months=30.0,
    phone_other=0.05,
    phone_digit=0.01,
    document_second=0.05,
    document_misread=0.01,
    missing=0.02,
    address_other=0.05,
)
"""A careful team with documents at hand."""

MIDDLE = Noise(
    level="middle",
    typo=0.10,
    phonetic=0.14,
    other_form=0.25,
    plain_letters=0.60,
    names_swapped=0.08,
    second_surname_missing=0.40,
    second_given_missing=0.40,
    particle=0.20,
    nickname=0.06,
    initial=0.03,
    other_script=0.08,
    day_month_swapped=0.05,
    dob_digit=0.05,
    dob_near=0.04,
    dob_year_only=0.03,
    dob_default=0.03,
    dob_notation=0.25,
    phone_months=8.0,
    phone_other=0.30,
    phone_digit=0.04,
    document_second=0.40,
    document_misread=0.06,
    missing=0.05,
    address_other=0.15,
)
"""Ordinary field work by several services."""

HIGH = Noise(
    level="high",
    typo=0.20,
    phonetic=0.28,
    other_form=0.40,
    plain_letters=0.85,
    names_swapped=0.15,
    second_surname_missing=0.55,
    second_given_missing=0.55,
    particle=0.40,
    nickname=0.12,
    initial=0.08,
    other_script=0.12,
    day_month_swapped=0.10,
    dob_digit=0.12,
    dob_near=0.12,
    dob_year_only=0.08,
    dob_default=0.07,
    dob_notation=0.40,
    phone_months=5.0,
    phone_other=0.40,
    phone_digit=0.10,
    document_second=0.45,
    document_misread=0.12,
    missing=0.15,
    address_other=0.30,
)
"""In a hurry, in the dark, through an interpreter, with people who would rather not be known."""

NOISE: Mapping[str, Noise] = MappingProxyType({one.level: one for one in (LOW, MIDDLE, HIGH)})


@dataclass(frozen=True)
class Channel:
    """One way in which officials come by what they write down.

    Attributes:
        name: what stands in the column.
        weight: share of the observations (of women in the sex trade, and of others).
        names, numbers, dates: care, by which rates are multiplied; below 1 is more careful.
        gaps: the same for `Noise.missing`.
        filled: share of the records in which a field is filled before `Noise.missing`; `name` is given names and surname together.
    """

    name: ChannelName
    weight: tuple[float, float]
    names: float
    numbers: float
    dates: float
    gaps: float
    filled: Mapping[str, float]


CHANNELS: tuple[Channel, ...] = (
    # Read from the machine-readable zone: reliable, upper case, cut off, no marks.
    Channel(
        name="mrz",
        weight=(0.22, 0.24),
        names=0.15,
        numbers=0.3,
        dates=0.15,
        gaps=0.3,
        filled={"name": 1.0, "dob": 1.0, "sex": 1.0, "nationality": 1.0, "doc_number": 1.0, "phone": 0.6, "address": 0.6, "alias": 0.05, "bsn": 0.02, "v_number": 0.01},
    ),
    # Told to somebody who writes it down.
    Channel(
        name="oral",
        weight=(0.27, 0.26),
        names=1.7,
        numbers=1.2,
        dates=1.7,
        gaps=1.2,
        filled={"name": 0.98, "dob": 0.95, "sex": 0.9, "nationality": 0.75, "doc_number": 0.04, "phone": 0.75, "address": 0.6, "alias": 0.12, "bsn": 0.0, "v_number": 0.0},
    ),
    # An advertisement that a person has looked at, and often phoned: a name and an age come with it.
    Channel(
        name="ad",
        weight=(0.12, 0.01),
        names=1.0,
        numbers=0.4,
        dates=2.0,
        gaps=0.4,
        filled={"name": 0.75, "dob": 0.65, "sex": 0.8, "nationality": 0.3, "doc_number": 0.0, "phone": 0.97, "address": 0.2, "alias": 0.97, "bsn": 0.0, "v_number": 0.0},
    ),
    # A counter, where somebody is registered.
    Channel(
        name="desk",
        weight=(0.12, 0.2),
        names=0.5,
        numbers=0.5,
        dates=0.4,
        gaps=0.5,
        filled={"name": 1.0, "dob": 0.99, "sex": 0.97, "nationality": 0.95, "doc_number": 0.75, "phone": 0.75, "address": 0.92, "alias": 0.01, "bsn": 0.22, "v_number": 0.12},
    ),
    # A visit to a home or a business: some show a document, some tell.
    Channel(
        name="inspection",
        weight=(0.27, 0.29),
        names=1.0,
        numbers=1.0,
        dates=1.0,
        gaps=1.0,
        filled={"name": 0.99, "dob": 0.97, "sex": 0.95, "nationality": 0.85, "doc_number": 0.5, "phone": 0.7, "address": 0.97, "alias": 0.1, "bsn": 0.04, "v_number": 0.03},
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Population:
    """What the persons are like, the same at every level of noise; the same judgement as above.

    Attributes:
        observations: weight of being observed once, twice, and so on; mean 3.05.
        women: share of women.
        sex_trade: share of the women met in the sex trade; the others, and men, are met at work and where they live.
        twin, sibling: chance that a person is the twin or sibling of the one before: same surname and address, equal or near date of birth.
        namesake: chance of the names of an earlier person of the same origin and sex, born in the same year.
        facilitated: share of the women in the sex trade who share one telephone with one to five others.
        facilitator_phone: chance that such a telephone is given instead of her own.
        housed: share of the others who live in a house with three to fifteen.
        moves: mean number of addresses behind the first.
        dutch_phone: chance that a telephone is Dutch.
        second_document: share with two documents at once (asylum card or identity card).
        bsn, v_number: share of those who are not Dutch who have one.
    """

    observations: tuple[float, ...] = (
        0.27,
        0.22,
        0.18,
        0.12,
        0.085,
        0.05,
        0.03,
        0.02,
        0.01,
        0.008,
        0.004,
        0.003,
    )
    women: float = 0.6
    sex_trade: float = 0.6
    twin: float = 0.008
    sibling: float = 0.05
    namesake: float = 0.03
    facilitated: float = 0.3
    facilitator_phone: float = 0.5
    housed: float = 0.45
    moves: float = 1.4
    dutch_phone: float = 0.6
    second_document: float = 0.3
    bsn: float = 0.35
    v_number: float = 0.15


POPULATION = Population()

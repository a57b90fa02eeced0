# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The generated observations are what they say they are: the same by seed, as noisy as stated, full of people who are easily confused, and nobody's."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from random import Random

import phonenumbers
import pytest
import yaml
from stdnum.nl import bsn as stdnum_bsn

from register.municipal.mapping import mapping_from
from tests.bench.observations import (
    COLUMNS,
    HIGH,
    LOW,
    MAPPING,
    MIDDLE,
    NOISE,
    Noise,
    Observation,
    generate,
    spelling,
    write_csv,
)
from tests.bench.observations.describe import described, exact, true_pairs
from tests.bench.observations.names import ORIGINS
from tests.bench.observations.people import Person, fictitious_bsn, people
from tests.bench.observations.rates import CHANNELS
from tests.bench.observations.records import Encounter, observed

SEED = 1
SILENT = replace(
    LOW, level="silent", **{name: 0.0 for name in vars(LOW) if name not in {"level", "phone_months"}}
)
"""Nothing goes wrong, but for the channel itself."""

Written = list[tuple[Encounter, Observation]]


@pytest.fixture(scope="module")
def persons() -> list[Person]:
    return list(people(2000, SEED))


@pytest.fixture(scope="module")
def middle() -> Written:
    return list(observed(2000, SEED, MIDDLE))


@pytest.fixture(scope="module")
def records(middle: Written) -> list[Observation]:
    return [one for _, one in middle]


# ---- by seed ----


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_csv(generate(60, 7, MIDDLE), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_seed_gives_other_persons() -> None:
    first, second = ([(one.given, one.surnames, one.dob) for one in people(60, seed)] for seed in (1, 2))
    assert not set(first) & set(second)


def test_another_level_of_noise_meets_the_same_people_on_the_same_days() -> None:
    met = [
        [(one.person_id, one.date, one.municipality, one.channel) for one in generate(60, 3, noise)]
        for noise in NOISE.values()
    ]
    assert met[0] == met[1] == met[2]


def test_no_persons_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        list(generate(0, 1, LOW))


def test_the_file_has_the_columns_that_were_asked_and_a_row_per_record(tmp_path: Path) -> None:
    written = write_csv(generate(20, 1, MIDDLE), tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as rows:
        read = list(csv.DictReader(rows))
    assert len(read) == written
    assert ",".join(read[0]) == (
        "obs_id,person_id,municipality,date,channel,given_names,surname,dob,sex,nationality,doc_number,phone,alias,bsn,v_number,street,house_number,postcode,city"
    )
    assert tuple(read[0]) == COLUMNS


# ---- who and how often ----


def test_two_thousand_persons_are_seen_about_three_times_each_and_some_far_more_often(
    records: list[Observation],
) -> None:
    times = Counter(one.person_id for one in records)
    assert len(times) == 2000
    assert 5900 < len(records) < 6400
    assert min(times.values()) == 1
    assert 8 <= max(times.values()) <= 12


def test_every_origin_has_names_enough_and_people() -> None:
    seen = Counter(one.origin.code for one in people(2000, SEED))
    assert len(seen) >= 12
    for origin in ORIGINS:
        assert seen[origin.code] > 20
        assert min(len({one.forms[0] for one in names}) for names in (origin.women, origin.men)) >= 25, (
            origin.code
        )
        assert len({one.forms[0] for one in origin.surnames}) >= 30, origin.code


def test_people_are_met_in_many_municipalities_and_all_years_through_all_channels(
    records: list[Observation],
) -> None:
    assert {one.channel for one in records} == {channel.name for channel in CHANNELS}
    assert len({one.municipality for one in records}) >= 40
    assert {one.date[-4:] for one in records} == {"2023", "2024", "2025", "2026"}
    assert all(re.fullmatch(r"\d\d-\d\d-\d{4}", one.date) for one in records)
    pairs = list(true_pairs(records))
    assert 0.3 < sum(a.municipality != b.municipality for a, b in pairs) / len(pairs) < 0.9


def test_names_in_four_scripts_occur(records: list[Observation]) -> None:
    text = "".join(one.alias + one.given_names for one in (*records, *generate(4000, 7, HIGH)))
    for script in ("[\u0430-\u044f]", "[\u4e00-\u9fff]", "[\u0e00-\u0e7f]", "[\u0600-\u06ff]"):
        assert re.search(script, text), script


# ---- who is easily confused ----


def _shared(persons: Iterable[Person], of: Callable[[Person], Iterable[object]]) -> Counter[object]:
    return Counter(value for one in persons for value in set(of(one)))


def test_namesakes_born_in_one_year_occur(persons: list[Person]) -> None:
    named = Counter((one.given, one.surnames, one.dob.year) for one in persons)
    assert sum(times - 1 for times in named.values()) > 30


def test_twins_and_siblings_share_surname_and_address(persons: list[Person]) -> None:
    kin = defaultdict(list)
    for earlier, later in pairwise(persons):
        if later.relation in {"twin", "sibling"}:
            kin[later.relation].append((earlier, later))
    assert len(kin["twin"]) > 5
    assert len(kin["sibling"]) > 50
    assert all(a.dob == b.dob for a, b in kin["twin"])
    assert all(
        a.addresses[0] == b.addresses[0] and a.given[0] != b.given[0]
        for a, b in (*kin["twin"], *kin["sibling"])
    )
    assert sum(a.surnames == b.surnames for a, b in kin["sibling"]) > len(kin["sibling"]) * 0.6


def test_one_telephone_serves_two_to_six_women(persons: list[Person]) -> None:
    served = _shared(persons, lambda one: [one.shared_phone] if one.shared_phone else [])
    assert len(served) > 20
    assert max(served.values()) <= 6
    assert sum(times > 1 for times in served.values()) > 20


def test_houses_hold_three_to_fifteen(persons: list[Person]) -> None:
    held = sorted(_shared(persons, lambda one: one.addresses).values())
    assert held[-1] <= 16  # a sibling may move in
    assert sum(3 <= times <= 15 for times in held) > 30


def test_births_that_nobody_wrote_down_are_on_1_january(persons: list[Person]) -> None:
    born = [one for one in persons if one.origin.code == "arabic"]
    assert 0.1 < sum(one.default_birthday for one in born) / len(born) < 0.35
    assert all((one.dob.month, one.dob.day) == (1, 1) for one in persons if one.default_birthday)


# ---- how it is written ----


def test_dates_of_birth_and_telephones_stand_in_many_notations(records: list[Observation]) -> None:
    shapes = {
        name: Counter(re.sub(r"[0-9]", "9", getattr(one, name)) for one in records)
        for name in ("dob", "phone")
    }
    assert shapes["dob"].most_common(1)[0][0] == "99-99-9999"
    assert len(shapes["dob"]) >= 8
    assert len(shapes["phone"]) >= 20


def test_a_zone_is_in_capitals_without_marks_and_no_longer_than_its_field(middle: Written) -> None:
    zones = [one for _, one in middle if one.channel == "mrz" and one.surname]
    assert all(re.fullmatch(r"[A-Z ]*", one.given_names + one.surname) for one in zones)
    assert spelling.zone("Müller-Ñandú", "Żaneta", Random(1)) == ("MUELLER NANDU", "ZANETA")
    surname, given = spelling.zone("Montealegre Valenzuela", "Maximiliana Esperanza", Random(1))
    assert (surname, len(surname) + 2 + len(given)) == ("MONTEALEGRE VALENZUELA", 39)


def test_without_noise_documents_and_dates_are_those_of_the_person() -> None:
    for encounter, one in observed(200, SEED, SILENT):
        assert not one.dob or one.dob == encounter.person.dob.strftime("%d-%m-%Y")
        assert not one.doc_number or _bare(one.doc_number) == encounter.person.documents[0]


# ---- rates ----


def _bare(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def _only(**rates: float) -> Noise:
    return replace(SILENT, **rates)  # type: ignore[arg-type]  # every rate is a float


@cache
def _inspections(noise: Noise) -> Written:
    """Records of the channel whose care is 1."""
    return [(met, one) for met, one in observed(1000, 5, noise) if one.channel == "inspection"]


def _told(noise: Noise, told: Callable[[Encounter, Observation], bool | None]) -> tuple[float, int]:
    """Share of the records of which something is told, and how many there are; None does not count."""
    counted = [found for one in _inspections(noise) if (found := told(*one)) is not None]
    return sum(counted) / len(counted), len(counted)


def _born(one: Observation) -> date | None:
    found = re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", one.dob)
    return date(int(found[3]), int(found[2]), int(found[1])) if found and found[1] != "00" else None


def _year_only(_encounter: Encounter, one: Observation) -> bool | None:
    return None if not one.dob else _born(one) is None


def _wrong_born(encounter: Encounter, one: Observation) -> bool | None:
    return None if not one.dob else _born(one) != encounter.person.dob


def _swapped_day(encounter: Encounter, one: Observation) -> bool | None:
    born = encounter.person.dob
    return None if not one.dob or born.day > 12 or born.day == born.month else _born(one) != born


def _wrong_document(encounter: Encounter, one: Observation) -> bool | None:
    return None if not one.doc_number else _bare(one.doc_number) != encounter.person.documents[0]


def _wrong_phone(encounter: Encounter, one: Observation) -> bool | None:
    person = encounter.person
    own = {number for _, number in (*person.phones, *([person.shared_phone] if person.shared_phone else []))}
    return None if not one.phone else not any(re.sub(r"\D", "", one.phone).endswith(number) for number in own)


def _initial(_encounter: Encounter, one: Observation) -> bool | None:
    return None if not one.given_names else len(one.given_names.rstrip(".")) == 1


def _one_surname(encounter: Encounter, one: Observation) -> bool | None:
    person = encounter.person
    if not one.surname or person.origin.custom != "iberian":
        return None
    return one.surname.casefold() == person.surnames[0].official.casefold()


def _swapped_names(encounter: Encounter, one: Observation) -> bool | None:
    person = encounter.person
    if not one.surname or person.origin.family_first:
        return None
    return one.surname.casefold() == " ".join(part.official for part in person.given).casefold()


def _other_name(encounter: Encounter, one: Observation) -> bool | None:
    surname = " ".join(part.official for part in encounter.person.surnames)
    return None if not one.surname else one.surname.casefold() != surname.casefold()


def _lost_marks(encounter: Encounter, one: Observation) -> bool | None:
    surname = " ".join(part.official for part in encounter.person.surnames)
    return None if not one.surname or not spelling.has_marks(surname) else not spelling.has_marks(one.surname)


@pytest.mark.parametrize(
    ("name", "rate", "told"),
    [
        ("dob_year_only", 0.2, _year_only),
        ("dob_digit", 0.2, _wrong_born),
        ("dob_near", 0.2, _wrong_born),
        ("dob_notation", 0.2, _wrong_born),
        ("day_month_swapped", 0.3, _swapped_day),
        ("document_second", 0.2, _wrong_document),
        ("document_misread", 0.2, _wrong_document),
        ("phone_digit", 0.2, _wrong_phone),
        ("initial", 0.2, _initial),
        ("second_surname_missing", 0.4, _one_surname),
        ("names_swapped", 0.2, _swapped_names),
        ("typo", 0.2, _other_name),
        ("phonetic", 0.2, _other_name),
        ("plain_letters", 0.5, _lost_marks),
    ],
)
def test_a_rate_that_is_stated_comes_out(
    name: str, rate: float, told: Callable[[Encounter, Observation], bool | None]
) -> None:
    assert _told(SILENT, told)[0] < 0.02
    share, count = _told(_only(**{name: rate}), told)
    assert count > 50
    assert share == pytest.approx(rate, abs=4 * sqrt(rate * (1 - rate) / count))


def test_fields_are_filled_as_the_channel_says_less_what_is_missing() -> None:
    noise = _only(missing=0.4)
    records = list(generate(1500, 5, noise))
    for channel in CHANNELS:
        of = [one for one in records if one.channel == channel.name]
        for name in ("phone", "doc_number", "alias"):
            filled = sum(bool(getattr(one, name)) for one in of) / len(of)
            assert filled == pytest.approx(channel.filled[name] * (1 - 0.4 * channel.gaps), abs=0.06), (
                channel.name,
                name,
            )


def test_every_rate_grows_from_low_to_high() -> None:
    for name in vars(LOW):
        low, middle, high = (getattr(noise, name) for noise in (LOW, MIDDLE, HIGH))
        if name == "phone_months":
            assert low > middle > high
        elif name != "level":
            assert 0 < low < middle < high < 1, name


# ---- how hard it is ----


def test_exact_comparison_of_name_and_date_finds_a_sixth_at_middle_more_at_low_and_hardly_any_at_high(
    records: list[Observation],
) -> None:
    low, middle, high = (
        exact(rows)["name + dob"]
        for rows in (list(generate(2000, SEED, LOW)), records, list(generate(2000, SEED, HIGH)))
    )
    assert low.recall > 0.35
    assert 0.1 < middle.recall < 0.2
    assert high.recall < 0.08


def test_any_one_exact_identifier_finds_under_half_at_middle(records: list[Observation]) -> None:
    assert 0.4 < exact(records)["any"].recall < 0.5


def test_the_description_has_every_field_and_every_identifier(records: list[Observation]) -> None:
    text = "\n".join(described(records))
    assert all(f"\n{name} " in text for name in (*COLUMNS[5:], "name + dob", "any"))


# ---- nobody's ----


def test_a_bsn_passes_the_eleven_test_begins_with_999_and_is_of_one_person(persons: list[Person]) -> None:
    issued = [one.bsn for one in persons if one.bsn]
    assert len(set(issued)) == len(issued) > 300
    assert all(one.startswith("999") and stdnum_bsn.is_valid(one) for one in issued)
    with pytest.raises(ValueError, match="no more fictitious BSNs"):
        fictitious_bsn(1_000_000)


def test_a_v_number_has_ten_digits_and_begins_with_99(persons: list[Person]) -> None:
    assert all(re.fullmatch(r"99\d{8}", one.v_number) for one in persons if one.v_number)


def test_a_telephone_is_possible_in_its_country_and_a_mobile_one(persons: list[Person]) -> None:
    kinds = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    countries = Counter[str]()
    for country, number in {phone for one in persons for phone in one.phones}:
        read = phonenumbers.parse(f"+{country}{number}")
        assert phonenumbers.is_valid_number(read), (country, number)
        assert phonenumbers.number_type(read) in kinds, (country, number)
        countries[country] += 1
    assert len(countries) == 16
    assert countries["31"] > sum(countries.values()) / 2


def test_two_persons_share_no_telephone_of_their_own(persons: list[Person]) -> None:
    owners = _shared(persons, lambda one: one.phones)
    assert max(owners.values()) == 1


def test_places_are_as_the_cbs_codes_them_and_postcodes_have_their_form(records: list[Observation]) -> None:
    assert all(re.fullmatch(r"GM\d{4}", one.municipality) for one in records)
    assert all(re.fullmatch(r"[1-9]\d{3} ?[A-Z]{2}", one.postcode) for one in records if one.postcode)
    assert not [one.postcode for one in records if one.postcode[-2:] in {"SA", "SD", "SS"}]


# ---- into a node ----


def test_the_mapping_is_one_that_a_node_takes_and_names_columns_of_the_file() -> None:
    mapping = mapping_from(yaml.safe_load(MAPPING))
    assert set(mapping.columns) < set(COLUMNS)


def test_names_of_one_person_differ_in_more_than_case(records: list[Observation]) -> None:
    pairs = [(a, b) for a, b in true_pairs(records) if a.surname and b.surname]
    assert (
        sum(spelling.plain(a.surname).casefold() != spelling.plain(b.surname).casefold() for a, b in pairs)
        / len(pairs)
        > 0.2
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who holds what: the register's tokens, and samples of the same population in clear.

1. The register holds the first, third, ... observation of every person of a seed; its tokens are HMACs under a key that no attack has.
2. The *independent* sample is another seed: the same kind of people, and nobody of the register. It is how the population is spread.
3. The *same people* sample is the second, fourth, ... observation of the persons of the register: the worst case, somebody who met everybody too.
4. What a sample knows is what the rules, which are public, make of its rows: families, match keys in clear, and how many points are sent.

The street goes in whether or not the mapping of the day has it: more families, more to learn from.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import yaml

from pseudonymisation.matchkeys import match_keys
from pseudonymisation.pseudonym import length_prefixed
from tests.bench.matching.reading import Columns, lenient_mapping, observations, prepared
from tests.bench.observations import COLUMNS, MAPPING, Observation, generate
from tests.bench.observations.rates import Noise

Token = bytes
Row = Mapping[str, frozenset[bytes]]
"""Per family the values or tokens of one record; a family of fillers alone is empty."""
_KEY: Final = hashlib.sha256(b"signaalregister leakage bench").digest()


@dataclass(frozen=True)
class Record:
    """One observation: what the rules make of it, and what an attack would like to know.

    Attributes:
        person: number of the person.
        municipality: code of the municipality.
        facts: what an attack may try to tell from the form of the record alone.
        values: match keys in clear.
        points: per family how many points are sent, real and filler.
        names: given names, surname and date of birth in normal form, for Bloom filters.
    """

    person: str
    municipality: str
    facts: Mapping[str, str]
    values: Row = field(repr=False)
    points: Mapping[str, int]
    names: tuple[str, str, str] = field(repr=False)


def token(family: str, value: bytes) -> Token:
    """What the register has of a value."""
    return hmac.digest(_KEY, length_prefixed(family.encode(), value), hashlib.sha256)[:16]


def tokens(row: Row) -> Row:
    """A row as the register has it."""
    return {family: frozenset(token(family, value) for value in values) for family, values in row.items()}


def truth(rows: Iterable[Row]) -> dict[Token, bytes]:
    """Which value each token stands for: only to judge an attack."""
    return {token(family, value): value for row in rows for family, values in row.items() for value in values}


def records(persons: int, seed: int, noise: Noise) -> list[Record]:
    """The observations of a seed, read by the node's own code."""
    written = list(generate(persons, seed, noise))
    mapping = yaml.safe_load(MAPPING)
    mapping["columns"].setdefault("street", "street")
    columns = Columns("person_id", "municipality", "date")
    read = observations([asdict(one) for one in written], list(COLUMNS), lenient_mapping(mapping), columns)
    found = []
    for one, row in zip(written, read.rows, strict=True):
        keys = match_keys(row.attributes)
        values: dict[str, set[bytes]] = {family: set() for family in keys.fillers}
        for key in keys.keys:
            values.setdefault(key.family, set()).add(key.value)
        names = prepared(row)
        found.append(
            Record(
                one.person_id,
                one.municipality,
                _facts(one),
                {family: frozenset(of) for family, of in values.items()},
                {family: len(of) + keys.fillers.get(family, 0) for family, of in values.items()},
                (names["given"], names["surname"], names["dob"]),
            )
        )
    return found


def _facts(one: Observation) -> dict[str, str]:
    return {
        "channel": one.channel,
        "sex": "V" if one.sex in {"V", "F"} else "M" if one.sex else "",
        "nationality": one.nationality[:2].upper(),
    }


def halves(all_: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The odd and the even observations of every person."""
    seen: dict[str, int] = {}
    parts: tuple[list[Record], list[Record]] = ([], [])
    for one in all_:
        parts[seen.get(one.person, 0) % 2].append(one)
        seen[one.person] = seen.get(one.person, 0) + 1
    return parts

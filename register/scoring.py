# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How much an agreement weighs: Fellegi-Sunter (1969) over what a register can see, equality of opaque tokens and nothing else.

The law:

1. Two subjects are compared group by group (`GROUPS`). A group says one level: the most telling thing that agrees, or that both have the attribute and nothing
   agrees. What one of the two has not, is missing: it weighs nothing (presence mask).
2. What always goes together is one group with joint levels: name and date of birth; telephone and address (people who share a telephone often share a house).
   A group that only exists where another agrees (a work alias beside the telephone that it was joined to) is conditional on that agreement.
3. A level weighs log2(m / u). m and u come from `estimate`, expectation-maximisation on counts of patterns over all pairs, without labels; they ship as versioned
   data (`Weights`) with the run that made them.
4. An agreement on a common token weighs less, on a rare one more: log2(expected share / share), with the share from a snapshot of visible signals
   (Winkler's adjustment), drawn towards what is expected as long as the register is small.
5. The sum is evidence about this pair of observations. It is no score of a person: it is kept nowhere, leaves the register nowhere, and people see a band. Condition C3
   stands before it: no score lifts a candidate over that bar (`register.matching`).

Left to others: which signals exist for whom (policies, before anything is counted), reading postings and the snapshot (store), bands (`register.matching`).
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from pseudonymisation.pseudonym import FAMILIES, SPEC_VERSION, enough, family_named

Families = frozenset[str]
Pattern = tuple[str | None, ...]
"""Per group of `GROUPS` the level, None where it is missing."""

_KEPT: Final = 4096
DIFFERENT: Final = "anders"
"""Both have the attribute and nothing agrees."""


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes that are weighed together.

    Attributes:
        name: for weights and explanations.
        level: (families that agree, families that both have) -> level, None where the group is missing.
        levels: every level that `level` can give, the most telling first.
        telling: level -> families whose agreeing tokens say how common the agreement is.
    """

    name: str
    level: Callable[[Families, Families], str | None]
    levels: tuple[str, ...]
    telling: Mapping[str, tuple[str, ...]]


def _single(family: str) -> Group:
    def level(agreeing: Families, both: Families) -> str | None:
        if family in agreeing:
            return "gelijk"
        return DIFFERENT if family in both else None

    return Group(family, level, ("gelijk", DIFFERENT), MappingProxyType({"gelijk": (family,)}))


def _document(agreeing: Families, both: Families) -> str | None:
    if "document" in agreeing:
        return "gelijk"
    if "document_number" in agreeing:
        return "nummer"
    return DIFFERENT if "document_number" in both else None


_NAME_LEVELS: Final = {
    "gelijk": "name_dob",
    "bijna": "name_dob_near",
    "deel_van_datum": "name_dob_part",
    "woord_en_datum": "name_dob_word",
    "jaar": "name_dob_year",
}


def _name(agreeing: Families, both: Families) -> str | None:
    for level, family in _NAME_LEVELS.items():
        if family in agreeing:
            return level
    dated = "name_dob_year" in both
    if "name_pair" in agreeing:
        return "naam_andere_datum" if dated else "naam_zonder_datum"
    if "name_pair" not in both:
        return None
    return "andere_naam_en_datum" if dated else "andere_naam"


def _phone(agreeing: Families, both: Families) -> str | None:
    if "phone" not in agreeing:
        return DIFFERENT if "phone" in both else None
    return f"gelijk_{_who(agreeing, both, 'person_phone')}"


def _address(agreeing: Families, both: Families) -> str | None:
    who = _who(agreeing, both, "person_place")
    if "bag_address" in agreeing:
        return f"gelijk_{who}"
    if "street" in agreeing:
        return f"straat_{who}"
    if who == "persoon":
        return "buurt_persoon"
    return DIFFERENT if "bag_address" in both else None


def _who(agreeing: Families, both: Families, family: str) -> str:
    """Of those that share a telephone or door: part of the name or the date of birth agrees, nothing does, or it is not known."""
    if family in agreeing:
        return "persoon"
    return "ander" if family in both else "iemand"


def _alias(agreeing: Families, both: Families) -> str | None:
    """Only where what it was joined to agrees."""
    if "work_alias" in agreeing:
        return "gelijk"
    joined = agreeing & {"phone", "ad_id_or_url", "bag_address"}
    return DIFFERENT if joined and "work_alias" in both else None


_ADDRESS_LEVELS: Final = {
    "gelijk_persoon": ("bag_address",),
    "straat_persoon": ("street",),
    "buurt_persoon": ("person_place",),
    "gelijk_iemand": ("bag_address",),
    "straat_iemand": ("street",),
    "gelijk_ander": ("bag_address",),
    "straat_ander": ("street",),
}

GROUPS: Final[tuple[Group, ...]] = (
    _single("bsn"),
    _single("v_nummer"),
    Group(
        "document",
        _document,
        ("gelijk", "nummer", DIFFERENT),
        MappingProxyType({"gelijk": ("document",), "nummer": ("document_number",)}),
    ),
    Group(
        "naam",
        _name,
        (*_NAME_LEVELS, "naam_andere_datum", "naam_zonder_datum", "andere_naam_en_datum", "andere_naam"),
        MappingProxyType(
            {
                **{level: (family,) for level, family in _NAME_LEVELS.items()},
                "naam_andere_datum": ("name_pair",),
                "naam_zonder_datum": ("name_pair",),
            }
        ),
    ),
    Group(
        "telefoon",
        _phone,
        ("gelijk_persoon", "gelijk_iemand", "gelijk_ander", DIFFERENT),
        MappingProxyType(dict.fromkeys(("gelijk_persoon", "gelijk_iemand", "gelijk_ander"), ("phone",))),
    ),
    Group(
        "adres",
        _address,
        (*_ADDRESS_LEVELS, DIFFERENT),
        MappingProxyType(_ADDRESS_LEVELS),
    ),
    Group("werknaam", _alias, ("gelijk", DIFFERENT), MappingProxyType({"gelijk": ("work_alias",)})),
    *(_single(family) for family in ("email", "social_handle", "ad_id_or_url", "iban", "plate")),
)


# A register holds few different sets of families; a case of hundreds asks the same of them thousands of times.
@lru_cache(_KEPT)
def pattern(agreeing: Families, both: Families) -> Pattern:
    """The level of each group.

    Args:
        agreeing: families of which at least one token is equal.
        both: families that both subjects have, real or filler.
    """
    return tuple(group.level(agreeing, both) for group in GROUPS)


PERSONAL: Final = frozenset(
    name
    for name, family in FAMILIES.items()
    if family.attribute in {"bsn", "v_nummer", "document", "name_dob"}
)
"""Families of what is somebody's own; everything else can be shared."""


JOINED: Final = frozenset({"person_phone", "person_place", "name_pair"})
"""Families of what is somebody's own that only exist beside something else, or without a date."""
_OTHER_NAME: Final = frozenset({"naam_andere_datum", "andere_naam_en_datum", "andere_naam"})


@lru_cache(_KEPT)
def shares_only(agreeing: Families, both: Families) -> bool:
    """Whether two share a telephone, a door or the like, nothing of their own agrees but at most a word of the name there, and something differs: name, date of birth or work alias."""
    own = agreeing & (PERSONAL - JOINED)
    return apart(agreeing, both) or (not own and _levels_of(agreeing, both)["naam"] in _OTHER_NAME)


@lru_cache(_KEPT)
def apart(agreeing: Families, both: Families) -> bool:
    """Whether no third can make two one person: nothing of their own agrees, not even a word of the name, and something differs; or they have another BSN or V-number, whatever agrees."""
    if any(number in both and number not in agreeing for number in ("bsn", "v_nummer")):
        return True
    if agreeing & (PERSONAL - JOINED):
        return False
    shown = _levels_of(agreeing, both)
    return bool(SHARED & set(shown.values())) or (shown["werknaam"] == DIFFERENT and not agreeing & PERSONAL)


def _levels_of(agreeing: Families, both: Families) -> dict[str, str | None]:
    return dict(zip((group.name for group in GROUPS), pattern(agreeing, both | agreeing), strict=True))


def contradicted(agreeing: Families, both: Families) -> bool:
    """Whether something that both have speaks against one person: another name, document, telephone or address."""
    return any(level is not None and level in AGAINST for level in pattern(agreeing, both))


SHARED: Final = frozenset({"gelijk_ander", "straat_ander"})
"""Levels that say of two observations that they share a telephone or door and differ in name and date of birth."""

AGAINST: Final = SHARED | frozenset(
    {
        DIFFERENT,
        "naam_andere_datum",
        "andere_naam_en_datum",
        "andere_naam",
    }
)
"""Levels that say of two observations that something differs."""


# ---- weights ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weights:
    """What each level weighs, and the run that found it.

    Attributes:
        bits: group -> level -> log2(m / u).
        matching: group -> level -> m, from which another estimate may begin.
        share: family -> share of subjects that carry the token on which two agree, on average.
        known: bits, above those that a register of this size asks for, from which two observations may be called one person.
        possible: likewise, from which they possibly are.
        firm: likewise, from which an agreement may be a step to a third (`register.bulk.stepped`).
        made_by: the command, data and date that made these weights.
    """

    bits: Mapping[str, Mapping[str, float]]
    matching: Mapping[str, Mapping[str, float]]
    share: Mapping[str, float]
    known: float = 0.0
    possible: float = 0.0
    firm: float = 0.0
    made_by: str = field(default="")


def weights_from(text: str) -> Weights:
    """Read `register/data/weights.json`.

    Raises:
        ValueError: it was made for other families, lacks a level, or has one that does not exist.
    """
    read = json.loads(text)
    if read["specVersion"] != SPEC_VERSION:
        raise ValueError("these weights belong to another version of the match keys")
    return Weights(
        _levels(read["bits"]),
        _levels(read["matching"]),
        {family_named(family).name: float(share) for family, share in read["share"].items()},
        float(read["known"]),
        float(read["possible"]),
        float(read["firm"]),
        str(read["madeBy"]),
    )


def _levels(read: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    found = {
        group.name: {level: float(read[group.name][level]) for level in group.levels} for group in GROUPS
    }
    if found.keys() != read.keys() or any(set(found[name]) != set(read[name]) for name in found):
        raise ValueError("these weights name a level that does not exist")
    return found


_PULL: Final = 500
"""Subjects for which the expected share counts: in a small register, frequencies say little."""
_LEAST_SUBJECTS: Final = 4000
"""A register is never taken for smaller than this: who it is asked about comes from a larger world than it holds."""
_MOST_BITS: Final = 5.0
"""What commonness can add or take at most: one figure must not outweigh all others."""


@dataclass(frozen=True)
class Snapshot:
    """How many visible subjects there were, and how many of them carry a token.

    Attributes:
        subjects: number of visible subjects.
        carriers: tag -> subjects that carry it; a tag that is absent has at most one.
    """

    subjects: int = 0
    carriers: Mapping[bytes, int] = field(default_factory=dict)

    @property
    def asked(self) -> float:
        """Bits that tell one subject from all others: the larger the register, the more often strangers agree by chance."""
        return math.log2(max(self.subjects, _LEAST_SUBJECTS))

    def share(self, tag: bytes, expected: float) -> float:
        """Share of subjects that carry a token, drawn towards what is expected."""
        return (self.carriers.get(tag, 1) + _PULL * expected) / (self.subjects + _PULL)


@dataclass(frozen=True)
class Agreeing:
    """What is equal between two subjects: per family the tags."""

    tags: Mapping[str, frozenset[bytes]]

    @property
    def families(self) -> Families:
        """The families of which a token is equal."""
        return frozenset(self.tags)


@dataclass(frozen=True, slots=True)
class Levels:
    """What the pattern of a pair weighs before anybody looks at how common its tokens are.

    Attributes:
        bits: of all levels together.
        telling: per level that knows commonness, the families whose agreeing tokens say it.
        carries: whether the pattern can be one end of a step (`bulk.stepped`): C3 without one word alone, something of their own, and not shared only.
        shared: see `apart`.
    """

    bits: float
    telling: tuple[tuple[str, ...], ...]
    carries: bool
    shared: bool

    def score(self, agreeing: Agreeing, weights: Weights, snapshot: Snapshot) -> float:
        """The evidence about a pair with this pattern."""
        return self.bits + sum(
            _commonness(families, agreeing, weights, snapshot) for families in self.telling
        )


def levels(agreeing: Families, both: Families, weights: Weights) -> Levels:
    """What the pattern weighs; pairs with the same families have the same, so who scores many keeps it."""
    shown = [
        (group, level)
        for group, level in zip(GROUPS, pattern(agreeing, both | agreeing), strict=True)
        if level is not None
    ]
    return Levels(
        sum(weights.bits[group.name][level] for group, level in shown),
        tuple(group.telling[level] for group, level in shown if level in group.telling),
        carries=enough(agreeing - {"name_dob_word"}) and bool(agreeing & PERSONAL),
        shared=apart(agreeing, both),
    )


def score(agreeing: Agreeing, both: Families, weights: Weights, snapshot: Snapshot) -> float:
    """Bits of evidence that two observations are of one person; negative is evidence that they are not."""
    return levels(agreeing.families, both, weights).score(agreeing, weights, snapshot)


def _commonness(telling: Iterable[str], agreeing: Agreeing, weights: Weights, snapshot: Snapshot) -> float:
    best = None
    for family in telling:
        expected = weights.share.get(family)
        if not expected:
            continue
        for tag in agreeing.tags.get(family, ()):
            bits = math.log2(expected / snapshot.share(tag, expected))
            best = bits if best is None else max(best, bits)
    return 0.0 if best is None else max(-_MOST_BITS, min(_MOST_BITS, best))


# ---- estimating -------------------------------------------------------------------------------------------

_FIRST_M: Final = 0.9
_ROUNDS: Final = 200
_CALM: Final = 1e-6
_SMOOTH: Final = 0.5


@dataclass(frozen=True)
class Estimate:
    """What was found: group -> level -> m, and log2(m / u)."""

    matching: Mapping[str, Mapping[str, float]]
    bits: Mapping[str, Mapping[str, float]]


def estimate(
    counts: Mapping[Pattern, int], *, matches: float, prior: Mapping[str, Mapping[str, float]]
) -> Estimate:
    """M and u per group and level, by expectation-maximisation over counts of patterns of all pairs, without labels.

    Args:
        counts: how many pairs show each pattern, those without any agreement included.
        matches: number of matching pairs to begin with.
        prior: group -> level -> m to begin with.

    Returns:
        m and log2(m / u).
    """
    total = sum(counts.values())
    lambda_ = matches / total
    m = {group.name: dict(prior[group.name]) for group in GROUPS}
    u = _shares(counts, dict.fromkeys(counts, 1.0))
    for _round in range(_ROUNDS):
        belief = {one: _posterior(one, m, u, lambda_) for one in counts}
        new_m = _shares(counts, belief)
        u = _shares(counts, {one: 1 - part for one, part in belief.items()})
        before, lambda_ = lambda_, sum(counts[one] * part for one, part in belief.items()) / total
        m = new_m
        if abs(before - lambda_) < _CALM * before:
            break
    bits = {
        group.name: {level: math.log2(m[group.name][level] / u[group.name][level]) for level in group.levels}
        for group in GROUPS
    }
    return Estimate(m, bits)


def _posterior(
    one: Pattern, m: Mapping[str, Mapping[str, float]], u: Mapping[str, Mapping[str, float]], lambda_: float
) -> float:
    odds = lambda_ / (1 - lambda_)
    for group, level in zip(GROUPS, one, strict=True):
        if level is not None:
            odds *= m[group.name][level] / u[group.name][level]
    return odds / (1 + odds)


def _shares(counts: Mapping[Pattern, int], part: Mapping[Pattern, float]) -> dict[str, dict[str, float]]:
    """Per group the share of each level among pairs that have the group, each pair counted for its part."""
    found = {group.name: dict.fromkeys(group.levels, _SMOOTH) for group in GROUPS}
    for one, count in counts.items():
        weight = count * part[one]
        for group, level in zip(GROUPS, one, strict=True):
            if level is not None:
                found[group.name][level] += weight
    return {
        name: {level: mass / sum(levels.values()) for level, mass in levels.items()}
        for name, levels in found.items()
    }


def masks(present: Iterable[Families]) -> dict[Families, int]:
    """How many subjects have which families."""
    found: dict[Families, int] = {}
    for one in present:
        found[one] = found.get(one, 0) + 1
    return found

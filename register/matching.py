# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which stored subjects agree with a set of tags: from equality of opaque tokens alone.

The law, in this order:

1. Only tags that can find do (`finding_tags`): those of the fewest families without which no agreement satisfies condition C3, and which not too many carry. Names by sound, streets
   and other weak attributes find nobody; of who is found by something else, they are evidence, common or not. So strangers who share a street are never compared.
2. The postings `(tag -> subject of a signal)` of who is found are grouped per subject; what agrees is the set of families, never a value. Condition C3 (`pseudonymisation.pseudonym`) says whether that is enough, apart for people and for organisations. Nothing below it is ever shown, whatever it scores.
3. Of a person, the evidence for and against is weighed (`register.scoring`). A name that agrees only nearly must weigh enough by itself; what does not, is nothing.
4. An exact identifier that agrees is known, also when it is all that was asked. Does something that both have contradict it (another name on the same telephone) and
   outweigh it, then a shared telephone ties two people, it does not make them one: "mogelijk" in an answer, and no link of a track (`Candidate.one_person`).

5. What people can share joins people and makes nobody one person (`scoring.shares_only`). Nor does one word of a name with its date by itself: that is "mogelijk" in an answer, and no link of a track until the evidence calls it known.

A question, a track and a bulk run all go this one way: what one links, the others find.

Left to others: which signals exist for whom (policies, before anything is counted), and reading postings and the snapshot (store).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from uuid import UUID

from pseudonymisation.pseudonym import (
    FAMILIES,
    Agreement,
    Strength,
    agreement,
    enough,
    enough_for_organisation,
    kinds_for_people,
    weight,
)
from register.scoring import (
    Agreeing,
    Families,
    Snapshot,
    Weights,
    contradicted,
    score,
    shares_only,
)

MOST_CARRIERS: Final = 400
"""Subjects that may carry a token before it finds nobody any more: a hotel, a shelter, the telephone of an embassy."""


@dataclass(frozen=True, order=True)
class SubjectKey:
    """A subject within a version of a signal."""

    signal_id: UUID
    version: int
    ref: str


@dataclass(frozen=True)
class Posting:
    """One posting that answered: whose it is, of which family, on which tag."""

    subject: SubjectKey
    organisation_subject: bool
    family: str
    tag: bytes = field(repr=False)


@dataclass(frozen=True)
class Candidate:
    """A stored subject that agrees enough (C3).

    Attributes:
        subject: the stored subject.
        families: the families that agree.
        band: KNOWN, or POSSIBLE where it takes lossy families to get there or the evidence is divided.
        one_person: whether the evidence says one person, rather than people who share something.
    """

    subject: SubjectKey
    families: frozenset[str]
    band: Agreement
    one_person: bool = True


@dataclass(frozen=True)
class Weighing:
    """What evidence is weighed with.

    Attributes:
        weights: per level, versioned data of the software.
        snapshot: how common each token was among visible signals, some time ago.
    """

    weights: Weights
    snapshot: Snapshot


@dataclass(frozen=True)
class Verdict:
    """What two observations amount to that agree enough: see `Candidate`."""

    band: Agreement
    one_person: bool = True


@cache
def finding_families(*, organisation: bool) -> Families:
    """The fewest families of which at least one agrees wherever C3 is satisfied.

    What is enough by itself, and of what is half enough all attributes but one: two halves of different attributes are never both of that one. Left out is the one with the most
    tokens, which costs most to look up (the name with part of a date of birth).
    """
    alone, halves = set[str](), dict[str, set[str]]()
    for family in FAMILIES.values():
        strength = family.organisation if organisation else family.person
        if strength is Strength.STRONG or (strength is Strength.MEDIUM and family.mediums > 1):
            alone.add(family.name)
        elif strength is Strength.MEDIUM:
            halves.setdefault(family.attribute, set()).add(family.name)
    if halves:
        del halves[max(halves, key=lambda attribute: sum(FAMILIES[one].tokens for one in halves[attribute]))]
    return frozenset(alone.union(*halves.values()))


def finding_tags(tags: Mapping[bytes, str], snapshot: Snapshot, *, organisation: bool) -> list[bytes]:
    """The tags by which somebody may be found.

    Args:
        tags: each tag with its family.
        snapshot: how common each is.
        organisation: whether an organisation is asked about.
    """
    finding = finding_families(organisation=organisation)
    return [
        tag
        for tag, family in tags.items()
        if family in finding and snapshot.carriers.get(tag, 0) <= MOST_CARRIERS
    ]


def candidates(
    postings: Iterable[Posting],
    *,
    organisation: bool,
    asked: Families,
    having: Mapping[SubjectKey, Families],
    weighing: Weighing,
) -> list[Candidate]:
    """Group postings per subject and keep those that agree enough.

    Args:
        postings: of who was found, those on tags that were asked.
        organisation: whether the question is about an organisation; people answer only questions about people.
        asked: the families in the question, real or filler.
        having: the families of each subject that answered.
        weighing: weights and snapshot.
    """
    agreeing: dict[SubjectKey, dict[str, set[bytes]]] = {}
    for posting in postings:
        if posting.organisation_subject == organisation:
            agreeing.setdefault(posting.subject, {}).setdefault(posting.family, set()).add(posting.tag)
    found = (
        _candidate(
            subject,
            Agreeing({family: frozenset(tags) for family, tags in families.items()}),
            asked & having.get(subject, frozenset()),
            weighing,
            organisation=organisation,
        )
        for subject, families in sorted(agreeing.items())
    )
    return [one for one in found if one is not None]


def _candidate(
    subject: SubjectKey, agreeing: Agreeing, both: Families, weighing: Weighing, *, organisation: bool
) -> Candidate | None:
    verdict = judged(agreeing, both, weighing, organisation=organisation)
    if verdict is None:
        return None
    return Candidate(subject, agreeing.families, verdict.band, one_person=verdict.one_person)


def judged(
    agreeing: Agreeing, both: Families, weighing: Weighing, *, organisation: bool = False
) -> Verdict | None:
    """What an agreement amounts to, C3 before any score; None when that is nothing.

    Args:
        agreeing: what is equal.
        both: the families that both have, real or filler.
        weighing: weights and snapshot.
        organisation: whether both are organisations.
    """
    families = agreeing.families
    band = _band(families, organisation=organisation)
    if band is Agreement.TOO_LITTLE:
        return None
    if organisation:
        return Verdict(band)
    left = score(agreeing, both, weighing.weights, weighing.snapshot) - weighing.snapshot.asked
    return _of_a_person(families, both | families, band, left, weighing.weights)


def _of_a_person(
    families: Families, both: Families, band: Agreement, left: float, weights: Weights
) -> Verdict | None:
    possible, strong = left >= weights.possible, bool(weight(families).strong)
    if shares_only(families, both):
        return Verdict(Agreement.POSSIBLE, one_person=False) if strong or possible else None
    if left >= weights.known:
        return Verdict(band)
    if strong:
        # Commonness alone contradicts nobody: one person seen often makes her own telephone common.
        divided = not possible and contradicted(families, both)
        return Verdict(Agreement.POSSIBLE, one_person=False) if divided else Verdict(band)
    return Verdict(Agreement.POSSIBLE, one_person=enough(families - ONE_WORD)) if possible else None


ONE_WORD: Final = frozenset({"name_dob_word"})
"""Carries C3 by itself, and twins have it."""


def linked(subject: SubjectKey, families: frozenset[str], *, organisation: bool) -> Candidate:
    """A candidate whose agreement was established before, as a treffer keeps it."""
    return Candidate(subject, families, _band(families, organisation=organisation))


def _band(families: frozenset[str], *, organisation: bool) -> Agreement:
    if organisation:
        return Agreement.KNOWN if enough_for_organisation(families) else Agreement.TOO_LITTLE
    return agreement(families)


def kinds(candidates_shown: Iterable[Candidate]) -> list[str]:
    """The kinds of attributes that agree, in Dutch, over all candidates shown."""
    return list(kinds_for_people({family for candidate in candidates_shown for family in candidate.families}))

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which stored subjects agree with a set of tags: from equality of opaque tokens alone.

The law: postings `(tag -> subject of a signal)` that answer a set of tags are grouped per subject; what agrees is the set of families, never a
value; condition C3 (`pseudonymisation.pseudonym`) says whether that is enough, apart for people and for organisations. A shared telephone ties
two subjects, it does not make them one. Fellegi-Sunter weights come later and refine the band; they never lower the bar of C3.
A question, a submission and a track all go this one way: what one links, the others find.

Left to others: which signals exist for whom (policies, before anything is counted), and reading the postings (store).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pseudonymisation.pseudonym import Agreement, agreement, enough_for_organisation, kinds_for_people


@dataclass(frozen=True, order=True)
class SubjectKey:
    """A subject within a version of a signal."""

    signal_id: UUID
    version: int
    ref: str


@dataclass(frozen=True)
class Posting:
    """One posting that answered: whose it is and of which family, without the tag."""

    subject: SubjectKey
    organisation_subject: bool
    family: str


@dataclass(frozen=True)
class Candidate:
    """A stored subject that agrees enough (C3).

    Attributes:
        subject: the stored subject.
        families: the families that agree.
        band: KNOWN, or POSSIBLE where it takes lossy families to get there.
    """

    subject: SubjectKey
    families: frozenset[str]
    band: Agreement


def candidates(postings: Iterable[Posting], *, organisation: bool) -> list[Candidate]:
    """Group postings per subject and keep those that agree enough.

    Args:
        postings: what the store found for the tags asked.
        organisation: whether the question is about an organisation; people answer only questions about people.
    """
    agreeing: dict[SubjectKey, set[str]] = {}
    for posting in postings:
        if posting.organisation_subject == organisation:
            agreeing.setdefault(posting.subject, set()).add(posting.family)
    found = ((subject, frozenset(families)) for subject, families in sorted(agreeing.items()))
    return [
        Candidate(subject, families, band)
        for subject, families in found
        if (band := _band(families, organisation=organisation)) is not Agreement.TOO_LITTLE
    ]


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

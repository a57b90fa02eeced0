# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who agrees with sets of tags: the one way for a question and for a track, in the same steps and the same number of queries, however many sets and whatever is found.

How common the tags are (a snapshot), who carries one that can find, what those carry, and then the rules (`register.matching`) for each set by itself: a tag that cannot find is
evidence about who is found by another. Policy comes after this, on each candidate.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from register.central.store import frequencies
from register.central.store import signals as signal_store
from register.central.store.work import LoggedWork
from register.matching import Candidate, Posting, SubjectKey, Weighing, candidates, finding_tags
from register.ports import Permit
from register.scoring import Weights


@dataclass(frozen=True)
class Sought:
    """Tags of one person or organisation, each with its family."""

    tags: Mapping[bytes, str]
    organisation: bool


def agreeing(  # noqa: PLR0913 - the whole question
    work: LoggedWork,
    allowed: Permit,
    weights: Weights,
    sought: Sequence[Sought],
    *,
    keyset: str,
    today: date,
) -> list[list[Candidate]]:
    """For each of those sought the visible subjects that agree enough.

    Args:
        work: the logged transaction.
        allowed: the permit of the request.
        weights: versioned data of the software.
        sought: by their tags; what agrees with two of them does not add up.
        keyset: of which the tags are.
        today: of the request.
    """
    weighing = Weighing(
        weights, frequencies.snapshot(work, allowed, {tag for one in sought for tag in one.tags})
    )
    able = [
        frozenset(finding_tags(one.tags, weighing.snapshot, organisation=one.organisation)) for one in sought
    ]
    found = signal_store.find(work, allowed, keyset, frozenset[bytes]().union(*able), today)
    kinds = {one.organisation for one in sought}
    carried = signal_store.carried_by(
        work, allowed, {one.subject for one in found if one.organisation_subject in kinds}
    )
    return [
        _candidates(
            one, {posting.subject for posting in found if _finds(one, tags, posting)}, carried, weighing
        )
        for one, tags in zip(sought, able, strict=True)
    ]


def _finds(sought: Sought, able: Collection[bytes], posting: Posting) -> bool:
    return posting.tag in able and posting.organisation_subject == sought.organisation


def _candidates(
    sought: Sought,
    subjects: Collection[SubjectKey],
    carried: Mapping[SubjectKey, Mapping[bytes, str]],
    weighing: Weighing,
) -> list[Candidate]:
    return candidates(
        (
            Posting(subject, sought.organisation, family, tag)
            for subject in subjects
            for tag, family in carried[subject].items()
            if tag in sought.tags
        ),
        organisation=sought.organisation,
        asked=frozenset(sought.tags.values()),
        having={subject: frozenset(carried[subject].values()) for subject in subjects},
        weighing=weighing,
    )

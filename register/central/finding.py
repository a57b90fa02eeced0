# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who agrees with a set of tags: the one way for a question and for a track, in the same steps and the same number of queries whatever is found.

How common the tags are (a snapshot), who carries one that can find, what those carry, and then the rules (`register.matching`): a tag that cannot find is evidence about
who is found by another. Policy comes after this, on each candidate.

`one_step_beyond` goes on from candidates that policy showed, and from no others: who stands behind a signal that the asker may not see does not exist for that asker.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from register.central.store import frequencies
from register.central.store import signals as signal_store
from register.central.store.work import LoggedWork
from register.matching import (
    Candidate,
    Posting,
    SubjectKey,
    Weighing,
    apart,
    beyond,
    candidates,
    finding_tags,
)
from register.ports import Permit
from register.scoring import Families, Snapshot, Weights

MOST_STEPS: Final = 12
"""Candidates from which a step is taken, the surest first: who is seen more often than that is known well enough."""


@dataclass(frozen=True)
class Found:
    """What a set of tags finds.

    Attributes:
        candidates: the visible subjects that agree enough.
        apart: who shares a telephone or door and differs in the rest.
    """

    candidates: list[Candidate]
    apart: frozenset[SubjectKey]


def agreeing(  # noqa: PLR0913 - the whole question
    work: LoggedWork,
    allowed: Permit,
    weights: Weights,
    tags: Mapping[bytes, str],
    *,
    keyset: str,
    organisation: bool,
    today: date,
) -> Found:
    """The visible subjects that agree enough.

    Args:
        work: the logged transaction.
        allowed: the permit of the request.
        weights: versioned data of the software.
        tags: each tag with its family.
        keyset: of which the tags are.
        organisation: whether an organisation is asked about.
        today: of the request.
    """
    snapshot = frequencies.snapshot(work, allowed, tags)
    finding = finding_tags(tags, snapshot, organisation=organisation)
    found = signal_store.find(work, allowed, keyset, finding, today)
    carried = signal_store.carried_by(
        work, allowed, {one.subject for one in found if one.organisation_subject == organisation}
    )
    return _compared(tags, carried, Weighing(weights, snapshot), organisation=organisation)


def _compared(
    tags: Mapping[bytes, str],
    carried: Mapping[SubjectKey, Mapping[bytes, str]],
    weighing: Weighing,
    *,
    organisation: bool,
) -> Found:
    asked: Families = frozenset(tags.values())
    having = {subject: frozenset(theirs.values()) for subject, theirs in carried.items()}
    equal = [
        Posting(subject, organisation, family, tag)
        for subject, theirs in carried.items()
        for tag, family in theirs.items()
        if tag in tags
    ]
    return Found(
        candidates(equal, organisation=organisation, asked=asked, having=having, weighing=weighing),
        apart(equal, asked, having),
    )


def one_step_beyond(  # noqa: PLR0913 - the whole question
    work: LoggedWork,
    allowed: Permit,
    weights: Weights,
    found: Found,
    shown: Iterable[Candidate],
    *,
    keyset: str,
    today: date,
) -> list[Candidate]:
    """People who agree firmly with somebody who was shown, and not enough with the question itself.

    Args:
        work: the logged transaction.
        allowed: the permit of the request.
        weights: versioned data of the software.
        found: what the question itself found, shown or not.
        shown: the candidates that policy showed; only through these goes a step.
        keyset: of which the tags are.
        today: of the request.
    """
    starts = sorted(
        (one for one in shown if one.one_person and one.left >= weights.firm), key=lambda one: -one.left
    )[:MOST_STEPS]
    tags = signal_store.carried_by(work, allowed, {one.subject for one in starts})
    every = {tag: family for theirs in tags.values() for tag, family in theirs.items()}
    snapshot = frequencies.snapshot(work, allowed, every)
    finding = finding_tags(every, snapshot, organisation=False)
    postings = signal_store.find(work, allowed, keyset, finding, today)
    carried = signal_store.carried_by(
        work, allowed, {one.subject for one in postings if not one.organisation_subject}
    )
    seen = {one.subject.signal_id for one in found.candidates} | {one.signal_id for one in found.apart}
    behind = {subject: theirs for subject, theirs in carried.items() if subject.signal_id not in seen}
    reached = [
        candidate
        for start in starts
        for candidate in _behind(start, tags[start.subject], behind, weights, snapshot, frozenset(finding))
    ]
    return _surest(reached)


def _behind(  # noqa: PLR0913, PLR0917 - two subjects and what they are weighed with
    start: Candidate,
    tags: Mapping[bytes, str],
    behind: Mapping[SubjectKey, Mapping[bytes, str]],
    weights: Weights,
    snapshot: Snapshot,
    finding: frozenset[bytes],
) -> Iterable[Candidate]:
    able = finding & tags.keys()
    theirs = {subject: carried for subject, carried in behind.items() if able & carried.keys()}
    second = _compared(tags, theirs, Weighing(weights, snapshot), organisation=False)
    return (found for one in second.candidates if (found := beyond(start, one, weights)) is not None)


def _surest(reached: Sequence[Candidate]) -> list[Candidate]:
    best: dict[SubjectKey, Candidate] = {}
    for one in reached:
        if one.subject not in best or one.left > best[one.subject].left:
            best[one.subject] = one
    return [best[subject] for subject in sorted(best)]

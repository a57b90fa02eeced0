# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who agrees with a set of tags: the one way for a question and for a track, in the same steps and the same number of queries whatever is found.

How common the tags are (a snapshot), who carries one that can find, what those carry, and then the rules (`register.matching`): a tag that cannot find is evidence about
who is found by another. Policy comes after this, on each candidate.
"""

from collections.abc import Mapping
from datetime import date

from register.central.store import frequencies
from register.central.store import signals as signal_store
from register.central.store.work import LoggedWork
from register.matching import Candidate, Posting, Weighing, candidates, finding_tags
from register.ports import Permit
from register.scoring import Weights


def agreeing(  # noqa: PLR0913 - the whole question
    work: LoggedWork,
    allowed: Permit,
    weights: Weights,
    tags: Mapping[bytes, str],
    *,
    keyset: str,
    organisation: bool,
    today: date,
) -> list[Candidate]:
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
    return candidates(
        (
            Posting(subject, organisation, family, tag)
            for subject, theirs in carried.items()
            for tag, family in theirs.items()
            if tag in tags
        ),
        organisation=organisation,
        asked=frozenset(tags.values()),
        having={subject: frozenset(theirs.values()) for subject, theirs in carried.items()},
        weighing=Weighing(weights, snapshot),
    )

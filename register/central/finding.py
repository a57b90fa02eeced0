# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who agrees with a set of tags: the one way for a question and for a track, in the same steps and the same number of queries whatever is found.

How common the tags are (a snapshot), who carries them, which families those have, and then the rules (`register.matching`). A tag that more subjects carry than
`register.bulk.MOST_CARRIERS` finds nobody by itself. Policy comes after this, on each candidate.
"""

from collections.abc import Mapping
from datetime import date

from register.bulk import MOST_CARRIERS
from register.central.store import frequencies
from register.central.store import signals as signal_store
from register.central.store.work import LoggedWork
from register.matching import Candidate, Weighing, candidates
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
    telling = [one for one in tags if snapshot.carriers.get(one, 0) <= MOST_CARRIERS]
    postings = signal_store.find(work, allowed, keyset, telling, today)
    having = signal_store.families_of(work, allowed, {one.subject for one in postings})
    return candidates(
        postings,
        organisation=organisation,
        asked=frozenset(tags.values()),
        having=having,
        weighing=Weighing(weights, snapshot),
    )

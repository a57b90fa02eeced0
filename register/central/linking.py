# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which stored subjects belong together, derived on read from postings; nothing is merged and nothing is stored.

A track starts with those subjects of a treffer that its reader may see, and takes in every visible subject that agrees enough with one of them (register.matching) and whose evidence says one
person: who only share a telephone are not on one track. That is one step beyond what was asked, and no second one. One subject at a time: what agrees a little with two different ones must not add up to one match.
"""

from collections.abc import Collection, Mapping
from datetime import date

from register.central.finding import Sought, agreeing
from register.central.store import signals as signal_store
from register.central.store.work import LoggedWork
from register.matching import SubjectKey
from register.ports import Permit
from register.scoring import Weights


def along(  # noqa: PLR0913, PLR0917 - the whole question
    work: LoggedWork,
    allowed: Permit,
    weights: Weights,
    keyset: str,
    subjects: Mapping[SubjectKey, frozenset[str]],
    today: date,
    starts: Collection[SubjectKey] | None = None,
) -> dict[SubjectKey, frozenset[str]]:
    """The subjects on the track of a treffer, each with the families on which it agrees with another.

    Args:
        work: the logged transaction.
        allowed: the permit of the request.
        weights: versioned data of the software.
        keyset: of which the stored tags are.
        subjects: of the treffer where the track starts.
        today: of the request.
        starts: those of its subjects that the reader may see; who stands behind another does not exist for that reader. None for all, where only own signals are told.
    """
    found = dict(subjects)
    begin = subjects if starts is None else starts
    from_here = signal_store.load(work, allowed, begin, today)
    tags = signal_store.tags_of(work, allowed, keyset, from_here)
    sought = [Sought(tags.get(key, {}), one.kind == "organisatie") for key, one in from_here.items()]
    for start, agree in zip(
        from_here, agreeing(work, allowed, weights, sought, keyset=keyset, today=today), strict=True
    ):
        for one in agree:
            if one.subject.signal_id != start.signal_id and one.one_person:
                found[one.subject] = found.get(one.subject, frozenset()) | one.families
    return found

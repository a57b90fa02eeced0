# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which stored subjects belong together, derived on read from postings; nothing is merged and nothing is stored.

A track starts with those subjects of a treffer that its reader may see, and takes in every visible subject that agrees enough with one of them (register.matching) and whose evidence says one
person: who only share a telephone are not on one track. That is one step beyond what was asked, and no second one. One subject at a time: what agrees a little with two different ones must not add up to one match.
"""

from collections.abc import Collection
from datetime import date

from register.central.finding import agreeing
from register.central.store import signals as signal_store
from register.central.store.signals import StoredSubject
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.matching import Candidate, SubjectKey
from register.ports import Permit
from register.scoring import Weights


def along(  # noqa: PLR0913, PLR0917 - the whole question
    work: LoggedWork,
    allowed: Permit,
    weights: Weights,
    treffer: StoredTreffer,
    today: date,
    starts: Collection[SubjectKey] | None = None,
) -> dict[SubjectKey, frozenset[str]]:
    """The subjects on the track of a treffer, each with the families on which it agrees with another.

    Args:
        work: the logged transaction.
        allowed: the permit of the request.
        weights: versioned data of the software.
        treffer: where the track starts.
        today: of the request.
        starts: those of its subjects that the reader may see; who stands behind another does not exist for that reader. None for all, where only own signals are told.
    """
    found = dict(treffer.subjects)
    begin = treffer.subjects if starts is None else starts
    for key, start in signal_store.load(work, allowed, begin, today).items():
        for one in _agreeing(work, allowed, weights, key, start, today):
            found[one.subject] = found.get(one.subject, frozenset()) | one.families
    return found


def _agreeing(  # noqa: PLR0913, PLR0917 - the whole question
    work: LoggedWork, allowed: Permit, weights: Weights, key: SubjectKey, start: StoredSubject, today: date
) -> list[Candidate]:
    """The subjects of other signals that are one person with this one, as far as can be seen."""
    return [
        candidate
        for keyset, tags in signal_store.tags_of(work, allowed, key).items()
        for candidate in agreeing(
            work,
            allowed,
            weights,
            tags,
            keyset=keyset,
            organisation=start.kind == "organisatie",
            today=today,
        )
        if candidate.subject.signal_id != key.signal_id and candidate.one_person
    ]

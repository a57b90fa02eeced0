# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which stored subjects belong together, derived on read from postings; nothing is merged and nothing is stored.

A track starts with the subjects of a treffer and takes in every visible subject that agrees enough with one of them (register.matching). One subject at a
time: what agrees a little with two different ones must not add up to one match.
"""

from datetime import date

from register.central.store import signals as signal_store
from register.central.store.signals import StoredSubject
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.matching import Candidate, SubjectKey, candidates
from register.ports import Permit


def along(
    work: LoggedWork, allowed: Permit, treffer: StoredTreffer, today: date
) -> dict[SubjectKey, frozenset[str]]:
    """The subjects on the track of a treffer, each with the families on which it agrees with another."""
    found = dict(treffer.subjects)
    for key, start in signal_store.load(work, allowed, treffer.subjects, today).items():
        for one in _agreeing(work, allowed, key, start, today):
            found[one.subject] = found.get(one.subject, frozenset()) | one.families
    return found


def _agreeing(
    work: LoggedWork, allowed: Permit, key: SubjectKey, start: StoredSubject, today: date
) -> list[Candidate]:
    """The subjects of other signals that agree enough with this one."""
    return [
        candidate
        for keyset, tags in signal_store.tags_of(work, allowed, key).items()
        for candidate in candidates(
            signal_store.find(work, allowed, keyset, tags, today), organisation=start.kind == "organisatie"
        )
        if candidate.subject.signal_id != key.signal_id
    ]

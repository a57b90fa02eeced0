# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which stored subjects belong together, derived on read from postings; nothing is merged and nothing is stored.

A track starts with those subjects of a treffer that its reader may see, and takes in every visible subject that agrees enough with one of them (register.matching) and whose evidence says one
person: who only share a telephone are not on one track. That is one step beyond what was asked, and no second one. One subject at a time: what agrees a little with two different ones must not add up to one match.
Of whom a person said "niet dezelfde" (`register.links`) are on one track by nothing that was there when it was said; nor does a question find again what its own organisation set apart from a signal of its own.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from register.central.finding import Sought, agreeing
from register.central.store import assertions
from register.central.store import signals as signal_store
from register.central.store.work import LoggedWork
from register.links import Assertion, Side, kept_apart
from register.matching import Candidate, SubjectKey
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
    said = assertions.of_signals(work, allowed, [key.signal_id for key in from_here])
    for start, agree in zip(
        from_here, agreeing(work, allowed, weights, sought, keyset=keyset, today=today), strict=True
    ):
        for one in agree:
            if _linked(start, one, said):
                found[one.subject] = found.get(one.subject, frozenset()) | one.families
    return found


def _linked(start: SubjectKey, one: Candidate, said: Sequence[Assertion]) -> bool:
    if one.subject.signal_id == start.signal_id or not one.one_person:
        return False
    return not kept_apart(_side(start), _side(one.subject), one.families, said)


def still_proposed(
    work: LoggedWork, allowed: Permit, found: Sequence[Candidate], own: Callable[[Candidate], bool]
) -> list[Candidate]:
    """Those found by a question that may be proposed to its asker; what is asked is the same wherever nothing was said.

    Who asks again about the person of an own signal is not told again of whom somebody said that they are not the same, on what agrees with both. What agrees with the other one
    alone was no part of that, and for other organisations the question may be about either.

    Args:
        work: the logged transaction.
        allowed: the permit of the question.
        found: the subjects that agree with it, those of own signals too.
        own: whether a signal is the asker's own.
    """
    said = assertions.of_signals(work, allowed, [one.subject.signal_id for one in found])
    ours = [one for one in found if own(one)] if said else []
    return [
        one
        for one in found
        if not any(
            one.families <= mine.families
            and kept_apart(_side(one.subject), _side(mine.subject), one.families, said)
            for mine in ours
        )
    ]


def not_set_apart(
    work: LoggedWork, allowed: Permit, pairs: Sequence[tuple[SubjectKey, Candidate]]
) -> list[tuple[SubjectKey, Candidate]]:
    """Of pairs that agree, those that may be proposed: nobody said that they are not the same on what agrees. What is asked is the same wherever nothing was said."""
    said = assertions.of_signals(work, allowed, [start.signal_id for start, _one in pairs])
    return [
        (start, one)
        for start, one in pairs
        if not kept_apart(_side(start), _side(one.subject), one.families, said)
    ]


def _side(subject: SubjectKey) -> Side:
    return Side(subject.signal_id, subject.ref)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whom a request concerns, as the register says it in the Logboek Dataverwerkingen (register.activities; docs/spec/verwerkingen.md).

Only people of whom something was told, kept, changed or destroyed: a signal that policy hides is in no line, so that a line tells no more than the answer. A subject that is an organisation
gets a line too, since a business of one person is that person. The calling node is named as an application, the person who works there never.
"""

from collections.abc import Iterable
from uuid import UUID

from process.processing import Action, DataSubject, Trace
from register.activities import BASE, TERMS, activity_of, asked_code, subject_code
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.store.work import LoggedWork
from register.events import ASKER
from register.words import event_name

Who = tuple[UUID, str]
"""Signal and `ref` of a subject in it."""


def concern(  # noqa: PLR0913 - the whole action
    centre: Centre,
    work: LoggedWork,
    acting: Acting,
    event: str,
    subjects: Iterable[Who] = (),
    *,
    asked: bool = False,
) -> None:
    """Say whom an action of somebody concerns.

    Args:
        centre: the register.
        work: the transaction.
        acting: who acts; not named.
        event: of the catalogue.
        subjects: of stored signals.
        asked: a person was asked about, who may be anybody.
    """
    people = _coded(centre, subjects)
    if asked:
        people.insert(0, asked_code(centre.tag_key.reveal(), acting.trace))
    work.concerns(
        Action(
            name=event_name(event, ASKER),
            activity=activity_of(acting.person.doel, acting.person.rol),
            subjects=people,
            trace=Trace(acting.trace, parent=acting.parent),
            caller=f"urn:nl:signaalregister:node:{acting.organisation}" if acting.called else "",
        )
    )


def concern_by_itself(
    centre: Centre, work: LoggedWork, event: str, subjects: Iterable[Who], *, activity: str = BASE + TERMS
) -> None:
    """Say whom a job concerns: one that ends a term, or one of another activity."""
    work.concerns(
        Action(
            name=event_name(event, ASKER),
            activity=activity,
            subjects=_coded(centre, subjects),
            trace=Trace(centre.randomness(16).hex()),
        )
    )


def _coded(centre: Centre, subjects: Iterable[Who]) -> list[DataSubject]:
    key = centre.tag_key.reveal()
    return [subject_code(key, str(signal), ref) for signal, ref in sorted(set(subjects))]

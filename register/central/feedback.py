# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/terugkoppelingen`: what became of the own signals, for who submitted them. Never what another organisation did with whom.

From the events of the treffers that named a signal, that of a false hit too: taken up is `in_beoordeling`, closed is `afgesloten`, "niet dezelfde" is that, and of a hand-over what its recipient sent, with its
next step. Whether this person may know it policy decides for each signal (`feedback_status`, C20: own signals only).
"""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import fitting
from register.casework import Event, Handover, Step
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, require_rule, who
from register.central.concerning import concern
from register.central.examining import Surroundings, examine, owner_of
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.treffers import StoredTreffer
from register.central.treffers import ENOUGH, with_bands
from register.events import ASKER, CATALOGUE
from register.links import Side
from register.matching import SubjectKey
from register.wire import Terugkoppeling, TerugkoppelingLijst

FIELD: Final = "feedback_status"
NOT_SAME: Final = "niet_dezelfde"


def told(centre: Centre, acting: Acting) -> TerugkoppelingLijst:
    """Newest first.

    Raises:
        Refusal: 403.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, FIELD)
    # An ambassadeur submits and does not ask.
    asks = centre.policy.policy_set.permits(person.role, why.purpose, "bevragen")
    own = fitting(acting.organisation, "", acting.organisation)
    allowed = permit(centre, person, why, "bevragen" if asks else "signaal_indienen", own)
    with centre.database.logged(acting.moment) as work:
        codes = centre.policy.register.lineage(acting.organisation, why.today)
        found = treffer_store.of_organisations(work, allowed, codes, why.today)
        named = {key: one.families.get(key, frozenset()) for one in found for key in one.named}
        stored = {
            key: subject
            for key, subject in signal_store.load(work, allowed, named, why.today).items()
            if owner_of(centre, subject, why.today) == acting.organisation
        }
        parties = Surroundings(parties=frozenset({acting.organisation}))
        examined = examine(
            centre,
            person,
            why,
            with_bands({key: named[key] for key in stored}, stored),
            stored,
            (FIELD,),
            parties,
        )
        open_to_us = {one.candidate.subject for one in examined if one.opens(FIELD)}
        lines = [line for one in found for line in _lines(one, open_to_us)]
        about = [(key.signal_id, key.ref) for key in open_to_us]
        concern(centre, work, acting, "terugkoppelingen_geraadpleegd", about)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "signalen_geteld": len({key.signal_id for key in open_to_us}),
            "velden": [FIELD] if open_to_us else [],
        }
        work.enter({acting.organisation: CATALOGUE.payload("terugkoppelingen_geraadpleegd", ASKER, entry)})
    lines.reverse()
    # Of one day, what came last comes first.
    ordered = sorted(lines, key=lambda one: one.op, reverse=True)
    return TerugkoppelingLijst(terugkoppelingen=ordered, logbewijs=receipt(work))


def _lines(treffer: StoredTreffer, ours: Iterable[SubjectKey]) -> list[Terugkoppeling]:
    mine = {key for key in ours if key in treffer.named}
    handovers = {one.handover_id: one for one in treffer.state.handovers}
    return [
        line
        for event in treffer.events
        for signal_id in sorted({key.signal_id for key in mine if _about(event, key, handovers)})
        if (line := _line(event, signal_id)) is not None
    ]


def _about(event: Event, key: SubjectKey, handovers: Mapping[UUID, Handover]) -> bool:
    """Whether an event of a treffer is about this subject's signal: a rejection and a hand-over name theirs."""
    if event.step == Step.NOT_SAME:
        return Side(key.signal_id, key.ref) in {Side(UUID(one), ref) for one, ref in event.said["subjecten"]}
    if event.step == Step.FED_BACK:
        handover = handovers.get(UUID(event.said["overdracht"]))
        return handover is not None and key.signal_id in handover.signals
    return True


def _line(event: Event, signal_id: UUID) -> Terugkoppeling | None:
    code, next_step = {
        Step.TAKEN_UP: ("in_beoordeling", "geen"),
        Step.NOT_SAME: (NOT_SAME, "geen"),
        Step.CLOSED: ("afgesloten", "geen"),
        Step.FED_BACK: (str(event.said.get("code", "")), str(event.said.get("volgende_stap", "geen"))),
    }.get(Step(event.step), ("", ""))
    if not code:
        return None
    return Terugkoppeling(
        signaal_id=signal_id, op=event.at.date(), code=code, volgende_stap=next_step, rol=event.role
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/agenda/{verband}`: what the Drieluikoverleg of one samenwerkingsverband talks about: the treffers that somebody took up and did not close, and the hand-overs that are not ended.

1. It is for who may bring a case to phase 2 (TMM's coordinator, the ketenregisseur), and only for a samenwerkingsverband to which their organisation is a party today. Whether one of that name exists is not told to others.
2. Of each treffer count only signals of parties to that samenwerkingsverband, and each of those only as far as policy opens it to this reader; of a treffer of which nothing is left nothing is here. The coordinator sees those that they could open as a case, or that were handed to them.
3. No identity, no number of a control, no officer. Whether the police took something over is for the police, and for who may know feedback.
4. It stands in the log as every list of treffers does, for the owners too. It is printed, and read back by nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from audit.canonical import JSON
from policies.decision import Asker, Occasion
from process.language import gettext as _
from process.problem import Refusal
from register.casework import CHAIN_ROLE, Handover
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, require_rule
from register.central.concerning import concern
from register.central.store import treffers as treffer_store
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.tracks import examine_track
from register.central.treffers import (
    ENOUGH,
    examine_treffer,
    reading_payloads,
    shown_subjects,
)
from register.enquiry import Examined, month
from register.matching import kinds
from register.ports import Permit
from register.wire import Agenda, Agendapunt

_FEEDBACK: Final = "feedback_status"
_FIELDS: Final = (
    "hit",
    "count_other_muni",
    "muni_name",
    "period_bucket",
    "attr_types_matched",
    _FEEDBACK,
)


@dataclass(frozen=True)
class _Point:
    """A treffer as this reader has it before them."""

    treffer: StoredTreffer
    handovers: Sequence[Handover]
    examined: Sequence[Examined]


def agenda(centre: Centre, acting: Acting, alliance: str) -> Agenda:
    """What waits in this samenwerkingsverband, what is late first.

    Raises:
        Refusal: 403, not this person, or no samenwerkingsverband of theirs.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "fase_2_openen")
    allowed = permit(centre, person, why, "bevragen")
    bound = _parties(centre, acting, alliance)
    with centre.database.logged(acting.moment) as work:
        found = [
            point
            for treffer in treffer_store.all_open(work, allowed, why.today)
            if (point := _point(centre, work, allowed, acting, person, why, treffer, bound)) is not None
        ]
        everything = [one for point in found for one in point.examined]
        extra: dict[str, JSON] = {"treffers": [str(one.treffer.row.treffer_id) for one in found]}
        concern(centre, work, acting, "treffers_geraadpleegd", shown_subjects(everything))
        work.enter(reading_payloads("treffers_geraadpleegd", acting, allowed, extra, everything))
    points = sorted((_told(acting, one) for one in found), key=lambda one: (not one.te_laat, one.sinds))
    return Agenda(verband=alliance, op=why.today, punten=points, logbewijs=receipt(work))


def _parties(centre: Centre, acting: Acting, alliance: str) -> frozenset[str]:
    known = centre.policy.register.alliances.get(alliance)
    today = acting.moment.date()
    if known is not None and known.binds(acting.organisation, today):
        return known.bound(today)
    raise Refusal(
        403,
        "geen-partij-bij-verband",
        _("Dit is geen samenwerkingsverband van uw organisatie."),
        _("Een agenda is er alleen voor wie vandaag partij is bij het samenwerkingsverband."),
        way_forward=_("Kies een samenwerkingsverband waar uw organisatie partij bij is."),
        rule="C2",
    )


def _point(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    person: Asker,
    why: Occasion,
    treffer: StoredTreffer,
    bound: frozenset[str],
) -> _Point | None:
    """What of this treffer belongs here; decided for each treffer in the same steps."""
    if acting.person.rol == CHAIN_ROLE:
        found = examine_treffer(centre, work, allowed, person, why, treffer, _FIELDS)
    else:
        found, _stored = examine_track(centre, work, allowed, person, why, treffer, _FIELDS)
    seen = [one for one in found if one.organisation in bound and one.opens("hit")]
    handovers = [one for one in treffer.state.handovers if not one.ended and _may_know(acting, one, seen)]
    at_work = treffer.state.assessed and treffer.state.closed is None
    ours = any(_to(acting, one) for one in handovers)
    # As a list of cases does: what one organisation alone saw is no case to the coordinator, unless it was given to them.
    enough = acting.person.rol == CHAIN_ROLE or ours or len({one.organisation for one in seen}) >= _CASE
    return _Point(treffer, handovers, seen) if seen and enough and (at_work or handovers) else None


_CASE: Final = 2


def _to(acting: Acting, handover: Handover) -> bool:
    return (handover.to, handover.role) == (acting.organisation, acting.person.rol)


def _may_know(acting: Acting, handover: Handover, seen: Sequence[Examined]) -> bool:
    return _to(acting, handover) or any(one.opens(_FEEDBACK) for one in seen)


def _told(acting: Acting, point: _Point) -> Agendapunt:
    state, today = point.treffer.state, acting.moment.date()
    waiting = [one for one in point.handovers if one.accepted_at is None]
    late = (
        any(one.overdue(acting.moment) for one in point.handovers if one.accepted_at is not None)
        or any(today > one.accept_by for one in waiting)
        or _late(point, today)
    )
    named = {one.organisation for one in point.examined if one.opens("muni_name")}
    counted = {one.organisation for one in point.examined if one.opens("count_other_muni")}
    since = max((one.at for one in point.handovers), default=None)
    taken = point.treffer.row.found_at if state.taken_up is None else state.taken_up.at
    return Agendapunt(
        treffer_id=point.treffer.row.treffer_id,
        stand="opgepakt" if not point.handovers else "overdracht_wacht" if waiting else "overdracht_loopt",
        sinds=(since or taken).date(),
        uiterlijk=state.due_on if state.closed is None else None,
        te_laat=late,
        aantal_gemeenten=str(len(counted)) if counted else None,
        gemeenten=sorted(named) or None,
        perioden=sorted({month(one.week) for one in point.examined if one.opens("period_bucket")}) or None,
        soorten=kinds([one.candidate for one in point.examined if one.opens("attr_types_matched")]) or None,
    )


def _late(point: _Point, today: date) -> bool:
    state = point.treffer.state
    return state.due_on is not None and state.due_on < today and not state.followed_up()

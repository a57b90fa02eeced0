# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/dossiers`: what TMM sees, A to B to C.

A track starts at a treffer and takes in every visible signal that agrees enough with one of its subjects (the one way of matching), so a signal
saved after the question stands on it too. Policy decides field by field and signal by signal; before its owner's release a signal shows
month, organisation and kinds at most, after it ISO week, form, indicators and role. There is no list of everything: the coordinator sees treffers
that signals of two or more organisations support, the analyst those for which phase 2 was asked.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Occasion
from policies.explain import not_searched
from register.casework import FEEDBACK_DAYS
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, require_rule
from register.central.concerning import concern
from register.central.examining import examine
from register.central.linking import along
from register.central.phase2 import not_found
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.signals import StoredSubject
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.telling import why_shown
from register.central.treffers import (
    ENOUGH,
    examine_treffer,
    phase_2_state,
    reading_payloads,
    shown_subjects,
    subjects_of,
    surroundings,
    with_bands,
)
from register.enquiry import Examined, month
from register.matching import SubjectKey, kinds
from register.movement import Sighting, route
from register.ports import Permit
from register.wire import Dossier, DossierLijst, DossierOverdracht, DossierOverzicht, DossierRegel

FIELDS_OF_A_TRACK = (
    "hit",
    "count_other_muni",
    "muni_name",
    "period_bucket",
    "attr_types_matched",
    "exploitation_form",
    "indicators",
    "role_in_signal",
    "evaluation_code",
    "link_graph",
)


def tracks(centre: Centre, acting: Acting) -> DossierLijst:
    """The treffers this person may open.

    Raises:
        Refusal: 403.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "link_graph")
    allowed = permit(centre, person, why, "bevragen")
    fields = ("hit", "count_other_muni")
    with centre.database.logged(acting.moment) as work:
        # A treffer names what its asker found elsewhere; that the asker has a signal too shows along the track.
        found = [
            (one, examine_track(centre, work, allowed, person, why, one, fields)[0])
            for one in treffer_store.all_open(work, allowed, why.today)
        ]
        shown = [(one, examined) for one, examined in found if may_open(acting, one, examined)]
        ids: dict[str, JSON] = {"treffers": [str(one.row.treffer_id) for one, _examined in shown]}
        everything = [one for _treffer, examined in shown for one in examined]
        concern(centre, work, acting, "dossiers_geraadpleegd", shown_subjects(everything))
        work.enter(reading_payloads("dossiers_geraadpleegd", acting, allowed, ids, everything))
    listed = [_overview(one, examined) for one, examined in shown]
    counted = {"count_other_muni"} if any(one.aantal_gemeenten for one in listed) else set()
    return DossierLijst(
        dossiers=listed,
        waarom=why_shown(centre, why.purpose, everything, {"count_other_muni": "aantalGemeenten"}, counted),
        logbewijs=receipt(work),
    )


def track(centre: Centre, acting: Acting, treffer_id: UUID) -> Dossier:
    """One track, in time order.

    Raises:
        Refusal: 403, or 404 for what does not exist for this person.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "link_graph")
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        treffer = treffer_store.one(work, allowed, treffer_id, why.today)
        # The same steps where there is none: what is not there costs what is not for this person.
        examined, stored = examine_track(centre, work, allowed, person, why, treffer)
        shown = [one for one in examined if one.opens("hit")]
        if treffer is None or not shown or not may_open(acting, treffer, shown):
            raise not_found()
        extra: dict[str, JSON] = {"treffer": str(treffer_id), "signalen_geteld": len(shown)}
        concern(centre, work, acting, "dossier_geraadpleegd", shown_subjects(shown))
        work.enter(reading_payloads("dossier_geraadpleegd", acting, allowed, extra, shown))
    ordered = sorted(shown, key=lambda one: (one.week, one.organisation))
    named = [one for one in ordered if one.opens("muni_name") and one.opens("period_bucket")]
    lines = [line(one, stored[one.candidate.subject]) for one in ordered]
    return Dossier(
        treffer_id=treffer_id,
        gevonden=span_of(treffer, treffer.row.found_at.date()),
        vervalt=span_of(treffer, treffer.row.lapses_on),
        stand=treffer.state.standing,
        uiterlijk=None if treffer.state.closed is not None else treffer.state.due_on,
        overdracht=_handed(acting, treffer),
        fase_2=phase_2_state(treffer),
        besluit_id=None if treffer.phase_2 is None else treffer.phase_2.decision_id,
        route=list(route(Sighting(one.organisation, one.week) for one in named)),
        signalen=lines,
        niet_bekeken=list(not_searched(centre.policy.register, person.organisation, why.today)),
        waarom=why_shown(centre, why.purpose, shown, _MEMBERS, _shown_fields(lines)),
        logbewijs=receipt(work),
    )


def _handed(acting: Acting, treffer: StoredTreffer) -> DossierOverdracht | None:
    """The hand-over of this case to the reader's own role; to whom else it went is not told."""
    to = (acting.organisation, acting.person.rol)
    mine = [one for one in treffer.state.handovers if (one.to, one.role) == to]
    if not mine:
        return None
    last = mine[-1]
    if last.ended:
        return DossierOverdracht(overdracht_id=last.handover_id, stand="afgesloten")
    if last.accepted_at is None:
        return DossierOverdracht(overdracht_id=last.handover_id, stand="wacht", voor=last.accept_by)
    owed = (last.heard_at() + timedelta(days=FEEDBACK_DAYS)).date()
    return DossierOverdracht(overdracht_id=last.handover_id, stand="aangenomen", voor=owed)


_MEMBERS = {
    "period_bucket": "periode",
    "muni_name": "organisatie",
    "attr_types_matched": "soorten",
    "exploitation_form": "uitbuitingsvorm",
    "indicators": "aanwijzingen",
    "role_in_signal": "rol",
    "evaluation_code": "beoordeling",
}
"""Field of the matrix -> member of a track that shows it. The route is made of places and periods, and is there for their reasons."""


def _shown_fields(lines: Sequence[DossierRegel]) -> set[str]:
    """The fields that some signal of the track shows."""
    said = {
        name for one in lines for name, value in one.model_dump(by_alias=True).items() if value is not None
    }
    return {field for field, member in _MEMBERS.items() if member in said}


def span_of(treffer: StoredTreffer, day: date) -> str:
    """A day of a treffer as TMM sees it: its month, and in phase 2 its ISO week (C17).

    On the day of a treffer somebody stood at a control of the one who asked: that is an observation, and no observation is told by the day. The last day follows from the first.
    """
    year, number, _weekday = day.isocalendar()
    week = f"{year}-W{number:02d}"
    return week if phase_2_state(treffer) == "open" else month(week)


def may_open(acting: Acting, treffer: StoredTreffer, examined: Sequence[Examined]) -> bool:
    """Whether this reader opens cases like this one: the analyst those for which phase 2 was asked, the coordinator those that two organisations support."""
    organisations = {one.organisation for one in examined if one.opens("hit")}
    if acting.person.rol == "tmm_analist":
        return treffer.phase_2 is not None and bool(organisations)
    return len(organisations) >= 2


def _overview(treffer: StoredTreffer, examined: Sequence[Examined]) -> DossierOverzicht:
    counted = {one.organisation for one in examined if one.opens("count_other_muni")}
    return DossierOverzicht(
        treffer_id=treffer.row.treffer_id,
        gevonden=span_of(treffer, treffer.row.found_at.date()),
        vervalt=span_of(treffer, treffer.row.lapses_on),
        aantal_gemeenten=str(len(counted)) if counted else None,
        fase_2=phase_2_state(treffer),
    )


def examine_track(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    person: Asker,
    why: Occasion,
    treffer: StoredTreffer | None,
    fields: Sequence[str] = FIELDS_OF_A_TRACK,
) -> tuple[list[Examined], dict[SubjectKey, StoredSubject]]:
    """The signals along the track of a treffer with their decisions for this person, and those of them that are visible; without a treffer none, in the same steps."""
    starts = [
        one.candidate.subject
        for one in examine_treffer(centre, work, allowed, person, why, treffer, ("hit",))
        if one.opens("hit")
    ]
    found = along(work, allowed, centre.weights, centre.keyset[0], subjects_of(treffer), why.today, starts)
    stored = signal_store.load(work, allowed, found, why.today)
    around = surroundings(work, allowed, treffer)
    return examine(centre, person, why, with_bands(found, stored), stored, fields, around), stored


def line(one: Examined, subject: StoredSubject) -> DossierRegel:
    """One signal as policy opens it."""
    signal = subject.signal
    opened = signal.opened or {}
    in_phase_2 = one.opens("indicators")
    return DossierRegel(
        signaal_id=signal.signal_id,
        organisatie=one.organisation if one.opens("muni_name") else None,
        periode=(one.week if in_phase_2 else month(one.week)) if one.opens("period_bucket") else None,
        soorten=kinds([one.candidate]) if one.opens("attr_types_matched") else None,
        uitbuitingsvorm=opened.get("uitbuitingsvorm", signal.form)
        if one.opens("exploitation_form")
        else None,
        aanwijzingen=list(opened.get("aanwijzingen", signal.indicators)) if in_phase_2 else None,
        rol=opened.get("rollen", {}).get(subject.key.ref, subject.role)
        if one.opens("role_in_signal")
        else None,
        beoordeling=f"{signal.source}{signal.information}" if one.opens("evaluation_code") else None,
        gesloten=not in_phase_2,
    )

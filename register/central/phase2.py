# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Phase 2 of a treffer: asked by TMM's coordinator, released by the owners of the signals.

`POST /v1/fase-2-besluiten` records the criteria check (C10) and the human assessment (C8). `POST .../vrijgaven` is the second pair of eyes: the
aandachtsfunctionaris of a contributor releases one own signal, with what was sealed at its node; the fields must open the commitment that came with
the signal. The first release opens phase 2; a signal that its owner did not release stays closed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Occasion, SignalFacts
from policies.explain import nothing_known
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, disclosure, permit, receipt, require_rule, who
from register.central.concerning import concern
from register.central.examining import owner_of
from register.central.linking import along
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.signals import StoredSubject
from register.central.store.treffers import Record
from register.central.store.work import LoggedWork
from register.central.treffers import ENOUGH, examine_treffer, phase_2_state, reading_payloads, shown_subjects
from register.events import ASKER, CATALOGUE, OWNER
from register.ports import Permit
from register.signals import Observation, commitment, needs, sealed_problems
from register.wire import ActingFor, Fase2Besluit, Fase2Stand, Ontzegeld, Vrijgave


def ask_for(centre: Centre, acting: Acting, sent: Fase2Besluit) -> Fase2Stand:
    """Record that phase 2 of a treffer is asked for; asking again gives the same decision.

    Raises:
        Refusal: 400 unknown criteria, 403 not this person, 404 no such treffer for this person.
    """
    _check_criteria(centre, sent)
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    # Four eyes come with the release, so nobody is permitted yet; who never could be is told here.
    require_rule(centre, person, why, "fase_2_openen")
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        treffer = treffer_store.one(work, allowed, sent.treffer_id, why.today)
        examined = examine_treffer(centre, work, allowed, person, why, treffer, ("hit",))
        if treffer is None or not any(one.opens("hit") for one in examined):
            raise not_found()
        decision_id = treffer.phase_2.decision_id if treffer.phase_2 is not None else centre.uuid()
        if treffer.phase_2 is None:
            treffer_store.ask_phase_2(work, allowed, _decision_row(acting, sent, decision_id))
        extra: dict[str, JSON] = {
            "besluit": str(decision_id),
            "treffer": str(sent.treffer_id),
            "criteria": sorted(sent.criteria),
            "beoordeling": sent.beoordeling,
        }
        payloads = reading_payloads(
            "fase_2_gevraagd", acting, allowed, extra, examined, told={"besluit": str(decision_id)}
        )
        concern(centre, work, acting, "fase_2_gevraagd", shown_subjects(examined))
        work.enter(payloads)
    return Fase2Stand(
        besluit_id=decision_id,
        treffer_id=sent.treffer_id,
        stand="open" if phase_2_state(treffer) == "open" else "gevraagd",
        logbewijs=receipt(work),
    )


def release(centre: Centre, acting: Acting, decision_id: UUID, sent: Vrijgave) -> Fase2Stand:
    """Release one own signal; releasing it again changes nothing.

    Raises:
        Refusal: 400 the fields do not open the commitment, 403 not allowed together, 404 nothing to release here.
    """
    second, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    may_look = permit(centre, second, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        decision, subjects = _releasable(centre, work, may_look, acting, decision_id, sent)
        allowed = _together(centre, decision, second, why, subjects)
        subject = subjects[0]
        if subject.signal.opened is None and subject.signal.commitment is not None:
            opened = _opened(subject, sent.ontzegeld)
            signal_store.open_sealed(work, allowed, sent.signaal_id, subject.key.version, opened)
        released = {
            "decision_id": decision_id,
            "signal_id": sent.signaal_id,
            "version": subject.key.version,
            "organisation": acting.organisation,
            "officer": acting.person.medewerker,
            "released_at": acting.moment,
        }
        treffer_store.release(work, allowed, released, acting.moment)
        asked_by = centre.policy.register.current(decision.asked_by_organisation, why.today)
        about = [(one.key.signal_id, one.key.ref) for one in subjects]
        concern(centre, work, acting, "fase_2_vrijgegeven", about)
        work.enter(_release_payloads(acting, allowed, decision, asked_by, sent))
    return Fase2Stand(
        besluit_id=decision_id, treffer_id=decision.treffer_id, stand="open", logbewijs=receipt(work)
    )


def not_found() -> Refusal:
    """The one answer for what is not there and for what this person may not see."""
    return Refusal(
        404,
        "niet-gevonden",
        nothing_known(),
        _("Dit bestaat niet (meer), of het is niet voor uw rol."),
        way_forward=_("Kijk in uw lijst wat er voor u klaarstaat."),
    )


def _check_criteria(centre: Centre, sent: Fase2Besluit) -> None:
    needed = {criterion.id for criterion in centre.policy.register.criteria}
    if not needed:
        # Nothing to go through is not the same as having gone through everything.
        raise Refusal(
            403,
            "criteria-niet-vastgesteld",
            _("Fase 2 kan hier niet worden gevraagd."),
            _("Het samenwerkingsverband heeft de criteriatoets nog niet vastgesteld."),
            way_forward=_(
                "Vraag het samenwerkingsverband om de punten van de criteriatoets vast te stellen."
            ),
            rule="C10",
        )
    if set(sent.criteria) != needed:
        raise Refusal(
            400,
            "criteria-niet-af",
            _("Fase 2 kan nog niet worden gevraagd."),
            _("Niet alle punten van de criteriatoets zijn nagelopen."),
            way_forward=_("Loop de toets na met de aandachtsfunctionaris en vink elk punt af."),
            fields=(
                FieldError("criteria", _("Nodig zijn: {punten}.").format(punten=", ".join(sorted(needed)))),
            ),
            rule="C10",
        )


def _decision_row(acting: Acting, sent: Fase2Besluit, decision_id: UUID) -> dict[str, object]:
    return {
        "decision_id": decision_id,
        "treffer_id": sent.treffer_id,
        "asked_by_organisation": acting.organisation,
        "asked_by_officer": acting.person.medewerker,
        "asked_by_role": acting.person.rol,
        "purpose": acting.person.doel,
        "control": acting.person.zaaknummer,
        "asked_at": acting.moment,
        "criteria": sorted(sent.criteria),
        "assessment": sent.beoordeling,
    }


def _releasable(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre, work: LoggedWork, may_look: Permit, acting: Acting, decision_id: UUID, sent: Vrijgave
) -> tuple[Record, list[StoredSubject]]:
    decision = treffer_store.phase_2_decision(work, may_look, decision_id)
    today = acting.moment.date()
    treffer = None if decision is None else treffer_store.one(work, may_look, decision.treffer_id, today)
    if decision is None or treffer is None:
        raise not_found()
    own = signal_store.subjects_of(work, may_look, sent.signaal_id, today)
    track = {
        key.signal_id
        for key in along(work, may_look, centre.weights, centre.keyset[0], treffer.subjects, today)
    }
    mine = [one for one in own if owner_of(centre, one, today) == acting.organisation]
    if not mine or sent.signaal_id not in track:
        raise not_found()
    return decision, mine


def _together(
    centre: Centre, decision: Record, second: Asker, why: Occasion, subjects: Sequence[StoredSubject]
) -> Permit:
    """Four eyes: the one who asked, with the releasing aandachtsfunctionaris as the second person (C5, C10)."""
    first = Acting(
        decision.asked_by_organisation,
        ActingFor(
            medewerker=decision.asked_by_officer,
            rol=decision.asked_by_role,
            doel=decision.purpose,
            zaaknummer=decision.control,
        ),
        datetime.combine(why.today, time(), UTC),
        "",
    )
    occasion_of_both = replace(occasion(first), second=second)
    subject = subjects[0]
    signal = subject.signal
    _special, criminal = needs(signal.form, signal.basis, signal.control_type, [one.role for one in subjects])
    facts = SignalFacts(
        owner=owner_of(centre, subject, why.today),
        criteria_stored=bool(decision.criteria),
        assessed=True,
        no_police_contact=subject.signal.no_police_contact,
        needs_special=subject.signal.commitment is not None,
        special_category_ground_id=subject.signal.special_category_ground,
        needs_criminal=criminal,
        criminal_ground_id=signal.criminal_ground,
        handling=subject.signal.handling,
        minor=subject.minor,
    )
    return permit(centre, asker(centre.policy.register, first), occasion_of_both, "fase_2_openen", facts)


def _opened(subject: StoredSubject, sent: Ontzegeld | None) -> dict[str, Any]:
    """The released fields, if they are what was committed to.

    Raises:
        Refusal: 400.
    """
    problem = None
    observation = None
    if sent is None:
        problem = FieldError("ontzegeld", _("Dit signaal is verzegeld; stuur de verzegelde velden mee."))
    else:
        observation = Observation(
            sent.uitbuitingsvorm,
            sent.waarneming_grondslag,
            sent.controlesoort,
            tuple(sent.aanwijzingen),
            tuple((one.ref, one.rol) for one in sent.subjecten),
        )
        if commitment(sent.nonce, observation) != subject.signal.commitment:
            problem = FieldError("ontzegeld", _("Deze velden zijn niet wat bij het indienen is vastgelegd."))
    wrong = (problem,) if problem else sealed_problems(observation) if observation else ()
    if wrong or observation is None:
        raise Refusal(
            400,
            "verzegeling-klopt-niet",
            _("Dit signaal kan zo niet worden vrijgegeven."),
            _("Er is niets geopend."),
            way_forward=_("Geef het signaal vrij vanuit de gemeente die het indiende."),
            fields=tuple(wrong),
        )
    return {
        "uitbuitingsvorm": observation.form,
        "waarnemingGrondslag": observation.basis,
        "controlesoort": observation.control_type,
        "aanwijzingen": sorted(observation.indicators),
        "rollen": dict(observation.roles),
    }


def _release_payloads(
    acting: Acting, allowed: Permit, decision: Record, asked_by: str, sent: Vrijgave
) -> dict[str, dict[str, JSON]]:
    mine: dict[str, JSON] = {
        **who(acting, allowed.decision),
        "besluit": str(decision.decision_id),
        "signaal": str(sent.signaal_id),
        "ontzegeld": sent.ontzegeld is not None,
    }
    theirs: dict[str, JSON] = {
        **disclosure(acting, {"fase_2_openen": allowed.decision}, [sent.signaal_id], ["fase_2_openen"]),
        "besluit": str(decision.decision_id),
    }
    return {
        acting.organisation: CATALOGUE.payload("fase_2_vrijgegeven", ASKER, mine),
        asked_by: CATALOGUE.payload("fase_2_vrijgegeven", OWNER, theirs),
    }

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/overdrachten`: a treffer that a person assessed is handed to TMM, the Arbeidsinspectie or the KMar; they accept it, and what they say comes back to every submitter.

1. Handing over is of a case that was taken up (C8), by a party to it. Of its signals go along those for which policy permits it, one by one: never one whose person wants no contact with the police, nor one of the care track; to the Arbeidsinspectie labour only (C18), to the KMar border only (C19).
   Is nothing left, then there is nothing here: the same answer as for a treffer that does not exist.
2. It names a treffer. What the recipient sees of each signal policy decides when it is read, field by field; a hand-over opens no field and is no phase 2.
3. Accepting says `ontvangen` by itself. Everything else is a code with a next step; without a recorded decision of Wpg 19 or 20 policy lets `ontvangen` and `afgesloten` through and nothing else. There is no free text.
4. Everything is events of the treffer (`register.casework`), so what came back is told where the signal is (`register.central.feedback`), and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Formalities, Occasion, fitting
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.casework import ACCEPT_WORKDAYS, Handover, Step
from register.central.asking_for import Acting, asker, occasion
from register.central.attending import Reader, Readers
from register.central.centre import Centre, permit, receipt, repeated, require_rule, who
from register.central.concerning import concern
from register.central.examining import examine, facts_of_subject, owner_of, signals_of
from register.central.phase2 import not_found
from register.central.store import casework as store
from register.central.store import notices
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.tracks import FIELDS_OF_A_TRACK, line
from register.central.treffers import (
    ENOUGH,
    examine_treffer,
    exists,
    is_theirs,
    opened,
    shown_subjects,
    surroundings,
    with_bands,
)
from register.enquiry import Examined
from register.events import ASKER, CATALOGUE, OWNER
from register.notices import CONTACT as CONTACT_ROLE
from register.notices import HANDING_OVER
from register.ports import Permit
from register.signals import FEEDBACK, NEXT_STEPS
from register.wire import (
    Overdracht,
    OverdrachtBeantwoord,
    OverdrachtGestart,
    OverdrachtLijst,
    OverdrachtRegel,
    OverdrachtStart,
    OverdrachtTerugkoppeling,
)
from register.workdays import after_workdays

RECIPIENTS: Final = ("tmm_coordinator", "nla", "kmar")
"""Roles to which something is handed over."""

RECEIVED: Final = "ontvangen"
_ANSWER: Final = "overdracht_aannemen_en_terugkoppelen"
_FIELDS: Final = (*FIELDS_OF_A_TRACK, "feedback_status")


@dataclass(frozen=True)
class _Handed:
    """A hand-over as its recipient has it before them."""

    treffer: StoredTreffer
    handover: Handover
    examined: Sequence[Examined]


def start(centre: Centre, acting: Acting, sent: OverdrachtStart, request_key: str) -> OverdrachtGestart:
    """Hand a treffer over; the same request again hands nothing over.

    Raises:
        Refusal: 400 nobody there can take it; 403 not this person; 404 no such treffer for this person, or nothing of it may go; 409 it was not taken up, is closed, or went there before.
    """
    role = _recipient(centre, acting, sent.aan)
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "overdracht_starten")
    may_look = permit(centre, person, why, "bevragen")
    body = sent.model_dump_json(by_alias=True).encode()
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, body)
        treffer = treffer_store.hold(work, may_look, sent.treffer_id, why.today)
        examined = examine_treffer(centre, work, may_look, person, why, treffer, ("hit", "minor_flag"))
        if treffer is None or not any(exists(one) for one in examined):
            raise not_found()
        if not is_theirs(centre, acting, treffer, examined, why):
            raise not_found()
        before = next((one for one in treffer.state.handovers if one.to == sent.aan), None)
        if again and before is not None:
            handover, along = before, before.signals
            allowed = may_look
        else:
            _require_open(treffer, before)
            reader = Readers(centre, acting.moment).of(sent.aan, role, HANDING_OVER)
            allowed, going = _going(centre, work, may_look, person, why, treffer, examined, reader)
            along = frozenset(one.candidate.subject.signal_id for one in going)
            handover = _hand_over(centre, work, allowed, acting, treffer, sent, role, along)
        about = [one for one in examined if one.candidate.subject.signal_id in along]
        concern(centre, work, acting, "overdracht_gestart", shown_subjects(about))
        work.enter(_start_payloads(acting, allowed, treffer, handover, about, again=again))
        mine = sorted(
            {one.candidate.subject.signal_id for one in about if one.organisation == acting.organisation}
        )
    return OverdrachtGestart(
        overdracht_id=handover.handover_id,
        treffer_id=sent.treffer_id,
        aan=sent.aan,
        aannemen_voor=handover.accept_by,
        onze_signalen=mine,
        logbewijs=receipt(work),
    )


def inbox(centre: Centre, acting: Acting) -> OverdrachtLijst:
    """What was handed to this organisation's role, newest first.

    Raises:
        Refusal: 403.
    """
    person, why, allowed = _recipient_s(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = _handed(centre, work, acting, person, why, allowed)
        everything = [signal for one in found for signal in one.examined]
        concern(centre, work, acting, "overdracht_geopend", shown_subjects(everything))
        work.enter(_reading(acting, allowed, [one.handover.handover_id for one in found], everything))
    return OverdrachtLijst(overdrachten=[_row(acting, one) for one in found], logbewijs=receipt(work))


def one(centre: Centre, acting: Acting, handover_id: UUID) -> Overdracht:
    """One hand-over with the signals that went along, as far as policy opens them; with its log proof it is the export that its recipient takes home.

    Raises:
        Refusal: 403, or 404 for what was not handed to this role here.
    """
    person, why, allowed = _recipient_s(centre, acting)
    with centre.database.logged(acting.moment) as work:
        handed = _the_one(centre, work, acting, person, why, allowed, handover_id)
        keys = [signal.candidate.subject for signal in handed.examined]
        stored = signal_store.load(work, allowed, keys, why.today)
        ordered = sorted(handed.examined, key=lambda signal: (signal.week, signal.organisation))
        concern(centre, work, acting, "overdracht_geopend", shown_subjects(handed.examined))
        work.enter(_reading(acting, allowed, [handover_id], handed.examined))
    return Overdracht(
        overdracht=_row(acting, handed),
        signalen=[line(signal, stored[signal.candidate.subject]) for signal in ordered],
        terugkoppelingen=_told_back(handed.handover),
        mogelijk=_sayable(centre, person, why, handed.handover),
        logbewijs=receipt(work),
    )


def _sayable(centre: Centre, person: Asker, why: Occasion, handover: Handover) -> list[str]:
    """The codes that policy lets through today, in the order of the list; nothing before it was accepted, or after it ended."""
    if handover.accepted_at is None or handover.ended:
        return []
    own = fitting(person.organisation, "", person.organisation)
    return [
        code
        for code in FEEDBACK
        if code != RECEIVED
        and centre.policy.action(
            person, replace(why, formalities=Formalities(feedback_code=code)), _ANSWER, own
        ).allowed
    ]


def accept(centre: Centre, acting: Acting, handover_id: UUID, request_key: str) -> OverdrachtBeantwoord:
    """Accept it, which says `ontvangen` to every submitter.

    Raises:
        Refusal: 403, 404; 409 accepted before.
    """
    return _answer(centre, acting, handover_id, RECEIVED, "geen", request_key)


def feed_back(
    centre: Centre, acting: Acting, handover_id: UUID, sent: OverdrachtTerugkoppeling, request_key: str
) -> OverdrachtBeantwoord:
    """Say how it stands.

    Raises:
        Refusal: 400 no such code; 403 not this code without a decision of Wpg 19 or 20; 404; 409 not accepted yet, or ended.
    """
    wrong = [
        FieldError(name, _("Kies uit: {codes}.").format(codes=", ".join(known)))
        for name, code, known in (
            ("code", sent.code, [one for one in FEEDBACK if one != RECEIVED]),
            ("volgendeStap", sent.volgende_stap, list(NEXT_STEPS)),
        )
        if code not in known
    ]
    if wrong:
        raise Refusal(
            400,
            "onbekende-terugkoppeling",
            _("Deze terugkoppeling kennen we niet."),
            _("Er is niets teruggekoppeld."),
            way_forward=_("Kies een code uit de lijst. Vrije tekst kan niet mee."),
            fields=tuple(wrong),
        )
    return _answer(centre, acting, handover_id, sent.code, sent.volgende_stap, request_key)


def _answer(  # noqa: PLR0913, PLR0917 - one answer
    centre: Centre, acting: Acting, handover_id: UUID, code: str, next_step: str, request_key: str
) -> OverdrachtBeantwoord:
    person, why, may_look = _recipient_s(centre, acting)
    said = replace(why, formalities=Formalities(feedback_code=code))
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, f"{handover_id}/{code}/{next_step}".encode())
        handed = _held(
            work, may_look, _the_one(centre, work, acting, person, why, may_look, handover_id), why
        )
        allowed = permit(centre, person, said, _ANSWER, fitting(acting.organisation, "", acting.organisation))
        if not again:
            _require_answerable(handed.handover, accepting=code == RECEIVED)
            _write_answer(work, allowed, acting, handed, code, next_step)
            _tell(centre, work, acting, handed)
        concern(centre, work, acting, "overdracht_beantwoord", shown_subjects(handed.examined))
        work.enter(_answer_payloads(centre, acting, allowed, handed, code, next_step, again=again))
    return OverdrachtBeantwoord(
        overdracht_id=handover_id, code=code, volgende_stap=next_step, logbewijs=receipt(work)
    )


def _held(work: LoggedWork, may_look: Permit, handed: _Handed, why: Occasion) -> _Handed:
    """The same as it stands when nobody else can take a step in it: of two who answer at once the second sees what the first said.

    Raises:
        Refusal: 404, it is gone.
    """
    treffer = treffer_store.hold(work, may_look, handed.treffer.row.treffer_id, why.today)
    handover = None if treffer is None else treffer.state.handover(handed.handover.handover_id)
    if treffer is None or handover is None:
        raise not_found()
    return replace(handed, treffer=treffer, handover=handover)


def _write_answer(  # noqa: PLR0913, PLR0917 - one answer
    work: LoggedWork, allowed: Permit, acting: Acting, handed: _Handed, code: str, next_step: str
) -> None:
    told: dict[str, JSON] = {"overdracht": str(handed.handover.handover_id)}
    number = len(handed.treffer.events)
    if code == RECEIVED:
        _event(work, allowed, acting, handed.treffer, Step.ACCEPTED, told, number)
        number += 1
    said = {**told, "code": code, "volgende_stap": next_step}
    _event(work, allowed, acting, handed.treffer, Step.FED_BACK, said, number)


def _tell(centre: Centre, work: LoggedWork, acting: Acting, handed: _Handed) -> None:
    """Tell every submitter, and who handed it over, that something came back."""
    sender = centre.policy.register.current(handed.handover.by, acting.moment.date())
    for party in sorted({sender, *signals_of(handed.examined)}):
        if party.startswith("GM"):
            number = handed.handover.handover_id
            notices.tell(work, party, CONTACT_ROLE, "terugkoppeling", number, acting.moment)


def _event(  # noqa: PLR0913, PLR0917 - one event
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    treffer: StoredTreffer,
    step: Step,
    said: Mapping[str, JSON],
    number: int,
) -> None:
    by = (acting.organisation, acting.person.medewerker, acting.person.rol)
    store.add(work, allowed, treffer.row.treffer_id, number, step, by=by, at=acting.moment, said=said)


def _recipient_s(centre: Centre, acting: Acting) -> tuple[Asker, Occasion, Permit]:
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, _ANSWER)
    return person, why, permit(centre, person, why, "bevragen")


def _handed(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre, work: LoggedWork, acting: Acting, person: Asker, why: Occasion, allowed: Permit
) -> list[_Handed]:
    """Hand-overs to this role here of which something exists for this person."""
    ids = {
        row.treffer_id
        for row in store.of_step(work, allowed, Step.HANDED_OVER)
        if centre.policy.register.current(row.said["aan"], why.today) == acting.organisation
        and row.said["rol"] == acting.person.rol
    }
    found = []
    for treffer in treffer_store.some(work, allowed, ids, why.today):
        everything = examine_treffer(centre, work, allowed, person, why, treffer, _FIELDS)
        for handover in treffer.state.handovers:
            ours = centre.policy.register.current(handover.to, why.today) == acting.organisation
            along = [
                signal
                for signal in everything
                if signal.candidate.subject.signal_id in handover.signals and signal.opens("hit")
            ]
            if ours and handover.role == acting.person.rol and along:
                found.append(_Handed(treffer, handover, along))
    return sorted(found, key=lambda one: one.handover.at, reverse=True)


def _the_one(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    acting: Acting,
    person: Asker,
    why: Occasion,
    allowed: Permit,
    handover_id: UUID,
) -> _Handed:
    # Among all of this role's, so that another's costs what is not there.
    for handed in _handed(centre, work, acting, person, why, allowed):
        if handed.handover.handover_id == handover_id:
            return handed
    raise not_found()


def _recipient(centre: Centre, acting: Acting, organisation: str) -> str:
    """The role of this organisation to which something is handed over.

    Raises:
        Refusal: 400.
    """
    today = acting.moment.date()
    mandates = centre.policy.register.mandates
    for role in RECIPIENTS:
        if any(one.covers(organisation, one.officer, role, today) for one in mandates):
            return role
    raise Refusal(
        400,
        "geen-ontvanger",
        _("Aan deze organisatie kan niets worden overgedragen."),
        _("Zij heeft niemand met een mandaat om een overdracht aan te nemen. Er is niets overgedragen."),
        way_forward=_("Kies het TMM, de Arbeidsinspectie of de Koninklijke Marechaussee."),
        fields=(FieldError("aan", _("Kies een organisatie die overdrachten aanneemt.")),),
    )


def _going(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    may_look: Permit,
    person: Asker,
    why: Occasion,
    treffer: StoredTreffer,
    examined: Sequence[Examined],
    reader: Reader | None,
) -> tuple[Permit, list[Examined]]:
    """What of it may go along, and on which permit. What does not exist for its recipient does not: a minor's signal for the Arbeidsinspectie (C6), say, of which a notice would tell.

    Raises:
        Refusal: 404, nothing may.
    """
    keys = [one.candidate.subject for one in examined if exists(one)]
    stored = signal_store.load(work, may_look, keys, why.today)
    around = surroundings(work, may_look, treffer)
    owners = {owner_of(centre, one, why.today) for one in stored.values()}
    candidates = {
        one.subject: one for one in with_bands({key: treffer.subjects[key] for key in stored}, stored)
    }
    if reader is None:
        raise not_found()
    role = reader.person.role
    there = list(candidates.values())
    read = examine(centre, reader.person, reader.why, there, stored, ("hit",), around)
    known_there = {one.candidate.subject for one in read if one.opens("hit")}
    going, permits = [], []
    for one in examined:
        subject = stored.get(one.candidate.subject)
        if subject is None:
            continue
        facts = facts_of_subject(
            subject, one.organisation, candidates[one.candidate.subject],
            replace(around, parties=frozenset(owners) | around.parties), owners,
        )  # fmt: skip
        decision = centre.policy.action(person, why, "overdracht_starten", facts)
        fits = {"nla": facts.labour, "kmar": facts.border_context}.get(role, True)
        known = one.candidate.subject in known_there
        if decision.allowed and known and fits and not facts.no_police_contact and not facts.care_track:
            going.append(one)
            permits.append(Permit("overdracht_starten", decision))
    if not going:
        raise not_found()
    return permits[0], going


def _require_open(treffer: StoredTreffer, before: Handover | None) -> None:
    state = treffer.state
    outcome = state.outcome
    if state.assessed and before is None and outcome in {None, "bevestigd", "overgedragen"}:
        return
    raise Refusal(
        409,
        "overdracht-kan-niet",
        _("Deze treffer kan nu niet worden overgedragen."),
        _("Er is niets overgedragen."),
        way_forward=_("Pak de treffer eerst op en beoordeel hem. Wat daar al heen ging, gaat niet nog eens."),
        rule="C8",
    )


def _hand_over(  # noqa: PLR0913, PLR0917 - one hand-over
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    treffer: StoredTreffer,
    sent: OverdrachtStart,
    role: str,
    along: frozenset[UUID],
) -> Handover:
    accept_by = after_workdays(acting.moment.date(), ACCEPT_WORKDAYS)
    handover = Handover(centre.uuid(), sent.aan, role, acting.organisation, along, acting.moment, accept_by)
    signals: list[JSON] = [*sorted(str(signal) for signal in along)]
    said: dict[str, JSON] = {
        "overdracht": str(handover.handover_id),
        "aan": sent.aan,
        "rol": role,
        "signalen": signals,
        "uiterlijk": accept_by.isoformat(),
    }
    _event(work, allowed, acting, treffer, Step.HANDED_OVER, said, len(treffer.events))
    notices.tell(work, sent.aan, role, "overdracht_nieuw", handover.handover_id, acting.moment)
    return handover


def _require_answerable(handover: Handover, *, accepting: bool) -> None:
    accepted = handover.accepted_at is not None
    if (accepting and not accepted) or (not accepting and accepted and not handover.ended):
        return
    raise Refusal(
        409,
        "terugkoppeling-kan-niet",
        _("Deze overdracht is al aangenomen.")
        if accepting
        else _("Hierop kan nu niet worden teruggekoppeld."),
        _("Er is niets veranderd."),
        way_forward=_("Neem een overdracht eerst aan. Wat is afgesloten, blijft afgesloten."),
    )


def _row(acting: Acting, one: _Handed) -> OverdrachtRegel:
    named = sorted({signal.organisation for signal in one.examined if signal.opens("muni_name")})
    last = one.handover.feedback[-1] if one.handover.feedback else None
    state = "afgesloten" if one.handover.ended else "aangenomen" if one.handover.accepted_at else "wacht"
    return OverdrachtRegel(
        overdracht_id=one.handover.handover_id,
        treffer_id=one.treffer.row.treffer_id,
        op=one.handover.at.date(),
        van=one.handover.by,
        aannemen_voor=one.handover.accept_by,
        stand=state,
        aantal_signalen=len({signal.candidate.subject.signal_id for signal in one.examined}),
        gemeenten=named or None,
        laatste=None if last is None else last.code,
        te_laat=one.handover.overdue(acting.moment)
        or (one.handover.accepted_at is None and acting.moment.date() > one.handover.accept_by),
    )


def _told_back(handover: Handover) -> list[OverdrachtTerugkoppeling]:
    return [
        OverdrachtTerugkoppeling(code=one.code, volgende_stap=one.next_step, op=one.at.date())
        for one in handover.feedback
    ]


def _start_payloads(  # noqa: PLR0913 - one log entry
    acting: Acting,
    allowed: Permit,
    treffer: StoredTreffer,
    handover: Handover,
    about: Sequence[Examined],
    *,
    again: bool,
) -> dict[str, dict[str, JSON]]:
    common: dict[str, JSON] = {"overdracht": str(handover.handover_id), "bestemd_voor": handover.to}
    mine: dict[str, JSON] = {
        **who(acting, allowed.decision),
        **common,
        "treffer": str(treffer.row.treffer_id),
        "signalen_geteld": len(handover.signals),
        "herhaald": again,
    }
    payloads = {acting.organisation: CATALOGUE.payload("overdracht_gestart", ASKER, mine)}
    for owner, theirs in signals_of(about).items():
        if owner != acting.organisation:
            told = _to_owner(acting, allowed, theirs)
            payloads[owner] = CATALOGUE.payload("overdracht_gestart", OWNER, {**told, **common})
    payloads[handover.to] = CATALOGUE.payload(
        "overdracht_gestart", OWNER, {**_to_owner(acting, allowed, ()), **common}
    )
    return payloads


def _answer_payloads(  # noqa: PLR0913, PLR0917 - one log entry
    centre: Centre,
    acting: Acting,
    allowed: Permit,
    handed: _Handed,
    code: str,
    next_step: str,
    *,
    again: bool,
) -> dict[str, dict[str, JSON]]:
    common: dict[str, JSON] = {
        "overdracht": str(handed.handover.handover_id),
        "codes": [code, next_step],
    }
    mine: dict[str, JSON] = {**who(acting, allowed.decision), **common, "herhaald": again}
    payloads = {acting.organisation: CATALOGUE.payload("overdracht_beantwoord", ASKER, mine)}
    theirs = signals_of(handed.examined)
    today = acting.moment.date()
    sender = centre.policy.register.current(handed.handover.by, today)
    for party in (set(theirs) | {sender}) - {acting.organisation}:
        told = _to_owner(acting, allowed, theirs.get(party, ()))
        payloads[party] = CATALOGUE.payload("overdracht_beantwoord", OWNER, {**told, **common})
    return payloads


def _reading(
    acting: Acting, allowed: Permit, handovers: Sequence[UUID], examined: Sequence[Examined]
) -> dict[str, dict[str, JSON]]:
    fields = opened(examined)
    ids: list[JSON] = [*sorted(str(one) for one in handovers)]
    mine: dict[str, JSON] = {**who(acting, allowed.decision), "overdrachten": ids, "velden": sorted(fields)}
    payloads = {acting.organisation: CATALOGUE.payload("overdracht_geopend", ASKER, mine)}
    for owner, theirs in signals_of(examined).items():
        if owner != acting.organisation:
            told = _to_owner(acting, allowed, theirs) | {"velden": sorted(opened(theirs))}
            payloads[owner] = CATALOGUE.payload("overdracht_geopend", OWNER, told)
    return payloads


def _to_owner(acting: Acting, allowed: Permit, theirs: Sequence[Examined]) -> dict[str, Any]:
    return {
        "moment": acting.moment.isoformat(timespec="seconds"),
        "organisatie": acting.organisation,
        "rol": acting.person.rol,
        "doel": acting.person.doel,
        "grondslag": sorted(allowed.decision.ground_ids),
        "signalen": sorted({str(one.candidate.subject.signal_id) for one in theirs}),
        "velden": [],
        "beleid": allowed.decision.policy_set_hash,
        "spoor": acting.trace,
    }

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/treffers/{trefferId}` and its steps: a treffer as a case of its parties (the rules: `register.casework`).

In this order: the codes are ones that we know; policy permits the step to this role, for this purpose; the treffer exists for this person and its organisation is a party, asker or owner of a signal in it; the step may follow on
those before. Event, effects and log entry become durable together. What each step does beside its event:

- *oppakken* moves the signals that this person sees from R1 to R2, unless a shorter term competes, and lets the treffer stay as long as they may.
- *contact_vrijgeven* opens `contact_officer` to the other parties under C4, and nothing else.
- *niet_dezelfde* takes the subjects out of the treffer for everybody, sets them apart from those signals of the asker that agree with them (`register.links`), and gives back the longer term where no other take-up holds it.
- *afdoen* ends it; what came to nothing is gone after 30 days, and its signals have the shorter term again where no other take-up holds them.
- *gedempt* tells the role of who says it no later matches of this case, until it says *weer_gemeld* or the case ends; no other party hears of either.
- *afdoen* ends it; what came to nothing is gone after 30 days.

A party's step is told to the other parties' FG in the same entry. The police is never named to others (Wpg 19/20).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Occasion, fitting
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.casework import (
    ASSESSMENTS,
    AT_A_PARTY,
    CLOSED_DAYS,
    DISPOSITIONS,
    FIRST_ACTIONS,
    INTERNAL,
    LATEST_WORKDAYS,
    MUTING,
    NEEDS_REPORTER,
    NO_ACTION,
    NOT_SAME,
    REASONS,
    STAYS,
    Event,
    Step,
    deadline,
    fitting_deadline,
    fold,
    possible,
)
from register.central.asking_for import Acting, asker, occasion
from register.central.attending import Readers
from register.central.break_glass import contact_of
from register.central.centre import Centre, permit, receipt, repeated, require_rule, who
from register.central.concerning import concern
from register.central.examining import examine, owner_of, signals_of
from register.central.finding import Sought, agreeing
from register.central.phase2 import not_found
from register.central.store import assertions, notices
from register.central.store import casework as store
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.telling import why_shown
from register.central.treffers import (
    ENOUGH,
    MEMBERS,
    SHOWN,
    examine_treffer,
    exists,
    is_theirs,
    opened,
    overview,
    parties,
    reading_payloads,
    shown_fields,
    shown_subjects,
    surroundings,
    with_bands,
)
from register.enquiry import Examined
from register.events import ASKER, CATALOGUE, OWNER
from register.links import Kind, Side, kept_apart
from register.matching import SubjectKey
from register.notices import CONTACT as CONTACT_ROLE
from register.notices import PURPOSES_OF
from register.ports import Permit
from register.retention import Category, category, expires_on
from register.wire import TrefferGebeurtenis, TrefferStap, TrefferZaak

CONTACT: Final = "contact_officer"
_FIELDS: Final = (*SHOWN, CONTACT)
_ACTION: Final[Mapping[str, str]] = {
    Step.TAKEN_UP: "treffer_oppakken",
    Step.CONTACT_ASKED: "treffer_oppakken",
    Step.CONTACT_RELEASED: "contact_vrijgeven",
    Step.NOT_SAME: "niet_dezelfde_vastleggen",
    Step.REPORTER: "comensha_melder_vastleggen",
    Step.CLOSED: "treffer_oppakken",
    Step.MUTED: "treffer_oppakken",
    Step.UNMUTED: "treffer_oppakken",
}
"""Step -> action of the policy."""

_TOLD: Final = ("eerste_actie", "beoordeling", "reden", "melder", "afdoening", "code", "volgende_stap")
"""What of an event its parties read; to whom they handed over, only who did."""


@dataclass(frozen=True)
class _Case:
    """A treffer as one person has it before them."""

    person: Asker
    why: Occasion
    allowed: Permit
    treffer: StoredTreffer
    examined: Sequence[Examined]
    party: bool = True

    @property
    def possible(self) -> tuple[Step, ...]:
        """The steps that this person's organisation may take now."""
        return possible(self.treffer.state, self.person.organisation, self.person.role, party=self.party)


def case(centre: Centre, acting: Acting, treffer_id: UUID) -> TrefferZaak:
    """One treffer with what happened to it.

    Raises:
        Refusal: 403, or 404 for what does not exist for this person.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "treffer_oppakken")
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        before = _before(centre, work, acting, person, why, allowed, treffer_id)
        told = _told(centre, work, acting, before)
        extra: dict[str, JSON] = {"treffer": str(treffer_id)}
        concern(centre, work, acting, "treffer_geopend", shown_subjects(before.examined))
        work.enter(reading_payloads("treffer_geopend", acting, allowed, extra, before.examined))
    return TrefferZaak(**told, logbewijs=receipt(work))


def take(
    centre: Centre, acting: Acting, treffer_id: UUID, sent: TrefferStap, request_key: str
) -> TrefferZaak:
    """Take a step; the same request again takes none.

    Raises:
        Refusal: 400 no such step or code; 403 not this person; 404 no such treffer for this person; 409 this step does not follow, or the key was used otherwise.
    """
    _require_codes(acting, sent)
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    action = _ACTION[sent.stap]
    require_rule(centre, person, why, action)
    may_look = permit(centre, person, why, "bevragen")
    body = sent.model_dump_json(by_alias=True, exclude_none=True).encode()
    bound = str(treffer_id).encode() + body
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, bound)
        before = _before(centre, work, acting, person, why, may_look, treffer_id)
        allowed = permit(centre, person, why, action, fitting(acting.organisation, "", acting.organisation))
        before = replace(before, allowed=allowed)
        if not again:
            _require_possible(before, sent)
            _take(centre, work, acting, before, sent)
            _tell(centre, work, acting, before, sent)
        told, examined = _after(centre, work, acting, before)
        if not any(exists(one) for one in examined):
            told |= _as_over(told, before.why)
        event = _EVENT.get(sent.stap, "treffer_stap")
        concern(centre, work, acting, event, shown_subjects(before.examined))
        work.enter(_payloads(centre, event, acting, before, sent, examined, again=again))
    return TrefferZaak(**told, logbewijs=receipt(work))


_EVENT: Final[Mapping[str, str]] = {Step.CONTACT_RELEASED: "contact_vrijgegeven"}
"""A release is an event of its own: something was provided."""


def _before(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    acting: Acting,
    person: Asker,
    why: Occasion,
    allowed: Permit,
    treffer_id: UUID,
) -> _Case:
    treffer = treffer_store.hold(work, allowed, treffer_id, why.today)
    # The same steps where there is none: what is not there costs what is not for this person.
    examined = examine_treffer(centre, work, allowed, person, why, treffer, _FIELDS)
    if treffer is None or not any(exists(one) for one in examined):
        raise not_found()
    if not is_theirs(centre, acting, treffer, examined, why):
        raise not_found()
    ours = parties(centre, treffer, examined, why)
    today = _of_today(centre, treffer, why)
    return _Case(person, why, allowed, today, examined, party=acting.organisation in ours)


def _of_today(centre: Centre, treffer: StoredTreffer, why: Occasion) -> StoredTreffer:
    """With each step by who answers for it today: who took over an organisation goes on with its cases."""
    records = centre.policy.register
    events = tuple(
        replace(one, organisation=records.current(one.organisation, why.today)) for one in treffer.events
    )
    return replace(treffer, events=events, state=fold(events))


def _asker(centre: Centre, acting: Acting, treffer: StoredTreffer) -> str:
    return centre.policy.register.current(treffer.row.organisation, acting.moment.date())


def _after(
    centre: Centre, work: LoggedWork, acting: Acting, before: _Case
) -> tuple[dict[str, Any], Sequence[Examined]]:
    """The case as it is after the step, which may have taken everybody out of it."""
    treffer_id = before.treffer.row.treffer_id
    treffer = treffer_store.one(work, before.allowed, treffer_id, before.why.today)
    if treffer is None:
        raise not_found()
    examined = examine_treffer(centre, work, before.allowed, before.person, before.why, treffer, _FIELDS)
    ours = parties(centre, treffer, examined, before.why)
    today = _of_today(centre, treffer, before.why)
    after = replace(before, treffer=today, examined=examined, party=acting.organisation in ours)
    return _told(centre, work, acting, after), examined


def _as_over(told: Mapping[str, Any], why: Occasion) -> dict[str, Any]:
    """Of a treffer of which nothing exists for this person any more the same is told, whether somebody is left in it who is hidden from them, or nobody."""
    until = why.today + timedelta(days=CLOSED_DAYS)
    return {
        "treffer": told["treffer"].model_copy(update={"stand": "afgedaan", "vervalt_op": until}),
        "afdoening": "onjuist",
        "mogelijk": [],
        "geschiedenis": [one for one in told["geschiedenis"] if one.stap != Step.CLOSED],
    }


def _told(centre: Centre, work: LoggedWork, acting: Acting, this: _Case) -> dict[str, Any]:
    state, row = (
        this.treffer.state,
        overview(centre, work, this.allowed, acting, this.why, this.treffer, examined=this.examined),
    )
    taken = {} if state.taken_up is None else state.taken_up.said
    named = _named(centre, acting, this)
    return {
        "treffer": row,
        "eerste_actie": taken.get("eerste_actie"),
        "beoordeling": taken.get("beoordeling"),
        "reden": taken.get("reden"),
        "afdoening": state.outcome,
        "melder": state.reporter,
        "contact_gevraagd": bool(set(state.contact_asked) - {acting.organisation}),
        "contacten": [contact_of(centre, one) for one in _reachable(centre, acting, this)],
        "mogelijk": [str(one) for one in this.possible] if this.examined else [],
        "geschiedenis": [
            _line(acting, one, named) for one in this.treffer.events if _hears(centre, acting, this, one)
        ],
        "bewaard_tot": _terms(centre, work, acting, this),
        "waarom": why_shown(
            centre,
            this.why.purpose,
            this.examined,
            MEMBERS | {CONTACT: "contacten"},
            shown_fields([row]) | {CONTACT},
        ),
    }


def _reachable(centre: Centre, acting: Acting, this: _Case) -> list[str]:
    """Whose contact policy opens: of who owns a signal, and through an own signal of who asked."""
    asked_by = _asker(centre, acting, this.treffer)
    open_to_us = {one.organisation for one in this.examined if one.opens(CONTACT)}
    others = open_to_us - {acting.organisation}
    asks_openly = asked_by != acting.organisation and asked_by.startswith("GM")
    if acting.organisation in open_to_us and asks_openly and asked_by in this.treffer.state.contact_released:
        others |= {asked_by}
    return sorted(others)


def _named(centre: Centre, acting: Acting, this: _Case) -> frozenset[str]:
    """Which parties are named to this person: of who owns a signal only those whose own signal says so, or a step would tell of a signal that does not exist for this person."""
    owners = {one.organisation for one in this.examined if one.opens("muni_name")}
    known = owners | ({_asker(centre, acting, this.treffer)} if owners else set())
    return frozenset({acting.organisation} | {one for one in known if one.startswith("GM")})


def _hears(centre: Centre, acting: Acting, this: _Case, event: Event) -> bool:
    """Whether a party hears of this event: that a role muted its notices is its own affair; what came back of a hand-over goes to who handed over and to the owners of what went along, and to no other (Wpg 19/20)."""
    if event.step in INTERNAL:
        return event.organisation == acting.organisation
    if event.step not in {Step.ACCEPTED, Step.FED_BACK}:
        return True
    handover = this.treffer.state.handover(UUID(event.said["overdracht"]))
    if handover is None:
        return False
    mine = {
        one.candidate.subject.signal_id for one in this.examined if one.organisation == acting.organisation
    }
    by = centre.policy.register.current(handover.by, this.why.today)
    return by == acting.organisation or bool(mine & handover.signals)


def _line(acting: Acting, event: Event, named: Collection[str]) -> TrefferGebeurtenis:
    ours = event.organisation == acting.organisation
    known = event.organisation in named
    return TrefferGebeurtenis(
        stap=event.step,
        op=event.at.date(),
        organisatie=event.organisation if known else None,
        rol=event.role,
        van_ons=ours,
        codes=[
            str(event.said[name]) for name in (*_TOLD, *(("aan",) if ours else ())) if event.said.get(name)
        ],
    )


def _terms(centre: Centre, work: LoggedWork, acting: Acting, this: _Case) -> dict[str, Any]:
    stored = signal_store.load(work, this.allowed, this.treffer.subjects, this.why.today)
    return {
        str(key.signal_id): one.signal.expires_on
        for key, one in stored.items()
        if owner_of(centre, one, this.why.today) == acting.organisation
    }


def _take(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    steps = {
        Step.TAKEN_UP: _take_up,
        Step.CONTACT_ASKED: _plain,
        Step.CONTACT_RELEASED: _plain,
        Step.NOT_SAME: _set_apart,
        Step.REPORTER: _report,
        Step.CLOSED: _close,
        Step.MUTED: _mute,
        Step.UNMUTED: _plain,
    }
    steps[Step(sent.stap)](centre, work, acting, this, sent)


_NOTICES: Final[Mapping[str, str]] = {
    Step.TAKEN_UP: "treffer_opgepakt",
    Step.CONTACT_ASKED: "contact_gevraagd",
    Step.CONTACT_RELEASED: "contact_vrijgegeven",
}
"""Step -> kind of the notice that the other parties get."""


def _tell(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    """Tell the other parties that something waits, and owners whose signal was taken out that its treffer was false. Only towns: what the police asked is told to nobody, and by nobody to it."""
    if sent.stap == Step.NOT_SAME:
        asked_by = _asker(centre, acting, this.treffer)
        for one in this.examined:
            out = exists(one) and _meant(
                acting, one, sent.andere_partij, mine=acting.organisation != asked_by
            )
            if out and one.organisation != acting.organisation:
                signal_id = one.candidate.subject.signal_id
                notices.tell(
                    work, one.organisation, CONTACT_ROLE, "treffer_onjuist", signal_id, acting.moment
                )
    kind = _NOTICES.get(sent.stap)
    if kind is not None:
        for party, role in _hearers(centre, work, acting, this):
            notices.tell(work, party, role, kind, this.treffer.row.treffer_id, acting.moment)


def _hearers(centre: Centre, work: LoggedWork, acting: Acting, this: _Case) -> list[tuple[str, str]]:
    """The roles of the other towns for which this treffer exists, decided as for a person of that role today: nobody else hears that anything happens."""
    readers, today = Readers(centre, acting.moment), this.why.today
    stored = signal_store.load(work, this.allowed, this.treffer.subjects, today)
    candidates, around = (
        with_bands(this.treffer.subjects, stored),
        surroundings(work, this.allowed, this.treffer),
    )
    others = parties(centre, this.treffer, this.examined, this.why) - {acting.organisation}
    found = []
    for party in sorted(one for one in others if one.startswith("GM")):
        for role, purpose in PURPOSES_OF.items():
            reader = readers.of(party, role, purpose)
            if reader is None:
                continue
            fields = ("hit", "minor_flag")
            seen = examine(centre, reader.person, reader.why, candidates, stored, fields, around)
            if any(exists(one) for one in seen):
                found.append((party, role))
    return found


def _add(  # noqa: PLR0913 - one event
    work: LoggedWork,
    acting: Acting,
    this: _Case,
    step: Step,
    said: Mapping[str, JSON],
    *,
    further: int = 0,
) -> None:
    store.add(
        work,
        this.allowed,
        this.treffer.row.treffer_id,
        len(this.treffer.events) + further,
        step,
        by=(acting.organisation, acting.person.medewerker, acting.person.rol),
        at=acting.moment,
        said=said,
    )


def _plain(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    del centre
    _add(work, acting, this, Step(sent.stap), {})


def _mute(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    del centre
    _add(work, acting, this, Step.MUTED, {"reden": sent.reden})


def _take_up(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    del centre
    due_on = sent.uiterlijk or deadline(this.why.today)
    said: dict[str, JSON] = {
        "eerste_actie": sent.eerste_actie,
        "beoordeling": sent.beoordeling,
        "reden": sent.reden,
        "uiterlijk": due_on.isoformat(),
    }
    _add(work, acting, this, Step.TAKEN_UP, said)
    longest = expires_on(Category.TAKEN_UP, this.treffer.row.found_at)
    treffer_store.keep_until(work, this.allowed, this.treffer.row.treffer_id, longest)
    for signal_id in {one.candidate.subject.signal_id for one in this.examined if exists(one)}:
        _recategorise(work, this, signal_id, taken_up=True)


def _recategorise(work: LoggedWork, this: _Case, signal_id: UUID, *, taken_up: bool) -> None:
    """The category of a signal that is taken up, or is not any more; a correction counts from the same first processing."""
    subjects = signal_store.subjects_of(work, this.allowed, signal_id, this.why.today)
    if not subjects:
        return
    signal = subjects[0].signal
    minor = any(one.minor == "ja" for one in subjects)
    roles = {one.role for one in subjects} if signal.commitment is None else set[str]()
    now = category(minor=minor, roles=roles, taken_up=taken_up)
    if now != signal.category:
        term = expires_on(now, signal.first_processed_at)
        signal_store.recategorise(work, this.allowed, signal_id, signal.version, now, term)


def _set_apart(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    asked_by = _asker(centre, acting, this.treffer)
    mine = acting.organisation != asked_by
    out = [
        one.candidate.subject
        for one in this.examined
        if exists(one) and _meant(acting, one, sent.andere_partij, mine=mine)
    ]
    if not out:
        raise _nobody_meant()
    _assert_apart(centre, work, acting, this, out, asked_by, str(sent.reden))
    subjects: list[JSON] = [[str(one.signal_id), one.ref] for one in out]
    _add(work, acting, this, Step.NOT_SAME, {"subjecten": subjects, "reden": sent.reden})
    left = set(this.treffer.subjects) - set(out)
    if not left:
        _add(work, acting, this, Step.CLOSED, {"afdoening": "onjuist", "reden": sent.reden}, further=1)
        until = this.why.today + timedelta(days=CLOSED_DAYS)
        treffer_store.keep_until(work, this.allowed, this.treffer.row.treffer_id, until)
    _give_back(work, this, {one.signal_id for one in out} - {one.signal_id for one in left})


def _meant(acting: Acting, one: Examined, other: str | None, *, mine: bool) -> bool:
    """Which subjects a party speaks of: who asked of those of others, who owns a signal of its own."""
    if mine:
        return one.organisation == acting.organisation
    return other is None or (one.organisation == other and one.opens("muni_name"))


def _assert_apart(  # noqa: PLR0913, PLR0917 - one assertion
    centre: Centre,
    work: LoggedWork,
    acting: Acting,
    this: _Case,
    out: Sequence[SubjectKey],
    asked_by: str,
    reason: str,
) -> None:
    """Set these apart from the signals of the organisation that asked that agree with them: those are about who was asked about, or look like it."""
    today, allowed = this.why.today, this.allowed
    tags = signal_store.tags_of(work, allowed, centre.keyset[0], out)
    kinds = {key: one.kind for key, one in signal_store.load(work, allowed, out, today).items()}
    sought = [Sought(tags.get(key, {}), kinds.get(key) == "organisatie") for key in out]
    found = agreeing(work, allowed, centre.weights, sought, keyset=centre.keyset[0], today=today)
    stored = signal_store.load(work, allowed, {one.subject for agree in found for one in agree}, today)
    said = assertions.of_signals(work, allowed, [key.signal_id for key in out])
    for key, agree in zip(out, found, strict=True):
        mine = Side(key.signal_id, key.ref)
        for one in agree:
            other = Side(one.subject.signal_id, one.subject.ref)
            theirs = one.subject in stored and owner_of(centre, stored[one.subject], today) == asked_by
            families = one.families | this.treffer.subjects[key]
            if not theirs or other.signal_id == key.signal_id or kept_apart(mine, other, families, said):
                continue
            row = {
                "assertion_id": centre.uuid(),
                "kind": Kind.NOT_SAME,
                "context_kind": "treffer",
                "context_id": this.treffer.row.treffer_id,
                "organisation": acting.organisation,
                "officer": acting.person.medewerker,
                "role": acting.person.rol,
                "reason": reason,
                "families": sorted(families),
                "made_at": acting.moment,
            }
            assertions.add(work, allowed, row, mine, other)


def _give_back(work: LoggedWork, this: _Case, signals: Collection[UUID]) -> None:
    """The shorter term again for signals whose only take-up came to nothing."""
    if not this.treffer.state.assessed:
        return
    others = treffer_store.naming(work, this.allowed, signals, this.why.today)
    held = {
        key.signal_id
        for one in others
        if one.row.treffer_id != this.treffer.row.treffer_id
        and one.state.assessed
        and one.state.outcome in {None, *STAYS}
        for key in one.subjects
    }
    for signal_id in sorted(set(signals) - held):
        _recategorise(work, this, signal_id, taken_up=False)


def _report(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    del centre
    _add(work, acting, this, Step.REPORTER, {"melder": sent.melder})


def _close(centre: Centre, work: LoggedWork, acting: Acting, this: _Case, sent: TrefferStap) -> None:
    further = 0
    if sent.melder is not None:
        _report(centre, work, acting, this, sent)
        further = 1
    elif sent.afdoening in NEEDS_REPORTER and this.treffer.state.reporter is None:
        raise _no_reporter()
    said: dict[str, JSON] = {"afdoening": sent.afdoening, "reden": sent.reden}
    _add(work, acting, this, Step.CLOSED, said, further=further)
    if sent.afdoening not in STAYS:
        until = this.why.today + timedelta(days=CLOSED_DAYS)
        treffer_store.keep_until(work, this.allowed, this.treffer.row.treffer_id, until)
        _give_back(work, this, {one.signal_id for one in this.treffer.subjects})


def _payloads(  # noqa: PLR0913, PLR0917 - one log entry
    centre: Centre,
    event: str,
    acting: Acting,
    before: _Case,
    sent: TrefferStap,
    examined: Sequence[Examined],
    *,
    again: bool,
) -> dict[str, dict[str, JSON]]:
    step: dict[str, JSON] = {"stap": sent.stap}
    codes = [sent.eerste_actie, sent.beoordeling, sent.reden, sent.afdoening, sent.melder]
    entry: dict[str, JSON] = {
        **who(acting, before.allowed.decision),
        **step,
        "treffer": str(before.treffer.row.treffer_id),
        "codes": [one for one in codes if one is not None],
        "herhaald": again,
        "velden": sorted(opened(examined)),
    }
    payloads = {acting.organisation: CATALOGUE.payload(event, ASKER, entry)}
    asked_by = _asker(centre, acting, before.treffer)
    if sent.stap in INTERNAL:
        return payloads
    asked_by = before.treffer.row.organisation
    theirs = signals_of(one for one in before.examined if exists(one))
    chain = before.treffer.state.chain
    for party in {*theirs, asked_by, *([] if chain is None else [chain])} - {acting.organisation}:
        said: dict[str, JSON] = {
            "moment": acting.moment.isoformat(timespec="seconds"),
            "organisatie": acting.organisation,
            "rol": acting.person.rol,
            "doel": acting.person.doel,
            "grondslag": sorted(before.allowed.decision.ground_ids),
            "signalen": sorted({str(one.candidate.subject.signal_id) for one in theirs.get(party, ())}),
            "velden": [CONTACT] if sent.stap == Step.CONTACT_RELEASED else [],
            "beleid": before.allowed.decision.policy_set_hash,
            "spoor": acting.trace,
        }
        payloads[party] = CATALOGUE.payload(event, OWNER, {**said, **step})
    return payloads


def _require_possible(this: _Case, sent: TrefferStap) -> None:
    if sent.stap in this.possible:
        return
    raise Refusal(
        409,
        "stap-kan-niet",
        _("Deze stap kan nu niet."),
        _("De treffer staat op: {stand}. Er is niets veranderd.").format(stand=this.treffer.state.standing),
        way_forward=_("Open de treffer opnieuw: daar staat welke stappen u nu kunt zetten."),
    )


def _require_codes(acting: Acting, sent: TrefferStap) -> None:
    if sent.stap not in AT_A_PARTY:
        raise _unknown([FieldError("stap", _choose(AT_A_PARTY))])
    wanted: dict[str, list[tuple[str, str | None, Collection[str]]]] = {
        Step.TAKEN_UP: [
            ("eersteActie", sent.eerste_actie, FIRST_ACTIONS),
            ("beoordeling", sent.beoordeling, ASSESSMENTS),
            ("reden", sent.reden, REASONS),
        ],
        Step.NOT_SAME: [("reden", sent.reden, NOT_SAME)],
        Step.MUTED: [("reden", sent.reden, MUTING)],
        Step.CLOSED: [("afdoening", sent.afdoening, set(DISPOSITIONS) - {"onjuist"})],
    }
    checks = list(wanted.get(sent.stap, []))
    if sent.stap == Step.CLOSED and sent.afdoening == "geen_actie":
        checks.append(("reden", sent.reden, NO_ACTION))
    wrong = [FieldError(name, _choose(known)) for name, code, known in checks if code not in known]
    if sent.stap == Step.REPORTER and sent.melder is None:
        wrong.append(FieldError("melder", _("Noem de organisatie die meldt.")))
    today = acting.moment.date()
    if (
        sent.stap == Step.TAKEN_UP
        and sent.uiterlijk is not None
        and not fitting_deadline(today, sent.uiterlijk)
    ):
        wrong.append(
            FieldError("uiterlijk", _("Kies een dag binnen {dagen} werkdagen.").format(dagen=LATEST_WORKDAYS))
        )
    if wrong:
        raise _unknown(wrong)


def _choose(known: Collection[str]) -> str:
    return _("Kies uit: {codes}.").format(codes=", ".join(sorted(known)))


def _unknown(wrong: Sequence[FieldError]) -> Refusal:
    return Refusal(
        400,
        "stap-niet-volledig",
        _("Deze stap is niet volledig."),
        _("Er is niets vastgelegd."),
        way_forward=_("Verbeter de genoemde velden en verstuur opnieuw."),
        fields=tuple(wrong),
    )


def _no_reporter() -> Refusal:
    return Refusal(
        409,
        "geen-comensha-melder",
        _("Er staat nog niet wie aan CoMensha meldt."),
        _("Bij deze afdoening hoort één organisatie die meldt. De treffer is niet afgedaan."),
        way_forward=_("Spreek met de andere kant af wie meldt, en leg dat vast."),
        fields=(FieldError("melder", _("Noem de organisatie die meldt.")),),
    )


def _nobody_meant() -> Refusal:
    return Refusal(
        409,
        "niemand-bedoeld",
        _("Van deze organisatie staat er voor u niemand in de treffer."),
        _("Er is niets vastgelegd."),
        way_forward=_("Kijk bij de treffer welke gemeenten u ziet, of laat de organisatie weg."),
    )

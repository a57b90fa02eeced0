# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/treffers`: what waits for the aandachtsfunctionaris of a party, or for the ketenregisseur to whom it was escalated, field by field as policy opens it.

Asker and owners of the signals are the parties. An owner sees that its own signal was found; of the other side it sees what the matrix opens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Decision, Occasion
from pseudonymisation.pseudonym import Evidence
from register.casework import CHAIN_ROLE
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, disclosure, permit, receipt, require_rule, who
from register.central.concerning import concern
from register.central.escalating import reaches, region
from register.central.examining import Surroundings, examine, owner_of, signals_of
from register.central.linking import along
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.signals import StoredSubject
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.telling import why_shown
from register.enquiry import FIELDS_OF_AN_ANSWER, Examined, month
from register.events import ASKER, CATALOGUE, OWNER
from register.matching import Candidate, SubjectKey, kinds, linked
from register.ports import Permit
from register.wire import TrefferLijst, TrefferOverzicht

SHOWN = FIELDS_OF_AN_ANSWER


def waiting(centre: Centre, acting: Acting) -> TrefferLijst:
    """The open treffers of the acting organisation.

    Raises:
        Refusal: 403, this person may not see treffers for this purpose.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "treffer_oppakken")
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        codes = {
            *centre.policy.register.lineage(acting.organisation, why.today),
            *region(centre.policy.register, acting),
        }
        found = treffer_store.of_organisations(work, allowed, codes, why.today)
        examined = [(one, examine_treffer(centre, work, allowed, person, why, one, SHOWN)) for one in found]
        # A treffer of which nothing exists for this person (any more) does not exist either, nor one that it is no longer a party to.
        seen = [
            (one, signals)
            for one, signals in examined
            if any(exists(signal) for signal in signals) and is_theirs(centre, acting, one, signals, why)
        ]
        ours = {one.row.treffer_id: _ours(centre, work, allowed, acting, one, why) for one, _signals in seen}
        asked_by = {
            one.row.treffer_id: centre.policy.register.current(one.row.organisation, why.today)
            for one, _signals in seen
        }
        shown = [
            _overview(acting, one, signals, ours[one.row.treffer_id], asked_by[one.row.treffer_id])
            for one, signals in seen
        ]
        everything = [signal for _treffer, signals in seen for signal in signals]
        extra: dict[str, JSON] = {"treffers": [str(one.row.treffer_id) for one, _signals in seen]}
        concern(centre, work, acting, "treffers_geraadpleegd", shown_subjects(everything))
        work.enter(reading_payloads("treffers_geraadpleegd", acting, allowed, extra, everything))
    return TrefferLijst(
        treffers=shown,
        waarom=why_shown(centre, why.purpose, everything, MEMBERS, shown_fields(shown)),
        logbewijs=receipt(work),
    )


MEMBERS = {
    "count_other_muni": "aantalGemeenten",
    "muni_name": "gemeenten",
    "period_bucket": "perioden",
    "attr_types_matched": "soorten",
    "minor_flag": "minderjarig",
}
"""Field of the matrix -> member of a treffer that shows it."""


def shown_fields(shown: Sequence[TrefferOverzicht]) -> set[str]:
    """The fields that some treffer of the list shows."""
    said = {
        name for one in shown for name, value in one.model_dump(by_alias=True).items() if value is not None
    }
    return {field for field, member in MEMBERS.items() if member in said}


def parties(
    centre: Centre, treffer: StoredTreffer, examined: Sequence[Examined], why: Occasion
) -> frozenset[str]:
    """Who asked, who owns a signal in it, and whose ketenregisseur took it up."""
    chain = treffer.state.chain
    taken = set[str]() if chain is None else {centre.policy.register.current(chain, why.today)}
    return _sides(centre, treffer, examined, why) | taken


def _sides(
    centre: Centre, treffer: StoredTreffer, examined: Sequence[Examined], why: Occasion
) -> frozenset[str]:
    asked_by = centre.policy.register.current(treffer.row.organisation, why.today)
    return frozenset(one.organisation for one in examined) | {asked_by}


def is_theirs(
    centre: Centre, acting: Acting, treffer: StoredTreffer, examined: Sequence[Examined], why: Occasion
) -> bool:
    """Whether the acting organisation is a party, or this treffer was escalated to it; what a ketenregisseur took up is that role's, and no other's of its organisation."""
    ours = parties(centre, treffer, examined, why)
    escalated = reaches(centre, acting, treffer, ours)
    sides = _sides(centre, treffer, examined, why)
    return acting.organisation in (ours if _of_a_chain(acting) else sides) or escalated


def exists(signal: Examined) -> bool:
    """Whether anything of this signal exists for this person."""
    return signal.opens("hit") or signal.opens("minor_flag")


ENOUGH = Evidence(strong=1, medium=0)
"""A treffer rests on C3 by construction: nothing else was stored."""


def examine_treffer(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    person: Asker,
    why: Occasion,
    treffer: StoredTreffer | None,
    fields: Sequence[str],
) -> list[Examined]:
    """The signals of a treffer that still exist, each with its decisions for this person; without a treffer none, in the same steps."""
    subjects = subjects_of(treffer)
    stored = signal_store.load(work, allowed, subjects, why.today)
    found = with_bands(subjects, stored)
    return examine(centre, person, why, found, stored, fields, _around(work, allowed, treffer, person))


def with_bands(
    found: Mapping[SubjectKey, frozenset[str]], stored: Mapping[SubjectKey, StoredSubject]
) -> list[Candidate]:
    """Agreements that were kept or derived, as candidates, for the subjects that are still visible."""
    return [
        linked(key, families, organisation=stored[key].kind == "organisatie")
        for key, families in sorted(found.items())
        if key in stored
    ]


def subjects_of(treffer: StoredTreffer | None) -> Mapping[SubjectKey, frozenset[str]]:
    """The subjects that a treffer names, with their families."""
    return {} if treffer is None else treffer.subjects


def surroundings(work: LoggedWork, allowed: Permit, treffer: StoredTreffer | None) -> Surroundings:
    """The parties of a treffer and what was recorded for its phase 2; without either it looks as often."""
    decision = None if treffer is None else treffer.phase_2
    opened = decision is not None and decision.opened_at is not None
    released = treffer_store.released_signals(
        work, allowed, decision.decision_id if decision is not None and opened else None
    )
    return Surroundings(
        parties=frozenset() if treffer is None else frozenset({treffer.row.organisation}),
        phase_2=frozenset(released),
        assessed=decision is not None or (treffer is not None and treffer.state.assessed),
        criteria=decision is not None and bool(decision.criteria),
        released=frozenset() if treffer is None else treffer.state.contact_released,
        case_parties=frozenset()
        if treffer is None
        else frozenset(one.to for one in treffer.state.handovers if one.accepted_at is not None),
    )


def _around(work: LoggedWork, allowed: Permit, treffer: StoredTreffer | None, person: Asker) -> Surroundings:
    """The same for this person: what a ketenregisseur took up makes that role a party, and no other of its organisation (C6)."""
    around = surroundings(work, allowed, treffer)
    chain = None if treffer is None or person.role != CHAIN_ROLE else treffer.state.chain
    return around if chain is None else replace(around, parties=around.parties | {chain})


@dataclass(frozen=True)
class _Ours:
    """Own signals of a reader on the track of a treffer, each with the day on which it is gone, and those of them that were released for phase 2."""

    signals: Mapping[UUID, date]
    released: frozenset[UUID]


def _ours(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, treffer: StoredTreffer, why: Occasion
) -> _Ours:
    subjects = signal_store.load(
        work,
        allowed,
        along(work, allowed, centre.weights, centre.keyset[0], treffer.subjects, why.today),
        why.today,
    )
    own = {key for key, one in subjects.items() if owner_of(centre, one, why.today) == acting.organisation}
    decision = treffer.phase_2
    released = (
        treffer_store.released_signals(work, allowed, decision.decision_id) if decision is not None else set()
    )
    return _Ours(
        {key.signal_id: subjects[key].signal.expires_on for key in own},
        frozenset(key.signal_id for key in own if (key.signal_id, key.version) in released),
    )


def _overview(
    acting: Acting, treffer: StoredTreffer, examined: Sequence[Examined], ours: _Ours, asked_by: str
) -> TrefferOverzicht:
    asked = asked_by == acting.organisation
    others = [one for one in examined if one.organisation != acting.organisation and one.opens("hit")]
    organisations = {one.organisation for one in others if one.opens("muni_name")} | _asking(
        acting, asked_by, examined, "muni_name"
    )
    counted = {one.organisation for one in others if one.opens("count_other_muni")} | _asking(
        acting, asked_by, examined, "count_other_muni"
    )
    weeks = sorted({month(one.week) for one in others if one.opens("period_bucket")})
    agreeing = [one.candidate for one in examined if one.opens("attr_types_matched")]
    return TrefferOverzicht(
        treffer_id=treffer.row.treffer_id,
        gevonden_op=treffer.row.found_at.date(),
        vervalt_op=treffer.row.lapses_on,
        onze_rol="vrager" if asked else "melder" if ours.signals or not _of_a_chain(acting) else "keten",
        zaaknummer=treffer.row.control if asked else None,
        onze_signalen=sorted(ours.signals),
        bewaard_tot={str(one): ours.signals[one] for one in sorted(ours.signals)},
        vrijgegeven=sorted(ours.released),
        aantal_gemeenten=str(len(counted)) if counted else None,
        gemeenten=sorted(organisations) or None,
        perioden=weeks or None,
        soorten=kinds(agreeing) or None,
        minderjarig=True if any(one.minor and one.opens("minor_flag") for one in examined) else None,
        fase_2=phase_2_state(treffer),
        besluit_id=None if treffer.phase_2 is None else treffer.phase_2.decision_id,
        stand=treffer.state.standing,
        van_ons=None if treffer.state.owner is None else treffer.state.owner == acting.organisation,
        uiterlijk=treffer.state.due_on,
    )


def overview(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    why: Occasion,
    treffer: StoredTreffer,
    *,
    examined: Sequence[Examined],
) -> TrefferOverzicht:
    """One treffer as the list shows it."""
    ours = _ours(centre, work, allowed, acting, treffer, why)
    asked_by = centre.policy.register.current(treffer.row.organisation, why.today)
    return _overview(acting, treffer, examined, ours, asked_by)


def _of_a_chain(acting: Acting) -> bool:
    return acting.person.rol == CHAIN_ROLE


def _asking(acting: Acting, organisation: str, examined: Sequence[Examined], field: str) -> set[str]:
    """The municipality that asked is one of the others too, where this field is open; that the police asked is never told (Wpg 19/20)."""
    told = organisation != acting.organisation and organisation.startswith("GM")
    return {organisation} if told and any(one.opens(field) for one in examined) else set()


def phase_2_state(treffer: StoredTreffer) -> str:
    """gesloten, gevraagd or open."""
    if treffer.phase_2 is None:
        return "gesloten"
    return "gevraagd" if treffer.phase_2.opened_at is None else "open"


def opened(examined: Sequence[Examined]) -> dict[str, Decision]:
    """The fields that policy opened of these signals, with a decision each."""
    return {
        field: decision for one in examined for field, decision in one.decisions.items() if decision.allowed
    }


def shown_subjects(examined: Iterable[Examined]) -> list[tuple[UUID, str]]:
    """The subjects of which something exists for this person."""
    return [(one.candidate.subject.signal_id, one.candidate.subject.ref) for one in examined if exists(one)]


def reading_payloads(  # noqa: PLR0913 - one log entry
    event: str,
    acting: Acting,
    allowed: Permit,
    extra: Mapping[str, JSON],
    examined: Sequence[Examined],
    *,
    told: Mapping[str, JSON] | None = None,
) -> dict[str, dict[str, JSON]]:
    """The log entry of a look at signals: the reader's part, and one for each other owner of what was shown."""
    fields = sorted(opened(examined))
    payloads = {
        acting.organisation: CATALOGUE.payload(
            event, ASKER, {**who(acting, allowed.decision), **extra, "velden": fields}
        )
    }
    for owner, theirs in signals_of(one for one in examined if one.opens("hit")).items():
        if owner != acting.organisation:
            shown = opened(theirs)
            said = disclosure(acting, shown, [one.candidate.subject.signal_id for one in theirs], shown)
            payloads[owner] = CATALOGUE.payload(event, OWNER, {**said, **(told or {})})
    return payloads

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Candidates examined by policy: the facts of each stored subject, and the decision on each field, in one batch.

Every path that shows something of a stored signal comes through here: a question, a list of treffers, a dossier.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from policies.decision import Asker, Decision, Occasion, SignalFacts
from pseudonymisation.pseudonym import weight, weight_for_organisation
from register.central.centre import Centre
from register.central.store.signals import StoredSubject
from register.enquiry import Examined
from register.matching import Candidate, SubjectKey
from register.signals import needs


@dataclass(frozen=True)
class Surroundings:
    """What else of the treffer or case bears on a decision.

    Attributes:
        parties: who asked, and whose ketenregisseur took it up; the owners of the signals are parties by themselves, whoever else looks is not.
        phase_2: versions of signals whose owner released them, in a phase 2 that is open.
        assessed: a human assessment is on record (C8).
        criteria: the criteria check is on record (C10).
        asking: who asked; filled in here.
        released: organisations that released their contact to the other parties (C4).
        case_parties: organisations that accepted a hand-over of it.
    """

    parties: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    released: frozenset[str] = frozenset()
    case_parties: frozenset[str] = frozenset()
    phase_2: frozenset[tuple[UUID, int]] = frozenset()
    assessed: bool = False
    criteria: bool = False


def examine(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    asker: Asker,
    occasion: Occasion,
    candidates: Sequence[Candidate],
    stored: Mapping[SubjectKey, StoredSubject],
    fields: Sequence[str],
    around: Surroundings,
    *,
    alike: bool = False,
) -> list[Examined]:
    """Decide each field for each candidate that is still visible; with `alike` once for all of which policy knows the very same, which a case of hundreds needs."""
    visible = [candidate for candidate in candidates if candidate.subject in stored]
    owner = {
        candidate.subject: owner_of(centre, stored[candidate.subject], occasion.today)
        for candidate in visible
    }
    owners = frozenset(owner.values())
    asked_by = {centre.policy.register.current(party, occasion.today) for party in around.parties}
    everyone = replace(
        around,
        parties=owners | asked_by,
        asking=frozenset(asked_by),
        released=frozenset(centre.policy.register.current(one, occasion.today) for one in around.released),
    )
    facts = [
        facts_of_subject(stored[candidate.subject], owner[candidate.subject], candidate, everyone, owners)
        for candidate in visible
    ]
    # Also where there is nobody, so that nothing found costs a decision as well.
    asked = list(dict.fromkeys(facts)) if alike else facts
    pages = centre.policy.page(asker, occasion, asked or [SignalFacts()], fields)
    if alike:
        by_facts = dict(zip(asked, pages, strict=bool(asked)))
        pages = tuple(by_facts[one] for one in facts)
    return [
        _examined(candidate, stored[candidate.subject], owner[candidate.subject], decisions)
        for candidate, decisions in zip(visible, pages, strict=bool(visible))
    ]


def owner_of(centre: Centre, subject: StoredSubject, today: date) -> str:
    """Whose a stored signal is today: who submitted it, or who took over from them."""
    return centre.policy.register.current(subject.signal.organisation, today)


def _examined(
    candidate: Candidate, subject: StoredSubject, owner: str, decisions: Mapping[str, Decision]
) -> Examined:
    return Examined(candidate, owner, subject.signal.week, subject.minor == "ja", decisions)


def facts_of_subject(
    subject: StoredSubject, owner: str, candidate: Candidate, around: Surroundings, owners: Collection[str]
) -> SignalFacts:
    """What policy may know of one stored subject, as one side of this candidate."""
    signal = subject.signal
    opened = signal.opened or {}
    role = opened.get("rollen", {}).get(subject.key.ref, subject.role)
    form = opened.get("uitbuitingsvorm", signal.form)
    special, criminal = needs(form, signal.basis, signal.control_type, [role])
    evidence = (weight_for_organisation if subject.kind == "organisatie" else weight)(candidate.families)
    return SignalFacts(
        owner=owner,
        parties=around.parties,
        minor=subject.minor,
        no_police_contact=signal.no_police_contact,
        care_track=signal.care_track,
        acute_danger=signal.acute_danger,
        # A sealed signal is sexual even where the register holds only "overig".
        needs_special=special or signal.commitment is not None,
        needs_criminal=criminal,
        special_category_ground_id=signal.special_category_ground,
        criminal_ground_id=signal.criminal_ground,
        handling=signal.handling,
        border_context=signal.border_context,
        labour=form == "arbeid",
        victim_subject=role in {"mogelijk_slachtoffer", "beide_mogelijk"},
        carrying_indicator=True,
        matched_strong=evidence.strong,
        matched_medium=evidence.medium,
        organisations_matched=len(owners),
        assessed=around.assessed,
        case_parties=around.case_parties,
        released_to=released_to(owner, around),
        # A corrected signal is sealed again: its neutral codes must not pass for what was released of the version before.
        phase2_open=(signal.signal_id, signal.version) in around.phase_2
        and (signal.commitment is None or signal.opened is not None),
        criteria_stored=around.criteria,
    )


def released_to(owner: str, around: Surroundings) -> frozenset[str]:
    """Who got an answer about this owner's signal (C4): the others once the owner released its contact, and the owner itself once who asked released theirs."""
    told = around.parties - {owner} if owner in around.released else frozenset[str]()
    return told | ({owner} if around.asking & around.released - {owner} else frozenset())


def signals_of(examined: Iterable[Examined]) -> dict[str, list[Examined]]:
    """Examined candidates per owning organisation."""
    grouped: dict[str, list[Examined]] = {}
    for one in examined:
        grouped.setdefault(one.organisation, []).append(one)
    return grouped

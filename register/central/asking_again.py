# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/signalen/{signaalId}/bevragingen`: "elders gezien?" with an own signal that is stored, after a notice or at any time.

It is a question like any other: policy decides, the register's own quota counts it, a hit leaves a treffer, and an entry tells the FG of both sides. What is asked on stands here
already: no pseudonym comes in, no key holder evaluates, and no new match key can be tried with it. What is not the own organisation's, or does not exist for this person, is not there.
"""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from policies.decision import Asker, Occasion
from pseudonymisation.pseudonym import weight, weight_for_organisation
from register.central.asking import answered, count_asked, examine_sought, leave_treffer, payloads_of
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, body_digest, permit, repeated
from register.central.concerning import concern
from register.central.examining import Surroundings, examine
from register.central.finding import Sought
from register.central.gates import closed_families
from register.central.phase2 import not_found
from register.central.store import signals as signal_store
from register.central.store.signals import StoredSubject
from register.central.store.work import LoggedWork
from register.central.treffers import ENOUGH, exists, with_bands
from register.enquiry import finding
from register.ports import Permit
from register.wire import Antwoord, Hervraging

COUNTED: Final = 5
"""As so many attributes it counts for the quota, whatever the signal has: what stands in it is looked at only after that."""


def ask_again(
    centre: Centre, acting: Acting, signal_id: UUID, sent: Hervraging, request_key: str
) -> Antwoord:
    """Ask with an own signal.

    Raises:
        Refusal: 400, 403, 429, or 404 for what is not there or not of this organisation.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    allowed = permit(centre, person, why, "bevragen")
    flags = count_asked(centre, acting, COUNTED)
    body = sent.model_dump_json(by_alias=True).encode() + signal_id.bytes
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, body)
        codes = centre.policy.register.lineage(acting.organisation, why.today)
        subjects = signal_store.own_subjects_of(work, allowed, signal_id, codes, why.today)
        sought = _sought(centre, work, allowed, subjects)
        if not knows(centre, work, allowed, person, why, subjects):
            raise not_found()
        examined = examine_sought(centre, work, allowed, person, why, sought)
        found = finding(examined, coarse=acting.coarse)
        about = [(one.candidate.subject.signal_id, one.candidate.subject.ref) for one in found.kept]
        own = [(one.key.signal_id, one.key.ref) for one in subjects]
        concern(centre, work, acting, "bevraging", [*own, *about])
        if found.kept:
            leave_treffer(
                centre, work, allowed, acting, found, body_digest(centre, acting, request_key, body)
            )
        tags = {tag: family for one in sought for tag, family in one.tags.items()}
        work.enter(payloads_of(centre, acting, allowed, tags, found, again=again, flags=flags))
    return answered(centre, person, why, found, work)


def knows(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    person: Asker,
    why: Occasion,
    subjects: Collection[StoredSubject],
) -> bool:
    """Whether an own signal exists for this person: one of a minor, say, does not for a ketenregisseur (C6). It looks as often where there is none."""
    tags = signal_store.tags_of(work, allowed, centre.keyset[0], [one.key for one in subjects])
    families = {one.key: frozenset(tags.get(one.key, {}).values()) for one in subjects}
    stored = {one.key: one for one in subjects}
    around = Surroundings(parties=frozenset({person.organisation}))
    examined = examine(
        centre, person, why, with_bands(families, stored), stored, ("hit", "minor_flag"), around
    )
    return any(exists(one) for one in examined)


def _sought(
    centre: Centre, work: LoggedWork, allowed: Permit, subjects: Iterable[StoredSubject]
) -> list[Sought]:
    """Those of its subjects on whom may be asked (C3), without numbers behind a closed gate."""
    kept = list(subjects)
    closed = closed_families(centre.policy.register)
    tags = signal_store.tags_of(work, allowed, centre.keyset[0], [one.key for one in kept])
    found = []
    for one in kept:
        mine = {tag: family for tag, family in tags.get(one.key, {}).items() if family not in closed}
        organisation = one.kind == "organisatie"
        evidence = (weight_for_organisation if organisation else weight)(sorted(set(mine.values())))
        if evidence.satisfies_c3:
            found.append(Sought(mine, organisation))
    return found

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/beheer`: what a functioneel beheerder must know to do the work: who takes part, who of the own organisation has which mandate, on which grounds it works, and how the register is.

1. It is for who may manage accounts of the own organisation (`accounts_beheren`), under the rules in force; of people and grounds only those of the own organisation are there (C20). That other organisations take part is no secret of theirs: name and day, no person.
2. Nothing is changed here: what was decided is recorded by an administrator of the register (`register.central.administration`), with the document that it rests on.
3. A mandate says whether it counts today, and why not if it does not: its days, training and screening (C2). Who is late is told before it counts no longer, `AHEAD` in advance.
4. How the register is, is told in sentences with what to do: what keeps it from working, what somebody must look at, and every job that failed or stands still with since when. No name, address, number or text of an error stands in one.
5. Each look is an entry of the own organisation.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from audit.canonical import JSON
from policies.decision import Mandate, fitting
from policies.grounds import Ground, GroundRegister
from process.health import Health
from process.jobs import Job, JobState, failing
from process.language import gettext as _
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.events import ASKER, CATALOGUE
from register.wire import (
    BeheerGrondslag,
    BeheerMandaat,
    BeheerOrganisatie,
    BeheerOverzicht,
    Gezondheid,
    GezondheidTaak,
    Logbewijs,
)

ACTION: Final = "accounts_beheren"
AHEAD: Final = timedelta(days=60)
"""So long before a mandate ends its end is told."""


def overview(centre: Centre, acting: Acting) -> BeheerOverzicht:
    """Organisations, the own people and the own grounds, as recorded today.

    Raises:
        Refusal: 403, this person manages nothing.
    """
    enter = _allowed(centre, acting)
    records, today = centre.policy.register, acting.moment.date()
    organisations = [
        BeheerOrganisatie(organisatie=one.id, naam=one.name, deelnemer=records.participant(one.id, today))
        for one in sorted(records.organisations.values(), key=lambda one: one.id)
    ]
    own = sorted(
        (one for one in records.mandates if one.organisation == acting.organisation),
        key=lambda one: (one.role, one.officer, one.valid_from),
    )
    grounds = sorted(
        (one for one in records.grounds.values() if acting.organisation in {one.organisation, *one.parties}),
        key=lambda one: one.id,
    )
    return BeheerOverzicht(
        organisaties=organisations,
        mandaten=[_mandate(records, one, today) for one in own],
        grondslagen=[_ground(one, today) for one in grounds],
        logbewijs=enter("overzicht"),
    )


def health(
    centre: Centre, acting: Acting, found: Health, jobs: Mapping[str, Job], states: Mapping[str, JobState]
) -> Gezondheid:
    """How the register is at this moment.

    Args:
        centre: the register.
        acting: who asks.
        found: what a look at the process gave.
        jobs: its jobs by name.
        states: how they stand.

    Raises:
        Refusal: 403, this person manages nothing.
    """
    enter = _allowed(centre, acting)
    told = [_job(job, states.get(name), acting.moment) for name, job in jobs.items()]
    return Gezondheid(
        werkt=found.ready,
        op=acting.moment,
        belemmeringen=list(found.obstacles),
        zorgen=list(found.worries),
        taken=sorted(told, key=lambda one: (one.goed, one.taak)),
        logbewijs=enter("gezondheid"),
    )


def _allowed(centre: Centre, acting: Acting) -> Callable[[str], Logbewijs]:
    person, why = asker(centre.policy.register, acting), occasion(acting)
    facts = fitting(acting.organisation, "", acting.organisation)
    allowed = permit(centre, person, why, ACTION, facts)

    def enter(part: str) -> Logbewijs:
        said: dict[str, JSON] = {**who(acting, allowed.decision), "onderdeel": part}
        with centre.database.logged(acting.moment) as work:
            work.enter({acting.organisation: CATALOGUE.payload("beheer_geraadpleegd", ASKER, said)})
        return receipt(work)

    return enter


def _mandate(records: GroundRegister, one: Mandate, today: date) -> BeheerMandaat:
    short = records.profile.shortcomings(one, today)
    wrong = [str(each.sentence) for each in short]
    if today < one.valid_from:
        wrong.append(_("Dit mandaat begint nog."))
    elif today > one.valid_to:
        wrong.append(_("Dit mandaat is voorbij."))
    elif today + AHEAD >= one.valid_to:
        wrong.append(_("Dit mandaat loopt binnen twee maanden af. Vraag op tijd een nieuw besluit."))
    return BeheerMandaat(
        medewerker=one.officer,
        rol=one.role,
        geldig_van=one.valid_from,
        geldig_tot=one.valid_to,
        opgeleid_op=one.trained_on,
        gescreend_op=one.screened_on,
        geldt=not short and one.valid_from <= today <= one.valid_to,
        let_op=wrong,
        wat_nu=[str(each.way) for each in short],
    )


def _ground(one: Ground, today: date) -> BeheerGrondslag:
    return BeheerGrondslag(
        id=one.id,
        code=one.code,
        artikel=one.article,
        taak=one.task,
        geldig_van=one.valid_from,
        geldig_tot=one.valid_to,
        besluit=one.document,
        besloten_door=one.decided_by,
        geldt=one.valid_from <= today <= one.valid_to
        and one.fg_advice is not None
        and not one.fg_advice.blocks(today),
    )


def _job(job: Job, state: JobState | None, moment: datetime) -> GezondheidTaak:
    wrong = failing(job, state, moment)
    well = None if state is None else state.succeeded_at
    return GezondheidTaak(
        taak=job.name,
        wat=job.title,
        goed=not wrong,
        laatst_gelukt=well,
        sinds=(well or (None if state is None else state.since)) if wrong else None,
        keren_mislukt=0 if state is None else state.failures,
    )

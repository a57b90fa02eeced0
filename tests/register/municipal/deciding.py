# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The decision point of the register in the node's small world: the real engine on the real rules, with this world's officers and grounds on record."""

import functools
from dataclasses import replace
from datetime import date, datetime

from policies.authzen import Evaluation, Semantic, evaluate, facts_of, told
from policies.decision import Asker, Mandate, Occasion
from policies.desk.load import load_profile
from policies.engine import Engine
from register.wire import Beslissing, Beslissingen, BeslisUitleg, Beslisvraag, Beslisvragen, Logbewijs


@functools.cache
def engine() -> Engine:
    """The profile, in which GM9004 holds its ground under the id that `GET /v1/grondslagen` of this world gives."""
    rules, register = load_profile("oefening")
    return Engine(rules, register.with_grounds(replace(register.grounds["OEF-GEM-GM9004"], id="OEF-G-GEM")))


def decided(sent: Beslisvragen, moment: datetime, proof: Logbewijs) -> Beslissingen:
    """What the decision point says; an officer has the role that stands in the number, and no other."""
    asked = [_evaluation(one, moment.date()) for one in sent.questions()]
    found = evaluate(engine(), asked, Semantic(sent.options.evaluations_semantic))
    return Beslissingen(
        evaluations=[
            Beslissing(
                decision=one.allowed,
                context=BeslisUitleg.model_validate({**told(one, engine().register), "logbewijs": proof}),
            )
            for one in found
        ]
    )


def _evaluation(one: Beslisvraag, today: date) -> Evaluation:
    officer, role = one.subject.id, one.subject.properties.rol
    organisation = one.subject.properties.organisatie
    mandate = Mandate(
        role,
        organisation,
        officer,
        date(2025, 1, 1),
        date(2030, 12, 31),
        date(2024, 11, 4),
        date(2024, 10, 7),
    )
    person = Asker(
        organisation, officer, role, mandate if officer.startswith(role) else None, participant=True
    )
    said = one.context
    why = Occasion(
        said.doel,
        today,
        control=said.zaaknummer or "",
        reason=said.reden or "",
        ground_id=said.grondslag,
        coarse=said.grof,
        aggregate=said.opgeteld,
        masked=said.gemaskeerd,
    )
    assert one.resource.properties is not None, "the node names no signal"
    facts = facts_of(one.resource.properties.model_dump(exclude_none=True), person)
    return Evaluation(person, why, one.action.name, facts, described=True)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/grondslagen`: the grounds in force today for the caller's organisation and purpose, to choose from at the door."""

from register.central.asking_for import Acting
from register.central.centre import Centre, receipt, who
from register.events import ASKER, CATALOGUE
from register.wire import GrondslagLijst, GrondslagOverzicht

STORED_WITH_A_SIGNAL = frozenset({"G-SEKS", "G-STRAF"})
"""Grounds that a node records with a signal rather than chooses for a question."""


def grounds_in_force(centre: Centre, acting: Acting) -> GrondslagLijst:
    """What the organisation's register of grounds offers this role for this purpose today."""
    today, person = acting.moment.date(), acting.person
    usable = centre.policy.policy_set.codes_for(person.rol, person.doel)
    offered = [
        GrondslagOverzicht(id=ground.id, code=ground.code, artikel=ground.article, taak=ground.task)
        for ground in centre.policy.register.grounds.values()
        if (ground.code in usable or ground.code in STORED_WITH_A_SIGNAL)
        and centre.policy.register.usable(ground, today, acting.organisation, person.doel, person.rol)
    ]
    with centre.database.logged(acting.moment) as work:
        work.enter({acting.organisation: CATALOGUE.payload("grondslagen_geraadpleegd", ASKER, who(acting))})
    return GrondslagLijst(grondslagen=offered, logbewijs=receipt(work))

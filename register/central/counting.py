# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/cijfers`: what treffers came to, for every municipality that takes part and each samenwerkingsverband as an aggregate (C11); an FG reads those of its own organisation as they are (C20).

Policy asks a ground for statistics, and that the answer is an aggregate. Every municipality that takes part has a line, also without a treffer, so that a line tells nothing; no partner has one: that the police asked is never told (Wpg 19/20).
Whoever is no FG reads the own figures as an aggregate too: a treffer of a minor, say, does not exist for a ketenregisseur (C6), and a number would tell of it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from audit.canonical import JSON
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.central.store import effects as store
from register.effects import (
    Effect,
    aggregate,
    ended_month,
    exact,
    figures,
    of_organisation,
    whole_period,
)
from register.events import ASKER, CATALOGUE
from register.wire import Cijfers, CijfersVan

FG = "fg"
MUNICIPALITY = "GM"


def counted(centre: Centre, acting: Acting, first: date, last: date) -> Cijfers:
    """The figures of treffers that were found in this period.

    Raises:
        Refusal: 400 no period; 403 not this person, or no ground for statistics.
    """
    if not whole_period(first, last):
        raise Refusal(
            400,
            "geen-periode",
            _("Over deze periode zijn er geen cijfers."),
            _(
                "Cijfers gaan over een heel kwartaal of een heel jaar. Over een paar dagen zou een cijfer te veel zeggen."
            ),
            way_forward=_("Kies de eerste en de laatste dag van een kwartaal of van een jaar."),
            fields=(FieldError("tot", _("Kies de laatste dag van een kwartaal of jaar.")),),
        )
    person, why = asker(centre.policy.register, acting), replace(occasion(acting), aggregate=True)
    allowed = permit(centre, person, why, "statistiek_opvragen")
    records = centre.policy.register
    today = acting.moment.date()
    with centre.database.logged(acting.moment) as work:
        every = [*store.kept(work.connection), *store.of_treffers(work.connection)]
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "van_dag": first.isoformat(),
            "tot_dag": last.isoformat(),
        }
        work.enter({acting.organisation: CATALOGUE.payload("cijfers_geraadpleegd", ASKER, entry)})
    codes = {code for one in every for code in one.parties}
    now = {code: records.current(code, today) for code in codes}
    others = sorted(
        code
        for code in records.organisations
        if code.startswith(MUNICIPALITY) and code != acting.organisation and records.participant(code, today)
    )
    regions = {one.id: one.bound(today) for one in records.alliances.values() if one.bound(today)}

    def of(organisations: Collection[str]) -> list[Effect]:
        return of_organisation(every, {code for code, current in now.items() if current in organisations})

    def told(organisations: Collection[str]) -> dict[str, str]:
        return aggregate(figures(of(organisations), first, min(last, ended_month(today))))

    own = of({acting.organisation})
    return Cijfers(
        van=first,
        tot=last,
        eigen=exact(figures(own, first, last)) if acting.person.rol == FG else told({acting.organisation}),
        verbanden=[CijfersVan(wie=code, cijfers=told(bound)) for code, bound in sorted(regions.items())],
        organisaties=[CijfersVan(wie=code, cijfers=told({code})) for code in others],
        logbewijs=receipt(work),
    )

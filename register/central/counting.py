# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/cijfers`: what treffers came to, for the own organisation as it is, for every other one and each samenwerkingsverband as an aggregate (C11).

Policy asks a ground for statistics, and that the answer is an aggregate. The own organisation was a party to its treffers, so its own figures are its own.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from gettext import gettext as _

from audit.canonical import JSON
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.central.store import effects as store
from register.effects import Effect, aggregate, exact, figures, of_organisation
from register.events import ASKER, CATALOGUE
from register.wire import Cijfers, CijfersVan

LONGEST = timedelta(days=366 * 5)


def counted(centre: Centre, acting: Acting, first: date, last: date) -> Cijfers:
    """The figures of treffers that were found in this period.

    Raises:
        Refusal: 400 no period; 403 not this person, or no ground for statistics.
    """
    if not first <= last <= first + LONGEST:
        raise Refusal(
            400,
            "geen-periode",
            _("Dit is geen periode."),
            _("De laatste dag ligt niet voor de eerste, en niet meer dan vijf jaar later."),
            way_forward=_("Kies een andere periode."),
            fields=(FieldError("tot", _("Kies een dag na de eerste.")),),
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
    others = sorted(set(now.values()) - {acting.organisation})
    regions = {one.id: one.bound(today) for one in records.alliances.values() if one.bound(today)}

    def of(organisations: Collection[str]) -> list[Effect]:
        return of_organisation(every, {code for code, current in now.items() if current in organisations})

    return Cijfers(
        van=first,
        tot=last,
        eigen=exact(figures(of({acting.organisation}), first, last)),
        verbanden=[
            CijfersVan(wie=code, cijfers=aggregate(figures(of(bound), first, last)))
            for code, bound in sorted(regions.items())
        ],
        organisaties=[
            CijfersVan(wie=code, cijfers=aggregate(figures(of({code}), first, last))) for code in others
        ],
        logbewijs=receipt(work),
    )

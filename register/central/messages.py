# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/berichten`: what waits for a role of the own organisation, for somebody who signed in; and for a node only when something became visible.

A notice says what kind of thing waits, and its id. Reading them is an entry; what they are about is opened elsewhere, where policy decides. A node that must send e-mail asks without a person, and hears
per role and moment that there is something: a number would already be a measure of what happens.
"""

from datetime import datetime
from uuid import UUID

from audit.canonical import JSON
from process.language import gettext as _
from process.problem import Refusal
from register.central.asking_for import Acting, asker
from register.central.centre import Centre, receipt, who
from register.central.phase2 import not_found
from register.central.store import notices as store
from register.events import ASKER, CATALOGUE
from register.notices import CHAIN, KEPT, KINDS, sentences
from register.wire import (
    Bericht,
    Berichten,
    BerichtenStand,
    BerichtGelezen,
    BerichtKlaar,
    BerichtSoort,
)


def waiting(centre: Centre, acting: Acting) -> Berichten:
    """The notices of this person's role.

    Raises:
        Refusal: 403 without a mandate, or for a role that gets none.
    """
    _require_mandate(centre, acting)
    codes = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    with centre.database.logged(acting.moment) as work:
        found = store.ready(work.connection, codes, acting.person.rol, acting.moment)
        entry: dict[str, JSON] = {**who(acting), "berichten_geteld": len(found)}
        work.enter({acting.organisation: CATALOGUE.payload("berichten_geraadpleegd", ASKER, entry)})
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in found)]
    return Berichten(
        berichten=[Bericht(soort=one.kind, over_id=one.about_id, klaar_op=one.ready_at) for one in found],
        soorten=[_kind(kind, sum(one.kind == kind for one in found)) for kind in kinds],
        logbewijs=receipt(work),
    )


def finish(centre: Centre, acting: Acting, kind: str, about_id: UUID) -> BerichtGelezen:
    """Somebody of the role has read it; reading it again changes nothing.

    Raises:
        Refusal: 403, or 404 for no such kind.
    """
    _require_mandate(centre, acting)
    if kind not in KINDS:
        raise not_found()
    codes = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    with centre.database.logged(acting.moment) as work:
        store.finish(
            work.connection,
            codes,
            acting.person.rol,
            (kind, about_id),
            acting.person.medewerker,
            acting.moment,
        )
        entry: dict[str, JSON] = {**who(acting), "berichten": [kind]}
        work.enter({acting.organisation: CATALOGUE.payload("bericht_gelezen", ASKER, entry)})
    return BerichtGelezen(soort=kind, over_id=about_id, logbewijs=receipt(work))


def standing(centre: Centre, organisation: str, moment: datetime) -> BerichtenStand:
    """At which moments something became visible for which role of an organisation, of the last month; nothing of what, and no number. It leaves no entry: no person's data is in it."""
    codes = centre.policy.register.lineage(organisation, moment.date())
    with centre.database.public() as connection:
        found = store.moments(connection, codes, moment - KEPT, moment)
    return BerichtenStand(klaar=[BerichtKlaar(rol=role, klaar_op=at) for role, at in found])


def _kind(kind: str, number: int) -> BerichtSoort:
    what, now = sentences(kind, number)
    return BerichtSoort(soort=kind, aantal=number, wat=what, wat_nu=now)


def _require_mandate(centre: Centre, acting: Acting) -> None:
    person = asker(centre.policy.register, acting)
    if person.participant and person.mandated(acting.moment.date()) and person.role in CHAIN:
        return
    raise Refusal(
        403,
        "geen-toegang",
        _("Voor u zijn hier geen berichten."),
        _("Berichten zijn er voor wie treffers en signalen opvolgt, met een mandaat dat vandaag geldt."),
        way_forward=_("Vraag uw functioneel beheerder of uw mandaat klopt."),
        rule="C2",
    )

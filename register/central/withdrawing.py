# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/signalen/{signaalId}/intrekkingen`: the owner takes a signal back in one step, with a reason. It stops matching at once, everywhere."""

from uuid import UUID

from audit.canonical import JSON
from policies.decision import SignalFacts
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.central.phase2 import not_found
from register.central.store import signals as store
from register.events import ASKER, CATALOGUE
from register.wire import Intrekking, SignaalIngetrokken


def withdraw(centre: Centre, acting: Acting, signal_id: UUID, sent: Intrekking) -> SignaalIngetrokken:
    """Withdraw an own signal; withdrawing it again changes nothing.

    Raises:
        Refusal: 403, or 404 for what is not there or not one's own.
    """
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    person, why = asker(centre.policy.register, acting), occasion(acting)
    allowed = permit(centre, person, why, "signaal_verrijken_corrigeren_intrekken", facts)
    with centre.database.logged(acting.moment) as work:
        newest = store.version_of(work, allowed, signal_id)
        if newest is None or newest.organisation != acting.organisation:
            raise not_found()
        store.withdraw(work, allowed, signal_id)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "signaal": str(signal_id),
            "reden": sent.reden,
        }
        work.enter({acting.organisation: CATALOGUE.payload("signaal_ingetrokken", ASKER, entry)})
    return SignaalIngetrokken(signaal_id=signal_id, status="ingetrokken", logbewijs=receipt(work))

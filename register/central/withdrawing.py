# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/signalen/{signaalId}/intrekkingen`: the owner takes a signal back in one step, with a reason. It stops matching at once, everywhere.

A withdrawal may overtake its signal: the node that sends `onderweg` had no answer about it, and the request may still be on its way. Then the number is remembered
for as long as any signal could live, and what arrives under it is refused. Whether such a number is free or another's is told to nobody: the answer is the same.
"""

from uuid import UUID

from audit.canonical import JSON
from policies.decision import SignalFacts
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.central.concerning import concern
from register.central.phase2 import not_found
from register.central.store import notices
from register.central.store import signals as store
from register.central.store.destruction import keep_out, tombstone
from register.central.store.treffers import Record
from register.central.store.work import LoggedWork
from register.events import ASKER, CATALOGUE
from register.notices import WITHDRAWN
from register.ports import Permit
from register.retention import Category, expires_on
from register.wire import Intrekking, SignaalIngetrokken

_LONGEST = Category.FACILITATOR_ONLY
"""The longest term with which a signal can come in; taken up it could live longer, but then it was here."""


def withdraw(centre: Centre, acting: Acting, signal_id: UUID, sent: Intrekking) -> SignaalIngetrokken:
    """Withdraw an own signal; withdrawing it again changes nothing.

    Raises:
        Refusal: 403, or 404 for what is not there or not one's own and was not said to be under way.
    """
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    person, why = asker(centre.policy.register, acting), occasion(acting)
    allowed = permit(centre, person, why, "signaal_verrijken_corrigeren_intrekken", facts)
    with centre.database.logged(acting.moment) as work:
        newest = store.version_of(work, allowed, signal_id)
        records, today = centre.policy.register, acting.moment.date()
        # One that was withdrawn and is destroyed by now is withdrawn all the same. Looked for in any case: what is another's costs what is not there.
        destroyed = _destroyed(work, allowed, signal_id)
        known = newest or destroyed
        if known is not None and records.current(known.organisation, today) == acting.organisation:
            if newest is not None and newest.status != "ingetrokken":
                notices.tell_parties(work, signal_id, WITHDRAWN, acting.moment)
            store.withdraw(work, allowed, signal_id)
        elif not sent.onderweg:
            raise not_found()
        elif known is None:
            keep_out(work, allowed, signal_id, acting.organisation, expires_on(_LONGEST, acting.moment))
        concern(
            centre, work, acting, "signaal_ingetrokken", store.all_subjects_of(work, allowed, [signal_id])
        )
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "signaal": str(signal_id),
            "reden": sent.reden,
        }
        work.enter({acting.organisation: CATALOGUE.payload("signaal_ingetrokken", ASKER, entry)})
    return SignaalIngetrokken(signaal_id=signal_id, status="ingetrokken", logbewijs=receipt(work))


def _destroyed(work: LoggedWork, allowed: Permit, signal_id: UUID) -> Record | None:
    found = tombstone(work, allowed, signal_id)
    return found if found is not None and found.reason == "ingetrokken" else None

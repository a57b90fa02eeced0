# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/signalen/{signaalId}/bevestigingen`: its owner says that a signal is still true; and job `hervalidatie`, which asks in time.

A signal counts for a year without that word (`register.retention`, 5). Whoever looks after it hears a month before; who says nothing lets it match no more from that day, without anything
being destroyed sooner or later for it.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from audit.canonical import JSON
from policies.decision import SignalFacts
from process.jobs import Unfinished
from register.activities import BASE
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.central.concerning import concern, concern_by_itself
from register.central.phase2 import not_found
from register.central.store import notices, watching
from register.central.store import signals as signal_store
from register.events import ASKER, CATALOGUE, SUBJECT
from register.notices import CARER, CONTACT, VALIDATE
from register.retention import valid_until
from register.wire import SignaalBevestigd, SignaalBevestigen

BATCH = 50


def validate(centre: Centre, acting: Acting, signal_id: UUID, sent: SignaalBevestigen) -> SignaalBevestigd:
    """An own signal is still true, said today; also of one that matches no more for want of that word.

    Raises:
        Refusal: 403, or 404 for what is not there or not one's own.
    """
    del sent
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    person, why = asker(centre.policy.register, acting), occasion(acting)
    allowed = permit(centre, person, why, "signaal_verrijken_corrigeren_intrekken", facts)
    with centre.database.logged(acting.moment) as work:
        newest = signal_store.version_of(work, allowed, signal_id)
        records, today = centre.policy.register, acting.moment.date()
        mine = newest is not None and records.current(newest.organisation, today) == acting.organisation
        if newest is None or not mine or newest.status != "actief" or newest.expires_on <= today:
            raise not_found()
        watching.validate(
            work,
            allowed,
            {
                "signal_id": signal_id,
                "validated_on": today,
                "organisation": acting.organisation,
                "officer": acting.person.medewerker,
                "role": acting.person.rol,
            },
        )
        concern(
            centre,
            work,
            acting,
            "signaal_bevestigd",
            signal_store.all_subjects_of(work, allowed, [signal_id]),
        )
        until = min(valid_until(today), newest.expires_on)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "signaal": str(signal_id),
            "geldig_tot": until.isoformat(),
        }
        work.enter({acting.organisation: CATALOGUE.payload("signaal_bevestigd", ASKER, entry)})
    return SignaalBevestigd(signaal_id=signal_id, telt_mee_tot=until, logbewijs=receipt(work))


def ask_in_time(centre: Centre, moment: datetime) -> Mapping[str, int]:
    """Tell owners of signals that will match no more within a month; each once for a year."""
    with centre.database.public() as connection:
        due = watching.unconfirmed(connection, moment.date(), BATCH)
    if not due:
        return {"herinnerd": 0}
    with centre.database.logged(moment) as work:
        told: dict[str, list[UUID]] = {}
        for one in due:
            owner = centre.policy.register.current(one.organisation, moment.date())
            role = CARER if one.care_track else CONTACT
            notices.tell(work, owner, role, VALIDATE, one.signal_id, moment)
            told.setdefault(owner, []).append(one.signal_id)
        concern_by_itself(centre, work, "hervalidatie_gevraagd", (), activity=BASE + "signalering")
        at = moment.isoformat(timespec="seconds")
        work.enter(
            {
                owner: CATALOGUE.payload(
                    "hervalidatie_gevraagd",
                    SUBJECT,
                    {"moment": at, "signalen": [str(one) for one in signals]},
                )
                for owner, signals in told.items()
            }
        )
    counts = {"herinnerd": len(due)}
    return Unfinished(counts) if len(due) == BATCH else counts

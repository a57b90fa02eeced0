# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The backstop against lists of passing cars: no more than 25 signals in 24 hours of one officer in which a plate is the only attribute.

It stands where every signal comes by, whichever way it was entered, after the signal was found good and before anything is stored. Sending the same signal
again counts once. Who goes over it is refused, and the FG gets a flag (`register.municipal.provenance`).
"""

from dataclasses import dataclass

from process.moments import Clock, Randomness
from process.secret import Secret
from pseudonymisation.identity import RawAttribute
from register.accounts import Account
from register.municipal.observations import Draft
from register.municipal.provenance import MOST_LONE_PLATES, FlagKind, judged_in_a_day, lone_plate_types
from register.municipal.sealing import seed_for
from register.municipal.store.flags import FlagStore


@dataclass(frozen=True)
class PlateGuard:
    """The backstop of one organisation.

    Attributes:
        flags: what the FG is told, and the marks.
        identity: the secret that numbers this organisation's signals.
        clock: for the 24 hours.
        randomness: for a signal without a request key.
    """

    flags: FlagStore
    identity: Secret
    clock: Clock
    randomness: Randomness

    def require_room(self, account: Account, draft: Draft, request_key: str | None) -> None:
        """Returns only if this signal may be stored; one in which more stands than a plate always may.

        Raises:
            Refusal: 403, and the FG has been told.
        """
        types = {
            one.attribute.type
            for subject in draft.subjects
            for one in subject.given
            if isinstance(one.attribute, RawAttribute)
        }
        if not lone_plate_types(types):
            return
        now = self.clock()
        key = request_key or self.randomness(16).hex()
        # Which signal it was cannot be told from the mark without the secret.
        mark = seed_for(self.identity, "kenteken", account.officer, key).reveal()
        if self.flags.mark_lone_plate(account.officer, mark, now, MOST_LONE_PLATES):
            return
        banned = judged_in_a_day(MOST_LONE_PLATES)
        self.flags.put(
            FlagKind.PLATES_IN_A_DAY, account.officer, now, {"alleenKenteken": MOST_LONE_PLATES + 1}
        )
        if banned is not None:
            raise banned.refusal

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What came of a control: recorded at the node in one tap, and told to the register until it has it.

In this order: the person may (role); the control is one of this organisation in which something was asked, the person's own, or the person looks after all of them; the outcome is a code; it is durable
here, once and for all; then it is told. When the register is away, or refuses for now (a mandate that ended, a freeze), it waits and is told again with growing pauses: under the same key,
so that the register knows it for the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import Refusal
from register.accounts import Account
from register.municipal.accounts import may, require
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.controls import Asked, require_outcome
from register.municipal.delivering import PURPOSE
from register.municipal.outbox import CLAIM, next_moment
from register.municipal.store.controls import OutcomeStore
from register.wire import ActingFor, Afloop

BATCH = 50
"""Outcomes of one round of the job."""


@dataclass(frozen=True)
class Closing:
    """The use case, with what it needs."""

    store: OutcomeStore
    register: RegisterClient
    organisation: str
    clock: Clock
    randomness: Randomness

    def open(self, account: Account) -> list[Asked]:
        """The controls of which this person owes an outcome; for who looks after all of them, those of everybody."""
        return self.store.open(None if may(account.role, "aflopen_overzien") else account.officer)

    def close(self, account: Account, number: str, outcome: str) -> Asked:
        """Record an outcome and try to tell it.

        Raises:
            Refusal: 403 for the role, 400 for the code, 404 for a control that is not this person's to close, 409 when it has an outcome.
        """
        require(account, "afloop_vastleggen")
        require_outcome(outcome)
        asked, now = self.store.asked(number), self.clock()
        if asked is None or not (asked.officer == account.officer or may(account.role, "aflopen_overzien")):
            raise _not_here()
        if not self.store.record(number, outcome, account.officer, account.role, now):
            raise _recorded_before()
        self.tell(number, now)
        return self.store.asked(number) or asked

    def tell(self, number: str, moment: datetime) -> bool:
        """Tell one outcome; False if the register does not have it yet."""
        held = self.store.hold(number, moment, moment + CLAIM)
        if held is None:
            return False
        asked, attempts = held
        acting = ActingFor(
            medewerker=asked.recorded_by or asked.officer,
            rol=asked.recorded_role or "",
            doel=PURPOSE,
            zaaknummer=number,
            reden="afloop",
        )
        sent = Afloop(organisatie=self.organisation, afloop=asked.outcome or "")
        try:
            told = self.register.close_control(sent, acting, f"afloop-{number}")
            self.register.keep_receipt("afloop", acting.medewerker, told.logbewijs)
        except RegisterAwayError as away:
            retry_after = away.retry_after
        except Refusal as refusal:
            # It may be for now only, and an outcome is never thrown away: somebody has to mend what stands in its way.
            retry_after = refusal.retry_after
        else:
            self.store.put_told(number, self.clock())
            return True
        self.store.put_later(number, next_moment(self.clock(), attempts, retry_after, self.randomness))
        return False

    def tell_waiting(self, moment: datetime) -> Mapping[str, int]:
        """Tell what is due; stops when the register is away, because the next would not get through either."""
        count = 0
        for number in self.store.untold(moment, BATCH):
            if self.tell(number, moment):
                count += 1
            elif self.register.away:
                break
        return {_("aflopen gemeld"): count}


def _not_here() -> Refusal:
    return Refusal(
        404,
        "geen-afloop-open",
        _("Van deze controle hoeft u geen afloop vast te leggen."),
        _("In deze controle is niets gevraagd, of niet door u."),
        way_forward=_("Kies een controle uit de lijst op de beginpagina."),
        rule="C20",
    )


def _recorded_before() -> Refusal:
    return Refusal(
        409,
        "afloop-staat-er-al",
        _("De afloop van deze controle staat er al."),
        _("Een afloop wordt één keer vastgelegd en niet veranderd."),
        way_forward=_("Klopt de afloop niet, vertel dat dan uw aandachtsfunctionaris en de FG."),
    )

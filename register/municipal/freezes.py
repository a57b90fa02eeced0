# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A functioneel beheerder sees the freezes that the FG asked for, confirms one, or lifts one that another confirmed. The register decides; here is only the way to it.

Confirming ends the sessions of the officer at this node. A session that begins afterwards reaches the register as little as any: what it can still read is the organisation's own casebook here.
"""

from dataclasses import dataclass
from uuid import UUID

from process.moments import Randomness
from register.accounts import Account
from register.municipal.accounts import require
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.store import NodeStore
from register.wire import ActingFor, BevriezingGedaan, BevriezingLijst, Opheffing

PURPOSE = "beheer"


@dataclass(frozen=True)
class Freezes:
    """The use case, with what it needs."""

    register: RegisterClient
    store: NodeStore
    randomness: Randomness

    def listed(self, account: Account) -> BevriezingLijst:
        """The freezes of the organisation, newest first.

        Raises:
            Refusal: 403 for the role, or the register's own; 503.
        """
        acting = self._acting(account)
        try:
            found = self.register.freezes(acting)
            self.register.keep_receipt("bevriezingen", account.officer, found.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return found

    def confirm(self, account: Account, freeze_id: UUID) -> BevriezingGedaan:
        """Take a freeze over in the line, and end the officer's sessions here.

        Raises:
            Refusal: as `listed`; 404, 409.
        """
        acting = self._acting(account)
        try:
            done = self.register.confirm_freeze(str(freeze_id), acting, self.randomness(16).hex())
            self.register.keep_receipt("bevriezing", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        if done.medewerker is not None:
            self.store.end_sessions(done.medewerker)
        return done

    def lift(self, account: Account, freeze_id: UUID, sent: Opheffing) -> BevriezingGedaan:
        """Lift a freeze that a colleague confirmed, on a decision of the college.

        Raises:
            Refusal: as `confirm`; 400, and 403 for who confirmed it.
        """
        acting = self._acting(account)
        try:
            done = self.register.lift_freeze(str(freeze_id), sent, acting, self.randomness(16).hex())
            self.register.keep_receipt("bevriezing", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return done

    @staticmethod
    def _acting(account: Account) -> ActingFor:
        require(account, "accounts_beheren")
        return ActingFor(medewerker=account.officer, rol=account.role, doel=PURPOSE)

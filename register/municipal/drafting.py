# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Putting a form aside, finding it again within a day, and throwing it away. Rules: `register.municipal.drafts`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import Refusal
from process.secret import Secret
from register.accounts import Account
from register.municipal.accounts import require
from register.municipal.dossier import sees_all, within_reach
from register.municipal.drafts import LIFE, Aside, Inputs, no_draft, read_back, written
from register.municipal.outbox import closed
from register.municipal.sealing import BrokenSealError, Seal, expanding, seed_for
from register.municipal.store.drafts import DraftStore
from register.municipal.store.sealed import draft_place


@dataclass(frozen=True)
class Drafting:
    """The use case, with what it needs."""

    store: DraftStore
    seal: Seal
    identity: Secret = field(repr=False)
    organisation: str
    clock: Clock
    randomness: Randomness

    def keep(self, account: Account, inputs: Inputs, request_key: str | None = None) -> Aside:
        """Put a form aside.

        Args:
            account: whose it is.
            inputs: as they were filled in.
            request_key: the same key is the same draft, with the newest content.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "signaal_indienen")
        now = self.clock().replace(microsecond=0)
        draft_id = self._number(account, request_key)
        sealed = self.seal.close(written(inputs), draft_place(self.organisation, draft_id))
        self.store.put(Aside(draft_id, account.officer, now, now + LIFE, sealed))
        found = self.store.draft(draft_id, now)
        if found is None:
            raise no_draft()
        return found

    def _number(self, account: Account, request_key: str | None) -> UUID:
        if request_key is None:
            return UUID(bytes=self.randomness(16), version=4)
        seed = seed_for(self.identity, "concept", account.officer, request_key)
        return UUID(bytes=expanding(seed)(16), version=4)

    def all(self, account: Account) -> list[Aside]:
        """The drafts of this person; of everyone, for whoever looks after all signals of the organisation.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "signaal_indienen")
        return self.store.drafts(None if sees_all(account) else account.officer, self.clock())

    def open(self, account: Account, draft_id: UUID) -> tuple[Aside, Inputs]:
        """A draft and what is in it.

        Raises:
            Refusal: 404 for one that is not there or not this person's, 409 for one that does not open.
        """
        draft = self._reachable(account, draft_id)
        if draft is None:
            raise no_draft()
        try:
            plain = self.seal.open(draft.sealed, draft_place(self.organisation, draft_id))
        except BrokenSealError:
            raise closed() from None
        return draft, read_back(plain)

    def discard(self, account: Account, draft_id: UUID) -> None:
        """Throw a draft away; one that is not there is gone already, and somebody else's is not there.

        Raises:
            Refusal: 403 for the role.
        """
        if self._reachable(account, draft_id) is not None:
            self.store.drop(draft_id)

    def _reachable(self, account: Account, draft_id: UUID) -> Aside | None:
        require(account, "signaal_indienen")
        draft = self.store.draft(draft_id, self.clock())
        return draft if draft is not None and within_reach(account, draft.officer) else None

    def let_go(self, account: Account, draft_id: UUID) -> None:
        """Throw away the draft that became a signal; whatever is the matter with it, the signal is safe."""
        try:
            self.discard(account, draft_id)
        except Refusal:
            return

    def destroy_drafts(self, moment: datetime) -> Mapping[str, int]:
        """Destroy the drafts that are a day old."""
        return {_("vernietigd"): self.store.destroy(moment)}

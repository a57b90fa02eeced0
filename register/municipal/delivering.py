# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One attempt to bring a signal from the outbox to the register, and the round that makes them. Rules: `register.municipal.outbox`.

An attempt, by whoever holds the row:

1. The record is opened, and the persons are read again as they were on the day of first processing.
2. The grounds: those that were sent, if the register may have the signal; else those of today.
3. The holders evaluate, at this attempt and not before, so that their receipts never wait in the outbox; and the message is composed. While the node's canaries
   are wrong the row waits.
4. If the register may have the signal, the bytes must be those that were sent, receipts left out: otherwise it is refused here, in words, and stays.
5. What is about to leave is recorded, and only if the row is still held. Then it is sent.
6. Acknowledged, with a receipt that verifies: from outbox to casebook. Refused: kept, or at a first attempt removed by who called. Away: it waits.

Every step may be the last of this process. Before 5 nothing left; after 5 the row says that the register may have the signal, and the next attempt
sends the same bytes, which the register knows by (organisation, signal, version).
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import PassedOnRefusal, Refusal
from pseudonymisation.matchkeys import MatchKeySet
from pseudonymisation.receipts import request_digest
from pseudonymisation.wire import Action
from register.accounts import Account
from register.municipal import casebook, outbox
from register.municipal.attributes import Person, read
from register.municipal.casebook import Entry, Kept
from register.municipal.clients import RegisterAwayError, RegisterClient, encoded
from register.municipal.composing import Letterhead, bare, legal_for, message
from register.municipal.controls import latest_date
from register.municipal.observations import Draft
from register.municipal.outbox import (
    AWAY_REGISTER,
    CLAIM,
    CLAIM_SIZE,
    Delivered,
    Outcome,
    Refused,
    Row,
    State,
    Waiting,
    for_later,
)
from register.municipal.pseudonyms import Asked, Made, Pseudonymiser
from register.municipal.sealing import BrokenSealError, Place, Seal
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.outbox import Claim, OutboxStore
from register.wire import ActingFor, GrondslagOverzicht, SignaalIngediend

PURPOSE = "signalering"
ROUND = timedelta(seconds=60)
"""How long one round goes on; what is left is for the next."""
BATCH = 50
SHORTEST_REST = timedelta(seconds=30)


class _LaterError(Exception):
    """This attempt ends here and the signal waits.

    Attributes:
        reason: code of why.
        away: True if nobody's signal would get through now.
        retry_after: seconds for which the other side asked to be left alone.
        busy: True if only this officer is sent away for now.
        arrived: True if the message may have arrived.
    """

    def __init__(
        self,
        reason: str,
        *,
        away: bool,
        retry_after: int | None = None,
        busy: bool = False,
        arrived: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.away = away
        self.retry_after = retry_after
        self.busy = busy
        self.arrived = arrived


class _HoldersRefusedError(Exception):
    """The holders refuse to evaluate, whatever the signal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class Rest:
    """Until when an import spares the others after one of them was away; kept in memory, because it is a courtesy and no rule."""

    def __init__(self) -> None:
        self.until: datetime | None = None

    def begin(self, now: datetime, retry_after: int | None) -> None:
        """The others were away, or asked for a pause."""
        self.until = now + max(SHORTEST_REST, outbox.asked(retry_after))

    def resting(self, now: datetime) -> bool:
        """True as long as they are spared."""
        return self.until is not None and now < self.until


@dataclass(frozen=True)
class Delivering:
    """The use case, with what it needs."""

    store: OutboxStore
    casebook: CasebookStore
    pseudonymiser: Pseudonymiser
    register: RegisterClient
    seal: Seal
    organisation: str
    gates: frozenset[str]
    clock: Clock
    randomness: Randomness
    rest: Rest = field(default_factory=Rest)

    # ---- holding a row ------------------------------------------------------------------------------------

    def new_claim(self, attempts: int = 1) -> Claim:
        """A hold for an attempt that is about to begin."""
        now = self.clock()
        return Claim(
            self.randomness(CLAIM_SIZE),
            now,
            now + CLAIM,
            outbox.next_moment(now, attempts, None, self.randomness),
        )

    def held(self, row: Row) -> tuple[Row, Claim] | None:
        """A row, held by the caller; None if somebody else has it."""
        claim = self.new_claim(row.attempts + 1)
        found = self.store.claim(row.signal_id, row.version, claim)
        return None if found is None else (found, claim)

    # ---- a round ------------------------------------------------------------------------------------------

    def deliver_waiting(self, moment: datetime) -> Mapping[str, int]:
        """Try everything that is due, until the register or the holders are away, or the round is over.

        Args:
            moment: rows that are due then are tried.

        Returns:
            How many were sent, how many go on waiting, and how many were refused in this round.
        """
        counts = dict.fromkeys(_COUNTED.values(), 0)
        ends = self.clock() + ROUND
        while self.clock() < ends:
            due = self.store.due(moment, BATCH)
            if not due or not self._batch(due, counts, ends):
                break
        return counts

    def _batch(self, due: Sequence[tuple[UUID, int]], counts: dict[str, int], ends: datetime) -> bool:
        """Try one batch; False if the round is over."""
        for signal_id, version in due:
            if self.clock() >= ends:
                return False
            row = self.store.row(signal_id, version)
            # Gone, or put off since the batch was read: by a quota, or by somebody who tried it.
            found = None if row is None or row.next_at > self.clock() else self.held(row)
            if found is None:
                continue
            outcome = self.attempt(*found)
            counts[_COUNTED[type(outcome)]] += 1
            if isinstance(outcome, Waiting) and not self._goes_on(outcome):
                return False
        return True

    def _goes_on(self, outcome: Waiting) -> bool:
        """Whether another row has a chance after this one had none; pauses that were asked for are kept for the others too."""
        now = self.clock()
        if outcome.away:
            if outcome.retry_after is not None:
                self.store.postpone(now + outbox.asked(outcome.retry_after))
            return False
        if outcome.busy:
            # A quota is of one officer, and an import has one of its own.
            self.store.postpone(outcome.row.next_at, outcome.row)
        return True

    # ---- an attempt ---------------------------------------------------------------------------------------

    def attempt(self, row: Row, claim: Claim, *, first: bool = False) -> Outcome:
        """Try to deliver a row that the caller holds.

        Args:
            row: as it was when it was claimed.
            claim: the hold.
            first: nobody tried before; what the holders refuse is then told at once instead of waiting.
        """
        try:
            return self._attempt(row, claim)
        except _LaterError as later:
            if later.away:
                self.rest.begin(self.clock(), later.retry_after)
            return self._waits(row, claim, later)
        except _HoldersRefusedError as error:
            if first:
                return self._refused(row, claim, error.refusal)
            return self._waits(row, claim, _LaterError(error.refusal.code, away=True))
        except Refusal as refusal:
            return self._refused(row, claim, refusal)

    def _attempt(self, row: Row, claim: Claim) -> Outcome:
        kept, draft = self._opened(row)
        persons = self.persons(draft, row.first_processed_at)
        acting = self._acting(row.officer, row.role, draft)
        if kept.correction is not None:
            # The signal is the case (C1), and the code why.
            case = f"SIGNAAL-{row.signal_id.hex[:12].upper()}"
            acting = acting.model_copy(update={"zaaknummer": case, "reden": kept.correction})
        legal = kept.legal if row.maybe else None
        if legal is None:
            legal = legal_for(draft.observation, self._grounds(acting))
        kept = replace(kept, legal=legal)
        body, digest = self._composed(row, draft, kept, persons)
        if row.maybe and not hmac.compare_digest(row.digest or b"", digest):
            raise outbox.cannot_repeat()
        sealed = casebook.sealed(kept, self.seal, self._place(outbox.TABLE, row))
        if not self.store.leaving(row, claim, digest, sealed):
            # Somebody else goes on with it: the claim ran out while the others were slow.
            return self._elsewhere(row)
        answer = self._sent(row, body, acting.model_copy(update={"grondslag": legal.grondslag}))
        self.store.delivered(self._entry(row, kept, digest, answer))
        return Delivered(answer)

    def _elsewhere(self, row: Row) -> Outcome:
        """What became of a row that somebody else went on with."""
        there = self.store.row(row.signal_id, row.version)
        if there is not None:
            return Waiting(there)
        entry = self.casebook.entry(row.signal_id, row.version)
        if entry is not None and entry.answer is not None:
            return Delivered(outbox.kept_answer(entry.answer), repeated=True)
        raise outbox.withdrawn() if self.store.withdrawn(row.signal_id) else outbox.not_here()

    def spare(self, row: Row, claim: Claim) -> Waiting:
        """Let a new row wait without an attempt: the others were away a moment ago."""
        return self._waits(row, claim, _LaterError(AWAY_REGISTER, away=True))

    def resend(self, entry: Entry, draft: Draft, content: bytes, account: Account) -> Delivered:
        """Send a signal of revision 0001 again, of which the node has the digest and not what was typed.

        Raises:
            Refusal: 409 for another content, 503 when register or holders are away, or the register's own.
        """
        place = casebook.place(self.organisation, casebook.TABLE, entry.signal_id, entry.version)
        try:
            kept = casebook.opened(entry.sealed, self.seal, place)
        except BrokenSealError:
            raise outbox.closed() from None
        acting = self._acting(account.officer, account.role, draft)
        try:
            legal = legal_for(draft.observation, self._grounds(acting))
            kept = replace(kept, draft=draft, legal=legal)
            persons = self.persons(draft, entry.first_processed_at)
            body, digest = self._composed(entry, draft, kept, persons)
            if entry.digest != digest:
                raise outbox.changed()
            answer = self._sent(entry, body, acting.model_copy(update={"grondslag": legal.grondslag}))
        except _LaterError as later:
            raise outbox.not_now(later.reason, later.retry_after) from None
        except _HoldersRefusedError as error:
            raise error.refusal from None
        stands = self.casebook.replace(
            replace(
                entry,
                status=casebook.ACKNOWLEDGED,
                expires_on=answer.verloopt_op,
                sealed=casebook.sealed(kept, self.seal, place),
                content=content,
                answer=outbox.answer_bytes(answer),
            )
        )
        if not stands:
            # Withdrawn while it was being sent: the record must not come back.
            raise outbox.withdrawn()
        return Delivered(answer, repeated=True)

    def _opened(self, row: Row) -> tuple[Kept, Draft]:
        try:
            kept = casebook.opened(row.sealed, self.seal, self._place(outbox.TABLE, row))
        except BrokenSealError:
            raise outbox.closed() from None
        if kept.draft is None:
            raise outbox.closed()
        return kept, kept.draft

    def persons(self, draft: Draft, first: datetime) -> list[Person]:
        """The subjects of a draft that was found right when it was first processed.

        Raises:
            Refusal: an attribute may not be used any more, such as a number whose ground was withdrawn.
        """
        found = []
        for subject in draft.subjects:
            person, wrong = read(subject.given, subject.kind, today=latest_date(first), gates=self.gates)
            if wrong:
                raise outbox.no_longer_allowed(wrong)
            found.append(person)
        return found

    @staticmethod
    def _acting(officer: str, role: str, draft: Draft) -> ActingFor:
        return ActingFor(medewerker=officer, rol=role, doel=PURPOSE, zaaknummer=draft.control)

    def _grounds(self, acting: ActingFor) -> tuple[GrondslagOverzicht, ...]:
        try:
            return self.register.grounds(acting)
        except RegisterAwayError as away:
            raise _LaterError(AWAY_REGISTER, away=True, retry_after=away.retry_after) from None
        except Refusal as refusal:
            raise _later_or(refusal, away=refusal.status != 429) from None

    def _head(self, record: Row | Entry) -> Letterhead:
        keyset = self.pseudonymiser.keyset
        return Letterhead(
            self.organisation,
            record.signal_id,
            record.handle,
            record.first_processed_at,
            (keyset.name, keyset.epoch),
            record.version,
        )

    def _composed(
        self, record: Row | Entry, draft: Draft, kept: Kept, persons: Sequence[Person]
    ) -> tuple[bytes, bytes]:
        """The message, with receipts of this moment, and the digest of what it says without them."""
        # An import has a quota of its own at the holders, so that it takes no room from who submits by hand.
        action: Action = "indienen" if record.run is None else "invoeren"

        def pseudonyms(keys: MatchKeySet, fillers: Randomness, ref: str) -> Made:
            request = request_digest(self.organisation, self._key(record), ref)
            return self.pseudonymiser.pseudonyms(
                keys, Asked(record.officer, action, request), fillers=fillers
            )

        try:
            made = message(self._head(record), draft, kept, persons, pseudonyms)
            return encoded(made), hashlib.sha256(encoded(bare(made))).digest()
        except Refusal as refusal:
            if for_later(refusal):
                raise _later_or(refusal, away=refusal.status != 429) from None
            raise _HoldersRefusedError(refusal) from None

    @staticmethod
    def _key(record: Row | Entry) -> str:
        """Under which a signal is sent, on every attempt the same."""
        return f"{record.signal_id}-{record.version}"

    def _sent(self, record: Row | Entry, body: bytes, acting: ActingFor) -> SignaalIngediend:
        try:
            answer = self.register.submit(body, acting, self._key(record))
            self.register.keep_receipt("signaal", record.officer, answer.logbewijs)
        except RegisterAwayError as away:
            raise _LaterError(
                AWAY_REGISTER, away=True, retry_after=away.retry_after, arrived=away.arrived
            ) from None
        except Refusal as refusal:
            raise _later_or(refusal, away=refusal.status != 429) from None
        return answer

    # ---- what became of it --------------------------------------------------------------------------------

    def _entry(self, row: Row, kept: Kept, digest: bytes, answer: SignaalIngediend) -> Entry:
        return Entry(
            signal_id=row.signal_id,
            version=row.version,
            officer=row.officer,
            handle=row.handle,
            status=casebook.ACKNOWLEDGED,
            first_processed_at=row.first_processed_at,
            expires_on=answer.verloopt_op,
            digest=digest,
            sealed=casebook.sealed(kept, self.seal, self._place(casebook.TABLE, row)),
            content=row.content,
            answer=outbox.answer_bytes(answer),
            run=row.run,
        )

    def _waits(self, row: Row, claim: Claim, later: "_LaterError") -> Waiting:
        now = self.clock()
        next_at = outbox.next_moment(now, row.attempts, later.retry_after, self.randomness)
        maybe = row.maybe or later.arrived
        self.store.waits(row, claim, next_at, later.reason, maybe=maybe)
        changed = replace(
            row,
            state=State.WAITS.value,
            next_at=next_at,
            claimed_until=None,
            reason=later.reason,
            maybe=maybe,
            refusal=None,
            refused_at=None,
        )
        return Waiting(changed, away=later.away, retry_after=later.retry_after, busy=later.busy)

    def _refused(self, row: Row, claim: Claim, refusal: Refusal) -> Refused:
        now = self.clock()
        if isinstance(refusal, PassedOnRefusal) and refusal.code == outbox.WITHDRAWN:
            # It was withdrawn before revision 0003, or before the backup from which this node was put back: the node knows it again from here on.
            self.store.withdraw(row.signal_id, row.expires_on, (row, claim))
            return Refused(row, refusal)
        # 409: something stands there under this number, so an attempt that we know nothing of may have arrived.
        maybe = row.maybe or (isinstance(refusal, PassedOnRefusal) and refusal.status == 409)
        self.store.refuse(row, claim, refusal, now, maybe=maybe)
        changed = replace(
            row,
            state=State.REFUSED.value,
            claimed_until=None,
            reason=refusal.code,
            refusal=outbox.refusal_bytes(refusal),
            refused_at=row.refused_at or now,
            maybe=maybe,
        )
        return Refused(changed, refusal)

    def _place(self, table: str, row: Row) -> Place:
        return casebook.place(self.organisation, table, row.signal_id, row.version)


def _later_or(refusal: Refusal, *, away: bool) -> Exception:
    """A refusal that is about this moment only, as such; any other as it is."""
    if not for_later(refusal):
        return refusal
    return _LaterError(refusal.code, away=away, retry_after=refusal.retry_after, busy=not away)


_COUNTED: Mapping[type, str] = {
    Delivered: _("verstuurd"),
    Waiting: _("wacht"),
    Refused: _("geweigerd"),
}

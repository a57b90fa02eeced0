# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the organisation submitted: how it stands, and opening one record. Rules: `register.municipal.dossier`.

How it stands (number, state, moments) is shown without opening anything. Opening a record asks a reason; that somebody looked is durable before
anything is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from process.secret import Secret
from register.accounts import Account
from register.municipal import casebook, outbox
from register.municipal.accounts import require
from register.municipal.casebook import Entry, Kept
from register.municipal.delivering import PURPOSE
from register.municipal.dossier import LOOKS, Look, sees_all, within_reach
from register.municipal.outbox import Row, State
from register.municipal.processing import Processing
from register.municipal.releasing import narrative_of
from register.municipal.sealing import BrokenSealError, Seal, expanding, seed_for
from register.municipal.store.casebook import CasebookStore, Cursor
from register.municipal.store.looks import LookStore
from register.municipal.store.outbox import OutboxStore
from register.municipal.store.releases import ReleaseStore
from register.retention import visible

PAGE = 50


@dataclass(frozen=True)
class Standing:
    """How the signals of a person or an organisation stand.

    Attributes:
        waiting: rows of the outbox, refused ones first.
        entries: records of the casebook, newest first.
        more: after which record the next page begins; None at the end.
        counts: how many rows are in each state.
        stored: how many records the casebook has.
    """

    waiting: Sequence[Row]
    entries: Sequence[Entry]
    more: Cursor | None
    counts: Mapping[State, int]
    stored: int


@dataclass(frozen=True)
class Seen:
    """One record, opened.

    Attributes:
        record: as it stands.
        kept: what is in it.
        attributes: whether the attributes of people may be shown.
        looks: who looked before, newest first; only for whoever looks after all signals.
        narrative: what was told in words; only for whoever looks after all signals, and for who typed it and must mend it.
    """

    record: Row | Entry
    kept: Kept = field(repr=False)
    attributes: bool
    looks: Sequence[Look]
    narrative: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Consulting:
    """The use case, with what it needs."""

    outbox: OutboxStore
    casebook: CasebookStore
    looks: LookStore
    releases: ReleaseStore
    seal: Seal
    identity: Secret = field(repr=False)
    organisation: str
    clock: Clock
    randomness: Randomness
    processing: Processing

    def standing(
        self,
        account: Account,
        *,
        stored: bool = False,
        state: State | None = None,
        after: Cursor | None = None,
    ) -> Standing:
        """How the signals stand that this person may know of.

        Args:
            account: who asks.
            stored: those in the casebook, instead of those in the outbox.
            state: only those of the outbox in this state.
            after: for the next page of the casebook.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "signaal_indienen")
        now = self.clock()
        officer = None if sees_all(account) else account.officer
        waiting = [] if stored else self.outbox.rows(officer, now, state, PAGE)
        found = self.casebook.page(officer, now.date(), after, PAGE + 1) if stored else []
        entries = found[:PAGE]
        last = entries[-1] if len(found) > PAGE else None
        return Standing(
            waiting,
            entries,
            None if last is None else (last.first_processed_at, last.signal_id),
            self.outbox.count(officer, now),
            self.casebook.count(officer, now.date()),
        )

    def look(self, account: Account, signal_id: UUID, reason: str, request_key: str | None = None) -> Seen:
        """Open one record.

        Args:
            account: who looks.
            signal_id: at what.
            reason: code of `dossier.LOOKS`.
            request_key: the same key within the same hour is the same look.

        Raises:
            Refusal: 403 for the role, 400 for an unknown reason, 404 for what is not there or not this person's, 409 for what does not open.
        """
        require(account, "signaal_indienen")
        if reason not in LOOKS:
            raise _unknown_reason()
        record = self._record(account, signal_id)
        # Who typed it and must mend it sees it whole; a colleague's eyes are for whoever looks after all signals.
        whole = sees_all(account) or (isinstance(record, Row) and record.mendable)
        kept = self._opened(record)
        before = self.looks.of(signal_id) if sees_all(account) else []
        now = self.clock().replace(microsecond=0)
        number = self._number(account, signal_id, request_key, now)
        name, trace = _("Dossier geopend"), self.processing.trace()
        people = [self.processing.subject(str(signal_id), ref) for ref, _role in kept.observation.roles]
        with self.processing.action(name, PURPOSE, account.role, trace, people):
            self.looks.put(Look(number, signal_id, account.officer, account.role, reason, whole, now))
        told = narrative_of(self.releases, self.seal, self.organisation, record, now) if whole else None
        return Seen(record, kept, whole, before, told)

    def _record(self, account: Account, signal_id: UUID) -> Row | Entry:
        now = self.clock()
        row = self.outbox.row(signal_id)
        found: Row | Entry | None = row if row is not None and row.alive(now) else None
        if found is None:
            entry = self.casebook.entry(signal_id)
            found = entry if entry is not None and visible(entry.expires_on, now.date()) else None
        if found is None or not within_reach(account, found.officer):
            raise outbox.not_here()
        return found

    def _opened(self, record: Row | Entry) -> Kept:
        table = outbox.TABLE if isinstance(record, Row) else casebook.TABLE
        place = casebook.place(self.organisation, table, record.signal_id, record.version)
        try:
            return casebook.opened(record.sealed, self.seal, place)
        except BrokenSealError:
            raise outbox.closed() from None

    def _number(self, account: Account, signal_id: UUID, request_key: str | None, now: datetime) -> UUID:
        if request_key is None:
            return UUID(bytes=self.randomness(16), version=4)
        # Bound to the hour: one key kept for a year must not hide a year of looking.
        names = ("inzage", account.officer, signal_id.hex, request_key, f"{now:%Y%m%d%H}")
        return UUID(bytes=expanding(seed_for(self.identity, *names))(16), version=4)

    def destroy_expired(self, moment: datetime) -> Mapping[str, int]:
        """Destroy rows of the outbox that may live no longer, numbers of withdrawn signals whose term is over, and old looks."""
        expired, refused = self.outbox.destroy(moment)
        return {
            _("verlopen in de uitbak"): expired,
            _("geweigerd en te oud"): refused,
            _("inzagen"): self.looks.destroy(moment),
        }


def _unknown_reason() -> Refusal:
    reason = _("Kies een reden uit: {codes}.").format(codes=", ".join(LOOKS))
    return Refusal(
        400,
        "onbekende-reden",
        _("Deze reden kennen we niet."),
        _("Er is niets geopend."),
        way_forward=_("Kies een code uit de lijst en probeer het opnieuw."),
        fields=(FieldError("reden", reason),),
    )

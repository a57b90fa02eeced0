# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A signal: validated here, made durable in the outbox, sent, and acknowledged; and what its owner can do with it afterwards.

1. The person may submit (C2). A request key makes the number of the signal, so that sending it again is the same signal.
2. What is known is answered from here: in the casebook (the register has it), in the outbox (it waits), withdrawn (never again). The same key with
   another content is refused, unless the first was refused and certainly stands nowhere: then the new content takes its place.
3. Every code is known, an aanwijzing carries, no date lies in the future, every subject gives a match key.
4. The outbox gets its row, durable and sealed. From here on nothing is lost, whatever happens to this process or to the others.
5. One attempt is made at once (`register.municipal.delivering`). Acknowledged: told so. Away: it waits, and is told so. Refused at this first attempt:
   the row goes and the person hears why, with everything still in the form.

Withdrawing: what certainly never left goes from the outbox; of everything else the register hears first. A withdrawn number stays known for as long
as the signal would have lived, so that it is never sent again.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit.canonical import canonical_json
from process.language import gettext as _
from process.problem import FieldError, Refusal
from process.secret import Secret
from register.accounts import Account
from register.municipal import casebook, outbox
from register.municipal.accounts import require
from register.municipal.asking import own_ground
from register.municipal.attributes import Person, read, without_keys
from register.municipal.casebook import Entry, Kept
from register.municipal.clients import RegisterAwayError
from register.municipal.composing import VERSION, term
from register.municipal.controls import latest_date
from register.municipal.delivering import PURPOSE, Delivering
from register.municipal.dossier import sees_all, within_reach
from register.municipal.observations import Draft, written
from register.municipal.outbox import Delivered, Outcome, Refused, Row, State, Waiting
from register.municipal.plates import PlateGuard
from register.municipal.processing import Processing
from register.municipal.proposals import narrative_place
from register.municipal.sealing import BrokenSealError, expanding, keyed_digest, seed_for
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.outbox import Claim, Told
from register.retention import Category, expires_on, narrative_expires_on, visible
from register.signals import CORRECTIONS, HANDLING, NONCE_SIZE, QUALITY_POINTS, is_sexual, problems
from register.wire import (
    ActingFor,
    Fase2Stand,
    Intrekking,
    Ontzegeld,
    OntzegeldSubject,
    SignaalIngetrokken,
    Vrijgave,
)

WITHDRAWALS: Mapping[str, str] = {
    "onjuist": _("Wat er staat, klopt niet"),
    "dubbel": _("Hetzelfde signaal staat er twee keer"),
    "bezwaar": _("Iemand over wie het gaat, maakte terecht bezwaar"),
    "onrechtmatig": _("Het had niet bewaard mogen worden"),
}
"""Why a signal is withdrawn; codes only, because a reason stands in the register's log and must not hold a name."""


@dataclass(frozen=True)
class Withdrawn:
    """A signal was taken back.

    Attributes:
        signal_id: of the signal.
        answer: what the register says; None when it never had the signal.
    """

    signal_id: UUID
    answer: SignaalIngetrokken | None


@dataclass(frozen=True)
class Submitting:
    """The use case, with what it needs.

    Attributes:
        delivering: brings a row of the outbox to the register.
        casebook: where it stands afterwards.
        identity: the secret that numbers this organisation's signals.
        plates: the backstop against lists of passing cars.
        processing: the Logboek Dataverwerkingen.
    """

    delivering: Delivering
    casebook: CasebookStore
    identity: Secret
    plates: PlateGuard
    processing: Processing

    # ---- submitting ---------------------------------------------------------------------------------------

    def submit(
        self,
        account: Account,
        draft: Draft,
        request_key: str | None = None,
        *,
        run: UUID | None = None,
        mends: UUID | None = None,
    ) -> Delivered | Waiting:
        """Submit a signal.

        Args:
            account: who submits.
            draft: what was typed.
            request_key: the same key makes the same signal, however often it is sent.
            run: the import that it comes with; its keys are those of the organisation, whoever imports.
            mends: the refused signal in whose place this one comes.

        Raises:
            Refusal: 400 with every field that is wrong, 403 without a ground, 409 for another content under the same key or where nothing is to be mended, or the register's own.
        """
        now = self._now()
        require(account, "signaal_indienen")
        signal_id = self._number(account, request_key, run, mends)
        content = self._content(draft)
        found = None if content is None else self._known(account, draft, content, signal_id, run)
        if found is not None:
            return found
        persons, wrong = self._read(draft, now)
        if wrong or content is None:
            raise _invalid(wrong)
        self.plates.require_room(account, draft, request_key)
        old = self.delivering.store.row(signal_id, VERSION)
        row = self._row(account, draft, persons, content, signal_id, run, old or now)
        claim = self.delivering.new_claim()
        store = self.delivering.store
        told = self._told(draft, row)
        if not (store.put(row, claim, told) if old is None else store.mend(row, claim, told)):
            # The same key at the same moment: the other was first.
            return self.submit(account, draft, request_key, run=run, mends=mends)
        self._processed(account, draft, signal_id)
        return self._first(row, claim, spared=run is not None, mended=old is not None)

    def _processed(self, account: Account, draft: Draft, signal_id: UUID) -> None:
        """It is kept here from now on, whether the register is reached or not."""
        people = [self.processing.subject(str(signal_id), ref) for ref, _role in draft.observation.roles]
        self.processing.done(_("Signaal ingevoerd"), PURPOSE, account.role, people)

    def known(self, account: Account, draft: Draft, request_key: str) -> bool:
        """True if a row of an import is here already; asks and stores nothing.

        Raises:
            Refusal: as `submit`, as far as this node can tell by itself.
        """
        require(account, "signaal_indienen")
        _persons, wrong = self._read(draft, self._now())
        if wrong:
            raise _invalid(wrong)
        signal_id = self._number(account, request_key, UUID(int=0), None)
        if self.delivering.store.withdrawn(signal_id):
            raise outbox.withdrawn()
        found = self._alive_row(signal_id) or self._alive_entry(signal_id)
        if found is None:
            return False
        if found.content is not None and not _same(found.content, self._content(draft)):
            raise outbox.changed()
        return True

    def _now(self) -> datetime:
        return self.delivering.clock().replace(microsecond=0)

    def _content(self, draft: Draft) -> bytes | None:
        members = written(draft)
        if members is not None and draft.narrative is not None:
            members |= {"verhaal": draft.narrative}
        return None if members is None else keyed_digest(self.identity, canonical_json(members))

    def _told(self, draft: Draft, row: Row) -> Told | None:
        """The narrative as it is kept, beside the row and for its own term."""
        if draft.narrative is None:
            return None
        place = narrative_place(self.delivering.organisation, row.signal_id, row.version)
        sealed = self.delivering.seal.close(draft.narrative.encode(), place)
        return narrative_expires_on(row.first_processed_at, row.expires_on), sealed

    def _read(self, draft: Draft, now: datetime) -> tuple[list[Person], list[FieldError]]:
        """The subjects, and everything that is wrong with the draft."""
        today = latest_date(now)
        wrong = [*_field_problems(draft, today), *problems(draft.observation)]
        persons = []
        for subject in draft.subjects:
            person, unreadable = read(subject.given, subject.kind, today=today, gates=self.delivering.gates)
            wrong += unreadable or without_keys(person, subject.place)
            persons.append(person)
        return persons, wrong

    # ---- which signal this is -----------------------------------------------------------------------------

    def _number(
        self, account: Account, request_key: str | None, run: UUID | None, mends: UUID | None
    ) -> UUID:
        """A uuid4: random, or random-looking and the same for the same key."""
        if mends is not None:
            if not self._is_there(account, mends):
                raise outbox.nothing_to_replace()
            return mends
        if request_key is None:
            return UUID(bytes=self.delivering.randomness(16), version=4)
        own = self._named("signaal", account.officer, request_key)
        if run is None or self._alive_row(own) or self._alive_entry(own) or self._withdrawn(own):
            # Imports of before revision 0003 were numbered by their officer too.
            return own
        return self._named("invoer", request_key)

    def _named(self, *names: str) -> UUID:
        return UUID(bytes=expanding(seed_for(self.identity, *names))(16), version=4)

    def _is_there(self, account: Account, signal_id: UUID) -> bool:
        """True for a signal that this person may change; somebody else's is not there."""
        found = self.delivering.store.row(signal_id) or self.casebook.entry(signal_id)
        if found is None:
            # Of what was withdrawn is not kept whose it was.
            return sees_all(account) and self.delivering.store.withdrawn(signal_id)
        return within_reach(account, found.officer)

    def _withdrawn(self, signal_id: UUID) -> bool:
        return self.delivering.store.withdrawn(signal_id)

    def _alive_row(self, signal_id: UUID, version: int | None = None) -> Row | None:
        row, now = self.delivering.store.row(signal_id, version), self._now()
        return row if row is not None and (row.claimed(now) or row.alive(now)) else None

    def _alive_entry(self, signal_id: UUID, version: int | None = None) -> Entry | None:
        entry = self.casebook.entry(signal_id, version)
        return entry if entry is not None and visible(entry.expires_on, self._now().date()) else None

    def _known(
        self, account: Account, draft: Draft, content: bytes, signal_id: UUID, run: UUID | None
    ) -> Delivered | Waiting | None:
        """What is already so; None if this is to be written in the outbox."""
        if self.delivering.store.withdrawn(signal_id):
            raise outbox.withdrawn()
        row = self._alive_row(signal_id, VERSION)
        if row is not None:
            if _same(row.content, content):
                return self._again(row, run)
            if row.mendable:
                return None
            raise outbox.changed()
        if self.delivering.store.row(signal_id, VERSION) is not None:
            # A row that lives no longer makes room at once, not at the next round of destruction.
            self.delivering.store.destroy(self._now())
        entry = self._alive_entry(signal_id, VERSION)
        if entry is None:
            return None
        if entry.content is None or entry.answer is None:
            return self.delivering.resend(entry, draft, content, account)
        if not _same(entry.content, content):
            raise outbox.changed()
        return Delivered(outbox.kept_answer(entry.answer), repeated=True)

    def _again(self, row: Row, run: UUID | None) -> Delivered | Waiting:
        """The same signal, sent again while it is in the outbox: a chance to try at once, unless an import is to spare the others."""
        now = self._now()
        resting = now < row.next_at or self.delivering.rest.resting(now)
        if run is not None and row.state_at(now) is State.WAITS and resting:
            return Waiting(row)
        held = self.delivering.held(row)
        if held is None:
            return Waiting(self.delivering.store.row(row.signal_id) or row)
        return _told(self.delivering.attempt(*held))

    # ---- a new one ----------------------------------------------------------------------------------------

    def _row(  # noqa: PLR0913, PLR0917 - one row in its parts
        self,
        account: Account,
        draft: Draft,
        persons: list[Person],
        content: bytes,
        signal_id: UUID,
        run: UUID | None,
        since: Row | datetime,
    ) -> Row:
        """The row of a new signal, or the new content of a refused one, whose term goes on counting."""
        mended = since if isinstance(since, Row) else None
        first = since.first_processed_at if isinstance(since, Row) else since
        delivering = self.delivering
        kept = Kept.of(
            draft, Secret(delivering.randomness(NONCE_SIZE)), Secret(delivering.randomness(NONCE_SIZE))
        )
        place = casebook.place(delivering.organisation, outbox.TABLE, signal_id, VERSION)
        return Row(
            signal_id=signal_id,
            version=VERSION,
            officer=account.officer,
            role=account.role,
            run=mended.run if mended else run,
            handle=mended.handle if mended else delivering.randomness(16).hex(),
            first_processed_at=first,
            expires_on=term(draft, persons, first),
            state=State.UNDERWAY.value,
            attempts=1,
            next_at=first,
            claimed_until=None,
            content=content,
            sealed=casebook.sealed(kept, delivering.seal, place),
        )

    def _first(self, row: Row, claim: Claim, *, spared: bool, mended: bool) -> Delivered | Waiting:
        if spared and self.delivering.rest.resting(self._now()):
            return self.delivering.spare(row, claim)
        outcome = self.delivering.attempt(row, claim, first=True)
        if isinstance(outcome, Refused) and not mended:
            # Whoever is told no at once has everything at hand still; a row that may stand at the register stays.
            self.delivering.store.discard(row.signal_id, row.version, self._now())
        return _told(outcome)

    def retry(self, account: Account, signal_id: UUID) -> Delivered | Waiting:
        """Try a signal of the outbox again, unchanged, without waiting for its turn.

        Raises:
            Refusal: 404, 409 while it is being sent, or why it was refused again.
        """
        row, entry = self._reachable(account, signal_id)
        if row is None:
            if entry is None or entry.answer is None:
                raise outbox.not_here()
            return Delivered(outbox.kept_answer(entry.answer), repeated=True)
        held = self.delivering.held(row)
        if held is None:
            raise outbox.underway()
        return _told(self.delivering.attempt(*held))

    def discard(self, account: Account, signal_id: UUID) -> None:
        """Throw away a signal that was refused and certainly stands nowhere; doing it again changes nothing.

        Raises:
            Refusal: 409 for what waits or may stand at the register.
        """
        row, entry = self._reachable(account, signal_id)
        if row is None:
            if entry is not None:
                raise outbox.not_mendable()
            return
        if not self.delivering.store.discard(row.signal_id, row.version, self._now()):
            raise outbox.not_mendable()

    def _reachable(self, account: Account, signal_id: UUID) -> tuple[Row | None, Entry | None]:
        """What waits of a signal and what is kept of it, as far as it is there for this person."""
        require(account, "signaal_indienen")
        if not self._is_there(account, signal_id):
            return None, None
        return self._alive_row(signal_id), self._alive_entry(signal_id)

    # ---- a later version ----------------------------------------------------------------------------------

    def correct(
        self, account: Account, signal_id: UUID, draft: Draft, correction: str
    ) -> Delivered | Waiting:
        """Put a later version in the place of what the register has of an own signal; its term goes on from the first processing.

        Sent again with the same content it is the same version.

        Raises:
            Refusal: 403 for the role, 400 for an unknown reason or with every field that is wrong, 404 for what is not here, 409 while an earlier change is under way, or the register's own.
        """
        require(account, "signaal_verrijken_corrigeren_intrekken")
        if correction not in CORRECTIONS:
            raise _unknown_correction()
        entry = self._alive_entry(signal_id)
        if self._withdrawn(signal_id):
            raise outbox.withdrawn()
        if entry is None:
            raise outbox.not_here()
        persons, wrong = self._read(draft, self._now())
        content = self._content(draft)
        if wrong or content is None:
            raise _invalid(wrong)
        waiting = self._alive_row(signal_id)
        if waiting is not None:
            if _same(waiting.content, content):
                return self._again(waiting, None)
            raise outbox.underway()
        if _same(content, entry.content) and entry.answer is not None:
            return Delivered(outbox.kept_answer(entry.answer), repeated=True)
        self.plates.require_room(account, draft, None)
        row, claim = (
            self._later(account, entry, draft, persons, content, correction),
            self.delivering.new_claim(),
        )
        if not self.delivering.store.put(row, claim, self._told(draft, row)):
            raise outbox.underway()
        self._processed(account, draft, signal_id)
        return self._first(row, claim, spared=False, mended=False)

    def _later(  # noqa: PLR0913, PLR0917 - one row in its parts
        self,
        account: Account,
        entry: Entry,
        draft: Draft,
        persons: list[Person],
        content: bytes,
        correction: str,
    ) -> Row:
        delivering, version, now = self.delivering, entry.version + 1, self._now()
        nonce, seed = (Secret(delivering.randomness(NONCE_SIZE)) for _which in range(2))
        place = casebook.place(delivering.organisation, outbox.TABLE, entry.signal_id, version)
        return Row(
            signal_id=entry.signal_id,
            version=version,
            officer=account.officer,
            role=account.role,
            run=None,
            handle=delivering.randomness(16).hex(),
            first_processed_at=entry.first_processed_at,
            expires_on=min(term(draft, persons, entry.first_processed_at), entry.expires_on),
            state=State.UNDERWAY.value,
            attempts=1,
            next_at=now,
            claimed_until=None,
            content=content,
            sealed=casebook.sealed(Kept.of(draft, nonce, seed, correction), delivering.seal, place),
        )

    # ---- afterwards ---------------------------------------------------------------------------------------

    def release(self, account: Account, decision_id: UUID, signal_id: UUID) -> Fase2Stand:
        """Release an own signal for phase 2, with what was sealed here.

        Raises:
            Refusal: no such signal here, or the register refuses.
        """
        require(account, "contact_vrijgeven")
        entry = self._alive_entry(signal_id)
        if entry is None or not entry.acknowledged:
            raise Refusal(
                404,
                "signaal-niet-hier",
                _("Dit signaal staat niet in het dossier van deze organisatie."),
                _("Alleen de organisatie die het signaal bewaarde, kan het vrijgeven."),
                way_forward=_("Kijk bij de treffers welk signaal van uw organisatie is."),
                fields=(FieldError("signaalId", _("Dit nummer kennen we hier niet.")),),
                rule="C20",
            )
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSE,
            # The decision is the case (C1).
            zaaknummer=f"BESLUIT-{decision_id.hex[:12].upper()}",
            reden="fase_2_vrijgeven",
        )
        register, organisation = self.delivering.register, self.delivering.organisation
        try:
            ground = own_ground(register.grounds(acting))
            release = Vrijgave(
                organisatie=organisation, signaal_id=signal_id, ontzegeld=self._unsealed(entry)
            )
            state = register.release(
                str(decision_id),
                release,
                acting.model_copy(update={"grondslag": ground}),
                decision_id.hex + signal_id.hex,
            )
            register.keep_receipt("vrijgave", account.officer, state.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return state

    def withdraw(self, account: Account, signal_id: UUID, reason: str) -> Withdrawn:
        """Withdraw an own signal; withdrawing it again changes nothing.

        Whose signal it is, is for the register to say: also what is no longer in the casebook can be withdrawn.

        Raises:
            Refusal: 403 for the role, 400 for an unknown reason, 409 while it is being sent, the register's own (404 for what is not ours), or 503.
        """
        require(account, "signaal_verrijken_corrigeren_intrekken")
        if reason not in WITHDRAWALS:
            raise _unknown_withdrawal()
        store = self.delivering.store
        row = store.row(signal_id)
        if row is not None:
            return self._withdraw_waiting(account, row, reason)
        entry = self.casebook.entry(signal_id)
        answer = self._withdraw_there(account, signal_id, reason)
        longest = expires_on(Category.TAKEN_UP, self._now())
        store.withdraw(signal_id, longest if entry is None else entry.expires_on, None)
        return Withdrawn(signal_id, answer)

    def _withdraw_waiting(self, account: Account, row: Row, reason: str) -> Withdrawn:
        held = self.delivering.held(row)
        if held is None:
            raise outbox.underway()
        store, answer = self.delivering.store, None
        current, claim = held
        try:
            if current.maybe or self.casebook.entry(row.signal_id) is not None:
                # Not there yet is not never there: the register is to refuse what may still arrive. Of a later version the one before is there.
                answer = self._withdraw_there(account, row.signal_id, reason, under_way=current.maybe)
        except Refusal:
            store.release(current, claim, State(row.state))
            raise
        if not store.withdraw(row.signal_id, row.expires_on, (current, claim)):
            raise outbox.underway()
        return Withdrawn(row.signal_id, answer)

    def _withdraw_there(
        self, account: Account, signal_id: UUID, reason: str, *, under_way: bool = False
    ) -> SignaalIngetrokken:
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSE,
            # The signal is the case (C1).
            zaaknummer=f"SIGNAAL-{signal_id.hex[:12].upper()}",
            reden="signaal_intrekken",
        )
        key = seed_for(self.identity, "intrekking", account.officer, signal_id.hex, reason)
        register, organisation = self.delivering.register, self.delivering.organisation
        try:
            ground = own_ground(register.grounds(acting))
            answer = register.withdraw(
                str(signal_id),
                Intrekking(organisatie=organisation, reden=reason, onderweg=under_way),
                acting.model_copy(update={"grondslag": ground}),
                key.reveal()[:16].hex(),
            )
            register.keep_receipt("intrekking", account.officer, answer.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return answer

    def _unsealed(self, entry: Entry) -> Ontzegeld | None:
        place = casebook.place(self.delivering.organisation, casebook.TABLE, entry.signal_id, entry.version)
        try:
            kept = casebook.opened(entry.sealed, self.delivering.seal, place)
        except BrokenSealError:
            raise outbox.closed() from None
        seen = kept.observation
        if not is_sexual(seen.form, seen.basis, seen.control_type):
            return None
        return Ontzegeld(
            nonce=kept.nonce.reveal(),
            uitbuitingsvorm=seen.form,
            waarneming_grondslag=seen.basis,
            controlesoort=seen.control_type,
            aanwijzingen=sorted(seen.indicators),
            subjecten=[OntzegeldSubject(ref=ref, rol=role) for ref, role in sorted(seen.roles)],
        )


def _unknown_withdrawal() -> Refusal:
    reason = _("Kies een reden uit: {codes}.").format(codes=", ".join(WITHDRAWALS))
    return Refusal(
        400,
        "onbekende-reden",
        _("Deze reden kennen we niet."),
        _("Er is niets ingetrokken."),
        way_forward=_("Kies een code uit de lijst en probeer het opnieuw."),
        fields=(FieldError("reden", reason),),
    )


def _unknown_correction() -> Refusal:
    reason = _("Kies een reden uit: {codes}.").format(codes=", ".join(CORRECTIONS))
    return Refusal(
        400,
        "onbekende-reden",
        _("Deze reden kennen we niet."),
        _("Er is niets gewijzigd."),
        way_forward=_("Kies een code uit de lijst en probeer het opnieuw."),
        fields=(FieldError("correctie", reason),),
    )


def _invalid(wrong: list[FieldError]) -> Refusal:
    return Refusal(
        400,
        "ongeldig-signaal",
        _("Dit signaal kan zo niet worden bewaard."),
        _("Er is niets opgeslagen."),
        way_forward=_("Verbeter de genoemde gegevens en probeer het opnieuw."),
        fields=tuple(dict.fromkeys(wrong)),
    )


def _field_problems(draft: Draft, today: date) -> list[FieldError]:
    found = []
    if draft.observed_on > today:
        found.append(
            FieldError("waargenomen", _("Deze datum ligt in de toekomst. Vul in wanneer u het zag."))
        )
    if draft.handling not in HANDLING:
        found.append(FieldError("beoordeling.behandeling", _("Kies H1, H2 of H3.")))
    if not set(draft.quality) <= set(QUALITY_POINTS):
        found.append(
            FieldError("kwaliteitscontrole", _("Kies uit: {codes}.").format(codes=", ".join(QUALITY_POINTS)))
        )
    return found


def _same(one: bytes, other: bytes | None) -> bool:
    return other is not None and hmac.compare_digest(one, other)


def _told(outcome: Outcome) -> Delivered | Waiting:
    if isinstance(outcome, Refused):
        raise outcome.refusal
    return outcome

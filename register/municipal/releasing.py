# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Releasing a narrative and chosen attributes to one recipient, by two people (docs/spec/sealed-release.md).

1. One proposes: which signal, which one recipient, which fields, each with a ground. Nothing is opened.
2. Another, with the same mandate, approves (C5). Only then the record is opened here, sealed to the recipient's key, and the zegel sent; the same zegel again if it must be.
3. The key is fetched for it and believed only under the pin of this node (`register.recipients`): a swapped, foreign, older, expired or withdrawn key is refused and named.
4. Reasons that are our own signal's (no contact with the police, care only) are told here. What the register refuses because of others' signals it does not explain.
5. What was handed over to an investigation and fetched is destroyed here: the narrative's term ends on hand-off (R5).

A recipient is recalled by the owner alone, and only before the zegel was fetched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from register.accounts import Account
from register.enrolment import fingerprint, require_fingerprint
from register.municipal import casebook, outbox
from register.municipal.accounts import require
from register.municipal.asking import chosen_ground
from register.municipal.casebook import Entry, Kept
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.processing import Processing
from register.municipal.proposals import (
    Chosen,
    GoneFieldError,
    Proposal,
    ProposalState,
    content_of,
    narrative_place,
)
from register.municipal.sealing import BrokenSealError, Seal
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.zegel import Bound, TooLargeError, seal
from register.recipients import (
    NARRATIVE,
    PURPOSES_OF,
    Fault,
    KeyFault,
    KeyStatement,
    believed,
    next_pin,
    pinned,
    refusal,
)
from register.retention import narrative_expires_on, visible
from register.wire import (
    ActingFor,
    GrondslagOverzicht,
    Ontvanger,
    Ontvangstsleutel,
    TweedePersoon,
    ZegelLijst,
    ZegelVeld,
    ZegelVrijgave,
)

ACTION: Final = "verhaal_vrijgeven"
INVESTIGATION: Final = "opsporing_handoff"
MOST_FIELDS: Final = 100


@dataclass(frozen=True)
class Wish:
    """What somebody wants to release."""

    signal_id: UUID
    treffer_id: UUID | None
    recipient: Ontvanger
    chosen: Sequence[Chosen]


@dataclass(frozen=True)
class Known:
    """A recipient as this node knows it.

    Attributes:
        organisation: its code.
        version: of its newest key, as the register serves it.
        roles: that may receive there.
        fingerprint: of the signing key that was pinned here; "" before that. What the register serves is not shown: it must come from the other person.
        fault: why nothing can be sealed to it now; None if something can.
    """

    organisation: str
    version: int
    roles: Sequence[str]
    fingerprint: str
    fault: Fault | None


@dataclass(frozen=True)
class Releasing:
    """The use case, with what it needs; `log` is the name of the register's log."""

    store: ReleaseStore
    casebook: CasebookStore
    register: RegisterClient
    seal: Seal
    organisation: str
    log: str
    clock: Clock
    randomness: Randomness
    processing: Processing

    # ---- recipients ---------------------------------------------------------------------------------------------------

    def recipients(self, account: Account) -> list[Known]:
        """Who may be released to, and whether their keys are believed here.

        Raises:
            Refusal: 403 for the role, the register's own, or 503.
        """
        found = self._served(account)
        return [self._known(one) for one in found]

    def pin(self, account: Account, organisation: str, told: str) -> Known:
        """Remember the signing key of an organisation whose fingerprint somebody read out.

        Raises:
            Refusal: 403 for the role, 404 no key of it, 400 another fingerprint, or the register's own.
        """
        require(account, "accounts_beheren")
        found = next((one for one in self._served(account) if one.organisatie == organisation), None)
        said = None if found is None else _read(found)
        if found is None or said is None or said.organisation != organisation:
            raise _no_key(organisation)
        require_fingerprint(
            told, said.signer.encode(), _("de sleutel van {organisatie}").format(organisatie=organisation)
        )
        self.store.put_pin(pinned(self.store.pin(organisation), said), account.officer, self.clock())
        return self._known(found)

    def _known(self, one: Ontvangstsleutel) -> Known:
        pin, fault = self.store.pin(one.organisatie), None
        try:
            believed(one.verklaring, pin, one.organisatie, self.clock().date())
        except KeyFault as found:
            fault = found.fault
        told = "" if pin is None else fingerprint(pin.signer.encode())
        return Known(one.organisatie, one.versie, one.rollen, told, fault)

    def _served(self, account: Account) -> list[Ontvangstsleutel]:
        manages = account.role == "functioneel_beheerder"
        require(account, "accounts_beheren" if manages else ACTION)
        acting = self._acting(account, "beheer" if manages else "signalering")
        try:
            found = self.register.recipient_keys(acting)
            self.register.keep_receipt("ontvangstsleutels", account.officer, found.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return found.sleutels

    def _key(self, account: Account, organisation: str) -> KeyStatement:
        """The key to which something may be sealed for this organisation.

        Raises:
            Refusal: 409, with what is wrong with it.
        """
        found = next((one for one in self._served(account) if one.organisatie == organisation), None)
        if found is None:
            raise _no_key(organisation)
        pin = self.store.pin(organisation)
        try:
            said = believed(found.verklaring, pin, organisation, self.clock().date())
        except KeyFault as fault:
            raise refusal(fault.fault, organisation) from None
        if pin is not None:
            self.store.seen(next_pin(pin, said))
        return said

    # ---- proposing ----------------------------------------------------------------------------------------------------

    def propose(self, account: Account, wish: Wish) -> Proposal:
        """Propose a release; nothing is opened and nothing leaves.

        Raises:
            Refusal: 403 for the role, 404 for the signal, 400 for fields, 409 for the recipient's key or because of the own signal.
        """
        require(account, ACTION)
        entry = self._entry(wish.signal_id)
        _require_wish(wish)
        kept = self._opened(entry)
        self._require_there(wish.chosen, entry, kept)
        _require_own_leave(wish.recipient, kept)
        self._require_grounds(account, wish)
        self._key(account, wish.recipient.organisatie)
        proposal = Proposal(
            release_id=UUID(bytes=self.randomness(16), version=4),
            signal_id=entry.signal_id,
            version=entry.version,
            treffer_id=wish.treffer_id,
            recipient=wish.recipient,
            chosen=tuple(wish.chosen),
            state=ProposalState.PROPOSED,
            proposed_by=account.officer,
            proposed_role=account.role,
            proposed_at=self._now(),
        )
        self.store.propose(proposal)
        self._processed(account, _("Vrijgave van een verhaal voorgesteld"), entry, kept)
        return proposal

    def _require_there(self, chosen: Sequence[Chosen], entry: Entry, kept: Kept) -> None:
        try:
            content_of(chosen, self._narrative(entry), kept.draft)
        except GoneFieldError:
            raise _not_there() from None

    def _require_grounds(self, account: Account, wish: Wish) -> None:
        offered = {one.id for one in self._grounds(account, wish.recipient)}
        wrong = [
            FieldError(f"velden.{place}.grondslag", _("Deze grondslag geldt hier vandaag niet."))
            for place, one in enumerate(wish.chosen)
            if one.ground not in offered
        ]
        if wrong:
            raise _wrong(wrong)

    def _grounds(self, account: Account, recipient: Ontvanger) -> Sequence[GrondslagOverzicht]:
        try:
            return self.register.grounds(self._acting(account, _purpose(recipient)))
        except RegisterAwayError as away:
            raise away.refusal() from None

    # ---- deciding -----------------------------------------------------------------------------------------------------

    def proposals(self, account: Account) -> list[Proposal]:
        """All proposals of the organisation, newest first.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, ACTION)
        return self.store.proposals()

    def approve(self, account: Account, release_id: UUID) -> Proposal:
        """Approve somebody else's proposal: open, seal, and send.

        Raises:
            Refusal: 403 for the role or the own proposal, 404, 409 decided before or the recipient's key, the register's own, or 503; then the proposal stands as it did.
        """
        require(account, ACTION)
        proposal = self._undecided(release_id)
        if proposal.proposed_by == account.officer:
            raise _same_person()
        entry = self._entry(proposal.signal_id)
        if entry.version != proposal.version:
            raise _not_there()
        kept = self._opened(entry)
        _require_own_leave(proposal.recipient, kept)
        key_id, envelope = self._sealed(account, proposal, entry, kept)
        sent = self._message(proposal, entry, key_id, envelope)
        acting = self._acting(account, _purpose(proposal.recipient), proposal.signal_id)
        name = _("Verhaal verzegeld vrijgegeven")
        people = [self.processing.subject(str(entry.signal_id), ref) for ref, _role in kept.observation.roles]
        with self.processing.action(name, acting.doel, account.role, self.processing.trace(), people):
            self._send(account, acting, sent)
        by = (account.officer, account.role)
        self.store.move(release_id, ProposalState.PROPOSED, ProposalState.SENT, self._now(), by)
        after = self.store.proposal(release_id)
        if after is None or after.state is ProposalState.REJECTED:
            # Somebody rejected it while it was on its way.
            self._recall(account, proposal)
            raise _decided()
        return after

    def _send(self, account: Account, acting: ActingFor, sent: ZegelVrijgave) -> None:
        try:
            ground = chosen_ground(self.register.grounds(acting))
            done = self.register.release_sealed(
                sent, acting.model_copy(update={"grondslag": ground}), sent.vrijgave_id.hex
            )
            self.register.keep_receipt("zegel", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None

    def _sealed(self, account: Account, proposal: Proposal, entry: Entry, kept: Kept) -> tuple[str, bytes]:
        """The zegel, to the key that is believed today; one that was made for that key before is sent again."""
        said = self._key(account, proposal.recipient.organisatie)
        key, key_id = said.key or b"", said.key_id or ""
        if proposal.envelope is not None and proposal.key_id == key_id:
            return key_id, proposal.envelope
        try:
            content = content_of(proposal.chosen, self._narrative(entry), kept.draft)
            envelope = seal(content, key, self._bound(proposal, key_id))
        except GoneFieldError:
            raise _not_there() from None
        except TooLargeError:
            raise _too_large() from None
        except ValueError:
            # A public key with which nothing can be sealed: HPKE says no.
            raise refusal(Fault.UNREADABLE, proposal.recipient.organisatie) from None
        # Of two who approve at once the first one's zegel is the one that leaves; of what was rejected meanwhile, none.
        self.store.sealed_to(proposal.release_id, key_id, envelope)
        made = self.store.proposal(proposal.release_id)
        if made is None or made.state is not ProposalState.PROPOSED or made.envelope is None:
            raise _decided()
        return key_id, made.envelope

    def _bound(self, proposal: Proposal, key_id: str) -> Bound:
        recipient = proposal.recipient
        return Bound(
            self.log,
            self.organisation,
            proposal.signal_id,
            proposal.version,
            (recipient.organisatie, recipient.rol, recipient.medewerker or ""),
            key_id,
            proposal.release_id,
        )

    def _message(self, proposal: Proposal, entry: Entry, key_id: str, envelope: bytes) -> ZegelVrijgave:
        fields = dict.fromkeys((one.kind, one.ground) for one in proposal.chosen)
        return ZegelVrijgave(
            organisatie=self.organisation,
            vrijgave_id=proposal.release_id,
            signaal_id=proposal.signal_id,
            versie=proposal.version,
            treffer_id=proposal.treffer_id,
            ontvanger=proposal.recipient,
            tweede=TweedePersoon(medewerker=proposal.proposed_by, rol=proposal.proposed_role),
            velden=[ZegelVeld(veld=kind, grondslag=ground) for kind, ground in fields],
            sleutel=key_id,
            bewaren_tot=narrative_expires_on(entry.first_processed_at, entry.expires_on),
            zegel=envelope,
        )

    def reject(self, account: Account, release_id: UUID) -> Proposal:
        """It is not released. Also one's own, which takes the proposal back; what may have left already is recalled first.

        Raises:
            Refusal: 403 for the role, 404, 409 decided before or fetched, the register's own, or 503; then the proposal stands as it did.
        """
        require(account, ACTION)
        proposal = self._undecided(release_id)
        if proposal.key_id is not None:
            self._recall(account, proposal)
        by = (account.officer, account.role)
        if not self.store.move(release_id, ProposalState.PROPOSED, ProposalState.REJECTED, self._now(), by):
            raise _decided()
        return self.store.proposal(release_id) or proposal

    def recall(self, account: Account, release_id: UUID) -> Proposal:
        """Take back what was sent and not fetched.

        Raises:
            Refusal: 403 for the role, 404, 409 it was fetched, the register's own, or 503.
        """
        require(account, ACTION)
        proposal = self.store.proposal(release_id)
        if proposal is None or proposal.state in {ProposalState.PROPOSED, ProposalState.REJECTED}:
            raise _no_proposal()
        if not self._recall(account, proposal):
            raise _no_proposal()
        self.store.move(release_id, ProposalState.SENT, ProposalState.RECALLED, self._now())
        return self.store.proposal(release_id) or proposal

    def _recall(self, account: Account, proposal: Proposal) -> bool:
        """Take it back at the register; False if it never came there, or is there no more.

        Raises:
            Refusal: 409 it was fetched, the register's own, or 503.
        """
        acting = self._acting(account, _purpose(proposal.recipient), proposal.signal_id)
        number = proposal.release_id
        try:
            ground = chosen_ground(self.register.grounds(acting))
            done = self.register.recall_sealed(
                str(number), acting.model_copy(update={"grondslag": ground}), f"terug-{number.hex}"
            )
            self.register.keep_receipt("zegel", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        except Refusal as refused:
            if refused.status != 404:
                raise
            return False
        return True

    # ---- afterwards ---------------------------------------------------------------------------------------------------

    def follow(self, moment: datetime) -> Mapping[str, int]:
        """Ask the register what became of what was sent; what an investigation fetched was handed over, and its narrative goes (R5)."""
        waiting = self.store.may_have_left()
        done = 0
        for purpose in sorted({_purpose(one.recipient) for one in waiting}):
            mine = [one for one in waiting if _purpose(one.recipient) == purpose]
            done += self._followed(mine, purpose, moment)
        return {_("opgehaalde verhalen"): done}

    def _followed(self, waiting: Sequence[Proposal], purpose: str, moment: datetime) -> int:
        found = self._told_of(waiting, purpose, moment)
        if found is None:
            return 0
        fetched = {one.vrijgave_id for one in found.zegels if one.opgehaald_op is not None}
        recalled = {one.vrijgave_id for one in found.zegels if one.teruggehaald_op is not None}
        for one in waiting:
            if one.release_id in fetched:
                self.store.move(one.release_id, one.state, ProposalState.FETCHED, moment)
                told = any(chosen.kind == NARRATIVE for chosen in one.chosen)
                if told and PURPOSES_OF.get(one.recipient.rol) == INVESTIGATION:
                    self.store.destroy_narrative(one.signal_id)
            elif one.release_id in recalled:
                self.store.move(one.release_id, one.state, ProposalState.RECALLED, moment)
        return len(fetched & {one.release_id for one in waiting})

    def _told_of(self, waiting: Sequence[Proposal], purpose: str, moment: datetime) -> ZegelLijst | None:
        """What the register knows of what left, asked for one who released it and still has a mandate; None if it is away or nobody has."""
        people = [(one.decided_by, one.decided_role) for one in waiting]
        people += [(one.proposed_by, one.proposed_role) for one in waiting]
        # Going through what was sent is a case of its own, one a day (C1).
        case = f"VRIJGAVEN-{moment:%Y%m%d}"
        for officer, role in dict.fromkeys(people):
            if officer is None or role is None:
                continue
            acting = self._acting(Account(officer, "", role), purpose).model_copy(update={"zaaknummer": case})
            try:
                ground = chosen_ground(self.register.grounds(acting))
                found = self.register.released(acting.model_copy(update={"grondslag": ground}))
                self.register.keep_receipt("zegels", officer, found.logbewijs)
            except RegisterAwayError:
                return None
            except Refusal:
                continue
            return found
        return None

    # ---- the record ---------------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def _acting(self, account: Account, purpose: str, signal_id: UUID | None = None) -> ActingFor:
        return ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=purpose,
            # The signal is the case (C1).
            zaaknummer=None if signal_id is None else f"SIGNAAL-{signal_id.hex[:12].upper()}",
            reden=ACTION,
        )

    def _entry(self, signal_id: UUID) -> Entry:
        entry = self.casebook.entry(signal_id)
        if entry is None or not entry.acknowledged or not visible(entry.expires_on, self.clock().date()):
            raise outbox.not_here()
        return entry

    def _opened(self, entry: Entry) -> Kept:
        place = casebook.place(self.organisation, casebook.TABLE, entry.signal_id, entry.version)
        try:
            return casebook.opened(entry.sealed, self.seal, place)
        except BrokenSealError:
            raise outbox.closed() from None

    def _narrative(self, entry: Entry) -> str | None:
        return narrative_of(self.store, self.seal, self.organisation, entry, self.clock())

    def _undecided(self, release_id: UUID) -> Proposal:
        proposal = self.store.proposal(release_id)
        if proposal is None:
            raise _no_proposal()
        if proposal.state is not ProposalState.PROPOSED or self.clock() >= proposal.lapses_at:
            raise _decided()
        return proposal

    def _processed(self, account: Account, name: str, entry: Entry, kept: Kept) -> None:
        people = [self.processing.subject(str(entry.signal_id), ref) for ref, _role in kept.observation.roles]
        self.processing.done(name, "signalering", account.role, people)


def narrative_of(
    store: ReleaseStore, seal_: Seal, organisation: str, record: Entry | outbox.Row, now: datetime
) -> str | None:
    """The narrative of a record, opened; None if there is none (any more).

    Raises:
        Refusal: 409, it does not open under this seal.
    """
    found = store.narrative(record.signal_id, record.version, now.date())
    if found is None:
        return None
    version, sealed = found
    try:
        return seal_.open(sealed, narrative_place(organisation, record.signal_id, version)).decode()
    except BrokenSealError:
        raise outbox.closed() from None


def _purpose(recipient: Ontvanger) -> str:
    """For which purpose the owner acts: help for whoever helps, signalling for everybody else."""
    return "hulpverlening" if PURPOSES_OF.get(recipient.rol) == "hulpverlening" else "signalering"


def _read(one: Ontvangstsleutel) -> KeyStatement | None:
    try:
        return KeyStatement.read(one.verklaring)
    except KeyFault:
        return None


def _require_wish(wish: Wish) -> None:
    wrong = []
    if wish.recipient.rol not in PURPOSES_OF:
        wrong.append(FieldError("ontvanger.rol", _("Deze rol kan geen verhaal ontvangen.")))
    if not 1 <= len(wish.chosen) <= MOST_FIELDS:
        wrong.append(FieldError("velden", _("Kies ten minste één gegeven.")))
    if len({(one.kind, one.ref, one.place) for one in wish.chosen}) != len(wish.chosen):
        wrong.append(FieldError("velden", _("Kies elk gegeven één keer.")))
    if wrong:
        raise _wrong(wrong)


def _require_own_leave(recipient: Ontvanger, kept: Kept) -> None:
    """Returns only if the own signal itself does not stand in the way: this is the owner's, and may be told.

    Raises:
        Refusal: 409, naming the condition.
    """
    if kept.draft is None or PURPOSES_OF[recipient.rol] != INVESTIGATION:
        return
    if kept.draft.tracks.geen_politiecontact:
        raise Refusal(
            409,
            "geen-politiecontact",
            _("Dit verhaal gaat niet naar de opsporing."),
            _("Bij dit signaal staat dat de persoon geen contact met de politie wil."),
            way_forward=_(
                "Geef het vrij aan de zorgcoördinator. Wil de persoon nu wel contact, verbeter dan eerst het signaal."
            ),
            rule="C7",
        )
    if kept.draft.handling == "H3":
        raise Refusal(
            409,
            "alleen-voor-zorg",
            _("Dit verhaal gaat niet naar de opsporing."),
            _("Dit signaal mag alleen voor zorg worden gebruikt (H3)."),
            way_forward=_("Geef het vrij aan de zorgcoördinator, of verbeter eerst het signaal."),
            rule="C22",
        )


def _wrong(fields: Sequence[FieldError]) -> Refusal:
    return Refusal(
        400,
        "ongeldige-vrijgave",
        _("Zo kan dit niet worden vrijgegeven."),
        _("Er is niets geopend en niets verstuurd."),
        way_forward=_("Verbeter de genoemde velden en probeer het opnieuw."),
        fields=tuple(fields),
    )


def _not_there() -> Refusal:
    return Refusal(
        409,
        "gegeven-weg",
        _("Niet alles wat u koos, is er (nog)."),
        _(
            "Een verhaal wordt na twaalf maanden of bij overdracht vernietigd, en een verbeterd signaal heeft een nieuwe versie. Er is niets verstuurd."
        ),
        way_forward=_("Open het signaal in het dossier en stel de vrijgave opnieuw voor."),
        fields=(FieldError("velden", _("Kies gegevens die in het dossier staan.")),),
    )


def _too_large() -> Refusal:
    return Refusal(
        409,
        "te-veel",
        _("Dit is te veel voor één vrijgave."),
        _("Er is niets verstuurd."),
        way_forward=_("Kies minder gegevens: alleen wat de ontvanger nodig heeft."),
    )


def _no_key(organisation: str) -> Refusal:
    return Refusal(
        404,
        "geen-ontvangstsleutel",
        _("{organisatie} kan nu niets ontvangen.").format(organisatie=organisation),
        _("Er is geen sleutel van deze organisatie ingeschreven. Er is niets verzegeld."),
        way_forward=_("Vraag de organisatie om een ontvangstsleutel te laten inschrijven bij het register."),
        rule="C14",
    )


def _no_proposal() -> Refusal:
    return Refusal(
        404,
        "geen-voorstel",
        _("Dit voorstel is er niet."),
        _("Er is hier geen vrijgave met dit nummer, of zij is verlopen."),
        way_forward=_("Kijk in de lijst met vrijgaven."),
    )


def _decided() -> Refusal:
    return Refusal(
        409,
        "voorstel-besloten",
        _("Over dit voorstel is al besloten, of het is verlopen."),
        _("Er is niets veranderd."),
        way_forward=_("Kijk in de lijst met vrijgaven, en stel zo nodig opnieuw voor."),
    )


def _same_person() -> Refusal:
    return Refusal(
        403,
        "zelfde-persoon",
        _("U kunt uw eigen voorstel niet goedkeuren."),
        _("Vrijgeven doen twee mensen samen: de een stelt voor, de ander keurt goed."),
        way_forward=_("Vraag een collega die ook aandachtsfunctionaris is."),
        rule="C5",
    )

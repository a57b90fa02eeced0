# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What others released to somebody here: fetched, opened with the own key, kept sealed, shown for a reason, destroyed after its term (docs/spec/sealed-release.md).

The zegel is opened when it is fetched, so that one that does not open is known at once, and sealed again under the node's own seal. What is shown is shown once for each reason that is given,
and that is kept with who looked. Nothing of it goes anywhere else from here: no import, no export, no match key is made of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from audit.note import Signer
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from process.secret import Secret
from process.serving.errors import SettingsError
from register.accounts import Account
from register.municipal import outbox
from register.municipal.accounts import require
from register.municipal.asking import chosen_ground
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.dossier import LOOKS, Look
from register.municipal.processing import Processing
from register.municipal.proposals import Received, received_place
from register.municipal.sealing import BrokenSealError, Seal
from register.municipal.store.looks import LookStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.store.sealed import SealedStore, secret_place
from register.municipal.zegel import Bound, BrokenZegelError, Content, unseal
from register.recipients import LONGEST, PURPOSES_OF, KeyStatement, key_id, signed, signer_name
from register.retention import narrative_expires_on
from register.wire import ActingFor, ZegelOpgehaald, ZegelStand

ACTION: Final = "verhaal_ontvangen"
ON_THE_WAY: Final = timedelta(days=31)
"""After the term of a key: the register keeps a zegel for thirty days, and took it on the last day of the term at the latest."""


@dataclass(frozen=True)
class Inbox:
    """What waits at the register for this person, and what is here."""

    waiting: Sequence[ZegelStand]
    here: Sequence[Received]


@dataclass(frozen=True)
class Shown:
    """One that is opened."""

    received: Received
    content: Content = field(repr=False)
    looks: Sequence[Look] = ()


@dataclass(frozen=True)
class OwnKeys:
    """The own keys to which others seal: made here, the private halves sealed like every secret of the organisation."""

    store: ReleaseStore
    kept: SealedStore
    seal: Seal
    organisation: str
    randomness: Randomness

    def make(self, signer: Signer, moment: datetime, days: int) -> str:
        """A new key, and the verklaring about it; durable before it is returned.

        Raises:
            SettingsError: the signing key bears another name, or the term cannot be.
        """
        private = X25519PrivateKey.from_private_bytes(self.randomness(32))
        public = private.public_key().public_bytes_raw()
        note = self._statement(signer, public, moment, days)
        name = _secret_name(key_id(public))
        place = secret_place(self.organisation, name)
        self.kept.put_secret(name, self.seal.close(private.private_bytes_raw(), place))
        self._keep(note, moment)
        return note

    def withdraw(self, signer: Signer, moment: datetime, days: int) -> str:
        """A verklaring that there is no key any more.

        Raises:
            SettingsError: as `make`.
        """
        note = self._statement(signer, None, moment, days)
        self._keep(note, moment)
        return note

    def _statement(self, signer: Signer, public: bytes | None, moment: datetime, days: int) -> str:
        if signer.name != signer_name(self.organisation):
            raise SettingsError(
                _("Deze ondertekensleutel heet {naam}; hij hoort {wanted} te heten.").format(
                    naam=signer.name, wanted=signer_name(self.organisation)
                )
            )
        if not 1 <= days <= LONGEST.days:
            raise SettingsError(_("Kies van 1 tot {meest} dagen.").format(meest=LONGEST.days))
        made = self.store.own_keys()
        version = KeyStatement.read(made[-1]).version + 1 if made else 1
        today = moment.date()
        said = KeyStatement(
            self.organisation, version, public, today, today + timedelta(days=days), signer.verifier.vkey
        )
        return signed(said, signer)

    def _keep(self, note: str, moment: datetime) -> None:
        self.store.put_own_key(KeyStatement.read(note).version, note, moment)

    def destroy_expired(self, today: date) -> int:
        """Destroy private halves under which nothing can be on its way any more, so that who takes this node later opens nothing that was kept of the way; gives how many."""
        done = 0
        for note in self.store.own_keys():
            said = KeyStatement.read(note)
            if said.key_id is not None and said.valid_until + ON_THE_WAY <= today:
                done += self.kept.destroy_secret(_secret_name(said.key_id))
        return done

    def private(self, key: str) -> X25519PrivateKey | None:
        """The private half of the key of this name; None if it was not made here."""
        name = _secret_name(key)
        sealed = self.kept.secret(name)
        if sealed is None:
            return None
        raw = Secret(self.seal.open(sealed, secret_place(self.organisation, name)))
        return X25519PrivateKey.from_private_bytes(raw.reveal())


@dataclass(frozen=True)
class Receiving:
    """The use case, with what it needs; `log` is the name of the register's log."""

    store: ReleaseStore
    looks: LookStore
    keys: OwnKeys
    register: RegisterClient
    seal: Seal
    organisation: str
    log: str
    clock: Clock
    randomness: Randomness
    processing: Processing

    def inbox(self, account: Account, case: str) -> Inbox:
        """What waits for this person, and what was fetched before.

        Raises:
            Refusal: 403 for the role, the register's own, or 503.
        """
        require(account, ACTION)
        acting = self._acting(account, case)
        try:
            found = self.register.waiting_sealed(self._grounded(acting))
            self.register.keep_receipt("zegels", account.officer, found.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        here = self._here(account)
        known = {one.release_id for one in here}
        return Inbox([one for one in found.zegels if one.vrijgave_id not in known], here)

    def here(self, account: Account) -> list[Received]:
        """What was fetched before; the register is not asked.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, ACTION)
        return self._here(account)

    def _here(self, account: Account) -> list[Received]:
        found = self.store.received(self.clock().date())
        return [one for one in found if one.for_officer(account.officer, account.role)]

    def fetch(self, account: Account, release_id: UUID, case: str) -> Received:
        """Fetch, open, and keep under the own seal; fetching it again changes nothing.

        Raises:
            Refusal: 403 for the role, the register's own (404 for what is not for this person), 409 for what does not open, or 503.
        """
        require(account, ACTION)
        known = self._one(account, release_id)
        if known is not None:
            return known
        acting = self._acting(account, case)
        people = [self.processing.subject(str(release_id), "zegel")]
        trace = self.processing.trace()
        with self.processing.action(_("Verhaal ontvangen"), acting.doel, account.role, trace, people):
            try:
                got = self.register.fetch_sealed(
                    str(release_id), self._grounded(acting), f"haal-{release_id.hex}"
                )
                self.register.keep_receipt("zegel", account.officer, got.logbewijs)
            except RegisterAwayError as away:
                raise away.refusal() from None
            content = self._unsealed(account, got, release_id)
            kept = Received(
                release_id=release_id,
                sender=got.organisatie,
                signal_id=got.signaal_id,
                role=got.ontvanger.rol,
                officer=got.ontvanger.medewerker or "",
                kinds=content.kinds,
                received_at=self.clock().replace(microsecond=0),
                # The day is the register's word, and outside the zegel: never longer than a narrative that began today (R5).
                expires_on=narrative_expires_on(self.clock(), got.bewaren_tot),
                sealed=self.seal.close(content.written(), received_place(self.organisation, release_id)),
            )
            self.store.receive(kept)
        return kept

    def _unsealed(self, account: Account, got: ZegelOpgehaald, release_id: UUID) -> Content:
        named = got.ontvanger
        if named.rol != account.role or named.medewerker not in {None, account.officer}:
            # A zegel for a colleague, handed to this person.
            raise _does_not_open()
        try:
            private = self.keys.private(got.sleutel)
            content = None if private is None else unseal(got.zegel, private, self._bound(got, release_id))
        except (BrokenSealError, BrokenZegelError):
            content = None
        if content is None:
            raise _does_not_open()
        return content

    def _bound(self, got: ZegelOpgehaald, release_id: UUID) -> Bound:
        """What we asked for and who we are, with what the register says of the rest: anything that it says wrongly opens nothing."""
        named = got.ontvanger
        return Bound(
            self.log,
            got.organisatie,
            got.signaal_id,
            got.versie,
            (self.organisation, named.rol, named.medewerker or ""),
            got.sleutel,
            release_id,
        )

    def look(self, account: Account, release_id: UUID, reason: str) -> Shown:
        """Show one, for a reason that is kept.

        Raises:
            Refusal: 403 for the role, 400 for the reason, 404, 409 for what does not open.
        """
        require(account, ACTION)
        if reason not in LOOKS:
            raise _unknown_reason()
        found = self._one(account, release_id)
        if found is None:
            raise _not_here()
        try:
            plain = self.seal.open(found.sealed, received_place(self.organisation, release_id))
            content = Content.read(plain)
        except (BrokenSealError, BrokenZegelError):
            raise outbox.closed() from None
        before = self.looks.of(release_id)
        now = self.clock().replace(microsecond=0)
        number = UUID(bytes=self.randomness(16), version=4)
        people = [self.processing.subject(str(release_id), "zegel")]
        purpose, trace = PURPOSES_OF[account.role], self.processing.trace()
        with self.processing.action(_("Ontvangen verhaal geopend"), purpose, account.role, trace, people):
            self.looks.put(Look(number, release_id, account.officer, account.role, reason, True, now))  # noqa: FBT003
        return Shown(found, content, before)

    def destroy(self, account: Account, release_id: UUID) -> None:
        """Destroy one before its term; doing it again changes nothing.

        Raises:
            Refusal: 403 for the role, 404 somebody else's.
        """
        require(account, ACTION)
        if self._one(account, release_id) is None:
            raise _not_here()
        self.store.destroy_received(release_id)

    def destroy_expired(self, moment: datetime) -> Mapping[str, int]:
        """Destroy narratives, what was received, and proposals, each after its term."""
        narratives, received, proposals = self.store.destroy(moment, moment.date())
        return {
            _("verhalen"): narratives,
            _("ontvangen verhalen"): received,
            _("voorstellen tot vrijgave"): proposals,
            _("eigen ontvangstsleutels"): self.keys.destroy_expired(moment.date()),
        }

    def _one(self, account: Account, release_id: UUID) -> Received | None:
        found = self.store.received(self.clock().date(), release_id)
        return next((one for one in found if one.for_officer(account.officer, account.role)), None)

    def _acting(self, account: Account, case: str) -> ActingFor:
        return ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSES_OF[account.role],
            zaaknummer=case,
            reden="verhaal_ontvangen",
        )

    def _grounded(self, acting: ActingFor) -> ActingFor:
        ground = chosen_ground(self.register.grounds(acting))
        return acting.model_copy(update={"grondslag": ground})


def _secret_name(key: str) -> str:
    return f"zegel/{key}"


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


def _not_here() -> Refusal:
    return Refusal(
        404,
        "verhaal-niet-hier",
        _("Dit is hier niet (meer)."),
        _("Het is niet opgehaald, niet voor u, of het is vernietigd."),
        way_forward=_("Kijk bij Ontvangen wat er voor u is."),
    )


def _does_not_open() -> Refusal:
    return Refusal(
        409,
        "zegel-opent-niet",
        _("Dit zegel gaat hier niet open."),
        _(
            "Het is veranderd, hoort bij iets anders, of is gesloten met een sleutel die hier niet is gemaakt."
        ),
        way_forward=_(
            "Bel de afzender op een nummer dat u al kende en laat hem opnieuw vrijgeven. Meld het bij uw FG."
        ),
        rule="C14",
    )

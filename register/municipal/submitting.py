# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A signal: validated here, split, recorded in the casebook, sent, and acknowledged.

1. The person may submit (C2), every code is known, an aanwijzing carries, no date lies in the future, every subject gives a match key.
2. The grounds: the organisation's own, and those for special and criminal data where `register.signals.needs` says so. Without one: refused.
3. What must stay is withheld and bound by a commitment; the exact date stays, its ISO week leaves; whether a minor is derived here.
4. The holders evaluate; until here nothing was stored.
5. The casebook gets its record, durable, with the digest of the message; then the message is sent. Sent again, it is the same message, byte for
   byte: same nonce, same fillers, same first processing. A changed message under the same id is refused, because the register may have the first.
6. Acknowledged: the record is marked. Refused, or certainly not arrived: it is removed. Not known: it stays, and sending again settles it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _
from uuid import UUID

from process.moments import Clock, Randomness
from process.problem import FieldError, PassedOnRefusal, Refusal
from process.secret import Secret
from register.accounts import Account
from register.municipal import casebook
from register.municipal.accounts import require
from register.municipal.asking import own_ground
from register.municipal.attributes import Given, Person, read, without_keys
from register.municipal.clients import RegisterAwayError, RegisterClient, encoded
from register.municipal.controls import latest_date
from register.municipal.pseudonyms import Pseudonymiser
from register.municipal.sealing import BrokenSealError, Seal, expanding, named_seed
from register.municipal.store import NodeStore
from register.retention import Category, category, expires_on
from register.signals import (
    HANDLING,
    NONCE_SIZE,
    QUALITY_POINTS,
    Observation,
    carries,
    commitment,
    is_sexual,
    needs,
    problems,
    withhold,
)
from register.wire import (
    ActingFor,
    Beoordeling,
    Fase2Stand,
    GrondslagOverzicht,
    Intrekking,
    Juridisch,
    Kwaliteitscontrole,
    Minderjarig,
    Ontzegeld,
    OntzegeldSubject,
    SignaalIndienen,
    SignaalIngediend,
    SignaalIngetrokken,
    Soort,
    Sporen,
    Subject,
    Verzegeld,
    Vrijgave,
)

PURPOSE = "signalering"
_VERSION = 1

WITHDRAWALS: Mapping[str, str] = {
    "onjuist": _("Wat er staat, klopt niet"),
    "dubbel": _("Hetzelfde signaal staat er twee keer"),
    "bezwaar": _("Iemand over wie het gaat, maakte terecht bezwaar"),
    "onrechtmatig": _("Het had niet bewaard mogen worden"),
}
"""Why a signal is withdrawn; codes only, because a reason stands in the register's log and must not hold a name."""


@dataclass(frozen=True)
class SubjectGiven:
    """One subject as typed: its attributes, role, and kind if said; `place` names its list of attributes."""

    given: Sequence[Given]
    place: str
    role: str
    kind: Soort | None


@dataclass(frozen=True)
class Draft:
    """A whole observation as typed; the codes are not checked yet."""

    subjects: Sequence[SubjectGiven]
    observed_on: date
    basis: str
    control_type: str
    form: str
    indicators: tuple[str, ...]
    source: str
    information: int
    handling: str
    tracks: Sporen
    border: bool
    quality: tuple[str, ...]
    control: str | None

    @property
    def observation(self) -> Observation:
        """The codes that people judge; subjects are numbered s1, s2, ..."""
        return Observation(
            self.form,
            self.basis,
            self.control_type,
            tuple(dict.fromkeys(self.indicators)),
            tuple((_ref(place), subject.role) for place, subject in enumerate(self.subjects)),
        )


def _ref(place: int) -> str:
    return f"s{place + 1}"


@dataclass(frozen=True)
class Submitting:
    """The use case, with what it needs."""

    store: NodeStore
    pseudonymiser: Pseudonymiser
    register: RegisterClient
    seal: Seal
    organisation: str
    gates: frozenset[str]
    clock: Clock
    randomness: Randomness

    def submit(self, account: Account, draft: Draft, request_key: str | None = None) -> SignaalIngediend:
        """Submit a signal.

        Args:
            account: who submits.
            draft: what was typed.
            request_key: the same key makes the same signal, however often it is sent.

        Raises:
            Refusal: 400 with every field that is wrong, 403 without a ground, 503 when register or holders are away.
        """
        now = self.clock().replace(microsecond=0)
        require(account, "signaal_indienen")
        persons = self._checked(draft, now)
        acting = ActingFor(
            medewerker=account.officer, rol=account.role, doel=PURPOSE, zaaknummer=draft.control
        )
        try:
            legal = _legal(draft.observation, self.register.grounds(acting))
            acting = acting.model_copy(update={"grondslag": legal.grondslag})
            signal_id = self._signal_id(account, request_key)
            entry, body, first_try = self._recorded(account, draft, persons, legal, signal_id, now)
            return self._sent(entry, body, acting, first_try=first_try)
        except RegisterAwayError as away:
            raise away.refusal() from None

    def _checked(self, draft: Draft, now: datetime) -> list[Person]:
        today = latest_date(now)
        wrong = [*_field_problems(draft, today), *problems(draft.observation)]
        persons = []
        for subject in draft.subjects:
            person, unreadable = read(subject.given, subject.kind, today=today, gates=self.gates)
            wrong += unreadable or without_keys(person, subject.place)
            persons.append(person)
        if wrong:
            raise Refusal(
                400,
                "ongeldig-signaal",
                _("Dit signaal kan zo niet worden bewaard."),
                _("Er is niets opgeslagen."),
                way_forward=_("Verbeter de genoemde gegevens en probeer het opnieuw."),
                fields=tuple(dict.fromkeys(wrong)),
            )
        return persons

    def _signal_id(self, account: Account, request_key: str | None) -> UUID:
        """A uuid4: random, or random-looking and the same for the same officer and key."""
        if request_key is None:
            return UUID(bytes=self.randomness(16), version=4)
        seed = named_seed(self.seal.secret, "signaal", account.officer, request_key)
        return UUID(bytes=expanding(seed)(16), version=4)

    def _recorded(  # noqa: PLR0913, PLR0917 - one signal in its parts
        self,
        account: Account,
        draft: Draft,
        persons: Sequence[Person],
        legal: Juridisch,
        signal_id: UUID,
        now: datetime,
    ) -> tuple[casebook.Entry, bytes, bool]:
        """The record, the message, and whether this is the first time that it is sent."""
        known = self.store.entry(signal_id)
        if known is None:
            kept = casebook.Kept(
                draft.observed_on,
                draft.observation,
                Secret(self.randomness(NONCE_SIZE)),
                Secret(self.randomness(NONCE_SIZE)),
            )
            handle, first = self.randomness(16).hex(), now
        else:
            kept = casebook.opened(known, self.seal)
            handle, first = known.handle, known.first_processed_at
        message = self._message(account, draft, persons, legal, signal_id, (handle, first, kept))
        body = encoded(message)
        digest = hashlib.sha256(body).digest()
        if known is not None:
            if known.digest != digest or known.officer != account.officer:
                raise _changed()
            return known, body, False
        entry = casebook.Entry(
            signal_id=signal_id,
            version=_VERSION,
            officer=account.officer,
            handle=handle,
            status="concept",
            first_processed_at=first,
            expires_on=expires_on(_category(message), first),
            digest=digest,
            sealed=casebook.sealed(kept, self.seal, signal_id, _VERSION),
        )
        if not self.store.put_entry(entry):
            # Sent twice at the same moment: the other one was first, and its nonce counts.
            return self._recorded(account, draft, persons, legal, signal_id, now)
        return entry, body, True

    def _message(  # noqa: PLR0913, PLR0917 - one signal in its parts
        self,
        account: Account,
        draft: Draft,
        persons: Sequence[Person],
        legal: Juridisch,
        signal_id: UUID,
        record: tuple[str, datetime, casebook.Kept],
    ) -> SignaalIndienen:
        handle, first, kept = record
        shown, sealed = withhold(draft.observation)
        fillers = expanding(kept.seed)
        year, week, _day = draft.observed_on.isocalendar()
        subjects = [
            Subject(
                ref=ref,
                soort=person.kind,
                rol=role,
                minderjarig=person.minor_on(draft.observed_on),
                pseudoniemen=self.pseudonymiser.pseudonyms(
                    person.keys, officer=account.officer, action="indienen", fillers=fillers
                ),
            )
            for person, (ref, role) in zip(persons, shown.roles, strict=True)
        ]
        return SignaalIndienen(
            organisatie=self.organisation,
            signaal_id=signal_id,
            versie=_VERSION,
            lokale_verwijzing=handle,
            waargenomen_week=f"{year}-W{week:02}",
            waarneming_grondslag=shown.basis,
            controlesoort=shown.control_type,
            uitbuitingsvorm=shown.form,
            aanwijzingen=sorted(shown.indicators),
            verzegeld=None
            if sealed is None
            else Verzegeld(
                vastlegging=commitment(kept.nonce.reveal(), sealed), draagt=carries(sealed.indicators)
            ),
            beoordeling=Beoordeling.model_validate(
                {"bron": draft.source, "informatie": draft.information, "behandeling": draft.handling}
            ),
            sporen=draft.tracks,
            grenscontext=draft.border,
            juridisch=legal,
            kwaliteitscontrole=Kwaliteitscontrole(punten=sorted(draft.quality), datum=first.date())
            if draft.quality
            else None,
            eerste_verwerking=first,
            subjecten=subjects,
            sleutelset=self.pseudonymiser.keyset.name,
            epoch=self.pseudonymiser.keyset.epoch,
        )

    def _sent(
        self, entry: casebook.Entry, body: bytes, acting: ActingFor, *, first_try: bool
    ) -> SignaalIngediend:
        try:
            answer = self.register.submit(body, acting, f"{entry.signal_id}-{entry.version}")
            self.register.keep_receipt("signaal", entry.officer, answer.logbewijs)
        except (PassedOnRefusal, RegisterAwayError) as failure:
            # After an earlier attempt that may have arrived, this failure says nothing about that one.
            if first_try and not getattr(failure, "arrived", False):
                self.store.drop_entry(entry.signal_id, entry.version)
            raise
        self.store.acknowledge(entry.signal_id, entry.version, answer.verloopt_op)
        return answer

    def release(self, account: Account, decision_id: UUID, signal_id: UUID) -> Fase2Stand:
        """Release an own signal for phase 2, with what was sealed here.

        Raises:
            Refusal: no such signal here, or the register refuses.
        """
        require(account, "contact_vrijgeven")
        entry = self.store.entry(signal_id)
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
        try:
            ground = own_ground(self.register.grounds(acting))
            release = Vrijgave(
                organisatie=self.organisation, signaal_id=signal_id, ontzegeld=self._unsealed(entry)
            )
            state = self.register.release(
                str(decision_id),
                release,
                acting.model_copy(update={"grondslag": ground}),
                decision_id.hex + signal_id.hex,
            )
            self.register.keep_receipt("vrijgave", account.officer, state.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return state

    def withdraw(self, account: Account, signal_id: UUID, reason: str) -> SignaalIngetrokken:
        """Withdraw an own signal; withdrawing it again changes nothing.

        Whose signal it is, is for the register to say: also what is no longer in the casebook can be withdrawn.

        Raises:
            Refusal: 403 for the role, 400 for an unknown reason, the register's own (404 for what is not ours), or 503.
        """
        require(account, "signaal_verrijken_corrigeren_intrekken")
        if reason not in WITHDRAWALS:
            raise _unknown_withdrawal()
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSE,
            # The signal is the case (C1).
            zaaknummer=f"SIGNAAL-{signal_id.hex[:12].upper()}",
            reden="signaal_intrekken",
        )
        key = named_seed(self.seal.secret, "intrekking", account.officer, signal_id.hex, reason)
        try:
            ground = own_ground(self.register.grounds(acting))
            answer = self.register.withdraw(
                str(signal_id),
                Intrekking(organisatie=self.organisation, reden=reason),
                acting.model_copy(update={"grondslag": ground}),
                key.reveal()[:16].hex(),
            )
            self.register.keep_receipt("intrekking", account.officer, answer.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        self.store.forget_signal(signal_id)
        return answer

    def _unsealed(self, entry: casebook.Entry) -> Ontzegeld | None:
        try:
            kept = casebook.opened(entry, self.seal)
        except BrokenSealError:
            raise Refusal(
                409,
                "dossier-gesloten",
                _("Dit signaal is niet te openen."),
                _("Het dossier op deze machine is met een andere sleutel verzegeld of is beschadigd."),
                way_forward=_("Vraag de beheerder om de sleutel van het dossier terug te zetten."),
            ) from None
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


def _legal(observation: Observation, grounds: Sequence[GrondslagOverzicht]) -> Juridisch:
    special, criminal = needs(
        observation.form,
        observation.basis,
        observation.control_type,
        [role for _ref, role in observation.roles],
    )
    own = own_ground(grounds)
    if own is None:
        raise _no_ground("G-GEM", _("het bewaren van signalen"))
    return Juridisch(
        grondslag=own,
        bijzondere_grondslag=_extra(grounds, "G-SEKS", _("signalen over seksuele uitbuiting"))
        if special
        else None,
        strafrechtelijke_grondslag=_extra(
            grounds, "G-STRAF", _("signalen over wie bij de uitbuiting betrokken is")
        )
        if criminal
        else None,
    )


def _extra(grounds: Sequence[GrondslagOverzicht], code: str, what: str) -> str:
    found = [one.id for one in grounds if one.code == code]
    if not found:
        raise _no_ground(code, what)
    return found[0]


def _no_ground(code: str, what: str) -> Refusal:
    return Refusal(
        403,
        "geen-grondslag",
        _("Dit signaal mag nu niet worden bewaard."),
        _("Uw organisatie heeft vandaag geen grondslag voor {wat}. Er is niets opgeslagen.").format(wat=what),
        way_forward=_(
            "Bespreek het signaal met uw aandachtsfunctionaris. De functioneel beheerder kan een grondslag vastleggen na een besluit van het college."
        ),
        rule=code,
    )


def _category(message: SignaalIndienen) -> Category:
    return category(
        minor=any(one.minderjarig is Minderjarig.JA for one in message.subjecten),
        roles=[one.rol for one in message.subjecten],
    )


def _changed() -> Refusal:
    return Refusal(
        409,
        "signaal-al-verstuurd",
        _("Dit signaal is misschien al verstuurd, met andere gegevens."),
        _("Hetzelfde signaal is al eerder verstuurd. Het mag nu niet veranderen."),
        way_forward=_("Verstuur het eerst ongewijzigd opnieuw, of begin een nieuw signaal."),
    )

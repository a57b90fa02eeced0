# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A question: "elders gezien?". It stores no signal and no pseudonym, here or at the register; what remains is the receipt.

In this order: the person may ask (role), during a control that is open today, or for a partner in a case of its own (C1), with attributes that can be used, that are together enough
(C3); then match keys, stretching, two holders, and the register, which decides what may be told. The receipt is verified before the answer is
shown: an answer that does not stand in the log is no answer.

Of a control in which something is asked an outcome is due; that is durable before the question leaves, and who owes one for too long is refused. With the question go marks that only this node can make
(`register.outcomes`): the control was not planned, the address is in the officer's own street, a family name is the own. They are codes for the own FG, change no answer, and officers are told that they are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from process.secret import Secret
from pseudonymisation.receipts import request_digest
from register.accounts import Account
from register.municipal.accounts import PARTNERS, require
from register.municipal.attributes import Given, Person, read, require_enough, require_readable
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.controls import (
    PURPOSES,
    REASONS,
    Case,
    Control,
    day_of,
    latest_date,
    require_case,
    require_open,
    require_outcomes,
)
from register.municipal.own import marks
from register.municipal.processing import Processing, traced
from register.municipal.pseudonyms import Asked, Pseudonymiser
from register.municipal.sealing import Seal, expanding, named_seed
from register.municipal.store import NodeStore
from register.municipal.store.controls import OutcomeStore
from register.municipal.store.own import OwnStore
from register.municipal.wire import BevragingAntwoord, NietGebruikt
from register.outcomes import Mark
from register.wire import ActingFor, Antwoord, Bevraging, GrondslagOverzicht, Soort


@dataclass(frozen=True)
class Question:
    """What was asked, as it was typed.

    Attributes:
        given: the attributes.
        place: name of the list of attributes, for a refusal about all of them.
        kind: person or organisation, or None to let the attributes say.
        purpose: code of PURPOSES.
        control: number of the control, if one was given.
        reason: code of REASONS.
        ground: id of the ground that was chosen; None takes the organisation's own.
    """

    given: Sequence[Given]
    place: str
    kind: Soort | None
    purpose: str
    control: str | None
    reason: str
    ground: str | None


@dataclass(frozen=True)
class Asking:
    """The use case, with what it needs.

    Attributes:
        outcomes: what is still to be recorded of controls.
        own: what is kept of an officer's own street and family name.
        identity: the secret under which that is kept.
    """

    store: NodeStore
    outcomes: OutcomeStore
    own: OwnStore
    identity: Secret
    pseudonymiser: Pseudonymiser
    register: RegisterClient
    seal: Seal
    organisation: str
    gates: frozenset[str]
    clock: Clock
    randomness: Randomness
    processing: Processing

    def ask(self, account: Account, question: Question, request_key: str | None = None) -> BevragingAntwoord:
        """The register's answer to one question.

        Raises:
            Refusal: about the asker or the question, or 503 when register or holders are away.
        """
        now = self.clock()
        require(account, "bevragen")
        _require_known(question)
        number = question.control
        control, late = self._occasion(account, number, now)
        person, wrong = read(question.given, question.kind, today=latest_date(now), gates=self.gates)
        require_readable(wrong)
        require_enough(person, question.place)
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=question.purpose,
            zaaknummer=control.number,
            reden=question.reason,
        )
        try:
            ground = question.ground or chosen_ground(self.register.grounds(acting))
            told = self._marks(person, control, account)
            answer = self._traced(
                person, acting.model_copy(update={"grondslag": ground}), request_key, control, told
            )
        except RegisterAwayError as away:
            raise away.refusal() from None
        unused = [
            NietGebruikt(soort=one.field, reden=f"{one.reason} {one.way_forward}")
            for one in person.keys.unused
        ]
        return BevragingAntwoord(**dict(answer), niet_gebruikt=unused, aflopen_te_laat=late)

    def _occasion(self, account: Account, number: str | None, now: datetime) -> tuple[Control | Case, int]:
        """The control or case in which may be asked (C1), and how many outcomes are late."""
        if account.role in PARTNERS:
            return require_case(number), 0
        control = require_open(number, self.store.control(number) if number else None, now)
        return control, require_outcomes(self.outcomes.open(account.officer), day_of(now))

    def _traced(
        self,
        person: Person,
        acting: ActingFor,
        request_key: str | None,
        control: Control | Case,
        told: Sequence[Mark],
    ) -> Antwoord:
        trace = self.processing.trace()
        people = [self.processing.asked(trace)] if person.kind is Soort.PERSOON else []
        name = _("Vraag gesteld")
        with self.processing.action(name, acting.doel, acting.rol, trace, people):
            answer = self._answer(person, traced(acting, trace), request_key, control, told)
            self.register.keep_receipt("bevraging", acting.medewerker, answer.logbewijs)
        return answer

    def _marks(self, person: Person, control: Control | Case, account: Account) -> list[Mark]:
        """What this node sees about the question that the register cannot see."""
        unplanned = [] if control.planned else [Mark.UNPLANNED]
        own = self.own.of(account.officer)
        return [*unplanned, *marks(person.attributes, own, self.identity, account.officer)]

    def _answer(
        self,
        person: Person,
        acting: ActingFor,
        request_key: str | None,
        control: Control | Case,
        told: Sequence[Mark],
    ) -> Antwoord:
        """Ask the holders and the register; the same request key gives the same message, with fresh receipts."""
        names = ("bevraging", acting.medewerker, request_key or self.randomness(16).hex())
        # Under another key than the caller's: two officers may choose the same one.
        key = named_seed(self.seal.secret, *names).reveal()[:16].hex()
        made = self.pseudonymiser.pseudonyms(
            person.keys,
            Asked(acting.medewerker, "vragen", request_digest(self.organisation, key)),
            fillers=expanding(named_seed(self.seal.secret, "vulling", *names)),
        )
        asked = Bevraging(
            organisatie=self.organisation,
            betreft=person.kind,
            pseudoniemen=made.pseudonyms,
            sleutelset=self.pseudonymiser.keyset.name,
            epoch=self.pseudonymiser.keyset.epoch,
            kwitanties=list(made.receipts),
            vlaggen=list(told),
        )
        if control.day is not None:
            self.outcomes.put_asked(control.number, acting.medewerker, control.day, self.clock())
        return self.register.ask(asked, acting, key)


def _require_known(question: Question) -> None:
    if question.purpose not in PURPOSES:
        reason = _("Kies een doel uit: {codes}.").format(codes=", ".join(PURPOSES))
        raise _unknown("onbekend-doel", _("Dit doel kennen we niet."), FieldError("doel", reason))
    if question.reason not in REASONS:
        reason = _("Kies een reden uit: {codes}.").format(codes=", ".join(REASONS))
        raise _unknown("onbekende-reden", _("Deze reden kennen we niet."), FieldError("reden", reason))


def _unknown(code: str, title: str, error: FieldError) -> Refusal:
    return Refusal(
        400,
        code,
        title,
        _("Er is niets gevraagd en niets opgeslagen."),
        way_forward=_("Kies een code uit de lijst en vraag opnieuw."),
        fields=(error,),
    )


def own_ground(grounds: Sequence[GrondslagOverzicht]) -> str | None:
    """The organisation's own ground among those in force; None leaves the choice, and the refusal, to the register."""
    return next((one.id for one in grounds if one.code == "G-GEM"), None)


_STORED_WITH_A_SIGNAL = frozenset({"G-SEKS", "G-STRAF"})


def chosen_ground(grounds: Sequence[GrondslagOverzicht]) -> str | None:
    """The organisation's own ground if it has one for this purpose, else the first on which a question can rest."""
    usable = (one.id for one in grounds if one.code not in _STORED_WITH_A_SIGNAL)
    return own_ground(grounds) or next(usable, None)


def require_own(organisation: str | None, own: str, *, known: bool) -> None:
    """Returns only if a body names no organisation, or this one.

    Raises:
        Refusal: 400.
    """
    if organisation is None or organisation == own:
        return
    reason = (
        _("Dit is niet de organisatie van deze machine.")
        if known
        else _("Deze gemeente of organisatie kennen we niet.")
    )
    raise Refusal(
        400,
        "andere-organisatie",
        _("De organisatie klopt niet."),
        _("Er is niets gevraagd en niets opgeslagen."),
        way_forward=_("Laat het veld organisatie weg, of vul {code} in.").format(code=own),
        fields=(FieldError("organisatie", reason),),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Inzage of look-ups at the desk of the contactpunt (AVG 15; C23): which questions concerned the person who stands there.

In this order: the person may do this (role), the identity was checked at the desk with nobody else there, every attribute is one that can be shown at a desk, they can be used and are enough;
then match keys, stretching and two holders with the action `inzage`, and the register, which decides what may be told. The answer is for the person in front of the desk, on paper or
screen; nothing of it is kept here, and nothing is sent anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from pseudonymisation.identity import Unreadable
from pseudonymisation.receipts import request_digest
from register.accounts import Account
from register.municipal.accounts import require
from register.municipal.attributes import Given, Person, read, require_enough, require_readable
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.controls import latest_date
from register.municipal.processing import Processing, traced
from register.municipal.pseudonyms import Asked, Pseudonymiser
from register.municipal.sealing import Seal, expanding, named_seed
from register.municipal.wire import Inzageoverzicht, NietGebruikt
from register.wire import ActingFor, GrondslagOverzicht, Inzageantwoord, Inzageverzoek, Soort

PURPOSE: Final = "inzage"
REASON: Final = "verzoek_betrokkene"
GROUND: Final = "G-RECHT"
SHOWN_AT_A_DESK: Final = ("document", "name_dob", "phone", "email", "iban", "bsn", "v_nummer")
"""Attributes that somebody can show to be the own: on an identity document, by a telephone that rings, on a bank card."""


@dataclass(frozen=True)
class Inspecting:
    """The use case, with what it needs."""

    pseudonymiser: Pseudonymiser
    register: RegisterClient
    seal: Seal
    organisation: str
    gates: frozenset[str]
    clock: Clock
    randomness: Randomness
    processing: Processing

    def look_ups(
        self, account: Account, given: Sequence[Given], case: str, request_key: str | None, *, checked: bool
    ) -> Inzageoverzicht:
        """The questions that may be told.

        Args:
            account: who works at the desk.
            given: what the person showed.
            case: number of the request.
            request_key: the same key with the same content is the same request.
            checked: the identity was checked at the desk, with nobody else there.

        Raises:
            Refusal: 403 for the role or without a check, 400 about what was given, the register's or the holders' own, or 503.
        """
        require(account, "rechtenverzoek_behandelen")
        if not checked:
            raise _unchecked()
        _require_shown(given)
        person, wrong = read(given, Soort.PERSOON, today=latest_date(self.clock()), gates=self.gates)
        require_readable(wrong)
        require_enough(person, "kenmerken")
        acting = ActingFor(
            medewerker=account.officer, rol=account.role, doel=PURPOSE, zaaknummer=case, reden=REASON
        )
        try:
            ground = _ground(self.register.grounds(acting))
            answer = self._traced(person, acting.model_copy(update={"grondslag": ground}), request_key)
        except RegisterAwayError as away:
            raise away.refusal() from None
        unused = [
            NietGebruikt(soort=one.field, reden=f"{one.reason} {one.way_forward}")
            for one in person.keys.unused
        ]
        return Inzageoverzicht(**dict(answer), niet_gebruikt=unused)

    def _traced(self, person: Person, acting: ActingFor, request_key: str | None) -> Inzageantwoord:
        trace = self.processing.trace()
        people = [self.processing.asked(trace)]
        with self.processing.action(_("Inzage aan de balie"), PURPOSE, acting.rol, trace, people):
            answer = self._answer(person, traced(acting, trace), request_key)
            self.register.keep_receipt(PURPOSE, acting.medewerker, answer.logbewijs)
        return answer

    def _answer(self, person: Person, acting: ActingFor, request_key: str | None) -> Inzageantwoord:
        names = ("inzageverzoek", acting.medewerker, request_key or self.randomness(16).hex())
        key = named_seed(self.seal.secret, *names).reveal()[:16].hex()
        made = self.pseudonymiser.pseudonyms(
            person.keys,
            Asked(acting.medewerker, "inzage", request_digest(self.organisation, key)),
            fillers=expanding(named_seed(self.seal.secret, "vulling", *names)),
        )
        asked = Inzageverzoek(
            organisatie=self.organisation,
            identiteit_gecontroleerd=True,
            pseudoniemen=made.pseudonyms,
            sleutelset=self.pseudonymiser.keyset.name,
            epoch=self.pseudonymiser.keyset.epoch,
            kwitanties=list(made.receipts),
        )
        return self.register.inspect(asked, acting, key)


def _ground(grounds: Sequence[GrondslagOverzicht]) -> str | None:
    return next((one.id for one in grounds if one.code == GROUND), None)


def _unchecked() -> Refusal:
    return Refusal(
        403,
        "niet-gecontroleerd",
        _("De identiteit is niet gecontroleerd."),
        _("Inzage kan alleen aan de balie, met alleen de persoon zelf erbij. Er is niets gevraagd."),
        way_forward=_("Controleer het identiteitsbewijs, vink dat aan en probeer het opnieuw."),
        fields=(FieldError("identiteitGecontroleerd", _("Vink aan dat u dit hebt gecontroleerd.")),),
        rule="C23",
    )


def _require_shown(given: Sequence[Given]) -> None:
    wrong = tuple(
        FieldError(one.place, _("Dit gegeven kan iemand aan een balie niet laten zien. Laat het weg."))
        for one in given
        if not isinstance(one.attribute, Unreadable) and one.attribute.type not in SHOWN_AT_A_DESK
    )
    if wrong:
        raise Refusal(
            400,
            "niet-te-tonen",
            _("Met dit gegeven kan geen inzage worden gegeven."),
            _("Een adres, kenteken of werknaam kan ook van iemand anders zijn. Er is niets gevraagd."),
            way_forward=_("Vul alleen in wat de persoon aan de balie laat zien."),
            fields=wrong,
            rule="C23",
        )

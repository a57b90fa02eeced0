# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An aandachtsfunctionaris opens a treffer and takes steps in it; and the "Wat nu?" of the page: what comes next, and who can be called in this region. The register decides; here is only the way to it.

112 is always there. Who else stands in the list is the organisation's own (setting `regional_contacts`); in an exercise it is made up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from process.language import gettext as _
from process.moments import Clock, Randomness
from register.accounts import Account
from register.casework import Step
from register.municipal.accounts import require
from register.municipal.asking import own_ground
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.controls import day_of
from register.municipal.dossier import sees_all
from register.municipal.store.casebook import CasebookStore
from register.wire import (
    ActingFor,
    OverdrachtGestart,
    OverdrachtStart,
    TerugkoppelingLijst,
    TrefferLijst,
    TrefferStap,
    TrefferZaak,
)

PURPOSE: Final = "signalering"

Contacts = Sequence[tuple[str, str]]
"""Who can be called, and how they are reached."""

EMERGENCY: Final[tuple[str, str]] = (_("Direct gevaar"), "112")

EXERCISE: Final[Contacts] = (
    (_("Piket mensenhandel, dag en nacht (verzonnen)"), "090 000 00 01"),
    (_("Uw aandachtsfunctionaris (verzonnen)"), "090 000 00 02"),
    (_("Zorgcoördinator van de regio (verzonnen)"), "090 000 00 10"),
    (_("Veilig Thuis (verzonnen)"), "090 000 00 20"),
    (_("Team Migratiecriminaliteit en Mensenhandel (verzonnen)"), "090 000 00 30"),
    (_("Nederlandse Arbeidsinspectie (verzonnen)"), "090 000 00 40"),
    (_("Ketenregisseur (verzonnen)"), "090 000 00 50"),
)


def contacts(configured: Contacts | None, profile: str) -> Contacts:
    """Whom the page names, danger first."""
    chosen = configured if configured is not None else EXERCISE if profile == "oefening" else ()
    return (EMERGENCY, *chosen)


@dataclass(frozen=True)
class Treffers:
    """The use case, with what it needs."""

    register: RegisterClient
    organisation: str
    casebook: CasebookStore
    clock: Clock
    randomness: Randomness

    def opened(self, account: Account, treffer_id: UUID) -> TrefferZaak:
        """One treffer as a case.

        Raises:
            Refusal: 403 for the role, the register's own (404 for what is not there for this person), or 503.
        """
        require(account, "treffers_bekijken")
        try:
            found = self.register.treffer(str(treffer_id), self._acting(account))
            self.register.keep_receipt("treffer", account.officer, found.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return self._followed(found)

    def take(
        self, account: Account, treffer_id: UUID, sent: Mapping[str, Any], request_key: str | None
    ) -> TrefferZaak:
        """Take a step.

        Raises:
            Refusal: as `opened`; 400 and 409 of the register.
        """
        require(account, "treffers_bekijken")
        step = TrefferStap(organisatie=self.organisation, **sent)
        key = request_key or self.randomness(16).hex()
        try:
            done = self.register.take_step(str(treffer_id), step, self._acting(account), key)
            self.register.keep_receipt("treffer_stap", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return self._followed(done)

    def hand_over(self, account: Account, treffer_id: UUID, to: str) -> OverdrachtGestart:
        """Hand a treffer to TMM, the Arbeidsinspectie or the KMar.

        Raises:
            Refusal: as `opened`; 400 and 409 of the register.
        """
        require(account, "treffers_bekijken")
        sent = OverdrachtStart(organisatie=self.organisation, treffer_id=treffer_id, aan=to)
        try:
            done = self.register.hand_over(sent, self._acting(account), self.randomness(16).hex())
            self.register.keep_receipt("overdracht", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return done

    def feedback(self, account: Account) -> TerugkoppelingLijst:
        """What became of signals: of the own ones, or for who looks after them all of the organisation's.

        Raises:
            Refusal: as `opened`.
        """
        require(account, "signaal_indienen")
        try:
            found = self.register.feedback(self._acting(account))
            self.register.keep_receipt("terugkoppelingen", account.officer, found.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        if sees_all(account):
            return found
        mine = [one for one in found.terugkoppelingen if self._submitted(account, one.signaal_id)]
        return found.model_copy(update={"terugkoppelingen": mine})

    def _followed(self, found: TrefferZaak) -> TrefferZaak:
        """Keep the own records as long as the register keeps their signals: taking up lengthens a term, a false hit gives it back."""
        self._keep({**found.treffer.bewaard_tot, **found.bewaard_tot})
        return found

    def follow(self, listed: TrefferLijst) -> None:
        """The same of a whole list: what the other side took up lengthens the term of a record of which nobody here opened the treffer."""
        self._keep({number: day for one in listed.treffers for number, day in one.bewaard_tot.items()})

    def _keep(self, terms: Mapping[str, date]) -> None:
        if terms:
            self.casebook.keep_until({UUID(number): day for number, day in terms.items()})

    def _submitted(self, account: Account, signal_id: UUID) -> bool:
        entry = self.casebook.entry(signal_id)
        return entry is not None and entry.officer == account.officer

    def _acting(self, account: Account) -> ActingFor:
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSE,
            # Working on treffers is a case of its own, one a day (C1).
            zaaknummer=f"TREFFERS-{day_of(self.clock()):%Y%m%d}",
            reden="treffer_behandelen",
        )
        return acting.model_copy(update={"grondslag": own_ground(self.register.grounds(acting))})


def next_steps(found: Mapping[str, Any]) -> list[str]:
    """What to do now with a treffer as the interface gives it, in sentences in their order."""
    possible, ours = found["mogelijk"], found["treffer"].get("vanOns")
    if Step.TAKEN_UP in possible:
        return [
            _("Kijk in uw eigen dossier wat uw collega zag."),
            _("Beoordeel zelf of het om dezelfde persoon kan gaan. Een treffer is geen oordeel."),
            _("Pak de treffer op met een eerste actie, of leg vast dat het niet om dezelfde gaat."),
        ]
    if found.get("afdoening"):
        return [_("Deze treffer is afgedaan. U hoeft niets meer te doen.")]
    steps = []
    if found.get("contactGevraagd") and Step.CONTACT_RELEASED in possible:
        steps.append(
            _("De andere kant vraagt uw contact. Geef het vrij, of leg vast dat het niet om dezelfde gaat.")
        )
    if found.get("contacten"):
        steps.append(_("Bel de andere gemeente. Vraag wat zij zagen, en vertel alleen wat nodig is."))
    elif Step.CONTACT_ASKED in possible:
        steps.append(_("Vraag het contact van de andere kant."))
    else:
        steps.append(
            _(
                "De andere kant ziet dat u om een contact vraagt. Doet zij twee werkdagen niets, dan krijgt zij een herinnering."
            )
        )
    if ours:
        steps.append(_("Leg vast wie aan CoMensha meldt, en doe de treffer af als u klaar bent."))
    return steps

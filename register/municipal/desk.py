# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Everything that people of one organisation do at this node, as one thing to hand to the interface and the pages.

Asking and submitting have modules of their own; what is small stands here: opening a control, and looking at the treffers that wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import Refusal
from process.serving.ldv import ProcessingLog
from register.accounts import Account
from register.municipal.accounts import may, require
from register.municipal.announcing import Announcing
from register.municipal.asking import Asking, own_ground, require_own
from register.municipal.canary import Canary
from register.municipal.changes import Changes
from register.municipal.clients import HolderPool, RegisterAwayError, RegisterClient
from register.municipal.closing import Closing
from register.municipal.consulting import Consulting
from register.municipal.controls import MOST_USUAL, Control, control_problems, day_of, new_number, usual
from register.municipal.delivering import PURPOSE
from register.municipal.demanding import Demanding
from register.municipal.drafting import Drafting
from register.municipal.elsewhere import Elsewhere
from register.municipal.freezes import Freezes
from register.municipal.inspecting import Inspecting
from register.municipal.intake import TakingIn
from register.municipal.messages import Messages
from register.municipal.people import People
from register.municipal.personnel import Personnel
from register.municipal.receiving import Receiving
from register.municipal.releasing import Releasing
from register.municipal.sharing import Sharing
from register.municipal.store import NodeStore
from register.municipal.store.mirror import MirrorStore
from register.municipal.store.reminders import ReminderStore
from register.municipal.submitting import Submitting
from register.municipal.treffers import Contacts, Treffers
from register.municipalities import Municipality, known_organisation, organisation_name
from register.wire import ActingFor, GrondslagOverzicht, Noodopening, NoodopeningGedaan, TrefferLijst

VITAL: Final = "G-VIT"
"""Code of the ground for acute danger (AVG 6(1)(d)); a recorded ground, chosen for the case at hand."""


@dataclass(frozen=True)
class Desk:
    """The node at work for one organisation.

    Attributes:
        fg_contact: how its people reach their FG.
        contacts: whom its people can call in their region.
        lines: its Logboek Dataverwerkingen.
        house_style: the stylesheet with its tokens; None for the neutral look.
        recovery_key: to which its casebook is sealed as well; the private half is elsewhere.
        elsewhere: its own provider of accounts, if it has one.
    """

    organisation: str
    profile: str
    municipalities: Mapping[str, Municipality]
    gates: frozenset[str]
    store: NodeStore
    people: People
    asking: Asking
    closing: Closing
    personnel: Personnel
    freezes: Freezes
    treffer_work: Treffers
    contacts: Contacts
    releasing: Releasing
    receiving: Receiving
    submitting: Submitting
    consulting: Consulting
    drafting: Drafting
    sharing: Sharing
    taking_in: TakingIn
    inspecting: Inspecting
    lines: ProcessingLog
    demanding: Demanding
    messages: Messages
    changes: Changes
    announcing: Announcing
    reminders: ReminderStore
    register: RegisterClient
    holders: HolderPool
    canary: Canary
    clock: Clock
    randomness: Randomness
    fg_contact: str
    house_style: str | None
    mirror: MirrorStore
    recovery_key: X25519PublicKey
    elsewhere: Elsewhere | None = None

    @property
    def name(self) -> str:
        """What people call this organisation."""
        return organisation_name(self.organisation, self.municipalities)

    def close(self) -> None:
        """Close the connections of this organisation."""
        self.holders.close()
        self.register.close()
        self.demanding.close()
        self.announcing.close()
        if self.elsewhere is not None:
            self.elsewhere.close()

    def require_own(self, organisation: str | None) -> None:
        """Returns only if a body names no organisation, or this one.

        Raises:
            Refusal: 400.
        """
        known = organisation is not None and known_organisation(
            organisation, self.municipalities, profile=self.profile
        )
        require_own(organisation, self.organisation, known=known)

    def open_control(
        self, account: Account, basis: str, control_type: str, place: str, *, planned: bool
    ) -> Control:
        """A new control, open today.

        Raises:
            Refusal: 403 for the role, 400 with every field that is wrong.
        """
        require(account, "controle_openen")
        day = day_of(self.clock())
        wrong = control_problems(
            basis, control_type, place, self.municipalities, profile=self.profile, on=day
        )
        if wrong:
            raise Refusal(
                400,
                "ongeldige-controle",
                _("Deze controle is niet geopend."),
                _("Er is niets opgeslagen."),
                way_forward=_("Verbeter de genoemde gegevens en probeer het opnieuw."),
                fields=wrong,
            )
        while True:
            number = new_number(self.randomness)
            control = Control(number, basis, control_type, place, planned, day, account.officer)
            if self.store.put_control(control):
                return control

    def controls(self, account: Account) -> list[Control]:
        """The controls of today with which this person may ask."""
        return self.store.controls(account.officer, day_of(self.clock()))

    def usual_controls(self, account: Account) -> tuple[tuple[str, str], ...]:
        """Task and type of the controls that this person may open in one tap; none for who opens no control."""
        if not may(account.role, "controle_openen"):
            return ()
        return usual(self.store.kinds_of_controls(account.officer, day_of(self.clock()), MOST_USUAL))

    def grounds(self, account: Account, purpose: str) -> tuple[GrondslagOverzicht, ...]:
        """The grounds in force for this person and purpose.

        Raises:
            Refusal: the register refuses, or 503.
        """
        acting = ActingFor(medewerker=account.officer, rol=account.role, doel=purpose)
        try:
            return self.register.grounds(acting)
        except RegisterAwayError as away:
            raise away.refusal() from None

    def treffers(self, account: Account) -> TrefferLijst:
        """The treffers that wait for this organisation.

        Raises:
            Refusal: 403 for the role, or 503.
        """
        require(account, "treffers_bekijken")
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSE,
            # Going through the treffers is a case of its own, one a day (C1).
            zaaknummer=f"TREFFERS-{day_of(self.clock()):%Y%m%d}",
            reden="treffers_nalopen",
        )
        try:
            ground = own_ground(self.register.grounds(acting))
            found = self.register.treffers(acting.model_copy(update={"grondslag": ground}))
            self.register.keep_receipt("treffers", account.officer, found.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        self.treffer_work.follow(found)
        return found

    def break_glass(self, account: Account, treffer_id: UUID, danger: str) -> NoodopeningGedaan:
        """Whom to call at the other organisations of a treffer, in acute danger (C9).

        Raises:
            Refusal: 403 for the role or without a ground, 400 for an unknown danger, the register's own (404 for what is not there for this person), or 503.
        """
        require(account, "noodopening")
        acting = ActingFor(
            medewerker=account.officer,
            rol=account.role,
            doel=PURPOSE,
            # The treffer is the case (C1).
            zaaknummer=f"NOOD-{treffer_id.hex[:12].upper()}",
            reden="acuut_gevaar",
        )
        try:
            ground = next((one.id for one in self.register.grounds(acting) if one.code == VITAL), None)
            if ground is None:
                raise _no_vital_ground()
            done = self.register.break_glass(
                Noodopening(organisatie=self.organisation, treffer_id=treffer_id, gevaar=danger),
                acting.model_copy(update={"grondslag": ground}),
                self.randomness(16).hex(),
            )
            self.register.keep_receipt("noodopening", account.officer, done.logbewijs)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return done


def _no_vital_ground() -> Refusal:
    return Refusal(
        403,
        "geen-grondslag",
        _("Een noodopening kan nu niet."),
        _("Uw organisatie heeft geen grondslag voor acuut gevaar (G-VIT) laten vastleggen."),
        way_forward=_(
            "Bel bij direct gevaar 112. Vraag daarna uw functioneel beheerder om de grondslag te laten vaststellen, met advies van de FG."
        ),
        rule="C9",
    )

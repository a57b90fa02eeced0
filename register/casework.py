# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A treffer as a case: its events folded to a state, and which step may follow. No event is ever changed, and no free text exists.

1. A treffer lapses by itself. Only taking it up, with a reason, a first action, a day by which that is done and a recorded assessment by a person (C8), makes it a case that stays, and moves its signals to the longer term
   (`register.retention`). A hit alone never does.
2. An organisation that took it up owns it: its people act on it and close it. Every party may ask for a contact once it was assessed, release its own (C4), and say "niet dezelfde".
3. "Niet dezelfde" takes a subject out of the treffer for everybody. When nobody is left in it, the treffer was a false hit and is closed (`onjuist`).
4. It ends with a disposition; `geen_actie` has a reason, and where something goes on (`bevestigd`, `overgedragen`) it is on record who reports to CoMensha.
5. A hand-over to TMM, the Arbeidsinspectie or the KMar is events of the treffer too: handed over, accepted, fed back. What comes back is a code with a next step, and goes to every submitter.
6. What nobody took up for ten working days the ketenregisseur of a samenwerkingsverband with a party in it may open and take up. That makes its organisation the owner; before it, and when somebody else does, it is nothing to it.
7. What comes in later and agrees with a signal of a case that goes on is told per case, one notice for each fixed moment. A role of a party can mute that, with a reason, and undo it; it ends with the case.

Left to others: who may (policies), what a party sees of whom (`register.central.treffers`), and keeping events (store).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from process.language import gettext as _
from register.links import Side
from register.workdays import after_workdays

FIRST_ACTIONS: Final[Mapping[str, str]] = {
    "bellen_andere_gemeente": _("De andere gemeente bellen"),
    "dossier_vergelijken": _("Het eigen dossier vergelijken"),
    "nieuwe_controle": _("Een nieuwe controle plannen"),
    "zorg_inschakelen": _("De zorgcoördinator inschakelen"),
    "overleg_politie": _("Overleggen met de politie"),
    "drieluikoverleg": _("Bespreken in het Drieluikoverleg"),
}
"""What is done first: code -> words."""

ASSESSMENTS: Final[Mapping[str, str]] = {
    "onderzoek_gerechtvaardigd": _("Er is genoeg om contact op te nemen"),
    "mogelijk_zelfde_persoon": _("Het kan om dezelfde persoon gaan; dat moet worden nagegaan"),
    "acuut": _("Wachten is niet verantwoord"),
}
"""How a person assessed the treffer before anything was disclosed (C8): code -> words."""

REASONS: Final[Mapping[str, str]] = {
    "eigen_signaal_past": _("Het past bij wat wij zelf zagen"),
    "herhaling": _("Het is vaker gezien"),
    "zorgen_over_persoon": _("Er zijn zorgen over deze persoon"),
    "minderjarige": _("Het gaat om een minderjarige"),
}
"""Why a treffer is taken up: code -> words."""

DISPOSITIONS: Final[Mapping[str, str]] = {
    "bevestigd": _("Bevestigd: het gaat om dezelfde persoon of hetzelfde bedrijf"),
    "onjuist": _("Onjuist: het gaat niet om dezelfde"),
    "al_bekend": _("Al bekend: beide kanten werkten hier al samen aan"),
    "overgedragen": _("Overgedragen"),
    "geen_actie": _("Geen actie"),
}
"""How a case ends: code -> words."""

NO_ACTION: Final[Mapping[str, str]] = {
    "te_weinig": _("Er is te weinig om iets te doen"),
    "al_hulp": _("De persoon krijgt al hulp"),
    "niet_bereikbaar": _("De andere kant is niet te bereiken"),
    "geen_capaciteit": _("Er is nu niemand voor"),
}
"""Why nothing is done: code -> words."""

NOT_SAME: Final[Mapping[str, str]] = {
    "ander_document": _("Het document is een ander"),
    "andere_geboortedatum": _("De geboortedatum is een andere"),
    "ander_uiterlijk": _("Wie de persoon zag, zegt dat het een ander is"),
    "gedeeld_nummer": _("Het nummer is van meer mensen"),
    "gedeeld_adres": _("Op het adres wonen meer mensen"),
}
"""Why two are not the same: code -> words."""

MUTING: Final[Mapping[str, str]] = {
    "wordt_gevolgd": _("We volgen deze zaak al elke dag"),
    "ander_aan_zet": _("Een ander is nu aan zet"),
    "te_veel": _("Er komt te veel om op elke melding te letten"),
}
"""Why later matches of a case are not told for now: code -> words."""

NEEDS_REPORTER: Final = frozenset({"bevestigd", "overgedragen"})
"""Dispositions after which somebody reports to CoMensha, or decides not to."""

STAYS: Final = frozenset({"bevestigd", "overgedragen"})
"""Dispositions after which a treffer keeps the term of what was taken up; after the others it goes as if rejected."""

CLOSED_DAYS: Final = 30
"""How long a treffer that came to nothing is kept after it was closed (R8)."""

DEADLINE_WORKDAYS: Final = 5
LATEST_WORKDAYS: Final = 20
"""By when the first action is done: as a rule, and at the latest."""

_PARTY_ROLE: Final = "aandachtsfunctionaris"
CHAIN_ROLE: Final = "ketenregisseur"

UNOWNED_WORKDAYS: Final = 5
"""After so many working days without an owner both sides are reminded."""
ESCALATES_WORKDAYS: Final = 10
"""After so many it goes to the ketenregisseur."""
ANSWER_WORKDAYS: Final = 2
"""Within so many a request for a contact is answered."""

FEEDBACK_DAYS: Final = 30
"""Who took something over is reminded after so many days without feedback."""
ACCEPT_WORKDAYS: Final = 5
"""Within so many a hand-over is accepted."""


class Step(StrEnum):
    """What can happen to a treffer."""

    TAKEN_UP = "opgepakt"
    CONTACT_ASKED = "contact_gevraagd"
    CONTACT_RELEASED = "contact_vrijgegeven"
    NOT_SAME = "niet_dezelfde"
    REPORTER = "comensha_melder"
    CLOSED = "afgedaan"
    MUTED = "gedempt"
    UNMUTED = "weer_gemeld"
    HANDED_OVER = "overgedragen"
    ACCEPTED = "aangenomen"
    FED_BACK = "teruggekoppeld"


STEPS: Final[Mapping[str, str]] = {
    Step.TAKEN_UP: _("Opgepakt"),
    Step.CONTACT_ASKED: _("Contact gevraagd"),
    Step.CONTACT_RELEASED: _("Contact vrijgegeven"),
    Step.NOT_SAME: _("Vastgelegd: niet dezelfde"),
    Step.REPORTER: _("Vastgelegd wie aan CoMensha meldt"),
    Step.CLOSED: _("Afgedaan"),
    Step.MUTED: _("Meldingen gedempt"),
    Step.UNMUTED: _("Meldingen weer aangezet"),
    Step.HANDED_OVER: _("Overgedragen"),
    Step.ACCEPTED: _("Overdracht aangenomen"),
    Step.FED_BACK: _("Teruggekoppeld"),
}
"""Step -> words."""

AT_A_PARTY: Final = (
    Step.TAKEN_UP,
    Step.CONTACT_ASKED,
    Step.CONTACT_RELEASED,
    Step.NOT_SAME,
    Step.REPORTER,
    Step.CLOSED,
    Step.MUTED,
    Step.UNMUTED,
)
"""Steps of the parties; the others belong to a hand-over."""

INTERNAL: Final = frozenset({Step.MUTED, Step.UNMUTED})
"""Steps that are one role's own affair, and told to no other party."""


@dataclass(frozen=True)
class Event:
    """One step: which, by whom, when, and its codes."""

    step: str
    organisation: str
    officer: str
    role: str
    at: datetime
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Feedback:
    """What came back: code, next step, when, from which role; the hand-over that it belongs to."""

    code: str
    next_step: str
    at: datetime
    role: str
    handover: UUID


@dataclass(frozen=True)
class Handover:
    """A treffer that was handed over.

    Attributes:
        handover_id: its number.
        to: organisation that gets it.
        role: role there.
        by: organisation that handed it over.
        signals: what went along, by number.
        at: when.
        accept_by: day by which it is accepted.
        accepted_at: when it was; None as long as it waits.
        feedback: what came back, in order.
    """

    handover_id: UUID
    to: str
    role: str
    by: str
    signals: frozenset[UUID]
    at: datetime
    accept_by: date
    accepted_at: datetime | None = None
    feedback: tuple[Feedback, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether who took it over is done with it."""
        return bool(self.feedback) and self.feedback[-1].code in ENDS

    def heard_at(self) -> datetime:
        """When it was last heard of."""
        return self.feedback[-1].at if self.feedback else self.accepted_at or self.at

    def overdue(self, moment: datetime) -> bool:
        """Whether feedback is owed for longer than its term."""
        return not self.ended and moment - self.heard_at() >= timedelta(days=FEEDBACK_DAYS)


ENDS: Final = frozenset(
    {"geen_vervolg_onvoldoende", "geen_vervolg_capaciteit", "geen_mensenhandel", "afgesloten"}
)
"""Codes of feedback after which nothing more is owed."""


@dataclass(frozen=True)
class State:
    """What the events of a treffer come to.

    Attributes:
        taken_up: the step by which it became a case; None as long as it waits.
        contact_asked: organisations that asked for a contact, and when first.
        contact_released: organisations that released theirs.
        rejected: subjects of which somebody said "niet dezelfde".
        reporter: who reports to CoMensha.
        closed: the step by which it ended.
        handovers: in order.
        muted: organisation and role to whom later matches are not told.
    """

    taken_up: Event | None = None
    contact_asked: Mapping[str, datetime] = field(default_factory=dict)
    contact_released: frozenset[str] = frozenset()
    rejected: frozenset[Side] = frozenset()
    reporter: str | None = None
    closed: Event | None = None
    handovers: tuple[Handover, ...] = ()
    muted: frozenset[tuple[str, str]] = frozenset()

    @property
    def at_work(self) -> bool:
        """Whether it is a case that goes on: taken up and not closed."""
        return self.assessed and self.closed is None

    @property
    def assessed(self) -> bool:
        """Whether a person assessed it (C8)."""
        return self.taken_up is not None

    @property
    def owner(self) -> str | None:
        """The organisation that took it up."""
        return None if self.taken_up is None else self.taken_up.organisation

    @property
    def chain(self) -> str | None:
        """The organisation whose ketenregisseur took it up, if that is who did."""
        taken = self.taken_up
        return None if taken is None or taken.role != CHAIN_ROLE else taken.organisation

    @property
    def due_on(self) -> date | None:
        """By when the first action is done."""
        return None if self.taken_up is None else date.fromisoformat(self.taken_up.said["uiterlijk"])

    @property
    def standing(self) -> str:
        """wacht, opgepakt or afgedaan."""
        if self.closed is not None:
            return "afgedaan"
        return "wacht" if self.taken_up is None else "opgepakt"

    @property
    def outcome(self) -> str | None:
        """How it ended."""
        return None if self.closed is None else str(self.closed.said["afdoening"])

    def followed_up(self) -> bool:
        """Whether anything was done beyond taking it up."""
        return self.closed is not None or bool(self.contact_asked) or bool(self.handovers)

    def handover(self, handover_id: UUID) -> Handover | None:
        """One of its hand-overs, or None."""
        return next((one for one in self.handovers if one.handover_id == handover_id), None)


def fold(events: Iterable[Event]) -> State:
    """What events in order come to. An event that this software does not know changes nothing."""
    state = State()
    for event in events:
        then = _FOLDS.get(Step(event.step)) if event.step in _KNOWN else None
        state = state if then is None else then(state, event)
    return state


def _with(state: State, **changes: Any) -> State:
    return State(**{name: changes.get(name, getattr(state, name)) for name in State.__dataclass_fields__})


def _taken_up(state: State, event: Event) -> State:
    return _with(state, taken_up=state.taken_up or event)


def _asked(state: State, event: Event) -> State:
    return _with(state, contact_asked={event.organisation: event.at, **state.contact_asked})


def _released(state: State, event: Event) -> State:
    return _with(state, contact_released=state.contact_released | {event.organisation})


def _not_same(state: State, event: Event) -> State:
    named = frozenset(Side(UUID(signal), ref) for signal, ref in event.said["subjecten"])
    return _with(state, rejected=state.rejected | named)


def _reporter(state: State, event: Event) -> State:
    return _with(state, reporter=str(event.said["melder"]))


def _closed(state: State, event: Event) -> State:
    return _with(state, closed=state.closed or event)


def _muted(state: State, event: Event) -> State:
    return _with(state, muted=state.muted | {(event.organisation, event.role)})


def _unmuted(state: State, event: Event) -> State:
    return _with(state, muted=state.muted - {(event.organisation, event.role)})


def _handed_over(state: State, event: Event) -> State:
    said = event.said
    made = Handover(
        UUID(said["overdracht"]),
        str(said["aan"]),
        str(said["rol"]),
        event.organisation,
        frozenset(UUID(one) for one in said["signalen"]),
        event.at,
        date.fromisoformat(said["uiterlijk"]),
    )
    return _with(state, handovers=(*state.handovers, made))


def _accepted(state: State, event: Event) -> State:
    return _of_handover(state, event, accepted_at=event.at)


def _fed_back(state: State, event: Event) -> State:
    handover_id = UUID(event.said["overdracht"])
    one = state.handover(handover_id)
    told = Feedback(
        str(event.said["code"]), str(event.said["volgende_stap"]), event.at, event.role, handover_id
    )
    return _of_handover(state, event, feedback=(*(one.feedback if one else ()), told))


def _of_handover(state: State, event: Event, **changes: Any) -> State:
    handover_id = UUID(event.said["overdracht"])
    names = Handover.__dataclass_fields__
    return _with(
        state,
        handovers=tuple(
            Handover(**{name: changes.get(name, getattr(one, name)) for name in names})
            if one.handover_id == handover_id
            else one
            for one in state.handovers
        ),
    )


_KNOWN: Final = frozenset(Step)
_FOLDS: Final[Mapping[Step, Callable[[State, Event], State]]] = {
    Step.TAKEN_UP: _taken_up,
    Step.CONTACT_ASKED: _asked,
    Step.CONTACT_RELEASED: _released,
    Step.NOT_SAME: _not_same,
    Step.REPORTER: _reporter,
    Step.CLOSED: _closed,
    Step.MUTED: _muted,
    Step.UNMUTED: _unmuted,
    Step.HANDED_OVER: _handed_over,
    Step.ACCEPTED: _accepted,
    Step.FED_BACK: _fed_back,
}


def escalated(found_on: date, state: State, today: date) -> bool:
    """Whether nobody took it up for so long that it is the ketenregisseur's to take up."""
    waits = state.closed is None and not state.assessed
    return waits and today > after_workdays(found_on, ESCALATES_WORKDAYS)


def possible(
    state: State, organisation: str, role: str = _PARTY_ROLE, *, party: bool = True
) -> tuple[Step, ...]:
    """The steps that may be taken now, in the order in which people take them; taking one of the others is refused. Who is no party, but to whom it was escalated, takes it up and nothing else."""
    if state.closed is not None:
        return ()
    if not party:
        return () if state.assessed else (Step.TAKEN_UP,)
    if not state.assessed:
        return (Step.TAKEN_UP, Step.NOT_SAME)
    steps = []
    if organisation not in state.contact_asked:
        steps.append(Step.CONTACT_ASKED)
    if organisation not in state.contact_released and set(state.contact_asked) - {organisation}:
        steps.append(Step.CONTACT_RELEASED)
    # A ketenregisseur has no signal of its own to say it of.
    if organisation != state.chain:
        steps.append(Step.NOT_SAME)
    steps.append(Step.REPORTER)
    if organisation == state.owner:
        steps.append(Step.CLOSED)
    if organisation != state.chain:
        steps.append(Step.UNMUTED if (organisation, role) in state.muted else Step.MUTED)
    return tuple(steps)


def deadline(taken_up_on: date) -> date:
    """By when the first action is done, unless somebody names another day."""
    return after_workdays(taken_up_on, DEADLINE_WORKDAYS)


def fitting_deadline(taken_up_on: date, day: date) -> bool:
    """Whether a day can be one by which a first action is done."""
    return taken_up_on <= day <= after_workdays(taken_up_on, LATEST_WORKDAYS)


UNOWNED: Final = "treffers_wachten"
UNOWNED_LONG: Final = "treffers_zonder_eigenaar"
ACTION_LATE: Final = "eerste_actie_te_laat"
CONTACT_WAITS: Final = "contactverzoek_wacht"
UNACCEPTED: Final = "overdracht_wacht"
FEEDBACK_LATE: Final = "terugkoppeling_te_laat"
KINDS: Final = (UNOWNED, UNOWNED_LONG, ACTION_LATE, CONTACT_WAITS, UNACCEPTED, FEEDBACK_LATE)
"""What people are reminded of."""


@dataclass(frozen=True)
class Open:
    """A treffer that is not closed, as reminders need it. A count goes only to whom the treffer exists for: a number would tell of it.

    Attributes:
        found_on: when it was found.
        parties: who asked, and who owns a signal in it.
        state: how it stands.
        for_chain: whether it exists for a ketenregisseur: not when each of its signals is of a minor (C6) or for care alone (H3).
        in_care: parties where it exists for the zorgcoordinator and not for the aandachtsfunctionaris: who asked, when each signal is for care alone (H3).
    """

    found_on: date
    parties: frozenset[str]
    state: State
    for_chain: bool = True
    in_care: frozenset[str] = frozenset()

    def role_at(self, party: str) -> str:
        """Who is reminded at a party."""
        return _CARE_ROLE if party in self.in_care else _PARTY_ROLE


@dataclass(frozen=True)
class Owed:
    """Something that somebody owes: which role of which organisation, and what."""

    role: str
    organisation: str
    kind: str


_CARE_ROLE: Final = "zorgcoordinator"


def owed(treffers: Iterable[Open], chains: Mapping[str, frozenset[str]], moment: datetime) -> Sequence[Owed]:
    """Who owes what at this moment, one for each treffer or hand-over that waits.

    Args:
        treffers: those that are open.
        chains: organisation -> organisations whose ketenregisseur hears of what nobody took up.
        moment: now.
    """
    found: list[Owed] = []
    for one in treffers:
        found += _owed_by_parties(one, chains, moment.date()) if one.state.closed is None else []
        found += _owed_by_recipients(one, moment)
    return found


def _owed_by_parties(one: Open, chains: Mapping[str, frozenset[str]], today: date) -> list[Owed]:
    state = one.state
    if not state.assessed:
        found = []
        if today > after_workdays(one.found_on, UNOWNED_WORKDAYS):
            found += [Owed(one.role_at(party), party, UNOWNED) for party in sorted(one.parties)]
        if one.for_chain and escalated(one.found_on, state, today):
            hosts = frozenset[str]().union(*(chains.get(party, frozenset()) for party in one.parties))
            found += [Owed(CHAIN_ROLE, host, UNOWNED_LONG) for host in sorted(hosts)]
        return found
    found = []
    if (
        state.due_on is not None
        and state.owner is not None
        and state.due_on < today
        and not state.followed_up()
    ):
        role = one.role_at(state.owner) if state.chain is None else CHAIN_ROLE
        found.append(Owed(role, state.owner, ACTION_LATE))
    for party in sorted(one.parties - state.contact_released):
        others = [at.date() for asker, at in state.contact_asked.items() if asker != party]
        if others and today > after_workdays(min(others), ANSWER_WORKDAYS):
            found.append(Owed(one.role_at(party), party, CONTACT_WAITS))
    return found


def _owed_by_recipients(one: Open, moment: datetime) -> list[Owed]:
    found = []
    for handover in one.state.handovers:
        if handover.accepted_at is None:
            if moment.date() > handover.accept_by:
                found.append(Owed(handover.role, handover.to, UNACCEPTED))
        elif handover.overdue(moment):
            found.append(Owed(handover.role, handover.to, FEEDBACK_LATE))
    return found

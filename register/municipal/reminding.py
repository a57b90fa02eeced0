# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What waits at a node for somebody to do something: counted for a person or a role, and told with what to do now.

An officer is told of the own work, the aandachtsfunctionaris of that of the whole organisation, the functioneel beheerder of what the machine cannot get
done. A reminder is gone when its cause is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from process.language import gettext as _
from process.language import ngettext
from register.municipal.controls import OUTCOME_WITHIN, day_of
from register.municipal.outbox import REFUSED_KEPT
from register.municipal.receipts import Standing
from register.municipal.store.controls import OutcomeStore
from register.municipal.store.reminders import Counted, Reminder, ReminderStore
from register.wire import Herinnering

CONTACT = "aandachtsfunctionaris"
ADMINISTRATOR = "functioneel_beheerder"
FG = "fg"

WAITS = "signaal_wacht"
REFUSED = "signaal_geweigerd"
DRAFT_DIES = "concept_vervalt"
NO_PROOF = "ontvangstbewijs_te_laat"
EXPIRES = "signaal_verloopt"
SILENCE = "geen_signaal"
OUTCOME_OPEN = "afloop_open"
OUTCOME_LATE = "afloop_te_laat"
OUTCOME_WAITS = "afloop_wacht"
CHANGE_ASKED = "wijziging_gevraagd"
UNSENT = "bericht_niet_verstuurd"

WAITS_TOO_LONG = timedelta(hours=1)
_DAY = timedelta(days=1)
DRAFT_WARNING = timedelta(hours=3)
EXPIRY_WARNING = timedelta(days=30)
LONGEST_SILENCE = timedelta(days=183)
"""Half a year without a signal: people who never practise forget how, and do not see it coming."""


@dataclass(frozen=True)
class Asked:
    """How many changes of signals were asked for, and how many messages did not get through."""

    changes: int = 0
    unsent: int = 0


def count(  # noqa: PLR0913, PLR0917 - everything that is counted
    store: ReminderStore,
    outcomes: OutcomeStore,
    standing: Standing,
    since: datetime,
    moment: datetime,
    asked: Asked,
) -> int:
    """Count what waits in one organisation; gives how many reminders stand.

    Args:
        store: of the organisation.
        outcomes: of its controls.
        standing: how its receipts stand.
        since: from when this node has been counting: silence is not counted from before.
        moment: now.
        asked: what people asked, and what could not be told them.
    """
    today = moment.date()
    waiting = store.waiting(moment - WAITS_TOO_LONG, today)
    refused = store.refused(moment - REFUSED_KEPT, today)
    drafts = store.dying_drafts(moment, moment + DRAFT_WARNING)
    counted = [
        *_personal(WAITS, waiting),
        *_personal(REFUSED, refused),
        *_personal(DRAFT_DIES, drafts),
        *(Counted(WAITS, sum(waiting.values()), role) for role in (CONTACT, ADMINISTRATOR)),
        Counted(REFUSED, sum(refused.values()), CONTACT),
        Counted(NO_PROOF, len(standing.overdue) + len(standing.contradicted), ADMINISTRATOR),
        Counted(EXPIRES, store.expiring(today, today + EXPIRY_WARNING), CONTACT),
        Counted(CHANGE_ASKED, asked.changes, CONTACT),
        Counted(UNSENT, asked.unsent, ADMINISTRATOR),
        *_outcomes(outcomes, day_of(moment)),
        Counted(OUTCOME_WAITS, outcomes.waiting(moment - WAITS_TOO_LONG), ADMINISTRATOR),
        Counted(SILENCE, _months_of_silence(store.newest() or since, moment), CONTACT),
    ]
    return store.replace(counted, moment)


def _outcomes(store: OutcomeStore, today: date) -> list[Counted]:
    """Controls of before today without an outcome: told to who owes it, and when they are late also to who looks after all of them."""
    over = today - OUTCOME_WITHIN
    late = store.open_between(date.min, over - _DAY)
    return [
        *_personal(OUTCOME_OPEN, store.open_between(over - _DAY, today - _DAY)),
        *_personal(OUTCOME_LATE, late),
        *(Counted(OUTCOME_LATE, sum(late.values()), role) for role in (CONTACT, FG)),
    ]


def _personal(kind: str, per_officer: Mapping[str, int]) -> list[Counted]:
    return [Counted(kind, number, officer=officer) for officer, number in per_officer.items()]


def _months_of_silence(last: datetime, moment: datetime) -> int:
    silence = moment - last
    return silence // timedelta(days=30) if silence >= LONGEST_SILENCE else 0


def told(reminder: Reminder) -> Herinnering:
    """A reminder for the interface, in words."""
    what, now = sentences(reminder)
    return Herinnering(soort=reminder.kind, aantal=reminder.count, sinds=reminder.since, wat=what, wat_nu=now)


def sentences(reminder: Reminder) -> tuple[str, str]:
    """A reminder in words: what waits, and what to do now."""
    number = reminder.count
    said = {
        WAITS: (
            ngettext(
                "{aantal} signaal wacht langer dan een uur om verstuurd te worden.",
                "{aantal} signalen wachten langer dan een uur om verstuurd te worden.",
                number,
            ),
            _("Ze staan veilig op deze machine. Duurt het tot morgen, bel dan de functioneel beheerder."),
        ),
        REFUSED: (
            ngettext(
                "{aantal} signaal is geweigerd en staat niet in het register.",
                "{aantal} signalen zijn geweigerd en staan niet in het register.",
                number,
            ),
            _("Kijk bij Dossier waarom, en verbeter het of gooi het weg."),
        ),
        DRAFT_DIES: (
            ngettext(
                "{aantal} concept verdwijnt binnen drie uur.",
                "{aantal} concepten verdwijnen binnen drie uur.",
                number,
            ),
            _("Maak het af als het een signaal moet worden."),
        ),
        NO_PROOF: (
            ngettext(
                "Van {aantal} handeling is het bewijs uit het logboek te laat of strijdig.",
                "Van {aantal} handelingen is het bewijs uit het logboek te laat of strijdig.",
                number,
            ),
            _("Kijk of deze machine het register kan bereiken, en vertel het de FG."),
        ),
        EXPIRES: (
            ngettext(
                "{aantal} signaal van uw organisatie verdwijnt binnen 30 dagen.",
                "{aantal} signalen van uw organisatie verdwijnen binnen 30 dagen.",
                number,
            ),
            _("Dat hoort zo. Is er iets nieuws gezien, leg dat dan vast als nieuw signaal."),
        ),
        OUTCOME_OPEN: (
            ngettext(
                "Van {aantal} controle moet u nog zeggen hoe die afliep.",
                "Van {aantal} controles moet u nog zeggen hoe die afliepen.",
                number,
            ),
            _("Tik hieronder de afloop aan. Dat moet binnen vijf dagen na de controle."),
        ),
        OUTCOME_LATE: (
            ngettext(
                "Van {aantal} controle is de afloop te laat.",
                "Van {aantal} controles is de afloop te laat.",
                number,
            ),
            _(
                "Leg de afloop vandaag nog vast. Is het uw controle niet, vraag er dan naar. De FG ziet dit ook."
            ),
        ),
        OUTCOME_WAITS: (
            ngettext(
                "{aantal} afloop van een controle wacht langer dan een uur om verstuurd te worden.",
                "{aantal} aflopen van controles wachten langer dan een uur om verstuurd te worden.",
                number,
            ),
            _("Kijk of deze machine het register kan bereiken, en of de medewerker nog een mandaat heeft."),
        ),
        CHANGE_ASKED: (
            ngettext(
                "Van {aantal} signaal vroeg wie het invoerde om een wijziging.",
                "Van {aantal} signalen vroeg wie ze invoerde om een wijziging.",
                number,
            ),
            _("Kijk bij Berichten wat er gevraagd is, en verbeter het signaal of trek het in."),
        ),
        UNSENT: (
            ngettext(
                "{aantal} e-mail of webhook is na een dag proberen niet verstuurd.",
                "{aantal} e-mails of webhooks zijn na een dag proberen niet verstuurd.",
                number,
            ),
            _(
                "Kijk of de mailserver en de webhook uit de instellingen bereikbaar zijn. Op de pagina's staat alles wel."
            ),
        ),
        SILENCE: (
            ngettext(
                "Uw organisatie voerde {aantal} maand lang geen signaal in.",
                "Uw organisatie voerde {aantal} maanden lang geen signaal in.",
                number,
            ),
            _("Plan een oefening met uw toezichthouders: wat zien zij, en wat leggen zij vast?"),
        ),
    }
    what, now = said[reminder.kind]
    return what.format(aantal=number), now

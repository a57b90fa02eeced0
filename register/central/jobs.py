# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The jobs of the register, by name, with how often each is done; and what about them must worry its operator."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from process.jobs import Job, JobState, in_words
from process.language import gettext as _
from register.central.attending import attend
from register.central.centre import Centre
from register.central.checkpoints import Checkpointer
from register.central.destroying import destroy
from register.central.freezing import records_of
from register.central.journal import forget_decisions
from register.central.quarter_keys import destroy_quarter_keys
from register.central.reconciling import HolderAccounts, reconcile
from register.central.reminding import count_lapsing, remind
from register.central.reviewing import fill
from register.central.rotating import Converter
from register.central.signing_in import enter_lock_outs
from register.central.store import (
    breaches,
    break_glass,
    evaluations,
    flags,
    freezes,
    frequencies,
    notices,
    questions,
    reviews,
    watching,
)
from register.central.store.sign_ins import destroy_old
from register.central.validating import ask_in_time
from register.central.witnesses import Asking

DESTROYED_WITHIN = timedelta(days=1)
"""What expired is destroyed within a day (register.retention, 4)."""

States = Callable[[], Mapping[str, JobState]]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def jobs(  # noqa: PLR0913, PLR0917 - everything that a job needs and a request does not
    centre: Centre,
    checkpointer: Checkpointer,
    asking: Asking,
    converter: Converter,
    states: States,
    checkpoint_seconds: float,
    accounts: HolderAccounts,
) -> tuple[Job, ...]:
    """All jobs of this process."""
    return (
        Job(
            "controlepunten",
            _("Laat de nieuwe bladen van het logboek ondertekenen en publiceert het controlepunt."),
            timedelta(seconds=checkpoint_seconds),
            checkpointer.publish,
        ),
        Job(
            "getuigen",
            _("Vraagt de getuigen van het logboek om het nieuwste controlepunt te bevestigen."),
            timedelta(seconds=checkpoint_seconds),
            asking.ask,
        ),
        Job(
            "vernietiging",
            _(
                "Vernietigt signalen en treffers waarvan de termijn voorbij is, en wat ingetrokken of vervangen is."
            ),
            _HOUR,
            partial(destroy, centre),
        ),
        Job(
            "sleutels",
            _(
                "Vernietigt kwartaalsleutels van 13 maanden oud; vragen uit dat kwartaal zijn dan niet meer te herkennen."
            ),
            _DAY,
            partial(destroy_quarter_keys, centre),
        ),
        Job(
            "veelvoorkomend",
            _(
                "Telt hoe vaak kenmerken voorkomen, zodat een algemene naam minder zwaar weegt dan een zeldzame."
            ),
            _DAY,
            partial(_count_common, centre),
        ),
        Job(
            "aanmeldingen",
            _(
                "Ruimt verlopen sessies, foute wachtwoorden, oude verzoeksleutels, kwitanties, vlaggen en tellingen op."
            ),
            _HOUR,
            partial(_forget_sign_ins, centre),
        ),
        Job(
            "buitensluitingen",
            _("Schrijft in het logboek van een organisatie wie er te vaak een verkeerd wachtwoord invulde."),
            _HOUR / 60,
            partial(enter_lock_outs, centre),
        ),
        Job(
            "besluiten",
            _("Vernietigt vastgelegde besluiten van een kwartaal oud, met hun sleutels."),
            _DAY,
            partial(forget_decisions, centre.database),
        ),
        Job(
            "herinneringen",
            _("Telt wat blijft liggen, en herinnert wie daar iets aan kan doen."),
            _HOUR / 6,
            lambda moment: remind(centre, states(), moment, asking.published),
        ),
        Job(
            "attendering",
            _("Gaat na wie moet horen van nieuwe signalen en treffers, en zet daarvoor een bericht klaar."),
            _HOUR / 60,
            partial(attend, centre),
        ),
        Job(
            "hervalidatie",
            _("Vraagt een maand van tevoren of een signaal van een jaar oud nog klopt."),
            _DAY,
            partial(ask_in_time, centre),
        ),
        Job(
            "postvak",
            _(
                "Zet na elke week klaar wat de FG van een organisatie bekijkt: vragen met een vlag, en een steekproef."
            ),
            _HOUR,
            partial(fill, centre),
        ),
        Job(
            "aflopend",
            _("Telt eens per dag de treffers die binnen een week vervallen."),
            _DAY,
            partial(count_lapsing, centre),
        ),
        Job(
            "rotatie",
            _(
                "Zet bij een rotatie de bewaarde pseudoniemen om naar de nieuwe sleutel, en ruimt daarna de oude op."
            ),
            _HOUR / 60,
            converter.run,
        ),
        Job(
            "afstemming",
            _(
                "Vergelijkt wat de sleutelhouders op een dag bewerkten met de kwitanties die hier kwamen, en meldt verschillen aan de FG."
            ),
            _HOUR,
            lambda moment: reconcile(centre, accounts, states(), moment),
        ),
    )


def _count_common(centre: Centre, moment: datetime) -> Mapping[str, int]:
    with centre.database.engine.begin() as connection:
        return frequencies.take(connection, moment.date())


def _forget_sign_ins(centre: Centre, moment: datetime) -> Mapping[str, int]:
    with centre.database.engine.begin() as connection:
        held = freezes.held_openings(freezes.holds(connection, records_of(centre), moment.date()))
        return {
            **destroy_old(connection, moment),
            "kwitanties": evaluations.destroy_old(connection, moment),
            "tellingen van vragen": questions.destroy_old(connection, moment),
            "vlaggen": flags.destroy_old(connection, moment),
            "noodopeningen": break_glass.destroy_old(connection, moment, held),
            "bevriezingen": freezes.destroy_old(connection, moment),
            "datalekken": breaches.destroy_old(connection, moment),
            "postvakken": reviews.destroy_old(connection, moment),
            "berichten": notices.destroy_old(connection, moment),
            "attenderingen": watching.destroy_old(connection, moment.date()),
        }


def worries(states: Mapping[str, JobState], now: datetime) -> list[str]:
    """What about the jobs somebody must look at today, in Dutch; nothing while all is well."""
    state = states.get("vernietiging")
    if state is None or now - (state.succeeded_at or state.since) <= DESTROYED_WITHIN:
        return []
    if state.succeeded_at is None:
        return [_("De taak vernietiging is nog nooit afgerond.")]
    return [
        _(
            "De taak vernietiging is sinds {moment} niet afgerond; verlopen signalen horen binnen een dag weg te zijn."
        ).format(moment=in_words(state.succeeded_at))
    ]

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The jobs of a node, by name: each is done for every organisation of it, and what goes wrong at one keeps no other waiting."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from process.jobs import Job, Unfinished, added
from process.language import gettext as _
from register.municipal import reminding
from register.municipal.controls import day_of
from register.municipal.desk import Desk
from register.municipal.house import House

Work = Callable[[Desk, datetime], Mapping[str, int]]

_DELIVERING = timedelta(seconds=10)
_COUNTING = timedelta(minutes=10)
_SENDING = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_log = logging.getLogger(__name__)


def jobs(house: House, receipt_seconds: float) -> tuple[Job, ...]:
    """All jobs of this process."""
    return (
        Job(
            "uitbak",
            _("Verstuurt signalen en aflopen van controles die op deze machine wachten naar het register."),
            _DELIVERING,
            lambda moment: _for_each(house, _deliver, moment),
        ),
        Job(
            "ontvangstbewijzen",
            _("Vraagt het register te bewijzen dat alles wat deze machine deed in het logboek staat."),
            timedelta(seconds=receipt_seconds),
            lambda moment: _for_each(house, _demand, moment),
        ),
        Job(
            "concepten",
            _("Vernietigt concepten die een dag oud zijn."),
            _COUNTING,
            lambda moment: _for_each(house, _destroy_drafts, moment),
        ),
        Job(
            "vernietiging",
            _("Vernietigt dossiers met hun signaal, en verlopen sessies, inzagen, invoer en weigeringen."),
            _HOUR,
            lambda moment: _destroy(house, moment),
        ),
        Job(
            "herinneringen",
            _("Telt wat blijft liggen, en herinnert wie daar iets aan kan doen."),
            _COUNTING,
            lambda moment: _for_each(house, _remind(house), moment),
        ),
        Job(
            "vrijgaven",
            _(
                "Vraagt het register welke vrijgegeven verhalen zijn opgehaald, en vernietigt wat is overgedragen."
            ),
            _HOUR,
            lambda moment: _for_each(house, _follow, moment),
        ),
        Job(
            "berichten",
            _("Laat medewerkers per e-mail of webhook weten dat er iets klaarstaat, op vaste tijden."),
            _SENDING,
            lambda moment: _for_each(house, _announce, moment),
        ),
        Job(
            "kanarie",
            _("Controleert dagelijks of de zoeksleutels van deze machine nog die van iedereen zijn."),
            _COUNTING,
            lambda moment: _for_each(house, _canary, moment),
        ),
    )


def _for_each(house: House, work: Work, moment: datetime) -> Mapping[str, int]:
    """One batch of work at every desk; the counts together, `Unfinished` if one of them is.

    Raises:
        Exception: the first that one of them raised, when all have had their turn.
    """
    counts: dict[str, int] = {}
    more, wrong = False, None
    for organisation, desk in house.desks.items():
        try:
            batch = work(desk, moment)
        except Exception as error:  # noqa: BLE001 - it is raised below, after the others had their turn
            # The type only: a message may hold what was processed.
            _log.error("job failed for %s: %s", organisation, type(error).__name__)
            wrong = wrong or error
        else:
            counts = added(counts, batch)
            more = more or isinstance(batch, Unfinished)
    if wrong is not None:
        raise wrong
    return Unfinished(counts) if more else counts


def _deliver(desk: Desk, moment: datetime) -> Mapping[str, int]:
    # Outcomes after the signals: a signal is what somebody else may be waiting for.
    return added(desk.submitting.delivering.deliver_waiting(moment), desk.closing.tell_waiting(desk.clock()))


def _demand(desk: Desk, _moment: datetime) -> Mapping[str, int]:
    return desk.demanding.once()


def _announce(desk: Desk, moment: datetime) -> Mapping[str, int]:
    return desk.announcing.once(moment)


def _canary(desk: Desk, moment: datetime) -> Mapping[str, int]:
    return desk.canary.look(moment)


def _follow(desk: Desk, moment: datetime) -> Mapping[str, int]:
    return desk.releasing.follow(moment)


def _destroy_drafts(desk: Desk, moment: datetime) -> Mapping[str, int]:
    return desk.drafting.destroy_drafts(moment)


def _destroy(house: House, moment: datetime) -> Mapping[str, int]:
    counts = added(_for_each(house, _destroy_at, moment), house.unseen.purge(moment, day_of(moment)))
    house.database.wipe_remains()
    return counts


def _destroy_at(desk: Desk, moment: datetime) -> Mapping[str, int]:
    kept = added(desk.store.purge(moment, day_of(moment)), desk.receiving.destroy_expired(moment))
    taken_in = {
        "invoer": desk.taking_in.imports.destroy(moment),
        "meldingen over bulk": desk.taking_in.flags.destroy(moment),
        "controles": desk.closing.store.destroy(moment),
        "gevraagde wijzigingen": desk.changes.store.destroy(),
        "aankondigingen": desk.announcing.store.destroy(moment),
    }
    return added(added(kept, desk.consulting.destroy_expired(moment)), taken_in)


def _remind(house: House) -> Work:
    states = house.database.job_states()

    def remind(desk: Desk, moment: datetime) -> Mapping[str, int]:
        known = states.states().get("herinneringen")
        since = moment if known is None else known.since
        return {
            "herinneringen": reminding.count(
                desk.reminders,
                desk.closing.store,
                desk.demanding.standing(),
                since,
                moment,
                reminding.Asked(len(desk.changes.store.waiting()), desk.announcing.store.given_up()),
            )
        }

    return remind

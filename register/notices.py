# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Berichten: that something waits for a role of an organisation, and nothing of what it is.

The law, in this order:

1. A notice holds **no content**: a kind, an organisation, a role, and the id of what it is about. What that is, its reader opens behind sign-in, and policy decides then, field by field.
2. **Only what a role may know of is told to it.** Whoever tells has decided that first, by policy; hidden from the reader is untold, and leaves no trace.
3. A notice can be seen from the **next fixed moment of the day** that is at least `LEAST` away, in no order: when it is seen says nothing about when something happened.
   Two about the same thing for one moment are one.
4. Told by e-mail or webhook is one sentence that is the same for everyone. No name, no number, no id, no count leaves by those.
5. A notice is gone `KEPT` after its moment, read or not. It extends nothing's term.

Pure. Left to others: keeping (`register.central.store.notices`), deciding, and sending (`process.serving.mailing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from gettext import gettext as _
from gettext import ngettext
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

MOMENTS: Final = (time(7, 30), time(12, 30), time(16, 30))
"""When notices become visible and are sent, every day, Dutch time: also at night and at weekends nothing shows sooner that something happened."""

LEAST: Final = timedelta(minutes=30)
"""A notice waits at least this long, so that one just before a moment does not give its own away."""

KEPT: Final = timedelta(days=30)
"""How long a notice is there, as long as a treffer that nobody takes up."""

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")

OFFICERS: Final = frozenset({"aandachtsfunctionaris", "zorgcoordinator"})
CHAIN: Final = OFFICERS | {"ketenregisseur", "tmm_coordinator", "nla", "kmar"}


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    Attributes:
        about: what `about_id` is the id of: `signaal`, `treffer` or `overdracht`.
        roles: who may get it.
    """

    about: str
    roles: frozenset[str]


LATER_SEEN: Final = "signaal_later_gezien"
FOUND: Final = "treffer_nieuw"
WATCHED: Final = "attendering"
WITHDRAWN: Final = "signaal_ingetrokken"
REPLACED: Final = "signaal_gewijzigd"
VALIDATE: Final = "signaal_valideren"

KINDS: Final[Mapping[str, Kind]] = {
    LATER_SEEN: Kind("signaal", OFFICERS),
    FOUND: Kind("treffer", CHAIN),
    WATCHED: Kind("attendering", OFFICERS | {"tmm_coordinator"}),
    WITHDRAWN: Kind("treffer", CHAIN),
    REPLACED: Kind("treffer", CHAIN),
    VALIDATE: Kind("signaal", OFFICERS),
    # Of the treffer as a case and of what leaves it.
    "treffer_opgepakt": Kind("treffer", CHAIN),
    "treffer_escalatie": Kind("treffer", CHAIN),
    "contact_vrijgegeven": Kind("treffer", CHAIN),
    "verhaal_vrijgegeven": Kind("treffer", CHAIN),
    "overdracht_nieuw": Kind("overdracht", CHAIN),
    "terugkoppeling": Kind("overdracht", CHAIN),
}
"""Every kind there is. The words are in `sentences`."""


class NoNoticeError(ValueError):
    """A notice that may not be: no such kind, or not for this role. A defect of whoever tells."""


@dataclass(frozen=True)
class Notice:
    """One notice: what it is about its reader opens elsewhere. No member is more than a code, an id or a moment."""

    organisation: str
    role: str
    kind: str
    about_id: UUID
    ready_at: datetime


def notice(organisation: str, role: str, kind: str, about_id: UUID, at: datetime) -> Notice:
    """A notice of something that happened now, ready at the next moment.

    Raises:
        NoNoticeError: no such kind, or never for this role.
    """
    if kind not in KINDS or role not in KINDS[kind].roles:
        raise NoNoticeError(f"no notice {kind} for {role}")
    return Notice(organisation, role, kind, about_id, ready_at(at))


def ready_at(at: datetime) -> datetime:
    """The first fixed moment that is at least `LEAST` after this one, in UTC."""
    day = at.astimezone(AMSTERDAM).date()
    while True:
        for one in MOMENTS:
            found = datetime.combine(day, one, AMSTERDAM).astimezone(UTC)
            if found - LEAST >= at:
                return found
        day += timedelta(days=1)


def last_moment(now: datetime) -> datetime:
    """The newest fixed moment that is not after now, in UTC."""
    day = now.astimezone(AMSTERDAM).date()
    while True:
        for one in reversed(MOMENTS):
            found = datetime.combine(day, one, AMSTERDAM).astimezone(UTC)
            if found <= now:
                return found
        day -= timedelta(days=1)


def sentences(kind: str, number: int) -> tuple[str, str]:
    """Notices of one kind in words: what waits, and what to do now.

    Raises:
        KeyError: no such kind.
    """
    what, now = {
        LATER_SEEN: (
            ngettext(
                "{aantal} signaal van u lijkt later elders gezien.",
                "{aantal} signalen van u lijken later elders gezien.",
                number,
            ),
            _("Open het signaal en vraag ermee of de persoon elders is gezien."),
        ),
        FOUND: (
            ngettext("{aantal} nieuwe treffer.", "{aantal} nieuwe treffers.", number),
            _("Kijk bij Treffers, en beslis binnen 30 dagen of u hem oppakt."),
        ),
        WATCHED: (
            ngettext(
                "{aantal} attendering van u heeft iets nieuws.",
                "{aantal} attenderingen van u hebben iets nieuws.",
                number,
            ),
            _("Open wat de attendering volgt, en kijk wat er nu is."),
        ),
        WITHDRAWN: (
            ngettext(
                "Bij {aantal} treffer is een signaal ingetrokken.",
                "Bij {aantal} treffers is een signaal ingetrokken.",
                number,
            ),
            _("Gebruik het niet meer. Kijk wat er zonder dit signaal overblijft."),
        ),
        REPLACED: (
            ngettext(
                "Bij {aantal} treffer is een signaal gewijzigd.",
                "Bij {aantal} treffers is een signaal gewijzigd.",
                number,
            ),
            _("Wat u eerder zag, geldt niet meer. Kijk opnieuw."),
        ),
        VALIDATE: (
            ngettext(
                "{aantal} signaal van u is bijna een jaar oud.",
                "{aantal} signalen van u zijn bijna een jaar oud.",
                number,
            ),
            _("Ga na of het nog klopt, en leg dat vast. Anders telt het na een jaar niet meer mee."),
        ),
        "treffer_opgepakt": (
            ngettext(
                "{aantal} treffer is door de andere kant opgepakt.",
                "{aantal} treffers zijn door de andere kant opgepakt.",
                number,
            ),
            _("Kijk bij Treffers wie contact met u zoekt."),
        ),
        "treffer_escalatie": (
            ngettext(
                "{aantal} treffer wacht te lang op een eerste stap.",
                "{aantal} treffers wachten te lang op een eerste stap.",
                number,
            ),
            _("Kijk wie hem kan oppakken, en spreek dat af."),
        ),
        "contact_vrijgegeven": (
            ngettext(
                "Bij {aantal} treffer is een contact vrijgegeven.",
                "Bij {aantal} treffers is een contact vrijgegeven.",
                number,
            ),
            _("Kijk bij Treffers wie u kunt bellen."),
        ),
        "verhaal_vrijgegeven": (
            ngettext(
                "{aantal} verhaal is aan u vrijgegeven.", "{aantal} verhalen zijn aan u vrijgegeven.", number
            ),
            _("Open het op uw eigen node. Het register kan het niet lezen."),
        ),
        "overdracht_nieuw": (
            ngettext("{aantal} nieuwe overdracht.", "{aantal} nieuwe overdrachten.", number),
            _("Kijk bij Overdrachten, en laat weten of u hem aanneemt."),
        ),
        "terugkoppeling": (
            ngettext("{aantal} nieuwe terugkoppeling.", "{aantal} nieuwe terugkoppelingen.", number),
            _("Kijk bij Overdrachten wat ermee is gedaan."),
        ),
    }[kind]
    return what.format(aantal=number), now

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
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from process.language import gettext as _
from process.language import ngettext

MOMENTS: Final = (time(7, 30), time(12, 30), time(16, 30))
"""When notices become visible and are sent, every day, Dutch time: also at night and at weekends nothing shows sooner that something happened."""

LEAST: Final = timedelta(minutes=30)
"""A notice waits at least this long, so that one just before a moment does not give its own away."""

KEPT: Final = timedelta(days=30)
"""How long a notice is there, as long as a treffer that nobody takes up."""

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")

CONTACT: Final = "aandachtsfunctionaris"
CARER: Final = "zorgcoordinator"
COORDINATOR: Final = "tmm_coordinator"
OFFICERS: Final = frozenset({CONTACT, CARER})
CHAIN: Final = OFFICERS | {"ketenregisseur", COORDINATOR, "nla", "kmar"}

CARE: Final = "hulpverlening"
HANDING_OVER: Final = "opsporing_handoff"
HANDED_TO: Final[Mapping[str, str]] = {"NLA": "nla", "KMAR": "kmar"}
"""Partner -> its role; every other that asks for the purpose of a hand-off is TMM."""

PURPOSES_OF: Final[Mapping[str, str]] = {CONTACT: "signalering", CARER: CARE}
"""Role -> the purpose for which it is told of what agrees with signals of its own organisation."""


LONGEST_TERM: Final = 90
"""Days that a standing question asks at most, by the action table."""

FOLLOWING: Final[Mapping[str, str]] = {
    "verplaatst_zich": _("Deze persoon wordt waarschijnlijk verplaatst"),
    "zaak_loopt": _("Er loopt een zaak"),
    "zorg_loopt": _("Er loopt hulp"),
    "gevaar": _("Er is zorg om de veiligheid"),
}
"""Why somebody is followed; a code, because a sentence could hold a name."""


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
GROWN: Final = "zaak_later_gezien"
WATCHED: Final = "attendering"
WITHDRAWN: Final = "signaal_ingetrokken"
REPLACED: Final = "signaal_gewijzigd"
VALIDATE: Final = "signaal_valideren"

KINDS: Final[Mapping[str, Kind]] = {
    LATER_SEEN: Kind("signaal", OFFICERS),
    FOUND: Kind("treffer", CHAIN),
    # Of a case that somebody took up; per case instead of per signal, and a role can mute it.
    GROWN: Kind("treffer", OFFICERS),
    WATCHED: Kind("attendering", OFFICERS | {"tmm_coordinator"}),
    WITHDRAWN: Kind("treffer", CHAIN),
    REPLACED: Kind("treffer", CHAIN),
    VALIDATE: Kind("signaal", OFFICERS),
    # Of the treffer as a case and of what leaves it.
    "treffer_opgepakt": Kind("treffer", CHAIN),
    "treffer_escalatie": Kind("treffer", CHAIN),
    "contact_gevraagd": Kind("treffer", CHAIN),
    "contact_vrijgegeven": Kind("treffer", CHAIN),
    # Of an own signal: the treffer itself is there for nobody any more.
    "treffer_onjuist": Kind("signaal", OFFICERS),
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


def notice_name(kind: str) -> str:
    """A kind in a few words, for the log; the code of one that this software does not know."""
    return {
        LATER_SEEN: _("eigen signaal later elders gezien"),
        FOUND: _("nieuwe treffer"),
        GROWN: _("iets nieuws bij een opgepakte treffer"),
        WATCHED: _("nieuws voor een attendering"),
        WITHDRAWN: _("signaal van een treffer ingetrokken"),
        REPLACED: _("signaal van een treffer gewijzigd"),
        VALIDATE: _("signaal bijna een jaar oud"),
    }.get(kind, kind.replace("_", " "))


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
            _("Open de treffer, en beslis binnen 30 dagen of u hem oppakt."),
        ),
        GROWN: (
            ngettext(
                "Bij {aantal} opgepakte treffer lijkt een signaal van u later elders gezien.",
                "Bij {aantal} opgepakte treffers lijkt een signaal van u later elders gezien.",
                number,
            ),
            _(
                "Vraag met uw signaal of de persoon elders is gezien. Bij de treffer kunt u deze melding dempen."
            ),
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
        "contact_gevraagd": (
            ngettext(
                "Bij {aantal} treffer vraagt de andere kant uw contact.",
                "Bij {aantal} treffers vraagt de andere kant uw contact.",
                number,
            ),
            _("Kijk bij Treffers en geef uw contact vrij, of leg vast dat het niet om dezelfde gaat."),
        ),
        "treffer_onjuist": (
            ngettext(
                "Een treffer op {aantal} signaal van u was onjuist.",
                "Treffers op {aantal} signalen van u waren onjuist.",
                number,
            ),
            _("Het verband is weg. Kijk bij Terugkoppelingen, en of uw signaal zelf nog klopt."),
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
            _("Kijk bij Terugkoppelingen wat ermee is gedaan."),
        ),
    }[kind]
    return what.format(aantal=number), now

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where somebody begins: what waits, and what this role does here, each with a sentence on what for; only what policy gives it.

The lists below are read off `policy-actions.csv` and `policy-matrix.csv` and open nothing: every page asks the interface, and the interface asks policy.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response

from process.language import gettext as _
from register.central.web import agenda_pages, handover_pages, notice_pages, treffer_pages
from register.central.web.own_grounds import own_grounds
from register.theme import NavigationItem

PATH: Final = "/begin"
OPENS_CASES: Final = frozenset({"tmm_analist", "tmm_coordinator"})
"""Who opens a dossier by its number; the Arbeidsinspectie comes to a network by what was handed to it, the KMar never (policy-matrix.csv, link_graph)."""
ROLES: Final = OPENS_CASES | {"nla", "kmar", "ketenregisseur", "zorgcoordinator"}


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to this one."""

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    reminders: Callable[[Any], Awaitable[list[tuple[str, str]]]]


def navigation(role: str, path: str) -> tuple[NavigationItem, ...]:
    """The whole menu of these roles."""
    cases = NavigationItem("/dossiers", _("Dossiers"), current=path == "/dossiers")
    return (
        NavigationItem(PATH, _("Begin"), current=path == PATH),
        *notice_pages.navigation(role, path),
        *((cases,) if role in OPENS_CASES else ()),
        *treffer_pages.navigation(role, path),
        *handover_pages.navigation(role, path),
        *agenda_pages.navigation(role, path),
    )


def mount(tools: Tools) -> None:
    """Add the page."""

    @tools.page(PATH)
    async def start(request: Request, visit: Any) -> Response:
        del request
        kinds: Sequence[Any] = ()
        if visit.role in notice_pages.ROLES:
            kinds = (await tools.call("GET", "/v1/berichten", visit))["soorten"]
        grounds = []
        if visit.role in OPENS_CASES:
            grounds = await own_grounds(tools.call, visit)
        fresh = [(_(one["wat"]), _(one["watNu"])) for one in kinds]
        return tools.show(
            "begin.html",
            visit,
            PATH,
            lead=lead_of(visit.role),
            fresh=fresh,
            work=work_of(visit.role),
            opens_cases=visit.role in OPENS_CASES,
            grounds=grounds,
            # A notice is a reminder too; here it is said once.
            reminders=[one for one in await tools.reminders(visit) if one not in fresh],
        )


def lead_of(role: str) -> str:
    """What this role is here for, in one sentence or two."""
    return {
        "tmm_analist": _("U ziet in een dossier welke signalen bij elkaar horen, en waarom."),
        "tmm_coordinator": _(
            "U neemt zaken aan, vraagt fase 2 aan en koppelt terug aan wie het signaal bracht."
        ),
        "nla": _(
            "U krijgt zaken over arbeidsuitbuiting, en u laat weten wat u ermee doet. In het netwerk van een zaak kijkt u mee."
        ),
        "kmar": _(
            "U krijgt zaken die bij de grens spelen, en u laat weten wat u ermee doet. U ziet de signalen van die zaak. Het netwerk eromheen ziet u niet."
        ),
        "ketenregisseur": _(
            "U zorgt dat niets blijft liggen: wat tien werkdagen niemand oppakt, komt bij u. En u leidt het Drieluikoverleg."
        ),
        "zorgcoordinator": _(
            "U ziet signalen waarin iemand mogelijk slachtoffer is, als de gemeente ze vrijgaf voor hulp."
        ),
    }.get(role, "")


def work_of(role: str) -> list[tuple[str, str, str]]:
    """Path, title and sentence of each thing that this role does here."""
    every = {
        "/dossiers": (_("Dossiers"), _("Open een zaak met uw zaaknummer: verplaatsing, signalen, netwerk.")),
        treffer_pages.PATH: _treffers(role),
        handover_pages.PATH: (
            _("Overdrachten"),
            _("Wat aan u is overgedragen: neem aan, koppel terug, neem mee."),
        ),
        agenda_pages.PATH: (_("Agenda"), _("Wat in het Drieluikoverleg op tafel komt.")),
        handover_pages.FIGURES: (
            _("Cijfers"),
            _("Wat er van de treffers werd, per gemeente en per verband."),
        ),
        notice_pages.PATH: (_("Berichten"), _("Dat er iets voor u is, en wat u blijft volgen.")),
    }
    return [(one.path, *every[one.path]) for one in navigation(role, PATH) if one.path in every]


def _treffers(role: str) -> tuple[str, str]:
    if role == "ketenregisseur":
        return _("Treffers zonder eigenaar"), _("Wat niemand oppakte. Bel de gemeenten, of pak zelf op.")
    return _("Treffers"), _("Wat bij elkaar hoort, voor hulp aan wie mogelijk slachtoffer is.")

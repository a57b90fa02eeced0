# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/beheer`, the first page of a functioneel beheerder, the page about organisations, and how the register is, in words.

Here one reads; people are in `people_pages`, grounds and proposals in `proposal_pages`. Each page says what is done here, and what by somebody else.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from process.language import gettext as _
from process.language import together
from process.serving.health import Readiness
from process.serving.jobs import Runner
from register.central import managing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web import people_pages, proposal_pages
from register.central.web.identify import Identify, frozen
from register.central.web.proposal_pages import state_of
from register.theme import NavigationItem
from register.wire import BeheerOverzicht, Gezondheid
from register.words import entry_value, role_name

PATH: Final = "/beheer"
ORGANISATIONS: Final = "/beheer/organisaties"
HEALTH: Final = "/beheer/toestand"
ROLE: Final = "functioneel_beheerder"


def routes(centre: Centre, identify: Identify, ready: Readiness, runner: Runner) -> APIRouter:
    """What somebody who manages accounts must know."""
    router = APIRouter(prefix="/v1/beheer", tags=["beheer"])
    who, now = Depends(identify), frozen(centre)

    @router.get("", response_model_exclude_none=True)
    def overview(acting: Acting = who, here: Centre = now) -> BeheerOverzicht:
        return managing.overview(here, acting)

    @router.get("/gezondheid", response_model_exclude_none=True)
    async def health(acting: Acting = who, here: Centre = now) -> Gezondheid:
        found = await ready.now()
        states = await run_in_threadpool(runner.states)
        return await run_in_threadpool(managing.health, here, acting, found, runner.jobs, states)

    return router


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to these."""

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    reminders: Callable[[Any], Awaitable[list[tuple[str, str]]]]


def navigation(path: str) -> tuple[NavigationItem, ...]:
    """The entries of the menu of a functioneel beheerder."""
    return (
        NavigationItem(PATH, _("Begin"), current=path == PATH),
        NavigationItem(people_pages.PATH, _("Mensen"), current=path == people_pages.PATH),
        NavigationItem(proposal_pages.GROUNDS, _("Grondslagen"), current=path == proposal_pages.GROUNDS),
        proposal_pages.navigation(path),
        NavigationItem(ORGANISATIONS, _("Organisaties"), current=path == ORGANISATIONS),
        NavigationItem(HEALTH, _("Toestand van het register"), current=path == HEALTH),
    )


def mount(tools: Tools) -> None:
    """Add the pages."""

    @tools.page(PATH)
    async def overview_page(request: Request, visit: Any) -> Response:
        del request
        found = await tools.call("GET", "/v1/beheer", visit)
        proposed = (await tools.call("GET", "/v1/beheer/vastleggingen", visit))["vastleggingen"]
        return tools.show(
            "beheer.html",
            visit,
            PATH,
            place=visit.names.get(visit.organisation, visit.organisation),
            trouble=[_mandate(one) for one in found["mandaten"] if one["letOp"]],
            waiting=[
                (
                    f"{proposal_pages.PROPOSALS}/{one['vastleggingId']}",
                    (one["wat"], state_of(one["stand"])),
                )
                for one in proposed
                if one["wachtOpU"]
            ],
            work=_work(),
            reminders=await tools.reminders(visit),
        )

    @tools.page(ORGANISATIONS)
    async def organisations_page(request: Request, visit: Any) -> Response:
        del request
        found = await tools.call("GET", "/v1/beheer", visit)
        return tools.show(
            "organisaties.html",
            visit,
            ORGANISATIONS,
            place=visit.names.get(visit.organisation, visit.organisation),
            organisations=[
                (None, (one["naam"], one["organisatie"], _("ja") if one["deelnemer"] else _("nee")))
                for one in found["organisaties"]
            ],
            who=[(None, row) for row in _who_does_what()],
        )

    @tools.page(HEALTH)
    async def health_page(request: Request, visit: Any) -> Response:
        del request
        found = await tools.call("GET", "/v1/beheer/gezondheid", visit)
        wrong = [one for one in found["taken"] if not one["goed"]]
        return tools.show(
            "toestand.html",
            visit,
            HEALTH,
            works=found["werkt"],
            moment=entry_value("moment", found["op"], {}),
            obstacles=[_(one) for one in found["belemmeringen"]],
            # A job that fails is told below with since when.
            worries=[_(one) for one in found["zorgen"] if not _of_a_job(one, wrong)],
            wrong=[_trouble(one) for one in wrong],
            jobs=[
                (
                    None,
                    (
                        _(one["wat"]),
                        _moment(one.get("laatstGelukt")),
                        _("goed") if one["goed"] else _("niet goed"),
                    ),
                )
                for one in found["taken"]
            ],
        )


def _of_a_job(worry: str, wrong: list[Mapping[str, Any]]) -> bool:
    return any(_("Taak {taak} mislukt").format(taak=one["taak"]) in worry for one in wrong)


def _trouble(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A job that is not well: what it does, since when not, what to do."""
    now = (
        _(
            "Bel de beheerder van het register. Die ziet met 'signaalregister register jobs --list' wat er misging."
        )
        if one["kerenMislukt"]
        else _("Bel de beheerder van het register: deze taak wordt door niets uitgevoerd.")
    )
    return [
        (_("Wat niet gebeurt"), _(one["wat"])),
        (_("Sinds"), _moment(one.get("sinds"))),
        (_("Keren mislukt"), str(one["kerenMislukt"])),
        (_("Wat nu"), now),
    ]


def _moment(text: str | None) -> str:
    return entry_value("moment", text, {}) if text else _("nog niet")


def _mandate(one: Mapping[str, Any]) -> list[tuple[str, str | list[str]]]:
    return [
        (_("Wie"), one["medewerker"]),
        (_("Als"), role_name(one["rol"])),
        (_("Wat er is"), together(one["letOp"], " ")),
        *([(_("Wat nu"), together(one["watNu"], " "))] if one["watNu"] else []),
    ]


def _work() -> Sequence[tuple[str, str, str]]:
    """Path, title and sentence of each thing that a functioneel beheerder does here."""
    return (
        (people_pages.PATH, _("Mensen"), _("Accounts bij dit register en mandaten van uw organisatie.")),
        (
            proposal_pages.GROUNDS,
            _("Grondslagen"),
            _("Waarop uw organisatie werkt. Stel een nieuwe voor of laat er een eindigen."),
        ),
        (
            proposal_pages.PROPOSALS,
            _("Voorstellen"),
            _("Wat op een tweede persoon of op de FG wacht, en wat er is besloten."),
        ),
        (ORGANISATIONS, _("Organisaties"), _("Wie meedoet, en wie wat vastlegt.")),
        (HEALTH, _("Toestand van het register"), _("Wat niet goed gaat, in woorden.")),
    )


def _who_does_what() -> Sequence[tuple[str, str]]:
    """What is recorded, and by whom."""
    alone = _("Eén functioneel beheerder van uw organisatie, op deze pagina's.")
    both = _("Twee functioneel beheerders van uw organisatie, op deze pagina's.")
    central = _("De beheerder van het register, op het besluit dat u stuurt.")
    return (
        (_("Een account maken, blokkeren of beëindigen"), alone),
        (_("Een mandaat laten eindigen"), alone),
        (_("Een mandaat geven of verlengen"), both),
        (
            _("Een grondslag van uw organisatie vastleggen"),
            _("Twee functioneel beheerders, na advies van uw FG, op deze pagina's."),
        ),
        (
            _("Een grondslag van meer partijen vastleggen"),
            _("Van elke partij een functioneel beheerder, na advies van een FG, op deze pagina's."),
        ),
        (_("Een grondslag van uw organisatie laten eindigen"), both),
        (_("Een FG of functioneel beheerder: mandaat en account"), central),
        (_("Een organisatie inschrijven, samenvoegen of laten stoppen"), central),
        (_("Een certificaat van een node vernieuwen"), central),
        (_("Een samenwerkingsverband of convenant"), central),
        (_("Een poort openen of sluiten, de criteria voor fase 2"), central),
        (
            _("Toestemming in één zaak (G-TOEST) of levensgevaar (G-VIT)"),
            _("Niet hier: dat hoort bij één zaak."),
        ),
        (
            _("Accounts van wie bij uw eigen node werkt"),
            _("Wie de node van uw organisatie beheert."),
        ),
    )

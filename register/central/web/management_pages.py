# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/beheer` and its pages, for a functioneel beheerder: organisations, people with their mandates, grounds, and how the register is, in words.

Nothing is changed here; what is decided elsewhere is recorded by an administrator of the register, and each page says so.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from process.serving.health import Readiness
from process.serving.jobs import Runner
from register.central import managing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.identify import Identify, frozen
from register.theme import NavigationItem
from register.wire import BeheerOverzicht, Gezondheid
from register.words import day, entry_value, role_name

PATH: Final = "/beheer"
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
        NavigationItem(PATH, _("Mensen en grondslagen"), current=path == PATH),
        NavigationItem(HEALTH, _("Toestand van het register"), current=path == HEALTH),
    )


def mount(tools: Tools) -> None:
    """Add the pages."""

    @tools.page(PATH)
    async def overview_page(request: Request, visit: Any) -> Response:
        del request
        found = await tools.call("GET", "/v1/beheer", visit)
        mandates = [(one, _mandate(one)) for one in found["mandaten"]]
        return tools.show(
            "beheer.html",
            visit,
            PATH,
            place=visit.names.get(visit.organisation, visit.organisation),
            trouble=[rows for one, rows in mandates if one["letOp"]],
            mandates=[(None, cells) for cells in map(_row, found["mandaten"])],
            grounds=[(None, cells) for cells in map(_ground, found["grondslagen"])],
            organisations=[
                (None, (one["naam"], one["organisatie"], _("ja") if one["deelnemer"] else _("nee")))
                for one in found["organisaties"]
            ],
            reminders=await tools.reminders(visit),
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
            obstacles=found["belemmeringen"],
            # A job that fails is told below with since when.
            worries=[one for one in found["zorgen"] if not _of_a_job(one, wrong)],
            wrong=[_trouble(one) for one in wrong],
            jobs=[
                (
                    None,
                    (
                        one["wat"],
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
        (_("Wat niet gebeurt"), one["wat"]),
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
        (_("Wat er is"), " ".join(one["letOp"])),
        *([(_("Wat nu"), " ".join(one["watNu"]))] if one["watNu"] else []),
    ]


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        one["medewerker"],
        role_name(one["rol"]),
        _("{van} tot en met {tot}").format(van=day(one["geldigVan"]), tot=day(one["geldigTot"])),
        _day(one.get("opgeleidOp")),
        _day(one.get("gescreendOp")),
        _("ja") if one["geldt"] else _("nee"),
    )


def _day(text: str | None) -> str:
    return day(text) if text else _("niet vastgelegd")


def _ground(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        one["code"],
        one["artikel"],
        one["taak"],
        _("{van} tot en met {tot}").format(van=day(one["geldigVan"]), tot=day(one["geldigTot"])),
        _("{wie}, {besluit}").format(wie=one["beslotenDoor"], besluit=one["besluit"]),
        _("ja") if one["geldt"] else _("nee"),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Freezes and data breaches: their resources, and the pages on which an FG asks for one, sees until when a breach is to be reported, and prints the draft."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from process.language import gettext as _
from process.serving.described import refusals
from register.central import breaching, freezing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey
from register.central.web.identify import Identify, frozen
from register.safeguards import FREEZE_REASONS, SETTLED
from register.theme import NavigationItem
from register.wire import (
    Bevriezing,
    BevriezingGedaan,
    BevriezingLijst,
    Datalek,
    DatalekAfgehandeld,
    DatalekAfhandeling,
    DatalekConcept,
    DatalekLijst,
    Opheffing,
)
from register.words import entry_value, typed_day

FREEZES = "/bevriezingen"
BREACHES = "/datalekken"


def freezes(centre: Centre, identify: Identify) -> APIRouter:
    """What an FG asks for, a functioneel beheerder confirms, and another one lifts."""
    router = APIRouter(prefix="/v1/bevriezingen", tags=["bevriezingen"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201, response_model_exclude_none=True)
    def ask(
        sent: Bevriezing, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> BevriezingGedaan:
        return freezing.ask(here, acting, sent, idempotency_key)

    @router.get("", response_model_exclude_none=True)
    def listed(acting: Acting = who, here: Centre = now) -> BevriezingLijst:
        return freezing.listed(here, acting)

    @router.post("/{bevriezing_id}/bevestigingen", status_code=201, response_model_exclude_none=True)
    def confirm(
        bevriezing_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> BevriezingGedaan:
        del idempotency_key  # it is confirmed once
        return freezing.confirm(here, acting, bevriezing_id)

    @router.post("/{bevriezing_id}/opheffingen", status_code=201, response_model_exclude_none=True)
    def lift(
        bevriezing_id: UUID,
        sent: Opheffing,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> BevriezingGedaan:
        del idempotency_key  # it is lifted once
        return freezing.lift(here, acting, bevriezing_id, sent)

    return router


def breaches(centre: Centre, identify: Identify) -> APIRouter:
    """The own organisation's register of data breaches, for its FG."""
    router = APIRouter(prefix="/v1/datalekken", tags=["datalekken"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201, response_model_exclude_none=True, responses=refusals(404))
    def draw_up(
        sent: Datalek, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> DatalekConcept:
        return breaching.draw_up(here, acting, sent, idempotency_key)

    @router.get("", response_model_exclude_none=True)
    def listed(acting: Acting = who, here: Centre = now) -> DatalekLijst:
        return breaching.listed(here, acting)

    @router.get("/{datalek_id}", response_model_exclude_none=True)
    def read(datalek_id: UUID, acting: Acting = who, here: Centre = now) -> DatalekConcept:
        return breaching.read(here, acting, datalek_id)

    @router.post("/{datalek_id}/afhandelingen", status_code=201)
    def settle(
        datalek_id: UUID,
        sent: DatalekAfhandeling,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> DatalekAfgehandeld:
        del idempotency_key  # it is settled once
        return breaching.settle(here, acting, datalek_id, sent)

    return router


class Visitor(Protocol):
    """Whoever signed in, as far as these pages need it."""

    @property
    def names(self) -> Mapping[str, str]:
        """Code of an organisation -> its name."""
        ...


Page = Callable[[Request, Any], Awaitable[Response]]


@dataclass(frozen=True)
class Pages:
    """What the register's pages lend to these: see `register.central.web.pages`."""

    page: Callable[..., Callable[[Page], Page]]
    show: Callable[..., HTMLResponse]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[..., Awaitable[Mapping[str, str]]]


def navigation(path: str) -> tuple[NavigationItem, ...]:
    """The two entries of an FG's menu."""
    return (
        NavigationItem(FREEZES, _("Bevriezingen"), current=path == FREEZES),
        NavigationItem(BREACHES, _("Datalekken"), current=path == BREACHES),
    )


def mount(pages: Pages) -> None:
    """Put the pages at their addresses."""
    _freezes(pages)
    _breaches(pages)


def _freezes(pages: Pages) -> None:
    @pages.page(FREEZES)
    async def show(request: Request, visit: Visitor) -> Response:
        del request
        found = await pages.call("GET", "/v1/bevriezingen", visit)
        return pages.show(
            "bevriezingen.html",
            visit,
            FREEZES,
            found=[_freeze(one, visit.names) for one in found["bevriezingen"]],
            reasons=list(FREEZE_REASONS.items()),
        )

    @pages.page(FREEZES, "POST")
    async def ask(request: Request, visit: Visitor) -> Response:
        sent = await pages.form_of(request, visit)
        names = {"medewerker": "medewerker", "van": "vanDag", "tot": "totDag", "reden": "reden"}
        body = _typed(sent, names)
        await pages.call("POST", "/v1/bevriezingen", visit, json=body)
        return RedirectResponse(FREEZES, 303)


def _typed(sent: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, by the names of the interface; days as it takes them."""
    given = {name: sent[name].strip() for name in names if sent.get(name, "").strip()}
    return {names[name]: typed_day(text) if name in {"van", "tot"} else text for name, text in given.items()}


def _breaches(pages: Pages) -> None:
    @pages.page(BREACHES)
    async def show(request: Request, visit: Visitor) -> Response:
        del request
        found = await pages.call("GET", "/v1/datalekken", visit)
        return pages.show(
            "datalekken.html",
            visit,
            BREACHES,
            found=[_breach(one, visit.names) for one in found["datalekken"]],
        )

    @pages.page(BREACHES, "POST")
    async def draw_up(request: Request, visit: Visitor) -> Response:
        sent = await pages.form_of(request, visit)
        names = {
            "blad": "blad",
            "bevriezing": "bevriezingId",
            "medewerker": "medewerker",
            "van": "vanDag",
            "tot": "totDag",
        }
        body: dict[str, Any] = _typed(sent, names)
        leaf = body.get("blad", "")
        if leaf.isascii() and leaf.isdigit() and len(leaf) <= 15:
            body["blad"] = int(leaf)
        made = await pages.call("POST", "/v1/datalekken", visit, json=body)
        return RedirectResponse(f"{BREACHES}/{made['datalekId']}", 303)

    @pages.page(f"{BREACHES}/{{datalek}}")
    async def one(request: Request, visit: Visitor) -> Response:
        made = await pages.call("GET", f"/v1/datalekken/{_uuid(request)}", visit)
        return pages.show(
            "datalek.html",
            visit,
            BREACHES,
            draft=made,
            known=entry_value("moment", made["bekendOp"], visit.names),
            before=entry_value("moment", made["meldenVoor"], visit.names),
            ways=list(SETTLED.items()),
            settled=SETTLED.get(made.get("afhandeling", ""), ""),
        )

    @pages.page(f"{BREACHES}/{{datalek}}", "POST")
    async def settle(request: Request, visit: Visitor) -> Response:
        sent = await pages.form_of(request, visit)
        path = f"/v1/datalekken/{_uuid(request)}/afhandelingen"
        await pages.call("POST", path, visit, json={"afhandeling": sent.get("afhandeling", "")})
        return RedirectResponse(BREACHES, 303)


def _uuid(request: Request) -> str:
    """The number in the address, if it is one; else one that is nobody's."""
    try:
        return str(UUID(request.path_params["datalek"]))
    except ValueError:
        return str(UUID(int=0))


def _freeze(one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A freeze as the page shows it."""
    said = {
        "medewerker": _("Wie is bevroren (schuilnaam)"),
        "vanDag": _("Regels vanaf"),
        "totDag": _("Regels tot en met"),
        "bevestigdOp": _("Bevestigd op"),
        "bevestigdDoor": _("Bevestigd door (schuilnaam)"),
        "opgehevenOp": _("Opgeheven op"),
        "opgehevenDoor": _("Opgeheven door (schuilnaam)"),
        "besluitstuk": _("Besluit"),
        "beslotenDoor": _("Besloten door"),
    }
    kinds = {"vanDag": "dag", "totDag": "dag", "bevestigdOp": "moment", "opgehevenOp": "moment"}
    rows = [
        (label, entry_value(kinds.get(name, name), one[name], names))
        for name, label in said.items()
        if one.get(name)
    ]
    reason = FREEZE_REASONS.get(one["reden"], one["reden"])
    return {
        "id": one["bevriezingId"],
        "asked": entry_value("moment", one["gevraagdOp"], names),
        "standing": one["stand"] != "opgeheven",
        "confirmed": one["stand"] != "gevraagd",
        "rows": [(_("Reden"), reason), *rows],
    }


def _breach(one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one["datalekId"],
        "known": entry_value("moment", one["bekendOp"], names),
        "before": entry_value("moment", one["meldenVoor"], names),
        "late": one["teLaat"],
        "settled": SETTLED.get(one.get("afhandeling", ""), ""),
    }

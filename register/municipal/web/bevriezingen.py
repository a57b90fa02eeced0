# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Freezes at the node, for functioneel beheerders: `/v1/bevriezingen` and its page. Asking for one is the FG's, at the register."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from register.municipal.house import Seat
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import PASSED_ON, Who
from register.safeguards import FREEZE_REASONS
from register.wire import BevriezingGedaan, BevriezingLijst, Opheffing
from register.words import entry_value

_NOBODYS = str(UUID(int=0))


def routes(who: Who) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1/bevriezingen", tags=["bevriezingen"], responses=PASSED_ON)

    @router.get("", response_model_exclude_none=True)
    def listed(seat: Annotated[Seat, Depends(who.seat)]) -> BevriezingLijst:
        return seat.desk.freezes.listed(seat.account)

    @router.post("/{bevriezing_id}/bevestigingen", status_code=201, response_model_exclude_none=True)
    def confirm(bevriezing_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> BevriezingGedaan:
        return seat.desk.freezes.confirm(seat.account, bevriezing_id)

    @router.post("/{bevriezing_id}/opheffingen", status_code=201, response_model_exclude_none=True)
    def lift(
        bevriezing_id: UUID, sent: Opheffing, seat: Annotated[Seat, Depends(who.seat)]
    ) -> BevriezingGedaan:
        return seat.desk.freezes.lift(seat.account, bevriezing_id, sent)

    return router


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""

    async def page(visit: Visit, _filled: Filled) -> Response:
        found = (await visits.call(visit, "GET", "/v1/bevriezingen"))["bevriezingen"]
        me = visit.seat.account.officer
        return visits.show("bevriezingen.html", visit, found=[_shown(one, me) for one in found])

    async def confirm(visit: Visit, filled: Filled) -> Response:
        await visits.call(visit, "POST", f"/v1/bevriezingen/{_number(filled)}/bevestigingen", {})
        return RedirectResponse("/bevriezingen", 303)

    async def lift(visit: Visit, filled: Filled) -> Response:
        sent = {"besluitstuk": filled.text("besluitstuk"), "beslotenDoor": filled.text("besloten_door")}
        await visits.call(visit, "POST", f"/v1/bevriezingen/{_number(filled)}/opheffingen", sent)
        return RedirectResponse("/bevriezingen", 303)

    visits.add("GET", "/bevriezingen", page)
    visits.add("POST", "/bevriezingen/bevestigen", confirm)
    visits.add("POST", "/bevriezingen/opheffen", lift)


def _number(filled: Filled) -> str:
    try:
        return str(UUID(filled.text("bevriezing")))
    except ValueError:
        return _NOBODYS


def _shown(one: Mapping[str, Any], me: str) -> dict[str, Any]:
    said = {
        "medewerker": (_("Wie is bevroren (schuilnaam)"), "medewerker"),
        "vanDag": (_("Regels vanaf"), "dag"),
        "totDag": (_("Regels tot en met"), "dag"),
        "bevestigdOp": (_("Bevestigd op"), "moment"),
        "bevestigdDoor": (_("Bevestigd door (schuilnaam)"), "medewerker"),
        "opgehevenOp": (_("Opgeheven op"), "moment"),
        "besluitstuk": (_("Besluit"), "besluitstuk"),
        "beslotenDoor": (_("Besloten door"), "besloten_door"),
    }
    rows = [
        (label, entry_value(kind, one[name], {})) for name, (label, kind) in said.items() if one.get(name)
    ]
    return {
        "id": one["bevriezingId"],
        "asked": entry_value("moment", one["gevraagdOp"], {}),
        "standing": one["stand"],
        "mine": one.get("bevestigdDoor") == me,
        "rows": [(_("Reden"), FREEZE_REASONS.get(one["reden"], one["reden"])), *rows],
    }

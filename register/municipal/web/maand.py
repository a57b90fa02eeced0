# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The month of the organisation in figures: `/v1/maandspiegel`, and the page that prints (docs/spec/node-api.md)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse

from register.municipal.accounts import require
from register.municipal.controls import day_of
from register.municipal.house import Seat
from register.municipal.mirror import following, mirrored, month, preceding, span
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import Who
from register.municipal.wire import Maandspiegel, Telling
from register.words import period

_BACK = 12
"""So many months before this one can be chosen: questions are recognisable for thirteen."""


def routes(who: Who) -> APIRouter:
    """The resource."""
    router = APIRouter(prefix="/v1/maandspiegel", tags=["maandspiegel"])

    @router.get("")
    def mirror(seat: Annotated[Seat, Depends(who.seat)], maand: Annotated[str, Query()]) -> Maandspiegel:
        require(seat.account, "maand_bekijken")
        first = month(maand)
        found = mirrored(seat.desk.mirror.counted(*span(first)))
        parts = {
            "gedaan": found.done,
            "aflopen": found.outcomes,
            "geweigerd": found.refused,
        }
        told = {
            name: [Telling(wat=what, aantal=number) for what, number in rows] for name, rows in parts.items()
        }
        return Maandspiegel(
            maand=f"{first:%Y-%m}",
            bezig=first <= day_of(seat.desk.clock()) < following(first),
            opmerkingen=list(found.remarks),
            **told,
        )

    return router


def mount(visits: Visits) -> None:
    """Put the page at its addresses."""

    async def newest(visit: Visit, _filled: Filled) -> Response:
        return RedirectResponse(f"/maand/{day_of(visit.desk.clock()):%Y-%m}", 303)

    async def chosen(visit: Visit, _filled: Filled) -> Response:
        return await _shown(visits, visit, visit.path.split("/")[2])

    visits.add("GET", "/maand", newest)
    visits.add("GET", "/maand/{maand}", chosen)


async def _shown(visits: Visits, visit: Visit, wanted: str) -> Response:
    first = month(wanted)
    found: dict[str, Any] = await visits.call(visit, "GET", f"/v1/maandspiegel?maand={first:%Y-%m}")
    newest = day_of(visit.desk.clock()).replace(day=1)
    others, one = [], newest
    for _number in range(_BACK + 1):
        others.append((f"{one:%Y-%m}", period(f"{one:%Y-%m}")))
        one = preceding(one)
    return visits.show(
        "maand.html", visit, found=found, name=period(f"{first:%Y-%m}"), months=others, place=visit.desk.name
    )

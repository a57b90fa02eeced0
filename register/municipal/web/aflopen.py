# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What came of a control: `/v1/aflopen`, the list on an officer's own pages with one tap to answer, and who is late for whoever looks after all of them."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from register.municipal.accounts import may
from register.municipal.controls import Asked, day_of
from register.municipal.house import Seat
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import PASSED_ON, Who
from register.municipal.wire import AfloopInvoer, AfloopLijst, ControleAfloop
from register.outcomes import OUTCOMES
from register.words import day


def routes(who: Who) -> APIRouter:
    """The resource."""
    router = APIRouter(prefix="/v1/aflopen", tags=["controles"], responses=PASSED_ON)

    @router.get("", response_model_exclude_none=True)
    def still_open(seat: Annotated[Seat, Depends(who.seat)]) -> AfloopLijst:
        today = day_of(seat.desk.clock())
        return AfloopLijst(aflopen=[_told(one, seat, today) for one in seat.desk.closing.open(seat.account)])

    @router.post("", status_code=201, response_model_exclude_none=True)
    def close(sent: AfloopInvoer, seat: Annotated[Seat, Depends(who.seat)]) -> ControleAfloop:
        closed = seat.desk.closing.close(seat.account, sent.controle, sent.afloop)
        return _told(closed, seat, day_of(seat.desk.clock()))

    return router


def _told(asked: Asked, seat: Seat, today: date) -> ControleAfloop:
    return ControleAfloop(
        controle=asked.number,
        medewerker=asked.officer,
        eigen=asked.officer == seat.account.officer,
        dag=asked.day,
        uiterlijk=asked.due_on,
        te_laat=asked.late(today),
        afloop=asked.outcome,
        gemeld=asked.told_at is not None,
    )


def mount(visits: Visits) -> None:
    """Put the page at its address."""

    async def close(visit: Visit, filled: Filled) -> Response:
        sent = {"controle": filled.text("controle"), "afloop": filled.text("afloop")}
        await visits.call(visit, "POST", "/v1/aflopen", sent)
        return RedirectResponse("/", 303)

    visits.add("POST", "/aflopen", close)


async def unanswered(visits: Visits, visit: Visit) -> dict[str, Any]:
    """What a page needs to ask for the outcomes that are due; nothing for who has none to give and none to look after."""
    if not (may(visit.role, "afloop_vastleggen") or may(visit.role, "aflopen_overzien")):
        return {"due": [], "late": [], "outcomes": []}
    found = (await visits.call(visit, "GET", "/v1/aflopen"))["aflopen"]
    rows = [(one, day(one["dag"]), day(one["uiterlijk"])) for one in found]
    return {
        "due": [row for row in rows if row[0]["eigen"]],
        "late": [row for row in rows if row[0]["teLaat"] and not row[0]["eigen"]],
        "may_close": may(visit.role, "afloop_vastleggen"),
        "outcomes": list(OUTCOMES.items()),
    }

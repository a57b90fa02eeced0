# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What came of a control: `/v1/aflopen`, the list on an officer's own pages with one tap to answer, and who is late for whoever looks after all of them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from register.municipal.accounts import may
from register.municipal.controls import Asked, day_of
from register.municipal.house import Seat
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import PASSED_ON, Who
from register.municipal.wire import AfloopInvoer, AfloopLijst, ControleAfloop
from register.outcomes import OUTCOMES
from register.words import day

AFTER: Final = "vastgelegd"
WAITS: Final = "wacht"


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
        closed = await visits.call(visit, "POST", "/v1/aflopen", sent)
        # The number of a control never stands in an address.
        told = {AFTER: closed["afloop"], **({} if closed["gemeld"] else {WAITS: "ja"})}
        return RedirectResponse(f"/?{urlencode(told)}", 303)

    visits.add("POST", "/aflopen", close)


def recorded(said: Mapping[str, str]) -> tuple[str, str] | None:
    """What the page says after a tap: which outcome stands, and where; None for what is no outcome."""
    if said.get(AFTER) not in OUTCOMES:
        return None
    where = (
        _("Dit staat bij uw organisatie. Het komt vanzelf in het logboek; u hoeft niets meer te doen.")
        if WAITS in said
        else _("Dit staat in het logboek. U hoeft van deze controle niets meer te doen.")
    )
    return _("Vastgelegd: {afloop}").format(afloop=OUTCOMES[said[AFTER]]), where


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

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Inzage of look-ups at the desk of the contactpunt: the resource, and the two pages that use it (docs/spec/node-api.md).

The second page is the answer as a letter (AVG 15) to print and hand over; nothing of it is kept. What the person showed stands on neither.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from process.problem import Refusal
from register.municipal.house import Seat
from register.municipal.inspecting import GROUND
from register.municipal.web.api import opened_attributes
from register.municipal.web.forms import Filled, attributes
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import PASSED_ON, RequestKey, Who
from register.municipal.wire import Inzageaanvraag, Inzageoverzicht
from register.words import day

_SHOWN: Final = frozenset(
    {
        *("telefoon", "telefoon2", "document_nummer", "document_land", "mrz", "voornamen", "achternaam"),
        *("geboortedatum", "email", "iban", "bsn", "vnummer"),
    }
)
"""Inputs of the form."""


def routes(who: Who) -> APIRouter:
    """Asking which questions concerned the person at the desk."""
    router = APIRouter(prefix="/v1/inzagen", tags=["rechten"], responses=PASSED_ON)

    @router.post("", response_model_exclude_none=True)
    def look_ups(
        sent: Inzageaanvraag, seat: Annotated[Seat, Depends(who.seat)], request_key: RequestKey = None
    ) -> Inzageoverzicht:
        seat.desk.require_own(sent.organisatie)
        given = opened_attributes(sent.kenmerken, "kenmerken", seat.desk).given
        return seat.desk.inspecting.look_ups(
            seat.account, given, sent.zaaknummer, request_key, checked=sent.identiteit_gecontroleerd
        )

    return router


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""
    pages = _Inspecting(visits)
    visits.add("GET", "/inzage", pages.form)
    visits.add("POST", "/inzage", pages.answer)


class _Inspecting:
    """The pages themselves."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def form(self, visit: Visit, filled: Filled) -> Response:
        """What the person shows."""
        return await self._form(visit, filled)

    async def _form(self, visit: Visit, filled: Filled, refusal: Refusal | None = None) -> Response:
        return self._visits.show(
            "inzage.html",
            visit,
            refusal.status if refusal else 200,
            grounds=await self._visits.grounds(visit, GROUND),
            **self._visits.form_values(visit, filled, refusal),
        )

    async def answer(self, visit: Visit, filled: Filled) -> Response:
        """The answer as a letter; a refusal keeps what was typed."""
        try:
            found = await self._visits.call(visit, "POST", "/v1/inzagen", asked(filled))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._form(visit, filled, refusal)
        return self._visits.show(
            "inzage-antwoord.html",
            visit,
            place=visit.desk.name,
            contact=visit.desk.fg_contact,
            case=filled.text("zaaknummer").upper(),
            since=day(found["vanaf"]),
            until=day(found["tot"]),
            told=[(one, day(one["dag"]) if "dag" in one else "") for one in found["bevragingen"]],
            explained=found["toelichting"],
            unused=found["nietGebruikt"],
        )


def asked(filled: Filled) -> dict[str, Any]:
    """The request, as the interface takes it."""
    shown = Filled({name: text for name, text in filled.texts.items() if name in _SHOWN}, {})
    return {
        "zaaknummer": filled.text("zaaknummer").upper(),
        "identiteitGecontroleerd": filled.text("identiteitGecontroleerd") == "ja",
        "kenmerken": attributes(shown),
    }

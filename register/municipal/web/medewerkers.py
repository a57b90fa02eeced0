# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The functioneel beheerder sets with whose own street and family name a question is compared, and helps who lost a second factor: `/v1/medewerkers`, `/v1/eigen-gegevens`.

What is typed goes in and never comes out: the interface and the page say whether something is set, and since when.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from process.problem import Refusal
from process.serving.described import refusals
from register.door.wire import AccountHerstel
from register.municipal.accounts import ROLES
from register.municipal.house import Seat
from register.municipal.own import Kind, Told
from register.municipal.store.own import Known
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import Who
from register.municipal.wire import EigenGegevens, Medewerker, MedewerkerLijst, RolWijziging
from register.words import local_day


def routes(who: Who) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1", tags=["medewerkers"], responses=refusals(404))

    @router.get("/medewerkers", response_model_exclude_none=True)
    def everyone(seat: Annotated[Seat, Depends(who.seat)]) -> MedewerkerLijst:
        personnel = seat.desk.personnel
        return MedewerkerLijst(
            medewerkers=[_told(one) for one in personnel.everyone(seat.account)],
            rolwijzigingen=[
                RolWijziging(naam=one.name, was=one.before, nu=one.role, op=one.at)
                for one in personnel.role_changes(seat.account)
            ],
        )

    @router.post("/eigen-gegevens", status_code=201, response_model_exclude_none=True)
    def put(sent: EigenGegevens, seat: Annotated[Seat, Depends(who.seat)]) -> Medewerker:
        told = Told(sent.straat, tuple(sent.postcodes), sent.familienaam)
        return _told(seat.desk.personnel.set(seat.account, sent.naam, told))

    @router.post("/medewerkers/herstellingen", status_code=204)
    def reset(sent: AccountHerstel, seat: Annotated[Seat, Depends(who.seat)]) -> Response:
        seat.desk.personnel.reset(seat.account, sent.naam)
        return Response(status_code=204)

    return router


def _told(known: Known) -> Medewerker:
    return Medewerker(
        naam=known.account.name,
        rol=known.account.role,
        straat=Kind.STREET in known.kinds,
        familienaam=Kind.NAME in known.kinds,
        gezet_op=known.set_at,
    )


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    said = {True: _("ingevuld"), False: _("niet ingevuld")}
    since = local_day(one["gezetOp"]) if "gezetOp" in one else ""
    return (
        one["naam"],
        ROLES.get(one["rol"], one["rol"]),
        said[one["straat"]],
        said[one["familienaam"]],
        since,
    )


def _change(one: Mapping[str, Any]) -> tuple[str, ...]:
    before = ROLES.get(one["was"], one["was"]) if "was" in one else _("geen: nieuw account")
    return one["naam"], before, ROLES.get(one["nu"], one["nu"]), local_day(one["op"])


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""

    async def show(visit: Visit, filled: Filled, refusal: Refusal | None = None, done: str = "") -> Response:
        told = await visits.call(visit, "GET", "/v1/medewerkers")
        found = told["medewerkers"]
        return visits.show(
            "medewerkers.html",
            visit,
            refusal.status if refusal else 200,
            done=done,
            people=[(None, _row(one)) for one in found],
            changes=[(None, _change(one)) for one in told.get("rolwijzigingen", ())],
            names=[(one["naam"], one["naam"]) for one in found],
            **visits.form_values(visit, filled, refusal),
        )

    async def page(visit: Visit, filled: Filled) -> Response:
        return await show(visit, filled)

    async def put(visit: Visit, filled: Filled) -> Response:
        postcodes = [one for one in filled.text("postcodes").replace(";", ",").split(",") if one.strip()]
        sent = {
            "naam": filled.text("naam"),
            "straat": filled.text("straat"),
            "postcodes": [one.strip() for one in postcodes],
            "familienaam": filled.text("familienaam"),
        }
        try:
            await visits.call(visit, "POST", "/v1/eigen-gegevens", sent)
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await show(visit, filled, refusal)
        return RedirectResponse("/medewerkers", 303)

    async def reset(visit: Visit, filled: Filled) -> Response:
        sent = {"naam": filled.text("account")}
        try:
            await visits.call(visit, "POST", "/v1/medewerkers/herstellingen", sent)
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await show(visit, filled, refusal)
        return await show(visit, Filled(), done=filled.text("account"))

    visits.add("POST", "/medewerkers/herstellen", reset)
    visits.add("GET", "/medewerkers", page)
    visits.add("POST", "/medewerkers", put)

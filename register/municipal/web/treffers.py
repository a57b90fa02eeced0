# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One treffer at the node, for the aandachtsfunctionaris: `/v1/treffers/{id}` with its steps, and the page with "Wat nu?"."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from process.language import together
from register.casework import (
    ASSESSMENTS,
    DISPOSITIONS,
    FIRST_ACTIONS,
    LATEST_WORKDAYS,
    MUTING,
    NO_ACTION,
    NOT_SAME,
    REASONS,
    STEPS,
    deadline,
)
from register.municipal.house import Seat
from register.municipal.told import TREFFER_TERMS, treffer_numbers, treffer_rows
from register.municipal.treffers import next_steps
from register.municipal.web.forms import Filled
from register.municipal.web.visits import OWN, Visit, Visits
from register.municipal.web.who import PASSED_ON, RequestKey, Who
from register.municipal.wire import OverdrachtInvoer, TrefferStapInvoer
from register.wire import OverdrachtGestart, TerugkoppelingLijst, TrefferZaak
from register.words import case_code, day, reasons, role_name, typed_day

_INPUTS = {
    "stap": "stap",
    "eerste_actie": "eersteActie",
    "beoordeling": "beoordeling",
    "reden_oppakken": "reden",
    "reden_niet": "reden",
    "reden_afdoen": "reden",
    "reden_dempen": "reden",
    "uiterlijk": "uiterlijk",
    "andere_partij": "anderePartij",
    "melder": "melder",
    "afdoening": "afdoening",
}
"""Input of a form -> member of the interface."""


def routes(who: Who) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1/treffers", tags=["treffers"], responses=PASSED_ON)

    @router.get("/{treffer_id}", response_model_exclude_none=True)
    def opened(treffer_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> TrefferZaak:
        return seat.desk.treffer_work.opened(seat.account, treffer_id)

    @router.post("/{treffer_id}/stappen", status_code=201, response_model_exclude_none=True)
    def take(
        treffer_id: UUID,
        sent: TrefferStapInvoer,
        seat: Annotated[Seat, Depends(who.seat)],
        request_key: RequestKey = None,
    ) -> TrefferZaak:
        step = sent.model_dump(exclude_none=True)
        return seat.desk.treffer_work.take(seat.account, treffer_id, step, request_key)

    return router


def handover_routes(who: Who) -> APIRouter:
    """Handing a treffer over, and what became of the own signals."""
    router = APIRouter(prefix="/v1", tags=["treffers"], responses=PASSED_ON)

    @router.post("/overdrachten", status_code=201)
    def hand_over(sent: OverdrachtInvoer, seat: Annotated[Seat, Depends(who.seat)]) -> OverdrachtGestart:
        return seat.desk.treffer_work.hand_over(seat.account, sent.treffer_id, sent.aan)

    @router.get("/terugkoppelingen")
    def feedback(seat: Annotated[Seat, Depends(who.seat)]) -> TerugkoppelingLijst:
        return seat.desk.treffer_work.feedback(seat.account)

    return router


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""

    async def page(visit: Visit, _filled: Filled) -> Response:
        found = await visits.call(visit, "GET", f"/v1/treffers/{_number(visit)}")
        today = visit.desk.clock().date()
        return visits.show(
            "treffer.html",
            visit,
            found=found,
            number=found["treffer"]["trefferId"],
            found_on=day(found["treffer"]["gevondenOp"]),
            rows=_rows(found, visits.names),
            history=[(None, _line(one, visits.names)) for one in found["geschiedenis"]],
            steps=next_steps(found),
            contacts=visit.desk.contacts,
            choices=_choices(found, visits.names, visit.desk.organisation),
            suggested=deadline(today).isoformat(),
            latest=LATEST_WORKDAYS,
            may_hand_over=found["treffer"]["stand"] == "opgepakt",
            numbers=treffer_numbers(found["treffer"]),
            why=reasons(found.get("waarom", []), TREFFER_TERMS),
            leaf=found["logbewijs"]["blad"],
            grounds=await visits.grounds(visit, OWN, "G-RIEC"),
        )

    async def take(visit: Visit, filled: Filled) -> Response:
        number = _number(visit)
        sent = {member: filled.text(name) for name, member in _INPUTS.items() if filled.text(name)}
        if "uiterlijk" in sent:
            sent["uiterlijk"] = typed_day(sent["uiterlijk"])
        done = await visits.call(
            visit, "POST", f"/v1/treffers/{number}/stappen", sent, key=filled.text("sleutel")
        )
        # Whose last subject is taken out, is there for nobody any more.
        rejected = done.get("afdoening") == "onjuist"
        return RedirectResponse("/treffers" if rejected else f"/treffers/{number}", 303)

    async def hand_over(visit: Visit, filled: Filled) -> Response:
        number = _number(visit)
        sent = {"trefferId": number, "aan": filled.text("aan").strip().upper() or "-"}
        await visits.call(visit, "POST", "/v1/overdrachten", sent)
        return RedirectResponse(f"/treffers/{number}", 303)

    async def feedback(visit: Visit, _filled: Filled) -> Response:
        found = await visits.call(visit, "GET", "/v1/terugkoppelingen")
        rows = [_came_back(one) for one in found["terugkoppelingen"]]
        return visits.show("terugkoppelingen.html", visit, rows=rows, leaf=found["logbewijs"]["blad"])

    visits.add("GET", "/terugkoppelingen", feedback)
    visits.add("POST", "/treffers/{treffer}/overdrachten", hand_over)
    visits.add("GET", "/treffers/{treffer}", page)
    visits.add("POST", "/treffers/{treffer}/stappen", take)


def _number(visit: Visit) -> str:
    try:
        return str(UUID(visit.path.split("/")[2]))
    except ValueError:
        return str(UUID(int=0))


def _rows(found: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    one = found["treffer"]
    state = {"wacht": _("wacht op iemand"), "opgepakt": _("opgepakt"), "afgedaan": _("afgedaan")}[
        one["stand"]
    ]
    owner = {True: _("uw organisatie"), False: _("de andere kant")}.get(one.get("vanOns"), "")
    due = one.get("uiterlijk")
    said = [
        (_("Stand"), state),
        (_("Wie oppakte"), owner),
        (_("Eerste actie"), case_code(found.get("eersteActie", ""))),
        (_("Uiterlijk op"), day(due) if due else ""),
        (_("Beoordeling vooraf"), case_code(found.get("beoordeling", ""))),
        (_("Afgedaan als"), case_code(found.get("afdoening", ""))),
        (_("Meldt aan CoMensha"), _reporter(found.get("melder", ""), names)),
    ]
    kept = [
        (_("Uw signaal is er nog tot"), day(term))
        for term in sorted({*one.get("bewaardTot", {}).values(), *found.get("bewaardTot", {}).values()})
    ]
    return [*((term, value) for term, value in said if value), *treffer_rows(one, names), *kept]


def _reporter(code: str, names: Mapping[str, str]) -> str:
    return {**dict(_partners()), **names}.get(code, code)


def _line(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str, str, str]:
    other = names.get(one.get("organisatie", ""), one.get("organisatie", _("de andere kant")))
    who = _("uw organisatie") if one["vanOns"] else other
    known = {**dict(_partners()), **names}
    said = together((known.get(code) or case_code(code) for code in one["codes"]), "; ")
    return (day(one["op"]), STEPS.get(one["stap"], one["stap"]), f"{who} ({role_name(one['rol'])})", said)


def _partners() -> list[tuple[str, str]]:
    """Who may report besides municipalities."""
    return [
        ("TMM", _("Team Migratiecriminaliteit en Mensenhandel")),
        ("NLA", _("Nederlandse Arbeidsinspectie")),
        ("KMAR", _("Koninklijke Marechaussee")),
    ]


def _came_back(one: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """A line of the list, which leads to the signal in the dossier."""
    code, step = one["code"], one["volgendeStap"]
    said = (
        _("De treffer was onjuist: het ging niet om dezelfde") if code == "niet_dezelfde" else case_code(code)
    )
    cells = (
        day(one["op"]),
        one["signaalId"][:8],
        said,
        case_code(step) if step != "geen" else "",
        role_name(one["rol"]),
    )
    return f"/dossier/{one['signaalId']}", cells


def _choices(
    found: Mapping[str, Any], names: Mapping[str, str], own: str
) -> dict[str, list[tuple[str, str]]]:
    others = found["treffer"].get("gemeenten") or []
    return {
        "eerste_actie": list(FIRST_ACTIONS.items()),
        "beoordeling": list(ASSESSMENTS.items()),
        "reden": list(REASONS.items()),
        "niet_dezelfde": list(NOT_SAME.items()),
        "afdoening": [(code, text) for code, text in DISPOSITIONS.items() if code != "onjuist"],
        "geen_actie": list(NO_ACTION.items()),
        "gedempt": list(MUTING.items()),
        "anderen": [(code, names.get(code, code)) for code in others],
        "melders": [*((code, names.get(code, code)) for code in (own, *others)), *_partners()],
    }

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Treffers at the register's own pages: for a ketenregisseur what nobody took up and came to them, for a zorgcoördinator what concerns signals of possible victims on the care track.

There is no list of everything: a list is for a case number and a ground (C1), and holds what `GET /v1/treffers` opens to this person. Nothing of a case is in an address. Which steps there are the interface says (`mogelijk`);
a page shows a form for each and no other. A step that is refused gives back the page of the treffer with the refusal above it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response

from process.language import gettext as _
from process.language import together
from process.moments import Clock
from process.problem import Refusal
from register.casework import (
    ASSESSMENTS,
    DISPOSITIONS,
    FIRST_ACTIONS,
    LATEST_WORKDAYS,
    NO_ACTION,
    NOT_SAME,
    REASONS,
    STEPS,
    deadline,
)
from register.central.web.own_grounds import own_grounds
from register.theme import NavigationItem
from register.words import case_code, day, period, reasons, role_name, typed_day

PATH: Final = "/treffers"
ROLES: Final = frozenset({"ketenregisseur", "zorgcoordinator"})
HANDS_OVER: Final = frozenset({"ketenregisseur"})
_REASON: Final = "treffer_behandelen"
_CASE: Final = ("zaaknummer", "grondslag", "treffer")
_MEMBERS: Final = {
    "eerste_actie": "eersteActie",
    "beoordeling": "beoordeling",
    "reden": "reden",
    "uiterlijk": "uiterlijk",
    "afdoening": "afdoening",
    "melder": "melder",
    "andere_partij": "anderePartij",
}
"""Field of a form -> member of a step."""


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to these."""

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[[Request, Any], Awaitable[Mapping[str, str]]]
    reminders: Callable[[Any], Awaitable[list[tuple[str, str]]]]
    clock: Clock


def navigation(role: str, path: str) -> tuple[NavigationItem, ...]:
    """The entry of the menu, for who follows treffers up here."""
    return (NavigationItem(PATH, _("Treffers"), current=path == PATH),) if role in ROLES else ()


def mount(tools: Tools) -> None:
    """Add the pages."""

    async def listed(visit: Any, sent: Mapping[str, str]) -> Response:
        grounds = await own_grounds(tools.call, visit)
        found, refusal, why = None, None, None
        if sent.get("zaaknummer"):
            try:
                answer = await tools.call("GET", "/v1/treffers", visit, case_of(sent))
                found = [
                    (one["trefferId"], day(one["gevondenOp"]), _rows(one, visit.names))
                    for one in answer["treffers"]
                ]
                why = reasons(answer["waarom"], _terms())
            except Refusal as error:
                refusal = error
        return tools.show(
            "treffers.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            grounds=grounds,
            sent=sent,
            found=found,
            why=why,
            refusal=refusal,
            role=visit.role,
            reminders=await tools.reminders(visit),
        )

    async def opened(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        found = await tools.call("GET", f"/v1/treffers/{_number(sent)}", visit, case_of(sent))
        return tools.show(
            "treffer.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            refusal=refusal,
            found=found,
            sent={name: sent.get(name, "") for name in _CASE},
            rows=[*_state(found, visit.names), *_rows(found["treffer"], visit.names)],
            now=next_step(found),
            contacts=[(one["naam"], one["bereikbaar"]) for one in found["contacten"]],
            history=[(None, _line(one, visit.names)) for one in found["geschiedenis"]],
            choices=_choices(found, visit.names),
            suggested=deadline(tools.clock().date()).isoformat(),
            latest=LATEST_WORKDAYS,
            may_hand_over=visit.role in HANDS_OVER and found["treffer"]["stand"] == "opgepakt",
            why=reasons(found["waarom"], _terms()),
        )

    @tools.page(PATH)
    async def empty_page(request: Request, visit: Any) -> Response:
        del request
        return await listed(visit, {})

    @tools.page(PATH, "POST")
    async def list_page(request: Request, visit: Any) -> Response:
        return await listed(visit, await tools.form_of(request, visit))

    @tools.page(f"{PATH}/tonen", "POST")
    async def one_page(request: Request, visit: Any) -> Response:
        return await opened(visit, await tools.form_of(request, visit))

    @tools.page(f"{PATH}/stap", "POST")
    async def step_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        body = {"organisatie": visit.organisation, "stap": sent.get("stap") or "-", **_members(sent)}
        path = f"/v1/treffers/{_number(sent)}/stappen"
        return await _done(tools, visit, sent, (path, body), opened)

    @tools.page(f"{PATH}/overdracht", "POST")
    async def hand_over_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        body = {"organisatie": visit.organisation, "trefferId": _number(sent), "aan": sent.get("aan") or "-"}
        return await _done(tools, visit, sent, ("/v1/overdrachten", body), opened)


def _members(sent: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, by the names of the interface; a day as it takes one."""
    given = {member: sent[name] for name, member in _MEMBERS.items() if sent.get(name)}
    return {member: typed_day(text) if member == "uiterlijk" else text for member, text in given.items()}


async def _done(
    tools: Tools,
    visit: Any,
    sent: Mapping[str, str],
    what: tuple[str, Mapping[str, Any]],
    opened: Callable[..., Awaitable[Response]],
) -> Response:
    """Do it, and show the treffer as it is then; or as it was, with why it was refused."""
    path, body = what
    try:
        await tools.call("POST", path, visit, case_of(sent), json=body)
    except Refusal as refusal:
        if refusal.status not in {400, 409}:
            raise
        return await opened(visit, sent, refusal)
    return await opened(visit, sent)


def next_step(found: Mapping[str, Any]) -> str:
    """What to do now, in one sentence."""
    one = found["treffer"]
    if one["stand"] == "afgedaan":
        return _("Deze treffer is afgedaan. U hoeft niets meer te doen.")
    if "opgepakt" in found["mogelijk"]:
        return _(
            "Niemand pakte deze treffer op. Bel eerst de gemeenten die u ziet. Pakt niemand op, doe het dan zelf voor {dag}: daarna vervalt hij."
        ).format(dag=day(one["vervaltOp"]))
    if found["contactGevraagd"] and "contact_vrijgegeven" in found["mogelijk"]:
        return _("De andere kant vraagt wie zij kan bellen. Antwoord binnen twee werkdagen.")
    if one.get("vanOns") and one.get("uiterlijk"):
        return _("{wat}. Doe dit uiterlijk op {dag}.").format(
            wat=case_code(found.get("eersteActie", "")), dag=day(one["uiterlijk"])
        )
    return _("Een ander is aan zet. Kijk bij wat er gebeurde.")


def case_of(sent: Mapping[str, str]) -> dict[str, str]:
    """The headers of a case."""
    return {
        "Zaaknummer": sent.get("zaaknummer", "").strip().upper(),
        "Reden": _REASON,
        "Grondslag": sent.get("grondslag", ""),
    }


def _number(sent: Mapping[str, str]) -> str:
    try:
        return str(UUID(sent.get("treffer", "")))
    except ValueError:
        return str(UUID(int=0))


def _terms() -> dict[str, str]:
    return {
        "aantalGemeenten": _("Hoeveel gemeenten"),
        "gemeenten": _("Waar"),
        "perioden": _("Wanneer gezien"),
        "soorten": _("Komt overeen op"),
        "minderjarig": _("Minderjarig"),
    }


def _rows(one: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What this reader sees of a treffer, only what is there."""
    state = {"wacht": _("wacht op iemand"), "opgepakt": _("opgepakt"), "afgedaan": _("afgedaan")}
    rows = [
        (_("Stand"), state[one["stand"]]),
        (_("Gevonden op"), day(one["gevondenOp"])),
        (_("Vervalt op"), day(one["vervaltOp"])),
        (_("Hoeveel gemeenten"), one.get("aantalGemeenten", "")),
        (_("Waar"), ", ".join(names.get(code, code) for code in one.get("gemeenten", ()))),
        (_("Wanneer gezien"), ", ".join(period(text) for text in one.get("perioden", ()))),
        (_("Komt overeen op"), together(one.get("soorten", ()))),
        (_("Minderjarig"), _("ja") if one.get("minderjarig") else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _state(found: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    owner = {True: _("uw organisatie"), False: _("de andere kant")}.get(found["treffer"].get("vanOns"), "")
    due = found["treffer"].get("uiterlijk")
    rows = [
        (_("Wie oppakte"), owner),
        (_("Eerste actie"), case_code(found.get("eersteActie", ""))),
        (_("Uiterlijk op"), day(due) if due else ""),
        (_("Beoordeling vooraf"), case_code(found.get("beoordeling", ""))),
        (_("Afgedaan als"), case_code(found.get("afdoening", ""))),
        (_("Meldt aan CoMensha"), names.get(found.get("melder", ""), found.get("melder", ""))),
    ]
    return [(term, text) for term, text in rows if text]


def _line(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    other = names.get(one.get("organisatie", ""), one.get("organisatie", _("de andere kant")))
    who = _("uw organisatie") if one["vanOns"] else other
    return (
        day(one["op"]),
        STEPS.get(one["stap"], one["stap"]),
        f"{who} ({role_name(one['rol'])})",
        together((case_code(code) for code in one["codes"]), "; "),
    )


def _choices(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    return {
        "eerste_actie": list(FIRST_ACTIONS.items()),
        "beoordeling": list(ASSESSMENTS.items()),
        "reden": list(REASONS.items()),
        "niet_dezelfde": list(NOT_SAME.items()),
        "afdoening": [(code, text) for code, text in DISPOSITIONS.items() if code != "onjuist"],
        "geen_actie": list(NO_ACTION.items()),
        "anderen": [(code, names.get(code, code)) for code in found["treffer"].get("gemeenten") or []],
    }

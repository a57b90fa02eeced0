# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages about policy: an FG reads a proposal and advises, a functioneel beheerder of another organisation approves, each under the own name.

As every page: it calls the interface (`/v1/beleid`) with the visitor's session and shows what that gives, in words.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from policies.decision import PURPOSES, ROLES
from policies.difference import ADMINISTRATION, what_label
from policies.explain import field_label, purpose_label
from process.language import capital, together
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.wire import LONGEST_ADVICE
from register.words import entry_value, role_name

PATH = "/beleid"

_Page = Callable[[Request, Any], Awaitable[Response]]


@dataclass(frozen=True)
class Tools:
    """What the pages of the register have in common: see `register.central.web.pages.mount`."""

    page: Callable[..., Callable[[_Page], _Page]]
    show: Callable[..., Response]
    form_of: Callable[..., Awaitable[Mapping[str, str]]]
    call: Callable[..., Awaitable[Any]]


def add(tools: Tools) -> None:  # noqa: C901 - one closure per page
    """Add the pages."""
    page, show, form_of, call = tools.page, tools.show, tools.form_of, tools.call

    @page(PATH)
    async def policy_page(request: Request, visit: Any) -> Response:
        del request
        found = await call("GET", "/v1/beleid", visit)
        return show(
            "beleid.html",
            visit,
            PATH,
            since=_moment(found.get("sinds")),
            hash=found["hash"],
            decides=found["beslist"],
            proposals=[
                (one["nummer"], one["besluitstuk"], _moment(one["op"]), _state(one["stand"]))
                for one in found["voorstellen"]
            ],
            back=_back(found.get("terug"), visit.names),
            may_agree=visit.role == "functioneel_beheerder",
        )

    @page("/beleid/stappen/{nummer}/akkoord", "POST")
    async def agree(request: Request, visit: Any) -> Response:
        await form_of(request, visit)
        await call("POST", f"/v1/beleid/stappen/{_number(request)}/akkoorden", visit)
        return RedirectResponse(PATH, 303)

    async def proposal_page(
        number: str, visit: Any, sent: Mapping[str, str], refusal: Refusal | None
    ) -> Response:
        found = await call("GET", f"/v1/beleid/voorstellen/{number}", visit)
        return show(
            "voorstel.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            number=number,
            rows=_facts(found),
            state=found["stand"],
            wider=_cells(found["verschil"]["ruimer"]),
            stricter=_cells(found["verschil"]["strenger"]),
            texts=found["verschil"]["teksten"],
            replayed=found["verschil"]["nagerekend"],
            mark=found["kenmerk"],
            steps=[_step(one, visit.names) for one in found["stappen"]],
            objection_open=found["bezwaarOpen"],
            roles=_roles(found),
            role=visit.role,
            refusal=refusal,
            sent=sent,
            longest=LONGEST_ADVICE,
        )

    @page("/beleid/{nummer}")
    async def read(request: Request, visit: Any) -> Response:
        return await proposal_page(_number(request), visit, {}, None)

    @page("/beleid/{nummer}/advies", "POST")
    async def advise(request: Request, visit: Any) -> Response:
        sent, number = await form_of(request, visit), _number(request)
        text = sent.get("toelichting", "").strip()
        wrong = tuple(_missing(sent.get("bezwaar", ""), text))
        if wrong:
            return await proposal_page(number, visit, sent, _incomplete(wrong))
        body = {"bezwaar": sent["bezwaar"] == "ja", "toelichting": text}
        try:
            await call("POST", f"/v1/beleid/voorstellen/{number}/adviezen", visit, json=body)
        except Refusal as refusal:
            return await proposal_page(number, visit, sent, refusal)
        return RedirectResponse(f"{PATH}/{number}", 303)

    @page("/beleid/{nummer}/goedkeuring", "POST")
    async def approve(request: Request, visit: Any) -> Response:
        sent, number = await form_of(request, visit), _number(request)
        if sent.get("gelezen") != "ja":
            wrong = (FieldError("gelezen", _("Zet een vinkje als u het verschil heeft gelezen.")),)
            return await proposal_page(number, visit, sent, _incomplete(wrong))
        body = {"kenmerk": sent.get("kenmerk", "")}
        try:
            await call("POST", f"/v1/beleid/voorstellen/{number}/goedkeuringen", visit, json=body)
        except Refusal as refusal:
            return await proposal_page(number, visit, sent, refusal)
        return RedirectResponse(f"{PATH}/{number}", 303)

    @page("/beleid/{nummer}/leestabel")
    async def table(request: Request, visit: Any) -> Response:
        number, role = _number(request), request.query_params.get("rol", ROLES[0])
        found = await call(
            "GET",
            f"/v1/beleid/voorstellen/{number}/leestabel",
            visit,
            params={"rol": role if role in ROLES else ROLES[0]},
        )
        return show(
            "leestabel.html",
            visit,
            PATH,
            number=number,
            role=found["rol"],
            title=capital(role_name(found["rol"])),
            roles=[(one, capital(role_name(one))) for one in ROLES],
            tables=_tables(found["cellen"]),
        )


def _number(request: Request) -> str:
    text = str(request.path_params["nummer"])
    # Whatever is no number is no proposal: 0 is none, and the interface says so in the same way.
    return text if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else "999999999"


def _moment(text: str | None) -> str:
    return entry_value("moment", text, {}) if text else ""


def _state(code: str) -> str:
    return {
        "voorgesteld": _("Wacht op advies van een FG"),
        "geadviseerd": _("Advies ligt er; wacht op goedkeuring"),
        "bezwaar": _("Een FG maakt bezwaar; dat moet eerst worden beantwoord"),
        "goedgekeurd": _("Goedgekeurd"),
        "geldt": _("Dit geldt nu"),
    }.get(code, code)


def _back(there: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    if there is None:
        return None
    agreed = [names.get(one, one) for one in there["akkoord"]]
    return {"step": there["stap"], "hash": there["hash"], "agreed": ", ".join(agreed)}


def _facts(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Stand"), _state(found["stand"])),
        (_("Besluit"), found["besluitstuk"]),
        (_("Besloten door"), found["beslotenDoor"]),
        (_("Voorgesteld op"), _moment(found["op"])),
        (_("Vingerafdruk"), found["hash"][:16]),
    ]


def _cells(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Title, sentence and rules of each cell."""
    return [
        (
            capital(f"{role_name(one['rol'])}: {what_label(one['wat'])}"),
            one["zin"],
            ", ".join(one["regels"]),
        )
        for one in found
    ]


def _step(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[tuple[str, str]], str]:
    """What was done, by whom and when, and what was written with it."""
    words = {
        "voorstel": _("Voorgesteld"),
        "advies": _("Bezwaar van de FG") if one.get("bezwaar") else _("Advies van de FG: geen bezwaar"),
        "antwoord": _("Bezwaar beantwoord"),
        "goedkeuring": _("Goedgekeurd"),
    }
    doors = {
        "sessie": _("zelf, aangemeld bij dit register"),
        "node": _("zelf, via de node van de eigen organisatie"),
    }
    rows = [
        (_("Wanneer"), _moment(one["op"])),
        (_("Wie"), capital(f"{role_name(one['rol'])}, {names.get(one['organisatie'], one['organisatie'])}")),
    ]
    if one.get("deur"):
        rows.append((_("Hoe"), doors.get(one["deur"], one["deur"])))
    return words.get(one["stap"], one["stap"]), rows, one.get("toelichting") or ""


def _roles(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The roles that the proposal changes something for first; the others are one choice away."""
    changed = [one["rol"] for kind in ("ruimer", "strenger") for one in found["verschil"][kind]]
    return [(one, capital(role_name(one))) for one in dict.fromkeys([*changed, *ROLES[:1]])]


def _tables(cells: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[list[str]]]]:
    """A table for each purpose in which something may be seen."""
    found = []
    for purpose in PURPOSES:
        rows = [
            [
                field_label(one["veld"]),
                _("ja") if one["mag"] else _("nee"),
                one.get("grondslag") or "",
                " ".join(one["voorwaarden"]),
                _(one.get("uitleg") or ""),
            ]
            for one in cells
            if one["doel"] == purpose
        ]
        if any(row[1] == _("ja") for row in rows):
            name = _("het beheer") if purpose == ADMINISTRATION else purpose_label(purpose)
            found.append((name, rows))
    return found


def _missing(objection: str, text: str) -> list[FieldError]:
    found = []
    if objection not in {"ja", "nee"}:
        found.append(FieldError("bezwaar", _("Kies of u bezwaar maakt.")))
    if not 3 <= len(text) <= LONGEST_ADVICE:
        found.append(
            FieldError(
                "toelichting",
                _("Schrijf een toelichting van 3 tot {meest} tekens.").format(meest=LONGEST_ADVICE),
            )
        )
    return found


def _incomplete(wrong: tuple[FieldError, ...]) -> Refusal:
    return Refusal(
        400,
        "onvolledig",
        _("Uw formulier is nog niet af."),
        together((one.reason for one in wrong), " "),
        way_forward=_("Vul aan wat ontbreekt en verstuur opnieuw."),
        fields=wrong,
    )

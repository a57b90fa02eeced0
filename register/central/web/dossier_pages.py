# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Dossiers, for TMM: which there are for a case number and a ground, and one of them. A dossier leads: what to do now and before when comes first, then where it went, then the signals, then why all of that may be seen.

There is no free browsing, and nothing of a case is in an address: case number, ground and treffer are in forms.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response

from process.language import gettext as _
from process.language import ngettext
from process.moments import Clock
from process.problem import Refusal
from register.central.web.handover_pages import accept_by, report_by
from register.central.web.notice_pages import FOLLOWERS, follow_choices
from register.central.web.own_grounds import own_grounds
from register.words import day, period, reasons, view_of_track

PATH: Final = "/dossiers"
COORDINATOR: Final = "tmm_coordinator"
_REASON: Final = "tmm_onderzoek"


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to these; `criteria` are the points of the check before phase 2 (C10)."""

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[[Request, Any], Awaitable[Mapping[str, str]]]
    reminders: Callable[[Any], Awaitable[list[tuple[str, str]]]]
    criteria: Callable[[], Sequence[tuple[str, str]]]
    clock: Clock


def mount(tools: Tools) -> None:
    """Add the pages."""

    async def listed(visit: Any, sent: Mapping[str, str]) -> Response:
        grounds = await own_grounds(tools.call, visit)
        found, refusal, why = None, None, None
        if sent.get("zaaknummer"):
            try:
                answer = await tools.call("GET", "/v1/dossiers", visit, case_of(sent))
                found = answer["dossiers"]
                why = reasons(answer["waarom"], {"aantalGemeenten": _("Gemeenten met een signaal")})
            except Refusal as error:
                refusal = error
        return tools.show(
            "dossiers.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            grounds=grounds,
            sent=sent,
            found=found,
            why=why,
            refusal=refusal,
            coordinator=visit.role == COORDINATOR,
            reminders=await tools.reminders(visit),
        )

    @tools.page(PATH)
    async def empty_page(request: Request, visit: Any) -> Response:
        del request
        return await listed(visit, {})

    @tools.page(PATH, "POST")
    async def list_page(request: Request, visit: Any) -> Response:
        return await listed(visit, await tools.form_of(request, visit))

    async def opened(
        visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None, ticked: Sequence[str] = ()
    ) -> Response:
        found = await tools.call("GET", f"/v1/dossiers/{sent.get('treffer', '')}", visit, case_of(sent))
        following, longest = follow_choices()
        today = tools.clock().date().isoformat()
        return tools.show(
            "dossier.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            refusal=refusal,
            ticked=ticked,
            track=view_of_track(found, visit.names),
            now=next_steps(found, today, coordinator=visit.role == COORDINATOR),
            facts=facts_of(found),
            handed=found.get("overdracht"),
            sent=sent,
            criteria=tools.criteria(),
            coordinator=visit.role == COORDINATOR,
            follows=visit.role in FOLLOWERS,
            following=following,
            longest=longest,
        )

    @tools.page(f"{PATH}/tonen", "POST")
    async def track_page(request: Request, visit: Any) -> Response:
        return await opened(visit, await tools.form_of(request, visit))

    @tools.page(f"{PATH}/fase-2", "POST")
    async def phase_2_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        form = await request.form()
        ticked = [str(one) for one in form.getlist("criteria")]
        body = {
            "trefferId": sent.get("treffer", ""),
            "criteria": ticked or ["geen"],
            "beoordeling": "mens_beoordeeld",
        }
        try:
            await tools.call("POST", "/v1/fase-2-besluiten", visit, case_of(sent), json=body)
        except Refusal as refusal:
            # The dossier stays open, with what was ticked.
            return await opened(visit, sent, refusal, ticked)
        return await opened(visit, sent)


def next_steps(found: Mapping[str, Any], today: str, *, coordinator: bool) -> list[str]:
    """What to do now, what is owed first."""
    steps = []
    handed = found.get("overdracht") or {}
    if handed.get("voor"):
        owed = accept_by if handed["stand"] == "wacht" else report_by
        steps.append(owed(handed["voor"], late=handed["voor"] < today))
    opened = sum(not one["gesloten"] for one in found["signalen"])
    if found["fase2"] == "gesloten":
        steps.append(
            _("Loop de criteria na en vraag fase 2 aan.")
            if coordinator
            else _("Wacht tot de coördinator fase 2 vraagt.")
        )
    elif opened < len(found["signalen"]):
        steps.append(
            _("Wacht op de gemeenten: {aantal} van de {totaal} signalen zijn vrijgegeven.").format(
                aantal=opened, totaal=len(found["signalen"])
            )
        )
    if opened:
        steps.append(_("Bekijk het netwerk, en vraag van elk verband waarom."))
    return steps


def facts_of(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who works on it, and until when it is there."""
    state = {
        "wacht": _("nog niemand pakte de treffer op"),
        "opgepakt": _("opgepakt"),
        "afgedaan": _("afgedaan"),
    }
    handed = {
        "wacht": _("aan u, nog niet aangenomen"),
        "aangenomen": _("aan u, aangenomen"),
        "afgesloten": _("aan u, afgesloten"),
    }
    phase = {"gesloten": _("gesloten"), "gevraagd": _("gevraagd"), "open": _("open")}
    signals = len(found["signalen"])
    rows = [
        (_("Treffer van"), period(found["gevonden"])),
        (_("Stand"), state[found["stand"]]),
        (_("Eerste actie uiterlijk op"), day(found["uiterlijk"]) if found.get("uiterlijk") else ""),
        (_("Overgedragen"), handed[found["overdracht"]["stand"]] if found.get("overdracht") else ""),
        (_("Fase 2"), phase.get(found["fase2"], found["fase2"])),
        (_("Signalen"), ngettext("{aantal} signaal", "{aantal} signalen", signals).format(aantal=signals)),
        (_("Verdwijnt in"), period(found["vervalt"])),
    ]
    return [(term, text) for term, text in rows if text]


def case_of(sent: Mapping[str, str]) -> dict[str, str]:
    """The headers of a case."""
    return {
        "Zaaknummer": sent.get("zaaknummer", "").strip().upper(),
        "Reden": _REASON,
        "Grondslag": sent.get("grondslag", ""),
    }

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The agenda of a Drieluikoverleg, to print and as text: what `GET /v1/agenda/{verband}` says, and nothing else.

Nothing of a case is in an address: samenwerkingsverband, case number and ground are in forms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response

from process.language import gettext as _
from process.language import ngettext, together
from process.problem import Refusal
from register.central.web.handover_pages import Tools
from register.central.web.own_grounds import own_grounds
from register.theme import NavigationItem, security_headers
from register.words import day, period

PATH: Final = "/agenda"
ROLES: Final = frozenset({"tmm_coordinator", "ketenregisseur"})
_REASON: Final = "drieluikoverleg"


@dataclass(frozen=True)
class Pages:
    """What these pages need: what others have, and the samenwerkingsverbanden of a visitor's organisation (id and name)."""

    tools: Tools
    regions: Callable[[Any], Sequence[tuple[str, str]]]


def navigation(role: str, path: str) -> tuple[NavigationItem, ...]:
    """The entry of the menu, for who has an agenda."""
    return (NavigationItem(PATH, _("Agenda"), current=path == PATH),) if role in ROLES else ()


def mount(pages: Pages) -> None:
    """Put the pages at their addresses."""
    tools = pages.tools
    page, show, call, form_of = tools.page, tools.show, tools.call, tools.form_of

    async def found_for(visit: Any, sent: Mapping[str, str]) -> Mapping[str, Any]:
        region = sent.get("verband", "")
        chosen = region if region in dict(pages.regions(visit)) else "-"
        found: Mapping[str, Any] = await call("GET", f"/v1/agenda/{chosen}", visit, _case(sent))
        return found

    async def shown(visit: Any, sent: Mapping[str, str]) -> Response:
        grounds = await own_grounds(call, visit)
        found, refusal = None, None
        if sent.get("zaaknummer"):
            try:
                found = await found_for(visit, sent)
            except Refusal as error:
                refusal = error
        return show(
            "agenda.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            grounds=grounds,
            regions=list(pages.regions(visit)),
            sent=sent,
            title="" if found is None else _title(found, dict(pages.regions(visit))),
            points=None if found is None else [_rows(one, visit.names) for one in found["punten"]],
            refusal=refusal,
            reminders=await tools.reminders(visit),
        )

    @page(PATH)
    async def empty_page(request: Request, visit: Any) -> Response:
        del request
        return await shown(visit, {})

    @page(PATH, "POST")
    async def agenda_page(request: Request, visit: Any) -> Response:
        return await shown(visit, await form_of(request, visit))

    @page(f"{PATH}/tekst", "POST")
    async def text_page(request: Request, visit: Any) -> Response:
        found = await found_for(visit, await form_of(request, visit))
        text = as_text(found, visit.names, dict(pages.regions(visit)))
        attachment = {"Content-Disposition": f'attachment; filename="agenda-{found["op"]}.txt"'}
        return Response(text, media_type="text/plain", headers={**security_headers(), **attachment})


def as_text(found: Mapping[str, Any], names: Mapping[str, str], regions: Mapping[str, str]) -> str:
    """The agenda as lines, to paste where one likes."""
    lines = [_title(found, regions), _caution(), ""]
    for number, one in enumerate(found["punten"], start=1):
        lines.append(f"{number}. " + "; ".join(f"{term}: {text}" for term, text in _rows(one, names)))
    return "\n".join([*lines, *([] if found["punten"] else [str(_("Er staat nu niets open."))])]) + "\n"


def _caution() -> str:
    return _(
        "Dit zijn signalen, geen bewijs en geen oordeel over een persoon. Wie het zijn, staat hier niet."
    )


def _title(found: Mapping[str, Any], regions: Mapping[str, str]) -> str:
    region = regions.get(found["verband"], found["verband"])
    return _("Drieluikoverleg {verband}, {dag}").format(verband=region, dag=day(found["op"]))


def _rows(one: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """One point in words, only what is there."""
    standing = {
        "opgepakt": _("opgepakt"),
        "overdracht_wacht": _("overgedragen, nog niet aangenomen"),
        "overdracht_loopt": _("overgedragen en aangenomen"),
    }[one["stand"]]
    number = one.get("aantalGemeenten", "")
    counted = ngettext("{aantal} gemeente", "{aantal} gemeenten", int(number)) if number.isdigit() else number
    rows = [
        (_("Treffer"), one["trefferId"][:8]),
        (_("Stand"), f"{standing}{_(', te laat') if one['teLaat'] else ''}"),
        (_("Sinds"), day(one["sinds"])),
        (_("Eerste actie voor"), day(one["uiterlijk"]) if "uiterlijk" in one else ""),
        (_("Waar"), ", ".join(names.get(code, code) for code in one.get("gemeenten", ()))),
        (_("Hoeveel"), counted.format(aantal=number)),
        (_("Wanneer gezien"), together(period(text) for text in one.get("perioden", ()))),
        (_("Komt overeen op"), together(one.get("soorten", ()))),
    ]
    return [(term, text) for term, text in rows if text]


def _case(sent: Mapping[str, str]) -> dict[str, str]:
    return {
        "Zaaknummer": sent.get("zaaknummer", "").strip().upper(),
        "Reden": _REASON,
        "Grondslag": sent.get("grondslag", ""),
    }

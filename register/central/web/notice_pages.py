# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Notices and standing questions of who signs in at the register: that something is there, and what is followed (docs/adr/0045-notices-without-content-and-standing-questions-without-pseudonyms.md).

A notice says no content here either: its reader goes to the page where policy decides. What is followed is shown for a case number and a ground, because it names cases.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from process.problem import Refusal
from register.central.web.own_grounds import own_grounds
from register.central.web.treffer_pages import ROLES as TREFFERS
from register.central.web.treffer_pages import case_of
from register.notices import CHAIN, FOLLOWING, KINDS, LONGEST_TERM
from register.theme import NavigationItem
from register.words import day, entry_value

PATH: Final = "/berichten"
ROLES: Final = CHAIN - {"aandachtsfunctionaris"}
"""Who gets notices and signs in here; the others read them at their node."""
FOLLOWERS: Final = frozenset({"tmm_coordinator", "zorgcoordinator"})


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to these."""

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[[Request, Any], Awaitable[Mapping[str, str]]]


def navigation(role: str, path: str) -> tuple[NavigationItem, ...]:
    """The entry of the menu, for who gets notices here."""
    return (NavigationItem(PATH, _("Berichten"), current=path == PATH),) if role in ROLES else ()


def mount(tools: Tools) -> None:  # noqa: C901 - one closure per page
    """Add the pages."""

    async def shown(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        found = await tools.call("GET", "/v1/berichten", visit)
        grounds, following = [], None
        if visit.role in FOLLOWERS:
            grounds = await own_grounds(tools.call, visit)
            if sent.get("zaaknummer"):
                try:
                    answer = await tools.call("GET", "/v1/attenderingen", visit, case_of(sent))
                    following = [(one, _followed(one)) for one in answer["attenderingen"]]
                except Refusal as error:
                    refusal = error
        return tools.show(
            "berichten.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            refusal=refusal,
            kinds=[
                (
                    kind,
                    place_of(kind["soort"], visit.role),
                    [_notice(one) for one in found["berichten"] if one["soort"] == kind["soort"]],
                )
                for kind in found["soorten"]
            ],
            follows=visit.role in FOLLOWERS,
            grounds=grounds,
            sent={name: sent.get(name, "") for name in ("zaaknummer", "grondslag")},
            following=following,
        )

    @tools.page(PATH)
    async def notices_page(request: Request, visit: Any) -> Response:
        del request
        return await shown(visit, {})

    @tools.page(PATH, "POST")
    async def following_page(request: Request, visit: Any) -> Response:
        return await shown(visit, await tools.form_of(request, visit))

    @tools.page(f"{PATH}/gelezen", "POST")
    async def read_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        body = {"soort": sent.get("soort") or "-", "overId": _uuid(sent.get("over", ""))}
        await tools.call("POST", "/v1/berichten/afhandelingen", visit, json=body)
        return RedirectResponse(PATH, 303)

    @tools.page(f"{PATH}/volgen", "POST")
    async def follow_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        text = sent.get("dagen", "").strip()
        body = {
            "organisatie": visit.organisation,
            "over": "treffer",
            "overId": _uuid(sent.get("treffer", "")),
            "reden": sent.get("reden") or "-",
            "dagen": int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0,
            "uitdrukkelijk": sent.get("uitdrukkelijk") == "ja",
        }
        try:
            await tools.call("POST", "/v1/attenderingen", visit, case_of(sent), json=body)
        except Refusal as refusal:
            if refusal.status != 400:
                raise
            return await shown(visit, sent, refusal)
        return await shown(visit, sent)

    @tools.page(f"{PATH}/loslaten", "POST")
    async def let_go_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        number = _uuid(sent.get("attendering", ""))
        await tools.call("POST", f"/v1/attenderingen/{number}/beeindigingen", visit, case_of(sent))
        return await shown(visit, sent)


def follow_choices() -> tuple[list[tuple[str, str]], int]:
    """Why somebody is followed, and for how long at most; for the page of a case."""
    return list(FOLLOWING.items()), LONGEST_TERM


def place_of(kind: str, role: str) -> str:
    """Where the reader of a notice opens what it is about."""
    if KINDS[kind].about == "overdracht":
        return "/overdrachten"
    if role in TREFFERS:
        return "/treffers"
    return "/dossiers" if role == "tmm_coordinator" else "/overdrachten"


def _notice(one: Mapping[str, Any]) -> dict[str, str]:
    return {
        "kind": one["soort"],
        "about": one["overId"],
        "said": _("Nummer {nummer}, sinds {moment}").format(
            nummer=one["overId"][:8], moment=entry_value("moment", one["klaarOp"], {})
        ),
    }


def _followed(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    state = {"loopt": _("loopt"), "voorbij": _("voorbij"), "beeindigd": _("beëindigd")}
    return [
        (_("Wat"), _("{soort} {nummer}").format(soort=one["over"], nummer=one["overId"][:8])),
        (_("Waarom"), FOLLOWING.get(one["reden"], one["reden"])),
        (_("Tot en met"), day(one["eindigtOp"])),
        (_("Stand"), state[one["stand"]]),
    ]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(UUID(int=0))

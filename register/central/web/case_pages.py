# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The network of an opened case: its resources, and the page on which TMM sees network and movement, asks why, and says of two signals that they are one person or not.

Works without script: drawings are SVG with the table beside it, and every choice is a form. With script the network can be tapped (`static/netwerk.js`); it shows what the tables show and asks nothing more.
The Arbeidsinspectie reads the same page and can say nothing on it: linking is TMM's (policy-actions.csv).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final, Protocol
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from process.language import capital
from process.language import gettext as _
from register.central import asserting, connecting, excluding
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey
from register.central.web.identify import Identify, frozen
from register.drawing import Dot, Place, Stroke, Track, network_drawing, schematic_map, timeline
from register.exclusions import kinds as exclusion_kinds
from register.movement import Sighting
from register.wire import (
    Netwerk,
    Spoor,
    Uitsluiting,
    UitsluitingBeeindigd,
    UitsluitingLijst,
    UitsluitingMaken,
    VerklaringIntrekken,
    VerklaringMaken,
    VerklaringVastgelegd,
    WaaromPad,
)
from register.words import (
    assertion_kinds,
    assertion_reasons,
    day,
    entry_value,
    period,
    reasons,
    role_name,
    typed_day,
)

PATH = "/dossiers/netwerk"
LINKING: Final = frozenset({"tmm_analist", "tmm_coordinator"})
"""Who may say of two signals that they are one person's; who may look is the cell `link_graph`."""
HANDED_REASON: Final = "overdracht_behandelen"
EXCLUSIONS = "/uitsluitingen"

Steps = Annotated[int, Query(ge=0, le=connecting.MOST_STEPS, description="Stappen van persoon tot persoon.")]
NodeKey = Annotated[
    str, Query(pattern=r"^[a-z]{3,20}-[0-9]{1,6}$", description="Soort en nummer van een knoop.")
]


def networks(centre: Centre, identify: Identify) -> APIRouter:
    """The network of an opened case, for TMM, and what people say of pairs in it."""
    router = APIRouter(prefix="/v1/dossiers", tags=["dossiers"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/{treffer_id}/netwerk", response_model_exclude_none=True)
    def read_network(
        treffer_id: UUID, acting: Acting = who, here: Centre = now, stappen: Steps = 2
    ) -> Netwerk:
        return connecting.network_of(here, acting, treffer_id, stappen)

    @router.get("/{treffer_id}/spoor", response_model_exclude_none=True)
    def read_movement(
        treffer_id: UUID, acting: Acting = who, here: Centre = now, stappen: Steps = 2
    ) -> Spoor:
        return connecting.track_of(here, acting, treffer_id, stappen)

    @router.get("/{treffer_id}/waarom", response_model_exclude_none=True)
    def read_why(  # noqa: PLR0913, PLR0917 - the whole question
        treffer_id: UUID,
        van: NodeKey,
        naar: NodeKey,
        acting: Acting = who,
        here: Centre = now,
        stappen: Steps = 2,
    ) -> WaaromPad:
        return connecting.why_between(here, acting, treffer_id, (van, naar), stappen)

    @router.post("/{treffer_id}/uitsluitingen", status_code=201, response_model_exclude_none=True)
    def exclude(
        treffer_id: UUID,
        sent: UitsluitingMaken,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> Uitsluiting:
        return excluding.exclude(here, acting, treffer_id, sent, idempotency_key)

    @router.post("/{treffer_id}/verklaringen", status_code=201)
    def assert_pairs(
        treffer_id: UUID,
        sent: VerklaringMaken,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> VerklaringVastgelegd:
        return asserting.assert_pairs(here, acting, treffer_id, sent, idempotency_key)

    @router.post("/{treffer_id}/verklaringen/{verklaring_id}/intrekkingen", status_code=201)
    def withdraw_assertion(  # noqa: PLR0913, PLR0917 - the whole request
        treffer_id: UUID,
        verklaring_id: UUID,
        sent: VerklaringIntrekken,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> VerklaringVastgelegd:
        del idempotency_key  # withdrawing twice is withdrawing
        return asserting.withdraw(here, acting, treffer_id, verklaring_id, sent)

    return router


def exclusions(centre: Centre, identify: Identify) -> APIRouter:
    """The exclusion list, for its owners."""
    router = APIRouter(prefix="/v1/uitsluitingen", tags=["dossiers"])
    who, now = Depends(identify), frozen(centre)

    @router.get("", response_model_exclude_none=True)
    def listed(acting: Acting = who, here: Centre = now) -> UitsluitingLijst:
        return excluding.listed(here, acting)

    @router.post("/{uitsluiting_id}/beeindigingen", status_code=201)
    def end(
        uitsluiting_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> UitsluitingBeeindigd:
        del idempotency_key  # it is ended once
        return excluding.end(here, acting, uitsluiting_id)

    return router


# ---- pages --------------------------------------------------------------------------------------------------------------


class Visitor(Protocol):
    """Whoever signed in, as far as these pages need it."""

    @property
    def names(self) -> Mapping[str, str]:
        """Code of an organisation -> its name."""
        ...

    @property
    def role(self) -> str:
        """As what."""
        ...


Page = Callable[[Request, Any], Awaitable[Response]]


@dataclass(frozen=True)
class Tools:
    """What these pages need of the others.

    Attributes:
        page: registers a page.
        show: renders a template.
        call: asks the public interface.
        form_of: reads a form that came from our own page.
        case: the headers of a case.
        places: where municipalities are drawn.
    """

    page: Callable[[str, str], Callable[[Page], Page]]
    show: Callable[..., HTMLResponse]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[[Request, Any], Awaitable[Mapping[str, str]]]
    case: Callable[[Mapping[str, str]], dict[str, str]]
    places: Mapping[str, Place]


def mount(tools: Tools) -> None:  # noqa: C901 - one closure per page
    """Add the pages of a case."""

    async def shown(visit: Visitor, sent: Mapping[str, str]) -> Response:
        may_link = visit.role in LINKING
        case, root = tools.case(sent), f"/v1/dossiers/{sent.get('treffer', '')}"
        if not may_link:
            case |= {"Reden": HANDED_REASON}
        found = await tools.call("GET", f"{root}/netwerk", visit, case)
        movement = await tools.call("GET", f"{root}/spoor", visit, case)
        path = None
        if sent.get("van") and sent.get("naar"):
            ends = urlencode({"van": sent["van"], "naar": sent["naar"]})
            path = await tools.call("GET", f"{root}/waarom?{ends}", visit, case)
        return tools.show(
            "netwerk.html",
            visit,
            "/dossiers" if may_link else "/overdrachten",
            sent=sent,
            may_link=may_link,
            trail=("/dossiers", _("Dossiers")) if may_link else ("/overdrachten", _("Overdrachten")),
            view=view_of_network(found, visit.names, movement),
            path=None if path is None else view_of_path(path, found),
            movement=view_of_movement(movement, visit.names, tools.places),
            why=reasons(found["waarom"], _terms()),
            kinds=list(assertion_kinds().items()),
            reasons=[(code, assertion_reasons()[code]) for code in _REASONS],
            excludable=list(exclusion_kinds().items()),
            back=[(code, assertion_reasons()[code]) for code in asserting.REASONS["intrekken"]],
        )

    @tools.page(PATH, "POST")
    async def network_page(request: Request, visit: Visitor) -> Response:
        return await shown(visit, await tools.form_of(request, visit))

    @tools.page("/dossiers/verklaringen", "POST")
    async def assert_page(request: Request, visit: Visitor) -> Response:
        sent = await tools.form_of(request, visit)
        case, root = tools.case(sent), f"/v1/dossiers/{sent.get('treffer', '')}"
        if sent.get("verklaring"):
            body: dict[str, Any] = {"reden": sent.get("reden", "")}
            await tools.call(
                "POST", f"{root}/verklaringen/{sent['verklaring']}/intrekkingen", visit, case, json=body
            )
        else:
            found = await tools.call("GET", f"{root}/netwerk", visit, case)
            pairs = pairs_of(sent, found)
            if len(pairs) > 1 and sent.get("gezien") != seen_of(found):
                # The other signals of that person were not named one by one.
                raise connecting.changed_since("paren")
            body = {"soort": sent.get("soort", ""), "reden": sent.get("reden", ""), "paren": pairs}
            await tools.call("POST", f"{root}/verklaringen", visit, case, json=body)
        return await shown(visit, {name: sent.get(name, "") for name in _CASE})

    @tools.page("/dossiers/uitsluitingen", "POST")
    async def exclude_page(request: Request, visit: Visitor) -> Response:
        sent = await tools.form_of(request, visit)
        node, _space, stamp = sent.get("knoop", "").partition(" ")
        body = {"soort": sent.get("soort", ""), "hercontrole": typed_day(sent.get("hercontrole", ""))}
        body |= {"knoop": node, "stempel": stamp}
        path = f"/v1/dossiers/{sent.get('treffer', '')}/uitsluitingen"
        await tools.call("POST", path, visit, tools.case(sent), json=body)
        return await shown(visit, {name: sent.get(name, "") for name in _CASE})

    @tools.page(EXCLUSIONS, "POST")
    async def exclusions_page(request: Request, visit: Visitor) -> Response:
        sent = await tools.form_of(request, visit)
        if sent.get("uitsluiting"):
            path = f"/v1/uitsluitingen/{sent['uitsluiting']}/beeindigingen"
            await tools.call("POST", path, visit, tools.case(sent))
        found = await tools.call("GET", "/v1/uitsluitingen", visit, tools.case(sent))
        rows = [_excluded(one) for one in found["uitsluitingen"]]
        return tools.show("uitsluitingen.html", visit, "/dossiers", sent=sent, entries=rows)


_CASE = ("treffer", "zaaknummer", "grondslag")
_SHARED = ("telefoon", "email", "account", "kenteken", "pand", "organisatie")


def _excluded(one: Mapping[str, Any]) -> tuple[str, str, bool, list[tuple[str, str]]]:
    """An entry as the page shows it: number, title, whether it is late, what is known of it."""
    title = capital(exclusion_kinds().get(one["soort"], one["soort"]))
    return (
        one["uitsluitingId"],
        title,
        one["teLaat"],
        [(_("Wat"), _(one["kenmerk"])), (_("Opnieuw kijken op"), day(one["hercontrole"]))],
    )


_REASONS = tuple(dict.fromkeys((*asserting.REASONS["zelfde"], *asserting.REASONS["niet_dezelfde"])))


def _terms() -> dict[str, str]:
    return {
        "verbanden": _("Verbanden"),
        "gemeenten": _("Gemeenten"),
        "eerste": _("Weken"),
        "soorten": _("Waarop iets overeenkomt"),
    }


def pairs_of(sent: Mapping[str, str], found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pairs that a form means: two signals; or, where both are one person's and are not the same, the first with every other signal of that person, which takes it out."""
    one, other = sent.get("een", ""), sent.get("ander", "")
    whose = {_end_key(end): node["knoop"] for node in found["knopen"] for end in node.get("signalen", [])}
    others = [other]
    if sent.get("soort") == "niet_dezelfde" and one in whose and whose.get(other) == whose[one]:
        others = [key for key, node in whose.items() if node == whose[one] and key != one]
    return [{"een": _end(one), "ander": _end(each)} for each in others]


def seen_of(found: Mapping[str, Any]) -> str:
    """Of which signals the persons are made that a page shows."""
    stamps = sorted(one["stempel"] for one in found["knopen"] if one["soort"] == "persoon")
    return sha256(" ".join(stamps).encode()).hexdigest()[:16]


def _end_key(end: Mapping[str, str]) -> str:
    return f"{end['signaalId']}/{end['ref']}"


def _end(key: str) -> dict[str, str]:
    number, _slash, ref = key.partition("/")
    return {"signaalId": number, "ref": ref}


def signal_names(movement: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Signal -> where and when it was, as the table of movement says it; of several in one place and week each has a number."""
    said = {
        seen["signaalId"]: f"{names.get(seen['gemeente'], seen['gemeente'])}, {period(seen['week'])}"
        for one in movement.get("personen", [])
        for seen in one["waarnemingen"]
        if seen.get("signaalId")
    }
    alike: dict[str, list[str]] = {}
    for number in sorted(said):
        alike.setdefault(said[number], []).append(number)
    return {
        number: text if len(those) == 1 else f"{text} ({place})"
        for text, those in alike.items()
        for place, number in enumerate(those, 1)
    }


def view_of_network(
    found: Mapping[str, Any], names: Mapping[str, str], movement: Mapping[str, Any]
) -> dict[str, Any]:
    """A network as the page shows it: a drawing, a row per node and per line, groups to look at, and what the measures do not mean."""
    called = signal_names(movement, names)
    label = {node["knoop"]: node["label"] for node in found["knopen"]}
    kind = {node["knoop"]: node["soort"] for node in found["knopen"]}
    dots = [
        Dot(
            node["knoop"],
            node["label"],
            person=node["soort"] == "persoon",
            shared=node["gedeeld"],
        )
        for node in found["knopen"]
    ]
    strokes = [Stroke(one["van"], one["naar"], _stroke(one)) for one in found["verbanden"]]
    return {
        "phase": found["fase2"],
        "cut": found["afgekapt"],
        "drawing": network_drawing(dots, strokes),
        "graph": _graph(found, label),
        "nodes": [
            (node["label"], node.get("opmerking", ""), str(node["stap"]), _how(node, label))
            for node in found["knopen"]
        ],
        "lines": [line_row(one, label) for one in found["verbanden"]],
        "bonds": [
            (node["label"], _called(bond["een"], called), _called(bond["ander"], called), bond["reden"])
            for node in found["knopen"]
            for bond in node.get("bindingen", [])
        ],
        "groups": [
            (", ".join(label[one] for one in group["personen"]), group["nakijken"])
            for group in found["groepen"]
            if group.get("nakijken")
        ],
        "warnings": found["maten"]["waarschuwingen"],
        "ends": [(node["knoop"], node["label"]) for node in found["knopen"]],
        "things": [
            (f"{node['knoop']} {node['stempel']}", node["label"])
            for node in found["knopen"]
            if node["soort"] in _SHARED
        ],
        "signals": [
            (_end_key(end), f"{node['label']}: {_called(end, called)}")
            for node in found["knopen"]
            if kind[node["knoop"]] == "persoon"
            for end in node.get("signalen", [])
        ],
        "said": [_said(one, names, called) for one in found["verklaringen"]],
        "seen": seen_of(found),
    }


def _graph(found: Mapping[str, Any], label: Mapping[str, str]) -> dict[str, Any]:
    """The same for the script of the page: what the tables say, and nothing else."""
    return {
        "knopen": [
            {
                "knoop": node["knoop"],
                "soort": node["soort"],
                "label": node["label"],
                "gedeeld": node["gedeeld"],
                "uitleg": ". ".join(said for said in (node.get("opmerking", ""), _how(node, label)) if said),
            }
            for node in found["knopen"]
        ],
        "verbanden": [
            {
                "van": one["van"],
                "naar": one["naar"],
                "lijn": _stroke(one),
                "brug": one["brug"],
                "titel": _("{van} en {naar}").format(van=row[0], naar=row[1]),
                "reden": row[2],
                "doet": str(row[3]),
            }
            for one, row in ((one, line_row(one, label)) for one in found["verbanden"])
        ],
    }


def _stroke(one: Mapping[str, Any]) -> Any:
    return "bindt" if one["bindt"] else "vraag" if one["soort"] == "mogelijk_dezelfde" else "context"


def _how(node: Mapping[str, Any], label: Mapping[str, str]) -> str:
    if not node.get("via"):
        return _("begin van de zaak") if node["stap"] == 0 else ""
    return _("via {knoop}: {reden}").format(knoop=label.get(node["via"], node["via"]), reden=node["waardoor"])


def line_row(one: Mapping[str, Any], label: Mapping[str, str]) -> tuple[str, str, str, str]:
    """A line as a row: from, to, why, and what it does."""
    does = {"bindt": _("bindt"), "context": _("context"), "vraag": _("vraag")}[_stroke(one)]
    if one["brug"]:
        does = _("bindt, houdt de groep alleen bij elkaar")
    return label.get(one["van"], one["van"]), label.get(one["naar"], one["naar"]), one["reden"], does


def view_of_path(path: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Why two nodes hang together, line by line."""
    label = {node["knoop"]: node["label"] for node in found["knopen"]}
    return {
        "van": label.get(path["van"], path["van"]),
        "naar": label.get(path["naar"], path["naar"]),
        "tied": path["verbonden"],
        "rows": [line_row(one, label) for one in path["pad"]],
    }


def view_of_movement(
    found: Mapping[str, Any], names: Mapping[str, str], places: Mapping[str, Place]
) -> dict[str, Any]:
    """Movement as the page shows it: a route per person, two drawings, and the table."""
    tracks = [
        Track(one["label"], tuple(Sighting(seen["gemeente"], seen["week"]) for seen in one["waarnemingen"]))
        for one in found["personen"]
    ]
    return {
        "routes": [
            (
                one["label"],
                [
                    " + ".join(names.get(place, place) for place in stay["gemeenten"])
                    for stay in one["verblijven"]
                ],
            )
            for one in found["personen"]
        ],
        "together": [
            (
                one["label"],
                other["label"],
                "; ".join(
                    f"{names.get(cell['gemeente'], cell['gemeente'])}, {period(cell['week'])}"
                    for cell in other["samen"]
                ),
            )
            for one in found["personen"]
            for other in one.get("metgezellen", [])
        ],
        "timeline": timeline(tracks, names),
        "map": schematic_map(tracks, places, names),
        "rows": [
            (period(seen["week"]), names.get(seen["gemeente"], seen["gemeente"]), one["label"])
            for one, seen in sorted(
                ((one, seen) for one in found["personen"] for seen in one["waarnemingen"]),
                key=lambda both: (both[1]["week"], both[1]["gemeente"], both[0]["label"]),
            )
        ],
    }


def _called(end: Mapping[str, str], called: Mapping[str, str]) -> str:
    """A signal by where and when it was; by the start of its number where that is not open."""
    return called.get(end["signaalId"]) or _("signaal {nummer}").format(nummer=end["signaalId"][:8])


def _said(one: Mapping[str, Any], names: Mapping[str, str], called: Mapping[str, str]) -> dict[str, Any]:
    reason = assertion_reasons()
    return {
        "number": one["verklaringId"],
        "open": not one.get("ingetrokken"),
        "rows": [
            (_("Wat"), assertion_kinds().get(one["soort"], one["soort"])),
            (_("Over"), f"{_called(one['een'], called)}; {_called(one['ander'], called)}"),
            (_("Reden"), reason.get(one["reden"], one["reden"])),
            (
                _("Door"),
                ", ".join(
                    part
                    for part in (
                        role_name(one["rol"]),
                        names.get(one["organisatie"], one["organisatie"]),
                        one.get("medewerker"),
                    )
                    if part
                ),
            ),
            (_("Gezegd op"), entry_value("moment", one["gemaakt"], {})),
            *(
                [
                    (_("Ingetrokken"), entry_value("moment", one["ingetrokken"], {})),
                    (_("Waarom"), reason.get(one["redenIntrekking"], one["redenIntrekking"])),
                ]
                if one.get("ingetrokken")
                else []
            ),
        ],
    }

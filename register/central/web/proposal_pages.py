# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages about grounds and about proposals: a functioneel beheerder proposes, an FG advises, another functioneel beheerder decides; each under the own name.

As every page: each calls the interface (`/v1/beheer`) with the visitor's session, and a refusal comes back on the form that was sent, with what was typed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from policies.decision import PURPOSES
from policies.difference import ADMINISTRATION
from policies.explain import purpose_label
from process.language import gettext as _
from process.language import together
from process.problem import FieldError, Refusal
from register.central.web.people_pages import (
    Tools,
    filled,
    incomplete,
    kept_here,
    leads_back,
    refused,
)
from register.enrolment import LONGEST_TEXT
from register.theme import NavigationItem
from register.wire import LONGEST_ADVICE
from register.words import day, entry_value, role_name

GROUNDS: Final = "/beheer/grondslagen"
GROUND: Final = "/beheer/grondslagen/nieuw"
GROUND_END: Final = "/beheer/grondslagen/einde"
PROPOSALS: Final = "/voorstellen"

_MEMBERS: Final = (
    "code",
    "artikel",
    "taak",
    "geldigVan",
    "geldigTot",
    "beslotenOp",
    "besluitstuk",
    "beslotenDoor",
    "verband",
)

Choices = Callable[[Any], list[tuple[str, str]]]


def navigation(path: str) -> NavigationItem:
    """The entry of the menu of a functioneel beheerder and of an FG."""
    return NavigationItem(PROPOSALS, _("Voorstellen"), current=path == PROPOSALS)


def mount(tools: Tools, codes: Callable[[], list[tuple[str, str]]], alliances: Choices) -> None:
    """Put the pages at their addresses.

    Args:
        tools: of the register's pages.
        codes: of the grounds that can be proposed here, with what they are.
        alliances: samenwerkingsverbanden and covenants of a visitor's organisation.
    """
    leads_back(tools, GROUND_END, GROUNDS)
    _grounds(tools, codes, alliances)
    _proposals(tools)


def _grounds(  # noqa: C901 - one closure per page
    tools: Tools, codes: Callable[[], list[tuple[str, str]]], alliances: Choices
) -> None:
    page, form_of, call = tools.page, tools.form_of, tools.call

    async def grounds(visit: Any, refusal: Refusal | None = None) -> Response:
        found = (await call("GET", "/v1/beheer", visit))["grondslagen"]
        return tools.show(
            "grondslagen.html",
            visit,
            GROUNDS,
            status=refusal.status if refusal else 200,
            grounds=[(None, ground_row(one)) for one in found],
            chosen=[(one["id"], f"{one['id']} ({one['code']})") for one in found if one["geldt"]],
            **refused(refusal, {}),
        )

    def proposing(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        return tools.show(
            "grondslag.html",
            visit,
            GROUNDS,
            status=refusal.status if refusal else 200,
            codes=codes(),
            alliances=alliances(visit),
            purposes=[(one, purpose_label(one)) for one in PURPOSES if one != ADMINISTRATION],
            sent=sent,
            longest=LONGEST_TEXT,
            **refused(refusal, _labels()),
        )

    def ending(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        return tools.show(
            "grondslag-einde.html",
            visit,
            GROUNDS,
            status=refusal.status if refusal else 200,
            sent=sent,
            longest=LONGEST_TEXT,
            **refused(refusal, _labels()),
        )

    @page(GROUNDS)
    async def look(request: Request, visit: Any) -> Response:
        del request
        return await grounds(visit)

    @page(GROUND)
    async def form(request: Request, visit: Any) -> Response:
        del request
        # Who manages nothing is told so before anything is typed.
        await call("GET", "/v1/beheer", visit)
        return proposing(visit, {})

    @page(GROUND, "POST")
    async def propose(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        body: dict[str, Any] = filled(sent, _MEMBERS)
        if sent.get("doelen"):
            body["doelen"] = [sent["doelen"]]
        try:
            made = await call("POST", "/v1/beheer/grondslagen", visit, json=body)
        except Refusal as refusal:
            return proposing(visit, sent, kept_here(refusal))
        return RedirectResponse(f"{PROPOSALS}/{made['vastleggingId']}", 303)

    @page(GROUND_END, "POST")
    async def end(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        if not sent.get("grondslag"):
            return await grounds(visit, incomplete(FieldError("grondslag", _("Kies een grondslag."))))
        if "besluitstuk" not in sent:
            await call("GET", "/v1/beheer", visit)
            return ending(visit, sent)
        body = filled(sent, ("grondslag", "op", "besluitstuk", "beslotenDoor"))
        try:
            made = await call("POST", "/v1/beheer/grondslagen/beeindigingen", visit, json=body)
        except Refusal as refusal:
            return ending(visit, sent, kept_here(refusal))
        return RedirectResponse(f"{PROPOSALS}/{made['vastleggingId']}", 303)


def ground_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    """A ground in a table."""
    return (
        one["id"],
        one["code"],
        one["artikel"],
        one["taak"],
        _("{van} tot en met {tot}").format(van=day(one["geldigVan"]), tot=day(one["geldigTot"])),
        _("{wie}, {besluit}").format(wie=one["beslotenDoor"], besluit=one["besluit"]),
        _("ja") if one["geldt"] else _("nee"),
    )


def _proposals(tools: Tools) -> None:
    page, form_of, call = tools.page, tools.form_of, tools.call

    @page(PROPOSALS)
    async def look(request: Request, visit: Any) -> Response:
        del request
        found = (await call("GET", "/v1/beheer/vastleggingen", visit))["vastleggingen"]
        rows = [(f"{PROPOSALS}/{one['vastleggingId']}", _short(one, visit.names)) for one in found]
        waiting = {one["vastleggingId"] for one in found if one["wachtOpU"]}
        return tools.show(
            "voorstellen.html",
            visit,
            PROPOSALS,
            waiting=[row for row, one in zip(rows, found, strict=True) if one["vastleggingId"] in waiting],
            others=[row for row, one in zip(rows, found, strict=True) if one["vastleggingId"] not in waiting],
            role=visit.role,
        )

    async def proposal(
        number: str, visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None
    ) -> Response:
        found = await call("GET", f"/v1/beheer/vastleggingen/{number}", visit)
        return tools.show(
            "vastlegging.html",
            visit,
            PROPOSALS,
            status=refusal.status if refusal else 200,
            number=number,
            title=_title(found),
            state=state_of(found["stand"]),
            badge=_BADGES.get(found["stand"], "neutral"),
            rows=_facts(found, visit.names),
            steps=[_step(one, visit.names) for one in found["stappen"]],
            may=found["mag"],
            kind=found["soort"],
            why_not=found.get("waaromNiet"),
            waits=[visit.names.get(one, one) for one in found["wachtOp"]],
            sent=sent,
            longest=LONGEST_ADVICE,
            line=LONGEST_TEXT,
            **refused(refusal, {}),
        )

    @page(f"{PROPOSALS}/{{nummer}}")
    async def read(request: Request, visit: Any) -> Response:
        return await proposal(_number(request), visit, {})

    def step(name: str, path: str, body: Callable[[Mapping[str, str]], dict[str, Any]]) -> None:
        leads_back(tools, f"{PROPOSALS}/{{nummer}}/{name}", f"{PROPOSALS}/{{nummer}}")

        @page(f"{PROPOSALS}/{{nummer}}/{name}", "POST")
        async def take(request: Request, visit: Any) -> Response:
            sent, number = await form_of(request, visit), _number(request)
            try:
                await call("POST", f"/v1/beheer/vastleggingen/{number}/{path}", visit, json=body(sent))
            except Refusal as refusal:
                return await proposal(number, visit, sent, kept_here(refusal))
            return RedirectResponse(f"{PROPOSALS}/{number}", 303)

    step("advies", "adviezen", _advice)
    step("antwoord", "antwoorden", _answer)
    step("goedkeuring", "goedkeuringen", _approval)
    step("intrekking", "intrekkingen", lambda sent: {"toelichting": _prose(sent, "reden")})


def _advice(sent: Mapping[str, str]) -> dict[str, Any]:
    if sent.get("bezwaar") not in {"ja", "nee"}:
        raise incomplete(FieldError("bezwaar", _("Kies of u bezwaar maakt.")))
    return {"bezwaar": sent["bezwaar"] == "ja", "toelichting": _prose(sent, "toelichting")}


def _answer(sent: Mapping[str, str]) -> dict[str, Any]:
    return {
        "besluitstuk": sent.get("besluitstuk", "").strip(),
        "toelichting": _prose(sent, "toelichting"),
    }


def _approval(sent: Mapping[str, str]) -> dict[str, Any]:
    if sent.get("gelezen") != "ja":
        raise incomplete(FieldError("gelezen", _("Zet een vinkje als u het voorstel en het besluit las.")))
    return {}


def _prose(sent: Mapping[str, str], field: str) -> str:
    text = sent.get(field, "").strip()
    if not 3 <= len(text) <= LONGEST_ADVICE:
        wrong = _("Schrijf een toelichting van 3 tot {meest} tekens.").format(meest=LONGEST_ADVICE)
        raise incomplete(FieldError(field, wrong))
    return text


def _number(request: Request) -> str:
    """The number in the address, if it is one; else one that is nobody's."""
    try:
        return str(UUID(request.path_params["nummer"]))
    except ValueError:
        return str(UUID(int=0))


_BADGES: Final[Mapping[str, str]] = {
    "wacht_op_advies": "warning",
    "bezwaar": "warning",
    "wacht_op_tweede": "warning",
    "vastgelegd": "active",
    "ingetrokken": "inactive",
}


def state_of(code: str) -> str:
    """How far a proposal is, in words."""
    return {
        "wacht_op_advies": _("Wacht op advies van de FG"),
        "bezwaar": _("De FG maakt bezwaar; dat moet eerst schriftelijk worden beantwoord"),
        "wacht_op_tweede": _("Wacht op een tweede persoon"),
        "vastgelegd": _("Vastgelegd"),
        "ingetrokken": _("Ingetrokken"),
    }.get(code, code)


def _title(found: Mapping[str, Any]) -> str:
    return {
        "mandaat": _("Mandaat geven"),
        "grondslag": _("Grondslag vastleggen"),
        "grondslag_einde": _("Grondslag beëindigen"),
    }.get(str(found["soort"]), "")


def _what(one: Mapping[str, Any]) -> str:
    if one["soort"] != "mandaat":
        return str(one["wat"])
    role, _space, officer = one["wat"].partition(" ")
    return f"{role_name(role)}, {officer}"


def _short(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        _("{wat}: {over}").format(wat=_title(one), over=_what(one)),
        names.get(one["organisatie"], one["organisatie"]),
        entry_value("moment", one["op"], names),
        state_of(one["stand"]),
    )


def _facts(found: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    rows = [(_("Voorgesteld door"), names.get(found["organisatie"], found["organisatie"]))]
    mandate, ground = found.get("mandaat"), found.get("grondslag")
    if mandate is not None:
        rows += [
            (_("Wie (schuilnaam)"), mandate["medewerker"]),
            (_("Rol"), role_name(mandate["rol"])),
            (_("Geldig"), _span(mandate)),
            (_("Opgeleid op"), day(mandate["opgeleidOp"])),
            (_("Gescreend op"), day(mandate["gescreendOp"])),
        ]
    if ground is not None:
        rows += [
            (_("Naam"), ground["id"]),
            (_("Code"), ground["code"]),
            (_("Artikel"), ground["artikel"]),
            (_("Taak"), ground["taak"]),
            (_("Geldig"), _span(ground)),
        ]
    if found["soort"] == "grondslag_einde":
        last = found.get("laatsteDag")
        rows.append((_("Laatste dag"), day(last) if last else _("de dag voor de goedkeuring")))
    if found["soort"] == "grondslag":
        rows.append((_("Partijen"), ", ".join(names.get(one, one) for one in found["partijen"])))
    if found.get("verband"):
        rows.append((_("Samenwerkingsverband of convenant"), names.get(found["verband"], found["verband"])))
    if found["doelen"]:
        rows.append((_("Alleen voor"), together(purpose_label(one) for one in found["doelen"])))
    rows += [(_("Kenmerk van het besluit"), found["besluitstuk"]), (_("Wie besloot"), found["beslotenDoor"])]
    if found.get("beslotenOp"):
        rows.append((_("Besloten op"), day(found["beslotenOp"])))
    return rows


def _span(one: Mapping[str, Any]) -> str:
    return _("{van} tot en met {tot}").format(van=day(one["geldigVan"]), tot=day(one["geldigTot"]))


def _step(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[tuple[str, str]], str]:
    """What was done, by whom and when, and what was written with it."""
    words = {
        "voorstel": _("Voorgesteld"),
        "advies": _("Bezwaar van de FG") if one.get("bezwaar") else _("Advies van de FG: geen bezwaar"),
        "antwoord": _("Bezwaar beantwoord"),
        "goedkeuring": _("Goedgekeurd"),
        "intrekking": _("Ingetrokken"),
    }
    doors = {
        "sessie": _("zelf, aangemeld bij dit register"),
        "node": _("zelf, via de node van de eigen organisatie"),
    }
    place = names.get(one["organisatie"], one["organisatie"])
    rows = [
        (_("Wanneer"), entry_value("moment", one["op"], names)),
        (_("Wie"), f"{one['medewerker']}, {place}" if one.get("medewerker") else place),
        (_("Hoe"), doors.get(one["deur"], one["deur"])),
    ]
    if one.get("besluitstuk"):
        rows.append((_("Kenmerk van het antwoord"), one["besluitstuk"]))
    return words.get(one["stap"], one["stap"]), rows, one.get("toelichting") or ""


def _labels() -> Mapping[str, str]:
    """The fields as the forms name them."""
    return {
        "code": _("Soort grondslag"),
        "artikel": _("Artikel van de wet"),
        "taak": _("Taak"),
        "geldigVan": _("Eerste dag"),
        "geldigTot": _("Laatste dag"),
        "beslotenOp": _("Besloten op"),
        "besluitstuk": _("Kenmerk van het besluit"),
        "beslotenDoor": _("Wie besloot"),
        "verband": _("Van wie"),
        "doelen": _("Doel"),
        "grondslag": _("Grondslag"),
        "op": _("Eerste dag zonder"),
    }

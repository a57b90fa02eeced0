# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages of an FG: inbox, month, report, disclosures, limits. Like those of `web.pages` they call the interface and do nothing of their own.

In the list of the log, readings by the FG that follow each other are one row with their number, because looking fills the log; one link shows them row by row, and no count leaves them out.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from process.language import gettext as _
from process.language import ngettext
from process.moments import Clock
from register.dangers import VERDICTS
from register.reviewing import REASONS, before, month, month_of
from register.theme import security_headers
from register.words import (
    EVIDENCE,
    day,
    duty_labels,
    entry_labels,
    entry_value,
    event_name,
    figure_labels,
    flag_name,
    period,
    role_name,
)

LOOKS = frozenset({
    "aangemeld", "afgemeld", "logboek_geraadpleegd", "noodopeningen_geraadpleegd", "postvak_bekeken", "post_geopend", "maand_bekeken",
    "verstrekkingen_bekeken", "grenzen_bekeken",
})  # fmt: skip
"""What an FG does by looking, and signing in for it."""


_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_POST = re.compile(r"[0-9]{4}-W?[0-9]{2}\.[0-9]{1,15}")


@dataclass(frozen=True)
class Tools:
    """How a page is made here: routed, shown, and what it calls."""

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[..., Awaitable[Mapping[str, str]]]
    reminders: Callable[..., Awaitable[list[tuple[str, str]]]]
    clock: Clock


def mount(tools: Tools) -> None:
    """Add the pages."""
    _inbox(tools)
    _limits(tools)
    _months(tools)
    _disclosures(tools)


def _inbox(tools: Tools) -> None:
    @tools.page("/postvak")
    async def inbox(request: Request, visit: Any) -> Response:
        del request
        found = await tools.call("GET", "/v1/toezicht/postvak", visit)
        return tools.show(
            "postvak.html",
            visit,
            "/postvak",
            waiting=[_item(one) for one in found["posten"] if one.get("oordeel") in {None, "vraag"}],
            done=[_item(one) for one in found["posten"] if one.get("oordeel") not in {None, "vraag"}],
            late=found["teLaat"],
            reminders=await tools.reminders(visit),
        )

    @tools.page("/postvak/{post}")
    async def item(request: Request, visit: Any) -> Response:
        post = _post_number(request)
        found = await tools.call("GET", f"/v1/toezicht/postvak/{post}", visit)
        said = found["regel"]["velden"]
        return tools.show(
            "post.html",
            visit,
            "/postvak",
            item=_item(found["post"]),
            why=[(_(one["waarom"]), _(one["watNu"])) for one in found["post"]["redenen"]],
            title=event_name(found["regel"]["gebeurtenis"], found["regel"]["ontvanger"]),
            rows=[
                (label, entry_value(key, said[key], visit.names))
                for key, label in entry_labels()
                if said.get(key) not in (None, "", []) and key not in EVIDENCE
            ],
            marks=[
                (label, entry_value(key, said[key], visit.names))
                for key, label in entry_labels()
                if said.get(key) not in (None, "", []) and key in EVIDENCE
            ],
            verdicts=[
                (f"{verdict}.{code}", f"{VERDICTS[verdict]}: {words}")
                for verdict, reasons in REASONS.items()
                for code, words in reasons.items()
            ],
        )

    @tools.page("/postvak/{post}", "POST")
    async def judge(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        verdict, _dot, reason = sent.get("oordeel", "").partition(".")
        path = f"/v1/toezicht/postvak/{_post_number(request)}/beoordelingen"
        body = {"oordeel": verdict or "geen", "waarom": reason or "geen"}
        await tools.call("POST", path, visit, json=body)
        return RedirectResponse("/postvak", 303)


def _limits(tools: Tools) -> None:
    @tools.page("/grenzen")
    async def limits(request: Request, visit: Any) -> Response:
        del request
        found = await tools.call("GET", "/v1/toezicht/grenzen", visit)
        return tools.show("grenzen.html", visit, "/postvak", limits=found["grenzen"])

    @tools.page("/grenzen", "POST")
    async def set_limit(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        height = sent.get("hoogte", "").strip()
        number = int(height) if height.isascii() and height.isdigit() and len(height) < 5 else -1
        body = {"grens": sent.get("grens") or "geen", "hoogte": number}
        await tools.call("POST", "/v1/toezicht/grenzen", visit, json=body)
        return RedirectResponse("/grenzen", 303)


def _months(tools: Tools) -> None:
    @tools.page("/maand")
    async def this_month(request: Request, visit: Any) -> Response:
        del request, visit
        return RedirectResponse(f"/maand/{month_of(tools.clock()).name}", 303)

    @tools.page("/maand/{maand}")
    async def show_month(request: Request, visit: Any) -> Response:
        name = _month_name(request)
        found = await tools.call("GET", f"/v1/toezicht/maanden/{name}", visit)
        return tools.show("maand.html", visit, "/maand", **_month(found, name, visit.names, tools.clock()))

    @tools.page("/maand/{maand}/steekproef", "POST")
    async def sample(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        number = sent.get("aantal", "").strip()
        body = {
            "aantal": int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0,
            "worp": "".join(sent.get("worp", "").split()),
        }
        path = f"/v1/toezicht/maanden/{_month_name(request)}/steekproeven"
        await tools.call("POST", path, visit, json=body)
        return RedirectResponse("/postvak", 303)

    @tools.page("/maand/{maand}/aftekening", "POST")
    async def sign(request: Request, visit: Any) -> Response:
        await tools.form_of(request, visit)
        name = _month_name(request)
        await tools.call("POST", f"/v1/toezicht/maanden/{name}/aftekeningen", visit)
        return RedirectResponse(f"/maand/{name}", 303)

    @tools.page("/maand/{maand}/bewijs")
    async def proof(request: Request, visit: Any) -> Response:
        name = _month_name(request)
        found = await tools.call("GET", f"/v1/toezicht/maanden/{name}/bewijs", visit)
        attachment = {"Content-Disposition": f'attachment; filename="bewijs-{month(name).name}.json"'}
        return JSONResponse(found, headers={**security_headers(), **attachment})

    @tools.page("/maand/{maand}/verslag")
    async def report(request: Request, visit: Any) -> Response:
        name = _month_name(request)
        found = await tools.call("GET", f"/v1/toezicht/maanden/{name}/verslag", visit)
        return tools.show(
            "verslag.html", visit, "/maand", report=found, title=period(name), figures=figure_labels(),
            duties=duty_labels(), verdicts=VERDICTS,
        )  # fmt: skip


def _disclosures(tools: Tools) -> None:
    @tools.page("/verstrekkingen")
    async def disclosures(request: Request, visit: Any) -> Response:
        this = month_of(tools.clock())
        name = request.query_params.get("maand") or this.name
        since = request.query_params.get("vanaf", "0")
        asked = {"maand": name, "vanaf": since if since.isascii() and since.isdigit() else "0"}
        found = await tools.call("GET", "/v1/toezicht/verstrekkingen", visit, params=asked)
        return tools.show(
            "verstrekkingen.html", visit, "/verstrekkingen", title=period(name), month=name,
            around=_around(name, tools.clock()), rows=[_disclosure(one, visit.names) for one in found["verstrekkingen"]],
            next_leaf=found.get("volgende"),
        )  # fmt: skip


def _month_name(request: Request) -> str:
    """The month in the address; what is none becomes a word that the interface refuses, so that nothing of an address gets into another."""
    text = str(request.path_params["maand"])
    return text if _MONTH.fullmatch(text) else "geen"


def _post_number(request: Request) -> str:
    """The item in the address, likewise."""
    text = str(request.path_params["post"])
    return text if _POST.fullmatch(text) else "geen"


def grouped(
    lines: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, whole: bool
) -> list[tuple[str | None, list[str]]]:
    """Rows of the log: where each leads, and its cells. Readings by the FG that follow each other are one row, unless the whole is wanted."""
    rows: list[tuple[str | None, list[str]]] = []
    looks: list[Mapping[str, Any]] = []
    for line in [*lines, None]:
        if line is not None and not whole and _is_look(line):
            looks.append(line)
            continue
        rows += [_row(one, names) for one in looks] if len(looks) < 3 else [_looks(looks, names)]
        looks = []
        if line is not None:
            rows.append(_row(line, names))
    return rows


def _is_look(line: Mapping[str, Any]) -> bool:
    return line["gebeurtenis"] in LOOKS and line["velden"].get("rol") == "fg"


def _looks(lines: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[None, list[str]]:
    first, last = lines[-1], lines[0]
    return None, [
        ngettext("{aantal} keer gekeken", "{aantal} keer gekeken", len(lines)).format(aantal=len(lines)),
        entry_value("moment", first["velden"].get("moment", ""), names),
        role_name("fg"),
        "",
        _("{eerste} tot en met {laatste}").format(eerste=first["blad"], laatste=last["blad"]),
    ]


def _row(line: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[str]]:
    fields = line["velden"]
    return f"/logboek/{line['blad']}", [
        event_name(line["gebeurtenis"], line["ontvanger"]),
        entry_value("moment", fields.get("moment", ""), names),
        entry_value("medewerker", fields.get("medewerker") or fields.get("organisatie") or "", names),
        entry_value("uitkomst", fields.get("uitkomst") or fields.get("code") or "", names),
        str(line["blad"]),
    ]


def _item(one: Mapping[str, Any]) -> dict[str, Any]:
    verdict = one.get("oordeel")
    return {
        "post": one["post"],
        "leaf": one["blad"],
        "period": period(one["post"].partition(".")[0]),
        "due": day(one["klaarVoor"]),
        "late": one["teLaat"],
        "flags": [flag_name(reason["code"]) for reason in one["redenen"]],
        "verdict": None if verdict is None else VERDICTS[verdict],
        "final": verdict not in {None, "vraag"},
        "reason": entry_value("waarom", one.get("waarom", ""), {}),
        "proof": one.get("bewijsBlad"),
    }


def _around(name: str, now: datetime) -> list[tuple[str, str]]:
    """The month before and the month after, with their names; of a month that has not begun there is nothing to see."""
    span = month(name)
    return [(one.name, period(one.name)) for one in (before(span), month_of(span.end)) if one.start <= now]


def _month(found: Mapping[str, Any], name: str, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    figures = found["cijfers"]
    return {
        "found": found,
        "signed": found.get("afgetekend"),
        "name": name,
        "title": period(name),
        "place": names.get(found["organisatie"], found["organisatie"]),
        "around": _around(name, now),
        "figures": [
            (label, str(figures[key]))
            for key, label in figure_labels().items()
            if isinstance(figures.get(key), int)
        ],
        "refusals": [(code.replace("-", " "), number) for code, number in figures["weigeringen"].items()],
        "grounds": list(figures["grondslagen"].items()),
        "people": list(figures["medewerkers"].items()),
        "answered": [(names.get(one, one), number) for one, number in figures["antwoordVan"].items()],
        "verdicts": [(VERDICTS.get(one, one), number) for one, number in figures["oordelen"].items()],
        "previous": None if "samenhang" not in found else period(found["samenhang"]["maand"]),
    }


def _disclosure(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[str]]:
    return f"/logboek/{one['blad']}", [
        str(one["blad"]),
        *(
            entry_value(key, one[key], names)
            for key in ("moment", "organisatie", "rol", "doel", "grondslag", "velden")
        ),
    ]

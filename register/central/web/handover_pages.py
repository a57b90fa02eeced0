# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Pages for who gets hand-overs (TMM's coordinator, Arbeidsinspectie, KMar): the inbox as an agenda to print, one hand-over, accepting it, feedback, and its export as a file or as a PDF with the proof of its log entry.

Nothing of a case is in an address: case number, ground and hand-over are in forms.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from process.language import gettext as _
from process.language import speaking, together
from process.moments import Clock
from process.problem import Refusal
from register.casework import ENDS, FEEDBACK_DAYS
from register.central.printing import MEDIA_TYPE, Export, Listed, printed, proof_of
from register.central.web.own_grounds import own_grounds
from register.signals import FEEDBACK, NEXT_STEPS
from register.theme import NavigationItem, security_headers
from register.words import day, effect_labels, moment_in_words, sighting

PATH = "/overdrachten"
ROLES = frozenset({"tmm_coordinator", "nla", "kmar"})
FIGURES = "/cijfers"
NETWORK: Final = frozenset({"tmm_coordinator", "nla"})
"""Of these roles, who has the cell `link_graph` (policy-matrix.csv); the KMar has not."""
DOSSIERS: Final = frozenset({"tmm_coordinator"})
"""Of these roles, who opens dossiers, where phase 2 is asked."""
COUNTS = frozenset({"tmm_coordinator", "fg", "ketenregisseur"})
_REASON = "overdracht_behandelen"
_NOBODYS = str(UUID(int=0))


Page = Callable[[Request, Any], Awaitable[Response]]


class Shower(Protocol):
    """Shows a template."""

    def __call__(
        self, template: str, visit: Any, path: str, /, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """The page in its frame."""
        ...


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to these."""

    page: Callable[..., Callable[[Page], Page]]
    show: Shower
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[[Request, Any], Awaitable[Mapping[str, str]]]
    reminders: Callable[[Any], Awaitable[list[tuple[str, str]]]]
    clock: Clock
    checkpoint: Callable[[], Awaitable[str | None]]


def navigation(role: str, path: str) -> tuple[NavigationItem, ...]:
    """The entries of the menu, for who gets hand-overs or reads figures."""
    inbox = (NavigationItem(PATH, _("Overdrachten"), current=path == PATH),) if role in ROLES else ()
    counts = (NavigationItem(FIGURES, _("Cijfers"), current=path == FIGURES),) if role in COUNTS else ()
    return (*inbox, *counts)


def mount(tools: Tools) -> None:  # noqa: C901, PLR0915 - one closure per page
    """Put the pages at their addresses."""
    page, show, call, form_of = tools.page, tools.show, tools.call, tools.form_of

    async def agenda(visit: Any, sent: Mapping[str, str]) -> Response:
        grounds = await own_grounds(call, visit)
        found, refusal = None, None
        if sent.get("zaaknummer"):
            try:
                listed = await call("GET", "/v1/overdrachten", visit, _case(sent))
                found = [(one, _row(one, visit.names)) for one in listed["overdrachten"]]
            except Refusal as error:
                refusal = error
        return show(
            "overdrachten.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            grounds=grounds,
            sent=sent,
            found=found,
            refusal=refusal,
            reminders=await tools.reminders(visit),
        )

    async def opened(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        number = _number(sent)
        found = await call("GET", f"/v1/overdrachten/{number}", visit, _case(sent))
        row = found["overdracht"]
        return show(
            "overdracht.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            refusal=refusal,
            found=row,
            giver=visit.names.get(row["van"], row["van"]),
            now=_next(row, found["terugkoppelingen"], tools.clock().date()),
            sees_network=visit.role in NETWORK,
            sees_dossier=visit.role in DOSSIERS,
            number=number,
            rows=_row(row, visit.names),
            signals=[sighting(one, visit.names) for one in found["signalen"]],
            history=[_feedback(one) for one in found["terugkoppelingen"]],
            codes=[(code, FEEDBACK[code].label) for code in found["mogelijk"]],
            ends=_listed(code for code in found["mogelijk"] if code in ENDS),
            barred=_listed(
                code for code in FEEDBACK if code not in found["mogelijk"] and code != "ontvangen"
            ),
            steps=[(code, item.label) for code, item in NEXT_STEPS.items()],
            sent=sent,
        )

    @page(FIGURES)
    async def figures_page(request: Request, visit: Any) -> Response:
        asked = request.query_params.get("jaar", "")
        this = tools.clock().year
        year = int(asked) if asked.isascii() and asked.isdigit() and 2000 < int(asked) <= this else this
        period = {"van": f"{year}-01-01", "tot": f"{year}-12-31"}
        found = await call("GET", "/v1/cijfers", visit, {"Doel": "statistiek"}, params=period)
        labels = effect_labels()
        others = [*found["verbanden"], *found["organisaties"]]
        return show(
            "cijfers.html",
            visit,
            FIGURES,
            year=year,
            own_first=visit.role == "fg",
            around=[one for one in (year - 1, year + 1) if one <= this],
            own=[(label, found["eigen"][code]) for code, label in labels.items()],
            head=[_("Wie"), *labels.values()],
            rows=[
                (None, (visit.names.get(one["wie"], one["wie"]), *(one["cijfers"][code] for code in labels)))
                for one in others
            ],
        )

    @page(PATH)
    async def inbox_page(request: Request, visit: Any) -> Response:
        del request
        return await agenda(visit, {})

    @page(PATH, "POST")
    async def list_page(request: Request, visit: Any) -> Response:
        return await agenda(visit, await form_of(request, visit))

    @page(f"{PATH}/tonen", "POST")
    async def one_page(request: Request, visit: Any) -> Response:
        return await opened(visit, await form_of(request, visit))

    @page(f"{PATH}/aannemen", "POST")
    async def accept_page(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        await call("POST", f"/v1/overdrachten/{_number(sent)}/aannemingen", visit, _case(sent), json={})
        return await opened(visit, sent)

    @page(f"{PATH}/terugkoppelen", "POST")
    async def feedback_page(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        body = {"code": sent.get("code") or "-", "volgendeStap": sent.get("volgende_stap") or "geen"}
        path = f"/v1/overdrachten/{_number(sent)}/terugkoppelingen"
        try:
            await call("POST", path, visit, _case(sent), json=body)
        except Refusal as refusal:
            # The hand-over stays open, with what was chosen.
            return await opened(visit, sent, refusal)
        return await opened(visit, sent)

    @page(f"{PATH}/bestand", "POST")
    async def export_page(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        number = _number(sent)
        # What is kept in a file is Dutch, whoever takes it along.
        with speaking(None):
            found = await call("GET", f"/v1/overdrachten/{number}", visit, _case(sent))
        attachment = {"Content-Disposition": f'attachment; filename="overdracht-{number[:8]}.json"'}
        text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
        return Response(text, media_type="application/json", headers={**security_headers(), **attachment})

    @page(f"{PATH}/pdf", "POST")
    async def pdf_page(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        number = _number(sent)
        moment = tools.clock()
        with speaking(None):
            found = await call("GET", f"/v1/overdrachten/{number}", visit, _case(sent))
            export = _export(found, sent, visit.names, moment_in_words(moment), await tools.checkpoint())
        made = await run_in_threadpool(printed, export, moment)
        attachment = {"Content-Disposition": f'attachment; filename="overdracht-{number[:8]}.pdf"'}
        return Response(made, media_type=MEDIA_TYPE, headers={**security_headers(), **attachment})


def signal_columns() -> tuple[str, ...]:
    """What `register.words.sighting` gives, as heads of a table."""
    return (
        _("Wanneer"), _("Waar"), _("Komt overeen op"), _("Vorm"), _("Aanwijzingen"), _("Mogelijke rol"), _("Bron"),
    )  # fmt: skip


def _export(
    found: Mapping[str, Any],
    sent: Mapping[str, str],
    names: Mapping[str, str],
    moment: str,
    checkpoint: str | None,
) -> Export:
    """What is printed of the interface's answer."""
    row, proof = found["overdracht"], found["logbewijs"]
    told = [told for _none, told in map(_feedback, found["terugkoppelingen"])]
    return Export(
        title=_("Overgedragen zaak {zaak}").format(zaak=_case(sent)["Zaaknummer"]),
        number=_("Overdracht {nummer}").format(nummer=row["overdrachtId"]),
        caution=_("Dit zijn signalen, geen bewijs en geen oordeel over een persoon."),
        rows=(
            (_("Overdracht"), row["overdrachtId"]),
            (_("Treffer"), row["trefferId"]),
            (_("Overgedragen op"), day(row["op"])),
            *_row(row, names),
            (_("Meegenomen op"), moment),
        ),
        signals=Listed(
            _("Signalen in volgorde van tijd"),
            signal_columns(),
            [sighting(one, names) for one in found["signalen"]],
            _("Er staat voor u geen signaal meer in."),
        ),
        history=Listed(
            _("Wat is teruggekoppeld"),
            (_("Dag"), _("Code"), _("Volgende stap")),
            told,
            _("Er is nog niets teruggekoppeld."),
        ),
        proof=proof_of(proof["blad"], proof["bewijs"], checkpoint),
        closing=_(
            "Dit bestand is wat u op dat moment mocht zien. Er gaat niets terug naar het register, en wat daar later verandert, verandert hier niet: kijk opnieuw voordat u erop handelt."
        ),
    )


def _listed(codes: Iterable[str]) -> str:
    """Codes of feedback as a sentence names them."""
    return together(f"“{FEEDBACK[code].label}”" for code in codes)


def _number(sent: Mapping[str, str]) -> str:
    try:
        return str(UUID(sent.get("overdracht", "")))
    except ValueError:
        return _NOBODYS


def _case(sent: Mapping[str, str]) -> dict[str, str]:
    return {
        "Zaaknummer": sent.get("zaaknummer", "").strip().upper(),
        "Reden": _REASON,
        "Grondslag": sent.get("grondslag", ""),
    }


def _row(one: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    state = {
        "wacht": _("wacht op u"),
        "aangenomen": _("aangenomen"),
        "afgesloten": _("afgesloten"),
    }[one["stand"]]
    towns = ", ".join(names.get(code, code) for code in one.get("gemeenten") or [])
    last = one.get("laatste", "")
    rows = [
        (_("Stand"), state),
        (_("Van"), names.get(one["van"], one["van"])),
        (_("Signalen"), str(one["aantalSignalen"])),
        (_("Gemeenten"), towns),
        (_("Aannemen voor"), day(one["aannemenVoor"]) if one["stand"] == "wacht" else ""),
        (_("Laatste terugkoppeling"), FEEDBACK[last].label if last in FEEDBACK else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _next(row: Mapping[str, Any], said: Sequence[Mapping[str, Any]], today: date) -> str:
    """What to do now, and before when."""
    if row["stand"] == "afgesloten":
        return _("Deze overdracht is klaar. U hoeft niets meer te doen.")
    if row["stand"] == "wacht":
        return accept_by(row["aannemenVoor"], late=row["teLaat"])
    last = max((one["op"] for one in said), default=row["op"])
    owed = date.fromisoformat(last) + timedelta(days=FEEDBACK_DAYS)
    return report_by(owed.isoformat(), late=owed < today)


def accept_by(last: str, *, late: bool) -> str:
    """What is owed of a hand-over that waits."""
    said = (
        _("U bent te laat: neem de overdracht nu aan. Dat moest voor {dag}.")
        if late
        else _("Neem de overdracht aan voor {dag}.")
    )
    return said.format(dag=day(last))


def report_by(last: str, *, late: bool) -> str:
    """What is owed of a hand-over that was accepted."""
    said = (
        _("U bent te laat: koppel nu terug. Dat moest voor {dag}.") if late else _("Koppel terug voor {dag}.")
    )
    return said.format(dag=day(last))


def _feedback(one: Mapping[str, Any]) -> tuple[None, tuple[str, str, str]]:
    code, step = one["code"], one["volgendeStap"]
    return None, (
        day(one["op"]),
        FEEDBACK[code].label if code in FEEDBACK else code,
        NEXT_STEPS[step].label if step in NEXT_STEPS else step,
    )

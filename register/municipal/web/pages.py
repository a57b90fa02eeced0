# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the node, for toezichthouders and aandachtsfunctionarissen: server-rendered, without JavaScript, for a telephone first.

A page does nothing of its own: it calls the interface under `/v1` of the same process with the visitor's session, so it can do no more than the
interface, and what is refused is logged in the same way. What was typed stays in the form when something is refused, and never stands in an
address. The session token is in a cookie that scripts and other sites cannot use; every form carries a token bound to the session.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from process.problem import PassedOnRefusal, Refusal, refusal_from
from process.secret import Secret
from process.serving.web import OnRefusal
from register.municipal.accounts import ROLES, may
from register.municipal.controls import latest_date
from register.municipal.desk import Desk
from register.municipal.people import LoggedIn, form_refusal, require_form
from register.municipal.told import OUTCOMES, answer_rows, explained, log_alarms, treffer_rows
from register.municipal.web import forms
from register.municipal.web.forms import NEW_CONTROL, Choices, Filled
from register.signals import CONTROL_TYPES, OBSERVATION_BASES
from register.theme import STATIC, STATIC_PATH, Frame, NavigationItem, Visitor, environment, security_headers
from register.words import day

COOKIE = "sr_sessie"
GUEST_COOKIE = "sr_gast"
_OWN = "G-GEM"
_TEMPLATES = Path(__file__).parent / "templates"

_Page = Callable[["_Visit", Filled], Awaitable[Response]]


def mount(app: FastAPI, desk: Desk, on_refusal: OnRefusal, *, secure: bool) -> None:
    """Add the pages to the application.

    Args:
        app: with the interface already on it.
        desk: for who is behind a cookie, and the name of the organisation.
        on_refusal: counts what a page itself refuses; what the interface refuses is counted there.
        secure: the pages are served over TLS, so the cookies must be too.
    """
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC), name="statisch")
    pages = _Pages(app, desk, on_refusal, secure=secure)
    app.add_api_route(
        "/aanmelden", pages.sign_in_page, methods=["GET"], include_in_schema=False, response_model=None
    )
    app.add_api_route(
        "/aanmelden", pages.sign_in, methods=["POST"], include_in_schema=False, response_model=None
    )
    for method, path, page in (
        ("POST", "/afmelden", pages.sign_out),
        ("GET", "/", pages.start),
        ("GET", "/vragen", pages.ask_page),
        ("POST", "/vragen", pages.ask),
        ("GET", "/invoeren", pages.enter_page),
        ("POST", "/invoeren", pages.enter),
        ("POST", "/invoeren/overnemen", pages.take_over),
        ("GET", "/treffers", pages.treffers_page),
        ("POST", "/vrijgaven", pages.release),
    ):
        guarded = pages.guarded(page)
        app.add_api_route(path, guarded, methods=[method], include_in_schema=False, response_model=None)
    _wrong_address(app, pages)


def _wrong_address(app: FastAPI, pages: "_Pages") -> None:
    """What is refused before a page is reached is a page in a browser; the interface keeps its problem details."""
    plain: Any = app.exception_handlers[HTTPException]

    def reads_pages(request: Request) -> bool:
        path = request.url.path
        return "text/html" in request.headers.get("accept", "") and not f"{path}/".startswith("/v1/")

    async def lost(request: Request, error: Exception) -> Response:
        answer: Response = await plain(request, error)
        return pages.lost(answer.status_code) if reads_pages(request) else answer

    async def refused(request: Request, error: Exception) -> Response:
        answer: Response = await plain(request, error)
        if isinstance(error, Refusal) and reads_pages(request):
            return pages.refused_at_the_door(error)
        return answer

    app.add_exception_handler(HTTPException, lost)
    app.add_exception_handler(Refusal, refused)


@dataclass(frozen=True)
class _Visit:
    """One request of a signed-in visitor."""

    who: LoggedIn
    path: str

    @property
    def role(self) -> str:
        return self.who.account.role


class _Pages:
    """All pages of one node."""

    def __init__(self, app: FastAPI, desk: Desk, on_refusal: OnRefusal, *, secure: bool) -> None:
        self._desk = desk
        self._on_refusal = on_refusal
        self._secure = secure
        self._jinja = environment(_TEMPLATES)
        self._choices = Choices()
        self._names = {code: one.name for code, one in desk.municipalities.items()}
        self._interface = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://node", cookies=None
        )

    # ---- what every page needs ----------------------------------------------------------------------------

    def _show(self, template: str, visit: _Visit | None, status: int = 200, **values: Any) -> HTMLResponse:
        csrf = values.pop("csrf", None)
        frame = Frame(
            place=self._desk.name,
            profile=self._desk.profile,
            visitor=None if visit is None else self._visitor(visit),
            navigation=() if visit is None else _navigation(visit),
            csrf=csrf if visit is None else visit.who.form,
        )
        page = self._jinja.get_template(template).render(frame=frame, **values)
        return HTMLResponse(page, status, security_headers())

    def _visitor(self, visit: _Visit) -> Visitor:
        return Visitor(visit.who.account.name, ROLES.get(visit.role, visit.role), self._desk.name)

    def guarded(self, page: _Page) -> Callable[[Request], Awaitable[Response]]:
        """A page for signed-in visitors only; a form must come from a page of this session."""

        async def guarded(request: Request) -> Response:
            try:
                who = await run_in_threadpool(self._desk.people.behind, request.cookies.get(COOKIE))
            except Refusal:
                return RedirectResponse("/aanmelden", 303)
            request.state.officer = who.account.officer
            visit = _Visit(who, request.url.path)
            try:
                filled = Filled()
                if request.method == "POST":
                    filled = Filled.of((await request.form()).multi_items())
                    require_form(who, filled.text("csrf"))
                return await page(visit, filled)
            except PassedOnRefusal as refusal:
                return self._refused(visit, refusal)
            except Refusal as refusal:
                await run_in_threadpool(self._on_refusal, request, refusal)
                return self._refused(visit, refusal)

        return guarded

    def _refused(self, visit: _Visit, refusal: Refusal) -> Response:
        if refusal.status == 401:
            return RedirectResponse("/aanmelden", 303)
        return self._show("fout.html", visit, refusal.status, refusal=refusal, back_path="/")

    def lost(self, status: int) -> HTMLResponse:
        """The page for an address that does not exist."""
        refusal = Refusal(
            status,
            "niet-gevonden",
            _("Deze pagina bestaat niet."),
            _("Het adres klopt niet, of de pagina is verplaatst."),
            way_forward=_("Ga naar de beginpagina en kies daar wat u wilt doen."),
        )
        return self._show("fout.html", None, status, refusal=refusal, back_path="/")

    def refused_at_the_door(self, refusal: Refusal) -> HTMLResponse:
        """The page for a form that was refused unread, such as one that is too large."""
        return self._show("fout.html", None, refusal.status, refusal=refusal, back_path="/")

    async def _call(self, visit: _Visit, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {visit.who.token}"} | ({"Idempotency-Key": key} if key else {})
        answer = await self._interface.request(method, path, headers=headers, json=body)
        if answer.is_error:
            refusal = refusal_from(answer.json())
            refusal.status = answer.status_code
            raise refusal
        return answer.json()

    async def _grounds(self, visit: _Visit, *codes: str) -> list[str]:
        """On which grounds this role works here; a page without them is still of use when the register is away."""
        try:
            found = await self._call(visit, "GET", "/v1/grondslagen")
        except Refusal:
            return []
        return [f"{one['artikel']}: {one['taak']}" for one in found["grondslagen"] if one["code"] in codes]

    # ---- signing in and out -------------------------------------------------------------------------------

    async def sign_in_page(self) -> Response:
        """The form to sign in, bound to this browser by a random cookie."""
        return self._sign_in_form()

    def _sign_in_form(self, status: int = 200, error: str | None = None) -> Response:
        seed = self._desk.randomness(16).hex()
        token = self._desk.people.guest_form(seed)
        response = self._show("aanmelden.html", None, status, csrf=token, error=error)
        self._set_cookie(response, GUEST_COOKIE, seed)
        return response

    def _set_cookie(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, httponly=True, samesite="strict", secure=self._secure, path="/")

    async def sign_in(self, request: Request) -> Response:
        """Sign in and go to the start page."""
        filled = Filled.of((await request.form()).multi_items())
        expected = self._desk.people.guest_form(request.cookies.get(GUEST_COOKIE, ""))
        if Secret(expected.encode()) != Secret(filled.text("csrf").encode()):
            refusal = form_refusal()
            await run_in_threadpool(self._on_refusal, request, refusal)
            return self._sign_in_form(refusal.status, f"{refusal.detail} {refusal.way_forward}")
        sent = {"naam": filled.text("gebruikersnaam"), "wachtwoord": filled.texts.get("wachtwoord", "")}
        answer = await self._interface.post("/v1/sessies", json=sent)
        if answer.is_error:
            refusal = refusal_from(answer.json())
            return self._sign_in_form(answer.status_code, f"{refusal.detail} {refusal.way_forward}")
        response = RedirectResponse("/", 303)
        self._set_cookie(response, COOKIE, answer.json()["token"])
        response.delete_cookie(GUEST_COOKIE, path="/")
        return response

    async def sign_out(self, visit: _Visit, _filled: Filled) -> Response:
        """End the session."""
        headers = {"Authorization": f"Bearer {visit.who.token}"}
        await self._interface.delete("/v1/sessies/huidige", headers=headers)
        response = RedirectResponse("/aanmelden", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    # ---- asking -------------------------------------------------------------------------------------------

    async def start(self, visit: _Visit, _filled: Filled) -> Response:
        """What this person can do here."""
        return self._show(
            "start.html",
            visit,
            alarms=log_alarms(await self._call(visit, "GET", "/v1/ontvangstbewijzen")),
            grounds=await self._grounds(visit, _OWN),
            actions=_actions(visit.role),
        )

    async def ask_page(self, visit: _Visit, _filled: Filled) -> Response:
        """An empty question."""
        return await self._ask_form(visit, Filled())

    async def _ask_form(self, visit: _Visit, filled: Filled, refusal: Refusal | None = None) -> Response:
        controls = (await self._call(visit, "GET", "/v1/controles"))["controles"]
        open_now = [(one["nummer"], _control_text(one)) for one in controls]
        return self._show(
            "vragen.html",
            visit,
            refusal.status if refusal else 200,
            controls=[*open_now, (NEW_CONTROL, _("Ik open nu een controle"))],
            control=filled.text("controle") or (open_now[0][0] if open_now else NEW_CONTROL),
            place=self._desk.organisation,
            grounds=await self._grounds(visit, _OWN),
            **self._form_values(filled, refusal),
        )

    def _form_values(self, filled: Filled, refusal: Refusal | None) -> dict[str, Any]:
        found = forms.errors(refusal, filled) if refusal else []
        return {
            "filled": filled,
            "choices": self._choices,
            "refusal": refusal,
            "errors": found,
            "error_of": dict(reversed(found)),
            "gates": self._desk.gates,
        }

    async def ask(self, visit: _Visit, filled: Filled) -> Response:
        """Open a control when that was chosen, ask, and show the answer; a refusal keeps everything that was typed."""
        control = filled.text("controle")
        try:
            if control == NEW_CONTROL:
                opened = forms.new_control(filled, self._desk.organisation)
                control = (await self._call(visit, "POST", "/v1/controles", opened))["nummer"]
                filled = Filled({**filled.texts, "controle": control}, filled.ticked)
            answer = await self._call(visit, "POST", "/v1/bevragingen", forms.question(filled, control))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._ask_form(visit, filled, refusal)
        return self._show(
            "antwoord.html",
            visit,
            answer=answer,
            title=OUTCOMES.get(answer["uitkomst"], answer["uitkomst"]),
            rows=answer_rows(answer),
            explained=explained(answer),
            control=control,
            may_keep=may(visit.role, "bewaren_na_bevraging"),
            carried=[(name, filled.text(name)) for name in forms.INPUTS if filled.text(name)],
        )

    # ---- entering -----------------------------------------------------------------------------------------

    async def enter_page(self, visit: _Visit, _filled: Filled) -> Response:
        """An empty signal of today."""
        return await self._enter_form(visit, Filled())

    async def take_over(self, visit: _Visit, filled: Filled) -> Response:
        """The form for a signal with what was typed in a question: "bewaar als signaal". Nothing is stored yet."""
        return await self._enter_form(visit, filled)

    async def _enter_form(self, visit: _Visit, filled: Filled, refusal: Refusal | None = None) -> Response:
        return self._show(
            "invoeren.html",
            visit,
            refusal.status if refusal else 200,
            today=latest_date(self._desk.clock()).isoformat(),
            key=filled.text("sleutel") or self._desk.randomness(16).hex(),
            grounds=await self._grounds(visit, _OWN, "G-SEKS", "G-STRAF"),
            **self._form_values(filled, refusal),
        )

    async def enter(self, visit: _Visit, filled: Filled) -> Response:
        """Submit the signal; a refusal keeps everything that was typed."""
        try:
            answer = await self._call(
                visit, "POST", "/v1/signalen", forms.signal(filled), key=filled.text("sleutel")
            )
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._enter_form(visit, filled, refusal)
        return self._show("bewaard.html", visit, answer=answer, expires=day(answer["verlooptOp"]))

    # ---- treffers -----------------------------------------------------------------------------------------

    async def treffers_page(self, visit: _Visit, _filled: Filled) -> Response:
        """The treffers that wait for this organisation."""
        found = await self._call(visit, "GET", "/v1/treffers")
        return self._show(
            "treffers.html",
            visit,
            treffers=[
                (one, day(one["gevondenOp"]), treffer_rows(one, self._names)) for one in found["treffers"]
            ],
            leaf=found["logbewijs"]["blad"],
            grounds=await self._grounds(visit, _OWN, "G-RIEC"),
        )

    async def release(self, visit: _Visit, filled: Filled) -> Response:
        """Release one own signal for phase 2, and show the list again."""
        sent = {"besluitId": filled.text("besluit"), "signaalId": filled.text("signaal")}
        await self._call(visit, "POST", "/v1/vrijgaven", sent)
        return RedirectResponse("/treffers", 303)


def _control_text(control: dict[str, Any]) -> str:
    kind = CONTROL_TYPES.get(control["controlesoort"])
    basis = OBSERVATION_BASES.get(control["waarnemingGrondslag"])
    return "{nummer}: {soort}, {taak}".format(
        nummer=control["nummer"],
        soort=kind.label if kind else control["controlesoort"],
        taak=basis.label.lower() if basis else control["waarnemingGrondslag"],
    )


_ENTRIES = (
    ("/vragen", "bevragen", _("Vragen")),
    ("/invoeren", "signaal_indienen", _("Signaal invoeren")),
    ("/treffers", "treffers_bekijken", _("Treffers")),
)


def _actions(role: str) -> list[str]:
    return [path for path, action, _text in _ENTRIES if may(role, action)]


def _navigation(visit: _Visit) -> tuple[NavigationItem, ...]:
    start = NavigationItem("/", _("Begin"), current=visit.path == "/")
    return (
        start,
        *(
            NavigationItem(path, text, current=visit.path.startswith(path))
            for path, action, text in _ENTRIES
            if may(visit.role, action)
        ),
    )

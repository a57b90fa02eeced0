# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What every page of the node needs: who visits and at which desk, the frame around a page, and the interface behind it.

A page does nothing of its own: it calls the interface under `/v1` of the same process with the visitor's session, so it can do no more than the
interface, and what is refused is logged in the same way. The desk comes from the session, as everywhere.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from process.language import gettext as _
from process.problem import Outage, PassedOnRefusal, Refusal, refusal_from
from process.serving.web import OnRefusal
from register.door.carried import NOTHING_TYPED, carried, carry, owner, owner_of
from register.door.pages import PATH as OWN_PAGE
from register.door.pages import ends_at
from register.explaining import help_pages
from register.municipal.accounts import ROLES, may
from register.municipal.controls import day_of
from register.municipal.desk import Desk
from register.municipal.house import House, Seat
from register.municipal.klad import halves
from register.municipal.people import raw_token, require_form
from register.municipal.web import forms
from register.municipal.web.forms import Choices, Filled
from register.theme import Frame, NavigationItem, Visitor, environment, security_headers

COOKIE = "sr_sessie"
AWAY_COOKIE = "sr_weg"
HIDE = "/even-weg"
OWNER_COOKIE = "sr_wie"
HOST = "__Host-"
"""Before the name of a cookie over TLS (RFC 6265bis): a browser then takes it from this host alone, and no neighbour can set it."""
GUEST_COOKIE = "sr_gast"
SIGN_IN = "/aanmelden"
OWN = "G-GEM"
_TEMPLATES = Path(__file__).parent / "templates"

ENTRIES = (
    ("/vragen", "bevragen", _("Vragen")),
    ("/invoeren", "signaal_indienen", _("Signaal invoeren")),
    ("/treffers", "treffers_bekijken", _("Treffers")),
    ("/terugkoppelingen", "signaal_indienen", _("Terugkoppelingen")),
    ("/dossier", "signaal_indienen", _("Dossier")),
    ("/vrijgeven", "verhaal_vrijgeven", _("Vrijgeven")),
    ("/ontvangen", "verhaal_ontvangen", _("Ontvangen")),
    ("/ontvangers", "accounts_beheren", _("Ontvangers")),
    ("/berichten", "berichten_lezen", _("Berichten")),
    ("/inlezen", "rijen_inlezen", _("Inlezen")),
    ("/maand", "maand_bekijken", _("Maand")),
    ("/inzage", "rechtenverzoek_behandelen", _("Inzage")),
    ("/medewerkers", "accounts_beheren", _("Medewerkers")),
    ("/bevriezingen", "accounts_beheren", _("Bevriezingen")),
    ("/delen", "delen_navragen", _("Mag ik dit delen?")),
)
"""The navigation: path, action that opens it, text."""


@dataclass(frozen=True)
class Visit:
    """One request of a signed-in visitor."""

    seat: Seat
    path: str
    base: str = ""
    """Scheme and host to which the browser sent it."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What stands behind the question mark of the address: codes, never what somebody typed."""

    @property
    def desk(self) -> Desk:
        """The desk of the visitor's organisation."""
        return self.seat.desk

    @property
    def role(self) -> str:
        """The visitor's role."""
        return self.seat.account.role


Page = Callable[[Visit, Filled], Awaitable[Response]]


def provider_path(organisation: str) -> str:
    """Where signing in with the provider of an organisation begins."""
    return f"{SIGN_IN}/gemeenteaccount/{organisation}"


class Visits:
    """The pages of one node.

    Args:
        app: with the interface already on it.
        house: all desks.
        on_refusal: counts what a page itself refuses; what the interface refuses is counted there.
        secure: the pages are served over TLS, so the cookies must be too.
    """

    def __init__(self, app: FastAPI, house: House, on_refusal: OnRefusal, *, secure: bool) -> None:
        self.house = house
        self.names = {code: one.name for code, one in house.first.municipalities.items()}
        self.interface = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://node", cookies=None
        )
        self.app = app
        self._on_refusal = on_refusal
        self._secure = secure
        self._jinja = environment(_TEMPLATES)

    def add(self, method: str, path: str, page: Page, *, anyhow: bool = False) -> None:
        """Put a page for signed-in visitors at an address; a form must come from a page of this session.

        With `anyhow` also for who lacks the second factor that is asked of everyone.
        """
        self.add_open(method, path, self._guarded(page, anyhow=anyhow))

    def add_open(self, method: str, path: str, page: Callable[..., Awaitable[Response]]) -> None:
        """Put a page for everyone at an address."""
        self.app.add_api_route(path, page, methods=[method], include_in_schema=False, response_model=None)

    def show(self, template: str, visit: Visit | None, status: int = 200, **values: Any) -> HTMLResponse:
        """A page in its frame; `visit` is None before signing in."""
        csrf = values.pop("csrf", None)
        desk = visit.desk if visit else self.house.only
        frame = Frame(
            place=self._place(visit),
            profile=self.house.first.profile,
            visitor=None if visit is None else _visitor(visit),
            navigation=() if visit is None else _navigation(visit),
            csrf=csrf if visit is None else visit.seat.logged_in.form,
            hide_path=None if visit is None else HIDE,
            house_style_path=f"/huisstijl/{desk.organisation}.css" if desk and desk.house_style else None,
            ends=None if visit is None else ends_at(visit.seat.logged_in.ends, self.house.first.clock()),
        )
        page = self._jinja.get_template(template).render(frame=frame, **values)
        return HTMLResponse(page, status, security_headers())

    def _place(self, visit: Visit | None) -> str:
        desk = visit.desk if visit else self.house.only
        return desk.name if desk else _("Voor meer organisaties")

    def form_values(self, visit: Visit, filled: Filled, refusal: Refusal | None) -> dict[str, Any]:
        """What a template of a form needs: what was filled in, the choices, and what was wrong."""
        found = forms.errors(refusal, filled) if refusal else []
        return {
            "filled": filled,
            "choices": Choices(),
            "refusal": refusal,
            "errors": found,
            "error_of": dict(reversed(found)),
            "gates": visit.desk.gates,
            "halves": self.draft_halves(visit),
        }

    def bare(self, template: str, **values: Any) -> HTMLResponse:
        """A page without a frame: nothing on it says whose it is or what it is about."""
        return HTMLResponse(self._jinja.get_template(template).render(**values), headers=security_headers())

    def draft_halves(self, visit: Visit) -> dict[str, str]:
        """With what drafts in this browser open today (`register.municipal.klad`)."""
        today = day_of(visit.desk.clock())
        return dict(halves(visit.desk.people.session_key, visit.seat.account.officer, today))

    async def call(self, visit: Visit, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """The interface's answer, as the visitor.

        Raises:
            Refusal: as the interface words it.
        """
        answer = await self._answered(visit, method, path, body, key)
        return answer.json() if answer.content else None

    async def file(self, visit: Visit, path: str, body: Any) -> bytes:
        """A file that the interface makes, as the visitor.

        Raises:
            Refusal: as the interface words it.
        """
        return (await self._answered(visit, "POST", path, body)).content

    async def _answered(
        self, visit: Visit, method: str, path: str, body: Any, key: str = ""
    ) -> httpx.Response:
        token = visit.seat.logged_in.token
        # As bytes: a key comes out of a form, and it is the interface that refuses it.
        headers = {b"Authorization": f"Bearer {token}".encode()}
        headers |= {b"Idempotency-Key": key.encode()} if key else {}
        answer = await self.interface.request(method, path, headers=headers, json=body)
        if answer.is_error:
            refusal = refusal_from(answer.json())
            refusal.status = answer.status_code
            raise refusal
        return answer

    async def grounds(self, visit: Visit, *codes: str) -> list[str]:
        """On which grounds this role works here; a page without them is still of use when the register is away."""
        try:
            found = await self.call(visit, "GET", "/v1/grondslagen")
        except Refusal:
            return []
        return [f"{one['artikel']}: {one['taak']}" for one in found["grondslagen"] if one["code"] in codes]

    def cookie(self, name: str) -> str:
        """The name of a cookie as it travels."""
        return HOST + name if self._secure else name

    def set_cookie(self, response: Response, name: str, value: str) -> None:
        """A cookie that scripts and other sites cannot use."""
        response.set_cookie(
            self.cookie(name), value, httponly=True, samesite="strict", secure=self._secure, path="/"
        )

    def drop_cookie(self, response: Response, name: str) -> None:
        """Forget a cookie."""
        response.delete_cookie(
            self.cookie(name), path="/", secure=self._secure, httponly=True, samesite="strict"
        )

    def token_of(self, request: Request) -> str | None:
        """The session token that the browser sent."""
        return request.cookies.get(self.cookie(COOKIE))

    def hidden(self, request: Request) -> bool:
        """Whether this browser went out of sight and did not come back yet."""
        return self.cookie(AWAY_COOKIE) in request.cookies

    def sign_in_form(self, status: int = 200, **values: Any) -> Response:
        """The form to sign in, bound to this browser by a random cookie."""
        seed = self.house.first.randomness(16).hex()
        said: dict[str, Any] = {"error": None, "chosen": "", "kept": "", "organisations": self.house.names}
        said |= {"doors": self._doors(), "passwords": self.house.passwords}
        form = self.house.strangers.guest_form(seed)
        response = self.show("aanmelden.html", None, status, csrf=form, **(said | values))
        self.set_cookie(response, GUEST_COOKIE, seed)
        return response

    def _doors(self) -> list[tuple[str, str]]:
        """Address and text of each way in by an organisation's own accounts."""
        one, more = _("Aanmelden met uw gemeenteaccount"), _("Aanmelden met uw account van {organisatie}")
        return [
            (provider_path(code), one if self.house.only else more.format(organisatie=name))
            for code, name in self.house.providers
        ]

    async def count(self, request: Request, refusal: Refusal) -> None:
        """Count what a page itself refuses."""
        await run_in_threadpool(self._on_refusal, request, refusal)

    def _guarded(self, page: Page, *, anyhow: bool) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if self.hidden(request):
                return await self._out_of_sight(request)
            try:
                seat = await run_in_threadpool(self.house.behind, self.token_of(request), anyhow=True)
            except Refusal:
                return await self._ended(request)
            request.state.seat = seat
            if not seat.logged_in.complete and not anyhow:
                return RedirectResponse(OWN_PAGE, 303)
            # As it was written: what was decoded could be another address for the interface behind.
            base = f"{request.url.scheme}://{request.url.netloc}"
            visit = Visit(seat, quote(request.url.path), base, dict(request.query_params))
            try:
                filled = Filled()
                if request.method == "POST":
                    filled = Filled.of((await request.form()).multi_items())
                    require_form(seat.logged_in, filled.text("csrf"))
                return await page(visit, filled)
            except PassedOnRefusal as refusal:
                return self._refused(visit, refusal)
            except Refusal as refusal:
                await self.count(request, refusal)
                return self._refused(visit, refusal)

        return guarded

    async def _out_of_sight(self, request: Request) -> Response:
        """Hidden until somebody says to go on: the way back through the history shows nothing. What was typed goes along with the neutral page, sealed."""
        found = await self._typed(request)
        if found is None:
            return RedirectResponse(HIDE, 303)
        _organisation, kept = found
        return self.bare("weg.html", kept=kept, too_large=kept is None)

    async def _ended(self, request: Request) -> Response:
        """There is no session any more: sign in, and go on with what was typed."""
        found = await self._typed(request)
        if found is None:
            return RedirectResponse(SIGN_IN, 303)
        organisation, kept = found
        return self.sign_in_form(401, kept=kept or "", too_large=kept is None, chosen=organisation)

    async def _typed(self, request: Request) -> tuple[str, str | None] | None:
        """The organisation of who typed a form here and the form, sealed, or None if it is too large; None if there is no form of this browser's own."""
        if request.method != "POST" or request.url.path in NOTHING_TYPED:
            return None
        pairs = (await request.form()).multi_items()
        raw, key = raw_token(self.token_of(request)), self.house.strangers.session_key
        whose = self._owner(request)
        desk = None if whose is None else self.house.desks.get(whose.partition("/")[0])
        sent = Filled.of(pairs).text("csrf")
        if raw is None or whose is None or desk is None or not desk.people.form_was_of(raw, sent):
            return None
        first = self.house.first
        kept = carry(
            key, whose, path=request.url.path, pairs=pairs, now=first.clock(), randomness=first.randomness
        )
        return desk.organisation, kept

    def _owner(self, request: Request) -> str | None:
        return owner_of(self.house.strangers.session_key, request.cookies.get(self.cookie(OWNER_COOKIE)))

    async def back_in_sight(self, request: Request, kept: str) -> Response:
        """On from the neutral page, with what was typed: as after signing in, or by way of it."""
        try:
            seat = await run_in_threadpool(self.house.behind, self.token_of(request), anyhow=True)
        except Refusal:
            whose = self._owner(request) or ""
            return self.sign_in_form(401, kept=kept, chosen=whose.partition("/")[0])
        return await self.go_on(request, seat, kept)

    async def go_on(self, request: Request, seat: Seat, kept: str) -> Response:
        """After signing in: to the start page, to the page on which one gets a second factor, or back to what was typed."""
        key, now = self.house.strangers.session_key, self.house.first.clock()
        found = carried(key, _whose(seat), kept, now) if kept else None
        response: Response
        if not seat.logged_in.complete:
            response = RedirectResponse(OWN_PAGE, 303)
        elif found is None:
            response = RedirectResponse("/", 303)
        else:
            response = self.show("verder.html", Visit(seat, ""), carried=found)
        await self.signed_in(request, response, seat)
        return response

    async def signed_in(self, request: Request, response: Response, seat: Seat) -> None:
        """From here on this browser is of whoever sits here, by whatever door they came: the session, and who takes a late form along. The session that was in it ends."""
        before = self.token_of(request)
        if before != seat.logged_in.token:
            await run_in_threadpool(self.house.leave, before)
        key, randomness = self.house.strangers.session_key, self.house.first.randomness
        self.set_cookie(response, COOKIE, seat.logged_in.token)
        self.set_cookie(response, OWNER_COOKIE, owner(key, _whose(seat), randomness))

    def _refused(self, visit: Visit, refusal: Refusal) -> Response:
        if refusal.status == 401:
            return RedirectResponse(SIGN_IN, 303)
        return self.show("fout.html", visit, refusal.status, refusal=refusal, back_path="/")

    async def refused_at_the_door(self, request: Request, refusal: Refusal) -> HTMLResponse:
        """The page for what was refused before a page was reached, such as a form that is too large; whoever is signed in keeps the menu."""
        visit = await self._whoever(request)
        return self.show("fout.html", visit, refusal.status, refusal=refusal, back_path="/")

    def add_help(self) -> None:
        """Put the public pages at their addresses; whoever is signed in keeps the menu."""
        for page in help_pages():
            self.add_open("GET", page.path, self._help(page.template))

    def _help(self, template: str) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            if self.hidden(request):
                return RedirectResponse(HIDE, 303)
            return self.show(template, await self._whoever(request))

        return shown

    async def _whoever(self, request: Request) -> Visit | None:
        if self.hidden(request):
            return None
        try:
            seat = await run_in_threadpool(self.house.behind, self.token_of(request), anyhow=True)
        except (Refusal, Outage):
            return None
        # No entry of the menu is the current one.
        return Visit(seat, "")


def _whose(seat: Seat) -> str:
    return f"{seat.desk.organisation}/{seat.account.officer}"


def actions(role: str) -> list[str]:
    """The paths that this role may use."""
    return [path for path, action, _text in ENTRIES if may(role, action)]


def _visitor(visit: Visit) -> Visitor:
    return Visitor(visit.seat.account.name, ROLES.get(visit.role, visit.role), visit.desk.name)


def _navigation(visit: Visit) -> tuple[NavigationItem, ...]:
    start = NavigationItem("/", _("Begin"), current=visit.path == "/")
    own = NavigationItem(OWN_PAGE, _("Mijn aanmelding"), current=visit.path == OWN_PAGE)
    if not visit.seat.logged_in.complete:
        return (own,)
    return (
        start,
        *(
            NavigationItem(path, text, current=visit.path.startswith(path))
            for path, action, text in ENTRIES
            if may(visit.role, action)
        ),
        own,
    )

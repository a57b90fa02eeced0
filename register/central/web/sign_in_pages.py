# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register's pages on which people sign in, take the second step, go on with what they typed, and see to their own means (`register.door.pages`).

A form to sign in is bound to the browser that asked for it by a random cookie, also where a browser does not say where a form comes from: nobody is signed in as another by a form of
another site. Who signs in ends the session that was in this browser.
"""

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from process.problem import Refusal, refusal_from
from register.accounts import form_token
from register.central.centre import Centre
from register.central.web.identify import COOKIE, HOST
from register.door.carried import NOTHING_TYPED, carried, carry, owner, owner_of
from register.door.pages import (
    PATH,
    SECOND_STEP,
    own_page,
    own_post,
    second_answer,
    second_values,
)

SIGN_IN = "/aanmelden"
_HALF = "halverwege"
_OWNER = "wie"
_GUEST = "gast"
_SEED = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class Tools:
    """What the register's pages have.

    Attributes:
        show: a page in its frame.
        visit: who a token belongs to, complete or not.
        form: what was sent, once it is sure that a page of this session sent it.
        call: the interface, as a visitor.
        page: puts a page at an address.
        secure: the pages are served over TLS, so the cookies must be too.
    """

    app: FastAPI
    centre: Centre
    show: Callable[..., Response]
    visit: Callable[[str], Any]
    form: Callable[[Request, Any], Awaitable[Mapping[str, str]]]
    call: Callable[..., Awaitable[Any]]
    page: Callable[..., Callable[[Any], Any]]
    secure: bool

    def cookie(self, name: str) -> str:
        """The name of a cookie as it travels."""
        return HOST + name if self.secure else name

    def set(self, response: Response, name: str, value: str) -> None:
        """A cookie that scripts and other sites cannot use."""
        response.set_cookie(
            self.cookie(name), value, httponly=True, samesite="strict", secure=self.secure, path="/"
        )

    def drop(self, response: Response, name: str) -> None:
        """Forget a cookie."""
        response.delete_cookie(
            self.cookie(name), path="/", httponly=True, samesite="strict", secure=self.secure
        )

    async def ended(self, request: Request) -> Response:
        """There is no session any more: sign in, and go on with what was typed."""
        if request.method != "POST" or request.url.path in NOTHING_TYPED:
            return RedirectResponse(SIGN_IN, 303)
        key, pairs = self.centre.tag_key, (await request.form()).multi_items()
        whose = owner_of(key, request.cookies.get(self.cookie(_OWNER)))
        sent = next((str(value) for name, value in pairs if name == "csrf"), "")
        try:
            token = bytes.fromhex(request.cookies.get(self.cookie(COOKIE), ""))
        except ValueError:
            token = b""
        ours = token and hmac.compare_digest(form_token(key, token).encode(), sent.encode())
        if whose is None or not ours:
            return RedirectResponse(SIGN_IN, 303)
        now, randomness = self.centre.clock(), self.centre.randomness
        kept = carry(key, whose, path=request.url.path, pairs=pairs, now=now, randomness=randomness)
        return self.sign_in_form(request, 401, kept=kept or "", too_large=kept is None)

    def sign_in_form(self, request: Request, status: int = 200, **values: Any) -> Response:
        """The form to sign in, bound to this browser; two of its tabs share the cookie."""
        seed = request.cookies.get(self.cookie(_GUEST), "")
        if not _SEED.fullmatch(seed):
            seed = self.centre.randomness(16).hex()
        form = self._guest(seed)
        response = self.show("aanmelden.html", None, SIGN_IN, status=status, csrf=form, **values)
        self.set(response, _GUEST, seed)
        return response

    def from_guest(self, request: Request, sent: Mapping[str, str]) -> bool:
        """Whether a form to sign in was asked for by this browser."""
        # A browser also says where a form comes from; an old one does not.
        if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return False
        seed = request.cookies.get(self.cookie(_GUEST), "")
        right = hmac.compare_digest(self._guest(seed).encode(), sent.get("csrf", "").encode())
        return right and _SEED.fullmatch(seed) is not None

    def _guest(self, seed: str) -> str:
        return form_token(self.centre.tag_key, b"gast\x00" + seed.encode("utf-8", "replace"))

    async def go_on(self, request: Request, token: str, kept: str) -> Response:
        """After signing in: to the start page, to the page on which one gets a second factor, or back to what was typed. The session that was in this browser ends."""
        before = request.cookies.get(self.cookie(COOKIE), "")
        if before and before != token:
            # It may have ended by itself.
            with suppress(Refusal):
                await self.call("DELETE", "/v1/sessies/huidige", self.visit(before))
        visit = self.visit(token)
        whose, key = f"{visit.organisation}/{visit.name}", self.centre.tag_key
        found = carried(key, whose, kept, self.centre.clock()) if kept else None
        response: Response
        if not visit.complete:
            response = RedirectResponse(PATH, 303)
        elif found is None:
            response = RedirectResponse("/", 303)
        else:
            response = self.show("verder.html", visit, "", carried=found)
        self.set(response, COOKIE, token)
        self.set(response, _OWNER, owner(key, whose, self.centre.randomness))
        self.drop(response, _HALF)
        self.drop(response, _GUEST)
        return response

    async def posted(self, request: Request, path: str, sent: Mapping[str, Any]) -> httpx.Response:
        """As the visitor sent it: from the same address, to the same host, so that the interface knows both."""
        client = (request.client.host, request.client.port) if request.client else ("127.0.0.1", 0)
        through = httpx.ASGITransport(app=self.app, client=client)
        async with httpx.AsyncClient(transport=through, base_url=_base(request)) as interface:
            return await interface.post(path, json=sent)


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


@dataclass(frozen=True)
class _Visiting:
    """A visitor of "Mijn aanmelding"."""

    tools: Tools
    visit: Any
    base: str
    token: str | None = field(default=None, repr=False)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The interface's answer, to the address that the browser asked: passkeys are bound to it."""
        sent = {} if body is None else {"json": body}
        return await self.tools.call(method, self.base + path, self.visit, **sent)

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page in its frame, with the cookie of a session that goes on under another token."""
        resets = self.visit.role == "functioneel_beheerder" and self.visit.complete
        response = self.tools.show(template, self.visit, PATH, status=status, resets=resets, **values)
        if self.token is not None:
            self.tools.set(response, COOKIE, self.token)
        return response

    def renewed(self, token: str) -> "_Visiting":
        """The same visitor under another token."""
        return _Visiting(self.tools, self.tools.visit(token), self.base, token)


def mount(tools: Tools) -> None:  # noqa: C901 - one closure per page
    """Put the pages at their addresses."""
    key = tools.centre.tag_key

    def bound(half: str) -> str:
        return form_token(key, b"halverwege\x00" + half.encode("utf-8", "replace"))

    def again(request: Request, refusal: Refusal, kept: str) -> Response:
        said = f"{refusal.detail} {refusal.way_forward}"
        return tools.sign_in_form(request, refusal.status, error=said, kept=kept)

    async def second_form(request: Request, half: str, kept: str, refusal: Refusal | None = None) -> Response:
        asked = await tools.posted(request, "/v1/sessies/tweede-stap/opties", {"aanmelding": half})
        if asked.is_error:
            return again(request, refusal_from(asked.json()), kept)
        response = tools.show(
            "tweede-stap.html",
            None,
            SIGN_IN,
            status=refusal.status if refusal else 200,
            csrf=bound(half),
            kept=kept,
            **second_values(asked.json(), refusal),
        )
        tools.set(response, _HALF, half)
        return response

    @tools.app.get(SIGN_IN, include_in_schema=False)
    def sign_in_page(request: Request) -> Response:
        return tools.sign_in_form(request)

    @tools.app.post(SIGN_IN, include_in_schema=False, response_model=None)
    async def sign_in(request: Request) -> Response:
        sent = await _texts(request)
        kept = sent.get("bewaard", "")
        if not tools.from_guest(request, sent):
            return again(request, _from_elsewhere(), kept)
        credentials = {"naam": sent.get("gebruikersnaam", ""), "wachtwoord": sent.get("wachtwoord", "")}
        answer = await tools.posted(request, "/v1/sessies", credentials)
        if answer.is_error:
            return again(request, refusal_from(answer.json()), kept)
        if answer.status_code == 202:
            return await second_form(request, answer.json()["aanmelding"], kept)
        return await tools.go_on(request, answer.json()["token"], kept)

    @tools.app.post(SECOND_STEP, include_in_schema=False, response_model=None)
    async def second_step(request: Request) -> Response:
        sent = await _texts(request)
        half, kept = request.cookies.get(tools.cookie(_HALF), ""), sent.get("bewaard", "")
        if not half or not hmac.compare_digest(sent.get("csrf", "").encode(), bound(half).encode()):
            return again(request, _from_elsewhere(), kept)
        answer = await tools.posted(request, "/v1/sessies/tweede-stap", second_answer(sent, half))
        if not answer.is_error:
            return await tools.go_on(request, answer.json()["token"], kept)
        refusal = refusal_from(answer.json())
        if refusal.code == "tweede-stap-mislukt":
            return await second_form(request, half, kept, refusal)
        return again(request, refusal, kept)

    @tools.page("/afmelden", "POST", anyhow=True)
    async def sign_out(request: Request, visit: Any) -> Response:
        await tools.form(request, visit)
        await tools.call("DELETE", "/v1/sessies/huidige", visit)
        response = RedirectResponse(SIGN_IN, 303)
        tools.drop(response, COOKIE)
        tools.drop(response, _OWNER)
        return response

    @tools.page(PATH, anyhow=True)
    async def own(request: Request, visit: Any) -> Response:
        return await own_page(_Visiting(tools, visit, _base(request)))

    @tools.page(PATH, "POST", anyhow=True)
    async def own_form(request: Request, visit: Any) -> Response:
        sent = await tools.form(request, visit)
        return await own_post(_Visiting(tools, visit, _base(request)), sent)

    @tools.page("/accounts/herstellen", "POST")
    async def reset(request: Request, visit: Any) -> Response:
        sent = await tools.form(request, visit)
        here = _Visiting(tools, visit, _base(request))
        name = sent.get("account", "").strip()
        try:
            await here.call("POST", "/v1/accounts/herstellingen", {"naam": name or "-"})
        except Refusal as refusal:
            return await own_page(here, refusal, at="herstellen")
        said = _("De tweede stap van {naam} is weggehaald en alle aanmeldingen zijn beëindigd.")
        return await own_page(here, done=said.format(naam=name))


async def _texts(request: Request) -> Mapping[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _from_elsewhere() -> Refusal:
    return Refusal(
        403,
        "formulier-verlopen",
        _("Dit formulier is niet meer geldig."),
        _("Het formulier komt niet van deze pagina, of het is te oud."),
        way_forward=_("Meld u opnieuw aan."),
    )

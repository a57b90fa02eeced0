# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Pages with which people sign in by the provider of their organisation, and leave it: `/aanmelden/gemeenteaccount/CODE`.

Each organisation has addresses of its own, so that the provider of one cannot answer for another. The attempt is bound to this browser by a cookie that a
return from the provider may bring (SameSite=Lax), for ten minutes; the cookie of the session stays Strict, so the way from here to the first page is a page
of ours and no redirect. Which session was in the browser goes along in the cookie of the attempt, sealed and as a digest: it ends when somebody signs in. Whatever goes wrong is told in our words: nothing that the provider says is shown.
"""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from process.language import gettext as _
from process.problem import Refusal
from process.secret import Secret
from register.accounts import token_digest
from register.door.carried import before, before_of
from register.municipal.accounts import ROLES
from register.municipal.desk import Desk
from register.municipal.elsewhere import Admitted, Elsewhere
from register.municipal.house import Seat
from register.municipal.people import raw_token
from register.municipal.web.visits import HOST, SIGN_IN, Visit, Visits, provider_path
from register.theme.addresses import no_page

ATTEMPT_COOKIE = "sr_poging"
ATTEMPT_SECONDS = 600
_BASE = f"{SIGN_IN}/gemeenteaccount"


def back_path(organisation: str) -> str:
    """Where that provider sends the browser back; known there as the redirect URI."""
    return f"{_BASE}/{organisation}/terug"


def left_path(organisation: str) -> str:
    """Where somebody comes who signed out here."""
    return f"{_BASE}/{organisation}/afgemeld"


Page = Callable[[Request, Desk, Elsewhere], Awaitable[Response]]


def mount(visits: Visits, *, secure: bool) -> None:
    """Put the pages at their addresses."""
    pages = _Pages(visits, secure=secure)
    for path, page in (("", pages.begin), ("/terug", pages.finish), ("/afgemeld", pages.left)):
        visits.add_open("GET", f"{_BASE}/{{organisatie}}{path}", _with_a_provider(visits, page))


def _with_a_provider(visits: Visits, page: Page) -> Callable[..., Awaitable[Response]]:
    async def with_a_provider(request: Request, organisatie: str) -> Response:
        desk = visits.house.desks.get(organisatie)
        if desk is None or desk.elsewhere is None:
            return await visits.refused_at_the_door(request, no_page())
        return await page(request, desk, desk.elsewhere)

    return with_a_provider


class _Pages:
    """The pages themselves."""

    def __init__(self, visits: Visits, *, secure: bool) -> None:
        self._visits = visits
        self._secure = secure
        # Over TLS a neighbour of this host cannot set it either: with a seed of theirs somebody would come back signed in as another.
        self._cookie, self._path = (HOST + ATTEMPT_COOKIE, "/") if secure else (ATTEMPT_COOKIE, _BASE)

    async def begin(self, request: Request, desk: Desk, there: Elsewhere) -> Response:
        """Off to the provider."""
        try:
            begun = await run_in_threadpool(there.begin)
        except Refusal as refusal:
            return await self._refused(request, desk, there, refusal)
        response = RedirectResponse(begun.address, 303)
        response.set_cookie(
            self._cookie,
            self._along(begun.seed, self._visits.token_of(request)),
            max_age=ATTEMPT_SECONDS,
            path=self._path,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return response

    async def finish(self, request: Request, desk: Desk, there: Elsewhere) -> Response:
        """Back from the provider: signed in, or told why not."""
        seed, _stop, was = request.cookies.get(self._cookie, "").partition(".")
        sent = request.query_params.multi_items()
        try:
            admitted = await run_in_threadpool(there.finish, seed, sent)
        except Refusal as refusal:
            return await self._refused(request, desk, there, refusal)
        visit = Visit(Seat(desk, admitted.logged_in), "")
        account = admitted.logged_in.account
        response = self._visits.show(
            "aangemeld.html",
            visit,
            told=_told(admitted),
            officer=account.officer if admitted.new else None,
            role=ROLES.get(account.role, account.role),
        )
        await self._visits.signed_in(request, response, visit.seat)
        left = before_of(self._key, seed, was)
        if left is not None:
            await run_in_threadpool(self._visits.house.leave_session, left)
        self._forget(response)
        return response

    @property
    def _key(self) -> Secret:
        return self._visits.house.strangers.session_key

    def _along(self, seed: str, token: str | None) -> str:
        raw = raw_token(token)
        if raw is None:
            return seed
        randomness = self._visits.house.first.randomness
        return f"{seed}.{before(self._key, seed, token_digest(raw), randomness)}"

    def _forget(self, response: Response) -> None:
        response.delete_cookie(
            self._cookie, path=self._path, httponly=True, samesite="lax", secure=self._secure
        )

    async def left(self, _request: Request, desk: Desk, there: Elsewhere) -> Response:
        """Signed out here; there, if the person wants."""
        farewell = await run_in_threadpool(there.farewell)
        return self._visits.show(
            "afgemeld.html", None, farewell=farewell, again=provider_path(desk.organisation)
        )

    async def _refused(self, request: Request, desk: Desk, there: Elsewhere, refusal: Refusal) -> Response:
        await self._visits.count(request, refusal)
        response = self._visits.show(
            "niet-aangemeld.html",
            None,
            refusal.status,
            refusal=refusal,
            again=provider_path(desk.organisation),
            password=None if there.alone else SIGN_IN,
        )
        self._forget(response)
        return response


def _told(admitted: Admitted) -> str | None:
    """What somebody must read before going on; None if there is nothing."""
    role = ROLES.get(admitted.logged_in.account.role, "")
    if admitted.new:
        return _("U meldt zich hier voor het eerst aan. Uw account is gemaakt.")
    if admitted.before is not None:
        return _("Uw rol is veranderd. U was {was}, en bent nu {nu}.").format(
            was=ROLES.get(admitted.before, admitted.before), nu=role
        )
    return None

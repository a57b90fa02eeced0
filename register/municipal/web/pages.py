# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the node, for toezichthouders and aandachtsfunctionarissen: server-rendered, without JavaScript, for a telephone first.

A page does nothing of its own: it calls the interface under `/v1` of the same process with the visitor's session, so it can do no more than the
interface, and what is refused is logged in the same way. What was typed stays in the form when something is refused, and never stands in an
address. The session token is in a cookie that scripts and other sites cannot use; every form carries a token bound to the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from process.language import gettext as _
from process.problem import Refusal, refusal_from
from process.secret import Secret
from process.serving.web import OnRefusal
from register.dangers import DANGERS
from register.door.pages import PATH as OWN_PAGE
from register.door.pages import SECOND_STEP, own_page, own_post, second_answer, second_values
from register.municipal.accounts import PARTNERS, may, purpose_of
from register.municipal.controls import day_of
from register.municipal.desk import VITAL
from register.municipal.house import House
from register.municipal.people import form_refusal
from register.municipal.told import (
    OUTCOMES,
    TREFFER_TERMS,
    answer_reasons,
    answer_rows,
    explained,
    from_documents,
    log_alarms,
    treffer_due,
    treffer_next,
    treffer_numbers,
    treffer_rows,
)
from register.municipal.web import (
    aflopen,
    berichten,
    bevriezingen,
    delen,
    dossier_pages,
    entering,
    forms,
    gemeenteaccount,
    hiding,
    inlezen,
    inzage,
    maand,
    medewerkers,
    treffers,
    vrijgaven,
)
from register.municipal.web.forms import NEW_CONTROL, Filled
from register.municipal.web.visits import (
    COOKIE,
    GUEST_COOKIE,
    OWN,
    OWNER_COOKIE,
    SIGN_IN,
    Visit,
    Visits,
    actions,
)
from register.theme import STATIC, STATIC_PATH, assets
from register.theme.addresses import answer_with_pages
from register.words import day, reasons

HALF_COOKIE = "sr_half"


def mount(app: FastAPI, house: House, on_refusal: OnRefusal, *, secure: bool) -> None:
    """Add the pages to the application.

    Args:
        app: with the interface already on it.
        house: all desks of this node.
        on_refusal: counts what a page itself refuses; what the interface refuses is counted there.
        secure: the pages are served over TLS, so the cookies must be too.
    """
    assets.serve(app, STATIC_PATH, STATIC)
    visits = Visits(app, house, on_refusal, secure=secure)
    pages = _Pages(visits)
    visits.add_open("GET", SIGN_IN, pages.sign_in_page)
    visits.add_open("POST", SIGN_IN, pages.sign_in)
    visits.add_open("POST", SECOND_STEP, pages.second_step)
    visits.add("POST", "/afmelden", pages.sign_out, anyhow=True)
    visits.add("GET", OWN_PAGE, pages.own_page, anyhow=True)
    visits.add("POST", OWN_PAGE, pages.own_post, anyhow=True)
    visits.add_help()
    for method, path, page in (
        ("GET", "/", pages.start),
        ("GET", "/vragen", pages.ask_page),
        ("POST", "/vragen", pages.ask),
        ("POST", "/controles", pages.open_control),
        ("GET", "/bellen", pages.contacts),
        ("GET", "/treffers", pages.treffers_page),
        ("POST", "/vrijgaven", pages.release),
        ("POST", "/noodopeningen", pages.break_glass),
    ):
        visits.add(method, path, page)
    hiding.mount(visits)
    entering.mount(visits)
    dossier_pages.mount(visits)
    delen.mount(visits)
    inlezen.mount(visits)
    inzage.mount(visits)
    maand.mount(visits)
    aflopen.mount(visits)
    medewerkers.mount(visits)
    bevriezingen.mount(visits)
    treffers.mount(visits)
    vrijgaven.mount(visits)
    berichten.mount(visits)
    gemeenteaccount.mount(visits, secure=secure)
    answer_with_pages(app, visits.refused_at_the_door)


@dataclass(frozen=True)
class _Visiting:
    """A visitor of "Mijn aanmelding"."""

    visits: Visits
    visit: Visit
    token: str | None = field(default=None, repr=False)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The interface's answer, to the address that the browser asked: passkeys are bound to it."""
        return await self.visits.call(self.visit, method, self.visit.base + path, body)

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page in its frame, with the cookie of a session that goes on under another token."""
        response = self.visits.show(template, self.visit, status, **values)
        if self.token is not None:
            self.visits.set_cookie(response, COOKIE, self.token)
        return response

    def renewed(self, token: str) -> "_Visiting":
        """The same visitor under another token."""
        seat = self.visits.house.behind(token, anyhow=True)
        return _Visiting(self.visits, Visit(seat, self.visit.path, self.visit.base), token)


class _Pages:
    """The pages themselves."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    # ---- signing in and out -------------------------------------------------------------------------------

    async def sign_in_page(self) -> Response:
        """The form to sign in."""
        return self._visits.sign_in_form()

    async def sign_in(self, request: Request) -> Response:
        """Sign in, and go to the start page or to the second step."""
        filled = Filled.of((await request.form()).multi_items())
        chosen, kept = filled.text("organisatie"), filled.text("bewaard")
        seed = request.cookies.get(self._visits.cookie(GUEST_COOKIE), "")
        if not self._from_guest(seed, filled):
            refusal = form_refusal()
            await self._visits.count(request, refusal)
            return self._again(refusal, chosen, kept)
        if filled.text("verder"):
            return await self._back(request, chosen, kept)
        sent = {"naam": filled.text("gebruikersnaam"), "wachtwoord": filled.texts.get("wachtwoord", "")}
        sent |= {"organisatie": chosen} if chosen else {}
        answer = await self._posted(request, "/v1/sessies", sent)
        if answer.is_error:
            return self._again(refusal_from(answer.json()), chosen, kept, answer.status_code)
        if answer.status_code == 202:
            return await self._second_form(request, answer.json()["aanmelding"], kept)
        return await self._signed_in(request, answer.json()["token"], kept)

    async def _back(self, request: Request, chosen: str, kept: str) -> Response:
        """Signed in by another door meanwhile, in another tab: on with what was typed."""
        try:
            seat = await run_in_threadpool(
                self._visits.house.behind, self._visits.token_of(request), anyhow=True
            )
        except Refusal as refusal:
            return self._again(refusal, chosen, kept)
        return await self._visits.go_on(request, seat, kept)

    async def _posted(self, request: Request, path: str, sent: Mapping[str, Any]) -> httpx.Response:
        """As the visitor sent it: from the same address, to the same host, so that the interface knows both."""
        client = (request.client.host, request.client.port) if request.client else ("127.0.0.1", 0)
        base = f"{request.url.scheme}://{request.url.netloc}"
        through = httpx.ASGITransport(app=self._visits.app, client=client)
        async with httpx.AsyncClient(transport=through, base_url=base) as interface:
            return await interface.post(path, json=sent)

    def _from_guest(self, bound: str, filled: Filled) -> bool:
        expected = self._visits.house.strangers.guest_form(bound)
        return Secret(expected.encode()) == Secret(filled.text("csrf").encode())

    def _again(self, refusal: Refusal, chosen: str, kept: str, status: int = 0) -> Response:
        said = f"{refusal.detail} {refusal.way_forward}"
        return self._visits.sign_in_form(status or refusal.status, error=said, chosen=chosen, kept=kept)

    async def _second_form(
        self, request: Request, half: str, kept: str, refusal: Refusal | None = None
    ) -> Response:
        asked = await self._posted(request, "/v1/sessies/tweede-stap/opties", {"aanmelding": half})
        if asked.is_error:
            return self._again(refusal_from(asked.json()), "", kept, asked.status_code)
        response = self._visits.show(
            "tweede-stap.html",
            None,
            refusal.status if refusal else 200,
            csrf=self._visits.house.strangers.guest_form(half),
            kept=kept,
            **second_values(asked.json(), refusal),
        )
        self._visits.set_cookie(response, HALF_COOKIE, half)
        return response

    async def second_step(self, request: Request) -> Response:
        """The second step."""
        filled = Filled.of((await request.form()).multi_items())
        half = request.cookies.get(self._visits.cookie(HALF_COOKIE), "")
        kept = filled.text("bewaard")
        if not half or not self._from_guest(half, filled):
            refusal = form_refusal()
            await self._visits.count(request, refusal)
            return self._again(refusal, "", kept)
        answer = await self._posted(request, "/v1/sessies/tweede-stap", second_answer(filled.texts, half))
        if answer.is_error:
            refusal = refusal_from(answer.json())
            refusal.status = answer.status_code
            if refusal.code == "tweede-stap-mislukt":
                return await self._second_form(request, half, kept, refusal)
            return self._again(refusal, "", kept)
        return await self._signed_in(request, answer.json()["token"], kept)

    async def _signed_in(self, request: Request, token: str, kept: str) -> Response:
        seat = await run_in_threadpool(self._visits.house.behind, token, anyhow=True)
        response = await self._visits.go_on(request, seat, kept)
        self._visits.drop_cookie(response, GUEST_COOKIE)
        self._visits.drop_cookie(response, HALF_COOKIE)
        return response

    async def sign_out(self, visit: Visit, _filled: Filled) -> Response:
        """End the session."""
        headers = {"Authorization": f"Bearer {visit.seat.logged_in.token}"}
        await self._visits.interface.delete("/v1/sessies/huidige", headers=headers)
        response = RedirectResponse(await run_in_threadpool(_after, visit), 303)
        self._visits.drop_cookie(response, COOKIE)
        self._visits.drop_cookie(response, OWNER_COOKIE)
        return response

    # ---- the own means ------------------------------------------------------------------------------------

    async def own_page(self, visit: Visit, _filled: Filled) -> Response:
        """How this visitor signs in."""
        return await own_page(_Visiting(self._visits, visit))

    async def own_post(self, visit: Visit, filled: Filled) -> Response:
        """One of its forms."""
        return await own_post(_Visiting(self._visits, visit), filled.texts)

    # ---- asking -------------------------------------------------------------------------------------------

    async def start(self, visit: Visit, _filled: Filled) -> Response:
        """What this person can do here."""
        return self._visits.show(
            "start.html",
            visit,
            recorded=aflopen.recorded(visit.said),
            alarms=log_alarms(await self._visits.call(visit, "GET", "/v1/ontvangstbewijzen")),
            reminders=await self._reminders(visit),
            grounds=await self._visits.grounds(visit, OWN),
            actions=actions(visit.role),
            kinds=await self._kinds(visit),
            halves=self._visits.draft_halves(visit),
            **await dossier_pages.unfinished(self._visits, visit),
            **await aflopen.unanswered(self._visits, visit),
        )

    async def _reminders(self, visit: Visit) -> list[tuple[str, str]]:
        found = await self._visits.call(visit, "GET", "/v1/herinneringen")
        return [(one["wat"], one["watNu"]) for one in found["herinneringen"]]

    async def _kinds(self, visit: Visit) -> list[tuple[str, str]]:
        if not may(visit.role, "controle_openen"):
            return []
        return _kinds(await self._visits.call(visit, "GET", "/v1/controles"))

    async def open_control(self, visit: Visit, filled: Filled) -> Response:
        """Open a control of the kind that was tapped, and ask with it."""
        sent = forms.new_control(filled, visit.desk.organisation)
        opened = await self._visits.call(visit, "POST", "/v1/controles", sent)
        return await self._ask_form(visit, Filled({"controle": opened["nummer"]}))

    async def contacts(self, visit: Visit, _filled: Filled) -> Response:
        """Whom to call in this region."""
        return self._visits.show("bellen.html", visit, contacts=visit.desk.contacts)

    async def ask_page(self, visit: Visit, _filled: Filled) -> Response:
        """An empty question."""
        return await self._ask_form(visit, Filled())

    async def _ask_form(self, visit: Visit, filled: Filled, refusal: Refusal | None = None) -> Response:
        found = await self._visits.call(visit, "GET", "/v1/controles")
        open_now = [(one["nummer"], forms.control_text(one)) for one in found["controles"]]
        kinds = _kinds(found)
        other = (NEW_CONTROL, _("Ik open een andere controle"))
        return self._visits.show(
            "vragen.html",
            visit,
            refusal.status if refusal else 200,
            controls=[
                *open_now,
                *((value, _("Nieuw: {soort}").format(soort=text)) for value, text in kinds),
                other,
            ],
            control=filled.text("controle") or (open_now[0][0] if open_now else ""),
            key=filled.text("klad") or visit.desk.randomness(16).hex(),
            too_little=refusal is not None and refusal.rule == "C3",
            contacts=visit.desk.contacts,
            of_a_case=visit.role in PARTNERS,
            place=visit.desk.organisation,
            grounds=await self._visits.grounds(visit, OWN),
            **await aflopen.unanswered(self._visits, visit),
            **self._visits.form_values(visit, filled, refusal),
        )

    async def ask(self, visit: Visit, filled: Filled) -> Response:
        """Open a control when that was chosen, ask, and show the answer; a refusal keeps everything that was typed."""
        control = filled.text("controle").upper() if visit.role in PARTNERS else filled.text("controle")
        try:
            if visit.role not in PARTNERS and forms.opens_control(filled):
                opened = forms.new_control(filled, visit.desk.organisation)
                control = (await self._visits.call(visit, "POST", "/v1/controles", opened))["nummer"]
                filled = Filled({**filled.texts, "controle": control}, filled.ticked)
            answer = await self._visits.call(
                visit, "POST", "/v1/bevragingen", forms.question(filled, control, purpose_of(visit.role))
            )
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._ask_form(visit, filled, refusal)
        return self._visits.show(
            "antwoord.html",
            visit,
            answer=answer,
            title=OUTCOMES.get(answer["uitkomst"], answer["uitkomst"]),
            rows=answer_rows(answer),
            why=answer_reasons(answer),
            explained=explained(answer),
            from_documents=from_documents(answer),
            control=control,
            may_keep=may(visit.role, "bewaren_na_bevraging"),
            contacts=visit.desk.contacts,
            done=filled.text("klad"),
            carried=[(name, filled.text(name)) for name in forms.INPUTS if filled.text(name)],
        )

    # ---- treffers -----------------------------------------------------------------------------------------

    async def treffers_page(self, visit: Visit, _filled: Filled) -> Response:
        """The treffers that wait for this organisation."""
        found = await self._visits.call(visit, "GET", "/v1/treffers")
        today = day_of(visit.desk.clock())
        due = {one["trefferId"]: treffer_due(one, today) for one in found["treffers"]}
        return self._visits.show(
            "treffers.html",
            visit,
            treffers=[
                {
                    "told": one,
                    "day": day(one["gevondenOp"]),
                    "next": treffer_next(one),
                    "due": due[one["trefferId"]],
                    "rows": treffer_rows(one, self._visits.names),
                    "numbers": treffer_numbers(one),
                }
                for one in sorted(found["treffers"], key=lambda one: due[one["trefferId"]][0])
            ],
            why=reasons(found.get("waarom", []), TREFFER_TERMS),
            leaf=found["logbewijs"]["blad"],
            grounds=await self._visits.grounds(visit, OWN, "G-RIEC"),
            dangers=list(DANGERS.items()),
            vital=await self._visits.grounds(visit, VITAL),
        )

    async def break_glass(self, visit: Visit, filled: Filled) -> Response:
        """In acute danger: whom to call at the other side."""
        sent = {"trefferId": filled.text("treffer"), "gevaar": filled.text("gevaar")}
        done = await self._visits.call(visit, "POST", "/v1/noodopeningen", sent)
        return self._visits.show(
            "noodopening.html",
            visit,
            done=done,
            review=day(done["nakijkenVoor"]),
            leaf=done["logbewijs"]["blad"],
        )

    async def release(self, visit: Visit, filled: Filled) -> Response:
        """Release one own signal for phase 2, and show the list again."""
        sent = {"besluitId": filled.text("besluit"), "signaalId": filled.text("signaal")}
        await self._visits.call(visit, "POST", "/v1/vrijgaven", sent)
        return RedirectResponse("/treffers", 303)


def _after(visit: Visit) -> str:
    """Where somebody goes who signed out."""
    desk = visit.desk
    if desk.elsewhere is not None and desk.elsewhere.knows(visit.seat.account.officer):
        return gemeenteaccount.left_path(desk.organisation)
    return SIGN_IN


def _kinds(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What can be opened in one tap: what the form sends, and what stands on the button."""
    pairs = [(one["waarnemingGrondslag"], one["controlesoort"]) for one in found["gebruikelijk"]]
    types = [kind for _basis, kind in pairs]
    return [
        (":".join((NEW_CONTROL, *pair)), forms.control_words(*pair, short=types.count(pair[1]) == 1))
        for pair in pairs
    ]

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the register, for FG's and TMM: server-rendered, without JavaScript.

A page does nothing of its own: it calls the interface under `/v1` of the same listener with the visitor's session, so it can do no more than the interface,
and what it does stands in the log in the same way. The session token is in a cookie that scripts and other sites cannot use; every form
carries a token bound to the session.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from policies.explain import ARTICLES
from process.language import gettext as _
from process.problem import Outage, PassedOnRefusal, Refusal, refusal_from
from process.serving.web import OnRefusal
from register.accounts import form_token, not_logged_in
from register.activities import activities, measures
from register.central.centre import Centre
from register.central.phase2 import not_found
from register.central.signing_in import session_of
from register.central.web import (
    agenda_pages,
    case_pages,
    dossier_pages,
    handover_pages,
    log_pages,
    management_pages,
    notice_pages,
    people_pages,
    policy_pages,
    proposal_pages,
    safeguards,
    sign_in_pages,
    start_pages,
    supervision_pages,
    treffer_pages,
)
from register.central.web.case_form import as_filled_in
from register.central.web.free import OWN_STATIC_PATH
from register.central.web.identify import COOKIE, HOST
from register.dangers import VERDICTS
from register.door.pages import PATH as OWN_PAGE
from register.door.pages import ends_at
from register.drawing import places_from
from register.explaining import HelpPage, help_pages
from register.municipalities import municipalities_from
from register.proposing import codes_to_propose
from register.register30 import anchor, blocks
from register.second_factor import complete
from register.theme import (
    STATIC,
    STATIC_PATH,
    Frame,
    NavigationItem,
    Visitor,
    assets,
    environment,
    security_headers,
)
from register.theme.addresses import answer_with_pages
from register.words import (
    day,
    entry_labels,
    entry_value,
    period,
    purpose_of,
    role_name,
)

_TEMPLATES = Path(__file__).parent / "templates"
_OWN_STATIC = Path(__file__).parent / "static"
_HOME = {"fg": "/postvak", "functioneel_beheerder": management_pages.PATH}


@dataclass(frozen=True)
class _Visit:
    """A signed-in visitor of a page."""

    token: str
    name: str
    role: str
    organisation: str
    csrf: str
    names: Mapping[str, str]
    ends: tuple[str, int]
    complete: bool


_Page = Callable[[Request, _Visit], Awaitable[Response]]


def mount(  # noqa: C901, PLR0913, PLR0915 - one closure per page
    app: FastAPI,
    centre: Centre,
    vkeys: tuple[str, str],
    *,
    profile: str,
    secure: bool,
    on_refusal: OnRefusal,
    address: str | None,
) -> None:
    """Add the pages to the people's application; `address` is theirs as people know it, if the settings name it."""
    jinja = environment(_TEMPLATES)
    jinja.globals["day"] = day
    jinja.globals["period"] = period
    jinja.globals["own_path"] = assets.address(OWN_STATIC_PATH, _OWN_STATIC)
    assets.serve(app, STATIC_PATH, STATIC)
    assets.serve(app, OWN_STATIC_PATH, _OWN_STATIC)
    interface = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://register")

    def show(
        template: str,
        visit: _Visit | None,
        path: str,
        /,
        status: int = 200,
        csrf: str | None = None,
        **values: Any,
    ) -> HTMLResponse:
        frame = Frame(
            place=_("Landelijk register"),
            profile=profile,
            visitor=_visitor(visit),
            navigation=_navigation(visit, path),
            csrf=visit.csrf if visit else csrf,
            ends=visit.ends if visit else None,
        )
        return HTMLResponse(
            jinja.get_template(template).render(frame=frame, **values), status, security_headers()
        )

    def visit_of_token(token: str) -> _Visit:
        moment = centre.clock()
        organisation, session = session_of(centre, token, moment, anyhow=True)
        account = session.account
        csrf = form_token(centre.tag_key, bytes.fromhex(token))
        # Also where the policy in force decides nothing: the pages about policy are the way back.
        known = centre.records.mending().register
        names = {one.id: one.name for one in known.alliances.values()}
        names |= {one.id: one.name for one in known.organisations.values()}
        ends = ends_at(centre.terms.end(session.created_at, moment), moment)
        whole = complete(session.methods, required=centre.second_required) and not session.first
        return _Visit(token, account.name, account.role, organisation, csrf, names, ends, complete=whole)

    def visit_of(request: Request) -> _Visit:
        return visit_of_token(request.cookies.get(HOST + COOKIE if secure else COOKIE, ""))

    async def form_of(request: Request, visit: _Visit) -> Mapping[str, str]:
        sent = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        if not hmac.compare_digest(sent.get("csrf", "").encode(), visit.csrf.encode()):
            raise _foreign_form()
        return sent

    async def call(
        method: str, path: str, visit: _Visit, said: Mapping[str, str] | None = None, **body: Any
    ) -> Any:
        headers = {"Authorization": f"Bearer {visit.token}", "Doel": purpose_of(visit.role), **(said or {})}
        if method == "POST":
            headers["Idempotency-Key"] = centre.randomness(16).hex()
        _require_as_written(path)
        # As bytes: what was typed may be more than ASCII, and it is the interface that says so.
        sent = {name.encode(): value.encode() for name, value in headers.items()}
        answer = await interface.request(method, path, headers=sent, **body)
        if answer.is_error:
            raise as_filled_in(refusal_from(answer.json()))
        return answer.json() if answer.content else None

    def regions(visit: _Visit) -> list[tuple[str, str]]:
        today, known = centre.clock().date(), centre.policy.register.alliances.values()
        return sorted((one.id, one.name) for one in known if one.binds(visit.organisation, today))

    def codes() -> list[tuple[str, str]]:
        known = codes_to_propose(centre.policy.register)
        return [(one, f"{one}: {ARTICLES[one]}") for one in known]

    def criteria() -> list[tuple[str, str]]:
        return [(one.id, one.question) for one in centre.policy.register.criteria]

    async def checkpoint() -> str | None:
        answer = await interface.get("/v1/logboek/checkpoint")
        return None if answer.is_error else answer.text

    async def reminders(visit: _Visit) -> list[tuple[str, str]]:
        found = await call("GET", "/v1/herinneringen", visit)
        return [(_(one["wat"]), _(one["watNu"])) for one in found["herinneringen"]]

    def whoever(request: Request) -> _Visit | None:
        try:
            return visit_of(request)
        except (Refusal, Outage):
            return None

    async def refused_at_the_door(request: Request, refusal: Refusal) -> Response:
        visit = await run_in_threadpool(whoever, request)
        return show("fout.html", visit, "", status=refusal.status, refusal=refusal, back_path="/")

    answer_with_pages(app, refused_at_the_door)

    def page(path: str, method: str = "GET", *, anyhow: bool = False) -> Callable[[_Page], _Page]:
        def register(function: _Page) -> _Page:
            async def guarded(request: Request) -> Response:
                visit: _Visit | None = None
                try:
                    visit = await run_in_threadpool(visit_of, request)
                    if not visit.complete and not anyhow:
                        return RedirectResponse(OWN_PAGE, 303)
                    return await function(request, visit)
                except Refusal as refusal:
                    if visit is None:
                        return await tools.ended(request)
                    if not isinstance(refusal, PassedOnRefusal):
                        await run_in_threadpool(on_refusal, request, refusal)
                    return show(
                        "fout.html", visit, path, status=refusal.status, refusal=refusal, back_path="/"
                    )
                except Outage as away:
                    return show("fout.html", visit, path, status=503, refusal=away.refusal, back_path="/")

            app.add_api_route(path, guarded, methods=[method], include_in_schema=False, response_model=None)
            return function

        return register

    policy_pages.add(policy_pages.Tools(page, show, form_of, call))

    tools = sign_in_pages.Tools(app, centre, show, visit_of_token, form_of, call, page, secure)
    sign_in_pages.mount(tools)

    @page("/")
    async def start(request: Request, visit: _Visit) -> Response:
        del request
        return RedirectResponse(_HOME.get(visit.role, start_pages.PATH), 303)

    for help_page in help_pages():
        _add_help(app, help_page, show, whoever)

    @app.get("/verwerkingen", include_in_schema=False)
    def processing_register() -> HTMLResponse:
        policy = centre.policy
        found = activities(policy.policy_set, policy.register)
        listed = [(anchor(one), one, list(blocks(one))) for one in found]
        version = policy.policy_set.hash
        return show(
            "verwerkingen.html", None, "/verwerkingen", listed=listed, measures=measures(), version=version
        )

    @page("/noodopeningen")
    async def emergencies_page(request: Request, visit: _Visit) -> Response:
        del request
        found = await call("GET", "/v1/noodopeningen", visit)
        return show(
            "noodopeningen.html",
            visit,
            "/noodopeningen",
            found=[_emergency(one, visit.names) for one in found["noodopeningen"]],
            verdicts=list(VERDICTS.items()),
        )

    @page("/noodopeningen", "POST")
    async def review_emergency(request: Request, visit: _Visit) -> Response:
        sent = await form_of(request, visit)
        path = f"/v1/noodopeningen/{sent.get('noodopening', '')}/beoordelingen"
        await call("POST", path, visit, json={"oordeel": sent.get("oordeel", "")})
        return RedirectResponse("/noodopeningen", 303)

    start_pages.mount(start_pages.Tools(page, show, call, reminders))
    notice_pages.mount(notice_pages.Tools(page, show, call, form_of))
    treffer_pages.mount(treffer_pages.Tools(page, show, call, form_of, reminders, centre.clock))
    management_pages.mount(management_pages.Tools(page, show, call, reminders))
    of_people = people_pages.Tools(page, show, form_of, call)
    people_pages.mount(of_people)
    proposal_pages.mount(of_people, codes, regions)
    safeguards.mount(safeguards.Pages(page, show, call, form_of))
    handovers = handover_pages.Tools(page, show, call, form_of, reminders, centre.clock, checkpoint)
    handover_pages.mount(handovers)
    agenda_pages.mount(agenda_pages.Pages(handovers, regions))
    log_pages.mount(
        log_pages.Tools(page, show, call, form_of, reminders, interface, centre.clock, vkeys, address)
    )
    supervision_pages.mount(supervision_pages.Tools(page, show, call, form_of, reminders, centre.clock))

    table = municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8"))
    places = places_from(files("register").joinpath("data/plaatsen.csv").read_text("utf-8"), table)
    case_pages.mount(case_pages.Tools(page, show, call, form_of, dossier_pages.case_of, places))
    dossier_pages.mount(dossier_pages.Tools(page, show, call, form_of, reminders, criteria, centre.clock))


def _require_as_written(path: str) -> None:
    """A path with a number from a form in it is the one that the page wrote, and no other address of the interface."""
    # A page at which passkeys count names the host that the browser asked before it.
    wanted = path.partition("?")[0]
    bare = "/" + wanted.split("/", 3)[-1] if wanted.startswith(("http://", "https://")) else wanted
    try:
        written = httpx.URL(f"http://register{bare}").raw_path
    except httpx.InvalidURL:
        raise not_found() from None
    if written.decode() != bare:
        raise not_found()


def _add_help(
    app: FastAPI,
    page: HelpPage,
    show: Callable[..., HTMLResponse],
    whoever: Callable[[Request], _Visit | None],
) -> None:
    """A public page; whoever is signed in keeps the menu."""

    def shown(request: Request) -> HTMLResponse:
        return show(page.template, whoever(request), page.path, activities_path="/verwerkingen")

    app.add_api_route(page.path, shown, methods=["GET"], include_in_schema=False, response_model=None)


def _visitor(visit: _Visit | None) -> Visitor | None:
    if visit is None:
        return None
    name = visit.names.get(visit.organisation, visit.organisation)
    return Visitor(visit.name, role_name(visit.role), name)


def _navigation(visit: _Visit | None, path: str) -> tuple[NavigationItem, ...]:
    if visit is None:
        return ()
    own = NavigationItem(OWN_PAGE, _("Mijn aanmelding"), current=path == OWN_PAGE)
    return (*_of_role(visit, path), own) if visit.complete else (own,)


def _of_role(visit: _Visit, path: str) -> tuple[NavigationItem, ...]:
    if visit.role == "fg":
        return (
            NavigationItem("/postvak", _("Postvak"), current=path == "/postvak"),
            NavigationItem("/maand", _("Maand"), current=path == "/maand"),
            NavigationItem("/verstrekkingen", _("Verstrekkingen"), current=path == "/verstrekkingen"),
            NavigationItem("/logboek", _("Logboek"), current=path == "/logboek"),
            NavigationItem("/noodopeningen", _("Noodopeningen"), current=path == "/noodopeningen"),
            NavigationItem("/getuigen", _("Getuigen"), current=path == "/getuigen"),
            *safeguards.navigation(path),
            *handover_pages.navigation(visit.role, path),
            proposal_pages.navigation(path),
            NavigationItem(policy_pages.PATH, _("Beleid"), current=path == policy_pages.PATH),
        )
    if visit.role == "functioneel_beheerder":
        return (
            *management_pages.navigation(path),
            NavigationItem(policy_pages.PATH, _("Beleid"), current=path == policy_pages.PATH),
        )
    return start_pages.navigation(visit.role, path)


def _emergency(
    one: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[str, str, bool, list[tuple[str, str]], bool]:
    """A noodopening as the page shows it: number, title, whether it is late, what is known of it, and whether it was reviewed."""
    shown = ("organisatie", "rol", "medewerker", "doel", "gevaar", "oordeel")
    rows = [
        (label, entry_value(key, one[key], names))
        for key, label in entry_labels()
        if key in shown and one.get(key) is not None
    ]
    rows.append((_("Nakijken voor"), day(one["nakijkenVoor"])))
    return (
        one["noodopeningId"],
        entry_value("moment", one["moment"], names),
        one["teLaat"],
        rows,
        one.get("oordeel") is not None,
    )


def _foreign_form() -> Refusal:
    refusal = not_logged_in()
    return Refusal(
        403,
        "formulier-verlopen",
        _("Dit formulier is verlopen."),
        _("Het formulier hoort niet bij deze sessie. Er is niets gedaan."),
        way_forward=refusal.way_forward,
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in and out and the own sign-in, as resources under `/v1`: on the people's listener only."""

from fastapi import APIRouter, Request, Response

from process.serving.described import refusals
from register.accounts import Passwords
from register.central import signing_in
from register.central.centre import Centre
from register.central.freezing import require_free
from register.central.web.identify import Sites, bearer, trace_of
from register.door import api as door_api
from register.door.api import Inside, source_of
from register.door.door import Answer, Person, Proven
from register.door.wire import (
    AccountHerstel,
    TweedeStap,
    TweedeStapGevraagd,
    TweedeStapNodig,
    TweedeStapOpties,
)
from register.wire import Sessie, SessieGeopend


def sessions(centre: Centre, passwords: Passwords, sites: Sites) -> APIRouter:
    """Signing in and out, on the people's listener only."""
    router = APIRouter(prefix="/v1/sessies", tags=["sessies"], responses=refusals(401, 403, 429))

    @router.post("", status_code=201, responses={202: {"model": TweedeStapNodig}})
    def sign_in(request: Request, sent: Sessie, response: Response) -> SessieGeopend | TweedeStapNodig:
        came = signing_in.Came(centre.clock(), trace_of(request, centre), source_of(request))
        done = signing_in.sign_in(centre, passwords, sent, came)
        if isinstance(done, TweedeStapNodig):
            response.status_code = 202
        return done

    @router.post("/tweede-stap", status_code=201)
    def second_step(request: Request, sent: TweedeStap) -> SessieGeopend:
        answer = Answer(sent.code, sent.herstelcode, sent.passkey)
        door, token = signing_in.half_of(centre, passwords, sent.aanmelding, trace_of(request, centre))
        return signing_in.second_step(centre, door, token, answer, sites(request))

    @router.post("/tweede-stap/opties", response_model_exclude_none=True)
    def options(request: Request, sent: TweedeStapOpties) -> TweedeStapGevraagd:
        door, token = signing_in.half_of(centre, passwords, sent.aanmelding, trace_of(request, centre))
        asked = door.asked(token, sites(request))
        _name, methods, until = door.half_way(token)
        return TweedeStapGevraagd(
            middelen=list(methods), verloopt_op=until, passkey=None if asked is None else dict(asked)
        )

    @router.delete("/huidige", status_code=204)
    def sign_out(request: Request) -> Response:
        token = bearer(request.headers.get("authorization"))
        signing_in.sign_out(centre, token, centre.clock(), trace_of(request, centre))
        return Response(status_code=204)

    return router


def own_sign_in(centre: Centre, passwords: Passwords, sites: Sites) -> APIRouter:
    """How somebody signs in, for that person alone; and for a functioneel beheerder, helping a colleague."""

    def inside(request: Request) -> Inside:
        token = bearer(request.headers.get("authorization"))
        organisation, session = signing_in.session_of(centre, token, centre.clock(), anyhow=True)
        door = signing_in.door_of(centre, passwords, organisation, trace_of(request, centre))
        person = Person(session.account.name, session.account)
        proven = Proven(person, session.methods)
        return Inside(
            door, proven, bytes.fromhex(token), sites(request), bytes.hex, first=session.first is not None
        )

    router = door_api.routes(inside)
    accounts = APIRouter(prefix="/v1/accounts", tags=["accounts"], responses=refusals(401, 403, 404))

    @accounts.post("/herstellingen", status_code=204)
    def reset(request: Request, sent: AccountHerstel) -> Response:
        token = bearer(request.headers.get("authorization"))
        moment = centre.clock()
        organisation, session = signing_in.session_of(centre, token, moment)
        # As behind every other resource: who is frozen takes nobody's second step away.
        require_free(centre.frozen(mending=True), organisation, session.account.officer, moment.date())
        by = signing_in.Colleague(organisation, session.account, trace_of(request, centre))
        signing_in.reset(centre, passwords, by, sent.naam)
        return Response(status_code=204)

    both = APIRouter()
    both.include_router(router)
    both.include_router(accounts)
    return both

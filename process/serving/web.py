# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One shape for every HTTP interface of ours (NLGov REST API Design Rules 2.2).

Order, for each request: no certificate in a header (process.forwarding); the body is limited and must be JSON (or a form, where pages are), the model refuses unknown fields, and
whatever goes wrong is answered as problem details (RFC 9457): bad input is 400 and never 422, another content type 415, a defect is 500 without a trace.
No value that was sent is ever repeated in an answer or a log line. What is refused to an authenticated caller must also stand in the
audit log: a process passes `on_refusal` for that. This module leaves the meaning of everything to its caller.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match

from process.forwarding import forwards, unwanted
from process.language import gettext as _
from process.peer import Peer, UnknownPeer, peer_from_certificate
from process.problem import FieldError, Outage, Refusal, UnloggedRefusal, place, problem_details
from process.serving.described import BASE, PROBLEM, described, refused_by
from process.serving.health import Readiness
from process.serving.language import Speaking
from process.serving.metrics import CONTENT_TYPE, Measured

BODY_LIMIT = 1 << 20
"""Bytes. A signal is a few kilobytes; a larger body is a mistake or an attack."""

ANYTHING = ("*/*",)
"""Bodies of every content type, for an application that reads them itself."""

OnRefusal = Callable[[Request, Refusal], Refusal]

_log = logging.getLogger(__name__)


def new_app(  # noqa: PLR0913 - one call, all by name
    title: str,
    version: str,
    description: str = "",
    *,
    on_refusal: OnRefusal | None = None,
    ready: Readiness | None = None,
    accepts: tuple[str, ...] = ("application/json",),
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    refuses: tuple[int, ...] = (),
) -> FastAPI:
    """An application with our conventions and no resources yet.

    Args:
        title: as it stands in /v1/openapi.json.
        version: of the interface; also sent as `API-Version`.
        description: one paragraph for /v1/openapi.json.
        on_refusal: called once for every refusal before it is answered; may return another.
        ready: how the process is; None when nothing but its living can be said.
        accepts: content types of request bodies outside /v1, where it is JSON only; `ANYTHING` where a specification of others says none.
        lifespan: what runs beside the requests, from start to stop.
        refuses: statuses with which every resource may refuse, as the description says.
    """
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        openapi_url=f"{BASE}/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(_refuse_at_the_door)],
        lifespan=lifespan,
        redirect_slashes=False,
    )

    def answer(request: Request, refusal: Refusal) -> JSONResponse:
        # What cannot be written is not offered to be written: it would wait for the same database again.
        if on_refusal is None or isinstance(refusal, UnloggedRefusal):
            return _problem(refusal)
        return _problem(on_refusal(request, refusal))

    async def refused(request: Request, error: Exception) -> JSONResponse:
        told = await run_in_threadpool(answer, request, _refusal(error))
        if told.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            told.headers["Allow"] = ", ".join(_methods(app, request.scope))
        return told

    async def away(request: Request, error: Exception) -> Response:
        # As a refusal, by whoever words refusals on this path: pages answer with a page.
        worded: Any = app.exception_handlers[Refusal]
        answered: Response = await worded(request, _refusal(error))
        return answered

    app.openapi = partial(_openapi, app, app.openapi, refuses)  # type: ignore[method-assign]
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(Outage, away)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(HTTPException, refused)
    app.add_middleware(_Door, version=version, accepts=accepts, refused=refused)

    app.add_middleware(Speaking)

    app.state.ready = ready or Readiness()
    _answer_for_health(app, app.state.ready)
    # The outermost: what is refused at the door is counted too.
    app.add_middleware(Measured, metrics=app.state.ready.metrics)
    return app


def health_app(ready: Readiness) -> FastAPI:
    """Only how the process is, and its numbers: for a listener of its own, where a load balancer needs no certificate."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _answer_for_health(app, ready)

    # Here only: on a public listener numbers would tell how busy the register is. A thread, since databases are asked.
    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(ready.metrics.text(), media_type=CONTENT_TYPE, headers=_NOT_KEPT)

    return app


def _answer_for_health(app: FastAPI, ready: Readiness) -> None:
    # Both are coroutines: they wait for no thread that a request might keep.
    @app.get("/gezondheid/leeft", include_in_schema=False)
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "leeft"}, headers=_NOT_KEPT)

    @app.get("/gezondheid/klaar", include_in_schema=False)
    async def is_ready() -> JSONResponse:
        health = await ready.now()
        return JSONResponse(health.document(), 200 if health.ready else 503, headers=_NOT_KEPT)


_NOT_KEPT = {"Cache-Control": "no-store"}


def _problem(refusal: Refusal) -> JSONResponse:
    headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
    return JSONResponse(problem_details(refusal), refusal.status, headers, media_type=PROBLEM)


def _methods(app: FastAPI, scope: MutableMapping[str, Any]) -> list[str]:
    """What an address takes, over all routes that have it (RFC 9110, 10.2.1)."""
    return sorted(
        {
            method
            for route in routes_of(app)
            if route.matches(scope)[0] is not Match.NONE
            for method in route.methods or ()
        }
    )


def _openapi(app: FastAPI, generate: Callable[[], dict[str, Any]], always: tuple[int, ...]) -> dict[str, Any]:
    """The document with our refusals in place of FastAPI's own (process.serving.described)."""
    found: dict[str, Any] | None = getattr(app.state, "description", None)
    if found is None:
        said = {
            (method, str(route.path_format)): refused_by(_calls(route.dependant))
            for route in routes_of(app)
            for method in route.methods or ()
        }
        found = app.state.description = described(generate(), said, always=always)
    return found


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def routes_of(app: FastAPI) -> Iterator[RouteContext]:
    """Every route of our own in an application, also of routers within: not files, and not the description itself."""
    yield from (
        route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)
    )


def peer_of(request: Request) -> Peer:
    """The verified process at the other end.

    Raises:
        Refusal: 401, there is no certificate that names one.
    """
    certificate = request.scope.get("extensions", {}).get("tls", {}).get("client_cert_der")
    try:
        if certificate:
            return peer_from_certificate(certificate)
    except UnknownPeer:
        _log.warning("certificate without a known name")
    raise Refusal(
        401,
        "geen-certificaat",
        _("Dit proces is niet herkend."),
        _("Er is geen certificaat getoond dat een organisatie uit het register noemt."),
        way_forward=_("Vraag de beheerder om het certificaat van deze organisatie te controleren."),
    )


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Outage):
        return error.refusal
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _http(error)
    # The type only: a message may repeat what was sent. Where it happened is logged, what it held is not.
    _log.error("unexpected %s at %s", type(error).__name__, place(error))
    return Refusal(
        500,
        "storing",
        _("Er ging bij ons iets mis."),
        _("Dit is een fout in het systeem, niet in wat u invulde."),
        way_forward=_("Probeer het over een minuut opnieuw. Blijft het misgaan, bel dan de beheerder."),
    )


def _http(error: HTTPException) -> Refusal:
    if error.status_code == HTTPStatus.BAD_REQUEST:
        # FastAPI's word for a body that its JSON parser gave up on without saying where.
        return _not_well_formed((FieldError("body", _reason({"type": "json_invalid"})),))
    phrase = {404: _("Deze pagina of bron bestaat niet."), 405: _("Dit kan hier niet op deze manier.")}.get(
        error.status_code, HTTPStatus(error.status_code).phrase
    )
    return Refusal(
        error.status_code,
        {404: "niet-gevonden", 405: "methode"}.get(error.status_code, "http"),
        phrase,
        _("Het adres of de methode klopt niet."),
        way_forward=_("Kijk in /v1/openapi.json welke bronnen er zijn, of ga terug naar de vorige pagina."),
    )


def _invalid(error: RequestValidationError) -> Refusal:
    return _not_well_formed(tuple(FieldError(_path(item), _reason(item)) for item in error.errors()))


def _not_well_formed(fields: tuple[FieldError, ...]) -> Refusal:
    return Refusal(
        400,
        "ongeldige-invoer",
        _("Het verzoek klopt niet."),
        _("Een of meer velden zijn niet goed ingevuld. Er is niets opgeslagen."),
        way_forward=_("Verbeter de genoemde velden en verstuur opnieuw."),
        fields=fields,
    )


def _path(item: dict[str, Any]) -> str:
    # Where JSON breaks off is a position, not a field.
    location = () if item["type"] == "json_invalid" else item["loc"]
    return (
        ".".join(str(part) for part in location if part not in {"body", "header", "query", "path"}) or "body"
    )


def _reason(item: dict[str, Any]) -> str:
    kind = str(item["type"])
    context = item.get("ctx", {})
    if kind == "value_error":
        # Our own validators raise ValueError with a Dutch sentence that never holds the value.
        return str(context.get("error", ""))
    if kind in {"enum", "literal_error"}:
        return _("Deze waarde staat niet in de lijst. Toegestaan: {waarden}.").format(
            waarden=context.get("expected", "")
        )
    if kind.startswith(("string_too", "too_")):
        return _("Dit veld is te lang of te kort.")
    return {
        "missing": _("Dit veld ontbreekt."),
        "extra_forbidden": _("Dit veld kennen we niet; haal het weg."),
        "json_invalid": _("Dit is geen geldige JSON."),
    }.get(kind, _("Deze waarde heeft niet de goede vorm."))


_INTERFACE = ("application/json",)
"""What the interface reads; forms are for pages, which never stand under /v1."""


_SECURITY: Mapping[bytes, bytes] = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}
"""On every answer that does not say otherwise itself (API Design Rules, /core/transport/security-headers); pages have a policy of their own."""


class _Door:
    """ASGI middleware: body limit, content type, standard response headers, and the last net under a defect.

    A defect is caught here and not by Starlette's outermost handler, because that one raises it again and the server would print a
    trace, with whatever values the exception's text holds.
    """

    def __init__(
        self,
        app: Any,
        version: str,
        accepts: tuple[str, ...],
        refused: Callable[[Request, Exception], Awaitable[JSONResponse]],
    ) -> None:
        self.app = app
        self.refused = refused
        self.version = version.encode()
        self.accepts = accepts

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_defaults(message["headers"], self._headers(scope))
            await send(message)

        refusal, body = await self._read(scope, receive)
        if refusal is not None:
            # Told inside the application, so that the refusal is logged and shaped like every other.
            scope["state"] = {**scope.get("state", {}), "door_refusal": refusal}
        replayed = False

        async def replay() -> MutableMapping[str, Any]:
            nonlocal replayed
            if replayed:
                return await receive()  # type: ignore[no-any-return]
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            await self.app(scope, replay, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last net
            response = await self._told(scope, error)
            await response(scope, replay, send_with_headers)

    async def _told(self, scope: MutableMapping[str, Any], error: Exception) -> JSONResponse:
        try:
            return await self.refused(Request(scope), error)
        except Exception as second:  # noqa: BLE001 - telling failed too: the log cannot be written
            return _problem(_refusal(second))

    def _headers(self, scope: MutableMapping[str, Any]) -> dict[bytes, bytes]:
        headers = {b"api-version": self.version, **_SECURITY}
        if scope.get("scheme") == "https":
            # Not over plain HTTP (RFC 6797, 7.2): there whoever ends TLS in front of us sends it.
            headers[b"strict-transport-security"] = b"max-age=31536000"
        if scope["path"] == f"{BASE}/openapi.json":
            # The description of the interface may be read from any site (API Design Rules, /core/publish-openapi).
            headers[b"access-control-allow-origin"] = b"*"
        return headers

    async def _read(self, scope: MutableMapping[str, Any], receive: Any) -> tuple[Refusal | None, bytes]:
        if forwards(scope["headers"]):
            # Behind a proxy nothing of it is left here (process.serving.proxy). Passed over in silence, somebody would think that it counted.
            return unwanted(), b""
        if scope["method"] not in {"POST", "PUT", "PATCH"}:
            return None, b""
        accepts = _INTERFACE if scope["path"].startswith(f"{BASE}/") else self.accepts
        kind = (
            dict(scope["headers"]).get(b"content-type", b"").split(b";")[0].strip().decode("latin-1").lower()
        )
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > BODY_LIMIT:
                return _too_large(), b""
        if body and kind not in accepts and accepts is not ANYTHING:
            return _wrong_kind(accepts), b""
        return None, bytes(body)


def _refuse_at_the_door(request: Request) -> None:
    """Raises what the door found (size, content type) before anything else runs."""
    refusal = request.scope.get("state", {}).get("door_refusal")
    if refusal is not None:
        raise refusal


def _with_defaults(
    headers: Iterable[tuple[bytes, bytes]], defaults: Mapping[bytes, bytes]
) -> list[tuple[bytes, bytes]]:
    """Headers with those added that the answer did not set itself."""
    sent = list(headers)
    names = {name.lower() for name, _value in sent}
    return sent + [(name, value) for name, value in defaults.items() if name not in names]


def _too_large() -> Refusal:
    return Refusal(
        400,
        "te-groot",
        _("Het verzoek is te groot."),
        _("Een verzoek mag hoogstens 1 MB zijn. Er is niets opgeslagen."),
        way_forward=_("Stuur signalen een voor een, zonder bijlagen of foto's."),
        fields=(FieldError("body", _("Dit is meer dan 1 MB.")),),
    )


def _wrong_kind(accepts: tuple[str, ...]) -> Refusal:
    return Refusal(
        415,
        "verkeerd-formaat",
        _("Dit formaat lezen we niet."),
        _("De inhoud moet {soorten} zijn. Er is niets opgeslagen.").format(soorten=_(" of ").join(accepts)),
        way_forward=_("Zet de juiste Content-Type in het verzoek en verstuur opnieuw."),
        fields=(FieldError("Content-Type", _("Dit soort inhoud lezen we hier niet.")),),
    )

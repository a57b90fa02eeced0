# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who is calling: a node by its certificate, a person by a session. The two listeners differ in this and in nothing else.

Over whom a freeze stands is refused here, before any use case (`register.central.freezing`).
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from process.language import gettext as _
from process.peer import Peer
from process.problem import FieldError, Refusal
from process.serving.described import refusing
from process.serving.web import peer_of
from register.accounts import not_logged_in
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.freezing import require_free
from register.central.signing_in import session_of
from register.passkeys import Site, site_of
from register.wire import HEADERS, ActingFor, acting_for

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$")

COOKIE = "sessie"
"""Holds the session token of the register's pages."""

HOST = "__Host-"
"""Before the name of a cookie over TLS (RFC 6265bis): a browser then takes it from this host alone, and no neighbour can set it."""

Sites = Callable[[Request], Site | None]
"""Where passkeys are valid for a request."""

Identify = Callable[..., Acting]


def trace_of(request: Request, centre: Centre) -> str:
    """The trace id of `traceparent` (W3C Trace Context), or a fresh one."""
    found = _TRACEPARENT.match(request.headers.get("traceparent", ""))
    return found.group(1) if found else centre.randomness(16).hex()


def parent_of(request: Request) -> str:
    """The id in `traceparent` of the action that called, or "" if there is none."""
    found = _TRACEPARENT.match(request.headers.get("traceparent", ""))
    return found.group(2) if found else ""


def node_of(request: Request) -> Peer:
    """The node at the other end.

    Raises:
        Refusal: 401 unknown, 403 a process of another kind.
    """
    peer = peer_of(request)
    if peer.kind != "node":
        raise Refusal(
            403,
            "geen-node",
            _("Dit proces mag hier niet komen."),
            _("Alleen de node van een gemeente of partner vraagt en meldt bij het register."),
            way_forward=_("Gebruik het certificaat van de node."),
            rule="C2",
        )
    return peer


def certificate_of(request: Request) -> bytes:
    """The certificate (DER) of a process that `node_of` recognised."""
    return bytes(request.scope["extensions"]["tls"]["client_cert_der"])


def frozen(centre: Centre, *, mending: bool = False) -> Any:
    """The register as one request works with it: identification and use case get the same, frozen records, and so does a refusal.

    With `mending` also where the policy in force decides nothing: only for what reads about policy and brings it back.
    """

    @refusing(503)
    def here(request: Request) -> Centre:
        request.state.centre = centre.frozen(mending=mending)
        return request.state.centre  # type: ignore[no-any-return]  # set in the line above

    return Depends(here)


def of_request(centre: Centre, request: Request) -> Centre:
    """The register as this request worked with it; the register itself if it did not come so far."""
    return getattr(request.state, "centre", None) or centre


def by_certificate(centre: Centre, *, mending: bool = False) -> Identify:
    """The identification of the machine listener: organisation by certificate, person by headers."""
    now = frozen(centre, mending=mending)

    @refusing(400, 401, 403)
    def identify(  # noqa: PLR0913, PLR0917 - the request headers of ActingFor
        request: Request,
        namens_medewerker: Annotated[str | None, Header()] = None,
        namens_rol: Annotated[str | None, Header()] = None,
        doel: Annotated[str | None, Header()] = None,
        zaaknummer: Annotated[str | None, Header()] = None,
        reden: Annotated[str | None, Header()] = None,
        grondslag: Annotated[str | None, Header()] = None,
        here: Centre = now,
    ) -> Acting:
        said = dict(
            zip(HEADERS, (namens_medewerker, namens_rol, doel, zaaknummer, reden, grondslag), strict=True)
        )
        organisation, moment = node_of(request).organisation, centre.clock()
        here.records.now().require_node(organisation, certificate_of(request), moment.date())
        person = _person(said)
        require_free(here, organisation, person.medewerker, moment.date())
        trace, parent = trace_of(request, centre), parent_of(request)
        return Acting(organisation, person, moment, trace, parent, called=True)

    return identify


def by_session(centre: Centre, *, mending: bool = False) -> Identify:
    """The identification of the people's listener: organisation, person and role by session, the rest by headers."""
    now = frozen(centre, mending=mending)

    @refusing(400, 401, 403)
    def identify(  # noqa: PLR0913, PLR0917 - the request headers of ActingFor
        request: Request,
        authorization: Annotated[str | None, Header()] = None,
        doel: Annotated[str | None, Header()] = None,
        zaaknummer: Annotated[str | None, Header()] = None,
        reden: Annotated[str | None, Header()] = None,
        grondslag: Annotated[str | None, Header()] = None,
        here: Centre = now,
    ) -> Acting:
        moment = centre.clock()
        organisation, session = session_of(centre, bearer(authorization), moment)
        here.records.now().require_there(organisation, moment.date())
        require_free(here, organisation, session.account.officer, moment.date())
        said = {
            "medewerker": session.account.officer,
            "rol": session.account.role,
            "doel": doel,
            "zaaknummer": zaaknummer,
            "reden": reden,
            "grondslag": grondslag,
        }
        return Acting(organisation, _person(said), moment, trace_of(request, centre), parent_of(request))

    return identify


def sites(origin: str | None, *, practising: bool) -> Sites:
    """Where passkeys are valid, by the settings of the register."""

    def site(request: Request) -> Site | None:
        asked = f"{request.url.scheme}://{request.url.netloc}"
        return site_of(origin, asked, _("Signaalregister"), practising=practising)

    return site


def bearer(authorization: str | None) -> str:
    """The token in an Authorization header.

    Raises:
        Refusal: 401.
    """
    scheme, _space, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise not_logged_in()
    return token


def caller(centre: Centre, request: Request, moment: datetime) -> tuple[str, str, str] | None:
    """Organisation, officer and role of whoever sent a request that was refused; None if nobody knows.

    Headers of a node are taken only as far as they have the right form: what is refused may be anything.
    """
    try:
        if request.scope.get("extensions", {}).get("tls", {}).get("client_cert_der"):
            officer, role = (
                _clean(request.headers.get(name, "")) for name in ("namens-medewerker", "namens-rol")
            )
            return node_of(request).organisation, officer, role
        # The cookie opens nothing under /v1; here it only says whose page it was that refused.
        token = (
            request.cookies.get(COOKIE)
            or request.cookies.get(HOST + COOKIE)
            or bearer(request.headers.get("authorization"))
        )
        organisation, session = session_of(centre, token, moment, anyhow=True)
    except Refusal:
        return None
    return organisation, session.account.officer, session.account.role


def _clean(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value) else ""


def _person(said: dict[str, str | None]) -> ActingFor:
    person = acting_for(said)
    if isinstance(person, ActingFor):
        return person
    fields = tuple(
        FieldError(header, _("Deze kop ontbreekt of heeft niet de goede vorm."))
        for name, header in HEADERS.items()
        if name in person
    )
    raise Refusal(
        400,
        "onvolledig",
        _("Het verzoek zegt niet wie vraagt en waarvoor."),
        _("Elk verzoek noemt medewerker, rol en doel; een vraag ook zaaknummer, reden en grondslag."),
        way_forward=_("Vul de genoemde koppen in en verstuur opnieuw."),
        fields=fields,
        rule="C1",
    )

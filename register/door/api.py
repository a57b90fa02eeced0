# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/mijn-aanmelding`: how somebody signs in, for that person alone; the same resources at a node and at the register.

The process says who is behind a request (`Inside`); no name, number or header chooses another person. This is all that a session opens that
still lacks the second factor that is asked of everyone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from process.serving.described import refusals
from register.accounts import token_digest
from register.door.door import Begun, Door, Made, Proven, session_number
from register.door.wire import (
    Aanmeldgebeurtenis,
    EigenPasskey,
    EigenSessie,
    MiddelBegin,
    MiddelBegonnen,
    MiddelBevestiging,
    MiddelGemaakt,
    MiddelVerwijderen,
    MijnAanmelding,
    SessieBeeindigen,
    Vervolgsessie,
    WachtwoordWijzigen,
)
from register.passkeys import Site
from register.second_factor import Method


@dataclass(frozen=True)
class Inside:
    """One request of somebody with a session, complete or not.

    Attributes:
        door: of the organisation.
        proven: who, with which means.
        token: of the session.
        site: where passkeys are valid; None where they are not.
        written: a token as it travels.
        first: whether the password is one that somebody else gave, so that an own one comes first.
    """

    door: Door
    proven: Proven
    token: bytes
    site: Site | None
    written: Callable[[bytes], str]
    first: bool = False

    def __repr__(self) -> str:
        return f"Inside({self.proven!r})"


def routes(inside: Callable[..., Inside]) -> APIRouter:
    """The resources, for whoever `inside` says is behind a request."""
    router = APIRouter(
        prefix="/v1/mijn-aanmelding",
        tags=["mijn-aanmelding"],
        responses=refusals(401, 403, 404, 409, 429),
    )
    here = Annotated[Inside, Depends(inside)]

    @router.get("", response_model_exclude_none=True)
    def own(inside: here) -> MijnAanmelding:
        return _own(inside)

    @router.post("/middelen", status_code=201, response_model_exclude_none=True)
    def begin(sent: MiddelBegin, inside: here) -> MiddelBegonnen:
        return _begun(_begin(inside, sent))

    @router.post("/bevestigingen", status_code=201)
    def confirm(sent: MiddelBevestiging, inside: here) -> MiddelGemaakt:
        made = _confirm(inside, sent)
        return MiddelGemaakt(token=inside.written(made.entered.token), herstelcodes=list(made.recovery))

    @router.post("/verwijderingen", status_code=204)
    def remove(sent: MiddelVerwijderen, inside: here) -> Response:
        inside.door.remove(inside.proven.person, sent.middel, sent.wachtwoord)
        return Response(status_code=204)

    @router.post("/wachtwoord", status_code=201)
    def password(sent: WachtwoordWijzigen, inside: here) -> Vervolgsessie:
        entered = inside.door.change_password(inside.proven, inside.token, sent.wachtwoord, sent.nieuw)
        return Vervolgsessie(token=inside.written(entered.token))

    @router.post("/sessies/beeindigingen", status_code=204)
    def end(sent: SessieBeeindigen, inside: here) -> Response:
        inside.door.end_session(inside.proven.person, sent.nummer)
        return Response(status_code=204)

    return router


def _begin(inside: Inside, sent: MiddelBegin) -> Begun:
    person = inside.proven.person
    if sent.soort == Method.CODE:
        return inside.door.begin_app(person, sent.wachtwoord)
    if sent.soort == Method.PASSKEY:
        return inside.door.begin_passkey(person, inside.token, sent.wachtwoord, inside.site)
    return inside.door.recovery_codes(person, sent.wachtwoord)


def _confirm(inside: Inside, sent: MiddelBevestiging) -> Made:
    if sent.passkey is not None:
        return inside.door.confirm_passkey(inside.proven, inside.token, sent.passkey, sent.naam, inside.site)
    return inside.door.confirm_app(inside.proven, inside.token, sent.code or "")


def _begun(begun: Begun) -> MiddelBegonnen:
    return MiddelBegonnen(
        geheim=begun.secret,
        adres=begun.address,
        passkey=None if begun.passkey is None else dict(begun.passkey),
        herstelcodes=list(begun.recovery),
    )


def _own(inside: Inside) -> MijnAanmelding:
    own, this = inside.door.own(inside.proven.person), token_digest(inside.token)
    return MijnAanmelding(
        verplicht=inside.door.required,
        volledig=inside.door.complete(inside.proven.methods) and not inside.first,
        eerste_wachtwoord=inside.first,
        app_sinds=None if own.app is None else own.app.confirmed_at,
        passkeys=[
            EigenPasskey(id=one.passkey.id, naam=one.label, sinds=one.added_at, gebruikt_op=one.used_at)
            for one in own.passkeys
        ],
        passkeys_mogelijk=inside.site is not None,
        herstelcodes=own.recovery_left,
        sessies=[
            EigenSessie(
                nummer=session_number(one.digest),
                sinds=one.created_at,
                gezien_op=one.seen_at,
                middelen=sorted(one.methods),
                deze=one.digest == this,
            )
            # This one first; among sessions of one moment there is no order.
            for one in sorted(own.sessions, key=lambda one: one.digest != this)
        ],
        gebeurtenissen=[
            Aanmeldgebeurtenis(wat=one.what, moment=one.at, door=one.by) for one in own.happenings
        ],
    )


def source_of(request: Request) -> str | None:
    """The address that a request came from; None for this machine itself, which is a proxy and says nothing of who is behind it."""
    host = request.client.host if request.client else None
    return None if host is None or _local(host) else host


def _local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return True

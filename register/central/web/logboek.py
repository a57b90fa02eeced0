# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The log under `/v1/logboek`: entries of the own organisation for its FG; checkpoints, proofs and witnesses for anyone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse, PlainTextResponse

from audit.canonical import base64_text
from audit.cosignature import PolicyWitness
from process.language import gettext as _
from process.problem import UnloggedRefusal
from process.serving.described import refusals
from register.central import logbook
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.phase2 import not_found
from register.central.web.api import LARGEST_INDEX
from register.central.web.identify import Identify, frozen
from register.central.witnesses import Published, shorter_than
from register.wire import Bevestiging, BevestigingOntvangen, Getuige, Getuigen, Logregels
from register.witnesses import Said, Witnessing

LARGEST_PAGE = 1000


def oversight(centre: Centre, identify: Identify, vkeys: tuple[str, str], published: Published) -> APIRouter:
    """The own organisation's log entries, for its FG."""
    router = APIRouter(prefix="/v1/logboek/regels", tags=["logboek"])
    who, now = Depends(identify), frozen(centre)

    @router.get("")
    def entries(
        acting: Acting = who, here: Centre = now, vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0
    ) -> Logregels:
        return logbook.entries(here, acting, vanaf)

    @router.get("/bewijzen", responses=refusals(409))
    def proofs(
        acting: Acting = who, here: Centre = now, vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0
    ) -> JSONResponse:
        return JSONResponse(logbook.proofs(here, acting, vanaf, vkeys, published))

    @router.get("/{blad}/bewijs", responses=refusals(409))
    def proof(
        blad: Annotated[int, Path(ge=0, le=LARGEST_INDEX)], acting: Acting = who, here: Centre = now
    ) -> JSONResponse:
        return JSONResponse(logbook.proof(here, acting, blad, vkeys, published))

    return router


def public_log(published: Published) -> APIRouter:
    """What anyone may read: the log proves itself and tells nothing. Nothing beyond the newest checkpoint is there."""
    router = APIRouter(prefix="/v1/logboek", tags=["logboek"])

    @router.get("/checkpoint", response_class=PlainTextResponse, responses=refusals(404))
    def checkpoint(getuigen: Literal["genoeg"] | None = None) -> str:
        note = published.checkpoint(enough=getuigen is not None)
        if note is None:
            # Anyone may ask this, and a log without a checkpoint has refused nobody: no entry of whoever asked.
            raise UnloggedRefusal(
                404,
                "niet-gevonden",
                _("Er is nog geen controlepunt."),
                _("Het logboek is nieuw; het eerste controlepunt komt binnen een minuut."),
                way_forward=_("Vraag het straks opnieuw."),
            )
        return note

    @router.get("/bladen")
    def leaves(
        vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0,
        aantal: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE,
    ) -> dict[str, object]:
        found = published.leaves(vanaf, vanaf + aantal)
        return {"vanaf": vanaf, "bladen": [base64_text(one) for one in found]}

    @router.get("/bewijzen/insluiting", responses=refusals(404))
    def inclusion(
        blad: Annotated[int, Query(ge=0, le=LARGEST_INDEX)],
        omvang: Annotated[int, Query(ge=1, le=LARGEST_INDEX)],
    ) -> dict[str, list[str]]:
        return proof(lambda: published.inclusion(blad, omvang))

    @router.get("/bewijzen/samenhang", responses=refusals(404))
    def consistency(
        van: Annotated[int, Query(ge=1, le=LARGEST_INDEX)],
        naar: Annotated[int, Query(ge=1, le=LARGEST_INDEX)],
    ) -> dict[str, list[str]]:
        return proof(lambda: published.consistency(van, naar))

    def proof(make: Callable[[], Sequence[bytes]]) -> dict[str, list[str]]:
        try:
            return {"hashes": [base64_text(one) for one in make()]}
        except LookupError:
            raise not_found() from None

    return router


def witnessing(centre: Centre, published: Published) -> APIRouter:
    """Who vouches for the log, for anyone; and what a witness without a server needs."""
    router = APIRouter(prefix="/v1/logboek/getuigen", tags=["logboek"])

    @router.get("", response_model_exclude_none=True)
    def standing() -> Getuigen:
        return standing_of(published, centre.clock())

    @router.get("/verzoek", response_class=PlainTextResponse, responses=refusals(404, 409))
    def request(oud: Annotated[int, Query(ge=0, le=LARGEST_INDEX)]) -> PlainTextResponse:
        try:
            offer = published.offer(oud)
        except LookupError:
            raise shorter_than(oud) from None
        if offer is None:
            raise not_found()
        attachment = {"Content-Disposition": f'attachment; filename="verzoek-{oud}.txt"'}
        return PlainTextResponse(offer.body, headers=attachment)

    @router.post("/bevestigingen", status_code=201, responses=refusals(409))
    def confirm(sent: Bevestiging) -> BevestigingOntvangen:
        # What comes in is signed by a witness of ours over a checkpoint of ours: who brings it makes no difference.
        return BevestigingOntvangen(getuigen=list(published.take(sent.controlepunt, centre.clock())))

    return router


def standing_of(published: Published, moment: datetime) -> Getuigen:
    """How the witnesses stand, as it is told."""
    found = published.standing()
    return Getuigen(
        getuigen=[_witness(found, one) for one in found.policy.witnesses],
        nodig=found.policy.needed,
        bevestigd=len(found.signed),
        genoeg=found.enough,
        omvang=found.size,
        omvang_genoeg=found.enough_size,
        vingerafdruk=found.policy.fingerprint,
        zin=found.sentence(),
        zorgen=found.worries(moment, published.patience),
    )


def _witness(found: Witnessing, one: PolicyWitness) -> Getuige:
    heard = found.heard.get(one.label)
    return Getuige(
        naam=one.label,
        sleutel=one.key.vkey,
        url=one.url,
        nieuwste=one.label in found.signed,
        omvang=0 if heard is None else heard.size,
        bevestigd_op=None if heard is None else heard.confirmed_at,
        zei=Said.NOTHING.value if heard is None else heard.said.value,
        sinds=None if heard is None else heard.since,
        wat=found.told(one.label),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The resources under `/v1/toezicht`, for the FG of an organisation and nobody else: each a few lines, like those beside `web.api`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from process.serving.described import refusals
from register.central import overseeing, reviewing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import LARGEST_INDEX, IdempotencyKey
from register.central.web.identify import Identify, frozen
from register.wire import (
    GrensGewijzigd,
    GrensWijziging,
    Grenzen,
    Maand,
    MaandAfgetekend,
    Maandoverzicht,
    PostBeoordeeld,
    PostBeoordeling,
    PostGeopend,
    Postvak,
    Steekproef,
    SteekproefGetrokken,
    Verslag,
    Verstrekkingen,
)

PostNumber = Annotated[
    str,
    Path(
        pattern=r"^20\d{2}-(W\d{2}|\d{2})\.\d{1,15}$",
        description="Week of maand, een punt, en het blad, zoals 2026-W47.123.",
    ),
]


def inboxes(centre: Centre, identify: Identify) -> APIRouter:
    """What an FG has to look at, what they say of it, and the limits of the flags."""
    router = APIRouter(prefix="/v1/toezicht", tags=["toezicht"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/postvak", response_model_exclude_none=True)
    def inbox(acting: Acting = who, here: Centre = now) -> Postvak:
        return reviewing.inbox(here, acting)

    @router.get("/postvak/{post}", response_model_exclude_none=True)
    def item(post: PostNumber, acting: Acting = who, here: Centre = now) -> PostGeopend:
        return reviewing.open_item(here, acting, post)

    @router.post("/postvak/{post}/beoordelingen", status_code=201)
    def judge(
        post: PostNumber,
        sent: PostBeoordeling,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> PostBeoordeeld:
        del idempotency_key  # a verdict is written once
        return reviewing.judge(here, acting, post, sent)

    @router.get("/grenzen")
    def limits(acting: Acting = who, here: Centre = now) -> Grenzen:
        return reviewing.thresholds(here, acting)

    @router.post("/grenzen", status_code=201)
    def set_limit(
        sent: GrensWijziging, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> GrensGewijzigd:
        del idempotency_key  # choosing the same again is choosing it
        return reviewing.set_threshold(here, acting, sent)

    return router


def months(centre: Centre, identify: Identify, vkeys: tuple[str, str]) -> APIRouter:
    """A month of the own organisation: figures, proof, report, sample, sign-off, and disclosures to others."""
    router = APIRouter(prefix="/v1/toezicht", tags=["toezicht"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/maanden/{maand}", response_model_exclude_none=True, responses=refusals(409))
    def month(maand: Maand, acting: Acting = who, here: Centre = now) -> Maandoverzicht:
        return overseeing.month(here, acting, maand, vkeys)

    @router.get("/maanden/{maand}/bewijs", responses=refusals(409))
    def proof(maand: Maand, acting: Acting = who, here: Centre = now) -> JSONResponse:
        return JSONResponse(overseeing.proof(here, acting, maand, vkeys))

    @router.get("/maanden/{maand}/verslag", response_model_exclude_none=True, responses=refusals(409))
    def report(maand: Maand, acting: Acting = who, here: Centre = now) -> Verslag:
        return overseeing.report(here, acting, maand, vkeys)

    @router.post("/maanden/{maand}/steekproeven", status_code=201)
    def draw(
        maand: Maand,
        sent: Steekproef,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SteekproefGetrokken:
        del idempotency_key  # a month is drawn from once
        return reviewing.draw_month(here, acting, maand, sent)

    @router.post("/maanden/{maand}/aftekeningen", status_code=201)
    def sign(
        maand: Maand, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> MaandAfgetekend:
        del idempotency_key  # a month is signed off once
        return overseeing.sign_month(here, acting, maand, vkeys)

    @router.get("/verstrekkingen", response_model_exclude_none=True)
    def disclosures(
        maand: Annotated[Maand, Query()],
        acting: Acting = who,
        here: Centre = now,
        vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0,
    ) -> Verstrekkingen:
        return overseeing.disclosures(here, acting, maand, vanaf)

    return router

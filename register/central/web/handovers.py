# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Handing a treffer over, the agenda on which it may come, and what becomes known of the own signals: resources under `/v1`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from process.serving.described import refusals
from register.central import agenda, feedback, handing_over
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.wire import (
    Agenda,
    Overdracht,
    OverdrachtBeantwoord,
    OverdrachtGestart,
    OverdrachtLijst,
    OverdrachtStart,
    OverdrachtTerugkoppeling,
    TerugkoppelingLijst,
)


def handovers(centre: Centre, identify: Identify) -> APIRouter:
    """Handing a treffer over, and what its recipient says."""
    router = APIRouter(prefix="/v1/overdrachten", tags=["overdrachten"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201, responses=refusals(404))
    def start(
        sent: OverdrachtStart, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> OverdrachtGestart:
        return handing_over.start(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.get("", response_model_exclude_none=True)
    def inbox(acting: Acting = who, here: Centre = now) -> OverdrachtLijst:
        return handing_over.inbox(here, acting)

    @router.get("/{overdracht_id}", response_model_exclude_none=True)
    def one(overdracht_id: UUID, acting: Acting = who, here: Centre = now) -> Overdracht:
        return handing_over.one(here, acting, overdracht_id)

    @router.post("/{overdracht_id}/aannemingen", status_code=201)
    def accept(
        overdracht_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> OverdrachtBeantwoord:
        return handing_over.accept(here, acting, overdracht_id, idempotency_key)

    @router.post("/{overdracht_id}/terugkoppelingen", status_code=201)
    def feed_back(
        overdracht_id: UUID,
        sent: OverdrachtTerugkoppeling,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> OverdrachtBeantwoord:
        return handing_over.feed_back(here, acting, overdracht_id, sent, idempotency_key)

    return router


def agendas(centre: Centre, identify: Identify) -> APIRouter:
    """What the Drieluikoverleg of a samenwerkingsverband talks about."""
    router = APIRouter(prefix="/v1/agenda", tags=["overdrachten"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/{verband}", response_model_exclude_none=True)
    def of_alliance(
        verband: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
        acting: Acting = who,
        here: Centre = now,
    ) -> Agenda:
        return agenda.agenda(here, acting, verband)

    return router


def feedback_told(centre: Centre, identify: Identify) -> APIRouter:
    """What became of the own signals."""
    router = APIRouter(prefix="/v1/terugkoppelingen", tags=["terugkoppelingen"])
    who, now = Depends(identify), frozen(centre)

    @router.get("")
    def told(acting: Acting = who, here: Centre = now) -> TerugkoppelingLijst:
        return feedback.told(here, acting)

    return router

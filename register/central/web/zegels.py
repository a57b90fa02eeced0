# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Sealed releases and the keys of their recipients: resources for nodes only, because only a node can seal or open (docs/spec/sealed-release.md)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from process.serving.described import refusals
from register.central import recipient_keys, releasing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.wire import OntvangstsleutelLijst, ZegelGedaan, ZegelLijst, ZegelOpgehaald, ZegelVrijgave


def routes(centre: Centre, identify: Identify) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1", tags=["zegels"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/ontvangstsleutels")
    def keys(acting: Acting = who, here: Centre = now) -> OntvangstsleutelLijst:
        return recipient_keys.listed(here, acting)

    @router.post("/zegels", status_code=201, response_model_exclude_none=True, responses=refusals(404))
    def release(
        sent: ZegelVrijgave, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> ZegelGedaan:
        return releasing.release(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.get("/zegels", response_model_exclude_none=True)
    def listed(
        richting: Annotated[Literal["in", "uit"], Query()] = "in",
        acting: Acting = who,
        here: Centre = now,
    ) -> ZegelLijst:
        return (releasing.inbox if richting == "in" else releasing.outbox)(here, acting)

    @router.post("/zegels/{vrijgave_id}/ophalingen", status_code=201, response_model_exclude_none=True)
    def fetch(
        vrijgave_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> ZegelOpgehaald:
        del idempotency_key  # fetching twice is fetching
        return releasing.fetch(here, acting, vrijgave_id)

    @router.post("/zegels/{vrijgave_id}/intrekkingen", status_code=201, response_model_exclude_none=True)
    def recall(
        vrijgave_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> ZegelGedaan:
        del idempotency_key  # recalling twice is recalling
        return releasing.recall(here, acting, vrijgave_id)

    return router

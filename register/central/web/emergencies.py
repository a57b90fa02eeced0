# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Noodopeningen, as resources under `/v1`."""

from uuid import UUID

from fastapi import APIRouter, Depends

from process.serving.described import refusals
from register.central import break_glass
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.wire import (
    Noodopening,
    NoodopeningBeoordeling,
    NoodopeningGedaan,
    NoodopeningLijst,
    NoodopeningNagekeken,
)


def emergencies(centre: Centre, identify: Identify) -> APIRouter:
    """Noodopeningen: opening one, and what an FG reviews of those that concern the own organisation."""
    router = APIRouter(prefix="/v1/noodopeningen", tags=["noodopeningen"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201, responses=refusals(404))
    def break_the_glass(
        sent: Noodopening, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> NoodopeningGedaan:
        return break_glass.open_contact(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.get("", response_model_exclude_none=True)
    def listed(acting: Acting = who, here: Centre = now) -> NoodopeningLijst:
        return break_glass.openings(here, acting)

    @router.post("/{noodopening_id}/beoordelingen", status_code=201)
    def review(
        noodopening_id: UUID,
        sent: NoodopeningBeoordeling,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> NoodopeningNagekeken:
        del idempotency_key  # a verdict is written once
        return break_glass.review(here, acting, noodopening_id, sent)

    return router

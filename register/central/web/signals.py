# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signals under `/v1`, from submitting one to withdrawing it, and the questions that are asked with one or without."""

from uuid import UUID

from fastapi import APIRouter, Depends

from process.serving.described import refusals
from register.central import asking, asking_again, submitting, validating, withdrawing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.wire import (
    Antwoord,
    Bevraging,
    Hervraging,
    Intrekking,
    SignaalBevestigd,
    SignaalBevestigen,
    SignaalIndienen,
    SignaalIngediend,
    SignaalIngetrokken,
)


def signals(centre: Centre, identify: Identify) -> APIRouter:
    """For whoever `identify` recognises."""
    router = APIRouter(prefix="/v1", tags=["signalen"])
    who, now = Depends(identify), frozen(centre)

    @router.post("/signalen", status_code=201, response_model_exclude_none=True)
    def submit(
        sent: SignaalIndienen,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SignaalIngediend:
        return submitting.submit(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.post("/signalen/{signaal_id}/intrekkingen", status_code=201)
    def withdraw(
        signaal_id: UUID,
        sent: Intrekking,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SignaalIngetrokken:
        del idempotency_key  # withdrawing twice is withdrawing
        return withdrawing.withdraw(here, own(acting, sent.organisatie), signaal_id, sent)

    @router.post(
        "/signalen/{signaal_id}/bevragingen", response_model_exclude_none=True, responses=refusals(429)
    )
    def ask_with_own(
        signaal_id: UUID,
        sent: Hervraging,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> Antwoord:
        return asking_again.ask_again(here, own(acting, sent.organisatie), signaal_id, sent, idempotency_key)

    @router.post("/signalen/{signaal_id}/bevestigingen", status_code=201)
    def still_true(
        signaal_id: UUID,
        sent: SignaalBevestigen,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SignaalBevestigd:
        del idempotency_key  # saying it twice on a day is saying it
        return validating.validate(here, own(acting, sent.organisatie), signaal_id, sent)

    @router.post("/bevragingen", response_model_exclude_none=True, responses=refusals(429))
    def ask(
        sent: Bevraging,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> Antwoord:
        return asking.ask(here, own(acting, sent.organisatie), sent, idempotency_key)

    return router

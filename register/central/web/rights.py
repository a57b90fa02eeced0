# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What someone of whom data are processed has a right to: the resources for inzage, and the art. 30 register."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from process.serving.described import refusals
from register.activities import activities
from register.central import inspecting
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.register30 import as_json
from register.wire import Inzageantwoord, Inzageverzoek


def rights(centre: Centre, identify: Identify) -> APIRouter:
    """What a contactpunt asks for the person at its desk."""
    router = APIRouter(prefix="/v1/inzagen", tags=["rechten"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", response_model_exclude_none=True, responses=refusals(429))
    def inspect(
        sent: Inzageverzoek, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> Inzageantwoord:
        return inspecting.inspect(here, own(acting, sent.organisatie), sent, idempotency_key)

    return router


def processing_register(centre: Centre) -> APIRouter:
    """The art. 30 register under the rules and grounds of this moment, which anyone may read."""
    router = APIRouter(prefix="/v1/verwerkingen", tags=["verwerkingen"])

    @router.get("")
    def all_of() -> JSONResponse:
        policy = centre.policy
        return JSONResponse(as_json(activities(policy.policy_set, policy.register), policy.policy_set.hash))

    return router

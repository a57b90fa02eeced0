# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What came of controls and of treffers, as resources under `/v1`."""

from datetime import date

from fastapi import APIRouter, Depends

from register.central import closing, counting
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.wire import Afloop, AfloopVastgelegd, Cijfers


def controls(centre: Centre, identify: Identify) -> APIRouter:
    """What came of the controls in which something was asked."""
    router = APIRouter(prefix="/v1/aflopen", tags=["controles"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201)
    def close_control(
        sent: Afloop, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> AfloopVastgelegd:
        return closing.close(here, own(acting, sent.organisatie), sent, idempotency_key)

    return router


def effect_figures(centre: Centre, identify: Identify) -> APIRouter:
    """What treffers came to."""
    router = APIRouter(prefix="/v1/cijfers", tags=["cijfers"])
    who, now = Depends(identify), frozen(centre)

    @router.get("")
    def counted(van: date, tot: date, acting: Acting = who, here: Centre = now) -> Cijfers:
        return counting.counted(here, acting, van, tot)

    return router

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What waits for somebody: notices, standing questions and reminders, as resources under `/v1`."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request

from process.serving.described import refusals
from register.central import messages, standing
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.reminding import reminders
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, certificate_of, frozen, node_of
from register.wire import (
    Attendering,
    AttenderingGedaan,
    AttenderingLijst,
    BerichtAfhandelen,
    Berichten,
    BerichtenStand,
    BerichtGelezen,
    Herinneringen,
)


def waiting_for(centre: Centre, identify: Identify) -> APIRouter:
    """Notices, and standing questions, of the own role."""
    router = APIRouter(prefix="/v1", tags=["berichten"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/berichten")
    def notices(acting: Acting = who, here: Centre = now) -> Berichten:
        return messages.waiting(here, acting)

    @router.post("/berichten/afhandelingen", status_code=201, responses=refusals(404))
    def read(
        sent: BerichtAfhandelen, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> BerichtGelezen:
        del idempotency_key  # reading twice is reading
        return messages.finish(here, acting, sent.soort, sent.over_id)

    @router.get("/attenderingen")
    def listed(acting: Acting = who, here: Centre = now) -> AttenderingLijst:
        return standing.listed(here, acting)

    @router.post("/attenderingen", status_code=201, responses=refusals(404))
    def set_one(
        sent: Attendering, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> AttenderingGedaan:
        return standing.set_one(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.post("/attenderingen/{attendering_id}/beeindigingen", status_code=201)
    def end_one(
        attendering_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> AttenderingGedaan:
        del idempotency_key  # ending twice is ending
        return standing.end_one(here, acting, attendering_id)

    return router


def readiness_of_notices(centre: Centre) -> APIRouter:
    """For a node that sends e-mail: by its certificate, without a person."""
    router = APIRouter(prefix="/v1/berichten/stand", tags=["berichten"])

    @router.get("", responses=refusals(401, 403))
    def standing_of_notices(request: Request) -> BerichtenStand:
        moment = centre.clock()
        organisation = node_of(request).organisation
        centre.records.now().require_node(organisation, certificate_of(request), moment.date())
        return messages.standing(centre, organisation, moment)

    return router


def reminding(centre: Centre, identify: Identify) -> APIRouter:
    """What waits for somebody, at the register's pages or through a node; counts, so it leaves no entry."""
    router = APIRouter(prefix="/v1/herinneringen", tags=["herinneringen"])
    who = Depends(identify)

    @router.get("")
    def all_of(acting: Acting = who) -> Herinneringen:
        return Herinneringen(herinneringen=reminders(centre, acting))

    return router

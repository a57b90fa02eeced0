# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Treffers and dossiers under `/v1`: what waits, the decision to open the second phase, and a treffer as a case of its parties."""

from uuid import UUID

from fastapi import APIRouter, Depends

from process.serving.described import refusals
from register.central import casework, phase2, tracks, treffers
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.grounds import grounds_in_force
from register.central.web.api import IdempotencyKey, own
from register.central.web.identify import Identify, frozen
from register.wire import (
    Dossier,
    DossierLijst,
    Fase2Besluit,
    Fase2Stand,
    GrondslagLijst,
    TrefferLijst,
    TrefferStap,
    TrefferZaak,
    Vrijgave,
)


def dossiers(centre: Centre, identify: Identify) -> APIRouter:
    """What waits, what was decided, and under which grounds."""
    router = APIRouter(prefix="/v1", tags=["signalen"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/treffers", response_model_exclude_none=True)
    def waiting(acting: Acting = who, here: Centre = now) -> TrefferLijst:
        return treffers.waiting(here, acting)

    @router.get("/dossiers", response_model_exclude_none=True)
    def list_tracks(acting: Acting = who, here: Centre = now) -> DossierLijst:
        return tracks.tracks(here, acting)

    @router.get("/dossiers/{treffer_id}", response_model_exclude_none=True)
    def read_track(treffer_id: UUID, acting: Acting = who, here: Centre = now) -> Dossier:
        return tracks.track(here, acting, treffer_id)

    @router.post("/fase-2-besluiten", status_code=201, responses=refusals(404))
    def ask_phase_2(
        sent: Fase2Besluit, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> Fase2Stand:
        del idempotency_key  # a treffer has one decision; asking again gives the same
        return phase2.ask_for(here, acting, sent)

    @router.post("/fase-2-besluiten/{besluit_id}/vrijgaven", status_code=201)
    def release(
        besluit_id: UUID,
        sent: Vrijgave,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> Fase2Stand:
        del idempotency_key  # a signal is released once under a decision
        return phase2.release(here, own(acting, sent.organisatie), besluit_id, sent)

    @router.get("/grondslagen")
    def grounds(acting: Acting = who, here: Centre = now) -> GrondslagLijst:
        return grounds_in_force(here, acting)

    return router


def treffer_work(centre: Centre, identify: Identify) -> APIRouter:
    """A treffer as a case of its parties."""
    router = APIRouter(prefix="/v1/treffers", tags=["treffers"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/{treffer_id}", response_model_exclude_none=True)
    def open_treffer(treffer_id: UUID, acting: Acting = who, here: Centre = now) -> TrefferZaak:
        return casework.case(here, acting, treffer_id)

    @router.post("/{treffer_id}/stappen", status_code=201, response_model_exclude_none=True)
    def take_step(
        treffer_id: UUID,
        sent: TrefferStap,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> TrefferZaak:
        return casework.take(here, own(acting, sent.organisatie), treffer_id, sent, idempotency_key)

    return router

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/beheer` and `/v1/accounts`: what functioneel beheerders record, with two where two are needed, and the accounts of their people. Reading is in `management_pages`."""

from uuid import UUID

from fastapi import APIRouter, Depends

from process.serving.described import refusals
from register.accounts import Passwords
from register.central import employing, laying_down
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.employing import Managing
from register.central.laying_down import Here
from register.central.web.api import IdempotencyKey
from register.central.web.identify import Identify, frozen
from register.wire import (
    AccountGedaan,
    AccountLijst,
    AccountMaken,
    AccountNaam,
    EersteWachtwoord,
    GrondslagEinde,
    GrondslagVoorstel,
    MandaatBeeindigd,
    MandaatEinde,
    MandaatVoorstel,
    Vastlegging,
    VastleggingAdvies,
    VastleggingAntwoord,
    VastleggingGedaan,
    VastleggingIntrekking,
    VastleggingLijst,
)


def laying_down_with_two(centre: Centre, identify: Identify, door: str) -> APIRouter:
    """Mandates and grounds, for whoever `identify` recognises.

    Args:
        centre: the register.
        identify: who calls.
        door: `sessie` or `node`, as the log tells it.
    """
    router = APIRouter(prefix="/v1/beheer", tags=["beheer"])
    now = frozen(centre)

    def working(acting: Acting = Depends(identify), at: Centre = now) -> Here:
        return Here(at, acting, door)

    who = Depends(working)

    @router.post("/mandaten", status_code=201)
    def propose_mandate(
        sent: MandaatVoorstel, idempotency_key: IdempotencyKey, here: Here = who
    ) -> VastleggingGedaan:
        return laying_down.propose_mandate(here, sent, idempotency_key)

    @router.post("/mandaten/beeindigingen", status_code=201)
    def end_mandate(
        sent: MandaatEinde, idempotency_key: IdempotencyKey, here: Here = who
    ) -> MandaatBeeindigd:
        del idempotency_key  # of two ends the earlier holds
        return laying_down.end_mandate(here, sent)

    @router.post("/grondslagen", status_code=201)
    def propose_ground(
        sent: GrondslagVoorstel, idempotency_key: IdempotencyKey, here: Here = who
    ) -> VastleggingGedaan:
        return laying_down.propose_ground(here, sent, idempotency_key)

    @router.post("/grondslagen/beeindigingen", status_code=201)
    def propose_end(
        sent: GrondslagEinde, idempotency_key: IdempotencyKey, here: Here = who
    ) -> VastleggingGedaan:
        return laying_down.propose_end(here, sent, idempotency_key)

    _steps(router, who)
    return router


def _steps(router: APIRouter, who: Here) -> None:
    """What people read of a proposal and do with it; `who` gives the person at work."""

    @router.get("/vastleggingen")
    def listed(here: Here = who) -> VastleggingLijst:
        return laying_down.listed(here)

    @router.get("/vastleggingen/{vastlegging_id}", response_model_exclude_none=True)
    def read(vastlegging_id: UUID, here: Here = who) -> Vastlegging:
        return laying_down.read(here, vastlegging_id)

    @router.post("/vastleggingen/{vastlegging_id}/adviezen", status_code=201, responses=refusals(409))
    def advise(
        vastlegging_id: UUID, sent: VastleggingAdvies, idempotency_key: IdempotencyKey, here: Here = who
    ) -> VastleggingGedaan:
        del idempotency_key  # advice given twice is advice
        return laying_down.advise(here, vastlegging_id, objection=sent.bezwaar, text=sent.toelichting)

    @router.post("/vastleggingen/{vastlegging_id}/antwoorden", status_code=201, responses=refusals(409))
    def answer(
        vastlegging_id: UUID, sent: VastleggingAntwoord, idempotency_key: IdempotencyKey, here: Here = who
    ) -> VastleggingGedaan:
        del idempotency_key  # an objection is answered once
        return laying_down.answer(here, vastlegging_id, document=sent.besluitstuk, text=sent.toelichting)

    @router.post("/vastleggingen/{vastlegging_id}/goedkeuringen", status_code=201, responses=refusals(409))
    def approve(vastlegging_id: UUID, idempotency_key: IdempotencyKey, here: Here = who) -> VastleggingGedaan:
        del idempotency_key  # it is approved once
        return laying_down.approve(here, vastlegging_id)

    @router.post("/vastleggingen/{vastlegging_id}/intrekkingen", status_code=201, responses=refusals(409))
    def withdraw(
        vastlegging_id: UUID, sent: VastleggingIntrekking, idempotency_key: IdempotencyKey, here: Here = who
    ) -> VastleggingGedaan:
        del idempotency_key  # it is taken off once
        return laying_down.withdraw(here, vastlegging_id, sent.toelichting)


def accounts(centre: Centre, identify: Identify, passwords: Passwords) -> APIRouter:
    """The accounts of the own organisation, on the people's listener only: they sign in nowhere else."""
    router = APIRouter(prefix="/v1/accounts", tags=["accounts"])
    now = frozen(centre)

    def managing(acting: Acting = Depends(identify), at: Centre = now) -> Managing:
        return Managing(at, acting)

    who = Depends(managing)

    @router.get("", response_model_exclude_none=True)
    def listed(mine: Managing = who) -> AccountLijst:
        return employing.listed(mine)

    @router.post("", status_code=201, responses=refusals(409))
    def make(sent: AccountMaken, idempotency_key: IdempotencyKey, mine: Managing = who) -> EersteWachtwoord:
        del idempotency_key  # somebody has one account in a role
        return employing.make(mine, passwords, sent)

    @router.post("/wachtwoorden", status_code=201, responses=refusals(404))
    def first_password(
        sent: AccountNaam, idempotency_key: IdempotencyKey, mine: Managing = who
    ) -> EersteWachtwoord:
        del idempotency_key  # the newest one counts, and each is told once
        return employing.give_first_password(mine, passwords, sent.naam)

    @router.post("/blokkades", status_code=201, responses=refusals(404))
    def block(sent: AccountNaam, idempotency_key: IdempotencyKey, mine: Managing = who) -> AccountGedaan:
        del idempotency_key  # blocking twice is blocking
        return employing.block(mine, sent.naam)

    @router.post("/afmeldingen", status_code=201, responses=refusals(404))
    def sign_out(sent: AccountNaam, idempotency_key: IdempotencyKey, mine: Managing = who) -> AccountGedaan:
        del idempotency_key  # signing out twice is signing out
        return employing.sign_out(mine, sent.naam)

    @router.post("/beeindigingen", status_code=201, responses=refusals(404))
    def end(sent: AccountNaam, idempotency_key: IdempotencyKey, mine: Managing = who) -> AccountGedaan:
        del idempotency_key  # it ends once
        return employing.end(mine, sent.naam)

    return router

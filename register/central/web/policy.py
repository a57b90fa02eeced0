# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/beleid`: what is in force and proposed, and the advice, approval and agreement of people who act for themselves; on both listeners.

These resources alone work where the policy in force decides nothing, so that somebody can agree to going back.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from register.central import consenting
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.consenting import Consenting
from register.central.web.api import IdempotencyKey
from register.central.web.identify import Identify, frozen
from register.wire import Advies, Beleid, Goedkeuring, Leestabel, Voorstel, VoorstelGezet

_Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def routes(centre: Centre, identify: Identify, door: str) -> APIRouter:
    """Reading policy, and consenting to it, for whoever `identify` recognises.

    Args:
        centre: the register.
        identify: works where the policy in force decides nothing.
        door: `sessie` or `node`, as the log tells it.
    """
    router = APIRouter(prefix="/v1/beleid", tags=["beleid"])
    now = frozen(centre, mending=True)

    def consenting_person(acting: Acting = Depends(identify)) -> Consenting:
        return Consenting(acting, door)

    who = Depends(consenting_person)

    @router.get("", response_model_exclude_none=True)
    def in_force(person: Consenting = who, here: Centre = now) -> Beleid:
        return consenting.policy_now(here, person)

    @router.get("/voorstellen/{nummer}", response_model_exclude_none=True)
    def read(nummer: _Number, person: Consenting = who, here: Centre = now) -> Voorstel:
        return consenting.proposal_of(here, person, nummer)

    @router.get("/voorstellen/{nummer}/leestabel", response_model_exclude_none=True)
    def table(
        nummer: _Number,
        rol: Annotated[str, Query(pattern=r"^[a-z_]{1,64}$")],
        person: Consenting = who,
        here: Centre = now,
    ) -> Leestabel:
        return consenting.reading_table(here, person, nummer, rol)

    @router.post("/voorstellen/{nummer}/adviezen", status_code=201)
    def advise(
        nummer: _Number,
        sent: Advies,
        idempotency_key: IdempotencyKey,
        person: Consenting = who,
        here: Centre = now,
    ) -> VoorstelGezet:
        del idempotency_key  # advice given twice is advice
        return consenting.advise(here, person, nummer, objection=sent.bezwaar, text=sent.toelichting)

    @router.post("/voorstellen/{nummer}/goedkeuringen", status_code=201)
    def approve(
        nummer: _Number,
        sent: Goedkeuring,
        idempotency_key: IdempotencyKey,
        person: Consenting = who,
        here: Centre = now,
    ) -> VoorstelGezet:
        del idempotency_key  # approving twice is approving
        return consenting.approve(here, person, nummer, sent.kenmerk)

    @router.post("/stappen/{nummer}/akkoorden", status_code=201)
    def agree(
        nummer: _Number, idempotency_key: IdempotencyKey, person: Consenting = who, here: Centre = now
    ) -> VoorstelGezet:
        del idempotency_key  # agreeing twice is agreeing
        return consenting.agree_to_return(here, person, nummer)

    return router

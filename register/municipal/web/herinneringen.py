# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/herinneringen` of the node: what waits for the person who signed in (docs/spec/node-api.md)."""

from typing import Annotated

from fastapi import APIRouter, Depends

from register.municipal.house import Seat
from register.municipal.reminding import told
from register.municipal.web.who import Who
from register.wire import Herinneringen


def routes(who: Who) -> APIRouter:
    """The resource."""
    router = APIRouter(prefix="/v1/herinneringen", tags=["herinneringen"])

    @router.get("")
    def reminders(seat: Annotated[Seat, Depends(who.seat)]) -> Herinneringen:
        found = seat.desk.reminders.of(seat.account.officer, seat.account.role)
        return Herinneringen(herinneringen=[told(one) for one in found])

    return router

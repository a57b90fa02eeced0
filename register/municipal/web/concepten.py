# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/concepten` of the node: forms that were put aside for a day (docs/spec/node-api.md)."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.municipal.drafts import Aside
from register.municipal.house import Seat
from register.municipal.web.forms import SIGNAL_INPUTS
from register.municipal.web.who import RequestKey, Who
from register.municipal.wire import Concept, ConceptInhoud, ConceptInvoer, ConceptLijst


def routes(who: Who) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1/concepten", tags=["concepten"])

    @router.post("", status_code=201)
    def keep(
        sent: ConceptInvoer, seat: Annotated[Seat, Depends(who.seat)], request_key: RequestKey = None
    ) -> Concept:
        _require_inputs(sent.velden)
        inputs = {name: tuple(texts) for name, texts in sent.velden.items()}
        return Concept(**_members(seat, seat.desk.drafting.keep(seat.account, inputs, request_key)))

    @router.get("")
    def drafts(seat: Annotated[Seat, Depends(who.seat)]) -> ConceptLijst:
        found = seat.desk.drafting.all(seat.account)
        return ConceptLijst(concepten=[Concept(**_members(seat, one)) for one in found])

    @router.get("/{concept_id}")
    def draft(concept_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> ConceptInhoud:
        found, inputs = seat.desk.drafting.open(seat.account, concept_id)
        told = {name: list(texts) for name, texts in inputs.items()}
        return ConceptInhoud(**_members(seat, found), velden=told)

    @router.delete("/{concept_id}", status_code=204)
    def discard(concept_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> Response:
        seat.desk.drafting.discard(seat.account, concept_id)
        return Response(status_code=204)

    return router


def _members(seat: Seat, draft: Aside) -> dict[str, object]:
    return {
        "concept_id": draft.draft_id,
        "gemaakt_op": draft.created_at,
        "verloopt_op": draft.expires_at,
        "medewerker": draft.officer,
        "eigen": draft.officer == seat.account.officer,
    }


def _require_inputs(names: Iterable[str]) -> None:
    # A name of the caller's own would be free text, and is not repeated.
    if not set(names) <= SIGNAL_INPUTS:
        raise Refusal(
            400,
            "ongeldige-invoer",
            _("Het verzoek klopt niet."),
            _("Een concept heeft alleen de velden van het formulier voor een signaal."),
            way_forward=_("Laat andere velden weg en verstuur opnieuw."),
            fields=(FieldError("velden", _("Hier staat een veld dat het formulier niet heeft.")),),
        )

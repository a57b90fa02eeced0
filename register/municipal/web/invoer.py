# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/invoer` of the node: many records of a municipality's own system, from a file or one by one (docs/spec/import.md), and the FG's flags.

Columns are the sender's own; what they mean stands in the mapping with which an import is opened. Rows are answered in order, each with what became of it.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.municipal.accounts import require
from register.municipal.house import Seat
from register.municipal.intake import Record, Result
from register.municipal.limits import LARGEST_NUMBER
from register.municipal.provenance import FLAGS, FlagKind, Shape
from register.municipal.store.imports import Counts, Intake
from register.municipal.web.who import PASSED_ON, RequestKey, Who
from register.municipal.wire import (
    GeweigerdeRij,
    GeweigerdeRijen,
    Invoer,
    InvoerOpenen,
    InvoerProef,
    InvoerRij,
    InvoerRijen,
    InvoerStand,
    InvoerUitkomst,
    ProefUitkomst,
    RedenTelling,
    RijReden,
    RijTelling,
    RijUitkomst,
    Vlag,
    Vlaggen,
)

_PAGE = 500


def routes(who: Who) -> list[APIRouter]:
    """The resources of an import."""
    return [_imports(who), _flags(who)]


def _imports(who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1/invoer", tags=["invoer"], responses=PASSED_ON)

    @router.post("", status_code=201, response_model_exclude_none=True)
    def open_import(sent: InvoerOpenen, seat: Annotated[Seat, Depends(who.seat)]) -> Invoer:
        seat.desk.require_own(sent.organisatie)
        _require_both(sent)
        document = sent.mapping.model_dump(by_alias=True)
        shape = Shape(sent.rijen, sent.vorm.alleen_kenteken)
        return Invoer(**_members(seat.desk.taking_in.open(seat.account, document, sent.bestand, shape)))

    @router.post("/proef", response_model_exclude_none=True)
    def dry_run(sent: InvoerProef, seat: Annotated[Seat, Depends(who.seat)]) -> ProefUitkomst:
        seat.desk.require_own(sent.organisatie)
        foreseen = seat.desk.taking_in.foresee(
            seat.account,
            sent.mapping.model_dump(by_alias=True),
            Shape(sent.totaal, sent.vorm.alleen_kenteken),
            [_record(one, None) for one in sent.rijen],
        )
        return ProefUitkomst(
            uitkomsten=[_result(one) for one in foreseen.results], seconden_per_rij=foreseen.seconds_a_row
        )

    @router.get("/{invoer_id}", response_model_exclude_none=True)
    def standing(invoer_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> InvoerStand:
        intake = seat.desk.taking_in.find(seat.account, invoer_id)
        reasons = seat.desk.taking_in.imports.reasons(invoer_id)
        told = [RedenTelling(reden=reason, aantal=times) for reason, times in reasons]
        return InvoerStand(**_members(intake), redenen=told)

    @router.get("/{invoer_id}/geweigerd")
    def refused(
        invoer_id: UUID,
        seat: Annotated[Seat, Depends(who.seat)],
        na_rij: Annotated[int, Query(alias="naRij", ge=0, le=LARGEST_NUMBER)] = 0,
        na_nummer: Annotated[int, Query(alias="naNummer", ge=-1, le=LARGEST_NUMBER)] = -1,
    ) -> GeweigerdeRijen:
        seat.desk.taking_in.find(seat.account, invoer_id)
        found = seat.desk.taking_in.imports.refused(invoer_id, (na_rij, na_nummer), _PAGE + 1)
        rows = [
            GeweigerdeRij(rij=one.row, nummer=place, kolom=one.field, reden=one.reason)
            for place, one in found[:_PAGE]
        ]
        return GeweigerdeRijen(rijen=rows, meer=len(found) > _PAGE)

    @router.post("/{invoer_id}/rijen", response_model_exclude_none=True)
    def take(
        invoer_id: UUID,
        sent: InvoerRijen,
        seat: Annotated[Seat, Depends(who.seat)],
        request_key: RequestKey = None,
    ) -> InvoerUitkomst:
        if request_key is not None and len(sent.rijen) > 1:
            raise _one_key()
        taken = seat.desk.taking_in.take(
            seat.account, invoer_id, [_record(one, request_key) for one in sent.rijen]
        )
        return InvoerUitkomst(
            uitkomsten=[_result(one) for one in taken.results],
            volgende_rij=taken.intake.next_row,
            tellingen=_tally(taken.intake.counts),
            wacht_seconden=taken.pause,
            wacht_op=taken.why,
        )

    return router


def _flags(who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1/vlaggen", tags=["vlaggen"])

    @router.get("")
    def flags(seat: Annotated[Seat, Depends(who.seat)]) -> Vlaggen:
        require(seat.account, "logboek_beoordelen")
        return Vlaggen(
            vlaggen=[
                Vlag(
                    soort=one.kind,
                    uitleg=FLAGS[FlagKind(one.kind)],
                    medewerker=one.officer,
                    moment=one.at,
                    aantallen=dict(one.counts),
                )
                for one in seat.desk.taking_in.flags.flags()
            ]
        )

    return router


def _record(sent: InvoerRij, request_key: str | None) -> Record:
    return Record(sent.rij, sent.velden, sent.sleutel or request_key)


def _result(one: Result) -> RijUitkomst:
    return RijUitkomst(
        rij=one.number,
        uitkomst=one.outcome.value,
        signaal_id=one.signal_id,
        redenen=[RijReden(kolom=error.field, reden=error.reason) for error in one.problems],
    )


def _members(intake: Intake) -> dict[str, object]:
    return {
        "invoer_id": intake.intake_id,
        "herkomst": intake.origin,
        "rijen": intake.total,
        "volgende_rij": intake.next_row,
        "klaar": intake.finished_at is not None,
        "tellingen": _tally(intake.counts),
    }


def _tally(counts: Counts) -> RijTelling:
    return RijTelling(
        bewaard=counts.stored, herhaald=counts.repeated, wacht=counts.waiting, geweigerd=counts.refused
    )


def _require_both(sent: InvoerOpenen) -> None:
    if (sent.bestand is None) == (sent.rijen is None):
        return
    reason = _("Geef bij een bestand bestand en rijen allebei, en anders geen van beide.")
    raise Refusal(
        400,
        "ongeldige-invoer",
        _("De invoer is niet geopend."),
        _("Er is niets opgeslagen."),
        way_forward=_("Vul de genoemde velden in en open de invoer opnieuw."),
        fields=(FieldError("rijen" if sent.rijen is None else "bestand", reason),),
    )


def _one_key() -> Refusal:
    reason = _("Eén sleutel hoort bij één rij. Geef elke rij een eigen sleutel in `sleutel`.")
    return Refusal(
        400,
        "ongeldige-invoer",
        _("De rijen zijn niet verwerkt."),
        _("Er is niets opgeslagen."),
        way_forward=_("Stuur één rij tegelijk, of geef elke rij een eigen sleutel."),
        fields=(FieldError("Idempotency-Key", reason),),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/signalen` of the node, beyond submitting: how signals stand, opening one, trying again, throwing away (docs/spec/node-api.md)."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.municipal.casebook import Entry, Kept
from register.municipal.consulting import Seen
from register.municipal.house import Seat
from register.municipal.observations import Draft, written
from register.municipal.outbox import Delivered, Row, State, Waiting, explanation
from register.municipal.store.casebook import Cursor
from register.municipal.submitting import Withdrawn
from register.municipal.web.who import PASSED_ON, RequestKey, Who
from register.municipal.wire import (
    GezienSignaal,
    GezienSubject,
    IntrekkingUitkomst,
    Inzage,
    InzageRegel,
    InzageVraag,
    SignaalStanden,
    SignaalTelling,
    SignaalWacht,
    Weigering,
)
from register.wire import SignaalIngediend

WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": SignaalWacht, "description": "Het signaal staat veilig op deze node en wacht."}
}
STORED = "bewaard"
_CURSOR = "%Y%m%dT%H%M%S%fZ"

State_ = Annotated[str | None, Query(pattern="^(wacht|onderweg|geweigerd|bewaard)$")]
After = Annotated[str | None, Query(pattern=r"^\d{8}T\d{12}Z-[0-9a-f]{32}$")]


def routes(who: Who) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1/signalen", tags=["signalen"], responses=PASSED_ON)

    @router.get("", response_model_exclude_none=True)
    def standing(
        seat: Annotated[Seat, Depends(who.seat)], staat: State_ = None, na: After = None
    ) -> SignaalStanden:
        return _standing(seat, staat, na)

    @router.post("/{signaal_id}/inzagen", status_code=201, response_model_exclude_none=True)
    def look(
        signaal_id: UUID,
        sent: InzageVraag,
        seat: Annotated[Seat, Depends(who.seat)],
        request_key: RequestKey = None,
    ) -> Inzage:
        return _seen(seat, seat.desk.consulting.look(seat.account, signaal_id, sent.reden, request_key))

    @router.post("/{signaal_id}/pogingen", status_code=201, responses=WAITS, response_model_exclude_none=True)
    def retry(
        signaal_id: UUID, seat: Annotated[Seat, Depends(who.seat)], response: Response
    ) -> SignaalIngediend | SignaalWacht:
        return told(seat.desk.submitting.retry(seat.account, signaal_id), seat, response)

    @router.delete("/{signaal_id}", status_code=204)
    def discard(signaal_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> Response:
        seat.desk.submitting.discard(seat.account, signaal_id)
        return Response(status_code=204)

    return router


def told(outcome: Delivered | Waiting, seat: Seat, response: Response) -> SignaalIngediend | SignaalWacht:
    """What became of a submission: acknowledged, or 202 for one that waits."""
    if isinstance(outcome, Delivered):
        return outcome.answer
    response.status_code = 202
    return _row(seat, outcome.row)


def withdrawn(done: Withdrawn) -> IntrekkingUitkomst:
    """That a signal was withdrawn."""
    if done.answer is None:
        return IntrekkingUitkomst(
            signaal_id=done.signal_id,
            toelichting=_(
                "Ingetrokken. Het signaal is nooit in het register gekomen en wordt niet meer verstuurd."
            ),
        )
    return IntrekkingUitkomst(
        signaal_id=done.signal_id,
        toelichting=_("Ingetrokken. Het signaal telt nergens meer mee."),
        logbewijs=done.answer.logbewijs,
    )


def _standing(seat: Seat, state: str | None, after: str | None) -> SignaalStanden:
    found = seat.desk.consulting.standing(
        seat.account,
        stored=state == STORED,
        state=None if state in {None, STORED} else State(state),
        after=None if after is None else _cursor(after),
    )
    return SignaalStanden(
        signalen=[
            *(_row(seat, one) for one in found.waiting),
            *(_entry(seat, one) for one in found.entries),
        ],
        aantallen=SignaalTelling(**{one.value: found.counts[one] for one in State}, bewaard=found.stored),
        volgende=None if found.more is None else f"{found.more[0]:{_CURSOR}}-{found.more[1].hex}",
    )


def _cursor(text: str) -> Cursor:
    moment, _dash, signal = text.partition("-")
    try:
        return datetime.strptime(moment, _CURSOR).replace(tzinfo=UTC), UUID(hex=signal)
    except ValueError:
        raise Refusal(
            400,
            "ongeldige-invoer",
            _("Het verzoek klopt niet."),
            _("Deze bladzijde bestaat niet."),
            way_forward=_("Begin bij de eerste bladzijde, zonder `na`."),
            fields=(FieldError("na", _("Dit is geen begin van een bladzijde.")),),
        ) from None


def _row(seat: Seat, row: Row) -> SignaalWacht:
    now = seat.desk.clock()
    state = row.state_at(now)
    return SignaalWacht(
        signaal_id=row.signal_id,
        versie=row.version,
        staat=state.value,
        toelichting=explanation(row, now),
        medewerker=row.officer,
        eigen=row.officer == seat.account.officer,
        sinds=row.first_processed_at,
        verloopt_op=row.expires_on,
        volgende_poging=row.next_at if state is State.WAITS else None,
        pogingen=row.attempts,
        misschien_bewaard=row.maybe,
        te_verbeteren=row.mendable,
        reden=None if row.refusal is None else _refusal(row.refusal),
        invoer=row.run,
    )


def _refusal(kept: bytes) -> Weigering:
    members = json.loads(kept)
    return Weigering.model_validate(
        {name: members[name] for name in ("code", "title", "detail", "wegVooruit", "velden")}
        | {"regel": members.get("regel")}
    )


def _entry(seat: Seat, entry: Entry) -> SignaalWacht:
    return SignaalWacht(
        signaal_id=entry.signal_id,
        versie=entry.version,
        staat=STORED,
        toelichting=_("Het register heeft dit signaal.")
        if entry.acknowledged
        else _("Dit signaal is misschien al bewaard; wij kregen geen bevestiging."),
        medewerker=entry.officer,
        eigen=entry.officer == seat.account.officer,
        sinds=entry.first_processed_at,
        verloopt_op=entry.expires_on,
        misschien_bewaard=not entry.acknowledged,
        invoer=entry.run,
    )


def _seen(seat: Seat, seen: Seen) -> Inzage:
    record = seen.record
    return Inzage(
        signaal_id=record.signal_id,
        staat=record.state_at(seat.desk.clock()).value if isinstance(record, Row) else STORED,
        sinds=record.first_processed_at,
        verloopt_op=record.expires_on,
        medewerker=record.officer,
        eigen=record.officer == seat.account.officer,
        met_kenmerken=seen.attributes and seen.kept.draft is not None,
        signaal=_signal(seen.kept, attributes=seen.attributes).model_copy(update={"verhaal": seen.narrative}),
        inzagen=[
            InzageRegel(
                moment=one.at,
                medewerker=one.officer,
                rol=one.role,
                reden=one.reason,
                met_kenmerken=one.attributes,
            )
            for one in seen.looks
        ],
    )


def _signal(kept: Kept, *, attributes: bool) -> GezienSignaal:
    if kept.draft is None:
        return _codes(kept)
    return _whole(kept.draft, attributes=attributes)


def _whole(draft: Draft, *, attributes: bool) -> GezienSignaal:
    members: dict[str, Any] = dict(written(draft) or {})
    if not attributes:
        members["subjecten"] = [one | {"kenmerken": []} for one in members["subjecten"]]
    return GezienSignaal.model_validate(members)


def _codes(kept: Kept) -> GezienSignaal:
    seen = kept.observation
    return GezienSignaal(
        subjecten=[GezienSubject(rol=role) for _ref, role in seen.roles],
        waargenomen=kept.observed_on,
        waarneming_grondslag=seen.basis,
        controlesoort=seen.control_type,
        uitbuitingsvorm=seen.form,
        aanwijzingen=list(seen.indicators),
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What waits for the aandachtsfunctionaris: `/v1/berichten` and beside it, and the page (docs/spec/node-api.md)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from process.problem import Refusal
from register.municipal.changes import WISHES, Wish
from register.municipal.house import Seat
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import PASSED_ON, RequestKey, Who
from register.municipal.wire import Postbus, WijzigingGevraagd, Wijzigingsverzoek, Wijzigingsverzoeken
from register.notices import FOLLOWING, LATER_SEEN, LONGEST_TERM, VALIDATE
from register.wire import (
    Antwoord,
    Attendering,
    AttenderingGedaan,
    AttenderingLijst,
    BerichtAfhandelen,
    Berichten,
    BerichtGelezen,
    SignaalBevestigd,
)
from register.words import day

_NOBODYS = str(UUID(int=0))


def routes(who: Who) -> list[APIRouter]:
    """The resources."""
    return [_notices(who), _own_signals(who), _following(who), _wishes(who)]


def _notices(who: Who) -> APIRouter:
    router, seat_of = APIRouter(prefix="/v1", tags=["berichten"], responses=PASSED_ON), who.seat

    @router.get("/berichten")
    def waiting(seat: Annotated[Seat, Depends(seat_of)]) -> Berichten:
        return seat.desk.messages.waiting(seat.account)

    @router.post("/berichten/afhandelingen", status_code=201)
    def finish(sent: BerichtAfhandelen, seat: Annotated[Seat, Depends(seat_of)]) -> BerichtGelezen:
        return seat.desk.messages.finish(seat.account, sent.soort, sent.over_id)

    @router.get("/postbus", response_model_exclude_none=True)
    def mailbox(seat: Annotated[Seat, Depends(seat_of)]) -> Postbus:
        return Postbus(postbus=seat.desk.announcing.mailbox(seat.account))

    @router.post("/postbus", status_code=201, response_model_exclude_none=True)
    def put_mailbox(sent: Postbus, seat: Annotated[Seat, Depends(seat_of)]) -> Postbus:
        seat.desk.announcing.put_mailbox(seat.account, sent.postbus)
        return sent

    return router


def _own_signals(who: Who) -> APIRouter:
    router, seat_of = APIRouter(prefix="/v1", tags=["berichten"], responses=PASSED_ON), who.seat

    @router.post("/signalen/{signaal_id}/bevragingen", response_model_exclude_none=True)
    def ask_again(
        signaal_id: UUID, seat: Annotated[Seat, Depends(seat_of)], request_key: RequestKey = None
    ) -> Antwoord:
        return seat.desk.messages.ask_again(seat.account, signaal_id, request_key)

    @router.post("/signalen/{signaal_id}/bevestigingen", status_code=201)
    def still_true(signaal_id: UUID, seat: Annotated[Seat, Depends(seat_of)]) -> SignaalBevestigd:
        return seat.desk.messages.still_true(seat.account, signaal_id)

    return router


def _wishes(who: Who) -> APIRouter:
    router, seat_of = APIRouter(prefix="/v1", tags=["berichten"], responses=PASSED_ON), who.seat

    @router.get("/wijzigingsverzoeken")
    def wishes(seat: Annotated[Seat, Depends(seat_of)]) -> Wijzigingsverzoeken:
        found = seat.desk.changes.waiting(seat.account)
        return Wijzigingsverzoeken(verzoeken=[_wish(one) for one in found])

    @router.post("/wijzigingsverzoeken", status_code=201)
    def wish(sent: Wijzigingsverzoek, seat: Annotated[Seat, Depends(seat_of)]) -> WijzigingGevraagd:
        return _wish(seat.desk.changes.ask(seat.account, sent.signaal_id, sent.wens))

    @router.delete("/wijzigingsverzoeken/{signaal_id}", status_code=204)
    def settle(signaal_id: UUID, seat: Annotated[Seat, Depends(seat_of)]) -> Response:
        seat.desk.changes.settle(seat.account, signaal_id)
        return Response(status_code=204)

    return router


def _following(who: Who) -> APIRouter:
    router, seat_of = APIRouter(prefix="/v1", tags=["berichten"], responses=PASSED_ON), who.seat

    @router.get("/attenderingen")
    def following(seat: Annotated[Seat, Depends(seat_of)]) -> AttenderingLijst:
        return seat.desk.messages.following(seat.account)

    @router.post("/attenderingen", status_code=201)
    def follow(
        sent: Attendering, seat: Annotated[Seat, Depends(seat_of)], request_key: RequestKey = None
    ) -> AttenderingGedaan:
        seat.desk.require_own(sent.organisatie)
        return seat.desk.messages.follow(seat.account, sent, request_key)

    @router.post("/attenderingen/{attendering_id}/beeindigingen", status_code=201)
    def unfollow(attendering_id: UUID, seat: Annotated[Seat, Depends(seat_of)]) -> AttenderingGedaan:
        return seat.desk.messages.unfollow(seat.account, attendering_id)

    return router


def _wish(one: Wish) -> WijzigingGevraagd:
    return WijzigingGevraagd(signaal_id=one.signal_id, wens=one.wish, medewerker=one.officer, op=one.at)


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""
    pages = _Messages(visits)
    for method, path, page in (
        ("GET", "/berichten", pages.overview),
        ("POST", "/berichten/gelezen", pages.finish),
        ("POST", "/berichten/postbus", pages.put_mailbox),
        ("POST", "/berichten/navragen", pages.ask_again),
        ("POST", "/berichten/bevestigen", pages.still_true),
        ("POST", "/berichten/volgen", pages.follow),
        ("POST", "/berichten/loslaten", pages.unfollow),
        ("POST", "/berichten/wijziging-klaar", pages.settle),
        ("POST", "/dossier/{signaal}/wijziging-vragen", pages.wish),
    ):
        visits.add(method, path, page)


class _Messages:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def overview(self, visit: Visit, _filled: Filled) -> Response:
        """What waits, what is followed, and where e-mail goes."""
        return await self._overview(visit)

    async def _overview(self, visit: Visit, refusal: Refusal | None = None) -> Response:
        call = self._visits.call
        found = await call(visit, "GET", "/v1/berichten")
        following = await call(visit, "GET", "/v1/attenderingen")
        mailbox = await call(visit, "GET", "/v1/postbus")
        wishes = await call(visit, "GET", "/v1/wijzigingsverzoeken")
        return self._visits.show(
            "berichten.html",
            visit,
            refusal.status if refusal else 200,
            refusal=refusal,
            kinds=[
                (one, [each for each in found["berichten"] if each["soort"] == one["soort"]])
                for one in found["soorten"]
            ],
            own={LATER_SEEN, VALIDATE},
            validating=VALIDATE,
            following=following["attenderingen"],
            wishes=[(one, WISHES.get(one["wens"], one["wens"])) for one in wishes["verzoeken"]],
            reasons=FOLLOWING,
            longest=LONGEST_TERM,
            mailbox=mailbox.get("postbus", ""),
            mails=visit.desk.announcing.mail is not None,
            day=day,
        )

    async def finish(self, visit: Visit, filled: Filled) -> Response:
        """It was read."""
        sent = {"soort": filled.text("soort") or "-", "overId": _number(filled, "over")}
        await self._visits.call(visit, "POST", "/v1/berichten/afhandelingen", sent)
        return RedirectResponse("/berichten", 303)

    async def put_mailbox(self, visit: Visit, filled: Filled) -> Response:
        """Where e-mail goes, or nowhere."""
        sent = {"postbus": filled.text("postbus")} if filled.text("postbus") else {}
        try:
            await self._visits.call(visit, "POST", "/v1/postbus", sent)
        except Refusal as refusal:
            if refusal.status != 400:
                raise
            return await self._overview(visit, refusal)
        return RedirectResponse("/berichten", 303)

    async def ask_again(self, visit: Visit, filled: Filled) -> Response:
        """Ask with an own signal."""
        number = _number(filled, "signaal")
        answer: dict[str, Any] = await self._visits.call(
            visit, "POST", f"/v1/signalen/{number}/bevragingen", {}
        )
        return self._visits.show("navraag.html", visit, answer=answer, number=number)

    async def still_true(self, visit: Visit, filled: Filled) -> Response:
        """An own signal is still true."""
        await self._visits.call(visit, "POST", f"/v1/signalen/{_number(filled, 'signaal')}/bevestigingen", {})
        return RedirectResponse("/berichten", 303)

    async def follow(self, visit: Visit, filled: Filled) -> Response:
        """Set a standing question."""
        text = filled.text("dagen")
        sent = {
            "organisatie": visit.desk.organisation,
            "over": filled.text("over") or "signaal",
            "overId": _number(filled, "nummer"),
            "reden": filled.text("reden") or "-",
            "dagen": int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0,
            "uitdrukkelijk": filled.text("uitdrukkelijk") == "ja" or "ja" in filled.many("uitdrukkelijk"),
        }
        try:
            await self._visits.call(visit, "POST", "/v1/attenderingen", sent)
        except Refusal as refusal:
            if refusal.status != 400:
                raise
            return await self._overview(visit, refusal)
        return RedirectResponse("/berichten", 303)

    async def settle(self, visit: Visit, filled: Filled) -> Response:
        """What a colleague asked is dealt with."""
        await self._visits.call(visit, "DELETE", f"/v1/wijzigingsverzoeken/{_number(filled, 'signaal')}")
        return RedirectResponse("/berichten", 303)

    async def wish(self, visit: Visit, filled: Filled) -> Response:
        """Ask for a change of an own signal."""
        sent = {"signaalId": visit.path.split("/")[2], "wens": filled.text("wens") or "-"}
        await self._visits.call(visit, "POST", "/v1/wijzigingsverzoeken", sent)
        return RedirectResponse("/dossier", 303)

    async def unfollow(self, visit: Visit, filled: Filled) -> Response:
        """End a standing question."""
        number = _number(filled, "attendering")
        await self._visits.call(visit, "POST", f"/v1/attenderingen/{number}/beeindigingen", {})
        return RedirectResponse("/berichten", 303)


def _number(filled: Filled, name: str) -> str:
    try:
        return str(UUID(filled.text(name)))
    except ValueError:
        return _NOBODYS

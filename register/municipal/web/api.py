# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1` of the node: sessions, controls, questions, signals, treffers, releases, withdrawals and receipts (docs/spec/node-api.md).

A request carries `Authorization: Bearer TOKEN`; the pages' cookie opens nothing here, so no other site can make a browser ask. Each function takes its
desk from the session (`register.municipal.web.who`), reads the message, calls one use case, and writes the answer.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from audit.checkpoint import LARGEST_SIZE
from process.serving.described import refusals
from register.door import api as door
from register.door.api import source_of
from register.door.door import Answer
from register.door.wire import TweedeStap, TweedeStapGevraagd, TweedeStapNodig, TweedeStapOpties
from register.municipal.asking import Question
from register.municipal.attributes import Given, typed
from register.municipal.clients import RegisterAwayError
from register.municipal.controls import Control, latest_date
from register.municipal.delivering import PURPOSE
from register.municipal.desk import Desk
from register.municipal.house import House, Seat
from register.municipal.observations import Draft, SubjectGiven
from register.municipal.people import Halfway
from register.municipal.receipts import LogBreak, places
from register.municipal.web import concepten, dossier
from register.municipal.web.who import PASSED_ON, RequestKey, Who
from register.municipal.wire import (
    BevragingAntwoord,
    BevragingVraag,
    BewijsBestand,
    Controle,
    ControleLijst,
    ControleOpenen,
    ControleSoort,
    Grondslagen,
    IntrekkingInvoer,
    IntrekkingUitkomst,
    Kenmerk,
    Logbreuk,
    NoodopeningInvoer,
    Ontvangstbewijzen,
    Sessie,
    SessieAanvraag,
    SignaalBewaard,
    SignaalInvoer,
    SignaalWacht,
    UitDocument,
    VrijgaveInvoer,
)
from register.municipal.zones import Opened, Reading, opened
from register.wire import (
    Fase2Stand,
    NoodopeningGedaan,
    TrefferLijst,
)


def routes(house: House, who: Who) -> list[APIRouter]:
    """The resources of the interface."""
    return [
        _sessions(house, who),
        _controls(who),
        _signals(who),
        _treffers(who),
        _receipts(who),
        door.routes(who.inside),
        dossier.routes(who),
        concepten.routes(who),
    ]


def _sessions(house: House, who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1/sessies", tags=["sessies"], responses=refusals(401, 403, 429))

    @router.post("", status_code=201, responses={202: {"model": TweedeStapNodig}})
    def log_in(sent: SessieAanvraag, request: Request, response: Response) -> Sessie | TweedeStapNodig:
        passed = house.sign_in(sent.organisatie, sent.naam, sent.wachtwoord, source_of(request))
        if isinstance(passed, Halfway):
            response.status_code = 202
            return TweedeStapNodig(
                aanmelding=passed.token, middelen=list(passed.way.methods), verloopt_op=passed.way.until
            )
        return _session(passed)

    @router.post("/tweede-stap", status_code=201)
    def second_step(sent: TweedeStap, request: Request) -> Sessie:
        answer = Answer(sent.code, sent.herstelcode, sent.passkey)
        return _session(house.second_step(sent.aanmelding, answer, who.site(request)))

    @router.post("/tweede-stap/opties", response_model_exclude_none=True)
    def options(sent: TweedeStapOpties, request: Request) -> TweedeStapGevraagd:
        desk = house.desk_of_half(sent.aanmelding)
        way, asked = desk.people.asked(sent.aanmelding, who.site(request))
        return TweedeStapGevraagd(
            middelen=list(way.methods), verloopt_op=way.until, passkey=None if asked is None else dict(asked)
        )

    @router.delete("/huidige", status_code=204)
    def log_out(seat: Annotated[Seat, Depends(who.anyhow)]) -> Response:
        seat.desk.people.log_out(seat.logged_in.token)
        return Response(status_code=204)

    return router


def _session(seat: Seat) -> Sessie:
    return Sessie(
        token=seat.logged_in.token,
        verloopt_op=seat.logged_in.until,
        medewerker=seat.account.officer,
        rol=seat.account.role,
        organisatie=seat.desk.organisation,
        volledig=seat.logged_in.complete,
    )


def _controls(who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1/controles", tags=["controles"])

    @router.post("", status_code=201)
    def open_control(sent: ControleOpenen, seat: Annotated[Seat, Depends(who.seat)]) -> Controle:
        control = seat.desk.open_control(
            seat.account, sent.waarneming_grondslag, sent.controlesoort, sent.plaats, planned=sent.gepland
        )
        return _control(control)

    @router.get("")
    def controls(seat: Annotated[Seat, Depends(who.seat)]) -> ControleLijst:
        return ControleLijst(
            controles=[_control(one) for one in seat.desk.controls(seat.account)],
            gebruikelijk=[
                ControleSoort(waarneming_grondslag=basis, controlesoort=kind)
                for basis, kind in seat.desk.usual_controls(seat.account)
            ],
        )

    return router


def _signals(who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["signalen"], responses=PASSED_ON)

    @router.post("/bevragingen", response_model_exclude_none=True)
    def ask(
        sent: BevragingVraag,
        seat: Annotated[Seat, Depends(who.seat)],
        request_key: RequestKey = None,
    ) -> BevragingAntwoord:
        seat.desk.require_own(sent.organisatie)
        read = opened_attributes(sent.kenmerken, "kenmerken", seat.desk)
        answer = seat.desk.asking.ask(seat.account, _question(sent, read.given), request_key)
        return answer.model_copy(update={"uit_document": _readings(read.readings)})

    @router.post("/signalen", status_code=201, responses=dossier.WAITS, response_model_exclude_none=True)
    def submit(
        sent: SignaalInvoer,
        seat: Annotated[Seat, Depends(who.seat)],
        response: Response,
        request_key: RequestKey = None,
    ) -> SignaalBewaard | SignaalWacht:
        seat.desk.require_own(sent.organisatie)
        draft, readings = _draft(sent, seat.desk)
        if sent.corrigeert is None:
            outcome = seat.desk.submitting.submit(seat.account, draft, request_key, mends=sent.vervangt)
        else:
            outcome = seat.desk.submitting.correct(seat.account, sent.corrigeert, draft, sent.correctie or "")
        if sent.concept is not None:
            seat.desk.drafting.let_go(seat.account, sent.concept)
        read = _readings(readings)
        told = dossier.told(outcome, seat, response)
        if isinstance(told, SignaalWacht):
            return told.model_copy(update={"uit_document": read})
        return SignaalBewaard(**dict(told), uit_document=read)

    return router


def _treffers(who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["treffers"], responses=PASSED_ON)

    @router.get("/grondslagen")
    def grounds(
        seat: Annotated[Seat, Depends(who.seat)],
        doel: Annotated[str, Query(pattern="^[a-z_]{3,40}$")] = PURPOSE,
    ) -> Grondslagen:
        return Grondslagen(grondslagen=list(seat.desk.grounds(seat.account, doel)))

    @router.get("/treffers", response_model_exclude_none=True)
    def treffers(seat: Annotated[Seat, Depends(who.seat)]) -> TrefferLijst:
        return seat.desk.treffers(seat.account)

    @router.post("/vrijgaven", status_code=201)
    def release(sent: VrijgaveInvoer, seat: Annotated[Seat, Depends(who.seat)]) -> Fase2Stand:
        return seat.desk.submitting.release(seat.account, sent.besluit_id, sent.signaal_id)

    @router.post("/noodopeningen", status_code=201)
    def break_glass(sent: NoodopeningInvoer, seat: Annotated[Seat, Depends(who.seat)]) -> NoodopeningGedaan:
        return seat.desk.break_glass(seat.account, sent.treffer_id, sent.gevaar)

    @router.post("/intrekkingen", status_code=201, response_model_exclude_none=True)
    def withdraw(sent: IntrekkingInvoer, seat: Annotated[Seat, Depends(who.seat)]) -> IntrekkingUitkomst:
        return dossier.withdrawn(seat.desk.submitting.withdraw(seat.account, sent.signaal_id, sent.reden))

    return router


def _receipts(who: Who) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["ontvangstbewijzen"], responses=PASSED_ON)

    @router.get("/ontvangstbewijzen", response_model_exclude_none=True)
    def receipts(seat: Annotated[Seat, Depends(who.seat)]) -> Ontvangstbewijzen:
        found = seat.desk.demanding.standing()
        return Ontvangstbewijzen(
            bewezen=found.proven,
            wachtend=found.waiting,
            te_laat=list(found.overdue),
            strijdig=list(found.contradicted),
            logbreuken=[_log_break(one) for one in found.breaks],
            getuigen=found.unwitnessed or None,
        )

    @router.get("/ontvangstbewijzen/{blad}/bewijs")
    def proof(
        blad: Annotated[int, Path(ge=0, le=LARGEST_SIZE)], seat: Annotated[Seat, Depends(who.seat)]
    ) -> BewijsBestand:
        try:
            return BewijsBestand(blad=blad, bewijs=seat.desk.demanding.proof(blad).text)
        except RegisterAwayError as away:
            raise away.refusal() from None

    return router


def _log_break(found: LogBreak) -> Logbreuk:
    last, offered = places(found)
    return Logbreuk(
        soort=found.kind,
        omvang=offered,
        vorige_omvang=last,
        gezien_op=found.seen_at,
        controlepunt=found.offered.decode(),
        vorig_controlepunt=found.last.decode(),
    )


def _control(control: Control) -> Controle:
    return Controle(
        nummer=control.number,
        waarneming_grondslag=control.basis,
        controlesoort=control.control_type,
        plaats=control.place,
        gepland=control.planned,
        dag=control.day,
    )


def opened_attributes(sent: list[Kenmerk], place: str, desk: Desk) -> Opened:
    """What was sent as attributes, with machine-readable lines of documents taken apart."""
    given = [
        typed(one.soort, one.waarde, one.velden, f"{place}.{number}", desk.gates)
        for number, one in enumerate(sent)
    ]
    return opened(given, today=latest_date(desk.clock()))


def _readings(readings: Sequence[Reading]) -> list[UitDocument] | None:
    return [UitDocument(gebruikt=list(one.used), niet_gebruikt=list(one.unused)) for one in readings] or None


def _question(sent: BevragingVraag, given: tuple[Given, ...]) -> Question:
    return Question(
        given=given,
        place="kenmerken",
        kind=sent.betreft,
        purpose=sent.doel,
        control=sent.controle,
        reason=sent.reden,
        ground=sent.grondslag,
    )


def _draft(sent: SignaalInvoer, desk: Desk) -> tuple[Draft, list[Reading]]:
    subjects: list[SubjectGiven] = []
    readings: list[Reading] = []
    for number, subject in enumerate(sent.subjecten):
        place = f"subjecten.{number}.kenmerken"
        read = opened_attributes(subject.kenmerken, place, desk)
        readings += read.readings
        subjects.append(SubjectGiven(read.given, place, subject.rol, subject.soort))
    draft = Draft(
        subjects=tuple(subjects),
        observed_on=sent.waargenomen,
        basis=sent.waarneming_grondslag,
        control_type=sent.controlesoort,
        form=sent.uitbuitingsvorm,
        indicators=tuple(sent.aanwijzingen),
        source=sent.beoordeling.bron,
        information=sent.beoordeling.informatie,
        handling=sent.beoordeling.behandeling,
        tracks=sent.sporen,
        border=sent.grenscontext,
        quality=tuple(sent.kwaliteitscontrole),
        control=sent.controle,
        narrative=(sent.verhaal or "").strip() or None,
    )
    return draft, readings

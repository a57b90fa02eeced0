# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1` of the node: sessions, controls, questions, signals, treffers, releases, withdrawals and receipts (docs/spec/node-api.md).

A request carries `Authorization: Bearer TOKEN`; the pages' cookie opens nothing here, so no other site can make a browser ask. Each function reads
the message, calls one use case, and writes the answer.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from audit.checkpoint import Checkpoint
from audit.note import parse
from register.accounts import Account
from register.municipal.asking import Question
from register.municipal.attributes import Given, typed
from register.municipal.controls import Control
from register.municipal.desk import Desk
from register.municipal.people import LoggedIn
from register.municipal.receipts import LogBreak
from register.municipal.submitting import PURPOSE, Draft, SubjectGiven
from register.municipal.wire import (
    BevragingAntwoord,
    BevragingVraag,
    Controle,
    ControleLijst,
    ControleOpenen,
    Grondslagen,
    IntrekkingInvoer,
    Kenmerk,
    Logbreuk,
    Ontvangstbewijzen,
    Sessie,
    SessieAanvraag,
    SignaalInvoer,
    VrijgaveInvoer,
)
from register.wire import (
    IDEMPOTENCY_HEADER,
    Fase2Stand,
    SignaalIngediend,
    SignaalIngetrokken,
    TrefferLijst,
)

_BEARER = "Bearer "
RequestKey = Annotated[
    str | None,
    Header(
        alias=IDEMPOTENCY_HEADER,
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="Dezelfde sleutel met dezelfde inhoud: er wordt niets dubbel opgeslagen.",
    ),
]


def bearer(request: Request) -> str | None:
    """The token of a request, or None."""
    sent = request.headers.get("authorization", "")
    return sent.removeprefix(_BEARER) if sent.startswith(_BEARER) else None


class _Who:
    """Dependencies: who is behind a request."""

    def __init__(self, desk: Desk) -> None:
        self._people = desk.people

    def session(self, request: Request) -> LoggedIn:
        found = self._people.behind(bearer(request))
        request.state.officer = found.account.officer
        return found

    def account(self, request: Request) -> Account:
        return self.session(request).account


def routes(desk: Desk) -> list[APIRouter]:
    """The resources of the interface."""
    who = _Who(desk)
    return [
        _sessions(desk, who),
        _controls(desk, who),
        _signals(desk, who),
        _treffers(desk, who),
        _receipts(desk, who),
    ]


def _sessions(desk: Desk, who: _Who) -> APIRouter:
    router = APIRouter(prefix="/v1/sessies", tags=["sessies"])

    @router.post("", status_code=201)
    def log_in(sent: SessieAanvraag) -> Sessie:
        found = desk.people.log_in(sent.naam, sent.wachtwoord)
        return Sessie(
            token=found.token,
            verloopt_op=found.until,
            medewerker=found.account.officer,
            rol=found.account.role,
            organisatie=desk.organisation,
        )

    @router.delete("/huidige", status_code=204)
    def log_out(found: Annotated[LoggedIn, Depends(who.session)]) -> Response:
        desk.people.log_out(found.token)
        return Response(status_code=204)

    return router


def _controls(desk: Desk, who: _Who) -> APIRouter:
    router = APIRouter(prefix="/v1/controles", tags=["controles"])

    @router.post("", status_code=201)
    def open_control(sent: ControleOpenen, person: Annotated[Account, Depends(who.account)]) -> Controle:
        control = desk.open_control(
            person, sent.waarneming_grondslag, sent.controlesoort, sent.plaats, planned=sent.gepland
        )
        return _control(control)

    @router.get("")
    def controls(person: Annotated[Account, Depends(who.account)]) -> ControleLijst:
        return ControleLijst(controles=[_control(one) for one in desk.controls(person)])

    return router


def _signals(desk: Desk, who: _Who) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["signalen"])

    @router.post("/bevragingen", response_model_exclude_none=True)
    def ask(
        sent: BevragingVraag,
        person: Annotated[Account, Depends(who.account)],
        request_key: RequestKey = None,
    ) -> BevragingAntwoord:
        desk.require_own(sent.organisatie)
        return desk.asking.ask(person, _question(sent, desk), request_key)

    @router.post("/signalen", status_code=201)
    def submit(
        sent: SignaalInvoer,
        person: Annotated[Account, Depends(who.account)],
        request_key: RequestKey = None,
    ) -> SignaalIngediend:
        desk.require_own(sent.organisatie)
        return desk.submitting.submit(person, _draft(sent, desk), request_key)

    return router


def _treffers(desk: Desk, who: _Who) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["treffers"])

    @router.get("/grondslagen")
    def grounds(
        person: Annotated[Account, Depends(who.account)],
        doel: Annotated[str, Query(pattern="^[a-z_]{3,40}$")] = PURPOSE,
    ) -> Grondslagen:
        return Grondslagen(grondslagen=list(desk.grounds(person, doel)))

    @router.get("/treffers", response_model_exclude_none=True)
    def treffers(person: Annotated[Account, Depends(who.account)]) -> TrefferLijst:
        return desk.treffers(person)

    @router.post("/vrijgaven", status_code=201)
    def release(sent: VrijgaveInvoer, person: Annotated[Account, Depends(who.account)]) -> Fase2Stand:
        return desk.submitting.release(person, sent.besluit_id, sent.signaal_id)

    @router.post("/intrekkingen", status_code=201)
    def withdraw(
        sent: IntrekkingInvoer, person: Annotated[Account, Depends(who.account)]
    ) -> SignaalIngetrokken:
        return desk.submitting.withdraw(person, sent.signaal_id, sent.reden)

    return router


def _receipts(desk: Desk, who: _Who) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["ontvangstbewijzen"])

    @router.get("/ontvangstbewijzen", dependencies=[Depends(who.account)])
    def receipts() -> Ontvangstbewijzen:
        found = desk.demanding.standing()
        return Ontvangstbewijzen(
            bewezen=found.proven,
            wachtend=found.waiting,
            te_laat=list(found.overdue),
            strijdig=list(found.contradicted),
            logbreuken=[_log_break(one) for one in found.breaks],
        )

    return router


def _log_break(found: LogBreak) -> Logbreuk:
    last, offered = found.last.decode(), found.offered.decode()
    return Logbreuk(
        soort=found.kind,
        omvang=Checkpoint.from_text(parse(offered).text).size,
        vorige_omvang=Checkpoint.from_text(parse(last).text).size,
        gezien_op=found.seen_at,
        controlepunt=offered,
        vorig_controlepunt=last,
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


def _given(sent: list[Kenmerk], place: str, desk: Desk) -> tuple[Given, ...]:
    return tuple(
        typed(one.soort, one.waarde, one.velden, f"{place}.{number}", desk.gates)
        for number, one in enumerate(sent)
    )


def _question(sent: BevragingVraag, desk: Desk) -> Question:
    return Question(
        given=_given(sent.kenmerken, "kenmerken", desk),
        place="kenmerken",
        kind=sent.betreft,
        purpose=sent.doel,
        control=sent.controle,
        reason=sent.reden,
        ground=sent.grondslag,
    )


def _draft(sent: SignaalInvoer, desk: Desk) -> Draft:
    subjects = []
    for number, subject in enumerate(sent.subjecten):
        place = f"subjecten.{number}.kenmerken"
        subjects.append(
            SubjectGiven(_given(subject.kenmerken, place, desk), place, subject.rol, subject.soort)
        )
    return Draft(
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
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The resources under `/v1`, each a few lines: who, what, the use case, the answer.

What policy did not open is absent from the JSON (`exclude_none`). An idempotency key is required on every write.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from gettext import gettext as _
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from audit.canonical import base64_text
from audit.cosignature import PolicyWitness
from process.problem import UnloggedRefusal
from process.serving.described import refusals
from register.accounts import Passwords
from register.activities import activities
from register.central import (
    agenda,
    asking,
    asking_again,
    break_glass,
    casework,
    closing,
    counting,
    feedback,
    handing_over,
    inspecting,
    logbook,
    messages,
    phase2,
    signing_in,
    standing,
    submitting,
    tracks,
    treffers,
    validating,
    withdrawing,
)
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.freezing import require_free
from register.central.grounds import grounds_in_force
from register.central.phase2 import not_found
from register.central.reminding import reminders
from register.central.web.identify import (
    Identify,
    Sites,
    bearer,
    certificate_of,
    frozen,
    node_of,
    trace_of,
)
from register.central.witnesses import Published, shorter_than
from register.door import api as door_api
from register.door.api import Inside, source_of
from register.door.door import Answer, Person, Proven
from register.door.wire import (
    AccountHerstel,
    TweedeStap,
    TweedeStapGevraagd,
    TweedeStapNodig,
    TweedeStapOpties,
)
from register.register30 import as_json
from register.wire import (
    Afloop,
    AfloopVastgelegd,
    Agenda,
    Antwoord,
    Attendering,
    AttenderingGedaan,
    AttenderingLijst,
    BerichtAfhandelen,
    Berichten,
    BerichtenStand,
    BerichtGelezen,
    Bevestiging,
    BevestigingOntvangen,
    Bevraging,
    Cijfers,
    Dossier,
    DossierLijst,
    Fase2Besluit,
    Fase2Stand,
    Getuige,
    Getuigen,
    GrondslagLijst,
    Herinneringen,
    Hervraging,
    Intrekking,
    Inzageantwoord,
    Inzageverzoek,
    Logregels,
    Noodopening,
    NoodopeningBeoordeling,
    NoodopeningGedaan,
    NoodopeningLijst,
    NoodopeningNagekeken,
    Overdracht,
    OverdrachtBeantwoord,
    OverdrachtGestart,
    OverdrachtLijst,
    OverdrachtStart,
    OverdrachtTerugkoppeling,
    Sessie,
    SessieGeopend,
    SignaalBevestigd,
    SignaalBevestigen,
    SignaalIndienen,
    SignaalIngediend,
    SignaalIngetrokken,
    TerugkoppelingLijst,
    TrefferLijst,
    TrefferStap,
    TrefferZaak,
    Vrijgave,
)
from register.witnesses import Said, Witnessing

LARGEST_PAGE = 1000
LARGEST_INDEX = 2**53
"""What JSON numbers hold exactly, and far from what a database column overflows at."""


def own(acting: Acting, organisation: str) -> Acting:
    """The acting person, if the body speaks for the verified organisation.

    Raises:
        Refusal: 403.
    """
    if organisation != acting.organisation:
        raise signing_in.foreign_body("organisatie")
    return acting


IdempotencyKey = Annotated[
    str,
    Header(
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="Een sleutel per verzoek; hetzelfde verzoek opnieuw heeft dezelfde sleutel.",
    ),
]


def case_work(centre: Centre, identify: Identify) -> APIRouter:
    """Signals, questions, treffers and dossiers, for whoever `identify` recognises."""
    router = APIRouter(prefix="/v1", tags=["signalen"])
    who, now = Depends(identify), frozen(centre)

    @router.post("/signalen", status_code=201, response_model_exclude_none=True)
    def submit(
        sent: SignaalIndienen,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SignaalIngediend:
        return submitting.submit(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.post("/signalen/{signaal_id}/intrekkingen", status_code=201)
    def withdraw(
        signaal_id: UUID,
        sent: Intrekking,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SignaalIngetrokken:
        del idempotency_key  # withdrawing twice is withdrawing
        return withdrawing.withdraw(here, own(acting, sent.organisatie), signaal_id, sent)

    @router.post("/bevragingen", response_model_exclude_none=True, responses=refusals(429))
    def ask(
        sent: Bevraging,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> Antwoord:
        return asking.ask(here, own(acting, sent.organisatie), sent, idempotency_key)

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


def handovers(centre: Centre, identify: Identify) -> APIRouter:
    """Handing a treffer over, and what its recipient says."""
    router = APIRouter(prefix="/v1/overdrachten", tags=["overdrachten"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201, responses=refusals(404))
    def start(
        sent: OverdrachtStart, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> OverdrachtGestart:
        return handing_over.start(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.get("", response_model_exclude_none=True)
    def inbox(acting: Acting = who, here: Centre = now) -> OverdrachtLijst:
        return handing_over.inbox(here, acting)

    @router.get("/{overdracht_id}", response_model_exclude_none=True)
    def one(overdracht_id: UUID, acting: Acting = who, here: Centre = now) -> Overdracht:
        return handing_over.one(here, acting, overdracht_id)

    @router.post("/{overdracht_id}/aannemingen", status_code=201)
    def accept(
        overdracht_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> OverdrachtBeantwoord:
        return handing_over.accept(here, acting, overdracht_id, idempotency_key)

    @router.post("/{overdracht_id}/terugkoppelingen", status_code=201)
    def feed_back(
        overdracht_id: UUID,
        sent: OverdrachtTerugkoppeling,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> OverdrachtBeantwoord:
        return handing_over.feed_back(here, acting, overdracht_id, sent, idempotency_key)

    return router


def agendas(centre: Centre, identify: Identify) -> APIRouter:
    """What the Drieluikoverleg of a samenwerkingsverband talks about."""
    router = APIRouter(prefix="/v1/agenda", tags=["overdrachten"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/{verband}", response_model_exclude_none=True)
    def of_alliance(
        verband: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
        acting: Acting = who,
        here: Centre = now,
    ) -> Agenda:
        return agenda.agenda(here, acting, verband)

    return router


def own_signals(centre: Centre, identify: Identify) -> APIRouter:
    """What an owner does with a signal that is stored."""
    router = APIRouter(prefix="/v1", tags=["signalen"])
    who, now = Depends(identify), frozen(centre)

    @router.post(
        "/signalen/{signaal_id}/bevragingen", response_model_exclude_none=True, responses=refusals(429)
    )
    def ask_with_own(
        signaal_id: UUID,
        sent: Hervraging,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> Antwoord:
        return asking_again.ask_again(here, own(acting, sent.organisatie), signaal_id, sent, idempotency_key)

    @router.post("/signalen/{signaal_id}/bevestigingen", status_code=201)
    def still_true(
        signaal_id: UUID,
        sent: SignaalBevestigen,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> SignaalBevestigd:
        del idempotency_key  # saying it twice on a day is saying it
        return validating.validate(here, own(acting, sent.organisatie), signaal_id, sent)

    return router


def feedback_told(centre: Centre, identify: Identify) -> APIRouter:
    """What became of the own signals."""
    router = APIRouter(prefix="/v1/terugkoppelingen", tags=["terugkoppelingen"])
    who, now = Depends(identify), frozen(centre)

    @router.get("")
    def told(acting: Acting = who, here: Centre = now) -> TerugkoppelingLijst:
        return feedback.told(here, acting)

    return router


def waiting_for(centre: Centre, identify: Identify) -> APIRouter:
    """Notices, and standing questions, of the own role."""
    router = APIRouter(prefix="/v1", tags=["berichten"])
    who, now = Depends(identify), frozen(centre)

    @router.get("/berichten")
    def notices(acting: Acting = who, here: Centre = now) -> Berichten:
        return messages.waiting(here, acting)

    @router.post("/berichten/afhandelingen", status_code=201, responses=refusals(404))
    def read(
        sent: BerichtAfhandelen, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> BerichtGelezen:
        del idempotency_key  # reading twice is reading
        return messages.finish(here, acting, sent.soort, sent.over_id)

    @router.get("/attenderingen")
    def listed(acting: Acting = who, here: Centre = now) -> AttenderingLijst:
        return standing.listed(here, acting)

    @router.post("/attenderingen", status_code=201, responses=refusals(404))
    def set_one(
        sent: Attendering, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> AttenderingGedaan:
        return standing.set_one(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.post("/attenderingen/{attendering_id}/beeindigingen", status_code=201)
    def end_one(
        attendering_id: UUID, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> AttenderingGedaan:
        del idempotency_key  # ending twice is ending
        return standing.end_one(here, acting, attendering_id)

    return router


def effect_figures(centre: Centre, identify: Identify) -> APIRouter:
    """What treffers came to."""
    router = APIRouter(prefix="/v1/cijfers", tags=["cijfers"])
    who, now = Depends(identify), frozen(centre)

    @router.get("")
    def counted(van: date, tot: date, acting: Acting = who, here: Centre = now) -> Cijfers:
        return counting.counted(here, acting, van, tot)

    return router


def readiness_of_notices(centre: Centre) -> APIRouter:
    """For a node that sends e-mail: by its certificate, without a person."""
    router = APIRouter(prefix="/v1/berichten/stand", tags=["berichten"])

    @router.get("", responses=refusals(401, 403))
    def standing_of_notices(request: Request) -> BerichtenStand:
        moment = centre.clock()
        organisation = node_of(request).organisation
        centre.records.now().require_node(organisation, certificate_of(request), moment.date())
        return messages.standing(centre, organisation, moment)

    return router


def rights(centre: Centre, identify: Identify) -> APIRouter:
    """What a contactpunt asks for the person at its desk."""
    router = APIRouter(prefix="/v1/inzagen", tags=["rechten"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", response_model_exclude_none=True, responses=refusals(429))
    def inspect(
        sent: Inzageverzoek, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> Inzageantwoord:
        return inspecting.inspect(here, own(acting, sent.organisatie), sent, idempotency_key)

    return router


def controls(centre: Centre, identify: Identify) -> APIRouter:
    """What came of the controls in which something was asked."""
    router = APIRouter(prefix="/v1/aflopen", tags=["controles"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201)
    def close_control(
        sent: Afloop, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> AfloopVastgelegd:
        return closing.close(here, own(acting, sent.organisatie), sent, idempotency_key)

    return router


def oversight(centre: Centre, identify: Identify, vkeys: tuple[str, str], published: Published) -> APIRouter:
    """The own organisation's log entries, for its FG."""
    router = APIRouter(prefix="/v1/logboek/regels", tags=["logboek"])
    who, now = Depends(identify), frozen(centre)

    @router.get("")
    def entries(
        acting: Acting = who, here: Centre = now, vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0
    ) -> Logregels:
        return logbook.entries(here, acting, vanaf)

    @router.get("/bewijzen", responses=refusals(409))
    def proofs(
        acting: Acting = who, here: Centre = now, vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0
    ) -> JSONResponse:
        return JSONResponse(logbook.proofs(here, acting, vanaf, vkeys, published))

    @router.get("/{blad}/bewijs", responses=refusals(409))
    def proof(
        blad: Annotated[int, Path(ge=0, le=LARGEST_INDEX)], acting: Acting = who, here: Centre = now
    ) -> JSONResponse:
        return JSONResponse(logbook.proof(here, acting, blad, vkeys, published))

    return router


def emergencies(centre: Centre, identify: Identify) -> APIRouter:
    """Noodopeningen: opening one, and what an FG reviews of those that concern the own organisation."""
    router = APIRouter(prefix="/v1/noodopeningen", tags=["noodopeningen"])
    who, now = Depends(identify), frozen(centre)

    @router.post("", status_code=201, responses=refusals(404))
    def break_the_glass(
        sent: Noodopening, idempotency_key: IdempotencyKey, acting: Acting = who, here: Centre = now
    ) -> NoodopeningGedaan:
        return break_glass.open_contact(here, own(acting, sent.organisatie), sent, idempotency_key)

    @router.get("", response_model_exclude_none=True)
    def listed(acting: Acting = who, here: Centre = now) -> NoodopeningLijst:
        return break_glass.openings(here, acting)

    @router.post("/{noodopening_id}/beoordelingen", status_code=201)
    def review(
        noodopening_id: UUID,
        sent: NoodopeningBeoordeling,
        idempotency_key: IdempotencyKey,
        acting: Acting = who,
        here: Centre = now,
    ) -> NoodopeningNagekeken:
        del idempotency_key  # a verdict is written once
        return break_glass.review(here, acting, noodopening_id, sent)

    return router


def reminding(centre: Centre, identify: Identify) -> APIRouter:
    """What waits for somebody, at the register's pages or through a node; counts, so it leaves no entry."""
    router = APIRouter(prefix="/v1/herinneringen", tags=["herinneringen"])
    who = Depends(identify)

    @router.get("")
    def all_of(acting: Acting = who) -> Herinneringen:
        return Herinneringen(herinneringen=reminders(centre, acting))

    return router


def sessions(centre: Centre, passwords: Passwords, sites: Sites) -> APIRouter:
    """Signing in and out, on the people's listener only."""
    router = APIRouter(prefix="/v1/sessies", tags=["sessies"], responses=refusals(401, 403, 429))

    @router.post("", status_code=201, responses={202: {"model": TweedeStapNodig}})
    def sign_in(request: Request, sent: Sessie, response: Response) -> SessieGeopend | TweedeStapNodig:
        came = signing_in.Came(centre.clock(), trace_of(request, centre), source_of(request))
        done = signing_in.sign_in(centre, passwords, sent, came)
        if isinstance(done, TweedeStapNodig):
            response.status_code = 202
        return done

    @router.post("/tweede-stap", status_code=201)
    def second_step(request: Request, sent: TweedeStap) -> SessieGeopend:
        answer = Answer(sent.code, sent.herstelcode, sent.passkey)
        door, token = signing_in.half_of(centre, passwords, sent.aanmelding, trace_of(request, centre))
        return signing_in.second_step(centre, door, token, answer, sites(request))

    @router.post("/tweede-stap/opties", response_model_exclude_none=True)
    def options(request: Request, sent: TweedeStapOpties) -> TweedeStapGevraagd:
        door, token = signing_in.half_of(centre, passwords, sent.aanmelding, trace_of(request, centre))
        asked = door.asked(token, sites(request))
        _name, methods, until = door.half_way(token)
        return TweedeStapGevraagd(
            middelen=list(methods), verloopt_op=until, passkey=None if asked is None else dict(asked)
        )

    @router.delete("/huidige", status_code=204)
    def sign_out(request: Request) -> Response:
        token = bearer(request.headers.get("authorization"))
        signing_in.sign_out(centre, token, centre.clock(), trace_of(request, centre))
        return Response(status_code=204)

    return router


def own_sign_in(centre: Centre, passwords: Passwords, sites: Sites) -> APIRouter:
    """How somebody signs in, for that person alone; and for a functioneel beheerder, helping a colleague."""

    def inside(request: Request) -> Inside:
        token = bearer(request.headers.get("authorization"))
        organisation, session = signing_in.session_of(centre, token, centre.clock(), anyhow=True)
        door = signing_in.door_of(centre, passwords, organisation, trace_of(request, centre))
        person = Person(session.account.name, session.account)
        return Inside(door, Proven(person, session.methods), bytes.fromhex(token), sites(request), bytes.hex)

    router = door_api.routes(inside)
    accounts = APIRouter(prefix="/v1/accounts", tags=["accounts"], responses=refusals(401, 403, 404))

    @accounts.post("/herstellingen", status_code=204)
    def reset(request: Request, sent: AccountHerstel) -> Response:
        token = bearer(request.headers.get("authorization"))
        moment = centre.clock()
        organisation, session = signing_in.session_of(centre, token, moment)
        # As behind every other resource: who is frozen takes nobody's second step away.
        require_free(centre.frozen(mending=True), organisation, session.account.officer, moment.date())
        by = signing_in.Colleague(organisation, session.account, trace_of(request, centre))
        signing_in.reset(centre, passwords, by, sent.naam)
        return Response(status_code=204)

    both = APIRouter()
    both.include_router(router)
    both.include_router(accounts)
    return both


def processing_register(centre: Centre) -> APIRouter:
    """The art. 30 register under the rules and grounds of this moment, which anyone may read."""
    router = APIRouter(prefix="/v1/verwerkingen", tags=["verwerkingen"])

    @router.get("")
    def all_of() -> JSONResponse:
        policy = centre.policy
        return JSONResponse(as_json(activities(policy.policy_set, policy.register), policy.policy_set.hash))

    return router


def public_log(published: Published) -> APIRouter:
    """What anyone may read: the log proves itself and tells nothing. Nothing beyond the newest checkpoint is there."""
    router = APIRouter(prefix="/v1/logboek", tags=["logboek"])

    @router.get("/checkpoint", response_class=PlainTextResponse, responses=refusals(404))
    def checkpoint(getuigen: Literal["genoeg"] | None = None) -> str:
        note = published.checkpoint(enough=getuigen is not None)
        if note is None:
            # Anyone may ask this, and a log without a checkpoint has refused nobody: no entry of whoever asked.
            raise UnloggedRefusal(
                404,
                "niet-gevonden",
                _("Er is nog geen controlepunt."),
                _("Het logboek is nieuw; het eerste controlepunt komt binnen een minuut."),
                way_forward=_("Vraag het straks opnieuw."),
            )
        return note

    @router.get("/bladen")
    def leaves(
        vanaf: Annotated[int, Query(ge=0, le=LARGEST_INDEX)] = 0,
        aantal: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE,
    ) -> dict[str, object]:
        found = published.leaves(vanaf, vanaf + aantal)
        return {"vanaf": vanaf, "bladen": [base64_text(one) for one in found]}

    @router.get("/bewijzen/insluiting", responses=refusals(404))
    def inclusion(
        blad: Annotated[int, Query(ge=0, le=LARGEST_INDEX)],
        omvang: Annotated[int, Query(ge=1, le=LARGEST_INDEX)],
    ) -> dict[str, list[str]]:
        return proof(lambda: published.inclusion(blad, omvang))

    @router.get("/bewijzen/samenhang", responses=refusals(404))
    def consistency(
        van: Annotated[int, Query(ge=1, le=LARGEST_INDEX)],
        naar: Annotated[int, Query(ge=1, le=LARGEST_INDEX)],
    ) -> dict[str, list[str]]:
        return proof(lambda: published.consistency(van, naar))

    def proof(make: Callable[[], Sequence[bytes]]) -> dict[str, list[str]]:
        try:
            return {"hashes": [base64_text(one) for one in make()]}
        except LookupError:
            raise not_found() from None

    return router


def witnessing(centre: Centre, published: Published) -> APIRouter:
    """Who vouches for the log, for anyone; and what a witness without a server needs."""
    router = APIRouter(prefix="/v1/logboek/getuigen", tags=["logboek"])

    @router.get("", response_model_exclude_none=True)
    def standing() -> Getuigen:
        return standing_of(published, centre.clock())

    @router.get("/verzoek", response_class=PlainTextResponse, responses=refusals(404, 409))
    def request(oud: Annotated[int, Query(ge=0, le=LARGEST_INDEX)]) -> PlainTextResponse:
        try:
            offer = published.offer(oud)
        except LookupError:
            raise shorter_than(oud) from None
        if offer is None:
            raise not_found()
        attachment = {"Content-Disposition": f'attachment; filename="verzoek-{oud}.txt"'}
        return PlainTextResponse(offer.body, headers=attachment)

    @router.post("/bevestigingen", status_code=201, responses=refusals(409))
    def confirm(sent: Bevestiging) -> BevestigingOntvangen:
        # What comes in is signed by a witness of ours over a checkpoint of ours: who brings it makes no difference.
        return BevestigingOntvangen(getuigen=list(published.take(sent.controlepunt, centre.clock())))

    return router


def standing_of(published: Published, moment: datetime) -> Getuigen:
    """How the witnesses stand, as it is told."""
    found = published.standing()
    return Getuigen(
        getuigen=[_witness(found, one) for one in found.policy.witnesses],
        nodig=found.policy.needed,
        bevestigd=len(found.signed),
        genoeg=found.enough,
        omvang=found.size,
        omvang_genoeg=found.enough_size,
        vingerafdruk=found.policy.fingerprint,
        zin=found.sentence(),
        zorgen=found.worries(moment, published.patience),
    )


def _witness(found: Witnessing, one: PolicyWitness) -> Getuige:
    heard = found.heard.get(one.label)
    return Getuige(
        naam=one.label,
        sleutel=one.key.vkey,
        url=one.url,
        nieuwste=one.label in found.signed,
        omvang=0 if heard is None else heard.size,
        bevestigd_op=None if heard is None else heard.confirmed_at,
        zei=Said.NOTHING.value if heard is None else heard.said.value,
        sinds=None if heard is None else heard.since,
        wat=found.told(one.label),
    )

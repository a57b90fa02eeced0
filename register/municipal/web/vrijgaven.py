# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Releasing a narrative to one recipient, and what others released to somebody here: the resources and the pages (docs/spec/sealed-release.md)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from process.problem import Refusal
from register.municipal.accounts import ROLES
from register.municipal.dossier import LOOKS, MEND, attribute_name, subject_rows
from register.municipal.house import Seat
from register.municipal.proposals import Chosen, Proposal, Received
from register.municipal.receiving import Shown
from register.municipal.releasing import Known, Wish
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import PASSED_ON, Who
from register.municipal.wire import (
    InzageRegel,
    InzageVraag,
    OntvangenInhoud,
    OntvangenKenmerk,
    OntvangenLijst,
    OntvangenStand,
    OntvangerLijst,
    OntvangerStand,
    Ophaling,
    Vastlegging,
    VoorstelLijst,
    VoorstelStand,
    VoorstelVeld,
    VrijgaveVoorstel,
)
from register.recipients import NARRATIVE, Fault
from register.wire import Organisation, ZegelStand
from register.words import day, local_day, time_of_day

TRUSTED: Final = "vertrouwd"
_NOBODYS = str(UUID(int=0))

STANDINGS: Final[Mapping[str, str]] = {
    TRUSTED: _("U kunt hier iets voor verzegelen."),
    Fault.UNPINNED.value: _("De vingerafdruk is hier nog niet vastgelegd."),
    Fault.UNREADABLE.value: _("De verklaring over de sleutel klopt niet."),
    Fault.OTHER_SIGNER.value: _("Let op: ondertekend met een andere sleutel dan hier is vastgelegd."),
    Fault.OTHER_ORGANISATION.value: _("Let op: de sleutel is van een andere organisatie."),
    Fault.ROLLED_BACK.value: _("Let op: een oudere sleutel dan er al was."),
    Fault.REPLACED.value: _("Let op: een andere sleutel onder een versie die al bekend was."),
    Fault.WITHDRAWN.value: _("De ontvanger trok zijn sleutel in."),
    Fault.NOT_YET.value: _("De sleutel geldt nog niet."),
    Fault.EXPIRED.value: _("De sleutel is verlopen."),
}
"""What the state of a recipient's key means, in words."""

STATES: Final[Mapping[str, str]] = {
    "voorgesteld": _("Wacht op goedkeuring door een tweede persoon"),
    "afgewezen": _("Afgewezen"),
    "verzonden": _("Staat verzegeld klaar voor de ontvanger"),
    "opgehaald": _("Opgehaald door de ontvanger"),
    "teruggehaald": _("Teruggehaald"),
}
"""Where a proposal stands, in words."""


def routes(who: Who) -> APIRouter:
    """The resources."""
    router = APIRouter(prefix="/v1", tags=["vrijgaven"], responses=PASSED_ON)
    _recipients(router, who)
    _proposals(router, who)
    _received(router, who)
    return router


def _recipients(router: APIRouter, who: Who) -> None:
    @router.get("/ontvangers")
    def recipients(seat: Annotated[Seat, Depends(who.seat)]) -> OntvangerLijst:
        found = seat.desk.releasing.recipients(seat.account)
        return OntvangerLijst(ontvangers=[_recipient(one) for one in found])

    @router.post("/ontvangers/{organisatie}/vastleggingen", status_code=201)
    def pin(
        organisatie: Organisation, sent: Vastlegging, seat: Annotated[Seat, Depends(who.seat)]
    ) -> OntvangerStand:
        return _recipient(seat.desk.releasing.pin(seat.account, organisatie, sent.vingerafdruk))


def _proposals(router: APIRouter, who: Who) -> None:
    @router.post("/vrijgavevoorstellen", status_code=201, response_model_exclude_none=True)
    def propose(sent: VrijgaveVoorstel, seat: Annotated[Seat, Depends(who.seat)]) -> VoorstelStand:
        chosen = [Chosen(one.veld, one.grondslag, one.ref, one.plaats) for one in sent.velden]
        wish = Wish(sent.signaal_id, sent.treffer_id, sent.ontvanger, chosen)
        return _proposal(seat, seat.desk.releasing.propose(seat.account, wish))

    @router.get("/vrijgavevoorstellen", response_model_exclude_none=True)
    def proposals(seat: Annotated[Seat, Depends(who.seat)]) -> VoorstelLijst:
        found = seat.desk.releasing.proposals(seat.account)
        return VoorstelLijst(voorstellen=[_proposal(seat, one) for one in found])

    @router.post(
        "/vrijgavevoorstellen/{vrijgave_id}/goedkeuringen", status_code=201, response_model_exclude_none=True
    )
    def approve(vrijgave_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> VoorstelStand:
        return _proposal(seat, seat.desk.releasing.approve(seat.account, vrijgave_id))

    @router.post(
        "/vrijgavevoorstellen/{vrijgave_id}/afwijzingen", status_code=201, response_model_exclude_none=True
    )
    def reject(vrijgave_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> VoorstelStand:
        return _proposal(seat, seat.desk.releasing.reject(seat.account, vrijgave_id))

    @router.post(
        "/vrijgavevoorstellen/{vrijgave_id}/intrekkingen", status_code=201, response_model_exclude_none=True
    )
    def recall(vrijgave_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> VoorstelStand:
        return _proposal(seat, seat.desk.releasing.recall(seat.account, vrijgave_id))


def _received(router: APIRouter, who: Who) -> None:
    @router.get("/ontvangen", response_model_exclude_none=True)
    def here(seat: Annotated[Seat, Depends(who.seat)]) -> OntvangenLijst:
        return OntvangenLijst(ontvangen=[_here(one) for one in seat.desk.receiving.here(seat.account)])

    @router.post("/ontvangen", response_model_exclude_none=True)
    def inbox(sent: Ophaling, seat: Annotated[Seat, Depends(who.seat)]) -> OntvangenLijst:
        found = seat.desk.receiving.inbox(seat.account, sent.zaaknummer)
        return OntvangenLijst(
            ontvangen=[*(_waits(one) for one in found.waiting), *(_here(one) for one in found.here)]
        )

    @router.post("/ontvangen/{vrijgave_id}/ophalingen", status_code=201, response_model_exclude_none=True)
    def fetch(vrijgave_id: UUID, sent: Ophaling, seat: Annotated[Seat, Depends(who.seat)]) -> OntvangenStand:
        return _here(seat.desk.receiving.fetch(seat.account, vrijgave_id, sent.zaaknummer))

    @router.post("/ontvangen/{vrijgave_id}/inzagen", status_code=201, response_model_exclude_none=True)
    def look(
        vrijgave_id: UUID, sent: InzageVraag, seat: Annotated[Seat, Depends(who.seat)]
    ) -> OntvangenInhoud:
        return _shown(seat.desk.receiving.look(seat.account, vrijgave_id, sent.reden))

    @router.delete("/ontvangen/{vrijgave_id}", status_code=204)
    def destroy(vrijgave_id: UUID, seat: Annotated[Seat, Depends(who.seat)]) -> Response:
        seat.desk.receiving.destroy(seat.account, vrijgave_id)
        return Response(status_code=204)


def _recipient(one: Known) -> OntvangerStand:
    return OntvangerStand(
        organisatie=one.organisation,
        versie=one.version,
        rollen=list(one.roles),
        vingerafdruk=one.fingerprint,
        stand=TRUSTED if one.fault is None else one.fault.value,
    )


def _proposal(seat: Seat, one: Proposal) -> VoorstelStand:
    return VoorstelStand(
        vrijgave_id=one.release_id,
        signaal_id=one.signal_id,
        treffer_id=one.treffer_id,
        ontvanger=one.recipient,
        velden=[
            VoorstelVeld(veld=chosen.kind, grondslag=chosen.ground, ref=chosen.ref, plaats=chosen.place)
            for chosen in one.chosen
        ],
        stand=one.state.value,
        voorgesteld_door=one.proposed_by,
        voorgesteld_op=one.proposed_at,
        eigen=one.proposed_by == seat.account.officer,
        besloten_door=one.decided_by,
        besloten_op=one.decided_at,
    )


def _waits(one: ZegelStand) -> OntvangenStand:
    return OntvangenStand(
        vrijgave_id=one.vrijgave_id,
        afzender=one.organisatie,
        velden=list(dict.fromkeys(field.veld for field in one.velden)),
        hier=False,
        verloopt_op=one.vervalt_op,
    )


def _here(one: Received) -> OntvangenStand:
    return OntvangenStand(**_members(one))


def _members(one: Received) -> dict[str, Any]:
    return {
        "vrijgave_id": one.release_id,
        "afzender": one.sender,
        "velden": list(one.kinds),
        "hier": True,
        "ontvangen_op": one.received_at,
        "verloopt_op": one.expires_on,
    }


def _shown(one: Shown) -> OntvangenInhoud:
    content = one.content
    return OntvangenInhoud(
        **_members(one.received),
        verhaal=content.narrative,
        verhaal_grondslag=content.narrative_ground or None,
        kenmerken=[
            OntvangenKenmerk(ref=told.ref, soort=told.kind, velden=told.fields, grondslag=told.ground)
            for told in content.attributes
        ],
        inzagen=[
            InzageRegel(
                moment=look.at,
                medewerker=look.officer,
                rol=look.role,
                reden=look.reason,
                met_kenmerken=look.attributes,
            )
            for look in one.looks
        ],
    )


# ---- pages ----------------------------------------------------------------------------------------------------------------


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""
    pages = _Releases(visits)
    for method, path, page in (
        ("GET", "/ontvangers", pages.recipients),
        ("POST", "/ontvangers", pages.pin),
        ("POST", "/vrijgeven", pages.choose),
        ("GET", "/vrijgeven", pages.proposals),
        ("POST", "/vrijgeven/voorstellen", pages.propose),
        ("POST", "/vrijgeven/besluiten", pages.decide),
        ("GET", "/ontvangen", pages.inbox),
        ("POST", "/ontvangen", pages.look_up),
        ("POST", "/ontvangen/ophalen", pages.fetch),
        ("POST", "/ontvangen/openen", pages.open),
        ("POST", "/ontvangen/vernietigen", pages.destroy),
    ):
        visits.add(method, path, page)


def _uuid(text: str) -> str:
    """A number from a form, if it is one; else one that is nobody's."""
    try:
        return str(UUID(text))
    except ValueError:
        return _NOBODYS


def field_name(kind: str) -> str:
    """A field that can be released, as people say it."""
    return _("Het verhaal") if kind == NARRATIVE else attribute_name(kind)


class _Releases:
    """The pages themselves."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def recipients(self, visit: Visit, _filled: Filled) -> Response:
        """Who may receive, and whether their keys are believed."""
        return await self._recipients(visit)

    async def _recipients(self, visit: Visit, refusal: Refusal | None = None) -> Response:
        found = await self._visits.call(visit, "GET", "/v1/ontvangers")
        return self._visits.show(
            "ontvangers.html",
            visit,
            refusal.status if refusal else 200,
            found=[
                {**one, "zin": STANDINGS.get(one["stand"], one["stand"]), "goed": one["stand"] == TRUSTED}
                for one in found["ontvangers"]
            ],
            names=self._visits.names,
            refusal=refusal,
        )

    async def pin(self, visit: Visit, filled: Filled) -> Response:
        """Type the fingerprint that the other read out."""
        sent = {"vingerafdruk": filled.text("vingerafdruk") or "-" * 8}
        path = f"/v1/ontvangers/{filled.text('organisatie') or 'ONBEKEND'}/vastleggingen"
        try:
            await self._visits.call(visit, "POST", path, sent)
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._recipients(visit, refusal)
        return RedirectResponse("/ontvangers", 303)

    async def choose(self, visit: Visit, filled: Filled) -> Response:
        """What of one signal, and to whom; the record is opened for it, for a reason as always."""
        return await self._choose(visit, filled)

    async def _choose(self, visit: Visit, filled: Filled, refusal: Refusal | None = None) -> Response:
        signal_id = _uuid(filled.text("signaal"))
        seen = await self._visits.call(
            visit, "POST", f"/v1/signalen/{signal_id}/inzagen", {"reden": "opvolging"}
        )
        known = await self._visits.call(visit, "GET", "/v1/ontvangers")
        grounds = await self._visits.call(visit, "GET", "/v1/grondslagen")
        return self._visits.show(
            "vrijgeven-kiezen.html",
            visit,
            refusal.status if refusal else 200,
            signal_id=signal_id,
            fields=_choices(seen["signaal"]),
            recipients=self._trusted(known["ontvangers"]),
            grounds=[(one["id"], f"{one['code']}: {one['taak']}") for one in grounds["grondslagen"]],
            treffer=filled.text("treffer"),
            refusal=refusal,
        )

    def _trusted(self, known: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
        """Each role at each organisation whose key is believed, as (code of the form, words)."""
        return [
            (
                f"{one['organisatie']}/{role}",
                f"{self._visits.names.get(one['organisatie'], one['organisatie'])}: {ROLES.get(role, role)}",
            )
            for one in known
            if one["stand"] == TRUSTED
            for role in one["rollen"]
        ]

    async def propose(self, visit: Visit, filled: Filled) -> Response:
        """Propose; a second person decides."""
        organisation, _slash, role = filled.text("ontvanger").partition("/")
        sent: dict[str, Any] = {
            "signaalId": _uuid(filled.text("signaal")),
            "ontvanger": {"organisatie": organisation or "ONBEKEND", "rol": role or "-"},
            "velden": [_field(one, filled.text(f"grond_{one}")) for one in filled.many("veld")],
        }
        if filled.text("treffer"):
            sent["trefferId"] = _uuid(filled.text("treffer"))
        try:
            await self._visits.call(visit, "POST", "/v1/vrijgavevoorstellen", sent)
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._choose(visit, filled, refusal)
        return RedirectResponse("/vrijgeven", 303)

    async def proposals(self, visit: Visit, _filled: Filled) -> Response:
        """What was proposed and sent."""
        found = await self._visits.call(visit, "GET", "/v1/vrijgavevoorstellen")
        return self._visits.show(
            "vrijgeven.html",
            visit,
            found=[self._told(one) for one in found["voorstellen"]],
        )

    def _told(self, one: dict[str, Any]) -> dict[str, Any]:
        recipient = one["ontvanger"]
        organisation = self._visits.names.get(recipient["organisatie"], recipient["organisatie"])
        return {
            **one,
            "zin": STATES.get(one["stand"], one["stand"]),
            "aan": ", ".join(
                part
                for part in (
                    organisation,
                    ROLES.get(recipient["rol"], recipient["rol"]),
                    recipient.get("medewerker"),
                )
                if part
            ),
            "wat": [_proposed(field) for field in one["velden"]],
            "op": local_day(one["voorgesteldOp"]),
        }

    async def decide(self, visit: Visit, filled: Filled) -> Response:
        """Approve, reject or recall."""
        kind = {"goed": "goedkeuringen", "af": "afwijzingen", "terug": "intrekkingen"}.get(
            filled.text("besluit"), "afwijzingen"
        )
        await self._visits.call(
            visit, "POST", f"/v1/vrijgavevoorstellen/{_uuid(filled.text('vrijgave'))}/{kind}", {}
        )
        return RedirectResponse("/vrijgeven", 303)

    async def inbox(self, visit: Visit, _filled: Filled) -> Response:
        """What is here, and a form to ask what waits."""
        found = await self._visits.call(visit, "GET", "/v1/ontvangen")
        return self._inbox(visit, found["ontvangen"], "")

    async def look_up(self, visit: Visit, filled: Filled) -> Response:
        """What waits at the register, too."""
        case = filled.text("zaaknummer").upper()
        found = await self._visits.call(visit, "POST", "/v1/ontvangen", {"zaaknummer": case})
        return self._inbox(visit, found["ontvangen"], case)

    def _inbox(self, visit: Visit, found: Sequence[Mapping[str, Any]], case: str) -> Response:
        return self._visits.show(
            "ontvangen.html",
            visit,
            found=[
                {
                    **one,
                    "van": self._visits.names.get(one["afzender"], one["afzender"]),
                    "wat": [field_name(kind) for kind in one["velden"]],
                    "tot": day(one["verlooptOp"]),
                }
                for one in found
            ],
            case=case,
            reasons=[(code, text) for code, text in LOOKS.items() if code != MEND],
        )

    async def fetch(self, visit: Visit, filled: Filled) -> Response:
        """Fetch one from the register."""
        path = f"/v1/ontvangen/{_uuid(filled.text('vrijgave'))}/ophalingen"
        await self._visits.call(visit, "POST", path, {"zaaknummer": filled.text("zaaknummer").upper()})
        return RedirectResponse("/ontvangen", 303)

    async def open(self, visit: Visit, filled: Filled) -> Response:
        """Show one, for a reason."""
        path = f"/v1/ontvangen/{_uuid(filled.text('vrijgave'))}/inzagen"
        seen = await self._visits.call(visit, "POST", path, {"reden": filled.text("reden") or "-"})
        return self._visits.show(
            "ontvangen-inhoud.html",
            visit,
            seen=seen,
            sender=self._visits.names.get(seen["afzender"], seen["afzender"]),
            rows=[
                (one["ref"], *subject_rows({"rol": "", "kenmerken": [one]})[1], one["grondslag"])
                for one in seen["kenmerken"]
            ],
            looks=[
                (one, LOOKS.get(one["reden"], one["reden"]), ROLES.get(one["rol"], one["rol"]))
                for one in seen["inzagen"]
            ],
            day=day,
            local_day=local_day,
            time_of_day=time_of_day,
        )

    async def destroy(self, visit: Visit, filled: Filled) -> Response:
        """Destroy one before its term."""
        await self._visits.call(visit, "DELETE", f"/v1/ontvangen/{_uuid(filled.text('vrijgave'))}")
        return RedirectResponse("/ontvangen", 303)


def _choices(signal: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of a record can be released, as (code of the form, words); the words are on the page of who may see them."""
    found = [(NARRATIVE, _("Het verhaal"))] if signal.get("verhaal") else []
    for number, subject in enumerate(signal["subjecten"], start=1):
        rows = subject_rows(subject)[1:]
        found += [
            (f"{one['soort']}.s{number}.{place}", f"{name}: {text}")
            for place, (one, (name, text)) in enumerate(zip(subject.get("kenmerken", []), rows, strict=True))
        ]
    return found


def _proposed(one: Mapping[str, Any]) -> str:
    """A field as who approves sees it: which one of the record, and never what it holds."""
    name, ground = field_name(one["veld"]), one["grondslag"]
    if one["veld"] == NARRATIVE:
        return f"{name} ({ground})"
    return _("{wat}, van nummer {nummer} in het signaal, gegeven {plaats} ({grondslag})").format(
        wat=name, nummer=one["ref"].removeprefix("s"), plaats=one["plaats"] + 1, grondslag=ground
    )


def _field(code: str, ground: str) -> dict[str, Any]:
    kind, _dot, rest = code.partition(".")
    ref, _dot, place = rest.partition(".")
    said: dict[str, Any] = {"veld": kind or "-", "grondslag": ground or "-"}
    return said | ({"ref": ref, "plaats": int(place)} if place.isdecimal() and len(place) < 4 else {})

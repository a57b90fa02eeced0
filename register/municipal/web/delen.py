# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""'Mag ik dit delen?': the resources, and the pages that use them (docs/spec/node-api.md).

For everyone who signed in, because the answer tells rules and no signal. The page is for a phone in a stairwell: three choices, and yes or no at the top. Like
every page it calls the interface and can do no more than it.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from policies.decision import FIELDS, PURPOSES, ROLES
from policies.explain import field_label, purpose_label
from policies.sharing import RECIPIENTS, recipient_label
from process.language import capital, speaking
from process.problem import Refusal
from register.municipal.house import Seat
from register.municipal.motivating import motivated
from register.municipal.printing import MEDIA_TYPE, printed
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.municipal.web.who import Who
from register.municipal.wire import DelenAntwoord, DelenVraag, Motivatie, MotivatieVraag
from register.theme import security_headers
from register.words import role_name

FIRST: Final = ("aandachtsfunctionaris", "toezichthouder", "tmm_coordinator", "zorgcoordinator")
"""Recipients that are asked about most; the others follow in their own order."""
_PDF = {"content": {MEDIA_TYPE: {}}, "description": "De motivatie als PDF/UA."}


def routes(who: Who) -> APIRouter:
    """Asking what may be, and printing the answer."""
    router = APIRouter(prefix="/v1", tags=["delen"])

    @router.post("/delen", response_model_exclude_none=True)
    def ask(sent: DelenVraag, seat: Annotated[Seat, Depends(who.seat)]) -> DelenAntwoord:
        return seat.desk.sharing.answer(seat.account, sent)

    @router.post("/motivaties", response_model_exclude_none=True)
    def motivation(sent: MotivatieVraag, seat: Annotated[Seat, Depends(who.seat)]) -> Motivatie:
        return seat.desk.sharing.motivation(seat.account, sent.bewijsstuk)

    @router.post("/motivaties/pdf", responses={200: _PDF}, response_class=Response)
    def as_pdf(sent: MotivatieVraag, seat: Annotated[Seat, Depends(who.seat)]) -> Response:
        found = seat.desk.sharing.motivation(seat.account, sent.bewijsstuk)
        with speaking(None):
            document = motivated(found)
        return Response(printed(document, found.moment), media_type=MEDIA_TYPE)

    return router


def mount(visits: Visits) -> None:
    """Put the pages at their addresses."""
    pages = _Sharing(visits)
    for method, path, page in (
        ("GET", "/delen", pages.form),
        ("POST", "/delen", pages.answer),
        ("POST", "/delen/motivatie", pages.motivation),
        ("POST", "/delen/motivatie.pdf", pages.pdf),
    ):
        visits.add(method, path, page)


class _Sharing:
    """The pages themselves."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def form(self, visit: Visit, filled: Filled) -> Response:
        """The three choices."""
        return await self._form(visit, filled)

    async def _form(self, visit: Visit, filled: Filled, refusal: Refusal | None = None) -> Response:
        controls = (await self._visits.call(visit, "GET", "/v1/controles"))["controles"]
        return self._visits.show(
            "delen.html",
            visit,
            refusal.status if refusal else 200,
            purposes=[(one, capital(purpose_label(one))) for one in PURPOSES],
            recipients=[(one, capital(recipient_label(one))) for one in dict.fromkeys((*FIRST, *RECIPIENTS))],
            fields=[(one, capital(field_label(one))) for one in FIELDS],
            roles=[(one, capital(role_name(one))) for one in ROLES],
            role=filled.text("rol") or visit.role,
            number=filled.text("zaaknummer") or next((one["nummer"] for one in controls), ""),
            **self._visits.form_values(visit, filled, refusal),
        )

    async def answer(self, visit: Visit, filled: Filled) -> Response:
        """Yes, yes if, or no; a refusal keeps what was chosen."""
        try:
            found = await self._visits.call(visit, "POST", "/v1/delen", asked(filled))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._form(visit, filled, refusal)
        return self._visits.show(
            "delen-antwoord.html",
            visit,
            answer=found,
            chosen=[(name, text) for name in _CARRIED for text in filled.many(name) if text.strip()],
            still=[one for one in found["nodig"] if one.get("voldaan") is False],
            say=[one for one in found["nodig"] if "voldaan" not in one or one["verklaard"]],
            fine=[one for one in found["nodig"] if one.get("voldaan") and not one["verklaard"]],
        )

    async def motivation(self, visit: Visit, filled: Filled) -> Response:
        """The motivation, to print."""
        text = filled.text("bewijsstuk")
        told = await self._visits.call(visit, "POST", "/v1/motivaties", {"bewijsstuk": text})
        # A document for the file of a municipality is Dutch, whoever prints it.
        with speaking(None):
            found = motivated(Motivatie.model_validate(told))
            return self._visits.show("motivatie.html", visit, document=found, bewijsstuk=text)

    async def pdf(self, visit: Visit, filled: Filled) -> Response:
        """The same as a file."""
        made = await self._visits.file(visit, "/v1/motivaties/pdf", {"bewijsstuk": filled.text("bewijsstuk")})
        attachment = {"Content-Disposition": 'attachment; filename="motivatie.pdf"'}
        return Response(made, media_type=MEDIA_TYPE, headers={**security_headers(), **attachment})


_CARRIED: Final = ("rol", "doel", "velden", "ontvanger", "zaaknummer")


def asked(filled: Filled) -> dict[str, Any]:
    """The question, as the interface takes it."""
    said = {
        "rol": filled.text("rol"),
        "doel": filled.text("doel"),
        "ontvanger": filled.text("ontvanger"),
        "zaaknummer": filled.text("zaaknummer").upper(),
    }
    lists = {"velden": list(filled.many("velden")), "verklaard": list(filled.many("verklaard"))}
    return {name: text for name, text in said.items() if text} | lists

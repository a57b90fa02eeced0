# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages on which a signal is entered: an empty form, one that was put aside, and one that was refused and is mended.

What is refused comes back with everything that was typed. A form has one key from when it is opened; it goes along into a draft, so that pressing
twice, or going on with a draft that was sent already, stores nothing double.
"""

from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse

from process.problem import Refusal
from register.municipal.controls import latest_date
from register.municipal.dossier import MEND
from register.municipal.outbox import NOTHING_TO_REPLACE
from register.municipal.told import from_documents
from register.municipal.web import forms
from register.municipal.web.forms import Filled
from register.municipal.web.visits import OWN, Visit, Visits
from register.signals import CORRECTIONS
from register.words import day, time_of_day

DRAFTS = "/concepten"


def mount(visits: Visits) -> None:
    """Put these pages at their addresses."""
    pages = _Entering(visits)
    for method, path, page in (
        ("GET", "/invoeren", pages.empty),
        ("POST", "/invoeren", pages.enter),
        ("POST", "/invoeren/overnemen", pages.take_over),
        ("POST", DRAFTS, pages.put_aside),
        ("GET", DRAFTS + "/{concept}", pages.open_draft),
        ("POST", DRAFTS + "/{concept}/weggooien", pages.discard_draft),
        ("POST", "/dossier/{signaal}/verbeteren", pages.mend),
        ("POST", "/dossier/{signaal}/corrigeren", pages.correct),
    ):
        visits.add(method, path, page)


def acknowledged(visits: Visits, visit: Visit, answer: dict[str, Any], key: str = "") -> Response:
    """The page of a signal that was stored, or that waits on this node; what the browser kept under this key goes."""
    read = from_documents(answer)
    if "staat" in answer:
        return visits.show(
            "wacht.html",
            visit,
            answer=answer,
            from_documents=read,
            time_of_day=time_of_day,
            day=day,
            done=key,
        )
    return visits.show(
        "bewaard.html", visit, answer=answer, from_documents=read, expires=day(answer["verlooptOp"]), done=key
    )


class _Entering:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def empty(self, visit: Visit, _filled: Filled) -> Response:
        """An empty signal of today."""
        return await self._form(visit, Filled())

    async def take_over(self, visit: Visit, filled: Filled) -> Response:
        """The form for a signal with what was typed in a question: "bewaar als signaal". Nothing is stored yet."""
        return await self._form(visit, filled)

    async def _form(
        self, visit: Visit, filled: Filled, refusal: Refusal | None = None, status: int = 200, **values: Any
    ) -> Response:
        controls = (await self._visits.call(visit, "GET", "/v1/controles"))["controles"]
        known = [(one["nummer"], forms.control_text(one)) for one in controls]
        fresh = not filled.texts
        return self._visits.show(
            "invoeren.html",
            visit,
            refusal.status if refusal else status,
            today=latest_date(visit.desk.clock()).isoformat(),
            key=filled.text("sleutel") or visit.desk.randomness(16).hex(),
            grounds=await self._visits.grounds(visit, OWN, "G-SEKS", "G-STRAF"),
            corrections=list(CORRECTIONS.items()),
            controls=known,
            control=known[0][0] if fresh and known else filled.text("controle"),
            **values,
            **self._visits.form_values(visit, filled, refusal),
        )

    async def enter(self, visit: Visit, filled: Filled) -> Response:
        """Submit the signal; a refusal keeps everything that was typed."""
        try:
            controls = (await self._visits.call(visit, "GET", "/v1/controles"))["controles"]
            whole = forms.signal(forms.of_control(filled, controls))
            answer = await self._visits.call(visit, "POST", "/v1/signalen", whole, key=filled.text("sleutel"))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            if refusal.code == NOTHING_TO_REPLACE:
                # Sent once more, it is a new signal.
                filled = Filled({**filled.texts, "vervangt": ""}, filled.ticked)
            return await self._form(visit, filled, refusal)
        return acknowledged(self._visits, visit, answer, filled.text("sleutel"))

    # ---- putting aside ------------------------------------------------------------------------------------

    async def put_aside(self, visit: Visit, filled: Filled) -> Response:
        """Keep the form for a day; a refusal keeps everything that was typed."""
        try:
            await self._visits.call(
                visit, "POST", "/v1/concepten", {"velden": forms.inputs(filled)}, key=filled.text("sleutel")
            )
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return await self._form(visit, filled, refusal)
        return RedirectResponse("/#concepten", 303)

    async def open_draft(self, visit: Visit, _filled: Filled) -> Response:
        """Go on with a form that was put aside."""
        found = await self._visits.call(visit, "GET", f"/v1{visit.path}")
        filled = forms.filled_in(found["velden"])
        return await self._form(visit, Filled({**filled.texts, "concept": found["conceptId"]}, filled.ticked))

    async def discard_draft(self, visit: Visit, _filled: Filled) -> Response:
        """Throw a draft away."""
        await self._visits.call(visit, "DELETE", f"/v1{visit.path.removesuffix('/weggooien')}")
        return RedirectResponse("/", 303)

    # ---- mending ------------------------------------------------------------------------------------------

    async def mend(self, visit: Visit, _filled: Filled) -> Response:
        """The form with what was refused in it; that it was opened is kept like every look."""
        signal_id = visit.path.split("/")[2]
        seen = await self._visits.call(visit, "POST", f"/v1/signalen/{signal_id}/inzagen", {"reden": MEND})
        filled = forms.filled_from(seen["signaal"])
        if filled is None:
            return self._visits.show("niet-in-formulier.html", visit, 409, signal_id=signal_id)
        return await self._form(
            visit, Filled({**filled.texts, "vervangt": signal_id}, filled.ticked), mends=signal_id
        )

    async def correct(self, visit: Visit, _filled: Filled) -> Response:
        """The form with what the register has in it, for a later version; that it was opened is kept like every look."""
        signal_id = visit.path.split("/")[2]
        seen = await self._visits.call(
            visit, "POST", f"/v1/signalen/{signal_id}/inzagen", {"reden": "kwaliteit"}
        )
        filled = forms.filled_from(seen["signaal"])
        if filled is None:
            return self._visits.show("niet-in-formulier.html", visit, 409, signal_id=signal_id)
        return await self._form(visit, Filled({**filled.texts, "corrigeert": signal_id}, filled.ticked))

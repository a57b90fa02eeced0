# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages about what the organisation submitted: what waits and was refused, the dossier, and one signal of it.

Numbers and states are shown to whom they are; what stands in a record only after a reason was given, in a form, never in an address.
"""

from datetime import datetime, timedelta
from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse

from process.problem import Refusal
from register.municipal.accounts import ROLES, may
from register.municipal.changes import WISHES
from register.municipal.dossier import LOOKS, MEND, observation_rows, subject_rows
from register.municipal.submitting import WITHDRAWALS
from register.municipal.web.entering import acknowledged
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits
from register.notices import FOLLOWING
from register.words import day, local_day, time_of_day

WITHDRAW = "signaal_verrijken_corrigeren_intrekken"


def mount(visits: Visits) -> None:
    """Put these pages at their addresses."""
    pages = _Dossier(visits)
    for method, path, page in (
        ("GET", "/dossier", pages.overview),
        ("POST", "/dossier", pages.overview),
        ("GET", "/dossier/{signaal}", pages.ask_reason),
        ("POST", "/dossier/{signaal}", pages.show),
        ("POST", "/dossier/{signaal}/weggooien", pages.discard),
        ("POST", "/dossier/{signaal}/opnieuw", pages.retry),
        ("POST", "/dossier/{signaal}/intrekken", pages.withdraw),
    ):
        visits.add(method, path, page)


async def unfinished(visits: Visits, visit: Visit) -> dict[str, Any]:
    """What waits, what was refused and what was put aside, for the start page; nothing for who submits nothing."""
    if not may(visit.role, "signaal_indienen"):
        return {"waiting": None}
    standing = await visits.call(visit, "GET", "/v1/signalen")
    drafts = await visits.call(visit, "GET", "/v1/concepten")
    rows = standing["signalen"]
    return {
        "waiting": [one for one in rows if one["staat"] != "geweigerd"],
        "refused": [one for one in rows if one["staat"] == "geweigerd"],
        "counts": standing["aantallen"],
        "drafts": [(one, _hours_left(visit, one)) for one in drafts["concepten"]],
        "withdraws": may(visit.role, WITHDRAW),
        "local_day": local_day,
        "time_of_day": time_of_day,
    }


def _hours_left(visit: Visit, draft: dict[str, Any]) -> int:
    left = datetime.fromisoformat(draft["verlooptOp"]) - visit.desk.clock()
    return max(0, int(left / timedelta(hours=1)))


class _Dossier:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def overview(self, visit: Visit, filled: Filled) -> Response:
        """All signals of this person, or of the organisation; the next page by a form."""
        after = f"&na={filled.text('na')}" if filled.text("na") else ""
        found = await self._visits.call(visit, "GET", f"/v1/signalen?staat=bewaard{after}")
        return self._visits.show(
            "dossier.html",
            visit,
            signals=found["signalen"],
            counts=found["aantallen"],
            after=found.get("volgende"),
            everyone=may(visit.role, WITHDRAW),
            day=day,
            local_day=local_day,
            time_of_day=time_of_day,
        )

    async def ask_reason(self, visit: Visit, _filled: Filled) -> Response:
        """Before anything is shown: why."""
        return self._ask(visit)

    def _ask(self, visit: Visit, refusal: Refusal | None = None) -> Response:
        return self._visits.show(
            "dossier-openen.html",
            visit,
            refusal.status if refusal else 200,
            signal_id=visit.path.split("/")[2],
            # Mending has a button of its own, where something was refused.
            reasons=[(code, text) for code, text in LOOKS.items() if code != MEND],
            refusal=refusal,
        )

    async def show(self, visit: Visit, filled: Filled) -> Response:
        """One signal, in words."""
        signal_id = visit.path.split("/")[2]
        sent = {"reden": filled.text("reden") or "-"}
        try:
            seen = await self._visits.call(
                visit, "POST", f"/v1/signalen/{signal_id}/inzagen", sent, key=filled.text("sleutel")
            )
        except Refusal as refusal:
            if refusal.status != 400:
                raise
            return self._ask(visit, refusal)
        return self._visits.show(
            "dossier-signaal.html",
            visit,
            seen=seen,
            rows=observation_rows(seen["signaal"]),
            subjects=[subject_rows(one) for one in seen["signaal"]["subjecten"]],
            looks=[
                (one, LOOKS.get(one["reden"], one["reden"]), ROLES.get(one["rol"], one["rol"]))
                for one in seen["inzagen"]
            ],
            wishes=list(WISHES.items()) if may(visit.role, "wijziging_vragen") and seen["eigen"] else [],
            following=list(FOLLOWING.items()),
            withdrawals=list(WITHDRAWALS.items()) if may(visit.role, WITHDRAW) else [],
            day=day,
            local_day=local_day,
            time_of_day=time_of_day,
        )

    async def discard(self, visit: Visit, _filled: Filled) -> Response:
        """Throw away a signal that was refused and stands nowhere."""
        await self._visits.call(visit, "DELETE", f"/v1/signalen/{visit.path.split('/')[2]}")
        return RedirectResponse("/", 303)

    async def retry(self, visit: Visit, _filled: Filled) -> Response:
        """Try again at once, unchanged."""
        signal_id = visit.path.split("/")[2]
        answer = await self._visits.call(visit, "POST", f"/v1/signalen/{signal_id}/pogingen", {})
        return acknowledged(self._visits, visit, answer)

    async def withdraw(self, visit: Visit, filled: Filled) -> Response:
        """Take a signal back."""
        sent = {"signaalId": visit.path.split("/")[2], "reden": filled.text("reden")}
        answer = await self._visits.call(visit, "POST", "/v1/intrekkingen", sent)
        return self._visits.show("ingetrokken.html", visit, answer=answer)

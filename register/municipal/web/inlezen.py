# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The page on which rows of the own system are pasted: first what would become of each, then storing them, and each time which were refused and why.

It calls `/v1/invoer` as the command line does (docs/spec/import.md), with the number of rows that goes in one request. What was pasted stays on the page, and nowhere else: the same rows again store nothing double, so what was
refused is mended there and pasted once more. A file of thousands of rows is for the command line, which goes on where it was.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.municipal.files import UnfitFileError, mapping_in, pasted
from register.municipal.limits import LARGEST_BATCH
from register.municipal.mapping import ColumnMapping
from register.municipal.web.forms import Filled
from register.municipal.web.visits import Visit, Visits

_STORE = "bewaar"
_TRIES = 20
"""A batch that ended early is sent again from where it ended; each time at least one row is taken, or it says to wait."""


@dataclass(frozen=True)
class _Rows:
    mapping: ColumnMapping
    digest: str
    plates: int
    rows: list[dict[str, Any]]

    @property
    def seen(self) -> str:
        """Tells whether these are the rows and the mapping that were tried."""
        return f"{self.digest}-{self.mapping.digest().hex()}"


def mount(visits: Visits) -> None:
    """Put the page at its address."""

    async def empty(visit: Visit, _filled: Filled) -> Response:
        return _page(visits, visit, Filled())

    async def take(visit: Visit, filled: Filled) -> Response:
        try:
            # In a thread: a large file must not keep the others of this node waiting.
            read = await run_in_threadpool(_read, filled)
            # Only what was tried as it stands there: who mends a row sees first what becomes of it.
            storing = filled.text("stap") == _STORE and filled.text("gezien") == read.seen
            found = await (_stored if storing else _foreseen)(visits, visit, read)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _page(visits, visit, filled, refusal=refusal)
        return _page(visits, visit, filled, found={**found, "seen": read.seen}, stored=storing)

    visits.add("GET", "/inlezen", empty)
    visits.add("POST", "/inlezen", take)


def _page(visits: Visits, visit: Visit, filled: Filled, **values: Any) -> Response:
    refusal = values.pop("refusal", None)
    shown = {"found": None, "stored": False, "most": LARGEST_BATCH} | values
    status = refusal.status if refusal else 200
    return visits.show("inlezen.html", visit, status, **shown, **visits.form_values(visit, filled, refusal))


def _read(filled: Filled) -> _Rows:
    """What was pasted.

    Raises:
        Refusal: 400, with every sentence at the field where it must be mended.
    """
    where = "mapping"
    try:
        mapping = mapping_in(filled.texts.get("mapping", ""))
        where = "rijen"
        inspected, rows = pasted(filled.texts.get("rijen", ""), mapping)
    except UnfitFileError as error:
        raise _unfit(FieldError(where, one) for one in error.sentences) from None
    if len(rows) > LARGEST_BATCH:
        most = _("Dit zijn {aantal} rijen; hier kunnen er {meest} tegelijk.").format(
            aantal=len(rows), meest=LARGEST_BATCH
        )
        raise _unfit([FieldError("rijen", most)])
    numbered = [{"rij": number, "velden": row} for number, row in enumerate(rows, start=1)]
    return _Rows(mapping, inspected.digest.hex(), inspected.shape.lone_plates, numbered)


def _unfit(errors: Any) -> Refusal:
    return Refusal(
        400,
        "ongeldige-invoer",
        _("Deze rijen zijn nog niet in te lezen."),
        _("Er is niets opgeslagen en niets verstuurd."),
        way_forward=_(
            "Verbeter wat hieronder staat en probeer het opnieuw. Meer rijen leest uw functioneel beheerder in met `node import`."
        ),
        fields=tuple(errors),
    )


async def _foreseen(visits: Visits, visit: Visit, read: _Rows) -> dict[str, Any]:
    body = {
        "mapping": read.mapping.members(),
        "totaal": len(read.rows),
        "vorm": {"alleenKenteken": read.plates},
        "rijen": read.rows,
    }
    answer = await visits.call(visit, "POST", "/v1/invoer/proef", body)
    return _told(answer["uitkomsten"])


async def _stored(visits: Visits, visit: Visit, read: _Rows) -> dict[str, Any]:
    body = {
        "mapping": read.mapping.members(),
        "bestand": read.digest,
        "rijen": len(read.rows),
        "vorm": {"alleenKenteken": read.plates},
    }
    opened = await visits.call(visit, "POST", "/v1/invoer", body)
    path, at = f"/v1/invoer/{opened['invoerId']}", opened["volgendeRij"]
    outcomes: list[dict[str, Any]] = []
    pause = None
    for _try in range(_TRIES):
        if at > len(read.rows) or pause:
            break
        answer = await visits.call(visit, "POST", f"{path}/rijen", {"rijen": read.rows[at - 1 :]})
        outcomes += answer["uitkomsten"]
        at, pause = answer["volgendeRij"], answer.get("wachtSeconden")
    told = _told(outcomes)
    if not outcomes:
        counts = opened["tellingen"]
        told["counts"] = {**counts, "herhaald": counts["herhaald"] + counts["bewaard"], "bewaard": 0}
    refused = (await visits.call(visit, "GET", f"{path}/geweigerd"))["rijen"]
    return {
        **told,
        "refused": [[one["rij"], one["kolom"], one["reden"]] for one in refused],
        "left": max(len(read.rows) - at + 1, 0),
    }


def _told(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("bewaard", "herhaald", "wacht", "geweigerd")
    return {
        "counts": {name: sum(one["uitkomst"] == name for one in outcomes) for name in names},
        "refused": [
            [one["rij"], why["kolom"], why["reden"]] for one in outcomes for why in one.get("redenen", [])
        ],
        "left": 0,
    }

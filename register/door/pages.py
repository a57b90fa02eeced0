# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The page "Mijn aanmelding" and the second step, as a node and the register both show them: what their templates need, and which resource a form calls.

The page does nothing of its own: it calls `/v1/mijn-aanmelding` with the visitor's session. Without JavaScript all of it works but making and using a passkey,
which only a script of a browser can do; the page says so in words.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import segno
from fastapi import Response

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.second_factor import HAPPENINGS, METHODS, TURNED_AWAY, Method
from register.words import local_day, time_of_day

PATH = "/mijn-aanmelding"
SECOND_STEP = "/aanmelden/tweede-stap"
_API = "/v1/mijn-aanmelding"


class Visiting(Protocol):
    """A visitor of the page, as the process knows them."""

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The interface's answer.

        Raises:
            Refusal: as the interface words it.
        """
        ...

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page in its frame."""
        ...

    def renewed(self, token: str) -> "Visiting":
        """The same visitor under another token, which their browser gets with the next page."""
        ...


async def own_page(
    visiting: Visiting, refusal: Refusal | None = None, *, done: str = "", at: str = ""
) -> Response:
    """The page; with what was refused, or what was done."""
    own = await visiting.call("GET", _API)
    return visiting.show(
        "mijn-aanmelding.html",
        refusal.status if refusal else 200,
        own=own,
        # Whose password and second step are kept elsewhere is not asked for them here.
        elsewhere=any(one["deze"] and Method.ELSEWHERE in one["middelen"] for one in own["sessies"]),
        refusal=refusal,
        errors=_errors(refusal, at),
        done=done,
        app_since=local_day(own["appSinds"]) if own.get("appSinds") else None,
        passkeys=[_passkey(one) for one in own["passkeys"]],
        sessions=[_session(one) for one in own["sessies"]],
        happenings=[(None, _happening(one)) for one in own["gebeurtenissen"]],
    )


def _errors(refusal: Refusal | None, at: str) -> list[tuple[str, str]]:
    """Each field of the page has the name of its form in its id."""
    return [(f"{at}-{one.field}", one.reason) for one in refusal.fields] if refusal else []


def _passkey(one: Mapping[str, Any]) -> dict[str, str]:
    used = one.get("gebruiktOp")
    return {
        "id": one["id"],
        "label": one["naam"],
        "since": local_day(one["sinds"]),
        "used": local_day(used) if used else _("nog niet"),
    }


def _session(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": one["nummer"],
        "since": _moment(one["sinds"]),
        "seen": _moment(one["gezienOp"]),
        "methods": ", ".join(str(METHODS.get(name, name)) for name in one["middelen"]),
        "this": one["deze"],
    }


def _happening(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return (
        _moment(one["moment"]),
        HAPPENINGS.get(one["wat"], one["wat"]),
        _("onbekend") if one["wat"] == TURNED_AWAY else one.get("door") or _("uzelf"),
    )


def _moment(text: str) -> str:
    return f"{local_day(text)}, {time_of_day(text)}"


def qr(address: str) -> dict[str, Any]:
    """A QR code as the side of its square, quiet zone included, and one path of black modules."""
    code = segno.make(address, micro=False, error="m")
    rows = list(code.matrix_iter(border=4))
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell
    )
    return {"side": len(rows), "path": path}


async def own_post(visiting: Visiting, sent: Mapping[str, str]) -> Response:
    """One of the forms of the page; `handeling` says which."""
    action = sent.get("handeling", "")
    try:
        return await _done(visiting, action, sent)
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        return await own_page(visiting, refusal, at=action)


async def _done(visiting: Visiting, action: str, sent: Mapping[str, str]) -> Response:
    password = sent.get("wachtwoord", "")
    if action in {Method.CODE, Method.PASSKEY, "herstelcodes"}:
        begun = await visiting.call("POST", f"{_API}/middelen", {"soort": action, "wachtwoord": password})
        return _begun(visiting, action, begun)
    if action == "app-bevestigen":
        return await _confirmed_app(visiting, sent)
    if action == "passkey-bevestigen":
        passkey = _json(sent.get("passkey", ""))
        made = await visiting.call(
            "POST", f"{_API}/bevestigingen", {"passkey": passkey, "naam": sent.get("naam", "")}
        )
        return await _made(visiting, made, _("De passkey is toegevoegd."))
    if action == "verwijderen":
        body = {"middel": sent.get("middel", ""), "wachtwoord": password}
        await visiting.call("POST", f"{_API}/verwijderingen", body)
        return await own_page(visiting, done=_("Verwijderd."))
    if action == "sessie":
        await visiting.call("POST", f"{_API}/sessies/beeindigingen", {"nummer": sent.get("nummer", "")})
        return await own_page(visiting, done=_("De aanmelding is beëindigd."))
    return await _password(visiting, sent)


async def _password(visiting: Visiting, sent: Mapping[str, str]) -> Response:
    if sent.get("nieuw", "") != sent.get("nogmaals", ""):
        raise _not_twice_the_same()
    body = {"wachtwoord": sent.get("wachtwoord", ""), "nieuw": sent.get("nieuw", "")}
    done = await visiting.call("POST", f"{_API}/wachtwoord", body)
    said = _("Uw wachtwoord is gewijzigd. Op andere plekken bent u afgemeld.")
    return await own_page(visiting.renewed(done["token"]), done=said)


def _begun(visiting: Visiting, action: str, begun: Mapping[str, Any]) -> Response:
    if action == Method.CODE:
        return _app_page(visiting, begun["geheim"], begun["adres"])
    if action == Method.PASSKEY:
        return visiting.show("passkey-maken.html", options=json.dumps(begun["passkey"]))
    return visiting.show("herstelcodes.html", codes=begun["herstelcodes"], said=None)


def _app_page(visiting: Visiting, secret: str, address: str, refusal: Refusal | None = None) -> Response:
    return visiting.show(
        "app-instellen.html",
        refusal.status if refusal else 200,
        secret=secret,
        address=address,
        qr=qr(address),
        refusal=refusal,
        errors=[(one.field, one.reason) for one in refusal.fields] if refusal else [],
    )


async def _confirmed_app(visiting: Visiting, sent: Mapping[str, str]) -> Response:
    try:
        made = await visiting.call("POST", f"{_API}/bevestigingen", {"code": sent.get("code", "") or " "})
    except Refusal as refusal:
        if refusal.code != "code-verkeerd":
            raise
        # The same secret again: what was typed over into a telephone stays right.
        return _app_page(visiting, sent.get("geheim", ""), sent.get("adres", ""), refusal)
    return await _made(visiting, made, _("De app met codes is toegevoegd."))


async def _made(visiting: Visiting, made: Mapping[str, Any], said: str) -> Response:
    renewed = visiting.renewed(made["token"])
    if made["herstelcodes"]:
        return renewed.show("herstelcodes.html", codes=made["herstelcodes"], said=said)
    return await own_page(renewed, done=said)


def _json(text: str) -> Any:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def second_answer(sent: Mapping[str, str], half: str) -> dict[str, Any]:
    """What the form of the second step says, as the interface takes it: the first of the three that was filled in."""
    if sent.get("passkey"):
        return {"aanmelding": half, "passkey": _json(sent["passkey"])}
    if sent.get("herstelcode", "").strip():
        return {"aanmelding": half, "herstelcode": sent["herstelcode"].strip()[:40]}
    return {"aanmelding": half, "code": sent.get("code", "").strip()[:40] or "-"}


def second_values(asked: Mapping[str, Any], refusal: Refusal | None) -> dict[str, Any]:
    """What the template of the second step needs."""
    return {
        "methods": asked["middelen"],
        "options": json.dumps(asked["passkey"]) if "passkey" in asked else None,
        "until": time_of_day(asked["verlooptOp"]),
        "error": f"{refusal.detail} {refusal.way_forward}" if refusal else None,
    }


def ends_at(end: datetime, now: datetime) -> tuple[str, int]:
    """When a session ends if nothing is done: as people read it, and in how many seconds, since a browser may have another clock."""
    return time_of_day(end.isoformat()), int((end - now).total_seconds())


def _not_twice_the_same() -> Refusal:
    return Refusal(
        400,
        "wachtwoord-ongelijk",
        _("De twee nieuwe wachtwoorden zijn niet gelijk."),
        _("U typt het nieuwe wachtwoord twee keer, omdat u niet ziet wat u typt. Er is niets veranderd."),
        way_forward=_("Vul beide opnieuw in."),
        fields=(FieldError("nogmaals", _("Dit is niet hetzelfde als hierboven.")),),
    )

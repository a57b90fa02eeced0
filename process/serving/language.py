# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which language a request is answered in (ADR 51).

In this order:

1. `?taal=en` or `?taal=nl` on a page: what was chosen just now at the foot of it. It is kept in a cookie of this browser, with the page that answers or with where a browser is sent on to; other files, such as the tiles of the log, leave nothing behind. A page that answered a form has no address to be
   asked for again: who chooses there goes to where one begins, in that language.
2. That cookie.
3. Under `/v1`, `Accept-Language` (RFC 9110, 12.5.4): a program says what its user reads. Not for pages: many Dutch computers ask for English, and an
   inspector at a door must not get a language that nobody chose.
4. What the caller within this process speaks, where a page asks its own interface.
5. Dutch.

Left to others: the words (process/locale) and where they are looked up (process.language).
"""

import gettext
from collections.abc import Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from process.language import DUTCH, ENGLISH, Language, speaking, spoken

COOKIE: Final = "sr_taal"
CHOICE: Final = "taal"
DOMAIN: Final = "paginas"
"""Not the domain of the command line: which language a terminal asks for decides nothing about pages."""
_LOCALE: Final = Path(__file__).parents[1] / "locale"
_YEAR: Final = 365 * 24 * 3600
_CODES: Final = (DUTCH, ENGLISH)


def english() -> Language:
    """English, with the texts that there are."""
    return Language(ENGLISH, gettext.translation(DOMAIN, str(_LOCALE), [ENGLISH]).gettext)


class Speaking:
    """Every request is answered in one language, from its first step to its last."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._languages = {DUTCH: None, ENGLISH: english()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the language of the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chosen = _chosen(scope)
        code = chosen or _kept(scope) or _asked(scope) or spoken()

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = list(message.get("headers", ()))
                if chosen and scope["method"] == "GET" and message["status"] == HTTPStatus.METHOD_NOT_ALLOWED:
                    message["status"] = HTTPStatus.SEE_OTHER
                    sent.append((b"location", b"/"))
                message["headers"] = sent + _headers(
                    scope, code, chosen if _is_for_a_reader(message["status"], sent) else None
                )
            await send(message)

        with speaking(self._languages[code]):
            await self._app(scope, receive, send_on)


def _is_for_a_reader(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an answer is a page, or sends a browser on to one."""
    kind = {name.lower(): value for name, value in headers}.get(b"content-type", b"")
    on = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST and status != HTTPStatus.NOT_MODIFIED
    return on or kind.lower().startswith(b"text/html")


def _is_interface(scope: Scope) -> bool:
    return f"{scope['path']}/".startswith("/v1/")


def _chosen(scope: Scope) -> str | None:
    if _is_interface(scope):
        return None
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return _known(query.get(CHOICE, [""])[-1])


def _kept(scope: Scope) -> str | None:
    try:
        cookies = SimpleCookie("; ".join(_values(scope, b"cookie")))
    except CookieError:
        return None
    return _known(cookies[COOKIE].value) if COOKIE in cookies else None


def _asked(scope: Scope) -> str | None:
    return preferred(",".join(_values(scope, b"accept-language"))) if _is_interface(scope) else None


def preferred(header: str) -> str | None:
    """The language of ours that an Accept-Language header likes best; None where it names neither, or is not understood."""
    best: tuple[float, str] | None = None
    for part in header.split(","):
        tag, _semicolon, weight = part.partition(";")
        code = _known(tag.strip().lower().partition("-")[0])
        quality = _quality(weight)
        if code and quality and (best is None or quality > best[0]):
            best = (quality, code)
    return best[1] if best else None


def _quality(weight: str) -> float:
    name, _equals, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" and 0 <= float(value) <= 1 else 0.0
    except ValueError:
        return 0.0


def _known(code: str) -> str | None:
    return code if code in _CODES else None


def _values(scope: Scope, name: bytes) -> Iterable[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _headers(scope: Scope, code: str, chosen: str | None) -> list[tuple[bytes, bytes]]:
    headers = []
    if code != DUTCH:
        headers.append((b"content-language", code.encode()))
    if chosen:
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        cookie = f"{COOKIE}={chosen}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax{secure}"
        headers.append((b"set-cookie", cookie.encode()))
    return headers

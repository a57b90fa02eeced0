# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What is refused before a page is reached: a page in a browser, problem details for anyone else.

A browser says that it reads pages (`Accept: text/html`, RFC 9110, 12.5.1); the interface under `/v1` has problem details for everybody. Counting or logging the refusal is done
once, by the handler that was there; status and `Allow` (RFC 9110, 15.5.6) stay as it answered. Who the visitor is, and with that the menu, is the caller's.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from process.language import gettext as _
from process.problem import Refusal, refusal_from

Refused = Callable[[Request, Refusal], Awaitable[Response]]
"""Makes the page for a refusal, in the frame of whoever asks."""

_NO_PAGE = frozenset({404, 405})


def answer_with_pages(app: FastAPI, refused: Refused) -> None:
    """Have an application tell a browser in pages what is no address, and what it refused at the door.

    Args:
        app: as `process.serving.web.new_app` made it.
        refused: shows a refusal as a page, with the status of the refusal.
    """
    plain: Any = app.exception_handlers[Refusal]

    async def told(request: Request, error: Exception) -> Response:
        answer: Response = await plain(request, error)
        if not _reads_pages(request):
            return answer
        refusal: Refusal = refusal_from(json.loads(bytes(answer.body)))
        refusal.status = answer.status_code
        if isinstance(error, HTTPException) and answer.status_code in _NO_PAGE:
            refusal = no_page(answer.status_code)
        page = await refused(request, refusal)
        for name in {"allow", "retry-after"} & set(answer.headers):
            page.headers[name] = answer.headers[name]
        return page

    app.add_exception_handler(HTTPException, told)
    app.add_exception_handler(Refusal, told)


def no_page(status: int = 404) -> Refusal:
    """There is no page at this address, or none that is asked for in this way."""
    return Refusal(
        status,
        "niet-gevonden",
        _("Deze pagina bestaat niet."),
        _("Het adres klopt niet, of de pagina is verplaatst."),
        way_forward=_("Ga naar de beginpagina en kies daar wat u wilt doen."),
    )


def _reads_pages(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not f"{request.url.path}/".startswith("/v1/")

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Out of sight in one tap: a neutral page in place of any other, and no way back through the history until somebody goes on. Also the look of an organisation, which everybody may see.

Going away sets a cookie and empties the browser's memory of pages (Clear-Site-Data); while the cookie is there every page of the node is the neutral one. A form that is sent meanwhile, from another tab, is not carried out: what was typed goes along with the neutral page, sealed
(`register.door.carried`), and comes back with "Verder". The session stays: going on is one tap, as getting away was. It protects from eyes, not
from hands: who can hold the telephone is kept out by its lock.
"""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from register.municipal.web.visits import AWAY_COOKIE, HIDE, Visits


def mount(visits: Visits) -> None:
    """Put the neutral page, the way back from it, and the looks at their addresses."""

    async def away() -> Response:
        page = visits.bare("weg.html")
        page.headers["Clear-Site-Data"] = '"cache"'
        visits.set_cookie(page, AWAY_COOKIE, "1")
        return page

    async def back() -> Response:
        response = RedirectResponse("/", 303)
        visits.drop_cookie(response, AWAY_COOKIE)
        return response

    async def back_with_form(request: Request) -> Response:
        if not visits.hidden(request):
            # Also for a form of another site, which brings no cookie: it takes nothing away.
            return RedirectResponse("/", 303)
        kept = (await request.form()).get("bewaard")
        response = await visits.back_in_sight(request, kept if isinstance(kept, str) else "")
        visits.drop_cookie(response, AWAY_COOKIE)
        return response

    async def look(request: Request) -> Response:
        desk = visits.house.desks.get(request.path_params["organisatie"])
        if desk is None or desk.house_style is None:
            return Response(status_code=404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=300"}
        return Response(desk.house_style, media_type="text/css", headers=headers)

    visits.add_open("GET", HIDE, away)
    visits.add_open("GET", f"{HIDE}/terug", back)
    visits.add_open("POST", f"{HIDE}/terug", back_with_form)
    visits.add_open("GET", "/huisstijl/{organisatie}.css", look)

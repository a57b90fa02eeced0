# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who is behind a request, and at which desk: the one dependency through which a route of the interface reaches anything.

The desk comes from the session. A route that took it from elsewhere could show one organisation what is another's.
"""

from typing import Annotated

from fastapi import Header, Request

from process.language import gettext as _
from process.serving.described import refusals, refusing
from register.door.api import Inside
from register.municipal.house import House, Seat
from register.municipal.people import raw_token, written
from register.passkeys import Site, site_of
from register.wire import IDEMPOTENCY_HEADER

_BEARER = "Bearer "
PASSED_ON = refusals(404, 409, 429)
"""What a route can answer that asks the register or the key holders: what they refuse is passed on in their words."""

RequestKey = Annotated[
    str | None,
    Header(
        alias=IDEMPOTENCY_HEADER,
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="Dezelfde sleutel met dezelfde inhoud: er wordt niets dubbel opgeslagen.",
    ),
]


class Who:
    """Dependencies: who is behind a request.

    Args:
        house: all desks of this node.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    @refusing(401, 403)
    def seat(self, request: Request) -> Seat:
        """The person and the desk of this request; refusals are counted there from now on.

        Raises:
            Refusal: 401, there is no living session.
        """
        found = self._house.behind(bearer(request))
        request.state.seat = found
        return found

    def anyhow(self, request: Request) -> Seat:
        """As `seat`, also for a session that lacks the second factor that is asked of everyone: only for getting one, and for leaving.

        Raises:
            Refusal: 401, there is no living session.
        """
        found = self._house.behind(bearer(request), anyhow=True)
        request.state.seat = found
        return found

    def inside(self, request: Request) -> Inside:
        """The same for one's own means of signing in.

        Raises:
            Refusal: 401, there is no living session.
        """
        found = self.anyhow(request)
        return Inside(
            found.desk.people.door,
            found.logged_in.proven,
            raw_token(found.logged_in.token) or b"",
            self.site(request),
            written,
        )

    def site(self, request: Request) -> Site | None:
        """Where passkeys are valid."""
        practising = self._house.first.profile == "oefening"
        asked = f"{request.url.scheme}://{request.url.netloc}"
        return site_of(self._house.origin, asked, _("Signaalregister"), practising=practising)


def bearer(request: Request) -> str | None:
    """The token of a request, or None."""
    sent = request.headers.get("authorization", "")
    return sent.removeprefix(_BEARER) if sent.startswith(_BEARER) else None

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A witness without a server goes to the register itself: fetches what to vouch for, and hands in what it vouched for.

Nothing that the register says is believed here: ``audit.witness.vouching`` judges it. The connection may be unencrypted without
harm, since only what is signed counts.
"""

import json
import time

import httpx

from audit.witnessing import LARGEST_OFFER
from process.language import gettext as _

REQUEST_PATH = "/v1/logboek/getuigen/verzoek"
ANSWER_PATH = "/v1/logboek/getuigen/bevestigingen"
LONGEST_SECONDS = 60.0
"""For one answer as a whole."""
LONGEST_REASON = 500
"""Characters of what the register says that are passed on."""


class ExchangeError(ValueError):
    """The register could not be reached or did not take it; the message says in Dutch what was the matter."""


class ShorterError(ExchangeError):
    """The register says that its log is shorter than what this witness vouched for, or another."""


def fetch(client: httpx.Client, size: int) -> bytes:
    """The request of the register to a witness that vouched for ``size`` leaves last.

    Raises:
        ShorterError: it is not that long.
        ExchangeError: it gave none.
    """
    return _asked(client, "GET", REQUEST_PATH, params={"oud": size})


def hand_in(client: httpx.Client, note: str) -> None:
    """Gives the register a checkpoint with this witness's cosignature.

    Raises:
        ShorterError: it is of another log than the register has now.
        ExchangeError: it did not take it.
    """
    _asked(client, "POST", ANSWER_PATH, json={"controlepunt": note})


def _asked(client: httpx.Client, method: str, path: str, **content: object) -> bytes:
    """What the register answers; no longer than a request can be, and not byte by byte for ever."""
    ends, body = time.monotonic() + LONGEST_SECONDS, bytearray()
    try:
        with client.stream(method, path, **content) as response:  # type: ignore[arg-type]  # httpx's own arguments, by name
            for part in response.iter_bytes():
                body += part
                if len(body) > LARGEST_OFFER or time.monotonic() > ends:
                    raise ExchangeError(_("het antwoord van het register is te groot of te traag"))
    except httpx.HTTPError as error:
        raise ExchangeError(
            _("het register is niet bereikbaar ({soort})").format(soort=type(error).__name__)
        ) from error
    if response.status_code == httpx.codes.CONFLICT:
        raise ShorterError(_title(body))
    if not response.is_success:
        raise ExchangeError(
            _("het register antwoordt met status {status}: {wat}").format(
                status=response.status_code, wat=_title(body)
            )
        )
    return bytes(body)


def _title(body: bytearray) -> str:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return _("zonder uitleg")
    if not isinstance(members, dict):
        return _("zonder uitleg")
    told = f"{members.get('title', '')} {members.get('detail', '')}"
    # It ends on a terminal, where control characters could write over what this witness says itself.
    return "".join(one if one.isprintable() else "?" for one in told[:LONGEST_REASON])

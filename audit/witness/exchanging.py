# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A witness without a server goes to the register itself: fetches what to vouch for, and hands in what it vouched for.

Nothing that the register says is believed here: ``audit.witness.vouching`` judges it. The connection may be unencrypted without
harm, since only what is signed counts.
"""

from gettext import gettext as _

import httpx

from audit.witnessing import LARGEST_OFFER

REQUEST_PATH = "/v1/logboek/getuigen/verzoek"
ANSWER_PATH = "/v1/logboek/getuigen/bevestigingen"


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
    response = _asked(client, "GET", REQUEST_PATH, params={"oud": size})
    if len(response.content) > LARGEST_OFFER:
        raise ExchangeError(_("het verzoek van het register is te groot"))
    return response.content


def hand_in(client: httpx.Client, note: str) -> None:
    """Gives the register a checkpoint with this witness's cosignature.

    Raises:
        ShorterError: it is of another log than the register has now.
        ExchangeError: it did not take it.
    """
    _asked(client, "POST", ANSWER_PATH, json={"controlepunt": note})


def _asked(client: httpx.Client, method: str, path: str, **content: object) -> httpx.Response:
    try:
        response = client.request(method, path, **content)  # type: ignore[arg-type]  # httpx's own arguments, by name
    except httpx.HTTPError as error:
        raise ExchangeError(
            _("het register is niet bereikbaar ({soort})").format(soort=type(error).__name__)
        ) from error
    if response.status_code == httpx.codes.CONFLICT:
        raise ShorterError(_title(response))
    if response.status_code >= 400:
        raise ExchangeError(
            _("het register antwoordt met status {status}: {wat}").format(
                status=response.status_code, wat=_title(response)
            )
        )
    return response


def _title(response: httpx.Response) -> str:
    try:
        members = response.json()
    except ValueError:
        return _("zonder uitleg")
    return f"{members.get('title', '')} {members.get('detail', '')}" if isinstance(members, dict) else ""

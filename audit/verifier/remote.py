# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A public log read over HTTP. What arrives is not believed: ``audit.verify`` judges it.

Whatever goes wrong between here and the log becomes a ``SourceError`` with a sentence in Dutch. The connection may be
unencrypted without harm, since only what the log signed counts.
"""

from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

import httpx

from audit.canonical import EncodingError, base64_bytes
from audit.merkle import HASH_SIZE
from audit.verify import SourceError

PAGE = 1000
"""Leaves per request: about 50 kB."""


class RemoteLog:
    """A log at the base address of ``client``. Implements ``audit.verify.LogSource``."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def checkpoint(self) -> str:
        """The latest signed checkpoint note."""
        return self._get("/v1/logboek/checkpoint").text

    def leaves(self, size: int) -> Iterator[bytes]:
        """The bytes of the first ``size`` leaves, page by page."""
        read = 0
        while read < size:
            query = {"vanaf": read, "aantal": min(PAGE, size - read)}
            page = self._byte_strings("/v1/logboek/bladen", query, "bladen")
            if not page:
                return
            yield from page
            read += len(page)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The inclusion proof of leaf ``index`` in the tree of ``size`` leaves."""
        query = {"blad": index, "omvang": size}
        return self._byte_strings("/v1/logboek/bewijzen/insluiting", query, "hashes", each=HASH_SIZE)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The consistency proof from the tree of ``old`` leaves to that of ``new`` leaves."""
        query = {"van": old, "naar": new}
        return self._byte_strings("/v1/logboek/bewijzen/samenhang", query, "hashes", each=HASH_SIZE)

    def _get(self, path: str, query: dict[str, int] | None = None) -> httpx.Response:
        try:
            response = self._client.get(path, params=query or {})
        except httpx.HTTPError as error:
            raise SourceError(
                _("het logboek is niet bereikbaar ({soort})").format(soort=type(error).__name__)
            ) from error
        if response.status_code != httpx.codes.OK:
            raise SourceError(
                _("het logboek antwoordt op {pad} met status {status}").format(
                    pad=path, status=response.status_code
                )
            )
        return response

    def _byte_strings(
        self, path: str, query: dict[str, int], member: str, *, each: int | None = None
    ) -> tuple[bytes, ...]:
        response = self._get(path, query)
        try:
            return tuple(base64_bytes(one, size=each) for one in _texts(response.json(), member))
        except (ValueError, EncodingError) as error:
            raise SourceError(_("het antwoord op {pad} heeft niet de goede vorm").format(pad=path)) from error


def _texts(document: Any, member: str) -> list[str]:
    """The list of texts under ``member``.

    Raises:
        EncodingError: there is none.
    """
    texts = document.get(member) if isinstance(document, dict) else None
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise EncodingError(_("er staat geen lijst in"))
    return texts

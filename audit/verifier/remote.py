# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A public log read over HTTP. What arrives is not believed: ``audit.verify`` judges it.

Whatever goes wrong between here and the log becomes a ``SourceError`` with a sentence in Dutch. The connection may be
unencrypted without harm, since only what the log signed counts. Python's own client, since the verifier is one file; no
redirect is followed and no proxy of the environment is asked.
"""

import json
import ssl
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from typing import Any
from urllib.parse import urlencode, urlsplit

from audit.canonical import EncodingError, base64_bytes
from audit.checkpoint import Checkpoint
from audit.merkle import HASH_SIZE
from audit.verifier.tiled import TiledLog
from audit.verify import SourceError
from process.language import gettext as _

PAGE = 1000
"""Leaves per request: about 50 kB."""

LARGEST_ANSWER = 8 * 1024 * 1024
LONGEST_SECONDS = 120.0
"""For one answer as a whole: a log that sends byte by byte does not keep a checker for ever."""
_PIECE = 64 * 1024
PREFIX = "/v1/logboek"
TILES = "/tlog"
_OK = 200


class AddressError(ValueError):
    """An address that is none; the message says in Dutch why."""


class RemoteLog:
    """A log at a base address. Implements ``LogSource``, ``Prover`` and ``Locator`` of ``audit.verify``."""

    def __init__(self, address: str, context: ssl.SSLContext, *, patience: float) -> None:
        """A log at ``address``, whose certificate ``context`` checks; an answer may take ``patience`` seconds.

        Raises:
            AddressError: it is no address of a web server.
        """
        if not address.startswith(("https://", "http://")):
            raise AddressError(_("Het adres van het logboek begint met https:// (of http://)."))
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise AddressError(_("Het adres van het logboek is niet te lezen.")) from error
        if not host or parts.query or parts.fragment or not address.isascii() or " " in address:
            raise AddressError(_("Het adres van het logboek is niet te lezen."))
        self._base = parts.path.rstrip("/")
        self._connection: HTTPConnection = (
            HTTPSConnection(host, port, timeout=patience, context=context)
            if parts.scheme == "https"
            else HTTPConnection(host, port, timeout=patience)
        )

    def checkpoint(self, *, witnessed: bool = False) -> bytes:
        """The latest signed checkpoint note; the latest that enough witnesses vouch for, if that is asked and there is one."""
        if witnessed:
            status, body = self._send(f"{PREFIX}/checkpoint?getuigen=genoeg")
            if status == _OK:
                return body
        return self._get(f"{PREFIX}/checkpoint")

    def leaves(self, size: int) -> Iterator[bytes]:
        """The bytes of the first ``size`` leaves, page by page."""
        read = 0
        while read < size:
            query = {"vanaf": read, "aantal": min(PAGE, size - read)}
            page = self._byte_strings(f"{PREFIX}/bladen", query, "bladen")
            if not page:
                return
            yield from page
            read += len(page)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The inclusion proof of leaf ``index`` in the tree of ``size`` leaves."""
        query = {"blad": index, "omvang": size}
        return self._byte_strings(f"{PREFIX}/bewijzen/insluiting", query, "hashes", each=HASH_SIZE)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The consistency proof from the tree of ``old`` leaves to that of ``new`` leaves."""
        query = {"van": old, "naar": new}
        return self._byte_strings(f"{PREFIX}/bewijzen/samenhang", query, "hashes", each=HASH_SIZE)

    def locate(self, checkpoint: Checkpoint) -> str | None:
        """Where leaves and tree part, if the log serves its tiles; None if it does not."""
        return TiledLog(self._tile).locate(checkpoint)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _tile(self, path: str) -> bytes | None:
        status, body = self._send(f"{TILES}/{path}")
        return body if status == _OK else None

    def _get(self, path: str, query: Mapping[str, int] | None = None) -> bytes:
        status, body = self._send(path + (f"?{urlencode(query)}" if query else ""))
        if status != _OK:
            raise SourceError(
                _("het logboek antwoordt op {pad} met status {status}").format(pad=path, status=status)
            )
        return body

    def _send(self, target: str) -> tuple[int, bytes]:
        try:
            return self._exchange(target)
        except (HTTPException, OSError):
            # A connection that was kept open may have been closed at the other side; a new one tells.
            self._connection.close()
        try:
            return self._exchange(target)
        except (HTTPException, OSError) as error:
            self._connection.close()
            raise SourceError(
                _("het logboek is niet bereikbaar ({soort})").format(soort=type(error).__name__)
            ) from error

    def _exchange(self, target: str) -> tuple[int, bytes]:
        ends, body = time.monotonic() + LONGEST_SECONDS, bytearray()
        self._connection.request("GET", self._base + target)
        response = self._connection.getresponse()
        while part := response.read1(_PIECE):
            body += part
            if len(body) > LARGEST_ANSWER:
                self._connection.close()
                raise SourceError(_("het logboek stuurt meer dan er gevraagd is"))
            if time.monotonic() > ends:
                self._connection.close()
                raise SourceError(_("het logboek antwoordt te traag"))
        if response.length:
            raise IncompleteRead(bytes(body), response.length)
        return response.status, bytes(body)

    def _byte_strings(
        self, path: str, query: Mapping[str, int], member: str, *, each: int | None = None
    ) -> tuple[bytes, ...]:
        body = self._get(path, query)
        try:
            return tuple(base64_bytes(one, size=each) for one in _texts(json.loads(body), member))
        except (ValueError, RecursionError) as error:
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

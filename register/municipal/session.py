# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A person's session with a running node, over its interface: log in, ask, log out. For the command line."""

import ssl
import time
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from process.problem import Refusal, refusal_from
from process.serving.errors import SettingsError

_LONGEST_WAIT = 90


class NodeSession:
    """An open session; use it as a context manager.

    Args:
        url: of the node.
        officer: name of the account.
        password: of the account.
        authorities: PEM file with who may certify the node; None uses the machine's own for https.

    Raises:
        Refusal: logging in failed, or anything later that the node refuses.
        SettingsError: there is no node at that address.
    """

    def __init__(self, url: str, officer: str, password: str, authorities: Path | None = None) -> None:
        context = ssl.create_default_context(cafile=None if authorities is None else str(authorities))
        self._http = httpx.Client(base_url=url, verify=context, timeout=30.0, trust_env=False)
        self._url = url
        self._credentials = {"naam": officer, "wachtwoord": password}

    def __enter__(self) -> Self:
        try:
            token = self._send("POST", "/v1/sessies", self._credentials)["token"]
        except BaseException:
            self._http.close()
            raise
        self._http.headers["Authorization"] = f"Bearer {token}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A session ends by itself too; what was done stays done.
        with suppress(httpx.HTTPError):
            self._http.delete("/v1/sessies/huidige")
        self._http.close()

    def post(self, path: str, body: dict[str, Any], *, request_key: str | None = None) -> dict[str, Any]:
        """Send a message and give the answer."""
        return self._send("POST", path, body, {} if request_key is None else {"Idempotency-Key": request_key})

    def post_patiently(self, path: str, body: dict[str, Any], request_key: str) -> dict[str, Any]:
        """As `post`, and when the node says to wait (a quota, a holder away), waits and sends the same once more."""
        try:
            return self.post(path, body, request_key=request_key)
        except Refusal as refusal:
            if refusal.retry_after is None or refusal.retry_after > _LONGEST_WAIT:
                raise
            time.sleep(refusal.retry_after)
        return self.post(path, body, request_key=request_key)

    def get(self, path: str) -> dict[str, Any]:
        """Read a resource."""
        return self._send("GET", path)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise SettingsError(
                _("De node op {adres} antwoordt niet ({fout}). Draait hij, en klopt het adres?").format(
                    adres=self._url, fout=type(error).__name__
                )
            ) from None
        try:
            answer = response.json()
        except ValueError:
            answer = {}
        if not isinstance(answer, dict):
            answer = {}
        if response.is_success:
            return answer
        refusal = refusal_from(answer)
        refusal.status = response.status_code
        retry = response.headers.get("retry-after", "")
        refusal.retry_after = int(retry) if retry.isdigit() else None
        raise refusal

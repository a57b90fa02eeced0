# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A person's session with a running node, over its interface: log in, ask, log out. For the command line."""

import ssl
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from process.problem import refusal_from, retry_after
from process.serving.errors import SettingsError

_SECONDS = 30.0


class NodeAwayError(SettingsError):
    """The node gave no answer: whether the message arrived is not known."""


class NodeSession:
    """An open session; use it as a context manager.

    Args:
        url: of the node.
        officer: name of the account.
        password: of the account.
        authorities: PEM file with who may certify the node; None uses the machine's own for https.
        organisation: code of the officer's organisation, if the node has more than one.

    Raises:
        Refusal: logging in failed, or anything later that the node refuses.
        SettingsError: there is no node at that address.
    """

    def __init__(
        self,
        url: str,
        officer: str,
        password: str,
        authorities: Path | None = None,
        organisation: str | None = None,
    ) -> None:
        context = ssl.create_default_context(cafile=None if authorities is None else str(authorities))
        self._http = httpx.Client(base_url=url, verify=context, timeout=_SECONDS, trust_env=False)
        self._url = url
        self._credentials = {"naam": officer, "wachtwoord": password}
        if organisation is not None:
            self._credentials["organisatie"] = organisation

    def __enter__(self) -> Self:
        try:
            self.sign_in()
        except BaseException:
            self._http.close()
            raise
        return self

    def sign_in(self) -> None:
        """Begin a session, or a new one where the last has ended: long work outlives it."""
        token = self._send("POST", "/v1/sessies", self._credentials)["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A session ends by itself too; what was done stays done.
        with suppress(httpx.HTTPError):
            self._http.delete("/v1/sessies/huidige")
        self._http.close()

    def post(
        self, path: str, body: dict[str, Any], *, request_key: str | None = None, seconds: float = _SECONDS
    ) -> dict[str, Any]:
        """Send a message and give the answer, within a time limit in seconds."""
        headers = {} if request_key is None else {"Idempotency-Key": request_key}
        return self._send("POST", path, body, headers, seconds)

    def get(self, path: str) -> dict[str, Any]:
        """Read a resource."""
        return self._send("GET", path)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        seconds: float = _SECONDS,
    ) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=body, headers=headers, timeout=seconds)
        except httpx.HTTPError as error:
            raise NodeAwayError(
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
        refusal.retry_after = retry_after(response.headers)
        raise refusal

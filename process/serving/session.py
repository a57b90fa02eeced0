# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A person's session with a running process, over its interface: log in, ask, log out. For the command line."""

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from process.language import gettext as _
from process.problem import refusal_from, retry_after
from process.serving.errors import SettingsError

_SECONDS = 30.0


class AwayError(SettingsError):
    """Nothing answered: whether the message arrived is not known."""


class PersonSession:
    """An open session; use it as a context manager.

    Args:
        url: of the process.
        credentials: what `POST /v1/sessies` takes.
        authorities: PEM file with who may certify the process; None uses the machine's own for https.
        headers: that go with everything.
        second: asks the person for the code of an app, or a recovery code; None where nobody can be asked.

    Raises:
        Refusal: logging in failed, or anything later that the process refuses.
        SettingsError: nothing answers at that address.
    """

    def __init__(
        self,
        url: str,
        credentials: Mapping[str, str],
        authorities: Path | None = None,
        headers: Mapping[str, str] | None = None,
        second: Callable[[], str] | None = None,
    ) -> None:
        context = ssl.create_default_context(cafile=None if authorities is None else str(authorities))
        self._http = httpx.Client(
            base_url=url, verify=context, timeout=_SECONDS, trust_env=False, headers=headers
        )
        self._url = url
        self._credentials = dict(credentials)
        self._second = second

    def __enter__(self) -> Self:
        try:
            self.sign_in()
        except BaseException:
            self._http.close()
            raise
        return self

    def sign_in(self) -> None:
        """Begin a session, or a new one where the last has ended: long work outlives it."""
        opened = self._send("POST", "/v1/sessies", self._credentials)
        if "token" not in opened:
            opened = self._send("POST", "/v1/sessies/tweede-stap", self._second_step(opened))
        self._http.headers["Authorization"] = f"Bearer {opened['token']}"

    def _second_step(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self._second is None:
            raise SettingsError(
                _(
                    "Dit account meldt zich in twee stappen aan, en hier kan niemand om de code gevraagd worden."
                )
            )
        typed = "".join(self._second().split())
        name = "code" if typed.isdigit() else "herstelcode"
        return {"aanmelding": asked["aanmelding"], name: typed[:40] or "-"}

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

    @staticmethod
    def away(address: str, error: str) -> AwayError:
        """What is said when nothing answers."""
        return AwayError(
            _("Op {adres} antwoordt niemand ({fout}). Draait het, en klopt het adres?").format(
                adres=address, fout=error
            )
        )

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
            raise self.away(self._url, type(error).__name__) from None
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

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Interface and pages of a node, built once a session and put before the node of each test: to build them takes longer than most of what is claimed behind them.

They ask the house at each request (`register.municipal.app.front`), so what stands here is nothing but the way to the node of now. Only one node of a process
stands behind them at a time; a test with two builds the other for real.
"""

from collections.abc import Callable
from typing import Any, cast

from fastapi import FastAPI

from process.problem import Refusal
from process.serving.health import Readiness
from process.serving.web import OnRefusal
from register.municipal.app import front
from register.municipal.house import House


class Now:
    """Stands for whatever is there now."""

    def __init__(self, there: Callable[[], object]) -> None:
        self.__dict__["_there"] = there

    def __getattr__(self, name: str) -> Any:
        return getattr(self._there(), name)


class Ready(Now):
    """Stands for the readiness of the node of now; its numbers are counted where that node counts them."""

    @property
    def metrics(self) -> Any:
        """Where requests are counted."""
        return Now(lambda: self._there().metrics)


class Front:
    """Gives each node the same application."""

    def __init__(self) -> None:
        self._house: House | None = None
        self._ready: Readiness | None = None
        self._on_refusal: OnRefusal | None = None
        self._kept: dict[bool, FastAPI] = {}

    def before(self, house: House, ready: Readiness, on_refusal: OnRefusal, *, secure: bool) -> FastAPI:
        """As `register.municipal.app.front`."""
        self._house, self._ready, self._on_refusal = house, ready, on_refusal
        if secure not in self._kept:
            now, shown = Now(lambda: self._house), Ready(lambda: self._ready)
            self._kept[secure] = front(
                cast("House", now), cast("Readiness", shown), self._counted, secure=secure
            )
        return self._kept[secure]

    def _counted(self, request: Any, refusal: Refusal) -> Refusal:
        assert self._on_refusal is not None
        return self._on_refusal(request, refusal)

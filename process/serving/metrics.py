# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Numbers for whoever keeps a process running, in the text format of Prometheus, on its operational listener and nowhere else.

The law of this file:

1. **Labels are a closed list** (`LABELS`) with closed values: templates of routes, methods, status codes, names of our own. No organisation, officer, role, purpose, case or signal is one.
2. **Nothing shows when somebody works.** What an organisation's own node counts is shown as it stood at the last whole hour (`settled`); the processes that all organisations share show theirs at once,
   without telling whose.
3. Depths that follow from one person's act are shown in steps of ten.
4. Each process has a registry of its own: nothing is shared through the library's global one, whose collectors tell of the machine.

Left to others: what is counted by a process itself (`watch`, in its app.py), who may reach the listener (process.serving.run).
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from process.moments import Clock

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
LABELS: Final = frozenset({"route", "method", "status", "le", "kind", "job"})
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
_ELSEWHERE: Final = "overig"
_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_STEP: Final = 10

Watch = Callable[[], float | Mapping[str, float]]
"""A number now, or one for each value of the label of its gauge."""

_log = logging.getLogger(__name__)


def in_steps(number: int) -> int:
    """A depth, rounded up to tens."""
    return -(-number // _STEP) * _STEP


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        self._counting = CollectorRegistry()
        self._requests = Counter(
            "signaalregister_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self._counting,
        )
        self._seconds = Histogram(
            "signaalregister_request_seconds",
            "How long an answer took, by route.",
            ("route",),
            buckets=_SECONDS,
            registry=self._counting,
        )
        self._watching = CollectorRegistry()
        self._clock: Clock | None = None
        self._shown: tuple[datetime, bytes] | None = None
        self._lock = threading.Lock()

    def settled(self, clock: Clock) -> None:
        """From now on requests are shown as they stood at the last whole hour: for a process of one organisation."""
        self._clock = clock
        self._shown = (_hour(clock()), generate_latest(self._counting))

    def watch(self, name: str, about: str, ask: Watch, label: str = "") -> None:
        """Show a number that somebody else keeps, whenever it is asked for.

        Raises:
            ValueError: a label that is not on the list.
        """
        if label and label not in LABELS:
            raise ValueError("not a label")
        self._watching.register(_Watched(f"signaalregister_{name}", about, ask, label))

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        known = method if method in _METHODS else _ELSEWHERE
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Everything, in the text format."""
        return self._requests_shown() + generate_latest(self._watching)

    def _requests_shown(self) -> bytes:
        if self._clock is None:
            return generate_latest(self._counting)
        with self._lock:
            hour = _hour(self._clock())
            if self._shown is None or hour > self._shown[0]:
                self._shown = (hour, generate_latest(self._counting))
            return self._shown[1]


class _Watched(Collector):
    """One gauge that is asked for; one that cannot be told is left out."""

    def __init__(self, name: str, about: str, ask: Watch, label: str) -> None:
        self._name, self._about, self._ask, self._label = name, about, ask, label

    def collect(self) -> list[GaugeMetricFamily]:
        """What it is now."""
        gauge = GaugeMetricFamily(self._name, self._about, labels=[self._label] if self._label else [])
        try:
            found = self._ask()
        except Exception as error:  # noqa: BLE001 - whatever it was, the other numbers are worth having
            _log.error("check failed: %s", type(error).__name__)
            return []
        if isinstance(found, Mapping):
            for value, number in found.items():
                gauge.add_metric([value], number)
        else:
            gauge.add_metric([], found)
        return [gauge]

    def describe(self) -> list[GaugeMetricFamily]:
        """Its name only: nobody is asked anything when it is registered."""
        return [GaugeMetricFamily(self._name, self._about)]


class Measured:
    """ASGI middleware that counts each answer by the template of its route; an address that is none is `overig`."""

    def __init__(self, app: Any, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on, and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.monotonic(), 500

        async def noted(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", None) or _ELSEWHERE
            self._metrics.count(str(route), scope["method"], status, time.monotonic() - begun)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)

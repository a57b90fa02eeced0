# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Answers whether this process lives and can work, within a second, also when everything else in it is stuck.

The checks run in a thread of their own, never among those of the requests, and once at a time: whoever asks meanwhile gets the answer of the look that is running. A look
that takes longer than a second is an obstacle itself. A process that was told to stop is not ready from that moment on, so that a load balancer
turns away before the door closes.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from process.health import Check, Health, Worries
from process.language import gettext as _
from process.serving.metrics import Metrics

SECONDS: Final = 1.0
"""How long an answer may take."""

_log = logging.getLogger(__name__)


class Readiness:
    """The checks of one process, for all its listeners.

    Args:
        checks: what must be well before this process can work.
        worries: what somebody must look at.

    Attributes:
        metrics: the numbers of this process, shown beside its health.
    """

    def __init__(self, checks: Sequence[Check] = (), worries: Sequence[Worries] = ()) -> None:
        self._checks = tuple(checks)
        self._worries = tuple(worries)
        self._stopping = False
        self.metrics = Metrics()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gezondheid")
        self._looking: Future[Health] | None = None

    def stop(self) -> None:
        """From now on: not ready."""
        self._stopping = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def now(self) -> Health:
        """How the process is."""
        if self._stopping:
            return Health((_("Dit proces stopt."),))
        if self._looking is None or self._looking.done():
            self._looking = self._thread.submit(self.look)
        try:
            # Shielded: one caller that gives up must not take the answer from the others.
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._looking)), SECONDS)
        except TimeoutError:
            return Health((_("Dit proces krijgt niet binnen een seconde antwoord van wat het nodig heeft."),))

    def look(self) -> Health:
        """Look at everything, now and here."""
        obstacles = [sentence for check in self._checks if (sentence := _checked(check)) is not None]
        return Health(tuple(obstacles), tuple(one for ask in self._worries for one in _asked(ask)))


def _checked(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a check that fails is what it was made to find
        _log.error("check failed: %s", type(error).__name__)
        return _("Een controle van dit proces mislukte.")


def _asked(ask: Worries) -> list[str]:
    try:
        return list(ask())
    except Exception as error:  # noqa: BLE001 - as above; and not being able to tell is a worry
        _log.error("check failed: %s", type(error).__name__)
        return [_("Een controle van dit proces mislukte.")]

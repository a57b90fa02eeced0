# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Answers that leave on a grid (process.pace); put around an application at its listener, so that calls inside the process do not wait twice."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

from process.pace import release


class Paced:
    """An ASGI application whose answers leave on a grid.

    Args:
        app: what answers.
        step: seconds.
        free: whether a request, by method and path, is answered at once: only where nothing that is stored about somebody can bear on it.
    """

    def __init__(self, app: Any, step: float, free: Callable[[str, str], bool]) -> None:
        self.app = app
        self.step = step
        self.free = free

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Answer, on the grid or at once."""
        if scope["type"] != "http" or self.free(scope["method"], scope["path"]):
            await self.app(scope, receive, send)
            return
        now = asyncio.get_running_loop().time
        complete = now()

        async def received() -> MutableMapping[str, Any]:
            nonlocal complete
            message: MutableMapping[str, Any] = await receive()
            # Or a caller that sends its last byte late would choose where in the step the work falls.
            if message["type"] == "http.request" and not message.get("more_body", False):
                complete = now()
            return message

        async def on_the_grid(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(max(0.0, release(complete, now(), self.step) - now()))
            await send(message)

        await self.app(scope, received, on_the_grid)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Answers on a grid, by the event loop's own clock: no answer leaves before its step, however soon it was ready or however late the request was."""

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

from process.serving.paced import Paced

STEP = 0.05
Message = MutableMapping[str, Any]


async def asked(
    *, path: str = "/v1/bevragingen", work: float = 0.0, last_byte_after: float = 0.0
) -> list[float]:
    """Seconds from the request's beginning to its last byte and to the beginning of its answer."""
    now = asyncio.get_running_loop().time
    begun, moments = now(), []

    async def application(_scope: Message, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        moments.append(now() - begun)
        await asyncio.sleep(work)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    sent: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.request", "body": b"}"}]
    )

    async def receive() -> Message:
        message = next(sent)
        if not message.get("more_body"):
            await asyncio.sleep(last_byte_after)
        return message

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            moments.append(now() - begun)

    paced = Paced(application, STEP, lambda method, path: (method, path) == ("GET", "/gezondheid/leeft"))
    method = "GET" if path.startswith("/gezondheid") else "POST"
    await paced({"type": "http", "method": method, "path": path}, receive, send)
    return moments


@pytest.mark.parametrize("work", [0.0, 0.02])
def test_an_answer_does_not_leave_before_the_step_whenever_it_was_ready(work: float) -> None:
    complete, answered = asyncio.run(asked(work=work))
    assert answered - complete >= STEP * 0.99


def test_the_step_is_counted_from_the_last_byte_so_that_a_slow_sender_cannot_choose_where_the_work_falls() -> (
    None
):
    complete, answered = asyncio.run(asked(last_byte_after=STEP * 0.9))
    assert complete >= STEP * 0.8
    assert answered - complete >= STEP * 0.99


def test_what_waits_for_nothing_leaves_at_once() -> None:
    complete, answered = asyncio.run(asked(path="/gezondheid/leeft"))
    assert answered >= complete
    assert answered - complete < STEP

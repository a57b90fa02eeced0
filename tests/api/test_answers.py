# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Key holder, signer and witness answer nothing but what their descriptions promise, whatever they are sent and by which process. Register and node: tests/register."""

import asyncio
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from process.peer import peer_uri
from tests.api.answering import Person, Send, tried
from tests.process.certificates import certificate

PROCESSES = {"node": "GM9001", "register": "REGISTER", "keyholder": "HOUDER1"}
"""Who may be at the other end, by kind."""


def sending(app: FastAPI, shown: bytes | None) -> Send:
    """A process with this certificate, or with none."""

    async def through_tls(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("extensions", {})["tls"] = {"client_cert_der": shown}
        await app(scope, receive, send)

    async def sent(method: str, path: str, content: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(through_tls)
        async with httpx.AsyncClient(transport=transport, base_url="https://interface") as client:
            return await client.request(method, path, **content)

    return lambda method, path, **content: asyncio.run(sent(method, path, content))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["sleutelhouder", "ondertekenaar", "getuige"])
def test_no_request_of_any_process_gets_an_answer_that_is_not_described(
    apps: dict[str, FastAPI], name: str, request: pytest.FixtureRequest
) -> None:
    people = {
        kind: Person(partial(sending, apps[name], certificate(peer_uri(kind, who))))
        for kind, who in PROCESSES.items()
    } | {"niemand": Person(partial(sending, apps[name], None))}
    found = tried(name, people, every_case=bool(request.config.getoption("every_case")))
    print(found)  # noqa: T201 - pytest shows it when asked (-rP)
    assert not found.wrong
    assert not found.untried

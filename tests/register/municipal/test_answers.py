# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node answers nothing but what its description promises, whatever it is sent and by whom."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.answering import Send, wrong_answers
from tests.register.municipal.world import Browser, Officer

ROLES = ("toezichthouder", "aandachtsfunctionaris", "contactpunt", "fg", "functioneel_beheerder")


def sending(app: FastAPI, role: str) -> Send:
    def send(method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> httpx.Response:
        # Each request is signed in for: one that signs out ends no other's session.
        browser = Browser(app)
        said = Officer(browser, role).headers | (headers or {})
        return browser.send(method, path, headers=said, **content)

    return send


@pytest.mark.timeout(3600)
def test_no_request_of_anybody_gets_an_answer_that_is_not_described(
    app: FastAPI, request: pytest.FixtureRequest
) -> None:
    every = bool(request.config.getoption("every_case"))
    people = {role: sending(app, role) for role in ROLES}
    assert not wrong_answers("node", people, every_case=every)

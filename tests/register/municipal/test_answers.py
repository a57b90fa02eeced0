# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node answers nothing but what its description promises, whatever it is sent and by whom."""

from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.answering import Person, Send, tried
from tests.register.municipal.test_isolation import EVERY_ROLE, Names, Node, a_day_of_their_work, node
from tests.register.municipal.world import ORGANISATION, ROLES, Browser, Officer

__all__ = ["node"]


def sending(app: FastAPI, role: str, organisation: str | None = None) -> Send:
    """Somebody who signs in."""
    browser = Browser(app)
    headers = Officer(browser, role, organisation).headers

    def send(method: str, path: str, **content: Any) -> httpx.Response:
        said = headers | content.pop("headers", {})
        return browser.send(method, path, headers=said, **content)

    return send


def stranger(app: FastAPI) -> Send:
    """Somebody who did not sign in."""
    return Browser(app).send


def there(names: Names) -> dict[str, Any]:
    """What can be named, by the names of places in addresses and of members of bodies."""
    return {
        "organisatie": ORGANISATION,
        "signaal_id": names.signal,
        "signaalId": names.signal,
        "vervangt": names.waiting,
        "concept_id": names.draft,
        "concept": names.draft,
        "invoer_id": names.intake,
        "vrijgave_id": names.release,
        "besluitId": names.decision,
        "blad": names.leaf,
        "controle": names.control,
        "bewijsstuk": names.proof,
        "middel": names.passkey,
    }


@pytest.mark.timeout(14400)
def test_no_request_of_anybody_gets_an_answer_that_is_not_described(request: pytest.FixtureRequest) -> None:
    every = bool(request.config.getoption("every_case"))
    if every:
        made: Node = request.getfixturevalue("node")
        known = there(a_day_of_their_work(made))
        people = {
            role: Person(partial(sending, made.app, role, ORGANISATION), known) for role in EVERY_ROLE
        } | {"niemand": Person(partial(stranger, made.app))}
    else:
        app: FastAPI = request.getfixturevalue("app")
        people = {role: Person(partial(sending, app, role)) for role in ROLES}
    found = tried("node", people, every_case=every)
    print(found)  # noqa: T201 - pytest shows it when asked (-rP)
    assert not found.wrong
    assert not found.untried

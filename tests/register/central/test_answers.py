# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register answers nothing but what its descriptions promise, whatever it is sent and by whom."""

from typing import Any

import httpx
import pytest

from tests.api.answering import Send, wrong_answers
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_freezing import INSPECTOR
from tests.register.central.world import Caller, World, signal

pytestmark = ONE_DATABASE

MUNICIPAL = ("toezichthouder", "aandachtsfunctionaris", "contactpunt", "fg", "functioneel_beheerder")
AT_THE_PAGES = (
    ("GM9001", "fg"),
    ("GM9001", "functioneel_beheerder"),
    ("TMM", "tmm_analist"),
    ("TMM", "tmm_coordinator"),
)


def sending(caller: Caller) -> Send:
    def send(method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> httpx.Response:
        said = {"Idempotency-Key": caller.world.next_key(), **(headers or {})}
        return caller.send(method, path, headers=said, **content)

    return send


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ["register", "register-mensen"])
def test_no_request_of_anybody_gets_an_answer_that_is_not_described(
    world: World, name: str, request: pytest.FixtureRequest
) -> None:
    every = bool(request.config.getoption("every_case"))
    people = (
        {role: sending(world.node("GM9001", role)) for role in MUNICIPAL}
        if name == "register"
        else {role: sending(world.person(code, role)) for code, role in AT_THE_PAGES}
    )
    assert not wrong_answers(name, people, every_case=every)
    world.log.verify(None)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-03-02T10:30:20+01:00", 201),
        ("2026-03-02T09:30:20Z", 201),
        ("2026-03-01T22:30:20-11:00", 201),
        ("2026-03-02T09:30:20", 400),
        ("0001-01-01T00:00:00+14:00", 400),
        ("9999-12-31T23:59:59-12:00", 400),
    ],
)
def test_a_moment_is_taken_with_any_offset_and_not_without_one(
    world: World, moment: str, status: int
) -> None:
    """API Design Rules, /core/date-time/timezone."""
    answer = world.inspector("GM9001").submit(signal(eersteVerwerking=moment))
    assert answer.status_code == status, answer.text
    known = world.person("GM9001", "fg").post("/v1/datalekken", {"medewerker": INSPECTOR, "bekendOp": moment})
    assert known.status_code == status, known.text
    if status == 201:
        listed = world.person("GM9001", "fg").get("/v1/datalekken").json()["datalekken"]
        assert {one["bekendOp"][-1] for one in listed} == {"Z"}

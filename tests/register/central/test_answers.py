# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register answers nothing but what its descriptions promise, whatever it is sent and by whom."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from policies.decision import ROLES
from tests.api.answering import Person, Send, tried
from tests.register.central.belongings import (
    ASKER,
    BODY,
    OWNER,
    Belongings,
    busy_week,
    enter,
    theirs,
)
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_freezing import INSPECTOR
from tests.register.central.world import OFFICERS, PASSWORD, Caller, World, signal

__all__ = ["busy_week", "enter", "theirs"]

pytestmark = ONE_DATABASE

OF_TMM = frozenset({"tmm_analist", "tmm_coordinator", "nla", "kmar", "comensha_registrar"})
"""Who says so through a node that is none of a municipality."""
AT_THE_PAGES = (
    (OWNER, "fg"),
    (ASKER, "fg"),
    (OWNER, "functioneel_beheerder"),
    ("TMM", "tmm_analist"),
    ("TMM", "tmm_coordinator"),
)


def sending(caller: Caller) -> Send:
    def send(method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> httpx.Response:
        said = {"Idempotency-Key": caller.world.next_key(), **(headers or {})}
        return caller.send(method, path, headers=said, **content)

    return send


def through_a_node(world: World, organisation: str, role: str) -> Caller:
    """Whatever role a node says that somebody has."""
    if role == "functioneel_beheerder":
        return world.administrator(organisation)
    if role in OFFICERS and organisation != "TMM":
        return world.node(organisation, role)
    said = {"rol": role, "medewerker": OFFICERS.get(role, "oefening-iemand-1"), "doel": "opsporing_handoff"}
    asked = {"zaaknummer": "TMM-2026-0001", "reden": "tmm_onderzoek", "grondslag": "OEF-WPG-TMM"}
    like = world.contact(OWNER).but(
        namens_rol=role, namens_medewerker=said["medewerker"], doel=said["doel"], **asked
    )
    return Caller(world, like.app, organisation, like.said, world.certificates[organisation])


def at_the_pages(world: World, organisation: str, role: str) -> Callable[[], Send]:
    """Somebody with an account, who signs in each time."""
    first = world.person(organisation, role)

    def arrive() -> Send:
        signed = first.send(
            "POST", "/v1/sessies", json={"naam": f"{role}-{organisation}", "wachtwoord": PASSWORD}
        )
        assert signed.status_code == 201, signed.text
        return sending(first.but(authorization=f"Bearer {signed.json()['token']}"))

    return arrive


def everybody(world: World, name: str, there: dict[str, str]) -> dict[str, Person]:
    """Every role at a listener, and who did not say who they are."""
    objects: dict[str, Any] = there | {
        member: there[place] for member, place in BODY.items() if place in there
    }
    objects["blad"] = int(there["blad"])
    if name == "register":
        organisations = {role: "TMM" if role in OF_TMM else OWNER for role in ROLES}
        callers = {
            f"{role} {code}": through_a_node(world, code, role) for role, code in organisations.items()
        }
        callers |= {f"{role} {ASKER}": world.node(ASKER, role) for role in ("aandachtsfunctionaris", "fg")}
        callers["niemand"] = callers[f"fg {OWNER}"].showing(None)
        return {
            role: Person(partial(sending, caller), objects | {"organisatie": caller.organisation})
            for role, caller in callers.items()
        }
    stranger = sending(Caller(world, world.apps.people, OWNER, {}, None))
    people = {
        f"{role} {code}": Person(at_the_pages(world, code, role), objects | {"organisatie": code})
        for code, role in AT_THE_PAGES
    }
    return people | {"niemand": Person(lambda: stranger, objects)}


@pytest.mark.timeout(14400)
@pytest.mark.parametrize("name", ["register", "register-mensen"])
def test_no_request_of_anybody_gets_an_answer_that_is_not_described(
    world: World,
    name: str,
    request: pytest.FixtureRequest,
) -> None:
    every = bool(request.config.getoption("every_case"))
    there: Belongings = request.getfixturevalue("theirs") if every else ({"blad": "0"}, {})
    found = tried(name, everybody(world, name, there[0]), every_case=every)
    print(found)  # noqa: T201 - pytest shows it when asked (-rP)
    assert not found.wrong
    assert not found.untried
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

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import PASSWORD, Caller, World, refused


def visitor(world: World) -> Caller:
    return Caller(world, world.apps.people, "", {"Doel": "toezicht_avg"}, None)


def sign_in(world: World, name: str, password: str, *, leaves: int) -> httpx.Response:
    return visitor(world).post("/v1/sessies", {"naam": name, "wachtwoord": password}, leaves=leaves)


@pytest.fixture
def fg(world: World) -> Caller:
    return world.person("GM9001", "fg")


def test_signing_in_is_an_entry_of_the_own_organisation(world: World, fg: Caller) -> None:
    assert fg.said["Authorization"].startswith("Bearer ")
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["medewerker"], entry["rol"]) == ("aangemeld", "oefening-fg", "fg")


@pytest.mark.usefixtures("fg")
def test_a_session_says_whose_it_is(world: World) -> None:
    told = sign_in(world, "fg-GM9001", PASSWORD, leaves=1).json()
    assert (told["organisatie"], told["rol"], len(told["token"])) == ("GM9001", "fg", 64)


def test_the_token_itself_is_nowhere_in_the_database(world: World, fg: Caller) -> None:
    token = bytes.fromhex(fg.said["Authorization"].removeprefix("Bearer "))
    (row,) = world.rows(t.session)
    assert row.digest != token
    assert token.hex() not in str(world.contents())


@pytest.mark.usefixtures("fg")
def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(world: World) -> None:
    wrong = refused(sign_in(world, "fg-GM9001", "verkeerd", leaves=0), 401, "aanmelden-mislukt")
    unknown = refused(sign_in(world, "niemand", "verkeerd", leaves=0), 401, "aanmelden-mislukt")
    assert wrong == unknown


@pytest.mark.usefixtures("fg")
def test_after_five_wrong_passwords_the_right_one_waits_too(world: World) -> None:
    for _try in range(5):
        refused(sign_in(world, "fg-GM9001", "verkeerd", leaves=0), 401, "aanmelden-mislukt")
    answer = sign_in(world, "fg-GM9001", PASSWORD, leaves=0)
    refused(answer, 429, "te-vaak-geprobeerd")
    assert 0 < int(answer.headers["retry-after"]) <= 60
    world.clock.forward(seconds=60)
    assert sign_in(world, "fg-GM9001", PASSWORD, leaves=1).status_code == 201
    assert world.rows(t.failed_login) == []


@pytest.mark.usefixtures("fg")
def test_waiting_counts_per_name_also_for_names_that_do_not_exist(world: World) -> None:
    for _try in range(5):
        sign_in(world, "niemand", "verkeerd", leaves=0)
    refused(sign_in(world, "niemand", "verkeerd", leaves=0), 429, "te-vaak-geprobeerd")
    assert sign_in(world, "fg-GM9001", PASSWORD, leaves=1).status_code == 201


def test_a_password_typed_as_a_name_is_kept_nowhere_in_clear(world: World) -> None:
    sign_in(world, "mijn-echte-wachtwoord", "verkeerd", leaves=0)
    assert "mijn-echte-wachtwoord" not in str(world.contents())


@pytest.mark.usefixtures("fg")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"naam": "fg-GM9001"},
        {"naam": "", "wachtwoord": "x"},
        {"naam": "x" * 65, "wachtwoord": "x"},
        {"naam": "fg-GM9001", "wachtwoord": "x" * 201},
        {"naam": "fg-GM9001", "wachtwoord": ["x"]},
        {"naam": "fg\ud800", "wachtwoord": "x"},
        {"naam": "fg\x00", "wachtwoord": "x"},
    ],
)
def test_a_malformed_log_in_is_refused_and_never_a_defect(world: World, body: dict[str, Any]) -> None:
    sent = {"content": json.dumps(body), "headers": {"content-type": "application/json"}}
    answer = visitor(world).request("POST", "/v1/sessies", leaves=0, **sent)  # type: ignore[arg-type]
    assert answer.status_code in {400, 401}, answer.text


def test_a_session_ends_after_half_an_hour_without_use(world: World, fg: Caller) -> None:
    for _look in range(3):
        world.clock.forward(minutes=29)
        assert fg.get("/v1/logboek/regels").status_code == 200
    world.clock.forward(minutes=30)
    refused(fg.get("/v1/logboek/regels", leaves=0), 401, "niet-aangemeld")


@ONE_DATABASE
def test_a_session_ends_after_eight_hours_of_use(world: World, fg: Caller) -> None:
    for _look in range(19):
        world.clock.forward(minutes=25)
        assert fg.get("/v1/logboek/regels").status_code == 200
    world.clock.forward(minutes=5)
    refused(fg.get("/v1/logboek/regels", leaves=0), 401, "niet-aangemeld")


def test_signing_out_ends_the_session_and_is_logged(world: World, fg: Caller) -> None:
    answer = fg.request("DELETE", "/v1/sessies/huidige")
    assert answer.status_code == 204
    assert world.log.last("GM9001")["gebeurtenis"] == "afgemeld"
    refused(fg.get("/v1/logboek/regels", leaves=0), 401, "niet-aangemeld")


@ONE_DATABASE
@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic Zmc6eA==", "Bearer " + "0" * 63, "Bearer zz"])
def test_what_is_no_token_is_nobody(world: World, authorization: str) -> None:
    caller = Caller(
        world, world.apps.people, "", {"Doel": "toezicht_avg", "Authorization": authorization}, None
    )
    refused(caller.get("/v1/logboek/regels", leaves=0), 401, "niet-aangemeld")


def test_a_role_comes_from_the_account_and_not_from_a_header(world: World, fg: Caller) -> None:
    borrowed = fg.but(namens_rol="tmm_coordinator", namens_medewerker="oefening-coordinator")
    refused(borrowed.get("/v1/dossiers"), 403, "geen-toegang")
    assert world.log.last("GM9001")["rol"] == "fg"


@pytest.mark.usefixtures("fg")
def test_wrong_passwords_sent_at_once_are_all_counted(world: World) -> None:
    body = {"naam": "fg-GM9001", "wachtwoord": "verkeerd"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: visitor(world).send("POST", "/v1/sessies", json=body), range(8)))
    assert {answer.status_code for answer in answers} <= {401, 429}
    (row,) = world.rows(t.failed_login)
    assert row.failures == sum(answer.status_code == 401 for answer in answers)
    assert row.failures >= 5
    refused(sign_in(world, "fg-GM9001", PASSWORD, leaves=0), 429, "te-vaak-geprobeerd")

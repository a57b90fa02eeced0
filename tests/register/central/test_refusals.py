# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from register.wire import UNKNOWN_FIELD
from tests.api.documents import operations
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import Caller, World, point, pseudonym, refused, signal

VALUE = "Jansen-0612345678"
"""Stands for what somebody typed; it may come back nowhere."""


def test_a_refusal_to_a_known_caller_is_a_leaf_with_code_rule_and_fields(world: World) -> None:
    world.inspector("GM9001").submit(signal(aanwijzingen=[]))
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["code"], entry["velden"]) == (
        "geweigerd",
        "ongeldig-signaal",
        ["aanwijzingen"],
    )
    assert (entry["medewerker"], entry["rol"]) == ("oefening-toezichthouder", "toezichthouder")
    assert entry["bron"] == "POST /v1/signalen"


REFUSED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "no_such_resource": ("GET", "/v1/nergens", {}),
    "wrong_method": ("DELETE", "/v1/signalen", {}),
    "no_json": ("POST", "/v1/signalen", {"content": b"{", "headers": {"content-type": "application/json"}}),
    "wrong_content_type": (
        "POST",
        "/v1/signalen",
        {"content": b"x", "headers": {"content-type": "text/plain"}},
    ),
    "10_mb": (
        "POST",
        "/v1/signalen",
        {"content": b"x" * 10_000_000, "headers": {"content-type": "application/json"}},
    ),
    "no_body": ("POST", "/v1/bevragingen", {}),
    "no_uuid": ("GET", f"/v1/dossiers/{VALUE}", {}),
}


@ONE_DATABASE
@pytest.mark.parametrize(("method", "path", "content"), REFUSED.values(), ids=REFUSED.keys())
def test_every_refusal_to_a_known_caller_is_one_leaf_and_changes_nothing_else(
    world: World, method: str, path: str, content: dict[str, Any]
) -> None:
    before = world.contents()
    answer = world.inspector("GM9001").request(method, path, **content)
    assert 400 <= answer.status_code < 500
    assert answer.status_code != 422
    assert world.contents() == before
    entry = world.log.last("GM9001")
    assert entry["gebeurtenis"] == "geweigerd"
    assert VALUE not in str(entry)
    assert VALUE not in answer.text


def test_what_was_in_an_address_is_not_in_the_log(world: World) -> None:
    world.contact("GM9001").post(f"/v1/signalen/{VALUE}/intrekkingen", {})
    assert world.log.last("GM9001")["bron"] == "POST /v1/signalen/{signaal_id}/intrekkingen"


def test_a_thousand_unknown_fields_make_no_long_entry(world: World) -> None:
    world.inspector("GM9001").submit(signal(**{f"veld{number}": 1 for number in range(1000)}))
    assert len(world.log.last("GM9001")["velden"]) == 20


def test_a_field_with_an_endless_name_makes_no_long_entry(world: World) -> None:
    world.inspector("GM9001").submit(signal(**{"x" * 500_000: 1}))
    assert world.log.entries("GM9001")[-1]["omvang"] < 4096


def test_a_field_that_somebody_made_up_is_not_logged_by_its_name(world: World) -> None:
    answer = world.inspector("GM9001").submit(signal(**{VALUE: 1}))
    assert answer.status_code == 400
    assert VALUE not in str(world.log.entries())
    assert world.log.last("GM9001")["velden"] == [UNKNOWN_FIELD]


def unknown(world: World) -> dict[str, Caller]:
    """Callers of whom nobody knows who they are."""
    inspector = world.inspector("GM9001")
    return {
        "no_certificate": inspector.showing(None),
        "key_holder": inspector.showing(world.certificates["HOUDER1"]),
        "no_session": Caller(world, world.apps.people, "GM9001", {"Doel": "toezicht_avg"}, None),
        "foreign_token": Caller(
            world, world.apps.people, "GM9001", {"Authorization": f"Bearer {'0' * 64}"}, None
        ),
        "no_token": Caller(world, world.apps.people, "GM9001", {"Authorization": "Bearer zzz"}, None),
    }


@pytest.mark.parametrize("who", ["no_certificate", "key_holder", "no_session", "foreign_token", "no_token"])
def test_a_caller_whom_nobody_knows_is_counted_per_minute_and_is_no_leaf(world: World, who: str) -> None:
    caller = unknown(world)[who]
    answers: list[httpx.Response] = [caller.get("/v1/treffers", leaves=0) for _try in range(3)]
    assert {answer.status_code for answer in answers} <= {401, 403}
    world.clock.forward(minutes=1)
    caller.get("/v1/treffers", leaves=0)
    assert sorted(row.count for row in world.rows(t.unauthenticated)) == [1, 3]
    assert world.log.size == 0


def test_a_certificate_of_another_kind_of_process_is_told_to_use_a_node_s(world: World) -> None:
    answer = unknown(world)["key_holder"].get("/v1/treffers", leaves=0)
    assert refused(answer, 403, "geen-node")["regel"] == "C2"


def test_a_municipality_outside_the_register_is_known_and_refused(world: World) -> None:
    answer = world.inspector("GM0363").try_ask(pseudonym(point()))
    assert answer.status_code in {400, 403}
    assert world.log.last("GM0363")["gebeurtenis"] == "geweigerd"


def test_a_session_token_opens_no_door_at_the_machines_listener(world: World) -> None:
    fg = world.person("GM9001", "fg")
    stolen = Caller(world, world.apps.machines, "GM9001", fg.said, None)
    refused(stolen.get("/v1/logboek/regels"), 401, "geen-certificaat")
    assert world.log.last("GM9001")["code"] == "geen-certificaat"


def test_a_certificate_opens_no_door_at_the_people_s_listener(world: World) -> None:
    node = world.contact("GM9001")
    at_people = Caller(world, world.apps.people, "GM9001", node.said, node.certificate)
    answer = at_people.send("GET", "/v1/treffers")
    refused(answer, 401, "niet-aangemeld")


def test_a_trace_of_the_caller_joins_its_records_and_nothing_else_gets_in_that_way(world: World) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    good = world.inspector("GM9001").but(traceparent=f"00-{trace}-b7ad6b7169203331-01")
    good.submit(signal())
    assert world.log.last("GM9001")["spoor"] == trace
    world.inspector("GM9001").but(traceparent=f"00-{VALUE}-01").submit(signal())
    assert world.log.last("GM9001")["spoor"] != trace
    assert VALUE not in str(world.log.entries())


def test_the_interface_describes_itself_with_400_and_never_422(world: World) -> None:
    for app in (world.apps.machines, world.apps.people):
        caller = Caller(world, app, "", {}, None)
        document = caller.get("/v1/openapi.json", leaves=0).json()
        assert "422" not in str(document["paths"])
        assert ("POST", "/v1/bevragingen") in operations(document)


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/gezondheid/leeft", "/gezondheid/klaar", "/v1/openapi.json"])
def test_what_tells_nothing_leaves_no_leaf(world: World, path: str) -> None:
    assert world.inspector("GM9001").get(path, leaves=0).status_code == 200

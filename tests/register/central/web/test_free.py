# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which answers of the register leave at once: a list that names each, so that a new one is on the grid until somebody thinks about it."""

from fastapi import FastAPI

from register.central.app import Apps
from register.central.web.free import leaves_at_once
from tests.api.documents import operations

AT_ONCE = {
    ("GET", "/v1/logboek/bewijzen/insluiting"),
    ("GET", "/v1/logboek/bewijzen/samenhang"),
    ("GET", "/v1/logboek/bladen"),
    ("GET", "/v1/logboek/checkpoint"),
    ("GET", "/v1/logboek/getuigen"),
    ("GET", "/v1/logboek/getuigen/verzoek"),
    ("POST", "/v1/logboek/getuigen/bevestigingen"),
    ("GET", "/v1/verwerkingen"),
    ("GET", "/tlog/checkpoint"),
    ("GET", "/tlog/tile/entries/{deel}"),
    ("GET", "/tlog/tile/{deel}"),
    ("POST", "/v1/signalen"),
}
NODES = {("GET", "/v1/ontvangstsleutels")}
PEOPLE = {
    ("POST", "/v1/sessies"),
    ("POST", "/v1/sessies/tweede-stap"),
    ("POST", "/v1/sessies/tweede-stap/opties"),
    ("DELETE", "/v1/sessies/huidige"),
}


def free(app: FastAPI) -> set[tuple[str, str]]:
    offered = operations(app.openapi())
    assert offered
    return {(method, path) for method, path in offered if leaves_at_once(method, path)}


def test_only_what_no_stored_signal_bears_on_leaves_at_once(apps: Apps) -> None:
    assert free(apps.machines) == AT_ONCE | NODES
    assert free(apps.people) == AT_ONCE | PEOPLE


def test_a_question_a_track_and_a_path_that_nobody_thought_of_wait_for_the_grid() -> None:
    for method, path in [
        ("POST", "/v1/bevragingen"),
        ("GET", "/v1/dossiers/0b0e7a36-0000-4000-8000-000000000000"),
        ("POST", "/v1/signalen/0b0e7a36-0000-4000-8000-000000000000/intrekkingen"),
        ("POST", "/access/v1/evaluation"),
        ("GET", "/dossiers"),
        ("GET", "/nieuw"),
    ]:
        assert not leaves_at_once(method, path), path

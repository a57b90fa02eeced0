# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from process.serving.health import Readiness
from process.serving.metrics import LABELS, Metrics, in_steps
from process.serving.web import health_app, new_app

MOMENT = datetime(2026, 3, 2, 9, 59, 30, tzinfo=UTC)


def read(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every number, by name and labels; whatever is no metric fails to parse."""
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text.decode())
        for one in family.samples
        if not one.name.endswith("_created")
    }


def sent(app: FastAPI, method: str, path: str) -> httpx.Response:
    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://proces") as client:
            return await client.request(method, path)

    return asyncio.run(call())


@pytest.fixture
def ready() -> Readiness:
    return Readiness()


@pytest.fixture
def app(ready: Readiness) -> FastAPI:
    made = new_app("Proef", "1.0.0", ready=ready)

    @made.get("/v1/dossiers/{nummer}")
    def one(nummer: str) -> dict[str, Any]:
        return {"nummer": len(nummer)}

    return made


def test_an_answer_is_counted_by_the_template_of_its_route_and_never_by_its_address(
    app: FastAPI, ready: Readiness
) -> None:
    for path in ("/v1/dossiers/0612345678", "/v1/dossiers/maria?wie=maria", "/bestaat/maria"):
        sent(app, "GET", path)
    text = sent(health_app(ready), "GET", "/metrics").content
    assert b"0612345678" not in text
    assert b"maria" not in text
    found = read(text)
    labels = (("method", "GET"), ("route", "/v1/dossiers/{nummer}"), ("status", "200"))
    assert found["signaalregister_requests_total", labels] == 2
    elsewhere = (("method", "GET"), ("route", "overig"), ("status", "404"))
    assert found["signaalregister_requests_total", elsewhere] == 1
    assert found["signaalregister_request_seconds_count", (("route", "/v1/dossiers/{nummer}"),)] == 2


def test_a_method_that_nobody_knows_makes_no_label(app: FastAPI, ready: Readiness) -> None:
    sent(app, "JANSEN", "/v1/dossiers/1")
    assert b"JANSEN" not in ready.metrics.text()


def test_numbers_are_on_the_operational_listener_and_on_no_other(app: FastAPI, ready: Readiness) -> None:
    assert sent(app, "GET", "/metrics").status_code == 404
    answer = sent(health_app(ready), "GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_only_labels_of_the_list_exist(ready: Readiness) -> None:
    for label in ("organisatie", "medewerker", "rol", "doel"):
        with pytest.raises(ValueError, match="label"):
            ready.metrics.watch("iets", "Iets.", lambda: 1.0, label)
    ready.metrics.watch("iets", "Iets.", lambda: {"a": 1.0}, "kind")
    ready.metrics.count("/v1/x", "GET", 200, 0.1)
    assert {name for _metric, labels in read(ready.metrics.text()) for name, _value in labels} <= LABELS


def test_what_one_organisation_asked_shows_as_of_the_last_whole_hour() -> None:
    metrics, now = Metrics(), [MOMENT]
    metrics.settled(lambda: now[0])
    metrics.count("/v1/bevragingen", "POST", 200, 0.2)
    assert b"bevragingen" not in metrics.text()
    now[0] += timedelta(minutes=1)
    assert b"bevragingen" in metrics.text()
    shown = metrics.text()
    metrics.count("/v1/bevragingen", "POST", 200, 0.2)
    now[0] += timedelta(minutes=58)
    assert metrics.text() == shown


def test_a_number_that_cannot_be_told_takes_no_other_with_it(ready: Readiness) -> None:
    def away() -> float:
        raise OSError("0612345678")

    ready.metrics.watch("weg", "Weg.", away)
    ready.metrics.watch("wel", "Wel.", lambda: 3.0)
    found = read(ready.metrics.text())
    assert found["signaalregister_wel", ()] == 3.0
    assert not [name for name, _labels in found if "weg" in name]


@pytest.mark.parametrize(("depth", "shown"), [(0, 0), (1, 10), (10, 10), (11, 20)])
def test_a_depth_is_shown_in_tens(depth: int, shown: int) -> None:
    assert in_steps(depth) == shown

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator

from audit.store.outage import Failing, outage
from process.problem import FieldError, Refusal
from process.serving.health import Readiness
from process.serving.tls import _with_certificate
from process.serving.web import BODY_LIMIT, new_app, peer_of
from tests.api.documents import followed, operations
from tests.process.certificates import OIN, certificate

FORMS = ("application/json", "application/x-www-form-urlencoded")
VALUE = "Jansen-0612345678"
"""Stands for what somebody typed; it may come back nowhere."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    naam: str = Field(min_length=3, max_length=10, pattern="^[a-z]+$")


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid")

    aantal: int = Field(ge=1, le=9)
    kleur: Literal["rood", "groen"] = "rood"
    delen: list[Part] = Field(default_factory=list, max_length=2)
    code: str = "goed"

    @field_validator("code")
    @classmethod
    def _known(cls, value: str) -> str:
        if value != "goed":
            raise ValueError("Deze code kennen we niet.")
        return value


class Door:
    """An interface of ours with one of each kind of resource, and what reached its refusal log."""

    def __init__(self) -> None:
        self.refused: list[Refusal] = []
        self.reached: list[Message] = []
        self.obstacle: str | None = None
        self.log_is_broken = False
        self.log_is_away = False
        self.app = new_app(
            "Deur", "1.2.3", on_refusal=self._log, ready=Readiness([lambda: self.obstacle]), accepts=FORMS
        )
        self._resources(self.app)

    def _log(self, request: Request, refusal: Refusal) -> Refusal:
        assert request.method
        if self.log_is_away:
            raise outage(Failing.AWAY)
        if self.log_is_broken:
            raise OSError(f"disk full while writing {VALUE}")
        self.refused.append(refusal)
        return refusal

    def _resources(self, app: FastAPI) -> None:
        @app.post("/v1/dingen")
        def make(sent: Message) -> dict[str, int]:
            self.reached.append(sent)
            return {"aantal": sent.aantal}

        @app.post("/pagina")
        async def page(request: Request) -> dict[str, int]:
            return {"velden": len(await request.form())}

        @app.get("/v1/dingen/{nummer}")
        def read(nummer: int, vanaf: Annotated[int, Query(ge=0)] = 0) -> dict[str, int]:
            return {"nummer": nummer, "vanaf": vanaf}

        @app.get("/v1/stuk")
        def broken() -> dict[str, str]:
            raise RuntimeError(f"defect near {VALUE}")

        @app.get("/v1/geweigerd")
        def refused() -> dict[str, str]:
            raise Refusal(429, "te-veel", "Nee.", "Te veel.", way_forward="Wacht.", retry_after=7)

        @app.get("/v1/weg")
        def away() -> dict[str, str]:
            raise outage(Failing.AWAY)

        @app.get("/v1/wie")
        def who(request: Request) -> dict[str, str]:
            peer = peer_of(request)
            return {"soort": peer.kind, "organisatie": peer.organisation, "oin": peer.oin}

    def send(self, method: str, path: str, *, der: bytes | None = None, **content: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(_with_certificate(self.app, der))
            async with httpx.AsyncClient(transport=transport, base_url="http://deur") as client:
                return await client.request(method, path, **content)

        return asyncio.run(sent())

    def post(self, body: Any) -> httpx.Response:
        return self.send("POST", "/v1/dingen", json=body)


@pytest.fixture
def door() -> Door:
    return Door()


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be one, complete and without a value."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    members: dict[str, Any] = response.json()
    assert members["status"] == status
    assert members["code"] == code
    assert members["type"] == f"/problemen/{code}"
    assert members["title"]
    assert members["detail"]
    assert members["wegVooruit"]
    assert VALUE not in response.text
    return members


def test_a_good_request_gets_through(door: Door) -> None:
    assert door.post({"aantal": 3}).json() == {"aantal": 3}


BAD_BODIES: dict[str, tuple[Any, str]] = {
    "missing_field": ({}, "aantal"),
    "unknown_field": ({"aantal": 1, "extra": VALUE}, "extra"),
    "unknown_field_within": ({"aantal": 1, "delen": [{"naam": "abc", "bsn": VALUE}]}, "delen.0.bsn"),
    "no_number": ({"aantal": VALUE}, "aantal"),
    "too_large_a_number": ({"aantal": 10}, "aantal"),
    "not_in_the_list": ({"aantal": 1, "kleur": VALUE}, "kleur"),
    "too_long_a_text": ({"aantal": 1, "delen": [{"naam": VALUE}]}, "delen.0.naam"),
    "too_many": ({"aantal": 1, "delen": [{"naam": "abc"}] * 3}, "delen"),
    "wrong_pattern": ({"aantal": 1, "delen": [{"naam": "ABCD"}]}, "delen.0.naam"),
    "refused_by_our_own_rule": ({"aantal": 1, "code": VALUE}, "code"),
    "a_list": ([VALUE], "body"),
    "a_text": (VALUE, "body"),
    "null": (None, "body"),
}


@pytest.mark.parametrize(("body", "field"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_input_is_400_names_the_field_and_repeats_no_value(
    door: Door, body: Any, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    members = problem(door.post(body), 400, "ongeldige-invoer")
    assert field in [one["veld"] for one in members["velden"]]
    assert all(one["reden"] for one in members["velden"])
    assert door.reached == []
    assert VALUE not in caplog.text


@pytest.mark.parametrize(
    "path", [f"/v1/dingen/{VALUE}", f"/v1/dingen/1?vanaf={VALUE}", "/v1/dingen/1?vanaf=-1"]
)
def test_a_bad_address_or_query_is_400_too(door: Door, path: str) -> None:
    assert problem(door.send("GET", path), 400, "ongeldige-invoer")["velden"]


def test_our_own_rules_speak_in_their_own_words(door: Door) -> None:
    members = problem(door.post({"aantal": 1, "code": VALUE}), 400, "ongeldige-invoer")
    assert members["velden"] == [{"veld": "code", "reden": "Deze code kennen we niet."}]


def test_a_closed_list_says_what_it_allows(door: Door) -> None:
    members = problem(door.post({"aantal": 1, "kleur": "geel"}), 400, "ongeldige-invoer")
    assert "rood" in members["velden"][0]["reden"]
    assert "groen" in members["velden"][0]["reden"]


@pytest.mark.parametrize(
    "content", [b"{", b'{"aantal": 1', b"[" * 100_000, b"\xff\xfe", b"aantal=1", b'{"aantal": 1}}']
)
def test_a_body_that_is_no_json_is_400_in_dutch_about_the_body(door: Door, content: bytes) -> None:
    response = door.send("POST", "/v1/dingen", content=content, headers={"content-type": "application/json"})
    members = problem(response, 400, "ongeldige-invoer")
    assert members["velden"] == [{"veld": "body", "reden": "Dit is geen geldige JSON."}]


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/jsonp", FORMS[1], ""],
)
def test_another_content_type_is_415_and_names_the_one_we_read(door: Door, kind: str) -> None:
    response = door.send("POST", "/v1/dingen", content=b'{"aantal": 1}', headers={"content-type": kind})
    members = problem(response, 415, "verkeerd-formaat")
    assert members["detail"].startswith("De inhoud moet application/json zijn.")
    assert [one["veld"] for one in members["velden"]] == ["Content-Type"]
    assert door.reached == []


def test_a_page_reads_a_form_where_the_interface_does_not(door: Door) -> None:
    assert door.send("POST", "/pagina", data={"a": "1", "b": "2"}).json() == {"velden": 2}
    other = door.send("POST", "/pagina", content=b"x", headers={"content-type": "text/plain"})
    assert FORMS[1] in problem(other, 415, "verkeerd-formaat")["detail"]


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_the_content_type_is_read_as_http_means_it(door: Door, kind: str) -> None:
    response = door.send("POST", "/v1/dingen", content=b'{"aantal": 1}', headers={"content-type": kind})
    assert response.status_code == 200


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 10_000_000])
def test_a_body_over_the_limit_is_400_and_does_not_get_in(door: Door, size: int) -> None:
    response = door.send(
        "POST", "/v1/dingen", content=b"x" * size, headers={"content-type": "application/json"}
    )
    members = problem(response, 400, "te-groot")
    assert "1 MB" in members["detail"]
    assert [one["veld"] for one in members["velden"]] == ["body"]
    assert door.reached == []


def test_a_body_of_exactly_the_limit_is_read(door: Door) -> None:
    body = b'{"aantal": 1}'
    response = door.send(
        "POST",
        "/v1/dingen",
        content=body + b" " * (BODY_LIMIT - len(body)),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 200


def test_the_limit_is_not_taken_from_what_the_sender_says(door: Door) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _piece in range(100):
            yield b"x" * 100_000

    response = door.send("POST", "/v1/dingen", content=pieces(), headers={"content-type": "application/json"})
    problem(response, 400, "te-groot")


def test_a_defect_is_500_without_a_trace_and_without_the_exception_s_text(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = door.send("GET", "/v1/stuk")
    problem(response, 500, "storing")
    assert "RuntimeError" not in response.text
    assert VALUE not in caplog.text
    assert "Traceback" not in caplog.text
    (line,) = [record.getMessage() for record in caplog.records if record.name == "process.serving.web"]
    assert "RuntimeError" in line
    assert "broken" in line


def test_a_defect_and_a_broken_log_together_are_still_500_in_our_own_words(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.log_is_broken = True
    for path in ("/v1/stuk", "/v1/geweigerd", "/v1/nergens"):
        problem(door.send("GET", path), 500, "storing")
    assert VALUE not in caplog.text


def test_every_refusal_passes_the_log_once_before_it_is_answered(door: Door) -> None:
    door.post({})
    door.send("GET", "/v1/stuk")
    door.send("GET", "/v1/geweigerd")
    door.send("GET", "/v1/nergens")
    door.send("POST", "/v1/dingen", content=b"x", headers={"content-type": "text/plain"})
    assert [one.code for one in door.refused] == [
        "ongeldige-invoer",
        "storing",
        "te-veel",
        "niet-gevonden",
        "verkeerd-formaat",
    ]


def test_the_log_may_say_it_in_other_words() -> None:
    other = Refusal(403, "anders", "Anders.", "Anders.", way_forward="Anders.")
    app = new_app("Deur", "1.0.0", on_refusal=lambda _request, _refusal: other)
    door = Door()
    door.app = app
    problem(door.send("GET", "/v1/nergens"), 403, "anders")


def test_a_refusal_that_says_how_long_to_wait_says_it_in_the_header_too(door: Door) -> None:
    response = door.send("GET", "/v1/geweigerd")
    problem(response, 429, "te-veel")
    assert response.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nergens", 404, "niet-gevonden"), ("PUT", "/v1/dingen", 405, "methode")],
)
def test_a_wrong_address_or_method_is_told_in_dutch(
    door: Door, method: str, path: str, status: int, code: str
) -> None:
    assert problem(door.send(method, path), status, code)["title"].startswith(("Deze", "Dit"))


@pytest.mark.parametrize(
    "send",
    [
        lambda door: door.post({"aantal": 1}),
        lambda door: door.post({}),
        lambda door: door.send("GET", "/v1/stuk"),
        lambda door: door.send("GET", "/nergens"),
        lambda door: door.send("GET", "/gezondheid/leeft"),
    ],
    ids=["good", "bad", "broken", "nowhere", "health"],
)
def test_every_answer_carries_version_and_is_never_cached_or_sniffed(
    door: Door, send: Callable[[Door], httpx.Response]
) -> None:
    headers = send(door).headers
    assert headers["api-version"] == "1.2.3"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_openapi_document_promises_400_in_problem_details_and_never_422(door: Door) -> None:
    document = door.send("GET", "/v1/openapi.json").json()
    text = json.dumps(document)
    assert "422" not in text
    assert "HTTPValidationError" not in text
    offered = operations(document)
    bad = followed(document, offered["POST", "/v1/dingen"]["responses"]["400"])
    schema = followed(document, bad["content"]["application/problem+json"]["schema"])
    sent = problem(door.post({}), 400, "ongeldige-invoer")
    assert set(schema["required"]) <= set(sent) <= set(schema["properties"])
    assert document["info"]["version"] == "1.2.3"


def test_only_the_description_of_the_interface_may_be_read_from_any_site(door: Door) -> None:
    header = "access-control-allow-origin"
    assert door.send("GET", "/v1/openapi.json").headers[header] == "*"
    for path in ("/v1/dingen/1", "/v1/wie", "/gezondheid/leeft", "/v1/openapi.json/"):
        assert header not in door.send("GET", path).headers


def test_the_openapi_document_names_no_page_of_health(door: Door) -> None:
    offered = operations(door.send("GET", "/v1/openapi.json").json())
    assert not [path for _method, path in offered if "gezond" in path]


def test_a_process_is_alive_while_it_is_not_ready(door: Door) -> None:
    door.obstacle = "De database is er niet."
    assert door.send("GET", "/gezondheid/leeft").json() == {"status": "leeft"}
    ready = door.send("GET", "/gezondheid/klaar")
    assert ready.status_code == 503
    assert ready.json()["redenen"] == ["De database is er niet."]
    door.obstacle = None
    ready = door.send("GET", "/gezondheid/klaar")
    assert ready.status_code == 200
    assert ready.json() == {"status": "klaar", "redenen": [], "zorgen": []}


def test_what_is_away_is_a_503_with_when_to_come_back_and_passes_no_log(door: Door) -> None:
    door.log_is_broken = True
    answer = door.send("GET", "/v1/weg")
    problem(answer, 503, "database-weg")
    assert answer.headers["retry-after"] == "5"
    assert not door.refused


def test_a_refusal_that_cannot_be_logged_because_the_database_is_away_is_told_as_that(door: Door) -> None:
    door.log_is_away = True
    answer = door.send("GET", "/v1/geweigerd")
    problem(answer, 503, "database-weg")
    assert answer.headers["retry-after"] == "5"


def test_a_certificate_makes_a_known_caller(door: Door) -> None:
    answer = door.send("GET", "/v1/wie", der=certificate("urn:signaalregister:node:GM9001"))
    assert answer.json() == {"soort": "node", "organisatie": "GM9001", "oin": OIN}


@pytest.mark.parametrize("der", [None, certificate("https://gemeente.example/")])
def test_no_certificate_and_one_without_our_name_are_both_401(door: Door, der: bytes | None) -> None:
    problem(door.send("GET", "/v1/wie", der=der), 401, "geen-certificaat")


def test_a_header_cannot_stand_for_a_certificate(door: Door) -> None:
    forged = {"X-Client-Cert": "urn:signaalregister:node:GM9001", "X-Forwarded-Client-Cert": "URI=urn:x"}
    problem(door.send("GET", "/v1/wie", headers=forged), 400, "certificaat-in-kop")


def test_a_refusal_names_its_fields(door: Door) -> None:
    @door.app.get("/v1/velden")
    def fields() -> dict[str, str]:
        raise Refusal(400, "x", "X.", "X.", way_forward="X.", fields=(FieldError("a", "Reden."),), rule="C1")

    members = problem(door.send("GET", "/v1/velden"), 400, "x")
    assert members["velden"] == [{"veld": "a", "reden": "Reden."}]
    assert members["regel"] == "C1"

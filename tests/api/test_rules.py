# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""NLGov REST API Design Rules 2.2 over every route of every interface.

Source: https://gitdocumentatie.logius.nl/publicatie/api/adr/2.2/ (Logius, REST API Design Rules 2.2.0, 2 June 2026). A test names by `rule` the rules that it
holds; docs/spec/api-rules.md says of all of them, in our words, what holds them or why nothing does. What was specified by others (C2SP, AuthZEN) stands in
`BY_OTHERS`, with the specification: those paths keep its names, and every rule that it leaves room for.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from fastapi import FastAPI

from process.serving.described import CONTACT, PROBLEM
from process.serving.web import routes_of
from tests.api.documents import (
    Document,
    followed,
    operations,
    parameters,
    properties,
)
from tests.api.interfaces import COMPOSITION_ROOTS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "spec" / "api-rules.md"
HELD: set[str] = set()
"""The rules that a test below names."""

BY_OTHERS = {
    "/tlog/checkpoint": "C2SP tlog-tiles: fixed names for tools that are not ours",
    "/tlog/tile/{deel}": "C2SP tlog-tiles",
    "/tlog/tile/entries/{deel}": "C2SP tlog-tiles",
    "/add-checkpoint": "C2SP tlog-witness: text in, text out, 409 with a size and 422 as it says",
    "/{origin_hash}/checkpoint": "C2SP tlog-witness",
    "/access/v1/evaluation": "OpenID AuthZEN Authorization API 1.0",
    "/access/v1/evaluations": "OpenID AuthZEN Authorization API 1.0",
    "/.well-known/authzen-configuration": "OpenID AuthZEN Authorization API 1.0; RFC 8615",
}
OPERATIONS = {
    "delen": "asks what may be shared, and stores nothing; the noun of it is the sharing itself",
    "proef": "tries an import and stores nothing",
    "pdf": "the same motivation as a file: a client that cannot set Accept must be able to fetch it",
}
"""Sub-resources for an operation (/core/resource-operations), and why each is one."""

SINGULAR = {
    "agenda": "one of a samenwerkingsverband",
    "beheer": "a domain, no collection",
    "beleid": "what is in force",
    "berichten/stand": "one, of the caller's node",
    "bewijs": "one of an entry or a month",
    "checkpoint": "the newest",
    "eigen-gegevens": "plural by itself",
    "geweigerd": "short for rows",
    "gezondheid": "how one process is",
    "huidige": "the session of the caller",
    "insluiting": "one proof",
    "invoer": "a mass noun: takings-in",
    "laatste": "the newest",
    "leestabel": "one of a proposal",
    "logboek": "there is one",
    "maandspiegel": "one of an organisation and a month",
    "mijn-aanmelding": "one of the caller",
    "netwerk": "one of a case",
    "postbus": "one of an officer",
    "postvak": "one of an FG",
    "samenhang": "one proof",
    "sleutelset": "there is one",
    "spoor": "one of a case",
    "stand": "one",
    "toezicht": "a domain, no collection",
    "tweede-stap": "one of a session that has begun",
    "verslag": "one of a month",
    "verzoek": "what a witness is asked now",
    "waarom": "one answer about a case",
    "wachtwoord": "one of the caller",
}
"""Resources that stand by themselves or once in another; what takes `POST` or has members is plural (/core/naming-collections)."""

IN_ADDRESSES = {
    "signaal_id, treffer_id, besluit_id, verklaring_id, uitsluiting_id, overdracht_id": "random numbers (uuid4)",
    "noodopening_id, bevriezing_id, datalek_id, vrijgave_id, attendering_id, vastlegging_id": "random numbers (uuid4)",
    "concept_id, invoer_id": "random numbers (uuid4)",
    "nummer, blad, post, deel, omvang, vanaf, aantal, van, naar, oud, na, naRij, naNummer": "places in a list or in the log",
    "dag, maand, tot": "days and months",
    "stappen": "how far a network is followed",
    "organisatie, handeling, rol, doel, verband": "codes of organisations, actions, roles and purposes",
    "richting, staat, getuigen": "which part of a list",
    "origin_hash": "a hash of the public name of a log",
}
"""All that may stand in an address, and why it says nothing of a person (/core/transport/no-sensitive-uris). Asking is a POST."""

Test = TypeVar("Test", bound=Callable[..., Any])


def rule(*ids: str) -> Callable[[Test], Test]:
    """Name the rules that a test holds."""
    HELD.update(ids)

    def same(test: Test) -> Test:
        return test

    return same


@pytest.fixture(scope="module")
def documents(apps: dict[str, FastAPI]) -> dict[str, Document]:
    return {name: app.openapi() for name, app in apps.items()}


def every(documents: dict[str, Document]) -> Iterator[tuple[str, str, Document, Document]]:
    """Method, whole path, operation and document of everything that is offered."""
    for document in documents.values():
        for (method, path), operation in operations(document).items():
            yield method, path, operation, document


def ours(documents: dict[str, Document]) -> Iterator[tuple[str, str, Document, Document]]:
    """What no specification of others names."""
    yield from (one for one in every(documents) if one[1] not in BY_OTHERS)


def segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def send(app: FastAPI, *asked: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
    """The answers to requests of method, address and content, each by somebody whom nobody knows, from another site."""

    async def sent() -> list[httpx.Response]:
        origin = {"origin": "https://elders.example"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="https://interface", headers=origin
        ) as client:
            return [await client.request(method, path, **content) for method, path, content in asked]

    return asyncio.run(sent())


XML = {"content": b"<a/>", "headers": {"content-type": "application/xml"}}


@dataclass(frozen=True)
class Answered:
    """One operation of one interface, and how it answered a stranger: as it is, with a slash added, by another method, and with XML."""

    interface: str
    method: str
    path: str
    plain: httpx.Response
    slash: httpx.Response
    patch: httpx.Response
    xml: httpx.Response


@pytest.fixture(scope="module")
def answers(apps: dict[str, FastAPI], documents: dict[str, Document]) -> list[Answered]:
    found = []
    for name, app in apps.items():
        for method, path in operations(documents[name]):
            here = addressed(path)
            asked = [(method, here, {}), (method, f"{here}/", {}), ("PATCH", here, {}), ("POST", here, XML)]
            found.append(Answered(name, method, path, *send(app, *asked)))
    return found


def addressed(path: str) -> str:
    """An address of this path, about nothing that exists."""
    return re.sub(r"\{[^}]+\}", "00000000-0000-4000-8000-000000000000", path)


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The members of a refusal, which must be problem details."""
    assert answer.status_code == status, (answer.request.method, answer.request.url.path, answer.text)
    assert answer.headers["content-type"] == PROBLEM
    members: dict[str, Any] = answer.json()
    assert {"status", "title", "detail"} <= set(members)
    assert members["status"] == status
    return members


def test_every_process_with_an_interface_is_here() -> None:
    made = {
        str(path.relative_to(ROOT))
        for package in ("audit", "policies", "process", "pseudonymisation", "register")
        for path in (ROOT / package).rglob("*.py")
        if "new_app(\n" in path.read_text(encoding="utf-8") and path.name == "app.py"
    }
    assert made == COMPOSITION_ROOTS


def test_no_route_of_an_interface_stands_outside_its_description(
    apps: dict[str, FastAPI], documents: dict[str, Document]
) -> None:
    for name, app in apps.items():
        there = {
            (method, str(route.path_format))
            for route in routes_of(app)
            if str(route.path_format).startswith("/v1/")
            for method in route.methods or ()
        }
        assert there <= set(operations(documents[name]))


def test_what_others_specified_is_still_offered(documents: dict[str, Document]) -> None:
    assert set(BY_OTHERS) <= {path for _method, path, _operation, _document in every(documents)}


# ---- resources and addresses ----------------------------------------------------------------------------------------


@rule("/core/no-trailing-slash")
def test_no_address_ends_in_a_slash_and_with_one_added_it_is_not_there(
    documents: dict[str, Document], answers: list[Answered]
) -> None:
    assert not [path for _method, path, _operation, _document in every(documents) if path.endswith("/")]
    for one in answers:
        # A tile's place has slashes in it, so one more makes another place, which is not there either.
        refused(one.slash, 404)


@rule("/core/path-segments-kebab-case")
def test_a_part_of_an_address_is_lower_case_words_with_hyphens(documents: dict[str, Document]) -> None:
    part = re.compile(r"_?[a-z0-9]+(-[a-z0-9]+)*|\{[a-z_]+\}")
    assert not [
        path
        for _method, path, _operation, _document in ours(documents)
        if not all(part.fullmatch(one) for one in segments(path))
    ]


@rule("/core/query-keys-camel-case")
def test_a_key_of_a_query_is_camel_case(documents: dict[str, Document]) -> None:
    key = re.compile(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*")
    assert not [
        (path, one["name"])
        for _method, path, operation, document in every(documents)
        for one in parameters(document, operation)
        if one["in"] == "query" and not key.fullmatch(one["name"])
    ]


@rule("/core/naming-resources", "/core/naming-collections", "/core/resource-operations", "/core/nested-child")
def test_a_collection_is_a_plural_noun_and_every_other_part_says_why_not(
    documents: dict[str, Document],
) -> None:
    said = {*SINGULAR, *OPERATIONS, *(part for path in SINGULAR for part in path.split("/"))}
    parts = {
        part
        for _method, path, _operation, _document in ours(documents)
        for part in segments(path)[1:]
        if not part.startswith("{")
    }
    assert not {part for part in parts - said if not part.endswith(("en", "s"))}
    assert not set(OPERATIONS) - parts


@rule("/core/transport/no-sensitive-uris")
def test_nothing_stands_in_an_address_that_says_something_of_a_person(
    documents: dict[str, Document],
) -> None:
    allowed = {name for names in IN_ADDRESSES for name in names.split(", ")}
    found = {
        one["name"]
        for _method, _path, operation, document in every(documents)
        for one in parameters(document, operation)
        if one["in"] in {"path", "query"}
    }
    assert found == allowed


@rule("/core/hide-implementation", "/core/doc-language")
def test_a_description_has_no_word_of_the_framework(documents: dict[str, Document]) -> None:
    said = {
        str(followed(document, response)["description"])
        for _method, _path, operation, document in every(documents)
        for response in operation["responses"].values()
    }
    assert not {one for one in said if "Response" in one or "Error" in one}
    text = json.dumps(list(documents.values())).lower()
    assert not [
        word for word in ("fastapi", "pydantic", "starlette", "sqlalchemy", "uvicorn") if word in text
    ]


@rule("/core/interface-language")
def test_a_member_is_camel_case_and_a_message_has_a_capital(documents: dict[str, Document]) -> None:
    member, message = re.compile(r"[a-z][a-zA-Z0-9]*"), re.compile(r"[A-Z][A-Za-z0-9]*")
    by_authzen = {"Beslis", "Onderwerp", "Handeling", "Omstandigheden"}
    for document in documents.values():
        assert not [
            (name, one)
            for name, one, _given in properties(document)
            if not member.fullmatch(one) and not name.startswith(tuple(by_authzen))
        ]
        assert not [name for name in document["components"]["schemas"] if not message.fullmatch(name)]


# ---- dates and times ------------------------------------------------------------------------------------------------


def dated(document: Document, given: Document) -> set[str]:
    """The formats in the schema of one member."""
    inner = [given, *given.get("anyOf", ()), given.get("items", {})]
    return {str(followed(document, one).get("format")) for one in inner} - {"None"}


@rule("/core/date-time/format", "/core/date-time/date-omit-time-portion")
def test_a_date_says_that_it_is_one_and_a_moment_has_an_offset(documents: dict[str, Document]) -> None:
    formats: set[str] = set()
    for document in documents.values():
        for name, member, given in properties(document):
            found = dated(document, given)
            formats |= found
            if re.search(r"(^d|D)atum$|^dag$|(^v|V)anDag$|(^t|T)otDag$|^verlooptOp$", member):
                assert found <= {"date", "date-time"}, (name, member)
                assert found, (name, member)
            if re.search(r"(^d|D)atum$|^dag$|Dag$", member):
                assert found == {"date"}, (name, member)
    assert formats <= {"date", "date-time", "uuid", "binary", "uri", "password"}


# ---- methods and answers --------------------------------------------------------------------------------------------


@rule("/core/http-methods", "/core/http-safety")
def test_only_known_methods_are_taken_and_another_is_told_which(answers: list[Answered]) -> None:
    offered: dict[tuple[str, str], set[str]] = {}
    for one in answers:
        offered.setdefault((one.interface, one.path), set()).add(one.method)
    for one in answers:
        methods = offered[one.interface, one.path]
        assert methods <= {"GET", "POST", "PUT", "DELETE"}
        refused(one.patch, 405)
        assert methods <= set(one.patch.headers["allow"].split(", ")), one.path


@rule("/core/http-safety")
def test_reading_takes_no_body_and_deleting_gives_none(documents: dict[str, Document]) -> None:
    for method, path, operation, document in every(documents):
        if method in {"GET", "DELETE"}:
            assert "requestBody" not in operation, path
        if method == "DELETE":
            assert followed(document, operation["responses"]["204"]).get("content") is None, path


@rule("/core/http-response-code")
def test_every_operation_names_how_it_succeeds_and_how_it_refuses(documents: dict[str, Document]) -> None:
    for method, path, operation, _document in every(documents):
        statuses = set(operation["responses"])
        assert {one for one in statuses if one < "300"} <= {"200", "201", "202", "204"}, path
        assert {one for one in statuses if one < "300"}, path
        assert "500" not in statuses
        if method == "POST" and path not in BY_OTHERS:
            assert {"400", "415"} <= statuses, path
        assert {"400", "404"} <= statuses or "{" not in path, path


@rule("/core/error-handling/problem-details")
def test_every_refusal_is_described_as_problem_details(documents: dict[str, Document]) -> None:
    for _method, path, operation, document in every(documents):
        for status, response in operation["responses"].items():
            if status < "400" or (path == "/add-checkpoint" and status == "409"):
                continue
            content = followed(document, response)["content"]
            assert set(content) == {PROBLEM}, (path, status)
            schema = followed(document, content[PROBLEM]["schema"])
            assert {"status", "title", "detail"} <= set(schema["required"]), (path, status)


@rule("/core/error-handling/invalid-input")
def test_bad_input_is_400_and_422_is_known_only_where_others_ask_for_it(
    documents: dict[str, Document],
) -> None:
    for method, path, operation, document in every(documents):
        takes = bool(parameters(document, operation)) or method in {"POST", "PUT", "PATCH"}
        assert "400" in operation["responses"] or not takes, path
        assert "422" not in operation["responses"] or path == "/add-checkpoint", path


@rule("/core/error-handling/invalid-input", "/core/error-handling/problem-details")
def test_a_body_of_another_kind_is_415_on_every_route_and_a_stranger_gets_problem_details(
    answers: list[Answered],
) -> None:
    for one in answers:
        if one.method == "POST" and one.path not in BY_OTHERS:
            refused(one.xml, 415)
        if not one.plain.is_success:
            assert one.plain.status_code < 500, one.path
            refused(one.plain, one.plain.status_code)


@rule("/core/error-handling/all-errors")
def test_all_that_is_wrong_with_a_request_is_told_at_once(apps: dict[str, FastAPI]) -> None:
    for name in ("register-mensen", "node"):
        (answer,) = send(apps[name], ("POST", "/v1/sessies", {"json": {"vreemd": 1}}))
        members = refused(answer, 400)
        assert {"naam", "wachtwoord", "vreemd"} <= {one["veld"] for one in members["velden"]}


# ---- the description ------------------------------------------------------------------------------------------------


@rule("/core/doc-openapi", "/core/doc-openapi-contact", "/core/semver")
def test_the_description_is_openapi_3_with_a_version_and_whom_to_ask(documents: dict[str, Document]) -> None:
    for document in documents.values():
        assert re.fullmatch(r"3(\.\d+){1,2}", document["openapi"])
        assert re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", document["info"]["version"])
        assert document["info"]["contact"] == dict(CONTACT)
        assert {"name", "url", "email"} <= set(CONTACT)


@rule("/core/doc-openapi")
def test_the_description_holds_together(documents: dict[str, Document]) -> None:
    for document in documents.values():
        text = json.dumps(document)
        for reference in set(re.findall(r'"\$ref": "([^"]+)"', text)):
            assert followed(document, {"$ref": reference}) is not None
        offered = operations(document)
        names = [one["operationId"] for one in offered.values()]
        assert len(names) == len(set(names))
        for (_method, path), operation in offered.items():
            told = [one["name"] for one in parameters(document, operation) if one["in"] == "path"]
            assert re.findall(r"\{([^}]+)\}", path) == told


@rule("/core/publish-openapi", "/core/transport/cors")
def test_anyone_from_any_site_may_read_the_description_and_nothing_else(
    apps: dict[str, FastAPI], documents: dict[str, Document], answers: list[Answered]
) -> None:
    header = "access-control-allow-origin"
    for name, app in apps.items():
        (answer,) = send(app, ("GET", "/v1/openapi.json", {}))
        assert (answer.status_code, answer.headers[header]) == (200, "*")
        assert answer.json() == documents[name]
    assert not [one.path for one in answers if header in one.plain.headers]


@rule("/core/uri-version")
def test_every_address_of_ours_begins_with_the_major_version(documents: dict[str, Document]) -> None:
    for document in documents.values():
        (server,) = document["servers"]
        assert server["url"] == f"/v{document['info']['version'].partition('.')[0]}"
    assert not [path for _method, path, _o, _d in ours(documents) if not path.startswith("/v1/")]


@rule("/core/version-header")
def test_the_description_promises_the_version_in_every_answer(documents: dict[str, Document]) -> None:
    for _method, path, operation, document in every(documents):
        for status, response in operation["responses"].items():
            if status < "400":
                assert "API-Version" in followed(document, response)["headers"], path


SECURITY = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@rule("/core/version-header", "/core/transport/security-headers")
def test_every_answer_carries_version_and_security_headers(
    apps: dict[str, FastAPI], documents: dict[str, Document], answers: list[Answered]
) -> None:
    got = [
        (one.interface, answer) for one in answers for answer in (one.plain, one.slash, one.patch, one.xml)
    ]
    for name, app in apps.items():
        beside: list[tuple[str, str, dict[str, Any]]] = [
            ("GET", path, {}) for path in ("/v1/openapi.json", "/nergens", "/gezondheid/leeft")
        ]
        got += [(name, answer) for answer in send(app, *beside)]
    for name, answer in got:
        headers = answer.headers
        assert headers["api-version"] == documents[name]["info"]["version"]
        assert {key: headers.get(key) for key in SECURITY} == SECURITY, answer.request.url.path
        assert headers.get("content-type") or not answer.content


def test_over_plain_http_nobody_is_told_to_keep_to_tls(apps: dict[str, FastAPI]) -> None:
    for app in apps.values():
        (answer,) = send(app, ("GET", "http://interface/gezondheid/leeft", {}))
        assert "strict-transport-security" not in answer.headers


# ---- the page -------------------------------------------------------------------------------------------------------


def told() -> dict[str, str]:
    """Every rule on the page, and what holds it."""
    rows = re.findall(
        r"^\| `(/core/[a-z/-]+)` \| [^|]+ \| ([^|]+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return dict(rows)


def test_the_page_has_every_rule_and_says_of_each_what_holds_it() -> None:
    assert {name for name, holds in told().items() if holds == "here"} == HELD
    for name, holds in told().items():
        for path in re.findall(r"`(tests/[\w./]+)`", holds):
            assert (ROOT / path).exists(), name
        assert holds == "here" or "`tests/" in holds or holds.startswith("not checked: "), name


def test_the_page_names_every_exception_with_its_reason() -> None:
    text = PAGE.read_text("utf-8")
    assert not [path for path in BY_OTHERS if f"`{path}`" not in text]
    assert not [name for name in OPERATIONS if f"`{name}`" not in text]

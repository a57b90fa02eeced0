# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The description of an interface at /v1/openapi.json, as NLGov REST API Design Rules 2.2 and their linter want it.

FastAPI makes the document; here it becomes ours, in this order. Its own 422 goes (/core/error-handling/invalid-input). Every answer that an operation can give
is named: what follows from its shape (`_of_shape`), what its dependencies say of themselves (`refusing`), and what its route lists (`refusals`). Every refusal is
problem details (/core/error-handling/problem-details), every other answer names its version (/core/version-header). The base path is /v1
(/core/uri-version); what others specified stands beside it, under the root. A defect (500) is part of no interface, and stands nowhere.

Pure: it knows documents and functions, and no request.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from process.language import gettext as _

BASE: Final = "/v1"
"""Where the interface stands: the major version (/core/uri-version)."""

CONTACT: Final = {
    "name": "Beheerders van het signaalregister",
    "url": "https://signaalregister.example",
    "email": "beheer@signaalregister.example",
}
"""Who is asked about the interface (/core/doc-openapi-contact): reserved names, until the code has a public home (publiccode.yml)."""

PROBLEM: Final = "application/problem+json"
_SCHEMA: Final = "Probleem"
_PROBLEM_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "title": _SCHEMA,
    "description": "Waarom een verzoek is geweigerd, en wat u nu kunt doen (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "wegVooruit", "velden"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "wegVooruit": {"type": "string"},
        "regel": {"type": "string"},
        "velden": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["veld", "reden"],
                "properties": {"veld": {"type": "string"}, "reden": {"type": "string"}},
            },
        },
    },
}
"""RFC 9457 with our own members (process.problem)."""

_MEANINGS: Final = {
    400: "Ongeldige invoer",
    401: "Niet herkend of niet aangemeld",
    403: "Dit mag niet: wie, waarvoor of op welke grond",
    404: "Bestaat niet, of niet voor u",
    409: "Past niet bij hoe het nu staat",
    415: "Dit soort inhoud lezen we hier niet",
    422: "Spreekt tegen wat eerder is gezien",
    429: "Te vaak of te veel",
    502: "Een ander proces gaf geen bruikbaar antwoord",
    503: "Nu niet bereikbaar: probeer het later opnieuw",
}
"""What a refusal of each status is about. A status that is not here cannot be promised."""

_VERSION_HEADER: Final = "API-Version"
_OF_FRAMEWORK: Final = "Successful Response"
_MARK: Final = "__refuses__"
_METHODS_WITH_BODY: Final = {"post", "put", "patch"}

Dependency = TypeVar("Dependency", bound=Callable[..., Any])


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route can refuse with, beside what follows from its shape: the `responses` of a route or a router."""
    return {status: _refusal(status) for status in statuses}


def refusing(*statuses: int) -> Callable[[Dependency], Dependency]:
    """Say of a dependency what it refuses with; every route that depends on it can answer so."""

    def marked(call: Dependency) -> Dependency:
        setattr(call, _MARK, statuses)
        return call

    return marked


def refused_by(calls: Iterable[Callable[..., Any] | None]) -> set[int]:
    """The statuses that dependencies say they refuse with."""
    return {status for call in calls for status in getattr(call, _MARK, ())}


def described(
    document: dict[str, Any], said: Mapping[tuple[str, str], set[int]], *, always: Iterable[int] = ()
) -> dict[str, Any]:
    """The document of an interface.

    Args:
        document: as FastAPI made it; changed in place.
        said: by method and path, what its dependencies refuse with.
        always: what every operation can refuse with.
    """
    document["info"]["contact"] = dict(CONTACT)
    shared: dict[str, Any] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _in_our_words(method, path, operation)
            operation["parameters"] = [_parameter(one, shared) for one in operation.pop("parameters", ())]
            taken = [_resolved(one, shared) for one in operation["parameters"]]
            responses = operation["responses"]
            if "HTTPValidationError" in repr(responses.get("422")):
                del responses["422"]
            for status in {*said.get((method.upper(), path), ()), *_of_shape(method, path, taken), *always}:
                responses.setdefault(str(status), _refusal(status))
            for status, response in responses.items():
                if status < "400":
                    response.setdefault("headers", {})[_VERSION_HEADER] = {
                        "$ref": f"#/components/headers/{_VERSION_HEADER}"
                    }
                    if response["description"] == _OF_FRAMEWORK:
                        response["description"] = _("Gelukt")
            operation["responses"] = {
                status: _answer_of(status, response) for status, response in sorted(responses.items())
            }
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas[_SCHEMA] = _PROBLEM_SCHEMA
    components["parameters"] = shared
    told = {
        status for item in document["paths"].values() for one in item.values() for status in one["responses"]
    }
    components["responses"] = {
        _name(str(status)): _refusal(status) for status in _MEANINGS if str(status) in told
    }
    components["headers"] = {
        _VERSION_HEADER: {
            "description": "De hele versie van deze interface.",
            "schema": {"type": "string", "example": document["info"]["version"]},
        }
    }
    return _under_its_base(document)


def _in_our_words(method: str, path: str, operation: dict[str, Any]) -> None:
    """Names that FastAPI makes of the names of functions: the path says more, and a function may change its name (/core/hide-implementation)."""
    operation.pop("summary", None)
    operation["operationId"] = "_".join([method, *re.findall(r"[A-Za-z0-9]+", path.removeprefix(BASE))])


def _parameter(parameter: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A parameter as it travels: never null, and a header once for the whole document."""
    given = [one for one in parameter["schema"].pop("anyOf", ()) if one != {"type": "null"}]
    parameter["schema"] |= given[0] if len(given) == 1 else {"anyOf": given} if given else {}
    if parameter["in"] != "header":
        return parameter
    name = "-".join(part.capitalize() for part in parameter["name"].split("-"))
    parameter = {**parameter, "name": name}
    key = name if parameter["required"] else f"{name}-optioneel"
    if shared.setdefault(key, parameter) != parameter:
        return parameter
    return {"$ref": f"#/components/parameters/{key}"}


def _resolved(parameter: dict[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """The parameter itself, where it is a reference."""
    found: dict[str, Any] = shared.get(str(parameter.get("$ref", "")).rsplit("/", 1)[-1], parameter)
    return found


def _of_shape(method: str, path: str, taken: Sequence[Mapping[str, Any]]) -> set[int]:
    """What follows from what an operation takes."""
    found = set()
    if taken or method in _METHODS_WITH_BODY:
        found.add(400)
    if method in _METHODS_WITH_BODY and path.startswith(f"{BASE}/"):
        found.add(415)
    if any(one["in"] == "path" for one in taken):
        found.add(404)
    if any(one["name"] == "Idempotency-Key" for one in taken):
        found.add(409)
    return found


def _answer_of(status: str, response: dict[str, Any]) -> dict[str, Any]:
    """A refusal of ours stands once in the document; what else an answer may be stays as its route says it."""
    own = int(status) in _MEANINGS and response == _refusal(int(status))
    return {"$ref": f"#/components/responses/{_name(status)}"} if own else response


def _name(status: str) -> str:
    return f"Geweigerd{status}"


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": _MEANINGS[status],
        "content": {PROBLEM: {"schema": {"$ref": f"#/components/schemas/{_SCHEMA}"}}},
    }


def _under_its_base(document: dict[str, Any]) -> dict[str, Any]:
    here = {"url": BASE, "description": _("Deze server")}
    root = {"url": "/", "description": _("Deze server, buiten versie 1: zoals anderen het voorschrijven")}
    paths: dict[str, Any] = {}
    for path, operations in document["paths"].items():
        if path.startswith(f"{BASE}/"):
            paths[path.removeprefix(BASE)] = operations
        else:
            paths[path] = {"servers": [root], **operations}
    return document | {"servers": [here], "paths": paths}

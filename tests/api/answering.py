# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Requests that Schemathesis thinks up from a kept description, good ones and bad ones, sent by people in every role; and whether what came back was promised.

Of every answer is claimed: it is no defect (5xx, but 503 where the description says so); its status and content type are described; its body has the described form. In half of the good requests
what is named is there, so that they get as far as an answer. The same examples every time: what is found can be found again.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance

from tests.api.documents import base_of
from tests.api.kept import FOLDER, require_described

Send = Callable[..., httpx.Response]
"""Send by method, path and content as one person, with the headers of that person."""

load_all_checks()


A_FEW, EVERY = 12, 1
"""Which operations are tried: every so many, in the order of the description."""

EXAMPLES = 4
"""With every case: good and bad requests of each role, on each operation."""


_BY_ARRIVING = {"authorization", "cookie"}
"""Headers that say who it is; a wrong one is what a stranger sends."""


@dataclass(frozen=True)
class Person:
    """Somebody in a role.

    Attributes:
        arrive: signs in where that is needed; done for each operation, so that one that signs out ends no other's session.
        known: by name of a place in an address or of a member of a body, what is there to be named.
    """

    arrive: Callable[[], Send]
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Tried:
    """What came of it."""

    wrong: list[str] = field(default_factory=list)
    """What was answered in another way than the description promises, in a line each."""
    operations: set[str] = field(default_factory=set)
    untried: set[tuple[str, str]] = field(default_factory=set)
    """Operation and role, with every case: of these no request was sent."""
    statuses: Counter[int] = field(default_factory=Counter)

    def __str__(self) -> str:
        """The figures."""
        counted = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        return f"{len(self.operations)} operations, {self.statuses.total()} requests ({counted})"


def tried(name: str, people: Mapping[str, Person], *, every_case: bool) -> Tried:
    """What an interface answers.

    Args:
        name: of the file in docs/openapi.
        people: by role.
        every_case: all operations, each by everybody, with some good and some bad requests; else a few operations, with one of each by whose turn it is.
    """
    document = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    schema = schemathesis.openapi.from_dict(document)
    title, found, turns = document["info"]["title"], Tried(), cycle(people)
    for one in islice(schema.get_all_operations(), 0, None, EVERY if every_case else A_FEW):
        assert isinstance(one, Ok)
        operation = one.ok()
        found.operations.add(operation.label)
        base = base_of(document, document["paths"][operation.path])
        for place, role in enumerate(people if every_case else [next(turns)]):
            cases = list(_thought_up(operation, people[role].known, place + 1, EXAMPLES if every_case else 1))
            send = people[role].arrive()
            for case in cases:
                answer = send(case.method.upper(), _address(base, case), **_content(case))
                found.statuses[answer.status_code] += 1
                found.wrong.extend(f"{role}: {told}" for told in _wrong(title, case, answer))
            if not cases:
                found.untried.add((operation.label, role))
    return found


def _thought_up(operation: Any, known: Mapping[str, Any], number: int, examples: int) -> Iterator[Case[Any]]:
    """Good requests, every other one about what is there, and bad ones."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        strategy = operation.as_strategy(generation_mode=mode)
        cases: list[Case[Any]] = []

        @seed(number)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def one(case: Case[Any]) -> None:
            cases.append(case)  # noqa: B023 - called before the next round

        try:
            one()
        except Unsatisfiable:
            # Where nothing is taken, nothing can be wrong.
            assert mode is GenerationMode.NEGATIVE, operation.label
        for case in cases[:: 2 if mode is GenerationMode.POSITIVE else len(cases) + 1]:
            _name(case, known)
        yield from cases


def _name(case: Case[Any], known: Mapping[str, Any]) -> None:
    """Put what is there in place of what was thought up."""
    places = case.path_parameters
    places.update({name: known[name] for name in places if name in known})
    if isinstance(case.body, dict):
        case.body = case.body | {name: known[name] for name in case.body if name in known}


def _wrong(title: str, case: Case[Any], answer: httpx.Response) -> Iterator[str]:
    said = f"{answer.request.method} {answer.request.url} -> {answer.status_code}"
    if answer.status_code >= 500 and answer.status_code != 503:
        yield f"{said}: {answer.text[:300]} on {str(case.body)[:300]}"
        return
    try:
        require_described(title, answer)
        case.validate_response(answer, checks=[response_schema_conformance])
    except AssertionError as error:
        yield f"{said}: {error}"
    except FailureGroup as error:
        yield f"{said}: {error} {answer.text[:200]}"


def _address(base: str, case: Case[Any]) -> str:
    return httpx.URL("https://interface").join(f"{base}{case.formatted_path}").raw_path.decode()


def _content(case: Case[Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"params": dict(case.query or {}), "headers": {}}
    if case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE:
        content["headers"] = {
            name: value.encode()
            for name, value in (case.headers or {}).items()
            if name.lower() not in _BY_ARRIVING and str(value).isprintable()
        }
    if case.media_type == "application/json":
        content["content"] = json.dumps(case.body, default=str).encode()
        content["headers"]["Content-Type"] = b"application/json"
    elif case.media_type is not None:
        content["content"] = case.body if isinstance(case.body, bytes) else str(case.body).encode()
        content["headers"]["Content-Type"] = case.media_type.encode()
    return content

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Requests that Schemathesis thinks up from a kept description, good ones and bad ones, sent by people in every role; and whether what came back was promised.

Of every answer is claimed: it is no defect (5xx, but 503 where the description says so); its status and content type are described; its body has the described form. The same examples every
time: what is found can be found again.
"""

import json
from collections.abc import Callable, Iterator, Mapping
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


def wrong_answers(name: str, people: Mapping[str, Send], *, every_case: bool) -> list[str]:
    """What of an interface was answered in another way than its description promises, in a line each.

    Args:
        name: of the file in docs/openapi.
        people: by role, how somebody sends; each example is sent by the next of them.
        every_case: all operations, each with as many good and bad requests as there are people; else a few operations, with one of each.
    """
    document = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    schema = schemathesis.openapi.from_dict(document)
    wrong: list[str] = []
    who = cycle(people.items())
    examples, step = (len(people), EVERY) if every_case else (1, A_FEW)
    for found in islice(schema.get_all_operations(), 0, None, step):
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            strategy = operation.as_strategy(generation_mode=mode)

            @seed(1)
            @settings(
                max_examples=examples,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(strategy)
            def one(case: Case[Any]) -> None:
                role, send = next(who)
                base = base_of(document, document["paths"][case.path])
                wrong.extend(
                    f"{role}: {found}" for found in _wrong(document["info"]["title"], base, case, send)
                )

            try:
                one()
            except Unsatisfiable:
                # Where nothing is taken, nothing can be wrong.
                assert mode is GenerationMode.NEGATIVE, operation.label
    return wrong


def _wrong(title: str, base: str, case: Case[Any], send: Send) -> Iterator[str]:
    answer = send(case.method.upper(), _address(base, case), **_content(case))
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
    content: dict[str, Any] = {"params": dict(case.query or {})}
    if case.media_type == "application/json":
        content["content"] = json.dumps(case.body, default=str).encode()
        content["headers"] = {"Content-Type": "application/json"}
    return content

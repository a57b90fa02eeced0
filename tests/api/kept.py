# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether an answer is one that the kept description of its interface (docs/openapi) knows: every answer that any test gets goes by here.

The small worlds of the processes call `require_described` where they send, so that "no undocumented answer" is claimed of every status that a test ever brings about,
and not only of those that Schemathesis finds. A defect (500) is in no description; where a test makes one on purpose, it says so itself.
"""

import json
import re
from functools import cache
from pathlib import Path

import httpx

from process.serving.described import PROBLEM
from tests.api.documents import Document, followed, operations, pattern_of

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"
_DEFECT = 500
_AT_THE_DOOR = {404, 405, 415}
"""What an address or method that is not there answers; and 415, which comes before it."""


def require_described(title: str, answer: httpx.Response) -> None:
    """The answer has a status and a content type that the interface with this title promises."""
    path, method = answer.request.url.path, answer.request.method
    if not path.startswith("/v1/") or answer.status_code == _DEFECT or path == "/v1/openapi.json":
        return
    document, offered = _offered(title)
    found = [(name, one) for name, pattern, one in offered if pattern.match(path)]
    exact = [one for name, one in found if name == method]
    if not exact:
        assert answer.status_code in _AT_THE_DOOR, f"nobody offers {method} {path}"
        return
    promised = [one["responses"] for one in exact if str(answer.status_code) in one["responses"]]
    assert promised, f"no description knows {answer.status_code} of {method} {path}: {answer.text[:200]}"
    content = followed(document, promised[0][str(answer.status_code)]).get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    assert kind in content or not answer.content, f"{kind} of {method} {path}"
    assert (kind == PROBLEM) is (answer.status_code >= 400), f"{kind} of {method} {path}"


@cache
def _offered(title: str) -> tuple[Document, list[tuple[str, re.Pattern[str], Document]]]:
    for file in FOLDER.glob("*.json"):
        document: Document = json.loads(file.read_text(encoding="utf-8"))
        if document["info"]["title"] == title:
            return document, [
                (method, pattern_of(path), operation)
                for (method, path), operation in operations(document).items()
            ]
    raise LookupError(title)

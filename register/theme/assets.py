# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Stylesheets and modules for a browser: fetched once, small over the air, and never again.

1. Their address holds a digest of the whole folder, so a browser may keep them for good (RFC 8246) and a new release is another address.
2. What is asked for with a query is a question whether we are there (`static/klad.js`), and the answer is kept by nobody.
3. They travel compressed (RFC 9110, 8.4.1). Pages do not: a page holds a form token beside what somebody typed, and the length of a compressed one would
   tell of both (BREACH). What stands in these files is the same for everybody, and public.
"""

import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

_DIGITS: Final = 12
_LEAST: Final = 500
"""Bytes under which compressing costs more than it saves."""


@cache
def address(prefix: str, folder: Path) -> str:
    """Where a folder is served, such as /statisch/3f1c…: it changes with any byte in it."""
    digest = hashlib.sha256()
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        name, content = str(file.relative_to(folder)).encode(), file.read_bytes()
        digest.update(len(name).to_bytes(8, "big") + name + len(content).to_bytes(8, "big") + content)
    return f"{prefix}/{digest.hexdigest()[:_DIGITS]}"


def serve(app: FastAPI, prefix: str, folder: Path) -> None:
    """Serve a folder, and nothing else, at its address."""
    app.mount(address(prefix, folder), GZipMiddleware(_Files(directory=folder), minimum_size=_LEAST))


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == HTTPStatus.OK and not scope["query_string"]:
            answer.headers.update(FOR_EVER)
        return answer

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The log as static files (C2SP tlog-tiles) under `/tlog`, for tools that are not ours.

`/tlog/checkpoint` changes and is kept by nobody; tiles and bundles never change and may be kept for ever. What the newest checkpoint does not cover is not
there (404): a part that would grow is another part by its width.
"""

from typing import Any, Final

from fastapi import APIRouter, Response

from audit.tiles import Entries, Tile, bundle_of, tile_of
from process.serving.described import refusals
from register.central.phase2 import not_found
from register.central.witnesses import Published
from register.theme.assets import FOR_EVER

PREFIX: Final = "/tlog"
_BYTES: Final = "application/octet-stream"


def tiles(published: Published) -> APIRouter:
    """Checkpoint, tiles and bundles of entries."""
    router = APIRouter(prefix=PREFIX, tags=["logboek"], default_response_class=Response)

    @router.get("/checkpoint", responses={200: _content("text/plain"), **refusals(404)})
    def checkpoint() -> Response:
        note = published.checkpoint()
        if note is None:
            raise not_found()
        return Response(note, media_type="text/plain; charset=utf-8")

    @router.get("/tile/entries/{deel:path}", responses={200: _content(_BYTES)})
    def entries(deel: str) -> Response:
        part = Entries.from_path(deel)
        if part is None or not part.within(published.signed_size()):
            raise not_found()
        return _kept(bundle_of(published.leaves(part.begin, part.end)))

    @router.get("/tile/{deel:path}", responses={200: _content(_BYTES)})
    def tile(deel: str) -> Response:
        part = Tile.from_path(deel)
        if part is None or not part.within(published.signed_size()):
            raise not_found()
        return _kept(tile_of(published.hashes(part)))

    return router


def _content(kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"type": "string"}}}}


def _kept(content: bytes) -> Response:
    return Response(content, media_type=_BYTES, headers=FOR_EVER)

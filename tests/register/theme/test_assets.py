# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about stylesheets and modules: fetched once, small, and never an old one with a new page."""

import asyncio
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from register.theme import STATIC, STATIC_PATH, assets

OURS = f"{assets.address(STATIC_PATH, STATIC)}/signaalregister.css"
Fetch = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def fetch() -> Fetch:
    """Get an address; `.extensions["travelled"]` is what went over the air."""
    app = FastAPI()
    assets.serve(app, STATIC_PATH, STATIC)

    async def one(address: str, coding: str) -> httpx.Response:
        headers = {"Accept-Encoding": coding}
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://zelf") as client,
            client.stream("GET", address, headers=headers) as answer,
        ):
            raw = b"".join([part async for part in answer.aiter_raw()])
            answer.extensions["travelled"] = raw
            return answer

    return lambda address, coding="gzip": asyncio.run(one(address, coding))


def _read(answer: httpx.Response) -> bytes:
    return zlib.decompress(answer.extensions["travelled"], wbits=31)


def test_a_browser_may_keep_a_stylesheet_for_good(fetch: Fetch) -> None:
    assert fetch(OURS).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_who_asks_only_whether_we_are_there_keeps_nothing(fetch: Fetch) -> None:
    assert "cache-control" not in fetch(OURS.replace("signaalregister.css", "keuze.svg?1")).headers


def test_a_stylesheet_travels_at_less_than_a_quarter_of_its_size(fetch: Fetch) -> None:
    for style in STATIC.rglob("*.css"):
        address = OURS.replace("signaalregister.css", str(style.relative_to(STATIC)))
        answer = fetch(address)
        assert answer.headers["content-encoding"] == "gzip"
        assert _read(answer) == style.read_bytes()
        assert len(answer.extensions["travelled"]) * 4 < style.stat().st_size + 2_000


def test_who_takes_nothing_compressed_gets_it_as_it_is(fetch: Fetch) -> None:
    answer = fetch(OURS, "identity")
    assert answer.extensions["travelled"] == (STATIC / "signaalregister.css").read_bytes()
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_any_other_byte_name_or_place_is_another_address(tmp_path: Path) -> None:
    found = set()
    for number, (name, text) in enumerate((("a.css", "b"), ("a.css", "c"), ("b.css", "b"), ("x/a.css", "b"))):
        folder = tmp_path / str(number)
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="ascii")
        found.add(assets.address("/statisch", folder))
    assert len(found) == 4


def test_an_address_of_another_release_is_not_found_rather_than_answered_with_this_one(
    fetch: Fetch,
) -> None:
    assert fetch(f"{STATIC_PATH}/000000000000/signaalregister.css").status_code == 404
    assert fetch(f"{STATIC_PATH}/signaalregister.css").status_code == 404


@pytest.mark.parametrize("outside", ["../__init__.py", "..%2f__init__.py", "vendor/../../files.py"])
def test_nothing_outside_the_folder_is_served(fetch: Fetch, outside: str) -> None:
    assert fetch(OURS.replace("signaalregister.css", outside)).status_code == 404

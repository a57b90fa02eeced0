# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which language a request is answered in: what was chosen, what this browser kept, what a program asks for, and Dutch otherwise."""

import asyncio
import json

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from process.language import gettext, spoken
from process.serving.language import COOKIE, preferred
from process.serving.web import new_app


@pytest.fixture(scope="module")
def app() -> FastAPI:
    made = new_app("Proef", "1.0.0")

    @made.get("/pagina", include_in_schema=False)
    async def page() -> Response:
        said = {"taal": spoken(), "kop": str(gettext("Begin"))}
        return HTMLResponse(json.dumps(said))

    @made.get("/verder", include_in_schema=False)
    async def on() -> Response:
        return RedirectResponse("/pagina", 303)

    @made.get("/tlog/checkpoint", include_in_schema=False)
    async def tile() -> Response:
        return PlainTextResponse("log.example\n")

    @made.get("/tlog/tegel", include_in_schema=False)
    async def unchanged() -> Response:
        return Response(status_code=304)

    @made.post("/stap", include_in_schema=False)
    async def step() -> dict[str, str]:
        return {}

    @made.get("/v1/iets", include_in_schema=False)
    def interface() -> dict[str, str]:
        return {"taal": spoken()}

    @made.get("/eromheen", include_in_schema=False)
    async def around() -> dict[str, str]:
        inside = httpx.AsyncClient(transport=httpx.ASGITransport(app=made), base_url="http://zelf")
        return {"taal": (await inside.get("/v1/iets")).json()["taal"]}

    return made


class Client:
    """A browser, or a program, that keeps its cookies."""

    def __init__(self, app: FastAPI, base: str = "http://node") -> None:
        self._app, self._base = app, base
        self.cookies = httpx.Cookies()

    def get(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url=self._base, cookies=self.cookies
            ) as client:
                answer = await client.get(address, headers=headers)
                self.cookies = client.cookies
                return answer

        return asyncio.run(sent())


@pytest.fixture
def client(app: FastAPI) -> Client:
    return Client(app)


def test_a_page_is_dutch_until_somebody_chooses(client: Client) -> None:
    answer = client.get("/pagina", headers={"Accept-Language": "en"})
    assert answer.json() == {"taal": "nl", "kop": "Begin"}
    assert "content-language" not in answer.headers
    assert not client.cookies


def test_a_choice_holds_at_once_and_is_kept_in_this_browser(client: Client) -> None:
    chosen = client.get("/pagina?taal=en")
    assert chosen.json() == {"taal": "en", "kop": "Start"}
    assert chosen.headers["content-language"] == "en"
    cookie = chosen.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=en; Path=/;")
    assert "HttpOnly; SameSite=Lax" in cookie
    assert client.get("/pagina").json()["taal"] == "en"
    assert client.get("/pagina?taal=nl").json()["taal"] == "nl"
    assert client.get("/pagina").json()["taal"] == "nl"


def test_a_choice_on_a_page_that_answered_a_form_leads_to_the_begin_and_not_to_an_error(
    client: Client,
) -> None:
    chosen = client.get("/stap?taal=en")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    assert client.get("/pagina").json()["taal"] == "en"
    assert client.get("/stap").status_code == 405


@pytest.mark.parametrize("address", ["/tlog/checkpoint", "/tlog/tegel", "/tlog/bestaat-niet", "/v1/iets"])
def test_what_is_no_page_leaves_no_choice_behind(client: Client, address: str) -> None:
    assert "set-cookie" not in client.get(f"{address}?taal=en").headers
    assert not client.cookies


def test_a_page_that_sends_a_browser_on_takes_the_choice_along(client: Client) -> None:
    assert client.get("/verder?taal=en").headers["location"] == "/pagina"
    assert client.get("/pagina").json()["taal"] == "en"


def test_over_tls_the_choice_stays_on_tls(app: FastAPI) -> None:
    answer = Client(app, "https://node").get("/pagina?taal=en")
    assert answer.headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize("address", ["/pagina?taal=de", "/pagina?taal=", "/pagina?taal=en%0d%0aX: y"])
def test_an_unknown_choice_is_no_choice(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.json()["taal"] == "nl"
    assert "set-cookie" not in answer.headers


def test_a_broken_cookie_is_no_choice(client: Client) -> None:
    assert client.get("/pagina", headers={"Cookie": f'{COOKIE}="; a b=;;'}).json()["taal"] == "nl"


def test_a_program_says_what_its_user_reads(client: Client) -> None:
    refused = client.get("/v1/niets", headers={"Accept-Language": "en-GB, nl;q=0.5"})
    assert refused.json()["title"] == "This page or resource does not exist."
    assert refused.headers["content-language"] == "en"
    assert client.get("/v1/niets").json()["title"] == "Deze pagina of bron bestaat niet."


def test_an_address_chooses_nothing_for_a_program(client: Client) -> None:
    assert client.get("/v1/iets?taal=en").json()["taal"] == "nl"


def test_a_page_and_the_interface_behind_it_speak_one_language(app: FastAPI) -> None:
    assert Client(app).get("/eromheen?taal=en").json()["taal"] == "en"
    assert Client(app).get("/eromheen").json()["taal"] == "nl"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("en-US,en;q=0.9,nl;q=0.8", "en"),
        ("nl-NL, en;q=0.9", "nl"),
        ("de, nl;q=0.1", "nl"),
        ("en;q=0, nl;q=0.1", "nl"),
        ("*", None),
        ("", None),
        ("en;q=veel", None),
        ("en;q=nan", None),
        ("de", None),
    ],
)
def test_a_header_is_read_by_weight(header: str, language: str | None) -> None:
    assert preferred(header) == language

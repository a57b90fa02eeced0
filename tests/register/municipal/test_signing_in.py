# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The second step at a node, the own page, what becomes of a session, and what of a form that was sent too late."""

import asyncio
import base64
import html
import json
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from process.secret import Secret
from process.serving.proxy import FromPagesProxy, PagesProxy
from process.serving.secrets import read_secret
from pseudonymisation.ceremony import Dealt
from pseudonymisation.threshold import Origin
from register.accounts import FREE_SOURCE_TRIES, Account
from register.door.door import MOST_PASSKEYS, Person, Proven
from register.municipal.app import Outside, create_app
from register.municipal.people import People
from register.municipal.settings import NodeSettings
from register.passkeys import Passkey
from register.second_factor import HALF_TRIES, RECOVERY_CODES, code_of, step_of
from tests.api.documents import operations
from tests.authenticator import Authenticator
from tests.register.municipal.conftest import settings_in
from tests.register.municipal.providing import ProviderStation, with_provider
from tests.register.municipal.world import (
    MOMENT,
    ORGANISATION,
    PASSWORD,
    Browser,
    Hands,
    Officer,
    RegisterStation,
    open_store,
    people,
    running,
    tenant_folder,
)

INSPECTOR = {"naam": "toezichthouder", "wachtwoord": PASSWORD}
LOCAL = "http://localhost"
OWN = "/v1/mijn-aanmelding"


class Somebody:
    """Somebody at the interface, on this machine under a name to which passkeys can be bound, with an app and a key."""

    def __init__(self, app: FastAPI, clock: Hands, role: str = "toezichthouder") -> None:
        self.app, self.clock = app, clock
        self.credentials = {"naam": role, "wachtwoord": PASSWORD}
        self.token = ""
        self.secret = b""
        self.key = Authenticator(LOCAL, "localhost")

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return Browser(self.app).send(method, LOCAL + path, json=body, headers=headers)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.send("POST", path, body)

    def first_step(self) -> httpx.Response:
        self.token = ""
        answer = self.post("/v1/sessies", **self.credentials)
        self.token = answer.json().get("token", "")
        return answer

    def half(self) -> str:
        answer = self.first_step()
        assert answer.status_code == 202, answer.text
        return str(answer.json()["aanmelding"])

    def second_step(self, half: str, **answer: Any) -> httpx.Response:
        done = self.post("/v1/sessies/tweede-stap", aanmelding=half, **answer)
        self.token = done.json().get("token", "")
        return done

    def code(self, steps: int = 0) -> str:
        return code_of(self.secret, step_of(self.clock()) + steps)

    def begin(self, kind: str) -> Any:
        answer = self.post(f"{OWN}/middelen", soort=kind, wachtwoord=PASSWORD)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get_app(self) -> list[str]:
        told = self.begin("code")["geheim"].replace(" ", "")
        self.secret = base64.b32decode(told)
        made = self.post(f"{OWN}/bevestigingen", code=self.code())
        assert made.status_code == 201, made.text
        self.token = made.json()["token"]
        self.clock.forward(seconds=30)
        return list(made.json()["herstelcodes"])

    def get_passkey(self) -> None:
        options = self.begin("passkey")["passkey"]
        made = self.post(f"{OWN}/bevestigingen", passkey=self.key.made(options), naam="werktelefoon")
        assert made.status_code == 201, made.text
        self.token = made.json()["token"]

    def options(self, half: str) -> Any:
        return self.post("/v1/sessies/tweede-stap/opties", aanmelding=half).json()["passkey"]

    def works(self) -> bool:
        return self.send("GET", "/v1/controles").status_code == 200


@pytest.fixture
def person(app: FastAPI, clock: Hands) -> Somebody:
    """With a session, and no second factor yet."""
    made = Somebody(app, clock)
    assert made.first_step().status_code == 201
    return made


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_with_an_app_a_password_opens_half_a_session_and_a_code_the_other_half(person: Somebody) -> None:
    assert len(person.get_app()) == RECOVERY_CODES
    half = person.half()
    person.token = half
    assert not person.works()
    person.token = half.partition(".")[2]
    assert not person.works()
    assert person.second_step(half, code=person.code()).status_code == 201
    assert person.works()


def test_a_replayed_code_opens_nothing_not_even_with_another_password_before_it(person: Somebody) -> None:
    person.get_app()
    code = person.code()
    assert person.second_step(person.half(), code=code).status_code == 201
    refused(person.second_step(person.half(), code=code), 401, "tweede-stap-mislukt")
    refused(person.second_step(person.half(), code=person.code(-1)), 401, "tweede-stap-mislukt")


def test_the_code_with_which_an_app_was_set_up_signs_nobody_in(person: Somebody) -> None:
    person.get_app()
    refused(person.second_step(person.half(), code=person.code(-1)), 401, "tweede-stap-mislukt")


def test_a_recovery_code_opens_once_and_is_counted_off(person: Somebody) -> None:
    first, second, *_rest = person.get_app()
    assert person.second_step(person.half(), herstelcode=first.lower()).status_code == 201
    assert person.send("GET", OWN).json()["herstelcodes"] == RECOVERY_CODES - 1
    refused(person.second_step(person.half(), herstelcode=first), 401, "tweede-stap-mislukt")
    assert person.second_step(person.half(), herstelcode=second).status_code == 201
    fresh = person.begin("herstelcodes")["herstelcodes"]
    refused(person.second_step(person.half(), herstelcode=_rest[0]), 401, "tweede-stap-mislukt")
    assert person.second_step(person.half(), herstelcode=fresh[0]).status_code == 201


def test_a_passkey_signs_in_and_its_challenge_counts_for_one_answer(person: Somebody) -> None:
    person.get_passkey()
    half = person.half()
    asked = person.options(half)
    refused(
        person.second_step(half, passkey=person.key.signed(asked, origin="https://kwaad.example")),
        401,
        "tweede-stap-mislukt",
    )
    refused(person.second_step(half, passkey=person.key.signed(asked)), 401, "tweede-stap-mislukt")
    answer = person.key.signed(person.options(half))
    assert person.second_step(half, passkey=answer).status_code == 201
    replayed = person.half()
    person.options(replayed)
    refused(person.second_step(replayed, passkey=answer), 401, "tweede-stap-mislukt")


def test_a_passkey_whose_counter_went_back_opens_nothing(person: Somebody) -> None:
    person.get_passkey()
    half = person.half()
    assert (
        person.second_step(half, passkey=person.key.signed(person.options(half), counter=9)).status_code
        == 201
    )
    half = person.half()
    copied = person.key.signed(person.options(half), counter=8)
    refused(person.second_step(half, passkey=copied), 401, "tweede-stap-mislukt")


def test_half_a_session_ends_after_five_minutes_and_with_its_last_try(person: Somebody, clock: Hands) -> None:
    person.get_app()
    late = person.half()
    clock.forward(minutes=5)
    refused(person.second_step(late, code=person.code()), 401, "tweede-stap-verlopen")
    half = person.half()
    codes = [person.second_step(half, code="000000").status_code for _try in range(HALF_TRIES)]
    assert codes == [401, 401, 401, 401, 429]
    clock.forward(minutes=3)
    refused(person.second_step(half, code=person.code()), 401, "tweede-stap-verlopen")


def test_wrong_codes_make_a_name_wait_as_wrong_passwords_do(person: Somebody, clock: Hands) -> None:
    person.get_app()
    for _round in range(4):
        refused(person.second_step(person.half(), code="000000"), 401, "tweede-stap-mislukt")
    answer = person.second_step(person.half(), code="000000")
    refused(answer, 429, "te-vaak-geprobeerd")
    assert "10:32" in answer.json()["detail"], answer.json()["detail"]
    refused(person.first_step(), 429, "te-vaak-geprobeerd")
    clock.forward(minutes=1)
    assert person.second_step(person.half(), code=person.code()).status_code == 201


def test_what_changes_how_one_signs_in_takes_the_password(person: Somebody) -> None:
    wrong = person.post(f"{OWN}/middelen", soort="code", wachtwoord="geraden")
    refused(wrong, 400, "wachtwoord-verkeerd")
    person.get_app()
    refused(
        person.post(f"{OWN}/verwijderingen", middel="code", wachtwoord="geraden"), 400, "wachtwoord-verkeerd"
    )
    assert person.post(f"{OWN}/verwijderingen", middel="code", wachtwoord=PASSWORD).status_code == 204
    assert person.first_step().status_code == 201


def test_the_first_second_factor_and_a_new_password_end_every_other_session(
    person: Somebody, app: FastAPI, clock: Hands
) -> None:
    elsewhere = Somebody(app, clock)
    elsewhere.first_step()
    before = person.token
    person.get_app()
    assert not elsewhere.works()
    assert person.works()
    person.token, now = before, person.token
    assert not person.works()
    person.token = now
    weak = person.post(f"{OWN}/wachtwoord", wachtwoord=PASSWORD, nieuw="kort")
    refused(weak, 400, "wachtwoord-zwak")
    changed = person.post(f"{OWN}/wachtwoord", wachtwoord=PASSWORD, nieuw="vier woorden achter elkaar")
    assert changed.status_code == 201
    assert not person.works()
    person.token = changed.json()["token"]
    assert person.works()
    refused(person.first_step(), 401, "aanmelden-mislukt")


def test_a_new_password_ends_what_was_half_begun_with_the_old_one(
    person: Somebody, app: FastAPI, clock: Hands
) -> None:
    person.get_app()
    thief = Somebody(app, clock)
    thief.secret = person.secret
    half = thief.half()
    new = "vier woorden achter elkaar"
    assert person.post(f"{OWN}/wachtwoord", wachtwoord=PASSWORD, nieuw=new).status_code == 201
    refused(thief.second_step(half, code=thief.code()), 401, "tweede-stap-verlopen")


def test_a_session_is_seen_and_ended_from_another(person: Somebody, app: FastAPI, clock: Hands) -> None:
    elsewhere = Somebody(app, clock)
    elsewhere.first_step()
    (other,) = [one for one in person.send("GET", OWN).json()["sessies"] if not one["deze"]]
    assert person.post(f"{OWN}/sessies/beeindigingen", nummer=other["nummer"]).status_code == 204
    assert (elsewhere.works(), person.works()) == (False, True)
    refused(person.post(f"{OWN}/sessies/beeindigingen", nummer=other["nummer"]), 404, "sessie-onbekend")


def test_a_functioneel_beheerder_resets_a_colleague_who_reads_who_did(
    person: Somebody, app: FastAPI, clock: Hands
) -> None:
    person.get_app()
    keeper = Somebody(app, clock, "functioneel_beheerder")
    keeper.first_step()
    here = "/v1/medewerkers/herstellingen"
    refused(person.post(here, naam="fg"), 403, "rol")
    refused(keeper.post(here, naam="functioneel_beheerder"), 403, "eigen-account")
    refused(keeper.post(here, naam="niemand"), 404, "account-onbekend")
    assert keeper.post(here, naam="toezichthouder").status_code == 204
    assert not person.works()
    assert person.first_step().status_code == 201
    told = {one["wat"]: one.get("door") for one in person.send("GET", OWN).json()["gebeurtenissen"]}
    assert told["hersteld"] == f"functioneel-beheerder-{ORGANISATION}"
    assert told["code_app_toegevoegd"] is None


def test_nobody_can_tell_a_name_that_exists_from_one_that_does_not(
    app: FastAPI, clock: Hands, settings: NodeSettings
) -> None:
    """Bytes, status and what is written are alike, before, at and after a lock-out."""

    def tried(name: str) -> tuple[list[tuple[int, bytes]], int]:
        before = rows(settings)
        sent = {"naam": name, "wachtwoord": "verkeerd"}
        answers = [Browser(app).post("/v1/sessies", json=sent) for _try in range(6)]
        return [(one.status_code, one.content) for one in answers], rows(settings) - before

    known = tried("toezichthouder")
    assert known == tried("niemand-hier")
    assert [status for status, _text in known[0]] == [401, 401, 401, 401, 429, 429]
    assert clock() == MOMENT


def rows(settings: NodeSettings) -> int:
    """How many rows there are of wrong tries and of what happened."""
    with sqlite3.connect(settings.database_file) as connection:
        return sum(
            int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our tables
            for table in ("tries", "sign_in_event")
        )


def test_a_source_that_tries_many_names_waits_and_others_do_not(app: FastAPI) -> None:
    def sent(source: str, name: str, password: str = "verkeerd") -> int:  # noqa: S107 - a wrong one
        transport = httpx.ASGITransport(app, client=(source, 4000))
        body = {"naam": name, "wachtwoord": password}

        async def post() -> int:
            async with httpx.AsyncClient(transport=transport, base_url=LOCAL) as http:
                return (await http.post("/v1/sessies", json=body)).status_code

        return asyncio.run(post())

    codes = [sent("192.0.2.7", f"naam-{number}") for number in range(FREE_SOURCE_TRIES + 1)]
    assert codes == [401] * (FREE_SOURCE_TRIES - 1) + [429] * 2
    assert sent("192.0.2.7", "toezichthouder", PASSWORD) == 429
    assert sent("192.0.2.8", "toezichthouder", PASSWORD) == 201


def test_behind_a_proxy_one_attacker_does_not_lock_out_the_others_who_come_through_it(app: FastAPI) -> None:
    proxied = FromPagesProxy(app, PagesProxy(("10.0.3.4",), Secret(b"s" * 40)))

    def sent(source: str, path: str, **how: Any) -> int:
        said = {"Signaalregister-Proxy": "s" * 40, "X-Forwarded-For": f"127.0.0.1, {source}"}
        transport = httpx.ASGITransport(proxied, client=("10.0.3.4", 4000))

        async def post() -> int:
            async with httpx.AsyncClient(transport=transport, base_url=LOCAL, headers=said) as http:
                if "data" in how:
                    form = (await http.get("/aanmelden")).text
                    how["data"]["csrf"] = re.findall(r'name="csrf" value="([^"]+)"', form)[0]
                return (await http.post(path, **how)).status_code

        return asyncio.run(post())

    def typed(source: str, name: str, password: str) -> int:
        return sent(source, "/aanmelden", data={"gebruikersnaam": name, "wachtwoord": password})

    for number in range(FREE_SOURCE_TRIES):
        sent("192.0.2.7", "/v1/sessies", json={"naam": f"naam-{number}", "wachtwoord": "verkeerd"})
    assert sent("192.0.2.7", "/v1/sessies", json=INSPECTOR) == 429
    assert typed("192.0.2.7", "fg", PASSWORD) == 429
    assert sent("192.0.2.8", "/v1/sessies", json=INSPECTOR) == 201
    assert typed("192.0.2.8", "fg", PASSWORD) == 303


def test_who_is_called_jan_in_capitals_neither_wipes_nor_fills_the_count_of_jan(
    app: FastAPI, settings: NodeSettings, outside: Outside
) -> None:
    assert outside.passwords
    store = open_store(settings)
    store.put_account(
        Account("jan-in-kapitalen", "TOEZICHTHOUDER", "toezichthouder"), outside.passwords.hash(PASSWORD)
    )
    store.close()

    def tried(name: str, password: str) -> int:
        return Browser(app).post("/v1/sessies", json={"naam": name, "wachtwoord": password}).status_code

    assert [tried("toezichthouder", "verkeerd") for _try in range(4)] == [401] * 4
    assert tried("TOEZICHTHOUDER", PASSWORD) == 201
    assert tried("toezichthouder", "verkeerd") == 429
    assert tried("TOEZICHTHOUDER", PASSWORD) == 201


def test_names_that_strangers_made_up_are_forgotten_after_a_day(
    app: FastAPI, settings: NodeSettings, clock: Hands
) -> None:
    before = rows(settings)
    for number in range(4):
        Browser(app).post("/v1/sessies", json={"naam": f"verzonnen-{number}", "wachtwoord": "x"})
    assert rows(settings) == before + 4
    store = open_store(settings)
    for moment, left in ((clock() + timedelta(hours=23), 4), (clock() + timedelta(days=1), 0)):
        store.purge(moment, moment.date())
        assert rows(settings) == before + left
    store.close()


def test_the_secret_of_an_app_that_was_shown_counts_for_a_quarter_of_an_hour(
    person: Somebody, clock: Hands
) -> None:
    person.secret = base64.b32decode(person.begin("code")["geheim"].replace(" ", ""))
    clock.forward(minutes=15)
    refused(person.post(f"{OWN}/bevestigingen", code=person.code()), 400, "app-verlopen")
    refused(person.post(f"{OWN}/bevestigingen", code=person.code()), 400, "code-verkeerd")
    person.secret = base64.b32decode(person.begin("code")["geheim"].replace(" ", ""))
    clock.forward(minutes=14, seconds=59)
    assert person.post(f"{OWN}/bevestigingen", code=person.code()).status_code == 201


def test_a_secret_that_nobody_confirmed_is_destroyed_and_an_app_that_counts_is_not(
    person: Somebody, settings: NodeSettings, clock: Hands
) -> None:
    person.get_app()
    keeper = Somebody(person.app, clock, "functioneel_beheerder")
    keeper.first_step()
    keeper.begin("code")
    store = open_store(settings)
    for minutes, apps in ((14, 2), (15, 1), (4000, 1)):
        moment = clock() + timedelta(minutes=minutes)
        store.purge(moment, moment.date())
        with sqlite3.connect(settings.database_file) as connection:
            assert connection.execute("SELECT count(*) FROM code_app").fetchone() == (apps,)
    store.close()


def test_an_eleventh_passkey_is_refused_also_when_it_was_begun_as_the_tenth(
    person: Somebody, settings: NodeSettings, clock: Hands
) -> None:
    options = person.begin("passkey")["passkey"]
    store = open_store(settings)
    who = store.account("toezichthouder")
    assert who is not None
    with store.signing_in() as kept:
        for number in range(MOST_PASSKEYS):
            kept.put_passkey(who[0].officer, Passkey(f"sleutel-{number}", b"k", 0), "elders", clock())
    store.close()
    sent = {"passkey": person.key.made(options), "naam": "nog een"}
    refused(person.post(f"{OWN}/bevestigingen", **sent), 409, "te-veel-passkeys")
    assert len(person.send("GET", OWN).json()["passkeys"]) == MOST_PASSKEYS


def test_a_session_of_a_removed_account_opens_nothing(person: Somebody, settings: NodeSettings) -> None:
    person.get_app()
    with sqlite3.connect(settings.database_file) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM account WHERE name = 'toezichthouder'")
    assert not person.works()


def test_whoever_proves_a_person_in_another_way_hands_the_door_that_and_nothing_else(
    app: FastAPI, settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    assert outside.passwords
    store = open_store(settings)
    key = read_secret(settings.tenants_folder / ORGANISATION / "sessie")
    entrance = People(store, outside.passwords, key, clock, random.Random(11).randbytes)
    account = store.account("fg")
    assert account is not None
    proven = Proven(Person(account[0].officer, account[0]), frozenset({"extern"}))
    fg = Somebody(app, clock)
    fg.token = entrance.entered(entrance.door.enter(proven)).token
    assert fg.works()
    (session,) = fg.send("GET", OWN).json()["sessies"]
    assert session["middelen"] == ["extern"]
    store.close()


# ---- in earnest ---------------------------------------------------------------------------------------------


@pytest.fixture
def in_earnest(
    tmp_path: Path, dealt: Dealt, register: RegisterStation, clock: Hands, outside: Outside
) -> Iterator[FastAPI]:
    """A node of a real municipality, where a second factor is asked of everyone."""
    keyset = replace(dealt.keyset, profile="riec-wgs", origin=Origin.CEREMONY)
    dealt = replace(dealt, keyset=keyset)
    settings = settings_in(tmp_path, dealt, register).model_copy(update={"profile": "riec-wgs"})
    (tmp_path / "organisaties" / ORGANISATION).rename(tmp_path / "weg")
    tenant_folder(tmp_path / "organisaties", "GM0344")
    people(settings, outside, "GM0344")
    made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    with running(made) as app:
        yield app


def test_in_earnest_nobody_goes_round_the_second_factor(in_earnest: FastAPI, clock: Hands) -> None:
    person = Somebody(in_earnest, clock)
    opened = person.first_step()
    assert (opened.status_code, opened.json()["volledig"]) == (201, False)
    offered = operations(in_earnest.openapi())
    paths = [(method, path) for method, path in offered if not path.startswith((OWN, "/v1/sessies"))]
    assert len(paths) > 40
    for method, path in paths:
        answer = person.send(method, re.sub(r"\{[^}]*\}", "1", path), {})
        refused(answer, 403, "tweede-stap-verplicht")
    browser = signed_in(Browser(in_earnest))
    assert browser.get("/vragen").headers["location"] == "/mijn-aanmelding"
    page = browser.get("/mijn-aanmelding").text
    assert "Stel eerst een tweede stap in" in page
    assert 'href="/vragen"' not in page
    person.get_app()
    assert person.works()
    last = person.post(f"{OWN}/verwijderingen", middel="code", wachtwoord=PASSWORD)
    refused(last, 403, "laatste-middel")


# ---- pages --------------------------------------------------------------------------------------------------


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def signed_in(browser: Browser, **more: str) -> Browser:
    """With the form that everyone gets."""
    form = browser.get("/aanmelden").text
    sent = {"csrf": hidden(form, "csrf"), "gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD}
    assert browser.post("/aanmelden", data=sent | more).status_code == 303
    return browser


def form_of(browser: Browser, path: str = "/mijn-aanmelding") -> Callable[..., httpx.Response]:
    csrf = hidden(browser.get(path).text, "csrf")
    return lambda to=path, **data: browser.post(to, data={"csrf": csrf} | data)


def test_the_pages_lead_from_a_password_to_an_app_codes_and_a_second_step(
    app: FastAPI, guest: Browser, clock: Hands
) -> None:
    page = form_of(signed_in(guest))(handeling="code", wachtwoord=PASSWORD).text
    assert "<svg" in page
    secret = base64.b32decode(hidden(page, "geheim").replace(" ", ""))
    sent = {
        "csrf": hidden(page, "csrf"),
        "handeling": "app-bevestigen",
        "geheim": hidden(page, "geheim"),
        "adres": hidden(page, "adres"),
    }
    again = guest.post("/mijn-aanmelding", data=sent | {"code": "12"}).text
    assert hidden(again, "geheim") == hidden(page, "geheim")
    codes = guest.post("/mijn-aanmelding", data=sent | {"code": code_of(secret, step_of(clock()))}).text
    assert codes.count("<code>") == RECOVERY_CODES
    assert guest.get("/").status_code == 200
    form = Browser(app)
    page = form.get("/aanmelden").text
    login = {"csrf": hidden(page, "csrf"), "gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD}
    second = form.post("/aanmelden", data=login)
    assert "Aanmelden: tweede stap" in second.text
    assert form.get("/").headers["location"] == "/aanmelden"
    clock.forward(seconds=30)
    answer = {"csrf": hidden(second.text, "csrf"), "code": code_of(secret, step_of(clock()))}
    foreign = form.post("/aanmelden/tweede-stap", data=answer | {"csrf": "0" * 64})
    assert foreign.status_code == 403
    assert form.post("/aanmelden/tweede-stap", data=answer).status_code == 303
    assert form.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/mijn-aanmelding", "/medewerkers/herstellen", "/aanmelden/tweede-stap"])
def test_a_form_that_another_site_sent_does_nothing(guest: Browser, path: str) -> None:
    signed_in(guest)
    sent = {"csrf": "0" * 64, "handeling": "wachtwoord", "account": "fg", "code": "123456"}
    assert guest.post(path, data=sent).status_code == 403


TYPED = {"controle": "nieuw", "telefoon": "0612345678", "plaats": ORGANISATION, "kenmerken": "x"}


def expired(guest: Browser, clock: Hands) -> httpx.Response:
    """A form that was sent when the session had ended."""
    post = form_of(signed_in(guest), "/vragen")
    clock.forward(minutes=31)
    return post(**TYPED, wachtwoord="nooit mee")


def test_a_form_that_was_sent_too_late_comes_back_filled_in_after_signing_in(
    guest: Browser, clock: Hands
) -> None:
    page = expired(guest, clock)
    assert page.status_code == 401
    assert "0612345678" not in page.text
    kept = hidden(page.text, "bewaard")
    sent = {"csrf": hidden(page.text, "csrf"), "gebruikersnaam": "toezichthouder", "bewaard": kept}
    wrong = guest.post("/aanmelden", data=sent | {"wachtwoord": "verkeerd"}).text
    assert hidden(wrong, "bewaard") == kept
    sent["csrf"] = hidden(wrong, "csrf")
    done = guest.post("/aanmelden", data=sent | {"wachtwoord": PASSWORD})
    assert done.status_code == 200
    assert {name: hidden(done.text, name) for name in TYPED} == TYPED
    assert 'action="/vragen"' in done.text
    assert "nooit mee" not in done.text
    fields = {name: hidden(done.text, name) for name in ("csrf", *TYPED)}
    assert 'value="0612345678"' in guest.post("/vragen", data=fields).text


def test_a_late_form_is_for_whoever_sent_it_and_nobody_else(guest: Browser, clock: Hands) -> None:
    page = expired(guest, clock).text
    sent = {"csrf": hidden(page, "csrf"), "bewaard": hidden(page, "bewaard"), "wachtwoord": PASSWORD}
    done = guest.post("/aanmelden", data=sent | {"gebruikersnaam": "fg"})
    assert (done.status_code, done.headers["location"]) == (303, "/")


def test_a_late_form_of_almost_a_megabyte_comes_back_whole(guest: Browser, clock: Hands) -> None:
    """As rows out of a spreadsheet are: long, and alike."""
    rows = "\n".join(
        f"{number} 2026-03-{number % 28 + 1:02} Müller 0612{number:06}" for number in range(23_000)
    )
    post = form_of(signed_in(guest), "/vragen")
    clock.forward(minutes=31)
    page = post("/inlezen", rijen=rows, wachtwoord="nooit mee")
    assert page.status_code == 401
    sent = {"csrf": hidden(page.text, "csrf"), "bewaard": hidden(page.text, "bewaard")}
    sent |= {"gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD}
    assert len(rows) > 780_000
    assert hidden(guest.post("/aanmelden", data=sent).text, "rijen") == rows


def test_a_late_form_that_is_too_large_to_take_along_is_not_lost_in_silence(
    guest: Browser, clock: Hands
) -> None:
    post = form_of(signed_in(guest), "/vragen")
    clock.forward(minutes=31)
    noise = base64.urlsafe_b64encode(random.Random(3).randbytes(750_000)).decode()
    page = post("/inlezen", rijen=noise)
    assert page.status_code == 401
    assert "te groot om mee te nemen" in page.text
    assert 'name="bewaard"' not in page.text
    guest.get("/even-weg")
    clock.forward(minutes=1)
    hiding = post("/inlezen", rijen=noise)
    assert "Het is niet verstuurd en niet bewaard." in hiding.text


def test_a_form_that_was_sent_while_the_page_was_hidden_comes_back_in_sight(
    guest: Browser, clock: Hands
) -> None:
    post = form_of(signed_in(guest), "/vragen")
    guest.get("/even-weg")
    page = post(**TYPED, wachtwoord="nooit mee")
    assert page.status_code == 200
    assert "0612345678" not in page.text
    assert "Signaalregister" not in page.text
    kept = hidden(page.text, "bewaard")
    assert guest.get("/").headers["location"] == "/even-weg"
    done = guest.post("/even-weg/terug", data={"bewaard": kept})
    assert {name: hidden(done.text, name) for name in TYPED} == TYPED
    assert "nooit mee" not in done.text
    assert guest.get("/").status_code == 200
    # And where the session ended meanwhile, by way of signing in.
    post(**TYPED)
    guest.get("/even-weg")
    clock.forward(minutes=31)
    later = post(**TYPED)
    door = guest.post("/even-weg/terug", data={"bewaard": hidden(later.text, "bewaard")})
    assert door.status_code == 401
    sent = {name: hidden(door.text, name) for name in ("csrf", "bewaard")}
    sent |= {"gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD}
    assert hidden(guest.post("/aanmelden", data=sent).text, "telefoon") == "0612345678"


def test_a_form_of_another_site_is_not_kept_out_of_sight_and_brings_nothing_back(
    guest: Browser, app: FastAPI
) -> None:
    signed_in(guest)
    guest.get("/even-weg")
    answer = guest.post("/vragen", data=TYPED | {"csrf": "0" * 64})
    assert (answer.status_code, answer.headers["location"]) == (303, "/even-weg")
    foreign = Browser(app).post("/even-weg/terug", data={"bewaard": "x"})
    assert (foreign.status_code, "set-cookie" in foreign.headers) == (303, False)


def test_a_late_form_that_another_site_sent_is_not_taken_along(guest: Browser, clock: Hands) -> None:
    signed_in(guest)
    clock.forward(minutes=31)
    answer = guest.post("/vragen", data=TYPED | {"csrf": "0" * 64})
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")


@pytest.mark.parametrize("path", ["/mijn-aanmelding", "/afmelden"])
def test_the_secret_of_an_app_and_signing_out_are_not_taken_along(
    guest: Browser, clock: Hands, path: str
) -> None:
    post = form_of(signed_in(guest))
    clock.forward(minutes=31)
    answer = post(path, handeling="app-bevestigen", geheim="ABCD EFGH")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")


def test_every_page_says_when_the_session_ends(guest: Browser) -> None:
    page = signed_in(guest).get("/").text
    assert "Uw aanmelding eindigt om 11:00." in page
    assert f'data-over="{30 * 60}"' in page


def test_over_tls_cookies_are_of_this_host_alone_and_hiding_hides(
    settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    people(settings, outside, ORGANISATION)
    with_provider(settings.tenants_folder / ORGANISATION)
    made = create_app(
        settings.model_copy(update={"serve_tls": True}),
        clock=clock,
        randomness=random.Random(7).randbytes,
        outside=replace(outside, provider=ProviderStation()),
    )
    with running(made) as app:
        answer = Browser(app).get("/aanmelden").headers["set-cookie"]
        away, back = (
            Browser(app).get(path).headers["set-cookie"].split("; ")
            for path in ("/even-weg", "/even-weg/terug")
        )
        hidden_page = Browser(app).get("/vragen", headers={"Cookie": away[0]})
        attempt = Browser(app).get(f"/aanmelden/gemeenteaccount/{ORGANISATION}").headers["set-cookie"]
    assert answer.startswith("__Host-sr_gast=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(answer.split("; "))
    assert attempt.startswith("__Host-sr_poging=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(attempt.split("; "))
    assert "Domain" not in answer + attempt
    assert hidden_page.headers["location"] == "/even-weg"
    assert (away[0], back[0], "Max-Age=0" in back) == ("__Host-sr_weg=1", '__Host-sr_weg=""', True)


def test_the_settings_of_signing_in_end_a_session_sooner_and_never_later(
    settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    values = json.loads(settings.model_dump_json())
    for name, value in (
        ("session_idle_minutes", 31),
        ("session_hours", 9),
        ("passkey_origin", "http://x.nl"),
    ):
        with pytest.raises(ValueError, match=name):
            NodeSettings(**(values | {name: value}))
    people(settings, outside, ORGANISATION)
    short = settings.model_copy(update={"session_idle_minutes": 5})
    made = create_app(short, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    with running(made) as app:
        officer = Officer(Browser(app), "toezichthouder")
        clock.forward(minutes=5)
        assert officer.get("/v1/controles").status_code == 401

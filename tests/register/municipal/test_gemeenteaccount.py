# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in with an account of the organisation's own provider: who gets in, as whom, and every way in which nobody does."""

import base64
import json
import math
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from pseudonymisation.ceremony import Dealt
from register.accounts import TOKEN_SIZE, token_digest
from register.municipal.app import Outside, create_app, known_municipalities, prepare
from register.municipal.people import written
from register.municipal.settings import NodeSettings, TenantSettings
from register.municipal.store import STRANGERS
from register.municipal.store.identities import IdentityStore, RoleChange
from register.municipal.tenants import read_tenants
from register.municipal.web.gemeenteaccount import ATTEMPT_COOKIE
from register.second_factor import Half
from tests.register.municipal.conftest import holders_of, outside_with, register_with, settings_in
from tests.register.municipal.providing import CLIENT, INSPECTOR, ISSUER, MFA, ProviderStation, with_provider
from tests.register.municipal.world import (
    ORGANISATION,
    PASSWORD,
    Browser,
    Hands,
    Officer,
    open_store,
    people,
    running,
    tenant_folder,
)

OTHER = "GM9003"
DOOR = f"/aanmelden/gemeenteaccount/{ORGANISATION}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, dealt: Dealt) -> Iterator["Town"]:
    """A node of two organisations; GM9004 has a provider, GM9003 signs in with passwords."""
    clock, machine = Hands(), Hands()
    machine.moment = system_clock()
    provider = ProviderStation(clock=lambda: machine().timestamp())
    register = register_with(clock)
    settings = settings_in(tmp_path_factory.mktemp("node"), dealt, register)
    with_provider(settings.tenants_folder / ORGANISATION)
    tenant_folder(settings.tenants_folder, OTHER)
    outside = replace(
        outside_with(holders_of(dealt, clock), register), provider=provider, machine_clock=machine
    )
    people(settings, outside, ORGANISATION)
    with running(
        create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    ) as app:
        yield Town(app, settings, clock, machine, provider)


class Town:
    """The node, its provider and people in front of both."""

    def __init__(
        self, app: FastAPI, settings: NodeSettings, clock: Hands, machine: Hands, provider: ProviderStation
    ) -> None:
        self.app, self.settings, self.clock, self.machine = app, settings, clock, machine
        self.provider = provider

    def honest(self) -> "Town":
        """The provider lies no more."""
        station = self.provider
        station.lies, station.document, station.answers, station.signs, station.fails = {}, {}, {}, None, ""
        station.asked.clear()
        return self

    def comes_back(self, browser: Browser, person: dict[str, object] | None = None) -> str:
        """Somebody begins here and signs in there; gives the address with which the browser comes back."""
        begun = browser.get(DOOR)
        assert begun.status_code == 303, begun.text
        return self.provider.authorise(begun.headers["location"], INSPECTOR if person is None else person)

    def signs_in(self, person: dict[str, object] | None = None) -> tuple[Browser, httpx.Response]:
        browser = Browser(self.app)
        return browser, browser.get(self.comes_back(browser, person))

    def store(self) -> "OpenIdentities":
        return OpenIdentities(self.settings)


class OpenIdentities:
    """What the node keeps of people of the provider, while it is looked at."""

    def __init__(self, settings: NodeSettings) -> None:
        self.node = open_store(settings)
        self.identities = IdentityStore(self.node._database, ORGANISATION)

    def __enter__(self) -> IdentityStore:
        return self.identities

    def __exit__(self, *_error: object) -> None:
        self.node.close()


@pytest.fixture
def town(made: Town) -> Town:
    return made.honest()


def text(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def refused(page: httpx.Response, status: int, *words: str) -> None:
    """A page of ours in Dutch, with a way out; no session, and nothing that the provider said."""
    assert page.status_code == status, text(page)
    assert all(one in text(page) for one in words), text(page)
    assert "Opnieuw aanmelden met uw gemeenteaccount" in text(page)
    assert "sr_sessie=" not in str(page.headers)
    for told in ("ORA-", "invalid_", "PKCE", "error", "nonce", ISSUER):
        assert told not in page.text


# ---- all is well --------------------------------------------------------------------------------------------


def test_who_signs_in_there_is_signed_in_here_in_the_role_of_the_claim(town: Town) -> None:
    browser, page = town.signs_in(INSPECTOR | {"sub": "nieuw", "preferred_username": "n.nieuw"})
    assert page.status_code == 200
    assert "U bent aangemeld" in text(page)
    assert "n.nieuw" in text(page)
    assert "toezichthouder" in text(page)
    start = browser.get("/")
    assert start.status_code == 200
    assert "n.nieuw" in text(start)


def test_the_first_time_somebody_gets_a_number_and_hears_that_it_gives_no_right_yet(town: Town) -> None:
    person = INSPECTOR | {"sub": "eerste", "preferred_username": "e.eerste"}
    _browser, page = town.signs_in(person)
    assert re.search(r"Uw nummer\s+[0-9a-f]{8}-[0-9a-f]{4}-4", text(page))
    assert "pas als uw mandaat daar is vastgelegd" in text(page)
    assert "http-equiv" not in page.text
    _browser, again = town.signs_in(person)
    assert "Uw nummer" not in text(again)
    assert '<meta http-equiv="refresh" content="0; url=/">' in again.text


def test_the_session_cookie_is_strict_and_the_cookie_of_the_attempt_is_lax_and_gone_afterwards(
    town: Town,
) -> None:
    browser = Browser(town.app)
    begun = browser.get(DOOR)
    (attempt,) = begun.headers.get_list("set-cookie")
    assert attempt.startswith(f"{ATTEMPT_COOKIE}=")
    assert all(
        one in attempt
        for one in ("HttpOnly", "Max-Age=600", "Path=/aanmelden/gemeenteaccount", "SameSite=lax")
    )
    done = browser.get(town.provider.authorise(begun.headers["location"], INSPECTOR))
    session, owner, gone = done.headers.get_list("set-cookie")
    assert session.startswith("sr_sessie=")
    assert "SameSite=strict" in session
    assert owner.startswith("sr_wie=")
    assert gone.startswith(f'{ATTEMPT_COOKIE}="";')


def over(browser: Browser, town: Town) -> None:
    """The session ends, and the browser does not know."""
    headers = {"Authorization": f"Bearer {browser.cookies['sr_sessie']}"}
    assert Browser(town.app).send("DELETE", "/v1/sessies/huidige", headers=headers).status_code == 204


def value(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.text)
    assert found, name
    return found.group(1)


def test_a_late_form_of_a_gemeenteaccount_is_not_given_to_who_was_in_this_browser_before(town: Town) -> None:
    browser = Browser(town.app)
    login = {"gebruikersnaam": "functioneel_beheerder", "wachtwoord": PASSWORD, "organisatie": ORGANISATION}
    csrf = value(browser.get("/aanmelden"), "csrf")
    assert browser.post("/aanmelden", data=login | {"csrf": csrf}).status_code == 303
    over(browser, town)
    browser.get(town.comes_back(browser, INSPECTOR | {"sub": "laat", "preferred_username": "l.laat"}))
    csrf = value(browser.get("/vragen"), "csrf")
    over(browser, town)
    late = browser.post("/vragen", data={"csrf": csrf, "controle": "nieuw", "telefoon": "0612345678"})
    sent = login | {"csrf": value(late, "csrf"), "bewaard": value(late, "bewaard")}
    answer = browser.post("/aanmelden", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_late_form_comes_back_after_signing_in_by_a_gemeenteaccount_in_another_tab(town: Town) -> None:
    person = INSPECTOR | {"sub": "later", "preferred_username": "l.later"}
    browser, _page = town.signs_in(person)
    csrf = value(browser.get("/vragen"), "csrf")
    over(browser, town)
    late = browser.post("/vragen", data={"csrf": csrf, "controle": "nieuw", "telefoon": "0612345678"})
    assert "kom dan terug naar dit tabblad" in text(late)
    assert f'href="{DOOR}" target="_blank"' in late.text
    too_soon = browser.post("/aanmelden", data=going_on(late))
    assert too_soon.status_code == 401
    browser.get(town.comes_back(browser, person))
    done = browser.post("/aanmelden", data=going_on(too_soon))
    assert (done.status_code, value(done, "telefoon")) == (200, "0612345678")


def test_who_signs_in_anew_by_either_door_ends_the_session_that_was_in_this_browser(town: Town) -> None:
    browser = Browser(town.app)
    login = {"gebruikersnaam": "functioneel_beheerder", "wachtwoord": PASSWORD, "organisatie": ORGANISATION}

    def by_password() -> httpx.Response:
        csrf = value(browser.get("/aanmelden"), "csrf")
        return browser.post("/aanmelden", data=login | {"csrf": csrf})

    def lives(token: str) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        return Browser(town.app).send("GET", "/v1/mijn-aanmelding", headers=headers).status_code == 200

    def by_provider() -> httpx.Response:
        link = town.comes_back(browser)
        # What a browser does with a cookie that is Strict, on the way back from another site.
        browser.cookies.delete("sr_sessie")
        return browser.get(link)

    assert by_password().status_code == 303
    for door, status in ((by_provider, 200), (by_password, 303), (by_password, 303)):
        before = browser.cookies["sr_sessie"]
        assert lives(before)
        assert before not in browser.get(DOOR).headers["set-cookie"]
        assert lives(before)
        assert door().status_code == status
        assert not lives(before)
    assert lives(browser.cookies["sr_sessie"])


def going_on(page: httpx.Response) -> dict[str, str]:
    return {name: value(page, name) for name in ("csrf", "bewaard", "verder")}


def test_who_comes_by_a_gemeenteaccount_is_asked_for_no_password_of_it_here(town: Town) -> None:
    browser, _page = town.signs_in(INSPECTOR | {"sub": "eigen", "preferred_username": "e.eigen"})
    page = browser.get("/mijn-aanmelding")
    assert "wijzigt u bij uw organisatie, niet hier" in text(page)
    assert 'type="password"' not in page.text


def test_nonce_verifier_and_state_are_nowhere_in_the_database(town: Town) -> None:
    browser = Browser(town.app)
    asked = parse_qs(urlsplit(browser.get(DOOR).headers["location"]).query)
    kept = b"".join(one.read_bytes() for one in town.settings.database_file.parent.glob("node.sqlite*"))
    seed = browser.cookies[ATTEMPT_COOKIE]
    for secret in (asked["state"][0], asked["nonce"][0], seed):
        assert secret.encode() not in kept
        assert bytes(secret, "ascii").hex().encode() not in kept


def test_what_the_provider_calls_a_person_is_not_kept(town: Town) -> None:
    town.signs_in(INSPECTOR | {"sub": "nummer-van-de-gemeente-0815", "preferred_username": "a.nders"})
    kept = b"".join(one.read_bytes() for one in town.settings.database_file.parent.glob("node.sqlite*"))
    assert b"a.nders" in kept
    assert b"nummer-van-de-gemeente-0815" not in kept


def test_a_changed_claim_changes_the_role_and_is_recorded(town: Town) -> None:
    person = INSPECTOR | {"sub": "wissel", "preferred_username": "w.wissel"}
    town.signs_in(person)
    browser, page = town.signs_in(person | {"roles": "sr-aandacht"})
    assert "U was toezichthouder, en bent nu aandachtsfunctionaris." in text(page)
    assert "Treffers" in text(browser.get("/"))
    with town.store() as kept:
        newest, first = kept.role_changes()[:2]
    assert newest == RoleChange("w.wissel", "toezichthouder", "aandachtsfunctionaris", town.clock())
    assert first == RoleChange("w.wissel", None, "toezichthouder", town.clock())


def test_the_beheerder_sees_which_roles_a_sign_in_changed(town: Town) -> None:
    town.signs_in(INSPECTOR | {"sub": "zichtbaar", "preferred_username": "z.zicht"})
    beheerder = Officer(Browser(town.app), "functioneel_beheerder", ORGANISATION)
    (found,) = [
        one for one in beheerder.get("/v1/medewerkers").json()["rolwijzigingen"] if one["naam"] == "z.zicht"
    ]
    assert found == {"naam": "z.zicht", "nu": "toezichthouder", "op": "2026-03-02T09:30:20Z"}


def test_a_password_and_a_gemeenteaccount_of_one_name_stay_two_people(town: Town) -> None:
    _browser, page = town.signs_in(INSPECTOR | {"sub": "dief", "preferred_username": "functioneel_beheerder"})
    refused(page, 403, "al een account met uw gebruikersnaam")


def test_no_password_opens_the_account_of_a_gemeenteaccount(town: Town) -> None:
    town.signs_in(INSPECTOR | {"sub": "wachtwoord", "preferred_username": "z.wachtwoord"})
    for tried in ("wachtwoord van niemand", PASSWORD, "", "-"):
        sent = {"organisatie": ORGANISATION, "naam": "z.wachtwoord", "wachtwoord": tried or "x"}
        assert Browser(town.app).post("/v1/sessies", json=sent).status_code == 401


def test_who_signs_out_here_can_sign_out_there_too(town: Town) -> None:
    browser, _page = town.signs_in()
    form = re.search(r'name="csrf" value="([^"]+)"', browser.get("/").text)
    assert form
    gone = browser.post("/afmelden", data={"csrf": form.group(1)})
    assert gone.headers["location"] == f"{DOOR}/afgemeld"
    page = browser.get(f"{DOOR}/afgemeld")
    link = re.search(rf'href="({ISSUER}/afmelden\?[^"]+)"', page.text)
    assert link
    sent = parse_qs(urlsplit(link.group(1).replace("&amp;", "&")).query)
    assert sent == {"client_id": [CLIENT], "post_logout_redirect_uri": ["http://127.0.0.1/aanmelden"]}
    assert browser.get("/").status_code == 303


def test_the_page_has_a_door_for_each_organisation_that_has_a_provider(town: Town) -> None:
    page = Browser(town.app).get("/aanmelden")
    assert re.findall(r'href="(/aanmelden/gemeenteaccount/[^"]+)"', page.text) == [DOOR]
    assert "Of met een wachtwoord" in text(page)


@pytest.mark.parametrize(
    "path", [f"/aanmelden/gemeenteaccount/{OTHER}", "/aanmelden/gemeenteaccount/GM0000/terug"]
)
def test_there_is_no_door_where_there_is_no_provider(town: Town, path: str) -> None:
    assert Browser(town.app).get(path).status_code == 404


def test_the_provider_is_asked_for_its_document_and_keys_once(town: Town) -> None:
    town.signs_in()
    town.provider.asked.clear()
    town.signs_in()
    assert [one.url.path for one in town.provider.asked] == ["/token"]


def test_userinfo_is_never_asked(town: Town) -> None:
    town.provider.document = {"userinfo_endpoint": f"{ISSUER}/wie"}
    _browser, page = town.signs_in()
    assert page.status_code == 200
    assert "/wie" not in {one.url.path for one in town.provider.asked}


# ---- what is refused ------------------------------------------------------------------------------------------


def unsigned(claims: dict[str, object]) -> str:
    parts = ({"alg": "none"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
        + "."
    )


def by_shared_secret(claims: dict[str, object]) -> str:
    return jwt.encode(
        {"alg": "HS256"}, claims, OctKey.import_key("een-geheim-van-de-node-0123456789"), algorithms=["HS256"]
    )


def by_another_key(claims: dict[str, object]) -> str:
    key = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "kid": "een"}, claims, key, algorithms=["ES256"])


def by_its_own_key_in_the_header(claims: dict[str, object]) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "kid": "een", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, algorithms=["ES256"])


@pytest.mark.parametrize("signs", [unsigned, by_shared_secret, by_another_key, by_its_own_key_in_the_header])
def test_a_token_without_the_signature_of_the_provider_is_refused(
    town: Town, signs: Callable[[dict[str, object]], str]
) -> None:
    town.provider.signs = signs
    refused(town.signs_in()[1], 403, "klopt niet")


def test_an_algorithm_that_is_not_pinned_is_refused(town: Town) -> None:
    key = ECKey.generate_key("P-521", {"kid": "een"})
    town.provider.signs = lambda claims: jwt.encode(
        {"alg": "ES512", "kid": "een"}, claims, key, algorithms=["ES512"]
    )
    refused(town.signs_in()[1], 403, "klopt niet")


LIES: dict[str, tuple[dict[str, object], str]] = {
    "nonce of another": ({"nonce": "van-een-ander"}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "another issuer": ({"iss": "https://inloggen.ander.example"}, "iss"),
    "for another client": ({"aud": "ander-systeem"}, "aud"),
    "for several, and not ours to use": ({"aud": [CLIENT, "ander-systeem"], "azp": "ander-systeem"}, "azp"),
    "for several, and nobody's to use": ({"aud": [CLIENT, "ander-systeem"]}, "azp"),
    "no audience": ({"aud": None}, "aud"),
    "ran out": ({"exp": 1_700_000_000}, "exp"),
    "never runs out": ({"exp": None}, "exp"),
    "of next year": ({"iat": 4_000_000_000}, "iat"),
    "of last year": ({"iat": 1_700_000_000}, "iat"),
    "not to be used yet": ({"nbf": 4_000_000_000}, "nbf"),
    "a moment that is a text": ({"iat": "gisteren"}, "iat"),
    "nobody": ({"sub": None}, "sub"),
    "a nobody that is a text": ({"sub": ""}, "sub"),
    "somebody who is a number": ({"sub": 7}, "sub"),
    "for nobody": ({"aud": []}, "aud"),
    "a moment that is no number": ({"iat": math.nan}, "iat"),
    "of another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_what_it_should_not_is_refused(
    town: Town, caplog: pytest.LogCaptureFixture, lie: str
) -> None:
    town.provider.lies, why = LIES[lie]
    refused(town.signs_in()[1], 403, "klopt niet")
    assert caplog.messages[-1] == f"sign-in with the provider of GM9004 refused: {why}"


@pytest.mark.parametrize("acr", [None, "0", "urn:example:wachtwoord", [MFA], ""])
def test_without_the_word_of_the_provider_for_two_steps_nobody_gets_in(town: Town, acr: object) -> None:
    town.provider.lies = {"acr": acr, "amr": ["mfa", "otp"]}
    refused(town.signs_in()[1], 403, "in twee stappen")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "geen rol"),
        ([], "geen rol"),
        ("iets-anders", "geen rol"),
        ({"sr-toezicht": True}, "geen rol"),
        ("toezichthouder", "geen rol"),
        (["sr-toezicht", "sr-aandacht"], "meer dan één rol"),
    ],
)
def test_no_role_or_two_let_nobody_in(town: Town, told: object, words: str) -> None:
    town.provider.lies = {"roles": told}
    refused(town.signs_in()[1], 403, words, "functioneel beheerder")


def test_who_has_no_role_any_more_loses_the_sessions_that_were_open(town: Town) -> None:
    person = INSPECTOR | {"sub": "vertrokken", "preferred_username": "v.vertrek"}
    browser, _page = town.signs_in(person)
    assert browser.get("/").status_code == 200
    refused(town.signs_in(person | {"roles": []})[1], 403, "geen rol")
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("name", [None, "", " ", "x" * 65, "regel\neinde", 7])
def test_a_name_that_does_not_fit_makes_no_account(town: Town, name: object) -> None:
    refused(
        town.signs_in(INSPECTOR | {"sub": "naamloos", "preferred_username": name})[1], 403, "gebruikersnaam"
    )


def test_the_state_of_another_browser_opens_nothing_here(town: Town) -> None:
    attacker, victim = Browser(town.app), Browser(town.app)
    link = town.comes_back(attacker)
    refused(victim.get(link), 403, "andere browser")
    victim.get(DOOR)
    refused(victim.get(link), 403, "andere browser")
    assert attacker.get(link).status_code == 200


def test_an_answer_that_was_used_opens_nothing_a_second_time(town: Town) -> None:
    browser = Browser(town.app)
    link = town.comes_back(browser)
    seed = browser.cookies[ATTEMPT_COOKIE]
    assert browser.get(link).status_code == 200
    browser.cookies.set(ATTEMPT_COOKIE, seed)
    refused(browser.get(link), 403, "al gebruikt")


def attempts(town: Town) -> int:
    """Attempts that the node keeps."""
    with closing(sqlite3.connect(town.settings.database_file)) as database:
        found: tuple[int] = database.execute("SELECT count(*) FROM sign_in_attempt").fetchone()
    return found[0]


def test_a_stranger_who_begins_and_never_comes_back_or_comes_back_with_nonsense_leaves_no_row(
    town: Town,
) -> None:
    before = attempts(town)
    for _number in range(20):
        browser = Browser(town.app)
        begun = browser.get(DOOR)
        assert begun.status_code == 303
        state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
        refused(
            browser.get(f"{DOOR}/terug?state={state}&code=verzonnen&iss={quote(ISSUER)}"), 403, "klopt niet"
        )
    assert attempts(town) == before
    town.signs_in()
    assert attempts(town) == before + 1


def test_an_attempt_that_was_used_is_forgotten_once_it_is_too_old_to_be_used(town: Town) -> None:
    town.signs_in()
    town.clock.forward(minutes=10)
    town.signs_in()
    assert attempts(town) == 1


@pytest.mark.parametrize("spoiled", ["", "kort", "é", "A" * 96, "{state}=", "{state}A", "B{state}"])
def test_a_state_that_was_not_made_here_is_refused_before_the_provider_is_asked(
    town: Town, spoiled: str
) -> None:
    browser = Browser(town.app)
    link = town.comes_back(browser)
    state = parse_qs(urlsplit(link).query)["state"][0]
    town.provider.asked.clear()
    changed = link.replace(f"state={state}", f"state={quote(spoiled.format(state=state))}")
    refused(browser.get(changed), 403, "andere browser")
    assert town.provider.asked == []


def test_two_answers_of_one_attempt_at_once_are_one_session(town: Town) -> None:
    with town.store() as kept:
        digests, now = (b"s" * 32, b"b" * 32), town.clock()
        assert kept.use_attempt(*digests, now, now - timedelta(minutes=10))
        assert not kept.use_attempt(*digests, now, now - timedelta(minutes=10))


def test_a_code_that_was_used_is_refused_in_a_new_attempt(town: Town) -> None:
    browser = Browser(town.app)
    used = town.comes_back(browser)
    assert browser.get(used).status_code == 200
    code = parse_qs(urlsplit(used).query)["code"][0]
    refused(browser.get(re.sub(r"code=[^&]+", f"code={code}", town.comes_back(browser))), 403, "klopt niet")


def test_a_code_of_another_attempt_does_not_go_with_the_verifier_of_this_one(town: Town) -> None:
    attacker, victim = Browser(town.app), Browser(town.app)
    stolen = parse_qs(urlsplit(town.comes_back(victim)).query)["code"][0]
    own = town.comes_back(attacker)
    refused(attacker.get(re.sub(r"code=[^&]+", f"code={stolen}", own)), 403, "klopt niet")


def test_an_attempt_of_more_than_ten_minutes_ago_is_over(town: Town) -> None:
    browser = Browser(town.app)
    link = town.comes_back(browser)
    town.clock.forward(minutes=10)
    refused(browser.get(link), 403, "tien minuten")


@pytest.mark.parametrize("issuer", [None, "https://inloggen.ander.example", f"{ISSUER}/"])
def test_an_answer_that_is_not_of_this_issuer_is_refused(town: Town, issuer: str | None) -> None:
    town.provider.answers = {"iss": issuer}
    refused(town.signs_in()[1], 403, "klopt niet")


def test_an_answer_that_names_something_twice_is_refused(town: Town) -> None:
    browser = Browser(town.app)
    refused(browser.get(town.comes_back(browser) + "&code=nog-een"), 403, "klopt niet")


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, "U stopte met aanmelden"),
        ("invalid_scope", 403, "liet u niet toe"),
        ("<script>", 403, "liet u niet toe"),
        ("unmet_authentication_requirements", 403, "in twee stappen"),
        ("temporarily_unavailable", 503, "antwoordt niet"),
    ],
)
def test_a_no_of_the_provider_is_told_in_our_words(town: Town, error: str, status: int, words: str) -> None:
    town.provider.answers = {"code": None, "error": error, "error_description": "ORA-00942: nope"}
    refused(town.signs_in()[1], status, words)


@pytest.mark.parametrize("fails", ["away", "error", "endless", "rubbish"])
def test_a_provider_that_is_away_is_told_and_the_door_with_a_password_stays(town: Town, fails: str) -> None:
    browser = Browser(town.app)
    link = town.comes_back(browser)
    town.provider.fails = fails
    page = browser.get(link)
    refused(page, 503, "antwoordt niet, of niet goed")
    assert "Aanmelden met een wachtwoord" in text(page)
    assert Officer(Browser(town.app), "toezichthouder", ORGANISATION).headers


def test_what_is_refused_is_counted_and_told_to_the_administrator_in_a_word(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.provider.lies = {"nonce": "van-een-ander"}
    town.signs_in()
    assert caplog.messages[-1] == "sign-in with the provider of GM9004 refused: nonce"
    store = open_store(town.settings, STRANGERS)
    assert "gemeenteaccount-ongeldig" in {code for _at, _who, code, _fields, _times in store.refusals()}
    store.close()


# ---- other keys, other settings --------------------------------------------------------------------------------


def test_a_new_key_of_the_provider_is_fetched_once_a_minute_at_most(town: Town) -> None:
    before = town.provider.key
    town.provider.key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "twee"})
    refused(town.signs_in()[1], 403, "klopt niet")
    assert [one.url.path for one in town.provider.asked] == ["/token"]
    town.machine.forward(minutes=2)
    assert town.signs_in()[1].status_code == 200
    assert [one.url.path for one in town.provider.asked][1:] == ["/token", "/sleutels"]
    town.provider.key = before
    town.machine.forward(minutes=2)
    assert town.signs_in()[1].status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://inloggen.ander.example"},
        {"token_endpoint": "http://inloggen.gemeente.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "http://elders.example/"},
        {"token_endpoint": "https://naam:geheim@inloggen.gemeente.example/token"},
    ],
)
def test_a_provider_that_says_something_unsafe_of_itself_is_not_used(
    town: Town, said: dict[str, object]
) -> None:
    town.provider.document = said
    town.machine.forward(hours=2)
    refused(Browser(town.app).get(DOOR), 503, "antwoordt niet, of niet goed")
    town.honest()
    assert town.signs_in()[1].status_code == 200


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no client": ({"oidc_client_id": None}, "oidc_client_id"),
    "no page": ({"page_url": None}, "page_url"),
    "no credential": ({"oidc_client_secret_file": None}, "geef een van beide"),
    "two credentials": ({"oidc_client_key_file": "sleutel.pem"}, "geef een van beide"),
    "no roles": ({"oidc_roles": {}}, "oidc_roles"),
    "a role that does not exist": ({"oidc_roles": {"a": "burgemeester"}}, "burgemeester"),
    "a role of another kind of organisation": ({"oidc_roles": {"a": "tmm_analist"}}, "tmm_analist"),
    "no acr": ({"oidc_acr_values": []}, "oidc_acr_values"),
    "an empty acr": ({"oidc_acr_values": [""]}, "oidc_acr_values"),
    "no algorithm": ({"oidc_algorithms": []}, "oidc_algorithms"),
    "unsigned": ({"oidc_algorithms": ["none"]}, "oidc_algorithms"),
    "by a shared secret": ({"oidc_algorithms": ["HS256"]}, "oidc_algorithms"),
    "not openid": ({"oidc_scopes": ["profile"]}, "oidc_scopes"),
    "no door at all": ({"oidc_issuer": None, "local_accounts": False}, "local_accounts"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_provider_that_is_half_told_is_refused_at_the_start(tmp_path: Path, wrong: str) -> None:
    changed, words = WRONG[wrong]
    home = tenant_folder(tmp_path, ORGANISATION)
    with_provider(home, **changed)
    with pytest.raises(SettingsError, match=words):
        TenantSettings.load(home / "tenant.toml")


@pytest.mark.parametrize(
    "issuer", ["http://inloggen.gemeente.example", "https://u:w@inloggen.gemeente.example", "ftp://127.0.0.1"]
)
def test_a_provider_that_somebody_in_between_could_play_is_refused_at_the_start(
    settings: NodeSettings, issuer: str
) -> None:
    with_provider(settings.tenants_folder / ORGANISATION, issuer)
    with pytest.raises(SettingsError, match="oidc_issuer"):
        read_tenants(settings, known_municipalities(), system_clock())


def test_where_passwords_are_off_only_the_provider_opens_also_what_a_password_opened_before(
    settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    with_provider(settings.tenants_folder / ORGANISATION, local_accounts=False)
    people(settings, outside, ORGANISATION)
    before = bytes(range(TOKEN_SIZE))
    store = open_store(settings)
    known = store.account("toezichthouder")
    assert known is not None
    store.put_session(token_digest(before), known[0].officer, clock())
    with store.signing_in() as rows:
        rows.put_half(token_digest(before), Half(known[0].officer, clock()))
    store.close()
    provider = ProviderStation()
    world = replace(outside, provider=provider)
    with running(
        create_app(settings, clock=clock, randomness=random.Random(8).randbytes, outside=world)
    ) as app:
        answer = Browser(app).post("/v1/sessies", json={"naam": "toezichthouder", "wachtwoord": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (403, "aanmelden-elders")
        half = {"aanmelding": f"{ORGANISATION}.{written(before)}", "code": "000000"}
        answer = Browser(app).post("/v1/sessies/tweede-stap", json=half)
        assert (answer.status_code, answer.json()["code"]) == (403, "aanmelden-elders")
        headers = {"Authorization": f"Bearer {written(before)}"}
        assert Browser(app).get("/v1/controles", headers=headers).status_code == 401
        page = Browser(app).get("/aanmelden")
        assert "Aanmelden met uw gemeenteaccount" in text(page)
        assert "Wachtwoord" not in text(page)
        browser = Browser(app)
        back = provider.authorise(browser.get(DOOR).headers["location"], INSPECTOR)
        assert "U bent aangemeld" in text(browser.get(back))
        provider.fails = "away"
        assert "Aanmelden met een wachtwoord" not in text(Browser(app).get(f"{DOOR}/terug"))


def put_ready(settings: NodeSettings, *accounts: dict[str, str]) -> None:
    file = settings.tenants_folder.parent / "accounts.yaml"
    file.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    prepare(settings, file, ORGANISATION)


LINKED = {
    "naam": "l.linker",
    "rol": "toezichthouder",
    "medewerker": "toezichthouder-7",
    "onderwerp": "sub-van-linker",
}


def test_an_account_that_was_put_ready_keeps_its_number_and_so_its_mandate(town: Town) -> None:
    put_ready(town.settings, LINKED)
    put_ready(town.settings, LINKED)
    browser, page = town.signs_in(INSPECTOR | {"sub": "sub-van-linker", "preferred_username": "heel.anders"})
    assert "Uw nummer" not in text(page)
    assert "l.linker" in text(browser.get("/"))
    store = open_store(town.settings)
    found = store.account("l.linker")
    store.close()
    assert found is not None
    assert found[0].officer == "toezichthouder-7"


def test_one_person_of_the_provider_is_one_account_and_the_other_way_round(town: Town) -> None:
    put_ready(town.settings, LINKED)
    for changed in ({"naam": "een.ander"}, {"onderwerp": "sub-van-een-ander"}):
        with pytest.raises(SettingsError, match="hoort al bij een ander"):
            put_ready(
                town.settings, {name: one for name, one in (LINKED | changed).items() if name != "medewerker"}
            )


def test_without_a_provider_nobody_is_of_it(settings: NodeSettings) -> None:
    with pytest.raises(SettingsError, match="oidc_issuer"):
        put_ready(settings, LINKED)
    with pytest.raises(SettingsError, match="wachtwoordBestand of onderwerp"):
        put_ready(settings, {"naam": "x.x", "rol": "fg"})

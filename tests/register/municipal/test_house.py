# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in where several organisations share a node: at the right desk, and nothing told to who stands at the wrong one."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from threading import BoundedSemaphore

import httpx
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI

from register.accounts import Passwords
from register.municipal.app import Outside, create_app
from register.municipal.house import House
from register.municipal.settings import NodeSettings
from register.municipal.store import STRANGERS
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


class CountedPasswords(Passwords):
    """Cheap passwords that count how often one is checked."""

    checked = 0

    def correct(self, password: str, stored: str | None) -> bool:
        self.checked += 1
        return super().correct(password, stored)


@pytest.fixture
def passwords() -> CountedPasswords:
    return CountedPasswords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(2))


@pytest.fixture
def shared(
    settings: NodeSettings, clock: Hands, outside: Outside, passwords: CountedPasswords
) -> Iterator[FastAPI]:
    """A node of two organisations, with the same names at both."""
    tenant_folder(settings.tenants_folder, OTHER)
    for code in (ORGANISATION, OTHER):
        people(settings, outside, code)
    world = replace(outside, passwords=passwords)
    made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=world)
    with running(made):
        yield made


@pytest.fixture
def visitor(shared: FastAPI) -> Browser:
    return Browser(shared)


def sign_in(visitor: Browser, **changed: str | None) -> httpx.Response:
    sent = {"organisatie": OTHER, "naam": "toezichthouder", "wachtwoord": PASSWORD} | changed
    return visitor.post("/v1/sessies", json={name: text for name, text in sent.items() if text is not None})


@pytest.mark.parametrize("organisation", [ORGANISATION, OTHER])
def test_the_same_name_at_two_organisations_is_two_people(visitor: Browser, organisation: str) -> None:
    answer = sign_in(visitor, organisatie=organisation).json()
    assert (answer["organisatie"], answer["medewerker"]) == (organisation, f"toezichthouder-{organisation}")


def test_where_there_is_one_organisation_it_may_be_left_out_or_named(guest: Browser) -> None:
    for named in (None, ORGANISATION):
        assert sign_in(guest, organisatie=named).status_code == 201
    assert sign_in(guest, organisatie=OTHER).status_code == 401


def test_where_there_are_several_it_must_be_said_which(visitor: Browser) -> None:
    answer = sign_in(visitor, organisatie=None)
    assert (answer.status_code, answer.json()["code"]) == (400, "geen-organisatie")
    assert [one["veld"] for one in answer.json()["velden"]] == ["organisatie"]


WRONG = {
    "the password": {"wachtwoord": "verkeerd-wachtwoord"},
    "the name": {"naam": "niemand"},
    "the organisation": {"organisatie": "GM9001"},
    "an organisation that exists nowhere": {"organisatie": "GM9999"},
}


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_is_refused_in_the_same_words(visitor: Browser, what: str) -> None:
    expected = sign_in(visitor, wachtwoord="een-ander-verkeerd-wachtwoord")
    answer = sign_in(visitor, **WRONG[what])
    assert (answer.status_code, answer.content) == (401, expected.content)


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_costs_one_check_of_a_password(
    visitor: Browser, passwords: CountedPasswords, what: str
) -> None:
    assert sign_in(visitor, **WRONG[what]).status_code == 401
    assert passwords.checked == 1


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_five_times_makes_it_wait(visitor: Browser, clock: Hands, what: str) -> None:
    codes = [sign_in(visitor, **WRONG[what]).status_code for _time in range(6)]
    assert codes == [401, 401, 401, 401, 429, 429]
    clock.forward(seconds=61)
    assert sign_in(visitor, **WRONG[what]).status_code == 429


def test_a_name_that_waits_at_one_organisation_does_not_wait_at_another(visitor: Browser) -> None:
    for _time in range(6):
        sign_in(visitor, wachtwoord="verkeerd-wachtwoord")
    assert sign_in(visitor).status_code == 429
    assert sign_in(visitor, organisatie=ORGANISATION).status_code == 201


def test_a_name_that_waits_at_an_organisation_that_is_not_here_keeps_nobody_waiting(visitor: Browser) -> None:
    for _time in range(6):
        sign_in(visitor, organisatie="GM9001")
    assert sign_in(visitor).status_code == 201
    assert sign_in(visitor, organisatie="GM9002").status_code == 401


def test_a_refusal_before_signing_in_is_nobody_s_and_after_it_the_desk_s(
    visitor: Browser, settings: NodeSettings
) -> None:
    sign_in(visitor, wachtwoord="verkeerd-wachtwoord")
    visitor.get("/v1/controles")
    Officer(visitor, "ambassadeur", OTHER).get("/v1/treffers")
    counted = {}
    for code in (STRANGERS, OTHER, ORGANISATION):
        store = open_store(settings, code)
        counted[code] = [(who, what) for _at, who, what, _fields, _times in store.refusals()]
        store.close()
    assert counted == {
        STRANGERS: [("-", "aanmelden-mislukt"), ("-", "niet-aangemeld")],
        OTHER: [("ambassadeur-GM9003", "rol")],
        ORGANISATION: [],
    }


def test_with_one_organisation_a_refusal_before_signing_in_is_counted_there(
    guest: Browser, settings: NodeSettings
) -> None:
    guest.get("/v1/controles")
    store = open_store(settings)
    assert [code for _at, _who, code, _fields, _times in store.refusals()] == ["niet-aangemeld"]
    store.close()


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', page.text)
    assert found
    return found.group(1)


def test_the_page_lets_a_visitor_choose_by_name(visitor: Browser) -> None:
    page = visitor.get("/aanmelden")
    assert re.findall(r'<option value="(GM\d+)">([^<]*)<', page.text) == [
        ("GM9004", "Oefendorp"),
        ("GM9003", "Oefenwoud"),
    ]
    sent = {"gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD, "csrf": csrf(page)}
    done = visitor.post("/aanmelden", data=sent | {"organisatie": OTHER})
    assert (done.status_code, done.headers["location"]) == (303, "/")
    start = visitor.get("/").text
    assert "Oefenwoud" in start
    assert "Oefendorp" not in start


def test_the_page_of_one_organisation_asks_nothing_more(guest: Browser) -> None:
    assert 'name="organisatie"' not in guest.get("/aanmelden").text


def test_the_page_keeps_the_choice_when_signing_in_fails(visitor: Browser) -> None:
    sent = {"gebruikersnaam": "toezichthouder", "wachtwoord": "verkeerd-wachtwoord", "organisatie": OTHER}
    answer = visitor.post("/aanmelden", data=sent | {"csrf": csrf(visitor.get("/aanmelden"))})
    assert answer.status_code == 401
    assert '<option value="GM9003" selected>' in answer.text


def test_the_page_without_a_choice_asks_for_one(visitor: Browser) -> None:
    sent = {"gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD, "organisatie": ""}
    answer = visitor.post("/aanmelden", data=sent | {"csrf": csrf(visitor.get("/aanmelden"))})
    assert answer.status_code == 400
    assert "Kies uw organisatie en meld u opnieuw aan." in answer.text


def test_a_house_has_a_desk() -> None:
    with pytest.raises(Exception, match="nog geen organisatie"):
        House({}, None, None, None)  # type: ignore[arg-type]  # nothing of it is touched

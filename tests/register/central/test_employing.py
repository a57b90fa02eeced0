# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A functioneel beheerder sees to the accounts of the own organisation at this register, and never becomes somebody else by it."""

import base64
from typing import Any

import pytest

from register.accounts import Account
from register.central.employing import FIRST_FOR
from register.central.store import people
from register.central.store import tables as t
from register.second_factor import code_of, step_of
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_laying_down import MANDATE, first, proposed, second
from tests.register.central.world import OFFICERS, PASSWORD, Caller, World, fields_of, refused

pytestmark = ONE_DATABASE

ACCOUNTS = "/v1/accounts"
OWN = "/v1/mijn-aanmelding"
NEW = {"medewerker": "zorg-0001", "rol": "zorgcoordinator", "naam": "zorg.jansen"}
NAME = "zorg.jansen@gm9001"
CHOSEN = "een eigen lange zin"


def manager(world: World, organisation: str = "GM9001") -> Caller:
    return world.person(organisation, "functioneel_beheerder")


def mandated(world: World) -> None:
    """Two people give somebody a mandate as zorgcoördinator."""
    mine = proposed(first(world), "mandaten", MANDATE)
    assert second(world).post(f"{mine}/goedkeuringen", {}).status_code == 201


def made(world: World) -> str:
    mandated(world)
    answer = manager(world).post(ACCOUNTS, NEW)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["wachtwoord"])


def sign_in(world: World, password: str, *, leaves: int | None = 1, name: str = NAME) -> tuple[Caller, Any]:
    caller = Caller(world, world.apps.people, "GM9001", {"Doel": "hulpverlening"}, None)
    answer = caller.post("/v1/sessies", {"naam": name, "wachtwoord": password}, leaves=leaves)
    if answer.status_code == 201:
        caller.said["Authorization"] = f"Bearer {answer.json()['token']}"
    return caller, answer


def colleague(world: World, role: str, officer: str = "collega-0001", organisation: str = "GM9001") -> str:
    """Somebody with an account that the administrator of the register made."""
    name = f"{role}-{officer}"
    with world.log.engine.begin() as connection:
        hashed = world.passwords.hash(PASSWORD)
        people.add_account(connection, organisation, Account(officer, name, role), hashed)
    return name


def test_who_gets_an_account_chooses_an_own_password_and_a_second_step_and_sees_what_the_mandate_gives(
    world: World,
) -> None:
    password = made(world)
    entry = world.log.last("GM9001")
    assert (entry["aanmelding"], entry["collega"], entry["medewerker"]) == (
        "account_gemaakt",
        "zorg-0001",
        OFFICERS["functioneel_beheerder"],
    )
    assert password not in str(world.contents())
    person, opened = sign_in(world, password)
    assert opened.json()["volledig"] is False
    refused(person.get("/v1/herinneringen", leaves=1), 403, "eigen-wachtwoord-eerst")
    assert person.get(OWN, leaves=0).json()["eersteWachtwoord"] is True
    changed = person.post(f"{OWN}/wachtwoord", {"wachtwoord": password, "nieuw": CHOSEN})
    person.said["Authorization"] = f"Bearer {changed.json()['token']}"
    assert person.get(OWN, leaves=0).json()["eersteWachtwoord"] is False
    begun = person.post(f"{OWN}/middelen", {"soort": "code", "wachtwoord": CHOSEN}, leaves=0).json()
    secret = base64.b32decode(begun["geheim"].replace(" ", ""))
    confirmed = person.post(f"{OWN}/bevestigingen", {"code": code_of(secret, step_of(world.clock()))})
    assert confirmed.status_code == 201
    world.clock.forward(seconds=30)
    _half, answer = sign_in(world, CHOSEN, leaves=0)
    assert answer.status_code == 202
    half = {"aanmelding": answer.json()["aanmelding"], "code": code_of(secret, step_of(world.clock()))}
    done = person.post("/v1/sessies/tweede-stap", half)
    assert (done.status_code, done.json()["volledig"]) == (201, True)
    person.said["Authorization"] = f"Bearer {done.json()['token']}"
    # The mandate gives what waits for this role; it gives no log, no policy and no management.
    assert person.get("/v1/berichten").status_code == 200
    for path in ("/v1/beheer", ACCOUNTS, "/v1/logboek/regels", "/v1/beleid"):
        refused(person.get(path), 403, "geen-toegang")
    end = {key: MANDATE[key] for key in ("medewerker", "rol", "besluitstuk", "beslotenDoor")}
    assert first(world).post("/v1/beheer/mandaten/beeindigingen", end).status_code == 201
    refused(person.get("/v1/berichten"), 403, "geen-toegang")
    refused(sign_in(world, password, leaves=0)[1], 401, "aanmelden-mislukt")


def test_a_first_password_lasts_three_days_and_a_new_one_is_the_only_one(world: World) -> None:
    password = made(world)
    (row,) = (one for one in world.rows(t.account) if one.name == NAME)
    assert row.first_until == world.clock() + FIRST_FOR
    world.clock.forward(days=3)
    refused(sign_in(world, password, leaves=None)[1], 401, "eerste-wachtwoord-voorbij")
    again = manager(world).post(f"{ACCOUNTS}/wachtwoorden", {"naam": NAME}).json()["wachtwoord"]
    assert sign_in(world, again)[1].status_code == 201
    refused(sign_in(world, password, leaves=0)[1], 401, "aanmelden-mislukt")


def test_who_is_blocked_is_out_at_once_and_comes_in_with_a_new_first_password(world: World) -> None:
    person, _opened = sign_in(world, made(world))
    assert manager(world).post(f"{ACCOUNTS}/blokkades", {"naam": NAME}).status_code == 201
    refused(person.get(OWN, leaves=0), 401, "niet-aangemeld")
    (told,) = [one for one in manager(world).get(ACCOUNTS).json()["accounts"] if one["naam"] == NAME]
    assert (told["geblokkeerd"], told["aangemeld"]) == (True, 0)
    again = manager(world).post(f"{ACCOUNTS}/wachtwoorden", {"naam": NAME}).json()["wachtwoord"]
    own = sign_in(world, again)[0].get(OWN, leaves=0).json()
    assert [one["wat"] for one in own["gebeurtenissen"]].count("account_geblokkeerd") == 1


def test_an_account_that_ended_is_gone_with_all_it_signs_in_with(world: World) -> None:
    person, _opened = sign_in(world, password := made(world))
    assert manager(world).post(f"{ACCOUNTS}/beeindigingen", {"naam": NAME}).status_code == 201
    assert world.log.last("GM9001")["aanmelding"] == "account_beeindigd"
    refused(person.get(OWN, leaves=0), 401, "niet-aangemeld")
    refused(sign_in(world, password, leaves=0)[1], 401, "aanmelden-mislukt")
    refused(manager(world).post(f"{ACCOUNTS}/beeindigingen", {"naam": NAME}), 404, "account-onbekend")


def test_sessions_of_a_colleague_end_wherever_they_are(world: World) -> None:
    person, _opened = sign_in(world, made(world))
    assert manager(world).post(f"{ACCOUNTS}/afmeldingen", {"naam": NAME}).status_code == 201
    refused(person.get(OWN, leaves=0), 401, "niet-aangemeld")


def test_nobody_gets_an_account_without_a_mandate_or_twice(world: World) -> None:
    one = manager(world)
    assert fields_of(refused(one.post(ACCOUNTS, NEW), 400, "account-zonder-mandaat")) == {"medewerker"}
    made(world)
    refused(one.post(ACCOUNTS, NEW | {"naam": "een-ander"}), 409, "account-bestaat")
    assert one.get(ACCOUNTS).json()["keuzes"] == []


def test_a_name_belongs_to_the_organisation_so_that_no_other_is_told_of(world: World) -> None:
    mandated(world)
    colleague(world, "zorgcoordinator", organisation="GM9002")
    with world.log.engine.begin() as connection:
        theirs = Account("zorg-0002", "zorg.jansen@gm9002", "zorgcoordinator")
        people.add_account(connection, "GM9002", theirs, world.passwords.hash(PASSWORD))
    assert manager(world).post(ACCOUNTS, NEW).status_code == 201


@pytest.mark.parametrize("role", ["fg", "functioneel_beheerder", "toezichthouder"])
def test_nobody_makes_an_account_of_a_second_pair_of_eyes_or_for_work_at_a_node(
    world: World, role: str
) -> None:
    officer = "oefening-beheerder-2" if role == "functioneel_beheerder" else f"oefening-{role}"
    sent = NEW | {"medewerker": officer, "rol": role}
    refused(manager(world).post(ACCOUNTS, sent), 403, "niet-hier")


def test_nobody_makes_or_changes_the_own_account(world: World) -> None:
    one = manager(world)
    mine = "functioneel_beheerder-GM9001"
    own = NEW | {"medewerker": OFFICERS["functioneel_beheerder"]}
    refused(one.post(ACCOUNTS, own), 403, "eigen-account")
    for path in ("wachtwoorden", "blokkades", "afmeldingen", "beeindigingen"):
        refused(one.post(f"{ACCOUNTS}/{path}", {"naam": mine}), 403, "eigen-account")


def test_who_looks_on_gets_no_password_from_here_and_an_fg_is_not_shut_out(world: World) -> None:
    fg, other = colleague(world, "fg"), colleague(world, "functioneel_beheerder", "beheerder-0009")
    one = manager(world)
    for name in (fg, other):
        refused(one.post(f"{ACCOUNTS}/wachtwoorden", {"naam": name}), 403, "niet-hier")
    for path in ("blokkades", "beeindigingen"):
        refused(one.post(f"{ACCOUNTS}/{path}", {"naam": fg}), 403, "niet-hier")
    assert one.post(f"{ACCOUNTS}/afmeldingen", {"naam": fg}).status_code == 201
    assert one.post(f"{ACCOUNTS}/blokkades", {"naam": other}).status_code == 201
    assert sign_in(world, PASSWORD, name=fg)[1].status_code == 201


@pytest.mark.parametrize("path", ["wachtwoorden", "blokkades", "afmeldingen", "beeindigingen"])
def test_an_account_of_another_organisation_is_as_one_that_is_not_there(world: World, path: str) -> None:
    theirs = colleague(world, "zorgcoordinator", organisation="GM9002")
    one = manager(world)
    there, nowhere = (
        refused(one.post(f"{ACCOUNTS}/{path}", {"naam": name}), 404, "account-onbekend")
        for name in (theirs, "niemand")
    )
    assert {**there, "instance": ""} == {**nowhere, "instance": ""}
    names = {each["naam"] for each in one.get(ACCOUNTS).json()["accounts"]}
    assert names == {"functioneel_beheerder-GM9001"}


@pytest.mark.parametrize("name", ["Jansen", "a", "jan@sen", "x" * 41, ""])
def test_a_name_has_one_form(world: World, name: str) -> None:
    refused(manager(world).post(ACCOUNTS, NEW | {"naam": name}), 400, "ongeldige-invoer")


@pytest.mark.parametrize("role", ["fg", "tmm_analist"])
def test_nobody_else_sees_or_changes_accounts(world: World, role: str) -> None:
    organisation = "TMM" if role == "tmm_analist" else "GM9001"
    one = world.person(organisation, role)
    refused(one.get(ACCOUNTS), 403, "geen-toegang")
    refused(one.post(ACCOUNTS, NEW), 403, "geen-toegang")


def test_a_change_of_password_that_is_under_way_undoes_no_blocking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = made(world)
    person, _opened = sign_in(world, password)
    by, hashing = manager(world), world.passwords.hash
    seen: list[int] = []

    def blocked_meanwhile(text: str) -> str:
        if not seen:
            seen.append(by.post(f"{ACCOUNTS}/blokkades", {"naam": NAME}).status_code)
        return hashing(text)

    monkeypatch.setattr(world.passwords, "hash", blocked_meanwhile)
    refused(
        person.post(f"{OWN}/wachtwoord", {"wachtwoord": password, "nieuw": CHOSEN}, leaves=None),
        401,
        "niet-aangemeld",
    )
    assert seen == [201]
    refused(sign_in(world, CHOSEN, leaves=None)[1], 401, "aanmelden-mislukt")
    refused(person.get(OWN, leaves=0), 401, "niet-aangemeld")


def test_a_session_that_began_while_somebody_was_blocked_is_none(world: World) -> None:
    person, _opened = sign_in(world, made(world))
    rows = world.rows(t.session)
    assert manager(world).post(f"{ACCOUNTS}/blokkades", {"naam": NAME}).status_code == 201
    with world.log.engine.begin() as connection:
        for row in rows:
            connection.execute(t.session.insert().values(**row._mapping).prefix_with("OR IGNORE"))
    assert len(world.rows(t.session)) >= 1
    refused(person.get(OWN, leaves=0), 401, "niet-aangemeld")

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The second step at the register's own listener, and that what happens to how somebody signs in is an entry of their organisation."""

import base64
import re
from dataclasses import replace
from pathlib import Path

import pytest

from process.problem import Refusal
from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from register.central import accounts
from register.central.app import add_accounts, open_accounts
from register.central.settings import RegisterSettings
from register.central.signing_in import enter_lock_outs, session_of
from register.central.store import tables as t
from register.second_factor import RECOVERY_CODES, code_of, step_of
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import MOMENT, OFFICERS, PASSWORD, Caller, World, refused

pytestmark = ONE_DATABASE
OWN = "/v1/mijn-aanmelding"


class Signing:
    """Somebody at the register with an app, or without."""

    def __init__(self, world: World, organisation: str, role: str) -> None:
        self.world, self.organisation = world, organisation
        self.caller = world.person(organisation, role)
        self.credentials = {"naam": f"{role}-{organisation}", "wachtwoord": PASSWORD}
        self.secret = b""

    def take(self, token: str) -> None:
        self.caller.said["Authorization"] = f"Bearer {token}"

    def get_app(self) -> list[str]:
        begun = self.caller.post(f"{OWN}/middelen", {"soort": "code", "wachtwoord": PASSWORD}, leaves=0)
        self.secret = base64.b32decode(begun.json()["geheim"].replace(" ", ""))
        made = self.caller.post(f"{OWN}/bevestigingen", {"code": self.code()})
        assert made.status_code == 201, made.text
        self.take(made.json()["token"])
        self.world.clock.forward(seconds=30)
        return list(made.json()["herstelcodes"])

    def code(self) -> str:
        return code_of(self.secret, step_of(self.world.clock()))

    def second_step(self, *, leaves: int = 1, **answer: str) -> int:
        self.take("0" * 64)
        half = self.caller.post("/v1/sessies", self.credentials, leaves=0)
        assert half.status_code == 202, half.text
        sent = {"aanmelding": half.json()["aanmelding"], **answer}
        done = self.caller.post("/v1/sessies/tweede-stap", sent, leaves=leaves)
        self.take(done.json().get("token", "0" * 64))
        return done.status_code

    def told(self) -> list[tuple[str, object]]:
        """Event, and what changed or with which means, of each entry about signing in."""
        lines = self.world.log.entries(self.organisation)
        return [
            (one["gebeurtenis"], one["velden"].get("aanmelding", one["velden"].get("middelen")))
            for one in lines
            if one["gebeurtenis"].startswith("aan")
        ]


def test_each_step_and_change_of_signing_in_is_an_entry_of_the_own_organisation(world: World) -> None:
    fg = Signing(world, "GM9001", "fg")
    codes = fg.get_app()
    assert len(codes) == RECOVERY_CODES
    assert fg.second_step(code=fg.code()) == 201
    assert fg.second_step(code=fg.code(), leaves=0) == 401
    assert fg.second_step(herstelcode=codes[0]) == 201
    body = {"middel": "code", "wachtwoord": PASSWORD}
    assert fg.caller.post(f"{OWN}/verwijderingen", body).status_code == 204
    assert fg.told() == [
        ("aangemeld", ["wachtwoord"]),
        ("aanmelding_gewijzigd", "code_app_toegevoegd"),
        ("aangemeld", ["code", "wachtwoord"]),
        ("aangemeld", ["herstelcode", "wachtwoord"]),
        ("aanmelding_gewijzigd", "code_app_verwijderd"),
    ]
    kept = str(world.contents())
    assert not [code for code in codes if code in kept]
    assert fg.secret.hex() not in kept


def test_a_functioneel_beheerder_resets_a_colleague_of_the_own_organisation_only(world: World) -> None:
    fg, keeper = Signing(world, "GM9001", "fg"), Signing(world, "GM9001", "functioneel_beheerder")
    stranger = Signing(world, "GM9002", "functioneel_beheerder")
    fg.get_app()
    here, sent = "/v1/accounts/herstellingen", {"naam": "fg-GM9001"}
    refused(fg.caller.post(here, sent, leaves=None), 403, "rol")
    refused(stranger.caller.post(here, sent, leaves=None), 404, "account-onbekend")
    refused(
        keeper.caller.post(here, {"naam": "functioneel_beheerder-GM9001"}, leaves=None), 403, "eigen-account"
    )
    assert keeper.caller.post(here, sent).status_code == 204
    entry = world.log.last("GM9001")
    assert (entry["aanmelding"], entry["medewerker"], entry["collega"], entry["rol"]) == (
        "hersteld",
        OFFICERS["functioneel_beheerder"],
        OFFICERS["fg"],
        "functioneel_beheerder",
    )
    refused(fg.caller.get(OWN, leaves=0), 401, "niet-aangemeld")
    assert fg.caller.post("/v1/sessies", fg.credentials).status_code == 201


@pytest.mark.usefixtures("house")
def test_a_lock_out_is_an_entry_once_and_a_name_that_is_nobodys_is_none(
    world: World, settings: RegisterSettings
) -> None:
    fg = Signing(world, "GM9001", "fg")
    fg.take("0" * 64)
    for name in (fg.credentials["naam"], "niemand"):
        for _try in range(5):
            sent = {"naam": name, "wachtwoord": "verkeerd"}
            refused(fg.caller.post("/v1/sessies", sent, leaves=0), 401, "aanmelden-mislukt")
    with open_accounts(settings) as (centre, _moment):
        assert [enter_lock_outs(centre, MOMENT)["buitensluitingen"] for _time in range(2)] == [1, 0]
    world.log.verify(1)
    entry = world.log.last("GM9001")
    assert (entry["aanmelding"], entry["collega"], "medewerker" in entry) == (
        "uitgesloten",
        OFFICERS["fg"],
        False,
    )


@pytest.mark.usefixtures("house")
def test_in_earnest_a_session_of_a_password_alone_opens_nothing_and_of_two_steps_everything(
    world: World, settings: RegisterSettings
) -> None:
    fg = Signing(world, "GM9001", "fg")

    def opens() -> None:
        token = fg.caller.said["Authorization"].removeprefix("Bearer ")
        with open_accounts(settings) as (centre, _moment):
            session_of(replace(centre, second_required=True), token, world.clock())

    with pytest.raises(Refusal) as refusal:
        opens()
    assert (refusal.value.status, refusal.value.code) == (403, "tweede-stap-verplicht")
    fg.get_app()
    opens()
    assert fg.second_step(code=fg.code()) == 201
    opens()


@pytest.mark.usefixtures("house")
def test_accounts_that_are_made_reset_and_ended_on_the_machine_are_entries(
    world: World, settings: RegisterSettings, tmp_path: Path
) -> None:
    write_secret(tmp_path / "geheim", b"een-lang-wachtwoord\n")
    line = "  - {organisation: GM9001, name: fg-nieuw, officer: oefening-fg, role: fg, password_file: geheim}"
    (tmp_path / "begin.yaml").write_text(f"accounts:\n{line}\n")
    add_accounts(settings, tmp_path / "begin.yaml")
    add_accounts(settings, tmp_path / "begin.yaml")
    with open_accounts(settings) as (centre, _moment):
        accounts.reset(centre, "fg-nieuw", MOMENT)
        accounts.end(centre, "fg-nieuw", MOMENT)
        with pytest.raises(SettingsError, match="fg-nieuw"):
            accounts.end(centre, "fg-nieuw", MOMENT)
    world.log.verify(3)
    told = [one["velden"] for one in world.log.entries("GM9001")]
    assert [one["aanmelding"] for one in told] == ["account_gemaakt", "hersteld", "account_beeindigd"]
    assert told[0]["collegas"] == [told[1]["collega"]] == ["oefening-fg"]
    assert world.rows(t.account) == []


def test_the_pages_take_the_second_step_and_a_late_form_comes_back(world: World) -> None:
    fg = Signing(world, "GM9001", "fg")
    fg.get_app()
    browser = Caller(world, world.apps.people, "", {}, None)
    sent = {"gebruikersnaam": "fg-GM9001", "wachtwoord": PASSWORD}
    door = browser.request("GET", "/aanmelden", leaves=0)
    guest, sent = {"Cookie": cookies(door)}, sent | {"csrf": hidden(door.text, "csrf")}
    foreign = browser.request(
        "POST", "/aanmelden", leaves=0, data=sent, headers=guest | {"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    second = browser.request("POST", "/aanmelden", leaves=0, data=sent, headers=guest)
    assert "Aanmelden: tweede stap" in second.text
    half = cookies(second)
    step = {"csrf": hidden(second.text, "csrf"), "code": fg.code()}
    path = "/aanmelden/tweede-stap"
    assert browser.request("POST", path, leaves=0, data=step).status_code == 403
    done = browser.request("POST", path, data=step, headers={"Cookie": half})
    assert done.status_code == 303, done.text
    signed_in = {"Cookie": cookies(done)}
    page = browser.request("GET", "/mijn-aanmelding", leaves=0, headers=signed_in).text
    assert "U hebt een app met codes sinds" in page
    late = {"csrf": hidden(page, "csrf"), "onderwerp": "wat er getypt was"}
    world.clock.forward(minutes=31)
    ended = browser.request("POST", "/noodopeningen", leaves=0, data=late, headers=signed_in)
    assert (ended.status_code, "wat er getypt was" in ended.text) == (401, False)
    again = sent | {name: hidden(ended.text, name) for name in ("csrf", "bewaard")}
    guest = {"Cookie": cookies(ended)}
    second = browser.request("POST", "/aanmelden", leaves=0, data=again, headers=guest)
    step = {name: hidden(second.text, name) for name in ("csrf", "bewaard")} | {"code": fg.code()}
    back = browser.send("POST", path, data=step, headers={"Cookie": cookies(second)})
    world.log.verify(1)
    assert hidden(back.text, "onderwerp") == "wat er getypt was"


def cookies(answer: object) -> str:
    """What the browser sends along from now on."""
    told = answer.headers.get_list("set-cookie")  # type: ignore[attr-defined]
    return "; ".join(one.partition(";")[0] for one in told if '=""' not in one)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in at the node, roles, controls, and the files with which it refuses to start."""

import dataclasses
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.cosignature import Cosigner, PolicyWitness, WitnessPolicy
from audit.note import Signer
from process.problem import Refusal
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from register.accounts import Account
from register.municipal.accounts import ACTIONS, ROLES, may, require
from register.municipal.app import Outside, create_app, known_municipalities, prepare
from register.municipal.controls import Control, day_of, latest_date, new_number, require_open
from register.municipal.records import read_records
from register.municipal.settings import NodeSettings
from tests.api.documents import operations
from tests.register.municipal.world import PASSWORD, Browser, Hands, Officer, open_store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_five_wrong_passwords_make_a_name_wait(guest: Browser, clock: Hands) -> None:
    wrong = {"naam": "toezichthouder", "wachtwoord": "verkeerd"}
    right = wrong | {"wachtwoord": PASSWORD}
    codes = [guest.post("/v1/sessies", json=wrong).status_code for _time in range(5)]
    assert codes == [401, 401, 401, 401, 429]
    refused = guest.post("/v1/sessies", json=right)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    clock.forward(seconds=61)
    assert guest.post("/v1/sessies", json=right).status_code == 201


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 65])
def test_a_name_that_can_be_nobodys_is_a_400(guest: Browser, name: str) -> None:
    assert guest.post("/v1/sessies", json={"naam": name, "wachtwoord": PASSWORD}).status_code == 400


def test_signing_in_forgets_earlier_mistakes(guest: Browser) -> None:
    for _round in range(3):
        for _time in range(4):
            guest.post("/v1/sessies", json={"naam": "fg", "wachtwoord": "verkeerd"})
        assert guest.post("/v1/sessies", json={"naam": "fg", "wachtwoord": PASSWORD}).status_code == 201


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer x", "Bearer " + "A" * 43, "Basic " + "A" * 43, "Bearer \xe9"]
)
def test_a_token_that_nobody_gave_opens_nothing(guest: Browser, token: str) -> None:
    for path in ("/v1/controles", "/v1/ontvangstbewijzen"):
        answer = guest.get(path, headers={"Authorization": token.encode("latin-1")})
        assert (answer.status_code, answer.json()["code"]) == (401, "niet-aangemeld")


def test_a_session_that_was_ended_opens_nothing(inspector: Officer) -> None:
    assert inspector.delete("/v1/sessies/huidige").status_code == 204
    assert inspector.get("/v1/controles").status_code == 401


def test_a_control_opens_in_one_tap_and_is_listed_today(inspector: Officer) -> None:
    number = inspector.control()
    (listed,) = inspector.get("/v1/controles").json()["controles"]
    assert (listed["nummer"], listed["gepland"], listed["dag"]) == (number, False, "2026-03-02")


@pytest.mark.parametrize("place", ["GM9999", "GM0014", "Amsterdam", ""])
def test_a_control_in_an_unknown_municipality_is_refused(inspector: Officer, place: str) -> None:
    sent = {"waarnemingGrondslag": "anders", "controlesoort": "overig", "plaats": place}
    answer = inspector.post("/v1/controles", sent)
    assert answer.status_code == 400
    assert [one["veld"] for one in answer.json()["velden"]] == ["plaats"]


def test_grounds_are_there_to_choose_from(inspector: Officer) -> None:
    found = inspector.get("/v1/grondslagen").json()["grondslagen"]
    assert [one["id"] for one in found] == ["OEF-G-GEM", "OEF-G-SEKS", "OEF-G-STRAF"]


def test_the_interface_describes_itself(guest: Browser) -> None:
    document = guest.get("/v1/openapi.json").json()
    offered = {path for _method, path in operations(document)}
    assert {"/v1/bevragingen", "/v1/signalen", "/v1/controles", "/v1/treffers"} <= offered


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_is_in_no_table_is_denied(role: str, action: str) -> None:
    assert may(role, action) is (role in ACTIONS.get(action, ()))


def test_a_refused_role_is_told_who_may() -> None:
    with pytest.raises(Refusal) as refused:
        require(Account("x", "x", "ambassadeur"), "bevragen")
    assert "toezichthouder of aandachtsfunctionaris" in refused.value.detail


def test_every_action_belongs_to_roles_that_exist() -> None:
    assert set().union(*ACTIONS.values()) <= set(ROLES)


@given(st.integers(0, 2**32))
def test_a_control_number_can_be_said_over_the_telephone(seed: int) -> None:
    number = new_number(random.Random(seed).randbytes)
    prefix, first, second = number.split("-")
    assert (prefix, len(first), len(second)) == ("C", 4, 4)
    assert not set(first + second) & set("01ILOU")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 2, 22, 59, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), date(2026, 3, 3)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_a_day_is_a_dutch_winter_day(moment: datetime, day: date) -> None:
    assert day_of(moment) == day


def test_no_date_on_a_dutch_calendar_lies_in_the_future() -> None:
    assert latest_date(datetime(2026, 7, 1, 22, 0, tzinfo=UTC)) == date(2026, 7, 2)
    assert latest_date(datetime(2026, 7, 1, 21, 59, tzinfo=UTC)) == date(2026, 7, 1)


@given(st.integers(-3, 3))
def test_a_control_is_open_on_its_own_day_only(days: int) -> None:
    day = date(2026, 3, 2 + 3 + days)
    control = Control("C-1", "anders", "overig", "GM9004", planned=True, day=day, officer=None)
    moment = datetime(2026, 3, 5, 12, tzinfo=UTC)
    if days == 0:
        assert require_open("C-1", control, moment) is control
        return
    with pytest.raises(Refusal) as refused:
        require_open("C-1", control, moment)
    assert (refused.value.status, refused.value.rule) == (403, "C1")


STARTS: dict[str, tuple[dict[str, object], str]] = {
    "another fingerprint": ({"keyset_fingerprint": "0" * 64}, "vingerafdruk"),
    "two addresses for three holders": ({"keyholder_urls": ("https://a", "https://b")}, "3 houders"),
    "an unknown database": ({"database_url": "mysql://x/y"}, "database"),
    "a keyset of practice in earnest": ({"profile": "riec-wgs"}, "profiel"),
}


@pytest.mark.parametrize("name", STARTS)
def test_a_node_does_not_start_with(
    name: str, settings: NodeSettings, outside: Outside, clock: Hands
) -> None:
    change, words = STARTS[name]
    wrong = settings.model_copy(update=change)
    with pytest.raises(SettingsError, match=words):
        create_app(wrong, clock=clock, randomness=bytes, outside=outside)


@pytest.mark.parametrize(
    "file",
    [
        "keyset_file",
        "register_receipt_key_file",
        "register_log_key_file",
    ],
)
def test_a_node_does_not_start_without(
    file: str, settings: NodeSettings, outside: Outside, clock: Hands, tmp_path: Path
) -> None:
    wrong = settings.model_copy(update={file: tmp_path / "weg"})
    with pytest.raises(SettingsError, match="weg"):
        create_app(wrong, clock=clock, randomness=bytes, outside=outside)


@pytest.mark.parametrize("wrong", ["of another log", "half of the witnesses", "no policy", "not there"])
def test_a_node_does_not_start_with_a_list_of_witnesses(
    wrong: str, settings: NodeSettings, outside: Outside, clock: Hands, tmp_path: Path
) -> None:
    keys = [Cosigner(f"fg{n}.example", Secret(bytes([n]) + bytes(range(31)))).witness for n in (1, 2)]
    policy = WitnessPolicy(tuple(PolicyWitness(f"fg{n}", key) for n, key in enumerate(keys, 1)), 2)
    file = tmp_path / "getuigen.txt"
    other = Signer("log.example/ander", Secret(bytes(range(8, 40)))).verifier
    texts = {
        "of another log": replace(policy, log=other).text,
        "half of the witnesses": policy.text.replace("getuigen 2", "getuigen 1"),
        "no policy": "onzin",
    }
    if wrong in texts:
        file.write_text(texts[wrong])
    asked = settings.model_copy(update={"witness_policy_file": file})
    with pytest.raises(SettingsError, match=r"getuigen\.txt"):
        create_app(asked, clock=clock, randomness=bytes, outside=outside)


def test_a_database_url_with_a_password_is_refused(settings: NodeSettings) -> None:
    values = settings.model_dump() | {"database_url": "postgresql+psycopg://u:geheim@h/d"}
    with pytest.raises(ValueError, match="passfile") as refused:
        NodeSettings(**values)
    assert "geheim" not in str(refused.value).split("input_value")[0]


RECORDS = """
accounts:
  - naam: inspecteur
    rol: toezichthouder
    medewerker: toezichthouder-GM9004
    wachtwoordBestand: inspecteur.wachtwoord
controles:
  - nummer: C-7K3M-Q2X9
    waarnemingGrondslag: apv_seksinrichting_151a
    controlesoort: prostitutiecontrole_vergund
    plaats: GM9004
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    write_secret(tmp_path / "inspecteur.wachtwoord", b"een-lang-wachtwoord\n")
    (tmp_path / "begin.yaml").write_text(RECORDS)
    return tmp_path / "begin.yaml"


def test_prepared_accounts_and_controls_are_there(settings: NodeSettings, records: Path) -> None:
    assert prepare(settings, records) == (1, 1)
    assert prepare(settings, records) == (1, 0)
    store = open_store(settings)
    found = store.account("inspecteur")
    assert found is not None
    assert found[0] == Account("toezichthouder-GM9004", "inspecteur", "toezichthouder")
    assert found[1].startswith("$argon2id$")
    control = store.control("C-7K3M-Q2X9")
    assert control is not None
    assert (control.planned, control.officer) == (True, None)
    store.close()


WRONG_RECORDS = {
    "an unknown list": ("controles:", "controls:", "alleen de lijsten"),
    "an unknown key": ("    rol:", "    role:", "een account heeft"),
    "an unknown role": ("rol: toezichthouder", "rol: koning", "kies een rol"),
    "a short officer number": ("medewerker: toezichthouder-GM9004", "medewerker: x", "medewerker is 8"),
    "an unknown place": ("plaats: GM9004", "plaats: GM9999", "plaats"),
    "no date": ("    plaats: GM9004", "    plaats: GM9004\n    dag: morgen", "dag is een datum"),
    "a missing password": ("inspecteur.wachtwoord", "weg.wachtwoord", "weg.wachtwoord"),
    "no YAML": ("accounts:", "accounts: [", "YAML"),
}


@pytest.mark.parametrize("name", WRONG_RECORDS)
def test_records_that_are_not_right_are_refused(records: Path, name: str) -> None:
    old, new, words = WRONG_RECORDS[name]
    records.write_text(RECORDS.replace(old, new))
    with pytest.raises(SettingsError, match=words):
        read_records(records, today=NOW.date(), profile="oefening", municipalities=known_municipalities())


def test_settings_fields_all_say_what_they_are() -> None:
    assert not [name for name, one in NodeSettings.model_fields.items() if not one.description]


def test_an_account_never_shows_its_password(records: Path) -> None:
    found = read_records(records, today=NOW.date(), profile="oefening", municipalities=known_municipalities())
    assert "een-lang" not in repr(found)
    assert found.accounts[0].password() == "een-lang-wachtwoord"
    assert dataclasses.is_dataclass(found)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import random
from pathlib import Path

import pytest
from fastapi import FastAPI

from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from register.central.app import add_accounts, create_app
from register.central.settings import RegisterSettings
from register.central.store import tables as t
from tests.receipts import VKEYS, receipt_signer
from tests.register.central.conftest import House, Restart, settings_in
from tests.register.central.world import Caller, Hands, World, point, pseudonym, signal, subject


@pytest.fixture
def own(tmp_path: Path) -> RegisterSettings:
    """Settings of a register that was never started."""
    return settings_in(tmp_path, f"sqlite:///{tmp_path / 'register.sqlite'}")


def refused(settings: RegisterSettings) -> str:
    with pytest.raises(SettingsError) as error:
        create_app(settings, clock=Hands(), randomness=random.Random(1).randbytes)
    assert "\n" not in str(error.value)
    return str(error.value)


def changed(settings: RegisterSettings, **values: object) -> RegisterSettings:
    return RegisterSettings(**(settings.model_dump() | values))


@pytest.mark.usefixtures("house")
class TestWhatStandsInTheWay:
    @pytest.mark.parametrize("name", ["tag_key_file", "sealing_key_file", "receipt_key_file"])
    def test_a_register_does_not_start_without_a_secret(self, own: RegisterSettings, name: str) -> None:
        assert "/nergens" in refused(changed(own, **{name: Path("/nergens")}))

    @pytest.mark.parametrize("name", ["tag_key_file", "sealing_key_file", "receipt_key_file"])
    def test_a_register_does_not_start_on_a_weak_secret(
        self, own: RegisterSettings, tmp_path: Path, name: str
    ) -> None:
        write_secret(tmp_path / "zwak", bytes(32))
        assert "te zwak" in refused(changed(own, **{name: tmp_path / "zwak"}))

    def test_a_receipt_key_that_is_no_key_is_refused(self, own: RegisterSettings, tmp_path: Path) -> None:
        write_secret(tmp_path / "anders", bytes(range(64)))
        assert "ontvangstbewijzen" in refused(changed(own, receipt_key_file=tmp_path / "anders"))

    def test_a_log_key_that_is_no_key_is_refused(self, own: RegisterSettings) -> None:
        assert "log_vkey" in refused(changed(own, log_vkey="geen sleutel"))

    @pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "geen adres"])
    def test_another_database_is_refused(self, own: RegisterSettings, url: str) -> None:
        assert refused(changed(own, database_url=url))

    def test_an_unknown_profile_is_refused_by_name(
        self, own: RegisterSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.undo()
        apart = own.tag_key_file.parent.with_name("factor") / "rotatiefactor"
        assert "riec-onbekend" in refused(changed(own, profile="riec-onbekend", rotation_factor_file=apart))

    @pytest.mark.parametrize("where", [None, "rotatiefactor", "map/rotatiefactor", "../rotatiefactor"])
    def test_outside_an_exercise_the_factor_of_a_rotation_has_a_folder_of_its_own(
        self, own: RegisterSettings, where: str | None
    ) -> None:
        file = None if where is None else own.tag_key_file.parent / where
        values = own.model_dump() | {"profile": "pilot", "rotation_factor_file": file}
        with pytest.raises(ValueError, match="in geen enkele reservekopie zit"):
            RegisterSettings(**values)
        RegisterSettings(**values | {"profile": "oefening"})
        apart = own.tag_key_file.parent.with_name("factor") / "rotatiefactor"
        assert RegisterSettings(**values | {"rotation_factor_file": apart}).rotation_factor_file == apart

    def test_without_a_certificate_of_its_own_it_cannot_reach_the_signer(self, own: RegisterSettings) -> None:
        assert "tls_certificate" in refused(changed(own, tls_certificate=None))


def test_a_restart_forgets_nothing_that_was_acknowledged(world: World, restart: Restart) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    assert restart().inspector("GM9004").ask(phone).json()["uitkomst"] == "bekend_elders"


def test_a_session_outlives_a_restart_of_the_register(world: World, restart: Restart) -> None:
    fg = world.person("GM9001", "fg")
    again = Caller(restart(), restart().apps.people, "GM9001", fg.said, None)
    assert again.get("/v1/logboek/regels").status_code == 200


def test_building_the_register_twice_makes_two_that_share_only_their_databases(house: House) -> None:
    first, second = house.build(), house.build()
    assert isinstance(first.machines, FastAPI)
    assert first.machines is not second.machines
    assert first.machines is not first.people


def accounts(folder: Path, *lines: str) -> Path:
    (folder / "begin.yaml").write_text("accounts:\n" + "\n".join(lines) + "\n")
    return folder / "begin.yaml"


LINE = "  - {organisation: GM9001, name: fg-nieuw, officer: oefening-fg, role: fg, password_file: geheim}"


@pytest.mark.usefixtures("house")
def test_accounts_are_made_from_a_file_once(world: World, settings: RegisterSettings, tmp_path: Path) -> None:
    write_secret(tmp_path / "geheim", b"een-lang-wachtwoord\n")
    records = accounts(tmp_path, LINE)
    assert add_accounts(settings, records) == 1
    assert add_accounts(settings, records) == 1
    (row,) = world.rows(t.account)
    assert (row.name, row.organisation, row.role) == ("fg-nieuw", "GM9001", "fg")
    assert "een-lang-wachtwoord" not in row.password
    world.log.verify(1)
    visitor = Caller(world, world.apps.people, "", {}, None)
    answer = visitor.post("/v1/sessies", {"naam": "fg-nieuw", "wachtwoord": "een-lang-wachtwoord"})
    assert answer.status_code == 201


@pytest.mark.usefixtures("house", "world")
@pytest.mark.parametrize(
    "content",
    ["accounts: [{name: x}]", "accounts: 3", "[]", "{", "anders: []"],
    ids=["half", "number", "list", "no_yaml", "no_accounts"],
)
def test_a_file_of_accounts_that_is_wrong_is_one_line(
    settings: RegisterSettings, tmp_path: Path, content: str
) -> None:
    (tmp_path / "begin.yaml").write_text(content)
    with pytest.raises(SettingsError, match="klopt niet"):
        add_accounts(settings, tmp_path / "begin.yaml")


@pytest.mark.usefixtures("house", "world")
def test_an_account_with_a_short_or_shared_password_is_refused(
    settings: RegisterSettings, tmp_path: Path
) -> None:
    write_secret(tmp_path / "geheim", b"kort")
    with pytest.raises(SettingsError, match="te zwak"):
        add_accounts(settings, accounts(tmp_path, LINE))


LEAVING = {"holder": 2, "url": "https://weg.example", "receipt_key": receipt_signer(9).verifier.vkey}
WRONG_HOLDERS: dict[str, tuple[dict[str, object], str]] = {
    "more addresses than keys": ({"keyholder_urls": ["https://een.example"] * 4}, "de sleutel van elk adres"),
    "one that left with a key that is none": (
        {"keyholder_leaving": [LEAVING | {"receipt_key": "geen"}]},
        "klopt niet",
    ),
    "one that left with the key of one that is there": (
        {"keyholder_leaving": [LEAVING | {"receipt_key": VKEYS[1]}]},
        "dezelfde sleutel",
    ),
    "one that left without a number": ({"keyholder_leaving": [LEAVING | {"holder": 0}]}, "greater than"),
}


@pytest.mark.parametrize("name", WRONG_HOLDERS)
def test_key_holders_are_refused_in_the_settings_that_are(own: RegisterSettings, name: str) -> None:
    values, why = WRONG_HOLDERS[name]
    with pytest.raises(ValueError, match=why):
        changed(own, **values)


def test_a_holder_that_left_can_be_kept_among_those_that_are_asked(own: RegisterSettings) -> None:
    assert changed(own, keyholder_leaving=[LEAVING]).keyholder_leaving[0].holder == 2

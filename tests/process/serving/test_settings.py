# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from process.pooling import Pooling
from process.serving.errors import SettingsError
from process.serving.settings import DatabaseSettings, ProcessSettings


class OwnSettings(DatabaseSettings):
    """A process of this test, which needs not be told its profile each time."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SIGNAALREGISTER_TEST_")

    profile: str = "oefening"
    database_file: Path = Field(Path("test.sqlite"))
    key_file: Path | None = None
    addresses: tuple[str, ...] = ()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "instellingen.toml"


def refused(file: Path | None, **overrides: object) -> str:
    """The one line with which these settings are refused."""
    with pytest.raises(SettingsError) as error:
        OwnSettings.load(file, **overrides)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_profile_is_never_guessed() -> None:
    with pytest.raises(SettingsError, match="profile: ontbreekt"):
        ProcessSettings.load(None)


class NeedySettings(OwnSettings):
    """A process that must be told two things more."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SIGNAALREGISTER_NEEDY_")

    origin: str
    keyset: Path


def test_without_any_settings_the_answer_is_to_name_the_file_and_not_what_stands_in_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="--settings BESTAND") as forgotten:
        NeedySettings.load(None)
    assert "origin" not in str(forgotten.value)
    file.write_text("port = 8400\n")
    with pytest.raises(SettingsError, match="origin: ontbreekt; keyset: ontbreekt"):
        NeedySettings.load(file)
    monkeypatch.setenv("SIGNAALREGISTER_NEEDY_PORT", "8401")
    with pytest.raises(SettingsError, match="origin: ontbreekt; keyset: ontbreekt"):
        NeedySettings.load(None)


def test_unless_told_otherwise_a_process_stays_on_loopback() -> None:
    assert ProcessSettings.load(None, profile="oefening").host == "127.0.0.1"


def test_the_file_is_read(file: Path) -> None:
    file.write_text('port = 8400\nprofile = "riec-wgs"\naddresses = ["a", "b"]\n')
    settings = OwnSettings.load(file)
    assert (settings.port, settings.profile, settings.addresses) == (8400, "riec-wgs", ("a", "b"))


def test_the_environment_goes_above_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('port = 8400\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("SIGNAALREGISTER_TEST_PORT", "8401")
    settings = OwnSettings.load(file)
    assert (settings.port, settings.host) == (8401, "127.0.0.2")


def test_the_command_line_goes_above_both(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("port = 8400\n")
    monkeypatch.setenv("SIGNAALREGISTER_TEST_PORT", "8401")
    assert OwnSettings.load(file, port=8402).port == 8402
    assert OwnSettings.load(file, port=None).port == 8401


def test_another_process_s_environment_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNAALREGISTER_PORT", "8401")
    monkeypatch.setenv("SIGNAALREGISTER_NODE_PORT", "8402")
    monkeypatch.setenv("PORT", "8403")
    assert OwnSettings.load(None).port == 0


def test_no_env_file_in_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("SIGNAALREGISTER_TEST_PORT=8401\n")
    monkeypatch.chdir(tmp_path)
    assert OwnSettings.load(None).port == 0


def test_a_relative_path_in_the_file_is_relative_to_the_file(file: Path) -> None:
    file.write_text('database_file = "data/register.sqlite"\nkey_file = "../sleutel"\n')
    settings = OwnSettings.load(file)
    assert settings.database_file == file.parent / "data" / "register.sqlite"
    assert settings.key_file == file.parent / ".." / "sleutel"


def test_an_absolute_path_in_the_file_stays_what_it_is(file: Path) -> None:
    file.write_text('database_file = "/var/lib/register.sqlite"\n')
    assert OwnSettings.load(file).database_file == Path("/var/lib/register.sqlite")


def test_a_relative_path_on_the_command_line_is_relative_to_the_user(file: Path) -> None:
    file.write_text("port = 1\n")
    assert OwnSettings.load(file, key_file=Path("sleutel")).key_file == Path("sleutel")


def test_an_unknown_name_is_refused_because_it_may_be_a_protection_misspelt(file: Path) -> None:
    file.write_text("poort = 8400\n")
    assert "poort: deze naam kennen we niet" in refused(file)


def test_every_wrong_setting_is_named_in_one_line(file: Path) -> None:
    file.write_text('port = 70000\nhost = 4\nonbekend = "x"\n')
    told = refused(file)
    for name in ("port", "host", "onbekend"):
        assert f"{name}: " in told


def test_a_refusal_repeats_no_value(file: Path) -> None:
    file.write_text('port = "een-geheim-dat-hier-niet-hoort"\n')
    assert "een-geheim" not in refused(file)


def test_a_list_in_the_environment_that_cannot_be_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIGNAALREGISTER_TEST_ADDRESSES", "a,b")
    assert "JSON" in refused(None)


@pytest.mark.parametrize("text", ["port = \n", "[register\n", "\xff"])
def test_a_file_that_is_no_toml_is_refused(file: Path, text: str) -> None:
    file.write_bytes(text.encode("latin-1"))
    assert "niet te lezen" in refused(file)


def test_a_missing_file_is_refused(file: Path) -> None:
    assert "bestaat niet" in refused(file)


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://register:wachtwoord@db/register", "postgresql+psycopg://db/register?password=x"],
)
def test_a_password_in_the_database_address_is_refused_and_not_repeated(url: str) -> None:
    told = refused(None, database_url=url)
    assert "passfile" in told
    assert "wachtwoord@" not in told
    assert "passfile" in refused(None, database_owner_url=url)


def test_a_process_migrates_a_file_of_its_own_and_leaves_a_postgresql_to_its_owner() -> None:
    url = "postgresql+psycopg://db/register"
    assert OwnSettings.load(None).migrates_at_start
    assert not OwnSettings.load(None, database_url=url).migrates_at_start
    assert OwnSettings.load(None, database_url=url, migrate_at_start=True).migrates_at_start
    assert not OwnSettings.load(None, migrate_at_start=False).migrates_at_start


def test_every_wait_of_a_database_has_an_end() -> None:
    assert OwnSettings.load(None).pooling == Pooling()
    for name in (
        "pool_timeout_seconds",
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
    ):
        assert name in refused(None, **{name: 0})


def test_the_database_is_the_file_unless_postgresql_is_named() -> None:
    assert OwnSettings.load(None, database_file=Path("/x/y.sqlite")).database == "sqlite:////x/y.sqlite"
    url = "postgresql+psycopg://register@db/register?passfile=/x/pgpass"
    assert OwnSettings.load(None, database_url=url).database == url


def test_settings_do_not_change_while_a_process_runs() -> None:
    settings = OwnSettings.load(None)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]

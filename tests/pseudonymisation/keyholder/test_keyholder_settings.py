# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about what a key holder refuses to start with."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import Dealt, deal, keyset_file, share_file
from pseudonymisation.keyholder.app import create_app
from pseudonymisation.keyholder.settings import KeyholderSettings
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.threshold import canonical_json


@pytest.fixture
def files(tmp_path: Path, dealt: Dealt) -> dict[str, Any]:
    (tmp_path / "sleutelset.json").write_bytes(keyset_file(dealt.keyset))
    write_secret(tmp_path / "aandeel.json", share_file(dealt.shares[0]))
    return {
        "profile": "oefening",
        "keyset_file": tmp_path / "sleutelset.json",
        "share_file": tmp_path / "aandeel.json",
        "database_file": tmp_path / "keyholder.sqlite",
    }


@pytest.fixture
def start(clock: Any, randomness: Any) -> Callable[[dict[str, Any]], object]:
    return lambda files: create_app(KeyholderSettings(**files), clock=clock, randomness=randomness)


def test_a_holder_starts_on_the_files_of_a_ceremony(files: dict[str, Any], start: Any) -> None:
    assert start(files)


@pytest.mark.parametrize(
    "wrong",
    [{"until": "ooit"}, {"document": ""}, {"organisation": "GM 9001"}, {"officer_day": -1}, {"reden": "x"}],
)
def test_an_opening_that_is_not_right_stops_the_holder(files: dict[str, Any], wrong: dict[str, Any]) -> None:
    opening = {
        "organisation": "GM9001",
        "until": "2026-03-03",
        "document": "besluit FG-2026-7",
        "officer_minute": 1,
        "officer_day": 1,
        "organisation_minute": 1,
        "organisation_day": 1,
    }
    assert KeyholderSettings.load(None, **files, import_openings=[opening]).import_openings
    with pytest.raises(SettingsError, match="import_openings"):
        KeyholderSettings.load(None, **files, import_openings=[opening | wrong])


def test_a_missing_share_stops_the_holder(files: dict[str, Any], start: Any) -> None:
    files["share_file"].unlink()
    with pytest.raises(SettingsError, match="is er niet"):
        start(files)


def test_a_share_that_others_can_read_stops_the_holder(files: dict[str, Any], start: Any) -> None:
    files["share_file"].chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        start(files)


@pytest.mark.parametrize("weak", [b"", b"\x00" * 32, b"geheim"])
def test_a_share_that_is_no_share_stops_the_holder(files: dict[str, Any], start: Any, weak: bytes) -> None:
    files["share_file"].write_bytes(weak)
    with pytest.raises(SettingsError):
        start(files)


def test_a_weak_share_stops_the_holder(files: dict[str, Any], start: Any, dealt: Dealt) -> None:
    document = json.loads(share_file(dealt.shares[0]))
    document["aandeel"] = base64url.encode((12345).to_bytes(32, "big"))
    files["share_file"].write_bytes(canonical_json(document))
    with pytest.raises(SettingsError, match="te zwak"):
        start(files)


def test_a_share_that_was_not_committed_to_stops_the_holder(
    files: dict[str, Any], start: Any, dealt: Dealt
) -> None:
    share = replace(dealt.shares[0], secret=SecretScalar(dealt.shares[0].secret.reveal() + 1))
    files["share_file"].write_bytes(share_file(share))
    with pytest.raises(SettingsError, match="hoort niet bij") as refused:
        start(files)
    assert base64url.encode(share.secret.to_bytes()) not in str(refused.value)


def test_a_keyset_of_another_ceremony_stops_the_holder(
    files: dict[str, Any], start: Any, randomness: Any
) -> None:
    other = deal(profile="oefening", name="oefening", threshold=2, holders=3, randomness=randomness)
    files["keyset_file"].write_bytes(keyset_file(other.keyset))
    with pytest.raises(SettingsError, match="hoort niet bij"):
        start(files)


def test_a_missing_keyset_stops_the_holder(files: dict[str, Any], start: Any) -> None:
    files["keyset_file"].unlink()
    with pytest.raises(SettingsError, match="niet te lezen"):
        start(files)


def test_a_dealt_keyset_does_not_start_outside_practice(
    files: dict[str, Any], start: Any, dealt: Dealt
) -> None:
    keyset = replace(dealt.keyset, profile="productie")
    share = replace(dealt.shares[0], profile="productie", fingerprint=keyset.fingerprint)
    files["keyset_file"].write_bytes(keyset_file(keyset))
    files["share_file"].write_bytes(share_file(share))
    with pytest.raises(SettingsError, match="door een deler gemaakt"):
        start(files | {"profile": "productie"})


def test_a_keyset_for_practice_does_not_start_in_another_profile(files: dict[str, Any], start: Any) -> None:
    with pytest.raises(SettingsError, match="voor profiel oefening"):
        start(files | {"profile": "productie"})


def test_settings_come_from_a_file_with_paths_beside_it(files: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        'profile = "oefening"\nkeyset_file = "sleutelset.json"\nshare_file = "aandeel.json"\nport = 8441\n'
        "[quotas.inzage]\nofficer_minute = 1\nofficer_day = 2\norganisation_minute = 3\norganisation_day = 4\n"
    )
    settings = KeyholderSettings.load(file)
    assert settings.share_file == files["share_file"]
    assert settings.quotas.of("inzage").organisation_day == 4
    assert settings.quotas.of("vragen") == KeyholderSettings(**files).quotas.of("vragen")


@pytest.mark.parametrize(
    "line",
    [
        "share = 1",
        'database_url = "postgresql+psycopg://user:geheim@host/db"',
        "[quotas.vragen]",
        "[quotas.import]",
    ],
)
def test_a_setting_that_cannot_be_is_told_and_not_ignored(
    files: dict[str, Any], tmp_path: Path, line: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        f'profile = "oefening"\nkeyset_file = "sleutelset.json"\nshare_file = "aandeel.json"\n{line}\n'
    )
    with pytest.raises(SettingsError) as refused:
        KeyholderSettings.load(file)
    assert "geheim" not in str(refused.value)
    assert files["share_file"].exists()

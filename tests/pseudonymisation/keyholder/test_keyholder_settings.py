# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about what a key holder refuses to start with."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import Dealt, deal, keyset_file, share_file
from pseudonymisation.keyholder.app import create_app
from pseudonymisation.keyholder.settings import KeyholderSettings
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.shares import locked_share_file
from pseudonymisation.threshold import Origin, canonical_json
from pseudonymisation.vault import KeyVault, PassphraseVault
from pseudonymisation.vault import locked as locked_file
from tests.receipts import receipt_signer

SOURCE = random.Random(127).randbytes


@pytest.fixture
def files(tmp_path: Path, dealt: Dealt) -> dict[str, Any]:
    (tmp_path / "sleutelset.json").write_bytes(keyset_file(dealt.keyset))
    write_secret(tmp_path / "aandeel.json", share_file(dealt.shares[0]))
    write_secret(tmp_path / "kwitantie.key", receipt_signer(1).skey.reveal())
    return {
        "profile": "oefening",
        "keyset_file": tmp_path / "sleutelset.json",
        "share_file": tmp_path / "aandeel.json",
        "receipt_key_file": tmp_path / "kwitantie.key",
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


PHRASE = "een wachtzin die niemand raadt 7"


@pytest.fixture
def locked(files: dict[str, Any], tmp_path: Path, dealt: Dealt) -> dict[str, Any]:
    """The files of a holder whose share is locked with a key; the keyset is of a ceremony."""
    keyset = replace(dealt.keyset, origin=Origin.CEREMONY)
    share = replace(dealt.shares[0], fingerprint=keyset.fingerprint)
    key = tmp_path / "elders" / "kluis.key"
    write_secret(key, SOURCE(32))
    home = tmp_path / "houder"
    write_secret(home / "aandeel.json", locked_share_file(share, vault_of(key)))
    files["keyset_file"].write_bytes(keyset_file(keyset))
    return files | {"share_file": home / "aandeel.json", "share_vault_file": key}


def vault_of(key: Path) -> KeyVault:
    return KeyVault(Secret(key.read_bytes()), SOURCE)


def relocked(locked: dict[str, Any], dealt: Dealt, **changes: Any) -> None:
    """Put a share in place of the right one, locked with the right key."""
    keyset = replace(dealt.keyset, origin=Origin.CEREMONY)
    share = replace(dealt.shares[0], **{"fingerprint": keyset.fingerprint} | changes)
    locked["share_file"].write_bytes(locked_share_file(share, vault_of(locked["share_vault_file"])))


def test_a_holder_starts_with_a_share_that_a_vault_locked(locked: dict[str, Any], start: Any) -> None:
    assert start(locked)


def test_a_holder_starts_with_a_passphrase_and_with_no_other(
    locked: dict[str, Any], start: Any, tmp_path: Path, dealt: Dealt
) -> None:
    phrase = tmp_path / "elders" / "wachtzin"
    write_secret(phrase, f"{PHRASE}\n".encode())
    share = replace(dealt.shares[0], fingerprint=replace(dealt.keyset, origin=Origin.CEREMONY).fingerprint)
    vault = PassphraseVault(Secret(PHRASE.encode()), SOURCE)
    locked["share_file"].write_bytes(locked_share_file(share, vault))
    asked = locked | {"share_vault_file": None, "share_passphrase_file": phrase}
    assert start(asked)
    phrase.write_text("een andere wachtzin dan die van het aandeel")
    with pytest.raises(SettingsError, match="De wachtzin opent dit bestand niet") as refused:
        start(asked)
    assert phrase.read_text() not in str(refused.value)


LOCKED_SHARES: dict[str, tuple[dict[str, Any], str]] = {
    "of_another_keyset": ({"keyset": "signaal"}, "hoort niet bij sleutelset oefening"),
    "of_another_profile": ({"profile": "productie"}, "hoort niet bij sleutelset oefening"),
    "of_another_epoch": ({"epoch": 2}, "hoort niet bij epoch 1"),
    "of_another_ceremony": ({"fingerprint": "0" * 64}, "van een andere ceremonie"),
    "of_another_holder": ({"holder": 2}, "niet van een houder"),
    "of_no_holder": ({"holder": 4}, "niet van een houder"),
    "of_a_holder_that_is_a_boolean": ({"holder": True}, "niet te lezen of klopt niet"),
    "another_number": ({"secret": SecretScalar(1 << 200)}, "niet van een houder"),
    "a_short_nonce_key": ({"nonce_key": Secret(b"short")}, "te zwak"),
}


@pytest.mark.parametrize("name", LOCKED_SHARES)
def test_a_locked_share_that_does_not_belong_here_stops_the_holder(
    locked: dict[str, Any], start: Any, dealt: Dealt, name: str
) -> None:
    changes, sentence = LOCKED_SHARES[name]
    relocked(locked, dealt, **changes)
    with pytest.raises(SettingsError, match=sentence) as refused:
        start(locked)
    assert "\n" not in str(refused.value)


def test_a_locked_number_that_is_not_what_the_file_says_stops_the_holder(
    locked: dict[str, Any], start: Any, dealt: Dealt
) -> None:
    members = json.loads(locked["share_file"].read_bytes())
    public = {name: value for name, value in members.items() if name not in {"slot", "verzegeld"}}
    vault = vault_of(locked["share_vault_file"])
    for number, sentence in ((12345, "te zwak"), (1 << 200, "hoort niet bij"), (0, "geen bruikbaar getal")):
        content = Secret(number.to_bytes(32, "big") + dealt.shares[0].nonce_key.reveal())
        locked["share_file"].write_bytes(locked_file(public, content, vault))
        with pytest.raises(SettingsError, match=sentence):
            start(locked)


def test_a_locked_share_without_a_lock_set_stops_the_holder(locked: dict[str, Any], start: Any) -> None:
    with pytest.raises(SettingsError, match="geen wachtzin en geen kluis ingesteld"):
        start(locked | {"share_vault_file": None})


def test_a_lock_that_was_set_for_a_plain_share_stops_the_holder(
    files: dict[str, Any], locked: dict[str, Any], start: Any, dealt: Dealt
) -> None:
    files["keyset_file"].write_bytes(keyset_file(dealt.keyset))
    write_secret(locked["share_file"].with_name("open.json"), share_file(dealt.shares[0]))
    with pytest.raises(SettingsError, match="niet verzegeld"):
        start(locked | {"share_file": locked["share_file"].with_name("open.json")})


def test_a_passphrase_beside_its_share_stops_the_holder(locked: dict[str, Any], start: Any) -> None:
    beside = locked["share_file"].with_name("kluis.key")
    write_secret(beside, locked["share_vault_file"].read_bytes())
    with pytest.raises(SettingsError, match="in dezelfde map"):
        start(locked | {"share_vault_file": beside})


def test_a_passphrase_and_a_vault_together_stop_the_holder(locked: dict[str, Any], start: Any) -> None:
    with pytest.raises(SettingsError, match="niet allebei"):
        start(locked | {"share_passphrase_file": locked["share_vault_file"]})


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"tulp", "te kort"), (None, "is er niet"), (b"\xff" * 30, "te kort")]
)
def test_a_weak_or_missing_passphrase_stops_the_holder(
    locked: dict[str, Any], start: Any, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    phrase = tmp_path / "elders" / "wachtzin"
    if content is not None:
        write_secret(phrase, content)
    with pytest.raises(SettingsError, match=sentence):
        start(locked | {"share_vault_file": None, "share_passphrase_file": phrase})


def test_the_key_of_another_vault_stops_the_holder(locked: dict[str, Any], start: Any) -> None:
    other = locked["share_vault_file"].with_name("ander.key")
    write_secret(other, SOURCE(32))
    with pytest.raises(SettingsError, match="een andere kluis"):
        start(locked | {"share_vault_file": other})


def test_a_plain_share_does_not_start_outside_practice(
    files: dict[str, Any], start: Any, dealt: Dealt
) -> None:
    keyset = replace(dealt.keyset, profile="productie", origin=Origin.CEREMONY)
    share = replace(dealt.shares[0], profile="productie", fingerprint=keyset.fingerprint)
    files["keyset_file"].write_bytes(keyset_file(keyset))
    files["share_file"].write_bytes(share_file(share))
    with pytest.raises(SettingsError, match="alleen in profiel oefening"):
        start(files | {"profile": "productie"})


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
        'profile = "oefening"\nkeyset_file = "sleutelset.json"\nshare_file = "aandeel.json"\nreceipt_key_file = "kwitantie.key"\nport = 8441\n'
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
        f'profile = "oefening"\nkeyset_file = "sleutelset.json"\nshare_file = "aandeel.json"\nreceipt_key_file = "kwitantie.key"\n{line}\n'
    )
    with pytest.raises(SettingsError) as refused:
        KeyholderSettings.load(file)
    assert "geheim" not in str(refused.value)
    assert files["share_file"].exists()

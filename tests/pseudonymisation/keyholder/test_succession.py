# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about a holder that goes over to the next epoch: at the agreed moment, at once, and with one share only."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from pseudonymisation.ceremony import Dealt, deal, keyset_file, share_file
from pseudonymisation.keyholder.cli import keyholder
from pseudonymisation.keyholder.settings import KeyholderSettings
from tests.pseudonymisation.keyholder.conftest import Caller, request_body

SOURCE = random.Random(191).randbytes


@pytest.fixture
def following() -> Dealt:
    return deal(profile="oefening", name="oefening", threshold=2, holders=3, randomness=SOURCE, epoch=2)


@pytest.fixture
def later(tmp_path: Path, following: Dealt, clock: Any) -> dict[str, Any]:
    """Settings of the next epoch, an hour from now."""
    (tmp_path / "volgend.json").write_bytes(keyset_file(following.keyset))
    write_secret(tmp_path / "volgend-aandeel.json", share_file(following.shares[0]))
    return {
        "next_keyset_file": tmp_path / "volgend.json",
        "next_share_file": tmp_path / "volgend-aandeel.json",
        "next_from": clock() + timedelta(hours=1),
    }


def epoch_of(caller: Caller) -> int:
    """The one epoch under which this holder answers now."""
    answers = {epoch: caller.ask(**request_body(epoch=epoch)) for epoch in (1, 2, 3)}
    (answered,) = [epoch for epoch, answer in answers.items() if answer.status_code == 200]
    for epoch, answer in answers.items():
        if epoch != answered:
            assert (answer.status_code, answer.json()["code"]) == (409, "andere-sleutelset")
    assert answers[answered].json()["epoch"] == answered
    return answered


def test_a_holder_answers_under_one_epoch_before_the_moment_and_under_the_next_from_it_on(
    start: Callable[..., Caller], later: dict[str, Any], clock: Any
) -> None:
    caller = start(**later)
    assert epoch_of(caller) == 1
    clock.forward(minutes=59, seconds=59)
    assert epoch_of(caller) == 1
    clock.forward(seconds=1)
    assert epoch_of(caller) == 2


def test_a_clock_that_is_set_back_does_not_bring_the_old_share_back(
    start: Callable[..., Caller], later: dict[str, Any], clock: Any
) -> None:
    caller = start(**later)
    clock.forward(hours=1)
    assert epoch_of(caller) == 2
    clock.forward(hours=-1)
    assert epoch_of(caller) == 2


def test_a_holder_that_starts_after_the_moment_needs_no_old_share(
    start: Callable[..., Caller], later: dict[str, Any], clock: Any, tmp_path: Path
) -> None:
    start(**later)
    clock.forward(hours=2)
    (tmp_path / "houder-1" / "aandeel.json").unlink()
    assert epoch_of(start(**later)) == 2


@pytest.mark.parametrize("wrong", ["of the same epoch", "of another keyset", "with the share of another"])
def test_a_next_share_that_cannot_follow_stops_the_holder(
    start: Callable[..., Caller], later: dict[str, Any], dealt: Dealt, following: Dealt, wrong: str
) -> None:
    keysets = {
        "of the same epoch": dealt,
        "of another keyset": deal(
            profile="oefening", name="proef", threshold=2, holders=3, randomness=SOURCE, epoch=2
        ),
        "with the share of another": following,
    }
    other = keysets[wrong]
    share = dealt.shares[0] if wrong == "with the share of another" else other.shares[0]
    later["next_keyset_file"].write_bytes(keyset_file(other.keyset))
    later["next_share_file"].unlink()
    write_secret(later["next_share_file"], share_file(share))
    with pytest.raises(SettingsError):
        start(**later)


def test_half_of_the_settings_of_a_succession_is_none(
    later: dict[str, Any], start: Callable[..., Caller]
) -> None:
    del later["next_from"]
    with pytest.raises(ValueError, match="alle drie"):
        start(**later)


def retire(tmp_path: Path, later: dict[str, Any], now: str) -> str:
    """The command of an administrator; a refusal is raised."""
    (tmp_path / "klok").write_text(now)
    folder = tmp_path / "houder-1"
    values = {
        "profile": "oefening",
        "keyset_file": folder / "sleutelset.json",
        "share_file": folder / "aandeel.json",
        "receipt_key_file": folder / "kwitantie.key",
        **later,
    }
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    (tmp_path / "houder.toml").write_text("\n".join(lines))
    options = ["--settings", str(tmp_path / "houder.toml"), "--clock-file", str(tmp_path / "klok")]
    result = CliRunner().invoke(keyholder, ["retire-share", *options])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_the_old_share_is_destroyed_after_the_moment_and_only_when_the_next_one_opens(
    start: Callable[..., Caller], later: dict[str, Any], tmp_path: Path
) -> None:
    start(**later)
    share, moment = tmp_path / "houder-1" / "aandeel.json", later["next_from"]
    with pytest.raises(SettingsError, match="er is niets vernietigd"):
        retire(tmp_path, later, (moment - timedelta(seconds=1)).isoformat())
    whole = later["next_share_file"].read_bytes()
    later["next_share_file"].write_bytes(whole[:-2])
    with pytest.raises(SettingsError):
        retire(tmp_path, later, moment.isoformat())
    with pytest.raises(SettingsError, match="er is niets vernietigd"):
        retire(tmp_path, {}, moment.isoformat())
    assert share.exists()
    later["next_share_file"].write_bytes(whole)
    assert "is vernietigd" in retire(tmp_path, later, moment.isoformat())
    assert not share.exists()
    assert "al niet meer" in retire(tmp_path, later, moment.isoformat())
    assert KeyholderSettings.load(tmp_path / "houder.toml").next_from == moment

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the command: a ceremony that a person can hold, check, and not hold twice over the same files."""

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from process.problem import Refusal
from process.serving.errors import SettingsError
from pseudonymisation.keyholder.cli import keyholder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(keyholder, arguments)


def test_a_ceremony_is_dealt_and_checked(tmp_path: Path) -> None:
    out = tmp_path / "ceremonie"
    dealt = run(
        "ceremony",
        "deal",
        "--profile",
        "oefening",
        "--keyset",
        "oefening",
        "--threshold",
        "2",
        "--holders",
        "3",
        "--out",
        str(out),
    )
    assert dealt.exit_code == 0, dealt.output
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.json")) == [
        "houder-1/aandeel.json",
        "houder-2/aandeel.json",
        "houder-3/aandeel.json",
        "sleutelset.json",
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.rglob("aandeel.json"))
    assert hashlib.sha256((out / "sleutelset.json").read_bytes()).hexdigest() in dealt.output

    checked = run("ceremony", "check", str(out))
    assert checked.output == dealt.output
    assert "houder 1, 2, 3" in checked.output


def test_a_check_tells_which_shares_it_saw(tmp_path: Path) -> None:
    run("ceremony", "deal", "--out", str(tmp_path))
    (tmp_path / "houder-2" / "aandeel.json").unlink()
    assert "houder 1, 3" in run("ceremony", "check", str(tmp_path)).output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--profile", "productie"),
        ("--keyset", "Niet Goed"),
        ("--threshold", "1"),
        ("--threshold", "4"),
        ("--holders", "17"),
    ],
)
def test_a_ceremony_that_must_not_be_is_refused_and_writes_nothing(
    tmp_path: Path, arguments: tuple[str, str]
) -> None:
    out = tmp_path / "ceremonie"
    result = run("ceremony", "deal", "--out", str(out), *arguments)
    assert isinstance(result.exception, Refusal)
    assert result.exception.way_forward
    assert not out.exists()


def test_a_second_ceremony_replaces_no_file_of_the_first(tmp_path: Path) -> None:
    run("ceremony", "deal", "--out", str(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert isinstance(run("ceremony", "deal", "--out", str(tmp_path)).exception, Refusal)
    (tmp_path / "sleutelset.json").unlink()
    assert isinstance(run("ceremony", "deal", "--out", str(tmp_path)).exception, Refusal)
    shares = [path for path in before if path.name == "aandeel.json"]
    assert [path.read_bytes() for path in shares] == [before[path] for path in shares]


def test_a_check_refuses_shares_that_were_exchanged(tmp_path: Path) -> None:
    run("ceremony", "deal", "--out", str(tmp_path))
    one, two = (tmp_path / f"houder-{n}" / "aandeel.json" for n in (1, 2))
    contents = one.read_bytes(), two.read_bytes()
    one.write_bytes(contents[1])
    two.write_bytes(contents[0])
    result = run("ceremony", "check", str(tmp_path))
    assert isinstance(result.exception, Refusal)
    assert "aandeel van houder 2" in result.exception.detail


def test_a_check_refuses_a_share_of_another_ceremony(tmp_path: Path) -> None:
    for name in ("een", "twee"):
        run("ceremony", "deal", "--out", str(tmp_path / name))
    share = Path("houder-1") / "aandeel.json"
    (tmp_path / "een" / share).write_bytes((tmp_path / "twee" / share).read_bytes())
    assert isinstance(run("ceremony", "check", str(tmp_path / "een")).exception, Refusal)


def test_a_check_of_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert isinstance(run("ceremony", "check", str(tmp_path)).exception, Refusal)


def test_serve_without_settings_is_told_in_one_line() -> None:
    result = run("serve")
    assert isinstance(result.exception, SettingsError)
    assert "--settings" in str(result.exception)
    assert "\n" not in str(result.exception)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the project promises on its doormat: commands that exist, one version, a wheel that runs, files that say their licence."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SUBCOMMANDS = set(PROJECT["entry-points"]["signaalregister.commands"])
MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
MAKE_MENTION = re.compile(
    r"`(?:[A-Z]+=\S+ )*make ([a-z][a-z-]*)|^\s*(?:\$ )?make ([a-z][a-z-]*)", re.MULTILINE
)
# Where make started these tests, its level and flags are in the environment, and a make inside would say which folder it enters.
WITHOUT_AN_OUTER_MAKE = ("env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "-u", "MAKEOVERRIDES", "-u", "MFLAGS")
COMMAND_MENTION = re.compile(r"(?:`|^\s*(?:\$ )?)signaalregister ([a-z][a-z-]*)", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def mentioned(pattern: re.Pattern[str], text: str) -> set[str]:
    return {next(group for group in found.groups() if group) for found in pattern.finditer(text)}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `make demo` installs it, built from this checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel was unpacked, away from the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("name", ["README.md", "README.nl.md"])
def test_readme_gives_the_two_commands(name: str) -> None:
    assert {"demo", "test"} <= mentioned(MAKE_MENTION, read(name))


@pytest.mark.parametrize(
    "name", ["README.md", "README.nl.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]
)
def test_every_make_target_that_a_document_names_exists(name: str) -> None:
    assert mentioned(MAKE_MENTION, read(name)) <= set(MAKE_TARGET.findall(read("Makefile")))


@pytest.mark.parametrize("name", ["README.md", "README.nl.md", "CHANGELOG.md"])
def test_every_sub_command_that_a_document_names_exists(name: str) -> None:
    assert mentioned(COMMAND_MENTION, read(name)) <= SUBCOMMANDS


@pytest.mark.parametrize("name", ["README.md", "README.nl.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_file_that_a_document_points_to_exists(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", read(name))
    paths = re.findall(
        r"`((?:docs|tests|requirements|audit|policies|process|pseudonymisation|register)/[\w./-]+)`",
        read(name),
    )
    assert not [path for path in {*links, *paths} if not (ROOT / path).exists()]


def test_makefile_offers_what_contributors_expect_and_explains_each() -> None:
    listed = run(*WITHOUT_AN_OUTER_MAKE, "make", "help")
    for target in ("demo", "test", "check", "scenario", "lint", "clean", "help"):
        assert re.search(rf"^  {target} +\S", listed, re.MULTILINE), target


@pytest.mark.parametrize("goal", ["demo", "test", "scenario"])
def test_an_old_python_is_refused_in_one_line_with_exit_2(goal: str, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text(
        '#!/bin/sh\ncase "$1" in --version) echo "Python 3.9.2";; *) echo old;; esac\n', encoding="utf-8"
    )
    old.chmod(0o755)
    done = make_in_empty_checkout(goal, str(old), tmp_path)
    assert done.returncode == 2
    assert len((done.stdout + done.stderr).splitlines()) == 1
    assert "3.9.2" in done.stderr
    assert "3.11" in done.stderr


def test_a_missing_python_is_refused_in_one_line_with_exit_2(tmp_path: Path) -> None:
    done = make_in_empty_checkout("demo", "no-such-python", tmp_path)
    assert done.returncode == 2
    assert len((done.stdout + done.stderr).splitlines()) == 1
    assert "no-such-python" in done.stderr


def make_in_empty_checkout(goal: str, python: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "Makefile").write_text(read("Makefile"), encoding="utf-8")
    (folder / "requirements").mkdir()
    for path in (ROOT / "requirements").iterdir():
        (folder / "requirements" / path.name).write_bytes(path.read_bytes())
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (folder / name).touch()
    return subprocess.run(
        [*WITHOUT_AN_OUTER_MAKE, "make", goal, f"PYTHON={python}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ci_runs_what_a_developer_can_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert re.search(r"^make check\b", text, re.MULTILINE)


def test_version_is_the_same_everywhere() -> None:
    about = yaml.safe_load(read("publiccode.yml"))
    releases = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", read("CHANGELOG.md"), re.MULTILINE
    )
    assert (about["softwareVersion"], about["releaseDate"]) == releases[0]
    assert about["softwareVersion"] == PROJECT["version"]


def test_publiccode_has_what_the_standard_requires() -> None:
    about = yaml.safe_load(read("publiccode.yml"))
    required = {"name", "url", "releaseDate", "platforms", "categories", "developmentStatus", "softwareType"}
    assert required <= set(about)
    assert about["publiccodeYmlVersion"] == "0.4"
    assert about["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert about["maintenance"]["contacts"]
    assert about["localisation"] == {"localisationReady": True, "availableLanguages": ["nl"]}
    for language in ("nl", "en"):
        text = about["description"][language]
        assert len(text["shortDescription"]) <= 150
        assert 500 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
        assert all(len(feature) <= 100 for feature in text["features"])


def test_licence_is_the_whole_eupl() -> None:
    text = read("LICENSE")
    assert text == read("LICENSES/EUPL-1.2.txt")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = re.findall(r"^(\d{1,2})\.\s?[A-Z]", text, re.MULTILINE)
    assert [int(number) for number in articles] == list(range(1, 16))
    assert "Appendix" in text


def test_wheel_holds_everything_a_process_reads_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = {
        path.relative_to(ROOT).as_posix()
        for package in ("audit", "policies", "process", "pseudonymisation", "register")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in names if ".dist-info/" not in name} == kept


def test_command_of_the_wheel_lists_every_sub_command(installed: Path) -> None:
    program = "from process.app import main; main()"
    help_text = run(
        *(sys.executable, "-P", "-c", program, "--help"),
        cwd=installed,
        env={"PYTHONPATH": str(installed), "PATH": ""},
    )
    for name in SUBCOMMANDS:
        assert re.search(rf"^  {name}\b", help_text, re.MULTILINE), name


EXPLAINING = """
import sys
from process.app import bind_language
bind_language()
from process.command import run
for name in sys.argv[1:]:
    print(f"{name}: {run([name, '--help'])}")
"""


def test_every_sub_command_of_the_wheel_explains_itself(installed: Path) -> None:
    told = run(
        *(sys.executable, "-P", "-c", EXPLAINING, *sorted(SUBCOMMANDS)),
        cwd=installed,
        env={"PYTHONPATH": str(installed), "PATH": ""},
    )
    for name in SUBCOMMANDS:
        assert re.search(rf"^Gebruik: .* {name} ", told, re.MULTILINE), name
        assert f"\n{name}: 0\n" in told

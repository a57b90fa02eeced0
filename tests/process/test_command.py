# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints

import click
import pytest

from process import command
from process.problem import FieldError, Refusal
from process.serving.errors import SettingsError

REFUSAL = Refusal(
    403,
    "geen-toegang",
    "Dit mag niet.",
    "Uw rol kan dit niet.",
    way_forward="Vraag uw FG.",
    fields=(FieldError("doel", "Dit doel past niet."),),
    rule="C2",
)


@click.command()
def done() -> None:
    click.echo("gedaan")


@click.command()
@click.option("--getal", type=int, required=True)
def picky(getal: int) -> None:
    click.echo(str(getal))


@click.command()
def refused() -> None:
    raise REFUSAL


@click.command()
def unset() -> None:
    raise SettingsError("De instellingen kloppen niet (port).")


@click.command()
def aborted() -> None:
    raise click.Abort


@click.command()
@click.pass_context
def leaves(ctx: click.Context) -> None:
    ctx.exit(7)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sub-commands of this file, found the way every process's sub-command is found."""
    names = ("done", "picky", "refused", "unset", "aborted", "leaves")
    found = EntryPoints(EntryPoint(name, f"{__name__}:{name}", "signaalregister.commands") for name in names)
    monkeypatch.setattr(command, "entry_points", lambda group: found.select(group=group))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["done"], 0),
        (["--help"], 0),
        (["--version"], 0),
        (["refused"], 1),
        (["unset"], 2),
        (["onbekend"], 2),
        (["picky"], 2),
        (["picky", "--getal", "veel"], 2),
        (["done", "--onbekend"], 2),
        (["aborted"], 130),
        (["leaves"], 7),
    ],
)
def test_the_exit_code_says_done_refused_or_used_wrongly(arguments: list[str], code: int) -> None:
    assert command.run(arguments) == code


def test_a_refusal_is_told_as_what_why_and_what_now(capsys: pytest.CaptureFixture[str]) -> None:
    command.run(["refused"])
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "Geweigerd: Dit mag niet.",
        "Uw rol kan dit niet. (C2)",
        "  - doel: Dit doel past niet.",
        "Wat u kunt doen: Vraag uw FG.",
    ]


def test_a_wrong_setting_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    command.run(["unset"])
    assert capsys.readouterr().err == "De instellingen kloppen niet (port).\n"


def test_every_installed_sub_command_is_listed_and_an_unknown_one_is_none() -> None:
    group = command.signaalregister
    assert isinstance(group, click.Group)
    context = click.Context(group)
    assert group.list_commands(context) == ["aborted", "done", "leaves", "picky", "refused", "unset"]
    assert group.get_command(context, "done") is done
    assert group.get_command(context, "onbekend") is None


def dispatcher(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "process", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("call", "code"), [(lambda: dispatcher("--version"), 0), (lambda: dispatcher("onbekend"), 2)]
)
def test_the_exit_code_is_that_of_the_process(
    call: Callable[[], subprocess.CompletedProcess[str]], code: int
) -> None:
    assert call().returncode == code


def test_the_dispatcher_itself_imports_no_process() -> None:
    program = (
        "import sys, process.app, process.command\n"
        "sys.exit(any(name.split('.')[0] in {'register', 'pseudonymisation', 'audit', 'policies'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

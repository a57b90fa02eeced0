# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The dispatcher: `signaalregister PROCESS COMMAND`, with the sub-commands found by entry point and loaded when used."""

import gc
from importlib.metadata import EntryPoint, EntryPoints, entry_points, version

import click

from process.language import gettext as _
from process.problem import Outage, Refusal
from process.serving.errors import SettingsError

REFUSED = 1
USED_WRONGLY = 2


class _Installed(click.Group):
    def _found(self) -> EntryPoints:
        return entry_points(group="signaalregister.commands")

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of the sub-commands, in the order an administrator meets them."""
        return sorted(self._found().names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one sub-command."""
        found = self._found().select(name=cmd_name)
        return _load(next(iter(found))) if found else None


def _load(found: EntryPoint) -> click.Command:
    """Import a sub-command. All that is made meanwhile stays, so looking for garbage would cost a fifth of the start and find none."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        command: click.Command = found.load()
    finally:
        if collecting:
            gc.enable()
    return command


@click.command(
    cls=_Installed,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("Het signaalregister: één opdracht, een onderdeel per proces."),
)
@click.version_option(version("intergemeentelijk-signaalregister"), message="%(version)s")
def signaalregister() -> None:
    """The group itself does nothing: its sub-commands do."""


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 1 refused, 2 used wrongly)."""
    try:
        result = signaalregister(args=arguments, standalone_mode=False)
    except click.exceptions.Abort:
        click.echo(_("Afgebroken."), err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SettingsError as error:
        click.echo(str(error), err=True)
        return USED_WRONGLY
    except Refusal as refusal:
        tell(refusal)
        return REFUSED
    except Outage as outage:
        tell(outage.refusal)
        return REFUSED
    return result if isinstance(result, int) else 0


def tell(refusal: Refusal) -> None:
    """Print a refusal: what, why, what now."""
    click.echo(_("Geweigerd: {wat}").format(wat=refusal.title), err=True)
    click.echo(refusal.detail + (f" ({refusal.rule})" if refusal.rule else ""), err=True)
    for field in refusal.fields:
        click.echo(f"  - {field.field}: {field.reason}", err=True)
    click.echo(_("Wat u kunt doen: {stap}").format(stap=refusal.way_forward), err=True)

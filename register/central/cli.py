# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register ...`: serve the register and set up what it starts with."""

from gettext import gettext as _
from pathlib import Path

import click

from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from register.central.settings import RegisterSettings


@click.group(help=_("Het register: signalen, vragen, treffers, beleid en logboek."))
def register() -> None:
    """Sub-commands of the register process."""


@register.command(help=_("Start het register tot u het stopt."))
@SETTINGS_FILE
@CLOCK_FILE
def serve(settings_file: Path | None, clock_file: Path | None) -> None:
    """Serve until SIGTERM."""
    from register.central.app import run  # noqa: PLC0415 - help must not wait for the whole register to load

    run(RegisterSettings.load(settings_file, clock_file=clock_file))


@register.command(help=_("Maak accounts voor FG en TMM uit een bestand."))
@SETTINGS_FILE
@click.option(
    "--records",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("YAML-bestand met accounts."),
)
def prepare(settings_file: Path | None, records: Path) -> None:
    """Make accounts."""
    from register.central.app import add_accounts  # noqa: PLC0415 - as above

    count = add_accounts(RegisterSettings.load(settings_file), records)
    click.echo(_("{aantal} accounts klaar.").format(aantal=count))

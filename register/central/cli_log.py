# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register log check`: read the whole stored log and say what is wrong with it, and where (`audit.store.wholeness`).

Beside a register that serves; it changes nothing and leaves no entry, since no payload is shown. Exit codes: 0 whole, 1 not whole, 2 used wrongly.
"""

from gettext import gettext as _
from pathlib import Path

import click

from process.serving.options import SETTINGS_FILE
from register.central.settings import RegisterSettings

MOST = 50
"""Lines; who finds more than this has one cause to look for, not fifty."""


@click.group("log", help=_("Het logboek in de database: nagaan of het heel is."))
def log() -> None:
    """Group of the commands on the stored log."""


@log.command(
    "check",
    help=_(
        "Reken het hele logboek na, zoals het in de database staat, en zeg wat er niet klopt en waar. Code 1 als er iets niet klopt."
    ),
)
@SETTINGS_FILE
@click.pass_context
def check(context: click.Context, settings_file: Path | None) -> None:
    """Print what is wrong."""
    from register.central.app import stored_log  # noqa: PLC0415 - help must not wait for the whole register to load

    size, wrong = 0, 0
    for leaves, fault in stored_log(RegisterSettings.load(settings_file)):
        size = leaves
        wrong += bool(fault)
        if fault and wrong <= MOST:
            click.echo(fault)
    if not wrong:
        click.echo(_("Het logboek is heel: {aantal} bladen nagerekend.").format(aantal=size))
        return
    if wrong > MOST:
        click.echo(_("En nog {aantal} regels.").format(aantal=wrong - MOST))
    click.echo(
        _(
            "Het logboek is niet heel. Verander niets, bewaar een kopie van de database, en meld het aan de FG's."
        ),
        err=True,
    )
    context.exit(1)


COMMANDS = (log,)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""``signaalregister audit``: check a log, and make the file with which others check it. Exit 0 verified, 1 refused, 2 used wrongly."""

from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from audit.verifier.options import BUNDLE_METAVAR, OPTIONS, PURPOSE, wish_from
from audit.verifier.running import MISUSED, run
from audit.verifier.standalone import FILE_NAME, fingerprint, verifier_file
from process.serving.clock import system_clock


@click.group(help=_("Het logboek nagaan, met een eigen berekening."))
def audit() -> None:
    """Group of the commands with which a log is checked."""


def _verify(**values: Any) -> None:
    """Prints the verdict and its steps; exits 0, 1 or 2."""
    report = run(wish_from(values), system_clock)
    for line in report.lines:
        click.echo(line, err=report.code == MISUSED)
    click.get_current_context().exit(report.code)


audit.add_command(
    click.Command(
        "verify",
        help=PURPOSE,
        callback=_verify,
        params=[
            click.Argument(["bundle"], metavar=BUNDLE_METAVAR, required=False),
            *(
                click.Option([option.flag], metavar=option.metavar, help=option.help, multiple=option.many)
                for option in OPTIONS
            ),
        ],
    )
)


@audit.command(
    "standalone",
    help=_(
        "Maak één bestand waarmee iedereen het logboek kan nagaan. Nodig is alleen Python 3.11 of nieuwer; elke keer komt hetzelfde bestand eruit."
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=FILE_NAME,
    show_default=True,
    help=_("Waar het bestand komt."),
)
def standalone(out: Path) -> None:
    """Writes the file, and prints what to compare."""
    content = verifier_file()
    try:
        out.write_bytes(content)
        out.chmod(0o755)
    except OSError as error:
        raise click.ClickException(_("Het bestand {pad} is niet te schrijven.").format(pad=out)) from error
    click.echo(_("Gemaakt: {pad}").format(pad=out))
    click.echo(_("SHA-256: {kenmerk}").format(kenmerk=fingerprint(content)))
    click.echo(_("Gebruik het zo: python3 {pad} --help").format(pad=out))

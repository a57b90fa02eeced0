# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register witnesses ...`: how the witnesses of the log stand, and their work by file, on the machine of the register.

Exit codes: 0 done and nothing to worry about, 1 refused or something to look at, 2 used wrongly.
"""

from gettext import gettext as _
from pathlib import Path

import click

from process.serving.errors import SettingsError
from process.serving.files import write_new
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from register.central.settings import RegisterSettings

WORRYING = 1


@click.group(help=_("De getuigen van het logboek."))
def witnesses() -> None:
    """Sub-commands about witnesses."""


@witnesses.command(
    "status", help=_("Hoeveel getuigen het nieuwste controlepunt bevestigden, en wat elk het laatst zei.")
)
@SETTINGS_FILE
@CLOCK_FILE
@click.pass_context
def status(context: click.Context, settings_file: Path | None, clock_file: Path | None) -> None:
    """Print how they stand."""
    from register.central.app import open_publication  # noqa: PLC0415 - help must not wait for the whole register to load

    with open_publication(RegisterSettings.load(settings_file, clock_file=clock_file)) as (published, moment):
        found = published.standing()
        worries = found.worries(moment, published.patience)
    click.echo(found.sentence())
    for one in found.policy.witnesses:
        click.echo(found.told(one.label))
    click.echo(
        _("Vingerafdruk van de lijst met getuigen: {vingerafdruk}").format(
            vingerafdruk=found.policy.fingerprint
        )
    )
    for worry in worries:
        click.echo(_("LET OP: {zorg}").format(zorg=worry), err=True)
    if worries:
        context.exit(WORRYING)


@witnesses.command("request", help=_("Schrijf een verzoek voor een getuige zonder server."))
@click.option(
    "--old",
    required=True,
    type=click.IntRange(min=0),
    help=_("Hoeveel bladen de getuige het laatst bevestigde; 0 de eerste keer."),
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Bestand dat wordt gemaakt."),
)
@SETTINGS_FILE
@CLOCK_FILE
def request(old: int, out: Path, settings_file: Path | None, clock_file: Path | None) -> None:
    """Write the file that `witness cosign` reads."""
    from register.central.app import open_publication  # noqa: PLC0415 - as above
    from register.central.witnesses import shorter_than  # noqa: PLC0415 - as above

    with open_publication(RegisterSettings.load(settings_file, clock_file=clock_file)) as (
        published,
        _moment,
    ):
        try:
            offer = published.offer(old)
        except LookupError:
            raise shorter_than(old) from None
    if offer is None:
        raise SettingsError(_("Er is nog geen controlepunt om te bevestigen."))
    try:
        write_new(out, offer.body.encode())
    except FileExistsError:
        raise SettingsError(
            _("Het bestand {pad} bestaat al en wordt niet overschreven.").format(pad=out)
        ) from None
    click.echo(_("Geef {pad} aan de getuige.").format(pad=out))


@witnesses.command("add", help=_("Neem over wat een getuige met 'witness cosign' bevestigde."))
@click.argument(
    "files",
    metavar=_("BESTAND..."),
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@SETTINGS_FILE
@CLOCK_FILE
def add(files: tuple[Path, ...], settings_file: Path | None, clock_file: Path | None) -> None:
    """Keep the cosignatures in files."""
    from register.central.app import open_publication  # noqa: PLC0415 - as above

    with open_publication(RegisterSettings.load(settings_file, clock_file=clock_file)) as (published, moment):
        for file in files:
            try:
                note = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(_("Het bestand {pad} is niet te lezen.").format(pad=file)) from error
            labels = published.take(note, moment)
            click.echo(
                _("{pad}: de bevestiging van {namen} klopt en is bewaard.").format(
                    pad=file, namen=", ".join(labels)
                )
            )


COMMANDS = (witnesses,)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register ...`: serve the register and set up what it starts with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path

import click

from audit.store.cli import Administered, database_group
from process.operational import REGISTER
from process.serving.jobs import Runner
from process.serving.jobs_command import jobs_command
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from register.central.cli_agreements import COMMANDS as OF_AGREEMENTS
from register.central.cli_fg import fg
from register.central.cli_log import COMMANDS as OF_LOG
from register.central.cli_policy import COMMANDS as OF_POLICY
from register.central.cli_recipient_keys import COMMANDS as OF_RECIPIENT_KEYS
from register.central.cli_records import COMMANDS
from register.central.cli_rotation import COMMANDS as OF_ROTATION
from register.central.cli_witnesses import COMMANDS as OF_WITNESSES
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


@contextmanager
def _jobs(settings_file: Path | None, clock_file: Path | None) -> Iterator[Runner]:
    from register.central.app import open_runner  # noqa: PLC0415 - as above

    with open_runner(RegisterSettings.load(settings_file, clock_file=clock_file)) as runner:
        yield runner


register.add_command(jobs_command(_jobs, REGISTER))


def _databases(settings_file: Path | None) -> Sequence[Administered]:
    from register.central.app import databases  # noqa: PLC0415 - as above

    return databases(RegisterSettings.load(settings_file))


register.add_command(database_group("register", _databases))


@register.command(help=_("Maak accounts voor FG en TMM uit een bestand."))
@SETTINGS_FILE
@CLOCK_FILE
@click.option(
    "--records",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("YAML-bestand met accounts."),
)
def prepare(settings_file: Path | None, clock_file: Path | None, records: Path) -> None:
    """Make accounts."""
    from register.central.app import add_accounts  # noqa: PLC0415 - as above

    count = add_accounts(RegisterSettings.load(settings_file, clock_file=clock_file), records)
    click.echo(_("{aantal} accounts klaar.").format(aantal=count))


@register.group(
    help=_(
        "Accounts van mensen die zich bij het register zelf aanmelden; alles komt in het logboek van hun organisatie."
    )
)
def account() -> None:
    """Accounts at the register."""


@account.command("end", help=_("Beëindig een account, met alle aanmeldingen."))
@SETTINGS_FILE
@CLOCK_FILE
@click.argument("name")
def end_account(settings_file: Path | None, clock_file: Path | None, name: str) -> None:
    """End an account."""
    from register.central import accounts  # noqa: PLC0415 - as above
    from register.central.app import open_accounts  # noqa: PLC0415 - as above

    with open_accounts(RegisterSettings.load(settings_file, clock_file=clock_file)) as (centre, moment):
        accounts.end(centre, name, moment)
    click.echo(_("Account {naam} is beëindigd.").format(naam=name))


@account.command("reset", help=_("Haal de tweede stap weg van wie hem kwijt is; het wachtwoord blijft."))
@SETTINGS_FILE
@CLOCK_FILE
@click.argument("name")
def reset_account(settings_file: Path | None, clock_file: Path | None, name: str) -> None:
    """Forget a second factor."""
    from register.central import accounts  # noqa: PLC0415 - as above
    from register.central.app import open_accounts  # noqa: PLC0415 - as above

    with open_accounts(RegisterSettings.load(settings_file, clock_file=clock_file)) as (centre, moment):
        accounts.reset(centre, name, moment)
    click.echo(_("De tweede stap van {naam} is weggehaald.").format(naam=name))


for command in (
    *COMMANDS,
    *OF_AGREEMENTS,
    *OF_LOG,
    *OF_POLICY,
    *OF_RECIPIENT_KEYS,
    *OF_ROTATION,
    *OF_WITNESSES,
    fg,
):
    register.add_command(command)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister keyholder`: serve, and the ceremonies that make a keyset.

The ceremony of several parties is in `ceremony/`. The dealer's, for practice, is here: it writes `sleutelset.json` (public) and, for each holder, `houder-N/aandeel.json`
(readable by its owner only). It never replaces a file: a share that is overwritten is gone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path

import click

from audit.store.cli import Administered, database_group
from process.operational import HOLDER
from process.serving.files import write_new
from process.serving.jobs import Runner
from process.serving.jobs_command import jobs_command
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from process.serving.secrets import read_secret, write_secret
from pseudonymisation.ceremony import (
    PRACTICE,
    CeremonyError,
    Dealt,
    check_holder_share,
    deal,
    keyset_file,
    parse_keyset,
    parse_share,
    share_file,
)
from pseudonymisation.keyholder.ceremony.app import system_randomness
from pseudonymisation.keyholder.ceremony.cli import COMMANDS, refused
from pseudonymisation.keyholder.ceremony.folder import KEYSET_NAME, SHARE_NAME
from pseudonymisation.keyholder.cli_receipts import receipt_key
from pseudonymisation.threshold import PublicKeyset, ThresholdError


def share_path(directory: Path, holder: int) -> Path:
    """Where the ceremony leaves the share of one holder."""
    return directory / f"houder-{holder}" / SHARE_NAME


@click.group(help=_("Sleutelhouder: bewaart een aandeel van de sleutel en bewerkt verblinde punten."))
def keyholder() -> None:
    """The sub-command of this process."""


@keyholder.command("serve", help=_("Start deze sleutelhouder."))
@SETTINGS_FILE
@CLOCK_FILE
def serve(settings_file: Path | None, clock_file: Path | None) -> None:
    """Start the process."""
    # Imported here, so that the ceremony and --help load no server and no database.
    from pseudonymisation.keyholder.app import run  # noqa: PLC0415
    from pseudonymisation.keyholder.settings import KeyholderSettings  # noqa: PLC0415

    run(KeyholderSettings.load(settings_file, clock_file=clock_file))


@keyholder.command(
    "retire-share", help=_("Vernietig het aandeel van de vorige epoch, als het volgende geldt en opengaat.")
)
@SETTINGS_FILE
@CLOCK_FILE
def retire_share_command(settings_file: Path | None, clock_file: Path | None) -> None:
    """Destroy the share of before."""
    from pseudonymisation.keyholder.app import retire_share  # noqa: PLC0415
    from pseudonymisation.keyholder.settings import KeyholderSettings  # noqa: PLC0415

    if retire_share(KeyholderSettings.load(settings_file, clock_file=clock_file)):
        click.echo(_("Het vorige aandeel is vernietigd."))
    else:
        click.echo(_("Het vorige aandeel was er al niet meer."))
    click.echo(
        _(
            "Vernietig ook zijn reservekopieën. Zet in de instellingen share_file en keyset_file op het nieuwe aandeel, en haal next_* weg."
        )
    )


@contextmanager
def _jobs(settings_file: Path | None, clock_file: Path | None) -> Iterator[Runner]:
    from pseudonymisation.keyholder.app import open_runner  # noqa: PLC0415 - as above
    from pseudonymisation.keyholder.settings import KeyholderSettings  # noqa: PLC0415 - as above

    with open_runner(KeyholderSettings.load(settings_file, clock_file=clock_file)) as runner:
        yield runner


keyholder.add_command(jobs_command(_jobs, HOLDER))
keyholder.add_command(receipt_key)


def _databases(settings_file: Path | None) -> Sequence[Administered]:
    from pseudonymisation.keyholder.app import databases  # noqa: PLC0415 - as above
    from pseudonymisation.keyholder.settings import KeyholderSettings  # noqa: PLC0415 - as above

    return databases(KeyholderSettings.load(settings_file))


keyholder.add_command(database_group("keyholder", _databases))


@keyholder.group("ceremony", help=_("Sleutelceremonie: maak of controleer een sleutelset."))
def ceremony() -> None:
    """The sub-commands of the ceremony."""


@ceremony.command("deal", help=_("Maak in één keer een sleutelset om mee te oefenen."))
@click.option(
    "--profile", default=PRACTICE, show_default=True, help=_("Profiel; een deler mag alleen oefening.")
)
@click.option("--keyset", "name", default="oefening", show_default=True, help=_("Naam van de sleutelset."))
@click.option("--threshold", default=2, show_default=True, help=_("Hoeveel houders er nodig zijn."))
@click.option("--holders", default=3, show_default=True, help=_("Hoeveel houders er zijn."))
@click.option(
    "--out",
    "directory",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Map voor de bestanden."),
)
def deal_command(profile: str, name: str, threshold: int, holders: int, directory: Path) -> None:
    """Hold the dealer's ceremony and write its files."""
    try:
        dealt = deal(
            profile=profile, name=name, threshold=threshold, holders=holders, randomness=system_randomness
        )
        _write(dealt, directory)
    except CeremonyError as error:
        raise refused(str(error), error.way_forward) from error
    except ThresholdError as error:
        raise refused(str(error), _("Kies een andere drempel of een ander aantal houders.")) from error
    except FileExistsError as error:
        raise refused(
            _("In deze map staan al bestanden van een ceremonie; een aandeel dat overschreven wordt is weg."),
            _("Kies een lege map met --out."),
        ) from error
    _tell(dealt.keyset.fingerprint, [share.holder for share in dealt.shares])


def _write(dealt: Dealt, directory: Path) -> None:
    write_new(directory / KEYSET_NAME, keyset_file(dealt.keyset))
    for share in dealt.shares:
        write_secret(share_path(directory, share.holder), share_file(share))


@ceremony.command("check", help=_("Controleer een sleutelset en de aandelen die erbij liggen."))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False, exists=True))
def check(directory: Path) -> None:
    """Check the files of a ceremony against each other."""
    try:
        keyset = parse_keyset((directory / KEYSET_NAME).read_bytes())
        found = [holder for holder in keyset.holders if share_path(directory, holder).exists()]
        for holder in found:
            _check_share(directory, holder, keyset)
    except CeremonyError as error:
        raise refused(str(error), error.way_forward) from error
    except OSError as error:
        raise refused(
            _("In deze map is geen publieke sleutelset te lezen."),
            _("Geef de map die ceremony deal schreef."),
        ) from error
    _tell(keyset.fingerprint, found)


def _check_share(directory: Path, holder: int, keyset: PublicKeyset) -> None:
    share = parse_share(read_secret(share_path(directory, holder)).reveal())
    if share.holder != holder:
        raise CeremonyError(
            _("In map houder-{houder} ligt het aandeel van houder {ander}.").format(
                houder=holder, ander=share.holder
            ),
            _("Leg elk aandeel terug bij zijn eigen houder."),
        )
    check_holder_share(share, keyset)


def _tell(fingerprint: str, holders: list[int]) -> None:
    click.echo(_("Vingerafdruk van de sleutelset: {vingerafdruk}").format(vingerafdruk=fingerprint))
    if not holders:
        click.echo(
            _(
                "In deze map ligt geen enkel aandeel in een map houder-NUMMER; alleen de sleutelset is nagegaan."
            )
        )
        return
    told = ", ".join(str(holder) for holder in holders)
    click.echo(_("Deze aandelen kloppen met de sleutelset: houder {houders}").format(houders=told))


for _command in COMMANDS:
    ceremony.add_command(_command)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register rotation ...` and `register keyset adopt`: what an administrator does when keys change (`register.central.rotating`).

Beside a register that serves. Each command may be given again. Exit codes: 0 done, 1 refused, 2 used wrongly.
"""

from collections.abc import Callable
from functools import wraps
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from process.serving.errors import SettingsError
from process.serving.memory import keep_memory_private
from process.serving.secrets import read_secret
from pseudonymisation.canary_pins import CanaryPointsError, read_points
from pseudonymisation.ceremony import CeremonyError, check_usable, parse_keyset
from pseudonymisation.desk.locks import vault_from
from pseudonymisation.desk.transcripts import read_transcript
from pseudonymisation.joint import Record
from pseudonymisation.rotation import read_factor
from pseudonymisation.threshold import PublicKeyset
from register.central import rotating
from register.central.administration import Basis
from register.central.cli_records import Here, basis_options, on_records
from register.central.rotating import Places
from register.central.settings import RegisterSettings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TRANSCRIPT = click.option(
    "--transcript",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_(
        "Gedeelde map van de herverdeling, met de getekende bestanden van alle deelnemers; nodig voor een sleutelset uit een ceremonie."
    ),
)
_PREVIOUS = click.option(
    "--previous-keyset", required=True, type=_FILE, help=_("Publieke sleutelset die nu geldt.")
)


def _told(command: Callable[..., Any]) -> Callable[..., Any]:
    """What files of a ceremony are refused for, as a refusal of the command line."""

    @wraps(command)
    def run(*arguments: Any, **rest: Any) -> Any:
        try:
            return command(*arguments, **rest)
        except CeremonyError as error:
            raise rotating.KeysRefusal(str(error), error.way_forward) from error

    return run


def _keyset(path: Path, profile: str) -> PublicKeyset:
    keyset = parse_keyset(path.read_bytes())
    check_usable(keyset, profile)
    return keyset


def _transcript(folder: Path | None) -> Record | None:
    return None if folder is None else read_transcript(folder)


def _places(settings: RegisterSettings) -> Places:
    from register.central.app import places  # noqa: PLC0415 - help must not wait for the register to load

    return places(settings)


@click.group(help=_("Rotatie: naar een nieuwe sleutel, met alles wat er bewaard is."))
def rotation() -> None:
    """Sub-commands of a rotation."""


@rotation.command("begin", help=_("Begin met omzetten; het register blijft antwoorden."))
@on_records
@basis_options
@_PREVIOUS
@click.option(
    "--scaled-keyset",
    required=True,
    type=_FILE,
    help=_("Publieke sleutelset uit de ceremonie van de rotatie."),
)
@click.option(
    "--factor-file",
    required=True,
    type=_FILE,
    help=_("Verzegelde factor uit die ceremonie (rotatiefactor.json)."),
)
@click.option("--passphrase-file", type=_FILE, help=_("Bestand met de wachtzin van de factor."))
@click.option("--vault-file", type=_FILE, help=_("Bestand met de sleutel van de kluis van de factor."))
@_told
def begin(  # noqa: PLR0913 - files of a ceremony, all by name
    here: Here,
    *,
    basis: Basis,
    previous_keyset: Path,
    scaled_keyset: Path,
    factor_file: Path,
    passphrase_file: Path | None,
    vault_file: Path | None,
) -> None:
    """Begin a rotation."""
    keep_memory_private()
    keysets = (
        _keyset(previous_keyset, here.settings.profile),
        _keyset(scaled_keyset, here.settings.profile),
    )
    vault = vault_from(
        passphrase_file, vault_file, beside=factor_file.parent, randomness=here.admin.centre.randomness
    )
    if vault is None:
        raise SettingsError(_("Geef --passphrase-file of --vault-file: de factor is verzegeld."))
    factor = read_factor(read_secret(factor_file).reveal(), *keysets, vault)
    rotating.begin(here.admin, _places(here.settings), keysets, factor, basis)
    _show(here)


@rotation.command("status", help=_("Hoever de rotatie is, en hoe lang het nog duurt."))
@on_records
def status(here: Here) -> None:
    """Tell how it stands."""
    _show(here)


@rotation.command(
    "canary", help=_("Bereken wat de kanarie na de wisseling geeft; verdeel de regel voor de wisseling.")
)
@on_records
@click.option("--points", required=True, type=_FILE, help=_("Wat een node schreef met 'node canary --out'."))
def canary(here: Here, *, points: Path) -> None:
    """Print the pin of the new key by its name."""
    keep_memory_private()
    try:
        read = read_points(points.read_bytes())
    except CanaryPointsError as error:
        raise rotating.KeysRefusal(
            str(error), _("Vraag een node om dit bestand opnieuw te schrijven.")
        ) from error
    settings = here.settings
    found = rotating.rotated_canary(here.admin.centre, _places(settings), settings.canary_pins, read)
    click.echo(found.line)


@rotation.command("switch", help=_("Wissel naar de nieuwe sleutel, als alles is omgezet."))
@on_records
@basis_options
@click.option(
    "--keyset-file",
    required=True,
    type=_FILE,
    help=_("Publieke sleutelset van de herverdeling die na de rotatie is gehouden."),
)
@_TRANSCRIPT
@_told
def switch(here: Here, *, basis: Basis, keyset_file: Path, transcript: Path | None) -> None:
    """Put the new key in force."""
    keyset = _keyset(keyset_file, here.settings.profile)
    done = rotating.switch(
        here.admin, _places(here.settings), keyset, basis, transcript=_transcript(transcript)
    )
    click.echo(
        _(
            "Gewisseld bij poging {poging}; terwijl iedereen wachtte zijn {aantal} pseudoniemen omgezet."
        ).format(poging=done.tries, aantal=done.last)
    )
    _show(here)


@rotation.command(
    "finish", help=_("Rond af, als een reservekopie van na de wisseling op proef is teruggezet.")
)
@on_records
@basis_options
@click.option(
    "--backup-verified",
    is_flag=True,
    required=True,
    help=_("U zette een reservekopie van na de wisseling op proef terug, en een register startte erop."),
)
def finish(here: Here, *, basis: Basis, backup_verified: bool) -> None:
    """Destroy the factor and all that is of before."""
    del backup_verified
    rotating.finish(here.admin, _places(here.settings), basis)
    _show(here)
    click.echo(
        _(
            "Vernietig nu ook de map van de ceremonie met rotatiefactor.json en de oude aandelen bij de houders. Vernietig ook alle reservekopieën van voor de wisseling."
        )
    )


@rotation.command(
    "abandon",
    help=_("Breek een rotatie af waarin nog niet gewisseld is; de sleutel en alles wat bewaard is, blijven."),
)
@on_records
@basis_options
def abandon(here: Here, *, basis: Basis) -> None:
    """Destroy the factor and all that was converted."""
    rotating.abandon(here.admin, _places(here.settings), basis)
    _show(here)
    click.echo(
        _("Vernietig nu ook de map van de ceremonie met rotatiefactor.json, en de aandelen van die rotatie.")
    )


@click.group(help=_("De sleutelset waarmee het register werkt."))
def keyset() -> None:
    """Sub-commands about the keyset."""


@keyset.command("adopt", help=_("Neem een herverdeling over: andere aandelen van dezelfde sleutel."))
@on_records
@basis_options
@_PREVIOUS
@click.option("--keyset-file", required=True, type=_FILE, help=_("Publieke sleutelset van de herverdeling."))
@_TRANSCRIPT
@_told
def adopt(
    here: Here, *, basis: Basis, previous_keyset: Path, keyset_file: Path, transcript: Path | None
) -> None:
    """Go to the epoch of a re-sharing."""
    profile = here.settings.profile
    before, after = _keyset(previous_keyset, profile), _keyset(keyset_file, profile)
    rotating.adopt(
        here.admin, _places(here.settings), before, after, basis, transcript=_transcript(transcript)
    )
    _show(here)


def _show(here: Here) -> None:
    for line in rotating.told(here.admin.centre, here.admin.moment):
        click.echo(line)


COMMANDS = (rotation, keyset)

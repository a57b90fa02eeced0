# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister node recipient-key ...`: make, or withdraw, the key to which others may seal for an organisation of this node.

The private half is sealed in the node's database like every secret of the organisation. The signing key is a file of the organisation, and is best kept elsewhere between two uses.
Exit codes: 0 done, 1 refused, 2 used wrongly.
"""

from collections.abc import Callable
from functools import wraps
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from audit.note import NoteError, Signer
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.files import write_new
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from process.serving.secrets import read_secret, write_secret
from register.enrolment import fingerprint
from register.municipal.settings import NodeSettings
from register.recipients import KeyStatement, signer_name

STATEMENT_FILE = "ontvangstsleutel.txt"
DAYS = 365


@click.group("recipient-key", help=_("De sleutel waarmee anderen iets voor een organisatie verzegelen."))
def recipient_key() -> None:
    """The key of a recipient."""


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of both commands; the command receives the own keys, the signer and the clock."""

    @SETTINGS_FILE
    @CLOCK_FILE
    @click.option(
        "--organisation", help=_("Code van de organisatie; alleen nodig als deze node er meer heeft.")
    )
    @click.option(
        "--signing-key",
        "signing_key",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        help=_("Ondertekensleutel van de organisatie; bestaat het bestand niet, dan wordt het gemaakt."),
    )
    @click.option(
        "--days",
        type=click.IntRange(1, 400),
        default=DAYS,
        show_default=True,
        help=_("Hoeveel dagen de verklaring geldt."),
    )
    @click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        default=STATEMENT_FILE,
        show_default=True,
        help=_("Bestand voor de verklaring; bestaat nog niet."),
    )
    @wraps(command)
    def run(  # noqa: PLR0913 - the options
        *,
        settings_file: Path | None,
        clock_file: Path | None,
        organisation: str | None,
        signing_key: Path,
        days: int,
        out: Path,
    ) -> None:
        from register.municipal.app import own_keys  # noqa: PLC0415 - help must not wait for the node to load

        if out.exists():
            raise SettingsError(_("Het bestand {pad} bestaat al; kies een ander met --out.").format(pad=out))
        settings = NodeSettings.load(settings_file, clock_file=clock_file)
        with own_keys(settings, organisation) as (keys, clock):
            note = command(keys, _signer(signing_key, keys.organisation, keys.randomness), clock(), days)
        write_new(out, note.encode())
        _tell(note, out)

    return run


@recipient_key.command("make", help=_("Maak een nieuwe sleutel en de verklaring erover."))
@_options
def make(keys: Any, signer: Signer, moment: Any, days: int) -> str:
    """Make a key."""
    return str(keys.make(signer, moment, days))


@recipient_key.command("withdraw", help=_("Maak een verklaring dat er geen sleutel meer is."))
@_options
def withdraw(keys: Any, signer: Signer, moment: Any, days: int) -> str:
    """Withdraw a key."""
    return str(keys.withdraw(signer, moment, days))


def _signer(file: Path, organisation: str, randomness: Callable[[int], bytes]) -> Signer:
    """The signing key of the organisation, made the first time."""
    if not file.exists():
        made = Signer(signer_name(organisation), Secret(randomness(32)))
        write_secret(file, made.skey.reveal())
        return made
    try:
        return Signer.from_skey(read_secret(file))
    except NoteError as error:
        raise SettingsError(
            _("De ondertekensleutel in {pad} is niet te gebruiken: {fout}.").format(pad=file, fout=error)
        ) from None


def _tell(note: str, out: Path) -> None:
    said = KeyStatement.read(note)
    click.echo(_("Verklaring, versie {versie}: {pad}").format(versie=said.version, pad=out))
    click.echo(
        _("Vingerafdruk van de ondertekensleutel: {vingerafdruk}").format(
            vingerafdruk=fingerprint(said.signer.encode())
        )
    )
    click.echo(
        _(
            "Stuur het bestand naar de beheerder van het register. Hij en elke organisatie die u iets wil sturen, bellen u op een nummer dat zij al kenden. Lees hun dan de vingerafdruk voor."
        )
    )

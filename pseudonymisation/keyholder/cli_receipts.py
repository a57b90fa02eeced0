# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister keyholder receipt-key`: the key with which a holder signs its receipts. It never replaces a file."""

from gettext import gettext as _
from pathlib import Path
from typing import Final

import click

from audit.note import KEY_SIZE, NoteError, Signer
from process.problem import Refusal
from process.secret import Secret
from process.serving.secrets import write_secret

KEY_NAME: Final = "kwitantie.key"
VKEY_NAME: Final = "kwitantie.vkey"


@click.command("receipt-key", help=_("Maak de sleutel waarmee deze houder kwitanties ondertekent."))
@click.option("--name", required=True, help=_("Naam van de sleutel, zoals houder1.example/kwitanties."))
@click.option(
    "--out",
    "directory",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Map voor de bestanden."),
)
def receipt_key(name: str, directory: Path) -> None:
    """Make the key, and print its public half, which register and nodes pin."""
    # Imported here, so that --help loads no server and no database.
    from pseudonymisation.keyholder.app import system_randomness  # noqa: PLC0415

    try:
        signer = Signer(name, Secret(system_randomness(KEY_SIZE)))
        write_secret(directory / KEY_NAME, signer.skey.reveal() + b"\n")
        with (directory / VKEY_NAME).open("x", encoding="utf-8") as file:
            file.write(signer.verifier.vkey + "\n")
    except NoteError as error:
        raise _refused(
            _("De naam {naam} kan niet: {reden}.").format(naam=name, reden=error),
            _("Kies een naam als houder1.example/kwitanties."),
        ) from None
    except FileExistsError as error:
        raise _refused(
            _("In deze map staat al een sleutel voor kwitanties; er wordt niets overschreven."),
            _("Kies een andere map met --out."),
        ) from error
    click.echo(_("Openbare sleutel van de kwitanties: {sleutel}").format(sleutel=signer.verifier.vkey))
    click.echo(
        _("Geef deze regel aan de beheerder van het register en lees hem voor over de telefoon ter controle.")
    )


def _refused(reason: str, way_forward: str) -> Refusal:
    return Refusal(400, "kwitantiesleutel", _("De sleutel is niet gemaakt."), reason, way_forward=way_forward)

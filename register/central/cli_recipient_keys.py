# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register recipient-key ...`: keys to which others may seal for an organisation, as that organisation signed them."""

from gettext import gettext as _
from pathlib import Path

import click

from register.central.administration import Basis
from register.central.cli_records import FILE, Here, basis_options, on_records, read_text
from register.central.recipient_keys import enrol
from register.central.store.releases import keys_of, newest_keys
from register.enrolment import fingerprint
from register.recipients import KeyStatement


@click.group("recipient-key", help=_("Sleutels waarmee anderen iets verzegelen voor een organisatie."))
def recipient_key() -> None:
    """Keys of recipients."""


@recipient_key.command("add", help=_("Schrijf een sleutel in die een organisatie zelf ondertekende."))
@click.option(
    "--statement", "file", type=FILE, required=True, help=_("De verklaring (ontvangstsleutel.txt).")
)
@click.option(
    "--fingerprint",
    "told",
    required=True,
    help=_("De vingerafdruk van haar ondertekensleutel, zoals de ander u voorlas."),
)
@click.option(
    "--new-signer", is_flag=True, help=_("De organisatie ondertekent met een andere sleutel dan hiervoor.")
)
@basis_options
@on_records
def add(here: Here, *, file: Path, told: str, new_signer: bool, basis: Basis) -> None:
    """Enrol a key."""
    said = enrol(here.admin, read_text(file), told, basis, new_signer=new_signer)
    click.echo(
        _("Ingeschreven: {organisatie}, versie {versie}, {sleutel}.").format(
            organisatie=said.organisation,
            versie=said.version,
            sleutel=said.key_id or _("sleutel ingetrokken"),
        )
    )


@recipient_key.command("list", help=_("Toon de sleutels van alle organisaties, of alle van één."))
@click.argument("code", required=False)
@on_records
def list_keys(here: Here, *, code: str | None) -> None:
    """List keys."""
    with here.admin.centre.database.public() as connection:
        found = newest_keys(connection) if code is None else keys_of(connection, code)
    for row in found:
        said = KeyStatement.read(row.statement)
        click.echo(
            f"{said.organisation}\t{said.version}\t{said.key_id or '-'}\t{said.valid_from}\t{said.valid_until}\t{fingerprint(said.signer.encode())}"
        )


COMMANDS = (recipient_key,)

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""``signaalregister signer``: make a key, serve."""

from gettext import gettext as _
from pathlib import Path

import click

from audit.signer.app import STATE_FILE, VKEY_FILE, create_app, make_key
from audit.signer.settings import SignerSettings
from process.operational import SIGNER
from process.serving.clock import clock_from
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from process.serving.proxy import proxy_of
from process.serving.run import Listener, serve


@click.group(help=_("De ondertekenaar van controlepunten van het logboek."))
def signer() -> None:
    """Group of the signer's commands."""


@signer.command("keygen", help=_("Maak de sleutel en het lege geheugen van een nieuw logboek."))
@click.option("--name", required=True, help=_("Naam van het logboek, zoals register.example/logboek."))
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Map waarin de bestanden komen."),
)
def keygen(name: str, folder: Path) -> None:
    """Makes key and memory, and prints the public half."""
    verifier = make_key(name, folder)
    click.echo(_("Openbare sleutel ({bestand}): {sleutel}").format(bestand=VKEY_FILE, sleutel=verifier.vkey))
    click.echo(
        _("Bewaar {bestand} bij de ondertekenaar en zet er nooit een oude kopie van terug.").format(
            bestand=STATE_FILE
        )
    )


@signer.command("serve", help=_("Start de ondertekenaar."))
@SETTINGS_FILE
@CLOCK_FILE
def serve_command(settings_file: Path | None, clock_file: Path | None) -> None:
    """Serves until SIGTERM or SIGINT; callers need a certificate of our authority."""
    settings = SignerSettings.load(settings_file, clock_file=clock_file)
    app = create_app(settings, clock=clock_from(settings.clock_file, settings.profile))
    serve(
        [
            Listener(
                app,
                settings.host,
                settings.port,
                tls=settings,
                client_certificate=True,
                proxy=proxy_of(settings),
            )
        ],
        settings=settings,
        ready=app.state.ready,
        stream=SIGNER,
    )

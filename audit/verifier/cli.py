# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""``signaalregister audit verify``: check an export, or a public log. Exit 0 verified, 1 refused, 2 used wrongly."""

import json
import ssl
from gettext import gettext as _
from pathlib import Path

import click
import httpx

from audit.bundle import BundleError, bundle_from_json
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import NoteError, Verifier
from audit.verifier.remote import RemoteLog
from audit.verify import SourceError, Verdict, verify_bundle, verify_log

REFUSED = 1
PATIENCE_SECONDS = 30.0


@click.group(help=_("Het logboek nagaan, met een eigen berekening."))
def audit() -> None:
    """Group of the commands with which a log is checked."""


@audit.command(
    "verify",
    help=_("Ga een uitvoer van het logboek na (BESTAND), of een openbaar logboek (--log met --vkey)."),
)
@click.argument("bundle", metavar=_("[BESTAND]"), required=False, type=click.Path(path_type=Path))
@click.option("--vkey", help=_("Openbare sleutel van het logboek, of een bestand waar die in staat."))
@click.option(
    "--receipt-vkey",
    "receipt_vkeys",
    multiple=True,
    help=_("Openbare sleutel van ontvangstbewijzen, of een bestand; mag vaker."),
)
@click.option("--log", "address", help=_("Adres van een openbaar logboek, zoals https://register.example."))
@click.option(
    "--ca",
    type=click.Path(path_type=Path),
    help=_("Certificaten (PEM) van de uitgever waarmee het logboek zich toont."),
)
@click.option(
    "--remember",
    type=click.Path(path_type=Path),
    help=_(
        "Bestand met het controlepunt dat u het laatst hebt nagegaan. Het logboek moet daarop aansluiten; daarna staat het nieuwe erin."
    ),
)
@click.pass_context
def verify(  # noqa: PLR0913 - one argument per option
    context: click.Context,
    *,
    bundle: Path | None,
    vkey: str | None,
    receipt_vkeys: tuple[str, ...],
    address: str | None,
    ca: Path | None,
    remember: Path | None,
) -> None:
    """Prints the steps of the verdict; exits 0, 1 or 2."""
    if (bundle is None) == (address is None):
        raise click.UsageError(_("Noem óf een bestand met een uitvoer, óf een logboek met --log."))
    if bundle is not None:
        if ca or remember:
            raise click.UsageError(_("--ca en --remember horen bij --log."))
        verdict = _verify_file(bundle, vkey, receipt_vkeys)
    else:
        if vkey is None or receipt_vkeys:
            raise click.UsageError(
                _(
                    "Bij --log hoort --vkey: de gepubliceerde sleutel van het logboek (en geen --receipt-vkey)."
                )
            )
        verdict = _verify_address(address or "", _key(vkey), ca, remember)
    _tell(verdict)
    if not verdict.verified:
        context.exit(REFUSED)


def _verify_file(path: Path, vkey: str | None, receipt_vkeys: tuple[str, ...]) -> Verdict:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise click.UsageError(_("Het bestand {pad} bestaat niet.").format(pad=path)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise click.UsageError(_("Het bestand {pad} is niet te lezen als JSON.").format(pad=path)) from error
    try:
        bundle = bundle_from_json(document)
    except BundleError as error:
        raise click.ClickException(
            _("Het bestand {pad} is niet goed: {reden}.").format(pad=path, reden=error)
        ) from error
    log = None if vkey is None else _key(vkey)
    return verify_bundle(bundle, log=log, receipts=[_key(one) for one in receipt_vkeys])


def _verify_address(address: str, log: Verifier, ca: Path | None, remember: Path | None) -> Verdict:
    earlier = _remembered(remember, log)
    try:
        with _client(address, ca) as client:
            remote = RemoteLog(client)
            note = remote.checkpoint()
            verdict = verify_log(note, log, remote, earlier=earlier)
    except SourceError as error:
        raise click.ClickException(_("Niet nagegaan: {reden}.").format(reden=error)) from error
    if verdict.verified and remember is not None:
        remember.write_text(note, encoding="utf-8")
    return verdict


def _client(address: str, ca: Path | None) -> httpx.Client:
    if not address.startswith(("https://", "http://")):
        raise click.UsageError(_("Het adres van het logboek begint met https:// (of http://)."))
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    except OSError as error:
        raise click.UsageError(_("De certificaten in {pad} zijn niet te lezen.").format(pad=ca)) from error
    try:
        return httpx.Client(base_url=address, verify=context, timeout=PATIENCE_SECONDS, trust_env=False)
    except httpx.InvalidURL as error:
        raise click.UsageError(_("Het adres van het logboek is niet te lezen.")) from error


def _remembered(path: Path | None, log: Verifier) -> Checkpoint | None:
    if path is None or not path.exists():
        return None
    try:
        return open_checkpoint(path.read_bytes(), log)
    except (OSError, NoteError) as error:
        raise click.UsageError(
            _("Het controlepunt in {pad} is niet te gebruiken: {reden}.").format(pad=path, reden=error)
        ) from error


def _key(text: str) -> Verifier:
    """The key in ``text`` itself, or in the file of that name: a key has plus signs."""
    try:
        if "+" not in text:
            return Verifier.from_vkey(Path(text).read_text(encoding="utf-8"))
        return Verifier.from_vkey(text)
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise click.UsageError(
            _("De openbare sleutel is niet te lezen. Een sleutel ziet eruit als naam+kenmerk+sleutel.")
        ) from error


def _tell(verdict: Verdict) -> None:
    for step in verdict.steps:
        click.echo(str(step))
    if verdict.verified:
        click.echo(_("Goedgekeurd: wat is nagegaan, klopt."))
    else:
        click.echo(_("Afgekeurd: kijk bij de regels met [fout]. Meld dit aan uw FG."), err=True)

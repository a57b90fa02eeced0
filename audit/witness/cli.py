# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""``signaalregister witness``: make a key, serve, vouch for a file, and say what was vouched for."""

import ssl
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click
import httpx

from audit.note import NoteError, Verifier, parse
from audit.witness.app import (
    SETTINGS_FILE as WRITTEN_SETTINGS,
)
from audit.witness.app import (
    STATE_FILE,
    VKEY_FILE,
    create_app,
    make_key,
    open_witness,
)
from audit.witness.exchanging import ExchangeError, ShorterError, fetch, hand_in
from audit.witness.settings import WitnessSettings
from audit.witness.store.state import WitnessState
from audit.witness.vouching import Vouched, Vouching
from audit.witnessing import ContradictionError, OfferError, StaleError, head_of
from process.serving.clock import clock_from
from process.serving.files import write_new
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from process.serving.run import Listener, serve

REFUSED = 1
PATIENCE_SECONDS = 30.0


@click.group(help=_("Getuige zijn van een logboek: bevestigen dat iedereen hetzelfde logboek ziet."))
def witness() -> None:
    """Group of the commands of a witness."""


@witness.command(
    "keygen", help=_("Maak de sleutel, het lege geheugen en de instellingen van een nieuwe getuige.")
)
@click.option("--name", required=True, help=_("Naam van de getuige, zoals fg.gemeente.example/getuige."))
@click.option(
    "--log",
    "logs",
    required=True,
    multiple=True,
    help=_("Openbare sleutel van het logboek, of een bestand waar die in staat; mag vaker."),
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Map waarin de bestanden komen."),
)
def keygen(name: str, logs: tuple[str, ...], folder: Path) -> None:
    """Makes key, memory and settings, and prints the public half."""
    made = make_key(name, folder, [_log_key(one) for one in logs])
    click.echo(_("Openbare sleutel ({bestand}): {sleutel}").format(bestand=VKEY_FILE, sleutel=made.vkey))
    click.echo(_("Geef deze openbare sleutel aan de beheerder van het register."))
    click.echo(
        _("Zet nooit een oude kopie van {bestand} terug: daarin staat wat u hebt bevestigd.").format(
            bestand=STATE_FILE
        )
    )
    click.echo(
        _(
            "De instellingen staan in {pad}. Vergelijk de sleutel van het logboek daarin met wat u langs een andere weg kreeg."
        ).format(pad=folder / WRITTEN_SETTINGS)
    )


@witness.command("serve", help=_("Start de getuige als server (C2SP tlog-witness)."))
@SETTINGS_FILE
@CLOCK_FILE
def serve_command(settings_file: Path | None, clock_file: Path | None) -> None:
    """Serves until SIGTERM or SIGINT; over TLS if there is a certificate, and callers need none."""
    settings = WitnessSettings.load(settings_file, clock_file=clock_file)
    app = create_app(settings, clock=clock_from(settings.clock_file, settings.profile))
    tls = None if settings.tls_certificate is None else settings
    serve([Listener(app, settings.host, settings.port, tls=tls)], settings=settings, ready=app.state.ready)


@witness.command(
    "cosign",
    help=_(
        "Bevestig een controlepunt zonder server: een verzoek uit een bestand (BESTAND), of rechtstreeks bij het register (--log)."
    ),
)
@click.argument(
    "request_file", metavar=_("[BESTAND]"), required=False, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--log",
    "address",
    help=_(
        "Adres van het register, zoals https://register.example; haalt het verzoek op en levert het antwoord in."
    ),
)
@click.option(
    "--ca",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Certificaten (PEM) van de uitgever waarmee het register zich toont."),
)
@click.option(
    "--out",
    "answer_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Bestand voor het antwoord; anders naast het verzoek, met .bevestigd erachter."),
)
@SETTINGS_FILE
@CLOCK_FILE
@click.pass_context
def cosign(  # noqa: PLR0913 - one argument per option
    context: click.Context,
    *,
    request_file: Path | None,
    address: str | None,
    ca: Path | None,
    answer_file: Path | None,
    settings_file: Path | None,
    clock_file: Path | None,
) -> None:
    """Vouches for one checkpoint, and says in one sentence what was checked; exits 0, 1 or 2."""
    if (request_file is None) == (address is None):
        raise click.UsageError(_("Noem óf een bestand met een verzoek, óf het register met --log."))
    if (ca and address is None) or (answer_file and request_file is None):
        raise click.UsageError(_("--ca hoort bij --log, en --out bij een bestand."))
    settings = WitnessSettings.load(settings_file, clock_file=clock_file)
    vouching = open_witness(settings, clock=clock_from(settings.clock_file, settings.profile))
    try:
        if request_file is not None:
            told = _by_file(vouching, request_file, answer_file)
        else:
            told = _by_address(vouching, settings.verifiers, address or "", ca)
    except OfferError as error:
        click.echo(_refused(error), err=True)
        context.exit(REFUSED)
    except ShorterError as error:
        click.echo(
            _(
                "NIET bevestigd. Het register heeft niet meer wat u eerder bevestigde: {reden} Het is teruggezet of veranderd. "
                "Bel de andere FG's, en bewaar het geheugen van deze getuige."
            ).format(reden=error),
            err=True,
        )
        context.exit(REFUSED)
    except ExchangeError as error:
        click.echo(_("Niet gelukt: {reden}. Probeer het later opnieuw.").format(reden=error), err=True)
        context.exit(REFUSED)
    click.echo(told)


@witness.command("status", help=_("Laat zien wat deze getuige het laatst bevestigde, en wat dat tegensprak."))
@SETTINGS_FILE
@click.pass_context
def status(context: click.Context, settings_file: Path | None) -> None:
    """Prints what is in memory; exit code 1 if a log contradicted itself."""
    settings = WitnessSettings.load(settings_file)
    vouching = open_witness(settings, clock=clock_from(None, settings.profile))
    for log in settings.verifiers:
        click.echo(
            _("{naam}: het laatst bevestigd tot en met {aantal} bladen.").format(
                naam=log.name, aantal=vouching.size(log.name)
            )
        )
    found = WitnessState.open(settings.state).contradictions()
    for one in found:
        said = (
            _(
                "TEGENSPRAAK op {moment}: {naam} ondertekende {aantal} bladen die niet aansluiten op wat u bevestigde."
            )
            if one.proven
            else _(
                "NIET BEWEZEN op {moment}: {naam} ondertekende {aantal} bladen, en het bewijs dat erbij kwam sluit niet aan op wat u "
                "bevestigde. Dat bewijs kan ook van een ander zijn: bevestig het nieuwste controlepunt, en lukt dat niet, bel dan de "
                "andere FG's."
            )
        )
        click.echo(
            said.format(moment=one.seen_at, naam=one.origin, aantal=head_of(parse(one.note).text).size),
            err=True,
        )
    if found:
        context.exit(REFUSED)


def _by_file(vouching: Vouching, request_file: Path, answer_file: Path | None) -> str:
    try:
        body = request_file.read_bytes()
    except OSError as error:
        raise click.UsageError(_("Het bestand {pad} is niet te lezen.").format(pad=request_file)) from error
    answer = answer_file or request_file.with_name(request_file.name + ".bevestigd")
    if answer.exists():
        raise click.UsageError(
            _("Het bestand {pad} bestaat al en wordt niet overschreven.").format(pad=answer)
        )
    # The same file once more, because the answer went missing, is answered like the first time.
    vouched = vouching.repeat(body) or vouching.vouch(body)
    write_new(answer, vouched.note.encode())
    return _told(vouched) + "\n" + _("Geef {pad} terug aan het register.").format(pad=answer)


def _by_address(vouching: Vouching, logs: tuple[Verifier, ...], address: str, ca: Path | None) -> str:
    if len(logs) != 1:
        raise click.UsageError(_("Deze getuige kent meer logboeken; gebruik een bestand met een verzoek."))
    with _client(address, ca) as client:
        vouched = vouching.vouch(fetch(client, vouching.size(logs[0].name)))
        hand_in(client, vouched.note)
    return _told(vouched) + "\n" + _("Het register heeft uw bevestiging gekregen.")


def _told(vouched: Vouched) -> str:
    """What was checked, in one sentence."""
    number = vouched.checkpoint.size
    moment = datetime.fromtimestamp(vouched.cosignature.seconds, UTC)
    names = {"naam": vouched.checkpoint.origin, "aantal": number, "moment": f"{moment:%d-%m-%Y %H:%M} UTC"}
    if vouched.before is None:
        return ngettext(
            "Bevestigd op {moment}: logboek {naam} ondertekende {aantal} blad; dit is het eerste dat deze getuige ervan zag.",
            "Bevestigd op {moment}: logboek {naam} ondertekende {aantal} bladen; dit is het eerste dat deze getuige ervan zag.",
            number,
        ).format(**names)
    return ngettext(
        "Bevestigd op {moment}: logboek {naam} ondertekende {aantal} blad, en alle {eerder} bladen die u eerder bevestigde staan er onveranderd in.",
        "Bevestigd op {moment}: logboek {naam} ondertekende {aantal} bladen, en alle {eerder} bladen die u eerder bevestigde staan er onveranderd in.",
        number,
    ).format(eerder=vouched.before.size, **names)


def _refused(error: OfferError) -> str:
    if isinstance(error, ContradictionError):
        return _(
            "NIET bevestigd. Het logboek ondertekende iets dat niet aansluit op wat u eerder bevestigde: {reden}. "
            "Bel de andere FG's; het bewijs staat in het geheugen van deze getuige."
        ).format(reden=error)
    if isinstance(error, StaleError):
        return _(
            "Niet bevestigd: dit verzoek gaat niet uit van de {aantal} bladen die u het laatst bevestigde. Haal een nieuw verzoek op, "
            "met oud={aantal} in het adres. Zegt het register dat het zo lang niet is, dan is het teruggezet: bel de andere FG's."
        ).format(aantal=error.size)
    return _("Niet bevestigd: {reden}.").format(reden=error)


def _client(address: str, ca: Path | None) -> httpx.Client:
    if not address.startswith(("https://", "http://")):
        raise click.UsageError(_("Het adres van het register begint met https:// (of http://)."))
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
        return httpx.Client(base_url=address, verify=context, timeout=PATIENCE_SECONDS, trust_env=False)
    except OSError as error:
        raise click.UsageError(_("De certificaten in {pad} zijn niet te lezen.").format(pad=ca)) from error
    except httpx.InvalidURL as error:
        raise click.UsageError(_("Het adres van het register is niet te lezen.")) from error


def _log_key(text: str) -> Verifier:
    """The key in ``text`` itself, or in the file of that name: a key has plus signs."""
    try:
        return Verifier.from_vkey(text if "+" in text else Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise click.UsageError(
            _("De openbare sleutel van het logboek is niet te lezen: {reden}.").format(reden=error)
        ) from error

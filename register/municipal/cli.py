# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister node`: start a node, put accounts ready, and do from a terminal what the pages do.

`serve` and `prepare` work on this machine's files. The others talk to a running node over its interface, as a person: they log in, do one thing, and
log out. Exit codes: 0 done, 1 refused, 2 used wrongly. With --json the answer, or the refusal, is the JSON of the interface, for programs.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from audit.store.cli import Administered, database_group
from process.command import REFUSED
from process.operational import NODE
from process.problem import Refusal, problem_details
from process.serving.files import write_new
from process.serving.jobs import Runner
from process.serving.jobs_command import jobs_command
from process.serving.options import CLOCK_FILE, SETTINGS_FILE, second_code
from process.serving.secrets import read_secret
from pseudonymisation.canary_pins import points_file
from register.municipal.canary import wrong_line
from register.municipal.cli_enrol import enrol
from register.municipal.cli_recipient_key import recipient_key
from register.municipal.files import Source, UnfitFileError, read_mapping
from register.municipal.progress import import_file, reported
from register.municipal.session import NodeSession
from register.municipal.settings import NodeSettings
from register.municipal.told import (
    told_answer,
    told_due,
    told_import,
    told_outcome,
    told_receipts,
    told_recovery,
    told_submission,
    told_treffers,
    told_withdrawal,
)
from register.outcomes import OUTCOMES

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help=_("De node: hier werken toezichthouders en aandachtsfunctionarissen."))
def node() -> None:
    """Everything that is done at a node."""


node.add_command(enrol)
node.add_command(recipient_key)


def _databases(settings_file: Path | None) -> Sequence[Administered]:
    from register.municipal.app import databases  # noqa: PLC0415 - the other commands need none of it

    return databases(NodeSettings.load(settings_file))


node.add_command(database_group("node", _databases))


@node.command(help=_("Start de node: pagina's en interface."))
@SETTINGS_FILE
@CLOCK_FILE
def serve(settings_file: Path | None, clock_file: Path | None) -> None:
    """Start a node."""
    from register.municipal.app import run  # noqa: PLC0415 - the other commands need none of it

    run(NodeSettings.load(settings_file, clock_file=clock_file))


@contextmanager
def _jobs(settings_file: Path | None, clock_file: Path | None) -> Iterator[Runner]:
    from register.municipal.app import open_runner  # noqa: PLC0415 - the other commands need none of it

    with open_runner(NodeSettings.load(settings_file, clock_file=clock_file)) as runner:
        yield runner


node.add_command(jobs_command(_jobs, NODE))


@node.command(help=_("Zet accounts en controles klaar uit een bestand (YAML)."))
@SETTINGS_FILE
@click.option("--records", type=_FILE, required=True, help=_("Bestand met accounts en controles."))
@click.option("--organisation", help=_("Code van de organisatie; alleen nodig als deze node er meer heeft."))
@CLOCK_FILE
def prepare(
    settings_file: Path | None, records: Path, organisation: str | None, clock_file: Path | None
) -> None:
    """Put accounts and controls ready."""
    from register.municipal.app import prepare as put_ready  # noqa: PLC0415 - the other commands need none of it

    accounts, controls = put_ready(
        NodeSettings.load(settings_file, clock_file=clock_file), records, organisation
    )
    click.echo(
        _("Klaar: {accounts} accounts, {controles} nieuwe controles.").format(
            accounts=accounts, controles=controls
        )
    )


@node.command(
    help=_(
        "Herstel het dossier van een organisatie na verlies van haar zegel (seal_key_file), met de geheime herstelsleutel. Stop eerst de node. Onderbroken? Voer het opnieuw uit."
    )
)
@SETTINGS_FILE
@click.option(
    "--tenant",
    "--organisation",
    "organisation",
    help=_("Code van de organisatie; alleen nodig als deze node er meer heeft."),
)
@click.option(
    "--recovery-key",
    "recovery_key",
    type=_FILE,
    required=True,
    help=_("Geheime herstelsleutel (X25519, PEM), van buiten deze machine."),
)
def recover(settings_file: Path | None, organisation: str | None, recovery_key: Path) -> None:
    """Bring everything under a new seal."""
    from register.municipal.app import recover as under_new_seal  # noqa: PLC0415 - the other commands need none of it

    done, made = under_new_seal(NodeSettings.load(settings_file), organisation, recovery_key)
    if made is not None:
        click.echo(_("Nieuw zegel gemaakt: {pad}. Bewaar er een kopie van.").format(pad=made))
    click.echo(told_recovery(done.gone_over, done.lost))


@node.command(
    help=_(
        "Toon wat de kanarie van deze node geeft, zodat de beheerder van het register het kan vastleggen (canary_pins). Met --check: controleer nu, na een herstel; een node die stilstaat gaat dan verder. Code 1 als de kanarie fout is."
    )
)
@SETTINGS_FILE
@click.option(
    "--organisation",
    help=_("Code van de organisatie; alleen nodig als deze node er meer heeft."),
)
@click.option(
    "--check",
    is_flag=True,
    help=_("Controleer nu, hoe kort geleden het ook fout was, en onthoud de uitkomst."),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_(
        "Nieuw bestand voor de punten, waarmee 'register rotation canary' de pin van de volgende sleutel berekent."
    ),
)
@CLOCK_FILE
@click.pass_context
def canary(  # noqa: PLR0913, PLR0917 - the options
    context: click.Context,
    settings_file: Path | None,
    organisation: str | None,
    check: bool,  # noqa: FBT001 - a click option
    out: Path | None,
    clock_file: Path | None,
) -> None:
    """Print a pin by its name, or look now."""
    from register.municipal.app import open_canary  # noqa: PLC0415 - the other commands need none of it

    settings = NodeSettings.load(settings_file, clock_file=clock_file)
    with open_canary(settings, organisation) as found:
        if check:
            right = found.force()
            told = wrong_line(found.keyset, unpinned=found.unpinned)
            click.echo(_("De kanarie is goed; de node gaat verder.") if right else told)
            if not right:
                context.exit(REFUSED)
            return
        points = found.outcome()
    if out is not None:
        write_new(out, points_file(points))
    click.echo(points.line)


def _as_person(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that works as a person; the command receives an open session."""

    @click.option(
        "--url",
        envvar="SIGNAALREGISTER_NODE_URL",
        show_envvar=True,
        required=True,
        help=_("Adres van de node."),
    )
    @click.option(
        "--organisation",
        envvar="SIGNAALREGISTER_NODE_ORGANISATION",
        show_envvar=True,
        help=_("Code van uw organisatie; alleen nodig als de node er meer heeft."),
    )
    @click.option(
        "--officer",
        envvar="SIGNAALREGISTER_NODE_OFFICER",
        show_envvar=True,
        required=True,
        help=_("Naam van uw account."),
    )
    @click.option(
        "--password-file",
        envvar="SIGNAALREGISTER_NODE_PASSWORD_FILE",
        show_envvar=True,
        type=_FILE,
        required=True,
        help=_("Bestand met uw wachtwoord, alleen voor u leesbaar."),
    )
    @click.option(
        "--authorities",
        envvar="SIGNAALREGISTER_NODE_AUTHORITIES",
        show_envvar=True,
        type=_FILE,
        help=_("Certificaten van de uitgever van de node (PEM), als het adres met https begint."),
    )
    @wraps(command)
    def run(
        url: str,
        organisation: str | None,
        officer: str,
        password_file: Path,
        authorities: Path | None,
        **rest: Any,
    ) -> Any:
        password = read_secret(password_file, minimum=8).reveal().decode("utf-8", "replace").rstrip("\r\n")
        try:
            with NodeSession(url, officer, password, authorities, organisation, second_code) as session:
                return command(session, **rest)
        except Refusal as refusal:
            if not rest.get("as_json"):
                raise
            click.echo(json.dumps(problem_details(refusal), ensure_ascii=False, indent=2))
            raise click.exceptions.Exit(REFUSED) from None

    return run


def _shown(answer: dict[str, Any], *, as_json: bool, told: Callable[[dict[str, Any]], str]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else told(answer))


def _attribute(text: str) -> dict[str, str]:
    soort, found, waarde = text.partition("=")
    if not found or not soort.strip() or not waarde.strip():
        # The text is not repeated: it may be a person's.
        raise click.UsageError(_("Schrijf een kenmerk als SOORT=WAARDE, zoals phone=0612345678."))
    return {"soort": soort.strip(), "waarde": waarde.strip()}


_ATTRIBUTE = click.option(
    "--attribute",
    "attributes",
    multiple=True,
    required=True,
    metavar="TYPE=VALUE",
    help=_(
        "Kenmerk, zoals phone=0612345678 of document=COL:AB123456; vaker mag. Achter document= mogen ook de regels met < van het document."
    ),
)
_JSON = click.option("--json", "as_json", is_flag=True, help=_("Antwoord als JSON."))


@node.command(help=_("Vraag: is deze persoon of dit bedrijf elders gezien?"))
@_as_person
@_ATTRIBUTE
@click.option("--purpose", default="signalering", show_default=True, help=_("Doel van de vraag."))
@click.option("--control", required=True, help=_("Nummer van de controle van vandaag."))
@click.option("--reason", default="controle", show_default=True, help=_("Reden van de vraag."))
@click.option("--kind", type=click.Choice(["persoon", "organisatie"]), help=_("Waar de vraag over gaat."))
@click.option("--ground", help=_("Nummer van de grondslag, als er meer zijn."))
@_JSON
def ask(  # noqa: PLR0913, PLR0917 - the options
    session: NodeSession,
    attributes: tuple[str, ...],
    purpose: str,
    control: str,
    reason: str,
    kind: str | None,
    ground: str | None,
    as_json: bool,  # noqa: FBT001 - a click option
) -> None:
    """Ask a question and print the answer."""
    question = {
        "kenmerken": [_attribute(text) for text in attributes],
        "doel": purpose,
        "controle": control,
        "reden": reason,
        "betreft": kind,
        "grondslag": ground,
    }
    answer = session.post(
        "/v1/bevragingen", {name: value for name, value in question.items() if value is not None}
    )
    _shown(answer, as_json=as_json, told=told_answer)


@node.command(help=_("Open een controle voor vandaag; het nummer komt op het scherm."))
@_as_person
@click.option("--basis", required=True, help=_("Taak, zoals apv_seksinrichting_151a."))
@click.option("--control-type", required=True, help=_("Soort controle, zoals woningcontrole."))
@click.option("--place", required=True, help=_("Gemeentecode van de plaats."))
@click.option("--planned/--unplanned", default=False, help=_("Of de controle gepland was."))
@_JSON
def open_control(  # noqa: PLR0913, PLR0917 - the options
    session: NodeSession,
    basis: str,
    control_type: str,
    place: str,
    planned: bool,  # noqa: FBT001 - a click option
    as_json: bool,  # noqa: FBT001 - a click option
) -> None:
    """Open a control and print its number."""
    sent = {"waarnemingGrondslag": basis, "controlesoort": control_type, "plaats": place, "gepland": planned}
    answer = session.post("/v1/controles", sent)
    _shown(answer, as_json=as_json, told=lambda one: one["nummer"])


@node.command(help=_("Leg vast hoe een controle afliep; zonder opties: van welke controles dat nog moet."))
@_as_person
@click.option("--control", help=_("Nummer van de controle."))
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), help=_("Hoe het afliep."))
@_JSON
def outcome(
    session: NodeSession,
    control: str | None,
    outcome: str | None,
    as_json: bool,  # noqa: FBT001 - a click option
) -> None:
    """Record an outcome, or list the controls of which one is due."""
    if (control is None) != (outcome is None):
        raise click.UsageError(_("Geef --control en --outcome samen, of geen van beide."))
    if control is None:
        _shown(session.get("/v1/aflopen"), as_json=as_json, told=told_due)
        return
    answer = session.post("/v1/aflopen", {"controle": control, "afloop": outcome})
    _shown(answer, as_json=as_json, told=told_outcome)


@node.command(help=_("Bewaar een signaal, uit een bestand (JSON van de interface) of uit losse opties."))
@_as_person
@click.option("--file", "file", type=_FILE, help=_("Het hele signaal als JSON."))
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="TYPE=VALUE",
    help=_("Kenmerk van de persoon; vaker mag."),
)
@click.option("--role", default="onbekend", show_default=True, help=_("Rol van de persoon in dit signaal."))
@click.option("--date", metavar="YYYY-MM-DD", help=_("Datum van de waarneming."))
@click.option("--basis", help=_("Taak, zoals apv_seksinrichting_151a."))
@click.option("--control-type", help=_("Soort controle."))
@click.option("--form", help=_("Uitbuitingsvorm, zoals arbeid of seksueel_onbekend."))
@click.option("--indicator", "indicators", multiple=True, help=_("Code van een aanwijzing; vaker mag."))
@click.option("--evaluation", default="X4", show_default=True, help=_("Bron en informatie, zoals B3."))
@click.option("--handling", default="H1", show_default=True, help=_("Hoe ermee om te gaan: H1, H2 of H3."))
@click.option("--control", help=_("Nummer van de controle."))
@click.option(
    "--key",
    help=_(
        "Sleutel waarmee u dit signaal veilig nog eens verstuurt: 8 tot 64 letters, cijfers of streepjes."
    ),
)
@_JSON
def submit(session: NodeSession, file: Path | None, key: str | None, as_json: bool, **options: Any) -> None:  # noqa: FBT001 - a click option
    """Submit a signal."""
    sent = _from_file(file) if file else _from_options(options)
    answer = session.post("/v1/signalen", sent, request_key=key)
    _shown(answer, as_json=as_json, told=told_submission)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        sent = json.loads(file.read_text(encoding="utf-8"))
        # What cannot be written again is no JSON either: NaN, infinity, half a character.
        json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
    except (OSError, ValueError, RecursionError):
        raise click.UsageError(_("Het bestand is niet te lezen als JSON.")) from None
    if not isinstance(sent, dict):
        raise click.UsageError(_("Het bestand moet één signaal bevatten."))
    return sent


def _from_options(options: dict[str, Any]) -> dict[str, Any]:
    needed = {"--attribute": options["attributes"], "--date": options["date"], "--basis": options["basis"]}
    needed |= {"--control-type": options["control_type"], "--form": options["form"]}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise click.UsageError(
            _("Geef --file, of vul deze opties in: {opties}.").format(opties=", ".join(missing))
        )
    sent = {
        "subjecten": [
            {"rol": options["role"], "kenmerken": [_attribute(text) for text in options["attributes"]]}
        ],
        "waargenomen": _day(options["date"]),
        "waarnemingGrondslag": options["basis"],
        "controlesoort": options["control_type"],
        "uitbuitingsvorm": options["form"],
        "aanwijzingen": list(options["indicators"]),
        "beoordeling": _evaluation(options["evaluation"], options["handling"]),
    }
    return sent | ({"controle": options["control"]} if options["control"] else {})


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a date has no time zone
    except ValueError:
        raise click.UsageError(_("Schrijf de datum als 2026-02-27.")) from None


def _evaluation(text: str, handling: str) -> dict[str, Any]:
    if len(text) != 2 or text[0] not in "ABCX" or text[1] not in "1234":
        raise click.UsageError(_("Schrijf de beoordeling als letter en cijfer, zoals X4 of B3."))
    return {"bron": text[0], "informatie": int(text[1]), "behandeling": handling}


@node.command(
    "import", help=_("Bewaar signalen uit een bestand (CSV of JSON Lines); elke rij is één signaal.")
)
@_as_person
@click.argument("file", type=_FILE)
@click.option(
    "--mapping",
    type=_FILE,
    required=True,
    help=_("Welke kolom wat is, en waar de rijen vandaan komen (YAML)."),
)
@click.option(
    "--dry-run", is_flag=True, help=_("Alleen kijken wat er zou gebeuren; er wordt niets opgeslagen.")
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Bestand (CSV) voor alle geweigerde rijen: nummer, kolom en reden."),
)
@_JSON
@click.pass_context
def import_(  # noqa: PLR0913, PLR0917 - the options
    context: click.Context,
    session: NodeSession,
    file: Path,
    mapping: Path,
    dry_run: bool,  # noqa: FBT001 - a click option
    report: Path | None,
    as_json: bool,  # noqa: FBT001 - a click option
) -> None:
    """Import a file; exit code 1 when a row was refused, or when it stopped before the end."""
    try:
        with reported(report) as keep:
            sent = import_file(session, Source(file, read_mapping(mapping)), keep, dry_run=dry_run)
    except UnfitFileError as unfit:
        raise click.UsageError("\n".join(unfit.sentences)) from None
    _shown(sent.members(), as_json=as_json, told=told_import)
    if not sent.complete:
        context.exit(REFUSED)


@node.command(help=_("Toon de treffers die op uw organisatie wachten (aandachtsfunctionaris)."))
@_as_person
@_JSON
def treffers(session: NodeSession, as_json: bool) -> None:  # noqa: FBT001 - a click option
    """Print the treffers that wait."""
    _shown(session.get("/v1/treffers"), as_json=as_json, told=told_treffers)


@node.command(help=_("Toon of het logboek bewijst wat het register u toezegde; code 1 als dat niet zo is."))
@_as_person
@_JSON
@click.pass_context
def receipts(context: click.Context, session: NodeSession, as_json: bool) -> None:  # noqa: FBT001 - a click option
    """Print how the receipts stand; exit code 1 when one is overdue or contradicted, or the log broke."""
    found = session.get("/v1/ontvangstbewijzen")
    _shown(found, as_json=as_json, told=told_receipts)
    if found["teLaat"] or found["strijdig"] or found["logbreuken"]:
        context.exit(1)


@node.command(
    "receipt-proof",
    help=_("Schrijf het bewijs dat een blad in het logboek staat (.tlog-proof); ieder ander kan het nagaan."),
)
@_as_person
@click.option(
    "--leaf",
    required=True,
    type=click.IntRange(min=0),
    help=_("Nummer van het blad, zoals het bij het antwoord stond."),
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Bestand dat wordt gemaakt, zoals blad-17.tlog-proof."),
)
def receipt_proof(session: NodeSession, leaf: int, out: Path) -> None:
    """Write a proof to a file."""
    found = session.get(f"/v1/ontvangstbewijzen/{leaf}/bewijs")
    try:
        write_new(out, str(found["bewijs"]).encode())
    except FileExistsError:
        raise click.UsageError(
            _("Het bestand {pad} bestaat al en wordt niet overschreven.").format(pad=out)
        ) from None
    click.echo(_("Het bewijs van blad {blad} staat in {pad}.").format(blad=leaf, pad=out))


@node.command(help=_("Geef een eigen signaal vrij voor fase 2 (aandachtsfunctionaris)."))
@_as_person
@click.option("--decision", required=True, help=_("Nummer van het besluit, bij de treffer."))
@click.option("--signal", required=True, help=_("Nummer van het signaal, bij de treffer."))
@_JSON
def release(session: NodeSession, decision: str, signal: str, as_json: bool) -> None:  # noqa: FBT001 - a click option
    """Release an own signal."""
    answer = session.post("/v1/vrijgaven", {"besluitId": decision, "signaalId": signal})
    _shown(
        answer,
        as_json=as_json,
        told=lambda one: _("Vrijgegeven. Fase 2 is {stand}.").format(stand=one["stand"]),
    )


@node.command(help=_("Trek een eigen signaal in; het telt dan nergens meer mee (aandachtsfunctionaris)."))
@_as_person
@click.option("--signal", required=True, help=_("Nummer van het signaal."))
@click.option("--reason", required=True, help=_("Reden: onjuist, dubbel, bezwaar of onrechtmatig."))
@_JSON
def withdraw(session: NodeSession, signal: str, reason: str, as_json: bool) -> None:  # noqa: FBT001 - a click option
    """Withdraw an own signal."""
    answer = session.post("/v1/intrekkingen", {"signaalId": signal, "reden": reason})
    _shown(answer, as_json=as_json, told=told_withdrawal)

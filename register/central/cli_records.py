# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register organisation|mandate|ground|authority ...`: what others decided, recorded on the machine of the register.

A running register picks every change up at its next request. Exit codes: 0 done, 1 refused, 2 used wrongly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from policies.decision import ROLES, Mandate
from process.serving.errors import SettingsError
from process.serving.files import write_new
from process.serving.options import CLOCK_FILE, SETTINGS_FILE
from register.central import enrolling, mandates, organisations
from register.central.administration import ROLE, Administrator, Basis
from register.central.authority import certificate_in
from register.central.enrolling import Certify, Read
from register.central.settings import RegisterSettings
from register.enrolment import fingerprint
from register.events import REGISTER

ADMISSION_FILE = "toelating.json"

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@dataclass(frozen=True)
class Here:
    """What a command works with: an administrator at work, and the settings of the register."""

    admin: Administrator
    settings: RegisterSettings


def on_records(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that works on the records; the command receives `Here` first."""
    return _on_records(command, mending=False)


def on_policy(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that works also where the policy in force decides nothing."""
    return _on_records(command, mending=True)


def _on_records(command: Callable[..., Any], *, mending: bool) -> Callable[..., Any]:
    @SETTINGS_FILE
    @CLOCK_FILE
    @click.option("--officer", help=_("Uw nummer als beheerder van het register."))
    @wraps(command)
    def run(settings_file: Path | None, clock_file: Path | None, officer: str | None, **rest: Any) -> Any:
        from register.central.app import open_administration  # noqa: PLC0415 - help must not wait for the register to load

        settings = RegisterSettings.load(settings_file, clock_file=clock_file)
        with open_administration(settings, officer, mending=mending) as admin:
            return command(Here(admin, settings), **rest)

    return run


def basis_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that changes something; the command receives a `basis`."""

    @click.option("--document", required=True, help=_("Kenmerk van het besluit."))
    @click.option("--decided-by", required=True, help=_("Wie besloot, zoals het college van ..."))
    @wraps(command)
    def run(*arguments: Any, document: str, decided_by: str, **rest: Any) -> Any:
        return command(*arguments, basis=Basis(document, decided_by), **rest)

    return run


_OUT = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ADMISSION_FILE,
    show_default=True,
    help=_("Bestand voor de toelating; bestaat nog niet."),
)


def _certificate(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that makes a toelating with a certificate; the command receives `certify` and `out`."""

    @click.option(
        "--certificate",
        type=FILE,
        help=_("Certificaat dat elders is afgegeven (PEM), zoals van PKIoverheid."),
    )
    @click.option("--authority", type=_FOLDER, help=_("Map van een eigen uitgever, voor een proef."))
    @click.option("--passphrase-file", type=FILE, help=_("Bestand met het wachtwoord van de uitgever."))
    @_OUT
    @wraps(command)
    def run(
        *arguments: Any,
        certificate: Path | None,
        authority: Path | None,
        passphrase_file: Path | None,
        out: Path,
        **rest: Any,
    ) -> Any:
        certify = _certify(certificate, authority, passphrase_file)
        return command(*arguments, certify=certify, out=_new(out), **rest)

    return run


def _certify(certificate: Path | None, folder: Path | None, passphrase_file: Path | None) -> Certify:
    if certificate is not None and folder is None and passphrase_file is None:
        found = certificate_in(certificate)
        return lambda _wanted: found
    if certificate is None and folder is not None and passphrase_file is not None:
        from register.central.app import issuing_authority  # noqa: PLC0415 - as above

        return issuing_authority(folder, passphrase_file)
    raise click.UsageError(_("Geef --certificate, of --authority met --passphrase-file."))


def _write_admission(content: bytes, out: Path) -> None:
    try:
        write_new(out, content)
    except OSError as error:
        raise SettingsError(
            _(
                "De toelating is niet geschreven ({fout}). Maak haar met 'register organisation admission'."
            ).format(fout=error.strerror or _("het bestaat al"))
        ) from None
    click.echo(_("Toelating: {pad}").format(pad=out))
    click.echo(_("Vingerafdruk: {vingerafdruk}").format(vingerafdruk=fingerprint(content)))
    click.echo(
        _(
            "Stuur het bestand naar de beheerder van de node. Hij belt u terug op een nummer dat hij al kende; lees hem dan de vingerafdruk voor."
        )
    )


def _new(out: Path) -> Path:
    if out.exists():
        raise SettingsError(_("Het bestand {pad} bestaat al; kies een ander met --out.").format(pad=out))
    return out


@click.group(help=_("Organisaties die meedoen: inschrijven, vernieuwen, beëindigen, samenvoegen."))
def organisation() -> None:
    """Organisations that take part."""


_REQUEST = click.option(
    "--request", "request_file", type=FILE, required=True, help=_("De aanmelding (aanmelding.json).")
)
_TOLD = click.option(
    "--fingerprint", "told", required=True, help=_("De vingerafdruk die de ander u voorlas.")
)


@organisation.command("add", help=_("Schrijf een organisatie in op grond van haar aanmelding."))
@_REQUEST
@_TOLD
@click.option("--from", "start", type=DAY, required=True, help=_("Eerste dag van deelname."))
@click.option("--ground", type=FILE, help=_("Grondslagen van deze organisatie (vorm van grounds.yaml)."))
@_certificate
@basis_options
@on_records
def add(  # noqa: PLR0913 - the options
    here: Here,
    *,
    request_file: Path,
    told: str,
    start: datetime,
    ground: Path | None,
    certify: Certify,
    out: Path,
    basis: Basis,
) -> None:
    """Enrol an organisation."""
    from register.central.app import open_office  # noqa: PLC0415 - as above

    grounds = None if ground is None else read_text(ground)
    read = Read(request_file.read_bytes(), told)
    content = enrolling.add(
        here.admin, open_office(here.settings, certify), read, start.date(), grounds, basis
    )
    click.echo(_("De organisatie is ingeschreven."))
    _write_admission(content, out)


@organisation.command(
    "renew", help=_("Schrijf een nieuw certificaat in voor een organisatie die al meedoet.")
)
@_REQUEST
@_TOLD
@click.option(
    "--lost-key",
    is_flag=True,
    help=_("De vorige sleutel is weg of gestolen: alle vorige certificaten stoppen meteen."),
)
@_certificate
@basis_options
@on_records
def renew(  # noqa: PLR0913 - the options
    here: Here,
    *,
    request_file: Path,
    told: str,
    lost_key: bool,
    certify: Certify,
    out: Path,
    basis: Basis,
) -> None:
    """Record a new certificate."""
    from register.central.app import open_office  # noqa: PLC0415 - as above

    read = Read(request_file.read_bytes(), told)
    content = enrolling.renew(here.admin, open_office(here.settings, certify), read, basis, lost_key=lost_key)
    click.echo(_("Het certificaat is ingeschreven."))
    _write_admission(content, out)


@organisation.command("admission", help=_("Maak een toelating die kwijtraakte opnieuw."))
@_REQUEST
@_OUT
@on_records
def admission(here: Here, *, request_file: Path, out: Path) -> None:
    """Make an admission again."""
    from register.central.app import open_office  # noqa: PLC0415 - as above

    office = open_office(here.settings, _issues_nothing)
    _write_admission(enrolling.again(here.admin, office, request_file.read_bytes()), _new(out))


def _issues_nothing(_wanted: object) -> Any:
    raise AssertionError("an admission that is made again issues nothing")


@organisation.command("list", help=_("Toon alle organisaties."))
@on_records
def list_organisations(here: Here) -> None:
    """List organisations."""
    for one in organisations.listed(here.admin):
        state = _("doet mee") if one.takes_part(here.admin.today) else _("doet niet mee")
        into = f" -> {one.successor}" if one.successor else ""
        click.echo(f"{one.id}\t{one.name}\t{span(one.valid_from, one.valid_to)}\t{state}{into}")


@organisation.command("show", help=_("Toon alles wat van één organisatie is vastgelegd."))
@click.argument("code")
@on_records
def show(here: Here, *, code: str) -> None:
    """Show one organisation."""
    for line in _told(organisations.shown(here.admin, code)):
        click.echo(line)


@organisation.command("end", help=_("Beëindig de deelname van een organisatie."))
@click.argument("code")
@click.option("--on", type=DAY, help=_("Eerste dag zonder deelname; vandaag als u niets kiest."))
@basis_options
@on_records
def end(here: Here, *, code: str, on: datetime | None, basis: Basis) -> None:
    """End an organisation."""
    organisations.end(here.admin, code, _day(on, here.admin), basis)
    click.echo(_("De deelname van {organisatie} is beëindigd.").format(organisatie=code))


@organisation.command("merge", help=_("Voeg een organisatie samen met haar opvolger."))
@click.argument("code")
@click.option("--into", required=True, help=_("Code van de opvolger."))
@click.option("--on", type=DAY, help=_("Eerste dag van de opvolger; vandaag als u niets kiest."))
@basis_options
@on_records
def merge(here: Here, *, code: str, into: str, on: datetime | None, basis: Basis) -> None:
    """Merge an organisation into another."""
    organisations.merge(here.admin, code, into, _day(on, here.admin), basis)
    click.echo(_("{organisatie} gaat over in {opvolger}.").format(organisatie=code, opvolger=into))


@click.group(help=_("Mandaten: welke organisatie welke rol aan wie gaf."))
def mandate() -> None:
    """Mandates."""


def _whose(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--person", required=True, help=_("Nummer van de medewerker, nooit een naam.")),
        click.option("--role", type=click.Choice(ROLES), required=True, help=_("De rol.")),
        click.option("--organisation", "code", required=True, help=_("Code van de organisatie.")),
    ):
        command = option(command)
    return command


_ONLY = click.option("--organisation", "code", help=_("Alleen van deze organisatie."))


def _days(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--screened", type=DAY, required=True, help=_("Dag van de screening.")),
        click.option("--trained", type=DAY, required=True, help=_("Dag van de opleiding.")),
        click.option("--until", type=DAY, required=True, help=_("Laatste dag.")),
        click.option("--from", "start", type=DAY, required=True, help=_("Eerste dag.")),
    ):
        command = option(command)
    return command


@mandate.command("add", help=_("Leg een mandaat vast, met de dagen van opleiding en screening."))
@_whose
@_days
@basis_options
@on_records
def add_mandate(  # noqa: PLR0913 - the options
    here: Here,
    *,
    code: str,
    role: str,
    person: str,
    start: datetime,
    until: datetime,
    trained: datetime,
    screened: datetime,
    basis: Basis,
) -> None:
    """Record a mandate."""
    days = (one.date() for one in (start, until, trained, screened))
    mandates.add_mandate(here.admin, Mandate(role, code, person, *days), basis)
    click.echo(_("Het mandaat is vastgelegd."))


@mandate.command(
    "first",
    help=_("Leg uzelf (--officer) vast als eerste beheerder van een register dat er nog geen heeft."),
)
@_days
@basis_options
@on_records
def first_mandate(  # noqa: PLR0913 - the options
    here: Here, *, start: datetime, until: datetime, trained: datetime, screened: datetime, basis: Basis
) -> None:
    """Record the first administrator."""
    days = (one.date() for one in (start, until, trained, screened))
    mandates.first_mandate(here.admin, Mandate(ROLE, REGISTER, here.admin.officer, *days), basis)
    click.echo(_("U bent vastgelegd als eerste beheerder van dit register."))


@mandate.command("end", help=_("Beëindig een mandaat."))
@_whose
@click.option("--on", type=DAY, help=_("Eerste dag zonder mandaat; vandaag als u niets kiest."))
@basis_options
@on_records
def end_mandate(  # noqa: PLR0913 - the options
    here: Here, *, code: str, role: str, person: str, on: datetime | None, basis: Basis
) -> None:
    """End a mandate."""
    mandates.end_mandate(here.admin, code, person, role, _day(on, here.admin), basis)
    click.echo(_("Het mandaat is beëindigd."))


@mandate.command("list", help=_("Toon mandaten."))
@_ONLY
@on_records
def list_mandates(here: Here, *, code: str | None) -> None:
    """List mandates."""
    found = mandates.mandates(here.admin, code)
    for one in found:
        click.echo(_mandate_line(one))
    if not found:
        click.echo(_("Er zijn geen mandaten vastgelegd."))


@click.group(help=_("Grondslagen: welk besluit, met welk advies van de FG."))
def ground() -> None:
    """Grounds."""


@ground.command("add", help=_("Leg grondslagen vast uit een bestand in de vorm van grounds.yaml."))
@click.argument("file", type=FILE)
@basis_options
@on_records
def add_ground(here: Here, *, file: Path, basis: Basis) -> None:
    """Record grounds."""
    ids = mandates.add_grounds(here.admin, read_text(file), basis)
    click.echo(_("Vastgelegd: {namen}.").format(namen=", ".join(ids)))


@ground.command("end", help=_("Beëindig een grondslag, voor iedereen die haar houdt."))
@click.argument("name")
@click.option("--on", type=DAY, help=_("Eerste dag zonder; vandaag als u niets kiest."))
@basis_options
@on_records
def end_ground(here: Here, *, name: str, on: datetime | None, basis: Basis) -> None:
    """End a ground."""
    mandates.end_ground(here.admin, name, _day(on, here.admin), basis)
    click.echo(_("De grondslag is beëindigd."))


@ground.command("list", help=_("Toon grondslagen."))
@_ONLY
@on_records
def list_grounds(here: Here, *, code: str | None) -> None:
    """List grounds."""
    found = mandates.grounds(here.admin, code)
    for one in found:
        holders = ", ".join(sorted(one.holders))
        click.echo(f"{one.id}\t{one.code}\t{holders}\t{span(one.valid_from, one.valid_to)}\t{one.document}")
    if not found:
        click.echo(_("Er zijn geen grondslagen vastgelegd."))


@click.group(help=_("Een eigen uitgever van certificaten, voor een proef."))
def authority() -> None:
    """An authority for pilots."""


@authority.command("make", help=_("Maak een uitgever: een certificaat en een sleutel achter een wachtwoord."))
@click.option("--out", type=_FOLDER, required=True, help=_("Map voor de uitgever."))
@click.option(
    "--name", default="Proef signaalregister", show_default=True, help=_("Naam in het certificaat.")
)
@click.option(
    "--passphrase-file",
    type=FILE,
    required=True,
    help=_("Bestand met een wachtwoord van minstens 20 tekens, alleen voor u leesbaar."),
)
def make(*, out: Path, name: str, passphrase_file: Path) -> None:
    """Make an authority."""
    from register.central.app import new_authority  # noqa: PLC0415 - as above

    path = new_authority(out, name, passphrase_file)
    click.echo(_("De uitgever staat klaar: {pad}").format(pad=path))
    click.echo(
        _(
            "Zet dit certificaat bij tls_authorities van register, sleutelhouders, ondertekenaar en nodes, en herstart ze. Bewaar map en wachtwoord los van elkaar, buiten deze machine."
        )
    )


COMMANDS: tuple[click.Command, ...] = (organisation, mandate, ground, authority)


def read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        SettingsError: it is none.
    """
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SettingsError(_("Het bestand {pad} is niet te lezen als tekst.").format(pad=file)) from None


def _day(chosen: datetime | None, admin: Administrator) -> date:
    return admin.today if chosen is None else chosen.date()


def span(start: date | None, last: date | None) -> str:
    """Two days for a list; an open end is three dots."""
    return f"{'...' if start is None else start.isoformat()} - {'...' if last is None else last.isoformat()}"


def _mandate_line(one: Mandate) -> str:
    days = "\t".join("-" if day is None else day.isoformat() for day in (one.trained_on, one.screened_on))
    return f"{one.organisation}\t{one.role}\t{one.officer}\t{span(one.valid_from, one.valid_to)}\t{days}"


def _told(found: organisations.Shown) -> Iterator[str]:
    record, row = found.record, found.row
    yield f"{record.id} {record.name}, {span(record.valid_from, record.valid_to)}"
    if record.successor:
        yield _("Overgegaan in {opvolger}.").format(opvolger=record.successor)
    if found.took_over:
        yield _("Nam over van {voorgangers}.").format(voorgangers=", ".join(found.took_over))
    if row is None:
        yield _("Uit de bestanden van het profiel; geen certificaat ingeschreven.")
    else:
        yield _("OIN {oin}. FG: {fg}").format(oin=row.oin, fg=row.fg_contact)
        yield _("Aandachtsfunctionaris, dag en nacht: {contact}").format(
            contact=row.contact or _("niet opgegeven")
        )
    yield from (_("Certificaat {certificaat}").format(certificaat=one) for one in found.certificates)
    yield from (_("Mandaat {mandaat}").format(mandaat=_mandate_line(one)) for one in found.mandates)
    yield from (_("Grondslag {naam} ({code})").format(naam=one.id, code=one.code) for one in found.grounds)
    for one in found.history:
        yield _("{dag}: {gebeurtenis}, {document}, besloten door {wie}").format(
            dag=one.at.date().isoformat(), gebeurtenis=one.event, document=one.document, wie=one.decided_by
        )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister node enrol ...`: sign an organisation up with the register by two files and two telephone calls.

Exit codes: 0 done, 1 refused, 2 used wrongly. `check` exits 1 when something is missing or a certificate ends within thirty days.
"""

from collections.abc import Sequence
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path

import click

from policies.decision import ROLES, Mandate
from process.serving.clock import system_clock
from register.municipal import enrolling
from register.municipal.enrolling import Wish, Written

SOON_DAYS = 30

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(formats=["%Y-%m-%d"])
_TENANTS = click.option(
    "--tenants",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help=_("Map met voor elke organisatie een map (tenants_folder)."),
)
_ORGANISATION = click.option("--organisation", required=True, help=_("Code, zoals GM9005."))


@click.group(help=_("Meld een organisatie aan bij het register, en rond dat af."))
def enrol() -> None:
    """Enrolment of an organisation of this node."""


@enrol.command("request", help=_("Maak de sleutels van een organisatie en haar aanmelding."))
@_ORGANISATION
@click.option("--oin", required=True, help=_("OIN van de organisatie: twintig cijfers."))
@click.option("--fg-contact", required=True, help=_("Hoe de FG van de organisatie bereikt wordt."))
@click.option(
    "--contact",
    required=True,
    help=_(
        "Hoe de aandachtsfunctionaris dag en nacht bereikt wordt, zoals een piketnummer; een ander leest dit alleen na een noodopening bij acuut gevaar."
    ),
)
@click.option("--address", help=_("Adres van de node, als anderen hem via https bereiken."))
@click.option(
    "--mandate",
    "wanted",
    multiple=True,
    metavar="ROL=NUMMER,OPGELEID,GESCREEND",
    help=_(
        "Rol voor een medewerker, bij nummer en nooit bij naam, met de dagen van opleiding en screening; vaker mag."
    ),
)
@click.option("--from", "start", type=_DAY, help=_("Eerste dag van de mandaten."))
@click.option("--until", type=_DAY, help=_("Laatste dag van de mandaten."))
@click.option(
    "--recovery-key-out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=_("Bestand voor de geheime herstelsleutel, buiten de mappen van de node."),
)
@_TENANTS
def request(  # noqa: PLR0913 - the options
    *,
    organisation: str,
    oin: str,
    fg_contact: str,
    contact: str,
    address: str | None,
    wanted: tuple[str, ...],
    start: datetime | None,
    until: datetime | None,
    recovery_key_out: Path,
    tenants: Path,
) -> None:
    """Make keys and an aanmelding."""
    from register.municipal.app import system_randomness  # noqa: PLC0415 - help must not wait for the node to load

    mandates = tuple(_mandate(organisation, one, start, until) for one in wanted)
    written = enrolling.request(
        Wish(organisation, oin, fg_contact, contact, address, mandates),
        tenants,
        recovery_key_out,
        moment=system_clock(),
        randomness=system_randomness,
    )
    click.echo(_("De sleutels van {organisatie} staan klaar.").format(organisatie=organisation))
    click.echo(
        _(
            "Leg {pad} nu in een kluis, en haal het van deze machine. Wie het heeft, kan het dossier openen; zonder dit bestand is een verloren dossier niet te herstellen."
        ).format(pad=recovery_key_out)
    )
    _tell(written)


@enrol.command("renew", help=_("Maak een nieuwe sleutel en vraag daar een certificaat voor."))
@_ORGANISATION
@click.option("--lost-key", is_flag=True, help=_("De huidige sleutel is weg of gestolen."))
@_TENANTS
def renew(*, organisation: str, lost_key: bool, tenants: Path) -> None:
    """Make a new key and an aanmelding for it."""
    _tell(enrolling.renew(organisation, tenants, moment=system_clock(), lost_key=lost_key))


@enrol.command("complete", help=_("Rond de inschrijving af met de toelating van het register."))
@click.option("--admission", type=_FILE, required=True, help=_("De toelating (toelating.json)."))
@click.option(
    "--fingerprint",
    "told",
    required=True,
    help=_("De vingerafdruk die de beheerder van het register u voorlas."),
)
@_TENANTS
@click.option(
    "--out",
    "settings",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=_("Instellingen van de node; worden gemaakt als ze er niet zijn."),
)
def complete(*, admission: Path, told: str, tenants: Path, settings: Path) -> None:
    """Take a toelating in."""
    done = enrolling.complete(admission, told, tenants, settings, moment=system_clock())
    if done.renewed:
        click.echo(_("Het certificaat van {organisatie} is vernieuwd.").format(organisatie=done.organisation))
        click.echo(_("Herstart de node. Verwijder daarna de vorige sleutel uit de map van de organisatie."))
    else:
        click.echo(_("{organisatie} is ingeschreven.").format(organisatie=done.organisation))
        if done.new_settings:
            click.echo(
                _("De instellingen staan in {pad}; kies daarin nog host en port.").format(pad=done.settings)
            )
        click.echo(
            _(
                "Zet nu accounts klaar met 'signaalregister node prepare --settings {pad} --organisation {organisatie} --records BESTAND', en herstart de node."
            ).format(pad=done.settings, organisatie=done.organisation)
        )
    click.echo(_("Het certificaat geldt tot {dag}.").format(dag=done.ends_at.date().isoformat()))


@enrol.command(
    "check",
    help=_("Toon wat er van elke organisatie is, wat ontbreekt, en hoe lang het certificaat nog geldt."),
)
@_TENANTS
@click.pass_context
def check(context: click.Context, *, tenants: Path) -> None:
    """Show the state of every organisation."""
    states = enrolling.states(tenants, moment=system_clock())
    for one in states:
        click.echo(f"{one.organisation}:")
        if one.request is not None:
            click.echo(_("  aanmelding: {vingerafdruk}").format(vingerafdruk=one.request))
        if one.renewal is not None:
            click.echo(_("  vernieuwing loopt: {vingerafdruk}").format(vingerafdruk=one.renewal))
        if one.days is not None:
            click.echo(_("  certificaat: nog {dagen} dagen").format(dagen=one.days))
        click.echo(
            _("  ontbreekt: {namen}").format(namen=", ".join(one.missing)) if one.missing else _("  compleet")
        )
    if any(one.missing or one.days is None or one.days < SOON_DAYS for one in states):
        context.exit(1)


def _mandate(organisation: str, text: str, start: datetime | None, until: datetime | None) -> Mandate:
    role, found, rest = text.partition("=")
    officer, *days = rest.split(",")
    fitness = _days(days)
    if not found or role not in ROLES or fitness is None:
        raise click.UsageError(
            _(
                "Schrijf een mandaat als ROL=NUMMER,OPGELEID,GESCREEND, zoals toezichthouder=medewerker-0001,2026-10-05,2026-09-14. Zonder opleiding en screening geldt een mandaat niet."
            )
        )
    if start is None or until is None:
        raise click.UsageError(
            _("Geef met --from en --until aan van wanneer tot wanneer de mandaten gelden.")
        )
    return Mandate(role, organisation, officer, start.date(), until.date(), *fitness)


def _days(texts: Sequence[str]) -> tuple[date, date] | None:
    try:
        trained, screened = (date.fromisoformat(text) for text in texts)
    except ValueError:
        return None
    return trained, screened


def _tell(written: Written) -> None:
    click.echo(_("Aanmelding: {pad}").format(pad=written.path))
    click.echo(_("Vingerafdruk: {vingerafdruk}").format(vingerafdruk=written.fingerprint))
    click.echo(
        _(
            "Stuur dit bestand naar de beheerder van het register. Bel hem daarna op een nummer dat u al kende, en lees de vingerafdruk voor. Er staat niets geheims in het bestand."
        )
    )

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register alliance|gate|criteria ...`: samenwerkingsverbanden, covenants, gates and the checklist behind C10, recorded on the machine of the register.

A running register picks every change up at its next request. Exit codes: 0 done, 1 refused, 2 used wrongly.
"""

from collections.abc import Callable
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from policies.grounds import GATES, FgAdvice, Party
from register.central import agreements
from register.central.administration import Basis
from register.central.cli_records import DAY, FILE, Here, basis_options, on_records, read_text, span


@click.group(help=_("Samenwerkingsverbanden en convenanten: vastleggen, en wie partij is."))
def alliance() -> None:
    """Samenwerkingsverbanden and covenants."""


@alliance.command("add", help=_("Leg ze vast uit een bestand in de vorm van alliances.yaml."))
@click.argument("file", type=FILE)
@basis_options
@on_records
def add(here: Here, *, file: Path, basis: Basis) -> None:
    """Record samenwerkingsverbanden and covenants."""
    ids = agreements.add_alliances(here.admin, read_text(file), basis)
    click.echo(_("Vastgelegd: {namen}.").format(namen=", ".join(ids)))


def _party(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--on", type=DAY, help=_("De dag; vandaag als u niets kiest.")),
        click.option("--organisation", "code", required=True, help=_("Code van de organisatie.")),
        click.argument("name"),
    ):
        command = option(command)
    return command


@alliance.command("join", help=_("Een organisatie wordt partij, vanaf een dag."))
@_party
@basis_options
@on_records
def join(here: Here, *, name: str, code: str, on: datetime | None, basis: Basis) -> None:
    """Record a party."""
    agreements.join(here.admin, name, code, _day(on, here), basis)
    click.echo(_("{organisatie} is partij bij {verband}.").format(organisatie=code, verband=name))


@alliance.command("leave", help=_("Een organisatie is geen partij meer, vanaf een dag."))
@_party
@basis_options
@on_records
def leave(here: Here, *, name: str, code: str, on: datetime | None, basis: Basis) -> None:
    """Record that a party leaves."""
    agreements.leave(here.admin, name, code, _day(on, here), basis)
    click.echo(_("{organisatie} is geen partij meer bij {verband}.").format(organisatie=code, verband=name))


@alliance.command("end", help=_("Beëindig een samenwerkingsverband of convenant."))
@click.argument("name")
@click.option("--on", type=DAY, help=_("Eerste dag zonder; vandaag als u niets kiest."))
@basis_options
@on_records
def end(here: Here, *, name: str, on: datetime | None, basis: Basis) -> None:
    """End one."""
    agreements.end(here.admin, name, _day(on, here), basis)
    click.echo(_("{verband} is beëindigd.").format(verband=name))


@alliance.command("list", help=_("Toon samenwerkingsverbanden en convenanten met hun partijen."))
@on_records
def list_alliances(here: Here) -> None:
    """List them."""
    found = agreements.alliances(here.admin)
    for one in found:
        host = one.host or "-"
        click.echo(f"{one.id}\t{one.kind}\t{host}\t{span(one.valid_from, one.valid_to)}\t{one.document}")
        for party in one.parties:
            click.echo(f"\t{_told(party)}")
    if not found:
        click.echo(_("Er is nog geen samenwerkingsverband of convenant vastgelegd."))


def _told(party: Party) -> str:
    if party.valid_from is None and party.valid_to is None:
        return party.organisation
    return f"{party.organisation}\t{span(party.valid_from, party.valid_to)}"


@click.group(help=_("Poorten: wat het register pas mag verwerken na een besluit."))
def gate() -> None:
    """Gates."""


_GATE = click.argument("code", type=click.Choice(GATES))


def _advice(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--answered-on", type=DAY, help=_("Dag waarop het bezwaar schriftelijk is beantwoord.")),
        click.option("--objection", is_flag=True, help=_("De FG maakte bezwaar.")),
        click.option("--advice-date", type=DAY, required=True, help=_("Dag van dat advies.")),
        click.option("--advice", required=True, help=_("Kenmerk van het advies van de FG.")),
    ):
        command = option(command)
    return command


def _said(document: str, on: datetime, answered_on: datetime | None, *, objection: bool) -> FgAdvice:
    return FgAdvice(on.date(), document, objection, None if answered_on is None else answered_on.date())


@gate.command("open", help=_("Open een poort, op grond van een besluit en een advies van de FG."))
@_GATE
@_advice
@basis_options
@on_records
def open_gate(  # noqa: PLR0913 - the options
    here: Here,
    *,
    code: str,
    advice: str,
    advice_date: datetime,
    objection: bool,
    answered_on: datetime | None,
    basis: Basis,
) -> None:
    """Open a gate."""
    said = _said(advice, advice_date, answered_on, objection=objection)
    agreements.open_gate(here.admin, code, said, basis)
    click.echo(_("De poort {poort} is open.").format(poort=code))


@gate.command("close", help=_("Sluit een poort. Dat geldt meteen."))
@_GATE
@basis_options
@on_records
def close_gate(here: Here, *, code: str, basis: Basis) -> None:
    """Close a gate."""
    agreements.close_gate(here.admin, code, basis)
    click.echo(_("De poort {poort} is dicht.").format(poort=code))


@gate.command("list", help=_("Toon elke poort en wat erover is besloten."))
@on_records
def list_gates(here: Here) -> None:
    """List gates."""
    for one in agreements.gates(here.admin):
        state = _("open") if one.open else _("dicht")
        decision = _("nog niet besloten") if one.gate is None else one.gate.decision
        click.echo(f"{one.code}\t{state}\t{decision}")


@click.group(
    help=_("De lijst met criteria die de coördinator naloopt voordat fase 2 opengaat (BGS 2.16 lid 2).")
)
def criteria() -> None:
    """The checklist behind C10."""


@criteria.command("set", help=_("Stel de lijst vast uit een bestand in de vorm van criteria.yaml."))
@click.argument("file", type=FILE)
@_advice
@basis_options
@on_records
def set_criteria(  # noqa: PLR0913 - the options
    here: Here,
    *,
    file: Path,
    advice: str,
    advice_date: datetime,
    objection: bool,
    answered_on: datetime | None,
    basis: Basis,
) -> None:
    """Set the checklist."""
    said = _said(advice, advice_date, answered_on, objection=objection)
    ids = agreements.set_criteria(here.admin, read_text(file), said, basis)
    click.echo(_("De criteria gelden: {namen}.").format(namen=", ".join(ids)))


@criteria.command("list", help=_("Toon de lijst die nu geldt."))
@on_records
def list_criteria(here: Here) -> None:
    """List the checklist."""
    found = agreements.criteria(here.admin)
    for one in found:
        click.echo(f"{one.id}\t{one.question}")
    if not found:
        click.echo(_("Er zijn nog geen criteria vastgesteld. Fase 2 gaat niet open."))


COMMANDS: tuple[click.Command, ...] = (alliance, gate, criteria)


def _day(chosen: datetime | None, here: Here) -> date:
    return here.admin.today if chosen is None else chosen.date()

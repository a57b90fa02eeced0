# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister policy`: check the rules, print the reading table, explain a cell. Exit 0 done, 1 refused, 2 used wrongly."""

import csv
from gettext import gettext as _
from pathlib import Path

import click

from policies.decision import FIELDS, PURPOSES, ROLES
from policies.desk.load import ProfileError, load_profile
from policies.grounds import GroundError, GroundRegister
from policies.matrix import as_text, derive_matrix, differences
from policies.ruleset import PolicySet, PolicySetError
from policies.sharing import RECIPIENTS, Inquiry, advise

_profile = click.option(
    "--profile", default="oefening", show_default=True, help=_("Het profiel waarvan de regels gelden.")
)


@click.group(help=_("Bekijk en controleer de regels: wie mag wat zien, op welke grondslag."))
def policy() -> None:
    """Hold the sub-commands."""


@policy.command(help=_("Controleer de regels en de grondslagen, en vergelijk ze met de matrix."))
@_profile
@click.option(
    "--matrix",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("CSV met rol, doel, veld, besluit, grondslag en voorwaarden; elke cel wordt vergeleken."),
)
def check(profile: str, matrix: Path | None) -> None:
    """Refuse with exit 1 if the rules do not pass or a cell differs."""
    rules, register = _load(profile)
    click.echo(
        _("{regels} regels en {gronden} grondslagen zijn in orde. Vingerafdruk: {hash}").format(
            regels=len(rules.rules), gronden=len(register.grounds), hash=rules.hash
        )
    )
    if matrix is None:
        return
    with matrix.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = {"role", "purpose", "field", "decision", "ground", "conditions"}
    if not rows or not wanted <= set(rows[0]):
        raise click.UsageError(
            _("Dit bestand is geen matrix met de kolommen {kolommen}.").format(
                kolommen=", ".join(sorted(wanted))
            )
        )
    found = differences(rules, rows)
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(_("{aantal} cellen wijken af.").format(aantal=len(found)))
    click.echo(_("{aantal} cellen zijn gelijk aan de matrix.").format(aantal=len(rows)))


@policy.command(help=_("Druk de leestabel af: per rol en doel wat te zien is, op welke grondslag."))
@_profile
@click.option("--role", type=click.Choice(ROLES), help=_("Alleen deze rol."))
@click.option("--purpose", type=click.Choice(PURPOSES), help=_("Alleen dit doel."))
def matrix(profile: str, role: str | None, purpose: str | None) -> None:
    """Print what the parsed rules themselves say."""
    rules, _register = _load(profile)
    cells = (
        cell for cell in derive_matrix(rules) if role in {None, cell.role} and purpose in {None, cell.purpose}
    )
    click.echo(as_text(cells), nl=False)


@policy.command(help=_("Leg uit of een rol gegevens mag zien of delen, waarom en onder welke voorwaarden."))
@_profile
@click.option("--role", type=click.Choice(ROLES), required=True, help=_("De rol."))
@click.option("--purpose", type=click.Choice(PURPOSES), required=True, help=_("Het doel."))
@click.option(
    "--field",
    "fields",
    type=click.Choice(FIELDS),
    required=True,
    multiple=True,
    help=_("Het veld; mag vaker."),
)
@click.option(
    "--recipient",
    type=click.Choice(RECIPIENTS),
    default=None,
    help=_("Met wie u wilt delen; buiten is iemand die niet meedoet. Zonder ontvanger gaat het om zien."),
)
def explain(profile: str, role: str, purpose: str, fields: tuple[str, ...], recipient: str | None) -> None:
    """Explain in plain Dutch, as the page 'Mag ik dit delen?' does."""
    rules, _register = _load(profile)
    inquiry = Inquiry(role, purpose, tuple(dict.fromkeys(fields)), recipient or "")
    click.echo(advise(rules, inquiry).as_text(), nl=False)


def _load(profile: str) -> tuple[PolicySet, GroundRegister]:
    try:
        return load_profile(profile)
    except (ProfileError, PolicySetError, GroundError) as error:
        raise click.ClickException(str(error)) from error

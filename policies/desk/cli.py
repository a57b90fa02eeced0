# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister policy`: check the rules, compare two sets, print the reading table, explain a cell.

Exit 0 done, 1 refused, 2 used wrongly, 3 there are differences (`diff`). `policy replay` belongs to the register, which brings it (register.central.cli_policy).
"""

import csv
import json
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path

import click

from policies.decision import FIELDS, PURPOSES, ROLES
from policies.desk.load import ProfileError, load_texts, texts_of
from policies.difference import difference, lines
from policies.explain import notices
from policies.grounds import GroundError, GroundRegister
from policies.lint import findings, repeated_ids
from policies.matrix import as_text, derive_matrix, differences
from policies.reading import as_csv, as_html
from policies.recorded import Export, Request, compared, from_json, told
from policies.ruleset import PolicySet, PolicySetError
from policies.sharing import RECIPIENTS, Inquiry, advise

DIFFERENT = 3
"""Exit code of `policy diff` when there is something to look at."""

_profile = click.option(
    "--profile", default="oefening", show_default=True, help=_("Het profiel waarvan de regels gelden.")
)


@click.group(help=_("Bekijk en controleer de regels: wie mag wat zien, op welke grondslag."))
def policy() -> None:
    """Hold the sub-commands."""


@policy.command(
    help=_(
        "Controleer de regels en de grondslagen: elke regel heeft een eigen naam, een grondslag die bestaat, en beslist iets. Vergelijk ze met de matrix. PLACE is een profiel of een map met regels."
    )
)
@click.argument("place", required=False)
@_profile
@click.option(
    "--matrix",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("CSV met rol, doel, veld, besluit, grondslag en voorwaarden; elke cel wordt vergeleken."),
)
def check(place: str | None, profile: str, matrix: Path | None) -> None:
    """Refuse with exit 1 if the rules do not pass, a rule is idle, or a cell differs."""
    texts = _texts_of(place or profile)
    repeated = repeated_ids(texts)
    rules, register = (None, None) if repeated else _load_texts(texts)
    found = repeated if rules is None or register is None else findings(rules, register)
    for one in found:
        click.echo(str(one))
    if found or rules is None or register is None:
        raise click.ClickException(_("Er klopt iets niet in {aantal} regels.").format(aantal=len(found)))
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
    cells = differences(rules, rows)
    for line in cells:
        click.echo(line)
    if cells:
        raise click.ClickException(_("{aantal} cellen wijken af.").format(aantal=len(cells)))
    click.echo(_("{aantal} cellen zijn gelijk aan de matrix.").format(aantal=len(rows)))


@policy.command(help=_("Druk de leestabel af: per rol en doel wat te zien is, op welke grondslag."))
@_profile
@click.option("--role", type=click.Choice(ROLES), help=_("Alleen deze rol."))
@click.option("--purpose", type=click.Choice(PURPOSES), help=_("Alleen dit doel."))
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "html", "csv")),
    default="text",
    show_default=True,
    help=_("Als tekst, als pagina of voor een rekenblad."),
)
def matrix(profile: str, role: str | None, purpose: str | None, form: str) -> None:
    """Print what the parsed rules themselves say."""
    rules, _register = _load(profile)
    cells = [
        cell for cell in derive_matrix(rules) if role in {None, cell.role} and purpose in {None, cell.purpose}
    ]
    if form == "csv":
        click.echo(as_csv(rules, cells), nl=False)
    elif form == "html":
        click.echo(as_html(rules, cells, profile=profile), nl=False)
    else:
        for notice in notices(rules):
            click.echo(f"{notice}\n")
        click.echo(as_text(cells), nl=False)


@policy.command(
    help=_(
        "Laat zien wat een wijziging van de regels doet: welke cellen en handelingen ruimer of strenger worden, met een voorbeeld. OLD en NEW zijn elk een profiel of een map met regels. Exit 0: geen verschil, 3: verschil."
    )
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--records",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Vastgelegde vragen (van 'policy replay --export'); elke vraag wordt met beide beslist."),
)
@click.pass_context
def diff(context: click.Context, old: str, new: str, records: Path | None) -> None:
    """Compare two policy sets: profile names or folders."""
    (before, base), (after, _base) = _load(old), _load(new)
    found = difference(before, after, base)
    for line in lines(found):
        click.echo(line)
    if not found:
        click.echo(_("Er is geen verschil. Vingerafdruk: {hash}").format(hash=after.hash))
    else:
        click.echo(_("Kenmerk van dit verschil: {kenmerk}").format(kenmerk=found.fingerprint))
    if records is not None:
        requests, registers = _exported(records)
        try:
            again = compared(requests, before, after, registers)
        except GroundError as error:
            raise click.ClickException(
                _("Deze vragen zijn van een ander profiel ({fout}).").format(fout=error)
            ) from error
        for line in told(again):
            click.echo(line)
    context.exit(DIFFERENT if found else 0)


@policy.command(help=_("Schrijf de regels van een profiel in een map, om ze te wijzigen en voor te stellen."))
@_profile
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help=_("De map; bestaat nog niet."),
)
def copy(profile: str, out: Path) -> None:
    """Write the files of a profile."""
    texts = _texts_of(profile)
    try:
        out.mkdir(parents=True)
    except FileExistsError:
        raise click.ClickException(_("De map {pad} bestaat al.").format(pad=out)) from None
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    click.echo(_("{aantal} bestanden in {pad}.").format(aantal=len(texts), pad=out))


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


def _load(place: str) -> tuple[PolicySet, GroundRegister]:
    return _load_texts(_texts_of(place))


def _exported(file: Path) -> tuple[tuple[Request, ...], Mapping[str, GroundRegister]]:
    """What `policy replay --export` wrote."""
    try:
        exported = from_json(Export, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise click.ClickException(
            _(
                "Het bestand {pad} bevat geen vastgelegde vragen. Maak het met 'policy replay --export'."
            ).format(pad=file)
        ) from error
    return exported.requests, exported.records


def _texts_of(place: str) -> dict[str, str]:
    try:
        return texts_of(place)
    except ProfileError as error:
        raise click.ClickException(str(error)) from error


def _load_texts(texts: Mapping[str, str]) -> tuple[PolicySet, GroundRegister]:
    try:
        return load_texts(texts)
    except ProfileError as error:
        raise click.ClickException(str(error)) from error
    except (PolicySetError, GroundError) as error:
        raise click.ClickException(_("De regels zijn niet toegelaten: {fout}").format(fout=error)) from error

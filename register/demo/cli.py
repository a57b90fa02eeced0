# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister demo`: a whole exercise on one machine."""

from gettext import gettext as _
from pathlib import Path

import click


@click.command(
    help=_(
        "Speel de oefening: drie gemeenten voeren signalen in, een vierde vraagt 'elders gezien?', "
        "de FG controleert het logboek en TMM ziet de route. Alle mensen zijn verzonnen."
    )
)
@click.option("--once", is_flag=True, help=_("Stop vanzelf na de antwoorden."))
@click.option(
    "--json",
    "report",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Schrijf antwoorden, adressen en accounts naar dit bestand."),
)
@click.option(
    "--stop-holder",
    type=click.IntRange(1, 3),
    help=_("Stop deze sleutelhouder vóór de vraag; twee zijn genoeg."),
)
@click.option(
    "--port-base", type=click.IntRange(1024, 65000), default=8400, show_default=True, help=_("Eerste poort.")
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Bewaar de bestanden in deze lege map."),
)
@click.option(
    "--keys",
    is_flag=True,
    help=_(
        "Speel wat er met sleutels gebeurt: ceremonie, verloren houder, herverdeling en rotatie. Stopt vanzelf."
    ),
)
@click.option(
    "--policy",
    is_flag=True,
    help=_(
        "Laat zien wat de regels doen: één treffer voor vier lezers, met de reden van elk veld, en een regel die per ongeluk ruimer werd. Stopt vanzelf."
    ),
)
@click.option(
    "--tmm",
    is_flag=True,
    help=_(
        "Breng de carrousel naar TMM: drie signalen en een vraag, opgepakt en overgedragen. TMM ziet de verplaatsing A, B, C, D, met van elk verband de reden. Wie het eerste signaal gaf, hoort het terug. Stopt vanzelf."
    ),
)
@click.option(
    "--audit",
    is_flag=True,
    help=_(
        "Knoei zes keer met het logboek, en laat zien dat het elke keer opvalt: bij onze nakijker en bij software van anderen (--judge). Stopt vanzelf."
    ),
)
@click.option(
    "--judge",
    "judges",
    multiple=True,
    metavar=_("NAAM=OPDRACHT"),
    help=_(
        "Software die niet van ons is, voor --audit: krijgt een uitvoer en sleutels mee, en eindigt met 0 (goed) of 1 (afgekeurd); mag vaker."
    ),
)
@click.pass_context
def demo(  # noqa: PLR0913, PLR0917 - the options
    ctx: click.Context,
    once: bool,  # noqa: FBT001 - a click option
    report: Path | None,
    stop_holder: int | None,
    port_base: int,
    folder: Path | None,
    keys: bool,  # noqa: FBT001 - a click option
    policy: bool,  # noqa: FBT001 - a click option
    tmm: bool,  # noqa: FBT001 - a click option
    audit: bool,  # noqa: FBT001 - a click option
    judges: tuple[str, ...],
) -> None:
    """Play the exercise."""
    if keys + policy + tmm + audit > 1:
        raise click.UsageError(_("Kies --keys, --policy, --tmm of --audit, niet meer dan één."))
    if audit != bool(judges):
        raise click.UsageError(
            _("--audit en --judge horen bij elkaar: er oordeelt altijd ook software mee die niet van ons is.")
        )
    if audit and stop_holder is not None:
        raise click.UsageError(_("--stop-holder hoort niet bij --audit."))
    if keys and stop_holder is not None:
        raise click.UsageError(_("Bij --keys raakt altijd sleutelhouder 2 verloren; laat --stop-holder weg."))
    from register.demo.app import Wish, play  # noqa: PLC0415 - help must not wait for the whole demo to load

    ctx.exit(play(Wish(once, report, stop_holder, port_base, folder, keys, policy, tmm, judges)))

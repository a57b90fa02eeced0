# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register policy ...`: the steps by which a policy set comes into force, and back; and `signaalregister policy replay`.

A running register picks an activation up at its moment, without a restart. Exit codes: 0 done, 1 refused or different, 2 used wrongly.
"""

import json
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _
from pathlib import Path

import click

from policies.desk.cli import policy as policy_group
from policies.desk.load import (
    ProfileError,
    load_profile,
    load_rules,
    load_texts,
    profile_texts,
    record_texts,
    texts_hash,
    texts_of,
)
from policies.difference import Difference, lines
from policies.grounds import GroundError, GroundRegister
from policies.recorded import to_json, told
from policies.ruleset import PolicySet, PolicySetError
from process.serving.errors import SettingsError
from process.serving.files import write_new
from register.activities import activities
from register.central import changing, replaying
from register.central.administration import Basis
from register.central.cli_records import Here, basis_options, on_policy, on_records
from register.central.proposals import change_of, proposal
from register.central.store.policy import (
    ACTIVATED,
    ADVISED,
    AGREED,
    ANSWERED,
    APPROVED,
    PROPOSED,
    ROLLED_BACK,
    Step,
)
from register.register30 import as_html, as_json, as_text

REFUSED = 1
"""Exit code of `policy replay` when a decision comes out otherwise under the rules of then."""

_MOMENT = click.DateTime(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@click.group(
    "policy", help=_("Beleid: voorstellen, advies, tweede mandaat, aanzetten op een moment, en terug.")
)
def group() -> None:
    """Policy sets in force."""


@group.command("propose", help=_("Stel regels voor uit een map (of de regels van een profiel)."))
@click.argument("place")
@basis_options
@on_records
def propose(here: Here, *, place: str, basis: Basis) -> None:
    """Propose a policy set."""
    try:
        texts = texts_of(place)
    except ProfileError as error:
        raise SettingsError(str(error)) from error
    step = changing.propose(here.admin, texts, basis, partial(_replayed, here))
    click.echo(_("Voorstel {nummer} is vastgelegd. Hash: {hash}").format(nummer=step.number, hash=step.hash))
    _show(change_of(here.admin.centre, proposal(here.admin.centre, step.number)))
    click.echo(
        _(
            "Een FG adviseert en een functioneel beheerder van een andere organisatie keurt goed. Allebei doen dat aangemeld op de pagina Beleid van het register."
        )
    )


@group.command("list", help=_("Toon alle stappen."))
@on_policy
def list_steps(here: Here) -> None:
    """List every step."""
    found = changing.listed(here.admin)
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo(_("Er zijn nog geen stappen."))
    broken = here.admin.centre.records.now().instead_of
    if broken is not None:
        click.echo(
            _(
                "Stap {nummer} beslist niets: hij staat niet in het logboek, of de regels ervan zijn niet te lezen. 'roll-back' gaat terug naar {hash}"
            ).format(nummer=broken.number, hash=here.admin.centre.policy.policy_set.hash)
        )
        return
    click.echo(_("Nu geldt: {hash}").format(hash=here.admin.centre.policy.policy_set.hash))


@group.command("show", help=_("Toon een voorstel: wat het verandert, en welke stappen er zijn gezet."))
@click.argument("number", type=int)
@on_records
def show(here: Here, *, number: int) -> None:
    """Show a proposal with its difference from now."""
    found = proposal(here.admin.centre, number)
    for one in (found.first, *found.steps[1:]):
        click.echo(_line(one))
    _show(change_of(here.admin.centre, found))


@group.command("answer", help=_("Leg vast dat de bezwaren schriftelijk zijn beantwoord."))
@click.argument("number", type=int)
@basis_options
@on_records
def answer(here: Here, *, number: int, basis: Basis) -> None:
    """Record an answer."""
    changing.answer(here.admin, number, basis)
    click.echo(_("Het antwoord is vastgelegd."))


@group.command("activate", help=_("Zet een goedgekeurd voorstel aan, nu of op een moment."))
@click.argument("number", type=int)
@click.option("--at", type=_MOMENT, help=_("Moment in UTC, zoals 2026-03-02T06:00; nu als u niets kiest."))
@basis_options
@on_records
def activate(here: Here, *, number: int, at: datetime | None, basis: Basis) -> None:
    """Put a proposal in force."""
    moment = here.admin.moment if at is None else at.replace(tzinfo=UTC)
    step = changing.activate(here.admin, number, moment, basis)
    click.echo(
        _("Dit beleid geldt vanaf {moment}. Regel {blad} van het logboek.").format(
            moment=moment.isoformat(timespec="seconds"), blad=step.leaf_index
        )
    )


@group.command(
    "roll-back",
    help=_(
        "Ga meteen terug naar het beleid van ervoor, ook als het beleid van nu niet te lezen is. Iemand van een andere organisatie ging eerst akkoord op de pagina Beleid."
    ),
)
@basis_options
@on_policy
def roll_back(here: Here, *, basis: Basis) -> None:
    """Go back."""
    step = changing.roll_back(here.admin, basis)
    click.echo(_("Het beleid van ervoor geldt weer. Hash: {hash}").format(hash=step.hash))


@policy_group.command(
    "activities",
    help=_(
        "Druk het register van verwerkingsactiviteiten af (AVG artikel 30). Het is gemaakt uit de regels en grondslagen van een profiel of een map."
    ),
)
@click.argument("place", default="oefening", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "html", "json")),
    default="text",
    show_default=True,
    help=_("Als tekst, als pagina of als JSON."),
)
def list_activities(place: str, form: str) -> None:
    """Print the art. 30 register."""
    try:
        rules, records = load_texts(texts_of(place))
    except (ProfileError, PolicySetError, GroundError) as error:
        raise SettingsError(str(error)) from error
    found = activities(rules, records)
    if form == "json":
        click.echo(json.dumps(as_json(found, rules.hash), ensure_ascii=False, indent=2))
    else:
        click.echo((as_html if form == "html" else as_text)(found, rules.hash), nl=False)


@policy_group.command(
    "replay",
    help=_(
        "Beslis elk vastgelegd besluit van dit register opnieuw, met de regels en gegevens van toen, of met andere regels. Exit 1 als er met die van toen iets anders uitkomt."
    ),
)
@click.option("--with", "other", help=_("Naam van een profiel of een map met regels om mee te beslissen."))
@click.option(
    "--export",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Schrijf de vragen, zonder personen, in een nieuw bestand voor 'policy diff --records'."),
)
@on_records
def replay(here: Here, *, other: str | None, out: Path | None) -> None:
    """Decide again."""
    profile = here.settings.profile
    base_hash = _base_hash(here)
    if out is not None:
        exported = replaying.export(here.admin, base_hash)
        try:
            # Facts of signals are personal data, also without a name.
            write_new(out, json.dumps(to_json(exported)).encode(), mode=0o600)
        except OSError as error:
            raise SettingsError(
                _(
                    "Het bestand {pad} is niet geschreven. Kies een nieuw bestand in een map die bestaat."
                ).format(pad=out)
            ) from error
        click.echo(_("{aantal} vragen in {pad}.").format(aantal=len(exported.requests), pad=out))
        return
    rules = None if other is None else _rules(other, here.admin.centre.policy.register)
    found = replaying.replay_all(here.admin, load_profile(profile)[0], base_hash, rules)
    if rules is None and not found.different and not found.unknown:
        click.echo(_("Alle {aantal} besluiten komen hetzelfde uit.").format(aantal=found.total))
        return
    for line in told(found):
        click.echo(line)
    if rules is None:
        raise click.exceptions.Exit(REFUSED)


def _base_hash(here: Here) -> str:
    return texts_hash(record_texts(profile_texts(here.settings.profile)))


def _replayed(here: Here, rules: PolicySet) -> list[str]:
    """What the questions on record come to under these rules, for whoever reads the proposal."""
    packaged = load_profile(here.settings.profile)[0]
    return list(told(replaying.replay_all(here.admin, packaged, _base_hash(here), rules)))


def _rules(place: str, register: GroundRegister) -> PolicySet:
    try:
        rules = load_rules(texts_of(place))
        register.under(rules.profile)
    except (ProfileError, PolicySetError, GroundError) as error:
        raise SettingsError(_("De regels zijn niet toegelaten: {fout}").format(fout=error)) from error
    return rules


def _show(change: Difference) -> None:
    for line in lines(change):
        click.echo(line)
    if change:
        click.echo(_("Kenmerk van dit verschil: {kenmerk}").format(kenmerk=change.fingerprint))
    else:
        click.echo(_("Er is geen verschil met wat nu geldt."))


def _line(one: Step) -> str:
    words = {
        PROPOSED: _("voorgesteld"),
        ADVISED: _("bezwaar van de FG") if one.objection else _("advies van de FG"),
        ANSWERED: _("bezwaar beantwoord"),
        APPROVED: _("goedgekeurd"),
        ACTIVATED: _("aangezet"),
        AGREED: _("akkoord met teruggaan"),
        ROLLED_BACK: _("teruggedraaid"),
    }
    when = one.at if one.takes_effect_at is None else one.takes_effect_at
    return "\t".join(
        (
            str(one.number),
            words.get(one.step, one.step),
            str(one.proposal),
            one.hash[:12],
            f"{one.organisation}/{one.officer}",
            when.isoformat(timespec="minutes"),
            one.document,
        )
    )


COMMANDS: tuple[click.Command, ...] = (group,)

policy = policy_group
"""The command `policy` of the rules, with what needs a register."""

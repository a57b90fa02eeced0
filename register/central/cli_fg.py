# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister register fg ...`: what an FG does on the pages of the register, from a terminal.

Every command signs in at the register's own listener for people, does one thing over its interface, and signs out; it can do no more than the FG can, and stands in the log as a page does. The other
commands of `register` are for the administrator of its machine; these need no file of it. Exit codes: 0 done, 1 refused, 2 used wrongly.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from process.command import REFUSED
from process.problem import Refusal, problem_details
from process.serving.files import write_new
from process.serving.options import second_code
from process.serving.secrets import read_secret
from process.serving.session import PersonSession
from register.dangers import VERDICTS
from register.reviewing import REASONS
from register.words import (
    duty_labels,
    effect_labels,
    entry_labels,
    entry_value,
    figure_labels,
    flag_name,
    period,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_BASE = "/v1/toezicht"


def _as_fg(command: Callable[..., Any], purpose: str = "toezicht_avg") -> Callable[..., Any]:
    """Options of every command; the command receives an open session."""

    @click.option(
        "--url",
        envvar="SIGNAALREGISTER_FG_URL",
        show_envvar=True,
        required=True,
        help=_("Adres van de pagina's van het register."),
    )
    @click.option(
        "--officer",
        envvar="SIGNAALREGISTER_FG_OFFICER",
        show_envvar=True,
        required=True,
        help=_("Naam van uw account."),
    )
    @click.option(
        "--password-file",
        envvar="SIGNAALREGISTER_FG_PASSWORD_FILE",
        show_envvar=True,
        type=_FILE,
        required=True,
        help=_("Bestand met uw wachtwoord, alleen voor u leesbaar."),
    )
    @click.option(
        "--authorities",
        envvar="SIGNAALREGISTER_FG_AUTHORITIES",
        show_envvar=True,
        type=_FILE,
        help=_("Certificaten van de uitgever van het register (PEM), als het adres met https begint."),
    )
    @click.option("--json", "as_json", is_flag=True, help=_("Antwoord als JSON."))
    @wraps(command)
    def run(
        url: str, officer: str, password_file: Path, authorities: Path | None, *, as_json: bool, **rest: Any
    ) -> None:
        password = read_secret(password_file, minimum=8).reveal().decode("utf-8", "replace").rstrip("\r\n")
        said = {"naam": officer, "wachtwoord": password}
        try:
            with PersonSession(url, said, authorities, {"Doel": purpose}, second_code) as session:
                answer, told = command(session, **rest)
        except Refusal as refusal:
            if not as_json:
                raise
            click.echo(json.dumps(problem_details(refusal), ensure_ascii=False, indent=2))
            raise click.exceptions.Exit(REFUSED) from None
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else "\n".join(told(answer)))

    return run


def _post(session: PersonSession, path: str, body: dict[str, Any]) -> dict[str, Any]:
    from register.central.app import system_randomness  # noqa: PLC0415 - help must not wait for the whole register to load

    return session.post(f"{_BASE}{path}", body, request_key=system_randomness(16).hex())


@click.group(help=_("Voor de FG: postvak, maand, steekproef, verslag en verstrekkingen."))
def fg() -> None:
    """What an FG does."""


@fg.command(help=_("Toon wat u nog moet nakijken, en wat u in de laatste weken nakeek."))
@_as_fg
def inbox(session: PersonSession) -> Any:
    """Show the inbox."""
    return session.get(f"{_BASE}/postvak"), _inbox


@fg.command("open", help=_("Open één vraag uit het postvak."))
@_as_fg
@click.argument("post")
def open_item(session: PersonSession, post: str) -> Any:
    """Open an item."""
    return session.get(f"{_BASE}/postvak/{post}"), _item


@fg.command(help=_("Leg uw oordeel over één vraag vast."))
@_as_fg
@click.argument("post")
@click.option("--verdict", type=click.Choice(list(VERDICTS)), required=True, help=_("Uw oordeel."))
@click.option(
    "--reason",
    type=click.Choice([code for said in REASONS.values() for code in said]),
    required=True,
    help=_("Waarom; een code die bij het oordeel hoort."),
)
def judge(session: PersonSession, post: str, verdict: str, reason: str) -> Any:
    """Say what you think of an item."""
    answer = _post(session, f"/postvak/{post}/beoordelingen", {"oordeel": verdict, "waarom": reason})
    return answer, lambda said: [_("Vastgelegd op blad {blad}.").format(blad=said["bewijsBlad"])]


@fg.command(help=_("Toon een maand in cijfers, zoals 2026-11."))
@_as_fg
@click.argument("month")
def month(session: PersonSession, month: str) -> Any:
    """Show a month."""
    return session.get(f"{_BASE}/maanden/{month}"), _month


@fg.command(help=_("Toon wat er van treffers is geworden, in cijfers, over een heel kwartaal of jaar."))
@partial(_as_fg, purpose="statistiek")
@click.argument("first", metavar=_("VAN"), type=click.DateTime(["%Y-%m-%d"]))
@click.argument("last", metavar=_("TOT"), type=click.DateTime(["%Y-%m-%d"]))
def effects(session: PersonSession, first: datetime, last: datetime) -> Any:
    """Show what treffers came to."""
    return session.get(f"/v1/cijfers?van={first:%Y-%m-%d}&tot={last:%Y-%m-%d}"), _effects


@fg.command(help=_("Bewaar het bewijs van een maand, voor 'signaalregister audit verify'."))
@_as_fg
@click.argument("month")
@click.option("--out", type=_OUT, required=True, help=_("Nieuw bestand (JSON)."))
def proof(session: PersonSession, month: str, out: Path) -> Any:
    """Save the proof of a month."""
    found = session.get(f"{_BASE}/maanden/{month}/bewijs")
    write_new(out, json.dumps(found, ensure_ascii=False, indent=1).encode())
    return found, lambda _found: [_("Bewaard in {pad}.").format(pad=out)]


@fg.command(help=_("Loot één keer extra vragen uit een maand."))
@_as_fg
@click.argument("month")
@click.option("--number", type=int, default=20, show_default=True, help=_("Hoeveel vragen."))
@click.option("--throw", default="", help=_("Wat u met een dobbelsteen gooide, zoals 41635226."))
def sample(session: PersonSession, month: str, number: int, throw: str) -> Any:
    """Draw a sample."""
    return _post(session, f"/maanden/{month}/steekproeven", {"aantal": number, "worp": throw}), _sample


@fg.command(help=_("Teken een maand af."))
@_as_fg
@click.argument("month")
def sign(session: PersonSession, month: str) -> Any:
    """Sign a month off."""
    answer = _post(session, f"/maanden/{month}/aftekeningen", {})
    return answer, lambda said: [_("Afgetekend op blad {blad}.").format(blad=said["bewijsBlad"])]


@fg.command(help=_("Maak het verslag van een maand voor gemeenteraad en AP, zonder persoonsgegevens."))
@_as_fg
@click.argument("month")
@click.option("--out", type=_OUT, help=_("Nieuw bestand (JSON)."))
def report(session: PersonSession, month: str, out: Path | None) -> Any:
    """Make a report."""
    found = session.get(f"{_BASE}/maanden/{month}/verslag")
    # The receipt is the FG's own: it says at which moment the FG looked.
    found.pop("logbewijs", None)
    if out is not None:
        write_new(out, json.dumps(found, ensure_ascii=False, indent=1).encode())
    return found, _report


@fg.command(help=_("Toon elke keer dat een andere organisatie in een maand iets van uw signalen zag."))
@_as_fg
@click.argument("month")
@click.option("--from", "since", type=int, default=0, help=_("Vanaf dit blad."))
def disclosures(session: PersonSession, month: str, since: int) -> Any:
    """List disclosures."""
    return session.get(f"{_BASE}/verstrekkingen?maand={month}&vanaf={since}"), _disclosures


@fg.command(help=_("Toon de grenzen van vlaggen en steekproef."))
@_as_fg
def limits(session: PersonSession) -> Any:
    """Show the limits."""
    return session.get(f"{_BASE}/grenzen"), _limits


@fg.command("set-limit", help=_("Kies een grens."))
@_as_fg
@click.argument("name")
@click.argument("height", type=int)
def set_limit(session: PersonSession, name: str, height: int) -> Any:
    """Choose a limit."""
    answer = _post(session, "/grenzen", {"grens": name, "hoogte": height})
    return answer, lambda said: [
        _("{grens}: van {was} naar {is_nu}.").format(
            grens=said["grens"], was=said["hoogteHiervoor"], is_nu=said["hoogte"]
        )
    ]


def _inbox(found: dict[str, Any]) -> list[str]:
    head = _("Na te kijken: {aantal}, waarvan te laat: {laat}.").format(
        aantal=found["teDoen"], laat=found["teLaat"]
    )
    return [head, *(f"{one['post']}  {_standing(one)}  {_flags(one)}" for one in found["posten"])]


def _standing(one: dict[str, Any]) -> str:
    if "oordeel" in one:
        return VERDICTS[one["oordeel"]]
    return _("te laat") if one["teLaat"] else _("voor {dag}").format(dag=one["klaarVoor"])


def _flags(one: dict[str, Any]) -> str:
    return ", ".join(flag_name(reason["code"]) for reason in one["redenen"])


def _item(found: dict[str, Any]) -> list[str]:
    said = found["regel"]["velden"]
    return [
        *(f"- {one['waarom']} {one['watNu']}" for one in found["post"]["redenen"]),
        *(
            f"{label}: {entry_value(key, said[key], {})}"
            for key, label in entry_labels()
            if said.get(key) not in (None, "", [])
        ),
    ]


def _effects(found: dict[str, Any]) -> list[str]:
    told = [_("Eigen organisatie"), *_effect_lines(found["eigen"])]
    for one in (*found["verbanden"], *found["organisaties"]):
        told += [one["wie"], *_effect_lines(one["cijfers"])]
    return told


def _effect_lines(figures: dict[str, str]) -> list[str]:
    return [f"  {label}: {figures[code]}" for code, label in effect_labels().items()]


def _month(found: dict[str, Any]) -> list[str]:
    figures = found["cijfers"]
    told = [
        _("{maand}, tot en met {aantal} bladen").format(
            maand=period(found["maand"]), aantal=found["controlepunt"]["omvang"]
        ),
        *(f"{label}: {found['plichten'][key]}" for key, label in duty_labels().items()),
        *(f"{label}: {_said(figures[key])}" for key, label in figure_labels().items() if key in figures),
    ]
    for name, title in (
        ("medewerkers", _("Vragen per medewerker")),
        ("grondslagen", _("Vragen per grondslag")),
    ):
        told.append(f"{title}: {_said(figures[name])}")
    return [*told, *found.get("samenhang", {}).get("stappen", ())]


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "-"
    return str(value)


def _sample(found: dict[str, Any]) -> list[str]:
    head = _("Geloot uit {vragen} vragen, bij {omvang} bladen, wortel {wortel}, worp {worp}:").format(
        **{name: found[name] for name in ("vragen", "omvang", "wortel")}, worp=found["worp"] or "-"
    )
    return [head, *found["posten"]]


def _report(found: dict[str, Any]) -> list[str]:
    return [
        _("{naam}, {maand}").format(naam=found["naam"], maand=period(found["maand"])),
        *found["uitleg"],
        *(f"{label}: {found['plichten'][key]}" for key, label in duty_labels().items()),
        *(
            f"{label}: {_said(found['cijfers'][key])}"
            for key, label in figure_labels().items()
            if key in found["cijfers"]
        ),
    ]


def _disclosures(found: dict[str, Any]) -> list[str]:
    told = [
        f"{one['blad']}  {entry_value('moment', one['moment'], {})}  {one['organisatie']}  {entry_value('doel', one['doel'], {})}  "
        f"{', '.join(one['grondslag'])}  {entry_value('velden', one['velden'], {})}"
        for one in found["verstrekkingen"]
    ]
    more = found.get("volgende")
    return [*(told or [_("Niemand anders zag iets.")]), *([] if more is None else [f"--from {more}"])]


def _limits(found: dict[str, Any]) -> list[str]:
    return [
        f"{one['grens']}: {one['hoogte']} ({one['laagst']}-{one['hoogst']})  {one['wat']}"
        for one in found["grenzen"]
    ]

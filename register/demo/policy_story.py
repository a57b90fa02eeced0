# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise with rules: one treffer as four readers see it, each with the reason of every field; and a rule that became wider by mistake, caught before anybody uses it.

Nothing stands in for anything: the nodes, register, key holders and signer of the other exercise, commands of `signaalregister policy`, and the decisions that this very exercise left on record.
What a step claims is looked up; a claim that is not so ends the exercise.
"""

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from policies.explain import field_label
from register.demo.plan import ASKER, SUBMITTERS
from register.demo.story import NAMES, Seen, analyst_looks, caller, open_phase_2
from register.demo.world import World, WorldError
from register.words import entry_labels, entry_value, event_name, view_of_track

FORGOTTEN: Final = "// C4\nwhen { resource.vrijgegeven_aan.contains(principal.organisatie) }"
"""The condition that somebody deletes by mistake: the contributor released the contact."""

_RULE: Final = '@id("aandachtsfunctionaris.signalering.contact")'
_DIFFERENT: Final = 3
_OVERSIGHT: Final = {"Doel": "toezicht_avg"}


def inspector_sees(answer: Mapping[str, Any]) -> str:
    """The answer at the door: what it shows and why, and what it does not show."""
    shown = [
        (one["naam"], _shown(answer[one["veld"]])) for one in answer["waarom"] if answer.get(one["veld"])
    ]
    told = answer["uitleg"]
    return _view(shown, answer["waarom"], [*told["nietAangeboden"], *told["laatWeg"]])


def contact_sees(world: World) -> Seen:
    """The treffers that wait for the aandachtsfunctionaris of the asking municipality."""
    found = caller(world, ASKER, "aandachtsfunctionaris").get("/v1/treffers")
    (treffer,) = found["treffers"]
    shown = [
        (one["naam"], _shown(treffer[one["veld"]])) for one in found["waarom"] if treffer.get(one["veld"])
    ]
    hidden = [_("Welke gemeente het is: dat ziet u pas als een mens de treffer heeft beoordeeld.")]
    return Seen(found, _view(shown, found["waarom"], hidden if "gemeenten" not in treffer else []))


def analyst_sees(world: World) -> Seen:
    """The same treffer for TMM's analyst, after the criteria check and the releases of three municipalities."""
    track = analyst_looks(world, open_phase_2(world)).data
    view = view_of_track(track, NAMES)
    shown = [(_("Verplaatsing"), " -> ".join(view["route"]))]
    shown += [(row[0], f"{row[1]}; {row[3].lower()}; {row[5].lower()}") for row in view["rows"]]
    return Seen(track, _view(shown, track["waarom"], track["nietBekeken"]))


def fg_sees(world: World, leaf: int) -> Seen:
    """What the FG of a contributing municipality reads of that same question: when, who, what for, which fields; and nothing of the person."""
    fg = caller(world, SUBMITTERS[0], "fg")
    entry = next(
        one for one in fg.get("/v1/logboek/regels", _OVERSIGHT, vanaf=leaf)["regels"] if one["blad"] == leaf
    )
    fields = entry["velden"]
    if {"medewerker", "zaaknummer", "kenmerken"} & fields.keys():
        raise WorldError(_("De FG van de andere gemeente leest meer dan mag."))
    shown = [
        (label, entry_value(key, fields[key], NAMES)) for key, label in entry_labels() if fields.get(key)
    ]
    text = "\n".join(
        [event_name(entry["gebeurtenis"], entry["ontvanger"]), *(f"  {a}: {b}" for a, b in shown)]
    )
    return Seen(entry, text + "\n\n" + _explained(world, "fg", "toezicht_avg", "hit"))


def mistake(world: World) -> tuple[Path, str]:
    """A copy of the rules in which one line was deleted, and what `policy diff` says of it.

    Returns:
        The folder, and the output.
    """
    folder = world.folder / "regels-met-een-fout"
    _run(world, 0, "policy", "copy", "--out", str(folder))
    file = folder / "aandachtsfunctionaris.cedar"
    before, rule, after = file.read_text(encoding="utf-8").partition(_RULE)
    if FORGOTTEN not in after:
        raise WorldError(_("De regel van dit voorbeeld staat er niet meer zo."))
    file.write_text(before + rule + after.replace(FORGOTTEN, "", 1), encoding="utf-8")
    said = _run(world, _DIFFERENT, "policy", "diff", "oefening", str(folder))
    if field_label("contact_officer") not in said or "aandachtsfunctionaris" not in said:
        raise WorldError(_("De fout is niet gevonden: {uitvoer}").format(uitvoer=said))
    return folder, said


def replayed(world: World, folder: Path) -> tuple[str, str]:
    """Every decision of this exercise once more: under the rules of then, and under those with the mistake."""
    settings = ("--settings", str(world.folder / "register" / "instellingen.toml"))
    clock = ("--clock-file", str(world.folder / "klok"))
    same = _run(world, 0, "policy", "replay", *settings, *clock)
    return same, _run(world, None, "policy", "replay", "--with", str(folder), *settings, *clock)


def _explained(world: World, role: str, purpose: str, field: str) -> str:
    return _run(world, 0, "policy", "explain", "--role", role, "--purpose", purpose, "--field", field)


def _run(world: World, code: int | None, *arguments: str) -> str:
    done = world.command(*arguments)
    if code is not None and done.returncode != code:
        raise WorldError(done.stderr + done.stdout)
    return done.stdout.strip()


def _view(shown: Sequence[tuple[str, str]], why: Sequence[Mapping[str, Any]], hidden: Sequence[str]) -> str:
    lines = [_("Te zien:"), *(f"  {name}: {value}" for name, value in shown), "", _("Waarom:")]
    for names, one in _grouped(why):
        lines.append(f"  {', '.join(names)}")
        lines += [f"    {_('grondslag')}: {ground}" for ground in one["grondslagen"]]
        lines += [f"    {_('voorwaarde')}: {condition}" for condition in one["voorwaarden"]]
    if hidden:
        lines += ["", _("Niet te zien:"), *(f"  {one}" for one in hidden)]
    return "\n".join(lines)


def _grouped(why: Sequence[Mapping[str, Any]]) -> list[tuple[list[str], Mapping[str, Any]]]:
    """Fields with the same reason are told once."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[list[str], Mapping[str, Any]]] = {}
    for one in why:
        key = (tuple(one["grondslagen"]), tuple(one["voorwaarden"]))
        found.setdefault(key, ([], one))[0].append(one["naam"])
    return list(found.values())


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the demo: builds a world in a folder of its own, plays the story, prints what each reader sees, and leaves nothing running.

The real clock, the random source and the signals of the terminal come in here and nowhere else in the demo.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any

import click

from process.problem import Refusal
from process.serving.errors import SettingsError
from register.demo import audit_story, key_story, key_words, neighbours, policy_story, story, tmm_story
from register.demo.key_story import Keys
from register.demo.key_words import Party
from register.demo.plan import (
    ASKER,
    MOMENT,
    NEIGHBOURS,
    PEOPLE,
    PHONE,
    SUBMITTERS,
    WALK_CASE,
    WEEK_BEFORE,
    WEEKS_BEFORE,
    Person,
    Ports,
    person,
)
from register.demo.world import World, WorldError, build, prepare, require_free
from register.municipal.told import told_answer
from register.words import role_name


@dataclass(frozen=True)
class Wish:
    """What the user asked for.

    Attributes:
        once: end by itself after the answers.
        report: write answers, addresses and accounts here, as JSON.
        stop_holder: stop this key holder before the question.
        port_base: first port.
        keep: leave the files in this folder.
        keys: play what happens to keys instead; ends by itself.
        policy: play what the rules do instead; ends by itself.
        tmm: carry the carousel to TMM instead; ends by itself.
        judges: play what happens to a log that somebody meddles with instead, before these too (`NAME=COMMAND`); ends by itself.
    """

    once: bool
    report: Path | None
    stop_holder: int | None
    port_base: int
    keep: Path | None
    keys: bool = False
    policy: bool = False
    tmm: bool = False
    judges: tuple[str, ...] = ()


def run(wish: Wish) -> int:
    """Play the demo; returns the exit code.

    Raises:
        SettingsError: a port in use or a folder that is not empty.
        WorldError: a part did not do its work.
    """
    ports = Ports(wish.port_base)
    require_free(ports)
    _require_writable(wish.report)
    with _folder(wish.keep) as folder, _interruptible():
        if wish.keys:
            return _run_keys(folder, ports, wish)
        world = _told(_("Sleutelceremonie, certificaten en instellingen"), lambda: _build(folder, ports))
        try:
            return _play_audit(world, wish) if wish.judges else _play(world, wish)
        except KeyboardInterrupt:
            click.echo(_("\nGestopt."))
            return 0
        finally:
            world.stop_all()


def _build(folder: Path, ports: Ports) -> World:
    return build(
        folder, ports, MOMENT, certificates_from=datetime.now(UTC), randomness=os.urandom, witnessed=True
    )


def _play(world: World, wish: Wish) -> int:
    # Whoever looks around afterwards finds colleagues beside municipalities and TMM, and weeks before today.
    stays = not (wish.once or wish.policy or wish.tmm)
    if stays:
        world.move_clock(WEEKS_BEFORE)
    _told(_("Accounts en controles"), lambda: _accounts(world, with_neighbours=stays))
    _told(
        _("Drie sleutelhouders, ondertekenaar, twee getuigen, register en vier nodes starten"),
        lambda: world.start(world.names()),
    )
    if stays:
        _told(_("Wat er in de weken hiervoor gebeurde"), lambda: _weeks_before(world))
    for organisation in SUBMITTERS:
        _told(
            _("Inspecties invoeren in {plaats}").format(plaats=story.NAMES[organisation]),
            partial(story.import_inspections, world, organisation),
        )
    if wish.stop_holder is not None:
        _told(
            _("Sleutelhouder {nummer} stoppen").format(nummer=wish.stop_holder),
            lambda: world.stop(f"houder-{wish.stop_holder}"),
        )
    answers = _rules(world) if wish.policy else _tmm(world) if wish.tmm else _answers(world)
    if stays:
        _told(
            _("Een tweede treffer, overgedragen aan TMM, Arbeidsinspectie en Marechaussee"),
            lambda: _second_treffer(world),
        )
    _report(world, wish, answers)
    if wish.policy:
        click.echo(
            _("\nDe oefening is afgelopen: vier lezers, één treffer, en geen regel die ongezien ruimer werd.")
        )
    elif wish.tmm:
        click.echo(
            _(
                "\nDe oefening is afgelopen: van drie signalen en een vraag naar A, B, C, D, met van elk verband de reden. Wie het eerste signaal gaf, hoorde het terug."
            )
        )
    elif wish.once:
        click.echo(
            _("\nDe oefening is afgelopen. Zonder --once blijven de pagina's open om zelf rond te kijken.")
        )
    else:
        _print_addresses(world)
        click.echo(_("\nDe oefening draait door. Stop met Ctrl-C."))
        _watch(world)
    return 0


def _accounts(world: World, *, with_neighbours: bool) -> None:
    prepare(world)
    if with_neighbours:
        neighbours.record(world)


def _weeks_before(world: World) -> None:
    neighbours.nobody_takes_it_up(world, WEEKS_BEFORE.date())
    world.move_clock(WEEK_BEFORE)
    neighbours.asked_a_week_ago(world)
    world.move_clock(MOMENT)


def _second_treffer(world: World) -> None:
    neighbours.labour_at_the_border(world)
    neighbours.reminded(world)


def _answers(world: World) -> dict[str, story.Seen]:
    asked = _told(_("De vierde gemeente vraagt: elders gezien?"), lambda: story.ask_at_the_door(world))
    leaf = asked.data["logbewijs"]["blad"]
    checked = _told(
        _("De FG zoekt de vraag op in het logboek"), lambda: story.fg_checks(world, leaf, world.folder)
    )
    treffer = _told(_("Fase 2: TMM vraagt, drie gemeenten geven vrij"), lambda: story.open_phase_2(world))
    track = _told(_("De TMM-analist opent het dossier"), lambda: story.analyst_looks(world, treffer))
    _section(
        _("WAT DE TOEZICHTHOUDER IN {plaats} ZIET").format(plaats=story.NAMES[ASKER].upper()), asked.text
    )
    _section(_("WAT DE FG VAN {plaats} ZIET").format(plaats=story.NAMES[ASKER].upper()), checked.text)
    _section(_("WAT DE TMM-ANALIST ZIET"), track.text)
    return {"inspecteur": asked, "fg": checked, "tmm": track}


def _tmm(world: World) -> dict[str, story.Seen]:
    """From three signals and a question to a track in which every line says why, and back to who submitted the first."""
    asked = _told(_("De vierde gemeente vraagt: elders gezien?"), lambda: story.ask_at_the_door(world))
    case = _told(
        _("De aandachtsfunctionaris pakt de treffer op, drie gemeenten geven hun contact vrij"),
        lambda: tmm_story.taken_up(world),
    )
    treffer = _told(_("Fase 2: TMM vraagt, drie gemeenten geven vrij"), lambda: story.open_phase_2(world))
    _told(
        _("De toezichthouder bewaart wat zij zag, de vierde gemeente geeft vrij"),
        lambda: tmm_story.saved_by_the_inspector(world),
    )
    handed = _told(
        _("De treffer wordt overgedragen, TMM neemt hem aan"),
        lambda: tmm_story.handed_over(world, treffer),
    )
    movement = _told(
        _("De TMM-analist bekijkt de verplaatsing"), lambda: tmm_story.movement_seen(world, treffer)
    )
    network = _told(
        _("De TMM-analist vraagt van elk verband: waarom?"), lambda: tmm_story.network_seen(world, treffer)
    )
    places = files("register").joinpath("data/plaatsen.csv").read_text("utf-8")
    drawings = tmm_story.drawn(movement.data, network.data, places, world.folder)
    back = _told(
        _("TMM koppelt terug, met het besluit dat daarvoor nodig is"),
        lambda: tmm_story.fed_back(world, handed.data["overdracht"]["overdrachtId"]),
    )
    read = _told(
        _("De eerste melder leest wat er van haar signaal werd"),
        lambda: tmm_story.feedback_read(world),
    )
    place, first = story.NAMES[ASKER].upper(), story.NAMES[SUBMITTERS[0]].upper()
    _section(_("1. WAT DE TOEZICHTHOUDER IN {plaats} ZIET").format(plaats=place), asked.text)
    _section(_("2. DE AANDACHTSFUNCTIONARIS PAKT DE TREFFER OP"), case.text)
    _section(_("3. DE OVERDRACHT AAN TMM"), handed.text)
    _section(_("4. DE VERPLAATSING"), movement.text)
    _section(_("5. HET NETWERK, MET VAN ELK VERBAND DE REDEN"), network.text)
    _section(
        _("6. TEKENINGEN OM AF TE DRUKKEN (met --folder blijven ze staan)"), "\n".join(map(str, drawings))
    )
    _section(_("7. TMM KOPPELT TERUG"), back.text)
    _section(_("8. WAT DE TOEZICHTHOUDER IN {plaats} TERUGLEEST").format(plaats=first), read.text)
    return {
        "inspecteur": asked,
        "aandachtsfunctionaris": case,
        "overdracht": handed,
        "spoor": movement,
        "netwerk": network,
        "terugkoppeling": back,
        "teruggelezen": read,
    }


def _rules(world: World) -> dict[str, story.Seen]:
    """One treffer for four readers, and a rule that became wider by mistake."""
    asked = _told(_("De vierde gemeente vraagt: elders gezien?"), lambda: story.ask_at_the_door(world))
    contact = _told(
        _("De aandachtsfunctionaris bekijkt de treffer"), lambda: policy_story.contact_sees(world)
    )
    track = _told(_("Fase 2, en de TMM-analist opent het dossier"), lambda: policy_story.analyst_sees(world))
    leaf = asked.data["logbewijs"]["blad"]
    log = _told(_("De FG van een melder leest mee"), lambda: policy_story.fg_sees(world, leaf))
    folder, difference = _told(
        _("Iemand haalt per ongeluk een voorwaarde weg"), lambda: policy_story.mistake(world)
    )
    same, other = _told(
        _("Elk besluit van deze oefening opnieuw nemen"), lambda: policy_story.replayed(world, folder)
    )
    _section(_("1. DE TOEZICHTHOUDER AAN DE DEUR"), policy_story.inspector_sees(asked.data))
    _section(_("2. DE AANDACHTSFUNCTIONARIS"), contact.text)
    _section(_("3. DE TMM-ANALIST, NA FASE 2"), track.text)
    _section(_("4. DE FG VAN {plaats}").format(plaats=story.NAMES[SUBMITTERS[0]].upper()), log.text)
    _section(_("5. EEN REGEL WERD PER ONGELUK RUIMER (policy diff)"), difference)
    _section(_("6. ELK BESLUIT OPNIEUW (policy replay)"), f"{same}\n\n{_('Met de fout erin:')}\n{other}")
    changed = story.Seen({"verschil": difference, "herhaald": same, "metFout": other}, difference)
    return {"inspecteur": asked, "aandachtsfunctionaris": contact, "tmm": track, "fg": log, "beleid": changed}


def _play_audit(world: World, wish: Wish) -> int:
    """A log before everybody, six times meddled with."""
    judges = [audit_story.Judge.from_text(one) for one in wish.judges]
    click.echo(f"{key_words.paragraph(audit_story.introduction())}\n")
    _told(_("Accounts en controles"), lambda: prepare(world, [ASKER]))
    _told(
        _("Drie sleutelhouders, ondertekenaar, twee getuigen, register en een node starten"),
        lambda: world.start(audit_story.PROCESSES),
    )
    desk, early = _told(
        _("Vragen aan de deur, en twee getuigen tekenen mee"),
        lambda: audit_story.questions(world, judges),
    )
    sound = _told(_("Het logboek nagaan"), lambda: audit_story.sound(desk))
    _section(_("VOORAF"), "\n".join(f"{one.who}: {one.said}" for one in sound))
    answers = {"vooraf": story.Seen(audit_story.as_data(sound), "")}
    for number, deed in enumerate(audit_story.deeds(), start=1):
        found = _told(_("Knoeien, nagaan, terugzetten"), partial(audit_story.caught, desk, early, deed))
        text = audit_story.as_text(deed, found)
        _section(deed.title, text)
        answers[str(number)] = story.Seen(audit_story.as_data(found), text)
    again = _told(_("Nog eens nagaan"), lambda: audit_story.sound(desk))
    _section(_("ALLES TERUG ZOALS HET WAS"), "\n".join(f"{one.who}: {one.said}" for one in again))
    answers["achteraf"] = story.Seen(audit_story.as_data(again), "")
    _report(world, wish, answers)
    click.echo(
        _(
            "\nDe oefening is afgelopen: zes keer geknoeid, zes keer gezien, door ons en door software van anderen."
        )
    )
    return 0


def _run_keys(folder: Path, ports: Ports, wish: Wish) -> int:
    running: list[World] = []
    try:
        _play_keys(folder, ports, wish, running)
    except KeyboardInterrupt:
        click.echo(_("\nGestopt."))
    finally:
        for world in running:
            world.stop_all()
    return 0


def _play_keys(folder: Path, ports: Ports, wish: Wish, running: list[World]) -> None:
    click.echo(f"{key_words.paragraph(key_words.INTRODUCTION)}\n")
    keys = _told(
        _("Drie organisaties houden de sleutelceremonie"),
        lambda: key_story.hold_ceremony(folder, ports, datetime.now(UTC), os.urandom),
    )
    running.append(keys.world)
    _step(keys, _("1. CEREMONIE"), key_words.CEREMONY, key_story.claims_of_ceremony(keys))
    _told(_("Sleutelhouders, ondertekenaar, register en twee nodes starten"), lambda: key_story.start(keys))
    _told(_("De vierde gemeente vraagt: elders gezien?"), lambda: key_story.ask(keys))
    _step(keys, _("2. VRAAG"), key_words.QUESTION, key_story.claims_of_question(keys))
    click.echo(told_answer(keys.answers[0]))
    key_story.lose_holder(keys)
    _told(_("Dezelfde vraag, met twee houders"), lambda: key_story.ask(keys))
    _step(keys, _("3. HOUDER KWIJT"), key_words.LOST, key_story.claims_of_loss(keys))
    _told(_("HOUDER1 en HOUDER3 verdelen dezelfde sleutel opnieuw"), lambda: key_story.reshare(keys))
    refused = _told(_("Een houder starten met het oude aandeel"), lambda: key_story.thief_tries(keys))
    _told(_("Dezelfde vraag"), lambda: key_story.ask(keys))
    _step(keys, _("4. HERVERDELING"), key_words.RESHARED, key_story.claims_of_resharing(keys))
    click.echo(_('  [x] HOUDER2 start niet met zijn oude aandeel: "{weigering}"').format(weigering=refused))
    _told(_("Houders en register maken een nieuwe sleutel"), lambda: key_story.rotate(keys))
    _told(_("Dezelfde vraag"), lambda: key_story.ask(keys))
    _step(keys, _("5. ROTATIE, EN DEZELFDE VRAAG"), key_words.ROTATED, key_story.claims_of_rotation(keys))
    if wish.report is not None:
        wish.report.write_text(key_story.written(keys, refused), encoding="utf-8")
    click.echo(_("\nDe oefening is afgelopen: vier keer dezelfde vraag, vier keer hetzelfde antwoord."))


def _step(keys: Keys, title: str, parties: Sequence[Party], claims: Sequence[str]) -> None:
    has = {party.name: key_story.on_disk(keys, party.name) for party in parties}
    said = [key_words.table(parties, has), "", _("Nagekeken:"), *claims]
    _section(title, "\n".join(said))


def _report(world: World, wish: Wish, answers: dict[str, story.Seen]) -> None:
    if wish.report is None:
        return
    document = {
        "answers": {name: {"data": seen.data, "text": seen.text} for name, seen in answers.items()},
        "addresses": _addresses(world),
        "accounts": [
            {
                "name": one.name,
                "password": world.passwords[one.name],
                "role": one.role,
                "organisation": one.organisation,
                "address": world.register_pages if one.at_register else world.node(one.organisation),
            }
            for one in (PEOPLE if wish.once or wish.policy or wish.tmm else (*PEOPLE, *NEIGHBOURS))
        ],
    }
    wish.report.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _require_writable(report: Path | None) -> None:
    if report is not None and not (report.parent.is_dir() and os.access(report.parent, os.W_OK)):
        raise SettingsError(
            _("In de map {pad} kan niet worden geschreven. Kies een ander bestand voor --json.").format(
                pad=report.parent
            )
        )


def _addresses(world: World) -> dict[str, str]:
    nodes = {f"node-{code}": world.node(code) for code in (*SUBMITTERS, ASKER)}
    return {"register": world.register_pages, **nodes}


def _print_addresses(world: World) -> None:
    lines = [
        _("{naam}: {adres}").format(naam=name, adres=address) for name, address in _addresses(world).items()
    ]
    people = [
        f"  {one.name}  {world.passwords[one.name]}  ({role_name(one.role)}, {_employer(one)})"
        for one in (*PEOPLE, *NEIGHBOURS)
    ]
    _section(
        _("DE PAGINA'S"),
        "\n".join([*lines, "", _("Accounts van deze oefening (naam, wachtwoord):"), *people]),
    )
    _section(_("LOOP ZELF EEN KEER ROND"), "\n".join(walk(world)))


def _employer(one: Person) -> str:
    return {**story.NAMES, **neighbours.NAMES}[one.organisation]


def walk(world: World) -> list[str]:
    """What to press at which page to go all the way once; tests/browser/test_pages.py presses it."""
    pages, asker = world.register_pages, world.node(ASKER)
    return [
        _(
            "U bent nu zelf elk van deze mensen. Open voor ieder een nieuw privévenster: in één venster meldt de een de ander af."
        ),
        _(
            "1. Toezichthouder. Open {adres} en meld u aan als {wie}. Tik op 'Controle in de horeca'. Vul telefoonnummer {nummer} in en tik op 'Vraag'. Tik onder het antwoord op 'Bewaar als signaal'. Kies een aanwijzing zonder sterretje en een vorm. Tik op 'Bewaar signaal'."
        ).format(adres=asker, wie=person(ASKER, "toezichthouder").name, nummer=PHONE),
        _(
            "2. Aandachtsfunctionaris. Zelfde adres, als {wie}. Open bij 'Treffers' de treffer van uw controle: daar staat fase 2 op gesloten. Vul drie keuzes in en kies 'Pak op'. Kies daarna 'Draag over aan politie of inspectie', het Team Migratiecriminaliteit en Mensenhandel, en 'Draag over'."
        ).format(wie=person(ASKER, "aandachtsfunctionaris").name),
        _(
            "3. TMM-coördinator. Open {adres} als {wie}. Kies 'Overdrachten' en vul in: zaaknummer {zaak}, grondslag G-WPG. Open de overdracht van {plaats}. Kies 'Neem deze overdracht aan' en dan 'Open het dossier'. Vink elk punt af en kies 'Vraag fase 2 aan'."
        ).format(
            adres=pages,
            wie=person("TMM", "tmm_coordinator").name,
            zaak=WALK_CASE,
            plaats=story.NAMES[ASKER],
        ),
        _(
            "4. Vier aandachtsfunctionarissen, elk op het eigen adres: {adressen}. Kies bij 'Treffers' de knop 'Geef signaal ... vrij'."
        ).format(
            adressen=", ".join(
                f"{person(code, 'aandachtsfunctionaris').name} ({world.node(code)})"
                for code in (*SUBMITTERS, ASKER)
            )
        ),
        _(
            "5. TMM-analist. Open {adres} als {wie}. Vul dezelfde zaak en grondslag in. Open het eerste dossier: u ziet de weg van A naar B naar C. Kies 'Toon netwerk en verplaatsing' en vraag van elk verband waarom."
        ).format(adres=pages, wie=person("TMM", "tmm_analist").name),
        _(
            "6. FG. Zelfde adres, als {wie}. In 'Postvak' staat een vraag van vorige week. Open die, geef uw oordeel en kies 'Leg oordeel vast'. Kies dan 'Logboek' en 'Reken het logboek na'."
        ).format(wie=person(ASKER, "fg").name),
        _(
            "7. Ook deze mensen kunnen zich daar aanmelden: {namen}. Voor de Arbeidsinspectie en de Marechaussee ligt er een overdracht klaar, voor de ketenregisseur een treffer die niemand oppakte. De zorgcoördinator ziet de treffer van stap 2 zodra {wie} daar het contact vraagt en {ander} ({adres}) dat geeft. Zij kiezen zelf een zaaknummer."
        ).format(
            namen=", ".join(one.name for one in NEIGHBOURS),
            wie=person(ASKER, "aandachtsfunctionaris").name,
            ander=person(SUBMITTERS[1], "aandachtsfunctionaris").name,
            adres=world.node(SUBMITTERS[1]),
        ),
    ]


def _watch(world: World) -> None:
    while True:
        time.sleep(1)
        fallen = [name for name, alive in world.alive().items() if not alive]
        if fallen:
            raise WorldError(_("{naam} is gestopt.").format(naam=", ".join(fallen)))


def _told(what: str, step: Callable[[], Any]) -> Any:
    """Run a step and say so, with its time."""
    click.echo(f"- {what} ... ", nl=False, err=True)
    sys.stderr.flush()
    begun = time.monotonic()
    result = step()
    click.echo(_("klaar ({seconden:.1f} s)").format(seconden=time.monotonic() - begun), err=True)
    return result


def _section(title: str, text: str) -> None:
    click.echo(f"\n{title}\n{'=' * len(title)}\n{text}")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        if keep.exists() and any(keep.iterdir()):
            raise SettingsError(_("De map {pad} is niet leeg. Kies een lege map.").format(pad=keep))
        yield keep.absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="signaalregister-oefening-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM ends the demo like Ctrl-C does, so that nothing is left running."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    # SIGINT too: a background job of a shell starts with it ignored.
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def play(wish: Wish) -> int:
    """`run`, with what goes wrong told in one line: 1 when something refused, 2 when it cannot start."""
    try:
        return run(wish)
    except WorldError as error:
        click.echo(f"\n{error}", err=True)
    except Refusal as refusal:
        click.echo(f"\n{refusal.title} {refusal.detail}", err=True)
    return 1

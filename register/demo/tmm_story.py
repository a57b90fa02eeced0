# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise with TMM: the carousel from three signals and a question, through take-up, contacts and hand-over, to a track A to B to C to D in which every line answers "waarom?", and back to the inspector.

Nothing stands in for anything: nodes, register, key holders and signer of the other exercise. What a step claims is looked up; a claim that is not so ends the exercise.
"""

import json
from collections.abc import Mapping
from gettext import gettext as _
from importlib.resources import as_file, files
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from process.problem import Refusal
from register.casework import STEPS
from register.demo.plan import ASKER, CASE, MOMENT, PHONE, SUBMITTERS
from register.demo.story import NAMES, Seen, caller, case_headers
from register.demo.world import World, WorldError
from register.drawing import Dot, Stroke, Track, network_drawing, places_from, schematic_map, timeline
from register.movement import Sighting
from register.words import case_code, day, role_name

GROUND: Final = "OEF-WPG-TMM"
FEEDBACK: Final = {"code": "opgepakt_TMM", "volgendeStap": "nieuwe_controle_zinvol"}
"""What TMM sends back: two codes, and nothing else."""

_TAKE_UP: Final = {
    "stap": "opgepakt",
    "eersteActie": "bellen_andere_gemeente",
    "beoordeling": "mogelijk_zelfde_persoon",
    "reden": "herhaling",
}
_COMES_BACK: Final = {"signaalId", "op", "code", "volgendeStap", "rol"}
_DECISION: Final = ("--document", "OEFENING-WPG-19", "--decided-by", "korpschef (fictief)")


def taken_up(world: World) -> Seen:
    """The aandachtsfunctionaris of the asking municipality takes the treffer up and asks for contacts; the three contributors release theirs.

    Raises:
        WorldError: a town was known before a person assessed it, or a contact is not there afterwards.
    """
    keeper = caller(world, ASKER, "aandachtsfunctionaris")
    (waiting,) = keeper.get("/v1/treffers")["treffers"]
    if "gemeenten" in waiting:
        raise WorldError(_("De gemeenten waren te zien voordat een mens de treffer beoordeelde."))
    steps = f"/v1/treffers/{waiting['trefferId']}/stappen"
    keeper.post(steps, _TAKE_UP)
    asked = keeper.post(steps, {"stap": "contact_gevraagd"})
    if asked["contacten"]:
        raise WorldError(_("Er was een contact te zien voordat de andere kant het vrijgaf."))
    for organisation in SUBMITTERS:
        caller(world, organisation, "aandachtsfunctionaris").post(steps, {"stap": "contact_vrijgegeven"})
    found = keeper.get(f"/v1/treffers/{waiting['trefferId']}")
    if sorted(one["organisatie"] for one in found["contacten"]) != sorted(SUBMITTERS):
        raise WorldError(_("Niet van elke melder is te zien wie er gebeld kan worden."))
    lines = [_event(one) for one in found["geschiedenis"]]
    lines += ["", _("Wie zij nu kan bellen:")]
    lines += [f"  {one['naam']}: {one['bereikbaar']}" for one in found["contacten"]]
    return Seen(found, "\n".join(lines))


def saved_by_the_inspector(world: World) -> str:
    """The inspector who asked keeps what she saw herself as a signal; her aandachtsfunctionaris releases it for the case.

    Returns:
        The signal's id.

    Raises:
        WorldError: it does not stand with the treffer.
    """
    saved = caller(world, ASKER, "toezichthouder").post(
        "/v1/signalen",
        {
            "subjecten": [
                {"kenmerken": [{"soort": "phone", "waarde": PHONE}], "rol": "mogelijk_slachtoffer"}
            ],
            "waargenomen": MOMENT.date().isoformat(),
            "waarnemingGrondslag": "apv_seksinrichting_151a",
            "controlesoort": "prostitutiecontrole_vergund",
            "uitbuitingsvorm": "seksueel_grensoverschrijdend",
            "aanwijzingen": ["voortdurende_begeleiding"],
        },
    )
    keeper = caller(world, ASKER, "aandachtsfunctionaris")
    waiting = next(
        (one for one in keeper.get("/v1/treffers")["treffers"] if saved["signaalId"] in one["onzeSignalen"]),
        None,
    )
    if waiting is None or not waiting.get("besluitId"):
        raise WorldError(_("Het bewaarde signaal staat niet bij de treffer."))
    keeper.post("/v1/vrijgaven", {"besluitId": waiting["besluitId"], "signaalId": saved["signaalId"]})
    return str(saved["signaalId"])


def handed_over(world: World, treffer: str) -> Seen:
    """The aandachtsfunctionaris hands the treffer over to TMM; TMM's coordinator finds it in the inbox, opens it and accepts.

    Along go the three signals that the question found. What was saved afterwards stands in the case of the same number.

    Raises:
        WorldError: other signals went along, or it is not accepted.
    """
    keeper = caller(world, ASKER, "aandachtsfunctionaris")
    coordinator, headers = caller(world, "TMM", "tmm_coordinator"), case_headers(GROUND)
    started = keeper.post("/v1/overdrachten", {"trefferId": treffer, "aan": "TMM"})
    path = f"/v1/overdrachten/{started['overdrachtId']}"
    opened = coordinator.get(path, headers)
    went = [one["organisatie"] for one in opened["signalen"]]
    if went != list(SUBMITTERS) or opened["overdracht"]["stand"] != "wacht":
        raise WorldError(_("Naar TMM ging iets anders mee dan wat gevonden was: {wat}.").format(wat=went))
    coordinator.post(f"{path}/aannemingen", {}, headers)
    (accepted,) = coordinator.get("/v1/overdrachten", headers)["overdrachten"]
    if (accepted["stand"], accepted["laatste"]) != ("aangenomen", "ontvangen"):
        raise WorldError(_("TMM heeft de overdracht niet aangenomen."))
    lines = [
        _("{dag}: {gemeente} draagt de treffer over aan TMM, met {aantal} signalen.").format(
            dag=day(accepted["op"]), gemeente=NAMES[accepted["van"]], aantal=accepted["aantalSignalen"]
        ),
        _("TMM moet de overdracht aannemen voor {dag}.").format(dag=day(accepted["aannemenVoor"])),
        _("De coördinator van TMM neemt haar aan. Elke melder krijgt vanzelf te zien: {code}.").format(
            code=case_code(accepted["laatste"]).lower()
        ),
        _("Wat {gemeente} na de vraag zelf bewaarde, staat in hetzelfde dossier (4 en 5).").format(
            gemeente=NAMES[ASKER]
        ),
    ]
    return Seen({**opened, "overdracht": accepted}, "\n".join(lines))


def fed_back(world: World, handover: str) -> Seen:
    """TMM's coordinator feeds back: refused without a decision of Wpg 19 or 20, and told by code once there is one on record.

    Raises:
        WorldError: it was not refused, or the decision was not recorded.
    """
    coordinator, headers = caller(world, "TMM", "tmm_coordinator"), case_headers(GROUND)
    path = f"/v1/overdrachten/{handover}/terugkoppelingen"
    try:
        coordinator.post(path, FEEDBACK, headers)
    except Refusal as refusal:
        if refusal.status != 403:
            raise
        refused = refusal
    else:
        raise WorldError(_("TMM kon terugkoppelen zonder besluit op grond van Wpg 19 of 20."))
    recorded = _decided(world)
    said = coordinator.post(path, FEEDBACK, headers)
    lines = [
        _("Zonder besluit: {weigering}").format(weigering=f"{refused.title} {refused.detail}"),
        _("Met het besluit van de korpschef (fictief, Wpg 19): {code}; {stap}.").format(
            code=case_code(said["code"]), stap=case_code(said["volgendeStap"]).lower()
        ),
    ]
    return Seen({**said, "besluit": recorded, "geweigerd": refused.code}, "\n".join(lines))


def feedback_read(world: World) -> Seen:
    """The inspector who submitted the first signal reads what became of it; so do those of the other two.

    Raises:
        WorldError: it did not come back to one of them, or more came back than a code.
    """
    told = {}
    for organisation in SUBMITTERS:
        lines = caller(world, organisation, "toezichthouder").get("/v1/terugkoppelingen")["terugkoppelingen"]
        if [one["code"] for one in lines] != [FEEDBACK["code"], "ontvangen", "in_beoordeling"]:
            raise WorldError(
                _("In {gemeente} kwam niet terug wat TMM zei.").format(gemeente=NAMES[organisation])
            )
        if any(set(one) != _COMES_BACK for one in lines) or CASE in json.dumps(lines):
            raise WorldError(_("Er kwam meer terug dan een code."))
        told[organisation] = lines
    first, *others = SUBMITTERS
    text = [
        _("Over het signaal dat zij als eerste bracht:"),
        *(f"  {_came_back(one)}" for one in reversed(told[first])),
        "",
        _("Hetzelfde lezen de toezichthouders in {gemeenten}, elk over het eigen signaal.").format(
            gemeenten=_(" en ").join(NAMES[one] for one in others)
        ),
    ]
    return Seen(told, "\n".join(text))


def movement_seen(world: World, treffer: str) -> Seen:
    """The analyst sees where and when.

    Raises:
        WorldError: it is not A to B to C to D.
    """
    found = caller(world, "TMM", "tmm_analist").get(f"/v1/dossiers/{treffer}/spoor", case_headers(GROUND))
    routes = [[stay["gemeenten"] for stay in one["verblijven"]] for one in found["personen"]]
    if routes != [[[place] for place in (*SUBMITTERS, ASKER)]]:
        raise WorldError(_("De verplaatsing is niet A, B, C, D: {route}").format(route=routes))
    lines = []
    for one in found["personen"]:
        lines += [f"{one['label']}: " + " -> ".join(_place(stay) for stay in one["verblijven"])]
        lines += [
            f"  {seen['week']}  {NAMES.get(seen['gemeente'], seen['gemeente'])}"
            for seen in one["waarnemingen"]
        ]
    return Seen(found, "\n".join(lines))


def network_seen(world: World, treffer: str) -> Seen:
    """The analyst sees the network, and asks "waarom?" of every line and between every two nodes.

    Raises:
        WorldError: something hangs together without a reason.
    """
    analyst, headers = caller(world, "TMM", "tmm_analist"), case_headers(GROUND)
    found = analyst.get(f"/v1/dossiers/{treffer}/netwerk", headers)
    if not found["verbanden"] or not all(one["reden"] for one in found["verbanden"]):
        raise WorldError(_("Er is een verband zonder reden."))
    label = {node["knoop"]: node["label"] for node in found["knopen"]}
    lines = [f"{label[one['van']]} - {label[one['naar']]}: {one['reden']}" for one in found["verbanden"]]
    for node in found["knopen"]:
        bonds = node.get("bindingen", [])
        if node["soort"] == "persoon" and len(bonds) != len(node["signalen"]) - 1:
            raise WorldError(
                _("Van {knoop} is niet gezegd waarom het één persoon is.").format(knoop=node["label"])
            )
        lines += [
            _("{knoop}, één persoon: {reden}").format(knoop=node["label"], reden=one["reden"])
            for one in bonds
        ]
    for one, other in combinations(label, 2):
        path = analyst.get(f"/v1/dossiers/{treffer}/waarom", headers, van=one, naar=other)
        if not path["pad"] or not all(step["reden"] for step in path["pad"]):
            raise WorldError(
                _("Tussen {een} en {ander} is geen reden.").format(een=label[one], ander=label[other])
            )
    return Seen(found, "\n".join([*lines, "", *found["maten"]["waarschuwingen"]]))


def drawn(movement: Mapping[str, Any], network: Mapping[str, Any], places: str, folder: Path) -> list[Path]:
    """Write the three drawings, as they stand on the page, as files that print.

    Args:
        movement: of the interface.
        network: of the interface.
        places: text of register/data/plaatsen.csv.
        folder: where.
    """
    tracks = [
        Track(one["label"], tuple(Sighting(seen["gemeente"], seen["week"]) for seen in one["waarnemingen"]))
        for one in movement["personen"]
    ]
    dots = [Dot(one["knoop"], one["label"], person=one["soort"] == "persoon") for one in network["knopen"]]
    strokes = [
        Stroke(one["van"], one["naar"], "bindt" if one["bindt"] else "context")
        for one in network["verbanden"]
    ]
    drawings = {
        "tijdlijn.svg": timeline(tracks, NAMES),
        "kaart.svg": schematic_map(tracks, places_from(places, {}), NAMES),
        "netwerk.svg": network_drawing(dots, strokes),
    }
    for name, drawing in drawings.items():
        (folder / name).write_text(drawing, encoding="utf-8")
    return [folder / name for name in drawings]


def _place(stay: Mapping[str, Any]) -> str:
    return " + ".join(NAMES.get(one, one) for one in stay["gemeenten"])


def _event(one: Mapping[str, Any]) -> str:
    who = NAMES.get(one.get("organisatie", ""), role_name(one["rol"]))
    said = [f"{STEPS[one['stap']]} ({who})", *(case_code(code) for code in one["codes"])]
    return f"{day(one['op'])}: {'. '.join(said)}."


def _came_back(one: Mapping[str, Any]) -> str:
    said = f"{day(one['op'])}, {role_name(one['rol'])}: {case_code(one['code'])}"
    return said if one["volgendeStap"] == "geen" else f"{said}. {case_code(one['volgendeStap'])}"


def _decided(world: World) -> str:
    """Record the decision by which TMM may feed back, as an administrator of the register does."""
    settings = str(world.folder / "register" / "instellingen.toml")
    where = ("--settings", settings, "--clock-file", str(world.folder / "klok"))
    with as_file(files("register.demo").joinpath("data/wpg-19.yaml")) as grounds:
        done = world.command("register", "ground", "add", str(grounds), *_DECISION, *where)
    if done.returncode != 0:
        raise WorldError(done.stderr + done.stdout)
    return done.stdout.strip()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise with TMM: the carousel from three signals and a question to a track A to B to C to D in which every line answers "waarom?".

Nothing stands in for anything: nodes, register, key holders and signer of the other exercise. What a step claims is looked up; a claim that is not so ends the exercise.
"""

from collections.abc import Mapping
from gettext import gettext as _
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from register.demo.plan import ASKER, MOMENT, PHONE, SUBMITTERS
from register.demo.story import NAMES, Seen, caller, case_headers
from register.demo.world import World, WorldError
from register.drawing import Dot, Stroke, Track, network_drawing, places_from, schematic_map, timeline
from register.movement import Sighting

GROUND: Final = "OEF-WPG-TMM"


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

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from register.drawing import (
    COLOURS,
    MOST_DRAWN,
    Dot,
    Stroke,
    Track,
    network_drawing,
    places_from,
    schematic_map,
    timeline,
)
from register.movement import Sighting
from register.municipalities import municipalities_from

MUNICIPALITIES = municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8"))
PLACES = places_from(files("register").joinpath("data/plaatsen.csv").read_text("utf-8"), MUNICIPALITIES)
NAMES = {"GM9001": "Oefenstad", "GM9002": "Oefen & <haven>", "GM9003": "Oefenwoud"}
SVG = "{http://www.w3.org/2000/svg}"
ROUTE = Track(
    "persoon 1",
    (Sighting("GM9001", "2025-W38"), Sighting("GM9002", "2026-W11"), Sighting("GM9003", "2026-W41")),
)
OTHER = Track("persoon 2", (Sighting("GM9002", "2026-W11"),))
DOTS = [
    *(Dot(f"p{n}", f"persoon {n}", person=True) for n in range(5)),
    Dot("t", "telefoon <1>", person=False, shared=True),
    Dot("k", "kenteken 1", person=False),
]
STROKES = [
    *(Stroke(f"p{n}", "t", "bindt") for n in range(5)),
    Stroke("p0", "p3", "vraag"),
    Stroke("p1", "k", "context"),
]
DRAWN = {
    "timeline": timeline([ROUTE, OTHER], NAMES),
    "map": schematic_map([ROUTE, OTHER], PLACES, NAMES),
    "network": network_drawing(DOTS, STROKES),
}


@pytest.fixture(params=DRAWN)
def drawn(request: pytest.FixtureRequest) -> ET.Element:
    return ET.fromstring(DRAWN[request.param])  # noqa: S314 - our own text


def test_a_drawing_is_one_svg_that_names_itself(drawn: ET.Element) -> None:
    assert drawn.tag == f"{SVG}svg"
    assert drawn.attrib["role"] == "img"
    assert drawn.findtext(f"{SVG}title") == drawn.attrib["aria-label"]
    assert drawn.findtext(f"{SVG}desc")


def test_a_drawing_has_no_script_style_address_or_image(drawn: ET.Element) -> None:
    assert {one.tag.removeprefix(SVG) for one in drawn.iter()} <= {
        "svg", "title", "desc", "rect", "circle", "line", "path", "polygon", "text",
    }  # fmt: skip
    for one in drawn.iter():
        assert not any(name.startswith("on") or name in {"style", "href"} for name in one.attrib)
        assert not any("url(" in value or "javascript" in value for value in one.attrib.values())


def test_a_drawing_prints_on_white_and_stays_within_itself(drawn: ET.Element) -> None:
    _x, _y, width, height = map(float, drawn.attrib["viewBox"].split())
    paper = drawn.find(f"{SVG}rect")
    assert paper is not None
    assert paper.attrib["fill"] == "#ffffff"
    for one in drawn.iter():
        for name, most in (
            ("cx", width),
            ("x", width),
            ("x2", width),
            ("cy", height),
            ("y", height),
            ("y2", height),
        ):
            assert 0 <= float(one.attrib.get(name, 0)) <= most


def test_every_person_has_a_number_and_a_shape_beside_a_colour() -> None:
    text = DRAWN["timeline"]
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert [one.text for one in root.iter(f"{SVG}text")].count("1") == 3
    assert [one.text for one in root.iter(f"{SVG}text")].count("2") == 1
    assert any(one.attrib["fill"] == COLOURS[1] for one in root.iter(f"{SVG}rect"))
    assert any(one.attrib["fill"] == COLOURS[0] for one in root.iter(f"{SVG}circle"))


def test_what_is_drawn_is_also_said_in_words() -> None:
    said = ET.fromstring(DRAWN["timeline"]).findtext(f"{SVG}desc")  # noqa: S314 - our own text
    assert (
        said
        == "persoon 1: Oefenstad 2025-W38, Oefen & <haven> 2026-W11, Oefenwoud 2026-W41; persoon 2: Oefen & <haven> 2026-W11"
    )


def test_colours_are_dark_on_white() -> None:
    for colour in COLOURS:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
        light = sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
        assert 1.05 / (light + 0.05) >= 7


def test_every_municipality_has_a_place_and_one_that_ended_stands_where_its_successor_stands() -> None:
    assert MUNICIPALITIES.keys() <= PLACES.keys()
    assert PLACES["GM0003"] == PLACES["GM1979"]


def test_real_places_lie_in_the_country_and_exercise_places_do_not() -> None:
    for code, place in PLACES.items():
        assert 50.7 < place.lat < 53.6
        assert (place.lon > 3.3) or code >= "GM9000"


def test_an_exercise_is_drawn_among_exercise_places_only() -> None:
    exercise = sum(1 for code in PLACES if code >= "GM9000")
    root = ET.fromstring(schematic_map([ROUTE], PLACES, NAMES))  # noqa: S314 - our own text
    assert sum(1 for one in root.iter(f"{SVG}circle") if one.attrib["fill"] == "#c4c4c4") == exercise


def test_what_is_on_no_map_is_said() -> None:
    lost = Track("persoon 1", (Sighting("GM9001", "2026-W01"), Sighting("TMM", "2026-W02")))
    assert "Niet op de kaart: TMM." in schematic_map([lost], PLACES, NAMES)


def test_nothing_seen_draws_nothing() -> None:
    assert timeline([Track("persoon 1", ())], NAMES) == ""
    assert schematic_map([Track("persoon 1", ())], PLACES, NAMES) == ""
    assert network_drawing([], []) == ""


def test_a_network_that_no_drawing_can_hold_is_left_to_the_table() -> None:
    many = [Dot(str(n), f"persoon {n}", person=True) for n in range(MOST_DRAWN + 1)]
    assert network_drawing(many, []) == ""
    assert network_drawing(many[:-1], [])


def test_context_and_questions_are_told_by_their_dashes() -> None:
    root = ET.fromstring(DRAWN["network"])  # noqa: S314 - our own text
    lines = [one for one in root.iter() if one.tag.removeprefix(SVG) in {"line", "path"}]
    assert sorted(one.attrib.get("stroke-dasharray", "") for one in lines) == [*[""] * 5, "2 5", "8 5"]
    assert "telefoon <1> (gedeeld)" in [one.text for one in root.iter(f"{SVG}text")]

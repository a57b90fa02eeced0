# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Drawings of what a table beside them says: a swim-lane timeline, a schematic map of municipalities, and a network in two columns.

The law: each is one SVG 1.1 element that stands by itself in a page or a file, without script, style, font or address; it names itself (`title`, `desc`), prints on white, and says
nothing by colour alone: every person has a shape and a number, context is dashed, a question is dotted. Texts are escaped here and nowhere else. A drawing adds nothing to what
its caller may show, and leaves out nothing that a table cannot say: what does not fit is said in `desc`.

Left to others: what may be shown, words of the page, the table.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final, Literal

from process.language import gettext as _
from register.movement import Sighting, stays
from register.municipalities import Municipality
from register.network import ordinal

INK, PALE, PAPER = "#1a1a1a", "#767676", "#ffffff"
COLOURS: Final = ("#003e65", "#8a1c00", "#1f5c2e", "#5b2c83", "#6b4a00", "#00585c")
"""Each at least 7 to 1 on white; never the only carrier."""
MOST_DRAWN: Final = 60
"""Nodes of a network that a drawing can hold; above that the table is better."""
SHAPES: Final = ("circle", "square", "triangle", "diamond")


@dataclass(frozen=True)
class Place:
    """Where a municipality is drawn: degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Track:
    """One person of a drawing.

    Attributes:
        name: as the page calls the person ("persoon 1").
        sightings: as far as opened.
    """

    name: str
    sightings: tuple[Sighting, ...]


def places_from(text: str, municipalities: Mapping[str, Municipality]) -> Mapping[str, Place]:
    """Parse register/data/plaatsen.csv; what ended stands where its first successor stands."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    found = {row["code"]: Place(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(lines)}
    for code, one in municipalities.items():
        if code not in found and one.successors and one.successors[0] in found:
            found[code] = found[one.successors[0]]
    return found


# ---- swim lanes ---------------------------------------------------------------------------------------------------

_LANE, _LEFT, _WIDE, _TOP = 44, 150, 560, 46


def timeline(tracks: Sequence[Track], names: Mapping[str, str]) -> str:
    """Municipalities as lanes from the first to the last that was seen, weeks from left to right, a line from signal to signal."""
    seen = [one for track in tracks for one in track.sightings]
    lanes = list(
        dict.fromkeys(one.organisation for one in sorted(seen, key=lambda one: (one.week, one.organisation)))
    )
    if not seen:
        return ""
    first, last = min(ordinal(one.week) for one in seen), max(ordinal(one.week) for one in seen)
    height = _TOP + _LANE * len(lanes) + 10

    def across(week: str) -> float:
        return _LEFT + 30 + (_WIDE - _LEFT - 75) * (ordinal(week) - first) / max(last - first, 1)

    def down(place: str) -> float:
        return _TOP + _LANE * (lanes.index(place) + 0.5)

    parts = []
    for at, place in enumerate(lanes):
        top = _TOP + _LANE * at
        parts.append(
            _element("rect", x=0, y=top, width=_WIDE, height=_LANE, fill="#f3f3f3" if at % 2 else PAPER)
        )
        parts.append(_text(8, top + _LANE / 2 + 5, names.get(place, place)))
    ends = (min(seen, key=lambda one: one.week).week, max(seen, key=lambda one: one.week).week)
    for week in dict.fromkeys(ends):
        parts.append(_text(across(week), _TOP - 10, _week(week), anchor="middle"))
        parts.append(_line((across(week), _TOP), (across(week), height - 10), PALE, dashes="2 4"))
    taken: dict[tuple[float, float], int] = {}
    for number, track in enumerate(tracks):
        spots = [(across(one.week), down(one.organisation)) for one in _ordered(track)]
        parts += [_arrow(one, other, number) for one, other in pairwise(spots) if one != other]
        parts += [_mark(_beside(spot, taken), number) for spot in dict.fromkeys(spots)]
    said = "; ".join(f"{track.name}: {_spoken(track, names)}" for track in tracks if track.sightings)
    return _svg(_WIDE, height, _("Tijdlijn per gemeente"), said, parts)


def _week(name: str) -> str:
    """`2026-W07` as it stands above a line."""
    year, _dash, number = name.partition("-W")
    return _("week {week}, {jaar}").format(week=int(number), jaar=year)


# ---- map ----------------------------------------------------------------------------------------------------------

_MAP: Final = 420


def schematic_map(tracks: Sequence[Track], places: Mapping[str, Place], names: Mapping[str, str]) -> str:
    """Where the stays of each person lie among the municipalities of the same world (of an exercise, or real): points and numbered stops, no borders."""
    seen = {one.organisation for track in tracks for one in track.sightings if one.organisation in places}
    if not seen:
        return ""
    exercise = any(code >= "GM9000" for code in seen)
    world = {code: place for code, place in places.items() if (code >= "GM9000") == exercise}
    lats, lons = [one.lat for one in world.values()], [one.lon for one in world.values()]
    # A degree of longitude is .61 of one of latitude at 52.2 degrees north.
    scale = (_MAP - 60) / max(max(lats) - min(lats), 0.61 * (max(lons) - min(lons)), 0.01)

    def spot(code: str) -> tuple[float, float]:
        place = world[code]
        return 30 + 0.61 * scale * (place.lon - min(lons)), 30 + scale * (max(lats) - place.lat)

    parts = [
        _element("circle", cx=x, cy=y, r=2.5, fill="#c4c4c4")
        for x, y in (spot(code) for code in sorted(world))
    ]
    missing = set[str]()
    taken: dict[tuple[float, float], int] = {}
    for number, track in enumerate(tracks):
        stops = [place for stay in stays(track.sightings) for place in stay.places]
        missing |= {one for one in stops if one not in world}
        spots = [spot(one) for one in stops if one in world]
        parts += [_arrow(one, other, number) for one, other in pairwise(spots) if one != other]
        parts += [_mark(_beside(one, taken), number) for one in dict.fromkeys(spots)]
    for code in sorted(seen & world.keys()):
        x, y = spot(code)
        right = x > _MAP * 0.6
        parts.append(
            _text(
                x - 14 if right else x + 14, y + 5, names.get(code, code), anchor="end" if right else "start"
            )
        )
    said = "; ".join(f"{track.name}: {_spoken(track, names)}" for track in tracks if track.sightings)
    if missing:
        said += ". " + _("Niet op de kaart: {plaatsen}.").format(
            plaatsen=", ".join(names.get(one, one) for one in sorted(missing))
        )
    return _svg(_MAP, _MAP, _("Schets van gemeenten, geen landkaart"), said, parts)


# ---- network ------------------------------------------------------------------------------------------------------

_ROW, _COLUMN = 40, 190.0


@dataclass(frozen=True)
class Dot:
    """A node of a drawing.

    Attributes:
        key: by which lines name it.
        label: what is written beside it.
        person: persons stand left, what they share right.
        shared: drawn heavier, and said.
    """

    key: str
    label: str
    person: bool
    shared: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line of a drawing: from, to, and whether it ties, is context, or asks."""

    a: str
    b: str
    kind: Literal["bindt", "context", "vraag"]


def network_drawing(dots: Sequence[Dot], strokes: Sequence[Stroke]) -> str:
    """Persons left, what they share right, one line each; nothing where there are more than `MOST_DRAWN`."""
    if not dots or len(dots) > MOST_DRAWN:
        return ""
    people, things = [one for one in dots if one.person], [one for one in dots if not one.person]
    spots = {one.key: (_COLUMN, 40.0 + _ROW * at) for at, one in enumerate(people)}
    spots |= {one.key: (_COLUMN + 180.0, 40.0 + _ROW * at) for at, one in enumerate(things)}
    parts = [_stroke(spots[one.a], spots[one.b], _DASHES[one.kind]) for one in strokes]
    parts += [part for one in dots for part in _dot(one, spots[one.key])]
    said = _(
        "Personen links, wat zij delen rechts. Een streepjeslijn is context, een stippellijn is een vraag."
    )
    height = 40 + _ROW * max(len(people), len(things))
    return _svg(560, height, _("Netwerk van verbanden"), said, parts)


_DASHES: Final = {"bindt": None, "context": "8 5", "vraag": "2 5"}


def _stroke(one: tuple[float, float], other: tuple[float, float], dashes: str | None) -> str:
    (x1, y1), (x2, y2) = one, other
    if x1 != x2:
        return _line(one, other, INK, dashes=dashes)
    bend = -70 if x1 == _COLUMN else 70
    path = f"M{x1:.0f} {y1:.0f} Q{x1 + bend:.0f} {(y1 + y2) / 2:.0f} {x2:.0f} {y2:.0f}"
    return _element("path", d=path, fill="none", stroke=INK, stroke_width=1.5, **_dashed(dashes))


def _dot(one: Dot, spot: tuple[float, float]) -> list[str]:
    x, y = spot
    if one.person:
        return [
            _element("circle", cx=x, cy=y, r=9, fill=COLOURS[0], stroke=PAPER),
            _text(x - 16, y + 5, one.label, anchor="end"),
        ]
    said = f"{one.label} ({_('gedeeld')})" if one.shared else one.label
    wide = 3 if one.shared else 1.5
    return [
        _element("rect", x=x - 9, y=y - 9, width=18, height=18, fill=PAPER, stroke=INK, stroke_width=wide),
        _text(x + 16, y + 5, said),
    ]


# ---- elements -----------------------------------------------------------------------------------------------------


def _ordered(track: Track) -> list[Sighting]:
    return sorted(track.sightings, key=lambda one: (one.week, one.organisation))


def _spoken(track: Track, names: Mapping[str, str]) -> str:
    return ", ".join(
        f"{' + '.join(names.get(one, one) for one in stay.places)} {stay.first}"
        for stay in stays(track.sightings)
    )


def _svg(width: float, height: float, title: str, desc: str, parts: Iterable[str]) -> str:
    head = _element("title", title) + _element("desc", desc)
    paper = _element("rect", width=width, height=height, fill=PAPER)
    return _holding(
        "svg",
        head + paper + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        aria_label=title,
        font_family="sans-serif",
        font_size=14,
        class_="sr-drawing",
    )


def _element(name: str, text: str = "", /, **attributes: object) -> str:
    return _holding(name, escape(str(text)), **attributes)


def _holding(name: str, inside: str, /, **attributes: object) -> str:
    """An element around others; `stroke_width` is written as stroke-width."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(f"{value:g}" if isinstance(value, float) else str(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{inside}</{name}>"


def _text(x: float, y: float, said: str, anchor: str = "start") -> str:
    # A white edge, so that a line under it leaves it readable.
    return _element(
        "text",
        said,
        x=x,
        y=y,
        fill=INK,
        text_anchor=anchor,
        stroke=PAPER,
        stroke_width=4,
        paint_order="stroke",
    )


def _dashed(dashes: str | None) -> dict[str, str]:
    return {} if dashes is None else {"stroke_dasharray": dashes}


def _line(one: tuple[float, float], other: tuple[float, float], ink: str, dashes: str | None = None) -> str:
    return _element(
        "line",
        x1=one[0],
        y1=one[1],
        x2=other[0],
        y2=other[1],
        stroke=ink,
        stroke_width=1.5,
        **_dashed(dashes),
    )


def _arrow(one: tuple[float, float], other: tuple[float, float], number: int) -> str:
    """A line that ends in a point before the far mark."""
    (x1, y1), (x2, y2) = one, other
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1.0)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    tip, ink = (x2 - 10 * dx, y2 - 10 * dy), COLOURS[number % len(COLOURS)]
    foot = (tip[0] - 9 * dx, tip[1] - 9 * dy)
    points = f"{tip[0]:.1f},{tip[1]:.1f} {foot[0] - 4 * dy:.1f},{foot[1] + 4 * dx:.1f} {foot[0] + 4 * dy:.1f},{foot[1] - 4 * dx:.1f}"
    return _line(one, foot, ink) + _element("polygon", points=points, fill=ink)


def _beside(spot: tuple[float, float], taken: dict[tuple[float, float], int]) -> tuple[float, float]:
    """Below the marks that stand there already, so that none hides another."""
    before = taken[spot] = taken.get(spot, -1) + 1
    return spot[0], spot[1] + 14 * before


def _mark(spot: tuple[float, float], number: int) -> str:
    """The shape and number of a person."""
    (x, y), ink, shape = spot, COLOURS[number % len(COLOURS)], SHAPES[number % len(SHAPES)]
    if shape == "circle":
        drawn = _element("circle", cx=x, cy=y, r=9, fill=ink)
    elif shape == "square":
        drawn = _element("rect", x=x - 9, y=y - 9, width=18, height=18, fill=ink)
    else:
        points = {
            "triangle": f"{x:.1f},{y - 12:.1f} {x + 11:.1f},{y + 8:.1f} {x - 11:.1f},{y + 8:.1f}",
            "diamond": f"{x:.1f},{y - 12:.1f} {x + 12:.1f},{y:.1f} {x:.1f},{y + 12:.1f} {x - 12:.1f},{y:.1f}",
        }[shape]
        drawn = _element("polygon", points=points, fill=ink)
    return drawn + _element(
        "text", str(number + 1), x=x, y=y + 4, fill=PAPER, text_anchor="middle", font_size=11
    )

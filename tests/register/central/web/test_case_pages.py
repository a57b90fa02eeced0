# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from register.central.web.case_pages import pairs_of, signal_names, view_of_movement, view_of_network
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_connecting import OWNERS, WEEKS, Case
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import World, point, pseudonym, subject


@dataclass
class Open:
    """A case that the analyst has opened on the page."""

    case: Case
    visitor: Visitor
    form: dict[str, str]

    def page(self, **chosen: str) -> httpx.Response:
        return self.visitor.post("/dossiers/netwerk", **self.form, **chosen)


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
def opened(world: World, visitor: Visitor) -> Open:
    case, phone, document = Case(world), pseudonym(point()), pseudonym(point(), "document")
    for week, owner in zip(WEEKS, OWNERS, strict=False):
        case.submit(owner, owner, subject(phone, document), week=week)
    case.opened(phone)
    for owner in OWNERS:
        case.release(owner, owner)
    visitor.signed_in("TMM", "tmm_analist")
    form = {
        "csrf": visitor.token("/dossiers"),
        "zaaknummer": "TMM-2026-0001",
        "grondslag": "OEF-WPG-TMM",
        "treffer": case.treffer,
    }
    return Open(case, visitor, form)


@ONE_DATABASE
def test_the_page_draws_and_tells_who_moved_where_and_why_and_says_of_two_that_they_are_not_one(
    opened: Open,
) -> None:
    answer = opened.page()
    assert answer.status_code == 200, answer.text
    text = answer.text
    assert text.count("<svg") >= 3
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text)
    assert [inline for _source, inline in scripts] == [""] * 3
    sources = [source.partition('src="/')[2].partition("/")[0] for source, _inline in scripts]
    assert sources == ["statisch", "register-bestanden", "register-bestanden"]
    assert re.findall(r'<ol class="sr-route">(.*?)</ol>', text) == [
        "<li>Oefenstad</li><li>Oefenhaven</li><li>Oefenwoud</li>"
    ]
    assert "zelfde telefoon, 3 gemeenten, jan-feb 2026, 3 signalen" in text
    for number in opened.case.signals.values():
        assert f">{number[:8]}<" not in text, "a signal is called by where and when it was"
    assert text.count("persoon 1: Oefenstad, week") == 2, "in both lists to choose from"
    why = opened.page(van="persoon-1", naar="telefoon-1").text
    assert "Van persoon 1 naar telefoon 1" in why
    smuggled = opened.page(van="persoon-1&van=persoon-1", naar="telefoon-1").text
    assert "Van persoon 1 naar telefoon 1" not in smuggled
    signals = {name: f"{number}/s1" for name, number in opened.case.signals.items()}
    said = {
        "een": signals["GM9003"],
        "ander": signals["GM9001"],
        "soort": "niet_dezelfde",
        "reden": "documenten_verschillen",
    }
    blind = opened.visitor.post("/dossiers/verklaringen", **opened.form, **said, gezien="0" * 16)
    assert blind.status_code == 409
    assert opened.case.world.rows(t.link_assertion) == []
    (shown,) = set(re.findall(r'name="gezien" value="([0-9a-f]{16})"', why))
    after = opened.visitor.post("/dossiers/verklaringen", **opened.form, **said, gezien=shown)
    assert after.status_code == 200, after.text
    assert "Persoon 2" in after.text
    assert len(opened.case.world.rows(t.link_assertion)) == 2
    number = str(opened.case.world.rows(t.link_assertion)[0].assertion_id)
    taken = opened.visitor.post(
        "/dossiers/verklaringen", **opened.form, verklaring=number, reden="vergissing"
    )
    assert "Het was een vergissing" in taken.text
    (seen,) = set(re.findall(r'value="(telefoon-1 [0-9a-f]{16})"', taken.text))
    chosen = {"knoop": seen, "soort": "hotel", "hercontrole": "2026-12-01"}
    without = opened.visitor.post("/dossiers/uitsluitingen", **opened.form, **chosen)
    assert "telefoon 1" not in without.text
    listed = opened.visitor.post("/uitsluitingen", **opened.form)
    assert "Hotel of pension" in listed.text
    (entry,) = {str(one.exclusion_id) for one in opened.case.world.rows(t.exclusion)}
    ended = opened.visitor.post("/uitsluitingen", **opened.form, uitsluiting=entry)
    assert "Er staat niets op de lijst" in ended.text


@ONE_DATABASE
def test_a_form_of_another_site_shows_and_says_nothing(opened: Open) -> None:
    for path in ("/dossiers/netwerk", "/dossiers/verklaringen", "/dossiers/uitsluitingen", "/uitsluitingen"):
        answer = opened.visitor.post(path, **{**opened.form, "csrf": "0" * 64}, soort="zelfde")
        assert answer.status_code == 403
    assert opened.case.world.rows(t.link_assertion) == []


# ---- without a register -------------------------------------------------------------------------------------------------


def end(number: int) -> dict[str, str]:
    return {"signaalId": f"{number:08d}-0000-4000-8000-000000000000", "ref": "s1"}


def node(key: str, *signals: int, **others: Any) -> dict[str, Any]:
    kind, number = key.split("-")
    return {
        "knoop": key,
        "soort": kind,
        "label": f"{kind} {number}",
        "signalen": [end(n) for n in signals],
        "stap": 0,
        "knooppunt": False,
        "gedeeld": False,
        "stempel": "0" * 16,
        **others,
    }


FOUND: dict[str, Any] = {
    "fase2": "open",
    "knopen": [node("persoon-1", 1, 2), node("persoon-2", 3), node("telefoon-1", gedeeld=True, opmerking="gedeeld nummer: 5 personen")],
    "verbanden": [
        {"van": "persoon-1", "naar": "telefoon-1", "soort": "draagt", "bindt": True, "brug": True, "reden": "zelfde telefoon"},
        {"van": "persoon-1", "naar": "persoon-2", "soort": "mogelijk_dezelfde", "bindt": False, "brug": False, "reden": "lijkt"},
    ],
    "groepen": [{"personen": ["persoon-1", "persoon-2"], "nakijken": "Kijk na."}, {"personen": ["persoon-1"]}],
    "maten": {"waarschuwingen": ["Dit is wat gemeld is."]},
    "verklaringen": [],
    "afgekapt": False,
}  # fmt: skip


def key(number: int) -> str:
    return f"{end(number)['signaalId']}/s1"


def test_taking_one_signal_out_of_a_person_names_every_other_signal_of_that_person() -> None:
    wish = {"een": key(1), "ander": key(2), "soort": "niet_dezelfde"}
    assert pairs_of(wish, FOUND) == [{"een": end(1), "ander": end(2)}]
    assert pairs_of({**wish, "ander": key(3)}, FOUND) == [{"een": end(1), "ander": end(3)}]
    three = {**FOUND, "knopen": [node("persoon-1", 1, 2, 4)]}
    assert [pair["ander"] for pair in pairs_of(wish, three)] == [end(2), end(4)]
    assert pairs_of({**wish, "soort": "zelfde"}, three) == [{"een": end(1), "ander": end(2)}]


def test_a_network_is_rows_beside_a_drawing() -> None:
    view = view_of_network(FOUND, {}, {})
    assert "<svg" in view["drawing"]
    assert view["groups"] == [("persoon 1, persoon 2", "Kijk na.")]
    assert [row[3] for row in view["lines"]] == ["bindt, houdt de groep alleen bij elkaar", "vraag"]
    assert [row[1] for row in view["nodes"]] == ["", "", "gedeeld nummer: 5 personen"]
    assert len(view["signals"]) == 3


def test_signals_are_called_by_place_and_week_and_of_one_place_and_week_each_has_a_number() -> None:
    stays = [
        ("00000001", "GM9001", "2026-W02"),
        ("00000002", "GM9001", "2026-W02"),
        ("00000003", "GM9002", "2026-W02"),
    ]
    seen = [{"signaalId": number, "gemeente": place, "week": week} for number, place, week in stays]
    called = signal_names({"personen": [{"waarnemingen": seen}]}, {"GM9001": "Oefenstad"})
    assert list(called.values()) == [
        "Oefenstad, week 2 van 2026 (1)",
        "Oefenstad, week 2 van 2026 (2)",
        "GM9002, week 2 van 2026",
    ]


def test_who_was_in_the_same_places_is_a_row() -> None:
    seen = [{"gemeente": "GM9001", "week": "2026-W02"}]
    one = {
        "label": "persoon 1",
        "waarnemingen": seen,
        "verblijven": [],
        "metgezellen": [{"label": "persoon 2", "samen": seen}],
    }
    view = view_of_movement({"personen": [one]}, {"GM9001": "Oefenstad"}, {})
    assert view["together"] == [("persoon 1", "persoon 2", "Oefenstad, week 2 van 2026")]


def test_nobody_seen_moves_nowhere() -> None:
    view = view_of_movement({"personen": []}, {}, {})
    assert (view["timeline"], view["map"], view["rows"]) == ("", "", [])

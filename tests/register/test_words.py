# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import pytest

from policies.decision import FIELDS, PURPOSES
from register.demo.plan import PEOPLE
from register.events import EVENTS, OWNER
from register.network import Edge, EdgeKind, Evidence, Group, Kind, Marks, Node
from register.signals import EXPLOITATION_FORMS, INDICATORS, ROLES
from register.words import (
    entry_labels,
    entry_value,
    event_name,
    evidence_said,
    group_said,
    handling_name,
    mark_said,
    node_name,
    period,
    purpose_of,
    reasons,
    role_name,
    typed_day,
    view_of_track,
)

NAMES = {"GM9001": "Oefenstad", "GM9002": "Oefenhaven"}
EVERY_EVENT = [(event.name, audience) for event in EVENTS for audience in event.fields]


@pytest.mark.parametrize(("event", "audience"), EVERY_EVENT)
def test_every_event_of_the_catalogue_has_a_name_people_can_read(event: str, audience: str) -> None:
    name = event_name(event, audience)
    assert name != event
    assert "_" not in name
    assert name[0].isupper()


def test_an_owner_reads_the_same_event_from_its_own_side() -> None:
    assert all(
        event_name(name, OWNER) != event_name(name, "vrager") for name, who in EVERY_EVENT if who == OWNER
    )


@pytest.mark.parametrize("event", sorted({event.name for event in EVENTS}))
def test_every_event_says_in_words_what_kind_of_handling_it_was(event: str) -> None:
    assert handling_name(event)[0].isupper()
    assert handling_name("nieuw_soort") == "nieuw_soort"


def test_an_event_without_a_name_still_shows_as_something() -> None:
    assert event_name("nieuw_soort", "vrager") == "nieuw_soort"


@pytest.mark.parametrize("role", sorted({one.role for one in PEOPLE}))
def test_every_role_of_the_exercise_has_a_dutch_name(role: str) -> None:
    assert "_" not in role_name(role)


def test_an_fg_works_for_oversight_and_tmm_for_hand_off() -> None:
    assert purpose_of("fg") == "toezicht_avg"
    assert purpose_of("tmm_analist") == purpose_of("tmm_coordinator") == "opsporing_handoff"


def test_every_label_of_a_log_entry_stands_for_a_field_of_the_catalogue() -> None:
    known = {field for event in EVENTS for fields in event.fields.values() for field in fields}
    keys = [key for key, _label in entry_labels()]
    assert set(keys) <= known
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("verzegeld", True, "ja"),
        ("verzegeld", False, "nee"),
        ("families", ["name_dob", "name_dob_near", "phone"], "telefoon, naam en geboortedatum"),
        ("moment", "2026-03-02T09:30:20+00:00", "2 maart 2026, 10:30"),
        ("moment", "2026-07-01T22:30:00+00:00", "2 juli 2026, 00:30"),
        ("moment", "onleesbaar", "onleesbaar"),
        ("organisatie", "GM9001", "Oefenstad"),
        ("organisatie", "GM0001", "GM0001"),
        ("rol", "fg", "functionaris gegevensbescherming"),
        ("rol", "iets_nieuws", "iets_nieuws"),
        ("doel", "signalering", "signalering"),
        ("doel", "iets_nieuws", "iets_nieuws"),
        ("uitkomst", "niet_bekend", "niet bekend"),
        ("uitkomst", "minderjarigenroute", "route voor minderjarigen"),
        ("velden", ["hit", "period_bucket"], "of er een treffer is, de periode"),
        ("verloopt_op", "2027-03-02", "2 maart 2027"),
        ("signalen_geteld", 3, "3"),
        ("regels", ["a.b", "c.d"], "a.b, c.d"),
        ("bestemd_voor", "GM9001, GM9998", "Oefenstad, GM9998"),
    ],
)
def test_a_value_of_an_entry_reads_as_dutch(key: str, value: object, read: str) -> None:
    assert entry_value(key, value, NAMES) == read


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_the_matrix_reads_as_dutch(field: str) -> None:
    assert entry_value("velden", [field], NAMES) != field


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_reads_without_a_code(purpose: str) -> None:
    assert "_" not in entry_value("doel", purpose, NAMES)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-H1", "eerste helft van 2026"),
        ("2026-H2", "tweede helft van 2026"),
        ("2026-01", "januari 2026"),
        ("2026-12", "december 2026"),
        ("2026-W07", "week 7 van 2026"),
        ("2026-W53", "week 53 van 2026"),
    ],
)
def test_a_period_reads_as_people_say_it(value: str, read: str) -> None:
    assert period(value) == read


OPEN = {
    "periode": "2026-W07",
    "organisatie": "GM9001",
    "soorten": ["telefoon"],
    "uitbuitingsvorm": "arbeid",
    "aanwijzingen": ["slapen_in_bedrijfspand", "gevaarlijk_werk"],
    "rol": "mogelijk_slachtoffer",
    "beoordeling": "B2",
    "gesloten": False,
}


def shown(*signals: dict[str, object]) -> dict[str, Any]:
    track = {
        "trefferId": "t",
        "fase2": "open",
        "route": ["GM9001", "GM9001 + GM9002", "GM0003"],
        "nietBekeken": ["Iets."],
        "signalen": list(signals),
    }
    return view_of_track(track, NAMES)


def because(member: str, rule: str, *conditions: str) -> dict[str, Any]:
    return {
        "veld": member,
        "naam": f"hoeveel {member}",
        "uitleg": [f"Regel {rule} zegt het."],
        "grondslagen": ["G-GEM."],
        "voorwaarden": list(conditions),
        "regels": [rule],
    }


def test_what_holds_for_several_fields_is_said_once_and_the_rest_with_the_field_it_is_about() -> None:
    why = [because("a", "r1", "x", "y"), because("b", "r1", "x", "y"), because("c", "r2", "x", "z")]
    found = reasons(why, {"a": "Aantal"})
    assert found is not None
    assert [(one.names, one.rules, one.grounds, one.conditions) for one in found.each] == [
        (("Aantal", "Hoeveel b"), ("r1",), (), ("y",)),
        (("Hoeveel c",), ("r2",), (), ("z",)),
    ]
    assert (found.grounds, found.conditions) == (("G-GEM.",), ("x",))


def test_where_nothing_is_shown_there_is_no_reason_to_give() -> None:
    assert reasons([], {}) is None


def test_a_track_shows_its_route_by_name() -> None:
    assert shown()["route"] == ["Oefenstad", "Oefenstad + Oefenhaven", "GM0003"]
    assert shown()["not_searched"] == ["Iets."]


def test_an_opened_signal_reads_in_labels_and_never_in_codes() -> None:
    assert shown(OPEN)["rows"] == [
        (
            "week 7 van 2026",
            "Oefenstad",
            "telefoon",
            EXPLOITATION_FORMS["arbeid"].label,
            f"{INDICATORS['slapen_in_bedrijfspand'].label}; {INDICATORS['gevaarlijk_werk'].label}",
            ROLES["mogelijk_slachtoffer"].label,
            "B: een bron die meestal klopt; 2: de bron weet het zelf",
        )
    ]


def test_what_is_closed_says_so_instead_of_looking_empty() -> None:
    (row,) = shown({"gesloten": True})["rows"]
    assert row == ("nog gesloten", "nog gesloten", "", "nog gesloten", "nog gesloten", "nog gesloten", "")


def test_a_code_that_this_version_does_not_know_is_left_out() -> None:
    (row,) = shown(OPEN | {"aanwijzingen": ["iets_nieuws", "gevaarlijk_werk"]})["rows"]
    assert row[4] == INDICATORS["gevaarlijk_werk"].label


# ---- networks -----------------------------------------------------------------------------------------------------------

P1, T1 = Node(Kind.PERSON, 1), Node(Kind.TELEPHONE, 1)


def line(
    kind: EdgeKind,
    *families: str,
    places: tuple[str, ...] = ("GM9001",),
    weeks: tuple[str | None, str | None] = (None, None),
) -> str:
    evidence = Evidence(frozenset(families), 3, places, *weeks)
    return evidence_said(Edge(P1, T1, kind, ties=True, evidence=evidence), NAMES)


def test_a_line_says_why_it_is_there() -> None:
    three = ("GM9001", "GM9002", "GM9003")
    assert (
        line(EdgeKind.CARRIES, "phone", places=three, weeks=("2026-W02", "2026-W24"))
        == "zelfde telefoon, 3 gemeenten, jan-jun 2026, 3 signalen"
    )
    assert (
        line(EdgeKind.CARRIES, "plate", weeks=("2025-W38", "2026-W11"))
        == "zelfde kenteken, Oefenstad, sep 2025-mrt 2026, 3 signalen"
    )
    assert (
        line(EdgeKind.TOGETHER, weeks=("2026-W02", "2026-W03"))
        == "samen in één signaal gezien, Oefenstad, jan 2026, 3 signalen"
    )
    assert line(EdgeKind.REPORTED, places=()) == "in hetzelfde signaal gemeld, 3 signalen"
    assert (
        line(EdgeKind.POSSIBLE, "name_dob_near", places=())
        == "mogelijk dezelfde persoon: naam en geboortedatum lijkt op elkaar, 3 signalen"
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_node_has_a_name_people_can_read(kind: Kind) -> None:
    assert node_name(Node(kind, 2)).endswith(" 2")
    assert "_" not in node_name(Node(kind, 2))


def test_a_node_says_what_must_be_said_of_it() -> None:
    assert mark_said(Marks()) == ""
    assert mark_said(Marks(5, shared=True)) == "gedeeld nummer: 5 personen"
    assert mark_said(Marks(900, shared=True, collapsed=True)) == "gedeeld door 900: verbindt niemand"
    assert mark_said(Marks(conflicting=True)).startswith("tegenstrijdig")


def test_a_group_says_why_it_must_be_looked_at_before_it_is_handed_over() -> None:
    assert group_said(Group((P1,), large=False, conflicting=False, shared=True)) == ""
    said = group_said(Group((P1,) * 13, large=True, conflicting=True, shared=True))
    assert "13 personen" in said
    assert said.endswith("voordat u overdraagt.")


@pytest.mark.parametrize("typed", ["20-11-2026", "20/11/2026", " 20.11.2026 ", "2026-11-20"])
def test_a_day_is_read_day_first_as_people_type_it_or_as_the_interface_has_it(typed: str) -> None:
    assert typed_day(typed) == "2026-11-20"


@pytest.mark.parametrize("typed", ["gisteren", "11/2026", "20-11-26", "1-2-3-2026"])
def test_what_is_no_day_is_left_for_the_interface_to_refuse(typed: str) -> None:
    assert typed_day(typed) == typed

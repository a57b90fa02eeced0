# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from register.retention import TREFFER_DAYS
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import (
    CRITERIA,
    Caller,
    World,
    fields_of,
    opened,
    point,
    pseudonym,
    refused,
    sealed,
    signal,
    subject,
)

ABSENT = "00000000-0000-4000-8000-000000000000"
CLOSED = {"uitbuitingsvorm", "aanwijzingen", "rol"}


@dataclass
class Case:
    """Three sealed signals on one telephone, found by a question of a fourth municipality."""

    world: World
    phone: dict[str, str]
    signals: dict[str, str]
    treffer: str

    @property
    def coordinator(self) -> Caller:
        return self.world.person("TMM", "tmm_coordinator")

    @property
    def analyst(self) -> Caller:
        return self.world.person("TMM", "tmm_analist")

    def ask(self, **changed: Any) -> httpx.Response:
        body = {"trefferId": self.treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
        return self.coordinator.post("/v1/fase-2-besluiten", body | changed)

    def asked(self) -> str:
        answer = self.ask()
        assert answer.status_code == 201, answer.text
        return str(answer.json()["besluitId"])

    def release(self, decision: str, owner: str, *, by: str | None = None, **changed: Any) -> httpx.Response:
        body = {"organisatie": by or owner, "signaalId": self.signals[owner], "ontzegeld": opened()}
        sent = {name: value for name, value in (body | changed).items() if value is not None}
        return self.world.contact(by or owner).post(f"/v1/fase-2-besluiten/{decision}/vrijgaven", sent)

    def track(self, reader: Caller) -> dict[str, Any]:
        answer = reader.get(f"/v1/dossiers/{self.treffer}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def case(world: World) -> Case:
    phone, signals = pseudonym(point()), {}
    for week, owner in zip(("2026-W07", "2026-W02", "2026-W05"), ("GM9001", "GM9002", "GM9003"), strict=True):
        sent = sealed(subject(phone), waargenomenWeek=week)
        world.submit(owner, sent)
        signals[owner] = sent["signaalId"]
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    return Case(world, phone, signals, str(row.treffer_id))


def test_the_coordinator_sees_a_treffer_that_two_organisations_support(case: Case) -> None:
    (dossier,) = case.coordinator.get("/v1/dossiers").json()["dossiers"]
    assert (dossier["trefferId"], dossier["aantalGemeenten"], dossier["fase2"]) == (
        case.treffer,
        "3",
        "gesloten",
    )


def test_a_treffer_on_signals_of_one_organisation_is_not_the_coordinator_s(world: World) -> None:
    phone = pseudonym(point())
    for _signal in range(2):
        world.submit("GM9001", signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    coordinator = world.person("TMM", "tmm_coordinator")
    assert coordinator.get("/v1/dossiers").json()["dossiers"] == []
    refused(coordinator.get(f"/v1/dossiers/{row.treffer_id}"), 404, "niet-gevonden")


def test_the_analyst_sees_nothing_before_phase_2_was_asked(case: Case) -> None:
    analyst = case.analyst
    assert analyst.get("/v1/dossiers").json()["dossiers"] == []
    refused(analyst.get(f"/v1/dossiers/{case.treffer}"), 404, "niet-gevonden")
    case.asked()
    (dossier,) = analyst.get("/v1/dossiers").json()["dossiers"]
    assert dossier["fase2"] == "gevraagd"


def test_before_release_a_track_shows_places_months_and_kinds_and_nothing_sealed(case: Case) -> None:
    track = case.track(case.coordinator)
    assert track["route"] == ["GM9002", "GM9003", "GM9001"]
    assert [one["periode"] for one in track["signalen"]] == ["2026-01", "2026-01", "2026-02"]
    for one in track["signalen"]:
        assert one["gesloten"] is True
        assert not CLOSED & set(one)
        assert one["soorten"] == ["telefoon"]


def test_the_day_of_a_treffer_is_told_to_tmm_by_the_month_and_in_phase_2_by_the_week(case: Case) -> None:
    """On that day somebody stood at a control; the day on which it lapses is so many days later."""
    day = case.world.clock().date()
    lapses = day + timedelta(days=TREFFER_DAYS)
    case.world.clock.forward(days=3)
    decision = case.asked()

    def told() -> tuple[str, list[str]]:
        listed = case.coordinator.get("/v1/dossiers")
        (one,) = listed.json()["dossiers"]
        track = case.track(case.coordinator)
        return listed.text + str(track), [
            one["gevonden"],
            one["vervalt"],
            track["gevonden"],
            track["vervalt"],
        ]

    before, months = told()
    assert months == [f"{day:%Y-%m}", f"{lapses:%Y-%m}"] * 2
    assert f"{day:%Y-%m-%d}" not in before
    assert f"{lapses:%Y-%m-%d}" not in before
    case.release(decision, "GM9001")
    _after, weeks = told()
    assert weeks[0] == weeks[2] == f"{day:%G-W%V}"
    assert all("W" in one for one in weeks)


def test_asking_records_criteria_and_assessment_and_tells_the_owners(case: Case) -> None:
    answer = case.ask()
    assert answer.status_code == 201
    assert answer.json()["stand"] == "gevraagd"
    (row,) = case.world.rows(t.phase_2)
    assert (row.asked_by_organisation, row.asked_by_role, row.criteria) == (
        "TMM",
        "tmm_coordinator",
        sorted(CRITERIA),
    )
    entry = case.world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["ontvanger"], entry["besluit"]) == (
        "fase_2_gevraagd",
        "melder",
        answer.json()["besluitId"],
    )


def test_asking_again_gives_the_same_decision(case: Case) -> None:
    assert case.asked() == case.asked()
    assert len(case.world.rows(t.phase_2)) == 1


@ONE_DATABASE
@pytest.mark.parametrize("criteria", [["concreet"], CRITERIA[:-1], [*CRITERIA, "anders"], ["onzin"] * 5])
def test_incomplete_criteria_are_400_and_ask_nothing(case: Case, criteria: list[str]) -> None:
    members = refused(case.ask(criteria=criteria), 400, "criteria-niet-af")
    assert (members["regel"], fields_of(members)) == ("C10", {"criteria"})
    assert case.world.rows(t.phase_2) == []


def test_no_criteria_at_all_is_400_too(case: Case) -> None:
    assert fields_of(refused(case.ask(criteria=[]), 400, "ongeldige-invoer")) == {"criteria"}


def test_phase_2_of_a_treffer_that_is_not_there_is_not_asked(case: Case) -> None:
    refused(case.ask(trefferId=ABSENT), 404, "niet-gevonden")


def test_an_analyst_asks_for_no_phase_2(case: Case) -> None:
    body = {"trefferId": case.treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    refused(case.analyst.post("/v1/fase-2-besluiten", body), 403, "geen-toegang")
    assert case.world.rows(t.phase_2) == []


@ONE_DATABASE
@pytest.mark.parametrize("purpose", ["signalering", "opsporing_handoff"])
@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris", "fg"])
def test_nobody_of_a_municipality_asks_for_phase_2_in_tmm_s_place(
    case: Case, role: str, purpose: str
) -> None:
    """It would name the towns to each other, and stand in TMM's way: a treffer has one decision."""
    body = {"trefferId": case.treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    answer = case.world.node("GM9004", role).but(doel=purpose).post("/v1/fase-2-besluiten", body)
    refused(answer, 403, "geen-toegang")
    assert case.world.rows(t.phase_2) == []


def test_a_release_opens_that_signal_and_no_other(case: Case) -> None:
    decision = case.asked()
    answer = case.release(decision, "GM9001")
    assert (answer.status_code, answer.json()["stand"]) == (201, "open")
    track = case.track(case.analyst)
    assert track["fase2"] == "open"
    by_owner = {one["organisatie"]: one for one in track["signalen"]}
    released = by_owner["GM9001"]
    assert (released["gesloten"], released["periode"]) == (False, "2026-W07")
    assert released["uitbuitingsvorm"] == "seksueel_grensoverschrijdend"
    assert released["aanwijzingen"] == ["derde_beheert_advertentie"]
    assert released["rol"] == "mogelijk_slachtoffer"
    for owner in ("GM9002", "GM9003"):
        assert by_owner[owner]["gesloten"] is True
        assert not CLOSED & set(by_owner[owner])
        assert "W" not in by_owner[owner]["periode"]


def test_after_every_release_the_whole_track_is_open_in_time_order(case: Case) -> None:
    decision = case.asked()
    for owner in case.signals:
        assert case.release(decision, owner).status_code == 201
    track = case.track(case.analyst)
    assert [one["organisatie"] for one in track["signalen"]] == ["GM9002", "GM9003", "GM9001"]
    assert [one["periode"] for one in track["signalen"]] == ["2026-W02", "2026-W05", "2026-W07"]
    assert not any(one["gesloten"] for one in track["signalen"])


def test_each_field_on_a_track_says_why_it_is_there_and_what_is_closed_says_nothing(case: Case) -> None:
    before = {one["veld"] for one in case.track(case.coordinator)["waarom"]}
    assert before >= {"periode", "organisatie", "soorten"}
    assert not CLOSED & before
    assert [one["veld"] for one in case.coordinator.get("/v1/dossiers").json()["waarom"]] == [
        "aantalGemeenten"
    ]
    case.release(case.asked(), next(iter(case.signals)))
    opened = {one["veld"]: one for one in case.track(case.analyst)["waarom"]}
    assert {"aanwijzingen", "rol", "uitbuitingsvorm"} <= set(opened)
    assert opened["rol"]["regels"] == ["tmm_analist.opsporing_handoff.inhoud"]
    assert any("Wpg" in ground for ground in opened["rol"]["grondslagen"])


def test_a_release_does_not_open_anything_to_the_inspector_who_asked(case: Case) -> None:
    case.release(case.asked(), "GM9001")
    answer = case.world.inspector("GM9004").ask(case.phone).json()
    assert not {"gemeenten", "uitbuitingsvorm", "aanwijzingen", "rol"} & set(answer)


WRONG: dict[str, dict[str, Any]] = {
    "another_form": {"uitbuitingsvorm": "seksueel_binnenlands"},
    "another_indicator": {"aanwijzingen": ["onredelijke_afdracht"]},
    "one_indicator_more": {"aanwijzingen": ["derde_beheert_advertentie", "onredelijke_afdracht"]},
    "another_role": {"subjecten": [{"ref": "s1", "rol": "mogelijk_facilitator"}]},
    "another_subject": {"subjecten": [{"ref": "s2", "rol": "mogelijk_slachtoffer"}]},
    "another_nonce": {"nonce": "A" * 43},
}


@ONE_DATABASE
@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG.keys())
def test_fields_that_do_not_open_the_commitment_are_400_and_open_nothing(
    case: Case, changed: dict[str, Any]
) -> None:
    decision = case.asked()
    answer = case.release(decision, "GM9001", ontzegeld=opened() | changed)
    assert "ontzegeld" in fields_of(refused(answer, 400, "verzegeling-klopt-niet"))
    assert case.world.rows(t.phase_2_release) == []
    assert {one.opened for one in case.world.rows(t.signal)} == {None}
    assert case.track(case.coordinator)["fase2"] == "gevraagd"


def test_a_sealed_signal_is_not_released_without_what_was_sealed(case: Case) -> None:
    answer = case.release(case.asked(), "GM9001", ontzegeld=None)
    assert fields_of(refused(answer, 400, "verzegeling-klopt-niet")) == {"ontzegeld"}


def test_the_order_of_indicators_and_subjects_does_not_matter_to_the_commitment(case: Case) -> None:
    repeated = opened() | {"aanwijzingen": ["derde_beheert_advertentie"] * 2}
    assert case.release(case.asked(), "GM9001", ontzegeld=repeated).status_code == 201


def test_releasing_again_changes_nothing(case: Case) -> None:
    decision = case.asked()
    case.release(decision, "GM9001")
    before = case.world.contents()
    case.world.clock.forward(minutes=5)
    assert case.release(decision, "GM9001").status_code == 201
    after = case.world.contents()
    assert {name for name in after if after[name] != before[name]} <= {"session"}


def test_nobody_releases_another_s_signal(case: Case) -> None:
    refused(case.release(case.asked(), "GM9001", by="GM9002"), 404, "niet-gevonden")
    assert case.world.rows(t.phase_2_release) == []


def test_a_signal_outside_the_treffer_is_not_released_by_way_of_it(case: Case) -> None:
    stranger = sealed()
    case.world.submit("GM9001", stranger)
    answer = case.release(case.asked(), "GM9001", signaalId=stranger["signaalId"])
    refused(answer, 404, "niet-gevonden")


@ONE_DATABASE
@pytest.mark.parametrize("role", ["toezichthouder", "fg"])
def test_only_the_aandachtsfunctionaris_releases(case: Case, role: str) -> None:
    decision = case.asked()
    body = {"organisatie": "GM9001", "signaalId": case.signals["GM9001"], "ontzegeld": opened()}
    answer = case.world.node("GM9001", role).post(f"/v1/fase-2-besluiten/{decision}/vrijgaven", body)
    refused(answer, 403, "geen-toegang")
    assert case.world.rows(t.phase_2_release) == []


def test_a_decision_that_is_not_there_releases_nothing(case: Case) -> None:
    refused(case.release(ABSENT, "GM9001"), 404, "niet-gevonden")


def test_a_lapsed_treffer_is_not_released_any_more(case: Case) -> None:
    decision = case.asked()
    case.world.clock.forward(days=30)
    refused(case.release(decision, "GM9001"), 404, "niet-gevonden")


def test_a_signal_that_nobody_sealed_is_released_without_anything_sealed(world: World) -> None:
    phone, ids = pseudonym(point()), {}
    for owner in ("GM9001", "GM9002"):
        sent = signal(subject(phone))
        world.submit(owner, sent)
        ids[owner] = sent["signaalId"]
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    case = Case(world, phone, ids, str(row.treffer_id))
    assert case.release(case.asked(), "GM9001", ontzegeld=None).status_code == 201
    opened_one, closed_one = sorted(
        case.track(case.analyst)["signalen"], key=lambda one: bool(one["gesloten"])
    )
    assert opened_one["aanwijzingen"] == ["slapen_in_bedrijfspand"]
    assert closed_one["gesloten"] is True


def test_the_release_is_told_to_the_owner_s_and_to_tmm_s_log(case: Case) -> None:
    decision = case.asked()
    case.release(decision, "GM9001")
    ours, theirs = case.world.log.last("GM9001"), case.world.log.last("TMM")
    assert (ours["gebeurtenis"], ours["ontvanger"], ours["ontzegeld"]) == (
        "fase_2_vrijgegeven",
        "vrager",
        True,
    )
    assert (theirs["ontvanger"], theirs["besluit"]) == ("melder", decision)
    for part in (ours, theirs):
        assert "seksueel" not in str(part)


def test_a_look_at_a_track_is_told_to_every_owner_on_it(case: Case) -> None:
    case.release(case.asked(), "GM9001")
    case.track(case.analyst)
    for owner in case.signals:
        entry = case.world.log.last(owner)
        assert (entry["gebeurtenis"], entry["organisatie"]) == ("dossier_geraadpleegd", "TMM")
        assert ("indicators" in entry["velden"]) is (owner == "GM9001")


def test_a_signal_saved_after_the_question_stands_on_the_track(case: Case) -> None:
    case.asked()
    case.world.submit("GM9004", sealed(subject(case.phone)))
    track = case.track(case.analyst)
    assert track["route"] == ["GM9002", "GM9003", "GM9001", "GM9004"]


def test_one_track_does_not_take_in_who_shares_too_little(case: Case) -> None:
    case.world.submit("GM9004", signal(subject(pseudonym(point()))))
    assert len(case.track(case.coordinator)["signalen"]) == 3


def test_who_wants_no_police_is_on_no_track_of_tmm(world: World) -> None:
    phone = pseudonym(point())
    for owner in ("GM9001", "GM9002"):
        world.submit(owner, signal(subject(phone)))
    world.submit("GM9003", signal(subject(phone), sporen={"geenPolitiecontact": True}))
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    track = world.person("TMM", "tmm_coordinator").get(f"/v1/dossiers/{row.treffer_id}").json()
    assert track["route"] == ["GM9001 + GM9002"]


def test_a_corrected_signal_is_sealed_again(case: Case) -> None:
    case.release(case.asked(), "GM9001")
    again = sealed(subject(case.phone)) | {"signaalId": case.signals["GM9001"], "versie": 2}
    case.world.submit("GM9001", again)
    track = case.track(case.analyst)
    (ours,) = [one for one in track["signalen"] if one["organisatie"] == "GM9001"]
    assert ours["gesloten"] is True
    assert not CLOSED & set(ours)


@ONE_DATABASE
@pytest.mark.parametrize("header", ["zaaknummer", "reden", "grondslag"])
def test_tmm_looks_under_a_case_a_reason_and_a_ground(case: Case, header: str) -> None:
    answer = case.coordinator.but(**{header: None}).get("/v1/dossiers")
    refused(answer, 400, "onvolledig")


def test_a_release_of_one_version_opens_no_later_one(world: World) -> None:
    phone, ids, sent = pseudonym(point()), {}, {}
    for owner in ("GM9001", "GM9002"):
        sent[owner] = signal(subject(phone))
        world.submit(owner, sent[owner])
        ids[owner] = sent[owner]["signaalId"]
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    case = Case(world, phone, ids, str(row.treffer_id))
    decision = case.asked()
    case.release(decision, "GM9001", ontzegeld=None)
    more = {"versie": 2, "aanwijzingen": ["slapen_in_bedrijfspand", "onderbetaling_of_uitgesteld_loon"]}
    world.submit("GM9001", sent["GM9001"] | more)
    track = case.track(case.analyst)
    assert "onderbetaling" not in str(track)
    assert all(one["gesloten"] for one in track["signalen"])


@pytest.mark.parametrize("path", ["/v1/dossiers", "/v1/dossiers/{}"])
def test_a_municipality_sees_no_tracks(case: Case, path: str) -> None:
    for role in ("toezichthouder", "aandachtsfunctionaris", "fg"):
        refused(case.world.node("GM9001", role).get(path.format(case.treffer)), 403, "geen-toegang")

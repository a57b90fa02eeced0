# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Two people lay down a mandate or a ground in person; one alone never does, and what another organisation does is to others as what is not there."""

from typing import Any
from uuid import UUID

import pytest

from register.central.centre import Centre
from register.central.reminding import remind
from register.central.store import tables as t
from register.central.witnesses import Published
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import Caller, World, fields_of, refused

pytestmark = ONE_DATABASE

DESK = "/v1/beheer"
PROPOSALS = f"{DESK}/vastleggingen"
MANDATE = {
    "medewerker": "zorg-0001",
    "rol": "zorgcoordinator",
    "geldigVan": "2026-03-01",
    "geldigTot": "2028-12-31",
    "opgeleidOp": "2025-11-03",
    "gescreendOp": "2025-10-06",
    "besluitstuk": "B2026-117",
    "beslotenDoor": "college van Oefenstad",
}
GROUND = {
    "code": "G-STAT",
    "artikel": "AVG 89; UAVG 24",
    "taak": "Jaarlijks tellen wat signalen opleveren",
    "geldigVan": "2026-03-01",
    "geldigTot": "2028-12-31",
    "beslotenOp": "2026-02-24",
    "besluitstuk": "B2026-118",
    "beslotenDoor": "college van Oefenstad",
}
PROSE = {"bezwaar": False, "toelichting": "Gelezen; geen bezwaar."}


def first(world: World, organisation: str = "GM9001") -> Caller:
    return world.administrator(organisation, 1)


def second(world: World, organisation: str = "GM9001") -> Caller:
    return world.administrator(organisation, 2)


def fg(world: World, organisation: str = "GM9001") -> Caller:
    return world.node(organisation, "fg", control=None)


def proposed(caller: Caller, what: str, body: dict[str, Any]) -> str:
    answer = caller.post(f"{DESK}/{what}", body)
    assert answer.status_code == 201, answer.text
    return f"{PROPOSALS}/{answer.json()['vastleggingId']}"


def grounds(world: World, organisation: str = "GM9001") -> dict[str, bool]:
    found = first(world, organisation).get(DESK).json()["grondslagen"]
    return {one["id"]: one["geldt"] for one in found}


def mandates(world: World) -> set[tuple[str, str, bool]]:
    found = first(world).get(DESK).json()["mandaten"]
    return {(one["rol"], one["medewerker"], one["geldt"]) for one in found}


def test_a_mandate_counts_once_a_second_person_says_yes_and_not_before(world: World) -> None:
    mine = proposed(first(world), "mandaten", MANDATE)
    assert ("zorgcoordinator", "zorg-0001", True) not in mandates(world)
    refused(first(world).post(f"{mine}/goedkeuringen", {}), 403, "zelfde-persoon")
    done = second(world).post(f"{mine}/goedkeuringen", {})
    assert (done.status_code, done.json()["stand"]) == (201, "vastgelegd")
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["ontvanger"]) == ("mandaat_vastgelegd", "vrager")
    assert entry["mandaten"] == ["zorgcoordinator zorg-0001"]
    assert (entry["medewerker"], entry["deur"]) == ("oefening-beheerder-2", "node")
    assert entry["besluitstuk"] == "B2026-117"
    kept = world.log.last("REGISTER")
    assert (kept["gebeurtenis"], "medewerker" in kept) == ("mandaat_vastgelegd", False)
    assert ("zorgcoordinator", "zorg-0001", True) in mandates(world)
    refused(second(world).post(f"{mine}/goedkeuringen", {}), 409, "voorstel-voorbij")


def test_nobody_decides_on_a_mandate_of_the_own_and_nobody_makes_a_second_pair_of_eyes(
    world: World,
) -> None:
    own = MANDATE | {"medewerker": "oefening-beheerder-1"}
    assert fields_of(refused(first(world).post(f"{DESK}/mandaten", own), 400, "niet-vastgelegd")) == {
        "medewerker"
    }
    for role in ("fg", "functioneel_beheerder"):
        answer = first(world).post(f"{DESK}/mandaten", MANDATE | {"rol": role})
        assert fields_of(refused(answer, 400, "niet-vastgelegd")) == {"rol"}
    theirs = proposed(first(world), "mandaten", MANDATE | {"medewerker": "oefening-beheerder-2"})
    assert (
        "voor uzelf"
        in refused(second(world).post(f"{theirs}/goedkeuringen", {}), 403, "zelfde-persoon")["detail"]
    )
    end = {"medewerker": "oefening-fg", "rol": "fg", "besluitstuk": "B1-2026", "beslotenDoor": "college"}
    refused(first(world).post(f"{DESK}/mandaten/beeindigingen", end), 403, "niet-hier")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"rol": "tmm_analist"}, {"rol"}),
        ({"geldigTot": "2026-02-01"}, {"geldigTot"}),
        ({"opgeleidOp": "2026-06-01"}, {"opgeleidOp"}),
        ({"besluitstuk": " "}, {"besluitstuk"}),
        ({"geldigVan": "2024-01-01", "geldigTot": "2025-01-01"}, {"geldigTot"}),
    ],
    ids=["role", "days", "untrained", "no-document", "past"],
)
def test_a_mandate_that_cannot_be_names_what_is_wrong(
    world: World, changed: dict[str, str], named: set[str]
) -> None:
    answer = first(world).post(f"{DESK}/mandaten", MANDATE | changed)
    assert fields_of(refused(answer, 400, "niet-vastgelegd")) == named
    assert world.rows(t.record_proposal) == []


def test_a_mandate_ends_at_once_by_one_person_and_the_next_request_is_refused(world: World) -> None:
    assert world.contact("GM9001").get("/v1/treffers").status_code == 200
    sent = {
        "medewerker": "oefening-aandachtsfunctionaris",
        "rol": "aandachtsfunctionaris",
        "besluitstuk": "B2026-119",
        "beslotenDoor": "college van Oefenstad",
    }
    answer = first(world).post(f"{DESK}/mandaten/beeindigingen", sent)
    assert (answer.status_code, answer.json()["laatsteDag"]) == (201, "2026-03-01")
    assert world.log.last("GM9001")["gebeurtenis"] == "mandaat_beeindigd"
    refused(world.contact("GM9001").get("/v1/treffers"), 403, "geen-toegang")
    refused(first(world).post(f"{DESK}/mandaten/beeindigingen", sent), 400, "niet-vastgelegd")


def test_a_ground_needs_advice_and_two_people_and_then_stands(world: World) -> None:
    mine = proposed(first(world), "grondslagen", GROUND)
    name = first(world).get(mine).json()["grondslag"]["id"]
    told = refused(second(world).post(f"{mine}/goedkeuringen", {}), 403, "geen-toegang")
    assert "advies" in told["detail"]
    answer = fg(world).post(f"{mine}/adviezen", PROSE)
    assert answer.json()["stand"] == "wacht_op_tweede"
    refused(first(world).post(f"{mine}/goedkeuringen", {}), 403, "zelfde-persoon")
    assert name not in grounds(world)
    assert second(world).post(f"{mine}/goedkeuringen", {}).json()["stand"] == "vastgelegd"
    assert grounds(world)[name] is True
    entry = world.log.entries("GM9001")
    assert [one["gebeurtenis"] for one in entry if "vastlegging" in one["velden"]] == [
        "vastlegging_voorgesteld",
        "vastlegging_geadviseerd",
        "grondslag_vastgelegd",
    ]
    (kept,) = world.rows(t.ground_record)
    assert "fg_advice" in kept.record
    assert "AVG 89; UAVG 24" in kept.record


def test_an_objection_blocks_until_it_is_answered_in_writing(world: World) -> None:
    mine = proposed(first(world), "grondslagen", GROUND)
    objection = {"bezwaar": True, "toelichting": "De taak is te ruim omschreven."}
    assert fg(world).post(f"{mine}/adviezen", objection).json()["stand"] == "bezwaar"
    told = refused(second(world).post(f"{mine}/goedkeuringen", {}), 403, "geen-toegang")
    assert "bezwaar" in told["detail"]
    answer = {"besluitstuk": "", "toelichting": "De taak staat in de verordening."}
    assert fields_of(refused(first(world).post(f"{mine}/antwoorden", answer), 400, "niet-vastgelegd"))
    answer["besluitstuk"] = "B2026-120"
    assert first(world).post(f"{mine}/antwoorden", answer).json()["stand"] == "wacht_op_tweede"
    refused(first(world).post(f"{mine}/antwoorden", answer), 409, "voorstel-voorbij")
    assert second(world).post(f"{mine}/goedkeuringen", {}).json()["stand"] == "vastgelegd"
    (kept,) = world.rows(t.ground_record)
    assert "answered_on: 2026-03-02" in kept.record


def test_who_proposed_does_not_advise_and_who_advised_does_not_decide(world: World) -> None:
    mine = proposed(first(world), "grondslagen", GROUND)
    both = fg(world).but(namens_medewerker="oefening-beheerder-1")
    assert both.post(f"{mine}/adviezen", PROSE).status_code == 403
    advised = fg(world).post(f"{mine}/adviezen", PROSE)
    assert advised.status_code == 201
    refused(first(world).post(f"{mine}/adviezen", PROSE), 403, "geen-toegang")
    refused(fg(world).post(f"{mine}/goedkeuringen", {}), 403, "geen-toegang")


def test_a_ground_of_an_agreement_needs_somebody_of_every_other_party(world: World) -> None:
    body = GROUND | {"code": "G-RIEC", "verband": "SV-OEFENING", "artikel": "WGS 2.16"}
    mine = proposed(first(world), "grondslagen", body)
    seen = first(world, "GM9002").get(mine).json()
    assert seen["stappen"][0].get("medewerker") is None
    fg(world, "GM9003").post(f"{mine}/adviezen", PROSE)
    waits = set(first(world, "GM9002").get(mine).json()["wachtOp"])
    assert waits >= {"GM9002", "GM9003", "GM9004"}
    assert "GM9001" not in waits
    refused(second(world).post(f"{mine}/goedkeuringen", {}), 403, "zelfde-persoon")
    for code in ("GM9002", "GM9003", "GM9004"):
        assert first(world, code).post(f"{mine}/goedkeuringen", {}).status_code == 201
    assert world.log.last("GM9001")["gebeurtenis"] == "vastlegging_goedgekeurd"
    assert world.log.last("GM9001")["ontvanger"] == "betrokkene"
    assert first(world).get(mine).json()["wachtOp"] == sorted(waits - {"GM9002", "GM9003", "GM9004"})
    late = {"bezwaar": True, "toelichting": "Dit is te ruim."}
    fg(world, "GM9002").post(f"{mine}/adviezen", late)
    # Who approved did not know of the objection.
    assert set(first(world).get(mine).json()["wachtOp"]) == waits


def test_a_ground_of_the_own_organisation_ends_by_two_and_not_by_one(world: World) -> None:
    body = {"grondslag": "OEF-GEM-GM9001", "besluitstuk": "B2026-121", "beslotenDoor": "college"}
    mine = proposed(first(world), "grondslagen/beeindigingen", body)
    assert grounds(world)["OEF-GEM-GM9001"] is True
    refused(first(world).post(f"{mine}/goedkeuringen", {}), 403, "zelfde-persoon")
    refused(fg(world).post(f"{mine}/adviezen", PROSE), 409, "voorstel-voorbij")
    assert second(world).post(f"{mine}/goedkeuringen", {}).json()["stand"] == "vastgelegd"
    assert grounds(world)["OEF-GEM-GM9001"] is False
    assert world.log.last("REGISTER")["gebeurtenis"] == "grondslag_beeindigd"


@pytest.mark.parametrize("ground", ["OEF-GEM-GM9002", "OEF-NIETS", "OEF-RIEC-SV"])
def test_a_ground_of_others_or_of_more_does_not_end_here(world: World, ground: str) -> None:
    body = {"grondslag": ground, "besluitstuk": "B2026-121", "beslotenDoor": "college"}
    answer = first(world).post(f"{DESK}/grondslagen/beeindigingen", body)
    assert fields_of(refused(answer, 400, "niet-vastgelegd")) == {"grondslag"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"code": "G-TOEST"}, {"code"}),
        ({"geldigTot": "2026-02-01"}, {"geldigTot"}),
        ({"beslotenOp": "2026-05-01"}, {"beslotenOp"}),
        ({"artikel": "x", "taak": "a\tb c"}, {"artikel", "taak"}),
        ({"verband": "SV-ANDERS"}, {"verband"}),
        ({"doelen": ["lol"]}, {"doelen"}),
    ],
    ids=["code", "days", "future", "lines", "alliance", "purpose"],
)
def test_a_ground_that_cannot_be_names_what_is_wrong(
    world: World, changed: dict[str, Any], named: set[str]
) -> None:
    answer = first(world).post(f"{DESK}/grondslagen", GROUND | changed)
    assert fields_of(refused(answer, 400, "niet-vastgelegd")) == named


def test_a_proposal_of_others_is_as_one_that_is_not_there(world: World) -> None:
    mine = proposed(first(world), "grondslagen", GROUND)
    nobodys = f"{PROPOSALS}/00000000-0000-4000-8000-00000000000a"
    other, supervisor = first(world, "GM9002"), fg(world, "GM9002")
    reason = {"toelichting": "Weg ermee."}
    for path in (mine, nobodys):
        refused(other.get(path), 404, "niet-gevonden")
        refused(other.post(f"{path}/goedkeuringen", {}), 404, "niet-gevonden")
        refused(other.post(f"{path}/intrekkingen", reason), 404, "niet-gevonden")
        refused(supervisor.post(f"{path}/adviezen", PROSE), 404, "niet-gevonden")
    assert other.get(PROPOSALS).json()["vastleggingen"] == []


def test_the_same_request_again_is_the_same_proposal(world: World) -> None:
    caller, key = first(world), "sleutel-tweemaal"
    one, two = (caller.post(f"{DESK}/mandaten", MANDATE, key=key).json() for _time in range(2))
    assert one["vastleggingId"] == two["vastleggingId"]
    assert len(world.rows(t.record_proposal)) == 1


def test_what_is_withdrawn_is_over_and_says_why(world: World) -> None:
    mine = proposed(first(world), "mandaten", MANDATE)
    answer = second(world).post(f"{mine}/intrekkingen", {"toelichting": "Het besluit is herroepen."})
    assert answer.json()["stand"] == "ingetrokken"
    refused(second(world).post(f"{mine}/goedkeuringen", {}), 409, "voorstel-voorbij")
    (_made, off) = first(world).get(mine).json()["stappen"]
    assert (off["stap"], off["toelichting"]) == ("intrekking", "Het besluit is herroepen.")


def test_who_can_do_something_is_reminded_until_it_is_done(
    world: World, centre: Centre, published: Published
) -> None:
    def reminded() -> set[tuple[str, str]]:
        remind(centre, {}, world.clock(), published)
        rows = world.rows(t.reminder)
        return {
            (one.role, one.kind) for one in rows if one.organisation == "GM9001" and "wacht_op" in one.kind
        }

    mine = proposed(first(world), "grondslagen", GROUND)
    assert reminded() == {("fg", "grondslag_wacht_op_advies")}
    fg(world).post(f"{mine}/adviezen", PROSE)
    assert reminded() == {("functioneel_beheerder", "voorstel_wacht_op_tweede")}
    told = second(world).get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    assert "1 voorstel wacht op een tweede functioneel beheerder." in {one["wat"] for one in told}
    second(world).post(f"{mine}/goedkeuringen", {})
    assert reminded() == set()


def test_with_the_proposer_gone_there_is_one_person_and_that_is_not_enough(world: World) -> None:
    mandate, ground = (
        proposed(first(world), "mandaten", MANDATE),
        proposed(first(world), "grondslagen", GROUND),
    )
    fg(world).post(f"{ground}/adviezen", PROSE)
    with world.log.engine.begin() as connection:
        connection.execute(t.record_change.insert().values(
            number=1, change_id=UUID(int=5), event="mandaat_beeindigd", organisation="GM9001", document="B", decided_by="c",
            officer="oefening-beheerder", at=world.clock(),
        ))  # fmt: skip
        connection.execute(t.record_end.insert().values(
            number=1, kind="mandaat", organisation="GM9001", officer="oefening-beheerder-1",
            role="functioneel_beheerder", last_day=world.clock().date().replace(day=1), successor="",
        ))  # fmt: skip
    refused(second(world).post(f"{mandate}/goedkeuringen", {}), 403, "eerste-persoon-weg")
    refused(second(world).post(f"{ground}/goedkeuringen", {}), 403, "geen-toegang")


def test_what_somebody_proposed_who_is_frozen_is_laid_down_by_nobody(world: World) -> None:
    mandate = proposed(first(world), "mandaten", MANDATE)
    body = {"medewerker": "oefening-beheerder-1", "reden": "eigen_kring"}
    assert world.person("GM9001", "fg").post("/v1/bevriezingen", body).status_code == 201
    refused(second(world).post(f"{mandate}/goedkeuringen", {}), 403, "voorstel-bevroren")
    assert ("zorgcoordinator", "zorg-0001", True) not in mandates_seen_by(world)


def mandates_seen_by(world: World) -> set[tuple[str, str, bool]]:
    found = second(world).get(DESK).json()["mandaten"]
    return {(one["rol"], one["medewerker"], one["geldt"]) for one in found}


@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris"])
def test_no_other_role_proposes_reads_or_decides(world: World, role: str) -> None:
    mine = proposed(first(world), "mandaten", MANDATE)
    other = world.node("GM9001", role).but(doel="beheer")
    refused(other.post(f"{DESK}/mandaten", MANDATE), 403, "geen-toegang")
    refused(other.post(f"{DESK}/grondslagen", GROUND), 403, "geen-toegang")
    refused(other.get(PROPOSALS), 403, "geen-toegang")
    refused(other.get(mine), 403, "geen-toegang")
    refused(other.post(f"{mine}/goedkeuringen", {}), 403, "geen-toegang")

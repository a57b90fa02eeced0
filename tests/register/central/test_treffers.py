# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import pytest

from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import (
    CONTROL,
    Caller,
    World,
    point,
    pseudonym,
    refused,
    sealed,
    signal,
    subject,
)


def hit(world: World, *owners: str, asker: str = "GM9004", **others: Any) -> dict[str, str]:
    """Signals of these owners on one telephone, and a question that finds them; gives owner -> id of its signal."""
    phone, ids = pseudonym(point()), {}
    for owner in owners:
        sent = signal(subject(phone), **others)
        world.submit(owner, sent)
        ids[owner] = sent["signaalId"]
    world.inspector(asker).ask(phone)
    return ids


def listed(caller: Caller) -> list[dict[str, Any]]:
    answer = caller.get("/v1/treffers")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["treffers"])


def test_the_asker_s_aandachtsfunctionaris_sees_the_treffer_with_its_control(world: World) -> None:
    hit(world, "GM9001", "GM9002")
    (treffer,) = listed(world.contact("GM9004"))
    assert (treffer["onzeRol"], treffer["zaaknummer"], treffer["onzeSignalen"]) == ("vrager", CONTROL, [])
    assert (treffer["aantalGemeenten"], treffer["perioden"], treffer["soorten"]) == (
        "2",
        ["2026-02"],
        ["telefoon"],
    )
    assert (treffer["gevondenOp"], treffer["vervaltOp"], treffer["fase2"]) == (
        "2026-03-02",
        "2026-04-01",
        "gesloten",
    )


def test_an_owner_sees_that_its_signal_was_found_and_not_the_asker_s_control(world: World) -> None:
    ids = hit(world, "GM9001", "GM9002")
    (treffer,) = listed(world.contact("GM9001"))
    assert (treffer["onzeRol"], treffer["onzeSignalen"]) == ("melder", [ids["GM9001"]])
    assert "zaaknummer" not in treffer
    assert ids["GM9002"] not in str(treffer)


@pytest.mark.parametrize("organisation", ["GM9001", "GM9004"])
def test_no_town_is_named_before_a_person_assessed_the_treffer(world: World, organisation: str) -> None:
    hit(world, "GM9001", "GM9002")
    (treffer,) = listed(world.contact(organisation))
    assert "gemeenten" not in treffer
    assert not {"GM9001", "GM9002", "GM9004"} & set(str(treffer).split("'"))


def test_after_tmm_assessed_it_the_parties_know_each_other(world: World) -> None:
    hit(world, "GM9001", "GM9002")
    (row,) = world.rows(t.treffer)
    asked = world.person("TMM", "tmm_coordinator").post(
        "/v1/fase-2-besluiten",
        {
            "trefferId": str(row.treffer_id),
            "criteria": ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"],
            "beoordeling": "mens_beoordeeld",
        },
    )
    assert asked.status_code == 201
    (theirs,) = listed(world.contact("GM9004"))
    assert theirs["gemeenten"] == ["GM9001", "GM9002"]
    assert (theirs["fase2"], theirs["besluitId"]) == ("gevraagd", asked.json()["besluitId"])
    (ours,) = listed(world.contact("GM9001"))
    assert ours["gemeenten"] == ["GM9002", "GM9004"]


def test_whoever_is_no_party_sees_no_treffer(world: World) -> None:
    hit(world, "GM9001")
    assert listed(world.contact("GM9003")) == []


@ONE_DATABASE
@pytest.mark.parametrize("role", ["toezichthouder", "fg"])
def test_treffers_are_for_the_aandachtsfunctionaris(world: World, role: str) -> None:
    hit(world, "GM9001")
    refused(world.node("GM9004", role).get("/v1/treffers"), 403, "geen-toegang")


def test_a_treffer_lapses_by_itself(world: World) -> None:
    hit(world, "GM9001")
    world.clock.forward(days=29)
    assert len(listed(world.contact("GM9004"))) == 1
    world.clock.forward(days=1)
    assert listed(world.contact("GM9004")) == []
    assert listed(world.contact("GM9001")) == []


def test_a_treffer_of_which_every_signal_is_withdrawn_is_gone_for_everyone(world: World) -> None:
    ids = hit(world, "GM9001", "GM9002")
    body = {"organisatie": "GM9001", "reden": "onjuist"}
    world.contact("GM9001").post(f"/v1/signalen/{ids['GM9001']}/intrekkingen", body)
    (treffer,) = listed(world.contact("GM9004"))
    assert treffer["aantalGemeenten"] == "1"
    world.contact("GM9002").post(
        f"/v1/signalen/{ids['GM9002']}/intrekkingen", body | {"organisatie": "GM9002"}
    )
    assert [listed(world.contact(one)) for one in ("GM9001", "GM9002", "GM9004")] == [[], [], []]


def test_a_minor_is_marked_for_the_aandachtsfunctionaris_of_both_sides(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone, minderjarig="ja")))
    world.inspector("GM9004").ask(phone)
    for organisation in ("GM9001", "GM9004"):
        (treffer,) = listed(world.contact(organisation))
        assert treffer["minderjarig"] is True


def test_an_adult_is_not_marked(world: World) -> None:
    hit(world, "GM9001")
    assert "minderjarig" not in listed(world.contact("GM9004"))[0]


def test_a_look_at_the_list_is_told_to_the_owner_with_the_fields_that_were_open(world: World) -> None:
    ids = hit(world, "GM9001")
    (row,) = world.rows(t.treffer)
    listed(world.contact("GM9004"))
    mine, theirs = world.log.last("GM9004"), world.log.last("GM9001")
    assert (mine["gebeurtenis"], mine["treffers"]) == ("treffers_geraadpleegd", [str(row.treffer_id)])
    assert (theirs["ontvanger"], theirs["organisatie"]) == ("melder", "GM9004")
    assert theirs["signalen"] == [ids["GM9001"]]
    assert "muni_name" not in theirs["velden"]
    assert "hit" in theirs["velden"]


def test_an_owner_s_own_look_tells_nobody_else_what_was_not_shown(world: World) -> None:
    hit(world, "GM9001")
    before = len(world.log.entries("GM9004"))
    listed(world.contact("GM9001"))
    assert len(world.log.entries("GM9004")) == before


@ONE_DATABASE
@pytest.mark.parametrize("header", ["zaaknummer", "reden", "grondslag"])
def test_the_list_too_needs_a_case_a_reason_and_a_ground(world: World, header: str) -> None:
    refused(world.contact("GM9004").but(**{header: None}).get("/v1/treffers"), 400, "onvolledig")


def test_a_signal_saved_after_the_question_is_listed_for_its_owner_if_the_owner_is_a_party(
    world: World,
) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", sealed(subject(phone)))
    world.inspector("GM9004").ask(phone)
    kept = sealed(subject(phone))
    world.submit("GM9004", kept)
    (treffer,) = listed(world.contact("GM9004"))
    assert treffer["onzeSignalen"] == [kept["signaalId"]]


def test_that_the_police_asked_is_never_told_to_an_owner(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    world.person("TMM", "tmm_analist").ask(phone)
    for treffer in listed(world.contact("GM9001")):
        assert "TMM" not in str(treffer)
        assert "aantalGemeenten" not in treffer


def test_each_field_of_the_list_says_why_it_is_there(world: World) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    world.inspector("GM9004").ask(pseudonym(phone))
    listed = world.contact("GM9004").get("/v1/treffers").json()
    (treffer,) = listed["treffers"]
    why = {one["veld"] for one in listed["waarom"]}
    assert why == {"aantalGemeenten", "perioden", "soorten"}
    assert why <= set(treffer)

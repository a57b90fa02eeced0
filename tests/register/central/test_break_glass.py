# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Noodopening (C9): in acute danger a contact and nothing else, told to both FG's, and reviewed by the next working day."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import false

from register.central import mandates
from register.central.centre import Centre
from register.central.reminding import remind
from register.central.store import break_glass as store
from register.central.store import tables as t
from register.central.witnesses import Published
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import BASIS, administrator, ground
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import Caller, World, point, pseudonym, refused, signal, subject

ASKER, OWNER, OTHER = "GM9004", "GM9001", "GM9002"
ABSENT = "9b0e7a36-2f51-4c3e-9d1a-5a0c7f6e4b21"


@pytest.fixture
def vital(world: World, centre: Centre) -> World:
    """The exercise in which two municipalities have a ground for acute danger."""
    for code in (ASKER, OTHER):
        text = ground(code, id=f"NOOD-{code}", code="G-VIT", article="AVG 6 lid 1 onder d")
        mandates.add_grounds(administrator(centre), text, BASIS)
    world.log.verify(None)
    return world


def found(world: World, **others: Any) -> str:
    """A signal of one municipality that another one's question found; gives the treffer."""
    phone = pseudonym(point())
    world.submit(OWNER, signal(subject(phone), **others))
    world.inspector(ASKER).ask(phone)
    (treffer,) = world.rows(t.treffer)
    return str(treffer.treffer_id)


def in_danger(world: World, organisation: str = ASKER) -> Caller:
    said = {"grondslag": f"NOOD-{organisation}", "reden": "acuut_gevaar", "zaaknummer": "NOOD-0001"}
    return world.contact(organisation).but(**said)


def opened(caller: Caller, treffer: str, danger: str = "levensgevaar", **how: Any) -> httpx.Response:
    body = {"organisatie": caller.organisation, "trefferId": treffer, "gevaar": danger}
    return caller.post("/v1/noodopeningen", body, **how)


def reviewed(world: World, organisation: str, number: str, verdict: str = "ok") -> httpx.Response:
    return world.person(organisation, "fg").post(
        f"/v1/noodopeningen/{number}/beoordelingen", {"oordeel": verdict}
    )


def test_it_tells_whom_to_call_and_nothing_of_the_signal(vital: World) -> None:
    answer = opened(in_danger(vital), found(vital))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert [(one["organisatie"], one["naam"]) for one in told["contacten"]] == [(OWNER, "Oefenstad")]
    assert "piket" in told["contacten"][0]["bereikbaar"]
    assert told["nakijkenVoor"] == "2026-03-03"
    assert set(told) == {"noodopeningId", "contacten", "nakijkenVoor", "toelichting", "logbewijs"}
    for word in ("arbeid", "slapen_in_bedrijfspand", "slachtoffer", "2026-W09", "telefoon"):
        assert word not in answer.text


def test_both_fg_s_read_it_in_one_leaf_and_are_flagged_and_the_owner_s_does_not_learn_who(
    vital: World,
) -> None:
    opened(in_danger(vital), found(vital))
    mine, theirs = vital.log.last(ASKER), vital.log.last(OWNER)
    assert (mine["gebeurtenis"], mine["gevaar"], mine["velden"]) == (
        "noodopening",
        "levensgevaar",
        ["contact_officer"],
    )
    assert (theirs["gebeurtenis"], theirs["organisatie"], theirs["ontvanger"]) == (
        "noodopening",
        ASKER,
        "melder",
    )
    assert "medewerker" not in theirs
    flags = {(row.organisation, row.kind) for row in vital.rows(t.fg_flag)}
    assert flags == {(ASKER, "noodopening"), (OWNER, "noodopening")}


def test_sending_it_again_is_the_same_noodopening(vital: World) -> None:
    treffer, caller = found(vital), in_danger(vital)
    first, again = (opened(caller, treffer, key="sleutel-van-nood").json() for _time in range(2))
    assert first["noodopeningId"] == again["noodopeningId"]
    assert len(vital.rows(t.break_glass)) == 1
    assert len(vital.rows(t.break_glass_review)) == 2


def test_without_a_ground_for_acute_danger_it_is_refused_and_nothing_is_kept(vital: World) -> None:
    treffer = found(vital)
    ordinary = in_danger(vital).but(grondslag=f"OEF-GEM-{ASKER}")
    assert opened(ordinary, treffer).status_code in {400, 403}
    assert opened(in_danger(vital, OWNER), treffer).status_code in {400, 403}
    assert vital.rows(t.break_glass) == []


@ONE_DATABASE
@pytest.mark.parametrize("lost", ["zaaknummer", "reden"])
def test_without_a_number_or_a_reason_it_is_refused(vital: World, lost: str) -> None:
    assert opened(in_danger(vital).but(**{lost: None}), found(vital)).status_code == 400


@ONE_DATABASE
def test_a_danger_that_is_no_code_is_refused_so_that_nobody_describes_a_person(vital: World) -> None:
    treffer = found(vital)
    members = refused(opened(in_danger(vital), treffer, "de_man_met_het_litteken"), 400, "onbekende-code")
    assert "litteken" not in json.dumps(members)


@ONE_DATABASE
@pytest.mark.parametrize("role", ["toezichthouder", "fg"])
def test_only_roles_of_the_action_list_break_the_glass(vital: World, role: str) -> None:
    said = {"grondslag": f"NOOD-{ASKER}", "doel": "signalering", "zaaknummer": "NOOD-0001"}
    refused(opened(vital.node(ASKER, role).but(**said), found(vital)), 403, "geen-toegang")


def test_a_treffer_of_others_one_that_is_not_there_and_one_with_nobody_to_tell_are_the_same_404(
    vital: World,
) -> None:
    treffer = found(vital, beoordeling={"bron": "B", "informatie": 2, "behandeling": "H1"})
    answers = [opened(in_danger(vital, OTHER), one) for one in (treffer, ABSENT)]
    assert refused(answers[0], 404, "niet-gevonden") == refused(answers[1], 404, "niet-gevonden")
    assert vital.rows(t.break_glass) == []


def test_a_signal_for_care_only_stays_what_it_is(vital: World) -> None:
    treffer = found(vital)
    with vital.log.engine.begin() as connection:
        connection.execute(t.signal.update().values(handling="H3"))
    refused(opened(in_danger(vital), treffer), 404, "niet-gevonden")


def test_each_fg_reviews_it_once_and_sees_who_did_it_only_at_home(vital: World) -> None:
    number = opened(in_danger(vital), found(vital)).json()["noodopeningId"]
    mine = vital.person(ASKER, "fg").get("/v1/noodopeningen").json()["noodopeningen"]
    theirs = vital.person(OWNER, "fg").get("/v1/noodopeningen").json()["noodopeningen"]
    assert mine[0]["medewerker"] == "oefening-aandachtsfunctionaris"
    assert "medewerker" not in theirs[0]
    assert vital.person(OTHER, "fg").get("/v1/noodopeningen").json()["noodopeningen"] == []
    path = f"/v1/noodopeningen/{number}/beoordelingen"
    fg = vital.node(OWNER, "fg")
    assert fg.post(path, {"oordeel": "vraag"}).status_code == 201
    refused(fg.post(path, {"oordeel": "ok"}), 409, "al-nagekeken")
    refused(vital.node(OTHER, "fg").post(path, {"oordeel": "ok"}), 404, "niet-gevonden")
    refused(vital.node(ASKER, "fg").post(path, {"oordeel": "prima"}), 400, "onbekende-code")
    verdicts = {row.organisation: row.verdict for row in vital.rows(t.break_glass_review)}
    assert verdicts == {ASKER: None, OWNER: "vraag"}


@ONE_DATABASE
def test_only_an_fg_reviews(vital: World) -> None:
    number = opened(in_danger(vital), found(vital)).json()["noodopeningId"]
    path = f"/v1/noodopeningen/{number}/beoordelingen"
    refused(vital.contact(ASKER).but(doel="toezicht_avg").post(path, {"oordeel": "ok"}), 403, "geen-toegang")


@ONE_DATABASE
def test_what_nobody_reviewed_in_time_waits_among_the_reminders_of_its_fg(
    vital: World, centre: Centre, published: Published
) -> None:
    opened(in_danger(vital), found(vital))
    told = []
    for days in (1, 1):
        vital.clock.forward(days=days)
        remind(centre, {}, vital.clock(), published)
        told.append(
            [row.organisation for row in vital.rows(t.reminder) if row.kind == "noodopening_niet_nagekeken"]
        )
    assert told == [[], [OWNER, ASKER]]


@ONE_DATABASE
def test_a_noodopening_goes_after_thirteen_months_with_its_reviews(vital: World, centre: Centre) -> None:
    opened(in_danger(vital), found(vital))
    with centre.database.engine.begin() as connection:
        assert store.destroy_old(connection, vital.clock() + store.KEPT, false()) == 0
        assert store.destroy_old(connection, vital.clock() + store.KEPT + timedelta(seconds=1), false()) == 1
    assert vital.rows(t.break_glass_review) == []


@ONE_DATABASE
def test_an_fg_reviews_it_on_a_page(vital: World) -> None:
    opened(in_danger(vital), found(vital))
    visitor = Visitor(vital).signed_in(OWNER, "fg")
    page = visitor.get("/noodopeningen")
    assert page.status_code == 200
    for words in ("Oefendorp", "Iemand is in levensgevaar", "3 maart 2026", "Uw oordeel"):
        assert words in page.text
    assert "oefening-aandachtsfunctionaris" not in page.text
    number = re.search(r'name="noodopening" value="([0-9a-f-]{36})"', page.text)
    assert number
    sent = {"csrf": visitor.token("/noodopeningen"), "noodopening": number[1], "oordeel": "vraag"}
    assert visitor.post("/noodopeningen", **sent).status_code == 303
    after = visitor.get("/noodopeningen")
    assert "Ik heb nog een vraag" in after.text
    assert "Uw oordeel" not in after.text
    assert visitor.post("/noodopeningen", **sent).status_code == 409

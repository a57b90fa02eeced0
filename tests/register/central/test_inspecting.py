# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Inzage of look-ups (AVG 15): what concerned the person at the desk is told, what somebody else's was or must be kept back is not, and neither shows."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from register.activities import BASE
from register.central import mandates
from register.central.centre import Centre
from register.central.quarter_keys import destroy_quarter_keys
from register.central.store import tables as t
from tests.lines import ACTIVITY, lines
from tests.receipts import receipts_for
from tests.register.central.conftest import House
from tests.register.central.enrolling_world import BASIS, administrator, ground
from tests.register.central.enrolling_world import mandates as mandates_of
from tests.register.central.world import Caller, World, point, pseudonym, refused, without_receipt

DESK, ASKING, OTHER = "GM9001", "GM9004", "GM9002"


@pytest.fixture
def desk(world: World, centre: Centre) -> Caller:
    """The contactpunt of a municipality, with mandate and ground."""
    admin = administrator(centre)
    mandates.add_grounds(
        admin, ground(DESK, id=f"RECHT-{DESK}", code="G-RECHT", article="AVG 15; UAVG 41"), BASIS
    )
    for one in mandates_of(DESK, ("contactpunt",)):
        mandates.add_mandate(admin, one, BASIS)
    world.log.verify(None)
    said = {
        "doel": "inzage",
        "zaaknummer": "INZAGE-2026-0001",
        "reden": "verzoek",
        "grondslag": f"RECHT-{DESK}",
    }
    return world.node(DESK, "contactpunt").but(**said)


def person(**families: str) -> list[dict[str, str]]:
    """Somebody with a document and a telephone, unless told otherwise."""
    keys = families or {"document": point(), "phone": point()}
    return [pseudonym(value, family) for family, value in keys.items()]


def requested(desk: Caller, given: list[dict[str, str]], **others: Any) -> httpx.Response:
    body = {
        "organisatie": desk.organisation,
        "identiteitGecontroleerd": True,
        "pseudoniemen": given,
        "sleutelset": "oefening",
        "epoch": 1,
    } | others
    return desk.post("/v1/inzagen", body)


def told(desk: Caller, given: list[dict[str, str]]) -> list[dict[str, Any]]:
    answer = requested(desk, given)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["bevragingen"])


def test_a_question_that_concerned_this_person_is_told_without_who_asked(world: World, desk: Caller) -> None:
    document, phone = person()
    world.inspector(ASKING).ask(document)
    answer = requested(desk, [document, phone])
    assert answer.json()["bevragingen"] == [
        {
            "organisatie": "Oefendorp",
            "dag": "2026-03-02",
            "doel": "nagaan of er elders tekenen van mensenhandel zijn gezien",
            "grondslag": "AVG 6 lid 1 onder e; Gemeentewet 151a en 172; Awb 5:11-5:20",
            "soorten": ["identiteitsdocument"],
        }
    ]
    for secret in ("oefening-toezichthouder", "C-OEFE-0001", "T09", "niet_bekend"):
        assert secret not in str(answer.json()["bevragingen"])


def test_questions_of_every_organisation_are_found_newest_first(world: World, desk: Caller) -> None:
    document, phone = person()
    world.inspector(ASKING).ask(document)
    world.clock.forward(days=40)
    world.inspector(OTHER).ask(document)
    assert [(one["organisatie"], one["dag"]) for one in told(desk, [document, phone])] == [
        ("Oefenhaven", "2026-04-11"),
        ("Oefendorp", "2026-03-02"),
    ]


@pytest.mark.parametrize("family", ["bag_address", "plate", "document_number", "name_pair"])
def test_what_c3_would_not_count_tells_of_nobody_s_question(world: World, desk: Caller, family: str) -> None:
    shared, phone = pseudonym(point(), family), pseudonym(point())
    world.inspector(ASKING).ask(shared, phone)
    assert told(desk, [*person(), shared]) == []


def test_who_holds_another_s_telephone_hears_nothing_of_who_asked_on_it(world: World, desk: Caller) -> None:
    document, phone = person()
    world.inspector(ASKING).ask(phone)
    world.inspector(OTHER).ask(phone, pseudonym(point(), "document"))
    assert told(desk, [document, phone]) == []
    world.inspector(ASKING).ask(phone, document)
    assert [one["soorten"] for one in told(desk, [document, phone])] == [["identiteitsdocument", "telefoon"]]


def test_a_question_about_somebody_else_is_not_told(world: World, desk: Caller) -> None:
    world.inspector(ASKING).ask(pseudonym(point()))
    assert told(desk, person()) == []


def test_what_is_withheld_reads_as_nothing_in_every_byte_and_the_log_grows_the_same(
    world: World, desk: Caller
) -> None:
    given, nobody = person(), person()
    asking = world.person("TMM", "tmm_coordinator")
    asking.ask(given[0])
    withheld, none = requested(desk, given), requested(desk, nobody)
    assert without_receipt(withheld) == without_receipt(none)
    assert withheld.json()["bevragingen"] == []


def test_withholding_is_a_decision_in_the_log_of_who_asked_with_its_ground(
    world: World, desk: Caller
) -> None:
    given = person()
    world.person("TMM", "tmm_coordinator").ask(given[0])
    asked = world.log.last("TMM")
    leaf = world.log.entries("TMM")[-1]["blad"]
    assert asked["gebeurtenis"] == "bevraging"
    requested(desk, given)
    theirs, mine = world.log.last("TMM"), world.log.last(DESK)
    assert (theirs["gebeurtenis"], theirs["ontvanger"]) == ("inzage_bevragingen", "melder")
    assert (theirs["bladen"], theirs["achtergehouden"]) == ([], [leaf])
    assert theirs["beperking"] == ["UAVG-41-1-d"]
    assert theirs["velden"] == []
    assert theirs["organisatie"] == DESK
    assert "medewerker" not in theirs
    # The contactpunt and its FG learn of nothing that was withheld elsewhere.
    assert (mine["bevragingen_geteld"], mine["achtergehouden"], mine["beperking"]) == (0, [], [])


def test_the_fg_of_who_asked_reads_which_questions_were_told(world: World, desk: Caller) -> None:
    given = person()
    world.inspector(ASKING).ask(given[0])
    leaf = world.log.entries(ASKING)[-1]["blad"]
    requested(desk, given)
    theirs = world.log.last(ASKING)
    assert (theirs["bladen"], theirs["achtergehouden"]) == ([leaf], [])
    assert theirs["spoor"] == world.log.last(DESK)["spoor"]
    assert not [one for one in world.log.entries(OTHER) if one["gebeurtenis"] == "inzage_bevragingen"]


def test_a_question_whose_quarter_key_is_gone_is_found_no_more_and_the_answer_says_from_when(
    world: World, desk: Caller, centre: Centre
) -> None:
    given = person()
    world.inspector(ASKING).ask(given[0])
    world.clock.moment = datetime(2027, 2, 1, 9, tzinfo=UTC)
    destroy_quarter_keys(centre, world.clock())
    world.log.verify(None)
    answer = requested(desk, given).json()
    assert (answer["bevragingen"], answer["vanaf"]) == ([], "2026-04-01")


def test_as_long_as_the_key_is_there_the_question_is_found(world: World, desk: Caller) -> None:
    given = person()
    world.inspector(ASKING).ask(given[0])
    world.clock.moment = datetime(2027, 1, 31, 9, tzinfo=UTC)
    answer = requested(desk, given).json()
    assert (len(answer["bevragingen"]), answer["vanaf"]) == (1, "2026-01-01")


def test_nothing_of_the_person_is_kept(world: World, desk: Caller) -> None:
    given = person()
    requested(desk, given)  # the first of a day begins its counts
    before = world.contents()
    requested(desk, given)
    after = world.contents()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {t.question_count.name, t.evaluation_receipt.name, "idempotency", "idempotency_key"}
    said = world.log.last(DESK)
    assert "kenmerken" not in said
    assert said["families"] == ["document", "phone"]


def test_without_a_check_at_the_desk_nothing_is_looked_up(world: World, desk: Caller) -> None:
    del world
    members = refused(requested(desk, person(), identiteitGecontroleerd=False), 403, "geen-toegang")
    assert members["regel"] == "C23"


def test_a_telephone_alone_identifies_nobody(world: World, desk: Caller) -> None:
    phone = pseudonym(point())
    world.inspector(ASKING).ask(phone)
    assert refused(requested(desk, [phone]), 400, "niet-aangetoond")["regel"] == "C23"


@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris", "fg"])
def test_nobody_but_a_contactpunt_may_ask(world: World, desk: Caller, role: str) -> None:
    other = world.node(DESK, role).but(
        **{name.lower().replace("-", "_"): value for name, value in desk.said.items() if "Namens" not in name}
    )
    refused(requested(other, person()), 403, "geen-toegang")


def test_receipts_of_a_question_are_none_for_inzage(world: World, desk: Caller) -> None:
    key = "sleutel-van-een-vraag"
    notes = receipts_for(DESK, key, "vragen", {"": 2}, world.clock())
    body = {
        "organisatie": DESK,
        "identiteitGecontroleerd": True,
        "pseudoniemen": person(),
        "sleutelset": "oefening",
        "epoch": 1,
        "kwitanties": notes,
    }
    refused(desk.post("/v1/inzagen", body, key=key), 403, "kwitantie-andere-handeling")


def test_inzage_is_a_line_of_its_own_activity(world: World, desk: Caller, house: House) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4fff"
    requested(desk.but(traceparent=f"00-{trace}-00f067aa0ba902b7-01"), person())
    (line,) = lines(house.settings.tag_key_file.with_name("verwerkingen"), trace)
    assert line["attributes"][ACTIVITY] == BASE + "inzage"
    assert world.log.last(DESK)["spoor"] == trace


def test_a_day_is_told_by_the_clock_of_the_netherlands(world: World, desk: Caller) -> None:
    given = person()
    world.clock.moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    world.inspector(ASKING).ask(given[0])
    assert told(desk, given)[0]["dag"] == date(2026, 7, 2).isoformat()

# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A treffer as a case of its parties: taken up, assessed, contacts released, set apart, closed; and what each of these does to signals, lists and questions."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from process.jobs import Outcome
from process.serving.jobs import Runner
from register.casework import KINDS
from register.central.centre import Centre
from register.central.store import tables as t
from register.central.store.treffers import standing
from tests.register.central.conftest import ONE_DATABASE, Publish
from tests.register.central.test_treffers import hit, listed
from tests.register.central.world import Caller, World, point, pseudonym, refused, signal, subject

pytestmark = ONE_DATABASE

ASKER, OWNER, OTHER = "GM9004", "GM9001", "GM9002"
TAKE_UP = {
    "stap": "opgepakt",
    "eersteActie": "bellen_andere_gemeente",
    "beoordeling": "onderzoek_gerechtvaardigd",
    "reden": "herhaling",
}
CONTACTS = {ASKER: "094 000 00 04", OWNER: "091 000 00 01", OTHER: "092 000 00 02"}


def step(caller: Caller, treffer: str, sent: dict[str, Any], key: str | None = None) -> httpx.Response:
    body = {"organisatie": caller.organisation, **sent}
    return caller.post(f"/v1/treffers/{treffer}/stappen", body, key=key)


def did(caller: Caller, treffer: str, *steps: dict[str, Any]) -> dict[str, Any]:
    """Take these steps; gives the last answer."""
    answer: dict[str, Any] = {}
    for sent in steps:
        got = step(caller, treffer, sent)
        assert got.status_code == 201, got.text
        answer = got.json()
    return answer


def treffer_of(world: World) -> str:
    return str(world.rows(t.treffer)[0].treffer_id)


def one(world: World, *owners: str, **others: Any) -> tuple[str, dict[str, str]]:
    """A treffer of the asker on signals of these owners: its number, and owner -> id of its signal."""
    ids = hit(world, *(owners or (OWNER,)), **others)
    return treffer_of(world), ids


def opened(caller: Caller, treffer: str) -> dict[str, Any]:
    answer = caller.get(f"/v1/treffers/{treffer}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def terms(world: World) -> dict[str, tuple[str, date]]:
    return {str(row.signal_id): (row.category, row.expires_on) for row in world.rows(t.signal)}


def test_taking_up_makes_a_case_with_an_owner_and_a_day_in_working_days(world: World) -> None:
    treffer, _ids = one(world)
    taken = did(world.contact(ASKER), treffer, TAKE_UP)
    assert (taken["treffer"]["stand"], taken["treffer"]["vanOns"]) == ("opgepakt", True)
    assert taken["treffer"]["uiterlijk"] == "2026-03-09"
    assert (taken["eersteActie"], taken["beoordeling"]) == (
        "bellen_andere_gemeente",
        "onderzoek_gerechtvaardigd",
    )
    assert [(step["stap"], step["vanOns"]) for step in taken["geschiedenis"]] == [("opgepakt", True)]


def test_no_town_is_named_before_a_person_assessed_it_and_both_sides_are_after(world: World) -> None:
    treffer, _ids = one(world)
    assert "gemeenten" not in opened(world.contact(ASKER), treffer)["treffer"]
    did(world.contact(OWNER), treffer, TAKE_UP)
    assert opened(world.contact(ASKER), treffer)["treffer"]["gemeenten"] == [OWNER]
    assert opened(world.contact(OWNER), treffer)["treffer"]["gemeenten"] == [ASKER]


def test_what_is_taken_up_stays_and_what_is_not_lapses(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    world.clock.forward(days=31)
    assert [found["trefferId"] for found in listed(world.contact(ASKER))] == [treffer]
    assert world.rows(t.treffer)[0].lapses_on == date(2031, 3, 2)


def test_only_a_take_up_moves_a_signal_to_the_longer_term_and_of_a_minor_the_shortest_wins(
    world: World,
) -> None:
    phone = pseudonym(point())
    adult, minor = signal(subject(phone)), signal(subject(phone, minderjarig="ja"))
    world.submit(OWNER, adult)
    world.submit(OTHER, minor)
    world.inspector(ASKER).ask(phone)
    before = terms(world)
    assert {kept[0] for kept in before.values()} == {"R1", "R3"}
    did(world.contact(ASKER), treffer_of(world), TAKE_UP)
    after = terms(world)
    assert after[adult["signaalId"]] == ("R2", date(2031, 3, 2))
    assert after[minor["signaalId"]] == before[minor["signaalId"]]


def test_a_contact_opens_when_the_other_side_releases_it_and_not_before(world: World) -> None:
    treffer, _ids = one(world, OWNER, OTHER)
    did(world.contact(ASKER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    assert "contacten" not in {name for name, value in opened(world.contact(ASKER), treffer).items() if value}
    asked = opened(world.contact(OWNER), treffer)
    assert (asked["contactGevraagd"], "contact_vrijgegeven" in asked["mogelijk"]) == (True, True)
    did(world.contact(OWNER), treffer, {"stap": "contact_vrijgegeven"})
    (contact,) = opened(world.contact(ASKER), treffer)["contacten"]
    assert (contact["organisatie"], CONTACTS[OWNER] in contact["bereikbaar"]) == (OWNER, True)


def test_who_asked_releases_its_own_contact_to_the_owners(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(OWNER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    assert opened(world.contact(OWNER), treffer)["contacten"] == []
    did(world.contact(ASKER), treffer, {"stap": "contact_vrijgegeven"})
    (contact,) = opened(world.contact(OWNER), treffer)["contacten"]
    assert (contact["organisatie"], CONTACTS[ASKER] in contact["bereikbaar"]) == (ASKER, True)


def test_a_release_is_one_entry_told_to_the_other_side(world: World) -> None:
    treffer, ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    did(world.contact(OWNER), treffer, {"stap": "contact_vrijgegeven"})
    ours, theirs = world.log.last(OWNER), world.log.last(ASKER)
    assert (ours["gebeurtenis"], ours["ontvanger"], ours["treffer"]) == (
        "contact_vrijgegeven",
        "vrager",
        treffer,
    )
    assert (theirs["gebeurtenis"], theirs["organisatie"]) == ("contact_vrijgegeven", OWNER)
    assert (theirs["velden"], theirs["stap"]) == (["contact_officer"], "contact_vrijgegeven")
    assert "medewerker" not in theirs
    assert ids[OWNER] not in str(theirs)


def test_a_contact_that_nobody_asked_for_is_not_released(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    refused(step(world.contact(OWNER), treffer, {"stap": "contact_vrijgegeven"}), 409, "stap-kan-niet")


@pytest.mark.parametrize(
    "sent", [{"stap": "contact_gevraagd"}, {"stap": "afgedaan", "afdoening": "al_bekend"}]
)
def test_no_step_comes_before_the_assessment(world: World, sent: dict[str, Any]) -> None:
    treffer, _ids = one(world)
    refused(step(world.contact(ASKER), treffer, sent), 409, "stap-kan-niet")


@pytest.mark.parametrize("left", ["eersteActie", "beoordeling", "reden"])
def test_nothing_is_taken_up_without_action_assessment_and_reason(world: World, left: str) -> None:
    treffer, _ids = one(world)
    sent = {name: code for name, code in TAKE_UP.items() if name != left}
    members = refused(step(world.contact(ASKER), treffer, sent), 400, "stap-niet-volledig")
    assert [wrong["veld"] for wrong in members["velden"]] == [left]
    assert world.rows(t.treffer_event) == []


def test_a_day_far_away_is_no_deadline(world: World) -> None:
    treffer, _ids = one(world)
    late = TAKE_UP | {"uiterlijk": "2026-06-01"}
    refused(step(world.contact(ASKER), treffer, late), 400, "stap-niet-volledig")
    soon = did(world.contact(ASKER), treffer, TAKE_UP | {"uiterlijk": "2026-03-04"})
    assert soon["treffer"]["uiterlijk"] == "2026-03-04"


def test_who_is_no_party_finds_no_treffer_and_changes_none(world: World) -> None:
    treffer, _ids = one(world)
    nobody = step(world.contact("GM9003"), treffer, TAKE_UP)
    unknown = step(world.contact("GM9003"), "00000000-0000-4000-8000-000000000000", TAKE_UP)
    assert nobody.status_code == unknown.status_code == 404
    assert nobody.content == unknown.content
    assert world.rows(t.treffer_event) == []


def test_an_inspector_takes_nothing_up(world: World) -> None:
    treffer, _ids = one(world)
    refused(step(world.inspector(ASKER), treffer, TAKE_UP), 403, "geen-toegang")


def test_the_same_request_again_takes_one_step(world: World) -> None:
    treffer, _ids = one(world)
    first = step(world.contact(ASKER), treffer, TAKE_UP, "sleutel-van-deze-stap")
    second = step(world.contact(ASKER), treffer, TAKE_UP, "sleutel-van-deze-stap")
    assert (first.status_code, second.status_code) == (201, 201)
    assert len(world.rows(t.treffer_event)) == 1


def test_a_second_take_up_is_refused_and_the_first_one_stays_owner(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    refused(step(world.contact(OWNER), treffer, TAKE_UP), 409, "stap-kan-niet")
    assert opened(world.contact(OWNER), treffer)["treffer"]["vanOns"] is False


def test_where_something_goes_on_a_case_is_not_closed_without_who_reports_to_comensha(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    close = {"stap": "afgedaan", "afdoening": "bevestigd"}
    refused(step(world.contact(ASKER), treffer, close), 409, "geen-comensha-melder")
    closed = did(world.contact(ASKER), treffer, close | {"melder": OWNER})
    assert (closed["afdoening"], closed["melder"], closed["mogelijk"]) == ("bevestigd", OWNER, [])


def test_no_action_needs_a_reason_and_is_gone_after_thirty_days(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    close = {"stap": "afgedaan", "afdoening": "geen_actie"}
    refused(step(world.contact(ASKER), treffer, close), 400, "stap-niet-volledig")
    did(world.contact(ASKER), treffer, close | {"reden": "te_weinig"})
    world.clock.forward(days=30)
    assert listed(world.contact(ASKER)) == []


def test_only_the_owner_of_a_case_closes_it(world: World) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    close = {"stap": "afgedaan", "afdoening": "al_bekend"}
    refused(step(world.contact(OWNER), treffer, close), 409, "stap-kan-niet")


NOT_SAME = {"stap": "niet_dezelfde", "reden": "ander_document"}


def two_of_one_name(world: World) -> tuple[dict[str, str], str, str]:
    """One family that agrees in two towns, each with a signal, and a question of the second that found the first; gives the pseudonym and both signals."""
    shared = pseudonym(point())
    theirs, ours = signal(subject(shared)), signal(subject(shared))
    world.submit(OWNER, theirs)
    world.inspector(ASKER).ask(shared)
    world.submit(ASKER, ours)
    return shared, theirs["signaalId"], ours["signaalId"]


def test_not_the_same_takes_the_link_away_for_all_and_counts_a_false_hit(world: World) -> None:
    two_of_one_name(world)
    treffer = treffer_of(world)
    said = did(world.contact(ASKER), treffer, NOT_SAME)
    assert (said["afdoening"], said["treffer"]["stand"]) == ("onjuist", "afgedaan")
    for organisation in (ASKER, OWNER):
        assert listed(world.contact(organisation)) == []
        assert world.contact(organisation).get(f"/v1/treffers/{treffer}").status_code == 404


def test_the_same_pair_is_never_proposed_again_on_the_same_evidence(world: World) -> None:
    shared, theirs, ours = two_of_one_name(world)
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    (row,) = world.rows(t.link_assertion)
    assert {str(row.signal_a), str(row.signal_b)} == {theirs, ours}
    again = world.inspector(ASKER).ask(shared)
    assert again.json()["uitkomst"] == "niet_bekend"
    assert len(world.rows(t.treffer)) == 1


def test_for_a_third_town_both_are_still_there_and_apart(world: World) -> None:
    shared, _theirs, _ours = two_of_one_name(world)
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    asked = world.inspector(OTHER).ask(shared)
    assert (asked.json()["uitkomst"], asked.json()["aantalGemeenten"]) == ("bekend_elders", "2-3")


def test_other_evidence_than_before_may_be_proposed(world: World) -> None:
    shared, document = pseudonym(point()), pseudonym(point(), "document")
    theirs = signal(subject(shared, document))
    world.submit(OWNER, theirs)
    world.inspector(ASKER).ask(shared)
    world.submit(ASKER, signal(subject(shared)))
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    assert world.inspector(ASKER).ask(shared).json()["uitkomst"] == "niet_bekend"
    assert world.inspector(ASKER).ask(shared, document).json()["uitkomst"] == "bekend_elders"


def test_a_track_does_not_join_what_was_set_apart(world: World) -> None:
    shared, hers = pseudonym(point()), pseudonym(point(), "document")
    world.submit(OWNER, signal(subject(shared, hers)))
    world.inspector(ASKER).ask(shared)
    world.submit(ASKER, signal(subject(shared)))
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    world.submit(OTHER, signal(subject(shared)))
    world.inspector("GM9003").ask(hers)
    (track,) = [row for row in world.rows(t.treffer) if row.organisation == "GM9003"]
    answer = world.person("TMM", "tmm_coordinator").get(f"/v1/dossiers/{track.treffer_id}")
    assert {one["organisatie"] for one in answer.json()["signalen"]} == {OWNER, OTHER}


def test_an_owner_says_that_its_own_signal_is_not_who_was_asked_about(world: World) -> None:
    treffer, ids = one(world, OWNER, OTHER)
    did(world.contact(OWNER), treffer, NOT_SAME)
    assert listed(world.contact(OWNER)) == []
    (still,) = listed(world.contact(ASKER))
    assert still["aantalGemeenten"] == "1"
    assert [ids[OTHER]] == listed(world.contact(OTHER))[0]["onzeSignalen"]


def test_a_false_hit_gives_back_the_shorter_term(world: World) -> None:
    treffer, ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    assert terms(world)[ids[OWNER]][0] == "R2"
    did(world.contact(ASKER), treffer, NOT_SAME)
    assert terms(world)[ids[OWNER]] == ("R1", date(2027, 3, 2))


def test_a_false_hit_keeps_the_longer_term_that_another_take_up_gave(world: World) -> None:
    phone = pseudonym(point())
    sent = signal(subject(phone))
    world.submit(OWNER, sent)
    world.inspector(ASKER).ask(phone)
    world.inspector(OTHER).ask(phone)
    first, second = (
        next(str(row.treffer_id) for row in world.rows(t.treffer) if row.organisation == organisation)
        for organisation in (ASKER, OTHER)
    )
    did(world.contact(ASKER), first, TAKE_UP)
    did(world.contact(OTHER), second, TAKE_UP)
    did(world.contact(ASKER), first, NOT_SAME)
    assert terms(world)[sent["signaalId"]][0] == "R2"


def told(runner: Runner, caller: Caller) -> dict[str, int]:
    """What somebody is reminded of, counted now."""
    assert runner.once("herinneringen").outcome is Outcome.DONE
    answer = caller.get("/v1/herinneringen", leaves=0)
    counted = {one["soort"]: one["aantal"] for one in answer.json()["herinneringen"]}
    return {kind: number for kind, number in counted.items() if kind in KINDS}


def test_what_waits_and_who_is_late_is_told_to_those_who_can_do_something(
    world: World, runner: Runner
) -> None:
    treffer, _ids = one(world)
    assert told(runner, world.contact(ASKER)) == {}
    world.clock.forward(days=8)
    assert told(runner, world.contact(ASKER)) == told(runner, world.contact(OWNER)) == {"treffers_wachten": 1}
    assert told(runner, world.contact(OTHER)) == {}
    did(world.contact(ASKER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    world.clock.forward(days=5)
    assert told(runner, world.contact(ASKER)) == {}
    assert told(runner, world.contact(OWNER)) == {"contactverzoek_wacht": 1}
    did(world.contact(OWNER), treffer, NOT_SAME)
    assert told(runner, world.contact(OWNER)) == {}


def test_of_a_treffer_of_a_minor_no_ketenregisseur_gets_a_count(world: World, centre: Centre) -> None:
    phone = pseudonym(point())
    world.submit(OWNER, signal(subject(phone, minderjarig="ja")))
    world.inspector(ASKER).ask(phone)
    one(world, OTHER)
    with centre.database.public() as connection:
        kept = standing(connection, world.clock.moment.date())
    told = {tuple(each.owners): (each.beyond_care, each.for_chain) for each in kept}
    assert told == {(OWNER,): (True, False), (OTHER,): (True, True)}


def test_of_a_treffer_that_is_for_care_alone_the_aandachtsfunctionaris_who_asked_gets_no_count(
    world: World, runner: Runner
) -> None:
    one(world)
    with world.log.engine.begin() as connection:
        connection.execute(update(t.signal).values(handling="H3"))
    world.clock.forward(days=8)
    assert told(runner, world.contact(ASKER)) == {}
    assert told(runner, world.contact(OWNER)) == {"treffers_wachten": 1}


def test_evidence_of_a_rejected_link_is_gone_after_thirty_days_and_the_pair_with_a_signal(
    world: World, runner: Runner
) -> None:
    _shared, theirs, _ours = two_of_one_name(world)
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    world.clock.forward(days=29)
    runner.once("vernietiging")
    assert [row.families for row in world.rows(t.link_assertion)] == [["phone"]]
    world.clock.forward(days=1)
    while world.rows(t.treffer):
        assert runner.once("vernietiging").outcome is Outcome.DONE
    runner.once("vernietiging")
    assert [row.families for row in world.rows(t.link_assertion)] == [None]
    assert world.rows(t.treffer_event) == []
    world.log.verify(None)
    body = {"organisatie": OWNER, "reden": "onjuist"}
    world.contact(OWNER).post(f"/v1/signalen/{theirs}/intrekkingen", body)
    runner.once("vernietiging")
    runner.once("vernietiging")
    assert world.rows(t.link_assertion) == []
    world.log.verify(None)


def test_of_a_case_that_goes_on_the_evidence_of_a_rejected_link_is_gone_after_thirty_days(
    world: World, runner: Runner
) -> None:
    treffer, ids = one(world, OWNER, OTHER)
    did(world.contact(ASKER), treffer, TAKE_UP)
    did(world.contact(OWNER), treffer, NOT_SAME)
    world.clock.forward(days=29)
    runner.once("vernietiging")
    assert len(world.rows(t.treffer_signal)) == 2
    world.clock.forward(days=1)
    assert runner.once("vernietiging").outcome is Outcome.DONE
    world.log.verify(None)
    assert [str(row.signal_id) for row in world.rows(t.treffer_signal)] == [ids[OTHER]]
    assert [found["trefferId"] for found in listed(world.contact(ASKER))] == [treffer]


def test_a_take_up_that_came_to_nothing_gives_back_the_shorter_term(world: World) -> None:
    treffer, ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    assert terms(world)[ids[OWNER]][0] == "R2"
    did(world.contact(ASKER), treffer, {"stap": "afgedaan", "afdoening": "geen_actie", "reden": "te_weinig"})
    assert terms(world)[ids[OWNER]] == ("R1", date(2027, 3, 2))


def test_a_step_of_a_party_whose_signal_is_hidden_does_not_name_it(world: World) -> None:
    treffer, ids = one(world, OWNER, OTHER)
    with world.log.engine.begin() as connection:
        hidden = t.signal.c.signal_id == UUID(ids[OTHER])
        connection.execute(update(t.signal).where(hidden).values(handling="H3"))
    did(world.contact(OTHER), treffer, TAKE_UP)
    told = opened(world.contact(ASKER), treffer)
    assert OTHER not in str(told)
    assert told["treffer"]["gemeenten"] == [OWNER]


def test_the_same_hit_in_one_control_leaves_one_treffer_and_extends_nothing(world: World) -> None:
    phone, document = pseudonym(point()), pseudonym(point(), "document")
    world.submit(OWNER, signal(subject(phone, document)))
    inspector = world.inspector(ASKER)
    for _time in range(3):
        assert inspector.ask(phone).json()["uitkomst"] == "bekend_elders"
        world.clock.forward(days=1)
    assert [row.lapses_on for row in world.rows(t.treffer)] == [date(2026, 4, 1)]
    assert len([row for row in world.rows(t.arrival) if row.kind == "treffer"]) == 1
    inspector.ask(phone, document)
    assert len(world.rows(t.treffer)) == 2, "on other evidence it is another hit"
    inspector.but(zaaknummer="C-OEFE-0002").ask(phone)
    assert len(world.rows(t.treffer)) == 3, "in another control as well"


def test_after_a_false_hit_was_closed_the_same_question_leaves_a_new_one(world: World) -> None:
    phone = pseudonym(point())
    world.submit(OWNER, signal(subject(phone)))
    world.inspector(ASKER).ask(phone)
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    world.inspector(ASKER).ask(phone)
    assert len(listed(world.contact(ASKER))) == 1


def test_without_a_mandate_nobody_is_told_how_many_treffers_or_notices_wait(
    world: World, runner: Runner
) -> None:
    one(world)
    world.clock.forward(days=8)
    assert told(runner, world.contact(ASKER)) == {"treffers_wachten": 1}
    assert told(runner, world.contact(ASKER).but(namens_medewerker="oefening-niemand")) == {}


def test_an_fg_counts_the_contacts_that_were_released_in_a_month(world: World, publish: Publish) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    did(world.contact(OWNER), treffer, {"stap": "contact_vrijgegeven"})
    publish()
    for organisation, released in ((OWNER, 1), (ASKER, 0)):
        month = world.person(organisation, "fg").get("/v1/toezicht/maanden/2026-03")
        assert month.json()["cijfers"]["contactVrijgaven"] == released


def told_of(world: World, organisation: str) -> set[str]:
    return {row.kind for row in world.rows(t.notice) if row.organisation == organisation}


def test_each_step_tells_the_other_side_that_something_waits_and_a_false_hit_the_contributor(
    world: World,
) -> None:
    treffer, ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    assert {"treffer_opgepakt", "contact_gevraagd"} <= told_of(world, OWNER)
    assert not {"treffer_opgepakt", "contact_gevraagd"} & told_of(world, ASKER)
    did(world.contact(OWNER), treffer, {"stap": "contact_vrijgegeven"})
    assert "contact_vrijgegeven" in told_of(world, ASKER)
    did(world.contact(ASKER), treffer, NOT_SAME)
    (false,) = [row for row in world.rows(t.notice) if row.kind == "treffer_onjuist"]
    assert (false.organisation, str(false.about_id)) == (OWNER, ids[OWNER])


def test_what_was_set_apart_is_told_to_nobody_when_a_signal_is_corrected(
    world: World, runner: Runner
) -> None:
    shared = pseudonym(point())
    theirs, ours = signal(subject(shared)), signal(subject(shared))
    world.submit(OWNER, theirs)
    world.inspector(ASKER).ask(shared)
    world.submit(ASKER, ours)
    did(world.contact(ASKER), treffer_of(world), NOT_SAME)
    world.submit(ASKER, ours | {"versie": 2, "waargenomenWeek": "2026-W08"})
    assert runner.once("attendering").outcome is Outcome.DONE
    world.log.verify(None)
    assert "signaal_later_gezien" not in {row.kind for row in world.rows(t.notice)}


@pytest.mark.parametrize("same", [True, False], ids=["what agreed still does", "what agreed was wrong"])
def test_a_case_outlives_a_correction_as_long_as_what_agreed_still_does(
    world: World, runner: Runner, *, same: bool
) -> None:
    shared = pseudonym(point())
    sent = signal(subject(shared))
    world.submit(OWNER, sent)
    world.inspector(ASKER).ask(shared)
    treffer = treffer_of(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    corrected = subject(shared if same else pseudonym(point()))
    world.submit(OWNER, sent | {"versie": 2, "waargenomenWeek": "2026-W08", "subjecten": [corrected]})
    for _day in range(2):
        world.clock.forward(days=1)
        assert runner.once("vernietiging").outcome is Outcome.DONE
    world.log.verify(None)
    for party in (ASKER, OWNER):
        assert [row["trefferId"] for row in listed(world.contact(party))] == [treffer] * same


def test_a_step_tells_no_role_for_which_the_treffer_does_not_exist(world: World) -> None:
    treffer, _ids = one(world)
    with world.log.engine.begin() as connection:
        connection.execute(update(t.signal).values(handling="H3"))
    did(world.contact(OWNER), treffer, TAKE_UP, {"stap": "contact_gevraagd"})
    told = {(row.organisation, row.role) for row in world.rows(t.notice)}
    assert (ASKER, "aandachtsfunctionaris") not in told


def test_saying_not_the_same_of_all_that_is_seen_does_not_tell_that_somebody_hidden_is_left(
    world: World,
) -> None:
    told = []
    for number, owners in enumerate([(OWNER,), (OWNER, OTHER)]):
        ids = hit(world, *owners)
        (treffer,) = {
            row.treffer_id for row in world.rows(t.treffer_signal) if str(row.signal_id) in ids.values()
        }
        if number:
            with world.log.engine.begin() as connection:
                hidden = t.signal.c.signal_id == UUID(ids[OTHER])
                connection.execute(update(t.signal).where(hidden).values(handling="H3"))
        answer = did(world.contact(ASKER), str(treffer), NOT_SAME)
        row = {name: value for name, value in answer["treffer"].items() if name != "trefferId"}
        told.append({**answer, "treffer": row, "logbewijs": None})
    assert told[0] == told[1]
    assert told[0]["afdoening"] == "onjuist"


def test_later_matches_of_a_case_are_told_once_per_case_and_not_to_a_role_that_muted_it(
    world: World, runner: Runner
) -> None:
    phone = pseudonym(point())
    for sent in (signal(subject(phone)), signal(subject(phone))):
        world.submit(OWNER, sent)
    world.inspector(ASKER).ask(phone)
    treffer = treffer_of(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    assert runner.once("attendering").outcome is Outcome.DONE
    world.log.verify(None)
    mute = {"stap": "gedempt", "reden": "wordt_gevolgd"}
    refused(step(world.contact(OWNER), treffer, {"stap": "gedempt"}), 400, "stap-niet-volledig")

    def told_now() -> list[tuple[str, str]]:
        """What the owner is told when the same is seen once more, in the next round."""
        world.clock.forward(days=1)
        world.submit(OTHER, signal(subject(phone)))
        before = {row.ready_at for row in world.rows(t.notice)}
        assert runner.once("attendering").outcome is Outcome.DONE
        world.log.verify(None)
        fresh = [row for row in world.rows(t.notice) if row.ready_at not in before]
        return [(row.kind, str(row.about_id)) for row in fresh if row.organisation == OWNER]

    assert told_now() == [("zaak_later_gezien", treffer)]
    muted = did(world.contact(OWNER), treffer, mute)
    entry = world.log.last(OWNER)
    assert (entry["gebeurtenis"], entry["stap"], entry["codes"]) == (
        "treffer_stap",
        "gedempt",
        ["wordt_gevolgd"],
    )
    assert "weer_gemeld" in muted["mogelijk"]
    assert (
        world.log.last(ASKER)["gebeurtenis"] != "treffer_stap" or world.log.last(ASKER)["stap"] != "gedempt"
    )
    assert "gedempt" not in str(opened(world.contact(ASKER), treffer)["geschiedenis"])
    assert "gedempt" in opened(world.contact(ASKER), treffer)["mogelijk"]
    assert told_now() == []
    did(world.contact(OWNER), treffer, {"stap": "weer_gemeld"})
    assert told_now() == [("zaak_later_gezien", treffer)]
    did(world.contact(OWNER), treffer, mute)
    did(world.contact(ASKER), treffer, {"stap": "afgedaan", "afdoening": "al_bekend"})
    assert {kind for kind, _about in told_now()} == {"signaal_later_gezien"}
